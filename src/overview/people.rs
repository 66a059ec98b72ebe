//! The persons: all who write or answer for pages.

use schemars::JsonSchema;
use serde::Serialize;

use crate::diagnostic::Report;
use crate::kind::page::{PersonCardView, person_card};
use crate::model::registry::Person;
use crate::model::{Common, Kind};
use crate::overview::list::{List, Overview};
use crate::plan::Planner;
use crate::view::Head;

/// All persons.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PersonListView {
    /// What stands around the page.
    pub head: Head,
    /// The heading.
    pub title: String,
    /// A sentence about the section.
    pub summary: Option<String>,
    /// The persons by name; those who have left last.
    pub people: Vec<PersonCardView>,
}

/// Makes the list of persons.
pub fn page(planner: &Planner, commons: &[&Common]) -> Overview {
    let section = &planner.settings().sections.people;
    let list = List::of_section("person_list.html", "people", section);
    let mut people: Vec<(&Common, &Person)> = commons.iter().filter_map(|common| person(planner, common)).collect();
    people.sort_by(|(one_common, one), (other_common, other)| {
        let by_name = || planner.words().compare(&one.name, &other.name);
        let left = has_left(planner, one).cmp(&has_left(planner, other));
        left.then_with(by_name).then_with(|| one_common.path.cmp(&other_common.path))
    });
    let changed = people.iter().filter_map(|(common, _)| common.updated.max(common.published)).max();
    list.page(planner, changed, |head| PersonListView {
        head,
        title: section.title.clone(),
        summary: section.summary.clone(),
        people: people.iter().map(|(common, person)| card(planner, common, person)).collect(),
    })
}

fn person<'a>(planner: &Planner<'a>, common: &'a Common) -> Option<(&'a Common, &'a Person)> {
    let published = common.kind == Kind::Person && planner.catalogue.card(&common.path).is_some();
    let person = planner.context.registry.people.get(&common.slug).filter(|_| published)?;
    Some((common, person))
}

fn card(planner: &Planner, common: &Common, person: &Person) -> PersonCardView {
    // What is wrong with the organisation is said where the person's own page is made.
    let contact = planner.person(person, &mut Report::default());
    person_card(planner, &common.slug, contact)
}

fn has_left(planner: &Planner, person: &Person) -> bool {
    person.has_left(planner.desk())
}
