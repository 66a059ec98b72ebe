//! What search engines are told of an event: schema.org/Event, one for each occasion when there are several.

use serde_json::Value;

use super::keys::{ProgrammeKeys, Speaker, Status};
use super::state::RegistrationState;
use super::{Event, Occurrence, Registration};
use crate::data::Located;
use crate::diagnostic::Report;
use crate::model::card::{EventCard, OccurrenceCard, Phase};
use crate::plan::Planner;
use crate::plan::linked::Thing;
use crate::text::date::Moment;
use crate::view::ImageView;

/// Describes an event.
pub fn event(event: &Event, image: Option<&ImageView>, planner: &Planner) -> Option<Value> {
    let common = &event.common;
    let card = planner.catalogue.card(&common.path)?.event.as_ref()?;
    let url = planner.settings().absolute(&common.route);
    let series = event.series.as_ref().and_then(|slug| planner.context.registry.series.get(&slug.value));
    let thing = planner.thing("Event", common, image);
    let thing = planner
        .time_and_place(thing, card.status, &card.occurrences, &url)?
        .with("organizer", planner.by_organization())
        .each("performer", performers(event, planner))
        .maybe("offers", offer(event, &url, planner))
        .maybe("superEvent", series.map(|series| planner.series_thing(series)))
        .each("subEvent", sub_events(event, card, &url, planner));
    Some(thing.into())
}

/// The occasions, when they are several. What does not change from one to the next stands in the event.
fn sub_events(event: &Event, card: &EventCard, url: &str, planner: &Planner) -> Vec<Value> {
    if card.occurrences.len() < 2 {
        return Vec::new();
    }
    let thing = |(occasion, own): (&OccurrenceCard, &Occurrence)| {
        let name = own.title.as_ref().unwrap_or(&event.common.title.value);
        let thing = Thing::new("Event").with("name", name.as_str()).with("url", url);
        let thing = planner.time_and_place(thing, occasion.status, std::slice::from_ref(occasion), url)?;
        Some(thing.with("organizer", planner.by_organization()).into())
    };
    card.occurrences.iter().zip(&event.occurrences).filter_map(thing).collect()
}

/// Those who speak, and the organisations of programme items that name no speaker.
fn performers(event: &Event, planner: &Planner) -> Vec<Value> {
    let mut performers = Vec::new();
    for item in &event.programme {
        let found = if item.speakers.is_empty() {
            organisations(event, item, planner)
        } else {
            item.speakers.iter().map(|speaker| person(event, speaker, planner)).collect()
        };
        performers.extend(found.into_iter().filter(|performer| !performers.contains(performer)).collect::<Vec<_>>());
    }
    performers
}

fn organisations(event: &Event, item: &ProgrammeKeys, planner: &Planner) -> Vec<Value> {
    let names = item.organisation.0.iter().filter_map(|slug| organisation(event, slug, planner));
    names.map(|name| Thing::new("Organization").with("name", name).into()).collect()
}

fn person(event: &Event, speaker: &Speaker, planner: &Planner) -> Value {
    let organisation = speaker.organisation.as_ref().and_then(|slug| organisation(event, slug, planner));
    let organisation = organisation.map(|name| Thing::new("Organization").with("name", name));
    Thing::new("Person")
        .with("name", speaker.name.as_str())
        .maybe("jobTitle", speaker.role.clone())
        .maybe("affiliation", organisation)
        .into()
}

/// What an organisation was called on the day of the event. An unknown one is reported where the programme is shown.
fn organisation(event: &Event, slug: &Located<String>, planner: &Planner) -> Option<String> {
    let day = event.occurrences.first().map(|occurrence| &occurrence.start);
    planner.context.organisation(slug, day, &mut Report::default())
}

const SOLD_OUT: &str = "https://schema.org/SoldOut";

/// How to take part, while that can be said.
fn offer(event: &Event, url: &str, planner: &Planner) -> Option<Thing> {
    if event.phase(planner.desk(), planner.context.registry) == Phase::Past {
        return None;
    }
    let full = || Thing::new("Offer").with("url", url).with("availability", SOLD_OUT);
    let Some(registration) = event.registration.as_ref() else {
        let is_full = event.status(planner.context.registry) == Status::Full;
        return is_full.then(full);
    };
    let availability = match event.registration_state(planner.desk(), planner.context.registry) {
        RegistrationState::None | RegistrationState::Past => return None,
        RegistrationState::NotOpen | RegistrationState::Open => "https://schema.org/InStock",
        RegistrationState::Full | RegistrationState::Closed => SOLD_OUT,
    };
    Some(describe_offer(event, registration, url, planner).with("availability", availability))
}

fn describe_offer(event: &Event, registration: &Registration, url: &str, planner: &Planner) -> Thing {
    let zone = &planner.settings().zone;
    let start = event.last_chance(registration, planner.context.registry).map(|occurrence| occurrence.start);
    let closes = registration.closes.map(|written| event.closes(&written, registration, planner));
    let closes = closes.or(start).map(|closes| Moment::of(closes.over(zone), zone));
    Thing::new("Offer")
        .with("url", registration.url.as_deref().unwrap_or(url))
        .maybe("validFrom", registration.opens.as_ref().map(|opens| planner.instant(opens)))
        .maybe("validThrough", closes.as_ref().map(|closes| planner.instant(closes)))
        .maybe("description", registration.cost.clone())
}
