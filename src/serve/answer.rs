//! What a request is answered, without a socket. Only browsers that were led here by their reader are answered: not pages of
//! others that have found out the port.

use hyper::header::{ACCEPT_RANGES, HeaderName, HeaderValue};
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_RANGE, CONTENT_TYPE, HOST, HeaderMap, LOCATION, ORIGIN, RANGE};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};
use jiff::Timestamp;
use jiff::civil::DateTime;

use super::kinds::kind_of;
use super::stage::{Found, Stage, Trouble};
use crate::text::address::{decode, encode};
use crate::text::html::escape;
use crate::text::utf8;

/// Where the server's own things are. A site has no address there.
const OWN: &str = "/_anslag/";
const CLIENT: &str = include_str!("client.js");
const STYLE: &str = include_str!("client.css");

/// What is sent back.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

/// What is to be done.
#[derive(Debug)]
pub enum Reply {
    /// To send this.
    Answer(Answer),
    /// To tell a page of every change from now on.
    Events(String),
    /// To show the site at another time; at the machine's if none.
    Time(Option<Timestamp>),
}

/// What is done about a request.
pub fn reply(request: &Parts, stage: &Stage) -> Reply {
    if !is_from_here(&request.headers) {
        return plain(StatusCode::FORBIDDEN, "this server answers only at its own address").into();
    }
    let path = request.uri.path();
    let Some(decoded) = usable(path) else {
        return plain(StatusCode::BAD_REQUEST, "there can be no such address").into();
    };
    if let Some(name) = decoded.strip_prefix(OWN) {
        return own(name, request, stage);
    }
    if !matches!(request.method, Method::GET | Method::HEAD) {
        return not_allowed("GET, HEAD").into();
    }
    page(&decoded, request, stage).into()
}

/// Whether a request was sent to this server by its own name, and not by a page of another site. A name that somebody else has
/// pointed at this machine (DNS rebinding) is none.
fn is_from_here(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(HeaderValue::to_str);
    let Some(Ok(host)) = text(HOST) else { return false };
    let name = host
        .rsplit_once(':')
        .map_or(host, |(name, port)| if port.bytes().all(|sign| sign.is_ascii_digit()) { name } else { host });
    let name = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    let is_own = name.eq_ignore_ascii_case("localhost") || name.parse::<std::net::IpAddr>().is_ok();
    let is_same = text(ORIGIN).is_none_or(|origin| origin.is_ok_and(|origin| origin == format!("http://{host}")));
    is_own && is_same
}

/// The path of an address, decoded; none of one that tries to leave the site, be it that it could not.
fn usable(path: &str) -> Option<String> {
    let small = path.to_ascii_lowercase();
    let hides = ["%2f", "%5c", "%00", "\\"].iter().any(|sign| small.contains(sign));
    let decoded = decode(path).filter(|_| !hides)?;
    let climbs = decoded.split('/').any(|piece| matches!(piece, "." | ".."));
    (decoded.starts_with('/') && !climbs && !decoded.contains(char::is_control)).then_some(decoded)
}

fn own(name: &str, request: &Parts, stage: &Stage) -> Reply {
    let query = |key: &str| {
        let pairs = request.uri.query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
        pairs.filter(|(found, _)| *found == key).find_map(|(_, value)| decode(value))
    };
    match (name, &request.method) {
        ("client.js", &Method::GET) => file("/client.js", CLIENT.as_bytes().to_vec()).into(),
        ("client.css", &Method::GET) => file("/client.css", STYLE.as_bytes().to_vec()).into(),
        ("events", &Method::GET) => Reply::Events(query("page").unwrap_or_default()),
        // Another site's page could send a form here, but not with an origin of ours.
        ("time", &Method::POST) if request.headers.contains_key(ORIGIN) => match time(query("at").as_deref(), stage) {
            Ok(time) => Reply::Time(time),
            Err(_) => plain(StatusCode::BAD_REQUEST, "this is no time").into(),
        },
        ("time" | "events" | "client.js" | "client.css", _) => not_allowed("GET, POST").into(),
        _ => plain(StatusCode::NOT_FOUND, "the server has nothing of this name").into(),
    }
}

/// A time in the site's time zone, such as `2027-01-01T08:00`; none where there is to be none.
fn time(text: Option<&str>, stage: &Stage) -> Result<Option<Timestamp>, jiff::Error> {
    let text = text.filter(|text| !text.is_empty());
    let instant = |text: &str| Ok(text.parse::<DateTime>()?.to_zoned(stage.zone())?.timestamp());
    text.map(instant).transpose()
}

fn page(path: &str, request: &Parts, stage: &Stage) -> Answer {
    // Asked for first: should the page be a newer one than this, it is loaded once more, and never the other way about.
    let look = if kind_of(path).starts_with("text/html") { stage.view(path).page } else { String::new() };
    let (status, kind, bytes) = match stage.at(path) {
        Found::Moved(to) => return moved(&to, request.uri.query()),
        Found::Former(to) => return leads(StatusCode::MOVED_PERMANENTLY, to),
        Found::File(bytes) => (StatusCode::OK, kind_of(path), bytes),
        Found::Nothing(page) => (StatusCode::NOT_FOUND, kind_of("/"), page.unwrap_or_else(|| blank("404"))),
        Found::Gone(page) => (StatusCode::GONE, kind_of("/"), page.unwrap_or_else(|| blank("410"))),
        Found::NoSite(trouble) => (StatusCode::SERVICE_UNAVAILABLE, kind_of("/"), told(&trouble)),
    };
    let is_page = kind.starts_with("text/html");
    let body = if is_page { with_client(bytes, &look) } else { bytes };
    let mut answer = Answer { status, ..file(kind, body) };
    // That a host is to be asked with TLS alone is not for this one.
    for (name, value) in stage.headers().into_iter().filter(|(name, _)| name != "Strict-Transport-Security") {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            answer.headers.insert(name, value);
        }
    }
    if is_page { answer } else { part_of(answer, request) }
}

/// A page that has nothing but what the server adds.
fn blank(title: &str) -> Vec<u8> {
    format!("<!doctype html><html lang=\"en\"><title>{title}</title><body></body></html>").into_bytes()
}

/// A page that tells what is wrong while nothing has been well. The script lays that over the page; without it, it stands there.
fn told(trouble: &Trouble) -> Vec<u8> {
    let Some(wrong) = &trouble.wrong else { return blank("anslag serve") };
    let (language, heading, more) = if trouble.language.starts_with("sv") {
        ("sv", "Webbplatsen kan inte byggas", "Ladda om sidan när felet är rättat.")
    } else {
        ("en", "The site cannot be built", "Load the page again when the fault is mended.")
    };
    let wrong = escape(wrong);
    let inside = format!("<h1>{heading}</h1>\n<p>{more}</p>\n<pre tabindex=\"0\" lang=\"en\">{wrong}</pre>");
    let head = "<meta name=\"viewport\" content=\"width=device-width\"><title>anslag serve</title>";
    format!("<!doctype html>\n<html lang=\"{language}\">\n{head}\n<body>\n<noscript>\n{inside}\n</noscript>\n</body>\n</html>\n").into_bytes()
}

/// A page with the script that keeps it as the site is, and that is told which page this is.
fn with_client(page: Vec<u8>, look: &str) -> Vec<u8> {
    let script = format!("<script src=\"{OWN}client.js\" data-page=\"{look}\" defer></script>");
    let end = utf8::text(&page).and_then(|html| html.rfind("</body>")).unwrap_or(page.len());
    [&page[..end], script.as_bytes(), &page[end..]].concat()
}

/// What is asked of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Share {
    /// All of it, or what is not understood, which is as if nothing had been asked.
    Whole,
    /// From the first of these bytes to the last.
    Part(usize, usize),
    /// What it does not have.
    Nothing,
}

/// The part of a file that was asked for (RFC 9110, section 14): one range, or else the whole.
fn part_of(whole: Answer, request: &Parts) -> Answer {
    let asked = request.headers.get(RANGE).and_then(|range| range.to_str().ok());
    let Some(asked) = asked.filter(|_| whole.status == StatusCode::OK) else { return whole };
    let length = whole.body.len();
    let (status, body, told) = match share(asked, length) {
        Share::Whole => return whole,
        Share::Part(first, last) => {
            let told = format!("bytes {first}-{last}/{length}");
            (StatusCode::PARTIAL_CONTENT, whole.body[first..=last].to_vec(), told)
        }
        Share::Nothing => (StatusCode::RANGE_NOT_SATISFIABLE, Vec::new(), format!("bytes */{length}")),
    };
    let mut answer = Answer { status, body, ..whole };
    answer.headers.extend(HeaderValue::try_from(told).map(|told| (CONTENT_RANGE, told)));
    answer
}

fn share(asked: &str, length: usize) -> Share {
    let Some((first, last)) = asked.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Share::Whole;
    };
    let number = |text: &str| text.trim().parse::<usize>().ok();
    let (first, last) = match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => (first, last),
        (Some(first), None) if last.is_empty() => (first, usize::MAX),
        (None, Some(0)) if first.is_empty() => return Share::Nothing,
        (None, Some(last)) if first.is_empty() => (length.saturating_sub(last), usize::MAX),
        _ => return Share::Whole,
    };
    if first < length { Share::Part(first, last.min(length - 1)) } else { Share::Nothing }
}

fn moved(to: &str, query: Option<&str>) -> Answer {
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    // More than one slash at the beginning would lead to another host.
    leads(StatusCode::TEMPORARY_REDIRECT, format!("/{}{query}", encode(to).trim_start_matches('/')))
}

fn leads(status: StatusCode, to: String) -> Answer {
    let mut answer = plain(status, "");
    answer.headers.extend(HeaderValue::try_from(to).map(|to| (LOCATION, to)));
    answer
}

fn not_allowed(methods: &'static str) -> Answer {
    let mut answer = plain(StatusCode::METHOD_NOT_ALLOWED, "this cannot be done here");
    answer.headers.insert(ALLOW, HeaderValue::from_static(methods));
    answer
}

fn plain(status: StatusCode, words: &str) -> Answer {
    Answer { status, ..file("text/plain; charset=utf-8", words.as_bytes().to_vec()) }
}

fn file(kind: &'static str, body: Vec<u8>) -> Answer {
    let kind = if kind.starts_with('/') { kind_of(kind) } else { kind };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(kind)),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (ACCEPT_RANGES, HeaderValue::from_static("bytes")),
    ];
    Answer { status: StatusCode::OK, headers: headers.into_iter().collect(), body }
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Self {
        Self::Answer(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(host: &str, origin: Option<&str>, path: &str) -> u16 {
        let mut request = hyper::Request::builder().uri(path).header(HOST, host);
        if let Some(origin) = origin {
            request = request.header(ORIGIN, origin);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        match reply(&parts, &Stage::new(false)) {
            Reply::Answer(answer) => answer.status.as_u16(),
            Reply::Events(_) | Reply::Time(_) => 200,
        }
    }

    #[test]
    fn only_its_own_pages_are_answered() {
        let cases = [
            ("localhost:1111", None, 503),
            ("127.0.0.1:1111", Some("http://127.0.0.1:1111"), 503),
            ("[::1]:1111", None, 503),
            ("evil.example:1111", None, 403),
            ("127.0.0.1.evil.example", None, 403),
            ("localhost:1111", Some("http://evil.example"), 403),
            ("localhost:1111", Some("http://localhost:2222"), 403),
            ("localhost:1111", Some("null"), 403),
        ];
        for (host, origin, expected) in cases {
            assert_eq!(status(host, origin, "/"), expected, "{host} {origin:?}");
        }
    }

    #[test]
    fn nothing_leads_out_of_the_site() {
        for path in ["/../etc/passwd", "/%2e%2e/x", "/a%2fb", "/a%5Cb", "/a%00", "/x/./y", "/%ff"] {
            assert_eq!(status("localhost", None, path), 400, "{path}");
        }
    }

    #[test]
    fn ranges() {
        let cases = [
            ("bytes=0-3", Share::Part(0, 3)),
            ("bytes=4-", Share::Part(4, 9)),
            ("bytes=-3", Share::Part(7, 9)),
            ("bytes=-30", Share::Part(0, 9)),
            ("bytes=5-99", Share::Part(5, 9)),
            ("bytes=10-", Share::Nothing),
            ("bytes=-0", Share::Nothing),
            ("bytes=3-1", Share::Whole),
            ("bytes=0-1,4-5", Share::Whole),
            ("lines=1-2", Share::Whole),
            ("bytes=a-b", Share::Whole),
            ("bytes=-", Share::Whole),
        ];
        for (asked, expected) in cases {
            assert_eq!(share(asked, 10), expected, "{asked}");
        }
        assert_eq!(share("bytes=0-", 0), Share::Nothing);
    }
}
