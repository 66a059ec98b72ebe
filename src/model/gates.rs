//! What the keys that all kinds have must say for a page to be fit for readers.

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::document::markdown::empty_alt;
use crate::gate;
use crate::model::common::Desk;
use crate::model::{Common, Kind};

gate! { pub MISSING_CONTACT = "missing-contact", Error, "a page that nobody answers for",
"Every page says who answers for it and how to reach them. Give `contact` in the document, or once for all in \
`site.yaml`: a page without an owner is never mended." }
gate! { pub MISSING_SUMMARY = "missing-summary", Error, "a page that nothing sums up",
"Lists, feeds, search engines and shared links show a sentence or two of each page. It is taken from the first paragraph \
when `summary` is not given; a page that has neither has nothing to show there." }
gate! { pub LONG_TITLE = "long-title", Warning, "a title longer than 70 characters",
"Lists, tabs and search engines cut long titles off, mostly where the matter begins. Say in the title what the page is \
about, and the rest in the summary." }

/// The findings of this module.
pub const CODES: &[&Code] = &[&MISSING_CONTACT, &MISSING_SUMMARY, &LONG_TITLE];

/// A title may have so many characters.
const LONGEST_TITLE: usize = 70;

/// Looks at what the keys of an entry leave out.
pub fn check(common: &Common, desk: &Desk, report: &mut Report) {
    // A notice is no page, and a person's page is the contact itself.
    let is_text = !matches!(common.kind, Kind::Notice | Kind::Person) && !report.has_faults();
    if is_text && common.contact.is_empty() && desk.settings.contact.is_empty() {
        let help = "add `contact:` with the slug of a person, here or for all pages in `site.yaml`";
        report.push(
            Diagnostic::new(&MISSING_CONTACT, "nobody answers for this page").at(common.place.clone()).help(help),
        );
    }
    if is_text && common.summary.is_none() {
        let help = "add `summary:`, a sentence or two";
        report.push(Diagnostic::new(&MISSING_SUMMARY, "nothing sums up this page").at(common.place.clone()).help(help));
    }
    if let Some(image) = &common.image {
        let place = || image.alt.place.clone();
        report.extend(empty_alt(&image.alt.value.0, &image.file.value, place));
    }
    let length = common.title.value.chars().count();
    if length > LONGEST_TITLE {
        let words = format!("the title has {length} characters");
        let help = format!("shorten it to {LONGEST_TITLE}, and say the rest in `summary`");
        report.push(Diagnostic::new(&LONG_TITLE, words).at(common.title.place.clone()).help(help));
    }
}
