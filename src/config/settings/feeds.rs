//! What the feeds are like.

use super::range::in_range;
use crate::data::{self, Located};
use crate::diagnostic::{Diagnostic, Report};
use crate::{choice, record};

record! {
    pub struct FeedKeys {
        /// How many entries a feed holds; 20 unless given.
        limit: Option<Located<usize>>,
        /// The formats that feeds are written in; `[atom, json]` unless given.
        formats: Option<Located<Vec<FeedFormat>>>,
        /// What a feed says of an entry; `full` unless given.
        content: Option<FeedContent>,
    }
}

/// What the feeds are like.
#[derive(Clone, Debug)]
pub struct Feeds {
    /// How many entries a feed holds, where its section does not say otherwise.
    pub limit: usize,
    /// The formats they are written in.
    pub formats: Vec<FeedFormat>,
    /// What they say of an entry.
    pub content: FeedContent,
}

choice! {
    /// The formats of feeds.
    pub enum FeedFormat {
        /// Atom 1.0 (RFC 4287).
        Atom = "atom",
        /// JSON Feed 1.1.
        Json = "json",
    }
}

choice! {
    /// What a feed says of an entry.
    pub enum FeedContent {
        /// The whole text.
        Full = "full",
        /// The summary.
        Summary = "summary",
    }
}

/// The most entries that a feed may hold.
pub(super) const FEED_MOST: usize = 1000;

pub(super) fn read_feeds(keys: Option<FeedKeys>, report: &mut Report) -> Option<Feeds> {
    let keys = keys.unwrap_or(FeedKeys { limit: None, formats: None, content: None });
    let limit = keys.limit.map_or(Some(20), |limit| in_range(&limit, 1, FEED_MOST, report));
    if let Some(formats) = keys.formats.as_ref().filter(|formats| formats.value.is_empty()) {
        report.push(
            Diagnostic::new(&data::EMPTY_VALUE, "feeds need a format")
                .at(formats.place.clone())
                .help("write `[atom, json]`; a section has no feed with `feed: false`"),
        );
    }
    Some(Feeds {
        limit: limit?,
        formats: keys.formats.map_or_else(|| FeedFormat::ALL.to_vec(), |formats| formats.value),
        content: keys.content.unwrap_or(FeedContent::Full),
    })
}
