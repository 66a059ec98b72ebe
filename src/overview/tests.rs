//! Stories: documents in, pages, feeds and findings out.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

use super::{check_tags, feeds, outputs, sitemap, tags, template_views};
use crate::addresses::Addresses;
use crate::config::layers::Layers;
use crate::config::{Settings, Texts};
use crate::diagnostic::Report;
use crate::document::Document;
use crate::document::body::Body;
use crate::kind::{self, Entry};
use crate::model::common::Desk;
use crate::model::{Catalogue, Clock, Common, Kind, Registry};
use crate::plan::words::NEEDS;
use crate::plan::{CardContext, Output, Planner, Recipe, Words};
use crate::source::Snapshot;
use crate::text::fingerprint::FastMap;

const SETTINGS: &str = "\
title: MR-bloggen
base_url: https://mr.example.org:8443/mr/
email: mr@example.org
sections:
  blog: {per_page: 2}
  events: {per_page: 2}
home: {posts: 2, events: 9}
tags:
  mänskliga rättigheter: {title: Mänskliga rättigheter, summary: Alla har dem., aliases: [MR]}
";

/// A site whose documents are front matter only.
pub struct Site {
    settings: String,
    documents: BTreeMap<Arc<str>, String>,
}

impl Site {
    /// A site without documents.
    pub fn new() -> Self {
        Self { settings: SETTINGS.to_owned(), documents: BTreeMap::new() }
    }

    /// Adds a document.
    pub fn with(mut self, path: &str, keys: &str) -> Self {
        self.documents.insert(format!("content/{path}").into(), format!("---\n{keys}\n---\n"));
        self
    }

    /// Adds keys to the settings.
    pub fn set(mut self, keys: &str) -> Self {
        self.settings.push_str(keys);
        self
    }

    /// Reads the documents as on the first of June 2026, and hands over a planner.
    pub fn plan<T>(&self, work: impl FnOnce(&Planner, &[&Common], &mut Report) -> T) -> (T, Report) {
        let snapshot = Snapshot::of_texts([
            ("site.yaml", self.settings.as_str()),
            ("themes/mr/theme.yaml", "name: Prov"),
            ("themes/mr/texts/sv.yaml", &texts()),
        ]);
        let mut report = Report::default();
        let settings = Settings::read(&snapshot, None, &mut report).expect("the settings are right");
        let layers = Layers::load(&snapshot, "mr", None, &mut report).expect("the theme is there");
        let texts = Texts::load(&snapshot, &layers, "sv", None, &mut report).expect("the texts are there");
        let words = Words::new(&texts);
        let now = "2026-06-01T12:00:00Z".parse().expect("an instant");
        let clock = Clock::at(now);
        let desk = Desk { settings: &settings, clock: &clock, drafts: false };
        let entries: Vec<_> = self.documents.iter().map(|(path, text)| read(path, text, &desk, &mut report)).collect();
        let mut registry = Registry::default();
        entries.iter().for_each(|entry| entry.contribute(&desk, &mut registry));
        let files = Arc::default();
        let context = CardContext { desk, words: &words, registry: &registry, files: &files };
        let cards = entries.iter().map(|entry| entry.card(&context, &mut report)).collect();
        let mut catalogue = Catalogue::new(cards, FastMap::default(), files.clone());
        catalogue.tags = tags(&catalogue.cards, &settings);
        let commons: Vec<&Common> = entries.iter().map(|entry| entry.common()).collect();
        check_tags(&commons, &settings, &mut report);
        let planner = Planner {
            context,
            catalogue: &catalogue,
            notices: &BTreeMap::new(),
            wants: &Mutex::default(),
            prepare: |part| Arc::new(serde_json::to_value(part).expect("views are JSON")),
            painter: None,
            pictures: &Mutex::default(),
            addresses: &Addresses::default(),
        };
        let done = work(&planner, &commons, &mut report);
        (done, report)
    }

    fn outputs(&self) -> Vec<Output> {
        let (outputs, report) = self.plan(|planner, commons, report| {
            outputs(planner, commons, report).0.into_iter().map(|output| written(planner, output)).collect::<Vec<_>>()
        });
        assert!(!report.has_faults(), "{report:?}");
        outputs
    }

    fn findings(&self) -> Vec<(&'static str, String)> {
        let ((), report) = self.plan(|_, _, _| ());
        let faults = report.sorted().into_iter().filter(|finding| !finding.code.gate);
        faults.map(|finding| (finding.code.name, finding.message.clone())).collect()
    }
}

/// An output whose feed or sitemap is written, of entries without bodies.
pub fn written(planner: &Planner, output: Output) -> Output {
    let recipe = match output.recipe {
        Recipe::Feed(feed, format) => Recipe::Data(feeds::write(&feed, format, planner.settings(), &BTreeMap::new())),
        Recipe::Sitemap(sitemap) => Recipe::Data(sitemap::write(&sitemap, planner.settings())),
        recipe => recipe,
    };
    Output { recipe, ..output }
}

fn read(path: &Arc<str>, text: &str, desk: &Desk, report: &mut Report) -> Box<dyn Entry> {
    let document = Document::read(path, text, |_, _, _| Body::default(), report);
    let kind = Kind::of_path(path).expect("a path of a kind");
    let entry = document.and_then(|(document, front, _)| kind::read(kind, &document, &front, desk, report));
    entry.unwrap_or_else(|| panic!("{path}: {report:?}"))
}

/// Every text that is needed: its own key, and after it what is filled in.
fn texts() -> String {
    let mut groups: BTreeMap<&str, BTreeMap<&str, Value>> = BTreeMap::new();
    for (key, holes) in NEEDS {
        let (group, name) = key.split_once('.').expect("texts stand in groups");
        let holes: String = holes.iter().map(|hole| format!(" {{{hole}}}")).collect();
        let text =
            if name.starts_with("months") { vec!["m"; 12].into() } else { Value::from(format!("{name}{holes}")) };
        groups.entry(group).or_default().insert(name, text);
    }
    serde_json::to_string(&groups).expect("texts are JSON, which is YAML")
}

/// The bytes of a file.
pub fn data<'a>(outputs: &'a [Output], route: &str) -> &'a [u8] {
    match outputs.iter().find(|output| output.route == route).map(|output| &output.recipe) {
        Some(Recipe::Data(bytes)) => bytes,
        _ => panic!("no file {route}"),
    }
}

/// The view of a page.
fn view(outputs: &[Output], route: &str) -> Value {
    match outputs.iter().find(|output| output.route == route).map(|output| &output.recipe) {
        Some(Recipe::Page { view, .. }) => serde_json::to_value(view).expect("views are JSON"),
        _ => panic!("no page {route}"),
    }
}

/// A field of each item of a list.
fn each<'a>(list: &'a Value, pointer: &str) -> Vec<&'a str> {
    let items = list.as_array().expect("a list").iter();
    items.map(|item| item.pointer(pointer).and_then(Value::as_str).expect("a text")).collect()
}

/// The texts of all elements with a name, as an XML reader sees them.
pub fn elements(xml: &[u8], name: &str) -> Vec<String> {
    let mut reader = Reader::from_str(str::from_utf8(xml).expect("UTF-8"));
    let (mut found, mut inside) = (Vec::new(), false);
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(start) if start.name().as_ref() == name => {
                inside = true;
                found.push(String::new());
            }
            Event::End(_) => inside = false,
            Event::Text(text) if inside => found.last_mut().unwrap().push_str(&text),
            Event::GeneralRef(reference) if inside => {
                let written = format!("&{};", &*reference);
                found.last_mut().unwrap().push_str(&quick_xml::escape::unescape(&written).unwrap());
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

fn with_posts(site: Site) -> Site {
    site.with("people/ake.md", "title: Åke Öst\nuntil: 2020-01-01")
        .with("people/zita.md", "title: Zita Ek\nemail: zita@example.org")
        .with("people/asa.md", "title: Åsa Ek")
        .with("blog/a.md", "title: Å\ndate: 2021-01-01\nauthor: asa\ntags: [ö, mänskliga rättigheter]")
        .with("blog/b.md", "title: B\ndate: 2021-01-01\nauthors: [zita, asa]\ntags: [å, z]")
        .with("blog/c.md", "title: C\ndate: 2024-02-03T10:00\nexpires: 2025-01-01\nauthor: asa")
        .with("blog/d.md", "title: D & <d>\ndate: 2020-01-01\nupdated: 2026-01-02\nsummary: Om “d” & <e>\ntags: [ö]")
        .with("blog/e.md", "title: E\ndate: 2019-07-01\naliases: [/gammal/e/, /gammal/e.html]\nlang: en")
}

#[test]
fn the_blog_is_cut_into_pages() {
    let outputs = with_posts(Site::new()).outputs();
    let first = view(&outputs, "/blogg/");
    assert_eq!(each(&first["posts"], "/heading"), ["C", "Å"]);
    assert_eq!(first["posts"][0]["badges"][0]["kind"], "archived");
    assert_eq!(first["pager"]["next"], "/mr/blogg/sida/2/");
    assert_eq!(first["feed"], "/mr/blogg/feed.xml");
    assert_eq!(each(&view(&outputs, "/blogg/sida/2/")["posts"], "/heading"), ["B", "D & <d>"]);
    let last = view(&outputs, "/blogg/sida/3/");
    assert_eq!(each(&last["posts"], "/heading"), ["E"]);
    assert_eq!(last["head"]["title"], "title Blogg 3 3 – MR-bloggen");
    assert_eq!(each(&last["head"]["breadcrumbs"], "/url"), ["/mr/", "/mr/blogg/", "/mr/blogg/sida/3/"]);
    assert_eq!(each(&view(&outputs, "/")["posts"], "/heading"), ["Å", "B"]);
}

#[test]
fn tags_and_authors_stand_in_swedish_order() {
    let outputs = with_posts(Site::new()).outputs();
    let blog = view(&outputs, "/blogg/");
    // The slugs of `å` and `ö` are `a` and `o`.
    assert_eq!(each(&blog["tags"], "/title"), ["Mänskliga rättigheter", "z", "å", "ö"]);
    assert_eq!(each(&blog["tags"], "/words"), ["one 1", "one 1", "one 1", "many 2"]);
    assert_eq!(each(&blog["authors"], "/title"), ["Zita Ek", "Åsa Ek"]);
    assert_eq!(each(&blog["authors"], "/url"), ["/mr/blogg/skribenter/zita/", "/mr/blogg/skribenter/asa/"]);
    assert_eq!(each(&view(&outputs, "/blogg/skribenter/asa/")["posts"], "/heading"), ["C", "Å", "B"]);
    assert_eq!(each(&view(&outputs, "/personer/")["people"], "/contact/name"), ["Zita Ek", "Åsa Ek", "Åke Öst"]);
    let tag = view(&outputs, "/amnen/manskliga-rattigheter/");
    assert_eq!((&tag["title"], &tag["summary"]), (&"title Mänskliga rättigheter".into(), &"Alla har dem.".into()));
}

#[test]
fn events_stand_where_their_time_is() {
    let site = Site::new()
        .with("series/b.md", "title: B-serien")
        .with("series/a.md", "title: A-serien")
        .with("events/late.md", "title: Sen\ndate: 2026-01-01\nstart: 2027-01-01\nseries: b")
        .with("events/soon.md", "title: Snart\ndate: 2026-01-01\nstart: 2026-07-01\ntags: [t]")
        .with("events/off.md", "title: Bort\ndate: 2026-01-01\nstart: 2026-06-20\ncancelled: true")
        .with("events/when.md", "title: När\ndate: 2026-01-01\nstart: 2026-06-10\nstatus: postponed")
        .with("events/now.md", "title: Nu\ndate: 2026-01-01\nstart: 2026-05-30\nend: 2026-06-03")
        .with("events/p1.md", "title: P1\ndate: 2018-01-01\nstart: 2018-05-01")
        .with("events/p2.md", "title: P2\ndate: 2018-01-01\nstart: 2019-05-01\ncancelled: true")
        .with("events/p3.md", "title: P3\ndate: 2018-01-01\nstart: 2019-06-01")
        .with("blog/p.md", "title: Inlägg\ndate: 2026-06-01\ntags: [t]");
    let outputs = site.outputs();
    let list = view(&outputs, "/konferenser/");
    assert_eq!(each(&list["ongoing"], "/heading"), ["Nu"]);
    assert_eq!(each(&list["upcoming"], "/heading"), ["cancelled Bort", "Snart", "Sen"]);
    assert_eq!(each(&list["undated"], "/heading"), ["postponed När"]);
    assert_eq!(each(&list["series"], "/heading"), ["B-serien", "A-serien"]);
    assert_eq!(each(&list["recent"], "/heading"), ["P3", "P1"]);
    assert_eq!(list["archive"]["url"], "/mr/konferenser/arkiv/");
    let home = view(&outputs, "/");
    assert_eq!(each(&home["events"], "/heading"), ["Nu", "cancelled Bort", "Snart", "Sen", "postponed När"]);
    let archive = view(&outputs, "/konferenser/arkiv/");
    assert_eq!(each(&archive["years"], "/title"), ["2019"]);
    assert_eq!(each(&archive["years"][0]["events"], "/heading"), ["P3", "cancelled P2"]);
    assert_eq!(each(&view(&outputs, "/konferenser/arkiv/sida/2/")["years"], "/title"), ["2018"]);
    assert_eq!(each(&view(&outputs, "/amnen/t/")["entries"], "/heading"), ["Snart", "Inlägg"]);
}

#[test]
fn tools_are_grouped_by_type() {
    let tool = |title: &str, rest: &str| format!("title: {title}\ndate: 2017-01-10\n{rest}");
    let outputs = Site::new()
        .with("toolkit/a.md", &tool("Plattform", "type: platform"))
        .with("toolkit/b.md", &tool("Äldre", "type: guide\nstatus: withdrawn"))
        .with("toolkit/c.md", &tool("Ö", "type: guide\nupdated: 2020-02-02"))
        .with("toolkit/d.md", &tool("Å", "type: guide"))
        .outputs();
    let list = view(&outputs, "/metodstod/");
    assert_eq!(each(&list["groups"], "/id"), ["guide", "platform"]);
    assert_eq!(each(&list["groups"], "/title"), ["guide_many", "platform_many"]);
    assert_eq!(
        each(&list["groups"][0]["tools"], "/card/url"),
        ["/mr/metodstod/d/", "/mr/metodstod/c/", "/mr/metodstod/b/"]
    );
    assert_eq!(list["updated"]["datetime"], "2020-02-02");
}

#[test]
fn a_type_of_tools_has_a_page_of_its_own() {
    let tool = |title: &str, tool_type: &str| format!("title: {title}\ndate: 2017-01-10\ntype: {tool_type}");
    let outputs = Site::new()
        .with("toolkit/a.md", &tool("Plattform", "platform"))
        .with("toolkit/b.md", &tool("Å", "guide"))
        .with("toolkit/c.md", &tool("Ö", "guide"))
        .outputs();
    let list = view(&outputs, "/metodstod/");
    assert_eq!(each(&list["filters"], "/url"), ["/mr/metodstod/typ/guide-many/", "/mr/metodstod/typ/platform-many/"]);
    assert_eq!((&list["all"]["count"], &list["all"]["current"]), (&3.into(), &true.into()));
    assert_eq!((&list["filters"][0]["count"], &list["filters"][0]["current"]), (&2.into(), &false.into()));

    let guides = view(&outputs, "/metodstod/typ/guide-many/");
    assert_eq!(guides["title"], "guide_many");
    assert_eq!(
        each(&guides["head"]["breadcrumbs"], "/url"),
        ["/mr/", "/mr/metodstod/", "/mr/metodstod/typ/guide-many/"]
    );
    assert_eq!(each(&guides["groups"], "/id"), ["guide"]);
    assert_eq!(each(&guides["groups"][0]["tools"], "/card/url"), ["/mr/metodstod/b/", "/mr/metodstod/c/"]);
    assert_eq!((&guides["all"]["current"], &guides["filters"][0]["current"]), (&false.into(), &true.into()));

    let listed = elements(data(&outputs, "/sitemap.xml"), "loc");
    assert!(listed.iter().any(|address| address.ends_with("/metodstod/typ/platform-many/")), "{listed:?}");
    assert!(outputs.iter().all(|output| !output.route.contains("training")), "types without tools have no page");
}

#[test]
fn feeds_tell_what_was_changed_last() {
    let outputs = with_posts(Site::new()).set("feeds: {limit: 2}\n").outputs();
    let feed = data(&outputs, "/feed.xml");
    assert_eq!(elements(feed, "title"), ["site MR-bloggen", "D & <d>", "C"]);
    let ids = ["/feed.xml", "post/d", "post/c"].map(|id| format!("tag:mr.example.org,2026:{id}"));
    assert_eq!(elements(feed, "id"), ids);
    let updated = ["2026-01-02T00:00:00+01:00", "2026-01-02T00:00:00+01:00", "2024-02-03T10:00:00+01:00"];
    assert_eq!(elements(feed, "updated"), updated);
    assert_eq!(elements(feed, "published"), ["2020-01-01T00:00:00+01:00", "2024-02-03T10:00:00+01:00"]);
    assert_eq!(elements(feed, "name"), ["MR-bloggen", "Åsa Ek"]);
    assert_eq!(elements(feed, "summary"), ["Om “d” & <e>"]);
    assert_eq!(elements(data(&outputs, "/amnen/o/feed.xml"), "title"), ["section MR-bloggen ö", "D & <d>", "Å"]);
}

#[test]
fn a_feed_of_nothing_has_a_time_all_the_same() {
    let outputs = Site::new().outputs();
    assert_eq!(elements(data(&outputs, "/konferenser/feed.xml"), "updated"), ["2026-01-01T00:00:00Z"]);
    assert_eq!(view(&outputs, "/blogg/")["posts"], Value::Array(Vec::new()));
}

#[test]
fn a_feed_that_is_not_wanted_is_neither_made_nor_named() {
    let site =
        Site { settings: SETTINGS.replace("{per_page: 2}", "{per_page: 2, feed: false}"), ..with_posts(Site::new()) };
    let outputs = site.outputs();
    assert!(outputs.iter().all(|output| !output.route.starts_with("/blogg/feed.")));
    assert_eq!(view(&outputs, "/blogg/")["feed"], Value::Null);
    assert_eq!(each(&view(&outputs, "/blogg/")["head"]["feeds"], "/url"), ["/mr/feed.xml", "/mr/feed.json"]);
}

#[test]
fn search_engines_are_told_of_what_they_may_list() {
    let outputs = with_posts(Site::new()).outputs();
    let sitemap = elements(data(&outputs, "/sitemap.xml"), "loc");
    let has = |route: &str| sitemap.contains(&format!("https://mr.example.org:8443/mr{route}"));
    assert!(has("/") && has("/blogg/sida/2/") && has("/blogg/a/") && has("/amnen/o/") && has("/personer/asa/"));
    assert!(!has("/404.html") && !has("/blogg/c/") && !has("/gammal/e/"));
    let robots = str::from_utf8(data(&outputs, "/robots.txt")).unwrap();
    assert!(robots.ends_with("\nSitemap: https://mr.example.org:8443/mr/sitemap.xml\n"));
    assert_eq!(view(&outputs, "/404.html")["head"]["indexed"], false);
}

#[test]
fn former_addresses_lead_on() {
    let outputs = with_posts(Site::new()).outputs();
    let page = str::from_utf8(data(&outputs, "/gammal/e/")).unwrap();
    assert_eq!(page.as_bytes(), data(&outputs, "/gammal/e.html"));
    assert!(page.contains("<meta http-equiv=\"refresh\" content=\"0; url=/mr/blogg/e/\">"));
    assert!(page.contains("<link rel=\"canonical\" href=\"https://mr.example.org:8443/mr/blogg/e/\">"));
    assert!(page.contains("<a href=\"/mr/blogg/e/\" lang=\"en\" hreflang=\"en\">E</a>"));
    let alias = outputs.iter().find(|output| output.route == "/gammal/e/").unwrap();
    assert_eq!(&*alias.source.path, "content/blog/e.md");
}

#[test]
fn a_tag_has_one_spelling() {
    let cases = [
        ("mänskliga rättigheter", "a", None),
        ("mr", "a", Some(("tag-alias", "`mr` is another word for the tag `mänskliga rättigheter`"))),
        (
            "Mänskliga rättigheter",
            "a",
            Some(("tag-spelling", "`Mänskliga rättigheter` and `mänskliga rättigheter` are two spellings of one tag")),
        ),
        ("RBA", "rba", Some(("tag-spelling", "`rba` and `RBA` are two spellings of one tag"))),
        ("'!'", "a", Some(("bad-tag", "no address can be made from the tag `!`"))),
        ("a, a", "b", Some(("repeated-tag", "the tag `a` stands twice"))),
    ];
    for (one, other, expected) in cases {
        let post = |tags: &str| format!("title: T\ndate: 2021-01-01\ntags: [{tags}]");
        let findings = Site::new().with("blog/1.md", &post(one)).with("blog/2.md", &post(other)).findings();
        let findings: Vec<_> = findings.iter().map(|(code, words)| (*code, words.as_str())).collect();
        assert_eq!(findings, Vec::from_iter(expected), "{one}, {other}");
    }
}

#[test]
fn the_settings_may_not_contradict_themselves_about_tags() {
    let site = Site::new().set("  rättigheter: {aliases: [mr]}\n  Mänskliga Rättigheter: {}\n");
    let messages: Vec<String> = site.findings().into_iter().map(|(_, message)| message).collect();
    assert_eq!(messages.len(), 2, "{messages:?}");
}

#[test]
fn the_same_sources_give_the_same_bytes() {
    let made = || -> Vec<(String, Vec<u8>)> {
        let bytes = |output: Output| match output.recipe {
            Recipe::Data(bytes) => (output.route, bytes),
            Recipe::Page { view, .. } => (output.route, serde_json::to_vec(&view).unwrap()),
            Recipe::Copy(_) | Recipe::Drawing(..) | Recipe::Feed(..) | Recipe::Sitemap(_) => {
                unreachable!("overviews copy and draw nothing, and feeds and sitemaps are written")
            }
        };
        with_posts(Site::new()).outputs().into_iter().map(bytes).collect()
    };
    assert_eq!(made(), made());
}

#[test]
fn every_template_has_a_described_view() {
    for (template, schema) in template_views() {
        let schema = schema();
        let properties = schema.get("properties").and_then(Value::as_object).expect("views are records");
        assert!(properties.values().all(|property| property.get("description").is_some()), "{template}");
    }
}
