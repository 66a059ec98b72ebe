//! Persons: those who write and those who answer for pages.

use schemars::JsonSchema;
use serde::Serialize;

use crate::data::{Located, Node, refuse_keys};
use crate::diagnostic::Report;
use crate::document::Document;
use crate::kind::Entry;
use crate::kind::post::entry_facts;
use crate::model::common::{Desk, read_keys};
use crate::model::registry::{Person, Registry};
use crate::model::{Card, Common, Kind};
use crate::plan::parts::PageFacts;
use crate::plan::{CardContext, Planner, View};
use crate::record;
use crate::text::date::{Moment, When};
use crate::view::{About, Banner, CardView, ContactView, Head, ImageView, LinkView};

record! {
    /// The keys that only persons have.
    pub struct Keys {
        /// The role.
        role: Option<String>,
        /// The slug of the organisation.
        organisation: Option<Located<String>>,
        /// The e-mail address.
        email: Option<String>,
        /// The phone number.
        phone: Option<String>,
        /// The last day there, for one who has left.
        until: Option<Located<When>>,
    }
}

/// How many posts a person's page shows; the rest are in the author's archive.
const POSTS_SHOWN: usize = 5;

/// What `person.html` sees.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PersonView {
    /// What stands around the page.
    pub head: Head,
    /// What every entry has.
    pub about: About,
    /// Name and ways to reach.
    pub contact: ContactView,
    /// The portrait.
    pub portrait: Option<ImageView>,
    /// The newest posts.
    pub posts: Vec<CardView>,
    /// All posts, when there are more.
    pub archive: Option<LinkView>,
    /// The pages the person answers for.
    pub answers_for: Vec<CardView>,
}

/// A person.
pub struct PersonEntry {
    common: Common,
    keys: Keys,
    until: Option<Moment>,
}

impl PersonEntry {
    /// Reads a person.
    pub fn read(document: &Document, front: &Node, desk: &Desk, report: &mut Report) -> Option<Self> {
        let (common, keys) = read_keys::<Keys>(document, front, Kind::Person, report)?;
        refuse_keys(front, &["id"], "a person", report);
        let common = Common::check(common, document, Kind::Person, desk, report);
        let until = desk.maybe(keys.until.as_ref(), report);
        Some(Self { common: common?, keys, until: until? })
    }

    fn left(&self, planner: &Planner) -> Option<Banner> {
        let person = planner.context.registry.people.get(&self.common.slug)?;
        let until = person.until.filter(|_| person.has_left(planner.desk()))?;
        let day = planner.words().day(until.day());
        Some(planner.banner("left", Some(planner.words().format("banners.left_text", &[("date", &day)]))))
    }
}

impl Entry for PersonEntry {
    fn common(&self) -> &Common {
        &self.common
    }

    fn contribute(&self, _desk: &Desk, registry: &mut Registry) {
        let person = Person {
            path: self.common.path.clone(),
            name: self.common.title.value.clone(),
            route: self.common.route.clone(),
            role: self.keys.role.clone(),
            organisation: self.keys.organisation.clone(),
            email: self.keys.email.clone(),
            phone: self.keys.phone.clone(),
            until: self.until,
            portrait: self.common.image.clone().map(|image| (self.common.path.clone(), image)),
        };
        registry.people.insert(self.common.slug.clone(), person);
    }

    fn card(&self, context: &CardContext, report: &mut Report) -> Card {
        if let Some(organisation) = &self.keys.organisation {
            context.registry.organisation(organisation, report);
        }
        let heading = self.common.title.value.clone();
        // A person's page is described by what the person does there.
        let summary = self.common.summary.clone().or_else(|| self.keys.role.clone());
        Card { summary, ..context.card(&self.common, heading, Vec::new(), report) }
    }

    fn template(&self) -> Option<&'static str> {
        Some("person.html")
    }

    fn page(&self, document: &Document, planner: &Planner, report: &mut Report) -> Option<View> {
        let common = &self.common;
        let person = planner.context.registry.people.get(&common.slug)?;
        let left = self.left(planner);
        let about = planner.about(common, document, common.title.value.clone(), left.into_iter().collect(), report);
        let index = &planner.catalogue.index;
        let posts = index.by_author.get(&common.slug);
        let sections = &planner.settings().sections;
        let archive = posts.filter(|posts| posts.len() > POSTS_SHOWN).map(|_| LinkView {
            title: planner.words().format("authors.title", &[("name", &common.title.value)]),
            url: planner.href(&format!("{}{}/", sections.authors.route, common.slug)),
        });
        let view = PersonView {
            head: planner.head(PageFacts {
                above: vec![(sections.people.title.clone(), sections.people.route.clone())],
                feeds: planner.feed_of_author(&common.slug, person).into_iter().collect(),
                ..entry_facts(common, &about, "people", planner).under(self.keys.role.clone())
            }),
            contact: planner.person(person, report),
            portrait: about.image.clone(),
            posts: planner.cards(planner.catalogue.at(posts).take(POSTS_SHOWN)),
            archive,
            answers_for: planner
                .cards(planner.catalogue.at(index.by_owner.get(&common.slug)).filter(|card| !card.retired)),
            about,
        };
        Some(Box::new(view))
    }
}
