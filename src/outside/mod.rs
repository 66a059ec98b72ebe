//! Addresses outside the site: asked politely by `anslag check --external`, and remembered in `links.lock`, so that a
//! build knows of dead links and needs no network.
//!
//! An [`Address`] is an address as it is asked. The [`Ledger`] is what is known of all of them; it lies in git beside
//! `site.yaml`, and every build reads it as it reads the rest of the site. [`ask()`] asks, and nothing else in the program
//! asks others; a [`Visitor`] asks the site's own host. [`Entry::after`] weighs an answer against what was known before:
//! others' sites have bad days, and a link is dead only when it has been dead more than once.

mod address;
mod answer;
mod ask;
mod client;
mod entry;
mod guard;
mod ledger;
mod visit;

use crate::diagnostic::Code;
use crate::{code, gate};

pub use address::{Address, Home, Way};
pub use answer::Answer;
pub use ask::{CutOff, Heard, Manners, ask};
pub use entry::{Entry, State};
pub use guard::Resolve;
pub use ledger::{LEDGER, Ledger};
pub use url::Url;
pub use visit::{Page, Visitor};

gate! { pub DEAD_LINK = "dead-link", Error, "a link to a page elsewhere that is gone",
"`anslag check --external` asks the addresses to which the site links, and notes in `links.lock` what they answer. One is \
dead when it said 410 (\"gone\"), when it said 404 or had no host on two days, or when it has not given a sound answer for \
30 days. Builds read the ledger and ask nobody, so a link is dead from the commit that says so. An address that no browser can open is dead without asking. Link to where the page has \
moved, or take the link away." }
gate! { pub MOVED_LINK = "moved-link", Warning, "a link to a page elsewhere that has moved for good",
"The address answered 301 or 308: the page has moved, and its owner asks for links to the new address (RFC 9110, 15.4.2 and \
15.4.9). The old one works for now, and seldom for ever. A redirection that is only for the time being is none of this, \
nor is a home page that leads into its own site." }
gate! { pub UNSURE_LINK = "unsure-link", Info, "a link to a page elsewhere of which it is not known whether it works",
"The address was found gone for the first time, or was not answered soundly: no answer in time, a certificate that browsers \
refuse, an error of the server. Or it answers people and not programs: many sites say 403 or 429 to those. Try it in a \
browser. What goes on without a sound answer is `dead-link` in time; what is only kept from programs never is." }
code! { pub DAMAGED_LEDGER = "damaged-ledger", Error, "a line of `links.lock` that cannot be read",
"`links.lock` is what `anslag check --external` has found out about the addresses outside the site, one on each line. It is \
written by that command alone, and read by every build. After a merge keep the lines of both sides: of two lines for one \
address the newer holds. When nothing else helps delete the file; then everything is asked anew, and what was dead has to \
be found dead twice again." }

/// The findings of this floor.
pub const CODES: &[&Code] = &[&DEAD_LINK, &MOVED_LINK, &UNSURE_LINK, &DAMAGED_LEDGER];
