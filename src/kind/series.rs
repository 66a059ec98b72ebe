//! Series: events that belong together, and what they inherit.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::data::{Located, Node, refuse_keys};
use crate::diagnostic::{Place, Report};
use crate::document::Document;
use crate::kind::Entry;
use crate::kind::event::{
    ChangeKeys, ChangeView, Status, change_link, heading, history, read_changes, read_status, report_forgotten, told,
    undated,
};
use crate::kind::post::entry_facts;
use crate::model::card::Phase;
use crate::model::common::{Desk, read_keys};
use crate::model::registry::{Change, Registry, Series};
use crate::model::{Card, Common, Kind};
use crate::plan::parts::{PageFacts, Topic};
use crate::plan::{CardContext, Planner, View};
use crate::record;
use crate::view::{About, Banner, CalendarView, CardView, Head};

record! {
    /// The keys that only series have.
    pub struct Keys {
        /// The state of all its events, unless an event says otherwise.
        status: Option<Located<Status>>,
        /// Whether all its events are cancelled.
        cancelled: Option<Located<bool>>,
        /// What has happened to them.
        changes: Vec<ChangeKeys>,
    }
}

/// What `series.html` sees.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SeriesView {
    /// What stands around the page.
    pub head: Head,
    /// What every entry has.
    pub about: About,
    /// The events ahead, soonest first.
    pub upcoming: Vec<CardView>,
    /// The events behind, newest first.
    pub past: Vec<CardView>,
    /// What has happened to the whole series, unless a banner has told it all.
    pub changes: Vec<ChangeView>,
    /// The calendar of its events.
    pub calendar: Option<CalendarView>,
    /// The address of its feed.
    pub feed: Option<String>,
}

/// A series.
pub struct SeriesEntry {
    common: Common,
    status: Option<Status>,
    /// Where the status is given.
    status_place: Option<Place>,
    changes: Vec<Change>,
}

impl SeriesEntry {
    /// Reads a series.
    pub fn read(document: &Document, front: &Node, desk: &Desk, report: &mut Report) -> Option<Self> {
        let (common, keys) = read_keys::<Keys>(document, front, Kind::Series, report)?;
        refuse_keys(front, &["id"], "a series", report);
        let common = Common::check(common, document, Kind::Series, desk, report);
        let status = read_status(keys.status.as_ref(), keys.cancelled.as_ref(), report);
        let changes = read_changes(&document.path, keys.changes, &[], desk, report);
        let status_place = keys.status.map(|status| status.place).or(keys.cancelled.map(|cancelled| cancelled.place));
        Some(Self { common: common?, status: status?, status_place, changes: changes? })
    }

    /// What search engines are told of it: schema.org/EventSeries.
    fn linked(&self, about: &About, planner: &Planner) -> Value {
        let events = planner.catalogue.at(planner.catalogue.index.by_series.get(&self.common.slug));
        planner
            .thing("EventSeries", &self.common, about.image.as_ref())
            .with("organizer", planner.by_organization())
            .each("subEvent", events.filter_map(|card| planner.event_in_series(card)).collect())
            .into()
    }

    /// Reports a state whose day nothing says, and a history that says otherwise.
    fn check_told(&self, report: &mut Report) {
        let changes: Vec<&Change> = self.changes.iter().collect();
        report_forgotten(&changes, self.status.as_slice(), report);
        let Some((status, place)) = self.status.zip(self.status_place.as_ref()) else { return };
        if status.is_a_change() && told(status, &changes) == 0 {
            report.push(undated(status, place));
        }
    }

    fn heading(&self, context: &CardContext) -> String {
        heading(context.words, self.status.unwrap_or(Status::Planned), &self.common.title.value)
    }

    /// The banner of a series whose events all share a state, except those that it names.
    fn banner(&self, planner: &Planner, report: &mut Report) -> Option<Banner> {
        let status = self.status.filter(|status| *status != Status::Planned)?;
        let change = self.changes.iter().rev().find(|change| change.what == status.word());
        let reason = change.and_then(|change| change.reason.clone());
        let sentences: Vec<String> = reason.into_iter().chain(self.exceptions(status, planner)).collect();
        let text = Some(sentences.join(" ")).filter(|text| !text.is_empty());
        let banner = planner.banner(status.word(), text);
        Some(Banner {
            date: change.map(|change| planner.words().date(&change.date.value)),
            link: change.and_then(|change| change_link(change, planner, report)),
            ..banner
        })
    }

    /// The events that take place although the series does not, in a sentence.
    fn exceptions(&self, status: Status, planner: &Planner) -> Option<String> {
        let events = planner.catalogue.at(planner.catalogue.index.by_series.get(&self.common.slug));
        let is_held =
            |card: &&Card| card.event.as_ref().is_some_and(|event| !matches!(event.status, "cancelled" | "postponed"));
        let titles: Vec<String> = events.filter(is_held).map(|card| card.title.clone()).collect();
        let titles = (!status.is_held() && !titles.is_empty()).then(|| planner.words().list(&titles))?;
        Some(planner.words().format("banners.exceptions", &[("titles", &titles)]))
    }
}

impl Entry for SeriesEntry {
    fn common(&self) -> &Common {
        &self.common
    }

    fn contribute(&self, _desk: &Desk, registry: &mut Registry) {
        let series = Series {
            title: self.common.title.value.clone(),
            route: self.common.route.clone(),
            status: self.status.map(Status::word),
            status_place: self.status_place.clone(),
            changes: self.changes.clone(),
            path: self.common.path.clone(),
        };
        registry.series.insert(self.common.slug.clone(), series);
    }

    fn card(&self, context: &CardContext, report: &mut Report) -> Card {
        let badge =
            self.status.filter(|status| *status != Status::Planned).map(|status| context.words.badge(status.word()));
        self.check_told(report);
        context.card(&self.common, self.heading(context), badge.into_iter().collect(), report)
    }

    fn template(&self) -> Option<&'static str> {
        Some("series.html")
    }

    fn page(&self, document: &Document, planner: &Planner, report: &mut Report) -> Option<View> {
        let common = &self.common;
        let banner = self.banner(planner, report);
        let heading = self.heading(&planner.context);
        let about = planner.about(common, document, heading, banner.into_iter().collect(), report);
        let section = &planner.settings().sections.events;
        let is_past = |card: &&Card| card.event.as_ref().is_some_and(|event| event.phase == Phase::Past);
        let members = planner.catalogue.index.by_series.get(&common.slug);
        let events = planner.catalogue.at(members);
        let (mut past, upcoming): (Vec<&Card>, Vec<&Card>) = events.partition(is_past);
        past.reverse();
        let kicker = planner.words().of("kinds", Kind::Series.word());
        let facts = entry_facts(common, &about, "events", planner).under(Some(kicker));
        let topic = Topic { series: Some(&common.slug), ..facts.topic.clone() };
        let series = planner.context.registry.series.get(&common.slug);
        let view = SeriesView {
            head: planner.head(PageFacts {
                above: vec![(section.title.clone(), section.route.clone())],
                feeds: series.and_then(|series| planner.feed_of_series(series)).into_iter().collect(),
                main: planner.when_structured(|| Some(self.linked(&about, planner))),
                topic,
                ..facts
            }),
            calendar: planner.calendar(&common.route),
            feed: planner.feed_href(series.and_then(|series| planner.feed_of_series(series))),
            upcoming: planner.cards(upcoming),
            past: planner.cards(past),
            changes: history(&self.changes, self.status.unwrap_or(Status::Planned), planner, report),
            about,
        };
        Some(Box::new(view))
    }
}
