//! What templates see: the shared parts of every view.
//!
//! A template gets four things: `site` ([`SiteView`]), `t` (the theme's texts), `page` (the view of its kind or
//! overview, made of the parts below) and `content` (the finished HTML of the body, empty where there is none).
//! Everything is decided here and not in templates: dates are words, addresses are final, flags are set. The
//! types' JSON Schemas are what templates are checked against before anything is written.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, PoisonError};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};

use crate::text::fingerprint::fingerprint;

/// A template, and what makes the schema of the view that it is given.
pub type TemplateSchema = (&'static str, fn() -> Schema);

/// The site, the same on every page.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SiteView {
    /// The site's title.
    pub title: String,
    /// A short line under the title.
    pub tagline: Option<String>,
    /// What the site is, for search engines.
    pub description: Option<String>,
    /// The organisation behind the site.
    pub organisation: Option<LinkView>,
    /// The site's language, BCP 47.
    pub lang: String,
    /// Address of the home page.
    pub url: String,
    /// The policy that stands in the pages, for hosts that send none: the `content` of a `meta` element with
    /// `http-equiv="Content-Security-Policy"`, before all that is fetched.
    pub policy: Option<String>,
    /// The main menu.
    pub menu: Vec<MenuItem>,
    /// The links of the footer.
    pub footer: Vec<LinkView>,
    /// The accessibility statement.
    pub statement: Option<LinkView>,
    /// The e-mail address that stands in for forms.
    pub email: Option<String>,
    /// Who answers for lists, and for pages that name nobody.
    pub owners: Vec<ContactView>,
    /// The site's own feed.
    pub feed: Option<String>,
    /// Addresses of the theme's assets by their name: `site.assets["style.css"]`.
    pub assets: std::collections::BTreeMap<String, String>,
    /// The site's icons, for `link` elements. None where the theme draws none.
    pub icons: Vec<IconView>,
    /// The colour that browsers may give what is around the page, when the theme names one.
    pub theme_color: Option<SchemesView>,
    /// Addresses of the sections' overviews: blog, events, toolkit, people, tags, authors.
    pub sections: std::collections::BTreeMap<String, LinkView>,
    /// The address that search forms ask with `?q=`, and `&section=` where the search is narrowed.
    pub search: Option<String>,
}

/// An item of a menu.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MenuItem {
    /// The words.
    pub title: String,
    /// The address.
    pub url: String,
    /// Equal to `page.head.section` on the pages that belong to it.
    pub section: String,
}

/// A link with its words.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LinkView {
    /// The words.
    pub title: String,
    /// The address.
    pub url: String,
}

/// A colour in both schemes, as CSS writes it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SchemesView {
    /// In a light scheme: `#10506f`.
    pub light: String,
    /// In a dark one.
    pub dark: String,
}

/// An icon of the site.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct IconView {
    /// What it is for: `icon`, `apple-touch-icon`.
    pub rel: String,
    /// Its media type.
    pub r#type: String,
    /// Its sizes: `any`, `32x32`.
    pub sizes: String,
    /// Its address.
    pub url: String,
}

/// What stands around every page.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Head {
    /// For the `title` element: heading, page number and site.
    pub title: String,
    /// For search engines and link previews.
    pub description: Option<String>,
    /// The page's own absolute address.
    pub canonical: String,
    /// The page's address within the site.
    pub url: String,
    /// Which section it belongs to: `blog`, `events`, `toolkit`, `people`, `tags`, `pages`, `search`, `home`.
    pub section: String,
    /// `post`, `event`, `tool`, `page`, `person`, `series`, or the overview's name.
    pub kind: String,
    /// The feeds that concern this page, in each of their formats.
    pub feeds: Vec<FeedLinkView>,
    /// What the page is about in schema.org's words: JSON-LD for a `script` element; print with `| safe`.
    pub structured: Option<String>,
    /// Whether search engines may list it.
    pub indexed: bool,
    /// An image for link previews, with its absolute address: the entry's own, or one that the build has drawn.
    pub image: Option<ImageView>,
    /// How previews show it: `summary_large_image`, or `summary` where there is none, or none that is wide.
    pub card: String,
    /// The language and the country of the page as Open Graph writes them: `sv_SE`.
    pub locale: Option<String>,
    /// When a post was published (RFC 3339).
    pub published: Option<String>,
    /// When it was last changed.
    pub modified: Option<String>,
    /// The way here from the home page; the last one is the page itself. Empty on the home page.
    pub breadcrumbs: Vec<LinkView>,
    /// The notices that concern this page.
    pub notices: Vec<NoticeView>,
}

/// A feed to discover.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FeedLinkView {
    /// What it holds.
    pub title: String,
    /// Its address.
    pub url: String,
    /// Its media type: `application/atom+xml`, `application/feed+json`.
    pub r#type: String,
}

/// A calendar to take along.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CalendarView {
    /// The address of the file.
    pub url: String,
    /// The address to subscribe at: `webcal://…`.
    pub subscribe: String,
}

/// A notice across the site.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct NoticeView {
    /// Its heading.
    pub title: String,
    /// `info`, `warning` or `crisis`.
    pub level: String,
    /// The level in words.
    pub level_words: String,
    /// Its text as HTML; print with `| safe`.
    pub html: String,
    /// When it began.
    pub from: TimeView,
    /// When it ends.
    pub until: Option<TimeView>,
    /// Where to read more.
    pub link: Option<LinkView>,
}

/// A date or a time.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TimeView {
    /// For the `datetime` attribute.
    pub datetime: String,
    /// For people: `17 november 2021`.
    pub words: String,
}

/// A date with its label: published, updated, reviewed, expired.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LabelledDate {
    /// `published`, `updated`, `reviewed`, `review_by`, `expires`.
    pub kind: String,
    /// The label in words.
    pub label: String,
    /// The date.
    pub time: TimeView,
}

/// What every entry has.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct About {
    /// The title as written.
    pub title: String,
    /// The title with the state before it: `Inställt: …`.
    pub heading: String,
    /// The summary.
    pub summary: Option<String>,
    /// The language of the text where it differs from the site's.
    pub lang: Option<String>,
    /// The dates, labelled.
    pub dates: Vec<LabelledDate>,
    /// Who wrote it.
    pub authors: Vec<LinkView>,
    /// Who answers for the page.
    pub owners: Vec<ContactView>,
    /// The tags.
    pub tags: Vec<LinkView>,
    /// What must be said first: cancelled, archived, replaced, overdue.
    pub banners: Vec<Banner>,
    /// The image.
    pub image: Option<ImageView>,
    /// The organisation behind the site, as it was called on the day of the entry.
    pub publisher: Option<OrganisationView>,
    /// The headings of the text, for a table of contents; empty where there are few.
    pub contents: Vec<HeadingView>,
    /// "Läs vidare".
    pub related: Vec<CardView>,
    /// The state of the comments.
    pub comments: Option<CommentsView>,
    /// Whether to ask if the page helped.
    pub feedback: Option<FormView>,
    /// What the writer put under `extra`.
    pub extra: serde_json::Value,
}

/// A heading of the text.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HeadingView {
    /// Its id.
    pub id: String,
    /// Its words.
    pub title: String,
    /// 2 or 3.
    pub level: u8,
}

/// Something that must be said before the text.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Banner {
    /// `cancelled`, `postponed`, `rescheduled`, `moved_online`, `full`, `closed`, `past`, `archived`, `superseded`, `withdrawn`, `replaced`, `review_overdue`, `draft`, `scheduled`, `left`, `ended`.
    pub kind: String,
    /// What it says first.
    pub title: String,
    /// The reason or the details, in sentences.
    pub text: Option<String>,
    /// When it was decided.
    pub date: Option<TimeView>,
    /// Where to read more or what comes instead.
    pub link: Option<LinkView>,
}

/// Who answers for something.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ContactView {
    /// The name.
    pub name: String,
    /// The role.
    pub role: Option<String>,
    /// The organisation, as it is called now, or was when the person left.
    pub organisation: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// The phone number as written.
    pub phone: Option<String>,
    /// The phone number for a `tel:` link.
    pub phone_url: Option<String>,
    /// The person's page, or an address given.
    pub url: Option<String>,
}

/// An organisation as it was called on a day.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct OrganisationView {
    /// The whole name it had then.
    pub name: String,
    /// The short name it had then.
    pub short: Option<String>,
    /// The whole name it has now, when it is another.
    pub name_now: Option<String>,
    /// Its address.
    pub url: Option<String>,
}

/// An image.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ImageView {
    /// The address.
    pub url: String,
    /// The alternative text; empty for a decorative image.
    pub alt: String,
    /// The caption.
    pub caption: Option<String>,
    /// Who made it.
    pub credit: Option<String>,
    /// Width in pixels, where it could be read.
    pub width: Option<u32>,
    /// Height in pixels, where it could be read.
    pub height: Option<u32>,
}

/// A card as lists and other pages show it.
pub type CardView = Prepared<CardParts>;

/// All that lists and other pages show of an entry.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "CardView")]
pub struct CardParts {
    /// The address.
    pub url: String,
    /// `post`, `event`, `tool`, `page`, `person`, `series`.
    pub kind: String,
    /// The kind in words: `Inlägg`.
    pub kind_words: String,
    /// The title with the state before it.
    pub heading: String,
    /// The summary.
    pub summary: Option<String>,
    /// The language where it differs from the site's.
    pub lang: Option<String>,
    /// When it was published (posts, tools, pages).
    pub date: Option<TimeView>,
    /// When it takes place, in words (events): `29–30 januari 2018`.
    pub when: Option<String>,
    /// The day it begins, for a date block (events with a known date).
    pub day: Option<DayView>,
    /// Where it takes place (events): `Göteborg`, `Digitalt`.
    pub place: Option<String>,
    /// The states in words.
    pub badges: Vec<Badge>,
    /// Who wrote it.
    pub authors: Vec<LinkView>,
    /// The type in words (tools).
    pub type_words: Option<String>,
}

/// A day in pieces, for a date block.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DayView {
    /// For the `datetime` attribute.
    pub datetime: String,
    /// `17`
    pub day: String,
    /// `nov`
    pub month: String,
    /// `2021`
    pub year: String,
}

/// A state in a word or two.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Badge {
    /// As in [`Banner::kind`], and `upcoming`, `ongoing`, `open`, `not_open`.
    pub kind: String,
    /// The words.
    pub words: String,
}

/// The state of the comments.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CommentsView {
    /// Whether comments are taken now.
    pub open: bool,
    /// The state in a sentence.
    pub state: String,
    /// The conditions in sentences: log-in, length, last day.
    pub conditions: Vec<String>,
    /// The rules.
    pub rules: Option<LinkView>,
}

/// A form, or the e-mail address that stands in for it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FormView {
    /// `contact`, `feedback` or `subscribe`.
    pub kind: String,
    /// The address the form posts to.
    pub action: Option<String>,
    /// Without one: a `mailto:` address with subject.
    pub mailto: Option<String>,
    /// The e-mail address itself.
    pub email: Option<String>,
    /// The absolute address of the page it stands on, for a hidden field.
    pub page: String,
}

/// One page of a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Pager {
    /// This page's number, from 1.
    pub number: usize,
    /// How many pages there are.
    pub count: usize,
    /// The whole in words: `Sida 2 av 5`.
    pub words: String,
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
    /// The pages to offer: the first, the last and those around this one.
    pub pages: Vec<PagerLink>,
}

/// A page of a list to go to.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PagerLink {
    /// Its number.
    pub number: usize,
    /// Its address.
    pub url: String,
    /// Whether it is this one.
    pub current: bool,
    /// Whether pages are left out before it.
    pub gap: bool,
}

/// A document or address offered to the reader, with a generated label.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ResourceView {
    /// The title.
    pub title: String,
    /// The address.
    pub url: String,
    /// `PDF, 412 kB, 12 sidor, svenska, nytt fönster`; empty when there is nothing to say.
    pub label: String,
    /// The language of what it leads to.
    pub lang: Option<String>,
    /// Whether the link opens a new window.
    pub new_window: bool,
    /// A remark.
    pub note: Option<String>,
}

/// A place.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PlaceView {
    /// Name, address and city in one line.
    pub words: String,
    /// Its name.
    pub name: Option<String>,
    /// Its street address.
    pub address: Option<String>,
    /// The town.
    pub city: Option<String>,
    /// A link to a map.
    pub map: Option<String>,
}

/// A meeting on the net.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct OnlineView {
    /// `Digitalt via Teams`
    pub words: String,
    /// Where to join.
    pub url: Option<String>,
}

/// A part that many pages show, in the form in which templates take it: it is brought into that form once, when the first
/// page is made that shows it. Its shape is that of what it was made of.
pub struct Prepared<T> {
    state: Arc<Mutex<State>>,
    /// Brings it into that form.
    prepare: Prepare,
    /// The print of the part, in whose place it stands where views are compared.
    print: Option<u64>,
    shape: PhantomData<fn() -> T>,
}

/// What there is of a prepared part.
enum State {
    /// The part itself.
    Part(Box<dyn erased_serde::Serialize + Send + Sync>),
    /// The form in which templates take it.
    Form(Form),
}

/// Any part of a view.
pub type Part<'a> = dyn erased_serde::Serialize + 'a;

/// The print of a view or of a part of one: others have others. None of what cannot be written as bytes.
pub fn print(part: &impl Serialize) -> Option<u64> {
    let bytes = postcard::to_extend(part, Vec::with_capacity(4096)).ok()?;
    Some(fingerprint(&bytes))
}

/// What templates take.
pub type Form = Arc<dyn erased_serde::Serialize + Send + Sync>;

/// Brings a part into the form in which templates take it.
pub type Prepare = fn(&Part) -> Form;

impl<T: Serialize + Send + Sync + 'static> Prepared<T> {
    /// A part that will be prepared.
    pub fn new(part: T, prepare: Prepare) -> Self {
        let print = print(&part);
        Self { state: Arc::new(Mutex::new(State::Part(Box::new(part)))), prepare, print, shape: PhantomData }
    }
}

impl<T> Prepared<T> {
    fn form(&self) -> Form {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let form = match &*state {
            State::Form(form) => return form.clone(),
            State::Part(part) => (self.prepare)(&**part),
        };
        *state = State::Form(form.clone());
        form
    }
}

impl<T> Clone for Prepared<T> {
    fn clone(&self) -> Self {
        Self { state: self.state.clone(), prepare: self.prepare, print: self.print, shape: PhantomData }
    }
}

impl<T> fmt::Debug for Prepared<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(std::any::type_name::<Self>())
    }
}

impl<T> Serialize for Prepared<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.print {
            Some(print) if !serializer.is_human_readable() => serializer.serialize_u64(print),
            _ => erased_serde::serialize(&*self.form(), serializer),
        }
    }
}

impl<T: JsonSchema> JsonSchema for Prepared<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}
