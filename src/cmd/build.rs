//! `anslag build` and `anslag check`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Result, bail};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::arguments::{BuildOptions, Common, ReportFormat};
use super::finished::{Finished, say};
use super::{End, print, print_report};
use crate::diagnostic::render::render_build;
use crate::diagnostic::{Report, Severity};
use crate::publish::{Before, Past, Published, Record, Said, publish};
use crate::session::{Documents, Memory, Pages, codes};
use crate::source::{Listing, Snapshot};
use crate::text::date::Moment;
use crate::text::fingerprint::fingerprint;

/// Checks everything and writes what has changed of the site.
pub fn build(common: &Common, options: &BuildOptions) -> Result<End> {
    let started = Instant::now();
    let (now, began) = (common.now(), moment());
    let (root, output) = (&common.root, output_of(common, options.output.as_deref()));
    let (maker, listing) = (maker(common), Listing::of(root)?);
    let before = Record::before(root, &listing, &output, maker, now, began)?;
    let is_known = matches!(before, Before::Same(_));
    let mut past = match before {
        Before::Unknown => Past::default(),
        Before::Changed(past) => *past,
        Before::Same(record) if options.audit => record.past(root, &output).unwrap_or_default(),
        Before::Same(record) => match Outcome::again(*record, root)? {
            Some(outcome) => {
                print_timings(common, &[("compare", started.elapsed())]);
                outcome.print_counts(common);
                return outcome.say(common, now, started);
            }
            None => Past::default(),
        },
    };
    let compared = ("compare", started.elapsed());
    let finished = make(common, options, listing, &mut past)?;
    if finished.report.has_errors() {
        print_report(&told(finished.report, common), &finished.snapshot, common)?;
        say(common, "nothing was written");
        return Ok(End::Errors);
    }
    let publishing = Instant::now();
    let (published, seen) = publish(&finished.tree, &finished.snapshot, &past, root, &output)?;
    let outcome = Outcome::of(&finished, published);
    if let Some(said) = outcome.save() {
        let (time, sources) = ((now, finished.until), (&finished.snapshot, began));
        if let Some(record) = Record::new(maker, time, said, sources, &past, seen)? {
            record.write(&finished.memory, root, &output)?;
        }
    }
    let timings = [&[compared], &finished.timings[..], &[("publish", publishing.elapsed())]].concat();
    print_timings(common, &timings);
    outcome.print_counts(common);
    if is_known && (published.written > 0 || published.removed > 0) {
        bail!(
            "nothing seemed to have changed, but {} files are others now and {} are gone: this is a fault of anslag",
            published.written,
            published.removed
        );
    }
    Outcome { snapshot: finished.snapshot, ..outcome }.say(common, now, started)
}

/// Makes the site with what is known of the past; wholly, where that is asked for or the past has changed meanwhile.
fn make(common: &Common, options: &BuildOptions, listing: Listing, past: &mut Past) -> Result<Finished> {
    let now = common.now();
    let finished = Finished::make_again(common, now, listing, std::mem::take(&mut past.memory))?;
    if !options.audit && !finished.snapshot.is_disturbed() {
        return Ok(finished);
    }
    let whole = Finished::make_again(common, now, Listing::of(&common.root)?, Memory::default())?;
    if options.audit {
        finished.must_be(&whole)?;
    }
    *past = Past::default();
    Ok(whole)
}

/// How a build ended that went well.
struct Outcome {
    published: Published,
    documents: Documents,
    pages: Pages,
    report: Report,
    due: Value,
    zone: TimeZone,
    /// The texts that findings point into.
    snapshot: Snapshot,
}

impl Outcome {
    fn of(finished: &Finished, published: Published) -> Self {
        let zone = finished.settings.as_ref().map_or(TimeZone::UTC, |settings| settings.zone.clone());
        let (documents, pages, report) = (finished.documents, finished.tree.pages, finished.report.clone());
        Self { published, documents, pages, report, due: finished.due_json(), zone, snapshot: Snapshot::default() }
    }

    /// That of a build after which nothing has changed; none when the record says what this program does not know.
    fn again(record: Record, root: &Path) -> Result<Option<Self>> {
        let published = Published { unchanged: record.files(), ..Published::default() };
        let Said { findings, due, zone, documents, pages } = record.said;
        let Ok(due) = serde_json::from_str(&due) else { return Ok(None) };
        let documents = Documents { read: 0, remembered: documents };
        let pages = Pages { made: 0, standing: pages };
        let (Some(report), Ok(zone)) = (Report::restore(findings, &codes()), TimeZone::get(&zone)) else {
            return Ok(None);
        };
        let files: BTreeSet<&str> = report.files().map(AsRef::as_ref).collect();
        let snapshot = Snapshot::of_files(root, files)?;
        Ok(Some(Self { published, documents, pages, report, due, zone, snapshot }))
    }

    /// What the next build must know to say the same.
    fn save(&self) -> Option<Said> {
        let zone = self.zone.iana_name()?.to_owned();
        let documents = self.documents.read + self.documents.remembered;
        let pages = self.pages.made + self.pages.standing;
        Some(Said { findings: self.report.save(), due: self.due.to_string(), zone, documents, pages })
    }

    /// What was done, for machines. No time is among it, since that is of the machine.
    fn counts(&self) -> [(&'static str, Value); 3] {
        let Published { written, unchanged, removed } = self.published;
        let Documents { read, remembered } = self.documents;
        let Pages { made, standing } = self.pages;
        [
            ("documents", json!({"read": read, "remembered": remembered})),
            ("pages", json!({"made": made, "standing": standing})),
            ("files", json!({"written": written, "unchanged": unchanged, "removed": removed})),
        ]
    }

    /// The same for people who ask for more.
    fn print_counts(&self, common: &Common) {
        if !common.verbose {
            return;
        }
        for (what, counts) in self.counts() {
            let counts = counts.as_object().into_iter().flatten().map(|(word, count)| format!("{count} {word}"));
            eprintln!("{what:>12} {}", counts.collect::<Vec<_>>().join(", "));
        }
    }

    fn say(self, common: &Common, now: Timestamp, started: Instant) -> Result<End> {
        let Published { written, unchanged, removed } = self.published;
        let remarks = self.report.count(Severity::Info);
        let counts = self.counts();
        let report = told(self.report, common);
        if common.format == ReportFormat::Json {
            let now = Moment::of(now, &self.zone).rfc3339(&self.zone);
            let mut build = json!({"now": now, "due": self.due});
            counts.into_iter().for_each(|(what, counts)| build[what] = counts);
            print(&render_build(&report, &build, &self.snapshot))?;
        } else {
            print_report(&report, &self.snapshot, common)?;
        }
        let (next, millis) = (self.due["at"].as_str().unwrap_or("never"), started.elapsed().as_millis());
        let written = number_of(written, "file");
        let words = format!("{written} written, {unchanged} unchanged, {removed} removed in {millis} ms");
        say(common, &format!("{words}; next due: {next}"));
        if remarks > 0 && !common.verbose {
            let (remarks, them) = (number_of(remarks, "remark"), if remarks == 1 { "it" } else { "them" });
            say(common, &format!("{remarks}; `anslag check` shows {them}"));
        }
        Ok(End::Well)
    }
}

/// "1 file", "2 files".
fn number_of(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// Where a site is written.
pub fn output_of(common: &Common, given: Option<&Path>) -> PathBuf {
    given.map_or_else(|| common.root.join("public"), Path::to_owned)
}

/// Who makes a site: the program, and what it is asked for. With another of these a record is of no use.
pub fn maker(common: &Common) -> u64 {
    let Common { base_url, drafts, .. } = common;
    fingerprint(format!("{} {base_url:?} {drafts}", env!("ANSLAG_ENGINE")).as_bytes())
}

/// When the reading began, by the clock of the machine. Nothing is made by it: it tells which stamps of files can be trusted.
#[expect(clippy::disallowed_methods, reason = "held against the times of files, and part of no output")]
pub fn moment() -> SystemTime {
    SystemTime::now()
}

/// What a build says to people: not what is only worth knowing, which `anslag check` is there for.
fn told(report: Report, common: &Common) -> Report {
    if common.format == ReportFormat::Human && !common.verbose { report.without(Severity::Info) } else { report }
}

/// Checks everything and writes nothing.
pub fn check(common: &Common) -> Result<End> {
    check_at(common, common.now())
}

/// Checks everything as of a time.
pub fn check_at(common: &Common, now: Timestamp) -> Result<End> {
    let started = Instant::now();
    let finished = Finished::make(common, now)?;
    print_report(&finished.report, &finished.snapshot, common)?;
    print_timings(common, &finished.timings);
    if finished.report.has_errors() {
        return Ok(End::Errors);
    }
    say(
        common,
        &format!(
            "{} checked in {} ms, no errors",
            number_of(finished.tree.files.len(), "file"),
            started.elapsed().as_millis()
        ),
    );
    Ok(End::Well)
}

fn print_timings(common: &Common, timings: &[(&str, Duration)]) {
    if !common.verbose {
        return;
    }
    for (stage, time) in timings {
        eprintln!("{stage:>12} {:>8.1} ms", time.as_secs_f64() * 1000.0);
    }
}
