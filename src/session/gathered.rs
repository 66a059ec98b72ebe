//! What has been made or kept of the site on the way to a tree, from whichever outputs were planned.

use std::sync::PoisonError;

use super::checks::{self, Address};
use super::memory::Memory;
use super::pages::Origin;
use super::render::{Rendered, Renderer};
use super::tree::{Bytes, Pages, Tree};
use crate::diagnostic::Report;
use crate::plan::Output;
use crate::plan::links::Want;
use crate::text::fingerprint::FastMap;

/// A site that is made but not yet looked at.
#[derive(Default)]
pub(super) struct Made {
    pub tree: Tree,
    /// The pages that were made.
    pub origins: Vec<Origin>,
    /// What links on them ask for that is not there; that has been said.
    pub unmet: Vec<Want>,
}

/// What has been rendered.
#[derive(Default)]
pub(super) struct Gathered {
    pub tree: Tree,
    wants: Vec<Want>,
    /// What is at which address.
    pub addresses: Vec<Address>,
    /// The pages that were made.
    pub made: Vec<Origin>,
    /// Those that stand, with what they are made of where that is still at hand.
    pub kept: Vec<(Origin, Option<Output>)>,
}

impl Gathered {
    pub fn extend(&mut self, rendered: impl IntoIterator<Item = Rendered>, report: &mut Report) {
        for rendered in rendered {
            let Rendered { address, origin, bytes, wants, report: found, print, causes, stands, unmade } = rendered;
            let route = &address.route;
            // What is said of a page must be found anew each time.
            if let Some(print) = print.filter(|_| found.is_empty()) {
                self.tree.prints.insert(route.clone(), print);
            }
            if stands {
                self.tree.standing.insert(route.clone());
                self.kept.extend(origin.map(|origin| (origin, unmade)));
            } else {
                self.tree.standing.remove(route);
                self.made.extend(origin);
            }
            if !causes.is_empty() {
                self.tree.causes.insert(route.clone(), causes);
            }
            report.merge(found);
            self.wants.extend(wants);
            self.tree.files.insert(route.clone(), bytes);
            self.addresses.push(address);
        }
    }

    /// Keeps all that was not planned, as it stands.
    pub fn keep_rest(&mut self, memory: &Memory) {
        for (route, place, print) in memory.kept() {
            if !self.tree.files.contains_key(route) {
                self.tree.files.insert(route.to_owned(), Bytes::Kept(place));
                self.tree.standing.insert(route.to_owned());
                self.tree.prints.extend(print.map(|print| (route.to_owned(), print)));
            }
        }
        self.tree.gone.clone_from(memory.gone());
        let made = self.made.len();
        self.tree.pages = Pages { made, standing: memory.pages().saturating_sub(made) };
    }

    /// Puts the pages that were made in the order in which a clean build makes them: what is said of many names the first.
    pub fn put_in_order(&mut self) {
        let places = self.addresses.iter().enumerate().rev().map(|(place, address)| (address.route.as_str(), place));
        let places: FastMap<&str, usize> = places.collect();
        self.made.sort_by_key(|origin| places.get(origin.route.as_str()));
    }

    /// Takes what the planning has asked for.
    pub fn ask_for(&mut self, wants: Vec<Want>) {
        self.wants.extend(wants);
    }

    /// Looks whether all is there that is asked for.
    pub fn finish(self, renderer: &Renderer, report: &mut Report) -> Made {
        let Self { mut tree, mut wants, made: origins, .. } = self;
        wants.append(&mut renderer.planner.wants.lock().unwrap_or_else(PoisonError::into_inner));
        if !renderer.templates_are_sound {
            wants.iter_mut().for_each(|want| want.anchor = None);
        }
        let unmet = checks::check_wants(wants, &tree, report);
        for card in unmet.iter().filter_map(|want| renderer.contents.catalogue.card(&want.place.path)) {
            tree.prints.remove(&card.route);
        }
        // Whether it was asked by the plan of a list cannot be told, so no list is taken to be quiet.
        tree.is_quiet &= unmet.is_empty();
        // Of pages that cannot be made there is nothing to read.
        Made { tree, origins: if renderer.templates_are_sound { origins } else { Vec::new() }, unmet }
    }
}
