//! What can only be checked when all outputs are known: addresses that clash, and links to what is not there.

use std::collections::HashMap;
use std::sync::Arc;

use super::addresses::word_of;
use super::tree::Tree;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::model::Kind;
use crate::model::catalogue::{MISSING_TARGET, check_anchor};
use crate::plan::links::Want;
use crate::plan::{Output, Recipe};
use crate::text::address::{folded, output_path};
use crate::text::fingerprint::{FastMap, FastSet, HashMapExt, HashSetExt};
use crate::text::markup::{Tags, decode};
use crate::text::suggest::{closest, closest_of_many};

code! { pub STRAY_DOCUMENT = "stray-document", Error, "a document in a folder that is no kind's",
"The folder says what a document is: `content/blog/` holds posts, `content/events/` events, and so on. A document \
elsewhere in `content/` would silently be left out." }
code! { pub DUPLICATE_ADDRESS = "duplicate-address", Error, "two things with one address",
"Each address of the site leads to one thing. Addresses that differ only in upper and lower case clash too, or in how \
their letters are composed (`å`, or `a` with a ring), since some file systems and web servers do not tell them apart, and so \
does a file where another address needs a folder. Give one of the two another `slug`." }

/// The findings of this module.
pub const CODES: &[&Code] = &[&STRAY_DOCUMENT, &DUPLICATE_ADDRESS];

/// A document that no kind reads.
pub fn stray_document(path: &Arc<str>) -> Diagnostic {
    let folder = path.strip_prefix("content/").and_then(|rest| rest.split_once('/')).map(|(folder, _)| folder);
    let folders = || Kind::ALL.iter().map(|kind| kind.folder());
    let diagnostic = Diagnostic::new(&STRAY_DOCUMENT, "this document is in no kind's folder").at(Place::start_of(path));
    match folder.and_then(|folder| closest(folder, folders())) {
        Some(meant) => diagnostic.help(format!("did you mean `content/{meant}/`?")),
        None => {
            let folders: Vec<String> = folders().map(|folder| format!("`content/{folder}/`")).collect();
            diagnostic.help(format!("move it to one of {}", folders.join(", ")))
        }
    }
}

/// An address, and where it comes from.
pub(super) struct Address {
    pub route: String,
    pub source: Place,
    /// What is there, if readers may keep the address.
    pub word: Option<&'static str>,
    is_drawn: bool,
    /// Whether all that is there is that something is gone.
    pub is_gone: bool,
}

impl Address {
    /// That of an output.
    pub fn of(output: &Output) -> Self {
        let is_drawn = matches!(output.recipe, Recipe::Drawing(..));
        let is_gone = matches!(output.recipe, Recipe::Page { template: "gone.html", .. });
        Self { route: output.route.clone(), source: output.source.clone(), word: word_of(output), is_drawn, is_gone }
    }
}

/// Reports outputs that would overwrite each other: the same file, files whose names are one somewhere, and a file where
/// another output needs a folder.
pub(super) fn check_addresses(addresses: &[Address], report: &mut Report) {
    let mut seen: FastMap<String, &Address> = FastMap::with_capacity(addresses.len());
    for address in addresses {
        if let Some(first) = seen.insert(folded(&output_path(&address.route)), address) {
            report.push(clash(first, address));
        }
    }
    for address in addresses {
        let path = folded(&output_path(&address.route));
        let folders = path.match_indices('/').map(|(slash, _)| &path[..slash]);
        for file in folders.filter_map(|folder| seen.get(folder)) {
            report.push(clash(file, address));
        }
    }
}

fn clash(first: &Address, second: &Address) -> Diagnostic {
    // A writer can move a document; lists have their addresses from the settings, and pictures from their pages.
    let is_given = |address: &Address| &*address.source.path == "site.yaml" || address.is_drawn;
    let (first, second) = if is_given(second) { (second, first) } else { (first, second) };
    let words = if first.route == second.route {
        format!("the address `{}` is taken", second.route)
    } else {
        format!("the addresses `{}` and `{}` cannot both be files of the site", first.route, second.route)
    };
    Diagnostic::new(&DUPLICATE_ADDRESS, words)
        .at(second.source.clone())
        .related(first.source.clone(), "the other is here")
        .help(match first.is_drawn {
            true => "give the file another name: the build draws a picture with this one",
            false => "give one of them another `slug` or address",
        })
}

/// Reports links to addresses that are not in the site, and to ids that are not on their page. Gives back those that
/// are not met.
pub fn check_wants(mut wants: Vec<Want>, tree: &Tree, report: &mut Report) -> Vec<Want> {
    let mut ids: HashMap<&str, Vec<String>> = HashMap::new();
    wants.retain(|want| {
        let there = tree.files.get_key_value(want.route.as_str()).filter(|(route, _)| !tree.gone.contains(*route));
        let Some((route, bytes)) = there else {
            report.push(not_there(want, tree));
            return true;
        };
        want.anchor.as_ref().is_some_and(|anchor| {
            let anchors = ids.entry(route).or_insert_with(|| bytes.with_text(ids_of).unwrap_or_default());
            !check_anchor(anchors, anchor, route, &want.place, report)
        })
    });
    wants
}

fn not_there(want: &Want, tree: &Tree) -> Diagnostic {
    let words = format!("there is no `{}` in the site", want.route.escape_debug());
    let diagnostic = Diagnostic::new(&MISSING_TARGET, words).at(want.place.clone());
    if tree.gone.contains(&want.route) {
        return diagnostic
            .label("it is gone")
            .help("take the link away: `addresses.lock` says that nothing has taken its place");
    }
    let with_slash = format!("{}/", want.route);
    if tree.files.contains_key(with_slash.as_str()) {
        return diagnostic.meant(with_slash);
    }
    match closest_of_many(&want.route, tree.files.keys().map(String::as_str)) {
        Some(meant) => diagnostic.meant(meant),
        None => diagnostic.help("link to a document by its path, such as `../blog/x.md`, and it can be moved"),
    }
}

/// All ids on a page, each once.
pub(super) fn ids_of(html: &str) -> Vec<String> {
    let mut known = FastSet::new();
    Tags::of(html)
        .filter_map(|tag| tag.get("id"))
        .filter(|id| known.insert(*id))
        .map(|id| decode(id).into_owned())
        .collect()
}
