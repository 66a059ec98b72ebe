//! The words of a theme: `texts/<language>.yaml` of every layer, merged.
//!
//! A file holds texts in groups: keys with texts, lists of texts (the months), or groups of their own. A text is
//! known by its path, `states.cancelled`, and may hold places to fill: `Inställt: {title}`. The nearest layer's
//! text counts. There is no falling back from one language to another: a page is in one language.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::layers::{LayerFile, Layers, SITE_FOLDER, quoted};
use crate::code;
use crate::data::{self, Node, NodeKind};
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::source::Snapshot;
use crate::text::fingerprint::FastMap;
use crate::text::suggest::closest;

code! { pub MISSING_TEXT = "missing-text", Error, "a text that pages need is not there in the site's language",
"The words of menus, labels and notices come from `texts/<language>.yaml` of the theme, or of the site's own \
`theme/` folder, in the language of the site. A page without them would have holes, or words in another language." }
code! { pub UNTRANSLATED_TEXT = "untranslated-text", Warning, "a text that one language has and another lacks",
"A theme that speaks several languages should have the same texts in all of them, or it breaks when a site changes \
language. Add the text, or take it away from the others." }
code! { pub WRONG_TEXT = "wrong-text", Error, "a value in a texts file that is not a text",
"A texts file holds texts, lists of texts, and groups of these. Numbers and truth values are written in quotes. A \
nearer layer replaces a text by a text, and a list by a list of the same length." }
code! { pub UNKNOWN_PLACEHOLDER = "unknown-placeholder", Error, "a place to fill that nothing fills",
"In `Inställt: {title}`, `{title}` is filled with the title. Each text has its own names, and one that the program \
does not know would be shown to readers as it stands." }

/// The findings of this module.
pub const CODES: &[&Code] = &[&MISSING_TEXT, &UNTRANSLATED_TEXT, &WRONG_TEXT, &UNKNOWN_PLACEHOLDER];

/// The texts of the site's language.
#[derive(Clone, Debug)]
pub struct Texts {
    /// The site's language.
    pub language: String,
    entries: BTreeMap<String, Entry>,
    /// The same texts, to be found fast: each page asks for dozens.
    words: FastMap<String, Words>,
    /// The other languages' texts, for messages.
    others: BTreeMap<String, BTreeMap<String, Entry>>,
    /// Where a missing text should be written.
    home: String,
}

/// A text that the program uses, and what it fills in: `("states.cancelled", &["title"])`.
pub type Need<'a> = (&'a str, &'a [&'a str]);

/// A text or a list of texts, and where it is written.
#[derive(Clone, Debug)]
struct Entry {
    words: Words,
    place: Place,
}

#[derive(Clone, Debug)]
enum Words {
    One(String),
    Many(Vec<String>),
}

impl Texts {
    /// Reads the texts of all layers. `asked` is where the language is given.
    pub fn load(
        snapshot: &Snapshot,
        layers: &Layers,
        language: &str,
        asked: Option<&Place>,
        report: &mut Report,
    ) -> Option<Self> {
        let mut languages = read_languages(snapshot, layers, report);
        report_promised_languages(layers, &languages, report);
        let theme = layers.layers.iter().find(|layer| layer.folder.starts_with("themes/")).or(layers.layers.first())?;
        let home = format!("{}texts/{language}.yaml", theme.folder);
        let Some(entries) = languages.remove(language) else {
            let spoken = match languages.is_empty() {
                true => "it has none".to_owned(),
                false => format!("it has {}", quoted(languages.keys().map(String::as_str))),
            };
            let message = format!("the theme has no texts in the site's language, `{language}`: {spoken}");
            let diagnostic = Diagnostic::new(&MISSING_TEXT, message).help(format!("write `{home}`"));
            report.push(Diagnostic { place: asked.cloned(), ..diagnostic });
            return None;
        };
        let words = entries.iter().map(|(key, entry)| (key.clone(), entry.words.clone())).collect();
        Some(Self { language: language.to_owned(), entries, words, others: languages, home })
    }

    /// No texts, where those of the theme could not be read: every text is then its own path.
    pub fn none(language: &str) -> Self {
        let (entries, others, home) = (BTreeMap::new(), BTreeMap::new(), format!("texts/{language}.yaml"));
        Self { language: language.to_owned(), entries, words: FastMap::default(), others, home }
    }

    /// The text with this path, or the path itself where it is missing, which [`Texts::require`] has reported.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        match self.words.get(key) {
            Some(Words::One(text)) => text,
            _ => key,
        }
    }

    /// The list with this path.
    pub fn list(&self, key: &str) -> &[String] {
        match self.words.get(key) {
            Some(Words::Many(texts)) => texts,
            _ => &[],
        }
    }

    /// The text with its places filled: `{title}` with the value of `title`.
    pub fn format(&self, key: &str, values: &[(&str, &str)]) -> String {
        let text = self.get(key);
        let mut filled = String::with_capacity(text.len() + values.iter().map(|(_, value)| value.len()).sum::<usize>());
        for piece in pieces(text) {
            match piece {
                Piece::Plain(text) => filled.push_str(text),
                Piece::Hole(name) => match values.iter().find(|(known, _)| *known == name) {
                    Some((_, value)) => filled.push_str(value),
                    None => filled.extend(["{", name, "}"]),
                },
            }
        }
        filled
    }

    /// Reports the texts that the program uses and the theme lacks, the places in them that nothing fills, and the
    /// texts that some language lacks.
    pub fn require(&self, needs: &[Need], report: &mut Report) {
        for (key, values) in needs {
            match self.entries.get(*key) {
                None => {
                    let place = Place::start_of(&self.home.as_str().into());
                    let diagnostic = Diagnostic::new(&MISSING_TEXT, format!("the text `{key}` is missing")).at(place);
                    report.push(self.with_other_languages(key, diagnostic.help(format!("add `{key}` to this file"))));
                }
                Some(entry) => entry.report_unknown_holes(key, values, report),
            }
        }
        self.report_untranslated(needs, report);
    }

    /// All paths, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// Whether there is a text, a list or a group with this path.
    pub fn contains(&self, path: &str) -> bool {
        self.entries.contains_key(path) || self.is_group(path)
    }

    /// Says that a text that a file prints is missing, where to write it, and how the other languages have it.
    pub fn missing(&self, key: &str, file: &str) -> Diagnostic {
        let mut diagnostic =
            Diagnostic::new(&MISSING_TEXT, format!("the text `{key}` is missing in `{}`", self.language));
        if let Some(meant) = closest(key, self.keys()) {
            diagnostic = diagnostic.label(format!("did you mean `{meant}`?")).help(format!("write `{meant}`"));
        }
        // What only the site's own templates print is none of the theme's texts.
        let own = file.starts_with(SITE_FOLDER).then(|| format!("{SITE_FOLDER}texts/{}.yaml", self.language));
        let home = own.as_ref().unwrap_or(&self.home);
        self.with_other_languages(key, diagnostic.help(format!("add `{key}` to `{home}`")))
    }

    /// Shows how the other languages have a text.
    fn with_other_languages(&self, key: &str, mut diagnostic: Diagnostic) -> Diagnostic {
        for (language, entries) in &self.others {
            if let Some(entry) = entries.get(key) {
                let words = format!("in `{language}` it is {}", entry.words.shown());
                diagnostic = diagnostic.related(entry.place.clone(), words);
            }
        }
        diagnostic
    }

    /// The texts as templates see them: `t.states.cancelled`.
    pub fn tree(&self) -> serde_json::Value {
        let mut root = serde_json::Map::new();
        for (key, entry) in &self.entries {
            insert(&mut root, key, entry.words.to_json());
        }
        root.into()
    }

    fn is_group(&self, path: &str) -> bool {
        let prefix = format!("{path}.");
        self.entries.range(prefix.clone()..).next().is_some_and(|(key, _)| key.starts_with(&prefix))
    }

    fn report_untranslated(&self, needs: &[Need], report: &mut Report) {
        let reported = |key: &str| !self.entries.contains_key(key) && needs.iter().any(|(need, _)| *need == key);
        let all = || self.others.iter().chain([(&self.language, &self.entries)]);
        let keys: BTreeSet<&String> = all().flat_map(|(_, entries)| entries.keys()).collect();
        for key in keys.into_iter().filter(|key| !reported(key)) {
            let with = all().find_map(|(_, entries)| entries.get(key));
            let without: Vec<_> = all().filter(|(_, entries)| !entries.contains_key(key)).collect();
            // What a site adds for itself, it needs in its own language alone.
            let is_own = |entry: &&Entry| entry.place.path.starts_with("theme/");
            if let Some(entry) = with.filter(|entry| !is_own(entry))
                && !without.is_empty()
            {
                let languages = quoted(without.iter().map(|(language, _)| language.as_str()));
                let message = format!("the text `{key}` is missing in {languages}");
                report.push(
                    Diagnostic::new(&UNTRANSLATED_TEXT, message).at(entry.place.clone()).help("write it there as well"),
                );
            }
        }
    }
}

impl Entry {
    fn report_unknown_holes(&self, key: &str, values: &[&str], report: &mut Report) {
        for name in self.words.holes() {
            if values.contains(&name) {
                continue;
            }
            let message = format!("nothing fills `{{{name}}}` in the text `{key}`");
            let diagnostic = Diagnostic::new(&UNKNOWN_PLACEHOLDER, message).at(self.place.clone());
            report.push(match closest(name, values.iter().copied()) {
                Some(meant) => {
                    diagnostic.label(format!("did you mean `{{{meant}}}`?")).help(format!("write `{{{meant}}}`"))
                }
                None if values.is_empty() => diagnostic.help("this text has no places to fill"),
                None => diagnostic.help(format!("the places that are filled are {}", quoted(values.iter().copied()))),
            });
        }
    }
}

impl Words {
    fn holes(&self) -> Vec<&str> {
        let texts = match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::Many(texts) => texts,
        };
        let pieces = texts.iter().flat_map(|text| pieces(text));
        pieces.filter_map(|piece| if let Piece::Hole(name) = piece { Some(name) } else { None }).collect()
    }

    fn shown(&self) -> String {
        match self {
            Self::One(text) => format!("`{text}`"),
            Self::Many(texts) => format!("a list of {}", texts.len()),
        }
    }

    fn to_json(&self) -> serde_json::Value {
        match self {
            Self::One(text) => text.as_str().into(),
            Self::Many(texts) => texts.iter().map(String::as_str).collect(),
        }
    }
}

/// A text in pieces.
enum Piece<'a> {
    Plain(&'a str),
    Hole(&'a str),
}

/// Cuts a text at its places to fill. A brace that opens no name is a brace.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let Some((start, name)) = first_hole(rest) else {
            let plain = std::mem::take(&mut rest);
            return (!plain.is_empty()).then_some(Piece::Plain(plain));
        };
        if start > 0 {
            let (plain, hole) = rest.split_at(start);
            rest = hole;
            return Some(Piece::Plain(plain));
        }
        rest = &rest[name.len() + 2..];
        Some(Piece::Hole(name))
    })
}

/// Where the first place to fill begins, and its name.
fn first_hole(text: &str) -> Option<(usize, &str)> {
    text.match_indices('{').find_map(|(start, _)| {
        let rest = &text[start + 1..];
        let length = rest.bytes().take_while(|byte| byte.is_ascii_lowercase() || *byte == b'_').count();
        (length > 0 && rest[length..].starts_with('}')).then(|| (start, &rest[..length]))
    })
}

fn insert(group: &mut serde_json::Map<String, serde_json::Value>, key: &str, value: serde_json::Value) {
    match key.split_once('.') {
        None => {
            group.insert(key.to_owned(), value);
        }
        Some((first, rest)) => {
            let inner = group.entry(first).or_insert_with(|| serde_json::Map::new().into());
            if let Some(inner) = inner.as_object_mut() {
                insert(inner, rest, value);
            }
        }
    }
}

/// Reads all texts files, by language. Nearer layers come first, and what is there is kept.
fn read_languages(
    snapshot: &Snapshot,
    layers: &Layers,
    report: &mut Report,
) -> BTreeMap<String, BTreeMap<String, Entry>> {
    let mut languages: BTreeMap<String, BTreeMap<String, Entry>> = BTreeMap::new();
    for (name, files) in layers.files(snapshot, "texts") {
        let Some(language) = name.strip_suffix(".yaml") else { continue };
        let entries = languages.entry(language.to_owned()).or_default();
        for LayerFile { path, .. } in files {
            read_file(snapshot, &path, entries, report);
        }
    }
    languages
}

fn read_file(snapshot: &Snapshot, path: &Arc<str>, entries: &mut BTreeMap<String, Entry>, report: &mut Report) {
    let Some(text) = snapshot.text(path) else { return };
    if let Some(node) = data::parse(path, text, 0..text.len(), report) {
        if !matches!(node.kind, NodeKind::Map(_)) {
            let message = format!("a texts file holds keys with texts, and this is {}", node.kind.words());
            report.push(Diagnostic::new(&WRONG_TEXT, message).at(node.place).help("write `key: \"text\"` lines"));
            return;
        }
        let mut found = Vec::new();
        collect(&node, String::new(), &mut found, report);
        for (key, entry) in found {
            add(entries, key, entry, report);
        }
    }
}

/// Lists the texts of a group with their paths.
fn collect(node: &Node, path: String, found: &mut Vec<(String, Entry)>, report: &mut Report) {
    let entry = |words| Entry { words, place: node.place.clone() };
    match &node.kind {
        NodeKind::Text(text) => found.push((path, entry(Words::One(text.clone())))),
        NodeKind::List(items) => {
            if let Some(texts) = items.iter().map(|item| text_of(item, &path, report)).collect() {
                found.push((path, entry(Words::Many(texts))));
            }
        }
        NodeKind::Map(group) => {
            for (key, inner) in group {
                if !is_name(&key.name) {
                    let message =
                        format!("`{}` cannot be the name of a text: templates could not ask for it", key.name);
                    let help = "use letters `a` to `z`, digits and `_`, and begin with a letter";
                    report.push(Diagnostic::new(&WRONG_TEXT, message).at(key.place.clone()).help(help));
                    continue;
                }
                let path = if path.is_empty() { key.name.clone() } else { format!("{path}.{}", key.name) };
                collect(inner, path, found, report);
            }
        }
        _ => {
            text_of(node, &path, report);
        }
    }
}

fn text_of(node: &Node, path: &str, report: &mut Report) -> Option<String> {
    if let NodeKind::Text(text) = &node.kind {
        return Some(text.clone());
    }
    let message = format!("`{path}` should be a text and is {}", node.kind.words());
    report.push(Diagnostic::new(&WRONG_TEXT, message).at(node.place.clone()).help("put it in double quotes"));
    None
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Adds a text of a farther layer, unless a nearer one has it. What replaces what must be alike.
fn add(entries: &mut BTreeMap<String, Entry>, key: String, entry: Entry, report: &mut Report) {
    let group = key.match_indices('.').map(|(end, _)| &key[..end]).find(|group| entries.contains_key(*group));
    // A text that stands where the theme has a group is reported once, and the group is kept.
    let replaced = group.map(str::to_owned).and_then(|group| entries.remove(&group));
    let inside = entries.range(format!("{key}.")..).next().filter(|(inner, _)| inner.starts_with(&format!("{key}.")));
    if let Some(nearer) = replaced.as_ref().or(inside.map(|(_, nearer)| nearer)) {
        let message = format!("the theme has `{key}` here: a text cannot replace a group, nor a group a text");
        let diagnostic = Diagnostic::new(&WRONG_TEXT, message).at(nearer.place.clone());
        report.push(diagnostic.related(entry.place.clone(), "the theme's own is here"));
        if replaced.is_none() {
            return;
        }
    }
    let Some(nearer) = entries.get(&key) else {
        entries.insert(key, entry);
        return;
    };
    let alike = match (&nearer.words, &entry.words) {
        (Words::One(_), Words::One(_)) => true,
        (Words::Many(nearer), Words::Many(farther)) => nearer.len() == farther.len(),
        _ => false,
    };
    if !alike {
        let message = format!("the text `{key}` replaces {} by {}", entry.words.shown(), nearer.words.shown());
        let diagnostic = Diagnostic::new(&WRONG_TEXT, message).at(nearer.place.clone());
        report.push(diagnostic.related(entry.place, "the theme's own is here"));
    }
}

/// A language that `theme.yaml` promises must be there.
fn report_promised_languages(
    layers: &Layers,
    languages: &BTreeMap<String, BTreeMap<String, Entry>>,
    report: &mut Report,
) {
    for layer in &layers.layers {
        for promised in layer.languages.iter().filter(|promised| !languages.contains_key(&promised.value)) {
            let message =
                format!("the theme `{}` says that it speaks `{}`, and has no texts in it", layer.name, promised.value);
            let help = format!("write `{}texts/{}.yaml`, or take the language away", layer.folder, promised.value);
            report.push(Diagnostic::new(&MISSING_TEXT, message).at(promised.place.clone()).help(help));
        }
    }
}
