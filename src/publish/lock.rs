//! One build at a time into a folder: what another one believes to stand would otherwise be replaced meanwhile.

use std::fs::{self, File, OpenOptions};
use std::path::Path;

use super::ledger::place_of;

/// The right to build into a folder, as long as it is held. The system takes it back from a process that has ended.
#[derive(Debug)]
pub struct Lock {
    _file: Option<File>,
}

impl Lock {
    /// Waits until no other build has it. Where no file can be made or locked nobody has: then nothing can be published
    /// either, or the file system knows no locks.
    pub fn wait_for(root: &Path, output: &Path) -> Self {
        Self::wait(&place_of("lock", root, output))
    }

    /// The same of those who write `addresses.lock`, into whichever folder they build.
    pub fn wait_for_addresses(root: &Path) -> Self {
        Self::wait(&root.join(".anslag").join("addresses"))
    }

    fn wait(place: &Path) -> Self {
        let open = || {
            fs::create_dir_all(place.parent()?).ok()?;
            OpenOptions::new().create(true).truncate(false).write(true).open(place).ok()
        };
        Self { _file: open().filter(|file| file.lock().is_ok()) }
    }
}
