//! What pages show of an event: its card, and the view of `event.html`.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use super::keys::{
    MISSING_EARLIER_DATE, MISSING_PLACE, OnlineKeys, PlaceKeys, ProgrammeKeys, Speaker, Status, TYPED_STATUS,
    UNDATED_STATUS,
};
use super::state::RegistrationState;
use super::{Event, Occurrence, Registration, linked};
use crate::diagnostic::{Diagnostic, Report};
use crate::document::Document;
use crate::kind::post::entry_facts;
use crate::model::Card;
use crate::model::card::{EventCard, OccurrenceCard, Phase};
use crate::model::common::Contact;
use crate::model::registry::{Change, Registry};
use crate::plan::parts::{PageFacts, Topic};
use crate::plan::{CardContext, Page, Planner, Words};
use crate::text::address::{encode, resolve};
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
    /// The address of its calendar file; nothing when there is no date to keep free.
    pub calendar: Option<String>,
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
    /// When it should have started.
    pub previous: Option<TimeView>,
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
    let (registry, words) = (context.registry, context.words);
    if let Some(series) = &event.series {
        registry.series(series, report);
    }
    check_title(event, words, report);
    check_state(event, registry, report);
    let status = event.status(registry);
    let phase = event.phase(&context.desk, registry);
    let title = heading(words, status, &event.common.title.value);
    let next = event.next_occurrence(&context.desk, registry);
    let card = EventCard {
        first: next.start,
        day: (status != Status::Postponed).then(|| next.start.day()),
        when: when(event, context, status),
        place: place_words(event, next, context, status),
        phase,
        series: event.series.as_ref().map(|series| series.value.clone()),
        status: status.word(),
        news: news(event, status, None, context),
        occurrences: event.occurrences.iter().map(|occurrence| occurrence_card(event, occurrence, context)).collect(),
        sequence: event.sequence(status, registry),
        contacts: contact_lines(event, context),
    };
    let changed = event.history(registry).last().map(|change| change.date.value);
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
    let history = event.history(context.registry);
    let of_change = latest(&history, status).and_then(|change| change.previous);
    OccurrenceCard {
        id: occurrence.id.clone(),
        heading: heading(context.words, status, &title),
        start: occurrence.start,
        end: occurrence.end,
        previous: occurrence.previous.or(of_change).filter(|_| status == Status::Rescheduled),
        all_day: occurrence.all_day,
        last: occurrence.last_instant(&context.settings().zone),
        status: status.word(),
        news: news(event, status, Some(occurrence), context),
        place: place.map(place_view),
        online: online.map(|online| online_view(online, context.words, status.is_held())),
    }
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

/// What must be known first of an event or of one of its occasions: the state and why, in sentences.
fn news(event: &Event, status: Status, occurrence: Option<&Occurrence>, context: &CardContext) -> Option<String> {
    if !status.is_a_change() {
        return None;
    }
    let title = context.words.of("banners", status.word());
    let text = state_text(event, status, occurrence, context);
    Some(text.map_or_else(|| format!("{title}."), |text| format!("{title}. {text}")))
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

/// Reports what a state lacks: its day, the earlier date, a place.
fn check_state(event: &Event, registry: &Registry, report: &mut Report) {
    let all: Vec<&str> = event.all_changes(registry).map(|change| change.what).collect();
    let says_earlier = event.all_changes(registry).any(|change| change.previous.is_some());
    let of_event = event.status.zip(event.status_place.as_ref()).map(|(status, place)| (status, place, None));
    let of_occurrences = event.occurrences.iter().filter_map(|occurrence| {
        let own = occurrence.status.as_ref()?;
        Some((own.value, &own.place, Some(occurrence)))
    });
    for (status, place, occurrence) in of_event.into_iter().chain(of_occurrences) {
        if status.is_a_change() && event.common.updated.is_none() && !all.contains(&status.word()) {
            let words = format!("nothing says since when the event is {}", status.word());
            let help = format!("add `changes: [{{date: …, what: {}, reason: …}}]`", status.word());
            report.push(Diagnostic::new(&UNDATED_STATUS, words).at(place.clone()).help(help));
        }
        let occasions = event.occurrences.iter().filter(|known| occurrence.is_none_or(|own| std::ptr::eq(*known, own)));
        if status == Status::Rescheduled && !says_earlier && occasions.into_iter().all(|known| known.previous.is_none())
        {
            report.push(
                Diagnostic::new(&MISSING_EARLIER_DATE, "the earlier date is not said")
                    .at(place.clone())
                    .help("add `changes: [{date: …, what: rescheduled, previous_start: …}]`"),
            );
        }
    }
    if event
        .occurrences
        .iter()
        .any(|occurrence| matches!(whereabouts(event, occurrence, event.status_of(occurrence, registry)), (None, None)))
    {
        report.push(
            Diagnostic::new(&MISSING_PLACE, "nothing says where the event takes place")
                .at(event.common.place.clone())
                .help("add `place: {city: …}` or `online: {platform: …}`"),
        );
    }
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
    let registration = event.registration_state(&context.desk, context.registry);
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
    match event.counted(context.registry).as_slice() {
        [only] => range(only, false),
        several => {
            let days: Vec<String> = several.iter().take(4).map(|occurrence| range(occurrence, true)).collect();
            let more = if several.len() > 4 { " …" } else { "" };
            context.words.list(&days) + more
        }
    }
}

/// Where, in a word or two: the town, or that it is on the net.
fn place_words(event: &Event, next: &Occurrence, context: &CardContext, status: Status) -> Option<String> {
    let status = if status == Status::MovedOnline { status } else { event.status_of(next, context.registry) };
    let (place, online) = whereabouts(event, next, status);
    let town = place.and_then(|place| place.city.clone().or_else(|| place.name.clone()));
    town.or_else(|| online.map(|_| context.words.text("events.online")))
}

/// Plans the page of an event.
pub fn page(event: &Event, document: &Document, planner: &Planner, report: &mut Report) -> Option<Page> {
    let common = &event.common;
    let context = &planner.context;
    let status = event.status(context.registry);
    let phase = event.phase(planner.desk(), context.registry);
    let banners = banners(event, planner, status, phase, report);
    let heading = heading(context.words, status, &common.title.value);
    let about = planner.about(common, document, heading, banners, report);
    let section = &planner.settings().sections.events;
    let facts = entry_facts(common, &about, "events", planner);
    let topic = Topic { series: event.series.as_ref().map(|slug| slug.value.as_str()), ..facts.topic.clone() };
    let series = event.series.as_ref().and_then(|slug| context.registry.series.get(&slug.value));
    let of_section = planner.feed_of_section(section);
    let of_series = series.and_then(|series| planner.feed_of_series(series));
    let head = planner.head(PageFacts {
        above: above(event, planner, (section.title.clone(), section.route.clone())),
        feeds: of_section.into_iter().chain(of_series).collect(),
        main: planner.when_structured(|| linked::event(event, about.image.as_ref(), planner)),
        topic,
        ..facts
    });
    let joinable = matches!(phase, Phase::Upcoming | Phase::Ongoing) && status.is_held();
    let changes: Vec<Change> = event.history(context.registry).into_iter().cloned().collect();
    let announced_by = planner.catalogue.index.announced_by.get(&*common.path);
    let view = EventView {
        head,
        when: Some(when(event, context, status)),
        occurrences: event
            .occurrences
            .iter()
            .map(|occurrence| occurrence_view(event, occurrence, planner, joinable))
            .collect(),
        place: event.place.as_ref().map(place_view),
        online: event.online.as_ref().map(|online| online_view(online, context.words, joinable)),
        badges: unsaid(badges(event, context, status, phase), &about.banners),
        calendar: planner.calendar_of(&common.route).filter(|_| joinable),
        changes: change_views(&changes, planner, report),
        series: series_box(event, planner),
        programme: event.programme.iter().map(|item| programme_item(event, item, planner, report)).collect(),
        registration: event
            .registration
            .as_ref()
            .map(|registration| registration_view(event, registration, planner, report)),
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

/// What must be said first. Precedence: cancelled, postponed, rescheduled, moved online, full, closed, past. What has
/// a new day or form is still held, so that it has been held is said besides.
fn banners(event: &Event, planner: &Planner, status: Status, phase: Phase, report: &mut Report) -> Vec<Banner> {
    let of_status = status.is_a_change().then(|| status_banner(event, status, planner, report));
    let of_time = match phase {
        _ if !status.is_held() => None,
        Phase::Past => Some(past_banner(event, planner)),
        _ if of_status.is_some() => None,
        _ => registration_banner(event, planner, status, phase),
    };
    of_status.into_iter().chain(of_time).collect()
}

fn past_banner(event: &Event, planner: &Planner) -> Banner {
    let documented = !event.documentation.is_empty();
    planner.banner("past", documented.then(|| planner.words().text("banners.past_text")))
}

fn registration_banner(event: &Event, planner: &Planner, status: Status, phase: Phase) -> Option<Banner> {
    match event.registration_state(planner.desk(), planner.context.registry) {
        RegistrationState::Full => Some(planner.banner("full", None)),
        RegistrationState::Closed if phase == Phase::Upcoming => Some(planner.banner("closed", None)),
        _ if status == Status::Full => Some(planner.banner("full", None)),
        _ => None,
    }
}

/// A banner with the reason, date and link of the latest change of that sort.
fn status_banner(event: &Event, status: Status, planner: &Planner, report: &mut Report) -> Banner {
    let history = event.history(planner.context.registry);
    let change = latest(&history, status);
    Banner {
        date: change.map(|change| planner.words().date(&change.date.value)),
        link: change.and_then(|change| change_link(change, planner, report)),
        ..planner.banner(status.word(), state_text(event, status, None, &planner.context))
    }
}

/// The latest change to a state.
fn latest<'a>(history: &[&'a Change], status: Status) -> Option<&'a Change> {
    history.iter().rev().copied().find(|change| change.what == status.word())
}

/// Why the event, or one of its occasions, has its state, and what that means, in sentences.
fn state_text(event: &Event, status: Status, occurrence: Option<&Occurrence>, context: &CardContext) -> Option<String> {
    let history = event.history(context.registry);
    let change = latest(&history, status);
    let own = occurrence.and_then(|occurrence| occurrence.reason.clone());
    let of_any = || event.occurrences.iter().find_map(|occurrence| occurrence.reason.clone());
    let reason = own.or_else(|| change.map_or_else(of_any, |change| change.reason.clone()));
    let meaning = match status {
        Status::Postponed => Some(context.words.text("banners.postponed_text")),
        Status::Rescheduled => Some(rescheduled_words(event, occurrence, change, context)),
        _ => None,
    };
    let sentences: Vec<String> = reason.into_iter().chain(meaning).collect();
    Some(sentences.join(" ")).filter(|text| !text.is_empty())
}

/// The new date and the earlier one: of an occasion, or of the first that was moved.
fn rescheduled_words(
    event: &Event,
    occurrence: Option<&Occurrence>,
    change: Option<&Change>,
    context: &CardContext,
) -> String {
    let words = context.words;
    let with_earlier = event.occurrences.iter().find(|occurrence| occurrence.previous.is_some());
    let moved = occurrence.or(with_earlier).unwrap_or_else(|| event.counted(context.registry)[0]);
    let when = words.range(&moved.start, moved.end.as_ref(), moved.all_day);
    match moved.previous.or(change.and_then(|change| change.previous)) {
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
        date: planner.words().date(&change.date.value),
        words: planner.words().of("states", change.what),
        reason: change.reason.clone(),
        link: change_link(change, planner, report),
        previous: change.previous.as_ref().map(|previous| planner.words().time(previous)),
    };
    changes.iter().map(view).collect()
}

fn occurrence_view(event: &Event, occurrence: &Occurrence, planner: &Planner, joinable: bool) -> OccurrenceView {
    let words = planner.words();
    let past = event.is_over(occurrence, planner.desk());
    let status = event.status_of(occurrence, planner.context.registry);
    let differs = status != event.status(planner.context.registry);
    OccurrenceView {
        title: occurrence.title.clone(),
        when: words.range(&occurrence.start, occurrence.end.as_ref(), occurrence.all_day),
        start: words.time(&occurrence.start),
        end: occurrence.end.as_ref().map(|end| words.time(end)),
        place: occurrence.place.as_ref().map(place_view),
        online: occurrence
            .online
            .as_ref()
            .map(|online| online_view(online, words, joinable && !past && status.is_held())),
        badge: (differs || status.is_a_change()).then(|| words.badge(status.word())),
        reason: occurrence.reason.clone(),
        previous: occurrence.previous.as_ref().map(|previous| words.time(previous)),
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
    planner: &Planner,
    report: &mut Report,
) -> RegistrationView {
    let words = planner.words();
    let state = event.registration_state(planner.desk(), planner.context.registry);
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
        words: state_words(event, registration, state, planner),
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

fn state_words(event: &Event, registration: &Registration, state: RegistrationState, planner: &Planner) -> String {
    let words = planner.words();
    let dated = |key: &str, plain: &str, moment: &Option<_>| match moment {
        Some(moment) => words.format(key, &[("date", &words.moment(moment))]),
        None => words.text(plain),
    };
    match state {
        RegistrationState::None => words.of("states", event.status(planner.context.registry).word()),
        RegistrationState::NotOpen => dated("registration.not_open", "states.not_open", &registration.opens),
        RegistrationState::Open => dated("registration.open_until", "registration.open", &registration.closes),
        RegistrationState::Full if registration.waiting_list => words.text("registration.full_waiting"),
        RegistrationState::Full => words.text("registration.full"),
        RegistrationState::Closed => {
            let closed = registration.closes.filter(|closes| event.registration_is_over(closes, planner.desk()));
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
