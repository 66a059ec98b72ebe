//! What a language wants of its typography, and the few words that a body itself must say.

/// Quotation marks and words of one language.
#[derive(Debug)]
pub struct Language {
    /// What `"` becomes, opening and closing.
    pub double: (&'static str, &'static str),
    /// What `'` becomes, opening and closing.
    pub single: (&'static str, &'static str),
    /// Words for those who listen to the page.
    pub words: &'static Words,
}

/// What a body says by itself, mostly to screen readers.
#[derive(Debug)]
pub struct Words {
    /// The name of the footnotes as a part of the page.
    pub footnotes: &'static str,
    /// The name of the link from a footnote to where it is cited; the number follows.
    pub back: &'static str,
    /// The name of a table that scrolls; a number follows.
    pub table: &'static str,
    /// A checked task.
    pub done: &'static str,
    /// An unchecked task.
    pub not_done: &'static str,
}

/// The language of a tag such as `sv` or `en-GB`; English typography for those not in the table.
pub fn language(tag: &str) -> &'static Language {
    let primary = tag.split(['-', '_']).next().unwrap_or_default();
    let known = LANGUAGES.iter().find(|(name, _)| name.eq_ignore_ascii_case(primary));
    known.map_or(&ENGLISH, |(_, language)| language)
}

static ENGLISH: Language = Language { double: ("“", "”"), single: ("‘", "’"), words: &ENGLISH_WORDS };

static ENGLISH_WORDS: Words =
    Words { footnotes: "Footnotes", back: "Back to reference", table: "Table", done: "Done", not_done: "Not done" };

static SWEDISH_WORDS: Words = Words {
    footnotes: "Fotnoter",
    back: "Tillbaka till hänvisning",
    table: "Tabell",
    done: "Klart",
    not_done: "Inte klart",
};

macro_rules! languages {
    ($($name:literal: $open:literal $close:literal $single_open:literal $single_close:literal $words:ident;)*) => {
        &[$(($name, Language { double: ($open, $close), single: ($single_open, $single_close), words: &$words })),*]
    };
}

static LANGUAGES: &[(&str, Language)] = languages! {
    "sv": "”" "”" "’" "’" SWEDISH_WORDS;
    "fi": "”" "”" "’" "’" ENGLISH_WORDS;
    "fit": "”" "”" "’" "’" ENGLISH_WORDS;
    "se": "”" "”" "’" "’" ENGLISH_WORDS;
    "sma": "”" "”" "’" "’" ENGLISH_WORDS;
    "smj": "”" "”" "’" "’" ENGLISH_WORDS;
    "da": "”" "”" "’" "’" ENGLISH_WORDS;
    "nb": "«" "»" "‘" "’" ENGLISH_WORDS;
    "nn": "«" "»" "‘" "’" ENGLISH_WORDS;
    "no": "«" "»" "‘" "’" ENGLISH_WORDS;
    "is": "„" "“" "‚" "‘" ENGLISH_WORDS;
    "de": "„" "“" "‚" "‘" ENGLISH_WORDS;
    "cs": "„" "“" "‚" "‘" ENGLISH_WORDS;
    "pl": "„" "”" "‚" "’" ENGLISH_WORDS;
    "hu": "„" "”" "’" "’" ENGLISH_WORDS;
    "ro": "„" "”" "«" "»" ENGLISH_WORDS;
    "fr": "«\u{202F}" "\u{202F}»" "“" "”" ENGLISH_WORDS;
    "es": "«" "»" "“" "”" ENGLISH_WORDS;
    "it": "«" "»" "“" "”" ENGLISH_WORDS;
    "ru": "«" "»" "„" "“" ENGLISH_WORDS;
    "uk": "«" "»" "„" "“" ENGLISH_WORDS;
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_primary_tag_decides() {
        assert_eq!(language("sv-FI").double, ("”", "”"));
        assert_eq!(language("EN-gb").double, ("“", "”"));
        assert_eq!(language("tlh").double, ("“", "”"));
        assert_eq!(language("").double, ("“", "”"));
    }
}
