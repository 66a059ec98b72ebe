//! A finished site: the stages in order, as the commands that need all of them run them.

use std::time::{Duration, Instant};

use anyhow::Result;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::arguments::{Common, ReportFormat};
use crate::config::Settings;
use crate::diagnostic::Report;
use crate::session::{Due, Session, Tree};
use crate::source::Snapshot;
use crate::text::date::Moment;

/// A finished site, and what was found on the way.
pub struct Finished {
    pub snapshot: Snapshot,
    pub tree: Tree,
    pub report: Report,
    /// When the site will be another one; none when it has errors or stays as it is.
    pub due: Option<Due>,
    /// Until when the same files make the same site, about which the same is said; none when that is for ever.
    pub until: Option<Timestamp>,
    /// The settings; none when they cannot be read.
    pub settings: Option<Settings>,
    pub timings: Vec<(&'static str, Duration)>,
}

impl Finished {
    /// Makes the site, as it is at a time.
    pub fn make(common: &Common, now: Timestamp) -> Result<Self> {
        let mut report = Report::default();
        let mut timings = Vec::new();
        let mut clock = Instant::now();
        let mut lap = |stage| {
            timings.push((stage, clock.elapsed()));
            clock = Instant::now();
        };
        let mut session = match Session::open(common.options(now), &mut report)? {
            (_, Some(session)) => session,
            (snapshot, None) => {
                report.settle();
                return Ok(Self {
                    snapshot,
                    tree: Tree::default(),
                    report,
                    due: None,
                    until: None,
                    settings: None,
                    timings,
                });
            }
        };
        lap("read");
        let material = session.material(&mut report);
        let contents = session.contents(&material, now, None, &mut report);
        lap("understand");
        let tree = session.site(&contents, &mut report);
        session.judge(&contents, &mut report);
        report.settle();
        lap("render");
        let due = if report.has_errors() { None } else { session.due(&material, &contents, &tree) };
        let until = contents.until(&material);
        lap("look ahead");
        forget(contents);
        forget(material);
        let settings = Some(session.settings);
        Ok(Self { snapshot: session.snapshot, tree, report, due, until, settings, timings })
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
        let zone = self.settings.as_ref().map_or(TimeZone::UTC, |settings| settings.zone.clone());
        Moment::of(instant, &zone).rfc3339(&zone)
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
        eprintln!("{words}");
    }
}
