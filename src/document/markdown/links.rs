//! Links, images and spans in brackets: where their targets stand, and what braces say about them.

use std::ops::Range;

use pulldown_cmark::{LinkType, Parser};

use crate::code;
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::document::attributes::{self, BAD_ATTRIBUTE};
use crate::document::body::{Attributes, Body, Image, Link, Part};
use crate::document::markdown::Source;
use crate::document::markdown::compiler::{Compiler, Open, OpenImage, OpenLink, fold, markdown_options};
use crate::document::{component, target};
use crate::text::address::decode;
use crate::text::slug::anchor_of_hosts;

pub(super) const CODES: &[&Code] = &[&EMPTY_LINK];

code! { pub EMPTY_LINK = "empty-link", Error, "a link without a text or a target",
"A link without text cannot be seen or heard, and one without a target leads nowhere. Write `[what it leads to](where)`." }

impl Compiler<'_, '_> {
    pub(super) fn start_link(
        &mut self,
        link_type: LinkType,
        target: &str,
        title: &str,
        name: &str,
        span: Range<usize>,
    ) {
        let attributes = self.braces_after(span.end);
        self.text_end = span.start + 1;
        if link_type == LinkType::ShortcutUnknown {
            self.start_span(&attributes);
            return;
        }
        let target = if link_type == LinkType::Email { format!("mailto:{target}") } else { target.to_owned() };
        let index = self.body.links.len();
        let place = self.source.place(span);
        let title = (!title.is_empty()).then(|| title.to_owned());
        self.body.links.push(Link { target, place, title, text: String::new(), attributes, raw: false });
        self.push(Open::Link(Some(index)));
        if self.writes() {
            self.hole(Part::LinkStart(index));
        }
        let plain_start = self.collect();
        self.link = Some(OpenLink { plain_start, link_type, name: name.to_owned() });
    }

    /// Lets links that name a heading of this text as code hosts do (`#kom-igång`) lead to its id (`#kom-igang`), so that they work
    /// there and here.
    pub(super) fn lead_to_headings(&mut self) {
        let Body { links, headings, anchors, .. } = &mut self.body;
        for link in links {
            let Some(anchor) = link.target.strip_prefix('#').and_then(decode) else { continue };
            if anchors.contains(&anchor) || headings.iter().any(|heading| heading.id == anchor) {
                continue;
            }
            if let Some(meant) = headings.iter().find(|heading| anchor_of_hosts(&heading.text) == anchor) {
                link.target = format!("#{}", meant.id);
            }
        }
    }

    fn start_span(&mut self, attributes: &Attributes) {
        if self.writes() {
            self.html.push_str("<span");
            attributes::write(&mut self.html, attributes);
            self.html.push('>');
        }
        self.push(Open::Span { marked: attributes.lang.is_some() });
    }

    pub(super) fn end_link(&mut self, span: Range<usize>) {
        match self.pop_markdown() {
            Some(Open::Link(Some(index))) => self.finish_link(index, span),
            Some(Open::Span { .. }) if self.writes() => self.html.push_str("</span>"),
            _ => {}
        }
    }

    fn finish_link(&mut self, index: usize, span: Range<usize>) {
        let Some(open) = self.link.take() else { return };
        let text = self.collected(open.plain_start);
        let place = self.source.place(self.target_span(open.link_type, &open.name, &span));
        let has_content = self.parts.last() != Some(&Part::LinkStart(index)) || !self.html.is_empty();
        let link = &mut self.body.links[index];
        (link.place, link.text) = (place, text);
        let fault = target::check(&link.target, false, || link.place.clone());
        let is_empty = link.target.is_empty() || (link.text.is_empty() && !has_content);
        if is_empty && self.writes() {
            let place = self.source.place(span.clone());
            self.report.push(Diagnostic::new(&EMPTY_LINK, "this link has no text or no target").at(place));
        }
        let is_refused = fault.is_some() || is_empty;
        if let Some(diagnostic) = fault {
            self.report.push(diagnostic);
        }
        if is_refused || !self.writes() {
            self.withdraw_link(index);
        } else {
            self.check_link_words(index, &span);
            self.hole(Part::LinkEnd(index));
        }
    }

    /// Takes back the last link, whose target must not be published or which stands in the text of an image.
    fn withdraw_link(&mut self, index: usize) {
        let start =
            if self.writes() { self.parts.iter().rposition(|part| *part == Part::LinkStart(index)) } else { None };
        if let Some(start) = start {
            self.parts[start] = Part::Html(String::new());
        }
        self.body.links.truncate(index);
    }

    pub(super) fn start_image(
        &mut self,
        link_type: LinkType,
        target: &str,
        title: &str,
        name: &str,
        span: Range<usize>,
    ) {
        self.push(Open::Image);
        if let Some(outer) = &mut self.image {
            outer.nested += 1;
            return;
        }
        let attributes = self.braces_after(span.end);
        self.text_end = span.start + 2;
        let title = (!title.is_empty()).then(|| title.to_owned());
        let place = self.source.place(span.clone());
        let image = Image {
            target: target.to_owned(),
            place,
            alt: String::new(),
            title,
            attributes,
            width: None,
            height: None,
        };
        // Brackets with braces after an exclamation mark: a span was meant, or the file forgotten.
        let refused = link_type == LinkType::ShortcutUnknown;
        let plain_start = self.collect();
        self.image = Some(OpenImage { image, plain_start, span, nested: 0, link_type, name: name.to_owned(), refused });
    }

    pub(super) fn end_image(&mut self, span: Range<usize>) {
        self.pop_markdown();
        // The target is looked for from the end of the text, so that is moved on only afterwards.
        let text_end = self.text_end.max(span.end);
        if let Some(outer) = self.image.as_mut().filter(|outer| outer.nested > 0) {
            outer.nested -= 1;
            self.text_end = text_end;
            return;
        }
        let Some(open) = self.image.take() else { return };
        let alt = self.collected(open.plain_start);
        if open.refused {
            self.text_end = text_end;
            let place = self.source.place(open.span);
            let diagnostic = Diagnostic::new(&BAD_ATTRIBUTE, "an image without a file")
                .at(place)
                .help("write `![text](file.jpg){…}`, or `\\!` before a span in brackets");
            self.report.push(diagnostic);
            return;
        }
        let mut image = open.image;
        image.alt = alt;
        image.place = self.source.place(self.target_span(open.link_type, &open.name, &open.span));
        self.text_end = text_end;
        self.check_alt(&image, &open.span);
        self.place_image(image, &open.span);
    }

    /// Puts the hole of an image, unless its target must not be published.
    pub(super) fn place_image(&mut self, image: Image, span: &Range<usize>) {
        if let Some(diagnostic) = target::check(&image.target, true, || image.place.clone()) {
            self.report.push(diagnostic);
        } else if image.target.is_empty() {
            let place = self.source.place(span.clone());
            self.report.push(Diagnostic::new(&EMPTY_LINK, "this image has no file").at(place));
        } else {
            self.hole(Part::Image(self.body.images.len()));
            self.body.images.push(image);
        }
    }

    /// Reads the braces that follow at `at`, if any; they are no text then.
    pub(super) fn braces_after(&mut self, at: usize) -> Attributes {
        if self.source.body.as_bytes().get(at) != Some(&b'{') {
            return Attributes::default();
        }
        match attributes::parse(self.source.body, at) {
            Ok(braces) => {
                self.cut = at..braces.end;
                if let Some(id) = &braces.attributes.id {
                    self.claim(id, braces.id_span);
                }
                braces.attributes
            }
            Err(fault) => {
                self.bad_attribute(fault);
                Attributes::default()
            }
        }
    }

    pub(super) fn bad_attribute(&mut self, fault: attributes::Fault) {
        let diagnostic = Diagnostic::new(&BAD_ATTRIBUTE, fault.message)
            .at(self.source.place(fault.span))
            .help("write `{#id .class lang=en}` with what you need of it, or `\\{` for braces that are text");
        self.report.push(diagnostic);
    }

    /// Where the target stands: in the link itself, or in the definition of its name.
    fn target_span(&self, link_type: LinkType, name: &str, span: &Range<usize>) -> Range<usize> {
        let found = match link_type {
            LinkType::Inline => self.inline_target(span),
            LinkType::Autolink | LinkType::Email => (span.len() > 2).then(|| span.start + 1..span.end - 1),
            _ => self.definitions.get(&fold(name)).and_then(|definition| defined_target(self.source.body, definition)),
        };
        found.unwrap_or_else(|| span.clone())
    }

    /// In `[text](target "title")`, looked for from the end of the text.
    fn inline_target(&self, span: &Range<usize>) -> Option<Range<usize>> {
        let from = self.text_end.clamp(span.start, span.end);
        let body = self.source.body.get(..span.end)?;
        let from = self.source.floor(from);
        // Between the text and its `](` stands at most a mark that has become nothing.
        let open = from + body[from..].find("](")? + 2;
        Some(destination(body, open))
    }
}

/// The targets of all definitions, each with its place, in order.
pub(super) fn definitions(source: Source) -> Vec<(String, Place)> {
    let covered = component::cover(source.body).map(|(covered, _)| covered);
    let parser = Parser::new_ext(covered.as_deref().unwrap_or(source.body), markdown_options());
    let definitions = parser.reference_definitions().iter().filter_map(|(_, definition)| {
        let span = defined_target(source.body, &definition.span)?;
        Some((definition.dest.to_string(), source.place(span)))
    });
    let mut definitions: Vec<(String, Place)> = definitions.collect();
    definitions.sort_by_key(|(_, place)| place.span.start);
    definitions
}

/// In `[name]: target "title"`.
fn defined_target(body: &str, definition: &Range<usize>) -> Option<Range<usize>> {
    let body = body.get(..definition.end)?;
    let mut at = definition.start + 1;
    loop {
        match body.as_bytes().get(at)? {
            b'\\' => at += 2,
            b']' => break,
            _ => at += 1,
        }
    }
    Some(destination(body, at + 2))
}

/// The destination that starts at `at`, after white space, which may hold a line break and the marks of a quote.
fn destination(body: &str, at: usize) -> Range<usize> {
    let bytes = body.as_bytes();
    let mut start = at.min(bytes.len());
    let mut is_new_line = false;
    while let Some(byte) = bytes.get(start) {
        match byte {
            b'\n' | b'\r' => is_new_line = true,
            b' ' | b'\t' => {}
            b'>' if is_new_line => {}
            _ => break,
        }
        start += 1;
    }
    if bytes.get(start) == Some(&b'<') {
        return start + 1..end_of_pointed(bytes, start + 1);
    }
    start..end_of_plain(bytes, start)
}

fn end_of_pointed(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'>' | b'\n' | b'\r' => break,
            _ => at += 1,
        }
    }
    at.min(bytes.len())
}

fn end_of_plain(bytes: &[u8], start: usize) -> usize {
    let (mut at, mut depth) = (start, 0_usize);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' if bytes.get(at + 1).is_some_and(u8::is_ascii_punctuation) => at += 1,
            b'(' => depth += 1,
            b')' if depth == 0 => break,
            b')' => depth -= 1,
            byte if byte.is_ascii_whitespace() => break,
            _ => {}
        }
        at += 1;
    }
    at.min(bytes.len())
}
