//! One page, read as a browser finds it: its links and ids, and what is wrong with it by itself.

use std::borrow::Cow;

use crate::diagnostic::Code;
use crate::document::markdown::{
    DUPLICATE_ID, EMPTY_HEADING, IMAGE_WITHOUT_ALT, SKIPPED_HEADING, TABLE_WITHOUT_HEADER,
};
use crate::gate;
use crate::outside::{DEAD_LINK, Entry, MOVED_LINK, State, UNSURE_LINK};
use crate::text::address;
use crate::text::fingerprint::{FastSet, HashSetExt};
use crate::text::markup::{Element, Tag, decode, small};

gate! { pub PAGE_BASICS = "page-basics", Error, "a page without language, title or first heading",
"A page says in which language it is (WCAG 3.1.1), what it is called (WCAG 2.4.2), and what it is about, in one heading of \
the first level. Templates see to that for all pages." }
gate! { pub NAMELESS_CONTROL = "nameless-control", Error, "a link or a button without words",
"What has no words cannot be heard, spoken to or understood (WCAG 2.4.4, 4.1.2). Words that only listeners need may be \
hidden from sight, or stand in `aria-label`." }
gate! { pub UNANNOUNCED_WINDOW = "unannounced-window", Error, "a link that opens a window and does not say so",
"A window that opens by itself leaves many readers behind: the way back is gone. A link with `target=\"_blank\"` says so \
in its words (WCAG 3.2.5). Most links are better without." }
gate! { pub INLINE_CODE = "inline-code", Error, "a script or a style in the page itself",
"The site is served with a Content-Security-Policy under which browsers run no script and use no style that stands in the \
page: that is what keeps others from putting theirs there. Scripts and styles are files among the theme's assets." }
gate! { pub OUTSIDE_REQUEST = "outside-request", Error, "a page that makes readers' browsers ask another site",
"Whoever is asked learns who reads the page, and the reader was not asked. Pages of an authority fetch all that they \
show from their own site: put a copy among the theme's assets or beside the document." }
gate! { pub NO_STATEMENT_LINK = "no-statement-link", Error, "a page that does not lead to the accessibility statement",
"The statement is to be found from every page (lagen om tillgänglighet till digital offentlig service). The theme puts \
`site.statement` into the footer." }

gate! { pub NO_POLICY = "no-policy", Error, "a page without the policy that was to stand in it",
"With `hosting: [meta]` the policy that keeps others' code out stands in the pages, since the host sends none. It holds for \
what comes after it, so the theme prints `site.policy` before all that browsers fetch." }

pub(in crate::session) const CODES: &[&Code] = &[
    &PAGE_BASICS,
    &NAMELESS_CONTROL,
    &UNANNOUNCED_WINDOW,
    &INLINE_CODE,
    &OUTSIDE_REQUEST,
    &NO_STATEMENT_LINK,
    &NO_POLICY,
];

/// Something wrong, met on a page.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub code: &'static Code,
    pub words: String,
    /// What stands in the file to blame, the surest first.
    pub needles: Vec<String>,
    /// Of a link its target, in all ways of writing it: it may have been found wrong where it is written.
    pub targets: Vec<String>,
    pub help: Cow<'static, str>,
}

impl Fault {
    fn new(code: &'static Code, words: impl Into<String>, needle: impl Into<String>) -> Self {
        Self { code, words: words.into(), needles: vec![needle.into()], targets: Vec::new(), help: Cow::Borrowed("") }
    }

    fn help(self, help: impl Into<Cow<'static, str>>) -> Self {
        Self { help: help.into(), ..self }
    }
}

/// What a browser does with a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Use {
    /// It is followed when the reader wants to.
    Follow,
    /// It is fetched at once.
    Load,
    /// It is told to programs, or sent to by forms.
    Name,
}

/// A target on a page, undecoded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link<'a> {
    pub target: &'a str,
    pub purpose: Use,
}

impl Link<'_> {
    pub(super) fn leads_to(&self, href: &str) -> bool {
        self.target == href
    }
}

/// A heading, link or button that is open.
struct Open<'a> {
    tag: Tag<'a>,
    named: bool,
    new_window: bool,
}

/// Where in a page one is, as far as it says so: the title stands in the head, and drawings have titles of their own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Before `<body>`, which may be left out.
    Head,
    /// In a drawing before that.
    Drawing,
    /// After it.
    Body,
}

/// What has been read of a page.
pub(super) struct Reading<'a> {
    html: &'a str,
    new_window: &'a str,
    /// The policy that stands in the page, until it has been met.
    policy: Option<&'a str>,
    links: Vec<Link<'a>>,
    ids: FastSet<&'a str>,
    faults: Vec<Fault>,
    /// The attributes of the tag at hand.
    attributes: Vec<(&'a str, &'a str)>,
    /// Where the last tag ended.
    at: usize,
    heading: Option<Open<'a>>,
    control: Option<Open<'a>>,
    above: u8,
    first_headings: usize,
    /// For each open table, whether a cell is a heading.
    tables: Vec<bool>,
    part: Part,
    has_title: bool,
    has_language: bool,
}

impl<'a> Reading<'a> {
    pub(super) fn new(html: &'a str, new_window: &'a str, policy: Option<&'a str>) -> Self {
        Self {
            html,
            new_window,
            policy,
            links: Vec::with_capacity(64),
            ids: FastSet::with_capacity(32),
            faults: Vec::new(),
            attributes: Vec::with_capacity(16),
            at: 0,
            heading: None,
            control: None,
            above: 0,
            first_headings: 0,
            tables: Vec::new(),
            part: Part::Head,
            has_title: false,
            has_language: false,
        }
    }

    /// Takes the next tag, and the text before it.
    pub(super) fn tag(&mut self, tag: &Tag<'a>) {
        if self.heading.is_some() || self.control.is_some() {
            self.text(&self.html[self.at..tag.start]);
        }
        if tag.closes {
            self.close(tag);
        } else {
            self.open(tag);
        }
        self.at = tag.end;
    }

    /// The links, the ids and the faults of the page.
    pub(super) fn finish(mut self) -> (Vec<Link<'a>>, FastSet<&'a str>, Vec<Fault>) {
        if !self.has_language {
            self.faults.push(
                Fault::new(&PAGE_BASICS, "the page does not say its language", "<html")
                    .help("write `<html lang=\"{{ site.lang }}\">`"),
            );
        }
        if !self.has_title {
            self.faults.push(Fault::new(&PAGE_BASICS, "the page has no title", "<title"));
        }
        if self.first_headings != 1 {
            let words = format!("the page has {} headings of the first level", self.first_headings);
            self.faults.push(Fault::new(&PAGE_BASICS, words, "<h1").help("write one `<h1>`"));
        }
        if self.policy.is_some() {
            let words = "the page does not have the policy before what browsers fetch";
            let help =
                "write `<meta http-equiv=\"Content-Security-Policy\" content=\"{{ site.policy }}\">` first in `<head>`";
            self.faults.push(Fault::new(&NO_POLICY, words, "<head").help(help));
        }
        (self.links, self.ids, self.faults)
    }

    fn text(&mut self, text: &str) {
        let says_something = text.chars().any(|sign| !sign.is_whitespace()) && text.trim() != "&nbsp;";
        if says_something {
            self.name();
        }
    }

    /// Says that what is open has words.
    fn name(&mut self) {
        self.heading.iter_mut().chain(&mut self.control).for_each(|open| open.named = true);
    }

    fn open(&mut self, tag: &Tag<'a>) {
        let mut attributes = std::mem::take(&mut self.attributes);
        attributes.clear();
        attributes.extend(tag.attributes());
        self.element(&Element { tag, attributes: &attributes });
        self.attributes = attributes;
    }

    fn element(&mut self, element: &Element<'_, 'a>) {
        let tag = element.tag;
        for (name, value) in element.attributes {
            self.attribute(element, name, value);
        }
        match &*tag.element() {
            "body" => self.part = Part::Body,
            "svg" if self.part == Part::Head => self.part = Part::Drawing,
            "html" => self.has_language = element.get("lang").is_some_and(|lang| !lang.is_empty()),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.start_heading(element),
            "a" | "button" if tag.is("button") || element.get("href").is_some() => self.start_control(element),
            "img" => self.image(element),
            "table" => self.tables.push(element.get("role") == Some("presentation")),
            "th" => self.tables.iter_mut().for_each(|has_header| *has_header = true),
            "meta" => self.meta(element),
            "script" => self.script(element),
            "style" => self.inline(tag, "a style"),
            _ => {}
        }
    }

    fn close(&mut self, tag: &Tag<'a>) {
        match &*tag.element() {
            "svg" if self.part == Part::Drawing => self.part = Part::Head,
            "title" if self.part == Part::Head => {
                self.has_title |= self.html[self.at..tag.start].contains(|sign: char| !sign.is_whitespace());
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.end_heading(),
            "a" | "button" => self.end_control(tag),
            "table" => self.end_table(),
            _ => {}
        }
    }

    fn attribute(&mut self, element: &Element<'_, 'a>, name: &str, value: &'a str) {
        let tag = element.tag;
        match &*small(name) {
            "id" => self.id(value),
            "href" if is_followed(tag) => self.link(value, Use::Follow),
            "href" => self.link(value, if tag.is("link") && loads(element) { Use::Load } else { Use::Name }),
            "action" | "cite" => self.link(value, Use::Name),
            "src" | "poster" | "data" => self.link(value, Use::Load),
            "srcset" => {
                let targets = value.split(',').filter_map(|one| one.split_whitespace().next());
                targets.for_each(|target| self.link(target, Use::Load));
            }
            "content" if element.get("property") == Some("og:image") => self.link(value, Use::Name),
            "style" => self.inline(tag, "a style"),
            "aria-label" | "aria-labelledby" if !value.trim().is_empty() => self.name(),
            handler if handler.len() > 2 && handler.starts_with("on") && handler.is_ascii() => {
                self.inline(tag, "a script");
            }
            _ => {}
        }
    }

    fn id(&mut self, id: &'a str) {
        if !self.ids.insert(id) {
            let words = format!("the id `{}` is given twice", id.escape_debug());
            let fault = Fault::new(&DUPLICATE_ID, words, format!("id=\"{id}\""));
            self.faults.push(Fault { targets: vec![id.to_owned()], ..fault });
        }
    }

    fn end_table(&mut self) {
        if self.tables.pop() == Some(false) {
            let words = "the columns of this table have no headings";
            self.faults.push(Fault::new(&TABLE_WITHOUT_HEADER, words, "<table").help("use `<th>` for them"));
        }
    }

    fn link(&mut self, target: &'a str, purpose: Use) {
        self.links.push(Link { target, purpose });
    }

    fn start_heading(&mut self, element: &Element<'_, 'a>) {
        let level = element.tag.name.as_bytes()[1] - b'0';
        self.first_headings += usize::from(level == 1);
        if level > self.above + 1 {
            let words = match self.above {
                0 => format!("the first heading of the page is of level {level}"),
                above => format!("a heading of level {level} follows on one of level {above}"),
            };
            let written = self.html[element.tag.start..element.tag.end].to_owned();
            let needles = vec![written, format!("<h{level}"), format!("{} ", "#".repeat(usize::from(level)))];
            let fault = Fault { needles, ..Fault::new(&SKIPPED_HEADING, words, "") };
            self.faults.push(fault.help("give it the level below the one before it"));
        }
        self.above = level;
        self.heading = Some(Open { tag: *element.tag, named: element.get("aria-label").is_some(), new_window: false });
    }

    fn end_heading(&mut self) {
        if let Some(open) = self.heading.take().filter(|open| !open.named) {
            let written = self.html[open.tag.start..open.tag.end].to_owned();
            self.faults.push(Fault::new(&EMPTY_HEADING, "this heading has no words", written));
        }
    }

    fn start_control(&mut self, element: &Element<'_, 'a>) {
        let named =
            element.get("aria-label").or_else(|| element.get("aria-labelledby")).or_else(|| element.get("title"));
        let new_window = element.get("target") == Some("_blank");
        self.control =
            Some(Open { tag: *element.tag, named: named.is_some_and(|name| !name.trim().is_empty()), new_window });
    }

    fn end_control(&mut self, tag: &Tag<'a>) {
        let Some(open) = self.control.take() else { return };
        let written = &self.html[open.tag.start..open.tag.end];
        let needle = || open.tag.get("href").unwrap_or(written);
        if !open.named {
            let words = format!("`{}` has no words", shortened(written));
            self.faults.push(Fault::new(&NAMELESS_CONTROL, words, needle()));
        }
        if open.new_window {
            let inside = self.html[open.tag.start..tag.start].to_lowercase();
            if !inside.contains(&self.new_window.to_lowercase()) {
                let words = format!("`{}` opens a window and does not say so", shortened(written));
                let help = "take `target` away, or let the words say `{{ t.files.new_window }}`";
                self.faults.push(
                    Fault {
                        needles: vec![needle().to_owned(), "_blank".to_owned()],
                        ..Fault::new(&UNANNOUNCED_WINDOW, words, "")
                    }
                    .help(help),
                );
            }
        }
    }

    fn image(&mut self, element: &Element<'_, 'a>) {
        match element.get("alt") {
            Some(alt) if !alt.trim().is_empty() => self.name(),
            Some(_) => {}
            None => {
                let source = element.get("src").unwrap_or_default();
                let words = format!("the image `{}` has no `alt`", source.escape_debug());
                let needles = vec![source.to_owned(), "<img".to_owned()];
                let fault = Fault { needles, ..Fault::new(&IMAGE_WITHOUT_ALT, words, "") };
                self.faults.push(fault.help("say what it shows, or write `alt=\"\"` for decoration"));
            }
        }
    }

    fn meta(&mut self, element: &Element<'_, 'a>) {
        let is_policy =
            element.get("http-equiv").is_some_and(|name| name.eq_ignore_ascii_case("Content-Security-Policy"));
        let is_first = || self.links.iter().all(|link| link.purpose == Use::Follow);
        if is_policy && is_first() && element.get("content").map(decode).as_deref() == self.policy {
            self.policy = None;
        }
    }

    /// A script in the page; data that no browser runs, such as JSON-LD, is none.
    fn script(&mut self, element: &Element<'_, 'a>) {
        let kind = element.get("type").unwrap_or_default();
        let runs = kind.is_empty() || kind == "module" || kind.ends_with("javascript") || kind == "importmap";
        if element.get("src").is_none() && runs {
            self.inline(element.tag, "a script");
        }
    }

    fn inline(&mut self, tag: &Tag<'a>, what: &str) {
        let written = self.html[tag.start..tag.end].to_owned();
        let words = format!("`{}` holds {what}", shortened(&written));
        let needles = vec![written, format!("<{}", tag.name)];
        let fault = Fault { needles, ..Fault::new(&INLINE_CODE, words, "") };
        self.faults.push(fault.help("browsers ignore it: put it into a file among the theme's assets"));
    }
}

/// Whether readers can follow what a tag leads to.
pub(in crate::session) fn is_followed(tag: &Tag) -> bool {
    tag.is("a") || tag.is("area")
}

/// Whether a browser fetches what a `<link>` names.
fn loads(element: &Element) -> bool {
    let relations = element.get("rel").unwrap_or_default();
    let is_for_browsers = |relation: &str| {
        matches!(
            relation.to_ascii_lowercase().as_str(),
            "stylesheet"
                | "icon"
                | "apple-touch-icon"
                | "manifest"
                | "preload"
                | "prefetch"
                | "modulepreload"
                | "preconnect"
                | "dns-prefetch"
        )
    };
    relations.split_ascii_whitespace().any(is_for_browsers)
}

/// A target that would be fetched from elsewhere. Data in the page itself is fetched from nowhere.
pub(super) fn outside_request(link: &Link, url: &str) -> Option<Fault> {
    let is_outside = url.starts_with("//")
        || url.split(':').next().is_some_and(|scheme| scheme.to_ascii_lowercase().starts_with("http"));
    let words = format!("`{}` is fetched from another site", url.escape_debug());
    let fault = Fault { targets: vec![url.to_owned()], ..Fault::new(&OUTSIDE_REQUEST, words, link.target) };
    is_outside.then(|| fault.help("put a copy into the site"))
}

/// What the ledger knows of an address that is not as it should be.
pub(super) fn known_outside(link: &Link, written: &str, entry: &Entry) -> Option<Fault> {
    let code = match entry.state {
        State::Well => return None,
        State::Moved => &MOVED_LINK,
        State::Dead => &DEAD_LINK,
        State::Unsure => &UNSURE_LINK,
    };
    let words = format!("`{}` {}", written.escape_debug(), entry.words()?);
    let help = match (&entry.to, entry.state) {
        (Some(to), _) => {
            let fragment = written.find('#').map_or("", |at| &written[at..]);
            let warning = if to.is_home() { ", a home page: see whether what you meant is there" } else { "" };
            format!("link to `{to}{fragment}`{warning}")
        }
        (None, State::Dead) => "link to where it is now, or take the link away".to_owned(),
        (None, _) => "try it in a browser".to_owned(),
    };
    Some(Fault { needles: written_forms(link, written), ..Fault::new(code, words, "") }.help(help))
}

/// An address that nobody can be asked for.
pub(super) fn unusable_address(link: &Link, written: &str, reason: &str) -> Fault {
    let words = format!("no browser can open `{}`: {reason}", written.escape_debug());
    Fault { needles: written_forms(link, written), ..Fault::new(&DEAD_LINK, words, "") }
        .help("write the address as browsers show it")
}

/// The ways in which an address may stand in a source: decoded or not, and without the scheme.
fn written_forms(link: &Link, written: &str) -> Vec<String> {
    let bare = written.split_once("://").map_or("", |(_, bare)| bare);
    let decoded = [written, bare].map(|form| address::decode(form).unwrap_or_default());
    [written, link.target, &decoded[0], bare, &decoded[1]].map(str::to_owned).into()
}

/// A page from which the accessibility statement cannot be found.
pub(super) fn no_statement_link(statement: &str) -> Fault {
    let words = format!("the page does not lead to the accessibility statement, `{statement}`");
    Fault::new(&NO_STATEMENT_LINK, words, "<footer").help("put `site.statement` into the footer")
}

fn shortened(written: &str) -> String {
    const MOST: usize = 80;
    match written.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &written[..end]),
        None => written.to_owned(),
    }
}
