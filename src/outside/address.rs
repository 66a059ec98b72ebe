//! Addresses as they are asked.

use std::fmt;

use url::Url;

use crate::config::Settings;
use crate::text::address::Target;

/// An address outside the site as a browser reads it (WHATWG URL Standard): the host in ASCII, the path encoded. It is
/// without what is never sent: what follows `#`, and names and passwords before the host.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address(Url);

impl Address {
    /// The address that a URL is asked as.
    pub(super) fn of(mut url: Url) -> Option<Self> {
        let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
        url.set_fragment(None);
        // These fail where there is no host.
        let bare = is_web && url.set_username("").is_ok() && url.set_password(None).is_ok();
        bare.then_some(Self(url))
    }

    /// An address as the ledger has it; none when it is not written as it would be asked.
    pub(super) fn read(written: &str) -> Option<Self> {
        Url::parse(written).ok().and_then(Self::of).filter(|address| address.as_str() == written)
    }

    pub(super) fn url(&self) -> &Url {
        &self.0
    }

    pub(super) fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// As it is written in the ledger.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether it is the first page of its host.
    pub fn is_home(&self) -> bool {
        self.0.path() == "/" && self.0.query().is_none()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Where a link leads.
pub enum Way {
    /// Into the site: the path there, and the fragment.
    Inside(String, Option<String>),
    /// To another site.
    Outside(Address),
    /// To what is neither: an e-mail address, or the site's own folder without its `/`.
    Elsewhere,
}

/// Where the site itself stands: what leads there is not outside.
#[derive(Clone, Debug)]
pub struct Home(Option<Url>);

impl Home {
    /// The place that the settings give the site.
    pub fn of(settings: &Settings) -> Self {
        Self(Url::parse(&format!("{}{}/", settings.origin, settings.base_path)).ok())
    }

    /// The address outside to which a link on a page leads. None when it leads into the site, or to what is no page.
    ///
    /// # Errors
    /// The reason why no browser can open it.
    pub fn outside(&self, written: &str) -> Result<Option<Address>, url::ParseError> {
        if matches!(Target::of(written), Target::File(..) | Target::Anchor(_)) {
            return Ok(None);
        }
        Ok(match self.way(written)? {
            Way::Outside(address) => Some(address),
            Way::Inside(..) | Way::Elsewhere => None,
        })
    }

    /// Where an address leads, however its host is written.
    ///
    /// # Errors
    /// The reason why no browser can open it.
    pub fn way(&self, written: &str) -> Result<Way, url::ParseError> {
        let Some(home) = &self.0 else { return Ok(Way::Elsewhere) };
        let url = home.join(written)?;
        let base = home.path().trim_end_matches('/');
        let own = url.path().strip_prefix(base).filter(|path| path.is_empty() || path.starts_with('/'));
        Ok(match own.filter(|_| is_same_origin(&url, home)) {
            Some("") => Way::Elsewhere,
            Some(path) => Way::Inside(path.to_owned(), url.fragment().map(str::to_owned)),
            None => Address::of(url).map_or(Way::Elsewhere, Way::Outside),
        })
    }

    /// The site's address as others are told it.
    pub fn name(&self) -> &str {
        self.0.as_ref().map_or("", Url::as_str)
    }
}

/// To compare origins copies both hosts, and most hosts are other ones.
fn is_same_origin(url: &Url, home: &Url) -> bool {
    url.host_str().is_none_or(|host| home.host_str() == Some(host)) && url.origin() == home.origin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_read_as_browsers_read_them() {
        let home = Home(Url::parse("https://example.org/mr/").ok());
        let cases = [
            ("https://skr.se", Some("https://skr.se/")),
            ("HTTPS://SKR.se:443/a b?å=1#del", Some("https://skr.se/a%20b?%C3%A5=1")),
            ("https://mänsklig.se/rätt", Some("https://xn--mnsklig-5wa.se/r%C3%A4tt")),
            ("https://m%C3%A4nsklig.se/", Some("https://xn--mnsklig-5wa.se/")),
            ("https://anna:hemligt@skr.se/", Some("https://skr.se/")),
            ("//skr.se/x", Some("https://skr.se/x")),
            ("/annat/", Some("https://example.org/annat/")),
            ("https://example.org/mr/blogg/", None),
            ("https://example.org/mr", None),
            ("/mr/blogg/", None),
            ("../x.md", None),
            ("#x", None),
            ("mailto:mr@example.org", None),
        ];
        for (written, expected) in cases {
            let found = home.outside(written).expect("it can be opened");
            assert_eq!(found.as_ref().map(Address::as_str), expected, "{written}");
        }
        for written in ["https://", "http://exa mple.org/", "https://skr.se:port/", "https://[::1/"] {
            assert!(home.outside(written).is_err(), "{written}");
        }
    }
}
