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
    let goes_on = goes_on(&kinds, reach);
    let mut observances: Vec<Observance> =
        kinds.iter().flat_map(|(shift, changes)| observances(shift, changes, reach.last, goes_on)).collect();
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

/// Whether all that comes after the last change that must be told goes on as before. A rule that goes on alone would
/// leave the clocks in summer for ever.
fn goes_on(kinds: &[(Shift, Vec<Change>)], reach: Reach) -> bool {
    let is_told = |change: &Change| change.instant <= reach.last;
    let mut runs = kinds.iter().flat_map(|(_, changes)| runs(changes)).map(|(_, run)| run);
    runs.all(|run| run.iter().all(is_told) || (run.iter().any(is_told) && is_long(run, reach)))
}

fn is_long(run: &[Change], reach: Reach) -> bool {
    run.last().is_some_and(|change| change.local.year() >= reach.year)
}

/// Parts changes of one kind into those that follow a rule, and the others. Those after the last are not told.
fn observances<'a>(shift: &'a Shift, changes: &[Change], last: Timestamp, goes_on: bool) -> Vec<Observance<'a>> {
    let mut found = Vec::new();
    let mut listed = Vec::new();
    for (rule, run) in runs(changes) {
        let told = &run[..run.partition_point(|change| change.instant <= last)];
        match recurrence(rule, told, goes_on && told.len() < run.len()) {
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

/// How changes come back, when they are worth a rule: for ever, or until the last. The end is in UTC, as it must be
/// in time zones (RFC 5545, §3.3.10). It is a day later, for readers that take it for a local time.
fn recurrence(rule: Rule, told: &[Change], goes_on: bool) -> Option<String> {
    let last = told.last()?.instant;
    let yearly = format!("FREQ=YEARLY;BYMONTH={};BYDAY={}{}", rule.month, rule.nth, weekday(rule.weekday));
    let end = last.checked_add(SignedDuration::from_hours(24)).unwrap_or(last);
    match goes_on {
        true => Some(yearly),
        false => (told.len() >= WORTH).then(|| format!("{yearly};UNTIL={}", utc(end))),
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

/// The first change, and the others as a rule or as a list (RFC 5545, §3.8.5.2). The list has a line for each, since
/// some readers take only the first of a line.
fn onsets(lines: &mut Lines, observance: &Observance) {
    let mut locals = observance.changes.iter().map(|change| clock(change.local));
    locals.next().into_iter().for_each(|first| lines.line(&format!("DTSTART:{first}")));
    match &observance.rule {
        Some(rule) => lines.line(&format!("RRULE:{rule}")),
        None => locals.for_each(|local| lines.line(&format!("RDATE:{local}"))),
    }
}

/// An offset (RFC 5545, §3.3.14): `+0100`, with seconds only where there are any.
fn offset(offset: Offset) -> String {
    let seconds = offset.seconds().unsigned_abs();
    let sign = if offset.is_negative() { '-' } else { '+' };
    let minutes = format!("{sign}{:02}{:02}", seconds / 3600, seconds / 60 % 60);
    if seconds.is_multiple_of(60) { minutes } else { format!("{minutes}{:02}", seconds % 60) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition of a zone, the lines that say when clocks are changed.
    fn told(name: &str, first: &str, last: &str) -> Vec<String> {
        let kept = ["DTSTART", "RRULE", "RDATE", "TZOFFSETTO"];
        let definition = definition(name, first, last);
        definition.lines().filter(|line| kept.iter().any(|kept| line.starts_with(kept))).map(str::to_owned).collect()
    }

    fn definition(name: &str, first: &str, last: &str) -> String {
        let zone = TimeZone::get(name).expect("the database is embedded");
        let mut lines = Lines(Vec::new());
        write(&mut lines, name, &zone, first.parse().unwrap(), last.parse().unwrap());
        String::from_utf8(lines.0).unwrap().replace("\r\n ", "").replace("\r\n", "\n")
    }

    #[test]
    fn stockholm_in_2018_goes_on_as_it_is() {
        let definition = definition("Europe/Stockholm", "2018-01-15T12:00:00Z", "2018-12-15T12:00:00Z");
        let expected = "\
BEGIN:VTIMEZONE
TZID:Europe/Stockholm
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
DTSTART:20171029T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
DTSTART:20180325T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
END:VTIMEZONE
";
        assert_eq!(definition, expected);
    }

    #[test]
    fn an_event_in_one_summer_still_gives_both_rules() {
        let told = told("Europe/Stockholm", "2018-06-15T12:00:00Z", "2018-06-15T12:00:00Z");
        let summer = ["TZOFFSETTO:+0200", "DTSTART:20180325T020000", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"];
        let winter = ["TZOFFSETTO:+0100", "DTSTART:20181028T030000", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"];
        assert_eq!(told, [summer, winter].concat());
    }

    #[test]
    fn the_change_at_the_very_instant_is_in_force() {
        let told = told("Europe/Stockholm", "2018-03-25T01:00:00Z", "2018-03-25T01:00:00Z");
        assert_eq!(told[1], "DTSTART:20180325T020000");
    }

    #[test]
    fn a_rule_that_became_another_ends() {
        let told = told("America/New_York", "2004-01-01T00:00:00Z", "2008-01-01T00:00:00Z");
        let rules: Vec<&String> = told.iter().filter(|line| line.starts_with("RRULE")).collect();
        let expected = [
            "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL=20061030T060000Z",
            "RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU;UNTIL=20060403T070000Z",
            "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU",
            "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU",
        ];
        assert_eq!(rules, expected);
    }

    #[test]
    fn what_has_ended_does_not_go_on() {
        let last_summer = told("America/Sao_Paulo", "2019-01-01T00:00:00Z", "2019-01-01T00:00:00Z");
        let (summer, winter) =
            (["TZOFFSETTO:-0200", "DTSTART:20181104T000000"], ["TZOFFSETTO:-0300", "DTSTART:20190217T000000"]);
        assert_eq!(last_summer, [summer, winter].concat());
        assert_eq!(told("America/Sao_Paulo", "2022-01-01T00:00:00Z", "2023-01-01T00:00:00Z"), winter);
    }

    #[test]
    fn a_rule_does_not_go_on_alone() {
        // Summer time ends on the night after the last Thursday of October, which may be the first of November.
        let told = told("Africa/Cairo", "2027-06-01T00:00:00Z", "2027-06-01T00:00:00Z");
        let (summer, winter) = ("DTSTART:20270430T000000", "DTSTART:20271029T000000");
        assert_eq!(told, ["TZOFFSETTO:+0300", summer, "TZOFFSETTO:+0200", winter]);
    }

    #[test]
    fn changes_without_a_rule_are_listed() {
        let told = told("Africa/Casablanca", "2021-01-01T00:00:00Z", "2022-01-01T00:00:00Z");
        let summer = ["TZOFFSETTO:+0100", "DTSTART:20200531T020000", "RDATE:20210516T020000"];
        let winter = ["TZOFFSETTO:+0000", "DTSTART:20210411T030000", "RDATE:20220327T030000"];
        assert_eq!(told, [summer, winter].concat());
    }

    #[test]
    fn a_zone_that_was_never_changed_has_a_beginning() {
        let definition = definition("Etc/GMT-3", "2018-01-01T00:00:00Z", "2019-01-01T00:00:00Z");
        let component =
            "BEGIN:STANDARD\nTZOFFSETFROM:+0300\nTZOFFSETTO:+0300\nTZNAME:+03\nDTSTART:19700101T000000\nEND:STANDARD";
        assert_eq!(definition, format!("BEGIN:VTIMEZONE\nTZID:Etc/GMT-3\n{component}\nEND:VTIMEZONE\n"));
    }

    #[test]
    fn clocks_that_have_not_been_changed_for_long_have_their_last_change() {
        let told = told("Asia/Kathmandu", "2018-01-01T00:00:00Z", "2019-01-01T00:00:00Z");
        assert_eq!(told, ["TZOFFSETTO:+0545", "DTSTART:19860101T000000"]);
    }

    #[test]
    fn a_day_that_was_left_out_is_told() {
        let told = told("Pacific/Apia", "2011-12-01T00:00:00Z", "2012-01-01T00:00:00Z");
        assert_eq!(told[2..4], ["TZOFFSETTO:+1400", "DTSTART:20111230T000000"]);
    }

    #[test]
    fn time_before_clocks_agreed_has_seconds() {
        let told = told("Europe/Stockholm", "1850-01-01T00:00:00Z", "1850-01-01T00:00:00Z");
        assert_eq!(told[..2], ["TZOFFSETTO:+005328", "DTSTART:18500101T005328"]);
    }

    #[test]
    fn the_end_of_time_is_no_rule_for_ever() {
        let told = told("Europe/Stockholm", "9996-01-01T00:00:00Z", "9998-06-01T00:00:00Z");
        let rules: Vec<&String> = told.iter().filter(|line| line.starts_with("RRULE")).collect();
        assert!(rules.len() == 2 && rules.iter().all(|rule| rule.contains("UNTIL=")), "{rules:?}");
    }
}
