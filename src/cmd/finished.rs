//! A finished site: the stages in order, as the commands that need all of them run them.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::arguments::{Common, ReportFormat};
use super::speak;
use crate::addresses::Addresses;
use crate::config::Settings;
use crate::diagnostic::Report;
use crate::session::{Documents, Due, Handover, Memory, Options, Session, Tree};
use crate::source::{Listing, Snapshot};
use crate::text::date::Moment;

/// A finished site, and what was found on the way.
#[derive(Default)]
pub struct Finished {
    /// The inputs.
    pub snapshot: Snapshot,
    /// The site.
    pub tree: Tree,
    /// How many documents there are.
    pub documents: Documents,
    /// What was found.
    pub report: Report,
    /// When the site will be another one; none when it has errors or stays as it is.
    pub due: Option<Due>,
    /// Until when the same files make the same site, about which the same is said; none when that is for ever.
    pub until: Option<Timestamp>,
    /// What the next run may want to know of this one; nothing unless it was asked for.
    pub handover: Handover,
    /// What `addresses.lock` is to be when this site has been published, if it is to be another one.
    pub addresses: Option<String>,
    /// The settings; none when they cannot be read.
    pub settings: Option<Settings>,
    /// How long each stage took.
    pub timings: Vec<(&'static str, Duration)>,
}

impl Finished {
    /// Makes the site, as it is at a time.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn make(options: &Options) -> Result<Self> {
        Self::of(options.now, |report| Session::open(options.clone(), report))
    }

    /// The same of files that are at hand.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn of_snapshot(options: &Options, snapshot: Snapshot, found: Report) -> Result<Self> {
        Self::of(options.now, |report| {
            report.merge(found);
            Session::of(snapshot, options.clone(), report)
        })
    }

    /// The same with what is remembered of an earlier one.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn make_again(options: &Options, listing: Listing, memory: Memory) -> Result<Self> {
        Self::of(options.now, |report| Session::open_again(listing, memory, options.clone(), report))
    }

    fn of(now: Timestamp, open: impl FnOnce(&mut Report) -> Result<(Snapshot, Option<Session>)>) -> Result<Self> {
        let mut report = Report::default();
        let mut timings = Vec::new();
        let mut clock = Instant::now();
        let mut lap = |stage| {
            timings.push((stage, clock.elapsed()));
            clock = Instant::now();
        };
        let mut session = match open(&mut report)? {
            (_, Some(session)) => session,
            (snapshot, None) => {
                report.settle();
                return Ok(Self { snapshot, report, ..Self::default() });
            }
        };
        lap("read");
        let mut material = session.material(&mut report)?;
        let contents = session.contents(&material, now, None, &mut report);
        lap("understand");
        let tree = session.site(&contents, &mut report);
        session.check_addresses(&material, &contents, &tree, &mut report);
        session.judge(&contents, &mut report);
        report.settle();
        lap("render");
        let due = if report.has_errors() { None } else { session.due(&material, &contents, &tree) };
        let until = contents.until(&material);
        lap("look ahead");
        session.overflow.check()?;
        let documents = material.documents;
        // Whoever looks without publishing does not remember either.
        let publishes = session.remembers() && !report.has_errors();
        let addresses = publishes.then(|| session.new_addresses(&material, &contents, &tree)).flatten();
        let (asked, files) = (contents.clock.asked(), contents.catalogue.files.clone());
        forget(contents);
        let handover =
            if publishes { session.hand_over(&mut material, &asked, &files, &tree) } else { Handover::default() };
        forget(material);
        let settings = Some(session.settings);
        Ok(Self {
            snapshot: session.snapshot,
            tree,
            documents,
            report,
            due,
            until,
            handover,
            addresses,
            settings,
            timings,
        })
    }

    /// Holds the site against one that was made wholly.
    ///
    /// # Errors
    /// They are not the same, or not the same is said of them.
    pub fn must_be(&self, whole: &Self) -> Result<()> {
        if let Some(route) = self.tree.difference(&whole.tree, &whole.snapshot) {
            bail!("made of what has changed alone, `{route}` would be another one: this is a fault of anslag");
        }
        if self.report.save() != whole.report.save()
            || self.due != whole.due
            || self.until != whole.until
            || self.addresses != whole.addresses
        {
            bail!("made of what has changed alone, the site would have other findings: this is a fault of anslag");
        }
        Ok(())
    }

    /// What `addresses.lock` says of all addresses. What is wrong in it is in the report.
    pub fn addresses_known(&self) -> Addresses {
        Addresses::read(&self.snapshot, &mut Report::default())
    }

    /// When the site will be another one, and why, for machines.
    pub fn due_json(&self) -> Value {
        self.due.as_ref().map_or(Value::Null, |due| {
            let reasons = due.turns.iter().map(|turn| json!({"what": turn.occasion.word(), "file": &*turn.path}));
            json!({"at": self.clock_face(due.at), "reasons": reasons.collect::<Vec<_>>()})
        })
    }

    /// An instant with the offset of the site's time zone (RFC 3339).
    pub fn clock_face(&self, instant: Timestamp) -> String {
        let zone = self.zone();
        Moment::of(instant, &zone).rfc3339(&zone)
    }

    /// The site's time zone.
    pub fn zone(&self) -> TimeZone {
        self.settings.as_ref().map_or(TimeZone::UTC, |settings| settings.zone.clone())
    }
}

/// Keeps the memory: giving that of a large site back piece by piece takes longer than ending the process.
#[expect(clippy::mem_forget, reason = "the process ends soon, and the system takes the memory back as a whole")]
fn forget<T>(large: T) {
    std::mem::forget(large);
}

/// Says something to people; machines get their own format and nothing else.
pub fn say(common: &Common, words: &str) {
    if !common.quiet && common.format == ReportFormat::Human {
        speak(common, words);
    }
}
