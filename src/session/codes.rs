//! All codes of all floors, for `anslag explain`.

use crate::diagnostic::Code;

/// Every code that a diagnostic may have, in order of name.
pub fn codes() -> Vec<&'static Code> {
    let floors = [
        crate::source::CODES.to_vec(),
        crate::data::codes(),
        crate::config::codes(),
        crate::outside::CODES.to_vec(),
        crate::addresses::CODES.to_vec(),
        crate::document::codes(),
        crate::model::codes(),
        crate::plan::pictures::CODES.to_vec(),
        crate::kind::codes(),
        crate::overview::codes(),
        crate::theme::codes(),
        super::addresses::CODES.to_vec(),
        super::checks::CODES.to_vec(),
        super::gates::CODES.to_vec(),
        super::pages::CODES.to_vec(),
    ];
    let mut codes = floors.concat();
    codes.sort_by_key(|code| code.name);
    codes
}
