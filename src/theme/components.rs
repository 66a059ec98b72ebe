//! Components that Markdown calls: `::: fact-box title="…"` is the component `fact_box` of the theme.
//!
//! Arguments are checked against the component's definition. Two kinds of arguments mean something to the site
//! and come to the component as maps; its metadata says which:
//!
//! ```html
//! {% component figure(src: map, alt: string, caption: string = "") {"src": "file"} %}
//! {% component contact_card(person: map) {"person": "person"} %}
//! ```
//!
//! A `file` is the address of a file beside the document ([`FileView`]); a `person` is the slug of a person
//! (`ContactView`). Who calls [`Theme::render_component`] has resolved them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use tera::{ComponentArg, ComponentArgType, ComponentInfo};

use super::Theme;
use super::engine::listed;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::document::body::{Argument, ArgumentValue, Component};
use crate::text::suggest::closest;

code! { pub UNKNOWN_COMPONENT = "unknown-component", Error, "a component that the theme does not have",
"`::: fact-box` in Markdown calls the component `fact_box` of the theme. The message lists those there are." }
code! { pub COMPONENT_ARGUMENT = "component-argument", Error, "an argument that does not fit the component",
"A component says which arguments it takes, of what type, and which may be left out. Texts are written in quotes: \
`title=\"Vad är MR?\"`; whole numbers and truth values without: `level=2`, `open=true`." }

/// The findings of this module.
pub const CODES: &[&Code] = &[&UNKNOWN_COMPONENT, &COMPONENT_ARGUMENT];

/// What an argument in Markdown stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgumentKind {
    /// Itself.
    Plain,
    /// A file, written as a path relative to the document.
    File,
    /// A person, written as a slug.
    Person,
}

/// What a component gets for a file.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct FileView {
    /// The address.
    pub url: String,
    /// Width in pixels, of an image whose width could be read.
    pub width: Option<u32>,
    /// Height in pixels, of an image whose height could be read.
    pub height: Option<u32>,
}

/// A component, for whoever writes a call of it.
#[derive(Clone, Debug)]
pub struct AboutComponent {
    /// What its file begins with, if that is a comment.
    pub words: Option<String>,
    /// Where it is defined.
    pub place: Place,
    /// What it takes.
    pub arguments: Vec<AboutArgument>,
}

/// An argument of a component.
#[derive(Clone, Debug)]
pub struct AboutArgument {
    /// Its name.
    pub name: String,
    /// What it stands for.
    pub kind: ArgumentKind,
    /// Whether it must be given.
    pub is_required: bool,
    /// What it takes, in words.
    pub takes: &'static str,
    /// A value such as it takes.
    pub example: &'static str,
}

impl AboutComponent {
    /// All of it in Markdown.
    pub fn described(&self) -> String {
        let words = self.words.as_ref().map(|words| format!("{words}\n\n")).unwrap_or_default();
        let arguments = self.arguments.iter().map(|argument| format!("- {}\n", argument.described()));
        words + &arguments.collect::<String>()
    }
}

impl AboutArgument {
    /// What it takes, in Markdown.
    pub fn described(&self) -> String {
        let needed = if self.is_required { "" } else { "; may be left out" };
        format!("`{}={}`: {}{needed}", self.name, self.example, self.takes)
    }
}

impl ArgumentKind {
    /// The word for it in a component's metadata.
    pub(super) fn of_word(word: &str) -> Option<Self> {
        match word {
            "file" => Some(Self::File),
            "person" => Some(Self::Person),
            _ => None,
        }
    }
}

/// The component's name in the theme: `fact-box` → `fact_box`.
pub fn theme_name(name: &str) -> String {
    name.replace('-', "_")
}

/// The component's name in Markdown: `fact_box` → `fact-box`.
fn markdown_name(name: &str) -> String {
    name.replace('_', "-")
}

impl Theme {
    /// What an argument stands for; plain where the component or the argument is unknown.
    pub fn argument_kind(&self, component: &str, argument: &str) -> ArgumentKind {
        let info = self.component_info(&theme_name(component));
        info.map_or(ArgumentKind::Plain, |info| kind_of(&info, argument))
    }

    /// Reports what is wrong with a call in Markdown: the name, the arguments, their types.
    pub fn check_component(&self, call: &Component, report: &mut Report) {
        let Some(info) = self.component_info(&theme_name(&call.name)).filter(is_for_markdown) else {
            // Templates with errors have no components that Tera could tell of.
            if self.engine.is_some() {
                report.push(self.unknown_component(call));
            }
            return;
        };
        for argument in &call.arguments {
            if let Some(diagnostic) = wrong_argument(&info, call, argument) {
                report.push(diagnostic);
            }
        }
        for missing in info.args().iter().filter(|known| is_missing(known, call)) {
            let message = format!("the component `{}` needs `{}`", call.name, missing.name());
            let help = format!("add `{}={}`", missing.name(), example(&info, missing));
            report.push(Diagnostic::new(&COMPONENT_ARGUMENT, message).at(call.place.clone()).help(help));
        }
    }

    /// Renders a component with its arguments by name, files and persons resolved, and the HTML between its fences.
    ///
    /// # Errors
    /// The component fails.
    pub fn render_component(
        &self,
        name: &str,
        arguments: &BTreeMap<String, serde_json::Value>,
        body: &str,
    ) -> Result<String, Box<Diagnostic>> {
        // Where templates have errors, these have been reported, and nothing will be published.
        let Some(engine) = &self.engine else { return Ok(String::new()) };
        engine.render_component(&self.library.sources, &theme_name(name), arguments, Some(body))
    }

    /// The components that Markdown can call, as it names them, in order.
    pub fn markdown_components(&self) -> Vec<String> {
        let names = self.library.component_names().into_iter();
        names
            .filter(|name| self.component_info(name).as_ref().is_some_and(is_for_markdown))
            .map(markdown_name)
            .collect()
    }

    /// What there is to know of a component that Markdown can call, by its name there.
    pub fn about_component(&self, name: &str) -> Option<AboutComponent> {
        let name = theme_name(name);
        let info = self.component_info(&name).filter(is_for_markdown)?;
        let (full, definition) = *self.library.components().get(name.as_str())?;
        let source = self.library.sources.files.get(full)?;
        let arguments = info.args().iter().filter(|argument| !argument.is_implicit());
        let arguments = arguments.map(|argument| AboutArgument {
            name: argument.name().to_owned(),
            kind: kind_of(&info, argument.name()),
            is_required: argument.is_required(),
            takes: words(&info, argument),
            example: example(&info, argument),
        });
        let place = source.place(definition.name.span.clone());
        Some(AboutComponent { words: opening_comment(&source.text), place, arguments: arguments.collect() })
    }

    fn component_info(&self, name: &str) -> Option<ComponentInfo> {
        self.engine.as_ref()?.component(name)
    }

    fn unknown_component(&self, call: &Component) -> Diagnostic {
        let names = self.markdown_components();
        let names = || names.iter().map(String::as_str);
        let message = format!("the theme has no component `{}` for Markdown", call.name);
        let diagnostic = Diagnostic::new(&UNKNOWN_COMPONENT, message).at(call.place.clone());
        match closest(&call.name, names()) {
            Some(meant) => diagnostic.meant(meant).help(format!("write `{meant}`")),
            None if names().next().is_none() => diagnostic.help("the theme has no components that Markdown can call"),
            None => diagnostic.help(format!("the components are {}", listed(names()))),
        }
    }
}

/// The comment that a template begins with, in one line.
fn opening_comment(text: &str) -> Option<String> {
    let comment = text.trim_start().strip_prefix("{#")?.split_once("#}")?.0.trim_matches('-');
    Some(comment.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|words| !words.is_empty())
}

fn kind_of(info: &ComponentInfo, argument: &str) -> ArgumentKind {
    let word = info.metadata().get(argument).and_then(tera::Value::as_str);
    word.and_then(ArgumentKind::of_word).unwrap_or(ArgumentKind::Plain)
}

/// A component that needs a map or a list is for templates, unless the map is a file or a person.
fn is_for_markdown(info: &ComponentInfo) -> bool {
    info.args().iter().filter(|argument| argument.is_required()).all(|argument| {
        let is_resolved = kind_of(info, argument.name()) != ArgumentKind::Plain;
        is_resolved
            || !matches!(
                argument.arg_type(),
                Some(ComponentArgType::Map | ComponentArgType::Array | ComponentArgType::Bytes)
            )
    })
}

fn is_missing(known: &ComponentArg, call: &Component) -> bool {
    known.is_required() && !call.arguments.iter().any(|argument| argument.name == known.name())
}

fn wrong_argument(info: &ComponentInfo, call: &Component, argument: &Argument) -> Option<Diagnostic> {
    let known = || info.args().iter().filter(|known| !known.is_implicit());
    let Some(found) = known().find(|known| known.name() == argument.name) else {
        let is_rest = info.rest_param().is_some();
        return (!is_rest).then(|| unknown_argument(call, argument, known().map(ComponentArg::name).collect()));
    };
    if fits(info, found, &argument.value) {
        return None;
    }
    let message = format!("`{}` of `{}` should be {}", argument.name, call.name, words(info, found));
    let diagnostic = Diagnostic::new(&COMPONENT_ARGUMENT, message).at(argument.place.clone());
    Some(diagnostic.help(format!("write `{}={}`", argument.name, example(info, found))))
}

fn unknown_argument(call: &Component, argument: &Argument, known: Vec<&str>) -> Diagnostic {
    let message = format!("the component `{}` takes no `{}`", call.name, argument.name);
    let diagnostic = Diagnostic::new(&COMPONENT_ARGUMENT, message).at(argument.name_place.clone());
    match closest(&argument.name, known.iter().copied()) {
        Some(meant) => diagnostic.meant(meant).help(format!("write `{meant}`")),
        None if known.is_empty() => diagnostic.help("it takes no arguments"),
        None => diagnostic.help(format!("it takes {}", listed(known))),
    }
}

fn fits(info: &ComponentInfo, known: &ComponentArg, value: &ArgumentValue) -> bool {
    if kind_of(info, known.name()) != ArgumentKind::Plain {
        return matches!(value, ArgumentValue::Text(_));
    }
    matches!(
        (known.arg_type(), value),
        (None, _)
            | (Some(ComponentArgType::String), ArgumentValue::Text(_))
            | (Some(ComponentArgType::Integer | ComponentArgType::Number), ArgumentValue::Integer(_))
            | (Some(ComponentArgType::Bool), ArgumentValue::Bool(_))
    )
}

/// What an argument takes, in words.
fn words(info: &ComponentInfo, known: &ComponentArg) -> &'static str {
    match (kind_of(info, known.name()), known.arg_type()) {
        (ArgumentKind::File, _) => "the path of a file, in quotes",
        (ArgumentKind::Person, _) => "the slug of a person, in quotes",
        (_, Some(ComponentArgType::String) | None) => "a text in quotes",
        (_, Some(ComponentArgType::Integer | ComponentArgType::Number)) => "a whole number",
        (_, Some(ComponentArgType::Bool)) => "`true` or `false`",
        _ => "left to templates: Markdown cannot write its type",
    }
}

fn example(info: &ComponentInfo, known: &ComponentArg) -> &'static str {
    match (kind_of(info, known.name()), known.arg_type()) {
        (ArgumentKind::File, _) => "\"bild.jpg\"",
        (ArgumentKind::Person, _) => "\"anna-andersson\"",
        (_, Some(ComponentArgType::Integer | ComponentArgType::Number)) => "2",
        (_, Some(ComponentArgType::Bool)) => "true",
        _ => "\"…\"",
    }
}
