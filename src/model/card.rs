//! All that other pages may show of an entry.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::data::Located;
use crate::diagnostic::Place;
use crate::model::Kind;
use crate::text::date::Moment;
use crate::view::{Badge, OnlineView, PlaceView, ResourceView};

/// What other pages may know of an entry. Editing a body never touches another page, since no body is here.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// The file.
    pub path: Arc<str>,
    /// The beginning of its front matter, for findings.
    pub place: Place,
    /// What feeds and calendars know it by, among those of its kind.
    pub id: String,
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
    /// Whether it is shown in a preview alone: a draft, or something whose day has not come. Feeds, the calendars of many events,
    /// the sitemap and the search leave it out, since what they tell of is kept by those who have asked.
    pub unpublished: bool,
    /// What those who answer for it should look at.
    pub concerns: Vec<Concern>,
    /// The entries it announces, as written.
    pub announces: Vec<Located<String>>,
    /// What only events have.
    pub event: Option<EventCard>,
    /// What only tools have.
    pub tool: Option<ToolCard>,
    /// What only pages have.
    pub page: Option<PageCard>,
}

/// Something that the owner of an entry should look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Concern {
    /// What it is.
    pub what: Stale,
    /// The last day on which all was well, if there is one.
    pub last: Option<Date>,
}

/// Why an entry should be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stale {
    /// It should have been reviewed.
    ReviewOverdue,
    /// It is a standing text that no longer holds.
    TextEnded,
    /// Somebody who answers for it has left.
    OwnerLeft,
    /// It has been superseded.
    Superseded,
}

impl Stale {
    /// The word that machines know it by.
    pub const fn word(self) -> &'static str {
        match self {
            Self::ReviewOverdue => "review_overdue",
            Self::TextEnded => "text_ended",
            Self::OwnerLeft => "owner_left",
            Self::Superseded => "superseded",
        }
    }

    /// What it is, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::ReviewOverdue => "review overdue",
            Self::TextEnded => "text ended",
            Self::OwnerLeft => "owner has left",
            Self::Superseded => "superseded",
        }
    }
}

/// What other pages may know of a standing page.
#[derive(Clone, Debug, PartialEq)]
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
#[derive(Clone, Debug, PartialEq)]
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
    /// What must be known first, in sentences: that it is cancelled, and why.
    pub news: Option<String>,
    /// Its occasions, in order of time.
    pub occurrences: Vec<OccurrenceCard>,
    /// Who answers for it, each in a line.
    pub contacts: Vec<String>,
}

/// What other pages and calendars may know of an occasion.
#[derive(Clone, Debug, PartialEq)]
pub struct OccurrenceCard {
    /// What calendars know it by, among those of its event.
    pub id: String,
    /// What it is called, with the state before it.
    pub heading: String,
    /// When it starts.
    pub start: Moment,
    /// When it ends.
    pub end: Option<Moment>,
    /// When it should have started, if it was given another day.
    pub previous: Option<Moment>,
    /// Whether it lasts whole days.
    pub all_day: bool,
    /// When it is over.
    pub last: Timestamp,
    /// The word of its status.
    pub status: &'static str,
    /// How many times calendars have had to hear of it.
    pub sequence: usize,
    /// What must be known first, in sentences.
    pub news: Option<String>,
    /// Where it takes place.
    pub place: Option<PlaceView>,
    /// How to take part on the net; the address only while there is something to join.
    pub online: Option<OnlineView>,
}

impl OccurrenceCard {
    /// Those that take place, as far as anybody knows; all of them when none does.
    pub fn counted(all: &[Self]) -> Vec<&Self> {
        let is_held = |occurrence: &&Self| !matches!(occurrence.status, "cancelled" | "postponed");
        let held: Vec<&Self> = all.iter().filter(is_held).collect();
        if held.is_empty() { all.iter().collect() } else { held }
    }

    /// Where it takes place, in a line.
    pub fn location(&self) -> Option<String> {
        let place = self.place.as_ref().map(|place| &place.words);
        let words: Vec<&str> =
            place.into_iter().chain(self.online.as_ref().map(|online| &online.words)).map(String::as_str).collect();
        Some(words.join("; ")).filter(|words| !words.is_empty())
    }
}

/// What other pages may know of a tool.
#[derive(Clone, Debug, PartialEq)]
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
