//! Decisions about an event, written into its front matter: cancelled, postponed, moved, restored.
//!
//! What is written is what a careful editor would write by hand (docs/content/pages/writers.md): the state at one place, the earlier date
//! beside the new one, and a line of history. The [`Editor`] sees to it that nothing else is touched.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use super::Status;
use super::keys::{Was, What};
use crate::data::{Editor, Node, NodeKind, Read, Step, Value};
use crate::diagnostic::{Diagnostic, Report};
use crate::text::date::When;
use crate::text::suggest::closest;

/// What has been decided.
#[derive(Clone, Debug)]
pub enum Act {
    /// It does not take place.
    Cancel,
    /// It takes place later; nobody knows when.
    Postpone,
    /// It takes place on another day.
    Reschedule {
        /// When it starts.
        start: When,
        /// When it ends; as long after the start as before unless given.
        end: Option<When>,
        /// Where, if that is another place too.
        place: Option<Place>,
    },
    /// It takes place on the net instead.
    MoveOnline {
        /// Where to join.
        url: Option<String>,
        /// The service.
        platform: Option<String>,
    },
    /// It takes place somewhere else.
    MoveTo(Place),
    /// It takes place after all.
    Restore,
}

/// A place, as it is given in a line: the town, or a name and the town.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its name.
    pub name: Option<String>,
    /// The town.
    pub city: String,
}

/// A decision, and what is said of it.
#[derive(Clone, Debug)]
pub struct Decision {
    /// What has been decided.
    pub act: Act,
    /// When.
    pub date: When,
    /// Why.
    pub reason: Option<String>,
    /// Where to read more.
    pub link: Option<String>,
}

/// Why a decision cannot be written.
#[derive(Debug)]
pub enum Refused {
    /// It does not go with what the event is.
    Decision(String),
    /// What stands in the file cannot be changed without disturbing what stands around it.
    Text(Box<Diagnostic>),
}

impl From<Box<Diagnostic>> for Refused {
    fn from(diagnostic: Box<Diagnostic>) -> Self {
        Self::Text(diagnostic)
    }
}

/// The keys after which a state is written: those that say when and where.
const WHEN_AND_WHERE: [&str; 6] = ["start", "end", "all_day", "occurrences", "place", "online"];
/// The keys after which the history is written, and a place.
const STATE: [&str; 8] = ["start", "end", "all_day", "occurrences", "place", "online", "cancelled", "status"];

impl Act {
    /// The state that follows; none when only the place is another one.
    pub fn status(&self) -> Option<Status> {
        match self {
            Self::Cancel => Some(Status::Cancelled),
            Self::Postpone => Some(Status::Postponed),
            Self::Reschedule { .. } => Some(Status::Rescheduled),
            Self::MoveOnline { .. } => Some(Status::MovedOnline),
            Self::MoveTo(_) => None,
            Self::Restore => Some(Status::Planned),
        }
    }

    fn what(&self) -> What {
        match self {
            Self::Cancel => What::Cancelled,
            Self::Postpone => What::Postponed,
            Self::Reschedule { .. } => What::Rescheduled,
            Self::MoveOnline { .. } => What::MovedOnline,
            Self::MoveTo(_) => What::Note,
            Self::Restore => What::Restored,
        }
    }
}

/// Writes a decision about an event or a series, or about one occasion of an event. `inherited` is the state that holds where
/// none is written. Gives the id of the occasion.
///
/// # Errors
/// The decision does not fit, or cannot be written.
pub fn decide(
    editor: &mut Editor,
    decision: &Decision,
    occasion: Option<&str>,
    inherited: Status,
    zone: &TimeZone,
) -> Result<Option<String>, Refused> {
    let item = occasion.map(|asked| find_occasion(editor, asked)).transpose()?;
    let at: &[Step] = &item.map_or_else(Vec::new, |item| vec![Step::Key("occurrences"), Step::Item(item)]);
    let given = status_at(editor, &[]).unwrap_or(inherited);
    let own = status_at(editor, at);
    refuse_vain(&decision.act, own, if item.is_some() { own.unwrap_or(given) } else { given })?;
    let id = item.map(|item| name_occasion(editor, at, item)).transpose()?;
    let previous = match &decision.act {
        Act::Reschedule { start, end, .. } => Some(reschedule(editor, at, (*start, *end), zone)?),
        _ => None,
    };
    match &decision.act {
        Act::Reschedule { place: Some(place), .. } | Act::MoveTo(place) => write_place(editor, at, place)?,
        Act::MoveOnline { url, platform } => write_online(editor, at, url.as_ref(), platform.as_ref())?,
        _ => {}
    }
    match decision.act.status() {
        Some(Status::Planned) => match state_before(editor, id.as_deref()) {
            Some(Status::Full) => write_status(editor, at, Status::Full)?,
            Some(Status::MovedOnline) if own != Some(Status::MovedOnline) => {
                let words = "it was moved online before: `anslag event move --online` says that it takes place so";
                return Err(Refused::Decision(words.to_owned()));
            }
            _ => clear_status(editor, at, if item.is_some() { given } else { inherited })?,
        },
        Some(status) => write_status(editor, at, status)?,
        None => {}
    }
    // Nobody could tell later that it was full.
    let was_full = own == Some(Status::Full) && matches!(decision.act, Act::Cancel | Act::Postpone);
    let change = [
        ("date", Some(written(decision.date))),
        ("what", Some(decision.act.what().word().to_owned())),
        ("was", was_full.then(|| Was::Full.word().to_owned())),
        ("occasion", id.clone()),
        ("previous_start", previous),
        ("reason", decision.reason.clone()),
        ("link", decision.link.clone()),
    ];
    let change = change.into_iter().filter_map(|(key, value)| Some((key, Value::Text(value?)))).collect();
    editor.append(&[], "changes", Value::Map(change), &STATE)?;
    Ok(id)
}

/// A date as it is written in front matter.
pub fn written(when: When) -> String {
    match when {
        When::Day(day) => day.to_string(),
        When::Local(local) => clock(local),
        When::Exact(local, offset) => {
            let minutes = offset.seconds() / 60;
            let sign = if minutes < 0 { '-' } else { '+' };
            format!("{}{sign}{:02}:{:02}", clock(local), minutes.abs() / 60, minutes.abs() % 60)
        }
    }
}

fn clock(local: DateTime) -> String {
    local.strftime("%Y-%m-%dT%H:%M").to_string()
}

/// The state that is written at a place.
fn status_at(editor: &Editor, at: &[Step]) -> Option<Status> {
    let value = |key| editor.get(&inside(at, key)).map(|node| &node.kind);
    match (value("status"), value("cancelled")) {
        (Some(NodeKind::Text(word)), _) => Status::ALL.iter().copied().find(|status| status.word() == word),
        (None, Some(NodeKind::Bool(true))) => Some(Status::Cancelled),
        _ => None,
    }
}

/// The state before the one that is taken back, as far as the history tells: who is restored may still be full.
fn state_before(editor: &Editor, occasion: Option<&str>) -> Option<Status> {
    let NodeKind::List(changes) = &editor.get(&[Step::Key("changes")])?.kind else { return None };
    let word = |change: &Node, key| String::read(change.get(key)?, &mut Report::default());
    let what = |change: &&Node| word(change, "what").unwrap_or_default();
    let concerns = |change: &&Node| {
        let named = word(change, "occasion");
        named.is_none() || named.as_deref() == occasion
    };
    let is_news = |change: &&Node| !matches!(what(change).as_str(), "programme" | "note");
    let takes_away = |change: &&Node| matches!(what(change).as_str(), "cancelled" | "postponed");
    let told: Vec<&Node> = changes.iter().filter(concerns).filter(is_news).collect();
    let last = told.iter().rposition(takes_away)?;
    // It may have been postponed and then cancelled.
    let first = told[..=last].iter().rposition(|change| !takes_away(change)).map_or(0, |before| before + 1);
    let was = told[first..=last].iter().find_map(|change| word(change, "was"));
    let before = was.or_else(|| told[..first].last().map(what))?;
    Status::ALL.iter().copied().find(|status| status.word() == before)
}

fn inside<'s>(at: &[Step<'s>], key: &'s str) -> Vec<Step<'s>> {
    at.iter().copied().chain([Step::Key(key)]).collect()
}

/// A decision that would change nothing.
fn refuse_vain(act: &Act, own: Option<Status>, counts: Status) -> Result<(), Refused> {
    let words = match act {
        Act::Cancel if own == Some(Status::Cancelled) => "it is cancelled already",
        Act::Postpone if own == Some(Status::Postponed) => "it is postponed already",
        Act::MoveOnline { .. } if own == Some(Status::MovedOnline) => "it is moved online already",
        Act::MoveTo(_) if !counts.is_held() => "it is to be at no place: `anslag event restore` first",
        Act::Restore if counts == Status::Rescheduled => {
            "it has a new date: `anslag event move --start` gives it another"
        }
        Act::Restore if !counts.is_a_change() => "it takes place already",
        _ => return Ok(()),
    };
    Err(Refused::Decision(words.to_owned()))
}

/// The place in the list of an occasion that is named by its id, its day, or its place counted from 1.
fn find_occasion(editor: &Editor, asked: &str) -> Result<usize, Refused> {
    let Some(NodeKind::List(items)) = editor.get(&[Step::Key("occurrences")]).map(|node| &node.kind) else {
        return Err(Refused::Decision("it has one occasion: leave `--occasion` out".to_owned()));
    };
    let ids: Vec<String> = items.iter().map(|item| id_of(item).unwrap_or_default()).collect();
    let days: Vec<String> = items
        .iter()
        .map(|item| when_of(item, "start").map_or_else(String::new, |start| day(start).to_string()))
        .collect();
    let on_that_day = || days.iter().enumerate().filter(|(_, day)| *day == asked).map(|(index, _)| index);
    let by_id = ids.iter().position(|id| id == asked && !id.is_empty());
    if by_id.is_none() && on_that_day().count() > 1 {
        return Err(Refused::Decision(format!("several occasions are on {asked}: give the place in the list")));
    }
    let number = || asked.parse::<usize>().ok()?.checked_sub(1).filter(|index| *index < items.len());
    by_id.or_else(|| on_that_day().next()).or_else(number).ok_or_else(|| {
        let meant = closest(asked, ids.iter().filter(|id| !id.is_empty()).map(String::as_str));
        let help = meant.map_or_else(String::new, |meant| format!(" Did you mean `{meant}`?"));
        let known = days.iter().enumerate().map(|(index, day)| format!("{} ({day})", index + 1));
        let known = known.collect::<Vec<_>>().join(", ");
        Refused::Decision(format!("there is no occasion `{asked}` among {known}.{help}"))
    })
}

fn id_of(item: &Node) -> Option<String> {
    String::read(item.get("id")?, &mut Report::default())
}

fn when_of(map: &Node, key: &str) -> Option<When> {
    When::read(map.get(key)?, &mut Report::default())
}

fn day(when: When) -> Date {
    match when {
        When::Day(day) => day,
        When::Local(local) | When::Exact(local, _) => local.date(),
    }
}

/// The id of an occasion. One that has none is given the one that calendars know it by: its place in the list.
fn name_occasion(editor: &mut Editor, at: &[Step], item: usize) -> Result<String, Refused> {
    if let Some(id) = editor.get(at).and_then(id_of) {
        return Ok(id);
    }
    let id = (item + 1).to_string();
    editor.set(at, "id", Value::text(id.clone()), &["start", "end", "all_day"])?;
    Ok(id)
}

/// Writes the new times, and gives the earlier start.
fn reschedule(
    editor: &mut Editor,
    at: &[Step],
    (start, end): (When, Option<When>),
    zone: &TimeZone,
) -> Result<String, Refused> {
    let Some(map) = editor.get(at) else { return Err(Refused::Decision("it has no such occasion".to_owned())) };
    let Some(earlier) = when_of(map, "start") else {
        let words = "it has several occasions: say which one with `--occasion`";
        return Err(Refused::Decision(words.to_owned()));
    };
    let previous = map.get("start").and_then(|node| String::read(node, &mut Report::default())).unwrap_or_default();
    let end = match (end, when_of(map, "end")) {
        (Some(end), _) => Some(end),
        (None, earlier_end) => as_long(earlier, earlier_end, start, zone)?,
    };
    editor.set(at, "start", Value::Text(written(start)), &[])?;
    if let Some(end) = end {
        editor.set(at, "end", Value::Text(written(end)), &["start"])?;
    }
    if !at.is_empty() {
        editor.set(at, "previous_start", Value::Text(previous.clone()), &["start", "end", "all_day"])?;
    }
    Ok(previous)
}

/// The end of what starts at another time and lasts as long as before.
fn as_long(start: When, end: Option<When>, new: When, zone: &TimeZone) -> Result<Option<When>, Refused> {
    let is_timed = |when: &When| !matches!(when, When::Day(_));
    let local = |when: When| match when {
        When::Day(day) => day.to_datetime(Time::midnight()),
        _ => when.moment_or_earlier(zone).local,
    };
    match (is_timed(&start), is_timed(&new), end) {
        (true, false, _) => {
            let time = local(start).strftime("%H:%M");
            let words = format!("it starts at {time} now: write `--start {}T{time}`, or give `--end` too", day(new));
            Err(Refused::Decision(words))
        }
        (_, _, None) => Ok(None),
        (false, true, Some(_)) => {
            let words = "how long it lasts is known in days alone: give `--end` too";
            Err(Refused::Decision(words.to_owned()))
        }
        (_, _, Some(end)) => {
            let too_far = |_| Refused::Decision("the new date is too far away".to_owned());
            let lasts = local(end).duration_since(local(start));
            let days = day(end).duration_since(day(start));
            Ok(Some(match end {
                When::Day(_) => When::Day(day(new).checked_add(days).map_err(too_far)?),
                _ => When::Local(local(new).checked_add(lasts).map_err(too_far)?),
            }))
        }
    }
}

/// Writes where it is now, and nothing of where it was: the street and the map of an earlier place would lead astray.
fn write_place(editor: &mut Editor, at: &[Step], place: &Place) -> Result<(), Refused> {
    let Place { name, city } = place;
    let stands = editor.get(&inside(at, "place")).is_some_and(|node| matches!(node.kind, NodeKind::Map(_)));
    if !stands {
        let name = name.as_ref().map(|name| ("name", Value::text(name.clone())));
        let keys = name.into_iter().chain([("city", Value::text(city.clone()))]).collect();
        editor.set(at, "place", Value::Map(keys), &["start", "end", "all_day"])?;
        return Ok(());
    }
    let at = &inside(at, "place");
    editor.set(at, "city", Value::text(city.clone()), &["name", "address"])?;
    match name {
        Some(name) => editor.set(at, "name", Value::text(name.clone()), &[])?,
        None => editor.remove(at, "name")?,
    }
    editor.remove(at, "address")?;
    editor.remove(at, "map")?;
    Ok(())
}

fn write_online(
    editor: &mut Editor,
    at: &[Step],
    url: Option<&String>,
    platform: Option<&String>,
) -> Result<(), Refused> {
    let given = [("url", url), ("platform", platform)];
    let given = given.into_iter().filter_map(|(key, value)| Some((key, Value::text(value?.clone()))));
    let given: Vec<(&str, Value)> = given.collect();
    if given.is_empty() {
        return Ok(());
    }
    let stands = editor.get(&inside(at, "online")).is_some_and(|node| matches!(node.kind, NodeKind::Map(_)));
    if !stands {
        editor.set(at, "online", Value::Map(given), &WHEN_AND_WHERE[..5])?;
        return Ok(());
    }
    let at = &inside(at, "online");
    for (key, value) in given {
        editor.set(at, key, value, &[])?;
    }
    Ok(())
}

/// Writes a state in the form that stands there: `cancelled`, or `status`.
fn write_status(editor: &mut Editor, at: &[Step], status: Status) -> Result<(), Refused> {
    let has = |editor: &Editor, key| editor.get(&inside(at, key)).is_some();
    let is_cancelled = status == Status::Cancelled;
    if has(editor, "status") || !is_cancelled || !at.is_empty() {
        let after = if at.is_empty() { &STATE[..7] } else { &["id", "start", "end", "all_day", "previous_start"] };
        editor.set(at, "status", Value::text(status.word()), after)?;
    } else {
        editor.set(at, "cancelled", Value::Bool(true), &WHEN_AND_WHERE)?;
    }
    if has(editor, "cancelled") && at.is_empty() {
        if is_cancelled {
            editor.set(at, "cancelled", Value::Bool(true), &[])?;
        } else {
            clear(editor, at, "cancelled", &Value::Bool(false))?;
        }
    }
    Ok(())
}

/// Takes a state away; where another would come to hold then, it is said that it takes place.
fn clear_status(editor: &mut Editor, at: &[Step], otherwise: Status) -> Result<(), Refused> {
    let planned = Value::text(Status::Planned.word());
    if otherwise.is_a_change() {
        write_status(editor, at, Status::Planned)?;
    } else {
        clear(editor, at, "status", &planned)?;
        clear(editor, at, "cancelled", &Value::Bool(false))?;
    }
    if !at.is_empty() {
        editor.remove(at, "reason")?;
    }
    Ok(())
}

/// Takes a key away, or says the contrary where a comment stands beside it that would go too.
fn clear(editor: &mut Editor, at: &[Step], key: &'static str, contrary: &Value) -> Result<(), Box<Diagnostic>> {
    if editor.get(&inside(at, key)).is_none() {
        return Ok(());
    }
    let removed = if editor.has_comment(at, key) { None } else { editor.remove(at, key).ok() };
    removed.map_or_else(|| editor.set(at, key, contrary.clone(), &[]), Ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: &str = "2026-11-20";

    fn when(text: &str) -> When {
        text.parse().expect("a date")
    }

    fn decided(before: &str, act: Act, occasion: Option<&str>, inherited: Status) -> Result<String, String> {
        let mut editor =
            Editor::open(&"x.md".into(), before, 0..before.len(), &mut Report::default()).expect("sound YAML");
        let decision = Decision { act, date: when(NOON), reason: Some("Sjukdom".to_owned()), link: None };
        let zone = TimeZone::get("Europe/Stockholm").expect("the database is embedded");
        match decide(&mut editor, &decision, occasion, inherited, &zone) {
            Ok(_) => Ok(editor.into_text()),
            Err(Refused::Decision(words)) => Err(words),
            Err(Refused::Text(diagnostic)) => Err(diagnostic.message),
        }
    }

    #[track_caller]
    fn becomes(before: &str, act: Act, occasion: Option<&str>, after: &str) {
        assert_eq!(decided(before, act, occasion, Status::Planned).as_deref(), Ok(after));
    }

    fn moved(start: &str) -> Act {
        Act::Reschedule { start: when(start), end: None, place: None }
    }

    #[test]
    fn a_state_is_written_in_the_form_that_stands_there() {
        let change = "changes:\n  - date: 2026-11-20\n    what: cancelled\n    reason: Sjukdom\n";
        for (before, after) in [
            ("start: 1\ntags: [a]\n", "start: 1\ncancelled: true\n+tags: [a]\n"),
            ("status: rescheduled # nu\nstart: 1\n", "status: cancelled # nu\nstart: 1\n+"),
            ("cancelled: false\nstart: 1\n", "cancelled: true\nstart: 1\n+"),
            ("start: 1\nstatus: planned\ncancelled: false\n", "start: 1\nstatus: cancelled\ncancelled: true\n+"),
        ] {
            becomes(before, Act::Cancel, None, &after.replace('+', change));
        }
        let full = change.replacen("what: cancelled\n", "what: cancelled\n    was: full\n", 1);
        becomes("status: full # nu\n", Act::Cancel, None, &format!("status: cancelled # nu\n{full}"));
        let change = change.replace("cancelled", "postponed");
        for (before, after) in [
            ("start: 1\ncancelled: true\nz: 1\n", "start: 1\nstatus: postponed\n+z: 1\n"),
            ("start: 1\ncancelled: true # nu\n", "start: 1\ncancelled: false # nu\nstatus: postponed\n+"),
        ] {
            becomes(before, Act::Postpone, None, &after.replace('+', &change));
        }
    }

    #[test]
    fn what_is_moved_lasts_as_long_as_before() {
        let cases = [
            (
                "start: 2027-04-20T10:00\nend: 2027-04-21T15:00\n",
                "2027-05-25T09:30",
                "2027-05-25T09:30",
                "2027-05-26T14:30",
            ),
            ("start: 2027-04-20\nend: 2027-04-22\n", "2027-05-30", "2027-05-30", "2027-06-01"),
            ("start: 2027-04-20T10:00\nend: 2027-04-21\n", "2027-05-25T09:30", "2027-05-25T09:30", "2027-05-26"),
            (
                "start: 2027-04-20T10:00+02:00\nend: 2027-04-20T09:00Z\n",
                "2027-12-01T10:00",
                "2027-12-01T10:00",
                "2027-12-01T11:00",
            ),
        ];
        for (before, start, starts, ends) in cases {
            let after = decided(before, moved(start), None, Status::Planned).expect("it can be moved");
            assert!(after.starts_with(&format!("start: {starts}\nend: {ends}\nstatus: rescheduled\n")), "{after}");
            assert!(
                after.contains(&format!("previous_start: {}\n", &before[7..before.find('\n').unwrap()])),
                "{after}"
            );
        }
        for (before, start, words) in [
            ("start: 2027-04-20T10:00\nend: 2027-04-21T15:00\n", "2027-05-25", "write `--start 2027-05-25T10:00`"),
            ("start: 2027-04-20\nend: 2027-04-21\n", "2027-05-25T10:00", "give `--end` too"),
            ("occurrences: [{start: 2027-04-20}]\n", "2027-05-25", "`--occasion`"),
        ] {
            let refused = decided(before, moved(start), None, Status::Planned);
            assert!(refused.as_ref().is_err_and(|said| said.contains(words)), "{refused:?}");
        }
    }

    #[test]
    fn one_occasion_is_named_and_the_others_are_left_alone() {
        becomes(
            "occurrences:\n  - {start: 2027-01-12, end: 2027-01-13}\n  - {start: 2027-02-12}\n",
            Act::Cancel,
            Some("2027-02-12"),
            "occurrences:\n  - {start: 2027-01-12, end: 2027-01-13}\n  - {start: 2027-02-12, id: \"2\", status: cancelled}\nchanges:\n  - date: 2026-11-20\n    what: cancelled\n    occasion: \"2\"\n    reason: Sjukdom\n",
        );
        becomes(
            "occurrences:\n  - id: ett\n    start: 2027-01-12\nchanges: []\n",
            moved("2027-03-12"),
            Some("ett"),
            "occurrences:\n  - id: ett\n    start: 2027-03-12\n    previous_start: 2027-01-12\n    status: rescheduled\nchanges: [{date: 2026-11-20, what: rescheduled, occasion: ett, previous_start: 2027-01-12, reason: Sjukdom}]\n",
        );
        let several = "occurrences: [{start: 2027-01-12, id: ett}, {start: 2027-01-12}]\n";
        for (asked, words) in
            [("2027-01-12", "several"), ("3", "1 (2027-01-12), 2"), ("et", "Did you mean `ett`?"), ("0", "no occasion")]
        {
            let refused = decided(several, Act::Cancel, Some(asked), Status::Planned);
            assert!(refused.as_ref().is_err_and(|said| said.contains(words)), "{refused:?}");
        }
        assert!(decided("start: 2027-01-12\n", Act::Cancel, Some("1"), Status::Planned).is_err());
    }

    #[test]
    fn what_is_taken_back_leaves_its_history_alone() {
        let restored = "changes:\n  - date: 2026-11-20\n    what: restored\n    reason: Sjukdom\n";
        for (before, after) in [
            ("start: 1\ncancelled: true\nz: 1\n", "start: 1\n+z: 1\n"),
            ("start: 1\nstatus: postponed\nz: 1\n", "start: 1\n+z: 1\n"),
            ("start: 1\nstatus: cancelled # nu\n", "start: 1\nstatus: planned # nu\n+"),
            ("start: 1\nstatus: cancelled\ncancelled: true\n", "start: 1\n+"),
        ] {
            becomes(before, Act::Restore, None, &after.replace('+', restored));
        }
        let history = "changes:\n  - {date: 2026-11-01, what: BEFORE}\n  - {date: 2026-11-02, what: cancelled}\n";
        let restored = "  - {date: 2026-11-20, what: restored, reason: Sjukdom}\n";
        let full = history.replace("BEFORE", "full");
        becomes(&format!("status: cancelled\n{full}"), Act::Restore, None, &format!("status: full\n{full}{restored}"));
        let online = format!("status: cancelled\n{}", history.replace("BEFORE", "moved_online"));
        let refused = decided(&online, Act::Restore, None, Status::Planned);
        assert!(refused.is_err_and(|said| said.contains("move --online")));
        let exception = decided("start: 1\n", Act::Restore, None, Status::Cancelled).expect("an exception can be made");
        assert!(exception.starts_with("start: 1\nstatus: planned\nchanges:"), "{exception}");
        for (before, words) in [
            ("start: 1\n", "takes place already"),
            ("start: 1\nstatus: full\n", "takes place already"),
            ("start: 1\nstatus: rescheduled\n", "has a new date"),
        ] {
            assert!(decided(before, Act::Restore, None, Status::Planned).is_err_and(|said| said.contains(words)));
        }
        assert!(
            decided("cancelled: true\n", Act::Cancel, None, Status::Planned)
                .is_err_and(|said| said.contains("already"))
        );
    }

    #[test]
    fn a_new_place_leaves_nothing_of_the_earlier() {
        let place = |name: Option<&str>| Act::MoveTo(Place { name: name.map(str::to_owned), city: "Lund".to_owned() });
        let begins = |before: &str, act: Act, after: &str| {
            let found = decided(before, act, None, Status::Planned).expect("it can be moved");
            assert!(found.starts_with(after) && found.contains("what: note"), "{found}");
        };
        begins("place: {name: A, address: B, city: C, map: https://d.se}\n", place(None), "place: {city: Lund}\n");
        begins(
            "place:\n  name: A\n  map: https://d.se\n",
            place(Some("Aulan")),
            "place:\n  name: Aulan\n  city: Lund\n",
        );
        begins("start: 1\n", place(Some("Aulan")), "start: 1\nplace: {name: Aulan, city: Lund}\n");
        let online = Act::MoveOnline { url: Some("https://x.se/a?b=1".to_owned()), platform: None };
        let found = decided("start: 1\nplace: {city: A}\n", online, None, Status::Planned).expect("it can be moved");
        let after = "start: 1\nplace: {city: A}\nonline: {url: \"https://x.se/a?b=1\"}\nstatus: moved_online\n";
        assert!(found.starts_with(after) || found.starts_with(&after.replace('"', "")), "{found}");
    }
}
