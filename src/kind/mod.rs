//! The kinds of entries: one file for each, with its keys, its checks, its card and its view.
//!
//! A new kind is one file here, one arm in [`read`] and one template. An entry is read knowing no other file; its
//! card is made knowing persons, organisations and series; its page is planned knowing all cards.

pub mod event;
pub mod notice;
pub mod page;
pub mod person;
pub mod post;
pub mod resource;
pub mod series;
pub mod tool;

use crate::data::{KeyInfo, Node, Record, document_of};
use crate::diagnostic::{Code, Report};
use crate::document::Document;
use crate::model::common::{CommonKeys, Desk, required};
use crate::model::{Card, Common, Kind, Registry};
use crate::plan::{CardContext, Planner, View};
use crate::view::TemplateSchema;

/// A document that has been read as what it is.
pub trait Entry: Send + Sync {
    /// What every entry has.
    fn common(&self) -> &Common;

    /// The slug of the series that it belongs to.
    fn series(&self) -> Option<&str> {
        None
    }

    /// Adds what others may refer to by slug.
    fn contribute(&self, _desk: &Desk, _registry: &mut Registry) {}

    /// Makes the card, and reports references to what is not there.
    fn card(&self, context: &CardContext, report: &mut Report) -> Card;

    /// The template of its page; none for what has no page of its own.
    fn template(&self) -> Option<&'static str>;

    /// What its page shows, if it has one.
    fn page(&self, document: &Document, planner: &Planner, report: &mut Report) -> Option<View>;
}

/// Reads a document with these keys as an entry of a kind. `None` means that something is wrong in it, which is reported.
pub fn read(kind: Kind, document: &Document, front: &Node, desk: &Desk, report: &mut Report) -> Option<Box<dyn Entry>> {
    match kind {
        Kind::Post => post::Post::read(document, front, desk, report).map(boxed),
        Kind::Event => event::Event::read(document, front, desk, report).map(boxed),
        Kind::Tool => tool::Tool::read(document, front, desk, report).map(boxed),
        Kind::Page => page::StandingPage::read(document, front, desk, report).map(boxed),
        Kind::Person => person::PersonEntry::read(document, front, desk, report).map(boxed),
        Kind::Series => series::SeriesEntry::read(document, front, desk, report).map(boxed),
        Kind::Notice => notice::NoticeEntry::read(document, front, desk, report).map(boxed),
    }
}

fn boxed<T: Entry + 'static>(entry: T) -> Box<dyn Entry> {
    Box::new(entry)
}

/// The keys that a kind takes: those of all kinds, and its own.
pub fn keys(kind: Kind) -> [&'static [KeyInfo]; 2] {
    let own = match kind {
        Kind::Post => post::Keys::KEYS,
        Kind::Event => event::Keys::KEYS,
        Kind::Tool => tool::Keys::KEYS,
        Kind::Page => page::Keys::KEYS,
        Kind::Person => person::Keys::KEYS,
        Kind::Series => series::Keys::KEYS,
        Kind::Notice => notice::Keys::KEYS,
    };
    [CommonKeys::KEYS, own]
}

/// The JSON Schema of a kind's front matter.
pub fn schema(kind: Kind) -> serde_json::Value {
    let useless = if kind == Kind::Notice { notice::WITHOUT_EFFECT } else { &[] };
    let keys = keys(kind).into_iter().flatten().filter(|key| !useless.contains(&key.name));
    document_of(keys, required(kind), &format!("The front matter of a document of the kind `{}`", kind.word()))
}

/// The templates that kinds ask for, with the shape of their views.
pub fn template_views() -> Vec<TemplateSchema> {
    vec![
        ("post.html", || schemars::schema_for!(post::PostView)),
        ("event.html", || schemars::schema_for!(event::EventView)),
        ("tool.html", || schemars::schema_for!(tool::ToolView)),
        ("page.html", || schemars::schema_for!(page::PageView)),
        ("person.html", || schemars::schema_for!(person::PersonView)),
        ("series.html", || schemars::schema_for!(series::SeriesView)),
    ]
}

/// What this floor reports.
pub fn codes() -> Vec<&'static Code> {
    [event::CODES, notice::CODES, &page::codes(), resource::CODES, tool::CODES].concat()
}
