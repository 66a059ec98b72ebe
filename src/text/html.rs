//! Escaping for HTML: the one place that decides which characters cannot stand for themselves.

use std::borrow::Cow;

/// `text` safe as the text of an element and as a value in double quotes.
pub fn escape(text: &str) -> Cow<'_, str> {
    if is_safe(text) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    escape_to(&mut escaped, text);
    Cow::Owned(escaped)
}

/// Appends `text` to `html`, safe as the text of an element and as a value in double quotes.
pub fn escape_to(html: &mut String, text: &str) {
    if is_safe(text) {
        html.push_str(text);
        return;
    }
    let mut written = 0;
    for (at, byte) in text.bytes().enumerate() {
        if SPECIAL[usize::from(byte)] {
            html.push_str(&text[written..at]);
            html.push_str(replacement(byte));
            written = at + 1;
        }
    }
    html.push_str(&text[written..]);
}

/// Most text is. Without branches, so that many bytes are looked at at once: every byte of a site passes here.
fn is_safe(text: &str) -> bool {
    text.bytes().fold(true, |safe, byte| safe & !matches!(byte, b'<' | b'>' | b'&' | b'"' | 0))
}

/// The bytes that are replaced.
const SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    special[b'<' as usize] = true;
    special[b'>' as usize] = true;
    special[b'&' as usize] = true;
    special[b'"' as usize] = true;
    special[0] = true;
    special
};

fn replacement(byte: u8) -> &'static str {
    match byte {
        b'<' => "&lt;",
        b'>' => "&gt;",
        b'&' => "&amp;",
        b'"' => "&quot;",
        // HTML has no way to write U+0000.
        _ => "\u{FFFD}",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_cannot_stand_for_itself() {
        assert_eq!(escape("a < b & \"c\" > d"), "a &lt; b &amp; &quot;c&quot; &gt; d");
        assert_eq!(escape("<é>"), "&lt;é&gt;");
        assert_eq!(escape("a\0b"), "a\u{FFFD}b");
    }

    #[test]
    fn borrows_what_is_safe() {
        assert!(matches!(escape("räksmörgås, det's all"), Cow::Borrowed(_)));
    }
}
