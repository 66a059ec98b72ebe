//! Where in a file: from a byte offset to the line and the column that an editor shows, and back.
//!
//! Lines and columns count from 1. A line ends at `\n`, `\r\n` or a lone `\r`. A column is one Unicode scalar
//! value, as in VS Code's status bar and in SARIF's `unicodeCodePoints`: a tab is one column, `å` is one column,
//! and `a` with a combining ring is two. A byte order mark at the beginning of the file takes no column.

use std::ops::Range;

/// How far apart the marks lie. No question costs more than reading this much.
const STRIDE: usize = 4096;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A spot as people say it. Lines and columns count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column, in Unicode scalar values.
    pub column: usize,
}

/// A file's text with marks in it, so that positions are found quickly also in long files and long lines.
#[derive(Debug)]
pub struct Lines<'a> {
    text: &'a str,
    /// What is known at each multiple of [`STRIDE`].
    marks: Vec<Mark>,
}

/// What lies before a byte of the text.
#[derive(Clone, Copy, Debug, Default)]
struct Mark {
    /// Finished lines before it.
    lines: usize,
    /// Where its line starts.
    line_start: usize,
    /// Characters that start before it.
    characters: usize,
}

impl<'a> Lines<'a> {
    /// Reads the text through once.
    pub fn new(text: &'a str) -> Self {
        let mut marks = Vec::with_capacity(text.len() / STRIDE + 1);
        let mut mark = Mark { line_start: beginning(text), ..Mark::default() };
        marks.push(mark);
        for start in (0..text.len()).step_by(STRIDE).skip(1) {
            mark = mark.advanced(text, start - STRIDE..start);
            marks.push(mark);
        }
        Self { text, marks }
    }

    /// The text, byte order mark included.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The nearest offset that is in the text, after the byte order mark and not inside a character.
    pub fn settled(&self, offset: usize) -> usize {
        let mut offset = offset.clamp(beginning(self.text), self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }

    /// The span with both ends [`settled`](Self::settled) and in order.
    pub fn settled_span(&self, span: &Range<usize>) -> Range<usize> {
        let start = self.settled(span.start);
        start..self.settled(span.end).max(start)
    }

    /// The line and column of an offset. Any offset will do; see [`settled`](Self::settled).
    pub fn position(&self, offset: usize) -> Position {
        let offset = self.settled(offset);
        let mark = self.mark(offset);
        let characters_before_line = self.mark(mark.line_start).characters;
        Position { line: mark.lines + 1, column: mark.characters - characters_before_line + 1 }
    }

    /// Where the line that holds this offset starts.
    pub fn line_start(&self, offset: usize) -> usize {
        self.mark(self.settled(offset)).line_start
    }

    fn mark(&self, offset: usize) -> Mark {
        // An end of text at a multiple of the stride has no mark of its own.
        let nearest = (offset / STRIDE).min(self.marks.len() - 1);
        self.marks[nearest].advanced(self.text, nearest * STRIDE..offset)
    }
}

impl Mark {
    /// The mark at the end of the range, given this one at its start.
    fn advanced(mut self, text: &str, range: Range<usize>) -> Self {
        let bytes = text.as_bytes();
        self.characters += bytes[range.clone()].iter().filter(|byte| starts_character(**byte)).count();
        for at in range {
            if ends_line(bytes, at) {
                self.lines += 1;
                self.line_start = at + 1;
            }
        }
        self
    }
}

/// Where the text itself begins: after the byte order mark.
fn beginning(text: &str) -> usize {
    if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 }
}

/// Whether this byte is the last one of a line.
fn ends_line(bytes: &[u8], at: usize) -> bool {
    match bytes[at] {
        b'\n' => true,
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        _ => false,
    }
}

fn starts_character(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

#[cfg(test)]
mod tests {
    use super::{Lines, Position, STRIDE};
    use proptest::prelude::*;

    /// The marked spot `¤` of a text must be found at this line and column.
    fn check(marked: &str, line: usize, column: usize) {
        let offset = marked.find('¤').expect("the spot is marked");
        let text = marked.replacen('¤', "", 1);
        assert_eq!(Lines::new(&text).position(offset), Position { line, column }, "{marked:?}");
    }

    #[test]
    fn lines_and_columns() {
        check("¤", 1, 1);
        check("¤title", 1, 1);
        check("title¤", 1, 6);
        check("title¤\n", 1, 6);
        check("title\n¤", 2, 1);
        check("a\nb\n¤c\n", 3, 1);
        check("a\r\nb: ¤c\r\n", 2, 4);
        check("a\rb: ¤c\r", 2, 4);
        check("a\r\r\n\n\r¤", 5, 1);
        check("\u{feff}¤a", 1, 1);
        check("\u{feff}a: ¤b", 1, 4);
        check("\u{feff}\r\na: ¤b", 2, 4);
        check("a\u{feff}¤", 1, 3);
        check("\t\t¤a", 1, 3);
        check("åäö: ¤x", 1, 6);
        check("a\u{30a}: ¤x", 1, 5);
        check("🙂👩\u{200d}💻: ¤x", 1, 7);
        check("日本 ¤x", 1, 4);
    }

    #[test]
    fn spots_outside_are_brought_in() {
        let lines = Lines::new("\u{feff}å\r\nb");
        for (offset, settled) in [(0, 3), (1, 3), (3, 3), (4, 3), (5, 5), (8, 8), (9, 8), (usize::MAX, 8)] {
            assert_eq!(lines.settled(offset), settled, "{offset}");
        }
        #[expect(clippy::reversed_empty_ranges, reason = "a span may be wrong in any way")]
        let reversed = 8..1;
        assert_eq!(lines.settled_span(&reversed), 8..8);
        assert_eq!(Lines::new("").position(7), Position { line: 1, column: 1 });
    }

    #[test]
    fn the_marks_do_not_show() {
        for length in [STRIDE - 2, STRIDE - 1, STRIDE, STRIDE + 1, 2 * STRIDE] {
            let text = format!("{}å\r\nb", "x".repeat(length));
            let lines = Lines::new(&text);
            assert_eq!(lines.position(length + 2), Position { line: 1, column: length + 2 });
            assert_eq!(lines.position(length + 4), Position { line: 2, column: 1 });
            assert_eq!(lines.position(text.len()), Position { line: 2, column: 2 });
            assert_eq!(lines.line_start(length), 0);
            assert_eq!(lines.line_start(text.len()), length + 4);
        }
    }

    /// The plainest way there is: every offset with its position, walking the text from the beginning.
    fn walk(text: &str) -> Vec<(usize, Position)> {
        let mut position = Position { line: 1, column: 1 };
        let mut walked = Vec::new();
        let mut characters =
            text.char_indices().skip_while(|(at, character)| (*at, *character) == (0, '\u{feff}')).peekable();
        while let Some((at, character)) = characters.next() {
            walked.push((at, position));
            let next = characters.peek().map(|(_, next)| *next);
            position = match character {
                '\n' => Position { line: position.line + 1, column: 1 },
                '\r' if next != Some('\n') => Position { line: position.line + 1, column: 1 },
                _ => Position { column: position.column + 1, ..position },
            };
        }
        walked.push((text.len(), position));
        walked
    }

    proptest! {
        #[test]
        fn a_position_points_back_at_its_offset(
            start in "\u{feff}?([a-c\t\r\nåä🙂]|\r\n|a\u{30a}|\\PC){0,60}",
            padding in prop::sample::select(vec![0, STRIDE - 9, STRIDE]),
            offset in 0usize..300,
        ) {
            let text = start + &"x".repeat(padding) + "\r\nå\n";
            let lines = Lines::new(&text);
            for offset in [offset, text.len().saturating_sub(offset)] {
                let position = lines.position(offset);
                let back: Vec<_> = walk(&text).into_iter().filter(|(_, walked)| *walked == position).collect();
                prop_assert_eq!(back, vec![(lines.settled(offset), position)]);
            }
        }
    }
}
