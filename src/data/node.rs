//! The tree of a YAML text: values, each with its place, bounded in size and depth.

use std::ops::Range;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::budget::BudgetBreach;
use serde_yaml::options::{AliasLimits, DuplicateKeyPolicy, MergeKeyPolicy};
use serde_yaml::{Budget, Error, Location, Options, Spanned};

use crate::code;
use crate::diagnostic::{Code, Diagnostic, Place, Report};

code! { pub YAML_SYNTAX = "yaml-syntax", Error, "the YAML cannot be read",
"Front matter and settings are YAML: `key: value` lines, indented with spaces. Common slips are a quote that is \
never closed, a tab at the start of a line, a colon inside a value without quotes, and a list item that is not \
lined up with the others. Put a value in double quotes when it contains `: `, `#` or begins with a special sign." }
code! { pub YAML_DUPLICATE_KEY = "duplicate-key", Error, "a key stands twice in the same place",
"A key that stands twice would mean that one of the two values is silently ignored. Keep the right one." }
code! { pub YAML_LIMIT = "yaml-limit", Error, "the YAML is too large or too deeply nested",
"Front matter may be 64 KiB, any other YAML file 4 MiB, and values may be nested 64 deep. Anchors and aliases are \
not allowed, since a few lines of them can stand for gigabytes. Write the value out, or move it to a file of its own." }

/// The findings of this module.
pub const CODES: &[&Code] = &[&YAML_SYNTAX, &YAML_DUPLICATE_KEY, &YAML_LIMIT];

/// The most that one YAML file may hold, in bytes.
const FILE_LIMIT: usize = 4 << 20;
/// How deep values may be nested.
const DEPTH_LIMIT: usize = 64;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct Node {
    /// The value.
    pub kind: NodeKind,
    /// Where it stands.
    pub place: Place,
}

/// The sorts of YAML values.
#[derive(Clone, Debug)]
pub enum NodeKind {
    /// Nothing, or `null`.
    Null,
    /// `true` or `false`, and no other word.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number with decimals.
    Float(f64),
    /// Anything else in one piece.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// Keys with values, in the order written.
    Map(Vec<(Key, Node)>),
}

/// A key and where it stands.
#[derive(Clone, Debug)]
pub struct Key {
    /// The key itself.
    pub name: String,
    /// Where it stands.
    pub place: Place,
}

impl NodeKind {
    /// What it is, in words.
    pub fn words(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "a truth value",
            Self::Integer(_) | Self::Float(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Map(_) => "keys with values",
        }
    }
}

impl Node {
    /// The value under a key, if this is a map and has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match &self.kind {
            NodeKind::Map(entries) => entries.iter().find(|(name, _)| name.name == key).map(|(_, node)| node),
            _ => None,
        }
    }

    /// The same as JSON, for free data that templates may show.
    pub fn to_json(&self) -> serde_json::Value {
        match &self.kind {
            NodeKind::Null => serde_json::Value::Null,
            NodeKind::Bool(value) => (*value).into(),
            NodeKind::Integer(value) => (*value).into(),
            NodeKind::Float(value) => (*value).into(),
            NodeKind::Text(value) => value.as_str().into(),
            NodeKind::List(items) => items.iter().map(Self::to_json).collect(),
            NodeKind::Map(entries) => entries
                .iter()
                .map(|(key, node)| (key.name.clone(), node.to_json()))
                .collect::<serde_json::Map<_, _>>()
                .into(),
        }
    }
}

/// Reads the YAML that stands in `span` of a file. An empty text is an empty map. What is wrong is reported, and
/// then there is no value.
pub fn parse(path: &Arc<str>, text: &str, span: Range<usize>, report: &mut Report) -> Option<Node> {
    let yaml = &text[span.clone()];
    let origin = Origin { path, base: span.start, yaml };
    if yaml.len() > FILE_LIMIT {
        report.push(Diagnostic::new(&YAML_LIMIT, "the YAML is larger than 4 MiB").at(origin.place(0..0)));
        return None;
    }
    if let Some(refusal) = origin.refuse_before_parsing() {
        report.push(refusal);
        return None;
    }
    match serde_yaml::from_str_with_options::<Option<Spanned<Raw>>>(yaml, options()) {
        Ok(Some(raw)) => origin.node(raw, report),
        Ok(None) => Some(Node { kind: NodeKind::Map(Vec::new()), place: origin.place(0..0) }),
        Err(error) => {
            report.push(origin.syntax_error(&error));
            None
        }
    }
}

fn options() -> Options {
    let mut budget = Budget::default();
    budget.max_depth = DEPTH_LIMIT;
    budget.flow_nesting_limit = DEPTH_LIMIT;
    budget.max_documents = 1;
    budget.max_aliases = 0;
    budget.max_anchors = 0;
    let mut alias_limits = AliasLimits::default();
    alias_limits.max_total_replayed_events = 0;
    let mut options = Options::default();
    options.budget = Some(budget);
    options.alias_limits = alias_limits;
    options.duplicate_keys = DuplicateKeyPolicy::PassThrough;
    options.merge_keys = MergeKeyPolicy::AsOrdinary;
    options.strict_booleans = true;
    options.with_snippet = false;
    options
}

/// The file a YAML text stands in, to turn the library's offsets into places.
struct Origin<'a> {
    path: &'a Arc<str>,
    base: usize,
    yaml: &'a str,
}

impl Origin<'_> {
    fn place(&self, span: Range<usize>) -> Place {
        Place { path: self.path.clone(), span: self.base + span.start..self.base + span.end }
    }

    fn locate(&self, location: Location) -> Place {
        let span = location.span();
        let start = span
            .byte_offset()
            .map_or_else(|| self.offset(location), |offset| usize::try_from(offset).unwrap_or(usize::MAX));
        let start = start.min(self.yaml.len());
        let length = usize::try_from(span.byte_len().unwrap_or(0)).unwrap_or(usize::MAX);
        let end = start.saturating_add(length).min(self.yaml.len());
        let trimmed = self.yaml.get(start..end).map_or(end, |text| start + text.trim_end().len());
        self.place(start..trimmed.max(start))
    }

    /// The offset of a location that has only a line and a column.
    fn offset(&self, location: Location) -> usize {
        let lines = self.yaml.split_inclusive('\n');
        let before = usize::try_from(location.line().saturating_sub(1)).unwrap_or(0);
        let start: usize = lines.take(before).map(str::len).sum();
        let column = usize::try_from(location.column().saturating_sub(1)).unwrap_or(0);
        let line = &self.yaml[start..];
        start + line.char_indices().nth(column).map_or(line.len(), |(offset, _)| offset)
    }

    /// Tabs in the indentation get the clearest words here; the parser's depend on what stands around them.
    fn refuse_before_parsing(&self) -> Option<Diagnostic> {
        let mut offset = 0;
        for line in self.yaml.split_inclusive('\n') {
            let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
            if let Some(tab) = line[..indent].find('\t')
                && !line.trim().is_empty()
            {
                let place = self.place(offset + tab..offset + tab + 1);
                return Some(
                    Diagnostic::new(&YAML_SYNTAX, "a tab stands in the indentation")
                        .at(place)
                        .label("YAML allows only spaces here")
                        .help("replace the tab with two spaces"),
                );
            }
            offset += line.len();
        }
        None
    }

    fn syntax_error(&self, error: &Error) -> Diagnostic {
        let error = error.without_snippet();
        let place = error.location().map_or_else(|| self.place(0..0), |location| self.locate(location));
        if let Error::Budget { breach, .. } = error {
            return limit(breach).at(place);
        }
        let words = error.to_string();
        // The scanner counts nested brackets itself, before the budget does.
        if words.contains("recursion limit") {
            return too_deep().at(place);
        }
        let words = words.split(" at line ").next().unwrap_or_default();
        let words = words.trim_start_matches(|sign: char| !sign.is_alphabetic()).trim_end_matches(['.', ':', ',']);
        let diagnostic = Diagnostic::new(&YAML_SYNTAX, format!("the YAML cannot be read: {words}")).at(place);
        match self.unclosed_quote() {
            // Parsers report a quote that is never closed at the end of the text; the one that opens it helps.
            Some((span, quote)) => diagnostic
                .at(self.place(span))
                .label("this quote is never closed")
                .help(format!("end the value with {quote}")),
            None => diagnostic
                .help("put values with `: `, `#` or a special sign first in double quotes, and close each `[` and `{`"),
        }
    }

    /// The last quote of a line that has an odd number of them where values begin.
    fn unclosed_quote(&self) -> Option<(Range<usize>, char)> {
        let mut offset = 0;
        for line in self.yaml.split_inclusive('\n') {
            for quote in ['"', '\''] {
                let opens = |at: &usize| {
                    let before = line[..*at].trim_end();
                    before.is_empty() || before.ends_with([':', '[', '{', ',', '-'])
                };
                let quotes: Vec<usize> = line.match_indices(quote).map(|(at, _)| at).collect();
                if let Some(last) = quotes.last().filter(|at| quotes.len() % 2 == 1 && opens(at)) {
                    let end = line.trim_end().len();
                    return Some((offset + last..offset + end, quote));
                }
            }
            offset += line.len();
        }
        None
    }

    fn node(&self, raw: Spanned<Raw>, report: &mut Report) -> Option<Node> {
        let place = self.locate(raw.referenced);
        let kind = match raw.value {
            Raw::Null => NodeKind::Null,
            Raw::Bool(value) => NodeKind::Bool(value),
            Raw::Integer(value) => NodeKind::Integer(value),
            Raw::Float(value) => NodeKind::Float(value),
            Raw::Text(value) => NodeKind::Text(value),
            Raw::List(items) => {
                NodeKind::List(items.into_iter().map(|item| self.node(item, report)).collect::<Option<_>>()?)
            }
            Raw::Map(entries) => NodeKind::Map(self.entries(entries, report)?),
        };
        Some(Node { kind, place })
    }

    fn entries(&self, raw: Vec<(Spanned<String>, Spanned<Raw>)>, report: &mut Report) -> Option<Vec<(Key, Node)>> {
        let mut entries: Vec<(Key, Node)> = Vec::with_capacity(raw.len());
        let mut seen = std::collections::HashMap::with_capacity(raw.len());
        let mut whole = true;
        for (key, value) in raw {
            let key = Key { place: self.locate(key.referenced), name: key.value };
            let node = self.node(value, report);
            if let Some(first) = seen.insert(key.name.clone(), key.place.clone()) {
                report.push(
                    Diagnostic::new(&YAML_DUPLICATE_KEY, format!("the key `{}` stands twice", key.name))
                        .at(key.place)
                        .related(first, "first written here")
                        .help("keep one of the two"),
                );
                whole = false;
            } else if let Some(node) = node {
                entries.push((key, node));
            } else {
                whole = false;
            }
        }
        whole.then_some(entries)
    }
}

fn too_deep() -> Diagnostic {
    Diagnostic::new(&YAML_LIMIT, format!("the values are nested more than {DEPTH_LIMIT} deep"))
        .help("make the values flatter")
}

/// Says in plain words which bound was passed.
fn limit(breach: &BudgetBreach) -> Diagnostic {
    match breach {
        BudgetBreach::Anchors { .. } | BudgetBreach::Aliases { .. } => {
            Diagnostic::new(&YAML_LIMIT, "anchors (`&name`) and aliases (`*name`) are not allowed")
                .help("write the value out in each place")
        }
        BudgetBreach::Depth { .. } => too_deep(),
        BudgetBreach::Documents { .. } => Diagnostic::new(&YAML_LIMIT, "a line `---` begins a second YAML text here")
            .help("a file holds one; take the line away"),
        _ => Diagnostic::new(&YAML_LIMIT, "the YAML is larger than it may be").help("make it smaller"),
    }
}

/// A value as the library hands it over.
enum Raw {
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(String),
    List(Vec<Spanned<Self>>),
    Map(Vec<(Spanned<String>, Spanned<Self>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
        formatter.write_str("a YAML value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Integer(value))
    }

    #[expect(clippy::cast_precision_loss, reason = "no key takes a whole number as large as this")]
    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(i64::try_from(value).map_or(Raw::Float(value as f64), Raw::Integer))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Raw, E> {
        Ok(Raw::Text(value))
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(yaml: &str) -> (Option<Node>, Report) {
        let mut report = Report::default();
        let path: Arc<str> = "site.yaml".into();
        let node = parse(&path, yaml, 0..yaml.len(), &mut report);
        (node, report)
    }

    fn findings(yaml: &str) -> Vec<(&'static str, String)> {
        let (_, report) = read(yaml);
        let spot = |diagnostic: &Diagnostic| {
            diagnostic.place.as_ref().map_or("", |place| &yaml[place.span.clone()]).to_owned()
        };
        report.sorted().into_iter().map(|diagnostic| (diagnostic.code.name, spot(diagnostic))).collect()
    }

    #[test]
    fn values_know_where_they_stand() {
        let yaml = "title: Å och ö\r\nlist: [ett, \"två\"]\r\nmap:\r\n  sann: true\r\n";
        let (node, report) = read(yaml);
        assert!(!report.has_errors(), "{report:?}");
        let node = node.unwrap();
        let spot = |node: &Node| yaml[node.place.span.clone()].to_owned();
        assert_eq!(spot(node.get("title").unwrap()), "Å och ö");
        assert_eq!(spot(node.get("map").unwrap().get("sann").unwrap()), "true");
        let NodeKind::List(items) = &node.get("list").unwrap().kind else { panic!("a list") };
        assert_eq!(spot(&items[1]), "\"två\"");
    }

    #[test]
    fn only_true_and_false_are_truth_values() {
        let (node, _) = read("a: yes\nb: ja\nc: on\nd: True\ne: true\n");
        let node = node.unwrap();
        let is_bool = |key: &str| matches!(node.get(key).unwrap().kind, NodeKind::Bool(_));
        assert_eq!(["a", "b", "c", "e"].map(is_bool), [false, false, false, true]);
    }

    #[test]
    fn broken_yaml_is_pointed_at() {
        assert_eq!(findings("title: \"MR\ndate: 2021-01-01\n"), [("yaml-syntax", "\"MR".to_owned())]);
        assert_eq!(findings("a:\n\tb: 1\n"), [("yaml-syntax", "\t".to_owned())]);
        assert_eq!(findings("a: 1\nb: 2\na: 3\n"), [("duplicate-key", "a".to_owned())]);
        assert_eq!(findings("a: [1, 2\nb: 3\n").len(), 1);
        assert_eq!(findings("a: {b: \"c}\nd: 1\n"), [("yaml-syntax", "\"c}".to_owned())]);
        assert_eq!(findings("a: 'b\n"), [("yaml-syntax", "'b".to_owned())]);
    }

    #[test]
    fn bombs_are_refused() {
        let deep = format!("a: {}1{}", "[".repeat(5000), "]".repeat(5000));
        assert_eq!(findings(&deep)[0].0, "yaml-limit");
        let blocks: String = (0..3000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
        assert_eq!(findings(&blocks)[0].0, "yaml-limit");
        let bomb = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b]\n";
        assert_eq!(findings(bomb)[0].0, "yaml-limit");
        assert_eq!(findings(&"x".repeat(5 << 20))[0].0, "yaml-limit");
    }

    #[test]
    fn an_empty_text_is_an_empty_map() {
        assert!(matches!(read("").0.unwrap().kind, NodeKind::Map(entries) if entries.is_empty()));
        assert!(matches!(read("# bara en kommentar\n").0.unwrap().kind, NodeKind::Map(entries) if entries.is_empty()));
    }
}
