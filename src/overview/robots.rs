//! What robots are told: all may be read, and where the sitemap is.

use crate::overview::sitemap;
use crate::plan::{Output, Planner};

/// Makes `robots.txt` (RFC 9309). Pages that should not be listed say so themselves; were they disallowed here,
/// robots would never read that.
pub fn output(planner: &Planner) -> Output {
    let settings = planner.settings();
    let text = format!("User-agent: *\nAllow: /\n\nSitemap: {}\n", settings.absolute(sitemap::ROUTE));
    Output::data("/robots.txt".to_owned(), text, settings.place.clone())
}
