//! Calendars, as iCalendar (RFC 5545) with the properties of RFC 7986, published as RFC 5546 asks (§3.2.1).
//!
//! Everything is of the sources: the clock plays no part, and the same calendar is always the same bytes. Whatever
//! the texts hold, a line is never longer than 75 octets, and nothing in them begins a line of its own.

mod zone;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};

/// A calendar: one `.ics` file.
#[derive(Clone, Debug)]
pub struct Calendar<'a> {
    /// What programs call it: `NAME` (RFC 7986, §5.1) and `X-WR-CALNAME`.
    pub name: &'a str,
    /// What it is about: `DESCRIPTION` (RFC 7986, §5.2) and `X-WR-CALDESC`.
    pub description: Option<&'a str>,
    /// The language of its texts, as a tag: `LANGUAGE` (RFC 5545, §3.2.10).
    pub language: &'a str,
    /// The absolute address of the page that shows the same: `URL` (RFC 7986, §5.5).
    pub page: &'a str,
    /// The absolute address of this file: `SOURCE` (RFC 7986, §5.8).
    pub source: &'a str,
    /// The zone of its times.
    pub zone: &'a TimeZone,
    /// The name of the zone in the IANA database: `TZID` (RFC 5545, §3.8.3.1).
    pub zone_name: &'a str,
    /// When it was last changed: `LAST-MODIFIED` (RFC 7986, §5.4).
    pub changed: Option<Timestamp>,
    /// Its events, in the order in which they are written.
    pub events: Vec<Event>,
}

/// An event: `VEVENT` (RFC 5545, §3.6.1). Texts that are empty are left out.
#[derive(Clone, Debug)]
pub struct Event {
    /// What makes it the same event after a change, everywhere and for ever: `UID` (RFC 5545, §3.8.4.7).
    pub uid: String,
    /// How many times it was changed: `SEQUENCE` (RFC 5545, §3.8.7.4).
    pub sequence: usize,
    /// When it was last changed: `DTSTAMP` and `LAST-MODIFIED`, which are the same where there is a `METHOD`
    /// (RFC 5545, §3.8.7.2).
    pub stamp: Timestamp,
    /// When it was first written: `CREATED` (RFC 5545, §3.8.7.1).
    pub created: Option<Timestamp>,
    /// When it takes place.
    pub time: Time,
    /// Whether it takes place: `STATUS` (RFC 5545, §3.8.1.11).
    pub status: Status,
    /// Its title: `SUMMARY` (RFC 5545, §3.8.1.12).
    pub summary: String,
    /// What it is about, as plain text: `DESCRIPTION` (RFC 5545, §3.8.1.5).
    pub description: String,
    /// Where it takes place: `LOCATION` (RFC 5545, §3.8.1.7).
    pub location: Option<String>,
    /// The absolute address of its page: `URL` (RFC 5545, §3.8.4.6).
    pub url: String,
    /// Where it is joined over the net.
    pub conference: Option<Conference>,
    /// Who arranges it.
    pub organizer: Option<Organizer>,
    /// Whom to ask: `CONTACT` (RFC 5545, §3.8.4.2), one property each.
    pub contacts: Vec<String>,
    /// Its subjects: `CATEGORIES` (RFC 5545, §3.8.1.2), in one property.
    pub categories: Vec<String>,
}

/// When an event takes place: `DTSTART` and `DTEND` (RFC 5545, §3.8.2.4 and §3.8.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    /// Whole days.
    Days {
        /// The first day.
        first: Date,
        /// The last day, which belongs to the event.
        last: Date,
    },
    /// From an instant, to another when that is known.
    Timed {
        /// When it begins.
        start: Timestamp,
        /// When it is over. An end that is not later than the start is left out (RFC 5545, §3.8.2.2).
        end: Option<Timestamp>,
    },
}

/// Whether an event takes place: `STATUS` (RFC 5545, §3.8.1.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It does.
    Confirmed,
    /// It is not yet certain.
    Tentative,
    /// It does not.
    Cancelled,
}

/// A room on the net: `CONFERENCE` (RFC 7986, §5.11).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conference {
    /// The absolute address.
    pub url: String,
    /// What the link is called: `LABEL` (RFC 7986, §6.4).
    pub label: String,
}

/// Who arranges an event: `ORGANIZER` (RFC 5545, §3.8.4.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organizer {
    /// The name: `CN` (RFC 5545, §3.2.2).
    pub name: String,
    /// The e-mail address.
    pub email: String,
}

/// How often programs may ask for the file again, as a duration (RFC 7986, §5.7).
const REFRESH: &str = "PT12H";

/// Names under which a zone is UTC itself, which needs no definition (RFC 5545, §3.3.5, form 2).
const UNIVERSAL: [&str; 8] = ["UTC", "UCT", "Universal", "Zulu", "Etc/UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu"];

/// The most octets of a line, its end not counted (RFC 5545, §3.1).
const WIDTH: usize = 75;

/// Writes a calendar.
pub fn write(calendar: &Calendar) -> Vec<u8> {
    let mut lines = Lines(Vec::new());
    lines.line("BEGIN:VCALENDAR");
    head(calendar, &mut lines);
    if let Some((first, last)) = zoned(calendar).or_else(|| empty(calendar)) {
        zone::write(&mut lines, calendar.zone_name, calendar.zone, first, last);
    }
    calendar.events.iter().for_each(|event| entry(calendar, event, &mut lines));
    lines.line("END:VCALENDAR");
    lines.0
}

fn head(calendar: &Calendar, lines: &mut Lines) {
    let tag = tag(calendar.language);
    let spoken = spoken(&tag);
    lines.line("VERSION:2.0");
    // Without the version of the program: a new version does not change every calendar.
    lines.text("PRODID", &format!("-//anslag//anslag//{}", tag.to_ascii_uppercase()));
    lines.line("CALSCALE:GREGORIAN");
    lines.line("METHOD:PUBLISH");
    lines.text(&format!("NAME{spoken}"), calendar.name);
    lines.text("X-WR-CALNAME", calendar.name);
    if let Some(description) = calendar.description {
        lines.text(&format!("DESCRIPTION{spoken}"), description);
        lines.text("X-WR-CALDESC", description);
    }
    lines.text("X-WR-TIMEZONE", calendar.zone_name);
    lines.address("URL", calendar.page);
    lines.address("SOURCE;VALUE=URI", calendar.source);
    lines.line(&format!("REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}"));
    lines.line(&format!("X-PUBLISHED-TTL:{REFRESH}"));
    lines.instant("LAST-MODIFIED", calendar.changed);
}

/// A language tag with nothing but what tags are made of (RFC 5646, §2.1).
fn tag(language: &str) -> String {
    language.chars().filter(|sign| sign.is_ascii_alphanumeric() || *sign == '-').collect()
}

/// The parameter that says in what language a text is, if that is known.
fn spoken(tag: &str) -> String {
    if tag.is_empty() { String::new() } else { format!(";LANGUAGE={tag}") }
}

/// A calendar holds something (RFC 5545, §3.4): one without events, its zone.
fn empty(calendar: &Calendar) -> Option<(Timestamp, Timestamp)> {
    calendar.events.is_empty().then_some((Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH))
}

/// The first and the last instant that are written as local times of the zone, if any is.
fn zoned(calendar: &Calendar) -> Option<(Timestamp, Timestamp)> {
    let timed = calendar.events.iter().filter_map(|event| timed(event.time));
    let local = timed.filter(|(start, end)| is_local(calendar, *start, *end));
    let instants: Vec<Timestamp> = local.flat_map(|(start, end)| [start, end.unwrap_or(start)]).collect();
    Some((*instants.iter().min()?, *instants.iter().max()?))
}

fn entry(calendar: &Calendar, event: &Event, lines: &mut Lines) {
    let spoken = spoken(&tag(calendar.language));
    lines.line("BEGIN:VEVENT");
    lines.text("UID", &event.uid);
    lines.instant("DTSTAMP", Some(event.stamp));
    lines.instant("CREATED", event.created);
    lines.instant("LAST-MODIFIED", Some(event.stamp));
    lines.line(&format!("SEQUENCE:{}", event.sequence));
    times(calendar, event.time, lines);
    lines.line(&format!("STATUS:{}", status(event.status)));
    lines.text(&format!("SUMMARY{spoken}"), &event.summary);
    lines.text(&format!("DESCRIPTION{spoken}"), &event.description);
    lines.text(&format!("LOCATION{spoken}"), event.location.as_deref().unwrap_or_default());
    lines.address("URL", &event.url);
    people(event, lines);
    lines.texts("CATEGORIES", &event.categories);
    lines.line("END:VEVENT");
}

/// Where an event is joined, who arranges it, and whom to ask.
fn people(event: &Event, lines: &mut Lines) {
    if let Some(Conference { url, label }) = &event.conference {
        let label = if label.is_empty() { String::new() } else { format!(";LABEL={}", parameter(label)) };
        lines.address(&format!("CONFERENCE;VALUE=URI;FEATURE=VIDEO{label}"), url);
    }
    if let Some(Organizer { name, email }) = &event.organizer {
        lines.address(&format!("ORGANIZER;CN={}", parameter(name)), &format!("mailto:{email}"));
    }
    event.contacts.iter().for_each(|contact| lines.text("CONTACT", contact));
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Confirmed => "CONFIRMED",
        Status::Tentative => "TENTATIVE",
        Status::Cancelled => "CANCELLED",
    }
}

fn times(calendar: &Calendar, time: Time, lines: &mut Lines) {
    if let Time::Days { first, last } = time {
        days(first, last, lines);
    }
    if let Some((start, end)) = timed(time) {
        let local = is_local(calendar, start, end);
        lines.line(&moment(calendar, "DTSTART", start, local));
        end.into_iter().for_each(|end| lines.line(&moment(calendar, "DTEND", end, local)));
    }
}

/// Whole days: the end is the day after the last (RFC 5545, §3.6.1). Without an end, it is one day.
fn days(first: Date, last: Date, lines: &mut Lines) {
    lines.line(&format!("DTSTART;VALUE=DATE:{}", day(first)));
    if let Ok(end) = last.max(first).tomorrow() {
        lines.line(&format!("DTEND;VALUE=DATE:{}", day(end)));
    }
}

/// Start and end of what has a time of day, in whole seconds.
fn timed(time: Time) -> Option<(Timestamp, Option<Timestamp>)> {
    let Time::Timed { start, end } = time else { return None };
    Some((start, end.filter(|end| end.as_second() > start.as_second())))
}

/// Whether an event can be written with the zone's name. A local time with the name of a zone means the first of
/// two when the clocks are set back (RFC 5545, §3.3.5), and readers do not agree on it: such events are in UTC.
fn is_local(calendar: &Calendar, start: Timestamp, end: Option<Timestamp>) -> bool {
    let plain = |instant| !calendar.zone.to_ambiguous_timestamp(calendar.zone.to_datetime(instant)).is_ambiguous();
    !is_universal(calendar) && plain(start) && end.is_none_or(plain)
}

fn is_universal(calendar: &Calendar) -> bool {
    *calendar.zone == TimeZone::UTC || UNIVERSAL.iter().any(|name| name.eq_ignore_ascii_case(calendar.zone_name))
}

fn moment(calendar: &Calendar, name: &str, instant: Timestamp, local: bool) -> String {
    match local {
        true => {
            let (zone, local) = (parameter(calendar.zone_name), calendar.zone.to_datetime(instant));
            format!("{name};TZID={zone}:{}", clock(local))
        }
        false => format!("{name}:{}", utc(instant)),
    }
}

/// An instant (RFC 5545, §3.3.5, form 2): `20180325T010000Z`.
fn utc(instant: Timestamp) -> String {
    format!("{}Z", clock(Offset::UTC.to_datetime(instant)))
}

/// What clocks show (RFC 5545, §3.3.5, form 1): `20180325T030000`.
fn clock(local: DateTime) -> String {
    format!("{}T{:02}{:02}{:02}", day(local.date()), local.hour(), local.minute(), local.second())
}

/// A day (RFC 5545, §3.3.4): `20180325`. Years have four digits; there are none before year 0.
fn day(day: Date) -> String {
    format!("{:04}{:02}{:02}", day.year().max(0), day.month(), day.day())
}

/// Content lines (RFC 5545, §3.1) while they are written.
struct Lines(Vec<u8>);

impl Lines {
    /// Writes an instant, if there is one.
    fn instant(&mut self, name: &str, instant: Option<Timestamp>) {
        instant.into_iter().for_each(|instant| self.line(&format!("{name}:{}", utc(instant))));
    }

    /// Writes a text, unless it is empty.
    fn text(&mut self, name: &str, text: &str) {
        self.texts(name, &[text]);
    }

    /// Writes a list of texts, without those that are empty.
    fn texts(&mut self, name: &str, texts: &[impl AsRef<str>]) {
        let escaped = texts.iter().map(|text| escaped(text.as_ref())).filter(|text| !text.is_empty());
        let list = escaped.collect::<Vec<String>>().join(",");
        if !list.is_empty() {
            self.line(&format!("{name}:{list}"));
        }
    }

    /// Writes an address (RFC 5545, §3.3.13), unless it is empty.
    fn address(&mut self, name: &str, address: &str) {
        let address = clean(address).replace(['\n', '\t'], "");
        if !address.is_empty() {
            self.line(&format!("{name}:{address}"));
        }
    }

    /// Writes a line, folded to what a line may hold. Every further piece begins with a space.
    fn line(&mut self, line: &str) {
        let (first, mut rest) = line.split_at(cut(line, WIDTH));
        self.0.extend_from_slice(first.as_bytes());
        while !rest.is_empty() {
            let (piece, later) = rest.split_at(cut(rest, WIDTH - 1));
            self.0.extend_from_slice(b"\r\n ");
            self.0.extend_from_slice(piece.as_bytes());
            rest = later;
        }
        self.0.extend_from_slice(b"\r\n");
    }
}

/// Where a text is cut so that the first piece has at most so many octets: between characters, and not inside of
/// what is seen as one, as long as that fits.
fn cut(text: &str, limit: usize) -> usize {
    if text.len() <= limit {
        return text.len();
    }
    let mut places = (1..=limit).rev().filter(|place| text.is_char_boundary(*place));
    let whole = places.clone().find(|place| !is_joined(text, *place));
    whole.or_else(|| places.next()).unwrap_or(text.len())
}

/// Whether the characters on the two sides of a place are one: a letter and its marks, an emoji with the colour of
/// its skin or with a joiner, a backslash and what it escapes.
fn is_joined(text: &str, place: usize) -> bool {
    let (before, after) = text.split_at(place);
    before.ends_with(['\u{200d}', '\\'])
        || after.starts_with(|sign: char| {
            matches!(sign, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{200d}'
                | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}'
                | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}')
        })
}

/// A value of type TEXT (RFC 5545, §3.3.11).
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in clean(text).chars() {
        match sign {
            '\n' => escaped.push_str("\\n"),
            '\\' | ';' | ',' => escaped.extend(['\\', sign]),
            sign => escaped.push(sign),
        }
    }
    escaped
}

/// The value of a parameter (RFC 5545, §3.2), in quotes unless it is a plain word. What quotes cannot hold is
/// written as RFC 6868 says.
fn parameter(text: &str) -> String {
    let is_plain = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_' | '/' | '+');
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    let encoded = clean(text).replace('^', "^^").replace('\n', "^n").replace('"', "^'");
    format!("\"{encoded}\"")
}

/// A text with one kind of line ends and no other control characters but tabs. Among line ends are those of Unicode,
/// at which some readers part lines.
fn clean(text: &str) -> String {
    let kept = |sign| match sign {
        '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        '\t' => Some('\t'),
        sign if sign.is_control() => None,
        sign => Some(sign),
    };
    text.replace("\r\n", "\n").chars().filter_map(kept).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).expect("the database is embedded")
    }

    fn instant(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn calendar<'a>(zone: &'a TimeZone, zone_name: &'a str, events: Vec<Event>) -> Calendar<'a> {
        let (page, source) = ("https://example.org/handelser/", "https://example.org/handelser/kalender.ics");
        let (name, description, language, changed) = ("Händelser", None, "sv", None);
        Calendar { name, description, language, page, source, zone, zone_name, changed, events }
    }

    fn event(time: Time) -> Event {
        Event {
            uid: "mote@example.org".to_owned(),
            sequence: 0,
            stamp: instant("2018-01-02T03:04:05Z"),
            created: None,
            time,
            status: Status::Confirmed,
            summary: "Möte".to_owned(),
            description: String::new(),
            location: None,
            url: "https://example.org/handelser/mote/".to_owned(),
            conference: None,
            organizer: None,
            contacts: Vec::new(),
            categories: Vec::new(),
        }
    }

    fn timed(start: &str, end: Option<&str>) -> Event {
        event(Time::Timed { start: instant(start), end: end.map(instant) })
    }

    fn written(calendar: &Calendar) -> String {
        String::from_utf8(write(calendar)).unwrap()
    }

    /// The lines of a calendar as readers see them, those that begin so.
    fn lines(calendar: &Calendar, start: &str) -> Vec<String> {
        let unfolded = written(calendar).replace("\r\n ", "");
        unfolded.split("\r\n").filter(|line| line.starts_with(start)).map(str::to_owned).collect()
    }

    fn starts(zone_name: &str, event: Event) -> Vec<String> {
        let zone = zone(zone_name);
        let calendar = calendar(&zone, zone_name, vec![event]);
        let mut times = lines(&calendar, "DTSTART;");
        times.extend(lines(&calendar, "DTSTART:").into_iter().filter(|line| line.ends_with('Z')));
        times.extend(lines(&calendar, "DTEND"));
        times.extend(lines(&calendar, "BEGIN:VTIMEZONE"));
        times
    }

    #[test]
    fn a_calendar_says_all_that_there_is_to_say() {
        let (stockholm, name) = (zone("Europe/Stockholm"), "Europe/Stockholm");
        let text = |text: &str| text.to_owned();
        let meeting = Event {
            sequence: 2,
            created: Some(instant("2017-12-01T08:00:00Z")),
            status: Status::Tentative,
            description: text("Ta med:\n- fika, gärna bullar; mycket\n- ett c:\\ och en lång rad som ska vikas"),
            location: Some(text("Stora salen, Storgatan 1")),
            conference: Some(Conference { url: text("https://video.example.org/rum?a=1,2;b"), label: text("Delta") }),
            organizer: Some(Organizer { name: text("Anna \"Ann\" Å"), email: text("anna@example.org") }),
            contacts: vec![text("Bo, 070-123"), text("Cia")],
            categories: vec![text("möten"), text("fika, te")],
            ..timed("2018-06-01T16:00:00Z", Some("2018-06-01T18:30:00Z"))
        };
        let (first, last) = (date(2018, 7, 1), date(2018, 7, 3));
        let camp =
            Event { uid: text("lager@example.org"), status: Status::Cancelled, ..event(Time::Days { first, last }) };
        let calendar = Calendar {
            description: Some("Allt som sker"),
            changed: Some(instant("2018-01-02T03:04:05Z")),
            ..calendar(&stockholm, name, vec![meeting, camp])
        };
        assert_eq!(written(&calendar).replace("\r\n", "\n"), WHOLE);
    }

    #[test]
    fn whatever_is_in_a_text_stays_in_its_line() {
        let text = "a\r\nEND:VEVENT\rb\u{2028}c\u{0}\u{7f}\u{b}\td\u{85}e;f,g\\n";
        assert_eq!(escaped(text), "a\\nEND:VEVENT\\nb\\nc\td\\ne\\;f\\,g\\\\n");
        assert_eq!(parameter("a\n\"b\" ^;"), "\"a^n^'b^' ^^;\"");
        assert_eq!(parameter("Europe/Stockholm"), "Europe/Stockholm");
        assert_eq!(parameter(""), "\"\"");
        let stockholm = zone("Europe/Stockholm");
        let hostile =
            Event { url: "https://a/\r\nEND:VEVENT\u{2029}".to_owned(), ..timed("2018-06-01T16:00:00Z", None) };
        let calendar = Calendar { language: "s\nv:\"", ..calendar(&stockholm, "Europe/Stockholm", vec![hostile]) };
        assert_eq!(lines(&calendar, "URL:").last().map(String::as_str), Some("URL:https://a/END:VEVENT"));
        assert_eq!(lines(&calendar, "SUMMARY"), ["SUMMARY;LANGUAGE=sv:Möte"]);
    }

    #[test]
    fn the_hour_that_comes_twice_is_written_in_utc() {
        let twice = |start, end| starts("Europe/Stockholm", timed(start, end));
        assert_eq!(twice("2018-10-28T00:30:00Z", None), ["DTSTART:20181028T003000Z"]);
        assert_eq!(twice("2018-10-28T01:30:00Z", None), ["DTSTART:20181028T013000Z"]);
        // An event that ends then is in UTC from the start: one event, one way of writing.
        let written = twice("2018-10-27T20:00:00Z", Some("2018-10-28T00:59:59Z"));
        assert_eq!(written, ["DTSTART:20181027T200000Z", "DTEND:20181028T005959Z"]);
    }

    #[test]
    fn the_minutes_around_a_change_are_local_times() {
        let times = |start, end| starts("Europe/Stockholm", timed(start, Some(end)))[..2].join(" ");
        let zone = "TZID=Europe/Stockholm";
        let spring = times("2018-03-25T00:59:59Z", "2018-03-25T01:00:00Z");
        assert_eq!(spring, format!("DTSTART;{zone}:20180325T015959 DTEND;{zone}:20180325T030000"));
        let autumn = times("2018-10-27T23:59:59Z", "2018-10-28T02:00:00Z");
        assert_eq!(autumn, format!("DTSTART;{zone}:20181028T015959 DTEND;{zone}:20181028T030000"));
    }

    #[test]
    fn a_zone_that_is_utc_needs_no_definition() {
        for name in ["UTC", "Etc/UTC", "Zulu"] {
            assert_eq!(starts(name, timed("2018-06-01T16:00:00Z", None)), ["DTSTART:20180601T160000Z"], "{name}");
        }
    }

    #[test]
    fn days_end_with_the_day_after_and_need_no_zone() {
        let days = |first, last| starts("Europe/Stockholm", event(Time::Days { first, last }));
        let (first, last) = (date(2018, 12, 30), date(2018, 12, 31));
        assert_eq!(days(first, last), ["DTSTART;VALUE=DATE:20181230", "DTEND;VALUE=DATE:20190101"]);
        assert_eq!(days(last, first), ["DTSTART;VALUE=DATE:20181231", "DTEND;VALUE=DATE:20190101"]);
        assert_eq!(days(Date::MAX, Date::MAX), ["DTSTART;VALUE=DATE:99991231"]);
    }

    #[test]
    fn an_end_that_is_not_later_than_the_start_is_left_out() {
        for end in ["2018-06-01T16:00:00Z", "2018-06-01T15:00:00Z", "2018-06-01T16:00:00.5Z"] {
            let written = starts("UTC", timed("2018-06-01T16:00:00Z", Some(end)));
            assert_eq!(written, ["DTSTART:20180601T160000Z"], "{end}");
        }
    }

    #[test]
    fn a_family_is_not_parted_by_a_fold() {
        let family = "👩‍👩‍👧‍👦";
        for length in 0..80 {
            let mut lines = Lines(Vec::new());
            lines.line(&format!("{}{family}e\u{301}", "x".repeat(length)));
            let folded = String::from_utf8(lines.0).unwrap();
            assert!(folded.contains(family) && folded.contains("e\u{301}"), "{length}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn lines_are_short_and_unfold_to_what_they_were(
            line in "[\u{20}-\u{10ffff}]{0,200}|[åe\u{301}\u{200d}👩🏽 \\\\]{0,300}",
        ) {
            let mut lines = Lines(Vec::new());
            lines.line(&line);
            let folded = String::from_utf8(lines.0).unwrap();
            prop_assert!(folded.split("\r\n").all(|piece| piece.len() <= WIDTH));
            prop_assert_eq!(folded.strip_suffix("\r\n").unwrap().replace("\r\n ", ""), line);
        }

        #[test]
        fn no_text_and_no_time_breaks_a_calendar(
            text in "(?s).{0,100}", zone_name in ".{0,20}", seconds in any::<[i64; 2]>(), nth in 0_usize..600,
        ) {
            let zone = jiff::tz::db().available().nth(nth).map_or(TimeZone::UTC, |name| zone(name.as_str()));
            let [start, end] = seconds.map(any_instant);
            let day = zone.to_datetime(start).date();
            let events = vec![hostile(&text, start, end), event(Time::Days { first: day, last: Date::MAX })];
            let calendar = calendar(&zone, &zone_name, events);
            let calendar = Calendar { language: &text, name: &text, page: &text, source: &text, ..calendar };
            let written = written(&calendar);
            let is_line = |line: &str| {
                line.len() <= WIDTH && line.starts_with(|sign: char| sign == ' ' || sign.is_ascii_uppercase())
            };
            prop_assert!(written.strip_suffix("\r\n").unwrap().split("\r\n").all(is_line));
            let is_control = |sign: char| sign.is_control() && sign != '\t';
            prop_assert!(!written.replace("\r\n", "").contains(is_control));
            prop_assert_eq!(lines(&calendar, "END:VEVENT").len(), 2);
        }
    }

    /// Any instant that there is.
    fn any_instant(second: i64) -> Timestamp {
        let (first, last) = (Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
        Timestamp::from_second(first + second.rem_euclid(last - first)).unwrap()
    }

    /// An event with the same text everywhere.
    fn hostile(text: &str, start: Timestamp, end: Timestamp) -> Event {
        let text = || text.to_owned();
        Event {
            uid: text(),
            summary: text(),
            description: text(),
            location: Some(text()),
            url: text(),
            conference: Some(Conference { url: text(), label: text() }),
            organizer: Some(Organizer { name: text(), email: text() }),
            contacts: vec![text(), text()],
            categories: vec![text(), text()],
            ..event(Time::Timed { start, end: Some(end) })
        }
    }

    const WHOLE: &str = r#"BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//anslag//anslag//SV
CALSCALE:GREGORIAN
METHOD:PUBLISH
NAME;LANGUAGE=sv:Händelser
X-WR-CALNAME:Händelser
DESCRIPTION;LANGUAGE=sv:Allt som sker
X-WR-CALDESC:Allt som sker
X-WR-TIMEZONE:Europe/Stockholm
URL:https://example.org/handelser/
SOURCE;VALUE=URI:https://example.org/handelser/kalender.ics
REFRESH-INTERVAL;VALUE=DURATION:PT12H
X-PUBLISHED-TTL:PT12H
LAST-MODIFIED:20180102T030405Z
BEGIN:VTIMEZONE
TZID:Europe/Stockholm
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
DTSTART:20180325T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
DTSTART:20181028T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:mote@example.org
DTSTAMP:20180102T030405Z
CREATED:20171201T080000Z
LAST-MODIFIED:20180102T030405Z
SEQUENCE:2
DTSTART;TZID=Europe/Stockholm:20180601T180000
DTEND;TZID=Europe/Stockholm:20180601T203000
STATUS:TENTATIVE
SUMMARY;LANGUAGE=sv:Möte
DESCRIPTION;LANGUAGE=sv:Ta med:\n- fika\, gärna bullar\; mycket\n- ett c:
 \\ och en lång rad som ska vikas
LOCATION;LANGUAGE=sv:Stora salen\, Storgatan 1
URL:https://example.org/handelser/mote/
CONFERENCE;VALUE=URI;FEATURE=VIDEO;LABEL=Delta:https://video.example.org/ru
 m?a=1,2;b
ORGANIZER;CN="Anna ^'Ann^' Å":mailto:anna@example.org
CONTACT:Bo\, 070-123
CONTACT:Cia
CATEGORIES:möten,fika\, te
END:VEVENT
BEGIN:VEVENT
UID:lager@example.org
DTSTAMP:20180102T030405Z
LAST-MODIFIED:20180102T030405Z
SEQUENCE:0
DTSTART;VALUE=DATE:20180701
DTEND;VALUE=DATE:20180704
STATUS:CANCELLED
SUMMARY;LANGUAGE=sv:Möte
URL:https://example.org/handelser/mote/
END:VEVENT
END:VCALENDAR
"#;
}
