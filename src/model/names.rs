//! Names that organisations no longer have, in texts that are written since.
//!
//! Old text is never touched: it speaks as one spoke then. In a new text a former name is mostly a slip, so each is
//! pointed out, except in quotations and code, and where the writer says that it is meant (`former_names: true`).

use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;

use crate::code;
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::model::registry::{Name, Registry};

code! { pub RETIRED_NAME = "retired-name", Warning, "a name that an organisation no longer has, in a new text",
"`content/organisations.yaml` says when an organisation got another name. A text from after that day should use the new \
one, or readers look for somebody who is not there. Quotations (`>`) and code keep their words. Where a text speaks of \
the past on purpose, write `former_names: true` in its front matter." }

/// The findings of this module.
pub const CODES: &[&Code] = &[&RETIRED_NAME];

/// The names that organisations no longer have.
pub struct RetiredNames<'a> {
    names: Vec<Retired<'a>>,
    /// The names in use, which may hold a former one as a part.
    in_use: Vec<&'a str>,
}

struct Retired<'a> {
    name: &'a str,
    /// The last day on which it was right.
    until: Date,
    /// The name to use instead: short for short, whole for whole.
    instead: &'a str,
}

impl<'a> RetiredNames<'a> {
    /// Gathers them, longest first, so that a whole name is found before a short one in it.
    pub fn new(registry: &'a Registry) -> Self {
        let (mut names, mut in_use) = (Vec::new(), Vec::new());
        for organisation in registry.organisations.values() {
            let Some((last, former)) = organisation.names().split_last() else { continue };
            in_use.extend(both(last));
            names.extend(former.iter().flat_map(|name| retired(name, last)));
        }
        names.retain(|retired| !in_use.contains(&retired.name));
        names.sort_by_key(|retired| std::cmp::Reverse(retired.name.len()));
        Self { names, in_use }
    }

    /// Reports those that a text of a day uses though they were gone.
    pub fn check(&self, path: &Arc<str>, text: &str, day: Date, report: &mut Report) {
        let gone: Vec<&Retired> = self.names.iter().filter(|retired| retired.until < day).collect();
        if !gone.iter().any(|retired| text.contains(retired.name)) {
            return;
        }
        for line in prose(text) {
            let start = line.start;
            let line = &text[line];
            let mut taken: Vec<Range<usize>> = self.in_use.iter().flat_map(|name| places(line, name)).collect();
            for retired in &gone {
                for place in places(line, retired.name) {
                    if taken.iter().all(|other| place.end <= other.start || other.end <= place.start) {
                        let span = start + place.start..start + place.end;
                        report.push(finding(retired, Place { path: path.clone(), span }));
                        taken.push(place);
                    }
                }
            }
        }
    }
}

fn both(name: &Name) -> impl Iterator<Item = &str> {
    std::iter::once(name.name.as_str()).chain(name.short.as_deref())
}

fn retired<'a>(name: &'a Name, now: &'a Name) -> Vec<Retired<'a>> {
    let Some(until) = name.until else { return Vec::new() };
    let whole = Retired { name: &name.name, until, instead: &now.name };
    let short = name.short.as_deref();
    let short = short.map(|short| Retired { name: short, until, instead: now.short.as_deref().unwrap_or(&now.name) });
    std::iter::once(whole).chain(short).collect()
}

fn finding(retired: &Retired, place: Place) -> Diagnostic {
    let words = format!("`{}` was the name until {}", retired.name, retired.until);
    Diagnostic::new(&RETIRED_NAME, words).at(place).label(format!("now `{}`", retired.instead)).help(
        "write the new name, or `former_names: true` in the front matter if the text speaks of the past on purpose",
    )
}

/// The lines of a text that are the writer's own words: no quotation, no fenced code.
fn prose(text: &str) -> Vec<Range<usize>> {
    let (mut lines, mut start, mut in_code) = (Vec::new(), 0, false);
    for line in text.split_inclusive('\n') {
        let plain = line.trim_start();
        let is_fence = plain.starts_with("```") || plain.starts_with("~~~");
        in_code ^= is_fence;
        if !in_code && !is_fence && !plain.starts_with('>') {
            lines.push(start..start + line.len());
        }
        start += line.len();
    }
    lines
}

/// Where a name stands as a word of its own, also in the genitive; not in an address or in code.
fn places(line: &str, name: &str) -> Vec<Range<usize>> {
    let is_word = |(at, _): &(usize, &str)| {
        let (before, after) = (&line[..*at], &line[at + name.len()..]);
        let after = after.strip_prefix('s').filter(|rest| !begins_word(rest)).unwrap_or(after);
        let in_code = before.matches('`').count() % 2 == 1;
        !ends_word(before) && !begins_word(after) && !in_code
    };
    line.match_indices(name).filter(is_word).map(|(at, _)| at..at + name.len()).collect()
}

fn ends_word(before: &str) -> bool {
    before.ends_with(|sign: char| sign.is_alphanumeric() || matches!(sign, '/' | '_' | '.' | '@' | '='))
}

fn begins_word(after: &str) -> bool {
    let mut signs = after.chars();
    match signs.next() {
        Some('.') => signs.next().is_some_and(char::is_alphanumeric),
        Some(sign) => sign.is_alphanumeric() || matches!(sign, '/' | '_' | '@'),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::registry::read_organisations;
    use crate::source::Snapshot;

    const ORGANISATIONS: &str = "\
skr:
  names:
    - {name: Sveriges Kommuner och Landsting, short: SKL, until: 2019-11-26}
    - {name: Sveriges Kommuner och Regioner, short: SKR}
by: {names: [{name: Byn, until: 2020-01-01}, {name: Byn kommun}]}
";

    /// The former names in a text of a day, with what to write instead.
    fn found(text: &str, day: &str) -> Vec<String> {
        let snapshot = Snapshot::of_texts([("content/organisations.yaml", ORGANISATIONS)]);
        let organisations = read_organisations(&snapshot, &mut Report::default()).expect("they are right");
        let registry = Registry { organisations, ..Registry::default() };
        let mut report = Report::default();
        RetiredNames::new(&registry).check(&"x.md".into(), text, day.parse().expect("a day"), &mut report);
        let words = |finding: &&Diagnostic| {
            let span = finding.place.clone().expect("a place").span;
            format!("{} {}", &text[span], finding.label.clone().unwrap_or_default())
        };
        report.sorted().iter().map(words).collect()
    }

    #[test]
    fn a_former_name_in_a_new_text_is_pointed_out() {
        let cases: &[(&str, &[&str])] = &[
            ("SKL bjuder in.", &["SKL now `SKR`"]),
            ("SKLs och SKL:s nätverk, SKL-dagen", &["SKL now `SKR`", "SKL now `SKR`", "SKL now `SKR`"]),
            (
                "Sveriges Kommuner och Landsting",
                &["Sveriges Kommuner och Landsting now `Sveriges Kommuner och Regioner`"],
            ),
            ("> SKL sade då", &[]),
            ("`SKL` och https://example.org/SKL och SKL.se och SKLAV", &[]),
            ("```\nSKL\n```\nSKR och skl", &[]),
            ("Byn kommun, och Byn", &["Byn now `Byn kommun`"]),
        ];
        for (text, expected) in cases {
            assert_eq!(found(text, "2026-11-21"), *expected, "{text}");
        }
    }

    #[test]
    fn an_old_text_keeps_its_words() {
        assert!(found("SKL bjuder in.", "2019-11-26").is_empty());
        assert_eq!(found("SKL bjuder in.", "2019-11-27").len(), 1);
    }
}
