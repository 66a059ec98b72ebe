//! The site's icon: its letters on a tile, as SVG, as ICO and as PNG.

use super::font::Tones;
use super::{Font, Palette, png};

/// The width of the icon for start screens.
const TOUCH: u16 = 180;
/// The width of the picture in the ICO file.
const SMALL: u16 = 32;
/// The share of a tile's width that the corners are rounded by: one of so many.
const ROUND: u16 = 5;

/// The icon as SVG: outlines alone, so that it needs no font and no styles.
pub fn svg(font: &Font, palette: &Palette, letters: &str) -> String {
    let (size, left, baseline) = placed(font, letters, 640);
    // Ten times as fine as the picture, so that whole pixels place it well.
    let tenth = |number: i32| f32::from(i16::try_from(number).unwrap_or(0)) / 10.0;
    let path = font.path(letters, f32::from(size) / 10.0, (tenth(left), tenth(baseline)));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 64 64\">\
         <rect width=\"64\" height=\"64\" rx=\"{}\" fill=\"{}\"/><path fill=\"{}\" d=\"{path}\"/></svg>\n",
        64 / ROUND,
        palette.accent,
        palette.on_accent,
    )
}

/// The icon for start screens, which round its corners themselves.
pub fn touch(font: &Font, palette: &Palette, letters: &str) -> Vec<u8> {
    png::of_rgba(TOUCH.into(), &tile(font, palette, letters, TOUCH, false))
}

/// The icon for programs that ask for `/favicon.ico`: a PNG in the head that they expect.
pub fn ico(font: &Font, palette: &Palette, letters: &str) -> Vec<u8> {
    let png = png::of_rgba(SMALL.into(), &tile(font, palette, letters, SMALL, true));
    let size = u8::try_from(SMALL).unwrap_or(0);
    // One picture: its width and height, no palette, one plane of 32 bits, its length and where it begins.
    let mut ico = vec![0, 0, 1, 0, 1, 0, size, size, 0, 0, 1, 0, 32, 0];
    ico.extend(u32::try_from(png.len()).unwrap_or(0).to_le_bytes());
    ico.extend(22u32.to_le_bytes());
    ico.extend(png);
    ico
}

/// The size of the letters on a tile, and where they begin.
fn placed(font: &Font, letters: &str, tile: u16) -> (u16, i32, i32) {
    let room = i32::from(tile) * 4 / 5;
    let largest = tile * 9 / 10;
    let size = (1..=largest).rev().find(|size| font.width(letters, *size) <= room).unwrap_or(1);
    let left = (i32::from(tile) - font.width(letters, size)) / 2;
    let baseline = i32::midpoint(i32::from(tile), font.capital(size));
    (size, left, baseline)
}

/// The pixels of a tile with letters: red, green, blue, opacity.
fn tile(font: &Font, palette: &Palette, letters: &str, width: u16, rounded: bool) -> Vec<u8> {
    let (size, left, baseline) = placed(font, letters, width);
    let side = usize::from(width);
    let mut covered = vec![0u8; side * side];
    for letter in font.letters(letters, size, Tones { ground: 0, first: 1, steps: u8::MAX }) {
        let raster = &letter.raster;
        for (row, pixels) in (baseline + raster.top..).zip(raster.pixels.chunks_exact(raster.width.max(1))) {
            for (column, share) in (left + letter.x + raster.left..).zip(pixels) {
                let inside = usize::try_from(column).ok().filter(|column| *column < side);
                let at = inside.zip(usize::try_from(row).ok()).map(|(column, row)| row * side + column);
                if let Some(pixel) = at.and_then(|at| covered.get_mut(at)) {
                    *pixel = (*pixel).max(*share);
                }
            }
        }
    }
    let mut pixels = Vec::with_capacity(covered.len() * 4);
    for (at, share) in covered.into_iter().enumerate() {
        let colour = palette.accent.towards(palette.on_accent, share, u8::MAX);
        let opacity = if rounded { inside(at % side, at / side, width) } else { u8::MAX };
        pixels.extend([colour.red, colour.green, colour.blue, opacity]);
    }
    pixels
}

/// How much of a pixel lies inside a tile with round corners, by 8 × 8 points in it.
fn inside(column: usize, row: usize, width: u16) -> u8 {
    const POINTS: i64 = 8;
    let (side, radius) = (i64::from(width) * 2 * POINTS, i64::from(width / ROUND) * 2 * POINTS);
    let past = |at: i64| (radius - at).max(at - (side - radius)).max(0);
    let point = |pixel: usize, nth: i64| i64::try_from(pixel).unwrap_or(0) * 2 * POINTS + 2 * nth + 1;
    let all = (0..POINTS * POINTS).map(|nth| (past(point(column, nth % POINTS)), past(point(row, nth / POINTS))));
    let within = all.filter(|(across, down)| across * across + down * down <= radius * radius).count();
    u8::try_from(within * 255 / 64).unwrap_or(u8::MAX)
}
