//! Feeds as values: what each of them says, before it is written in a format.
//!
//! Ids are `tag:` URIs (RFC 4151) made of the site's host, the year that this scheme was fixed, and what the thing is:
//! `tag:mr.example.org,2026:event/mr-dagen`. They stay when a document is moved or gets another title, so that a
//! cancelled event is the same entry with a new `updated`. All times are of the sources; the clock plays no part.

use std::sync::Arc;

use crate::config::Settings;
use crate::config::settings::{FeedFormat, Section};
use crate::model::catalogue::Tag;
use crate::model::registry::{Person, Series};
use crate::model::{Card, Kind};
use crate::plan::Planner;
use crate::text::date::Moment;
use crate::view::{CalendarView, FeedLinkView};

/// The year of the `tag:` URIs. It is part of every id that was ever published and never changes.
const YEAR: &str = "2026";

/// What a feed says, in whichever format. Addresses are absolute.
#[derive(Debug)]
pub struct Feed {
    /// Its place in the site: the address of the page that shows the same.
    pub page: String,
    /// What it is called.
    pub title: String,
    /// What it holds, in a sentence.
    pub subtitle: Option<String>,
    /// When the latest change was made.
    pub updated: Option<Moment>,
    /// Who stands behind what no person has signed.
    pub author: String,
    /// What it tells of, latest changed first.
    pub entries: Vec<FeedEntry>,
}

/// What a feed says of an entry.
#[derive(Debug)]
pub struct FeedEntry {
    /// The id.
    pub id: String,
    /// The title with the state before it.
    pub title: String,
    /// The address.
    pub url: String,
    /// When it was published.
    pub published: Option<Moment>,
    /// When it was last changed in substance.
    pub updated: Option<Moment>,
    /// Names and addresses of those who wrote it.
    pub authors: Vec<(String, String)>,
    /// Its tags.
    pub tags: Vec<String>,
    /// The language, when it is not the site's.
    pub lang: Option<String>,
    /// What must be known first, in sentences: that an event is cancelled, and why.
    pub news: Option<String>,
    /// When and where, for an event.
    pub facts: Vec<String>,
    /// The summary.
    pub summary: Option<String>,
    /// The document whose body is the content; none where summaries are enough.
    pub body: Option<Arc<str>>,
}

/// A feed that a page names: its title, and the route of the page that shows the same.
#[derive(Clone, Debug)]
pub struct FeedLink {
    /// What it is called.
    pub title: String,
    /// The page.
    pub page: String,
}

/// The route of a page's feed.
pub fn route(page: &str, format: FeedFormat) -> String {
    match format {
        FeedFormat::Atom => format!("{page}feed.xml"),
        FeedFormat::Json => format!("{page}feed.json"),
    }
}

/// The media type of a feed (RFC 4287 §7, JSON Feed 1.1).
pub const fn media_type(format: FeedFormat) -> &'static str {
    match format {
        FeedFormat::Atom => "application/atom+xml",
        FeedFormat::Json => "application/feed+json",
    }
}

/// The id of an entry.
pub fn id_of(settings: &Settings, card: &Card) -> String {
    format!("tag:{},{YEAR}:{}/{}", settings.authority, card.kind.word(), card.id)
}

/// The id of a page's feed in a format.
pub fn id_of_feed(settings: &Settings, page: &str, format: FeedFormat) -> String {
    format!("tag:{},{YEAR}:{}", settings.authority, crate::text::address::encode(&route(page, format)))
}

impl Planner<'_> {
    /// The site's own feed.
    pub fn feed_of_site(&self) -> FeedLink {
        let title = self.words().format("feeds.site", &[("title", &self.settings().title)]);
        FeedLink { title, page: "/".to_owned() }
    }

    /// The feed of a section, if it has one.
    pub fn feed_of_section(&self, section: &Section) -> Option<FeedLink> {
        section.feed.then(|| self.feed_link(&section.title, &section.route))
    }

    /// The feed of a tag, if tags have feeds.
    pub fn feed_of_tag(&self, tag: &Tag) -> Option<FeedLink> {
        self.settings().sections.tags.feed.then(|| self.feed_link(&tag.title, &tag.route))
    }

    /// The feed of a series, if events have feeds.
    pub fn feed_of_series(&self, series: &Series) -> Option<FeedLink> {
        self.settings().sections.events.feed.then(|| self.feed_link(&series.title, &series.route))
    }

    /// The feed of what a person has written, if authors have feeds and the person has written.
    pub fn feed_of_author(&self, slug: &str, person: &Person) -> Option<FeedLink> {
        let section = &self.settings().sections.authors;
        let has_written = section.feed && self.catalogue.index.by_author.contains_key(slug);
        has_written.then(|| self.feed_link(&person.name, &format!("{}{slug}/", section.route)))
    }

    fn feed_link(&self, title: &str, page: &str) -> FeedLink {
        let values = [("site", self.settings().title.as_str()), ("section", title)];
        FeedLink { title: self.words().format("feeds.section", &values), page: page.to_owned() }
    }

    /// The links of a feed, one for each format.
    pub fn feed_links(&self, feed: &FeedLink) -> Vec<FeedLinkView> {
        let link = |format: &FeedFormat| FeedLinkView {
            title: feed.title.clone(),
            url: self.href(&route(&feed.page, *format)),
            r#type: media_type(*format).to_owned(),
        };
        self.settings().feeds.formats.iter().map(link).collect()
    }

    /// The address of a feed for readers to follow.
    pub fn feed_href(&self, feed: Option<FeedLink>) -> Option<String> {
        let format = *self.settings().feeds.formats.first()?;
        feed.map(|feed| self.href(&route(&feed.page, format)))
    }

    /// The calendar of the events on a page, if events have calendars.
    pub fn calendar(&self, page: &str) -> Option<CalendarView> {
        let url = self.calendar_of(page)?;
        let absolute = format!("{}{url}", self.settings().origin);
        let address = absolute.split_once("://").map_or(absolute.as_str(), |(_, rest)| rest);
        Some(CalendarView { subscribe: format!("webcal://{address}"), url })
    }

    /// The address of the calendar file of a page, if events have calendars.
    pub fn calendar_of(&self, page: &str) -> Option<String> {
        let settings = self.settings();
        settings.sections.events.calendar.then(|| self.href(&format!("{page}{}", settings.segments().calendar)))
    }
}

/// The kinds that feeds tell of.
pub const TOLD: [Kind; 3] = [Kind::Post, Kind::Event, Kind::Tool];
