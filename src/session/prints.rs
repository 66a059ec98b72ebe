//! The print of an output: hashes of all that it is made of. Two of one print are the same to the byte.
//!
//! A template sees its view and the body, and what is the same on all pages; a body depends on its own text and on what
//! its links, images and components lead to. So that is what is hashed, and nobody needs to know what depends on what.

use std::fmt::Debug;

use super::Contents;
use super::cause::Print;
use super::site::TEMPLATE_VIEWS;
use crate::addresses::ADDRESSES;
use crate::config::settings::FeedFormat;
use crate::diagnostic::Report;
use crate::image::Drawing;
use crate::plan::{Feed, Output, Planner, Recipe, Sitemap};
use crate::source::{File, Snapshot};
use crate::text::fingerprint::{FastMap, fingerprint};
use crate::theme::Theme;
use crate::view::{self, SiteView};

/// Takes the prints of outputs.
pub(super) struct Prints<'a> {
    contents: &'a Contents<'a>,
    planner: &'a Planner<'a>,
    /// What all pages are made of.
    common: u64,
    /// What the pages of each template are made of besides.
    templates: FastMap<&'static str, u64>,
}

impl<'a> Prints<'a> {
    /// Looks at what outputs have in common.
    pub fn new(
        (contents, planner): (&'a Contents<'a>, &'a Planner<'a>),
        (snapshot, theme): (&Snapshot, &Theme),
        site: &SiteView,
    ) -> Self {
        let names = TEMPLATE_VIEWS.iter().map(|view| view.template);
        let templates = names.map(|template| (template, theme.fingerprint(template))).collect();
        let statement = planner.settings().statement.as_ref().and_then(|path| contents.catalogue.card(&path.value));
        // Nothing need show the statement's address, and yet each page must lead there.
        let statement = debug(&statement.map(|card| &card.route));
        let common = together([common(snapshot, site), theme.fingerprint_of_components(), statement]);
        Self { contents, planner, common, templates }
    }

    /// Hash of all that templates are checked with: themselves, those that no page uses too, and what any page may be made of.
    pub fn of_checks(&self, snapshot: &Snapshot) -> u64 {
        let templates = snapshot.files().filter(|file| is_template(&file.path));
        together(templates.map(|file| of_file(snapshot, file)).chain([self.common]))
    }

    /// The print of an output; none of what has none, or is as soon made as compared.
    pub fn of(&self, output: &Output) -> Option<Print> {
        let common = Print { common: self.common, ..Print::default() };
        match &output.recipe {
            Recipe::Page { template, view, body } => {
                let (template, view) = (*self.templates.get(template)?, view::print(view)?);
                Some(Print { template, view, body: body.as_ref().map_or(0, |path| self.body(path)), ..common })
            }
            Recipe::Feed(feed, format) => Some(Print { common: self.common, ..self.feed(feed, *format) }),
            Recipe::Sitemap(sitemap) => Some(Print { view: of_sitemap(sitemap), ..common }),
            Recipe::Drawing(_, drawing) => Some(Print { view: of_drawing(drawing), ..common }),
            Recipe::Copy(_) | Recipe::Data(_) => None,
        }
    }

    fn feed(&self, feed: &Feed, format: FeedFormat) -> Print {
        let bodies = feed.entries.iter().filter_map(|entry| entry.body.as_ref()).map(|path| self.body(path));
        Print { view: together([debug(feed), debug(&format)]), body: together(bodies), ..Print::default() }
    }

    /// What the HTML of a body depends on.
    fn body(&self, path: &str) -> u64 {
        let Some((document, entry)) = self.contents.reading(path) else { return 0 };
        let needs = document.outline.needs.iter().map(|need| self.need(need));
        // In a view, free data has lost its types.
        let own = [document.outline.fingerprint, debug(&entry.common().extra)];
        together(own.into_iter().chain(needs))
    }

    /// What a body is told of something that it names: of a document, a file, a person.
    fn need(&self, name: &str) -> u64 {
        let catalogue = self.planner.catalogue;
        let card = catalogue.card(name).map(|card| (&card.route, card.kind));
        let (file, missing) = (catalogue.files.get(name), catalogue.missing.get(name));
        let person = self.planner.context.registry.people.get(name);
        let person = person.map(|person| self.planner.person(person, &mut Report::default()));
        debug(&(name, card, file, missing, person))
    }
}

/// Hash of what any page may be made of: the files that are no content, but for the templates, and the view of the site. What
/// `addresses.lock` says, no page shows but those that are made of its lines.
fn common(snapshot: &Snapshot, site: &SiteView) -> u64 {
    let is_common = |path: &str| !path.starts_with("content/") && path != ADDRESSES && !is_template(path);
    let files = snapshot.files().filter(|file| is_common(&file.path));
    together(files.map(|file| of_file(snapshot, file)).chain([debug(site)]))
}

/// A file with its path.
fn of_file(snapshot: &Snapshot, file: &File) -> u64 {
    let bytes = snapshot.bytes(&file.path).map(|bytes| fingerprint(&bytes));
    together([fingerprint(file.path.as_bytes()), bytes.unwrap_or_default()])
}

/// Whether a file is a template: of a theme, which may be called anything, or of the site's own.
fn is_template(path: &str) -> bool {
    let of_theme = path.strip_prefix("themes/").and_then(|rest| rest.split_once('/'));
    let inside = of_theme.map(|(_, rest)| rest).or_else(|| path.strip_prefix("theme/"));
    inside.is_some_and(|rest| rest.starts_with("templates/"))
}

/// What a picture shows.
pub(super) fn of_drawing(drawing: &Drawing) -> u64 {
    debug(drawing)
}

/// What a sitemap lists.
fn of_sitemap(sitemap: &Sitemap) -> u64 {
    let mut bytes = sitemap.elements.concat().into_bytes();
    for (route, changed) in &sitemap.listed {
        bytes.extend_from_slice(route.as_bytes());
        // No address has such a byte.
        bytes.push(0);
        let changed = changed.map_or(i128::MIN, |changed| changed.instant.as_nanosecond());
        bytes.extend_from_slice(&changed.to_le_bytes());
    }
    fingerprint(&bytes)
}

fn debug(value: &impl Debug) -> u64 {
    fingerprint(format!("{value:?}").as_bytes())
}

fn together(prints: impl IntoIterator<Item = u64>) -> u64 {
    let bytes: Vec<u8> = prints.into_iter().flat_map(u64::to_le_bytes).collect();
    fingerprint(&bytes)
}
