//! The addresses outside the site to which its finished pages lead.

use std::collections::{BTreeSet, HashSet};

use rayon::prelude::*;

use super::Tree;
use super::pages::is_followed;
use crate::outside::{Address, Home};
use crate::text::markup::{Tags, decode};

impl Tree {
    /// The addresses outside the site that readers of its pages can follow, in order.
    pub fn outside(&self, home: &Home) -> BTreeSet<Address> {
        let files: Vec<_> = self.files.iter().collect();
        let pages = files.par_iter().filter(|(route, _)| route.ends_with('/') || route.ends_with(".html"));
        let targets = |html: &str| {
            let links = Tags::of(html).filter(is_followed).filter_map(|tag| tag.get("href"));
            links.map(str::to_owned).collect::<HashSet<_>>()
        };
        let targets = pages.filter_map(|(_, bytes)| bytes.with_text(targets)).reduce(HashSet::new, |mut all, more| {
            all.extend(more);
            all
        });
        // Those that no browser can open are findings of the pages, and there is nobody to ask.
        targets.into_par_iter().filter_map(|target| home.outside(&decode(&target)).ok().flatten()).collect()
    }
}
