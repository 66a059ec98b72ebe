//! Whether a folder holds the site as it was made: the output folder beside what is known of the last build into it, and a
//! copy of that beside the output folder, byte for byte.
//!
//! Every file is read: here a stamp is worth nothing, since what is looked for is what nobody has told of.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use super::journal::STAGING;
use super::{Ledger, Record};
use crate::text::fingerprint::fingerprint;

/// What is not as it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// A file of the site is not there.
    Missing,
    /// It holds other bytes.
    Changed,
    /// Something is there that is not of the site.
    Foreign,
}

/// How a folder stands beside a site.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// How many files the site has.
    pub files: usize,
    /// What is not as it was made, by path.
    pub differences: BTreeMap<String, Difference>,
}

impl Comparison {
    /// Whether the whole site is there as it was made, whatever stands beside it.
    pub fn is_whole(&self) -> bool {
        self.differences.values().all(|difference| *difference == Difference::Foreign)
    }
}

/// The output folder beside what is known of the last build into it; none when nothing is.
///
/// # Errors
/// The folder, or a file in it, cannot be read.
pub fn compare_output(root: &Path, output: &Path) -> Result<Option<Comparison>> {
    let Some(known) = Record::hashes(root, output) else { return Ok(None) };
    let is_same = |path: &str| Ok(fingerprint(&read(output, path)?) == known[path]);
    compare(output, &known.keys().map(String::as_str).collect(), is_same).map(Some)
}

/// A copy of the output folder beside that folder, byte for byte.
///
/// # Errors
/// A folder, or a file in it, cannot be read.
pub fn compare_copy(root: &Path, output: &Path, copy: &Path) -> Result<Comparison> {
    let ledger = Ledger::read(root, output);
    let is_same = |path: &str| Ok(read(copy, path)? == read(output, path)?);
    compare(copy, &ledger.paths().map(String::as_str).collect(), is_same)
}

fn compare(folder: &Path, ours: &BTreeSet<&str>, is_same: impl Fn(&str) -> Result<bool> + Sync) -> Result<Comparison> {
    let found = entries(folder)?;
    let look = |path: &&str| {
        Ok(match found.get(*path) {
            None => Some(Difference::Missing),
            Some(is_file) if !*is_file || !is_same(path)? => Some(Difference::Changed),
            Some(_) => None,
        }
        .map(|difference| ((*path).to_owned(), difference)))
    };
    let looked = ours.par_iter().filter_map(|path| look(path).transpose());
    let mut differences = looked.collect::<Result<BTreeMap<String, Difference>>>()?;
    let foreign = found.into_keys().filter(|path| !ours.contains(path.as_str()));
    differences.extend(foreign.map(|path| (path, Difference::Foreign)));
    Ok(Comparison { files: ours.len(), differences })
}

/// Everything in a folder but its folders, and whether each is a file; nothing where there is no folder. Links are not followed, and of what belongs to git only
/// the folder is named.
fn entries(folder: &Path) -> Result<BTreeMap<String, bool>> {
    let is_walked = |entry: &DirEntry| entry.depth() != 1 || entry.file_name() != STAGING;
    let mut walk = WalkDir::new(folder).follow_root_links(true).into_iter();
    let mut entries = BTreeMap::new();
    if !folder.exists() {
        return Ok(entries);
    }
    while let Some(entry) = walk.next() {
        let entry = entry.with_context(|| format!("cannot read the folder {}", folder.display()))?;
        let kind = entry.file_type();
        let is_git = entry.file_name() == ".git";
        if kind.is_dir() && (is_git || !is_walked(&entry)) {
            walk.skip_current_dir();
        }
        if is_walked(&entry) && (!kind.is_dir() || is_git) {
            let path = entry.path().strip_prefix(folder).unwrap_or(entry.path());
            let path = path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
            entries.insert(path, kind.is_file());
        }
    }
    Ok(entries)
}

fn read(folder: &Path, path: &str) -> Result<Vec<u8>> {
    let place = folder.join(path);
    fs::read(&place).with_context(|| format!("cannot read {}", place.display()))
}
