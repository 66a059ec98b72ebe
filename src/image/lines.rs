//! Words on lines: as large as fits, lines of about the same length, and never clipped.

use crate::image::font::Font;

/// A text that has been set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lines {
    /// The size of the letters, in pixels an em.
    pub size: u16,
    /// The lines.
    pub lines: Vec<String>,
}

impl Lines {
    /// The first line.
    pub fn first(&self) -> &str {
        self.lines.first().map_or("", String::as_str)
    }
}

/// Where a text goes.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// How wide a line may be, in pixels.
    pub width: i32,
    /// The sizes to choose from, largest first, each with the most lines it may have.
    pub sizes: &'a [(u16, usize)],
    /// The size in which every word must have room on a line.
    pub apart: u16,
}

/// A piece of a text that stays on one line.
#[derive(Clone, Debug)]
struct Piece {
    text: String,
    /// Whether a space parts it from the one before.
    spaced: bool,
    /// How wide it is, in units of the font.
    units: i32,
}

impl Piece {
    fn new(font: &Font, text: String, spaced: bool) -> Self {
        Self { units: font.units(&text), text, spaced }
    }
}

/// Signs that are not seen: soft hyphens and the like.
pub fn is_unseen(sign: char) -> bool {
    matches!(sign, '\u{ad}' | '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// Sets a text in the largest size in which it fits. Words stay whole, except such as are longer than a line in the
/// size of `frame.apart`: rather than making all letters small, these are taken apart. What is too much even in the
/// smallest size ends with an ellipsis.
pub fn set(font: &Font, text: &str, frame: Frame) -> Lines {
    let apart = |piece: Piece| taken_apart(font, piece, frame.apart, frame.width);
    let pieces: Vec<Piece> = pieces(font, text).into_iter().flat_map(apart).collect();
    for (size, most) in frame.sizes {
        if let Some(lines) = balanced(font, &pieces, *size, frame.width, *most) {
            return Lines { size: *size, lines };
        }
    }
    let (size, most) = frame.sizes.last().copied().unwrap_or((frame.apart, 1));
    Lines { size, lines: shortened(font, &pieces, size, frame.width, most) }
}

/// Cuts a text where a line may end: at spaces, and after hyphens, dashes and slashes between letters. A dash between
/// words stays with the word before it.
fn pieces(font: &Font, text: &str) -> Vec<Piece> {
    let text: String = text.chars().filter(|sign| !is_unseen(*sign)).collect();
    let is_space = |sign: char| sign.is_whitespace() && sign != '\u{a0}' && sign != '\u{202f}';
    let mut pieces = Vec::new();
    for word in text.split(is_space).filter(|word| !word.is_empty()) {
        if let Some(before) = pieces.last_mut().filter(|_| matches!(word, "–" | "—" | "-")) {
            let before: &mut Piece = before;
            *before = Piece::new(font, format!("{}\u{a0}{word}", before.text), before.spaced);
            continue;
        }
        let mut rest = word;
        let mut spaced = true;
        while let Some(end) = end_of_part(rest) {
            pieces.push(Piece::new(font, rest[..end].to_owned(), spaced));
            rest = &rest[end..];
            spaced = false;
        }
        pieces.push(Piece::new(font, rest.to_owned(), spaced));
    }
    pieces
}

/// Where the first part of a word with a hyphen or the like ends. Short parts, as in `e-post`, are left together.
fn end_of_part(word: &str) -> Option<usize> {
    let parts = word.char_indices().filter(|(_, sign)| matches!(sign, '-' | '–' | '/'));
    let letters = |part: &str| part.chars().filter(|sign| sign.is_alphabetic()).count();
    let mut ends = parts.map(|(at, sign)| at + sign.len_utf8());
    ends.find(|end| letters(&word[..*end]) >= 3 && letters(&word[*end..]) >= 3)
}

/// The fewest lines that hold all pieces, made as even as can be; none when they are more than `most`.
fn balanced(font: &Font, pieces: &[Piece], size: u16, width: i32, most: usize) -> Option<Vec<String>> {
    // In units of the font, in which all sizes are the same.
    let (space, width) = (font.units(" "), font.units_of(width, size));
    let widths: Vec<i32> = pieces.iter().map(|piece| piece.units).collect();
    let fewest = fewest_lines(pieces, &widths, space, width)?;
    if fewest > most {
        return None;
    }
    let count = pieces.len();
    // For each number of lines: what the best setting of the first pieces costs, and where its last line begins.
    let mut best = vec![vec![(i64::MAX, 0); count + 1]; fewest + 1];
    best[0][0] = (0, 0);
    for line in 1..=fewest {
        for end in 1..=count {
            let mut long = 0;
            for start in (0..end).rev() {
                long += widths[start] + if start + 1 < end && pieces[start + 1].spaced { space } else { 0 };
                if long > width {
                    break;
                }
                let before = best[line - 1][start].0;
                let cost = before.saturating_add(cost(&pieces[end - 1], width - long, width, end == count));
                if before < i64::MAX && cost < best[line][end].0 {
                    best[line][end] = (cost, start);
                }
            }
        }
    }
    let mut lines = Vec::new();
    let mut end = count;
    for line in (1..=fewest).rev() {
        let start = best[line][end].1;
        lines.push(joined(&pieces[start..end]));
        end = start;
    }
    lines.reverse();
    Some(lines)
}

/// What a line costs: the square of what is left of it, and something for a small word at its end, such as `i`.
fn cost(last: &Piece, left: i32, width: i32, is_last: bool) -> i64 {
    let dangles = !is_last && last.text.chars().filter(|sign| sign.is_alphanumeric()).count() <= 2;
    let ends_a_part = !is_last && last.text.ends_with([':', '–', '—']);
    let (left, tenth) = (i64::from(left), i64::from(width / 10));
    left * left + if dangles { 2 * tenth * tenth } else { 0 } - if ends_a_part { tenth * tenth } else { 0 }
}

fn fewest_lines(pieces: &[Piece], widths: &[i32], space: i32, width: i32) -> Option<usize> {
    let (mut lines, mut long) = (1, 0);
    for (piece, own) in pieces.iter().zip(widths) {
        if *own > width {
            return None;
        }
        let with_space = own + if piece.spaced && long > 0 { space } else { 0 };
        if long + with_space > width {
            lines += 1;
            long = *own;
        } else {
            long += with_space;
        }
    }
    Some(lines)
}

fn joined(pieces: &[Piece]) -> String {
    let mut line = String::new();
    for piece in pieces {
        if piece.spaced && !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&piece.text);
    }
    line
}

/// As much as fits, with an ellipsis.
fn shortened(font: &Font, pieces: &[Piece], size: u16, width: i32, most: usize) -> Vec<String> {
    for kept in (1..pieces.len()).rev() {
        let mut pieces = pieces[..kept].to_vec();
        if let Some(last) = pieces.last_mut() {
            let text = format!("{}…", last.text.trim_end_matches([',', ';', ':', '.', '-', '–']));
            *last = Piece::new(font, text, last.spaced);
        }
        if let Some(lines) = balanced(font, &pieces, size, width, most) {
            return lines;
        }
    }
    vec!["…".to_owned()]
}

/// A piece that is wider than a line, in parts with hyphens.
fn taken_apart(font: &Font, piece: Piece, size: u16, width: i32) -> Vec<Piece> {
    if piece.units <= font.units_of(width, size) {
        return vec![piece];
    }
    let mut parts = Vec::new();
    let (mut rest, mut spaced) = (piece.text.as_str(), piece.spaced);
    while font.width(rest, size) > width {
        let ends = rest.char_indices().map(|(at, _)| at).skip(1);
        let fits = |end: &usize| font.width(&format!("{}-", &rest[..*end]), size) <= width;
        let last = ends.take_while(fits).last();
        let Some(last) = last else { break };
        let end = break_before(rest, last).unwrap_or(last);
        parts.push(Piece::new(font, format!("{}-", &rest[..end]), spaced));
        rest = &rest[end..];
        spaced = false;
    }
    parts.push(Piece::new(font, rest.to_owned(), spaced));
    parts
}

/// What Swedish words mostly end in when another word is joined to them with an s.
const JOINTS: [&str; 12] =
    ["hets", "ings", "ions", "skaps", "doms", "ments", "tets", "ets", "ens", "ans", "nads", "ems"];

/// The last place up to `last` where a word may be parted: where two words are joined, or before a consonant with a
/// vowel after it, as Swedish does. Four letters at least stay on each side.
fn break_before(word: &str, last: usize) -> Option<usize> {
    let signs: Vec<(usize, char)> = word.char_indices().collect();
    let is_vowel = |sign: char| "aeiouyåäöéAEIOUYÅÄÖÉ".contains(sign);
    let is_consonant = |sign: char| sign.is_alphabetic() && !is_vowel(sign);
    let places = || (4..signs.len().saturating_sub(3)).filter(|nth| signs[*nth].0 <= last).rev();
    let is_joint = |nth: &usize| JOINTS.iter().any(|joint| word[..signs[*nth].0].ends_with(joint));
    let is_syllable =
        |nth: &usize| is_consonant(signs[*nth].1) && is_vowel(signs[nth + 1].1) && signs[nth - 1].1.is_alphabetic();
    // The joint nearest to the middle, unless the line would be less than half as long for it.
    let from_middle = |nth: &usize| (2 * signs[*nth].0).abs_diff(word.len());
    let near = places().filter(|nth| signs[*nth].0 * 2 >= last && is_joint(nth)).min_by_key(from_middle);
    near.or_else(|| places().find(is_syllable)).map(|nth| signs[nth].0)
}
