//! For people: rustc's way of showing an error, drawn by annotate-snippets.
//!
//! The line is cut here and not by annotate-snippets, which would read the whole of it each time: a page on one
//! line can be 50 MB long. Then the column it counts is that of the cut line, so the path it prints is a
//! stand-in, and the place itself is put there afterwards.

use std::ops::{Range, RangeInclusive};

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use super::super::lines::Lines;
use super::{Files, Style, severity_name, shortened, summary, visible, visible_character};
use crate::diagnostic::{Diagnostic, Place, Report, Severity};
use crate::text::columns::{Fold, fitting, fold, width};

/// Stands for `path:line:column` while annotate-snippets draws. [`visible`] lets it through nowhere else.
const STAND_IN: char = '\u{fdd0}';

/// Stands where a title goes on in the next line, for a break that annotate-snippets would fill with blanks up to its words.
const TURN: char = '\u{fdd1}';

/// Marks where a line is cut.
const ELLIPSIS: char = '…';

/// Narrower than this nothing can be shown with sense, and wider is no help.
const WIDTHS: RangeInclusive<usize> = 40..=400;

pub(super) fn render<'a>(report: &'a Report, files: &mut Files<'a>, style: &Style) -> String {
    let mut text = String::new();
    for diagnostic in report.sorted() {
        text.push_str(&render_one(diagnostic, files, style));
        text.push_str("\n\n");
    }
    text.push_str(&summary(report));
    text.push('\n');
    text
}

fn render_one<'a>(diagnostic: &'a Diagnostic, files: &mut Files<'a>, style: &Style) -> String {
    let mut picture = Picture { elements: Vec::new(), places: Vec::new(), gutter: gutter(diagnostic, files), style };
    if let Some(place) = &diagnostic.place {
        picture.add(place, diagnostic.label.as_deref().unwrap_or_default(), AnnotationKind::Primary, files);
    }
    for (place, words) in &diagnostic.related {
        picture.add(place, words, AnnotationKind::Context, files);
    }
    for help in &diagnostic.help {
        picture.add_message(Level::HELP, "help", help);
    }
    let title = level(diagnostic.severity).primary_title(title(diagnostic, style)).id(diagnostic.code.name);
    let group: Group<'_> = title.elements(picture.elements);
    let drawn = renderer(style).render(&[group]).replace(TURN, "\n  ");
    with_places(&drawn, &picture.places)
}

/// The message, which stands behind the code.
fn title(diagnostic: &Diagnostic, style: &Style) -> String {
    let begun = severity_name(diagnostic.severity).len() + diagnostic.code.name.len() + "[]: ".len();
    folded(&diagnostic.message, style, Fold { width: 0, begun, indent: 2, turn: &TURN.to_string() })
}

/// A text that may stand on several lines, and does where lines are to be folded.
fn folded(text: &str, style: &Style, lines: Fold<'_>) -> String {
    let text = visible(&shortened(text));
    if style.folds { fold(&text, Fold { width: width_within(style), ..lines }) } else { text }
}

/// How wide the column with the numbers of the lines is.
fn gutter<'a>(diagnostic: &'a Diagnostic, files: &mut Files<'a>) -> usize {
    let places = diagnostic.place.iter().chain(diagnostic.related.iter().map(|(place, _)| place));
    let line = places.filter_map(|place| files.region(place)).map(|region| region.start.line).max();
    line.map_or(0, |line| line.to_string().len())
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    }
}

fn renderer(style: &Style) -> Renderer {
    // Far wider than any line that is left after our own cut.
    let width = width_within(style) * 8;
    if style.color { Renderer::styled() } else { Renderer::plain() }.term_width(width)
}

fn width_within(style: &Style) -> usize {
    style.width.clamp(*WIDTHS.start(), *WIDTHS.end())
}

/// What is drawn below a title.
struct Picture<'s> {
    elements: Vec<Element<'static>>,
    /// `path:line:column` for each stand-in, in order.
    places: Vec<String>,
    /// How wide the numbers of the lines are.
    gutter: usize,
    style: &'s Style,
}

impl Picture<'_> {
    fn add<'a>(&mut self, place: &'a Place, words: &str, kind: AnnotationKind, files: &mut Files<'a>) {
        match files.lines(&place.path) {
            Some(lines) => self.add_excerpt(lines, place, words, kind),
            None => self.add_path(&place.path, words),
        }
    }

    fn add_excerpt(&mut self, lines: &Lines<'_>, place: &Place, words: &str, kind: AnnotationKind) {
        let span = lines.settled_span(&place.span);
        let position = lines.position(span.start);
        let whole = width_within(self.style);
        let columns = whole - (self.gutter + " | ".len()).min(whole / 2);
        let excerpt = Excerpt::new(lines, &span, words.chars().count(), columns);
        let is_beside = !self.style.folds || width(&excerpt.text[..excerpt.mark.end]) + 1 + width(words) <= columns;
        let annotation = kind.span(excerpt.mark);
        let annotation = if is_beside { annotation.label(one_line(words)) } else { annotation };
        let snippet = Snippet::source(excerpt.text).line_start(position.line).path(STAND_IN.to_string());
        self.elements.push(snippet.annotation(annotation).into());
        if !is_beside {
            self.add_message(Level::NOTE, "note", words);
        }
        let shown = format!("{}:{}:{}", one_line(&place.path), position.line, position.column);
        self.places.push(self.style.linked(&place.path, &shown));
    }

    /// A file that has no text is named without a line.
    fn add_path(&mut self, path: &str, words: &str) {
        self.elements.push(Origin::path(one_line(path)).into());
        if !words.is_empty() {
            self.add_message(Level::NOTE, "note", words);
        }
    }

    /// Words below the lines of files. annotate-snippets begins each further line where the words of the first begin.
    fn add_message(&mut self, level: Level<'static>, name: &str, words: &str) {
        let begun = self.gutter + " = : ".len() + name.len();
        let words = folded(words, self.style, Fold { width: 0, begun, indent: begun, turn: "\n" });
        self.elements.push(level.message(words).into());
    }
}

/// Puts the places where their stand-ins are, in place of what was counted in the cut line.
fn with_places(drawn: &str, places: &[String]) -> String {
    let mut parts = drawn.split(STAND_IN);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for (place, part) in places.iter().zip(parts) {
        text.push_str(place);
        text.push_str(part.trim_start_matches(|character: char| character == ':' || character.is_ascii_digit()));
    }
    text
}

/// A label or a path, which must stay on its line.
fn one_line(text: &str) -> String {
    shortened(text).chars().map(visible_character).collect()
}

/// As much of a line as fits, and what to mark in it.
struct Excerpt {
    text: String,
    mark: Range<usize>,
}

impl Excerpt {
    /// Of a span over several lines the first is shown. `label` is the space that the label needs.
    fn new(lines: &Lines<'_>, span: &Range<usize>, label: usize, columns: usize) -> Self {
        let text = lines.text();
        let columns = columns - 2; // for an ellipsis at each end
        let marked = marked(&text[span.clone()], columns);
        let tail_columns = (width(marked) + 1 + label).min(columns / 3 * 2);

        // A span may start between `\r` and `\n`, at what is still the end of this line.
        let head = text[lines.line_start(span.start)..span.start].trim_end_matches('\r');
        let mut shown = fitting(head.chars().rev(), columns - tail_columns);
        if shown < head.len() {
            shown = fitting(head.chars().rev(), columns / 3);
        }
        let head_shown = &head[head.len() - shown..];

        let rest = &text[span.start..];
        let tail = fitting(rest_of_line(rest), columns - width(head_shown));
        let cut_after = rest_of_line(&rest[tail..]).next().is_some();
        Self::assembled(shown < head.len(), head_shown, &rest[..tail], marked.len().min(tail), cut_after)
    }

    fn assembled(cut_before: bool, head: &str, tail: &str, marked: usize, cut_after: bool) -> Self {
        let mut text = String::new();
        text.extend(cut_before.then_some(ELLIPSIS));
        text.extend(head.chars().map(drawable));
        let start = text.len();
        text.extend(tail[..marked].chars().map(drawable));
        let end = text.len();
        text.extend(tail[marked..].chars().map(drawable));
        text.extend(cut_after.then_some(ELLIPSIS));
        // Without a newline annotate-snippets takes an empty line for no line.
        text.push('\n');
        Self { text, mark: start..end }
    }
}

/// What is to be marked: at most what fits, of the first line only, and then not the blanks at its end.
fn marked(span: &str, columns: usize) -> &str {
    let marked = &span[..fitting(rest_of_line(span), columns)];
    if marked.len() < span.len() { marked.trim_end() } else { marked }
}

fn rest_of_line(text: &str) -> impl Iterator<Item = char> {
    text.chars().take_while(|character| !matches!(character, '\n' | '\r'))
}

/// A tab is left to annotate-snippets, which widens it.
fn drawable(character: char) -> char {
    if character == '\t' { character } else { visible_character(character) }
}
