//! Commands that write in the sources: what is asked for changes, and nothing else does.

use std::fs;
use std::process::Command;

use crate::site::{NOW, Run, Site, program, run};

const EVENT: &str = "content/events/2027/mr-dagen.md";

/// A conference as somebody has written it, with comments and quotes of all sorts.
const DAY: &str = "\
---
# Det här är MR-dagen.
title: 'MR-dagen'   # utan årtal
date: 2026-11-01
contact: [anna-berg]
summary: \"En dag om rättigheter.\"
start: 2027-04-20T10:00   # dörrarna öppnar 09:30
end:   2027-04-21T15:00
place: {name: Folkets hus, address: Gatan 1, city: Malmö}

# Vem som kommer
programme:
- title: Inledning
- title: \"Avslutning\"
---
Välkommen!
";

fn site() -> Site {
    Site::plain().file(EVENT, DAY)
}

fn text(site: &Site, path: &str) -> String {
    fs::read_to_string(site.path(path)).expect("the document is there")
}

/// Expects that a file is as before but for some lines that were added, and gives those.
#[track_caller]
fn added(before: &str, after: &str) -> Vec<String> {
    let mut rest = before.lines().peekable();
    let added = after.lines().filter(|line| rest.next_if(|known| known == line).is_none()).map(str::to_owned).collect();
    assert_eq!(rest.next(), None, "nothing is gone from\n{after}");
    added
}

#[track_caller]
fn event(site: &Site, arguments: &[&str]) -> Run {
    site.run([&["event"], arguments].concat())
}

#[test]
fn a_conference_is_cancelled_and_nothing_else_is_touched() {
    let site = site();
    let run = event(&site, &["cancel", EVENT, "--reason", "För få kunde: \"tyvärr\""]);
    run.exits(0)
        .prints("Inställt: MR-dagen")
        .prints("banner: Inställt – För få kunde: \"tyvärr\"")
        .prints("in lists: Inställt");
    run.prints(" + cancelled: true").says("was written");
    let after = text(&site, EVENT);
    let lines = [
        "cancelled: true",
        "changes:",
        "- date: 2026-11-21",
        "  what: cancelled",
        "  reason: \"För få kunde: \\\"tyvärr\\\".\"",
    ];
    assert_eq!(added(DAY, &after), lines);
    let page = site.build();
    page.well().page("/konferenser/mr-dagen/").says("Inställt: MR-dagen").says("För få kunde: \"tyvärr\".");
    event(&site, &["cancel", "mr-dagen", "--reason", "Igen"]).exits(2).says("it is cancelled already");
    assert_eq!(text(&site, EVENT), after);
}

#[test]
fn what_is_restored_is_as_it_was_with_its_history() {
    let site = site();
    event(&site, &["cancel", "mr-dagen", "--reason", "Sjukdom", "--date", "2026-11-19"]).exits(0);
    event(&site, &["postpone", "mr-dagen", "--reason", "Kanske ändå"]).exits(0).prints("Uppskjutet: MR-dagen");
    assert!(text(&site, EVENT).contains("status: postponed\n") && !text(&site, EVENT).contains("cancelled:"));
    event(&site, &["restore", "mr-dagen", "--reason", "Nu går det"]).exits(0).prints("  MR-dagen\n");
    let after = text(&site, EVENT);
    let added = added(DAY, &after);
    assert_eq!(added[0], "changes:");
    assert!(added[1..].iter().all(|line| line.starts_with(['-', ' '])), "{added:?}");
    site.build().well().page("/konferenser/mr-dagen/").is_silent_about("Inställt: MR-dagen").says("Nu går det.");
    event(&site, &["restore", "mr-dagen"]).exits(2).says("takes place already");
}

#[test]
fn what_was_full_is_full_again_however_often_it_was_taken_away() {
    let site = site().file(EVENT, DAY.replacen("start:", "status: full\nstart:", 1));
    for taken_away in [&["cancel"][..], &["postpone"], &["cancel", "postpone"]] {
        for act in taken_away {
            event(&site, &[act, "mr-dagen", "--reason", "Sjukdom"]).exits(0);
        }
        event(&site, &["restore", "mr-dagen"]).exits(0);
        assert!(text(&site, EVENT).contains("\nstatus: full\n"), "{taken_away:?}: {}", text(&site, EVENT));
    }
    let page = site.build().well().page("/konferenser/mr-dagen/");
    page.says("Fullbokat").says("2026: Inställt. Sjukdom.").lacks("2026: Fullbokat");
    // Places are free again, and an editor has seen to that.
    site.edit(EVENT, |text| text.replace("status: full\n", ""));
    for act in [&["cancel", "mr-dagen", "--reason", "Sjukdom"][..], &["restore", "mr-dagen"]] {
        event(&site, act).exits(0);
    }
    assert!(!text(&site, EVENT).contains("status:"), "{}", text(&site, EVENT));
}

#[test]
fn what_was_brought_back_from_the_net_stays_so() {
    let site = site();
    for act in [
        &["move", "mr-dagen", "--reason", "Snö", "--online", "https://example.org/rum"][..],
        &["restore", "mr-dagen", "--reason", "Snön är borta"],
        &["cancel", "mr-dagen", "--reason", "Sjukdom"],
        &["restore", "mr-dagen"],
    ] {
        event(&site, act).exits(0);
    }
    assert!(!text(&site, EVENT).contains("status:"), "{}", text(&site, EVENT));
}

#[test]
fn line_ends_marks_and_permissions_stay() {
    let windows = format!("\u{feff}{}", DAY.replace('\n', "\r\n"));
    let site = site().file(EVENT, &windows);
    let path = site.path(EVENT);
    let permissions = || fs::metadata(&path).expect("it is there").permissions();
    #[cfg(unix)]
    fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o640)).expect("it is ours");
    let granted = permissions();
    event(&site, &["cancel", "mr-dagen", "--reason", "Sjukdom"]).exits(0);
    let after = text(&site, EVENT);
    assert!(after.starts_with('\u{feff}'));
    assert_eq!(after.matches('\n').count(), after.matches("\r\n").count());
    assert_eq!(added(&windows, &after).len(), 5);
    assert_eq!(permissions(), granted);
    let beside = fs::read_dir(path.parent().expect("it lies in a folder")).expect("it is there").count();
    assert_eq!(beside, 1, "nothing is left beside it");
}

#[test]
fn a_new_date_keeps_how_long_it_lasts_and_tells_the_earlier() {
    let site = site();
    let run = event(
        &site,
        &["move", "mr-dagen", "--start", "2027-05-25T09:30", "--place", "Aulan, Lund", "--reason", "Lokalen"],
    );
    run.exits(0).prints("Nytt datum: 25 maj kl. 09.30 – 26 maj 2027 kl. 14.30").prints("20 april 2027");
    let after = text(&site, EVENT);
    for line in [
        "start: 2027-05-25T09:30   # dörrarna öppnar 09:30",
        "end:   2027-05-26T14:30",
        "place: {name: Aulan, city: Lund}",
        "status: rescheduled",
        "  previous_start: 2027-04-20T10:00",
    ] {
        assert!(after.lines().any(|found| found == line), "{line} in\n{after}");
    }
    site.build().well();
    event(&site, &["move", "mr-dagen", "--start", "2027-06-01", "--reason", "x"])
        .exits(2)
        .says("`--start 2027-06-01T09:30`");
    event(&site, &["move", "mr-dagen", "--start", "1 juni 2027", "--reason", "x"]).exits(2).says("write 2027-06-01");
    event(&site, &["move", "mr-dagen", "--reason", "x"]).exits(2);
    assert_eq!(text(&site, EVENT), after);
    event(
        &site,
        &["move", "mr-dagen", "--online", "https://möte.example.org/", "--platform", "Zoom", "--reason", "Snö"],
    )
    .exits(0)
    .prints("Digitalt: MR-dagen");
    site.build().well();
}

#[test]
fn one_occasion_of_several_is_cancelled() {
    let network = "---\ntitle: Nätverk\ndate: 2026-11-01\ncontact: anna-berg\nplace: {city: Umeå}\noccurrences:\n  - {start: 2027-01-12T10:00, end: 2027-01-12T15:00} # den första\n  - start: 2027-02-12T10:00\n    end: 2027-02-12T15:00\n---\nText.\n";
    let path = "content/events/natverk/index.md";
    let site = Site::plain().file(path, network);
    let run =
        event(&site, &["cancel", "content/events/natverk", "--occasion", "2027-02-12", "--reason", "Talaren är sjuk"]);
    run.exits(0).prints("Inställt 12 februari 2027");
    assert_eq!(
        added(network, &text(&site, path))[..3],
        ["    id: \"2\"", "    status: cancelled", "changes:"].map(str::to_owned)
    );
    site.build().well();
    // The whole would still take place on a day that has a state of its own.
    event(&site, &["move", "natverk", "--occasion", "1", "--start", "2027-01-19T10:00", "--reason", "Lokalen"])
        .exits(0);
    let before = text(&site, path);
    event(&site, &["cancel", "natverk", "--reason", "Allt"]).exits(2).says("occasions have states of their own");
    event(&site, &["cancel", "natverk", "--occasion", "2", "--reason", "x"]).exits(2).says("already");
    event(&site, &["cancel", "natverk", "--occasion", "7", "--reason", "x"])
        .exits(2)
        .says("1 (2027-01-19), 2 (2027-02-12)");
    assert_eq!(text(&site, path), before);
    event(&site, &["restore", "natverk", "--occasion", "2"]).exits(0);
    assert!(!text(&site, path).contains("status: cancelled"));
    site.build().well();
}

#[test]
fn a_series_is_postponed_in_one_place() {
    let series = "content/series/mr-dagarna.md";
    let site = site().file(series, "---\ntitle: MR-dagarna\ncontact: anna-berg\n---\nText.\n");
    event(&site, &["cancel", "mr-dagen", "--series", "--reason", "x"]).exits(2).says("belongs to no series");
    site.edit(EVENT, |text| text.replace("start:", "series: mr-dagarna\nstart:"));
    let day = text(&site, EVENT);
    event(&site, &["postpone", "mr-dagen", "--series", "--reason", "Pandemi."])
        .exits(0)
        .prints("Uppskjutet: MR-dagarna");
    assert_eq!(text(&site, EVENT), day);
    assert!(text(&site, series).contains("status: postponed\nchanges:\n"));
    site.build().well().page("/konferenser/mr-dagen/").says("Uppskjutet: MR-dagen");
    // One of them is held all the same.
    event(&site, &["restore", "mr-dagen", "--reason", "Här går det"]).exits(0);
    assert!(text(&site, EVENT).contains("status: planned\n"));
    site.build().well().page("/konferenser/mr-dagen/").is_silent_about("Uppskjutet: MR-dagen");
    event(&site, &["restore", "mr-dagarna", "--series"]).exits(0);
    assert!(!text(&site, series).contains("status"));
    let online = |url: &[&str]| {
        event(&site, &[&["move", "mr-dagarna", "--series", "--reason", "Snö", "--online"], url].concat())
    };
    online(&["https://möte.example.org/"]).exits(2).says("no address to join");
    online(&[]).exits(0).prints("Digitalt: MR-dagarna");
    site.build().well();
}

#[test]
fn nothing_is_written_when_something_would_be_wrong() {
    let site = site();
    let cancel = |arguments: &[&str]| event(&site, &[&["cancel", "--reason", "Sjuk"], arguments].concat());
    cancel(&["mr-dagen", "--link", "borta.md"]).exits(1).says("missing-target").says("left as it is");
    cancel(&["mr-dagen", "--link", "content/people/anna-berg.md", "--dry-run"])
        .exits(0)
        .prints("link: ../../people/anna-berg.md")
        .says("nothing was written");
    cancel(&["mr-dage"]).exits(2).says("Did you mean `mr-dagen`?");
    cancel(&["content/events/2027/mr-dagan.md"]).exits(2).says("Did you mean `content/events/2027/mr-dagen.md`?");
    cancel(&["content/people/anna-berg.md"]).exits(2).says("is no conference");
    cancel(&["mr-dagen", "--format", "sarif"]).exits(2);
    event(&site, &["cancel", "mr-dagen"]).exits(2).says("--reason");
    for reason in ["", "två\nrader", "\u{1b}[31m"] {
        event(&site, &["cancel", "mr-dagen", "--reason", reason]).exits(2);
    }
    assert_eq!(text(&site, EVENT), DAY);
    // What was wrong before is no hindrance, unless it is in the document itself.
    let broken = site.file("content/blog/trasig.md", "---\ntitel: X\n---\n");
    event(&broken, &["cancel", "mr-dagen", "--reason", "Sjuk"]).exits(0);
    broken.write(EVENT, DAY.replace("title: '", "title: \""));
    event(&broken, &["cancel", EVENT, "--reason", "Sjuk"]).exits(1).says("yaml-syntax").says("left as it is");
    broken.write(EVENT, DAY.replace("start:", "status: |\n  planned\nstart:"));
    event(&broken, &["cancel", EVENT, "--reason", "Sjuk"]).exits(1).says("edit-by-hand");
}

#[test]
fn machines_are_told_the_same() {
    let site = site();
    let run = event(&site, &["cancel", "mr-dagen", "--reason", "Sjuk", "--format", "json"]);
    let said: serde_json::Value = serde_json::from_str(&run.exits(0).stdout).expect("an answer as JSON");
    assert_eq!(said["file"], EVENT);
    assert_eq!(said["written"], true);
    assert_eq!(said["shown"]["heading"], "Inställt: MR-dagen");
    assert_eq!(said["shown"]["banners"][0]["text"], "Sjuk.");
    assert_eq!(said["lines"][0]["text"], "cancelled: true");
}

#[test]
fn a_draft_is_shown_as_its_writer_sees_it() {
    let site = site();
    site.edit(EVENT, |text| text.replace("date: 2026-11-01", "date: 2026-11-01\ndraft: true"));
    event(&site, &["cancel", "mr-dagen", "--reason", "Sjuk"]).exits(0).prints("Inställt: MR-dagen");
}

// New documents.

#[test]
fn a_script_gives_all_that_a_new_conference_needs() {
    let site = Site::plain();
    let run = site.run([
        "new",
        "event",
        "MR-dagen: i Lund",
        "--start",
        "2027-05-03T09:30",
        "--end",
        "2027-05-04T15:00",
        "--place",
        "Aulan, Lund",
        "--contact",
        "Anna Berg",
        "--summary",
        "En dag om \"rätten\".",
        "--slug",
        "MR-dagen Lund",
        "--date",
        "2026-11-20",
    ]);
    let path = "content/events/2027/mr-dagen-lund.md";
    assert_eq!(run.exits(0).stdout.trim_end(), path);
    let text = text(&site, path);
    for line in [
        "date: 2026-11-20",
        "contact: anna-berg",
        "start: 2027-05-03T09:30",
        "end: 2027-05-04T15:00",
        "summary: \"En dag om \\\"rätten\\\".\"",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
    }
    site.edit(path, |text| text.rsplit_once("---\n").expect("the keys end").0.to_owned() + "---\nVälkommen!\n");
    let page = site.build();
    page.well().page("/konferenser/mr-dagen-lund/").says("MR-dagen: i Lund").says("Aulan, Lund");
}

#[test]
fn a_script_is_never_asked_and_told_what_is_wrong() {
    let site = Site::plain();
    let new = |arguments: &[&str]| site.run([&["new"], arguments].concat());
    new(&["post"]).exits(2).says("has a title");
    new(&["post", "Hej", "--title", "Hej"]).exits(2);
    new(&["post", "Hej", "--start", "2027-01-01"]).exits(2).says("`--start` is for an event");
    new(&["event", "Hej", "--start", "1 maj 2027"]).exits(2).says("write 2027-05-01");
    new(&["event", "Hej", "--end", "2027-05-01"]).exits(2).says("--start");
    new(&["post", "Hej", "--contact", "ana-berg"]).exits(2).says("did you mean `anna-berg`?");
    new(&["post", "Hej", "--edit"]).exits(2).says("`EDITOR`");
    assert!(!site.path("content/blog").exists(), "nothing was written");
    new(&["post", "--title", "Hej", "--draft"]).exits(0);
    assert!(text(&site, "content/blog/2026/hej.md").contains("\ndraft: true\n"));
}

/// Runs the program in a terminal in which somebody has typed something; none where there is no Python to make one.
fn at_terminal(site: &Site, arguments: &[&str], typed: &str, editor: &str) -> Option<Run> {
    const TERMINAL: &str = "
import os, pty, sys
typed, command = sys.argv[1], sys.argv[2:]
child, terminal = pty.fork()
if child == 0:
    os.execv(command[0], command)
os.write(terminal, typed.encode())
said = b''
while True:
    try:
        piece = os.read(terminal, 4096)
    except OSError:
        break
    if not piece:
        break
    said += piece
sys.stdout.buffer.write(said)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
";
    let is_there =
        Command::new("python3").args(["-c", "import pty"]).output().is_ok_and(|ended| ended.status.success());
    let mut command = Command::new("python3");
    command.args(["-c", TERMINAL, typed]).arg(program().get_program());
    command.args(arguments).args(["--now", NOW]).current_dir(site.path("")).env_remove("VISUAL").env("EDITOR", editor);
    is_there.then(|| run(command))
}

#[test]
fn at_a_terminal_what_is_missing_is_asked_for() {
    let site =
        Site::plain().file("content/people/bo-ek.md", "---\ntitle: Bo Ek\nuntil: 2026-01-01\n---\nHar slutat.\n");
    let typed = "MR-dagen\n3 maj 2027\n2027-05-03T09:30\n\nLund\nana berg\n1\n\n";
    let Some(asked) = at_terminal(&site, &["new", "event"], typed, "") else { return };
    asked
        .exits(0)
        .prints("Title: ")
        .prints("write 2027-05-03")
        .prints("1. Anna Berg (anna-berg)")
        .prints("[mr-dagen]: ");
    asked.prints("did you mean `anna-berg`?").prints("content/events/2027/mr-dagen.md");
    assert!(!asked.stdout.contains("Bo Ek"), "who has left answers for nothing new");
    let text = text(&site, "content/events/2027/mr-dagen.md");
    assert!(text.contains("\ncontact: anna-berg\n") && text.contains("\nplace: {city: \"Lund\"}\n"), "{text}");
    // Control-D in the middle.
    at_terminal(&site, &["new", "post"], "Hej\n\u{4}", "")
        .expect("it was there")
        .exits(2)
        .prints("nothing was written");
    assert!(!site.path("content/blog").exists());
}

#[test]
fn what_is_new_is_opened_in_the_editor_of_its_writer() {
    let site =
        Site::plain().file("editor.py", "import sys\nopen(sys.argv[1], 'a').write('Skrivet i en redigerare.\\n')\n");
    let editor = format!("python3 {}", site.path("editor.py").display());
    let options = ["new", "page", "Kontakt", "--contact", "anna-berg", "--slug", "kontakt", "--edit"];
    let Some(opened) = at_terminal(&site, &options, "", &editor) else { return };
    opened.exits(0);
    assert!(text(&site, "content/pages/kontakt.md").ends_with("Skrivet i en redigerare.\n"));
    let options = ["new", "page", "Om", "--slug", "om", "--contact", "anna-berg", "--edit"];
    let failed = at_terminal(&site, &options, "", "no-such-editor-anywhere");
    failed.expect("it was there").exits(3).prints("no-such-editor-anywhere");
}
