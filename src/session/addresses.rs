//! Addresses are for ever: what was published, held against the finished site, and written down anew.
//!
//! Whatever `addresses.lock` says was there must still be there, lead elsewhere, or be said to be gone. What is new is written
//! down after publishing, and so is what will be there by itself when its day comes: nobody makes a commit then. Pages of a list
//! after the first, files with hashes in their names and what only machines ask for are left out: nobody keeps their addresses.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::checks::ids_of;
use super::contents::{Material, Reading};
use super::home::Home;
use super::site::others;
use super::{Contents, Session, Tree};
use crate::addresses::{ADDRESSES, Addresses, Fate, Line, Since, route_of, written};
use crate::code;
use crate::config::settings::is_later_page;
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::model::catalogue::Missing;
use crate::model::clock::Turn;
use crate::model::{Card, Kind, Occasion};
use crate::overview::redirects::is_page;
use crate::plan::{Output, Recipe};
use crate::text::date::Moment;

code! { pub LOST_ADDRESS = "lost-address", Error, "an address that was published and is no longer there",
"Readers have bookmarked it, other sites lead to it, it stands in print. So an address that was once published stays a page, \
leads to one, or is said to be gone, with the reason. `addresses.lock` knows them all. Put the address among the `aliases` of the \
document that has taken its place; or say `anslag address redirect <old> <new>`, or `anslag address gone <old> --reason \"…\"`." }
code! { pub UNLISTED_ADDRESS = "unlisted-address", Error, "an address that is not in `addresses.lock`",
"With `--locked` nothing is written to `addresses.lock`, so all documents and files must be in it already, as `anslag build` would \
write it. Run `anslag build` and commit the file." }

/// The findings of this module.
pub const CODES: &[&Code] = &[&LOST_ADDRESS, &UNLISTED_ADDRESS];

/// How many pages may be lost by one cause before they are told together.
const MANY: usize = 3;

/// How many addresses are named where there are more.
const NAMED: usize = 3;

/// What is published at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Published {
    /// What it is, as `addresses.lock` has it.
    pub word: &'static str,
    /// The file that says so.
    pub source: Arc<str>,
}

/// What is published, by address as it is written.
pub(super) type AllPublished = BTreeMap<String, Published>;

/// An address that is no longer there.
pub(super) struct Lost<'a> {
    /// As it is written.
    pub address: &'a str,
    /// The same in the site.
    pub route: String,
    /// The heading on its page.
    pub anchor: Option<&'a str>,
    /// What was there.
    pub word: &'a str,
    /// The file that it came from.
    pub source: &'a str,
    /// The line that says so.
    pub place: &'a Place,
}

impl Lost<'_> {
    /// The nearest of some pages under whose address it lay, if it is no page itself.
    fn page_among(&self, pages: &BTreeSet<String>) -> Option<&str> {
        let is_under = self.anchor.is_none() && !is_page(&self.route);
        let mut folders = self.route.rmatch_indices('/').map(|(slash, _)| &self.route[..=slash]);
        folders.find(|folder| is_under && pages.contains(*folder))
    }

    /// The last piece of the address.
    pub fn slug(&self) -> &str {
        self.route.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
    }
}

/// What is at the address of an output, if readers may keep it.
pub(super) fn word_of(output: &Output) -> Option<&'static str> {
    match &output.recipe {
        Recipe::Page { body: Some(path), .. } => Kind::of_path(path).map(Kind::word),
        Recipe::Page { template: "not_found.html" | "gone.html", .. } => None,
        Recipe::Page { .. } if is_later_page(&output.route) => None,
        Recipe::Page { template: "tag.html", .. } => Some("tag"),
        Recipe::Page { template: "author.html", .. } => Some("author"),
        Recipe::Page { .. } => Some("list"),
        // A copy at a former address is none of its own.
        _ if *output.source.path == *ADDRESSES => None,
        Recipe::Copy(path) => path.starts_with("content/").then_some("file"),
        Recipe::Feed(..) => Some("feed"),
        Recipe::Data(_) => output.route.ends_with(".ics").then_some("calendar"),
        Recipe::Drawing(..) | Recipe::Sitemap(_) => None,
    }
}

/// What is published, of all that is planned.
pub(super) fn published<'a>(
    contents: &Contents,
    outputs: impl IntoIterator<Item = (&'a str, Option<&'static str>, &'a Arc<str>)>,
) -> AllPublished {
    let known = outputs
        .into_iter()
        .filter_map(|(route, word, source)| Some((written(route), Published { word: word?, source: source.clone() })));
    let mut published: AllPublished = known.collect();
    let with_page =
        contents.entries.iter().map(|(_, entry)| entry.common()).filter(|common| common.kind != Kind::Notice);
    for common in with_page {
        let alias = || Published { word: "alias", source: common.path.clone() };
        published.extend(common.aliases.iter().map(|route| (written(&route.value), alias())));
    }
    published
}

impl Session {
    /// Holds the site against all that was published before.
    pub fn check_addresses(&self, material: &Material, contents: &Contents, tree: &Tree, report: &mut Report) {
        // Where no theme could be used there is no site to hold against anything; where only texts have changed, all
        // addresses are those of the run before.
        if tree.files.is_empty() || contents.edited.is_some() {
            return;
        }
        let lost = self.lost(contents, tree);
        if !lost.is_empty() {
            self.tell(lost, contents, tree, report);
        }
        if self.options.locked && self.writes_addresses() {
            report.extend(self.unlisted(&self.renewed(material, contents, tree)));
        }
    }

    /// Reports what is lost: together what is lost by one cause, and with a page what lay under its address.
    fn tell(&self, mut lost: Vec<Lost>, contents: &Contents, tree: &Tree, report: &mut Report) {
        let home = Home::new(contents, tree, &self.addresses, &self.settings);
        for ((from, to), moved) in groups(&lost, &home, tree) {
            let first = lost.iter().find(|lost| moved.contains(lost.address));
            report.extend(first.map(|first| moved_together(first, (&from, &to), moved.len())));
            lost.retain(|lost| !moved.contains(lost.address));
        }
        let pages = lost.iter().filter(|lost| lost.anchor.is_none() && lost.route.ends_with('/'));
        let pages: BTreeSet<String> = pages.map(|lost| lost.route.clone()).collect();
        // What lay under the address of a page goes with it, wherever that goes.
        let mut under = BTreeMap::<String, usize>::new();
        lost.retain(|lost| {
            let page = lost.page_among(&pages).map(str::to_owned);
            page.iter().for_each(|page| *under.entry(page.clone()).or_default() += 1);
            page.is_none()
        });
        for lost in &lost {
            let under = under.get(&lost.route).copied().unwrap_or_default();
            report.push(lost_address(lost, under, &home, contents));
        }
    }

    /// The file with what is new, if it is to be written and is another one than there is.
    pub fn new_addresses(&self, material: &Material, contents: &Contents, tree: &Tree) -> Option<String> {
        if self.options.locked || !self.writes_addresses() || contents.edited.is_some() {
            return None;
        }
        let text = self.renewed(material, contents, tree).write();
        self.snapshot.text(ADDRESSES).is_none_or(|before| **before != text).then_some(text)
    }

    /// Every address that was ever published.
    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// Whether this site is the one that readers meet: no preview, and nothing in it that is not published.
    fn writes_addresses(&self) -> bool {
        !self.options.drafts && !self.settings.is_preview
    }

    /// What was published and is not there.
    fn lost<'a>(&'a self, contents: &Contents, tree: &Tree) -> Vec<Lost<'a>> {
        let broken: BTreeSet<&str> = contents
            .catalogue
            .missing
            .iter()
            .filter(|(_, why)| **why == Missing::Broken)
            .map(|(path, _)| &**path)
            .collect();
        // What is not there since something cannot be read is told by that alone.
        let may_be_told = |word: &str, source: &str| {
            broken.is_empty() || (Kind::ALL.iter().any(|kind| kind.word() == word) && !broken.contains(source))
        };
        let lost = self.addresses.lines.iter().filter_map(|(address, line)| {
            let Fate::Present { word, source } = &line.fate else { return None };
            let (route, anchor) = route_of(address);
            let is_there = match anchor {
                None if !is_page(&route) && self.addresses.is_gone_with_its_page(&route) => true,
                None => tree.files.contains_key(&route),
                Some(_) if !self.settings.lasting_headings => true,
                Some(anchor) => has_heading(contents, tree, &route, anchor),
            };
            let is_lost = !is_there && may_be_told(word, source) && self.has_begun(&line.since, contents);
            is_lost.then_some(Lost { address, route, anchor, word, source, place: &line.place })
        });
        lost.collect()
    }

    /// Whether an address is public. Where the file is written, a line whose day has not come and whose address is not there is taken
    /// away by this very build, so nothing is said at that day; else it is then that it is missed.
    fn has_begun(&self, since: &Since, contents: &Contents) -> bool {
        let instant = since.instant(&self.settings.zone);
        let is_written = self.writes_addresses() && !self.options.locked;
        if is_written { instant <= self.options.now } else { contents.clock.has_come_for_words(instant) }
    }

    /// What `--locked` misses in the file.
    fn unlisted(&self, renewed: &Addresses) -> Option<Diagnostic> {
        let is_demanded = |line: &Line| match &line.fate {
            Fate::Present { word, .. } => !matches!(word.as_str(), "list" | "tag" | "author" | "feed" | "calendar"),
            _ => true,
        };
        let is_present = |line: Option<&Line>| line.is_some_and(|line| matches!(line.fate, Fate::Present { .. }));
        let (known, now) = (&self.addresses.lines, &renewed.lines);
        let all: BTreeSet<&String> = known.keys().chain(now.keys()).collect();
        let differing = all.into_iter().filter(|address| {
            let (before, after) = (known.get(*address), now.get(*address));
            let demanded = after.or(before).is_some_and(is_demanded);
            demanded && (before.is_some() != after.is_some() || is_present(before) != is_present(after))
        });
        let differing: Vec<&String> = differing.collect();
        let first = *differing.first()?;
        let words = match differing.len() {
            1 => format!("`{ADDRESSES}` is behind the site at `{first}`"),
            many => format!("`{ADDRESSES}` is behind the site at {many} addresses: {}", some(&differing)),
        };
        let diagnostic =
            Diagnostic::new(&UNLISTED_ADDRESS, words).help("run `anslag build`, and commit the file with the rest");
        Some(match self.snapshot.file(ADDRESSES) {
            Some(file) => diagnostic.at(Place::start_of(&file.path)),
            None => diagnostic,
        })
    }

    /// All that was ever published, with what is new.
    fn renewed(&self, material: &Material, contents: &Contents, tree: &Tree) -> Addresses {
        let zone = &self.settings.zone;
        let today = Since::day(self.options.now.to_zoned(zone.clone()).date());
        let instants = self.instants();
        let later = self.later(material, contents, tree, &instants);
        let mut lines = BTreeMap::new();
        for (address, line) in &self.addresses.lines {
            let has_begun = instants[line.since.as_str()] <= self.options.now;
            let is_settled = !matches!(line.fate, Fate::Present { .. });
            let (route, anchor) = route_of(address);
            let renewed = match (tree.published.get(address), later.get(address)) {
                // What a document's `aliases` say, the lines need not.
                (Some(published), _) if is_settled && published.word == "alias" => Some(line.clone()),
                (Some(published), _) => {
                    let since = if has_begun { line.since.clone() } else { today.clone() };
                    Some(Line { since, ..present(published) })
                }
                _ if is_settled || has_begun || anchor.is_some() || tree.files.contains_key(&route) => {
                    Some(line.clone())
                }
                (None, Some((since, published))) => {
                    // A document may have been put off; of what follows from others the sooner day is the surer.
                    let is_document = Kind::ALL.iter().any(|kind| kind.word() == published.word);
                    let is_sooner = since.instant(zone) < line.since.instant(zone);
                    let since = if is_document || is_sooner { since } else { &line.since };
                    Some(Line { since: since.clone(), ..present(published) })
                }
                // Its day had not come, and will not: nobody has seen it.
                (None, None) => None,
            };
            lines.extend(renewed.map(|line| (address.clone(), line)));
        }
        let now = tree.published.iter().map(|(address, published)| (address, &today, published));
        let later = later.iter().map(|(address, (since, published))| (address, since, published));
        for (address, since, published) in now.chain(later) {
            if !lines.contains_key(address) {
                lines.insert(address.clone(), Line { since: since.clone(), ..present(published) });
            }
        }
        lines.extend(self.headings(contents, &lines, &today));
        Addresses { lines }
    }

    /// The headings that are not written down yet, where they are for ever too.
    fn headings(&self, contents: &Contents, lines: &BTreeMap<String, Line>, today: &Since) -> Vec<(String, Line)> {
        let documents = contents.entries.iter().filter(|_| self.settings.lasting_headings);
        let with_page = documents.filter(|(_, entry)| entry.common().kind != Kind::Notice);
        let headings = with_page.flat_map(|(document, entry)| {
            let page = written(&entry.common().route);
            let address = move |id: &String| format!("{page}#{id}");
            document.outline.headings.iter().map(move |heading| (address(&heading.id), document.path.clone()))
        });
        let new = headings.filter(|(address, _)| !lines.contains_key(address));
        new.map(|(address, source)| {
            (address, Line { since: today.clone(), ..present(&Published { word: "heading", source }) })
        })
        .collect()
    }

    /// The instants at which the days of the lines begin. There are few of them.
    fn instants(&self) -> BTreeMap<&str, Timestamp> {
        let mut instants = BTreeMap::new();
        for line in self.addresses.lines.values() {
            instants.entry(line.since.as_str()).or_insert_with(|| line.since.instant(&self.settings.zone));
        }
        instants
    }

    /// What will be there by itself, each with when: the site is planned once more, as of the last instant at which something is
    /// published, or of which a line tells.
    fn later(
        &self,
        material: &Material,
        contents: &Contents,
        tree: &Tree,
        instants: &BTreeMap<&str, Timestamp>,
    ) -> BTreeMap<String, (Since, Published)> {
        let is_published =
            |turn: &Turn| turn.occasion == Occasion::Published && Kind::of_path(&turn.path) != Some(Kind::Notice);
        let ahead = contents.clock.ahead().into_iter();
        let ahead = ahead.filter(|(_, turns)| turns.iter().any(is_published)).map(|(at, _)| at);
        let last = ahead.chain(instants.values().copied()).max().filter(|last| *last > self.options.now);
        let is_new = |address: &str| !tree.published.contains_key(address);
        last.map(|last| self.at_last(material, contents, is_new, last)).unwrap_or_default()
    }

    fn at_last(
        &self,
        material: &Material,
        now: &Contents,
        is_new: impl Fn(&str) -> bool,
        last: Timestamp,
    ) -> BTreeMap<String, (Since, Published)> {
        let mut unheard = Report::default();
        let then = self.contents(material, last, Some(&now.catalogue.files), &mut unheard);
        let (outputs, _) = self.with_planner(&then, &then.clock, &mut unheard, |planner, report| {
            others(&then, planner, self.theme.as_ref(), report)
        });
        let with_page = then.catalogue.cards.iter().filter(|card| card.kind != Kind::Notice);
        let cards = with_page.map(|card| (card.route.as_str(), Some(card.kind.word()), &card.path));
        let others = outputs.iter().map(|output| (output.route.as_str(), word_of(output), &output.source.path));
        let days = Days::new(self, &then, last);
        let published = published(&then, others.chain(cards)).into_iter();
        let new = published.filter(|(address, _)| is_new(address));
        new.map(|(address, published)| (address.clone(), (days.of(&address, &published), published))).collect()
    }
}

fn present(published: &Published) -> Line {
    let Published { word, source } = published;
    let nowhere = Place::start_of(&Arc::from(ADDRESSES));
    let fate = Fate::Present { word: (*word).to_owned(), source: source.to_string() };
    Line { since: Since::day(jiff::civil::Date::ZERO), fate, place: nowhere }
}

/// When each address will be there that is not yet.
struct Days<'a> {
    session: &'a Session,
    contents: &'a Contents<'a>,
    /// The addresses of documents that are not published yet, with when they are.
    scheduled: BTreeMap<&'a str, Moment>,
    last: Timestamp,
}

impl<'a> Days<'a> {
    fn new(session: &'a Session, contents: &'a Contents, last: Timestamp) -> Self {
        let commons = contents.entries.iter().map(|(_, entry): &&Reading| entry.common());
        let ahead = |moment: &Moment| moment.instant > session.options.now;
        let scheduled = commons.filter_map(|common| Some((common.route.as_str(), common.published.filter(ahead)?)));
        Self { session, contents, scheduled: scheduled.collect(), last }
    }

    /// When something is published: its document, that beside which it lies, or the first of those that it lists. Of others it is
    /// only known that they are there at last.
    fn of(&self, address: &str, published: &Published) -> Since {
        let (route, _) = route_of(address);
        let catalogue = &self.contents.catalogue;
        let of_document =
            self.scheduled.range(..=route.as_str()).next_back().filter(|(own, _)| route.starts_with(**own));
        let of_source = catalogue.card(&published.source).and_then(|card| self.scheduled.get(card.route.as_str()));
        let tag = catalogue.tags.values().find(|tag| route.starts_with(&tag.route));
        let tagged = tag.into_iter().flat_map(|tag| &tag.entries).map(|position| &catalogue.cards[*position]);
        let first = tagged.filter_map(|card: &Card| card.published).min_by_key(|moment| moment.instant);
        let at_last = Moment::of(self.last, &self.session.settings.zone);
        let moment = of_document.map(|(_, moment)| moment).or(of_source).copied().or(first).unwrap_or(at_last);
        Since::of(&moment, &self.session.settings.zone)
    }
}

/// The lost addresses that are elsewhere for one cause: those under an address, all of whose documents are now under another.
fn groups(lost: &[Lost], home: &Home, tree: &Tree) -> BTreeMap<(String, String), BTreeSet<String>> {
    let mut causes: BTreeSet<(String, String)> = BTreeSet::new();
    for lost in lost.iter().filter(|lost| lost.anchor.is_none()) {
        causes.extend(home.of_source(lost).and_then(|route| parted(&lost.route, &route)));
    }
    let mut told: BTreeSet<&str> = BTreeSet::new();
    let mut groups = BTreeMap::new();
    for (from, to) in causes {
        let is_moved = |lost: &&Lost| {
            let rest = lost.route.strip_prefix(&from).filter(|_| lost.anchor.is_none() && !told.contains(lost.address));
            rest.is_some_and(|rest| tree.files.contains_key(&format!("{to}{rest}")))
        };
        let moved: Vec<&str> = lost.iter().filter(is_moved).map(|lost| lost.address).collect();
        // One page with what lay under it has one document, which can say so itself.
        if moved.iter().filter(|address| address.ends_with('/')).count() >= MANY {
            told.extend(&moved);
            groups.insert((from, to), moved.into_iter().map(str::to_owned).collect());
        }
    }
    groups
}

/// What stands before the end that two addresses have in common, if they have one: `/blogg/x/` and `/nytt/x/` are parted by
/// `/blogg/` and `/nytt/`.
fn parted(one: &str, other: &str) -> Option<(String, String)> {
    let common = one.bytes().rev().zip(other.bytes().rev()).take_while(|(one, other)| one == other).count();
    let end = &one[one.len() - common..];
    let slash = end.find('/').filter(|slash| slash + 1 < end.len())?;
    let rest = end.len() - slash - 1;
    Some((one[..one.len() - rest].to_owned(), other[..other.len() - rest].to_owned()))
}

/// "a post", "an event".
pub fn with_article(word: &str) -> String {
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {word}")
}

/// Whether a heading is on its page. Where the page is gone that is told of the page.
fn has_heading(contents: &Contents, tree: &Tree, route: &str, id: &str) -> bool {
    let published = tree.published.get(&written(route)).filter(|published| published.word != "alias");
    let Some(published) = published else { return true };
    let Some(document) = contents.document(&published.source) else { return true };
    let is_heading = document.outline.headings.iter().any(|heading| heading.id == id);
    let has_id = |html: &str| ids_of(html).iter().any(|other| other == id);
    is_heading || tree.files.get(route).and_then(|bytes| bytes.with_text(has_id)).unwrap_or_default()
}

fn lost_address(lost: &Lost, under: usize, home: &Home, contents: &Contents) -> Diagnostic {
    let Lost { address, word, source, .. } = lost;
    let was = match *word {
        "alias" => format!("it led to {source}"),
        word => format!("it was {}, from {source}", with_article(word)),
    };
    let mut diagnostic =
        Diagnostic::new(&LOST_ADDRESS, format!("`{address}` is no longer in the site: {was}")).at(lost.place.clone());
    if under > 0 {
        let addresses = if under == 1 { "another address".to_owned() } else { format!("{under} addresses") };
        diagnostic = diagnostic.label(format!("with {addresses} under it"));
    }
    let why = contents.catalogue.missing.get(*source);
    if why == Some(&Missing::Draft) {
        diagnostic = diagnostic.help(format!("{source} is a draft: take its `draft: true` away"));
    } else if why == Some(&Missing::Scheduled) {
        diagnostic = diagnostic.help(format!("the day of {source} has not come: give it its former `date`"));
    }
    if lost.anchor.is_some() {
        diagnostic = diagnostic.help("give the heading its id back, as in `## Program {#program}`");
    } else if let Some(help) = home.help(lost) {
        diagnostic = diagnostic.help(help);
    }
    let gone = format!("if nothing has taken its place: `anslag address gone {} --reason \"…\"`", quoted(address));
    diagnostic.help(gone).help("if it was never seen by anybody, take this line away")
}

fn moved_together(first: &Lost, (from, to): (&str, &str), count: usize) -> Diagnostic {
    let words =
        format!("{count} addresses under `{from}` are no longer in the site: what was there is now under `{to}`");
    let command = format!("`anslag address redirect {} {} --all`", quoted(&written(from)), quoted(&written(to)));
    Diagnostic::new(&LOST_ADDRESS, words)
        .at(first.place.clone())
        .label("the first of them")
        .help(format!("{command} leads each to its new address"))
        .help("or give what is in `site.yaml` its former `address`")
}

fn some(addresses: &[&String]) -> String {
    let named: Vec<String> = addresses.iter().take(NAMED).map(|address| format!("`{address}`")).collect();
    match addresses.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        more => format!("{}, and {more} more", named.join(", ")),
    }
}

/// An address as it is given to a command.
pub(super) fn quoted(address: &str) -> String {
    let is_plain = |sign: char| sign.is_alphanumeric() || "/-._~".contains(sign);
    if address.chars().all(is_plain) { address.to_owned() } else { format!("'{}'", address.replace('\'', "'\\''")) }
}
