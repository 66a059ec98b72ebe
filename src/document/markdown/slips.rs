//! Slips of the pen: what was meant as Markdown, is none, and would be published as it was typed.
//!
//! Only text that the reader of Markdown has left as text is looked at, so code and HTML may hold anything. What could also be meant
//! as it stands (a hashtag, a star at a number, dialogue) is left alone.

use std::ops::Range;

use memchr::{memchr2, memmem};
use pulldown_cmark::CowStr;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::markdown::compiler::Compiler;
use crate::gate;

pub(super) const CODES: &[&Code] =
    &[&UNSPACED_MARK, &LOOSE_EMPHASIS, &TABLE_WITHOUT_RULE, &BROKEN_LINK, &FOREIGN_SHORTCODE, &UNCLOSED_CODE];

gate! { pub UNSPACED_MARK = "unspaced-mark", Warning, "a heading or an item of a list without the space after its mark",
"`## Heading` is a heading and `- item` an item; without the space readers see the mark, and those who listen to the page \
find neither heading nor list. Write `\\#` or `\\-` for a mark that is text." }
gate! { pub LOOSE_EMPHASIS = "loose-emphasis", Warning, "marks of emphasis that emphasise nothing",
"`**` opens only right before a word, and closes only right after one; else readers see the stars. Write `**important**`, and \
`\\*\\*` for stars that are text." }
gate! { pub TABLE_WITHOUT_RULE = "table-without-rule", Warning, "rows of a table that are none",
"The second line of a table is its rule, with dashes for each column: `|---|---|`. Without it the rows run together as text." }
gate! { pub BROKEN_LINK = "broken-link", Error, "brackets and an address that are not a link",
"A link is `[what it leads to](address)`: the words in square brackets, the address in round ones, and nothing between them. Else \
readers see brackets, and have nothing to follow." }
gate! { pub FOREIGN_SHORTCODE = "foreign-shortcode", Warning, "a call of another program in a text",
"Other generators and wikis put something in the place of `{{< name >}}`, `{% name %}` or `[[name]]`. Here they are text, and \
readers would see them. What a theme can show is a component: a line `::: name`, and a line `:::` at its end. Write `\\{` or \
`\\[` for what is text." }
gate! { pub UNCLOSED_CODE = "unclosed-code", Error, "a code block that is never closed",
"A code block begins with a line of three or more backticks or tildes, and ends with a line of as many. Without it the rest of the \
text is shown as code." }

/// A heading with no space after its mark is hardly longer than this.
const LONG_HEADING: usize = 80;
/// The words of a link, and what stands between the brackets of a call, are hardly longer than this.
const LONG_WORDS: usize = 200;

/// What has been seen of slips that show over several lines.
#[derive(Default)]
pub(super) struct Slips {
    /// The last mark of emphasis in this block that has stayed text.
    loose: Option<Range<usize>>,
    /// The last line that began as an item or as a row.
    line: Option<Line>,
    /// The broken links of this run, in order: their addresses need no words of their own.
    links: Vec<Range<usize>>,
}

/// A line that begins with a mark that has stayed text.
struct Line {
    mark: Mark,
    start: usize,
    /// Whether it goes on from one that has been reported.
    reported: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// A dash, a star or a plus, and how many bytes a number has instead.
    Item(u8, usize),
    Row,
}

impl Compiler<'_, '_> {
    /// Looks at a run of text. Most have a single piece, and begin with a letter.
    pub(super) fn check_slips(&mut self, pieces: &[(CowStr, Range<usize>)]) {
        let span = pieces[0].1.start..pieces[pieces.len() - 1].1.end;
        let first = self.source.body.as_bytes().get(span.start).copied().unwrap_or_default();
        if matches!(first, b'#' | b'-' | b'+' | b'*' | b'|' | b'0'..=b'9') && self.is_first_of_line(span.start) {
            self.check_line(first, span.start);
        }
        let is_piece = |mark: &str| pieces.len() > 1 && pieces.iter().any(|(text, _)| **text == *mark);
        if first == b'*' || self.slips.loose.is_some() || is_piece("*") || is_piece("_") {
            self.check_emphasis(&span);
        }
        if is_piece("]") {
            self.check_brackets(&span);
        }
    }

    /// Whether nothing but blanks and marks of quotes stands before it on its line.
    fn is_first_of_line(&self, at: usize) -> bool {
        let before = self.source.body.as_bytes()[..at].iter().rev();
        let before = before.take_while(|byte| !matches!(byte, b'\n' | b'\r'));
        // Looking farther back would cost a long line its square.
        before.take(64).all(|byte| matches!(byte, b' ' | b'\t' | b'>'))
    }

    fn check_line(&mut self, first: u8, start: usize) {
        let line = line_at(self.source.body, start);
        match first {
            b'#' => self.check_heading_mark(line, start),
            b'|' => {
                if line.len() > 1 && line.ends_with('|') {
                    self.check_mark(Mark::Row, start);
                }
            }
            _ => {
                if let Some(mark) = item_mark(line) {
                    self.check_mark(mark, start);
                }
            }
        }
    }

    fn check_heading_mark(&mut self, line: &str, start: usize) {
        let words = line.trim_start_matches('#');
        let level = line.len() - words.len();
        let is_meant =
            if level == 1 { self.is_heading(words, start) } else { words.starts_with(char::is_alphanumeric) };
        if !is_meant || level > 6 {
            return;
        }
        let marks = if level == 1 { "##" } else { &line[..level] };
        // Some write the marks on both sides.
        let words = words.strip_suffix(marks).unwrap_or(words).trim_end();
        let diagnostic = Diagnostic::new(&UNSPACED_MARK, "this is no heading: there is no space after its mark");
        let mended = format!("write `{marks} {words}`");
        self.report.push(diagnostic.at(self.source.place(start..start + line.len())).help(mended));
    }

    /// Whether words after a single `#` are a heading and no hashtag: a short line with a capital, at the beginning of its block.
    /// A single word that ends the text heads nothing.
    fn is_heading(&self, words: &str, start: usize) -> bool {
        let ends_as_text = words.ends_with(['.', ',', ';', '!']);
        let is_last_word = !words.contains(' ') && self.source.body[start + 1 + words.len()..].trim_start().is_empty();
        self.prose_start() == Some(start)
            && words.starts_with(char::is_uppercase)
            && words.len() <= LONG_HEADING
            && !ends_as_text
            && !is_last_word
            && !words.contains('#')
            && !is_tag(words)
    }

    /// Looks whether this line and the one before begin with the same mark; the first of them is reported.
    fn check_mark(&mut self, mark: Mark, start: usize) {
        let body = self.source.body;
        let above = self.slips.line.take();
        let above =
            above.filter(|above| above.mark.is_like(mark) && body.get(above.start..start).is_some_and(is_next_line));
        let reported = above.is_some();
        if let Some(above) = above.filter(|above| !above.reported) {
            let line_above = line_at(body, above.start);
            let place = self.source.place(above.start..above.start + line_above.len());
            let diagnostic = match above.mark {
                Mark::Row => {
                    let rule = format!("|{}", "---|".repeat(columns(line_above)));
                    Diagnostic::new(&TABLE_WITHOUT_RULE, "these lines are no table")
                        .help(format!("write `{rule}` as a line of its own below the headings of the columns"))
                }
                Mark::Item(_, length) => {
                    let (mark, words) = line_above.split_at(length);
                    Diagnostic::new(&UNSPACED_MARK, "these lines are no list: there is no space after their marks")
                        .help(format!("write `{mark} {words}`"))
                }
            };
            self.report.push(diagnostic.at(place));
        }
        self.slips.line = Some(Line { mark, start, reported });
    }

    /// Looks for marks of emphasis that belong together but have stayed text.
    fn check_emphasis(&mut self, span: &Range<usize>) {
        let body = self.source.body;
        let mut at = span.start;
        while let Some(mark) = next_mark(body, at..span.end) {
            at = mark.end;
            let open = self.slips.loose.take().filter(|open| body[open.clone()] == body[mark.clone()]);
            match open.and_then(|open| Some((mended(body, &open, &mark)?, open))) {
                Some((help, open)) => {
                    let marks = &body[mark.clone()];
                    let words = format!("these `{marks}` emphasise nothing");
                    let place = self.source.place(open.start..mark.end);
                    self.report.push(Diagnostic::new(&LOOSE_EMPHASIS, words).at(place).help(help));
                }
                None => self.slips.loose = Some(mark),
            }
        }
    }

    /// Looks at a mark of emphasis that has no counterpart in its block: one that opens at the beginning of a word.
    pub(super) fn end_slips(&mut self) {
        let Some(open) = self.slips.loose.take() else { return };
        let body = self.source.body;
        if body[open.clone()] == *"**" && opens(body, &open) && body[open.end..].starts_with(char::is_alphabetic) {
            let diagnostic = Diagnostic::new(&LOOSE_EMPHASIS, "this `**` has no counterpart in its paragraph");
            let diagnostic = diagnostic.help("write `**` where the emphasis ends, or `\\*\\*` for stars that are text");
            self.report.push(diagnostic.at(self.source.place(open)));
        }
    }

    /// Looks for links that have a space between their brackets, or the wrong ones.
    fn check_brackets(&mut self, span: &Range<usize>) {
        let body = self.source.body;
        self.slips.links.clear();
        for (between, words_in, (left, right)) in [("] (", ('[', ']'), ('(', ')')), (")[", ('(', ')'), ('[', ']'))] {
            for (at, _) in body[span.clone()].match_indices(between) {
                let middle = span.start + at;
                let address_start = middle + between.len();
                let Some(address) = address_at(&body[address_start..], right) else { continue };
                let Some(start) = self.opening(words_in, middle) else { continue };
                let end = address_start + address.len() + right.len_utf8();
                let words = &body[start + words_in.0.len_utf8()..middle];
                let mended = format!("write `[{words}]({address})`");
                let what =
                    if left == '(' { "a space stands between its brackets" } else { "its brackets are turned round" };
                let diagnostic = Diagnostic::new(&BROKEN_LINK, format!("this is no link: {what}")).help(mended);
                self.slips.links.push(start..end);
                self.report.push(diagnostic.at(self.source.place(start..end)));
            }
        }
        self.slips.links.sort_unstable_by_key(|link| link.start);
    }

    /// Where the bracket stands in this block that opens the words before `end`.
    fn opening(&self, brackets: (char, char), end: usize) -> Option<usize> {
        let body = self.source.body;
        let from = self.source.floor(end.saturating_sub(LONG_WORDS)).max(self.prose_start().unwrap_or(0)).min(end);
        let at = from + last_open(&body[from..end], brackets)?;
        let words = &body[at + brackets.0.len_utf8()..end];
        let is_escaped = body[..at].ends_with('\\');
        (!words.trim().is_empty() && !is_escaped).then_some(at)
    }

    /// Whether an address stands in a broken link, which has been reported.
    pub(super) fn is_in_broken_link(&self, span: &Range<usize>) -> bool {
        // A long line may have a great many.
        let links = &self.slips.links;
        links[..links.partition_point(|link| link.start <= span.start)].last().is_some_and(|link| span.start < link.end)
    }

    /// Looks for calls that another program would put something in place of.
    pub(super) fn check_shortcodes(&mut self, span: &Range<usize>) {
        let body = self.source.body;
        let mut at = span.start;
        while let Some(call) = next_call(body, at..span.end) {
            at = call.end;
            let place = self.source.place(call.clone());
            let diagnostic =
                Diagnostic::new(&FOREIGN_SHORTCODE, "nothing here puts anything in the place of this").at(place);
            self.report.push(if body[call.clone()].starts_with('[') {
                diagnostic.help("write a link, `[text](address)`, or `\\[` for a bracket that is text")
            } else {
                diagnostic
                    .help("write a component, `::: name` and `:::`, or plain Markdown; `\\{` is a brace that is text")
            });
        }
    }

    /// Looks whether a code block between fences, which ends here, has a last line that closes it.
    pub(super) fn check_code_end(&mut self, span: &Range<usize>) {
        let code = self.source.body[span.clone()].trim_end();
        let first = line_at(code, 0);
        let Some(sign) = first.chars().next().filter(|sign| matches!(sign, '`' | '~')) else { return };
        let fence = &first[..first.len() - first.trim_start_matches(sign).len()];
        let last = code.rsplit(['\n', '\r']).next().unwrap_or_default().trim_start_matches([' ', '\t', '>']);
        let is_closed = last.len() >= fence.len() && last.chars().all(|one| one == sign) && code.len() > first.len();
        if !is_closed {
            let diagnostic = Diagnostic::new(&UNCLOSED_CODE, "this code block is never closed")
                .at(self.source.place(span.start..span.start + first.len()));
            self.report.push(diagnostic.help(format!("write a line {fence} where the code ends")));
        }
    }
}

impl Mark {
    /// Whether both would be items of one list, or rows of one table.
    fn is_like(self, other: Self) -> bool {
        match (self, other) {
            (Self::Item(one, _), Self::Item(another, _)) => one == another,
            (one, another) => one == another,
        }
    }
}

/// Whether the first word is written as only tags and colours are: `MeToo`, `Almedalen2026`, `FF0000`.
fn is_tag(words: &str) -> bool {
    let word = words.split_whitespace().next().unwrap_or_default();
    let mut signs = word.chars().zip(word.chars().skip(1));
    signs.any(|(one, next)| one.is_lowercase() && next.is_uppercase() || one.is_alphabetic() && next.is_numeric())
}

/// The line from here on, without blanks at its end.
fn line_at(body: &str, start: usize) -> &str {
    body[start..].split(['\n', '\r']).next().unwrap_or_default().trim_end()
}

fn is_next_line(between: &str) -> bool {
    between.bytes().filter(|byte| *byte == b'\n').count() == 1
}

/// The mark of an item that a word follows without a space.
fn item_mark(line: &str) -> Option<Mark> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let sign = *line.as_bytes().get(digits)?;
    let is_mark =
        if digits == 0 { matches!(sign, b'-' | b'*' | b'+') } else { digits < 4 && matches!(sign, b'.' | b')') };
    let is_word = is_mark && line[digits + 1..].starts_with(char::is_alphabetic);
    is_word.then_some(Mark::Item(sign, digits + 1))
}

/// How many cells a row has.
fn columns(row: &str) -> usize {
    row.matches('|').count() - row.matches("\\|").count() - 1
}

/// The next two stars or underscores that are no more and have stayed text.
fn next_mark(body: &str, within: Range<usize>) -> Option<Range<usize>> {
    let bytes = body.as_bytes();
    let mut at = within.start;
    while at < within.end {
        let sign = bytes[at];
        if !matches!(sign, b'*' | b'_') {
            at += 1;
            continue;
        }
        let length = bytes[at..within.end].iter().take_while(|byte| **byte == sign).count();
        let is_escaped = at > 0 && bytes[at - 1] == b'\\';
        let is_alone = (at == 0 || bytes[at - 1] != sign) && bytes.get(at + length) != Some(&sign);
        if length == 2 && !is_escaped && is_alone {
            return Some(at..at + length);
        }
        at += length;
    }
    None
}

/// Whether no letter stands before the mark, and no path.
fn opens(body: &str, mark: &Range<usize>) -> bool {
    !body[..mark.start].ends_with(|sign: char| sign.is_alphanumeric() || sign == '/')
}

/// What should have been written instead of two marks and the words between, if emphasis was meant.
fn mended(body: &str, open: &Range<usize>, close: &Range<usize>) -> Option<String> {
    let (marks, words) = (&body[open.clone()], &body[open.end..close.start]);
    let is_loose_at = (words.starts_with(char::is_whitespace), words.ends_with(char::is_whitespace));
    let is_followed = body[close.end..].starts_with(char::is_alphanumeric);
    let is_line = || is_line_end(&body[..open.start], true) && is_line_end(&body[close.end..], false);
    let is_meant = opens(body, open)
        && !words.trim().is_empty()
        && match is_loose_at {
            // Two underscores are also a blank that is to be filled in.
            (false, true) => marks == "**" || words.starts_with(char::is_alphanumeric),
            (true, false) => !is_followed,
            (true, true) => marks == "**" && is_line(),
            (false, false) => marks == "**" && is_followed,
        };
    let whole = format!("{marks}{}{marks}", words.trim());
    is_meant.then(|| {
        if whole.contains(['\n', '\r']) {
            format!("write `{marks}` right before the first word and right after the last")
        } else if is_loose_at == (false, false) {
            format!("write a space after `{whole}`")
        } else {
            format!("write `{whole}`")
        }
    })
}

/// Whether a text ends, or begins, with the end of a line.
fn is_line_end(text: &str, at_end: bool) -> bool {
    let text = if at_end { text.trim_end_matches([' ', '>']) } else { text.trim_start_matches(' ') };
    text.is_empty() || if at_end { text.ends_with('\n') } else { text.starts_with(['\n', '\r']) }
}

/// The last bracket that is opened and not closed.
fn last_open(text: &str, (open, close): (char, char)) -> Option<usize> {
    let mut closed = 0_usize;
    text.char_indices().rev().find_map(|(at, sign)| {
        if sign == open && closed == 0 {
            return Some(at);
        }
        closed = if sign == close { closed + 1 } else { closed - usize::from(sign == open) };
        None
    })
}

/// The address that stands here, up to this bracket.
fn address_at(text: &str, bracket: char) -> Option<&str> {
    let end = text.find(|sign: char| sign == bracket || sign.is_whitespace() || sign == '<')?;
    let address = &text[..end];
    (text[end..].starts_with(bracket) && is_address(address)).then_some(address)
}

fn is_address(text: &str) -> bool {
    const BEGINNINGS: &[&str] = &["https://", "http://", "www.", "mailto:", "tel:", "/", "#", "./", "../"];
    const ENDS: &[&str] = &[".md", ".html", ".pdf", ".jpg", ".jpeg", ".png", ".svg", ".webp", ".docx", ".xlsx", ".ics"];
    let begins = BEGINNINGS.iter().any(|beginning| text.len() > beginning.len() && text.starts_with(beginning));
    begins || ENDS.iter().any(|end| text.ends_with(end))
}

/// The next call of a shortcode or of a page of a wiki, on one line.
fn next_call(body: &str, within: Range<usize>) -> Option<Range<usize>> {
    const BRACKETS: [(&[u8], &[u8]); 3] = [(b"{{", b"}}"), (b"{%", b"%}"), (b"[[", b"]]")];
    let mut at = within.start;
    // A call may hold HTML, and so end beyond the run that it begins in.
    while let Some(found) = body.as_bytes().get(at..within.end).and_then(|rest| memchr2(b'{', b'[', rest)) {
        let start = at + found;
        let text = &body.as_bytes()[start..body.len().min(start + LONG_WORDS)];
        let brackets = BRACKETS.iter().find(|(open, _)| text.starts_with(open));
        let brackets = brackets.filter(|_| !body[..start].ends_with('\\'));
        let inside = brackets.and_then(|(_, close)| Some(&text[2..2 + memmem::find(&text[2..], close)?]));
        if let Some(inside) = inside.filter(|inside| is_call(text[0], inside)) {
            return Some(start..start + 2 + inside.len() + 2);
        }
        at = start + 1;
    }
    None
}

fn is_call(bracket: u8, inside: &[u8]) -> bool {
    let is_page = bracket != b'[' || !inside.iter().any(|sign| matches!(sign, b'[' | b']' | b'^'));
    is_page && !inside.trim_ascii().is_empty() && !inside.contains(&b'\n')
}
