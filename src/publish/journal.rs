//! Publishing file by file, where folders cannot be exchanged: a mount point, a git worktree, folders of others.
//!
//! All bytes are written beside the site first. Then a journal says what is to be moved where and what is to go, and only
//! then the site is touched. So a run that ends in between has done nothing, or left a journal with which the next one
//! finishes ([`finish`]). Meanwhile each file is whole, and new files are there before the pages that lead to them; but a
//! reader may meet some files of the old site and some of the new.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};

use super::ledger::{is_inside, place_of, whole};
use super::scan::{folder_of, folders_of};
use super::standby::beside;
use super::system::{may_change, mount, move_new, sync};
use super::{put_meanwhile, refuse_link};
use crate::text::fingerprint::fingerprint;

/// The first line of the file: another version is not read.
const VERSION: &str = "anslag journal 1";

/// The folder inside an output folder in which files wait to be moved, where they cannot wait beside the ledger.
pub(super) const STAGING: &str = ".anslag-staging";

/// What is to become of an output folder.
#[derive(Debug, Default)]
pub(super) struct Journal {
    /// Where the new files are, by the same paths.
    pub staging: PathBuf,
    /// Files at whose paths nothing stands.
    pub added: BTreeSet<String>,
    /// Files in the place of others.
    pub replaced: BTreeSet<String>,
    /// Files that go.
    pub removed: BTreeSet<String>,
}

/// A new, empty folder for the files of a site that is published file by file.
pub(super) fn staging(root: &Path, output: &Path) -> Result<PathBuf> {
    let beside = place_of("staging", root, output);
    let is_beside = beside.parent().and_then(|folder| mount(folder).ok()) == mount(output).ok();
    let staging = if is_beside { beside } else { output.join(STAGING) };
    fs::create_dir(&staging).with_context(|| format!("cannot make the folder {}", staging.display()))?;
    Ok(staging)
}

/// Finishes what a run that was ended has left: moves what its journal says, and takes away what waited without one. Says
/// whether there was a journal.
///
/// # Errors
/// A file cannot be moved or removed.
pub fn finish(root: &Path, output: &Path) -> Result<bool> {
    let output = &whole(output);
    let journal = Journal::read(root, output);
    if let Some(journal) = &journal {
        journal.carry_out(output)?;
        Journal::forget(root, output)?;
    }
    for staging in [place_of("staging", root, output), output.join(STAGING)] {
        remove_folder(&staging)?;
    }
    Ok(journal.is_some())
}

impl Journal {
    /// Writes the journal, does what it says, and forgets it.
    pub fn publish(&self, root: &Path, output: &Path) -> Result<()> {
        self.refuse_closed(output)?;
        let new: Vec<&str> = self.added.iter().chain(&self.replaced).map(String::as_str).collect();
        sync(&self.staging, &new);
        self.write(root, output)?;
        self.carry_out(output)?;
        Self::forget(root, output)
    }

    /// A folder that may not be changed is better met before the first file is moved.
    fn refuse_closed(&self, output: &Path) -> Result<()> {
        let paths = self.added.iter().chain(&self.replaced).chain(&self.removed);
        let folders = folders_of(paths.map(String::as_str));
        std::iter::once("")
            .chain(folders)
            .map(|folder| output.join(folder))
            .filter(|place| place.is_dir())
            .try_for_each(|place| may_change(&place).with_context(|| format!("cannot write to {}", place.display())))
    }

    fn carry_out(&self, output: &Path) -> Result<()> {
        // A file where a folder is to be, or files in a folder where a file is to be.
        let placed = || self.added.iter().chain(&self.replaced).map(String::as_str);
        let folders = folders_of(placed());
        let is_in_the_way = |path: &&String| {
            let is_above = folders.contains(path.as_str());
            let mut above = folders_of(std::iter::once(path.as_str())).into_iter();
            is_above || above.any(|folder| self.added.contains(folder) || self.replaced.contains(folder))
        };
        let (first, last): (Vec<&String>, Vec<&String>) = self.removed.iter().partition(is_in_the_way);
        remove(output, &first)?;
        for path in &self.added {
            self.place(path, output, move_new)?;
        }
        for path in &self.replaced {
            self.place(path, output, |from, to| fs::rename(from, to))?;
        }
        remove(output, &last)
    }

    /// Moves a file to its place, unless that is done.
    fn place(&self, path: &str, output: &Path, to_move: impl Fn(&Path, &Path) -> io::Result<()>) -> Result<()> {
        let (from, to) = (self.staging.join(path), output.join(path));
        if fs::symlink_metadata(&from).is_err() {
            return Ok(());
        }
        make_folders(output, folder_of(path))?;
        to_move(&from, &to).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => anyhow!("{}; move it away", put_meanwhile(&to)),
            _ => anyhow!(error).context(format!("cannot write {}", to.display())),
        })
    }

    fn write(&self, root: &Path, output: &Path) -> Result<()> {
        let place = place_of("journal", root, output);
        let name = self.staging.file_name().unwrap_or_default().to_string_lossy();
        let lines = |sign: &'static str, paths: &'_ BTreeSet<String>| {
            paths.iter().map(|path| format!("{sign} {path}\n")).collect::<String>()
        };
        let list =
            format!("{name}\n{}{}{}", lines("+", &self.added), lines("=", &self.replaced), lines("-", &self.removed));
        let text = format!("{VERSION} {:016x}\n{list}", fingerprint(list.as_bytes()));
        let context = || format!("cannot write {}", place.display());
        let draft = place.with_extension("new");
        refuse_link(&draft)?;
        let mut file = OpenOptions::new().create(true).truncate(true).write(true).open(&draft).with_context(context)?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).with_context(context)?;
        fs::rename(&draft, &place).with_context(context)?;
        sync_folder(place.parent().unwrap_or(root));
        Ok(())
    }

    fn read(root: &Path, output: &Path) -> Option<Self> {
        let text = fs::read_to_string(place_of("journal", root, output)).ok()?;
        let (head, list) = text.split_once('\n')?;
        if head != format!("{VERSION} {:016x}", fingerprint(list.as_bytes())) {
            return None;
        }
        let (name, lines) = list.split_once('\n')?;
        // Only where files may wait: the journal is a file that somebody could change.
        let own = ["staging", "standby"].map(|what| place_of(what, root, output));
        let places = own.into_iter().chain([output.join(STAGING)]).chain(beside(root, output));
        let staging = places.into_iter().find(|place| place.file_name().is_some_and(|own| own == name))?;
        let mut journal = Self { staging, ..Self::default() };
        for line in lines.lines() {
            let (sign, path) = line.split_once(' ').filter(|(_, path)| is_inside(path))?;
            let paths = match sign {
                "+" => &mut journal.added,
                "=" => &mut journal.replaced,
                "-" => &mut journal.removed,
                _ => return None,
            };
            paths.insert(path.to_owned());
        }
        Some(journal)
    }

    fn forget(root: &Path, output: &Path) -> Result<()> {
        let place = place_of("journal", root, output);
        fs::remove_file(&place).with_context(|| format!("cannot remove {}", place.display()))
    }
}

/// Removes files of ours, and the folders that are then empty.
fn remove(output: &Path, paths: &[&String]) -> Result<()> {
    for path in paths {
        // A link that was planted above it leads elsewhere.
        if folders_of(std::iter::once(path.as_str())).into_iter().any(|folder| output.join(folder).is_symlink()) {
            continue;
        }
        let place = output.join(path);
        match fs::remove_file(&place) {
            Err(error) if !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                return Err(error).with_context(|| format!("cannot remove {}", place.display()));
            }
            _ => {}
        }
    }
    for folder in folders_of(paths.iter().map(|path| path.as_str())).into_iter().rev() {
        // A folder that is not empty holds something of the site, or of somebody else.
        let _ = fs::remove_dir(output.join(folder));
    }
    Ok(())
}

/// Makes the folders on the way to a file, the outer ones first.
fn make_folders(output: &Path, folder: &str) -> Result<()> {
    if folder.is_empty() {
        return Ok(());
    }
    make_folders(output, folder_of(folder))?;
    let place = output.join(folder);
    match fs::create_dir(&place) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => refuse_link(&place),
        made => made.with_context(|| format!("cannot make the folder {}", place.display())),
    }
}

/// Takes a folder away with all that is in it, if it is there. Links in it are not followed.
pub(super) fn remove_folder(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Err(error).with_context(|| format!("cannot remove the folder {}", folder.display()))
        }
        _ => Ok(()),
    }
}

/// Has the names in a folder written down. Not every system can, and what is at stake is only a power cut.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}
