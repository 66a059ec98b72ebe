//! For the log of a GitHub workflow: a command a line, which GitHub shows beside the lines of the change.
//!
//! `::error file=content/blog/x.md,line=3,endLine=3,col=1,endColumn=8,title=unknown-key::message`

use super::{Files, plain_text, shortened, visible};
use crate::diagnostic::{Diagnostic, Place, Report, Severity};

pub(super) fn render<'a>(report: &'a Report, files: &mut Files<'a>) -> String {
    report.sorted().into_iter().map(|diagnostic| command(diagnostic, files) + "\n").collect()
}

fn command<'a>(diagnostic: &'a Diagnostic, files: &mut Files<'a>) -> String {
    let mut properties = diagnostic.place.as_ref().map(|place| place_properties(place, files)).unwrap_or_default();
    properties.push(("title", diagnostic.code.name.to_owned()));
    let properties: Vec<_> = properties.iter().map(|(name, value)| format!("{name}={}", property(value))).collect();
    format!("::{} {}::{}", level(diagnostic.severity), properties.join(","), data(&message(diagnostic, files)))
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    }
}

fn place_properties<'a>(place: &'a Place, files: &mut Files<'a>) -> Vec<(&'static str, String)> {
    let mut properties = vec![("file", place.path.to_string())];
    let Some(region) = files.region(place) else { return properties };
    properties.push(("line", region.start.line.to_string()));
    properties.push(("endLine", region.end.line.to_string()));
    // GitHub takes columns only for a span within one line.
    if region.start.line == region.end.line {
        properties.push(("col", region.start.column.to_string()));
        properties.push(("endColumn", region.end.column.to_string()));
    }
    properties
}

/// The related places have no properties of their own, so they are told in words.
fn message<'a>(diagnostic: &'a Diagnostic, files: &mut Files<'a>) -> String {
    let mut message = plain_text(diagnostic);
    for (place, words) in &diagnostic.related {
        let spot = files.region(place).map(|region| format!(":{}:{}", region.start.line, region.start.column));
        message.push_str(&format!("\nnote: {words} ({}{})", place.path, spot.unwrap_or_default()));
    }
    message
}

fn data(text: &str) -> String {
    visible(&shortened(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A"))
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
