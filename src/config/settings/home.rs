//! The home page, and the menus on every page.

use crate::data::Located;
use crate::record;

record! {
    pub struct HomeKeys {
        /// The heading; the site's title unless given.
        title: Option<String>,
        /// The first paragraphs.
        introduction: Vec<String>,
        /// How many posts to show; 4 unless given.
        posts: Option<usize>,
        /// How many events to show; 4 unless given.
        events: Option<usize>,
        /// How many tools to show; 3 unless given.
        tools: Option<usize>,
    }
}

/// The home page.
#[derive(Clone, Debug)]
pub struct Home {
    /// The heading.
    pub title: String,
    /// The first paragraphs.
    pub introduction: Vec<String>,
    /// How many posts to show.
    pub posts: usize,
    /// How many events to show.
    pub events: usize,
    /// How many tools to show.
    pub tools: usize,
}

record! {
    /// The menus.
    pub struct Menus {
        /// At the top of every page.
        pub main: Vec<MenuLink>,
        /// At the bottom of every page.
        pub footer: Vec<MenuLink>,
    }
}

record! {
    /// A menu item.
    pub struct MenuLink {
        /// The words.
        pub title: String,
        /// An address such as `/blogg/`, or a path such as `content/pages/kontakt.md`.
        pub to: Located<String>,
    }
}

pub(super) fn read_home(keys: Option<HomeKeys>, title: &str) -> Home {
    let keys =
        keys.unwrap_or(HomeKeys { title: None, introduction: Vec::new(), posts: None, events: None, tools: None });
    Home {
        title: keys.title.unwrap_or_else(|| title.to_owned()),
        introduction: keys.introduction,
        posts: keys.posts.unwrap_or(4),
        events: keys.events.unwrap_or(4),
        tools: keys.tools.unwrap_or(3),
    }
}
