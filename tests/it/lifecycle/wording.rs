//! How it is said: as an editor would write it, and true also when it is over.

use super::*;

fn when(site: &Site, page: &str) -> String {
    site.build().well().page(page).text(".key-facts dd")
}

#[test]
fn a_day_a_month_or_a_year_that_two_dates_share_is_said_once() {
    let cases = [
        ("2027-03-16T10:00", "2027-03-16T15:00", "16 mars 2027 kl. 10.00–15.00", "16 March 2027, 10:00–15:00"),
        (
            "2027-03-16T10:00",
            "2027-03-17T15:00",
            "16 mars kl. 10.00 – 17 mars 2027 kl. 15.00",
            "16 March, 10:00 – 17 March 2027, 15:00",
        ),
        (
            "2027-12-31T18:00",
            "2028-01-01T01:00",
            "31 december 2027 kl. 18.00 – 1 januari 2028 kl. 01.00",
            "31 December 2027, 18:00 – 1 January 2028, 01:00",
        ),
        ("2027-03-16", "2027-03-17", "16–17 mars 2027", "16–17 March 2027"),
        ("2027-03-30", "2027-04-02", "30 mars – 2 april 2027", "30 March – 2 April 2027"),
        ("2027-12-30", "2028-01-02", "30 december 2027 – 2 januari 2028", "30 December 2027 – 2 January 2028"),
    ];
    let (swedish, english) = (site(), site().settings("language: en\n"));
    for (start, end, in_swedish, in_english) in cases {
        let text = event(&format!("start: {start}\nend: {end}\n"));
        swedish.write(EVENT, &text);
        english.write(EVENT, &text);
        assert_eq!(when(&swedish, PAGE), in_swedish);
        assert_eq!(when(&english, "/conferences/mr-dagen/"), in_english);
        swedish.build().page(PAGE).has(&format!("<time datetime=\"{start}\">{in_swedish}</time>"));
    }
}

#[test]
fn the_days_of_a_network_share_their_year() {
    let occasions = [
        "{start: 2027-01-29, end: 2027-01-30}",
        "{start: 2027-03-31, end: 2027-04-01}",
        "{start: 2027-10-07}",
        "{start: 2028-01-27T09:30}",
        "{start: 2028-02-03}",
    ];
    let with = |occasions: &[&str]| {
        let list = occasions.iter().map(|occasion| format!("  - {occasion}\n")).collect::<String>();
        document(&format!("title: Nätverk\ndate: 2026-10-01\nplace: {{city: Lund}}\noccurrences:\n{list}"))
    };
    let site = site().file(EVENT, with(&occasions[..3]));
    assert_eq!(when(&site, PAGE), "29–30 januari, 31 mars – 1 april och 7 oktober 2027");
    site.write(EVENT, with(&occasions));
    let all = "29–30 januari, 31 mars – 1 april, 7 oktober 2027 och 27 januari 2028 …";
    assert_eq!(when(&site, PAGE), all);
    site.build().page("/konferenser/").says(all);
}

const OVER: &str = "2027-03-02T12:00:00+01:00";

/// A registration that costs something, and somebody to ask.
const PAID: &str = "\
registration:
  opens: 2026-12-01
  closes: 2027-02-15
  url: https://example.org/anmalan
  capacity: 90
  cost: 950 kronor
  conditions: [Du arbetar i en kommun.]
  include: [Önskemål om mat]
  contact: {name: Konferensservice, email: service@example.org}
";

/// All that a reader, a feed or a calendar is told of the event.
fn everywhere(run: &Run) -> Vec<(&'static str, String)> {
    let routes =
        ["/konferenser/", "/konferenser/arkiv/", SERIES_PAGE, "/konferenser/feed.xml", "/konferenser/feed.json"];
    let pages = routes.into_iter().map(|route| (route, run.page(route).html));
    let calendar = calendar(run, &format!("{PAGE}kalender.ics")).swap_remove(0).text("DESCRIPTION");
    pages.chain([(PAGE, run.page(PAGE).text("main")), ("the calendar", calendar)]).collect()
}

#[test]
fn what_was_held_online_is_told_as_past() {
    let site = site().file(EVENT, event(&format!("{}{PAID}", MOVED_ROW.state)));
    let ahead = site.build();
    assert_eq!(ahead.well().page(PAGE).texts(".banner-title"), ["Genomförs digitalt"]);
    let past = site.at(OVER).build();
    assert_eq!(past.well().page(PAGE).texts(".banner-title"), ["Genomfördes digitalt", "Har ägt rum"]);
    for (surface, words) in everywhere(&past) {
        assert!(!words.contains("Genomförs"), "{surface}: {words}");
    }
    // Feeds and calendars are read later than they are fetched: what they say holds before and after.
    for run in [&ahead, &past] {
        let entry = atom(run, "/konferenser/feed.xml").into_iter().find(|entry| entry.id.ends_with("/mr-dagen"));
        assert!(entry.expect("it is there").words.contains("Digitalt. Viruset sprids."));
        let vevent = &calendar(run, &format!("{PAGE}kalender.ics"))[0];
        assert!(vevent.text("DESCRIPTION").starts_with("Digitalt. Viruset sprids."), "{vevent:?}");
    }
}

#[test]
fn where_a_network_meets_is_said_in_a_line() {
    let with = |occasions: [&str; 2]| {
        let list = occasions.map(|occasion| format!("  - {{{occasion}}}\n")).concat();
        document(&format!("title: Nätverk\ndate: 2026-10-01\noccurrences:\n{list}"))
    };
    let place = |first, second| {
        let site = site().file(EVENT, with([first, second]));
        site.build().well().page("/konferenser/").text("main")
    };
    let (town, online) = ("start: 2027-01-29, place: {city: Lund}", "start: 2027-03-31, online: {platform: Zoom}");
    let late_town = town.replace("01-29", "05-29");
    assert!(place(town, online).contains("Lund och digitalt"));
    assert!(place(online, &late_town).contains("Digitalt och Lund"));
    assert!(place(online, &online.replace("03-31", "04-01")).contains("Digitalt"), "alone it begins the line");
}

#[test]
fn a_new_date_is_said_once() {
    let site = site().file(EVENT, event(RESCHEDULED_ROW.state));
    for site in [site, self::site().file(EVENT, event(RESCHEDULED_ROW.state)).at(OVER)] {
        let run = site.build();
        let page = run.well().page(PAGE);
        assert_eq!(page.texts(".banner-title")[0], "Nytt datum: 1 mars 2027 kl. 09.30–16.00");
        page.says("Viruset sprids. Det tidigare datumet var 1 februari 2027.").says("Beslutat 2 november 2026");
        assert!(page.texts(".changes").is_empty(), "the banner has told it: {:?}", page.texts(".changes"));
        let entry = atom(&run, "/konferenser/feed.xml").into_iter().find(|entry| entry.id.ends_with("/mr-dagen"));
        let vevent = calendar(&run, &format!("{PAGE}kalender.ics"))[0].text("DESCRIPTION");
        let list = run.page("/konferenser/").text("main");
        for words in [page.text("main"), vevent, list] {
            assert_eq!(words.matches("Nytt datum").count(), 1, "{words}");
        }
        let words = entry.expect("it is there").words;
        assert_eq!(words.matches("Nytt datum").count(), 2, "in the summary, and in the text: {words}");
    }
}

#[test]
fn a_new_time_of_the_same_day_is_told_from_the_earlier() {
    let changes = "changes: [{date: 2026-11-02, what: rescheduled, previous_start: 2027-03-01T08:00}]\n";
    let site = site().file(EVENT, event(&format!("status: rescheduled\n{changes}")));
    site.build().well().page(PAGE).says("Det tidigare datumet var 1 mars 2027 kl. 08.00.");
}

#[test]
fn that_a_new_date_will_be_told_is_said_once() {
    let site = site().file(EVENT, event(POSTPONED_ROW.state));
    let run = site.build();
    for words in [run.well().page("/konferenser/").text("main"), run.page(PAGE).text("main")] {
        assert_eq!(words.matches("Nytt datum meddelas").count(), 1, "{words}");
    }
}

#[test]
fn what_does_not_take_place_asks_for_nothing_and_says_who_answers() {
    let site = site();
    for row in [&CANCELLED_ROW, &POSTPONED_ROW] {
        site.write(EVENT, event(&format!("{}{PAID}", row.state)));
        let page = site.build().well().page(PAGE);
        assert_eq!(page.texts(".registration :is(h2, h3)"), ["Frågor om anmälan"]);
        page.has("mailto:service@example.org").lacks("https://example.org/anmalan");
        for words in ["950 kronor", "Kostnad", "Anmälan är", "90 platser", "Du arbetar i en kommun.", "Önskemål om mat"]
        {
            page.is_silent_about(words);
        }
        // With nobody to ask there is no box.
        site.write(EVENT, event(row.state));
        let page = site.build().well().page(PAGE);
        assert_eq!(page.texts(".registration"), [""; 0]);
        page.is_silent_about("Anmälan");
    }
}

#[test]
fn how_one_registered_is_told_as_past() {
    let site = site().file(EVENT, event(PAID)).at(OVER);
    let run = site.build();
    let page = run.well().page(PAGE);
    assert_eq!(page.texts(".key-facts dt"), ["När", "Var"]);
    let headings = ["Så gick anmälan till", "Villkor", "Det här skulle anmälan innehålla", "Frågor om anmälan"];
    assert_eq!(page.texts(".registration :is(h2, h3)"), headings);
    page.says("Anmälan stängde den 15 februari 2027.")
        .says("950 kronor")
        .says("90 platser")
        .has("mailto:service@example.org");
    page.lacks("https://example.org/anmalan");
    assert!(structured(&page)["offers"].is_null());
    site.write(EVENT, event("status: full\nregistration:\n").replace("registration:\n---", "---"));
    assert!(structured(&site.build().page(PAGE))["offers"].is_null(), "nothing is sold out that is past");
}

/// The badges of the event in the list, on its page and in the search.
fn badges(run: &Run) -> Vec<String> {
    let listed = listings(&run.page("/konferenser/"), PAGE).swap_remove(0).badges;
    assert_eq!(listed, badges_of(&found(run, PAGE).expect("a record")));
    // There, a banner may say it.
    let page = run.page(PAGE);
    assert_eq!(listed, [page.texts(".banner-title"), page.texts(".entry-header > .badges .badge")].concat());
    listed
}

#[test]
fn a_list_says_which_days_of_a_network_are_otherwise_than_the_rest() {
    let history = "changes:\n  - {date: 2026-11-16, what: cancelled}\n  - {date: 2026-11-17, what: rescheduled}\n";
    let own = [", status: cancelled", ", status: rescheduled, previous_start: 2027-03-20T09:00", ""];
    let site = site().file(EVENT, network(history, own));
    let run = site.build();
    assert_eq!(badges(run.well()), ["Inställt 29 januari 2027", "Nytt datum 23 mars 2027"]);
    // What is over is no news.
    let site = site.at("2027-03-01T12:00:00+01:00");
    assert_eq!(badges(site.build().well()), ["Nytt datum 23 mars 2027"]);
    let site = site.at("2027-05-12T12:00:00+02:00");
    assert_eq!(badges(site.build().well()), ["Har ägt rum"]);
}

#[test]
fn a_list_says_what_is_left_of_what_was_cancelled() {
    let cancelled = "status: cancelled\nchanges: [{date: 2026-11-18, what: cancelled, reason: Viruset sprids.}]\n";
    let site = site().file(EVENT, network(cancelled, ["", ", status: planned", ""]));
    let run = site.build();
    assert_eq!(badges(run.well()), ["Inställt 29 januari och 11 maj 2027"]);
    assert_eq!(run.page(PAGE).text(".key-facts dd"), "23 mars 2027 kl. 09.00–12.00");
    // The same when the series is cancelled, which names those that are spared.
    site.write(SERIES, series(cancelled));
    site.write(EVENT, network("", ["", ", status: planned", ""]));
    let run = site.build();
    assert_eq!(badges(run.well()), ["Inställt 29 januari och 11 maj 2027"]);
    assert_eq!(
        run.page(SERIES_PAGE).text(".banner"),
        "Inställt Viruset sprids. Gäller inte: MR-dagen och MR-kvällen. Beslutat 18 november 2026"
    );
}

// A change names its occasion.

/// The network with ids, one occasion of it cancelled and another moved, and the keys of these changes.
fn named(of_cancelled: &str, of_moved: &str) -> String {
    let own = [
        ", id: start, status: cancelled",
        ", id: juridik, status: rescheduled, previous_start: 2027-03-20T09:00",
        ", id: slut",
    ];
    let changes = format!(
        "changes:\n  - {{date: 2026-11-16, what: cancelled, reason: Talaren är sjuk.{of_cancelled}}}\n  - {{date: 2026-11-17, what: rescheduled, reason: Salen byggs om.{of_moved}}}\n  - {{date: 2026-11-18, what: note, reason: Ta med matsäck., occasion: slut}}\n"
    );
    network(&changes, own)
}

#[test]
fn a_change_says_which_occasion_it_is_about() {
    let site = site().file(EVENT, named(", occasion: start", ", occasion: juridik"));
    let run = site.build();
    let history = [
        "16 november 2026: Inställt Gäller 29 januari 2027 Talaren är sjuk.",
        "17 november 2026: Nytt datum Gäller 23 mars 2027 Salen byggs om.",
        "18 november 2026: Meddelande Gäller 11 maj 2027 Ta med matsäck.",
    ];
    assert_eq!(run.well().page(PAGE).texts(".changes li"), history);
    let told: Vec<String> =
        calendar(&run, &format!("{PAGE}kalender.ics")).iter().map(|event| event.text("DESCRIPTION")).collect();
    for (nth, reason) in ["Talaren är sjuk.", "Salen byggs om.", "Ta med matsäck."].into_iter().enumerate() {
        let tells: Vec<bool> = told.iter().map(|told| told.contains(reason)).collect();
        assert_eq!(tells, [0, 1, 2].map(|other| other == nth), "{reason} {told:?}");
    }
    let entry = atom(&run, "/konferenser/feed.xml").into_iter().find(|entry| entry.id.ends_with("/mr-dagen"));
    let words = entry.expect("it is there").words;
    let news = "29 januari 2027: Inställt. Talaren är sjuk. Nytt datum: 23 mars 2027 kl. 09.00–12.00. Salen byggs om.";
    assert!(words.contains(news), "{words}");
    // When all of them are cancelled one by one, the banner says whose reason it gives.
    let own = [", id: a, status: cancelled", ", id: b, status: cancelled", ", id: c, status: cancelled"];
    let change =
        |id: &str| format!("  - {{date: 2026-11-16, what: cancelled, reason: Därför {id}., occasion: {id}}}\n");
    let changes: String = ["a", "b", "c"].into_iter().map(change).collect();
    site.write(EVENT, network(&format!("changes:\n{changes}"), own));
    assert_eq!(site.build().well().page(PAGE).texts(".banner p")[..2], ["Inställt", "11 maj 2027: Därför c."]);
}

#[test]
fn naming_the_occasion_of_a_change_takes_nothing_back_from_calendars() {
    let sequences = |site: &Site| -> Vec<usize> {
        calendar(&site.build(), &format!("{PAGE}kalender.ics")).iter().map(Vevent::sequence).collect()
    };
    let names = [("", ""), (", occasion: start", ""), (", occasion: start", ", occasion: juridik")];
    let site = site();
    let mut before = Vec::new();
    for (of_cancelled, of_moved) in names {
        site.write(EVENT, named(of_cancelled, of_moved));
        let now = sequences(&site);
        assert!(before.iter().zip(&now).all(|(before, now)| before <= now), "{now:?} after {before:?}");
        before = now;
    }
    // What is told of another occasion does not tell of this.
    let own = [", id: a, status: cancelled", ", id: b, status: cancelled", ", id: c"];
    let twice = "changes:\n  - {date: 2026-11-16, what: cancelled, occasion: a}\n  - {date: 2026-11-17, what: cancelled, reason: För få., occasion: a}\n";
    site.write(EVENT, network(twice, [own[0], ", id: b", own[2]]));
    let before = sequences(&site);
    site.write(EVENT, network(twice, own));
    let run = site.build();
    run.exits(0).finds_codes(&["undated-status"]);
    assert!(sequences(&site)[1] > before[1]);
    // One that is restored takes nothing from the other.
    let changes = "changes:\n  - {date: 2026-11-16, what: cancelled, occasion: b}\n  - {date: 2026-11-16, what: cancelled, occasion: a}\n  - {date: 2026-11-17, what: restored, occasion: a}\n";
    site.write(EVENT, network(changes, [", id: a", own[1], own[2]]));
    site.build().well();
}

#[test]
fn an_occasion_that_there_is_not_is_an_error() {
    let cases = [
        "\
place: {city: Lund}
changes: [{date: 2026-11-02, what: note, occasion: jurdik}]
                                                   ^^^^^^ unknown-occasion: did you mean `juridik`?
occurrences: [{id: start, start: 2027-03-01}, {id: juridik, start: 2027-04-01}]
",
        // The place in the list is no name.
        "\
place: {city: Lund}
changes: [{date: 2026-11-02, what: note, occasion: '2'}]
                                                   ^^^ unknown-occasion: write an `id`
occurrences: [{start: 2027-03-01}, {start: 2027-04-01}]
",
        "\
start: 2027-03-01
place: {city: Lund}
changes: [{date: 2026-11-02, what: note, occasion: start}]
                                                   ^^^^^ unknown-occasion: no occasion with the id `start`
",
        "\
place: {city: Lund}
changes:
  - {date: 2026-11-02, what: cancelled, occasion: b}
           ^^^^^^^^^^ status-disagrees: what: restored
  - {date: 2026-11-03, what: cancelled, occasion: a}
occurrences: [{id: a, start: 2027-03-01, status: cancelled}, {id: b, start: 2027-04-01}]
",
    ];
    let site = Site::plain();
    for case in cases {
        answers(&site, "error", "content/events/natverk.md", &with(case));
    }
    site.write("content/events/natverk.md", with("start: 2027-03-01\nplace: {city: Lund}\n"));
    let series = "---\ntitle: MR 2027\nsummary: Fyra dagar.\nchanges: [{date: 2026-11-02, what: note, occasion: start}]\n                                                   ^^^^^ unknown-occasion: in `occurrences` of the same file\n---\n";
    answers(&site, "error", SERIES, series);
}
