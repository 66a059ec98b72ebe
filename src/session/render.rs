//! From outputs to bytes: each is rendered on any thread, unless it stands in the output folder as it would be made.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;

use super::cause::{Cause, Print};
use super::checks::Address;
use super::contents::Reading;
use super::memory::Memory;
use super::pages::Origin;
use super::prints::Prints;
use super::site::page;
use super::tree::Bytes;
use super::{Contents, Session};
use crate::diagnostic::{Place, Report};
use crate::document::body::{ArgumentValue, Component};
use crate::model::catalogue::Destination;
use crate::model::common::Desk;
use crate::overview;
use crate::overview::feeds::Bodies;
use crate::plan::links::{Filler, Want};
use crate::plan::{CardContext, Output, Planner, Recipe, View};
use crate::theme::Theme;
use crate::theme::components::{ArgumentKind, FileView};

/// Renders one output after the other, on any thread.
#[derive(Clone, Copy)]
pub(super) struct Renderer<'a> {
    pub contents: &'a Contents<'a>,
    pub planner: &'a Planner<'a>,
    pub theme: &'a Theme,
    /// Knows the bodies.
    pub session: &'a Session,
    /// Without sound templates the bodies are still looked through, so that one run shows all that is wrong.
    pub templates_are_sound: bool,
    /// Whether bodies are made for readers elsewhere than on their pages.
    pub elsewhere: bool,
    /// What is remembered of the run before, and how outputs are compared; none where all are made.
    pub before: Option<(&'a Memory, &'a Prints<'a>)>,
}

/// An output, and what is known of it.
struct Compared {
    output: Output,
    print: Option<Print>,
    /// Where it stands, if it had the same print before; or else why it must be made.
    place: Result<PathBuf, Vec<Cause>>,
}

/// What became of an output.
pub(super) struct Rendered {
    pub address: Address,
    /// What it is made of, if it is a page.
    pub origin: Option<Origin>,
    pub bytes: Bytes,
    pub wants: Vec<Want>,
    pub report: Report,
    /// The print of what it is made of.
    pub print: Option<Print>,
    /// Why it was made, where there was a run before.
    pub causes: Vec<Cause>,
    /// Whether it stands in the output folder already.
    pub stands: bool,
    /// The output itself, where it was not made; but not that of a document, whose page is easily planned again.
    pub unmade: Option<Output>,
}

impl Rendered {
    /// The bytes of an output, of which no more is known.
    fn of(address: Address, origin: Option<Origin>, bytes: Bytes) -> Self {
        Self {
            address,
            origin,
            bytes,
            wants: Vec::new(),
            report: Report::default(),
            print: None,
            causes: Vec::new(),
            stands: false,
            unmade: None,
        }
    }
}

impl Renderer<'_> {
    /// Plans and makes the pages of these documents, but for those that stand as they would be made. What is said of a plan is
    /// given by itself.
    pub fn documents<'r>(
        &self,
        readings: impl IntoParallelIterator<Item = &'r Reading>,
    ) -> Vec<(Option<Rendered>, Report)> {
        let none = Bodies::new();
        let document = |(document, entry): &Reading| {
            let mut report = Report::default();
            let output = page(document, entry.as_ref(), self.planner, &mut report);
            let rendered = output.map(|output| self.settle(self.compare(output), &none));
            // What is said of a plan must be found anew each time, too.
            let print = rendered.as_ref().and_then(|rendered| rendered.print).filter(|_| report.is_empty());
            (rendered.map(|rendered| Rendered { unmade: None, print, ..rendered }), report)
        };
        readings.into_par_iter().map(document).collect()
    }

    /// Plans the page of a document again.
    pub fn page_of(&self, path: &str) -> Option<Output> {
        let (document, entry) = self.contents.reading(path)?;
        page(document, entry.as_ref(), self.planner, &mut Report::default())
    }

    /// Makes outputs, but for those that stand as they would be made.
    pub fn all(&self, outputs: Vec<Output>) -> Vec<Rendered> {
        let compared: Vec<Compared> = outputs.into_par_iter().map(|output| self.compare(output)).collect();
        let stale = compared.iter().filter(|compared| compared.place.is_err()).map(|compared| &compared.output);
        let bodies = self.bodies_for_feeds(stale);
        compared.into_par_iter().map(|compared| self.settle(compared, &bodies)).collect()
    }

    fn compare(&self, output: Output) -> Compared {
        let Some((memory, prints)) = self.before else {
            return Compared { output, print: None, place: Err(Vec::new()) };
        };
        let print = prints.of(&output);
        let place = memory.place_of(&output.route, print);
        Compared { output, print, place }
    }

    fn settle(&self, compared: Compared, bodies: &Bodies) -> Rendered {
        self.session.options.progress.step();
        let Compared { output, print, place } = compared;
        match place {
            Ok(_) if matches!(output.recipe, Recipe::Drawing(..)) => {
                Rendered { print, stands: true, ..self.output(output, bodies) }
            }
            Ok(place) => {
                let rendered = Rendered::of(Address::of(&output), Origin::of(&output), Bytes::Kept(place));
                Rendered { print, stands: true, unmade: Some(output), ..rendered }
            }
            Err(causes) => Rendered { print, causes, ..self.output(output, bodies) },
        }
    }

    /// Makes an output.
    pub fn output(&self, output: Output, bodies: &Bodies) -> Rendered {
        let (mut wants, mut report) = (Vec::new(), Report::default());
        let (address, origin) = (Address::of(&output), Origin::of(&output));
        let made = |bytes| Bytes::made(bytes, &self.session.overflow);
        let bytes = match output.recipe {
            Recipe::Page { template, view, body } => {
                let content = body.map(|path| self.body(&path, &output.route, &mut wants, &mut report));
                made(self.page(template, &view, &content.unwrap_or_default(), &mut report))
            }
            Recipe::Copy(path) => Bytes::Copy(path),
            Recipe::Feed(feed, format) => made(overview::feeds::write(&feed, format, self.planner.settings(), bodies)),
            Recipe::Drawing(painter, drawing) => Bytes::Drawn(painter, drawing),
            Recipe::Sitemap(sitemap) => made(overview::sitemap::write(&sitemap, self.planner.settings())),
            Recipe::Data(bytes) => made(bytes),
        };
        Rendered { wants, report, ..Rendered::of(address, origin, bytes) }
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
    fn bodies_for_feeds<'o>(&self, outputs: impl Iterator<Item = &'o Output>) -> Bodies {
        let feeds = outputs.filter_map(|output| match &output.recipe {
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
        let Some(document) = self.contents.document(path) else { return String::new() };
        let components =
            |component: &Component, inner: &str, report: &mut Report| self.component(path, component, inner, report);
        let elsewhere = self.elsewhere;
        let filler = Filler { planner: self.planner, path, route, components: &components, elsewhere };
        filler.fill(&self.session.body(document), wants, report)
    }

    fn component(&self, path: &str, component: &Component, inner: &str, report: &mut Report) -> String {
        let before = report.mark();
        self.theme.check_component(component, report);
        let arguments = self.arguments(path, component, report);
        if report.has_errors_since(before) {
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
                let (width, height) = file.facts.dimensions.unzip();
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
