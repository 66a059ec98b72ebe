//! A parsed source: front matter and body of one file, which knows no other file.

use std::ops::Range;
use std::sync::Arc;

pub mod attributes;
pub mod body;
pub mod component;
pub mod highlight;
pub mod language;
pub mod markdown;
pub mod outline;
pub mod raw_html;
pub mod target;

use memchr::memmem;

use crate::code;
use crate::data::{self, Node, NodeKind};
use crate::diagnostic::{Code, Diagnostic, Place, Report, Severity};
use crate::source::Stored;
use crate::text::fingerprint::fingerprint;
use body::Body;
pub use outline::Outline;

code! { pub NO_FRONT_MATTER = "no-front-matter", Error, "a document without front matter",
"A document begins with a line `---`, then keys such as `title:` and `date:`, then a line `---` again, and then the \
text. `anslag new` writes a document with all keys explained." }
code! { pub UNCLOSED_FRONT_MATTER = "unclosed-front-matter", Error, "front matter that does not end",
"The front matter ends with a line that holds only `---`. Without it, the whole text would be taken for keys." }
code! { pub FRONT_MATTER_TOO_LARGE = "front-matter-too-large", Error, "front matter larger than 64 KiB",
"Front matter is for keys. Put texts in the body, below the second `---`." }
code! { pub PLACEHOLDER_TEXT = "placeholder-text", Error, "the sentence that stands in for a text is still there",
"`anslag new` writes a sentence where the text is to be, so that writers see where to begin. Readers would see it too: \
write the text in its place, or take it away. In a draft it is a warning." }

/// What this module reports.
pub const CODES: &[&Code] = &[&NO_FRONT_MATTER, &UNCLOSED_FRONT_MATTER, &FRONT_MATTER_TOO_LARGE, &PLACEHOLDER_TEXT];

/// The sentences that stand in new documents where the text is to be: of a person, of a notice, of all others. In Swedish, and for
/// sites in all other languages in English.
pub const PLACEHOLDERS: [[&str; 3]; 2] = [
    [
        "Skriv några meningar om personen här.",
        "Skriv det som läsarna behöver veta här.",
        "Skriv texten här, i Markdown. Rubriker börjar på nivå två: `## Rubrik`.",
    ],
    [
        "Write some sentences about the person here.",
        "Write here what readers need to know.",
        "Write the text here, in Markdown. Headings begin at level two: `## Heading`.",
    ],
];

/// How each of them begins: few texts hold even that.
const BEGINNINGS: [&str; 2] = ["Skriv ", "Write "];

/// What this floor reports.
pub fn codes() -> Vec<&'static Code> {
    [CODES.to_vec(), markdown::CODES.to_vec()].concat()
}

/// The most that front matter may hold, in bytes.
const FRONT_LIMIT: usize = 64 << 10;

/// One parsed file.
#[derive(Debug)]
pub struct Document {
    /// Path from the site's folder.
    pub path: Arc<str>,
    /// Where the front matter begins: the place for what is missing in it.
    pub place: Place,
    /// Hash of all that stands before the body.
    pub keys: u64,
    /// Where the body stands in the file.
    pub body_span: Range<usize>,
    /// What others may know of the body.
    pub outline: Outline,
    /// The language that it says it is in.
    pub lang: Option<String>,
    /// The compiled body, put aside; none where it is compiled when it is asked for.
    pub body: Option<Stored>,
}

/// Front matter and body, by their places in the file.
struct Halves {
    fence: Range<usize>,
    front: Range<usize>,
    body: Range<usize>,
}

impl Document {
    /// Takes a file apart, and gives its keys and its body beside the document; the body is compiled by `compile`, which is given its
    /// place and the language of the document, if it says one. What is wrong is reported, and then there is no document.
    pub fn read(
        path: &Arc<str>,
        text: &str,
        compile: impl FnOnce(Range<usize>, Option<&str>, &mut Report) -> Body,
        report: &mut Report,
    ) -> Option<(Self, Node, Body)> {
        let halves = match split(path, text) {
            Ok(halves) => halves,
            Err(diagnostic) => {
                report.push(*diagnostic);
                return None;
            }
        };
        let front = data::parse(path, text, halves.front, report);
        let lang = front.as_ref().and_then(language);
        // The body is read even when the keys cannot be: one run shows all that is wrong.
        let mut body = compile(halves.body.clone(), lang.as_deref(), report);
        let is_draft = front.as_ref().and_then(|front| front.get("draft"));
        let is_draft = is_draft.is_some_and(|draft| matches!(draft.kind, NodeKind::Bool(true)));
        refuse_placeholder(path, text, &halves.body, is_draft, report);
        let outline = Outline::of(path, lang.as_deref(), &mut body);
        let place = Place { path: path.clone(), span: halves.fence };
        let keys = fingerprint(&text.as_bytes()[..halves.body.start]);
        let (path, body_span) = (path.clone(), halves.body);
        Some((Self { path, place, keys, body_span, outline, lang, body: None }, front?, body))
    }
}

fn language(front: &Node) -> Option<String> {
    match &front.get("lang")?.kind {
        NodeKind::Text(language) => Some(language.clone()),
        _ => None,
    }
}

/// Reports a body that nobody has written yet. A draft may wait for it.
fn refuse_placeholder(path: &Arc<str>, text: &str, body: &Range<usize>, is_draft: bool, report: &mut Report) {
    let may_stand = |beginning: &str| memmem::find(text[body.clone()].as_bytes(), beginning.as_bytes()).is_some();
    let sentences = BEGINNINGS.iter().zip(PLACEHOLDERS).filter(|(beginning, _)| may_stand(beginning));
    for words in sentences.flat_map(|(_, sentences)| sentences) {
        let Some(at) = text[body.clone()].find(words).map(|at| body.start + at) else { continue };
        let mut diagnostic = Diagnostic::new(&PLACEHOLDER_TEXT, "the text has not been written yet")
            .at(Place { path: path.clone(), span: at..at + words.len() })
            .help("write it in place of this sentence, or take the sentence away");
        if is_draft {
            diagnostic.severity = Severity::Warning;
        }
        report.push(diagnostic);
    }
}

/// Where the keys of a document stand, between the lines that open and close them.
///
/// # Errors
/// The text is no document.
pub fn front_of(path: &Arc<str>, text: &str) -> Result<Range<usize>, Box<Diagnostic>> {
    split(path, text).map(|halves| halves.front)
}

fn split(path: &Arc<str>, text: &str) -> Result<Halves, Box<Diagnostic>> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let first = line_at(text, start);
    let fence = start..start + text[first.clone()].trim_end().len();
    let place = |span| Place { path: path.clone(), span };
    if text[fence.clone()] != *"---" {
        let words = if text.trim().is_empty() { "the file is empty" } else { "the document has no front matter" };
        return Err(Box::new(
            Diagnostic::new(&NO_FRONT_MATTER, words)
                .at(place(fence))
                .help("the very first line is `---`, then come `title: …` and other keys, then `---` again"),
        ));
    }
    let mut at = first.end;
    while at < text.len() {
        let line = line_at(text, at);
        if text[line.clone()].trim_end() == "---" {
            return check_size(
                place(fence.clone()),
                Halves { fence, front: first.end..at, body: line.end..text.len() },
            );
        }
        at = line.end;
    }
    Err(Box::new(
        Diagnostic::new(&UNCLOSED_FRONT_MATTER, "the front matter does not end")
            .at(place(fence))
            .label("begins here")
            .help("write a line `---` after the last key"),
    ))
}

fn check_size(place: Place, halves: Halves) -> Result<Halves, Box<Diagnostic>> {
    if halves.front.len() <= FRONT_LIMIT {
        return Ok(halves);
    }
    let size = halves.front.len().div_ceil(1 << 10);
    Err(Box::new(
        Diagnostic::new(&FRONT_MATTER_TOO_LARGE, format!("the front matter is {size} KiB; 64 KiB is the most"))
            .at(place)
            .help("move texts to the body, below the second `---`"),
    ))
}

/// The line that begins at an offset, with its line end.
fn line_at(text: &str, start: usize) -> Range<usize> {
    let end = text[start..].find('\n').map_or(text.len(), |newline| start + newline + 1);
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<(Document, Node)>, Report) {
        let mut report = Report::default();
        let compile = |span: Range<usize>, _: Option<&str>, _: &mut Report| Body {
            excerpt: text[span].into(),
            ..Body::default()
        };
        let document = Document::read(&"content/blog/x.md".into(), text, compile, &mut report);
        (document.map(|(document, front, _)| (document, front)), report)
    }

    #[test]
    fn front_and_body_are_told_apart() {
        for text in
            ["---\ntitle: Å\n---\nText", "\u{feff}---\r\ntitle: Å\r\n---\r\nText", "--- \ntitle: Å\n---\t\nText"]
        {
            let (document, report) = read(text);
            assert!(!report.has_errors(), "{report:?}");
            let (document, front) = document.unwrap();
            assert_eq!(document.outline.excerpt, "Text");
            assert_eq!(&text[front.get("title").unwrap().place.span.clone()], "Å");
        }
    }

    #[test]
    fn placeholders_begin_alike() {
        for (sentences, beginning) in PLACEHOLDERS.iter().zip(BEGINNINGS) {
            assert!(sentences.iter().all(|words| words.starts_with(beginning)));
        }
    }

    #[test]
    fn what_is_no_document_is_said_to_be_so() {
        let large = format!("---\n{}---\n", "a: 1\n".repeat(14_000));
        let cases = [
            ("", "no-front-matter"),
            ("\u{feff}", "no-front-matter"),
            ("Bara text", "no-front-matter"),
            ("----\ntitle: x\n----\n", "no-front-matter"),
            ("---", "unclosed-front-matter"),
            ("---\ntitle: x\n\nText", "unclosed-front-matter"),
            (&large, "front-matter-too-large"),
        ];
        for (text, code) in cases {
            let (document, report) = read(text);
            assert!(document.is_none());
            assert_eq!(report.sorted()[0].code.name, code);
        }
    }
}
