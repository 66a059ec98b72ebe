//! The tests of `anslag` as its users meet it: files in, pages and messages out.
//!
//! Every story runs the real program on a site in a temporary folder ([`site`]), at a time of its own choosing. There is no
//! network but this machine's own ([`server`]), no sleeping and no clock. To see the messages of all bad input as people see them:
//! `ANSLAG_SHOW=1 cargo test --test it bad_input -- --nocapture`.

#![expect(clippy::disallowed_methods, reason = "how tests are run is asked of the environment; the site is not")]

mod marked;
mod rename;
mod server;
mod site;

mod addresses;
mod authoring;
mod bad_input;
mod cli;
mod diff;
mod drafts;
mod editor;
mod external;
#[cfg(target_os = "linux")]
mod faults;
mod floors;
mod gates;
mod golden;
mod hostile;
mod init;
mod lifecycle;
mod mr_site;
mod mutation;
mod pictures;
#[cfg(unix)]
mod publishing;
mod purity;
mod schema;
mod serving;
mod session;
mod stories;
#[cfg(target_os = "linux")]
mod terminal;
mod time;
mod unchanged;
mod verify;
mod why;
