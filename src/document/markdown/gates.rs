//! What a body may say and still not be fit for all readers: headings, links, images and tables.

use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::document::body::{ArgumentValue, Component, Heading, Image, Link};
use crate::document::markdown::compiler::Compiler;
use crate::gate;
use crate::text::alternative;
use crate::text::label::{is_typed_label, label_after, says_nothing};

pub(super) const CODES: &[&Code] = &[
    &BODY_H1,
    &SKIPPED_HEADING,
    &EMPTY_HEADING,
    &IMAGE_WITHOUT_ALT,
    &VAGUE_LINK_TEXT,
    &TYPED_LABEL,
    &TABLE_WITHOUT_HEADER,
];

gate! { pub BODY_H1 = "body-h1", Error, "a heading of the first level in a text",
"The page's title is its only heading of the first level: it tells what the page is about, and screen readers and search \
engines look for it (WCAG 2.4.6, 1.3.1). Headings in a text begin with `##`." }
gate! { pub SKIPPED_HEADING = "skipped-heading", Error, "a heading that skips a level",
"Headings are an outline: `###` belongs under a `##`. Those who jump from heading to heading would look for the level \
that is not there (WCAG 1.3.1). How large a heading is shown is up to the theme." }
gate! { pub EMPTY_HEADING = "empty-heading", Error, "a heading without words",
"A heading without words is read out as `heading` and nothing more, and an empty line stands in lists of headings \
(WCAG 2.4.6)." }
gate! { pub IMAGE_WITHOUT_ALT = "image-without-alt", Error, "an image without an alternative text",
"Those who do not see an image get its alternative text instead: `![what it shows](image.jpg)`. An image that only \
decorates is marked as such: `![](image.jpg){.decorative}` (WCAG 1.1.1)." }
gate! { pub VAGUE_LINK_TEXT = "vague-link-text", Error, "a link whose words do not say where it leads",
"Many readers meet links in a list of their own, without the words around them. `here`, `read more` or a bare address \
say nothing there (WCAG 2.4.4, 2.4.9). Write what the link leads to." }
gate! { pub TYPED_LABEL = "typed-label", Error, "a label of a link that is typed by hand",
"Type, size, number of pages, language and `new window` are put after links by themselves, from the file as it is. Typed \
by hand they stand there twice, and are wrong as soon as the file changes." }
gate! { pub TABLE_WITHOUT_HEADER = "table-without-header", Error, "a table without headings for its columns",
"Those who listen to a table hear the heading of a column with each cell. Without headings they hear numbers and do not \
know of what (WCAG 1.3.1). What is not a table is better written as a list." }

impl Compiler<'_, '_> {
    /// Looks at the outline of the whole body.
    pub(super) fn check_headings(&mut self) {
        let mut above = 1;
        for heading in &self.body.headings {
            if let Some(diagnostic) = heading_fault(heading, above) {
                self.report.push(diagnostic);
            }
            above = heading.level;
        }
    }

    /// Looks at the words of a link and of what stands right after it.
    pub(super) fn check_link_words(&mut self, index: usize, span: &Range<usize>) {
        let link = &self.body.links[index];
        if let Some(diagnostic) = vague_link(link, self.source.place(span.clone())) {
            self.report.push(diagnostic);
        }
        let body = self.source.body;
        let after = if self.cut.start == span.end { self.cut.end } else { span.end };
        let typed = is_typed_label(&link.text).then(|| span.clone());
        let typed = typed.or_else(|| label_after(&body[after..]).map(|label| after + label.start..after + label.end));
        if let Some(typed) = typed {
            self.report.push(typed_label(self.source.place(typed)));
        }
    }

    /// Looks at the words of a link of raw HTML, or of an address that has become a link by itself.
    pub(super) fn check_raw_link_words(&mut self, index: usize) {
        if let Some(diagnostic) = vague_link(&self.body.links[index], self.body.links[index].place.clone()) {
            self.report.push(diagnostic);
        }
    }

    /// Looks at the alternative text of an image of Markdown. In raw HTML, front matter and components an empty one
    /// is written out, and so meant.
    pub(super) fn check_alt(&mut self, image: &Image, span: &Range<usize>) {
        let is_decorative = image.attributes.classes.iter().any(|class| class == "decorative");
        let diagnostic = if image.alt.is_empty() && !is_decorative {
            Diagnostic::new(&IMAGE_WITHOUT_ALT, "nothing says what this image shows")
                .help("write `![what it shows](…)`, or `![](…){.decorative}` if it shows nothing of importance")
                .at(self.source.place(span.clone()))
        } else if let Some(diagnostic) = empty_alt(&image.alt, &image.target, || self.source.place(span.clone())) {
            diagnostic
        } else {
            return;
        };
        self.report.push(diagnostic);
    }

    /// Looks at the alternative text of the image that a component shows: its `src`. An empty one is meant.
    pub(super) fn check_component_alt(&mut self, component: &Component) {
        let argument = |name: &str| component.arguments.iter().find(|argument| argument.name == name);
        let (Some(src), Some(alt)) = (argument("src"), argument("alt")) else { return };
        if let (ArgumentValue::Text(file), ArgumentValue::Text(text)) = (&src.value, &alt.value) {
            self.report.extend(empty_alt(text, file, || alt.place.clone()));
        }
    }

    /// Reports a table none of whose columns has a heading.
    pub(super) fn report_table_without_header(&mut self, span: Range<usize>) {
        let line = self.source.body[span.clone()].split(['\n', '\r']).next().unwrap_or_default();
        let place = self.source.place(span.start..span.start + line.len());
        let diagnostic = Diagnostic::new(&TABLE_WITHOUT_HEADER, "the columns of this table have no headings").at(place);
        self.report.push(diagnostic.help("say in the first row what stands in each column"));
    }
}

/// What is wrong with an alternative text that says nothing of the image.
pub fn empty_alt(alt: &str, file: &str, place: impl FnOnce() -> Place) -> Option<Diagnostic> {
    let words = format!("`{}` does not say what the image shows", alt.escape_debug());
    let fault = || Diagnostic::new(&IMAGE_WITHOUT_ALT, words).at(place()).help("write what it shows");
    alternative::says_nothing(alt, file).then(fault)
}

fn heading_fault(heading: &Heading, above: u8) -> Option<Diagnostic> {
    let diagnostic = if heading.text.is_empty() {
        Diagnostic::new(&EMPTY_HEADING, "this heading has no words").help("write it, or take it away")
    } else if heading.level == 1 {
        Diagnostic::new(&BODY_H1, "the page has its title as the only heading of the first level").help("write `##`")
    } else if heading.level > above + 1 {
        let (level, right) = (heading.level, "#".repeat(usize::from(above) + 1));
        let words = format!("a heading of level {level} follows on one of level {above}");
        Diagnostic::new(&SKIPPED_HEADING, words).help(format!("write `{right}`"))
    } else {
        return None;
    };
    Some(diagnostic.at(heading.place.clone()))
}

fn vague_link(link: &Link, place: Place) -> Option<Diagnostic> {
    let words = if link.text.is_empty() {
        "this link has no words".to_owned()
    } else if says_nothing(&link.text) {
        format!("`{}` does not say where the link leads", link.text)
    } else {
        return None;
    };
    let help = "write what the link leads to, such as the title of the page: `[title](address)`";
    Some(Diagnostic::new(&VAGUE_LINK_TEXT, words).at(place).help(help))
}

fn typed_label(place: Place) -> Diagnostic {
    Diagnostic::new(&TYPED_LABEL, "this is put after the link by itself").at(place).help("take it away")
}
