//! One request. Whom to ask when is for [`ask`](super::ask()) to know.
//!
//! No cookies, no credentials, no body, and no proxy: behind one the [`Guard`] would not know who is
//! asked. No connection is kept, but with a host of one's own. Roots of trust are those that Mozilla's browsers have (`webpki-roots`), so that an address is judged alike on
//! every machine, also in a container that has none of its own.

use std::time::Duration;

use jiff::fmt::rfc2822;
use ureq::config::{Config, ConfigBuilder};
use ureq::http::{HeaderMap, Method, Request, Response, header};
use ureq::typestate::AgentScope;
use ureq::{Agent, Body, Error, Timeout};
use url::Url;

use super::guard::{Guard, PrivateHost};
use super::{Answer, Manners};

/// What a server has said.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub status: u16,
    /// Where to look instead.
    pub location: Option<String>,
    /// How long to wait before the next request.
    pub retry_after: Option<Duration>,
}

/// Asks for one address at a time.
#[derive(Debug)]
pub(super) struct Client(Agent);

impl Client {
    pub(super) fn new(manners: &Manners) -> Self {
        let config = Self::config(&manners.name, manners.timeout).max_idle_connections(0).build();
        Self::with(config, Guard::new(&manners.resolve))
    }

    /// What is the same for all who ask.
    pub(super) fn config(name: &str, timeout: Duration) -> ConfigBuilder<AgentScope> {
        Agent::config_builder()
            .user_agent(name)
            .proxy(None)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .timeout_global(Some(timeout))
            .timeout_resolve(Some(timeout / 2))
            .timeout_connect(Some(timeout / 2))
    }

    pub(super) fn with(config: Config, guard: Guard) -> Self {
        Self(Agent::with_parts(config, ureq::unversioned::transport::DefaultConnector::new(), guard))
    }

    /// What a server says to a request; or why it says nothing.
    pub(super) fn request(&self, method: Method, url: &Url) -> Result<Reply, Answer> {
        let request = Request::builder().method(method).uri(url.as_str()).body(()).map_err(|_| Answer::Garbled)?;
        // The body is dropped unread, and the connection with it.
        self.run(request).map(|response| Reply::of(&response))
    }

    pub(super) fn run(&self, request: Request<()>) -> Result<Response<Body>, Answer> {
        self.0.run(request).map_err(|error| failure(&error))
    }
}

impl Reply {
    pub(super) fn of(response: &Response<Body>) -> Self {
        let headers = response.headers();
        Self {
            status: response.status().as_u16(),
            location: text(headers, header::LOCATION).map(str::to_owned),
            retry_after: retry_after(headers),
        }
    }
}

pub(super) fn failure(error: &Error) -> Answer {
    use std::io::ErrorKind::{
        AddrNotAvailable, ConnectionRefused, HostUnreachable, InvalidData, NetworkUnreachable, TimedOut,
    };
    match error {
        Error::HostNotFound => Answer::NoHost,
        Error::Other(error) if error.is::<PrivateHost>() => Answer::Private,
        Error::Timeout(Timeout::Resolve | Timeout::Connect) | Error::ConnectionFailed => Answer::Unreachable,
        Error::Timeout(_) => Answer::Timeout,
        Error::Tls(_) | Error::Rustls(_) => Answer::Tls,
        Error::Io(error) => match error.kind() {
            ConnectionRefused | HostUnreachable | NetworkUnreachable | AddrNotAvailable | TimedOut => {
                Answer::Unreachable
            }
            InvalidData => Answer::Tls,
            _ => Answer::Garbled,
        },
        _ => Answer::Garbled,
    }
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// How long a server asks to be left alone: seconds, or a date (RFC 9110, 10.2.3). The date is held against the server's
/// own clock, which its answer shows (6.6.1), so ours plays no part.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let written = text(headers, header::RETRY_AFTER)?.trim();
    if let Ok(seconds) = written.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let instant = |written: &str| rfc2822::DateTimeParser::new().parse_timestamp(written).ok();
    let (until, now) = (instant(written)?, instant(text(headers, header::DATE)?)?);
    Some(Duration::try_from(until.duration_since(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_say_how_long_to_wait() {
        let wait = |written: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::RETRY_AFTER, written.parse().expect("a header"));
            headers.insert(header::DATE, "Fri, 31 Dec 1999 23:59:00 GMT".parse().expect("a header"));
            retry_after(&headers).map(|wait| wait.as_secs())
        };
        assert_eq!(wait("120"), Some(120));
        assert_eq!(wait("Fri, 31 Dec 1999 23:59:59 GMT"), Some(59));
        assert_eq!(wait("Fri, 31 Dec 1999 23:00:00 GMT"), Some(0));
        assert_eq!(wait("soon"), None);
    }
}
