//! Colours: how they mix, and how well one is told from another (WCAG 2.2).

use std::fmt;

/// An opaque colour in sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Colour {
    /// How much red.
    pub red: u8,
    /// How much green.
    pub green: u8,
    /// How much blue.
    pub blue: u8,
}

impl fmt::Display for Colour {
    /// As CSS writes it: `#10506f`.
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        write!(formatter, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

impl Colour {
    /// A colour.
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// How much light it gives, from 0 to 1.
    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// The contrast between two colours, from 1 to 21.
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// The colour that lies `part` of `whole` steps on the way to another.
    #[must_use]
    pub fn towards(self, other: Self, part: u8, whole: u8) -> Self {
        let mix = |from: u8, to: u8| {
            let (part, whole) = (u32::from(part), u32::from(whole).max(1));
            let sum = u32::from(from) * (whole - part.min(whole)) + u32::from(to) * part.min(whole);
            u8::try_from((sum + whole / 2) / whole).unwrap_or(u8::MAX)
        };
        Self::new(mix(self.red, other.red), mix(self.green, other.green), mix(self.blue, other.blue))
    }

    /// The colour of the same hue and saturation that passes, with the lightness nearest to its own.
    #[must_use]
    pub fn nearest_lightness(self, passes: impl Fn(Self) -> bool) -> Option<Self> {
        let (hue, saturation, lightness) = self.hsl();
        let step = |distance: u16| f64::from(distance) / f64::from(STEPS);
        let both = |distance| [lightness - step(distance), lightness + step(distance)];
        let all = (0..=STEPS).flat_map(both).filter(|lightness| (0.0..=1.0).contains(lightness));
        all.map(|lightness| Self::of_hsl(hue, saturation, lightness)).find(|colour| passes(*colour))
    }

    /// Hue in degrees, saturation and lightness from 0 to 1.
    fn hsl(self) -> (f64, f64, f64) {
        let [red, green, blue] = [self.red, self.green, self.blue].map(|part| f64::from(part) / 255.0);
        let (most, least) = (red.max(green).max(blue), red.min(green).min(blue));
        let (lightness, range) = (f64::midpoint(most, least), most - least);
        if range == 0.0 {
            return (0.0, 0.0, lightness);
        }
        let saturation = range / (1.0 - (2.0 * lightness - 1.0).abs());
        let sixth = match most {
            _ if most <= red => ((green - blue) / range).rem_euclid(6.0),
            _ if most <= green => (blue - red) / range + 2.0,
            _ => (red - green) / range + 4.0,
        };
        (sixth * 60.0, saturation, lightness)
    }

    /// The colour with a hue in degrees, a saturation and a lightness from 0 to 1.
    pub fn of_hsl(hue: f64, saturation: f64, lightness: f64) -> Self {
        let reach = saturation * lightness.min(1.0 - lightness);
        let part = |offset: f64| {
            let at = (offset + hue / 30.0).rem_euclid(12.0);
            byte((lightness - reach * (at - 3.0).min(9.0 - at).clamp(-1.0, 1.0)) * 255.0)
        };
        Self::new(part(0.0), part(8.0), part(4.0))
    }
}

/// How finely lightness is tried.
const STEPS: u16 = 1000;

/// The nearest whole number from 0 to 255.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between 0 and 255")]
pub fn byte(number: f64) -> u8 {
    number.round().clamp(0.0, 255.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHITE: Colour = Colour::new(255, 255, 255);

    #[test]
    fn contrast_is_that_of_wcag() {
        assert!((WHITE.contrast(Colour::new(0, 0, 0)) - 21.0).abs() < 1e-9);
        assert!((WHITE.contrast(WHITE) - 1.0).abs() < 1e-9);
        // The grey that is known to pass just so, and the one beside it that does not.
        assert!(Colour::new(0x76, 0x76, 0x76).contrast(WHITE) >= 4.5);
        assert!(Colour::new(0x77, 0x77, 0x77).contrast(WHITE) < 4.5);
    }

    #[test]
    fn a_colour_keeps_its_hue_while_its_lightness_is_sought() {
        let passes = |colour: Colour| colour.contrast(WHITE) >= 4.5;
        let orange = Colour::new(0xff, 0x88, 0x00);
        assert_eq!(orange.nearest_lightness(passes).map(|colour| colour.to_string()).as_deref(), Some("#b56000"));
        assert_eq!(orange.nearest_lightness(|_| false), None);
        let dark = Colour::new(0x10, 0x50, 0x6f);
        assert_eq!(dark.nearest_lightness(passes), Some(dark));
    }

    #[test]
    fn colours_survive_the_way_to_hue_and_back() {
        for colour in [(255, 0, 0), (12, 200, 34), (7, 7, 250), (128, 128, 128), (16, 80, 111), (250, 250, 0)] {
            let colour = Colour::new(colour.0, colour.1, colour.2);
            let (hue, saturation, lightness) = colour.hsl();
            assert_eq!(Colour::of_hsl(hue, saturation, lightness), colour);
        }
    }
}
