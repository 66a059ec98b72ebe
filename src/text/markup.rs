//! The tags of finished HTML, one after the other, as a browser finds them.
//!
//! It reads what templates have written, all of it and on every page, so it copies nothing and takes nothing apart that
//! nobody asks for. It is no parser: which element a tag belongs to is for those who read it to know.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memchr3};

/// A tag.
#[derive(Clone, Copy, Debug)]
pub struct Tag<'a> {
    /// The element's name, as written.
    pub name: &'a str,
    /// Whether it closes the element.
    pub closes: bool,
    /// What stands between the name and `>`.
    attributes: &'a str,
    /// Where it begins and ends in the text.
    pub start: usize,
    /// After its `>`.
    pub end: usize,
}

impl<'a> Tag<'a> {
    /// Its attributes: names as written, values undecoded; without a value, an empty one.
    pub fn attributes(&self) -> Attributes<'a> {
        Attributes { rest: self.attributes }
    }

    /// The value of an attribute, undecoded. Of two with one name browsers take the first.
    pub fn get(&self, name: &str) -> Option<&'a str> {
        self.attributes().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The element's name in small letters.
    pub fn element(&self) -> Cow<'a, str> {
        small(self.name)
    }

    /// Whether it is of an element, in any case.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// A tag whose attributes have been taken apart, for those who ask for many of them.
#[derive(Clone, Copy, Debug)]
pub struct Element<'t, 'a> {
    /// The tag that opens it.
    pub tag: &'t Tag<'a>,
    /// Names and values as in [`Tag::attributes`].
    pub attributes: &'t [(&'a str, &'a str)],
}

impl<'a> Element<'_, 'a> {
    /// The value of an attribute, as [`Tag::get`] gives it.
    pub fn get(&self, name: &str) -> Option<&'a str> {
        self.attributes.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }
}

/// The tags of a text.
pub struct Tags<'a> {
    html: &'a str,
    at: usize,
}

impl<'a> Tags<'a> {
    /// Reads the tags of a page.
    pub fn of(html: &'a str) -> Self {
        Self { html, at: 0 }
    }

    /// Skips to after the next of these signs.
    fn skip_past(&mut self, end: &str) {
        self.at = self.html[self.at..].find(end).map_or(self.html.len(), |found| self.at + found + end.len());
    }

    /// Skips to where an element is closed, in any case.
    fn skip_to_end_of(&mut self, name: &str) {
        let rest = &self.html[self.at..];
        let closes = |at: &usize| {
            rest.as_bytes()
                .get(at + 2..at + 2 + name.len())
                .is_some_and(|end| end.eq_ignore_ascii_case(name.as_bytes()))
        };
        self.at += rest.match_indices("</").map(|(at, _)| at).find(closes).unwrap_or(rest.len());
    }

    fn tag(&mut self, start: usize, closes: bool) -> Tag<'a> {
        let name_start = start + 1 + usize::from(closes);
        let bytes = self.html.as_bytes();
        let is_name = |byte: &u8| !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>');
        let name_end = name_start + bytes[name_start..].iter().take_while(|byte| is_name(byte)).count();
        let close = if bytes.get(name_end) == Some(&b'>') { name_end } else { end_of_tag(bytes, name_end) };
        self.at = (close + 1).min(bytes.len());
        let (name, attributes) = (&self.html[name_start..name_end], &self.html[name_end..close]);
        Tag { name, closes, attributes, start, end: self.at }
    }
}

impl<'a> Iterator for Tags<'a> {
    type Item = Tag<'a>;

    fn next(&mut self) -> Option<Tag<'a>> {
        loop {
            let start = self.at + memchr(b'<', self.html.as_bytes().get(self.at..)?)?;
            self.at = start + 1;
            let rest = &self.html.as_bytes()[start + 1..];
            match rest.first()? {
                b'!' if rest.starts_with(b"!--") => self.skip_past("-->"),
                b'!' | b'?' => self.skip_past(">"),
                b'/' if rest.get(1).is_some_and(u8::is_ascii_alphabetic) => return Some(self.tag(start, true)),
                byte if byte.is_ascii_alphabetic() => {
                    let tag = self.tag(start, false);
                    // What stands in these is no HTML to browsers.
                    if ["script", "style", "textarea"].iter().any(|name| tag.is(name)) {
                        self.skip_to_end_of(tag.name);
                    }
                    return Some(tag);
                }
                _ => {}
            }
        }
    }
}

/// Where the `>` of a tag stands: not in the quotes of a value.
fn end_of_tag(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while at < bytes.len() {
        let Some(found) = memchr3(b'>', b'"', b'\'', &bytes[at..]) else { break };
        at += found;
        match bytes[at] {
            b'>' => return at,
            quote if bytes[at - 1] == b'=' => at += 1 + length_to(quote, &bytes[at + 1..]),
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// The attributes of a tag.
pub struct Attributes<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, &'a str);

    // Byte by byte: all that matters is ASCII, so no letter is cut in two.
    fn next(&mut self) -> Option<Self::Item> {
        let rest = after(self.rest, |byte| is_space(byte) || byte == b'/');
        if rest.is_empty() {
            return None;
        }
        // A sign `=` where a name should begin is a part of it (HTML, "before attribute name state").
        let begins = usize::from(rest.as_bytes()[0] == b'=');
        let ends = |byte: u8| is_space(byte) || matches!(byte, b'/' | b'=');
        let (name, rest) = rest.split_at(begins + length_until(&rest.as_bytes()[begins..], ends));
        let Some(value) = after(rest, is_space).strip_prefix('=') else {
            self.rest = rest;
            return Some((name, ""));
        };
        let value = after(value, is_space);
        let (value, rest) = match value.as_bytes().first() {
            Some(quote @ (b'"' | b'\'')) => {
                let end = 1 + length_to(*quote, &value.as_bytes()[1..]);
                (&value[1..end], value.get(end + 1..).unwrap_or_default())
            }
            _ => value.split_at(length_until(value.as_bytes(), is_space)),
        };
        self.rest = rest;
        Some((name, value))
    }
}

/// The white space of HTML.
fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace()
}

fn length_until(bytes: &[u8], ends: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|byte| ends(*byte)).unwrap_or(bytes.len())
}

/// How many bytes stand before one of this kind.
fn length_to(byte: u8, bytes: &[u8]) -> usize {
    memchr(byte, bytes).unwrap_or(bytes.len())
}

/// What comes after the bytes that are to be left out.
fn after(text: &str, leave_out: impl Fn(u8) -> bool) -> &str {
    &text[length_until(text.as_bytes(), |byte| !leave_out(byte))..]
}

/// Where a page leads that only leads elsewhere (`meta refresh`, HTML Living Standard, 4.2.5.3), as links have it.
pub fn refresh(html: &str) -> Option<String> {
    let is_refresh = |value: &str| value.eq_ignore_ascii_case("refresh");
    let tag = Tags::of(html).find(|tag| tag.is("meta") && tag.get("http-equiv").is_some_and(is_refresh))?;
    let content = decode(tag.get("content")?);
    Some(content.split_once("url=")?.1.to_owned())
}

/// A name in small letters; nearly all are written so.
pub fn small(name: &str) -> Cow<'_, str> {
    let has_capitals = name.bytes().any(|byte| byte.is_ascii_uppercase());
    if has_capitals { Cow::Owned(name.to_ascii_lowercase()) } else { Cow::Borrowed(name) }
}

/// Where a value stands in a text that makes HTML: in quotes or parentheses, as attributes and links of Markdown have it.
pub fn find_quoted(text: &str, value: &str) -> Option<Range<usize>> {
    let found = |open: char, close: char| text.find(&format!("{open}{value}{close}"));
    let at = [('"', '"'), ('\'', '\''), ('(', ')')].iter().find_map(|(open, close)| found(*open, *close))?;
    Some(at + 1..at + 1 + value.len())
}

/// A value with the references decoded that templates write: those of the signs that cannot stand for themselves.
pub fn decode(value: &str) -> Cow<'_, str> {
    if !value.contains('&') {
        return Cow::Borrowed(value);
    }
    let plain = value.replace("&quot;", "\"").replace("&#39;", "'").replace("&#x27;", "'");
    Cow::Owned(plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(html: &str) -> Vec<String> {
        let show = |tag: Tag| {
            let attributes: String = tag.attributes().map(|(name, value)| format!(" {name}={value}")).collect();
            format!("{}{}{attributes}", if tag.closes { "/" } else { "" }, tag.name)
        };
        Tags::of(html).map(show).collect()
    }

    #[test]
    fn tags_with_their_attributes() {
        let cases: &[(&str, &[&str])] = &[
            ("<!doctype html><p class=\"a\">x</p>", &["p class=a", "/p"]),
            ("<a href='/x/' b c=d>e > f</a>", &["a href=/x/ b= c=d", "/a"]),
            ("<img alt=\"a > b\" src = x />", &["img alt=a > b src=x"]),
            ("<SCRIPT>if (a<b)</Script><A HREF='/x/'>", &["SCRIPT", "/Script", "A HREF=/x/"]),
            ("<script>x</scr", &["script"]),
            ("<!-- <b> --><script>if (a<b) \"<i>\"</script><hr>", &["script", "/script", "hr"]),
            ("1 < 2 <3 <", &[]),
            ("<p", &["p"]),
            ("<a href=\"x", &["a href=x"]),
            ("<å><A HREF=X>", &["A HREF=X"]),
            ("<p å=ä b>", &["p å=ä b="]),
            ("<!--", &[]),
            ("", &[]),
        ];
        for (html, expected) in cases {
            assert_eq!(shown(html), *expected, "{html}");
        }
    }

    #[test]
    fn values_are_found_and_decoded() {
        let tag = Tags::of("<a HREF=\"/?a=1&amp;b=&quot;\" href=x>").next().expect("a tag");
        assert_eq!(tag.get("href").map(decode).as_deref(), Some("/?a=1&b=\""));
        assert_eq!((tag.start, tag.end, tag.is("A"), tag.get("id")), (0, 36, true, None));
    }
}
