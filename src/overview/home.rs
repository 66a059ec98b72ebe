//! The home page: what is new and what is ahead.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::Card;
use crate::overview::index::Index;
use crate::overview::list::{List, Overview, latest, views};
use crate::plan::Planner;
use crate::view::{CardView, Head};

/// The home page.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HomeView {
    /// What stands around the page.
    pub head: Head,
    /// The heading.
    pub title: String,
    /// The first paragraphs.
    pub introduction: Vec<String>,
    /// The newest posts.
    pub posts: Vec<CardView>,
    /// Events that go on or are ahead, soonest first; those without a date last.
    pub events: Vec<CardView>,
    /// The newest tools.
    pub tools: Vec<CardView>,
}

/// Makes the home page.
pub fn page(planner: &Planner, index: &Index) -> Overview {
    let settings = planner.settings();
    let home = &settings.home;
    let ahead = [&index.ongoing, &index.upcoming, &index.undated].into_iter().flatten().copied();
    let events: Vec<&Card> = ahead.take(home.events).collect();
    let (posts, tools) = (current(&index.posts, home.posts), current(&index.tools, home.tools));
    let list = List {
        template: "home.html",
        section: "home",
        route: "/",
        title: &home.title,
        summary: settings.description.as_deref().or(settings.tagline.as_deref()),
        above: Vec::new(),
        feeds: Vec::new(),
        tags: Vec::new(),
        indexed: true,
    };
    let changed = [&posts, &events, &tools].into_iter().filter_map(|cards| latest(cards)).max();
    list.page(planner, changed, |head| HomeView {
        head,
        title: home.title.clone(),
        introduction: home.introduction.clone(),
        posts: views(planner, &posts),
        events: views(planner, &events),
        tools: views(planner, &tools),
    })
}

/// The first cards that still hold.
fn current<'a>(cards: &[&'a Card], most: usize) -> Vec<&'a Card> {
    cards.iter().copied().filter(|card| !card.retired).take(most).collect()
}
