//! Holds every template against the view that it will be given, before anything is written.
//!
//! The walk follows what a template does, with types in place of values: through blocks, includes, components and
//! loops, also into branches that no page takes today. A field that no view has, a text that is not there, a value
//! used without asking whether it is there: each is found at its place. Where nothing is known, nothing is said.

mod expression;
mod facts;
mod scope;
mod shape;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use schemars::schema_for;

use self::facts::known;
use self::scope::{Binding, Scope, Spot};
use self::shape::{ANY, BOOL, NUMBER, Presence, Shape, Shapes, TEXT, Type};
use super::Theme;
use super::components::{ArgumentKind, FileView};
use super::engine::unknown_template;
use super::link::Library;
use super::syntax::{Definition, Expression, Kind, Loop, Name, Node, Parameter, Span, Template, Use, uses};
use crate::code;
use crate::config::texts::Texts;
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::view::{ContactView, SiteView};

pub use self::shape::Keys;

code! { pub TEMPLATE_UNKNOWN_VARIABLE = "template-unknown-variable", Error, "a variable or a field that does not exist",
"A template sees `site`, `t` (the theme's texts), `page` (the view of its kind) and `content`, and what it sets \
itself. A name that is not among them, or a field that the view does not have, would fail on some page, or silently \
print nothing." }
code! { pub TEMPLATE_OPTIONAL_VALUE = "template-optional-value", Error, "a value that may be missing, used as if it were there",
"Not every page has an image, a summary or a place. What is done with such a value stands inside `{% if … %}`, or it \
gets a stand-in: `{{ page.about.summary | default(value=\"\") }}`. Printing a missing value prints nothing and is \
allowed." }
code! { pub TEMPLATE_WRONG_TYPE = "template-wrong-type", Error, "a value used as something that it is not",
"A loop goes through a list, a filter takes what it is made for, and a component's arguments have types." }
code! { pub TEMPLATE_PRINTS_STRUCTURE = "template-prints-structure", Warning, "a whole structure is printed",
"Printing a list or a set of fields shows readers something like `{\"title\": \"…\"}`. Print its fields, or loop over \
it." }
code! { pub UNUSED_TEMPLATE = "unused-template", Warning, "a template of the site's own that nothing uses",
"A file in `theme/templates/` replaces the theme's file of the same name, or is extended or included by another one. \
This one is neither: perhaps its name is misspelt." }

/// The findings of this module.
pub const CODES: &[&Code] = &[
    &TEMPLATE_UNKNOWN_VARIABLE,
    &TEMPLATE_OPTIONAL_VALUE,
    &TEMPLATE_WRONG_TYPE,
    &TEMPLATE_PRINTS_STRUCTURE,
    &UNUSED_TEMPLATE,
];

/// How many pieces of templates one view is worth. Real themes need a twentieth of it.
const BUDGET: usize = 50_000;
/// How deep components and includes may call each other: what Tera allows for components.
const CALL_DEPTH: usize = 20;

/// A template and the schema of the view that it is given as `page`.
pub struct TemplateView {
    /// The template's name: `post.html`.
    pub template: &'static str,
    /// Makes the schema.
    pub schema: fn() -> schemars::Schema,
}

impl Theme {
    /// Reports what the templates do that the views do not allow, and the views that have no template. `sections`
    /// are the keys of `site.sections`.
    pub fn check(&self, views: &[TemplateView], sections: Keys, texts: &Texts, report: &mut Report) {
        let mut checker = Checker::new(&self.library, texts, views);
        let assets: Vec<String> = self.assets.addresses.keys().cloned().collect();
        checker.shapes.set_keys(checker.site, &["assets"], Keys { possible: assets.clone(), present: assets });
        checker.shapes.set_keys(checker.site, &["sections"], sections);
        for index in 0..checker.views.len() {
            checker.view(index);
        }
        checker.uncalled_components();
        report.merge(checker.report);
        report_unused(&self.library, views, report);
    }
}

/// The walk through all templates.
struct Checker<'a> {
    library: &'a Library,
    components: BTreeMap<&'a str, (&'a str, &'a Definition)>,
    texts: &'a Texts,
    shapes: Shapes,
    site: Type,
    t: Type,
    /// Templates by their plain names, with the types of `page`.
    views: Vec<(&'static str, Type)>,
    report: Report,
    /// What was reported, so that a template that serves many views is not accused many times.
    reported: HashSet<(Arc<str>, Span, &'static str)>,
    /// Components that were walked with these types of arguments.
    walked: HashSet<(String, Vec<(String, Type)>)>,
    called: BTreeSet<String>,
    /// Whether a condition around the walk is itself in error, so that nothing can be said of what it guards.
    in_doubt: bool,
    /// How often something was found wrong, repetitions included.
    accusations: usize,
    budget: usize,
}

impl<'a> Checker<'a> {
    fn new(library: &'a Library, texts: &'a Texts, views: &[TemplateView]) -> Self {
        let mut shapes = Shapes::default();
        let site = shapes.of_schema(&schema_for!(SiteView));
        let t = shapes.of_texts(&texts.tree(), "");
        let views = views.iter().map(|view| (view.template, shapes.of_schema(&(view.schema)()))).collect();
        let (reported, walked) = (HashSet::new(), HashSet::new());
        let (report, called) = (Report::default(), BTreeSet::new());
        Self {
            library,
            components: library.components(),
            texts,
            shapes,
            site,
            t,
            views,
            report,
            reported,
            walked,
            called,
            in_doubt: false,
            accusations: 0,
            budget: 0,
        }
    }

    /// Walks a template as a page's view renders it: from the farthest template that it extends.
    fn view(&mut self, index: usize) {
        let (name, page) = self.views[index];
        let library = self.library;
        let Some(full) = library.sources.resolve(name) else {
            self.report.push(unknown_template(&library.sources, name));
            return;
        };
        let chain: Vec<&str> = [vec![full], library.ancestors(full)].concat();
        let root = chain[chain.len() - 1];
        let (Some((source, template)), Some(blocks)) = (library.get(root), lineages(library, &chain)) else { return };
        let mut scope = Scope::default();
        for (name, kind) in [("site", self.site), ("t", self.t), ("page", page), ("content", TEXT)] {
            scope.set(name, Binding::of(kind));
        }
        let spot = Spot { source, view: name, blocks: Rc::new(blocks), block: None, caller: None, depth: 0 };
        self.budget = BUDGET;
        self.nodes(&template.body, &spot, &mut scope);
    }

    /// Walks the components that no template calls, as Markdown may call them.
    fn uncalled_components(&mut self) {
        let library = self.library;
        for (name, (full, definition)) in self.components.clone() {
            if !self.called.contains(name) {
                self.budget = BUDGET;
                let types = self.markdown_types(definition);
                let spot = Spot::outside(&library.sources.files[full]);
                self.component_body(full, definition, types, TEXT, &spot, &Scope::default());
            }
        }
    }

    /// The types of arguments that Markdown gives.
    fn markdown_types(&mut self, definition: &Definition) -> Vec<(String, Type)> {
        let mut types = Vec::new();
        for parameter in &definition.parameters {
            let name = parameter.name.text.as_str();
            let word = definition.metadata.iter().find(|(key, _)| key == name).map(|(_, word)| word.text.as_str());
            let kind = match (word.and_then(ArgumentKind::of_word), name) {
                (Some(ArgumentKind::File), _) => self.shapes.of_schema(&schema_for!(FileView)),
                (Some(ArgumentKind::Person), _) => self.shapes.of_schema(&schema_for!(ContactView)),
                (_, "site") if parameter.implicit => self.site,
                (_, "t") if parameter.implicit => self.t,
                _ => declared(parameter),
            };
            types.push((name.to_owned(), kind));
        }
        types
    }

    fn component_body(
        &mut self,
        full: &str,
        definition: &'a Definition,
        types: Vec<(String, Type)>,
        body: Type,
        spot: &Spot<'a>,
        caller: &Scope,
    ) {
        let mut key = types.clone();
        key.push(("body".to_owned(), body));
        if spot.depth >= CALL_DEPTH || !self.walked.insert((definition.name.text.clone(), key)) {
            return;
        }
        let Some(source) = self.library.sources.files.get(full) else { return };
        let mut scope = caller.called();
        for (name, kind) in types {
            scope.set(&name, Binding::of(kind));
        }
        scope.set("body", Binding::of(body));
        if let Some(rest) = &definition.rest {
            scope.set(&rest.text, Binding::of(ANY));
        }
        let inside = Spot { source, blocks: Rc::default(), block: None, depth: spot.depth + 1, ..spot.clone() };
        self.nodes(&definition.body, &inside, &mut scope);
    }

    fn nodes(&mut self, nodes: &'a [Node], spot: &Spot<'a>, scope: &mut Scope) {
        for node in nodes {
            if self.budget == 0 {
                return;
            }
            self.budget -= 1;
            self.node(node, spot, scope);
        }
    }

    fn node(&mut self, node: &'a Node, spot: &Spot<'a>, scope: &mut Scope) {
        match node {
            Node::Print(expression) => self.print(expression, spot, scope),
            Node::Set(name, value) => {
                let kind = self.tolerate(value, spot, scope);
                let truths = scope.expanded(known(value, true));
                scope.set(&name.text, Binding { kind, truths });
            }
            Node::SetBlock(name, filters, body) => {
                self.nodes(body, spot, &mut scope.clone());
                let kind = filters.iter().fold(TEXT, |kind, filter| self.filtered(kind, filter, spot, scope));
                scope.set(&name.text, Binding::of(kind));
            }
            Node::Filter(filters, body) => {
                filters.iter().fold(TEXT, |kind, filter| self.filtered(kind, filter, spot, scope));
                self.nodes(body, spot, scope);
            }
            Node::Include(name) => self.include(name, spot, scope),
            Node::Block(name, body) => self.block(name, body, spot, scope),
            Node::For(source, body, otherwise) => self.for_loop(source, body, otherwise, spot, scope),
            Node::If(branches, otherwise) => self.branches(branches, otherwise, spot, scope),
            Node::Leave => {}
        }
    }

    fn print(&mut self, expression: &'a Expression, spot: &Spot<'a>, scope: &mut Scope) {
        let kind = self.evaluate(expression, spot, scope);
        if kind.presence == Presence::Undefinable {
            self.missing(expression, "printed", spot);
        }
        let words = match self.shapes.of(kind) {
            Shape::List(_) | Shape::Record(_) | Shape::Texts(..) | Shape::Keyed(..) => self.shapes.words(kind),
            _ => return,
        };
        let message = format!("this prints {words} as it is inside the program");
        let names = self.shapes.names(kind);
        let diagnostic = Diagnostic::new(&TEMPLATE_PRINTS_STRUCTURE, message);
        let diagnostic = match names.is_empty() {
            true => diagnostic.help("loop over it with `{% for … in … %}`"),
            false => diagnostic.help(format!("print one of its fields: {}", super::engine::listed(names))),
        };
        self.accuse(diagnostic, expression.span.clone(), spot);
    }

    fn include(&mut self, name: &'a Name, spot: &Spot<'a>, scope: &Scope) {
        let library = self.library;
        let full = library.sources.resolve(&name.text);
        let Some((full, (source, template))) = full.and_then(|full| Some((full, library.get(full)?))) else { return };
        if spot.depth >= CALL_DEPTH {
            return;
        }
        let inside = Spot {
            source,
            blocks: Rc::new(lineages(library, &[full]).unwrap_or_default()),
            block: None,
            caller: Some((spot.source.place(name.span.clone()), "included here")),
            depth: spot.depth + 1,
            ..spot.clone()
        };
        let mut scope = scope.clone();
        scope.in_loop = false;
        self.nodes(&template.body, &inside, &mut scope);
    }

    /// Walks the nearest version of a block; farther ones only where it asks for them with `super()`.
    fn block(&mut self, name: &'a Name, body: &'a [Node], spot: &Spot<'a>, scope: &mut Scope) {
        let versions = spot.blocks.clone();
        match versions.get(name.text.as_str()).and_then(|versions| versions.first()) {
            Some((source, body)) => {
                let inside = Spot { source, block: Some((&name.text, 0)), ..spot.clone() };
                self.nodes(body, &inside, scope);
            }
            None => self.nodes(body, spot, scope),
        }
    }

    fn next_version(&mut self, spot: &Spot<'a>, scope: &mut Scope) {
        let Some((name, level)) = spot.block else { return };
        let versions = spot.blocks.clone();
        if let Some((source, body)) = versions.get(name).and_then(|versions| versions.get(level + 1)) {
            let inside = Spot { source, block: Some((name, level + 1)), ..spot.clone() };
            self.nodes(body, &inside, scope);
        }
    }

    fn for_loop(
        &mut self,
        source: &'a Loop,
        body: &'a [Node],
        otherwise: &'a [Node],
        spot: &Spot<'a>,
        scope: &mut Scope,
    ) {
        let mut inner = scope.clone();
        self.enter_loop(source, spot, scope, &mut inner);
        inner.in_loop = true;
        self.nodes(body, spot, &mut inner);
        let mut other = scope.clone();
        self.nodes(otherwise, spot, &mut other);
        let before = scope.clone();
        scope.merge(&self.shapes, vec![before, inner, other]);
    }

    /// Gives the variables of a loop their types.
    fn enter_loop(&mut self, source: &'a Loop, spot: &Spot<'a>, scope: &mut Scope, inner: &mut Scope) {
        let target = self.evaluate(&source.target, spot, scope);
        if target.presence != Presence::Always {
            self.missing(&source.target, "looped over", spot);
        }
        let (key, value) = match (self.shapes.of(target).clone(), &source.key) {
            (Shape::List(item), None) => (ANY, item),
            (Shape::Keyed(value, _), Some(_)) => (TEXT, value),
            (Shape::Text, None) => (ANY, TEXT),
            (Shape::Number | Shape::Bool, _) | (Shape::List(_) | Shape::Text, Some(_)) => {
                let words = self.shapes.words(target);
                let message = match source.key {
                    Some(_) => format!("only a map can be looped over with two names, and this is {words}"),
                    None => format!("this is {words} and cannot be looped over"),
                };
                self.accuse(Diagnostic::new(&TEMPLATE_WRONG_TYPE, message), source.target.span.clone(), spot);
                (ANY, ANY)
            }
            _ => (ANY, ANY),
        };
        if let Some(name) = &source.key {
            inner.set(&name.text, Binding::of(key));
        }
        inner.set(&source.value.text, Binding::of(value));
    }

    fn branches(
        &mut self,
        branches: &'a [(Expression, Vec<Node>)],
        otherwise: &'a [Node],
        spot: &Spot<'a>,
        scope: &mut Scope,
    ) {
        let mut after = Vec::new();
        let mut rest = scope.clone();
        let mut all_left = true;
        let doubted = self.in_doubt;
        for (condition, body) in branches {
            let before = self.accusations;
            let certain = self.condition(condition, spot, &mut rest);
            self.in_doubt |= self.accusations > before;
            let mut inner = rest.clone();
            inner.learn(known(condition, true));
            rest.learn(known(condition, false));
            if certain != Some(false) {
                self.nodes(body, spot, &mut inner);
                match body.last() {
                    Some(Node::Leave) if all_left => scope.learn(known(condition, false)),
                    Some(Node::Leave) => {}
                    _ => {
                        all_left = false;
                        after.push(inner);
                    }
                }
            }
            if certain == Some(true) {
                self.in_doubt = doubted;
                scope.merge(&self.shapes, after);
                return;
            }
        }
        self.nodes(otherwise, spot, &mut rest);
        self.in_doubt = doubted;
        after.push(rest);
        scope.merge(&self.shapes, after);
    }

    /// Reports at a place, once.
    fn accuse(&mut self, diagnostic: Diagnostic, span: Span, spot: &Spot<'a>) {
        if self.in_doubt && std::ptr::eq(diagnostic.code, &TEMPLATE_OPTIONAL_VALUE) {
            return;
        }
        self.accusations += 1;
        let place = spot.source.place(span);
        if !self.reported.insert((place.path.clone(), place.span.clone(), diagnostic.code.name)) {
            return;
        }
        let mut diagnostic = diagnostic.at(place);
        if let Some((caller, words)) = &spot.caller {
            diagnostic = diagnostic.related(caller.clone(), *words);
        }
        if !spot.view.is_empty() && !spot.source.path.ends_with(&format!("/{}", spot.view)) {
            diagnostic = diagnostic.help(format!("found with the view of `{}`", spot.view));
        }
        self.report.push(diagnostic);
    }

    fn missing(&mut self, expression: &Expression, used: &str, spot: &Spot<'a>) {
        let what = facts::path(expression).map_or("this".to_owned(), |path| format!("`{path}`"));
        let guard = facts::path(expression).unwrap_or_else(|| "…".to_owned());
        let diagnostic =
            Diagnostic::new(&TEMPLATE_OPTIONAL_VALUE, format!("{what} may be missing, and is {used} here"))
                .help(format!("put it inside `{{% if {guard} %}}…{{% endif %}}`"));
        self.accuse(diagnostic, expression.span.clone(), spot);
    }
}

/// The type that a component's parameter says it has.
fn declared(parameter: &Parameter) -> Type {
    let default = parameter.default.as_ref().map(|default| &default.kind);
    match (parameter.kind.as_deref(), default) {
        (Some("string"), _) | (None, Some(Kind::Text(_))) => TEXT,
        (Some("integer" | "float" | "number"), _) | (None, Some(Kind::Number)) => NUMBER,
        (Some("bool"), _) | (None, Some(Kind::Bool)) => BOOL,
        _ => ANY,
    }
}

/// All versions of each block, nearest first, with the file each stands in. None where a template is not understood.
fn lineages<'a>(library: &'a Library, chain: &[&str]) -> Option<scope::Blocks<'a>> {
    let mut blocks: scope::Blocks = BTreeMap::new();
    for full in chain {
        let (source, template) = library.get(full)?;
        let mut found = Vec::new();
        collect_blocks(&template.body, &mut found);
        for (name, body) in found {
            blocks.entry(name).or_default().push((source, body));
        }
    }
    Some(blocks)
}

fn collect_blocks<'a>(nodes: &'a [Node], found: &mut Vec<(&'a str, &'a [Node])>) {
    for node in nodes {
        match node {
            Node::Block(name, body) => {
                found.push((&name.text, body));
                collect_blocks(body, found);
            }
            Node::SetBlock(_, _, body) | Node::Filter(_, body) => collect_blocks(body, found),
            Node::If(branches, otherwise) => {
                branches.iter().for_each(|(_, body)| collect_blocks(body, found));
                collect_blocks(otherwise, found);
            }
            Node::Print(Expression { kind: Kind::Component(call), .. }) => collect_blocks(&call.body, found),
            _ => {}
        }
    }
}

/// A template in the site's own folder is there to replace one, or to be used by one.
fn report_unused(library: &Library, views: &[TemplateView], report: &mut Report) {
    let of_template = |template: &Template| -> Vec<String> {
        let included = uses(template).into_iter().filter_map(|used| match used {
            Use::Include(name) => Some(name.text.clone()),
            _ => None,
        });
        included.chain(template.extends.as_ref().map(|name| name.text.clone())).collect()
    };
    let asked: BTreeSet<String> = library.templates.values().flat_map(of_template).collect();
    let used: BTreeSet<&str> = asked.iter().filter_map(|name| library.sources.resolve(name)).collect();
    for (full, source) in library.sources.files.iter().filter(|(full, _)| full.starts_with("site/")) {
        let name = &full["site/".len()..];
        let is_view = views.iter().any(|view| view.template == name);
        let replaces = library.sources.plain_names().filter(|other| *other == name).count() > 1;
        if name.starts_with("components/") || is_view || replaces || used.contains(full.as_str()) {
            continue;
        }
        let diagnostic = Diagnostic::new(&UNUSED_TEMPLATE, format!("nothing uses the template `{name}`"));
        let names = library.sources.plain_names().filter(|other| !other.starts_with("components/"));
        let diagnostic = match crate::text::suggest::closest(name, names) {
            Some(meant) => diagnostic.label(format!("did you mean `{meant}`?")).help(format!("rename it to `{meant}`")),
            None => diagnostic.help("extend or include it from another template, or take it away"),
        };
        report.push(diagnostic.at(Place::start_of(&source.path)));
    }
}
