//! The text of a new document: every key of its kind with its explanation, and what is known already.

use std::borrow::Cow;
use std::fmt::Write as _;

use jiff::civil::Date;

use super::Answers;
use super::swedish::swedish;
use crate::data::{KeyInfo, Read, quoted};
use crate::document::PLACEHOLDERS;
use crate::kind;
use crate::kind::event::edit::written;
use crate::model::Kind;

impl Answers {
    /// Whether a key has been given a value.
    fn has(&self, key: &str) -> bool {
        key != "date" && self.given(key).is_some()
    }

    /// The value of a key as YAML. Without another, the day of publication is today.
    fn value(&self, key: &str, today: Date) -> Option<String> {
        if key == "date" && self.date.is_none() { Some(today.to_string()) } else { self.given(key) }
    }

    fn given(&self, key: &str) -> Option<String> {
        match key {
            "title" => self.title.as_deref().map(quoted),
            "date" => self.date.map(written),
            "start" => self.start.map(written),
            "end" => self.end.map(written),
            "place" => self.place.as_ref().map(|place| {
                let name = place.name.iter().map(|name| format!("name: {}, ", quoted(name)));
                format!("{{{}city: {}}}", name.collect::<String>(), quoted(&place.city))
            }),
            "contact" => self.contact.clone(),
            "summary" => self.summary.as_deref().map(quoted),
            "draft" => self.draft.then(|| "true".to_owned()),
            _ => None,
        }
    }
}

/// What stands above the keys that must have a value, those of the kind, and those of all kinds.
pub(super) const HEADINGS: [&str; 3] = [
    "Fill in the keys without a value. Take away the # before those you need.",
    "Keys of this kind.",
    "Keys of all kinds.",
];

/// The text of a new document in a site of a language.
pub fn document(kind: Kind, answers: &Answers, today: Date, language: &str) -> String {
    let [common, own] = kind::keys(kind);
    let mut text = String::from("---\n");
    let mut keys = Keys { text: &mut text, answers, today, is_swedish: is_swedish(language) };
    let [live, of_kind, of_all] = HEADINGS;
    keys.comment(live);
    for key in common.iter().chain(own) {
        if is_live(kind, key) || answers.has(key.name) {
            keys.live(key);
        }
    }
    for (heading, list) in [(of_kind, own), (of_all, common)] {
        keys.text.push('\n');
        keys.comment(heading);
        for key in list.iter().filter(|key| !is_live(kind, key) && !answers.has(key.name)) {
            keys.optional("", key);
        }
    }
    let _ = write!(text, "---\n\n{}\n", body(kind, language));
    text
}

fn body(kind: Kind, language: &str) -> &'static str {
    let [swedish, english] = PLACEHOLDERS;
    let [person, notice, other] = if is_swedish(language) { swedish } else { english };
    match kind {
        Kind::Person => person,
        Kind::Notice => notice,
        _ => other,
    }
}

/// Whether a site is in Swedish; for all others English is written.
fn is_swedish(language: &str) -> bool {
    language == "sv" || language.starts_with("sv-")
}

/// Whether a key must have a value: because the check says so, or because a page without it helps nobody.
fn is_live(kind: Kind, key: &KeyInfo) -> bool {
    let dated = matches!(kind, Kind::Post | Kind::Event | Kind::Tool);
    key.required
        || match key.name {
            "date" | "contact" | "summary" => dated,
            "start" | "place" => kind == Kind::Event,
            "email" => kind == Kind::Person,
            _ => false,
        }
}

/// Writes keys with their explanations.
struct Keys<'a> {
    text: &'a mut String,
    answers: &'a Answers,
    today: Date,
    is_swedish: bool,
}

impl Keys<'_> {
    fn live(&mut self, key: &KeyInfo) {
        let _ = writeln!(self.text, "# {}", self.explanation(key));
        let value = match key.name {
            "from" => Some(self.today.to_string()),
            name => self.answers.value(name, self.today),
        };
        let value = value.map_or_else(String::new, |value| format!(" {value}"));
        let _ = writeln!(self.text, "{}:{value}", key.name);
    }

    /// Writes a key as a comment, and the keys inside it. `lead` is what stands before it: spaces, and the `- ` of a
    /// list's item.
    fn optional(&mut self, lead: &str, key: &KeyInfo) {
        let _ = writeln!(self.text, "# {lead}{}:  # {}", key.name, self.explanation(key));
        let indent = lead.replace('-', " ");
        let is_list = key.expected == Vec::<String>::EXPECTED;
        for (index, inner) in (key.shape)().keys().iter().enumerate() {
            let lead = match (is_list, index) {
                (true, 0) => format!("{indent}  - "),
                (true, _) => format!("{indent}    "),
                (false, _) => format!("{indent}  "),
            };
            self.optional(&lead, inner);
        }
    }

    fn comment(&mut self, words: &str) {
        let _ = writeln!(self.text, "# {}", self.in_language(words));
    }

    /// What a key means, and what it takes.
    fn explanation(&self, key: &KeyInfo) -> String {
        let (meaning, expected) = (self.in_language(key.doc.trim()), self.in_language(key.expected));
        format!("{meaning} {}.", capitalised(&expected))
    }

    fn in_language<'t>(&self, english: &'t str) -> Cow<'t, str> {
        if self.is_swedish { swedish(english) } else { english.into() }
    }
}

fn capitalised(words: &str) -> String {
    let mut signs = words.chars();
    signs.next().map_or(String::new(), |first| first.to_uppercase().chain(signs).collect())
}
