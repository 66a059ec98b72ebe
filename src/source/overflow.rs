//! Room for what is made early and needed late. A little stays in memory; what is more lies in a file without a name until
//! somebody asks for it, so that nothing is left of it however the program ends.

use std::borrow::Cow;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use anyhow::{Context, Result, bail};

/// How many bytes stay in memory: enough for a site of some hundred pages.
const LIMIT: u64 = 2 << 20;

/// What is said when the disk fails.
const LOST: &str = "cannot read back what was put aside in `.anslag/` during this build";

/// Takes pieces of bytes, from any thread.
#[derive(Debug, Default)]
pub struct Overflow {
    /// Where the file is made; none where all stays in memory.
    folder: Option<PathBuf>,
    /// How many bytes were taken.
    taken: AtomicU64,
    /// The file, once it is needed; none inside where none can be made.
    disk: OnceLock<Option<Arc<Disk>>>,
}

/// A file without a name.
#[derive(Debug)]
struct Disk {
    file: File,
    end: AtomicU64,
    /// Whether something could not be read back.
    failed: AtomicBool,
}

/// A piece that was taken.
#[derive(Clone, Debug)]
pub struct Stored(Where);

#[derive(Clone, Debug)]
enum Where {
    Memory(Arc<[u8]>, Range<usize>),
    Disk { disk: Arc<Disk>, at: u64, length: usize },
}

impl Overflow {
    /// One that makes its file in the folder in which anslag keeps what is its own, if that can be written.
    pub fn of(root: &Path) -> Self {
        Self { folder: Some(root.join(super::OWN)), ..Self::default() }
    }

    /// Takes a piece.
    pub fn store(&self, bytes: Vec<u8>) -> Stored {
        let taken = self.taken.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        let disk = if taken < LIMIT { None } else { self.disk.get_or_init(|| self.disk()).as_ref() };
        let at = disk.and_then(|disk| disk.write(&bytes).ok());
        Stored(match disk.zip(at) {
            Some((disk, at)) => Where::Disk { disk: disk.clone(), at, length: bytes.len() },
            None => Where::Memory(bytes.as_slice().into(), 0..bytes.len()),
        })
    }

    fn disk(&self) -> Option<Arc<Disk>> {
        let file = nameless(self.folder.as_deref()?).ok()?;
        Some(Arc::new(Disk { file, end: AtomicU64::new(0), failed: AtomicBool::new(false) }))
    }

    /// Whether all that was asked for could be read back.
    ///
    /// # Errors
    /// It could not.
    pub fn check(&self) -> Result<()> {
        let disk = self.disk.get().and_then(Option::as_ref);
        if disk.is_some_and(|disk| disk.failed.load(Ordering::Relaxed)) {
            bail!(LOST);
        }
        Ok(())
    }
}

impl Stored {
    /// How many bytes there are.
    pub fn length(&self) -> usize {
        match &self.0 {
            Where::Memory(_, part) => part.len(),
            Where::Disk { length, .. } => *length,
        }
    }

    /// The bytes before an offset, and those from there on, as pieces of their own.
    pub fn split_at(self, offset: usize) -> (Self, Self) {
        let (first, second) = match self.0 {
            Where::Memory(bytes, part) => {
                let middle = part.start + offset;
                (Where::Memory(bytes.clone(), part.start..middle), Where::Memory(bytes, middle..part.end))
            }
            Where::Disk { disk, at, length } => (
                Where::Disk { disk: disk.clone(), at, length: offset },
                Where::Disk { disk, at: at + offset as u64, length: length - offset },
            ),
        };
        (Self(first), Self(second))
    }

    /// The bytes.
    ///
    /// # Errors
    /// The disk fails. [`Overflow::check`] tells it once more, for those who have no use for it here.
    pub fn read(&self) -> Result<Cow<'_, [u8]>> {
        match &self.0 {
            Where::Memory(bytes, part) => Ok(Cow::Borrowed(&bytes[part.clone()])),
            Where::Disk { disk, at, length } => disk.read(*at, *length).map(Cow::Owned),
        }
    }
}

impl Disk {
    fn write(&self, bytes: &[u8]) -> io::Result<u64> {
        let at = self.end.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        write_at(&self.file, bytes, at)?;
        Ok(at)
    }

    fn read(&self, at: u64, length: usize) -> Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        let read = read_at(&self.file, &mut bytes, at);
        self.failed.fetch_or(read.is_err(), Ordering::Relaxed);
        read.map(|()| bytes).context(LOST)
    }
}

/// A new file whose name is taken away at once: the system gives its room back when nobody holds it.
fn nameless(folder: &Path) -> io::Result<File> {
    fs::create_dir_all(folder)?;
    let place = folder.join(format!("overflow-{}", std::process::id()));
    let _left_by_one_that_was_killed = fs::remove_file(&place);
    let file = OpenOptions::new().read(true).write(true).create_new(true).open(&place)?;
    fs::remove_file(&place)?;
    Ok(file)
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, at)
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

/// Elsewhere all stays in memory.
#[cfg(not(unix))]
fn write_at(_: &File, _: &[u8], _: u64) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(not(unix))]
fn read_at(_: &File, _: &mut [u8], _: u64) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_much_lies_on_the_disk_and_leaves_nothing() {
        let root = std::env::temp_dir().join(format!("anslag-overflow-{}", std::process::id()));
        let overflow = Overflow::of(&root);
        let piece = |number: u8| vec![number; 1 << 20];
        let stored: Vec<Stored> = (0..9).map(|number| overflow.store(piece(number))).collect();
        assert!(matches!(stored[0].0, Where::Memory(..)) && matches!(stored[8].0, Where::Disk { .. }));
        assert!((0..9).all(|number| *stored[usize::from(number)].read().unwrap() == piece(number)));
        for (number, stored) in [(0, &stored[0]), (8, &stored[8])] {
            let (first, second) = stored.clone().split_at(10);
            assert_eq!((first.length(), second.length()), (10, stored.length() - 10));
            assert_eq!([first.read().unwrap(), second.read().unwrap()].concat(), piece(number));
        }
        assert!(overflow.check().is_ok());
        assert_eq!(fs::read_dir(root.join(crate::source::OWN)).unwrap().count(), 0);
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn where_nothing_can_be_written_all_stays_in_memory() {
        for overflow in [Overflow::default(), Overflow::of(Path::new("/dev/null"))] {
            let stored: Vec<Stored> = (0..9).map(|number| overflow.store(vec![number; 1 << 20])).collect();
            assert!(stored.iter().all(|stored| matches!(stored.0, Where::Memory(..))));
        }
    }

    #[test]
    fn what_cannot_be_read_back_is_told() {
        let root = std::env::temp_dir().join(format!("anslag-overflow-lost-{}", std::process::id()));
        let overflow = Overflow::of(&root);
        let stored: Vec<Stored> = (0..9).map(|number| overflow.store(vec![number; 1 << 20])).collect();
        let Where::Disk { disk, .. } = &stored[8].0 else { panic!("it is on the disk") };
        disk.file.set_len(0).unwrap();
        assert!(stored[8].read().is_err() && overflow.check().is_err());
        fs::remove_dir_all(root).unwrap();
    }
}
