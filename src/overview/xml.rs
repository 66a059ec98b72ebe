//! XML, for feeds and sitemaps. This is the only user of the XML library.

use std::borrow::Cow;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// Names and values.
type Attributes<'a> = [(&'a str, &'a str)];

/// An XML document while it is written.
pub struct Xml(Writer<Vec<u8>>);

impl Xml {
    /// Writes a whole document.
    pub fn document(root: &str, attributes: &Attributes, fill: impl FnOnce(&mut Self)) -> Vec<u8> {
        let mut xml = Self(Writer::new_with_indent(Vec::new(), b' ', 1));
        xml.write(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)));
        xml.element(root, attributes, fill);
        let mut bytes = xml.0.into_inner();
        bytes.push(b'\n');
        bytes
    }

    /// Writes an element with elements in it.
    pub fn element(&mut self, name: &str, attributes: &Attributes, fill: impl FnOnce(&mut Self)) {
        self.write(Event::Start(start(name, attributes)));
        fill(self);
        self.write(Event::End(BytesEnd::new(name)));
    }

    /// Writes an element with a text in it.
    pub fn text(&mut self, name: &str, attributes: &Attributes, text: &str) {
        self.write(Event::Start(start(name, attributes)));
        self.write(Event::Text(BytesText::new(&legal(text))));
        self.write(Event::End(BytesEnd::new(name)));
    }

    /// Writes an element with nothing in it.
    pub fn empty(&mut self, name: &str, attributes: &Attributes) {
        self.write(Event::Empty(start(name, attributes)));
    }

    fn write(&mut self, event: Event) {
        self.0.write_event(event).expect("writing to memory does not fail");
    }
}

fn start<'a>(name: &'a str, attributes: &Attributes<'a>) -> BytesStart<'a> {
    BytesStart::new(name).with_attributes(attributes.iter().map(|(name, value)| (*name, legal(value))))
}

/// A text without the characters that XML 1.0 cannot hold in any way (§2.2).
fn legal(text: &str) -> Cow<'_, str> {
    // All of them are control characters of ASCII or begin with this byte, and most texts have neither.
    if !text.bytes().any(|byte| byte < 0x20 || byte == 0xef) {
        return Cow::Borrowed(text);
    }
    let illegal = |sign: char| matches!(sign, '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    if text.contains(illegal) { Cow::Owned(text.replace(illegal, "")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_dropped() {
        let written =
            Xml::document("a", &[("b", "\u{1}\"<")], |xml| xml.text("c", &[], "å\u{b}\u{ffff}\t&\u{1f600}]]>"));
        let written = String::from_utf8(written).expect("UTF-8");
        let start = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<a b=\"&quot;&lt;\">\n";
        assert_eq!(written, format!("{start} <c>å\t&amp;\u{1f600}]]&gt;</c>\n</a>\n"));
    }
}
