//! What a web server shows where nothing stands.

use schemars::JsonSchema;
use serde::Serialize;

use crate::overview::list::{List, Overview};
use crate::plan::Planner;
use crate::view::Head;

/// The page for addresses where nothing stands.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct NotFoundView {
    /// What stands around the page.
    pub head: Head,
    /// The heading.
    pub title: String,
}

/// Makes `/404.html`, which web servers are told to show. It is kept from search engines.
pub fn page(planner: &Planner) -> Overview {
    let title = planner.words().text("overviews.not_found");
    let list = List {
        template: "not_found.html",
        section: "pages",
        route: "/404.html",
        title: &title,
        summary: None,
        above: Vec::new(),
        feeds: Vec::new(),
        tags: Vec::new(),
        indexed: false,
    };
    list.page(planner, None, |head| NotFoundView { head, title: title.clone() })
}
