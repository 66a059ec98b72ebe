//! When the site will be another one: the next instant at which its output changes.
//!
//! The clock knows all that was asked about and has not come, so until the nearest of that nothing changes. Whether
//! anything then does is seen by making what depends on it. Mostly the document's own page settles it; where neither
//! its page nor its card is another one, nothing is; and what is left is settled by making the whole site.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::contents::Material;
use super::{Contents, Session, Tree};
use crate::diagnostic::Report;
use crate::model::catalogue::Missing;
use crate::model::clock::{Ahead, Turn};
use crate::model::{Card, Clock, Kind, Occasion};
use crate::progress::Stage;

/// The next instant at which the output changes, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The instant.
    pub at: Timestamp,
    /// What happens then.
    pub turns: Vec<Turn>,
}

/// How many times the whole site is made to see whether it is another one. A theme that shows nothing of what goes on
/// may make that vain any number of times; then an instant is named at which nothing may show, which does no harm.
const LOOKS: usize = 100;

/// What a turn does to the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Effect {
    /// The output is another one.
    Change,
    /// None.
    Nothing,
    /// It cannot be told from the document alone.
    Unclear,
}

impl Session {
    /// Finds the next instant at which the site is no longer the same as this tree, made of these contents. None when
    /// it stays as it is for ever.
    pub fn due(&mut self, material: &Material, contents: &Contents, tree: &Tree) -> Option<Due> {
        self.options.progress.begin(Stage::LookAhead, 0);
        let mut ahead = contents.clock.ahead();
        let mut later: Option<Contents> = None;
        let mut looks = 0;
        while let Some((at, turns)) = ahead.pop_first() {
            let contents = later.as_ref().unwrap_or(contents);
            let clock = Clock::at(at);
            let mut with = BTreeMap::<Effect, Vec<Turn>>::new();
            for turn in turns {
                with.entry(self.effect(contents, tree, &turn, &clock)).or_default().push(turn);
            }
            let changes = with.remove(&Effect::Change);
            let unclear = with.remove(&Effect::Unclear);
            if let Some(changes) = changes {
                // What stands on many pages is told besides: that it shows too is likely, and does not matter.
                let turns: BTreeSet<Turn> = changes.into_iter().chain(unclear.into_iter().flatten()).collect();
                return Some(Due { at, turns: turns.into_iter().collect() });
            }
            let Some(turns) = unclear else {
                // The documents may ask for something else from now on.
                merge(&mut ahead, clock.ahead());
                continue;
            };
            let mut unheard = Report::default();
            let then = self.contents(material, at, Some(&contents.catalogue.files), &mut unheard);
            looks += 1;
            if looks > LOOKS || tree.difference(&self.site_unchecked(&then), &self.snapshot).is_some() {
                return Some(Due { at, turns });
            }
            ahead = then.clock.ahead();
            later = Some(then);
        }
        None
    }

    /// What a turn does, as far as its own document tells.
    fn effect(&self, contents: &Contents, tree: &Tree, turn: &Turn, clock: &Clock) -> Effect {
        // The site cannot be built then.
        if turn.occasion == Occasion::WaiverEnds {
            return Effect::Change;
        }
        let missing = contents.catalogue.missing.get(&turn.path);
        if missing == Some(&Missing::Scheduled) && Kind::of_path(&turn.path) != Some(Kind::Notice) {
            return Effect::Change;
        }
        let Some(before) = contents.catalogue.card(&turn.path).filter(|card| card.kind != Kind::Notice) else {
            return Effect::Unclear;
        };
        let Some((page, card)) = self.document_at(contents, &turn.path, clock) else { return Effect::Unclear };
        let is_found = self.settings.own_search().is_some() && shown_in_search(&card) != shown_in_search(before);
        match turn.occasion {
            // An occasion is left out of the section's calendar, which nothing else tells of.
            Occasion::LeavesCalendar => Effect::Change,
            // A document that is archived is no longer asked when it should have been reviewed.
            _ if !clock.has_met(turn) => Effect::Nothing,
            _ if is_found || page.is_some_and(|page| !tree.holds(&page, &self.snapshot)) => Effect::Change,
            // Persons are shown on others' pages, by more than their cards.
            Occasion::PersonLeaves => Effect::Unclear,
            _ if card == *before => Effect::Nothing,
            _ => Effect::Unclear,
        }
    }
}

/// What the search index says of an entry and time can change.
fn shown_in_search(card: &Card) -> impl PartialEq {
    let event = card.event.as_ref().map(|event| (event.when.clone(), event.place.clone()));
    (card.heading.clone(), card.badges.clone(), event)
}

fn merge(ahead: &mut Ahead, more: Ahead) {
    for (instant, turns) in more {
        ahead.entry(instant).or_default().extend(turns);
    }
}
