//! From the catalogue to the finished site in memory: plan, then render in parallel.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use rayon::prelude::*;

use super::contents::Reading;
use super::pages::{Gates, Origin};
use super::{Contents, Session, checks};
use crate::config::headers::policy_in_pages;
use crate::diagnostic::{Place, Report};
use crate::document::Document;
use crate::document::body::{ArgumentValue, Component};
use crate::image::{Drawing, Painter};
use crate::kind;
use crate::model::Kind;
use crate::model::catalogue::Destination;
use crate::model::common::Desk;
use crate::model::{Card, Clock};
use crate::outside::Home;
use crate::overview;
use crate::overview::feeds::Bodies;
use crate::plan::links::{Filler, Want};
use crate::plan::site::site_view;
use crate::plan::{CardContext, Output, Planner, Recipe, View, Words};
use crate::source::Snapshot;
use crate::text::utf8;
use crate::theme::Theme;
use crate::theme::assets::{AssetContent, AssetOutput};
use crate::theme::check::{Keys, TemplateView};
use crate::theme::components::{ArgumentKind, FileView};
use crate::theme::engine::prepare;
use crate::view::SiteView;

/// The finished site: a set of files in memory, by address.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tree {
    /// The files.
    pub files: BTreeMap<String, Bytes>,
}

/// What a file of the site holds.
#[derive(Debug, PartialEq, Eq)]
pub enum Bytes {
    /// These bytes.
    Made(Vec<u8>),
    /// Those of a file of the sources.
    Copy(Arc<str>),
    /// Those of a picture. It is drawn when it is written: to compare two sites, their words are enough.
    Drawn(Arc<Painter>, Drawing),
}

/// A site that is made but not yet looked at.
#[derive(Default)]
struct Made {
    tree: Tree,
    origins: Vec<Origin>,
    /// What links ask for that is not there; that has been said.
    unmet: Vec<Want>,
}

impl Tree {
    /// Whether a file is there with these bytes.
    pub(super) fn holds(&self, (route, bytes): &(String, Bytes)) -> bool {
        self.files.get(route) == Some(bytes)
    }
}

impl Bytes {
    /// The bytes themselves.
    ///
    /// # Errors
    /// The file of the sources cannot be read.
    pub fn read<'a>(&'a self, snapshot: &'a Snapshot) -> Result<Cow<'a, [u8]>> {
        match self {
            Self::Made(bytes) => Ok(Cow::Borrowed(bytes)),
            Self::Copy(source) => snapshot.bytes(source),
            Self::Drawn(painter, drawing) => Ok(Cow::Owned(painter.draw(drawing))),
        }
    }

    /// The text of a page.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Made(bytes) => utf8::text(bytes),
            Self::Copy(_) | Self::Drawn(..) => None,
        }
    }
}

/// What rendering one output gave.
struct Rendered {
    route: String,
    bytes: Bytes,
    wants: Vec<Want>,
    report: Report,
}

impl Session {
    /// Plans and renders the whole site. What is wrong is reported; then the tree is not to be published.
    pub fn site(&mut self, contents: &Contents, report: &mut Report) -> Tree {
        let Made { tree, origins, unmet } = self.made(contents, report);
        if let Some(theme) = &self.theme {
            self.gates(contents, theme, &tree).check(&origins, &unmet, report);
        }
        tree
    }

    /// The same of contents whose findings nobody hears, as when it is asked what the site will be like.
    pub(super) fn site_unchecked(&mut self, contents: &Contents) -> Tree {
        self.made(contents, &mut Report::default()).tree
    }

    fn made(&mut self, contents: &Contents, report: &mut Report) -> Made {
        let mut theme = self.theme.take();
        let made = self.rendered(contents, theme.as_mut(), report);
        self.theme = theme;
        made
    }

    fn gates<'a>(&'a self, contents: &Contents, theme: &'a Theme, tree: &'a Tree) -> Gates<'a> {
        let statement = self.settings.statement.as_ref().and_then(|path| contents.catalogue.card(&path.value));
        Gates {
            settings: &self.settings,
            snapshot: &self.snapshot,
            theme,
            tree,
            home: Home::of(&self.settings),
            links: &self.links,
            statement: statement.map(|card| self.settings.href(&card.route)),
            new_window: Words::new(&self.texts).text("files.new_window"),
            policy: policy_in_pages(&self.settings),
        }
    }

    fn rendered(&self, contents: &Contents, theme: Option<&mut Theme>, report: &mut Report) -> Made {
        self.with_planner(contents, &contents.clock, report, |planner, report| {
            let outputs = outputs(contents, planner, theme.as_deref(), report);
            checks::check_addresses(&outputs, report);
            let assets = theme.as_ref().map(|theme| theme.assets.addresses.clone()).unwrap_or_default();
            let theme_color = theme.as_ref().and_then(|theme| theme.pictures.theme_color.clone());
            let site = site_view(planner, assets, theme_color, report);
            let Some(theme) = theme else { return Made::default() };
            let templates_are_sound = self.prepare(theme, &site, report);
            // Of pages that cannot be made there is nothing to read.
            let pages = if templates_are_sound { &outputs[..] } else { &[] };
            let origins = pages.iter().filter_map(Origin::of).collect();
            let renderer = Renderer { contents, planner, theme, templates_are_sound, elsewhere: false };
            let (tree, unmet) = renderer.tree(outputs, report);
            Made { tree, origins, unmet }
        })
    }

    /// Hands over a planner for these contents, by a clock.
    fn with_planner<T>(
        &self,
        contents: &Contents,
        clock: &Clock,
        report: &mut Report,
        work: impl FnOnce(&Planner, &mut Report) -> T,
    ) -> T {
        let words = Words::new(&self.texts);
        let context = CardContext {
            desk: self.desk(clock),
            words: &words,
            registry: &contents.registry,
            files: &contents.catalogue.files,
        };
        let unnoticed = BTreeMap::new();
        let asked = Mutex::new(Vec::new());
        let pictures = Mutex::new(Vec::new());
        let planner = Planner {
            context,
            catalogue: &contents.catalogue,
            notices: &unnoticed,
            wants: &asked,
            prepare,
            painter: self.painter.as_ref(),
            pictures: &pictures,
        };
        let notices = notices(contents, &planner, report);
        work(&Planner { notices: &notices, ..planner }, report)
    }

    /// A document by another clock, all else being as it was: its page, with its address, and its card.
    pub(super) fn document_at(
        &self,
        contents: &Contents,
        path: &str,
        clock: &Clock,
    ) -> Option<(Option<(String, Bytes)>, Card)> {
        let (document, entry) = contents.entries[*contents.catalogue.by_path.get(path)?];
        let theme = self.theme.as_ref()?;
        let mut unheard = Report::default();
        self.with_planner(contents, clock, &mut unheard, |planner, report| {
            let card = entry.card(&planner.context, report);
            let renderer = Renderer { contents, planner, theme, templates_are_sound: true, elsewhere: false };
            let page = page(document, entry.as_ref(), planner, report);
            let rendered = page.map(|output| renderer.output(output, &Bodies::new()));
            Some((rendered.map(|rendered| (rendered.route, rendered.bytes)), card))
        })
    }

    /// Gives the theme the site, and holds its templates against the views. Says whether pages can be rendered.
    fn prepare(&self, theme: &mut Theme, site: &SiteView, report: &mut Report) -> bool {
        let mut found = Report::default();
        if let Err(diagnostic) = theme.set_site(site) {
            found.push(*diagnostic);
        }
        let sections: Vec<String> = site.sections.keys().cloned().collect();
        let sections = Keys { possible: sections.clone(), present: sections };
        theme.check(&template_views(), sections, &self.texts, &mut found);
        let sound = theme.is_sound() && !found.has_errors();
        report.merge(found);
        sound
    }
}

/// The templates that a theme must have, with the shapes of their views.
fn template_views() -> Vec<TemplateView> {
    let views = kind::template_views().into_iter().chain(overview::template_views());
    views.map(|(template, schema)| TemplateView { template, schema }).collect()
}

/// The texts of the notices, as HTML. They have no components, since they stand on pages of all kinds.
fn notices(contents: &Contents, planner: &Planner, report: &mut Report) -> BTreeMap<Arc<str>, String> {
    let none = |_: &Component, _: &str, _: &mut Report| String::new();
    let of_notices = contents.entries.iter().filter(|(_, entry)| entry.common().kind == Kind::Notice);
    let mut fill = |(document, entry): &&Reading| {
        let filler =
            Filler { planner, path: &document.path, route: &entry.common().route, components: &none, elsewhere: false };
        let mut wants = Vec::new();
        let html = filler.fill(&document.body, &mut wants, report);
        wants.into_iter().for_each(|want| planner.want(want));
        (document.path.clone(), html)
    };
    of_notices.map(&mut fill).collect()
}

/// All that is to be written.
fn outputs(contents: &Contents, planner: &Planner, theme: Option<&Theme>, report: &mut Report) -> Vec<Output> {
    let pages: Vec<(Option<Output>, Report)> = contents
        .entries
        .par_iter()
        .map(|(document, entry)| {
            let mut report = Report::default();
            (page(document, entry.as_ref(), planner, &mut report), report)
        })
        .collect();
    let mut outputs = Vec::with_capacity(pages.len());
    for (output, findings) in pages {
        report.merge(findings);
        outputs.extend(output);
    }
    let commons: Vec<_> = contents.entries.iter().map(|(_, entry)| entry.common()).collect();
    outputs.extend(overview::outputs(planner, &commons, report));
    outputs.extend(contents.catalogue.files.values().map(|file| Output {
        route: file.route.clone(),
        recipe: Recipe::Copy(file.path.clone()),
        source: Place::start_of(&file.path),
    }));
    outputs.extend(theme.into_iter().flat_map(|theme| assets(theme, planner)));
    outputs.extend(theme.into_iter().flat_map(|theme| planner.icon_outputs(&theme.assets.addresses)));
    let mut pictures = std::mem::take(&mut *planner.pictures.lock().unwrap_or_else(PoisonError::into_inner));
    pictures.sort_by(|left, right| (&left.route, &left.source.path).cmp(&(&right.route, &right.source.path)));
    outputs.extend(pictures);
    outputs
}

fn page(document: &Document, entry: &dyn kind::Entry, planner: &Planner, report: &mut Report) -> Option<Output> {
    let page = entry.page(document, planner, report)?;
    let common = entry.common();
    Some(Output {
        route: common.route.clone(),
        recipe: Recipe::Page { template: page.template, view: page.view, body: Some(document.path.clone()) },
        source: common.place.clone(),
    })
}

fn assets(theme: &Theme, planner: &Planner) -> Vec<Output> {
    let source = || planner.settings().place.clone();
    let output = |asset: &AssetOutput| Output {
        route: asset.route.clone(),
        recipe: match &asset.content {
            AssetContent::Text(text) => Recipe::Data(text.clone().into_bytes()),
            AssetContent::Copy(path) => Recipe::Copy(path.clone()),
        },
        source: source(),
    };
    theme.assets.outputs.iter().map(output).collect()
}

/// Renders one output after the other, on any thread.
struct Renderer<'a> {
    contents: &'a Contents<'a>,
    planner: &'a Planner<'a>,
    theme: &'a Theme,
    /// Without sound templates the bodies are still looked through, so that one run shows all that is wrong.
    templates_are_sound: bool,
    /// Whether bodies are made for readers elsewhere than on their pages.
    elsewhere: bool,
}

impl Renderer<'_> {
    /// The files, and what links ask for that is not among them.
    fn tree(&self, outputs: Vec<Output>, report: &mut Report) -> (Tree, Vec<Want>) {
        let bodies = self.bodies_for_feeds(&outputs);
        let rendered: Vec<Rendered> = outputs.into_par_iter().map(|output| self.output(output, &bodies)).collect();
        let mut wants = std::mem::take(&mut *self.planner.wants.lock().unwrap_or_else(PoisonError::into_inner));
        let mut tree = Tree::default();
        for rendered in rendered {
            report.merge(rendered.report);
            wants.extend(rendered.wants);
            tree.files.insert(rendered.route, rendered.bytes);
        }
        if !self.templates_are_sound {
            wants.iter_mut().for_each(|want| want.anchor = None);
        }
        let unmet = checks::check_wants(wants, &tree, report);
        (tree, unmet)
    }

    fn output(&self, output: Output, bodies: &Bodies) -> Rendered {
        let (mut wants, mut report) = (Vec::new(), Report::default());
        let bytes = match output.recipe {
            Recipe::Page { template, view, body } => {
                let content = body.map(|path| self.body(&path, &output.route, &mut wants, &mut report));
                Bytes::Made(self.page(template, &view, &content.unwrap_or_default(), &mut report))
            }
            Recipe::Copy(path) => Bytes::Copy(path),
            Recipe::Feed(feed, format) => {
                Bytes::Made(overview::feeds::write(&feed, format, self.planner.settings(), bodies))
            }
            Recipe::Drawing(painter, drawing) => Bytes::Drawn(painter, drawing),
            Recipe::Data(bytes) => Bytes::Made(bytes),
        };
        Rendered { route: output.route, bytes, wants, report }
    }

    fn page(&self, template: &str, view: &View, content: &str, report: &mut Report) -> Vec<u8> {
        if !self.templates_are_sound {
            return Vec::new();
        }
        // What stands around a body is about as large as this in most themes.
        let mut bytes = Vec::with_capacity(content.len() + 8 * 1024);
        if let Err(diagnostic) = self.theme.render(template, view, content, &mut bytes) {
            report.push(*diagnostic);
        }
        // To shrink it would leave it where it is, with the room: the allocator moves what fills less than half of its block.
        bytes.as_slice().to_vec()
    }

    /// The bodies that feeds show, with absolute addresses: each is read far from its page.
    fn bodies_for_feeds(&self, outputs: &[Output]) -> Bodies {
        let feeds = outputs.iter().filter_map(|output| match &output.recipe {
            Recipe::Feed(feed, _) => Some(feed),
            _ => None,
        });
        let shown: BTreeSet<&Arc<str>> =
            feeds.flat_map(|feed| &feed.entries).filter_map(|entry| entry.body.as_ref()).collect();
        let settings = self.planner.settings().elsewhere();
        let desk = Desk { settings: &settings, ..*self.planner.desk() };
        let planner = Planner { context: CardContext { desk, ..self.planner.context }, ..*self.planner };
        let renderer = Renderer { planner: &planner, elsewhere: true, ..*self };
        // What is wrong in a body is said where its page is rendered.
        let body = |path: &Arc<str>| {
            let route = &self.contents.catalogue.card(path)?.route;
            Some((path.clone(), renderer.body(path, route, &mut Vec::new(), &mut Report::default())))
        };
        shown.into_par_iter().filter_map(body).collect()
    }

    fn body(&self, path: &str, route: &str, wants: &mut Vec<Want>, report: &mut Report) -> String {
        // The catalogue's cards and the entries stand in the same order.
        let Some(index) = self.contents.catalogue.by_path.get(path) else { return String::new() };
        let (document, _) = self.contents.entries[*index];
        let components =
            |component: &Component, inner: &str, report: &mut Report| self.component(path, component, inner, report);
        let elsewhere = self.elsewhere;
        let filler = Filler { planner: self.planner, path, route, components: &components, elsewhere };
        filler.fill(&document.body, wants, report)
    }

    fn component(&self, path: &str, component: &Component, inner: &str, report: &mut Report) -> String {
        let before = report.count(crate::diagnostic::Severity::Error);
        self.theme.check_component(component, report);
        let arguments = self.arguments(path, component, report);
        if report.count(crate::diagnostic::Severity::Error) > before {
            return String::new();
        }
        self.theme.render_component(&component.name, &arguments, inner).unwrap_or_else(|diagnostic| {
            report.push(diagnostic.related(component.place.clone(), "called here"));
            String::new()
        })
    }

    fn arguments(&self, path: &str, component: &Component, report: &mut Report) -> BTreeMap<String, serde_json::Value> {
        let mut arguments = BTreeMap::new();
        for argument in &component.arguments {
            let kind = self.theme.argument_kind(&component.name, &argument.name);
            let value = match (kind, &argument.value) {
                (ArgumentKind::File, ArgumentValue::Text(target)) => self.file(path, target, &argument.place, report),
                (ArgumentKind::Person, ArgumentValue::Text(slug)) => self.person(slug, &argument.place, report),
                (_, ArgumentValue::Text(text)) => Some(text.as_str().into()),
                (_, ArgumentValue::Integer(number)) => Some((*number).into()),
                (_, ArgumentValue::Bool(value)) => Some((*value).into()),
            };
            arguments.extend(value.map(|value| (argument.name.clone(), value)));
        }
        arguments
    }

    fn file(&self, path: &str, target: &str, place: &Place, report: &mut Report) -> Option<serde_json::Value> {
        match self.planner.catalogue.find(path, target, place, report)? {
            Destination::File(file) => {
                let (width, height) = file.dimensions.unzip();
                serde_json::to_value(FileView { url: self.planner.href(&file.route), width, height }).ok()
            }
            Destination::Card(_) | Destination::Unknown => None,
        }
    }

    fn person(&self, slug: &str, place: &Place, report: &mut Report) -> Option<serde_json::Value> {
        let slug = crate::data::Located { value: slug.to_owned(), place: place.clone() };
        let person = self.planner.context.registry.person(&slug, report)?;
        serde_json::to_value(self.planner.person(person, report)).ok()
    }
}
