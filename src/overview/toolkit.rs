//! The toolkit: all tools, grouped by type.

use schemars::JsonSchema;
use serde::Serialize;

use crate::kind::tool::ToolType;
use crate::model::Card;
use crate::overview::index::Index;
use crate::overview::list::{List, Overview, latest};
use crate::plan::Planner;
use crate::view::{CardView, ContactView, FormView, Head, ResourceView, TimeView};

/// The toolkit.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ToolListView {
    /// What stands around the page.
    pub head: Head,
    /// The heading.
    pub title: String,
    /// A sentence about the section.
    pub summary: Option<String>,
    /// The tools by type.
    pub groups: Vec<ToolGroupView>,
    /// The address of the toolkit's feed.
    pub feed: Option<String>,
    /// When a tool was last added or changed.
    pub updated: Option<TimeView>,
    /// Who answers for the toolkit as a whole.
    pub owners: Vec<ContactView>,
    /// Whether to ask if the page helped.
    pub feedback: Option<FormView>,
}

/// The tools of a type.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ToolGroupView {
    /// The word of the type, as an id on the page.
    pub id: String,
    /// The type in words, of many: `Vägledningar`.
    pub title: String,
    /// The tools, by title; those that no longer hold last.
    pub tools: Vec<ToolEntryView>,
}

/// A tool in the toolkit.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ToolEntryView {
    /// What every list shows of it.
    pub card: CardView,
    /// Who publishes it.
    pub publisher: Option<String>,
    /// What it offers.
    pub resources: Vec<ResourceView>,
}

/// Makes the toolkit's page.
pub fn page(planner: &Planner, index: &Index) -> Overview {
    let section = &planner.settings().sections.toolkit;
    let feed = planner.feed_of_section(section);
    let list =
        List { feeds: feed.clone().into_iter().collect(), ..List::of_section("tool_list.html", "toolkit", section) };
    let updated = latest(&index.tools);
    list.page(planner, updated, |head| ToolListView {
        head,
        title: section.title.clone(),
        summary: section.summary.clone(),
        groups: groups(planner, index),
        feed: planner.feed_href(feed),
        updated: updated.map(|moment| planner.words().date(&moment)),
        owners: Vec::new(),
        feedback: feedback(planner),
    })
}

fn groups(planner: &Planner, index: &Index) -> Vec<ToolGroupView> {
    let mut tools = index.tools.clone();
    tools.sort_by(|one, other| {
        let by_title = || planner.words().compare(&one.title, &other.title).then_with(|| one.path.cmp(&other.path));
        (type_of(one), one.retired).cmp(&(type_of(other), other.retired)).then_with(by_title)
    });
    let groups = tools.chunk_by(|one, other| type_of(one) == type_of(other));
    groups.filter_map(|group| group_view(planner, group)).collect()
}

fn group_view(planner: &Planner, tools: &[&Card]) -> Option<ToolGroupView> {
    let word = ToolType::ALL.get(type_of(tools.first()?)?)?.word();
    Some(ToolGroupView {
        id: word.to_owned(),
        title: planner.words().of("tools", &format!("{word}_many")),
        tools: tools.iter().filter_map(|card| entry(planner, card)).collect(),
    })
}

fn entry(planner: &Planner, card: &Card) -> Option<ToolEntryView> {
    let tool = card.tool.as_ref()?;
    Some(ToolEntryView {
        card: planner.card(card),
        publisher: tool.publisher.clone(),
        resources: tool.resources.clone(),
    })
}

/// Where a tool's type stands among the types.
fn type_of(card: &Card) -> Option<usize> {
    let tool = card.tool.as_ref()?;
    ToolType::ALL.iter().position(|known| known.word() == tool.type_word)
}

fn feedback(planner: &Planner) -> Option<FormView> {
    let section = &planner.settings().sections.toolkit;
    let subject = planner.words().format("forms.feedback_subject", &[("title", &section.title)]);
    section.feedback.then(|| planner.form("feedback", &subject, &section.route))
}
