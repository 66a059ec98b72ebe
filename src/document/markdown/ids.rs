//! The ids of a body: each once.

use std::collections::hash_map::Entry;

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::gate;
use crate::text::fingerprint::FastMap;
use crate::text::slug::slug;

pub(super) const CODES: &[&Code] = &[&DUPLICATE_ID];

gate! { pub DUPLICATE_ID = "duplicate-id", Error, "an id given twice on one page",
"A link to `#id` leads to one place only, so an id can be given once per page. Headings without an id of their own \
get one from their words; those are kept apart by themselves." }

/// The id of a heading none of whose characters can stand in an id.
const NAMELESS: &str = "section";

/// All ids so far.
#[derive(Debug, Default)]
pub(super) struct Ids {
    taken: FastMap<String, Option<Place>>,
    /// The last number given to a heading of these words, so that equal headings cost the same each.
    last: FastMap<String, u32>,
}

impl Ids {
    /// Takes an id that the writer chose, or says where it was taken.
    pub(super) fn claim(&mut self, id: &str, place: Place) -> Option<Diagnostic> {
        match self.taken.entry(id.to_owned()) {
            Entry::Vacant(entry) => {
                entry.insert(Some(place));
                None
            }
            Entry::Occupied(entry) => {
                let diagnostic = Diagnostic::new(&DUPLICATE_ID, format!("the id `{id}` is given twice"))
                    .at(place)
                    .help("choose another id, and mend the links that lead here");
                Some(match entry.get() {
                    Some(first) => diagnostic.related(first.clone(), "first given here"),
                    None => diagnostic,
                })
            }
        }
    }

    /// Takes an id that the program needs as it is.
    pub(super) fn reserve(&mut self, id: &str) {
        self.taken.entry(id.to_owned()).or_insert(None);
    }

    /// An id for a heading with this text.
    pub(super) fn of_heading(&mut self, text: &str, place: Place) -> String {
        let mut base = slug(text);
        if base.is_empty() {
            base.push_str(NAMELESS);
        }
        if !self.taken.contains_key(&base) {
            self.taken.insert(base.clone(), Some(place));
            return base;
        }
        let last = self.last.entry(base.clone()).or_insert(1);
        loop {
            *last += 1;
            let id = format!("{base}-{last}");
            if !self.taken.contains_key(&id) {
                self.taken.insert(id.clone(), Some(place));
                return id;
            }
        }
    }
}
