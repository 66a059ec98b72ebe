//! Which machines are asked: those of public networks, and those that the command line names.
//!
//! Anybody who can propose a text can propose a link, and the one who checks it often stands inside an organisation's
//! walls. So names are looked up here, for redirections too, and only public addresses are kept; what is asked is what was
//! looked up. What is in the repository cannot change that: only who runs the command can, with `--resolve`.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// A host and where it is to be found: `mr.example.org=10.0.0.7:443`. The host `*` is every host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolve {
    host: String,
    at: SocketAddr,
}

impl FromStr for Resolve {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('=').filter(|(host, _)| !host.is_empty());
        let (host, at) = parts.ok_or("write HOST=ADDRESS:PORT, such as `mr.example.org=10.0.0.7:443`")?;
        let at = at.parse().map_err(|error| format!("`{at}`: {error}"))?;
        Ok(Self { host: host.to_ascii_lowercase(), at })
    }
}

/// A host of no public network.
#[derive(Debug)]
pub(super) struct PrivateHost;

impl fmt::Display for PrivateHost {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("the host is in a private network")
    }
}

impl std::error::Error for PrivateHost {}

/// Looks up names.
#[derive(Debug)]
pub(super) struct Guard {
    names: DefaultResolver,
    known: Vec<Resolve>,
    /// Whether private networks may be asked, too.
    is_open: bool,
}

impl Guard {
    pub(super) fn new(known: &[Resolve]) -> Self {
        Self { names: DefaultResolver::default(), known: known.to_vec(), is_open: false }
    }

    /// One that asks whatever host it is told to, for somebody who has named it.
    pub(super) fn open(known: &[Resolve]) -> Self {
        Self { is_open: true, ..Self::new(known) }
    }
}

impl Resolver for Guard {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let host = uri.host().unwrap_or_default();
        // That name exists nowhere, and need not be looked up (RFC 6761, 6.4).
        if host.ends_with(".invalid") {
            return Err(Error::HostNotFound);
        }
        let mut kept = self.empty();
        if let Some(known) = self.known.iter().find(|known| known.host == host || known.host == "*") {
            kept.push(known.at);
            return Ok(kept);
        }
        let found = self.names.resolve(uri, config, timeout).map_err(no_name)?;
        found.iter().filter(|found| self.is_open || is_public(found.ip())).for_each(|found| kept.push(*found));
        if kept.is_empty() { Err(Error::Other(Box::new(PrivateHost))) } else { Ok(kept) }
    }
}

/// Why a name was not found. The system tells in words alone whether the name is not there, or could not be asked about now.
fn no_name(error: Error) -> Error {
    match error {
        Error::Io(error) => {
            let words = error.to_string().to_ascii_lowercase();
            let is_passing = words.contains("temporary") || words.contains("try again");
            if is_passing { Error::ConnectionFailed } else { Error::HostNotFound }
        }
        // Who is asked for names is no part of the host.
        Error::Timeout(_) => Error::ConnectionFailed,
        other => other,
    }
}

/// Whether an address is of a machine that everybody can reach (RFC 6890 and the registries of IANA that it set up).
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let is_special = match ip.octets() {
        [0 | 10 | 127, ..] | [169, 254, ..] | [192, 168, ..] | [192, 0, 0 | 2, _] => true,
        [100, second, ..] => (64..128).contains(&second),
        [172, second, ..] => (16..32).contains(&second),
        [198, 18 | 19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => true,
        [first, ..] => first >= 224,
    };
    !is_special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let embedded = |segments: [u16; 2]| {
        let [[a, b], [c, d]] = segments.map(u16::to_be_bytes);
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match ip.segments() {
        // An IPv4 address in other clothes: mapped, behind NAT64 (RFC 6052), and by 6to4 (RFC 3056).
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => embedded([high, low]),
        [0x2002, high, low, ..] => embedded([high, low]),
        // Protocols and documentation.
        [0x2001, second, ..] => second >= 0x200 && second != 0xdb8,
        [0x3fff, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_machines_are_asked() {
        let private = [
            "127.0.0.1",
            "10.0.0.7",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "192.0.2.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.7",
            "64:ff9b::a00:7",
            "2002:a00:7::1",
            "2001::1",
            "2001:db8::1",
        ];
        for ip in private {
            assert!(!is_public(ip.parse().expect("an address")), "{ip}");
        }
        let public =
            ["193.10.1.1", "172.32.0.1", "100.128.0.1", "9.9.9.9", "2a00:1450::1", "2001:6b0::1", "64:ff9b::c10a:101"];
        for ip in public {
            assert!(is_public(ip.parse().expect("an address")), "{ip}");
        }
    }

    #[test]
    fn names_that_nobody_tells_are_no_fault_of_the_host() {
        let untold = std::io::Error::other("failed to lookup address: Temporary failure in name resolution");
        for error in [Error::Io(untold), Error::Timeout(ureq::Timeout::Global), Error::Timeout(ureq::Timeout::Resolve)]
        {
            assert!(matches!(no_name(error), Error::ConnectionFailed));
        }
        let missing = std::io::Error::other("failed to lookup address: Name or service not known");
        assert!(matches!(no_name(Error::Io(missing)), Error::HostNotFound));
    }

    #[test]
    fn the_command_line_may_say_where_a_host_is() {
        let at = "10.0.0.7:443".parse().expect("an address");
        assert_eq!("MR.example.org=10.0.0.7:443".parse(), Ok(Resolve { host: "mr.example.org".to_owned(), at }));
        for wrong in ["mr.example.org", "=10.0.0.7:443", "mr.example.org=10.0.0.7", "mr.example.org=x:1"] {
            assert!(wrong.parse::<Resolve>().is_err(), "{wrong}");
        }
    }
}
