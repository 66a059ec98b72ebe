//! What sessions of one process know of those before them, so that `serve` and `lsp`, which make the site again and again, do not
//! check templates and read pictures that are as they were.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::model::catalogue::Files;
use crate::model::files::{Facts, SiteFile};
use crate::source::{Snapshot, Stamp};
use crate::text::fingerprint::FastMap;

/// What is known to all copies of it.
#[derive(Clone, Debug, Default)]
pub struct Recall(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    /// Hash of all that templates were checked with when nothing was said of them.
    checked: Option<u64>,
    /// Of which site the files are, and which settings they were read with.
    reader: u64,
    /// What was read from files beside documents with which nothing was wrong, and their stamps, as far as those are settled.
    files: FastMap<Arc<str>, (Stamp, Facts)>,
}

impl Recall {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hash of all that templates were checked with when nothing was said of them.
    pub(super) fn checked(&self) -> Option<u64> {
        self.known().checked
    }

    pub(super) fn set_checked(&self, all: Option<u64>) {
        self.known().checked = all;
    }

    /// What was read from a file with such settings, if it is still the same.
    pub(super) fn facts(&self, reader: u64, path: &str, snapshot: &Snapshot) -> Option<Facts> {
        let stamp = snapshot.settled(path)?;
        let known = self.known();
        let (then, facts) = known.files.get(path).filter(|_| known.reader == reader)?;
        (*then == stamp).then(|| facts.clone())
    }

    /// Takes down what was read from all files.
    pub(super) fn set_files(&self, reader: u64, files: &Files, snapshot: &Snapshot) {
        let with_stamp =
            |(path, file): (&Arc<str>, &SiteFile)| Some((path.clone(), (snapshot.settled(path)?, file.facts.clone())));
        let mut known = self.known();
        (known.reader, known.files) = (reader, files.iter().filter_map(with_stamp).collect());
    }
}
