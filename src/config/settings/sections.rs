//! The sections of the site: their titles, addresses and habits.

use super::address::check_route;
use super::comments::Comments;
use super::feeds::FEED_MOST;
use super::range::in_range;
use crate::data::{Located, Node, refuse_keys};
use crate::diagnostic::Report;
use crate::record;

record! {
    pub struct SectionsKeys {
        /// Posts.
        blog: Option<SectionKeys>,
        /// Events.
        events: Option<SectionKeys>,
        /// Tools.
        toolkit: Option<SectionKeys>,
        /// Persons.
        people: Option<SectionKeys>,
        /// Tags.
        tags: Option<SectionKeys>,
        /// Authors.
        authors: Option<SectionKeys>,
    }
}

record! {
    pub struct SectionKeys {
        /// The title, as in menus and headings.
        title: Option<String>,
        /// The address, such as `/blogg/`.
        address: Option<Located<String>>,
        /// A sentence about it.
        summary: Option<String>,
        /// How many entries a page of a list shows; 20 unless given.
        per_page: Option<Located<usize>>,
        /// Whether it has a feed; true unless given.
        feed: Option<bool>,
        /// How many entries its feeds hold, when not as many as others.
        feed_limit: Option<Located<usize>>,
        /// Whether its events have calendar files; true unless given.
        calendar: Option<bool>,
        /// Whether its pages ask if they helped; false unless given.
        feedback: Option<bool>,
        /// The page about the blog, as a path from the site's folder.
        about: Option<Located<String>>,
        /// The state of comments where an entry says nothing.
        comments: Option<Comments>,
    }
}

/// All sections, by the names used in `site.yaml`.
#[derive(Clone, Debug)]
pub struct Sections {
    /// Posts.
    pub blog: Section,
    /// Events.
    pub events: Section,
    /// Tools.
    pub toolkit: Section,
    /// Persons.
    pub people: Section,
    /// Tags.
    pub tags: Section,
    /// Authors.
    pub authors: Section,
}

impl Sections {
    /// The sections with their names.
    pub fn all(&self) -> [(&'static str, &Section); 6] {
        [
            ("blog", &self.blog),
            ("events", &self.events),
            ("toolkit", &self.toolkit),
            ("people", &self.people),
            ("tags", &self.tags),
            ("authors", &self.authors),
        ]
    }
}

/// A section of the site.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its title.
    pub title: String,
    /// Its route: `/blogg/`.
    pub route: String,
    /// A sentence about it.
    pub summary: Option<String>,
    /// How many entries a page of a list shows.
    pub per_page: usize,
    /// Whether it has a feed.
    pub feed: bool,
    /// How many entries its feeds hold, when not as many as others.
    pub feed_limit: Option<usize>,
    /// Whether its events have calendar files.
    pub calendar: bool,
    /// Whether its pages ask if they helped.
    pub feedback: bool,
    /// The page about it, as a path.
    pub about: Option<Located<String>>,
    /// The state of comments where an entry says nothing.
    pub comments: Option<Comments>,
}

pub(super) fn read_sections(keys: Option<SectionsKeys>, swedish: bool, report: &mut Report) -> Option<Sections> {
    let (blog, events, toolkit, people, tags, authors) = match keys {
        Some(keys) => (keys.blog, keys.events, keys.toolkit, keys.people, keys.tags, keys.authors),
        None => Default::default(),
    };
    let mut read = |keys, in_swedish: (&str, &str), in_english: (&str, &str)| {
        let (title, route) = if swedish { in_swedish } else { in_english };
        read_section(keys, title, route, report)
    };
    let blog = read(blog, ("Blogg", "/blogg/"), ("Blog", "/blog/"));
    let events = read(events, ("Konferenser", "/konferenser/"), ("Conferences", "/conferences/"));
    let toolkit = read(toolkit, ("Metodstöd", "/metodstod/"), ("Toolkit", "/toolkit/"));
    let people = read(people, ("Personer", "/personer/"), ("People", "/people/"));
    let tags = read(tags, ("Ämnen", "/amnen/"), ("Topics", "/topics/"));
    let blog_route = blog.as_ref().map_or("/", |blog| &blog.route);
    let (in_swedish, in_english) = (format!("{blog_route}skribenter/"), format!("{blog_route}authors/"));
    let authors = read(authors, ("Skribenter", &in_swedish), ("Authors", &in_english));
    Some(Sections { blog: blog?, events: events?, toolkit: toolkit?, people: people?, tags: tags?, authors: authors? })
}

fn read_section(keys: Option<SectionKeys>, title: &str, route: &str, report: &mut Report) -> Option<Section> {
    let Some(keys) = keys else {
        return Some(Section {
            title: title.to_owned(),
            route: route.to_owned(),
            summary: None,
            per_page: 20,
            feed: true,
            feed_limit: None,
            calendar: true,
            feedback: false,
            about: None,
            comments: None,
        });
    };
    let route = keys.address.map_or_else(|| Some(route.to_owned()), |written| check_route(written, report));
    let per_page = keys.per_page.map_or(Some(20), |number| in_range(&number, 1, 500, report));
    let feed_limit = keys.feed_limit.map(|limit| in_range(&limit, 1, FEED_MOST, report).ok_or(())).transpose();
    Some(Section {
        title: keys.title.unwrap_or_else(|| title.to_owned()),
        route: route?,
        summary: keys.summary,
        per_page: per_page?,
        feed: keys.feed.unwrap_or(true),
        feed_limit: feed_limit.ok()?,
        calendar: keys.calendar.unwrap_or(true),
        feedback: keys.feedback.unwrap_or(false),
        about: keys.about,
        comments: keys.comments,
    })
}

/// Which keys of a section do nothing there.
const WITHOUT_EFFECT: [(&str, &[&str]); 6] = [
    ("blog", &["calendar"]),
    ("events", &["about"]),
    ("toolkit", &["about", "calendar", "per_page"]),
    ("people", &["about", "calendar", "comments", "feed", "feed_limit", "feedback", "per_page"]),
    ("tags", &["about", "calendar", "comments", "feedback"]),
    ("authors", &["about", "calendar", "comments", "feedback"]),
];

pub(super) fn refuse_useless(node: &Node, report: &mut Report) {
    let Some(sections) = node.get("sections") else { return };
    for (name, keys) in WITHOUT_EFFECT {
        if let Some(section) = sections.get(name) {
            refuse_keys(section, keys, &format!("the section `{name}`"), report);
        }
    }
}
