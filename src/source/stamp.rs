//! Whether a file is still the one that was seen, without reading it.

use std::fs::Metadata;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// What the file system says of a file that changes when its bytes do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Its size in bytes.
    pub size: u64,
    /// When its bytes were last written, in nanoseconds since 1970.
    modified: u64,
    /// When its bytes, its owner or its mode were last changed. Nobody can set that to another time, as a copy sets `modified`.
    changed: u64,
    /// Its number in the file system: a file that was put in another's place has another.
    number: u64,
}

/// Within so long of each other two writes may bear the same time: some file systems count in twos of seconds.
const GRAIN: Duration = Duration::from_secs(2);

/// The same where times have parts of a second: systems that tick a hundred times in one are the slowest.
const FINE_GRAIN: Duration = Duration::from_millis(12);

/// In nanoseconds.
const SECOND: u64 = 1_000_000_000;

impl Stamp {
    /// The stamp of a file.
    #[cfg(unix)]
    pub fn of(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        let changed = u64::try_from(metadata.ctime()).unwrap_or(0) * SECOND;
        let changed = changed + u64::try_from(metadata.ctime_nsec()).unwrap_or(0);
        Self { size: metadata.len(), modified: modified(metadata), changed, number: metadata.ino() }
    }

    /// The stamp of a file.
    #[cfg(not(unix))]
    pub fn of(metadata: &Metadata) -> Self {
        Self { size: metadata.len(), modified: modified(metadata), ..Self::default() }
    }

    /// Its number in the file system.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Whether the file was written so long before a moment that a later write would have left another stamp. Of one that
    /// was not, only its bytes tell ("racy" entries, as in git's index).
    pub fn is_settled(&self, moment: SystemTime) -> bool {
        let last = self.modified.max(self.changed);
        moment.checked_sub(GRAIN).is_some_and(|moment| last < nanoseconds(moment))
    }

    /// The same of a folder, of which a list of its entries is remembered. A file system that counts in parts of a second counts
    /// in some thousandths, and a build makes many folders.
    pub fn is_settled_folder(&self, moment: SystemTime) -> bool {
        let is_fine = !self.modified.is_multiple_of(SECOND) && !self.changed.is_multiple_of(SECOND);
        let moment = moment.checked_sub(if is_fine { FINE_GRAIN } else { GRAIN });
        moment.is_some_and(|moment| self.modified.max(self.changed) < nanoseconds(moment))
    }
}

fn modified(metadata: &Metadata) -> u64 {
    metadata.modified().map_or(0, nanoseconds)
}

fn nanoseconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| u64::try_from(since.as_nanos()).unwrap_or(u64::MAX))
}
