//! `site.yaml`: its keys, and what the site has decided with them.
//!
//! Each file in the folder answers for some of the keys, from how they are written to what they mean; here they come together.

mod address;
mod locale;
mod sections;
mod comments;
mod home;
mod feeds;
mod forms;
mod hosting;
mod external_links;
mod tags;
mod pictures;
mod range;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::config::gates::{Gates, SiteWaiverKeys};
use crate::config::headers::Headers;
use crate::data::{self, Located, OneOrMany, Read, Shape};
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::source::Snapshot;
use crate::text::address::encode_to;
use crate::{choice, code, record};
use address::{check_host, host, split_base_url};
use external_links::{ExternalLinksKeys, read_external_links};
use feeds::{FeedKeys, read_feeds};
use home::{HomeKeys, read_home};
use hosting::read_headers;
use locale::{ENGLISH, SWEDISH, check_zone, is_swedish};
use pictures::read_favicon;
use sections::{SectionsKeys, read_sections, refuse_useless};

pub use address::{BAD_ADDRESS, WebAddress, check_route, check_url, refuse_base_url};
pub use comments::{CommentState, Comments};
pub use external_links::ExternalLinks;
pub use feeds::{FeedContent, FeedFormat, Feeds};
pub use forms::Forms;
pub use home::{Home, MenuLink, Menus};
pub use hosting::Hosting;
pub use locale::{Segments, check_language, is_later_page};
pub use pictures::{Favicon, SocialImages};
pub use sections::{Section, Sections};
pub use tags::{TagInfo, Tags};

code! { pub NO_SETTINGS = "no-settings", Error, "there is no `site.yaml`",
"A site is a folder with a `site.yaml` that gives at least `title` and `base_url`; `anslag init` makes one. Run anslag in that \
folder, or name it with `--root`." }

/// The findings of this module.
pub const CODES: &[&Code] = &[
    &NO_SETTINGS,
    &address::BAD_BASE_URL,
    &locale::UNKNOWN_TIME_ZONE,
    &locale::BAD_LANGUAGE,
    &BAD_ADDRESS,
    &address::BAD_URL,
    &range::OUT_OF_RANGE,
];

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

record! {
    /// What `addresses.lock` holds.
    struct AddressesKeys {
        /// Whether the headings of documents are for ever too; false unless given.
        headings: Option<bool>,
    }
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

/// What `site.yaml` takes, for editors.
pub fn shape() -> Shape {
    SiteKeys::shape()
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
                    .help("run anslag in the site's folder, or name the folder with `--root DIR`")
                    .help("`anslag init DIR` makes a new site"),
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
