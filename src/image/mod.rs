//! Pictures that the build draws itself: what link previews show of a page, and the site's icons.
//!
//! This floor knows colours, letters and pixels, and nothing of pages. All is drawn in whole steps of colours between
//! two others, so the same words give the same bytes on every machine. A [`Painter`] draws; a [`Drawing`] says what.

pub mod colour;
mod font;
mod icon;
mod lines;
mod png;
mod preview;

use std::sync::Arc;

pub use colour::Colour;
pub use font::Font;

use crate::text::fingerprint::fingerprint;

/// The width of a picture for link previews.
pub const WIDTH: u32 = 1200;
/// Its height.
pub const HEIGHT: u32 = 630;

/// The colours that all pictures are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// Behind the heading.
    pub background: Colour,
    /// The heading.
    pub ink: Colour,
    /// What stands above the heading, and the ground of the band and of the icons.
    pub accent: Colour,
    /// What stands on that.
    pub on_accent: Colour,
}

/// What is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Drawing {
    /// A picture for link previews, as PNG.
    Preview(Arc<Words>),
    /// An icon as SVG.
    IconSvg(Arc<str>),
    /// An icon as ICO, 32 pixels wide.
    IconIco(Arc<str>),
    /// An icon as PNG for the start screens of phones, 180 pixels wide.
    IconTouch(Arc<str>),
}

/// The words on a picture for link previews.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// A line above the heading.
    pub kicker: Option<String>,
    /// The heading.
    pub heading: String,
    /// A line in the band below.
    pub band: Option<String>,
}

/// Draws pictures in one font and some colours.
#[derive(Debug)]
pub struct Painter {
    font: Font,
    palette: Palette,
    fingerprint: u64,
}

impl PartialEq for Painter {
    fn eq(&self, other: &Self) -> bool {
        self.fingerprint == other.fingerprint
    }
}

impl Eq for Painter {}

impl Painter {
    /// A painter.
    pub fn new(font: Font, palette: Palette) -> Self {
        let colours = [palette.background, palette.ink, palette.accent, palette.on_accent];
        let colours: Vec<u8> = colours.iter().flat_map(|colour| [colour.red, colour.green, colour.blue]).collect();
        let fingerprint = font.fingerprint() ^ fingerprint(&colours);
        Self { font, palette, fingerprint }
    }

    /// A sign of a text that the font has no letter for, if there is one.
    pub fn lacks(&self, text: &str) -> Option<char> {
        text.chars().find(|sign| !sign.is_whitespace() && !lines::is_unseen(*sign) && !self.font.has(*sign))
    }

    /// Draws.
    pub fn draw(&self, drawing: &Drawing) -> Vec<u8> {
        match drawing {
            Drawing::Preview(words) => preview::draw(&self.font, &self.palette, words),
            Drawing::IconSvg(letters) => icon::svg(&self.font, &self.palette, letters).into_bytes(),
            Drawing::IconIco(letters) => icon::ico(&self.font, &self.palette, letters),
            Drawing::IconTouch(letters) => icon::touch(&self.font, &self.palette, letters),
        }
    }

    /// What tells a picture with these words from others: those who keep it by its address see that it is new.
    pub fn version(&self, words: &Words) -> String {
        let of_words = [words.kicker.as_deref(), Some(&*words.heading), words.band.as_deref()];
        let all = of_words.map(Option::unwrap_or_default).join("\u{1f}");
        format!("{:016x}", self.fingerprint ^ fingerprint(all.as_bytes()))[..8].to_owned()
    }
}

impl Words {
    /// All the words, as the alternative text of the picture.
    pub fn alt(&self) -> String {
        let mut alt = String::new();
        for part in [self.kicker.as_ref(), Some(&self.heading), self.band.as_ref()].into_iter().flatten() {
            let part = part.trim();
            match alt.chars().next_back() {
                None => {}
                Some('.' | '!' | '?' | '…' | ':') => alt.push(' '),
                Some(_) => alt.push_str(". "),
            }
            alt.push_str(part);
        }
        alt
    }

    /// Each of them.
    pub fn each(&self) -> impl Iterator<Item = &str> {
        [self.kicker.as_deref(), Some(&*self.heading), self.band.as_deref()].into_iter().flatten()
    }
}

#[cfg(test)]
mod tests;
