//! What may be written where the cursor stands: keys, words, names, components, links.
//!
//! Proposals are those of the place, whatever has been typed of a word: which of them fit, the editor says. Only of a large site's
//! files some are left out, and then it asks again as more is typed.

use std::ops::Range;
use std::sync::Arc;

use gen_lsp_types::CompletionItemKind;

use super::cursor::{Part, Spot, Yaml, in_document, in_yaml_file};
use super::keys::{self, SETTINGS};
use super::making::Site;
use crate::data::{KeyInfo, Shape, written};
use crate::model::Kind;
use crate::model::registry::Organisation;
use crate::session::{Role, codes, path_as_target};
use crate::text::address::{relative, resolve};
use crate::theme::components::{AboutArgument, ArgumentKind};

/// How many files are proposed at once.
const MOST: usize = 1000;

/// Something that may be written.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// As it is shown in the list.
    pub label: String,
    /// Which sign it has there.
    pub kind: CompletionItemKind,
    /// What stands beside it there.
    pub detail: Option<String>,
    /// What there is to say of it, in Markdown.
    pub words: Option<String>,
    /// What is written.
    pub new: String,
}

/// All that may be written in the place of some words.
#[derive(Debug, Default)]
pub struct Proposals {
    /// Where the words stand.
    pub span: Range<usize>,
    /// What may be written, in order.
    pub all: Vec<Proposal>,
    /// Whether there is more than this.
    pub is_part: bool,
}

/// What may be written in a text of a file. Without a site, only what the file itself takes.
pub fn proposals(site: Option<&Site>, path: &Arc<str>, text: &str, offset: usize) -> Proposals {
    let spot = if keys::is_yaml(path) { in_yaml_file(text, offset) } else { in_document(text, offset) };
    let desk = Desk { site, path, text, offset };
    match spot {
        Some(Spot::Yaml(yaml)) => desk.yaml(&yaml),
        Some(Spot::Link(word)) if Kind::of_path(path).is_some() => desk.targets(word, Wanted::Any, &path_as_target),
        Some(Spot::Image(word)) => desk.targets(word, Wanted::Files, &path_as_target),
        Some(Spot::Component(word)) => Proposals { span: word, all: desk.components(), is_part: false },
        Some(Spot::Argument { component, present, word }) => {
            Proposals { span: word, all: desk.arguments(component, &present), is_part: false }
        }
        Some(Spot::ArgumentValue { component, argument, word, is_quoted }) => {
            desk.argument_value((component, argument), word, is_quoted)
        }
        _ => Proposals::default(),
    }
}

/// Which files may stand somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    /// Documents, and the files beside them.
    Any,
    /// Documents.
    Documents,
    /// Files that are no documents.
    Files,
}

/// The text, and what is known beside it.
struct Desk<'a> {
    site: Option<&'a Site>,
    path: &'a Arc<str>,
    text: &'a str,
    offset: usize,
}

impl Desk<'_> {
    fn yaml(&self, yaml: &Yaml) -> Proposals {
        let keys = match &yaml.part {
            Part::Key(present) => self.keys(yaml, |name| !present.contains(&name)),
            Part::Item => self.keys(yaml, |_| true),
            Part::Value => Vec::new(),
        };
        let is_value = !matches!(yaml.part, Part::Key(_));
        let named = if is_value { self.named(yaml) } else { None };
        let mut proposals = named.unwrap_or_else(|| Proposals { span: yaml.word.clone(), ..Proposals::default() });
        if is_value {
            proposals.all.extend(self.words(&yaml.keys));
        }
        proposals.all.extend(keys);
        // After a `:` or a `-` YAML wants a space, and nobody may have typed it yet.
        if self.text[..proposals.span.start].ends_with([':', '-']) && is_value {
            proposals.all.iter_mut().for_each(|proposal| proposal.new.insert(0, ' '));
        }
        proposals
    }

    /// The keys that may stand here.
    fn keys(&self, yaml: &Yaml, is_new: impl Fn(&str) -> bool) -> Vec<Proposal> {
        let has_colon = self.text[yaml.word.end..].trim_start_matches(' ').starts_with(':');
        let write = |key: &str| if has_colon { key.to_owned() } else { format!("{key}: ") };
        let keys = keys::inside(self.path, &yaml.keys).into_iter().filter(|key| is_new(key.name));
        let proposal = |key: &KeyInfo| Proposal {
            label: key.name.to_owned(),
            kind: CompletionItemKind::Property,
            detail: Some(key.expected.to_owned()).filter(|expected| expected.len() <= 60),
            words: Some(keys::explained(key)),
            new: write(key.name),
        };
        let gates = if yaml.keys == ["gates"] && **self.path == *SETTINGS { gates() } else { Vec::new() };
        let gates = gates.into_iter().map(|gate| Proposal { new: write(&gate.label), ..gate });
        keys.map(proposal).chain(gates).collect()
    }

    /// The words that a value may be.
    fn words(&self, keys: &[&str]) -> Vec<Proposal> {
        let mut all = if keys == ["waivers", "code"] { gates() } else { Vec::new() };
        if let Some(shape) = keys::value(self.path, keys) {
            self.words_of(&shape, &mut all);
        }
        all
    }

    fn words_of(&self, shape: &Shape, all: &mut Vec<Proposal>) {
        let proposal = |word: &str, words: Option<&str>| Proposal {
            label: word.to_owned(),
            kind: CompletionItemKind::EnumMember,
            detail: None,
            words: words.map(|words| words.trim().to_owned()),
            new: word.to_owned(),
        };
        match shape {
            Shape::Words(words) => all.extend(words.iter().map(|(word, meaning)| proposal(word, Some(meaning)))),
            Shape::Truth => all.extend(["true", "false"].map(|word| proposal(word, None))),
            Shape::Date => all.extend(self.site.map(|site| {
                let today = site.session.now().to_zoned(site.session.settings.zone.clone()).date().to_string();
                Proposal { detail: Some("today".to_owned()), ..proposal(&today, None) }
            })),
            Shape::List(item) => self.words_of(item, all),
            Shape::Either(shapes) => shapes.iter().for_each(|shape| self.words_of(shape, all)),
            _ => {}
        }
    }

    /// What the value of a key may name.
    fn named(&self, yaml: &Yaml) -> Option<Proposals> {
        let role = keys::role(self.path, &yaml.keys)?;
        let quotes = |text: &str| if yaml.is_quoted { text.to_owned() } else { written(text) };
        let all = match role {
            Role::Target | Role::Path => {
                let wanted = match yaml.keys.last() {
                    Some(&"file") => Wanted::Files,
                    _ => Wanted::Documents,
                };
                return Some(self.targets(yaml.word.clone(), wanted, &quotes));
            }
            Role::Person => self.persons(),
            Role::Series => self.series(),
            Role::Organisation => self.organisations(),
            Role::Tag => self.tags(),
        };
        let all = all.into_iter().map(|proposal| Proposal { new: quotes(&proposal.new), ..proposal }).collect();
        Some(Proposals { span: yaml.word.clone(), all, is_part: false })
    }

    fn persons(&self) -> Vec<Proposal> {
        let people = self.site.into_iter().flat_map(|site| &site.registry.people);
        people.map(|(slug, person)| reference(slug, &person.name, person.role.as_deref())).collect()
    }

    fn series(&self) -> Vec<Proposal> {
        let series = self.site.into_iter().flat_map(|site| &site.registry.series);
        series.map(|(slug, series)| reference(slug, &series.title, None)).collect()
    }

    fn organisations(&self) -> Vec<Proposal> {
        let all = self.site.into_iter().flat_map(|site| &site.registry.organisations);
        let last = |(slug, organisation): (&String, &Organisation)| {
            Some(reference(slug, &organisation.names().last()?.name, None))
        };
        all.filter_map(last).collect()
    }

    fn tags(&self) -> Vec<Proposal> {
        let tags = self.site.into_iter().flat_map(|site| site.catalogue.tags.values());
        tags.map(|tag| reference(&tag.name, &tag.title, tag.summary.as_deref())).collect()
    }

    /// The files that a target may lead to, as paths from this one, or the headings there once a `#` has been written.
    fn targets(&self, word: Range<usize>, wanted: Wanted, write: &dyn Fn(&str) -> String) -> Proposals {
        let Some(site) = self.site else { return Proposals::default() };
        let typed = &self.text[word.clone()];
        if let Some((file, _)) = typed.split_once('#') {
            let span = word.start + file.len() + 1..word.end;
            return Proposals { span, all: self.anchors(site, file), is_part: false };
        }
        let (mut all, mut is_part) = (Vec::new(), false);
        let mut propose = |path: &str, title: &str, kind| {
            let label = relative(self.path, path);
            if path == &**self.path || !(fits(typed, &label) || fits(typed, title)) {
                return;
            }
            is_part |= all.len() == MOST;
            if all.len() < MOST {
                let (new, detail) = (write(&label), Some(title.to_owned()).filter(|title| !title.is_empty()));
                all.push(Proposal { label, kind, detail, words: None, new });
            }
        };
        // What stands beside the document is likely to be meant.
        let folder = self.path.rfind('/').map_or("", |slash| &self.path[..=slash]);
        let files = || site.catalogue.files.keys().filter(|_| wanted != Wanted::Documents);
        let beside = files().filter(|path| path.starts_with(folder));
        beside.for_each(|path| propose(path, "", CompletionItemKind::File));
        if wanted != Wanted::Files {
            let cards = site.catalogue.cards.iter().filter(|card| card.kind != Kind::Notice);
            cards.for_each(|card| propose(&card.path, &card.heading, CompletionItemKind::Reference));
        }
        let elsewhere = files().filter(|path| !path.starts_with(folder));
        elsewhere.for_each(|path| propose(path, "", CompletionItemKind::File));
        Proposals { span: word, all, is_part }
    }

    fn anchors(&self, site: &Site, file: &str) -> Vec<Proposal> {
        let anchor = |id: &str, title: &str| Proposal { detail: Some(title.to_owned()), ..reference(id, title, None) };
        let path = if file.is_empty() { Some((**self.path).to_owned()) } else { resolve(self.path, file) };
        if path.as_deref() == Some(&**self.path) {
            let headings = site.session.said(self.path, self.text).body.headings;
            return headings.iter().map(|heading| anchor(&heading.id, &heading.text)).collect();
        }
        let document = path.and_then(|path| site.material.document(&path));
        let headings = document.into_iter().flat_map(|document| &document.outline.headings);
        headings.map(|heading| anchor(&heading.id, &heading.title)).collect()
    }

    fn components(&self) -> Vec<Proposal> {
        let Some(theme) = self.site.and_then(|site| site.session.theme()) else { return Vec::new() };
        let proposal = |name: String| {
            let about = theme.about_component(&name);
            Proposal {
                label: name.clone(),
                kind: CompletionItemKind::Function,
                detail: None,
                words: about.map(|about| about.described()),
                new: if self.text[..self.offset].ends_with(':') { format!(" {name}") } else { name },
            }
        };
        theme.markdown_components().into_iter().map(proposal).collect()
    }

    fn arguments(&self, component: &str, present: &[&str]) -> Vec<Proposal> {
        let theme = self.site.and_then(|site| site.session.theme());
        let about = theme.and_then(|theme| theme.about_component(component));
        let arguments = about.into_iter().flat_map(|about| about.arguments);
        let proposal = |argument: AboutArgument| Proposal {
            kind: CompletionItemKind::Property,
            detail: Some(argument.takes.to_owned()),
            words: Some(argument.described()),
            new: format!("{}=", argument.name),
            label: argument.name,
        };
        arguments.filter(|argument| !present.contains(&argument.name.as_str())).map(proposal).collect()
    }

    fn argument_value(&self, (component, name): (&str, &str), word: Range<usize>, is_quoted: bool) -> Proposals {
        let Some(theme) = self.site.and_then(|site| site.session.theme()) else { return Proposals::default() };
        let quotes = |text: &str| if is_quoted { text.to_owned() } else { format!("\"{text}\"") };
        let about = theme.about_component(component);
        let argument = about.and_then(|about| about.arguments.into_iter().find(|argument| argument.name == name));
        let Some(argument) = argument else { return Proposals::default() };
        let all = match argument.kind {
            ArgumentKind::File => return self.targets(word, Wanted::Files, &quotes),
            ArgumentKind::Person => {
                let persons = self.persons().into_iter();
                persons.map(|proposal| Proposal { new: quotes(&proposal.new), ..proposal }).collect()
            }
            ArgumentKind::Plain if argument.example == "true" && !is_quoted => {
                let mut all = Vec::new();
                self.words_of(&Shape::Truth, &mut all);
                all
            }
            ArgumentKind::Plain => Vec::new(),
        };
        Proposals { span: word, all, is_part: false }
    }
}

/// The codes that a site may lower or waive.
fn gates() -> Vec<Proposal> {
    let gates = codes().into_iter().filter(|code| code.gate);
    gates.map(|code| reference(code.name, code.summary, Some(code.explanation))).collect()
}

/// Something that is named by one text and known by another.
fn reference(name: &str, title: &str, words: Option<&str>) -> Proposal {
    Proposal {
        label: name.to_owned(),
        kind: CompletionItemKind::Reference,
        detail: Some(title.to_owned()).filter(|title| title != name),
        words: words.map(str::to_owned),
        new: name.to_owned(),
    }
}

/// Whether the letters that were typed stand in a text in this order: what any editor would still show.
fn fits(typed: &str, text: &str) -> bool {
    let mut letters = text.chars().flat_map(char::to_lowercase);
    typed.chars().flat_map(char::to_lowercase).all(|sign| letters.any(|letter| letter == sign))
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn letters_fit_in_their_order() {
        for (typed, fit) in [("", true), ("mrd", true), ("MÖT", true), ("../e", true), ("öm", false), ("x", false)] {
            assert_eq!(fits(typed, "../events/mr-dagen.md Möte"), fit, "{typed}");
        }
    }
}
