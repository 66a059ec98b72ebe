//! One page made again while a session lasts, when nothing but the text of its document has changed.
//!
//! Others know a document by its keys and by the outline of its text. Where these are as they were, only its page (and the feeds
//! that show it whole) can be another one: so a writer sees an edit at once, however large the site is.

use std::sync::Arc;

use super::contents::Contents;
use super::{Bytes, Session};
use crate::diagnostic::Report;
use crate::document::{Document, Outline};
use crate::model::Common;
use crate::model::common::summary_of;
use crate::overview::feeds::Bodies;

impl Session {
    /// The page of a document whose file has changed, with its address; none when more than the page may be another one, or
    /// something is wrong with it.
    pub fn page_again(&mut self, contents: &Contents, path: &str) -> Option<(String, Bytes)> {
        let text = self.snapshot.renew(path)?;
        let (known, entry) = contents.reading(path)?;
        let document = self.read_again(known, &text, entry.common())?;
        self.renewed.insert(document.path.clone(), document.body?);
        let (theme, mut report) = (self.theme.as_ref()?, Report::default());
        let rendered = self.with_planner(contents, &contents.clock, &mut report, |planner, _| {
            let renderer = self.renderer(contents, planner, theme);
            renderer.page_of(path).map(|output| renderer.output(output, &Bodies::new()))
        })?;
        report.merge(rendered.report);
        (!report.has_errors()).then_some((rendered.address.route, rendered.bytes))
    }

    /// A document read again, if only its text is another one.
    fn read_again(&self, known: &Document, text: &Arc<str>, common: &Common) -> Option<Document> {
        let mut report = Report::default();
        let (document, _, found) = self.document(&known.path, text, &mut report)?;
        report.merge(found);
        // How the text begins is shown where the document does not say what it is about.
        let shows_beginning = common.summary == summary_of(&known.outline);
        let excerpt = if shows_beginning { &document.outline.excerpt } else { &known.outline.excerpt };
        let (excerpt, fingerprint) = (excerpt.clone(), known.outline.fingerprint);
        let outline = Outline { excerpt, fingerprint, ..document.outline.clone() };
        let is_same = document.keys == known.keys && outline == known.outline;
        (is_same && !report.has_errors()).then_some(document)
    }
}
