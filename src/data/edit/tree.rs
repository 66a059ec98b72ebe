//! The tree that is meant: what a text has to say after a change, and whether it does.

use super::{Step, Value};
use crate::data::node::{Key, Node, NodeKind};
use crate::diagnostic::Place;

pub(super) fn follow<'n>(node: &'n Node, steps: &[Step]) -> Option<&'n Node> {
    steps.iter().try_fold(node, |node, step| match (step, &node.kind) {
        (Step::Key(key), _) => node.get(key),
        (Step::Item(index), NodeKind::List(items)) => items.get(*index),
        _ => None,
    })
}

pub(super) fn follow_mut<'n>(node: &'n mut Node, steps: &[Step]) -> Option<&'n mut Node> {
    steps.iter().try_fold(node, |node, step| match (step, &mut node.kind) {
        (Step::Key(key), NodeKind::Map(entries)) => {
            entries.iter_mut().find(|(known, _)| known.name == *key).map(|(_, node)| node)
        }
        (Step::Item(index), NodeKind::List(items)) => items.get_mut(*index),
        _ => None,
    })
}

pub(super) fn entry<'n>(map: &'n Node, key: &str) -> Option<&'n (Key, Node)> {
    let NodeKind::Map(entries) = &map.kind else { return None };
    entries.iter().find(|(known, _)| known.name == key)
}

/// A value as it is read, wherever that is.
pub(super) fn plain(value: &Value) -> Node {
    let kind = match value {
        Value::Bool(value) => NodeKind::Bool(*value),
        Value::Text(text) => NodeKind::Text(text.clone()),
        Value::Map(entries) => {
            NodeKind::Map(entries.iter().map(|(name, value)| (nowhere(name), plain(value))).collect())
        }
    };
    Node { kind, place: Place::start_of(&"".into()) }
}

fn nowhere(name: &str) -> Key {
    Key { name: name.to_owned(), place: Place::start_of(&"".into()) }
}

pub(super) fn put(tree: &mut Node, at: &[Step], key: &str, value: Node) {
    let Some(NodeKind::Map(entries)) = follow_mut(tree, at).map(|node| &mut node.kind) else { return };
    match entries.iter_mut().find(|(known, _)| known.name == key) {
        Some((_, node)) => *node = value,
        None => entries.push((nowhere(key), value)),
    }
}

pub(super) fn take(tree: &mut Node, at: &[Step], key: &str) {
    if let Some(NodeKind::Map(entries)) = follow_mut(tree, at).map(|node| &mut node.kind) {
        entries.retain(|(known, _)| known.name != key);
    }
}

pub(super) fn add(tree: &mut Node, at: &[Step], key: &str, item: Node) {
    let known = follow_mut(tree, at).and_then(|map| follow_mut(map, &[Step::Key(key)]));
    match known.map(|node| &mut node.kind) {
        Some(NodeKind::List(items)) => items.push(item),
        _ => put(tree, at, key, Node { place: item.place.clone(), kind: NodeKind::List(vec![item]) }),
    }
}

/// Whether two trees say the same, wherever it stands. The order of keys says nothing.
pub(super) fn is_same(one: &Node, other: &Node) -> bool {
    match (&one.kind, &other.kind) {
        (NodeKind::Null, NodeKind::Null) => true,
        (NodeKind::Bool(one), NodeKind::Bool(other)) => one == other,
        (NodeKind::Integer(one), NodeKind::Integer(other)) => one == other,
        (NodeKind::Float(one), NodeKind::Float(other)) => one.to_bits() == other.to_bits(),
        (NodeKind::Text(one), NodeKind::Text(other)) => one == other,
        (NodeKind::List(one), NodeKind::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (NodeKind::Map(one), NodeKind::Map(others)) => {
            let same =
                |(key, node): &(Key, Node)| entry(other, &key.name).is_some_and(|(_, other)| is_same(node, other));
            one.len() == others.len() && one.iter().all(same)
        }
        _ => false,
    }
}
