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

    /// Whether it takes place, as far as anybody knows.
    pub fn is_held(&self) -> bool {
        !matches!(self.status, Some(Status::Cancelled | Status::Postponed))
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
    /// The status that counts: its own, or else that of its series. When every occasion that is left does not take
    /// place, neither does the event.
    pub fn status(&self, registry: &Registry) -> Status {
        let status = self.status.or_else(|| self.inherited(registry)).unwrap_or(Status::Planned);
        match self.shared_status() {
            Some(shared) if status == Status::Planned => shared,
            _ => status,
        }
    }

    /// The status that all occasions have.
    fn shared_status(&self) -> Option<Status> {
        let (first, rest) = self.occurrences.split_first()?;
        rest.iter().all(|occurrence| occurrence.status == first.status).then_some(first.status)?
    }

    /// The occasions that take place, as far as anybody knows.
    pub(super) fn held(&self) -> impl Iterator<Item = &Occurrence> {
        self.occurrences.iter().filter(|occurrence| occurrence.is_held())
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
        let held: Vec<Phase> = self.held().map(|occurrence| occurrence.phase(desk)).collect();
        let all = || self.occurrences.iter().map(|occurrence| occurrence.phase(desk)).collect();
        let phases: Vec<Phase> = if held.is_empty() { all() } else { held };
        if status == Status::Postponed {
            // Its days are not to be: it is ahead until somebody says when.
            Phase::Undated
        } else if phases.iter().all(|phase| *phase == Phase::Past) {
            Phase::Past
        } else if phases.contains(&Phase::Ongoing) && status != Status::Cancelled {
            Phase::Ongoing
        } else {
            Phase::Upcoming
        }
    }

    /// The occasion that readers want to know of: the first that takes place and is not over, or else the last.
    pub(super) fn next_occurrence(&self, desk: &Desk) -> &Occurrence {
        let ahead = self.held().find(|occurrence| occurrence.phase(desk) != Phase::Past);
        let last = || self.held().last().or(self.occurrences.last());
        ahead.or_else(last).expect("an event without an occasion was refused")
    }

    /// The state of the registration.
    pub fn registration_state(&self, desk: &Desk, status: Status) -> RegistrationState {
        let Some(registration) = &self.registration else { return RegistrationState::None };
        // A network may take new members between its meetings, if the writer says how long.
        let mut held = self.held();
        let has_started = |occurrence: &Occurrence| desk.passed(&occurrence.start);
        let started = match registration.closes {
            Some(_) => held.all(has_started),
            None => held.next().is_none_or(has_started),
        };
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
