//! Text: quotation marks by language, bare addresses.

use std::ops::Range;

use pulldown_cmark::CowStr;

use crate::diagnostic::Diagnostic;
use crate::document::attributes::BAD_ATTRIBUTE;
use crate::document::body::{Attributes, Link, Part};
use crate::document::component::MISPLACED_COMPONENT;
use crate::document::markdown::autolink;
use crate::document::markdown::compiler::{Compiler, Open, UNKNOWN_REFERENCE};
use crate::text::html::escape_to;

/// Neighbouring pieces of text: an address may be cut into several by characters that could have been markup.
#[derive(Default)]
pub(super) struct Run<'a> {
    pieces: Vec<(CowStr<'a>, Range<usize>)>,
}

impl<'a> Compiler<'a, '_> {
    /// Takes a piece of text; it is written when the run ends.
    pub(super) fn text(&mut self, text: CowStr<'a>, span: Range<usize>) {
        if let Some(code) = &mut self.code {
            let shown = uncovered(self.source.body, &self.fences, &text, &span);
            code.text.push_str(shown);
            mark_seen(&mut self.fences, &span);
            return;
        }
        self.text_end = self.text_end.max(span.end);
        let kept = outside((text, span), &self.cut).and_then(|kept| outside(kept, &self.heading_cut));
        let Some((text, span)) = kept else { return };
        if let Some((_, last)) = self.run.pieces.last()
            && last.end != span.start
            && self.source.body.get(last.end..span.start) != Some("\\")
        {
            self.flush_run();
        }
        self.run.pieces.push((text, span));
    }

    /// Writes the text read so far.
    pub(super) fn flush_run(&mut self) {
        if self.run.pieces.is_empty() {
            return;
        }
        let mut pieces = std::mem::take(&mut self.run.pieces);
        let span = pieces[0].1.start..pieces[pieces.len() - 1].1.end;
        self.note_prose_span(&span);
        self.check_slips(&pieces);
        let typed = &self.source.body[span];
        if is_plain(typed) {
            self.write_pieces(&pieces);
        } else {
            self.check_run(&pieces);
            if autolink::may_contain(typed) && self.may_link() {
                self.write_with_addresses(&pieces);
            } else {
                self.write_pieces(&pieces);
            }
        }
        // Keep the room for the next run.
        pieces.clear();
        self.run.pieces = pieces;
    }

    fn write_pieces(&mut self, pieces: &[(CowStr, Range<usize>)]) {
        for (text, span) in pieces {
            self.write_text(text, span);
        }
    }

    fn may_link(&self) -> bool {
        self.link.is_none() && self.image.is_none() && !self.in_raw_link()
    }

    fn in_raw_link(&self) -> bool {
        self.open.iter().any(|open| matches!(open, Open::Raw { element, .. } if element.name == "a"))
    }

    /// Reports markup that was meant but did not become any.
    fn check_run(&mut self, pieces: &[(CowStr, Range<usize>)]) {
        let span = pieces[0].1.start..pieces[pieces.len() - 1].1.end;
        let text = &self.source.body[span.clone()];
        let is_fence = self.fences.binary_search_by_key(&span.start, |fence| fence.start).is_ok();
        if text.starts_with(":::") && !is_fence && self.is_line_start(span.start) {
            let place = self.source.place(span.start..span.start + 3);
            self.report.push(Diagnostic::new(&MISPLACED_COMPONENT, "no component can stand here").at(place));
        }
        self.check_shortcodes(&span);
        for citation in citations(text) {
            let (name, span) =
                (&text[citation.start + 2..citation.end - 1], span.start + citation.start..span.start + citation.end);
            let diagnostic = Diagnostic::new(&UNKNOWN_REFERENCE, format!("there is no footnote `{name}` in this file"))
                .at(self.source.place(span))
                .help(format!("add a line `[^{name}]: …`, or write `\\[` for a bracket"));
            self.report.push(diagnostic);
        }
        if let Some(at) = stray_braces(text, self.heading.is_some()) {
            let at = span.start + at;
            let shown = &self.source.body[at..self.source.floor(at + 100)];
            let line = shown.split(['\n', '\r']).next().unwrap_or_default();
            let end = at + line.find('}').map_or(line.len(), |end| end + 1);
            let diagnostic = Diagnostic::new(&BAD_ATTRIBUTE, "these braces belong to nothing")
                .at(self.source.place(at..end))
                .help("a heading's attributes stand last on its line; a span in brackets can hold no brackets and no link")
                .help("write `\\{` for braces that are text");
            self.report.push(diagnostic);
        }
    }

    fn is_line_start(&self, at: usize) -> bool {
        // The text of a line begins after few marks; looking farther back would cost a long line its square.
        let before = &self.source.body[self.source.floor(at.saturating_sub(64))..at];
        let line = before.rfind('\n').map_or(before, |end| &before[end + 1..]);
        line.len() < 64 && !line.contains(char::is_alphabetic) && !line.ends_with('\\')
    }

    /// Writes a piece of text with the quotation marks of the language.
    fn write_text(&mut self, text: &str, span: &Range<usize>) {
        let text = if text.len() == 3 { self.localized(text, span) } else { text };
        self.write_plain(text);
    }

    /// Writes text as it is.
    pub(super) fn write_plain(&mut self, text: &str) {
        if self.image.is_none() {
            escape_to(&mut self.html, text);
        }
        self.note_prose(text);
        self.note_plain(text);
    }

    /// Hands text that is written to those who collect it: headings, alternative texts, the excerpt.
    pub(super) fn note_plain(&mut self, text: &str) {
        if self.collectors > 0 {
            self.plain.push_str(text);
        }
    }

    /// What a quotation mark typed as `"` or `'` becomes. The reader has found out whether it opens or closes.
    fn localized<'t>(&mut self, text: &'t str, span: &Range<usize>) -> &'t str
    where
        'static: 't,
    {
        let typed = self.source.body.as_bytes().get(span.start);
        match (text, typed) {
            ("“", Some(b'"')) => self.language.double.0,
            ("”", Some(b'"')) => self.language.double.1,
            ("‘", Some(b'\'')) => {
                self.open_single_quotes += 1;
                self.language.single.0
            }
            ("’", Some(b'\'')) if self.open_single_quotes > 0 && !self.is_inside_word(span) => {
                self.open_single_quotes -= 1;
                self.language.single.1
            }
            _ => text,
        }
    }

    /// Whether letters stand on both sides: an apostrophe.
    fn is_inside_word(&self, span: &Range<usize>) -> bool {
        let body = self.source.body;
        body[..span.start].ends_with(char::is_alphanumeric) && body[span.end..].starts_with(char::is_alphanumeric)
    }

    fn write_with_addresses(&mut self, pieces: &[(CowStr, Range<usize>)]) {
        let (typed, starts) = self.as_typed(pieces);
        let mut written = Writer { pieces, typed: &typed, starts: &starts, piece: 0, at: 0 };
        for found in autolink::find(&typed) {
            written.write_until(self, found.span.start);
            let text = &typed[found.span.clone()];
            let span = written.source_of(found.span.start, false)..written.source_of(found.span.end, true);
            self.write_address(format!("{}{text}", found.scheme), text, span);
            written.at = found.span.end;
        }
        written.write_until(self, typed.len());
    }

    /// The text before `--` became a dash in it, and where each piece of it starts.
    fn as_typed(&self, pieces: &[(CowStr, Range<usize>)]) -> (String, Vec<usize>) {
        let mut typed = String::new();
        let mut starts = Vec::with_capacity(pieces.len());
        for (text, span) in pieces {
            starts.push(typed.len());
            typed.push_str(typed_text(self.source.body, text, span));
        }
        (typed, starts)
    }

    fn write_address(&mut self, target: String, text: &str, span: Range<usize>) {
        let index = self.body.links.len();
        let is_broken = self.is_in_broken_link(&span);
        let place = self.source.place(span);
        let attributes = Attributes::default();
        self.body.links.push(Link { target, place, title: None, text: text.to_owned(), attributes, raw: false });
        self.hole(Part::LinkStart(index));
        self.write_plain(text);
        if !is_broken {
            self.check_raw_link_words(index);
        }
        self.hole(Part::LinkEnd(index));
    }

    pub(super) fn inline_code(&mut self, code: &str, span: Range<usize>) {
        self.text_end = self.text_end.max(span.end);
        if self.writes() {
            self.html.push_str("<code>");
            escape_to(&mut self.html, code);
            self.html.push_str("</code>");
        }
        self.note_no_prose();
        self.note_plain(code);
    }

    pub(super) fn line_break(&mut self, html: &str, span: Range<usize>) {
        self.text_end = self.text_end.max(span.end);
        if self.writes() {
            self.html.push_str(html);
        }
        self.note_prose(" ");
        if self.collectors > 0 {
            self.plain.push(' ');
        }
    }
}

/// The part of the text that lies outside braces that have been read.
fn outside<'t>((text, span): (CowStr<'t>, Range<usize>), cut: &Range<usize>) -> Option<(CowStr<'t>, Range<usize>)> {
    if span.end <= cut.start || cut.end <= span.start {
        return Some((text, span));
    }
    if text.len() != span.len() || (cut.start <= span.start && span.end <= cut.end) {
        return None;
    }
    let kept = if span.start < cut.start { span.start..cut.start } else { cut.end..span.end };
    let slice = &text[kept.start - span.start..kept.end - span.start];
    Some((CowStr::from(slice.to_owned()), kept))
}

/// Writes a run of text from left to right, with addresses between.
struct Writer<'p> {
    pieces: &'p [(CowStr<'p>, Range<usize>)],
    typed: &'p str,
    starts: &'p [usize],
    piece: usize,
    at: usize,
}

impl Writer<'_> {
    fn write_until(&mut self, compiler: &mut Compiler, end: usize) {
        while self.at < end {
            while self.piece + 1 < self.starts.len() && self.starts[self.piece + 1] <= self.at {
                self.piece += 1;
            }
            let (text, span) = &self.pieces[self.piece];
            let piece_end = self.starts.get(self.piece + 1).copied().unwrap_or(self.typed.len());
            if self.at == self.starts[self.piece] && piece_end <= end {
                compiler.write_text(text, span);
            } else {
                compiler.write_plain(&self.typed[self.at..piece_end.min(end)]);
            }
            self.at = piece_end.min(end);
        }
    }

    /// Where a byte of the typed text stands in the body.
    fn source_of(&self, at: usize, is_end: bool) -> usize {
        let piece = self.starts.partition_point(|start| *start < at + usize::from(!is_end)).saturating_sub(1);
        let (_, span) = &self.pieces[piece];
        let piece_end = self.starts.get(piece + 1).copied().unwrap_or(self.typed.len());
        match (piece_end - self.starts[piece] == span.len(), is_end) {
            (true, _) => span.start + (at - self.starts[piece]),
            (false, false) => span.start,
            (false, true) => span.end,
        }
    }
}

/// Whether text can hold neither an address nor markup that went wrong: most text, so this is done without branches.
fn is_plain(text: &str) -> bool {
    text.bytes().fold(true, |plain, byte| plain & !matches!(byte, b'@' | b':' | b'w' | b'W' | b'{' | b'['))
}

/// What the writer typed for this piece: the source, except for character references.
fn typed_text<'t>(body: &'t str, text: &'t str, span: &Range<usize>) -> &'t str {
    match body.get(span.clone()) {
        Some(source) if !(source.len() > 1 && source.starts_with('&')) => source,
        _ => text,
    }
}

/// The text of a code block with its fences of components as they were before they were covered.
fn uncovered<'t>(
    body: &'t str,
    fences: &[crate::document::component::Fence],
    text: &'t str,
    span: &Range<usize>,
) -> &'t str {
    if fences.is_empty() || text.len() != span.len() {
        return text;
    }
    body.get(span.clone()).unwrap_or(text)
}

/// Fences in code are text.
pub(super) fn mark_seen(fences: &mut [crate::document::component::Fence], span: &Range<usize>) {
    let first = fences.partition_point(|fence| fence.start < span.start);
    for fence in fences[first..].iter_mut().take_while(|fence| fence.start < span.end) {
        fence.seen = true;
    }
}

/// Citations of footnotes that have stayed text.
fn citations(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.match_indices("[^").filter_map(|(at, _)| {
        let name = text[at + 2..]
            .find(|character: char| character.is_whitespace() || matches!(character, '[' | ']' | '\\'))?;
        let end = at + 2 + name;
        let is_citation = name > 0 && text[end..].starts_with(']') && !text[..at].ends_with('\\');
        is_citation.then_some(at..end + 1)
    })
}

/// Where braces stand that look like attributes but have become text.
fn stray_braces(text: &str, in_heading: bool) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = text[from..].find('{') {
        let at = from + found;
        let inside = &text[at + 1..];
        let is_attribute = inside.starts_with(['#', '.']) || inside.starts_with("lang=");
        let is_escaped = text[..at].ends_with('\\');
        if is_attribute && !is_escaped && (in_heading || text[..at].ends_with(']')) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}
