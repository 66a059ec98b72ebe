//! What a text names at a place, what there is to say of it, and where it stands.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::keys::SETTINGS;
use super::making::Site;
use crate::data::{self, Node, NodeKind};
use crate::diagnostic::{Place, Report};
use crate::model::catalogue::Missing;
use crate::model::files::SiteFile;
use crate::model::registry::{ORGANISATIONS, Organisation};
use crate::model::{Card, Kind};
use crate::session::{Name, Role};
use crate::text::address::{Target, decode, resolve};
use crate::text::slug::slug;

/// Something that a text may name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A file, and maybe something on the page that it becomes. Persons and series are their files.
    File {
        /// The path.
        path: Arc<str>,
        /// The id on the page.
        anchor: Option<String>,
    },
    /// An organisation, by slug.
    Organisation(String),
    /// A tag, by slug.
    Tag(String),
}

/// Gives the text of a file as it is now.
pub type TextOf<'a> = dyn Fn(&str) -> Option<Arc<str>> + Sync + 'a;

impl Subject {
    /// What is named in a file.
    pub fn of(site: &Site, from: &Arc<str>, name: &Name) -> Option<Self> {
        let text = name.text.as_str();
        let file = |path: &str| Self::File { path: path.into(), anchor: None };
        match name.role {
            Role::Person => {
                let known = site.registry.people.get(text).map(|person| &*person.path);
                known.map(file).or_else(|| unpublished(site, Kind::Person, text))
            }
            Role::Series => {
                let known = site.registry.series.get(text).map(|series| &*series.path);
                known.map(file).or_else(|| unpublished(site, Kind::Series, text))
            }
            Role::Organisation => Some(Self::Organisation(text.to_owned())),
            Role::Tag => Some(Self::Tag(slug(text))),
            Role::Path => Some(file(text)),
            Role::Target => target(site, from, text),
        }
    }

    /// Whether the same is named, be it at another place of it.
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::File { path, .. }, Self::File { path: other, .. }) => path == other,
            _ => self == other,
        }
    }

    /// What there is to say of it, in Markdown.
    pub fn described(&self, site: &Site) -> Option<String> {
        let catalogue = &site.catalogue;
        match self {
            Self::File { path, .. } => {
                if let Some(card) = catalogue.card(path) {
                    return Some(of_card(card));
                }
                let why = catalogue.missing.get(path).map(|why| match why {
                    Missing::Broken => "has errors",
                    Missing::Draft => "is a draft, and not published",
                    Missing::Scheduled => "is not published yet: its day has not come",
                });
                why.map(|why| format!("`{path}` {why}")).or_else(|| catalogue.files.get(path).map(of_file))
            }
            Self::Organisation(slug) => site.registry.organisations.get(slug).map(of_organisation),
            Self::Tag(slug) => catalogue.tags.get(slug).map(|tag| {
                let count = match tag.entries.len() {
                    1 => "1 entry".to_owned(),
                    count => format!("{count} entries"),
                };
                let summary = tag.summary.iter().map(|summary| format!("\n\n{summary}"));
                format!("**{}**\n\ntag · `{}` · {count}{}", tag.title, tag.route, summary.collect::<String>())
            }),
        }
    }

    /// Where it stands.
    pub fn place(&self, site: &Site, text_of: &TextOf) -> Option<Place> {
        match self {
            Self::File { path, anchor } => {
                // A file that has not been written yet is only in the editor.
                if site.session.snapshot.file(path).is_none() && text_of(path).is_none() {
                    return None;
                }
                let heading = anchor.as_ref().and_then(|anchor| {
                    let said = site.session.said(path, &text_of(path)?);
                    said.body.headings.into_iter().find(|heading| heading.id == *anchor).map(|heading| heading.place)
                });
                Some(heading.unwrap_or_else(|| Place::start_of(path)))
            }
            Self::Organisation(slug) => key_in(ORGANISATIONS, &[], text_of, |name| name == slug),
            Self::Tag(wanted) => key_in(SETTINGS, &["tags"], text_of, |name| slug(name) == *wanted),
        }
    }

    /// All places that name it, by file.
    pub fn named_at(&self, site: &Site, text_of: &TextOf) -> Vec<Place> {
        let files: Vec<&Arc<str>> = site.session.snapshot.files().map(|file| &file.path).collect();
        let may_name = |path: &&&Arc<str>| path.ends_with(".md") || &****path == SETTINGS;
        let places = files.par_iter().filter(may_name).flat_map_iter(|path| {
            let names = text_of(path).map(|text| site.session.said(path, &text).names).unwrap_or_default();
            let is_it = |name: &Name| Self::of(site, path, name).is_some_and(|named| named.is_same(self));
            names.into_iter().filter(is_it).map(|name| name.place).collect::<Vec<_>>()
        });
        let mut places: Vec<Place> = places.collect();
        places.dedup();
        places
    }
}

/// A document that readers do not see, and that is named by its slug.
fn unpublished(site: &Site, kind: Kind, named: &str) -> Option<Subject> {
    let path: Arc<str> = format!("content/{}/{named}.md", kind.folder()).into();
    site.session.snapshot.file(&path).map(|_| Subject::File { path, anchor: None })
}

fn target(site: &Site, from: &Arc<str>, target: &str) -> Option<Subject> {
    let plain = |anchor: Option<&str>| anchor.and_then(decode).filter(|anchor| !anchor.is_empty());
    match Target::of(target) {
        Target::Outside(_) => None,
        Target::Anchor(anchor) => Some(Subject::File { path: from.clone(), anchor: plain(Some(anchor)) }),
        Target::Route(route, anchor) => {
            let path = site.material.documents_at(&decode(route)?).next()?.clone();
            Some(Subject::File { path, anchor: plain(anchor) })
        }
        Target::File("", _) => None,
        Target::File(path, anchor) => Some(Subject::File { path: resolve(from, path)?.into(), anchor: plain(anchor) }),
    }
}

fn of_card(card: &Card) -> String {
    let states = card.badges.iter().map(|badge| badge.words.clone());
    let event = card.event.iter().flat_map(|event| [Some(event.when.clone()), event.place.clone()]).flatten();
    let facts = [card.kind.word().to_owned(), format!("`{}`", card.route)].into_iter().chain(event).chain(states);
    let news = card.event.as_ref().and_then(|event| event.news.clone());
    let sentences = news.into_iter().chain(card.summary.clone()).map(|words| format!("\n\n{words}"));
    let facts = facts.collect::<Vec<_>>().join(" · ");
    format!("**{}**\n\n{facts}{}", card.heading, sentences.collect::<String>())
}

fn of_file(file: &SiteFile) -> String {
    let size = format!("{} kB", file.size.div_ceil(1000));
    let pages = file.facts.pages.map(|pages| if pages == 1 { "1 page".to_owned() } else { format!("{pages} pages") });
    let dimensions = file.facts.dimensions.map(|(width, height)| format!("{width} × {height} pixels"));
    let facts = [Some(format!("`{}`", file.route)), Some(size), pages, dimensions];
    let name = file.path.rsplit('/').next().unwrap_or(&file.path);
    format!("**{name}**\n\n{}", facts.into_iter().flatten().collect::<Vec<_>>().join(" · "))
}

fn of_organisation(organisation: &Organisation) -> String {
    let names = organisation.names().iter().rev().map(|name| {
        let short = name.short.as_ref().map(|short| format!(" ({short})")).unwrap_or_default();
        match name.until {
            Some(until) => format!("until {until}: {}{short}", name.name),
            None => format!("**{}**{short}", name.name),
        }
    });
    names.collect::<Vec<_>>().join("\n\n")
}

/// Where a key of a YAML file stands.
fn key_in(path: &str, above: &[&str], text_of: &TextOf, is_it: impl Fn(&str) -> bool) -> Option<Place> {
    let (path, text): (Arc<str>, Arc<str>) = (path.into(), text_of(path)?);
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let tree = data::parse(&path, &text, start..text.len(), &mut Report::default())?;
    let NodeKind::Map(entries) = &above.iter().try_fold(&tree, |node, key| node.get(key))?.kind else { return None };
    entries.iter().find(|(key, _)| is_it(&key.name)).map(|(key, _)| key.place.clone())
}

/// The keys that lead to the one that stands at an offset, itself last, and where it stands.
pub fn key_at(tree: &Node, offset: usize) -> Option<(Vec<&str>, Range<usize>)> {
    let mut keys = Vec::new();
    let span = descend(tree, offset, &mut keys)?;
    Some((keys, span))
}

fn descend<'a>(node: &'a Node, offset: usize, keys: &mut Vec<&'a str>) -> Option<Range<usize>> {
    match &node.kind {
        NodeKind::Map(entries) => entries.iter().find_map(|(key, value)| {
            keys.push(&key.name);
            let span = &key.place.span;
            let found = if touches(span, offset) { Some(span.clone()) } else { descend(value, offset, keys) };
            if found.is_none() {
                keys.pop();
            }
            found
        }),
        NodeKind::List(items) => items.iter().find_map(|item| descend(item, offset, keys)),
        _ => None,
    }
}

/// Whether a cursor that stands here is at a word.
pub fn touches(span: &Range<usize>, offset: usize) -> bool {
    span.start <= offset && offset <= span.end && !span.is_empty()
}
