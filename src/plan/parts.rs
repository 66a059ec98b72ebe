//! The parts that views are made of, the same for all kinds, and what those who make them may know.
//!
//! Each file in the folder makes some of the parts; here is what they all start from.

mod head;
mod about;
mod card;
mod people;
mod forms;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::addresses::Addresses;
use crate::config::settings::Settings;
use crate::data::Located;
use crate::diagnostic::{Diagnostic, Report};
use crate::image::Painter;
use crate::model::catalogue::{Files, MISSING_TARGET, Tag};
use crate::model::common::Desk;
use crate::model::registry::Registry;
use crate::model::{Card, Catalogue};
use crate::plan::links::Want;
use crate::plan::paging::{Sheet, pager};
use crate::plan::{Output, Words};
use crate::text::address::Target;
use crate::text::date::Moment;
use crate::text::slug::slug;
use crate::view::{LinkView, Pager, Prepare, TimeView};

pub use head::{PageFacts, Pictured, Topic};

/// What making a card may know: the entities, but no other card.
#[derive(Clone, Copy)]
pub struct CardContext<'a> {
    /// Settings and time.
    pub desk: Desk<'a>,
    /// The words of the theme.
    pub words: &'a Words<'a>,
    /// Persons, organisations, series.
    pub registry: &'a Registry,
    /// The files beside the documents.
    pub files: &'a Files,
}

/// What planning a page may know: all cards, but no body except its own.
#[derive(Clone, Copy)]
pub struct Planner<'a> {
    /// What a card may know.
    pub context: CardContext<'a>,
    /// All cards and addresses.
    pub catalogue: &'a Catalogue,
    /// The bodies of the notices as HTML, by path.
    pub notices: &'a BTreeMap<Arc<str>, String>,
    /// What front matter and menus ask of the finished site. The order does not matter: findings are sorted.
    pub wants: &'a Mutex<Vec<Want>>,
    /// Brings what many pages show into the form in which templates take it.
    pub prepare: Prepare,
    /// What draws pictures, if the theme says how.
    pub painter: Option<&'a Arc<Painter>>,
    /// The pictures that pages name. The order does not matter: they are sorted by address.
    pub pictures: &'a Mutex<Vec<Output>>,
    /// Every address that was ever published.
    pub addresses: &'a Addresses,
}

impl<'a> CardContext<'a> {
    /// The settings.
    pub fn settings(&self) -> &'a Settings {
        self.desk.settings
    }
}

impl<'a> Planner<'a> {
    /// The settings.
    pub fn settings(&self) -> &'a Settings {
        self.context.desk.settings
    }

    /// The words.
    pub fn words(&self) -> &'a Words<'a> {
        self.context.words
    }

    /// Settings and time.
    pub fn desk(&self) -> &Desk<'a> {
        &self.context.desk
    }

    /// A route as it stands in links.
    pub fn href(&self, route: &str) -> String {
        self.settings().href(route)
    }

    /// The moment for templates.
    pub fn time(&self, moment: &Moment) -> TimeView {
        self.words().time(moment)
    }

    /// A link to a card.
    pub fn link_to(&self, card: &Card) -> LinkView {
        LinkView { title: card.heading.clone(), url: self.href(&card.route) }
    }

    /// A link to a tag's page.
    pub fn tag_link(&self, tag: &str) -> Option<LinkView> {
        let tag: &Tag = self.catalogue.tags.get(&slug(tag))?;
        Some(LinkView { title: tag.title.clone(), url: self.href(&tag.route) })
    }

    /// Asks something of the finished site.
    pub fn want(&self, want: Want) {
        self.wants.lock().unwrap_or_else(PoisonError::into_inner).push(want);
    }

    /// Where a link in front matter leads: a web address, or a path from the file that holds it.
    pub fn link_target(&self, from: &str, to: &Located<String>, report: &mut Report) -> Option<String> {
        match Target::of(&to.value) {
            Target::Outside(url)
                if url.starts_with("https://") || url.starts_with("http://") || url.starts_with("mailto:") =>
            {
                Some(url.to_owned())
            }
            Target::File(path, anchor) => {
                let path = Located { value: path.to_owned(), place: to.place.clone() };
                let card = self.catalogue.reference(from, &path, &[], report)?;
                if anchor.is_some() {
                    self.want(Want { route: card.route.clone(), ..Want::new("", anchor, to.place.clone()) });
                }
                Some(self.href(&card.route) + &anchor.map(|anchor| format!("#{anchor}")).unwrap_or_default())
            }
            _ => {
                let words = format!("`{}` is neither a web address nor a path to a document", to.value.escape_debug());
                report.push(
                    Diagnostic::new(&MISSING_TARGET, words)
                        .at(to.place.clone())
                        .help("write `https://…`, or a path from this file such as `../pages/kontakt.md`"),
                );
                None
            }
        }
    }

    /// How readers get around in a list over several pages.
    pub fn pager<T>(&self, sheet: &Sheet<T>, routes: &[String]) -> Pager {
        let (number, count) = (sheet.number.to_string(), sheet.count.to_string());
        let words = self.words().format("pager.page", &[("number", &number), ("count", &count)]);
        pager(sheet.number, sheet.count, words, |page| self.href(&routes[page - 1]))
    }

    /// The title of a page of a list: with its number from the second one on.
    pub fn sheet_title<T>(&self, title: &str, sheet: &Sheet<T>) -> String {
        if sheet.number == 1 {
            return title.to_owned();
        }
        let (number, count) = (sheet.number.to_string(), sheet.count.to_string());
        self.words().format("pager.title", &[("title", title), ("number", &number), ("count", &count)])
    }
}
