//! What the site had before and has no longer: addresses, and ids on pages. Pages that stand may lead there.

use rayon::prelude::*;

use super::Contents;
use super::checks::ids_of;
use super::memory::Memory;
use super::tree::{Bytes, Tree};
use crate::document::Outline;
use crate::overview::redirects::is_page;
use crate::text::fingerprint::FastSet;

/// What is gone.
#[derive(Default)]
pub(super) struct Lost {
    /// Addresses that are gone, and those of what somebody has spoiled: nobody knows which ids were there.
    routes: FastSet<String>,
    /// Ids with the addresses of their pages.
    ids: FastSet<(String, String)>,
}

impl Lost {
    /// Compares a site with what is remembered of the one before.
    pub fn since(memory: &Memory, tree: &Tree) -> Self {
        // What stands there and says that something is gone has said so before.
        let is_gone = |route: &str| tree.gone.contains(route) && !tree.stands(route);
        let is_lost = |(route, stands): &(&str, bool)| !stands || !tree.files.contains_key(*route) || is_gone(route);
        let routes = memory.routes().filter(is_lost).map(|(route, _)| route.to_owned()).collect();
        let made = tree.files.iter().filter(|(route, _)| !tree.stands(route));
        let has_ids = |(route, bytes): &(&String, &Bytes)| is_page(route) && !matches!(bytes, Bytes::Copy(_));
        let files: Vec<_> = made.filter(has_ids).collect();
        let ids = files.into_par_iter().flat_map_iter(|(route, bytes)| {
            let before = memory.text_of(route).unwrap_or_default();
            let now: FastSet<String> = bytes.with_text(ids_of).unwrap_or_default().into_iter().collect();
            let gone = ids_of(&before).into_iter().filter(move |id| !now.contains(id));
            gone.map(|id| (route.clone(), id))
        });
        Self { routes, ids: ids.collect() }
    }

    /// Whether nothing is.
    pub fn is_empty(&self) -> bool {
        self.routes.is_empty() && self.ids.is_empty()
    }

    /// Whether a body asks for something that is gone.
    pub fn is_asked_for(&self, outline: &Outline, contents: &Contents) -> bool {
        outline.asks.iter().any(|(name, anchor)| {
            let route = contents.catalogue.card(name).map_or(name, |card| &card.route);
            let has_lost_id = |anchor: &String| self.ids.contains(&(route.clone(), anchor.clone()));
            self.routes.contains(route) || anchor.as_ref().is_some_and(has_lost_id)
        })
    }
}
