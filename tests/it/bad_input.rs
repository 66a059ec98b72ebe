//! Bad input: whatever a writer does, the answer is a message that names the place and the way out, exit code 1, and
//! a `public/` that is as it was before.
//!
//! The expected findings stand under their spots ([`marked`](crate::marked)); there are no others.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt as _;

use crate::marked::{shown, unmark};
use crate::site::{Files, Finding, Site};

/// A site that has been published once, and now meets mistakes. What did not come out as expected is told at the end.
struct Published {
    site: Site,
    before: RefCell<Files>,
    surprises: RefCell<Vec<String>>,
}

impl Drop for Published {
    fn drop(&mut self) {
        let surprises = self.surprises.take();
        assert!(surprises.is_empty() || std::thread::panicking(), "{}", surprises.join("\n"));
    }
}

impl Published {
    /// With the small theme: what is wrong in content and settings is wrong with any.
    fn new() -> Self {
        Self::of(Site::plain())
    }

    fn of(site: Site) -> Self {
        site.build().well();
        let before = site.public();
        assert!(before.contains_key("index.html"), "the site is published");
        Self { site, before: RefCell::new(before), surprises: RefCell::default() }
    }

    /// Expects the findings that are marked in this file, and no others.
    #[track_caller]
    fn refuses(&self, path: &str, marked: &str) {
        self.refuses_all(&[(path, marked)]);
    }

    /// Expects the findings that are marked in these files, and no others. The files are gone afterwards.
    #[track_caller]
    fn refuses_all(&self, files: &[(&str, &str)]) {
        let mut expected = Vec::new();
        let mut former = Vec::new();
        for (path, marked) in files {
            let (text, marks) = unmark(path, marked);
            former.push((*path, std::fs::read(self.site.path(path)).ok()));
            self.site.write(path, text);
            expected.extend(marks);
        }
        assert!(!expected.is_empty(), "something is expected of {files:?}");
        let found = self.findings();
        let all_fit = found.len() == expected.len()
            && expected.iter().all(|mark| found.iter().any(|finding| mark.fits(finding)))
            && found.iter().all(|finding| expected.iter().any(|mark| mark.fits(finding)));
        let expected: String = expected.iter().map(|mark| format!("  {mark}\n")).collect();
        let found: String = found.iter().map(|finding| format!("  {}\n", shown(finding))).collect();
        if !all_fit {
            self.surprises.borrow_mut().push(format!("expected\n{expected}found\n{found}"));
        }
        for (path, text) in former {
            match text {
                Some(text) => self.site.write(path, text),
                None => self.site.remove(path),
            }
        }
    }

    /// Builds the site, which has errors, and gives what was found. Nothing was published.
    #[track_caller]
    fn findings(&self) -> Vec<Finding> {
        if std::env::var_os("ANSLAG_SHOW").is_some() {
            eprintln!("{}", self.site.run(["build"]).stderr);
        }
        let run = self.site.build();
        let untouched = run.public == *self.before.borrow();
        if run.code != Some(1) || !untouched {
            let words = format!("exit code {:?}, public/ untouched: {untouched}, and {}", run.code, run.stderr);
            self.surprises.borrow_mut().push(words);
        }
        self.before.replace(run.public.clone());
        run.findings()
    }

    /// Expects exactly one finding, and that its words help.
    #[track_caller]
    fn finds(&self, code: &str, place: &str, words: &str) {
        let found = self.findings();
        let is_it = |finding: &Finding| {
            let (line, column) = (finding.line.unwrap_or(0), finding.column.unwrap_or(0));
            let at = format!("{}:{line}:{column}", finding.file());
            finding.code == code && at == place && finding.words().contains(words)
        };
        if found.len() != 1 || !is_it(&found[0]) {
            let found: String = found.iter().map(|finding| format!("  {}\n", shown(finding))).collect();
            self.surprises.borrow_mut().push(format!("expected\n  {place} {code}: {words}\nfound\n{found}"));
        }
    }
}

/// A document with these keys and this text.
fn document(keys: &str, body: &str) -> String {
    format!("---\n{keys}---\n{body}")
}

/// A post with these keys besides the required ones.
fn post(keys: &str) -> String {
    document(&format!("title: Inlägg\ndate: 2026-10-01\n{keys}"), "Text.\n")
}

/// A post with this text.
fn text(body: &str) -> String {
    document("title: Inlägg\ndate: 2026-10-01\nsummary: Kort.\n", body)
}

/// An event with these keys besides the required ones.
fn event(keys: &str) -> String {
    let place = if keys.contains("place:") { "" } else { "place: {city: Malmö}\n" };
    document(&format!("title: MR-dagen\ndate: 2026-10-01\nstart: 2027-03-01\n{place}{keys}"), "Text.\n")
}

/// A tool with these keys besides the required ones.
fn tool(keys: &str) -> String {
    document(&format!("title: Handbok\ndate: 2026-10-01\ntype: handbook\n{keys}"), "Text.\n")
}

/// A page with these keys besides the title.
fn page(keys: &str) -> String {
    document(&format!("title: Sida\n{keys}"), "Text.\n")
}

/// A notice with these keys besides the required ones.
fn notice(keys: &str) -> String {
    document(&format!("title: Viktigt\nfrom: 2026-11-01\n{keys}"), "Text.\n")
}

/// `site.yaml` with these lines at the end.
fn settings(lines: &str) -> String {
    format!(
        "title: Testbloggen\norganisation: skr\nbase_url: https://test.example.org/\nemail: test@example.org\ncontact: anna-berg\ntheme: plain\n{lines}"
    )
}

const POST: &str = "content/blog/x.md";
const EVENT: &str = "content/events/x.md";
const TOOL: &str = "content/toolkit/x.md";
const PAGE: &str = "content/pages/x.md";
const NOTICE: &str = "content/notices/x.md";
const SETTINGS: &str = "site.yaml";

// Keys and values.

#[test]
fn a_misspelt_key_is_refused_in_every_kind() {
    let site = Published::new();
    site.refuses(EVENT, &event("cancled: true\n^^^^^^^ unknown-key: `cancelled`\n"));
    site.refuses(POST, &post("sumary: Kort\n^^^^^^ unknown-key: `summary`\n"));
    site.refuses(TOOL, &tool("publsher: skr\n^^^^^^^^ unknown-key: `publisher`\n"));
    site.refuses(PAGE, &page("valid_untl: 2027-01-01\n^^^^^^^^^^ unknown-key: `valid_until`\n"));
    site.refuses(NOTICE, &notice("levl: crisis\n^^^^ unknown-key: `level`\n"));
    site.refuses("content/people/x.md", &page("organization: skr\n^^^^^^^^^^^^ unknown-key: `organisation`\n"));
    site.refuses("content/series/x.md", &page("statsu: cancelled\n^^^^^^ unknown-key: `status`\n"));
    // A key of another kind is as unknown as any, and one that resembles nothing is answered with what there is.
    site.refuses(POST, &post("start: 2027-03-01\n^^^^^ unknown-key: `summary`\n"));
}

#[test]
fn a_misspelt_key_is_refused_at_any_depth() {
    let site = Published::new();
    site.refuses(
        POST,
        &post("comments: {state: open, limt: 300}\n                        ^^^^ unknown-key: `limit`\n"),
    );
    site.refuses(POST, &post("contact:\n  - {name: Bo Ek, phone: 08-1, emial: bo@example.org}\n                               ^^^^^ unknown-key: `email`\n"));
    site.refuses(
        EVENT,
        &event(
            "\
place:
  name: Aulan
  adress: Exempelgatan 1
  ^^^^^^ unknown-key: `address`
online: {url: https://example.org/, platfrom: Teams}
                                    ^^^^^^^^ unknown-key: `platform`
changes:
  - date: 2026-11-01
    what: programme
    resaon: Ny talare
    ^^^^^^ unknown-key: `reason`
programme:
  - title: Inledning
    speakers:
      - name: Bo Ek
        rol: enhetschef
        ^^^ unknown-key: `role`
  - titel: Samtal
    ^^^^^ unknown-key: `title`
registration:
  closs: 2027-02-01
  ^^^^^ unknown-key: `closes`
  contact: {name: Bo Ek, email: bo@example.org, phon: 08-1}
                                                ^^^^ unknown-key: `phone`
documentation:
  - {title: Bilder, url: https://example.org/, langauge: sv}
                                               ^^^^^^^^ unknown-key: `language`
",
        ),
    );
    site.refuses(
        EVENT,
        &document(
            "\
title: Nätverk
date: 2026-10-01
place: {city: Malmö}
occurrences:
  - {start: 2027-03-01, edn: 2027-03-02}
                        ^^^ unknown-key: `end`
",
            "Text.\n",
        ),
    );
    site.refuses(
        TOOL,
        &tool("resources:\n  - {title: Bok, url: https://example.org/, newwindow: true}\n                                            ^^^^^^^^^ unknown-key: `new_window`\n"),
    );
    site.refuses(NOTICE, &notice("scope: {sectoins: [blog]}\n        ^^^^^^^^ unknown-key: `sections`\n"));
    site.refuses(
        PAGE,
        &page(
            "\
statement:
  conformity: partial
  faults:
    - {what: Gamla PDF-filer, reason: not_covered, explantion: De är gamla}
                                                   ^^^^^^^^^^ unknown-key: `explanation`
  assessed: 2026-10-01
  method: Egen granskning
  complaint_url: https://www.digg.se/
  complaint: https://www.digg.se/
  ^^^^^^^^^ unknown-key: `complaint_url`
",
        ),
    );
}

#[test]
fn a_misspelt_key_is_refused_in_the_settings() {
    let site = Published::new();
    site.refuses(
        SETTINGS,
        &settings(
            "\
tagnline: Om rättigheter
^^^^^^^^ unknown-key: `tagline`
sections:
  blog:
    adress: /blogg/
    ^^^^^^ unknown-key: `address`
    comments: {state: open, lgin: true}
                            ^^^^ unknown-key: `login`
  blogg: {title: Blogg}
  ^^^^^ unknown-key: `blog`
menus:
  main:
    - {titel: Blogg, title: Blogg, to: /blogg/}
       ^^^^^ unknown-key: `title`
  fotter: []
  ^^^^^^ unknown-key: `footer`
home: {pots: 3}
       ^^^^ unknown-key: `posts`
feeds: {limits: 3}
        ^^^^^^ unknown-key: `limit`
forms: {serach: https://example.org/}
        ^^^^^^ unknown-key: `search`
tags:
  nätverk: {sumary: Om nätverk}
            ^^^^^^ unknown-key: `summary`
",
        ),
    );
    site.refuses(
        "content/organisations.yaml",
        "\
skr:
  names:
    - {name: SKR, untill: 2027-01-01}
                  ^^^^^^ unknown-key: `until`
  ulr: https://skr.se
  ^^^ unknown-key: `url`
",
    );
    site.refuses(
        "themes/plain/theme.yaml",
        "name: Plain\nlanguages: [sv]\nextend: plain\n^^^^^^ unknown-key: `extends`\n",
    );
}

#[test]
fn a_value_of_the_wrong_type_is_refused() {
    let site = Published::new();
    site.refuses(POST, &post("tags: delaktighet\n      ^^^^^^^^^^^ wrong-type: a list\n"));
    site.refuses(POST, &post("summary: [ett, två]\n         ^ wrong-type: a text\n"));
    site.refuses(POST, &post("comments: closed\n          ^^^^^^ wrong-type: `state`\n"));
    site.refuses(POST, &post("image: bild.png\n       ^^^^^^^^ wrong-type: `file`\n"));
    site.refuses(POST, &post("updated: [2026-11-01]\n         ^ wrong-type: a date such as `2021-11-17`\n"));
    site.refuses(EVENT, &event("programme: Vi börjar med fika\n           ^^^^^^^^^^^^^^^^^^ wrong-type: a list\n"));
    site.refuses(
        EVENT,
        &event("registration: {capacity: många}\n                         ^^^^^ wrong-type: a whole number\n"),
    );
    site.refuses(
        EVENT,
        &event("registration: {capacity: -1}\n                         ^^ wrong-type: a whole number\n"),
    );
    site.refuses(
        SETTINGS,
        &settings("sections: {blog: {per_page: tio}}\n                            ^^^ wrong-type: a whole number\n"),
    );
    site.refuses(
        SETTINGS,
        &settings("sections: {blog: {per_page: 0}}\n                            ^ out-of-range: between 1 and 500\n"),
    );
    site.refuses(SETTINGS, &settings("tags: [nätverk]\n      ^ wrong-type: `title`\n"));
    site.refuses("content/organisations.yaml", "- skr\n^ wrong-type: organisations by slug\n");
    site.refuses(SETTINGS, "- title\n^ wrong-type: the keys `title`\n");
    site.refuses(POST, &document("- title\n^ wrong-type: `title: …`\n", ""));
    site.refuses(POST, &document("title\n^^^^^ wrong-type: `title: …`\n", ""));
}

#[test]
fn only_true_and_false_are_truth_values() {
    let site = Published::new();
    site.refuses(POST, &post("draft: ja\n       ^^ wrong-type: `true` or `false`\n"));
    site.refuses(POST, &post("draft: yes\n       ^^^ wrong-type: `true` or `false`\n"));
    site.refuses(POST, &post("draft: 1\n       ^ wrong-type: `true` or `false`\n"));
    site.refuses(POST, &post("draft: \"true\"\n       ^^^^^^ wrong-type: `true` or `false`\n"));
    site.refuses(EVENT, &event("cancelled: yes\n           ^^^ wrong-type: `true` or `false`\n"));
    site.refuses(EVENT, &event("cancelled: nej\n           ^^^ wrong-type: `true` or `false`\n"));
    site.refuses(EVENT, &event("registration: {full: on}\n                     ^^ wrong-type: `true` or `false`\n"));
}

#[test]
fn missing_and_empty_values_are_refused() {
    let site = Published::new();
    site.refuses(POST, "---\n^^^ missing-key: `title`\n^^^ missing-key: `2021-11-17`\n---\nText.\n");
    site.refuses(EVENT, "---\n^^^ missing-key: `start`\ntitle: Dag\ndate: 2026-10-01\n---\n");
    site.refuses(TOOL, "---\n^^^ missing-key: `type`\ntitle: Bok\ndate: 2026-10-01\n---\n");
    site.refuses(NOTICE, "---\n^^^ missing-key: `from`\ntitle: Viktigt\n---\nText.\n");
    site.refuses(POST, &document("title:\n^^^^^ empty-value: `title` has no value\ndate: 2026-10-01\n", ""));
    site.refuses(POST, &document("title: \"\"\n       ^^ empty-value: empty\ndate: 2026-10-01\n", ""));
    site.refuses(POST, &post("summary:\n^^^^^^^ empty-value: take the line away\n"));
}

#[test]
fn words_that_no_key_takes_are_refused() {
    let site = Published::new();
    site.refuses(EVENT, &event("status: canceled\n        ^^^^^^^^ unknown-value: `cancelled`\n"));
    site.refuses(EVENT, &event("status: inställd\n        ^^^^^^^^ unknown-value: `cancelled`\n"));
    site.refuses(NOTICE, &notice("level: kris\n       ^^^^ unknown-value: `crisis`\n"));
    site.refuses(TOOL, &tool("status: supersedd\n        ^^^^^^^^^ unknown-value: `superseded`\n"));
    site.refuses(SETTINGS, &settings("raw_html: unsafe\n          ^^^^^^ unknown-value: `safe`\n"));
    site.refuses(POST, &post("comments: {state: stängda}\n                  ^^^^^^^ unknown-value: `closed`\n"));
}

// Dates.

#[test]
fn impossible_dates_are_refused_and_others_are_shown_how() {
    let site = Published::new();
    site.refuses(POST, &post("updated: 2021-02-30\n         ^^^^^^^^^^ bad-date: there is no day 30\n"));
    site.refuses(POST, &post("expires: 9999-12-31\n         ^^^^^^^^^^ bad-date: never ends\n"));
    site.refuses(POST, &post("updated: 2021-13-01\n         ^^^^^^^^^^ bad-date: there is no month 13\n"));
    site.refuses(POST, &post("updated: 17 november 2021\n         ^^^^^^^^^^^^^^^^ bad-date: write `2021-11-17`\n"));
    site.refuses(POST, &post("updated: 17/11 2021\n         ^^^^^^^^^^ bad-date: write `2021-11-17`\n"));
    site.refuses(
        POST,
        &post("updated: 2021-11-17 09:30\n         ^^^^^^^^^^^^^^^^ bad-date: write `2021-11-17T09:30`\n"),
    );
    site.refuses(
        POST,
        &post("updated: 2021-11-17T09.30\n         ^^^^^^^^^^^^^^^^ bad-date: write `2021-11-17T09:30`\n"),
    );
    site.refuses(
        POST,
        &post("updated: 2021-11-17T25:00\n         ^^^^^^^^^^^^^^^^ bad-date: there is no time 25:00\n"),
    );
    site.refuses(POST, &post("updated: 2021\n         ^^^^ bad-date: `2021-11-17`\n"));
    site.refuses(POST, &post("updated: i morgon\n         ^^^^^^^^ bad-date: `2021-11-17`\n"));
    let handler = "registration: {contact: {name: A, url: 'javascript:alert(1)'}}\n                                       ^^^^^^^^^^^^^^^^^^^^^ bad-url\n";
    site.refuses(EVENT, &event(handler));
    site.refuses(EVENT, &event("registration: {closes: 15 december 2026}\n                       ^^^^^^^^^^^^^^^^ bad-date: write `2026-12-15`\n"));
    site.refuses(
        "content/organisations.yaml",
        "skr:\n  names:\n    - {name: SKL, until: 26 november 2019}\n                         ^^^^^^^^^^^^^^^^ bad-date: write `2019-11-26`\n    - {name: SKR}\n",
    );
}

#[test]
fn times_in_the_wrong_order_are_refused() {
    let site = Published::new();
    site.refuses(EVENT, &event("end: 2027-02-28\n     ^^^^^^^^^^ event-times: before it starts\n"));
    let hours = "title: Dag\ndate: 2026-10-01\nstart: 2027-03-01T10:00\nend: 2027-03-01T09:00\n     ^^^^^^^^^^^^^^^^ event-times: before it starts\n";
    site.refuses(EVENT, &document(hours, "Text.\n"));
    let several = "\
title: Nätverk
date: 2026-10-01
occurrences:
  - {start: 2027-03-01, end: 2027-03-02}
  - {start: 2027-04-02, end: 2027-04-01}
                             ^^^^^^^^^^ event-times: before it starts
";
    site.refuses(EVENT, &document(several, "Text.\n"));
    site.refuses(
        EVENT,
        &event("registration: {opens: 2027-02-01, closes: 2027-01-31}\n                                          ^^^^^^^^^^ registration-times: opens 2027-02-01\n"),
    );
    site.refuses(NOTICE, &notice("until: 2026-10-31\n       ^^^^^^^^^^ notice-times: 2026-11-01\n"));
    site.refuses(
        "content/organisations.yaml",
        "skr:\n  names:\n    - {name: SKL}\n             ^^^ bad-names: until\n    - {name: SKR}\n",
    );
}

#[test]
fn times_that_the_change_of_clocks_skips_or_repeats_are_refused() {
    let site = Published::new();
    site.refuses(POST, &post("updated: 2026-03-29T02:30\n         ^^^^^^^^^^^^^^^^ clock-change: does not exist\n"));
    site.refuses(POST, &post("updated: 2026-10-25T02:30\n         ^^^^^^^^^^^^^^^^ clock-change: `+01:00`\n"));
    let event =
        "title: Natt\ndate: 2026-10-01\nstart: 2027-10-31T02:15\n       ^^^^^^^^^^^^^^^^ clock-change: comes twice\n";
    site.refuses(EVENT, &document(event, "Text.\n"));
    site.refuses(NOTICE, &notice("until: 2027-03-28T02:00\n       ^^^^^^^^^^^^^^^^ clock-change: does not exist\n"));
}

// What contradicts itself.

#[test]
fn contradictions_are_refused() {
    let site = Published::new();
    site.refuses(
        EVENT,
        &event("cancelled: true\n           ^^^^ status-disagrees: keep the one that is right\nstatus: planned\n"),
    );
    site.refuses(
        EVENT,
        &event("status: cancelled\ncancelled: false\n           ^^^^^ status-disagrees: `status: cancelled`\n"),
    );
    site.refuses(
        "content/series/x.md",
        &page("cancelled: true\n           ^^^^ status-disagrees: keep the one that is right\nstatus: moved_online\n"),
    );
    site.refuses(
        POST,
        &post("author: anna-berg\n        ^^^^^^^^^ two-keys: keep one of them\nauthors: [anna-berg]\n"),
    );
    site.refuses(
        EVENT,
        "---\n^^^ event-times: both `start` and `occurrences`\ntitle: Dag\ndate: 2026-10-01\nstart: 2027-03-01\noccurrences: [{start: 2027-03-01}]\n---\n",
    );
    site.refuses(TOOL, &tool("resources:\n  - {title: Bok}\n    ^ resource-target: `url`\n"));
    site.refuses(POST, &post("contact: {name: Bo Ek}\n         ^ bad-contact: `email:`\n"));
}

// References.

#[test]
fn unknown_persons_series_organisations_and_tags_are_refused() {
    let site = Published::of(
        Site::plain()
            .file("content/series/natverk.md", page(""))
            .settings("tags:\n  mänskliga rättigheter: {aliases: [MR]}\n"),
    );
    site.refuses(POST, &post("author: anna-brg\n        ^^^^^^^^ unknown-person: `anna-berg`\n"));
    site.refuses(
        POST,
        &post("authors: [anna-berg, bo-ek]\n                     ^^^^^ unknown-person: `content/people/bo-ek.md`\n"),
    );
    site.refuses(POST, &post("contact: anna\n         ^^^^ unknown-person\n"));
    site.refuses(
        EVENT,
        &event(
            "registration: {contact: [anna-borg]}\n                         ^^^^^^^^^ unknown-person: `anna-berg`\n",
        ),
    );
    site.refuses(PAGE, &page("people: [ana-berg]\n         ^^^^^^^^ unknown-person: `anna-berg`\n"));
    site.refuses(EVENT, &event("series: natverket\n        ^^^^^^^^^ unknown-series: `natverk`\n"));
    site.refuses(NOTICE, &notice("scope: {series: [nätverk]}\n                 ^^^^^^^ unknown-series: `natverk`\n"));
    site.refuses(EVENT, &event("programme: [{title: A, organisation: skl}]\n                                     ^^^ unknown-organisation: `skr`\n"));
    site.refuses(
        EVENT,
        &event("programme: [{title: A, speakers: [{name: Bo, organisation: sida}]}]\n                                                           ^^^^ unknown-organisation: `content/organisations.yaml`\n"),
    );
    site.refuses(TOOL, &tool("publisher: fra\n           ^^^ unknown-organisation\n"));
    site.refuses("content/people/x.md", &page("organisation: skrr\n              ^^^^ unknown-organisation: `skr`\n"));
    site.refuses(POST, &post("tags: [nätverk, MR]\n                ^^ tag-alias: `mänskliga rättigheter`\n"));
}

#[test]
fn settings_that_lead_nowhere_are_refused() {
    let site = Published::new();
    let with = |from: &str, to: &str| settings("").replace(from, to);
    site.refuses(
        SETTINGS,
        &with("organisation: skr", "organisation: skl\n              ^^^ unknown-organisation: `skr`"),
    );
    site.refuses(
        SETTINGS,
        &with("https://test.example.org/", "test.example.org\n          ^^^^^^^^^^^^^^^^ bad-url: `https://`"),
    );
    site.refuses(SETTINGS, &with("theme: plain", "theme: plan\n       ^^^^ unknown-theme: `plain`"));
    site.refuses(
        SETTINGS,
        &settings("timezone: Europe/Stokholm\n          ^^^^^^^^^^^^^^^ unknown-time-zone: `Europe/Stockholm`\n"),
    );
    site.refuses(SETTINGS, &settings("hosting: apache\n         ^^^^^^ wrong-type: write `[apache]`\n"));
    site.refuses(SETTINGS, &settings("language: fi\n          ^^ missing-text: texts/fi.yaml\n"));
    site.refuses(SETTINGS, &settings("language: svenska\n          ^^^^^^^ bad-language: `sv`\n"));
    site.refuses(
        SETTINGS,
        &settings(
            "statement: content/pages/tillganglighet.md\n           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ missing-target\n",
        ),
    );
    site.refuses(SETTINGS, &settings("menus: {main: [{title: Kontakt, to: content/pages/kontakt.md}]}\n                                    ^^^^^^^^^^^^^^^^^^^^^^^^ missing-target\n"));
    site.refuses(SETTINGS, &settings("menus: {footer: [{title: Blogg, to: /blog/}]}\n                                    ^^^^^^ missing-target: `/blogg/`\n"));
    site.refuses(SETTINGS, &settings("sections: {blog: {about: content/pages/om.md}}\n                         ^^^^^^^^^^^^^^^^^^^ missing-target\n"));
    site.refuses(
        SETTINGS,
        &settings("sections: {events: {address: /a/../b/}}\n                             ^^^^^^^^ bad-address\n"),
    );
    site.refuses(
        SETTINGS,
        &settings("forms: {contact: www.example.org}\n                 ^^^^^^^^^^^^^^^ bad-url: `https://`\n"),
    );
}

#[test]
fn a_picture_that_is_none_is_told_in_plain_words() {
    let png = std::fs::read(crate::site::repository().join("docs/picture.png")).expect("it is there");
    let site = Published::new();
    for (bytes, words) in
        [(&png[..20], "the picture ends too early"), (b"inte en bild alls, men text", "of no known type")]
    {
        site.site.write("content/blog/x/bild.png", bytes);
        site.site.write("content/blog/x/index.md", text("![En bild](bild.png)\n"));
        site.finds("unreadable-file", "content/blog/x/bild.png:0:0", words);
    }
}

#[test]
fn a_site_without_settings_or_without_a_theme_says_so() {
    Site::empty().check().exits(1).finds("no-settings", "", "--root");
    let site = Site::new();
    site.remove("themes");
    site.check().exits(1).finds("unknown-theme", "site.yaml", "`mr`");
    let site = Site::new().file("themes/barn/theme.yaml", "name: Barn\nextends: mor\n").settings("theme: barn\n");
    site.check().exits(1).finds_codes(&["unknown-theme"]).finds("unknown-theme", "themes/barn/theme.yaml", "`mr`");
    let site = Site::new()
        .file("themes/ett/theme.yaml", "name: Ett\nextends: tva\n")
        .file("themes/tva/theme.yaml", "name: Två\nextends: ett\n")
        .settings("theme: ett\n");
    site.check().exits(1).finds_codes(&["theme-cycle"]);
}

// YAML.

#[test]
fn yaml_that_cannot_be_read_is_pointed_at() {
    let site = Published::new();
    site.refuses(POST, "---\ntitle: \"Hej\n       ^^^^ yaml-syntax: never closed\ndate: 2026-10-01\n---\nText.\n");
    site.refuses(POST, "---\ntitle: 'Hej\n       ^^^^ yaml-syntax: never closed\ndate: 2026-10-01\n---\nText.\n");
    site.refuses(POST, "---\n^^^ unclosed-front-matter: a line `---`\ntitle: Hej\ndate: 2026-10-01\n\nText.\n");
    site.refuses(POST, &post("title: Igen\n^^^^^ duplicate-key: keep one of the two\n"));
    site.refuses(
        EVENT,
        &event("place:\n  name: Aulan\n  city: Lund\n  name: Salen\n  ^^^^ duplicate-key: keep one of the two\n"),
    );
    site.refuses(SETTINGS, &settings("title: Igen\n^^^^^ duplicate-key: keep one of the two\n"));
    site.refuses(EVENT, &event("place:\n\tname: Aulan\n^ yaml-syntax: two spaces\n"));
    site.site.write(POST, "");
    site.finds("no-front-matter", "content/blog/x.md:1:1", "the file is empty");
    site.site.remove(POST);
    site.refuses(POST, "Bara text.\n^^^^^^^^^^ no-front-matter: the very first line is `---`\n");
    site.refuses(POST, "\n^ no-front-matter: the very first line is `---`\n---\ntitle: Hej\n---\n");
    site.refuses(
        "content/organisations.yaml",
        "skr:\n  names: [{name: \"SKR}]\n                 ^^^^^^ yaml-syntax: never closed\n",
    );
}

#[test]
fn yaml_that_would_grow_without_bounds_is_refused() {
    let site = Published::new();
    let mut bomb = String::from("a: &a [x, x, x, x, x, x, x, x, x]\n   ^^ yaml-limit\n");
    for (name, last) in ["b", "c", "d", "e", "f", "g", "h", "i"].iter().zip("abcdefgh".chars()) {
        let _ = writeln!(bomb, "{name}: &{name} [{}]", vec![format!("*{last}"); 9].join(", "));
    }
    let (bomb, _) = unmark(SETTINGS, &bomb);
    for (path, text) in
        [(SETTINGS, settings(&bomb)), (POST, post(&format!("extra:\n  {}\n", bomb.replace('\n', "\n  ").trim_end())))]
    {
        site.site.write(path, text);
        let found = site.findings();
        assert_eq!(found[0].code, "yaml-limit", "{found:#?}");
        assert!(found[0].words().contains("aliases"), "{found:#?}");
        site.site.write(SETTINGS, settings(""));
    }
    let nested = [
        format!("extra: {}1{}\n", "[".repeat(5_000), "]".repeat(5_000)),
        format!("extra: {}1{}\n", "{a: ".repeat(5_000), "}".repeat(5_000)),
        format!("extra:\n  {}1\n", "- ".repeat(5_000)),
        format!("extra:\n{}", (1..300).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect::<String>()),
    ];
    for keys in nested {
        site.site.write(POST, post(&keys));
        let found = site.findings();
        assert_eq!(found[0].code, "yaml-limit", "{found:#?}");
    }
    // The limit is on bytes, and holds before the YAML is read.
    let keys = |bytes: usize| {
        post(&format!(
            "extra: {{a: {}}}\n",
            "x".repeat(bytes - "title: Inlägg\ndate: 2026-10-01\nextra: {a: }\n".len())
        ))
    };
    site.site.write(POST, keys((64 << 10) + 1));
    site.finds("front-matter-too-large", "content/blog/x.md:1:1", "65 KiB; 64 KiB is the most");
    site.site.write(POST, keys(64 << 10));
    site.site.build().exits(0);
    site.before.replace(site.site.public());
    site.site.write(POST, post(&format!("extra: {}\n", "[".repeat(1 << 20))));
    site.finds("front-matter-too-large", "content/blog/x.md:1:1", "64 KiB");
    site.site.write(POST, post("extra: {<<: {a: 1}}\n"));
    // What YAML calls a merge is a key like any other, and free data may have any key.
    site.site.build().exits(0);
}

// Encodings.

#[test]
fn columns_are_right_after_letters_tabs_line_ends_and_byte_order_marks() {
    let site = Published::new();
    let cases = [
        ("title: Åäö\r\ndate: 2026-10-01\r\nupdated: 2021-02-30\r\n", "4:10"),
        ("title: Åäö\ndate: 2026-10-01\nextra: {å: ä, ö: [1, 2}\n", "4:18"),
        ("title: Åäö\ndate: 2026-10-01\ncontact: {phone: 08-1, name: Åsa Öberg, emial: x}\n", "4:41"),
        ("title: Åäö\ndate: 2026-10-01\ncontact: {phone: 08-1, name: 👩‍👧 Öberg,\temial: x}\n", "4:41"),
        ("title:\tÅäö\ndate:\t2026-10-01\nupdated:\t2021-02-30\n", "4:10"),
    ];
    for (keys, place) in cases {
        for mark in ["", "\u{feff}"] {
            site.site.write(POST, format!("{mark}---\n{keys}---\n"));
            let found = site.findings();
            let at = (found[0].line.unwrap_or(0), found[0].column.unwrap_or(0));
            assert_eq!(format!("{}:{}", at.0, at.1), place, "{keys:?} gives {found:#?}");
        }
    }
}

#[test]
fn a_state_that_is_typed_into_a_title_is_refused() {
    let site = Published::new();
    for title in [
        "\"Inställt: MR-dagen\"",
        "INSTÄLLT – MR-dagen",
        "\"Inställd: MR-dagen\"",
        "INSTÄLLT! MR-dagen",
        "(Inställd) MR-dagen",
        "MR-dagen (inställd)",
        "MR-dagen är inställd",
        "MR-dagarna, uppskjutna",
        "Uppskjutet",
        "\"Digitalt: MR-dagen\"",
    ] {
        let mark = format!("title: {title}\n       {} typed-status", "^".repeat(title.chars().count()));
        site.refuses(EVENT, &event("").replace("title: MR-dagen", &mark));
    }
    for title in ["Inställda möten och vad de kostar", "Digitalt deltagande", "Inställt eller ej"] {
        site.site.write(EVENT, event("").replace("title: MR-dagen", &format!("title: {title}")));
        site.site.build().exits(0);
    }
}

#[test]
fn byte_order_marks_and_crlf_are_as_good_as_anything() {
    let plain = Site::plain().file(POST, post("")).build();
    let windows = Site::plain().file(POST, format!("\u{feff}{}", post("").replace('\n', "\r\n"))).build();
    windows.well();
    assert!(plain.public == windows.public, "the sites are the same");
}

#[test]
fn texts_that_are_not_utf8_are_refused() {
    let site = Published::new();
    let latin1 = [post("").replace("Text.\n", "").as_bytes(), b"Ber\xE4tta om r\xE4ttigheter.\n"].concat();
    site.site.write(POST, latin1);
    site.finds("not-utf8", "content/blog/x.md:5:4", "save the file again as UTF-8");
    let utf16: Vec<u8> = "\u{feff}---\ntitle: Hej\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    site.site.write(POST, utf16);
    site.finds("not-utf8", "content/blog/x.md:1:1", "save the file again as UTF-8");
    site.site.remove(POST);
    site.site.write(SETTINGS, [settings("tagline: ").as_bytes(), b"R\xE4tt\n"].concat());
    site.finds("not-utf8", "site.yaml:7:11", "save the file again as UTF-8");
}

// Addresses.

#[test]
fn two_things_with_one_address_are_refused() {
    let site = Published::new();
    site.refuses_all(&[
        ("content/blog/2025/x.md", &post("")),
        ("content/blog/2026/x.md", &format!("---\n^^^ duplicate-address: `slug`\n{}", &post("")[4..])),
    ]);
    site.refuses_all(&[
        ("content/blog/a.md", &post("slug: x\n")),
        ("content/blog/b.md", &format!("---\n^^^ duplicate-address: `/blogg/X/`\n{}", &post("slug: X\n")[4..])),
    ]);
    site.refuses_all(&[(PAGE, &page("")), (POST, &post("aliases: [/x/]\n          ^^^ duplicate-address\n"))]);
    // An address is the file it becomes: neither two of one name, nor a file where a folder must be.
    for alias in ["/index.html", "/blogg/index.html", "/feed.xml/gammal/", "/FEED.xml"] {
        let marks = "^".repeat(alias.len());
        site.refuses(PAGE, &page(&format!("aliases: [{alias}]\n          {marks} duplicate-address\n")));
    }
    let taken = |slug: &str| format!("---\n^^^ duplicate-address\n{}", &page(&format!("slug: {slug}\n"))[4..]);
    for slug in ["blogg", "konferenser"] {
        site.site.write(PAGE, unmark(PAGE, &taken(slug)).0);
        let found = site.findings();
        assert!(found.iter().all(|finding| finding.code == "duplicate-address"), "{found:#?}");
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!(found[0].file(), PAGE, "the writer's document is named, not the overview: {found:#?}");
    }
}

#[test]
fn addresses_with_signs_that_mean_something_else_are_refused() {
    let site = Published::new();
    // Control characters are refused in any text.
    let code = |text: &str| if text.contains("\\u00") { "control-character" } else { "bad-address" };
    for slug in [
        "..",
        ".",
        "a/b",
        "../x",
        "\"a\\u0007b\"",
        "\"a\\nb\"",
        "a b",
        "a?b",
        "a#b",
        "a%2fb",
        "a\\b",
        "\"å\\u0000\"",
        "\"\\u202e\"",
    ] {
        let marks = "^".repeat(slug.chars().count());
        site.refuses(POST, &post(&format!("slug: {slug}\n      {marks} {}\n", code(slug))));
    }
    for alias in
        ["/../x/", "/a/../b/", "//example.org/", "\"/a\\u0007/\"", "/a b/", "/a\\b/", "https://example.org/", "/a/?b"]
    {
        let marks = "^".repeat(alias.chars().count());
        site.refuses(POST, &post(&format!("aliases: [{alias}]\n          {marks} {}\n", code(alias))));
    }
    site.refuses("content/blog/---.md", &format!("---\n^ bad-address: `slug:`\n{}", &post("")[4..]));
}

// Links.

#[test]
fn links_to_what_is_not_there_are_refused() {
    let site = Published::of(
        Site::plain()
            .file("content/pages/kontakt.md", document("title: Kontakt\n", "## Öppettider\n\nText.\n"))
            .file(NOTICE, notice("")),
    );
    site.refuses(
        POST,
        &text("Se [sidan](../pages/kontkt.md).\n           ^^^^^^^^^^^^^^^^^^ missing-target: `../pages/kontakt.md`\n"),
    );
    site.refuses(POST, &text("Se [sidan](../pages/kontakt.md#oppetider).\n           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ missing-anchor: `#oppettider`\n"));
    site.refuses(POST, &text("Å [en fil](inbjudan.pdf).\n           ^^^^^^^^^^^^ missing-target\n"));
    site.refuses(POST, &text("![Å](bild.png)\n     ^^^^^^^^ missing-target\n"));
    site.refuses(POST, &text("Se [vidare](#nere).\n            ^^^^^ missing-anchor\n"));
    site.refuses(POST, &text("Se [bloggen](/blog/).\n             ^^^^^^ missing-target: `/blogg/`\n"));
    site.refuses(POST, &text("Se [bloggen](/blogg).\n             ^^^^^^ missing-target: `/blogg/`\n"));
    site.refuses(POST, &text("Se [utanför](../../../etc/passwd).\n             ^^^^^^^^^^^^^^^^^^^ outside-site\n"));
    site.refuses(POST, &text("Se [notisen](../notices/x.md).\n             ^^^^^^^^^^^^^^^ notice-target\n"));
    site.refuses(POST, &text("Se [sidan][kontakt].\n   ^^^^^^^^^^^^^^^^ unknown-reference: `[kontakt]: https://…`\n"));
    site.refuses(POST, &text("Se [sidan]().\n   ^^^^^^^^^ empty-link\n"));
    site.refuses(POST, &post("related: [../pages/saknas.md]\n          ^^^^^^^^^^^^^^^^^^ missing-target\n"));
    site.refuses(POST, &post("announces: ../pages/kontakt.md\n           ^^^^^^^^^^^^^^^^^^^ wrong-kind: event\n"));
    site.refuses(TOOL, &tool("replaced_by: bok2.md\n             ^^^^^^^ missing-target\n"));
    site.refuses(POST, &post("image: {file: bild.png, alt: En bild}\n              ^^^^^^^^ missing-target\n"));
    site.refuses(
        TOOL,
        &tool("resources: [{title: Bok, file: bok.pdf}]\n                               ^^^^^^^ missing-target\n"),
    );
}

#[test]
fn links_to_what_is_not_published_are_refused() {
    let site = Published::of(
        Site::plain()
            .file("content/blog/utkast.md", post("draft: true\n"))
            .file("content/blog/sedan.md", document("title: Sedan\ndate: 2027-01-01\n", "Text.\n")),
    );
    site.refuses(POST, &text("Läs [utkastet](utkast.md).\n               ^^^^^^^^^ unpublished-target: draft\n"));
    site.refuses(POST, &text("Läs [sedan](sedan.md).\n            ^^^^^^^^ unpublished-target\n"));
    site.refuses(PAGE, &page("replaced_by: ../blog/utkast.md\n             ^^^^^^^^^^^^^^^^^ unpublished-target\n"));
    let site =
        Site::new().file("content/blog/utkast.md", post("draft: true\n")).file(POST, text("[Utkastet](utkast.md)\n"));
    site.with("--drafts").build().well();
}

// Text.

#[test]
fn text_that_would_go_wrong_on_the_page_is_refused() {
    let site = Published::new();
    site.refuses(POST, &text("Hej <script>alert(1)</script>\n     ^^^^^^ raw-html-element: `&lt;script>`\n                      ^^^^^^ raw-html-element\n"));
    site.refuses(POST, &text("<p onclick=\"x()\">Hej</p>\n   ^^^^^^^ raw-html-attribute\n"));
    site.refuses(POST, &text("[Hej](javascript:alert(1))\n      ^^^^^^^^^^^^^^^^^^^ dangerous-link: `https://`\n"));
    site.refuses(POST, &text("::: fact-bx title=\"Vad?\"\n    ^^^^^^^ unknown-component: `fact-box`\nText.\n:::\n"));
    site.refuses(
        POST,
        &text("::: fact-box title=\"Vad?\"\n^^^^^^^^^^^^^^^^^^^^^^^^^ unclosed-component: `:::`\nText.\n"),
    );
    site.refuses(POST, &text("::: fact-box\n    ^^^^^^^^ component-argument: `title`\nText.\n:::\n"));
    site.refuses(
        POST,
        &text(
            "::: fact-box titel=\"Vad?\" title=\"Hur?\"\n             ^^^^^ component-argument: `title`\nText.\n:::\n",
        ),
    );
    site.refuses(POST, &text("::: fact-box title=5\n                   ^ component-argument\nText.\n:::\n"));
    site.refuses(POST, &text(":::\n^^^ stray-component-end\n"));
    site.refuses(POST, &text("Text.[^1]\n     ^^^^ unknown-reference\n"));
    site.refuses(POST, &text("## Rubrik {#a}\n\n## Rubrik {#a}\n            ^ duplicate-id\n"));
    site.refuses(
        NOTICE,
        &notice("").replace(
            "Text.\n",
            "::: fact-box title=\"Vad?\"\n^^^^^^^^^^^^^^^^^^^^^^^^^ component-not-allowed\nText.\n:::\n",
        ),
    );
}

#[test]
fn what_components_ask_for_must_be_there() {
    let site = Published::of(Site::new());
    site.refuses(POST, &text("::: contact-card person=\"anna-brg\"\n                        ^^^^^^^^^^ unknown-person: `anna-berg`\n:::\n"));
    site.refuses(
        POST,
        &text("::: figure src=\"bild.png\" alt=\"En bild\"\n               ^^^^^^^^^^ missing-target\n:::\n"),
    );
}

// Files.

#[test]
fn symbolic_links_that_leave_the_site_are_refused() {
    use std::os::unix::fs::symlink;
    let site = Published::new();
    let outside = crate::site::Folder::new();
    std::fs::write(outside.0.join("hemlig.pdf"), "hemligt").unwrap();
    let link = site.site.path("content/blog/fil.pdf");
    std::fs::create_dir_all(link.parent().unwrap()).unwrap();
    symlink(outside.0.join("hemlig.pdf"), &link).unwrap();
    site.finds("symbolic-link", "content/blog/fil.pdf:0:0", "put a copy of the file here");
    site.site.remove("content/blog/fil.pdf");
    symlink("saknas.pdf", &link).unwrap();
    site.finds("symbolic-link", "content/blog/fil.pdf:0:0", "leads nowhere");
    site.site.remove("content/blog/fil.pdf");
    symlink(&outside.0, site.site.path("content/blog/mapp")).unwrap();
    site.finds("symbolic-link", "content/blog/mapp:0:0", "leads out of the site's folder");
    site.site.remove("content/blog/mapp");
    symlink("..", site.site.path("content/blog/mapp")).unwrap();
    site.finds("symbolic-link", "content/blog/mapp:0:0", "not a file");
    site.site.remove("content/blog/mapp");
    // What lies beside the sources, or is hidden in them, is read by nobody else either.
    for secret in [".git/config", ".env", "README.md", "content/.utkast/x.txt", ".anslag/x", "content/blog/x.txt~"] {
        site.site.write(secret, "nyckel");
        symlink(site.site.path(secret), &link).unwrap();
        site.finds("symbolic-link", "content/blog/fil.pdf:0:0", "no part of the site");
        site.site.remove("content/blog/fil.pdf");
    }
    symlink("../people/anna-berg.md", site.site.path("content/blog/x.txt")).unwrap();
    site.site.build().exits(0);
}

#[test]
fn files_that_no_address_can_be_made_from_are_refused() {
    let site = Published::new();
    site.refuses("content/bloggen/x.md", &format!("---\n^ stray-document: `content/blog/`\n{}", &post("")[4..]));
    site.refuses("content/x.md", &format!("---\n^ stray-document: `content/blog/`\n{}", &post("")[4..]));
    site.refuses("content/bild.svg", "<svg/>\n^ stray-file\n");
    site.site.write("content/blog/a\u{7}b.txt", "x");
    site.finds("file-name", ":0:0", "rename the file");
    site.site.remove("content/blog/a\u{7}b.txt");
    let name = std::ffi::OsStr::from_bytes(b"content/blog/r\xE4tt.pdf");
    std::fs::write(site.site.path("").join(name), "x").unwrap();
    site.finds("file-name", ":0:0", "UTF-8");
    std::fs::remove_file(site.site.path("").join(name)).unwrap();
    let socket = std::os::unix::net::UnixListener::bind(site.site.path("content/blog/s.pdf")).unwrap();
    site.finds("special-file", "content/blog/s.pdf:0:0", "take it away");
    drop(socket);
}

#[test]
fn a_pdf_that_cannot_be_read_is_refused_where_it_is_used() {
    let site = Published::new();
    site.site.write("content/blog/x/index.md", text("[Inbjudan](inbjudan.pdf)\n"));
    site.site.write("content/blog/x/inbjudan.pdf", "det här är ingen PDF");
    let found = site.findings();
    assert_eq!(found[0].code, "unreadable-file", "{found:#?}");
    assert_eq!(found[0].file(), "content/blog/x/inbjudan.pdf", "{found:#?}");
}

// Templates.

#[test]
fn slips_in_templates_are_refused() {
    let site = Published::of(Site::new());
    let template =
        |body: &str| format!("{{% extends \"base.html\" %}}\n{{% block main %}}\n{body}\n{{% endblock main %}}\n");
    let own = "theme/templates/post.html";
    site.refuses(
        own,
        &template("<h1>{{ page.about.heding }}</h1>\n                  ^^^^^^ template-unknown-variable: `heading`"),
    );
    site.refuses(own, &template("{{ pgae.about.heading }}\n   ^^^^ template-unknown-variable: `page`"));
    site.refuses(
        own,
        &template("{{ page.about.heading | uper }}\n                        ^^^^ template-unknown-name: `upper`"),
    );
    site.refuses(own, &template("{{ t.ui.pulished }}\n        ^^^^^^^^ missing-text: `ui.published`"));
    site.refuses(own, &template("{{ t.ui.egen_rubrik }}\n        ^^^^^^^^^^^ missing-text: theme/texts/sv.yaml"));
    site.refuses(own, &template("{{ <crads cards={page.announces} /> }}\n    ^^^^^ template-unknown-name: `cards`"));
    site.refuses(own, &template("{{ <cards crds={page.announces} /> }}\n    ^^^^^ component-argument: needs `cards`\n          ^^^^ component-argument: `cards`"));
    site.refuses(own, "{% extends \"base.html\" %}\n{% block mian %}x{% endblock mian %}\n         ^^^^ template-unknown-block: `main`\n");
    site.refuses(own, "{% extends \"bas.html\" %}\n           ^^^^^^^^^^ template-unknown-name: `base.html`\n");
    site.refuses(own, &template("{% for author in page.head.indexed %}{{ author }}{% endfor %}\n                           ^^^^^^^ template-wrong-type"));
    site.refuses(own, &template("{{ page.about.image.url }}\n              ^^^^^ template-optional-value: `{% if"));
    site.refuses("theme/mallar/post.html", "Hej\n^ unknown-theme-file: `templates`\n");
    site.site.write("theme/templates/pots.html", "{% extends \"base.html\" %}\n");
    site.site.build().exits(0).finds("unused-template", "theme/templates/pots.html", "`post.html`");
    site.site.remove("theme/templates/pots.html");
    site.site.write(own, template("{% if page.about.summary %}oavslutad"));
    let found = site.findings();
    assert_eq!((found[0].code.as_str(), found[0].file()), ("template-syntax", own), "{found:#?}");
}

#[test]
fn texts_that_are_missing_or_wrong_are_refused() {
    let site = Published::of(Site::new());
    site.refuses("theme/texts/sv.yaml", "headings:\n  cancelled: \"Inställt: {titel}\"\n             ^^^^^^^^^^^^^^^^^^^ unknown-placeholder: `{title}`\n");
    site.refuses("theme/texts/sv.yaml", "headings: Rubriker\n          ^^^^^^^^ wrong-text\n");
    site.refuses("theme/texts/sv.yaml", "dates:\n  months: [jan, feb]\n          ^ wrong-text: 12\n");
    let site = Site::new();
    site.edit("themes/mr/texts/sv.yaml", |text| text.replace("  cancelled: \"Inställt: {title}\"\n", ""));
    let run = site.check();
    run.exits(1).finds("missing-text", "themes/mr/texts/sv.yaml", "`headings.cancelled`");
    let site = Site::new();
    site.edit("themes/mr/texts/sv.yaml", |text| text.replace("  owners: Informationsansvarig\n", ""));
    let run = site.check();
    run.exits(1).finds("missing-text", "themes/mr/components/owners.html", "`ui.owners`");
}

// Size.

#[test]
fn deep_nesting_is_refused_in_bounded_time() {
    let site = Published::new();
    let deep = 5_000;
    let indented: String = (0..1_000).map(|depth| format!("{}- a\n", "  ".repeat(depth))).collect();
    let html = format!("{}x\n", "<div>".repeat(deep));
    let components: String = (0..deep).map(|_| "::: fact-box title=\"a\"\n").collect();
    for body in [
        "> ".repeat(deep),
        ">".repeat(deep),
        "1. ".repeat(deep),
        format!("{}x", "- ".repeat(deep)),
        format!("{}x", "- > ".repeat(deep)),
        indented,
        html,
        components,
    ] {
        site.site.write(POST, text(&format!("{body}\n")));
        let found = site.findings();
        let codes: Vec<&str> = found.iter().map(|finding| finding.code.as_str()).collect();
        assert!(codes.contains(&"nested-too-deep"), "{body:.40} gives {codes:?}");
        assert!(found.len() <= 20, "one finding is enough: {}", found.len());
    }
}

#[test]
fn long_texts_take_no_more_than_their_share_of_time() {
    let site = Site::plain();
    let pieces = [
        "[a](", "![", "[", "**a ", "*a_ ", "`a``", "<a ", "<!--", "a\n===\n", "[^a]", "| ", "~~a", "\\", "&amp", "{a}",
        "http://", "\"'", "a\u{301}", "[a]: b\n",
    ];
    for piece in pieces {
        site.write(POST, text(&format!("{}\n", piece.repeat(50_000 / piece.len()))));
        let run = site.check();
        assert!(matches!(run.code, Some(0 | 1)), "{piece:?} ends with {:?}: {}", run.code, run.stderr);
    }
}

#[test]
fn a_post_of_50_megabytes_is_refused() {
    let site = Published::new();
    site.site.write(POST, text(&"Rättigheter gäller alla. ".repeat(2_000_000)));
    site.finds("file-too-large", "content/blog/x.md:1:1", "split it");
    let run = site.site.run(["build"]);
    run.exits(1).says("8 MiB");
}

#[test]
fn a_long_line_with_a_mistake_is_shown_in_part() {
    let site = Published::new();
    let long = "Rättigheter gäller alla. ".repeat(100_000);
    site.site.write(POST, text(&format!("{long}[x](y.md) {long}\n")));
    let run = site.site.run(["build"]);
    run.exits(1).says("content/blog/x.md:6:").says("missing-target");
    assert!(run.stderr.len() < 2_000, "{} bytes are a page", run.stderr.len());
}

// Colours and pictures of a theme.

/// The small theme with a word on its colours.
fn coloured(lines: &str) -> Site {
    let css = ":root { --ink: #222; --paper: #fff; }\n@media (prefers-color-scheme: dark) { :root { --ink: #eee; --paper: #111; } }\n";
    let site = Site::plain().file("theme/assets/style.css", css);
    site.file("themes/plain/theme.yaml", format!("name: Plain\nlanguages: [sv]\n{lines}"))
}

#[test]
fn colours_that_cannot_be_told_from_each_other_are_refused() {
    let site = Published::of(coloured("contrast: [{text: ink, edge: [ink], on: [paper]}]\n"));
    let css = "theme/assets/style.css";
    // Enough for an edge, and too little for text.
    site.refuses(
        css,
        "\
:root { --paper: #fff;
  --ink: #808080; }
         ^^^^^^^ low-contrast: `--ink` on `--paper` has a contrast of 3.94:1 in the light scheme, and text needs 4.5:1
",
    );
    // The help names a colour that does.
    site.refuses(
        css,
        "\
:root { --paper: white; --ink: #8a6fae; }
                               ^^^^^^^ low-contrast: `#866aab` is the nearest of its hue
",
    );
    site.refuses(
        css,
        "\
:root { --ink: #222; --paper: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --ink: rgb(119 119 119); --paper: #111 }
                 ^^^^^^^^^^^^^^^^ low-contrast: 4.21:1 in the dark scheme
}
",
    );
    // A scheme that changes the ground alone.
    site.refuses_all(&[
        (css, "@import \"base.css\";\n@media (prefers-color-scheme: dark) { :root { --paper: #111 } }\n"),
        (
            "theme/assets/base.css",
            "\
:root { --ink: #222; --paper: #fff; }
               ^^^^ low-contrast: text needs 4.5:1
               ^^^^ low-contrast: what must be seen needs 3:1
",
        ),
    ]);
}

#[test]
fn colours_that_a_theme_does_not_have_are_refused() {
    let site = Published::of(coloured(""));
    let theme = "themes/plain/theme.yaml";
    let refuses = |lines: &str| site.refuses(theme, &format!("name: Plain\nlanguages: [sv]\n{lines}"));
    refuses("contrast: [{text: inc, on: paper}]\n                  ^^^ unknown-token: did you mean `ink`?\n");
    refuses("contrast: [{text: --ink, on: paper}]\n                  ^^^^^ unknown-token: did you mean `ink`?\n");
    refuses("contrast: [{text: ink}]\n                  ^^^ empty-value: `{text: [ink], on: [paper]}`\n");
    refuses(
        "contrast: [{text: ink, onn: paper}]\n                       ^^^ unknown-key: did you mean `on`?\n                  ^^^ empty-value\n",
    );
    refuses("theme_color: accent\n             ^^^^^^ unknown-token: the colours there are `ink`, `paper`\n");
    site.refuses_all(&[
        (
            "theme/assets/style.css",
            ":root { --ink: #222a; --paper: #fff }\n               ^^^^^ unreadable-colour: `#10506f`\n",
        ),
        (theme, "name: Plain\nlanguages: [sv]\ncontrast: [{text: ink, on: paper}]\n"),
    ]);
}

#[test]
fn pictures_need_a_font_and_colours() {
    let site = Published::of(coloured(""));
    let colours = "background: paper, ink: ink, accent: ink, on_accent: paper";
    let refuses =
        |lines: &str| site.refuses("themes/plain/theme.yaml", &format!("name: Plain\nlanguages: [sv]\n{lines}"));
    refuses(&format!(
        "pictures: {{font: fet.ttf, {colours}}}\n                 ^^^^^^^ unknown-font: put a font into the theme's folder\n"
    ));
    refuses(
        "\
pictures: {font: fet.ttf, background: paper, ink: ink, accent: ink}
          ^ missing-key: `on_accent` is missing
",
    );
    site.site.write("themes/plain/pictures/text.ttf", "no font");
    refuses(&format!(
        "pictures: {{font: text.ttf, {colours}}}\n                 ^^^^^^^^ unknown-font: is no font that can be read\n"
    ));
    refuses(&format!(
        "pictures: {{font: txt.ttf, {colours}}}\n                 ^^^^^^^ unknown-font: did you mean `text.ttf`?\n"
    ));
    site.site.write("themes/plain/pictures/text.woff2", "x");
    let run = site.site.check();
    run.exits(1).finds("unknown-theme-file", "themes/plain/pictures/text.woff2", "`.ttf` or `.otf`");
}

// All at once.

#[test]
fn a_wrong_key_does_not_hide_a_dead_link() {
    let site = Published::new();
    site.refuses(
        POST,
        &document(
            "title: A\ndate: 2026-10-01\nsumary: Kort\n^^^^^^ unknown-key\n",
            "[x](y.md)\n    ^^^^ missing-target\n",
        ),
    );
}

#[test]
fn one_run_shows_all_mistakes_in_a_stable_order() {
    let site = Published::new();
    let files = [
        (POST, post("sumary: Kort\n^^^^^^ unknown-key\nupdated: 2021-02-30\n         ^^^^^^^^^^ bad-date\n")),
        ("content/blog/y.md", text("[x](z.md)\n    ^^^^ missing-target\n")),
        (EVENT, event("cancled: true\n^^^^^^^ unknown-key\n")),
        (TOOL, tool("publisher: sida\n           ^^^^ unknown-organisation\n")),
        ("theme/templates/post.html", "{{ page.titel }}\n        ^^^^^ template-unknown-variable\n".to_owned()),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    site.refuses_all(&files);
    for (path, marked) in &files {
        site.site.write(path, unmark(path, marked).0);
    }
    let first = site.site.run(["check"]);
    for threads in ["1", "4"] {
        let run = site.site.run(["check", "--threads", threads]);
        assert_eq!(run.stderr, first.stderr, "the order does not depend on threads");
    }
    let places: Vec<(String, Option<usize>)> =
        site.findings().into_iter().map(|finding| (finding.file().to_owned(), finding.line)).collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn headers_that_cannot_be_sent_are_refused() {
    let site = Published::new();
    let with = |lines: &str| settings(&format!("headers:\n{lines}"));
    for (lines, mark) in [
        ("  \"X-A: b\": c\n  ^^^^^^^^", "bad-header: letters, digits and hyphens"),
        ("  \"X-A\\nSet-Cookie\": c\n  ^^^^^^^^^^^^^^^^^", "bad-header: `X-A\\nSet-Cookie` is not the name"),
        ("  X-Språk: sv\n  ^^^^^^^", "bad-header: not the name of a header"),
        ("  \"\": sv\n  ^^", "bad-header: not the name of a header"),
        // To Caddy a hyphen in front means that the header is taken away.
        ("  -Content-Security-Policy: x\n  ^^^^^^^^^^^^^^^^^^^^^^^^", "bad-header: not the name of a header"),
        ("  X-A: \"b\\nSet-Cookie: c=d\"\n       ^^^^^^^^^^^^^^^^^^^^", "bad-header: one line"),
        ("  X-A: \"b\\rc\"\n       ^^^^^^", "bad-header: one line"),
        ("  X-A: åäö\n       ^^^", "bad-header: cannot hold `å`"),
        ("  X-A: a$b\n       ^^^", "bad-header: cannot hold `$`"),
        ("  X-A: a\\\n       ^^", "bad-header: cannot hold `\\"),
        ("  X-A: \"\"\n       ^^", "empty-value"),
        ("  X-A: [a]\n       ^", "wrong-type: a text"),
        ("  X-A: expr=%{HTTP:Cookie}\n       ^^^^^^^^^^^^^^^^^^^", "bad-header: cannot begin with `expr=`"),
        ("  Keep-Alive: timeout=5\n  ^^^^^^^^^^", "bad-header: cannot be sent with every answer"),
        ("  Set-Cookie: a=b\n  ^^^^^^^^^^", "bad-header: cannot be sent with every answer"),
        ("  content-type: text/html\n  ^^^^^^^^^^^^", "bad-header: on the host"),
        ("  X-A: b\n  x-a: c\n  ^^^", "bad-header: `x-a` is given twice"),
        (
            "  Content-Security-Policy: upgrade-insecure-request\n                           ^^^^^^^^^^^^^^^^^^^^^^^^",
            "bad-header: `upgrade-insecure-requests`",
        ),
    ] {
        site.refuses(SETTINGS, &with(&format!("{lines} {mark}\n")));
    }
    site.refuses(SETTINGS, &settings("headers: X-A\n         ^^^ wrong-type: names of headers\n"));
    site.refuses(SETTINGS, &settings("hosting: [meta]\nheaders: {X-A: b}\n         ^ key-without-effect: `hosting`\n"));
    site.refuses(SETTINGS, &settings("hosting: [ngnix]\n          ^^^^^ unknown-value: `nginx`\n"));
    for host in
        ["https://a.example,b.example/", "https://a.example;script-src/", "https://a..example/", "https://*.example/"]
    {
        let marks = "^".repeat(host.len() + 2);
        site.refuses(
            SETTINGS,
            &settings(&format!("forms: {{contact: \"{host}\"}}\n                 {marks} bad-url: no host\n")),
        );
    }
}

#[test]
fn an_address_whose_path_means_something_to_web_servers_is_refused() {
    let site = Published::new();
    for path in ["a;b", "{$HOME}", "$host", "a'b", "a`b"] {
        let address = format!("\"https://test.example.org/{path}/\"");
        let marks = format!("\n{}{} bad-base-url\n", " ".repeat(10), "^".repeat(address.len()));
        let marked = settings("").replace("https://test.example.org/\n", &format!("{address}{marks}"));
        site.refuses(SETTINGS, &marked);
    }
}

#[test]
fn headers_that_would_weaken_the_policy_are_refused() {
    let site = Published::new();
    for (name, value, words) in [
        ("Content-Security-Policy", "img-src *", "write `'none'`"),
        (
            "content-security-policy",
            "base-uri 'none'; script-src 'self' 'unsafe-inline'",
            "`script-src 'self' 'unsafe-inline'`",
        ),
        ("Content-Security-Policy", "frame-src https://video.example.org", "more than the policy"),
        ("Content-Security-Policy", "form-action https://example.org", "said with `forms`"),
        ("Strict-Transport-Security", "max-age=0", "`max-age=31536000`"),
        ("Strict-Transport-Security", "includeSubDomains", "`max-age=31536000`"),
        ("Referrer-Policy", "unsafe-url", "`same-origin`"),
        ("X-Content-Type-Options", "sniff", "`nosniff`"),
        ("Cross-Origin-Opener-Policy", "unsafe-none", "`same-origin`"),
        ("Permissions-Policy", "payment=*", "`()`"),
        ("Permissions-Policy", "camera=(self)", "`()`"),
        ("Content-Security-Policy", "report-uri https://rapport.example.org/", "another host"),
        ("Link", "<https://cdn.example.org>; rel=preconnect", "another host"),
        ("Reporting-Endpoints", "alla='//rapport.example.org/'", "another host"),
    ] {
        let (before, marks) = (" ".repeat(name.len() + 4), "^".repeat(value.len() + 2));
        site.refuses(
            SETTINGS,
            &settings(&format!("headers:\n  {name}: \"{value}\"\n{before}{marks} weaker-header: {words}\n")),
        );
    }
}
