//! The only reader of a site's files: one [`Snapshot`] of everything a build may depend on.
//!
//! Texts are read at once, since nearly all of them are needed, but for documents: they are most of a site, so each is
//! read when it is taken apart, and not held. Other files are known by name and stamp, and read when they are copied or
//! measured. A file that cannot be read honestly (a link that leaves the site, a name or a
//! text that is not UTF-8, a device) is a diagnostic, never a silent gap.

mod overflow;
mod stamp;
mod watch;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use anyhow::{Context, Result};
use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

pub use overflow::{Overflow, Stored};
pub use stamp::Stamp;
pub use watch::{Change, Watch};

use crate::code;
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::text::fingerprint::fingerprint;
use crate::text::utf8;

code! { pub FILE_NAME = "file-name", Error, "a file name that cannot be an address everywhere",
"File names become addresses and must mean the same on every machine: UTF-8, no control characters, no backslash." }
code! { pub SYMBOLIC_LINK = "symbolic-link", Error, "a symbolic link that is not followed",
"A link that leads out of the site's folder could publish any file of the machine, and one to a file beside the sources \
what is nobody's to publish, such as `.git/config`; a link to a folder could lead in a circle. Put a copy of the file here." }
code! { pub SPECIAL_FILE = "special-file", Error, "a file that is neither a file nor a folder",
"Pipes, sockets and devices have no contents that could be published. Take it away." }
code! { pub NOT_UTF8 = "not-utf8", Error, "a text that is not UTF-8",
"Texts are read as UTF-8. A file in ISO-8859-1 or Windows-1252 would come out with wrong letters, so it is refused. \
Save it again as UTF-8: every editor has a setting for it." }
code! { pub FILE_TOO_LARGE = "file-too-large", Error, "a text larger than 8 MiB",
"A document of more than 8 MiB is nearly always a mistake, such as an image pasted as text. Split it, or put the \
material in a file of its own and link to it." }

/// The findings of this module.
pub const CODES: &[&Code] = &[&FILE_NAME, &SYMBOLIC_LINK, &SPECIAL_FILE, &NOT_UTF8, &FILE_TOO_LARGE];

/// The most that one text may hold, in bytes.
const TEXT_LIMIT: u64 = 8 << 20;

/// What is read of a site's folder; anything else there (README, public, .git) is none of a build's business.
const INPUTS: &[&str] = &["site.yaml", LINKS, ADDRESSES, "content", "theme", "themes"];

/// The folder at the site's root in which anslag keeps what is its own. Nothing in it is an input.
pub const OWN: &str = ".anslag";

/// What is known of the addresses outside the site; a text with a name of its own.
pub const LINKS: &str = "links.lock";

/// Every address that the site has published; another such text.
pub const ADDRESSES: &str = "addresses.lock";

/// A file of the site.
#[derive(Clone, Debug)]
pub struct File {
    /// Path from the site's folder, `/`-separated.
    pub path: Arc<str>,
    /// Its size in bytes.
    pub size: u64,
    /// What the file system said of it before it was read.
    pub stamp: Stamp,
    /// Hash of its bytes, if it is a document that was read.
    hash: OnceLock<u64>,
    /// Its text with the damage replaced, if it is a document that was refused.
    damaged: OnceLock<String>,
    text: Text,
}

/// The text of a file.
#[derive(Clone, Debug)]
enum Text {
    /// It is none.
    None,
    /// It was read.
    Read(Arc<str>),
    /// It is that of a document, which is at hand when somebody has asked for its words; none inside when it could not be
    /// read then.
    Document(OnceLock<Option<Arc<str>>>),
}

impl File {
    fn new(path: Arc<str>, size: u64, stamp: Stamp, text: Text) -> Self {
        Self { path, size, stamp, hash: OnceLock::new(), damaged: OnceLock::new(), text }
    }

    /// Hash of its bytes, if they were read.
    pub fn hash_read(&self) -> Option<u64> {
        match &self.text {
            Text::Read(text) => Some(fingerprint(text.as_bytes())),
            Text::Document(_) => self.hash.get().copied(),
            Text::None => None,
        }
    }
}

/// The files that there are, unread.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    root: PathBuf,
    /// When it was begun.
    began: Option<SystemTime>,
    /// By path, each with what the file system says of it.
    files: Vec<(Arc<str>, Stamp)>,
    /// What may not be read, and why.
    refused: Report,
}

/// All inputs of a build, as they were at one moment.
#[derive(Debug, Default)]
pub struct Snapshot {
    root: PathBuf,
    /// When its files were listed, if they were.
    began: Option<SystemTime>,
    files: BTreeMap<Arc<str>, File>,
    /// Texts that were refused, with their damage replaced, so that findings in them can be shown.
    refused: BTreeMap<Arc<str>, String>,
    /// Where files lie that are looked at as if they had been moved.
    elsewhere: BTreeMap<Arc<str>, Arc<str>>,
    /// Whether a document has changed since.
    disturbed: AtomicBool,
}

impl Listing {
    /// Lists the files of a site.
    ///
    /// # Errors
    /// A folder cannot be read.
    pub fn of(root: &Path) -> Result<Self> {
        let (began, mut refused) = (Some(moment()), Report::default());
        let entries = walk(root, &mut refused)?;
        let stamped = |entry: DirEntry| {
            let metadata = fs::metadata(entry.path());
            let metadata = metadata.with_context(|| format!("cannot read {}", entry.path().display()))?;
            Ok((Arc::from(relative(root, entry.path())), Stamp::of(&metadata)))
        };
        let mut files: Vec<(Arc<str>, Stamp)> = entries.into_par_iter().map(stamped).collect::<Result<_>>()?;
        files.par_sort_unstable_by(|left, right| left.0.cmp(&right.0));
        Ok(Self { root: root.to_owned(), began, files, refused })
    }

    /// When it was begun, by the clock of the machine; long ago where nothing was listed.
    pub fn began(&self) -> SystemTime {
        self.began.unwrap_or(SystemTime::UNIX_EPOCH)
    }

    /// Whether another listing has the same files, as far as the file system tells.
    pub fn is_same(&self, other: &Self) -> bool {
        self.files == other.files
    }

    /// The files, in order of path; none when one of them may not be read.
    pub fn files(&self) -> Option<&[(Arc<str>, Stamp)]> {
        self.refused.is_empty().then_some(&self.files)
    }
}

impl Snapshot {
    /// Reads a site's folder.
    ///
    /// # Errors
    /// The folder or a file in it cannot be read.
    pub fn read(root: &Path, report: &mut Report) -> Result<Self> {
        Self::of_listing(Listing::of(root)?, report)
    }

    /// Reads the files of a listing.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn of_listing(listing: Listing, report: &mut Report) -> Result<Self> {
        let Listing { root, began, files, refused } = listing;
        report.merge(refused);
        let mut snapshot = Self { root, began, ..Self::default() };
        let file = |(path, stamp): (Arc<str>, Stamp)| {
            let mut found = Report::default();
            let text = match () {
                () if is_document(&path) => Ok(Text::Document(OnceLock::new())),
                () if is_text(&path) => snapshot.read_text(&path, stamp, &mut found)?.map(Text::Read),
                () => Ok(Text::None),
            };
            Ok((path.clone(), text.map(|text| File::new(path, stamp.size, stamp, text)), found))
        };
        let read: Vec<(Arc<str>, Result<File, String>, Report)> =
            files.into_par_iter().map(file).collect::<Result<_>>()?;
        for (path, file, found) in read {
            report.merge(found);
            match file {
                Ok(file) => drop(snapshot.files.insert(path, file)),
                Err(damaged) => drop(snapshot.refused.insert(path, damaged)),
            }
        }
        Ok(snapshot)
    }

    /// Reads a document, to take it apart. None when it is no text that may be read, which is reported.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn document(&self, file: &File, report: &mut Report) -> Result<Option<Arc<str>>> {
        if let Text::Read(text) = &file.text {
            return Ok(Some(text.clone()));
        }
        Ok(match self.read_text(&file.path, file.stamp, report)? {
            Ok(text) => {
                file.hash.get_or_init(|| fingerprint(text.as_bytes()));
                Some(text)
            }
            Err(damaged) => {
                file.damaged.get_or_init(|| damaged);
                None
            }
        })
    }

    /// Reads a text, or what there is of one that is refused.
    fn read_text(&self, path: &Arc<str>, stamp: Stamp, report: &mut Report) -> Result<Result<Arc<str>, String>> {
        if stamp.size > TEXT_LIMIT {
            report.push(
                Diagnostic::new(&FILE_TOO_LARGE, format!("the text is {} MiB; 8 MiB is the most", stamp.size >> 20))
                    .at(Place::start_of(path))
                    .help("split it, or put the material in a file of its own and link to it"),
            );
            return Ok(Err(String::new()));
        }
        let place = self.place(path);
        let bytes = fs::read(&place).with_context(|| format!("cannot read {}", place.display()))?;
        match utf8::check(&bytes) {
            Ok(text) => Ok(Ok(text.into())),
            Err(at) => {
                let place = Place { path: path.clone(), span: at..at };
                report.push(
                    Diagnostic::new(&NOT_UTF8, "the text is not UTF-8").at(place).help("save the file again as UTF-8"),
                );
                Ok(Err(String::from_utf8_lossy(&bytes).into_owned()))
            }
        }
    }

    /// Those of some files of a site's folder that are texts.
    ///
    /// # Errors
    /// One cannot be read.
    pub fn of_files<'a>(root: &Path, paths: impl IntoIterator<Item = &'a str>) -> Result<Self> {
        let mut files = BTreeMap::new();
        for path in paths.into_iter().filter(|path| is_text(path)) {
            let place = root.join(path);
            let text = fs::read_to_string(&place).with_context(|| format!("cannot read {}", place.display()))?;
            let (path, size): (Arc<str>, _) = (path.into(), text.len() as u64);
            let text = Text::Read(text.into());
            files.insert(path.clone(), File::new(path, size, Stamp::default(), text));
        }
        Ok(Self { root: root.to_owned(), files, ..Self::default() })
    }

    /// Reads a document once more, and knows from now on what is there. None when it is gone, or no text that may be read.
    pub fn renew(&mut self, path: &str) -> Option<Arc<str>> {
        let place = self.root.join(path);
        let stamp = fs::symlink_metadata(&place).ok().filter(fs::Metadata::is_file).map(|found| Stamp::of(&found))?;
        let file = self.files.get_mut(path).filter(|file| matches!(file.text, Text::Document(_)))?;
        let renewed = File::new(file.path.clone(), stamp.size, stamp, Text::Document(OnceLock::new()));
        let text = (stamp.size <= TEXT_LIMIT).then(|| fs::read_to_string(&place).ok()).flatten()?;
        *file = renewed;
        Some(text.into())
    }

    /// Whether a file is still the one that was there when the snapshot was made. Of texts it is known what was read.
    pub fn is_current(&self, file: &File) -> bool {
        !matches!(file.text, Text::None) || self.has_stamp(file)
    }

    /// The stamp of a file, if another file in its place would have another: neither of one that has just been written, nor of
    /// what is no file.
    pub fn settled(&self, path: &str) -> Option<Stamp> {
        let stamp = self.file(path)?.stamp;
        (stamp != Stamp::default() && stamp.is_settled(self.began?)).then_some(stamp)
    }

    fn has_stamp(&self, file: &File) -> bool {
        let stamp = fs::metadata(self.place(&file.path)).map(|metadata| Stamp::of(&metadata));
        stamp.is_ok_and(|stamp| stamp == file.stamp)
    }

    /// Whether a document turned out to be another one when somebody asked for its words.
    pub fn is_disturbed(&self) -> bool {
        self.disturbed.load(Ordering::Relaxed)
    }

    /// A file that was read, or may have been, and is no longer as it was when the files were listed. As long as there is none,
    /// all that was read is of that moment; and so is what was remembered of files that were not read.
    pub fn changed(&self) -> Option<&str> {
        let is_read = |file: &&File| !matches!(&file.text, Text::Document(_)) || file.hash.get().is_some();
        let files: Vec<&File> = self.files.values().filter(is_read).collect();
        files.into_par_iter().find_any(|file| !self.has_stamp(file)).map(|file| &*file.path)
    }

    /// All files, in order of path.
    pub fn files(&self) -> impl Iterator<Item = &File> {
        self.files.values()
    }

    /// A site made in memory, for tests.
    pub fn of_texts<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let file = |(path, text): (&str, &str)| {
            let path: Arc<str> = path.into();
            let stamp = Stamp::default();
            let (size, text) = (text.len() as u64, Text::Read(text.into()));
            (path.clone(), File::new(path, size, stamp, text))
        };
        Self { files: texts.into_iter().map(file).collect(), ..Self::default() }
    }

    /// The same files, but for one with another text: what there would be if it were written so.
    #[must_use]
    pub fn with_text(mut self, path: &str, text: &str) -> Self {
        let path: Arc<str> = path.into();
        let (size, text) = (text.len() as u64, Text::Read(text.into()));
        self.files.insert(path.clone(), File::new(path, size, Stamp::default(), text));
        self
    }

    /// The same files, but for one that has another path: what there would be if it were moved.
    #[must_use]
    pub fn with_moved(mut self, from: &str, to: &str) -> Self {
        if let Some(file) = self.files.remove(from) {
            let (from, to) = (file.path.clone(), Arc::<str>::from(to));
            self.files.insert(to.clone(), File { path: to.clone(), ..file });
            self.elsewhere.insert(to, from);
        }
        self
    }

    /// Where a file lies.
    fn place(&self, path: &str) -> PathBuf {
        self.root.join(self.elsewhere.get(path).map_or(path, AsRef::as_ref))
    }

    /// A file.
    pub fn file(&self, path: &str) -> Option<&File> {
        self.files.get(path)
    }

    /// A text.
    pub fn text(&self, path: &str) -> Option<&Arc<str>> {
        let file = self.files.get(path)?;
        match &file.text {
            Text::None => None,
            Text::Read(text) => Some(text),
            Text::Document(text) => text.get_or_init(|| self.read_again(file)).as_ref(),
        }
    }

    /// Reads a document whose words somebody asks for, as long as it is still the same.
    fn read_again(&self, file: &File) -> Option<Arc<str>> {
        let text = fs::read_to_string(self.place(&file.path)).ok().filter(|_| self.has_stamp(file));
        self.disturbed.fetch_or(text.is_none(), Ordering::Relaxed);
        text.map(Arc::from)
    }

    /// All files in a folder and its folders, in order of path. The folder is given with its `/`.
    pub fn under<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a File> {
        self.files
            .range(Arc::from(folder)..)
            .map(|(_, file)| file)
            .take_while(move |file| file.path.starts_with(folder))
    }

    /// The texts that were refused, by path.
    pub fn refused(&self) -> impl Iterator<Item = &Arc<str>> {
        self.refused.keys()
    }

    /// The bytes of any file.
    ///
    /// # Errors
    /// The file is gone, or cannot be read.
    pub fn bytes(&self, path: &str) -> Result<Cow<'_, [u8]>> {
        if let Some(text) = self.text(path) {
            return Ok(Cow::Borrowed(text.as_bytes()));
        }
        let place = self.place(path);
        fs::read(&place).map(Cow::Owned).with_context(|| format!("cannot read {}", place.display()))
    }
}

impl crate::diagnostic::render::Texts for Snapshot {
    fn text(&self, path: &str) -> Option<&str> {
        let damaged = self.files.get(path).map_or_else(|| self.refused.get(path), |file| file.damaged.get());
        damaged.map(String::as_str).or_else(|| self.text(path).map(AsRef::as_ref))
    }
}

/// The time by the clock of the machine. Nothing is made by it: it tells which stamps of files can be trusted.
#[expect(clippy::disallowed_methods, reason = "held against the times of files, and part of no output")]
fn moment() -> SystemTime {
    SystemTime::now()
}

fn walk(root: &Path, report: &mut Report) -> Result<Vec<DirEntry>> {
    let mut entries = Vec::new();
    for input in INPUTS {
        let start = root.join(input);
        // A site without a `theme` folder is well; what is missing and needed is said where it is needed.
        if fs::symlink_metadata(&start).is_err() {
            continue;
        }
        for entry in WalkDir::new(&start).into_iter().filter_entry(|entry| !is_hidden(entry)) {
            let entry = entry.with_context(|| format!("cannot read the folder {}", start.display()))?;
            if accept(root, &entry, report)? {
                entries.push(entry);
            }
        }
    }
    Ok(entries)
}

/// Names that begin with a full stop (`.git`, `.DS_Store`) or end with `~` are left by programs, not by writers.
fn is_hidden(entry: &DirEntry) -> bool {
    entry.depth() > 0 && is_hidden_name(entry.file_name().as_encoded_bytes())
}

fn is_hidden_name(name: &[u8]) -> bool {
    name.starts_with(b".") || name.ends_with(b"~")
}

fn accept(root: &Path, entry: &DirEntry, report: &mut Report) -> Result<bool> {
    let kind = entry.file_type();
    let path = relative(root, entry.path());
    let place = || Place::start_of(&Arc::from(path.as_str()));
    if entry.path().to_str().is_none() || path.contains(|sign: char| sign.is_control() || sign == '\\') {
        report.push(
            Diagnostic::new(&FILE_NAME, format!("`{}` is not a usable file name", path.escape_debug()))
                .help("rename the file: UTF-8, no control characters, no backslash"),
        );
        return Ok(false);
    }
    if kind.is_symlink() {
        return accept_link(root, entry, &place, report);
    }
    if !kind.is_file() && !kind.is_dir() {
        report.push(
            Diagnostic::new(&SPECIAL_FILE, "this is neither a file nor a folder").at(place()).help("take it away"),
        );
    }
    Ok(kind.is_file())
}

fn accept_link(root: &Path, entry: &DirEntry, place: &dyn Fn() -> Place, report: &mut Report) -> Result<bool> {
    let root = root.canonicalize().with_context(|| format!("cannot read {}", root.display()))?;
    let target = entry.path().canonicalize().ok();
    let inside = target.as_deref().map(|target| target.strip_prefix(&root));
    let words = match inside {
        None => "the symbolic link leads nowhere",
        Some(Err(_)) => "the symbolic link leads out of the site's folder",
        Some(Ok(path)) if !root.join(path).is_file() => "the symbolic link leads to something that is not a file",
        Some(Ok(path)) if !is_input(path) => "the symbolic link leads to a file that is no part of the site",
        Some(Ok(_)) => return Ok(true),
    };
    report.push(Diagnostic::new(&SYMBOLIC_LINK, words).at(place()).help("put a copy of the file here"));
    Ok(false)
}

/// Whether a path from the site's folder is one that is read anyhow. Beside the sources lie files that are nobody's to publish, such as
/// `.git/config` with the key of the machine that builds, `.env`, or what another link could not reach.
fn is_input(path: &Path) -> bool {
    let mut pieces = path.components().map(Component::as_os_str);
    let is_known = pieces.next().is_some_and(|first| INPUTS.iter().any(|input| first == *input));
    is_known && !pieces.any(|piece| is_hidden_name(piece.as_encoded_bytes()))
}

/// A path from the site's folder, with `/` on every system; damaged where it is not UTF-8.
fn relative(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned();
    if std::path::MAIN_SEPARATOR == '/' { path } else { path.replace(std::path::MAIN_SEPARATOR, "/") }
}

/// Whether a path from the site's folder may be one of a build's inputs.
pub fn may_be_input(path: &str) -> bool {
    let mut names = path.split('/');
    names.next().is_some_and(|first| INPUTS.contains(&first)) && !names.any(|name| is_hidden_name(name.as_bytes()))
}

/// Whether a text would be read if it were written there.
pub fn takes(path: &str, text: &str) -> bool {
    may_be_input(path) && is_text(path) && text.len() as u64 <= TEXT_LIMIT
}

/// Whether it is a document, as far as its name tells.
pub fn is_document(path: &str) -> bool {
    path.starts_with("content/") && path.ends_with(".md")
}

fn is_text(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    matches!(path, LINKS | ADDRESSES)
        || matches!(extension, "md" | "yaml" | "html" | "css" | "js" | "svg" | "txt" | "json")
}
