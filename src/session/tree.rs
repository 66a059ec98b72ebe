//! The finished site in memory: its files by address, and what they hold.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;

use super::addresses::AllPublished;
use super::cause::{Cause, Print};
use super::prints;
use crate::image::{Drawing, Painter};
use crate::overview::redirects::Rules;
use crate::source::{Overflow, Snapshot, Stored};
use crate::text::fingerprint::{FastMap, FastSet, fingerprint};
use crate::text::utf8;

/// The finished site: a set of files in memory, by address.
#[derive(Debug, Default)]
pub struct Tree {
    /// The files.
    pub files: BTreeMap<String, Bytes>,
    /// The prints of those that a later run need not make again if they would be made of the same.
    pub(super) prints: FastMap<String, Print>,
    /// The addresses of those that stand in the output folder already.
    pub(super) standing: FastSet<String>,
    /// Why the others were made, where there was a run before.
    pub(super) causes: FastMap<String, Vec<Cause>>,
    /// What readers may keep the addresses of; nothing where only texts have changed, since all are those of the run before.
    pub(super) published: AllPublished,
    /// The addresses at which all that is said is that something is gone. No link leads there.
    pub(super) gone: FastSet<String>,
    /// What hosts are told of former addresses; nothing in the same case.
    pub former: Rules,
    /// How many pages there are.
    pub pages: Pages,
    /// Whether nothing was said while other outputs than the pages of documents were planned and made, so that a later run
    /// need not do that to say it again.
    pub(super) is_quiet: bool,
}

/// How many pages were made, and how many were not, since they stand already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pages {
    /// Those that were made, be it that they came out the same.
    pub made: usize,
    /// Those that stand.
    pub standing: usize,
}

/// What a file of the site holds.
#[derive(Clone, Debug)]
pub enum Bytes {
    /// What was made for it.
    Made(Made),
    /// Those of a file of the sources.
    Copy(Arc<str>),
    /// Those of a picture. It is drawn when it is written: to compare two sites, their words are enough.
    Drawn(Arc<Painter>, Drawing),
    /// Those that stand in the output folder already, and are read when somebody asks.
    Kept(PathBuf),
}

/// Bytes that were made for the site, put aside until they are written. Two that have one hash are the same.
#[derive(Clone, Debug)]
pub struct Made {
    /// Their hash.
    pub hash: u64,
    stored: Stored,
}

impl Tree {
    /// Whether a file is there with these bytes.
    pub(super) fn holds(&self, (route, bytes): &(String, Bytes), snapshot: &Snapshot) -> bool {
        self.files.get(route).is_some_and(|own| own.is_same(bytes, snapshot))
    }

    /// Whether a picture stands there that would be drawn of these words.
    fn holds_picture(&self, route: &str, others: &Bytes) -> bool {
        let Bytes::Drawn(_, drawing) = others else { return false };
        self.stands(route) && self.prints.get(route).is_some_and(|print| print.view == prints::of_drawing(drawing))
    }

    /// Whether a file stands in the output folder already.
    pub fn stands(&self, route: &str) -> bool {
        self.standing.contains(route)
    }

    /// Whether all that is said at an address is that something is gone.
    pub fn is_gone(&self, route: &str) -> bool {
        self.gone.contains(route)
    }

    /// What readers may keep an address of, as `addresses.lock` writes it: what it is, and the file that says so.
    pub fn what_is_at(&self, address: &str) -> Option<(&'static str, &str)> {
        self.published.get(address).map(|published| (published.word, &*published.source))
    }

    /// Why a file was made, as far as there was a run before.
    pub fn causes(&self, route: &str) -> &[Cause] {
        self.causes.get(route).map_or(&[], Vec::as_slice)
    }

    /// The first address at which another site of the same sources has something else.
    pub fn difference<'a>(&'a self, other: &'a Self, snapshot: &Snapshot) -> Option<&'a str> {
        let is_same = |route: &String| {
            let (own, others) = (self.files.get(route)?, other.files.get(route)?);
            Some(own.is_same(others, snapshot) || self.holds_picture(route, others) || other.holds_picture(route, own))
        };
        let here = |route: &&String| !is_same(route).unwrap_or_default();
        self.files.keys().chain(other.files.keys()).find(here).map(String::as_str)
    }
}

impl Bytes {
    /// What was made.
    pub(super) fn made(bytes: Vec<u8>, overflow: &Overflow) -> Self {
        Self::Made(Made { hash: fingerprint(&bytes), stored: overflow.store(bytes) })
    }

    /// The bytes themselves.
    ///
    /// # Errors
    /// The file of the sources cannot be read.
    pub fn read<'a>(&'a self, snapshot: &'a Snapshot) -> Result<Cow<'a, [u8]>> {
        match self {
            Self::Made(made) => made.stored.read(),
            Self::Copy(source) => snapshot.bytes(source),
            Self::Drawn(painter, drawing) => Ok(Cow::Owned(painter.draw(drawing))),
            Self::Kept(place) => Ok(Cow::Owned(kept(place))),
        }
    }

    /// Looks at the text of a page.
    pub fn with_text<T>(&self, look: impl FnOnce(&str) -> T) -> Option<T> {
        let bytes = match self {
            Self::Made(made) => made.stored.read().ok()?,
            Self::Kept(place) => Cow::Owned(kept(place)),
            Self::Copy(_) | Self::Drawn(..) => return None,
        };
        utf8::text(&bytes).map(look)
    }

    /// The hash of what need not be drawn.
    fn hash(&self, snapshot: &Snapshot) -> Option<u64> {
        match self {
            Self::Made(made) => Some(made.hash),
            Self::Kept(place) => Some(fingerprint(&kept(place))),
            Self::Copy(source) => Some(fingerprint(&snapshot.bytes(source).ok()?)),
            Self::Drawn(..) => None,
        }
    }

    fn is_same(&self, other: &Self, snapshot: &Snapshot) -> bool {
        match (self, other) {
            (Self::Copy(own), Self::Copy(other)) => own == other,
            (Self::Drawn(painter, drawing), Self::Drawn(other, others)) => painter == other && drawing == others,
            _ => self.hash(snapshot).is_some_and(|hash| other.hash(snapshot) == Some(hash)),
        }
    }
}

/// A file of the output folder. One that somebody has taken away since it was looked at is empty.
fn kept(place: &Path) -> Vec<u8> {
    fs::read(place).unwrap_or_default()
}
