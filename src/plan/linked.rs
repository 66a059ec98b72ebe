//! What pages say to machines of what they are about: schema.org, as JSON-LD 1.1.
//!
//! Each page has one graph: the way to it, the organisation behind the site, and the thing itself, which its kind
//! describes. Properties are those that search engines publish rules for.

use serde_json::{Map, Value, json};

use crate::model::Card;
use crate::model::card::OccurrenceCard;
use crate::model::common::Common;
use crate::model::registry::Series;
use crate::plan::Planner;
use crate::text::date::Moment;
use crate::view::{ImageView, LinkView, OnlineView, PlaceView};

/// A thing with a type, made property by property; what is not known is left out.
#[derive(Debug)]
pub struct Thing(Map<String, Value>);

impl Thing {
    /// A thing of a type.
    pub fn new(kind: &str) -> Self {
        Self(Map::from_iter([("@type".to_owned(), kind.into())]))
    }

    /// Says something of it.
    #[must_use]
    pub fn with(mut self, property: &str, value: impl Into<Value>) -> Self {
        self.0.insert(property.to_owned(), value.into());
        self
    }

    /// Says something of it that may not be known.
    #[must_use]
    pub fn maybe(self, property: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(property, value),
            None => self,
        }
    }

    /// Says several things of one sort: nothing where there is none, and no list where there is one.
    #[must_use]
    pub fn each(self, property: &str, mut values: Vec<Value>) -> Self {
        match values.len() {
            0 => self,
            1 => self.maybe(property, values.pop()),
            _ => self.with(property, values),
        }
    }
}

impl From<Thing> for Value {
    fn from(thing: Thing) -> Self {
        Self::Object(thing.0)
    }
}

impl Planner<'_> {
    /// What a page is about, if the site tells machines at all.
    pub fn when_structured(&self, thing: impl FnOnce() -> Option<Value>) -> Option<Value> {
        if self.settings().structured_data { thing() } else { None }
    }

    /// The JSON-LD of a page. Nothing in it can end the `script` element that holds it.
    pub fn structured(&self, breadcrumbs: &[LinkView], main: Option<Value>) -> String {
        let mut graph = vec![self.organization()];
        if breadcrumbs.is_empty() {
            graph.push(self.web_site());
        } else {
            graph.push(self.breadcrumb_list(breadcrumbs));
        }
        graph.extend(main);
        script(&json!({"@context": "https://schema.org", "@graph": graph}))
    }

    /// The organisation behind the site, as it is called now; the site itself where none is named.
    fn organization(&self) -> Value {
        let settings = self.settings();
        let found = settings.organisation.as_ref();
        let found = found.and_then(|slug| self.context.registry.organisations.get(&slug.value));
        let name = found.map(|organisation| organisation.name_now(self.desk()));
        Thing::new("Organization")
            .with("@id", self.organization_id())
            .with("name", name.map_or(settings.title.as_str(), |name| &name.name))
            .maybe("alternateName", name.and_then(|name| name.short.clone()))
            .with("url", found.and_then(|found| found.url.clone()).unwrap_or_else(|| settings.absolute("/")))
            .maybe("email", settings.email.clone())
            .into()
    }

    fn organization_id(&self) -> String {
        format!("{}#organisation", self.settings().absolute("/"))
    }

    /// Points at the organisation behind the site, which every page describes.
    pub fn by_organization(&self) -> Value {
        json!({"@id": self.organization_id()})
    }

    fn web_site(&self) -> Value {
        let settings = self.settings();
        Thing::new("WebSite")
            .with("@id", format!("{}#website", settings.absolute("/")))
            .with("name", settings.title.as_str())
            .with("url", settings.absolute("/"))
            .maybe("description", settings.description.clone())
            .with("inLanguage", settings.language.as_str())
            .with("publisher", self.by_organization())
            .into()
    }

    fn breadcrumb_list(&self, breadcrumbs: &[LinkView]) -> Value {
        let item = |(nth, crumb): (usize, &LinkView)| {
            let item = Thing::new("ListItem").with("position", nth + 1).with("name", crumb.title.as_str());
            item.with("item", format!("{}{}", self.settings().origin, crumb.url)).into()
        };
        let items: Vec<Value> = breadcrumbs.iter().enumerate().map(item).collect();
        Thing::new("BreadcrumbList").with("itemListElement", items).into()
    }

    /// What a thing that an entry is about has in common with all others.
    pub fn thing(&self, kind: &str, common: &Common, image: Option<&ImageView>) -> Thing {
        let settings = self.settings();
        let keywords = common.tags.iter().map(|tag| tag.value.as_str()).collect::<Vec<_>>().join(", ");
        Thing::new(kind)
            .with("@id", self.id_of(&common.route))
            .with("url", settings.absolute(&common.route))
            .with("name", common.title.value.as_str())
            .maybe("description", common.summary.clone())
            .maybe("image", image.map(|image| format!("{}{}", settings.origin, image.url)))
            .with("inLanguage", common.lang.as_ref().unwrap_or(&settings.language).as_str())
            .maybe("keywords", Some(keywords).filter(|keywords| !keywords.is_empty()))
    }

    /// What the thing on a page is known by.
    pub fn id_of(&self, route: &str) -> String {
        format!("{}#entry", self.settings().absolute(route))
    }

    /// The persons with some slugs, as far as they are known.
    fn people_things<'s>(&self, slugs: impl Iterator<Item = &'s str>) -> Vec<Value> {
        let person = |slug: &str| {
            let person = self.context.registry.people.get(slug)?;
            let thing = Thing::new("Person").with("name", person.name.as_str());
            Some(thing.with("url", self.settings().absolute(&person.route)).into())
        };
        slugs.filter_map(person).collect()
    }

    /// Those who wrote an entry, or else the organisation behind the site.
    pub fn authors_or_organization(&self, common: &Common) -> Vec<Value> {
        let authors = self.people_things(common.authors.iter().map(|author| author.value.as_str()));
        if authors.is_empty() { vec![self.by_organization()] } else { authors }
    }

    /// An instant with its offset from UTC (ISO 8601).
    pub fn instant(&self, moment: &Moment) -> String {
        moment.rfc3339(&self.settings().zone)
    }

    /// The day or the instant at which something begins or ends.
    pub fn day_or_instant(&self, moment: &Moment, all_day: bool) -> String {
        if all_day || !moment.timed { moment.day().to_string() } else { self.instant(moment) }
    }

    /// The series that an event belongs to.
    pub fn series_thing(&self, series: &Series) -> Value {
        let thing = Thing::new("EventSeries").with("@id", self.id_of(&series.route));
        thing.with("name", series.title.as_str()).with("url", self.settings().absolute(&series.route)).into()
    }

    /// An event of a series, as the page of the series tells of it.
    pub fn event_in_series(&self, card: &Card) -> Option<Value> {
        let event = card.event.as_ref()?;
        let url = self.settings().absolute(&card.route);
        let thing = Thing::new("Event").with("@id", self.id_of(&card.route)).with("name", card.title.as_str());
        Some(self.time_and_place(thing.with("url", url.as_str()), event.status, &event.occurrences, &url)?.into())
    }

    /// Whether, when and where something takes place: from the start of its first occasion to the end of its last.
    pub fn time_and_place(
        &self,
        thing: Thing,
        status: &str,
        occurrences: &[OccurrenceCard],
        url: &str,
    ) -> Option<Thing> {
        let counted = OccurrenceCard::counted(occurrences);
        let (first, last) = (counted.first()?, counted.last()?);
        let previous = counted.iter().find_map(|occurrence| occurrence.previous);
        let previous = previous.filter(|_| status == "rescheduled");
        let thing = thing
            .with("eventStatus", event_status(status))
            .with("startDate", self.day_or_instant(&first.start, first.all_day))
            .maybe("endDate", last.end.as_ref().map(|end| self.day_or_instant(end, last.all_day)))
            .maybe("previousStartDate", previous.map(|previous| self.day_or_instant(&previous, false)))
            .maybe("eventAttendanceMode", attendance(&counted))
            .each("location", locations(&counted, url));
        Some(thing)
    }
}

/// The status of an event in schema.org's words.
fn event_status(word: &str) -> &'static str {
    match word {
        "cancelled" => "https://schema.org/EventCancelled",
        "postponed" => "https://schema.org/EventPostponed",
        "rescheduled" => "https://schema.org/EventRescheduled",
        "moved_online" => "https://schema.org/EventMovedOnline",
        _ => "https://schema.org/EventScheduled",
    }
}

fn attendance(occurrences: &[&OccurrenceCard]) -> Option<&'static str> {
    let in_place = occurrences.iter().any(|occurrence| occurrence.place.is_some());
    match (in_place, occurrences.iter().any(|occurrence| occurrence.online.is_some())) {
        (true, true) => Some("https://schema.org/MixedEventAttendanceMode"),
        (true, false) => Some("https://schema.org/OfflineEventAttendanceMode"),
        (false, true) => Some("https://schema.org/OnlineEventAttendanceMode"),
        (false, false) => None,
    }
}

/// The places of some occasions, each once. One on the net without an address of its own is told of on the event's page.
fn locations(occurrences: &[&OccurrenceCard], url: &str) -> Vec<Value> {
    let mut locations: Vec<Value> = Vec::new();
    for occurrence in occurrences {
        let online = occurrence.online.as_ref().map(|online| virtual_location(online, url));
        for location in occurrence.place.as_ref().map(place).into_iter().chain(online) {
            if !locations.contains(&location) {
                locations.push(location);
            }
        }
    }
    locations
}

fn place(place: &PlaceView) -> Value {
    let address = Thing::new("PostalAddress")
        .maybe("streetAddress", place.address.clone())
        .maybe("addressLocality", place.city.clone());
    let name = place.name.as_ref().or(place.city.as_ref()).unwrap_or(&place.words);
    let thing = Thing::new("Place").with("name", name.as_str()).with("address", address);
    thing.maybe("hasMap", place.map.clone()).into()
}

fn virtual_location(online: &OnlineView, url: &str) -> Value {
    let thing = Thing::new("VirtualLocation").with("name", online.words.as_str());
    thing.with("url", online.url.as_deref().unwrap_or(url)).into()
}

/// JSON for a `script` element: `<` could end it, and U+2028 and U+2029 end lines in old JavaScript.
fn script(value: &Value) -> String {
    let json = value.to_string();
    let is_special = |sign: char| matches!(sign, '<' | '>' | '&' | '\u{2028}' | '\u{2029}');
    if !json.contains(is_special) {
        return json;
    }
    let mut safe = String::with_capacity(json.len());
    for sign in json.chars() {
        match sign {
            sign if is_special(sign) => safe.push_str(&format!("\\u{:04x}", u32::from(sign))),
            sign => safe.push(sign),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_title_can_end_the_script_element() {
        let title = "</script><script>alert(1)</script>\u{2028}&amp; \"citat\" \u{202e}שלום 🎉";
        let written = script(&json!({ "name": title }));
        assert!(!written.contains(['<', '>', '&', '\u{2028}']), "{written}");
        assert_eq!(serde_json::from_str::<Value>(&written).expect("JSON")["name"], title);
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let none: Option<String> = None;
        let thing = Thing::new("Event").maybe("image", none).each("location", Vec::new());
        assert_eq!(Value::from(thing.each("performer", vec![1.into()])), json!({"@type": "Event", "performer": 1}));
    }
}
