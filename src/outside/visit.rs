//! Asking a host of one's own for what it gives its readers. It is named by the person who asks, so it may stand in a private
//! network, and it is asked as fast as it answers.

use std::io::Read;
use std::time::Duration;

use ureq::config::AutoHeaderValue;
use ureq::http::{Method, Request};
use url::Url;

use super::client::{Client, Reply, failure};
use super::guard::Guard;
use super::{Answer, Resolve};

/// How long an answer may take to begin.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long all of it may take: some files are large, and some lines are slow.
const PATIENCE_FOR_ALL: Duration = Duration::from_secs(15 * 60);

/// What a host gives its readers at an address.
#[derive(Clone, Debug)]
pub struct Page {
    /// The status (RFC 9110, 15).
    pub status: u16,
    /// Where it leads, if it does, as written.
    pub location: Option<String>,
    /// What was sent, as far as it was asked for.
    pub body: Vec<u8>,
}

/// Asks a host; connections are kept.
#[derive(Debug)]
pub struct Visitor(Client);

impl Visitor {
    /// One that looks hosts up where it is told, and otherwise as everybody does.
    pub fn new(name: &str, resolve: &[Resolve]) -> Self {
        let config = Client::config(name, PATIENCE)
            .timeout_global(None)
            .timeout_recv_response(Some(PATIENCE))
            .timeout_recv_body(Some(PATIENCE_FOR_ALL))
            .accept_encoding(AutoHeaderValue::None)
            .max_idle_connections(8);
        Self(Client::with(config.build(), Guard::open(resolve)))
    }

    /// What is at an address, of its body no more than some bytes. No redirection is followed.
    ///
    /// # Errors
    /// Why there is no answer.
    pub fn get(&self, url: &Url, most: u64) -> Result<Page, Answer> {
        let request = Request::builder().method(Method::GET).uri(url.as_str()).body(()).map_err(|_| Answer::Garbled)?;
        let response = self.0.run(request)?;
        let Reply { status, location, .. } = Reply::of(&response);
        let mut body = Vec::new();
        let read = response.into_body().into_reader().take(most).read_to_end(&mut body);
        read.map_err(|error| failure(&error.into()))?;
        Ok(Page { status, location, body })
    }
}
