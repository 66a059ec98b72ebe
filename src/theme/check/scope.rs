//! What a spot in a template can see.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::facts::Facts;
use super::shape::{ANY, Shapes, Type};
use crate::diagnostic::Place;
use crate::theme::engine::Source;
use crate::theme::syntax::Node;

/// The versions of each block, nearest first, each with its file.
pub type Blocks<'a> = BTreeMap<&'a str, Vec<(&'a Source, &'a [Node])>>;

/// Where the walk is.
#[derive(Clone)]
pub struct Spot<'a> {
    /// The file.
    pub source: &'a Source,
    /// The template whose view is walked.
    pub view: &'static str,
    /// The blocks of the page.
    pub blocks: Rc<Blocks<'a>>,
    /// The block that is open, and which version of it.
    pub block: Option<(&'a str, usize)>,
    /// From where the file was included or the component called.
    pub caller: Option<(Place, &'static str)>,
    /// How many includes and components are open.
    pub depth: usize,
}

impl<'a> Spot<'a> {
    /// A spot in a file of components, called by no template.
    pub fn outside(source: &'a Source) -> Self {
        Self { source, view: "", blocks: Rc::default(), block: None, caller: None, depth: 0 }
    }
}

/// A variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Binding {
    /// Its type.
    pub kind: Type,
    /// What is known when it holds: after `{% set has = page.image %}`, in `{% if has %}` there is an image.
    pub truths: Facts,
}

impl Binding {
    /// A variable that tells nothing of others.
    pub fn of(kind: Type) -> Self {
        Self { kind, truths: Facts::new() }
    }
}

/// The variables, and what is known of them.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    variables: BTreeMap<String, Binding>,
    facts: Facts,
    /// What those who called this component see, for arguments such as `@t`.
    outer: Rc<BTreeMap<String, Binding>>,
    /// Whether `loop` can be asked.
    pub in_loop: bool,
}

impl Scope {
    /// A variable.
    pub fn get(&self, name: &str) -> Option<&Binding> {
        self.variables.get(name)
    }

    /// A variable here or where this component was called.
    pub fn implicit(&self, name: &str) -> Option<Type> {
        self.variables.get(name).or_else(|| self.outer.get(name)).map(|binding| binding.kind)
    }

    /// All names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.variables.keys().map(String::as_str)
    }

    /// Sets a variable; what was known of its earlier value is forgotten.
    pub fn set(&mut self, name: &str, binding: Binding) {
        self.facts.retain(|fact| fact.split('.').next() != Some(name));
        self.variables.insert(name.to_owned(), binding);
    }

    /// Whether a value is known to be there.
    pub fn is_granted(&self, path: &str) -> bool {
        self.facts.contains(path)
    }

    /// Adds what a condition tells.
    pub fn learn(&mut self, facts: Facts) {
        let facts = self.expanded(facts);
        self.facts.extend(facts);
    }

    /// The facts, and what follows from the variables among them.
    pub fn expanded(&self, mut facts: Facts) -> Facts {
        let truths =
            facts.iter().filter_map(|fact| self.variables.get(fact)).flat_map(|binding| binding.truths.clone());
        let truths: Facts = truths.collect();
        facts.extend(truths);
        facts
    }

    /// What a component sees before it gets its arguments: nothing, but its callers' variables can be asked for.
    pub fn called(&self) -> Self {
        let mut outer = (*self.outer).clone();
        outer.extend(self.variables.clone());
        Self { outer: Rc::new(outer), ..Self::default() }
    }

    /// What can be said after branches of which one was taken.
    pub fn merge(&mut self, shapes: &Shapes, branches: Vec<Self>) {
        let mut merged: BTreeMap<String, Binding> = BTreeMap::new();
        for branch in &branches {
            for (name, binding) in &branch.variables {
                let everywhere = branches.iter().all(|other| other.variables.contains_key(name));
                let joined = match merged.get(name) {
                    _ if !everywhere => Binding::of(ANY),
                    None => binding.clone(),
                    Some(before) if before == binding => continue,
                    Some(before) => Binding::of(shapes.join(before.kind, binding.kind)),
                };
                merged.insert(name.clone(), joined);
            }
        }
        for (name, binding) in merged {
            if self.variables.get(&name) != Some(&binding) {
                self.set(&name, binding);
            }
        }
    }
}
