//! Raw HTML in Markdown: a strict reader of tags, and the list of what editors may use.
//!
//! The list is one of permissions: what is not named here is an error, never silently dropped. Tags are written anew from what was
//! read, so that browsers cannot see in them what we did not.

use std::borrow::Cow;
use std::ops::Range;

use crate::code;
use crate::diagnostic::Code;
use crate::document::attributes::is_language;
use crate::text::suggest::closest;

/// The findings of this module.
pub const CODES: &[&Code] =
    &[&RAW_HTML_ELEMENT, &RAW_HTML_ATTRIBUTE, &RAW_HTML_SYNTAX, &UNBALANCED_HTML, &MISPLACED_HTML];

code! { pub RAW_HTML_ELEMENT = "raw-html-element", Error, "an HTML element that texts may not contain",
"Texts may contain simple HTML such as `<abbr>`, `<details>`, `<figure>` and `<table>`. Elements that run scripts, \
fetch things, or take over the page are refused, since any writer's slip there harms every reader. The site's owner can change \
that with `raw_html` in `site.yaml`. Write `&lt;` for a less-than sign." }

code! { pub RAW_HTML_ATTRIBUTE = "raw-html-attribute", Error, "an HTML attribute that texts may not contain",
"Each element has a few attributes that texts may use, such as `lang`, `title` and `class`. Scripts (`onclick`) and \
looks (`style`) belong to the theme: use a class or a component of the theme." }

code! { pub RAW_HTML_SYNTAX = "raw-html-syntax", Error, "HTML that cannot be read",
"A tag is `<name attribute=\"value\">`: the values in quotes, each attribute once, and `>` before the next blank line." }

code! { pub UNBALANCED_HTML = "unbalanced-html", Error, "an HTML tag without its counterpart",
"Every element that is opened must be closed, in the same paragraph, list item or quote, and in reverse order, so \
that a text can never break the page around it." }

code! { pub MISPLACED_HTML = "misplaced-html", Error, "an HTML element where it cannot stand",
"Browsers rearrange elements that stand where they may not, such as a `<div>` in a paragraph, a link in a link or \
text directly in a `<table>`, and the page becomes another one. For Markdown inside HTML leave a blank line after the opening tag of a \
`<div>` or `<details>`." }

/// What may stand in an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// Text and inline elements.
    Phrasing,
    /// Anything.
    Flow,
    /// Only the elements that name it as their parent.
    Structure,
    /// Nothing: there is no closing tag.
    Void,
}

/// An element that texts may contain.
#[derive(Debug)]
pub(super) struct Element {
    pub name: &'static str,
    pub content: Content,
    /// Whether it may not stand in a paragraph.
    pub block: bool,
    /// Where alone it may stand; anywhere if empty.
    pub parents: &'static [&'static str],
    attributes: &'static [&'static str],
}

const fn inline(name: &'static str, attributes: &'static [&'static str]) -> Element {
    Element { name, content: Content::Phrasing, block: false, parents: &[], attributes }
}

const fn block(name: &'static str, content: Content, attributes: &'static [&'static str]) -> Element {
    Element { name, content, block: true, parents: &[], attributes }
}

const fn part(
    name: &'static str,
    content: Content,
    parents: &'static [&'static str],
    attributes: &'static [&'static str],
) -> Element {
    Element { name, content, block: true, parents, attributes }
}

/// In alphabetical order.
static ELEMENTS: &[Element] = &[
    inline("a", &["href"]),
    inline("abbr", &[]),
    inline("b", &[]),
    inline("bdi", &[]),
    inline("bdo", &[]),
    block("blockquote", Content::Flow, &[]),
    Element { name: "br", content: Content::Void, block: false, parents: &[], attributes: &[] },
    part("caption", Content::Flow, &["table"], &[]),
    inline("cite", &[]),
    inline("code", &[]),
    part("col", Content::Void, &["colgroup"], &["span"]),
    part("colgroup", Content::Structure, &["table"], &["span"]),
    part("dd", Content::Flow, &["dl"], &[]),
    inline("del", &["datetime"]),
    block("details", Content::Flow, &["open"]),
    inline("dfn", &[]),
    block("div", Content::Flow, &[]),
    block("dl", Content::Structure, &[]),
    part("dt", Content::Phrasing, &["dl"], &[]),
    inline("em", &[]),
    part("figcaption", Content::Flow, &["figure"], &[]),
    block("figure", Content::Flow, &[]),
    block("h2", Content::Phrasing, &[]),
    block("h3", Content::Phrasing, &[]),
    block("h4", Content::Phrasing, &[]),
    block("h5", Content::Phrasing, &[]),
    block("h6", Content::Phrasing, &[]),
    block("hr", Content::Void, &[]),
    inline("i", &[]),
    Element {
        name: "img",
        content: Content::Void,
        block: false,
        parents: &[],
        attributes: &["src", "alt", "width", "height"],
    },
    inline("ins", &["datetime"]),
    inline("kbd", &[]),
    part("li", Content::Flow, &["ul", "ol"], &["value"]),
    inline("mark", &[]),
    block("ol", Content::Structure, &["start", "reversed", "type"]),
    block("p", Content::Phrasing, &[]),
    block("pre", Content::Phrasing, &[]),
    inline("q", &[]),
    inline("s", &[]),
    inline("samp", &[]),
    block("section", Content::Flow, &[]),
    inline("small", &[]),
    inline("span", &[]),
    inline("strong", &[]),
    inline("sub", &[]),
    part("summary", Content::Phrasing, &["details"], &[]),
    inline("sup", &[]),
    block("table", Content::Structure, &[]),
    part("tbody", Content::Structure, &["table"], &[]),
    part("td", Content::Flow, &["tr"], &["colspan", "rowspan", "headers"]),
    part("tfoot", Content::Structure, &["table"], &[]),
    part("th", Content::Flow, &["tr"], &["colspan", "rowspan", "headers", "scope", "abbr"]),
    part("thead", Content::Structure, &["table"], &[]),
    inline("time", &["datetime"]),
    part("tr", Content::Structure, &["thead", "tbody", "tfoot", "table"], &[]),
    inline("u", &[]),
    block("ul", Content::Structure, &[]),
    inline("var", &[]),
    Element { name: "wbr", content: Content::Void, block: false, parents: &[], attributes: &[] },
];

/// What every element may have.
const COMMON_ATTRIBUTES: &[&str] = &["id", "class", "lang", "dir", "title", "translate"];

/// The element of this name, in any case.
pub(super) fn element(name: &str) -> Option<&'static Element> {
    let lower = lower(name);
    ELEMENTS.binary_search_by(|element| element.name.cmp(&lower)).ok().map(|at| &ELEMENTS[at])
}

/// A name of the list that was perhaps meant.
pub(super) fn similar_element(name: &str) -> Option<&'static str> {
    closest(name, ELEMENTS.iter().map(|element| element.name).filter(|known| known.len() > 2))
}

/// Why an attribute may not stand on an element; nothing if it may.
pub(super) fn attribute_fault(element: &Element, name: &str, value: Option<&str>) -> Option<String> {
    if !COMMON_ATTRIBUTES.contains(&name) && !element.attributes.contains(&name) {
        return Some(format!("`<{}>` may not have the attribute `{name}` here", element.name));
    }
    let value = value.unwrap_or_default();
    let is_fine = match name {
        "id" => {
            !value.is_empty() && !value.contains(|character: char| character.is_whitespace() || character.is_control())
        }
        "lang" => is_language(value),
        "dir" => matches!(value, "ltr" | "rtl" | "auto"),
        "translate" => matches!(value, "yes" | "no"),
        "colspan" | "rowspan" | "width" | "height" | "span" => value.parse::<u16>().is_ok_and(|number| number > 0),
        "start" | "value" => value.parse::<i32>().is_ok(),
        "scope" => matches!(value, "row" | "col" | "rowgroup" | "colgroup"),
        "type" => matches!(value, "1" | "a" | "A" | "i" | "I"),
        "open" | "reversed" => value.is_empty() || value == name,
        _ => true,
    };
    (!is_fine).then(|| format!("`{name}` may not be `{value}`"))
}

/// A piece of raw HTML. The ranges are those of the text given to [`Tokens::new`].
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token {
    Text(Range<usize>),
    Comment,
    Open(OpenTag),
    Close {
        name: Range<usize>,
        span: Range<usize>,
    },
    /// `<!DOCTYPE …>`, `<?php … ?>`, `<![CDATA[…]]>`.
    Declaration(Range<usize>),
    Broken {
        message: &'static str,
        span: Range<usize>,
    },
}

/// An opening tag.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct OpenTag {
    pub name: Range<usize>,
    pub attributes: Vec<RawAttribute>,
    pub span: Range<usize>,
}

/// An attribute as written.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RawAttribute {
    pub name: Range<usize>,
    /// Without its quotes.
    pub value: Option<Range<usize>>,
}

/// Splits raw HTML into tokens, in linear time.
pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Skips what a browser does not read as HTML: the inside of `<script>` and its like.
    pub(super) fn skip_past_end_of(&mut self, name: &str) {
        while let Some(found) = self.text[self.at..].find("</") {
            self.at += found + 2;
            let is_end = self.text.as_bytes()[self.at..].get(..name.len());
            if is_end.is_some_and(|bytes| bytes.eq_ignore_ascii_case(name.as_bytes())) {
                self.at = self.text[self.at..].find('>').map_or(self.text.len(), |end| self.at + end + 1);
                return;
            }
        }
        self.at = self.text.len();
    }

    fn markup(&mut self) -> Token {
        let rest = &self.text[self.at..];
        match rest.as_bytes().get(1) {
            Some(b'!') if rest.starts_with("<!--") => self.comment(),
            Some(b'!' | b'?') => {
                let end = if rest.starts_with("<![CDATA[") { "]]>" } else { ">" };
                Token::Declaration(self.until(end))
            }
            Some(b'/') => self.close(),
            Some(byte) if byte.is_ascii_alphabetic() => self.open(),
            _ => {
                self.at += 1;
                Token::Text(self.at - 1..self.at)
            }
        }
    }

    fn comment(&mut self) -> Token {
        let start = self.at;
        // `<!-->` and `<!--->` are whole comments to browsers and to Markdown.
        let short = ["<!-->", "<!--->"].iter().find(|short| self.text[start..].starts_with(**short));
        if let Some(short) = short {
            self.at += short.len();
            return Token::Comment;
        }
        self.at += 4;
        match self.text[self.at..].find("-->") {
            Some(end) => {
                self.at += end + 3;
                Token::Comment
            }
            None => {
                self.at = self.text.len();
                Token::Broken { message: "the comment is never closed with `-->`", span: start..start + 4 }
            }
        }
    }

    fn until(&mut self, end: &str) -> Range<usize> {
        let start = self.at;
        self.at = self.text[start..].find(end).map_or(self.text.len(), |found| start + found + end.len());
        start..self.at
    }

    fn close(&mut self) -> Token {
        let start = self.at;
        let name = start + 2..start + 2 + name_length(&self.text[start + 2..]);
        self.at = name.end;
        self.skip_space();
        if name.is_empty() || self.text.as_bytes().get(self.at) != Some(&b'>') {
            self.at = self.at.max(start + 2);
            return Token::Broken { message: "a closing tag is `</name>`", span: start..self.at };
        }
        self.at += 1;
        Token::Close { name, span: start..self.at }
    }

    fn open(&mut self) -> Token {
        let start = self.at;
        let name = start + 1..start + 1 + name_length(&self.text[start + 1..]);
        self.at = name.end;
        let mut attributes: Vec<RawAttribute> = Vec::new();
        loop {
            let before = self.at;
            self.skip_space();
            match self.text.as_bytes().get(self.at) {
                Some(b'>') => break,
                Some(b'/') if self.text[self.at..].starts_with("/>") => {
                    self.at += 1;
                    break;
                }
                None => return Token::Broken { message: "the tag is not closed with `>`", span: start..name.end },
                Some(_) if before == self.at => return self.broken("a space is missing here"),
                Some(_) => match self.attribute() {
                    Ok(attribute) => attributes.push(attribute),
                    Err(broken) => return broken,
                },
            }
        }
        self.at += 1;
        Token::Open(OpenTag { name, attributes, span: start..self.at })
    }

    fn attribute(&mut self) -> Result<RawAttribute, Token> {
        let is_end = |character: char| {
            character.is_ascii_whitespace()
                || character.is_control()
                || matches!(character, '"' | '\'' | '>' | '/' | '=' | '<' | '`')
        };
        let start = self.at;
        self.at += self.text[start..].find(is_end).unwrap_or(self.text.len() - start);
        let name = start..self.at;
        if name.is_empty() {
            return Err(self.broken("this does not belong in a tag"));
        }
        self.skip_space();
        if self.text.as_bytes().get(self.at) != Some(&b'=') {
            // Whether a space follows is seen by who reads the next attribute.
            self.at = name.end;
            return Ok(RawAttribute { name, value: None });
        }
        self.at += 1;
        self.skip_space();
        let value = self.value()?;
        Ok(RawAttribute { name, value: Some(value) })
    }

    fn value(&mut self) -> Result<Range<usize>, Token> {
        let start = self.at;
        if let Some(quote @ (b'"' | b'\'')) = self.text.as_bytes().get(start) {
            let Some(length) = self.text[start + 1..].find(char::from(*quote)) else {
                self.at = self.text.len();
                return Err(Token::Broken {
                    message: "the closing quote of the value is missing",
                    span: start..start + 1,
                });
            };
            self.at = start + 1 + length + 1;
            return Ok(start + 1..self.at - 1);
        }
        let is_end = |character: char| {
            character.is_ascii_whitespace()
                || character.is_control()
                || matches!(character, '"' | '\'' | '>' | '=' | '<' | '`')
        };
        self.at += self.text[start..].find(is_end).unwrap_or(self.text.len() - start);
        if start == self.at { Err(self.broken("the value is missing")) } else { Ok(start..self.at) }
    }

    /// A fault at this character; what follows is read as text.
    fn broken(&mut self, message: &'static str) -> Token {
        let start = self.at;
        self.at += self.text[start..].chars().next().map_or(0, char::len_utf8);
        Token::Broken { message, span: start..self.at }
    }

    fn skip_space(&mut self) {
        self.at += self.text[self.at..].bytes().take_while(u8::is_ascii_whitespace).count();
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let rest = &self.text[self.at..];
        match rest.find('<') {
            None if rest.is_empty() => None,
            Some(0) => Some(self.markup()),
            found => {
                let start = self.at;
                self.at += found.unwrap_or(rest.len());
                Some(Token::Text(start..self.at))
            }
        }
    }
}

fn name_length(text: &str) -> usize {
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count()
}

/// In lower case, borrowed if it is so already.
pub(super) fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

/// The text with its character references decoded (`&amp;`, `&#229;`, `&aring;`).
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find('&') else { return Cow::Borrowed(text) };
    let mut decoded = String::with_capacity(text.len());
    decoded.push_str(&text[..first]);
    let mut rest = &text[first..];
    while !rest.is_empty() {
        let length = reference_length(rest).unwrap_or(1);
        decode_reference(&mut decoded, &rest[..length]);
        rest = &rest[length..];
        let plain = rest.find('&').unwrap_or(rest.len());
        decoded.push_str(&rest[..plain]);
        rest = &rest[plain..];
    }
    Cow::Owned(decoded)
}

/// How long the reference is that starts here; no name is longer than 32 characters.
fn reference_length(text: &str) -> Option<usize> {
    let name = text.bytes().skip(1).take(34).take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'#').count();
    (name > 0 && text.as_bytes().get(name + 1) == Some(&b';')).then_some(name + 2)
}

/// Markdown has the same table of names, so its reader decodes the reference.
fn decode_reference(decoded: &mut String, reference: &str) {
    if reference.len() == 1 {
        decoded.push_str(reference);
        return;
    }
    for event in pulldown_cmark::Parser::new(reference) {
        if let pulldown_cmark::Event::Text(text) = event {
            decoded.push_str(&text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order() {
        assert!(ELEMENTS.is_sorted_by(|a, b| a.name < b.name));
    }

    fn tokens(text: &str) -> Vec<String> {
        let show = |token| match token {
            Token::Text(span) => format!("text {}", &text[span]),
            Token::Comment => "comment".to_owned(),
            Token::Open(tag) => {
                let value = |value: Option<Range<usize>>| value.map_or("-", |value| &text[value]);
                let attributes: Vec<_> = tag
                    .attributes
                    .into_iter()
                    .map(|one| format!(" {}={}", &text[one.name], value(one.value)))
                    .collect();
                format!("open {}{}", &text[tag.name], attributes.concat())
            }
            Token::Close { name, .. } => format!("close {}", &text[name]),
            Token::Declaration(span) => format!("declaration {}", &text[span]),
            Token::Broken { message, span } => format!("broken {message}: {}", &text[span]),
        };
        Tokens::new(text).map(show).collect()
    }

    #[test]
    fn tokens_of_good_and_bad_html() {
        let cases: &[(&str, &[&str])] = &[
            ("a<b>c</b >", &["text a", "open b", "text c", "close b"]),
            ("<a href = 'x' b c=\"d>e\" f=g/>", &["open a href=x b=- c=d>e f=g/"]),
            ("<br/><hr />", &["open br", "open hr"]),
            ("<!-- a > b --><!--> x", &["comment", "comment", "text  x"]),
            ("1 < 2", &["text 1 ", "text <", "text  2"]),
            ("<?php x ?><!DOCTYPE html>", &["declaration <?php x ?>", "declaration <!DOCTYPE html>"]),
            ("<b", &["broken the tag is not closed with `>`: <b"]),
            ("<b x=\"", &["broken the closing quote of the value is missing: \""]),
            ("<b x=1\"y>", &["broken a space is missing here: \"", "text y>"]),
            ("<b/x>", &["broken a space is missing here: /", "text x>"]),
            ("</ b>", &["broken a closing tag is `</name>`: </ ", "text b>"]),
            ("<!--", &["broken the comment is never closed with `-->`: <!--"]),
        ];
        for (text, expected) in cases {
            assert_eq!(tokens(text), *expected, "{text}");
        }
    }

    #[test]
    fn references_are_decoded() {
        assert_eq!(decode("a &amp; b &aring;&#229;&#xe5; & &nosuch; &"), "a & b ååå & &nosuch; &");
        assert_eq!(decode("java&Tab;script&colon;x"), "java\tscript:x");
    }
}
