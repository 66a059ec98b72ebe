//! Blocks: paragraphs, headings, lists, tables, code, and the fences of components.

use std::ops::Range;

use pulldown_cmark::{Alignment, CodeBlockKind, HeadingLevel, Tag, TagEnd};

use crate::code;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::attributes::{self, write_one};
use crate::document::body::{Argument, Attributes, Component, Heading, Part};
use crate::document::component::{
    COMPONENT_NOT_ALLOWED, MISPLACED_COMPONENT, Opening, STRAY_COMPONENT_END, UNCLOSED_COMPONENT, is_closing,
    read_opening,
};
use crate::document::highlight::{self, UNKNOWN_CODE_LANGUAGE};
use crate::document::markdown::compiler::{Compiler, Open, OpenCode, OpenHeading};
use crate::document::raw_html::Content;
use crate::text::html::{escape, escape_to};

pub(super) const CODES: &[&Code] = &[&UNUSED_CODE_WORDS];

code! { pub UNUSED_CODE_WORDS = "unused-code-words", Warning, "words after the language of a code block",
"Only the first word after the opening fence of a code block, its language, has a meaning here. What follows is not \
shown." }

impl<'a> Compiler<'a, '_> {
    pub(super) fn start_block(&mut self, tag: Tag<'a>, span: Range<usize>) {
        if !matches!(tag, Tag::HtmlBlock) {
            self.check_markdown_in_raw(&span);
        }
        self.end_prose(false);
        match tag {
            Tag::Paragraph => self.start_paragraph(),
            Tag::Heading { level, .. } => self.start_heading(level, span),
            Tag::BlockQuote(_) => self.open_block("<blockquote>\n", Content::Flow, true),
            Tag::CodeBlock(kind) => self.start_code(kind, span),
            Tag::HtmlBlock => self.push(Open::Ignored),
            Tag::List(None) => self.open_block("<ul>\n", Content::Structure, true),
            Tag::List(Some(1)) => self.open_block("<ol>\n", Content::Structure, true),
            Tag::List(Some(start)) => self.open_block(&format!("<ol start=\"{start}\">\n"), Content::Structure, true),
            Tag::Item => self.start_item(),
            Tag::FootnoteDefinition(name) => self.start_footnote(&name),
            Tag::DefinitionList => self.open_block("<dl>\n", Content::Structure, true),
            Tag::DefinitionListTitle => self.open_block("<dt>", Content::Phrasing, false),
            Tag::DefinitionListDefinition => self.open_block("<dd>", Content::Flow, false),
            Tag::Table(alignments) => self.start_table(alignments),
            Tag::TableHead => self.start_table_head(),
            Tag::TableRow => self.start_table_row(),
            Tag::TableCell => self.start_cell(),
            // What is inline is opened elsewhere, and metadata blocks are switched off.
            _ => self.push(Open::Ignored),
        }
    }

    pub(super) fn end(&mut self, tag: TagEnd, span: Range<usize>) {
        if !is_inline(tag) {
            self.end_prose(tag == TagEnd::Paragraph);
        }
        match tag {
            TagEnd::Emphasis => self.end_inline("</em>"),
            TagEnd::Strong => self.end_inline("</strong>"),
            TagEnd::Strikethrough => self.end_inline("</del>"),
            TagEnd::Superscript => self.end_inline("</sup>"),
            TagEnd::Subscript => self.end_inline("</sub>"),
            TagEnd::Link => self.end_link(span.clone()),
            TagEnd::Image => self.end_image(span.clone()),
            TagEnd::Paragraph => self.end_paragraph(),
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::BlockQuote(_) => self.close_block("</blockquote>\n"),
            TagEnd::CodeBlock => self.end_code(&span),
            TagEnd::HtmlBlock => self.end_html_block(),
            TagEnd::List(true) => self.close_block("</ol>\n"),
            TagEnd::List(false) => self.close_block("</ul>\n"),
            TagEnd::Item => self.close_block("</li>\n"),
            TagEnd::FootnoteDefinition => self.end_footnote(span.clone()),
            TagEnd::DefinitionList => self.close_block("</dl>\n"),
            TagEnd::DefinitionListTitle => self.close_block("</dt>\n"),
            TagEnd::DefinitionListDefinition => self.close_block("</dd>\n"),
            TagEnd::Table => self.end_table(),
            TagEnd::TableHead => self.end_table_head(span.clone()),
            TagEnd::TableRow => self.close_block("</tr>\n"),
            TagEnd::TableCell => self.end_cell(),
            TagEnd::MetadataBlock(_) => drop(self.pop_markdown()),
        }
        self.text_end = self.text_end.max(span.end);
    }

    fn open_block(&mut self, html: &str, content: Content, block: bool) {
        self.newline();
        self.html.push_str(html);
        self.push(Open::Markdown { content, block });
    }

    fn close_block(&mut self, html: &str) {
        self.pop_markdown();
        self.html.push_str(html);
    }

    fn start_paragraph(&mut self) {
        if self.open.is_empty() && self.body.excerpt.is_empty() {
            self.excerpt_start = Some(self.collect());
        }
        self.open_block("<p>", Content::Phrasing, false);
        self.open_single_quotes = 0;
    }

    fn end_paragraph(&mut self) {
        self.close_block("</p>\n");
        if let Some(start) = self.excerpt_start.take() {
            self.body.excerpt = self.collected(start);
        }
    }

    fn start_item(&mut self) {
        self.newline();
        let (part, byte) = self.position();
        self.item_at = (part, byte + "<li".len());
        self.open_block("<li>", Content::Flow, false);
    }

    pub(super) fn task(&mut self, done: bool) {
        self.insert(self.item_at, " class=\"task\"");
        let words = self.language.words;
        let (label, checked) = if done { (words.done, " checked") } else { (words.not_done, "") };
        self.html.push_str("<input type=\"checkbox\" disabled");
        self.html.push_str(checked);
        write_one(&mut self.html, "aria-label", label);
        self.html.push_str("> ");
    }

    fn start_heading(&mut self, level: HeadingLevel, span: Range<usize>) {
        let attributes = self.heading_attributes(&span);
        self.newline();
        self.html.push_str("<h");
        self.html.push(char::from(b'0' + level as u8));
        let id_at = self.position();
        let id = attributes.id;
        attributes::write(&mut self.html, &Attributes { id: None, ..attributes });
        self.html.push('>');
        self.push(Open::Markdown { content: Content::Phrasing, block: false });
        let plain_start = self.collect();
        self.heading = Some(OpenHeading { level: level as u8, id_at, id, plain_start, span });
    }

    /// Reads the braces at the end of a heading, after a space.
    fn heading_attributes(&mut self, span: &Range<usize>) -> Attributes {
        let Some(at) = heading_braces(self.source.body, span) else { return Attributes::default() };
        let attributes = self.braces_after(at);
        if self.cut.start == at {
            let before = self.source.body[span.start..at].trim_end_matches([' ', '\t']);
            self.heading_cut = span.start + before.len()..self.cut.end;
        }
        attributes
    }

    fn end_heading(&mut self) {
        self.pop_markdown();
        let Some(heading) = self.heading.take() else { return };
        let text = self.collected(heading.plain_start);
        let place = self.source.place(heading_place(self.source.body, heading.span));
        let id = heading.id.unwrap_or_else(|| {
            let id = self.ids.of_heading(&text, place.clone());
            self.body.anchors.push(id.clone());
            id
        });
        self.insert(heading.id_at, &[" id=\"", &*escape(&id), "\""].concat());
        self.html.push_str("</h");
        self.html.push(char::from(b'0' + heading.level));
        self.html.push_str(">\n");
        self.body.headings.push(Heading { level: heading.level, id, text, place });
    }

    pub(super) fn rule(&mut self, span: Range<usize>) {
        self.check_markdown_in_raw(&span);
        let at = self.fences.partition_point(|fence| fence.start < span.start);
        match self.fences.get(at) {
            Some(fence) if fence.start < span.end.max(span.start + 1) => self.fence(at),
            _ => {
                self.newline();
                self.html.push_str("<hr>\n");
            }
        }
    }

    fn fence(&mut self, at: usize) {
        self.fences[at].seen = true;
        if is_closing(self.source.body, &self.fences[at]) {
            self.close_component(at);
        } else {
            self.open_component(at);
        }
    }

    fn open_component(&mut self, at: usize) {
        let fence = &self.fences[at];
        let (span, colons) = (fence.start..fence.end, fence.colons);
        let opening = read_opening(self.source.body, fence);
        if !self.options.components {
            let place = self.source.place(span.clone());
            self.report.push(
                Diagnostic::new(&COMPONENT_NOT_ALLOWED, "no component may stand in this text")
                    .at(place)
                    .help("write it as plain Markdown"),
            );
        }
        self.newline();
        self.start_parts();
        let index = self.body.components.len();
        let component = self.component(opening);
        self.check_component_alt(&component);
        self.body.components.push(component);
        self.push(Open::Component { index, colons, span: span.clone() });
        self.check_depth(&span);
    }

    fn component(&mut self, opening: Opening) -> Component {
        for fault in opening.faults {
            let mut diagnostic = Diagnostic::new(fault.code, fault.message).at(self.source.place(fault.span));
            if let Some(related) = fault.related {
                diagnostic = diagnostic.related(self.source.place(related), "first given here");
            }
            self.report.push(diagnostic);
        }
        let argument = |written: crate::document::component::Written| Argument {
            name: self.source.body[written.name.clone()].to_owned(),
            name_place: self.source.place(written.name),
            value: written.value,
            place: self.source.place(written.value_span),
        };
        Component {
            name: self.source.body[opening.name.clone()].to_owned(),
            place: self.source.place(opening.name.clone()),
            arguments: opening.arguments.into_iter().map(argument).collect(),
            parts: Vec::new(),
        }
    }

    /// Closes the component opened last. A longer fence closes the one it belongs to, and says so of those inside.
    fn close_component(&mut self, at: usize) {
        let (start, end, closing) = (self.fences[at].start, self.fences[at].end, self.fences[at].colons);
        while matches!(self.open.last(), Some(Open::Raw { .. })) && self.has_open_component() {
            if let Some(Open::Raw { element, span, link, .. }) = self.pop() {
                self.unclosed_raw(element, span, link);
            }
        }
        let reach = self.components_to_close(closing);
        if reach == 0 {
            let mut diagnostic = Diagnostic::new(&STRAY_COMPONENT_END, "no component is open here")
                .at(self.source.place(start..end))
                .help("take it away, or give it the name of a component");
            let outer = self.open.iter().rev().find_map(|open| match open {
                Open::Component { span, .. } => Some(span.clone()),
                _ => None,
            });
            if let Some(outer) = outer {
                diagnostic =
                    diagnostic.related(self.source.place(outer), "this one must be closed outside the list or quote");
            }
            self.report.push(diagnostic);
        }
        for inner in (0..reach).rev() {
            if let Some(Open::Component { index, span, .. }) = self.pop() {
                self.finish_component(index);
                if inner > 0 {
                    self.report_unclosed(span);
                }
            }
        }
    }

    fn has_open_component(&self) -> bool {
        let outside_raw = self.open.iter().rev().find(|open| !matches!(open, Open::Raw { .. }));
        matches!(outside_raw, Some(Open::Component { .. }))
    }

    /// How many components a closing fence closes: one, unless its length is that of one farther out.
    fn components_to_close(&self, closing: usize) -> usize {
        let colons = self.open.iter().rev().map_while(|open| match open {
            Open::Component { colons, .. } => Some(*colons),
            _ => None,
        });
        let colons: Vec<usize> = colons.collect();
        match colons.first() {
            None => 0,
            Some(innermost) if *innermost >= closing => 1,
            Some(_) => colons.iter().position(|opened| *opened == closing).map_or(1, |at| at + 1),
        }
    }

    fn finish_component(&mut self, index: usize) {
        let parts = self.end_parts();
        self.body.components[index].parts = parts;
        self.hole(Part::Component(index));
    }

    /// A component still open where the text around it ends.
    pub(super) fn unclosed_component(&mut self, index: usize, span: Range<usize>) {
        self.finish_component(index);
        self.report_unclosed(span);
    }

    fn report_unclosed(&mut self, span: Range<usize>) {
        let diagnostic = Diagnostic::new(&UNCLOSED_COMPONENT, "this component is never closed")
            .at(self.source.place(span))
            .help("add a line `:::` where it ends");
        self.report.push(diagnostic);
    }

    pub(super) fn report_unseen_fences(&mut self) {
        let unseen: Vec<_> =
            self.fences.iter().filter(|fence| !fence.seen).map(|fence| fence.start..fence.end).collect();
        for span in unseen {
            let diagnostic = Diagnostic::new(&MISPLACED_COMPONENT, "no component can stand here")
                .at(self.source.place(span))
                .help("move it to the beginning of the line, or write `\\:::` for colons that are text");
            self.report.push(diagnostic);
        }
    }

    fn start_code(&mut self, kind: CodeBlockKind, span: Range<usize>) {
        let language = match &kind {
            CodeBlockKind::Fenced(info) => info.split([' ', '\t', ',', '{']).next().unwrap_or_default().to_owned(),
            CodeBlockKind::Indented => String::new(),
        };
        let first_line = self.source.body[span.clone()].split(['\n', '\r']).next().unwrap_or_default();
        let at = span.start + first_line.find(&language).unwrap_or(0);
        if let CodeBlockKind::Fenced(info) = &kind
            && !info[language.len()..].trim().is_empty()
        {
            let place = self.source.place(at + language.len()..span.start + first_line.trim_end().len());
            let message = "only the language has a meaning here";
            self.report.push(Diagnostic::new(&UNUSED_CODE_WORDS, message).at(place));
        }
        self.push(Open::Markdown { content: Content::Phrasing, block: false });
        let language_span = at..at + language.len();
        let is_fenced = matches!(kind, CodeBlockKind::Fenced(_));
        self.code = Some(OpenCode { is_fenced, language, language_span, text: String::new() });
    }

    fn end_code(&mut self, span: &Range<usize>) {
        self.pop_markdown();
        let Some(code) = self.code.take() else { return };
        if code.is_fenced {
            self.check_code_end(span);
        }
        self.newline();
        self.html.push_str("<pre tabindex=\"0\"><code");
        if code.language.is_empty() {
            self.html.push('>');
            escape_to(&mut self.html, &code.text);
        } else {
            write_one(&mut self.html, "class", &format!("language-{}", code.language));
            self.html.push('>');
            if let Err(unknown) = highlight::highlight(&mut self.html, &code.language, &code.text) {
                self.unknown_language(&code, unknown.suggestion);
            }
        }
        self.html.push_str("</code></pre>\n");
        // Code is no text to quote or to name things by, but it is read.
        self.note_plain(&code.text);
    }

    fn unknown_language(&mut self, code: &OpenCode, suggestion: Option<String>) {
        let message = format!("there are no colours for the language `{}`", code.language);
        let help = match suggestion {
            Some(similar) => format!("did you mean `{similar}`?"),
            None => "write `text` if it is in no language".to_owned(),
        };
        let place = self.source.place(code.language_span.clone());
        self.report.push(Diagnostic::new(&UNKNOWN_CODE_LANGUAGE, message).at(place).help(help));
    }

    fn end_html_block(&mut self) {
        // The block itself is no element: what it opens may be closed in another.
        let own = self.open.iter().rposition(|open| matches!(open, Open::Ignored));
        if let Some(own) = own {
            self.open.remove(own);
        }
        self.end_raw_block();
    }

    fn start_table(&mut self, alignments: Vec<Alignment>) {
        self.table.alignments = alignments;
        self.table.number += 1;
        self.newline();
        self.html.push_str("<div class=\"table-scroll\" role=\"region\" tabindex=\"0\"");
        let label = format!("{} {}", self.language.words.table, self.table.number);
        write_one(&mut self.html, "aria-label", &label);
        self.html.push_str(">\n");
        self.open_block("<table>\n", Content::Structure, true);
    }

    fn end_table(&mut self) {
        self.pop_markdown();
        self.html.push_str("</tbody>\n</table>\n</div>\n");
    }

    fn start_table_head(&mut self) {
        self.table.head = true;
        self.table.column = 0;
        self.open_block("<thead>\n<tr>\n", Content::Structure, false);
    }

    fn end_table_head(&mut self, span: Range<usize>) {
        if !std::mem::take(&mut self.table.has_header) {
            self.report_table_without_header(span);
        }
        self.table.head = false;
        self.close_block("</tr>\n</thead>\n<tbody>\n");
    }

    fn start_table_row(&mut self) {
        self.table.column = 0;
        self.open_block("<tr>\n", Content::Structure, false);
    }

    fn start_cell(&mut self) {
        self.table.cell = self.position();
        self.html.push_str(if self.table.head { "<th scope=\"col\"" } else { "<td" });
        self.html.push_str(match self.table.alignments.get(self.table.column) {
            Some(Alignment::Left) => " class=\"align-left\">",
            Some(Alignment::Center) => " class=\"align-center\">",
            Some(Alignment::Right) => " class=\"align-right\">",
            _ => ">",
        });
        self.table.content = self.position();
        self.push(Open::Markdown { content: Content::Flow, block: false });
    }

    fn end_cell(&mut self) {
        self.pop_markdown();
        let is_empty = self.position() == self.table.content;
        self.table.has_header |= self.table.head && !is_empty;
        if self.table.head && is_empty {
            // A heading that says nothing confuses those who listen to the table.
            self.html.truncate(self.table.cell.1);
            self.html.push_str("<td></td>\n");
        } else {
            self.html.push_str(if self.table.head { "</th>\n" } else { "</td>\n" });
        }
        self.table.column += 1;
    }
}

fn is_inline(tag: TagEnd) -> bool {
    use TagEnd::{Emphasis, Image, Link, Strikethrough, Strong, Subscript, Superscript};
    matches!(tag, Emphasis | Strong | Strikethrough | Superscript | Subscript | Link | Image)
}

/// Where the braces at the end of a heading start; they follow a space, so that they belong to no link or span.
fn heading_braces(body: &str, span: &Range<usize>) -> Option<usize> {
    let heading = body[span.clone()].trim_end();
    let line = if heading.starts_with('#') {
        let unclosed = heading.trim_end_matches('#');
        if unclosed.ends_with([' ', '\t']) { unclosed.trim_end() } else { heading }
    } else {
        let text = heading.trim_end_matches(['=', '-']).trim_end_matches([' ', '\t', '>']);
        text.trim_end()
    };
    if !line.ends_with('}') {
        return None;
    }
    let at = line.rfind('{')?;
    line[..at].ends_with([' ', '\t']).then_some(span.start + at)
}

/// A heading without its line break.
fn heading_place(body: &str, span: Range<usize>) -> Range<usize> {
    span.start..span.start + body[span].trim_end().len()
}
