//! Plain YAML, read directly: the lines `key: value` that front matter nearly always is.
//!
//! The library reads whatever YAML there is, by way of tokens, events and Serde, and takes twice as long for the ten lines
//! above a text as pulldown-cmark for the text itself; this takes a tenth of that. What is plain beyond doubt is read
//! here: blocks of keys and lists, with values on one line and without escapes. At the first sign of anything else, and so
//! of any mistake, this gives up and the library reads the text instead: what is wrong is always said by the library. A
//! property over random texts holds one against the other, with all places.

use std::ops::Range;
use std::str::SplitInclusive;

use super::node::{Key, Node, NodeKind, Origin};

/// Larger texts are left to the library: it counts, and equal keys would be sought too long.
const SIZE_LIMIT: usize = 16 << 10;
/// So are values that are nested deeper, blocks and brackets each.
const DEPTH_LIMIT: usize = 8;

/// Reads a text that is plain. An empty one is not.
pub(super) fn read(origin: &Origin) -> Option<Node> {
    if origin.yaml.len() > SIZE_LIMIT || !origin.yaml.chars().all(is_plain) {
        return None;
    }
    let mut block = Block { origin, lines: origin.yaml.split_inclusive('\n'), next: 0, line: None, depth: 0 };
    block.advance();
    let node = block.node()?;
    block.line.is_none().then_some(node)
}

/// Whether a sign is no other line break than `\n`, and may stand in YAML.
fn is_plain(sign: char) -> bool {
    match sign {
        ' '..='~' | '\n' => true,
        _ => !sign.is_control() && !matches!(sign, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'),
    }
}

/// A line that says something: where its text stands, without the spaces around it.
#[derive(Clone, Copy)]
struct Line {
    indent: usize,
    start: usize,
    end: usize,
}

/// Keys and lists that are told by their indentation.
struct Block<'a> {
    origin: &'a Origin<'a>,
    lines: SplitInclusive<'a, char>,
    /// Where the next of them begins.
    next: usize,
    /// The line to read.
    line: Option<Line>,
    depth: usize,
}

impl<'a> Block<'a> {
    /// Goes on to the next line that is neither blank nor a comment.
    fn advance(&mut self) {
        let says_something = |text: &str| {
            let (before, text) = (self.next, text);
            self.next += text.len();
            let trimmed = text.trim_matches([' ', '\n']);
            let indent = text.len() - text.trim_start_matches(' ').len();
            let line = Line { indent, start: before + indent, end: before + indent + trimmed.len() };
            (!trimmed.is_empty() && !trimmed.starts_with('#')).then_some(line)
        };
        self.line = self.lines.find_map(says_something);
    }

    /// The line to read, if it stands so deep.
    fn line_at(&self, indent: usize) -> Option<Line> {
        self.line.filter(|line| line.indent == indent)
    }

    /// The keys or the list that begin with this line.
    fn node(&mut self) -> Option<Node> {
        let Line { indent, start, end } = self.line.filter(|_| self.depth < DEPTH_LIMIT)?;
        self.depth += 1;
        let is_list = self.origin.yaml[start..end].starts_with("- ");
        let kind = if is_list { self.list(indent)? } else { self.map(indent)? };
        self.depth -= 1;
        Some(Node { kind, place: self.origin.place(start..start) })
    }

    fn map(&mut self, indent: usize) -> Option<NodeKind> {
        let mut entries = Vec::with_capacity(8);
        while let Some(line) = self.line_at(indent) {
            let mut value = self.value(line.start, line.end);
            let key = value.key(&entries)?;
            self.advance();
            let node = if value.at == line.end { self.inner(indent)? } else { value.last()? };
            entries.push((key, node));
        }
        Some(NodeKind::Map(entries))
    }

    /// What a key without a value on its line holds.
    fn inner(&mut self, indent: usize) -> Option<Node> {
        self.line.filter(|line| line.indent > indent)?;
        self.node()
    }

    fn list(&mut self, indent: usize) -> Option<NodeKind> {
        let mut items = Vec::new();
        while let Some(line) = self.line_at(indent) {
            let item = self.origin.yaml[line.start..line.end].strip_prefix("- ")?;
            items.push(self.value(line.end - item.len(), line.end).last()?);
            self.advance();
        }
        Some(NodeKind::List(items))
    }

    fn value(&self, at: usize, end: usize) -> Value<'a> {
        Value { origin: self.origin, text: &self.origin.yaml[..end], at, depth: 0 }
    }
}

/// Values on one line, from left to right.
struct Value<'a> {
    origin: &'a Origin<'a>,
    /// All that stands before the end of the line.
    text: &'a str,
    at: usize,
    depth: usize,
}

impl Value<'_> {
    /// A key that is not among those before it, and its colon.
    fn key(&mut self, before: &[(Key, Node)]) -> Option<Key> {
        let is_key = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-');
        self.skip_spaces();
        let start = self.at;
        let length = self.text.as_bytes()[start..].iter().take_while(|byte| is_key(byte)).count();
        let name = &self.text[start..start + length];
        let is_word = name.starts_with(|first: char| first.is_ascii_lowercase());
        if !is_word || before.iter().any(|(key, _)| key.name == name) || matches!(name, "null" | "true" | "false") {
            return None;
        }
        self.at += length;
        let is_ended = self.takes(b':') && matches!(self.text.as_bytes().get(self.at), None | Some(b' '));
        is_ended.then(|| Key { name: name.to_owned(), place: self.origin.place(start..start + length) })
    }

    /// The value that takes the rest of the line.
    fn last(mut self) -> Option<Node> {
        self.skip_spaces();
        if matches!(self.text.as_bytes()[self.at], b'[' | b'{' | b'"' | b'\'') {
            let node = self.node()?;
            return (self.at == self.text.len()).then_some(node);
        }
        let span = self.at..self.text.len();
        let text = &self.text[span.clone()];
        let is_ended = |pair: &[u8]| matches!(pair, b": " | b" #");
        let is_plain = !text.ends_with(':') && !text.as_bytes().windows(2).any(is_ended);
        self.unquoted(span).filter(|_| is_plain)
    }

    /// A value that may stand in brackets.
    fn node(&mut self) -> Option<Node> {
        self.skip_spaces();
        let start = self.at;
        match self.text.as_bytes().get(start)? {
            b'[' => self.bracket(|value| value.list().map(NodeKind::List)),
            b'{' => self.bracket(|value| value.map().map(NodeKind::Map)),
            quote @ (b'"' | b'\'') => self.quoted(*quote),
            _ => {
                let ends = |sign| matches!(sign, ',' | '[' | ']' | '{' | '}' | ':' | '#' | '"' | '\'');
                let text = self.text[start..].split(ends).next()?;
                self.at += text.len();
                self.unquoted(start..start + text.trim_end_matches(' ').len())
            }
        }
    }

    fn bracket(&mut self, inside: impl FnOnce(&mut Self) -> Option<NodeKind>) -> Option<Node> {
        if self.depth == DEPTH_LIMIT {
            return None;
        }
        let start = self.at;
        self.at += 1;
        self.depth += 1;
        let kind = inside(self)?;
        self.depth -= 1;
        Some(Node { kind, place: self.origin.place(start..start + 1) })
    }

    fn list(&mut self) -> Option<Vec<Node>> {
        let mut items = Vec::new();
        while !self.ends(b']', items.is_empty())? {
            items.push(self.node()?);
        }
        Some(items)
    }

    fn map(&mut self) -> Option<Vec<(Key, Node)>> {
        let mut entries = Vec::new();
        while !self.ends(b'}', entries.is_empty())? {
            let key = self.key(&entries)?;
            entries.push((key, self.node()?));
        }
        Some(entries)
    }

    /// Whether the bracket ends here; if not, and this is not the beginning, there must be a comma.
    fn ends(&mut self, bracket: u8, is_first: bool) -> Option<bool> {
        self.skip_spaces();
        let ends = self.takes(bracket);
        (ends || is_first || self.takes(b',')).then_some(ends)
    }

    /// A text in quotes, without escapes.
    fn quoted(&mut self, quote: u8) -> Option<Node> {
        let start = self.at + 1;
        let length = self.text[start..].find([char::from(quote), '\\'])?;
        self.at = start + length;
        let is_whole = self.takes(quote) && self.text.as_bytes().get(self.at) != Some(&quote);
        let text = self.text[start..start + length].to_owned();
        is_whole.then(|| Node { kind: NodeKind::Text(text), place: self.origin.place(start - 1..self.at) })
    }

    fn unquoted(&self, span: Range<usize>) -> Option<Node> {
        Some(Node { kind: kind(&self.text[span.clone()])?, place: self.origin.place(span) })
    }

    fn skip_spaces(&mut self) {
        self.at += self.text.as_bytes()[self.at..].iter().take_while(|byte| **byte == b' ').count();
    }

    fn takes(&mut self, sign: u8) -> bool {
        let takes = self.text.as_bytes().get(self.at) == Some(&sign);
        self.at += usize::from(takes);
        takes
    }
}

/// What an unquoted value is, if that can be told by its beginning.
fn kind(text: &str) -> Option<NodeKind> {
    let begins_as_text = |first: char| first.is_alphabetic() || first == '/';
    let is_number = (1..10).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    match text {
        "true" => Some(NodeKind::Bool(true)),
        "false" => Some(NodeKind::Bool(false)),
        "True" | "TRUE" | "False" | "FALSE" | "null" | "Null" | "NULL" => None,
        _ if text.starts_with(begins_as_text) || text.starts_with("../") || is_date(text) => {
            Some(NodeKind::Text(text.to_owned()))
        }
        // Zeros before a number make it something else.
        _ if is_number && !text.starts_with('0') => text.parse().ok().map(NodeKind::Integer),
        _ => None,
    }
}

/// A day, and perhaps a time after it.
fn is_date(text: &str) -> bool {
    let is_day = |(sign, form): (u8, u8)| if form == b'-' { sign == b'-' } else { sign.is_ascii_digit() };
    let (Some(day), Some(rest)) = (text.get(..10), text.get(10..)) else { return false };
    day.bytes().zip(*b"0000-00-00").all(is_day) && (rest.is_empty() || rest.starts_with('T'))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::data::node::parse_whatever;
    use crate::diagnostic::Report;

    /// Reads a text as plain, if it is; then the library reads the same, and nothing is wrong.
    fn check(yaml: &str) -> bool {
        let path: Arc<str> = "site.yaml".into();
        let origin = Origin { path: &path, base: 3, yaml };
        let Some(plain) = read(&origin) else { return false };
        let mut report = Report::default();
        let node = parse_whatever(&origin, &mut report);
        assert!(report.is_empty(), "{yaml:?}: {report:?}");
        assert_eq!(format!("{:?}", Some(plain)), format!("{node:?}"), "{yaml:?}");
        true
    }

    #[test]
    fn front_matter_is_plain() {
        let long = format!("summary: {}\ntags: [{}]\n", "ord och ".repeat(300), ["ett-ord"; 300].join(", "));
        for yaml in [
            "title: \"Vad är MR?\"\ndate: 2021-11-17\n\n# tags: [x]\ntags: [a-b, 'å ö']\n",
            "place:\n  city: Umeå\n  seats: 120\nonline: true\nspeakers:\n  - anna\n  - {name: Bo, role: talare}\n",
            "changes: [{date: 2021-11-17, what: cancelled, reason: \"Sjukdom; allt ställs in.\"}]\nto: ../x.md",
            &long,
        ] {
            assert!(check(yaml), "{yaml}");
        }
    }

    #[test]
    fn what_is_in_doubt_is_left_to_the_library() {
        for yaml in [
            "",
            "# a\n",
            "a: b\na: c",
            "a: b: c",
            "a: \"b\\n\"",
            "a: b\n  c",
            "a:\n",
            "a: *b",
            "a: 012",
            "a: null",
            "a: b # c",
        ] {
            assert!(!check(yaml), "{yaml}");
        }
    }

    proptest! {
        #[test]
        fn lines_are_the_same_to_both(lines in vec((select(INDENTS), select(LINES.lines().collect::<Vec<_>>())), 1..8)) {
            check(&lines.into_iter().map(|(indent, line)| format!("{indent}{line}\n")).collect::<String>());
        }

        #[test]
        fn pieces_are_the_same_to_both(pieces in vec(select(PIECES.split('·').collect::<Vec<_>>()), 1..30)) {
            check(&pieces.concat());
            check(&format!("key: {}", pieces.concat()));
        }
    }

    const INDENTS: &[&str] = &["", "", "", "  ", "  ", "    ", " "];

    const LINES: &str = "\
a: b
b: två ord
c: \"x: y # z\"
d: [a, b c, \"d\", 2021-11-17]
e: {f: g, h: [1, 2]}
f:
g:
# h

- a
- {a: b}
- b: c
i: true
j: 17
k: 2021-11-17T09:30
l: a b # c
m: ''
n: []
o: {}
p: 'a''b'
q: [a, [b, {c: d}]]
r: /x:y
fortsatt
s: {a: b, a: c}
t: [a: b]
u: [a,]
v:  x \x20
w: ~
---
x: {a : b}
y: [ a , b ]
- - a
-";

    const PIECES: &str = "a·b:·cc: ·d: ·\n·\n  ·\n    ·\n- ·\n  - ·\"·'·\\·[·]·{·}·,·, ·: ·:· ·#· #·true·null·1·012·1.5·-·\
        2021-11-17·T09:30·å·–·/x·../x·&x·*x·!x·|·>·? ·%·\t·\r\n·---·...·<<: ·\u{85}·\u{2028}·\u{7}·\u{feff}";
}
