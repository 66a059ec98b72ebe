//! A host beside the output folder: every address is asked for as a reader's browser asks.
//!
//! At a former address a host may do what its rules say, or give the page that says the same: both lead readers right. What is
//! gone may be answered with 410 or with its page. Files that only the host reads are not asked for. Besides, an address that never
//! was must be answered with 404 and the site's own page for that.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context, Result, bail};

use super::Verdict;
use crate::addresses::{Addresses, Fate, route_of};
use crate::cmd::arguments::{Common, VerifyOptions};
use crate::cmd::waiting::while_waiting;
use crate::config::Settings;
use crate::diagnostic::Report;
use crate::outside::{Page, Url, Visitor};
use crate::overview::headers::FOR_HOSTS;
use crate::progress::{Progress, Stage};
use crate::publish::{Difference, Differences, Ledger};
use crate::source::Snapshot;
use crate::text::address::{decode, encode, output_path};
use crate::text::markup::refresh;

/// How many requests are made at once.
const AT_ONCE: usize = 4;

/// After how many requests in a row that were not answered, or put off, nothing more is asked.
const SILENCES: usize = 8;

/// An address that no site has.
const NOWHERE: &str = "/anslag-verify/nothing-is-here/";

/// What a reader should get at an address.
enum Wanted {
    /// A file, and where it leads if it is a page that only does that.
    File(PathBuf),
    /// Another address.
    Moved(String),
    /// Word that it is gone, and the page that says why, if there is one.
    Gone(Option<PathBuf>),
    /// Word that there is nothing, and the site's page for that.
    Nothing(PathBuf),
}

/// The site's host, and what it should give.
pub struct Host<'a> {
    common: &'a Common,
    visitor: Visitor,
    /// Where the site begins, without `/` at its end.
    base: Url,
    /// What stands before all addresses in the site's own links.
    base_path: String,
    wanted: BTreeMap<String, Wanted>,
    /// How many requests in a row had no answer.
    silences: AtomicUsize,
}

impl<'a> Host<'a> {
    pub fn of(common: &'a Common, options: &VerifyOptions, base: Url, output: &Path) -> Result<Self> {
        let mut unheard = Report::default();
        let snapshot = Snapshot::read(&common.root, &mut unheard)?;
        let settings = Settings::read(&snapshot, common.base_url.as_deref(), &mut unheard);
        let settings = settings.context("`site.yaml` cannot be read: see `anslag check`")?;
        let addresses = Addresses::read(&snapshot, &mut unheard);
        let ledger = Ledger::read(&common.root, output);
        let name =
            format!("anslag/{} (looks after {})", env!("CARGO_PKG_VERSION"), base.host_str().unwrap_or_default());
        Ok(Self {
            common,
            visitor: Visitor::new(&name, &options.resolve),
            base,
            base_path: settings.base_path,
            wanted: wanted(&ledger, &addresses, output),
            silences: AtomicUsize::new(0),
        })
    }

    /// Asks for all addresses, or for some; in words, which of them are not the site's to be asked for.
    pub fn compare(&self, only: Option<Vec<String>>) -> Result<Result<Verdict, String>> {
        let mut asked: BTreeMap<&str, &Wanted> = BTreeMap::new();
        let Some(only) = only else {
            asked.extend(self.wanted.iter().map(|(route, wanted)| (route.as_str(), wanted)));
            return self.ask(&asked).map(Ok);
        };
        for line in only {
            match self.route(&line).and_then(|route| self.wanted.get_key_value(&route)) {
                Some((route, wanted)) => drop(asked.insert(route, wanted)),
                None => return Ok(Err(format!("`{line}` is no address that the site has published"))),
            }
        }
        self.ask(&asked).map(Ok)
    }

    /// The address in the site that a line of a list means: a whole one, or one of the site.
    fn route(&self, line: &str) -> Option<String> {
        let path = match super::address(line) {
            Some(url) if url.origin() == self.base.origin() => url.path().to_owned(),
            Some(_) => return None,
            None => return decode(line),
        };
        let inside = path.strip_prefix(self.base.path().trim_end_matches('/'))?;
        decode(inside)
    }

    fn ask(&self, asked: &BTreeMap<&str, &Wanted>) -> Result<Verdict> {
        // One that says nothing at all would be asked thousands of times.
        if let Some(url) = asked.keys().next().map(|route| self.url(route))
            && let Err(answer) = self.visitor.get(&url, 0)
        {
            bail!("{url} {}", answer.words());
        }
        let progress = Progress::default();
        progress.begin(Stage::Ask, asked.len());
        let queue = Mutex::new(asked.iter());
        let next = || queue.lock().ok()?.next();
        let work = || -> Result<Differences> {
            let mut found = Differences::new();
            while let Some((route, wanted)) = next() {
                let difference = self.look(route, wanted)?;
                found.extend(difference.map(|(what, words)| ((*route).to_owned(), (what, Some(words)))));
                progress.step();
            }
            Ok(found)
        };
        let work_together = || {
            thread::scope(|scope| {
                let workers: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(work)).collect();
                workers.into_iter().map(|worker| worker.join().expect("a worker does not panic")).collect::<Vec<_>>()
            })
        };
        let found = while_waiting(self.common, &progress, work_together);
        let found = found.into_iter().collect::<Result<Vec<_>>>()?;
        let differences = found.into_iter().flatten().collect();
        Ok(Verdict { of: asked.len(), what: "addresses", differences })
    }

    /// How what a reader gets at an address differs from what was made.
    fn look(&self, route: &str, wanted: &Wanted) -> Result<Option<(Difference, String)>> {
        let read = |path: &Path| fs::read(path).with_context(|| format!("cannot read {}", path.display()));
        let file = match wanted {
            Wanted::File(path) | Wanted::Nothing(path) | Wanted::Gone(Some(path)) => read(path)?,
            Wanted::Moved(_) | Wanted::Gone(None) => Vec::new(),
        };
        let url = self.url(route);
        let page = self.visitor.get(&url, file.len() as u64 + 1);
        match &page {
            Ok(page) if !matches!(page.status, 429 | 503) => self.silences.store(0, Ordering::Relaxed),
            _ if self.silences.fetch_add(1, Ordering::Relaxed) + 1 < SILENCES => {}
            Ok(page) => bail!("{url} answered {}, as did those before: try again later", page.status),
            Err(answer) => bail!("{url} {}, nor did those before: nothing more was asked", answer.words()),
        }
        let page = match page {
            Ok(page) => page,
            Err(answer) => return Ok(Some((Difference::Missing, answer.words()))),
        };
        let is_same = page.body == file;
        let goal = match wanted {
            Wanted::Moved(to) => Some(to.clone()),
            Wanted::File(_) => std::str::from_utf8(&file)
                .ok()
                .and_then(refresh)
                .and_then(|to| Some(to.strip_prefix(&self.base_path)?.to_owned())),
            Wanted::Gone(_) | Wanted::Nothing(_) => None,
        };
        let is_well = match (wanted, page.status) {
            (Wanted::File(_), 200) => is_same,
            (Wanted::File(_) | Wanted::Moved(_), 301 | 302 | 303 | 307 | 308) => {
                goal.is_some_and(|goal| leads(&url, &page) == Some(self.url_of(&goal)))
            }
            (Wanted::Gone(_), 410) => true,
            (Wanted::Gone(page), status) => (status == 404 && page.is_none()) || (page.is_some() && is_same),
            (Wanted::Nothing(_), 404) => is_same,
            _ => false,
        };
        Ok((!is_well).then(|| words(&url, wanted, &page)))
    }

    fn url(&self, route: &str) -> Url {
        self.url_of(&encode(route))
    }

    /// The same of an address that is written as links have it, perhaps to a heading.
    fn url_of(&self, written: &str) -> Url {
        let (path, heading) = written.split_once('#').map_or((written, None), |(path, heading)| (path, Some(heading)));
        let mut url = self.base.clone();
        url.set_path(&format!("{}{path}", self.base.path().trim_end_matches('/')));
        url.set_query(None);
        url.set_fragment(heading);
        url
    }
}

/// What readers should get, by address.
fn wanted(ledger: &Ledger, addresses: &Addresses, output: &Path) -> BTreeMap<String, Wanted> {
    let is_for_hosts = |path: &str| FOR_HOSTS.iter().any(|host| output_path(host) == path);
    let files = ledger.paths().filter(|path| !is_for_hosts(path));
    let mut wanted: BTreeMap<String, Wanted> =
        files.map(|path| (route_of_file(path), Wanted::File(output.join(path)))).collect();
    for (written, line) in &addresses.lines {
        let (route, anchor) = route_of(written);
        match &line.fate {
            _ if anchor.is_some() => {}
            Fate::Moved { to } if !wanted.contains_key(&route) => drop(wanted.insert(route, Wanted::Moved(to.clone()))),
            Fate::Gone { .. } => {
                let page = output.join(output_path(&route));
                wanted.insert(route, Wanted::Gone(page.is_file().then_some(page)));
            }
            Fate::Present { .. } | Fate::Moved { .. } => {}
        }
    }
    let nothing = output.join("404.html");
    if nothing.is_file() {
        wanted.insert(NOWHERE.to_owned(), Wanted::Nothing(nothing));
    }
    wanted
}

fn route_of_file(path: &str) -> String {
    let folder = path.strip_suffix("index.html").filter(|folder| folder.is_empty() || folder.ends_with('/'));
    format!("/{}", folder.unwrap_or(path))
}

/// What is said of an answer that is not the right one.
fn words(url: &Url, wanted: &Wanted, page: &Page) -> (Difference, String) {
    let words = match page.status {
        200 if matches!(wanted, Wanted::Nothing(_)) => "answered 200 where nothing is".to_owned(),
        404 if matches!(wanted, Wanted::Nothing(_)) => "404.html is not what readers get".to_owned(),
        200 => "other bytes".to_owned(),
        300..=399 => match leads(url, page) {
            Some(to) => format!("leads to {to}"),
            None => format!("answered {}", page.status),
        },
        status => format!("answered {status}"),
    };
    let is_missing = matches!(page.status, 404 | 410) && !matches!(wanted, Wanted::Nothing(_));
    (if is_missing { Difference::Missing } else { Difference::Changed }, words)
}

/// Where an answer leads.
fn leads(from: &Url, page: &Page) -> Option<Url> {
    from.join(page.location.as_deref()?).ok()
}
