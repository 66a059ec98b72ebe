//! Changing a value in a YAML text without disturbing what stands around it.
//!
//! Only the bytes of the value, or of the lines that are added or taken away, become others: comments, order, quotes,
//! indentation and line ends stay as their writer has them. Every change is read again at once and held against what was
//! meant. What cannot be changed in that way is refused, and then the text is as it was.

use std::ops::Range;
use std::sync::Arc;

use super::node::{Key, Node, NodeKind, parse};
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Place, Report};

code! { pub EDIT_BY_HAND = "edit-by-hand", Error, "a value that no program can change without disturbing what stands around it",
"`anslag event` and `anslag rename` change single values and add lines, and leave comments, order and quotes alone. Where a value is \
written in a way that does not allow that, such as over several lines, nothing is changed: write it by hand." }

/// The findings of this module.
pub const CODES: &[&Code] = &[&EDIT_BY_HAND];

/// A step from a value to one inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// To the value of a key.
    Key(&'a str),
    /// To an item of a list.
    Item(usize),
}

/// A value to be written.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A truth value.
    Bool(bool),
    /// A text on one line; also a date, or a word.
    Text(String),
    /// Keys with values, written in braces.
    Map(Vec<(&'static str, Self)>),
}

impl Value {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

/// A YAML text, or the part of one, while it is changed.
pub struct Editor {
    path: Arc<str>,
    text: String,
    /// Where the YAML stands in the text.
    span: Range<usize>,
    tree: Node,
    /// The tree before the first change: the places of findings are those of the file.
    original: Node,
}

/// Where a change goes, and what is written there.
type Splice = (Range<usize>, String);

impl Editor {
    /// Opens the YAML that stands in a span of a file. What is wrong with it is reported.
    pub fn open(path: &Arc<str>, text: &str, span: Range<usize>, report: &mut Report) -> Option<Self> {
        let tree = parse(path, text, span.clone(), report)?;
        let original = tree.clone();
        Some(Self { path: path.clone(), text: text.to_owned(), span, tree, original })
    }

    /// What the text says now.
    pub fn tree(&self) -> &Node {
        &self.tree
    }

    /// The value at the end of some steps.
    pub fn get(&self, steps: &[Step]) -> Option<&Node> {
        follow(&self.tree, steps)
    }

    /// The whole text as it is now.
    pub fn into_text(self) -> String {
        self.text
    }

    /// Gives a key of the map at the end of some steps a value. A new key goes after the last of `after` that is there.
    ///
    /// # Errors
    /// It cannot be done without disturbing what stands around it.
    pub fn set(&mut self, at: &[Step], key: &'static str, value: Value, after: &[&str]) -> Result<(), Box<Diagnostic>> {
        let map = self.map(at)?;
        let splice = match entry(map, key) {
            Some((key, node)) => self.replacement(key, node, &value),
            None => self.insertion(map, after, &|indent, style| self.entry_text(indent, style, key, &value)),
        };
        let mut meant = self.tree.clone();
        put(&mut meant, at, key, plain(&value));
        self.apply(splice.into_iter().collect(), &meant, at, Some(key))
    }

    /// Puts a text in the place of the one at the end of some steps.
    ///
    /// # Errors
    /// It cannot be done without disturbing what stands around it.
    pub fn replace(&mut self, at: &[Step], text: &str) -> Result<(), Box<Diagnostic>> {
        let node = follow(&self.tree, at).filter(|node| matches!(node.kind, NodeKind::Text(_)));
        let span = node.map(|node| node.place.span.clone()).ok_or_else(|| self.refusal(at, None))?;
        let mut meant = self.tree.clone();
        if let Some(node) = follow_mut(&mut meant, at) {
            node.kind = NodeKind::Text(text.to_owned());
        }
        let splice = self.rewritten(span, text);
        self.apply(vec![splice], &meant, at, None)
    }

    /// Gives a key of the map at the end of some steps another name. Its value stays.
    ///
    /// # Errors
    /// It cannot be done without disturbing what stands around it.
    pub fn rename(&mut self, at: &[Step], key: &str, name: &str) -> Result<(), Box<Diagnostic>> {
        let Some((known, _)) = entry(self.map(at)?, key) else { return Ok(()) };
        let splice = self.rewritten(known.place.span.clone(), name);
        let mut meant = self.tree.clone();
        if let Some(NodeKind::Map(entries)) = follow_mut(&mut meant, at).map(|node| &mut node.kind) {
            let known = entries.iter_mut().find(|(known, _)| known.name == key);
            known.into_iter().for_each(|(known, _)| name.clone_into(&mut known.name));
        }
        self.apply(vec![splice], &meant, at, Some(key))
    }

    /// Takes a key away, with its value.
    ///
    /// # Errors
    /// It cannot be done without disturbing what stands around it.
    pub fn remove(&mut self, at: &[Step], key: &str) -> Result<(), Box<Diagnostic>> {
        let map = self.map(at)?;
        if entry(map, key).is_none() {
            return Ok(());
        }
        let splice = self.removal(map, key);
        let mut meant = self.tree.clone();
        take(&mut meant, at, key);
        self.apply(splice.into_iter().collect(), &meant, at, Some(key))
    }

    /// Takes an item out of the list under a key; the key too, when it is the only one.
    ///
    /// # Errors
    /// It cannot be done without disturbing what stands around it.
    pub fn remove_item(&mut self, at: &[Step], key: &str, index: usize) -> Result<(), Box<Diagnostic>> {
        let list = entry(self.map(at)?, key).map(|(_, node)| node);
        let Some(Node { kind: NodeKind::List(items), .. }) = list else { return Err(self.refusal(at, Some(key))) };
        if items.len() == 1 && index == 0 {
            return self.remove(at, key);
        }
        let splice = list.and_then(|list| self.removal_of_item(list, items, index));
        let mut meant = self.tree.clone();
        let steps: Vec<Step> = at.iter().copied().chain([Step::Key(key)]).collect();
        if let Some(NodeKind::List(items)) = follow_mut(&mut meant, &steps).map(|node| &mut node.kind) {
            items.drain(index..items.len().min(index + 1));
        }
        self.apply(splice.into_iter().collect(), &meant, at, Some(key))
    }

    /// Adds an item, a text or some keys, at the end of a list, which is made where there is none.
    ///
    /// # Errors
    /// It cannot be done without disturbing what stands around it.
    pub fn append(
        &mut self,
        at: &[Step],
        key: &'static str,
        item: Value,
        after: &[&str],
    ) -> Result<(), Box<Diagnostic>> {
        let map = self.map(at)?;
        let splices = match entry(map, key) {
            Some((key, node)) => self.addition(key, node, &item),
            None => self
                .insertion(map, after, &|indent, style| Some(self.list_text(indent, style, key, &item)))
                .into_iter()
                .collect(),
        };
        let mut meant = self.tree.clone();
        add(&mut meant, at, key, plain(&item));
        self.apply(splices, &meant, at, Some(key))
    }

    /// Whether a comment stands on the line of a key.
    pub fn has_comment(&self, at: &[Step], key: &str) -> bool {
        let Some((key, node)) = follow(&self.tree, at).and_then(|map| entry(map, key)) else { return false };
        let end = self.end(key, node).unwrap_or(key.place.span.end);
        self.text[end..self.line_end(end)].trim_start().starts_with('#')
    }

    fn map(&self, at: &[Step]) -> Result<&Node, Box<Diagnostic>> {
        let map = follow(&self.tree, at).filter(|node| matches!(node.kind, NodeKind::Map(_)));
        map.ok_or_else(|| self.refusal(at, None))
    }

    /// Makes a change, and keeps it only when the text then says what is meant and nothing else.
    fn apply(
        &mut self,
        splices: Vec<Splice>,
        meant: &Node,
        at: &[Step],
        key: Option<&str>,
    ) -> Result<(), Box<Diagnostic>> {
        let mut changed = self.text.clone();
        let mut span = self.span.clone();
        for (range, new) in splices.iter().rev() {
            changed.replace_range(range.clone(), new);
            span.end = span.end - range.len() + new.len();
        }
        let mut unheard = Report::default();
        let tree = parse(&self.path, &changed, span.clone(), &mut unheard);
        match tree.filter(|tree| !splices.is_empty() && is_same(tree, meant)) {
            Some(tree) => {
                (self.text, self.span, self.tree) = (changed, span, tree);
                Ok(())
            }
            None => Err(self.refusal(at, key)),
        }
    }

    fn refusal(&self, at: &[Step], key: Option<&str>) -> Box<Diagnostic> {
        let steps: Vec<Step> = at.iter().copied().chain(key.map(Step::Key)).collect();
        let places = (0..=steps.len()).rev().filter_map(|length| follow(&self.original, &steps[..length]));
        let place = places.map(|node| node.place.clone()).next().unwrap_or_else(|| Place::start_of(&self.path));
        let name =
            key.or_else(|| at.iter().rev().find_map(|step| if let Step::Key(key) = step { Some(*key) } else { None }));
        let words =
            format!("`{}` cannot be changed without disturbing what stands around it", name.unwrap_or("the text"));
        Box::new(Diagnostic::new(&EDIT_BY_HAND, words).at(place).help("write the change by hand"))
    }

    /// The new value in the place of one that is written in one piece.
    fn replacement(&self, key: &Key, node: &Node, value: &Value) -> Option<Splice> {
        let after_colon = self.colon(key)? + 1;
        if matches!(node.kind, NodeKind::Null) && node.place.span.is_empty() {
            return Some((after_colon..after_colon, format!(" {}", self.value_text(value, Style::Block, None))));
        }
        let span = node.place.span.clone();
        let is_scalar = !span.is_empty() && !matches!(node.kind, NodeKind::List(_) | NodeKind::Map(_));
        // Between the colon and the value may stand the sign of a block, or a tag.
        let is_bare = self.text.get(after_colon..span.start)?.trim().is_empty();
        let old = &self.text[span.clone()];
        // What can stand in braces can stand everywhere.
        let style = if self.is_in_braces(span.start) { Style::Flow } else { Style::Block };
        (is_scalar && is_bare).then(|| (span.clone(), self.value_text(value, style, old.chars().next())))
    }

    /// Another text in the place of a key or a value, in its quotes.
    fn rewritten(&self, span: Range<usize>, text: &str) -> Splice {
        let style = if self.is_in_braces(span.start) { Style::Flow } else { Style::Block };
        let new = scalar(text, style, self.text[span.clone()].chars().next());
        (span, new)
    }

    /// Whether a place is inside braces or brackets.
    fn is_in_braces(&self, at: usize) -> bool {
        fn inside(editor: &Editor, node: &Node, at: usize) -> bool {
            let spans_it = editor.is_flow(node)
                && node.place.span.start < at
                && editor.end_of_value(node).is_some_and(|end| at < end);
            spans_it
                || match &node.kind {
                    NodeKind::List(items) => items.iter().any(|item| inside(editor, item, at)),
                    NodeKind::Map(entries) => entries.iter().any(|(_, node)| inside(editor, node, at)),
                    _ => false,
                }
        }
        inside(self, &self.tree, at)
    }

    /// A new entry of a map, after the last of some keys, or else after all.
    fn insertion(&self, map: &Node, after: &[&str], write: &dyn Fn(&str, Style) -> Option<String>) -> Option<Splice> {
        let NodeKind::Map(entries) = &map.kind else { return None };
        let known = entries.iter().rev().find(|(key, _)| after.contains(&key.name.as_str())).or(entries.last());
        if self.is_flow(map) {
            let Some((key, node)) = known else {
                let start = map.place.span.end;
                return Some((start..start, write("", Style::Flow)?));
            };
            let end = self.end(key, node)?;
            return Some((end..end, format!(", {}", write("", Style::Flow)?)));
        }
        let (key, node) = known?;
        let indent = self.indent(key)?;
        let end = self.end(key, node)?;
        Some(self.line_after(end, &write(&indent, Style::Block)?))
    }

    /// A line, or some, after the one in which something ends.
    fn line_after(&self, end: usize, lines: &str) -> Splice {
        let at = self.line_end(end);
        match self.text[at..].chars().next() {
            // Behind the YAML always comes the line that closes it.
            Some(_) => {
                let next = at + self.text[at..].find('\n').map_or(0, |newline| newline + 1);
                (next..next, format!("{lines}{}", self.line_ending()))
            }
            None => (at..at, format!("{}{lines}", self.line_ending())),
        }
    }

    fn removal(&self, map: &Node, key: &str) -> Option<Splice> {
        let NodeKind::Map(entries) = &map.kind else { return None };
        let index = entries.iter().position(|(known, _)| known.name == key)?;
        let (key, node) = &entries[index];
        let (start, end) = (key.place.span.start, self.end(key, node)?);
        let next = entries.get(index + 1).map(|(next, _)| next.place.span.start);
        let before = index.checked_sub(1).map(|before| self.end(&entries[before].0, &entries[before].1));
        if self.is_flow(map) {
            let range = match (before, next) {
                (Some(before), _) => before?..end,
                (None, Some(next)) => start..next,
                (None, None) => start..end,
            };
            return Some((range, String::new()));
        }
        let line = self.line_start(start);
        if self.text[line..start].trim().is_empty() {
            let next_line =
                self.line_end(end) + self.text[self.line_end(end)..].find('\n').map_or(0, |newline| newline + 1);
            return Some((line..next_line, String::new()));
        }
        // The first key of a list's item: the next one takes its place on the line of the dash.
        let next = next?;
        self.text[end..next].trim().is_empty().then(|| (start..next, String::new()))
    }

    fn removal_of_item(&self, list: &Node, items: &[Node], index: usize) -> Option<Splice> {
        let item = items.get(index)?;
        let (start, end) = (item.place.span.start, self.end_of_value(item)?);
        if self.is_flow(list) {
            let range = match (index.checked_sub(1), items.get(index + 1)) {
                (Some(before), _) => self.end_of_value(&items[before])?..end,
                (None, Some(next)) => start..next.place.span.start,
                (None, None) => start..end,
            };
            return Some((range, String::new()));
        }
        let (line, line_end) = (self.line_start(start), self.line_end(end));
        let next = line_end + self.text[line_end..].find('\n').map_or(0, |newline| newline + 1);
        (self.text[line..start].trim() == "-").then(|| (line..next, String::new()))
    }

    /// A new item of a list that stands there, in the list's own style.
    fn addition(&self, key: &Key, node: &Node, item: &Value) -> Vec<Splice> {
        let made = match &node.kind {
            NodeKind::List(items) if self.is_flow(node) => self.addition_in_brackets(node, items, item),
            NodeKind::List(items) => items.last().and_then(|last| self.addition_of_line(last, item)),
            NodeKind::Null if node.place.span.is_empty() => self.indent(key).and_then(|indent| {
                let end = self.colon(key)? + 1;
                let lines = self.items_text(&indent, item);
                Some(vec![self.line_after(end, &lines)])
            }),
            _ => None,
        };
        made.unwrap_or_default()
    }

    fn addition_in_brackets(&self, list: &Node, items: &[Node], item: &Value) -> Option<Vec<Splice>> {
        let new = self.value_text(item, Style::Flow, None);
        let Some(last) = items.last() else {
            let start = list.place.span.end;
            return Some(vec![(start..start, new)]);
        };
        let (end, close) = (self.end_of_value(last)?, self.end_of_value(list)? - 1);
        let line = self.line_start(last.place.span.start);
        let lead = &self.text[line..last.place.span.start];
        let stands_alone = lead.trim().is_empty();
        let closes_later = self.line_end(end) < close;
        if !stands_alone {
            return Some(vec![(end..end, format!(", {new}"))]);
        }
        if !closes_later {
            return Some(vec![(end..end, format!(",{}{lead}{new}", self.line_ending()))]);
        }
        // A comment after the last item stays with it.
        let has_comma = self.text[end..].trim_start().starts_with(',');
        let comma = if has_comma { "," } else { "" };
        let at = self.line_end(end);
        let added = format!("{}{lead}{new}{comma}", self.line_ending());
        let mut splices = Vec::new();
        if !has_comma {
            splices.push((end..end, ",".to_owned()));
        }
        splices.push((at..at, added));
        Some(splices)
    }

    /// A line with a dash, or several, after the last item of a list.
    fn addition_of_line(&self, last: &Node, item: &Value) -> Option<Vec<Splice>> {
        let start = match &last.kind {
            NodeKind::Map(entries) if !self.is_flow(last) => entries.first()?.0.place.span.start,
            _ => last.place.span.start,
        };
        let lead = &self.text[self.line_start(start)..start];
        let dash = lead.find('-')?;
        if !lead[..dash].trim().is_empty() || !lead[dash + 1..].trim().is_empty() {
            return None;
        }
        let lines = match item {
            Value::Map(entries) if self.is_flow(last) => format!("{lead}{}", self.map_text(entries)),
            _ => self.lines_text(lead, item),
        };
        let end = self.end_of_value(last)?;
        Some(vec![self.line_after(end, &lines)])
    }

    fn entry_text(&self, indent: &str, style: Style, key: &str, value: &Value) -> Option<String> {
        Some(format!("{indent}{key}: {}", self.value_text(value, style, None)))
    }

    /// A key with a list of one item.
    fn list_text(&self, indent: &str, style: Style, key: &str, item: &Value) -> String {
        match style {
            Style::Flow => format!("{key}: [{}]", self.value_text(item, Style::Flow, None)),
            Style::Block => format!("{indent}{key}:{}{}", self.line_ending(), self.items_text(indent, item)),
        }
    }

    /// The item of a new list under a key, set in as the other lists are.
    fn items_text(&self, indent: &str, item: &Value) -> String {
        self.lines_text(&format!("{indent}{}- ", self.dash_indent()), item)
    }

    /// An item after its dash; its keys on a line each.
    fn lines_text(&self, lead: &str, item: &Value) -> String {
        let Value::Map(item) = item else { return format!("{lead}{}", self.value_text(item, Style::Block, None)) };
        let indent = lead.replace('-', " ");
        let line = |(index, (key, value)): (usize, &(&str, Value))| {
            let lead = if index == 0 { lead } else { &indent };
            format!("{lead}{key}: {}", self.value_text(value, Style::Block, None))
        };
        item.iter().enumerate().map(line).collect::<Vec<_>>().join(self.line_ending())
    }

    /// Keys with values in braces.
    fn map_text(&self, item: &[(&'static str, Value)]) -> String {
        let entries = item.iter().map(|(key, value)| format!("{key}: {}", self.value_text(value, Style::Flow, None)));
        format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
    }

    fn value_text(&self, value: &Value, style: Style, quote: Option<char>) -> String {
        match value {
            Value::Bool(value) => value.to_string(),
            Value::Text(text) => scalar(text, style, quote),
            Value::Map(entries) => self.map_text(entries),
        }
    }

    /// What stands before the dashes of lists, under their keys: as in the first list there is, or two spaces.
    fn dash_indent(&self) -> &'static str {
        let NodeKind::Map(entries) = &self.tree.kind else { return "  " };
        let indent = entries.iter().find_map(|(key, node)| match &node.kind {
            NodeKind::List(items) if !self.is_flow(node) => {
                let start = items.first()?.place.span.start;
                let line = self.line_start(start);
                let dash = self.text[line..start].find('-')?;
                Some(dash == self.indent(key)?.len())
            }
            _ => None,
        });
        if indent == Some(true) { "" } else { "  " }
    }

    /// Whether a collection stands in braces or brackets.
    fn is_flow(&self, node: &Node) -> bool {
        let is_collection = matches!(node.kind, NodeKind::List(_) | NodeKind::Map(_));
        is_collection && matches!(self.text.get(node.place.span.clone()), Some("{" | "["))
    }

    /// Where an entry ends.
    fn end(&self, key: &Key, node: &Node) -> Option<usize> {
        match &node.kind {
            NodeKind::Null if node.place.span.is_empty() => self.colon(key).map(|colon| colon + 1),
            _ => self.end_of_value(node),
        }
    }

    /// Where a value ends: its last sign, or the sign that closes it.
    fn end_of_value(&self, node: &Node) -> Option<usize> {
        let last = match &node.kind {
            NodeKind::List(items) => items.last().map(|item| self.end_of_value(item)),
            NodeKind::Map(entries) => entries.last().map(|(key, node)| self.end(key, node)),
            _ => return (!node.place.span.is_empty()).then_some(node.place.span.end),
        };
        if self.is_flow(node) { self.closing(last.unwrap_or(Some(node.place.span.end))?) } else { last? }
    }

    /// Where the braces or brackets are closed, after the last of what is in them.
    fn closing(&self, mut at: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        while at < self.span.end {
            match bytes[at] {
                b'}' | b']' => return Some(at + 1),
                b'#' => at = self.line_end(at),
                b',' | b' ' | b'\n' | b'\r' | b'\t' => at += 1,
                _ => return None,
            }
        }
        None
    }

    /// The colon after a key.
    fn colon(&self, key: &Key) -> Option<usize> {
        let end = key.place.span.end;
        let rest = &self.text[end..];
        rest.trim_start_matches(' ').starts_with(':').then(|| end + rest.find(':').unwrap_or(0))
    }

    /// The spaces that stand before the keys of a map in lines.
    fn indent(&self, key: &Key) -> Option<String> {
        let lead = &self.text[self.line_start(key.place.span.start)..key.place.span.start];
        lead.chars().all(|sign| matches!(sign, ' ' | '-')).then(|| lead.replace('-', " "))
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    /// The end of a line, before what ends it.
    fn line_end(&self, at: usize) -> usize {
        let end = self.text[at..].find('\n').map_or(self.text.len(), |newline| at + newline);
        if self.text[at..end].ends_with('\r') { end - 1 } else { end }
    }

    /// What ends the lines of this text: that of its first.
    fn line_ending(&self) -> &'static str {
        let first = self.text.find('\n');
        if first.is_some_and(|newline| self.text[..newline].ends_with('\r')) { "\r\n" } else { "\n" }
    }
}

/// Where a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// On a line of its own.
    Block,
    /// In braces or brackets.
    Flow,
}

/// Words that some readers of YAML take for something else than a text.
const OTHER_THAN_TEXT: [&str; 10] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~"];

/// A text as YAML: in the quotes that stood there, or in none where every reader reads the same without, or else in
/// double ones.
fn scalar(text: &str, style: Style, quote: Option<char>) -> String {
    match quote {
        Some('\'') if !text.contains(char::is_control) => format!("'{}'", text.replace('\'', "''")),
        Some('"') => quoted(text),
        _ if is_plain(text, style) => text.to_owned(),
        _ => quoted(text),
    }
}

/// Whether a text needs no quotes. The reader of this crate is asked, and others are thought of.
fn is_plain(text: &str, style: Style) -> bool {
    let is_doubtful = text
        .chars()
        .any(|sign| sign.is_control() || matches!(sign, '\u{85}' | '\u{a0}' | '\u{2028}' | '\u{2029}' | '\u{feff}'));
    if is_doubtful || text.trim() != text || OTHER_THAN_TEXT.contains(&text.to_lowercase().as_str()) {
        return false;
    }
    let (before, after) = if style == Style::Flow { ("k: {k: ", ", l: 1}\n") } else { ("k: ", "\n") };
    let (path, yaml) = ("".into(), format!("{before}{text}{after}"));
    let read = parse(&path, &yaml, 0..yaml.len(), &mut Report::default());
    let steps: &[Step] = if style == Style::Flow { &[Step::Key("k"), Step::Key("k")] } else { &[Step::Key("k")] };
    let value = read.as_ref().and_then(|tree| follow(tree, steps));
    // Another sign in the lead, and a second key: what was in braces is whole.
    let is_whole = style == Style::Block || read.as_ref().and_then(|tree| tree.get("k")?.get("l")).is_some();
    is_whole && value.is_some_and(|node| matches!(&node.kind, NodeKind::Text(found) if found == text))
}

/// A text in double quotes.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for sign in text.chars() {
        match sign {
            '"' | '\\' => quoted.extend(['\\', sign]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => quoted.push_str(&format!("\\u{:04x}", u32::from(sign))),
            sign if sign.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(sign))),
            sign => quoted.push(sign),
        }
    }
    quoted.push('"');
    quoted
}

fn follow<'n>(node: &'n Node, steps: &[Step]) -> Option<&'n Node> {
    steps.iter().try_fold(node, |node, step| match (step, &node.kind) {
        (Step::Key(key), _) => node.get(key),
        (Step::Item(index), NodeKind::List(items)) => items.get(*index),
        _ => None,
    })
}

fn follow_mut<'n>(node: &'n mut Node, steps: &[Step]) -> Option<&'n mut Node> {
    steps.iter().try_fold(node, |node, step| match (step, &mut node.kind) {
        (Step::Key(key), NodeKind::Map(entries)) => {
            entries.iter_mut().find(|(known, _)| known.name == *key).map(|(_, node)| node)
        }
        (Step::Item(index), NodeKind::List(items)) => items.get_mut(*index),
        _ => None,
    })
}

fn entry<'n>(map: &'n Node, key: &str) -> Option<&'n (Key, Node)> {
    let NodeKind::Map(entries) = &map.kind else { return None };
    entries.iter().find(|(known, _)| known.name == key)
}

/// A value as it is read, wherever that is.
fn plain(value: &Value) -> Node {
    let kind = match value {
        Value::Bool(value) => NodeKind::Bool(*value),
        Value::Text(text) => NodeKind::Text(text.clone()),
        Value::Map(entries) => {
            NodeKind::Map(entries.iter().map(|(name, value)| (nowhere(name), plain(value))).collect())
        }
    };
    Node { kind, place: Place::start_of(&"".into()) }
}

fn nowhere(name: &str) -> Key {
    Key { name: name.to_owned(), place: Place::start_of(&"".into()) }
}

fn put(tree: &mut Node, at: &[Step], key: &str, value: Node) {
    let Some(NodeKind::Map(entries)) = follow_mut(tree, at).map(|node| &mut node.kind) else { return };
    match entries.iter_mut().find(|(known, _)| known.name == key) {
        Some((_, node)) => *node = value,
        None => entries.push((nowhere(key), value)),
    }
}

fn take(tree: &mut Node, at: &[Step], key: &str) {
    if let Some(NodeKind::Map(entries)) = follow_mut(tree, at).map(|node| &mut node.kind) {
        entries.retain(|(known, _)| known.name != key);
    }
}

fn add(tree: &mut Node, at: &[Step], key: &str, item: Node) {
    let known = follow_mut(tree, at).and_then(|map| follow_mut(map, &[Step::Key(key)]));
    match known.map(|node| &mut node.kind) {
        Some(NodeKind::List(items)) => items.push(item),
        _ => put(tree, at, key, Node { place: item.place.clone(), kind: NodeKind::List(vec![item]) }),
    }
}

/// Whether two trees say the same, wherever it stands. The order of keys says nothing.
fn is_same(one: &Node, other: &Node) -> bool {
    match (&one.kind, &other.kind) {
        (NodeKind::Null, NodeKind::Null) => true,
        (NodeKind::Bool(one), NodeKind::Bool(other)) => one == other,
        (NodeKind::Integer(one), NodeKind::Integer(other)) => one == other,
        (NodeKind::Float(one), NodeKind::Float(other)) => one.to_bits() == other.to_bits(),
        (NodeKind::Text(one), NodeKind::Text(other)) => one == other,
        (NodeKind::List(one), NodeKind::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (NodeKind::Map(one), NodeKind::Map(others)) => {
            let same =
                |(key, node): &(Key, Node)| entry(other, &key.name).is_some_and(|(_, other)| is_same(node, other));
            one.len() == others.len() && one.iter().all(same)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Change = dyn Fn(&mut Editor) -> Result<(), Box<Diagnostic>>;

    fn edited(yaml: &str, change: &Change) -> Result<String, String> {
        let mut report = Report::default();
        let mut editor = Editor::open(&"x.md".into(), yaml, 0..yaml.len(), &mut report).expect("sound YAML");
        change(&mut editor).map(|()| editor.into_text()).map_err(|refusal| refusal.message)
    }

    /// Every case also with the line ends of Windows.
    #[track_caller]
    fn becomes(before: &str, change: &Change, after: &str) {
        assert_eq!(edited(before, change).as_deref(), Ok(after));
        let windows = |text: &str| text.replace('\n', "\r\n");
        assert_eq!(edited(&windows(before), change), Ok(windows(after)));
    }

    fn cancel(editor: &mut Editor) -> Result<(), Box<Diagnostic>> {
        editor.set(&[], "status", Value::text("cancelled"), &["start", "end"])
    }

    fn note(editor: &mut Editor) -> Result<(), Box<Diagnostic>> {
        let item = vec![("date", Value::text("2026-11-20")), ("reason", Value::text("Sjuk, tyvärr: igen"))];
        editor.append(&[], "changes", Value::Map(item), &["status", "start", "end"])
    }

    #[test]
    fn a_text_is_replaced_in_lists_and_braces_and_in_its_quotes() {
        let text = |steps: &'static [Step], text: &'static str| move |editor: &mut Editor| editor.replace(steps, text);
        let second = text(&[Step::Key("tags"), Step::Item(1)], "nytt: ämne");
        becomes("tags: [a, b]   # två\n", &second, "tags: [a, \"nytt: ämne\"]   # två\n");
        becomes("tags:\n- a\n- 'b' # här\n", &second, "tags:\n- a\n- 'nytt: ämne' # här\n");
        let to = text(&[Step::Key("menu"), Step::Item(0), Step::Key("to")], "a.md");
        becomes("menu:\n  - {title: B, to: b.md}\n", &to, "menu:\n  - {title: B, to: a.md}\n");
        assert!(edited("menu: [{to: 1}]\n", &to).is_err(), "a number is no text");
    }

    #[test]
    fn a_key_is_renamed_and_keeps_what_it_says() {
        let rename = |editor: &mut Editor| editor.rename(&[Step::Key("tags")], "a b", "å: c");
        becomes(
            "tags:\n  a b: # här\n    x: 1\n  d:\n    x: 2\n",
            &rename,
            "tags:\n  \"å: c\": # här\n    x: 1\n  d:\n    x: 2\n",
        );
        becomes("tags: {'a b': {x: 1}, d: {x: 2}}\n", &rename, "tags: {'å: c': {x: 1}, d: {x: 2}}\n");
        becomes("tags:\n  d: 1\n", &|editor| editor.rename(&[Step::Key("tags")], "e", "f"), "tags:\n  d: 1\n");
    }

    #[test]
    fn texts_come_into_lists_and_go_out_of_them() {
        let add = |editor: &mut Editor| editor.append(&[], "aliases", Value::text("/b/"), &["title"]);
        let cases = [
            ("title: x\ndate: y\n", "title: x\naliases:\n  - /b/\ndate: y\n"),
            ("aliases: [/a/] # förr\ntitle: x\n", "aliases: [/a/, /b/] # förr\ntitle: x\n"),
            ("aliases:\n- /a/ # förr\ntitle: x\n", "aliases:\n- /a/ # förr\n- /b/\ntitle: x\n"),
            ("aliases:\ntitle: x\n", "aliases:\n  - /b/\ntitle: x\n"),
        ];
        for (before, after) in cases {
            becomes(before, &add, after);
        }
        let cases = [
            ("aliases: [/a/, /b/, /c/]\n", "aliases: [/a/, /c/]\n"),
            ("aliases:\n  - /a/\n  - /b/ # bort\n  - /c/\n", "aliases:\n  - /a/\n  - /c/\n"),
        ];
        for (before, after) in cases {
            becomes(before, &|editor| editor.remove_item(&[], "aliases", 1), after);
        }
        let first = |editor: &mut Editor| editor.remove_item(&[], "aliases", 0);
        becomes("aliases: [/a/, /b/]\n", &first, "aliases: [/b/]\n");
        becomes("a: 1\naliases:\n  - /a/\nb: 2\n", &first, "a: 1\nb: 2\n");
        assert!(edited("aliases: /a/\n", &first).is_err());
    }

    #[test]
    fn a_value_is_replaced_where_it_stands() {
        let cases = [
            ("status: planned\n", "status: cancelled\n"),
            ("a: 1\nstatus:   planned   # så länge\nb: 2\n", "a: 1\nstatus:   cancelled   # så länge\nb: 2\n"),
            ("status: 'planned'\n", "status: 'cancelled'\n"),
            ("status: \"planned\" # \"så\"\n", "status: \"cancelled\" # \"så\"\n"),
            ("\"status\": planned\n", "\"status\": cancelled\n"),
            ("status:\nb: 1\n", "status: cancelled\nb: 1\n"),
            ("status: # inget\nb: 1\n", "status: cancelled # inget\nb: 1\n"),
            ("status: ~\n", "status: cancelled\n"),
            ("{title: MR, status: planned}\n", "{title: MR, status: cancelled}\n"),
        ];
        for (before, after) in cases {
            becomes(before, &cancel, after);
        }
    }

    #[test]
    fn a_new_key_goes_after_those_that_it_belongs_to() {
        let cases = [
            ("title: MR\nstart: 2027-01-01\n", "title: MR\nstart: 2027-01-01\nstatus: cancelled\n"),
            (
                "start: 2027-01-01 # dag\n\n# Vem\nauthor: x\n",
                "start: 2027-01-01 # dag\nstatus: cancelled\n\n# Vem\nauthor: x\n",
            ),
            ("end: 2\nstart: 1\nz: 1\n", "end: 2\nstart: 1\nstatus: cancelled\nz: 1\n"),
            ("title: MR\n# slut\n", "title: MR\nstatus: cancelled\n# slut\n"),
            ("a: |\n  rad\n\n  rad\n", "a: |\n  rad\n\n  rad\nstatus: cancelled\n"),
            ("a:\n  - [1, {b: 2} ] # x\n", "a:\n  - [1, {b: 2} ] # x\nstatus: cancelled\n"),
            ("  a: 1\n", "  a: 1\n  status: cancelled\n"),
            ("{start: 1, z: 2}\n", "{start: 1, status: cancelled, z: 2}\n"),
        ];
        for (before, after) in cases {
            becomes(before, &cancel, after);
        }
    }

    #[test]
    fn a_list_grows_in_its_own_style() {
        let cases = [
            (
                "start: 1\nz: 2\n",
                "start: 1\nchanges:\n  - date: 2026-11-20\n    reason: \"Sjuk, tyvärr: igen\"\nz: 2\n",
            ),
            (
                "tags:\n- a\nstart: 1\n",
                "tags:\n- a\nstart: 1\nchanges:\n- date: 2026-11-20\n  reason: \"Sjuk, tyvärr: igen\"\n",
            ),
            (
                "changes:\n  - {date: 1, what: note}  # a\n  # b\nz: 1\n",
                "changes:\n  - {date: 1, what: note}  # a\n  - {date: 2026-11-20, reason: \"Sjuk, tyvärr: igen\"}\n  # b\nz: 1\n",
            ),
            (
                "changes:\n-   date: 1\n    what: note\n\nz: 1\n",
                "changes:\n-   date: 1\n    what: note\n-   date: 2026-11-20\n    reason: \"Sjuk, tyvärr: igen\"\n\nz: 1\n",
            ),
            ("changes: []\n", "changes: [{date: 2026-11-20, reason: \"Sjuk, tyvärr: igen\"}]\n"),
            (
                "changes: [{date: 1}] # x\n",
                "changes: [{date: 1}, {date: 2026-11-20, reason: \"Sjuk, tyvärr: igen\"}] # x\n",
            ),
            (
                "changes: [\n  {date: 1}, # x\n  {date: 2} # y\n]\n",
                "changes: [\n  {date: 1}, # x\n  {date: 2}, # y\n  {date: 2026-11-20, reason: \"Sjuk, tyvärr: igen\"}\n]\n",
            ),
            (
                "changes: [\n  {date: 2}, # y\n]\n",
                "changes: [\n  {date: 2}, # y\n  {date: 2026-11-20, reason: \"Sjuk, tyvärr: igen\"},\n]\n",
            ),
            ("changes:\nz: 1\n", "changes:\n  - date: 2026-11-20\n    reason: \"Sjuk, tyvärr: igen\"\nz: 1\n"),
            ("{start: 1}\n", "{start: 1, changes: [{date: 2026-11-20, reason: \"Sjuk, tyvärr: igen\"}]}\n"),
        ];
        for (before, after) in cases {
            becomes(before, &note, after);
        }
    }

    #[test]
    fn a_key_is_taken_away_with_its_line() {
        let remove: &Change = &|editor| editor.remove(&[], "status");
        let cases = [
            ("a: 1\nstatus: x\nb: 2\n", "a: 1\nb: 2\n"),
            ("# om\nstatus: x\n# mer\nb: 2\n", "# om\n# mer\nb: 2\n"),
            ("a: 1\nstatus: x\n", "a: 1\n"),
            ("{a: 1, status: x, b: 2}\n", "{a: 1, b: 2}\n"),
            ("{status: x, b: 2}\n", "{b: 2}\n"),
            ("{a: 1, status: x}\n", "{a: 1}\n"),
            ("a: 1\n", "a: 1\n"),
        ];
        for (before, after) in cases {
            becomes(before, remove, after);
        }
    }

    #[test]
    fn values_inside_others_are_reached() {
        let at = [Step::Key("occurrences"), Step::Item(1)];
        let change: &Change = &move |editor| {
            editor.set(&at, "status", Value::text("cancelled"), &["start"])?;
            editor.set(&at, "id", Value::text("2"), &[])?;
            editor.remove(&at, "start")
        };
        let cases = [
            (
                "occurrences:\n  - {start: 1}\n  - {start: 2, end: 3} # x\n",
                "occurrences:\n  - {start: 1}\n  - {status: cancelled, end: 3, id: \"2\"} # x\n",
            ),
            (
                "occurrences:\n  - start: 1\n  - start: 2\n    end: 3\nz: 1\n",
                "occurrences:\n  - start: 1\n  - status: cancelled\n    end: 3\n    id: \"2\"\nz: 1\n",
            ),
            (
                "occurrences: [{start: 1}, {start: 2, end: 3}]\n",
                "occurrences: [{start: 1}, {status: cancelled, end: 3, id: \"2\"}]\n",
            ),
        ];
        for (before, after) in cases {
            becomes(before, change, after);
        }
    }

    #[test]
    fn what_cannot_be_changed_in_place_is_refused() {
        for before in [
            "status: |\n  planned\n",
            "status: !!str planned\n",
            "status: [planned]\n",
            "status: {a: planned}\n",
            "a: |+\n  rad\n\n\n",
            "? a\n: 1\n",
        ] {
            let refused = edited(before, &cancel);
            assert!(
                refused.is_err() || refused.as_ref().is_ok_and(|after| after.contains("status: cancelled")),
                "{refused:?}"
            );
            assert!(!before.contains("status") || refused.is_err(), "{before}: {refused:?}");
        }
        assert!(edited("changes: ja\n", &note).is_err());
        assert!(edited("changes: {a: 1}\n", &note).is_err());
    }

    #[test]
    fn a_text_has_quotes_when_it_needs_them() {
        let cases = [
            ("Sjukdom", "Sjukdom", "Sjukdom"),
            ("För få kunde, tyvärr.", "För få kunde, tyvärr.", "\"För få kunde, tyvärr.\""),
            ("Obs: sjuk", "\"Obs: sjuk\"", "\"Obs: sjuk\""),
            ("kl. 09:30", "kl. 09:30", "kl. 09:30"),
            ("slut:", "\"slut:\"", "\"slut:\""),
            ("nr #4", "\"nr #4\"", "\"nr #4\""),
            ("C#", "C#", "C#"),
            ("\"citat\" först", "\"\\\"citat\\\" först\"", "\"\\\"citat\\\" först\""),
            ("sist 'citat'", "sist 'citat'", "sist 'citat'"),
            ("'", "\"'\"", "\"'\""),
            ("\\", "\\", "\\"),
            ("- streck", "\"- streck\"", "\"- streck\""),
            ("true", "\"true\"", "\"true\""),
            ("Nej", "Nej", "Nej"),
            ("no", "\"no\"", "\"no\""),
            ("2027", "\"2027\"", "\"2027\""),
            ("2027-01-01", "2027-01-01", "2027-01-01"),
            ("1e3", "\"1e3\"", "\"1e3\""),
            ("", "\"\"", "\"\""),
            (" ", "\" \"", "\" \""),
            ("a]b}c", "a]b}c", "\"a]b}c\""),
            ("{a}", "\"{a}\"", "\"{a}\""),
            ("*stjärna*", "\"*stjärna*\"", "\"*stjärna*\""),
            ("&a", "\"&a\"", "\"&a\""),
            ("!nu", "\"!nu\"", "\"!nu\""),
            ("@alla", "\"@alla\"", "\"@alla\""),
            ("%", "\"%\"", "\"%\""),
            ("a\u{a0}b", "\"a\u{a0}b\"", "\"a\u{a0}b\""),
        ];
        for (text, block, flow) in cases {
            assert_eq!(scalar(text, Style::Block, None), block);
            assert_eq!(scalar(text, Style::Flow, None), flow);
        }
        assert_eq!(scalar("d'Hondt", Style::Block, Some('\'')), "'d''Hondt'");
        assert_eq!(scalar("a\tb", Style::Block, Some('\'')), "\"a\\tb\"");
    }

    proptest::proptest! {
        /// Whatever a text holds, and whatever stands around it: it is read as it was meant, and the rest is as it was.
        #[test]
        fn what_is_written_is_read_again(
            text in "[ -~åäö\t#:'\"\\[\\]{},&*!|>%@`-]{0,20}",
            lines in proptest::collection::vec((0..ENTRIES.len(), 0..3_usize), 0..6),
            windows in proptest::bool::ANY,
        ) {
            let mut yaml = String::new();
            for (nth, (entry, comments)) in lines.into_iter().enumerate() {
                yaml.push_str(&"# kommentar\n".repeat(comments));
                yaml.push_str(&ENTRIES[entry].replace("KEY", &format!("key{nth}")));
            }
            yaml.push_str("last: 1\n");
            let yaml = if windows { yaml.replace('\n', "\r\n") } else { yaml };
            let mut editor = Editor::open(&"x.md".into(), &yaml, 0..yaml.len(), &mut Report::default()).expect("sound YAML");
            editor.set(&[], "reason", Value::text(text.clone()), &["key0", "key2"]).expect("a key can be added");
            let item = Value::Map(vec![("what", Value::text("x")), ("why", Value::text(text.clone()))]);
            editor.append(&[], "changes", item, &["key1"]).expect("a list can be added");
            let reason = editor.get(&[Step::Key("reason")]).map(|node| node.kind.clone());
            proptest::prop_assert!(matches!(reason, Some(NodeKind::Text(found)) if found == text));
            let grown = editor.text.clone();
            // What stood there stands there still, line by line and in order.
            let mut rest = grown.lines();
            for line in yaml.lines() {
                proptest::prop_assert!(rest.any(|found| found == line), "`{}` is in\n{}", line, grown);
            }
            proptest::prop_assert_eq!(grown.matches("\r\n").count(), if windows { grown.matches('\n').count() } else { 0 });
            editor.remove(&[], "reason").expect("a key can be taken away");
            editor.remove(&[], "changes").expect("a key can be taken away");
            proptest::prop_assert_eq!(editor.into_text(), yaml);
        }
    }

    /// Ways to write an entry.
    const ENTRIES: [&str; 9] = [
        "KEY: text # efter\n",
        "KEY: \"i citat: #\"\n",
        "KEY:\n  a: 1\n  b: [1, 2] # x\n\n",
        "KEY:\n  - ett\n  - {a: 1, b: 'två'}\n",
        "KEY: [\n  1, # y\n  {a: 2}\n]\n",
        "KEY: >-\n  flera\n  rader\n\n",
        "KEY:\n- a: 1\n  b: 2\n- c\n",
        "KEY:\n",
        "KEY: flera ord\n  på två rader\n",
    ];
}
