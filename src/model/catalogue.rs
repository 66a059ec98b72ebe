//! All cards and all files, and where a reference leads.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use crate::data::Located;
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::model::common::stem;
use crate::model::files::{SiteFile, extension};
use crate::model::{Card, Kind};
use crate::text::address::{Target, decode, relative, resolve};
use crate::text::fingerprint::{FastMap, HashMapExt};
use crate::text::suggest::closest_of_many;
use crate::view::CardView;
use crate::{code, gate};

gate! { pub MISSING_TARGET = "missing-target", Error, "a link or reference to something that is not there",
"Links and references are paths from the file that holds them, as in an editor or on a code host: \
`../events/mr-2020-goteborg.md`, `inbjudan.pdf`. Addresses of the site, such as `/blogg/`, are checked as well. A dead \
link is found here and not by a reader." }
gate! { pub MISSING_ANCHOR = "missing-anchor", Error, "a link to a heading that is not on the page",
"What stands after `#` in a link is the id of a heading or of another element on that page. Ids are made from the \
words of the heading, or given as `## Rubrik {#id}`." }
code! { pub OUTSIDE_SITE = "outside-site", Error, "a path that leaves the site's folder",
"A path with more `..` than there are folders leads out of the site, where nothing can be published from." }
code! { pub UNPUBLISHED_TARGET = "unpublished-target", Error, "a link to something that is not published",
"The document that the link leads to is a draft, or its day of publication has not come. Readers would meet a dead \
link. Publish the document, or take the link away until then." }
code! { pub WRONG_KIND = "wrong-kind", Error, "a reference to another kind of document than the key wants",
"Some references want a certain kind: a post announces events, and a tool is replaced by a tool." }
code! { pub NOTICE_TARGET = "notice-target", Error, "a link to a document that is no page",
"Notices are shown on other pages and have no page of their own. Link to the page that tells more." }

code! { pub SHARED_ID = "shared-id", Error, "two entries with one id",
"Feeds and calendars know an entry by its `id`, or else by its slug. Were two to have the same, one would take the \
place of the other in every reader and every calendar." }

/// The findings of this module.
pub const CODES: &[&Code] =
    &[&MISSING_TARGET, &MISSING_ANCHOR, &OUTSIDE_SITE, &UNPUBLISHED_TARGET, &WRONG_KIND, &NOTICE_TARGET, &SHARED_ID];

/// A tag and what has it.
#[derive(Clone, Debug)]
pub struct Tag {
    /// The tag as written.
    pub name: String,
    /// Its title.
    pub title: String,
    /// A sentence about it.
    pub summary: Option<String>,
    /// The address of its page.
    pub route: String,
    /// The entries that have it, newest first, as positions in the catalogue.
    pub entries: Vec<usize>,
}

/// Why a document is not in the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// It has errors of its own, which are reported.
    Broken,
    /// It is a draft.
    Draft,
    /// Its day has not come.
    Scheduled,
}

/// All cards and addresses.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// The cards, in order of path.
    pub cards: Vec<Card>,
    /// Where each document's card is.
    pub by_path: FastMap<Arc<str>, usize>,
    /// Documents without a card.
    pub missing: FastMap<Arc<str>, Missing>,
    /// The files beside the documents.
    pub files: Arc<Files>,
    /// The tags, by slug.
    pub tags: BTreeMap<String, Tag>,
    /// Which entries belong together.
    pub index: Index,
    /// The cards as pages show them, from the first page on that does: in the benchmark six pages show each.
    shown: Vec<OnceLock<CardView>>,
    /// The paths of documents and files by the name a writer knows them by.
    by_name: BTreeMap<String, Vec<Arc<str>>>,
}

/// The files beside the documents, by path.
pub type Files = BTreeMap<Arc<str>, SiteFile>;

/// Entries in order and by what they have in common, as positions in the catalogue.
#[derive(Debug, Default)]
pub struct Index {
    /// All posts, newest first.
    pub posts: Vec<usize>,
    /// The posts of each author, newest first.
    pub by_author: FastMap<String, Vec<usize>>,
    /// What each person answers for, in order of path.
    pub by_owner: FastMap<String, Vec<usize>>,
    /// The events of each series, by day.
    pub by_series: FastMap<String, Vec<usize>>,
    /// The posts that announce each event, newest first, by the event's path.
    pub announced_by: FastMap<String, Vec<usize>>,
    /// Where each post stands among `posts`.
    place_of_post: FastMap<usize, usize>,
}

impl Index {
    fn new(cards: &[Card]) -> Self {
        let mut index = Self::default();
        let positions = |kind| cards.iter().enumerate().filter(move |(_, card)| card.kind == kind);
        index.posts = positions(Kind::Post).map(|(position, _)| position).collect();
        index.posts.sort_by(|one, other| newest_first(&cards[*one], &cards[*other]));
        index.place_of_post = index.posts.iter().enumerate().map(|(place, position)| (*position, place)).collect();
        for position in &index.posts {
            let card = &cards[*position];
            for author in &card.authors {
                index.by_author.entry(author.clone()).or_default().push(*position);
            }
            for event in card.announces.iter().filter_map(|target| resolve(&card.path, &target.value)) {
                index.announced_by.entry(event).or_default().push(*position);
            }
        }
        for (position, card) in cards.iter().enumerate() {
            for owner in &card.owners {
                index.by_owner.entry(owner.clone()).or_default().push(position);
            }
        }
        let mut events: Vec<_> =
            positions(Kind::Event).filter_map(|(position, card)| Some((card.event.as_ref()?, position))).collect();
        events.sort_by_key(|(event, position)| (event.first, *position));
        for (event, position) in events {
            if let Some(series) = &event.series {
                index.by_series.entry(series.clone()).or_default().push(position);
            }
        }
        index
    }
}

/// The newest first; of the same moment, in order of path.
pub fn newest_first(one: &Card, other: &Card) -> std::cmp::Ordering {
    other.published.cmp(&one.published).then_with(|| one.path.cmp(&other.path))
}

/// Where a reference leads.
#[derive(Clone, Copy, Debug)]
pub enum Destination<'a> {
    /// To an entry's page.
    Card(&'a Card),
    /// To a file.
    File(&'a SiteFile),
    /// Nowhere yet, for a reason that is reported elsewhere.
    Unknown,
}

impl Catalogue {
    /// Makes the catalogue of cards that stand in order of path.
    pub fn new(cards: Vec<Card>, missing: FastMap<Arc<str>, Missing>, files: Arc<Files>) -> Self {
        let by_path = cards.iter().enumerate().map(|(index, card)| (card.path.clone(), index)).collect();
        let index = Index::new(&cards);
        let mut by_name: BTreeMap<String, Vec<Arc<str>>> = BTreeMap::new();
        for path in cards.iter().map(|card| &card.path).chain(files.keys()) {
            by_name.entry(stem(path).to_owned()).or_default().push(path.clone());
        }
        let shown = cards.iter().map(|_| OnceLock::new()).collect();
        Self { cards, by_path, missing, files, tags: BTreeMap::new(), index, shown, by_name }
    }

    /// Reports entries of one kind that feeds and calendars would take for each other.
    pub fn check_ids(&self, report: &mut Report) {
        let mut seen: FastMap<(Kind, &str), &Card> = FastMap::with_capacity(self.cards.len());
        for card in self.cards.iter().filter(|card| card.kind != Kind::Notice) {
            // Two with one address are reported as such.
            let first = seen.insert((card.kind, &card.id), card).filter(|first| first.route != card.route);
            if let Some(first) = first {
                let words = format!("the id `{}` belongs to another {}", card.id.escape_debug(), card.kind.word());
                report.push(
                    Diagnostic::new(&SHARED_ID, words)
                        .at(card.place.clone())
                        .related(first.place.clone(), "the other is here")
                        .help("give one of them another `id`; without one, the slug counts"),
                );
            }
        }
    }

    /// The card of a document.
    pub fn card(&self, path: &str) -> Option<&Card> {
        self.by_path.get(path).map(|index| &self.cards[*index])
    }

    /// A card as pages show it. It is made for the first of them.
    pub fn shown(&self, card: &Card, make: impl FnOnce() -> CardView) -> CardView {
        match self.by_path.get(&card.path) {
            Some(index) => self.shown[*index].get_or_init(make).clone(),
            None => make(),
        }
    }

    /// All cards of a kind, in order of path.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Card> {
        self.cards.iter().filter(move |card| card.kind == kind)
    }

    /// The cards at some positions.
    pub fn at<'a>(&'a self, positions: Option<&'a Vec<usize>>) -> impl Iterator<Item = &'a Card> {
        positions.into_iter().flatten().map(|position| &self.cards[*position])
    }

    /// The posts written just before and just after a post.
    pub fn neighbours(&self, path: &str) -> (Option<&Card>, Option<&Card>) {
        let place = self.by_path.get(path).and_then(|position| self.index.place_of_post.get(position));
        let Some(place) = place else { return (None, None) };
        let post = |place: usize| self.index.posts.get(place).map(|position| &self.cards[*position]);
        (post(place + 1), place.checked_sub(1).and_then(post))
    }

    /// Where a path leads from a file, or a finding at `place`.
    pub fn find(&self, from: &str, target: &str, place: &Place, report: &mut Report) -> Option<Destination<'_>> {
        match self.look(from, target, place) {
            Ok(destination) => Some(destination),
            Err(diagnostic) => {
                report.push(*diagnostic);
                None
            }
        }
    }

    fn look(&self, from: &str, target: &str, place: &Place) -> Result<Destination<'_>, Box<Diagnostic>> {
        let refuse = |code, words: String| Diagnostic::new(code, words).at(place.clone());
        let shown = target.escape_debug();
        let Some(path) = resolve(from, target) else {
            return Err(Box::new(refuse(&OUTSIDE_SITE, format!("`{shown}` leads out of the site's folder"))));
        };
        if let Some(card) = self.card(&path) {
            if card.kind == Kind::Notice {
                return Err(Box::new(refuse(&NOTICE_TARGET, format!("`{shown}` is a notice, which has no page"))));
            }
            return Ok(Destination::Card(card));
        }
        if let Some(file) = self.files.get(path.as_str()) {
            return Ok(Destination::File(file));
        }
        match self.missing.get(path.as_str()) {
            Some(Missing::Broken) => Ok(Destination::Unknown),
            Some(why @ (Missing::Draft | Missing::Scheduled)) => Err(Box::new(
                refuse(&UNPUBLISHED_TARGET, format!("`{shown}` is not published"))
                    .label(if *why == Missing::Draft { "a draft" } else { "its day has not come" })
                    .help("publish it, or take the link away until then"),
            )),
            None => {
                Err(Box::new(self.not_there(from, &path, refuse(&MISSING_TARGET, format!("there is no `{shown}`")))))
            }
        }
    }

    /// Says what was probably meant: a file of the same sort with the same name elsewhere, or with a name like it.
    fn not_there(&self, from: &str, path: &str, diagnostic: Diagnostic) -> Diagnostic {
        let fits = |known: &&Arc<str>| &***known != from && extension(known) == extension(path);
        let named = |name: &str| self.by_name.get(name).and_then(|paths| paths.iter().find(fits));
        let alike = || named(closest_of_many(stem(path), self.by_name.keys().map(String::as_str))?);
        match named(stem(path)).or_else(alike) {
            Some(meant) => diagnostic.meant(relative(from, meant)),
            None => diagnostic.help("paths start from the folder of this file"),
        }
    }

    /// The card that a reference leads to, unless its day has not come: what to read next, what a post announces and
    /// what takes a page's place fill themselves as days come.
    pub fn reference_when_published(
        &self,
        from: &str,
        reference: &Located<String>,
        kinds: &[Kind],
        report: &mut Report,
    ) -> Option<&Card> {
        let path = resolve(from, &reference.value);
        if path.is_some_and(|path| self.missing.get(path.as_str()) == Some(&Missing::Scheduled)) {
            return None;
        }
        self.reference(from, reference, kinds, report)
    }

    /// The card that a reference in front matter leads to, or a finding.
    pub fn reference(
        &self,
        from: &str,
        reference: &Located<String>,
        kinds: &[Kind],
        report: &mut Report,
    ) -> Option<&Card> {
        let path = match Target::of(&reference.value) {
            Target::File(path, None) => path,
            _ => "",
        };
        if path.is_empty() {
            report.push(
                Diagnostic::new(
                    &MISSING_TARGET,
                    format!("`{}` is not a path to a document", reference.value.escape_debug()),
                )
                .at(reference.place.clone())
                .help("write a path from this file, such as `../events/mr-2020-goteborg.md`"),
            );
            return None;
        }
        match self.find(from, path, &reference.place, report)? {
            Destination::Card(card) if kinds.is_empty() || kinds.contains(&card.kind) => Some(card),
            Destination::Unknown => None,
            Destination::Card(card) => {
                report.push(wrong_kind(reference, card.kind.word(), kinds));
                None
            }
            Destination::File(_) => {
                report.push(wrong_kind(reference, "file", kinds));
                None
            }
        }
    }

    /// The file that a reference in front matter leads to, or a finding.
    pub fn file(&self, from: &str, reference: &Located<String>, report: &mut Report) -> Option<&SiteFile> {
        match self.find(from, &reference.value, &reference.place, report)? {
            Destination::File(file) => Some(file),
            Destination::Unknown => None,
            Destination::Card(card) => {
                report.push(
                    Diagnostic::new(
                        &WRONG_KIND,
                        format!("expected a path to: file; this leads to: {}", card.kind.word()),
                    )
                    .at(reference.place.clone()),
                );
                None
            }
        }
    }
}

/// Reports an anchor that is not among a page's ids. Says whether it is.
pub fn check_anchor(anchors: &[String], anchor: &str, page: &str, place: &Place, report: &mut Report) -> bool {
    let anchor = decode(anchor).unwrap_or_default();
    // `#` alone, and `#top`, are the beginning of any page (HTML, "Navigating to a fragment").
    if anchor.is_empty() || anchor == "top" || anchors.contains(&anchor) {
        return true;
    }
    let words = format!("there is no heading or id `{}` in `{page}`", anchor.escape_debug());
    let diagnostic = Diagnostic::new(&MISSING_ANCHOR, words).at(place.clone());
    report.push(match closest_of_many(&anchor, anchors.iter().map(String::as_str)) {
        Some(meant) => diagnostic.meant(format!("#{meant}")),
        None if anchors.is_empty() => diagnostic.help("the page has no headings"),
        None => diagnostic.help(format!("the page has {}", list(anchors))),
    });
    false
}

fn wrong_kind(reference: &Located<String>, found: &str, wanted: &[Kind]) -> Diagnostic {
    let wanted: Vec<&str> = wanted.iter().map(|kind| kind.word()).collect();
    let wanted = if wanted.is_empty() { "document".to_owned() } else { wanted.join(" or ") };
    Diagnostic::new(&WRONG_KIND, format!("expected a path to: {wanted}; this leads to: {found}"))
        .at(reference.place.clone())
}

fn list(words: &[String]) -> String {
    let shown: Vec<String> = words.iter().take(12).map(|word| format!("`#{word}`")).collect();
    shown.join(", ")
}

/// The slugs that documents' paths stand for, of those that are missing for one of some reasons.
pub fn missing_slugs(missing: &FastMap<Arc<str>, Missing>, reasons: &[Missing]) -> BTreeSet<(Kind, String)> {
    let of_reason = missing.iter().filter(|(_, why)| reasons.contains(why));
    of_reason.filter_map(|(path, _)| Some((Kind::of_path(path)?, crate::text::slug::slug(stem(path))))).collect()
}
