//! What is known of one address, and how an answer changes it.

use jiff::civil::Date;

use super::answer::Class;
use super::{Address, Answer, Heard};
use crate::choice;

/// For how many days an address may go without a sound answer before it is dead. Servers are repaired in a week, and
/// certificates renewed when somebody is back from a holiday.
const SILENT_DAYS: i32 = 30;

choice! {
    /// What is held of an address.
    pub enum State {
        /// It works.
        Well = "well",
        /// It works, and has moved for good.
        Moved = "moved",
        /// It is gone.
        Dead = "dead",
        /// It may work or not.
        Unsure = "unsure",
    }
}

/// What is known of one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What is held of it.
    pub state: State,
    /// What it answered last.
    pub answer: Answer,
    /// When that was.
    pub asked: Date,
    /// Since when it has been answering in this way; of one that is not well.
    pub since: Option<Date>,
    /// When it was well last; of one that is not well.
    pub well: Option<Date>,
    /// Where it has moved to.
    pub to: Option<Address>,
}

impl Entry {
    /// What is known of an address that has answered, after what was known before.
    pub fn after(before: Option<&Self>, heard: &Heard, today: Date) -> Self {
        let Heard { answer, moved } = heard.clone();
        let class = answer.class();
        if class == Class::Well {
            let state = if moved.is_some() { State::Moved } else { State::Well };
            return Self { state, answer, asked: today, since: None, well: None, to: moved };
        }
        let since = before.filter(|before| before.answer.class() == class).and_then(|before| before.since);
        let since = since.unwrap_or(today);
        let days = (today - since).get_days();
        let is_dead = match class {
            // "No longer available at the origin server …, and this condition is likely to be permanent" (RFC 9110, 15.5.11).
            Class::Gone => answer == Answer::Status(410) || days > 0,
            Class::Silent => days >= SILENT_DAYS,
            Class::Barred | Class::Well => false,
        };
        let state = if is_dead { State::Dead } else { State::Unsure };
        Self { state, answer, asked: today, since: Some(since), well: before.and_then(Self::last_well), to: None }
    }

    /// Whether it works.
    pub fn is_well(&self) -> bool {
        matches!(self.state, State::Well | State::Moved)
    }

    /// Whether it was well some days ago or less.
    pub fn was_well_within(&self, days: usize, today: Date) -> bool {
        self.is_well() && usize::try_from((today - self.asked).get_days()).is_ok_and(|passed| passed < days)
    }

    fn last_well(&self) -> Option<Date> {
        if self.is_well() { Some(self.asked) } else { self.well }
    }

    /// What is to be said of it, after its address. Nothing when it is well.
    pub fn words(&self) -> Option<String> {
        let Self { answer, asked, .. } = self;
        let history = match (self.since.filter(|since| since != asked), self.well) {
            (Some(since), Some(well)) => format!(", as since {since}; it was well on {well}"),
            (Some(since), None) => format!(", as since {since}"),
            (None, Some(well)) => format!("; it was well on {well}"),
            (None, None) => String::new(),
        };
        match self.state {
            State::Well => None,
            State::Moved => Some(format!("has moved for good ({asked})")),
            State::Dead => Some(format!("is dead: it {} on {asked}{history}", answer.words())),
            State::Unsure => Some(format!("may not work: it {} on {asked}{history}", answer.words())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The states of an address that is asked on these days of a year's beginning, and answers in this way.
    fn states(answers: &[(i64, Answer)]) -> Vec<&'static str> {
        let mut known: Option<Entry> = None;
        let mut states = Vec::new();
        for (day, answer) in answers {
            let today = jiff::civil::date(2026, 1, 1).saturating_add(jiff::Span::new().days(*day));
            let entry = Entry::after(known.as_ref(), &Heard { answer: *answer, moved: None }, today);
            states.push(entry.state.word());
            known = Some(entry);
        }
        states
    }

    #[test]
    fn one_bad_day_kills_no_link() {
        use Answer::{NoHost, Status, Timeout};
        type Story = (&'static [(i64, Answer)], &'static [&'static str]);
        let cases: &[Story] = &[
            (&[(0, Status(404)), (0, Status(404)), (1, Status(404))], &["unsure", "unsure", "dead"]),
            (&[(0, Status(404)), (7, NoHost), (8, Status(200))], &["unsure", "dead", "well"]),
            (&[(0, Status(410))], &["dead"]),
            (&[(0, Status(404)), (1, Status(503)), (2, Status(404))], &["unsure", "unsure", "unsure"]),
            (&[(0, Status(503)), (29, Timeout), (30, Answer::Tls)], &["unsure", "unsure", "dead"]),
            (&[(0, Status(403)), (99, Status(429)), (200, Status(999))], &["unsure", "unsure", "unsure"]),
        ];
        for (answers, expected) in cases {
            assert_eq!(states(answers), *expected, "{answers:?}");
        }
    }

    #[test]
    fn what_was_well_is_remembered() {
        let day = |day| jiff::civil::date(2026, 1, day);
        let heard = |answer| Heard { answer, moved: None };
        let well = Entry::after(None, &heard(Answer::Status(200)), day(1));
        let first = Entry::after(Some(&well), &heard(Answer::Status(404)), day(15));
        let second = Entry::after(Some(&first), &heard(Answer::Status(404)), day(16));
        let words = "is dead: it answered 404 on 2026-01-16, as since 2026-01-15; it was well on 2026-01-01";
        assert_eq!(second.words().as_deref(), Some(words));
        assert!(well.was_well_within(14, day(14)) && !well.was_well_within(14, day(15)));
        assert!(!first.was_well_within(14, day(15)));
    }
}
