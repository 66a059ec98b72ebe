//! The site's own search: a page with a form, and an index that the theme's script looks through in the browser.
//!
//! No server is asked and nobody learns what readers look for. The index has one small record for each entry, made of
//! its card and of the registry: what a hit shows, and the words that it does not show but is found by. An
//! organisation that is named in one way is found by all its names, so that SKL finds SKR and the reverse.

use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

use crate::model::registry::{Organisation, Registry};
use crate::model::{Card, Kind};
use crate::overview::index::{Index, day_of, newest_first};
use crate::overview::list::{CountView, List, Overview};
use crate::overview::{authors, tags};
use crate::plan::{Output, Planner};
use crate::text::slug::slug;
use crate::text::words::{without_genitive, words};
use crate::view::{Badge, Head, LinkView};

/// The search page.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SearchView {
    /// What stands around the page.
    pub head: Head,
    /// The heading.
    pub title: String,
    /// The address of the index.
    pub index: String,
    /// What a search can be narrowed to.
    pub sections: Vec<SearchSectionView>,
    /// Where to look instead, also without JavaScript: the overviews.
    pub lists: Vec<LinkView>,
    /// All tags, with how much there is of each.
    pub tags: Vec<CountView>,
    /// Those who have written, with how much there is by each.
    pub authors: Vec<CountView>,
}

/// A part of the site that a search can be narrowed to.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SearchSectionView {
    /// The value of `section` in the search's address: `blog`.
    pub name: String,
    /// Its title.
    pub title: String,
}

/// What the index says of an entry. Keys are left out where there is nothing to say.
#[derive(Serialize)]
struct Record<'a> {
    url: String,
    section: &'static str,
    kind: &'a str,
    heading: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lang: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<&'a str>,
    #[serde(skip_serializing_if = "<[Badge]>::is_empty")]
    badges: &'a [Badge],
    /// What it is found by besides what is shown: lower case, in order, each word once.
    text: String,
}

/// Makes the search page, unless another search is used. Search engines do not list it.
pub fn page(planner: &Planner, index: &Index) -> Option<Overview> {
    let title = planner.words().text("overviews.search");
    let route = planner.settings().own_search()?;
    let list = List {
        template: "search.html",
        section: "search",
        route: &route,
        title: &title,
        summary: None,
        above: Vec::new(),
        feeds: Vec::new(),
        tags: Vec::new(),
        indexed: false,
    };
    Some(list.page(planner, None, |head| SearchView {
        head,
        title: title.clone(),
        index: planner.href(&index_route(&route)),
        sections: sections(planner),
        lists: lists(planner),
        tags: tags::counts(planner, |_| true),
        authors: authors::counts(planner, index),
    }))
}

/// Makes the index, newest first, unless another search is used.
pub fn output(planner: &Planner) -> Option<Output> {
    let route = index_route(&planner.settings().own_search()?);
    let names = Names::new(planner.context.registry);
    let kinds: HashMap<Kind, String> =
        Kind::ALL.iter().filter(|kind| has_page(**kind)).map(|kind| (*kind, kind_words(planner, *kind))).collect();
    let mut cards: Vec<&Card> =
        planner.catalogue.cards.iter().filter(|card| has_page(card.kind) && !card.unpublished).collect();
    cards.sort_by(|one, other| newest_first(one, other, day_of));
    let line = |card: &&Card| {
        let record = record(planner, &names, &kinds[&card.kind], card);
        serde_json::to_string(&record).expect("a record of texts is JSON")
    };
    let lines: Vec<String> = cards.par_iter().map(line).collect();
    let json = format!("[\n{}\n]\n", lines.join(",\n"));
    Some(Output::data(route, json, planner.settings().place.clone()))
}

fn index_route(page: &str) -> String {
    format!("{page}index.json")
}

fn has_page(kind: Kind) -> bool {
    kind != Kind::Notice
}

fn kind_words(planner: &Planner, kind: Kind) -> String {
    planner.words().of("kinds", kind.word())
}

/// The sections that have something in them, and the standing pages.
fn sections(planner: &Planner) -> Vec<SearchSectionView> {
    let filled: BTreeSet<&str> = planner.catalogue.cards.iter().map(|card| card.kind.section()).collect();
    let section = |name: &str, title: String| SearchSectionView { name: name.to_owned(), title };
    let all = planner.settings().sections.all().into_iter();
    let mut sections: Vec<SearchSectionView> =
        all.filter(|(name, _)| filled.contains(name)).map(|(name, info)| section(name, info.title.clone())).collect();
    if filled.contains("pages") {
        sections.push(section("pages", planner.words().text("overviews.pages")));
    }
    sections
}

fn lists(planner: &Planner) -> Vec<LinkView> {
    let link = |title: &str, route: &str| LinkView { title: title.to_owned(), url: planner.href(route) };
    planner.settings().sections.all().into_iter().map(|(_, section)| link(&section.title, &section.route)).collect()
}

fn record<'a>(planner: &Planner, names: &Names, kind: &'a str, card: &'a Card) -> Record<'a> {
    let event = card.event.as_ref();
    let published = card.published.as_ref().filter(|_| event.is_none());
    Record {
        url: planner.href(&card.route),
        section: card.kind.section(),
        kind,
        heading: &card.heading,
        summary: card.summary.as_deref(),
        lang: card.lang.as_deref(),
        date: event.map(|event| event.when.clone()).or_else(|| Some(planner.words().day(published?.day()))),
        place: event.and_then(|event| event.place.as_deref()),
        badges: &card.badges,
        text: text(planner, names, card),
    }
}

/// The words that an entry is found by and does not show.
fn text(planner: &Planner, names: &Names, card: &Card) -> String {
    let mut found = BTreeSet::new();
    let mut say = |text: &str| found.extend(words(text).map(str::to_lowercase));
    hidden(planner, card, &mut say);
    let tool = card.tool.as_ref();
    let shown = [Some(&card.heading), card.summary.as_ref(), tool.and_then(|tool| tool.publisher.as_ref())];
    for organisation in shown.into_iter().flatten().flat_map(|text| names.within(text)) {
        all_names(organisation).for_each(&mut say);
    }
    Vec::from_iter(found).join(" ")
}

/// Says what stands on an entry's own page but not in a list: tags, persons, series, type and publisher.
fn hidden(planner: &Planner, card: &Card, say: &mut impl FnMut(&str)) {
    let registry = planner.context.registry;
    for tag in &card.tags {
        say(tag);
        planner.catalogue.tags.get(&slug(tag)).into_iter().for_each(|tag| say(&tag.title));
        planner.settings().tags.get(tag).into_iter().flat_map(|info| &info.aliases).for_each(|alias| say(alias));
    }
    let people = card.authors.iter().chain(&card.owners).filter_map(|slug| registry.people.get(slug));
    people.for_each(|person| say(&person.name));
    if let Some(tool) = &card.tool {
        say(&tool.type_words);
        tool.publisher.iter().for_each(|publisher| say(publisher));
    }
    let series = card.event.as_ref().and_then(|event| event.series.as_ref());
    series.and_then(|slug| registry.series.get(slug)).into_iter().for_each(|series| say(&series.title));
    if card.kind == Kind::Person {
        let person = registry.people.values().find(|person| person.route == card.route);
        let slug = person.and_then(|person| person.organisation.as_ref());
        let organisation = slug.and_then(|slug| registry.organisations.get(&slug.value));
        organisation.into_iter().flat_map(all_names).for_each(say);
    }
}

/// The names of organisations, to be found in texts.
struct Names<'a> {
    /// By its first word, each name as its words and whose it is.
    by_first: HashMap<&'a str, Vec<(Vec<&'a str>, &'a Organisation)>>,
}

impl<'a> Names<'a> {
    fn new(registry: &'a Registry) -> Self {
        let mut by_first: HashMap<_, Vec<_>> = HashMap::new();
        for organisation in registry.organisations.values() {
            for name in all_names(organisation) {
                let name: Vec<&str> = words(name).collect();
                if let Some(first) = name.first() {
                    by_first.entry(*first).or_default().push((name, organisation));
                }
            }
        }
        Self { by_first }
    }

    /// The organisations that a text names. The first word stands as in the name, so that the agency FRA is not
    /// taken for a word; the last may be a genitive.
    fn within(&self, text: &str) -> Vec<&'a Organisation> {
        let text: Vec<&str> = words(text).collect();
        let mut found = Vec::new();
        for (at, first) in text.iter().enumerate() {
            let plain = without_genitive(first);
            let other = if plain == *first { None } else { self.by_first.get(plain) };
            let named = self.by_first.get(first).into_iter().chain(other).flatten();
            found.extend(named.filter(|(name, _)| begins(&text[at..], name)).map(|(_, organisation)| *organisation));
        }
        found
    }
}

/// All names of an organisation, whole and short, oldest first.
fn all_names(organisation: &Organisation) -> impl Iterator<Item = &str> {
    organisation.names().iter().flat_map(|name| std::iter::once(&*name.name).chain(name.short.as_deref()))
}

fn begins(text: &[&str], name: &[&str]) -> bool {
    let Some((last, before)) = name.split_last() else { return false };
    let Some(spoken) = text.get(..name.len()) else { return false };
    let same = |one: &str, other: &str| one == other || one.to_lowercase() == other.to_lowercase();
    spoken.iter().zip(before).all(|(one, other)| same(one, other))
        && spoken.last().is_some_and(|spoken| same(spoken, last) || same(without_genitive(spoken), last))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::diagnostic::Report;
    use crate::model::registry::read_organisations;
    use crate::overview::tests::{Site, data};
    use crate::plan::CardContext;
    use crate::source::Snapshot;

    const ORGANISATIONS: &str = "\
skr:
  names:
    - {name: Sveriges Kommuner och Landsting, short: SKL, until: 2019-11-26}
    - {name: Sveriges Kommuner och Regioner, short: SKR}
fra: {names: [{name: EU:s byrå för grundläggande rättigheter, short: FRA}]}
";

    /// The index of a site with these organisations.
    fn index(site: &Site) -> Vec<Value> {
        let snapshot = Snapshot::of_texts([("content/organisations.yaml", ORGANISATIONS)]);
        let organisations = read_organisations(&snapshot, &mut Report::default()).expect("they are right");
        let (records, _) = site.plan(|planner, _, _| {
            let registry = Registry { organisations, ..planner.context.registry.clone() };
            let planner = Planner { context: CardContext { registry: &registry, ..planner.context }, ..*planner };
            let outputs = Vec::from_iter(output(&planner));
            serde_json::from_slice(data(&outputs, "/sok/index.json")).expect("JSON")
        });
        records
    }

    fn post(title: &str) -> String {
        format!("title: {title}\ndate: 2019-01-01")
    }

    #[test]
    fn an_organisation_is_found_by_all_its_names() {
        let cases = [
            ("SKL bjuder in", "skr", true),
            ("SKR:s nätverk", "skl", true),
            ("SKRs nätverk", "landsting", true),
            ("Från Sveriges kommuner och regioners kansli", "skl", true),
            ("Sveriges kommuner", "skl", false),
            ("Byrån FRA", "grundläggande", true),
            ("Norsk text fra Oslo", "grundläggande", false),
            ("Skrivet och SKRYTET", "skl", false),
        ];
        for (title, word, expected) in cases {
            let records = index(&Site::new().with("blog/a.md", &post(title)));
            let text = records[0]["text"].as_str().expect("a text");
            assert_eq!(text.split(' ').any(|found| found == word), expected, "{title}: {text}");
        }
    }

    #[test]
    fn records_stand_newest_first_and_say_what_they_are() {
        let records = index(
            &Site::new()
                .with("people/asa.md", "title: Åsa Ek\nrole: handläggare\norganisation: skr")
                .with("pages/om.md", "title: Om oss")
                .with("blog/a.md", &post("Äldst"))
                .with("blog/b.md", "title: Nyast\ndate: 2024-02-03\nauthor: asa\ntags: [mänskliga rättigheter]")
                .with("series/mr.md", "title: MR-serien")
                .with("events/e.md", "title: E\ndate: 2020-01-01\nstart: 2020-03-04\nseries: mr\ncancelled: true"),
        );
        let headings: Vec<&str> = records.iter().filter_map(|record| record["heading"].as_str()).collect();
        assert_eq!(headings, ["Nyast", "cancelled E", "Äldst", "Om oss", "Åsa Ek", "MR-serien"]);
        assert_eq!(records[0]["url"], "/mr/blogg/b/");
        assert_eq!(records[0]["text"], "ek mr mänskliga rättigheter åsa");
        assert_eq!(
            (&records[1]["section"], &records[1]["badges"][0]["words"]),
            (&"events".into(), &"cancelled".into())
        );
        assert_eq!(records[1]["text"], "mr serien");
        assert_eq!(records[2].get("summary"), None);
        assert_eq!(records[4]["text"], "kommuner landsting och regioner skl skr sveriges");
    }

    #[test]
    fn another_search_takes_the_place_of_the_sites_own() {
        let cases = [
            ("", Some(("/sok/", "/sok/index.json"))),
            ("language: en\n", Some(("/search/", "/search/index.json"))),
            ("forms: {search: https://sok.example.org/}\n", None),
        ];
        for (keys, expected) in cases {
            let (made, _) = Site::new().set(keys).plan(|planner, _, _| {
                let page = page(planner, &Index::new(planner)).map(|page| page.output.route);
                page.zip(output(planner).map(|index| index.route))
            });
            assert_eq!(made.as_ref().map(|(page, index)| (&**page, &**index)), expected, "{keys}");
        }
    }
}
