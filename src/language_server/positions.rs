//! Where in a text, as editors say it: lines from 0, and characters in the units that were agreed on.
//!
//! The protocol counts in UTF-16 unless both sides know better. Elsewhere in the program offsets count bytes.

use std::ops::Range;

use gen_lsp_types::{Position, PositionEncodingKind, Range as Stretch};

/// What a character counts for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Units {
    /// Bytes.
    Utf8,
    /// Halves of what UTF-16 writes: `å` is one, most emoji are two.
    #[default]
    Utf16,
    /// Characters.
    Utf32,
}

impl Units {
    /// The best of what an editor offers. The earliest of them would be its own choice, but bytes cost nobody anything.
    pub fn of(offered: &[PositionEncodingKind]) -> Self {
        if offered.contains(&PositionEncodingKind::UTF8) {
            return Self::Utf8;
        }
        let is_known = offered.is_empty() || offered.contains(&PositionEncodingKind::UTF16);
        if !is_known && offered.contains(&PositionEncodingKind::UTF32) { Self::Utf32 } else { Self::Utf16 }
    }

    /// Its name in the protocol.
    pub const fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    const fn length(self, sign: char) -> usize {
        match self {
            Self::Utf8 => sign.len_utf8(),
            Self::Utf16 => sign.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// A text with its lines.
#[derive(Debug)]
pub struct Positions<'a> {
    text: &'a str,
    units: Units,
    /// Where each line begins.
    starts: Vec<usize>,
}

impl<'a> Positions<'a> {
    /// Reads a text through.
    pub fn of(text: &'a str, units: Units) -> Self {
        let bytes = text.as_bytes();
        // Editors do not show a byte order mark, and do not count it.
        let first = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let ends = |at: &usize| match bytes[*at] {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        let starts = (first..bytes.len()).filter(ends).map(|at| at + 1);
        Self { text, units, starts: std::iter::once(first).chain(starts).collect() }
    }

    /// The position of an offset; of one that is in no character, of the nearest before it.
    pub fn position(&self, offset: usize) -> Position {
        let mut offset = offset.clamp(self.starts[0], self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= offset) - 1;
        // What ends a line in two signs has no place between them.
        let before = self.text[self.starts[line]..offset].trim_end_matches('\r');
        let character = before.chars().map(|sign| self.units.length(sign)).sum();
        Position { line: number(line), character: number(character) }
    }

    /// The positions of both ends of a span.
    pub fn range(&self, span: &Range<usize>) -> Stretch {
        Stretch { start: self.position(span.start), end: self.position(span.end.max(span.start)) }
    }

    /// The offset of a position; of one behind the end of its line, of that end.
    pub fn offset(&self, position: Position) -> usize {
        let line = usize::try_from(position.line).unwrap_or(usize::MAX);
        let Some(start) = self.starts.get(line).copied() else { return self.text.len() };
        let end = self.starts.get(line + 1).copied().unwrap_or(self.text.len());
        let line = self.text[start..end].trim_end_matches(['\n', '\r']);
        let (mut left, mut at) = (usize::try_from(position.character).unwrap_or(usize::MAX), start);
        for sign in line.chars() {
            match left.checked_sub(self.units.length(sign)) {
                Some(rest) if left > 0 => (left, at) = (rest, at + sign.len_utf8()),
                _ => break,
            }
        }
        at
    }
}

fn number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The marked spot of a text is on this line, after so many units of each sort.
    fn check(marked: &str, line: u32, characters: [u32; 3]) {
        let offset = marked.find('¤').expect("the spot is marked");
        let text = marked.replacen('¤', "", 1);
        for (units, character) in [Units::Utf8, Units::Utf16, Units::Utf32].into_iter().zip(characters) {
            let positions = Positions::of(&text, units);
            assert_eq!(positions.position(offset), Position { line, character }, "{marked:?} in {units:?}");
            assert_eq!(positions.offset(Position { line, character }), offset, "{marked:?} in {units:?}");
        }
    }

    #[test]
    fn characters_are_counted_as_was_agreed() {
        check("¤", 0, [0, 0, 0]);
        check("a\nb¤", 1, [1, 1, 1]);
        check("a\r\nb: ¤c\r\n", 1, [3, 3, 3]);
        check("a\rb¤", 1, [1, 1, 1]);
        check("a\n¤", 1, [0, 0, 0]);
        check("åäö¤", 0, [6, 3, 3]);
        check("🙂 ¤x", 0, [5, 3, 2]);
        check("\u{feff}å¤", 0, [2, 1, 1]);
    }

    #[test]
    fn what_is_outside_is_brought_in() {
        let positions = Positions::of("å🙂\r\nb", Units::Utf16);
        let offset = |line, character| positions.offset(Position { line, character });
        assert_eq!([offset(0, 2), offset(0, 3), offset(0, 99), offset(1, 99), offset(9, 0)], [2, 6, 6, 9, 9]);
        assert_eq!(positions.position(usize::MAX), Position { line: 1, character: 1 });
        // Between the two characters of a line's end nothing can stand.
        assert_eq!(Positions::of("ä\r\nb", Units::Utf16).position(3), Position { line: 0, character: 1 });
        #[expect(clippy::reversed_empty_ranges, reason = "a span may be wrong in any way")]
        let range = positions.range(&(9..1));
        assert_eq!(range.start, range.end);
    }

    #[test]
    fn bytes_are_taken_where_they_are_offered() {
        use PositionEncodingKind as Kind;
        let cases: [(&[Kind], Units); 5] = [
            (&[], Units::Utf16),
            (&[Kind::UTF16, Kind::UTF8], Units::Utf8),
            (&[Kind::UTF32, Kind::UTF16], Units::Utf16),
            (&[Kind::UTF32], Units::Utf32),
            (&[Kind::new("utf-7")], Units::Utf16),
        ];
        for (offered, units) in cases {
            assert_eq!(Units::of(offered), units, "{offered:?}");
        }
    }

    proptest! {
        #[test]
        fn a_position_leads_back_to_its_offset(text in "\u{feff}?([a-c\t\r\nåä🙂]|\r\n){0,40}", offset in 0_usize..120) {
            for units in [Units::Utf8, Units::Utf16, Units::Utf32] {
                let positions = Positions::of(&text, units);
                let position = positions.position(offset);
                prop_assert_eq!(positions.position(positions.offset(position)), position);
            }
        }
    }
}
