//! `site.yaml`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;

use crate::config::gates::{Gates, SiteWaiverKeys};
use crate::config::headers::Headers;
use crate::data::{self, Key, Located, Node, NodeKind, OneOrMany, Read, Shape, refuse_keys};
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::source::Snapshot;
use crate::text::address::{encode_to, origin, refuse_route, refuse_segment};
use crate::text::collation::is_language;
use crate::text::date::When;
use crate::text::suggest::closest;
use crate::{choice, code, record};

code! { pub NO_SETTINGS = "no-settings", Error, "there is no `site.yaml`",
"A site is a folder with a `site.yaml` that gives at least `title`, `base_url` and `organisation`. Run anslag in that \
folder, or name it with `--root`." }
code! { pub BAD_BASE_URL = "bad-base-url", Error, "an address of the site that cannot be used",
"`base_url` is the address readers use for the site, such as `https://mr.example.org/` or `https://example.org/mr/`. \
Feeds, the sitemap and canonical addresses are made from it." }
code! { pub UNKNOWN_TIME_ZONE = "unknown-time-zone", Error, "a time zone that is not in the database",
"Time zones have names from the IANA database, such as `Europe/Stockholm`." }
code! { pub BAD_LANGUAGE = "bad-language", Error, "a language tag that is not one",
"Languages are given as BCP 47 tags: `sv`, `en`, `fi`, `se`, `en-GB`." }
code! { pub BAD_ADDRESS = "bad-address", Error, "an address that cannot be used",
"Addresses are made of letters, digits and hyphens with slashes between, such as `/konferenser/`. Signs that mean \
something else in an address, spaces, control characters and `..` are refused." }
code! { pub BAD_URL = "bad-url", Error, "a web address that cannot be used",
"Web addresses begin with `https://` or `http://`." }
code! { pub OUT_OF_RANGE = "out-of-range", Error, "a number outside what the key takes",
"Some numbers have limits: a list shows 1 to 500 entries a page, a feed 1 to 1000, an icon 1 to 3 \
letters." }

/// The findings of this module.
pub const CODES: &[&Code] =
    &[&NO_SETTINGS, &BAD_BASE_URL, &UNKNOWN_TIME_ZONE, &BAD_LANGUAGE, &BAD_ADDRESS, &BAD_URL, &OUT_OF_RANGE];

record! {
    /// The keys of `site.yaml`.
    struct SiteKeys {
        /// The site's title.
        title: String,
        /// A short line under the title.
        tagline: Option<String>,
        /// What the site is, in a sentence, for search engines.
        description: Option<String>,
        /// The organisation behind the site, from `content/organisations.yaml`.
        organisation: Option<Located<String>>,
        /// The address readers use for the site.
        base_url: Located<String>,
        /// The language of the site, BCP 47; `sv` unless given.
        language: Option<Located<String>>,
        /// The time zone of all dates, from the IANA database; `Europe/Stockholm` unless given.
        timezone: Option<Located<String>>,
        /// The theme, a folder in `themes/`; `mr` unless given.
        theme: Option<Located<String>>,
        /// What raw HTML in Markdown may do; `safe` unless given.
        raw_html: Option<RawHtml>,
        /// The e-mail address that stands in for forms without an address.
        email: Option<String>,
        /// Who answers for lists, and for pages that name nobody: slugs of persons.
        contact: OneOrMany<Located<String>>,
        /// The sections' titles, addresses and habits.
        sections: Option<SectionsKeys>,
        /// The menus.
        menus: Option<Menus>,
        /// The home page.
        home: Option<HomeKeys>,
        /// The feeds.
        feeds: Option<FeedKeys>,
        /// Whether pages say in schema.org's words what they are about; true unless given.
        structured_data: Option<bool>,
        /// The host in ids of feeds and calendars, which stays when the site moves; that of `base_url` unless given.
        authority: Option<Located<String>>,
        /// Addresses that forms post to.
        forms: Option<Forms>,
        /// For which hosts the headers of answers are written; `[headers]` unless given.
        hosting: Option<Vec<Hosting>>,
        /// Headers that hosts send with every answer besides those of the build.
        headers: Option<Located<Headers>>,
        /// The page with the accessibility statement, as a path from the site's folder.
        statement: Option<Located<String>>,
        /// Checks whose findings are not as grave as they would be by themselves, each with the reason.
        gates: Option<Gates>,
        /// What may fail at a gate for a while.
        waivers: Vec<SiteWaiverKeys>,
        /// How `anslag check --external` asks the addresses outside the site.
        external_links: Option<ExternalLinksKeys>,
        /// What `addresses.lock` holds.
        addresses: Option<AddressesKeys>,
        /// Tags with titles, summaries and other names of theirs.
        tags: Option<Tags>,
        /// Which pages have a picture of their own for link previews; `pages` unless given.
        social_images: Option<SocialImages>,
        /// The site's icon.
        favicon: Option<Favicon>,
    }
}

choice! {
    /// What raw HTML in Markdown may do.
    pub enum RawHtml {
        /// An allow-list; what may harm is an error.
        Safe = "safe",
        /// Every tag is an error.
        None = "none",
        /// Everything is passed through.
        All = "all",
    }
}

choice! {
    /// Which pages have a picture of their own for link previews.
    pub enum SocialImages {
        /// Every entry and every list; entries with an `image` show that.
        Pages = "pages",
        /// None: there is one picture for the whole site.
        Site = "site",
        /// None, and there is none for the site either.
        None = "none",
    }
}

record! {
    /// The site's icon.
    pub struct Favicon {
        /// The letters on it, one to three; the first of the site's title unless given.
        pub letters: Located<String>,
    }
}

record! {
    struct SectionsKeys {
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
    struct SectionKeys {
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

choice! {
    /// Whether comments are taken.
    pub enum CommentState {
        /// They are.
        Open = "open",
        /// Not any longer; what was said stays.
        Closed = "closed",
        /// There are none.
        Off = "off",
    }
}

record! {
    /// The state of comments on a page.
    pub struct Comments {
        /// Whether comments are taken.
        pub state: CommentState,
        /// The most signs a comment may have.
        pub limit: Option<usize>,
        /// Whether one must log in to comment.
        pub login: Option<bool>,
        /// The last day for comments.
        pub closes: Option<Located<When>>,
        /// The page with the rules.
        pub rules: Option<Located<String>>,
    }
}

record! {
    /// The menus.
    pub struct Menus {
        /// At the top of every page.
        pub main: Vec<MenuLink>,
        /// At the bottom of every page.
        pub footer: Vec<MenuLink>,
    }
}

record! {
    /// A menu item.
    pub struct MenuLink {
        /// The words.
        pub title: String,
        /// An address such as `/blogg/`, or a path such as `content/pages/kontakt.md`.
        pub to: Located<String>,
    }
}

record! {
    struct HomeKeys {
        /// The heading; the site's title unless given.
        title: Option<String>,
        /// The first paragraphs.
        introduction: Vec<String>,
        /// How many posts to show; 4 unless given.
        posts: Option<usize>,
        /// How many events to show; 4 unless given.
        events: Option<usize>,
        /// How many tools to show; 3 unless given.
        tools: Option<usize>,
    }
}

record! {
    struct FeedKeys {
        /// How many entries a feed holds; 20 unless given.
        limit: Option<Located<usize>>,
        /// The formats that feeds are written in; `[atom, json]` unless given.
        formats: Option<Located<Vec<FeedFormat>>>,
        /// What a feed says of an entry; `full` unless given.
        content: Option<FeedContent>,
    }
}

choice! {
    /// Hosts, by how they are told what to say with each file.
    pub enum Hosting {
        /// The file `_headers`, which Netlify, Cloudflare Pages and others read.
        Headers = "headers",
        /// The file `.htaccess`, which Apache reads.
        Apache = "apache",
        /// The file `nginx.conf`, for nginx to include.
        Nginx = "nginx",
        /// The file `Caddyfile`, for Caddy to import.
        Caddy = "caddy",
        /// None that sends headers: the policy stands in the pages.
        Meta = "meta",
    }
}

choice! {
    /// The formats of feeds.
    pub enum FeedFormat {
        /// Atom 1.0 (RFC 4287).
        Atom = "atom",
        /// JSON Feed 1.1.
        Json = "json",
    }
}

choice! {
    /// What a feed says of an entry.
    pub enum FeedContent {
        /// The whole text.
        Full = "full",
        /// The summary.
        Summary = "summary",
    }
}

/// What the feeds are like.
#[derive(Clone, Debug)]
pub struct Feeds {
    /// How many entries a feed holds, where its section does not say otherwise.
    pub limit: usize,
    /// The formats they are written in.
    pub formats: Vec<FeedFormat>,
    /// What they say of an entry.
    pub content: FeedContent,
}

record! {
    struct FormKeys {
        /// The contact form.
        contact: Option<Located<String>>,
        /// "Did this page help?"
        feedback: Option<Located<String>>,
        /// Subscription by e-mail.
        subscribe: Option<Located<String>>,
        /// A search to use instead of the site's own; asked with `?q=`, and `&section=` where it is narrowed.
        search: Option<Located<String>>,
    }
}

/// Addresses that forms post to.
#[derive(Clone, Debug, Default)]
pub struct Forms {
    /// The contact form.
    pub contact: Option<String>,
    /// "Did this page help?"
    pub feedback: Option<String>,
    /// Subscription by e-mail.
    pub subscribe: Option<String>,
    /// A search to use instead of the site's own; asked with `?q=`, and `&section=` where it is narrowed.
    pub search: Option<String>,
}

impl Read for Forms {
    const EXPECTED: &'static str = FormKeys::EXPECTED;

    fn read(node: &Node, report: &mut Report) -> Option<Self> {
        let keys = FormKeys::read(node, report)?;
        let mut address =
            |written: Option<Located<String>>| written.map(|written| check_form(written, report)).transpose();
        let (contact, feedback) = (address(keys.contact), address(keys.feedback));
        let (subscribe, search) = (address(keys.subscribe), address(keys.search));
        Some(Self {
            contact: contact.ok()?,
            feedback: feedback.ok()?,
            subscribe: subscribe.ok()?,
            search: search.ok()?,
        })
    }

    fn shape() -> Shape {
        FormKeys::shape()
    }
}

record! {
    struct ExternalLinksKeys {
        /// After how many days an address that was well is asked again; 14 unless given.
        recheck: Option<Located<usize>>,
        /// How many seconds a host is left alone between two requests; 1 unless given.
        pause: Option<Located<usize>>,
        /// How many seconds an answer may take; 20 unless given.
        timeout: Option<Located<usize>>,
    }
}

record! {
    /// What `addresses.lock` holds.
    struct AddressesKeys {
        /// Whether the headings of documents are for ever too; false unless given.
        headings: Option<bool>,
    }
}

/// How the addresses outside the site are asked.
#[derive(Clone, Copy, Debug)]
pub struct ExternalLinks {
    /// After how many days an address that was well is asked again.
    pub recheck: usize,
    /// How long a host is left alone between two requests.
    pub pause: Duration,
    /// How long an answer may take.
    pub timeout: Duration,
}

/// Reports a web address that is not one.
///
/// # Errors
/// It is none; that has been reported.
#[expect(clippy::result_unit_err, reason = "the report has said what is wrong")]
pub fn check_url(written: Located<String>, report: &mut Report) -> Result<String, ()> {
    let url = &written.value;
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let sound = host.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'));
    if sound && !url.contains(|sign: char| sign.is_control() || sign.is_whitespace() || matches!(sign, '"' | '<' | '>'))
    {
        return Ok(written.value);
    }
    report.push(
        Diagnostic::new(&BAD_URL, format!("`{}` is not a web address", url.escape_debug()))
            .at(written.place)
            .help("write it with `https://` first"),
    );
    Err(())
}

/// Reports an address that no form can post to: its host must be one that a policy can name.
fn check_form(written: Located<String>, report: &mut Report) -> Result<String, ()> {
    let place = written.place.clone();
    let url = check_url(written, report)?;
    if origin(&url).is_some() {
        return Ok(url);
    }
    report.push(
        Diagnostic::new(&BAD_URL, format!("`{}` has no host that browsers know", url.escape_debug()))
            .at(place)
            .help("write it as in a browser's address field, such as `https://forms.example.org/contact`"),
    );
    Err(())
}

/// A web address, checked when it is read.
#[derive(Clone, Debug)]
pub struct WebAddress(pub String);

impl Read for WebAddress {
    const EXPECTED: &'static str = "a web address such as `https://example.org/`";

    fn read(node: &Node, report: &mut Report) -> Option<Self> {
        let written = Located::read(node, report)?;
        check_url(written, report).ok().map(Self)
    }

    fn shape() -> Shape {
        Shape::WebAddress
    }
}

record! {
    /// What is said of a tag.
    pub struct TagInfo {
        /// Its title, when it is not the tag itself.
        pub title: Option<String>,
        /// A sentence about it.
        pub summary: Option<String>,
        /// Other words for the same; a document that uses one is told the right one.
        pub aliases: Vec<String>,
    }
}

/// Tags by name.
#[derive(Clone, Debug, Default)]
pub struct Tags(pub BTreeMap<String, TagInfo>);

impl Read for Tags {
    const EXPECTED: &'static str = "tags with `title`, `summary` or `aliases`";

    fn read(node: &Node, report: &mut Report) -> Option<Self> {
        let NodeKind::Map(entries) = &node.kind else {
            report.push(
                Diagnostic::new(&data::WRONG_TYPE, format!("expected {}", Self::EXPECTED)).at(node.place.clone()),
            );
            return None;
        };
        let read = |(key, node): &(Key, Node)| Some((key.name.clone(), TagInfo::read(node, report)?));
        Some(Self(entries.iter().filter_map(read).collect()))
    }

    fn shape() -> Shape {
        Shape::Named(Box::new(TagInfo::shape()))
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

/// The home page.
#[derive(Clone, Debug)]
pub struct Home {
    /// The heading.
    pub title: String,
    /// The first paragraphs.
    pub introduction: Vec<String>,
    /// How many posts to show.
    pub posts: usize,
    /// How many events to show.
    pub events: usize,
    /// How many tools to show.
    pub tools: usize,
}

/// What the site has decided about itself.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The site's title.
    pub title: String,
    /// A short line under the title.
    pub tagline: Option<String>,
    /// What the site is.
    pub description: Option<String>,
    /// The organisation behind the site.
    pub organisation: Option<Located<String>>,
    /// Scheme and host: `https://mr.example.org`.
    pub origin: String,
    /// The path under which the site stands, without the last slash: empty, or `/mr`.
    pub base_path: String,
    /// The site's language.
    pub language: String,
    /// Where the language is given.
    pub language_place: Place,
    /// The time zone of all dates.
    pub zone: TimeZone,
    /// The name of the time zone.
    pub zone_name: String,
    /// The theme's name and where it is given.
    pub theme: Located<String>,
    /// What raw HTML may do.
    pub raw_html: RawHtml,
    /// The e-mail address that stands in for forms.
    pub email: Option<String>,
    /// Who answers for lists, and for pages that name nobody.
    pub contact: Vec<Located<String>>,
    /// The sections.
    pub sections: Sections,
    /// The menus.
    pub menus: Menus,
    /// The home page.
    pub home: Home,
    /// What the feeds are like.
    pub feeds: Feeds,
    /// Whether pages say in schema.org's words what they are about.
    pub structured_data: bool,
    /// The host in ids of feeds and calendars (RFC 4151).
    pub authority: String,
    /// Addresses that forms post to.
    pub forms: Forms,
    /// For which hosts headers are written.
    pub hosting: Vec<Hosting>,
    /// The headers that the site adds.
    pub headers: Headers,
    /// The page with the accessibility statement.
    pub statement: Option<Located<String>>,
    /// The gates that are not as grave as by themselves.
    pub gates: Gates,
    /// What may fail at a gate for a while.
    pub waivers: Vec<SiteWaiverKeys>,
    /// How the addresses outside the site are asked.
    pub external_links: ExternalLinks,
    /// Whether the addresses of headings are for ever too.
    pub lasting_headings: bool,
    /// Whether it is made for another address than the one that `site.yaml` gives: a preview.
    pub is_preview: bool,
    /// What is said of tags.
    pub tags: BTreeMap<String, TagInfo>,
    /// Which pages have a picture of their own for link previews.
    pub social_images: SocialImages,
    /// The letters on the site's icon.
    pub icon_letters: Located<String>,
    /// The keys that `site.yaml` takes, with its own place for findings about the whole.
    pub place: Place,
}

fn is_swedish(language: &str) -> bool {
    language == "sv" || language.starts_with("sv-")
}

/// Pieces of addresses that anslag itself chooses. They are fixed, since published addresses are for ever.
#[derive(Debug)]
pub struct Segments {
    /// The pages of a list, before their number.
    pub page: &'static str,
    /// The series of events.
    pub series: &'static str,
    /// The events that are past.
    pub archive: &'static str,
    /// The tools of a type.
    pub tool_type: &'static str,
    /// The site's own search.
    pub search: &'static str,
    /// The calendar file of a page.
    pub calendar: &'static str,
}

static SWEDISH: Segments = Segments {
    page: "sida",
    series: "serie",
    archive: "arkiv",
    tool_type: "typ",
    search: "sok",
    calendar: "kalender.ics",
};
static ENGLISH: Segments = Segments {
    page: "page",
    series: "series",
    archive: "archive",
    tool_type: "type",
    search: "search",
    calendar: "calendar.ics",
};

/// What `site.yaml` takes, for editors.
pub fn shape() -> Shape {
    SiteKeys::shape()
}

/// Whether an address is that of a page of a list after the first, in any language.
pub fn is_later_page(route: &str) -> bool {
    let mut pieces = route.trim_end_matches('/').rsplit('/');
    let number = pieces.next().is_some_and(|piece| piece.parse::<usize>().is_ok());
    number && pieces.next().is_some_and(|piece| [SWEDISH.page, ENGLISH.page].contains(&piece))
}

impl Settings {
    /// Reads `site.yaml`. `base_url` replaces the one given there.
    pub fn read(snapshot: &Snapshot, base_url: Option<&str>, report: &mut Report) -> Option<Self> {
        let path: Arc<str> = "site.yaml".into();
        let Some(text) = snapshot.text(&path) else {
            if snapshot.refused().any(|refused| *refused == path) {
                return None;
            }
            report.push(
                Diagnostic::new(&NO_SETTINGS, "there is no `site.yaml` here")
                    .help("run anslag in the site's folder, or name the folder with `--root`"),
            );
            return None;
        };
        let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let node = data::parse(&path, text, start..text.len(), report)?;
        let keys = SiteKeys::read(&node, report);
        refuse_useless(&node, report);
        let keys = keys?;
        Self::check(keys, Place::start_of(&path), base_url, report)
    }

    fn check(keys: SiteKeys, place: Place, base_url: Option<&str>, report: &mut Report) -> Option<Self> {
        let default = |value: &str| Located { value: value.to_owned(), place: place.clone() };
        let authority =
            keys.authority.map_or_else(|| Some(host(&keys.base_url.value)), |given| check_host(given, report));
        let own = base_url.and_then(|_| split_base_url(&keys.base_url, &mut Report::default()));
        let is_given = base_url.is_some();
        let base_url = base_url.map_or(keys.base_url, &default);
        let base = split_base_url(&base_url, report);
        let language = keys.language.unwrap_or_else(|| default("sv"));
        let language_place = language.place.clone();
        let language = check_language(language, report);
        let zone_name = keys.timezone.unwrap_or_else(|| default("Europe/Stockholm"));
        let zone = check_zone(&zone_name, report);
        let feeds = read_feeds(keys.feeds, report);
        let external_links = read_external_links(keys.external_links, report);
        let sections = read_sections(keys.sections, language.as_deref().is_some_and(is_swedish), report);
        let is_preview = is_given && own != base;
        let (origin, base_path) = base?;
        let home = read_home(keys.home, &keys.title);
        let icon_letters = read_favicon(keys.favicon, &keys.title, &place, report);
        let hosting = keys.hosting.unwrap_or_else(|| vec![Hosting::Headers]);
        let headers = read_headers(keys.headers, &hosting, report);
        Some(Self {
            title: keys.title,
            tagline: keys.tagline,
            description: keys.description,
            organisation: keys.organisation,
            origin,
            base_path,
            language: language?,
            language_place,
            zone: zone?,
            zone_name: zone_name.value,
            theme: keys.theme.unwrap_or_else(|| default("mr")),
            raw_html: keys.raw_html.unwrap_or(RawHtml::Safe),
            email: keys.email,
            contact: keys.contact.0,
            sections: sections?,
            menus: keys.menus.unwrap_or(Menus { main: Vec::new(), footer: Vec::new() }),
            home,
            feeds: feeds?,
            structured_data: keys.structured_data.unwrap_or(true),
            authority: authority?,
            forms: keys.forms.unwrap_or_default(),
            hosting,
            headers,
            statement: keys.statement,
            gates: keys.gates.unwrap_or_default(),
            waivers: keys.waivers,
            external_links: external_links?,
            lasting_headings: keys.addresses.is_some_and(|keys| keys.headings.unwrap_or(false)),
            is_preview,
            tags: keys.tags.unwrap_or_default().0,
            social_images: keys.social_images.unwrap_or(SocialImages::Pages),
            icon_letters: icon_letters?,
            place,
        })
    }

    /// The pieces of addresses that anslag itself chooses, in the site's language.
    pub fn segments(&self) -> &'static Segments {
        if is_swedish(&self.language) { &SWEDISH } else { &ENGLISH }
    }

    /// The address of the site's own search page. There is none when `forms.search` names another search.
    pub fn own_search(&self) -> Option<String> {
        self.forms.search.is_none().then(|| format!("/{}/", self.segments().search))
    }

    /// A route as it stands in links: with the base path, percent-encoded.
    pub fn href(&self, route: &str) -> String {
        address(&[&self.base_path], route)
    }

    /// A route as an absolute address.
    pub fn absolute(&self, route: &str) -> String {
        address(&[&self.origin, &self.base_path], route)
    }

    /// The settings for texts that are read elsewhere, such as in feeds: every address is absolute.
    #[must_use]
    pub fn elsewhere(&self) -> Self {
        Self { base_path: format!("{}{}", self.origin, self.base_path), origin: String::new(), ..self.clone() }
    }
}

/// A route after what stands before it.
fn address(before: &[&str], route: &str) -> String {
    let mut address = String::with_capacity(before.iter().map(|part| part.len()).sum::<usize>() + route.len());
    address.extend(before.iter().copied());
    encode_to(&mut address, route);
    address
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

fn refuse_useless(node: &Node, report: &mut Report) {
    let Some(sections) = node.get("sections") else { return };
    for (name, keys) in WITHOUT_EFFECT {
        if let Some(section) = sections.get(name) {
            refuse_keys(section, keys, &format!("the section `{name}`"), report);
        }
    }
}

fn split_base_url(written: &Located<String>, report: &mut Report) -> Option<(String, String)> {
    let url = check_url(written.clone(), report).ok()?;
    let host = url.find("://").map_or(0, |scheme| scheme + 3);
    let slash = url[host..].find('/').map_or(url.len(), |slash| host + slash);
    let (origin, path) = url.split_at(slash);
    let path = path.trim_end_matches('/');
    // It stands in what web servers read, where some signs mean something.
    let is_bad = |sign: char| "?#;{}$'`".contains(sign);
    if path.contains(is_bad) || path.split('/').skip(1).any(|segment| refuse_segment(segment).is_some()) {
        report.push(
            Diagnostic::new(&BAD_BASE_URL, format!("`{url}` cannot be the address of a site"))
                .at(written.place.clone())
                .help("write the address of the home page, such as `https://mr.example.org/`"),
        );
        return None;
    }
    Some((origin.to_owned(), path.to_owned()))
}

/// Reports a language tag that is not one.
pub fn check_language(written: Located<String>, report: &mut Report) -> Option<String> {
    if is_language(&written.value) {
        return Some(written.value);
    }
    report.push(
        Diagnostic::new(&BAD_LANGUAGE, format!("`{}` is not a language tag", written.value))
            .at(written.place)
            .help("write a BCP 47 tag such as `sv`, `en` or `fi`"),
    );
    None
}

fn check_zone(written: &Located<String>, report: &mut Report) -> Option<TimeZone> {
    if let Ok(zone) = jiff::tz::db().get(&written.value) {
        return Some(zone);
    }
    let names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    let diagnostic = Diagnostic::new(&UNKNOWN_TIME_ZONE, format!("there is no time zone `{}`", written.value))
        .at(written.place.clone());
    report.push(match closest(&written.value, names.iter().map(String::as_str)) {
        Some(name) => diagnostic.label(format!("did you mean `{name}`?")),
        None => diagnostic.help("write a name from the IANA database, such as `Europe/Stockholm`"),
    });
    None
}

fn in_range(written: &Located<usize>, least: usize, most: usize, report: &mut Report) -> Option<usize> {
    if (least..=most).contains(&written.value) {
        return Some(written.value);
    }
    report.push(
        Diagnostic::new(&OUT_OF_RANGE, format!("{} is not between {least} and {most}", written.value))
            .at(written.place.clone()),
    );
    None
}

/// The most entries that a feed may hold.
const FEED_MOST: usize = 1000;

fn read_feeds(keys: Option<FeedKeys>, report: &mut Report) -> Option<Feeds> {
    let keys = keys.unwrap_or(FeedKeys { limit: None, formats: None, content: None });
    let limit = keys.limit.map_or(Some(20), |limit| in_range(&limit, 1, FEED_MOST, report));
    if let Some(formats) = keys.formats.as_ref().filter(|formats| formats.value.is_empty()) {
        report.push(
            Diagnostic::new(&data::EMPTY_VALUE, "feeds need a format")
                .at(formats.place.clone())
                .help("write `[atom, json]`; a section has no feed with `feed: false`"),
        );
    }
    Some(Feeds {
        limit: limit?,
        formats: keys.formats.map_or_else(|| FeedFormat::ALL.to_vec(), |formats| formats.value),
        content: keys.content.unwrap_or(FeedContent::Full),
    })
}

fn read_external_links(keys: Option<ExternalLinksKeys>, report: &mut Report) -> Option<ExternalLinks> {
    let keys = keys.unwrap_or(ExternalLinksKeys { recheck: None, pause: None, timeout: None });
    let mut read = |written: Option<Located<usize>>, unless_given, least, most| {
        written.map_or(Some(unless_given), |written| in_range(&written, least, most, report))
    };
    let (recheck, pause, timeout) =
        (read(keys.recheck, 14, 1, 365), read(keys.pause, 1, 0, 60), read(keys.timeout, 20, 1, 120));
    let seconds = |number: usize| Duration::from_secs(number as u64);
    Some(ExternalLinks { recheck: recheck?, pause: seconds(pause?), timeout: seconds(timeout?) })
}

/// The host of an address: no scheme, no user, no port, no path, in small letters.
fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    let host = host.rsplit_once(':').filter(|(_, end)| is_port(end)).map_or(host, |(host, _)| host);
    crate::text::address::encode(&host.to_lowercase())
}

fn check_host(written: Located<String>, report: &mut Report) -> Option<String> {
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    if written.value.contains('.') && written.value.split('.').all(is_part) {
        return Some(written.value);
    }
    report.push(
        Diagnostic::new(&BAD_ADDRESS, format!("`{}` is not a host", written.value.escape_debug()))
            .at(written.place)
            .help("write a host that is yours, in small letters, such as `mr.example.org`"),
    );
    None
}

fn read_home(keys: Option<HomeKeys>, title: &str) -> Home {
    let keys =
        keys.unwrap_or(HomeKeys { title: None, introduction: Vec::new(), posts: None, events: None, tools: None });
    Home {
        title: keys.title.unwrap_or_else(|| title.to_owned()),
        introduction: keys.introduction,
        posts: keys.posts.unwrap_or(4),
        events: keys.events.unwrap_or(4),
        tools: keys.tools.unwrap_or(3),
    }
}

/// Reports headers that no host would be told of.
fn read_headers(keys: Option<Located<Headers>>, hosting: &[Hosting], report: &mut Report) -> Headers {
    let Some(Located { value, place }) = keys else { return Headers::default() };
    if hosting.iter().all(|hosting| *hosting == Hosting::Meta) {
        report.push(
            Diagnostic::new(&data::KEY_WITHOUT_EFFECT, "no host is told of these headers")
                .at(place)
                .help("name the host with `hosting`, or take `headers` away"),
        );
    }
    value
}

/// How many letters fit on an icon.
const ICON_LETTERS: usize = 3;

fn read_favicon(keys: Option<Favicon>, title: &str, place: &Place, report: &mut Report) -> Option<Located<String>> {
    let Some(Favicon { letters }) = keys else {
        let first = title.chars().find(|sign| sign.is_alphanumeric()).map(char::to_uppercase);
        return Some(Located { value: first.into_iter().flatten().collect(), place: place.clone() });
    };
    if letters.value.chars().count() <= ICON_LETTERS {
        return Some(letters);
    }
    report.push(
        Diagnostic::new(&OUT_OF_RANGE, format!("`{}` is too much for an icon", letters.value.escape_debug()))
            .at(letters.place)
            .help(format!("write one to {ICON_LETTERS} letters")),
    );
    None
}

fn read_sections(keys: Option<SectionsKeys>, swedish: bool, report: &mut Report) -> Option<Sections> {
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

/// Reads an address such as `/blogg/`, `blogg` or `blogg/` and gives it both slashes.
pub fn check_route(written: Located<String>, report: &mut Report) -> Option<String> {
    let route = format!("/{}/", written.value.trim_matches('/'));
    match refuse_route(&route) {
        None => Some(route),
        Some(reason) => {
            report.push(
                Diagnostic::new(
                    &BAD_ADDRESS,
                    format!("`{}` cannot be an address: {reason}", written.value.escape_debug()),
                )
                .at(written.place)
                .help("write letters, digits and hyphens, with slashes between"),
            );
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_made_of_the_host_alone() {
        let cases = [
            ("https://mr.example.org", "mr.example.org"),
            ("http://MR.example.org:8080/mr/", "mr.example.org"),
            ("https://user:secret@mr.example.org", "mr.example.org"),
            ("https://mänsklig.se", "m%C3%A4nsklig.se"),
        ];
        for (url, expected) in cases {
            assert_eq!(host(url), expected);
        }
    }
}
