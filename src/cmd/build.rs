//! `anslag build` and `anslag check`.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Result;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::arguments::{BuildOptions, Common, ReportFormat};
use super::finished::{Finished, say};
use super::outcome::Outcome;
use super::waiting::while_waiting;
use super::{End, digest, print, print_report, refuse, tell};
use crate::diagnostic::render::render_build;
use crate::diagnostic::{Report, Severity};
use crate::publish::{Published, Wishes, refusal};
use crate::session::Options;
use crate::text::date::Moment;

/// Checks everything and writes what has changed of the site.
pub fn build(common: &Common, options: &BuildOptions) -> Result<End> {
    let (started, now) = (Instant::now(), common.now());
    let output = output_of(common, options.output.as_deref());
    let wishes = Wishes { adopt: options.adopt, in_place: options.in_place };
    if let Some(words) = refusal(&common.root, &output, wishes) {
        return refuse(common, &words);
    }
    let asked = Options { locked: options.locked, ..common.options(now) };
    let build = || Outcome::of(&asked, &output, wishes, options.audit);
    let outcome = while_waiting(common, &asked.progress, build)?;
    let counts = outcome.counts();
    let Outcome { published, report, due, zone, snapshot, timings, .. } = outcome;
    let remarks = report.count(Severity::Info);
    let report = told(report, common);
    let Some(published) = published else {
        print_report(&report, &snapshot, common)?;
        say(common, "nothing was written");
        return Ok(End::Errors);
    };
    let digest = options.digest.then(|| digest::of_site(&common.root, &output)).transpose()?;
    print_timings(common, &timings);
    print_counts(common, &counts);
    let Published { written, unchanged, removed } = published;
    if common.format == ReportFormat::Json {
        let mut build = json!({"now": Moment::of(now, &zone).rfc3339(&zone), "due": due});
        counts.into_iter().for_each(|(what, counts)| build[what] = counts);
        build["paths"] = json!({"written": written, "removed": removed});
        digest.iter().for_each(|digest| build["digest"] = digest.as_str().into());
        print(&render_build(&report, &build, &snapshot))?;
    } else {
        print_report(&report, &snapshot, common)?;
        digest.iter().try_for_each(|digest| print(&format!("{digest}\n")))?;
    }
    let (next, millis) = (due["at"].as_str().unwrap_or("never"), started.elapsed().as_millis());
    let (written, removed) = (number_of(written.len(), "file"), removed.len());
    let words = format!("{written} written, {unchanged} unchanged, {removed} removed in {millis} ms");
    say(common, &format!("{words}; next due: {next}"));
    if remarks > 0 && !common.verbose {
        let (remarks, them) = (number_of(remarks, "remark"), if remarks == 1 { "it" } else { "them" });
        say(common, &format!("{remarks}; `anslag check` shows {them}"));
    }
    Ok(End::Well)
}

/// Where a site is written.
pub fn output_of(common: &Common, given: Option<&Path>) -> PathBuf {
    given.map_or_else(|| common.root.join("public"), Path::to_owned)
}

/// What was done, for people who ask for more.
fn print_counts(common: &Common, counts: &[(&str, Value)]) {
    for (what, counts) in counts.iter().filter(|_| common.verbose) {
        let counts = counts.as_object().into_iter().flatten().map(|(word, count)| format!("{count} {word}"));
        tell(&format!("{what:>12} {}\n", counts.collect::<Vec<_>>().join(", ")));
    }
}

/// "1 file", "2 files".
fn number_of(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// What a build says to people: not what is only worth knowing, which `anslag check` is there for.
pub fn told(report: Report, common: &Common) -> Report {
    if common.format == ReportFormat::Human && !common.verbose { report.without(Severity::Info) } else { report }
}

/// Checks everything and writes nothing.
pub fn check(common: &Common, locked: bool) -> Result<End> {
    check_at(common, common.now(), locked)
}

/// Checks everything as of a time.
pub fn check_at(common: &Common, now: Timestamp, locked: bool) -> Result<End> {
    let started = Instant::now();
    let options = Options { locked, ..common.options(now) };
    let finished = while_waiting(common, &options.progress, || Finished::make(&options))?;
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
        tell(&format!("{stage:>12} {:>8.1} ms\n", time.as_secs_f64() * 1000.0));
    }
}
