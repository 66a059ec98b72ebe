//! `anslag lsp`.

use std::io::{stdin, stdout};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};

use super::arguments::Common;
use super::{End, speak};
use crate::language_server::{Asked, serve};

/// Talks with an editor over standard input and output, until that ends it.
pub fn lsp(common: &Common) -> Result<End> {
    let is_said = common.root != Path::new(".");
    let context = || format!("cannot read {}", common.root.display());
    let root = is_said.then(|| common.root.canonicalize().with_context(context)).transpose()?;
    // The time that was asked for holds for good; else each site is of its own time.
    let machine = Common { now: None, ..common.clone() };
    let log = {
        let common = common.clone();
        move |words: &str| {
            if common.verbose {
                speak(&common, words);
            }
        }
    };
    let asked = Asked {
        options: common.options(common.now()),
        root,
        now: common.now,
        clock: Arc::new(move || machine.now()),
        log: Box::new(log),
    };
    // Not locked: this thread writes until the process ends, and no other does.
    Ok(if serve(asked, stdin(), stdout().lock())? { End::Well } else { End::Errors })
}
