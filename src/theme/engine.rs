//! Tera, set up so that its output depends on nothing but what it is given.
//!
//! A layer's template is known to Tera as `<layer>/<name>`, and Tera looks for a plain name in the layers in
//! order, so `{% extends "base.html" %}` takes the nearest and `{% extends "mr/base.html" %}` that of one layer.
//! What Tera complains about becomes a [`Diagnostic`] at the right place of the right file.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use serde::Serialize;
use tera::{Context, Error, ErrorKind, Kwargs, ReportError, State, Tera, TeraResult, Value};

use super::syntax;
use crate::code;
use crate::config::layers::{Layers, quoted};
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::source::Snapshot;
use crate::text::suggest::closest;
use crate::view::{Form, Part};

code! { pub TEMPLATE_SYNTAX = "template-syntax", Error, "a template that cannot be read",
"Templates are written in Tera: `{{ … }}` prints, `{% … %}` decides and repeats, `{# … #}` is a comment. Most slips \
are a tag that is never closed or a quote that is missing." }
code! { pub TEMPLATE_LINK = "template-link", Error, "templates that do not fit together",
"A template may extend one other, include others and call components. There must be no circles, and each name must \
belong to one thing." }
code! { pub TEMPLATE_RENDER = "template-render", Error, "a template that fails on a page",
"The template is well formed, but it did something with the page's data that cannot be done, such as asking for a \
field of something that is not there, or sorting what cannot be compared." }
code! { pub UNKNOWN_TEMPLATE = "unknown-template", Error, "a template that the theme does not have",
"Every kind of page has its template: posts `post.html`, events `event.html`, and so on. The theme, or a theme that \
it extends, must have them all." }

/// The findings of this module.
pub const CODES: &[&Code] = &[&TEMPLATE_SYNTAX, &TEMPLATE_LINK, &TEMPLATE_RENDER, &UNKNOWN_TEMPLATE];

/// The most that one page may hold, in bytes.
const PAGE_LIMIT: usize = 64 << 20;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A template or a file of components.
#[derive(Clone, Debug)]
pub struct Source {
    /// The file, from the site's root.
    pub path: Arc<str>,
    /// Its text, without byte order mark.
    pub text: Arc<str>,
    /// How many bytes of the file stand before the text.
    pub offset: usize,
}

impl Source {
    /// The place of a stretch of the text.
    pub fn place(&self, span: std::ops::Range<usize>) -> Place {
        Place { path: self.path.clone(), span: self.offset + span.start..self.offset + span.end }
    }
}

/// All templates of all layers by their full names: `mr/post.html`, `site/components/fact_box.html`.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The files.
    pub files: BTreeMap<String, Source>,
    /// What Tera puts before a plain name, nearest layer first: `site/`, `mr/`.
    prefixes: Vec<String>,
}

impl Sources {
    /// Finds the templates, and of each file of components the nearest.
    pub fn find(snapshot: &Snapshot, layers: &Layers) -> Self {
        let mut sources =
            Self { files: BTreeMap::new(), prefixes: layers.names().map(|name| format!("{name}/")).collect() };
        for (name, files) in layers.files(snapshot, "templates") {
            for file in files {
                sources.add(snapshot, format!("{}{name}", sources.prefixes[file.layer]), &file.path);
            }
        }
        for (name, files) in layers.files(snapshot, "components") {
            if let Some(file) = files.first() {
                sources.add(snapshot, format!("{}components/{name}", sources.prefixes[file.layer]), &file.path);
            }
        }
        sources
    }

    fn add(&mut self, snapshot: &Snapshot, name: String, path: &Arc<str>) {
        let Some(text) = snapshot.text(path).filter(|_| name.ends_with(".html")) else { return };
        let source = match text.strip_prefix(BYTE_ORDER_MARK) {
            Some(rest) => Source { path: path.clone(), text: rest.into(), offset: BYTE_ORDER_MARK.len() },
            None => Source { path: path.clone(), text: text.clone(), offset: 0 },
        };
        self.files.insert(name, source);
    }

    /// The full name that a name in a template stands for, as Tera finds it.
    pub fn resolve(&self, name: &str) -> Option<&str> {
        let found = |full: &str| self.files.get_key_value(full).map(|(full, _)| full.as_str());
        found(name).or_else(|| self.prefixes.iter().find_map(|prefix| found(&format!("{prefix}{name}"))))
    }

    /// The names that templates may ask for, without their layers.
    pub fn plain_names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().filter_map(|full| full.split_once('/')).map(|(_, name)| name)
    }

    /// How near the layer of a full name is.
    pub fn layer_of(&self, full: &str) -> usize {
        self.prefixes.iter().position(|prefix| full.starts_with(prefix.as_str())).unwrap_or(self.prefixes.len())
    }

    fn place_of_lines(&self, full: &str, line: usize, column: usize) -> Option<Place> {
        let source = self.files.get(full)?;
        let start = source.text.split_inclusive('\n').take(line - 1).map(str::len).sum::<usize>();
        let columns = source.text.get(start..)?.char_indices().map(|(at, _)| at);
        let at = start + columns.take(column).last().unwrap_or(0);
        Some(source.place(at..at))
    }
}

/// The compiled templates.
pub struct Engine {
    tera: Tera,
    /// What is the same on every page, for components that Markdown calls.
    shared: Context,
}

impl Engine {
    /// Reports every template that Tera could not read in bounded time.
    pub fn check_length(sources: &Sources, report: &mut Report) {
        for source in sources.files.values() {
            report.extend(syntax::excess(&source.text).map(|span| {
                Diagnostic::new(&TEMPLATE_SYNTAX, "the template has a tag that is too long, or too many `elif`")
                    .at(source.place(span))
                    .help("a tag may hold 1000 words and signs, a template 200 `elif`: part it with `{% set … %}`")
            }));
        }
    }

    /// Reports every other template that Tera cannot read.
    pub fn check_syntax(sources: &Sources, report: &mut Report) {
        for (name, source) in sources.files.iter().filter(|(_, source)| syntax::excess(&source.text).is_none()) {
            // Alone in an engine of its own, so that all are heard and none for another's fault.
            if let Err(error) = Tera::default().add_raw_template(name, &source.text)
                && let ErrorKind::SyntaxError(found) = error.kind()
            {
                report.push(syntax_error(source, found));
            }
        }
    }

    /// Compiles the templates, or reports which of them Tera cannot read, or how they do not fit together.
    pub fn new(sources: &Sources, report: &mut Report) -> Option<Self> {
        let mut tera = Tera::default();
        tera.register_filter("group_by", group_by);
        tera.register_filter("default", default);
        let added = tera.set_fallback_prefixes(sources.prefixes.clone()).and_then(|()| {
            tera.add_raw_templates(sources.files.iter().map(|(name, source)| (name, source.text.as_ref())))
        });
        match added {
            Ok(()) => Some(Self { tera, shared: Context::new() }),
            Err(error) => {
                Self::check_syntax(sources, report);
                let can_be_read = !report.has_errors();
                if can_be_read {
                    report.merge(link_errors(sources, &error));
                }
                None
            }
        }
    }

    /// Gives all templates a value that is the same on every page.
    ///
    /// # Errors
    /// The value cannot be serialised.
    pub fn set_shared(&mut self, name: &'static str, value: &impl Serialize) -> Result<(), Box<Diagnostic>> {
        let value = to_value(value)?;
        self.tera.global_context().insert_value(name, value.clone());
        self.shared.insert_value(name, value);
        Ok(())
    }

    /// Renders a template by its full name.
    ///
    /// # Errors
    /// The template fails on this page.
    pub fn render(
        &self,
        sources: &Sources,
        full: &str,
        page: &impl Serialize,
        content: &str,
        out: &mut Vec<u8>,
    ) -> Result<(), Box<Diagnostic>> {
        let mut context = Context::new();
        context.insert_value("page", to_value(page)?);
        context.insert_value("content", Value::safe_string(content));
        let mut bounded = Bounded { out, left: Some(PAGE_LIMIT) };
        let rendered = self.tera.render_to(full, &context, &mut bounded);
        let is_within = bounded.left.is_some();
        rendered.map_err(|error| {
            Box::new(if is_within { render_error(sources, full, &error) } else { too_large(sources, full) })
        })
    }

    /// Renders a component as Markdown calls it.
    ///
    /// # Errors
    /// The component fails.
    pub fn render_component(
        &self,
        sources: &Sources,
        name: &str,
        arguments: &BTreeMap<String, serde_json::Value>,
        body: Option<&str>,
    ) -> Result<String, Box<Diagnostic>> {
        let mut context = Context::new();
        for (name, value) in arguments {
            context.insert_value(name.clone(), to_value(value)?);
        }
        let rendered = self.tera.render_component_with_implicits(name, &context, &self.shared, body, true);
        rendered.map_err(|error| Box::new(render_error(sources, name, &error)))
    }

    /// A component's definition, as Tera knows it.
    pub fn component(&self, name: &str) -> Option<tera::ComponentInfo> {
        self.tera.get_component_definition(name)
    }
}

/// Takes in a page up to its limit: a template with a loop too many would fill the memory.
struct Bounded<'a> {
    out: &'a mut Vec<u8>,
    /// How much more there may be; none once there was too much.
    left: Option<usize>,
}

impl Write for Bounded<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.left = self.left.and_then(|left| left.checked_sub(bytes.len()));
        if self.left.is_none() {
            return Err(io::Error::other("the page is too large"));
        }
        self.out.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn too_large(sources: &Sources, full: &str) -> Diagnostic {
    let diagnostic = Diagnostic::new(&TEMPLATE_RENDER, "the page is larger than 64 MiB")
        .help("show less on it: a loop of the template goes round too often");
    match sources.files.get(full) {
        Some(source) => diagnostic.at(Place::start_of(&source.path)),
        None => diagnostic,
    }
}

fn render_error(sources: &Sources, full: &str, error: &Error) -> Diagnostic {
    match error.kind() {
        ErrorKind::RenderingError(found) => {
            let diagnostic = Diagnostic::new(&TEMPLATE_RENDER, sentence(found.message()));
            let diagnostic = match sources.files.get(found.filename()) {
                Some(source) => diagnostic.at(source.place(found.span().range.clone())),
                None => diagnostic,
            };
            add_callers(sources, diagnostic, &error.to_string())
        }
        ErrorKind::TemplateNotFound(name) => unknown_template(sources, name),
        _ => {
            let diagnostic =
                Diagnostic::new(&TEMPLATE_RENDER, format!("`{full}` fails: {}", sentence(&error.to_string())));
            match sources.files.get(full) {
                Some(source) => diagnostic.at(Place::start_of(&source.path)),
                None => diagnostic,
            }
        }
    }
}

/// Tera keeps "called from" notes to itself, but writes them: `note: called from mr/post.html:3:12`.
fn add_callers(sources: &Sources, mut diagnostic: Diagnostic, written: &str) -> Diagnostic {
    for caller in written.lines().filter_map(|line| line.strip_prefix("note: called from ")) {
        let place = located(caller).and_then(|(full, line, column)| sources.place_of_lines(full, line, column));
        if let Some(place) = place {
            diagnostic = diagnostic.related(place, "called from here");
        }
    }
    diagnostic
}

/// Says that nothing can be rendered.
pub fn unusable() -> Diagnostic {
    let message = "the theme has errors, so nothing can be rendered with it";
    Diagnostic::new(&TEMPLATE_RENDER, message).help("mend the errors that were reported for its templates")
}

/// Says that the theme has no such template.
pub fn unknown_template(sources: &Sources, name: &str) -> Diagnostic {
    let diagnostic = Diagnostic::new(&UNKNOWN_TEMPLATE, format!("the theme has no template `{name}`"));
    match closest(name, sources.plain_names()) {
        Some(meant) => diagnostic.label(format!("did you mean `{meant}`?")).help(format!("the theme has `{meant}`")),
        None => diagnostic.help(format!("write `templates/{name}` in the theme or in the site's own `theme/` folder")),
    }
}

/// A part of a view in the form in which templates take it: within another view it is not converted again.
pub fn prepare(part: &Part) -> Form {
    Arc::new(Value::try_from_serializable(part).expect("the keys of views are texts"))
}

fn to_value(value: &impl Serialize) -> Result<Value, Box<Diagnostic>> {
    Value::try_from_serializable(value).map_err(|error| {
        Box::new(Diagnostic::new(&TEMPLATE_RENDER, format!("the page cannot be given to the template: {error}")))
    })
}

fn syntax_error(source: &Source, found: &ReportError) -> Diagnostic {
    let end = source.text.len();
    let span = found.span().range.start.min(end)..found.span().range.end.min(end);
    let ends_too_soon = ["Unexpected end of input", "Unclosed component"];
    if !ends_too_soon.iter().any(|message| found.message().starts_with(message)) {
        return Diagnostic::new(&TEMPLATE_SYNTAX, sentence(found.message())).at(source.place(span));
    }
    match syntax::unclosed(&source.text) {
        Some(tag) => {
            let message = format!("`{{% {} %}}` is never closed", tag.text);
            let diagnostic = Diagnostic::new(&TEMPLATE_SYNTAX, message).at(source.place(tag.span));
            match tag.text.strip_prefix('<') {
                Some(name) => diagnostic.help(format!("close it with `{{% </{name} %}}`")),
                None => diagnostic.help(format!("close it with `{{% end{} %}}`", tag.text.trim_end_matches("_global"))),
            }
        }
        None => Diagnostic::new(&TEMPLATE_SYNTAX, "the template ends in the middle of a tag")
            .at(source.place(span))
            .help("a `{{` or a `{%` is never closed"),
    }
}

/// Tera's errors about templates that do not fit together are finished texts, one after the other:
/// `error: Unknown filter …`, then ` --> mr/post.html:3:12`.
fn link_errors(sources: &Sources, error: &Error) -> Report {
    let mut report = Report::default();
    let written = error.to_string();
    let mut lines = written.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(message) = line.strip_prefix("error: ") else { continue };
        let place = lines.peek().and_then(|line| line.trim_start().strip_prefix("--> ")).and_then(located);
        let place = place.and_then(|(full, line, column)| sources.place_of_lines(full, line, column));
        let diagnostic = Diagnostic::new(&TEMPLATE_LINK, sentence(message));
        report.push(match place {
            Some(place) => diagnostic.at(place),
            None => diagnostic,
        });
    }
    if !report.has_errors() {
        report.push(Diagnostic::new(&TEMPLATE_LINK, sentence(&written)));
    }
    report
}

/// `mr/post.html:3:12`
fn located(written: &str) -> Option<(&str, usize, usize)> {
    let mut parts = written.rsplitn(3, ':');
    let column = parts.next()?.parse().ok()?;
    let line = parts.next()?.parse().ok().filter(|line| *line > 0)?;
    Some((parts.next()?, line, column))
}

/// Tera's messages begin with a capital and may end with a full stop; ours do neither.
fn sentence(message: &str) -> String {
    let message = message.strip_suffix('.').unwrap_or(message);
    let mut characters = message.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => String::new(),
    }
}

/// Groups in the order in which the groups first appear. Tera's own follows a randomly seeded hash, which would
/// give another page at every build.
fn group_by(values: &[Value], arguments: Kwargs, _: &State) -> TeraResult<Value> {
    let attribute = arguments.must_get::<&str>("attribute")?;
    let mut groups: Vec<(String, Vec<Value>)> = Vec::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for value in values {
        let key =
            value.get_from_path(attribute).ok_or_else(|| Error::message(format!("no `{attribute}` to group by")))?;
        if key.is_none() {
            continue;
        }
        let key = key.to_string();
        let index = *known.entry(key.clone()).or_insert_with(|| {
            groups.push((key, Vec::new()));
            groups.len() - 1
        });
        groups[index].1.push(value.clone());
    }
    let map: tera::Map = groups.into_iter().map(|(key, values)| (key.into(), Value::from(values))).collect();
    Ok(Value::from(map))
}

/// Tera's own stands in only for what is undefined, and nothing in a view is: what may be missing is `null`.
fn default(value: Value, arguments: Kwargs, _: &State) -> TeraResult<Value> {
    let default = arguments.must_get::<Value>("value")?;
    let also_empty = arguments.get::<bool>("boolean")?.unwrap_or_default();
    let missing = value.is_undefined() || value.is_none() || (also_empty && !value.is_truthy());
    Ok(if missing { default } else { value })
}

/// Names in backticks, for messages.
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names: Vec<&str> = names.into_iter().collect();
    names.sort_unstable();
    names.dedup();
    quoted(names)
}
