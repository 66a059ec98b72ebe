//! The toolkit: all tools, grouped by type, and a page of each type, so that a reader may narrow the list by following a
//! link.

use schemars::JsonSchema;
use serde::Serialize;

use crate::kind::tool::{ToolType, type_route, type_title};
use crate::model::Card;
use crate::overview::index::Index;
use crate::overview::list::{List, Overview, above, latest};
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
    /// The whole toolkit, for the way out of a type.
    pub all: ToolFilterView,
    /// The types that there are tools of: each has a page that lists them alone.
    pub filters: Vec<ToolFilterView>,
    /// The tools by type: all of them, or of the only type that the page is about.
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

/// A choice among the tools.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ToolFilterView {
    /// The word of the type, as in `ToolGroupView.id`; empty for all.
    pub id: String,
    /// The heading of the page that lists them.
    pub title: String,
    /// The address of that page.
    pub url: String,
    /// How many tools there are.
    pub count: usize,
    /// Whether this is the page.
    pub current: bool,
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

/// Makes the toolkit's page, and one for each type.
pub fn pages(planner: &Planner, index: &Index) -> Vec<Overview> {
    let tools = in_order(planner, index);
    let groups: Vec<(ToolType, &[&Card])> = tools
        .chunk_by(|one, other| type_of(one) == type_of(other))
        .filter_map(|group| Some((type_of(group.first()?)?, group)))
        .collect();
    let mut pages = vec![page(planner, &groups, None)];
    pages.extend(groups.iter().map(|(tool_type, _)| page(planner, &groups, Some(*tool_type))));
    pages
}

/// The page of all tools, or of those of one type.
fn page(planner: &Planner, groups: &[(ToolType, &[&Card])], only: Option<ToolType>) -> Overview {
    let section = &planner.settings().sections.toolkit;
    let feed = planner.feed_of_section(section);
    let whole =
        List { feeds: feed.clone().into_iter().collect(), ..List::of_section("tool_list.html", "toolkit", section) };
    let narrowed = only.map(|only| (type_route(planner, only), type_title(planner, only)));
    let list = match &narrowed {
        Some((route, title)) => List { route, title, summary: None, above: above(section), ..whole },
        None => whole,
    };
    let shown: Vec<_> = groups.iter().filter(|(tool_type, _)| only.is_none_or(|only| only == *tool_type)).collect();
    let updated = latest(&shown.iter().flat_map(|(_, tools)| tools.iter().copied()).collect::<Vec<_>>());
    list.page(planner, updated, |head| ToolListView {
        head,
        title: list.title.to_owned(),
        summary: list.summary.map(str::to_owned),
        all: all(planner, groups, only),
        filters: groups.iter().map(|group| filter(planner, group, only)).collect(),
        groups: shown.iter().map(|group| group_view(planner, group)).collect(),
        feed: planner.feed_href(feed),
        updated: updated.map(|moment| planner.words().date(&moment)),
        owners: Vec::new(),
        feedback: feedback(planner),
    })
}

/// By type and title; those that no longer hold last among their type.
fn in_order<'a>(planner: &Planner, index: &Index<'a>) -> Vec<&'a Card> {
    let mut tools = index.tools.clone();
    tools.sort_by(|one, other| {
        let by_title = || planner.words().compare(&one.title, &other.title).then_with(|| one.path.cmp(&other.path));
        (place_of(one), one.retired).cmp(&(place_of(other), other.retired)).then_with(by_title)
    });
    tools
}

fn all(planner: &Planner, groups: &[(ToolType, &[&Card])], only: Option<ToolType>) -> ToolFilterView {
    let section = &planner.settings().sections.toolkit;
    ToolFilterView {
        id: String::new(),
        title: section.title.clone(),
        url: planner.href(&section.route),
        count: groups.iter().map(|(_, tools)| tools.len()).sum(),
        current: only.is_none(),
    }
}

fn filter(planner: &Planner, (tool_type, tools): &(ToolType, &[&Card]), only: Option<ToolType>) -> ToolFilterView {
    ToolFilterView {
        id: tool_type.word().to_owned(),
        title: type_title(planner, *tool_type),
        url: planner.href(&type_route(planner, *tool_type)),
        count: tools.len(),
        current: only == Some(*tool_type),
    }
}

fn group_view(planner: &Planner, (tool_type, tools): &(ToolType, &[&Card])) -> ToolGroupView {
    ToolGroupView {
        id: tool_type.word().to_owned(),
        title: type_title(planner, *tool_type),
        tools: tools.iter().filter_map(|card| entry(planner, card)).collect(),
    }
}

fn entry(planner: &Planner, card: &Card) -> Option<ToolEntryView> {
    let tool = card.tool.as_ref()?;
    Some(ToolEntryView {
        card: planner.card(card),
        publisher: tool.publisher.clone(),
        resources: tool.resources.clone(),
    })
}

fn type_of(card: &Card) -> Option<ToolType> {
    ToolType::ALL.get(place_of(card)?).copied()
}

/// Where a tool's type stands among the types.
fn place_of(card: &Card) -> Option<usize> {
    let tool = card.tool.as_ref()?;
    ToolType::ALL.iter().position(|known| known.word() == tool.type_word)
}

fn feedback(planner: &Planner) -> Option<FormView> {
    let section = &planner.settings().sections.toolkit;
    let subject = planner.words().format("forms.feedback_subject", &[("title", &section.title)]);
    section.feedback.then(|| planner.form("feedback", &subject, &section.route))
}
