//! `anslag completions` and `anslag manual`: what the command line takes, as shells and `man` want it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use clap::CommandFactory;
use clap_complete::Shell;

use super::arguments::Arguments;
use super::{End, print};

/// Writes a script with which a shell completes commands and options.
pub fn completions(shell: Shell) -> Result<End> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "anslag", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(End::Well)
}

/// Writes a page for the program and one for each command.
pub fn pages(folder: &Path) -> Result<End> {
    let context = || format!("cannot write manual pages into {}", folder.display());
    fs::create_dir_all(folder).with_context(context)?;
    clap_mangen::generate_to(Arguments::command(), folder).with_context(context)?;
    Ok(End::Well)
}
