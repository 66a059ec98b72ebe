//! `anslag why`: whether something is published, what it is made of, and what the next build does with it.

use serde_json::{Value, json};

use crate::site::Site;

const POST: &str =
    "---\ntitle: Ett inlägg\ndate: 2026-11-01\nauthor: anna-berg\nsummary: Kort sagt.\n---\nDen första texten.\n";
const OTHER: &str =
    "---\ntitle: Ett annat\ndate: 2026-11-02\nauthor: anna-berg\nsummary: Annat.\n---\nSe [inlägget](inlagg.md).\n";
const EVENT: &str = "---\ntitle: En dag\ndate: 2026-11-01\nstart: 2026-12-03T09:30\nend: 2026-12-03T16:00\nplace: {city: Lund}\n\
contact: {name: Bo Ek, phone: '08-1'}\nsummary: Vi ses.\n---\nVälkommen.\n";
const PATH: &str = "content/blog/inlagg.md";
const PAGE: &str = "/blogg/inlagg/";

fn site() -> Site {
    Site::plain().file(PATH, POST).file("content/blog/annat.md", OTHER).file("content/events/dag.md", EVENT)
}

fn built() -> Site {
    let site = site();
    site.build().well();
    site
}

/// What machines are told of something, and how the run ended.
#[track_caller]
fn asked(site: &Site, what: &str) -> (Value, Option<i32>) {
    let run = site.run(["why", what, "--format", "json"]);
    let answer = serde_json::from_str(&run.stdout);
    (answer.unwrap_or_else(|error| panic!("an answer ({error}):\n{}\n{}", run.stdout, run.stderr)), run.code)
}

/// Expects a state, by its word, and the exit code that goes with it.
#[track_caller]
fn is(site: &Site, what: &str, state: &str, code: i32) -> Value {
    let (answer, ended) = asked(site, what);
    assert_eq!((answer["state"].as_str(), ended), (Some(state), Some(code)), "{what}: {answer:#}");
    assert_eq!(answer["published"], code == 0, "{what}: {answer:#}");
    answer
}

/// Expects reasons for which the next build makes something, each with its files, and that it does.
#[track_caller]
fn makes(site: &Site, what: &str, reasons: &[(&str, &[&str])]) {
    let (answer, _) = asked(site, what);
    let expected: Vec<Value> = reasons.iter().map(|(what, files)| json!({"what": what, "files": files})).collect();
    assert_eq!(answer["build"]["made"], true, "{answer:#}");
    assert_eq!(answer["build"]["reasons"], Value::from(expected), "{answer:#}");
    site.build().exits(0);
    stands(site, what);
}

/// Expects that the next build lets something stand.
#[track_caller]
fn stands(site: &Site, what: &str) {
    let (answer, code) = asked(site, what);
    let expected = json!({"made": false, "changes": false, "reasons": [{"what": "nothing", "files": []}]});
    assert_eq!((&answer["build"], code), (&expected, Some(0)), "{answer:#}");
}

// What is meant, and what has become of it.

#[test]
fn a_page_is_known_by_its_address_and_by_its_file() {
    let site = built();
    let answer = is(&site, PAGE, "published", 0);
    assert_eq!(answer["address"], PAGE);
    assert_eq!(answer["url"], "https://test.example.org/blogg/inlagg/");
    assert_eq!(answer["file"], "blogg/inlagg/index.html");
    assert_eq!(answer["source"], PATH);
    assert_eq!((&answer["kind"], &answer["title"]), (&json!("post"), &json!("Ett inlägg")));
    assert_eq!(answer["owners"], json!([{"owner": "Anna Berg", "slug": "anna-berg", "until": null}]));
    assert_eq!(answer["template"]["name"], "post.html");
    let files = ["post", "entry", "base"].map(|name| format!("themes/plain/templates/{name}.html"));
    assert_eq!(answer["template"]["files"].as_array().map(|files| &files[..3]), Some(&files.map(Value::from)[..]));
    let whole = site.path(PATH).display().to_string();
    for other in [
        "blogg/inlagg",
        "/blogg/inlagg",
        "/blogg/inlagg/index.html",
        "/blogg/inlagg/#hur",
        "https://test.example.org/blogg/inlagg/",
        "public/blogg/inlagg/index.html",
        PATH,
        "./content/blog/inlagg.md",
        &whole,
    ] {
        let (mut same, code) = asked(&site, other);
        same["asked"] = answer["asked"].clone();
        assert_eq!((&same, code), (&answer, Some(0)), "{other}");
    }
}

#[test]
fn a_site_under_a_path_knows_its_addresses_with_it_and_without() {
    let site = site().with("--base-url=https://exempel.se/mr/");
    for address in ["https://exempel.se/mr/blogg/inlagg/", "/mr/blogg/inlagg/", PAGE] {
        let answer = is(&site, address, "published", 0);
        assert_eq!(answer["url"], "https://exempel.se/mr/blogg/inlagg/");
    }
}

#[test]
fn lists_feeds_and_copies_are_known_too() {
    let site = site().file("content/blog/bild.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n");
    let home = is(&site, "/", "published", 0);
    assert_eq!((&home["made_of"], &home["template"]["name"]), (&json!("template"), &json!("home.html")));
    assert_eq!(is(&site, "/feed.xml", "published", 0)["made_of"], "feed");
    assert_eq!(is(&site, "sitemap.xml", "published", 0)["made_of"], "text");
    let copy = is(&site, "content/blog/bild.svg", "published", 0);
    assert_eq!((&copy["made_of"], &copy["address"]), (&json!("copy"), &json!("/blogg/bild.svg")));
    assert_eq!(is(&site, "/blogg/bild.svg", "published", 0)["source"], "content/blog/bild.svg");
}

#[test]
fn what_the_next_build_takes_away_is_told() {
    let site = Site::plain()
        .settings("sections: {blog: {per_page: 1}}\n")
        .file(PATH, POST)
        .file("content/blog/annat.md", OTHER);
    site.build().well();
    let (second, file) = ("/blogg/sida/2/", "blogg/sida/2/index.html");
    assert_eq!(is(&site, second, "published", 0)["removes"], Value::Null);
    site.edit("site.yaml", |text| text.replace("per_page: 1}", "per_page: 20}"));
    assert_eq!(is(&site, second, "unknown", 1)["removes"], file);
    assert_eq!(is(&site, &format!("public/{file}"), "unknown", 1)["removes"], file);
    site.run(["why", second]).exits(1).prints(&format!("removes public/{file}: the site no longer has it"));
    site.build().well();
    assert_eq!(is(&site, second, "unknown", 1)["removes"], Value::Null, "it is gone by now");
}

#[test]
fn a_former_address_is_that_of_its_document() {
    let site = Site::plain().file(PATH, POST.replace("date:", "aliases: [/gammal/]\ndate:"));
    let answer = is(&site, "/gammal/", "published", 0);
    assert_eq!((&answer["source"], &answer["kind"]), (&json!(PATH), &json!("post")));
}

#[test]
fn what_is_not_published_is_told_why() {
    let site = site()
        .file("content/blog/utkast.md", OTHER.replace("date:", "draft: true\ndate:"))
        .file("content/blog/senare.md", OTHER.replace("2026-11-02", "2026-12-24"))
        .file("content/blog/bunt/index.md", OTHER.replace("date:", "draft: true\ndate:").replace("inlagg", "../inlagg"))
        .file("content/blog/bunt/bild.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n");
    is(&site, "content/blog/utkast.md", "draft", 1);
    is(&site, "/blogg/utkast/", "draft", 1);
    is(&site, "content/blog/bunt/bild.svg", "hidden", 1);
    let later = is(&site, "/blogg/senare/", "scheduled", 1);
    assert_eq!(later["ahead"], json!([{"at": "2026-12-24T00:00:00+01:00", "what": "published"}]));
    site.run(["why", "content/blog/senare.md"]).exits(1).prints("its day comes on 2026-12-24T00:00:00+01:00");
    is(&site, "site.yaml", "input", 1);
    is(&site, "content/organisations.yaml", "input", 1);
    site.run(["why", "themes/plain/templates/post.html"]).exits(1).prints("pages are made with it, those of post.html");
    let site = site.with("--drafts");
    is(&site, "/blogg/utkast/", "published", 0);
    is(&site, "/blogg/senare/", "published", 0);
}

#[test]
fn what_is_wrong_in_a_file_is_told_and_stops_the_build() {
    let site = site()
        .file("content/blog/trasig.md", POST.replace("date: 2026-11-01", "date: igår"))
        .file("content/bloggen/vilse.md", POST);
    let broken = is(&site, "content/blog/trasig.md", "broken", 1);
    assert_eq!(broken["findings"][0]["code"], "bad-date");
    is(&site, "content/bloggen/vilse.md", "stray", 1);
    let well = is(&site, PAGE, "hindered", 1);
    assert_eq!((&well["build"], &well["errors"]), (&Value::Null, &json!(2)), "{well:#}");
    let words = "would be published, but 2 errors in the site hinder it; `anslag check` shows them";
    site.run(["why", PAGE]).exits(1).prints(words).prints("writes nothing: the site has errors (2)");
    site.remove("content/bloggen");
    site.run(["why", PAGE]).exits(1).prints("an error in the site hinders it; `anslag check` shows it");
}

#[test]
fn what_is_unknown_may_be_misspelt() {
    let site = site();
    assert_eq!(is(&site, "/blogg/inlag/", "unknown", 1)["did_you_mean"], PAGE);
    assert_eq!(is(&site, "content/blog/inlag.md", "unknown", 1)["did_you_mean"], PATH);
    assert_eq!(is(&site, "/zzz/", "unknown", 1)["did_you_mean"], Value::Null);
    site.run(["why", "blogg/inlaeg"]).exits(1).prints("did you mean `/blogg/inlagg/`?");
    site.run(["why"]).exits(2);
    site.run(["why", PAGE, "--format", "csv"]).exits(2);
}

#[test]
fn a_notice_has_no_page_and_is_shown_in_its_time() {
    let site = site()
        .file("content/notices/nu.md", "---\ntitle: Nu\nfrom: 2026-11-01\nuntil: 2026-11-30\n---\nText.\n")
        .file("content/notices/sen.md", "---\ntitle: Sen\nfrom: 2026-12-01\n---\nText.\n");
    is(&site, "content/notices/nu.md", "notice", 0);
    let later = is(&site, "content/notices/sen.md", "notice", 1);
    assert_eq!(later["ahead"][0]["what"], "notice_begins");
}

#[test]
fn the_days_of_an_event_and_who_answers_for_it_are_told() {
    let site = site();
    let answer = is(&site, "content/events/dag.md", "published", 0);
    assert_eq!(answer["owners"][0]["owner"], "Bo Ek");
    assert_eq!(answer["ahead"][0], json!({"at": "2026-12-03T09:30:00+01:00", "what": "starts"}));
    site.run(["why", "content/events/dag.md"])
        .exits(0)
        .prints("ahead     2026-12-03T09:30:00+01:00 an occasion starts");
}

// What the next build does with it.

#[test]
fn without_a_build_to_go_by_all_is_made() {
    let site = site();
    makes(&site, PAGE, &[("never_built", &[])]);
    let (answer, _) = asked(&built().with("--drafts"), PAGE);
    assert_eq!(answer["build"]["reasons"][0]["what"], "other_maker");
    assert_eq!(answer["build"]["changes"], false, "the same comes out");
    site.remove(".anslag");
    site.remove("public");
    makes(&site, PAGE, &[("never_built", &[])]);
}

#[test]
fn nothing_is_written() {
    let site = site();
    site.run(["why", PAGE]).exits(0);
    assert!(site.public().is_empty() && !site.path(".anslag").exists());
}

#[test]
fn a_changed_document_is_the_reason_for_its_own_page_and_those_that_show_its_card() {
    let site = built();
    site.edit(PATH, |text| text.replace("Ett inlägg", "Ett nytt namn"));
    let (home, _) = asked(&site, "/");
    assert_eq!(home["build"]["reasons"], json!([{"what": "view", "files": [PATH]}]));
    stands(&site, "/personer/");
    makes(&site, PAGE, &[("document", &[PATH])]);
}

#[test]
fn what_a_text_names_is_a_reason_when_it_moves() {
    let site = built();
    site.edit(PATH, |text| text.replace("date:", "slug: flyttat\naliases: [/blogg/inlagg/]\ndate:"));
    let (answer, _) = asked(&site, "/blogg/annat/");
    let reasons = answer["build"]["reasons"].as_array().expect("reasons");
    assert!(reasons.contains(&json!({"what": "named", "files": [PATH]})), "{answer:#}");
    makes(&site, "/blogg/flyttat/", &[("new", &[PATH])]);
}

#[test]
fn a_template_a_component_a_text_and_a_setting_are_told_apart() {
    let site = built();
    let (post, cards) = ("themes/plain/templates/post.html", "themes/plain/components/cards.html");
    site.edit(post, |text| text.replace("{{ <cards", "<hr>{{ <cards"));
    stands(&site, "/");
    makes(&site, PAGE, &[("template", &[post])]);
    site.edit(cards, |text| text.replace("<ul", "<ul class=\"cards\""));
    makes(&site, "/", &[("template", &[cards])]);
    site.write("theme/texts/sv.yaml", "ui: {related: Mer}\n");
    makes(&site, PAGE, &[("common", &["theme/texts/sv.yaml"])]);
    site.edit("site.yaml", |text| text + "tagline: Rad\n");
    makes(&site, PAGE, &[("common", &["site.yaml"])]);
    site.remove("theme/texts/sv.yaml");
    makes(&site, PAGE, &[("common", &["theme/texts/sv.yaml"])]);
}

#[test]
fn an_instant_that_has_passed_is_a_reason() {
    let site = built().at("2026-12-03T16:00:00+01:00");
    stands(&site, PAGE);
    makes(&site, "/konferenser/dag/", &[("time", &[])]);
}

#[test]
fn a_file_that_somebody_has_changed_or_taken_away_is_made_again() {
    let site = built();
    site.edit("public/blogg/inlagg/index.html", |html| html.replace("första", "falska"));
    stands(&site, "/blogg/annat/");
    makes(&site, PAGE, &[("output", &[])]);
    site.remove("public/blogg/inlagg/index.html");
    makes(&site, PAGE, &[("output", &[])]);
}

#[test]
fn a_copy_follows_its_source() {
    let site = site().file("content/blog/bild.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n");
    site.build().exits(0);
    stands(&site, "/blogg/bild.svg");
    site.write("content/blog/bild.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"8\"/>\n");
    stands(&site, PAGE);
    makes(&site, "/blogg/bild.svg", &[("source", &["content/blog/bild.svg"])]);
}

#[test]
fn findings_on_a_page_are_sought_anew_as_long_as_anything_is_made() {
    let site = site().settings("gates: {nameless-control: {level: warning, reason: Mallen skrivs om i vår.}}\n");
    let template = "themes/plain/templates/event.html";
    site.edit(template, |text| text.replace("{%- endblock after", "<a href=\"/\"></a>{%- endblock after"));
    site.build().exits(0).finds_codes(&["nameless-control"]);
    stands(&site, "/konferenser/dag/");
    site.edit(PATH, |text| text.replace("första", "andra"));
    let (answer, _) = asked(&site, "/konferenser/dag/");
    let expected = json!({"made": true, "changes": false, "reasons": [{"what": "findings", "files": []}]});
    assert_eq!(answer["build"], expected);
}
