//! `anslag diff`: what readers will see changed, between a report of the site as it was and the site as it is now. Made for the
//! comment under a proposed change, so it is Markdown that reads well as plain text.
//!
//! Both are seen at one time, that of the report unless another is given: what the clock alone brings is no change.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::arguments::{Common, DiffOptions, ReportFormat};
use super::finished::say;
use super::waiting::Line;
use super::{End, one_line, print, print_report, refuse};
use crate::config::Settings;
use crate::diagnostic::Report;
use crate::publish::{Lock, replace};
use crate::session::{Bytes, Contents, Session, Tree};
use crate::text::fingerprint::fingerprint;
use crate::text::markup::refresh;

/// The version of reports: another one is not read.
const VERSION: u32 = 1;
/// How many lines a section has before the rest is counted.
const MOST: usize = 100;

/// A site as its readers see it.
#[derive(Debug, Serialize, Deserialize)]
struct Seen {
    version: u32,
    /// When it was looked at (RFC 3339).
    now: String,
    /// By address.
    pages: BTreeMap<String, Page>,
    /// Feeds, calendars and what else is no page, with hashes of their bytes.
    files: BTreeMap<String, String>,
}

/// What a reader sees of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Page {
    /// The title, if it is that of a document.
    title: Option<String>,
    /// Its states in words.
    states: Vec<String>,
    /// When it takes place, if it is a conference.
    when: Option<String>,
    /// Where it leads, if it only does that.
    leads: Option<String>,
    /// Whether all that it says is that something is gone.
    gone: bool,
    /// Hash of what stands in `main`.
    main: String,
    /// Hash of all of it.
    whole: String,
}

/// Writes down what readers see, or compares it with what was written down.
pub fn diff(common: &Common, options: &DiffOptions) -> Result<End> {
    let before = match options.report.as_deref().map(read).transpose()? {
        Some(Err(words)) => return refuse(common, &words),
        Some(Ok(before)) => Some(before),
        None => None,
    };
    let then = before.as_ref().and_then(Seen::time);
    let now = common.now.or(then).unwrap_or_else(|| common.now());
    let mut report = Report::default();
    let seen = see(common, now, &mut report)?;
    let Some((seen, settings)) = seen.filter(|_| !report.has_errors()) else {
        say(common, "a site with errors shows readers nothing new: see `anslag check`");
        return Ok(End::Errors);
    };
    if let Some(place) = &options.save {
        let _alone = Lock::wait_for_sources(&common.root);
        replace(place, format!("{}\n", serde_json::to_string_pretty(&seen)?).as_bytes())?;
    }
    let Some(before) = before else { return Ok(End::Well) };
    let changes = Changes::between(&before, &seen);
    let text = match common.format {
        ReportFormat::Json => format!("{}\n", serde_json::to_string_pretty(&changes)?),
        _ => changes.words(&settings),
    };
    print(&text)?;
    Ok(End::Well)
}

/// A report; in words, why a file is none.
fn read(place: &Path) -> Result<Result<Seen, String>> {
    let text = fs::read_to_string(place).with_context(|| format!("cannot read {}", place.display()))?;
    let seen = serde_json::from_str(&text).ok().filter(|seen: &Seen| seen.version == VERSION && seen.time().is_some());
    Ok(seen.ok_or_else(|| format!("{} is not what `anslag diff --save` writes", place.display())))
}

/// The site at a time; none when it has no settings. What was found is shown when it is wrong.
fn see(common: &Common, now: Timestamp, report: &mut Report) -> Result<Option<(Seen, Settings)>> {
    let asked = common.options(now);
    let line = Line::of(common, &asked.progress);
    let mut session = match Session::open(asked, report)? {
        (_, Some(session)) => session,
        (snapshot, None) => {
            print_report(report, &snapshot, common)?;
            return Ok(None);
        }
    };
    let material = session.material(report)?;
    let contents = session.contents(&material, now, None, report);
    let tree = session.site(&contents, report);
    session.judge(&contents, report);
    report.settle();
    drop(line);
    if report.has_errors() {
        print_report(report, &session.snapshot, common)?;
        return Ok(None);
    }
    let seen = Seen::of(&session, &contents, &tree, now)?;
    Ok(Some((seen, session.settings)))
}

impl Seen {
    fn time(&self) -> Option<Timestamp> {
        self.now.parse().ok()
    }

    fn of(session: &Session, contents: &Contents, tree: &Tree, now: Timestamp) -> Result<Self> {
        let cards: BTreeMap<&str, _> =
            contents.catalogue.cards.iter().map(|card| (card.route.as_str(), card)).collect();
        let (mut pages, mut files) = (BTreeMap::new(), BTreeMap::new());
        for (route, bytes) in &tree.files {
            match bytes {
                // A picture says what its page says.
                Bytes::Drawn(..) => {}
                _ if route.ends_with('/') => {
                    let card = cards.get(route.as_str());
                    let page = |html: &str| Page {
                        title: card.map(|card| card.title.clone()),
                        states: card
                            .into_iter()
                            .flat_map(|card| &card.badges)
                            .map(|badge| badge.words.clone())
                            .collect(),
                        when: card.and_then(|card| card.event.as_ref()).map(|event| event.when.clone()),
                        leads: refresh(html),
                        gone: tree.is_gone(route),
                        main: hash(main_of(html).as_bytes()),
                        whole: hash(html.as_bytes()),
                    };
                    let page = bytes.with_text(page).with_context(|| format!("cannot read the page {route}"))?;
                    pages.insert(route.clone(), page);
                }
                _ => drop(files.insert(route.clone(), hash(&bytes.read(&session.snapshot)?))),
            }
        }
        Ok(Self { version: VERSION, now: now.to_string(), pages, files })
    }
}

fn hash(bytes: &[u8]) -> String {
    format!("{:016x}", fingerprint(bytes))
}

/// What stands between the tags of `main`; all of it where there are none.
fn main_of(html: &str) -> &str {
    let inside = html.split_once("<main").and_then(|(_, rest)| rest.rsplit_once("</main>"));
    inside.map_or(html, |(main, _)| main)
}

/// What has changed for readers.
#[derive(Debug, Default, Serialize)]
struct Changes {
    /// Pages that were not there.
    new: Vec<Named>,
    /// Pages that lead elsewhere now, or say that something is gone, or are not there at all.
    gone: Vec<Named>,
    /// Pages that say something else.
    changed: Vec<Named>,
    /// Pages of which only what stands around the text is another.
    around: Vec<String>,
    /// Feeds, calendars, styles and other files: new, changed and gone.
    files: BTreeMap<&'static str, Vec<String>>,
}

/// A page and what has become of it.
#[derive(Debug, Serialize)]
struct Named {
    address: String,
    title: Option<String>,
    /// In words, one after the other.
    what: Vec<String>,
}

impl Changes {
    fn between(before: &Seen, after: &Seen) -> Self {
        let mut changes = Self::default();
        for (address, page) in &after.pages {
            let named = |what: Vec<String>| Named { address: address.clone(), title: page.title.clone(), what };
            match before.pages.get(address) {
                Some(old) if old == page => {}
                Some(old) if !is_left(old) && is_left(page) => {
                    let title = page.title.clone().or_else(|| old.title.clone());
                    changes.gone.push(Named { title, ..named(left(page)) });
                }
                Some(old) if old.main == page.main && is_alike(old, page) => changes.around.push(address.clone()),
                Some(old) => changes.changed.push(named(differences(old, page))),
                None if is_left(page) => changes.gone.push(named(left(page))),
                None => changes.new.push(named(page.states.iter().chain(&page.when).cloned().collect())),
            }
        }
        for (address, old) in before.pages.iter().filter(|(address, _)| !after.pages.contains_key(*address)) {
            let what = vec!["nothing is there".to_owned()];
            changes.gone.push(Named { address: address.clone(), title: old.title.clone(), what });
        }
        changes.compare_files(before, after);
        changes
    }

    fn compare_files(&mut self, before: &Seen, after: &Seen) {
        for (address, hash) in &after.files {
            match before.files.get(address) {
                Some(old) if old == hash => {}
                old => {
                    let word = if old.is_some() { "changed" } else { "new" };
                    self.files.entry(word).or_default().push(address.clone());
                }
            }
        }
        let gone = before.files.keys().filter(|address| !after.files.contains_key(*address));
        gone.for_each(|address| self.files.entry("gone").or_default().push(address.clone()));
    }

    /// As Markdown.
    fn words(&self, settings: &Settings) -> String {
        let mut text = String::new();
        section(&mut text, "New pages", self.new.iter().map(|page| page.line(settings)));
        section(&mut text, "Changed pages", self.changed.iter().map(|page| page.line(settings)));
        section(&mut text, "Gone", self.gone.iter().map(|page| page.line(settings)));
        let files =
            self.files.iter().flat_map(|(word, paths)| paths.iter().map(move |path| format!("`{path}` is {word}")));
        section(&mut text, "Feeds, calendars and files", files);
        if !self.around.is_empty() {
            text += &format!(
                "Besides, {} in what stands around the text.\n",
                number(self.around.len(), "page changes", "pages change")
            );
        }
        if text.is_empty() { "Readers will see no change.\n".to_owned() } else { text }
    }
}

impl Named {
    fn line(&self, settings: &Settings) -> String {
        let name = self.title.as_deref().map_or_else(|| format!("`{}`", self.address), plain);
        let what = if self.what.is_empty() { String::new() } else { format!(": {}", self.what.join("; ")) };
        format!("[{name}]({}){what}", settings.absolute(&self.address))
    }
}

fn section(text: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        return;
    }
    *text += &format!("### {title} ({})\n\n", lines.len());
    lines.iter().take(MOST).for_each(|line| *text += &format!("- {line}\n"));
    if lines.len() > MOST {
        *text += &format!("- and {} more\n", lines.len() - MOST);
    }
    text.push('\n');
}

fn number(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Whether a page is none that anybody looks for.
fn is_left(page: &Page) -> bool {
    page.gone || page.leads.is_some()
}

fn left(page: &Page) -> Vec<String> {
    vec![page.leads.as_ref().map_or_else(|| "says that it is gone".to_owned(), |to| format!("leads to `{to}`"))]
}

/// Whether two pages say the same of a document.
fn is_alike(old: &Page, page: &Page) -> bool {
    old.title == page.title && old.states == page.states && old.when == page.when && is_left(old) == is_left(page)
}

fn differences(old: &Page, page: &Page) -> Vec<String> {
    let mut what = Vec::new();
    let mut add = |name: &str, old: &str, new: &str| {
        if old != new {
            let written =
                |text: &str| if text.is_empty() { "nothing".to_owned() } else { format!("“{}”", plain(text)) };
            what.push(format!("{name} {} → {}", written(old), written(new)));
        }
    };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    add("title", &text(&old.title), &text(&page.title));
    add("state", &old.states.join(", "), &page.states.join(", "));
    add("when", &text(&old.when), &text(&page.when));
    if is_left(old) {
        what.push("something is there again".to_owned());
    }
    if what.is_empty() {
        what.push("text".to_owned());
    }
    what
}

/// A writer's text as Markdown shows it.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for sign in one_line(text).chars() {
        if matches!(sign, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '@') {
            plain.push('\\');
        }
        plain.push(sign);
    }
    plain
}
