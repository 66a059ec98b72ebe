//! Former addresses: where each leads, the small page that says so, and what is left of those that are gone.
//!
//! A document names its own former addresses (`aliases`), `addresses.lock` all others. A host that only holds files cannot be
//! told to redirect; so a page does it itself (`meta refresh` with no delay, which search engines take for a permanent
//! redirect), and says it in words to those whom it does not move. A host that can be told is told besides
//! ([`headers`](super::headers)): of addresses that are no pages that is the only way, but for a copy of what has taken their place.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use crate::addresses::{Fate, Line, route_of, written};
use crate::code;
use crate::config::settings::Hosting;
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::model::files::SiteFile;
use crate::model::{Card, Common, Kind};
use crate::overview::list::List;
use crate::plan::links::Want;
use crate::plan::{Output, Planner, Recipe};
use crate::text::address::encode;
use crate::text::date::When;
use crate::text::fingerprint::FastMap;
use crate::text::html::escape;
use crate::text::suggest::closest_of_many;
use crate::view::{Head, TimeView};

code! { pub BAD_REDIRECT = "bad-redirect", Error, "a redirect that leads nowhere",
"A line of `addresses.lock` says that an address leads to another. That one must be an address of the site, or lead to one: \
not back to where it began, and not to what is gone. Redirects in a row are written as one." }
code! { pub TWO_WAYS = "two-ways", Error, "a former address of which two things are said",
"A document has the address among its `aliases`, and `addresses.lock` says that it leads elsewhere or is gone. Take one of the \
two away." }
code! { pub UNHEARD_REDIRECT = "unheard-redirect", Warning, "a redirect that no host is told of",
"A page can say that it has moved; a feed, a calendar or a file cannot. Where what has taken its place is of another type, \
only the host can lead readers there, and `hosting` in `site.yaml` names none that can be told. Let it lead to a file of the same \
type, of which a copy is put at the old address, or declare it gone." }

/// The findings of this module.
pub const CODES: &[&Code] = &[&BAD_REDIRECT, &TWO_WAYS, &UNHEARD_REDIRECT];

/// What stands at an address that is gone.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct GoneView {
    /// What stands around the page.
    pub head: Head,
    /// The heading.
    pub title: String,
    /// Why it is gone, in a sentence of the site's own.
    pub reason: String,
    /// The day on which that was said.
    pub day: TimeView,
    /// The same in a sentence.
    pub words: String,
}

/// What hosts are told of former addresses.
#[derive(Debug, Default)]
pub struct Rules {
    /// Each that leads elsewhere, with where it leads as links have it; in order.
    pub moved: BTreeMap<String, String>,
    /// Those that are gone.
    pub gone: BTreeSet<String>,
}

/// Where a former address leads.
#[derive(Clone)]
struct Goal<'a> {
    route: String,
    anchor: Option<String>,
    /// What is there, if it is an entry.
    card: Option<&'a Card>,
}

/// Makes what stands at the former addresses, beside what is planned already.
pub fn outputs(
    planner: &Planner,
    commons: &[&Common],
    planned: &[Output],
    report: &mut Report,
) -> (Vec<Output>, Rules) {
    let (mut outputs, mut rules) = (Vec::new(), Rules::default());
    let is_settled = |line: &Line| !matches!(line.fate, Fate::Present { .. });
    if commons.iter().all(|common| common.aliases.is_empty()) && !planner.addresses.lines.values().any(is_settled) {
        return (outputs, rules);
    }
    let ways = Ways::new(planner, commons, planned);
    for (alias, (card, place)) in &ways.aliases {
        let goal = Goal { route: card.route.clone(), anchor: None, card: Some(card) };
        rules.moved.insert(alias.clone(), ways.href(&goal));
        outputs.push(Output::data(alias.clone(), ways.stub(&goal), place.clone()));
    }
    // One document may say it twice, and two may: then both are outputs, which is reported as of any two.
    outputs.extend(ways.again.iter().map(|(alias, place)| Output::data(alias.clone(), Vec::new(), place.clone())));
    for (address, line) in &planner.addresses.lines {
        let (route, anchor) = route_of(address);
        // Whatever stands there again has the address.
        if anchor.is_some() || ways.present.contains_key(route.as_str()) {
            continue;
        }
        match (&line.fate, ways.aliases.get(&route)) {
            (Fate::Present { .. }, None) if !is_page(&route) => {
                if let Some((goal, place)) = ways.taken_along(&route) {
                    outputs.extend(ways.copy(&route, &goal, &place));
                    rules.moved.insert(route, ways.href(&goal));
                } else if planner.addresses.is_gone_with_its_page(&route) {
                    rules.gone.insert(route);
                }
            }
            (Fate::Present { .. }, _) => {}
            (Fate::Moved { to }, alias) => match (ways.follow(address, to), alias) {
                (Ok(goal), Some((card, _))) if card.route == goal.route => {}
                (_, Some((_, place))) => report.push(two_ways(address, line, place)),
                (Ok(goal), None) => {
                    planner.want(Want::new(&encode(&goal.route), goal.anchor.as_deref(), line.place.clone()));
                    outputs.extend(ways.moved(&route, &goal, line, report));
                    rules.moved.insert(route, ways.href(&goal));
                }
                (Err(words), None) => report.push(ways.leads_nowhere(line, to, words)),
            },
            (Fate::Gone { .. }, Some((_, place))) => report.push(two_ways(address, line, place)),
            (Fate::Gone { on, reason }, None) => {
                if is_page(&route) {
                    outputs.push(tombstone(planner, &route, (When::Day(*on), reason), &line.place));
                }
                rules.gone.insert(route);
            }
        }
    }
    (outputs, rules)
}

/// What stands at an address of its own.
enum Here<'a> {
    Entry(&'a Card),
    File(&'a SiteFile),
    /// What is planned already, by how it is made.
    Planned(&'a Recipe),
}

/// What is needed to tell where an address leads.
struct Ways<'a> {
    planner: &'a Planner<'a>,
    /// All that stands at an address of its own.
    present: FastMap<&'a str, Here<'a>>,
    /// The former addresses that documents name.
    aliases: BTreeMap<String, (&'a Card, Place)>,
    /// Those that are named once more.
    again: Vec<(String, Place)>,
}

impl<'a> Ways<'a> {
    fn new(planner: &'a Planner<'a>, commons: &[&Common], planned: &'a [Output]) -> Self {
        let catalogue = planner.catalogue;
        let with_page = catalogue.cards.iter().filter(|card| card.kind != Kind::Notice);
        let mut present: FastMap<&str, Here> = with_page.map(|card| (card.route.as_str(), Here::Entry(card))).collect();
        present.extend(catalogue.files.values().map(|file| (file.route.as_str(), Here::File(file))));
        present.extend(planned.iter().map(|output| (output.route.as_str(), Here::Planned(&output.recipe))));
        let (mut aliases, mut again) = (BTreeMap::new(), Vec::new());
        for common in commons.iter().filter(|common| common.kind != Kind::Notice) {
            let Some(card) = catalogue.card(&common.path) else { continue };
            for alias in &common.aliases {
                if aliases.contains_key(&alias.value) {
                    again.push((alias.value.clone(), alias.place.clone()));
                } else {
                    aliases.insert(alias.value.clone(), (card, alias.place.clone()));
                }
            }
        }
        Self { planner, present, aliases, again }
    }

    /// Where an address leads in the end.
    ///
    /// # Errors
    /// It leads nowhere, for a reason.
    fn follow(&self, from: &str, to: &str) -> Result<Goal<'a>, String> {
        let mut seen = BTreeSet::from([from.to_owned()]);
        let mut next = to.to_owned();
        loop {
            let (route, anchor) = route_of(&next);
            let anchor = anchor.map(str::to_owned);
            if let Some(here) = self.present.get(route.as_str()) {
                let card = if let Here::Entry(card) = here { Some(*card) } else { None };
                return Ok(Goal { route, anchor, card });
            }
            if let Some((card, _)) = self.aliases.get(&route) {
                return Ok(Goal { route: card.route.clone(), anchor, card: Some(card) });
            }
            let address = written(&route);
            if !seen.insert(address.clone()) {
                return Err(format!("`{from}` leads in a circle, by way of `{address}`"));
            }
            match self.planner.addresses.lines.get(&address).map(|line| &line.fate) {
                Some(Fate::Moved { to }) => next.clone_from(to),
                Some(Fate::Gone { .. }) => return Err(format!("`{from}` leads to `{address}`, which is gone")),
                _ => return Err(format!("`{from}` leads to `{address}`, which is not in the site")),
            }
        }
    }

    /// All addresses, in order: what is meant must not be left to chance.
    fn routes(&self) -> BTreeSet<&'a str> {
        self.present.keys().copied().collect()
    }

    fn href(&self, goal: &Goal) -> String {
        self.planner.href(&goal.route) + &anchor(goal)
    }

    /// What stands at an address that leads elsewhere: a page that says so, or a copy of a file of the same type.
    fn moved(&self, route: &str, goal: &Goal, line: &Line, report: &mut Report) -> Option<Output> {
        if is_page(route) {
            return Some(Output::data(route.to_owned(), self.stub(goal), line.place.clone()));
        }
        if let Some(copy) = self.copy(route, goal, &line.place) {
            return Some(copy);
        }
        if !self.planner.settings().hosting.iter().any(|hosting| *hosting != Hosting::Meta) {
            let words = format!("no host is told that `{route}` leads to `{}`", goal.route);
            report.push(Diagnostic::new(&UNHEARD_REDIRECT, words).at(line.place.clone()).help(
                "let it lead to a file of the same type, or declare it gone: `anslag address gone`; or add to `hosting` in `site.yaml` what the host reads",
            ));
        }
        None
    }

    /// What stands elsewhere, once more, if it is of the type that the address says.
    fn copy(&self, route: &str, goal: &Goal, place: &Place) -> Option<Output> {
        let there = self.present.get(goal.route.as_str()).filter(|_| ending(route) == ending(&goal.route));
        let recipe = there.and_then(Here::made_again)?;
        Some(Output { route: route.to_owned(), recipe, source: place.clone() })
    }

    /// Where a feed, a calendar or a file has gone with the page under whose address it lay, and where that is said.
    fn taken_along(&self, route: &str) -> Option<(Goal<'a>, Place)> {
        let mut folders = route.rmatch_indices('/').map(|(slash, _)| route.split_at(slash + 1));
        folders.find_map(|(page, rest)| {
            let (goal, place) = match self.aliases.get(page) {
                Some((card, place)) => (card.route.clone(), place.clone()),
                None => {
                    let line = self.planner.addresses.line(page)?;
                    let Fate::Moved { to } = &line.fate else { return None };
                    (self.follow(&written(page), to).ok()?.route, line.place.clone())
                }
            };
            let goal = Goal { route: format!("{goal}{rest}"), anchor: None, card: None };
            self.present.contains_key(goal.route.as_str()).then_some((goal, place))
        })
    }

    fn leads_nowhere(&self, line: &Line, to: &str, words: String) -> Diagnostic {
        let diagnostic = Diagnostic::new(&BAD_REDIRECT, words).at(line.place.clone());
        match closest_of_many(&route_of(to).0, self.routes()) {
            Some(meant) => diagnostic.help(format!("did you mean `{meant}`?")),
            None => diagnostic.help("`anslag address redirect` leads it to an address of the site"),
        }
    }

    fn stub(&self, goal: &Goal) -> String {
        let settings = self.planner.settings();
        let words = self.planner.words();
        let lang = goal.card.and_then(|card| card.lang.as_deref());
        let lang = lang.map(|lang| format!(" lang=\"{0}\" hreflang=\"{0}\"", escape(lang)));
        let heading = goal.card.map_or(goal.route.as_str(), |card| &card.heading);
        format!(
            "<!doctype html>\n\
             <html lang=\"{language}\">\n\
             <head>\n\
             <meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{moved} – {site}</title>\n\
             <meta name=\"robots\" content=\"noindex\">\n\
             <link rel=\"canonical\" href=\"{address}\">\n\
             <meta http-equiv=\"refresh\" content=\"0; url={href}\">\n\
             </head>\n\
             <body>\n\
             <main>\n\
             <h1>{moved}</h1>\n\
             <p>{moved_to} <a href=\"{href}\"{lang}>{heading}</a></p>\n\
             </main>\n\
             </body>\n\
             </html>\n",
            language = escape(&settings.language),
            moved = escape(&words.text("overviews.moved")),
            moved_to = escape(&words.text("overviews.moved_to")),
            site = escape(&settings.title),
            address = escape(&settings.absolute(&goal.route)),
            href = escape(&self.href(goal)),
            heading = escape(heading),
            lang = lang.unwrap_or_default(),
        )
    }
}

impl Here<'_> {
    /// The same once more, if it can be read at two addresses: a feed says itself where it belongs.
    fn made_again(&self) -> Option<Recipe> {
        match self {
            Self::File(file) => Some(Recipe::Copy(file.path.clone())),
            Self::Planned(Recipe::Feed(feed, format)) => Some(Recipe::Feed(feed.clone(), *format)),
            Self::Planned(Recipe::Sitemap(sitemap)) => Some(Recipe::Sitemap(sitemap.clone())),
            Self::Planned(Recipe::Data(bytes)) => Some(Recipe::Data(bytes.clone())),
            Self::Planned(_) | Self::Entry(_) => None,
        }
    }
}

/// Whether what stands at an address is a page.
pub fn is_page(route: &str) -> bool {
    route.ends_with('/') || matches!(ending(route), Some("html" | "htm"))
}

/// The type of the file at an address, as far as its name tells.
fn ending(route: &str) -> Option<&str> {
    route.rsplit('/').next()?.rsplit_once('.').map(|(_, ending)| ending)
}

fn anchor(goal: &Goal) -> String {
    goal.anchor.as_ref().map(|anchor| format!("#{}", encode(anchor))).unwrap_or_default()
}

fn tombstone(planner: &Planner, route: &str, (on, reason): (When, &str), place: &Place) -> Output {
    let words = planner.words();
    let title = words.text("overviews.gone");
    let list = List {
        template: "gone.html",
        section: "pages",
        route,
        title: &title,
        summary: Some(reason),
        above: Vec::new(),
        feeds: Vec::new(),
        tags: Vec::new(),
        indexed: false,
    };
    let day = words.date(&on.moment_or_earlier(&planner.settings().zone));
    let said = words.format("overviews.gone_on", &[("date", &day.words)]);
    let view = |head| GoneView { head, title: title.clone(), reason: reason.to_owned(), day, words: said };
    Output { source: place.clone(), ..list.page(planner, None, view).output }
}

fn two_ways(address: &str, line: &Line, alias: &Place) -> Diagnostic {
    let words = match line.fate {
        Fate::Gone { .. } => format!("`{address}` is said to be gone, and a document has it among its `aliases`"),
        _ => format!("`{address}` is said to lead elsewhere than to the document that has it among its `aliases`"),
    };
    Diagnostic::new(&TWO_WAYS, words)
        .at(line.place.clone())
        .related(alias.clone(), "the document is here")
        .help("take this line away if the document has taken the address's place, or else the alias")
}
