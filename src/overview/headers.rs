//! What web servers are told about the site's files, in the form that each reads: what to say with every answer
//! ([`headers`]), how long browsers may keep a file, of which type it is, where former addresses lead and which are gone, and
//! which page stands for those that are missing.

use crate::config::Settings;
use crate::config::headers;
use crate::config::settings::Hosting;
use crate::overview::redirects::{Rules, is_page};
use crate::plan::{Output, Planner};
use crate::text::address::{decode, encode, output_path};

/// Makes the files that the site's hosts read.
pub fn outputs(planner: &Planner, rules: &Rules) -> Vec<Output> {
    let settings = planner.settings();
    let files = |hosting: &Hosting| match hosting {
        Hosting::Headers if rules.moved.is_empty() => vec![(HEADERS, for_static_hosts(settings))],
        Hosting::Headers => {
            vec![(HEADERS, for_static_hosts(settings)), (REDIRECTS, redirects_for_static_hosts(settings, rules))]
        }
        Hosting::Apache => vec![(APACHE, for_apache(settings) + &former_for_apache(settings, rules))],
        Hosting::Nginx => vec![(NGINX, for_nginx(settings) + &former_for_nginx(settings, rules))],
        Hosting::Caddy => vec![(CADDY, for_caddy(settings, rules))],
        Hosting::Meta => Vec::new(),
    };
    let output = |(route, text): (&str, String)| Output::data(route.to_owned(), text, settings.place.clone());
    settings.hosting.iter().flat_map(files).map(output).collect()
}

const HEADERS: &str = "/_headers";
const REDIRECTS: &str = "/_redirects";
const APACHE: &str = "/.htaccess";
const NGINX: &str = "/nginx.conf";
const CADDY: &str = "/Caddyfile";

/// The files that hosts read and readers do not get.
pub const FOR_HOSTS: [&str; 5] = [HEADERS, REDIRECTS, APACHE, NGINX, CADDY];

/// The name of an asset holds the hash of its content.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// All else may be another one at any time, and is asked for again.
const ASK_AGAIN: &str = "no-cache";

/// Files whose type servers tend not to know: the end of their addresses, and a name for the rule.
const TYPES: [(&str, &str, &str); 3] = [
    (".ics", "calendar", "text/calendar; charset=utf-8"),
    ("/feed.xml", "atom", "application/atom+xml; charset=utf-8"),
    ("/feed.json", "json-feed", "application/feed+json; charset=utf-8"),
];

/// `_headers`, as Netlify, Cloudflare Pages and others read it. Paths are those of the host. Types are left to the host: in a
/// path some take nothing after `*`, and a rule for `/*.ics` would then be one for every page. So is what may not be kept: these hosts
/// let browsers ask again by themselves, and would join a word for `/*` with that for the assets.
fn for_static_hosts(settings: &Settings) -> String {
    let base = &settings.base_path;
    let mut text = format!("{base}/*\n");
    for (name, value) in headers::all(settings) {
        text.push_str(&format!("  {name}: {value}\n"));
    }
    text.push_str(&format!("{base}/assets/*\n  Cache-Control: {FOR_EVER}\n"));
    text
}

/// `_redirects`, as the same hosts read it: from, to, status, with percent signs. Of what is gone they cannot be told by any file
/// that all of them read.
fn redirects_for_static_hosts(settings: &Settings, rules: &Rules) -> String {
    let base = &settings.base_path;
    rules.moved.iter().map(|(from, to)| format!("{base}{} {to} 301\n", encode(from))).collect()
}

/// `.htaccess` for Apache with `mod_headers`, in which `%` begins a word of its own.
fn for_apache(settings: &Settings) -> String {
    let base = &settings.base_path;
    let mut text = format!("ErrorDocument 404 {base}/404.html\n<IfModule mod_headers.c>\n");
    for (name, value) in headers::all(settings) {
        text.push_str(&format!("  Header always set {name} {}\n", quoted(&value.replace('%', "%%"))));
    }
    let assets = format!("m#^{}/assets/#", literal(base));
    text.push_str(&format!(
        "  Header set Cache-Control \"{ASK_AGAIN}\"\n  <If \"%{{REQUEST_URI}} =~ {assets}\">\n    Header set Cache-Control \"{FOR_EVER}\"\n  </If>\n</IfModule>\n"
    ));
    for (end, _, kind) in TYPES {
        let ends = literal(end.trim_start_matches('/'));
        text.push_str(&format!("<FilesMatch \"{ends}$\">\n  ForceType \"{kind}\"\n</FilesMatch>\n"));
    }
    text
}

/// What Apache's `mod_alias` is told of former addresses. `Redirect` would take whatever begins with one along. Where they lead is
/// written without percent signs, which Apache puts in by itself.
fn former_for_apache(settings: &Settings, rules: &Rules) -> String {
    let base = &settings.base_path;
    let pattern = |route: &str| quoted(&format!("^{}{}$", literal(base), literal(route)));
    let plain = |to: &str| {
        let (path, anchor) = to.split_at(to.find('#').unwrap_or(to.len()));
        quoted(&format!("{}{anchor}", decode(path).unwrap_or_default().replace('$', "\\$")))
    };
    let moved = rules.moved.iter().map(|(from, to)| format!("  RedirectMatch 301 {} {}\n", pattern(from), plain(to)));
    let gone = rules.gone.iter().map(|route| {
        let rule = format!("  RedirectMatch 410 {}\n", pattern(route));
        if !is_page(route) {
            return rule;
        }
        let (uri, page) = (format!("%{{REQUEST_URI}} =~ m#^{}{}$#", literal(base), literal(route)), output_path(route));
        format!("{rule}  <If \"{uri}\">\n    ErrorDocument 410 {base}/{}\n  </If>\n", encode(&page))
    });
    let all: String = moved.chain(gone).collect();
    if all.is_empty() { all } else { format!("<IfModule mod_alias.c>\n{all}</IfModule>\n") }
}

/// Lines for nginx to include where the site is served. A `location` with a header of its own loses those around it, so they
/// are said again for the assets; `types` is emptied only where one type holds.
fn for_nginx(settings: &Settings) -> String {
    let base = &settings.base_path;
    let common: Vec<String> = headers::all(settings)
        .into_iter()
        .map(|(name, value)| format!("add_header {name} {} always;\n", quoted(&value)))
        .collect();
    let ask_again = format!("add_header Cache-Control \"{ASK_AGAIN}\" always;\n");
    let mut text =
        format!("{}{ask_again}error_page 404 {base}/404.html;\nlocation {base}/assets/ {{\n", common.concat());
    common.iter().for_each(|line| text.push_str(&format!("    {line}")));
    text.push_str(&format!("    add_header Cache-Control \"{FOR_EVER}\";\n}}\n"));
    for (end, _, kind) in TYPES {
        let pattern = ending(base, end);
        text.push_str(&format!("location ~ \"{pattern}\" {{\n    types {{ }}\n    default_type \"{kind}\";\n}}\n"));
    }
    text.push_str(&format!("location = {base}{NGINX} {{\n    return 404;\n}}\n"));
    text
}

/// What nginx is told of former addresses: a `location` for each, found at once among any number, where a `map` would have to
/// stand in another file, outside the `server`.
fn former_for_nginx(settings: &Settings, rules: &Rules) -> String {
    let base = &settings.base_path;
    let location =
        |route: &str, inside: &str| format!("location = {} {{\n{inside}}}\n", quoted(&format!("{base}{route}")));
    let moved = rules.moved.iter().map(|(from, to)| location(from, &format!("    return 301 {};\n", quoted(to))));
    let gone = rules.gone.iter().map(|route| {
        let page = quoted(&format!("{base}/{}", output_path(route)));
        let page = if is_page(route) { format!("    error_page 410 {page};\n") } else { String::new() };
        location(route, &format!("{page}    return 410;\n"))
    });
    moved.chain(gone).collect()
}

/// Lines for Caddy to import where the site is served. What is said of files holds for those that are there, and in braces
/// stand Caddy's own words.
fn for_caddy(settings: &Settings, rules: &Rules) -> String {
    let base = &settings.base_path;
    let mut text = format!("@anslag path {base}/*\nheader @anslag {{\n");
    for (name, value) in headers::all(settings) {
        text.push_str(&format!("\t{name} {}\n", quoted(&value.replace('{', "\\{").replace('}', "\\}"))));
    }
    text.push_str("}\n");
    // Which of two rules for one header holds, Caddy decides by an order of its own: so they have no file in common.
    text.push_str(&format!(
        "@anslag-others {{\n\tpath {base}/*\n\tnot {{\n\t\tpath {base}/assets/*\n\t\tfile\n\t}}\n}}\n\
         header @anslag-others Cache-Control \"{ASK_AGAIN}\"\n"
    ));
    let mut rule = |name: &str, path: String, header: &str| {
        text.push_str(&format!("@anslag-{name} {{\n\t{path}\n\tfile\n}}\nheader @anslag-{name} {header}\n"));
    };
    rule("assets", format!("path {base}/assets/*"), &format!("Cache-Control \"{FOR_EVER}\""));
    for (end, name, kind) in TYPES {
        rule(name, format!("path_regexp {}", ending(base, end)), &format!("Content-Type \"{kind}\""));
    }
    text.push_str(&format!("error {base}{CADDY} 404\n"));
    let address = |route: &str| quoted(&format!("{base}{route}"));
    rules.moved.iter().for_each(|(from, to)| text.push_str(&format!("redir {} {} 301\n", address(from), quoted(to))));
    for route in &rules.gone {
        let rule = if is_page(route) { "error" } else { "respond" };
        text.push_str(&format!("{rule} {} 410\n", address(route)));
    }
    // A page that is gone is still there to be shown.
    text.push_str(&format!(
        "handle_errors {{\n\t@anslag-missing expression {{err.status_code}} == 404\n\thandle @anslag-missing {{\n\
         \t\trewrite * {base}/404.html\n\t\tfile_server\n\t}}\n\
         \t@anslag-gone expression {{err.status_code}} == 410\n\thandle @anslag-gone {{\n\t\tfile_server\n\t}}\n}}\n"
    ));
    text
}

/// A value in quotes, as Apache, nginx and Caddy read it.
fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('"', "\\\""))
}

/// The pattern of the site's addresses that end so.
fn ending(base: &str, end: &str) -> String {
    format!("^{}(/.*)?{}$", literal(base), literal(end))
}

/// A text as a pattern that means itself.
fn literal(text: &str) -> String {
    let escaped = |sign: char| {
        if sign.is_alphanumeric() || matches!(sign, '/' | '-' | '_') { String::new() } else { "\\".to_owned() }
    };
    text.chars().map(|sign| escaped(sign) + sign.encode_utf8(&mut [0; 4])).collect()
}
