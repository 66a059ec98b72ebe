//! From Markdown to a [`Body`]: HTML with holes where other documents, files or the theme decide.
//!
//! One pass over the events of pulldown-cmark, which reads CommonMark and the extensions of GitHub, writes the
//! HTML. What it does not know is added beside it, each in a file of its own: fences of components, attributes in
//! braces, bare addresses, raw HTML by permission, colours for code.
//!
//! A body may define footnotes and link references anywhere, also inside a component, and use them anywhere:
//! the whole body is read as one text.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Code, Place, Report};
use crate::document::body::Body;
use crate::document::{attributes, component, highlight, raw_html, target};
use crate::text::fingerprint::fingerprint;

mod autolink;
mod blocks;
mod compiler;
mod footnotes;
mod gates;
mod html;
mod ids;
mod links;
mod nesting;
mod prose;
mod slips;
mod text;

#[cfg(test)]
mod tests;

pub use gates::{
    EMPTY_HEADING, IMAGE_WITHOUT_ALT, SKIPPED_HEADING, TABLE_WITHOUT_HEADER, TYPED_LABEL, VAGUE_LINK_TEXT, empty_alt,
};
pub use ids::DUPLICATE_ID;

/// What a body may contain and how it is set.
#[derive(Clone, Copy, Debug)]
pub struct MarkdownOptions<'a> {
    /// BCP 47, for quotation marks.
    pub language: &'a str,
    /// What raw HTML is welcome.
    pub raw_html: RawHtml,
    /// Whether components are. If not, each is an error.
    pub components: bool,
}

/// What raw HTML is welcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RawHtml {
    /// Simple elements; scripts, handlers and dangerous links are errors.
    #[default]
    Safe,
    /// None: every tag is an error.
    None,
    /// Everything, as it stands.
    All,
}

/// Compiles the Markdown in `body` of `text`, a whole file; the findings go into the report.
///
/// `text` is the file as it is on disk, so that all places are those of the file.
pub fn compile(
    path: &Arc<str>,
    text: &str,
    body: Range<usize>,
    options: &MarkdownOptions,
    report: &mut Report,
) -> Body {
    let source = Source { path, body: &text[body.clone()], start: body.start };
    if let Some(diagnostic) = nesting::check(&source) {
        report.push(diagnostic);
        return Body { fingerprint: fingerprint(source.body.as_bytes()), ..Body::default() };
    }
    let mut compiled = compiler::compile(source, options, report);
    compiled.fingerprint = fingerprint(source.body.as_bytes());
    compiled
}

/// The targets of all definitions of links, used or not, each with its place, in order.
pub fn definitions(path: &Arc<str>, text: &str, body: Range<usize>) -> Vec<(String, Place)> {
    let source = Source { path, body: &text[body.clone()], start: body.start };
    if nesting::check(&source).is_some() { Vec::new() } else { links::definitions(source) }
}

/// The text of a body and where it stands.
#[derive(Clone, Copy, Debug)]
struct Source<'a> {
    path: &'a Arc<str>,
    body: &'a str,
    /// Where the body starts in its file.
    start: usize,
}

impl Source<'_> {
    /// The place of a stretch of the body, moved out to whole characters.
    fn place(&self, span: Range<usize>) -> Place {
        let end = (span.end..self.body.len()).find(|at| self.body.is_char_boundary(*at)).unwrap_or(self.body.len());
        let start = self.floor(span.start.min(end));
        Place { path: self.path.clone(), span: self.start + start..self.start + end }
    }

    /// The start of the character that this byte belongs to.
    fn floor(&self, at: usize) -> usize {
        (0..=at.min(self.body.len())).rev().find(|at| self.body.is_char_boundary(*at)).unwrap_or(0)
    }
}

/// The findings about Markdown, of all its parts.
pub const CODES: &[&Code] = &gather::<{ count(PARTS) }>(PARTS);

const PARTS: &[&[&Code]] = &[
    compiler::CODES,
    nesting::CODES,
    ids::CODES,
    links::CODES,
    footnotes::CODES,
    blocks::CODES,
    attributes::CODES,
    component::CODES,
    raw_html::CODES,
    target::CODES,
    highlight::CODES,
    gates::CODES,
    prose::CODES,
    slips::CODES,
];

const fn count(parts: &[&[&Code]]) -> usize {
    let (mut total, mut part) = (0, 0);
    while part < parts.len() {
        total += parts[part].len();
        part += 1;
    }
    total
}

const fn gather<const N: usize>(parts: &[&[&'static Code]]) -> [&'static Code; N] {
    let mut codes = [parts[0][0]; N];
    let (mut at, mut part) = (0, 0);
    while part < parts.len() {
        let mut one = 0;
        while one < parts[part].len() {
            codes[at] = parts[part][one];
            at += 1;
            one += 1;
        }
        part += 1;
    }
    codes
}
