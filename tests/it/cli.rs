//! The command line: what it teaches, how it ends, and what it writes for people and for programs.

use serde_json::Value;

use crate::marked::unmark;
use crate::site::{Run, Site, program, run};

const COMMANDS: &[&str] = &["build", "check", "due", "event", "list", "new", "schema", "why", "explain"];

fn anslag(arguments: &[&str]) -> Run {
    let mut command = program();
    command.args(arguments);
    run(command)
}

/// A site with mistakes in several files.
fn broken() -> Site {
    Site::plain().file("content/blog/x.md", "---\ntitle: Hej\ndate: 17 november 2021\nsumary: Kort\n---\n").file(
        "content/events/y.md",
        "---\ntitle: Dag\ndate: 2026-10-01\nstart: 2027-03-01\nplace: {city: Malmö}\ncancled: true\n---\n",
    )
}

// Help.

#[test]
fn anslag_alone_is_help() {
    anslag(&[]).exits(0).prints("Usage: anslag").prints("Exit codes: 0 well, 1 the content has errors");
    anslag(&["--help"]).exits(0).prints("Usage: anslag").prints("anslag explain unknown-key").prints("--root");
    anslag(&["--version"]).exits(0).prints("anslag ");
}

#[test]
fn every_command_explains_itself() {
    for command in COMMANDS {
        let run = anslag(&[command, "--help"]);
        run.exits(0).prints(&format!("Usage: anslag {command}"));
        let short = anslag(&[command, "-h"]);
        short.exits(0);
        for help in [&run.stdout, &short.stdout] {
            let described = help.lines().filter(|line| line.trim_start().starts_with('-')).count();
            assert!(described >= 7, "{command} lists its options:\n{help}");
            assert!(!help.contains("TODO") && help.lines().all(|line| line.chars().count() <= 120), "{help}");
        }
        let help = anslag(&["help", command]);
        assert_eq!(help.stdout, run.stdout, "`anslag help {command}` says the same");
    }
}

// Exit codes.

#[test]
fn a_time_without_its_clock_is_answered_with_a_whole_one() {
    Site::plain().at("2027-01-01").run(["check"]).exits(2).says("2027-01-01T08:00:00+01:00");
}

#[test]
fn wrong_usage_ends_with_2() {
    let site = Site::plain();
    for arguments in [
        &["bild"][..],
        &["build", "--fast"],
        &["check", "--now", "i morgon"],
        &["check", "--format", "xml"],
        &["check", "--threads", "0"],
        &["new", "post"],
        &["new", "inlägg", "Hej"],
        &["new", "post", "!!!"],
        &["list", "inlägg"],
        &["explain", "no-such-code"],
    ] {
        // `run` adds `--now` itself, so the program is called as it is.
        let mut command = program();
        command.args(arguments).current_dir(site.path(""));
        let ended = run(command);
        ended.exits(2);
        assert!(!ended.stderr.is_empty(), "{arguments:?} says why");
    }
    anslag(&["explain", "unknown-kye"]).exits(2).says("did you mean `unknown-key`?");
}

#[test]
fn content_with_errors_ends_with_1_and_content_without_with_0() {
    broken().run(["check"]).exits(1);
    broken().run(["build"]).exits(1).says("nothing was written");
    broken().run(["list"]).exits(1).says("`anslag check` shows them");
    let site = Site::plain();
    site.run(["check"]).exits(0).says("no errors");
    assert!(site.public().is_empty(), "check writes nothing");
    assert!(!site.path(".anslag").exists(), "check leaves nothing behind");
}

#[test]
fn a_machine_that_fails_ends_with_3() {
    let site = Site::plain().file("ut", "en fil");
    site.run(["build", "--output", "ut/in"]).exits(3).says("anslag: ").says("ut");
}

#[test]
fn a_folder_that_is_not_there_is_wrong_usage() {
    let site = Site::plain();
    let folder = site.path("saknas").display().to_string();
    site.run(["check", "--root", &folder]).exits(2).says("there is no folder").says("saknas");
}

// What is said.

#[test]
fn people_see_the_line_a_caret_and_a_way_out() {
    let run = broken().run(["check"]);
    run.exits(1)
        .says("error[bad-date]")
        .says("content/blog/x.md:3:7")
        .says("date: 17 november 2021")
        .says("^^^^^^^^^^^^^^^^");
    run.says("write `2021-11-17`")
        .says("error[unknown-key]")
        .says("content/events/y.md:6:1")
        .says("`cancelled`")
        .says("3 errors");
    assert!(run.stdout.is_empty(), "messages for people go to standard error");
    assert!(!run.stderr.contains('\u{1b}'), "no colours in a pipe");
    let first = run.stderr.find("bad-date");
    assert!(first < run.stderr.find("sumary") && first < run.stderr.find("cancled"), "in order of file and line");
}

#[test]
fn colour_follows_no_color_and_the_terminal() {
    let site = broken();
    for (name, value) in [("NO_COLOR", "1"), ("NO_COLOR", ""), ("TERM", "dumb"), ("TERM", "xterm-256color")] {
        let mut command = program();
        command.args(["check", "--now", crate::site::NOW]).env(name, value).current_dir(site.path(""));
        assert!(!run(command).stderr.contains('\u{1b}'), "no colours with {name}={value}");
    }
}

#[test]
fn quiet_says_nothing_when_all_is_well_and_all_when_it_is_not() {
    let run = Site::plain().run(["build", "--quiet"]);
    run.exits(0);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
    broken().run(["build", "-q"]).exits(1).says("error[unknown-key]");
    Site::plain().run(["build", "-v"]).exits(0).says(" ms");
    anslag(&["build", "-q", "-v"]).exits(2);
}

#[test]
fn programs_get_json() {
    let run = broken().run(["check", "--format", "json"]);
    run.exits(1).finds_codes(&["bad-date", "unknown-key", "unknown-key"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((&report["version"], &report["errors"], &report["warnings"]), (&1.into(), &3.into(), &0.into()));
    let first = &report["diagnostics"][0];
    assert_eq!(first["severity"], "error");
    assert_eq!((&first["line"], &first["column"], &first["end_column"]), (&3.into(), &7.into(), &23.into()));
    assert!(run.stderr.is_empty(), "nothing else is said: {}", run.stderr);
    let well: Value = serde_json::from_str(&Site::plain().check().stdout).unwrap();
    assert_eq!(well["diagnostics"], Value::Array(Vec::new()));
}

#[test]
fn code_scanning_gets_sarif() {
    let run = broken().run(["check", "--format", "sarif"]);
    let log: Value = serde_json::from_str(&run.exits(1).stdout).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let of_run = &log["runs"][0];
    assert_eq!(of_run["tool"]["driver"]["name"], "anslag");
    let results = of_run["results"].as_array().unwrap();
    let found: Vec<&str> = results.iter().filter_map(|result| result["ruleId"].as_str()).collect();
    assert_eq!(found, ["bad-date", "unknown-key", "unknown-key"]);
    let place = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "content/blog/x.md");
    assert_eq!((&place["region"]["startLine"], &place["region"]["startColumn"]), (&3.into(), &7.into()));
    let rules = of_run["tool"]["driver"]["rules"].as_array().unwrap();
    assert!(found.iter().all(|code| rules.iter().any(|rule| rule["id"] == *code)), "each rule is described");
}

#[test]
fn github_gets_annotations() {
    let run = broken().run(["check", "--format", "github"]);
    let lines: Vec<&str> = run.exits(1).stdout.lines().collect();
    assert_eq!(lines.len(), 3, "{}", run.stdout);
    assert!(lines[0].starts_with("::error file=content/blog/x.md,line=3,"), "{}", lines[0]);
    assert!(lines[0].contains("2021-11-17"), "{}", lines[0]);
    let hostile =
        Site::plain().file("content/blog/x.md", "---\ntitle: A\ndate: 2026-10-01\n\"a\\n::error::b\": 1\n---\n");
    let run = hostile.run(["check", "--format", "github"]);
    assert_eq!(run.exits(1).stdout.lines().count(), 1, "a key cannot make an annotation of its own: {}", run.stdout);
}

#[test]
fn control_signs_of_writers_do_not_reach_the_terminal() {
    let site = Site::plain().file(
        "content/blog/x.md",
        "---\ntitle: A\ndate: 2026-10-01\n\"\\e[31mrött\": 1\n---\n[a](b\u{1b}[31m.md) \u{1b}[2J\n",
    );
    for format in ["human", "github"] {
        let run = site.run(["check", "--format", format]);
        assert!(!(run.stdout + &run.stderr).contains('\u{1b}'), "{format}");
    }
}

// Explanations.

#[test]
fn every_code_is_listed_and_explained() {
    let list = anslag(&["explain"]);
    let codes: Vec<&str> = list.exits(0).stdout.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(codes.len() > 60, "{codes:?}");
    assert!(codes.is_sorted(), "in order of name");
    for code in &codes {
        let run = anslag(&["explain", code]);
        run.exits(0).prints(code);
        assert!(run.stdout.len() > code.len() + 60, "{code} is explained in a sentence at least: {}", run.stdout);
        let said = anslag::session::codes().into_iter().find(|known| known.name == *code).unwrap();
        assert!(said.explanation.trim_end().ends_with(['.', '?']), "{code} is explained in sentences");
        assert!(!said.summary.ends_with('.'), "the summary of {code} has no full stop");
    }
}

// New documents.

/// A kind, where a new document of it lies, and what fills its blanks.
type Blanks = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const BLANKS: &[Blanks] = &[
    ("post", "content/blog/2026/rattigheter-at-alla.md", &[("contact", "anna-berg"), ("summary", "Kort.")]),
    (
        "event",
        "content/events/2026/rattigheter-at-alla.md",
        &[("start", "2027-03-01"), ("place", "{city: Malmö}"), ("contact", "anna-berg"), ("summary", "Kort.")],
    ),
    (
        "tool",
        "content/toolkit/rattigheter-at-alla.md",
        &[("type", "guide"), ("contact", "anna-berg"), ("summary", "Kort.")],
    ),
    ("page", "content/pages/rattigheter-at-alla.md", &[]),
    ("person", "content/people/rattigheter-at-alla.md", &[("email", "x@example.org")]),
    ("series", "content/series/rattigheter-at-alla.md", &[]),
    ("notice", "content/notices/rattigheter-at-alla.md", &[]),
];

#[test]
fn a_new_document_passes_once_its_blanks_are_filled() {
    for (kind, path, blanks) in BLANKS {
        let site = Site::plain();
        let run = site.run(["new", kind, "Rättigheter åt \"alla\""]);
        assert_eq!(run.exits(0).stdout.trim_end(), *path);
        run.says("anslag check");
        let unfilled = site.check();
        unfilled.exits(1).finds("placeholder-text", path, "not been written");
        let empty = unfilled.findings().iter().filter(|finding| finding.code == "empty-value").count();
        assert_eq!(empty, blanks.len(), "{kind}: exactly the blanks are reported: {:#?}", unfilled.findings());
        for (key, value) in *blanks {
            site.edit(path, |text| text.replace(&format!("\n{key}:\n"), &format!("\n{key}: {value}\n")));
        }
        write_the_text(&site, path);
        site.build().well();
    }
}

#[test]
fn a_site_in_another_language_is_not_told_in_swedish_where_to_write() {
    for (kind, path, _) in BLANKS {
        let site = Site::empty().with("--root=.");
        site.run(["init", "--language", "en"]).exits(0);
        site.run(["new", kind, "Rättigheter åt alla"]).exits(0);
        let text = std::fs::read_to_string(site.path(path)).expect("it was written");
        let (_, body) = text.split_once("\n---\n").expect("the front matter ends");
        assert!(body.trim().starts_with("Write "), "{body}");
        site.check().exits(1).finds("placeholder-text", path, "not been written");
    }
}

/// Puts a text where a new document has a sentence in its place.
fn write_the_text(site: &Site, path: &str) {
    site.edit(path, |text| {
        let end = text.rfind("---\n").expect("the front matter ends") + 4;
        text[..end].to_owned() + "Nu finns texten.\n"
    });
}

#[test]
fn a_draft_may_wait_for_its_text() {
    let site = Site::plain();
    site.run(["new", "page", "Kontakt"]).exits(0);
    site.edit("content/pages/kontakt.md", |text| text.replace("title: \"Kontakt\"\n", "title: Kontakt\ndraft: true\n"));
    let run = site.build();
    run.exits(0).finds_codes(&["placeholder-text"]);
    assert_eq!(run.findings()[0].severity, "warning");
}

#[test]
fn a_new_document_explains_every_key_of_its_kind() {
    let site = Site::plain();
    for (kind, path, _) in BLANKS {
        site.run(["new", kind, "Rättigheter åt alla"]).exits(0);
        let text = std::fs::read_to_string(site.path(path)).unwrap();
        let keys: &[&str] = match *kind {
            "event" => &[
                "start",
                "occurrences",
                "status",
                "cancelled",
                "changes",
                "series",
                "programme",
                "registration",
                "documentation",
            ],
            "tool" => &["type", "publisher", "resources"],
            "notice" => &["from", "until", "level", "scope", "link"],
            "page" => &["valid_until", "statement", "form", "people"],
            "person" => &["role", "organisation", "until"],
            _ => &["tags", "summary", "aliases", "draft"],
        };
        for key in keys {
            let line = |line: &str| line.trim_start_matches(['#', ' ']).starts_with(&format!("{key}:"));
            assert!(text.lines().any(line), "{kind} explains `{key}`:\n{text}");
        }
        // What is commented out can be taken into use as it is.
        let blank = |line: &str| line.ends_with(' ') || line.contains('\t');
        assert!(!text.lines().any(blank), "no line ends with a space:\n{text}");
    }
}

#[test]
fn new_refuses_to_overwrite() {
    let site = Site::plain();
    site.run(["new", "page", "Kontakt"]).exits(0);
    site.write("content/pages/kontakt.md", "mitt");
    site.run(["new", "page", "Kontakt"]).exits(2).says("content/pages/kontakt.md is there already");
    assert_eq!(std::fs::read(site.path("content/pages/kontakt.md")).unwrap(), b"mitt");
}

#[test]
fn a_new_bundle_is_a_folder() {
    let site = Site::plain();
    let run = site.run(["new", "page", "Kontakt", "--bundle"]);
    assert_eq!(run.exits(0).stdout.trim_end(), "content/pages/kontakt/index.md");
    write_the_text(&site, "content/pages/kontakt/index.md");
    site.build().well().page("/kontakt/");
}

#[test]
fn a_new_document_explains_its_keys_in_the_language_of_the_site() {
    let text = |site: &Site| std::fs::read_to_string(site.path("content/people/bo-ek.md")).unwrap();
    let site = Site::plain();
    site.run(["new", "person", "Bo Ek"]).exits(0);
    assert!(
        text(&site).contains("# Fyll i nycklarna utan värde.") && !text(&site).contains(" the "),
        "{}",
        text(&site)
    );
    let site = Site::plain().settings("language: en\n");
    site.run(["new", "person", "Bo Ek"]).exits(0);
    assert!(text(&site).contains("# Fill in the keys without a value."), "{}", text(&site));
}

#[test]
fn an_event_without_a_start_says_in_which_year_it_was_put() {
    let site = Site::plain();
    let run = site.run(["new", "event", "MR-dagen"]);
    run.exits(0).prints("content/events/2026/mr-dagen.md").says("it lies in the folder of 2026; `--start` says it");
    let run = site.run(["new", "event", "MR-dagen", "--start", "2027-04-20"]);
    run.exits(0).prints("content/events/2027/mr-dagen.md");
    assert!(!run.stderr.contains("in the folder of"), "{}", run.stderr);
}

#[test]
fn new_takes_its_date_from_now_in_the_zone_of_the_site() {
    let site = Site::plain().at("2026-12-31T23:30:00Z");
    site.run(["new", "post", "Gott nytt år"]).exits(0).prints("content/blog/2027/gott-nytt-ar.md");
    let text = std::fs::read_to_string(site.path("content/blog/2027/gott-nytt-ar.md")).unwrap();
    assert!(text.contains("\ndate: 2027-01-01\n"), "{text}");
}

// Lists.

#[test]
fn list_says_what_there_is_and_its_state() {
    let site = Site::plain()
        .file("content/blog/x.md", "---\ntitle: Hej\ndate: 2026-10-01\n---\nText.\n")
        .file("content/events/y.md", "---\ntitle: Dag\ndate: 2026-10-01\nstart: 2027-03-01\ncancelled: true\n---\n");
    let run = site.run(["list"]);
    run.exits(0).prints("content/blog/x.md").prints("Hej").prints("person").prints("Anna Berg");
    run.prints("Dag  [1 mars 2027; Inställt]");
    assert_eq!(run.stdout.lines().count(), 3, "{}", run.stdout);
    let run = site.run(["list", "event"]);
    assert_eq!(run.exits(0).stdout.lines().count(), 1, "{}", run.stdout);
    let entries: Value = serde_json::from_str(&site.run(["list", "--format", "json"]).exits(0).stdout).unwrap();
    let entries = entries.as_array().unwrap();
    assert_eq!(entries.len(), 3);
    let event = entries.iter().find(|entry| entry["kind"] == "event").unwrap();
    assert_eq!((&event["address"], &event["states"][0]), (&"/konferenser/y/".into(), &"cancelled".into()));
    assert_eq!((&event["date"], &event["path"]), (&"2026-10-01".into(), &"content/events/y.md".into()));
}

#[test]
fn list_shows_drafts_and_what_is_for_later_when_asked() {
    let site = Site::plain().file("content/blog/x.md", "---\ntitle: Sedan\ndate: 2026-10-01\ndraft: true\n---\n");
    assert!(!site.run(["list"]).stdout.contains("Sedan"));
    site.run(["list", "--drafts"]).exits(0).prints("Sedan").prints("Utkast");
}

#[test]
fn the_site_may_be_elsewhere() {
    let site = Site::plain().file("content/blog/x.md", unmark("", "---\ntitel: Hej\n---\n").0);
    let root = site.path("").display().to_string();
    let run = anslag(&["check", "--root", &root, "--now", crate::site::NOW]);
    run.exits(1).says("content/blog/x.md:2:1");
    assert!(!run.stderr.contains(&root), "places are named from the site's folder: {}", run.stderr);
}

#[test]
fn a_list_can_be_narrowed_and_put_in_order() {
    let post = |title: &str, date: &str, keys: &str| {
        format!("---\ntitle: {title}\ndate: {date}\nsummary: Kort.\n{keys}---\nText.\n")
    };
    let site = Site::plain()
        .file("content/blog/a.md", post("Ödet", "2026-01-01", "author: anna-berg\ntags: [skola]\n"))
        .file("content/blog/b.md", post("Åren", "2026-03-01", "tags: [skola, vård]\n"))
        .file("content/blog/c.md", post("Vård", "2026-02-01", "expires: 2026-06-01\n"));
    let listed = |options: &[&str]| {
        let run = site.run([&["list", "post", "--format", "csv"], options].concat());
        let rows: Vec<String> =
            run.exits(0).stdout.lines().skip(1).filter_map(|row| row.split(',').nth(4)).map(str::to_owned).collect();
        rows.join(" ")
    };
    assert_eq!(listed(&["--sort", "title"]), "Vård Åren Ödet", "as Swedish has it");
    assert_eq!(listed(&["--sort", "file"]), "Ödet Åren Vård");
    assert_eq!(listed(&["--tag", "skola", "--sort", "date"]), "Åren Ödet");
    assert_eq!(listed(&["--person", "anna-berg"]), "Ödet");
    assert_eq!(listed(&["--state", "archived"]), "Vård");
    assert_eq!(listed(&["--since", "2026-02-01", "--until", "2026-02-28"]), "Vård");
    site.run(["list", "--tag", "skolan"]).exits(2).says("nothing has the tag `skolan`; did you mean `skola`?");
    site.run(["list", "--since", "igår"]).exits(2);
}

#[test]
fn a_state_that_there_is_not_leads_to_those_there_are() {
    let site = Site::plain();
    let asked = |state: &str| site.run(["list", "--state", state]);
    for state in ["inställt", "Inställd", "canceled"] {
        asked(state).exits(2).says("did you mean `cancelled`?").says("the states are archived, cancelled, closed");
    }
    asked("xyzzy").exits(2).says("there is no state `xyzzy`\n");
    for state in ["cancelled", "some_cancelled"] {
        let run = asked(state);
        assert_eq!(run.exits(0).stdout, "", "nothing is cancelled");
    }
}

#[test]
fn a_table_for_excel_has_a_mark_and_what_excel_parts_fields_with() {
    let site =
        Site::plain().file("content/blog/a.md", "---\ntitle: Åren, nu\ndate: 2026-01-01\nsummary: Kort.\n---\nText.\n");
    let listed =
        |options: &[&str]| site.run([&["list", "post", "--format", "csv"], options].concat()).exits(0).stdout.clone();
    assert!(listed(&[]).starts_with("kind,date,file,"), "programs would take the mark for a part of the first name");
    let table = listed(&["--excel"]);
    assert!(table.starts_with("\u{feff}kind;date;file;") && table.contains(";\"Åren, nu\";"), "{table}");
    site.run(["list", "--stale", "--format", "csv", "--excel"]).exits(0).prints("\u{feff}owner;slug;");
    site.run(["list", "--excel"]).exits(2).says("`--format csv`");
    let site = site.settings("language: en\n");
    site.run(["list", "--stale", "--format", "csv", "--excel"]).prints("\u{feff}owner,slug,");
}

#[test]
fn an_address_of_the_site_that_cannot_be_used_is_blamed_on_the_option_that_gave_it() {
    let site = Site::plain();
    site.run(["build", "--base-url", "hej"])
        .exits(2)
        .says("invalid value 'hej' for '--base-url <URL>'")
        .says("write it with `https://` first");
    site.run(["build", "--base-url", "https://example.org/a?b"]).exits(2).says("cannot be the address of a site");
    assert!(site.public().is_empty());
}

#[test]
fn shells_and_manuals_know_every_command() {
    let site = Site::empty();
    let help = site.run(["--help"]).stdout;
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let commands: Vec<&str> = commands.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(commands.len() > 8, "{help}");
    let script = site.run(["completions", "bash"]).exits(0).stdout.clone();
    site.run(["manual", "man"]).exits(0);
    for command in commands.into_iter().filter(|command| *command != "help") {
        assert!(script.contains(command), "{command}");
        let page = std::fs::read_to_string(site.path(&format!("man/anslag-{command}.1"))).expect("it has a page");
        assert!(page.contains(".SH NAME"), "{command}");
    }
}
