//! Posts of the blog.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::data::{Located, Node, OneOrMany};
use crate::diagnostic::Report;
use crate::document::Document;
use crate::kind::Entry;
use crate::model::common::{Desk, read_keys};
use crate::model::{Card, Common, Kind};
use crate::plan::parts::{PageFacts, Pictured, Topic};
use crate::plan::{CardContext, Planner, View};
use crate::record;
use crate::view::{About, CardView, FormView, Head, LinkView};

record! {
    /// The keys that only posts have.
    pub struct Keys {
        /// The events that the post announces, as paths from this file; each event links back by itself.
        announces: OneOrMany<Located<String>>,
        /// The page about the blog as it was then, when it is not the section's.
        about: Option<Located<String>>,
    }
}

/// A post.
pub struct Post {
    common: Common,
    keys: Keys,
}

/// What `post.html` sees.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PostView {
    /// What stands around the page.
    pub head: Head,
    /// What every entry has.
    pub about: About,
    /// The events that it announces, with their states.
    pub announces: Vec<CardView>,
    /// The box about the blog.
    pub blog: Option<BlogView>,
    /// How to subscribe.
    pub subscribe: Option<FormView>,
    /// Whether there is a search form to show: always, since a site has a search of its own or names another.
    pub search: bool,
    /// The post written before it.
    pub older: Option<LinkView>,
    /// The post written after it.
    pub newer: Option<LinkView>,
}

/// The box about the blog.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct BlogView {
    /// The title of the page about the blog.
    pub title: String,
    /// Its address.
    pub url: String,
    /// What the blog is.
    pub summary: Option<String>,
    /// Who writes in it.
    pub people: Vec<LinkView>,
    /// How long that holds, in a sentence.
    pub until: Option<String>,
}

impl Post {
    /// Reads a post.
    pub fn read(document: &Document, front: &Node, desk: &Desk, report: &mut Report) -> Option<Self> {
        let (common, keys) = read_keys::<Keys>(document, front, Kind::Post, report)?;
        let common = Common::check(common, document, Kind::Post, desk, report)?;
        Some(Self { common, keys })
    }
}

impl Post {
    /// What search engines are told of it: schema.org/BlogPosting.
    fn linked(&self, about: &About, announces: &[&Card], planner: &Planner) -> Value {
        let common = &self.common;
        let page = planner.settings().absolute(&common.route);
        let updated = common.updated.max(common.published);
        let events = announces.iter().filter_map(|card| planner.event_in_series(card)).collect();
        planner
            .thing("BlogPosting", common, about.image.as_ref())
            .with("headline", common.title.value.as_str())
            .with("mainEntityOfPage", page)
            .maybe("datePublished", common.published.as_ref().map(|day| planner.instant(day)))
            .maybe("dateModified", updated.as_ref().map(|day| planner.instant(day)))
            .each("author", planner.authors_or_organization(common))
            .with("publisher", planner.by_organization())
            .each("about", events)
            .into()
    }
}

impl Entry for Post {
    fn common(&self) -> &Common {
        &self.common
    }

    fn card(&self, context: &CardContext, report: &mut Report) -> Card {
        let heading = self.common.title.value.clone();
        Card { announces: self.keys.announces.0.clone(), ..context.card(&self.common, heading, Vec::new(), report) }
    }

    fn template(&self) -> Option<&'static str> {
        Some("post.html")
    }

    fn page(&self, document: &Document, planner: &Planner, report: &mut Report) -> Option<View> {
        let common = &self.common;
        let section = &planner.settings().sections.blog;
        let about = planner.about(common, document, common.title.value.clone(), Vec::new(), report);
        let announces = self.keys.announces.0.iter();
        let announces = announces
            .filter_map(|path| planner.catalogue.reference_when_published(&common.path, path, &[Kind::Event], report));
        let announces: Vec<&Card> = announces.collect();
        let (older, newer) = planner.catalogue.neighbours(&common.path);
        let text = self.keys.about.as_ref().map(|path| (&*common.path, path));
        let view = PostView {
            head: planner.head(PageFacts {
                above: vec![(section.title.clone(), section.route.clone())],
                feeds: planner.feed_of_section(section).into_iter().collect(),
                main: planner.when_structured(|| Some(self.linked(&about, &announces, planner))),
                dates: Some((common.published, common.updated.max(common.published))),
                ..entry_facts(common, &about, "blog", planner)
                    .under(common.published.map(|day| planner.words().day(day.day())))
            }),
            announces: planner.cards(announces),
            blog: blog_view(planner, text, report),
            subscribe: Some(subscribe(planner)),
            search: true,
            older: older.map(|card| planner.link_to(card)),
            newer: newer.map(|card| planner.link_to(card)),
            about,
        };
        Some(Box::new(view))
    }
}

/// What an entry's page says of itself.
pub fn entry_facts<'a>(
    common: &'a Common,
    about: &'a About,
    section: &'static str,
    planner: &Planner,
) -> PageFacts<'a> {
    let archived = common.is_archived(planner.desk());
    let (heading, source) = (about.heading.as_str(), &common.place);
    PageFacts {
        route: &common.route,
        title: &about.heading,
        description: common.summary.as_deref(),
        section,
        kind: common.kind.word(),
        above: Vec::new(),
        feeds: Vec::new(),
        main: None,
        indexed: !archived && !common.draft,
        topic: Topic {
            kind: Some(common.kind),
            section: common.kind.section(),
            tags: common.tags.iter().map(|tag| tag.value.as_str()).collect(),
            series: None,
        },
        image: about.image.clone(),
        pictured: Some(Pictured { route: &common.route, heading, kicker: None, source }),
        lang: common.lang.as_deref(),
        dates: None,
    }
}

/// How to subscribe to the site.
pub fn subscribe(planner: &Planner) -> FormView {
    let subject = planner.words().format("forms.subscribe_subject", &[("site", &planner.settings().title)]);
    planner.form("subscribe", &subject, &planner.settings().sections.blog.route)
}

/// The box about the blog: from the page that the post names, or else from the section's own.
pub fn blog_view(planner: &Planner, own: Option<(&str, &Located<String>)>, report: &mut Report) -> Option<BlogView> {
    let general = planner.settings().sections.blog.about.as_ref().map(|path| ("site.yaml", path));
    let (from, path) = own.or(general)?;
    let card = planner.catalogue.reference(from, path, &[Kind::Page], report)?;
    let page = card.page.as_ref()?;
    Some(BlogView {
        title: card.title.clone(),
        url: planner.href(&card.route),
        summary: card.summary.clone(),
        people: page.people.iter().filter_map(|slug| planner.person_link(slug)).collect(),
        until: page.valid_until.clone(),
    })
}
