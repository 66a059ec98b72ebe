//! How the addresses outside the site are asked.

use std::time::Duration;

use super::range::in_range;
use crate::data::Located;
use crate::diagnostic::Report;
use crate::record;

record! {
    pub struct ExternalLinksKeys {
        /// After how many days an address that was well is asked again; 14 unless given.
        recheck: Option<Located<usize>>,
        /// How many seconds a host is left alone between two requests; 1 unless given.
        pause: Option<Located<usize>>,
        /// How many seconds an answer may take; 20 unless given.
        timeout: Option<Located<usize>>,
    }
}

/// How the addresses outside the site are asked.
#[derive(Clone, Copy, Debug)]
pub struct ExternalLinks {
    /// After how many days an address that was well is asked again.
    pub recheck: usize,
    /// How long a host is left alone between two requests.
    pub pause: Duration,
    /// How long an answer may take.
    pub timeout: Duration,
}

pub(super) fn read_external_links(keys: Option<ExternalLinksKeys>, report: &mut Report) -> Option<ExternalLinks> {
    let keys = keys.unwrap_or(ExternalLinksKeys { recheck: None, pause: None, timeout: None });
    let mut read = |written: Option<Located<usize>>, unless_given, least, most| {
        written.map_or(Some(unless_given), |written| in_range(&written, least, most, report))
    };
    let (recheck, pause, timeout) =
        (read(keys.recheck, 14, 1, 365), read(keys.pause, 1, 0, 60), read(keys.timeout, 20, 1, 120));
    let seconds = |number: usize| Duration::from_secs(number as u64);
    Some(ExternalLinks { recheck: recheck?, pause: seconds(pause?), timeout: seconds(timeout?) })
}
