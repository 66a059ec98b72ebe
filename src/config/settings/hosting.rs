//! The hosts, and what they are told to say with each file.

use crate::choice;
use crate::config::headers::Headers;
use crate::data::{self, Located};
use crate::diagnostic::{Diagnostic, Report};

choice! {
    /// Hosts, by how they are told what to say with each file.
    pub enum Hosting {
        /// The file `_headers`, which Netlify, Cloudflare Pages and others read.
        Headers = "headers",
        /// The file `.htaccess`, which Apache reads.
        Apache = "apache",
        /// The file `nginx.conf`, for nginx to include.
        Nginx = "nginx",
        /// The file `Caddyfile`, for Caddy to import.
        Caddy = "caddy",
        /// None that sends headers: the policy stands in the pages.
        Meta = "meta",
    }
}

/// Reports headers that no host would be told of.
pub(super) fn read_headers(keys: Option<Located<Headers>>, hosting: &[Hosting], report: &mut Report) -> Headers {
    let Some(Located { value, place }) = keys else { return Headers::default() };
    if hosting.iter().all(|hosting| *hosting == Hosting::Meta) {
        report.push(
            Diagnostic::new(&data::KEY_WITHOUT_EFFECT, "no host is told of these headers")
                .at(place)
                .help("name the host with `hosting`, or take `headers` away"),
        );
    }
    value
}
