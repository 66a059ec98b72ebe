//! What is wrong with an event that can only be seen together with its series and the theme's words.

use super::Event;
use super::card::whereabouts;
use super::keys::{MISSING_EARLIER_DATE, MISSING_PLACE, Status, TYPED_STATUS, UNDATED_STATUS};
use crate::diagnostic::{Diagnostic, Place, Report};
use crate::model::Registry;
use crate::plan::{CardContext, Words};

/// Reports a state that is typed into the title, what a state lacks, and an event that is nowhere.
pub fn check(event: &Event, context: &CardContext, report: &mut Report) {
    check_title(event, context.words, report);
    check_states(event, context.registry, report);
    check_place(event, context.registry, report);
}

/// A state that is typed into a title stays there when the state is gone, and stands twice until then.
fn check_title(event: &Event, words: &Words, report: &mut Report) {
    let title = &event.common.title;
    let states = ["cancelled", "postponed", "moved_online"];
    let typed = states.into_iter().find(|word| {
        let prefix = words.format(&format!("headings.{word}"), &[("title", "")]);
        let prefix = prefix.trim_end();
        !prefix.is_empty() && title.value.to_lowercase().starts_with(&prefix.to_lowercase())
    });
    if let Some(word) = typed {
        report.push(
            Diagnostic::new(&TYPED_STATUS, "the state of the event is typed into its title")
                .at(title.place.clone())
                .help(format!("write the title without it, and `status: {word}`")),
        );
    }
}

/// Reports what a state lacks: its day, and the earlier date.
fn check_states(event: &Event, registry: &Registry, report: &mut Report) {
    let of_occurrences = event.occurrences.iter().filter_map(|occurrence| {
        let own = occurrence.status.as_ref()?;
        Some((own.value, &own.place, std::slice::from_ref(occurrence)))
    });
    // What is inherited is put right where it is said, once for all events.
    let series = event.series.as_ref().and_then(|slug| registry.series.get(&slug.value));
    let of_series = series.and_then(|series| series.status_place.as_ref());
    let of_event = event.status_place.as_ref().or(of_series).unwrap_or(&event.common.place);
    let given = event.given_status(registry);
    let of_event = (given, of_event, event.occurrences.as_slice());
    for (nth, (status, place, occurrences)) in std::iter::once(of_event).chain(of_occurrences).enumerate() {
        // What a series says without a day is reported there.
        let is_own = nth > 0 || event.status.is_some();
        if is_own && event.common.updated.is_none() && event.is_untold(status, registry) {
            report.push(undated(status, place));
        }
        let says_earlier = || event.all_changes(registry).iter().any(|change| change.previous.is_some());
        if status == Status::Rescheduled
            && occurrences.iter().all(|occurrence| occurrence.previous.is_none())
            && !says_earlier()
        {
            report.push(without_earlier_date(place));
        }
    }
}

/// A state that nothing says the day of.
pub fn undated(status: Status, place: &Place) -> Diagnostic {
    let words = format!("nothing says since when the state is `{}`", status.word());
    let help = format!("add `changes: [{{date: …, what: {}, reason: …}}]`", status.word());
    Diagnostic::new(&UNDATED_STATUS, words).at(place.clone()).help(help)
}

fn without_earlier_date(place: &Place) -> Diagnostic {
    Diagnostic::new(&MISSING_EARLIER_DATE, "the earlier date is not said")
        .at(place.clone())
        .help("add `changes: [{date: …, what: rescheduled, previous_start: …}]`")
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
