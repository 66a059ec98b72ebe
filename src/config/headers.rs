//! What browsers are told with every answer: the headers that keep others' code out of the pages, and those that the site
//! adds. In which form a host reads them is written elsewhere.

use std::collections::BTreeSet;

use crate::code;
use crate::config::Settings;
use crate::config::settings::Hosting;
use crate::data::{Key, Located, Node, NodeKind, Read, Shape, WRONG_TYPE};
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::text::address::origin;
use crate::text::suggest::closest;

code! { pub BAD_HEADER = "bad-header", Error, "a header that cannot be sent with every answer",
"A header is a name of letters, digits and hyphens and a line of visible ASCII characters (RFC 9110, section 5). It is sent \
with every page and every file, so it cannot be about one of them, as `Content-Type` is, nor set a cookie." }
code! { pub WEAKER_HEADER = "weaker-header", Error, "a header that would take protection away from readers",
"The build tells browsers to run and to fetch nothing that is not the site's own. `headers` may add to that, or make it \
stricter; where the site must do something else, that is decided on the host, by somebody who sees the whole of it." }

/// The findings of this module.
pub const CODES: &[&Code] = &[&BAD_HEADER, &WEAKER_HEADER];

const POLICY: &str = "Content-Security-Policy";
const PERMISSIONS: &str = "Permissions-Policy";
/// A year, in seconds.
const YEAR: u64 = 31_536_000;

/// What is about one answer alone, is the business of the server, or keeps something in the browser.
const OF_ONE_ANSWER: [&str; 23] = [
    "age",
    "cache-control",
    "connection",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-length",
    "content-location",
    "content-range",
    "content-type",
    "date",
    "etag",
    "expires",
    "keep-alive",
    "last-modified",
    "location",
    "proxy-connection",
    "refresh",
    "set-cookie",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "vary",
];

/// The directives of a policy (CSP Level 3, section 6, and what other standards add to it).
const DIRECTIVES: [&str; 26] = [
    "base-uri",
    "child-src",
    "connect-src",
    "default-src",
    "font-src",
    "form-action",
    "frame-ancestors",
    "frame-src",
    "img-src",
    "manifest-src",
    "media-src",
    "object-src",
    "report-to",
    "report-uri",
    "require-trusted-types-for",
    "sandbox",
    "script-src",
    "script-src-attr",
    "script-src-elem",
    "style-src",
    "style-src-attr",
    "style-src-elem",
    "trusted-types",
    "upgrade-insecure-requests",
    "webrtc",
    "worker-src",
];

/// The directives that a policy in a page cannot have (CSP Level 3, section 3.3).
const NOT_IN_PAGES: [&str; 3] = ["frame-ancestors", "report-uri", "sandbox"];

/// What makes an expression of a value for Apache, which then says what it is asked (`mod_headers`).
const EXPRESSION: &str = "expr=";

/// The headers that the site adds.
#[derive(Clone, Debug, Default)]
pub struct Headers(Vec<(String, String)>);

impl Read for Headers {
    const EXPECTED: &'static str = "names of headers with their values";

    fn read(node: &Node, report: &mut Report) -> Option<Self> {
        let NodeKind::Map(entries) = &node.kind else {
            report.push(Diagnostic::new(&WRONG_TYPE, format!("expected {}", Self::EXPECTED)).at(node.place.clone()));
            return None;
        };
        let mut headers: Vec<(String, String)> = Vec::new();
        for (key, node) in entries {
            let is_repeated = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(&key.name));
            let Some(value) = check_name(key, is_repeated, report).then(|| Located::read(node, report)).flatten()
            else {
                continue;
            };
            if check_value(&value, report) && check_strength(&key.name, &value, report) {
                headers.push((key.name.clone(), value.value));
            }
        }
        Some(Self(headers))
    }

    fn shape() -> Shape {
        Shape::Named(Box::new(String::shape()))
    }
}

/// What hosts send with every answer, by name.
pub fn all(settings: &Settings) -> Vec<(String, String)> {
    let mut headers = standard(settings);
    for (name, value) in &settings.headers.0 {
        match headers.iter_mut().find(|(standard, _)| standard.eq_ignore_ascii_case(name)) {
            Some((standard, given)) => *given = joined(standard, given, value),
            None => headers.push((name.clone(), value.clone())),
        }
    }
    headers
}

/// The policy that stands in the pages themselves, where the site asks for it.
pub fn policy_in_pages(settings: &Settings) -> Option<String> {
    settings.hosting.contains(&Hosting::Meta).then(|| policy_for_pages(settings))
}

fn policy_for_pages(settings: &Settings) -> String {
    let headers = all(settings);
    let policy = headers.iter().find(|(name, _)| name == POLICY).map(|(_, policy)| policy.as_str());
    let directives = parts(POLICY, policy.unwrap_or_default());
    let fit = directives.into_iter().filter(|(name, _)| !NOT_IN_PAGES.contains(&name.as_str()));
    written(POLICY, fit)
}

/// What is sent where the site adds nothing.
fn standard(settings: &Settings) -> Vec<(String, String)> {
    let mut headers = vec![
        (POLICY, policy(settings)),
        ("X-Content-Type-Options", "nosniff".to_owned()),
        ("Referrer-Policy", "strict-origin-when-cross-origin".to_owned()),
        (PERMISSIONS, "camera=(), geolocation=(), microphone=()".to_owned()),
        ("Cross-Origin-Opener-Policy", "same-origin".to_owned()),
    ];
    // It holds for the whole host (RFC 6797, section 5.2), for which a site under a path does not speak.
    if settings.origin.starts_with("https://") && settings.base_path.is_empty() {
        headers.push(("Strict-Transport-Security", format!("max-age={YEAR}")));
    }
    headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The Content-Security-Policy (W3C CSP Level 3) of all pages: everything from the site itself, and forms to where the
/// settings send them.
fn policy(settings: &Settings) -> String {
    let forms = &settings.forms;
    let addresses = [&forms.contact, &forms.feedback, &forms.subscribe, &forms.search].into_iter().flatten();
    let origins: BTreeSet<String> = addresses.filter_map(|address| origin(address)).collect();
    let forms: String = origins.into_iter().map(|origin| format!(" {origin}")).collect();
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; \
         form-action 'self'{forms}; base-uri 'none'; frame-ancestors 'none'"
    )
}

/// What the build says, with what the site says instead: of headers with parts, of the parts that the site names.
fn joined(name: &str, standard: &str, own: &str) -> String {
    if signs(name).is_none() {
        return own.to_owned();
    }
    let mut all = parts(name, standard);
    for (part, value) in parts(name, own) {
        match all.iter_mut().find(|(standard, _)| *standard == part) {
            Some((_, standard)) => *standard = value,
            None => all.push((part, value)),
        }
    }
    written(name, all.into_iter())
}

/// What stands between the parts of a header, and between the name of a part and its value.
fn signs(header: &str) -> Option<(&'static str, &'static str)> {
    match () {
        () if header.eq_ignore_ascii_case(POLICY) => Some((";", " ")),
        () if header.eq_ignore_ascii_case(PERMISSIONS) => Some((",", "=")),
        () => None,
    }
}

/// The parts of a header, by name.
fn parts(header: &str, value: &str) -> Vec<(String, String)> {
    let Some((between, after)) = signs(header) else { return Vec::new() };
    let part = |part: &str| {
        let (name, value) = part.trim().split_once(after).unwrap_or((part.trim(), ""));
        (name.trim().to_ascii_lowercase(), value.trim().to_owned())
    };
    value.split(between).filter(|part| !part.trim().is_empty()).map(part).collect()
}

fn written(header: &str, parts: impl Iterator<Item = (String, String)>) -> String {
    let (between, after) = signs(header).unwrap_or_default();
    let part = |(name, value): (String, String)| if value.is_empty() { name } else { format!("{name}{after}{value}") };
    parts.map(part).collect::<Vec<_>>().join(&format!("{between} "))
}

/// A name is a token (RFC 9110, section 5.6.2); of its signs, those that all known headers make do with. It begins with a
/// letter: to Caddy a hyphen in front means that the header is to be taken away.
fn check_name(key: &Key, is_repeated: bool, report: &mut Report) -> bool {
    let name = &key.name;
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let (words, help) = if !is_name {
        (
            format!("`{}` is not the name of a header", name.escape_debug()),
            "write letters, digits and hyphens, a letter first",
        )
    } else if OF_ONE_ANSWER.contains(&name.to_ascii_lowercase().as_str()) {
        (format!("`{name}` cannot be sent with every answer"), "say it on the host, for what it is about")
    } else if is_repeated {
        (format!("`{name}` is given twice"), "write it once; capitals make no difference")
    } else {
        return true;
    };
    report.push(Diagnostic::new(&BAD_HEADER, words).at(key.place.clone()).help(help));
    false
}

/// A value is a line of visible characters. Three of them mean something to some servers even in quotes.
fn check_value(value: &Located<String>, report: &mut Report) -> bool {
    let is_refused = |sign: &char| !matches!(sign, ' '..='~') || matches!(sign, '$' | '\\' | '`');
    let (words, help) = if let Some(sign) = value.value.chars().find(is_refused) {
        let words = format!("the value of a header cannot hold `{}`", sign.escape_debug());
        (words, "write one line of ASCII characters, without `$`, `\\` and `` ` ``")
    } else if value.value.trim_start().starts_with(EXPRESSION) {
        let words = format!("the value of a header cannot begin with `{EXPRESSION}`");
        (words, "Apache would read the rest as an expression; begin with another word")
    } else {
        return true;
    };
    report.push(Diagnostic::new(&BAD_HEADER, words).at(value.place.clone()).help(help));
    false
}

/// Reports a value that would let more happen than the build does.
fn check_strength(name: &str, value: &Located<String>, report: &mut Report) -> bool {
    let finding = match &*name.to_ascii_lowercase() {
        "content-security-policy" => parts(name, &value.value).iter().find_map(policy_finding),
        "permissions-policy" => parts(name, &value.value).iter().find_map(permission_finding),
        "strict-transport-security" => (max_age(&value.value) < Some(YEAR))
            .then(|| weaker("browsers would forget within a year", "write `max-age=31536000` or more")),
        "referrer-policy" => {
            expect(&value.value, &["strict-origin-when-cross-origin", "strict-origin", "same-origin", "no-referrer"])
        }
        "x-content-type-options" => expect(&value.value, &["nosniff"]),
        "cross-origin-opener-policy" => expect(&value.value, &["same-origin"]),
        "link" | "nel" | "report-to" | "reporting-endpoints" => names_another(&value.value),
        _ => None,
    };
    let is_sound = finding.is_none();
    finding.into_iter().for_each(|finding| report.push(finding.at(value.place.clone())));
    is_sound
}

/// A directive that says from where something may come, or where it may go, can only be closed. One that no browser knows
/// would do nothing.
fn policy_finding((directive, value): &(String, String)) -> Option<Diagnostic> {
    if !DIRECTIVES.contains(&directive.as_str()) {
        let diagnostic = Diagnostic::new(&BAD_HEADER, format!("a policy has no `{directive}`"));
        let likely = closest(directive, DIRECTIVES);
        return Some(match likely {
            Some(meant) => diagnostic.label(format!("did you mean `{meant}`?")),
            None => diagnostic.help("the directives are those of Content Security Policy Level 3"),
        });
    }
    if directive == "report-uri" {
        return names_another(value);
    }
    let limits = directive.ends_with("-src")
        || directive.contains("-src-")
        || matches!(directive.as_str(), "form-action" | "base-uri" | "frame-ancestors");
    (limits && value != "'none'").then(|| {
        weaker(
            &format!("`{directive} {value}` would let in more than the policy of the build"),
            "write `'none'`; where forms are sent is said with `forms`",
        )
    })
}

/// A header by which browsers would ask another host, or tell it of the reader.
fn names_another(value: &str) -> Option<Diagnostic> {
    value.contains("//").then(|| {
        weaker(&format!("`{value}` makes browsers turn to another host"), "write a path of the site's own host")
    })
}

fn permission_finding((feature, value): &(String, String)) -> Option<Diagnostic> {
    let is_closed =
        value == "()" || (value == "(self)" && !matches!(&**feature, "camera" | "geolocation" | "microphone"));
    (!is_closed).then(|| weaker(&format!("`{feature}={value}` would permit more"), "write `()` after the name"))
}

fn max_age(value: &str) -> Option<u64> {
    let part = |part: &str| part.trim().to_ascii_lowercase().strip_prefix("max-age=")?.trim_matches('"').parse().ok();
    value.split(';').find_map(part)
}

fn expect(value: &str, strict: &[&str]) -> Option<Diagnostic> {
    let is_strict = strict.iter().any(|strict| value.eq_ignore_ascii_case(strict));
    let all = strict.iter().map(|strict| format!("`{strict}`")).collect::<Vec<_>>().join(" or ");
    (!is_strict).then(|| weaker(&format!("`{value}` is weaker than `{}`", strict[0]), &format!("write {all}")))
}

fn weaker(words: &str, help: &str) -> Diagnostic {
    Diagnostic::new(&WEAKER_HEADER, words).help(help)
}
