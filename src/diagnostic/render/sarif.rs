//! For tools that gather findings (GitHub code scanning, editors, dashboards): SARIF 2.1.0.
//!
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Value, json};

use super::{Files, plain_text};
use crate::diagnostic::{Code, Diagnostic, Place, Report, Severity};

pub(super) fn render<'a>(report: &'a Report, files: &mut Files<'a>) -> String {
    let sorted = report.sorted();
    let codes: BTreeMap<&str, &Code> = sorted.iter().map(|found| (found.code.name, found.code)).collect();
    let indexes: BTreeMap<&str, usize> = codes.keys().enumerate().map(|(index, name)| (*name, index)).collect();
    let results: Vec<Value> = sorted.into_iter().map(|found| result(found, indexes[found.code.name], files)).collect();
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": "anslag",
                    "version": env!("CARGO_PKG_VERSION"),
                    "rules": codes.into_values().map(rule).collect::<Vec<_>>(),
                },
            },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn rule(code: &Code) -> Value {
    json!({
        "id": code.name,
        "shortDescription": { "text": code.summary },
        "fullDescription": { "text": code.explanation },
        "help": { "text": code.explanation },
        "defaultConfiguration": { "level": level(code.severity) },
    })
}

fn result<'a>(diagnostic: &'a Diagnostic, rule_index: usize, files: &mut Files<'a>) -> Value {
    let mut result = json!({
        "ruleId": diagnostic.code.name,
        "ruleIndex": rule_index,
        "level": level(diagnostic.severity),
        "message": message(&plain_text(diagnostic)),
        "locations": diagnostic.place.iter().map(|place| location(place, files)).collect::<Vec<_>>(),
    });
    if !diagnostic.related.is_empty() {
        result["relatedLocations"] =
            diagnostic.related.iter().map(|related| related_location(related, files)).collect();
    }
    result
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// In a message's text `{0}` would be filled in; §3.11.5 wants literal braces doubled.
fn message(text: &str) -> Value {
    json!({ "text": text.replace('{', "{{").replace('}', "}}") })
}

fn related_location<'a>((place, words): &'a (Place, String), files: &mut Files<'a>) -> Value {
    let mut location = location(place, files);
    location["message"] = message(words);
    location
}

fn location<'a>(place: &'a Place, files: &mut Files<'a>) -> Value {
    let mut physical = json!({ "artifactLocation": { "uri": uri(&place.path) } });
    if let Some(region) = files.region(place) {
        physical["region"] = json!({
            "startLine": region.start.line,
            "startColumn": region.start.column,
            "endLine": region.end.line,
            "endColumn": region.end.column,
        });
    }
    json!({ "physicalLocation": physical })
}

/// The path as a relative reference: all but RFC 3986's unreserved characters and `/` is percent-encoded.
fn uri(path: &str) -> String {
    path.bytes().fold(String::with_capacity(path.len()), |mut uri, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(byte.into()),
            _ => write!(uri, "%{byte:02X}").expect("a string takes all that is written"),
        }
        uri
    })
}
