//! `anslag build` and `anslag check`.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use jiff::Timestamp;
use serde_json::json;

use super::arguments::{Common, ReportFormat};
use super::finished::{Finished, say};
use super::{End, print, print_report};
use crate::diagnostic::render::render_build;
use crate::diagnostic::{Report, Severity};
use crate::publish::{Published, publish};

/// Checks everything and writes the site.
pub fn build(common: &Common, output: Option<&Path>) -> Result<End> {
    let started = Instant::now();
    let now = common.now();
    let mut finished = Finished::make(common, now)?;
    if finished.report.has_errors() {
        print_report(&told(finished.report, common), &finished.snapshot, common)?;
        say(common, "nothing was written");
        return Ok(End::Errors);
    }
    let output = output.map_or_else(|| common.root.join("public"), Path::to_owned);
    let publishing = Instant::now();
    let published = publish(&finished.tree, &finished.snapshot, &common.root, &output)?;
    finished.timings.push(("publish", publishing.elapsed()));
    print_timings(common, &finished.timings);
    let remarks = finished.report.count(Severity::Info);
    finished.report = told(finished.report, common);
    if common.format == ReportFormat::Json {
        let Published { written, unchanged, removed } = published;
        let counts = json!({"written": written, "unchanged": unchanged, "removed": removed});
        let build = json!({"now": finished.clock_face(now), "files": counts, "due": finished.due_json()});
        print(&render_build(&finished.report, &build, &finished.snapshot))?;
    } else {
        print_report(&finished.report, &finished.snapshot, common)?;
    }
    say(common, &summary(published, started.elapsed(), &finished));
    if remarks > 0 && !common.verbose {
        say(common, &format!("{remarks} remarks; `anslag check` shows them"));
    }
    Ok(End::Well)
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
        &format!("{} files checked in {} ms, no errors", finished.tree.files.len(), started.elapsed().as_millis()),
    );
    Ok(End::Well)
}

fn summary(published: Published, elapsed: Duration, finished: &Finished) -> String {
    let Published { written, unchanged, removed } = published;
    let due = finished.due.as_ref();
    let next = due.map_or_else(|| "never".to_owned(), |due| finished.clock_face(due.at));
    let millis = elapsed.as_millis();
    format!("{written} files written, {unchanged} unchanged, {removed} removed in {millis} ms; next due: {next}")
}

fn print_timings(common: &Common, timings: &[(&str, Duration)]) {
    if !common.verbose {
        return;
    }
    for (stage, time) in timings {
        eprintln!("{stage:>12} {:>8.1} ms", time.as_secs_f64() * 1000.0);
    }
}
