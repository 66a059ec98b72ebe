//! Time as an input: when the site will be another one, and why; and what its owners should look at.

use serde_json::{Value, json};

use super::document;
use crate::site::{NOW, Run, Site};

/// What comes, one thing of each sort: the word that machines know it by, what people are told, where it is written,
/// and with which keys; the last second before it, and its instant.
type Coming = [&'static str; 6];

/// One of each. The rest of its site stays as it is for ever.
const COMINGS: &[Coming] = &[
    [
        "published",
        "is published",
        POST,
        "date: 2026-12-01T08:00\n",
        "2026-12-01T07:59:59+01:00",
        "2026-12-01T08:00:00+01:00",
    ],
    [
        "archived",
        "is archived",
        PAGE,
        "expires: 2026-12-31\n",
        "2026-12-31T23:59:59+01:00",
        "2027-01-01T00:00:00+01:00",
    ],
    [
        "review_overdue",
        "should have been reviewed",
        PAGE,
        "review_by: 2027-05-31\n",
        "2027-05-31T23:59:59+02:00",
        "2027-06-01T00:00:00+02:00",
    ],
    [
        "text_ends",
        "no longer holds",
        PAGE,
        "valid_until: 2026-12-31\n",
        "2026-12-31T23:59:59+01:00",
        "2027-01-01T00:00:00+01:00",
    ],
    [
        "registration_opens",
        "opens for registration",
        EVENT,
        "start: 2027-03-01\nregistration: {email: a@example.org, opens: 2027-01-10T09:00}\n",
        "2027-01-10T08:59:59+01:00",
        "2027-01-10T09:00:00+01:00",
    ],
    [
        "registration_closes",
        "closes for registration",
        EVENT,
        "start: 2027-03-01\nregistration: {email: a@example.org, closes: 2027-02-15}\n",
        "2027-02-15T23:59:59+01:00",
        "2027-02-16T00:00:00+01:00",
    ],
    [
        "starts",
        "an occasion starts",
        EVENT,
        "start: 2027-03-01T09:30\nend: 2027-03-01T16:00\n",
        "2027-03-01T09:29:59+01:00",
        "2027-03-01T09:30:00+01:00",
    ],
    [
        "ends",
        "an occasion is over",
        EVENT,
        "start: 2026-11-20T09:30\nend: 2026-11-22T16:00\n",
        "2026-11-22T15:59:59+01:00",
        "2026-11-22T16:00:00+01:00",
    ],
    [
        "leaves_calendar",
        "leaves the calendar",
        EVENT,
        "start: 2026-01-20T09:30\nend: 2026-01-22T16:00\n",
        "2027-01-22T15:59:59+01:00",
        "2027-01-22T16:00:00+01:00",
    ],
    [
        "comments_close",
        "takes no more comments",
        POST,
        "date: 2026-10-01\ncomments: {state: open, closes: 2026-12-01}\n",
        "2026-12-01T23:59:59+01:00",
        "2026-12-02T00:00:00+01:00",
    ],
    [
        "notice_begins",
        "is shown",
        NOTICE,
        "from: 2026-12-01T08:15\n",
        "2026-12-01T08:14:59+01:00",
        "2026-12-01T08:15:00+01:00",
    ],
    [
        "notice_ends",
        "is no longer shown",
        NOTICE,
        "from: 2026-11-01\nuntil: 2026-11-30\n",
        "2026-11-30T23:59:59+01:00",
        "2026-12-01T00:00:00+01:00",
    ],
    [
        "person_leaves",
        "has left",
        PERSON,
        "until: 2026-12-31\n",
        "2026-12-31T23:59:59+01:00",
        "2027-01-01T00:00:00+01:00",
    ],
    [
        "name_changes",
        "has a name that ends",
        NAMES,
        "skr: {names: [{name: Kommunerna, until: 2026-12-31}, {name: Regionerna}]}\n",
        "2026-12-31T23:59:59+01:00",
        "2027-01-01T00:00:00+01:00",
    ],
];

const POST: &str = "content/blog/x.md";
const EVENT: &str = "content/events/x.md";
const PAGE: &str = "content/pages/x.md";
const NOTICE: &str = "content/notices/x.md";
const PERSON: &str = "content/people/bo-ek.md";
const NAMES: &str = "content/organisations.yaml";

fn event(keys: &str) -> String {
    document(&format!("title: MR-dagen\ndate: 2025-10-01\nplace: {{city: Lund}}\n{keys}"))
}

fn due(site: &Site, options: &[&str]) -> Run {
    site.run(["due"].iter().chain(options))
}

fn as_json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("JSON ({error}):\n{}\n{}", run.stdout, run.stderr))
}

#[test]
fn whatever_comes_is_told_to_the_second_and_why() {
    for [word, words, path, keys, before, at] in COMINGS {
        let text = match *path {
            NAMES => (*keys).to_owned(),
            EVENT => event(keys),
            _ => document(&format!("title: Något\n{keys}")),
        };
        // The small theme is read in a fraction of the time, and shows everything but comments.
        let plain = if *word == "comments_close" { Site::new() } else { Site::plain() };
        let mut site = plain.file(path, text);
        let report = site.build();
        let now = report.exits(0).public.clone();
        let expected = json!({"at": at, "reasons": [{"what": word, "file": path}]});
        assert_eq!(as_json(&report)["build"]["due"], expected, "the report of the build");
        assert_eq!(due(&site, &[]).exits(0).stdout, format!("{at}\n  {path}: {words}\n"));
        site = site.at(before);
        assert!(site.build().exits(0).public == now, "{word}: nothing is another a second before");
        site = site.at(at);
        let answer = as_json(due(&site, &["--format", "json", "--since", NOW]).exits(4));
        assert_eq!(answer, json!({"due": expected, "since": NOW, "rebuild": true}), "{word}");
        let then = site.build();
        assert!(then.exits(0).public != now, "{word}: something is another then");
        assert_ne!(as_json(&then)["build"]["due"]["at"], *at, "{word}: what has come is not to come");
    }
}

#[test]
fn what_comes_at_the_same_instant_is_told_together_and_the_rest_waits() {
    let site = Site::plain()
        .file(PAGE, document("title: Regler\nexpires: 2026-12-31\n"))
        .file(POST, document("title: Sedan\ndate: 2027-01-01\n"))
        .file("content/blog/annu-senare.md", document("title: Ännu senare\ndate: 2027-01-02\n"));
    let run = due(&site, &[]);
    let expected = "2027-01-01T00:00:00+01:00\n  content/blog/x.md: is published\n  content/pages/x.md: is archived\n";
    assert_eq!(run.exits(0).stdout, expected);
    let site = site.at("2027-01-01T00:00:00+01:00");
    let expected = "2027-01-02T00:00:00+01:00\n  content/blog/annu-senare.md: is published\n";
    assert_eq!(due(&site, &[]).exits(0).stdout, expected);
}

#[test]
fn what_nobody_would_see_is_not_due() {
    // Nobody can register for what is cancelled, a draft is not published, and what is archived needs no review.
    let cancelled = "start: 2027-03-01\ncancelled: true\nupdated: 2026-11-01\nregistration: {email: a@example.org, opens: 2026-12-01, closes: 2027-02-15}\n";
    let site = Site::new()
        .file(EVENT, event(cancelled))
        .file(POST, document("title: Utkast\ndate: 2026-12-01\ndraft: true\n"))
        .file(PAGE, document("title: Regler\nexpires: 2026-10-31\nreview_by: 2026-11-30\n"));
    assert_eq!(
        due(&site, &[]).exits(0).stdout,
        "2027-03-02T00:00:00+01:00\n  content/events/x.md: an occasion is over\n"
    );
}

#[test]
fn a_site_without_anything_to_come_says_so() {
    let site = Site::plain().file(PAGE, document("title: Regler\n"));
    due(&site, &[]).exits(0).prints("nothing is due");
    assert_eq!(as_json(&due(&site, &["--format", "json"])), json!({"due": null, "since": null, "rebuild": false}));
    due(&site, &["--since", "2020-01-01T00:00:00Z"]).exits(0);
    let run = site.run(["build"]);
    assert!(run.exits(0).stderr.trim_end().ends_with("; next due: never"), "{}", run.stderr);
    assert_eq!(as_json(&site.build())["build"]["due"], Value::Null);
}

#[test]
fn the_last_line_of_a_build_says_what_is_due() {
    let site = Site::plain().file(POST, document("title: Sedan\ndate: 2026-12-01T08:00\n"));
    let run = site.run(["build"]);
    let last = run.exits(0).stderr.lines().last().unwrap_or_default();
    assert!(last.ends_with("; next due: 2026-12-01T08:00:00+01:00"), "{last}");
    let report = as_json(&site.build());
    assert_eq!((&report["build"]["now"], &report["errors"]), (&NOW.into(), &0.into()), "{report:#}");
    assert_eq!(report["build"]["files"]["written"], 0, "{report:#}");
}

#[test]
fn a_rebuild_is_due_when_something_has_come_since_the_last_build() {
    let mut site = Site::plain().file(POST, document("title: Sedan\ndate: 2026-12-01T08:00\n"));
    site.write("rapport.json", site.build().exits(0).stdout.as_bytes());
    for (now, code) in
        [(NOW, 0), ("2026-12-01T07:59:59+01:00", 0), ("2026-12-01T08:00:00+01:00", 4), ("2027-12-01T08:00:00+01:00", 4)]
    {
        site = site.at(now);
        for since in ["rapport.json", NOW, "2026-11-21T11:00:00Z"] {
            due(&site, &["--since", since, "-q"]).exits(code);
            let run = due(&site, &["--since", since, "--format", "json"]);
            let answer = as_json(run.exits(code));
            assert_eq!(answer["rebuild"], code == 4, "at {now} since {since}: {answer:#}");
            assert_eq!(answer["since"], NOW);
            assert_eq!(answer["due"]["at"], "2026-12-01T08:00:00+01:00");
        }
    }
    // Built again, it is not due any more.
    site.write("rapport.json", site.build().exits(0).stdout.as_bytes());
    due(&site, &["--since", "rapport.json"]).exits(0);
}

#[test]
fn what_is_no_build_is_refused() {
    let site = Site::plain().file(POST, "---\ntitel: Fel\n---\n");
    let failed = site.build();
    site.write("misslyckad.json", failed.exits(1).stdout.as_bytes());
    site.write(POST, document("title: Hej\ndate: 2026-10-01\n"));
    site.write("kontroll.json", site.check().exits(0).stdout.as_bytes());
    site.write("tom.json", "");
    site.write("annan.json", "{\"build\": {\"now\": 3}}");
    for since in
        ["misslyckad.json", "kontroll.json", "tom.json", "annan.json", "finns-inte.json", "igår", "2026-11-21", "."]
    {
        let run = due(&site, &["--since", since]);
        run.exits(2).says(since);
        assert_eq!(run.stdout, "", "{since}");
    }
}

#[test]
fn content_with_errors_is_never_due() {
    let site = Site::plain().file(POST, "---\ntitel: Fel\n---\n");
    due(&site, &[]).exits(1).says("content/blog/x.md:2:1");
    due(&site, &["--since", "2020-01-01T00:00:00Z"]).exits(1);
    let run = due(&site, &["--format", "json"]);
    run.exits(1).finds("unknown-key", POST, "`title`");
}

// What owners should look at.

/// Something of each sort that is stale, and something that is not.
fn neglected() -> Site {
    let tool = |keys: &str| document(&format!("date: 2020-10-01\ntype: guide\n{keys}"));
    let site = Site::plain();
    // Nobody answers for what names nobody.
    let settings = std::fs::read_to_string(site.path("site.yaml")).expect("the settings");
    site.write("site.yaml", settings.replace("contact: anna-berg\n", ""));
    site.file("content/people/bo-ek.md", document("title: 'Ek, Bo \"Bosse\"'\nuntil: 2026-06-30\n"))
        .file("content/pages/regler.md", document("title: Regler\nreview_by: 2026-10-31\ncontact: anna-berg\n"))
        .file("content/pages/om.md", document("title: Om, helt enkelt\nvalid_until: 2026-09-30\ncontact: anna-berg\n"))
        .file("content/pages/ny.md", document("title: Ny\nreview_by: 2027-10-31\ncontact: anna-berg\n"))
        .file("content/pages/gammal.md", document("title: Gammal\nexpires: 2026-01-31\nreview_by: 2025-10-31\n"))
        .file("content/blog/tal.md", document("title: '\"Alla\" har, alltid, rätt'\ndate: 2026-01-01\ncontact: bo-ek\n"))
        .file("content/blog/utan.md", document("title: =1+1\ndate: 2026-01-01\nreview_by: 2026-10-01\n"))
        .file("content/toolkit/bok.md", tool("title: Bok\nstatus: superseded\nreplaced_by: nya.md\ncontact: {name: Ida Alm, email: ida@example.org}\n"))
        .file("content/toolkit/nya.md", tool("title: Nya\ncontact: [anna-berg]\n"))
}

const STALE: &[[&str; 8]] = &[
    ["Anna Berg", "anna-berg", "review_overdue", "2026-10-31", "page", "content/pages/regler.md", "/regler/", "Regler"],
    ["Anna Berg", "anna-berg", "text_ended", "2026-09-30", "page", "content/pages/om.md", "/om/", "Om, helt enkelt"],
    [
        "Ek, Bo \"Bosse\"",
        "bo-ek",
        "owner_left",
        "2026-06-30",
        "post",
        "content/blog/tal.md",
        "/blogg/tal/",
        "\"Alla\" har, alltid, rätt",
    ],
    ["Ida Alm", "", "superseded", "", "tool", "content/toolkit/bok.md", "/metodstod/bok/", "Bok"],
    ["nobody", "", "review_overdue", "2026-10-01", "post", "content/blog/utan.md", "/blogg/utan/", "=1+1"],
];

/// The rows of a table as RFC 4180 says it: fields with what parts them are in quotes, and lines end with CRLF.
fn rows(csv: &str) -> Vec<Vec<String>> {
    assert!(csv.ends_with("\r\n"), "{csv:?}");
    let (mut rows, mut row, mut field) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut signs) = (false, csv.chars().peekable());
    while let Some(sign) = signs.next() {
        match sign {
            '"' if quoted && signs.next_if_eq(&'"').is_some() => field.push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            '\r' if !quoted => {
                assert_eq!(signs.next(), Some('\n'), "{csv:?}");
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            '\n' if !quoted => panic!("a line ends with CRLF: {csv:?}"),
            sign => field.push(sign),
        }
    }
    rows
}

#[test]
fn owners_are_told_what_to_look_at() {
    let site = neglected();
    let run = site.run(["list", "--stale"]);
    let expected = "\
Anna Berg (anna-berg)
  review overdue 2026-10-31  content/pages/regler.md  Regler
  text ended     2026-09-30  content/pages/om.md  Om, helt enkelt
Ek, Bo \"Bosse\" (bo-ek)
  owner has left 2026-06-30  content/blog/tal.md  \"Alla\" har, alltid, rätt
Ida Alm
  superseded                 content/toolkit/bok.md  Bok
nobody
  review overdue 2026-10-01  content/blog/utan.md  =1+1
";
    assert_eq!(run.exits(0).stdout, expected);
    let run = site.run(["list", "tool", "--stale"]);
    assert_eq!(run.exits(0).stdout, "Ida Alm\n  superseded                 content/toolkit/bok.md  Bok\n");
    let fresh = Site::plain();
    fresh.run(["list", "--stale"]).exits(0).prints("nothing is stale");
    assert_eq!(as_json(&fresh.run(["list", "--stale", "--format", "json"])), json!([]));
    assert_eq!(rows(&fresh.run(["list", "--stale", "--format", "csv"]).stdout).len(), 1, "the head alone");
}

#[test]
fn owners_are_told_as_json() {
    let owners = as_json(neglected().run(["list", "--stale", "--format", "json"]).exits(0));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let row = |owner: &Value, entry: &Value| {
        let keys = ["concern", "last_day", "kind", "path", "address", "title"];
        let [concern, day, kind, path, address, title] = keys.map(|key| text(&entry[key]));
        [text(&owner["owner"]), text(&owner["slug"]), concern, day, kind, path, address, title]
    };
    let owners = owners.as_array().expect("a list of owners");
    let entries = |owner: &Value| owner["entries"].as_array().expect("their entries").clone();
    let found: Vec<_> =
        owners.iter().flat_map(|owner| entries(owner).into_iter().map(|entry| row(owner, &entry))).collect();
    assert_eq!(found, STALE);
    assert_eq!(owners[1]["until"], "2026-06-30", "who has left");
    assert_eq!((&owners[0]["until"], &owners[3]["slug"]), (&Value::Null, &Value::Null));
}

#[test]
fn owners_are_told_as_a_table_for_spreadsheets() {
    let run = neglected().run(["list", "--stale", "--format", "csv"]);
    let mut found = rows(&run.exits(0).stdout);
    assert_eq!(found.remove(0), ["owner", "slug", "concern", "last_day", "kind", "file", "address", "title"]);
    // A spreadsheet does not count what is a title.
    let guarded = |text: &str| if text.starts_with('=') { format!("'{text}") } else { text.to_owned() };
    let expected: Vec<Vec<String>> = STALE.iter().map(|row| row.iter().map(|text| guarded(text)).collect()).collect();
    assert_eq!(found, expected);
    assert!(run.stdout.contains("\"Ek, Bo \"\"Bosse\"\"\",bo-ek,owner_left"), "{}", run.stdout);
}

#[test]
fn a_concern_begins_the_day_after_the_last() {
    let site = Site::plain().file(PAGE, document("title: Regler\nreview_by: 2026-11-21\ncontact: anna-berg\n"));
    site.run(["list", "--stale"]).exits(0).prints("nothing is stale");
    let site = site.at("2026-11-22T00:00:00+01:00");
    site.run(["list", "--stale"]).exits(0).prints("review overdue 2026-11-21");
}

#[test]
fn everything_is_listed_as_a_table_for_spreadsheets() {
    let keys = "start: 2027-03-01\ncancelled: true\nupdated: 2026-11-01\n";
    let site = Site::plain()
        .file(POST, document("title: '\"Ett\", två; tre'\ndate: 2026-10-01\n"))
        .file("content/blog/rader.md", document("title: \"rad\\nrad\"\ndate: 2026-09-01\n"))
        .file(EVENT, event(keys));
    let run = site.run(["list", "--format", "csv"]);
    let expected = [
        ["kind", "date", "file", "address", "title", "states"],
        ["post", "2026-10-01", POST, "/blogg/x/", "\"Ett\", två; tre", ""],
        ["post", "2026-09-01", "content/blog/rader.md", "/blogg/rader/", "rad\nrad", ""],
        ["event", "2025-10-01", EVENT, "/konferenser/x/", "MR-dagen", "1 mars 2027; Inställt"],
        ["person", "", "content/people/anna-berg.md", "/personer/anna-berg/", "Anna Berg", ""],
    ];
    assert_eq!(rows(&run.exits(0).stdout), expected);
    let run = site.run(["list", "event", "--format", "csv"]);
    assert_eq!(rows(&run.exits(0).stdout).len(), 2, "the head and the event");
}

#[test]
fn a_list_has_a_line_for_each_entry() {
    let site = Site::plain().file(POST, document("title: \"rad\\nrad\"\ndate: 2026-10-01\nreview_by: 2026-10-31\n"));
    let list = site.run(["list"]);
    assert_eq!(list.exits(0).stdout.lines().count(), 2, "the post and Anna Berg: {:?}", list.stdout);
    let stale = site.run(["list", "--stale"]);
    assert_eq!(stale.exits(0).stdout.lines().count(), 2, "nobody and the post: {:?}", stale.stdout);
}

#[test]
fn whatever_shows_at_an_instant_is_told_and_nothing_else() {
    let day = "2026-11-26T00:00:00+01:00";
    let site = Site::plain()
        .file("content/notices/alla.md", document("title: Viktigt\nfrom: 2026-11-26T00:00\n"))
        .file(POST, document("title: Nytt\ndate: 2026-11-26\n"))
        // An archived page is never asked whether it has been reviewed.
        .file("content/pages/sida.md", document("title: Sida\nexpires: 2026-11-25\nreview_by: 2026-11-25\n"));
    let told = due(&site, &[]);
    let lines: Vec<&str> = told.exits(0).stdout.lines().collect();
    let expected = [
        day,
        "  content/blog/x.md: is published",
        "  content/notices/alla.md: is shown",
        "  content/pages/sida.md: is archived",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn answers_are_no_findings() {
    let site = Site::plain();
    for command in [&["list"][..], &["list", "--stale"], &["due"]] {
        for format in ["sarif", "github"] {
            site.run(command.iter().chain(&["--format", format])).exits(2).says("`anslag check`");
        }
    }
}

#[test]
fn only_lists_are_tables() {
    let site = Site::plain();
    let commands: [&[&str]; 5] =
        [&["build"], &["check"], &["due"], &["new", "page", "Ny"], &["explain", "unknown-key"]];
    for command in commands {
        let run = site.run(command.iter().chain(&["--format", "csv"]));
        run.exits(2).says("`anslag list`");
        assert!(run.stdout.is_empty() && run.public.is_empty(), "{command:?}: {}", run.stdout);
    }
    assert!(!site.path("content/pages/ny.md").exists(), "nothing was written");
}
