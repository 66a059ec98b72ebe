//! The site of this repository: it builds without a word, and carries the five pages that `anslag` was made for.

use std::sync::LazyLock;

use crate::site::{Page, Run, Site, repository};

static SITE: LazyLock<Run> = LazyLock::new(|| Site::copy_of(repository()).at("2026-11-21T12:00:00+01:00").build());

#[track_caller]
fn page(route: &str) -> Page {
    SITE.page(route)
}

#[test]
fn it_builds_without_errors_or_warnings() {
    SITE.well();
    assert!(SITE.public.len() > 80);
    for route in [
        "/",
        "/blogg/",
        "/konferenser/",
        "/konferenser/arkiv/",
        "/metodstod/",
        "/personer/",
        "/amnen/",
        "/404.html",
        "/feed.xml",
        "/sitemap.xml",
        "/robots.txt",
    ] {
        page(route);
    }
}

#[test]
fn it_has_the_content_that_was_promised() {
    let count = |folder: &str| {
        let folder = format!("{folder}/");
        let pages = SITE.public.keys().filter_map(|path| path.strip_prefix(&folder)?.strip_suffix("/index.html"));
        pages.filter(|slug| !slug.contains('/')).count()
    };
    assert!(count("blogg") >= 12, "{} posts", count("blogg"));
    assert!(count("konferenser") >= 9, "{} events", count("konferenser"));
    assert!(count("konferenser/serie") >= 3, "{} series", count("konferenser/serie"));
    assert!(count("metodstod") >= 12, "{} tools", count("metodstod"));
    assert!(SITE.public.keys().filter(|path| path.ends_with(".pdf")).count() >= 2, "two PDFs");
    for route in ["/om-bloggen/", "/kontakt/", "/tillganglighet/", "/regler-for-kommentarer/", "/integritet/"] {
        page(route).says("Informationsansvarig");
    }
}

#[test]
fn page_1_the_invitation_to_the_training_network() {
    let post = page("/blogg/utbildningsnatverk-om-rattighetsbaserat-arbetssatt/");
    post.says("17 november 2021")
        .says("rättighetsbaserat arbetssätt")
        .says("Stockholm")
        .says("resa och övernattning")
        .says("metod");
    post.says("Cecilia Ramqvist")
        .says("Handläggare")
        .says("Informationsansvarig")
        .has("mailto:cecilia.ramqvist@example.org");
    post.says("Kommentarerna är stängda.").says("logga in").says("högst 300 tecken");
    post.says("Om bloggen").says("Cecilia Berglin").says("Björn Kullander").says("1 september 2022");
    post.says("Prenumerera").says("Läs vidare");
    post.has("href=\"/konferenser/utbildningsnatverk-2021/\"");
    page("/konferenser/utbildningsnatverk-2021/")
        .has("href=\"/blogg/utbildningsnatverk-om-rattighetsbaserat-arbetssatt/\"");
    assert!(
        post.text("main").contains("gratis")
            || post.text("main").contains("kostar ingenting")
            || post.text("main").contains("kostnadsfri")
    );
    post.says("Läs frågor och svar om coronaviruset");
    // The notice held when the post was new. What has come since is shown as drafts are, since old posts lead to it.
    let then = Site::copy_of(repository()).at("2021-11-21T12:00:00+01:00").with("--drafts").build();
    assert_eq!(then.code, Some(0), "{}", then.stdout);
    then.page("/blogg/utbildningsnatverk-om-rattighetsbaserat-arbetssatt/")
        .says("Krisinformation")
        .says("Frågor och svar om coronaviruset");
}

#[test]
fn page_2_the_rights_based_approach() {
    let post = page("/blogg/vad-ar-ett-rattighetsbaserat-arbetssatt/");
    for principle in [
        "icke-diskriminering",
        "jämlikhet",
        "delaktighet",
        "inkludering",
        "transparens",
        "ansvar",
        "boende",
        "vård",
        "skola",
    ] {
        let text = post.text("main").to_lowercase();
        let other = match principle {
            "transparens" => "öppenhet",
            "boende" => "bost",
            "skola" => "skol",
            "jämlikhet" => "jämlik",
            principle => principle,
        };
        assert!(text.contains(principle) || text.contains(other), "`{principle}` is explained:\n{text}");
    }
    post.says("20 januari 2022")
        .says("Kommentarerna är stängda.")
        .says("högst 900 tecken")
        .has("href=\"/regler-for-kommentarer/\"");
    post.says("Om bloggen").says("1 september 2023");
    let rules = page("/regler-for-kommentarer/");
    assert_eq!(rules.texts("main .prose li").len(), 5, "five rules: {:?}", rules.texts("main .prose li"));
    page("/kontakt/").says("Skriv till oss");
}

#[test]
fn page_3_a_cancelled_conference_that_keeps_its_date_and_place() {
    let event = page("/konferenser/mr-2020-goteborg/");
    assert!(event.text("h1").starts_with("Inställt: MR 2020"), "{}", event.text("h1"));
    assert!(event.text("title").starts_with("Inställt: "), "{}", event.text("title"));
    event.says("coronaviruset").has("href=\"/kurser-och-konferenser-under-pandemin/\"");
    event.says("Göteborg").says("2020");
    assert!(!event.texts("main time").is_empty(), "the date is kept");
    for name in [
        "Västra Götalandsregionen",
        "Anna Jacobson",
        "Mölndals stad",
        "Lund",
        "Ulrika Dagård",
        "Raoul Wallenberg Institute",
        "Gabriella Fredriksson",
        "demokrati",
    ] {
        event.says(name);
    }
    event
        .says("enhetschef")
        .says("Björn Kullander")
        .says("Cecilia Ramqvist")
        .says("Hjälpte informationen på sidan dig?");
    event.says("Frågor om anmälan").says("augusti 2018");
    let series = page("/konferenser/serie/mr-2020/");
    for town in ["Kalmar", "Umeå", "Göteborg", "Stockholm"] {
        series.says(town);
        event.says(town);
    }
    page("/konferenser/arkiv/").says("Inställt: MR 2020");
}

#[test]
fn page_4_a_network_with_several_dates() {
    let event = page("/konferenser/utvecklingsnatverk-2018/");
    for words in [
        "29–30 januari",
        "23 mars",
        "1 juni",
        "28 augusti",
        "Stockholm",
        "8 delprojekt",
        "2–4 personer",
        "15 december 2017",
        "Anna Lindström",
        "SKL står för",
        "8 november 2017",
    ] {
        event.says(words);
    }
    assert_eq!(event.texts(".occurrence").len(), 4);
    event.says("organisationens namn").says("projektledare").says("syftet").says("projektgruppen");
    event.has("inbjudan.pdf").says("(PDF, ");
    assert!(SITE.public.contains_key("konferenser/utvecklingsnatverk-2018/inbjudan.pdf"));
}

#[test]
fn page_5_the_toolkit() {
    let toolkit = page("/metodstod/");
    for words in [
        "Vägledning",
        "Välj rätt",
        "Joined up governance",
        "MR-plattform",
        "åtta",
        "engelska",
        "nytt fönster",
        "(PDF, ",
    ] {
        let all = toolkit.text("main");
        assert!(all.to_lowercase().contains(&words.to_lowercase()), "`{words}` is in the toolkit:\n{all}");
    }
    toolkit.says("Hjälpte informationen på sidan dig?");
    let tool = page("/metodstod/joined-up-governance/");
    for town in ["Huddinge", "Sundsvall", "Västra Götaland"] {
        tool.says(town);
    }
    tool.says("svenska").says("engelska").says("Läs vidare");
    page("/metodstod/valj-ratt/").says("Göteborgs");
    page("/metodstod/goda-exempel-2009-2012/").says("2009").says("Mikael Spång").says("Malmö högskola").says("(PDF, ");
    page("/om-metodstodet/").says("10 januari 2017").says("SKL");
}

#[test]
fn every_state_can_be_seen_today() {
    let list = page("/konferenser/").html + &page("/konferenser/arkiv/").html;
    for state in ["open", "not_open", "full", "closed", "moved_online", "rescheduled", "postponed", "cancelled", "past"]
    {
        assert!(list.contains(&format!("state-{state}")), "an event is {state}");
    }
}

#[test]
fn every_page_has_one_heading_a_title_and_a_language() {
    for (path, bytes) in SITE.public.iter().filter(|(path, _)| path.ends_with(".html")) {
        let page = SITE.page(&format!("/{path}"));
        assert_eq!(page.texts("h1").len(), 1, "{path} has one h1");
        assert!(!page.text("title").is_empty(), "{path} has a title");
        let html = String::from_utf8_lossy(bytes);
        assert!(html.contains("<html lang=\"sv\">"), "{path} has a language");
        assert!(!html.contains("{{") && !html.contains("{%"), "{path} has no rest of a template");
        // Search has a script, and the toolkit's filters, in files of their own; without them there are lists and links.
        let is_scripted =
            ["sok/index.html", "metodstod/index.html"].contains(&path.as_str()) || path.starts_with("metodstod/typ/");
        let data = html.matches("<script type=\"application/ld+json\">").count();
        let scripts = html.matches("<script").count() - data;
        assert_eq!(scripts, usize::from(is_scripted), "{path} works without scripts");
        for outside in ["src=\"http", "@import", "<iframe", "url(http"] {
            assert!(!html.contains(outside), "{path} asks nobody else for anything: {outside}");
        }
    }
}

#[test]
fn entries_have_somebody_who_answers_for_them() {
    for path in SITE.public.keys().filter(|path| path.ends_with("/index.html")) {
        let page = SITE.page(&format!("/{path}"));
        let is_entry = ["kind-post", "kind-event", "kind-tool", "kind-page"]
            .iter()
            .any(|kind| page.html.contains(&format!("{kind}\"")));
        if is_entry {
            page.says("Informationsansvarig");
        }
    }
}
