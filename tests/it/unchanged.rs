//! A build after which nothing has changed has nothing to do, and every other build makes the same as a clean one.

mod edits;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::time::SystemTime;

use proptest::prelude::*;

use crate::site::{Files, Run, Site, files_in};

const POST: &str =
    "---\ntitle: Ett inlägg\ndate: 2026-11-01\nauthor: anna-berg\nsummary: Kort sagt.\n---\nDen första texten.\n";
const EVENT: &str = "---\ntitle: En dag\ndate: 2026-11-01\nstart: 2026-12-03T09:30\nend: 2026-12-03T16:00\nplace: {city: Lund}\n\
contact: anna-berg\nsummary: Vi ses.\n---\nVälkommen.\n";
const PATH: &str = "content/blog/inlagg.md";

fn site() -> Site {
    Site::plain().file(PATH, POST).file("content/events/dag.md", EVENT)
}

/// Whether the site was not even read: `-v` tells each stage that there was.
fn is_known(site: &Site) -> bool {
    let run = site.run(["build", "-v"]);
    !run.exits(0).stderr.contains("understand")
}

/// Puts a file's time back to what it was, as a copy with its time does.
fn set_modified(site: &Site, path: &str, time: SystemTime) {
    let file = File::options().write(true).open(site.path(path)).expect("the file is there");
    file.set_modified(time).expect("the time can be set");
}

fn modified(site: &Site, path: &str) -> SystemTime {
    fs::metadata(site.path(path)).and_then(|metadata| metadata.modified()).expect("the file is there")
}

#[test]
fn when_nothing_has_changed_nothing_is_read_and_the_same_is_said() {
    let site = site();
    site.edit(PATH, |text| text.replace("Ett inlägg", &"Ett inlägg med en lång rubrik ".repeat(4)));
    let first = site.build();
    first.exits(0).finds_codes(&["long-title"]);
    let public = site.public();
    let second = site.build();
    second.exits(0).finds("long-title", PATH, "");
    assert_eq!(first.findings().len(), second.findings().len());
    assert!(is_known(&site));
    assert_eq!(site.public(), public);
    let (written, unchanged) = (|run: &str| run.replace("\"written\": 0", ""), public.len());
    assert!(second.stdout.contains(&format!("\"unchanged\": {unchanged}")), "{}", second.stdout);
    assert_ne!(written(&second.stdout), second.stdout);
    site.run(["build", "--audit"]).exits(0).says(&format!("0 files written, {unchanged} unchanged, 0 removed"));
}

#[test]
fn a_file_with_another_time_and_the_same_bytes_is_the_same() {
    let site = site();
    site.build().well();
    site.write(PATH, POST);
    assert!(is_known(&site));
    site.remove(PATH);
    site.write(PATH, POST);
    assert!(is_known(&site));
}

#[test]
fn a_file_of_the_same_size_and_time_with_other_bytes_is_another() {
    let site = site();
    let before = modified(&site, PATH);
    site.build().well();
    site.edit(PATH, |text| text.replace("första", "andras"));
    set_modified(&site, PATH, before);
    assert!(!is_known(&site));
    site.build().page("/blogg/inlagg/").says("Den andras texten");
}

#[test]
fn what_is_written_at_the_very_time_of_a_build_is_seen_by_the_next() {
    let site = site();
    for nth in 1..=20 {
        site.write(PATH, POST.replace("första", &format!("{nth:02}:e")));
        site.build().page("/blogg/inlagg/").says(&format!("Den {nth:02}:e texten"));
    }
}

#[test]
fn new_files_and_files_that_are_gone_are_seen() {
    let site = site();
    site.build().well();
    site.write("content/blog/nytt.md", POST.replace("Ett inlägg", "Ett nytt"));
    site.build().page("/blogg/nytt/").says("Ett nytt");
    site.remove("content/blog/nytt.md");
    site.forget("/blogg/nytt/");
    site.build().well().has_no("/blogg/nytt/");
    assert!(is_known(&site));
    site.write("theme/assets/extra.css", "body { color: black }");
    site.run(["build"]).exits(0).says("1 file written, ");
}

#[test]
fn a_page_that_somebody_has_changed_or_taken_away_is_made_again() {
    let site = site();
    site.build().well();
    let public = site.public();
    site.edit("public/blogg/inlagg/index.html", |html| html.replace("första", "falska"));
    assert!(!is_known(&site));
    assert_eq!(site.public(), public);
    site.remove("public/blogg/index.html");
    assert!(!is_known(&site));
    assert_eq!(site.public(), public);
    site.remove("public");
    assert!(!is_known(&site));
    assert_eq!(site.public(), public);
}

#[test]
fn time_makes_another_site_when_it_is_due_and_not_before() {
    let site = site().at("2026-11-21T12:00:00+01:00");
    site.build().well();
    let site = site.at("2026-12-03T09:29:59+01:00");
    assert!(is_known(&site));
    let site = site.at("2026-12-03T09:30:00+01:00");
    assert!(!is_known(&site));
    assert!(is_known(&site));
    // What was made of a later time is of no use to an earlier one.
    let site = site.at("2026-12-03T09:29:59+01:00");
    assert!(!is_known(&site));
}

#[test]
fn a_warning_is_no_longer_said_when_its_time_is_over() {
    let site = site().file(PATH, POST.replace("date:", "updated: 2026-11-25\ndate:")).at("2026-11-21T12:00:00+01:00");
    site.build().exits(0).finds_codes(&["future-date"]);
    let site = site.at("2026-11-24T23:00:00+01:00");
    assert!(is_known(&site));
    site.build().exits(0).finds_codes(&["future-date"]);
    let site = site.at("2026-11-25T00:00:00+01:00");
    site.build().exits(0).finds_codes(&[]);
}

#[test]
fn other_options_make_another_site() {
    let site = site();
    site.build().well();
    assert!(!is_known(&site.with("--drafts")));
}

#[test]
fn a_damaged_record_is_not_used() {
    let site = site();
    site.build().well();
    let records = || {
        let entries = fs::read_dir(site.path(".anslag")).expect("the folder is there");
        entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.to_string_lossy().contains("built-"))
    };
    let record = records().next().expect("there is a record");
    let whole = fs::read(&record).expect("it can be read");
    let (mut other, middle) = (whole.clone(), whole.len() / 2);
    other[middle] ^= 1;
    for damage in [b"", &b"anslag record 0 0000\n{}"[..], &whole[..middle], &other] {
        fs::write(&record, damage).expect("it can be written");
        assert!(!is_known(&site), "{}", String::from_utf8_lossy(&damage[..damage.len().min(60)]));
        assert!(is_known(&site));
    }
}

#[test]
fn errors_leave_nothing_to_go_by() {
    let site = site();
    site.build().well();
    site.edit(PATH, |text| text.replace("author: anna-berg", "author: nobody"));
    site.run(["build"]).exits(1);
    site.run(["build"]).exits(1).says("nobody");
    site.write(PATH, POST);
    site.build().well().page("/blogg/inlagg/").says("första");
}

#[test]
fn a_heading_that_goes_from_a_page_that_somebody_spoiled_is_missed_where_a_link_leads_to_it() {
    let other = POST.replace("Den första", "## Program\n\nDen första");
    let link = POST.replace("Den första texten", "Läs [programmet](annat.md#program)");
    let site = site().file("content/blog/annat.md", &other).file(PATH, link);
    site.build().well();
    site.write("public/blogg/annat/index.html", "borta");
    site.write("content/blog/annat.md", other.replace("Program", "Schema"));
    site.build().exits(1).finds("missing-anchor", PATH, "`program`");
    site.remove("public/blogg/annat/index.html");
    site.build().exits(1).finds("missing-anchor", PATH, "`program`");
    site.write("content/blog/annat.md", &other);
    site.build().well();
}

#[test]
fn a_fault_is_met_first_on_the_page_where_a_clean_build_meets_it() {
    let site = site().settings("gates: {missing-target: {level: warning, reason: Rättas i vår.}}\n");
    site.write("content/pages/om.md", "---\ntitle: Om oss\nsummary: Vilka vi är.\n---\nText.\n");
    site.edit("content/events/dag.md", |text| text + "Läs [om oss](../pages/om.md).\n");
    site.edit("themes/plain/templates/base.html", |html| html.replace("</main>", "<a href=\"/om/\">Om oss</a></main>"));
    site.build().well();
    site.remove("content/pages/om.md");
    site.forget("/om/");
    site.build().exits(0).finds(
        "missing-target",
        "themes/plain/templates/base.html",
        "met on the page `/blogg/inlagg/`",
    );
}

#[test]
fn a_statement_with_a_new_address_is_missed_on_every_page() {
    let statement = "---\ntitle: Tillgänglighet\nsummary: Så.\nstatement:\n  conformity: full\n  assessed: 2026-10-01\n  method: Egen.\n  complaint_url: https://example.org/\n---\nText.\n";
    let path = "content/pages/tillganglighet.md";
    let site = site()
        .settings("statement: content/pages/tillganglighet.md\nmenus: {footer: [{title: Tillgänglighet, to: /tillganglighet/}]}\n")
        .file(path, statement);
    site.edit("themes/plain/templates/base.html", |html| {
        html.replace(
            "</main>",
            "</main>{% for item in site.footer %}<a href=\"{{ item.url }}\">{{ item.title }}</a>{% endfor %}",
        )
    });
    site.build().well();
    site.write(path, statement.replace("summary:", "slug: nytt\naliases: [/tillganglighet/]\nsummary:"));
    let run = site.build();
    run.exits(1).finds("no-statement-link", "themes/plain/templates/post.html", "`/nytt/`");
    assert_eq!(run.findings().len(), site.check().findings().len());
}

#[test]
fn a_component_may_stand_in_any_template() {
    let component = |words: &str| format!("{{% component ruta() -%}}<p>{words}</p>{{%- endcomponent ruta %}}\n");
    let site = site().file("theme/templates/rutor.html", component("Inre."));
    site.write(PATH, POST.replace("Den första", "::: ruta\n:::\n\nDen första"));
    site.build().exits(0).page("/blogg/inlagg/").says("Inre.");
    site.write("theme/templates/rutor.html", component("Annat."));
    let run = site.build();
    run.exits(0).page("/blogg/inlagg/").says("Annat.");
    assert!(run.public["feed.xml"].windows(6).any(|bytes| bytes == b"Annat."), "feeds show the whole text");
}

#[test]
fn a_document_that_moves_among_others_leads_where_it_says() {
    let page = |slug: &str| format!("---\ntitle: En sida\nslug: {slug}\n---\nText.\n");
    let links = "---\ntitle: Länkar\n---\n[Ett](x.md) och [två](../c/y.md).\n";
    let site = site()
        .file("content/pages/b/p.md", links)
        .file("content/pages/b/x.md", page("ett"))
        .file("content/pages/c/y.md", page("tva"));
    let html = |site: &Site| String::from_utf8_lossy(&site.build().well().public["p/index.html"]).into_owned();
    assert!(html(&site).contains("<a href=\"/ett/\">Ett</a> och <a href=\"/tva/\">två</a>"));
    fs::rename(site.path("content/pages/b"), site.path("content/pages/d")).expect("the folder is there");
    site.write("content/pages/d/x.md", page("tva"));
    site.write("content/pages/c/y.md", page("ett"));
    assert!(html(&site).contains("<a href=\"/tva/\">Ett</a> och <a href=\"/ett/\">två</a>"));
}

#[test]
fn a_build_waits_for_another_into_the_same_folder() {
    let site = site();
    site.build().well();
    let entries = fs::read_dir(site.path(".anslag")).expect("the folder is there");
    let mut paths = entries.map(|entry| entry.expect("an entry").path());
    let lock = paths.find(|path| path.to_string_lossy().contains("lock-")).expect("there is a lock");
    let other = File::options().write(true).open(lock).expect("it can be opened");
    other.lock().expect("it can be locked");
    std::thread::scope(|scope| {
        let (done, ended) = std::sync::mpsc::channel();
        let site = &site;
        scope.spawn(move || done.send(site.run(["build"]).code));
        assert!(ended.recv_timeout(std::time::Duration::from_millis(700)).is_err(), "the build waits");
        site.edit(PATH, |text| text.replace("första", "andra"));
        other.unlock().expect("it can be unlocked");
        assert_eq!(ended.recv().expect("the build ends"), Some(0));
    });
    assert!(is_known(&site), "what was written while it waited is in the site");
}

#[test]
fn files_that_are_known_are_ours_also_when_the_ledger_is_lost() {
    let site = site();
    site.build().well();
    for entry in fs::read_dir(site.path(".anslag")).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if path.to_string_lossy().contains("published-") {
            fs::remove_file(path).expect("it can be removed");
        }
    }
    site.edit(PATH, |text| text.replace("första", "andra"));
    site.build().well().page("/blogg/inlagg/").says("Den andra texten");
}

#[test]
fn a_template_that_a_component_includes_changes_the_pages_that_call_it() {
    let component = "{% component ruta() -%}<p>{% include \"inre.html\" %}</p>{%- endcomponent ruta %}\n";
    let site = site().file("theme/components/ruta.html", component).file("theme/templates/inre.html", "Inre.\n");
    site.write(PATH, POST.replace("Den första", "::: ruta\n:::\n\nDen första"));
    site.build().well().page("/blogg/inlagg/").says("Inre.");
    site.write("theme/templates/inre.html", "Annat.\n");
    site.build().well().page("/blogg/inlagg/").says("Annat.");
}

// What is made, and nothing else.

/// Builds a site again after an edit. Says how many pages were made, and which files of the site are others: they are all
/// that was written.
fn remade(site: &Site, edit: impl FnOnce(&Site)) -> (u64, Vec<String>) {
    let before = site.public();
    edit(site);
    let run = site.build();
    run.exits(0);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("a report");
    let paths: BTreeSet<&String> = before.keys().chain(run.public.keys()).collect();
    let others: Vec<String> =
        paths.into_iter().filter(|path| before.get(*path) != run.public.get(*path)).cloned().collect();
    let (files, paths) = (&report["build"]["files"], &report["build"]["paths"]);
    let mut told = Vec::new();
    for what in ["written", "removed"] {
        let list = paths[what].as_array().expect("a list");
        assert_eq!(files[what].as_u64(), Some(list.len() as u64));
        told.extend(list.iter().filter_map(|path| path.as_str().map(str::to_owned)));
    }
    told.sort();
    assert_eq!(told, others);
    (report["build"]["pages"]["made"].as_u64().expect("a count"), others)
}

/// Expects that after an edit so many pages are made, and that these files are then others.
#[track_caller]
fn makes(site: &Site, edit: impl FnOnce(&Site), pages: u64, expected: &[&str]) {
    let (made, others) = remade(site, edit);
    assert_eq!(others, expected);
    assert_eq!(made, pages, "so many pages were made");
}

/// The feeds that show the whole texts of the blog.
const FEEDS: &[&str] = &[
    "blogg/feed.json",
    "blogg/feed.xml",
    "blogg/skribenter/anna-berg/feed.json",
    "blogg/skribenter/anna-berg/feed.xml",
    "feed.json",
    "feed.xml",
];

/// These and other files, in order.
fn and_feeds(files: &[&'static str]) -> Vec<&'static str> {
    let mut all: Vec<&str> = FEEDS.iter().chain(files).copied().collect();
    all.sort_unstable();
    all
}

fn built(site: Site) -> Site {
    site.build().exits(0);
    site
}

/// The same with a page, and a post that leads to a heading on it.
fn linked() -> Site {
    site()
        .file("content/pages/om.md", ABOUT)
        .file("content/blog/annat.md", OTHER.replace("inlagg.md", "../pages/om.md"))
}

const ABOUT: &str = "---\ntitle: Om oss\n---\n## Hur\n\nSå.\n";
const OTHER: &str =
    "---\ntitle: Ett annat\ndate: 2026-11-02\nauthor: anna-berg\nsummary: Annat.\n---\nSe [inlägget](inlagg.md#hur).\n";

#[test]
fn an_edited_body_makes_one_page_and_what_shows_whole_texts() {
    let site = built(site().file("content/blog/annat.md", OTHER.replace("#hur", "")));
    let edit = |site: &Site| site.edit(PATH, |text| text.replace("första", "andra"));
    makes(&site, edit, 1, &and_feeds(&["blogg/inlagg/index.html"]));
}

/// A site with what only the pages of others tell: what comes, a warning about a page, pictures of pages, a notice.
fn manifold() -> Site {
    let ended = "---\ntitle: Om priset\nvalid_until: 2026-01-31\n---\nVi delar ut det i juni.\n";
    let notice =
        "---\ntitle: Ny adress\nlevel: info\nfrom: 2026-11-01\nuntil: 2027-01-31\n---\nVälkomna!\n\nVi har flyttat.\n";
    Site::new()
        .file(PATH, POST)
        .file("content/events/dag.md", EVENT)
        .file("content/pages/priset.md", ended)
        .file("content/pages/om.md", ABOUT.replace("---\n##", "comments: {state: open, closes: 2026-11-25}\n---\n##"))
        .file("content/notices/flytt.md", notice)
}

/// What is said of a build, but for what it has done.
fn said(run: &Run) -> (serde_json::Value, serde_json::Value) {
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("a report");
    (report["diagnostics"].clone(), report["build"]["due"].clone())
}

#[test]
fn after_an_edited_text_all_else_is_as_it_was_and_the_same_is_said_of_it() {
    let site = manifold();
    let first = site.build();
    first.exits(0).finds_codes(&["text-ended"]);
    for (before, after) in [("första", "andra"), ("andra", "tredje")] {
        let public = site.public();
        site.edit(PATH, |text| text.replace(before, after));
        let run = site.run(["build", "--audit", "--format", "json"]);
        run.exits(0).page("/blogg/inlagg/").says(&format!("Den {after} texten"));
        assert_eq!(said(&run), said(&first));
        let is_other = |path: &&String| public.get(*path) != run.public.get(*path);
        let others: Vec<&String> = run.public.keys().filter(is_other).collect();
        assert_eq!(others, and_feeds(&["blogg/inlagg/index.html"]));
        assert_eq!(run.public.len(), public.len());
    }
}

#[test]
fn an_edited_notice_is_on_every_page() {
    let site = built(manifold());
    site.edit("content/notices/flytt.md", |text| text.replace("flyttat", "flyttat igen"));
    let run = site.run(["build", "--audit"]);
    for address in ["/", "/blogg/inlagg/", "/konferenser/dag/"] {
        run.exits(0).page(address).says("Vi har flyttat igen.");
    }
}

#[test]
fn a_text_that_is_edited_while_other_files_come_and_go_is_not_all_that_has_changed() {
    let texts = |site: &Site| site.write("theme/texts/sv.yaml", "notices: {info: Obs}\n");
    let goes = |site: &Site| {
        site.remove("content/pages/om.md");
        site.edit("addresses.lock", |lock| lock.replace("/om/ 2026-11-21 page content/pages/om.md\n", ""));
    };
    let moves = |site: &Site| {
        goes(site);
        site.write("content/pages/vi.md", ABOUT);
    };
    let comes_and_goes = |site: &Site| {
        goes(site);
        texts(site);
    };
    for edit in [&texts as &dyn Fn(&Site), &goes, &moves, &comes_and_goes] {
        let site = built(manifold());
        site.edit(PATH, |text| text.replace("första", "andra"));
        edit(&site);
        let run = site.run(["build", "--audit"]);
        run.exits(0).page("/blogg/inlagg/").says("Den andra texten");
    }
}

#[test]
fn a_text_that_is_edited_while_an_address_is_lost_is_not_all_that_has_changed() {
    let site = built(manifold());
    site.edit(PATH, |text| text.replace("första", "andra"));
    site.remove("content/pages/om.md");
    site.write("theme/texts/sv.yaml", "notices: {info: Obs}\n");
    site.build().exits(1).finds_codes(&["lost-address", "text-ended"]);
}

#[test]
fn what_is_said_of_lists_is_said_again_after_an_edited_text() {
    let list =
        "{% extends \"base.html\" %}{% block main %}<h1>{{ page.title }}</h1><h4>Djupt</h4>{% endblock main %}\n";
    let site = manifold()
        .settings("gates: {skipped-heading: {level: warning, reason: Rättas i vår.}}\n")
        .file("theme/templates/post_list.html", list);
    let first = site.build();
    first.exits(0).finds_codes(&["text-ended", "skipped-heading"]);
    for (before, after) in [("första", "andra"), ("andra", "tredje")] {
        site.edit(PATH, |text| text.replace(before, after));
        let run = site.run(["build", "--audit", "--format", "json"]);
        run.exits(0).page("/blogg/inlagg/").says(&format!("Den {after} texten"));
        assert_eq!(said(&run), said(&first));
    }
}

#[test]
fn what_is_said_of_templates_is_said_again_and_what_is_new_in_them_is_seen() {
    let site = manifold().file("theme/templates/egen.html", "<p>Ingen visar det.</p>\n");
    let first = site.build();
    first.exits(0).finds_codes(&["text-ended", "unused-template"]);
    for edit in ["En text.", "En annan text."] {
        site.edit(PATH, |text| text + edit);
        assert_eq!(said(&site.run(["build", "--audit", "--format", "json"])), said(&first));
    }
    site.remove("theme/templates/egen.html");
    site.build().exits(0).finds_codes(&["text-ended"]);
    site.edit("themes/mr/templates/post.html", |text| text.replace("page.announces", "page.announsed"));
    site.edit(PATH, |text| text + "En tredje text.");
    let run = site.build();
    assert!(run.findings().iter().any(|finding| finding.words().contains("announsed")), "{:#?}", run.findings());
    site.edit("themes/mr/templates/post.html", |text| text.replace("page.announsed", "page.announces"));
    site.run(["build", "--audit"]).exits(0).page("/blogg/inlagg/").says("En tredje text.");
}

#[test]
fn an_id_that_comes_and_goes_with_an_edited_text_is_in_nobodys_way() {
    let site = built(manifold());
    let note = "Sagt.[^a]\n\n[^a]: Så är det.\n";
    for _ in 0..2 {
        site.edit(PATH, |text| format!("{text}\n{note}"));
        site.run(["build", "--audit"]).exits(0).page("/blogg/inlagg/").says("Så är det.");
        site.edit(PATH, |text| text.replace(&format!("\n{note}"), ""));
        site.run(["build", "--audit"]).exits(0);
    }
}

#[test]
fn a_drawing_that_was_let_through_is_looked_at_when_it_no_longer_is() {
    let drawing = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let site = site().file("content/blog/bild.svg", drawing).settings("raw_html: all\n");
    site.build().exits(0);
    site.edit(PATH, |text| text.replace("första", "andra"));
    site.build().exits(0);
    site.edit("site.yaml", |text| text.replace("raw_html: all\n", ""));
    site.build().exits(1).finds_codes(&["active-file"]);
}

#[test]
fn a_text_that_is_edited_to_lead_to_what_is_gone_is_told_of() {
    let site =
        manifold().file("addresses.lock", "# anslag addresses 1\n/borta/ 2026-09-01 gone 2026-11-20 Texten var fel.\n");
    site.build().exits(0);
    site.edit(PATH, |text| text.replace("första", "[andra](/borta/)"));
    let run = site.build();
    run.exits(1).finds_codes(&["missing-target", "text-ended"]).finds("missing-target", PATH, "it is gone");
    site.edit(PATH, |text| text.replace("[andra](/borta/)", "andra"));
    site.run(["build", "--audit"]).exits(0).page("/blogg/inlagg/").says("Den andra texten");
}

#[test]
fn a_text_that_is_edited_while_somebody_spoils_the_site_is_not_all_that_has_changed() {
    let site = built(manifold());
    let public = site.public();
    site.edit(PATH, |text| text.replace("första", "andra"));
    site.remove("public/konferenser/dag/social.png");
    site.write("public/om/index.html", "Något annat.\n");
    let run = site.run(["build", "--audit"]);
    run.exits(0).page("/blogg/inlagg/").says("Den andra texten");
    for path in ["konferenser/dag/social.png", "om/index.html"] {
        assert!(public[path] == run.public[path], "{path} is as it was");
    }
}

#[test]
fn a_text_that_is_edited_when_a_day_has_passed_is_not_all_that_has_changed() {
    let site = built(manifold());
    site.edit(PATH, |text| text.replace("första", "andra"));
    let run = site.at("2027-02-01T12:00:00+01:00").run(["build", "--audit"]);
    run.exits(0).page("/konferenser/dag/").lacks("Vi har flyttat");
    run.page("/blogg/inlagg/").says("Den andra texten");
}

/// A page with an id that no heading has.
const PLACE: &str = "---\ntitle: Om oss\n---\nVi finns <span id=\"plats\">här</span>.\n";

#[test]
fn an_id_that_goes_with_an_edited_text_is_missed_by_keys_that_lead_there_though_no_page_shows_them() {
    let keys = "status: cancelled\nchanges: [{date: 2026-11-10, what: cancelled, reason: Sjukdom, link: ../pages/om.md#plats}]\n---";
    let event = EVENT.replacen("\n---", &format!("\n{keys}"), 1);
    let site = built(Site::plain().file("content/events/dag.md", event).file("content/pages/om.md", PLACE));
    site.edit("content/pages/om.md", |text| text.replace(" id=\"plats\"", ""));
    site.build().exits(1).finds("missing-anchor", "content/events/dag.md", "plats");
}

#[test]
fn an_id_that_stood_for_a_lasting_heading_is_missed_when_it_goes_with_an_edited_text() {
    let heading = "---\ntitle: Om oss\n---\n## Här {#plats}\n\nVi finns här.\n";
    let site = Site::plain().file("content/pages/om.md", heading).settings("addresses: {headings: true}\n");
    let site = built(site);
    site.write("content/pages/om.md", PLACE);
    site.build().exits(0);
    site.edit("content/pages/om.md", |text| text.replace(" id=\"plats\"", ""));
    site.build().exits(1).finds("lost-address", "addresses.lock", "plats");
}

#[test]
fn a_changed_title_makes_the_pages_that_show_the_card() {
    let site = built(site().file("content/blog/annat.md", OTHER.replace("#hur", "")));
    let edit = |site: &Site| site.edit(PATH, |text| text.replace("Ett inlägg", "Ett nytt namn"));
    // The other post knows its neighbour, though this theme does not show it.
    makes(
        &site,
        edit,
        6,
        &and_feeds(&[
            "blogg/index.html",
            "blogg/inlagg/index.html",
            "blogg/skribenter/anna-berg/index.html",
            "index.html",
            "personer/anna-berg/index.html",
            "sok/index.json",
        ]),
    );
}

#[test]
fn a_template_makes_the_pages_that_use_it() {
    let site = built(site().file("content/blog/annat.md", OTHER.replace("#hur", "")));
    let edit =
        |site: &Site| site.edit("themes/plain/templates/post.html", |text| text.replace("{{ <cards", "<hr>{{ <cards"));
    makes(&site, edit, 2, &["blogg/annat/index.html", "blogg/inlagg/index.html"]);
}

#[test]
fn a_text_or_a_setting_makes_all_pages() {
    let site = built(site());
    let all = site.public().keys().filter(|path| path.ends_with(".html")).count() as u64;
    let (made, _) = remade(&site, |site| site.write("theme/texts/sv.yaml", "ui: {related: Mer}\n"));
    assert_eq!(made, all);
    let (made, _) = remade(&site, |site| site.edit("site.yaml", |text| text + "tagline: Rad\n"));
    assert_eq!(made, all);
}

#[test]
fn an_image_that_is_replaced_makes_the_page_that_shows_it_where_its_size_is_another() {
    let gif = |width: u8, rest: u8| [&b"GIF89a"[..], &[width, 0, 9, 0, 0, 0, 0, rest]].concat();
    let site = site().file("content/blog/bild.gif", gif(8, 0));
    site.edit(PATH, |text| text + "\n![En ruta](bild.gif)\n");
    let site = built(site);
    makes(&site, |site| site.write("content/blog/bild.gif", gif(8, 1)), 0, &["blogg/bild.gif"]);
    let edit = |site: &Site| site.write("content/blog/bild.gif", gif(7, 1));
    makes(&site, edit, 1, &and_feeds(&["blogg/bild.gif", "blogg/inlagg/index.html"]));
}

#[test]
fn an_instant_that_passes_makes_what_it_changes() {
    let site = built(site().at("2026-11-21T12:00:00+01:00"));
    let site = site.at("2026-12-03T09:30:00+01:00");
    makes(&site, |_| {}, 4, &["index.html", "konferenser/index.html", "sok/index.json"]);
}

#[test]
fn a_heading_that_is_gone_is_missed_by_the_page_that_leads_there() {
    let site = site().file("content/blog/annat.md", OTHER);
    site.edit(PATH, |text| text + "\n## Hur\n\nSå.\n");
    let site = built(site);
    site.edit(PATH, |text| text.replace("## Hur", "## Varför"));
    site.build().exits(1).finds("missing-anchor", "content/blog/annat.md", "hur");
    // The page itself is well, and the one that leads to it is made with its new address.
    makes(
        &site,
        |site| site.edit("content/blog/annat.md", |text| text.replace("#hur", "#varfor")),
        2,
        &and_feeds(&["blogg/annat/index.html", "blogg/inlagg/index.html"]),
    );
}

#[test]
fn a_heading_that_is_gone_is_missed_also_when_nobody_knows_what_the_page_was_like() {
    let site = built(linked());
    site.edit("content/pages/om.md", |text| text.replace("## Hur", "## Varför"));
    site.remove("public/om/index.html");
    site.build().exits(1).finds("missing-anchor", "content/blog/annat.md", "hur");
}

#[test]
fn a_theme_may_be_called_templates() {
    let site = site();
    fs::rename(site.path("themes/plain"), site.path("themes/templates")).expect("the folder is there");
    site.edit("site.yaml", |text| text.replace("theme: plain", "theme: templates"));
    let site = built(site);
    let text = "themes/templates/texts/sv.yaml";
    let (made, _) = remade(&site, |site| site.edit(text, |text| text.replace("Inställt", "Blir inte av")));
    assert!(made > 5, "a text makes all pages: {made}");
}

// Any edits.

/// What may happen to a site between two builds.
#[derive(Clone, Debug)]
enum Edit {
    Body(usize),
    Title(usize),
    Heading(usize),
    Settings(usize),
    Text(usize),
    Template(usize),
    Style(usize),
    Organisations(usize),
    Add(usize),
    Remove,
    Rename,
    MoveFolder,
    Touch,
    Now(usize),
    SpoilOutput,
    RemoveOutput,
    Nothing,
}

fn edit() -> impl Strategy<Value = Edit> {
    let nth = 0..10_usize;
    prop_oneof![
        3 => nth.clone().prop_map(Edit::Body),
        2 => nth.clone().prop_map(Edit::Title),
        2 => nth.clone().prop_map(Edit::Heading),
        1 => nth.clone().prop_map(Edit::Settings),
        1 => nth.clone().prop_map(Edit::Text),
        1 => nth.clone().prop_map(Edit::Template),
        1 => nth.clone().prop_map(Edit::Style),
        1 => nth.clone().prop_map(Edit::Organisations),
        2 => nth.clone().prop_map(Edit::Add),
        1 => Just(Edit::Remove),
        1 => Just(Edit::Rename),
        1 => Just(Edit::MoveFolder),
        1 => Just(Edit::Touch),
        2 => nth.prop_map(Edit::Now),
        1 => Just(Edit::SpoilOutput),
        1 => Just(Edit::RemoveOutput),
        2 => Just(Edit::Nothing),
    ]
}

/// Changes a text, if only to what it was.
fn change(site: &Site, path: &str, change: impl FnOnce(String) -> String) {
    site.write(path, change(fs::read_to_string(site.path(path)).expect("the file is there")));
}

/// Makes an edit, and gives the site at the time that is then.
fn make(site: Site, edit: &Edit) -> Site {
    let another = |text: String, nth: usize, mark: &str| {
        let kept = text.lines().filter(|line| !line.contains(mark)).map(|line| format!("{line}\n")).collect::<String>();
        format!("{kept}{}\n", mark.replace('#', &nth.to_string()))
    };
    match edit {
        Edit::Body(nth) => site.write(PATH, POST.replace("första", &format!("{nth}:e"))),
        Edit::Title(nth) => site.write(PATH, POST.replace("Ett inlägg", &format!("Inlägg {nth}"))),
        // The post that leads there finds it, or does not.
        Edit::Heading(nth) => {
            site.write("content/pages/om.md", ABOUT.replace("Hur", ["Hur", "Varför", "Hur"][nth % 3]));
        }
        Edit::Settings(nth) => change(&site, "site.yaml", |text| {
            text.lines()
                .filter(|line| !line.starts_with("tagline"))
                .fold(format!("tagline: Rad {nth}\n"), |all, line| all + line + "\n")
        }),
        Edit::Text(nth) => site.write("theme/texts/sv.yaml", format!("ui: {{related: Mer {nth}}}\n")),
        Edit::Template(nth) => {
            change(&site, "themes/plain/templates/page.html", |text| another(text, *nth, "{#- # -#}"));
        }
        Edit::Style(nth) => site.write("theme/assets/extra.css", format!("body {{ margin: {nth}px }}\n")),
        Edit::Organisations(nth) => change(&site, "content/organisations.yaml", |text| {
            text.replace("https://skr.se", &format!("https://skr.se/{nth}"))
        }),
        Edit::Add(nth) => site.write(&format!("content/blog/fler/nummer-{nth}.md"), POST),
        Edit::Remove => {
            let _ = fs::remove_dir_all(site.path("content/events"));
        }
        Edit::Rename => {
            let _ = fs::rename(site.path("content/events/dag.md"), site.path("content/events/annan-dag.md"));
        }
        Edit::MoveFolder => {
            let _ = fs::rename(site.path("content/blog/fler"), site.path("content/blog/andra"));
        }
        Edit::Touch => site.write(PATH, fs::read(site.path(PATH)).expect("the file is there")),
        Edit::Now(nth) => return site.at(&format!("2026-{:02}-03T09:30:00+01:00", 3 + nth)),
        Edit::SpoilOutput => {
            let _ = fs::write(site.path("public/index.html"), "borta");
        }
        Edit::RemoveOutput => {
            let _ = fs::remove_file(site.path("public/blogg/index.html"));
            let _ = fs::remove_file(site.path("public/om/index.html"));
        }
        Edit::Nothing => {}
    }
    site
}

/// What a build without a memory makes and says.
fn clean(site: &Site) -> (Files, String, Option<i32>) {
    let _ = fs::remove_dir_all(site.path("clean"));
    let _ = fs::remove_dir_all(site.path(".anslag/clean"));
    let output = site.path("clean");
    let run = site.run(["build", "--audit", "--format", "json", "--output", &output.to_string_lossy()]);
    (files_in(&output), findings(&run.stdout), run.code)
}

/// The findings of a report, without its counts.
fn findings(report: &str) -> String {
    let mut report: BTreeMap<String, serde_json::Value> = serde_json::from_str(report).expect("a report");
    if let Some(build) = report.get_mut("build").and_then(serde_json::Value::as_object_mut) {
        ["files", "documents", "pages", "paths"].iter().for_each(|counts| drop(build.remove(*counts)));
    }
    serde_json::to_string(&report).expect("a report can be written")
}

proptest! {
    // The same from end to end; most of what may happen is in [`edits`].
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn after_any_edits_a_build_makes_and_says_what_a_clean_one_does(edits in prop::collection::vec(edit(), 1..6)) {
        let mut site = linked();
        site.build().well();
        for edit in &edits {
            site = make(site, edit);
            let run = site.run(["build", "--format", "json"]);
            let (files, said, code) = clean(&site);
            prop_assert_eq!(run.code, code, "{:?}", edit);
            prop_assert_eq!(findings(&run.stdout), said, "{:?}", edit);
            if code == Some(0) {
                prop_assert!(site.public() == files, "{:?} of {:?}", edit, edits);
            }
        }
    }
}
