//! What lists, feeds and calendars show of an event: its card, and the words for its state, time and place.

use std::collections::BTreeSet;

use super::check::check;
use super::keys::{OnlineKeys, PlaceKeys, Status};
use super::state::RegistrationState;
use super::{Event, Occurrence};
use crate::diagnostic::Report;
use crate::model::card::{EventCard, OccurrenceCard, Phase};
use crate::model::common::Contact;
use crate::model::registry::Change;
use crate::model::{Card, Registry};
use crate::plan::{CardContext, Words};
use crate::text::words::uncapitalised;
use crate::view::{Badge, OnlineView, PlaceView};

/// Makes the card of an event.
pub fn card(event: &Event, context: &CardContext, report: &mut Report) -> Card {
    let (registry, words) = (context.registry, context.words);
    if let Some(series) = &event.series {
        registry.series(series, report);
    }
    check(event, context, report);
    let status = event.status(registry);
    let phase = event.phase(&context.desk, registry);
    let title = heading(words, status, &event.common.title.value);
    let next = event.next_occurrence(&context.desk, registry);
    let card = EventCard {
        first: next.start,
        day: (status != Status::Postponed).then(|| next.start.day()),
        when: when(event, context, status),
        place: place_words(event, context, status),
        phase,
        series: event.series.as_ref().map(|series| series.value.clone()),
        status: status.word(),
        news: news(event, status, None, context)
            .or_else(|| news_of_occasions(event, status, context))
            .or_else(|| latest_news(event, None, context)),
        occurrences: event.occurrences.iter().map(|occurrence| occurrence_card(event, occurrence, context)).collect(),
        contacts: contact_lines(event, context),
    };
    // Also what it is spared from: an exception that is made later does not make the entry older. That there is no room left is no news for feeds and calendars.
    let news = event.all_changes(registry).into_iter().filter(|change| change.what != Status::Full.word());
    let changed = news.map(|change| change.date.value).max();
    let badges = badges(event, context, status, phase);
    let card = Card { event: Some(card), ..context.card(&event.common, title, badges, report) };
    Card { updated: card.updated.max(changed), ..card }
}

fn occurrence_card(event: &Event, occurrence: &Occurrence, context: &CardContext) -> OccurrenceCard {
    let status = event.status_of(occurrence, context.registry);
    let title = occurrence.title.as_ref();
    let title = title.map_or_else(
        || event.common.title.value.clone(),
        |own| context.words.format("events.occasion", &[("title", &event.common.title.value), ("occasion", own)]),
    );
    let (place, online) = whereabouts(event, occurrence, status);
    OccurrenceCard {
        id: occurrence.id.clone(),
        heading: heading(context.words, status, &title),
        start: occurrence.start,
        end: occurrence.end,
        previous: (status == Status::Rescheduled)
            .then(|| event.earlier_date(Some(occurrence), context.registry))
            .flatten(),
        all_day: occurrence.all_day,
        last: occurrence.last_instant(&context.settings().zone),
        status: status.word(),
        sequence: event.sequence(occurrence, context.registry),
        news: news(event, status, Some(occurrence), context).or_else(|| latest_news(event, Some(occurrence), context)),
        place: place.map(place_view),
        online: online.map(|online| online_view(online, context.words, status.is_held())),
    }
}

/// The title with the state before it.
pub fn heading(words: &Words, status: Status, title: &str) -> String {
    match status {
        Status::Cancelled => words.format("headings.cancelled", &[("title", title)]),
        Status::Postponed => words.format("headings.postponed", &[("title", title)]),
        Status::MovedOnline => words.format("headings.moved_online", &[("title", title)]),
        Status::Planned | Status::Rescheduled | Status::Full => title.to_owned(),
    }
}

/// What must be known first of an event or of one of its occasions: the state and why, in sentences.
fn news(event: &Event, status: Status, occurrence: Option<&Occurrence>, context: &CardContext) -> Option<String> {
    if !status.is_a_change() {
        return None;
    }
    // Feeds and calendars are read later than they are fetched, so what they say holds before and after.
    let title = with_new_date(context.words.of("states", status.word()), event, status, occurrence, context);
    let text = state_text(event, status, occurrence, context);
    Some(text.map_or_else(|| format!("{title}."), |text| format!("{title}. {text}")))
}

/// What a banner calls a state.
pub fn banner_title(event: &Event, status: Status, phase: Phase, context: &CardContext) -> String {
    let title = match (status, phase) {
        (Status::MovedOnline, Phase::Past) => context.words.text("banners.was_online"),
        _ => context.words.of("banners", status.word()),
    };
    with_new_date(title, event, status, None, context)
}

/// The name of a state, and the date that it is about if that is a new one.
fn with_new_date(
    title: String,
    event: &Event,
    status: Status,
    occurrence: Option<&Occurrence>,
    context: &CardContext,
) -> String {
    if status != Status::Rescheduled {
        return title;
    }
    let when = days(&moved(event, occurrence, context.registry), context);
    context.words.format("events.occasion", &[("title", &title), ("occasion", &when)])
}

/// How many occasions with a state of their own are told of in a line.
const TOLD: usize = 5;

/// What must be known of the occasions that have another state than the event.
fn news_of_occasions(event: &Event, status: Status, context: &CardContext) -> Option<String> {
    let news = event.occurrences.iter().filter_map(|occurrence| {
        let own = event.status_of(occurrence, context.registry);
        let news = news(event, own, Some(occurrence), context).filter(|_| own != status)?;
        if own == Status::Rescheduled {
            // It begins with the date.
            return Some(news);
        }
        let when = only_days(&[occurrence], context);
        Some(context.words.format("events.occasion", &[("title", &when), ("occasion", &news)]))
    });
    let news: Vec<String> = news.take(TOLD).collect();
    (!news.is_empty()).then(|| news.join(" "))
}

/// What happened last, when it left the event as it was announced: that it takes place after all, another programme.
fn latest_news(event: &Event, occurrence: Option<&Occurrence>, context: &CardContext) -> Option<String> {
    let mut history = event.history(context.registry);
    history.retain(|change| occurrence.is_none_or(|occurrence| change.concerns(&occurrence.id)));
    let last = history.last().filter(|change| matches!(change.what, "restored" | "programme" | "note"))?;
    let title = context.words.of("states", last.what);
    let words = last.reason.as_ref().map_or_else(|| format!("{title}."), |reason| format!("{title}. {reason}"));
    Some(with_days(words, last, occurrence, context))
}

/// What is told of a change, after the days of the occasion that it names, unless that one alone is told of.
fn with_days(words: String, change: &Change, told_of: Option<&Occurrence>, context: &CardContext) -> String {
    let Some(occasion) = change.occasion.as_ref().filter(|_| told_of.is_none()) else { return words };
    let days = context.words.all_days(&[occasion.days]);
    context.words.format("events.occasion", &[("title", &days), ("occasion", &words)])
}

/// Why the event, or one of its occasions, has its state, and what that means, in sentences.
pub fn state_text(
    event: &Event,
    status: Status,
    occurrence: Option<&Occurrence>,
    context: &CardContext,
) -> Option<String> {
    let change = event.latest(status, occurrence, context.registry);
    let of_change = |change: &Change| Some(with_days(change.reason.clone()?, change, occurrence, context));
    let own = occurrence.and_then(|occurrence| occurrence.reason.clone());
    let of_any = || event.occurrences.iter().find_map(|known| known.reason.clone()).filter(|_| occurrence.is_none());
    let reason = own.or_else(|| change.and_then(of_change)).or_else(of_any);
    let meaning = match status {
        Status::Postponed => Some(postponed_words(event, occurrence, context)),
        Status::Rescheduled => earlier_words(event, occurrence, context),
        _ => None,
    };
    let sentences: Vec<String> = reason.into_iter().chain(meaning).collect();
    Some(sentences.join(" ")).filter(|text| !text.is_empty())
}

/// The days that are not to be: of an occasion, or of all.
fn postponed_words(event: &Event, occurrence: Option<&Occurrence>, context: &CardContext) -> String {
    let occurrences = occurrence.map_or_else(|| event.counted(context.registry), |occurrence| vec![occurrence]);
    let previous = days(&occurrences, context);
    context.words.format("banners.postponed_text", &[("previous", &previous)])
}

/// The occasions that were given another day: one of them, or those that say so, or else all.
fn moved<'a>(event: &'a Event, occurrence: Option<&'a Occurrence>, registry: &Registry) -> Vec<&'a Occurrence> {
    if let Some(occurrence) = occurrence {
        return vec![occurrence];
    }
    let moved: Vec<_> = event.occurrences.iter().filter(|occurrence| occurrence.previous.is_some()).collect();
    if moved.is_empty() { event.counted(registry) } else { moved }
}

/// The earlier date of what was given another day; its time too where only that is new.
fn earlier_words(event: &Event, occurrence: Option<&Occurrence>, context: &CardContext) -> Option<String> {
    let (words, registry) = (context.words, context.registry);
    let moved = moved(event, occurrence, registry);
    let earlier = |occurrence: &Occurrence| event.earlier_date(Some(occurrence), registry);
    let previous = match moved[..] {
        [only] if earlier(only)?.day() == only.start.day() => words.moment(&earlier(only)?),
        _ => {
            let mut days: Vec<_> = moved.into_iter().filter_map(earlier).map(|date| (date.day(), date.day())).collect();
            days.dedup();
            (!days.is_empty()).then(|| words.all_days(&days))?
        }
    };
    Some(words.format("banners.rescheduled_text", &[("previous", &previous)]))
}

/// The states in words, the gravest first. What has been cancelled has no other state.
pub fn badges(event: &Event, context: &CardContext, status: Status, phase: Phase) -> Vec<Badge> {
    let words = context.words;
    let of_status = (status != Status::Planned).then(|| words.badge(status.word()));
    if matches!(status, Status::Cancelled | Status::Postponed) {
        return of_status.into_iter().collect();
    }
    let of_phase = match phase {
        Phase::Past => Some(words.badge("past")),
        Phase::Ongoing => Some(words.badge("ongoing")),
        Phase::Upcoming | Phase::Undated => None,
    };
    let of_registration = match event.registration_state(&context.desk, context.registry) {
        RegistrationState::Full if status == Status::Full => None,
        RegistrationState::None | RegistrationState::Past => None,
        state => Some(words.badge(state.word())),
    };
    // A full event that is past was simply held.
    let of_status = of_status.filter(|_| !(status == Status::Full && phase == Phase::Past));
    let of_occasions = badges_of_occasions(event, context, status);
    of_status.into_iter().chain(of_occasions).chain(of_phase).chain(of_registration).collect()
}

/// The states that some occasions have and the event has not, each with its days. What is over is no news any more, but
/// days that are not to be do not pass.
fn badges_of_occasions(event: &Event, context: &CardContext, status: Status) -> Vec<Badge> {
    let words = context.words;
    let badge = |own: Status| {
        let is_news = |occurrence: &&Occurrence| {
            event.status_of(occurrence, context.registry) == own
                && (own == Status::Postponed || !event.is_over(occurrence, &context.desk))
        };
        let occurrences: Vec<&Occurrence> = event.occurrences.iter().filter(is_news).collect();
        if occurrences.is_empty() {
            return None;
        }
        let (state, days) = (words.of("states", own.word()), only_days(&occurrences, context));
        let words = words.format("events.some", &[("state", &state), ("days", &days)]);
        Some(Badge { kind: format!("some_{}", own.word()), words })
    };
    let others = Status::ALL.iter().copied().filter(|own| *own != status && *own != Status::Planned);
    others.filter_map(badge).collect()
}

/// When it takes place, in words; for what has several occasions, all their days.
pub fn when(event: &Event, context: &CardContext, status: Status) -> String {
    if status == Status::Postponed {
        return context.words.text("events.undated");
    }
    // What does not take place is said in the list of occasions, not among the dates to keep free.
    days(&event.counted(context.registry), context)
}

/// How many days are named in a line.
const DAYS: usize = 4;

/// When some occasions are, in words.
fn days(occurrences: &[&Occurrence], context: &CardContext) -> String {
    match occurrences {
        [only] => context.words.range(&only.start, only.end.as_ref(), only.all_day),
        several => only_days(several, context),
    }
}

/// On which days some occasions are, in words.
fn only_days(occurrences: &[&Occurrence], context: &CardContext) -> String {
    let named = &occurrences[..occurrences.len().min(DAYS)];
    let days = named.iter().map(|occurrence| occurrence.days());
    let more = if occurrences.len() > DAYS { " …" } else { "" };
    context.words.all_days(&days.collect::<Vec<_>>()) + more
}

/// How many of its places are named in a line.
const PLACES: usize = 3;

/// Where, in a few words: the towns of the days to keep free, or that it is on the net.
fn place_words(event: &Event, context: &CardContext, status: Status) -> Option<String> {
    if status == Status::MovedOnline {
        return Some(context.words.text("events.online"));
    }
    let mut places: Vec<String> = Vec::new();
    for occurrence in event.counted(context.registry) {
        let status = event.status_of(occurrence, context.registry);
        let place = town(whereabouts(event, occurrence, status), context).filter(|place| !places.contains(place));
        places.extend(place);
        if places.len() > PLACES {
            places.truncate(PLACES);
            let more = context.words.list(&in_a_line(places, context)) + " …";
            return Some(more);
        }
    }
    (!places.is_empty()).then(|| context.words.list(&in_a_line(places, context)))
}

/// Places as they stand beside each other: only the first of them begins a line, so "Digitalt" is written small after a town.
fn in_a_line(mut places: Vec<String>, context: &CardContext) -> Vec<String> {
    let online = context.words.text("events.online");
    for place in places.iter_mut().skip(1).filter(|place| **place == online) {
        *place = uncapitalised(place);
    }
    places
}

fn town((place, online): (Option<&PlaceKeys>, Option<&OnlineKeys>), context: &CardContext) -> Option<String> {
    let town = place.and_then(|place| place.city.clone().or_else(|| place.name.clone()));
    town.or_else(|| online.map(|_| context.words.text("events.online")))
}

/// Where an occasion takes place, and how to take part on the net. One with a place of its own is only there.
pub fn whereabouts<'a>(
    event: &'a Event,
    occurrence: &'a Occurrence,
    status: Status,
) -> (Option<&'a PlaceKeys>, Option<&'a OnlineKeys>) {
    static ONLINE: OnlineKeys = OnlineKeys { url: None, platform: None };
    let elsewhere = occurrence.place.is_some() || occurrence.online.is_some();
    let (place, online) = if elsewhere {
        (occurrence.place.as_ref(), occurrence.online.as_ref())
    } else {
        (event.place.as_ref(), event.online.as_ref())
    };
    if status == Status::MovedOnline {
        (None, online.or(event.online.as_ref()).or(Some(&ONLINE)))
    } else {
        (place, online)
    }
}

pub fn place_view(place: &PlaceKeys) -> PlaceView {
    let pieces = [&place.name, &place.address, &place.city];
    let words: Vec<&str> = pieces.into_iter().flatten().map(String::as_str).collect();
    PlaceView {
        words: words.join(", "),
        name: place.name.clone(),
        address: place.address.clone(),
        city: place.city.clone(),
        map: place.map.as_ref().map(|map| map.0.clone()),
    }
}

/// A meeting on the net; where to join only while there is something to join.
pub fn online_view(online: &OnlineKeys, words: &Words, joinable: bool) -> OnlineView {
    let platform = online.platform.as_ref();
    OnlineView {
        words: platform.map_or_else(
            || words.text("events.online"),
            |platform| words.format("events.online_platform", &[("platform", platform)]),
        ),
        url: online.url.as_ref().filter(|_| joinable).map(|url| url.0.clone()),
    }
}

/// Those who answer for an event, or for its registration, each in a line.
fn contact_lines(event: &Event, context: &CardContext) -> Vec<String> {
    let of_registration = event.registration.iter().flat_map(|registration| &registration.contact);
    let contacts: Vec<&Contact> = event.common.contact.iter().chain(of_registration).collect();
    let mut lines: Vec<String> = contacts.into_iter().filter_map(|contact| contact_line(contact, context)).collect();
    let mut seen = BTreeSet::new();
    lines.retain(|line| seen.insert(line.clone()));
    lines
}

fn contact_line(contact: &Contact, context: &CardContext) -> Option<String> {
    let line = |name: &String, email: &Option<String>, phone: &Option<String>| {
        std::iter::once(name).chain(email).chain(phone).cloned().collect::<Vec<_>>().join(", ")
    };
    match contact {
        Contact::Outside(contact) => Some(line(&contact.name, &contact.email, &contact.phone)),
        Contact::Person(slug) => {
            let person = context.registry.people.get(&slug.value)?;
            Some(line(&person.name, &person.email, &person.phone))
        }
    }
}
