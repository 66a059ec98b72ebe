//! A line: an address, since when it is public, and what is there or has become of it.
//!
//! ```text
//! /blogg/inbjudan/ 2026-11-21 post content/blog/inbjudan.md
//! /blogg/nasta/ 2026-12-01T09:30:00+01:00 post content/blog/nasta.md
//! /blogg/gammal/ 2026-11-21 -> /blogg/inbjudan/
//! /rapport.pdf 2026-11-21 gone 2027-02-01 Rapporten har dragits tillbaka.
//! /blogg/inbjudan/#program 2026-11-21 heading content/blog/inbjudan.md
//! ```
//!
//! The address stands first, so that the lines sort by it and a merge sees one address as one line. An address is held as it is
//! written here: what would end a word stands with its percent sign.

use std::fmt::{self, Write};
use std::ops::Range;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::diagnostic::Place;
use crate::text::address::decode;
use crate::text::date::{Moment, When};

/// What stands at addresses. Pages of lists after the first, names with hashes and what only machines ask for are not among it.
const WORDS: [&str; 14] = [
    "post", "event", "tool", "page", "person", "series", "list", "tag", "author", "feed", "calendar", "file", "alias",
    "heading",
];

/// Markers that git leaves where a merge was not finished.
const CONFLICT: [&str; 4] = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];

/// What is known of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Since when it is public.
    pub since: Since,
    /// What is there, or has become of it.
    pub fate: Fate,
    /// Where that is said.
    pub place: Place,
}

/// What is at an address, or has become of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Something is there.
    Present {
        /// What it is.
        word: String,
        /// The file that says so.
        source: String,
    },
    /// It leads to another.
    Moved {
        /// The other, as it is written.
        to: String,
    },
    /// It is gone.
    Gone {
        /// The day on which that was said.
        on: Date,
        /// Why, in a sentence for readers.
        reason: String,
    },
}

impl Line {
    /// The line of an address, with its end.
    pub fn written(&self, address: &str) -> String {
        let fate = match &self.fate {
            Fate::Present { word, source } => format!("{word} {source}"),
            Fate::Moved { to } => format!("-> {to}"),
            Fate::Gone { on, reason } => format!("gone {on} {reason}"),
        };
        format!("{address} {} {fate}\n", self.since)
    }
}

/// A day or an instant as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Since {
    text: String,
    when: When,
}

impl Since {
    /// A day.
    pub fn day(day: Date) -> Self {
        Self { text: day.to_string(), when: When::Day(day) }
    }

    /// A moment: its day, unless it has a time of day.
    pub fn of(moment: &Moment, zone: &TimeZone) -> Self {
        if !moment.timed {
            return Self::day(moment.day());
        }
        moment.rfc3339(zone).parse().unwrap_or_else(|()| Self::day(moment.day()))
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The instant at which it begins.
    pub fn instant(&self, zone: &TimeZone) -> Timestamp {
        self.when.moment_or_earlier(zone).instant
    }
}

impl FromStr for Since {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let when = text.parse::<When>().map_err(|_| ())?;
        Ok(Self { text: text.to_owned(), when })
    }
}

impl fmt::Display for Since {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// An address of the site as it stands in the file.
pub fn written(route: &str) -> String {
    // Nearly all addresses stand for themselves.
    let is_plain = |byte: &u8| matches!(byte, b'a'..=b'z' | b'/' | b'-' | b'.' | b'0'..=b'9');
    if route.as_bytes().iter().all(is_plain) {
        return route.to_owned();
    }
    let mut text = String::with_capacity(route.len());
    for sign in route.chars() {
        if sign.is_whitespace() || sign.is_control() || matches!(sign, '%' | '#') {
            let mut bytes = [0; 4];
            let bytes = sign.encode_utf8(&mut bytes).bytes();
            bytes.for_each(|byte| write!(text, "%{byte:02X}").expect("writing to a string does not fail"));
        } else {
            text.push(sign);
        }
    }
    text
}

/// The address in the site that a written one means, and the heading on its page.
pub fn route_of(written: &str) -> (String, Option<&str>) {
    let (page, anchor) = match written.split_once('#') {
        Some((page, anchor)) => (page, Some(anchor)),
        None => (written, None),
    };
    (decode(page).unwrap_or_else(|| page.to_owned()), anchor)
}

/// What is wrong with a line, and where in it.
type Damage = (String, Range<usize>);

/// A line's address, since when it is public, and its fate; nothing for remarks.
///
/// # Errors
/// What is wrong with the line, and where in it.
pub(super) fn read(line: &str) -> Result<Option<(String, Since, Fate)>, Damage> {
    if line.is_empty() || line.starts_with('#') {
        return Ok(None);
    }
    if CONFLICT.iter().any(|marker| line.starts_with(marker)) {
        return Err(("a merge was not finished here".to_owned(), 0..line.len()));
    }
    let mut pieces = Pieces { line, at: 0 };
    let (address, span) = pieces.next("address")?;
    let (route, _) = route_of(address);
    if !route.starts_with('/') || route.contains(char::is_control) {
        return Err((format!("`{}` is not an address of the site", address.escape_debug()), span));
    }
    let (since, span) = pieces.next("day")?;
    let since = since.parse().map_err(|()| (format!("`{}` is not a day", since.escape_debug()), span))?;
    let (word, span) = pieces.next("end")?;
    let fate = match word {
        "->" => {
            let (to, span) = pieces.rest("the address that it leads to")?;
            if !to.starts_with('/') || to.contains(char::is_whitespace) {
                return Err((format!("`{}` is not an address of the site", to.escape_debug()), span));
            }
            Fate::Moved { to: to.to_owned() }
        }
        "gone" => {
            let (on, span) = pieces.next("day on which it was gone")?;
            let on = on.parse().map_err(|_| (format!("`{}` is not a day", on.escape_debug()), span))?;
            Fate::Gone { on, reason: pieces.rest("the reason why it is gone")?.0.to_owned() }
        }
        word if WORDS.contains(&word) => {
            Fate::Present { word: word.to_owned(), source: pieces.rest("the file that it comes from")?.0.to_owned() }
        }
        _ => return Err((format!("`{}` is not a word of this file", word.escape_debug()), span)),
    };
    Ok(Some((address.to_owned(), since, fate)))
}

/// A line, word for word.
struct Pieces<'a> {
    line: &'a str,
    at: usize,
}

impl<'a> Pieces<'a> {
    fn next(&mut self, what: &str) -> Result<(&'a str, Range<usize>), Damage> {
        let rest = &self.line[self.at.min(self.line.len())..];
        let piece = rest.split(' ').next().unwrap_or_default();
        if piece.is_empty() {
            return Err((format!("the line ends before its {what}"), 0..self.line.len()));
        }
        let span = self.at..self.at + piece.len();
        self.at = span.end + 1;
        Ok((piece, span))
    }

    fn rest(&mut self, what: &str) -> Result<(&'a str, Range<usize>), Damage> {
        let span = self.at.min(self.line.len())..self.line.len();
        let rest = &self.line[span.clone()];
        if rest.trim().is_empty() {
            return Err((format!("the line does not say {what}"), 0..self.line.len()));
        }
        Ok((rest, span))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_word_is_written_with_its_percent_sign() {
        for (route, expected) in [
            ("/blogg/årsmöte/", "/blogg/årsmöte/"),
            ("/blogg/x/bild ett.png", "/blogg/x/bild%20ett.png"),
            ("/100%/#a.pdf", "/100%25/%23a.pdf"),
        ] {
            assert_eq!(written(route), expected);
            assert_eq!(route_of(expected), (route.to_owned(), None));
        }
        assert_eq!(route_of("/blogg/#program"), ("/blogg/".to_owned(), Some("program")));
    }

    #[test]
    fn the_place_of_a_fault_is_that_of_its_word() {
        let cases = [
            ("<<<<<<< HEAD", "a merge was not finished", 0..12),
            ("=======", "a merge was not finished", 0..7),
            ("blogg 2026-11-21 post x.md", "`blogg` is not an address", 0..5),
            ("/a/ i går post x.md", "`i` is not a day", 4..5),
            ("/a/", "ends before its day", 0..3),
            ("/a/ 2026-11-21", "ends before its end", 0..14),
            ("/a/ 2026-11-21 poste x.md", "`poste` is not a word of this file", 15..20),
            ("/a/ 2026-11-21 post", "does not say the file", 0..19),
            ("/a/ 2026-11-21 -> a", "`a` is not an address", 18..19),
            ("/a/ 2026-11-21 gone x y", "`x` is not a day", 20..21),
            ("/a/ 2026-11-21 gone 2026-11-22 ", "does not say the reason", 0..31),
        ];
        for (line, words, span) in cases {
            let (found, place) = read(line).expect_err(line);
            assert!(found.contains(words), "{line}: {found}");
            assert_eq!(place, span, "{line}");
        }
    }
}
