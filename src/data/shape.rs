//! What a value looks like, as a value: for editors, which complete and check YAML by a JSON Schema.
//!
//! A schema says less than the check, and never more: what it refuses the check refuses too. What needs other files, the
//! time, or several keys at once is left to `anslag check`.

use serde_json::{Map, Value, json};

use super::KeyInfo;

/// The dialect that editors understand best.
const DIALECT: &str = "http://json-schema.org/draft-07/schema#";

/// What a type takes.
#[derive(Clone, Debug)]
pub enum Shape {
    /// A text that says something. Numbers are read as what is written.
    Text,
    /// A text that may be empty.
    MaybeEmpty,
    /// A text that begins with `https://` or `http://`.
    WebAddress,
    /// A day, or a day with a time.
    Date,
    /// `true` or `false`.
    Truth,
    /// A whole number, 0 or more.
    Number,
    /// One of a few words, each with what it means.
    Words(&'static [(&'static str, &'static str)]),
    /// Keys that are declared.
    Keys(&'static [KeyInfo]),
    /// Names that the site chooses, each with a value.
    Named(Box<Self>),
    /// A list.
    List(Box<Self>),
    /// One of some shapes.
    Either(Vec<Self>),
    /// Anything.
    Free,
}

impl Shape {
    /// The keys that are declared for it, or for the items of a list of it.
    pub fn keys(&self) -> &'static [KeyInfo] {
        match self {
            Self::Keys(keys) => keys,
            Self::List(item) => item.keys(),
            Self::Either(shapes) => shapes.iter().map(Self::keys).find(|keys| !keys.is_empty()).unwrap_or_default(),
            _ => &[],
        }
    }

    /// The whole schema of a file of this shape.
    pub fn document(&self, title: &str) -> Value {
        let Value::Object(mut schema) = self.schema() else { return Value::Bool(true) };
        schema.insert("$schema".to_owned(), DIALECT.into());
        schema.insert("title".to_owned(), title.into());
        Value::Object(schema)
    }

    fn schema(&self) -> Value {
        match self {
            Self::Text => json!({"type": ["string", "integer"], "minLength": 1}),
            Self::MaybeEmpty => json!({"type": ["string", "integer"]}),
            Self::WebAddress => json!({"type": "string", "pattern": "^https?://."}),
            Self::Date => json!({
                "type": "string",
                "pattern": "^\\s*[0-9]{4}-[0-9]{2}-[0-9]{2}(T.+)?\\s*$",
                "examples": ["2021-11-17", "2021-11-17T09:30"],
            }),
            Self::Truth => json!({"type": "boolean"}),
            Self::Number => json!({"type": "integer", "minimum": 0}),
            Self::Words(words) => {
                let (words, meanings): (Vec<&str>, Vec<&str>) =
                    words.iter().map(|(word, meaning)| (*word, meaning.trim())).unzip();
                // Editors show the second list beside the first; to validators it is a remark.
                json!({"type": "string", "enum": words, "enumDescriptions": meanings})
            }
            Self::Keys(keys) => with_keys(keys.iter(), &[]),
            Self::Named(value) => json!({"type": "object", "additionalProperties": value.schema()}),
            Self::List(item) => json!({"type": "array", "items": item.schema()}),
            Self::Either(shapes) => json!({"anyOf": shapes.iter().map(Self::schema).collect::<Vec<_>>()}),
            Self::Free => json!({}),
        }
    }
}

/// The schema of a file that has these keys, of which some must be there besides those that always must.
pub fn document_of<'a>(keys: impl Iterator<Item = &'a KeyInfo>, required: &[&str], title: &str) -> Value {
    let mut schema = with_keys(keys, required);
    schema["$schema"] = DIALECT.into();
    schema["title"] = title.into();
    schema
}

fn with_keys<'a>(keys: impl Iterator<Item = &'a KeyInfo>, required: &[&str]) -> Value {
    let mut properties = Map::new();
    let mut needed = Vec::new();
    for key in keys {
        let mut schema = (key.shape)().schema();
        schema["description"] = format!("{}\n\nTakes {}.", key.doc.trim(), key.expected).into();
        properties.insert(key.name.to_owned(), schema);
        if key.required || required.contains(&key.name) {
            needed.push(key.name);
        }
    }
    let mut schema = json!({"type": "object", "properties": properties, "additionalProperties": false});
    if !needed.is_empty() {
        schema["required"] = needed.into();
    }
    schema
}
