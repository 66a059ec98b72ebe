//! What web servers say with each file: the policy that keeps others' code out of the pages, and how long browsers
//! may keep a file. In the form that each host reads.

use std::collections::BTreeSet;

use crate::config::Settings;
use crate::config::settings::Hosting;
use crate::plan::{Output, Planner};

/// Makes the files that the site's hosts read.
pub fn outputs(planner: &Planner) -> Vec<Output> {
    let settings = planner.settings();
    let file = |hosting: &Hosting| {
        let (route, text) = match hosting {
            Hosting::Headers => ("/_headers", for_static_hosts(settings)),
            Hosting::Apache => ("/.htaccess", for_apache(settings)),
        };
        Output::data(route.to_owned(), text, settings.place.clone())
    };
    settings.hosting.iter().map(file).collect()
}

/// The Content-Security-Policy (W3C CSP Level 3) of all pages: everything from the site itself, and forms to where the
/// settings send them.
fn policy(settings: &Settings) -> String {
    let forms = &settings.forms;
    let addresses = [&forms.contact, &forms.feedback, &forms.subscribe, &forms.search].into_iter().flatten();
    let origins: BTreeSet<&str> = addresses.filter_map(|address| origin(address)).collect();
    let forms: String = origins.into_iter().map(|origin| format!(" {origin}")).collect();
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; \
         form-action 'self'{forms}; base-uri 'none'; frame-ancestors 'none'"
    )
}

/// Scheme and host of a web address.
fn origin(address: &str) -> Option<&str> {
    let host = address.find("://")? + 3;
    let end = address[host..].find(['/', '?', '#']).map_or(address.len(), |end| host + end);
    Some(&address[..end])
}

/// The headers of every answer, by name.
fn common(settings: &Settings) -> Vec<(&'static str, String)> {
    let mut headers = vec![
        ("Content-Security-Policy", policy(settings)),
        ("X-Content-Type-Options", "nosniff".to_owned()),
        ("Referrer-Policy", "strict-origin-when-cross-origin".to_owned()),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=()".to_owned()),
        ("Cross-Origin-Opener-Policy", "same-origin".to_owned()),
    ];
    if settings.origin.starts_with("https://") {
        headers.push(("Strict-Transport-Security", "max-age=31536000".to_owned()));
    }
    headers
}

/// The name of an asset holds the hash of its content.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Files whose type servers tend not to know, by the end of their names.
const TYPES: [(&str, &str); 3] = [
    (".ics", "text/calendar; charset=utf-8"),
    ("feed.xml", "application/atom+xml; charset=utf-8"),
    ("feed.json", "application/feed+json; charset=utf-8"),
];

/// `_headers`, as Netlify, Cloudflare Pages and others read it. Paths are those of the host. Types are left to the host: in a
/// path some take nothing after `*`, and a rule for `/*.ics` would then be one for every page.
fn for_static_hosts(settings: &Settings) -> String {
    let base = &settings.base_path;
    let mut text = format!("{base}/*\n");
    for (name, value) in common(settings) {
        text.push_str(&format!("  {name}: {value}\n"));
    }
    text.push_str(&format!("{base}/assets/*\n  Cache-Control: {FOR_EVER}\n"));
    text
}

/// `.htaccess` for Apache with `mod_headers`.
fn for_apache(settings: &Settings) -> String {
    let mut text = format!("ErrorDocument 404 {}/404.html\n<IfModule mod_headers.c>\n", settings.base_path);
    for (name, value) in common(settings) {
        text.push_str(&format!("  Header always set {name} \"{value}\"\n"));
    }
    text.push_str(&format!(
        "  <If \"%{{REQUEST_URI}} =~ m#^{}/assets/#\">\n    Header set Cache-Control \"{FOR_EVER}\"\n  </If>\n</IfModule>\n",
        settings.base_path
    ));
    for (end, kind) in TYPES {
        let ends = end.replace('.', "\\.");
        text.push_str(&format!("<FilesMatch \"{ends}$\">\n  ForceType \"{kind}\"\n</FilesMatch>\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_origin_of_an_address() {
        let cases = [
            ("https://formular.example.org/mr/kontakt", Some("https://formular.example.org")),
            ("https://example.org:8443?a", Some("https://example.org:8443")),
            ("https://example.org", Some("https://example.org")),
            ("formular", None),
        ];
        for (address, expected) in cases {
            assert_eq!(origin(address), expected, "{address}");
        }
    }
}
