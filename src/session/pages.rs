//! The gates at the finished pages: what templates write is checked where readers would meet it.
//!
//! Bodies are checked where they are written, with file and line. Here every page is read once more as a browser finds
//! it, whoever has made it: the theme, a component, raw HTML. A finding is blamed on the file in which its words stand:
//! the page's document, or a template. How one page is read is in [`reading`].

mod reading;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::checks::ids_of;
use super::tree::Tree;
use crate::config::Settings;
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::model::catalogue::{MISSING_ANCHOR, MISSING_TARGET};
use crate::outside::{self, Home, Ledger, Way};
use crate::plan::links::Want;
use crate::plan::{Output, Recipe};
use crate::source::Snapshot;
use crate::text::address::{self, Target};
use crate::text::fingerprint::{FastMap, FastSet, HashMapExt, HashSetExt};
use crate::text::markup::{Tags, decode, find_quoted};
use crate::theme::{Find, Theme};
use reading::{Fault, Link, Reading, Use};

pub(super) use reading::{CODES, is_followed};

/// A page, and what it is made of.
pub(super) struct Origin {
    pub route: String,
    template: &'static str,
    pub document: Option<Arc<str>>,
}

impl Origin {
    /// That of an output, if it is a page.
    pub(super) fn of(output: &Output) -> Option<Self> {
        let Recipe::Page { template, body, .. } = &output.recipe else { return None };
        Some(Self { route: output.route.clone(), template, document: body.clone() })
    }
}

/// What the gates at the pages must know.
pub(super) struct Gates<'a> {
    pub settings: &'a Settings,
    pub snapshot: &'a Snapshot,
    pub theme: &'a Theme,
    pub tree: &'a Tree,
    /// Where the site stands, to tell what is outside.
    pub home: Home,
    /// What is known of the addresses outside.
    pub links: &'a Ledger,
    /// The address of the accessibility statement, as links have it.
    pub statement: Option<String>,
    /// What links that open a window say.
    pub new_window: String,
    /// The policy that stands in the pages, if it does.
    pub policy: Option<String>,
}

/// A finding, and the pages it was met on.
struct Met {
    code: &'static Code,
    place: Place,
    help: Cow<'static, str>,
    first: String,
    pages: usize,
}

/// Findings by code, place and words: a fault of a template is met on many pages.
type Found = BTreeMap<(&'static str, Arc<str>, usize, String), Met>;

/// Where addresses stand in the sources, by the ways in which they may be written. One that many pages show is sought once:
/// all sources are read for it.
type Sought = FastMap<Vec<String>, Option<Place>>;

impl Gates<'_> {
    /// Reads pages, and gives the addresses of those with faults. What bodies were blamed for already is not said again.
    pub(super) fn check(&self, origins: &[Origin], unmet: &[Want], report: &mut Report) -> FastSet<String> {
        let told = self.told(unmet, report);
        let (mut gathered, mut sought, mut faulty) = (Found::new(), Sought::new(), FastSet::new());
        for (origin, faults) in self.faults(origins) {
            faulty.insert(origin.route.clone());
            let unsaid = told.unsaid(origin, faults);
            unsaid.into_iter().for_each(|fault| self.gather(origin, fault, &mut gathered, &mut sought));
        }
        gathered.into_iter().for_each(|((_, _, _, words), met)| report.push(met.diagnostic(words)));
        faulty
    }

    /// The addresses of those among these pages that have faults.
    pub(super) fn faulty(&self, origins: &[Origin]) -> FastSet<String> {
        self.faults(origins).into_iter().map(|(origin, _)| origin.route.clone()).collect()
    }

    fn faults<'o>(&self, origins: &'o [Origin]) -> Vec<(&'o Origin, Vec<Fault>)> {
        let routes = self.tree.files.keys().filter(|route| !self.tree.gone.contains(*route));
        let routes: FastSet<&str> = routes.map(String::as_str).collect();
        let faults = origins.par_chunks(64).flat_map_iter(|origins| {
            let mut reader = Reader { gates: self, routes: &routes, known: Default::default(), ids: FastMap::new() };
            origins.iter().map(move |origin| (origin, reader.faults(origin)))
        });
        faults.filter(|(_, faults)| !faults.is_empty()).collect()
    }

    /// What has been said of bodies and settings.
    fn told(&self, unmet: &[Want], report: &Report) -> Told {
        let mut told = Told::default();
        for diagnostic in report.sorted() {
            let Some(place) = &diagnostic.place else { continue };
            let text =
                self.snapshot.text(&place.path).and_then(|text| text.get(place.span.clone())).unwrap_or_default();
            let said = Said { code: diagnostic.code.name, text: text.to_owned() };
            told.said.entry(place.path.clone()).or_default().push(said);
            told.targets.insert((place.path.clone(), text.to_owned()));
        }
        let address = |want: &Want| (want.place.path.clone(), address_of(&want.route, want.anchor.as_deref()));
        told.targets.extend(unmet.iter().map(address));
        told
    }

    fn gather(&self, origin: &Origin, fault: Fault, gathered: &mut Found, sought: &mut Sought) {
        let place = self.blamed(origin, &fault, sought);
        let key = (fault.code.name, place.path.clone(), place.span.start, fault.words);
        let met = || Met { code: fault.code, place, help: fault.help, first: origin.route.clone(), pages: 0 };
        gathered.entry(key).or_insert_with(met).pages += 1;
    }

    /// The file that a fault comes from, as far as its words tell: they stand in the document, or in a template. In quotes,
    /// as values of attributes do, they are surer than anywhere else.
    fn blamed(&self, origin: &Origin, fault: &Fault, sought: &mut Sought) -> Place {
        let is_outside = outside::CODES.iter().any(|code| code.name == fault.code.name);
        let finders: &[&Find] = if is_outside { &[&address::find] } else { &[&find_quoted, &find_bare] };
        let needles = || fault.needles.iter().filter(|needle| !needle.is_empty());
        let found = finders.iter().find_map(|find| {
            let in_either = |needle: &String| {
                let in_document = origin.document.as_ref().and_then(|path| self.in_file(path, needle, find));
                in_document.or_else(|| self.theme.find(origin.template, needle, find))
            };
            needles().find_map(in_either)
        });
        let mut in_sources =
            || sought.entry(fault.needles.clone()).or_insert_with(|| self.in_sources(&fault.needles)).clone();
        let found = found.or_else(|| if is_outside { in_sources() } else { None });
        let start = || self.theme.start_of(origin.template).or_else(|| origin.document.as_ref().map(Place::start_of));
        found.or_else(start).unwrap_or_else(|| self.settings.place.clone())
    }

    /// Where an address stands that is neither in the page's document nor in the theme: in the menus, or in another document
    /// of which the page shows something.
    fn in_sources(&self, needles: &[String]) -> Option<Place> {
        let settings = self.snapshot.file(&self.settings.place.path);
        let mut files = settings.into_iter().chain(self.snapshot.under("content/"));
        files.find_map(|file| needles.iter().find_map(|needle| self.in_file(&file.path, needle, &address::find)))
    }

    fn in_file(&self, path: &Arc<str>, needle: &str, find: &Find) -> Option<Place> {
        find(self.snapshot.text(path)?, needle).map(|span| Place { path: path.clone(), span })
    }
}

/// What has been said where it is written, so that it is not said again where it is shown.
#[derive(Default)]
struct Told {
    /// Targets that were found wrong, with their files: as written, and as addresses.
    targets: FastSet<(Arc<str>, String)>,
    /// What was found in files.
    said: FastMap<Arc<str>, Vec<Said>>,
}

/// A finding in a file.
#[derive(Clone)]
struct Said {
    code: &'static str,
    /// What it is about.
    text: String,
}

impl Told {
    /// The faults of a page that have not been told. Each finding in its document stands for one of them: for one whose
    /// words are there, if there is such a one.
    fn unsaid(&self, origin: &Origin, mut faults: Vec<Fault>) -> Vec<Fault> {
        faults.retain(|fault| !self.has_target(origin, fault));
        if faults.is_empty() {
            return faults;
        }
        let said = origin.document.as_ref().and_then(|document| self.said.get(document));
        let mut left = said.cloned().unwrap_or_default();
        for is_same in [Said::is_about, Said::is_like] {
            faults.retain(|fault| {
                let index = left.iter().position(|said| is_same(said, fault));
                index.map(|index| left.swap_remove(index)).is_none()
            });
        }
        faults
    }

    fn has_target(&self, origin: &Origin, fault: &Fault) -> bool {
        let document: Arc<str> = origin.document.clone().unwrap_or_default();
        [document, "site.yaml".into()]
            .iter()
            .any(|path| fault.targets.iter().any(|target| self.targets.contains(&(path.clone(), target.clone()))))
    }
}

impl Said {
    /// Whether it says the same of the same words.
    fn is_about(&self, fault: &Fault) -> bool {
        let has = |needle: &String| match needle.chars().next() {
            Some('#') => self.text.starts_with(needle),
            Some('<') => self.text.contains(needle),
            _ => self.text == *needle || find_quoted(&self.text, needle).is_some(),
        };
        said_as(fault) == Some(self.code) && fault.needles.iter().any(has)
    }

    /// Whether it may say the same. Most links with vague words have words.
    fn is_like(&self, fault: &Fault) -> bool {
        said_as(fault) == Some(self.code) && fault.code.name != "nameless-control"
    }
}

/// The code that the same has in bodies. Of links and ids each is a finding of its own, known by its words, and an image of
/// a body always has an `alt`.
fn said_as(fault: &Fault) -> Option<&'static str> {
    match fault.code.name {
        "missing-target" | "missing-anchor" | "duplicate-id" | "image-without-alt" => None,
        "page-basics" => fault.needles.iter().any(|needle| needle == "<h1").then_some("body-h1"),
        "nameless-control" => Some("vague-link-text"),
        same => Some(same),
    }
}

impl Met {
    fn diagnostic(self, words: String) -> Diagnostic {
        let pages = match self.pages {
            1 => format!("met on the page `{}`", self.first),
            2 => format!("met on the page `{}` and one more", self.first),
            many => format!("met on the page `{}` and {} more", self.first, many - 1),
        };
        let diagnostic = Diagnostic::new(self.code, words).at(self.place).help(pages);
        if self.help.is_empty() { diagnostic } else { diagnostic.help(self.help) }
    }
}

/// Reads page after page, and remembers where links lead.
struct Reader<'a> {
    gates: &'a Gates<'a>,
    routes: &'a FastSet<&'a str>,
    /// What was found out about targets, by their use, which the pages of a site share.
    known: [FastMap<String, Option<Fault>>; 3],
    /// The ids of pages that links lead into.
    ids: FastMap<String, FastSet<String>>,
}

impl Reader<'_> {
    fn faults(&mut self, origin: &Origin) -> Vec<Fault> {
        let gates = self.gates;
        let bytes = gates.tree.files.get(&origin.route);
        bytes.and_then(|bytes| bytes.with_text(|html| self.faults_in(html, origin))).unwrap_or_default()
    }

    fn faults_in(&mut self, html: &str, origin: &Origin) -> Vec<Fault> {
        let gates = self.gates;
        let mut reading = Reading::new(html, &gates.new_window, gates.policy.as_deref());
        Tags::of(html).for_each(|tag| reading.tag(&tag));
        let (links, ids, mut faults) = reading.finish();
        let statement =
            gates.statement.as_deref().filter(|statement| !links.iter().any(|link| link.leads_to(statement)));
        faults.extend(statement.map(reading::no_statement_link));
        for link in links {
            if let Some(anchor) = link.target.strip_prefix('#') {
                faults.extend(anchor_on_page(&link, anchor, &ids, &origin.route));
            } else if let Some(fault) = self.link(&link, origin) {
                faults.push(fault);
            }
        }
        faults
    }

    fn link(&mut self, link: &Link, origin: &Origin) -> Option<Fault> {
        // A page that says that something is gone names its own address, to which no other may lead.
        let fault = self.known_fault(link, origin)?;
        let is_own = self.gates.tree.gone.contains(&origin.route) && fault.targets.contains(&origin.route);
        (!is_own).then_some(fault)
    }

    fn known_fault(&mut self, link: &Link, origin: &Origin) -> Option<Fault> {
        let purpose = link.purpose as usize;
        if let Some(known) = self.known[purpose].get(link.target) {
            return known.clone();
        }
        let fault = self.fault(link, &origin.route);
        // A relative target leads elsewhere from the next page.
        if !matches!(Target::of(link.target), Target::File(..)) {
            self.known[purpose].insert(link.target.to_owned(), fault.clone());
        }
        fault
    }

    fn fault(&mut self, link: &Link, page: &str) -> Option<Fault> {
        let settings = self.gates.settings;
        let written = decode(link.target);
        let own = written.strip_prefix(settings.origin.as_str()).filter(|rest| rest.starts_with('/'));
        match Target::of(own.unwrap_or(&written)) {
            Target::Outside(url) if link.purpose == Use::Load => reading::outside_request(link, url),
            Target::Outside(_) => match self.gates.home.way(&written) {
                Ok(Way::Inside(path, anchor)) => self.inside(link, &path, anchor.as_deref()),
                way => self.outside(link, &written, way),
            },
            Target::Anchor(_) => None,
            Target::Route(path, anchor) => {
                match path.strip_prefix(settings.base_path.as_str()).filter(|rest| rest.starts_with('/')) {
                    Some(path) => self.inside(link, path, anchor),
                    // Beside the site there may be others on the same host.
                    None => self.outside(link, &written, self.gates.home.way(&written)),
                }
            }
            Target::File(path, anchor) => {
                let path = path.split('?').next().filter(|path| !path.is_empty())?;
                let resolved = address::resolve(page.trim_start_matches('/'), path);
                let slash = if path.ends_with('/') { "/" } else { "" };
                let fault = self.inside(link, &format!("/{}{slash}", resolved?), anchor)?;
                // From each page it is another address, and yet one fault.
                let words = format!("`{}` leads to nothing in the site", written.escape_debug());
                let help = Cow::Borrowed("begin it with `/`: from each page it is another address");
                Some(Fault { words, help, ..fault })
            }
        }
    }

    /// A target outside the site, of which the ledger may know something.
    fn outside(&self, link: &Link, written: &str, way: Result<Way, impl Display>) -> Option<Fault> {
        match way {
            _ if link.purpose != Use::Follow => None,
            Ok(Way::Outside(address)) => reading::known_outside(link, written, self.gates.links.entries.get(&address)?),
            Ok(Way::Inside(..) | Way::Elsewhere) => None,
            Err(reason) => Some(reading::unusable_address(link, written, &reason.to_string())),
        }
    }

    /// A target in the site: an address that must be there, and maybe an id on its page.
    fn inside(&mut self, link: &Link, path: &str, anchor: Option<&str>) -> Option<Fault> {
        let path = path.split('?').next().unwrap_or_default();
        let route = address::decode(path).unwrap_or_else(|| path.to_owned());
        if !self.routes.contains(route.as_str()) {
            return Some(Fault {
                code: &MISSING_TARGET,
                words: format!("there is no `{}` in the site", route.escape_debug()),
                needles: vec![link.target.to_owned(), path.to_owned()],
                targets: vec![route.clone(), address_of(&route, anchor), link.target.to_owned()],
                help: Cow::Borrowed(""),
            });
        }
        let anchor =
            anchor.map(|anchor| address::decode(anchor).unwrap_or_default()).filter(|anchor| !is_top(anchor))?;
        let has_it = self.ids_of(&route).is_none_or(|ids| ids.contains(&anchor));
        (!has_it).then(|| dead_anchor(link.target, &anchor, &route))
    }

    /// The ids of a page; none of what is no page.
    fn ids_of(&mut self, route: &str) -> Option<&FastSet<String>> {
        if !self.ids.contains_key(route) {
            let ids = self.gates.tree.files.get(route)?.with_text(ids_of)?;
            self.ids.insert(route.to_owned(), ids.into_iter().collect());
        }
        self.ids.get(route)
    }
}

fn find_bare(text: &str, words: &str) -> Option<Range<usize>> {
    text.find(words).map(|at| at..at + words.len())
}

/// An address, maybe with an id on its page, as both sides of a comparison have it.
fn address_of(route: &str, anchor: Option<&str>) -> String {
    anchor.map_or_else(|| route.to_owned(), |anchor| format!("{route}#{anchor}"))
}

/// `#` alone, and `#top`, are the beginning of any page (HTML, "Navigating to a fragment").
fn is_top(anchor: &str) -> bool {
    anchor.is_empty() || anchor == "top"
}

/// Whether an id is among those of a page, as written there.
fn has_id(ids: &FastSet<&str>, anchor: &str) -> bool {
    ids.contains(anchor) || ids.iter().any(|id| id.contains('&') && decode(id) == anchor)
}

fn anchor_on_page(link: &Link, anchor: &str, ids: &FastSet<&str>, route: &str) -> Option<Fault> {
    if is_top(anchor) || ids.contains(anchor) {
        return None;
    }
    let anchor = address::decode(&decode(anchor)).unwrap_or_default();
    let words = format!("there is no heading or id `{}` on the page itself", anchor.escape_debug());
    (!has_id(ids, &anchor)).then(|| Fault { words, ..dead_anchor(link.target, &anchor, route) })
}

fn dead_anchor(target: &str, anchor: &str, route: &str) -> Fault {
    Fault {
        code: &MISSING_ANCHOR,
        words: format!("there is no heading or id `{}` in `{}`", anchor.escape_debug(), route.escape_debug()),
        needles: vec![target.to_owned(), format!("#{anchor}")],
        targets: vec![address_of(route, Some(anchor))],
        help: Cow::Borrowed(""),
    }
}
