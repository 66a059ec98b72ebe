//! When nothing but the text of a document has changed.
//!
//! Others know a document by its keys and by the outline of its text. Where these are as they were, only its page (and the feeds
//! that show it whole) can be another one. So a page is made again by itself while a session lasts, and a writer sees an edit at
//! once, however large the site is; and a run that remembers the one before plans nothing else.

use std::sync::{Arc, Mutex, PoisonError};

use super::contents::{Contents, Reading};
use super::gathered::{Gathered, Made};
use super::lost::Lost;
use super::render::Renderer;
use super::{Bytes, Session};
use crate::diagnostic::Report;
use crate::document::body::Body;
use crate::document::{Document, Outline};
use crate::kind::Entry;
use crate::model::Common;
use crate::model::common::summary_of;
use crate::overview::feeds::{self, Bodies};
use crate::overview::index::Index;
use crate::plan::{Output, Planner, Recipe};
use crate::progress::Stage;
use crate::text::fingerprint::FastSet;

impl Session {
    /// The page of a document whose file has changed, with its address; none when more than the page may be another one, or
    /// something is wrong with it.
    pub fn page_again(&mut self, contents: &Contents, path: &str) -> Option<(String, Bytes)> {
        let text = self.snapshot.renew(path)?;
        let (known, entry) = contents.reading(path)?;
        let body = self.read_again(known, &text, entry.common())?;
        self.renewed.insert(known.path.clone(), self.overflow.store(body.save()));
        let (theme, mut report) = (self.theme.as_ref()?, Report::default());
        let rendered = self.with_planner(contents, &contents.clock, &mut report, |planner, _| {
            let renderer = self.renderer(contents, planner, theme);
            renderer.page_of(path).map(|output| renderer.output(output, &Bodies::new()))
        })?;
        report.merge(rendered.report);
        (!report.has_errors()).then_some((rendered.address.route, rendered.bytes))
    }

    /// The site when nothing but texts has changed since the run that is remembered: their pages are made, and those of which
    /// something was said; the feeds that show them; and all else stands. None when more has to be looked at.
    pub(super) fn texts_alone(&self, renderer: &Renderer, report: &mut Report) -> Option<Made> {
        let ((memory, _), edited) = renderer.before.zip(renderer.contents.edited)?;
        // If the site must be planned as a whole after all, nobody has asked for anything yet.
        let (wants, pictures) = (Mutex::default(), Mutex::default());
        let planner = Planner { wants: &wants, pictures: &pictures, ..*renderer.planner };
        let own = Renderer { planner: &planner, ..*renderer };
        let (mut gathered, mut found) = (Gathered::default(), Report::default());
        let is_stale = |entry: &dyn Entry| {
            let common = entry.common();
            edited.contains(&common.path) || (entry.template().is_some() && !memory.has_print(&common.route))
        };
        let entries = renderer.contents.entries.iter().copied();
        let stale: Vec<&Reading> = entries.filter(|(_, entry)| is_stale(entry.as_ref())).collect();
        let all = feeds::outputs(&planner, &Index::new(&planner));
        let feeds: Vec<Output> = all.into_iter().filter(|feed| is_feed_of(feed, edited)).collect();
        self.options.progress.begin(Stage::Make, stale.len() + feeds.len());
        let feeds = own.all(feeds);
        for (rendered, findings) in own.documents(stale) {
            found.merge(findings);
            gathered.extend(rendered, &mut found);
        }
        gathered.extend(feeds, &mut found);
        gathered.keep_rest(memory);
        // Pages that stand may lead to what is gone, and keys ask for it when a page is planned.
        if !Lost::since(memory, &gathered.tree).is_empty() {
            return None;
        }
        gathered.tree.is_quiet = true;
        renderer.contents.clock.recall(memory.asked());
        report.merge(found);
        gathered.ask_for(wants.into_inner().unwrap_or_else(PoisonError::into_inner));
        Some(gathered.finish(renderer, report))
    }

    /// The body of a document read again, if only its text is another one.
    fn read_again(&self, known: &Document, text: &Arc<str>, common: &Common) -> Option<Body> {
        let mut report = Report::default();
        let found = self.document(&known.path, text, &mut report)?;
        report.merge(found.report);
        let is_same = is_same_but_for_text(known, &found.document, shows_beginning(common, known));
        found.body.filter(|_| is_same && !report.has_errors())
    }
}

/// Whether an output is a feed that shows one of these documents whole.
fn is_feed_of(output: &Output, documents: &FastSet<Arc<str>>) -> bool {
    let Recipe::Feed(feed, _) = &output.recipe else { return false };
    feed.entries.iter().filter_map(|entry| entry.body.as_ref()).any(|path| documents.contains(path))
}

/// Whether others show how the text of a document begins, since it does not say itself what it is about.
pub(super) fn shows_beginning(common: &Common, document: &Document) -> bool {
    common.summary == summary_of(&document.outline)
}

/// Whether a document is to all others as it was.
pub(super) fn is_same_but_for_text(known: &Document, document: &Document, shows_beginning: bool) -> bool {
    let excerpt = if shows_beginning { &document.outline.excerpt } else { &known.outline.excerpt };
    let (excerpt, fingerprint) = (excerpt.clone(), known.outline.fingerprint);
    let outline = Outline { excerpt, fingerprint, ..document.outline.clone() };
    document.keys == known.keys && outline == known.outline
}
