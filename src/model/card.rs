//! All that other pages may show of an entry.

use std::sync::Arc;

use jiff::civil::Date;

use crate::data::Located;
use crate::model::Kind;
use crate::text::date::Moment;
use crate::view::{Badge, ResourceView};

/// What other pages may know of an entry. Editing a body never touches another page, since no body is here.
#[derive(Clone, Debug)]
pub struct Card {
    /// The file.
    pub path: Arc<str>,
    /// What it is.
    pub kind: Kind,
    /// The address.
    pub route: String,
    /// The title as written.
    pub title: String,
    /// The title with the state before it.
    pub heading: String,
    /// The summary.
    pub summary: Option<String>,
    /// The language, when it is not the site's.
    pub lang: Option<String>,
    /// When it was published.
    pub published: Option<Moment>,
    /// When it was last changed in substance, or published.
    pub updated: Option<Moment>,
    /// Slugs of those who wrote it.
    pub authors: Vec<String>,
    /// Slugs of the site's persons who answer for it.
    pub owners: Vec<String>,
    /// Its tags, as written.
    pub tags: Vec<String>,
    /// Its states in words.
    pub badges: Vec<Badge>,
    /// Whether it is kept from search engines' lists and from the site's newest: archived, superseded, withdrawn.
    pub retired: bool,
    /// The entries it announces, as written.
    pub announces: Vec<Located<String>>,
    /// What only events have.
    pub event: Option<EventCard>,
    /// What only tools have.
    pub tool: Option<ToolCard>,
    /// What only pages have.
    pub page: Option<PageCard>,
}

/// What other pages may know of a standing page.
#[derive(Clone, Debug)]
pub struct PageCard {
    /// The persons on it, by slug.
    pub people: Vec<String>,
    /// How long it holds, in a sentence.
    pub valid_until: Option<String>,
}

/// Where an event is in its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Going on now.
    Ongoing,
    /// Ahead.
    Upcoming,
    /// Postponed: it will be, but nobody knows when.
    Undated,
    /// Behind.
    Past,
}

/// What other pages may know of an event.
#[derive(Clone, Debug)]
pub struct EventCard {
    /// The day it begins.
    pub first: Moment,
    /// The day for a date block; none while the date is not known.
    pub day: Option<Date>,
    /// When it takes place, in words.
    pub when: String,
    /// Where it takes place, in words.
    pub place: Option<String>,
    /// Where it is in its time.
    pub phase: Phase,
    /// The slug of its series.
    pub series: Option<String>,
    /// The word of its status: `planned`, `cancelled`, …
    pub status: &'static str,
}

/// What other pages may know of a tool.
#[derive(Clone, Debug)]
pub struct ToolCard {
    /// The word of its type: `guide`, …
    pub type_word: &'static str,
    /// Its type in words.
    pub type_words: String,
    /// Who publishes it, in words.
    pub publisher: Option<String>,
    /// What it offers.
    pub resources: Vec<ResourceView>,
}
