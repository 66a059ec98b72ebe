//! Footnotes: numbered in the order of their first citation, gathered at the end of the body.
//!
//! A footnote may be defined and cited anywhere, also in components. Its ids contain a colon, which no id made of a
//! heading does.

use std::collections::HashMap;
use std::ops::Range;

use crate::code;
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::document::attributes::write_one;
use crate::document::body::Part;
use crate::document::markdown::compiler::{Compiler, Open, fold};

pub(super) const CODES: &[&Code] = &[&UNUSED_FOOTNOTE, &DUPLICATE_FOOTNOTE];

code! { pub UNUSED_FOOTNOTE = "unused-footnote", Error, "a footnote that nothing cites",
"A footnote is shown where the text cites it: `[^name]`. One that is not cited would vanish from the page." }

code! { pub DUPLICATE_FOOTNOTE = "duplicate-footnote", Error, "a footnote defined twice",
"Each name of a footnote, `[^name]: …`, can be defined once: the second definition would vanish from the page." }

/// The footnotes of a body.
#[derive(Default)]
pub(super) struct Footnotes {
    notes: HashMap<String, Note>,
    /// Names in the order of their first citation.
    cited: Vec<String>,
}

#[derive(Default)]
struct Note {
    /// From 1; 0 if it is not cited yet.
    number: usize,
    citations: usize,
    definition: Option<(Vec<Part>, Place)>,
}

impl Compiler<'_, '_> {
    pub(super) fn footnote_reference(&mut self, name: &str, span: Range<usize>) {
        self.text_end = self.text_end.max(span.end);
        if !self.writes() {
            return;
        }
        let name = fold(name);
        let note = self.footnotes.notes.entry(name.clone()).or_default();
        if note.number == 0 {
            self.footnotes.cited.push(name);
            note.number = self.footnotes.cited.len();
        }
        note.citations += 1;
        let number = note.number;
        let citation = citation_id(number, note.citations);
        self.html.push_str("<sup class=\"footnote-ref\"><a");
        write_one(&mut self.html, "href", &format!("#fn:{number}"));
        write_one(&mut self.html, "id", &citation);
        self.html.push_str(&format!(" role=\"doc-noteref\">{number}</a></sup>"));
        self.ids.reserve(&citation);
        self.body.anchors.push(citation);
    }

    pub(super) fn start_footnote(&mut self, name: &str) {
        self.start_parts();
        self.push(Open::Footnote(fold(name)));
    }

    pub(super) fn end_footnote(&mut self, span: Range<usize>) {
        let Some(Open::Footnote(name)) = self.pop_markdown() else { return };
        let parts = self.end_parts();
        let place = self.source.place(span.start..first_line_end(self.source.body, span));
        let note = self.footnotes.notes.entry(name.clone()).or_default();
        if let Some((_, first)) = &note.definition {
            let diagnostic = Diagnostic::new(&DUPLICATE_FOOTNOTE, format!("the footnote `{name}` is defined twice"))
                .at(place)
                .related(first.clone(), "first defined here");
            self.report.push(diagnostic);
        } else {
            note.definition = Some((parts, place));
        }
    }

    pub(super) fn write_footnotes(&mut self) {
        let mut footnotes = std::mem::take(&mut self.footnotes);
        self.report_unused(&footnotes);
        if footnotes.cited.is_empty() {
            return;
        }
        self.newline();
        self.html.push_str("<section class=\"footnotes\" role=\"doc-endnotes\"");
        write_one(&mut self.html, "aria-label", self.language.words.footnotes);
        self.html.push_str(">\n<ol>\n");
        for name in &footnotes.cited {
            if let Some(note) = footnotes.notes.remove(name) {
                self.write_footnote(note);
            }
        }
        self.html.push_str("</ol>\n</section>\n");
    }

    fn report_unused(&mut self, footnotes: &Footnotes) {
        let unused = footnotes.notes.iter().filter(|(_, note)| note.number == 0);
        for (name, note) in unused {
            let diagnostic = Diagnostic::new(&UNUSED_FOOTNOTE, format!("nothing cites the footnote `{name}`"))
                .help(format!("write `[^{name}]` where it belongs, or take it away"));
            self.report.push(match &note.definition {
                Some((_, place)) => diagnostic.at(place.clone()),
                None => diagnostic,
            });
        }
    }

    fn write_footnote(&mut self, note: Note) {
        let id = format!("fn:{}", note.number);
        self.html.push_str("<li");
        write_one(&mut self.html, "id", &id);
        self.html.push('>');
        self.ids.reserve(&id);
        self.body.anchors.push(id);
        let back = self.back_links(&note);
        let mut parts = note.definition.map(|(parts, _)| parts).unwrap_or_default();
        add_to_last_paragraph(&mut parts, &back);
        for part in parts {
            match part {
                Part::Html(html) => self.html.push_str(&html),
                hole => self.hole(hole),
            }
        }
        self.html.push_str("</li>\n");
    }

    fn back_links(&self, note: &Note) -> String {
        let mut back = String::new();
        for citation in 1..=note.citations {
            let label = match citation {
                1 => format!("{} {}", self.language.words.back, note.number),
                _ => format!("{} {}-{citation}", self.language.words.back, note.number),
            };
            back.push_str(" <a class=\"footnote-back\" role=\"doc-backlink\"");
            write_one(&mut back, "href", &format!("#{}", citation_id(note.number, citation)));
            write_one(&mut back, "aria-label", &label);
            back.push_str(">↩\u{FE0E}</a>");
        }
        back
    }
}

fn citation_id(number: usize, citation: usize) -> String {
    if citation == 1 { format!("fnref:{number}") } else { format!("fnref:{number}-{citation}") }
}

fn add_to_last_paragraph(parts: &mut Vec<Part>, back: &str) {
    if let Some(Part::Html(last)) = parts.last_mut() {
        let at = if last.ends_with("</p>\n") { last.len() - "</p>\n".len() } else { last.len() };
        last.insert_str(at, back);
    } else {
        parts.push(Part::Html(back.to_owned()));
    }
}

fn first_line_end(body: &str, span: Range<usize>) -> usize {
    let line = body[span.clone()].split(['\n', '\r']).next().unwrap_or_default();
    span.start + line.len()
}
