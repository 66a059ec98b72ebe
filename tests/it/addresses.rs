//! Addresses are for ever: what was published once stays a page, leads to one, or is said to be gone; else nothing is published.

use std::fs;
use std::process::Command;

use crate::site::{Run, Site, repository};

const LOCK: &str = "addresses.lock";
const POST: &str =
    "---\ntitle: Ett inlägg\ndate: 2026-11-01\nauthor: anna-berg\nsummary: Kort sagt.\n---\nDen första texten.\n";
const OLD: &str = "content/blog/gammalt.md";
const NEW: &str = "content/blog/nytt.md";

/// A site with one post that was published.
fn site() -> Site {
    let site = Site::plain().file(OLD, POST);
    site.build().well();
    site
}

fn lock(site: &Site) -> String {
    fs::read_to_string(site.path(LOCK)).expect("the file is there")
}

/// The line of an address.
#[track_caller]
fn line(site: &Site, address: &str) -> String {
    let lock = lock(site);
    let found = lock.lines().find(|line| line.split(' ').next() == Some(address));
    found.unwrap_or_else(|| panic!("`{address}` is in\n{lock}")).to_owned()
}

#[track_caller]
fn knows_nothing_of(site: &Site, address: &str) {
    let lock = lock(site);
    assert!(!lock.lines().any(|line| line.split(' ').next() == Some(address)), "`{address}` is not in\n{lock}");
}

fn rename(site: &Site, from: &str, to: &str) {
    fs::rename(site.path(from), site.path(to)).expect("what is renamed is there");
}

fn address(site: &Site, arguments: &[&str]) -> Run {
    site.run([&["address"], arguments].concat())
}

/// Whether the site was not even read.
fn is_known(site: &Site) -> bool {
    !site.run(["build", "-v"]).exits(0).stderr.contains("understand")
}

#[test]
fn a_build_writes_down_what_is_new_and_the_next_has_nothing_to_do() {
    let site = Site::plain()
        .file(OLD, POST.replace("summary:", "tags: [barn]\nsummary:"))
        .file("content/blog/blad.pdf.txt", "x");
    site.check().well();
    assert!(!site.path(LOCK).exists(), "a check writes nothing");
    site.build().well();
    let lines = lock(&site);
    assert!(lines.starts_with("# anslag addresses 1\n"), "{lines}");
    let addresses: Vec<&str> = lines.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(addresses.is_sorted(), "{lines}");
    for expected in [
        "/ 2026-11-21 list site.yaml",
        "/amnen/barn/ 2026-11-21 tag site.yaml",
        "/blogg/blad.pdf.txt 2026-11-21 file content/blog/blad.pdf.txt",
        "/blogg/gammalt/ 2026-11-21 post content/blog/gammalt.md",
        "/blogg/skribenter/anna-berg/ 2026-11-21 author site.yaml",
        "/feed.xml 2026-11-21 feed site.yaml",
        "/konferenser/kalender.ics 2026-11-21 calendar site.yaml",
        "/personer/anna-berg/ 2026-11-21 person content/people/anna-berg.md",
    ] {
        assert!(addresses.contains(&expected), "`{expected}` is in\n{lines}");
    }
    for unkept in ["/404.html", "/sitemap.xml", "/robots.txt", "/_headers"] {
        knows_nothing_of(&site, unkept);
    }
    assert!(!lines.contains("/assets/"), "{lines}");
    let public = site.public();
    assert!(is_known(&site));
    assert_eq!((lock(&site), site.public()), (lines, public));
    site.run(["build", "--audit"]).exits(0).says("0 files written");
}

#[test]
fn a_renamed_document_is_missed_until_it_says_what_it_was_called() {
    let site = site();
    rename(&site, OLD, NEW);
    let before = site.public();
    let run = site.build();
    run.exits(1).finds_codes(&["lost-address"]).finds(
        "lost-address",
        LOCK,
        "it was a post, from content/blog/gammalt.md",
    );
    run.finds(
        "lost-address",
        LOCK,
        "if content/blog/nytt.md has taken its place, write there: `aliases: [/blogg/gammalt/]`",
    );
    run.finds("lost-address", LOCK, "`anslag address gone /blogg/gammalt/ --reason");
    assert_eq!(site.public(), before, "nothing is published");
    let lines = lock(&site);
    let finding = &run.findings()[0];
    let number = lines.lines().position(|line| line.starts_with("/blogg/gammalt/ ")).expect("it is known") + 1;
    assert_eq!((finding.line, finding.column), (Some(number), Some(1)));
    site.check().exits(1).finds_codes(&["lost-address"]);
    site.edit(NEW, |text| text.replace("summary:", "aliases: [/blogg/gammalt/]\nsummary:"));
    let run = site.build();
    run.well()
        .page("/blogg/gammalt/")
        .has("url=/blogg/nytt/")
        .has("rel=\"canonical\" href=\"https://test.example.org/blogg/nytt/\"");
    assert_eq!(line(&site, "/blogg/gammalt/"), "/blogg/gammalt/ 2026-11-21 alias content/blog/nytt.md");
    site.edit(NEW, |text| text.replace("aliases: [/blogg/gammalt/]\n", ""));
    site.build().exits(1).finds("lost-address", LOCK, "it led to content/blog/nytt.md");
}

#[test]
fn an_address_can_be_led_elsewhere_or_declared_gone_on_the_command_line() {
    let site = site();
    site.write("content/blog/annat.md", POST);
    rename(&site, OLD, NEW);
    address(&site, &["redirect", "/blogg/gammalt/", "/blogg/nytt/"])
        .exits(0)
        .prints("/blogg/gammalt/ 2026-11-21 -> /blogg/nytt/\n");
    let run = site.build();
    run.well()
        .page("/blogg/gammalt/")
        .has("<meta name=\"robots\" content=\"noindex\">")
        .has("<a href=\"/blogg/nytt/\">Ett inlägg</a>");
    assert!(run.page("/_redirects").html.contains("/blogg/gammalt/ /blogg/nytt/ 301\n"));
    assert!(is_known(&site));
    site.remove(NEW);
    site.build().exits(1).finds("bad-redirect", LOCK, "`/blogg/nytt/`, which is not in the site");
    for old in ["https://test.example.org/blogg/nytt/", "blogg/gammalt"] {
        address(&site, &["gone", old, "--reason", "Texten var fel."])
            .exits(0)
            .prints(" gone 2026-11-21 Texten var fel.\n");
    }
    let run = site.build();
    let page = run.well().page("/blogg/gammalt/");
    page.says("Texten var fel.").says("Den togs bort 21 november 2026.");
    run.page("/sitemap.xml").lacks("gammalt");
    address(&site, &["list", "gone"]).exits(0).prints("/blogg/gammalt/ 2026-11-21 gone 2026-11-21 Texten var fel.\n");
    address(&site, &["list", "--format", "json"]).exits(0).prints("\"reason\": \"Texten var fel.\"");
    // Somebody writes it once more: the page has its address again, and that is written down.
    site.write(OLD, POST);
    site.build().well().page("/blogg/gammalt/").says("Den första texten");
    assert_eq!(line(&site, "/blogg/gammalt/"), "/blogg/gammalt/ 2026-11-21 post content/blog/gammalt.md");
}

#[test]
fn search_engines_are_kept_from_what_is_gone() {
    let site = Site::new().file(OLD, POST).file(NEW, POST);
    site.build().well();
    site.remove(OLD);
    address(&site, &["gone", "/blogg/gammalt/", "--reason", "Texten var fel."]).exits(0);
    let run = site.build();
    run.well().page("/blogg/gammalt/").says("Texten var fel.").has("<meta name=\"robots\" content=\"noindex");
    for list in ["/sitemap.xml", "/feed.xml", "/blogg/", "/"] {
        run.page(list).lacks("gammalt");
    }
    assert!(
        !run.public
            .iter()
            .any(|(path, bytes)| path.starts_with("sok/") && String::from_utf8_lossy(bytes).contains("gammalt"))
    );
}

#[test]
fn no_link_of_the_site_leads_to_what_is_gone() {
    let site =
        site().file("content/blog/annat.md", POST.replace("Den första", "[Läs texten](/blogg/gammalt/). Den första"));
    site.build().well();
    site.remove(OLD);
    address(&site, &["gone", "/blogg/gammalt/", "--reason", "Borta."]).exits(0);
    let run = site.build();
    run.exits(1).finds_codes(&["missing-target"]).finds("missing-target", "content/blog/annat.md", "it is gone");
    assert_eq!(site.check().findings().len(), run.findings().len());
    site.edit("content/blog/annat.md", |text| text.replace("[Läs texten](/blogg/gammalt/). ", ""));
    site.build().well();
}

#[test]
fn what_cannot_be_said_of_an_address_is_refused() {
    let site = site().file("content/blog/tredje.md", POST);
    site.build().well();
    rename(&site, OLD, NEW);
    let before = lock(&site);
    let refused = |arguments: &[&str], words: &str| {
        address(&site, arguments).exits(2).says(words);
        assert_eq!(lock(&site), before, "{arguments:?}");
    };
    refused(
        &["redirect", "/blogg/gammalt/", "/blogg/nyt/"],
        "there is no `/blogg/nyt/` in the site; did you mean `/blogg/nytt/`?",
    );
    refused(&["redirect", "/blogg/gammal/", "/blogg/nytt/"], "did you mean `/blogg/gammalt/`?");
    refused(&["redirect", "/blogg/tredje/", "/blogg/nytt/"], "is in the site: a post, from content/blog/tredje.md");
    refused(&["redirect", "/blogg/gammalt/", "/blogg/gammalt/"], "would lead in a circle");
    refused(&["gone", "/blogg/gammalt/", "--reason", " "], "`--reason` is a sentence");
    refused(&["redirect", "/blogg/gammalt/", "/blogg/borta/", "--all"], "nothing that was under `/blogg/gammalt/`");
}

#[test]
fn redirects_in_a_row_are_one_and_a_circle_is_refused() {
    let site =
        Site::plain().file("content/blog/a.md", POST).file("content/blog/b.md", POST).file("content/blog/c.md", POST);
    site.build().well();
    site.remove("content/blog/a.md");
    address(&site, &["redirect", "/blogg/a/", "/blogg/b/"]).exits(0);
    site.build().well();
    site.remove("content/blog/b.md");
    address(&site, &["redirect", "/blogg/b/", "/blogg/a/"]).exits(2).says("would lead in a circle");
    address(&site, &["redirect", "/blogg/b/", "/blogg/c/"]).exits(0);
    let run = site.build();
    run.well().page("/blogg/a/").has("url=/blogg/c/");
    run.page("/_redirects").has("/blogg/a/ /blogg/c/ 301\n/blogg/b/ /blogg/c/ 301\n");
    site.edit(LOCK, |text| text.replace("/blogg/b/ 2026-11-21 -> /blogg/c/", "/blogg/b/ 2026-11-21 -> /blogg/a/"));
    site.build().exits(1).finds("bad-redirect", LOCK, "leads in a circle");
}

#[test]
fn a_section_with_a_new_address_is_told_once_and_settled_at_once() {
    let site = Site::plain().settings("sections:\n  blog: {address: /blogg/}\n");
    for nth in 1..=20 {
        site.write(&format!("content/blog/nr-{nth}.md"), POST);
    }
    site.write("content/blog/blad.txt", "Ett blad");
    site.build().well();
    site.edit("site.yaml", |text| text.replace("/blogg/", "/nyheter/"));
    let run = site.build();
    run.exits(1).finds("lost-address", LOCK, "what was there is now under `/nyheter/`");
    run.finds("lost-address", LOCK, "`anslag address redirect /blogg/ /nyheter/ --all` leads each to its new address");
    assert_eq!(run.findings().len(), 1, "{:#?}", run.findings());
    address(&site, &["redirect", "/blogg/", "/nyheter/", "--all"])
        .exits(0)
        .prints("/blogg/nr-20/ 2026-11-21 -> /nyheter/nr-20/");
    let run = site.build();
    run.well().page("/blogg/nr-7/").has("url=/nyheter/nr-7/");
    run.page("/blogg/").has("url=/nyheter/");
    // A feed and a file cannot say that they have moved: what is there now is there too.
    assert_eq!(run.public["blogg/feed.xml"], run.public["nyheter/feed.xml"]);
    assert_eq!(run.public["blogg/blad.txt"], b"Ett blad");
    run.page("/_redirects")
        .has("/blogg/feed.xml /nyheter/feed.xml 301\n")
        .has("/blogg/blad.txt /nyheter/blad.txt 301\n");
    assert!(is_known(&site));
}

#[test]
fn renamed_tags_and_persons_keep_their_addresses_too() {
    let tagged = POST.replace("summary:", "tags: [barnrätt]\nsummary:");
    let site =
        Site::plain().file(OLD, &tagged).file("content/people/bo-ek.md", "---\ntitle: Bo Ek\norganisation: skr\n---\n");
    site.edit(OLD, |text| text.replace("anna-berg", "bo-ek"));
    site.build().well();
    site.edit(OLD, |text| text.replace("barnrätt", "barnrätter").replace("bo-ek", "bo-eks"));
    rename(&site, "content/people/bo-ek.md", "content/people/bo-eks.md");
    let run = site.build();
    run.exits(1);
    for (old, new) in [
        ("/amnen/barnratt/", "`anslag address redirect /amnen/barnratt/ /amnen/barnratter/`"),
        (
            "/personer/bo-ek/",
            "if content/people/bo-eks.md has taken its place, write there: `aliases: [/personer/bo-ek/]`",
        ),
        ("/blogg/skribenter/bo-ek/", "`anslag address redirect /blogg/skribenter/bo-ek/ /blogg/skribenter/bo-eks/`"),
    ] {
        run.finds("lost-address", LOCK, &format!("`{old}` is no longer in the site"));
        run.finds("lost-address", LOCK, new);
    }
    site.edit("content/people/bo-eks.md", |text| {
        text.replace("organisation:", "aliases: [/personer/bo-ek/]\norganisation:")
    });
    address(&site, &["redirect", "/amnen/barnratt/", "/amnen/barnratter/", "--all"]).exits(0);
    address(&site, &["redirect", "/blogg/skribenter/bo-ek/", "/blogg/skribenter/bo-eks/", "--all"]).exits(0);
    site.build().well().page("/amnen/barnratt/").has("url=/amnen/barnratter/");
}

#[test]
fn what_lay_under_the_address_of_a_page_goes_with_it() {
    let event = "---\ntitle: En dag\ndate: 2026-11-01\nstart: 2026-12-03T09:30\nend: 2026-12-03T16:00\nplace: {city: Lund}\ncontact: anna-berg\nsummary: Vi ses.\nid: dag\n---\nVälkommen.\n";
    let site = Site::plain().file("content/events/dag/index.md", event).file("content/events/dag/blad.txt", "Ett blad");
    site.build().well();
    rename(&site, "content/events/dag", "content/events/dagen");
    let run = site.build();
    run.exits(1).finds_codes(&["lost-address"]).finds("lost-address", LOCK, "with 2 addresses under it");
    site.edit("content/events/dagen/index.md", |text| text.replace("id:", "aliases: [/konferenser/dag/]\nid:"));
    let run = site.build();
    run.well();
    assert_eq!(run.public["konferenser/dag/blad.txt"], b"Ett blad");
    assert_eq!(run.public["konferenser/dag/kalender.ics"], run.public["konferenser/dagen/kalender.ics"]);
    run.page("/_redirects").has("/konferenser/dag/kalender.ics /konferenser/dagen/kalender.ics 301\n");
    assert!(is_known(&site));
    site.run(["build", "--audit"]).exits(0).says("0 files written");
    site.remove("content/events/dagen");
    for old in ["/konferenser/dag/", "/konferenser/dagen/"] {
        address(&site, &["gone", old, "--reason", "Dagen blev aldrig av."]).exits(0);
    }
    site.build().well().has_no("/konferenser/dag/kalender.ics").has_no("/konferenser/dagen/blad.txt");
}

#[test]
fn a_feed_that_is_switched_off_and_a_file_that_is_taken_away_are_missed() {
    let site = Site::plain().file("content/blog/rapport.pdf.txt", "En rapport").file(OLD, POST);
    site.build().well();
    site.remove("content/blog/rapport.pdf.txt");
    site.edit("site.yaml", |text| text + "sections: {blog: {feed: false}}\n");
    let run = site.build();
    run.exits(1).finds("lost-address", LOCK, "`anslag address redirect /blogg/feed.xml /feed.xml`");
    run.finds("lost-address", LOCK, "it was a file, from content/blog/rapport.pdf.txt");
    address(&site, &["redirect", "/blogg/feed.xml", "/feed.xml"]).exits(0);
    address(&site, &["redirect", "/blogg/feed.json", "/feed.json"]).exits(0);
    address(&site, &["gone", "/blogg/rapport.pdf.txt", "--reason", "Rapporten har dragits tillbaka."]).exits(0);
    let run = site.build();
    run.well().has_no("/blogg/rapport.pdf.txt");
    assert_eq!(run.public["blogg/feed.xml"], run.public["feed.xml"]);
}

#[test]
fn a_redirect_that_no_host_is_told_of_is_a_warning() {
    let site = Site::plain().settings("hosting: [meta]\n").file("content/blog/blad.txt", "Ett blad").file(OLD, POST);
    site.edit("themes/plain/templates/base.html", |html| {
        html.replace("<meta charset=\"utf-8\">", "<meta charset=\"utf-8\">{% if site.policy %}<meta http-equiv=\"Content-Security-Policy\" content=\"{{ site.policy }}\">{% endif %}")
    });
    site.build().exits(0);
    site.remove("content/blog/blad.txt");
    address(&site, &["redirect", "/blogg/blad.txt", "/blogg/gammalt/"]).exits(0);
    site.build().exits(0).finds(
        "unheard-redirect",
        LOCK,
        "no host is told that `/blogg/blad.txt` leads to `/blogg/gammalt/`",
    );
    // Its line is another one by what the build itself has written, and the next build says so.
    site.write("content/blog/annat.md", POST);
    site.build().exits(0);
    let lock = fs::read_to_string(site.path(LOCK)).expect("it is there");
    let line = lock.lines().position(|line| line.starts_with("/blogg/blad.txt")).expect("it is there") + 1;
    site.run(["build"]).exits(0).says(&format!("--> addresses.lock:{line}:"));
}

#[test]
fn a_draft_of_a_published_post_loses_its_address() {
    let site = site();
    site.edit(OLD, |text| text.replace("summary:", "draft: true\nsummary:"));
    site.build().exits(1).finds(
        "lost-address",
        LOCK,
        "content/blog/gammalt.md is a draft: take its `draft: true` away",
    );
    site.edit(OLD, |text| text.replace("draft: true", "expires: 2026-11-02"));
    site.build().exits(0).page("/blogg/gammalt/");
    site.edit(OLD, |text| text.replace("date: 2026-11-01", "date: 2026-12-24").replace("expires: 2026-11-02\n", ""));
    site.build().exits(1).finds("lost-address", LOCK, "the day of content/blog/gammalt.md has not come");
}

#[test]
fn what_is_published_by_the_clock_is_known_before() {
    let later = POST.replace("2026-11-01", "2026-12-01T09:30").replace("summary:", "tags: [advent]\nsummary:");
    let site = site().file("content/blog/advent/index.md", &later).file("content/blog/advent/blad.txt", "Ett blad");
    site.build().well().has_no("/blogg/advent/");
    let at = "2026-12-01T09:30:00+01:00";
    assert_eq!(line(&site, "/blogg/advent/"), format!("/blogg/advent/ {at} post content/blog/advent/index.md"));
    assert_eq!(
        line(&site, "/blogg/advent/blad.txt"),
        format!("/blogg/advent/blad.txt {at} file content/blog/advent/blad.txt")
    );
    assert_eq!(line(&site, "/amnen/advent/"), format!("/amnen/advent/ {at} tag site.yaml"));
    assert!(is_known(&site));
    // Withdrawn in time: nobody has seen it.
    let lines = lock(&site);
    site.edit("content/blog/advent/index.md", |text| text.replace("summary:", "draft: true\nsummary:"));
    site.build().well();
    knows_nothing_of(&site, "/blogg/advent/");
    knows_nothing_of(&site, "/amnen/advent/");
    // Withdrawn too late: what the clock has published since is missed, though nobody made a commit then.
    site.write("content/blog/advent/index.md", &later);
    site.build().well();
    assert_eq!(lock(&site), lines);
    let site = site.at("2026-12-01T09:29:59+01:00");
    assert!(is_known(&site));
    let site = site.at("2026-12-01T09:30:00+01:00");
    site.build().well().page("/blogg/advent/");
    assert_eq!(lock(&site), lines, "it was known");
    site.remove("content/blog/advent");
    site.build().exits(1).finds("lost-address", LOCK, "`/blogg/advent/` is no longer in the site");
}

#[test]
fn a_look_back_in_time_forgets_nothing() {
    let site = site().file("content/events/dag.md", "---\ntitle: En dag\ndate: 2026-11-20\nstart: 2026-12-03T09:30\nplace: {city: Lund}\ncontact: anna-berg\nsummary: Vi ses.\n---\nVälkommen.\n");
    let site = site.at("2027-02-01T12:00:00+01:00");
    site.build().exits(0);
    let known = |site: &Site| -> Vec<(String, String)> {
        let lines = lock(site);
        let words = lines.lines().filter(|line| line.starts_with('/')).map(|line| line.split(' '));
        words.filter_map(|mut words| Some((words.next()?.to_owned(), words.next()?.to_owned()))).collect()
    };
    let before = known(&site);
    let site = site.at("2026-10-01T12:00:00+02:00");
    site.build().exits(0);
    let after = known(&site);
    assert_eq!(before.len(), after.len());
    for ((address, since), (same, then)) in before.iter().zip(&after) {
        assert!(address == same && then <= since, "{address} {since} has become {same} {then}");
    }
    let site = site.at("2027-02-01T12:00:00+01:00");
    site.build().exits(0);
    assert_eq!(known(&site), after);
}

#[test]
fn a_preview_writes_nothing_and_misses_what_is_lost() {
    let site = site();
    let before = lock(&site);
    site.write("content/blog/nyare.md", POST);
    site.run(["build", "--drafts", "--output", "utkast"]).exits(0);
    site.run(["build", "--base-url", "https://prov.example.org/"]).exits(0);
    assert_eq!(lock(&site), before);
    site.run(["build", "--base-url", "https://test.example.org/", "--output", "annat"]).exits(0);
    assert_eq!(line(&site, "/blogg/nyare/"), "/blogg/nyare/ 2026-11-21 post content/blog/nyare.md");
    site.remove("content/blog/nyare.md");
    site.run(["check", "--base-url", "https://prov.example.org/"]).exits(1).says("lost-address");
}

#[test]
fn with_locked_the_file_must_know_every_document_and_is_left_as_it_is() {
    let site = site();
    site.run(["build", "--locked"]).exits(0);
    site.write("content/blog/nyare.md", POST);
    let before = lock(&site);
    for command in ["build", "check"] {
        site.run([command, "--locked"])
            .exits(1)
            .says("unlisted-address")
            .says("`/blogg/nyare/`")
            .says("run `anslag build`");
    }
    assert_eq!(lock(&site), before);
    site.build().well();
    site.run(["check", "--locked"]).exits(0);
    // What is published by the clock must be known too, and what was withdrawn in time must be forgotten.
    site.write("content/blog/senare.md", POST.replace("2026-11-01", "2026-12-01"));
    site.run(["check", "--locked"]).exits(1).says("`/blogg/senare/`");
    site.build().well();
    site.remove("content/blog/senare.md");
    site.run(["check", "--locked"]).exits(1).says("`/blogg/senare/`");
    site.check().well();
}

#[test]
fn a_merge_that_was_not_finished_is_told_with_its_place() {
    let site = site();
    let ours = "/blogg/x/ 2026-11-21 post content/blog/x.md";
    let number = lock(&site).lines().count();
    site.edit(LOCK, |text| format!("{text}<<<<<<< HEAD\n{ours}\n=======\n{ours}\n>>>>>>> annan\n"));
    let run = site.check();
    let markers: Vec<_> = run.findings().into_iter().filter(|finding| finding.code == "damaged-addresses").collect();
    let places: Vec<_> = markers.iter().map(|finding| finding.line.map(|line| line - number)).collect();
    assert_eq!(places, [Some(1), Some(3), Some(5)], "{markers:#?}");
    assert_eq!(markers[0].column, Some(1));
    site.build().exits(1);
    address(&site, &["gone", "/blogg/x/", "--reason", "Borta."]).exits(1).says("a merge was not finished here");
    site.edit(LOCK, |text| {
        text.lines().filter(|line| line.starts_with(['/', '#'])).map(|line| format!("{line}\n")).collect()
    });
    site.build().exits(1).finds_codes(&["lost-address"]);
}

#[test]
fn a_document_and_the_file_may_not_disagree() {
    let site = site().file("content/blog/annat.md", POST);
    site.build().well();
    rename(&site, OLD, NEW);
    address(&site, &["redirect", "/blogg/gammalt/", "/blogg/annat/"]).exits(0);
    site.edit(NEW, |text| text.replace("summary:", "aliases: [/blogg/gammalt/]\nsummary:"));
    site.build().exits(1).finds("two-ways", LOCK, "said to lead elsewhere");
    site.edit(LOCK, |text| text.replace("-> /blogg/annat/", "-> /blogg/nytt/"));
    site.build().well().page("/blogg/gammalt/").has("url=/blogg/nytt/");
    site.edit(LOCK, |text| text.replace("-> /blogg/nytt/", "gone 2026-11-21 Borta."));
    site.build().exits(1).finds("two-ways", LOCK, "said to be gone");
}

#[test]
fn headings_are_for_ever_where_the_site_says_so() {
    let site = site().settings("addresses: {headings: true}\n");
    site.edit(OLD, |text| text.replace("Den första", "## Program\n\nDen första"));
    site.build().well();
    assert_eq!(
        line(&site, "/blogg/gammalt/#program"),
        "/blogg/gammalt/#program 2026-11-21 heading content/blog/gammalt.md"
    );
    site.edit(OLD, |text| text.replace("## Program", "## Schema"));
    site.build().exits(1).finds_codes(&["lost-address"]).finds("lost-address", LOCK, "give the heading its id back");
    address(&site, &["redirect", "/blogg/gammalt/#program", "/blogg/"]).exits(2).says("no server is told of headings");
    site.edit(OLD, |text| text.replace("## Schema", "## Schema {#program}"));
    site.build().well();
    site.edit(OLD, |text| text.replace(" {#program}", ""));
    address(&site, &["gone", "/blogg/gammalt/#program", "--reason", "Programmet är struket."]).exits(0);
    site.build().well();
    assert!(line(&site, "/blogg/gammalt/#schema").contains(" heading "));
}

#[test]
fn a_redirect_may_lead_to_a_heading_that_is_there() {
    let site = site().file(NEW, POST.replace("Den första", "## Program\n\nDen första"));
    site.build().well();
    site.remove(OLD);
    address(&site, &["redirect", "/blogg/gammalt/", "/blogg/nytt/#program"]).exits(0);
    site.build().well().page("/blogg/gammalt/").has("url=/blogg/nytt/#program");
    site.edit(NEW, |text| text.replace("Program", "Schema"));
    site.build().exits(1).finds("missing-anchor", LOCK, "`program`");
}

#[test]
fn pages_of_a_list_settle_themselves() {
    let site = Site::plain().settings("sections: {blog: {per_page: 2}}\n");
    for nth in 1..=5 {
        site.write(&format!("content/blog/nr-{nth}.md"), POST);
    }
    site.build().well().page("/blogg/sida/3/");
    assert!(!lock(&site).contains("/sida/"));
    site.edit("site.yaml", |text| text.replace("per_page: 2", "per_page: 3"));
    site.build().well().has_no("/blogg/sida/3/");
}

/// All that hosts are told agrees with what the pages say, also under a path and with signs of every sort.
#[test]
fn what_hosts_are_told_agrees_with_the_pages() {
    let site = Site::plain().settings("hosting: [headers, apache, nginx, caddy]\n");
    site.edit("site.yaml", |text| text.replace("https://test.example.org/", "https://test.example.org/mr/"));
    for name in ["a", "b", "c"] {
        site.write(&format!("content/blog/{name}.md"), POST);
    }
    site.write("content/blog/blad å.txt", "Ett blad");
    site.build().well();
    for name in ["a", "b"] {
        site.remove(&format!("content/blog/{name}.md"));
    }
    site.remove("content/blog/blad å.txt");
    address(&site, &["redirect", "/blogg/a/", "/blogg/c/"]).exits(0);
    address(&site, &["gone", "/blogg/b/", "--reason", "Borta."]).exits(0);
    address(&site, &["redirect", "/blogg/blad å.txt", "/blogg/c/"]).exits(0);
    let run = site.build();
    run.well().page("/blogg/a/").has("url=/mr/blogg/c/");
    run.page("/blogg/b/").says("Borta.");
    run.page("/_redirects")
        .has("/mr/blogg/a/ /mr/blogg/c/ 301\n")
        .has("/mr/blogg/blad%20%C3%A5.txt /mr/blogg/c/ 301\n");
    let nginx = run.page("/nginx.conf");
    nginx.has("location = \"/mr/blogg/a/\" {\n    return 301 \"/mr/blogg/c/\";\n}\n");
    nginx.has("location = \"/mr/blogg/blad å.txt\" {\n    return 301 \"/mr/blogg/c/\";\n}\n");
    nginx.has("location = \"/mr/blogg/b/\" {\n    error_page 410 \"/mr/blogg/b/index.html\";\n    return 410;\n}\n");
    let apache = run.page("/.htaccess");
    apache.has("RedirectMatch 301 \"^/mr/blogg/a/$\" \"/mr/blogg/c/\"\n").has("RedirectMatch 410 \"^/mr/blogg/b/$\"\n");
    apache.has("    ErrorDocument 410 /mr/blogg/b/index.html\n");
    run.page("/Caddyfile").has("redir \"/mr/blogg/a/\" \"/mr/blogg/c/\" 301\n").has("error \"/mr/blogg/b/\" 410\n");
    assert_eq!(run.page("/_redirects").html.lines().count(), 2);
}

#[test]
fn why_tells_what_the_file_says() {
    let site = site();
    rename(&site, OLD, NEW);
    site.run(["why", "/blogg/gammalt/"]).exits(1).prints("was a post, from content/blog/gammalt.md, since 2026-11-21");
    address(&site, &["redirect", "/blogg/gammalt/", "/blogg/nytt/"]).exits(0);
    site.run(["why", "/blogg/gammalt/"]).exits(0).prints("leads to /blogg/nytt/");
    address(&site, &["gone", "/blogg/gammalt/", "--reason", "Den var fel."]).exits(0);
    site.run(["why", "/blogg/gammalt/"]).exits(0).prints("gone since 2026-11-21: Den var fel.");
}

#[test]
fn the_site_of_this_repository_knows_its_addresses() {
    let site = Site::copy_of(repository());
    site.run(["check", "--locked"]).exits(0);
    let git = Command::new("git").args(["check-attr", "merge", LOCK]).current_dir(repository()).output();
    if let Ok(output) = git.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()) {
        assert!(output.is_empty() || output.contains("union"), "{output}");
    }
}
