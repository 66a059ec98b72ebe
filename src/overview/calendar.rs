//! Calendars: of each event, of each series, and one of all that is ahead and of the past year.
//!
//! Each occasion is an event of its own to a calendar, with a UID made of the entry's id, so that it stays when the
//! file is moved or gets another title. What the clock says plays no part in an occasion, only in which of them the
//! section's calendar holds.

use jiff::{Timestamp, ToSpan};
use rayon::prelude::*;

use crate::diagnostic::Report;
use crate::model::card::{EventCard, OccurrenceCard};
use crate::model::{Card, Kind, Occasion};
use crate::overview::ical::{self, Calendar, Conference, Organizer, Status, Time};
use crate::plan::{Output, Planner};

/// How many years the section's calendar looks back.
const YEARS_BACK: i64 = 1;

/// Makes all calendars, if events have them.
pub fn outputs(planner: &Planner) -> Vec<Output> {
    if !planner.settings().sections.events.calendar {
        return Vec::new();
    }
    let writer = Writer { planner, organizer: organizer(planner) };
    let mut outputs = vec![writer.of_section()];
    outputs.extend(planner.catalogue.of_kind(Kind::Series).filter_map(|card| writer.of_series(card)));
    let events: Vec<&Card> = planner.catalogue.of_kind(Kind::Event).collect();
    outputs.par_extend(events.into_par_iter().map(|card| writer.of_event(card)));
    outputs
}

/// The organisation behind the site, when it can be reached.
fn organizer(planner: &Planner) -> Option<Organizer> {
    let settings = planner.settings();
    // An unknown organisation is reported where the site's own facts are read.
    let mut unheard = Report::default();
    let slug = settings.organisation.as_ref();
    let name = slug.and_then(|slug| planner.context.organisation(slug, None, &mut unheard));
    let mut people = settings.contact.iter().filter_map(|slug| planner.context.registry.people.get(&slug.value));
    let email = settings.email.clone().or_else(|| people.find_map(|person| person.email.clone()));
    Some(Organizer { name: name.unwrap_or_else(|| settings.title.clone()), email: email? })
}

/// Writes calendars of cards.
struct Writer<'a> {
    planner: &'a Planner<'a>,
    organizer: Option<Organizer>,
}

impl Writer<'_> {
    fn of_section(&self) -> Output {
        let section = &self.planner.settings().sections.events;
        let recent =
            |card: &Card, occurrence: &OccurrenceCard| !card.unpublished && !self.is_long_past(card, occurrence);
        let cards = self.planner.catalogue.of_kind(Kind::Event);
        self.output(&section.title, section.summary.as_deref(), &section.route, cards, recent)
    }

    fn of_series(&self, card: &Card) -> Option<Output> {
        let series = self.planner.context.registry.series.iter().find(|(_, series)| series.path == card.path);
        let cards = self.planner.catalogue.at(self.planner.catalogue.index.by_series.get(series?.0));
        Some(self.output(&card.title, card.summary.as_deref(), &card.route, cards, |card, _| !card.unpublished))
    }

    fn of_event(&self, card: &Card) -> Output {
        self.output(&card.title, card.summary.as_deref(), &card.route, std::iter::once(card), |_, _| true)
    }

    /// Whether an occasion was over more than a year ago.
    fn is_long_past(&self, card: &Card, occurrence: &OccurrenceCard) -> bool {
        let zone = &self.planner.settings().zone;
        let last = occurrence.last.to_zoned(zone.clone());
        let leaves = last.checked_add(YEARS_BACK.years()).map_or(Timestamp::MAX, |leaves| leaves.timestamp());
        self.planner.desk().clock.has_come(leaves, Occasion::LeavesCalendar, &card.path)
    }

    fn output<'c>(
        &self,
        name: &str,
        description: Option<&str>,
        page: &str,
        cards: impl Iterator<Item = &'c Card>,
        wanted: impl Fn(&Card, &OccurrenceCard) -> bool,
    ) -> Output {
        let settings = self.planner.settings();
        let route = format!("{page}{}", settings.segments().calendar);
        let events: Vec<ical::Event> = cards.flat_map(|card| self.events(card, &wanted)).collect();
        let calendar = Calendar {
            name,
            description,
            language: &settings.language,
            page: &settings.absolute(page),
            source: &settings.absolute(&route),
            zone: &settings.zone,
            zone_name: &settings.zone_name,
            changed: events.iter().map(|event| event.stamp).max(),
            events,
        };
        Output::data(route, ical::write(&calendar), settings.place.clone())
    }

    fn events(&self, card: &Card, wanted: &impl Fn(&Card, &OccurrenceCard) -> bool) -> Vec<ical::Event> {
        let Some(event) = &card.event else { return Vec::new() };
        let occurrences = event.occurrences.iter().filter(|occurrence| wanted(card, occurrence));
        occurrences.map(|occurrence| self.event(card, event, occurrence)).collect()
    }

    fn event(&self, card: &Card, event: &EventCard, occurrence: &OccurrenceCard) -> ical::Event {
        let settings = self.planner.settings();
        let changed = card.updated.or(card.published).map_or(Timestamp::UNIX_EPOCH, |date| date.instant);
        ical::Event {
            uid: format!("event/{}/{}@{}", card.id, occurrence.id, settings.authority),
            sequence: occurrence.sequence,
            stamp: changed,
            created: card.published.map(|date| date.instant),
            time: self.time(occurrence),
            status: status(occurrence.status),
            summary: occurrence.heading.clone(),
            description: self.description(card, occurrence),
            location: occurrence.location(),
            url: settings.absolute(&card.route),
            conference: conference(occurrence),
            organizer: self.organizer.clone(),
            contacts: event.contacts.clone(),
            categories: card.tags.clone(),
        }
    }

    fn time(&self, occurrence: &OccurrenceCard) -> Time {
        let zone = &self.planner.settings().zone;
        if occurrence.all_day {
            let last = occurrence.end.as_ref().unwrap_or(&occurrence.start);
            return Time::Days { first: occurrence.start.day(), last: last.day() };
        }
        Time::Timed { start: occurrence.start.instant, end: occurrence.end.map(|end| end.over(zone)) }
    }

    /// The news first, then what the event is, how to take part, and where to read more.
    fn description(&self, card: &Card, occurrence: &OccurrenceCard) -> String {
        let join = occurrence.online.as_ref().and_then(|online| online.url.clone());
        let page = self.planner.settings().absolute(&card.route);
        let paragraphs = [occurrence.news.clone(), card.summary.clone(), join, Some(page)];
        paragraphs.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
    }
}

fn status(word: &str) -> Status {
    match word {
        "cancelled" => Status::Cancelled,
        "postponed" => Status::Tentative,
        _ => Status::Confirmed,
    }
}

fn conference(occurrence: &OccurrenceCard) -> Option<Conference> {
    let online = occurrence.online.as_ref()?;
    Some(Conference { url: online.url.clone()?, label: online.words.clone() })
}
