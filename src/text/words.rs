//! Words of a text, as names are sought among them.

/// The words of a text: letters and digits.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// A word without the `s` of a Swedish or English genitive.
pub fn without_genitive(word: &str) -> &str {
    word.strip_suffix('s').unwrap_or(word)
}
