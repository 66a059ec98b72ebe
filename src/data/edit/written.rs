//! How a new value is written: the lines of entries and items, set in as the others are.

use super::scalar::{Style, scalar};
use super::{Editor, Value};
use crate::data::node::NodeKind;

impl Editor {
    pub(super) fn entry_text(&self, indent: &str, style: Style, key: &str, value: &Value) -> Option<String> {
        Some(format!("{indent}{key}: {}", self.value_text(value, style, None)))
    }

    /// A key with a list of one item.
    pub(super) fn list_text(&self, indent: &str, style: Style, key: &str, item: &Value) -> String {
        match style {
            Style::Flow => format!("{key}: [{}]", self.value_text(item, Style::Flow, None)),
            Style::Block => format!("{indent}{key}:{}{}", self.line_ending(), self.items_text(indent, item)),
        }
    }

    /// The item of a new list under a key, set in as the other lists are.
    pub(super) fn items_text(&self, indent: &str, item: &Value) -> String {
        self.lines_text(&format!("{indent}{}- ", self.dash_indent()), item)
    }

    /// An item after its dash; its keys on a line each.
    pub(super) fn lines_text(&self, lead: &str, item: &Value) -> String {
        let Value::Map(item) = item else { return format!("{lead}{}", self.value_text(item, Style::Block, None)) };
        let indent = lead.replace('-', " ");
        let line = |(index, (key, value)): (usize, &(&str, Value))| {
            let lead = if index == 0 { lead } else { &indent };
            format!("{lead}{key}: {}", self.value_text(value, Style::Block, None))
        };
        item.iter().enumerate().map(line).collect::<Vec<_>>().join(self.line_ending())
    }

    /// Keys with values in braces.
    pub(super) fn map_text(&self, item: &[(&'static str, Value)]) -> String {
        let entries = item.iter().map(|(key, value)| format!("{key}: {}", self.value_text(value, Style::Flow, None)));
        format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
    }

    pub(super) fn value_text(&self, value: &Value, style: Style, quote: Option<char>) -> String {
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
}
