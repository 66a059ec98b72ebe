//! What link previews show of a page: a heading, something above it, and the site's title in a band below.
//!
//! Pixels are numbers of a palette of 16: from the background to the ink, from the background to the accent, and from
//! the accent to what stands on it, in steps of a fifth.

use super::font::{Placed, Tones};
use super::lines::{Frame, Lines, set};
use super::{Colour, Font, HEIGHT, Palette, WIDTH, Words, png};

/// The width and the height, to reckon with.
const ACROSS: i32 = WIDTH.cast_signed();
const DOWN: i32 = HEIGHT.cast_signed();
/// Free on the left and on the right.
const MARGIN: i32 = 80;
/// The height of the band.
const BAND: i32 = 120;
/// How wide a line may be.
const MEASURE: i32 = ACROSS - 2 * MARGIN;
/// Free between the line above the heading and the heading.
const BELOW_KICKER: i32 = 44;
/// How far apart lines are, in hundredths of the size.
const LEADING: i32 = 114;

/// The sizes of the heading, with the most lines of each.
const HEADING: [(u16, usize); 8] = [(104, 2), (92, 3), (84, 3), (76, 4), (68, 4), (60, 5), (54, 5), (48, 6)];
/// The size in which every word has room on a line, whole or in parts.
const APART: u16 = 76;
/// The sizes of the line above it.
const KICKER: [(u16, usize); 4] = [(40, 1), (36, 1), (32, 1), (28, 1)];
/// The sizes of the line in the band.
const IN_BAND: [(u16, usize); 3] = [(44, 1), (38, 1), (32, 1)];

/// The steps between two colours.
const STEPS: u8 = 5;
/// Where the colours between the background and the ink begin in the palette: after the background.
const INK: Tones = Tones { ground: 0, first: 1, steps: STEPS };
/// Those between the background and the accent.
const ACCENT: Tones = Tones { ground: 0, first: 1 + STEPS, steps: STEPS };
/// Those between the accent and what stands on it.
const ON_ACCENT: Tones = Tones { ground: 2 * STEPS, first: 1 + 2 * STEPS, steps: STEPS };

/// Draws the picture.
pub fn draw(font: &Font, palette: &Palette, words: &Words) -> Vec<u8> {
    let mut canvas = Canvas::new();
    let line = |text: &String, sizes: &[(u16, usize)]| set(font, text, Frame { width: MEASURE, sizes, apart: APART });
    let heading = line(&words.heading, &HEADING);
    let kicker = words.kicker.as_ref().map(|kicker| line(kicker, &KICKER));
    let mut y = top(font, kicker.as_ref(), &heading);
    if let Some(kicker) = &kicker {
        let capital = font.capital(kicker.size);
        canvas.write(font, (kicker.first(), kicker.size), y + capital, ACCENT);
        y += capital + BELOW_KICKER;
    }
    y += font.capital(heading.size);
    for line in &heading.lines {
        canvas.write(font, (line, heading.size), y, INK);
        y += leading(heading.size);
    }
    canvas.fill_band();
    if let Some(band) = words.band.as_ref().map(|band| line(band, &IN_BAND)) {
        let middle = DOWN - BAND / 2;
        let baseline = middle + font.capital(band.size) / 2;
        canvas.write(font, (band.first(), band.size), baseline, ON_ACCENT);
    }
    png::of_palette(&colours(palette), WIDTH, &canvas.rows)
}

/// Where the first line begins, so that as much is free above the words as below them.
fn top(font: &Font, kicker: Option<&Lines>, heading: &Lines) -> i32 {
    let lines = i32::try_from(heading.lines.len()).unwrap_or(1);
    let of_heading = font.capital(heading.size) + (lines - 1) * leading(heading.size);
    let of_kicker = kicker.map_or(0, |kicker| font.capital(kicker.size) + BELOW_KICKER);
    (DOWN - BAND - of_heading - of_kicker) / 2
}

/// How far one line is below another.
fn leading(size: u16) -> i32 {
    i32::from(size) * LEADING / 100
}

fn colours(palette: &Palette) -> Vec<Colour> {
    let ramp = |from: Colour, to: Colour| (1..=STEPS).map(move |step| from.towards(to, step, STEPS));
    std::iter::once(palette.background)
        .chain(ramp(palette.background, palette.ink))
        .chain(ramp(palette.background, palette.accent))
        .chain(ramp(palette.accent, palette.on_accent))
        .collect()
}

/// The pixels, four bits each.
struct Canvas {
    rows: Vec<u8>,
}

impl Canvas {
    const STRIDE: usize = WIDTH as usize / 2;

    fn new() -> Self {
        Self { rows: vec![0; Self::STRIDE * HEIGHT as usize] }
    }

    fn fill_band(&mut self) {
        let start = (HEIGHT - BAND.unsigned_abs()) as usize * Self::STRIDE;
        self.rows[start..].fill(ON_ACCENT.ground * 0x11);
    }

    /// Writes a line whose letters stand on row `y`.
    fn write(&mut self, font: &Font, (line, size): (&str, u16), y: i32, tones: Tones) {
        let letters = font.letters(line, size, tones);
        let top = letters.iter().map(|letter| letter.raster.top).min().unwrap_or(0);
        let bottom = letters.iter().map(|letter| letter.raster.bottom()).max().unwrap_or(0);
        // The line by itself first, a byte for each pixel; where two letters meet, the darker pixel stays.
        let width = width_of(&letters);
        let mut pixels = vec![tones.ground; usize::try_from(bottom - top).unwrap_or(0) * width];
        for letter in &letters {
            let raster = &letter.raster;
            let left = usize::try_from(LEFT + letter.x + raster.left).unwrap_or(0);
            let below = usize::try_from(raster.top - top).unwrap_or(0);
            let rows = pixels.chunks_exact_mut(width).skip(below);
            for (row, drawn) in rows.zip(raster.pixels.chunks_exact(raster.width.max(1))) {
                let row = row.get_mut(left..).unwrap_or_default();
                row.iter_mut().zip(drawn).for_each(|(pixel, drawn)| *pixel = (*pixel).max(*drawn));
            }
        }
        let first = usize::try_from(y + top).unwrap_or(0);
        let rows = self.rows.chunks_exact_mut(Self::STRIDE).skip(first);
        for (row, pixels) in rows.zip(pixels.chunks_exact(width)) {
            let row = &mut row[(MARGIN - LEFT).unsigned_abs() as usize / 2..];
            let pairs = pixels.as_chunks::<2>().0;
            row.iter_mut().zip(pairs).for_each(|(byte, pair)| *byte = packed(*pair));
        }
    }
}

/// Two pixels in a byte, the left one first. As one number, so that the compiler packs many at once.
#[expect(clippy::cast_possible_truncation, reason = "each is a number below 16")]
fn packed(pair: [u8; 2]) -> u8 {
    let pair = u16::from_le_bytes(pair);
    (pair << 4 | pair >> 8) as u8
}

/// Where a line begins in the strip that it is drawn on: some letters reach out to the left.
const LEFT: i32 = 16;

/// The width of the strip that letters are drawn on, an even number of pixels.
fn width_of(letters: &[Placed]) -> usize {
    let right =
        |letter: &Placed| LEFT + letter.x + letter.raster.left + i32::try_from(letter.raster.width).unwrap_or(0);
    let most = ACROSS - MARGIN + LEFT;
    let right = letters.iter().map(right).max().unwrap_or(0).clamp(2, most);
    usize::try_from(right + right % 2).unwrap_or(2)
}
