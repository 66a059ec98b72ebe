//! What follows from an event's data and the time of the build: never stored, always derived.
//!
//! The clock is asked only for what the answer depends on, since each question says that the site may change then.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Event, Occurrence, Registration, Status};
use crate::model::Occasion;
use crate::model::card::Phase;
use crate::model::common::Desk;
use crate::model::registry::{Change, Registry};
use crate::text::date::Moment;

/// The state of the registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegistrationState {
    /// There is nothing to register for.
    None,
    /// It opens later.
    NotOpen,
    /// It is open.
    Open,
    /// There is no room left.
    Full,
    /// It is too late.
    Closed,
}

impl RegistrationState {
    /// The word that templates know it by.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::NotOpen => "not_open",
            Self::Open => "open",
            Self::Full => "full",
            Self::Closed => "closed",
        }
    }
}

impl Status {
    /// Whether what has it takes place, as far as anybody knows.
    pub const fn is_held(self) -> bool {
        !matches!(self, Self::Cancelled | Self::Postponed)
    }

    /// Whether calendars must hear of it: what was announced no longer holds.
    pub const fn is_a_change(self) -> bool {
        matches!(self, Self::Cancelled | Self::Postponed | Self::Rescheduled | Self::MovedOnline)
    }
}

impl Occurrence {
    /// The instant at which it is over. One without an end lasts its whole day.
    pub(super) fn last_instant(&self, zone: &TimeZone) -> Timestamp {
        let last = self.end.unwrap_or(Moment { timed: false, ..self.start });
        Moment { timed: last.timed && !self.all_day, ..last }.over(zone)
    }
}

impl Event {
    /// The status that counts: its own, or else that of its series, as far as its occasions bear it out. When none of
    /// them takes place, neither does the event; when one of them does in spite of all, so does the event.
    pub(super) fn status(&self, registry: &Registry) -> Status {
        let given = self.given_status(registry);
        let mut of_occasions = self.occurrences.iter().map(|occurrence| occurrence.status_within(given));
        let first = of_occasions.next().unwrap_or(given);
        let all: Vec<Status> = std::iter::once(first).chain(of_occasions).collect();
        if all.iter().all(|status| *status == first) {
            first
        } else if all.iter().any(|status| status.is_held()) {
            if given.is_held() { given } else { Status::Planned }
        } else {
            Status::Postponed
        }
    }

    /// The status that is written: the event's own, or else its series'.
    fn given_status(&self, registry: &Registry) -> Status {
        self.status.or_else(|| self.inherited(registry)).unwrap_or(Status::Planned)
    }

    fn inherited(&self, registry: &Registry) -> Option<Status> {
        let word = registry.series.get(&self.series.as_ref()?.value)?.status?;
        Status::ALL.iter().copied().find(|status| status.word() == word)
    }

    /// The status of one of its occasions: the occasion's own, or else what is written for all.
    pub(super) fn status_of(&self, occurrence: &Occurrence, registry: &Registry) -> Status {
        occurrence.status_within(self.given_status(registry))
    }

    /// The occasions that take place, as far as anybody knows; all of them when none does.
    pub(super) fn counted<'a>(&'a self, registry: &Registry) -> Vec<&'a Occurrence> {
        let given = self.given_status(registry);
        let held = |occurrence: &&Occurrence| occurrence.status_within(given).is_held();
        let held: Vec<&Occurrence> = self.occurrences.iter().filter(held).collect();
        if held.is_empty() { self.occurrences.iter().collect() } else { held }
    }

    /// What has happened to it, oldest first: its own history, and its series' when it has inherited from it.
    pub(super) fn history<'a>(&'a self, registry: &'a Registry) -> Vec<&'a Change> {
        let inherits = self.status.is_none() && self.inherited(registry).is_some();
        let of_series = self.changes_of_series(registry).filter(|_| inherits);
        let mut history: Vec<&Change> = self.changes.iter().chain(of_series).collect();
        history.sort_by_key(|change| change.date.value);
        history
    }

    /// What has happened to it and to its series, also what it is spared from.
    pub(super) fn all_changes<'a>(&'a self, registry: &'a Registry) -> impl Iterator<Item = &'a Change> {
        self.changes.iter().chain(self.changes_of_series(registry))
    }

    fn changes_of_series<'a>(&self, registry: &'a Registry) -> impl Iterator<Item = &'a Change> + use<'a> {
        let series = self.series.as_ref().and_then(|slug| registry.series.get(&slug.value));
        series.into_iter().flat_map(|series| &series.changes)
    }

    /// How many times calendars have had to hear of it: SEQUENCE (RFC 5545 §3.8.7.4). It counts what has happened to
    /// the event and to its series, also what an exception spares it from, so that it never goes down while the
    /// history is kept. A state that no change tells of counts as one.
    pub(super) fn sequence(&self, status: Status, registry: &Registry) -> usize {
        let told = self.all_changes(registry).filter(|change| change.what != Status::Full.word()).count();
        let untold = status.is_a_change() && self.all_changes(registry).all(|change| change.what != status.word());
        told + usize::from(untold)
    }

    /// Whether an occasion is over.
    pub(super) fn is_over(&self, occurrence: &Occurrence, desk: &Desk) -> bool {
        let last = occurrence.last_instant(&desk.settings.zone);
        desk.clock.has_come(last, Occasion::Ends, &self.common.path)
    }

    fn has_started(&self, occurrence: &Occurrence, desk: &Desk) -> bool {
        desk.has_come(&occurrence.start, Occasion::Starts, &self.common.path)
    }

    /// Where it is in its time: from its first occasion to its last. Between two occasions it goes on only in the
    /// night of a meeting of several days; between meetings it is ahead.
    pub(super) fn phase(&self, desk: &Desk, registry: &Registry) -> Phase {
        let status = self.status(registry);
        if status == Status::Postponed {
            // Its days are not to be: it is ahead until somebody says when.
            return Phase::Undated;
        }
        let counted = self.counted(registry);
        let Some(first) = counted.iter().position(|occurrence| !self.is_over(occurrence, desk)) else {
            return Phase::Past;
        };
        let goes_on = |occurrence: &&Occurrence| self.has_started(occurrence, desk) && !self.is_over(occurrence, desk);
        if status.is_held() && counted[first..].iter().any(goes_on) { Phase::Ongoing } else { Phase::Upcoming }
    }

    /// The occasion that readers want to know of: the first that takes place and is not over, or else the last.
    pub(super) fn next_occurrence(&self, desk: &Desk, registry: &Registry) -> &Occurrence {
        let counted = self.counted(registry);
        // Of a single one, nobody needs to ask the clock.
        let ahead = counted.iter().take(counted.len() - 1).find(|occurrence| !self.is_over(occurrence, desk));
        ahead.or(counted.last()).expect("an event without an occasion was refused")
    }

    /// The state of the registration.
    pub(super) fn registration_state(&self, desk: &Desk, registry: &Registry) -> RegistrationState {
        let Some(registration) = &self.registration else { return RegistrationState::None };
        let status = self.status(registry);
        if !status.is_held() {
            RegistrationState::None
        } else if self.registration_has_closed(registration, desk, registry) {
            RegistrationState::Closed
        } else if registration.is_full(status) {
            RegistrationState::Full
        } else if registration.opens.is_some_and(|opens| !self.registration_has_opened(&opens, desk)) {
            RegistrationState::NotOpen
        } else {
            RegistrationState::Open
        }
    }

    fn registration_has_closed(&self, registration: &Registration, desk: &Desk, registry: &Registry) -> bool {
        if registration.closes.is_some_and(|closes| self.registration_is_over(&closes, desk)) {
            return true;
        }
        // A network may take new members between its meetings, if the writer says how long.
        let counted = self.counted(registry);
        let decisive = if registration.closes.is_some() { counted.last() } else { counted.first() };
        decisive.is_none_or(|occurrence| self.has_started(occurrence, desk))
    }

    /// Whether the last moment to register has passed.
    pub(super) fn registration_is_over(&self, closes: &Moment, desk: &Desk) -> bool {
        desk.is_over(closes, Occasion::RegistrationCloses, &self.common.path)
    }

    fn registration_has_opened(&self, opens: &Moment, desk: &Desk) -> bool {
        desk.has_come(opens, Occasion::RegistrationOpens, &self.common.path)
    }
}

impl Occurrence {
    fn status_within(&self, given: Status) -> Status {
        self.status.as_ref().map_or(given, |own| own.value)
    }
}

impl Registration {
    fn is_full(&self, status: Status) -> bool {
        self.full || status == Status::Full
    }
}
