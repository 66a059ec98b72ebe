//! The keys that every entry may have, and what they mean once checked.

use std::sync::Arc;

use crate::config::Settings;
use crate::config::gates::WaiverKeys;
use crate::config::settings::{BAD_ADDRESS, Comments, WebAddress, check_language, check_route};
use crate::data::{Fields, Free, Located, Node, NodeKind, OneOrMany, Read, Record, Shape};
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::document::{Document, Outline};
use crate::model::{Clock, Kind, Occasion, Waiver};
use crate::text::address::refuse_segment;
use crate::text::date::{ClockChange, Moment, When};
use crate::text::slug::slug;
use crate::{code, record};

code! { pub CLOCK_CHANGE = "clock-change", Error, "a time that the change of clocks skips or repeats",
"When the clocks go forward an hour is skipped, and when they go back an hour comes twice. A time in such an hour \
means nothing, or two things. Give the offset from UTC: `2018-10-28T02:30+01:00`." }
code! { pub FUTURE_DATE = "future-date", Warning, "a day in the past that has not come",
"`updated` and `reviewed` say what has been done. A day that has not come is mostly a slip, and feeds would show it to \
everybody." }
code! { pub TWO_KEYS = "two-keys", Error, "two keys that say the same thing",
"Some things can be said in two ways, such as `author` and `authors`. Use one of them." }
code! { pub REPEATED_AUTHOR = "repeated-author", Error, "an author who is named twice",
"Each author stands once in `authors`. A name that stands twice is often a slip for somebody else." }
code! { pub BAD_CONTACT = "bad-contact", Error, "a contact that says too little",
"A contact is a person's slug, or a `name` with an `email`, a `phone` or a `url`." }

/// The findings of this module.
pub const CODES: &[&Code] = &[&CLOCK_CHANGE, &FUTURE_DATE, &TWO_KEYS, &REPEATED_AUTHOR, &BAD_CONTACT];

record! {
    /// The keys that every kind has.
    pub struct CommonKeys {
        /// The real title. A state such as "Inställt:" is never typed: it is shown by itself.
        pub title: Located<String>,
        /// When it was published. Never the day of the event itself.
        pub date: Option<Located<When>>,
        /// Who wrote it: the slug of a person.
        pub author: Option<Located<String>>,
        /// Who wrote it, when they are several.
        pub authors: Vec<Located<String>>,
        /// Who answers for the page: slugs of persons, or `name`, `role`, `email`, `phone`, `url`.
        pub contact: OneOrMany<Contact>,
        /// When the text was last changed in substance.
        pub updated: Option<Located<When>>,
        /// When somebody last made sure that the text is still right.
        pub reviewed: Option<Located<When>>,
        /// The day before which somebody should make sure that the text is still right.
        pub review_by: Option<Located<When>>,
        /// The last day of a text that will not be renewed; then it is archived with a banner, at the same address.
        pub expires: Option<Located<When>>,
        /// A sentence or two for lists, feeds and search engines.
        pub summary: Option<String>,
        /// What it is about.
        pub tags: Vec<Located<String>>,
        /// The language of the text, BCP 47, when it is not the site's.
        pub lang: Option<Located<String>>,
        /// The last piece of the address, when it is not the file's name.
        pub slug: Option<Located<String>>,
        /// What feeds and calendars know it by; the slug unless given. Give the former slug when you change that.
        pub id: Option<Located<String>>,
        /// Former addresses that lead here.
        pub aliases: Vec<Located<String>>,
        /// Whether it is kept out of the published site.
        pub draft: Option<bool>,
        /// The image of lists, link previews and the top of the page.
        pub image: Option<ImageKeys>,
        /// Documents to read next, as paths from this file.
        pub related: Vec<Located<String>>,
        /// The document that has taken this one's place, as a path from this file.
        pub replaced_by: Option<Located<String>>,
        /// The state of comments.
        pub comments: Option<Comments>,
        /// Whether the page asks if it helped.
        pub feedback: Option<bool>,
        /// Whether the text calls organisations by former names on purpose.
        pub former_names: Option<bool>,
        /// What may fail at a gate for a while: `code`, `reason`, `owner`, `until`.
        pub waivers: Vec<WaiverKeys>,
        /// Data of your own, for your own templates.
        pub extra: Option<Free>,
    }
}

record! {
    /// An image of an entry.
    pub struct ImageKeys {
        /// The file, as a path from this file.
        pub file: Located<String>,
        /// What the image shows, for those who do not see it; `""` for one that only decorates.
        pub alt: Located<AltText>,
        /// The words under it.
        pub caption: Option<String>,
        /// Who made it.
        pub credit: Option<String>,
    }
}

/// An alternative text, which may be empty on purpose.
#[derive(Clone, Debug)]
pub struct AltText(pub String);

impl Read for AltText {
    const EXPECTED: &'static str = "a text, or `\"\"` for an image that only decorates";

    fn read(node: &Node, report: &mut Report) -> Option<Self> {
        match &node.kind {
            NodeKind::Text(text) if text.trim().is_empty() => Some(Self(String::new())),
            _ => String::read(node, report).map(Self),
        }
    }

    fn shape() -> Shape {
        Shape::MaybeEmpty
    }
}

record! {
    /// A contact that is not one of the site's persons.
    pub struct OutsideContact {
        /// The name.
        pub name: String,
        /// The role.
        pub role: Option<String>,
        /// The e-mail address.
        pub email: Option<String>,
        /// The phone number.
        pub phone: Option<String>,
        /// A web address.
        pub url: Option<WebAddress>,
    }
}

/// Who answers for something.
#[derive(Clone, Debug)]
pub enum Contact {
    /// One of the site's persons, by slug.
    Person(Located<String>),
    /// Somebody else.
    Outside(OutsideContact),
}

impl Read for Contact {
    const EXPECTED: &'static str = "the slug of a person, or `name` with `email`, `phone` or `url`";

    fn read(node: &Node, report: &mut Report) -> Option<Self> {
        if !matches!(node.kind, NodeKind::Map(_)) {
            return Located::read(node, report).map(Self::Person);
        }
        let before = report.mark();
        let contact = OutsideContact::read(node, report)?;
        // A misspelt key is said already.
        if report.has_errors_since(before) {
            return Some(Self::Outside(contact));
        }
        if contact.email.is_none() && contact.phone.is_none() && contact.url.is_none() {
            report.push(
                Diagnostic::new(&BAD_CONTACT, format!("there is no way to reach {}", contact.name))
                    .at(node.place.clone())
                    .help("add `email:`, `phone:` or `url:`"),
            );
            return None;
        }
        Some(Self::Outside(contact))
    }

    fn shape() -> Shape {
        Shape::Either(vec![String::shape(), OutsideContact::shape()])
    }
}

/// What reading an entry may know: the settings and the time, and no other file.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// The site's settings.
    pub settings: &'a Settings,
    /// The time of the build.
    pub clock: &'a Clock,
    /// Whether drafts and what is not yet published are shown.
    pub drafts: bool,
}

impl Desk<'_> {
    /// The moment of a date as written, or a finding when the clocks were changed in that hour.
    pub fn moment(&self, when: &Located<When>, report: &mut Report) -> Option<Moment> {
        match when.value.moment(&self.settings.zone) {
            Ok(moment) => Some(moment),
            Err(change) => {
                report.push(clock_change(change, when, &self.settings.zone_name));
                None
            }
        }
    }

    /// The same for a date that may be absent. The outer `None` is a finding.
    #[expect(clippy::option_option, reason = "absent and wrong are two things")]
    pub fn maybe(&self, when: Option<&Located<When>>, report: &mut Report) -> Option<Option<Moment>> {
        match when {
            None => Some(None),
            Some(when) => self.moment(when, report).map(Some),
        }
    }

    /// Whether a moment has come, at which something happens to a file.
    pub fn has_come(&self, moment: &Moment, occasion: Occasion, path: &Arc<str>) -> bool {
        self.clock.has_come(moment.instant, occasion, path)
    }

    /// Whether what lasts until a moment is over; then something happens to a file.
    pub fn is_over(&self, moment: &Moment, occasion: Occasion, path: &Arc<str>) -> bool {
        self.clock.has_come(moment.over(&self.settings.zone), occasion, path)
    }
}

fn clock_change(change: ClockChange, when: &Located<When>, zone: &str) -> Diagnostic {
    let words = match change {
        ClockChange::Skipped => "this time does not exist: the clocks go forward over it",
        ClockChange::Twice => "this time comes twice: the clocks go back over it",
    };
    Diagnostic::new(&CLOCK_CHANGE, words)
        .at(when.place.clone())
        .label(format!("in {zone}"))
        .help("choose another time, or give the offset from UTC, such as `+01:00`")
}

/// What every entry has, checked.
#[derive(Clone, Debug)]
pub struct Common {
    /// The file.
    pub path: Arc<str>,
    /// What it is.
    pub kind: Kind,
    /// The beginning of the front matter, for findings about the whole.
    pub place: Place,
    /// The title as written.
    pub title: Located<String>,
    /// The last piece of the address.
    pub slug: String,
    /// What feeds and calendars know it by, among those of its kind.
    pub id: String,
    /// The address.
    pub route: String,
    /// When it was published.
    pub published: Option<Moment>,
    /// When it was last changed in substance.
    pub updated: Option<Moment>,
    /// When somebody last made sure that it is still right.
    pub reviewed: Option<Moment>,
    /// When somebody should make sure next.
    pub review_by: Option<Moment>,
    /// The last day it holds.
    pub expires: Option<Moment>,
    /// Who wrote it.
    pub authors: Vec<Located<String>>,
    /// Who answers for it.
    pub contact: Vec<Contact>,
    /// The summary, or the beginning of the text.
    pub summary: Option<String>,
    /// What it is about, as written.
    pub tags: Vec<Located<String>>,
    /// The language, when it is not the site's.
    pub lang: Option<String>,
    /// Former addresses.
    pub aliases: Vec<Located<String>>,
    /// Whether it is a draft.
    pub draft: bool,
    /// The image.
    pub image: Option<ImageKeys>,
    /// What to read next.
    pub related: Vec<Located<String>>,
    /// What has taken its place.
    pub replaced_by: Option<Located<String>>,
    /// The state of comments.
    pub comments: Option<Comments>,
    /// Whether the page asks if it helped.
    pub feedback: Option<bool>,
    /// Whether the text calls organisations by former names on purpose.
    pub former_names: bool,
    /// What may fail at a gate for a while.
    pub waivers: Vec<Waiver>,
    /// Data of the writer's own.
    pub extra: serde_json::Value,
}

/// The keys of all kinds that a kind cannot do without, besides those that none can.
pub fn required(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Post | Kind::Event | Kind::Tool => &["date"],
        Kind::Page | Kind::Person | Kind::Series | Kind::Notice => &[],
    }
}

/// Reads the keys of a document: those of all kinds, and those of its own kind in the record `R`.
pub fn read_keys<R: Record>(
    document: &Document,
    front: &Node,
    kind: Kind,
    report: &mut Report,
) -> Option<(CommonKeys, R)> {
    let mut fields = Fields::open(front, document.place.clone(), "keys such as `title: …`", report)?;
    let common = CommonKeys::read_fields(&mut fields);
    let own = R::read_fields(&mut fields);
    for key in required(kind) {
        fields.require::<()>(key);
    }
    fields.finish(&[CommonKeys::KEYS, R::KEYS]);
    common.zip(own)
}

impl Common {
    /// Checks the keys that all kinds have.
    pub fn check(keys: CommonKeys, document: &Document, kind: Kind, desk: &Desk, report: &mut Report) -> Option<Self> {
        let slug = read_slug(keys.slug, &document.path, report);
        let authors = read_authors(keys.author, keys.authors, report);
        let mut moment = |when: &Option<Located<When>>| desk.maybe(when.as_ref(), report).flatten();
        let published = moment(&keys.date);
        let (updated, reviewed) = (moment(&keys.updated), moment(&keys.reviewed));
        let done = [&keys.updated, &keys.reviewed];
        let (review_by, expires) = (moment(&keys.review_by), moment(&keys.expires));
        let lang = keys.lang.and_then(|lang| check_language(lang, report));
        let aliases = keys.aliases.into_iter().filter_map(|alias| read_alias(alias, report)).collect();
        let id = keys.id.map(|id| read_id(id, report).ok_or(())).transpose();
        done.into_iter().flatten().for_each(|when| check_done(when, published.as_ref(), desk, report));
        let waiver = |keys| Waiver::of_document(keys, &document.path, desk, report);
        let waivers = keys.waivers.into_iter().filter_map(waiver).collect();
        let slug = slug?;
        Some(Self {
            path: document.path.clone(),
            kind,
            place: document.place.clone(),
            title: keys.title,
            route: route(kind, &slug, desk.settings),
            id: id.ok()?.unwrap_or_else(|| slug.clone()),
            slug,
            published,
            updated,
            reviewed,
            review_by,
            expires,
            authors,
            contact: keys.contact.0,
            summary: keys.summary.or_else(|| summary_of(&document.outline)),
            tags: keys.tags,
            lang: lang.filter(|lang| *lang != desk.settings.language),
            aliases,
            draft: keys.draft.unwrap_or(false),
            image: keys.image,
            related: keys.related,
            replaced_by: keys.replaced_by,
            comments: keys.comments,
            feedback: keys.feedback,
            former_names: keys.former_names.unwrap_or(false),
            waivers,
            extra: keys.extra.map_or_else(|| serde_json::Value::Object(serde_json::Map::new()), |extra| extra.0),
        })
    }

    /// Whether readers may see it: no draft, and its day has come.
    pub fn is_published(&self, desk: &Desk) -> bool {
        let is_due = |published| desk.has_come(&published, Occasion::Published, &self.path);
        desk.drafts || (!self.draft && self.published.is_none_or(is_due))
    }

    /// Whether it is shown to those alone who look at a preview.
    pub fn is_previewed(&self, desk: &Desk) -> bool {
        desk.drafts && !self.is_published(&Desk { drafts: false, ..*desk })
    }

    /// Whether its last day has passed.
    pub fn is_archived(&self, desk: &Desk) -> bool {
        self.expires.is_some_and(|expires| desk.is_over(&expires, Occasion::Archived, &self.path))
    }
}

fn read_slug(written: Option<Located<String>>, path: &str, report: &mut Report) -> Option<String> {
    if let Some(written) = written {
        let letters = (!written.value.is_ascii()).then_some("it holds letters beyond a to z");
        let Some(reason) = refuse_segment(&written.value).or(letters) else { return Some(written.value) };
        let good = slug(&written.value);
        let words = format!("`{}` cannot be part of an address: {reason}", written.value.escape_debug());
        let diagnostic = Diagnostic::new(&BAD_ADDRESS, words).at(written.place);
        report.push(if good.is_empty() { diagnostic } else { diagnostic.help(format!("write `{good}`")) });
        return None;
    }
    let name = slug(stem(path));
    if name.is_empty() {
        report.push(
            Diagnostic::new(&BAD_ADDRESS, "no address can be made from the file's name")
                .at(Place::start_of(&path.into()))
                .help("add `slug:` with letters, digits and hyphens"),
        );
        return None;
    }
    Some(name)
}

/// Reports a day on which something was done that has not come. Of what is published later, nothing is known yet.
pub fn check_done(when: &Located<When>, published: Option<&Moment>, desk: &Desk, report: &mut Report) {
    let is_ahead = |moment: &Moment| !desk.clock.has_come_for_words(moment.instant);
    let moment = when.value.moment_or_earlier(&desk.settings.zone);
    if is_ahead(&moment) && !desk.drafts && !published.is_some_and(is_ahead) {
        let words = format!("{} has not come yet", moment.html());
        report.push(Diagnostic::new(&FUTURE_DATE, words).at(when.place.clone()).help("correct the date"));
    }
}

/// Reads what feeds and calendars know an entry by: it becomes part of their ids.
fn read_id(written: Located<String>, report: &mut Report) -> Option<String> {
    let letters = (!written.value.is_ascii()).then_some("it holds letters beyond a to z");
    let Some(reason) = refuse_segment(&written.value).or(letters) else { return Some(written.value) };
    let words = format!("`{}` cannot be an id: {reason}", written.value.escape_debug());
    report.push(Diagnostic::new(&BAD_ADDRESS, words).at(written.place).help("write letters, digits and hyphens"));
    None
}

/// The name of a document: of the file, or of its folder when it is a bundle.
pub fn stem(path: &str) -> &str {
    let path = path.strip_suffix("/index.md").or_else(|| path.strip_suffix(".md")).unwrap_or(path);
    path.rsplit('/').next().unwrap_or(path)
}

fn read_authors(one: Option<Located<String>>, many: Vec<Located<String>>, report: &mut Report) -> Vec<Located<String>> {
    if let (Some(one), Some(first)) = (&one, many.first()) {
        report.push(
            Diagnostic::new(&TWO_KEYS, "`author` and `authors` say the same thing")
                .at(one.place.clone())
                .related(first.place.clone(), "`authors` is here")
                .help("keep one of them"),
        );
        return many;
    }
    let authors: Vec<Located<String>> = one.into_iter().chain(many).collect();
    for (index, author) in authors.iter().enumerate() {
        if authors[..index].iter().any(|other| other.value == author.value) {
            report.push(
                Diagnostic::new(
                    &REPEATED_AUTHOR,
                    format!("the author `{}` is named twice", author.value.escape_debug()),
                )
                .at(author.place.clone())
                .help("keep one of them"),
            );
        }
    }
    authors
}

fn read_alias(written: Located<String>, report: &mut Report) -> Option<Located<String>> {
    let place = written.place.clone();
    if written.value.starts_with("//") || !written.value.starts_with('/') {
        report.push(
            Diagnostic::new(&BAD_ADDRESS, format!("`{}` is not an address of this site", written.value.escape_debug()))
                .at(place)
                .help("write it from the first slash after the site's name, such as `/gammal/adress/`"),
        );
        return None;
    }
    // An alias may be a file (`/gammal.html`), which keeps its last piece as it is.
    let is_file =
        written.value.rsplit('/').next().is_some_and(|last| last.contains('.') && last != "." && last != "..");
    let route = check_route(written, report)?;
    let value = if is_file { route.trim_end_matches('/').to_owned() } else { route };
    Some(Located { value, place })
}

fn route(kind: Kind, slug: &str, settings: &Settings) -> String {
    let sections = &settings.sections;
    match kind {
        Kind::Post => format!("{}{slug}/", sections.blog.route),
        Kind::Event => format!("{}{slug}/", sections.events.route),
        Kind::Series => format!("{}{}/{slug}/", sections.events.route, settings.segments().series),
        Kind::Tool => format!("{}{slug}/", sections.toolkit.route),
        Kind::Person => format!("{}{slug}/", sections.people.route),
        Kind::Page | Kind::Notice => format!("/{slug}/"),
    }
}

/// What is said of a document that does not say it itself: how its text begins.
pub fn summary_of(outline: &Outline) -> Option<String> {
    (!outline.excerpt.is_empty()).then(|| shorten(&outline.excerpt, 300))
}

/// Cuts a text between words, with an ellipsis.
pub fn shorten(text: &str, most: usize) -> String {
    let Some((cut, _)) = text.char_indices().nth(most) else { return text.to_owned() };
    let end = text[..cut].rfind(char::is_whitespace).unwrap_or(cut);
    format!(
        "{}…",
        text[..end].trim_end_matches(|sign: char| sign.is_whitespace() || matches!(sign, ',' | '.' | ';' | ':'))
    )
}
