//! What stands in an output folder beside what is ours: files that must stay, and what cannot be moved to another folder.
//!
//! To list ten thousand folders for every build would cost more than most builds. A folder whose stamp is that of the last
//! look has the entries that it had then, so only the others are listed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Metadata};
use std::path::Path;

use anyhow::{Context, Result};
use rayon::prelude::*;
use serde::{Deserialize, Deserializer, Serialize};

use super::journal::STAGING;
use crate::source::Stamp;

/// The folders of a tree and the foreign files in it, as they were seen.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Shown {
    /// By path; the tree itself is the empty one. None where an entry could come without another stamp.
    #[serde(deserialize_with = "in_order")]
    pub folders: BTreeMap<String, Option<Stamp>>,
    /// The files of others, with their numbers.
    pub foreign: BTreeMap<String, u64>,
    /// Something that is neither a file that can have a second name nor a folder of ours, if there is any.
    #[serde(skip)]
    pub fixed: Option<String>,
}

/// A map as it was written, in order: to look for the place of each entry would take three times as long.
pub(super) fn in_order<'de, D: Deserializer<'de>, V: Deserialize<'de>>(
    reader: D,
) -> Result<BTreeMap<String, V>, D::Error> {
    Vec::<(String, V)>::deserialize(reader).map(BTreeMap::from_iter)
}

/// What of an output folder is ours.
pub(super) struct Ours<'a> {
    pub file: &'a (dyn Fn(&str) -> bool + Sync),
    /// Whether a folder holds files of ours.
    pub folder: &'a (dyn Fn(&str) -> bool + Sync),
}

/// An entry of a folder, by what is to be done with it.
enum Entry {
    Folder(String),
    Foreign(String, u64),
    Fixed(String),
}

/// Looks through an output folder, with what was seen of it before.
pub(super) fn scan(output: &Path, before: Shown, ours: &Ours) -> Result<Shown> {
    let is_known = !before.folders.is_empty();
    let known: Vec<(String, Option<Stamp>)> = before.folders.into_iter().collect();
    let looks: Vec<Option<Stamp>> = known.par_iter().map(|(path, _)| look(&output.join(path))).collect();
    let mut lists: Vec<String> = if is_known { Vec::new() } else { vec![String::new()] };
    let mut seen = Shown::default();
    let mut others = BTreeSet::new();
    let same = known.into_iter().zip(looks).filter_map(|((path, stamp), found)| {
        if found.is_some() && found == stamp {
            return Some((path, found));
        }
        // What is no folder any more is met in the list of the one that it stands in.
        lists.extend(found.map(|_| path.clone()));
        others.insert(path);
        None
    });
    seen.folders = same.collect();
    let is_kept = |path: &str| seen.folders.contains_key(folder_of(path));
    seen.foreign = before.foreign.into_iter().filter(|(path, _)| is_kept(path)).collect();
    while !lists.is_empty() {
        let list = |folder: String| Ok((list(output, &folder, ours)?, folder));
        let listed = std::mem::take(&mut lists).into_par_iter().map(list).collect::<Result<Vec<_>>>()?;
        for ((stamp, entries), folder) in listed {
            seen.folders.insert(folder, Some(stamp));
            for entry in entries {
                match entry {
                    Entry::Folder(path) => {
                        if !others.contains(&path) && !seen.folders.contains_key(&path) {
                            lists.push(path);
                        }
                    }
                    Entry::Foreign(path, number) => drop(seen.foreign.insert(path, number)),
                    Entry::Fixed(path) => seen.fixed = Some(path),
                }
            }
        }
    }
    Ok(seen)
}

/// The stamp of a folder, if it is one.
pub(super) fn look(path: &Path) -> Option<Stamp> {
    fs::symlink_metadata(path).ok().filter(Metadata::is_dir).map(|metadata| Stamp::of(&metadata))
}

/// The entries of a folder that are not files of ours.
fn list(output: &Path, folder: &str, ours: &Ours) -> Result<(Stamp, Vec<Entry>)> {
    let place = output.join(folder);
    let context = || format!("cannot read the folder {}", place.display());
    let stamp = Stamp::of(&fs::symlink_metadata(&place).with_context(context)?);
    let mut entries = Vec::new();
    for entry in fs::read_dir(&place).with_context(context)? {
        let entry = entry.with_context(context)?;
        let name = entry.file_name();
        let path = inside(folder, &name.to_string_lossy());
        let kind = entry.file_type().with_context(context)?;
        match name.to_str() {
            Some(STAGING) if folder.is_empty() => {}
            Some(name) if name != ".git" && kind.is_dir() && (ours.folder)(&path) => {
                entries.push(Entry::Folder(path));
            }
            Some(name) if name != ".git" && kind.is_file() => {
                if !(ours.file)(&path) {
                    let metadata = entry.metadata().with_context(context)?;
                    entries.push(Entry::Foreign(path, Stamp::of(&metadata).number()));
                }
            }
            _ => entries.push(Entry::Fixed(path)),
        }
    }
    Ok((stamp, entries))
}

/// The path of an entry of a folder.
pub(super) fn inside(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// The folder that a path stands in.
pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The folders of some files with all that those stand in, but for the tree itself.
pub(super) fn folders_of<'a>(paths: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
    let mut folders: Vec<&str> = Vec::new();
    let mut last = "";
    for path in paths {
        let folder = folder_of(path);
        // Files come in order, so most that were met before were met just now.
        let above = std::iter::successors(Some(folder), |folder| Some(folder_of(folder)));
        let is_new = |folder: &&str| !folder.is_empty() && !is_within(last, folder);
        folders.extend(above.take_while(is_new));
        last = folder;
    }
    folders.into_iter().collect()
}

/// Whether a folder is another one or stands in it.
fn is_within(folder: &str, other: &str) -> bool {
    folder.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
