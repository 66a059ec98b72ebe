//! What the theme says of pictures that the build draws: a font, and which of its colours go where.

use std::sync::Arc;

use super::contrast::colour_of;
use crate::code;
use crate::config::layers::{self, Layers, quoted};
use crate::data::Located;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::image::{Font, Painter, Palette};
use crate::source::Snapshot;
use crate::text::suggest::closest;
use crate::theme::assets::tokens::{Scheme, Tokens};
use crate::view::SchemesView;

code! { pub UNKNOWN_FONT = "unknown-font", Error, "a font for pictures that is not there or cannot be read",
"`pictures:` in `theme.yaml` names a file in the theme's folder `pictures/`: a font in TrueType or OpenType format \
(`.ttf`, `.otf`) with all its outlines inside, not a web font (`.woff2`)." }

/// The findings of this module.
pub const CODES: &[&Code] = &[&UNKNOWN_FONT];

/// What the theme says of pictures.
#[derive(Clone, Debug, Default)]
pub struct Pictures {
    /// What draws them; none where the theme says nothing of it.
    pub painter: Option<Arc<Painter>>,
    /// The colour that browsers may give what is around the page.
    pub theme_color: Option<SchemesView>,
}

impl Pictures {
    /// Reads the font and finds the colours. What is wrong is reported.
    ///
    /// # Errors
    /// A file cannot be read from disk.
    pub fn load(snapshot: &Snapshot, layers: &Layers, tokens: &Tokens, report: &mut Report) -> anyhow::Result<Self> {
        let theme_color = layers.nearest(|layer| layer.theme_color.as_ref());
        let theme_color = theme_color.and_then(|name| schemes(name, tokens, report));
        let painter = match layers.nearest(|layer| layer.pictures.as_ref()) {
            Some(pictures) => {
                let font = font(snapshot, layers, &pictures.font, report)?;
                font.zip(palette(pictures, tokens, report)).map(|(font, palette)| Arc::new(Painter::new(font, palette)))
            }
            None => None,
        };
        Ok(Self { painter, theme_color })
    }
}

fn schemes(name: &Located<String>, tokens: &Tokens, report: &mut Report) -> Option<SchemesView> {
    let mut colour = |scheme| colour_of(name, tokens, scheme, report).map(|(colour, _)| colour.to_string());
    Some(SchemesView { light: colour(Scheme::Light)?, dark: colour(Scheme::Dark)? })
}

fn font(
    snapshot: &Snapshot,
    layers: &Layers,
    name: &Located<String>,
    report: &mut Report,
) -> anyhow::Result<Option<Font>> {
    let files = layers.files(snapshot, "pictures");
    let Some(file) = files.get(&name.value).and_then(|files| files.first()) else {
        let words = format!("there is no `pictures/{}` in the theme", name.value.escape_debug());
        let diagnostic = Diagnostic::new(&UNKNOWN_FONT, words).at(name.place.clone());
        let fonts = || files.keys().map(String::as_str).filter(|name| layers::is_font(name));
        report.push(match closest(&name.value, fonts()) {
            Some(meant) => diagnostic.meant(meant),
            None if fonts().next().is_none() => diagnostic.help("put a font into the theme's folder `pictures/`"),
            None => diagnostic.help(format!("the fonts there are {}", quoted(fonts()))),
        });
        return Ok(None);
    };
    let font = Font::read(snapshot.bytes(&file.path)?.into_owned());
    if font.is_none() {
        report.push(
            Diagnostic::new(&UNKNOWN_FONT, format!("`{}` is no font that can be read", file.path))
                .at(name.place.clone())
                .help("take a font in TrueType or OpenType format: `.ttf` or `.otf`"),
        );
    }
    Ok(font)
}

fn palette(pictures: &layers::Pictures, tokens: &Tokens, report: &mut Report) -> Option<Palette> {
    let mut colour = |name| colour_of(name, tokens, Scheme::Light, report).map(|(colour, _)| colour);
    let (background, ink) = (colour(&pictures.background), colour(&pictures.ink));
    let (accent, on_accent) = (colour(&pictures.accent), colour(&pictures.on_accent));
    Some(Palette { background: background?, ink: ink?, accent: accent?, on_accent: on_accent? })
}
