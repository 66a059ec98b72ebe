//! What follows from an event's data and the time of the build: never stored, always derived.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Event, Occurrence, Registration, Status};
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

impl Occurrence {
    /// The instant at which it is over. One without an end lasts its whole day.
    pub fn over(&self, zone: &TimeZone) -> Timestamp {
        let last = self.end.unwrap_or(Moment { timed: false, ..self.start });
        Moment { timed: last.timed && !self.all_day, ..last }.over(zone)
    }

    /// Where it is in its time.
    pub fn phase(&self, desk: &Desk) -> Phase {
        if self.over(&desk.settings.zone) <= desk.now {
            Phase::Past
        } else if desk.passed(&self.start) {
            Phase::Ongoing
        } else {
            Phase::Upcoming
        }
    }
}

impl Event {
    /// The status that counts: its own, or else that of its series.
    pub fn status(&self, registry: &Registry) -> Status {
        self.status.or_else(|| self.inherited(registry)).unwrap_or(Status::Planned)
    }

    fn inherited(&self, registry: &Registry) -> Option<Status> {
        let word = registry.series.get(&self.series.as_ref()?.value)?.status?;
        Status::ALL.iter().copied().find(|status| status.word() == word)
    }

    /// What has happened to it, oldest first: its own history, and its series' when it has inherited from it.
    pub fn history<'a>(&'a self, registry: &'a Registry) -> Vec<&'a Change> {
        let series = self.series.as_ref().and_then(|slug| registry.series.get(&slug.value));
        let inherits = self.status.is_none() && self.inherited(registry).is_some();
        let of_series = series.filter(|_| inherits).into_iter().flat_map(|series| &series.changes);
        let mut history: Vec<&Change> = self.changes.iter().chain(of_series).collect();
        history.sort_by_key(|change| change.date);
        history
    }

    /// Where it is in its time: from its first occasion to its last. Between two occasions it goes on only in the
    /// night of a meeting of several days; between meetings it is ahead.
    pub fn phase(&self, desk: &Desk, status: Status) -> Phase {
        let phases: Vec<Phase> = self.occurrences.iter().map(|occurrence| occurrence.phase(desk)).collect();
        if phases.iter().all(|phase| *phase == Phase::Past) {
            Phase::Past
        } else if status == Status::Postponed {
            Phase::Undated
        } else if phases.contains(&Phase::Ongoing) && status != Status::Cancelled {
            Phase::Ongoing
        } else {
            Phase::Upcoming
        }
    }

    /// The occasion that readers want to know of: the first that is not over, or else the last.
    pub(super) fn next_occurrence(&self, desk: &Desk) -> &Occurrence {
        let ahead = self.occurrences.iter().find(|occurrence| occurrence.phase(desk) != Phase::Past);
        ahead.or(self.occurrences.last()).expect("an event without an occasion was refused")
    }

    /// The state of the registration.
    pub fn registration_state(&self, desk: &Desk, status: Status) -> RegistrationState {
        let Some(registration) = &self.registration else { return RegistrationState::None };
        let started = self.occurrences.first().is_some_and(|occurrence| desk.passed(&occurrence.start));
        let closed = registration.closes.is_some_and(|closes| desk.over(&closes));
        if matches!(status, Status::Cancelled | Status::Postponed) {
            RegistrationState::None
        } else if started || closed {
            RegistrationState::Closed
        } else if registration.is_full(status) {
            RegistrationState::Full
        } else if registration.opens.is_some_and(|opens| !desk.passed(&opens)) {
            RegistrationState::NotOpen
        } else {
            RegistrationState::Open
        }
    }
}

impl Registration {
    fn is_full(&self, status: Status) -> bool {
        self.full || status == Status::Full
    }
}
