//! Raw HTML in a body: checked tag by tag against the list of permissions, and balanced with what is around it.

use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::attributes::write_one;
use crate::document::body::{Attributes, Image, Link, Part};
use crate::document::component::MISPLACED_COMPONENT;
use crate::document::markdown::RawHtml;
use crate::document::markdown::compiler::{Compiler, Open};
use crate::document::markdown::text::mark_seen;
use crate::document::raw_html::{
    Content, Element, MISPLACED_HTML, OpenTag, RAW_HTML_ATTRIBUTE, RAW_HTML_ELEMENT, RAW_HTML_SYNTAX, Token, Tokens,
    UNBALANCED_HTML, attribute_fault, decode, element, lower, similar_element,
};
use crate::document::target;
use crate::text::html::escape_to;

/// A block of raw HTML that is being read: its lines, and where they stand.
#[derive(Default)]
pub(super) struct RawBlock {
    text: String,
    /// The start of each line in `text` and in the body.
    lines: Vec<(usize, usize)>,
}

impl RawBlock {
    fn one(text: &str, start: usize) -> Self {
        Self { text: text.to_owned(), lines: vec![(0, start)] }
    }

    fn source_of(&self, at: usize) -> usize {
        let line = self.lines.partition_point(|(start, _)| *start <= at).saturating_sub(1);
        self.lines.get(line).map_or(0, |(start, source)| source + (at - start))
    }

    fn source_span(&self, span: &Range<usize>) -> Range<usize> {
        // The end belongs to the character before it: the next line may stand elsewhere.
        let end = if span.is_empty() { self.source_of(span.end) } else { self.source_of(span.end - 1) + 1 };
        self.source_of(span.start)..end
    }
}

impl Compiler<'_, '_> {
    pub(super) fn raw_line(&mut self, html: &str, span: Range<usize>) {
        let next = self.fences.partition_point(|fence| fence.start < span.start);
        let covered = self.fences.get(next).is_some_and(|fence| fence.start < span.end);
        let shown = if covered && html.len() == span.len() { &self.source.body[span.clone()] } else { html };
        let block = self.raw_block.get_or_insert_default();
        block.lines.push((block.text.len(), span.start));
        block.text.push_str(shown);
        let is_verbatim = starts_with_any(&block.text, &["<pre", "<!--"]);
        if covered && !is_verbatim {
            let place = self.source.place(span.clone());
            let diagnostic = Diagnostic::new(&MISPLACED_COMPONENT, "no component can stand inside raw HTML")
                .at(place)
                .help("leave a blank line before the component");
            self.report.push(diagnostic);
        }
        mark_seen(&mut self.fences, &span);
    }

    pub(super) fn end_raw_block(&mut self) {
        if let Some(block) = self.raw_block.take() {
            self.raw(&block);
        }
    }

    pub(super) fn raw_inline(&mut self, html: &str, span: Range<usize>) {
        self.text_end = self.text_end.max(span.end);
        if !self.writes() {
            let place = self.source.place(span);
            let diagnostic = Diagnostic::new(&MISPLACED_HTML, "the text of an image can hold no HTML").at(place);
            self.report.push(diagnostic);
            return;
        }
        self.raw(&RawBlock::one(html, span.start));
    }

    fn raw(&mut self, block: &RawBlock) {
        match self.options.raw_html {
            RawHtml::All => self.raw_as_it_is(block),
            RawHtml::Safe | RawHtml::None => self.raw_checked(block),
        }
    }

    fn raw_as_it_is(&mut self, block: &RawBlock) {
        self.html.push_str(&block.text);
        for token in Tokens::new(&block.text) {
            let Token::Open(tag) = token else { continue };
            for attribute in tag.attributes {
                let Some(value) = attribute.value.filter(|_| block.text[attribute.name].eq_ignore_ascii_case("id"))
                else {
                    continue;
                };
                let id = decode(&block.text[value.clone()]).into_owned();
                self.claim(&id, block.source_span(&value));
            }
        }
    }

    fn raw_checked(&mut self, block: &RawBlock) {
        let mut tokens = Tokens::new(&block.text);
        while let Some(token) = tokens.next() {
            match token {
                Token::Text(span) => self.raw_text(block, span),
                Token::Comment => {}
                Token::Open(tag) => {
                    if !self.raw_open(block, &tag) {
                        let name = lower(&block.text[tag.name.clone()]);
                        if matches!(&*name, "script" | "style" | "textarea" | "title" | "iframe" | "noscript" | "xmp") {
                            tokens.skip_past_end_of(&name);
                        }
                    }
                }
                Token::Close { name, span } => self.raw_close(block, name, span),
                Token::Declaration(span) => {
                    let message = "declarations and instructions may not stand in a text";
                    self.raw_fault(&RAW_HTML_ELEMENT, message, block, &span, None);
                }
                Token::Broken { message, span } => {
                    self.raw_fault(&RAW_HTML_SYNTAX, message, block, &span, None);
                }
            }
            if self.too_deep {
                return;
            }
        }
    }

    fn raw_fault(
        &mut self,
        code: &'static Code,
        message: impl Into<String>,
        block: &RawBlock,
        span: &Range<usize>,
        help: Option<String>,
    ) {
        let mut diagnostic = Diagnostic::new(code, message).at(self.source.place(block.source_span(span)));
        diagnostic.help.extend(help);
        self.report.push(diagnostic);
    }

    fn raw_text(&mut self, block: &RawBlock, span: Range<usize>) {
        let text = &block.text[span.clone()];
        let is_blank = text.trim().is_empty();
        if self.content() == Content::Structure && !is_blank {
            let start = span.start + (text.len() - text.trim_start().len());
            let message = "text may not stand directly in this element";
            self.raw_fault(&MISPLACED_HTML, message, block, &(start..start + text.trim().len()), None);
        }
        let decoded = decode(text);
        escape_to(&mut self.html, &decoded);
        self.note_plain(&decoded);
    }

    /// Opens an element; false if it may not stand in a text.
    fn raw_open(&mut self, block: &RawBlock, tag: &OpenTag) -> bool {
        let name = &block.text[tag.name.clone()];
        let Some(element) = self.permitted(name, block, &tag.name) else { return false };
        if let Some(message) = self.misplaced(element) {
            self.raw_fault(&MISPLACED_HTML, message, block, &tag.name, None);
            return true;
        }
        let attributes = self.raw_attributes(element, block, tag);
        match element.name {
            "img" => self.raw_image(attributes, block, tag),
            "a" => self.raw_link(element, attributes, block, tag),
            _ => self.raw_element(element, attributes, block, tag),
        }
        true
    }

    fn permitted(&mut self, name: &str, block: &RawBlock, span: &Range<usize>) -> Option<&'static Element> {
        if self.options.raw_html == RawHtml::None {
            let message = "raw HTML is switched off (`raw_html: none` in `site.yaml`)";
            self.raw_fault(&RAW_HTML_ELEMENT, message, block, span, Some("write it in Markdown".to_owned()));
            return None;
        }
        let element = element(name);
        if element.is_none() {
            let help = similar_element(name).map_or_else(
                || {
                    format!(
                        "write `&lt;{name}>` if it is meant as text; `raw_html` in `site.yaml` says what is allowed"
                    )
                },
                |known| format!("did you mean `<{known}>`?"),
            );
            self.raw_fault(&RAW_HTML_ELEMENT, format!("`<{name}>` may not stand in a text"), block, span, Some(help));
        }
        element
    }

    /// Why the element may not stand here.
    fn misplaced(&self, element: &Element) -> Option<String> {
        let parent = match self.open.last() {
            Some(Open::Raw { element, .. }) => Some(element.name),
            _ => None,
        };
        if !element.parents.is_empty() {
            let is_at_home = parent.is_some_and(|parent| element.parents.contains(&parent));
            let home = element.parents.join(">`, `<");
            return (!is_at_home).then(|| format!("`<{}>` may stand only in `<{home}>`", element.name));
        }
        match self.content() {
            Content::Structure => Some(format!("`<{}>` may not stand directly in this element", element.name)),
            Content::Phrasing if element.block => Some(format!("`<{}>` may not stand within text", element.name)),
            _ if element.name == "a" && self.is_in_link() => Some("a link may not stand in a link".to_owned()),
            _ => None,
        }
    }

    fn is_in_link(&self) -> bool {
        let is_link = |open: &Open| match open {
            Open::Link(_) => true,
            Open::Raw { element, .. } => element.name == "a",
            _ => false,
        };
        self.open.iter().any(is_link)
    }

    /// The attributes that may stand on the element, decoded, with their places.
    fn raw_attributes(&mut self, element: &Element, block: &RawBlock, tag: &OpenTag) -> Vec<Given> {
        let mut given: Vec<Given> = Vec::with_capacity(tag.attributes.len());
        for attribute in &tag.attributes {
            let name = lower(&block.text[attribute.name.clone()]).into_owned();
            let value = attribute.value.clone().map(|value| decode(&block.text[value]).into_owned());
            if let Some(message) = attribute_fault(element, &name, value.as_deref()) {
                self.raw_fault(&RAW_HTML_ATTRIBUTE, message, block, &attribute.name, None);
            } else if given.iter().any(|earlier| earlier.name == name) {
                let message = format!("`{name}` is given twice");
                self.raw_fault(&RAW_HTML_ATTRIBUTE, message, block, &attribute.name, None);
            } else {
                let span = attribute.value.as_ref().unwrap_or(&attribute.name);
                let span = block.source_span(span);
                if name == "id" {
                    self.claim(value.as_deref().unwrap_or_default(), span.clone());
                }
                given.push(Given { name, value, span });
            }
        }
        given
    }

    fn raw_element(&mut self, element: &'static Element, given: Vec<Given>, block: &RawBlock, tag: &OpenTag) {
        self.html.push('<');
        self.html.push_str(element.name);
        for attribute in &given {
            write_one(&mut self.html, &attribute.name, attribute.value.as_deref().unwrap_or_default());
        }
        self.html.push('>');
        if element.content != Content::Void {
            self.open_raw(element, block, tag, None);
        }
    }

    fn open_raw(&mut self, element: &'static Element, block: &RawBlock, tag: &OpenTag, link: Option<usize>) {
        let span = block.source_span(&tag.span);
        let marked =
            tag.attributes.iter().any(|attribute| block.text[attribute.name.clone()].eq_ignore_ascii_case("lang"));
        self.push(Open::Raw { element, span: span.clone(), link, marked });

        self.check_depth(&span);
    }

    fn raw_link(&mut self, element: &'static Element, mut given: Vec<Given>, block: &RawBlock, tag: &OpenTag) {
        let Some(href) = take(&mut given, "href") else {
            self.raw_element(element, given, block, tag);
            return;
        };
        let target = href.value.unwrap_or_default();
        let place = self.source.place(href.span);
        if let Some(diagnostic) = target::check(&target, false, || place.clone()) {
            self.report.push(diagnostic);
            self.raw_element(element, given, block, tag);
            return;
        }
        let title = take(&mut given, "title").and_then(|title| title.value);
        let attributes = self.hole_attributes(given, block, tag);
        let index = self.body.links.len();
        self.body.links.push(Link { target, place, title, text: String::new(), attributes, raw: true });
        self.hole(Part::LinkStart(index));
        self.open_raw(element, block, tag, Some(index));
        self.raw_link_start = self.collect();
    }

    fn raw_image(&mut self, mut given: Vec<Given>, block: &RawBlock, tag: &OpenTag) {
        let (source, alt) = (take(&mut given, "src"), take(&mut given, "alt"));
        let (Some(source), Some(alt)) = (source, alt) else {
            let message = "an image needs `src`, and `alt`: what it shows, or nothing (`alt=\"\"`) if it is decoration";
            self.raw_fault(&RAW_HTML_ATTRIBUTE, message, block, &tag.name, None);
            return;
        };
        let number = |given: Option<Given>| given.and_then(|given| given.value).and_then(|value| value.parse().ok());
        let (width, height) = (number(take(&mut given, "width")), number(take(&mut given, "height")));
        let title = take(&mut given, "title").and_then(|title| title.value);
        let attributes = self.hole_attributes(given, block, tag);
        let target = source.value.unwrap_or_default();
        let (place, alt) = (self.source.place(source.span), alt.value.unwrap_or_default());
        self.note_plain(&alt);
        let image = Image { target, place, alt, title, attributes, width, height };
        self.place_image(image, &block.source_span(&tag.span));
    }

    /// What the theme puts on a link or an image.
    fn hole_attributes(&mut self, given: Vec<Given>, block: &RawBlock, tag: &OpenTag) -> Attributes {
        let mut attributes = Attributes::default();
        for Given { name, value, .. } in given {
            let value = value.unwrap_or_default();
            match name.as_str() {
                "id" => attributes.id = Some(value),
                "lang" => attributes.lang = Some(value),
                "class" => attributes.classes = value.split_ascii_whitespace().map(str::to_owned).collect(),
                _ => {
                    let message = format!("links and images may not have the attribute `{name}`");
                    self.raw_fault(&RAW_HTML_ATTRIBUTE, message, block, &tag.name, None);
                }
            }
        }
        attributes
    }

    fn raw_close(&mut self, block: &RawBlock, name: Range<usize>, span: Range<usize>) {
        let text = &block.text[name.clone()];
        let Some(found) = self.permitted(text, block, &name) else { return };
        match self.open.last() {
            Some(Open::Raw { element, .. }) if element.name == found.name => {
                if let Some(Open::Raw { element, link, .. }) = self.pop() {
                    self.write_raw_end(element, link);
                }
            }
            Some(Open::Raw { element, span: opened, .. }) => {
                let (message, opened) =
                    (format!("`</{text}>` stands where `</{}>` must", element.name), opened.clone());
                let related = (self.source.place(opened), "opened here".to_owned());
                self.raw_fault_with(message, related, block, &span);
                self.close_misnested(found);
            }
            _ => {
                let message = format!("`</{text}>` closes nothing that was opened here");
                self.raw_fault(&UNBALANCED_HTML, message, block, &span, None);
            }
        }
    }

    fn raw_fault_with(
        &mut self,
        message: String,
        related: (crate::diagnostic::Place, String),
        block: &RawBlock,
        span: &Range<usize>,
    ) {
        let place = self.source.place(block.source_span(span));
        self.report.push(Diagnostic::new(&UNBALANCED_HTML, message).at(place).related(related.0, related.1));
    }

    /// After a fault: closes everything up to the element that was meant, so that one slip is one finding.
    fn close_misnested(&mut self, meant: &Element) {
        let inner = self.open.iter().rev().take_while(|open| matches!(open, Open::Raw { .. }));
        let Some(depth) =
            inner.into_iter().position(|open| matches!(open, Open::Raw { element, .. } if element.name == meant.name))
        else {
            return;
        };
        for _ in 0..=depth {
            if let Some(Open::Raw { element, link, .. }) = self.pop() {
                self.write_raw_end(element, link);
            }
        }
    }

    fn write_raw_end(&mut self, element: &Element, link: Option<usize>) {
        match link {
            Some(index) => {
                self.body.links[index].text = self.collected(self.raw_link_start);
                self.check_raw_link_words(index);
                self.hole(Part::LinkEnd(index));
            }
            None => {
                self.html.push_str("</");
                self.html.push_str(element.name);
                self.html.push('>');
            }
        }
    }

    /// Reports an element that is still open where something around it ends.
    pub(super) fn unclosed_raw(&mut self, element: &'static Element, span: Range<usize>, link: Option<usize>) {
        let diagnostic = Diagnostic::new(&UNBALANCED_HTML, format!("`<{}>` is not closed", element.name))
            .at(self.source.place(span))
            .help(format!("add `</{}>` in the same paragraph, list item or quote", element.name));
        self.report.push(diagnostic);
        self.write_raw_end(element, link);
    }

    /// Reports Markdown that may not stand directly in the open element of raw HTML.
    pub(super) fn check_markdown_in_raw(&mut self, span: &Range<usize>) {
        let Some(Open::Raw { element, span: opened, .. }) = self.open.last() else { return };
        if element.content == Content::Flow {
            return;
        }
        let (name, opened) = (element.name, self.source.place(opened.clone()));
        let diagnostic = Diagnostic::new(&MISPLACED_HTML, format!("a block of Markdown may not stand in `<{name}>`"))
            .at(self.source.place(span.start..span.start + 1))
            .related(opened, "opened here")
            .help("leave no blank line inside it");
        self.report.push(diagnostic);
    }
}

/// An attribute that may stand where it stands.
struct Given {
    name: String,
    value: Option<String>,
    span: Range<usize>,
}

fn take(given: &mut Vec<Given>, name: &str) -> Option<Given> {
    let at = given.iter().position(|attribute| attribute.name == name)?;
    Some(given.remove(at))
}

fn starts_with_any(text: &str, starts: &[&str]) -> bool {
    let text = text.trim_start().as_bytes();
    starts.iter().any(|start| text.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start.as_bytes())))
}
