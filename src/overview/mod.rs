//! Everything that lists entries: the home page, the sections' lists, tags, authors, search, feeds, calendars,
//! sitemap, redirects.
//!
//! There is one file for each overview. They share the cards in the orders that lists need ([`index`]), made once,
//! and the way a list is cut into pages ([`list`]). Views of cards are made only for the page that shows them.

pub mod authors;
pub mod blog;
pub mod calendar;
pub mod events;
pub mod feeds;
pub mod headers;
pub mod home;
pub mod ical;
pub mod index;
pub mod list;
pub mod not_found;
pub mod people;
pub mod redirects;
pub mod robots;
pub mod search;
pub mod sitemap;
pub mod tags;
pub mod toolkit;
pub mod xml;

#[cfg(test)]
mod tests;

use schemars::schema_for;

use crate::diagnostic::{Code, Report};
use crate::model::Common;
use crate::plan::{Output, Planner};
use crate::view::TemplateSchema;
use index::Index;
use redirects::Rules;

pub use tags::{check_tags, tags};

/// What this floor reports.
pub fn codes() -> Vec<&'static Code> {
    [tags::CODES, redirects::CODES].concat()
}

/// All that overviews write, and what hosts are told of former addresses. `commons` are the published entries' own keys, for
/// portraits and former addresses.
pub fn outputs(planner: &Planner, commons: &[&Common], report: &mut Report) -> (Vec<Output>, Rules) {
    let index = Index::new(planner);
    let mut pages = vec![home::page(planner, &index)];
    pages.extend(blog::pages(planner, &index, report));
    pages.extend(events::pages(planner, &index));
    pages.extend(toolkit::pages(planner, &index));
    pages.push(people::page(planner, commons));
    pages.extend(tags::pages(planner));
    pages.extend(authors::pages(planner, &index));
    pages.push(not_found::page(planner));
    pages.extend(search::page(planner, &index));
    let mut outputs = feeds::outputs(planner, &index);
    outputs.extend(calendar::outputs(planner));
    outputs.extend(sitemap::outputs(planner, &pages));
    outputs.push(robots::output(planner));
    outputs.extend(search::output(planner));
    outputs.extend(pages.into_iter().map(|page| page.output));
    let (former, rules) = redirects::outputs(planner, commons, &outputs, report);
    outputs.extend(headers::outputs(planner, &rules));
    outputs.extend(former);
    (outputs, rules)
}

/// What each template of an overview is given, to check templates against.
pub fn template_views() -> Vec<TemplateSchema> {
    vec![
        ("home.html", || schema_for!(home::HomeView)),
        ("post_list.html", || schema_for!(blog::PostListView)),
        ("event_list.html", || schema_for!(events::EventListView)),
        ("event_archive.html", || schema_for!(events::EventArchiveView)),
        ("tool_list.html", || schema_for!(toolkit::ToolListView)),
        ("person_list.html", || schema_for!(people::PersonListView)),
        ("tag.html", || schema_for!(tags::TagView)),
        ("tag_list.html", || schema_for!(tags::TagListView)),
        ("author.html", || schema_for!(authors::AuthorView)),
        ("author_list.html", || schema_for!(authors::AuthorListView)),
        ("not_found.html", || schema_for!(not_found::NotFoundView)),
        ("gone.html", || schema_for!(redirects::GoneView)),
        ("search.html", || schema_for!(search::SearchView)),
    ]
}
