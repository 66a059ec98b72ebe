//! What became of asking for an address.

use std::fmt;
use std::str::FromStr;

/// What was answered, or why nothing was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A status (RFC 9110, 15), at the end of all redirections.
    Status(u16),
    /// The host's name is not known.
    NoHost,
    /// The host cannot be reached, or is not there.
    Unreachable,
    /// The host has not answered in time.
    Timeout,
    /// The certificate or the encryption is not sound.
    Tls,
    /// The address belongs to no public network, and was not asked.
    Private,
    /// One redirection follows on the other.
    Circle,
    /// The answer is not HTTP, or broke off.
    Garbled,
}

/// The words of the ledger for what is no status.
const WORDS: &[(Answer, &str)] = &[
    (Answer::NoHost, "no-host"),
    (Answer::Unreachable, "unreachable"),
    (Answer::Timeout, "timeout"),
    (Answer::Tls, "tls"),
    (Answer::Private, "private"),
    (Answer::Circle, "circle"),
    (Answer::Garbled, "garbled"),
];

/// What an answer means for readers who follow the link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// There is a page.
    Well,
    /// The page is not there any longer.
    Gone,
    /// Nobody can see the page now.
    Silent,
    /// Programs cannot see the page; people may.
    Barred,
}

impl Answer {
    pub(super) fn class(self) -> Class {
        match self {
            Self::Status(200..=299) => Class::Well,
            Self::Status(404 | 410) | Self::NoHost => Class::Gone,
            Self::Status(500..=599) | Self::Unreachable | Self::Timeout | Self::Tls | Self::Garbled => Class::Silent,
            // Without cookies some sites send their visitors round and round.
            Self::Status(_) | Self::Private | Self::Circle => Class::Barred,
        }
    }

    /// What it is, in words that follow on an address.
    pub fn words(self) -> String {
        let words = match self {
            Self::Status(status) => return format!("answered {status}"),
            Self::NoHost => "has no host of that name",
            Self::Unreachable => "could not be reached",
            Self::Timeout => "did not answer in time",
            Self::Tls => "has no certificate or encryption that browsers accept",
            Self::Private => "leads into a private network, where it was not asked",
            Self::Circle => "is redirected again and again",
            Self::Garbled => "did not answer as web servers do",
        };
        words.to_owned()
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        match (self, WORDS.iter().find(|(answer, _)| answer == self)) {
            (Self::Status(status), _) => write!(formatter, "{status}"),
            (_, Some((_, word))) => formatter.write_str(word),
            (_, None) => Ok(()),
        }
    }
}

impl FromStr for Answer {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let status = text.parse().ok().filter(|status| (100..=999).contains(status)).map(Self::Status);
        let word = || WORDS.iter().find(|(_, word)| *word == text).map(|(answer, _)| *answer);
        status.or_else(word).ok_or(())
    }
}
