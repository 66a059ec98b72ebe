//! How it is said: as an editor would write it, and true also when it is over.

use super::*;

fn when(site: &Site) -> String {
    site.build().well().page(PAGE).text(".key-facts dd")
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
        assert_eq!(when(&swedish), in_swedish);
        assert_eq!(when(&english), in_english);
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
    assert_eq!(when(&site), "29–30 januari, 31 mars – 1 april och 7 oktober 2027");
    site.write(EVENT, with(&occasions));
    let all = "29–30 januari, 31 mars – 1 april, 7 oktober 2027 och 27 januari 2028 …";
    assert_eq!(when(&site), all);
    site.build().page("/konferenser/").says(all);
}
