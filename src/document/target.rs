//! Where a link may lead: which targets are safe to publish.
//!
//! Whether the target exists is decided where all documents are known; here only its form is looked at.

use crate::code;
use crate::diagnostic::{Code, Diagnostic, Place};

/// The findings of this module.
pub const CODES: &[&Code] = &[&DANGEROUS_LINK, &UNKNOWN_LINK_SCHEME];

code! { pub DANGEROUS_LINK = "dangerous-link", Error, "a link that runs a script or hides what it is",
"Targets such as `javascript:` and `data:` run code of the writer's in the reader's browser, and control characters \
in a target serve only to hide such a thing. No page needs them. Link to an address that starts with `https://`, or \
to a file." }

code! { pub UNKNOWN_LINK_SCHEME = "unknown-link-scheme", Error, "a link of a kind that readers cannot follow",
"A link leads to a file or an address of the site, or starts with `https://`, `http://`, `mailto:` or `tel:`. Other \
kinds need programs that readers may not have. A file name that contains a colon is written with `./` before it." }

/// What may start a target, with what follows it.
const LINK_SCHEMES: &[&str] = &["https", "http", "mailto", "tel"];

/// Reports a target that must not be published; `true` if it is fine.
pub(super) fn check(target: &str, image: bool, place: impl FnOnce() -> Place) -> Option<Diagnostic> {
    // Most targets are plain: this is asked of every link.
    if target.starts_with("https://") || is_plainly_relative(target) {
        return None;
    }
    fault(target, image).map(|fault| fault.at(place()))
}

fn is_plainly_relative(target: &str) -> bool {
    target.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_' | b'#'))
        && !target.starts_with("//")
}

fn fault(target: &str, image: bool) -> Option<Diagnostic> {
    // Browsers drop spaces and control characters, and read `\` as `/`.
    let seen: String = target
        .chars()
        .filter(|character| !character.is_control() && !character.is_whitespace() && !is_invisible(*character))
        .map(|character| if character == '\\' { '/' } else { character })
        .collect();
    let scheme = scheme(&seen);
    if matches!(
        scheme.as_deref(),
        Some("javascript" | "vbscript" | "data" | "livescript" | "mocha" | "blob" | "filesystem")
    ) {
        let scheme = scheme.unwrap_or_default();
        return Some(
            Diagnostic::new(&DANGEROUS_LINK, format!("a target may not start with `{scheme}:`"))
                .help("link to an address that starts with `https://`, or to a file"),
        );
    }
    if target.chars().any(char::is_control) {
        return Some(
            Diagnostic::new(&DANGEROUS_LINK, "the target contains control characters")
                .help("write the target anew, by hand"),
        );
    }
    if seen.starts_with("//") {
        return Some(
            Diagnostic::new(&UNKNOWN_LINK_SCHEME, "the target starts with `//`")
                .help("write `https://` first, or a single `/` for an address of this site"),
        );
    }
    let scheme = scheme?;
    let allowed = if image { &LINK_SCHEMES[..2] } else { LINK_SCHEMES };
    if !allowed.contains(&scheme.as_str()) {
        return Some(
            Diagnostic::new(&UNKNOWN_LINK_SCHEME, format!("the target starts with `{scheme}:`"))
                .help(format!("use one of `{}:`, or `./` before the name of a file", allowed.join(":`, `"))),
        );
    }
    let rest = &seen[scheme.len() + 1..];
    if scheme.starts_with("http") && !rest.starts_with("//") {
        return Some(
            Diagnostic::new(&UNKNOWN_LINK_SCHEME, format!("`//` is missing after `{scheme}:`"))
                .help(format!("write `{scheme}://…`")),
        );
    }
    None
}

/// What stands before the first colon, if a browser would take it for a scheme.
fn scheme(target: &str) -> Option<String> {
    let end = target.find([':', '/', '?', '#'])?;
    let name = &target[..end];
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    (target.as_bytes()[end] == b':' && is_name).then(|| name.to_ascii_lowercase())
}

/// Characters without a width: no browser skips them in a scheme, but nobody sees them either.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{FFFD}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(target: &str, image: bool) -> &'static str {
        fault(target, image).map_or("", |fault| fault.code.name)
    }

    #[test]
    fn safe_targets() {
        for target in [
            "",
            "#rubrik",
            "../events/x.md#program",
            "/blogg/",
            "?q=a:b",
            "./fil:namn.pdf",
            "https://skr.se",
            "HTTP://SKR.SE",
            "mailto:a@b.se",
            "tel:+46 8 123",
            "å:b",
            "1:2",
        ] {
            assert_eq!(code(target, false), "", "{target}");
        }
    }

    #[test]
    fn dangerous_targets() {
        for target in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " javascript:alert(1)",
            "java\tscript:alert(1)",
            "java\nscript:alert(1)",
            "\u{1}javascript:alert(1)",
            "javascript\u{200b}:alert(1)",
            "java script:alert(1)",
            "vbscript:x",
            "data:text/html,<script>",
            "data:image/png;base64,AA",
            "https://a.se/\u{7}",
        ] {
            assert_eq!(code(target, false), "dangerous-link", "{target:?}");
        }
    }

    #[test]
    fn unknown_schemes() {
        for target in [
            "ftp://x",
            "file:///etc",
            "c:\\fil.pdf",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil",
            "https:a",
            "sms:1",
        ] {
            assert_eq!(code(target, false), "unknown-link-scheme", "{target}");
        }
        assert_eq!(code("mailto:a@b.se", true), "unknown-link-scheme");
    }
}
