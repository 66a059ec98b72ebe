//! Why an output is made: what of it is another than in the run before.
//!
//! A [`Print`] keeps its parts apart, so that [`Print::causes`] can name those that differ. Nothing is decided by it: an
//! output is made when anything differs, and whoever asks ([`crate::cmd`], `anslag why`) is told what.

use serde::{Deserialize, Serialize};

/// Hashes of all that an output is made of. Two of one print are the same to the byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Print {
    /// What any output may be made of.
    pub common: u64,
    /// The files behind its template.
    pub template: u64,
    /// What it shows.
    pub view: u64,
    /// Its text, and what that is told of what it names.
    pub body: u64,
}

/// Why an output does not stand as it was made before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// There was none at its address.
    New,
    /// Its file in the output folder is another one, or gone.
    Spoilt,
    /// Something was said of it, which must be found anew each time.
    Findings,
    /// What any output may be made of is another.
    Common,
    /// A file behind its template is.
    Template,
    /// What it shows is.
    View,
    /// Its text is, or what that names.
    Body,
    /// It leads to what is gone.
    Target,
}

impl Print {
    /// What is another than it was.
    pub fn causes(&self, before: &Self) -> Vec<Cause> {
        let parts = [
            (self.common == before.common, Cause::Common),
            (self.template == before.template, Cause::Template),
            (self.view == before.view, Cause::View),
            (self.body == before.body, Cause::Body),
        ];
        parts.into_iter().filter(|(is_same, _)| !is_same).map(|(_, cause)| cause).collect()
    }
}
