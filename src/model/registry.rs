//! What entries refer to by slug: persons, organisations, series. And the notices, which concern many pages.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::data::{self, Located, Node, NodeKind, Read, Shape, WRONG_TYPE};
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::model::catalogue::UNPUBLISHED_TARGET;
use crate::model::common::{Desk, ImageKeys};
use crate::model::{Kind, Occasion, Waiver};
use crate::source::Snapshot;
use crate::text::date::{Moment, When};
use crate::text::suggest::closest;
use crate::{code, record};

code! { pub UNKNOWN_PERSON = "unknown-person", Error, "a person who is not in `content/people/`",
"Authors and contacts are persons of the site, named by the name of their file in `content/people/`. A page with a \
misspelt author would have nobody who answers for it." }
code! { pub UNKNOWN_ORGANISATION = "unknown-organisation", Error, "an organisation that is not in `content/organisations.yaml`",
"Organisations are listed once, with their names over time, so that every page uses the name that was right on its \
day." }
code! { pub UNKNOWN_SERIES = "unknown-series", Error, "a series that is not in `content/series/`",
"A series is named by the name of its file in `content/series/`. Its events inherit its status, so a misspelt series \
could leave a cancelled conference announced as going ahead." }
code! { pub BAD_NAMES = "bad-names", Error, "names over time that do not follow on each other",
"The names of an organisation stand oldest first. Each but the last has an `until`, later than the one before it." }

/// The findings of this module.
pub const CODES: &[&Code] = &[&UNKNOWN_PERSON, &UNKNOWN_ORGANISATION, &UNKNOWN_SERIES, &BAD_NAMES];

record! {
    struct OrganisationKeys {
        /// The names over time, oldest first.
        names: Vec<NameKeys>,
        /// The organisation's web address.
        url: Option<Located<String>>,
    }
}

record! {
    struct NameKeys {
        /// The whole name.
        name: Located<String>,
        /// The short name.
        short: Option<String>,
        /// The last day of the name; the name in use has none.
        until: Option<Located<When>>,
    }
}

/// What `content/organisations.yaml` takes, for editors.
pub fn shape_of_organisations() -> Shape {
    Shape::Named(Box::new(OrganisationKeys::shape()))
}

/// A person of the site.
#[derive(Clone, Debug)]
pub struct Person {
    /// The file.
    pub path: Arc<str>,
    /// The name.
    pub name: String,
    /// The address of the person's page.
    pub route: String,
    /// The role.
    pub role: Option<String>,
    /// The slug of the organisation.
    pub organisation: Option<Located<String>>,
    /// The e-mail address.
    pub email: Option<String>,
    /// The phone number.
    pub phone: Option<String>,
    /// The last day there.
    pub until: Option<Moment>,
    /// The portrait, with the file that names it.
    pub portrait: Option<(Arc<str>, ImageKeys)>,
}

impl Person {
    /// Whether the last day there has passed.
    pub fn has_left(&self, desk: &Desk) -> bool {
        self.until.is_some_and(|until| desk.is_over(&until, Occasion::PersonLeaves, &self.path))
    }
}

/// An organisation, with its names over time.
#[derive(Clone, Debug)]
pub struct Organisation {
    names: Vec<Name>,
    /// The web address.
    pub url: Option<String>,
}

/// A name of an organisation.
#[derive(Clone, Debug)]
pub struct Name {
    /// The whole name.
    pub name: String,
    /// The short name.
    pub short: Option<String>,
    /// The last day of the name; the name in use has none.
    pub until: Option<Date>,
}

impl Organisation {
    /// All its names, oldest first.
    pub fn names(&self) -> &[Name] {
        &self.names
    }

    /// The name in use at the time of the build.
    pub fn name_now(&self, desk: &Desk) -> &Name {
        let has_ended = |until: Date| {
            let last = When::Day(until).moment_or_earlier(&desk.settings.zone);
            desk.is_over(&last, Occasion::NameChanges, &Arc::from(ORGANISATIONS))
        };
        let in_use = self.names.iter().find(|name| !name.until.is_some_and(has_ended));
        in_use.unwrap_or_else(|| self.last_name())
    }

    fn last_name(&self) -> &Name {
        self.names.last().expect("an organisation without a name was refused")
    }

    /// The name on a day: the one whose last day is not before it.
    pub fn name_on(&self, day: Date) -> &Name {
        let named = self.names.iter().find(|name| name.until.is_none_or(|until| day <= until));
        named.unwrap_or_else(|| self.last_name())
    }
}

/// What a series gives its events.
#[derive(Clone, Debug)]
pub struct Series {
    /// The title.
    pub title: String,
    /// The address.
    pub route: String,
    /// The status that the events inherit, by its word.
    pub status: Option<&'static str>,
    /// Where the status is given.
    pub status_place: Option<Place>,
    /// The changes that the events inherit.
    pub changes: Vec<Change>,
    /// The file.
    pub path: Arc<str>,
}

/// Something that happened to an event or a series.
#[derive(Clone, Debug)]
pub struct Change {
    /// When it was decided, and where that stands.
    pub date: Located<Moment>,
    /// What happened, by its word.
    pub what: &'static str,
    /// Why.
    pub reason: Option<String>,
    /// Where to read more: a web address, or a path from `from`.
    pub link: Option<Located<String>>,
    /// The file that says so.
    pub from: Arc<str>,
    /// When it should have begun.
    pub previous: Option<Moment>,
    /// The occasion that it is about, when not all of them.
    pub occasion: Option<Named>,
}

impl Change {
    /// Whether it is about an occasion.
    pub fn concerns(&self, id: &str) -> bool {
        self.occasion.as_ref().is_none_or(|occasion| occasion.id == id)
    }

    /// Whether it is about an occasion and no other.
    pub fn names(&self, id: &str) -> bool {
        self.occasion.is_some() && self.concerns(id)
    }
}

/// An occasion that a change may name.
#[derive(Clone, Debug)]
pub struct Named {
    /// Its `id`.
    pub id: String,
    /// Its first day and its last.
    pub days: (Date, Date),
}

/// What a notice concerns.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Everything.
    pub all: bool,
    /// Kinds.
    pub kinds: BTreeSet<Kind>,
    /// Sections.
    pub sections: BTreeSet<String>,
    /// Tags.
    pub tags: BTreeSet<String>,
    /// Series.
    pub series: BTreeSet<String>,
}

/// A notice across the site.
#[derive(Clone, Debug)]
pub struct Notice {
    /// The file.
    pub path: Arc<str>,
    /// The heading.
    pub title: String,
    /// `info`, `warning` or `crisis`.
    pub level: &'static str,
    /// Where it stands among the levels: the graver, the higher.
    pub gravity: usize,
    /// When it begins.
    pub from: Moment,
    /// When it ends.
    pub until: Option<Moment>,
    /// What it concerns.
    pub scope: Scope,
    /// Where to read more: target and words.
    pub link: Option<(Located<String>, String)>,
}

/// The entities of a site.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    /// Persons by slug.
    pub people: BTreeMap<String, Person>,
    /// Organisations by slug.
    pub organisations: BTreeMap<String, Organisation>,
    /// Series by slug.
    pub series: BTreeMap<String, Series>,
    /// Notices that are shown now.
    pub notices: Vec<Notice>,
    /// What may fail at a gate for a while: those of the settings, then those of documents that are shown.
    pub waivers: Vec<Waiver>,
    /// Slugs whose own file has errors: a reference to one is not an error of its own.
    pub broken: BTreeSet<(Kind, String)>,
    /// Slugs whose own file is a draft, or is not published yet.
    pub unpublished: BTreeSet<(Kind, String)>,
    /// Whether the organisations could not be read.
    pub organisations_broken: bool,
}

impl Registry {
    /// A person, or a finding.
    pub fn person(&self, slug: &Located<String>, report: &mut Report) -> Option<&Person> {
        self.find(&self.people, Kind::Person, &UNKNOWN_PERSON, slug, "content/people/", report)
    }

    /// A series, or a finding.
    pub fn series(&self, slug: &Located<String>, report: &mut Report) -> Option<&Series> {
        self.find(&self.series, Kind::Series, &UNKNOWN_SERIES, slug, "content/series/", report)
    }

    /// An organisation, or a finding.
    pub fn organisation(&self, slug: &Located<String>, report: &mut Report) -> Option<&Organisation> {
        let found = self.organisations.get(&slug.value);
        if found.is_none() && !self.organisations_broken {
            let help = "add it to `content/organisations.yaml`";
            report.push(unknown(&UNKNOWN_ORGANISATION, "organisation", slug, self.organisations.keys(), help));
        }
        found
    }

    fn find<'a, T>(
        &self,
        all: &'a BTreeMap<String, T>,
        kind: Kind,
        code: &'static Code,
        slug: &Located<String>,
        folder: &str,
        report: &mut Report,
    ) -> Option<&'a T> {
        let found = all.get(&slug.value);
        let key = (kind, slug.value.clone());
        if found.is_none() && self.unpublished.contains(&key) {
            let words = format!("the {} `{}` is not published", kind.word(), slug.value);
            report.push(Diagnostic::new(&UNPUBLISHED_TARGET, words).at(slug.place.clone()).help("publish it first"));
        } else if found.is_none() && !self.broken.contains(&key) {
            let help = format!("add `{folder}{}.md`: `anslag new {} \"…\"`", slug.value.escape_debug(), kind.word());
            report.push(unknown(code, kind.word(), slug, all.keys(), &help));
        }
        found
    }
}

fn unknown<'a>(
    code: &'static Code,
    what: &str,
    slug: &Located<String>,
    known: impl Iterator<Item = &'a String>,
    help: &str,
) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(code, format!("there is no {what} `{}`", slug.value.escape_debug())).at(slug.place.clone());
    match closest(&slug.value, known.map(String::as_str)) {
        Some(meant) => diagnostic.meant(meant),
        None => diagnostic.help(help),
    }
}

/// Where the organisations stand.
pub const ORGANISATIONS: &str = "content/organisations.yaml";

/// Reads `content/organisations.yaml`, if it is there. `None` means that something is wrong in it.
pub fn read_organisations(snapshot: &Snapshot, report: &mut Report) -> Option<BTreeMap<String, Organisation>> {
    let path: Arc<str> = ORGANISATIONS.into();
    let Some(text) = snapshot.text(&path) else { return Some(BTreeMap::new()) };
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let node = data::parse(&path, text, start..text.len(), report)?;
    let NodeKind::Map(entries) = &node.kind else {
        let words = "expected organisations by slug";
        report.push(Diagnostic::new(&WRONG_TYPE, words).at(node.place));
        return None;
    };
    let organisations: Vec<_> =
        entries.iter().map(|(key, node)| Some((key.name.clone(), read_organisation(node, report)?))).collect();
    organisations.into_iter().collect()
}

fn read_organisation(node: &Node, report: &mut Report) -> Option<Organisation> {
    let before = report.mark();
    let keys = OrganisationKeys::read(node, report)?;
    if report.has_errors_since(before) {
        return None;
    }
    check_names(&keys.names, &node.place, report)?;
    let name = |keys: NameKeys| Name {
        name: keys.name.value,
        short: keys.short,
        until: keys.until.map(|until| until.value.moment_or_earlier(&jiff::tz::TimeZone::UTC).day()),
    };
    let url = keys.url.map(|url| crate::config::settings::check_url(url, report)).transpose().ok()?;
    Some(Organisation { names: keys.names.into_iter().map(name).collect(), url })
}

fn check_names(names: &[NameKeys], place: &Place, report: &mut Report) -> Option<()> {
    let finding = |words: &str, place: &Place| {
        let help = "give each former name its last day, `until:`, and write the oldest first";
        Some(Diagnostic::new(&BAD_NAMES, words).at(place.clone()).help(help))
    };
    let mut previous: Option<Timestamp> = None;
    let mut wrong = if names.is_empty() { finding("an organisation has at least one name", place) } else { None };
    for (index, name) in names.iter().enumerate() {
        let last = index + 1 == names.len();
        let until = name.until.as_ref().map(|until| until.value.moment_or_earlier(&jiff::tz::TimeZone::UTC).instant);
        let here = name.until.as_ref().map_or(&name.name.place, |until| &until.place);
        wrong = wrong.or(match until {
            None if !last => finding("a former name needs its last day, `until`", here),
            Some(until) if previous.is_some_and(|previous| until <= previous) => {
                finding("the names do not stand oldest first", here)
            }
            _ => None,
        });
        previous = until;
    }
    match wrong {
        Some(diagnostic) => {
            report.push(diagnostic);
            None
        }
        None => Some(()),
    }
}
