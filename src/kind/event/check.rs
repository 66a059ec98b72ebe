//! What is wrong with an event that can only be seen together with its series and the theme's words.

use super::Event;
use super::card::whereabouts;
use super::keys::{MISSING_EARLIER_DATE, MISSING_PLACE, Status, TYPED_STATUS, UNDATED_STATUS};
use crate::diagnostic::{Diagnostic, Report};
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
    let all: Vec<&str> = event.all_changes(registry).map(|change| change.what).collect();
    let says_earlier = event.all_changes(registry).any(|change| change.previous.is_some());
    let of_event = event.status.zip(event.status_place.as_ref()).map(|(status, place)| (status, place, None));
    let of_occurrences = event.occurrences.iter().filter_map(|occurrence| {
        let own = occurrence.status.as_ref()?;
        Some((own.value, &own.place, Some(occurrence)))
    });
    for (status, place, occurrence) in of_event.into_iter().chain(of_occurrences) {
        if status.is_a_change() && event.common.updated.is_none() && !all.contains(&status.word()) {
            let words = format!("nothing says since when the event is {}", status.word());
            let help = format!("add `changes: [{{date: …, what: {}, reason: …}}]`", status.word());
            report.push(Diagnostic::new(&UNDATED_STATUS, words).at(place.clone()).help(help));
        }
        let occasions = event.occurrences.iter().filter(|known| occurrence.is_none_or(|own| std::ptr::eq(*known, own)));
        if status == Status::Rescheduled && !says_earlier && occasions.into_iter().all(|known| known.previous.is_none())
        {
            report.push(
                Diagnostic::new(&MISSING_EARLIER_DATE, "the earlier date is not said")
                    .at(place.clone())
                    .help("add `changes: [{date: …, what: rescheduled, previous_start: …}]`"),
            );
        }
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
