//! What is shown: the last site that was well, and what is wrong with the one that is written.

use std::fs;
use std::path::PathBuf;
use std::sync::{PoisonError, RwLock};

use jiff::tz::TimeZone;
use serde::Serialize;
use tokio::sync::watch;

use crate::overview::redirects::Rules;
use crate::session::Bytes;
use crate::source::Stamp;
use crate::text::fingerprint::{FastMap, fingerprint};
use crate::text::markup::{Tags, decode};

/// A site that can be shown.
pub struct Shown {
    /// Its files by address, each with what tells whether it is another one.
    pub files: FastMap<String, (Bytes, Look)>,
    /// What hosts are told of its former addresses.
    pub former: Rules,
    /// Where its sources are, for copies.
    pub root: PathBuf,
    /// What stands before all addresses.
    pub base_path: String,
    /// What is sent with every answer.
    pub headers: Vec<(String, String)>,
    /// The language of the site.
    pub language: String,
    /// The local time at which it is shown, if that is not the machine's.
    pub time: Option<String>,
    /// The site's time zone.
    pub zone: TimeZone,
}

/// Tells whether a file is still the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look(u64);

impl Look {
    /// That of a file. `stamp` knows the files of the sources.
    pub fn of(bytes: &Bytes, stamp: impl Fn(&str) -> Option<Stamp>) -> Self {
        Self(match bytes {
            Bytes::Made(made) => made.hash,
            Bytes::Copy(path) => fingerprint(format!("{:?}", stamp(path)).as_bytes()),
            Bytes::Drawn(_, drawing) => fingerprint(format!("{drawing:?}").as_bytes()),
            Bytes::Kept(_) => 0,
        })
    }
}

/// Where it is shown. Whoever looks at it is told of every change.
pub struct Stage {
    state: RwLock<State>,
    version: watch::Sender<u64>,
}

#[derive(Default)]
struct State {
    shown: Option<Shown>,
    wrong: Option<String>,
    /// The language of the settings, as soon as they could be read.
    language: String,
    /// The page that was written last, and how many were before.
    written: Option<(u64, String)>,
    follows: bool,
}

/// What a page is told of itself. That it is another one, it finds out by comparing.
#[derive(Debug, Serialize)]
pub struct View {
    /// Changes with the page and with all that it loads, but for its styles.
    pub page: String,
    /// Its styles, each with what changes when it does.
    styles: Vec<(String, String)>,
    /// What is wrong, in words.
    wrong: Option<String>,
    language: String,
    /// The local time at which the site is shown.
    time: Option<String>,
    /// Where to go, when the number is another one.
    written: Option<(u64, String)>,
}

/// What is at an address.
pub enum Found {
    /// These bytes.
    File(Vec<u8>),
    /// Another address.
    Moved(String),
    /// Another address for good, as links have it.
    Former(String),
    /// Nothing any more, and what is said of that.
    Gone(Option<Vec<u8>>),
    /// Nothing, and what is said of that.
    Nothing(Option<Vec<u8>>),
    /// Nothing yet, since no site has been well so far, and what is wrong.
    NoSite(Trouble),
}

/// What is wrong with a site that has never been well.
#[derive(Debug, Default)]
pub struct Trouble {
    /// In words; none while the first site is made.
    pub wrong: Option<String>,
    /// The language of the site, if it is known.
    pub language: String,
}

impl Stage {
    /// One that shows nothing yet.
    pub fn new(follows: bool) -> Self {
        Self { state: RwLock::new(State { follows, ..State::default() }), version: watch::Sender::new(0) }
    }

    /// Shows a site.
    pub fn show(&self, shown: Shown) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.shown = Some(shown);
    }

    /// Shows other files in place of those at their addresses.
    pub fn renew(&self, files: impl Iterator<Item = (String, (Bytes, Look))>) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        for (route, file) in files {
            let turn = state.written.as_ref().map_or(0, |(turn, _)| turn + 1);
            state.written = Some((turn, route.clone()));
            state.shown.as_mut().and_then(|shown| shown.files.insert(route, file));
        }
        drop(state);
        self.version.send_modify(|version| *version += 1);
    }

    /// Speaks the language of a site, also while that has not been well.
    pub fn speak(&self, language: &str) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        language.clone_into(&mut state.language);
    }

    /// Says what is wrong, or that nothing is.
    pub fn say(&self, wrong: Option<String>) {
        self.state.write().unwrap_or_else(PoisonError::into_inner).wrong = wrong;
        self.version.send_modify(|version| *version += 1);
    }

    /// Whether there has been a site that was well.
    pub fn has_site(&self) -> bool {
        self.read(|state| state.shown.is_some())
    }

    /// Whether something is wrong.
    pub fn is_wrong(&self) -> bool {
        self.read(|state| state.wrong.is_some())
    }

    /// What stands before all addresses.
    pub fn base_path(&self) -> String {
        self.read(|state| state.shown.as_ref().map(|shown| shown.base_path.clone()).unwrap_or_default())
    }

    /// What is sent with every answer.
    pub fn headers(&self) -> Vec<(String, String)> {
        self.read(|state| state.shown.as_ref().map(|shown| shown.headers.clone()).unwrap_or_default())
    }

    /// The site's time zone.
    pub fn zone(&self) -> TimeZone {
        self.read(|state| state.shown.as_ref().map_or(TimeZone::UTC, |shown| shown.zone.clone()))
    }

    /// Tells of every change from now on.
    pub fn changes(&self) -> watch::Receiver<u64> {
        let mut changes = self.version.subscribe();
        changes.mark_changed();
        changes
    }

    /// What is at a path of the server, decoded.
    pub fn at(&self, path: &str) -> Found {
        self.read(|state| state.shown.as_ref().map_or_else(|| Found::NoSite(state.trouble()), |shown| shown.at(path)))
    }

    /// What a page is told of itself.
    pub fn view(&self, path: &str) -> View {
        self.read(|state| state.view(path))
    }

    fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Shown {
    fn at(&self, path: &str) -> Found {
        let Some(route) = path.strip_prefix(self.base_path.as_str()).filter(|route| route.starts_with('/')) else {
            let is_above = path == "/" || path == self.base_path;
            return if is_above { Found::Moved(format!("{}/", self.base_path)) } else { self.nothing() };
        };
        if let Some(to) = self.former.moved.get(route) {
            return Found::Former(to.clone());
        }
        if self.former.gone.contains(route) {
            let page = self.files.get(route).or_else(|| self.files.get("/404.html"));
            return Found::Gone(page.and_then(|(bytes, _)| self.read(bytes)));
        }
        if let Some((bytes, _)) = self.files.get(route) {
            return self.read(bytes).map_or_else(|| self.nothing(), Found::File);
        }
        let folder = format!("{route}/");
        if self.files.contains_key(&folder) {
            return Found::Moved(format!("{}{folder}", self.base_path));
        }
        let of_folder = route.strip_suffix("index.html").filter(|folder| self.files.contains_key(*folder));
        of_folder.map_or_else(|| self.nothing(), |folder| Found::Moved(format!("{}{folder}", self.base_path)))
    }

    fn nothing(&self) -> Found {
        Found::Nothing(self.files.get("/404.html").and_then(|(bytes, _)| self.read(bytes)))
    }

    fn read(&self, bytes: &Bytes) -> Option<Vec<u8>> {
        match bytes {
            Bytes::Copy(path) => fs::read(self.root.join(&**path)).ok(),
            Bytes::Drawn(painter, drawing) => Some(painter.draw(drawing)),
            Bytes::Made(_) | Bytes::Kept(_) => bytes.with_text(|text| text.as_bytes().to_vec()),
        }
    }

    /// What changes with a page: itself and what it loads, and its styles.
    fn look(&self, path: &str) -> Option<(u64, Vec<(String, String)>)> {
        let route = path.strip_prefix(self.base_path.as_str())?;
        let (bytes, _) = self.files.get(route).or_else(|| self.files.get("/404.html"))?;
        bytes.with_text(|html| self.look_through(html))
    }

    fn look_through(&self, html: &str) -> (u64, Vec<(String, String)>) {
        let (mut own, mut styles, mut at) = (Vec::new(), Vec::new(), 0);
        for tag in Tags::of(html).filter(|tag| !tag.closes) {
            let target = tag.get("src").or_else(|| tag.get("href").filter(|_| tag.is("link")));
            let Some(target) = target.map(decode) else { continue };
            let look = self.look_at(&target).unwrap_or(0);
            if tag.is("link") && tag.get("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("stylesheet")) {
                own.push(fingerprint(&html.as_bytes()[at..tag.start]));
                at = tag.end;
                styles.push((target.into_owned(), format!("{look:016x}")));
            } else {
                own.push(look);
            }
        }
        own.push(fingerprint(&html.as_bytes()[at..]));
        let own: Vec<u8> = own.into_iter().flat_map(u64::to_le_bytes).collect();
        (fingerprint(&own), styles)
    }

    fn look_at(&self, target: &str) -> Option<u64> {
        let route = target.strip_prefix(self.base_path.as_str())?;
        let route = route.split(['?', '#']).next()?;
        self.files.get(route).map(|(_, look)| look.0)
    }
}

impl State {
    fn trouble(&self) -> Trouble {
        Trouble { wrong: self.wrong.clone(), language: self.language.clone() }
    }

    fn view(&self, path: &str) -> View {
        let look = self.shown.as_ref().and_then(|shown| shown.look(path));
        let (page, styles) = look.unwrap_or_default();
        View {
            page: format!("{page:016x}"),
            styles,
            wrong: self.wrong.clone(),
            language: self.shown.as_ref().map_or_else(|| self.language.clone(), |shown| shown.language.clone()),
            time: self.shown.as_ref().and_then(|shown| shown.time.clone()),
            written: self.written_page(),
        }
    }

    fn written_page(&self) -> Option<(u64, String)> {
        let (turn, route) = self.written.as_ref().filter(|_| self.follows)?;
        Some((*turn, format!("{}{route}", self.shown.as_ref()?.base_path)))
    }
}
