//! What follows from an event's data and the time of the build: never stored, always derived.
//!
//! The clock is asked only for what the answer depends on, since each question says that the site may change then.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::keys::What;
use super::{Event, Occurrence, Registration, Status};
use crate::model::Occasion;
use crate::model::card::Phase;
use crate::model::common::Desk;
use crate::model::registry::{Change, Registry};
use crate::plan::Planner;
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
    /// The event is past.
    Past,
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
            Self::Past => "past",
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
    /// Its first day and its last.
    pub(super) fn days(&self) -> (Date, Date) {
        (self.start.day(), self.end.unwrap_or(self.start).day())
    }

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
        let of_occasions = || self.occurrences.iter().map(|occurrence| occurrence.status_within(given));
        let first = of_occasions().next().unwrap_or(given);
        if of_occasions().all(|status| status == first) {
            first
        } else if of_occasions().any(Status::is_held) {
            if given.is_held() { given } else { Status::Planned }
        } else {
            Status::Postponed
        }
    }

    /// The status that is written: the event's own, or else its series'.
    pub(super) fn given_status(&self, registry: &Registry) -> Status {
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

    /// What has happened to it, oldest first: its own history, and its series' unless it has a state of its own.
    pub(super) fn history<'a>(&'a self, registry: &'a Registry) -> Vec<&'a Change> {
        if self.status.is_some() { self.changes.iter().collect() } else { self.all_changes(registry) }
    }

    /// What has happened to it and to its series, also what it is spared from, oldest first.
    pub(super) fn all_changes<'a>(&'a self, registry: &'a Registry) -> Vec<&'a Change> {
        let series = self.series.as_ref().and_then(|slug| registry.series.get(&slug.value));
        let of_series = series.into_iter().flat_map(|series| &series.changes);
        let mut all: Vec<&Change> = self.changes.iter().chain(of_series).collect();
        all.sort_by_key(|change| change.date.value);
        all
    }

    /// Whether no change tells of the state of an occasion: one that names it, or else as many as there are occasions
    /// with that state.
    pub(super) fn is_untold(&self, occurrence: &Occurrence, registry: &Registry) -> bool {
        let status = self.status_of(occurrence, registry);
        let mut of_it = self.history(registry);
        of_it.retain(|change| change.concerns(&occurrence.id));
        let is_named = of_it.iter().any(|change| change.names(&occurrence.id) && change.what == status.word());
        status.is_a_change() && (told(status, &of_it) == 0 || !is_named && self.untold(status, registry) > 0)
    }

    /// How many changes are missing that would tell of a state, whatever they name.
    pub(super) fn untold(&self, status: Status, registry: &Registry) -> usize {
        if !status.is_a_change() {
            return 0;
        }
        let is_own = |occurrence: &&Occurrence| occurrence.status.as_ref().is_some_and(|own| own.value == status);
        let of_occasions = self.occurrences.iter().filter(is_own).count();
        let of_event = usize::from(self.given_status(registry) == status);
        of_event.max(of_occasions).saturating_sub(told(status, &self.history(registry)))
    }

    /// How many times calendars have had to hear of one of its occasions: SEQUENCE (RFC 5545 §3.8.7.4). It counts what
    /// has happened to the event and to its series, also what an exception spares it from, so that it never goes down
    /// while the history is kept. Changes that name another occasion count as well: naming it later takes nothing back.
    /// A state that no change tells of counts as if it were told.
    pub(super) fn sequence(&self, occurrence: &Occurrence, registry: &Registry) -> usize {
        let told = self.all_changes(registry).iter().filter(|change| change.what != Status::Full.word()).count();
        let untold = self.untold(self.status_of(occurrence, registry), registry);
        told + untold.max(usize::from(self.is_untold(occurrence, registry)))
    }

    /// The latest change to a state, of one of its occasions or of all.
    pub(super) fn latest<'a>(
        &'a self,
        status: Status,
        occurrence: Option<&Occurrence>,
        registry: &'a Registry,
    ) -> Option<&'a Change> {
        let mut found = self.history(registry);
        found.retain(|change| change.what == status.word());
        let latest = |fits: &dyn Fn(&Change) -> bool| found.iter().rev().copied().find(|change| fits(change));
        match occurrence {
            Some(occurrence) => latest(&|change| change.concerns(&occurrence.id)),
            None => latest(&|change| change.occasion.is_none()).or_else(|| latest(&|_| true)),
        }
    }

    /// When one of its occasions, or the first that was moved, should have started.
    pub(super) fn earlier_date(&self, occurrence: Option<&Occurrence>, registry: &Registry) -> Option<Moment> {
        let own = match occurrence {
            Some(occurrence) => occurrence.previous,
            None => self.occurrences.iter().find_map(|occurrence| occurrence.previous),
        };
        own.or_else(|| self.latest(Status::Rescheduled, occurrence, registry)?.previous)
    }

    /// Whether an occasion is over.
    pub(super) fn is_over(&self, occurrence: &Occurrence, desk: &Desk) -> bool {
        let last = occurrence.last_instant(&desk.settings.zone);
        desk.clock.has_come(last, Occasion::Ends, &self.common.path)
    }

    fn has_started(&self, occurrence: &Occurrence, desk: &Desk) -> bool {
        desk.has_come(&occurrence.start, Occasion::Starts, &self.common.path)
    }

    /// Where it is in its time. An occasion of several days goes on in the nights between them; between two occasions
    /// the event is ahead.
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
        } else if self.phase(desk, registry) == Phase::Past {
            RegistrationState::Past
        } else if self.registration_has_ended(registration, desk, registry) {
            RegistrationState::Closed
        } else if registration.is_full(status) {
            RegistrationState::Full
        } else if registration.closes.is_some_and(|closes| self.registration_is_over(&closes, desk)) {
            RegistrationState::Closed
        } else if registration.opens.is_some_and(|opens| !self.registration_has_opened(&opens, desk)) {
            RegistrationState::NotOpen
        } else {
            RegistrationState::Open
        }
    }

    /// Whether it is too late because the event has started.
    fn registration_has_ended(&self, registration: &Registration, desk: &Desk, registry: &Registry) -> bool {
        self.last_chance(registration, registry).is_none_or(|occurrence| self.has_started(occurrence, desk))
    }

    /// The occasion whose start ends the registration. A network may take new members between its meetings, if the
    /// writer says how long.
    pub(super) fn last_chance<'a>(
        &'a self,
        registration: &Registration,
        registry: &Registry,
    ) -> Option<&'a Occurrence> {
        let counted = self.counted(registry);
        if registration.closes.is_some() { counted.last().copied() } else { counted.first().copied() }
    }

    /// Whether the last moment to register has passed.
    pub(super) fn registration_is_over(&self, closes: &Moment, desk: &Desk) -> bool {
        desk.is_over(closes, Occasion::RegistrationCloses, &self.common.path)
    }

    /// Whether those who come too late can wait for a place.
    pub(super) fn takes_waiting(&self, registration: &Registration, desk: &Desk) -> bool {
        let is_over = |closes| self.registration_is_over(&closes, desk);
        registration.waiting_list && !registration.closes.is_some_and(is_over)
    }

    /// The last moment to register: what is written, or the start where that comes first.
    pub(super) fn closes(&self, written: &Moment, registration: &Registration, planner: &Planner) -> Moment {
        let start = self.last_chance(registration, planner.context.registry).map(|occurrence| occurrence.start);
        let is_earlier = |start: &Moment| start.instant < written.over(&planner.settings().zone);
        start.filter(is_earlier).unwrap_or(*written)
    }

    fn registration_has_opened(&self, opens: &Moment, desk: &Desk) -> bool {
        desk.has_come(opens, Occasion::RegistrationOpens, &self.common.path)
    }
}

/// How many changes tell of a state, of changes that stand oldest first. What was restored since does not tell of it.
pub fn told(status: Status, changes: &[&Change]) -> usize {
    let restored = [What::Restored.word(), What::Planned.word()];
    let last_restored = changes.iter().rposition(|change| restored.contains(&change.what));
    let since = &changes[last_restored.map_or(0, |last| last + 1)..];
    since.iter().filter(|change| change.what == status.word()).count()
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
