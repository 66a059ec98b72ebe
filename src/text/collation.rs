//! The order of words in a language: å, ä and ö come last in Swedish.

use std::cmp::Ordering;

use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed, CollatorPreferences};
use icu_locale_core::{LanguageIdentifier, Locale};

/// Puts texts in the order of a language.
pub struct Collation(CollatorBorrowed<'static>);

impl Collation {
    /// The order of a language, BCP 47; the order common to all languages when the tag is not one.
    pub fn new(language: &str) -> Self {
        let locale: Locale = language.parse().unwrap_or(Locale::UNKNOWN);
        let collator = Collator::try_new(CollatorPreferences::from(&locale), CollatorOptions::default())
            .expect("the collation data is compiled in, with a root order for every language");
        Self(collator)
    }

    /// Compares two texts; texts that the language holds equal are told apart by their bytes.
    pub fn compare(&self, one: &str, other: &str) -> Ordering {
        self.0.compare(one, other).then_with(|| one.cmp(other))
    }
}

/// Whether a text is a well-formed language tag (BCP 47): `sv`, `en-GB`, `se`.
pub fn is_language(tag: &str) -> bool {
    tag.parse::<LanguageIdentifier>().is_ok() && tag != "und"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swedish_letters_come_last() {
        let collation = Collation::new("sv");
        let mut towns = vec!["Örebro", "Ystad", "Ängelholm", "ale", "Åmål", "Zinkgruvan"];
        towns.sort_by(|one, other| collation.compare(one, other));
        assert_eq!(towns, ["ale", "Ystad", "Zinkgruvan", "Åmål", "Ängelholm", "Örebro"]);
    }
}
