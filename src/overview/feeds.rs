//! Feeds, as Atom 1.0 (RFC 4287): of the site, of sections, of tags.
//!
//! Ids are `tag:` URIs (RFC 4151) made of the site's host, the year that this scheme was fixed, and the route:
//! `tag:mr.example.org,2026:/blogg/inbjudan/`. They stay when the site moves from http to https or to another
//! port, and when the text changes, so that a cancelled event is the same entry with a new `updated`.
//! All times are of the sources; the clock plays no part.

use rayon::prelude::*;

use crate::config::Settings;
use crate::config::settings::Section;
use crate::diagnostic::Report;
use crate::model::catalogue::Tag;
use crate::model::{Card, Kind};
use crate::overview::index::{Index, changed};
use crate::overview::xml::Xml;
use crate::plan::{Output, Planner};
use crate::text::address::encode;
use crate::text::date::Moment;

/// The address of the site's own feed.
const SITE: &str = "/feed.xml";

/// The year of the `tag:` URIs. It is part of every id that was ever published and never changes.
const YEAR: &str = "2026";

/// When an empty feed was changed: `updated` must be there, and nothing in the sources gives it.
const NEVER: &str = "2026-01-01T00:00:00Z";

/// What one feed says.
struct Feed<'a> {
    route: String,
    title: String,
    subtitle: Option<&'a str>,
    /// The address of the page that shows the same.
    page: &'a str,
    cards: Vec<&'a Card>,
}

/// Makes all feeds.
pub fn outputs(planner: &Planner, index: &Index) -> Vec<Output> {
    let settings = planner.settings();
    let sections = &settings.sections;
    let by_kind = [(&sections.blog, Kind::Post), (&sections.events, Kind::Event), (&sections.toolkit, Kind::Tool)];
    let mut feeds = vec![site_feed(planner, index)];
    let wanted = by_kind.into_iter().filter(|(section, _)| section.feed);
    feeds.extend(wanted.map(|(section, kind)| section_feed(planner, index, section, kind)));
    if sections.tags.feed {
        feeds.extend(planner.catalogue.tags.values().map(|tag| tag_feed(planner, tag)));
    }
    let author = publisher(planner);
    let output = |feed: &Feed| Output::data(feed.route.clone(), write(planner, feed, &author), settings.place.clone());
    feeds.par_iter().map(output).collect()
}

/// The address of a section's feed as it stands in links, if it has one.
pub fn href(planner: &Planner, section: &Section) -> Option<String> {
    section.feed.then(|| planner.href(&route(&section.route)))
}

/// The title and route of a section's feed, if it has one.
pub fn of_section(planner: &Planner, section: &Section) -> Vec<(String, String)> {
    if section.feed { vec![(section_title(planner, &section.title), route(&section.route))] } else { Vec::new() }
}

/// The title and route of a tag's feed.
pub fn of_tag(planner: &Planner, tag: &Tag) -> (String, String) {
    (section_title(planner, &tag.title), route(&tag.route))
}

fn route(page: &str) -> String {
    format!("{page}feed.xml")
}

fn section_title(planner: &Planner, title: &str) -> String {
    planner.words().format("feeds.section", &[("site", &planner.settings().title), ("section", title)])
}

fn site_feed<'a>(planner: &Planner<'a>, index: &Index<'a>) -> Feed<'a> {
    let settings = planner.settings();
    Feed {
        route: SITE.to_owned(),
        title: planner.words().format("feeds.site", &[("title", &settings.title)]),
        subtitle: settings.description.as_deref().or(settings.tagline.as_deref()),
        page: "/",
        cards: index.changed.iter().copied().take(settings.feed_limit).collect(),
    }
}

fn section_feed<'a>(planner: &Planner<'a>, index: &Index<'a>, section: &'a Section, kind: Kind) -> Feed<'a> {
    let cards = index.changed.iter().copied().filter(|card| card.kind == kind);
    Feed {
        route: route(&section.route),
        title: section_title(planner, &section.title),
        subtitle: section.summary.as_deref(),
        page: &section.route,
        cards: cards.take(planner.settings().feed_limit).collect(),
    }
}

fn tag_feed<'a>(planner: &Planner<'a>, tag: &'a Tag) -> Feed<'a> {
    let catalogue = planner.catalogue;
    let mut cards = changed(tag.entries.iter().map(|entry| &catalogue.cards[*entry]));
    cards.truncate(planner.settings().feed_limit);
    let (title, route) = of_tag(planner, tag);
    Feed { route, title, subtitle: tag.summary.as_deref(), page: &tag.route, cards }
}

/// Who stands behind what no person has signed: the organisation, or the site itself.
fn publisher(planner: &Planner) -> String {
    // An unknown organisation is reported where the site's own facts are read.
    let mut unheard = Report::default();
    let organisation = planner.settings().organisation.as_ref();
    let name = organisation.and_then(|slug| planner.context.organisation(slug, None, &mut unheard));
    name.unwrap_or_else(|| planner.settings().title.clone())
}

fn write(planner: &Planner, feed: &Feed, author: &str) -> Vec<u8> {
    let settings = planner.settings();
    let newest = feed.cards.iter().filter_map(|card| card.updated).max_by_key(|date| date.instant);
    let updated = newest.map_or_else(|| NEVER.to_owned(), |date| date.rfc3339(&settings.zone));
    let root = [("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", &settings.language)];
    Xml::document("feed", &root, |xml| {
        xml.text("id", &[], &id(settings, &feed.route));
        xml.text("title", &[], &feed.title);
        if let Some(subtitle) = feed.subtitle {
            xml.text("subtitle", &[], subtitle);
        }
        xml.text("updated", &[], &updated);
        link(xml, "self", "application/atom+xml", &settings.absolute(&feed.route));
        link(xml, "alternate", "text/html", &settings.absolute(feed.page));
        person(xml, author);
        for card in &feed.cards {
            entry(xml, planner, card);
        }
    })
}

fn entry(xml: &mut Xml, planner: &Planner, card: &Card) {
    let settings = planner.settings();
    let time = |date: Moment| date.rfc3339(&settings.zone);
    let language = card.lang.as_deref().map(|lang| ("xml:lang", lang));
    xml.element("entry", language.as_slice(), |xml| {
        xml.text("id", &[], &id(settings, &card.route));
        xml.text("title", &[], &card.heading);
        if let Some(published) = card.published {
            xml.text("published", &[], &time(published));
        }
        if let Some(updated) = card.updated {
            xml.text("updated", &[], &time(updated));
        }
        link(xml, "alternate", "text/html", &settings.absolute(&card.route));
        for author in card.authors.iter().filter_map(|slug| planner.context.registry.people.get(slug)) {
            person(xml, &author.name);
        }
        for tag in &card.tags {
            xml.empty("category", &[("term", tag)]);
        }
        if let Some(summary) = &card.summary {
            xml.text("summary", &[("type", "text")], summary);
        }
    });
}

fn link(xml: &mut Xml, relation: &str, media_type: &str, address: &str) {
    xml.empty("link", &[("rel", relation), ("type", media_type), ("href", address)]);
}

fn person(xml: &mut Xml, name: &str) {
    xml.element("author", &[], |xml| xml.text("name", &[], name));
}

/// The id of a feed or an entry.
fn id(settings: &Settings, route: &str) -> String {
    format!("tag:{},{YEAR}:{}", authority(&settings.origin), settings.href(route))
}

/// The host of an origin: no scheme, no user, no port, in small letters.
fn authority(origin: &str) -> String {
    let host = origin.split_once("://").map_or(origin, |(_, rest)| rest);
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    let host = host.rsplit_once(':').filter(|(_, end)| port(end)).map_or(host, |(host, _)| host);
    encode(&host.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_made_of_the_host_alone() {
        let cases = [
            ("https://mr.example.org", "mr.example.org"),
            ("http://MR.example.org:8080", "mr.example.org"),
            ("https://user:secret@mr.example.org", "mr.example.org"),
            ("https://mänsklig.se", "m%C3%A4nsklig.se"),
        ];
        for (origin, host) in cases {
            assert_eq!(authority(origin), host);
        }
    }
}
