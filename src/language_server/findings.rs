//! What is wrong with the site, as editors show it: by file, each finding in its place, with what may be written instead.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use gen_lsp_types::{
    Code, Diagnostic as Shown, DiagnosticRelatedInformation, DiagnosticSeverity, Location, Range as Stretch, Uri,
};

use super::positions::{Positions, Units};
use crate::diagnostic::render::{Texts, plain_text};
use crate::diagnostic::{Diagnostic, Place, Report, Severity};
use crate::model::catalogue::MISSING_TARGET;

/// Where findings are shown that are of the site as a whole.
const WHOLE: &str = "site.yaml";

/// A finding in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// As it is shown.
    pub shown: Shown,
    /// What may be written to mend it.
    pub fix: Option<Fix>,
}

/// Words in the place of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Where the others stand.
    pub range: Stretch,
    /// The others.
    pub old: String,
    /// What is to stand there.
    pub new: String,
}

/// The findings of a report by the files that they are in.
pub fn by_file(
    report: &Report,
    texts: &dyn Texts,
    name_of: &dyn Fn(&str) -> Uri,
    units: Units,
) -> BTreeMap<Arc<str>, Vec<Finding>> {
    let mut files = Files { texts, units, read: BTreeMap::new() };
    let mut found: BTreeMap<Arc<str>, Vec<Finding>> = BTreeMap::new();
    for diagnostic in report.sorted() {
        let place = diagnostic.place.clone().unwrap_or_else(|| Place::start_of(&WHOLE.into()));
        let shown = shown(diagnostic, &place, name_of, &mut files);
        let fix = fix(diagnostic, &place, &mut files);
        found.entry(place.path).or_default().push(Finding { shown, fix });
    }
    found
}

/// The texts that findings stand in, each read through once.
struct Files<'a> {
    texts: &'a dyn Texts,
    units: Units,
    read: BTreeMap<Arc<str>, Option<(&'a str, Positions<'a>)>>,
}

impl<'a> Files<'a> {
    fn text(&mut self, path: &Arc<str>) -> Option<&(&'a str, Positions<'a>)> {
        let (texts, units) = (self.texts, self.units);
        let read = || texts.text(path).map(|text| (text, Positions::of(text, units)));
        self.read.entry(path.clone()).or_insert_with(read).as_ref()
    }

    /// Where a place is; the beginning of a file that has no text.
    fn range(&mut self, path: &Arc<str>, span: &Range<usize>) -> Stretch {
        self.text(path).map(|(_, positions)| positions.range(span)).unwrap_or_default()
    }
}

fn shown(diagnostic: &Diagnostic, place: &Place, name_of: &dyn Fn(&str) -> Uri, files: &mut Files) -> Shown {
    let related = diagnostic.related.iter().map(|(place, words)| {
        let location = Location { uri: name_of(&place.path), range: files.range(&place.path, &place.span) };
        DiagnosticRelatedInformation { location, message: words.clone() }
    });
    let related: Vec<DiagnosticRelatedInformation> = related.collect();
    Shown {
        range: files.range(&place.path, &place.span),
        severity: Some(match diagnostic.severity {
            Severity::Error => DiagnosticSeverity::Error,
            Severity::Warning => DiagnosticSeverity::Warning,
            Severity::Info => DiagnosticSeverity::Information,
        }),
        code: Some(Code::String(diagnostic.code.name.to_owned())),
        source: Some("anslag".to_owned()),
        message: plain_text(diagnostic).into(),
        related_information: (!related.is_empty()).then_some(related),
        ..Shown::default()
    }
}

/// What was meant, where it can be written without a thought of quotes and escapes.
fn fix(diagnostic: &Diagnostic, place: &Place, files: &mut Files) -> Option<Fix> {
    let new = diagnostic.meant.as_ref().filter(|meant| meant.chars().all(is_plain))?;
    let (text, positions) = files.text(&place.path)?;
    let old = text.get(place.span.clone())?;
    let part = part_meant(old, new, diagnostic.code.name == MISSING_TARGET.name)?;
    let span = place.span.start + part.start..place.span.start + part.end;
    Some(Fix { range: positions.range(&span), old: old[part].to_owned(), new: new.clone() })
}

/// Which part of the words is meant to be others: what is in quotes, and of a link what comes before `#` or from there on.
fn part_meant(old: &str, new: &str, is_link: bool) -> Option<Range<usize>> {
    let is_quoted = old.len() > 1 && ['"', '\''].iter().any(|quote| old.starts_with(*quote) && old.ends_with(*quote));
    let inside = if is_quoted { 1..old.len() - 1 } else { 0..old.len() };
    let anchor = old.find('#');
    match (new.starts_with('#'), anchor) {
        (true, anchor) => Some(anchor?..inside.end),
        (false, Some(anchor)) if is_link => Some(inside.start..anchor),
        (false, _) => (!inside.is_empty()).then_some(inside),
    }
}

fn is_plain(sign: char) -> bool {
    sign.is_alphanumeric() || matches!(sign, '-' | '_' | '.' | '/' | '#')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_meant_is_replaced() {
        let check = |old: &str, new: &str, is_link, after: Option<&str>| {
            let replaced =
                part_meant(old, new, is_link).map(|part| old[..part.start].to_owned() + new + &old[part.end..]);
            assert_eq!(replaced.as_deref(), after, "{old} {new}");
        };
        check("cancled", "cancelled", false, Some("cancelled"));
        check("'anna-brg'", "anna-berg", false, Some("'anna-berg'"));
        check("../x.md#program", "../events/x.md", true, Some("../events/x.md#program"));
        check("\"../x.md#program\"", "../events/x.md", true, Some("\"../events/x.md#program\""));
        check("../x.md#programm", "#program", false, Some("../x.md#program"));
        check("c#", "cc", false, Some("cc"));
        check("x.md", "#program", false, None);
        check("", "x", false, None);
    }
}
