//! `anslag check --external`: asks the addresses outside the site, notes what they answer, and checks the site by that.
//!
//! What is said at the end is what every build will say, since it is found in the same way: by reading the ledger.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use anyhow::{Result, bail};
use jiff::civil::Date;

use super::arguments::{CheckOptions, Common, Which};
use super::finished::{Finished, say};
use super::waiting::while_waiting;
use super::{End, build, print_report};
use crate::config::Settings;
use crate::diagnostic::Report;
use crate::outside::{Address, CutOff, Entry, Heard, Home, LEDGER, Ledger, Manners, State, ask};
use crate::progress::{Progress, Stage};
use crate::publish::{Lock, replace};

/// Asks the addresses outside the site, and checks everything.
pub fn check(common: &Common, which: Which, asked: &CheckOptions) -> Result<End> {
    let now = common.now();
    let options = common.options(now);
    let finished = while_waiting(common, &options.progress, || Finished::make(&options))?;
    let Some(settings) = finished.settings.as_ref().filter(|_| !finished.report.has_faults()) else {
        print_report(&finished.report, &finished.snapshot, common)?;
        say(common, "the addresses outside the site were not asked, since not all of its pages could be made");
        return Ok(End::Errors);
    };
    let today = now.to_zoned(settings.zone.clone()).date();
    let home = Home::of(settings);
    let known = Ledger::read(&finished.snapshot, &mut Report::default());
    let inquiry = Inquiry::new(finished.tree.outside(&home).into_iter().collect(), known, which, settings, today);
    let manners = Manners {
        name: format!("anslag/{} (checks the links of {})", env!("CARGO_PKG_VERSION"), home.name()),
        pause: settings.external_links.pause,
        timeout: settings.external_links.timeout,
        resolve: asked.resolve.clone(),
    };
    let progress = Progress::default();
    progress.begin(Stage::Ask, inquiry.due.len());
    let ask = || ask(&inquiry.due, &inquiry.witnesses, &manners, &|| progress.step());
    let heard = match while_waiting(common, &progress, ask) {
        Ok(heard) => heard,
        Err(CutOff { far, of }) => bail!(
            "the network is missing, or lets little through: {far} of {of} hosts could not be reached\n\
             nothing was learned of the addresses outside, and {LEDGER} is as it was"
        ),
    };
    let ledger = inquiry.ledger(&heard, today);
    let text = ledger.write();
    if finished.snapshot.text(LEDGER).is_none_or(|before| **before != text) {
        let _alone = Lock::wait_for_sources(&common.root);
        replace(&common.root.join(LEDGER), text.as_bytes())?;
    }
    let end = build::check_at(common, now, asked.locked)?;
    say(common, &inquiry.summary(&ledger, heard.len()));
    Ok(end)
}

/// What is asked in one run, and what was known before.
struct Inquiry {
    all: Vec<Address>,
    known: Ledger,
    /// Those to be asked; of one host those first that were asked longest ago.
    due: Vec<Address>,
    /// Those that were well when they were asked last; the newest first.
    witnesses: Vec<Address>,
}

impl Inquiry {
    fn new(all: Vec<Address>, known: Ledger, which: Which, settings: &Settings, today: Date) -> Self {
        let asked = |address: &Address| known.entries.get(address).map(|entry| entry.asked);
        let is_due = |address: &&Address| match (which, known.entries.get(address)) {
            (Which::All, _) | (_, None) => true,
            (Which::New, Some(_)) => false,
            (Which::Due, Some(entry)) => !entry.was_well_within(settings.external_links.recheck, today),
        };
        let is_well = |address: &&Address| known.entries.get(address).is_some_and(Entry::is_well);
        let mut due: Vec<Address> = all.iter().filter(is_due).cloned().collect();
        due.sort_by_key(asked);
        let mut witnesses: Vec<Address> = all.iter().filter(is_well).cloned().collect();
        witnesses.sort_by_key(|address| Reverse(asked(address)));
        Self { all, known, due, witnesses }
    }

    /// What is known now. Of addresses to which the site no longer links nothing is kept.
    fn ledger(&self, heard: &BTreeMap<Address, Heard>, today: Date) -> Ledger {
        let entry = |address: &Address| {
            let before = self.known.entries.get(address);
            let entry = heard.get(address).map(|heard| Entry::after(before, heard, today));
            Some((address.clone(), entry.or_else(|| before.cloned())?))
        };
        Ledger { entries: self.all.iter().filter_map(entry).collect() }
    }

    fn summary(&self, ledger: &Ledger, heard: usize) -> String {
        let count = |state| ledger.entries.values().filter(|entry| entry.state == state).count();
        let states = [("well", State::Well), ("moved", State::Moved), ("dead", State::Dead), ("unsure", State::Unsure)];
        let counts: Vec<String> = states.iter().map(|(word, state)| format!("{} {word}", count(*state))).collect();
        let mut text = format!("{}: {}", outside(self.all.len()), counts.join(", "));
        let mut add = |number: usize, words: &str| {
            if number > 0 {
                text += &format!("; {number} {words}");
            }
        };
        add(self.all.len() - self.due.len(), "not asked again (`--external=all` asks them too)");
        add(self.due.len() - heard, "left for another time, since their hosts were busy or silent");
        text
    }
}

fn outside(number: usize) -> String {
    if number == 1 { "1 address outside".to_owned() } else { format!("{number} addresses outside") }
}
