//! The fences of components: `::: fact-box title="Vad är MR?"` … `:::`.
//!
//! Markdown knows no such fences, and a definition list would swallow them. So each fence line is covered by
//! `***` and spaces before the Markdown is read: a thematic break may stand wherever a fence may, ends a
//! paragraph as a fence should, and is exactly three characters long, so that every offset stays true. Where the
//! reader of Markdown finds a thematic break, we know whether a fence stood there; where it finds none, the line
//! lay in a code block and is shown as it was. The body is still read in one go, so links and footnotes defined
//! inside a component work outside it, and the other way round.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;

use memchr::memmem;

use crate::code;
use crate::diagnostic::Code;
use crate::document::body::ArgumentValue;

/// The findings of this module.
pub const CODES: &[&Code] = &[
    &UNCLOSED_COMPONENT,
    &STRAY_COMPONENT_END,
    &BAD_COMPONENT_NAME,
    &BAD_COMPONENT_ARGUMENT,
    &DUPLICATE_ARGUMENT,
    &MISPLACED_COMPONENT,
    &COMPONENT_NOT_ALLOWED,
];

code! { pub UNCLOSED_COMPONENT = "unclosed-component", Error, "a component that is never closed",
"A component starts with a line such as `::: fact-box` and ends with a line `:::`. Both stand in the same list item, \
quote or component. Without its end the rest of the page would land inside it." }

code! { pub STRAY_COMPONENT_END = "stray-component-end", Error, "the end of a component that was never opened",
"A line `:::` closes the component opened last, in the same list item, quote or component. Here none is open: a \
`:::` too many, or an opening line without a name." }

code! { pub BAD_COMPONENT_NAME = "bad-component-name", Error, "a component without a proper name",
"After `:::` stands the name of a component of the theme: lower case letters, digits and hyphens, such as \
`fact-box`." }

code! { pub BAD_COMPONENT_ARGUMENT = "bad-component-argument", Error, "an argument of a component that cannot be read",
"Arguments are written `name=value` with spaces between: `title=\"Some words\"`, `level=2`, `open=true`. Text with \
spaces stands in straight quotes; a quote in it is written `\\\"`." }

code! { pub DUPLICATE_ARGUMENT = "duplicate-argument", Error, "an argument given twice",
"Each argument of a component can be given once: which of the two counts cannot be known." }

code! { pub MISPLACED_COMPONENT = "misplaced-component", Error, "a line that starts with `:::` where no component can stand",
"Components stand on lines of their own, at the beginning of a line or of the text of a list item or quote, not \
inside raw HTML and not indented deeper than the text around them. Write `\\:::` for text that starts with colons." }

code! { pub COMPONENT_NOT_ALLOWED = "component-not-allowed", Error, "a component in a text that cannot hold any",
"Texts such as notices are shown in many places and are plain Markdown: they hold no components." }

/// A line that starts with three colons or more.
#[derive(Debug)]
pub(super) struct Fence {
    /// The first colon.
    pub start: usize,
    /// How many.
    pub colons: usize,
    /// The end of the line, without its line break.
    pub end: usize,
    /// Whether the reader of Markdown has come to it.
    pub seen: bool,
}

/// The body with its fences covered, and the fences; nothing if there are none.
pub(super) fn cover(body: &str) -> Option<(String, Vec<Fence>)> {
    // Most bodies have no fence.
    memmem::find(body.as_bytes(), b":::")?;
    let fences = find(body);
    let mut covered = String::with_capacity(body.len());
    for fence in &fences {
        covered.push_str(&body[covered.len()..fence.start]);
        covered.push_str("***");
        covered.extend(std::iter::repeat_n(' ', fence.end - fence.start - 3));
    }
    covered.push_str(&body[covered.len()..]);
    (!fences.is_empty()).then_some((covered, fences))
}

fn find(body: &str) -> Vec<Fence> {
    let mut fences = Vec::new();
    let mut line_start = 0;
    for line in body.split_inclusive(['\n', '\r']) {
        let prefix = prefix_length(line);
        let content = line[prefix..].trim_end_matches(['\n', '\r']);
        let colons = content.bytes().take_while(|byte| *byte == b':').count();
        if colons >= 3 {
            let start = line_start + prefix;
            fences.push(Fence { start, colons, end: start + content.len(), seen: false });
        }
        line_start += line.len();
    }
    fences
}

/// How much of a line is indentation, quote marks and list markers.
fn prefix_length(line: &str) -> usize {
    let bytes = line.as_bytes();
    let mut at = 0;
    loop {
        match bytes.get(at) {
            Some(b' ' | b'\t' | b'>') => at += 1,
            Some(b'-' | b'+' | b'*') if is_blank(bytes.get(at + 1)) => at += 2,
            Some(b'0'..=b'9') => {
                let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                if !matches!(bytes.get(at + digits), Some(b'.' | b')')) || !is_blank(bytes.get(at + digits + 1)) {
                    return at;
                }
                at += digits + 2;
            }
            _ => return at,
        }
    }
}

fn is_blank(byte: Option<&u8>) -> bool {
    matches!(byte, Some(b' ' | b'\t'))
}

/// The opening line of a component as read.
#[derive(Debug, Default)]
pub(super) struct Opening {
    pub name: Range<usize>,
    pub arguments: Vec<Written>,
    pub faults: Vec<Fault>,
}

/// An argument as written.
#[derive(Debug)]
pub(super) struct Written {
    pub name: Range<usize>,
    pub value: ArgumentValue,
    pub value_span: Range<usize>,
}

/// Something on the opening line that cannot be read.
#[derive(Debug)]
pub(super) struct Fault {
    pub code: &'static Code,
    pub message: String,
    pub span: Range<usize>,
    /// The first of two.
    pub related: Option<Range<usize>>,
}

/// Whether the fence closes a component: nothing but colons.
pub(super) fn is_closing(body: &str, fence: &Fence) -> bool {
    body[fence.start + fence.colons..fence.end].trim().is_empty()
}

/// Reads what stands after the colons of an opening line.
pub(super) fn read_opening(body: &str, fence: &Fence) -> Opening {
    let mut reader = Reader {
        line: &body[..fence.end],
        at: fence.start + fence.colons,
        opening: Opening::default(),
        names: HashMap::new(),
    };
    reader.skip_blanks();
    reader.name();
    while reader.next_argument() {}
    reader.opening
}

struct Reader<'a> {
    line: &'a str,
    at: usize,
    opening: Opening,
    /// The arguments so far.
    names: HashMap<&'a str, Range<usize>>,
}

impl Reader<'_> {
    fn name(&mut self) {
        let name = self.word();
        let text = &self.line[name.clone()];
        let is_name = text.starts_with(|first: char| first.is_ascii_lowercase())
            && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        if !is_name {
            self.fault(&BAD_COMPONENT_NAME, format!("`{text}` is not the name of a component"), name.clone());
        }
        self.opening.name = name;
    }

    /// Reads one argument; false at the end of the line or after something that cannot be read.
    fn next_argument(&mut self) -> bool {
        self.skip_blanks();
        if self.at == self.line.len() {
            return false;
        }
        let start = self.at;
        let length =
            self.line[start..].bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        let name = start..start + length.count();
        if name.is_empty() || self.line.as_bytes().get(name.end) != Some(&b'=') {
            let word = self.word();
            let message =
                format!("`{}` is not an argument: arguments are written `name=value`", &self.line[word.clone()]);
            self.fault(&BAD_COMPONENT_ARGUMENT, message, word);
            return false;
        }
        self.at = name.end + 1;
        match self.value() {
            Some((value, value_span)) => self.keep(Written { name, value, value_span }),
            None => return false,
        }
        true
    }

    fn keep(&mut self, argument: Written) {
        let name = &self.line[argument.name.clone()];
        match self.names.entry(name) {
            Entry::Occupied(earlier) => {
                let (message, related) = (format!("`{name}` is given twice"), Some(earlier.get().clone()));
                self.opening.faults.push(Fault { code: &DUPLICATE_ARGUMENT, message, span: argument.name, related });
            }
            Entry::Vacant(entry) => {
                entry.insert(argument.name.clone());
                self.opening.arguments.push(argument);
            }
        }
    }

    fn value(&mut self) -> Option<(ArgumentValue, Range<usize>)> {
        if self.line[self.at..].starts_with('"') {
            return self.quoted();
        }
        let word = self.word();
        let text = &self.line[word.clone()];
        if text.is_empty() || text.contains(['"', '\'', '”', '“', '’', '=']) {
            let message = if text.is_empty() {
                "a value is missing after `=`"
            } else {
                "this value needs straight quotes: `\"…\"`"
            };
            self.fault(&BAD_COMPONENT_ARGUMENT, message.to_owned(), word);
            return None;
        }
        let value = match text {
            "true" => ArgumentValue::Bool(true),
            "false" => ArgumentValue::Bool(false),
            _ => text.parse().map_or_else(|_| ArgumentValue::Text(text.to_owned()), ArgumentValue::Integer),
        };
        Some((value, word))
    }

    fn quoted(&mut self) -> Option<(ArgumentValue, Range<usize>)> {
        let start = self.at;
        let mut text = String::new();
        let mut characters = self.line[start + 1..].char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            match character {
                '"' => {
                    self.at = start + 1 + at + 1;
                    let glued = !self.line[self.at..].is_empty() && !self.line[self.at..].starts_with([' ', '\t']);
                    if glued {
                        let word = self.word();
                        self.fault(&BAD_COMPONENT_ARGUMENT, "a space is missing after the value".to_owned(), word);
                        return None;
                    }
                    return Some((ArgumentValue::Text(text), start..self.at));
                }
                '\\' if matches!(characters.peek(), Some((_, '"' | '\\'))) => {
                    text.extend(characters.next().map(|(_, escaped)| escaped));
                }
                _ => text.push(character),
            }
        }
        let span = start..self.line.len();
        self.fault(&BAD_COMPONENT_ARGUMENT, "the closing `\"` is missing".to_owned(), span);
        None
    }

    /// Up to the next blank.
    fn word(&mut self) -> Range<usize> {
        let start = self.at;
        self.at += self.line[start..].find([' ', '\t']).unwrap_or(self.line.len() - start);
        start..self.at
    }

    fn skip_blanks(&mut self) {
        self.at += self.line[self.at..].bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    }

    fn fault(&mut self, code: &'static Code, message: String, span: Range<usize>) {
        self.opening.faults.push(Fault { code, message, span, related: None });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn covers_only_fences_and_keeps_offsets() {
        let body = "a ::: b\n::: x t=\"å\"\r\n> - :::: y\n  :::\n";
        let (covered, fences) = cover(body).expect("there are fences");
        assert_eq!(covered, "a ::: b\n***         \r\n> - ***   \n  ***\n");
        assert_eq!(covered.len(), body.len());
        assert_eq!(
            fences.iter().map(|fence| (fence.start, fence.colons)).collect::<Vec<_>>(),
            [(8, 3), (26, 4), (35, 3)]
        );
    }

    type Arguments = Vec<(String, ArgumentValue)>;
    type Faults = Vec<(&'static str, Range<usize>)>;

    fn read(line: &str) -> (Arguments, Faults) {
        let fence = find(line).remove(0);
        let opening = read_opening(line, &fence);
        let arguments = opening.arguments.into_iter().map(|argument| (line[argument.name].to_owned(), argument.value));
        let faults = opening.faults.into_iter().map(|fault| (fault.code.name, fault.span));
        (arguments.collect(), faults.collect())
    }

    #[test]
    fn arguments_have_types() {
        let (arguments, faults) = read(r#"::: box title="a \"b\" c" n=-2 open=true ord=hej q="2" "#);
        let text = |text: &str| ArgumentValue::Text(text.to_owned());
        let expected = [
            ("title", text("a \"b\" c")),
            ("n", ArgumentValue::Integer(-2)),
            ("open", ArgumentValue::Bool(true)),
            ("ord", text("hej")),
            ("q", text("2")),
        ];
        assert_eq!(arguments, expected.map(|(name, value)| (name.to_owned(), value)));
        assert_eq!(faults, []);
    }

    #[test]
    fn faults_have_places() {
        let cases = [
            ("::: Box", "bad-component-name", 4..7),
            (":::{.x}", "bad-component-name", 3..7),
            ("::: box title", "bad-component-argument", 8..13),
            ("::: box title=", "bad-component-argument", 14..14),
            ("::: box title=\"a", "bad-component-argument", 14..16),
            ("::: box title=”a”", "bad-component-argument", 14..21),
            ("::: box a=\"x\"b=2", "bad-component-argument", 13..16),
            ("::: box a=1 a=2", "duplicate-argument", 12..13),
            ("::: box a=1 :::", "bad-component-argument", 12..15),
        ];
        for (line, code, span) in cases {
            assert_eq!(read(line).1, [(code, span)], "{line}");
        }
    }
}
