//! A tree of values as data, so that a later run can have it without reading YAML again.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::node::{Key, Node, NodeKind};
use crate::diagnostic::Place;

/// A value and where it stands in its file.
#[derive(Debug, Serialize, Deserialize)]
pub struct SavedNode<'a> {
    #[serde(borrow)]
    kind: SavedKind<'a>,
    span: Range<usize>,
}

#[derive(Debug, Serialize, Deserialize)]
enum SavedKind<'a> {
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    #[serde(borrow)]
    Text(Cow<'a, str>),
    #[serde(borrow)]
    List(Vec<SavedNode<'a>>),
    #[serde(borrow)]
    Map(Vec<(SavedKey<'a>, SavedNode<'a>)>),
}

#[derive(Debug, Serialize, Deserialize)]
struct SavedKey<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    span: Range<usize>,
}

impl Node {
    /// The tree as data.
    pub fn save(&self) -> SavedNode<'_> {
        let kind = match &self.kind {
            NodeKind::Null => SavedKind::Null,
            NodeKind::Bool(value) => SavedKind::Bool(*value),
            NodeKind::Integer(value) => SavedKind::Integer(*value),
            NodeKind::Float(value) => SavedKind::Float(*value),
            NodeKind::Text(text) => SavedKind::Text(Cow::Borrowed(text)),
            NodeKind::List(items) => SavedKind::List(items.iter().map(Self::save).collect()),
            NodeKind::Map(entries) => {
                SavedKind::Map(entries.iter().map(|(key, node)| (key.save(), node.save())).collect())
            }
        };
        SavedNode { kind, span: self.place.span.clone() }
    }

    /// The tree that was saved of a file.
    pub fn restore(saved: SavedNode, path: &Arc<str>) -> Self {
        let kind = match saved.kind {
            SavedKind::Null => NodeKind::Null,
            SavedKind::Bool(value) => NodeKind::Bool(value),
            SavedKind::Integer(value) => NodeKind::Integer(value),
            SavedKind::Float(value) => NodeKind::Float(value),
            SavedKind::Text(text) => NodeKind::Text(text.into_owned()),
            SavedKind::List(items) => NodeKind::List(items.into_iter().map(|item| Self::restore(item, path)).collect()),
            SavedKind::Map(entries) => {
                let entry = |(key, node)| (Key::restore(key, path), Self::restore(node, path));
                NodeKind::Map(entries.into_iter().map(entry).collect())
            }
        };
        Self { kind, place: Place { path: path.clone(), span: saved.span } }
    }
}

impl Key {
    fn save(&self) -> SavedKey<'_> {
        SavedKey { name: Cow::Borrowed(&self.name), span: self.place.span.clone() }
    }

    fn restore(saved: SavedKey, path: &Arc<str>) -> Self {
        Self { name: saved.name.into_owned(), place: Place { path: path.clone(), span: saved.span } }
    }
}
