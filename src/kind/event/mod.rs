//! Events: conferences, networks and meetings, with one or several occasions.
//!
//! What stands in the file is checked here ([`Event::read`]); what follows from it and the time of the build is
//! derived in [`state`]; what pages show is in [`show`].

mod keys;
mod show;
mod state;

use std::sync::Arc;

use crate::data::Located;
use crate::diagnostic::{Diagnostic, Report};
use crate::document::Document;
use crate::kind::Entry;
use crate::model::common::{Common, Contact, Desk, read_keys};
use crate::model::registry::Change;
use crate::model::{Card, Kind};
use crate::plan::{CardContext, Page, Planner};
use crate::text::date::Moment;

pub use keys::{CODES, ChangeKeys, Keys, Status};
pub use show::{ChangeView, EventView, change_link, change_views, heading};

use keys::{
    EVENT_TIMES, OccurrenceKeys, OnlineKeys, PlaceKeys, ProgrammeKeys, REGISTRATION_TIMES, RegistrationKeys,
    STATUS_DISAGREES,
};

/// An event.
pub struct Event {
    common: Common,
    status: Option<Status>,
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
    start: Moment,
    end: Option<Moment>,
    all_day: bool,
    title: Option<String>,
    place: Option<PlaceKeys>,
    online: Option<OnlineKeys>,
    status: Option<Status>,
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
    pub fn read(document: &Document, desk: &Desk, report: &mut Report) -> Option<Self> {
        let (common, keys) = read_keys::<Keys>(document, Kind::Event, report)?;
        let common = Common::check(common, document, Kind::Event, desk, report);
        let status = read_status(keys.status.as_ref(), keys.cancelled.as_ref(), report);
        let first = OccurrenceKeys::single(keys.start, keys.end, keys.all_day);
        let occurrences = read_occurrences(first, keys.occurrences, document, desk, report);
        let changes = read_changes(&document.path, keys.changes, desk, report);
        let registration = keys.registration.map(|keys| read_registration(keys, desk, report).ok_or(())).transpose();
        Some(Self {
            common: common?,
            status: status?,
            occurrences: occurrences?,
            place: keys.place,
            online: keys.online,
            changes: changes?,
            series: keys.series,
            programme: keys.programme,
            registration: registration.ok()?,
            documentation: keys.documentation,
        })
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

/// Reads what has happened to an event or a series.
pub fn read_changes(path: &Arc<str>, keys: Vec<ChangeKeys>, desk: &Desk, report: &mut Report) -> Option<Vec<Change>> {
    let mut read = |keys: ChangeKeys| {
        let (date, previous) = (desk.moment(&keys.date, report), desk.maybe(keys.previous_start.as_ref(), report));
        let link = keys.link.map(|link| keys::check_link(link, report).ok_or(())).transpose();
        Some(Change {
            date: date?,
            what: keys.what.word(),
            reason: keys.reason,
            link: link.ok()?,
            from: path.clone(),
            previous: previous?,
        })
    };
    let changes: Vec<_> = keys.into_iter().map(&mut read).collect();
    changes.into_iter().collect()
}

fn read_occurrences(
    single: Option<OccurrenceKeys>,
    several: Vec<OccurrenceKeys>,
    document: &Document,
    desk: &Desk,
    report: &mut Report,
) -> Option<Vec<Occurrence>> {
    if single.is_some() != several.is_empty() {
        let words = if single.is_some() { "both `start` and `occurrences` are given" } else { "`start` is missing" };
        report.push(
            Diagnostic::new(if single.is_some() { &EVENT_TIMES } else { &crate::data::MISSING_KEY }, words)
                .at(document.place.clone())
                .help("give `start`, or a list of `occurrences` each with its own `start`"),
        );
        return None;
    }
    let mut read = |keys: OccurrenceKeys| {
        let (start, end) = (desk.moment(&keys.start, report), desk.maybe(keys.end.as_ref(), report));
        let (start, end) = (start?, end?);
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
        Some(Occurrence {
            all_day: keys.all_day.unwrap_or(!start.timed),
            start,
            end,
            title: keys.title,
            place: keys.place,
            online: keys.online,
            status: keys.status,
            reason: keys.reason,
        })
    };
    let occurrences: Vec<_> = single.into_iter().chain(several).map(&mut read).collect();
    let mut occurrences: Vec<Occurrence> = occurrences.into_iter().collect::<Option<_>>()?;
    occurrences.sort_by_key(|occurrence| (occurrence.start, occurrence.end));
    Some(occurrences)
}

fn read_registration(keys: RegistrationKeys, desk: &Desk, report: &mut Report) -> Option<Registration> {
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

    fn card(&self, context: &CardContext, report: &mut Report) -> Card {
        show::card(self, context, report)
    }

    fn page(&self, document: &Document, planner: &Planner, report: &mut Report) -> Option<Page> {
        show::page(self, document, planner, report)
    }
}
