//! What others may know of a body: all that views, cards and checks take from it but its HTML.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::document::body::{Argument, ArgumentValue, Body, Heading};
use crate::text::address::{Target, decode, resolve};
use crate::text::fingerprint::fingerprint;

/// What is known of a body without having it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outline {
    /// The headings, in order.
    pub headings: Vec<Section>,
    /// The first paragraph as plain text.
    pub excerpt: String,
    /// Whether there is nothing in it.
    pub is_empty: bool,
    /// Hash of what the HTML is made of, others left aside: the text and its language.
    pub fingerprint: u64,
    /// What else the HTML may depend on: paths of documents and files, and what is given to components.
    pub needs: Vec<String>,
    /// What must be in the finished site: addresses, or paths of documents, each with an id on the page.
    pub asks: Vec<(String, Option<String>)>,
}

/// What stands under a heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The level of the heading, 1 to 6.
    pub level: u8,
    /// The id of the heading.
    pub id: String,
    /// Its words.
    pub title: String,
}

impl Outline {
    /// The outline of a body of a document, in the language that it says. What only the outline tells from now on is taken
    /// out of the body.
    pub fn of(path: &Arc<str>, language: Option<&str>, body: &mut Body) -> Self {
        let section = |heading: Heading| Section { level: heading.level, id: heading.id, title: heading.text };
        // Those of all documents are held at once, so they get no more room than they need.
        let mut headings: Vec<Section> = std::mem::take(&mut body.headings).into_iter().map(section).collect();
        headings.shrink_to_fit();
        Self {
            headings,
            excerpt: std::mem::take(&mut body.excerpt),
            is_empty: body.parts.is_empty(),
            fingerprint: body.fingerprint ^ fingerprint(language.unwrap_or_default().as_bytes()),
            needs: needs(path, body),
            asks: each_once(body.links.iter().filter_map(|link| asked(path, &link.target))),
        }
    }
}

fn each_once<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    items.collect::<BTreeSet<T>>().into_iter().collect()
}

fn needs(path: &str, body: &Body) -> Vec<String> {
    let targets = body.links.iter().map(|link| &link.target).chain(body.images.iter().map(|image| &image.target));
    let file = |target: &String| match Target::of(target) {
        Target::File(target, _) => resolve(path, target),
        _ => None,
    };
    let arguments = body.components.iter().flat_map(|component| &component.arguments).filter_map(text_of);
    let given = arguments.flat_map(|text| [resolve(path, text), Some(text.to_owned())]).flatten();
    each_once(targets.filter_map(file).chain(given))
}

fn asked(path: &str, target: &str) -> Option<(String, Option<String>)> {
    let plain = |text: &str| decode(text).unwrap_or_else(|| text.to_owned());
    match Target::of(target) {
        Target::Route(route, anchor) => Some((plain(route), anchor.map(plain))),
        Target::File(file, Some(anchor)) => Some((resolve(path, file)?, Some(plain(anchor)))),
        _ => None,
    }
}

fn text_of(argument: &Argument) -> Option<&str> {
    match &argument.value {
        ArgumentValue::Text(text) => Some(text),
        ArgumentValue::Integer(_) | ArgumentValue::Bool(_) => None,
    }
}
