//! Tools: the entries of the toolkit.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::data::{Located, Node};
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::document::Document;
use crate::kind::Entry;
use crate::kind::post::entry_facts;
use crate::kind::resource::Resource;
use crate::model::card::{Concern, Stale, ToolCard};
use crate::model::common::{Desk, read_keys};
use crate::model::{Card, Common, Kind};
use crate::plan::linked::Thing;
use crate::plan::parts::PageFacts;
use crate::plan::{CardContext, Planner, View};
use crate::text::slug::slug;
use crate::view::{About, Banner, Head, ResourceView};
use crate::{choice, code, record};

code! { pub NO_SUCCESSOR = "no-successor", Warning, "a superseded tool that leads nowhere",
"Whoever finds a tool that has been superseded wants the one that took its place. `replaced_by` makes the link, at the \
top of the page." }

/// The findings of this module.
pub const CODES: &[&Code] = &[&NO_SUCCESSOR];

record! {
    /// The keys that only tools have.
    pub struct Keys {
        /// What sort of tool it is.
        r#type as "type": ToolType,
        /// Who publishes it: the slug of an organisation.
        publisher: Option<Located<String>>,
        /// Who made it.
        produced_by: Option<String>,
        /// The time it covers.
        period: Option<String>,
        /// Whom it is for.
        audience: Vec<String>,
        /// Whether it still holds.
        status: Option<ToolStatus>,
        /// What it offers: documents and addresses.
        resources: Vec<Resource>,
    }
}

choice! {
    /// The sorts of tools, in the order of the toolkit.
    pub enum ToolType {
        /// How to do something.
        Guide = "guide",
        /// Learning.
        Training = "training",
        /// A service on the net.
        Webtool = "webtool",
        /// A book to look things up in.
        Handbook = "handbook",
        /// What others have done.
        Compilation = "compilation",
        /// People who meet.
        Network = "network",
        /// A foundation that others build on.
        Platform = "platform",
    }
}

choice! {
    /// Whether a tool still holds.
    pub enum ToolStatus {
        /// It does.
        Current = "current",
        /// Something better has come.
        Superseded = "superseded",
        /// It should not be used.
        Withdrawn = "withdrawn",
    }
}

/// What `tool.html` sees.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ToolView {
    /// What stands around the page.
    pub head: Head,
    /// What every entry has.
    pub about: About,
    /// The type in words.
    pub type_words: String,
    /// Where the toolkit lists that type.
    pub type_url: String,
    /// Who made it, when, for whom.
    pub facts: Vec<FactView>,
    /// What it offers.
    pub resources: Vec<ResourceView>,
}

/// A fact with its label.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FactView {
    /// The label.
    pub label: String,
    /// The fact.
    pub value: String,
    /// Where to read more.
    pub url: Option<String>,
}

/// A tool.
pub struct Tool {
    common: Common,
    keys: Keys,
}

impl Tool {
    /// Reads a tool.
    pub fn read(document: &Document, front: &Node, desk: &Desk, report: &mut Report) -> Option<Self> {
        let (common, keys) = read_keys::<Keys>(document, front, Kind::Tool, report)?;
        let common = Common::check(common, document, Kind::Tool, desk, report)?;
        Some(Self { common, keys })
    }

    /// The status to show: none for one that holds.
    fn status(&self) -> Option<ToolStatus> {
        self.keys.status.filter(|status| *status != ToolStatus::Current)
    }

    fn check_successor(&self, report: &mut Report) {
        if self.common.replaced_by.is_none() {
            report.push(
                Diagnostic::new(&NO_SUCCESSOR, "nothing says what has taken the place of the tool")
                    .at(self.common.place.clone())
                    .help("add `replaced_by:` with the path of the document, or write `status: withdrawn`"),
            );
        }
    }

    fn facts(&self, planner: &Planner, report: &mut Report) -> Vec<FactView> {
        let words = planner.words();
        let fact = |label: &str, value: String| FactView { label: words.of("labels", label), value, url: None };
        let publisher = self.keys.publisher.as_ref().and_then(|slug| {
            let value = planner.context.organisation(slug, self.common.published.as_ref(), report)?;
            let url = planner.context.registry.organisations.get(&slug.value).and_then(|found| found.url.clone());
            Some(FactView { url, ..fact("publisher", value) })
        });
        let audience = Some(words.list(&self.keys.audience)).filter(|audience| !audience.is_empty());
        let facts = [
            publisher,
            self.keys.produced_by.clone().map(|value| fact("produced_by", value)),
            self.keys.period.clone().map(|value| fact("period", value)),
            audience.map(|value| fact("audience", value)),
            self.status().map(|status| fact("status", words.of("states", status.word()))),
        ];
        facts.into_iter().flatten().collect()
    }
}

impl Tool {
    /// What search engines are told of it: schema.org/CreativeWork.
    fn linked(&self, about: &About, resources: &[ResourceView], planner: &Planner) -> Value {
        let common = &self.common;
        // The card has reported an unknown publisher already.
        let mut unheard = Report::default();
        let publisher = self.keys.publisher.as_ref();
        let publisher =
            publisher.and_then(|slug| planner.context.organisation(slug, common.published.as_ref(), &mut unheard));
        let organization = |name: String| Thing::new("Organization").with("name", name);
        let audience = planner.words().list(&self.keys.audience);
        planner
            .thing("CreativeWork", common, about.image.as_ref())
            .with("genre", planner.words().of("tools", self.keys.r#type.word()))
            .maybe("datePublished", common.published.as_ref().map(|day| planner.instant(day)))
            .maybe("dateModified", common.updated.max(common.published).as_ref().map(|day| planner.instant(day)))
            .with("publisher", publisher.map_or_else(|| planner.by_organization(), |name| organization(name).into()))
            .maybe("creator", self.keys.produced_by.clone().map(organization))
            .maybe("temporalCoverage", self.keys.period.clone())
            .maybe("audience", (!audience.is_empty()).then(|| Thing::new("Audience").with("audienceType", audience)))
            .each("encoding", resources.iter().map(|resource| media_object(resource, planner)).collect())
            .into()
    }
}

/// Where the toolkit lists the tools of a type: `/metodstod/typ/vagledningar/`, named as the theme's texts name the type.
pub fn type_route(planner: &Planner, tool_type: ToolType) -> String {
    let settings = planner.settings();
    let name = Some(slug(&type_title(planner, tool_type))).filter(|name| !name.is_empty());
    let name = name.as_deref().unwrap_or(tool_type.word());
    format!("{}{}/{name}/", settings.sections.toolkit.route, settings.segments().tool_type)
}

/// A type in words, of many: `Vägledningar`.
pub fn type_title(planner: &Planner, tool_type: ToolType) -> String {
    planner.words().of("tools", &format!("{}_many", tool_type.word()))
}

fn media_object(resource: &ResourceView, planner: &Planner) -> Value {
    let is_own = resource.url.starts_with('/');
    let origin = if is_own { planner.settings().origin.as_str() } else { "" };
    Thing::new("MediaObject")
        .with("name", resource.title.as_str())
        .with("contentUrl", format!("{origin}{}", resource.url))
        .maybe("inLanguage", resource.lang.clone())
        .into()
}

impl Entry for Tool {
    fn common(&self) -> &Common {
        &self.common
    }

    fn card(&self, context: &CardContext, report: &mut Report) -> Card {
        let badges = self.status().map(|status| context.words.badge(status.word()));
        let heading = self.common.title.value.clone();
        let mut card = context.card(&self.common, heading, badges.into_iter().collect(), report);
        if self.status() == Some(ToolStatus::Superseded) {
            card.concerns.push(Concern { what: Stale::Superseded, last: None });
            self.check_successor(report);
        }
        let publisher = self.keys.publisher.as_ref();
        let tool = ToolCard {
            type_word: self.keys.r#type.word(),
            type_words: context.words.of("tools", self.keys.r#type.word()),
            publisher: publisher.and_then(|slug| context.organisation(slug, self.common.published.as_ref(), report)),
            resources: self
                .keys
                .resources
                .iter()
                .filter_map(|resource| resource.on_card(&self.common.path, context))
                .collect(),
        };
        Card { tool: Some(tool), retired: card.retired || self.status().is_some(), ..card }
    }

    fn template(&self) -> Option<&'static str> {
        Some("tool.html")
    }

    fn page(&self, document: &Document, planner: &Planner, report: &mut Report) -> Option<View> {
        let common = &self.common;
        let banner: Option<Banner> = self.status().map(|status| planner.banner(status.word(), None));
        let about = planner.about(common, document, common.title.value.clone(), banner.into_iter().collect(), report);
        let section = &planner.settings().sections.toolkit;
        let resources =
            self.keys.resources.iter().filter_map(|resource| resource.on_page(&common.path, planner, report));
        let resources: Vec<ResourceView> = resources.collect();
        let type_words = planner.words().of("tools", self.keys.r#type.word());
        let view = ToolView {
            head: planner.head(PageFacts {
                above: vec![(section.title.clone(), section.route.clone())],
                feeds: planner.feed_of_section(section).into_iter().collect(),
                main: planner.when_structured(|| Some(self.linked(&about, &resources, planner))),
                ..entry_facts(common, &about, "toolkit", planner).under(Some(type_words.clone()))
            }),
            type_words,
            type_url: planner.href(&type_route(planner, self.keys.r#type)),
            // The card has reported an unknown publisher already.
            facts: self.facts(planner, &mut Report::default()),
            resources,
            about,
        };
        Some(Box::new(view))
    }
}
