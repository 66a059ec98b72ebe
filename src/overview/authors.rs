//! The authors: what each of them has written, page by page, and a list of them all.

use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

use crate::diagnostic::Report;
use crate::model::Card;
use crate::model::registry::Person;
use crate::overview::index::Index;
use crate::overview::list::{CountView, List, Overview, above, latest, views};
use crate::plan::Planner;
use crate::view::{CardView, ContactView, Head, Pager};

/// A page of what a person has written.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AuthorView {
    /// What stands around the page.
    pub head: Head,
    /// The heading.
    pub title: String,
    /// Who it is.
    pub person: ContactView,
    /// The posts, newest first.
    pub posts: Vec<CardView>,
    /// How to get to the other pages.
    pub pager: Pager,
    /// The address of the feed of what the person writes.
    pub feed: Option<String>,
}

/// All who have written.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AuthorListView {
    /// What stands around the page.
    pub head: Head,
    /// The heading.
    pub title: String,
    /// The authors by name, with how much there is by each.
    pub authors: Vec<CountView>,
}

/// Makes the list of authors, and the pages of each.
pub fn pages(planner: &Planner, index: &Index) -> Vec<Overview> {
    let mut pages = vec![list(planner, index)];
    let of_author = |(slug, posts): (&&str, &Vec<&Card>)| {
        let person = planner.context.registry.people.get(*slug)?;
        Some(author(planner, slug, person, posts))
    };
    pages.par_extend(index.authors.par_iter().filter_map(of_author).flatten_iter());
    pages
}

/// The authors by name, with how much there is by each.
pub fn counts(planner: &Planner, index: &Index) -> Vec<CountView> {
    let count = |(slug, posts): (&&str, &Vec<&Card>)| {
        let person = planner.context.registry.people.get(*slug)?;
        Some(CountView::new(planner, &person.name, &route(planner, slug), posts.len()))
    };
    let mut counts: Vec<CountView> = index.authors.iter().filter_map(count).collect();
    counts.sort_by(|one, other| planner.words().compare(&one.title, &other.title));
    counts
}

/// The address of what a person has written.
pub fn route(planner: &Planner, slug: &str) -> String {
    format!("{}{slug}/", planner.settings().sections.authors.route)
}

fn list(planner: &Planner, index: &Index) -> Overview {
    let sections = &planner.settings().sections;
    let list = List { above: above(&sections.blog), ..List::of_section("author_list.html", "blog", &sections.authors) };
    list.page(planner, latest(&index.posts), |head| AuthorListView {
        head,
        title: sections.authors.title.clone(),
        authors: counts(planner, index),
    })
}

fn author(planner: &Planner, slug: &str, person: &Person, posts: &[&Card]) -> Vec<Overview> {
    let sections = &planner.settings().sections;
    let title = planner.words().format("authors.title", &[("name", &person.name)]);
    // What is wrong with the organisation is said where the person's own page is made.
    let contact = planner.person(person, &mut Report::default());
    let feed = planner.feed_of_author(slug, person);
    let feed_url = planner.feed_href(feed.clone());
    let list = List {
        route: &route(planner, slug),
        title: &title,
        summary: sections.authors.summary.as_deref(),
        above: [above(&sections.blog), above(&sections.authors)].concat(),
        feeds: feed.into_iter().collect(),
        ..List::of_section("author.html", "blog", &sections.authors)
    };
    list.pages(planner, posts, sections.authors.per_page, |head, posts, pager| AuthorView {
        head,
        title: title.clone(),
        person: contact.clone(),
        posts: views(planner, posts),
        pager,
        feed: feed_url.clone(),
    })
}
