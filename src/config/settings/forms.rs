//! The addresses that forms post to.

use super::address::{BAD_URL, check_url};
use crate::data::{Located, Node, Read, Shape};
use crate::diagnostic::{Diagnostic, Report};
use crate::record;
use crate::text::address::origin;

/// Addresses that forms post to.
#[derive(Clone, Debug, Default)]
pub struct Forms {
    /// The contact form.
    pub contact: Option<String>,
    /// "Did this page help?"
    pub feedback: Option<String>,
    /// Subscription by e-mail.
    pub subscribe: Option<String>,
    /// A search to use instead of the site's own; asked with `?q=`, and `&section=` where it is narrowed.
    pub search: Option<String>,
}

record! {
    struct FormKeys {
        /// The contact form.
        contact: Option<Located<String>>,
        /// "Did this page help?"
        feedback: Option<Located<String>>,
        /// Subscription by e-mail.
        subscribe: Option<Located<String>>,
        /// A search to use instead of the site's own; asked with `?q=`, and `&section=` where it is narrowed.
        search: Option<Located<String>>,
    }
}

impl Read for Forms {
    const EXPECTED: &'static str = FormKeys::EXPECTED;

    fn read(node: &Node, report: &mut Report) -> Option<Self> {
        let keys = FormKeys::read(node, report)?;
        let mut address =
            |written: Option<Located<String>>| written.map(|written| check_form(written, report)).transpose();
        let (contact, feedback) = (address(keys.contact), address(keys.feedback));
        let (subscribe, search) = (address(keys.subscribe), address(keys.search));
        Some(Self {
            contact: contact.ok()?,
            feedback: feedback.ok()?,
            subscribe: subscribe.ok()?,
            search: search.ok()?,
        })
    }

    fn shape() -> Shape {
        FormKeys::shape()
    }
}

/// Reports an address that no form can post to: its host must be one that a policy can name.
fn check_form(written: Located<String>, report: &mut Report) -> Result<String, ()> {
    let place = written.place.clone();
    let url = check_url(written, report)?;
    if origin(&url).is_some() {
        return Ok(url);
    }
    report.push(
        Diagnostic::new(&BAD_URL, format!("`{}` has no host that browsers know", url.escape_debug()))
            .at(place)
            .help("write it as in a browser's address field, such as `https://forms.example.org/contact`"),
    );
    Err(())
}
