//! What the page of an event shows: the view of `event.html`.

use schemars::JsonSchema;
use serde::Serialize;

use super::card::{badges, banner_title, heading, online_view, place_view, state_text, when};
use super::keys::{ProgrammeKeys, Speaker, Status};
use super::state::RegistrationState;
use super::{Event, Occurrence, Registration, linked};
use crate::diagnostic::Report;
use crate::document::Document;
use crate::kind::post::entry_facts;
use crate::model::card::Phase;
use crate::model::common::Contact;
use crate::model::registry::Change;
use crate::plan::parts::{PageFacts, Topic};
use crate::plan::{Planner, View};
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
    /// What has happened to it, unless a banner has told it all.
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
    /// The day of the occasion that it is about, when not all of them.
    pub occasion: Option<TimeView>,
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
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct RegistrationView {
    /// `none`, `not_open`, `open`, `full`, `closed` or `past`. With `none` there are contacts and nothing else.
    pub state: String,
    /// The state in a sentence.
    pub words: Option<String>,
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

/// The badges without those that a banner says already.
fn unsaid(mut badges: Vec<Badge>, banners: &[Banner]) -> Vec<Badge> {
    badges.retain(|badge| banners.iter().all(|banner| banner.kind != badge.kind));
    badges
}

/// Plans the page of an event.
pub fn page(event: &Event, document: &Document, planner: &Planner, report: &mut Report) -> Option<View> {
    let common = &event.common;
    let context = &planner.context;
    let status = event.status(context.registry);
    let phase = event.phase(planner.desk(), context.registry);
    let banners = banners(event, planner, status, phase, report);
    let heading = heading(context.words, status, &common.title.value);
    let about = planner.about(common, document, heading, banners, report);
    let section = &planner.settings().sections.events;
    let when = when(event, context, status);
    let facts = entry_facts(common, &about, "events", planner).under(Some(when.clone()));
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
        when: Some(when),
        occurrences: event
            .occurrences
            .iter()
            .map(|occurrence| occurrence_view(event, occurrence, (status, phase), planner, joinable))
            .collect(),
        place: event.place.as_ref().map(place_view),
        online: event.online.as_ref().map(|online| online_view(online, context.words, joinable)),
        badges: unsaid(badges(event, context, status, phase), &about.banners),
        calendar: planner.calendar_of(&common.route).filter(|_| joinable),
        changes: history(&changes, status, planner, report),
        series: series_box(event, planner),
        programme: event.programme.iter().map(|item| programme_item(event, item, planner, report)).collect(),
        registration: event
            .registration
            .as_ref()
            .and_then(|registration| registration_view(event, registration, planner, report)),
        documentation: event
            .documentation
            .iter()
            .filter_map(|resource| resource.on_page(&common.path, planner, report))
            .collect(),
        announced_by: planner.cards(planner.catalogue.at(announced_by)),
        about,
    };
    Some(Box::new(view))
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
    let of_status = status.is_a_change().then(|| status_banner(event, status, phase, planner, report));
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
fn status_banner(event: &Event, status: Status, phase: Phase, planner: &Planner, report: &mut Report) -> Banner {
    let change = event.latest(status, None, planner.context.registry);
    Banner {
        title: banner_title(event, status, phase, &planner.context),
        date: change.map(|change| planner.words().date(&change.date.value)),
        link: change.and_then(|change| change_link(change, planner, report)),
        ..planner.banner(status.word(), state_text(event, status, None, &planner.context))
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

/// What has happened, oldest first; nothing when the banner of the state has told the only change there is.
pub fn history(changes: &[Change], status: Status, planner: &Planner, report: &mut Report) -> Vec<ChangeView> {
    match changes {
        [only] if status.is_a_change() && only.what == status.word() => Vec::new(),
        _ => change_views(changes, planner, report),
    }
}

fn change_views(changes: &[Change], planner: &Planner, report: &mut Report) -> Vec<ChangeView> {
    let view = |change: &Change| ChangeView {
        date: planner.words().date(&change.date.value),
        words: planner.words().of("states", change.what),
        reason: change.reason.clone(),
        link: change_link(change, planner, report),
        previous: change.previous.as_ref().map(|previous| planner.words().time(previous)),
        occasion: change.occasion.as_ref().map(|occasion| TimeView {
            datetime: occasion.days.0.to_string(),
            words: planner.words().all_days(&[occasion.days]),
        }),
    };
    changes.iter().map(view).collect()
}

fn occurrence_view(
    event: &Event,
    occurrence: &Occurrence,
    (of_event, phase): (Status, Phase),
    planner: &Planner,
    joinable: bool,
) -> OccurrenceView {
    let words = planner.words();
    // Days that are not to be do not pass.
    let past = of_event != Status::Postponed && event.is_over(occurrence, planner.desk());
    let status = event.status_of(occurrence, planner.context.registry);
    let of_status = status != of_event || status.is_a_change();
    let of_time = past && phase != Phase::Past;
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
        badge: of_status.then_some(status.word()).or(of_time.then_some("past")).map(|state| words.badge(state)),
        reason: occurrence.reason.clone(),
        previous: occurrence.previous.as_ref().map(|previous| words.time(previous)),
        past,
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
) -> Option<RegistrationView> {
    let words = planner.words();
    let state = event.registration_state(planner.desk(), planner.context.registry);
    for contact in &registration.contact {
        if let Contact::Person(slug) = contact {
            planner.context.registry.person(slug, report);
        }
    }
    let contacts = planner.contacts(&registration.contact, report);
    let view = RegistrationView { state: state.word().to_owned(), contacts, ..RegistrationView::default() };
    if state == RegistrationState::None {
        // Who has paid for what does not take place still needs somebody to ask.
        return Some(view).filter(|view| !view.contacts.is_empty());
    }
    let capacity = registration.capacity.map(|capacity| {
        let unit = registration.unit.clone().unwrap_or_else(|| words.text("registration.unit"));
        words.format("registration.capacity", &[("number", &capacity.to_string()), ("unit", &unit)])
    });
    Some(RegistrationView {
        words: state_words(event, registration, state, planner),
        action: action(event, registration, state, planner),
        opens: registration.opens.as_ref().map(|opens| words.time(opens)),
        closes: registration.closes.as_ref().map(|closes| words.time(closes)),
        cost: registration.cost.clone(),
        capacity,
        conditions: registration.conditions.clone(),
        include: registration.include.clone(),
        ..view
    })
}

fn state_words(
    event: &Event,
    registration: &Registration,
    state: RegistrationState,
    planner: &Planner,
) -> Option<String> {
    let words = planner.words();
    let dated = |key: &str, plain: &str, moment: &Option<_>| match moment {
        Some(moment) => words.format(key, &[("date", &words.moment(moment))]),
        None => words.text(plain),
    };
    let sentence = match state {
        RegistrationState::None => return None,
        RegistrationState::NotOpen => dated("registration.not_open", "states.not_open", &registration.opens),
        RegistrationState::Open => {
            let closes = registration.closes.map(|closes| event.closes(&closes, registration, planner));
            dated("registration.open_until", "registration.open", &closes)
        }
        RegistrationState::Full if event.takes_waiting(registration, planner.desk()) => {
            words.text("registration.full_waiting")
        }
        RegistrationState::Full => words.text("registration.full"),
        RegistrationState::Closed | RegistrationState::Past => {
            let closed = registration.closes.filter(|closes| event.registration_is_over(closes, planner.desk()));
            dated("registration.closed_since", "registration.closed", &closed)
        }
    };
    Some(sentence)
}

/// What a reader can do: register, or wait for a place. There is no button that leads nowhere.
fn action(
    event: &Event,
    registration: &Registration,
    state: RegistrationState,
    planner: &Planner,
) -> Option<ActionView> {
    let words = planner.words();
    let waiting = match state {
        RegistrationState::Open => false,
        RegistrationState::Full if event.takes_waiting(registration, planner.desk()) => true,
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
