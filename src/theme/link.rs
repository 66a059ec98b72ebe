//! Whether the templates of a theme fit together: every name they use belongs to something, and nothing extends or
//! includes itself. Tera stops at the first such mistake and often cannot say where; here all are found.

use std::collections::{BTreeMap, BTreeSet};

use super::engine::{Source, Sources, TEMPLATE_LINK, listed};
use super::syntax::{self, Name, Template, Use, uses};
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::text::suggest::closest;

code! { pub TEMPLATE_UNKNOWN_NAME = "template-unknown-name", Error, "a filter, test, function, component or template that does not exist",
"Templates may use Tera's filters, tests and functions, the components of the theme, and templates of the theme. \
There are no functions for the clock, chance, the network or files: a page is made of its data alone." }
code! { pub TEMPLATE_UNKNOWN_BLOCK = "template-unknown-block", Error, "a block that no extended template has",
"A template that extends another one fills its blocks. A block that the other one does not have would never be shown." }
code! { pub TEMPLATE_CYCLE = "template-cycle", Error, "templates that extend or include each other in a circle",
"A template cannot contain itself, neither directly nor through others." }

/// The findings of this module.
pub const CODES: &[&Code] = &[&TEMPLATE_UNKNOWN_NAME, &TEMPLATE_UNKNOWN_BLOCK, &TEMPLATE_CYCLE];

/// What Tera 2.4 registers; a test holds these lists against it.
pub const FILTERS: [&str; 37] = [
    "abs",
    "capitalize",
    "default",
    "escape",
    "escape_html",
    "escape_xml",
    "first",
    "float",
    "get",
    "group_by",
    "indent",
    "int",
    "join",
    "keys",
    "last",
    "length",
    "lower",
    "newlines_to_br",
    "nth",
    "pairs",
    "pluralize",
    "replace",
    "reverse",
    "round",
    "safe",
    "sort",
    "split",
    "str",
    "title",
    "trim",
    "trim_end",
    "trim_start",
    "truncate",
    "unique",
    "upper",
    "values",
    "wordcount",
];
const TESTS: [&str; 17] = [
    "array",
    "bool",
    "containing",
    "defined",
    "divisible_by",
    "ending_with",
    "even",
    "float",
    "integer",
    "iterable",
    "map",
    "none",
    "number",
    "odd",
    "starting_with",
    "string",
    "undefined",
];
const FUNCTIONS: [&str; 3] = ["range", "super", "throw"];

/// Longer chains of templates than this are refused.
const LONGEST_CHAIN: usize = 50;

/// The templates that could be read, by full name.
#[derive(Debug, Default)]
pub struct Library {
    /// The files.
    pub sources: Sources,
    /// Their trees.
    pub templates: BTreeMap<String, Template>,
    /// Whether all files have a tree. Without all of them, a name may belong to something unseen.
    complete: bool,
}

impl Library {
    /// Reads the templates.
    pub fn new(sources: Sources) -> Self {
        let parsed = |(full, source): (&String, &Source)| Some((full.clone(), syntax::parse(&source.text)?));
        let templates: BTreeMap<_, _> = sources.files.iter().filter_map(parsed).collect();
        Self { complete: templates.len() == sources.files.len(), sources, templates }
    }

    /// The file a template stands in, and its tree.
    pub fn get(&self, full: &str) -> Option<(&Source, &Template)> {
        Some((self.sources.files.get(full)?, self.templates.get(full)?))
    }

    /// The components by their names: of each that of the nearest layer, with the full name of its file.
    pub fn components(&self) -> BTreeMap<&str, (&str, &syntax::Definition)> {
        let mut nearest: BTreeMap<&str, (&str, &syntax::Definition)> = BTreeMap::new();
        for (full, template) in &self.templates {
            for component in &template.components {
                let served = nearest.entry(&component.name.text).or_insert((full, component));
                if self.sources.layer_of(full) < self.sources.layer_of(served.0) {
                    *served = (full, component);
                }
            }
        }
        nearest
    }

    /// The names of all components.
    pub fn component_names(&self) -> BTreeSet<&str> {
        self.templates
            .values()
            .flat_map(|template| &template.components)
            .map(|component| component.name.text.as_str())
            .collect()
    }

    /// The templates that one extends, nearest first, itself left out. Ends at a circle.
    pub fn ancestors<'a>(&'a self, full: &'a str) -> Vec<&'a str> {
        let mut chain = vec![full];
        while let Some(next) = self.parent(chain[chain.len() - 1]).filter(|next| !chain.contains(next)) {
            chain.push(next);
        }
        chain.split_off(1)
    }

    fn parent(&self, full: &str) -> Option<&str> {
        self.sources.resolve(&self.templates.get(full)?.extends.as_ref()?.text)
    }

    /// Reports all names that belong to nothing, components that stand twice, and circles.
    pub fn check(&self, report: &mut Report) {
        let components = self.component_names();
        for (full, template) in &self.templates {
            for used in uses(template) {
                if let Some((name, diagnostic)) = self.unknown(full, used, &components) {
                    report.push(diagnostic.at(self.sources.files[full].place(name.span.clone())));
                }
            }
            if let Some(name) = &template.extends
                && self.sources.resolve(&name.text).is_none()
            {
                report.push(self.unknown_template(name).at(self.sources.files[full].place(name.span.clone())));
            }
        }
        self.report_doubles(report);
        self.report_cycles(report);
    }

    fn unknown<'a>(&self, full: &str, used: Use<'a>, components: &BTreeSet<&str>) -> Option<(&'a Name, Diagnostic)> {
        match used {
            Use::Filter(name) => unknown_name("filter", name, &FILTERS),
            Use::Test(name) => unknown_name("test", name, &TESTS),
            Use::Function(name) => unknown_name("function", name, &FUNCTIONS),
            Use::Component(name) if self.complete => {
                unknown_name("component", name, &components.iter().copied().collect::<Vec<_>>())
            }
            Use::Include(name) if self.sources.resolve(&name.text).is_none() => {
                Some((name, self.unknown_template(name)))
            }
            Use::Block(name, false) => self.unknown_block(full, name).map(|diagnostic| (name, diagnostic)),
            _ => None,
        }
    }

    fn unknown_template(&self, name: &Name) -> Diagnostic {
        let message = format!("there is no template `{}`", name.text);
        let diagnostic = Diagnostic::new(&TEMPLATE_UNKNOWN_NAME, message);
        let names = || self.sources.plain_names().filter(|name| !name.starts_with("components/"));
        match closest(&name.text, names()) {
            Some(meant) => diagnostic.label(format!("did you mean `{meant}`?")).help(format!("write `{meant}`")),
            None => diagnostic.help(format!("the templates are {}", listed(names()))),
        }
    }

    /// A block of a template that extends must be a block of one that it extends.
    fn unknown_block(&self, full: &str, name: &Name) -> Option<Diagnostic> {
        let ancestors = self.ancestors(full);
        let trees: Option<Vec<&Template>> = ancestors.iter().map(|full| self.templates.get(*full)).collect();
        let blocks: BTreeSet<&str> = trees?.into_iter().flat_map(blocks).collect();
        if ancestors.is_empty() || self.parent(full).is_none() || blocks.contains(name.text.as_str()) {
            return None;
        }
        let message = format!("no template that this one extends has a block `{}`", name.text);
        let diagnostic = Diagnostic::new(&TEMPLATE_UNKNOWN_BLOCK, message);
        Some(match closest(&name.text, blocks.iter().copied()) {
            Some(meant) => diagnostic.label(format!("did you mean `{meant}`?")).help(format!("write `{meant}`")),
            None => diagnostic.help(format!("the blocks are {}", listed(blocks))),
        })
    }

    /// Two components of one name in one layer.
    fn report_doubles(&self, report: &mut Report) {
        let mut first = BTreeMap::new();
        for (full, template) in &self.templates {
            for component in &template.components {
                let place = self.sources.files[full].place(component.name.span.clone());
                let key = (self.sources.layer_of(full), component.name.text.as_str());
                if let Some(before) = first.insert(key, place.clone()) {
                    let message = format!("the component `{}` is defined twice", component.name.text);
                    let diagnostic = Diagnostic::new(&TEMPLATE_LINK, message).at(place).related(before, "first here");
                    report.push(diagnostic.help("give one of them another name"));
                }
            }
        }
    }

    /// What a template extends and includes.
    fn targets(&self, full: &str) -> Vec<(&Name, &str)> {
        let Some(template) = self.templates.get(full) else { return Vec::new() };
        let included = uses(template).into_iter().filter_map(|used| match used {
            Use::Include(name) => Some(name),
            _ => None,
        });
        let names = template.extends.iter().chain(included);
        names.filter_map(|name| Some((name, self.sources.resolve(&name.text)?))).collect()
    }

    /// The files that a page of a template is made of: the template, what it extends and includes, and then those of the
    /// components, which its text may call as well.
    pub fn behind(&self, full: &str) -> Vec<&Source> {
        let start = self.sources.files.get_key_value(full);
        let mut files = self.with_targets(start.map(|(full, _)| full.as_str()).into_iter().collect());
        files.extend(self.behind_components());
        files
    }

    /// The files that components are made of: those in which they stand, which may be any, and what these include.
    pub fn behind_components(&self) -> Vec<&Source> {
        let has_components =
            |full: &str| self.templates.get(full).is_some_and(|template| !template.components.is_empty());
        let is_component = |full: &str| full.split('/').nth(1) == Some("components") || has_components(full);
        self.with_targets(self.sources.files.keys().map(String::as_str).filter(|full| is_component(full)).collect())
    }

    /// The files of some templates, and then of what they extend and include, and so on.
    fn with_targets<'a>(&'a self, mut names: Vec<&'a str>) -> Vec<&'a Source> {
        let mut at = 0;
        while let Some(name) = names.get(at) {
            for (_, target) in self.targets(name) {
                if !names.contains(&target) {
                    names.push(target);
                }
            }
            at += 1;
        }
        names.into_iter().map(|full| &self.sources.files[full]).collect()
    }

    /// Follows extends and includes in depth, without recursion.
    fn report_cycles(&self, report: &mut Report) {
        let mut finished: BTreeSet<&str> = BTreeSet::new();
        for start in self.templates.keys() {
            let mut path = vec![(start.as_str(), self.targets(start))];
            while let Some((full, targets)) = path.last_mut() {
                let full = *full;
                let Some((name, target)) = targets.pop() else {
                    finished.insert(full);
                    path.pop();
                    continue;
                };
                let place = || self.sources.files[full].place(name.span.clone());
                if let Some(at) = path.iter().position(|(open, _)| *open == target) {
                    let circle: Vec<_> = path[at..].iter().map(|(open, _)| format!("`{open}`")).collect();
                    let message = format!("the template contains itself: {} → `{target}`", circle.join(" → "));
                    report.push(Diagnostic::new(&TEMPLATE_CYCLE, message).at(place()).help(own_version(target)));
                } else if path.len() > LONGEST_CHAIN {
                    let message = format!("templates extend or include each other more than {LONGEST_CHAIN} deep");
                    report.push(Diagnostic::new(&TEMPLATE_LINK, message).at(place()).help("use fewer"));
                } else if !finished.contains(target) {
                    path.push((target, self.targets(target)));
                }
            }
        }
    }
}

fn own_version(target: &str) -> String {
    let (_, name) = target.split_once('/').unwrap_or(("", target));
    format!("to build on the version that this one replaces, name its theme: `\"<theme>/{name}\"`")
}

/// The names of all blocks of a template.
pub fn blocks(template: &Template) -> impl Iterator<Item = &str> {
    uses(template).into_iter().filter_map(|used| match used {
        Use::Block(name, _) => Some(name.text.as_str()),
        _ => None,
    })
}

fn unknown_name<'a>(sort: &str, name: &'a Name, known: &[&str]) -> Option<(&'a Name, Diagnostic)> {
    if known.contains(&name.text.as_str()) {
        return None;
    }
    let diagnostic = Diagnostic::new(&TEMPLATE_UNKNOWN_NAME, format!("there is no {sort} `{}`", name.text));
    Some((
        name,
        match closest(&name.text, known.iter().copied()) {
            Some(meant) => diagnostic.label(format!("did you mean `{meant}`?")).help(format!("write `{meant}`")),
            None => diagnostic.help(format!("the {sort}s are {}", listed(known.iter().copied()))),
        },
    ))
}
