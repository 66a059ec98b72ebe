//! What link previews show of a page: a heading, something above it, and the site's title in a band below.
//!
//! Pixels are numbers of a palette of 16: from the background to the ink, from the background to the accent, and from
//! the accent to what stands on it, in steps of a fifth.

use super::lines::{Frame, Lines, set};
use super::{Colour, Font, HEIGHT, Palette, WIDTH, Words, png};

/// Free on the left and on the right.
const MARGIN: i32 = 80;
/// The height of the band.
const BAND: i32 = 120;
/// How wide a line may be.
const MEASURE: i32 = WIDTH as i32 - 2 * MARGIN;
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
const INK: u8 = 1;
/// Those between the background and the accent.
const ACCENT: u8 = INK + STEPS;
/// Those between the accent and what stands on it.
const ON_ACCENT: u8 = ACCENT + STEPS;

/// Draws the picture.
pub fn draw(font: &Font, palette: &Palette, words: &Words) -> Vec<u8> {
    let mut canvas = Canvas::new();
    let line = |text: &String, sizes: &[(u16, usize)]| set(font, text, Frame { width: MEASURE, sizes, apart: APART });
    let heading = line(&words.heading, &HEADING);
    let kicker = words.kicker.as_ref().map(|kicker| line(kicker, &KICKER));
    let mut y = top(font, kicker.as_ref(), &heading);
    if let Some(kicker) = &kicker {
        let capital = font.capital(kicker.size);
        canvas.write(font, kicker.first(), kicker.size, y + capital, ACCENT);
        y += capital + BELOW_KICKER;
    }
    y += font.capital(heading.size);
    for line in &heading.lines {
        canvas.write(font, line, heading.size, y, INK);
        y += leading(heading.size);
    }
    canvas.fill_band();
    if let Some(band) = words.band.as_ref().map(|band| line(band, &IN_BAND)) {
        let middle = HEIGHT as i32 - BAND / 2;
        canvas.write(font, band.first(), band.size, middle + font.capital(band.size) / 2, ON_ACCENT);
    }
    png::of_palette(&colours(palette), WIDTH, &canvas.rows)
}

/// Where the first line begins, so that as much is free above the words as below them.
fn top(font: &Font, kicker: Option<&Lines>, heading: &Lines) -> i32 {
    let lines = i32::try_from(heading.lines.len()).unwrap_or(1);
    let of_heading = font.capital(heading.size) + (lines - 1) * leading(heading.size);
    let of_kicker = kicker.map_or(0, |kicker| font.capital(kicker.size) + BELOW_KICKER);
    (HEIGHT as i32 - BAND - of_heading - of_kicker) / 2
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
        let start = (HEIGHT as i32 - BAND) as usize * Self::STRIDE;
        self.rows[start..].fill((ON_ACCENT - 1) * 0x11);
    }

    /// Writes a line whose letters stand on row `y`.
    fn write(&mut self, font: &Font, line: &str, size: u16, y: i32, ramp: u8) {
        for letter in font.letters(line, size) {
            let raster = &letter.raster;
            let left = MARGIN + letter.x + raster.left;
            for (row, covered) in (y + raster.top..).zip(raster.covered.chunks_exact(raster.width.max(1))) {
                for (column, covered) in (left..).zip(covered) {
                    let step = step(*covered);
                    if step > 0 {
                        self.put(column, row, ramp + step - 1);
                    }
                }
            }
        }
    }

    fn put(&mut self, column: i32, row: i32, colour: u8) {
        let (Ok(column), Ok(row)) = (usize::try_from(column), usize::try_from(row)) else { return };
        if column >= WIDTH as usize {
            return;
        }
        let Some(byte) = self.rows.get_mut(row * Self::STRIDE + column / 2) else { return };
        // Where two letters meet, the darker pixel stays.
        *byte = match column % 2 {
            0 => *byte & 0x0f | colour.max(*byte >> 4) << 4,
            _ => *byte & 0xf0 | colour.max(*byte & 0x0f),
        };
    }
}

/// How many steps of colour a covered pixel has.
fn step(covered: u8) -> u8 {
    u8::try_from((u16::from(covered) * u16::from(STEPS) + 127) / 255).unwrap_or(STEPS)
}
