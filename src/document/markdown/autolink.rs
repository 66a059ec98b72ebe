//! Bare addresses in text: `https://…`, `www.…` and `name@example.org`, by the rules of GitHub.

use std::ops::Range;

/// An address found in text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub span: Range<usize>,
    /// What must stand before it to make it a target.
    pub scheme: &'static str,
}

/// Whether it is worth looking: most text holds no address.
pub(super) fn may_contain(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().any(|(at, byte)| match byte {
        b'@' => true,
        b':' => bytes[at..].starts_with(b"://"),
        b'.' => at >= 3 && bytes[at - 3..at].eq_ignore_ascii_case(b"www"),
        _ => false,
    })
}

/// All addresses in the text, in order, in linear time.
pub(super) fn find(text: &str) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let floor = found.last().map_or(0, |last| last.span.end);
        match candidate(text, at, floor) {
            Candidate::Link(link) => {
                at = link.span.end;
                found.push(link);
            }
            Candidate::None(next) => at = next,
        }
    }
    found
}

enum Candidate {
    Link(Found),
    /// Nothing here: look on from there.
    None(usize),
}

fn candidate(text: &str, at: usize, floor: usize) -> Candidate {
    let bytes = text.as_bytes();
    match bytes[at] {
        b'@' => email(text, at, floor),
        b'h' | b'H' if is_start(text, at, floor) => {
            let scheme = ["https://", "http://"].iter().find(|scheme| starts_with(&bytes[at..], scheme));
            scheme.map_or(Candidate::None(at + 1), |scheme| address(text, at, at + scheme.len(), ""))
        }
        b'w' | b'W' if is_start(text, at, floor) && starts_with(&bytes[at..], "www.") => {
            address(text, at, at, "http://")
        }
        _ => Candidate::None(at + 1),
    }
}

fn starts_with(bytes: &[u8], prefix: &str) -> bool {
    bytes.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
}

/// An address starts where a word does.
fn is_start(text: &str, at: usize, floor: usize) -> bool {
    at == floor || !text[..at].ends_with(|before: char| before.is_alphanumeric())
}

fn address(text: &str, start: usize, domain: usize, scheme: &'static str) -> Candidate {
    let is_domain = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_' | '.');
    let domain_end = domain + text[domain..].find(|character| !is_domain(character)).unwrap_or(text.len() - domain);
    if !is_valid_domain(&text[domain..domain_end], scheme.is_empty()) {
        return Candidate::None(domain_end.max(start + 1));
    }
    let is_end = |character: char| character.is_whitespace() || character.is_control() || character == '<';
    let end = domain_end + text[domain_end..].find(is_end).unwrap_or(text.len() - domain_end);
    let span = start..start + trimmed_length(&text[start..end]);
    if span.end <= domain { Candidate::None(end) } else { Candidate::Link(Found { span, scheme }) }
}

/// At least one period (unless a scheme says clearly what it is), and no underscore in the last two parts.
fn is_valid_domain(domain: &str, has_scheme: bool) -> bool {
    let domain = domain.trim_end_matches('.');
    let mut parts = domain.rsplit('.');
    let is_clean = parts.by_ref().take(2).all(|part| !part.is_empty() && !part.contains('_'));
    is_clean && (has_scheme || domain.contains('.'))
}

/// The length without what belongs to the sentence: closing punctuation and parentheses that were not opened.
fn trimmed_length(address: &str) -> usize {
    let count = |wanted| address.bytes().filter(|byte| *byte == wanted).count();
    let (opened, mut closed) = (count(b'('), count(b')'));
    let mut rest = address;
    loop {
        match rest.chars().next_back() {
            Some(')') if closed > opened => closed -= 1,
            Some('?' | '!' | '.' | ',' | ':' | ';' | '*' | '_' | '~' | '\'' | '"' | '”' | '’' | '“' | '»' | '…') =>
                {}
            _ => return rest.len(),
        }
        let last = rest.chars().next_back().map_or(0, char::len_utf8);
        rest = &rest[..rest.len() - last];
    }
}

fn email(text: &str, at: usize, floor: usize) -> Candidate {
    let bytes = text.as_bytes();
    let is_local = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-' | b'_');
    let start = at - bytes[floor..at].iter().rev().take_while(is_local).count();
    let is_domain = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let length = bytes[at + 1..].iter().take_while(is_domain).count();
    let domain = text[at + 1..at + 1 + length].trim_end_matches('.');
    let is_valid =
        domain.contains('.') && !domain.contains("..") && !domain.starts_with('.') && !domain.ends_with(['-', '_']);
    let is_alone = is_start(text, start, floor)
        && !text[..start].ends_with('@')
        && !text[at + 1 + domain.len()..].starts_with('@');
    if start == at || !is_valid || !is_alone {
        return Candidate::None(at + 1);
    }
    Candidate::Link(Found { span: start..at + 1 + domain.len(), scheme: "mailto:" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_addresses() {
        let cases: &[(&str, &[&str])] = &[
            ("se https://skr.se/a_b?x=1&y=2.", &["https://skr.se/a_b?x=1&y=2"]),
            ("(www.skr.se) och WWW.SKR.SE/(a)", &["www.skr.se", "WWW.SKR.SE/(a)"]),
            ("skriv till anna.b-c_d@skr.se, nu", &["anna.b-c_d@skr.se"]),
            ("https://xn--r-1fa.se/å och http://localhost:80/", &["https://xn--r-1fa.se/å", "http://localhost:80/"]),
            ("xhttps://a.se www. www.a http:// @ a@b a@b. .@.", &["www.a"]),
            ("”https://a.se” https://a.se/…", &["https://a.se", "https://a.se/"]),
            ("a@b.c@d.e www.a_b.c_d", &[]),
            ("https://a.se<b", &["https://a.se"]),
        ];
        for (text, expected) in cases {
            let found: Vec<_> = find(text).into_iter().map(|found| &text[found.span]).collect();
            assert_eq!(found, *expected, "{text}");
            assert!(found.is_empty() || may_contain(text));
        }
    }
}
