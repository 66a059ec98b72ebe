//! Something of the site under another name, and every text that leads to it.
//!
//! [`Moved`] says what has which name now; [`Session::renamed`] writes it into all texts: front matter and settings by the keys
//! that name others, bodies by the places of their links. Each text is read again with the change, and kept only when it
//! then says what was meant and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::addresses::Published;
use super::contents::{Material, Reading};
use super::references::{Role, in_front_matter, in_settings, named};
use super::{Session, Tree};
use crate::addresses::route_of;
use crate::data::{EDIT_BY_HAND, Editor, Step, Value};
use crate::diagnostic::{Diagnostic, Place, Report};
use crate::document::body::{ArgumentValue, Body};
use crate::document::{front_of, markdown};
use crate::model::common::Desk;
use crate::model::{Clock, Common, Kind};
use crate::text::address::{Target, decode, relative, resolve};
use crate::text::slug::slug;
use crate::theme::components::ArgumentKind;

/// Where the settings are.
pub(super) const SETTINGS: &str = "site.yaml";

/// After which keys `slug`, `id` and `aliases` are written.
const AFTER: [&str; 4] = ["title", "date", "slug", "id"];

/// What has another name.
#[derive(Clone, Debug, Default)]
pub struct Moved {
    /// Files by their former paths; folders with their last `/`.
    pub paths: BTreeMap<String, String>,
    /// Addresses of the site by the former ones.
    pub routes: BTreeMap<String, String>,
    /// The former slug of a person, and the new one.
    pub person: Option<(String, String)>,
    /// That of a series.
    pub series: Option<(String, String)>,
    /// A tag, and its new words.
    pub tag: Option<(String, String)>,
    /// The document that is moved, and what is to be written into it.
    pub document: Option<Own>,
}

/// What is written into the document that is moved itself.
#[derive(Clone, Debug)]
pub struct Own {
    /// The file as it was.
    pub path: Arc<str>,
    /// Its slug, where that stands in the file.
    pub slug: Option<String>,
    /// What it is known by, where its slug was that.
    pub id: Option<String>,
    /// The address that it had, where that leads on to it.
    pub alias: Option<String>,
    /// The address that it has now.
    pub route: String,
}

/// A text with the new names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// The file as it was.
    pub path: Arc<str>,
    /// The file as it is to be.
    pub to: String,
    /// The text as it was.
    pub before: Arc<str>,
    /// The text as it is to be.
    pub after: String,
    /// How many references lead elsewhere now.
    pub references: usize,
}

impl Moved {
    /// The new path of a file.
    pub fn path<'a>(&'a self, path: &'a str) -> &'a str {
        self.paths.get(path).map_or(path, String::as_str)
    }

    /// Learns the new addresses of a page, of its calendar and of the files in its folder.
    pub fn take_along(&mut self, tree: &Tree, from: &str, to: &str) {
        let is_own = |published: &Published, rest: &str| match published.word {
            "alias" => false,
            // It is made of the document, and belongs to the settings.
            "calendar" => !rest.contains('/'),
            _ => self.paths.contains_key(&*published.source),
        };
        let all = tree.published.iter();
        let under = all.filter_map(|(address, published)| Some((address, published, address.strip_prefix(from)?)));
        let own = under.filter(|(_, published, rest)| is_own(published, rest));
        let routes: Vec<(String, String)> =
            own.map(|(address, _, rest)| (route_of(address).0, route_of(&format!("{to}{rest}")).0)).collect();
        self.routes.extend(routes);
    }

    /// Learns the new addresses of a list: its pages, its feeds.
    pub fn take_list_along(&mut self, tree: &Tree, from: &str, to: &str) {
        let under = tree.files.keys().filter_map(|route| Some((route, route.strip_prefix(from)?)));
        self.routes.extend(under.map(|(route, rest)| (route.clone(), format!("{to}{rest}"))));
    }

    /// What a text names now, if it has another name; it stands in a file.
    fn renamed(&self, role: Role, file: &str, text: &str) -> Option<String> {
        let of =
            |pair: &Option<(String, String)>| pair.as_ref().filter(|(from, _)| from == text).map(|(_, to)| to.clone());
        match role {
            Role::Person => of(&self.person),
            Role::Series => of(&self.series),
            // Organisations have names over time instead.
            Role::Organisation => None,
            Role::Tag => {
                self.tag.as_ref().filter(|(from, to)| slug(from) == slug(text) && to != text).map(|(_, to)| to.clone())
            }
            Role::Path => self.paths.get(text).cloned(),
            Role::Target => self.target(file, text),
        }
    }

    /// Where a target leads now, written from the file's new place; none where the old words still lead there.
    fn target(&self, file: &str, target: &str) -> Option<String> {
        let (path, anchor) = match Target::of(target) {
            Target::File(path, anchor) if !path.is_empty() => (self.written_path(file, path)?, anchor),
            Target::Route(route, anchor) => (path_as_target(self.routes.get(&decode(route)?)?), anchor),
            _ => return None,
        };
        Some(anchor.map_or_else(|| path.clone(), |anchor| format!("{path}#{anchor}")))
    }

    fn written_path(&self, file: &str, path: &str) -> Option<String> {
        let there = resolve(file, path)?;
        let (from, to) = (self.path(file), self.path(&there));
        if resolve(from, path).as_deref() == Some(to) {
            return None;
        }
        let written = path_as_target(&relative(from, to));
        // A writer's `./` stays.
        let is_here = path.starts_with("./") && !written.starts_with("../");
        Some(if is_here { format!("./{written}") } else { written })
    }
}

/// A path or an address as it can stand in any link: what has a meaning there is percent-encoded, letters stay.
pub fn path_as_target(path: &str) -> String {
    let mut written = String::with_capacity(path.len());
    for sign in path.chars() {
        if sign.is_alphanumeric() || matches!(sign, '/' | '-' | '.' | '_' | '~' | '+' | ',' | '@') {
            written.push(sign);
        } else {
            let mut bytes = [0; 4];
            sign.encode_utf8(&mut bytes).bytes().for_each(|byte| written.push_str(&format!("%{byte:02X}")));
        }
    }
    written
}

impl Session {
    /// Whether readers see a document now, and not only with drafts.
    pub fn is_seen(&self, common: &Common) -> bool {
        let clock = Clock::at(self.options.now);
        common.is_published(&Desk { drafts: false, ..self.desk(&clock) })
    }

    /// The texts of the site that change with what is moved, in order of path. A file that moves and stays as it is is not
    /// among them.
    ///
    /// # Errors
    /// Something cannot be written without disturbing what stands around it; all such places are told.
    pub fn renamed(&self, material: &Material, moved: &Moved) -> Result<Vec<Edited>, Report> {
        let (mut edited, mut report) = (Vec::new(), Report::default());
        for reading in material.readings() {
            match self.renamed_document(reading, moved) {
                Ok(change) => edited.extend(change),
                Err(diagnostic) => report.push(*diagnostic),
            }
        }
        match self.renamed_settings(moved) {
            Ok(change) => edited.extend(change),
            Err(diagnostic) => report.push(*diagnostic),
        }
        if report.is_empty() { Ok(edited) } else { Err(report) }
    }

    fn renamed_settings(&self, moved: &Moved) -> Result<Option<Edited>, Box<Diagnostic>> {
        let path: Arc<str> = SETTINGS.into();
        let Some(before) = self.snapshot.text(&path).cloned() else { return Ok(None) };
        let start = if before.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let editor = Editor::open(&path, &before, start..before.len(), &mut Report::default());
        let Some(mut editor) = editor else { return Ok(None) };
        let mut references = rename_in(&mut editor, &path, in_settings, moved)?;
        if let Some((from, to)) = &moved.tag {
            let known = self.settings.tags.keys().find(|name| slug(name) == slug(from) && *name != to);
            if let Some(known) = known {
                editor.rename(&[Step::Key("tags")], known, to)?;
                references += 1;
            }
        }
        Ok(edited(path, moved, before, editor.into_text(), references))
    }

    fn renamed_document(&self, reading: &Reading, moved: &Moved) -> Result<Option<Edited>, Box<Diagnostic>> {
        let path = &reading.0.path;
        let Some(before) = self.snapshot.text(path).cloned() else { return Err(changed_just_now(path)) };
        let (text, in_body) = self.renamed_body(reading, &before, moved)?;
        let front = front_of(path, &text)?;
        let editor = Editor::open(path, &text, front, &mut Report::default());
        let Some(mut editor) = editor else { return Err(changed_just_now(path)) };
        let in_front = rename_in(&mut editor, path, in_front_matter, moved)?;
        if let Some(own) = moved.document.as_ref().filter(|own| own.path == *path) {
            write_own(&mut editor, own, reading.1.common())?;
        }
        Ok(edited(path.clone(), moved, before, editor.into_text(), in_body + in_front))
    }

    /// The text with another body, in which links lead to the new places, and how many do.
    fn renamed_body(
        &self,
        (document, _): &Reading,
        text: &str,
        moved: &Moved,
    ) -> Result<(String, usize), Box<Diagnostic>> {
        let path = &document.path;
        let body = self.body(document);
        let definitions = markdown::definitions(path, text, document.body_span.clone());
        let mentions = self.mentions(&body, &definitions);
        let mut splices: BTreeMap<usize, (Range<usize>, String)> = BTreeMap::new();
        let mut meant = Vec::with_capacity(mentions.len());
        for mention in &mentions {
            let Some(new) = moved.renamed(mention.role, path, mention.text) else {
                meant.push(mention.text.to_owned());
                continue;
            };
            let span = mention.place.span.clone();
            let old = text.get(span.clone()).unwrap_or_default();
            splices.insert(span.start, (span, in_place_of(old, &new)));
            meant.push(new);
        }
        let Some((first, _)) = splices.values().next().cloned() else { return Ok((text.to_owned(), 0)) };
        let mut changed = text.to_owned();
        for (span, new) in splices.values().rev() {
            changed.replace_range(span.clone(), new);
        }
        let to: Arc<str> = moved.path(path).into();
        let span = document.body_span.start..changed.len();
        let kind = Kind::of_path(path).unwrap_or(Kind::Page);
        let again =
            self.compile((&to, kind), (&changed, span.clone()), document.lang.as_deref(), &mut Report::default());
        let definitions = markdown::definitions(&to, &changed, span);
        let said: Vec<&str> = self.mentions(&again, &definitions).into_iter().map(|mention| mention.text).collect();
        if said != meant {
            let words = "this link cannot be changed without disturbing what stands around it";
            let place = Place { path: path.clone(), span: first };
            return Err(Box::new(Diagnostic::new(&EDIT_BY_HAND, words).at(place).help("write the change by hand")));
        }
        Ok((changed, splices.len()))
    }

    /// What a body names, with the places of the words. A definition that links use is named by each of them and once more.
    pub(super) fn mentions<'a>(&self, body: &'a Body, definitions: &'a [(String, Place)]) -> Vec<Mention<'a>> {
        let mention = |role, text, place| Mention { role, text, place };
        let links = body.links.iter().map(|link| mention(Role::Target, link.target.as_str(), &link.place));
        let images = body.images.iter().map(|image| mention(Role::Target, image.target.as_str(), &image.place));
        let definitions = definitions.iter().map(|(target, place)| mention(Role::Target, target, place));
        let arguments =
            body.components.iter().flat_map(|call| call.arguments.iter().map(move |argument| (call, argument)));
        let arguments = arguments.filter_map(|(call, argument)| {
            let ArgumentValue::Text(text) = &argument.value else { return None };
            let role = match self.theme.as_ref()?.argument_kind(&call.name, &argument.name) {
                ArgumentKind::File => Role::Target,
                ArgumentKind::Person => Role::Person,
                ArgumentKind::Plain => return None,
            };
            Some(mention(role, text.as_str(), &argument.place))
        });
        links.chain(images).chain(definitions).chain(arguments).collect()
    }
}

/// What a body names, and where.
pub(super) struct Mention<'a> {
    pub role: Role,
    pub text: &'a str,
    pub place: &'a Place,
}

/// New words in the place of others, in their quotes.
fn in_place_of(old: &str, new: &str) -> String {
    match old.chars().next() {
        Some(quote @ ('"' | '\'')) if old.len() > 1 && old.ends_with(quote) => format!("{quote}{new}{quote}"),
        _ => new.to_owned(),
    }
}

fn edited(path: Arc<str>, moved: &Moved, before: Arc<str>, after: String, references: usize) -> Option<Edited> {
    let to = moved.path(&path).to_owned();
    (*before != *after).then_some(Edited { path, to, before, after, references })
}

fn changed_just_now(path: &Arc<str>) -> Box<Diagnostic> {
    let words = "the file was changed just now";
    Box::new(Diagnostic::new(&EDIT_BY_HAND, words).at(Place::start_of(path)).help("run the command again"))
}

/// Writes the new names of what the keys of a text name, and tells how many.
fn rename_in(
    editor: &mut Editor,
    path: &str,
    role: fn(&[&str]) -> Option<Role>,
    moved: &Moved,
) -> Result<usize, Box<Diagnostic>> {
    let tree = editor.tree().clone();
    let mut count = 0;
    for named in named(&tree, role) {
        if let Some(new) = moved.renamed(named.role, path, named.text) {
            editor.replace(&named.steps, &new)?;
            count += 1;
        }
    }
    Ok(count)
}

/// Writes what the document that is moved says of itself. Back at an address that it had before, it needs no words for that one.
fn write_own(editor: &mut Editor, own: &Own, common: &Common) -> Result<(), Box<Diagnostic>> {
    if let Some(slug) = &own.slug {
        editor.set(&[], "slug", Value::text(slug), &AFTER)?;
    }
    let is_back = common.aliases.iter().position(|alias| alias.value == own.route);
    if let Some(index) = is_back {
        editor.remove_item(&[], "aliases", index)?;
        if own.route.trim_end_matches('/').rsplit('/').next() == Some(&common.id) {
            editor.remove(&[], "id")?;
        }
    } else if let Some(id) = &own.id {
        editor.set(&[], "id", Value::text(id), &AFTER)?;
    }
    let known: BTreeSet<&str> = common.aliases.iter().map(|alias| alias.value.as_str()).collect();
    match own.alias.as_deref().filter(|alias| !known.contains(alias)) {
        Some(alias) => editor.append(&[], "aliases", Value::text(alias), &AFTER),
        None => Ok(()),
    }
}
