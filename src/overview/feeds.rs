//! Feeds: of the site, of sections, tags, authors and series; as Atom 1.0 (RFC 4287) and as JSON Feed 1.1.
//!
//! What a feed says is planned here; it is written when the bodies of its entries are finished, with all addresses
//! absolute. An entry without a day has no place in a feed.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::config::Settings;
use crate::config::settings::{FeedContent, FeedFormat, Section};
use crate::diagnostic::Report;
use crate::model::card::EventCard;
use crate::model::{Card, Kind};
use crate::overview::index::{Index, changed};
use crate::overview::xml::Xml;
use crate::plan::feed::{FeedEntry, FeedLink, id_of, id_of_feed, media_type, route};
use crate::plan::{Feed, Output, Planner, Recipe};
use crate::text::date::Moment;
use crate::text::html::escape;

/// When an empty feed was changed: `updated` must be there, and nothing in the sources gives it.
const NEVER: &str = "2026-01-01T00:00:00Z";

/// Finished bodies by the paths of their documents.
pub type Bodies = BTreeMap<Arc<str>, String>;

/// Plans all feeds, in each of their formats.
pub fn outputs(planner: &Planner, index: &Index) -> Vec<Output> {
    let settings = planner.settings();
    let feeds = plan(planner, index);
    let output = |feed: &Arc<Feed>, format: &FeedFormat| Output {
        route: route(&feed.page, *format),
        recipe: Recipe::Feed(feed.clone(), *format),
        source: settings.place.clone(),
    };
    feeds.iter().flat_map(|feed| settings.feeds.formats.iter().map(move |format| output(feed, format))).collect()
}

fn plan(planner: &Planner, index: &Index) -> Vec<Arc<Feed>> {
    let maker = Maker { planner, author: publisher(planner) };
    let settings = planner.settings();
    let sections = &settings.sections;
    let about = settings.description.as_deref().or(settings.tagline.as_deref());
    let mut feeds = vec![maker.feed(planner.feed_of_site(), about, &index.changed, settings.feeds.limit)];
    let by_kind = [(&sections.blog, Kind::Post), (&sections.events, Kind::Event), (&sections.toolkit, Kind::Tool)];
    for (section, kind) in by_kind {
        let cards: Vec<&Card> = index.changed.iter().copied().filter(|card| card.kind == kind).collect();
        let feed = planner.feed_of_section(section);
        feeds.extend(feed.map(|feed| maker.feed(feed, section.summary.as_deref(), &cards, maker.limit(section))));
    }
    feeds.extend(of_tags(&maker));
    feeds.extend(of_authors(&maker, index));
    feeds.extend(of_series(&maker));
    feeds
}

fn of_tags<'a>(maker: &'a Maker) -> impl Iterator<Item = Arc<Feed>> + 'a {
    let planner = maker.planner;
    planner.catalogue.tags.values().filter_map(move |tag| {
        let feed = planner.feed_of_tag(tag)?;
        let cards = changed(tag.entries.iter().map(|entry| &planner.catalogue.cards[*entry]));
        Some(maker.feed(feed, tag.summary.as_deref(), &cards, maker.limit(&planner.settings().sections.tags)))
    })
}

fn of_authors<'a>(maker: &'a Maker, index: &'a Index) -> impl Iterator<Item = Arc<Feed>> + 'a {
    let planner = maker.planner;
    index.authors.iter().filter_map(move |(slug, posts)| {
        let person = planner.context.registry.people.get(*slug)?;
        let feed = planner.feed_of_author(slug, person)?;
        let cards = changed(posts.iter().copied());
        Some(maker.feed(feed, None, &cards, maker.limit(&planner.settings().sections.authors)))
    })
}

fn of_series<'a>(maker: &'a Maker) -> impl Iterator<Item = Arc<Feed>> + 'a {
    let planner = maker.planner;
    planner.context.registry.series.iter().filter_map(move |(slug, series)| {
        let feed = planner.feed_of_series(series)?;
        let cards = changed(planner.catalogue.at(planner.catalogue.index.by_series.get(slug)));
        let summary = planner.catalogue.card(&series.path).and_then(|card| card.summary.as_deref());
        Some(maker.feed(feed, summary, &cards, maker.limit(&planner.settings().sections.events)))
    })
}

/// Who stands behind what no person has signed: the organisation, or the site itself.
fn publisher(planner: &Planner) -> String {
    // An unknown organisation is reported where the site's own facts are read.
    let mut unheard = Report::default();
    let organisation = planner.settings().organisation.as_ref();
    let name = organisation.and_then(|slug| planner.context.organisation(slug, None, &mut unheard));
    name.unwrap_or_else(|| planner.settings().title.clone())
}

/// Makes feeds of cards.
struct Maker<'a> {
    planner: &'a Planner<'a>,
    author: String,
}

impl Maker<'_> {
    fn limit(&self, section: &Section) -> usize {
        section.feed_limit.unwrap_or(self.planner.settings().feeds.limit)
    }

    fn feed(&self, link: FeedLink, subtitle: Option<&str>, cards: &[&Card], limit: usize) -> Arc<Feed> {
        let cards = &cards[..cards.len().min(limit)];
        Arc::new(Feed {
            page: link.page,
            title: link.title,
            subtitle: subtitle.map(str::to_owned),
            updated: cards.iter().filter_map(|card| card.updated).max_by_key(|date| date.instant),
            author: self.author.clone(),
            entries: cards.iter().map(|card| self.entry(card)).collect(),
        })
    }

    fn entry(&self, card: &Card) -> FeedEntry {
        let settings = self.planner.settings();
        let people = &self.planner.context.registry.people;
        let author =
            |slug: &String| people.get(slug).map(|person| (person.name.clone(), settings.absolute(&person.route)));
        let event = card.event.as_ref();
        FeedEntry {
            id: id_of(settings, card),
            title: card.heading.clone(),
            url: settings.absolute(&card.route),
            published: card.published,
            updated: card.updated,
            authors: card.authors.iter().filter_map(author).collect(),
            tags: card.tags.clone(),
            lang: card.lang.clone(),
            news: event.and_then(|event| event.news.clone()),
            facts: event.map(facts).unwrap_or_default(),
            summary: card.summary.clone(),
            body: (settings.feeds.content == FeedContent::Full).then(|| card.path.clone()),
        }
    }
}

impl FeedEntry {
    /// What is said in a line or two: the news first.
    fn abstract_words(&self) -> Option<String> {
        let words: Vec<&str> = [&self.news, &self.summary].into_iter().flatten().map(String::as_str).collect();
        Some(words.join(" ")).filter(|words| !words.is_empty())
    }

    /// The whole text, with the news and the facts before it.
    fn content(&self, bodies: &Bodies) -> Option<String> {
        let body = bodies.get(self.body.as_ref()?)?;
        let news = self.news.iter().map(|news| format!("<p><strong>{}</strong></p>\n", escape(news)));
        let facts = (!self.facts.is_empty()).then(|| format!("<p>{}</p>\n", escape(&self.facts.join(". "))));
        Some(news.chain(facts).chain([body.clone()]).collect())
    }
}

/// When and where an event takes place.
fn facts(event: &EventCard) -> Vec<String> {
    std::iter::once(event.when.clone()).chain(event.place.clone()).collect()
}

/// Writes a feed.
pub fn write(feed: &Feed, format: FeedFormat, settings: &Settings, bodies: &Bodies) -> Vec<u8> {
    match format {
        FeedFormat::Atom => write_atom(feed, settings, bodies),
        FeedFormat::Json => write_json(feed, settings, bodies),
    }
}

fn write_atom(feed: &Feed, settings: &Settings, bodies: &Bodies) -> Vec<u8> {
    let own = route(&feed.page, FeedFormat::Atom);
    let updated = feed.updated.map_or_else(|| NEVER.to_owned(), |date| date.rfc3339(&settings.zone));
    let root = [("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", settings.language.as_str())];
    Xml::document("feed", &root, |xml| {
        xml.text("id", &[], &id_of_feed(settings, &feed.page, FeedFormat::Atom));
        xml.text("title", &[], &feed.title);
        if let Some(subtitle) = &feed.subtitle {
            xml.text("subtitle", &[], subtitle);
        }
        xml.text("updated", &[], &updated);
        link(xml, "self", media_type(FeedFormat::Atom), &settings.absolute(&own));
        link(xml, "alternate", "text/html", &settings.absolute(&feed.page));
        xml.element("author", &[], |xml| xml.text("name", &[], &feed.author));
        for entry in &feed.entries {
            atom_entry(xml, entry, settings, bodies);
        }
    })
}

fn atom_entry(xml: &mut Xml, entry: &FeedEntry, settings: &Settings, bodies: &Bodies) {
    let time = |date: Moment| date.rfc3339(&settings.zone);
    let language = entry.lang.as_deref().map(|lang| ("xml:lang", lang));
    xml.element("entry", language.as_slice(), |xml| {
        xml.text("id", &[], &entry.id);
        xml.text("title", &[], &entry.title);
        for (name, date) in [("published", entry.published), ("updated", entry.updated)] {
            date.into_iter().for_each(|date| xml.text(name, &[], &time(date)));
        }
        link(xml, "alternate", "text/html", &entry.url);
        for (name, page) in &entry.authors {
            xml.element("author", &[], |xml| {
                xml.text("name", &[], name);
                xml.text("uri", &[], page);
            });
        }
        for tag in &entry.tags {
            xml.empty("category", &[("term", tag)]);
        }
        if let Some(words) = entry.abstract_words() {
            xml.text("summary", &[("type", "text")], &words);
        }
        if let Some(content) = entry.content(bodies) {
            xml.text("content", &[("type", "html"), ("xml:base", &entry.url)], &content);
        }
    });
}

fn link(xml: &mut Xml, relation: &str, media_type: &str, address: &str) {
    xml.empty("link", &[("rel", relation), ("type", media_type), ("href", address)]);
}

/// A feed as JSON Feed 1.1 says it.
#[derive(Serialize)]
struct JsonFeed<'a> {
    version: &'static str,
    title: &'a str,
    home_page_url: String,
    feed_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    language: &'a str,
    authors: [JsonAuthor<'a>; 1],
    items: Vec<JsonItem<'a>>,
}

#[derive(Serialize)]
struct JsonAuthor<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

/// An entry as JSON Feed 1.1 says it. One of the contents must be there.
#[derive(Serialize)]
struct JsonItem<'a> {
    id: &'a str,
    url: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_published: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<JsonAuthor<'a>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    tags: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
}

fn write_json(feed: &Feed, settings: &Settings, bodies: &Bodies) -> Vec<u8> {
    let written = JsonFeed {
        version: "https://jsonfeed.org/version/1.1",
        title: &feed.title,
        home_page_url: settings.absolute(&feed.page),
        feed_url: settings.absolute(&route(&feed.page, FeedFormat::Json)),
        description: feed.subtitle.as_deref(),
        language: &settings.language,
        authors: [JsonAuthor { name: &feed.author, url: None }],
        items: feed.entries.iter().map(|entry| json_item(entry, settings, bodies)).collect(),
    };
    let mut json = serde_json::to_vec_pretty(&written).expect("texts can be written as JSON");
    json.push(b'\n');
    json
}

fn json_item<'a>(entry: &'a FeedEntry, settings: &Settings, bodies: &Bodies) -> JsonItem<'a> {
    let time = |date: Option<Moment>| Some(date?.rfc3339(&settings.zone));
    let (content_html, summary) = (entry.content(bodies), entry.abstract_words());
    JsonItem {
        id: &entry.id,
        url: &entry.url,
        title: &entry.title,
        content_text: content_html.is_none().then(|| summary.clone().unwrap_or_else(|| entry.title.clone())),
        content_html,
        summary,
        date_published: time(entry.published),
        date_modified: time(entry.updated),
        authors: entry.authors.iter().map(|(name, url)| JsonAuthor { name, url: Some(url) }).collect(),
        tags: &entry.tags,
        language: entry.lang.as_deref(),
    }
}
