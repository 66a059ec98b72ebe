//! Publishing at one stroke: a second tree is brought up to date out of sight, and then the two are exchanged.
//!
//! The tree that was shown before stays as the standby. What the two have in common are hard links, so it takes little
//! space, and the next build writes only what changes then and links what has changed now. No file is ever written
//! through: what changes is a new file in the place of a link.
//!
//! What the standby holds is written down in a note. That is put aside before the standby is touched, and written again
//! when it is known again; a standby without a note is thrown away and made anew by linking.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, Metadata};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::journal::remove_folder;
use super::ledger::place_of;
use super::record::Seen;
use super::scan::{Ours, Shown, folder_of, folders_of, in_order, inside, look, scan};
use super::system::{CAN_EXCHANGE, exchange, mount, move_new, sync, take_after};
use super::{Job, Settled, put_meanwhile, replace_with, written};
use crate::source::Stamp;
use crate::text::fingerprint::fingerprint;

/// The first line of a note: another version is not read.
const VERSION: &str = "anslag standby 1";

/// How the name of a standby begins that lies beside the output folder.
const BESIDE: &str = ".anslag";

/// A tree out of sight.
pub(super) struct Standby<'a> {
    root: &'a Path,
    output: &'a Path,
    /// Where it is.
    pub tree: PathBuf,
    note: Note,
    /// Before anything was looked at, as file systems count the time.
    began: SystemTime,
}

/// What is known of the tree that is shown, and of the one that is not.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Note {
    shown: Shown,
    /// The standby itself when this was written: one that was copied or restored since has other files.
    tree: Option<Stamp>,
    /// The files of the standby with their numbers; 0 of one that has to be replaced.
    #[serde(deserialize_with = "in_order")]
    files: BTreeMap<String, u64>,
    /// The folders of the standby; the tree itself is the empty one.
    #[serde(deserialize_with = "in_order")]
    folders: BTreeMap<String, Option<Stamp>>,
}

/// Where a tree may lie so that it can be exchanged with the output folder: in `.anslag/`, or else beside the output
/// folder. None where neither is in one mount with it, or it is a mount of its own.
fn place(root: &Path, output: &Path) -> Option<PathBuf> {
    let parent = output.parent()?;
    let around = mount(parent).ok()?;
    let is_mounted = mount(output).is_ok_and(|own| own != around);
    let places = [place_of("standby", root, output), beside(root, output)?];
    let is_near = |place: &PathBuf| place.parent().and_then(|folder| mount(folder).ok()) == Some(around);
    places.into_iter().find(is_near).filter(|_| CAN_EXCHANGE && !is_mounted)
}

/// Where it lies beside the output folder.
pub(super) fn beside(root: &Path, output: &Path) -> Option<PathBuf> {
    let own = place_of(BESIDE, root, output);
    Some(output.parent()?.join(own.file_name()?))
}

impl<'a> Standby<'a> {
    /// That of an output folder; none where there can be none.
    pub fn of(root: &'a Path, output: &'a Path) -> Option<Self> {
        let (tree, began) = (place(root, output)?, moment(root, output));
        let note = Note::read(&note_of(root, output)).unwrap_or_default();
        Some(Self { root, output, tree, note, began })
    }

    /// Throws away a tree of which no note holds, as a run leaves it that was ended, when what others have in it is saved.
    pub fn recover(&mut self, job: &Job) -> Result<()> {
        let note = note_of(self.root, self.output);
        let is_known = self.note.folders.contains_key("") && look(&self.tree) == self.note.tree;
        if is_known {
            return Ok(());
        }
        (self.note.files, self.note.folders) = Default::default();
        // Beside a note that was put aside there is none until the tree is known again.
        let was_ended = !note.exists() && look(&self.tree).is_some();
        if let Some(doubtful) = Note::read(&aside(&note)).filter(|_| was_ended) {
            self.save(&doubtful, job)?;
        }
        remove_folder(&self.tree)?;
        remove_file(&aside(&note))?;
        remove_file(&note)
    }

    /// What stands in the output folder beside the site.
    pub fn look(&mut self, job: &Job) -> Result<Shown> {
        let is_ours = |path: &str| job.is_ours(path) || job.has(path);
        // Mostly nobody asks.
        let folders = LazyLock::new(|| folders_of(job.paths().chain(job.ledger.paths().map(String::as_str))));
        let ours = Ours { file: &is_ours, folder: &|folder| folders.contains(folder) };
        scan(self.output, std::mem::take(&mut self.note.shown), &ours)
    }

    /// Brings it up to date with a site, and with the foreign files of the output folder. From the first touch on it is in
    /// doubt, until a note says again what it holds.
    pub fn update(&mut self, job: &Job, shown: Shown) -> Result<Vec<Settled>> {
        self.doubt()?;
        self.note.shown = shown;
        let settled = self.bring_up(job);
        if settled.is_err() {
            // Half a site is of use to nobody, least of all on a disk that is full. What somebody had closed is opened first.
            open_up(&self.tree);
            let _ = remove_folder(&self.tree);
        }
        settled
    }

    /// Shows it. False when the two cannot be exchanged; then nothing has happened.
    pub fn show(&mut self, job: &Job, settled: &[Settled]) -> Result<bool> {
        // A first site takes the place of nothing that a power cut could spoil.
        if !job.is_bare {
            sync(&self.tree, &written(settled).collect::<Vec<&str>>());
        }
        let (tree, output) = (self.tree.clone(), self.output);
        let (model, own) = (fs::metadata(output), fs::metadata(&tree));
        let is_there = model.is_ok();
        if model.is_ok_and(|model| take_after(&tree, &model).is_err()) {
            return Ok(false);
        }
        let swap = || if is_there { exchange(&tree, output) } else { move_new(&tree, output) };
        // Nobody else sees the tree before this moment.
        settle(&mut self.note.folders, moment(self.root, self.output));
        if swap().is_err() {
            if let Ok(own) = own {
                let _ = fs::set_permissions(&tree, own.permissions());
            }
            return Ok(false);
        }
        std::mem::swap(&mut self.note.folders, &mut self.note.shown.folders);
        if is_there {
            self.become_former(job, settled);
            if let Err(error) = self.carry_latecomers(job) {
                swap().with_context(|| format!("cannot take back {}", self.output.display()))?;
                return Err(error);
            }
            settle(&mut self.note.folders, self.began);
        } else {
            (self.note.files, self.note.folders) = Default::default();
        }
        self.write_down()?;
        Ok(true)
    }

    /// It is the tree that was shown now. What was not written was linked, so it is the same file in both.
    fn become_former(&mut self, job: &Job, settled: &[Settled]) {
        for path in written(settled) {
            if job.is_ours(path) {
                self.note.files.insert(path.to_owned(), 0);
            } else {
                self.note.files.remove(path);
            }
        }
        self.note.files.extend(job.former.iter().map(|path| (path.clone(), 0)));
    }

    /// Writes down what it holds, but for some files that were taken out of it.
    pub fn keep_without(&mut self, taken: Vec<String>) -> Result<()> {
        self.note.files.extend(taken.into_iter().map(|path| (path, 0)));
        settle(&mut self.note.shown.folders, self.began);
        settle(&mut self.note.folders, moment(self.root, self.output));
        self.write_down()
    }

    fn write_down(&mut self) -> Result<()> {
        self.note.tree = look(&self.tree);
        self.note.write(&note_of(self.root, self.output))
    }

    // Bringing it up to date.

    /// Puts the note aside; of a tree that is still to be made an empty one, so that it is known for ours.
    fn doubt(&self) -> Result<()> {
        let note = note_of(self.root, self.output);
        if self.note.folders.is_empty() {
            return Note::default().write(&aside(&note));
        }
        fs::rename(&note, aside(&note)).with_context(|| format!("cannot move {}", note.display()))
    }

    /// Moves to the output folder what somebody had put there while a run exchanged it that was then ended.
    fn save(&self, doubtful: &Note, job: &Job) -> Result<()> {
        let is_ours = |path: &str| job.is_ours(path) || job.has(path) || doubtful.files.contains_key(path);
        let paths = job.paths().chain(job.ledger.paths().chain(doubtful.files.keys()).map(String::as_str));
        let folders = folders_of(paths);
        let ours = Ours { file: &is_ours, folder: &|folder| folders.contains(folder) };
        let found = scan(&self.tree, Shown::default(), &ours)?;
        let alone = |path: &&String| !has_other_names(&self.tree.join(path));
        found.foreign.keys().filter(alone).chain(&found.fixed).try_for_each(|path| self.carry(path))
    }

    fn bring_up(&mut self, job: &Job) -> Result<Vec<Settled>> {
        let foreign = self.note.shown.foreign.clone();
        let folders = folders_of(job.paths().chain(foreign.keys().map(String::as_str)));
        let mut touched = self.remove_others(job, &folders)?;
        touched.extend(self.make_folders(&folders)?);
        for (path, number) in foreign {
            if self.note.files.get(&path) != Some(&number) {
                self.link(&path)?;
                touched.insert(folder_of(&path).to_owned());
                self.note.files.insert(path, number);
            }
        }
        let settled = job.settled(|file| self.settle(file, job))?;
        for now in settled.iter().filter(|now| now.touched) {
            touched.insert(folder_of(now.seen.path()).to_owned());
            self.note.files.insert(now.seen.path().to_owned(), now.seen.number());
        }
        let stamp = |folder: String| (look(&self.tree.join(&folder)), folder);
        let stamps: Vec<(Option<Stamp>, String)> = touched.into_par_iter().map(stamp).collect();
        self.note.folders.extend(stamps.into_iter().map(|(stamp, folder)| (folder, stamp)));
        Ok(settled)
    }

    /// Removes what the site does not have, and the folders that nothing needs any more. Says which folders were touched.
    fn remove_others(&mut self, job: &Job, folders: &BTreeSet<&str>) -> Result<BTreeSet<String>> {
        let mut touched = BTreeSet::new();
        let foreign = &self.note.shown.foreign;
        let is_other = |path: &&String| !job.has(path) && !foreign.contains_key(*path);
        let others: Vec<String> = self.note.files.keys().filter(is_other).cloned().collect();
        for path in others {
            remove_file(&self.tree.join(&path))?;
            self.note.files.remove(&path);
            touched.insert(folder_of(&path).to_owned());
        }
        let is_other = |folder: &&String| !folder.is_empty() && !folders.contains(folder.as_str());
        let others: Vec<String> = self.note.folders.keys().filter(is_other).cloned().collect();
        for folder in others.into_iter().rev() {
            let place = self.tree.join(&folder);
            fs::remove_dir(&place).with_context(|| format!("cannot remove the folder {}", place.display()))?;
            self.note.folders.remove(&folder);
            touched.insert(folder_of(&folder).to_owned());
        }
        touched.retain(|folder| folder.is_empty() || folders.contains(folder.as_str()));
        Ok(touched)
    }

    /// Makes the folders that are missing, the outer ones first. Says which were made or touched.
    fn make_folders(&self, folders: &BTreeSet<&str>) -> Result<BTreeSet<String>> {
        let make = |folder: &str| {
            let place = self.tree.join(folder);
            fs::create_dir(&place).with_context(|| format!("cannot make the folder {}", place.display()))
        };
        let mut touched = BTreeSet::new();
        if self.note.folders.is_empty() {
            make("")?;
            touched.insert(String::new());
        }
        let mut levels: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        for folder in folders.iter().filter(|folder| !self.note.folders.contains_key(**folder)) {
            levels.entry(folder.matches('/').count()).or_default().push(folder);
        }
        for level in levels.into_values() {
            level.par_iter().try_for_each(|folder| make(folder))?;
            touched.extend(level.into_iter().flat_map(|folder| [folder.to_owned(), folder_of(folder).to_owned()]));
        }
        Ok(touched)
    }

    /// Puts a file of the site into it: the one that is shown, if that holds the right bytes, or a new one.
    fn settle(&self, file: &super::File, job: &Job) -> Result<Settled> {
        if let Some(seen) = file.stands {
            return self.keep(seen.clone());
        }
        let bytes = file.bytes.read(job.snapshot)?;
        if let Some(stamp) = job.holds(&file.path, &bytes) {
            return self.keep(file.seen(stamp, &bytes));
        }
        let place = self.tree.join(&file.path);
        if self.note.files.contains_key(&file.path) {
            remove_file(&place)?;
        }
        let stamp = super::write_new(&place, &bytes)?;
        Ok(Settled { seen: file.seen(stamp, &bytes), written: true, touched: true })
    }

    /// Keeps a file that is shown.
    fn keep(&self, seen: Seen) -> Result<Settled> {
        if seen.number() != 0 && self.note.files.get(seen.path()) == Some(&seen.number()) {
            return Ok(Settled { seen, written: false, touched: false });
        }
        let stamp = self.link(seen.path())?;
        Ok(Settled { seen: seen.with(stamp), written: false, touched: true })
    }

    /// Gives a file that is shown a second name here. That is a change to the file itself: it has another stamp then.
    fn link(&self, path: &str) -> Result<Stamp> {
        let (shown, place) = (self.output.join(path), self.tree.join(path));
        if self.note.files.contains_key(path) {
            remove_file(&place)?;
        }
        let context = || format!("cannot link {} to {}", shown.display(), place.display());
        fs::hard_link(&shown, &place).with_context(context)?;
        Ok(Stamp::of(&fs::symlink_metadata(&place).with_context(context)?))
    }

    // After the exchange, when it is the tree that was shown.

    /// Moves to the output folder what somebody has put there since it was looked at.
    fn carry_latecomers(&self, job: &Job) -> Result<()> {
        let folders: Vec<(&String, &Option<Stamp>)> = self.note.folders.iter().collect();
        // The stamp of the tree itself is another one since it was exchanged.
        let is_other =
            |(folder, stamp): &(&String, &Option<Stamp>)| folder.is_empty() || look(&self.tree.join(folder)) != **stamp;
        for (folder, _) in folders.into_par_iter().filter(is_other).collect::<Vec<_>>() {
            let place = self.tree.join(folder);
            for entry in fs::read_dir(&place).into_iter().flatten() {
                let entry = entry.with_context(|| format!("cannot read the folder {}", place.display()))?;
                let path = inside(folder, &entry.file_name().to_string_lossy());
                let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
                let is_known =
                    if is_file { self.note.files.contains_key(&path) } else { self.note.folders.contains_key(&path) };
                if !is_known && !job.is_ours(&path) {
                    self.carry(&path)?;
                }
            }
        }
        Ok(())
    }

    /// Moves a file of others to the output folder.
    fn carry(&self, path: &str) -> Result<()> {
        let (from, to) = (self.tree.join(path), self.output.join(path));
        fs::create_dir_all(self.output.join(folder_of(path)))
            .and_then(|()| move_new(&from, &to))
            .with_context(|| put_meanwhile(&to))
    }
}

impl Note {
    fn read(place: &Path) -> Option<Self> {
        let bytes = fs::read(place).ok()?;
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let (head, rest) = (&bytes[..end], &bytes[end + 1..]);
        let is_whole = *head == *format!("{VERSION} {:016x}", fingerprint(rest)).as_bytes();
        postcard::from_bytes(rest).ok().filter(|_| is_whole)
    }

    fn write(&self, place: &Path) -> Result<()> {
        let rest = postcard::to_allocvec(self).context("cannot write down what is published")?;
        let head = format!("{VERSION} {:016x}\n", fingerprint(&rest));
        replace_with(place, [head.as_bytes(), &rest].map(Ok))
    }
}

/// Keeps the stamps alone of folders that were at rest at a moment: an entry that came later has given them another.
fn settle(folders: &mut BTreeMap<String, Option<Stamp>>, moment: SystemTime) {
    folders.values_mut().for_each(|stamp| *stamp = stamp.filter(|stamp| stamp.is_settled_folder(moment)));
}

fn note_of(root: &Path, output: &Path) -> PathBuf {
    place_of("shown", root, output)
}

/// Where a note waits that does not hold while the standby is touched.
fn aside(note: &Path) -> PathBuf {
    note.with_extension("doubt")
}

/// The time as the file system counts it, which need not be that of the machine; long ago when it cannot be told.
fn moment(root: &Path, output: &Path) -> SystemTime {
    let place = place_of("moment", root, output);
    let time = || File::create(&place)?.metadata()?.modified();
    let time = time().unwrap_or(UNIX_EPOCH);
    let _ = fs::remove_file(&place);
    time
}

/// Removes a file, if it is there.
fn remove_file(place: &Path) -> Result<()> {
    match fs::remove_file(place) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", place.display()))
        }
        _ => Ok(()),
    }
}

/// Lets its owner change what is in a folder, and in all folders there.
fn open_up(folder: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let _ = fs::set_permissions(folder, fs::Permissions::from_mode(0o755));
    }
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let folders = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    folders.for_each(|entry| open_up(&entry.path()));
}

/// Whether a file is still there under another name when this one goes.
fn has_other_names(place: &Path) -> bool {
    #[cfg(unix)]
    let count = |metadata: Metadata| std::os::unix::fs::MetadataExt::nlink(&metadata);
    #[cfg(not(unix))]
    let count = |_: Metadata| 1;
    fs::symlink_metadata(place).is_ok_and(|metadata| metadata.is_file() && count(metadata) > 1)
}
