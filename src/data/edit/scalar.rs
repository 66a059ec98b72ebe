//! A text as YAML writes it: with quotes where it needs them.

use super::Step;
use super::tree::follow;
use crate::data::node::{NodeKind, parse};
use crate::diagnostic::Report;

/// Where a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// On a line of its own.
    Block,
    /// In braces or brackets.
    Flow,
}

/// Words that some readers of YAML take for something else than a text.
const OTHER_THAN_TEXT: [&str; 10] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~"];

/// A text as YAML: in the quotes that stood there, or in none where every reader reads the same without, or else in
/// double ones.
pub(super) fn scalar(text: &str, style: Style, quote: Option<char>) -> String {
    match quote {
        Some('\'') if !text.contains(char::is_control) => format!("'{}'", text.replace('\'', "''")),
        Some('"') => quoted(text),
        _ if is_plain(text, style) => text.to_owned(),
        _ => quoted(text),
    }
}

/// A text as it can be written anywhere in YAML, in quotes only where it needs them.
pub fn written(text: &str) -> String {
    scalar(text, Style::Flow, None)
}

/// Whether a text needs no quotes. The reader of this crate is asked, and others are thought of.
fn is_plain(text: &str, style: Style) -> bool {
    let is_doubtful = text
        .chars()
        .any(|sign| sign.is_control() || matches!(sign, '\u{85}' | '\u{a0}' | '\u{2028}' | '\u{2029}' | '\u{feff}'));
    if is_doubtful || text.trim() != text || OTHER_THAN_TEXT.contains(&text.to_lowercase().as_str()) {
        return false;
    }
    let (before, after) = if style == Style::Flow { ("k: {k: ", ", l: 1}\n") } else { ("k: ", "\n") };
    let (path, yaml) = ("".into(), format!("{before}{text}{after}"));
    let read = parse(&path, &yaml, 0..yaml.len(), &mut Report::default());
    let steps: &[Step] = if style == Style::Flow { &[Step::Key("k"), Step::Key("k")] } else { &[Step::Key("k")] };
    let value = read.as_ref().and_then(|tree| follow(tree, steps));
    // Another sign in the lead, and a second key: what was in braces is whole.
    let is_whole = style == Style::Block || read.as_ref().and_then(|tree| tree.get("k")?.get("l")).is_some();
    is_whole && value.is_some_and(|node| matches!(&node.kind, NodeKind::Text(found) if found == text))
}

/// A text in double quotes.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for sign in text.chars() {
        match sign {
            '"' | '\\' => quoted.extend(['\\', sign]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => quoted.push_str(&format!("\\u{:04x}", u32::from(sign))),
            sign if sign.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(sign))),
            sign => quoted.push(sign),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_quotes_when_it_needs_them() {
        let cases = [
            ("Sjukdom", "Sjukdom", "Sjukdom"),
            ("För få kunde, tyvärr.", "För få kunde, tyvärr.", "\"För få kunde, tyvärr.\""),
            ("Obs: sjuk", "\"Obs: sjuk\"", "\"Obs: sjuk\""),
            ("kl. 09:30", "kl. 09:30", "kl. 09:30"),
            ("slut:", "\"slut:\"", "\"slut:\""),
            ("nr #4", "\"nr #4\"", "\"nr #4\""),
            ("C#", "C#", "C#"),
            ("\"citat\" först", "\"\\\"citat\\\" först\"", "\"\\\"citat\\\" först\""),
            ("sist 'citat'", "sist 'citat'", "sist 'citat'"),
            ("'", "\"'\"", "\"'\""),
            ("\\", "\\", "\\"),
            ("- streck", "\"- streck\"", "\"- streck\""),
            ("true", "\"true\"", "\"true\""),
            ("Nej", "Nej", "Nej"),
            ("no", "\"no\"", "\"no\""),
            ("2027", "\"2027\"", "\"2027\""),
            ("2027-01-01", "2027-01-01", "2027-01-01"),
            ("1e3", "\"1e3\"", "\"1e3\""),
            ("", "\"\"", "\"\""),
            (" ", "\" \"", "\" \""),
            ("a]b}c", "a]b}c", "\"a]b}c\""),
            ("{a}", "\"{a}\"", "\"{a}\""),
            ("*stjärna*", "\"*stjärna*\"", "\"*stjärna*\""),
            ("&a", "\"&a\"", "\"&a\""),
            ("!nu", "\"!nu\"", "\"!nu\""),
            ("@alla", "\"@alla\"", "\"@alla\""),
            ("%", "\"%\"", "\"%\""),
            ("a\u{a0}b", "\"a\u{a0}b\"", "\"a\u{a0}b\""),
        ];
        for (text, block, flow) in cases {
            assert_eq!(scalar(text, Style::Block, None), block);
            assert_eq!(scalar(text, Style::Flow, None), flow);
        }
        assert_eq!(scalar("d'Hondt", Style::Block, Some('\'')), "'d''Hondt'");
        assert_eq!(scalar("a\tb", Style::Block, Some('\'')), "\"a\\tb\"");
    }
}
