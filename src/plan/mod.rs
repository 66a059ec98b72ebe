//! What is to be written: outputs with their recipes, and the parts that views are made of.

pub mod feed;
pub mod linked;
pub mod links;
pub mod paging;
pub mod parts;
pub mod pictures;
pub mod site;
pub mod words;

use std::sync::Arc;

use crate::config::settings::FeedFormat;
use crate::diagnostic::Place;
use crate::image::{Drawing, Painter};
use crate::text::date::Moment;

pub use feed::Feed;
pub use parts::{CardContext, Planner};
pub use words::Words;

/// The typed view of a page, as the theme serialises it.
pub type View = Box<dyn erased_serde::Serialize + Send + Sync>;

/// One file of the site, and how it is made.
pub struct Output {
    /// Its address: `/blogg/`, `/feed.xml`.
    pub route: String,
    /// How it is made.
    pub recipe: Recipe,
    /// Where the address comes from, for findings.
    pub source: Place,
}

/// How a file is made.
pub enum Recipe {
    /// A template of the theme with a view.
    Page {
        /// The template's name.
        template: &'static str,
        /// What it shows.
        view: View,
        /// The document whose body it shows.
        body: Option<Arc<str>>,
    },
    /// A copy of a file of the sources.
    Copy(Arc<str>),
    /// A feed, written in a format.
    Feed(Arc<Feed>, FeedFormat),
    /// A sitemap.
    Sitemap(Arc<Sitemap>),
    /// A picture that is drawn.
    Drawing(Arc<Painter>, Drawing),
    /// Bytes that are made already.
    Data(Vec<u8>),
}

/// A sitemap, or a list of sitemaps, before it is written.
#[derive(Debug)]
pub struct Sitemap {
    /// Its element, and that of each address.
    pub elements: [&'static str; 2],
    /// The addresses, and when what is there was last changed.
    pub listed: Vec<(String, Option<Moment>)>,
}

impl Output {
    /// A page without a body.
    pub fn page(
        route: String,
        template: &'static str,
        view: impl serde::Serialize + Send + Sync + 'static,
        source: Place,
    ) -> Self {
        Self { route, recipe: Recipe::Page { template, view: Box::new(view), body: None }, source }
    }

    /// A file of bytes.
    pub fn data(route: String, bytes: impl Into<Vec<u8>>, source: Place) -> Self {
        Self { route, recipe: Recipe::Data(bytes.into()), source }
    }
}
