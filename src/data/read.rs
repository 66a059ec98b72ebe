//! From nodes to typed values, with a diagnostic for each thing that is wrong.

use std::str::FromStr;

use crate::code;
use crate::data::{Node, NodeKind, Shape};
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::text::date::When;
use crate::text::suggest::closest;

code! { pub UNKNOWN_KEY = "unknown-key", Error, "a key that means nothing here",
"A misspelt key would otherwise be silently ignored: a conference with `cancled: true` would be announced as going \
ahead. Correct the key, or put data of your own under `extra:`, where every key is allowed." }
code! { pub MISSING_KEY = "missing-key", Error, "a key that must be there is not",
"Some keys are required: every entry has a `title`, posts, events and tools have a `date`, events a `start`. \
`anslag new` writes a file with all of them." }
code! { pub WRONG_TYPE = "wrong-type", Error, "a value of another type than the key wants",
"Each key takes one type of value: a text, a date, `true` or `false`, a number, a list, or keys of its own. Only \
`true` and `false` are truth values: `ja`, `yes` and `on` are texts." }
code! { pub CONTROL_CHARACTER = "control-character", Error, "a control character in a text",
"Control characters are not seen, and come into a text by mistake, often by copying. Feeds, calendars and terminals \
cannot hold them, or take them for commands." }
code! { pub EMPTY_VALUE = "empty-value", Error, "a key without a value",
"A key with nothing after the colon says nothing. Write the value, or take the line away." }
code! { pub UNKNOWN_VALUE = "unknown-value", Error, "a word that is not among those the key takes",
"Some keys take one of a few words, such as `status: cancelled`. The message lists them." }
code! { pub KEY_WITHOUT_EFFECT = "key-without-effect", Error, "a key that does nothing where it stands",
"Some keys mean something for most kinds or sections and nothing for a few: a notice has no page of its own, so it has \
no address, no comments and no former addresses. A key that does nothing would be silently ignored, so it is refused." }
code! { pub BAD_DATE = "bad-date", Error, "a date that cannot be read",
"Dates are written `2021-11-17`, with a time `2021-11-17T09:30`. Times are in the site's time zone; another zone is \
given as an offset: `2021-11-17T09:30+02:00`." }

/// The findings of this module.
pub const CODES: &[&Code] = &[
    &CONTROL_CHARACTER,
    &UNKNOWN_KEY,
    &MISSING_KEY,
    &WRONG_TYPE,
    &EMPTY_VALUE,
    &UNKNOWN_VALUE,
    &BAD_DATE,
    &KEY_WITHOUT_EFFECT,
];

/// What a key of a record is, for checks, for `anslag new` and for the documentation.
#[derive(Clone, Copy, Debug)]
pub struct KeyInfo {
    /// The key as written in YAML.
    pub name: &'static str,
    /// What it means, in a sentence.
    pub doc: &'static str,
    /// What it takes, in words.
    pub expected: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// What its values look like.
    pub shape: fn() -> Shape,
}

/// A type that can be read from a YAML value.
pub trait Read: Sized {
    /// What it takes, in words, for messages: "a date such as `2021-11-17`".
    const EXPECTED: &'static str;
    /// Whether a key of this type must be there.
    const REQUIRED: bool = true;

    /// Reads the value, or reports why it cannot be read.
    fn read(node: &Node, report: &mut Report) -> Option<Self>;

    /// What stands for a key that is not there.
    fn absent() -> Option<Self> {
        None
    }

    /// What it takes, for editors.
    fn shape() -> Shape;
}

/// A set of keys, declared with [`record!`](crate::record).
pub trait Record: Sized {
    /// Its keys.
    const KEYS: &'static [KeyInfo];

    /// Reads its keys and leaves the others alone, so that several records can share a map.
    fn read_fields(fields: &mut Fields) -> Option<Self>;
}

/// The keys of a map while they are read.
///
/// What is wrong is reported, and the reading goes on as if the key were absent where it may be: an error stops the
/// build anyway, and what comes after it can still be checked in the same run.
pub struct Fields<'a> {
    entries: &'a [(super::Key, Node)],
    place: Place,
    taken: Vec<bool>,
    missing: Vec<&'static str>,
    report: &'a mut Report,
}

impl<'a> Fields<'a> {
    /// Opens a map for reading; `expected` says what is wanted where it is none. `place` is where missing keys are
    /// reported.
    pub fn open(node: &'a Node, place: Place, expected: &str, report: &'a mut Report) -> Option<Self> {
        match &node.kind {
            NodeKind::Map(entries) => {
                Some(Self { entries, place, taken: vec![false; entries.len()], missing: Vec::new(), report })
            }
            _ => {
                wrong_type(node, expected, report);
                None
            }
        }
    }

    /// Reads a key.
    pub fn take<T: Read>(&mut self, info: &KeyInfo) -> Option<T> {
        let Some(index) = self.entries.iter().position(|(key, _)| key.name == info.name) else {
            return T::absent().or_else(|| self.require(info.name));
        };
        self.taken[index] = true;
        let (key, node) = &self.entries[index];
        if matches!(node.kind, NodeKind::Null) {
            self.report.push(
                Diagnostic::new(&EMPTY_VALUE, format!("`{}` has no value", key.name))
                    .at(key.place.clone())
                    .label(format!("expected {}", info.expected))
                    .help("write the value, or take the line away"),
            );
            return T::absent();
        }
        T::read(node, self.report).or_else(T::absent)
    }

    /// Says that a key must be there, unless it is.
    pub fn require<T>(&mut self, name: &'static str) -> Option<T> {
        if self.entries.iter().all(|(key, _)| key.name != name) && !self.missing.contains(&name) {
            self.missing.push(name);
        }
        None
    }

    /// Reports the keys that nobody read, and those that are missing: but not a key that is there misspelt.
    pub fn finish(self, known: &[&'static [KeyInfo]]) {
        let known = || known.iter().copied().flatten();
        let mut meant = Vec::new();
        for ((key, _), _) in self.entries.iter().zip(&self.taken).filter(|(_, taken)| !**taken) {
            let names = || known().map(|info| info.name);
            let diagnostic = Diagnostic::new(&UNKNOWN_KEY, format!("unknown key `{}`", key.name)).at(key.place.clone());
            let likely = closest(&key.name, names());
            meant.extend(likely);
            self.report.push(match likely {
                Some(name) => diagnostic.meant(name),
                None => diagnostic.help(format!("the keys here are {}", list(names()))),
            });
        }
        for name in self.missing.iter().filter(|name| !meant.contains(name)) {
            let expected = known().find(|info| info.name == *name).map_or("a value", |info| info.expected);
            self.report.push(
                Diagnostic::new(&MISSING_KEY, format!("`{name}` is missing"))
                    .at(self.place.clone())
                    .help(format!("add `{name}:` with {expected}")),
            );
        }
    }
}

/// Words in backticks with commas between.
pub(super) fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Reports a value of the wrong type.
pub(super) fn wrong_type(node: &Node, expected: &str, report: &mut Report) {
    report.push(not_of_type(node, expected));
}

fn not_of_type(node: &Node, expected: &str) -> Diagnostic {
    Diagnostic::new(&WRONG_TYPE, format!("expected {expected}, found {}", node.kind.words())).at(node.place.clone())
}

/// Reports the keys of a map that mean nothing for `owner`: "a notice", "the section `people`".
pub fn refuse_keys(node: &Node, keys: &[&str], owner: &str, report: &mut Report) {
    let NodeKind::Map(entries) = &node.kind else { return };
    for (key, _) in entries.iter().filter(|(key, _)| keys.contains(&key.name.as_str())) {
        report.push(
            Diagnostic::new(&KEY_WITHOUT_EFFECT, format!("`{}` has no effect in {owner}", key.name))
                .at(key.place.clone())
                .help("take the line away"),
        );
    }
}

/// Reads a value that must be one of a few words.
pub fn read_choice<T: Copy>(node: &Node, choices: &[(&str, T)], report: &mut Report) -> Option<T> {
    let expected = || format!("one of {}", list(choices.iter().map(|(word, _)| *word)));
    let NodeKind::Text(text) = &node.kind else {
        wrong_type(node, &expected(), report);
        return None;
    };
    if let Some((_, value)) = choices.iter().find(|(word, _)| word == text) {
        return Some(*value);
    }
    let diagnostic = Diagnostic::new(&UNKNOWN_VALUE, format!("`{text}` is not {}", expected())).at(node.place.clone());
    report.push(match closest(text, choices.iter().map(|(word, _)| *word)) {
        Some(word) => diagnostic.meant(word),
        None => diagnostic,
    });
    None
}

/// A value together with its place, for checks that come later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub place: Place,
}

impl<T: Read> Read for Located<T> {
    const EXPECTED: &'static str = T::EXPECTED;
    const REQUIRED: bool = T::REQUIRED;

    fn read(node: &Node, report: &mut Report) -> Option<Self> {
        T::read(node, report).map(|value| Self { value, place: node.place.clone() })
    }

    fn shape() -> Shape {
        T::shape()
    }
}

impl<T: Read> Read for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;
    const REQUIRED: bool = false;

    fn read(node: &Node, report: &mut Report) -> Option<Self> {
        T::read(node, report).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn shape() -> Shape {
        T::shape()
    }
}

impl<T: Read> Read for Vec<T> {
    const EXPECTED: &'static str = "a list";
    const REQUIRED: bool = false;

    fn read(node: &Node, report: &mut Report) -> Option<Self> {
        let NodeKind::List(items) = &node.kind else {
            report.push(match &node.kind {
                NodeKind::Text(text) if T::shape().keys().is_empty() => {
                    not_of_type(node, "a list").help(format!("write `[{text}]`"))
                }
                _ => not_of_type(node, "a list"),
            });
            return None;
        };
        // Items that cannot be read are reported and left out; the others can still be checked.
        Some(items.iter().filter_map(|item| T::read(item, report)).collect())
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }

    fn shape() -> Shape {
        Shape::List(Box::new(T::shape()))
    }
}

/// One value, or a list of them.
#[derive(Clone, Debug)]
pub struct OneOrMany<T>(pub Vec<T>);

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Read> Read for OneOrMany<T> {
    const EXPECTED: &'static str = T::EXPECTED;
    const REQUIRED: bool = false;

    fn read(node: &Node, report: &mut Report) -> Option<Self> {
        match node.kind {
            NodeKind::List(_) => Vec::read(node, report).map(Self),
            _ => T::read(node, report).map(|value| Self(vec![value])),
        }
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn shape() -> Shape {
        Shape::Either(vec![T::shape(), Vec::<T>::shape()])
    }
}

/// Whether a byte may be one of a sign that is refused. Bytes are looked at many at a time, and signs one by one.
fn may_be_refused(byte: u8) -> bool {
    byte < b' ' || matches!(byte, 0x7F | 0xC2)
}

/// Signs that no reader sees and that end or change what follows in some formats. Tabs and line ends are spaces.
fn is_refused(sign: char) -> bool {
    sign.is_control() && !matches!(sign, '\t' | '\n' | '\r')
}

impl Read for String {
    const EXPECTED: &'static str = "a text";

    fn read(node: &Node, report: &mut Report) -> Option<Self> {
        match &node.kind {
            NodeKind::Text(text) if text.trim().is_empty() => {
                report.push(Diagnostic::new(&EMPTY_VALUE, "the text is empty").at(node.place.clone()));
                None
            }
            NodeKind::Text(text) if text.bytes().any(may_be_refused) && text.contains(is_refused) => {
                report.push(
                    Diagnostic::new(&CONTROL_CHARACTER, "the text holds a control character")
                        .at(node.place.clone())
                        .help("write the text again, by hand"),
                );
                None
            }
            NodeKind::Text(text) => Some(text.clone()),
            // `title: 2020` means the text, though YAML says number.
            NodeKind::Integer(number) => Some(number.to_string()),
            _ => {
                wrong_type(node, Self::EXPECTED, report);
                None
            }
        }
    }

    fn shape() -> Shape {
        Shape::Text
    }
}

impl Read for bool {
    const EXPECTED: &'static str = "`true` or `false`";

    fn read(node: &Node, report: &mut Report) -> Option<Self> {
        match &node.kind {
            NodeKind::Bool(value) => Some(*value),
            _ => {
                wrong_type(node, Self::EXPECTED, report);
                None
            }
        }
    }

    fn shape() -> Shape {
        Shape::Truth
    }
}

impl Read for usize {
    const EXPECTED: &'static str = "a whole number, 0 or more";

    fn read(node: &Node, report: &mut Report) -> Option<Self> {
        match &node.kind {
            NodeKind::Integer(value) if *value >= 0 => Self::try_from(*value).ok(),
            _ => {
                wrong_type(node, Self::EXPECTED, report);
                None
            }
        }
    }

    fn shape() -> Shape {
        Shape::Number
    }
}

impl Read for When {
    const EXPECTED: &'static str = "a date such as `2021-11-17` or `2021-11-17T09:30`";

    fn read(node: &Node, report: &mut Report) -> Option<Self> {
        let text = match &node.kind {
            NodeKind::Text(text) => text.clone(),
            NodeKind::Integer(number) => number.to_string(),
            _ => {
                wrong_type(node, Self::EXPECTED, report);
                return None;
            }
        };
        match Self::from_str(&text) {
            Ok(when) => Some(when),
            Err(error) => {
                let diagnostic = Diagnostic::new(&BAD_DATE, format!("`{text}` is not a date: {}", error.reason))
                    .at(node.place.clone());
                report.push(match error.suggestion {
                    Some(written) => diagnostic.label(format!("write `{written}`")),
                    None => diagnostic.help("write it as `2021-11-17` or `2021-11-17T09:30`"),
                });
                None
            }
        }
    }

    fn shape() -> Shape {
        Shape::Date
    }
}

/// Data of the writer's own, with any keys.
#[derive(Clone, Debug, Default)]
pub struct Free(pub serde_json::Value);

impl Read for Free {
    const EXPECTED: &'static str = "keys of your own";

    fn read(node: &Node, _report: &mut Report) -> Option<Self> {
        Some(Self(node.to_json()))
    }

    fn shape() -> Shape {
        Shape::Free
    }
}
