//! The pictures that the build draws for the site: for link previews, and its icon.

use super::range::OUT_OF_RANGE;
use crate::data::Located;
use crate::diagnostic::{Diagnostic, Place, Report};
use crate::{choice, record};

choice! {
    /// Which pages have a picture of their own for link previews.
    pub enum SocialImages {
        /// Every entry and every list; entries with an `image` show that.
        Pages = "pages",
        /// None: there is one picture for the whole site.
        Site = "site",
        /// None, and there is none for the site either.
        None = "none",
    }
}

record! {
    /// The site's icon.
    pub struct Favicon {
        /// The letters on it, one to three; the first of the site's title unless given.
        pub letters: Located<String>,
    }
}

/// How many letters fit on an icon.
const ICON_LETTERS: usize = 3;

pub(super) fn read_favicon(
    keys: Option<Favicon>,
    title: &str,
    place: &Place,
    report: &mut Report,
) -> Option<Located<String>> {
    let Some(Favicon { letters }) = keys else {
        let first = title.chars().find(|sign| sign.is_alphanumeric()).map(char::to_uppercase);
        return Some(Located { value: first.into_iter().flatten().collect(), place: place.clone() });
    };
    if letters.value.chars().count() <= ICON_LETTERS {
        return Some(letters);
    }
    report.push(
        Diagnostic::new(&OUT_OF_RANGE, format!("`{}` is too much for an icon", letters.value.escape_debug()))
            .at(letters.place)
            .help(format!("write one to {ICON_LETTERS} letters")),
    );
    None
}
