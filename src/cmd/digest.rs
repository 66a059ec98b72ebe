//! `anslag build --digest`: one hash of the whole site, by which two of them can be told apart or known to be the same.
//!
//! It is the SHA-256 of a list with the SHA-256 and the path of every file, in the order of the paths: what `sha256sum` writes of them, so
//! nobody needs anslag to check it. What is known of files whose stamps are the same is not reckoned again.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::publish::{Ledger, Lock};
use crate::source::{OWN, Stamp};
use crate::text::digest::sha256;
use crate::text::fingerprint::fingerprint;

/// A file and its digest, as of a stamp.
#[derive(Clone, Serialize, Deserialize)]
struct Known {
    stamp: Stamp,
    digest: String,
}

/// The digest of the site that stands in a folder. Files of others there do not count.
///
/// # Errors
/// A file of the site cannot be read.
pub fn of_site(root: &Path, output: &Path) -> Result<String> {
    let _alone = Lock::wait_for(root, output, |_| {});
    let (ledger, known) = (Ledger::read(root, output), read(root, output));
    let paths: Vec<&String> = ledger.paths().collect();
    let digest = |path: &&String| Ok(((*path).clone(), digest_of(&output.join(path), known.get(*path))?));
    let files = paths.par_iter().map(digest).collect::<Result<BTreeMap<String, Known>>>()?;
    let list: String = files.iter().map(|(path, file)| format!("{}  {path}\n", file.digest)).collect();
    remember(root, output, &files);
    Ok(sha256(list.as_bytes()))
}

fn digest_of(place: &Path, known: Option<&Known>) -> Result<Known> {
    let context = || format!("cannot read {}", place.display());
    let stamp = Stamp::of(&fs::symlink_metadata(place).with_context(context)?);
    match known.filter(|known| known.stamp == stamp) {
        Some(known) => Ok(known.clone()),
        None => Ok(Known { stamp, digest: sha256(&fs::read(place).with_context(context)?) }),
    }
}

/// What was found last; nothing when it cannot be read, and then all is reckoned.
fn read(root: &Path, output: &Path) -> BTreeMap<String, Known> {
    let bytes = fs::read(place_of(root, output)).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

/// Where it cannot be written, the next time takes longer.
fn remember(root: &Path, output: &Path, files: &BTreeMap<String, Known>) {
    let bytes = serde_json::to_vec(files).unwrap_or_default();
    let _ = crate::publish::replace(&place_of(root, output), &bytes);
}

fn place_of(root: &Path, output: &Path) -> PathBuf {
    let whole = output.canonicalize().unwrap_or_else(|_| output.to_owned());
    let name = fingerprint(whole.as_os_str().as_encoded_bytes());
    root.join(OWN).join(format!("digests-{name:016x}"))
}
