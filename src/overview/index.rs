//! The cards in the orders that overviews show them, each order made once.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::model::card::Phase;
use crate::model::{Card, Kind};
use crate::plan::Planner;

/// All cards that overviews list.
pub struct Index<'a> {
    /// Posts, newest first.
    pub posts: Vec<&'a Card>,
    /// Tools, newest first.
    pub tools: Vec<&'a Card>,
    /// Events that go on now, the one that began first ahead.
    pub ongoing: Vec<&'a Card>,
    /// Events to come, soonest first. Cancelled ones stay until their day has passed.
    pub upcoming: Vec<&'a Card>,
    /// Events that wait for a new date.
    pub undated: Vec<&'a Card>,
    /// Events behind, latest first.
    pub past: Vec<&'a Card>,
    /// Posts by their authors' slugs, newest first. Only persons of the site.
    pub authors: BTreeMap<&'a str, Vec<&'a Card>>,
    /// What feeds tell of, latest changed first.
    pub changed: Vec<&'a Card>,
}

impl<'a> Index<'a> {
    /// Puts the cards in their orders.
    pub fn new(planner: &Planner<'a>) -> Self {
        let catalogue = planner.catalogue;
        let in_phase = |phase| {
            let event = move |card: &Card| card.event.as_ref().is_some_and(|event| event.phase == phase);
            sorted(catalogue.of_kind(Kind::Event).filter(|card| event(card)).collect(), beginning)
        };
        Self {
            posts: catalogue.at(Some(&catalogue.index.posts)).collect(),
            authors: by_author(planner),
            tools: sorted(catalogue.of_kind(Kind::Tool).collect(), |card| card.published.map(|date| date.instant)),
            ongoing: soonest_first(in_phase(Phase::Ongoing)),
            upcoming: soonest_first(in_phase(Phase::Upcoming)),
            undated: soonest_first(in_phase(Phase::Undated)),
            past: in_phase(Phase::Past),
            changed: changed(catalogue.cards.iter()),
        }
    }
}

/// The posts, events and tools among cards, latest changed first: what a feed tells of.
pub fn changed<'a>(cards: impl Iterator<Item = &'a Card>) -> Vec<&'a Card> {
    let told = cards.filter(|card| !card.unpublished && matches!(card.kind, Kind::Post | Kind::Event | Kind::Tool));
    sorted(told.filter(|card| card.updated.is_some()).collect(), |card| card.updated.map(|date| date.instant))
}

/// The day that lists of mixed kinds are ordered by: an event's first day, or the day of publication.
pub fn day_of(card: &Card) -> Option<Timestamp> {
    beginning(card).or(card.published.map(|date| date.instant))
}

/// Newest first; among equals, and where there is no date, by path.
pub fn newest_first(one: &Card, other: &Card, date: impl Fn(&Card) -> Option<Timestamp>) -> Ordering {
    date(other).cmp(&date(one)).then_with(|| one.path.cmp(&other.path))
}

fn sorted(mut cards: Vec<&Card>, date: impl Fn(&Card) -> Option<Timestamp>) -> Vec<&Card> {
    cards.sort_by(|one, other| newest_first(one, other, &date));
    cards
}

fn soonest_first(mut cards: Vec<&Card>) -> Vec<&Card> {
    cards.sort_by(|one, other| beginning(one).cmp(&beginning(other)).then_with(|| one.path.cmp(&other.path)));
    cards
}

fn beginning(card: &Card) -> Option<Timestamp> {
    card.event.as_ref().map(|event| event.first.instant)
}

fn by_author<'a>(planner: &Planner<'a>) -> BTreeMap<&'a str, Vec<&'a Card>> {
    let catalogue = planner.catalogue;
    let known =
        catalogue.index.by_author.iter().filter(|(slug, _)| planner.context.registry.people.contains_key(*slug));
    known.map(|(slug, posts)| (slug.as_str(), catalogue.at(Some(posts)).collect())).collect()
}
