//! From the finished site in memory to a folder on disk: the only writer of `public/`.
//!
//! Nothing is written before the whole site is finished and free of errors. Files that already hold the right bytes
//! are left alone, so their times stay; files of an earlier build that the site no longer has are removed, and
//! nothing that anslag did not write is ever touched: the [`Ledger`] knows what is ours.

mod addresses;
mod ledger;
mod lock;
mod record;

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use rayon::prelude::*;

use crate::session::{Bytes, Tree};
use crate::source::{Snapshot, Stamp};
use crate::text::address::output_path;

pub use addresses::{renew, settle};
pub use ledger::Ledger;
pub use lock::Lock;
pub use record::{Before, Doubt, Past, Record, Said, Seen, Sources};

/// What publishing did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// Files written.
    pub written: usize,
    /// Files that held the right bytes already.
    pub unchanged: usize,
    /// Files of an earlier build that were taken away.
    pub removed: usize,
}

/// Writes the site into a folder of which something may be known, and tells how its files are then.
///
/// # Errors
/// The folder cannot be used or written, or holds files in the way that anslag did not write.
pub fn publish(
    tree: &Tree,
    snapshot: &Snapshot,
    past: &Past,
    root: &Path,
    output: &Path,
) -> Result<(Published, Vec<Seen>)> {
    refuse_folder(root, output)?;
    fs::create_dir_all(output).with_context(|| format!("cannot make the folder {}", output.display()))?;
    let ledger = Ledger::read(root, output);
    let files: Vec<File> = tree.files.iter().map(|(route, bytes)| File::of(tree, route, bytes, past)).collect();
    let paths: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let stale: Vec<&File> = files.iter().filter(|file| file.stands.is_none()).collect();
    refuse_foreign(&stale, snapshot, output, &|path| ledger.contains(path) || past.output(path, None).is_some())?;
    Record::forget(root, output)?;
    // What is about to be written is ours from now on, also if the machine stops half-way.
    let all = Ledger::of(paths.iter().copied().chain(ledger.paths().map(String::as_str)));
    if all != ledger {
        all.write(root, output)?;
    }
    let removed = remove_stale(output, &paths, &ledger)?;
    make_folders(output, &stale)?;
    let seen = files.par_iter().map(|file| file.write(output, snapshot)).collect::<Result<Vec<(bool, Seen)>>>()?;
    let now = Ledger::of(paths.into_iter());
    if now != all {
        now.write(root, output)?;
    }
    let (written, seen): (Vec<bool>, Vec<Seen>) = seen.into_iter().unzip();
    let count = written.iter().filter(|written| **written).count();
    Ok((Published { written: count, unchanged: written.len() - count, removed }, seen))
}

/// A file of the site on its way to the folder.
struct File<'a> {
    /// Its path in the folder.
    path: String,
    bytes: &'a Bytes,
    /// How it stands there, if it is known to be the same.
    stands: Option<&'a Seen>,
}

impl<'a> File<'a> {
    fn of(tree: &Tree, route: &str, bytes: &'a Bytes, past: &'a Past) -> Self {
        let path = output_path(route);
        let stands = match bytes {
            _ if tree.stands(route) => past.output(&path, None),
            Bytes::Made(made) => past.output(&path, Some(made.hash)),
            Bytes::Copy(source) => past.copy(&path, source),
            Bytes::Drawn(..) | Bytes::Kept(..) => None,
        };
        Self { path, bytes, stands }
    }

    /// Writes it, unless the same stands there already. Says whether it wrote, and how the file is now.
    fn write(&self, output: &Path, snapshot: &Snapshot) -> Result<(bool, Seen)> {
        if let Some(seen) = self.stands {
            return Ok((false, seen.clone()));
        }
        let place = output.join(&self.path);
        let bytes = self.bytes.read(snapshot)?;
        let written = write_bytes(&place, &bytes)?;
        let metadata = fs::symlink_metadata(&place).with_context(|| format!("cannot read {}", place.display()))?;
        // Nobody else writes here, so it does not matter that the stamp is new.
        Ok((written, Seen::new(self.path.clone(), Some(Stamp::of(&metadata)), &bytes)))
    }
}

/// A folder whose contents are not ours to replace.
fn refuse_folder(root: &Path, output: &Path) -> Result<()> {
    let absolute = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path));
    let (root, output) = (absolute(root)?, absolute(output)?);
    let inputs = ["content", "themes", "theme"].map(|folder| root.join(folder));
    if root.starts_with(&output) || inputs.iter().any(|input| output.starts_with(input)) {
        bail!("refusing to publish into {}: the site's own sources are there", output.display());
    }
    Ok(())
}

/// Files of others that stand where the site's would go. A file that already holds the right bytes is in nobody's
/// way: so a site whose ledger was lost, or was never kept, is known again.
fn refuse_foreign(files: &[&File], snapshot: &Snapshot, output: &Path, is_ours: &dyn Fn(&str) -> bool) -> Result<()> {
    if fs::read_dir(output).is_ok_and(|mut entries| entries.next().is_none()) {
        return Ok(());
    }
    let mut foreign = Vec::new();
    for file in files {
        let place = output.join(&file.path);
        let is_foreign = !is_ours(&file.path) && fs::symlink_metadata(&place).is_ok();
        if is_foreign && !holds(&place, &file.bytes.read(snapshot)?) {
            foreign.push(place);
        }
    }
    if let Some(first) = foreign.first() {
        bail!(
            "{} is in the way, and {} more: anslag did not write them here, so it does not replace them\n\
             move them away, or publish into an empty folder with `--output`; an old build of this site can be removed",
            first.display(),
            foreign.len() - 1
        );
    }
    Ok(())
}

/// Makes the folders, the outer ones first.
fn make_folders(output: &Path, files: &[&File]) -> Result<()> {
    let folders = files.iter().flat_map(|file| Path::new(&file.path).ancestors().skip(1));
    let folders: BTreeSet<&Path> = folders.collect();
    for folder in folders.into_iter().filter(|folder| *folder != Path::new("")) {
        let path = output.join(folder);
        match fs::create_dir(&path) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => refuse_link(&path)?,
            Err(error) => return Err(error).with_context(|| format!("cannot make the folder {}", path.display())),
        }
    }
    Ok(())
}

/// A symbolic link planted in the output would lead our writing elsewhere.
fn refuse_link(path: &Path) -> Result<()> {
    if path.is_symlink() {
        bail!("{} is a symbolic link: anslag writes nothing through it; take it away", path.display());
    }
    Ok(())
}

fn write_bytes(path: &Path, bytes: &[u8]) -> Result<bool> {
    let context = || format!("cannot write {}", path.display());
    // Most files of a first build are new: asking the disk to make one says at once whether it is.
    let mut file = match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            if holds(path, bytes) {
                return Ok(false);
            }
            refuse_link(path)?;
            // Without O_TRUNC: truncating flushed files is what costs on ext4.
            let file = OpenOptions::new().write(true).open(path).with_context(context)?;
            file.set_len(bytes.len() as u64).with_context(context)?;
            file
        }
        Err(error) => return Err(error).with_context(context),
    };
    file.write_all(bytes).with_context(context)?;
    Ok(true)
}

/// Writes a file in the place of another: who reads it finds the one or the other, whole.
///
/// # Errors
/// The file cannot be written.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut draft = path.as_os_str().to_owned();
    draft.push(".new");
    let context = || format!("cannot write {}", path.display());
    refuse_link(Path::new(&draft))?;
    fs::write(&draft, bytes).with_context(context)?;
    fs::rename(&draft, path).with_context(context)
}

fn holds(path: &Path, bytes: &[u8]) -> bool {
    let same_size = fs::symlink_metadata(path).is_ok_and(|found| found.is_file() && found.len() == bytes.len() as u64);
    same_size && fs::read(path).is_ok_and(|found| found == bytes)
}

/// Removes what an earlier build wrote and this one does not, and the folders that are then empty.
fn remove_stale(output: &Path, paths: &BTreeSet<&str>, ledger: &Ledger) -> Result<usize> {
    let mut removed = 0;
    let mut folders = BTreeSet::new();
    for stale in ledger.paths().filter(|path| !paths.contains(path.as_str())) {
        let path = output.join(stale);
        let folders_of = || Path::new(stale).ancestors().skip(1).filter(|folder| *folder != Path::new(""));
        if folders_of().any(|folder| output.join(folder).is_symlink()) {
            continue;
        }
        match fs::remove_file(&path) {
            Ok(()) => removed += 1,
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| format!("cannot remove {}", path.display())),
        }
        folders
            .extend(Path::new(stale).ancestors().skip(1).filter(|folder| *folder != Path::new("")).map(Path::to_owned));
    }
    for folder in folders.iter().rev() {
        // A folder that is not empty holds something of the site, or of somebody else.
        let _ = fs::remove_dir(output.join(folder));
    }
    Ok(removed)
}
