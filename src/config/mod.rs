//! What a site has decided about itself: `site.yaml` as [`Settings`], the theme's layers of files, and its texts.

pub mod gates;
pub mod headers;
pub mod layers;
pub mod settings;
pub mod texts;

use crate::diagnostic::Code;

pub use layers::Layers;
pub use settings::Settings;
pub use texts::Texts;

/// What this floor reports.
pub fn codes() -> Vec<&'static Code> {
    [settings::CODES, gates::CODES, headers::CODES, layers::CODES, texts::CODES].concat()
}
