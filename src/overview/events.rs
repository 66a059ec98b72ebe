//! The events: those ahead at the section's address, those behind in the archive.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::{Card, Kind};
use crate::overview::index::Index;
use crate::overview::list::{List, Overview, above, latest, views};
use crate::plan::Planner;
use crate::view::{CalendarView, CardView, Head, LinkView, Pager};

/// How many of the latest events are shown below those ahead.
const RECENT: usize = 3;

/// The events ahead and those going on.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct EventListView {
    /// What stands around the page.
    pub head: Head,
    /// The heading.
    pub title: String,
    /// A sentence about the section.
    pub summary: Option<String>,
    /// Events that go on now.
    pub ongoing: Vec<CardView>,
    /// Events to come, soonest first.
    pub upcoming: Vec<CardView>,
    /// Postponed events, whose new date is not known.
    pub undated: Vec<CardView>,
    /// The series: those with events ahead first.
    pub series: Vec<CardView>,
    /// The way to the archive.
    pub archive: LinkView,
    /// The events held last.
    pub recent: Vec<CardView>,
    /// The address of the events' feed.
    pub feed: Option<String>,
    /// The calendar of all that is ahead, and of the past year.
    pub calendar: Option<CalendarView>,
}

/// A page of the events behind.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct EventArchiveView {
    /// What stands around the page.
    pub head: Head,
    /// The heading.
    pub title: String,
    /// The years, latest first.
    pub years: Vec<YearView>,
    /// How to get to the other pages.
    pub pager: Pager,
    /// The way to the events ahead.
    pub current: LinkView,
}

/// The events of a year.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct YearView {
    /// The year.
    pub title: String,
    /// Its events, latest first.
    pub events: Vec<CardView>,
}

/// Makes the list and the archive.
pub fn pages(planner: &Planner, index: &Index) -> Vec<Overview> {
    let section = &planner.settings().sections.events;
    let route = format!("{}{}/", section.route, planner.settings().segments().archive);
    let mut pages = archive(planner, index, &route);
    pages.insert(0, list(planner, index, &route));
    pages
}

fn list(planner: &Planner, index: &Index, archive: &str) -> Overview {
    let section = &planner.settings().sections.events;
    let feed = planner.feed_of_section(section);
    let list =
        List { feeds: feed.clone().into_iter().collect(), ..List::of_section("event_list.html", "events", section) };
    let recent: Vec<&Card> = index.past.iter().copied().filter(|card| was_held(card)).take(RECENT).collect();
    let shown = [&index.ongoing, &index.upcoming, &index.undated, &recent];
    let changed = shown.into_iter().filter_map(|cards| latest(cards)).max();
    list.page(planner, changed, |head| EventListView {
        head,
        title: section.title.clone(),
        summary: section.summary.clone(),
        ongoing: views(planner, &index.ongoing),
        upcoming: views(planner, &index.upcoming),
        undated: views(planner, &index.undated),
        series: views(planner, &series(planner, index)),
        archive: LinkView { title: planner.words().text("events.archive"), url: planner.href(archive) },
        recent: views(planner, &recent),
        feed: planner.feed_href(feed),
        calendar: planner.calendar(&section.route),
    })
}

fn was_held(card: &Card) -> bool {
    card.event.as_ref().is_some_and(|event| event.status != "cancelled")
}

/// The series: those with events ahead first, in the order of their next event; then the others by title.
fn series<'a>(planner: &Planner<'a>, index: &Index) -> Vec<&'a Card> {
    let ahead = [&index.ongoing, &index.upcoming, &index.undated].into_iter().flatten();
    let mut next: HashMap<&str, usize> = HashMap::new();
    for (nth, slug) in ahead.filter_map(|card| card.event.as_ref()?.series.as_deref()).enumerate() {
        if let Some(series) = planner.context.registry.series.get(slug) {
            next.entry(&series.path).or_insert(nth);
        }
    }
    let place = |card: &Card| next.get(&*card.path).copied().unwrap_or(usize::MAX);
    let mut cards: Vec<&Card> = planner.catalogue.of_kind(Kind::Series).collect();
    cards.sort_by(|one, other| {
        let by_title = || planner.words().compare(&one.title, &other.title).then_with(|| one.path.cmp(&other.path));
        place(one).cmp(&place(other)).then_with(by_title)
    });
    cards
}

fn archive(planner: &Planner, index: &Index, route: &str) -> Vec<Overview> {
    let section = &planner.settings().sections.events;
    let title = planner.words().format("events.archive_title", &[("title", &section.title)]);
    let list = List {
        route,
        title: &title,
        summary: None,
        above: above(section),
        feeds: planner.feed_of_section(section).into_iter().collect(),
        ..List::of_section("event_archive.html", "events", section)
    };
    list.pages(planner, &index.past, section.per_page, |head, events, pager| EventArchiveView {
        head,
        title: title.clone(),
        years: years(planner, events),
        pager,
        current: LinkView { title: section.title.clone(), url: planner.href(&section.route) },
    })
}

/// Groups events that stand latest first.
fn years(planner: &Planner, events: &[&Card]) -> Vec<YearView> {
    let year = |card: &Card| card.event.as_ref().map(|event| event.first.day().year());
    let groups = events.chunk_by(|one, other| year(one) == year(other));
    let view = |group: &[&Card]| YearView {
        title: year(group[0]).map(|year| year.to_string()).unwrap_or_default(),
        events: views(planner, group),
    };
    groups.map(view).collect()
}
