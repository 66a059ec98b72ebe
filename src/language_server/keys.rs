//! Which keys and words a file takes, and what they mean: as `anslag schema` has them, at one place of the file.

use crate::config::{layers, settings};
use crate::data::{KeyInfo, Shape};
use crate::kind::{self, notice};
use crate::model::Kind;
use crate::model::registry::{ORGANISATIONS, shape_of_organisations};
use crate::session::{Role, in_front_matter, in_settings};

/// Where the settings are.
pub const SETTINGS: &str = "site.yaml";

/// Whether a file is YAML from its beginning, and its keys are known.
pub fn is_yaml(path: &str) -> bool {
    !path.ends_with(".md") && shape_of(path).is_some()
}

/// What a file takes; of a document, in its front matter.
fn shape_of(path: &str) -> Option<Shape> {
    if path == SETTINGS {
        return Some(settings::shape());
    }
    if path == ORGANISATIONS {
        return Some(shape_of_organisations());
    }
    let mut pieces = path.split('/');
    match (pieces.next()?, pieces.next(), pieces.next(), pieces.next()) {
        ("themes", Some(_), Some("theme.yaml"), None) => Some(layers::shape()),
        ("content", ..) if path.ends_with(".md") => {
            Some(Shape::Either(kind::keys(Kind::of_path(path)?).into_iter().map(Shape::Keys).collect()))
        }
        _ => None,
    }
}

/// What a value takes to which these keys lead.
pub fn value(path: &str, keys: &[&str]) -> Option<Shape> {
    keys.iter().try_fold(shape_of(path)?, |shape, key| follow(&shape, key))
}

fn follow(shape: &Shape, key: &str) -> Option<Shape> {
    match shape {
        Shape::Keys(keys) => keys.iter().find(|info| info.name == key).map(|info| (info.shape)()),
        Shape::Named(value) => Some((**value).clone()),
        Shape::List(item) => follow(item, key),
        Shape::Either(shapes) => shapes.iter().find_map(|shape| follow(shape, key)),
        _ => None,
    }
}

/// The keys that may stand in a value to which these keys lead.
pub fn inside(path: &str, keys: &[&str]) -> Vec<&'static KeyInfo> {
    let is_notice = keys.is_empty() && Kind::of_path(path) == Some(Kind::Notice);
    let mut found = Vec::new();
    if let Some(shape) = value(path, keys) {
        gather(&shape, &mut found);
    }
    found.retain(|key| !is_notice || !notice::WITHOUT_EFFECT.contains(&key.name));
    found
}

fn gather(shape: &Shape, found: &mut Vec<&'static KeyInfo>) {
    match shape {
        Shape::Keys(keys) => found.extend(keys.iter()),
        Shape::List(item) => gather(item, found),
        Shape::Either(shapes) => shapes.iter().for_each(|shape| gather(shape, found)),
        _ => {}
    }
}

/// A key, by the keys that lead to it and its own.
pub fn key(path: &str, keys: &[&str]) -> Option<&'static KeyInfo> {
    let (own, above) = keys.split_last()?;
    inside(path, above).into_iter().find(|info| info.name == *own)
}

/// What a key is for, and what it takes.
pub fn explained(key: &KeyInfo) -> String {
    format!("{}\n\nTakes {}.", key.doc.trim(), key.expected)
}

/// What the value of a key names.
pub fn role(path: &str, keys: &[&str]) -> Option<Role> {
    if path == SETTINGS { in_settings(keys) } else { in_front_matter(keys) }
}
