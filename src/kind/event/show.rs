//! What pages show of an event: its card, and the view of `event.html`.

use schemars::JsonSchema;
use serde::Serialize;

use super::keys::{OnlineKeys, PlaceKeys, ProgrammeKeys, Speaker, Status, TYPED_STATUS};
use super::state::RegistrationState;
use super::{Event, Occurrence, Registration};
use crate::diagnostic::{Diagnostic, Report};
use crate::document::Document;
use crate::kind::post::entry_facts;
use crate::model::Card;
use crate::model::card::{EventCard, Phase};
use crate::model::common::Contact;
use crate::model::registry::Change;
use crate::plan::parts::{PageFacts, Topic};
use crate::plan::{CardContext, Page, Planner, Words};
use crate::text::address::{encode, resolve};
use crate::text::date::Moment;
use crate::view::{
    About, Badge, Banner, CardView, ContactView, Head, LinkView, OnlineView, PlaceView, ResourceView, TimeView,
};

/// What `event.html` sees.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct EventView {
    /// What stands around the page.
    pub head: Head,
    /// What every entry has.
    pub about: About,
    /// All its dates in words.
    pub when: Option<String>,
    /// Its occasions.
    pub occurrences: Vec<OccurrenceView>,
    /// Where it takes place.
    pub place: Option<PlaceView>,
    /// How to take part on the net.
    pub online: Option<OnlineView>,
    /// Its states in words.
    pub badges: Vec<Badge>,
    /// What has happened to it.
    pub changes: Vec<ChangeView>,
    /// The series it belongs to, and the other events of it.
    pub series: Option<SeriesBoxView>,
    /// What happens there.
    pub programme: Vec<ProgrammeItemView>,
    /// How to register.
    pub registration: Option<RegistrationView>,
    /// What is left afterwards.
    pub documentation: Vec<ResourceView>,
    /// The posts that announce it.
    pub announced_by: Vec<CardView>,
}

/// An occasion.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OccurrenceView {
    /// What it is called.
    pub title: Option<String>,
    /// When, in words.
    pub when: String,
    /// When it starts.
    pub start: TimeView,
    /// When it ends.
    pub end: Option<TimeView>,
    /// Where, when not where the others are.
    pub place: Option<PlaceView>,
    /// On the net, when not as the others are.
    pub online: Option<OnlineView>,
    /// Its state, when not that of the others.
    pub badge: Option<Badge>,
    /// Why it has that state.
    pub reason: Option<String>,
    /// Whether it is over.
    pub past: bool,
}

/// Something that has happened.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ChangeView {
    /// When it was decided.
    pub date: TimeView,
    /// What happened, in words.
    pub words: String,
    /// Why.
    pub reason: Option<String>,
    /// Where to read more.
    pub link: Option<LinkView>,
    /// When it should have started.
    pub previous: Option<TimeView>,
}

/// The series of an event.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SeriesBoxView {
    /// Its title.
    pub title: String,
    /// Its address.
    pub url: String,
    /// The other events in it.
    pub events: Vec<CardView>,
}

/// An item of the programme.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ProgrammeItemView {
    /// What it is called.
    pub title: String,
    /// When.
    pub time: Option<String>,
    /// Whose it is; `url` is empty where there is no address.
    pub organisations: Vec<LinkView>,
    /// Who speaks.
    pub speakers: Vec<SpeakerView>,
    /// What it is about, in paragraphs.
    pub body: Vec<String>,
}

/// Somebody who speaks.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SpeakerView {
    /// The name.
    pub name: String,
    /// The role.
    pub role: Option<String>,
    /// The organisation.
    pub organisation: Option<String>,
}

/// How to register.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RegistrationView {
    /// `none`, `not_open`, `open`, `full` or `closed`.
    pub state: String,
    /// The state in a sentence.
    pub words: String,
    /// What a reader can do now.
    pub action: Option<ActionView>,
    /// When it opens.
    pub opens: Option<TimeView>,
    /// When it closes.
    pub closes: Option<TimeView>,
    /// What it costs.
    pub cost: Option<String>,
    /// How many can take part.
    pub capacity: Option<String>,
    /// What is asked of those who take part.
    pub conditions: Vec<String>,
    /// What a registration must say.
    pub include: Vec<String>,
    /// Who answers questions about it.
    pub contacts: Vec<ContactView>,
}

/// Something a reader can do.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ActionView {
    /// Where.
    pub url: String,
    /// The words.
    pub words: String,
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

/// Makes the card of an event.
pub fn card(event: &Event, context: &CardContext, report: &mut Report) -> Card {
    let series = event.series.as_ref();
    if let Some(series) = series {
        context.registry.series(series, report);
    }
    check_title(event, context.words, report);
    let status = event.status(context.registry);
    let phase = event.phase(&context.desk, status);
    let title = heading(context.words, status, &event.common.title.value);
    let badges = badges(event, context, status, phase);
    let next = event.next_occurrence(&context.desk);
    let card = EventCard {
        first: next.start,
        day: (status != Status::Postponed).then(|| next.start.day()),
        when: when(event, context, status),
        place: place_words(event, next, context.words, status),
        phase,
        series: series.map(|series| series.value.clone()),
        status: status.word(),
    };
    let history = event.history(context.registry);
    let changed = history.last().map(|change| change.date);
    let card = Card { event: Some(card), ..context.card(&event.common, title, badges, report) };
    Card { updated: card.updated.max(changed), ..card }
}

/// A state that is typed into a title stays there when the state is gone, and stands twice until then.
fn check_title(event: &Event, words: &Words, report: &mut Report) {
    let title = &event.common.title;
    let states = ["cancelled", "postponed", "moved_online"];
    let typed = states.into_iter().find(|word| {
        let prefix = words.format(&format!("headings.{word}"), &[("title", "")]);
        let prefix = prefix.trim_end();
        !prefix.is_empty() && title.value.to_lowercase().starts_with(&prefix.to_lowercase())
    });
    if let Some(word) = typed {
        report.push(
            Diagnostic::new(&TYPED_STATUS, "the state of the event is typed into its title")
                .at(title.place.clone())
                .help(format!("write the title without it, and `status: {word}`")),
        );
    }
}

/// The states in words, the gravest first. What has been cancelled has no other state.
fn badges(event: &Event, context: &CardContext, status: Status, phase: Phase) -> Vec<Badge> {
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
    let registration = event.registration_state(&context.desk, status);
    let of_registration = match registration {
        _ if phase == Phase::Past => None,
        RegistrationState::Full if status == Status::Full => None,
        RegistrationState::None => None,
        state => Some(words.badge(state.word())),
    };
    // A full event that is past was simply held.
    let of_status = of_status.filter(|_| !(status == Status::Full && phase == Phase::Past));
    of_status.into_iter().chain(of_phase).chain(of_registration).collect()
}

/// The badges without those that a banner says already.
fn unsaid(mut badges: Vec<Badge>, banners: &[Banner]) -> Vec<Badge> {
    badges.retain(|badge| banners.iter().all(|banner| banner.kind != badge.kind));
    badges
}

/// When it takes place, in words; for what has several occasions, all their days.
fn when(event: &Event, context: &CardContext, status: Status) -> String {
    if status == Status::Postponed {
        return context.words.text("events.undated");
    }
    let range = |occurrence: &Occurrence, days: bool| {
        context.words.range(&occurrence.start, occurrence.end.as_ref(), days || occurrence.all_day)
    };
    // What does not take place is said in the list of occasions, not among the dates to keep free.
    let held: Vec<&Occurrence> = event.held().collect();
    let all: Vec<&Occurrence> = event.occurrences.iter().collect();
    match if held.is_empty() { all } else { held }.as_slice() {
        [only] => range(only, false),
        several => {
            let days: Vec<String> = several.iter().take(4).map(|occurrence| range(occurrence, true)).collect();
            let more = if several.len() > 4 { " …" } else { "" };
            context.words.list(&days) + more
        }
    }
}

/// Where, in a word or two: the town, or that it is on the net.
fn place_words(event: &Event, next: &Occurrence, words: &Words, status: Status) -> Option<String> {
    let place = next.place.as_ref().or(event.place.as_ref());
    let online = next.online.is_some() || (next.place.is_none() && event.online.is_some());
    if status == Status::MovedOnline || next.status == Some(Status::MovedOnline) {
        return Some(words.text("events.online"));
    }
    let town = place.and_then(|place| place.city.clone().or_else(|| place.name.clone()));
    town.or_else(|| online.then(|| words.text("events.online")))
}

/// Plans the page of an event.
pub fn page(event: &Event, document: &Document, planner: &Planner, report: &mut Report) -> Option<Page> {
    let common = &event.common;
    let context = &planner.context;
    let status = event.status(context.registry);
    let phase = event.phase(planner.desk(), status);
    let banner = banner(event, planner, status, phase, report);
    let heading = heading(context.words, status, &common.title.value);
    let about = planner.about(common, document, heading, banner.into_iter().collect(), report);
    let section = &planner.settings().sections.events;
    let facts = entry_facts(common, &about, "events", planner);
    let topic = Topic { series: event.series.as_ref().map(|slug| slug.value.as_str()), ..facts.topic.clone() };
    let head = planner.head(PageFacts {
        above: above(event, planner, (section.title.clone(), section.route.clone())),
        topic,
        ..facts
    });
    let joinable = matches!(phase, Phase::Upcoming | Phase::Ongoing) && status != Status::Cancelled;
    let changes: Vec<Change> = event.history(context.registry).into_iter().cloned().collect();
    let announced_by = planner.catalogue.index.announced_by.get(&*common.path);
    let view = EventView {
        head,
        when: Some(when(event, context, status)),
        occurrences: event
            .occurrences
            .iter()
            .map(|occurrence| occurrence_view(occurrence, planner, joinable))
            .collect(),
        place: event.place.as_ref().map(place_view),
        online: event.online.as_ref().map(|online| online_view(online, context.words, joinable)),
        badges: unsaid(badges(event, context, status, phase), &about.banners),
        changes: change_views(&changes, planner, report),
        series: series_box(event, planner),
        programme: event.programme.iter().map(|item| programme_item(event, item, planner, report)).collect(),
        registration: event
            .registration
            .as_ref()
            .map(|registration| registration_view(event, registration, status, planner, report)),
        documentation: event
            .documentation
            .iter()
            .filter_map(|resource| resource.on_page(&common.path, planner, report))
            .collect(),
        announced_by: planner.cards(planner.catalogue.at(announced_by)),
        about,
    };
    Some(Page { template: "event.html", view: Box::new(view) })
}

/// The pages above an event: the section, and its series.
fn above(event: &Event, planner: &Planner, section: (String, String)) -> Vec<(String, String)> {
    let registry = planner.context.registry;
    let series = event.series.as_ref().and_then(|slug| registry.series.get(&slug.value));
    std::iter::once(section).chain(series.map(|series| (series.title.clone(), series.route.clone()))).collect()
}

/// What must be said first. Precedence: cancelled, postponed, rescheduled, moved online, full, closed, past.
fn banner(event: &Event, planner: &Planner, status: Status, phase: Phase, report: &mut Report) -> Option<Banner> {
    let words = planner.words();
    let of_status = match status {
        Status::Cancelled | Status::Postponed => Some(status.word()),
        Status::Rescheduled | Status::MovedOnline if phase != Phase::Past => Some(status.word()),
        _ => None,
    };
    if let Some(state) = of_status {
        return Some(status_banner(event, state, planner, report));
    }
    if phase == Phase::Past {
        let documented = !event.documentation.is_empty();
        return Some(planner.banner("past", documented.then(|| words.text("banners.past_text"))));
    }
    match event.registration_state(planner.desk(), status) {
        RegistrationState::Full => Some(planner.banner("full", None)),
        RegistrationState::Closed if phase == Phase::Upcoming => Some(planner.banner("closed", None)),
        _ if status == Status::Full => Some(planner.banner("full", None)),
        _ => None,
    }
}

/// A banner with the reason, date and link of the latest change of that sort.
fn status_banner(event: &Event, state: &str, planner: &Planner, report: &mut Report) -> Banner {
    let words = planner.words();
    let history = event.history(planner.context.registry);
    let change = history.iter().rev().find(|change| change.what == state);
    let own_words = match state {
        "postponed" => Some(words.text("banners.postponed_text")),
        "rescheduled" => Some(rescheduled_words(event, change.and_then(|change| change.previous.as_ref()), planner)),
        _ => None,
    };
    let of_occasion = || event.occurrences.iter().find_map(|occurrence| occurrence.reason.clone());
    let reason = change.map_or_else(of_occasion, |change| change.reason.clone());
    let sentences: Vec<String> = reason.into_iter().chain(own_words).collect();
    Banner {
        date: change.map(|change| words.date(&change.date)),
        link: change.and_then(|change| change_link(change, planner, report)),
        ..planner.banner(state, Some(sentences.join(" ")).filter(|text| !text.is_empty()))
    }
}

fn rescheduled_words(event: &Event, previous: Option<&Moment>, planner: &Planner) -> String {
    let words = planner.words();
    let next = event.next_occurrence(planner.desk());
    let when = words.range(&next.start, next.end.as_ref(), next.all_day);
    match previous {
        Some(previous) => {
            words.format("banners.rescheduled_from", &[("when", &when), ("previous", &words.day(previous.day()))])
        }
        None => words.format("banners.rescheduled_text", &[("when", &when)]),
    }
}

/// Where to read more of a change.
pub fn change_link(change: &Change, planner: &Planner, report: &mut Report) -> Option<LinkView> {
    let link = change.link.as_ref()?;
    let url = planner.link_target(&change.from, link, report)?;
    let card = resolve(&change.from, &link.value).and_then(|path| planner.catalogue.card(&path));
    let title = card.map_or_else(|| planner.words().text("banners.read_more"), |card| card.title.clone());
    Some(LinkView { title, url })
}

/// What has happened, oldest first.
pub fn change_views(changes: &[Change], planner: &Planner, report: &mut Report) -> Vec<ChangeView> {
    let view = |change: &Change| ChangeView {
        date: planner.words().date(&change.date),
        words: planner.words().of("states", change.what),
        reason: change.reason.clone(),
        link: change_link(change, planner, report),
        previous: change.previous.as_ref().map(|previous| planner.words().time(previous)),
    };
    changes.iter().map(view).collect()
}

fn occurrence_view(occurrence: &Occurrence, planner: &Planner, joinable: bool) -> OccurrenceView {
    let words = planner.words();
    let past = occurrence.phase(planner.desk()) == Phase::Past;
    let joinable = joinable && !past && occurrence.is_held();
    OccurrenceView {
        title: occurrence.title.clone(),
        when: words.range(&occurrence.start, occurrence.end.as_ref(), occurrence.all_day),
        start: words.time(&occurrence.start),
        end: occurrence.end.as_ref().map(|end| words.time(end)),
        place: occurrence.place.as_ref().map(place_view),
        online: occurrence.online.as_ref().map(|online| online_view(online, words, joinable)),
        badge: occurrence.status.filter(|status| *status != Status::Planned).map(|status| words.badge(status.word())),
        reason: occurrence.reason.clone(),
        past,
    }
}

fn place_view(place: &PlaceKeys) -> PlaceView {
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
fn online_view(online: &OnlineKeys, words: &Words, joinable: bool) -> OnlineView {
    let platform = online.platform.as_ref();
    OnlineView {
        words: platform.map_or_else(
            || words.text("events.online"),
            |platform| words.format("events.online_platform", &[("platform", platform)]),
        ),
        url: online.url.as_ref().filter(|_| joinable).map(|url| url.0.clone()),
    }
}

/// How many other events of a series are shown on each side; its own page shows all.
const SIBLINGS: usize = 5;

fn series_box(event: &Event, planner: &Planner) -> Option<SeriesBoxView> {
    let slug = &event.series.as_ref()?.value;
    let series = planner.context.registry.series.get(slug)?;
    let siblings = planner.catalogue.index.by_series.get(slug)?;
    let own = planner.catalogue.by_path.get(&event.common.path);
    let place = siblings.iter().position(|position| Some(position) == own).unwrap_or(0);
    let near = &siblings[place.saturating_sub(SIBLINGS)..siblings.len().min(place + SIBLINGS + 1)];
    let others =
        near.iter().filter(|position| Some(*position) != own).map(|position| &planner.catalogue.cards[*position]);
    Some(SeriesBoxView { title: series.title.clone(), url: planner.href(&series.route), events: planner.cards(others) })
}

fn programme_item(event: &Event, item: &ProgrammeKeys, planner: &Planner, report: &mut Report) -> ProgrammeItemView {
    let day = event.occurrences.first().map(|occurrence| &occurrence.start);
    let context = &planner.context;
    let mut organisation = |slug| {
        let title = context.organisation(slug, day, report)?;
        let known = context.registry.organisations.get(&slug.value);
        Some(LinkView { title, url: known.and_then(|known| known.url.clone()).unwrap_or_default() })
    };
    let organisations = item.organisation.0.iter().filter_map(&mut organisation).collect();
    let mut speaker = |speaker: &Speaker| SpeakerView {
        name: speaker.name.clone(),
        role: speaker.role.clone(),
        organisation: speaker.organisation.as_ref().and_then(|slug| context.organisation(slug, day, report)),
    };
    ProgrammeItemView {
        title: item.title.clone(),
        time: item.time.clone(),
        organisations,
        speakers: item.speakers.iter().map(&mut speaker).collect(),
        body: paragraphs(item.body.as_deref().unwrap_or_default()),
    }
}

/// Cuts a plain text at its empty lines.
fn paragraphs(text: &str) -> Vec<String> {
    let pieces = text.split("\n\n").map(|piece| piece.split_whitespace().collect::<Vec<_>>().join(" "));
    pieces.filter(|piece| !piece.is_empty()).collect()
}

fn registration_view(
    event: &Event,
    registration: &Registration,
    status: Status,
    planner: &Planner,
    report: &mut Report,
) -> RegistrationView {
    let words = planner.words();
    let state = event.registration_state(planner.desk(), status);
    for contact in &registration.contact {
        if let Contact::Person(slug) = contact {
            planner.context.registry.person(slug, report);
        }
    }
    let capacity = registration.capacity.map(|capacity| {
        let unit = registration.unit.clone().unwrap_or_else(|| words.text("registration.unit"));
        words.format("registration.capacity", &[("number", &capacity.to_string()), ("unit", &unit)])
    });
    RegistrationView {
        state: state.word().to_owned(),
        words: state_words(registration, state, status, planner),
        action: action(event, registration, state, words),
        opens: registration.opens.as_ref().map(|opens| words.time(opens)),
        closes: registration.closes.as_ref().map(|closes| words.time(closes)),
        cost: registration.cost.clone(),
        capacity,
        conditions: registration.conditions.clone(),
        include: registration.include.clone(),
        contacts: planner.contacts(&registration.contact, report),
    }
}

fn state_words(registration: &Registration, state: RegistrationState, status: Status, planner: &Planner) -> String {
    let words = planner.words();
    let dated = |key: &str, plain: &str, moment: &Option<_>| match moment {
        Some(moment) => words.format(key, &[("date", &words.moment(moment))]),
        None => words.text(plain),
    };
    match state {
        RegistrationState::None => words.of("states", status.word()),
        RegistrationState::NotOpen => dated("registration.not_open", "states.not_open", &registration.opens),
        RegistrationState::Open => dated("registration.open_until", "registration.open", &registration.closes),
        RegistrationState::Full if registration.waiting_list => words.text("registration.full_waiting"),
        RegistrationState::Full => words.text("registration.full"),
        RegistrationState::Closed => {
            let closed = registration.closes.filter(|closes| planner.desk().over(closes));
            dated("registration.closed_since", "registration.closed", &closed)
        }
    }
}

/// What a reader can do: register, or wait for a place. There is no button that leads nowhere.
fn action(event: &Event, registration: &Registration, state: RegistrationState, words: &Words) -> Option<ActionView> {
    let waiting = match state {
        RegistrationState::Open => false,
        RegistrationState::Full if registration.waiting_list => true,
        _ => return None,
    };
    let by_mail = registration.email.as_ref().map(|email| {
        let subject = encode(&event.common.title.value).replace('/', "%2F");
        (format!("mailto:{email}?subject={subject}"), words.format("registration.action_email", &[("email", email)]))
    });
    let by_form = registration.url.clone().map(|url| (url, words.text("registration.action")));
    let (url, text) = by_form.or(by_mail)?;
    Some(ActionView { url, words: if waiting { words.text("registration.action_waiting") } else { text } })
}
