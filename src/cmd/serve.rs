//! `anslag serve`.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::process::{Command, Stdio};

use anyhow::Result;

use super::arguments::{Common, ServeOptions};
use super::build::told;
use super::{End, print_report, speak};
use crate::diagnostic::Report;
use crate::serve::{Asked, World, serve as run};
use crate::session::Options;
use crate::source::Snapshot;

/// Shows the site while it is written, until the process ends.
pub fn serve(common: &Common, options: &ServeOptions) -> Result<End> {
    let address = SocketAddr::new(options.host, options.port);
    if !options.host.is_loopback() {
        let host = options.host;
        speak(common, &format!("warning: whoever reaches {host} can see the site, with what is not yet published"));
    }
    let drafts = !options.as_published;
    let site = Options { drafts, ..common.options(common.now()) };
    let asked = Asked { options: site, now: common.now, address, follow: options.follow };
    // What has been said once is not said after every change.
    let said = RefCell::new(Report::default());
    let say = |words: &str, found: Option<(&Report, &Snapshot)>| {
        if let Some((report, snapshot)) = found {
            let report = told(report.clone(), common);
            let new = report.since(&said.borrow());
            let _gone_with_the_terminal = print_report(&new, snapshot, common);
            said.replace(report);
        }
        if !common.quiet {
            speak(common, words);
        }
    };
    let ready = |address: &str| {
        speak(common, &format!("the site is at {address} (Ctrl-C ends)"));
        if options.open {
            open(common, address);
        }
    };
    // The time that was asked for may be left again.
    let clock = || Common { now: None, ..common.clone() }.now();
    match run(asked, &World { clock: &clock, say: &say, ready: &ready })? {}
}

/// Opens an address in the browser, by what each system has for it.
fn open(common: &Common, address: &str) {
    let (program, first): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("cmd", &["/C", "start", ""]),
        _ => ("xdg-open", &[]),
    };
    let quiet = Command::new(program).args(first).arg(address).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    if let Err(error) = quiet {
        speak(common, &format!("warning: `{program}` cannot open a browser: {error}"));
    }
}
