//! The state of one compilation, and the loop over the events of the Markdown.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{Alignment, BrokenLink, CowStr, Event, LinkType, Options, Parser, RefDefs, Tag};

use crate::code;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::document::body::{Body, Image, Part};
use crate::document::component::{self, Fence};
use crate::document::language::{Language, language};
use crate::document::markdown::footnotes::Footnotes;
use crate::document::markdown::html::RawBlock;
use crate::document::markdown::ids::Ids;
use crate::document::markdown::nesting::{self, MAX_BLOCKS};
use crate::document::markdown::prose::Prose;
use crate::document::markdown::slips::Slips;
use crate::document::markdown::text::Run;
use crate::document::markdown::{MarkdownOptions, Source};
use crate::document::raw_html::{Content, Element};

pub(super) const CODES: &[&Code] = &[&UNKNOWN_REFERENCE];

code! { pub UNKNOWN_REFERENCE = "unknown-reference", Error, "a link or footnote whose definition is missing",
"`[text][name]` needs a line `[name]: https://…` somewhere in the same file, and `[^name]` a line `[^name]: …`. \
Without it the brackets would be shown as they are. Write `\\[` for brackets that are text." }

/// How many elements of any kind may stand inside each other.
const MAX_ELEMENTS: usize = 400;

/// What is open around the current event, outermost first.
pub(super) enum Open {
    /// An element written by Markdown.
    Markdown { content: Content, block: bool },
    /// Emphasis that begins inside braces, where it is none.
    Ignored,
    /// A span in brackets; whether its language is marked.
    Span { marked: bool },
    /// A link; without a number if its target was refused.
    Link(Option<usize>),
    /// An image: its text goes into `alt`.
    Image,
    /// An element of raw HTML.
    Raw { element: &'static Element, span: Range<usize>, link: Option<usize>, marked: bool },
    /// A component.
    Component { index: usize, colons: usize, span: Range<usize> },
    /// The footnote of this name.
    Footnote(String),
}

/// A heading that is being read.
pub(super) struct OpenHeading {
    pub level: u8,
    /// The part and the byte in it where the id will be put.
    pub id_at: (usize, usize),
    pub id: Option<String>,
    pub plain_start: usize,
    pub span: Range<usize>,
}

/// A table that is being read.
#[derive(Default)]
pub(super) struct OpenTable {
    pub alignments: Vec<Alignment>,
    pub column: usize,
    pub head: bool,
    /// The part and the byte where the cell begins.
    pub cell: (usize, usize),
    pub content: (usize, usize),
    /// How many tables there were.
    pub number: usize,
    /// Whether a column has a heading.
    pub has_header: bool,
}

/// A code block that is being read.
pub(super) struct OpenCode {
    pub is_fenced: bool,
    pub language: String,
    pub language_span: Range<usize>,
    pub text: String,
}

/// An image whose text is being read.
pub(super) struct OpenImage {
    pub image: Image,
    pub plain_start: usize,
    pub span: Range<usize>,
    /// Images in the text of the image.
    pub nested: usize,
    pub link_type: LinkType,
    /// The name of its definition.
    pub name: String,
    pub refused: bool,
}

/// A link whose text is being read.
pub(super) struct OpenLink {
    pub plain_start: usize,
    pub link_type: LinkType,
    pub name: String,
}

pub(super) struct Compiler<'a, 'r> {
    pub source: Source<'a>,
    pub options: &'a MarkdownOptions<'a>,
    pub language: &'static Language,
    pub report: &'r mut Report,
    pub fences: Vec<Fence>,
    pub body: Body,

    /// The HTML since the last hole.
    pub html: String,
    pub parts: Vec<Part>,
    /// The outer parts, while those of a component or a footnote are written.
    pub outer: Vec<Vec<Part>>,
    pub open: Vec<Open>,
    /// How many of the open are blocks.
    pub depth: usize,
    pub too_deep: bool,

    /// The text without markup, while somebody collects it: headings, links, images, the excerpt.
    pub plain: String,
    pub collectors: usize,
    pub excerpt_start: Option<usize>,

    pub run: Run<'a>,
    /// Braces that have been read, the last of a link or span and those of the heading: no text.
    pub cut: Range<usize>,
    pub heading_cut: Range<usize>,
    /// Where the last piece of text ended: a link's target is looked for from here.
    pub text_end: usize,
    pub heading: Option<OpenHeading>,
    pub link: Option<OpenLink>,
    /// Where the plain text of a link of raw HTML begins.
    pub raw_link_start: usize,
    pub image: Option<OpenImage>,
    pub table: OpenTable,
    pub code: Option<OpenCode>,
    pub raw_block: Option<RawBlock>,
    /// The last `<li`, for the class of tasks.
    pub item_at: (usize, usize),
    pub open_single_quotes: usize,
    pub prose: Prose,
    pub slips: Slips,
    pub ids: Ids,
    pub footnotes: Footnotes,
    /// Where the definitions of links stand, by name.
    pub definitions: HashMap<String, Range<usize>>,
}

pub(super) fn compile(source: Source, options: &MarkdownOptions, report: &mut Report) -> Body {
    let (covered, fences) = match component::cover(source.body) {
        Some((covered, fences)) => (Some(covered), fences),
        None => (None, Vec::new()),
    };
    let text = covered.as_deref().unwrap_or(source.body);
    let broken = RefCell::new(Vec::new());
    let callback = |link: BrokenLink<'_>| span_or_broken(source.body, link, &broken);
    let parser = Parser::new_with_broken_link_callback(text, markdown_options(), Some(callback));
    let mut events = parser.into_offset_iter();

    let mut compiler = Compiler::new(source, options, fences, report);
    compiler.read_definitions(events.reference_definitions());
    for (event, span) in events.by_ref() {
        compiler.event(event, span);
        if compiler.too_deep {
            return Body::default();
        }
    }
    compiler.report_broken(broken.take());
    compiler.finish()
}

pub(super) fn markdown_options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION
        | Options::ENABLE_DEFINITION_LIST
}

/// Brackets that are no link are a span if braces follow. If they name something, it is missing.
fn span_or_broken<'t>(
    body: &str,
    link: BrokenLink<'_>,
    broken: &RefCell<Vec<(Range<usize>, String)>>,
) -> Option<(CowStr<'t>, CowStr<'t>)> {
    let is_span = body.as_bytes().get(link.span.end) == Some(&b'{');
    if link.link_type == LinkType::Shortcut {
        return is_span.then_some((CowStr::Borrowed(""), CowStr::Borrowed("")));
    }
    broken.borrow_mut().push((link.span, link.reference.into_string()));
    None
}

impl<'a, 'r> Compiler<'a, 'r> {
    fn new(source: Source<'a>, options: &'a MarkdownOptions<'a>, fences: Vec<Fence>, report: &'r mut Report) -> Self {
        Self {
            source,
            options,
            language: language(options.language),
            report,
            fences,
            body: Body::default(),
            html: String::with_capacity(source.body.len().min(1 << 16)),
            parts: Vec::new(),
            outer: Vec::new(),
            open: Vec::new(),
            depth: 0,
            too_deep: false,
            plain: String::new(),
            collectors: 0,
            excerpt_start: None,
            run: Run::default(),
            cut: 0..0,
            heading_cut: 0..0,
            text_end: 0,
            heading: None,
            link: None,
            raw_link_start: 0,
            image: None,
            table: OpenTable::default(),
            code: None,
            raw_block: None,
            item_at: (0, 0),
            open_single_quotes: 0,
            prose: Prose::default(),
            slips: Slips::default(),
            ids: Ids::default(),
            footnotes: Footnotes::default(),
            definitions: HashMap::new(),
        }
    }

    fn read_definitions(&mut self, definitions: &RefDefs) {
        self.definitions = definitions.iter().map(|(name, definition)| (fold(name), definition.span.clone())).collect();
    }

    fn report_broken(&mut self, broken: Vec<(Range<usize>, String)>) {
        for (span, name) in broken {
            let diagnostic =
                Diagnostic::new(&UNKNOWN_REFERENCE, format!("there is no definition of `{name}` in this file"))
                    .at(self.source.place(span))
                    .help(format!("add a line `[{name}]: https://…`, or write `\\[` for a bracket"));
            self.report.push(diagnostic);
        }
    }

    fn event(&mut self, event: Event<'a>, span: Range<usize>) {
        if let Event::Text(text) = event {
            self.text(text, span);
            return;
        }
        self.flush_run();
        match event {
            Event::Start(tag) => self.start(tag, span),
            Event::End(tag) => self.end(tag, span),
            Event::Text(_) => {}
            Event::Code(code) => self.inline_code(&code, span),
            Event::Html(html) => self.raw_line(&html, span),
            Event::InlineHtml(html) => self.raw_inline(&html, span),
            Event::FootnoteReference(name) => self.footnote_reference(&name, span),
            Event::SoftBreak => self.line_break("\n", span),
            Event::HardBreak => self.line_break("<br>\n", span),
            Event::Rule => self.rule(span),
            Event::TaskListMarker(done) => self.task(done),
            // Mathematics is switched off.
            Event::InlineMath(text) | Event::DisplayMath(text) => self.inline_code(&text, span),
        }
    }

    fn finish(mut self) -> Body {
        self.flush_run();
        while let Some(open) = self.open.pop() {
            self.close_forcibly(open);
        }
        self.report_unseen_fences();
        self.end_prose(false);
        self.check_headings();
        self.check_readability();
        self.write_footnotes();
        self.lead_to_headings();
        self.flush_html();
        self.body.parts = std::mem::take(&mut self.parts);
        self.body
    }

    /// Opens an element; blocks count towards the depth.
    pub(super) fn push(&mut self, open: Open) {
        if is_deep(&open) {
            self.depth += 1;
        }
        self.open.push(open);
    }

    /// Looks whether it has become too deep here.
    pub(super) fn check_depth(&mut self, span: &Range<usize>) {
        if (self.depth > MAX_BLOCKS || self.open.len() > MAX_ELEMENTS) && !self.too_deep {
            self.too_deep = true;
            let place = self.source.place(span.start..span.start + 1);
            self.report.push(nesting::diagnostic().at(place));
        }
    }

    /// Closes what raw HTML and components have left open, and the element of Markdown around it.
    pub(super) fn pop_markdown(&mut self) -> Option<Open> {
        loop {
            let open = self.pop()?;
            if matches!(open, Open::Raw { .. } | Open::Component { .. }) {
                self.close_forcibly(open);
            } else {
                return Some(open);
            }
        }
    }

    pub(super) fn pop(&mut self) -> Option<Open> {
        let open = self.open.pop()?;
        if is_deep(&open) {
            self.depth -= 1;
        }
        Some(open)
    }

    fn close_forcibly(&mut self, open: Open) {
        match open {
            Open::Raw { element, span, link, .. } => self.unclosed_raw(element, span, link),
            Open::Component { index, span, .. } => self.unclosed_component(index, span),
            _ => {}
        }
    }

    /// What may stand here.
    pub(super) fn content(&self) -> Content {
        match self.open.last() {
            None | Some(Open::Component { .. } | Open::Footnote(_)) => Content::Flow,
            Some(Open::Markdown { content, .. }) => *content,
            Some(Open::Raw { element, .. }) => element.content,
            Some(Open::Ignored | Open::Span { .. } | Open::Link(_) | Open::Image) => Content::Phrasing,
        }
    }

    /// Whether HTML is written: not while the text of an image is read.
    pub(super) fn writes(&self) -> bool {
        self.image.is_none()
    }

    /// Starts a new line, unless we are at the beginning of one.
    pub(super) fn newline(&mut self) {
        let is_start = self.html.is_empty() && !matches!(self.parts.last(), Some(Part::LinkEnd(_) | Part::Image(_)));
        if !is_start && !self.html.ends_with('\n') {
            self.html.push('\n');
        }
    }

    /// Puts a hole after the HTML written so far.
    pub(super) fn hole(&mut self, part: Part) {
        self.flush_html();
        self.parts.push(part);
    }

    pub(super) fn flush_html(&mut self) {
        if !self.html.is_empty() {
            self.parts.push(Part::Html(self.html.as_str().to_owned()));
            self.html.clear();
        }
    }

    /// Where the next byte will be written: the part and the byte in it.
    pub(super) fn position(&self) -> (usize, usize) {
        (self.parts.len(), self.html.len())
    }

    /// Puts HTML where it was earlier.
    pub(super) fn insert(&mut self, (part, byte): (usize, usize), html: &str) {
        match self.parts.get_mut(part) {
            Some(Part::Html(earlier)) => earlier.insert_str(byte, html),
            Some(_) => {}
            None => self.html.insert_str(byte, html),
        }
    }

    /// Writes parts of their own, those of a component or footnote, until [`Self::end_parts`].
    pub(super) fn start_parts(&mut self) {
        self.flush_html();
        self.outer.push(std::mem::take(&mut self.parts));
    }

    pub(super) fn end_parts(&mut self) -> Vec<Part> {
        self.flush_html();
        std::mem::replace(&mut self.parts, self.outer.pop().unwrap_or_default())
    }

    /// Begins to collect plain text.
    pub(super) fn collect(&mut self) -> usize {
        self.collectors += 1;
        self.plain.len()
    }

    /// The plain text collected since.
    pub(super) fn collected(&mut self, start: usize) -> String {
        self.collectors -= 1;
        let text = self.plain[start..].trim().to_owned();
        if self.collectors == 0 {
            self.plain.clear();
        }
        text
    }

    /// Takes an id that the writer chose.
    pub(super) fn claim(&mut self, id: &str, span: Range<usize>) {
        let place = self.source.place(span);
        match self.ids.claim(id, place) {
            Some(diagnostic) => self.report.push(diagnostic),
            None => self.body.anchors.push(id.to_owned()),
        }
    }

    fn start(&mut self, tag: Tag<'a>, span: Range<usize>) {
        match tag {
            Tag::Link { link_type, dest_url, title, id } => {
                self.start_link(link_type, &dest_url, &title, &id, span.clone());
            }
            Tag::Image { link_type, dest_url, title, id } => {
                self.start_image(link_type, &dest_url, &title, &id, span.clone());
            }
            Tag::Emphasis => self.start_inline("<em>", &span),
            Tag::Strong => self.start_inline("<strong>", &span),
            Tag::Strikethrough => self.start_inline("<del>", &span),
            Tag::Superscript => self.start_inline("<sup>", &span),
            Tag::Subscript => self.start_inline("<sub>", &span),
            block => self.start_block(block, span.clone()),
        }
        self.check_depth(&span);
    }

    fn start_inline(&mut self, html: &str, span: &Range<usize>) {
        if self.cut.contains(&span.start) || self.heading_cut.contains(&span.start) {
            self.push(Open::Ignored);
            return;
        }
        if self.writes() {
            self.html.push_str(html);
        }
        self.push(Open::Markdown { content: Content::Phrasing, block: false });
    }

    pub(super) fn end_inline(&mut self, html: &str) {
        if matches!(self.pop_markdown(), Some(Open::Markdown { .. })) && self.writes() {
            self.html.push_str(html);
        }
    }
}

fn is_deep(open: &Open) -> bool {
    matches!(open, Open::Markdown { block: true, .. } | Open::Raw { .. } | Open::Component { .. } | Open::Footnote(_))
}

/// Names of definitions are compared without regard to case and spacing.
pub(super) fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for word in name.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().flat_map(char::to_lowercase));
    }
    folded
}
