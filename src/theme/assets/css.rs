//! Finds the addresses in a stylesheet: `url(…)`, `@import "…"` and the strings of `image-set(…)`.
//!
//! This is the part of CSS's own tokeniser that is needed for it: comments, strings, names and brackets.

use std::ops::Range;

/// An address in a stylesheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The address, escapes undone.
    pub target: String,
    /// Where it stands, without quotes.
    pub span: Range<usize>,
}

/// All addresses, in order.
pub fn references(text: &str) -> Vec<Reference> {
    let mut scanner = Scanner { text, at: 0, references: Vec::new(), brackets: Vec::new(), importing: false };
    while scanner.at < text.len() {
        scanner.step();
    }
    scanner.references
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    references: Vec<Reference>,
    /// For each open bracket, whether the strings in it are addresses.
    brackets: Vec<bool>,
    /// Whether `@import` was just read.
    importing: bool,
}

impl Scanner<'_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn step(&mut self) {
        match self.byte(self.at) {
            Some(b'/') if self.byte(self.at + 1) == Some(b'*') => {
                let end = self.text[self.at + 2..].find("*/");
                self.at = end.map_or(self.text.len(), |end| self.at + 2 + end + 2);
            }
            Some(quote @ (b'"' | b'\'')) => self.string(quote),
            Some(b'(') => self.open(false),
            Some(b')') => {
                self.brackets.pop();
                self.at += 1;
            }
            Some(byte) if is_name(byte) || byte == b'@' => self.name(),
            Some(b'\\') => self.skip_escape(),
            Some(byte) => {
                self.importing &= byte.is_ascii_whitespace();
                self.at += 1;
            }
            None => {}
        }
    }

    fn open(&mut self, holds_addresses: bool) {
        self.brackets.push(holds_addresses);
        self.at += 1;
    }

    fn skip_escape(&mut self) {
        let escaped = self.text[self.at + 1..].chars().next();
        self.at += 1 + escaped.map_or(0, char::len_utf8);
    }

    fn string(&mut self, quote: u8) {
        let start = self.at + 1;
        self.at = start;
        while let Some(byte) = self.byte(self.at) {
            match byte {
                _ if byte == quote => break,
                b'\n' => break,
                b'\\' => self.skip_escape(),
                _ => self.at += 1,
            }
        }
        if std::mem::take(&mut self.importing) || self.brackets.last() == Some(&true) {
            self.add(start..self.at);
        }
        self.at = (self.at + 1).min(self.text.len());
    }

    fn name(&mut self) {
        let start = self.at;
        self.at += 1;
        while self.byte(self.at).is_some_and(is_name) {
            self.at += 1;
        }
        let name = &self.text[start..self.at];
        self.importing = name.eq_ignore_ascii_case("@import");
        if self.byte(self.at) == Some(b'(') {
            let is_set = ["image-set", "-webkit-image-set"].iter().any(|set| name.eq_ignore_ascii_case(set));
            match ["url", "src"].iter().any(|function| name.eq_ignore_ascii_case(function)) {
                true => self.url(),
                false => self.open(is_set),
            }
        }
    }

    /// `url(` with a string or without quotes.
    fn url(&mut self) {
        self.at += 1;
        while self.byte(self.at).is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
        if matches!(self.byte(self.at), Some(b'"' | b'\'')) {
            self.brackets.push(true);
            return;
        }
        let start = self.at;
        while let Some(byte) = self.byte(self.at) {
            match byte {
                b')' => break,
                b'\\' => self.skip_escape(),
                _ => self.at += 1,
            }
        }
        let end = start + self.text[start..self.at].trim_end().len();
        self.add(start..end);
        self.at = (self.at + 1).min(self.text.len());
    }

    fn add(&mut self, span: Range<usize>) {
        self.references.push(Reference { target: unescaped(&self.text[span.clone()]), span });
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_' || !byte.is_ascii()
}

/// Undoes `\20 ` and `\(`, and `%20`, which file names are written without.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        rest = &rest[first.len_utf8()..];
        let hex = |rest: &str, most: usize| rest.bytes().take(most).take_while(u8::is_ascii_hexdigit).count();
        match first {
            '\\' if hex(rest, 6) > 0 => {
                let (digits, after) = rest.split_at(hex(rest, 6));
                let escaped = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32).unwrap_or('\u{fffd}');
                bytes.extend(escaped.to_string().bytes());
                rest = after.strip_prefix(|next: char| next.is_ascii_whitespace()).unwrap_or(after);
            }
            '\\' => {}
            '%' if hex(rest, 2) == 2 => {
                bytes.push(u8::from_str_radix(&rest[..2], 16).unwrap_or(b'%'));
                rest = &rest[2..];
            }
            other => bytes.extend(other.to_string().bytes()),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::references;

    #[test]
    fn finds_every_address() {
        for (css, expected) in [
            ("a { background: url(x.png) }", vec!["x.png"]),
            ("a { background: URL( 'x y.png' ) }", vec!["x y.png"]),
            ("a { background: url(\"x.png\") , url(y.png#i) }", vec!["x.png", "y.png#i"]),
            ("@import \"base.css\" layer(x);", vec!["base.css"]),
            ("@IMPORT url(base.css);", vec!["base.css"]),
            ("/* url(x.png) @import 'y' */ a { content: \"url(z.png)\" }", vec![]),
            ("a { background: image-set('x.png' 1x, \"y.avif\" type('image/avif') 2x) }", vec!["x.png", "y.avif"]),
            ("@font-face { src: url(fonts/a.woff2) format('woff2') }", vec!["fonts/a.woff2"]),
            ("a { b: url(x\\).png) }", vec!["x).png"]),
            ("a { b: url(\\61 .png) url(a%20b.png) }", vec!["a.png", "a b.png"]),
            ("a { b: url(", vec![""]),
            ("a { b: url('x", vec!["x"]),
            ("a { b: curl(x) my-url(y) }", vec![]),
            ("/* never closed url(x)", vec![]),
            ("å { b: url(ö.png) } \\", vec!["ö.png"]),
        ] {
            let found: Vec<_> = references(css).into_iter().map(|reference| reference.target).collect();
            assert_eq!(found, expected, "{css}");
        }
    }
}
