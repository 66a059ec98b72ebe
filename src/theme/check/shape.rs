//! What a value in a template looks like: from the JSON Schemas of the views, and from the texts.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value as Json;

/// A value's shape, and whether there may be none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Type {
    /// Which shape.
    pub shape: ShapeId,
    /// Whether it may be missing.
    pub presence: Presence,
}

/// Whether a value is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Presence {
    /// It is.
    Always,
    /// It may be `null`: prints nothing, and has no fields.
    Nullable,
    /// It may be undefined: cannot even be printed.
    Undefinable,
}

/// A shape in [`Shapes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ShapeId(usize);

/// The sorts of shapes.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Nothing is known, so everything is allowed.
    Any,
    /// A text.
    Text,
    /// A number.
    Number,
    /// A truth value.
    Bool,
    /// A list of values of one type.
    List(Type),
    /// Fields with names.
    Record(BTreeMap<String, Type>),
    /// The theme's texts, or a group of them: its path, and what is in it.
    Texts(String, BTreeMap<String, Type>),
    /// A map with keys that are data.
    Keyed(Type, Option<Keys>),
}

/// The keys of a map, where they are known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Keys {
    /// All that may be asked for.
    pub possible: Vec<String>,
    /// Those that are there.
    pub present: Vec<String>,
}

/// All shapes.
#[derive(Debug)]
pub struct Shapes {
    list: Vec<Shape>,
}

/// Nothing is known about it.
pub const ANY: Type = Type { shape: ShapeId(0), presence: Presence::Always };
/// A text that is there.
pub const TEXT: Type = Type { shape: ShapeId(1), presence: Presence::Always };
/// A number that is there.
pub const NUMBER: Type = Type { shape: ShapeId(2), presence: Presence::Always };
/// A truth value that is there.
pub const BOOL: Type = Type { shape: ShapeId(3), presence: Presence::Always };

impl Type {
    /// The same, once it is known to be there.
    pub fn present(self) -> Self {
        Self { presence: Presence::Always, ..self }
    }

    /// The same, where it may be missing in this way.
    pub fn maybe(self, presence: Presence) -> Self {
        Self { presence: self.presence.max(presence), ..self }
    }
}

impl Default for Shapes {
    fn default() -> Self {
        Self { list: vec![Shape::Any, Shape::Text, Shape::Number, Shape::Bool] }
    }
}

impl Shapes {
    /// A shape.
    pub fn get(&self, id: ShapeId) -> &Shape {
        &self.list[id.0]
    }

    /// The shape of a value of this type.
    pub fn of(&self, kind: Type) -> &Shape {
        self.get(kind.shape)
    }

    /// Adds a shape.
    pub fn add(&mut self, shape: Shape) -> Type {
        self.list.push(shape);
        Type { shape: ShapeId(self.list.len() - 1), presence: Presence::Always }
    }

    /// The type that a JSON Schema describes.
    pub fn of_schema(&mut self, schema: &schemars::Schema) -> Type {
        let schema = schema.as_value();
        Schema { shapes: self, definitions: &schema["$defs"], known: HashMap::new() }.read(schema)
    }

    /// The type of `t`, or of a group in it.
    pub fn of_texts(&mut self, tree: &Json, path: &str) -> Type {
        match tree {
            Json::Object(entries) => {
                let inner = |name: &String| if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                let fields =
                    entries.iter().map(|(name, tree)| (name.clone(), self.of_texts(tree, &inner(name)))).collect();
                self.add(Shape::Texts(path.to_owned(), fields))
            }
            Json::Array(_) => self.add(Shape::List(TEXT)),
            _ => TEXT,
        }
    }

    /// The type of a field, and of a key where it is known.
    pub fn field(&self, kind: Type, name: &str) -> Option<Type> {
        match self.of(kind) {
            Shape::Any => Some(ANY),
            Shape::Record(fields) | Shape::Texts(_, fields) => fields.get(name).copied(),
            Shape::Keyed(value, None) => Some(*value),
            Shape::Keyed(value, Some(keys)) => {
                let has = |keys: &[String]| keys.iter().any(|key| key == name);
                match (has(&keys.present), has(&keys.possible)) {
                    (true, _) => Some(*value),
                    (false, true) => Some(value.maybe(Presence::Undefinable)),
                    (false, false) => None,
                }
            }
            _ => None,
        }
    }

    /// The names that [`Shapes::field`] knows.
    pub fn names(&self, kind: Type) -> Vec<&str> {
        match self.of(kind) {
            Shape::Record(fields) | Shape::Texts(_, fields) => fields.keys().map(String::as_str).collect(),
            Shape::Keyed(_, Some(keys)) => keys.possible.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// Gives a map inside a type known keys: `site.assets`.
    pub fn set_keys(&mut self, root: Type, path: &[&str], keys: Keys) {
        let target = path.iter().try_fold(root, |kind, name| self.field(kind, name));
        if let Some(target) = target
            && let Shape::Keyed(value, _) = *self.of(target)
        {
            self.list[target.shape.0] = Shape::Keyed(value, Some(keys));
        }
    }

    /// What can be said about a value that has one type or the other.
    pub fn join(&self, left: Type, right: Type) -> Type {
        let presence = left.presence.max(right.presence);
        let alike = left.shape == right.shape || self.of(left) == self.of(right);
        if alike { Type { shape: left.shape, presence } } else { Type { shape: ANY.shape, presence: Presence::Always } }
    }

    /// What it is, in words.
    pub fn words(&self, kind: Type) -> &'static str {
        match self.of(kind) {
            Shape::Any => "a value",
            Shape::Text => "a text",
            Shape::Number => "a number",
            Shape::Bool => "a truth value",
            Shape::List(_) => "a list",
            Shape::Record(_) => "a set of fields",
            Shape::Texts(..) => "a group of texts",
            Shape::Keyed(..) => "a map",
        }
    }
}

/// A schema while it is read.
struct Schema<'a> {
    shapes: &'a mut Shapes,
    definitions: &'a Json,
    /// The named types read so far, also those that are being read: types may contain themselves.
    known: HashMap<String, Type>,
}

impl Schema<'_> {
    fn read(&mut self, schema: &Json) -> Type {
        if let Some(reference) = schema["$ref"].as_str() {
            return self.reference(reference);
        }
        for union in ["anyOf", "oneOf"] {
            if let Some(variants) = schema[union].as_array() {
                return self.union(variants);
            }
        }
        let (word, presence) = match &schema["type"] {
            Json::String(word) => (word.as_str(), Presence::Always),
            Json::Array(words) => {
                let mut others = words.iter().filter_map(Json::as_str).filter(|word| *word != "null");
                let nullable = words.iter().any(|word| word == "null");
                let word = others.next().filter(|_| others.next().is_none()).unwrap_or_default();
                (word, if nullable { Presence::Nullable } else { Presence::Always })
            }
            _ if schema["enum"].is_array() || schema["const"].is_string() => ("string", Presence::Always),
            _ => return ANY,
        };
        self.of_word(word, schema).maybe(presence)
    }

    fn of_word(&mut self, word: &str, schema: &Json) -> Type {
        match word {
            "string" => TEXT,
            "integer" | "number" => NUMBER,
            "boolean" => BOOL,
            "array" => {
                let item = self.read(&schema["items"]);
                self.shapes.add(Shape::List(item))
            }
            "object" => self.object(schema),
            _ => ANY,
        }
    }

    fn object(&mut self, schema: &Json) -> Type {
        let values = &schema["additionalProperties"];
        match schema["properties"].as_object() {
            Some(properties) if values.is_null() || *values == Json::Bool(false) => {
                let fields = properties.iter().map(|(name, schema)| (name.clone(), self.read(schema))).collect();
                self.shapes.add(Shape::Record(fields))
            }
            Some(_) => ANY,
            None if values.is_object() => {
                let value = self.read(values);
                self.shapes.add(Shape::Keyed(value, None))
            }
            None => ANY,
        }
    }

    fn reference(&mut self, reference: &str) -> Type {
        let name = reference.rsplit('/').next().unwrap_or_default();
        if let Some(known) = self.known.get(name) {
            return *known;
        }
        let place = self.shapes.add(Shape::Any);
        self.known.insert(name.to_owned(), place);
        let definitions = self.definitions;
        let read = self.read(&definitions[name]);
        self.shapes.list[place.shape.0] = self.shapes.of(read).clone();
        let kind = Type { shape: place.shape, presence: read.presence };
        self.known.insert(name.to_owned(), kind);
        kind
    }

    /// `null` or one other thing; texts among a few words; anything else is not followed.
    fn union(&mut self, variants: &[Json]) -> Type {
        let is_null = |schema: &&Json| schema["type"] == "null";
        let presence =
            if variants.iter().any(|schema| is_null(&schema)) { Presence::Nullable } else { Presence::Always };
        let types: Vec<Type> =
            variants.iter().filter(|schema| !is_null(schema)).map(|schema| self.read(schema)).collect();
        let joined = types.iter().copied().reduce(|left, right| self.shapes.join(left, right));
        joined.unwrap_or(ANY).maybe(presence)
    }
}
