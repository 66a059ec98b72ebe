//! Which keys name something else of the site, and what: a person, a series, an organisation, a tag, or a file by its path.
//!
//! Whoever renames must find all of them. A key that is missing here is found all the same, since the site is checked before
//! anything is written; a test holds the lists against what the keys say of themselves.

use crate::data::{Node, NodeKind, Step};
use crate::diagnostic::Place;

/// What a text names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A person, by slug.
    Person,
    /// A series, by slug.
    Series,
    /// An organisation, by slug.
    Organisation,
    /// A tag, by its words.
    Tag,
    /// A file, as a path from the file that names it, or an address.
    Target,
    /// A file, or a folder with its last `/`, as it is from the site's folder.
    Path,
}

/// What the value of a key in front matter names, by the keys that lead to it.
pub fn in_front_matter(keys: &[&str]) -> Option<Role> {
    match keys {
        ["author" | "authors" | "contact" | "people"] | ["registration", "contact"] | ["waivers", "owner"] => {
            Some(Role::Person)
        }
        ["series"] | ["scope", "series"] => Some(Role::Series),
        ["organisation" | "publisher"] | ["programme", "organisation"] | ["programme", "speakers", "organisation"] => {
            Some(Role::Organisation)
        }
        ["tags"] | ["scope", "tags"] => Some(Role::Tag),
        ["about" | "announces" | "related" | "replaced_by"]
        | ["changes", "link"]
        | ["comments", "rules"]
        | ["documentation" | "resources" | "image", "file"]
        | ["link", "to"] => Some(Role::Target),
        _ => None,
    }
}

/// The same in `site.yaml`.
pub fn in_settings(keys: &[&str]) -> Option<Role> {
    match keys {
        ["contact"] | ["waivers", "owner"] => Some(Role::Person),
        ["organisation"] => Some(Role::Organisation),
        ["statement"]
        | ["menus", "main" | "footer", "to"]
        | ["sections", _, "about"]
        | ["sections", _, "comments", "rules"] => Some(Role::Target),
        ["waivers", "path"] => Some(Role::Path),
        _ => None,
    }
}

/// A text that names something, and the steps to it.
pub(super) struct Named<'a> {
    pub role: Role,
    pub text: &'a str,
    pub place: &'a Place,
    pub steps: Vec<Step<'a>>,
}

/// All texts of a tree that name something.
pub(super) fn named(tree: &Node, role: fn(&[&str]) -> Option<Role>) -> Vec<Named<'_>> {
    let mut found = Vec::new();
    gather(tree, role, &mut Vec::new(), &mut found);
    found
}

fn gather<'a>(
    node: &'a Node,
    role: fn(&[&str]) -> Option<Role>,
    steps: &mut Vec<Step<'a>>,
    found: &mut Vec<Named<'a>>,
) {
    let mut inside = |step: Step<'a>, node: &'a Node| {
        steps.push(step);
        gather(node, role, steps, found);
        steps.pop();
    };
    match &node.kind {
        NodeKind::Map(entries) => entries.iter().for_each(|(key, node)| inside(Step::Key(&key.name), node)),
        NodeKind::List(items) => items.iter().enumerate().for_each(|(index, node)| inside(Step::Item(index), node)),
        NodeKind::Text(text) => {
            let keys: Vec<&str> =
                steps.iter().filter_map(|step| if let Step::Key(key) = step { Some(*key) } else { None }).collect();
            found.extend(role(&keys).map(|role| Named { role, text, place: &node.place, steps: steps.clone() }));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::config::settings;
    use crate::data::KeyInfo;
    use crate::kind;
    use crate::model::Kind;

    /// How keys say of themselves that they name something.
    const WORDS: [&str; 13] = [
        "slug of a person",
        "slugs of persons",
        "Persons shown",
        "slug of an organisation",
        "slug of the organisation",
        "organisation, by slug",
        "path from this file",
        "paths from this file",
        "path from the site's folder",
        "path such as",
        "The series it belongs to",
        "What it is about.",
        "The page ",
    ];

    /// What has one of these words and names nothing.
    const NAMELESS: [&[&str]; 2] = [&["programme", "body"], &["sections", "feedback"]];

    type Roles = fn(&[&str]) -> Option<Role>;

    fn check(keys: &'static [KeyInfo], above: &mut Vec<&'static str>, roles: Roles, listed: &mut BTreeSet<String>) {
        for key in keys {
            above.push(key.name);
            let says_so = WORDS.iter().any(|words| key.doc.contains(words)) && !NAMELESS.contains(&above.as_slice());
            assert!(roles(above).is_some() || !says_so, "{above:?} is not listed: {}", key.doc);
            if roles(above).is_some() {
                listed.insert(above.join("."));
            }
            if above.len() < 4 {
                check((key.shape)().keys(), above, roles, listed);
            }
            above.pop();
        }
    }

    #[test]
    fn every_key_that_names_something_is_listed() {
        let mut listed = BTreeSet::new();
        for kind in Kind::ALL {
            kind::keys(kind).into_iter().for_each(|keys| check(keys, &mut Vec::new(), in_front_matter, &mut listed));
        }
        assert_eq!(listed.len(), 24, "each that is listed is a key: {listed:?}");
        let mut listed = BTreeSet::new();
        check(settings::shape().keys(), &mut Vec::new(), in_settings, &mut listed);
        assert!(listed.contains("menus.main.to") && listed.contains("sections.blog.about"), "{listed:?}");
        assert!(listed.contains("sections.blog.comments.rules") && listed.contains("waivers.path"), "{listed:?}");
    }
}
