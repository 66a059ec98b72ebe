//! Whether a folder holds the site as it was made: the output folder beside what is known of the last build into it, and a
//! copy of that beside the output folder, byte for byte.
//!
//! Every file is read: here a stamp is worth nothing, since what is looked for is what nobody has told of.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context, Result};
use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use super::journal::STAGING;
use super::{Ledger, Record};
use crate::progress::{Progress, Stage};
use crate::text::fingerprint::fingerprint;

/// What keeps an output folder in git where its files are not: nobody is led to it, and it is at home there. A `.git` is told of, since
/// readers of a copy could take a whole history out of it.
const OF_GIT: [&str; 3] = [".gitattributes", ".gitignore", ".gitkeep"];

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

/// What is not as it was made, by path or address, with more words where there is more to say.
pub type Differences = BTreeMap<String, (Difference, Option<String>)>;

/// How a folder stands beside a site.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// How many files the site has.
    pub files: usize,
    /// What is not as it was made, by path.
    pub differences: Differences,
}

impl Comparison {
    /// Whether the whole site is there as it was made, whatever stands beside it.
    pub fn is_whole(&self) -> bool {
        self.differences.values().all(|(difference, _)| *difference == Difference::Foreign)
    }
}

/// The output folder beside what is known of the last build into it; none when nothing is.
///
/// # Errors
/// The folder cannot be read.
pub fn compare_output(root: &Path, output: &Path, progress: &Progress) -> Result<Option<Comparison>> {
    let Some(known) = Record::hashes(root, output) else { return Ok(None) };
    let is_same = |path: &str| Ok(fingerprint(&fs::read(output.join(path))?) == known[path]);
    compare(output, &known.keys().map(String::as_str).collect(), is_same, progress).map(Some)
}

/// A copy of the output folder beside that folder, byte for byte.
///
/// # Errors
/// The folder cannot be read.
pub fn compare_copy(root: &Path, output: &Path, copy: &Path, progress: &Progress) -> Result<Comparison> {
    let ledger = Ledger::read(root, output);
    let is_same = |path: &str| Ok(fs::read(copy.join(path))? == fs::read(output.join(path))?);
    compare(copy, &ledger.paths().map(String::as_str).collect(), is_same, progress)
}

fn compare(
    folder: &Path,
    ours: &BTreeSet<&str>,
    is_same: impl Fn(&str) -> io::Result<bool> + Sync,
    progress: &Progress,
) -> Result<Comparison> {
    progress.begin(Stage::Compare, ours.len());
    let found = entries(folder)?;
    let look = |path: &str| match found.get(path).or_else(|| closed(&found, path)) {
        None => Some((Difference::Missing, None)),
        Some(Entry::Closed(words)) => Some((Difference::Changed, Some(words.clone()))),
        Some(Entry::Other) => Some((Difference::Changed, None)),
        Some(Entry::File) => match is_same(path) {
            Ok(true) => None,
            Ok(false) => Some((Difference::Changed, None)),
            Err(error) => Some((Difference::Changed, Some(unreadable(&error)))),
        },
    };
    let looked = ours.par_iter().filter_map(|path| {
        let found = look(path);
        progress.step();
        found.map(|found| ((*path).to_owned(), found))
    });
    let mut differences: Differences = looked.collect();
    for (path, entry) in &found {
        let (words, is_told) = match entry {
            Entry::Closed(words) => (Some(words.clone()), holds_ours(ours, path)),
            _ => (None, false),
        };
        if !ours.contains(path.as_str()) && !is_told && !OF_GIT.contains(&path.as_str()) {
            differences.insert(path.clone(), (Difference::Foreign, words));
        }
    }
    Ok(Comparison { files: ours.len(), differences })
}

/// What stands in a folder.
enum Entry {
    File,
    /// A folder that cannot be read, in words.
    Closed(String),
    /// What is no file: a link, a pipe, what belongs to git.
    Other,
}

fn unreadable(error: &dyn std::error::Error) -> String {
    format!("cannot be read: {error}")
}

/// Whether files of the site should be in a folder. One that cannot be read is told by them.
fn holds_ours(ours: &BTreeSet<&str>, folder: &str) -> bool {
    let inside = format!("{folder}/");
    ours.range(&*inside..).next().is_some_and(|next| next.starts_with(&inside))
}

/// The folder that cannot be read and that a file would stand in.
fn closed<'a>(found: &'a BTreeMap<String, Entry>, path: &str) -> Option<&'a Entry> {
    let above = std::iter::successors(path.rsplit_once('/'), |(folder, _)| folder.rsplit_once('/'));
    above.map(|(folder, _)| found.get(folder)).find_map(|entry| entry.filter(|entry| matches!(entry, Entry::Closed(_))))
}

/// Everything in a folder but its folders; nothing where there is no folder. Links are not followed, and of what belongs to git
/// only the folder is named.
fn entries(folder: &Path) -> Result<BTreeMap<String, Entry>> {
    let is_walked = |entry: &DirEntry| entry.depth() != 1 || entry.file_name() != STAGING;
    let mut walk = WalkDir::new(folder).follow_root_links(true).into_iter();
    let mut entries = BTreeMap::new();
    if !folder.exists() {
        return Ok(entries);
    }
    let name = |path: &Path| {
        let path = path.strip_prefix(folder).unwrap_or(path);
        path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
    };
    while let Some(entry) = walk.next() {
        let entry = match entry {
            Err(error) if error.depth() > 0 && error.path().is_some() => {
                let words = error.io_error().map_or_else(|| unreadable(&error), |error| unreadable(error));
                entries.extend(error.path().map(|path| (name(path), Entry::Closed(words))));
                continue;
            }
            entry => entry.with_context(|| format!("cannot read the folder {}", folder.display()))?,
        };
        let kind = entry.file_type();
        let is_git = entry.file_name() == ".git";
        if kind.is_dir() && (is_git || !is_walked(&entry)) {
            walk.skip_current_dir();
        }
        if is_walked(&entry) && (!kind.is_dir() || is_git) {
            entries.insert(name(entry.path()), if kind.is_file() { Entry::File } else { Entry::Other });
        }
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Seen;

    #[test]
    fn whoever_waits_sees_how_many_files_are_compared() {
        let (progress, nowhere) = (Progress::default(), Path::new("a folder that is not there"));
        let ours = BTreeSet::from(["a.html", "b.html"]);
        let found = compare(nowhere, &ours, |_| Ok(true), &progress).expect("nothing is read");
        assert_eq!(found.differences.len(), 2);
        assert_eq!(progress.look(), Some(Seen { stage: Stage::Compare, done: 2, of: 2 }));
    }
}
