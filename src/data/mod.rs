//! YAML as values that know where they stand.
//!
//! Every YAML file of a site (front matter, settings, data, themes) passes through here: [`parse`] gives a tree of
//! [`Node`]s with places, [`record!`](crate::record) declares what keys there are, and reading a record reports
//! *every* unknown key, missing key and wrong type in it, with a way out. An [`Editor`] changes a text in place. This is the only
//! user of the YAML library.

mod edit;
mod node;
mod read;
mod record;
mod saved;
mod shape;

pub use edit::{EDIT_BY_HAND, Editor, Step, Value, quoted, written};
pub use node::{Key, Node, NodeKind, parse};
pub use read::{
    EMPTY_VALUE, Fields, Free, KEY_WITHOUT_EFFECT, KeyInfo, Located, MISSING_KEY, OneOrMany, Read, Record, WRONG_TYPE,
    read_choice, refuse_keys,
};
pub use saved::SavedNode;
pub use shape::{Shape, document_of};

use crate::diagnostic::Code;

/// What this floor reports.
pub fn codes() -> Vec<&'static Code> {
    [node::CODES, read::CODES, edit::CODES].concat()
}
