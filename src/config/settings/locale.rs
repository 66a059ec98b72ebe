//! Where the site is at home: its language and its time zone, and the pieces of addresses that anslag chooses in that language.

use jiff::tz::TimeZone;

use crate::code;
use crate::data::Located;
use crate::diagnostic::{Diagnostic, Report};
use crate::text::collation::is_language;
use crate::text::suggest::closest;

code! { pub BAD_LANGUAGE = "bad-language", Error, "a language tag that is not one",
"Languages are given as BCP 47 tags: `sv`, `en`, `fi`, `se`, `en-GB`." }
code! { pub UNKNOWN_TIME_ZONE = "unknown-time-zone", Error, "a time zone that is not in the database",
"Time zones have names from the IANA database, such as `Europe/Stockholm`." }

/// Pieces of addresses that anslag itself chooses. They are fixed, since published addresses are for ever.
#[derive(Debug)]
pub struct Segments {
    /// The pages of a list, before their number.
    pub page: &'static str,
    /// The series of events.
    pub series: &'static str,
    /// The events that are past.
    pub archive: &'static str,
    /// The tools of a type.
    pub tool_type: &'static str,
    /// The site's own search.
    pub search: &'static str,
    /// The calendar file of a page.
    pub calendar: &'static str,
}

pub(super) static SWEDISH: Segments = Segments {
    page: "sida",
    series: "serie",
    archive: "arkiv",
    tool_type: "typ",
    search: "sok",
    calendar: "kalender.ics",
};
pub(super) static ENGLISH: Segments = Segments {
    page: "page",
    series: "series",
    archive: "archive",
    tool_type: "type",
    search: "search",
    calendar: "calendar.ics",
};

/// Whether an address is that of a page of a list after the first, in any language.
pub fn is_later_page(route: &str) -> bool {
    let mut pieces = route.trim_end_matches('/').rsplit('/');
    let number = pieces.next().is_some_and(|piece| piece.parse::<usize>().is_ok());
    number && pieces.next().is_some_and(|piece| [SWEDISH.page, ENGLISH.page].contains(&piece))
}

/// Reports a language tag that is not one.
pub fn check_language(written: Located<String>, report: &mut Report) -> Option<String> {
    if is_language(&written.value) {
        return Some(written.value);
    }
    report.push(
        Diagnostic::new(&BAD_LANGUAGE, format!("`{}` is not a language tag", written.value))
            .at(written.place)
            .help("write a BCP 47 tag such as `sv`, `en` or `fi`"),
    );
    None
}

pub(super) fn check_zone(written: &Located<String>, report: &mut Report) -> Option<TimeZone> {
    if let Ok(zone) = jiff::tz::db().get(&written.value) {
        return Some(zone);
    }
    let names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    let diagnostic = Diagnostic::new(&UNKNOWN_TIME_ZONE, format!("there is no time zone `{}`", written.value))
        .at(written.place.clone());
    report.push(match closest(&written.value, names.iter().map(String::as_str)) {
        Some(name) => diagnostic.meant(name),
        None => diagnostic.help("write a name from the IANA database, such as `Europe/Stockholm`"),
    });
    None
}

pub(super) fn is_swedish(language: &str) -> bool {
    language == "sv" || language.starts_with("sv-")
}
