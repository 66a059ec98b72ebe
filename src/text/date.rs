//! Dates and times: as writers write them, as instants, and in words.
//!
//! What stands in a file is a [`When`]: a day, a local time, or a time with an offset. In the site's time zone it
//! becomes a [`Moment`]. The machine's own clock and time zone play no part anywhere.

use std::str::FromStr;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use jiff::{Timestamp, ToSpan};

/// A date or a time as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// `2021-11-17`
    Day(Date),
    /// `2021-11-17T09:30`, in the site's time zone.
    Local(DateTime),
    /// `2021-11-17T09:30+02:00`
    Exact(DateTime, Offset),
}

/// Why a text is no date, and what was probably meant.
#[derive(Debug, PartialEq, Eq)]
pub struct DateError {
    /// What is wrong, in a few words.
    pub reason: String,
    /// The date as it should be written.
    pub suggestion: Option<String>,
}

/// Why a local time has no instant in a zone: the clocks were changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockChange {
    /// The hour is skipped in spring.
    Skipped,
    /// The hour comes twice in autumn.
    Twice,
}

impl FromStr for When {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let text = text.trim();
        let (date, time) = match text.split_once('T') {
            Some((date, time)) if date.len() == 10 => (date, Some(time)),
            _ => (text, None),
        };
        let date = parse_day(date).map_err(|reason| DateError { reason, suggestion: guess(text) })?;
        let Some(time) = time else { return Ok(Self::Day(date)) };
        let unreadable = |reason| DateError { reason, suggestion: guess(text) };
        let (time, offset) = split_offset(time);
        let time = parse_time(time).map_err(unreadable)?;
        match offset.map(parse_offset).transpose().map_err(unreadable)? {
            Some(offset) => Ok(Self::Exact(date.to_datetime(time), offset)),
            None => Ok(Self::Local(date.to_datetime(time))),
        }
    }
}

impl When {
    /// The instant at which it begins in a zone.
    ///
    /// # Errors
    /// A local time that the change of clocks skips, or that comes twice, has no instant.
    pub fn moment(self, zone: &TimeZone) -> Result<Moment, ClockChange> {
        match self {
            // Some zones change their clocks at midnight: a day begins with its first minute that exists.
            Self::Day(day) => {
                let start = zone.to_ambiguous_zoned(day.to_datetime(Time::midnight())).compatible();
                Ok(Moment::new(
                    start.map(|zoned| zoned.timestamp()).unwrap_or_default(),
                    day.to_datetime(Time::midnight()),
                    false,
                ))
            }
            Self::Local(local) => {
                let ambiguous = zone.to_ambiguous_timestamp(local);
                match ambiguous.offset() {
                    AmbiguousOffset::Unambiguous { .. } => {
                        Ok(Moment::new(ambiguous.compatible().unwrap_or_default(), local, true))
                    }
                    AmbiguousOffset::Gap { .. } => Err(ClockChange::Skipped),
                    AmbiguousOffset::Fold { .. } => Err(ClockChange::Twice),
                }
            }
            Self::Exact(local, offset) => {
                let instant = offset.to_timestamp(local).unwrap_or_default();
                Ok(Moment::new(instant, zone.to_datetime(instant), true))
            }
        }
    }

    /// The same, taking the earlier instant where the clocks leave a choice; for values already reported on.
    pub fn moment_or_earlier(self, zone: &TimeZone) -> Moment {
        self.moment(zone).unwrap_or_else(|_| match self {
            Self::Local(local) | Self::Exact(local, _) => {
                Moment::new(zone.to_ambiguous_timestamp(local).earlier().unwrap_or_default(), local, true)
            }
            Self::Day(day) => Moment::new(Timestamp::default(), day.to_datetime(Time::midnight()), false),
        })
    }
}

/// A point in time with the site's clock face.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// The instant.
    pub instant: Timestamp,
    /// What the site's clock and calendar show then.
    pub local: DateTime,
    /// Whether a time of day was given, or only the day.
    pub timed: bool,
}

impl Moment {
    fn new(instant: Timestamp, local: DateTime, timed: bool) -> Self {
        Self { instant, local, timed }
    }

    /// The moment of an instant, on the site's clock.
    pub fn of(instant: Timestamp, zone: &TimeZone) -> Self {
        Self::new(instant, zone.to_datetime(instant), true)
    }

    /// The day.
    pub fn day(&self) -> Date {
        self.local.date()
    }

    /// The instant at which what is stamped with this moment is over: the moment itself when it has a time, the
    /// end of the day otherwise ("until 1 September" includes that day).
    pub fn over(&self, zone: &TimeZone) -> Timestamp {
        if self.timed {
            return self.instant;
        }
        let tomorrow = self.day().checked_add(1.day()).unwrap_or(self.day());
        When::Day(tomorrow).moment_or_earlier(zone).instant
    }

    /// For the `datetime` attribute of HTML: `2021-11-17` or `2021-11-17T09:30`.
    pub fn html(&self) -> String {
        if self.timed { self.local.strftime("%Y-%m-%dT%H:%M").to_string() } else { self.day().to_string() }
    }

    /// For feeds (RFC 3339), with the zone's offset at that time.
    pub fn rfc3339(&self, zone: &TimeZone) -> String {
        let offset = zone.to_offset(self.instant);
        let seconds = offset.seconds();
        let (sign, seconds) = if seconds < 0 { ('-', -seconds) } else { ('+', seconds) };
        let local = offset.to_datetime(self.instant);
        let (day, time) = (local.date(), local.time());
        let number = |value: i8| i32::from(value);
        // Sitemaps and feeds hold thousands: format strings would take ten times as long, and `strftime` thirty.
        let mut text = String::with_capacity("2021-11-17T09:30:00+01:00".len());
        let parts = [
            (i32::from(day.year()), 4, '-'),
            (number(day.month()), 2, '-'),
            (number(day.day()), 2, 'T'),
            (number(time.hour()), 2, ':'),
            (number(time.minute()), 2, ':'),
            (number(time.second()), 2, sign),
            (seconds / 3600, 2, ':'),
        ];
        for (value, digits, after) in parts {
            push_digits(&mut text, value, digits);
            text.push(after);
        }
        push_digits(&mut text, seconds / 60 % 60, 2);
        text
    }
}

/// Appends the last digits of a number, zeros included.
fn push_digits(text: &mut String, number: i32, digits: u32) {
    let digit = |place| number.unsigned_abs() / 10_u32.pow(place) % 10;
    text.extend((0..digits).rev().filter_map(|place| char::from_digit(digit(place), 10)));
}

/// The last year whose every hour is an instant in every zone.
const LAST_YEAR: i16 = 9998;

fn parse_day(text: &str) -> Result<Date, String> {
    let parts: Vec<&str> = text.split('-').collect();
    match parts[..] {
        [year, month, day] if digits(year, 4) && digits(month, 2) && digits(day, 2) => {
            let number = |text: &str| text.parse::<i8>().unwrap_or(0);
            let (year, month, day) = (year.parse().unwrap_or(0), number(month), number(day));
            if !(1..=LAST_YEAR).contains(&year) {
                return Err(format!("years go from 0001 to {LAST_YEAR}; what never ends has no last day"));
            }
            if !(1..=12).contains(&month) {
                return Err(format!("there is no month {month}"));
            }
            Date::new(year, month, day).map_err(|_| format!("there is no day {day} in that month"))
        }
        _ => Err("dates are written year-month-day".to_owned()),
    }
}

/// Whether a text is so many digits and no sign.
fn digits(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn parse_time(text: &str) -> Result<Time, String> {
    let parts: Vec<Option<i8>> =
        text.split(':').map(|part| if digits(part, 2) { part.parse().ok() } else { None }).collect();
    let (hour, minute, second) = match parts[..] {
        [Some(hour), Some(minute)] => (hour, minute, 0),
        [Some(hour), Some(minute), Some(second)] => (hour, minute, second),
        _ => return Err("times are written hour:minute".to_owned()),
    };
    Time::new(hour, minute, second, 0).map_err(|_| format!("there is no time {text}"))
}

fn split_offset(time: &str) -> (&str, Option<&str>) {
    match time.find(['+', '-', 'Z']) {
        Some(at) => (&time[..at], Some(&time[at..])),
        None => (time, None),
    }
}

fn parse_offset(text: &str) -> Result<Offset, String> {
    let wrong = || format!("`{text}` is no offset from UTC");
    if text == "Z" {
        return Ok(Offset::UTC);
    }
    let (sign, digits) = text.split_at(1);
    let time = parse_time(digits).map_err(|_| wrong())?;
    let seconds = i32::from(time.hour()) * 3600 + i32::from(time.minute()) * 60;
    Offset::from_seconds(if sign == "-" { -seconds } else { seconds }).map_err(|_| wrong())
}

/// Names of months that writers use instead of numbers, in Swedish and English.
const MONTHS: [&[&str]; 12] = [
    &["januari", "january", "jan"],
    &["februari", "february", "feb"],
    &["mars", "march", "mar"],
    &["april", "apr"],
    &["maj", "may"],
    &["juni", "june", "jun"],
    &["juli", "july", "jul"],
    &["augusti", "august", "aug"],
    &["september", "sept", "sep"],
    &["oktober", "october", "okt", "oct"],
    &["november", "nov"],
    &["december", "dec"],
];

/// What date a text probably means, as it should be written: `17 november 2021` gives `2021-11-17`.
fn guess(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    // `17T09.30`: the letter between the date and the time.
    let lower = match lower.split_once('t') {
        Some((date, time)) if date.ends_with(|sign: char| sign.is_ascii_digit()) => format!("{date} {time}"),
        _ => lower,
    };
    let pieces: Vec<&str> =
        lower.split(|sign: char| !sign.is_alphanumeric()).filter(|piece| !piece.is_empty()).collect();
    let month = pieces.iter().position(|piece| MONTHS.iter().any(|names| names.contains(piece)));
    let numbers: Vec<(usize, i16)> = pieces
        .iter()
        .enumerate()
        .filter_map(|(index, piece)| Some((piece.len(), piece.parse().ok().filter(|_| index < 8)?)))
        .collect();
    let year = numbers.iter().find(|(length, _)| *length == 4)?.1;
    (1..=LAST_YEAR).contains(&year).then_some(())?;
    let mut small = numbers.iter().filter(|(length, _)| *length <= 2).map(|(_, number)| *number);
    let date = match month {
        Some(index) => {
            let month = MONTHS.iter().position(|names| names.contains(&pieces[index]))? + 1;
            Date::new(year, i8::try_from(month).ok()?, i8::try_from(small.next()?).ok()?).ok()?
        }
        None => {
            let (first, second) = (small.next()?, small.next()?);
            let year_first = numbers.first()?.0 == 4;
            let (month, day) = if year_first { (first, second) } else { (second, first) };
            Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?
        }
    };
    match (small.next(), small.next()) {
        (Some(hour @ 0..24), Some(minute @ 0..60)) => Some(format!("{date}T{hour:02}:{minute:02}")),
        _ => Some(date.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stockholm() -> TimeZone {
        TimeZone::get("Europe/Stockholm").expect("the database is embedded")
    }

    #[test]
    fn reads_what_the_documentation_promises() {
        for text in
            ["2021-11-17", "2021-11-17T09:30", "2021-11-17T09:30:15", "2021-11-17T09:30+02:00", "2021-11-17T09:30Z"]
        {
            assert!(text.parse::<When>().is_ok(), "{text}");
        }
    }

    #[test]
    fn a_sign_is_no_digit() {
        for text in ["2021-11-17T09:30++9:30", "2021-11-17T09:30-+1:00", "2021-11-17T+9:30", "+021-11-17"] {
            assert!(text.parse::<When>().is_err(), "{text}");
        }
    }

    #[test]
    fn answers_other_ways_of_writing_with_the_right_one() {
        let cases = [
            ("17 november 2021", Some("2021-11-17")),
            ("17 nov 2021 kl. 09.30", Some("2021-11-17T09:30")),
            ("November 17, 2021", Some("2021-11-17")),
            ("17/11 2021", Some("2021-11-17")),
            ("2021/11/17", Some("2021-11-17")),
            ("2021-11-17 09:30", Some("2021-11-17T09:30")),
            ("17.11.2021", Some("2021-11-17")),
            ("2021-1-7", Some("2021-01-07")),
            ("2021-11-17T09.30", Some("2021-11-17T09:30")),
            ("2021-11-17T9:30", Some("2021-11-17T09:30")),
            ("2021-13-45", None),
            ("9999-12-31", None),
            ("0000-01-01", None),
            ("i höst", None),
            ("", None),
        ];
        for (text, written) in cases {
            assert_eq!(text.parse::<When>().unwrap_err().suggestion.as_deref(), written, "{text}");
        }
    }

    #[test]
    fn the_nights_the_clocks_change_are_said_to_be_so() {
        let moment = |text: &str| text.parse::<When>().unwrap().moment(&stockholm());
        assert_eq!(moment("2018-03-25T02:30"), Err(ClockChange::Skipped));
        assert_eq!(moment("2018-10-28T02:30"), Err(ClockChange::Twice));
        assert!(moment("2018-10-28T02:30+01:00").is_ok());
        assert!(moment("2018-10-28").is_ok());
    }

    #[test]
    fn a_day_is_over_when_the_next_begins() {
        let zone = stockholm();
        let moment = "2022-09-01".parse::<When>().unwrap().moment(&zone).unwrap();
        assert_eq!(moment.over(&zone).to_string(), "2022-09-01T22:00:00Z");
        assert_eq!(moment.rfc3339(&zone), "2022-09-01T00:00:00+02:00");
        assert_eq!(moment.html(), "2022-09-01");
    }
}
