//! What is wrong with an event that can only be seen together with its series and the theme's words.

use super::card::whereabouts;
use super::keys::{
    MISSING_EARLIER_DATE, MISSING_PLACE, STATUS_DISAGREES, Status, TYPED_STATUS, UNDATED_STATUS,
    UNREACHABLE_REGISTRATION,
};
use super::{Event, Occurrence};
use crate::diagnostic::{Diagnostic, Place, Report};
use crate::model::Registry;
use crate::model::common::Desk;
use crate::model::registry::Change;
use crate::plan::{CardContext, Words};
use crate::text::date::Moment;

/// Reports a state that is typed into the title, what a state lacks, and an event that is nowhere.
pub fn check(event: &Event, context: &CardContext, report: &mut Report) {
    check_title(event, context.words, report);
    check_states(event, context.registry, report);
    check_place(event, context.registry, report);
}

/// A state that is typed into a title stays there when the state is gone, and stands twice until then.
fn check_title(event: &Event, words: &Words, report: &mut Report) {
    let title = &event.common.title;
    let written = title.value.to_lowercase();
    let begins = |state: &&str| {
        let prefix = words.format(&format!("headings.{state}"), &[("title", "")]);
        let prefix = prefix.trim_end();
        !prefix.is_empty() && written.starts_with(&prefix.to_lowercase())
    };
    let says = |state: &&str| words.typed(state).iter().any(|word| says_state(&written, &word.to_lowercase()));
    let typed = ["cancelled", "postponed", "moved_online"].into_iter().find(begins);
    let typed = typed.or_else(|| ["cancelled", "postponed"].into_iter().find(says));
    if let Some(word) = typed {
        report.push(
            Diagnostic::new(&TYPED_STATUS, "the state of the event is typed into its title")
                .at(title.place.clone())
                .help(format!("write the title without it, and `status: {word}`")),
        );
    }
}

/// Whether a title begins with a word and a sign after it, or ends with the word: `INSTÄLLT – MR-dagen`, `MR-dagen (inställd)`.
fn says_state(title: &str, word: &str) -> bool {
    let bare = title.trim_matches(|sign: char| !sign.is_alphanumeric());
    let after = bare.strip_prefix(word).map(str::trim_start);
    let before = bare.strip_suffix(word);
    after.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        || before.is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
}

/// Reports what a state lacks: its day, and the earlier date; and a history that says otherwise.
fn check_states(event: &Event, registry: &Registry, report: &mut Report) {
    let given = event.given_status(registry);
    if let Some(place) = event.status_place.as_ref().filter(|_| event.untold(given, registry) > 0) {
        report.push(undated(given, place));
    }
    for occurrence in &event.occurrences {
        let Some(own) = &occurrence.status else { continue };
        if event.is_untold(occurrence, registry) {
            report.push(undated(own.value, &own.place));
        }
        if own.value == Status::Rescheduled {
            check_earlier_date(event, Some(occurrence), &own.place, registry, report);
        }
    }
    if given == Status::Rescheduled {
        // What is inherited is put right where it is said, once for all events.
        let series = event.series.as_ref().and_then(|slug| registry.series.get(&slug.value));
        let of_series = series.and_then(|series| series.status_place.as_ref());
        let place = event.status_place.as_ref().or(of_series).unwrap_or(&event.common.place);
        check_earlier_date(event, None, place, registry, report);
    }
    let of_occasions = event.occurrences.iter().filter_map(|occurrence| occurrence.status.as_ref());
    let states: Vec<Status> = std::iter::once(given).chain(of_occasions.map(|own| own.value)).collect();
    let of_all: Vec<&Change> = event.changes.iter().filter(|change| change.occasion.is_none()).collect();
    report_forgotten(&of_all, &states, report);
    for occurrence in &event.occurrences {
        let of_it: Vec<&Change> = event.changes.iter().filter(|change| change.concerns(&occurrence.id)).collect();
        if last_news(&of_it).is_some_and(|last| last.occasion.is_some()) {
            report_forgotten(&of_it, &[event.status_of(occurrence, registry)], report);
        }
    }
}

/// Reports a history that ends with what no state says: readers would be told that what was cancelled takes place.
pub fn report_forgotten(changes: &[&Change], states: &[Status], report: &mut Report) {
    let Some(last) = last_news(changes) else { return };
    let not_held = [Status::Cancelled, Status::Postponed];
    let ended = not_held.into_iter().find(|status| status.word() == last.what);
    if let Some(ended) = ended.filter(|ended| !states.contains(ended)) {
        let words = format!("the history ends with `{}`, and no status says so", ended.word());
        let help = format!("write `status: {}`, or add a change with `what: restored`", ended.word());
        report.push(Diagnostic::new(&STATUS_DISAGREES, words).at(last.date.place.clone()).help(help));
    }
}

/// The latest change of whether, when and how it takes place.
fn last_news<'c>(changes: &[&'c Change]) -> Option<&'c Change> {
    changes.iter().rev().copied().find(|change| !matches!(change.what, "full" | "programme" | "note"))
}

/// A state that nothing says the day of.
pub fn undated(status: Status, place: &Place) -> Diagnostic {
    let words = format!("nothing says since when the state is `{}`", status.word());
    let help = format!("add `changes: [{{date: …, what: {}, reason: …}}]`, so that feeds show it again", status.word());
    Diagnostic::new(&UNDATED_STATUS, words).at(place.clone()).help(help)
}

/// Reports an earlier date that is not said, or that is the new one.
fn check_earlier_date(
    event: &Event,
    occurrence: Option<&Occurrence>,
    place: &Place,
    registry: &Registry,
    report: &mut Report,
) {
    let starts_then = |earlier: Moment| match occurrence {
        Some(occurrence) => occurrence.start.instant == earlier.instant,
        None => event.occurrences.iter().all(|occurrence| occurrence.start.instant == earlier.instant),
    };
    let (words, help) = match event.earlier_date(occurrence, registry) {
        None => ("the earlier date is not said", "add `changes: [{date: …, what: rescheduled, previous_start: …}]`"),
        Some(earlier) if starts_then(earlier) => (
            "the new date is the earlier one",
            "write the new date in `start`, and the earlier one in `previous_start`",
        ),
        Some(_) => return,
    };
    report.push(Diagnostic::new(&MISSING_EARLIER_DATE, words).at(place.clone()).help(help));
}

/// Reports a registration that nobody can make. Of what has been it does not matter any more.
pub fn check_registration(event: &Event, desk: &Desk, report: &mut Report) {
    let Some(registration) = &event.registration else { return };
    let is_reachable = registration.url.is_some() || registration.email.is_some() || !registration.contact.is_empty();
    let is_ahead = |occurrence: &Occurrence| !desk.clock.has_come_for_words(occurrence.start.instant);
    if !is_reachable && event.occurrences.iter().any(is_ahead) && !report.has_faults() {
        report.push(
            Diagnostic::new(&UNREACHABLE_REGISTRATION, "nothing says how to register")
                .at(event.common.place.clone())
                .help("add `url:`, `email:` or `contact:` to `registration`"),
        );
    }
}

fn check_place(event: &Event, registry: &Registry, report: &mut Report) {
    let mut whereabouts = event
        .occurrences
        .iter()
        .map(|occurrence| whereabouts(event, occurrence, event.status_of(occurrence, registry)));
    if whereabouts.any(|found| matches!(found, (None, None))) {
        report.push(
            Diagnostic::new(&MISSING_PLACE, "nothing says where the event takes place")
                .at(event.common.place.clone())
                .help("add `place: {city: …}` or `online: {platform: …}`"),
        );
    }
}
