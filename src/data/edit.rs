//! Changing a value in a YAML text without disturbing what stands around it.
//!
//! Only the bytes of the value, or of the lines that are added or taken away, become others: comments, order, quotes,
//! indentation and line ends stay as their writer has them. Every change is read again at once and held against what was
//! meant. What cannot be changed in that way is refused, and then the text is as it was.
//!
//! A change is made twice: in the bytes (`splice`), in the style of what stands there (`written`, `scalar`; `places` knows
//! where that is), and in the tree that is meant (`tree`).

mod tree;
mod splice;
mod written;
mod scalar;
mod places;

use std::ops::Range;
use std::sync::Arc;

use super::node::{Node, NodeKind, parse};
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use splice::Splice;
use tree::{add, entry, follow, follow_mut, is_same, plain, put, take};

pub use scalar::{quoted, written};

code! { pub EDIT_BY_HAND = "edit-by-hand", Error, "a value that no program can change without disturbing what stands around it",
"`anslag event` and `anslag rename` change single values and add lines, and leave comments, order and quotes alone. Where a value is \
written in a way that does not allow that, such as over several lines, nothing is changed: write it by hand." }

/// The findings of this module.
pub const CODES: &[&Code] = &[&EDIT_BY_HAND];

/// A step from a value to one inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// To the value of a key.
    Key(&'a str),
    /// To an item of a list.
    Item(usize),
}

/// A value to be written.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A truth value.
    Bool(bool),
    /// A text on one line; also a date, or a word.
    Text(String),
    /// Keys with values, written in braces.
    Map(Vec<(&'static str, Self)>),
}

impl Value {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

/// A YAML text, or the part of one, while it is changed.
pub struct Editor {
    path: Arc<str>,
    text: String,
    /// Where the YAML stands in the text.
    span: Range<usize>,
    tree: Node,
    /// The tree before the first change: the places of findings are those of the file.
    original: Node,
}

impl Editor {
    /// Opens the YAML that stands in a span of a file. What is wrong with it is reported.
    pub fn open(path: &Arc<str>, text: &str, span: Range<usize>, report: &mut Report) -> Option<Self> {
        let tree = parse(path, text, span.clone(), report)?;
        let original = tree.clone();
        Some(Self { path: path.clone(), text: text.to_owned(), span, tree, original })
    }

    /// What the text says now.
    pub fn tree(&self) -> &Node {
        &self.tree
    }

    /// The value at the end of some steps.
    pub fn get(&self, steps: &[Step]) -> Option<&Node> {
        follow(&self.tree, steps)
    }

    /// The whole text as it is now.
    pub fn into_text(self) -> String {
        self.text
    }

    /// Gives a key of the map at the end of some steps a value. A new key goes after the last of `after` that is there.
    ///
    /// # Errors
    /// It cannot be done without disturbing what stands around it.
    pub fn set(&mut self, at: &[Step], key: &'static str, value: Value, after: &[&str]) -> Result<(), Box<Diagnostic>> {
        let map = self.map(at)?;
        let splice = match entry(map, key) {
            Some((key, node)) => self.replacement(key, node, &value),
            None => self.insertion(map, after, &|indent, style| self.entry_text(indent, style, key, &value)),
        };
        let mut meant = self.tree.clone();
        put(&mut meant, at, key, plain(&value));
        self.apply(splice.into_iter().collect(), &meant, at, Some(key))
    }

    /// Puts a text in the place of the one at the end of some steps.
    ///
    /// # Errors
    /// It cannot be done without disturbing what stands around it.
    pub fn replace(&mut self, at: &[Step], text: &str) -> Result<(), Box<Diagnostic>> {
        let node = follow(&self.tree, at).filter(|node| matches!(node.kind, NodeKind::Text(_)));
        let span = node.map(|node| node.place.span.clone()).ok_or_else(|| self.refusal(at, None))?;
        let mut meant = self.tree.clone();
        if let Some(node) = follow_mut(&mut meant, at) {
            node.kind = NodeKind::Text(text.to_owned());
        }
        let splice = self.rewritten(span, text);
        self.apply(vec![splice], &meant, at, None)
    }

    /// Gives a key of the map at the end of some steps another name. Its value stays.
    ///
    /// # Errors
    /// It cannot be done without disturbing what stands around it.
    pub fn rename(&mut self, at: &[Step], key: &str, name: &str) -> Result<(), Box<Diagnostic>> {
        let Some((known, _)) = entry(self.map(at)?, key) else { return Ok(()) };
        let splice = self.rewritten(known.place.span.clone(), name);
        let mut meant = self.tree.clone();
        if let Some(NodeKind::Map(entries)) = follow_mut(&mut meant, at).map(|node| &mut node.kind) {
            let known = entries.iter_mut().find(|(known, _)| known.name == key);
            known.into_iter().for_each(|(known, _)| name.clone_into(&mut known.name));
        }
        self.apply(vec![splice], &meant, at, Some(key))
    }

    /// Takes a key away, with its value.
    ///
    /// # Errors
    /// It cannot be done without disturbing what stands around it.
    pub fn remove(&mut self, at: &[Step], key: &str) -> Result<(), Box<Diagnostic>> {
        let map = self.map(at)?;
        if entry(map, key).is_none() {
            return Ok(());
        }
        let splice = self.removal(map, key);
        let mut meant = self.tree.clone();
        take(&mut meant, at, key);
        self.apply(splice.into_iter().collect(), &meant, at, Some(key))
    }

    /// Takes an item out of the list under a key; the key too, when it is the only one.
    ///
    /// # Errors
    /// It cannot be done without disturbing what stands around it.
    pub fn remove_item(&mut self, at: &[Step], key: &str, index: usize) -> Result<(), Box<Diagnostic>> {
        let list = entry(self.map(at)?, key).map(|(_, node)| node);
        let Some(Node { kind: NodeKind::List(items), .. }) = list else { return Err(self.refusal(at, Some(key))) };
        if items.len() == 1 && index == 0 {
            return self.remove(at, key);
        }
        let splice = list.and_then(|list| self.removal_of_item(list, items, index));
        let mut meant = self.tree.clone();
        let steps: Vec<Step> = at.iter().copied().chain([Step::Key(key)]).collect();
        if let Some(NodeKind::List(items)) = follow_mut(&mut meant, &steps).map(|node| &mut node.kind) {
            items.drain(index..items.len().min(index + 1));
        }
        self.apply(splice.into_iter().collect(), &meant, at, Some(key))
    }

    /// Adds an item, a text or some keys, at the end of a list, which is made where there is none.
    ///
    /// # Errors
    /// It cannot be done without disturbing what stands around it.
    pub fn append(
        &mut self,
        at: &[Step],
        key: &'static str,
        item: Value,
        after: &[&str],
    ) -> Result<(), Box<Diagnostic>> {
        let map = self.map(at)?;
        let splices = match entry(map, key) {
            Some((key, node)) => self.addition(key, node, &item),
            None => self
                .insertion(map, after, &|indent, style| Some(self.list_text(indent, style, key, &item)))
                .into_iter()
                .collect(),
        };
        let mut meant = self.tree.clone();
        add(&mut meant, at, key, plain(&item));
        self.apply(splices, &meant, at, Some(key))
    }

    /// Whether a comment stands on the line of a key.
    pub fn has_comment(&self, at: &[Step], key: &str) -> bool {
        let Some((key, node)) = follow(&self.tree, at).and_then(|map| entry(map, key)) else { return false };
        let end = self.end(key, node).unwrap_or(key.place.span.end);
        self.text[end..self.line_end(end)].trim_start().starts_with('#')
    }

    fn map(&self, at: &[Step]) -> Result<&Node, Box<Diagnostic>> {
        let map = follow(&self.tree, at).filter(|node| matches!(node.kind, NodeKind::Map(_)));
        map.ok_or_else(|| self.refusal(at, None))
    }

    /// Makes a change, and keeps it only when the text then says what is meant and nothing else.
    fn apply(
        &mut self,
        splices: Vec<Splice>,
        meant: &Node,
        at: &[Step],
        key: Option<&str>,
    ) -> Result<(), Box<Diagnostic>> {
        let mut changed = self.text.clone();
        let mut span = self.span.clone();
        for (range, new) in splices.iter().rev() {
            changed.replace_range(range.clone(), new);
            span.end = span.end - range.len() + new.len();
        }
        let mut unheard = Report::default();
        let tree = parse(&self.path, &changed, span.clone(), &mut unheard);
        match tree.filter(|tree| !splices.is_empty() && is_same(tree, meant)) {
            Some(tree) => {
                (self.text, self.span, self.tree) = (changed, span, tree);
                Ok(())
            }
            None => Err(self.refusal(at, key)),
        }
    }

    fn refusal(&self, at: &[Step], key: Option<&str>) -> Box<Diagnostic> {
        let steps: Vec<Step> = at.iter().copied().chain(key.map(Step::Key)).collect();
        let places = (0..=steps.len()).rev().filter_map(|length| follow(&self.original, &steps[..length]));
        let place = places.map(|node| node.place.clone()).next().unwrap_or_else(|| Place::start_of(&self.path));
        let name =
            key.or_else(|| at.iter().rev().find_map(|step| if let Step::Key(key) = step { Some(*key) } else { None }));
        let words =
            format!("`{}` cannot be changed without disturbing what stands around it", name.unwrap_or("the text"));
        Box::new(Diagnostic::new(&EDIT_BY_HAND, words).at(place).help("write the change by hand"))
    }
}

#[cfg(test)]
mod tests;
