//! What the last build into a folder was made of, what it made, and what it said of it.
//!
//! When all of that is as it was, and no instant has come that would change it, the next build has nothing to do, and this
//! tells so by asking the file system alone: a stamp for each file. Where a stamp is another one, the bytes decide, so a fresh
//! checkout with the record of an earlier run is known too. When something has changed, the next build is told what has
//! not, with what the last one remembers of that ([`Memory`]). A record is a shortcut and nothing more. One that is missing,
//! damaged, of another program or other options is not used, and it may be deleted at any time.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use anyhow::{Context, Result};
use jiff::Timestamp;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::Ledger;
use super::ledger::place_of;
use super::replace_with;
use crate::diagnostic::saved::Saved;
use crate::session::{Bytes, Handover, Memory};
use crate::source::{Listing, Snapshot, Stamp, is_document};
use crate::text::address::output_path;
use crate::text::fingerprint::{FastSet, Fingerprint, HashSetExt, fingerprint};

/// The first line of the file: another version is not read.
const VERSION: &str = "anslag record 3";

/// A file as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Its path from the site's folder, or from the output folder.
    path: String,
    /// Its stamp; none where it was so new that a later write could bear the same.
    stamp: Option<Stamp>,
    hash: u64,
    /// Its number in the file system, as it was seen last.
    #[serde(skip)]
    number: u64,
}

impl Seen {
    /// A file whose bytes have this hash.
    pub(super) fn new(path: String, stamp: Stamp, hash: u64) -> Self {
        Self { path, stamp: Some(stamp), hash, number: stamp.number() }
    }

    /// The same of one that others may write at any time, so that its bytes are to be looked at.
    pub(super) fn unstamped(path: String, bytes: &[u8]) -> Self {
        Self { path, stamp: None, hash: fingerprint(bytes), number: 0 }
    }

    /// The same file after something was done to it that left its bytes as they are.
    pub(super) fn with(self, stamp: Stamp) -> Self {
        Self { stamp: Some(stamp), number: stamp.number(), ..self }
    }

    /// Its path from the output folder.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Its number in the file system.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Whether it still holds the same bytes.
    fn is_same(&mut self, place: &Path, stamp: Stamp, check: &Check) -> bool {
        self.number = stamp.number();
        if self.stamp == Some(stamp) {
            return true;
        }
        self.stamp = stamp.is_settled(check.began).then_some(stamp);
        check.renewed.fetch_or(self.stamp.is_some(), Ordering::Relaxed);
        fs::read(place).is_ok_and(|bytes| fingerprint(&bytes) == self.hash)
    }
}

/// One look at the files of a record.
struct Check {
    began: SystemTime,
    /// Whether a file has another stamp and the same bytes, so that the next look need not read it.
    renewed: AtomicBool,
}

/// The files of the sources of a build, as the next one finds them.
pub struct Sources<'a> {
    /// What was read.
    pub snapshot: &'a Snapshot,
    /// When the reading began.
    pub began: SystemTime,
    /// The one that the build itself has written since.
    pub renewed: Option<&'a Seen>,
}

/// What was said of a build, to be said again.
#[derive(Debug, Serialize, Deserialize)]
pub struct Said {
    /// The findings.
    pub findings: Vec<Saved>,
    /// When the site will be another one, and why, as JSON.
    pub due: String,
    /// The site's time zone by its name.
    pub zone: String,
    /// How many documents there are.
    pub documents: usize,
    /// How many pages.
    pub pages: usize,
}

/// A build that went well.
#[derive(Debug, Serialize, Deserialize)]
pub struct Record {
    /// Who made it, and what was asked for: anything that differs makes another site.
    maker: u64,
    /// From when until when these files make the same site, about which the same is said.
    from: String,
    until: Option<String>,
    /// What was said.
    pub said: Said,
    inputs: Vec<Seen>,
    outputs: Vec<Seen>,
    /// Hash of what was remembered.
    memory: u64,
    /// Whether it knows more by now than what is written, so that the next look reads less.
    #[serde(skip)]
    is_renewed: bool,
}

/// What a build knows of the one before.
pub enum Before {
    /// Nothing that could be used.
    Unknown,
    /// Some files are as they were.
    Changed(Box<Past>),
    /// All files are, and so is what is said of them.
    Same(Box<Record>),
}

/// Why nothing is known of a build before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// There was none into this folder.
    NeverBuilt,
    /// It was one of another program, or with other options.
    OtherMaker,
    /// What was known of it is gone or damaged.
    Lost,
}

/// What has not changed since the build before.
#[derive(Default)]
pub struct Past {
    /// What that build remembers.
    pub memory: Memory,
    /// The files of the sources that are as they were.
    inputs: FastSet<ByPath>,
    /// Those that are not, as far as they were there.
    changed: Vec<String>,
    /// The files of the site that are as they were.
    outputs: FastSet<ByPath>,
}

/// A file that is found by its path.
struct ByPath(Seen);

impl Borrow<str> for ByPath {
    fn borrow(&self) -> &str {
        &self.0.path
    }
}

impl Hash for ByPath {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.path.hash(state);
    }
}

impl PartialEq for ByPath {
    fn eq(&self, other: &Self) -> bool {
        self.0.path == other.0.path
    }
}

impl Eq for ByPath {}

impl Past {
    /// The files of the sources that are not as they were: changed, new or gone. In order of path.
    pub fn changes(&self, snapshot: &Snapshot) -> Vec<String> {
        let present = snapshot.files().map(|file| file.path.to_string());
        let changed: BTreeSet<String> = present.chain(self.changed.iter().cloned()).collect();
        changed.into_iter().filter(|path| !self.inputs.contains(path.as_str())).collect()
    }

    /// Whether a file of the site stands in the output folder with these bytes, or those of a file of the sources.
    pub fn holds(&self, path: &str, bytes: &Bytes) -> bool {
        match bytes {
            Bytes::Copy(source) => self.copy(path, source).is_some(),
            Bytes::Made(made) => self.output(path, Some(made.hash)).is_some(),
            Bytes::Drawn(..) | Bytes::Kept(..) => self.output(path, None).is_some(),
        }
    }

    /// A file of the site that stands in the output folder and holds the bytes of this file of the sources.
    pub(super) fn copy(&self, path: &str, source: &str) -> Option<&Seen> {
        let ByPath(source) = self.inputs.get(source)?;
        self.output(path, Some(source.hash))
    }

    /// A file of the site that stands in the output folder and holds the bytes of this hash, if it is told.
    pub(super) fn output(&self, path: &str, hash: Option<u64>) -> Option<&Seen> {
        let is_same = |seen: &&Seen| hash.is_none_or(|hash| hash == seen.hash);
        self.outputs.get(path).map(|ByPath(seen)| seen).filter(is_same)
    }
}

impl Record {
    /// The record of a build of these files that began to read them at a moment, and knew the past; none when one that was
    /// copied has changed since, and nobody can say which of its bytes were.
    ///
    /// # Errors
    /// A file of the sources cannot be read.
    pub fn new(
        maker: u64,
        (from, until): (Timestamp, Option<Timestamp>),
        said: Said,
        Sources { snapshot, began, renewed }: Sources,
        past: &Past,
        outputs: Vec<Seen>,
    ) -> Result<Option<Self>> {
        let files: Vec<_> = snapshot.files().collect();
        let seen = |file: &&crate::source::File| {
            // What was read counts before what was seen: the file may have been changed in between.
            let read = file.hash_read();
            let known = past.inputs.get(&*file.path).map(|ByPath(seen)| seen);
            let known = known.filter(|known| read.is_none_or(|read| read == known.hash));
            if let Some(known) = known {
                return Ok(known.clone());
            }
            let stamp = file.stamp.is_settled(began).then_some(file.stamp);
            let hash = || anyhow::Ok(fingerprint(&snapshot.bytes(&file.path)?));
            let (path, number) = (file.path.to_string(), file.stamp.number());
            Ok(Seen { path, stamp, hash: read.map_or_else(hash, Ok)?, number })
        };
        let mut inputs = files.par_iter().map(seen).collect::<Result<Vec<Seen>>>()?;
        if let Some(renewed) = renewed {
            inputs.retain(|seen| seen.path != renewed.path);
            inputs.push(renewed.clone());
        }
        let (from, until) = (from.to_string(), until.map(|until| until.to_string()));
        let is_current = files.par_iter().all(|file| snapshot.is_current(file)) && !snapshot.is_disturbed();
        Ok(is_current.then_some(Self { maker, from, until, said, inputs, outputs, memory: 0, is_renewed: false }))
    }

    /// What is known of the build before into an output folder, if it was of this maker: whether anything has changed since,
    /// the time, a file of the sources, or one of the site.
    pub fn compare(
        root: &Path,
        listing: &Listing,
        output: &Path,
        maker: u64,
        now: Timestamp,
        began: SystemTime,
    ) -> Before {
        let record = Self::read(root, output).filter(|record| record.maker == maker);
        let Some((mut record, files)) = record.zip(listing.files()) else {
            return Before::Unknown;
        };
        let check = Check { began, renewed: AtomicBool::new(false) };
        let (inputs, outputs) = (&mut record.inputs, &mut record.outputs);
        let count = inputs.len();
        let (same_inputs, same_outputs) =
            rayon::join(|| same_inputs(inputs, files, root, &check), || same_outputs(outputs, output, &check));
        let is_whole = same_inputs.len() == count && files.len() == count && same_outputs.len() == record.outputs.len();
        if !is_whole || !record.holds_at(now) {
            let is_else_same = record.holds_at(now) && record.differs_in_documents(&same_inputs, files);
            let past = record.past_of(root, output, (same_inputs, same_outputs), is_else_same);
            return past.map_or(Before::Unknown, |past| Before::Changed(Box::new(past)));
        }
        record.is_renewed = check.renewed.into_inner();
        Before::Same(Box::new(record))
    }

    /// Whether there is one of a build into an output folder.
    pub(super) fn exists(root: &Path, output: &Path) -> bool {
        Self::read(root, output).is_some()
    }

    /// The files that were written by the last build into an output folder, with the hashes of their bytes, if that is known.
    pub(super) fn hashes(root: &Path, output: &Path) -> Option<BTreeMap<String, u64>> {
        let record = Self::read(root, output)?;
        Some(record.outputs.into_iter().map(|seen| (seen.path, seen.hash)).collect())
    }

    /// Why nothing is known of a build before.
    pub fn doubt(root: &Path, output: &Path, maker: u64) -> Doubt {
        match Self::read(root, output) {
            Some(record) if record.maker != maker => Doubt::OtherMaker,
            None if Ledger::read(root, output) == Ledger::default() => Doubt::NeverBuilt,
            _ => Doubt::Lost,
        }
    }

    /// Whether all files are there that were, no others are, and those that are not as they were are documents.
    fn differs_in_documents(&self, same_inputs: &[usize], files: &[(Arc<str>, Stamp)]) -> bool {
        let is_edited = |seen: &Seen| is_document(&seen.path) && position(files, &seen.path).is_some();
        let mut changed = (0..self.inputs.len()).filter(|position| same_inputs.binary_search(position).is_err());
        files.len() == self.inputs.len() && changed.all(|position| is_edited(&self.inputs[position]))
    }

    fn holds_at(&self, now: Timestamp) -> bool {
        let instant = |written: &String| written.parse::<Timestamp>();
        let has_begun = instant(&self.from).is_ok_and(|from| from <= now);
        has_begun && self.until.as_ref().is_none_or(|until| instant(until).is_ok_and(|until| now < until))
    }

    fn read(root: &Path, output: &Path) -> Option<Self> {
        let bytes = fs::read(place(root, output)).ok()?;
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let (head, rest) = (&bytes[..end], &bytes[end + 1..]);
        if *head != *header(rest).as_bytes() {
            return None;
        }
        postcard::from_bytes(rest).ok()
    }

    /// What a build remembers after which nothing has changed.
    pub fn past(self, root: &Path, output: &Path) -> Option<Past> {
        let (inputs, outputs) = (0..self.inputs.len(), 0..self.outputs.len());
        self.past_of(root, output, (inputs.collect(), outputs.collect()), true)
    }

    /// What of a build still holds, with what was remembered of it. `is_else_same` says whether no other files have changed than
    /// documents, and nothing by the time.
    fn past_of(
        self,
        root: &Path,
        output: &Path,
        (inputs, outputs): (Vec<usize>, Vec<usize>),
        is_else_same: bool,
    ) -> Option<Past> {
        let bytes = fs::read(place_of("memory", root, output)).ok()?;
        if fingerprint(&bytes) != self.memory {
            return None;
        }
        let ((inputs, changed), (outputs, _)) = (parted(self.inputs, &inputs), parted(self.outputs, &outputs));
        let stands = |route: &str| outputs.contains(output_path(route).as_str());
        let memory = Memory::read(bytes, output, |path| inputs.contains(path), is_else_same, stands)?;
        Some(Past { memory, inputs, changed, outputs })
    }

    /// Writes it for the next build, with what that is to remember.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn write(mut self, handover: &Handover, root: &Path, output: &Path) -> Result<()> {
        let mut hasher = Fingerprint::default();
        let pieces = handover.pieces().map(|piece| piece.inspect(|piece| hasher.write(piece)));
        replace_with(&place_of("memory", root, output), pieces)?;
        self.memory = hasher.finish();
        self.write_again(root, output)
    }

    /// Writes it again if it knows more by now.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn renew(&self, root: &Path, output: &Path) -> Result<()> {
        if self.is_renewed { self.write_again(root, output) } else { Ok(()) }
    }

    fn write_again(&self, root: &Path, output: &Path) -> Result<()> {
        let place = place(root, output);
        let rest = postcard::to_allocvec(self).with_context(|| format!("cannot write {}", place.display()))?;
        replace_with(&place, [header(&rest).as_bytes(), b"\n", &rest].map(Ok))
    }

    /// How many files the site has.
    pub fn files(&self) -> usize {
        self.outputs.len()
    }

    /// Until when these files make the same site, about which the same is said; none when that is for ever.
    pub fn until(&self) -> Option<Timestamp> {
        self.until.as_ref().and_then(|until| until.parse().ok())
    }

    /// Forgets a build: what it made is no longer what it was.
    ///
    /// # Errors
    /// The file cannot be removed.
    pub fn forget(root: &Path, output: &Path) -> Result<()> {
        let place = place(root, output);
        match fs::remove_file(&place) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("cannot remove {}", place.display()))
            }
            _ => Ok(()),
        }
    }
}

/// Which of the files of the sources are still the same, as positions.
fn same_inputs(known: &mut [Seen], files: &[(Arc<str>, Stamp)], root: &Path, check: &Check) -> Vec<usize> {
    same(known, |seen| {
        let found = position(files, &seen.path);
        found.is_some_and(|found| seen.is_same(&root.join(&*files[found].0), files[found].1, check))
    })
}

/// The same of the files of the site.
fn same_outputs(known: &mut [Seen], output: &Path, check: &Check) -> Vec<usize> {
    same(known, |seen| {
        let place = output.join(&seen.path);
        let metadata = fs::symlink_metadata(&place).ok().filter(fs::Metadata::is_file);
        metadata.is_some_and(|metadata| seen.is_same(&place, Stamp::of(&metadata), check))
    })
}

fn same(known: &mut [Seen], is_same: impl Fn(&mut Seen) -> bool + Sync) -> Vec<usize> {
    let same = known.par_iter_mut().enumerate().filter_map(|(index, seen)| is_same(seen).then_some(index));
    same.collect()
}

/// Where among the files of the sources one stands.
fn position(files: &[(Arc<str>, Stamp)], path: &str) -> Option<usize> {
    files.binary_search_by(|(known, _)| (**known).cmp(path)).ok()
}

/// The files that are as they were, at these positions in order, and the paths of the others.
fn parted(seen: Vec<Seen>, same: &[usize]) -> (FastSet<ByPath>, Vec<String>) {
    let (mut those, mut others, mut next) = (FastSet::with_capacity(same.len()), Vec::new(), same.iter().peekable());
    for (position, seen) in seen.into_iter().enumerate() {
        if next.next_if_eq(&&position).is_some() {
            those.insert(ByPath(seen));
        } else {
            others.push(seen.path);
        }
    }
    (those, others)
}

fn header(rest: &[u8]) -> String {
    format!("{VERSION} {:016x}", fingerprint(rest))
}

fn place(root: &Path, output: &Path) -> PathBuf {
    place_of("built", root, output)
}
