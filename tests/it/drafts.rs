//! What is not published yet: no byte of it is in a site for readers, and a preview shows it to those who have its address alone.
//!
//! Everything that the drafts say has the word `kanarie` in it, like the bird that was taken into mines.

use std::fs;

use crate::site::{Run, Site};

/// The word that only drafts say.
const SECRET: &str = "kanarie";

/// What readers' programs fetch, keep and come back to.
const KEPT: [&str; 8] = [
    "/feed.xml",
    "/feed.json",
    "/blogg/feed.xml",
    "/blogg/feed.json",
    "/konferenser/feed.xml",
    "/konferenser/kalender.ics",
    "/sitemap.xml",
    "/sok/index.json",
];

/// A site with a post and a conference for everybody, and beside them drafts of every sort with all that they may say.
fn site() -> Site {
    Site::new()
        .file("content/blog/oppet.md", "---\ntitle: Öppet\ndate: 2026-11-01\nsummary: För alla.\ntags: [nytt]\n---\nText.\n")
        .file("content/events/dagen.md", event("Dagen", "summary: En dag.\nplace: {name: Folkets hus, city: Lund}\n"))
        .file(
            "content/blog/kanariefagel/index.md",
            "---\ntitle: Kanarietitel\ndate: 2026-11-02\ndraft: true\nsummary: Kanariesammanfattning.\ntags: [kanarieämne, nytt]\n\
             author: kanarie-karlsson\naliases: [/kanarieadress/]\n---\nKanarietext med [en bilaga](kanariebilaga.csv).\n\n\
             ![Kanariebildtext](kanariebild.svg)\n\n## Kanarierubrik\n\nSlut.\n",
        )
        .file("content/blog/kanariefagel/kanariebilaga.csv", "kanarietal\n1\n")
        .file(
            "content/blog/kanariefagel/kanariebild.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"4\"><title>Kanarieform</title><path d=\"M0 0h4v4z\"/></svg>\n",
        )
        .file("content/people/kanarie-karlsson.md", "---\ntitle: Kanarie Karlsson\ndraft: true\n---\nKanarieliv.\n")
        .file("content/series/kanarieserie.md", "---\ntitle: Kanarieserien\nsummary: Kanarieföljd.\ndraft: true\n---\nKanarietal.\n")
        .file(
            "content/events/kanariedag.md",
            event("Kanariedagen", "draft: true\nsummary: Kanariedag.\nseries: kanarieserie\nplace: {name: Kanariehuset, city: Lund}\n"),
        )
        .file(
            "content/toolkit/kanarieverktyg.md",
            "---\ntitle: Kanarieverktyget\ndate: 2026-11-02\ntype: guide\nsummary: Kanariehjälp.\ndraft: true\n---\nKanariemetod.\n",
        )
        .file("content/pages/kanariesida.md", "---\ntitle: Kanariesidan\nsummary: Kanarie.\ndraft: true\n---\nKanariebo.\n")
        .file(
            "content/blog/kanariemorgon.md",
            "---\ntitle: Kanariemorgon\ndate: 2027-03-01\nsummary: Kanariegryning.\n---\nKanariesång.\n",
        )
}

fn event(title: &str, keys: &str) -> String {
    format!(
        "---\ntitle: {title}\ndate: 2026-11-01\nstart: 2027-05-03T09:30\nend: 2027-05-03T16:00\n{keys}---\nVälkommen.\n"
    )
}

fn is_secret(text: &str) -> bool {
    text.to_lowercase().contains(SECRET)
}

/// The addresses of files that say the word, or have it in their names.
fn files_with_secret(run: &Run) -> Vec<&str> {
    let says = |bytes: &[u8]| is_secret(&String::from_utf8_lossy(bytes));
    run.public.iter().filter(|(path, bytes)| is_secret(path) || says(bytes)).map(|(path, _)| path.as_str()).collect()
}

#[test]
fn no_byte_of_a_draft_is_in_a_site_for_readers() {
    let site = site();
    // What is for later is written down beforehand in addresses.lock, which readers never see.
    site.remove("content/blog/kanariemorgon.md");
    for arguments in
        [&["build"][..], &["build", "--format", "json"], &["due"], &["list"], &["check", "--format", "sarif"]]
    {
        let run = site.run(arguments);
        assert_eq!(run.code, Some(0), "{arguments:?}: {}{}", run.stdout, run.stderr);
        assert_eq!(files_with_secret(&run), Vec::<&str>::new(), "{arguments:?}");
        assert!(!is_secret(&run.stdout) && !is_secret(&run.stderr), "{arguments:?}: {}{}", run.stdout, run.stderr);
    }
    assert!(!is_secret(&fs::read_to_string(site.path("addresses.lock")).expect("a build writes it")));
}

#[test]
fn a_preview_before_a_build_leaves_nothing_to_it() {
    let site = site();
    site.run(["build", "--drafts"]).exits(0);
    let run = site.build();
    run.well();
    assert_eq!(files_with_secret(&run), Vec::<&str>::new(), "also the former tree is not shown");
}

#[test]
fn a_preview_shows_all_of_it_marked_and_to_no_search_engine() {
    let run = site().with("--drafts").build();
    run.well();
    let page = run.page("/blogg/kanariefagel/");
    page.says("Kanarietitel").says("Kanarietext").says("Kanarierubrik").says("Kanarie Karlsson").says("Utkast");
    run.page("/konferenser/kanariedag/").says("Kanariehuset").says("Utkast");
    run.page("/blogg/kanariemorgon/").says("Kanariesång").says("publiceras den 1 mars 2027").lacks("Utkast");
    run.page("/blogg/oppet/").lacks("state-scheduled");
    run.page("/blogg/kanariefagel/kanariebilaga.csv").has("kanarietal");
    let pages = run.public.iter().filter(|(path, _)| path.ends_with(".html"));
    let listed: Vec<&String> =
        pages.filter(|(_, bytes)| !String::from_utf8_lossy(bytes).contains("noindex")).map(|(path, _)| path).collect();
    assert_eq!(listed, Vec::<&String>::new(), "search engines may list pages of a preview");
}

#[test]
fn what_programs_keep_of_a_preview_says_nothing_of_it() {
    let run = site().with("--drafts").build();
    run.well();
    for address in KEPT {
        run.page(address).lacks("Kanarie").lacks("kanarie");
    }
    // They do say what is for everybody, so they are not empty by mistake.
    run.page("/feed.xml").has("Öppet").has("Dagen");
    run.page("/konferenser/kalender.ics").has(":Dagen");
    run.page("/sok/index.json").has("Öppet");
    run.page("/sitemap.xml").has("/blogg/oppet/");
    run.page("/amnen/kanarieamne/feed.xml").lacks("<entry>");
    run.page("/konferenser/serie/kanarieserie/kalender.ics").lacks("VEVENT");
}
