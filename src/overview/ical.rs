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
    if let Some((first, last)) = zoned(calendar) {
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

/// Whether the characters on the two sides of a place are drawn as one: a letter and its marks, an emoji with the
/// colour of its skin or with a joiner.
fn is_joined(text: &str, place: usize) -> bool {
    let (before, after) = text.split_at(place);
    before.ends_with('\u{200d}')
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
