//! Events: conferences, networks and meetings, with one or several occasions.
//!
//! What stands in the file is checked here ([`Event::read`]); what follows from it and the time of the build is
//! derived in [`state`]; what other pages and calendars show is in [`card`], its own page in [`show`], and what search
//! engines are told in [`linked`]. Decisions about it are written into its file by [`edit`].

mod card;
mod check;
pub mod edit;
mod keys;
mod linked;
mod show;
mod state;

use std::collections::HashMap;
use std::sync::Arc;

use crate::data::{Located, Node};
use crate::diagnostic::{Diagnostic, Place, Report};
use crate::document::Document;
use crate::kind::Entry;
use crate::model::common::{Common, Contact, Desk, check_done, read_keys};
use crate::model::registry::{Change, Named};
use crate::model::{Card, Kind};
use crate::plan::{CardContext, Planner, View};
use crate::text::date::Moment;
use crate::text::suggest::closest;

pub use card::heading;
pub use check::{report_forgotten, undated};
pub use keys::{CODES, ChangeKeys, Keys, Status};
pub use show::{ChangeView, EventView, change_link, history};
pub use state::told;

use keys::{
    CHANGES_ORDER, DUPLICATE_OCCASION, EVENT_TIMES, LOST_TIME, OCCASIONS_ORDER, OCCASIONS_OVERLAP, OccurrenceKeys,
    OnlineKeys, PlaceKeys, ProgrammeKeys, REGISTRATION_AFTER_START, REGISTRATION_TIMES, RegistrationKeys,
    STATUS_DISAGREES, UNKNOWN_OCCASION,
};

/// An event.
pub struct Event {
    common: Common,
    status: Option<Status>,
    /// Where the status is given.
    status_place: Option<Place>,
    /// In order of time.
    occurrences: Vec<Occurrence>,
    place: Option<PlaceKeys>,
    online: Option<OnlineKeys>,
    changes: Vec<Change>,
    series: Option<Located<String>>,
    programme: Vec<ProgrammeKeys>,
    registration: Option<Registration>,
    documentation: Vec<crate::kind::resource::Resource>,
}

/// One occasion of an event.
struct Occurrence {
    /// What calendars know it by: its id, or its place in the list.
    id: String,
    /// Whether the id is written, so that changes can name it.
    is_named: bool,
    place_of_id: Place,
    place_of_start: Place,
    start: Moment,
    end: Option<Moment>,
    all_day: bool,
    title: Option<String>,
    place: Option<PlaceKeys>,
    online: Option<OnlineKeys>,
    status: Option<Located<Status>>,
    /// When it should have started.
    previous: Option<Moment>,
    reason: Option<String>,
}

/// How to register.
struct Registration {
    opens: Option<Moment>,
    closes: Option<Moment>,
    url: Option<String>,
    email: Option<String>,
    contact: Vec<Contact>,
    capacity: Option<usize>,
    unit: Option<String>,
    full: bool,
    waiting_list: bool,
    cost: Option<String>,
    conditions: Vec<String>,
    include: Vec<String>,
}

impl Event {
    /// Reads an event.
    pub fn read(document: &Document, front: &Node, desk: &Desk, report: &mut Report) -> Option<Self> {
        let (common, keys) = read_keys::<Keys>(document, front, Kind::Event, report)?;
        let common = Common::check(common, document, Kind::Event, desk, report);
        let status = read_status(keys.status.as_ref(), keys.cancelled.as_ref(), report);
        let first = OccurrenceKeys::single(keys.start, keys.end, keys.all_day);
        let occurrences = read_occurrences((first, keys.occurrences), (document, front), desk, report);
        let changes = match &occurrences {
            Some(known) => read_changes(&document.path, keys.changes, &named(known), desk, report),
            // What they name cannot be known.
            None => None,
        };
        let mut registration = |keys| read_registration(keys, occurrences.as_deref(), desk, report).ok_or(());
        let registration = keys.registration.map(&mut registration).transpose();
        let event = Self {
            common: common?,
            status: status?,
            status_place: keys.status.map(|status| status.place).or(keys.cancelled.map(|cancelled| cancelled.place)),
            occurrences: occurrences?,
            place: keys.place,
            online: keys.online,
            changes: changes?,
            series: keys.series,
            programme: keys.programme,
            registration: registration.ok()?,
            documentation: keys.documentation,
        };
        check::check_registration(&event, desk, report);
        Some(event)
    }
}

/// The status that two keys agree on. `None` means that they do not.
#[expect(clippy::option_option, reason = "no status and a contradiction are two things")]
pub fn read_status(
    status: Option<&Located<Status>>,
    cancelled: Option<&Located<bool>>,
    report: &mut Report,
) -> Option<Option<Status>> {
    let (status, cancelled) = match (status, cancelled) {
        (None, Some(cancelled)) if cancelled.value => return Some(Some(Status::Cancelled)),
        (status, None) => return Some(status.map(|status| status.value)),
        (None, Some(_)) => return Some(None),
        (Some(status), Some(cancelled)) => (status, cancelled),
    };
    if (status.value == Status::Cancelled) == cancelled.value {
        return Some(Some(status.value));
    }
    report.push(
        Diagnostic::new(
            &STATUS_DISAGREES,
            format!("`cancelled: {}` and `status: {}` cannot both be true", cancelled.value, status.value.word()),
        )
        .at(cancelled.place.clone())
        .related(status.place.clone(), "the status is here")
        .help("keep the one that is right"),
    );
    None
}

/// Reads what has happened to an event or a series, and puts it in order, oldest first.
pub fn read_changes(
    path: &Arc<str>,
    keys: Vec<ChangeKeys>,
    occasions: &[Named],
    desk: &Desk,
    report: &mut Report,
) -> Option<Vec<Change>> {
    let mut read = |keys: ChangeKeys| {
        let (date, previous) = (desk.moment(&keys.date, report), desk.maybe(keys.previous_start.as_ref(), report));
        check_done(&keys.date, None, desk, report);
        let link = keys.link.map(|link| keys::check_link(link, report).ok_or(())).transpose();
        let occasion = keys.occasion.map(|id| find_occasion(&id, occasions, report).ok_or(())).transpose();
        Some(Change {
            date: Located { value: date?, place: keys.date.place },
            what: keys.what.word(),
            reason: keys.reason,
            link: link.ok()?,
            from: path.clone(),
            previous: previous?,
            occasion: occasion.ok()?,
        })
    };
    let changes: Vec<_> = keys.into_iter().map(&mut read).collect();
    let mut changes: Vec<Change> = changes.into_iter().collect::<Option<_>>()?;
    for pair in changes.windows(2).filter(|pair| pair[1].date.value < pair[0].date.value) {
        report.push(
            Diagnostic::new(&CHANGES_ORDER, "this change stands after a later one")
                .at(pair[1].date.place.clone())
                .related(pair[0].date.place.clone(), "the later one is here")
                .help("write the oldest first, or correct the date"),
        );
    }
    changes.sort_by_key(|change| change.date.value);
    Some(changes)
}

fn find_occasion(id: &Located<String>, occasions: &[Named], report: &mut Report) -> Option<Named> {
    let found = occasions.iter().find(|occasion| occasion.id == id.value);
    if found.is_none() {
        let words = format!("there is no occasion with the id `{}`", id.value.escape_debug());
        let diagnostic = Diagnostic::new(&UNKNOWN_OCCASION, words).at(id.place.clone());
        report.push(match closest(&id.value, occasions.iter().map(|occasion| occasion.id.as_str())) {
            Some(meant) => diagnostic.meant(meant),
            None => diagnostic.help("write an `id` that stands in `occurrences` of the same file"),
        });
    }
    found.cloned()
}

/// The occasions that changes may name.
fn named(occurrences: &[Occurrence]) -> Vec<Named> {
    let named = occurrences.iter().filter(|occurrence| occurrence.is_named);
    named.map(|occurrence| Named { id: occurrence.id.clone(), days: occurrence.days() }).collect()
}

/// Reads the occasions, and puts them in order of time.
fn read_occurrences(
    (single, several): (Option<OccurrenceKeys>, Vec<OccurrenceKeys>),
    (document, front): (&Document, &Node),
    desk: &Desk,
    report: &mut Report,
) -> Option<Vec<Occurrence>> {
    // A `start` or a list that cannot be read has been reported.
    let is_given = |key| front.get(key).is_some();
    if single.is_none() && several.is_empty() && (is_given("start") || is_given("occurrences")) {
        return None;
    }
    if single.is_some() != several.is_empty() {
        let words = if single.is_some() { "both `start` and `occurrences` are given" } else { "`start` is missing" };
        report.push(
            Diagnostic::new(if single.is_some() { &EVENT_TIMES } else { &crate::data::MISSING_KEY }, words)
                .at(document.place.clone())
                .help("give `start`, or a list of `occurrences` each with its own `start`"),
        );
        return None;
    }
    let keys = single.into_iter().chain(several).enumerate();
    let occurrences: Vec<_> = keys.map(|(nth, keys)| read_occurrence(nth + 1, keys, desk, report)).collect();
    let mut occurrences: Vec<Occurrence> = occurrences.into_iter().collect::<Option<_>>()?;
    check_order(&occurrences, report);
    occurrences.sort_by_key(|occurrence| (occurrence.start, occurrence.end));
    check_overlaps(&occurrences, desk, report);
    check_ids(&occurrences, report)?;
    Some(occurrences)
}

fn read_occurrence(nth: usize, keys: OccurrenceKeys, desk: &Desk, report: &mut Report) -> Option<Occurrence> {
    let (start, end) = (desk.moment(&keys.start, report), desk.maybe(keys.end.as_ref(), report));
    let previous = desk.maybe(keys.previous_start.as_ref(), report);
    let (start, end, previous) = (start?, end?, previous?);
    if let Some((end, written)) =
        end.zip(keys.end.as_ref()).filter(|(end, _)| end.over(&desk.settings.zone) <= start.instant)
    {
        report.push(
            Diagnostic::new(&EVENT_TIMES, format!("the event ends {} and starts {}", end.html(), start.html()))
                .at(written.place.clone())
                .label("before it starts")
                .related(keys.start.place.clone(), "it starts here")
                .help("correct the one that is wrong"),
        );
        return None;
    }
    if let Some(written) = keys.end.as_ref().filter(|_| !start.timed && end.is_some_and(|end| end.timed)) {
        report.push(
            Diagnostic::new(&LOST_TIME, "the end has a time, and the start has none")
                .at(written.place.clone())
                .related(keys.start.place.clone(), "the start is here")
                .help("give both a time, or neither"),
        );
    }
    Some(Occurrence {
        place_of_id: keys.id.as_ref().map_or(&keys.start.place, |id| &id.place).clone(),
        is_named: keys.id.is_some(),
        id: keys.id.map_or_else(|| nth.to_string(), |id| id.value),
        place_of_start: keys.start.place,
        all_day: keys.all_day.unwrap_or(!start.timed),
        start,
        end,
        title: keys.title,
        place: keys.place,
        online: keys.online,
        status: keys.status,
        previous,
        reason: keys.reason,
    })
}

fn check_order(written: &[Occurrence], report: &mut Report) {
    for pair in written.windows(2).filter(|pair| pair[1].start < pair[0].start) {
        report.push(
            Diagnostic::new(&OCCASIONS_ORDER, "this occasion starts before the one above it")
                .at(pair[1].place_of_start.clone())
                .related(pair[0].place_of_start.clone(), "the one above starts here")
                .help("put the occasions in order of time, or correct the date"),
        );
    }
}

/// Occasions that stand in order of time overlap if one starts before the latest end so far.
fn check_overlaps(ordered: &[Occurrence], desk: &Desk, report: &mut Report) {
    let mut latest: Option<&Occurrence> = None;
    for occurrence in ordered {
        let over = |occurrence: &Occurrence| occurrence.last_instant(&desk.settings.zone);
        if let Some(before) = latest.filter(|before| before.end.is_some() && over(before) > occurrence.start.instant) {
            report.push(
                Diagnostic::new(&OCCASIONS_OVERLAP, "this occasion starts before another has ended")
                    .at(occurrence.place_of_start.clone())
                    .related(before.place_of_start.clone(), "the other starts here")
                    .help("correct the `start` or the `end` that is wrong"),
            );
        }
        if latest.is_none_or(|before| over(before) < over(occurrence)) {
            latest = Some(occurrence);
        }
    }
}

fn check_ids(occurrences: &[Occurrence], report: &mut Report) -> Option<()> {
    let mut seen: HashMap<&str, &Occurrence> = HashMap::new();
    let mut sound = Some(());
    for occurrence in occurrences {
        if let Some(first) = seen.insert(&occurrence.id, occurrence) {
            report.push(
                Diagnostic::new(&DUPLICATE_OCCASION, format!("two occasions have the id `{}`", occurrence.id))
                    .at(occurrence.place_of_id.clone())
                    .related(first.place_of_id.clone(), "the other is here")
                    .help("give each an `id` of its own; without one, its place in the list counts"),
            );
            sound = None;
        }
    }
    sound
}

fn read_registration(
    keys: RegistrationKeys,
    occurrences: Option<&[Occurrence]>,
    desk: &Desk,
    report: &mut Report,
) -> Option<Registration> {
    let (opens, closes) = (desk.maybe(keys.opens.as_ref(), report), desk.maybe(keys.closes.as_ref(), report));
    let url = keys.url.map(|url| crate::config::settings::check_url(url, report)).transpose();
    let (opens, closes) = (opens?, closes?);
    if let Some((opens, closes)) =
        opens.zip(closes).filter(|(opens, closes)| closes.over(&desk.settings.zone) <= opens.instant)
    {
        let place = keys.closes.as_ref().or(keys.opens.as_ref()).map(|when| when.place.clone());
        let words = format!("the registration closes {} and opens {}", closes.html(), opens.html());
        let diagnostic = Diagnostic::new(&REGISTRATION_TIMES, words).help("correct the one that is wrong");
        report.push(Diagnostic { place, ..diagnostic });
        return None;
    }
    let last = occurrences.and_then(<[_]>::last);
    if let Some((closes, last)) = keys.closes.zip(last).filter(|_| closes > last.map(|last| last.start)) {
        report.push(
            Diagnostic::new(&REGISTRATION_AFTER_START, "the registration closes after the event has started")
                .at(closes.place)
                .related(last.place_of_start.clone(), "it starts here")
                .help("move `closes` to a day before, or leave it out: the registration closes when the event starts"),
        );
    }
    Some(Registration {
        opens,
        closes,
        url: url.ok()?,
        email: keys.email,
        contact: keys.contact.0,
        capacity: keys.capacity,
        unit: keys.unit,
        full: keys.full.unwrap_or(false),
        waiting_list: keys.waiting_list.unwrap_or(false),
        cost: keys.cost,
        conditions: keys.conditions,
        include: keys.include,
    })
}

impl Entry for Event {
    fn common(&self) -> &Common {
        &self.common
    }

    fn series(&self) -> Option<&str> {
        self.series.as_ref().map(|slug| slug.value.as_str())
    }

    fn card(&self, context: &CardContext, report: &mut Report) -> Card {
        card::card(self, context, report)
    }

    fn template(&self) -> Option<&'static str> {
        Some("event.html")
    }

    fn page(&self, document: &Document, planner: &Planner, report: &mut Report) -> Option<View> {
        show::page(self, document, planner, report)
    }
}
