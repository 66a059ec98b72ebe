//! Which bytes go and which come when a value, an entry or an item is changed: in the style of what stands around it.

use std::ops::Range;

use super::scalar::{Style, scalar};
use super::{Editor, Value};
use crate::data::node::{Key, Node, NodeKind};

/// Where a change goes, and what is written there.
pub(super) type Splice = (Range<usize>, String);

impl Editor {
    /// The new value in the place of one that is written in one piece.
    pub(super) fn replacement(&self, key: &Key, node: &Node, value: &Value) -> Option<Splice> {
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
    pub(super) fn rewritten(&self, span: Range<usize>, text: &str) -> Splice {
        let style = if self.is_in_braces(span.start) { Style::Flow } else { Style::Block };
        let new = scalar(text, style, self.text[span.clone()].chars().next());
        (span, new)
    }

    /// A new entry of a map, after the last of some keys, or else after all.
    pub(super) fn insertion(
        &self,
        map: &Node,
        after: &[&str],
        write: &dyn Fn(&str, Style) -> Option<String>,
    ) -> Option<Splice> {
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

    pub(super) fn removal(&self, map: &Node, key: &str) -> Option<Splice> {
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

    pub(super) fn removal_of_item(&self, list: &Node, items: &[Node], index: usize) -> Option<Splice> {
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
    pub(super) fn addition(&self, key: &Key, node: &Node, item: &Value) -> Vec<Splice> {
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
}
