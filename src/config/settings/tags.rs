//! Tags with titles, summaries and other names of theirs.

use std::collections::BTreeMap;

use crate::data::{self, Key, Node, NodeKind, Read, Shape};
use crate::diagnostic::{Diagnostic, Report};
use crate::record;

/// Tags by name.
#[derive(Clone, Debug, Default)]
pub struct Tags(pub BTreeMap<String, TagInfo>);

record! {
    /// What is said of a tag.
    pub struct TagInfo {
        /// Its title, when it is not the tag itself.
        pub title: Option<String>,
        /// A sentence about it.
        pub summary: Option<String>,
        /// Other words for the same; a document that uses one is told the right one.
        pub aliases: Vec<String>,
    }
}

impl Read for Tags {
    const EXPECTED: &'static str = "tags with `title`, `summary` or `aliases`";

    fn read(node: &Node, report: &mut Report) -> Option<Self> {
        let NodeKind::Map(entries) = &node.kind else {
            report.push(
                Diagnostic::new(&data::WRONG_TYPE, format!("expected {}", Self::EXPECTED)).at(node.place.clone()),
            );
            return None;
        };
        let read = |(key, node): &(Key, Node)| Some((key.name.clone(), TagInfo::read(node, report)?));
        Some(Self(entries.iter().filter_map(read).collect()))
    }

    fn shape() -> Shape {
        Shape::Named(Box::new(TagInfo::shape()))
    }
}
