//! What a site has decided about itself: `site.yaml` as [`Settings`], the theme's layers of files, and its texts.

pub mod settings;

pub use settings::Settings;
pub use crate::theme::texts;
pub use texts::Texts;
pub use crate::theme::layers;

use crate::diagnostic::Code;

/// What this floor reports.
pub fn codes() -> Vec<&'static Code> {
    settings::CODES.to_vec()
}
