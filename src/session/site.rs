//! From the catalogue to the finished site in memory: plan, then render in parallel.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use rayon::prelude::*;

use super::{Contents, Session, checks};
use crate::diagnostic::{Place, Report};
use crate::document::Document;
use crate::document::body::{ArgumentValue, Component};
use crate::kind;
use crate::model::Kind;
use crate::model::catalogue::Destination;
use crate::overview;
use crate::plan::links::{Filler, Want};
use crate::plan::site::site_view;
use crate::plan::{CardContext, Output, Planner, Recipe, View, Words};
use crate::source::Snapshot;
use crate::theme::Theme;
use crate::theme::assets::{AssetContent, AssetOutput};
use crate::theme::check::{Keys, TemplateView};

use crate::theme::components::{ArgumentKind, FileView};
use crate::view::SiteView;

/// The finished site: a set of files in memory, by address.
#[derive(Debug, Default)]
pub struct Tree {
    /// The files.
    pub files: BTreeMap<String, Bytes>,
}

/// What a file of the site holds.
#[derive(Debug)]
pub enum Bytes {
    /// These bytes.
    Made(Vec<u8>),
    /// Those of a file of the sources.
    Copy(Arc<str>),
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
        }
    }

    /// The text of a page.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Made(bytes) => std::str::from_utf8(bytes).ok(),
            Self::Copy(_) => None,
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
        let mut theme = self.theme.take();
        let words = Words::new(&self.texts);
        let context = CardContext {
            desk: self.desk(),
            words: &words,
            registry: &contents.registry,
            files: &contents.catalogue.files,
        };
        let unnoticed = BTreeMap::new();
        let asked = Mutex::new(Vec::new());
        let planner = Planner { context, catalogue: &contents.catalogue, notices: &unnoticed, wants: &asked };
        let notices = notices(contents, &planner, report);
        let planner = Planner { notices: &notices, ..planner };
        let outputs = outputs(contents, &planner, theme.as_ref(), report);
        checks::check_addresses(&outputs, report);
        let assets = theme.as_ref().map(|theme| theme.assets.addresses.clone()).unwrap_or_default();
        let site = site_view(&planner, assets, report);
        let Some(theme) = &mut theme else { return Tree::default() };
        let templates_are_sound = self.prepare(theme, &site, report);
        let renderer = Renderer { contents, planner: &planner, theme, templates_are_sound };
        renderer.tree(outputs, report)
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
    let mut fill = |(document, entry): &(Document, Box<dyn kind::Entry>)| {
        let filler = Filler { planner, path: &document.path, route: &entry.common().route, components: &none };
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
    contents: &'a Contents,
    planner: &'a Planner<'a>,
    theme: &'a Theme,
    /// Without sound templates the bodies are still looked through, so that one run shows all that is wrong.
    templates_are_sound: bool,
}

impl Renderer<'_> {
    fn tree(&self, outputs: Vec<Output>, report: &mut Report) -> Tree {
        let rendered: Vec<Rendered> = outputs.into_par_iter().map(|output| self.output(output)).collect();
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
        checks::check_wants(wants, &tree, report);
        tree
    }

    fn output(&self, output: Output) -> Rendered {
        let (mut wants, mut report) = (Vec::new(), Report::default());
        let bytes = match output.recipe {
            Recipe::Page { template, view, body } => {
                let content = body.map(|path| self.body(&path, &output.route, &mut wants, &mut report));
                Bytes::Made(self.page(template, &view, &content.unwrap_or_default(), &mut report))
            }
            Recipe::Copy(path) => Bytes::Copy(path),
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
        bytes.shrink_to_fit();
        bytes
    }

    fn body(&self, path: &str, route: &str, wants: &mut Vec<Want>, report: &mut Report) -> String {
        // The catalogue's cards and the entries stand in the same order.
        let Some(index) = self.contents.catalogue.by_path.get(path) else { return String::new() };
        let (document, _) = &self.contents.entries[*index];
        let components =
            |component: &Component, inner: &str, report: &mut Report| self.component(path, component, inner, report);
        let filler = Filler { planner: self.planner, path, route, components: &components };
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
