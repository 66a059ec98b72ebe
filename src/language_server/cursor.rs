//! What is being written where the cursor stands: a key, a value, a link, a component.
//!
//! While somebody types, a text can hardly ever be parsed. So this looks at lines: how far they are indented, what stands before
//! the cursor, and where brackets have been opened. It only says what may be proposed; what is right is told by the site.

use std::ops::Range;

/// What is being written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot<'a> {
    /// Something in YAML.
    Yaml(Yaml<'a>),
    /// The target of a link, after `](`.
    Link(Range<usize>),
    /// The target of an image, after `](`.
    Image(Range<usize>),
    /// The name of a component, after `:::`.
    Component(Range<usize>),
    /// The name of an argument of a component, with those that stand there already.
    Argument {
        /// The component.
        component: &'a str,
        /// What it has already.
        present: Vec<&'a str>,
        /// What is written of the name.
        word: Range<usize>,
    },
    /// The value of an argument.
    ArgumentValue {
        /// The component.
        component: &'a str,
        /// The argument.
        argument: &'a str,
        /// What is written of the value, without its quote.
        word: Range<usize>,
        /// Whether it has one.
        is_quoted: bool,
    },
}

/// Something in YAML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Yaml<'a> {
    /// The keys that lead there; of a value its own key too.
    pub keys: Vec<&'a str>,
    /// What it can be.
    pub part: Part<'a>,
    /// What is written of it, without its quote.
    pub word: Range<usize>,
    /// Whether it has one.
    pub is_quoted: bool,
}

/// What something in YAML can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// A key, beside these.
    Key(Vec<&'a str>),
    /// A value.
    Value,
    /// An item of a list: a value, or the first of its keys.
    Item,
}

/// What is being written in a document.
pub fn in_document(text: &str, offset: usize) -> Option<Spot<'_>> {
    let offset = settled(text, offset);
    match keys_of(text) {
        Some(keys) if offset < keys.start => None,
        Some(keys) if offset <= keys.end => in_yaml(text, keys, offset).map(Spot::Yaml),
        _ => in_body(text, offset),
    }
}

/// What is being written in a file that is YAML from its beginning.
pub fn in_yaml_file(text: &str, offset: usize) -> Option<Spot<'_>> {
    in_yaml(text, 0..text.len(), settled(text, offset)).map(Spot::Yaml)
}

fn settled(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// Where the keys of a document stand, though nobody may have written yet where they end.
fn keys_of(text: &str) -> Option<Range<usize>> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let first = text[start..].split_inclusive('\n').next()?;
    if first.trim_end() != "---" {
        return None;
    }
    let start = start + first.len();
    let mut end = start;
    for line in text[start..].split_inclusive('\n') {
        if line.trim_end() == "---" {
            return Some(start..end);
        }
        end += line.len();
    }
    Some(start..text.len())
}

/// A line of YAML.
#[derive(Clone, Copy, Debug)]
struct Row<'a> {
    start: usize,
    text: &'a str,
    /// How far its first `-` is indented, if it has one.
    dash: Option<usize>,
    /// How far what comes after is.
    column: usize,
    /// Its key, if it has one.
    key: Option<&'a str>,
}

impl<'a> Row<'a> {
    fn of(text: &'a str, start: usize) -> Self {
        let is_blank = |byte: &u8| *byte == b' ';
        let mut column = text.bytes().take_while(is_blank).count();
        let mut dash = None;
        while text[column..].starts_with("- ") || text[column..].trim_end() == "-" {
            dash.get_or_insert(column);
            column = (column + 1 + text[column + 1..].bytes().take_while(is_blank).count()).min(text.len());
        }
        let rest = &text[column..];
        let colon = rest.find(": ").or_else(|| rest.trim_end().strip_suffix(':').map(str::len));
        let key = colon.map(|colon| &rest[..colon]).filter(|key| is_key(key));
        Self { start, text, dash, column, key }
    }

    /// How far the line is indented.
    fn outer(&self) -> usize {
        self.dash.unwrap_or(self.column)
    }

    /// Whether there is nothing on it but a remark.
    fn is_empty(&self) -> bool {
        let text = self.text.trim();
        text.is_empty() || text.starts_with('#')
    }
}

fn is_key(text: &str) -> bool {
    !text.is_empty() && !text.starts_with(['[', '{', '"', '\'', '#', '&', '*', '!', '|', '>'])
}

fn in_yaml(text: &str, span: Range<usize>, offset: usize) -> Option<Yaml<'_>> {
    let mut rows = Vec::new();
    let mut start = span.start;
    for line in text[span.clone()].split_inclusive('\n') {
        rows.push(Row::of(line.trim_end_matches(['\n', '\r']), start));
        start += line.len();
    }
    if text[span].ends_with('\n') || rows.is_empty() {
        rows.push(Row::of("", start));
    }
    let at = rows.iter().rposition(|row| row.start <= offset)?;
    let before = text.get(rows[at].start..offset)?;
    if rows[at].text.trim().is_empty() {
        // On an empty line the cursor alone says how far it is indented.
        rows[at] = Row::of(before, rows[at].start);
    }
    let row = rows[at];
    let (keys, present) = around(&rows, at);
    let begun = before.get(row.column..)?;
    if begun.trim_start().starts_with('#') {
        return None;
    }
    if let Some((key, value)) = row.key.and_then(|key| Some((key, begun.get(key.len()..)?.strip_prefix(':')?))) {
        let keys = keys.into_iter().chain([key]).collect();
        return in_value(text, keys, value, offset);
    }
    if begun.starts_with(['[', '{']) {
        return in_value(text, keys, begun, offset);
    }
    let (word, is_quoted) = word_of(begun, offset);
    // A key that stands there already is another one as a whole.
    let end = row.key.map_or(word.end, |key| row.start + row.column + key.len());
    let word = word.start..end;
    let part = if row.dash.is_some() && row.key.is_none() { Part::Item } else { Part::Key(present) };
    Some(Yaml { keys, part, word, is_quoted })
}

/// The keys that lead to a line, and the keys that stand beside it.
fn around<'a>(rows: &[Row<'a>], at: usize) -> (Vec<&'a str>, Vec<&'a str>) {
    let row = rows[at];
    let (mut keys, mut present) = (Vec::new(), Vec::new());
    // A parent is indented less than this; that of a list may be indented like its items.
    let (mut column, mut limit) = (row.column, row.dash.map_or(row.column, |dash| dash + 1));
    let mut is_beside = row.dash.is_none();
    for above in rows[..at].iter().rev().filter(|row| !row.is_empty()) {
        let Some(key) = above.key else { continue };
        if above.column < limit {
            keys.push(key);
            column = above.column;
            limit = above.dash.map_or(above.column, |dash| dash + 1);
            is_beside = false;
        } else if above.column == column && limit == column {
            if is_beside {
                present.push(key);
            }
            if let Some(dash) = above.dash {
                (limit, is_beside) = (dash + 1, false);
            }
        }
    }
    keys.reverse();
    let below = rows[at + 1..].iter().filter(|row| !row.is_empty());
    let beside = below.take_while(|below| below.outer() >= row.column && row.column > 0 || row.column == 0);
    present.extend(beside.filter(|below| below.column == row.column && below.dash.is_none()).filter_map(|row| row.key));
    (keys, present)
}

/// What is being written of a word, and whether it began with a quote.
fn word_of(begun: &str, offset: usize) -> (Range<usize>, bool) {
    let word = begun.trim_start();
    let is_quoted = word.starts_with(['"', '\'']);
    (offset - word.len() + usize::from(is_quoted)..offset, is_quoted)
}

/// What is being written in a value, in which brackets may have been opened.
fn in_value<'a>(text: &'a str, mut keys: Vec<&'a str>, value: &'a str, offset: usize) -> Option<Yaml<'a>> {
    let (mut open, mut start, mut quote): (Vec<Bracket>, usize, Option<char>) = (Vec::new(), 0, None);
    for (at, sign) in value.char_indices() {
        let word = value[start..at].trim();
        match sign {
            _ if quote.is_some() => quote = quote.filter(|quote| *quote != sign),
            '"' | '\'' if word.is_empty() => quote = Some(sign),
            // The rest is a remark.
            '#' if value[..at].ends_with(' ') => return None,
            '[' | '{' if word.is_empty() => {
                open.push(Bracket { is_map: sign == '{', key: None, present: Vec::new() });
                start = at + 1;
            }
            ']' | '}' if !open.is_empty() => {
                open.pop();
                start = at + 1;
            }
            ',' => {
                if let Some(bracket) = open.last_mut() {
                    (bracket.key, start) = (None, at + 1);
                }
            }
            ':' if value[at + 1..].is_empty() || value[at + 1..].starts_with(' ') => {
                if let Some(bracket) = open.last_mut().filter(|bracket| bracket.is_map && bracket.key.is_none()) {
                    bracket.key = Some(word);
                    bracket.present.push(word);
                    start = at + 1;
                }
            }
            _ => {}
        }
    }
    let (word, is_quoted) = word_of(&value[start..], offset);
    keys.extend(open.iter().filter_map(|bracket| bracket.key));
    let part = match open.pop() {
        Some(Bracket { is_map: true, key: None, mut present }) => {
            present.extend(keys_after(&text[offset..]));
            Part::Key(present)
        }
        _ => Part::Value,
    };
    Some(Yaml { keys, part, word, is_quoted })
}

/// A bracket that has been opened.
struct Bracket<'a> {
    is_map: bool,
    /// The key of the value that is being written.
    key: Option<&'a str>,
    present: Vec<&'a str>,
}

/// The keys that follow in the same brackets.
fn keys_after(rest: &str) -> impl Iterator<Item = &str> {
    let inside = rest.split(['\n', '}', '{', '[']).next().unwrap_or_default();
    inside.split(',').skip(1).filter_map(|entry| Some(entry.split_once(':')?.0.trim()))
}

fn in_body(text: &str, offset: usize) -> Option<Spot<'_>> {
    let start = text[..offset].rfind('\n').map_or(0, |end| end + 1);
    let line = &text[start..offset];
    let plain = line.trim_start_matches([' ', '\t', '>', '-', '*', '+']);
    if let Some(fence) = plain.strip_prefix(":::") {
        return Some(in_fence(fence.trim_start_matches(':'), offset));
    }
    let begun = line.rfind("](");
    let target = match begun {
        Some(at) => line[at + 2..].trim_start_matches('<'),
        // The definition of a link that is named elsewhere.
        None => line.strip_prefix('[')?.split_once("]:")?.1.trim_start().trim_start_matches('<'),
    };
    let words = begun.and_then(|at| line[..at].rfind('['));
    let is_image = words.is_some_and(|open| line[..open].ends_with('!'));
    let spot = if is_image { Spot::Image } else { Spot::Link };
    (!target.contains([')', '>', ' '])).then(|| spot(offset - target.len()..offset))
}

/// What is being written after the colons that begin a component.
fn in_fence(fence: &str, offset: usize) -> Spot<'_> {
    let fence = fence.trim_start();
    let Some((component, mut rest)) = fence.split_once(' ') else {
        return Spot::Component(offset - fence.len()..offset);
    };
    let mut present = Vec::new();
    loop {
        rest = rest.trim_start();
        let Some((argument, value)) = rest.split_once('=').filter(|(name, _)| !name.contains([' ', '"'])) else {
            // What comes after a word that is no argument is not understood.
            let word = rest.rsplit(' ').next().unwrap_or_default();
            return Spot::Argument { component, present, word: offset - word.len()..offset };
        };
        let quoted = value.strip_prefix('"');
        let end = match quoted {
            Some(quoted) => quoted.find('"').map(|end| end + 2),
            None => value.find(' '),
        };
        let Some(end) = end else {
            let word = offset - quoted.unwrap_or(value).len()..offset;
            return Spot::ArgumentValue { component, argument, word, is_quoted: quoted.is_some() };
        };
        present.push(argument);
        rest = &value[end..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is written at the `¤` of a document, in short: `status = canc`, `registration. + ope`.
    fn spot(marked: &str) -> String {
        let offset = marked.find('¤').expect("the spot is marked");
        let text = marked.replacen('¤', "", 1);
        let Some(spot) = in_document(&text, offset) else { return "nothing".to_owned() };
        match spot {
            Spot::Yaml(Yaml { keys, part, word, is_quoted }) => {
                let (keys, word) = (keys.join("."), &text[word]);
                let quote = if is_quoted { "\"" } else { "" };
                match part {
                    Part::Key(present) => format!("{keys} + {quote}{word} beside {}", present.join(",")),
                    Part::Value => format!("{keys} = {quote}{word}"),
                    Part::Item => format!("{keys} - {quote}{word}"),
                }
            }
            Spot::Link(word) => format!("link {}", &text[word]),
            Spot::Image(word) => format!("image {}", &text[word]),
            Spot::Component(word) => format!("component {}", &text[word]),
            Spot::Argument { component, present, word } => {
                format!("argument {} of {component} beside {}", &text[word], present.join(","))
            }
            Spot::ArgumentValue { component, argument, word, is_quoted } => {
                format!("{component}.{argument} = {}{}", if is_quoted { "\"" } else { "" }, &text[word])
            }
        }
    }

    fn in_keys(marked: &str) -> String {
        spot(&format!("---\n{marked}\n---\nText.\n"))
    }

    #[test]
    fn keys_are_written_beside_others() {
        assert_eq!(in_keys("title: Hej\nda¤\ntags: [a]"), " + da beside title,tags");
        assert_eq!(in_keys("¤"), " +  beside ");
        assert_eq!(in_keys("title: Hej\n¤"), " +  beside title");
        assert_eq!(
            in_keys("registration:\n  opens: 2026-01-01\n  ¤\n  email: x"),
            "registration +  beside opens,email"
        );
        assert_eq!(in_keys("registration:\n  ¤\ntitle: x"), "registration +  beside ");
        assert_eq!(in_keys("place:\n  name: A\nregistration:\n  na¤"), "registration + na beside ");
        assert_eq!(in_keys("ti¤tle: x\ndate: y"), " + title beside date");
        assert_eq!(in_keys("title: x\n# rema¤rk"), "nothing");
    }

    #[test]
    fn lists_hold_values_or_keys() {
        assert_eq!(in_keys("tags:\n  - stöd\n  - bar¤"), "tags - bar");
        assert_eq!(in_keys("tags:\n- stöd\n- ¤"), "tags - ");
        assert_eq!(in_keys("changes:\n  - date: x\n    wh¤"), "changes + wh beside date");
        assert_eq!(in_keys("changes:\n- date: x\n  what: y\n- date: z\n  ¤\ntitle: t"), "changes +  beside date");
        assert_eq!(in_keys("changes:\n  - wh¤"), "changes - wh");
        assert_eq!(in_keys("changes:\n  - what: canc¤"), "changes.what = canc");
        assert_eq!(
            in_keys("programme:\n  - title: x\n    speakers:\n      - name: y\n        organisation: ¤"),
            "programme.speakers.organisation = "
        );
    }

    #[test]
    fn values_may_have_brackets_and_quotes() {
        assert_eq!(in_keys("status: canc¤"), "status = canc");
        assert_eq!(in_keys("author: \"an¤\""), "author = \"an");
        assert_eq!(in_keys("tags: [a, \"b c\", d¤]"), "tags = d");
        assert_eq!(in_keys("place: {name: A, ci¤}"), "place + ci beside name");
        assert_eq!(in_keys("place: {¤, city: B}"), "place +  beside city");
        assert_eq!(in_keys("place: {name: A¤}"), "place.name = A");
        assert_eq!(in_keys("changes:\n  - {date: x, what: c¤}"), "changes.what = c");
        assert_eq!(in_keys("related: [../x.md, ../ev¤]"), "related = ../ev");
        assert_eq!(in_keys("title: x # rem¤ark"), "nothing");
        assert_eq!(in_keys("start: 2026-01-01T09:3¤"), "start = 2026-01-01T09:3");
    }

    #[test]
    fn bodies_have_links_and_components() {
        let body = |marked: &str| spot(&format!("---\ntitle: x\n---\n{marked}\n"));
        assert_eq!(body("Se [här](../ev¤)."), "link ../ev");
        assert_eq!(body("[a](b.md) och [c](d.md#¤"), "link d.md#");
        assert_eq!(body("![bild](<min b¤"), "nothing");
        assert_eq!(body("[a](b.md) ![bild](¤"), "image ");
        assert_eq!(body("[a](b.md) och ¤"), "nothing");
        assert_eq!(body("[namn]: ../x¤"), "link ../x");
        assert_eq!(body("Vanlig text: ¤"), "nothing");
        assert_eq!(body("::: fac¤"), "component fac");
        assert_eq!(body(":::¤"), "component ");
        assert_eq!(body("> ::: fact-box ti¤"), "argument ti of fact-box beside ");
        assert_eq!(body("::: figure src=\"a b.png\" alt=x ¤"), "argument  of figure beside src,alt");
        assert_eq!(body("::: figure src=\"bild¤"), "figure.src = \"bild");
        assert_eq!(body("::: figure src=¤"), "figure.src = ");
        assert_eq!(spot("¤---\ntitle: x\n---\n"), "nothing");
        assert_eq!(spot("---\ntitle: x\nda¤"), " + da beside title");
        assert_eq!(spot("Ingen [början](¤"), "link ");
    }

    proptest::proptest! {
        #[test]
        fn any_text_may_be_looked_at(text in "(---\n)?([a-c:åä🙂 \t\r\n\\[\\]{}\"',#()=>-]|: |- |---\n|:::|\\]\\(){0,60}", offset in 0_usize..200) {
            let _anything = (in_document(&text, offset), in_yaml_file(&text, offset));
        }
    }
}
