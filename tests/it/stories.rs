//! What writers do, and what readers then see.

use std::fs;

use crate::site::{Run, Site, repository};

const POST: &str = "---\ntitle: Vi bjuder in\ndate: 2026-10-01\n---\nVälkommen.\n";

/// An event in the spring of 2027 with these keys besides.
fn event(title: &str, keys: &str) -> String {
    let place = if keys.contains("place:") { "" } else { "place: {city: Malmö}\n" };
    format!(
        "---\ntitle: {title}\ndate: 2026-10-01\nstart: 2027-03-01T09:30\nend: 2027-03-01T16:00\n{place}{keys}---\nOm dagen.\n"
    )
}

fn page(title: &str, keys: &str) -> String {
    format!("---\ntitle: {title}\n{keys}---\nText.\n")
}

// Entries and how they hang together.

#[test]
fn a_post_announces_an_event_and_both_link_to_each_other() {
    let run = Site::new()
        .file(
            "content/blog/inbjudan.md",
            POST.replace("---\nV", "announces: ../events/2027/mr-dagen.md\nauthor: anna-berg\n---\nV"),
        )
        .file("content/events/2027/mr-dagen.md", event("MR-dagen", ""))
        .build();
    run.well();
    run.page("/blogg/inbjudan/").has("href=\"/konferenser/mr-dagen/\"").says("Inlägget gäller");
    run.page("/konferenser/mr-dagen/").has("href=\"/blogg/inbjudan/\"").says("Läs om det i bloggen");
    run.page("/personer/anna-berg/").says("Vi bjuder in");
    run.page("/blogg/skribenter/anna-berg/").says("Vi bjuder in");
}

#[test]
fn the_state_of_an_event_stands_before_its_title_everywhere() {
    let states = [
        ("cancelled", "Inställt: MR-dagen"),
        ("postponed", "Uppskjutet: MR-dagen"),
        ("moved_online", "Digitalt: MR-dagen"),
    ];
    for (status, heading) in states {
        let run = Site::new()
            .file(
                "content/events/mr-dagen.md",
                event("MR-dagen", &format!("status: {status}\nchanges: [{{date: 2026-11-01, what: {status}}}]\n")),
            )
            .file("content/blog/om.md", POST.replace("Välkommen", "Se [om dagen](../events/mr-dagen.md)"))
            .build();
        run.well();
        let page = run.page("/konferenser/mr-dagen/");
        assert_eq!(page.text("h1"), heading);
        assert_eq!(page.text("title"), format!("{heading} – Testbloggen"));
        run.page("/konferenser/").says(heading);
        run.page("/konferenser/feed.xml").has(heading);
        run.page("/").says(heading);
    }
    let run = Site::new().file("content/events/mr-dagen.md", event("MR-dagen", "status: full\n")).build();
    assert_eq!(run.well().page("/konferenser/mr-dagen/").says("Fullbokat").text("h1"), "MR-dagen");
}

#[test]
fn a_cancelled_event_keeps_its_date_and_place_and_offers_no_registration() {
    let keys = "\
place: {name: Aulan, city: Göteborg}
registration: {url: https://example.org/anmalan}
cancelled: true
changes:
  - {date: 2026-11-01, what: cancelled, reason: På grund av coronaviruset., link: ../pages/kurser.md}
";
    let run = Site::new()
        .file("content/events/mr-dagen.md", event("MR-dagen", keys))
        .file("content/pages/kurser.md", page("Kurser under pandemin", ""))
        .build();
    let page = run.well().page("/konferenser/mr-dagen/");
    page.says("1 mars 2027").says("Göteborg").says("På grund av coronaviruset.").says("1 november 2026");
    page.has("href=\"/kurser/\"").lacks("https://example.org/anmalan");
}

#[test]
fn taking_a_status_away_gives_back_the_bytes_that_stood_before() {
    let site = Site::new().file("content/events/mr-dagen.md", event("MR-dagen", ""));
    let before = site.build().public;
    site.write("content/events/mr-dagen.md", event("MR-dagen", "cancelled: true\n"));
    assert!(site.build().public != before);
    site.write("content/events/mr-dagen.md", event("MR-dagen", ""));
    assert!(site.build().public == before);
}

#[test]
fn a_series_is_cancelled_with_all_its_events_but_one() {
    let series = "status: cancelled\nchanges: [{date: 2026-11-02, what: cancelled, reason: Viruset sprids.}]\n";
    let site = Site::new()
        .file("content/series/mr-2027.md", page("MR 2027", series))
        .file("content/events/kalmar.md", event("MR Kalmar", "series: mr-2027\n"))
        .file(
            "content/events/umea.md",
            event(
                "MR Umeå",
                "series: mr-2027\nstatus: moved_online\nchanges: [{date: 2026-11-03, what: moved_online}]\n",
            ),
        );
    let run = site.build();
    let kalmar = run.well().page("/konferenser/kalmar/");
    assert_eq!(kalmar.says("Viruset sprids.").text("h1"), "Inställt: MR Kalmar");
    let umea = run.page("/konferenser/umea/");
    assert_eq!(umea.is_silent_about("Viruset sprids.").text("h1"), "Digitalt: MR Umeå");
    run.page("/konferenser/serie/mr-2027/")
        .says("Inställt: MR Kalmar")
        .says("Digitalt: MR Umeå")
        .says("Viruset sprids.");
}

#[test]
fn registration_opens_fills_and_closes_as_time_goes_by() {
    let keys =
        "registration: {opens: 2027-01-10, closes: 2027-02-15, url: https://example.org/anmalan, capacity: 90}\n";
    let mut site = Site::new().file("content/events/mr-dagen.md", event("MR-dagen", keys));
    let button = "href=\"https://example.org/anmalan\"";
    for (now, words, can_register) in [
        ("2027-01-09T23:59:59+01:00", "Anmälan öppnar den 10 januari 2027.", false),
        ("2027-01-10T00:00:00+01:00", "Anmälan är öppen till och med den 15 februari 2027.", true),
        ("2027-02-15T23:59:59+01:00", "Anmälan är öppen till och med den 15 februari 2027.", true),
        ("2027-02-16T00:00:00+01:00", "Anmälan stängde den 15 februari 2027.", false),
        ("2027-03-01T10:00:00+01:00", "Pågår", false),
        ("2027-03-01T16:00:00+01:00", "Har ägt rum", false),
    ] {
        site = site.at(now);
        let page = site.build().well().page("/konferenser/mr-dagen/");
        page.says(words);
        assert_eq!(page.html.contains(button), can_register, "registration at {now}");
    }
    site.write(
        "content/events/mr-dagen.md",
        event("MR-dagen", &keys.replace("capacity: 90", "full: true, waiting_list: true")),
    );
    let page = site.at("2027-01-20T12:00:00+01:00").build().well().page("/konferenser/mr-dagen/");
    page.says("du kan ställa dig på väntelista").has(button).says("Fullbokat");
}

#[test]
fn an_event_moves_to_the_archive_when_it_is_over() {
    let site = Site::new().file("content/events/mr-dagen.md", event("MR-dagen", ""));
    let headings = |site: &Site| site.build().well().page("/konferenser/").texts("main section:not(.owners) > h2");
    let site = site.at("2027-03-01T15:59:59+01:00");
    assert_eq!(headings(&site), ["Pågår nu", "Kommande"]);
    let site = site.at("2027-03-01T16:00:00+01:00");
    assert_eq!(headings(&site), ["Kommande", "Senast genomförda"]);
    site.build().page("/konferenser/arkiv/").says("MR-dagen").says("2027");
}

#[test]
fn an_event_of_several_dates_says_all_of_them() {
    let event = "\
---
title: Nätverk
date: 2026-10-01
changes: [{date: 2026-11-01, what: cancelled}]
place: {city: Malmö}
occurrences:
  - {start: 2027-01-29, end: 2027-01-30, title: Start}
  - {start: 2027-03-23T09:30, end: 2027-03-23T16:00, status: cancelled, reason: Talaren är sjuk.}
---
Om nätverket.
";
    let run = Site::new().file("content/events/natverk.md", event).build();
    let page = run.well().page("/konferenser/natverk/");
    page.says("29–30 januari 2027").says("23 mars 2027").says("Talaren är sjuk.").says("Inställt").says("Start");
}

#[test]
fn what_has_expired_says_so_at_the_same_address() {
    let site = Site::new().file("content/pages/regler.md", page("Regler", "expires: 2026-12-31\n"));
    site.build().well().page("/regler/").is_silent_about("Arkiverad sida");
    let site = site.at("2027-01-01T00:00:00+01:00");
    site.build().well().page("/regler/").says("Arkiverad sida").says("31 december 2026");
}

#[test]
fn standing_text_past_its_last_day_is_a_warning() {
    let site = Site::new().file("content/pages/om.md", page("Om bloggen", "valid_until: 2026-12-31\n"));
    site.build().well();
    let run = site.at("2027-01-01T00:00:00+01:00").build();
    run.exits(0).finds_codes(&["text-ended"]).finds("text-ended", "content/pages/om.md", "2026-12-31");
    run.page("/om/").says("31 december 2026");
}

#[test]
fn a_person_who_has_left_still_answers_for_what_was_written() {
    let run = Site::new()
        .file("content/people/bo-ek.md", page("Bo Ek", "until: 2026-06-30\nemail: bo.ek@example.org\n"))
        .file("content/blog/x.md", POST.replace("---\nV", "author: bo-ek\n---\nV"))
        .build();
    run.well();
    run.page("/personer/bo-ek/").says("Har slutat").says("30 juni 2026");
    run.page("/blogg/x/").says("Bo Ek");
}

#[test]
fn organisations_are_called_what_they_were_called_then() {
    let tool = |title: &str, date: &str| {
        format!("---\ntitle: {title}\ndate: {date}\ntype: guide\npublisher: skr\n---\nText.\n")
    };
    let run = Site::new()
        .file("content/toolkit/gammal.md", tool("Gammal", "2017-01-10"))
        .file("content/toolkit/ny.md", tool("Ny", "2019-11-27"))
        .build();
    run.well();
    run.page("/metodstod/gammal/").says("Sveriges Kommuner och Landsting");
    run.page("/metodstod/ny/").says("Sveriges Kommuner och Regioner").is_silent_about("Landsting");
}

#[test]
fn former_addresses_lead_to_the_new_one() {
    let run = Site::new()
        .file("content/pages/kontakt.md", page("Kontakt", "aliases: [/kontakta-oss/, /gammal/sida.html]\n"))
        .build();
    run.well();
    for alias in ["/kontakta-oss/", "/gammal/sida.html"] {
        run.page(alias).has("url=/kontakt/").has("href=\"/kontakt/\"").has("noindex");
    }
    run.page("/sitemap.xml").lacks("kontakta-oss").has("https://test.example.org/kontakt/");
}

#[test]
fn drafts_and_what_is_for_later_are_shown_only_when_asked_for() {
    let site = Site::new()
        .file("content/blog/utkast.md", POST.replace("---\nV", "draft: true\n---\nV"))
        .file("content/blog/sedan.md", POST.replace("2026-10-01", "2026-12-01"));
    let run = site.build();
    run.well().has_no("/blogg/utkast/").has_no("/blogg/sedan/");
    run.page("/sitemap.xml").lacks("utkast").lacks("sedan");
    let site = site.at("2026-12-01T00:00:00+01:00");
    site.build().well().has_no("/blogg/utkast/").page("/blogg/sedan/").says("1 december 2026");
    let run = site.with("--drafts").build();
    run.well().page("/blogg/utkast/").says("Utkast");
}

#[test]
fn reading_on_fills_itself_when_the_day_comes() {
    let site = Site::new()
        .file("content/blog/a.md", POST.replace("---\nV", "related: [b.md]\n---\nV"))
        .file("content/blog/b.md", POST.replace("2026-10-01", "2026-12-01").replace("Vi bjuder in", "Fortsättningen"));
    site.build().well().page("/blogg/a/").is_silent_about("Fortsättningen");
    let site = site.at("2026-12-01T00:00:00+01:00");
    site.build().well().page("/blogg/a/").has("href=\"/blogg/b/\"").says("Fortsättningen");
}

// Text.

#[test]
fn links_between_files_become_addresses_and_files_are_copied() {
    let body = "\
Se [kontakt](../../pages/kontakt.md#oppettider), [bilden](bild.svg) och [bloggen](/blogg/).

![En bild](bild.svg)
";
    let site = Site::new()
        .file("content/blog/x/index.md", POST.replace("Välkommen.\n", body))
        .file("content/blog/x/bild.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
        .file("content/pages/kontakt.md", "---\ntitle: Kontakt\n---\n## Öppettider\n\nText.\n");
    let run = site.build();
    let page = run.well().page("/blogg/x/");
    page.has("href=\"/kontakt/#oppettider\"").has("href=\"/blogg/x/bild.svg\"").has("src=\"/blogg/x/bild.svg\"");
    assert_eq!(run.page("/blogg/x/bild.svg").html, "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
}

#[test]
fn links_to_documents_say_what_they_lead_to() {
    let pdf = fs::read(repository().join("content/events/2018/utvecklingsnatverk-2018/inbjudan.pdf")).unwrap();
    let tool = "\
---
title: Handbok
date: 2026-10-01
type: handbook
resources:
  - {title: Handboken, file: bok.pdf, language: sv}
  - {title: The tool, url: https://example.org/, language: en, new_window: true}
---
Läs [handboken](bok.pdf).
";
    let run = Site::new().file("content/toolkit/bok/index.md", tool).file("content/toolkit/bok/bok.pdf", &pdf).build();
    let page = run.well().page("/metodstod/bok/");
    let labels = page.texts(".resource-label");
    assert!(labels[0].starts_with("(PDF, ") && labels[0].contains(" kB, ") && labels[0].contains("sid"), "{labels:?}");
    assert!(labels[0].ends_with(", svenska)"), "{labels:?}");
    assert_eq!(labels[1], "(engelska, nytt fönster)");
    page.has("hreflang=\"en\"").has("target=\"_blank\"").says("handboken (PDF, ");
    assert_eq!(run.public["metodstod/bok/bok.pdf"], pdf);
}

#[test]
fn swedish_text_gets_swedish_signs_and_other_languages_theirs() {
    let body = "\"Rätt\" -- sa hon... Det heter [human rights]{lang=en}. anna@example.org\n\n| A | B |\n|---|---|\n| 1 | ~~2~~ |\n\n- [x] Klart\n\nFot.[^1]\n\n[^1]: Noten.\n\nOrd\n: Förklaring\n";
    let run = Site::new().file("content/blog/x.md", POST.replace("Välkommen.\n", body)).build();
    let page = run.well().page("/blogg/x/");
    page.says("”Rätt” – sa hon…")
        .has("<span lang=\"en\">human rights</span>")
        .has("<a href=\"mailto:anna@example.org\">");
    page.has("<table").has("<del>2</del>").has("type=\"checkbox\"").says("Noten.").has("<dt>Ord</dt>");
    let english = POST.replace("---\nV", "lang: en\n---\nV").replace("Välkommen", "\"Rights\"");
    let run = Site::new().file("content/blog/x.md", english).build();
    run.well().page("/blogg/x/").says("“Rights”").has("lang=\"en\"");
}

#[test]
fn components_of_the_theme_are_called_from_text() {
    let body = "\
::: fact-box title=\"Vad är MR?\" level=\"important\"
Mänskliga **rättigheter**.
:::

::: figure src=\"bild.svg\" alt=\"En trappa\" caption=\"Trappan\" credit=\"Bo Ek\"
:::

::: contact-card person=\"anna-berg\"
:::
";
    let run = Site::new()
        .file("content/blog/x/index.md", POST.replace("Välkommen.\n", &format!("Inledning.\n\n{body}")))
        .file("content/blog/x/bild.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
        .build();
    let page = run.well().page("/blogg/x/");
    page.says("Viktigt: Vad är MR?").has("<strong>rättigheter</strong>");
    page.has("src=\"/blogg/x/bild.svg\" alt=\"En trappa\"").says("Trappan").says("Bild: Bo Ek");
    page.says("Anna Berg").has("mailto:anna.berg@example.org");
}

#[test]
fn notices_stand_where_they_concern_somebody_and_while_they_hold() {
    let notice = |title: &str, keys: &str| {
        format!("---\ntitle: {title}\nfrom: 2026-11-01\nuntil: 2026-11-30\n{keys}---\nTänk på *det*.\n")
    };
    let mut site = Site::new()
        .file("content/blog/x.md", POST.replace("---\nV", "tags: [corona]\n---\nV"))
        .file("content/events/y.md", event("MR-dagen", "series: mr\n"))
        .file("content/series/mr.md", page("MR", ""))
        .file("content/pages/kontakt.md", page("Kontakt", ""))
        .file("content/notices/alla.md", notice("Till alla", "level: crisis\n"))
        .file("content/notices/taggen.md", notice("Om taggen", "scope: {tags: [corona]}\n"))
        .file(
            "content/notices/serien.md",
            notice("Om serien", "scope: {series: [mr]}\nlink: {to: ../pages/kontakt.md, text: Hör av dig}\n"),
        )
        .file("content/notices/bloggen.md", notice("Om bloggen", "scope: {sections: [blog]}\n"));
    let shown = |site: &Site, route: &str| {
        let mut titles = site.build().well().page(route).texts(".notice-title");
        titles.sort();
        titles
    };
    assert_eq!(
        shown(&site, "/blogg/x/"),
        ["Information: Om bloggen", "Information: Om taggen", "Krisinformation: Till alla"]
    );
    assert_eq!(shown(&site, "/konferenser/y/"), ["Information: Om serien", "Krisinformation: Till alla"]);
    assert_eq!(shown(&site, "/kontakt/"), ["Krisinformation: Till alla"]);
    site.build().page("/konferenser/y/").has("<em>det</em>").has("href=\"/kontakt/\">Hör av dig");
    for (now, count) in
        [("2026-10-31T23:59:59+01:00", 0), ("2026-11-30T23:59:59+01:00", 1), ("2026-12-01T00:00:00+01:00", 0)]
    {
        site = site.at(now);
        assert_eq!(shown(&site, "/kontakt/").len(), count, "at {now}");
    }
}

#[test]
fn comments_say_their_state_limit_and_rules() {
    let keys = "comments: {state: open, limit: 300, login: true, closes: 2026-12-01, rules: ../pages/regler.md}\n";
    let site = Site::new()
        .file("content/blog/x.md", POST.replace("---\nV", &format!("{keys}---\nV")))
        .file("content/pages/regler.md", page("Regler för kommentarer", ""));
    let page = site.build().well().page("/blogg/x/");
    page.says("Kommentarerna är öppna.").says("högst 300 tecken").says("logga in").has("href=\"/regler/\"");
    let site = site.at("2026-12-02T00:00:00+01:00");
    site.build().well().page("/blogg/x/").says("Kommentarerna är stängda.");
}

// Themes.

#[test]
fn a_site_overrides_a_template_a_text_an_asset_and_a_component() {
    let site = Site::new().file("content/blog/x.md", POST.replace("---\nV", "contact: anna-berg\n---\nV"));
    let before = site.build().well().page("/blogg/x/").html;
    site.write(
        "theme/templates/post.html",
        "{% extends \"mr/post.html\" %}\n{% block facts %}<p>Eget: {{ page.about.title }}</p>{% endblock facts %}\n",
    );
    site.write("theme/texts/sv.yaml", "ui: {owners: Svarar för sidan}\n");
    let style = fs::read_to_string(site.path("themes/mr/assets/style.css")).expect("the theme's stylesheet");
    site.write("theme/assets/style.css", style + "body { color: black }\n");
    site.write(
        "theme/components/tags.html",
        "{% component tags(tags: array) %}<p>Inga ämnen</p>{% endcomponent tags %}\n",
    );
    let run = site.build();
    let page = run.well().page("/blogg/x/");
    page.says("Eget: Vi bjuder in").says("Svarar för sidan").is_silent_about("Informationsansvarig");
    let styles = run.public.keys().filter(|path| path.starts_with("assets/style.")).count();
    assert_eq!(styles, 1, "{:?}", run.public.keys());
    let style = run.public.iter().find(|(path, _)| path.starts_with("assets/style.")).unwrap();
    assert!(style.1.ends_with(b"body{color:black}"), "{}", String::from_utf8_lossy(style.1));
    page.has(style.0);
    assert!(!before.contains(style.0.as_str()), "another content has another name");
}

#[test]
fn hosts_are_told_to_keep_the_code_of_others_out() {
    let site = Site::plain().settings("forms: {contact: \"https://formular.example.org/mr/\"}\n");
    let run = site.build();
    let headers = String::from_utf8(run.well().public["_headers"].clone()).expect("text");
    assert!(headers.starts_with("/*\n  Content-Security-Policy: default-src 'none'; script-src 'self'; "), "{headers}");
    assert!(headers.contains("form-action 'self' https://formular.example.org; base-uri 'none'"), "{headers}");
    assert!(headers.contains("Strict-Transport-Security") && headers.contains("/assets/*\n  Cache-Control: public"));
    let site = site.settings("hosting: [apache]\n").with("--base-url").with("http://test.example.org/mr/");
    let run = site.build();
    let htaccess = String::from_utf8(run.well().public[".htaccess"].clone()).expect("text");
    assert!(htaccess.contains("Header always set Content-Security-Policy \"default-src 'none'"), "{htaccess}");
    assert!(
        htaccess.contains("ErrorDocument 404 /mr/404.html") && !htaccess.contains("Strict-Transport"),
        "{htaccess}"
    );
    assert!(
        htaccess.contains("  Header set Cache-Control \"no-cache\"\n  <If "),
        "pages are asked for again: {htaccess}"
    );
    assert!(!run.public.contains_key("_headers"), "only for the host that was asked for");
    site.edit("site.yaml", |settings| settings.replace("[apache]", "[iis]"));
    site.build().finds_codes(&["unknown-value"]);
}

/// A file of the site as text.
#[track_caller]
fn published(run: &Run, path: &str) -> String {
    String::from_utf8(run.well().public[path].clone()).expect("text")
}

#[test]
fn each_host_is_told_in_its_own_form() {
    let site = Site::plain().settings("hosting: [nginx, caddy]\n");
    let run = site.build();
    let nginx = published(&run, "nginx.conf");
    assert!(nginx.starts_with("add_header Content-Security-Policy \"default-src 'none'; "), "{nginx}");
    assert!(nginx.contains("\nerror_page 404 /404.html;\nlocation /assets/ {\n    add_header Content-Sec"), "{nginx}");
    assert!(nginx.contains("location ~ \"^(/.*)?/feed\\.xml$\" {\n    types { }\n    default_type \"application/atom"));
    assert!(nginx.ends_with("location = /nginx.conf {\n    return 404;\n}\n"), "it is not for readers: {nginx}");
    let caddy = published(&run, "Caddyfile");
    assert!(caddy.starts_with("@anslag path /*\nheader @anslag {\n\tContent-Security-Policy \""), "{caddy}");
    assert!(caddy.contains("error /Caddyfile 404\n") && caddy.contains("rewrite * /404.html"), "{caddy}");
    assert!(nginx.contains("\nadd_header Cache-Control \"no-cache\" always;\nerror_page"), "{nginx}");
    assert!(caddy.contains("\nheader @anslag-others Cache-Control \"no-cache\"\n"), "{caddy}");
    let site = site.with("--base-url").with("https://test.example.org/mr.2/");
    let run = site.build();
    let nginx = published(&run, "nginx.conf");
    assert!(nginx.contains("location /mr.2/assets/ {") && nginx.contains("\"^/mr\\.2(/.*)?\\.ics$\""), "{nginx}");
    assert!(published(&run, "Caddyfile").starts_with("@anslag path /mr.2/*\n"));
    // What a host reads takes nobody's address.
    site.write("content/blog/x.md", POST.replace("date:", "aliases: [/nginx.conf]\nsummary: Kort.\ndate:"));
    site.build().exits(1).finds("duplicate-address", "content/blog/x.md", "/nginx.conf");
}

#[test]
fn a_site_under_a_path_does_not_speak_for_the_whole_host() {
    let site = Site::plain().with("--base-url").with("https://test.example.org/mr/");
    assert!(!published(&site.build(), "_headers").contains("Strict-Transport-Security"));
    let site = site.settings("headers: {Strict-Transport-Security: max-age=63072000}\n");
    let headers = published(&site.build(), "_headers");
    assert!(headers.contains("  Strict-Transport-Security: max-age=63072000\n"), "unless the site says so: {headers}");
}

#[test]
fn a_policy_names_the_hosts_of_forms_as_browsers_do() {
    let site = Site::plain().settings("forms: {contact: \"https://Bo:ek@Mänskliga.se:8443/kontakt\"}\n");
    let headers = published(&site.build(), "_headers");
    assert!(headers.contains("form-action 'self' https://xn--mnskliga-0za.se:8443;"), "{headers}");
}

#[test]
fn a_site_adds_headers_and_makes_the_policy_stricter() {
    let headers = "\
headers:
  X-Robots-Tag: noai
  referrer-policy: no-referrer
  Permissions-Policy: payment=(), fullscreen=(self)
  Content-Security-Policy: connect-src 'none'; report-to rapporter
  Reporting-Endpoints: rapporter=\"/rapport/100%\"
";
    let run = Site::plain().settings(headers).settings("hosting: [headers, apache, caddy]\n").build();
    let headers = published(&run, "_headers");
    for line in [
        "font-src 'self'; connect-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; report-to rapporter\n",
        "\n  Referrer-Policy: no-referrer\n",
        "\n  Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), fullscreen=(self)\n",
        "\n  X-Robots-Tag: noai\n",
        "\n  Reporting-Endpoints: rapporter=\"/rapport/100%\"\n",
    ] {
        assert!(headers.contains(line), "{line} in {headers}");
    }
    let htaccess = published(&run, ".htaccess");
    assert!(htaccess.contains(r#"Reporting-Endpoints "rapporter=\"/rapport/100%%\"""#), "{htaccess}");
}

#[test]
fn where_no_headers_are_sent_the_policy_stands_in_the_pages() {
    let site = Site::plain()
        .file("content/blog/x.md", POST.replace("\n---\nV", "\nsummary: Kort.\n---\nV"))
        .settings("hosting: [meta]\n");
    let run = site.build();
    let page = run.well().page("/blogg/x/");
    page.has("<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src &#39;none&#39;; ");
    page.has("base-uri &#39;none&#39;\">").lacks("frame-ancestors");
    assert!(!run.public.contains_key("_headers"), "no host reads one");
    // A theme that leaves it out, or puts it after what is fetched, leaves readers without it.
    let base = "themes/plain/templates/base.html";
    let policy = "<meta http-equiv=\"Content-Security-Policy\" content=\"{{ site.policy }}\">\n";
    let former = fs::read_to_string(site.path(base)).expect("the template is there");
    for wrong in [
        former.replace(policy, ""),
        former.replace(policy, "").replace("</head>", &format!("{{% if site.policy %}}{policy}{{% endif %}}</head>")),
        former.replace("{{ site.policy }}", "default-src *"),
    ] {
        site.write(base, wrong);
        let run = site.build();
        assert!(run.code == Some(1) && run.findings().iter().all(|found| found.code == "no-policy"));
        run.finds("no-policy", base, "site.policy");
    }
    // Where it is not asked for nothing is missed.
    site.edit("site.yaml", |settings| settings.replace("[meta]", "[headers]"));
    site.write(base, former);
    site.build().well().page("/blogg/x/").lacks("Content-Security-Policy");
}

#[test]
fn a_theme_builds_on_another() {
    let run = Site::new()
        .settings("theme: barn\n")
        .file("themes/barn/theme.yaml", "name: Barn\nextends: mr\n")
        .file(
            "themes/barn/templates/page.html",
            "{% extends \"mr/page.html\" %}\n{% block facts %}<p>Från barnet</p>{% endblock facts %}\n",
        )
        .file("content/pages/kontakt.md", page("Kontakt", ""))
        .build();
    run.well().page("/kontakt/").says("Från barnet").says("Text.");
}

// The site as a whole.

#[test]
fn a_site_may_live_in_a_folder_of_its_host() {
    let site = Site::new()
        .file(
            "content/blog/x.md",
            POST.replace("Välkommen", "[Start](/) och [bloggen](/blogg/) och [kontakt](../pages/kontakt.md)"),
        )
        .file("content/pages/kontakt.md", page("Kontakt", ""))
        .with("--base-url=https://example.org/mr/");
    let run = site.build();
    let page = run.well().page("/blogg/x/");
    page.has("href=\"/mr/\"").has("href=\"/mr/blogg/\"").has("href=\"/mr/kontakt/\"").has("href=\"/mr/assets/style.");
    page.has("<link rel=\"canonical\" href=\"https://example.org/mr/blogg/x/\">");
    for (path, bytes) in &run.public {
        let text = String::from_utf8_lossy(bytes);
        let outside = text.match_indices("href=\"/").find(|(at, _)| !text[*at..].starts_with("href=\"/mr/"));
        assert!(outside.is_none(), "{path} links outside of the folder: {outside:?}");
    }
    run.page("/sitemap.xml").has("https://example.org/mr/blogg/x/");
}

#[test]
fn an_english_site_speaks_english() {
    let run = Site::new()
        .settings("language: en\nsections: {blog: {title: Blog, address: /blog/}, events: {title: Conferences, address: /conferences/}}\n")
        .file("content/events/day.md", event("Rights day", "cancelled: true\nchanges: [{date: 2026-11-01, what: cancelled}]\n"))
        .file("content/blog/x.md", POST.replace("Välkommen", "\"Welcome\""))
        .build();
    run.well();
    let page = run.page("/conferences/day/");
    page.has("<html lang=\"en\">").says("1 March 2027");
    assert_eq!(page.text("h1"), "Cancelled: Rights day");
    run.page("/blog/x/").says("“Welcome”");
}

#[test]
fn sections_have_the_addresses_and_titles_of_the_settings() {
    let run = Site::new()
        .settings(
            "sections: {events: {title: Möten, address: /moten/}}\nmenus: {main: [{title: Möten, to: /moten/}]}\n",
        )
        .file("content/events/x.md", event("Mötet", ""))
        .build();
    run.well().has_no("/konferenser/");
    run.page("/moten/x/").has("href=\"/moten/\"");
    assert_eq!(run.page("/moten/").text("h1"), "Möten");
}

#[test]
fn long_lists_are_paged() {
    let mut site = Site::new().settings("sections: {blog: {per_page: 2}}\n");
    for day in 1..=5 {
        site = site.file(
            &format!("content/blog/p{day}.md"),
            POST.replace("2026-10-01", &format!("2026-10-0{day}")).replace("Vi bjuder in", &format!("Inlägg {day}")),
        );
    }
    let run = site.build();
    run.well();
    let first = run.page("/blogg/");
    first.says("Inlägg 5").says("Inlägg 4").is_silent_about("Inlägg 3").says("Sida 1 av 3");
    let pages: Vec<&String> = run.public.keys().filter(|path| path.starts_with("blogg/sida/")).collect();
    assert_eq!(pages, ["blogg/sida/2/index.html", "blogg/sida/3/index.html"]);
    run.page("/blogg/sida/3/").says("Inlägg 1");
}

#[test]
fn feeds_and_sitemap_are_xml_with_absolute_addresses() {
    let run = Site::new().file("content/blog/x.md", POST.replace("Vi bjuder in", "Rätt & <fel>")).build();
    run.well();
    for route in ["/feed.xml", "/blogg/feed.xml", "/konferenser/feed.xml", "/sitemap.xml"] {
        let xml = run.page(route).html;
        assert!(xml.starts_with("<?xml"), "{route}: {xml}");
        assert!(!xml.contains("href=\"/") && !xml.contains("<loc>/"), "{route} has absolute addresses: {xml}");
    }
    run.page("/blogg/feed.xml").has("Rätt &amp; &lt;fel&gt;").has("https://test.example.org/blogg/x/");
    run.page("/robots.txt").has("Sitemap: https://test.example.org/sitemap.xml");
    run.page("/404.html").says("Sidan finns inte");
}

// Publishing.

#[test]
fn a_second_build_writes_nothing() {
    let site = Site::new().file("content/blog/x.md", POST);
    site.run(["build"]).exits(0).says(" 0 unchanged, 0 removed");
    let written = |site: &Site| fs::metadata(site.path("public/index.html")).unwrap().modified().unwrap();
    let first = written(&site);
    site.run(["build"]).exits(0).says("0 files written, ").says(", 0 removed");
    assert_eq!(written(&site), first, "the file was left alone");
}

#[test]
fn the_page_of_a_removed_document_is_removed_and_foreign_files_are_kept() {
    let site = Site::new().file("content/blog/x.md", POST);
    site.build().well().page("/blogg/x/");
    site.write("public/blogg/annan.txt", "inte vår");
    site.write("public/blogg/x/annan.txt", "inte heller");
    site.remove("content/blog/x.md");
    site.forget("/blogg/x/");
    let run = site.build();
    run.well().has_no("/blogg/x/");
    assert_eq!(run.public["blogg/annan.txt"], b"inte v\xc3\xa5r");
    assert_eq!(run.public["blogg/x/annan.txt"], b"inte heller");
    site.write("content/blog/x.md", POST);
    site.build().well().page("/blogg/x/");
}

#[test]
fn a_foreign_file_in_the_way_is_not_replaced() {
    let site = Site::new().file("public/index.html", "min egen sida");
    let run = site.run(["build"]);
    run.exits(2).says("it is not empty").says("`--adopt`");
    assert_eq!(run.public.len(), 1);
    assert_eq!(run.public["index.html"], b"min egen sida");
    let run = site.run(["build", "--output", "ut"]);
    run.exits(0);
    assert!(site.path("ut/index.html").is_file());
}

#[test]
fn nothing_is_published_into_the_sources_or_through_a_link() {
    let site = Site::new();
    for folder in [".", "content", "content/ut", "themes/ut"] {
        let run = site.run(["build", "--output", folder]);
        assert!(matches!(run.code, Some(2 | 3)), "{folder}: {:?}", run.code);
        assert!(!site.path("content/ut").exists() && !site.path("themes/ut").exists(), "no folder is left behind");
    }
    let site = Site::new().file("content/blog/x.md", POST);
    let outside = crate::site::Folder::new();
    fs::create_dir(site.path("public")).unwrap();
    std::os::unix::fs::symlink(&outside.0, site.path("public/blogg")).unwrap();
    site.run(["build", "--adopt"]).exits(3).says("symbolic link");
    assert_eq!(fs::read_dir(&outside.0).unwrap().count(), 0, "nothing went through the link");
}

#[test]
fn a_failed_build_can_be_mended_and_published() {
    let site = Site::new().file("content/blog/x.md", POST);
    let before = site.build().public;
    site.write("content/blog/x.md", POST.replace("title", "titel"));
    assert!(site.run(["build"]).exits(1).says("nothing was written").public == before);
    site.write("content/blog/x.md", POST);
    assert!(site.build().well().public == before);
}

#[test]
fn a_ledger_that_is_lost_or_damaged_never_makes_anslag_delete() {
    let site = Site::new().file("content/blog/x.md", POST).file("min.txt", "min");
    site.build().well();
    for entry in fs::read_dir(site.path(".anslag")).unwrap() {
        let path = entry.unwrap().path();
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        fs::write(&path, text.replace("index.html", "../min.txt")).unwrap();
    }
    site.remove("content/blog/x.md");
    site.forget("/blogg/x/");
    let run = site.run(["build"]);
    assert!(site.path("min.txt").is_file());
    assert!(matches!(run.code, Some(0 | 2 | 3)), "{:?}: {}", run.code, run.stderr);
}

// What reviewers found.

#[test]
fn an_event_whose_every_occasion_is_cancelled_is_cancelled() {
    let keys = "---\ntitle: MR-dagen\ndate: 2026-10-01\nchanges: [{date: 2026-11-01, what: cancelled}]\nplace: {city: Malmö}\noccurrences:\n  - {start: 2027-03-01T09:00, status: cancelled, reason: Sjukdom.}\nregistration: {email: a@example.org}\n---\nText.\n";
    let run = Site::new().file("content/events/mr-dagen.md", keys).build();
    let page = run.well().page("/konferenser/mr-dagen/");
    assert_eq!(page.text("h1"), "Inställt: MR-dagen");
    page.says("Sjukdom.").lacks("mailto:a@example.org?subject");
}

#[test]
fn a_cancelled_occasion_is_not_the_next_one() {
    let keys = "---\ntitle: Nätverket\ndate: 2026-10-01\nchanges: [{date: 2026-11-01, what: cancelled}]\nplace: {city: Malmö}\noccurrences:\n  - {start: 2027-01-12, status: cancelled}\n  - {start: 2027-03-02}\n  - {start: 2027-05-04}\n---\nText.\n";
    let run = Site::new().file("content/events/natverket.md", keys).build();
    run.well().page("/konferenser/").says("2 mars och 4 maj 2027");
    run.page("/konferenser/natverket/").says("12 januari 2027");
}

#[test]
fn a_network_takes_members_between_its_meetings_if_it_says_how_long() {
    let keys = "---\ntitle: Nätverket\ndate: 2026-10-01\nupdated: 2026-11-01\nplace: {city: Malmö}\noccurrences:\n  - {start: 2027-03-01}\n  - {start: 2027-09-01}\nregistration: {closes: 2027-06-01, email: a@example.org}\n---\nText.\n";
    let site = Site::new().file("content/events/natverket.md", keys);
    let between = site.at("2027-04-02T12:00:00+02:00").build();
    between.well().page("/konferenser/natverket/").says("Anmälan är öppen till och med den 1 juni 2027");
}

#[test]
fn a_lost_ledger_does_not_lock_the_writer_out() {
    let site = Site::new().file("content/blog/x.md", POST);
    site.build().well();
    fs::remove_dir_all(site.path(".anslag")).expect("the ledger is there");
    site.run(["build"]).exits(2).says("as when `.anslag/` was lost, build once with `--adopt`");
    site.run(["build", "--adopt"]).exits(0).says("0 files written");
    site.write("content/blog/y.md", POST);
    site.build().well().page("/blogg/y/").says("Vi bjuder in");
}

#[test]
fn a_series_of_many_events_shows_the_nearest_on_each_page() {
    let mut site = Site::new().file("content/series/rad.md", page("Raden", ""));
    for day in 1..=28 {
        let text = format!(
            "---\ntitle: Dag {day}\ndate: 2026-10-01\nstart: 2027-02-{day:02}\nplace: {{city: Malmö}}\nseries: rad\n---\nText.\n"
        );
        site = site.file(&format!("content/events/dag-{day}.md"), text);
    }
    let run = site.build();
    run.well()
        .page("/konferenser/dag-14/")
        .says("Dag 9")
        .says("Dag 19")
        .lacks("/konferenser/dag-2/")
        .lacks("/konferenser/dag-25/");
    run.page("/konferenser/serie/rad/").has("/konferenser/dag-2/").has("/konferenser/dag-25/");
}

#[test]
fn a_postponed_event_waits_for_its_new_date() {
    let run = Site::new()
        .file(
            "content/events/mr-dagen.md",
            event("MR-dagen", "status: postponed\nchanges: [{date: 2026-11-01, what: postponed}]\nonline: {url: 'https://mote.example.org/'}\n"),
        )
        .at("2028-01-01T12:00:00+01:00")
        .build();
    run.well().page("/konferenser/").says("Uppskjutet: MR-dagen");
    run.page("/konferenser/arkiv/").lacks("MR-dagen");
    run.page("/konferenser/mr-dagen/").lacks("https://mote.example.org/");
}

#[test]
fn anchors_and_tags_in_front_matter_are_checked_too() {
    let notice = "---\ntitle: Nytt\nfrom: 2026-01-01\nscope:\n  tags: [finns inte]\nlink: {to: ../pages/hjalp.md#nix, text: Mer}\n---\nText.\n";
    let run =
        Site::new().file("content/pages/hjalp.md", page("Hjälp", "")).file("content/notices/nytt.md", notice).build();
    run.exits(1).finds("missing-anchor", "content/notices/nytt.md", "`nix`").finds(
        "notice-scope",
        "content/notices/nytt.md",
        "`finns inte`",
    );
}

#[test]
fn thousands_of_dead_links_are_reported_in_little_time() {
    let body = |count: usize| {
        (0..count).map(|n| format!("[a](../pages/nix-{n}.md) [b](#nix-{n})\n\n## Nix {n}x\n\n")).collect::<String>()
    };
    let site = Site::new().file("content/blog/x.md", POST.replace("Välkommen.", &body(2_000)));
    // The harness ends a run that hangs; with suggestions over all names this one took minutes.
    assert_eq!(site.build().exits(1).findings().len(), 4_000);
}
