//! Names that organisations no longer have, in texts that are written since.
//!
//! Old text is never touched: it speaks as one spoke then. In a new text a former name is mostly a slip, so each is
//! pointed out, except in quotations and code, and where the writer says that it is meant (`former_names: true`).

use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;

use crate::code;
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::model::registry::{Name, Organisation, Registry};
use crate::text::fingerprint::FastSet;
use crate::text::words::{without_genitive, words};

code! { pub RETIRED_NAME = "retired-name", Warning, "a name that an organisation no longer has, in a new text",
"`content/organisations.yaml` says when an organisation got another name. A text from after that day should use the new \
one, or readers look for somebody who is not there. Quotations (`>`) and code keep their words. Where a text speaks of \
the past on purpose, write `former_names: true` in its front matter." }

/// The findings of this module.
pub const CODES: &[&Code] = &[&RETIRED_NAME];

/// The organisations that have had other names.
pub struct RetiredNames<'a> {
    organisations: Vec<&'a Organisation>,
    /// The first words of their former names. Most texts hold none of them.
    first_words: FastSet<&'a str>,
    /// The bytes that those begin with: mostly capitals, and they are few in a text.
    beginnings: [bool; 256],
}

/// A name that was no longer right on a day.
struct Retired<'a> {
    name: &'a str,
    until: Date,
    /// The name to use instead: short for short, whole for whole.
    instead: &'a str,
}

impl<'a> RetiredNames<'a> {
    /// Gathers them.
    pub fn new(registry: &'a Registry) -> Self {
        let organisations = registry.organisations.values().filter(|organisation| organisation.names().len() > 1);
        let organisations: Vec<&Organisation> = organisations.collect();
        let former =
            organisations.iter().flat_map(|organisation| organisation.names()).filter(|name| name.until.is_some());
        let first_words: FastSet<&str> = former.flat_map(both).filter_map(|name| words(name).next()).collect();
        let begins = |byte: u8| first_words.iter().any(|word| word.as_bytes()[0] == byte);
        let beginnings = std::array::from_fn(|byte| u8::try_from(byte).is_ok_and(begins));
        Self { organisations, first_words, beginnings }
    }

    /// Whether a text holds a word that a former name begins with.
    fn may_be_in(&self, text: &str) -> bool {
        let is_first =
            |word: &str| self.first_words.contains(word) || self.first_words.contains(without_genitive(word));
        let begins_word = |at: usize| !text[..at].ends_with(char::is_alphanumeric);
        let is_known = |at: usize| begins_word(at) && words(&text[at..]).next().is_some_and(is_first);
        text.bytes().enumerate().any(|(at, byte)| self.beginnings[usize::from(byte)] && is_known(at))
    }

    /// Reports those that a text of a day uses though they were gone.
    pub fn check(&self, path: &Arc<str>, text: &str, day: Date, report: &mut Report) {
        if self.organisations.is_empty() || !self.may_be_in(text) {
            return;
        }
        let retired = self.retired(day);
        let in_use: Vec<&str> =
            self.organisations.iter().flat_map(|organisation| both(organisation.name_on(day))).collect();
        for line in prose(text) {
            let start = line.start;
            let line = &text[line];
            // A former name may be a part of the one in use, and a short one of a whole one.
            let mut taken: Vec<Range<usize>> = in_use.iter().flat_map(|name| places(line, name)).collect();
            for retired in &retired {
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

    /// The names that were gone on a day, longest first.
    fn retired(&self, day: Date) -> Vec<Retired<'a>> {
        let mut retired: Vec<Retired> = Vec::new();
        for organisation in &self.organisations {
            let now = organisation.name_on(day);
            for name in organisation.names() {
                let Some(until) = name.until.filter(|until| *until < day) else { continue };
                let instead = |short| if short { now.short.as_deref().unwrap_or(&now.name) } else { now.name.as_str() };
                retired.push(Retired { name: &name.name, until, instead: instead(false) });
                retired.extend(name.short.as_deref().map(|name| Retired { name, until, instead: instead(true) }));
            }
        }
        retired.retain(|retired| retired.name != retired.instead);
        retired.sort_by_key(|retired| std::cmp::Reverse(retired.name.len()));
        retired
    }
}

fn both(name: &Name) -> impl Iterator<Item = &str> {
    std::iter::once(name.name.as_str()).chain(name.short.as_deref())
}

fn finding(retired: &Retired, place: Place) -> Diagnostic {
    let words = format!("`{}` was the name until {}", retired.name, retired.until);
    Diagnostic::new(&RETIRED_NAME, words).at(place).label(format!("now `{}`", retired.instead)).help(
        "write the new name, or `former_names: true` in the front matter if the text speaks of the past on purpose",
    )
}

/// The lines of a text that are the writer's own words: no quotation, no fenced code, no comment.
fn prose(text: &str) -> Vec<Range<usize>> {
    let (mut lines, mut start, mut fence, mut in_comment) = (Vec::new(), 0, None, false);
    for line in text.split_inclusive('\n') {
        let plain = line.trim();
        let here = start..start + line.len();
        start = here.end;
        match (fence, fence_of(plain)) {
            (Some(open), Some(found)) if closes(open, found) && plain.len() == found.len() => fence = None,
            (Some(_), _) => {}
            (None, Some(found)) => fence = Some(found),
            (None, None) => {
                in_comment |= plain.starts_with("<!--");
                if !in_comment && !plain.starts_with('>') {
                    lines.push(here);
                }
                in_comment &= !plain.contains("-->");
            }
        }
    }
    lines
}

/// The fence that a line of Markdown begins with (CommonMark §4.5).
fn fence_of(line: &str) -> Option<&str> {
    let sign = line.chars().next().filter(|sign| matches!(sign, '`' | '~'))?;
    let end = line.find(|other| other != sign).unwrap_or(line.len());
    (end >= 3).then(|| &line[..end])
}

fn closes(open: &str, found: &str) -> bool {
    found.starts_with(open)
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
by: {names: [{name: Byn, until: 2010-12-31}, {name: Byn kommun, until: 2020-12-31}, {name: Staden}]}
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
            ("Byn kommun, och Byn", &["Byn kommun now `Staden`", "Byn now `Staden`"]),
            ("````\n```\nSKL\n````\nSKL", &["SKL now `SKR`"]),
            ("<!-- SKL -->\n<!--\nSKL\n-->\nSKL", &["SKL now `SKR`"]),
        ];
        for (text, expected) in cases {
            assert_eq!(found(text, "2026-11-21"), *expected, "{text}");
        }
    }

    #[test]
    fn an_old_text_keeps_its_words() {
        assert!(found("SKL bjuder in.", "2019-11-26").is_empty());
        assert_eq!(found("SKL bjuder in.", "2019-11-27").len(), 1);
        assert_eq!(found("Byn kommun, förr Byn", "2015-01-01"), ["Byn now `Byn kommun`"]);
    }
}
