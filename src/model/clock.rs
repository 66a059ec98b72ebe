//! The time of a build as an input, and the next instant at which it would matter.
//!
//! Nobody compares times but [`Clock::has_come`]. It remembers what has not come yet: until the nearest of that, every
//! question put to the clock has the same answer, so the site is the same to the byte. What happens then is kept with
//! it, to be said by `anslag due`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What may happen at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Occasion {
    /// A document is published.
    Published,
    /// A document is archived.
    Archived,
    /// A document should have been reviewed.
    ReviewOverdue,
    /// A standing text no longer holds.
    TextEnds,
    /// An occasion of an event begins.
    Starts,
    /// An occasion of an event is over.
    Ends,
    /// An occasion of an event is left out of the section's calendar.
    LeavesCalendar,
    /// A registration opens.
    RegistrationOpens,
    /// A registration closes.
    RegistrationCloses,
    /// Comments are no longer taken.
    CommentsClose,
    /// A notice is shown.
    NoticeBegins,
    /// A notice is no longer shown.
    NoticeEnds,
    /// A person has left.
    PersonLeaves,
    /// An organisation has a new name.
    NameChanges,
    /// A waiver no longer holds: the site cannot be built then.
    WaiverEnds,
}

impl Occasion {
    /// The word that machines know it by.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Archived => "archived",
            Self::ReviewOverdue => "review_overdue",
            Self::TextEnds => "text_ends",
            Self::Starts => "starts",
            Self::Ends => "ends",
            Self::LeavesCalendar => "leaves_calendar",
            Self::RegistrationOpens => "registration_opens",
            Self::RegistrationCloses => "registration_closes",
            Self::CommentsClose => "comments_close",
            Self::NoticeBegins => "notice_begins",
            Self::NoticeEnds => "notice_ends",
            Self::PersonLeaves => "person_leaves",
            Self::NameChanges => "name_changes",
            Self::WaiverEnds => "waiver_ends",
        }
    }

    /// What happens, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Published => "is published",
            Self::Archived => "is archived",
            Self::ReviewOverdue => "should have been reviewed",
            Self::TextEnds => "no longer holds",
            Self::Starts => "an occasion starts",
            Self::Ends => "an occasion is over",
            Self::LeavesCalendar => "leaves the calendar",
            Self::RegistrationOpens => "opens for registration",
            Self::RegistrationCloses => "closes for registration",
            Self::CommentsClose => "takes no more comments",
            Self::NoticeBegins => "is shown",
            Self::NoticeEnds => "is no longer shown",
            Self::PersonLeaves => "has left",
            Self::NameChanges => "has a name that ends",
            Self::WaiverEnds => "has a waiver that ends: mend the fault before",
        }
    }
}

/// Something that happens, and to what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Turn {
    /// The file that says so.
    pub path: Arc<str>,
    /// What happens.
    pub occasion: Occasion,
}

/// What comes, by its instant, soonest first.
pub type Ahead = BTreeMap<Timestamp, BTreeSet<Turn>>;

/// What a clock was asked for and had not come.
#[derive(Debug, Default)]
pub struct Asked {
    /// What comes.
    pub ahead: Ahead,
    /// The nearest instant at which something else is to be said.
    pub word: Option<Timestamp>,
}

/// The time of a build.
#[derive(Debug)]
pub struct Clock {
    now: Timestamp,
    ahead: Mutex<Ahead>,
    /// What was asked for and comes at this very instant.
    met: Mutex<BTreeSet<Turn>>,
    /// The nearest instant at which something else is to be said.
    word: Mutex<Option<Timestamp>>,
}

impl Clock {
    /// A clock that stands at an instant.
    pub fn at(now: Timestamp) -> Self {
        Self { now, ahead: Mutex::default(), met: Mutex::default(), word: Mutex::default() }
    }

    /// Whether an instant has come, where the answer reaches no output but only what is said of the site.
    pub fn has_come_for_words(&self, instant: Timestamp) -> bool {
        if instant > self.now {
            let mut word = self.word.lock().unwrap_or_else(PoisonError::into_inner);
            *word = sooner(*word, Some(instant));
        }
        instant <= self.now
    }

    /// Whether an instant has come. While it has not, the site may change then.
    pub fn has_come(&self, instant: Timestamp, occasion: Occasion, path: &Arc<str>) -> bool {
        if instant < self.now {
            return true;
        }
        let turn = Turn { path: path.clone(), occasion };
        if instant == self.now {
            self.met.lock().unwrap_or_else(PoisonError::into_inner).insert(turn);
            return true;
        }
        self.ahead.lock().unwrap_or_else(PoisonError::into_inner).entry(instant).or_default().insert(turn);
        false
    }

    /// Takes over what another clock was asked for: the same would be asked of this one, and has not come either.
    pub fn recall(&self, asked: &Asked) {
        let mut ahead = self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        for (instant, turns) in &asked.ahead {
            ahead.entry(*instant).or_default().extend(turns.iter().cloned());
        }
        let mut word = self.word.lock().unwrap_or_else(PoisonError::into_inner);
        *word = sooner(*word, asked.word);
    }

    /// All that it was asked for and that has not come.
    pub fn asked(&self) -> Asked {
        Asked { ahead: self.ahead(), word: *self.word.lock().unwrap_or_else(PoisonError::into_inner) }
    }

    /// Whether something was asked for that comes at this very instant. What nobody asked for plays no part then.
    pub fn has_met(&self, turn: &Turn) -> bool {
        self.met.lock().unwrap_or_else(PoisonError::into_inner).contains(turn)
    }

    /// All that was asked for and has not come.
    pub fn ahead(&self) -> Ahead {
        self.ahead.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The nearest instant that was asked about and has not come: until then every answer is the same, and so is all that is
    /// made and said.
    pub fn until(&self) -> Option<Timestamp> {
        let ahead = self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        let word = self.word.lock().unwrap_or_else(PoisonError::into_inner);
        sooner(ahead.keys().next().copied(), *word)
    }
}

/// The sooner of two instants, each of which may never come.
pub fn sooner(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    one.into_iter().chain(other).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_not_come_is_remembered_in_order() {
        let instant = |second| Timestamp::from_second(second).expect("an instant");
        let clock = Clock::at(instant(100));
        let (a, b): (Arc<str>, Arc<str>) = ("a.md".into(), "b.md".into());
        assert!(clock.has_come(instant(100), Occasion::Starts, &a));
        assert!(clock.ahead().is_empty());
        let turn = |occasion| Turn { path: a.clone(), occasion };
        assert!(clock.has_met(&turn(Occasion::Starts)) && !clock.has_met(&turn(Occasion::Ends)));
        assert!(!clock.has_come(instant(300), Occasion::Ends, &a));
        assert!(!clock.has_come(instant(200), Occasion::Starts, &b));
        assert!(!clock.has_come(instant(200), Occasion::Published, &a));
        assert!(!clock.has_come(instant(200), Occasion::Published, &a));
        let (at, turns) = clock.ahead().pop_first().expect("something comes");
        let turns: Vec<(&str, Occasion)> = turns.iter().map(|turn| (&*turn.path, turn.occasion)).collect();
        assert_eq!((at, turns), (instant(200), vec![("a.md", Occasion::Published), ("b.md", Occasion::Starts)]));
    }
}
