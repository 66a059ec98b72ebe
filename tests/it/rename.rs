//! `anslag rename`: another name, and all that leads to it is settled; every other byte stays.

use std::fs;

use crate::site::{Files, Run, Site, files_in, repository};

const POST: &str = "content/blog/2026/gammalt.md";
const NEW: &str = "content/blog/2026/nytt.md";

/// A post with everything in it that a writer may care for.
const TEXT: &str = "---\r
# Skriven i Lund.\r
title: 'Ett inlägg'   # så länge\r
date: 2026-11-01\r
authors: [anna-berg, \"bo-ek\"]\r
tags:\r
- barn # det första\r
- 'hälsa'\r
summary: \"Kort sagt.\"\r
---\r
Se [kontakt](../../pages/kontakt.md#tider) och [mig](gammalt.md), eller [adressen](/blogg/gammalt/).\r
";

const PAGE: &str = "\
---
title: Kontakt
summary: Så når du oss.
people: [anna-berg, bo-ek]
related:
  - ../blog/2026/gammalt.md   # läs det här
---

## Tider

Läs [inlägget](../blog/2026/gammalt.md#kort \"Ett inlägg\"), [en gång till][inlägg] och <a href='../blog/2026/gammalt.md'>i ett ord</a>.
Det har adressen [gammalt](</blogg/gammalt/>), och `../blog/2026/gammalt.md` är bara kod.

[inlägg]: <../blog/2026/gammalt.md> 'Ett inlägg'
";

const BO: &str = "---\ntitle: Bo Ek\nemail: bo.ek@example.org\n---\nBo skriver också.\n";

fn site() -> Site {
    let site = Site::plain()
        .file(POST, TEXT.to_owned() + "\r\n## Kort\r\n\r\nText.\r\n")
        .file("content/pages/kontakt.md", PAGE)
        .file("content/people/bo-ek.md", BO)
        .file("content/blog/andra.md", "---\ntitle: Det andra\ndate: 2026-11-02\nauthor: anna-berg\ntags: [barn, styrning]\nsummary: Kort.\n---\nText.\n")
        .settings("menus:\n  main:\n    - {title: Inlägget, to: content/blog/2026/gammalt.md}\n    - {title: Barn, to: /amnen/barn/}\ntags:\n  barn: # de yngsta\n    title: Barnen\n");
    site.build().well();
    site
}

fn text(site: &Site, path: &str) -> String {
    fs::read_to_string(site.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn rename(site: &Site, arguments: &[&str]) -> Run {
    site.run([&["rename"], arguments].concat())
}

/// All that writers have written.
fn sources(site: &Site) -> Files {
    let mut files = files_in(&site.path("content"));
    for path in ["site.yaml", "addresses.lock"] {
        files.insert(path.to_owned(), fs::read(site.path(path)).expect("the file is there"));
    }
    files
}

/// Expects that nothing was written.
#[track_caller]
fn refuses(site: &Site, arguments: &[&str], words: &str) {
    let before = sources(site);
    rename(site, arguments).exits(2).says(words);
    assert_eq!(sources(site), before, "a refusal writes nothing");
}

#[test]
fn a_document_takes_all_that_leads_to_it_along() {
    let site = site();
    let (page, settings, post) = (text(&site, "content/pages/kontakt.md"), text(&site, "site.yaml"), text(&site, POST));
    rename(&site, &["gammalt", "nytt"])
        .exits(0)
        .prints("content/blog/2026/gammalt.md → content/blog/2026/nytt.md")
        .prints("content/pages/kontakt.md: 5 references")
        .says("`/blogg/gammalt/` leads to `/blogg/nytt/`");
    assert!(!site.path(POST).exists());
    let of_page =
        page.replace("blog/2026/gammalt.md", "blog/2026/nytt.md").replace("</blogg/gammalt/>", "</blogg/nytt/>");
    let of_page = of_page.replace("`../blog/2026/nytt.md`", "`../blog/2026/gammalt.md`");
    assert_eq!(text(&site, "content/pages/kontakt.md"), of_page, "the words in code are no link");
    assert_eq!(text(&site, "site.yaml"), settings.replace("2026/gammalt.md", "2026/nytt.md"));
    let own = post.replace("[mig](gammalt.md)", "[mig](nytt.md)").replace("(/blogg/gammalt/)", "(/blogg/nytt/)");
    let own =
        own.replace("date: 2026-11-01\r\n", "date: 2026-11-01\r\nid: gammalt\r\naliases:\r\n- /blogg/gammalt/\r\n");
    assert_eq!(text(&site, NEW), own, "comments, quotes and line ends stay");
    let run = site.build();
    run.well();
    run.page("/blogg/gammalt/").has("/blogg/nytt/");
    run.page("/feed.xml").has("post/gammalt").lacks("post/nytt");
}

#[test]
fn a_document_that_goes_to_another_folder_finds_its_own_way() {
    let site = site();
    let before = text(&site, POST);
    rename(&site, &[POST, "content/blog/om/gammalt.md"]).exits(0);
    let after = text(&site, "content/blog/om/gammalt.md");
    assert_eq!(after, before, "as deep as before, and with the address that it had");
    rename(&site, &["content/blog/om/gammalt.md", "content/blog/gammalt.md"])
        .exits(0)
        .prints("content/blog/gammalt.md: 1 reference");
    assert_eq!(text(&site, "content/blog/gammalt.md"), before.replace("../../pages", "../pages"));
    site.build().well();
    assert!(text(&site, "content/pages/kontakt.md").contains("[en gång till][inlägg]"));
}

#[test]
fn a_conference_moves_with_its_folder_its_calendar_and_its_files() {
    let day = "---\ntitle: MR-dagen\ndate: 2026-11-01\nsummary: En dag.\nstart: 2027-04-20\nplace: {city: Lund}\n\
               documentation: [{title: Bilder, file: bilder.txt}]\n---\nSe [bilderna](bilder.txt) och [affischen](./a/affisch.txt).\n";
    let site = site()
        .file("content/events/2027/mr-dagen/index.md", day)
        .file("content/events/2027/mr-dagen/bilder.txt", "Bilder")
        .file("content/events/2027/mr-dagen/a/affisch.txt", "Affisch");
    site.edit(POST, |text| text.replace("title:", "announces: ../../events/2027/mr-dagen/index.md\r\ntitle:"));
    site.edit("content/blog/andra.md", |text| text + "Hämta [bilderna](../events/2027/mr-dagen/bilder.txt) eller [kalendern](/konferenser/mr-dagen/kalender.ics).\n");
    let run = site.build();
    run.well();
    let under = |path: &&String| path.starts_with("konferenser/mr-dagen/");
    let published: Vec<String> = run.public.keys().filter(under).cloned().collect();
    assert!(published.len() > 3, "{published:?}");
    rename(&site, &["/konferenser/mr-dagen/", "content/events/2027/lund/mr-dagen-i-lund"]).exits(0);
    assert!(!site.path("content/events/2027/mr-dagen").exists());
    let own = text(&site, "content/events/2027/lund/mr-dagen-i-lund/index.md");
    assert!(own.ends_with("Se [bilderna](bilder.txt) och [affischen](./a/affisch.txt).\n"), "{own}");
    let other = text(&site, "content/blog/andra.md");
    let links =
        "(../events/2027/lund/mr-dagen-i-lund/bilder.txt) eller [kalendern](/konferenser/mr-dagen-i-lund/kalender.ics)";
    assert!(other.contains(links), "{other}");
    let run = site.build();
    run.well();
    for path in published.iter().filter(|path| !path.ends_with("social.png")) {
        assert!(run.public.contains_key(path), "{path} leads on, or is there once more");
    }
    let calendar = run.page("/konferenser/mr-dagen-i-lund/kalender.ics");
    calendar.has("event/mr-dagen/");
    assert_eq!(run.page("/konferenser/mr-dagen/kalender.ics").html, calendar.html);
}

#[test]
fn a_person_is_renamed_wherever_somebody_names_them() {
    let site = site().settings(
        "waivers: [{code: skipped-heading, path: content/blog/, reason: Snart., owner: bo-ek, until: 2027-01-01}]\n",
    );
    site.edit("content/blog/andra.md", |text| {
        text.replace("author: anna-berg", "author: anna-berg\ncontact: [bo-ek, {name: Växeln, phone: 08-1}]")
    });
    site.build().exits(0);
    rename(&site, &["content/people/bo-ek.md", "bo-ekman"])
        .exits(0)
        .prints("addresses.lock")
        .prints("content/pages/kontakt.md: 1 reference");
    assert!(text(&site, POST).contains("authors: [anna-berg, \"bo-ekman\"]\r\n"));
    assert!(text(&site, "content/blog/andra.md").contains("contact: [bo-ekman, {name: Växeln, phone: 08-1}]"));
    assert!(text(&site, "site.yaml").contains("owner: bo-ekman,"));
    let person = text(&site, "content/people/bo-ekman.md");
    assert!(person.contains("/personer/bo-ek/") && !person.contains("id:"), "{person}");
    let lock = text(&site, "addresses.lock");
    assert!(lock.contains("/blogg/skribenter/bo-ek/ 2026-11-21 -> /blogg/skribenter/bo-ekman/\n"), "{lock}");
    let run = site.build();
    run.exits(0);
    run.page("/personer/bo-ek/").has("/personer/bo-ekman/");
    run.page("/blogg/skribenter/bo-ek/").has("/blogg/skribenter/bo-ekman/");
}

#[test]
fn a_series_takes_its_conferences_along() {
    let event = "---\ntitle: MR-dagen\ndate: 2026-11-01\nsummary: En dag.\nstart: 2027-04-20\nplace: {city: Lund}\nseries: dagar # alla\n---\nText.\n";
    let site = site()
        .file("content/series/dagar.md", "---\ntitle: Dagarna\nsummary: Alla.\n---\nText.\n")
        .file("content/events/mr.md", event)
        .file(
            "content/notices/n.md",
            "---\ntitle: Obs\nfrom: 2026-11-01\nscope: {series: [dagar], tags: [barn]}\n---\nText.\n",
        );
    site.build().well();
    rename(&site, &["dagar", "mr-dagarna"]).exits(0);
    assert_eq!(text(&site, "content/events/mr.md"), event.replace("series: dagar", "series: mr-dagarna"));
    assert!(text(&site, "content/notices/n.md").contains("series: [mr-dagarna]"));
    site.build().well();
    rename(&site, &["--tag", "barn", "unga"]).exits(0);
    assert!(text(&site, "content/notices/n.md").contains("tags: [unga]"));
    site.build().well();
}

#[test]
fn a_tag_is_renamed_everywhere_and_its_list_and_feed_lead_on() {
    let site = site();
    rename(&site, &["--tag", "Barn", "barn och unga"])
        .exits(0)
        .prints("site.yaml: 2 references")
        .prints("addresses.lock");
    assert!(text(&site, POST).contains("- barn och unga # det första\r\n- 'hälsa'\r\n"));
    assert!(text(&site, "content/blog/andra.md").contains("tags: [barn och unga, styrning]"));
    let settings = text(&site, "site.yaml");
    assert!(
        settings.contains("  barn och unga: # de yngsta\n    title: Barnen\n")
            && settings.contains("to: /amnen/barn-och-unga/"),
        "{settings}"
    );
    let run = site.build();
    run.well();
    run.page("/amnen/barn/").has("/amnen/barn-och-unga/");
    // Another spelling is the same address.
    rename(&site, &["--tag", "barn och unga", "Barn och unga"]).exits(0);
    site.build().well();
    assert!(text(&site, "content/blog/andra.md").contains("tags: [Barn och unga, styrning]"));
}

#[test]
fn back_again_nothing_is_left_but_where_it_was_for_a_while() {
    let site = site();
    let before = sources(&site);
    rename(&site, &["gammalt", "nytt"]).exits(0);
    site.build().well();
    rename(&site, &["nytt", "gammalt"]).exits(0);
    let alias = "aliases:\r\n- /blogg/nytt/\r\n";
    assert!(text(&site, POST).contains(alias));
    site.edit(POST, |text| text.replace(alias, ""));
    for (path, bytes) in sources(&site).into_iter().filter(|(path, _)| path != "addresses.lock") {
        assert_eq!(before.get(&path), Some(&bytes), "{path}");
    }
    site.edit(POST, |text| text.replace("date: 2026-11-01\r\n", &format!("date: 2026-11-01\r\n{alias}")));
    let run = site.build();
    run.well();
    run.page("/blogg/nytt/").has("/blogg/gammalt/");
    run.page("/feed.xml").has("post/gammalt");
}

#[test]
fn a_slug_that_stands_in_the_file_is_the_name() {
    let path = "content/blog/fil.md";
    let site = site().file(
        path,
        "---\ntitle: X\ndate: 2026-11-01\nslug: 'ett'  # kort\nsummary: X.\nauthor: anna-berg\n---\nText.\n",
    );
    site.build().well();
    rename(&site, &[path, "content/blog/2026/fil.md"]).exits(0);
    site.build().well().page("/blogg/ett/");
    rename(&site, &["ett", "tva"]).exits(0);
    let after = text(&site, "content/blog/2026/tva.md");
    assert!(after.contains("slug: 'tva'  # kort\nid: ett\naliases:\n  - /blogg/ett/\n"), "{after}");
    site.build().well().page("/blogg/ett/").has("/blogg/tva/");
}

#[test]
fn a_definition_that_no_link_uses_yet_has_the_new_name_too() {
    let path = "content/blog/andra.md";
    let body = "Om [allt][b].\n\n[a]: 2026/gammalt.md\n[b]: <2026/gammalt.md#kort> \"Kort\"\n\n::: fact-box title=\"Fakta\"\n[c]: 2026/gammalt.md\n:::\n\n```\n[d]: 2026/gammalt.md\n```\n";
    let site = site();
    let before = text(&site, path).replace("Text.\n", body);
    site.write(path, &before);
    rename(&site, &[POST, NEW]).exits(0).prints("content/blog/andra.md: 3 references");
    let after = before.replace("2026/gammalt.md", "2026/nytt.md").replace("[d]: 2026/nytt.md", "[d]: 2026/gammalt.md");
    assert_eq!(text(&site, path), after);
    site.build().well();
}

#[test]
fn a_dry_run_shows_the_lines_and_writes_nothing() {
    let site = site();
    let before = sources(&site);
    rename(&site, &["gammalt", "nytt", "--dry-run"])
        .exits(0)
        .prints("+   - ../blog/2026/nytt.md   # läs det här")
        .prints("- [inlägg]: <../blog/2026/gammalt.md> 'Ett inlägg'")
        .says("nothing was written");
    let run = rename(&site, &["gammalt", "nytt", "--dry-run", "--format", "json"]);
    let answer: serde_json::Value = serde_json::from_str(&run.exits(0).stdout).expect("JSON");
    assert_eq!(answer["address"]["to"], "/blogg/nytt/");
    assert_eq!((&answer["written"], answer["files"].as_array().map(Vec::len)), (&false.into(), Some(3)));
    assert_eq!(sources(&site), before);
}

#[test]
fn what_cannot_be_is_refused_with_a_way_out() {
    let site = site().file(
        "content/events/gammalt.md",
        "---\ntitle: X\ndate: 2026-11-01\nsummary: X.\nstart: 2027-01-01\nplace: {city: Lund}\n---\nText.\n",
    );
    refuses(
        &site,
        &["gammalt", "nytt"],
        "is several: name one of the files content/blog/2026/gammalt.md, content/events/gammalt.md",
    );
    refuses(&site, &["gamalt", "nytt"], "there is no document `gamalt`. Did you mean `gammalt`?");
    refuses(&site, &["/blogg/gamalt/", "nytt"], "Did you mean `/blogg/gammalt/`?");
    refuses(&site, &[POST, "andra"], "content/blog/andra.md has the address `/blogg/andra/` already");
    refuses(&site, &[POST, "content/blog/andra.md"], "there is a content/blog/andra.md already");
    refuses(&site, &[POST, "gammalt"], "is called that already");
    refuses(&site, &[POST, "Åsikt"], "write `asikt`");
    refuses(&site, &[POST, "content/events/x.md"], "is not in content/blog/");
    refuses(&site, &[POST, "../x.md"], "is no file of the site");
    refuses(&site, &[POST, "skribenter"], "`/blogg/skribenter/` is in the site already: a list");
    refuses(&site, &["--tag", "bran", "x"], "there is no tag `bran`. Did you mean `barn`?");
    refuses(&site, &["--tag", "barn", "Hälsa"], "there is a tag `hälsa` already");
    refuses(&site, &["--tag", "barn", "!"], "no address can be made");
}

#[test]
fn what_would_be_wrong_is_shown_and_nothing_is_written() {
    let site = site();
    site.edit("addresses.lock", |text| text + "/blogg/nytt/#x 2026-11-21 heading content/blog/2026/nytt.md\n/blogg/tredje/ 2026-11-21 -> /blogg/gammalt/#kort\n");
    site.edit("site.yaml", |text| text.replace("title: Barnen", "title: Barnen\n    aliases: [yngre]"));
    let before = sources(&site);
    rename(&site, &["--tag", "hälsa", "yngre"]).exits(1).says("tag-alias").says("nothing was written");
    assert_eq!(sources(&site), before);
    // What cannot be read may lead there too.
    site.write("content/blog/trasig.md", "---\ntitle: [\n---\n");
    let before = sources(&site);
    rename(&site, &["gammalt", "nytt"]).exits(1).says("content/blog/trasig.md").says("mend it first");
    assert_eq!(sources(&site), before);
    // What was wrong before does not hinder.
    site.write(
        "content/blog/trasig.md",
        "---\ntitle: Trasig\ndate: 2026-11-03\nauthor: anna-berg\nsummary: Kort.\n---\n[Bort](finns-inte.md)\n",
    );
    rename(&site, &["gammalt", "nytt"]).exits(0);
}

#[test]
fn what_nobody_has_seen_needs_no_former_address() {
    let site = site();
    for (name, key) in [("utkast", "draft: true"), ("sedan", "date: 2027-01-01")] {
        let day = if key.starts_with("date") { "" } else { "date: 2026-11-01\n" };
        let path = format!("content/blog/{name}.md");
        site.write(
            &path,
            format!("---\ntitle: X\n{day}{key}\nauthor: anna-berg\nsummary: X.\n---\nSe [mig]({name}.md).\n"),
        );
        site.build().well();
        let before = text(&site, &path);
        rename(&site, &[name, &format!("{name}-2")]).exits(0);
        let after = text(&site, &format!("content/blog/{name}-2.md"));
        assert_eq!(after, before.replace(&format!("({name}.md)"), &format!("({name}-2.md)")));
        site.build().well();
    }
}

#[test]
fn the_site_of_this_repository_bears_new_names_and_the_old_ones_again() {
    let site = Site::copy_of(repository());
    let findings = |site: &Site| site.check().findings().into_iter().map(|found| found.code).collect::<Vec<_>>();
    let (clean, before) = (findings(&site), sources(&site));
    site.build().exits(0);
    let names = [
        ("content/blog/2026/mr-dagarna-2027/index.md", "nytt-ett"),
        ("content/events/2020/mr-2020-goteborg.md", "nytt-tva"),
        ("content/toolkit/mr-plattformen.md", "nytt-tre"),
        ("content/pages/om-bloggen.md", "nytt-fyra"),
        ("content/people/redaktionen.md", "nytt-fem"),
        ("content/series/mr-2020.md", "nytt-sex"),
    ];
    let new_path = |path: &str, new: &str| match path.strip_suffix("/index.md") {
        Some(folder) => format!("{}/{new}/index.md", folder.rsplit_once('/').expect("it is in a folder").0),
        None => format!("{}/{new}.md", path.rsplit_once('/').expect("it is in a folder").0),
    };
    for (path, new) in names {
        rename(&site, &[path, new]).exits(0);
    }
    rename(&site, &["--tag", "delaktighet", "inflytande"]).exits(0);
    assert_eq!(findings(&site), clean);
    site.build().exits(0);
    for (path, new) in names {
        let old = path.trim_end_matches("/index.md").trim_end_matches(".md");
        rename(&site, &[&new_path(path, new), old.rsplit_once('/').expect("it is in a folder").1]).exits(0);
    }
    rename(&site, &["--tag", "inflytande", "delaktighet"]).exits(0);
    assert_eq!(findings(&site), clean);
    let after = sources(&site);
    assert_eq!(after.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    let without_alias = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let lines = text.lines().filter(|line| !line.contains("/nytt-") && line.trim() != "aliases:");
        lines.map(|line| format!("{line}\n")).collect::<String>()
    };
    for (path, bytes) in after.iter().filter(|(path, _)| *path != "addresses.lock") {
        if before[path] != *bytes {
            assert!(names.iter().any(|(document, _)| document.ends_with(path.as_str())), "{path} is as it was");
            assert_eq!(without_alias(bytes), without_alias(&before[path]), "{path}");
        }
    }
}

#[test]
#[cfg(unix)]
fn nothing_moves_out_of_the_site_or_takes_others_along() {
    use std::os::unix::fs::symlink;
    let site = site();
    fs::create_dir(site.path("ut")).expect("a folder can be made");
    symlink(site.path("ut"), site.path("content/blog/ut")).expect("a link can be made");
    refuses(&site, &[POST, "content/blog/ut/nytt.md"], "content/blog/ut leads elsewhere");
    fs::remove_file(site.path("content/blog/ut")).expect("the link can be removed");

    site.write(
        "content/blog/2026/index.md",
        "---\ntitle: Allt\ndate: 2026-11-03\nslug: allt\nsummary: Kort.\n---\nText.\n",
    );
    refuses(&site, &["content/blog/2026/index.md", "samling"], "would be moved along");
    fs::remove_file(site.path("content/blog/2026/index.md")).expect("the file can be removed");

    site.write(
        "content/blog/2026/bunt/index.md",
        "---\ntitle: Bunt\ndate: 2026-11-03\nsummary: Kort.\n---\n[Plan](plan.txt)\n",
    );
    site.write("content/pages/plan.txt", "Plan");
    symlink("../../../pages/plan.txt", site.path("content/blog/2026/bunt/plan.txt")).expect("a link can be made");
    refuses(&site, &["bunt", "content/blog/bunt"], "is a symbolic link, which cannot be moved");
}

#[test]
fn what_a_run_that_was_ended_has_left_is_no_part_of_the_site_and_in_nobodys_way() {
    let left = ["content/pages/.kontakt.md.anslag", "content/blog/2026/.nytt.md.anslag", ".site.yaml.anslag"];
    let site = site();
    left.iter().for_each(|path| site.write(path, "---\ntitle: Halv"));
    site.build().well();
    rename(&site, &[POST, NEW]).exits(0);
    for path in left {
        assert!(!site.path(path).exists(), "{path} gave way");
    }
    site.build().well();
}
