//! Time is an input, and a build knows when it would matter: over random sites, the site is the same to the byte until
//! the instant that is due, and another one at it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anslag::diagnostic::Report;
use anslag::progress::Progress;
use anslag::session::{Due, Material, Options, Recall, Session, Tree};
use anslag::source::Snapshot;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;

use crate::site::{files_in, repository};

/// When the sites are built first.
const START: &str = "2026-06-01T12:00:00Z";

/// The moments at which things happen, as writers write them. Few enough that some coincide, and among them the hours
/// around the change of clocks.
const MOMENTS: &[&str] = &[
    "2018-01-29",
    "2026-05-30T09:00",
    "2026-06-01",
    "2026-06-01T14:00",
    "2026-06-02",
    "2026-06-03T09:30",
    "2026-06-03T16:00",
    "2026-06-04",
    "2026-07-01T00:00",
    "2026-10-25T02:30+02:00",
    "2026-10-25T02:30+01:00",
    "2027-03-28T03:00",
    "2027-06-02",
];

const STATUSES: &[&str] = &["planned", "cancelled", "postponed", "rescheduled", "moved_online", "full"];

/// Where notices are shown: there is nothing in the toolkit.
const SCOPES: &[&str] =
    &["{all: true}", "{sections: [blog]}", "{kinds: [event]}", "{series: [rad]}", "{sections: [toolkit]}"];

fn moment() -> impl Strategy<Value = &'static str> {
    prop::sample::select(MOMENTS)
}

/// Sometimes a line with a value.
fn maybe(key: &'static str) -> impl Strategy<Value = String> {
    prop::option::of(moment()).prop_map(move |found| found.map_or(String::new(), |value| format!("{key}: {value}\n")))
}

/// The keys of all kinds that follow the time.
fn common() -> impl Strategy<Value = String> {
    (maybe("expires"), maybe("review_by"), prop::option::of(0..3_usize)).prop_map(|(expires, review_by, contact)| {
        let contact = contact.map_or(String::new(), |nth| format!("contact: person-{nth}\n"));
        format!("{expires}{review_by}{contact}tags: [ett]\n")
    })
}

fn post() -> impl Strategy<Value = String> {
    (moment(), common(), prop::option::of(moment()), 0..3_usize).prop_map(|(date, common, closes, author)| {
        let comments = closes.map_or(String::new(), |day| format!("comments: {{state: open, closes: {day}}}\n"));
        format!("date: {date}\nauthor: person-{author}\n{common}{comments}")
    })
}

/// When something starts, and how long it lasts, in the order of time.
fn spans(most: usize) -> impl Strategy<Value = Vec<(&'static str, Option<&'static str>)>> {
    let pick = prop::sample::subsequence((0..MOMENTS.len()).collect::<Vec<_>>(), 1..=most);
    (pick, any::<bool>()).prop_map(|(picked, with_ends)| {
        let end = |nth: usize| MOMENTS.get(nth + 1).copied().filter(|_| with_ends);
        picked.into_iter().map(|nth| (MOMENTS[nth], end(nth))).collect()
    })
}

fn event() -> impl Strategy<Value = String> {
    let registration = (prop::option::of(moment()), prop::option::of(moment()), any::<bool>());
    let status = prop::option::of(prop::sample::select(STATUSES));
    let own = prop::collection::vec(prop::option::weighted(0.3, prop::sample::select(STATUSES)), 3);
    (spans(3), status, own, prop::option::of(registration), any::<bool>(), common()).prop_map(
        |(spans, status, own, registration, in_series, common)| {
            let mut text = format!("date: 2026-01-01\nplace: {{city: Malmö}}\n{common}occurrences:\n");
            for ((start, end), own) in spans.iter().zip(own) {
                let end = end.map_or(String::new(), |end| format!(", end: {end}"));
                let own = own.map_or(String::new(), |own| format!(", status: {own}, previous_start: 2026-01-02"));
                text += &format!("  - {{start: {start}{end}{own}}}\n");
            }
            if let Some(status) = status {
                text += &format!("status: {status}\n");
                text += &format!("changes: [{{date: 2026-02-01, what: {status}, previous_start: 2026-01-02}}]\n");
            }
            if let Some((opens, closes, full)) = registration {
                let opens = opens.map_or(String::new(), |opens| format!("opens: {opens}, "));
                let closes = closes.map_or(String::new(), |closes| format!("closes: {closes}, "));
                text += &format!("registration: {{{opens}{closes}full: {full}, email: a@example.org}}\n");
            }
            if in_series { text + "series: rad\n" } else { text }
        },
    )
}

fn notice() -> impl Strategy<Value = String> {
    (moment(), maybe("until"), prop::sample::select(SCOPES))
        .prop_map(|(from, until, scope)| format!("from: {from}\n{until}scope: {scope}\n"))
}

/// A site: the documents of each kind by their keys.
fn site() -> impl Strategy<Value = BTreeMap<String, String>> {
    let many = |strategy: BoxedStrategy<String>, most| prop::collection::vec(strategy, 0..=most);
    let page = (maybe("valid_until"), common()).prop_map(|(until, common)| format!("{until}{common}"));
    let person = maybe("until").prop_map(|until| format!("organisation: skr\n{until}"));
    let series = prop::option::of(prop::sample::select(STATUSES)).prop_map(|status| {
        let with = |status| {
            format!("status: {status}\nchanges: [{{date: 2026-01-03, what: {status}, previous_start: 2026-01-02}}]\n")
        };
        status.map_or(String::new(), with)
    });
    let documents = (
        many(post().boxed(), 3),
        many(event().boxed(), 3),
        many(page.boxed(), 2),
        prop::collection::vec(person, 3),
        series,
        many(notice().boxed(), 2),
    );
    (documents, moment()).prop_map(|((posts, events, pages, people, series, notices), name_ends)| {
        let mut files = BTreeMap::new();
        let mut add = |folder: &str, name: &str, all: Vec<String>| {
            for (nth, keys) in all.into_iter().enumerate() {
                let text = format!("---\ntitle: {name} {nth}\n{keys}---\nText.\n");
                files.insert(format!("content/{folder}/{name}-{nth}.md"), text);
            }
        };
        add("blog", "post", posts);
        add("events", "event", events);
        add("pages", "page", pages);
        add("people", "person", people);
        add("notices", "notice", notices);
        files.insert("content/series/rad.md".to_owned(), format!("---\ntitle: Raden\n{series}---\n"));
        let names = format!("skr:\n  names:\n    - {{name: Förr, until: {name_ends}}}\n    - {{name: Nu}}\n");
        files.insert("content/organisations.yaml".to_owned(), names);
        files
    })
}

/// A site in memory, with a theme of this repository.
struct Built {
    session: Session,
    material: Material,
}

impl Built {
    fn new(files: &BTreeMap<String, String>, theme: &str) -> Self {
        let settings = format!(
            "title: Testbloggen\norganisation: skr\nbase_url: https://test.example.org/\ntheme: {theme}\ncontact: person-0\n"
        );
        let folder = match theme {
            "mr" => repository().join("themes/mr"),
            _ => repository().join("tests/golden/small/themes/plain"),
        };
        // In memory there are texts alone: fonts for readers are only copied, and no pictures are drawn.
        let text = |(path, bytes): (String, Vec<u8>)| {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let text = text
                .split("# What pictures")
                .next()
                .filter(|_| path == "theme.yaml")
                .map_or(text.clone(), str::to_owned);
            (format!("themes/{theme}/{path}"), text)
        };
        let of_theme = files_in(&folder).into_iter().filter(|(path, _)| !path.starts_with("pictures/")).map(text);
        let mut all: BTreeMap<String, String> = of_theme.chain(files.clone()).collect();
        all.insert("site.yaml".to_owned(), settings);
        let snapshot = Snapshot::of_texts(all.iter().map(|(path, text)| (path.as_str(), text.as_str())));
        let now = START.parse().expect("an instant");
        let options = Options {
            root: PathBuf::new(),
            now,
            base_url: None,
            drafts: false,
            locked: false,
            progress: Progress::default(),
            recall: Recall::default(),
        };
        let mut report = Report::default();
        let (_, session) = Session::of(snapshot, options, &mut report).expect("nothing is read from the disk");
        let session = session.unwrap_or_else(|| panic!("{report:?}"));
        let material = session.material(&mut report).expect("nothing is read from the disk");
        Self { session, material }
    }

    /// The site at a time, and when it is due.
    fn at(&mut self, now: Timestamp) -> (Tree, Option<Due>) {
        let mut report = Report::default();
        let contents = self.session.contents(&self.material, now, None, &mut report);
        let tree = self.session.site(&contents, &mut report);
        assert!(!report.has_errors(), "{report:?}");
        let due = self.session.due(&self.material, &contents, &tree);
        (tree, due)
    }

    /// The site at a time.
    fn tree(&mut self, now: Timestamp) -> Tree {
        let mut report = Report::default();
        let contents = self.session.contents(&self.material, now, None, &mut report);
        self.session.site(&contents, &mut report)
    }

    fn differ(&self, one: &Tree, other: &Tree) -> bool {
        one.difference(other, &self.session.snapshot).is_some()
    }

    /// Follows the site from one change to the next, as long as there is one. It is looked at in between: at some
    /// thousandths of the time.
    fn check(&mut self, probes: &[i64]) -> Result<(), TestCaseError> {
        let mut now: Timestamp = START.parse().expect("an instant");
        let (mut tree, mut due) = self.at(now);
        for _ in 0..60 {
            let end = due.as_ref().map_or(now + (24 * 3000).hours(), |due| due.at);
            for probe in probes {
                let seconds = (end.as_second() - now.as_second() - 1).max(0);
                let then = now + (seconds * probe / 1000).seconds();
                let between = self.tree(then);
                prop_assert!(!self.differ(&between, &tree), "the site at {then} is that of {now}, before {end}");
            }
            let Some(next) = due else { return Ok(()) };
            prop_assert!(!next.turns.is_empty(), "something happens at {end}");
            let (tree_then, due_then) = self.at(next.at);
            prop_assert!(self.differ(&tree_then, &tree), "the site at {end} is not that of {now}: {next:?}");
            (now, tree, due) = (next.at, tree_then, due_then);
        }
        Err(TestCaseError::fail("the site never comes to rest"))
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_site_stays_the_same_until_it_is_due_and_changes_then(files in site(), probe in 0..1000_i64) {
        Built::new(&files, "plain").check(&[probe, 1000])?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_same_is_true_of_the_theme_of_this_repository(files in site(), probe in 0..1000_i64) {
        Built::new(&files, "mr").check(&[probe, 1000])?;
    }
}
