//! One build at a time into a folder: what another one believes to stand would otherwise be replaced meanwhile.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::thread;
use std::time::Duration;

use super::ledger::place_of;
use crate::source::OWN;

/// How long a build waits in silence for another one: about as long as most builds take.
const SILENCE: Duration = Duration::from_millis(500);

/// How often it looks meanwhile.
const LOOKS: u32 = 20;

/// The right to build into a folder, as long as it is held. The system takes it back from a process that has ended.
#[derive(Debug)]
pub struct Lock {
    _file: Option<File>,
}

impl Lock {
    /// Waits until no other build has it, and after a while tells who has it. Where no file can be made or locked nobody has:
    /// then nothing can be published either, or the file system knows no locks.
    pub fn wait_for(root: &Path, output: &Path, tell: impl FnOnce(&str)) -> Self {
        Self::wait(&place_of("lock", root, output), tell)
    }

    /// The same of those who write `addresses.lock`, into whichever folder they build. They are soon done.
    pub fn wait_for_addresses(root: &Path) -> Self {
        Self::wait(&root.join(OWN).join("addresses"), |_| {})
    }

    /// The same of those who write in the sources at a command, such as `event` and `rename`.
    pub fn wait_for_sources(root: &Path) -> Self {
        Self::wait(&root.join(OWN).join("sources"), |_| {})
    }

    fn wait(place: &Path, tell: impl FnOnce(&str)) -> Self {
        let open = || {
            fs::create_dir_all(place.parent()?).ok()?;
            OpenOptions::new().create(true).truncate(false).write(true).open(place).ok()
        };
        let file = open().filter(|file| {
            is_free_soon(file) || {
                tell(fs::read_to_string(place).unwrap_or_default().trim());
                file.lock().is_ok()
            }
        });
        if let Some(mut file) = file.as_ref() {
            let _ = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
        }
        Self { _file: file }
    }
}

/// Whether a lock can be had before it would be said that it cannot.
fn is_free_soon(file: &File) -> bool {
    (0..LOOKS).any(|look| {
        if look > 0 {
            thread::sleep(SILENCE / LOOKS);
        }
        file.try_lock().is_ok()
    })
}
