//! `addresses.lock`: every address that the site has published, so that none is ever lost unseen.
//!
//! The file lies in git beside `site.yaml` and is an input like any other: a build asks neither git nor the output folder
//! what there was. `anslag build` adds what is new, `anslag address` says what has become of what is gone. What a [`Line`]
//! says is decided in [`mod@line`]; here nobody knows the site, only what was said of it.

mod ledger;
mod line;

use crate::code;
use crate::diagnostic::Code;

pub use ledger::{ADDRESSES, Addresses};
pub use line::{Fate, Line, Since, route_of, written};

code! { pub DAMAGED_ADDRESSES = "damaged-addresses", Error, "a line of `addresses.lock` that cannot be read",
"`addresses.lock` holds every address that the site has published, one on each line, in order. A line that cannot be read may \
be one that readers have bookmarked, so nothing is published until it is mended. After a merge keep the lines of both sides: \
the order does not matter, and of two lines for one address the one that says what has become of it holds." }
code! { pub TWO_FATES = "two-fates", Error, "an address of which `addresses.lock` says two things",
"After a merge two lines may say what has become of one address: that it leads to another, that it is gone. Only one of \
them can be true; take the other away." }

/// The findings of this floor.
pub const CODES: &[&Code] = &[&DAMAGED_ADDRESSES, &TWO_FATES];
