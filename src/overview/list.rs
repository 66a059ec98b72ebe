//! A list's pages: what they have in common, and how the list is cut into them.

use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

use crate::config::settings::Section;
use crate::model::Card;
use crate::plan::feed::FeedLink;
use crate::plan::paging::{Sheet, sheets};
use crate::plan::parts::{PageFacts, Pictured, Topic};
use crate::plan::{Output, Planner};
use crate::text::date::Moment;
use crate::view::{CardView, Head, Pager};

/// A link to a tag or an author, with how much there is.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CountView {
    /// The tag's title, or the author's name.
    pub title: String,
    /// The address.
    pub url: String,
    /// How many entries there are.
    pub count: usize,
    /// The same in words: `3 inlägg`.
    pub words: String,
}

impl CountView {
    /// Counts what a link leads to.
    pub fn new(planner: &Planner, title: &str, route: &str, count: usize) -> Self {
        Self { title: title.to_owned(), url: planner.href(route), count, words: planner.words().count(count) }
    }
}

/// A page of an overview, with what the sitemap says of it.
pub struct Overview {
    /// The page.
    pub output: Output,
    /// Whether search engines may list it.
    pub indexed: bool,
    /// When the latest change was made among what it shows.
    pub changed: Option<Moment>,
}

/// What the pages of a list have in common.
pub struct List<'a> {
    /// The template; its name without the ending is the kind of the pages.
    pub template: &'static str,
    /// The section they belong to.
    pub section: &'static str,
    /// The address of the first.
    pub route: &'a str,
    /// The heading.
    pub title: &'a str,
    /// A sentence about it.
    pub summary: Option<&'a str>,
    /// The pages between home and the list: title and route.
    pub above: Vec<(String, String)>,
    /// The feeds that concern it.
    pub feeds: Vec<FeedLink>,
    /// The tags that notices are chosen by.
    pub tags: Vec<&'a str>,
    /// Whether search engines may list it.
    pub indexed: bool,
}

impl<'a> List<'a> {
    /// The list of a section, at the section's address.
    pub fn of_section(template: &'static str, name: &'static str, section: &'a Section) -> Self {
        Self {
            template,
            section: name,
            route: &section.route,
            title: &section.title,
            summary: section.summary.as_deref(),
            above: Vec::new(),
            feeds: Vec::new(),
            tags: Vec::new(),
            indexed: true,
        }
    }

    /// Makes the only page of a list that is not cut.
    pub fn page<V>(&self, planner: &Planner, changed: Option<Moment>, view: impl FnOnce(Head) -> V) -> Overview
    where
        V: Serialize + Send + Sync + 'static,
    {
        let head = self.head(planner, self.route, self.title, self.above.clone());
        self.overview(planner, self.route, changed, view(head))
    }

    /// Cuts the list into pages and makes them side by side.
    pub fn pages<V>(
        &self,
        planner: &Planner,
        cards: &[&Card],
        per_page: usize,
        view: impl Fn(Head, &[&Card], Pager) -> V + Sync,
    ) -> Vec<Overview>
    where
        V: Serialize + Send + Sync + 'static,
    {
        let sheets = sheets(cards, per_page, self.route, planner.settings().segments().page);
        let routes: Vec<String> = sheets.iter().map(|sheet| sheet.route.clone()).collect();
        let page = |sheet: &Sheet<&Card>| {
            let head = self.sheet_head(planner, sheet);
            let view = view(head, sheet.items, planner.pager(sheet, &routes));
            self.overview(planner, &sheet.route, latest(sheet.items), view)
        };
        sheets.par_iter().map(page).collect()
    }

    fn sheet_head(&self, planner: &Planner, sheet: &Sheet<&Card>) -> Head {
        let mut above = self.above.clone();
        if sheet.number > 1 {
            above.push((self.title.to_owned(), self.route.to_owned()));
        }
        self.head(planner, &sheet.route, &planner.sheet_title(self.title, sheet), above)
    }

    /// What link previews show of all its pages. Nobody shares a page that search engines are kept from.
    fn pictured(&self, planner: &'a Planner) -> Option<Pictured<'a>> {
        // The picture of the home page is the site's: it says who speaks, not what is on the page.
        let heading = if self.route == "/" { &planner.settings().title } else { self.title };
        let source = &planner.settings().place;
        self.indexed.then_some(Pictured { route: self.route, heading, kicker: None, source })
    }

    /// What a list without a summary is described with: that of its section, or what the site says of itself.
    fn description(&self, planner: &'a Planner) -> Option<&'a str> {
        let settings = planner.settings();
        let section = settings.sections.all().into_iter().find(|(name, _)| *name == self.section);
        let summary = section.and_then(|(_, section)| section.summary.as_ref());
        summary.or(settings.description.as_ref()).or(settings.tagline.as_ref()).map(String::as_str)
    }

    fn head(&self, planner: &Planner, route: &str, title: &str, above: Vec<(String, String)>) -> Head {
        planner.head(PageFacts {
            route,
            title,
            description: self.summary.or_else(|| self.description(planner)),
            section: self.section,
            kind: self.template.trim_end_matches(".html"),
            above,
            feeds: self.feeds.clone(),
            indexed: self.indexed,
            main: None,
            topic: Topic { kind: None, section: self.section, tags: self.tags.clone(), series: None },
            image: None,
            pictured: self.pictured(planner),
            lang: None,
            dates: None,
        })
    }

    fn overview<V>(&self, planner: &Planner, route: &str, changed: Option<Moment>, view: V) -> Overview
    where
        V: Serialize + Send + Sync + 'static,
    {
        let source = planner.settings().place.clone();
        let output = Output::page(route.to_owned(), self.template, view, source);
        Overview { output, indexed: self.indexed, changed }
    }
}

/// The latest change among cards.
pub fn latest(cards: &[&Card]) -> Option<Moment> {
    cards.iter().filter_map(|card| card.updated).max()
}

/// The views of borrowed cards.
pub fn views(planner: &Planner, cards: &[&Card]) -> Vec<CardView> {
    planner.cards(cards.iter().copied())
}

/// The title and the route of a page, for the way above another.
pub fn above(section: &Section) -> Vec<(String, String)> {
    vec![(section.title.clone(), section.route.clone())]
}
