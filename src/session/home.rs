//! Where what stood at a lost address is likely to be now: what a writer would do about it is then one line to copy.

use std::collections::BTreeMap;

use super::addresses::{AllPublished, Lost, quoted};
use super::{Contents, Tree};
use crate::addresses::{Addresses, Fate, route_of, written};
use crate::config::Settings;
use crate::model::common::stem;
use crate::model::{Card, Kind};
use crate::text::fingerprint::{FastMap, HashMapExt};
use crate::text::slug::slug;
use crate::text::suggest::{closest, closest_of_many};

/// How many addresses are compared letter by letter with each that is lost.
const MANY: usize = 100;

/// Knows what is in the site, and what of it is new.
pub(super) struct Home<'a> {
    contents: &'a Contents<'a>,
    tree: &'a Tree,
    settings: &'a Settings,
    addresses: &'a Addresses,
    published: &'a AllPublished,
    /// What is published at no address that was there before, by what it is.
    fresh: BTreeMap<&'static str, Vec<String>>,
    /// The documents by what they may be called: their ids, their files, their titles.
    names: FastMap<String, Vec<&'a Card>>,
}

/// A likely new home.
enum Likely<'a> {
    /// A document, which can say so itself.
    Document(&'a Card),
    /// An address.
    Route(String),
}

impl<'a> Home<'a> {
    /// Looks at what is new.
    pub fn new(contents: &'a Contents, tree: &'a Tree, addresses: &'a Addresses, settings: &'a Settings) -> Self {
        let mut fresh: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (address, published) in &tree.published {
            if !addresses.lines.contains_key(address) {
                fresh.entry(published.word).or_default().push(route_of(address).0);
            }
        }
        let mut names: FastMap<String, Vec<&Card>> = FastMap::new();
        for card in contents.catalogue.cards.iter().filter(|card| card.kind != Kind::Notice) {
            for name in [card.id.clone(), slug(stem(&card.path)), slug(&card.title)] {
                names.entry(name).or_default().push(card);
            }
        }
        Self { names, contents, tree, settings, addresses, published: &tree.published, fresh }
    }

    /// The line that settles it, if there is a likely one.
    pub fn help(&self, lost: &Lost) -> Option<String> {
        Some(match self.likely(lost)? {
            Likely::Document(card) => {
                format!("if {} has taken its place, write there: `aliases: [{}]`", card.path, list_item(&lost.route))
            }
            Likely::Route(route) => {
                let (from, to) = (quoted(lost.address), quoted(&written(&route)));
                format!("if `{route}` has taken its place: `anslag address redirect {from} {to}`")
            }
        })
    }

    /// The address at which the very source of a lost one is now.
    pub fn of_source(&self, lost: &Lost) -> Option<String> {
        let route = match lost.word {
            "alias" | "heading" => None,
            "file" => self.contents.catalogue.files.get(lost.source).map(|file| file.route.clone()),
            // It lay under the address of a page.
            "calendar" | "feed" => self.page_of(lost).map(|card| format!("{}{}", card.route, lost.slug())),
            _ => self.card(lost.source).map(|card| card.route.clone()),
        };
        route.filter(|route| *route != lost.route && self.tree.files.contains_key(route))
    }

    /// The document under whose address something lay.
    fn page_of(&self, lost: &Lost) -> Option<&'a Card> {
        let page = lost.route.strip_suffix(lost.slug())?;
        match &self.addresses.line(page)?.fate {
            Fate::Present { source, .. } => self.card(source),
            _ => None,
        }
    }

    fn likely(&self, lost: &Lost) -> Option<Likely<'a>> {
        let is_document = Kind::ALL.iter().any(|kind| kind.word() == lost.word) || lost.word == "alias";
        if is_document {
            let own = self.card(lost.source).or_else(|| self.namesake(lost));
            let near = || self.near(lost).and_then(|route| self.card(&self.published.get(&written(&route))?.source));
            return own.or_else(near).map(Likely::Document);
        }
        let route = self
            .of_source(lost)
            .or_else(|| self.tag(lost))
            .or_else(|| self.near(lost))
            .or_else(|| self.author(lost))
            .or_else(|| self.feed(lost));
        route.map(Likely::Route)
    }

    fn card(&self, path: &str) -> Option<&'a Card> {
        self.contents.catalogue.card(path).filter(|card| card.kind != Kind::Notice)
    }

    /// A document that is called so: by its id, its file or its title; rather one of the same kind.
    fn namesake(&self, lost: &Lost) -> Option<&'a Card> {
        let called = self.names.get(lost.slug())?;
        called.iter().find(|card| card.kind.word() == lost.word).or(called.first()).copied()
    }

    /// Something new of the same sort whose address is much like it, or that is alone in being new.
    fn near(&self, lost: &Lost) -> Option<String> {
        let fresh = self.fresh.get(lost.word)?;
        let routes = fresh.iter().map(String::as_str);
        // Of a whole section only those that begin alike are compared.
        let near = if fresh.len() > MANY { closest_of_many(&lost.route, routes) } else { closest(&lost.route, routes) };
        let only = || fresh.first().filter(|_| fresh.len() == 1).map(String::as_str);
        near.or_else(only).map(str::to_owned)
    }

    /// The tag of which the lost one is another word, or is much like.
    fn tag(&self, lost: &Lost) -> Option<String> {
        if lost.word != "tag" {
            return None;
        }
        let is_alias = |alias: &String| slug(alias) == lost.slug();
        let named =
            self.settings.tags.iter().find(|(_, info)| info.aliases.iter().any(is_alias)).map(|(name, _)| slug(name));
        let tags = &self.contents.catalogue.tags;
        let near = || closest(lost.slug(), tags.keys().map(String::as_str)).map(str::to_owned);
        named.or_else(near).and_then(|slug| Some(tags.get(&slug)?.route.clone()))
    }

    /// The person behind a list of posts that is empty now.
    fn author(&self, lost: &Lost) -> Option<String> {
        let mut people = self.contents.catalogue.of_kind(Kind::Person).filter(|_| lost.word == "author");
        people.find(|card| stem(&card.path) == lost.slug()).map(|card| card.route.clone())
    }

    /// The feed of what is above: where a section has none any more, that of the site.
    fn feed(&self, lost: &Lost) -> Option<String> {
        let above = lost
            .route
            .rmatch_indices('/')
            .skip(1)
            .map(|(slash, _)| format!("{}/{}", &lost.route[..slash], lost.slug()));
        let mut feeds = above.filter(|_| lost.word == "feed");
        feeds.find(|route| self.tree.files.contains_key(route))
    }
}

/// An address as an item of a list in YAML.
fn list_item(route: &str) -> String {
    let is_plain = |sign: char| sign.is_alphanumeric() || "/-._~".contains(sign);
    if route.chars().all(is_plain) { route.to_owned() } else { format!("\"{route}\"") }
}
