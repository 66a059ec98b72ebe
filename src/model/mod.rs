//! What the documents are to each other: entries' common keys, their cards, and the catalogue of all of them.
//!
//! Pages know each other only through their [`Card`]. The [`Registry`] holds the entities that entries refer to by
//! slug (persons, organisations, series); the [`Catalogue`] holds all cards and says where a reference leads.

pub mod card;
pub mod catalogue;
pub mod clock;
pub mod common;
pub mod files;
pub mod gates;
pub mod names;
pub mod registry;
pub mod svg;
pub mod waiver;

use crate::diagnostic::Code;

pub use card::Card;
pub use catalogue::Catalogue;
pub use clock::{Clock, Occasion};
pub use common::Common;
pub use registry::Registry;
pub use waiver::Waiver;

/// The kinds of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A post of the blog.
    Post,
    /// A conference, a network, a meeting.
    Event,
    /// An entry of the toolkit.
    Tool,
    /// A standing page.
    Page,
    /// Somebody who writes or answers for pages.
    Person,
    /// Events that belong together.
    Series,
    /// Something said on many pages for a while.
    Notice,
}

impl Kind {
    /// All kinds, in the order they are shown.
    pub const ALL: [Self; 7] =
        [Self::Post, Self::Event, Self::Tool, Self::Page, Self::Person, Self::Series, Self::Notice];

    /// The word it has in views, in `site.yaml` and on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Event => "event",
            Self::Tool => "tool",
            Self::Page => "page",
            Self::Person => "person",
            Self::Series => "series",
            Self::Notice => "notice",
        }
    }

    /// The folder in `content/` that holds its documents.
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Post => "blog",
            Self::Event => "events",
            Self::Tool => "toolkit",
            Self::Page => "pages",
            Self::Person => "people",
            Self::Series => "series",
            Self::Notice => "notices",
        }
    }

    /// The section its pages belong to.
    pub const fn section(self) -> &'static str {
        match self {
            Self::Series => "events",
            kind => kind.folder(),
        }
    }

    /// The kind whose folder a file stands in.
    pub fn of_path(path: &str) -> Option<Self> {
        let folder = path.strip_prefix("content/")?.split_once('/')?.0;
        Self::ALL.into_iter().find(|kind| kind.folder() == folder)
    }
}

/// What this floor reports.
pub fn codes() -> Vec<&'static Code> {
    [common::CODES, registry::CODES, catalogue::CODES, files::CODES, names::CODES, gates::CODES].concat()
}
