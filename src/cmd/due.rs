//! `anslag due`: when the site will be another one, so that whoever schedules builds need not guess.

use std::fmt::Write;
use std::fs;

use anyhow::Result;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::arguments::{Common, DueOptions, ReportFormat};
use super::finished::Finished;
use super::waiting::while_waiting;
use super::{End, print, print_report, refuse};

/// Says when the output changes next, and why; with `--since`, whether it has changed since a build.
pub fn due(common: &Common, options: &DueOptions) -> Result<End> {
    let now = common.now();
    let since = match options.since.as_deref().map(read_since).transpose() {
        Ok(since) => since,
        Err(words) => return refuse(common, &words),
    };
    let options = common.options(since.unwrap_or(now));
    let finished = while_waiting(common, &options.progress, || Finished::make(&options))?;
    if finished.report.has_errors() {
        print_report(&finished.report, &finished.snapshot, common)?;
        return Ok(End::Errors);
    }
    let is_due = since.is_some() && finished.due.as_ref().is_some_and(|due| due.at <= now);
    match common.format {
        ReportFormat::Json => print_json(&finished, since, is_due)?,
        _ => print_words(&finished)?,
    }
    Ok(if is_due { End::Due } else { End::Well })
}

/// The time of a build: given, or read from the report that it wrote with `--format json`.
fn read_since(written: &str) -> Result<Timestamp, String> {
    if let Ok(instant) = written.parse() {
        return Ok(instant);
    }
    let text = fs::read_to_string(written)
        .map_err(|error| format!("`{written}` is neither a time (RFC 3339) nor the report of a build ({error})"))?;
    let report: Option<Value> = serde_json::from_str(&text).ok();
    let time = report.as_ref().and_then(|report| report.pointer("/build/now")?.as_str()?.parse().ok());
    time.ok_or_else(|| format!("`{written}` is not the report of `anslag build --format json` that went well"))
}

fn print_words(finished: &Finished) -> Result<()> {
    let Some(due) = &finished.due else { return print("nothing is due: the site stays as it is\n") };
    let mut text = format!("{}\n", finished.clock_face(due.at));
    for turn in &due.turns {
        writeln!(text, "  {}: {}", turn.path, turn.occasion.words())?;
    }
    print(&text)
}

fn print_json(finished: &Finished, since: Option<Timestamp>, is_due: bool) -> Result<()> {
    let since = since.map(|since| finished.clock_face(since));
    let words = json!({"due": finished.due_json(), "since": since, "rebuild": is_due});
    print(&format!("{}\n", serde_json::to_string_pretty(&words)?))
}
