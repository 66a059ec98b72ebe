//! What in a writer's SVG file could run in a reader's browser, or send it elsewhere.
//!
//! A picture on a page runs nothing, but its file has an address of its own, and there it is a page with all the rights of the
//! site. So the list is one of permissions, as for HTML in texts: drawings, their words and what programs note of them. What is not
//! named here is refused; nothing is taken away in silence.

use quick_xml::NsReader;
use quick_xml::XmlVersion;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesDecl, BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};

/// The most that an SVG file may hold, in bytes.
const LIMIT: usize = 8 << 20;

/// The elements that draw, in alphabetical order. Not those that run (`script`), hold HTML (`foreignObject`), lead on (`a`) or
/// change others while they are looked at (`set`, `animate`): these can change what a link leads to.
const ELEMENTS: &[&str] = &[
    "circle",
    "clipPath",
    "defs",
    "desc",
    "ellipse",
    "feBlend",
    "feColorMatrix",
    "feComponentTransfer",
    "feComposite",
    "feConvolveMatrix",
    "feDiffuseLighting",
    "feDisplacementMap",
    "feDistantLight",
    "feDropShadow",
    "feFlood",
    "feFuncA",
    "feFuncB",
    "feFuncG",
    "feFuncR",
    "feGaussianBlur",
    "feImage",
    "feMerge",
    "feMergeNode",
    "feMorphology",
    "feOffset",
    "fePointLight",
    "feSpecularLighting",
    "feSpotLight",
    "feTile",
    "feTurbulence",
    "filter",
    "g",
    "image",
    "line",
    "linearGradient",
    "marker",
    "mask",
    "metadata",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "stop",
    "style",
    "svg",
    "switch",
    "symbol",
    "text",
    "textPath",
    "title",
    "tspan",
    "use",
    "view",
];

const SVG: &str = "http://www.w3.org/2000/svg";

/// How the names of those vocabularies begin that drawing programs write their notes in. No browser knows them.
const NOTES: &[&str] = &[
    "http://creativecommons.org/ns#",
    "http://ns.adobe.com/",
    "http://purl.org/dc/",
    "http://sodipodi.sourceforge.net/",
    "http://web.resource.org/cc/",
    "http://www.bohemiancoding.com/sketch/",
    "http://www.figma.com/",
    "http://www.inkscape.org/",
    "http://www.serif.com/",
    "http://www.vectornator.io/",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "https://boxy-svg.com",
];

/// Pictures within a picture.
const PICTURES: &[&str] =
    &["data:image/png;", "data:image/jpeg;", "data:image/jpg;", "data:image/gif;", "data:image/webp;"];

/// Why a file may not be published; nothing if it may.
pub fn refuse(bytes: &[u8]) -> Option<String> {
    if bytes.len() > LIMIT {
        return Some(format!("it is {} MiB; 8 MiB is the most", bytes.len() >> 20));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => read(text.trim_start_matches('\u{feff}')).err(),
        Err(_) => Some("it is not UTF-8".to_owned()),
    }
}

fn read(text: &str) -> Result<(), String> {
    let mut reader = NsReader::from_str(text);
    reader.config_mut().check_comments = true;
    let mut has_root = false;
    let mut in_style = false;
    loop {
        let broken = |error| format!("it is no whole XML ({error})");
        let (namespace, event) = reader.read_resolved_event().map_err(broken)?;
        match event {
            Event::Start(_) | Event::Empty(_) if in_style => return Err("there are elements in its styles".to_owned()),
            Event::Start(element) => {
                in_style = check_element(vocabulary(&namespace)?, &element)? == "style";
                has_root = true;
            }
            Event::Empty(element) => {
                check_element(vocabulary(&namespace)?, &element)?;
                has_root = true;
            }
            Event::Text(text) if in_style => check_css(&text)?,
            Event::CData(text) if in_style => check_css(&text)?,
            Event::Text(_) | Event::CData(_) | Event::Comment(_) => {}
            Event::GeneralRef(_) if in_style => return Err("its styles have references (`&…;`)".to_owned()),
            Event::GeneralRef(_) => {}
            Event::End(_) => in_style = false,
            Event::Decl(declaration) => check_encoding(&declaration)?,
            Event::PI(instruction) => {
                return Err(format!("it has an instruction, `<?{}?>`", shown(&instruction)));
            }
            // Without declarations of its own it only names a grammar, which no browser fetches.
            Event::DocType(doctype) if doctype.contains('[') => {
                return Err("its `<!DOCTYPE>` declares entities".to_owned());
            }
            Event::DocType(_) => {}
            Event::Eof if has_root => return Ok(()),
            Event::Eof => return Err("there is no element in it".to_owned()),
        }
    }
}

/// Whose words an element is of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Vocabulary {
    Drawing,
    Note,
}

fn vocabulary(namespace: &ResolveResult) -> Result<Vocabulary, String> {
    let name = match namespace {
        ResolveResult::Bound(Namespace(SVG)) | ResolveResult::Unbound => return Ok(Vocabulary::Drawing),
        ResolveResult::Bound(Namespace(name)) => name,
        ResolveResult::Unknown(prefix) => return Err(format!("the prefix `{}` is not declared", shown(prefix))),
    };
    // A reference in the name would be another name to a browser.
    let is_note = NOTES.iter().any(|note| name.starts_with(note)) && !name.contains('&');
    if is_note { Ok(Vocabulary::Note) } else { Err(format!("it has elements of `{}`", shown(name))) }
}

fn check_element<'a>(vocabulary: Vocabulary, element: &'a BytesStart) -> Result<&'a str, String> {
    let local = element.local_name().into_inner();
    let name = ELEMENTS.iter().find(|name| **name == local);
    if vocabulary == Vocabulary::Drawing && name.is_none() {
        return Err(format!("it has the element `<{}>`", shown(local)));
    }
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|error| format!("it is no whole XML ({error})"))?;
        check_attribute(&attribute)?;
    }
    Ok(name.copied().unwrap_or_default())
}

fn check_attribute(attribute: &Attribute) -> Result<(), String> {
    let (whole, local) = (attribute.key.into_inner(), attribute.key.local_name().into_inner());
    let refused = |why: &str| Err(format!("the attribute `{}` {why}", shown(whole)));
    let value =
        attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| format!("it is no whole XML ({error})"))?;
    if local.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("on")) {
        return refused("runs a script");
    }
    if whole == "xml:base" {
        return refused("changes what its addresses mean");
    }
    let target: String = value.chars().filter(|sign| !sign.is_whitespace() && !sign.is_control()).collect();
    let leads = local.eq_ignore_ascii_case("href") || local.eq_ignore_ascii_case("src");
    if leads && !target.starts_with('#') && !PICTURES.iter().any(|picture| target.starts_with(picture)) {
        return refused("leads out of the picture");
    }
    if !leads && check_css(&value).is_err() {
        return refused("leads out of the picture");
    }
    Ok(())
}

/// Styles may use what is in the picture (`url(#pattern)`), and fetch nothing.
fn check_css(text: &str) -> Result<(), String> {
    let small = text.to_ascii_lowercase();
    let mut addresses = small.match_indices("url(").map(|(at, open)| &small[at + open.len()..]);
    let is_inside = |rest: &str| {
        let rest = rest.trim_start();
        let rest = rest.strip_prefix("&quot;").unwrap_or(rest).trim_start_matches(['"', '\'']);
        rest.starts_with('#') || PICTURES.iter().any(|picture| rest.starts_with(picture))
    };
    let fetches = ["@import", "image(", "image-set(", "src(", "expression(", "javascript:", "-moz-binding"];
    // With a backslash any word can be written so that it is not seen here.
    let hides = small.contains('\\');
    if hides || fetches.iter().any(|word| small.contains(word)) || !addresses.all(is_inside) {
        return Err("its styles lead out of the picture".to_owned());
    }
    Ok(())
}

/// A browser reads the file as its first line says; we have read it as UTF-8.
fn check_encoding(declaration: &BytesDecl) -> Result<(), String> {
    let named = declaration.encoding().transpose().map_err(|error| format!("it is no whole XML ({error})"))?;
    let is_known = |name: &str| ["utf-8", "us-ascii"].iter().any(|known| name.eq_ignore_ascii_case(known));
    match named {
        Some(name) if !is_known(name.as_ref()) => Err("it says that it is not UTF-8".to_owned()),
        _ => Ok(()),
    }
}

/// Some words of the file, for a message.
fn shown(words: &str) -> String {
    words.chars().take(60).collect::<String>().escape_debug().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawing(inside: &str) -> String {
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\">{inside}</svg>")
    }

    #[test]
    fn the_list_is_in_order() {
        assert!(ELEMENTS.is_sorted());
    }

    #[test]
    fn drawings_are_fine() {
        for inside in [
            "<title>Träd &amp; blad</title><path d=\"M0 0\" style=\"fill:url(#a)\"/><use xlink:href=\"#b\"/>",
            "<style>.a { fill: url( '#a' ); }</style><style><![CDATA[.a > b { fill: red }]]></style>",
            "<image href=\"data:image/png;base64,AAAA\"/>",
            "<sodipodi:namedview xmlns:sodipodi=\"http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd\" id=\"a\"/>",
            "<metadata><r:RDF xmlns:r=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><r:li/></r:RDF></metadata>",
            "<text>onload=alert(1) javascript:</text>",
        ] {
            assert_eq!(refuse(drawing(inside).as_bytes()), None, "{inside}");
        }
        let old =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"x.dtd\">";
        assert_eq!(refuse(format!("\u{feff}{old}{}", drawing("")).as_bytes()), None);
    }

    #[test]
    fn what_runs_or_leads_out_is_refused() {
        for inside in [
            "<script>alert(1)</script>",
            "<script href=\"data:text/javascript,alert(1)\"/>",
            "<s:script xmlns:s=\"http://www.w3.org/2000/svg\">alert(1)</s:script>",
            "<h:script xmlns:h=\"http://www.w3.org/1999/xhtml\">alert(1)</h:script>",
            "<h:script xmlns:h=\"http://www.w3.org/1999/xhtm&#108;\">alert(1)</h:script>",
            "<h:p xmlns:h=\"http://www.inkscape.org/&#x2e;\"/>",
            "<foreignObject><body xmlns=\"http://www.w3.org/1999/xhtml\"/></foreignObject>",
            "<g onload=\"alert(1)\"/>",
            "<g ONLOAD=\"alert(1)\"/>",
            "<a href=\"javascript:alert(1)\"><text>x</text></a>",
            "<a xlink:href=\"https://example.org/\"><text>x</text></a>",
            "<set attributeName=\"onmouseover\" to=\"alert(1)\"/>",
            "<animate attributeName=\"href\" values=\"javascript:alert(1)\"/>",
            "<use href=\"data:image/svg+xml;base64,AAAA#x\"/>",
            "<use xlink:href=\"https://example.org/x.svg#x\"/>",
            "<image href=\"https://example.org/x.png\"/>",
            "<image href=\"//example.org/x.png\"/>",
            "<image href=\" &#10;java&#9;script:alert(1)\"/>",
            "<g xml:base=\"https://example.org/\"/>",
            "<style>@import 'https://example.org/x.css';</style>",
            "<style>.a { fill: url(https://example.org/x) }</style>",
            "<style>.a { fill: u\\72l(https://example.org/x) }</style>",
            "<style>.a { fill: &#117;rl(x) }</style>",
            "<style><![CDATA[@import 'x';]]></style>",
            "<style><g/>@import 'x';</style>",
            "<rect style=\"fill: url(https://example.org/x)\"/>",
            "<rect fill=\"url(&#104;ttps://example.org/x)\"/>",
            "<?xml-stylesheet href=\"x.css\"?>",
            "<handler xmlns:ev=\"http://www.w3.org/2001/xml-events\" ev:event=\"load\">alert(1)</handler>",
            "<g><rect></g>",
            "<x:g/>",
        ] {
            assert!(refuse(drawing(inside).as_bytes()).is_some(), "{inside}");
        }
        for file in [
            "",
            "text",
            "<html xmlns=\"http://www.w3.org/1999/xhtml\"/>",
            "<?xml version=\"1.0\" encoding=\"ISO-2022-JP\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>",
            "<!DOCTYPE svg [<!ENTITY x \"<script/>\">]><svg xmlns=\"http://www.w3.org/2000/svg\">&x;</svg>",
            "<?xml-stylesheet href=\"x.xsl\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>",
        ] {
            assert!(refuse(file.as_bytes()).is_some(), "{file}");
        }
        assert!(refuse(b"\xff\xfe<\0s\0v\0g\0").is_some());
    }
}
