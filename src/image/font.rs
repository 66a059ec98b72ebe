//! A font: how wide words are, and what letters look like. The only user of `ab_glyph`.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use ab_glyph::{Font as _, FontVec, GlyphId, OutlineCurve, Point, PxScale, point};

use crate::text::fingerprint::fingerprint;

/// A font.
pub struct Font {
    face: FontVec,
    units: i32,
    fingerprint: u64,
    /// Letters that were drawn before. They are the same whoever draws them first.
    rasters: RwLock<HashMap<(GlyphId, u16, Tones), Arc<Raster>>>,
}

impl std::fmt::Debug for Font {
    fn fmt(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
        formatter.debug_struct("Font").field("fingerprint", &self.fingerprint).finish_non_exhaustive()
    }
}

/// The numbers that colours have: more of a pixel is covered, the higher its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tones {
    /// That of a pixel that is not covered.
    pub ground: u8,
    /// That of the first step from there; the others follow.
    pub first: u8,
    /// How many steps there are to a pixel that is all covered.
    pub steps: u8,
}

impl Tones {
    fn number(self, share: f32) -> u8 {
        match super::colour::byte(f64::from(share.min(1.0)) * f64::from(self.steps)) {
            0 => self.ground,
            step => self.first + (step - 1),
        }
    }
}

/// What a letter looks like, pixel by pixel.
#[derive(Debug, Default)]
pub struct Raster {
    /// The pixels left of it, from where it stands.
    pub left: i32,
    /// The pixels above it, from the line it stands on; less than nothing for most.
    pub top: i32,
    /// Its width in pixels.
    pub width: usize,
    /// The numbers of its colours, row by row.
    pub pixels: Vec<u8>,
}

impl Raster {
    /// The first row below it, from the line it stands on.
    pub fn bottom(&self) -> i32 {
        let rows = self.pixels.len() / self.width.max(1);
        self.top + i32::try_from(rows).unwrap_or(0)
    }
}

/// A letter in its place on a line.
#[derive(Debug)]
pub struct Placed {
    /// Where it stands, in pixels from the beginning of the line.
    pub x: i32,
    /// What it looks like.
    pub raster: Arc<Raster>,
}

impl Font {
    /// Reads a font in TrueType or OpenType format.
    pub fn read(bytes: Vec<u8>) -> Option<Self> {
        let fingerprint = fingerprint(&bytes);
        let face = FontVec::try_from_vec(bytes).ok()?;
        let units = face.units_per_em().map(whole).filter(|units| *units > 0)?;
        Some(Self { face, units, fingerprint, rasters: RwLock::default() })
    }

    /// What tells it from other fonts.
    pub fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// Whether it has a letter for a sign.
    pub fn has(&self, sign: char) -> bool {
        self.face.glyph_id(sign) != GlyphId(0)
    }

    /// The width of a text in a size, in pixels.
    pub fn width(&self, text: &str, size: u16) -> i32 {
        self.pixels(self.units(text), size)
    }

    /// The width of a text in units of the font.
    pub fn units(&self, text: &str) -> i32 {
        self.steps(text).last().map_or(0, |(_, _, end)| end)
    }

    /// How many units of the font a number of pixels is in a size.
    pub fn units_of(&self, pixels: i32, size: u16) -> i32 {
        pixels.saturating_mul(self.units) / i32::from(size.max(1))
    }

    /// The height of a capital letter in a size, in pixels.
    pub fn capital(&self, size: u16) -> i32 {
        let outline = self.face.outline(self.face.glyph_id('H'));
        self.pixels(
            outline.map_or(self.units * 7 / 10, |outline| whole(outline.bounds.max.y.max(outline.bounds.min.y))),
            size,
        )
    }

    /// The letters of a text in their places.
    pub fn letters(&self, text: &str, size: u16, tones: Tones) -> Vec<Placed> {
        let letter =
            |(glyph, start, _)| Placed { x: self.pixels(start, size), raster: self.raster((glyph, size, tones)) };
        self.steps(text).map(letter).collect()
    }

    /// The outline of a text, one em high, as an SVG path: `scale` pixels an em, beginning at a point of the line.
    pub fn path(&self, text: &str, scale: f32, at: (f32, f32)) -> String {
        let mut path = String::new();
        let factor = scale / self.face.units_per_em().unwrap_or(1000.0);
        for (glyph, start, _) in self.steps(text) {
            let start = units(start);
            let place = |point: Point| {
                format!("{} {}", short(at.0 + (start + point.x) * factor), short(at.1 - point.y * factor))
            };
            let curves = self.face.outline(glyph).map(|outline| outline.curves).unwrap_or_default();
            let mut pen: Option<Point> = None;
            for curve in &curves {
                let (from, rest, to) = match curve {
                    OutlineCurve::Line(from, to) => (*from, format!("L{}", place(*to)), *to),
                    OutlineCurve::Quad(from, over, to) => (*from, format!("Q{} {}", place(*over), place(*to)), *to),
                    OutlineCurve::Cubic(from, one, two, to) => {
                        (*from, format!("C{} {} {}", place(*one), place(*two), place(*to)), *to)
                    }
                };
                if pen != Some(from) {
                    path.push_str(&format!("M{}", place(from)));
                }
                path.push_str(&rest);
                pen = Some(to);
            }
        }
        path
    }

    /// The letters of a text, with where each begins and ends in units of the font.
    fn steps(&self, text: &str) -> impl Iterator<Item = (GlyphId, i32, i32)> {
        let mut end = 0;
        let mut before: Option<GlyphId> = None;
        text.chars().map(move |sign| {
            let glyph = self.face.glyph_id(if sign.is_whitespace() { ' ' } else { sign });
            let start = end + before.map_or(0, |before| whole(self.face.kern_unscaled(before, glyph)));
            end = start + whole(self.face.h_advance_unscaled(glyph));
            before = Some(glyph);
            (glyph, start, end)
        })
    }

    /// Units of the font as pixels in a size, to the nearest.
    fn pixels(&self, units: i32, size: u16) -> i32 {
        let (numerator, units) = (i64::from(units) * i64::from(size), i64::from(self.units));
        i32::try_from((2 * numerator + units).div_euclid(2 * units)).unwrap_or(i32::MAX)
    }

    fn raster(&self, key: (GlyphId, u16, Tones)) -> Arc<Raster> {
        let known = self.rasters.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        known.unwrap_or_else(|| {
            let raster = Arc::new(self.rasterized(key));
            self.rasters.write().unwrap_or_else(PoisonError::into_inner).insert(key, raster.clone());
            raster
        })
    }

    fn rasterized(&self, (glyph, size, tones): (GlyphId, u16, Tones)) -> Raster {
        // The library counts the height from the deepest to the highest letter, and we count ems.
        let scale = f32::from(size) * self.face.height_unscaled() / self.face.units_per_em().unwrap_or(1000.0);
        let glyph = glyph.with_scale_and_position(PxScale::from(scale), point(0.0, 0.0));
        let Some(outlined) = self.face.outline_glyph(glyph) else { return Raster::default() };
        let bounds = outlined.px_bounds();
        let (width, height) = (pixels(bounds.width()), pixels(bounds.height()));
        let mut drawn = vec![tones.ground; width * height];
        outlined.draw(|x, y, share| {
            let at = y as usize * width + x as usize;
            if let Some(pixel) = drawn.get_mut(at) {
                *pixel = tones.number(share);
            }
        });
        Raster { left: whole(bounds.min.x), top: whole(bounds.min.y), width, pixels: drawn }
    }
}

/// Units of the font as outlines have them.
#[expect(clippy::cast_precision_loss, reason = "a line of letters is far shorter than 2^24 units")]
fn units(units: i32) -> f32 {
    units as f32
}

/// The nearest whole number of units or pixels.
#[expect(clippy::cast_possible_truncation, reason = "fonts count to 65,535")]
fn whole(number: f32) -> i32 {
    number.round() as i32
}

/// A number of pixels.
fn pixels(number: f32) -> usize {
    usize::try_from(whole(number)).unwrap_or(0)
}

/// A number with at most one decimal.
fn short(number: f32) -> String {
    let tenths = whole(number * 10.0);
    let (sign, tenths) = (if tenths < 0 { "-" } else { "" }, tenths.unsigned_abs());
    match tenths % 10 {
        0 => format!("{sign}{}", tenths / 10),
        part => format!("{sign}{}.{part}", tenths / 10),
    }
}
