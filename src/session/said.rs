//! What a single text says, while it is written: its keys, its body, and all that it names.

use std::sync::Arc;

use super::Session;
use super::moved::SETTINGS;
use super::references::{Named, Role, in_front_matter, in_settings, named};
use crate::data::{self, Node, NodeKind};
use crate::diagnostic::{Place, Report};
use crate::document::body::Body;
use crate::document::{front_of, markdown};
use crate::model::Kind;

/// A text, taken apart as far as it can be.
#[derive(Debug, Default)]
pub struct Said {
    /// The keys.
    pub front: Option<Node>,
    /// What comes after them.
    pub body: Body,
    /// What it names.
    pub names: Vec<Name>,
}

/// Something that a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// What it is.
    pub role: Role,
    /// What it is named by.
    pub text: String,
    /// Where that stands.
    pub place: Place,
}

impl Session {
    /// Takes a text apart that may stand in a file. What cannot be read says nothing.
    pub fn said(&self, path: &Arc<str>, text: &str) -> Said {
        if **path == *SETTINGS {
            let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
            let front = data::parse(path, text, start..text.len(), &mut Report::default());
            let names = front.iter().flat_map(|front| names_in(front, in_settings)).collect();
            return Said { front, names, ..Said::default() };
        }
        let (Some(kind), Ok(span)) = (Kind::of_path(path), front_of(path, text)) else { return Said::default() };
        let front = data::parse(path, text, span.clone(), &mut Report::default());
        let language = front.as_ref().and_then(|front| front.get("lang")).and_then(|lang| match &lang.kind {
            NodeKind::Text(lang) => Some(lang.as_str()),
            _ => None,
        });
        // The line that ends the keys is no part of the body.
        let start = text[span.end..].find('\n').map_or(text.len(), |end| span.end + end + 1);
        let body = self.compile((path, kind), (text, start..text.len()), language, &mut Report::default());
        let definitions = markdown::definitions(path, text, start..text.len());
        let in_body = self.mentions(&body, &definitions).into_iter().map(|mention| Name {
            role: mention.role,
            text: mention.text.to_owned(),
            place: mention.place.clone(),
        });
        let in_front = front.iter().flat_map(|front| names_in(front, in_front_matter));
        let names = in_front.chain(in_body).collect();
        Said { front, body, names }
    }
}

fn names_in(front: &Node, role: fn(&[&str]) -> Option<Role>) -> Vec<Name> {
    let name = |named: Named| Name { role: named.role, text: named.text.to_owned(), place: named.place.clone() };
    named(front, role).into_iter().map(name).collect()
}
