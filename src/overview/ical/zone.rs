//! Time zones of calendars: `VTIMEZONE` (RFC 5545, §3.6.5), made from the database of time zones.
//!
//! It holds the changes of clocks that the calendar's times need: from the last before the first time to the first
//! after the last. Changes that come back every year are a rule; it goes on for ever only when it does so in the
//! database. The others are listed.

use jiff::civil::{DateTime, Time, Weekday, datetime};
use jiff::tz::{Offset, TimeZone, TimeZoneTransition};
use jiff::{SignedDuration, Timestamp};

use super::{Lines, clock, utc};

/// For how many more years a rule must hold to be one that goes on.
const YEARS: i16 = 10;

/// How many changes a rule that has ended must stand for: fewer are more plainly listed.
const WORTH: usize = 3;

/// When the clocks of a zone without changes began to go: before any event.
const BEGINNING: DateTime = datetime(1970, 1, 1, 0, 0, 0, 0);

/// A change of clocks, from an offset to another.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shift {
    /// Whether the time after it is a daylight saving time.
    daylight: bool,
    from: Offset,
    to: Offset,
    /// What the time after it is called: `CEST`.
    name: String,
}

/// When clocks were changed.
#[derive(Clone, Copy, Debug)]
struct Change {
    instant: Timestamp,
    /// What the clocks showed just then, before the change.
    local: DateTime,
}

/// The same days of every year: the last Sunday of March at two o'clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rule {
    month: i8,
    weekday: Weekday,
    /// The first of the month is 1, the last is -1.
    nth: i8,
    time: Time,
}

/// How far the changes are followed.
#[derive(Clone, Copy, Debug)]
struct Reach {
    /// The last change that must be told.
    last: Timestamp,
    /// The last year of those that show whether a rule goes on.
    year: i16,
}

/// Changes of one kind that are told together: `STANDARD` or `DAYLIGHT`.
#[derive(Debug)]
struct Observance<'a> {
    shift: &'a Shift,
    changes: Vec<Change>,
    /// How they come back (RFC 5545, §3.8.5.3), unless they are listed.
    rule: Option<String>,
}

/// Writes the definition of a zone, for all times from one instant to another.
pub(super) fn write(lines: &mut Lines, name: &str, zone: &TimeZone, first: Timestamp, last: Timestamp) {
    let reach = reach(zone, last);
    let kinds = kinds(zone, first, reach);
    let mut observances: Vec<Observance> =
        kinds.iter().flat_map(|(shift, changes)| observances(shift, changes, reach)).collect();
    observances.sort_by_key(|observance| observance.changes.first().map(|change| change.instant));
    lines.line("BEGIN:VTIMEZONE");
    lines.text("TZID", name);
    observances.iter().for_each(|observance| component(lines, observance));
    lines.line("END:VTIMEZONE");
}

/// Includes the change after the last time: the event may be moved, and programs keep the zone that they know.
fn reach(zone: &TimeZone, last: Timestamp) -> Reach {
    let last = later(zone, last).next().map_or(last, |(_, change)| change.instant);
    Reach { last, year: zone.to_datetime(last).year() + YEARS }
}

/// The changes by their kind, in the order of time.
fn kinds(zone: &TimeZone, first: Timestamp, reach: Reach) -> Vec<(Shift, Vec<Change>)> {
    let later = later(zone, first).take_while(|(_, change)| change.local.year() <= reach.year);
    let mut kinds: Vec<(Shift, Vec<Change>)> = Vec::new();
    for (shift, change) in std::iter::once(earliest(zone, first)).chain(later) {
        match kinds.iter_mut().find(|(kind, _)| *kind == shift) {
            Some((_, changes)) => changes.push(change),
            None => kinds.push((shift, vec![change])),
        }
    }
    kinds
}

/// The changes after an instant.
fn later(zone: &TimeZone, instant: Timestamp) -> impl Iterator<Item = (Shift, Change)> {
    zone.following(instant).filter_map(|transition| change(zone, &transition))
}

/// The change after which the clocks went as they did at an instant, or a beginning when they were never changed.
fn earliest(zone: &TimeZone, instant: Timestamp) -> (Shift, Change) {
    // The change at the very instant is one before it.
    let after = instant.checked_add(SignedDuration::from_nanos(1)).unwrap_or(instant);
    if let Some(found) = zone.preceding(after).find_map(|transition| change(zone, &transition)) {
        return found;
    }
    let info = zone.to_offset_info(instant);
    let (offset, name) = (info.offset(), info.abbreviation().to_owned());
    let shift = Shift { daylight: info.dst().is_dst(), from: offset, to: offset, name };
    (shift, Change { instant, local: BEGINNING.min(offset.to_datetime(instant)) })
}

/// What changes at a transition. The database also has transitions at which nothing does.
fn change(zone: &TimeZone, transition: &TimeZoneTransition) -> Option<(Shift, Change)> {
    let (instant, to, name) = (transition.timestamp(), transition.offset(), transition.abbreviation());
    let before = zone.to_offset_info(instant.checked_sub(SignedDuration::from_secs(1)).unwrap_or(instant));
    let from = before.offset();
    let same = from == to && before.dst() == transition.dst() && before.abbreviation() == name;
    let shift = Shift { daylight: transition.dst().is_dst(), from, to, name: name.to_owned() };
    (!same).then_some((shift, Change { instant, local: from.to_datetime(instant) }))
}

/// Parts changes of one kind into those that follow a rule, and the others.
fn observances<'a>(shift: &'a Shift, changes: &[Change], reach: Reach) -> Vec<Observance<'a>> {
    let mut found = Vec::new();
    let mut listed = Vec::new();
    for (rule, run) in runs(changes) {
        let told = &run[..run.partition_point(|change| change.instant <= reach.last)];
        match recurrence(rule, run, told, reach) {
            Some(rule) => found.push(Observance { shift, changes: told.to_vec(), rule: Some(rule) }),
            None => listed.extend_from_slice(told),
        }
    }
    if !listed.is_empty() {
        found.push(Observance { shift, changes: listed, rule: None });
    }
    found
}

/// Cuts changes where the rule that they follow becomes another.
fn runs(changes: &[Change]) -> Vec<(Rule, &[Change])> {
    let mut runs = Vec::new();
    let mut rest = changes;
    while let Some(first) = rest.first() {
        let [preferred, other] = rules(first.local);
        let (one, two) = (length(preferred, rest), length(other, rest));
        let (rule, length) = if one >= two { (preferred, one) } else { (other, two) };
        let (run, later) = rest.split_at(length);
        runs.push((rule, run));
        rest = later;
    }
    runs
}

/// How many changes follow a rule, year by year.
fn length(rule: Rule, changes: &[Change]) -> usize {
    let first = changes.first().map_or(0, |change| change.local.year());
    let follows = |change: &Change, year| change.local.year() == year && rules(change.local).contains(&rule);
    changes.iter().zip(first..).take_while(|(change, year)| follows(change, *year)).count()
}

/// The rules that a change may follow: the last of the month is preferred, then the day counted from its beginning.
fn rules(local: DateTime) -> [Rule; 2] {
    let start = (local.day() - 1) / 7 + 1;
    let end = -((local.days_in_month() - local.day()) / 7 + 1);
    let rule = |nth| Rule { month: local.month(), weekday: local.weekday(), nth, time: local.time() };
    if end == -1 { [rule(end), rule(start)] } else { [rule(start), rule(end)] }
}

/// How a run of changes comes back, when it is worth a rule: for ever, or until the last that must be told.
/// The end is in UTC, as it must be in time zones (RFC 5545, §3.3.10).
fn recurrence(rule: Rule, run: &[Change], told: &[Change], reach: Reach) -> Option<String> {
    let last = told.last()?;
    let yearly = format!("FREQ=YEARLY;BYMONTH={};BYDAY={}{}", rule.month, rule.nth, weekday(rule.weekday));
    match run.last() {
        Some(change) if change.local.year() >= reach.year => Some(yearly),
        _ if told.len() >= WORTH => Some(format!("{yearly};UNTIL={}", utc(last.instant))),
        _ => None,
    }
}

fn weekday(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "MO",
        Weekday::Tuesday => "TU",
        Weekday::Wednesday => "WE",
        Weekday::Thursday => "TH",
        Weekday::Friday => "FR",
        Weekday::Saturday => "SA",
        Weekday::Sunday => "SU",
    }
}

fn component(lines: &mut Lines, observance: &Observance) {
    let shift = observance.shift;
    let kind = if shift.daylight { "DAYLIGHT" } else { "STANDARD" };
    lines.line(&format!("BEGIN:{kind}"));
    lines.line(&format!("TZOFFSETFROM:{}", offset(shift.from)));
    lines.line(&format!("TZOFFSETTO:{}", offset(shift.to)));
    lines.text("TZNAME", &shift.name);
    onsets(lines, observance);
    lines.line(&format!("END:{kind}"));
}

/// The first change, and the others as a rule or as a list (RFC 5545, §3.8.5.2).
fn onsets(lines: &mut Lines, observance: &Observance) {
    let mut locals = observance.changes.iter().map(|change| clock(change.local));
    locals.next().into_iter().for_each(|first| lines.line(&format!("DTSTART:{first}")));
    let list = locals.collect::<Vec<String>>().join(",");
    match &observance.rule {
        Some(rule) => lines.line(&format!("RRULE:{rule}")),
        None if list.is_empty() => {}
        None => lines.line(&format!("RDATE:{list}")),
    }
}

/// An offset (RFC 5545, §3.3.14): `+0100`, with seconds only where there are any.
fn offset(offset: Offset) -> String {
    let seconds = offset.seconds().unsigned_abs();
    let sign = if offset.is_negative() { '-' } else { '+' };
    let minutes = format!("{sign}{:02}{:02}", seconds / 3600, seconds / 60 % 60);
    if seconds.is_multiple_of(60) { minutes } else { format!("{minutes}{:02}", seconds % 60) }
}
