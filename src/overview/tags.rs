//! The tags: what each of them gathers, page by page, a list of them all, and the check that each has one spelling.

use std::collections::BTreeMap;

use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

use crate::code;
use crate::config::Settings;
use crate::data::Located;
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::model::catalogue::Tag;
use crate::model::{Card, Common, Kind};
use crate::overview::index::{day_of, newest_first};
use crate::overview::list::{CountView, List, Overview, above, views};
use crate::plan::Planner;
use crate::text::fingerprint::{FastMap, FastSet, HashMapExt, HashSetExt};
use crate::text::slug::slug;
use crate::view::{CardView, Head, Pager};

code! { pub TAG_ALIAS = "tag-alias", Error, "a tag that has another name on this site",
"`site.yaml` lists other words for some tags under `aliases`. Were a document to use one of them, the same subject \
would be gathered in two places. Write the tag itself." }
code! { pub TAG_SPELLING = "tag-spelling", Error, "a tag that is spelt in two ways",
"Tags that differ only in capitals, spaces or signs have the same address, and are meant to be the same. Choose one \
spelling and use it everywhere; `site.yaml` may give it a title of its own under `tags`." }
code! { pub BAD_TAG = "bad-tag", Error, "a tag that no address can be made from",
"Each tag has a page, whose address is made of its letters and digits. A tag needs at least one." }
code! { pub REPEATED_TAG = "repeated-tag", Warning, "a tag that stands twice in one document",
"Saying a tag twice changes nothing. Perhaps another tag was meant." }

/// The findings of this module.
pub const CODES: &[&Code] = &[&TAG_ALIAS, &TAG_SPELLING, &BAD_TAG, &REPEATED_TAG];

/// A page of what has a tag.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TagView {
    /// What stands around the page.
    pub head: Head,
    /// The heading.
    pub title: String,
    /// A sentence about the tag.
    pub summary: Option<String>,
    /// What has it, of all kinds, newest first.
    pub entries: Vec<CardView>,
    /// How to get to the other pages.
    pub pager: Pager,
    /// The address of the tag's feed.
    pub feed: Option<String>,
}

/// All tags.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TagListView {
    /// What stands around the page.
    pub head: Head,
    /// The heading.
    pub title: String,
    /// A sentence about the section.
    pub summary: Option<String>,
    /// The tags by title, with how much there is of each.
    pub tags: Vec<CountView>,
}

/// The tags of all cards, by slug, with the entries that have them, newest first. [`check_tags`] reports those that
/// are spelt in two ways; here the spelling of `site.yaml` counts, or else the first.
pub fn tags(cards: &[Card], settings: &Settings) -> BTreeMap<String, Tag> {
    let mut order: Vec<usize> = (0..cards.len()).filter(|card| cards[*card].kind != Kind::Notice).collect();
    order.sort_by(|one, other| newest_first(&cards[*one], &cards[*other], day_of));
    let listed: FastMap<String, &str> = settings.tags.keys().map(|name| (slug(name), name.as_str())).collect();
    let (mut tags, mut by_slug) = (Vec::<(String, Tag)>::new(), FastMap::<String, usize>::new());
    // The same few names come again and again.
    let mut known: FastMap<&str, Option<usize>> = FastMap::new();
    for card in order {
        for name in &cards[card].tags {
            let position = *known.entry(name).or_insert_with(|| {
                let slug = Some(slug(name)).filter(|slug| !slug.is_empty())?;
                Some(*by_slug.entry(slug).or_insert_with_key(|slug| {
                    let tag = new_tag(slug, listed.get(slug).unwrap_or(&name.as_str()), settings);
                    tags.push((slug.clone(), tag));
                    tags.len() - 1
                }))
            });
            let entries = position.map(|position| &mut tags[position].1.entries);
            if let Some(entries) = entries.filter(|entries| entries.last() != Some(&card)) {
                entries.push(card);
            }
        }
    }
    tags.into_iter().collect()
}

fn new_tag(slug: &str, name: &str, settings: &Settings) -> Tag {
    let info = settings.tags.get(name);
    Tag {
        name: name.to_owned(),
        title: info.and_then(|info| info.title.clone()).unwrap_or_else(|| name.to_owned()),
        summary: info.and_then(|info| info.summary.clone()),
        route: format!("{}{slug}/", settings.sections.tags.route),
        entries: Vec::new(),
    }
}

/// Makes the list of tags, and the pages of each.
pub fn pages(planner: &Planner) -> Vec<Overview> {
    let mut pages = vec![list(planner)];
    let tags: Vec<&Tag> = planner.catalogue.tags.values().collect();
    pages.par_extend(tags.par_iter().flat_map_iter(|tag| tag_pages(planner, tag)));
    pages
}

/// The tags by title, with how much there is of each.
pub fn counts(planner: &Planner, wanted: impl Fn(&Tag) -> bool) -> Vec<CountView> {
    let tags = planner.catalogue.tags.values().filter(|tag| wanted(tag));
    let count = |tag: &Tag| CountView::new(planner, &tag.title, &tag.route, tag.entries.len());
    let mut counts: Vec<CountView> = tags.map(count).collect();
    counts.sort_by(|one, other| planner.words().compare(&one.title, &other.title));
    counts
}

fn list(planner: &Planner) -> Overview {
    let section = &planner.settings().sections.tags;
    let all = planner.catalogue.tags.values().flat_map(|tag| &tag.entries);
    let changed = all.filter_map(|entry| planner.catalogue.cards[*entry].updated).max();
    List::of_section("tag_list.html", "tags", section).page(planner, changed, |head| TagListView {
        head,
        title: section.title.clone(),
        summary: section.summary.clone(),
        tags: counts(planner, |_| true),
    })
}

fn tag_pages(planner: &Planner, tag: &Tag) -> Vec<Overview> {
    let section = &planner.settings().sections.tags;
    let title = planner.words().format("tags.title", &[("title", &tag.title)]);
    let cards: Vec<&Card> = tag.entries.iter().map(|entry| &planner.catalogue.cards[*entry]).collect();
    let feed = planner.feed_of_tag(tag);
    let feed_url = planner.feed_href(feed.clone());
    let list = List {
        route: &tag.route,
        title: &title,
        summary: tag.summary.as_deref(),
        above: above(section),
        feeds: feed.into_iter().collect(),
        tags: vec![&tag.name],
        ..List::of_section("tag.html", "tags", section)
    };
    list.pages(planner, &cards, section.per_page, |head, entries, pager| TagView {
        head,
        title: title.clone(),
        summary: tag.summary.clone(),
        entries: views(planner, entries),
        pager,
        feed: feed_url.clone(),
    })
}

/// Reports tags that have another name on this site, and tags that are spelt in two ways.
pub fn check_tags(commons: &[&Common], settings: &Settings, report: &mut Report) {
    let mut check = Check::new(settings, report);
    for common in commons {
        for (nth, tag) in common.tags.iter().enumerate() {
            if let Some(diagnostic) = repeated(&common.tags[..nth], tag).or_else(|| check.tag(tag)) {
                report.push(diagnostic);
            }
        }
    }
}

/// What is known of tags while documents are gone through.
struct Check<'a> {
    settings: &'a Settings,
    /// The tags of `site.yaml`, by slug.
    listed: BTreeMap<String, &'a str>,
    /// The tags that aliases stand for, by the aliases' slugs.
    aliases: BTreeMap<String, &'a str>,
    /// The tags of documents, by slug, with where each was first seen.
    seen: BTreeMap<String, &'a Located<String>>,
    /// Tags of which nothing is to be said: the same few come again and again.
    well: FastSet<&'a str>,
}

impl<'a> Check<'a> {
    fn new(settings: &'a Settings, report: &mut Report) -> Self {
        let (mut listed, mut aliases) = (BTreeMap::new(), BTreeMap::new());
        for name in settings.tags.keys() {
            if let Some(other) = listed.insert(slug(name), name.as_str()) {
                report.push(in_settings(settings, format!("`{name}` and `{other}` are two spellings of one tag")));
            }
        }
        for (name, info) in &settings.tags {
            for alias in &info.aliases {
                let tag = listed.get(&slug(alias)).filter(|tag| *tag != name);
                let before = aliases.insert(slug(alias), name.as_str()).filter(|before| before != name);
                if let Some(other) = tag.copied().or(before) {
                    let words = format!("`{alias}` is an alias of `{name}`, but also stands for `{other}`");
                    report.push(in_settings(settings, words));
                }
            }
        }
        Self { settings, listed, aliases, seen: BTreeMap::new(), well: FastSet::new() }
    }

    fn tag(&mut self, tag: &'a Located<String>) -> Option<Diagnostic> {
        if self.well.contains(tag.value.as_str()) {
            return None;
        }
        let found = self.judge(tag);
        if found.is_none() {
            self.well.insert(&tag.value);
        }
        found
    }

    fn judge(&mut self, tag: &'a Located<String>) -> Option<Diagnostic> {
        let slug = &slug(&tag.value);
        if slug.is_empty() {
            let words = format!("no address can be made from the tag `{}`", tag.value.escape_debug());
            return Some(refuse(&BAD_TAG, words, tag).help("use at least one letter or digit"));
        }
        if let Some(name) = self.listed.get(slug) {
            let place = || (self.settings.place.clone(), format!("`site.yaml` has `{name}`"));
            return (*name != tag.value).then(|| two_spellings(tag, name, place()));
        }
        if let Some(name) = self.aliases.get(slug) {
            let words = format!("`{}` is another word for the tag `{name}`", tag.value.escape_debug());
            return Some(refuse(&TAG_ALIAS, words, tag).help(format!("write `{name}`")));
        }
        let first = *self.seen.entry(slug.clone()).or_insert(tag);
        let place = || (first.place.clone(), format!("`{}` is here", first.value.escape_debug()));
        (first.value != tag.value).then(|| two_spellings(tag, &first.value, place()))
    }
}

fn repeated(before: &[Located<String>], tag: &Located<String>) -> Option<Diagnostic> {
    let first = before.iter().find(|first| first.value == tag.value)?;
    let words = format!("the tag `{}` stands twice", tag.value.escape_debug());
    let diagnostic = refuse(&REPEATED_TAG, words, tag).help("take one of them away");
    Some(diagnostic.related(first.place.clone(), "the first is here"))
}

fn refuse(code: &'static Code, words: String, tag: &Located<String>) -> Diagnostic {
    Diagnostic::new(code, words).at(tag.place.clone())
}

fn two_spellings(tag: &Located<String>, other: &str, (place, words): (Place, String)) -> Diagnostic {
    let (written, other) = (tag.value.escape_debug(), other.escape_debug());
    refuse(&TAG_SPELLING, format!("`{written}` and `{other}` are two spellings of one tag"), tag)
        .related(place, words)
        .help(format!("write `{other}`, or change it everywhere"))
}

fn in_settings(settings: &Settings, words: String) -> Diagnostic {
    Diagnostic::new(&TAG_SPELLING, words).at(settings.place.clone()).help("keep one of them under `tags`")
}
