//! What the last build into a folder was made of, what it made, and what it said of it.
//!
//! When all of that is as it was, and no instant has come that would change it, the next build has nothing to do, and this
//! tells so by asking the file system alone: a stamp for each file. Where a stamp is another one, the bytes decide, so a fresh
//! checkout with the record of an earlier run is known too. A record is a shortcut and nothing more. One that is
//! missing, damaged, of another program or other options is not used, and it may be deleted at any time.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use anyhow::{Context, Result};
use jiff::Timestamp;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ledger::place_of;
use super::replace;
use crate::diagnostic::saved::Saved;
use crate::source::{Snapshot, Stamp};
use crate::text::fingerprint::fingerprint;

/// The first line of the file: another version is not read.
const VERSION: &str = "anslag record 1";

/// A file as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Its path from the site's folder, or from the output folder.
    path: String,
    /// Its stamp; none where it was so new that a later write could bear the same.
    stamp: Option<Stamp>,
    hash: u64,
}

impl Seen {
    /// A file with these bytes.
    pub(super) fn new(path: String, stamp: Option<Stamp>, bytes: &[u8]) -> Self {
        Self { path, stamp, hash: fingerprint(bytes) }
    }

    /// Whether it still holds the same bytes.
    fn is_same(&mut self, place: &Path, stamp: Stamp, check: &Check) -> bool {
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

/// What was said of a build, to be said again.
#[derive(Debug, Serialize, Deserialize)]
pub struct Said {
    /// The findings.
    pub findings: Vec<Saved>,
    /// When the site will be another one, and why, for machines.
    pub due: Value,
    /// The site's time zone by its name.
    pub zone: String,
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
}

impl Record {
    /// The record of a build of these files that began to read them at a moment; none when one that was copied has changed
    /// since, and nobody can say which of its bytes were.
    ///
    /// # Errors
    /// A file of the sources cannot be read.
    pub fn new(
        maker: u64,
        (from, until): (Timestamp, Option<Timestamp>),
        said: Said,
        (snapshot, began): (&Snapshot, SystemTime),
        outputs: Vec<Seen>,
    ) -> Result<Option<Self>> {
        let files: Vec<_> = snapshot.files().collect();
        let seen = |file: &&crate::source::File| {
            let stamp = file.stamp.is_settled(began).then_some(file.stamp);
            Ok(Seen::new(file.path.to_string(), stamp, &snapshot.bytes(&file.path)?))
        };
        let inputs = files.par_iter().map(seen).collect::<Result<_>>()?;
        let (from, until) = (from.to_string(), until.map(|until| until.to_string()));
        let is_current = files.par_iter().all(|file| snapshot.is_current(file));
        Ok(is_current.then_some(Self { maker, from, until, said, inputs, outputs }))
    }

    /// The record of an output folder, if it is of this maker and nothing has changed since: neither the time, nor a file of the
    /// sources, nor one of the site.
    ///
    /// # Errors
    /// A folder of the sources cannot be read.
    pub fn unchanged(
        root: &Path,
        output: &Path,
        maker: u64,
        now: Timestamp,
        began: SystemTime,
    ) -> Result<Option<Self>> {
        let Some(mut record) = Self::read(root, output).filter(|record| record.maker == maker && record.holds_at(now))
        else {
            return Ok(None);
        };
        let check = Check { began, renewed: AtomicBool::new(false) };
        let (inputs, outputs) = (&mut record.inputs, &mut record.outputs);
        let (inputs, outputs) =
            rayon::join(|| inputs_are_same(inputs, root, &check), || outputs_are_same(outputs, output, &check));
        if !inputs? || !outputs {
            return Ok(None);
        }
        if check.renewed.into_inner() {
            record.write(root, output)?;
        }
        Ok(Some(record))
    }

    fn holds_at(&self, now: Timestamp) -> bool {
        let instant = |written: &String| written.parse::<Timestamp>();
        let has_begun = instant(&self.from).is_ok_and(|from| from <= now);
        has_begun && self.until.as_ref().is_none_or(|until| instant(until).is_ok_and(|until| now < until))
    }

    fn read(root: &Path, output: &Path) -> Option<Self> {
        let text = fs::read_to_string(place(root, output)).ok()?;
        let (head, rest) = text.split_once('\n')?;
        if head != header(rest) {
            return None;
        }
        serde_json::from_str(rest).ok()
    }

    /// Writes it for the next build.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, root: &Path, output: &Path) -> Result<()> {
        let place = place(root, output);
        let text = serde_json::to_string(self).with_context(|| format!("cannot write {}", place.display()))?;
        replace(&place, &format!("{}\n{text}", header(&text)))
    }

    /// How many files the site has.
    pub fn files(&self) -> usize {
        self.outputs.len()
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

fn inputs_are_same(known: &mut [Seen], root: &Path, check: &Check) -> Result<bool> {
    let Some(mut found) = Snapshot::list(root)? else { return Ok(false) };
    found.par_sort_unstable_by(|left, right| left.0.cmp(&right.0));
    if known.len() != found.len() {
        return Ok(false);
    }
    let is_same = |(seen, (path, stamp)): (&mut Seen, (String, Stamp))| {
        seen.path == path && seen.is_same(&root.join(path), stamp, check)
    };
    Ok(known.par_iter_mut().zip(found).all(is_same))
}

fn outputs_are_same(known: &mut [Seen], output: &Path, check: &Check) -> bool {
    known.par_iter_mut().all(|seen| {
        let place = output.join(&seen.path);
        let metadata = fs::symlink_metadata(&place).ok().filter(fs::Metadata::is_file);
        metadata.is_some_and(|metadata| seen.is_same(&place, Stamp::of(&metadata), check))
    })
}

fn header(text: &str) -> String {
    format!("{VERSION} {:016x}", fingerprint(text.as_bytes()))
}

fn place(root: &Path, output: &Path) -> PathBuf {
    place_of("built", root, output)
}
