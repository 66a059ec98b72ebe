//! The words of links: whether they say where it leads, and labels that are better generated.

use std::ops::Range;

/// What says nothing by itself, in the languages of our readers and their neighbours.
const VAGUE: &[&str] = &[
    // Swedish
    "här",
    "hit",
    "klicka",
    "klicka här",
    "tryck här",
    "se här",
    "länk",
    "länken",
    "denna länk",
    "den här länken",
    "till webbplatsen",
    "till webbsidan",
    "till hemsidan",
    "öppnas i nytt fönster",
    "denna sida",
    "den här sidan",
    "mer",
    "läs mer",
    "läs mer här",
    "läs vidare",
    "mer info",
    "mer information",
    "info",
    "fortsätt",
    "ladda ner",
    "ladda ned",
    "dokument",
    "dokumentet",
    "fil",
    "filen",
    "pdf",
    // English
    "here",
    "click",
    "click here",
    "link",
    "this link",
    "this page",
    "more",
    "read more",
    "learn more",
    "more info",
    "more information",
    "continue",
    "go to the website",
    "opens in a new window",
    "download",
    "document",
    "file",
    // Norwegian and Danish
    "her",
    "klikk her",
    "klik her",
    "les mer",
    "læs mere",
    // Finnish
    "tästä",
    "täällä",
    "lue lisää",
];

/// Whether the words of a link say nothing: a word such as `här`, signs such as `>>`, or a bare address.
pub fn says_nothing(text: &str) -> bool {
    let plain = text.trim_matches(|sign: char| !sign.is_alphanumeric()).to_lowercase();
    let is_signs = plain.is_empty() && !text.trim().is_empty();
    is_signs || VAGUE.contains(&plain.as_str()) || is_address(text)
}

/// A web address as text, also one that begins with `www.`: neither is read out as words.
fn is_address(text: &str) -> bool {
    let text = text.trim();
    let begins = |start: &str| text.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start));
    let has_start = ["https://", "http://", "www."].into_iter().any(begins);
    has_start && !text.contains(char::is_whitespace)
}

/// Words that begin a typed label, such as `(PDF, 2 MB)`.
const TYPES: &[&str] =
    &["pdf", "word", "excel", "powerpoint", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "zip", "epub"];

/// Words that end one, such as `(öppnas i nytt fönster)`.
const WINDOWS: &[&str] =
    &["nytt fönster", "ny flik", "new window", "new tab", "uusi ikkuna", "nyt vindue", "nytt vindu"];

/// Whether a text holds a label that is better generated: `(PDF, 412 kB)`, `[nytt fönster]`, or at its end `, pdf` and
/// `2 MB`.
pub fn is_typed_label(text: &str) -> bool {
    let inside = |rest: &str| rest.split_once([')', ']']).is_some_and(|(inside, _)| is_label(inside));
    text.split(['(', '[']).skip(1).any(inside) || ends_with_label(text)
}

fn ends_with_label(text: &str) -> bool {
    let mut backwards = text.split_whitespace().rev();
    let (Some(last), Some(before)) = (backwards.next(), backwards.next()) else { return false };
    let is_one_of = |words: &[&str]| words.iter().any(|word| last.eq_ignore_ascii_case(word));
    if backwards.next().is_some() && is_one_of(&["kb", "mb", "gb"]) {
        return before.starts_with(|first: char| first.is_ascii_digit());
    }
    before.ends_with(',') && is_one_of(TYPES)
}

/// Where such a label stands at the beginning of what follows a link.
pub fn label_after(text: &str) -> Option<Range<usize>> {
    let start = text.len() - text.trim_start_matches(' ').len();
    let inside = text[start..].strip_prefix('(')?;
    // A label is short; more would be a remark.
    let end = inside.char_indices().take(80).find(|(_, sign)| matches!(sign, ')' | '\n'))?.0;
    (inside[end..].starts_with(')') && is_label(&inside[..end])).then(|| start..start + end + 2)
}

fn is_label(inside: &str) -> bool {
    let inside = inside.trim().to_lowercase();
    let first = inside.split(|sign: char| !sign.is_alphanumeric()).next().unwrap_or_default();
    let is_type = TYPES.contains(&first) && inside.chars().count() < 60;
    is_type || WINDOWS.iter().any(|window| inside.contains(window))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_say_nothing() {
        for text in [
            "här",
            "Här!",
            "Läs mer »",
            "Läs mer…",
            "click here",
            "https://skr.se/x",
            "www.skr.se",
            "WWW.skr.se/x",
            "PDF",
            ">>",
            "→",
            "Till webbplatsen",
            "Öppnas i nytt fönster",
        ] {
            assert!(says_nothing(text), "{text}");
        }
        for text in [
            "Anmälan till MR-dagen",
            "Digg",
            "www.digg.se om tillsyn",
            "Här finns programmet",
            "anna@example.org",
            "SKR",
            "",
        ] {
            assert!(!says_nothing(text), "{text}");
        }
    }

    #[test]
    fn typed_labels() {
        for text in
            ["Rapport (PDF)", "Rapport (pdf, 2 MB)", "Rapport (PDF-fil, 12 sidor)", "SKR (öppnas i nytt fönster)"]
        {
            assert!(is_typed_label(text), "{text}");
        }
        for text in ["Rapport, pdf", "Rapport pdf 2 MB", "Rapport 1,5\u{a0}MB", "Rapport [PDF]", "Handbok (PDF): barn"]
        {
            assert!(is_typed_label(text), "{text}");
        }
        for text in [
            "Rapport",
            "Konvention (1989)",
            "PDF",
            "(svenska)",
            "Rapport (fönster)",
            "Spara som pdf",
            "2 MB",
            "A [1] (b)",
        ] {
            assert!(!is_typed_label(text), "{text}");
        }
        assert_eq!(label_after(" (PDF, 2 MB) och mer"), Some(1..12));
        assert_eq!(label_after(" (som är en PDF)"), None);
        assert_eq!(label_after(", en PDF"), None);
        assert_eq!(label_after(" (PDF\n)"), None);
    }
}
