//! The blog: all posts, newest first, page by page.

use schemars::JsonSchema;
use serde::Serialize;

use crate::diagnostic::Report;
use crate::kind::post::{BlogView, blog_view, subscribe};
use crate::model::Kind;
use crate::overview::index::Index;
use crate::overview::list::{CountView, List, Overview, views};
use crate::overview::{authors, tags};
use crate::plan::Planner;
use crate::view::{CardView, FormView, Head, Pager};

/// A page of the blog.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PostListView {
    /// What stands around the page.
    pub head: Head,
    /// The heading.
    pub title: String,
    /// A sentence about the blog.
    pub summary: Option<String>,
    /// The posts, newest first.
    pub posts: Vec<CardView>,
    /// How to get to the other pages.
    pub pager: Pager,
    /// The "Om bloggen" box.
    pub blog: Option<BlogView>,
    /// The tags that posts have, with how much there is of each.
    pub tags: Vec<CountView>,
    /// Those who have written, with how much there is by each.
    pub authors: Vec<CountView>,
    /// The address of the blog's feed.
    pub feed: Option<String>,
    /// The form for subscribing.
    pub subscribe: Option<FormView>,
}

/// Makes the pages of the blog. Posts that no longer hold stay, with their badges.
pub fn pages(planner: &Planner, index: &Index, report: &mut Report) -> Vec<Overview> {
    let section = &planner.settings().sections.blog;
    let blog = blog_view(planner, None, report);
    let (tags, authors) = (tags_of_posts(planner), authors::counts(planner, index));
    let feed = planner.feed_of_section(section);
    let (feeds, feed, form) = (feed.clone().into_iter().collect(), planner.feed_href(feed), subscribe(planner));
    let list = List { feeds, ..List::of_section("post_list.html", "blog", section) };
    list.pages(planner, &index.posts, section.per_page, |head, posts, pager| PostListView {
        head,
        title: section.title.clone(),
        summary: section.summary.clone(),
        posts: views(planner, posts),
        pager,
        blog: blog.clone(),
        tags: tags.clone(),
        authors: authors.clone(),
        feed: feed.clone(),
        subscribe: Some(form.clone()),
    })
}

/// The tags that some post has, each counted as on its own page, where the link leads.
fn tags_of_posts(planner: &Planner) -> Vec<CountView> {
    let catalogue = planner.catalogue;
    tags::counts(planner, |tag| tag.entries.iter().any(|entry| catalogue.cards[*entry].kind == Kind::Post))
}
