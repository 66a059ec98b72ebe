//! What is meant by an address or a file, and what has become of it.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use super::Look;
use crate::addresses::written;
use crate::cmd::from_root;
use crate::diagnostic::Severity;
use crate::model::catalogue::Missing;
use crate::model::clock::Turn;
use crate::model::registry::ORGANISATIONS;
use crate::model::{Kind, Occasion};
use crate::publish::Ledger;
use crate::session::{Account, Making};
use crate::text::address::{decode, output_path};
use crate::text::suggest::closest_of_many;

/// What was meant.
pub struct Subject {
    /// The file that it comes from; none of what is not there, and of what the program writes by itself.
    pub path: Option<Arc<str>>,
    pub state: State,
    /// The address of which `addresses.lock` tells.
    pub known: Option<String>,
}

/// What has become of it.
pub enum State {
    /// It is at an address.
    Published(Account),
    /// It is a notice, and shown on other pages or not.
    Notice { shown: bool },
    /// It is kept out of the published site.
    Draft,
    /// Its day comes then.
    Scheduled(Option<Timestamp>),
    /// It has errors of its own.
    Broken,
    /// It is in no kind's folder.
    Stray,
    /// It is a file beside a document that is not published.
    Hidden,
    /// It is published in no other way than that pages are made of it: those of some templates, or all.
    Input(Vec<&'static str>),
    /// It is an address that was published, at which nothing stands any longer.
    Former,
    /// There is nothing of the kind; something else may have been meant.
    Unknown(Option<String>),
}

impl Subject {
    /// Whether readers meet it.
    pub fn is_published(&self) -> bool {
        matches!(self.state, State::Published(_) | State::Notice { shown: true })
    }

    /// What it is at.
    pub fn account(&self) -> Option<&Account> {
        match &self.state {
            State::Published(account) => Some(account),
            _ => None,
        }
    }
}

impl Look<'_> {
    /// What is meant: a file of the sources, or else an address.
    pub fn subject(&self, asked: &str) -> Subject {
        let path = from_root(self.root, asked);
        if self.session.snapshot.file(&path).is_some() || self.contents.catalogue.missing.contains_key(path.as_str()) {
            return self.of_file(&path);
        }
        let routes = self.routes(self.written(&path).unwrap_or(asked));
        let at = routes.iter().find_map(|route| self.of_route(route)).or_else(|| self.of_known(&routes));
        let unknown = || State::Unknown(self.meant(&path, &routes));
        at.unwrap_or_else(|| Subject { path: None, state: unknown(), known: None })
    }

    /// The file in the output folder that an earlier build has written there, and of which the site no longer knows.
    pub fn left_over(&self, asked: &str, subject: &Subject) -> Option<String> {
        let own = subject.path.as_deref().and_then(|path| self.material.entry(path));
        let own = own.map(|entry| entry.common().route.clone());
        let ledger = Ledger::read(self.root, &self.output);
        let asked = from_root(self.root, asked);
        let routes = own.into_iter().chain(self.routes(self.written(&asked).unwrap_or(&asked)));
        let is_left = |path: &String| ledger.contains(path) && self.output.join(path).is_file();
        routes.filter(|route| !self.tree.files.contains_key(route)).map(|route| output_path(&route)).find(is_left)
    }

    /// What a path in the output folder is there, where that is in the site's folder.
    fn written<'p>(&self, path: &'p str) -> Option<&'p str> {
        let output = self.output.strip_prefix(self.root).ok()?;
        Path::new(path).strip_prefix(output).ok()?.to_str()
    }

    /// The addresses that may be meant, as they are in the site: with the site's own before it, or without slashes.
    fn routes(&self, asked: &str) -> Vec<String> {
        let settings = &self.session.settings;
        let bare = asked.split(['#', '?']).next().unwrap_or_default();
        let bare = bare.strip_prefix(settings.origin.as_str()).unwrap_or(bare);
        let inside =
            bare.strip_prefix(settings.base_path.as_str()).filter(|rest| rest.starts_with('/') || rest.is_empty());
        let routes = [inside.unwrap_or(bare), bare].into_iter().flat_map(|address| {
            let address = decode(address).unwrap_or_else(|| address.to_owned());
            let address = format!("/{}", address.trim_start_matches('/'));
            let page = address.strip_suffix("index.html").unwrap_or(&address).trim_end_matches('/');
            [format!("{page}/"), address.clone()]
        });
        routes.collect()
    }

    fn of_route(&self, route: &str) -> Option<Subject> {
        if self.tree.files.contains_key(route) {
            let account = self.session.at(&self.contents, route)?;
            let path = match &account.making {
                Making::Page(_, Some(path)) | Making::Copy(path) => path,
                _ => &account.source,
            };
            let known = self.known_address(route);
            return Some(Subject { path: Some(path.clone()), state: State::Published(account), known });
        }
        let document = self.material.documents_at(route).next()?;
        Some(Subject { known: self.known_address(route), ..self.of_file(document) })
    }

    /// An address that was published and is no longer there.
    fn of_known(&self, routes: &[String]) -> Option<Subject> {
        let known = routes.iter().find_map(|route| self.known_address(route))?;
        Some(Subject { path: None, state: State::Former, known: Some(known) })
    }

    fn known_address(&self, route: &str) -> Option<String> {
        Some(written(route)).filter(|address| self.session.addresses().lines.contains_key(address))
    }

    fn of_file(&self, path: &str) -> Subject {
        let state = self.of_document(path).or_else(|| self.of_copy(path));
        let state = state.unwrap_or_else(|| State::Input(self.session.templates_with(path)));
        let published = if let State::Published(account) = &state { Some(&account.route) } else { None };
        let own = || self.material.entry(path).map(|entry| &entry.common().route);
        let known = published.or_else(own).and_then(|route| self.known_address(route));
        Subject { path: Some(path.into()), state, known }
    }

    fn of_document(&self, path: &str) -> Option<State> {
        let catalogue = &self.contents.catalogue;
        if let Some(card) = catalogue.card(path) {
            if card.kind == Kind::Notice {
                let shown = self.contents.registry.notices.iter().any(|notice| *notice.path == *path);
                return Some(State::Notice { shown });
            }
            if self.has_errors(path) {
                return Some(State::Broken);
            }
            return self.session.at(&self.contents, &card.route).map(State::Published);
        }
        Some(match catalogue.missing.get(path)? {
            Missing::Draft => State::Draft,
            Missing::Scheduled => State::Scheduled(self.publication(path)),
            Missing::Broken if Kind::of_path(path).is_none() => State::Stray,
            Missing::Broken => State::Broken,
        })
    }

    fn of_copy(&self, path: &str) -> Option<State> {
        if let Some(account) = self.session.copy_of(&self.contents, path) {
            return Some(State::Published(account));
        }
        if !path.starts_with("content/") || path == ORGANISATIONS {
            return None;
        }
        Some(if self.has_errors(path) { State::Stray } else { State::Hidden })
    }

    fn has_errors(&self, path: &str) -> bool {
        let mut errors = self.report.sorted().into_iter().filter(|finding| finding.severity == Severity::Error);
        errors.any(|error| error.place.as_ref().is_some_and(|place| *place.path == *path))
    }

    /// When a document is published.
    fn publication(&self, path: &str) -> Option<Timestamp> {
        let is_it = |turn: &Turn| turn.occasion == Occasion::Published && *turn.path == *path;
        self.contents.clock.ahead().into_iter().find(|(_, turns)| turns.iter().any(is_it)).map(|(at, _)| at)
    }

    /// A file or an address that is much like what was written.
    fn meant(&self, path: &str, routes: &[String]) -> Option<String> {
        let files = self.session.snapshot.files().map(|file| &*file.path);
        let addresses = || self.tree.files.keys().map(String::as_str);
        let file = closest_of_many(path, files);
        let address = || routes.iter().find_map(|route| closest_of_many(route, addresses()));
        file.or_else(address).map(str::to_owned)
    }
}
