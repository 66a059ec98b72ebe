//! What readers will see changed, for the comment under a proposed change.

use serde_json::{Value, json};

use crate::site::{Run, Site, program};

const POST: &str = "---\ntitle: Inlägg\ndate: 2026-01-02\n---\nText.\n";
const EVENT: &str = "\
---
title: MR-dagen
date: 2026-01-03
start: 2027-03-04
place: {city: Malmö}
---
Välkommen.
";

/// A site, and a report of it.
fn seen() -> Site {
    let site = Site::new()
        .file("content/blog/inlagg.md", POST)
        .file("content/blog/annat.md", POST.replace("Inlägg", "Annat"))
        .file("content/events/mr-dagen.md", EVENT);
    site.build().exits(0);
    site.run(["diff", "--save", "fore.json"]).exits(0);
    site
}

fn compared(site: &Site) -> Run {
    site.run(["diff", "fore.json"])
}

#[test]
fn a_site_that_is_as_it_was_shows_no_change() {
    let site = seen();
    compared(&site).exits(0).prints("Readers will see no change.\n");
    // Without a time it is that of the report, whatever the clock says.
    let mut command = program();
    command.args(["diff", "fore.json"]).current_dir(site.path(""));
    site.finish(command).exits(0).prints("Readers will see no change.\n");
    let later = site.at("2027-05-01T12:00:00+02:00");
    compared(&later).exits(0).prints("MR-dagen");
}

#[test]
fn pages_that_are_new_changed_and_gone_are_told_apart() {
    let site = seen();
    site.edit("content/blog/inlagg.md", |text| text.replace("title: Inlägg", "title: Inlägg *två*"));
    site.run(["event", "cancel", "mr-dagen", "--reason", "För få kunde."]).exits(0);
    site.write("content/blog/nytt.md", POST.replace("Inlägg", "Nytt"));
    site.remove("content/blog/annat.md");
    let run = compared(&site);
    run.exits(0)
        .prints("### New pages (1)\n\n- [Nytt](https://test.example.org/blogg/nytt/)\n")
        .prints(r"- [Inlägg \*två\*](https://test.example.org/blogg/inlagg/): title “Inlägg” → “Inlägg \*två\*”")
        .prints("### Gone (1)\n\n- [Annat](https://test.example.org/blogg/annat/): nothing is there\n")
        .prints("- [MR-dagen](https://test.example.org/konferenser/mr-dagen/): state nothing → “Inställt”\n")
        .prints("`/blogg/feed.xml` is changed");
}

#[test]
fn a_page_that_leads_elsewhere_is_no_longer_there() {
    let site = seen();
    site.remove("content/blog/annat.md");
    site.write(
        "content/blog/ny.md",
        POST.replace("Inlägg", "Annat").replace("---\nText", "aliases: [/blogg/annat/]\n---\nText"),
    );
    compared(&site)
        .exits(0)
        .prints("- [Annat](https://test.example.org/blogg/annat/): leads to `/blogg/ny/`")
        .prints("- [Annat](https://test.example.org/blogg/ny/)\n");
}

#[test]
fn a_text_is_told_from_what_stands_around_it() {
    let site = seen();
    site.edit("content/blog/inlagg.md", |text| text.replace("Text.", "En annan text."));
    let run = site.run(["diff", "fore.json", "--format", "json"]);
    let changes: Value = serde_json::from_str(&run.exits(0).stdout).expect("it answers in JSON");
    let wanted = json!({"address": "/blogg/inlagg/", "title": "Inlägg", "what": ["text"]});
    assert!(changes["changed"].as_array().is_some_and(|list| list.contains(&wanted)), "{changes:#}");
    assert_eq!(changes["around"].as_array().map(Vec::len), Some(0), "{changes:#}");
    site.edit("site.yaml", |text| text.replace("email: test@", "email: annan@"));
    let run = site.run(["diff", "fore.json", "--format", "json"]);
    let changes: Value = serde_json::from_str(&run.exits(0).stdout).expect("it answers in JSON");
    let around = changes["around"].as_array().expect("a list");
    assert!(around.contains(&Value::from("/blogg/annat/")), "{changes:#}");
}

#[test]
fn what_is_no_report_and_a_site_with_errors_are_said() {
    let site = seen();
    site.write("annat.json", "{}");
    site.run(["diff", "annat.json"]).exits(2).says("is not what `anslag diff --save` writes");
    site.run(["diff"]).exits(2);
    site.run(["diff", "finns-inte.json"]).exits(3).says("cannot read");
    site.edit("content/blog/inlagg.md", |text| text.replace("title", "titel"));
    compared(&site).exits(1).says("unknown-key");
}
