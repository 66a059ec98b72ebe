//! The body of a document as the rest of the program sees it: finished HTML with holes.
//!
//! A document knows no other file, so what depends on others stays open: where a link leads, what an image's
//! address is, what a component of the theme renders. [`Body::parts`] holds the HTML between the holes; the
//! theme fills them when the page is rendered.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::diagnostic::Place;

/// A compiled Markdown body.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Body {
    /// The HTML and the holes, in order.
    pub parts: Vec<Part>,
    /// The headings, in order, for the table of contents and for anchors.
    #[serde(skip)]
    pub headings: Vec<Heading>,
    /// The links that have holes in `parts` (here or in a component).
    pub links: Vec<Link>,
    /// The images that have holes in `parts`.
    pub images: Vec<Image>,
    /// The calls of theme components.
    pub components: Vec<Component>,
    /// Every id in the body that a link may point at: headings, footnotes, raw HTML.
    #[serde(skip)]
    pub anchors: Vec<String>,
    /// The first paragraph as plain text, for summaries.
    #[serde(skip)]
    pub excerpt: String,
    /// Hash of the source text of the body.
    #[serde(skip)]
    pub fingerprint: u64,
}

/// A piece of a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// Finished HTML.
    Html(#[serde(with = "html")] String),
    /// The opening tag of `links[n]`.
    LinkStart(usize),
    /// What stands after the text of `links[n]`: a generated label, and the closing tag.
    LinkEnd(usize),
    /// The whole of `images[n]`.
    Image(usize),
    /// The whole of `components[n]`.
    Component(usize),
}

/// A heading of the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its id, unique in the body.
    pub id: String,
    /// Its text, without markup.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

/// A link as written.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Link {
    /// The target as written, entities and escapes decoded: `../events/x.md#program`, `https://…`.
    pub target: String,
    /// Where the target stands in the file.
    #[serde(with = "span")]
    pub place: Place,
    /// The title in quotes, if any.
    pub title: Option<String>,
    /// The text, without markup.
    #[serde(skip)]
    pub text: String,
    /// What stood in `{…}` after it.
    pub attributes: Attributes,
    /// Whether raw HTML wrote it.
    #[serde(skip)]
    pub raw: bool,
}

/// An image as written.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Image {
    /// The target as written.
    pub target: String,
    /// Where the target stands in the file.
    #[serde(with = "span")]
    pub place: Place,
    /// The alternative text; empty for a decorative image.
    pub alt: String,
    /// The title in quotes, if any.
    pub title: Option<String>,
    /// What stood in `{…}` after it.
    pub attributes: Attributes,
    /// The width in pixels, if raw HTML gave one.
    pub width: Option<u32>,
    /// The height in pixels, if raw HTML gave one.
    pub height: Option<u32>,
}

/// Attributes in `{#id .class lang=en}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attributes {
    /// The id.
    pub id: Option<String>,
    /// The classes, in order.
    pub classes: Vec<String>,
    /// The language, BCP 47.
    pub lang: Option<String>,
}

/// A call of a theme component: `::: fact-box title="…"`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Component {
    /// The name as written: `fact-box`.
    pub name: String,
    /// Where the name stands.
    #[serde(with = "span")]
    pub place: Place,
    /// The arguments, in order, names unique.
    pub arguments: Vec<Argument>,
    /// What stands between the fences; its holes are those of the whole body.
    pub parts: Vec<Part>,
}

/// An argument of a component.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Argument {
    /// The name.
    pub name: String,
    /// Where the name stands.
    #[serde(with = "span")]
    pub name_place: Place,
    /// The value.
    pub value: ArgumentValue,
    /// Where the value stands.
    #[serde(with = "span")]
    pub place: Place,
}

/// What an argument may be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ArgumentValue {
    /// `title="…"` or `title=ord`
    Text(String),
    /// `level=2`
    Integer(i64),
    /// `open=true`
    Bool(bool),
}

impl Body {
    /// What is needed of it to write its HTML, as bytes that are put aside until then.
    pub fn save(&self) -> Vec<u8> {
        let within: usize = self.components.iter().map(|component| length(&component.parts)).sum();
        let room =
            length(&self.parts) + within + 256 + 128 * (self.links.len() + self.images.len() + self.components.len());
        postcard::to_extend(self, Vec::with_capacity(room)).unwrap_or_default()
    }

    /// A body that was put aside, of the document of this path.
    pub fn restore(bytes: &[u8], path: &Arc<str>) -> Option<Self> {
        let mut body: Self = postcard::from_bytes(bytes).ok()?;
        let links = body.links.iter_mut().map(|link| &mut link.place);
        let images = body.images.iter_mut().map(|image| &mut image.place);
        let components = body.components.iter_mut().flat_map(|component| {
            let arguments = component.arguments.iter_mut();
            let places = arguments.flat_map(|argument| [&mut argument.name_place, &mut argument.place]);
            places.chain([&mut component.place])
        });
        links.chain(images).chain(components).for_each(|place| place.path = path.clone());
        Some(body)
    }
}

/// How long the finished HTML of some parts is.
pub fn length(parts: &[Part]) -> usize {
    parts.iter().map(|part| if let Part::Html(html) = part { html.len() } else { 0 }).sum()
}

/// Finished HTML as bytes: whether they are text is then found out as for whole pages (`text::utf8`).
mod html {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::text::utf8;

    pub fn serialize<S: Serializer>(html: &str, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(html.as_bytes())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
        let bytes = <&[u8]>::deserialize(deserializer)?;
        utf8::text(bytes).map(str::to_owned).ok_or_else(|| D::Error::custom("no text"))
    }
}

/// Places without their file, which is the same for all of a body.
mod span {
    use std::ops::Range;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::diagnostic::Place;

    pub fn serialize<S: Serializer>(place: &Place, serializer: S) -> Result<S::Ok, S::Error> {
        place.span.serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Place, D::Error> {
        Range::deserialize(deserializer).map(|span| Place { path: std::sync::Arc::default(), span })
    }
}
