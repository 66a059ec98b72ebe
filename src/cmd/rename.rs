//! `anslag rename`: another name for a document, a person, a series or a tag, and for all that leads to it.
//!
//! Which texts change is settled in `session/moved`; here what is meant is found, the site is held against the change before
//! anything is written (`rename/plan`).

mod plan;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;

use super::arguments::{Common, RenameOptions, ReportFormat};
use super::change::meant_file;
use super::finished::{Finished, say};
use super::waiting::while_waiting;
use super::{End, from_root, print_report, refuse};
use crate::addresses::{Addresses, Fate, route_of, written};
use crate::data::{Editor, NodeKind};
use crate::diagnostic::{Report, Severity};
use crate::document::front_of;
use crate::model::common::stem;
use crate::model::{Common as Entry, Kind};
use crate::session::{Material, Moved, Options, Own, Session, with_article};
use crate::source::File;
use crate::text::address::refuse_segment;
use crate::text::slug::slug;
use crate::text::suggest::{closest, closest_of_many};
use plan::Plan;

/// Gives something another name.
pub fn rename(common: &Common, asked: &RenameOptions) -> Result<End> {
    let options = common.options(common.now());
    let mut report = Report::default();
    let session = match Session::open(options.clone(), &mut report)? {
        (_, Some(session)) => session,
        (snapshot, None) => {
            print_report(&report, &snapshot, common)?;
            return Ok(End::Errors);
        }
    };
    let material = session.material(&mut report)?;
    if !material.broken().is_empty() {
        print_report(&of_files(&report, material.broken()), &session.snapshot, common)?;
        say(common, "what cannot be read may lead there too: mend it first; nothing was written");
        return Ok(End::Errors);
    }
    let desk = Desk { common, asked, session: &session, material: &material };
    let goal = match if asked.tag { desk.tag() } else { desk.document() } {
        Ok(goal) => goal,
        Err(words) => return refuse(common, &words),
    };
    // What is not published yet is only seen with drafts.
    let options = Options { drafts: options.drafts || goal.is_unseen, ..options };
    let before = while_waiting(common, &options.progress, || Finished::make(&options))?;
    if let Some(words) = goal.in_the_way(&before) {
        return refuse(common, &words);
    }
    let moved = desk.moved(&goal, &before);
    let edited = match session.renamed(&material, &moved) {
        Ok(edited) => edited,
        Err(report) => {
            print_report(&report, &session.snapshot, common)?;
            say(common, "nothing was written");
            return Ok(End::Errors);
        }
    };
    let addresses = desk.addresses(&goal, &before);
    let plan = Plan { goal: &goal, moved: &moved, edited: &edited, addresses: addresses.as_ref() };
    let after = while_waiting(common, &options.progress, || plan.site(&options))?;
    let new = more(&after.report, &before.report, &moved);
    if new.has_errors() {
        print_report(&new.without(Severity::Warning).without(Severity::Info), &after.snapshot, common)?;
        say(common, "with this name the site would have errors: nothing was written");
        return Ok(End::Errors);
    }
    if !asked.dry_run {
        plan.write(common, &session)?;
    }
    let warnings = new.without(Severity::Info);
    plan.tell(common, &warnings, asked.dry_run)?;
    if common.format == ReportFormat::Human {
        print_report(&warnings, &after.snapshot, common)?;
    }
    say(common, &if asked.dry_run { "nothing was written".to_owned() } else { next_step(&goal) });
    Ok(End::Well)
}

fn next_step(goal: &Goal) -> String {
    let commit = "look at it with `git diff`, then build and commit it with addresses.lock";
    match (&goal.address, goal.is_unseen) {
        (Some((from, to)), false) => format!("`{from}` leads to `{to}` when the site is built next: {commit}"),
        _ => commit.to_owned(),
    }
}

/// The findings in some files.
fn of_files(report: &Report, paths: &[Arc<str>]) -> Report {
    let is_there = |path: &str| paths.iter().any(|known| **known == *path);
    let mut own = Report::default();
    let found =
        report.sorted().into_iter().filter(|found| found.place.as_ref().is_some_and(|place| is_there(&place.path)));
    own.extend(found.cloned());
    own
}

/// The findings of a site that are more than there were, by code and file: their words may name what was renamed.
fn more(after: &Report, before: &Report, moved: &Moved) -> Report {
    let mut known: BTreeMap<(&str, Option<&str>), usize> = BTreeMap::new();
    for found in before.sorted() {
        let path = found.place.as_ref().map(|place| moved.path(&place.path));
        *known.entry((found.code.name, path)).or_default() += 1;
    }
    let mut new = Report::default();
    for found in after.sorted() {
        let path = found.place.as_ref().map(|place| &*place.path);
        match known.get_mut(&(found.code.name, path)) {
            Some(count) if *count > 0 => *count -= 1,
            _ => new.push(found.clone()),
        }
    }
    new
}

/// What is to have another name.
struct Goal {
    what: What,
    /// The address that it has, and the one that it is to have, where that is another.
    address: Option<(String, String)>,
    /// Whether it is a draft, or its day has not come.
    is_unseen: bool,
}

enum What {
    /// A file, or a folder with its last `/`, by its old path and its new one.
    Document {
        path: Arc<str>,
        to: String,
        folders: Option<(String, String)>,
        kind: Kind,
        slug: String,
        new_slug: String,
        /// Whether the slug stands in the file, and is to be another.
        writes_slug: bool,
        /// Whether an id stands in the file.
        has_id: bool,
    },
    Tag {
        from: String,
        to: String,
    },
}

impl Goal {
    /// What else has the address already.
    fn in_the_way(&self, before: &Finished) -> Option<String> {
        let (_, new) = self.address.as_ref()?;
        let (word, source) = before.tree.what_is_at(&written(new))?;
        let is_own = matches!(&self.what, What::Document { path, .. } if word == "alias" && *source == **path);
        (!is_own).then(|| format!("`{new}` is in the site already: {}, from {source}", with_article(word)))
    }
}

/// The site as it is, beside what is asked.
struct Desk<'a> {
    common: &'a Common,
    asked: &'a RenameOptions,
    session: &'a Session,
    material: &'a Material,
}

impl Desk<'_> {
    /// The tag that is meant.
    fn tag(&self) -> Result<Goal, String> {
        let (from, to) = (self.asked.from.trim(), self.asked.to.trim());
        if slug(to).is_empty() || to.contains(char::is_control) {
            return Err(format!(
                "no address can be made from the tag `{}`: use a letter or a digit",
                to.escape_debug()
            ));
        }
        let in_documents = self.material.commons().flat_map(|entry| entry.tags.iter().map(|tag| tag.value.as_str()));
        let all: Vec<&str> = in_documents.chain(self.session.settings.tags.keys().map(String::as_str)).collect();
        let Some(known) = all.iter().find(|tag| slug(tag) == slug(from)) else {
            let meant = closest(from, all.iter().copied()).map(|meant| format!(". Did you mean `{meant}`?"));
            return Err(format!("there is no tag `{from}`{}", meant.unwrap_or_default()));
        };
        let is_taken = |tag: &&&str| slug(tag) == slug(to) && slug(tag) != slug(from);
        if let Some(taken) = all.iter().find(is_taken) {
            return Err(format!("there is a tag `{taken}` already: two tags are not made one by this command"));
        }
        if all.iter().filter(|tag| slug(tag) == slug(from)).all(|tag| *tag == to) {
            return Err(format!("the tag is called `{to}` already"));
        }
        let section = &self.session.settings.sections.tags.route;
        let route = |tag: &str| format!("{section}{}/", slug(tag));
        let address = Some((route(from), route(to))).filter(|(from, to)| from != to);
        Ok(Goal { what: What::Tag { from: (*known).to_owned(), to: to.to_owned() }, address, is_unseen: false })
    }

    /// The document that is meant, and where it goes.
    fn document(&self) -> Result<Goal, String> {
        let entry = self.find()?;
        let path = &entry.path;
        let to = self.new_path(entry)?;
        let file = self.session.snapshot.text(path).cloned().unwrap_or_default();
        let keys = keys_of(path, &file);
        let has = |key: &str| keys.iter().any(|known| known == key);
        let is_slug = is_slug(&self.asked.to);
        let new_slug = match () {
            () if is_slug => self.asked.to.clone(),
            () if has("slug") => entry.slug.clone(),
            () => slug(stem(&to)),
        };
        if to == **path && new_slug == entry.slug {
            return Err(format!("{path} is called that already"));
        }
        let folders = folder_of(path).zip(folder_of(&to));
        self.refuse_taken(path, &to, folders.as_ref())?;
        let new_route =
            entry.route.strip_suffix(&format!("{}/", entry.slug)).map(|above| format!("{above}{new_slug}/"));
        let address = new_route.filter(|route| *route != entry.route && entry.kind != Kind::Notice);
        let address = address.map(|route| (entry.route.clone(), route));
        let new = address.as_ref().map(|(_, new)| new.as_str());
        let other = new.and_then(|new| self.material.documents_at(new).find(|other| *other != path));
        if let Some((other, new)) = other.zip(new) {
            return Err(format!("{other} has the address `{new}` already"));
        }
        let is_unseen = !self.session.is_seen(entry);
        let what = What::Document {
            path: path.clone(),
            to,
            folders,
            kind: entry.kind,
            slug: entry.slug.clone(),
            new_slug,
            writes_slug: has("slug") && is_slug,
            has_id: has("id"),
        };
        Ok(Goal { what, address, is_unseen })
    }

    /// The document that a path, an address, a slug or an id means.
    fn find(&self) -> Result<&Entry, String> {
        let named = self.asked.from.as_str();
        let path = from_root(&self.common.root, named);
        let path = path.trim_end_matches('/');
        let bundle = format!("{path}/index.md");
        let route = format!("{}/", named.trim_end_matches('/'));
        let all = || self.material.commons();
        let by_path: Vec<&Entry> = all().filter(|entry| *entry.path == *path || *entry.path == *bundle).collect();
        let by_route = || all().filter(|entry| entry.kind != Kind::Notice && entry.route == route).collect();
        let by_name = || all().filter(|entry| entry.slug == named || entry.id == named).collect();
        let found: Vec<&Entry> = match () {
            () if !by_path.is_empty() => by_path,
            () if named.starts_with('/') => by_route(),
            () => by_name(),
        };
        match found[..] {
            [entry] => Ok(entry),
            [] => {
                let names = all().flat_map(|entry| [entry.slug.as_str(), entry.id.as_str()]);
                let routes = || all().map(|entry| entry.route.as_str());
                let snapshot = &self.session.snapshot;
                let meant = match named {
                    _ if named.starts_with('/') => closest_of_many(&route, routes()).map(str::to_owned),
                    _ if named.contains('/') => meant_file(snapshot, path),
                    _ => closest(named, names).map(str::to_owned).or_else(|| meant_file(snapshot, path)),
                };
                let meant = meant.map(|meant| format!(". Did you mean `{meant}`?"));
                Err(format!(
                    "there is no document `{named}`{}",
                    meant.unwrap_or_else(|| "; a tag is renamed with `--tag`".to_owned())
                ))
            }
            _ => {
                let paths: Vec<&str> = found.iter().map(|entry| &*entry.path).collect();
                Err(format!("`{named}` is several: name one of the files {}", paths.join(", ")))
            }
        }
    }

    /// Where the document is to be.
    fn new_path(&self, entry: &Entry) -> Result<String, String> {
        let (path, asked) = (&*entry.path, self.asked.to.as_str());
        let is_bundle = folder_of(path).is_some();
        if is_slug(asked) {
            let good = slug(asked);
            if refuse_segment(asked).is_some() || good != asked {
                let help = if good.is_empty() {
                    "use letters, digits and hyphens".to_owned()
                } else {
                    format!("write `{good}`")
                };
                return Err(format!("`{}` cannot be part of an address: {help}", asked.escape_debug()));
            }
            let above = path.strip_suffix("/index.md").or_else(|| path.strip_suffix(".md")).unwrap_or(path);
            let folder = above.rsplit_once('/').map_or("", |(folder, _)| folder);
            return Ok(if is_bundle { format!("{folder}/{asked}/index.md") } else { format!("{folder}/{asked}.md") });
        }
        let to = from_root(&self.common.root, asked);
        let to = match to.trim_end_matches('/') {
            to if is_bundle && !to.ends_with(".md") => format!("{to}/index.md"),
            to => to.to_owned(),
        };
        let pieces = to.split('/');
        if let Some(reason) = pieces.clone().find_map(refuse_segment_of_path) {
            return Err(format!("`{}` is no file of the site: {reason}", asked.escape_debug()));
        }
        if Kind::of_path(&to) != Some(entry.kind) {
            return Err(format!(
                "`{to}` is not in content/{}/: {} stays there",
                entry.kind.folder(),
                with_article(entry.kind.word())
            ));
        }
        if !to.ends_with(".md") {
            return Err(format!("`{to}` does not end with `.md`"));
        }
        if is_bundle && folder_of(&to).is_none() {
            return Err(format!("{path} has a folder with its files: name the new folder, and not a file"));
        }
        if slug(stem(&to)).is_empty() {
            return Err(format!("no address can be made from `{to}`"));
        }
        Ok(to)
    }

    /// Refuses a place where something is.
    fn refuse_taken(&self, path: &str, to: &str, folders: Option<&(String, String)>) -> Result<(), String> {
        if path == to {
            return Ok(());
        }
        if let Some((from, into)) = folders.filter(|(from, into)| into.starts_with(from.as_str()) && from != into) {
            return Err(format!("{into} lies in {from}, which cannot be moved into itself"));
        }
        let root = &self.common.root;
        let place = folders.map_or(to, |(_, into)| into.trim_end_matches('/'));
        if root.join(place).symlink_metadata().is_ok() {
            return Err(format!("there is a {place} already"));
        }
        let above = std::iter::successors(Path::new(place).parent(), |folder| folder.parent());
        if let Some(link) = above.into_iter().find(|folder| root.join(folder).is_symlink()) {
            return Err(format!("{} leads elsewhere, perhaps out of the site: name a folder", link.display()));
        }
        // From another place a link may lead elsewhere.
        let moving = folders.map_or(path, |(from, _)| from.trim_end_matches('/'));
        if let Some(link) = first_link(&root.join(moving)) {
            return Err(format!(
                "{} is a symbolic link, which cannot be moved: put a file in its place",
                link.display()
            ));
        }
        let is_other = |file: &&File| &*file.path != path && file.path.ends_with(".md");
        if let Some(other) = folders.and_then(|(from, _)| self.session.snapshot.under(from).find(is_other)) {
            return Err(format!(
                "{} lies in the folder of {path}, and would be moved along: move one of them by hand",
                other.path
            ));
        }
        // `x.md` beside `x/index.md`: two documents with one name.
        let other = match to.strip_suffix("/index.md") {
            Some(folder) => format!("{folder}.md"),
            None => format!("{}/index.md", to.trim_end_matches(".md")),
        };
        if other != path && self.session.snapshot.file(&other).is_some() {
            return Err(format!("there is a {other} already"));
        }
        Ok(())
    }

    /// All that has another name.
    fn moved(&self, goal: &Goal, before: &Finished) -> Moved {
        let mut moved = Moved::default();
        match &goal.what {
            What::Tag { from, to } => {
                moved.tag = Some((from.clone(), to.clone()));
                if let Some((from, to)) = &goal.address {
                    moved.take_list_along(&before.tree, from, to);
                }
            }
            What::Document { path, to, folders, kind, slug, new_slug, writes_slug, has_id } => {
                moved.paths.insert(path.to_string(), to.clone());
                if let Some((from, into)) = folders.as_ref().filter(|(from, into)| from != into) {
                    let under = self.session.snapshot.under(from).map(|file| &*file.path);
                    moved.paths.extend(under.map(|file| (file.to_owned(), format!("{into}{}", &file[from.len()..]))));
                    moved.paths.insert(from.clone(), into.clone());
                }
                let slugs = Some((slug.clone(), new_slug.clone())).filter(|(from, to)| from != to);
                match kind {
                    Kind::Person => moved.person = slugs,
                    Kind::Series => moved.series = slugs,
                    _ => {}
                }
                let has_ids = matches!(kind, Kind::Post | Kind::Event | Kind::Tool);
                if let Some((from, to)) = &goal.address {
                    moved.take_along(&before.tree, from, to);
                    moved.routes.insert(from.clone(), to.clone());
                    if let Some((from, to)) = self.authors_list(*kind, slug, new_slug) {
                        moved.take_list_along(&before.tree, &from, &to);
                    }
                    let alias = (!goal.is_unseen && self.was_seen(from)).then(|| from.clone());
                    moved.document = Some(Own {
                        path: path.clone(),
                        slug: writes_slug.then(|| new_slug.clone()),
                        id: alias.as_ref().filter(|_| has_ids && !has_id).map(|_| slug.clone()),
                        alias,
                        route: to.clone(),
                    });
                }
            }
        }
        moved
    }

    /// The address of what a person has written, and the new one.
    fn authors_list(&self, kind: Kind, slug: &str, new_slug: &str) -> Option<(String, String)> {
        let section = &self.session.settings.sections.authors.route;
        (kind == Kind::Person).then(|| (format!("{section}{slug}/"), format!("{section}{new_slug}/")))
    }

    /// Whether an address was published, as far as is known.
    fn was_seen(&self, route: &str) -> bool {
        let addresses = self.session.addresses();
        addresses.lines.is_empty() || addresses.line(route).is_some()
    }

    /// What `addresses.lock` is to say of the lists that have another address.
    fn addresses(&self, goal: &Goal, before: &Finished) -> Option<Addresses> {
        let (from, to) = match &goal.what {
            What::Tag { .. } => goal.address.clone()?,
            What::Document { kind, slug, new_slug, .. } => self.authors_list(*kind, slug, new_slug)?,
        };
        let mut addresses = self.session.addresses().clone();
        let mut is_changed = false;
        for (address, line) in &mut addresses.lines {
            let (route, anchor) = route_of(address);
            let is_there = anchor.is_none() && before.tree.files.contains_key(&route);
            let rest = route.strip_prefix(&from).filter(|_| is_there && matches!(line.fate, Fate::Present { .. }));
            if let Some(rest) = rest.filter(|_| from != to) {
                line.fate = Fate::Moved { to: written(&format!("{to}{rest}")) };
                is_changed = true;
            }
        }
        is_changed.then_some(addresses)
    }
}

/// A symbolic link that is here, or in a folder that is here. What cannot be read is met when it is moved.
fn first_link(place: &Path) -> Option<PathBuf> {
    if place.is_symlink() {
        return Some(place.to_owned());
    }
    let entries = place.is_dir().then(|| fs::read_dir(place).ok()).flatten()?;
    entries.flatten().find_map(|entry| first_link(&entry.path()))
}

/// Whether what is asked for is a piece of an address, and no path.
fn is_slug(asked: &str) -> bool {
    !asked.contains('/') && !asked.ends_with(".md")
}

fn refuse_segment_of_path(piece: &str) -> Option<&'static str> {
    let is_of_a_name = |piece: &str| piece.contains([' ', '&', '%', '#']);
    refuse_segment(piece).filter(|_| !is_of_a_name(piece) || piece.starts_with('.'))
}

/// The folder of a document that has one, with its last `/`.
fn folder_of(path: &str) -> Option<String> {
    path.strip_suffix("index.md").filter(|folder| folder.ends_with('/')).map(str::to_owned)
}

/// The keys that stand in the front matter of a document.
fn keys_of(path: &Arc<str>, text: &str) -> Vec<String> {
    let front = front_of(path, text).ok();
    let editor = front.and_then(|front| Editor::open(path, text, front, &mut Report::default()));
    match editor.map(|editor| editor.tree().kind.clone()) {
        Some(NodeKind::Map(entries)) => entries.into_iter().map(|(key, _)| key.name).collect(),
        _ => Vec::new(),
    }
}
