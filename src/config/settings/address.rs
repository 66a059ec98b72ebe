//! Addresses in settings and in front matter: of the web, of the site, and of what stands on it.

use crate::code;
use crate::data::{Located, Node, Read, Shape};
use crate::diagnostic::{Diagnostic, Place, Report};
use crate::text::address::{encode, refuse_route, refuse_segment};

code! { pub BAD_BASE_URL = "bad-base-url", Error, "an address of the site that cannot be used",
"`base_url` is the address readers use for the site, such as `https://mr.example.org/` or `https://example.org/mr/`. \
Feeds, the sitemap and canonical addresses are made from it." }
code! { pub BAD_ADDRESS = "bad-address", Error, "an address that cannot be used",
"Addresses are made of letters, digits and hyphens with slashes between, such as `/konferenser/`. Signs that mean \
something else in an address, spaces, control characters and `..` are refused." }
code! { pub BAD_URL = "bad-url", Error, "a web address that cannot be used",
"Web addresses begin with `https://` or `http://`." }

/// A web address, checked when it is read.
#[derive(Clone, Debug)]
pub struct WebAddress(pub String);

impl Read for WebAddress {
    const EXPECTED: &'static str = "a web address such as `https://example.org/`";

    fn read(node: &Node, report: &mut Report) -> Option<Self> {
        let written = Located::read(node, report)?;
        check_url(written, report).ok().map(Self)
    }

    fn shape() -> Shape {
        Shape::WebAddress
    }
}

/// Reports a web address that is not one.
///
/// # Errors
/// It is none; that has been reported.
#[expect(clippy::result_unit_err, reason = "the report has said what is wrong")]
pub fn check_url(written: Located<String>, report: &mut Report) -> Result<String, ()> {
    let url = &written.value;
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let sound = host.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'));
    if sound && !url.contains(|sign: char| sign.is_control() || sign.is_whitespace() || matches!(sign, '"' | '<' | '>'))
    {
        return Ok(written.value);
    }
    report.push(
        Diagnostic::new(&BAD_URL, format!("`{}` is not a web address", url.escape_debug()))
            .at(written.place)
            .help("write it with `https://` first"),
    );
    Err(())
}

/// Reads an address such as `/blogg/`, `blogg` or `blogg/` and gives it both slashes.
pub fn check_route(written: Located<String>, report: &mut Report) -> Option<String> {
    let route = format!("/{}/", written.value.trim_matches('/'));
    match refuse_route(&route) {
        None => Some(route),
        Some(reason) => {
            report.push(
                Diagnostic::new(
                    &BAD_ADDRESS,
                    format!("`{}` cannot be an address: {reason}", written.value.escape_debug()),
                )
                .at(written.place)
                .help("write letters, digits and hyphens, with slashes between"),
            );
            None
        }
    }
}

/// Why an address that is given beside the settings cannot be that of a site, with a way out; nothing if it can.
pub fn refuse_base_url(url: &str) -> Option<String> {
    let (written, mut report) =
        (Located { value: url.to_owned(), place: Place::start_of(&"".into()) }, Report::default());
    split_base_url(&written, &mut report);
    let found = report.sorted().into_iter().next()?;
    Some(std::iter::once(&found.message).chain(&found.help).map(String::as_str).collect::<Vec<_>>().join("\n"))
}

pub(super) fn split_base_url(written: &Located<String>, report: &mut Report) -> Option<(String, String)> {
    let url = check_url(written.clone(), report).ok()?;
    let host = url.find("://").map_or(0, |scheme| scheme + 3);
    let slash = url[host..].find('/').map_or(url.len(), |slash| host + slash);
    let (origin, path) = url.split_at(slash);
    let path = path.trim_end_matches('/');
    // It stands in what web servers read, where some signs mean something.
    let is_bad = |sign: char| "?#;{}$'`".contains(sign);
    if path.contains(is_bad) || path.split('/').skip(1).any(|segment| refuse_segment(segment).is_some()) {
        report.push(
            Diagnostic::new(&BAD_BASE_URL, format!("`{url}` cannot be the address of a site"))
                .at(written.place.clone())
                .help("write the address of the home page, such as `https://mr.example.org/`"),
        );
        return None;
    }
    Some((origin.to_owned(), path.to_owned()))
}

/// The host of an address: no scheme, no user, no port, no path, in small letters.
pub(super) fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    let host = host.rsplit_once(':').filter(|(_, end)| is_port(end)).map_or(host, |(host, _)| host);
    encode(&host.to_lowercase())
}

pub(super) fn check_host(written: Located<String>, report: &mut Report) -> Option<String> {
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    if written.value.contains('.') && written.value.split('.').all(is_part) {
        return Some(written.value);
    }
    report.push(
        Diagnostic::new(&BAD_ADDRESS, format!("`{}` is not a host", written.value.escape_debug()))
            .at(written.place)
            .help("write a host that is yours, in small letters, such as `mr.example.org`"),
    );
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_made_of_the_host_alone() {
        let cases = [
            ("https://mr.example.org", "mr.example.org"),
            ("http://MR.example.org:8080/mr/", "mr.example.org"),
            ("https://user:secret@mr.example.org", "mr.example.org"),
            ("https://mänsklig.se", "m%C3%A4nsklig.se"),
        ];
        for (url, expected) in cases {
            assert_eq!(host(url), expected);
        }
    }
}
