//! Addresses in the site and paths in its sources: joining, checking, writing.
//!
//! A *route* is an address from the site's root: `/blogg/inbjudan/` for a page, `/blogg/feed.xml` for a file. A
//! *path* is a `/`-separated file path from the folder of the site. Neither ever holds `..`.

use std::fmt::Write;
use std::net::Ipv6Addr;
use std::ops::Range;

use icu_normalizer::ComposingNormalizerBorrowed;
use idna::AsciiDenyList;
use idna::uts46::{DnsLength, Hyphens, Uts46};

/// A link target in pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target<'a> {
    /// `https://…`, `mailto:…`
    Outside(&'a str),
    /// `#anchor` on the same page.
    Anchor(&'a str),
    /// `/blogg/#anchor`: an address in the site.
    Route(&'a str, Option<&'a str>),
    /// `../events/x.md#anchor`: a file of the sources.
    File(&'a str, Option<&'a str>),
}

impl<'a> Target<'a> {
    /// Takes a target apart.
    pub fn of(text: &'a str) -> Self {
        if let Some(anchor) = text.strip_prefix('#') {
            return Self::Anchor(anchor);
        }
        if text.starts_with("//") || has_scheme(text) {
            return Self::Outside(text);
        }
        let (path, anchor) = match text.split_once('#') {
            Some((path, anchor)) => (path, Some(anchor)),
            None => (text, None),
        };
        if path.starts_with('/') { Self::Route(path, anchor) } else { Self::File(path, anchor) }
    }
}

fn has_scheme(text: &str) -> bool {
    let scheme = text.split(':').next().filter(|scheme| scheme.len() < text.len()).unwrap_or_default();
    scheme.starts_with(|sign: char| sign.is_ascii_alphabetic())
        && scheme.chars().all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '+' | '-' | '.'))
}

/// The path that a relative target names, seen from a file. Percent signs are decoded, since editors write spaces
/// and å as `%20` and `%C3%A5`. `None` when it climbs out of the site's folder or is no path.
pub fn resolve(from: &str, target: &str) -> Option<String> {
    let target = decode(target)?;
    let folder = from.rfind('/').map_or("", |slash| &from[..slash]);
    let mut pieces: Vec<&str> = folder.split('/').filter(|piece| !piece.is_empty()).collect();
    for piece in target.split('/') {
        match piece {
            "" | "." => {}
            ".." => {
                pieces.pop()?;
            }
            piece => pieces.push(piece),
        }
    }
    let path = pieces.join("/");
    let clean = !path.contains(|sign: char| sign.is_control() || sign == '\\');
    clean.then_some(path)
}

/// The path from one file to another, as a writer writes it: `../pages/kontakt.md`.
pub fn relative(from: &str, to: &str) -> String {
    let folder: Vec<&str> = from.rsplit_once('/').map_or(Vec::new(), |(folder, _)| folder.split('/').collect());
    let target: Vec<&str> = to.split('/').collect();
    let shared = folder.iter().zip(&target).take_while(|(one, other)| one == other).count();
    let climb = std::iter::repeat_n("..", folder.len() - shared);
    climb.chain(target[shared..].iter().copied()).collect::<Vec<_>>().join("/")
}

/// Decodes `%C3%A5` to `å`. `None` when the result is not UTF-8.
pub fn decode(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while index < bytes.len() {
        let hex = (bytes[index] == b'%').then(|| text.get(index + 1..index + 3)).flatten();
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                index += 3;
            }
            None => {
                decoded.push(bytes[index]);
                index += 1;
            }
        }
    }
    String::from_utf8(decoded).ok()
}

/// Writes a route as it stands in HTML and XML: everything but unreserved signs is percent-encoded (RFC 3986 §2).
pub fn encode(route: &str) -> String {
    let mut encoded = String::with_capacity(route.len());
    encode_to(&mut encoded, route);
    encoded
}

/// The same at the end of what comes before it.
pub fn encode_to(encoded: &mut String, route: &str) {
    let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'.' | b'_' | b'~');
    let mut rest = route;
    // Nearly all of a route stands for itself, and is written at once.
    while let Some(at) = rest.bytes().position(|byte| !is_unreserved(byte)) {
        encoded.push_str(&rest[..at]);
        let sign = rest[at..].chars().next().map_or(1, char::len_utf8);
        rest[at..at + sign]
            .bytes()
            .for_each(|byte| write!(encoded, "%{byte:02X}").expect("writing to a string does not fail"));
        rest = &rest[at + sign..];
    }
    encoded.push_str(rest);
}

/// Where an address stands in a text: as a whole, and not as the beginning of a longer one.
pub fn find(text: &str, address: &str) -> Option<Range<usize>> {
    let is_part = |sign: char| sign.is_alphanumeric() || "/-_~%?#=&+@:!$.,;".contains(sign);
    // These end a sentence as well as an address, and stand in addresses too.
    let ends = |rest: &str| !rest.trim_start_matches(['.', ',', ';', ':', '!', '?']).starts_with(is_part);
    let begins =
        |before: &str| !before.ends_with(|sign: char| sign.is_alphanumeric() || matches!(sign, '.' | '-' | '@'));
    let mut found = text.match_indices(address).map(|(start, _)| start..start + address.len());
    found.find(|span| begins(&text[..span.start]) && ends(&text[span.end..]))
}

/// The scheme, the host and the port of a web address, as browsers compare them (RFC 6454, section 4): in small letters, and
/// other letters than those of ASCII as the domain name system has them (UTS 46). `None` where there is no host.
pub fn origin(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let server = authority.rsplit_once('@').map_or(authority, |(_, server)| server);
    let (host, port) =
        server.rsplit_once(':').filter(|(host, _)| !host.starts_with('[') || host.ends_with(']')).unzip();
    let host = ascii_host(host.unwrap_or(server))?;
    let port = port.map(str::parse::<u16>).transpose().ok()?;
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{}://{host}{port}", scheme.to_ascii_lowercase()))
}

fn ascii_host(host: &str) -> Option<String> {
    if let Some(numbers) = host.strip_prefix('[') {
        return numbers.strip_suffix(']')?.parse::<Ipv6Addr>().ok().map(|numbers| format!("[{numbers}]"));
    }
    let ascii =
        Uts46::new().to_ascii(host.as_bytes(), AsciiDenyList::STD3, Hyphens::Allow, DnsLength::VerifyAllowRootDot);
    ascii.ok().map(std::borrow::Cow::into_owned)
}

/// Where a route's bytes are in the published folder: `/blogg/` is `blogg/index.html`.
pub fn output_path(route: &str) -> String {
    let path = route.trim_start_matches('/');
    if path.is_empty() || path.ends_with('/') { [path, "index.html"].concat() } else { path.to_owned() }
}

/// A path as file systems compare names that do not tell large letters from small, or `å` in one sign from `a` with a ring: two
/// paths with one result are one file somewhere.
pub fn folded(path: &str) -> String {
    if path.is_ascii() {
        return path.to_ascii_lowercase();
    }
    // By way of capitals, so that `ß` and `ss`, `ſ` and `s`, `ς` and `σ` are one too, as in full case folding.
    let composed = ComposingNormalizerBorrowed::new_nfc();
    let capitals = composed.normalize(path).to_uppercase();
    composed.normalize(&capitals.to_lowercase().replace('ς', "σ")).into_owned()
}

/// Why a text cannot be a piece of an address.
pub fn refuse_segment(segment: &str) -> Option<&'static str> {
    match segment {
        "" => Some("it is empty"),
        "." | ".." => Some("it would climb to another folder"),
        _ if segment.contains(['/', '\\']) => Some("it holds a slash"),
        _ if segment.contains(char::is_control) => Some("it holds a control character"),
        _ if segment.contains(is_invisible) => Some("it holds an invisible character"),
        _ if segment.chars().any(char::is_whitespace) => Some("it holds a space"),
        _ if segment.contains(['?', '#', '%', '"', '<', '>', '|', '*', ':', '&']) => {
            Some("it holds a sign that has a meaning of its own in addresses")
        }
        _ if segment.starts_with('.') => Some("it begins with a full stop, which web servers hide"),
        _ if segment.len() > 200 => Some("it is longer than 200 bytes, which file systems do not take"),
        _ => None,
    }
}

/// Characters that change what is seen and are not seen themselves: soft hyphen, zero width, direction marks.
fn is_invisible(sign: char) -> bool {
    matches!(sign, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Why a text cannot be an address such as `/gammal/adress/`.
pub fn refuse_route(route: &str) -> Option<&'static str> {
    let Some(path) = route.strip_prefix('/') else { return Some("addresses begin with `/`") };
    let path = path.strip_suffix('/').unwrap_or(path);
    if path.is_empty() {
        return Some("the home page has that address");
    }
    path.split('/').find_map(refuse_segment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_origin_of_an_address() {
        let cases = [
            ("https://formular.example.org/mr/kontakt", Some("https://formular.example.org")),
            ("https://example.org:8443?a", Some("https://example.org:8443")),
            ("HTTPS://Bo:hemligt@Example.org", Some("https://example.org")),
            ("https://mänskliga.se/kontakt", Some("https://xn--mnskliga-0za.se")),
            ("https://MÄNSKLIGA.se/kontakt", Some("https://xn--mnskliga-0za.se")),
            ("http://[2001:DB8::1]:80/", Some("http://[2001:db8::1]:80")),
            ("http://[2001:DB8::1]/", Some("http://[2001:db8::1]")),
            ("https://example.org;script-src/", None),
            ("https://example.org,example.com/", None),
            ("https://example.org:åtta/", None),
            ("https://a..b/", None),
            ("https://*.example.org/", None),
            ("formular", None),
        ];
        for (url, expected) in cases {
            assert_eq!(origin(url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn targets_are_told_apart() {
        assert_eq!(Target::of("https://example.org/#a"), Target::Outside("https://example.org/#a"));
        assert_eq!(Target::of("//example.org"), Target::Outside("//example.org"));
        assert_eq!(Target::of("mailto:mr@example.org"), Target::Outside("mailto:mr@example.org"));
        assert_eq!(Target::of("#program"), Target::Anchor("program"));
        assert_eq!(Target::of("/blogg/#nya"), Target::Route("/blogg/", Some("nya")));
        assert_eq!(Target::of("../events/x.md#program"), Target::File("../events/x.md", Some("program")));
        assert_eq!(Target::of("2021-11-17: en dag.md"), Target::File("2021-11-17: en dag.md", None));
    }

    #[test]
    fn paths_stay_inside() {
        let from = "content/blog/2021/inbjudan.md";
        assert_eq!(resolve(from, "../../events/x.md").as_deref(), Some("content/events/x.md"));
        assert_eq!(resolve(from, "bild%20ett.png").as_deref(), Some("content/blog/2021/bild ett.png"));
        assert_eq!(resolve(from, "../../../../etc/passwd"), None);
        assert_eq!(resolve(from, "%2e%2e/%2e%2e/%2e%2e/%2e%2e/x"), None);
        assert_eq!(resolve(from, "a%00b"), None);
    }

    #[test]
    fn paths_are_given_as_writers_write_them() {
        assert_eq!(relative("content/blog/2021/x.md", "content/pages/kontakt.md"), "../../pages/kontakt.md");
        assert_eq!(relative("content/blog/x/index.md", "content/blog/x/bild.png"), "bild.png");
        assert_eq!(relative("site.yaml", "content/pages/kontakt.md"), "content/pages/kontakt.md");
    }

    #[test]
    fn addresses_are_found_whole() {
        let text = "Se https://skr.se/mr/x, https://skr.se/mr. Och [MR](https://skr.se/mr/).";
        assert_eq!(find(text, "https://skr.se/mr/"), Some(52..70));
        assert_eq!(find(text, "https://skr.se/mr"), Some(24..41));
        assert_eq!(find(text, "skr.se/mr/x"), Some(11..22));
        assert_eq!(find(text, "r.se/mr/x"), None);
        assert_eq!(find("url: https://skr.se/\n", "https://skr.se/"), Some(5..20));
        assert_eq!(find("https://skr.se/x.pdf, ”https://skr.se/x”", "https://skr.se/x"), Some(25..41));
    }

    #[test]
    fn names_that_are_one_file_somewhere() {
        for (one, other) in [
            ("blogg/X.html", "blogg/x.html"),
            ("a\u{30a}rsmo\u{308}te", "ÅRSMÖTE"),
            ("\u{212b}", "å"),
            ("straße", "STRASSE"),
            ("ΛΌΓΟΣ", "λόγος"),
            ("ſ", "s"),
            ("\u{1e9b}\u{323}", "\u{1e69}"),
        ] {
            assert_eq!(folded(one), folded(other), "{one} and {other}");
        }
        assert_ne!(folded("arsmote"), folded("årsmöte"));
    }

    #[test]
    fn addresses_that_harm_are_refused() {
        for segment in ["a\u{202e}b", "", "..", "a/b", "a\\b", "a\u{7}b", "a b", "a?b", ".git", &"a".repeat(300)] {
            assert!(refuse_segment(segment).is_some(), "{segment:?}");
        }
        for route in ["x", "/", "/a/../b/", "/a//b/"] {
            assert!(refuse_route(route).is_some(), "{route}");
        }
        assert_eq!(refuse_route("/gammal/adress/"), None);
    }
}
