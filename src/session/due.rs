//! When the site will be another one: the next instant at which its output changes.
//!
//! The clock knows the nearest instant that anything asked about, so until then nothing changes. Whether anything
//! then does is seen by making what depends on it: first the pages of the documents themselves, which nearly always
//! settles it, and else the whole site.

use std::sync::Arc;

use jiff::Timestamp;

use super::contents::Material;
use super::{Contents, Session, Tree};
use crate::diagnostic::Report;
use crate::model::catalogue::Missing;
use crate::model::clock::Turn;

/// The next instant at which the output changes, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The instant.
    pub at: Timestamp,
    /// What happens then.
    pub turns: Vec<Turn>,
}

impl Session {
    /// Finds the next instant at which the site is no longer the same as this tree, made of these contents. None when
    /// it stays as it is for ever.
    pub fn due(&mut self, material: &Material, contents: &Contents, tree: &Tree) -> Option<Due> {
        let (at, turns) = contents.clock.next()?;
        let seen = self.seen(contents, tree, at, &turns);
        if !seen.is_empty() {
            return Some(Due { at, turns: seen });
        }
        let mut next = (at, turns);
        loop {
            let (at, turns) = next;
            let mut unheard = Report::default();
            let contents = self.contents(material, at, Some(&contents.catalogue.files), &mut unheard);
            if self.site(&contents, &mut unheard) != *tree {
                return Some(Due { at, turns });
            }
            next = contents.clock.next()?;
        }
    }

    /// The turns that show on the pages of their own documents: a page that was not there, or is another one.
    fn seen(&self, contents: &Contents, tree: &Tree, at: Timestamp, turns: &[Turn]) -> Vec<Turn> {
        let appears = |path: &Arc<str>| {
            contents.catalogue.missing.get(path) == Some(&Missing::Scheduled) && !path.starts_with("content/notices/")
        };
        let differs = |path: &Arc<str>| self.page_at(contents, path, at).is_some_and(|page| !tree.holds(&page));
        turns.iter().filter(|turn| appears(&turn.path) || differs(&turn.path)).cloned().collect()
    }
}
