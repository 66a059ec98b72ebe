//! The life of an event: one field is changed, and every list, feed, calendar and search engine learns it.
//!
//! What is expected of an event is an [`Expected`], and [`Expected::check`] looks for it on every surface there is. The
//! surfaces are read as readers' programs read them ([`surfaces`]).

mod due;
mod surfaces;
mod wording;

use std::fmt::Debug;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::marked::{shown, unmark};
use crate::site::{Finding, Page, Run, Site};
use surfaces::{
    Entry, Listed, Vevent, atom, badges_of, calendar, elements, found, json_feed, last_word, listings, plain, single,
    structured, text,
};

const EVENT: &str = "content/events/mr-dagen.md";
const SERIES: &str = "content/series/mr-2027.md";
const PAGE: &str = "/konferenser/mr-dagen/";
const SERIES_PAGE: &str = "/konferenser/serie/mr-2027/";

/// When the registration is open and nothing has happened yet.
const OPEN: &str = "2026-12-02T12:00:00+01:00";

/// An event of the series, with these keys besides; those of them that it has already are replaced.
fn event(keys: &str) -> String {
    let usual = "\
title: MR-dagen
date: 2026-10-01
series: mr-2027
start: 2027-03-01T09:30
end: 2027-03-01T16:00
place: {name: Aulan, city: Göteborg}
registration: {opens: 2026-12-01, closes: 2027-02-15, url: https://example.org/anmalan}
programme: [{title: Inledning, time: '09.30', speakers: [Bo Ek]}]
";
    let key = |line: &str| format!("\n{}:", line.split(':').next().unwrap_or_default());
    let usual = usual.split_inclusive('\n').filter(|line| !format!("\n{keys}").contains(&key(line)));
    format!("---\n{}{keys}---\nOm dagen.\n", usual.collect::<String>())
}

/// A document with these keys.
fn document(keys: &str) -> String {
    format!("---\n{keys}---\nText.\n")
}

fn series(keys: &str) -> String {
    document(&format!("title: MR 2027\n{keys}"))
}

/// The event, its series, and another event of it that nothing happens to.
fn site() -> Site {
    furnished(Site::new())
}

fn furnished(site: Site) -> Site {
    let sibling = "title: MR-kvällen\ndate: 2026-09-01\nseries: mr-2027\nstatus: planned\nstart: 2027-05-03T18:00\nplace: {city: Lund}\n";
    site.file(SERIES, series(""))
        .file(EVENT, event(""))
        .file("content/events/mr-kvallen.md", document(sibling))
        .file("content/pages/beslutet.md", document("title: Beslutet\n"))
        .at(OPEN)
}

/// What every surface is expected to say of the event.
#[derive(Clone, Copy)]
struct Expected<'a> {
    /// On its page and wherever it is listed.
    heading: &'a str,
    banners: &'a [&'a str],
    /// Said in the banner, in feeds and in calendars.
    news: &'a [&'a str],
    button: Option<&'a str>,
    /// Whether it can be added to a calendar.
    can_be_added: bool,
    /// The heading it stands under in the list of events; it may be in the archive alone.
    under: Option<&'a str>,
    badges: &'a [&'a str],
    /// When feeds and calendars say that it was changed.
    updated: &'a str,
    /// `STATUS`, `SEQUENCE`, `DTSTART` and `LOCATION` of its calendars.
    status: &'a str,
    sequence: usize,
    start: &'a str,
    location: &'a str,
    /// What search engines are told, the words of schema.org without their addresses.
    event_status: &'a str,
    start_date: &'a str,
    previous: Option<&'a str>,
    location_type: &'a str,
    availability: Option<&'a str>,
}

/// The event as it was planned, while it can be registered for.
const PLANNED: Expected = Expected {
    heading: "MR-dagen",
    banners: &[],
    news: &[],
    button: Some("Anmäl dig"),
    can_be_added: true,
    under: Some("Kommande"),
    badges: &["Anmälan öppen"],
    updated: "2026-10-01",
    status: "CONFIRMED",
    sequence: 0,
    start: "20270301T093000",
    location: "Aulan, Göteborg",
    event_status: "EventScheduled",
    start_date: "2027-03-01T09:30:00+01:00",
    previous: None,
    location_type: "Place",
    availability: Some("InStock"),
};

/// What feeds and calendars told of the event, to be compared with what they tell later.
#[derive(Debug)]
struct Told {
    id: String,
    updated: Timestamp,
    uid: String,
    sequence: usize,
    stamp: Timestamp,
}

/// What was found to be otherwise, all of it told at the end.
struct Differences<'a> {
    why: &'a str,
    found: Vec<String>,
}

impl Differences<'_> {
    fn same<T: PartialEq + Debug>(&mut self, what: &str, found: T, expected: T) {
        if found != expected {
            self.found.push(format!("{what}: {found:?}, not {expected:?}"));
        }
    }

    fn holds(&mut self, what: &str, text: &str, pieces: &[&str]) {
        let missing = pieces.iter().filter(|piece| !text.contains(**piece));
        self.found.extend(missing.map(|piece| format!("{what}: `{piece}` is not in {text:?}")));
    }

    #[track_caller]
    fn tell(self) {
        assert!(self.found.is_empty(), "{}:\n  {}", self.why, self.found.join("\n  "));
    }
}

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

impl Expected<'_> {
    /// Looks for it on every surface.
    #[track_caller]
    fn check(&self, why: &str, run: &Run) -> Told {
        run.exits(0);
        let mut differences = Differences { why, found: Vec::new() };
        self.check_page(&run.page(PAGE), &mut differences);
        self.check_lists(run, &mut differences);
        let entry = self.check_feeds(run, &mut differences);
        let vevent = self.check_calendars(run, &mut differences);
        self.check_structured(run, &mut differences);
        let record = found(run, PAGE).unwrap_or_default();
        differences.same("search: heading", text(&record["heading"]), self.heading.to_owned());
        differences.same("search: badges", badges_of(&record), strings(self.badges));
        let sitemap = run.page("/sitemap.xml").html;
        let listed = elements(&sitemap, "loc").contains(&"https://test.example.org/konferenser/mr-dagen/");
        differences.same("sitemap", listed, true);
        differences.tell();
        Told {
            id: entry.id,
            updated: entry.updated,
            uid: vevent.get("UID").to_owned(),
            sequence: vevent.sequence(),
            stamp: stamp(&vevent),
        }
    }

    fn check_page(&self, page: &Page, differences: &mut Differences) {
        differences.same("h1", page.text("h1"), self.heading.to_owned());
        differences.same("<title>", page.text("title"), format!("{} – Testbloggen", self.heading));
        differences.same("banners", page.texts(".banner-title"), strings(self.banners));
        differences.holds("the banners", &page.texts(".banner").join(" "), self.news);
        let buttons = page.texts("main a.button");
        differences.same("call to action", buttons, strings(self.button.as_slice()));
        let links = page.texts("a[href='/konferenser/mr-dagen/kalender.ics']").len();
        differences.same("links to its calendar", links, usize::from(self.can_be_added));
        differences.holds("the page", &page.text("main"), &["Aulan, Göteborg", "Inledning", "Bo Ek"]);
        // The day too, unless nobody knows it.
        let day = if self.status == "TENTATIVE" { "Nytt datum meddelas" } else { "2027 kl. 09.30–16.00" };
        differences.holds("the page", &page.text(".key-facts"), &[day]);
        let repeated = page.texts(".entry-header > .badges .badge").into_iter();
        let repeated: Vec<String> = repeated.filter(|badge| page.texts(".banner-title").contains(badge)).collect();
        differences.same("badges that a banner says already", repeated, Vec::new());
    }

    /// The lists of events, of the series, of the home page, and the box on the page of another event.
    fn check_lists(&self, run: &Run, differences: &mut Differences) {
        let listed = |under: &str| Listed {
            under: under.to_owned(),
            heading: self.heading.to_owned(),
            badges: strings(self.badges),
        };
        let is_past = self.badges.contains(&"Har ägt rum") || self.under.is_none();
        // One without a date waits behind those that have one.
        let is_next = !self.badges.contains(&"Uppskjutet");
        let on_home = if is_next { "Härnäst" } else { "Kommande konferenser och nätverk" };
        let home = (!is_past).then_some(on_home);
        let in_series = Some(if is_past { "Tidigare" } else { "Kommande" });
        let lists = [
            ("/konferenser/", self.under),
            ("/", home),
            (SERIES_PAGE, in_series),
            ("/konferenser/mr-kvallen/", Some("Ingår i serien")),
        ];
        for (route, under) in lists {
            let expected: Vec<Listed> = under.map(listed).into_iter().collect();
            differences.same(route, listings(&run.page(route), PAGE), expected);
        }
        let archive = listings(&run.page("/konferenser/arkiv/"), PAGE).len();
        differences.same("the archive", archive, usize::from(is_past));
    }

    fn check_feeds(&self, run: &Run, differences: &mut Differences) -> Entry {
        let mut told: Vec<Entry> = Vec::new();
        for page in ["/konferenser/", "/", SERIES_PAGE] {
            for (route, entries) in [
                (format!("{page}feed.xml"), atom(run, &format!("{page}feed.xml"))),
                (format!("{page}feed.json"), json_feed(run, &format!("{page}feed.json"))),
            ] {
                let own: Vec<Entry> = entries.into_iter().filter(|entry| entry.id.ends_with("/mr-dagen")).collect();
                let [entry] = own.as_slice() else { panic!("one entry in {route}: {own:#?}") };
                differences.same(&route, entry.title.clone(), self.heading.to_owned());
                differences.same(&route, entry.updated, midnight(self.updated));
                differences.holds(&route, &entry.words, self.news);
                told.push(entry.clone());
            }
        }
        let ids: Vec<&String> = told.iter().map(|entry| &entry.id).filter(|id| **id != told[0].id).collect();
        differences.same("other ids in other feeds", ids, Vec::new());
        told.swap_remove(0)
    }

    fn check_calendars(&self, run: &Run, differences: &mut Differences) -> Vevent {
        let [own] = <[Vevent; 1]>::try_from(calendar(run, &format!("{PAGE}kalender.ics"))).expect("one occasion");
        differences.same("STATUS", own.get("STATUS"), self.status);
        differences.same("SEQUENCE", own.sequence(), self.sequence);
        differences.same("SUMMARY", own.text("SUMMARY"), self.heading.to_owned());
        differences.same("DTSTART", own.get("DTSTART"), self.start);
        differences.same("LOCATION", own.text("LOCATION"), self.location.to_owned());
        differences.same("URL", own.get("URL"), "https://test.example.org/konferenser/mr-dagen/");
        differences.same("LAST-MODIFIED", own.get("LAST-MODIFIED"), own.get("DTSTAMP"));
        differences.same("DTSTAMP", stamp(&own), midnight(self.updated));
        differences.holds("DESCRIPTION", &own.text("DESCRIPTION"), self.news);
        for page in ["/konferenser/", SERIES_PAGE] {
            let events = calendar(run, &format!("{page}kalender.ics"));
            differences.same(&format!("the same in {page}kalender.ics"), events.contains(&own), true);
            differences.same(&format!("events in {page}kalender.ics"), events.len(), 2);
        }
        own
    }

    fn check_structured(&self, run: &Run, differences: &mut Differences) {
        let thing = structured(&run.page(PAGE));
        differences.same("JSON-LD: name", text(&thing["name"]), "MR-dagen".to_owned());
        let in_series = &structured(&run.page(SERIES_PAGE))["subEvent"];
        let in_series = in_series.as_array().into_iter().flatten().find(|event| event["@id"] == thing["@id"]);
        for (place, thing) in [("JSON-LD", &thing), ("JSON-LD of the series", in_series.unwrap_or(&Value::Null))] {
            differences.same(place, last_word(&thing["eventStatus"]), self.event_status.to_owned());
            differences.same(place, text(&thing["startDate"]), self.start_date.to_owned());
            differences.same(place, thing["previousStartDate"].as_str(), self.previous);
            differences.same(place, text(&thing["location"]["@type"]), self.location_type.to_owned());
        }
        let availability = thing["offers"].is_object().then(|| last_word(&thing["offers"]["availability"]));
        differences.same("JSON-LD: availability", availability.as_deref(), self.availability);
    }
}

/// The beginning of a day in the zone of the site.
fn midnight(day: &str) -> Timestamp {
    let day: jiff::civil::Date = day.parse().expect("a day of the tests is sound");
    day.in_tz("Europe/Stockholm").expect("the zone is known").timestamp()
}

fn stamp(vevent: &Vevent) -> Timestamp {
    jiff::fmt::strtime::parse("%Y%m%dT%H%M%S%z", vevent.get("DTSTAMP").replace('Z', "+0000"))
        .and_then(|time| time.to_timestamp())
        .unwrap_or_else(|error| panic!("an instant ({error}): {vevent:?}"))
}

// The story.

/// A chapter: the time, what the editor writes, and what everybody then sees.
struct Chapter {
    title: &'static str,
    now: &'static str,
    keys: &'static [&'static str],
    expected: Expected<'static>,
    /// Whether calendars must take it for news.
    is_news: bool,
}

const APRIL: &str = "start: 2027-04-12T09:30\nend: 2027-04-12T16:00\n";
const ONLINE: &str = "status: moved_online\nonline: {url: 'https://mote.example.org/', platform: Teams}\n";
const DOCUMENTATION: &str = "documentation: [{title: Bilderna, url: 'https://example.org/bilder'}]\n";

const HISTORY: &str = "changes:\n";
const FULL: &str = "  - {date: 2026-12-10, what: full}\n";
const CANCELLED: &str =
    "  - {date: 2026-12-15, what: cancelled, reason: Talaren är sjuk., link: ../pages/beslutet.md}\n";
const RESTORED: &str = "  - {date: 2026-12-20, what: restored, reason: En ny talare är klar.}\n";
const RESCHEDULED: &str =
    "  - {date: 2027-01-11, what: rescheduled, reason: Aulan är dubbelbokad., previous_start: 2027-03-01T09:30}\n";
const MOVED: &str = "  - {date: 2027-01-20, what: moved_online, reason: Aulan renoveras.}\n";

const IN_APRIL: Expected = Expected { start: "20270412T093000", start_date: "2027-04-12T09:30:00+02:00", ..PLANNED };

const DIGITAL: Expected = Expected {
    heading: "Digitalt: MR-dagen",
    banners: &["Genomförs digitalt"],
    news: &["Aulan renoveras."],
    badges: &["Digitalt", "Anmälan öppen"],
    updated: "2027-01-20",
    sequence: 4,
    location: "Digitalt via Teams",
    event_status: "EventMovedOnline",
    location_type: "VirtualLocation",
    ..IN_APRIL
};

const CHAPTERS: &[Chapter] = &[
    Chapter {
        title: "It is planned, and the registration opens later",
        now: "2026-11-21T12:00:00+01:00",
        keys: &[],
        expected: Expected { button: None, badges: &["Anmälan öppnar senare"], ..PLANNED },
        is_news: true,
    },
    Chapter { title: "The registration opens", now: OPEN, keys: &[], expected: PLANNED, is_news: false },
    Chapter {
        title: "It is full",
        now: "2026-12-10T12:00:00+01:00",
        keys: &["status: full\n", HISTORY, FULL],
        expected: Expected {
            banners: &["Fullbokat"],
            button: None,
            badges: &["Fullbokat"],
            availability: Some("SoldOut"),
            ..PLANNED
        },
        is_news: false,
    },
    Chapter {
        title: "It is cancelled",
        now: "2026-12-15T12:00:00+01:00",
        keys: &["status: cancelled\n", HISTORY, FULL, CANCELLED],
        expected: Expected {
            heading: "Inställt: MR-dagen",
            banners: &["Inställt"],
            news: &["Talaren är sjuk."],
            button: None,
            can_be_added: false,
            badges: &["Inställt"],
            updated: "2026-12-15",
            status: "CANCELLED",
            sequence: 1,
            event_status: "EventCancelled",
            availability: None,
            ..PLANNED
        },
        is_news: true,
    },
    Chapter {
        title: "It takes place after all",
        now: "2026-12-20T12:00:00+01:00",
        keys: &[HISTORY, FULL, CANCELLED, RESTORED],
        expected: Expected { updated: "2026-12-20", sequence: 2, ..PLANNED },
        is_news: true,
    },
    Chapter {
        title: "It is moved to another day",
        now: "2027-01-11T12:00:00+01:00",
        keys: &[APRIL, "status: rescheduled\n", HISTORY, FULL, CANCELLED, RESTORED, RESCHEDULED],
        expected: Expected {
            banners: &["Nytt datum: 12 april 2027 kl. 09.30–16.00"],
            news: &["Aulan är dubbelbokad.", "Nytt datum: 12 april 2027", "Det tidigare datumet var 1 mars 2027."],
            badges: &["Nytt datum", "Anmälan öppen"],
            updated: "2027-01-11",
            sequence: 3,
            event_status: "EventRescheduled",
            previous: Some("2027-03-01T09:30:00+01:00"),
            ..IN_APRIL
        },
        is_news: true,
    },
    Chapter {
        title: "It is moved to the net",
        now: "2027-01-20T12:00:00+01:00",
        keys: &[APRIL, ONLINE, HISTORY, FULL, CANCELLED, RESTORED, RESCHEDULED, MOVED],
        expected: DIGITAL,
        is_news: true,
    },
    Chapter {
        title: "The registration closes",
        now: "2027-02-16T00:00:00+01:00",
        keys: &[APRIL, ONLINE, HISTORY, FULL, CANCELLED, RESTORED, RESCHEDULED, MOVED],
        expected: Expected {
            button: None,
            badges: &["Digitalt", "Anmälan stängd"],
            availability: Some("SoldOut"),
            ..DIGITAL
        },
        is_news: false,
    },
    Chapter {
        title: "It goes on",
        now: "2027-04-12T12:00:00+02:00",
        keys: &[APRIL, ONLINE, HISTORY, FULL, CANCELLED, RESTORED, RESCHEDULED, MOVED],
        expected: Expected {
            button: None,
            under: Some("Pågår nu"),
            badges: &["Digitalt", "Pågår", "Anmälan stängd"],
            availability: Some("SoldOut"),
            ..DIGITAL
        },
        is_news: false,
    },
    Chapter {
        title: "It is past",
        now: "2027-04-12T16:00:00+02:00",
        keys: &[APRIL, ONLINE, DOCUMENTATION, HISTORY, FULL, CANCELLED, RESTORED, RESCHEDULED, MOVED],
        expected: Expected {
            banners: &["Genomfördes digitalt", "Har ägt rum"],
            news: &["Aulan renoveras."],
            button: None,
            can_be_added: false,
            under: Some("Senast genomförda"),
            badges: &["Digitalt", "Har ägt rum"],
            availability: None,
            ..DIGITAL
        },
        is_news: false,
    },
];

#[test]
fn the_life_of_an_event() {
    let mut site = site();
    let mut before: Option<Told> = None;
    for Chapter { title, now, keys, expected, is_news } in CHAPTERS {
        site.write(EVENT, event(&keys.concat()));
        site = site.at(now);
        let run = site.build();
        let told = expected.check(title, run.well());
        if let Some(before) = before {
            assert_eq!((&told.id, &told.uid), (&before.id, &before.uid), "{title}: the ids are for ever");
            assert!(told.updated >= before.updated && told.stamp >= before.stamp, "{title}: {told:?} after {before:?}");
            assert_eq!(told.sequence > before.sequence, *is_news, "{title}: {told:?} after {before:?}");
            assert!(told.sequence >= before.sequence, "{title}: {told:?} after {before:?}");
            assert!(!is_news || told.updated > before.updated, "{title}: {told:?} after {before:?}");
        }
        before = Some(told);
        surprises(title, &run);
    }
}

/// What only some chapters have.
fn surprises(title: &str, run: &Run) {
    let page = run.page(PAGE);
    match title {
        "It is cancelled" => {
            page.says("Beslutat 15 december 2026")
                .has("href=\"/beslutet/\"")
                .says("1 mars 2027")
                .says("Aulan, Göteborg");
            page.lacks("https://example.org/anmalan");
        }
        "It takes place after all" => {
            page.says("Åter inplanerat").says("En ny talare är klar.").says("Talaren är sjuk.");
        }
        "It is moved to the net" => {
            page.says("Tidigare plats").has("href=\"https://mote.example.org/\"");
            let vevent = &calendar(run, &format!("{PAGE}kalender.ics"))[0];
            assert_eq!(vevent.get("CONFERENCE"), "https://mote.example.org/");
            assert_eq!(structured(&page)["location"]["url"], "https://mote.example.org/");
        }
        "It is past" => {
            page.says("Bilderna")
                .says("Dokumentation finns längre ned på sidan.")
                .lacks("href=\"https://mote.example.org/\"");
        }
        _ => {}
    }
}

// The matrix: a row for each state, on the event itself and inherited from its series.

/// A row: the status with its history, which the event or its series has, what else the event must have, and what is
/// then seen.
struct Row {
    state: &'static str,
    keys: &'static str,
    expected: Expected<'static>,
}

const CANCELLED_ROW: Row = Row {
    state: "status: cancelled\nchanges: [{date: 2026-11-02, what: cancelled, reason: Viruset sprids.}]\n",
    keys: "",
    expected: Expected {
        heading: "Inställt: MR-dagen",
        banners: &["Inställt"],
        news: &["Viruset sprids."],
        button: None,
        can_be_added: false,
        badges: &["Inställt"],
        updated: "2026-11-02",
        status: "CANCELLED",
        sequence: 1,
        event_status: "EventCancelled",
        availability: None,
        ..PLANNED
    },
};

const POSTPONED_ROW: Row = Row {
    state: "status: postponed\nchanges: [{date: 2026-11-02, what: postponed, reason: Viruset sprids.}]\n",
    keys: "",
    expected: Expected {
        heading: "Uppskjutet: MR-dagen",
        banners: &["Uppskjutet"],
        news: &["Viruset sprids.", "Vi meddelar ett nytt när det är bestämt."],
        under: Some("Uppskjutna"),
        badges: &["Uppskjutet"],
        status: "TENTATIVE",
        event_status: "EventPostponed",
        ..CANCELLED_ROW.expected
    },
};

const RESCHEDULED_ROW: Row = Row {
    state: "status: rescheduled\nchanges: [{date: 2026-11-02, what: rescheduled, reason: Viruset sprids., previous_start: 2027-02-01T09:30}]\n",
    keys: "",
    expected: Expected {
        banners: &["Nytt datum: 1 mars 2027 kl. 09.30–16.00"],
        news: &["Viruset sprids.", "Nytt datum: 1 mars 2027", "Det tidigare datumet var 1 februari 2027."],
        badges: &["Nytt datum", "Anmälan öppen"],
        updated: "2026-11-02",
        sequence: 1,
        event_status: "EventRescheduled",
        previous: Some("2027-02-01T09:30:00+01:00"),
        ..PLANNED
    },
};

const MOVED_ROW: Row = Row {
    state: "status: moved_online\nchanges: [{date: 2026-11-02, what: moved_online, reason: Viruset sprids.}]\n",
    keys: "online: {url: 'https://mote.example.org/', platform: Teams}\n",
    expected: Expected {
        heading: "Digitalt: MR-dagen",
        banners: &["Genomförs digitalt"],
        news: &["Viruset sprids."],
        badges: &["Digitalt", "Anmälan öppen"],
        updated: "2026-11-02",
        sequence: 1,
        location: "Digitalt via Teams",
        event_status: "EventMovedOnline",
        location_type: "VirtualLocation",
        ..PLANNED
    },
};

const FULL_ROW: Row = Row {
    state: "status: full\nchanges: [{date: 2026-11-02, what: full}]\n",
    keys: "",
    expected: Expected {
        banners: &["Fullbokat"],
        button: None,
        badges: &["Fullbokat"],
        availability: Some("SoldOut"),
        ..PLANNED
    },
};

impl Row {
    /// Checks it on the event itself, inherited from the series, and spared by an exception.
    #[track_caller]
    fn check(&self) {
        let Self { state, keys, expected } = self;
        let site = site().file(EVENT, event(&format!("{keys}{state}")));
        expected.check(&format!("{state} of the event"), site.build().well());
        site.write(EVENT, event(keys));
        site.write(SERIES, series(state));
        let inherited = site.build();
        expected.check(&format!("{state} of the series"), inherited.well());
        let sibling = inherited.page("/konferenser/mr-kvallen/");
        assert_eq!(
            (sibling.text("h1").as_str(), sibling.texts(".banner").len()),
            ("MR-kvällen", 0),
            "{state} is spared"
        );
        site.write(EVENT, event("status: planned\n"));
        // What calendars have counted is never taken back.
        let sequence = usize::from(expected.event_status != "EventScheduled");
        let spared = Expected { sequence, updated: expected.updated, ..PLANNED };
        spared.check(&format!("{state} of the series, but not of the event"), site.build().well());
    }
}

#[test]
fn a_planned_event() {
    let site = site();
    PLANNED.check("without a status", site.build().well());
    site.write(EVENT, event("status: planned\n"));
    PLANNED.check("of the event", site.build().well());
    site.write(EVENT, event("cancelled: false\n"));
    PLANNED.check("not cancelled", site.build().well());
    site.write(EVENT, event(""));
    site.write(SERIES, series("status: planned\n"));
    PLANNED.check("of the series", site.build().well());
}

#[test]
fn a_cancelled_event() {
    CANCELLED_ROW.check();
    let site = site().file(EVENT, event(&CANCELLED_ROW.state.replace("status: cancelled", "cancelled: true")));
    CANCELLED_ROW.expected.check("in short", site.build().well());
}

#[test]
fn a_postponed_event() {
    POSTPONED_ROW.check();
    // Its days are not to be, so they do not pass.
    let site = site().file(EVENT, event(POSTPONED_ROW.state)).at("2027-04-01T12:00:00+02:00");
    POSTPONED_ROW.expected.check("after its former day", site.build().well());
}

#[test]
fn a_rescheduled_event() {
    RESCHEDULED_ROW.check();
}

#[test]
fn an_event_that_is_moved_online() {
    MOVED_ROW.check();
}

#[test]
fn a_full_event() {
    FULL_ROW.check();
    let waiting = "registration: {opens: 2026-12-01, closes: 2027-02-15, url: https://example.org/anmalan, full: true, waiting_list: true}\n";
    let waiting = site().file(EVENT, event(waiting));
    let expected = Expected { button: Some("Ställ dig på väntelistan"), ..FULL_ROW.expected };
    expected.check("with a waiting list", waiting.build().well());
}

#[test]
fn an_event_whose_registration_has_closed() {
    let closed = Expected {
        banners: &["Anmälan är stängd"],
        button: None,
        badges: &["Anmälan stängd"],
        availability: Some("SoldOut"),
        ..PLANNED
    };
    let site = site().at("2027-02-15T23:59:59+01:00");
    PLANNED.check("a second before", site.build().well());
    let site = site.at("2027-02-16T00:00:00+01:00");
    closed.check("at the end of the last day", site.build().well());
    let site = site.at("2027-03-01T09:29:59+01:00");
    closed.check("until it starts", site.build().well());
}

#[test]
fn an_event_that_is_past() {
    let past = Expected {
        banners: &["Har ägt rum"],
        button: None,
        can_be_added: false,
        under: Some("Senast genomförda"),
        badges: &["Har ägt rum"],
        availability: None,
        ..PLANNED
    };
    let site = site().at("2027-03-01T16:00:00+01:00");
    past.check("when it ends", site.build().well());
    site.write(EVENT, event(CANCELLED_ROW.state));
    Expected { under: None, ..CANCELLED_ROW.expected }.check("cancelled, and its day has passed", site.build().well());
}

#[test]
fn a_series_that_takes_place_after_all_tells_so() {
    let site = site();
    let step = |status: &str, changes: &str| {
        site.write(SERIES, series(&format!("{status}changes: [{changes}]\n")));
        let run = site.build();
        run.exits(0);
        let entry = atom(&run, "/konferenser/feed.xml").into_iter().find(|entry| entry.id.ends_with("/mr-dagen"));
        let vevent = calendar(&run, &format!("{PAGE}kalender.ics")).swap_remove(0);
        (entry.expect("it is in the feed").updated, stamp(&vevent), vevent.sequence(), vevent.get("STATUS").to_owned())
    };
    let cancelled = "{date: 2026-11-02, what: cancelled}";
    let off = step("status: cancelled\n", cancelled);
    let on = step("", &format!("{cancelled}, {{date: 2026-11-20, what: restored}}"));
    assert_eq!((off.2, off.3.as_str(), on.2, on.3.as_str()), (1, "CANCELLED", 2, "CONFIRMED"));
    assert!(on.0 > off.0 && on.1 > off.1, "{on:?} is told after {off:?}");
}

// One occasion among several.

/// A network of three occasions, the keys of each besides its times, and the keys of the event.
fn network(keys: &str, own: [&str; 3]) -> String {
    let days = ["2027-01-29", "2027-03-23", "2027-05-11"];
    let occasion = |(day, own): (&str, &str)| format!("  - {{start: {day}T09:00, end: {day}T12:00{own}}}\n");
    let occasions: String = days.into_iter().zip(own).map(occasion).collect();
    let common = "title: MR-dagen\ndate: 2026-10-01\nupdated: 2026-11-01\nplace: {city: Malmö}\nseries: mr-2027\n";
    document(&format!("{common}{keys}occurrences:\n{occasions}"))
}

/// What calendars and search engines are told of each occasion.
fn told_of_occasions(run: &Run) -> Vec<(String, String, String)> {
    let thing = structured(&run.page(PAGE));
    let parts = thing["subEvent"].as_array().cloned().unwrap_or_default();
    let events = calendar(run, &format!("{PAGE}kalender.ics"));
    assert_eq!(parts.len(), events.len());
    let told = events.iter().zip(&parts);
    told.map(|(vevent, part)| {
        (vevent.get("STATUS").to_owned(), vevent.text("SUMMARY"), last_word(&part["eventStatus"]))
    })
    .collect()
}

fn occasion(status: &str, summary: &str, word: &str) -> (String, String, String) {
    (status.to_owned(), summary.to_owned(), word.to_owned())
}

#[test]
fn one_occasion_is_cancelled_and_the_others_are_not() {
    let site = site().file(EVENT, network("", ["", "", ""]));
    let before = calendar(site.build().well(), &format!("{PAGE}kalender.ics"));
    let change = "changes: [{date: 2026-11-18, what: cancelled}]\n";
    site.write(EVENT, network(change, ["", ", status: cancelled, reason: Talaren är sjuk.", ""]));
    let run = site.build();
    let planned = occasion("CONFIRMED", "MR-dagen", "EventScheduled");
    let cancelled = occasion("CANCELLED", "Inställt: MR-dagen", "EventCancelled");
    assert_eq!(told_of_occasions(run.well()), [planned.clone(), cancelled, planned]);
    let page = run.page(PAGE);
    assert_eq!((page.text("h1").as_str(), page.texts(".banner").len()), ("MR-dagen", 0));
    assert_eq!(page.texts(".occurrence .badge"), ["Inställt"]);
    page.says("23 mars 2027").says("Talaren är sjuk.");
    let after = calendar(&run, &format!("{PAGE}kalender.ics"));
    let ids = |events: &[Vevent]| events.iter().map(|event| event.get("UID").to_owned()).collect::<Vec<_>>();
    assert_eq!(ids(&before), ids(&after));
    assert!(after[1].text("DESCRIPTION").contains("Talaren är sjuk."), "{:?}", after[1]);
    assert!(!after[0].text("DESCRIPTION").contains("Talaren är sjuk."), "{:?}", after[0]);
}

#[test]
fn calendars_believe_that_one_occasion_is_cancelled() {
    let site = site().file(EVENT, network("", ["", "", ""]));
    let sequence = |site: &Site| calendar(&site.build(), &format!("{PAGE}kalender.ics"))[1].sequence();
    let before = sequence(&site);
    // A change tells of it, or nothing but the day of the update.
    let own = ["", ", status: cancelled", ""];
    site.write(EVENT, network("changes: [{date: 2026-11-18, what: cancelled}]\n", own));
    assert!(sequence(&site) > before, "with a history");
    site.write(EVENT, network("", own));
    assert!(sequence(&site) > before, "without a history");
}

#[test]
fn a_second_cancellation_is_news_too() {
    let twice = "changes: [{date: 2026-11-02, what: cancelled}, {date: 2026-11-10, what: restored}]\n";
    let site = site().file(EVENT, event(twice));
    let before = calendar(site.build().well(), &format!("{PAGE}kalender.ics"))[0].sequence();
    site.write(EVENT, event(&format!("status: cancelled\n{twice}")));
    let run = site.build();
    let after = calendar(run.exits(0), &format!("{PAGE}kalender.ics"))[0].sequence();
    let codes: Vec<String> = run.findings().into_iter().map(|finding| finding.code).collect();
    // The last change says that it takes place, so none tells of the state that it has now.
    assert_eq!((after, codes), (before + 1, vec!["undated-status".to_owned()]));
}

#[test]
fn all_occasions_are_cancelled_but_one() {
    let cancelled = "status: cancelled\nchanges: [{date: 2026-11-18, what: cancelled, reason: Viruset sprids.}]\n";
    let site = site().file(EVENT, network(cancelled, ["", ", status: planned", ""]));
    let expected = [
        occasion("CANCELLED", "Inställt: MR-dagen", "EventCancelled"),
        occasion("CONFIRMED", "MR-dagen", "EventScheduled"),
        occasion("CANCELLED", "Inställt: MR-dagen", "EventCancelled"),
    ];
    let run = site.build();
    assert_eq!(told_of_occasions(run.well()), expected);
    let page = run.page(PAGE);
    assert_eq!(page.text("h1"), "MR-dagen");
    assert_eq!(page.texts(".occurrence .badge"), ["Inställt", "Inställt"]);
    page.says("29 januari 2027").says("11 maj 2027");
    assert_eq!(listings(&run.page("/konferenser/"), PAGE)[0].heading, "MR-dagen");
    // The same when the series says so.
    site.write(SERIES, series(cancelled));
    site.write(EVENT, network("", ["", ", status: planned", ""]));
    let run = site.build();
    assert_eq!(told_of_occasions(run.well()), expected);
    assert_eq!(run.page(SERIES_PAGE).text("h1"), "Inställt: MR 2027");
}

#[test]
fn one_occasion_is_moved_and_one_is_online() {
    let own = ["", ", status: rescheduled, previous_start: 2027-03-20T09:00", ", status: moved_online"];
    let changes = "changes: [{date: 2026-11-17, what: rescheduled}, {date: 2026-11-18, what: moved_online}]\n";
    let site = site().file(EVENT, network(changes, own));
    let run = site.build();
    let expected = [
        occasion("CONFIRMED", "MR-dagen", "EventScheduled"),
        occasion("CONFIRMED", "MR-dagen", "EventRescheduled"),
        occasion("CONFIRMED", "Digitalt: MR-dagen", "EventMovedOnline"),
    ];
    assert_eq!(told_of_occasions(run.well()), expected);
    let page = run.page(PAGE);
    assert_eq!(page.texts(".occurrence .badge"), ["Nytt datum", "Digitalt"]);
    page.says("Tidigare datum: 20 mars 2027");
    let thing = structured(&page);
    assert_eq!(thing["subEvent"][1]["previousStartDate"], "2027-03-20T09:00:00+01:00");
    assert_eq!(thing["subEvent"][2]["location"]["@type"], "VirtualLocation");
    let events = calendar(&run, &format!("{PAGE}kalender.ics"));
    assert_eq!((events[1].text("LOCATION").as_str(), events[2].text("LOCATION").as_str()), ("Malmö", "Digitalt"));
}

// Precedence and time.

#[test]
fn the_gravest_state_is_said_first() {
    let registration = "registration: {closes: 2027-02-15, email: a@example.org, full: true}\n";
    let (open, closed, past) = (OPEN, "2027-02-20T12:00:00+01:00", "2027-03-02T12:00:00+01:00");
    let mine = |row: &Row| format!("{}{registration}", row.state);
    let full = "status: full\n".to_owned();
    let cases: &[(&str, String, &[&str])] = &[
        (open, mine(&CANCELLED_ROW), &["Inställt"]),
        (closed, mine(&CANCELLED_ROW), &["Inställt"]),
        (past, mine(&CANCELLED_ROW), &["Inställt"]),
        (open, mine(&POSTPONED_ROW), &["Uppskjutet"]),
        (past, mine(&POSTPONED_ROW), &["Uppskjutet"]),
        (open, mine(&RESCHEDULED_ROW), RESCHEDULED_ROW.expected.banners),
        (past, mine(&RESCHEDULED_ROW), &["Nytt datum: 1 mars 2027 kl. 09.30–16.00", "Har ägt rum"]),
        (open, mine(&MOVED_ROW), &["Genomförs digitalt"]),
        (closed, mine(&MOVED_ROW), &["Genomförs digitalt"]),
        (past, mine(&MOVED_ROW), &["Genomfördes digitalt", "Har ägt rum"]),
        (open, registration.to_owned(), &["Fullbokat"]),
        (closed, registration.to_owned(), &["Fullbokat"]),
        (closed, full.clone(), &["Fullbokat"]),
        (past, registration.to_owned(), &["Har ägt rum"]),
        (past, full, &["Har ägt rum"]),
        (closed, String::new(), &["Anmälan är stängd"]),
        (past, String::new(), &["Har ägt rum"]),
    ];
    let mut site = site();
    for (nth, (_, keys, _)) in cases.iter().enumerate() {
        site.write(&format!("content/events/fall-{nth}.md"), event(keys));
    }
    let mut wrong = Vec::new();
    for time in [open, closed, past] {
        site = site.at(time);
        let run = site.build();
        for (nth, (now, keys, banners)) in cases.iter().enumerate().filter(|(_, (now, ..))| *now == time) {
            let page = run.well().page(&format!("/konferenser/fall-{nth}/"));
            if page.texts(".banner-title") != *banners || !page.texts("main a.button").is_empty() {
                wrong.push(format!("{keys:?} at {now} says {:?}, not {banners:?}", page.texts(".banner-title")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_night_between_two_days_belongs_to_the_meeting_and_the_weeks_between_two_meetings_do_not() {
    let under = |site: &Site| listings(&site.build().well().page("/konferenser/"), PAGE).swap_remove(0).under;
    let mut site = site();
    let meeting = event("start: 2027-03-01T09:30\nend: 2027-03-02T15:00\n");
    let days = event("start: 2027-03-01\nend: 2027-03-02\n");
    let meetings = network("", ["", "", ""]);
    for (text, now, expected) in [
        (&meeting, "2027-03-01T09:29:59+01:00", "Kommande"),
        (&meeting, "2027-03-01T09:30:00+01:00", "Pågår nu"),
        (&meeting, "2027-03-02T03:00:00+01:00", "Pågår nu"),
        (&meeting, "2027-03-02T15:00:00+01:00", "Senast genomförda"),
        (&days, "2027-03-01T00:00:00+01:00", "Pågår nu"),
        (&days, "2027-03-02T23:59:59+01:00", "Pågår nu"),
        (&days, "2027-03-03T00:00:00+01:00", "Senast genomförda"),
        (&meetings, "2027-01-29T10:00:00+01:00", "Pågår nu"),
        (&meetings, "2027-01-29T12:00:00+01:00", "Kommande"),
        (&meetings, "2027-03-22T12:00:00+01:00", "Kommande"),
        (&meetings, "2027-03-23T10:00:00+01:00", "Pågår nu"),
        (&meetings, "2027-05-11T12:00:00+02:00", "Senast genomförda"),
    ] {
        site.write(EVENT, text);
        site = site.at(now);
        assert_eq!(under(&site), expected, "at {now}");
    }
    site = site.at("2027-03-01T12:00:00+01:00");
    site.write(EVENT, meetings);
    let page = site.build().page(PAGE);
    assert_eq!(page.texts(".occurrence-past .occurrence-when"), ["29 januari 2027 kl. 09.00–12.00 Har ägt rum"]);
}

#[test]
fn a_cancelled_event_keeps_its_day_place_and_programme() {
    let site = site();
    let planned = site.build();
    let facts = |run: &Run| {
        let page = run.page(PAGE);
        let facts = page.texts(".key-facts > div");
        let kept = facts.into_iter().filter(|fact| !fact.starts_with("Anmälan")).collect::<Vec<_>>();
        (kept, page.texts(".programme"))
    };
    for row in [&CANCELLED_ROW, &RESCHEDULED_ROW] {
        site.write(EVENT, event(row.state));
        assert_eq!(facts(site.build().well()), facts(planned.well()), "{}", row.state);
    }
    let (kept, programme) = facts(&planned);
    assert_eq!(kept, ["När 1 mars 2027 kl. 09.30–16.00", "Var Aulan, Göteborg"].map(|fact| fact.replacen(' ', "", 1)));
    assert!(programme[0].contains("Inledning") && programme[0].contains("Bo Ek"), "{programme:?}");
}

// Back again.

#[test]
fn what_is_taken_back_leaves_no_trace() {
    let keys = "online: {platform: Teams}\n";
    let site = furnished(Site::plain()).file(EVENT, event(keys));
    let before = site.build().well().public.clone();
    let rows = [&CANCELLED_ROW, &POSTPONED_ROW, &RESCHEDULED_ROW, &MOVED_ROW, &FULL_ROW];
    let states = rows.iter().flat_map(|row| {
        let (status, _) = row.state.split_once('\n').expect("two lines");
        // A new date without the earlier one is an error.
        let alone = (!status.contains("rescheduled")).then(|| format!("{status}\n"));
        alone.into_iter().chain([row.state.to_owned()])
    });
    for state in states.chain(["cancelled: true\n".to_owned()]) {
        for (path, with, without) in
            [(EVENT, event(&format!("{keys}{state}")), event(keys)), (SERIES, series(&state), series(""))]
        {
            site.write(path, with);
            let during = site.build();
            assert!(during.exits(0).public != before, "{state} in {path} is seen");
            site.write(path, without);
            assert!(site.build().well().public == before, "{state} in {path} is gone");
        }
    }
    site.write(EVENT, event(&format!("{keys}status: planned\n")));
    assert!(site.build().well().public == before, "what is planned is planned");
}

// Ids.

/// The ids of the event in feeds and calendars, and those of the feeds themselves.
fn ids(run: &Run) -> (Vec<String>, Vec<String>) {
    run.exits(0);
    let xml = run.page("/konferenser/feed.xml").html;
    let entries = atom(run, "/konferenser/feed.xml").into_iter().chain(json_feed(run, "/konferenser/feed.json"));
    let entries = entries.map(|entry| entry.id).filter(|id| id.contains("mr-dagen"));
    let events = calendar(run, "/konferenser/kalender.ics").into_iter().map(|event| event.get("UID").to_owned());
    let events = events.filter(|uid| uid.contains("mr-dagen"));
    (entries.chain(events).collect(), strings(&elements(&xml, "id")[..1]))
}

#[test]
fn ids_survive_a_moved_file_a_new_title_and_a_new_address() {
    let site = site();
    let before = ids(&site.build());
    assert_eq!(before.0.len(), 3, "{before:?}");
    site.remove(EVENT);
    site.write("content/events/2027/mr-dagen.md", event(""));
    assert_eq!(ids(&site.build()), before, "in another folder");
    site.remove("content/events/2027");
    site.write("content/events/mr-dagen/index.md", event("title: Dagen om rättigheter\n"));
    assert_eq!(ids(&site.build()), before, "with another title, as a bundle");
    site.remove("content/events/mr-dagen");
    let keys = "slug: rattigheter\nid: mr-dagen\naliases: [/konferenser/mr-dagen/]\n";
    site.write("content/events/rattigheter.md", event(keys));
    let run = site.build();
    assert_eq!(ids(&run), before, "with another address");
    run.page("/konferenser/rattigheter/").says("Om dagen.");
    run.page(PAGE).has("url=/konferenser/rattigheter/");
}

#[test]
fn ids_of_occasions_survive_that_another_is_put_before_them() {
    let site = site().file(EVENT, network("", [", id: ett", ", id: tva", ", id: tre"]));
    let uid_of = |site: &Site, day: &str| {
        let events = calendar(&site.build(), &format!("{PAGE}kalender.ics"));
        let event = events.into_iter().find(|event| event.get("DTSTART").starts_with(day));
        event.expect("it is there").get("UID").to_owned()
    };
    let before = uid_of(&site, "20270323");
    site.edit(EVENT, |text| text.replace("occurrences:\n", "occurrences:\n  - {start: 2027-01-02, id: noll}\n"));
    assert_eq!(uid_of(&site, "20270323"), before);
}

#[test]
fn two_events_with_one_id_are_refused() {
    let site = Site::plain()
        .file("content/events/a.md", document("title: A\ndate: 2026-10-01\nstart: 2027-03-01\nplace: {city: Lund}\n"));
    let before = site.build().well().public.clone();
    let twin = "---\n^^^ shared-id: the id `a` belongs to another event\ntitle: B\ndate: 2026-10-01\nid: a\nstart: 2027-03-01\nplace: {city: Lund}\n---\nText.\n";
    assert!(answers(&site, "error", "content/events/b.md", twin).public == before, "nothing was published");
    // Things of different kinds are never taken for each other.
    site.remove("content/events/b.md");
    site.write("content/blog/a.md", document("title: B\ndate: 2026-10-01\n"));
    site.build().well();
}

#[test]
fn ids_survive_that_the_site_moves_to_another_host() {
    let site = site();
    let before = ids(&site.build());
    assert!(before.0.iter().chain(&before.1).all(|id| id.contains("test.example.org")), "{before:?}");
    let site = site.with("--base-url=https://preview.example.org/gren/");
    let run = site.build();
    assert_eq!(ids(&run), before, "in a preview");
    run.page("/konferenser/feed.xml").has("https://preview.example.org/gren/konferenser/mr-dagen/");
    let site = self::site();
    site.edit("site.yaml", |text| text.replace("https://test.example.org/", "https://ny.example.org/"));
    assert_ne!(ids(&site.build()), before, "without `authority`");
    let site = site.settings("authority: test.example.org\n");
    assert_eq!(ids(&site.build()), before, "with `authority`");
    for authority in ["https://test.example.org/", "test example", "räksmörgås.se"] {
        let carets = "^".repeat(authority.chars().count());
        let settings = format!(
            "title: Testbloggen\nbase_url: https://ny.example.org/\nauthority: {authority}\n           {carets} bad-address\n"
        );
        answers(&site, "error", "site.yaml", &settings);
    }
}

// Bad input.

/// Expects the findings that are marked in this file, all as grave as this, and no others.
#[track_caller]
fn answers(site: &Site, severity: &str, path: &str, marked: &str) -> Run {
    answer(site, severity, path, marked).unwrap_or_else(|words| panic!("{words}"))
}

/// The same, with what was found otherwise.
fn answer(site: &Site, severity: &str, path: &str, marked: &str) -> Result<Run, String> {
    let (text, expected) = unmark(path, marked);
    site.write(path, text);
    let run = site.build();
    let found = run.findings();
    let fits = |finding: &Finding| {
        let grave = Finding { severity: "error".to_owned(), ..finding.clone() };
        finding.severity == severity && expected.iter().any(|mark| mark.fits(&grave))
    };
    let code = i32::from(severity == "error");
    if run.code == Some(code) && found.len() == expected.len() && found.iter().all(fits) {
        return Ok(run);
    }
    let shown = found.iter().map(|finding| format!("\n  {} {}", finding.severity, shown(finding)));
    let wanted = expected.iter().map(|mark| format!("\n  {severity} {mark}"));
    Err(format!("expected{}\nfound{}", wanted.collect::<String>(), shown.collect::<String>()))
}

/// An event with these lines after its title.
fn with(lines: &str) -> String {
    format!("---\ntitle: Nätverk\ndate: 2026-10-01\n{lines}---\nText.\n")
}

#[test]
fn what_may_be_a_slip_is_a_warning_and_the_site_is_built() {
    let cases = [
        "\
place: {city: Lund}
occurrences:
  - {start: 2027-04-01}
  - {start: 2027-03-01}
            ^^^^^^^^^^ occasions-order: put the occasions in order of time
  - {start: 2027-05-01}
",
        "\
place: {city: Lund}
occurrences:
  - {start: 2027-03-01T09:00, end: 2027-03-02T16:00}
  - {start: 2027-03-02T13:00, end: 2027-03-02T15:00}
            ^^^^^^^^^^^^^^^^ occasions-overlap: starts before another has ended
  - {start: 2027-03-02T15:30, end: 2027-03-02T17:00}
            ^^^^^^^^^^^^^^^^ occasions-overlap: starts before another has ended
",
        "\
start: 2027-03-01
place: {city: Lund}
status: planned
changes:
  - {date: 2026-11-10, what: restored}
  - {date: 2026-11-02, what: cancelled}
           ^^^^^^^^^^ changes-order: oldest first
",
        "start: 2027-03-01\nplace: {city: Lund}\nstatus: cancelled\n        ^^^^^^^^^ undated-status: what: cancelled\n",
        "start: 2027-03-01\nplace: {city: Lund}\ncancelled: true\n           ^^^^ undated-status: what: cancelled\n",
        "start: 2027-03-01\nplace: {city: Lund}\nstatus: postponed\n        ^^^^^^^^^ undated-status: what: postponed\n",
        "\
place: {city: Lund}
occurrences:
  - {start: 2027-03-01}
  - {start: 2027-04-01, status: cancelled}
                                ^^^^^^^^^ undated-status: what: cancelled
",
        "\
start: 2027-03-01T09:30
place: {city: Lund}
registration: {email: a@example.org, closes: 2027-03-02}
                                             ^^^^^^^^^^ registration-after-start: when the event starts
",
    ];
    let site = Site::plain();
    for case in cases {
        let run = answers(&site, "warning", "content/events/natverk.md", &with(case));
        run.page("/konferenser/natverk/").says("Nätverk");
    }
    let nowhere = with("start: 2027-03-01\n").replacen("---\n", "---\n^^^ missing-place: `place: {city: …}`\n", 1);
    answers(&site, "warning", "content/events/natverk.md", &nowhere).page("/konferenser/natverk/").says("Nätverk");
    let nowhere = "occurrences:\n  - {start: 2027-03-01, place: {city: Lund}}\n  - {start: 2027-04-01}\n";
    let nowhere = with(nowhere).replacen("---\n", "---\n^^^ missing-place: `online: {platform: …}`\n", 1);
    answers(&site, "warning", "content/events/natverk.md", &nowhere).page("/konferenser/natverk/").says("Nätverk");
}

#[test]
fn what_says_enough_is_no_warning() {
    let cases = [
        "start: 2027-03-01\nonline: {platform: Teams}\n",
        "start: 2027-03-01\nplace: {city: Lund}\nstatus: moved_online\nchanges: [{date: 2026-11-02, what: moved_online}]\n",
        "start: 2027-03-01\nplace: {city: Lund}\nstatus: full\n",
        "start: 2027-03-01\nplace: {city: Lund}\nstatus: cancelled\nchanges: [{date: 2026-11-02, what: cancelled}]\n",
        "place: {city: Lund}\noccurrences: [{start: 2027-03-01, end: 2027-03-02}, {start: 2027-03-03}]\n",
        "place: {city: Lund}\noccurrences: [{start: 2027-03-01T09:00, end: 2027-03-01T10:00}, {start: 2027-03-01T10:00}]\n",
        "place: {city: Lund}\noccurrences: [{start: 2027-03-01}, {start: 2027-09-01}]\nregistration: {closes: 2027-06-01, email: a@example.org}\n",
        "start: 2027-03-01\nplace: {city: Lund}\nregistration: {closes: 2027-02-28, email: a@example.org}\n",
        "place: {city: Lund}\noccurrences:\n  - {start: 2027-03-01, status: rescheduled, previous_start: 2027-02-01}\nchanges: [{date: 2026-11-02, what: rescheduled}]\n",
        "start: 2027-03-01\nplace: {city: Lund}\nchanges: [{date: 2026-11-02, what: note}, {date: 2026-11-02, what: programme}]\n",
    ];
    let site = Site::plain();
    for case in cases {
        site.write("content/events/natverk.md", with(case));
        let run = site.build();
        assert!(run.exits(0).findings().is_empty(), "{case}: {:#?}", run.findings());
    }
}

#[test]
fn what_cannot_be_is_an_error_and_nothing_is_published() {
    let cases = [
        "\
place: {city: Lund}
occurrences:
  - {id: var, start: 2027-03-01}
  - {id: var, start: 2027-04-01}
         ^^^ duplicate-occasion: give each an `id` of its own
",
        // The first has none, so its place in the list counts.
        "\
place: {city: Lund}
occurrences:
  - {start: 2027-03-01}
  - {id: \"1\", start: 2027-04-01}
         ^^^ duplicate-occasion: two occasions have the id `1`
",
        "\
start: 2027-03-01
place: {city: Lund}
status: rescheduled
        ^^^^^^^^^^^ missing-earlier-date: previous_start
changes: [{date: 2026-11-02, what: rescheduled}]
",
        "\
place: {city: Lund}
changes: [{date: 2026-11-02, what: rescheduled}]
occurrences:
  - {start: 2027-03-01}
  - {start: 2027-04-01, status: rescheduled}
                                ^^^^^^^^^^^ missing-earlier-date: previous_start
",
    ];
    let site = Site::plain();
    let before = site.build().well().public.clone();
    let mut surprises = Vec::new();
    for case in cases {
        match answer(&site, "error", "content/events/natverk.md", &with(case)) {
            Ok(run) => assert!(run.public == before, "nothing was published"),
            Err(words) => surprises.push(words),
        }
    }
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
}

#[test]
fn a_series_says_enough_too() {
    let site = Site::plain().file(EVENT, event(""));
    let cancelled =
        "---\ntitle: MR 2027\nstatus: cancelled\n        ^^^^^^^^^ undated-status: what: cancelled\n---\nText.\n";
    answers(&site, "warning", SERIES, cancelled).page(PAGE).says("Inställt: MR-dagen");
    let rescheduled = "---\ntitle: MR 2027\nstatus: rescheduled\n        ^^^^^^^^^^^ missing-earlier-date: previous_start\nchanges: [{date: 2026-11-02, what: rescheduled}]\n---\nText.\n";
    answers(&site, "error", SERIES, rescheduled);
}

#[test]
fn as_many_occasions_as_front_matter_holds_are_no_trouble() {
    let hours = (0..1_700).map(|hour| jiff::civil::date(2026, 12, 1).at(0, 0, 0, 0) + jiff::ToSpan::hours(2 * hour));
    let line = |start: jiff::civil::DateTime| format!("  - {{start: {}+01:00}}\n", start.strftime("%Y-%m-%dT%H:%M"));
    let occasions: String = hours.map(line).collect();
    let site = Site::plain().file(EVENT, with(&format!("place: {{city: Lund}}\noccurrences:\n{occasions}")));
    // The harness ends a run that hangs.
    let run = site.build();
    assert_eq!(calendar(run.well(), &format!("{PAGE}kalender.ics")).len(), 1_700);
    let many = with(&format!("place: {{city: Lund}}\noccurrences:\n{}", occasions.repeat(6)));
    site.file(EVENT, many).build().finds_codes(&["front-matter-too-large"]);
}

#[test]
fn a_time_that_nobody_would_see_is_a_warning() {
    let lost = "start: 2027-03-01\nend: 2027-03-01T15:00\n     ^^^^^^^^^^^^^^^^ lost-time: give both a time\nplace: {city: Lund}\n";
    answers(&Site::plain(), "warning", "content/events/natverk.md", &with(lost));
}

#[test]
fn a_new_date_is_another_than_the_earlier() {
    let same = "\
start: 2027-03-01
place: {city: Lund}
status: rescheduled
        ^^^^^^^^^^^ missing-earlier-date: the new date is the earlier one
changes: [{date: 2026-11-02, what: rescheduled, previous_start: 2027-03-01}]
";
    answers(&Site::plain(), "error", "content/events/natverk.md", &with(same));
    let ahead = "\
start: 2027-03-01
place: {city: Lund}
status: cancelled
changes: [{date: 2027-01-02, what: cancelled}]
                 ^^^^^^^^^^ future-date: has not come
";
    answers(&Site::plain(), "warning", "content/events/natverk.md", &with(ahead));
}

#[test]
fn a_start_that_cannot_be_read_is_one_mistake() {
    let unreadable = "start: i mars\n       ^^^^^^ bad-date: 2021-11-17\nplace: {city: Lund}\n";
    answers(&Site::plain(), "error", "content/events/natverk.md", &with(unreadable));
}

#[test]
fn a_network_over_towns_and_the_net_names_all_of_them() {
    let own = [", online: {platform: Zoom}", ", place: {city: Ystad}", ""];
    let site = site().file(EVENT, network("", own));
    let run = site.build();
    run.well().page("/konferenser/").says("Digitalt, Ystad och Malmö");
    let thing = structured(&run.page(PAGE));
    assert_eq!(thing["eventAttendanceMode"], "https://schema.org/MixedEventAttendanceMode");
    assert_eq!(thing["location"].as_array().map(Vec::len), Some(3), "{thing}");
}

#[test]
fn feeds_and_calendars_tell_that_an_event_takes_place_after_all() {
    let changes = "changes: [{date: 2026-11-02, what: cancelled}, {date: 2026-11-20, what: restored, reason: Talaren är frisk.}]\n";
    let site = site().file(EVENT, event(changes));
    let run = site.build();
    let words = "Åter inplanerat. Talaren är frisk.";
    assert!(run.well().page("/konferenser/feed.xml").html.contains(words), "the feed says so");
    let events = calendar(&run, &format!("{PAGE}kalender.ics"));
    assert!(events[0].text("DESCRIPTION").starts_with(words), "{:?}", events[0]);
}

#[test]
fn a_history_that_ends_with_a_cancellation_is_believed() {
    let forgotten = "\
start: 2027-03-01
place: {city: Lund}
changes:
  - {date: 2026-11-02, what: cancelled}
           ^^^^^^^^^^ status-disagrees: what: restored
  - {date: 2026-11-03, what: programme}
";
    let site = Site::plain();
    answers(&site, "error", "content/events/natverk.md", &with(forgotten));
    let series = "---\ntitle: MR 2027\nsummary: Fyra dagar.\nchanges: [{date: 2026-11-02, what: postponed}]\n                 ^^^^^^^^^^ status-disagrees: status: postponed\n---\n";
    site.write("content/events/natverk.md", with("start: 2027-03-01\nplace: {city: Lund}\n"));
    answers(&site, "error", SERIES, series);
}

#[test]
fn an_occasion_that_is_cancelled_is_not_announced_by_others() {
    let own = [", status: cancelled, place: {city: Halmstad}", ", place: {city: Ystad}", ", status: cancelled"];
    let changes = "changes: [{date: 2026-11-17, what: cancelled}, {date: 2026-11-18, what: cancelled}]\n";
    let post = "---\ntitle: Inbjudan\ndate: 2026-10-01\nannounces: ../events/mr-dagen.md\n---\nText.\n";
    let site = site().file(EVENT, network(changes, own)).file("content/blog/inbjudan.md", post);
    let run = site.build();
    let of_event = structured(&run.well().page(PAGE));
    let graph = |route: &str| run.page(route).text("script[type='application/ld+json']");
    assert_eq!(of_event["startDate"], "2027-03-23T09:00:00+01:00");
    assert_eq!(of_event["location"]["name"], "Ystad");
    for route in ["/blogg/inbjudan/", SERIES_PAGE] {
        let text = graph(route);
        assert!(text.contains("2027-03-23T09:00:00+01:00") && !text.contains("Halmstad"), "{route}: {text}");
    }
    let feed = run.page("/konferenser/feed.xml").html;
    assert!(feed.contains("23 mars 2027") && feed.contains("Ystad"), "{feed}");
}

#[test]
fn each_occasion_that_is_cancelled_is_news() {
    let once = "changes: [{date: 2026-11-17, what: cancelled}]\n";
    let site = site().file(EVENT, network(once, [", status: cancelled", "", ""]));
    let sequences = |run: &Run| -> Vec<i64> {
        let events = calendar(run, &format!("{PAGE}kalender.ics"));
        events.iter().map(|event| i64::try_from(event.sequence()).expect("a small number")).collect()
    };
    let before = sequences(site.build().well());
    site.write(EVENT, network(once, [", status: cancelled", ", status: cancelled", ""]));
    let run = site.build();
    assert!(run.findings().iter().any(|finding| finding.code == "undated-status"), "{:#?}", run.findings());
    let after = sequences(&run);
    assert!(after[1] > before[1] && after[0] >= before[0], "{after:?} after {before:?}");
}

// Titles from many hands.

const TITLES: &[&str] = &[
    "Rätt, lätt; \"citat\" & 'apostrof': ett – två",
    "Rad ett\nrad två\n\nEND:VEVENT\nrad tre",
    "</script><script>alert(1)</script>",
    "<b>fet</b> ]]> <!-- --> &amp; &lt;i&gt;",
    "👩‍👩‍👧‍👦 Familjer 🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉 e\u{301}",
    "שלום \u{202e}bakvänt\u{202c} حقوق الإنسان",
    r"C:\ny\N \, \; slut\",
    "{{ page.title }} {% raw %} {# x #}",
    "rad\u{2028}skilje\u{2029}tecken",
    "=SUM(A1:A9)",
];

/// A text in YAML, where everything in it is meant.
fn quoted(text: &str) -> String {
    json!(text).to_string()
}

#[test]
fn no_title_breaks_out_of_where_it_stands() {
    let mut site = site();
    let benign = site.build();
    for (nth, title) in TITLES.iter().enumerate() {
        let text = quoted(title);
        let keys = format!(
            "title: {text}\nsummary: {text}\nplace: {{name: {text}}}\nstatus: cancelled\nchanges: [{{date: 2026-11-02, what: cancelled, reason: {text}}}]\ntags: [mr]\nprogramme: [{{title: {text}, speakers: [{text}]}}]\ncontact: {{name: {text}, email: a@example.org}}\n"
        );
        site = site.file(&format!("content/events/hand-{nth}.md"), event(&keys));
    }
    let run = site.build();
    run.well();
    let feed = atom(&run, "/konferenser/feed.xml");
    let in_json = json_feed(&run, "/konferenser/feed.json");
    let events = calendar(&run, "/konferenser/kalender.ics");
    assert_eq!(events.len(), TITLES.len() + 2, "no event begins or ends another");
    for (nth, title) in TITLES.iter().enumerate() {
        let url = format!("/konferenser/hand-{nth}/");
        let heading = format!("Inställt: {title}");
        let mut differences = Differences { why: title, found: Vec::new() };
        let page = run.page(&url);
        differences.same("h1", page.text("h1").replace('\u{a0}', " "), single(&heading));
        differences.same("<title>", page.text("title"), format!("{} – Testbloggen", single(&heading)));
        differences.same("scripts", page.texts("script").len(), benign.page(PAGE).texts("script").len());
        differences.same("fat letters", page.texts("b").len(), 0);
        differences.holds("the banner", &page.text(".banner"), &[&single(title)]);
        let listed = listings(&run.page("/konferenser/"), &url).into_iter().map(|listed| listed.heading);
        differences.same("the list", listed.collect(), vec![single(&heading)]);
        let ends = format!("/hand-{nth}");
        for (what, entries) in [("Atom", &feed), ("JSON Feed", &in_json)] {
            let entry = entries.iter().find(|entry| entry.id.ends_with(&ends)).expect("it is in the feed");
            differences.same(what, entry.title.as_str(), &heading);
            differences.holds(what, &entry.words, &[title]);
        }
        let vevent = events.iter().find(|event| event.get("UID").contains(&format!("{ends}/"))).expect("a VEVENT");
        // Among line ends are those of Unicode, at which some readers part lines.
        let in_lines = |text: &str| text.replace(['\u{2028}', '\u{2029}'], "\n");
        differences.same("SUMMARY", vevent.text("SUMMARY"), in_lines(&heading));
        differences.same("LOCATION", vevent.text("LOCATION"), in_lines(title));
        differences.holds("DESCRIPTION", &vevent.text("DESCRIPTION"), &[&in_lines(title)]);
        differences.same("CONTACT", vevent.text("CONTACT"), in_lines(&format!("{title}, a@example.org")));
        let thing = structured(&page);
        differences.same("JSON-LD: name", text(&thing["name"]), (*title).to_owned());
        differences.same("JSON-LD: speaker", text(&thing["performer"]["name"]), (*title).to_owned());
        differences.same("JSON-LD: place", text(&thing["location"]["name"]), (*title).to_owned());
        let record = found(&run, &url).expect("a record");
        differences.same("search", text(&record["heading"]), heading.clone());
        differences.tell();
    }
    for (path, bytes) in &run.public {
        let written = String::from_utf8_lossy(bytes);
        let is_page = path.ends_with(".html");
        assert!(!is_page || !written.contains("<script>alert"), "{path} holds somebody else's script");
    }
    for route in ["/konferenser/feed.xml", "/sitemap.xml"] {
        let xml = run.page(route).html;
        let marks = xml.split('<').skip(1).all(|piece| piece.contains('>'));
        assert!(marks && plain(&xml).contains("konferenser/hand-0/"), "{route} is XML");
    }
}

#[test]
fn control_characters_are_refused_or_dropped() {
    let site = Site::plain().file(EVENT, event("title: \"nu\\0ll \\a \\e[31mröd\"\n")).file(SERIES, series(""));
    let run = site.build();
    let is_control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\n' | b'\r' | b'\t');
    for (path, bytes) in &run.public {
        assert!(!bytes.iter().any(is_control), "{path} holds characters that its format has no room for");
    }
}
