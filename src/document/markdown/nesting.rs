//! Nesting that no reader could follow and no browser show: refused before the Markdown is read.

use memchr::memchr_iter;

use crate::code;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::markdown::Source;

pub(super) const CODES: &[&Code] = &[&NESTED_TOO_DEEP];

code! { pub NESTED_TOO_DEEP = "nested-too-deep", Error, "quotes, lists or elements nested too deep",
"More than 100 quotes, lists, components or elements inside each other cannot be shown by browsers nor understood by people. Often a \
line of `>` or of spaces was pasted by mistake." }

/// How many quotes, lists, components and blocks of raw HTML may stand inside each other.
pub(super) const MAX_BLOCKS: usize = 100;

/// Finds the first marker of a quote or a list that lies too deep, from the columns of the markers alone.
///
/// The reader of Markdown looks at every open quote and list again on every line, so deep nesting in a long text
/// would take it quadratic time. Code blocks may be misjudged, but only such that show a hundred levels of list.
pub(super) fn check(source: &Source) -> Option<Diagnostic> {
    let (mut columns, mut start) = (Vec::new(), 0);
    for end in memchr_iter(b'\n', source.body.as_bytes()).chain([source.body.len()]) {
        if let Some(at) = too_deep(&source.body[start..end], &mut columns) {
            let place = source.place(start + at..start + at + 1);
            return Some(diagnostic().at(place));
        }
        start = (end + 1).min(source.body.len());
    }
    None
}

/// The finding, without a place.
pub(super) fn diagnostic() -> Diagnostic {
    Diagnostic::new(&NESTED_TOO_DEEP, format!("this lies more than {MAX_BLOCKS} levels deep"))
        .help("start it at the beginning of a line of its own")
}

fn too_deep(line: &str, columns: &mut Vec<usize>) -> Option<usize> {
    let may_begin = |byte: &u8| matches!(byte, b' ' | b'\t' | b'>' | b'-' | b'+' | b'*' | b':' | b'0'..=b'9');
    if !line.as_bytes().first().is_some_and(may_begin) || is_rule(line) {
        return None;
    }
    let bytes = line.as_bytes();
    let (mut at, mut column) = (0, 0);
    while let Some(length) = marker_length(&bytes[at..]) {
        if bytes[at] == b'\t' {
            column += 4 - column % 4;
        } else {
            if bytes[at] != b' ' {
                enter(columns, column);
            }
            column += length;
        }
        if columns.len() > MAX_BLOCKS {
            return Some(at);
        }
        at += length;
    }
    None
}

fn enter(columns: &mut Vec<usize>, column: usize) {
    while columns.last().is_some_and(|open| *open >= column) {
        columns.pop();
    }
    columns.push(column);
}

/// The length of a blank or a marker; none where the text begins.
fn marker_length(bytes: &[u8]) -> Option<usize> {
    let is_blank = |at: usize| bytes.get(at).is_none_or(u8::is_ascii_whitespace);
    match bytes.first()? {
        b' ' | b'\t' | b'>' => Some(1),
        b'-' | b'+' | b'*' | b':' if is_blank(1) => Some(1),
        b'0'..=b'9' => {
            let digits = bytes.iter().take(10).take_while(|byte| byte.is_ascii_digit()).count();
            (matches!(bytes.get(digits), Some(b'.' | b')')) && is_blank(digits + 1)).then_some(digits + 1)
        }
        _ => None,
    }
}

/// A line such as `* * *`, of whatever length, is a thematic break and no list.
fn is_rule(line: &str) -> bool {
    let mut marks = line.bytes().filter(|byte| !byte.is_ascii_whitespace());
    let first = marks.next();
    matches!(first, Some(b'-' | b'*')) && marks.all(|mark| Some(mark) == first)
}
