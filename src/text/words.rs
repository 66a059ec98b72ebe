//! Words of a text: as names are sought among them, and how they begin.

/// The words of a text: letters and digits.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// A text with its first letter small, as it stands inside a line.
pub fn uncapitalised(text: &str) -> String {
    let mut signs = text.chars();
    signs.next().map_or(String::new(), |first| first.to_lowercase().chain(signs).collect())
}

/// A word without the `s` of a Swedish or English genitive.
pub fn without_genitive(word: &str) -> &str {
    word.strip_suffix('s').unwrap_or(word)
}
