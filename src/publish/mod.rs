//! From the finished site in memory to a folder on disk: the only writer of `public/`.
//!
//! Nothing is written before the whole site is finished and free of errors, and nothing is shown before all of it is
//! written: in the best case a second tree is brought up to date and then exchanged with the folder ([`standby`]), so that
//! a reader finds the old site or the new one at every instant. Where that cannot be, files are moved to their places one by one
//! ([`journal`]). Files that already hold the right bytes stay what they are, and nothing that anslag did not write is
//! ever touched: the [`Ledger`] knows what is ours.

mod addresses;
mod compare;
mod journal;
mod ledger;
mod lock;
mod record;
mod scan;
mod standby;
mod system;
mod target;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, Metadata, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use rayon::prelude::*;

use crate::progress::{Progress, Stage};
use crate::session::{Bytes, Tree};
use crate::source::{OWN, Snapshot, Stamp};
use crate::text::address::output_path;
use crate::text::fingerprint::{FastSet, fingerprint};

use journal::Journal;
use ledger::whole;
use scan::{Shown, folders_of};
use standby::Standby;

pub use addresses::{renew, settle};
pub use compare::{Comparison, Difference, Differences, compare_copy, compare_output};
pub use journal::finish;
pub use ledger::Ledger;
pub use lock::Lock;
pub use record::{Before, Doubt, Past, Record, Said, Seen, Sources};
pub use target::refusal;

/// How a site is to be published.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wishes {
    /// Take over a folder that is not known, with the files where those of the site go.
    pub adopt: bool,
    /// Keep the folder itself, and replace its files one by one.
    pub in_place: bool,
}

/// How publishing ended.
pub enum Ending {
    /// The site stands there. How its files are is for the next build to know.
    Published(Published, Vec<Seen>),
    /// A file was changed while the site was made, so nobody can say of which moment it is. Nothing was published.
    Disturbed(String),
}

/// What publishing did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// The paths of the files that were written, in order.
    pub written: Vec<String>,
    /// How many files held the right bytes already.
    pub unchanged: usize,
    /// The paths of the files of an earlier build that were taken away, in order.
    pub removed: Vec<String>,
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
    wishes: Wishes,
    progress: &Progress,
) -> Result<Ending> {
    let output = &whole(output);
    let files = tree.files.iter().map(|(route, bytes)| File::of(tree, route, bytes, past)).collect();
    let job = Job::new(files, (snapshot, past), (root, output), wishes.adopt, progress)?;
    if !job.is_bare {
        job.refuse_in_the_way()?;
    }
    if let Some(ending) = job.nothing_to_do() {
        return Ok(ending);
    }
    job.take_over()?;
    let mut standby = Standby::of(root, output);
    if let Some(standby) = &mut standby {
        standby.recover(&job)?;
    }
    if let Some(mut standby) = standby.filter(|_| !wishes.in_place) {
        let shown = if job.is_new { Shown::default() } else { standby.look(&job)? };
        // What came before that look, where the site's files go, is seen neither by it nor after it.
        if !job.is_new {
            job.refuse_in_the_way()?;
        }
        if shown.fixed.is_none() {
            return job.at_one_stroke(&mut standby, shown);
        }
    }
    job.file_by_file()
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

    /// How it is, with these bytes.
    fn seen(&self, stamp: Stamp, bytes: &[u8]) -> Seen {
        let hash = if let Bytes::Made(made) = self.bytes { made.hash } else { fingerprint(bytes) };
        Seen::new(self.path.clone(), stamp, hash)
    }
}

/// What has become of a file.
struct Settled {
    /// How it is now.
    seen: Seen,
    /// Whether it was written; else it held the right bytes already.
    written: bool,
    /// Whether the list of the folder that it stands in is another one.
    touched: bool,
}

/// A finished site and the folder that it goes to.
struct Job<'a> {
    /// In order of path.
    files: Vec<File<'a>>,
    /// Their paths.
    paths: FastSet<String>,
    /// What an earlier build wrote and the site no longer has, in order.
    former: Vec<String>,
    snapshot: &'a Snapshot,
    past: &'a Past,
    root: &'a Path,
    output: &'a Path,
    ledger: Ledger,
    /// Whether what stands where the site's files go is taken over.
    adopt: bool,
    /// Whether there is no such folder yet.
    is_new: bool,
    /// Whether nothing stands there.
    is_bare: bool,
    /// Is told how many files are settled.
    progress: &'a Progress,
}

impl<'a> Job<'a> {
    fn new(
        mut files: Vec<File<'a>>,
        (snapshot, past): (&'a Snapshot, &'a Past),
        (root, output): (&'a Path, &'a Path),
        adopt: bool,
        progress: &'a Progress,
    ) -> Result<Self> {
        files.sort_unstable_by(|left, right| left.path.cmp(&right.path));
        let found = fs::metadata(output).ok();
        if found.as_ref().is_some_and(|found| !found.is_dir()) {
            bail!("cannot publish into {}: it is not a folder", output.display());
        }
        let ledger = Ledger::read(root, output);
        let paths: FastSet<String> = files.iter().map(|file| file.path.clone()).collect();
        let former = ledger.paths().filter(|path| !paths.contains(*path)).cloned().collect();
        let is_new = found.is_none();
        let is_bare = is_new || fs::read_dir(output).is_ok_and(|mut entries| entries.next().is_none());
        Ok(Self { files, paths, former, snapshot, past, root, output, ledger, adopt, is_new, is_bare, progress })
    }

    /// The paths of the site.
    fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.path.as_str())
    }

    /// Whether the site has a file.
    fn has(&self, path: &str) -> bool {
        self.paths.contains(path)
    }

    /// Whether a file that stands in the folder is ours to replace.
    fn is_ours(&self, path: &str) -> bool {
        self.ledger.contains(path) || self.past.output(path, None).is_some() || (self.adopt && self.has(path))
    }

    /// Whether an earlier build wrote it and the site no longer has it.
    fn is_former(&self, path: &str) -> bool {
        self.former.binary_search_by(|former| former.as_str().cmp(path)).is_ok()
    }

    /// The stamp of a file in the folder, if it is there and holds these bytes.
    fn holds(&self, path: &str, bytes: &[u8]) -> Option<Stamp> {
        if self.is_bare {
            return None;
        }
        let place = self.output.join(path);
        let metadata = fs::symlink_metadata(&place).ok().filter(Metadata::is_file)?;
        let is_same = metadata.len() == bytes.len() as u64 && fs::read(&place).is_ok_and(|found| found == bytes);
        is_same.then(|| Stamp::of(&metadata))
    }

    /// What is to be said when all stands already.
    fn nothing_to_do(&self) -> Option<Ending> {
        let all_stand = self.files.iter().all(|file| file.stands.is_some());
        if !all_stand || self.is_new || !self.former.is_empty() {
            return None;
        }
        if let Some(path) = self.snapshot.changed() {
            return Some(Ending::Disturbed(path.to_owned()));
        }
        let seen: Vec<Seen> = self.files.iter().filter_map(|file| file.stands).cloned().collect();
        Some(Ending::Published(Published { unchanged: seen.len(), ..Published::default() }, seen))
    }

    /// What is about to be written is ours from now on, also if the machine stops half-way.
    fn take_over(&self) -> Result<()> {
        let parent = self.output.parent().unwrap_or(self.output);
        fs::create_dir_all(parent).with_context(|| format!("cannot make the folder {}", parent.display()))?;
        if self.paths().any(|path| !self.ledger.contains(path)) {
            let known = self.ledger.paths().map(String::as_str);
            Ledger::of(self.paths().chain(known)).write(self.root, self.output)?;
        }
        Ok(())
    }

    /// What is ours when all is done.
    fn settle_ledger(&self) -> Result<()> {
        if self.former.is_empty() { Ok(()) } else { Ledger::of(self.paths()).write(self.root, self.output) }
    }

    // What stands in the way.

    /// Things of others that stand where the site's files would go. A file that already holds the right bytes is in nobody's
    /// way.
    fn refuse_in_the_way(&self) -> Result<()> {
        let stale: Vec<&File> = self.files.iter().filter(|file| file.stands.is_none()).collect();
        let folders = folders_of(stale.iter().map(|file| file.path.as_str()));
        folders.into_iter().try_for_each(|folder| self.refuse_no_folder(folder))?;
        let in_the_way = |file: &&&File| self.is_in_the_way(file).transpose();
        let found = stale.par_iter().filter_map(|file| in_the_way(&file).map(|is| is.map(|()| file.path.as_str())));
        let found: Vec<&str> = found.collect::<Result<_>>()?;
        if let Some(first) = found.first() {
            bail!(
                "{} is in the way, and {} more: anslag did not write them here, so it does not replace them\n\
                 move them away, publish into another folder with `--output`, or have them replaced with `--adopt`",
                self.output.join(first).display(),
                found.len() - 1
            );
        }
        Ok(())
    }

    /// Something that is no folder, where a folder is to be.
    fn refuse_no_folder(&self, folder: &str) -> Result<()> {
        let place = self.output.join(folder);
        refuse_link(&place)?;
        let is_other = fs::symlink_metadata(&place).is_ok_and(|found| !found.is_dir());
        if is_other && !self.is_former(folder) {
            bail!("{} is in the way: the site has a folder there; move it away", place.display());
        }
        Ok(())
    }

    /// Whether something of others stands where a file would go.
    fn is_in_the_way(&self, file: &File) -> Result<Option<()>> {
        let place = self.output.join(&file.path);
        let Ok(found) = fs::symlink_metadata(&place) else { return Ok(None) };
        refuse_link(&place)?;
        if !found.is_file() && !self.will_go(&file.path) {
            bail!("{} is in the way: the site has a file there; move it away", place.display());
        }
        let is_foreign = found.is_file() && !self.is_ours(&file.path);
        Ok((is_foreign && self.holds(&file.path, &file.bytes.read(self.snapshot)?).is_none()).then_some(()))
    }

    /// Whether a folder goes away with what an earlier build wrote into it.
    fn will_go(&self, folder: &str) -> bool {
        let all = |entry: std::io::Result<fs::DirEntry>| {
            entry.is_ok_and(|entry| {
                let path = scan::inside(folder, &entry.file_name().to_string_lossy());
                let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
                if is_folder { self.will_go(&path) } else { self.is_former(&path) }
            })
        };
        fs::read_dir(self.output.join(folder)).is_ok_and(|entries| entries.into_iter().all(all))
    }

    // The two ways.

    /// Writes what is new out of sight, and exchanges the whole.
    fn at_one_stroke(&self, standby: &mut Standby, shown: Shown) -> Result<Ending> {
        let mut settled = standby.update(self, shown)?;
        if let Some(path) = self.snapshot.changed() {
            standby.keep_without(Vec::new())?;
            return Ok(Ending::Disturbed(path.to_owned()));
        }
        let removed = self.standing_formers();
        let written = || written(&settled).map(str::to_owned).collect::<Vec<String>>();
        if written().is_empty() && removed.is_empty() && !self.is_new {
            standby.keep_without(Vec::new())?;
            self.settle_ledger()?;
            return Ok(ending(settled, removed));
        }
        Record::forget(self.root, self.output)?;
        if !standby.show(self, &settled)? {
            // The tree out of sight has all that is needed.
            fs::create_dir_all(self.output)
                .with_context(|| format!("cannot make the folder {}", self.output.display()))?;
            self.journal(standby.tree.clone(), written(), removed.clone()).publish(self.root, self.output)?;
            standby.keep_without(written())?;
            self.stamp_again(&mut settled)?;
        }
        self.settle_ledger()?;
        Ok(ending(settled, removed))
    }

    /// Writes what is new out of sight, and moves file after file to its place.
    fn file_by_file(&self) -> Result<Ending> {
        fs::create_dir_all(self.output).with_context(|| format!("cannot make the folder {}", self.output.display()))?;
        let staging = journal::staging(self.root, self.output)?;
        let staged = self.stage(&staging);
        let changed = self.snapshot.changed();
        if staged.is_err() || changed.is_some() {
            let _ = journal::remove_folder(&staging);
        }
        let mut settled = staged?;
        if let Some(path) = changed {
            return Ok(Ending::Disturbed(path.to_owned()));
        }
        let removed = self.standing_formers();
        let written: Vec<String> = written(&settled).map(str::to_owned).collect();
        if !written.is_empty() || !removed.is_empty() {
            Record::forget(self.root, self.output)?;
            self.journal(staging.clone(), written, removed.clone()).publish(self.root, self.output)?;
        }
        journal::remove_folder(&staging)?;
        self.stamp_again(&mut settled)?;
        self.settle_ledger()?;
        Ok(ending(settled, removed))
    }

    /// Writes what is new into a folder.
    fn stage(&self, staging: &Path) -> Result<Vec<Settled>> {
        let stage = |file: &File| {
            let kept = |seen| Ok(Settled { seen, written: false, touched: false });
            if let Some(seen) = file.stands {
                return kept(seen.clone());
            }
            let bytes = file.bytes.read(self.snapshot)?;
            if let Some(stamp) = self.holds(&file.path, &bytes) {
                return kept(file.seen(stamp, &bytes));
            }
            let place = staging.join(&file.path);
            let folder = place.parent().unwrap_or(staging);
            fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
            let stamp = write_new(&place, &bytes)?;
            Ok(Settled { seen: file.seen(stamp, &bytes), written: true, touched: true })
        };
        self.settled(stage)
    }

    /// Settles all files, in parallel.
    fn settled(&self, settle: impl Fn(&File) -> Result<Settled> + Sync) -> Result<Vec<Settled>> {
        self.progress.begin(Stage::Write, self.files.len());
        let settle = |file| {
            let settled = settle(file);
            self.progress.step();
            settled
        };
        self.files.par_iter().map(settle).collect()
    }

    /// The journal of what is to be moved from a folder. Only what is ours is replaced.
    fn journal(&self, staging: PathBuf, written: Vec<String>, removed: BTreeSet<String>) -> Journal {
        let is_file = |path: &String| fs::symlink_metadata(self.output.join(path)).is_ok_and(|found| found.is_file());
        let (replaced, added) = written.into_iter().partition(|path| self.is_ours(path) && is_file(path));
        Journal { staging, added, replaced, removed }
    }

    /// Files were moved, which is a change to them.
    fn stamp_again(&self, settled: &mut [Settled]) -> Result<()> {
        settled.par_iter_mut().filter(|now| now.written).try_for_each(|now| {
            let place = self.output.join(now.seen.path());
            let metadata = fs::symlink_metadata(&place).with_context(|| format!("cannot read {}", place.display()))?;
            now.seen = now.seen.clone().with(Stamp::of(&metadata));
            Ok(())
        })
    }

    /// What an earlier build wrote, the site no longer has, and is still there.
    fn standing_formers(&self) -> BTreeSet<String> {
        let stands = |path: &&String| {
            let is_led_away = folders_of(std::iter::once(path.as_str()))
                .into_iter()
                .any(|folder| self.output.join(folder).is_symlink());
            !is_led_away && fs::symlink_metadata(self.output.join(path)).is_ok_and(|found| found.is_file())
        };
        self.former.iter().filter(stands).cloned().collect()
    }
}

/// The paths of the files that were written.
fn written(settled: &[Settled]) -> impl Iterator<Item = &str> {
    settled.iter().filter(|now| now.written).map(|now| now.seen.path())
}

fn ending(settled: Vec<Settled>, removed: BTreeSet<String>) -> Ending {
    let written: Vec<String> = written(&settled).map(str::to_owned).collect();
    let unchanged = settled.len() - written.len();
    let published = Published { written, unchanged, removed: removed.into_iter().collect() };
    Ending::Published(published, settled.into_iter().map(|now| now.seen).collect())
}

/// A symbolic link planted in the output would lead our writing elsewhere.
fn refuse_link(path: &Path) -> Result<()> {
    if path.is_symlink() {
        bail!("{} is a symbolic link: anslag writes nothing through it; take it away", path.display());
    }
    Ok(())
}

/// What is said of a file of others that came where a new one goes.
fn put_meanwhile(place: &Path) -> String {
    format!("{} was put there while the site was published, and is in the way", place.display())
}

/// Writes a file where none is, and says how it is then.
fn write_new(place: &Path, bytes: &[u8]) -> Result<Stamp> {
    let context = || format!("cannot write {}", place.display());
    let mut file = create_new(place).with_context(context)?;
    file.write_all(bytes).with_context(context)?;
    Ok(Stamp::of(&file.metadata().with_context(context)?))
}

fn create_new(place: &Path) -> std::io::Result<fs::File> {
    OpenOptions::new().write(true).create_new(true).open(place)
}

/// Writes a file in the place of another: who reads it finds the one or the other, whole. Of those who write the same file each
/// waits for the other first ([`Lock`]): they would have one draft.
///
/// # Errors
/// The file cannot be written, or what stands there is none.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    replace_with(path, [Ok(bytes)])
}

/// The same with bytes in pieces.
///
/// # Errors
/// The same, and a piece that cannot be had.
fn replace_with<T: AsRef<[u8]>>(path: &Path, pieces: impl IntoIterator<Item = Result<T>>) -> Result<()> {
    let is_other =
        |place: &Path| fs::symlink_metadata(place).is_ok_and(|found| !found.is_file() && !found.is_symlink());
    if path.file_name().is_none() || is_other(path) {
        bail!("cannot write {}: it is no file", path.display());
    }
    let draft = draft_of(path);
    refuse_link(&draft)?;
    if is_other(&draft) {
        bail!("{} is in the way: move it away", draft.display());
    }
    let context = || format!("cannot write {}", path.display());
    // What a run that was ended has left may be another name of a file of somebody's.
    if draft.exists() {
        fs::remove_file(&draft).with_context(context)?;
    }
    let in_draft = || format!("cannot write {}", draft.display());
    let mut writer = BufWriter::with_capacity(1 << 16, create_new(&draft).with_context(in_draft)?);
    for piece in pieces {
        writer.write_all(piece?.as_ref()).with_context(in_draft)?;
    }
    writer.into_inner().with_context(in_draft)?;
    fs::rename(&draft, path).with_context(context)
}

/// Where the bytes of a file wait. The name is hidden, so no source has it, and it says whose it is: what a run that was ended
/// has left there is no part of the site, and gives way.
fn draft_of(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(OWN);
    path.with_file_name(name)
}
