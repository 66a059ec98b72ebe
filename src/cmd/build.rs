//! `anslag build` and `anslag check`.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::arguments::{Common, ReportFormat};
use super::{End, print_report};
use crate::diagnostic::Report;
use crate::publish::{Published, publish};
use crate::session::{Contents, Session, Tree};
use crate::source::Snapshot;

/// A finished site, and what was found on the way.
struct Finished {
    snapshot: Snapshot,
    tree: Tree,
    report: Report,
    timings: Vec<(&'static str, Duration)>,
}

/// Checks everything and writes the site.
pub fn build(common: &Common, output: Option<&Path>) -> Result<End> {
    let started = Instant::now();
    let mut finished = finish(common)?;
    print_report(&finished.report, &finished.snapshot, common)?;
    if finished.report.has_errors() {
        say(common, "nothing was written");
        return Ok(End::Errors);
    }
    let output = output.map_or_else(|| common.root.join("public"), Path::to_owned);
    let publishing = Instant::now();
    let published = publish(&finished.tree, &finished.snapshot, &common.root, &output)?;
    finished.timings.push(("publish", publishing.elapsed()));
    print_timings(common, &finished.timings);
    say(common, &summary(published, started.elapsed()));
    Ok(End::Well)
}

/// Checks everything and writes nothing.
pub fn check(common: &Common) -> Result<End> {
    let started = Instant::now();
    let finished = finish(common)?;
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

fn finish(common: &Common) -> Result<Finished> {
    let mut report = Report::default();
    let mut timings = Vec::new();
    let mut clock = Instant::now();
    let mut lap = |stage| {
        timings.push((stage, clock.elapsed()));
        clock = Instant::now();
    };
    let mut session = match Session::open(common.options(), &mut report)? {
        (_, Some(session)) => session,
        (snapshot, None) => {
            report.settle();
            return Ok(Finished { snapshot, tree: Tree::default(), report, timings });
        }
    };
    lap("read");
    let contents = session.contents(&mut report);
    lap("understand");
    let tree = session.site(&contents, &mut report);
    report.settle();
    lap("render");
    forget(contents);
    Ok(Finished { snapshot: session.snapshot, tree, report, timings })
}

/// Keeps the memory: giving that of a large site back piece by piece takes longer than ending the process.
#[expect(clippy::mem_forget, reason = "the process ends soon, and the system takes the memory back as a whole")]
fn forget(contents: Contents) {
    std::mem::forget(contents);
}

fn summary(published: Published, elapsed: Duration) -> String {
    let Published { written, unchanged, removed } = published;
    format!("{written} files written, {unchanged} unchanged, {removed} removed in {} ms", elapsed.as_millis())
}

/// Says something to people; machines get their own format and nothing else.
fn say(common: &Common, words: &str) {
    if !common.quiet && common.format == ReportFormat::Human {
        eprintln!("{words}");
    }
}

fn print_timings(common: &Common, timings: &[(&str, Duration)]) {
    if !common.verbose {
        return;
    }
    for (stage, time) in timings {
        eprintln!("{stage:>12} {:>8.1} ms", time.as_secs_f64() * 1000.0);
    }
}
