//! Attributes in braces after a heading, link, image or span: `{#id .class lang=en}`.

use std::ops::Range;

use crate::code;
use crate::diagnostic::Code;
use crate::document::body::Attributes;
use crate::text::html::escape_to;

/// The findings of this module.
pub const CODES: &[&Code] = &[&BAD_ATTRIBUTE];

code! { pub BAD_ATTRIBUTE = "bad-attribute", Error, "attributes in braces that cannot be read",
"Braces right after a heading, a link, an image or a span in brackets hold attributes: `{#id}` names the place so \
that links can point at it, `{.class}` is for the theme, `{lang=en}` tells screen readers which language it is. \
Several are separated by spaces. Braces that are meant as text are written `\\{`." }

/// Attributes as read.
#[derive(Debug)]
pub(super) struct Braces {
    pub attributes: Attributes,
    /// Where the id stands, without `#`.
    pub id_span: Range<usize>,
    /// Just after `}`.
    pub end: usize,
}

/// Attributes that cannot be read.
#[derive(Debug)]
pub(super) struct Fault {
    pub message: String,
    pub span: Range<usize>,
}

/// Reads the attributes whose `{` stands at `start` of `source`.
///
/// It stops at the first character that does not belong, so that many braces cost no more than their length.
pub(super) fn parse(source: &str, start: usize) -> Result<Braces, Fault> {
    let mut braces = Braces { attributes: Attributes::default(), id_span: start..start, end: start };
    let mut at = start + 1;
    loop {
        at += source[at..].bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        match source.as_bytes().get(at) {
            Some(b'}') => break,
            Some(b'#' | b'.') => at = id_or_class(source, at, &mut braces)?,
            Some(byte) if byte.is_ascii_alphabetic() => at = pair(source, at, &mut braces)?,
            None | Some(b'\r' | b'\n') => return Err(fault("`}` is missing on this line", start..at)),
            Some(_) => return Err(fault("this is not an attribute", at..next_char(source, at))),
        }
    }
    if at == start + 1 {
        return Err(fault("the braces are empty", start..at + 1));
    }
    braces.end = at + 1;
    Ok(braces)
}

fn id_or_class(source: &str, at: usize, braces: &mut Braces) -> Result<usize, Fault> {
    let name = at + 1..at + 1 + name_length(&source[at + 1..]);
    if name.is_empty() {
        return Err(fault("a name must follow directly", at..at + 1));
    }
    let text = source[name.clone()].to_owned();
    if source.as_bytes()[at] == b'.' {
        braces.attributes.classes.push(text);
    } else if braces.attributes.id.replace(text).is_some() {
        return Err(fault("there can be only one id", at..name.end));
    } else {
        braces.id_span = name.clone();
    }
    Ok(name.end)
}

fn pair(source: &str, at: usize, braces: &mut Braces) -> Result<usize, Fault> {
    let key = at..at + name_length(&source[at..]);
    if source.as_bytes().get(key.end) != Some(&b'=') {
        return Err(fault("an attribute is `#id`, `.class` or `lang=…`", key));
    }
    let quoted = source.as_bytes().get(key.end + 1) == Some(&b'"');
    let value_start = key.end + 1 + usize::from(quoted);
    let value = value_start..value_start + name_length(&source[value_start..]);
    let end = value.end + usize::from(quoted);
    if quoted && source.as_bytes().get(value.end) != Some(&b'"') {
        return Err(fault("the closing `\"` is missing", key.start..value.end));
    }
    match &source[key.clone()] {
        "lang" if !is_language(&source[value.clone()]) => Err(fault("this is not a language such as `en`", value)),
        "lang" if braces.attributes.lang.is_some() => Err(fault("there can be only one language", key.start..end)),
        "lang" => {
            braces.attributes.lang = Some(source[value].to_owned());
            Ok(end)
        }
        other => Err(fault(format!("there is no attribute `{other}` here: only `#id`, `.class` and `lang=…`"), key)),
    }
}

/// Whether it has the form of a BCP 47 tag whose language is one of two or three letters.
pub(super) fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default();
    (2..=3).contains(&primary.len())
        && primary.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Writes the attributes into an opening tag.
pub(super) fn write(html: &mut String, attributes: &Attributes) {
    if let Some(id) = &attributes.id {
        write_one(html, "id", id);
    }
    if !attributes.classes.is_empty() {
        write_one(html, "class", &attributes.classes.join(" "));
    }
    if let Some(lang) = &attributes.lang {
        write_one(html, "lang", lang);
    }
}

/// Writes ` name="value"`.
pub(super) fn write_one(html: &mut String, name: &str, value: &str) {
    html.push(' ');
    html.push_str(name);
    html.push_str("=\"");
    escape_to(html, value);
    html.push('"');
}

fn name_length(text: &str) -> usize {
    let is_name = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_');
    text.find(|character| !is_name(character)).unwrap_or(text.len())
}

fn next_char(source: &str, at: usize) -> usize {
    at + source[at..].chars().next().map_or(0, char::len_utf8)
}

fn fault(message: impl Into<String>, span: Range<usize>) -> Fault {
    Fault { message: message.into(), span }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_all_three() {
        let braces = parse("x{#mål .bred .gul lang=\"en-GB\" } y", 1).expect("well-formed");
        assert_eq!(braces.attributes.id.as_deref(), Some("mål"));
        assert_eq!(braces.attributes.classes, ["bred", "gul"]);
        assert_eq!(braces.attributes.lang.as_deref(), Some("en-GB"));
        assert_eq!((braces.id_span, braces.end), (3..7, 33));
    }

    #[test]
    fn faults_have_places() {
        let cases = [
            ("{lang=engelska}", 6..14),
            ("{lang=}", 6..6),
            ("{wide}", 1..5),
            ("{onclick=x}", 1..8),
            ("{#}", 1..2),
            ("{#a #b}", 4..6),
            ("{.a", 0..3),
            ("{.a\n}", 0..3),
            ("{}", 0..2),
            ("{å}", 1..3),
            ("{lang=\"en}", 1..9),
        ];
        for (source, span) in cases {
            assert_eq!(parse(source, 0).expect_err(source).span, span, "{source}");
        }
    }
}
