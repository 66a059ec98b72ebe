//! What readers see first of a document: its heading, its states and what is said above the text.

use serde::Deserialize;

use super::{Contents, Session};
use crate::diagnostic::Report;

/// What stands at the head of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Shown {
    /// The title with the state before it.
    pub heading: String,
    /// The states in words, as lists show them.
    #[serde(skip)]
    pub badges: Vec<String>,
    /// When it takes place, if it is an event.
    #[serde(skip)]
    pub when: Option<String>,
    /// What is said before the text.
    pub banners: Vec<ShownBanner>,
}

/// What is said before the text.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ShownBanner {
    /// What it says first.
    pub title: String,
    /// The reason or the details.
    pub text: Option<String>,
    /// Where to read more.
    pub link: Option<ShownLink>,
}

/// A link as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ShownLink {
    /// Its words.
    pub title: String,
    /// Its address.
    pub url: String,
}

impl Session {
    /// What readers see first of a document, in the words of the theme; none of what they do not see.
    pub fn shown(&self, contents: &Contents, path: &str) -> Option<Shown> {
        let (document, entry) = contents.reading(path)?;
        let card = contents.catalogue.card(path)?;
        let mut unheard = Report::default();
        let page = self.with_planner(contents, &contents.clock, &mut unheard, |planner, report| {
            entry.page(document, planner, report)
        });
        let view = serde_json::to_value(&page?).ok()?;
        let shown: Shown = Shown::deserialize(view.get("about")?).ok()?;
        let badges = card.badges.iter().map(|badge| badge.words.clone()).collect();
        Some(Shown { badges, when: card.event.as_ref().map(|event| event.when.clone()), ..shown })
    }
}
