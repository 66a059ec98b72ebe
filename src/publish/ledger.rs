//! What anslag has written into a folder. It lies in `.anslag/` of the site and belongs to one
//! output folder.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::replace;
use crate::source::OWN;
use crate::text::fingerprint::fingerprint;

/// The first line of the file: another version is not read.
const VERSION: &str = "anslag ledger 1";

/// The files that are ours, as paths in the output folder.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    paths: BTreeSet<String>,
}

impl Ledger {
    /// A ledger of these paths.
    pub fn of<'a>(paths: impl Iterator<Item = &'a str>) -> Self {
        Self { paths: paths.map(str::to_owned).collect() }
    }

    /// Reads the ledger of an output folder; an empty one when there is none, or when it is damaged.
    pub fn read(root: &Path, output: &Path) -> Self {
        let Ok(text) = fs::read_to_string(place(root, output)) else { return Self::default() };
        let Some((head, list)) = text.split_once('\n') else { return Self::default() };
        if head != header(list) {
            return Self::default();
        }
        Self { paths: list.lines().filter(|path| is_inside(path)).map(str::to_owned).collect() }
    }

    /// Writes it.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, root: &Path, output: &Path) -> Result<()> {
        let place = place(root, output);
        let list: String = self.paths.iter().flat_map(|path| [path.as_str(), "\n"]).collect();
        let folder = place.parent().unwrap_or(root);
        fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        replace(&place, format!("{}\n{list}", header(&list)).as_bytes())
    }

    /// Whether a path is ours.
    pub fn contains(&self, path: &str) -> bool {
        self.paths.contains(path)
    }

    /// All paths, in order.
    pub fn paths(&self) -> impl Iterator<Item = &String> {
        self.paths.iter()
    }
}

fn header(list: &str) -> String {
    format!("{VERSION} {:016x}", fingerprint(list.as_bytes()))
}

/// A ledger is a file that somebody could change: it never names anything outside.
pub(super) fn is_inside(path: &str) -> bool {
    !path.starts_with('/') && path.split('/').all(|piece| !matches!(piece, "" | "." | ".."))
}

fn place(root: &Path, output: &Path) -> PathBuf {
    place_of("published", root, output)
}

/// What is kept of an output folder: by its path from the site's folder where it is inside, so that the two can be moved
/// together.
pub(super) fn place_of(what: &str, root: &Path, output: &Path) -> PathBuf {
    let (whole_root, whole) = (whole(root), whole(output));
    let path = whole.strip_prefix(&whole_root).unwrap_or(&whole);
    let name = fingerprint(path.as_os_str().as_encoded_bytes());
    root.join(OWN).join(format!("{what}-{name:016x}"))
}

/// The path of a folder without links. One that is not there yet has the path that it will have.
pub(super) fn whole(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    absolute.canonicalize().unwrap_or_else(|_| match (absolute.parent().map(whole), absolute.file_name()) {
        (Some(parent), Some(name)) => parent.join(name),
        // It ends with `..`.
        (Some(parent), None) => parent.parent().map(Path::to_owned).unwrap_or(parent),
        (None, _) => absolute,
    })
}
