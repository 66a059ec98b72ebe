//! Where in the text something stands, and where it ends.

use super::Editor;
use crate::data::node::{Key, Node, NodeKind};

impl Editor {
    /// Whether a place is inside braces or brackets.
    pub(super) fn is_in_braces(&self, at: usize) -> bool {
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

    /// Whether a collection stands in braces or brackets.
    pub(super) fn is_flow(&self, node: &Node) -> bool {
        let is_collection = matches!(node.kind, NodeKind::List(_) | NodeKind::Map(_));
        is_collection && matches!(self.text.get(node.place.span.clone()), Some("{" | "["))
    }

    /// Where an entry ends.
    pub(super) fn end(&self, key: &Key, node: &Node) -> Option<usize> {
        match &node.kind {
            NodeKind::Null if node.place.span.is_empty() => self.colon(key).map(|colon| colon + 1),
            _ => self.end_of_value(node),
        }
    }

    /// Where a value ends: its last sign, or the sign that closes it.
    pub(super) fn end_of_value(&self, node: &Node) -> Option<usize> {
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
    pub(super) fn colon(&self, key: &Key) -> Option<usize> {
        let end = key.place.span.end;
        let rest = &self.text[end..];
        rest.trim_start_matches(' ').starts_with(':').then(|| end + rest.find(':').unwrap_or(0))
    }

    /// The spaces that stand before the keys of a map in lines.
    pub(super) fn indent(&self, key: &Key) -> Option<String> {
        let lead = &self.text[self.line_start(key.place.span.start)..key.place.span.start];
        lead.chars().all(|sign| matches!(sign, ' ' | '-')).then(|| lead.replace('-', " "))
    }

    pub(super) fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    /// The end of a line, before what ends it.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let end = self.text[at..].find('\n').map_or(self.text.len(), |newline| at + newline);
        if self.text[at..end].ends_with('\r') { end - 1 } else { end }
    }

    /// What ends the lines of this text: that of its first.
    pub(super) fn line_ending(&self) -> &'static str {
        let first = self.text.find('\n');
        if first.is_some_and(|newline| self.text[..newline].ends_with('\r')) { "\r\n" } else { "\n" }
    }
}
