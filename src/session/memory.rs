//! What a run remembers of the one before, so that it does not do again what would come out the same.
//!
//! Of each document: its keys, the outline of its body, and what was said of it, so that it is neither read nor compiled
//! again. Of each file beside documents: what was read from it. Of each output: its print, hashes of all that it was made
//! of, so that it is not made again. The memory knows nothing about what depends on what: entries, cards and views are made
//! anew, unless texts alone have changed, and only what they lead to is compared. Of the theme: what its templates were checked
//! with when nothing was wrong. Who wrote it down, and whether the files are still those,
//! [`crate::publish`] knows.

use std::borrow::Cow;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::cause::{Cause, Print};
use super::tree::Tree;
use crate::data::{Node, SavedNode};
use crate::diagnostic::saved::Saved;
use crate::diagnostic::{Code, Place, Report};
use crate::document::{Document, Outline};
use crate::model::Occasion;
use crate::model::catalogue::Files;
use crate::model::clock::{Ahead, Asked, Turn};
use crate::model::files::Facts;
use crate::source::Stored;
use crate::text::address::output_path;
use crate::text::fingerprint::{FastMap, FastSet, HashMapExt};

/// What is remembered.
#[derive(Debug, Default)]
pub struct Memory {
    bytes: Vec<u8>,
    /// What the documents were read with: with other settings they would be others.
    reader: u64,
    /// Where in the bytes each document stands.
    documents: FastMap<Arc<str>, Range<usize>>,
    /// The same of those that are not as they were.
    former: FastMap<Arc<str>, Range<usize>>,
    /// Whether all but documents is as it was: the other files, and every answer of the clock.
    is_else_same: bool,
    /// Whether nothing was said while other outputs than the pages of documents were planned and made.
    is_quiet: bool,
    /// Hash of all that the templates were checked with, if nothing was said of them.
    checked: Option<u64>,
    /// How many pages there are.
    pages: usize,
    /// The addresses at which all that is said is that something is gone.
    gone: FastSet<String>,
    /// What the clock was asked for.
    asked: Asked,
    /// What was read from the files beside documents that are as they were.
    files: FastMap<Arc<str>, Facts>,
    /// The addresses of all outputs.
    outputs: FastMap<String, Known>,
    /// Where the outputs are.
    output: PathBuf,
}

/// What is known of an output.
#[derive(Debug)]
struct Known {
    /// What it was made of.
    print: Option<Print>,
    /// Whether it stands in the output folder as it was made.
    stands: bool,
}

/// What stands first: where all else is.
#[derive(Serialize, Deserialize)]
struct Head<'a> {
    reader: u64,
    #[serde(borrow)]
    ahead: Vec<SavedTurn<'a>>,
    word: Option<i128>,
    /// Each document, and how many bytes it takes.
    #[serde(borrow)]
    documents: Vec<(&'a str, usize)>,
    #[serde(borrow)]
    files: Vec<(&'a str, Cow<'a, Facts>)>,
    #[serde(borrow)]
    outputs: Vec<(&'a str, Option<Print>)>,
    #[serde(borrow)]
    gone: Vec<&'a str>,
    pages: usize,
    is_quiet: bool,
    checked: Option<u64>,
}

/// Something that is to come: when, in nanoseconds since 1970, to which file, and what.
type SavedTurn<'a> = (i128, &'a str, Occasion);

/// A document as it was read.
#[derive(Serialize, Deserialize)]
struct SavedDocument<'a> {
    #[serde(borrow)]
    front: SavedNode<'a>,
    fence: Range<usize>,
    keys: u64,
    body_span: Range<usize>,
    outline: Cow<'a, Outline>,
    lang: Option<String>,
    found: Vec<Saved>,
    names: Names,
}

/// What was found of former names in a text.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Names {
    /// The names that were sought, and the day of the text.
    pub sought: u64,
    /// What was found.
    pub found: Vec<Saved>,
}

/// A document that was remembered.
pub(super) struct Remembered {
    pub document: Document,
    pub front: Node,
    /// What is to be said of it.
    pub report: Report,
    pub names: Names,
    /// Where it stands in the memory.
    pub range: Range<usize>,
}

/// A document for the next run.
#[derive(Debug)]
pub(super) enum Note {
    /// As this run has remembered it: where it stands in the memory.
    Same(Range<usize>),
    /// As this run has read it.
    New(Stored),
}

/// What a run hands over to the next.
#[derive(Debug, Default)]
pub struct Handover {
    head: Vec<u8>,
    /// The documents, in the order in which the head names them.
    notes: Vec<Note>,
    /// Knows those that are as they were.
    memory: Memory,
}

impl Handover {
    /// Its bytes in pieces, which together are what [`Memory::read`] takes.
    pub fn pieces(&self) -> impl Iterator<Item = Result<Cow<'_, [u8]>>> {
        let notes = self.notes.iter().map(|note| match note {
            Note::New(stored) => stored.read(),
            Note::Same(range) => Ok(Cow::Borrowed(&self.memory.bytes[range.clone()])),
        });
        std::iter::once(Ok(Cow::Borrowed(self.head.as_slice()))).chain(notes)
    }
}

impl Memory {
    /// What was written down, as far as it holds: `is_same` tells whether a document is as it was, `is_else_same` whether all
    /// else is, the other files and every answer of the clock, and `stands` whether the output of an address is, in the
    /// output folder. None when it cannot be understood.
    pub fn read(
        bytes: Vec<u8>,
        output: &Path,
        is_same: impl Fn(&str) -> bool,
        is_else_same: bool,
        stands: impl Fn(&str) -> bool,
    ) -> Option<Self> {
        let (head, rest) = postcard::take_from_bytes::<Head>(&bytes).ok()?;
        let mut at = bytes.len() - rest.len();
        let (mut documents, mut former) = (FastMap::with_capacity(head.documents.len()), FastMap::new());
        for (path, length) in head.documents {
            let end = at.checked_add(length).filter(|end| *end <= bytes.len())?;
            let known = if is_same(path) { &mut documents } else { &mut former };
            known.insert(Arc::from(path), at..end);
            at = end;
        }
        let files = head.files.into_iter().filter(|(path, _)| is_same(path));
        let files = files.map(|(path, facts)| (Arc::from(path), facts.into_owned())).collect();
        let known = |(route, print): (&str, Option<Print>)| (route.to_owned(), Known { print, stands: stands(route) });
        let outputs = head.outputs.into_iter().map(known).collect();
        let gone = head.gone.into_iter().map(str::to_owned).collect();
        let (reader, asked, output) = (head.reader, asked(head.ahead, head.word)?, output.to_owned());
        let Head { pages, is_quiet, checked, .. } = head;
        Some(Self {
            bytes,
            reader,
            documents,
            former,
            is_else_same,
            is_quiet,
            checked,
            pages,
            gone,
            asked,
            files,
            outputs,
            output,
        })
    }

    /// Hands over what the next run may want to know.
    pub(super) fn hand_over(
        self,
        reader: u64,
        (paths, notes): (Vec<&str>, Vec<Note>),
        (asked, checked): (&Asked, Option<u64>),
        files: &Files,
        tree: &Tree,
    ) -> Handover {
        let lengths = notes.iter().map(Note::len);
        let documents = paths.into_iter().zip(lengths).collect();
        let outputs = tree.files.keys().map(|route| (route.as_str(), tree.prints.get(route).copied())).collect();
        let files = files.values().map(|file| (&*file.path, Cow::Borrowed(&file.facts))).collect();
        let turns = asked.ahead.iter().flat_map(|(at, turns)| turns.iter().map(|turn| (at.as_nanosecond(), turn)));
        let ahead = turns.map(|(at, turn)| (at, &*turn.path, turn.occasion)).collect();
        let word = asked.word.map(Timestamp::as_nanosecond);
        let mut gone: Vec<&str> = tree.gone.iter().map(String::as_str).collect();
        gone.sort_unstable();
        let (pages, is_quiet) = (tree.pages.made + tree.pages.standing, tree.is_quiet);
        let head = Head { reader, ahead, word, documents, files, outputs, gone, pages, is_quiet, checked };
        Handover { head: postcard::to_allocvec(&head).unwrap_or_default(), notes, memory: self }
    }

    /// The same without the documents and files, if they were read otherwise than they would be now.
    pub(super) fn read_with(mut self, reader: u64) -> Self {
        if self.reader != reader {
            self.documents.clear();
            self.former.clear();
            self.files.clear();
        }
        self
    }

    /// What was read from a file that is as it was, if it was read.
    pub(super) fn facts(&self, path: &str) -> Option<Facts> {
        self.files.get(path).cloned()
    }

    /// A document that is as it was.
    pub(super) fn document(&self, path: &Arc<str>, codes: &[&'static Code]) -> Option<Remembered> {
        self.restored(self.documents.get(path)?, path, codes)
    }

    /// How a document was that is another one now.
    pub(super) fn former(&self, path: &Arc<str>, codes: &[&'static Code]) -> Option<Document> {
        Some(self.restored(self.former.get(path)?, path, codes)?.document)
    }

    fn restored(&self, range: &Range<usize>, path: &Arc<str>, codes: &[&'static Code]) -> Option<Remembered> {
        let saved: SavedDocument = postcard::from_bytes(&self.bytes[range.clone()]).ok()?;
        let report = Report::restore(saved.found, codes)?;
        let document = Document {
            path: path.clone(),
            place: Place { path: path.clone(), span: saved.fence },
            keys: saved.keys,
            body_span: saved.body_span,
            outline: saved.outline.into_owned(),
            lang: saved.lang,
            body: None,
        };
        let front = Node::restore(saved.front, path);
        Some(Remembered { document, front, report, names: saved.names, range: range.clone() })
    }

    /// Whether all but documents is as it was, all that was made stands, and nothing was said of other outputs than their pages:
    /// then what need not be planned for the text of one stands without a word.
    pub(super) fn is_else_same(&self) -> bool {
        self.is_else_same && self.is_quiet && self.outputs.values().all(|known| known.stands)
    }

    /// Hash of all that the templates were checked with, if nothing was said of them.
    pub(super) fn checked(&self) -> Option<u64> {
        self.checked
    }

    /// How many pages there were.
    pub(super) fn pages(&self) -> usize {
        self.pages
    }

    /// The addresses at which all that was said was that something is gone.
    pub(super) fn gone(&self) -> &FastSet<String> {
        &self.gone
    }

    /// What the clock was asked for.
    pub(super) fn asked(&self) -> &Asked {
        &self.asked
    }

    /// Whether it is known what an output was made of. Where it is not, something was said of it that must be found anew.
    pub(super) fn has_print(&self, route: &str) -> bool {
        self.outputs.get(route).is_some_and(|known| known.print.is_some())
    }

    /// The addresses of all that stands, with its place and print.
    pub(super) fn kept(&self) -> impl Iterator<Item = (&str, PathBuf, Option<Print>)> {
        let kept = self.outputs.iter().filter(|(_, known)| known.stands);
        kept.map(|(route, known)| (route.as_str(), self.place(route), known.print))
    }

    /// The addresses of all that there was, and whether it still stands there.
    pub(super) fn routes(&self) -> impl Iterator<Item = (&str, bool)> {
        self.outputs.iter().map(|(route, known)| (route.as_str(), known.stands))
    }

    /// Where an output stands that was made of the same, or else why there is none.
    pub(super) fn place_of(&self, route: &str, print: Option<Print>) -> Result<PathBuf, Vec<Cause>> {
        let is_first = self.outputs.is_empty();
        let Some(known) = self.outputs.get(route) else {
            return Err(if is_first { Vec::new() } else { vec![Cause::New] });
        };
        let spoilt = (!known.stands).then_some(Cause::Spoilt);
        let differing = match (print, known.print) {
            (Some(now), Some(before)) => now.causes(&before),
            (Some(_), None) => vec![Cause::Findings],
            // What has no print is made in any case.
            (None, _) => return Err(Vec::from_iter(spoilt)),
        };
        let causes: Vec<Cause> = spoilt.into_iter().chain(differing).collect();
        if causes.is_empty() { Ok(self.place(route)) } else { Err(causes) }
    }

    /// What stood at an address, if it was a text; none where nobody knows.
    pub(super) fn text_of(&self, route: &str) -> Option<String> {
        self.outputs.get(route).filter(|known| known.stands)?;
        fs::read_to_string(self.place(route)).ok()
    }

    fn place(&self, route: &str) -> PathBuf {
        self.output.join(output_path(route))
    }
}

/// What the clock was asked for, read again.
fn asked(turns: Vec<SavedTurn>, word: Option<i128>) -> Option<Asked> {
    let mut ahead = Ahead::new();
    for (at, path, occasion) in turns {
        let at = Timestamp::from_nanosecond(at).ok()?;
        ahead.entry(at).or_default().insert(Turn { path: path.into(), occasion });
    }
    Some(Asked { ahead, word: word.map(Timestamp::from_nanosecond).transpose().ok()? })
}

impl Note {
    fn len(&self) -> usize {
        match self {
            Self::Same(range) => range.len(),
            Self::New(stored) => stored.length(),
        }
    }

    /// A document as it was read, as bytes.
    pub(super) fn save(document: &Document, front: &Node, found: &Report, names: Names) -> Vec<u8> {
        let saved = SavedDocument {
            front: front.save(),
            fence: document.place.span.clone(),
            keys: document.keys,
            body_span: document.body_span.clone(),
            outline: Cow::Borrowed(&document.outline),
            lang: document.lang.clone(),
            found: found.save(),
            names,
        };
        // What cannot be written is not remembered.
        postcard::to_allocvec(&saved).unwrap_or_default()
    }
}
