//! The site with the texts of open editors in place of what is written, made beside the conversation: a thread of its own.
//!
//! While a site is made, more changes may come. Only the last of them is made then, since the others are in it.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use gen_lsp_types::Uri;
use jiff::Timestamp;

use super::files::Folder;
use super::findings::{Finding, by_file};
use super::positions::Units;
use crate::diagnostic::Report;
use crate::diagnostic::render::summary;
use crate::model::{Catalogue, Registry};
use crate::session::{Contents, Material, Options, Session};
use crate::source::{Snapshot, takes};

/// So long nothing more must come before the site is made.
const QUIET: Duration = Duration::from_millis(40);
/// But no longer than this, if it never stops.
const PATIENCE: Duration = Duration::from_millis(400);
/// YAML may be nested 64 deep, and the library goes down a level for each.
const STACK: usize = 16 << 20;

/// A text that is open in the editor.
#[derive(Clone, Debug)]
pub struct Open {
    /// How the editor names the file.
    pub uri: Uri,
    /// How often it has been changed, as the editor counts.
    pub version: i32,
    /// The text as it is there.
    pub text: Arc<str>,
}

/// The open texts, by path from the site's folder.
pub type OpenTexts = BTreeMap<Arc<str>, Open>;

/// A file of the site as the editor names it: as it did when it opened it, or else by the folder.
pub fn name_of(open: &OpenTexts, folder: &Folder, path: &str) -> Uri {
    open.get(path).map_or_else(|| folder.uri(path), |open| open.uri.clone())
}

/// What is to be made.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Where the site is.
    pub folder: Folder,
    /// What is open.
    pub open: OpenTexts,
}

/// A site, understood: all that questions are answered from until the next is made.
pub struct Site {
    /// The inputs.
    pub session: Session,
    /// The documents.
    pub material: Material,
    /// Persons, organisations, series.
    pub registry: Registry,
    /// All cards and addresses.
    pub catalogue: Catalogue,
}

/// What became of a site.
pub struct Made {
    /// The site; none without settings.
    pub site: Option<Site>,
    /// The findings, by file.
    pub found: BTreeMap<Arc<str>, Vec<Finding>>,
    /// The versions of the open texts that they are of.
    pub versions: BTreeMap<Arc<str>, i32>,
    /// How it went, in words.
    pub words: String,
    /// The nearest instant at which something else is to be said of the same files.
    until: Option<Timestamp>,
}

/// The time of the machine, or the one that was asked for.
#[derive(Clone)]
pub struct Time {
    /// The time that was asked for.
    pub fixed: Option<Timestamp>,
    /// The machine's.
    pub clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

impl Time {
    fn now(&self) -> Timestamp {
        self.fixed.unwrap_or_else(|| (self.clock)())
    }

    /// How long it is until then; for ever where time stands still.
    fn until(&self, instant: Option<Timestamp>) -> Option<Duration> {
        let instant = instant.filter(|_| self.fixed.is_none())?;
        Some(Duration::try_from(instant.duration_since(self.now())).unwrap_or_default())
    }
}

/// Makes what is wanted from now on, and tells what became of it.
///
/// # Errors
/// There can be no more threads.
pub fn start(
    options: Options,
    time: Time,
    units: Units,
    tell: impl Fn(Result<Made>) + Send + 'static,
) -> Result<Sender<Wanted>> {
    let (want, wanted) = channel();
    let make = move || {
        let maker = Maker { options, time, units };
        let (mut last, mut until) = (None, None);
        while let Some(next) = maker.next(&wanted, last.take(), until) {
            let made = maker.make(&next);
            until = made.as_ref().ok().and_then(|made| made.until);
            tell(made);
            last = Some(next);
        }
    };
    thread::Builder::new().stack_size(STACK).spawn(make).context("cannot start a thread")?;
    Ok(want)
}

struct Maker {
    options: Options,
    time: Time,
    units: Units,
}

impl Maker {
    /// What is wanted last, when no more comes for a while; the same as before when its time has come. None when nobody is left
    /// to want anything.
    fn next(&self, wanted: &Receiver<Wanted>, last: Option<Wanted>, until: Option<Timestamp>) -> Option<Wanted> {
        let first = match self.time.until(until) {
            Some(left) => wanted.recv_timeout(left),
            None => wanted.recv().map_err(RecvTimeoutError::from),
        };
        match first {
            Ok(first) => Some(latest(wanted, first, Instant::now() + PATIENCE)),
            Err(RecvTimeoutError::Timeout) => last,
            Err(RecvTimeoutError::Disconnected) => None,
        }
    }

    fn make(&self, wanted: &Wanted) -> Result<Made> {
        // A fault of the program must not end the server: the next text is tried as ever.
        let made = catch_unwind(AssertUnwindSafe(|| self.site(wanted)));
        made.unwrap_or_else(|_| anyhow::bail!("anslag has failed: this is a fault of anslag"))
    }

    fn site(&self, wanted: &Wanted) -> Result<Made> {
        let (began, mut report) = (Instant::now(), Report::default());
        let now = self.time.now();
        let options = Options { root: wanted.folder.path.clone(), now, ..self.options.clone() };
        let snapshot = Snapshot::read(&options.root, &mut report)?;
        let snapshot = wanted
            .open
            .iter()
            .filter(|(path, open)| takes(path, &open.text))
            .fold(snapshot, |snapshot, (path, open)| snapshot.with_text(path, &open.text));
        let (snapshot, session) = Session::of(snapshot, options, &mut report)?;
        let (site, until, snapshot) = match session {
            Some(session) => {
                let (site, until) = site_of(session, now, &mut report)?;
                (Some(site), until, snapshot)
            }
            None => {
                report.settle();
                (None, None, snapshot)
            }
        };
        let texts = site.as_ref().map_or(&snapshot, |site| &site.session.snapshot);
        let found = by_file(&report, texts, &|path| name_of(&wanted.open, &wanted.folder, path), self.units);
        let versions = wanted.open.iter().map(|(path, open)| (path.clone(), open.version)).collect();
        let words = format!("made in {} ms: {}", began.elapsed().as_millis(), summary(&report));
        Ok(Made { site, found, versions, words, until })
    }
}

/// The last of what comes until nothing more does for a moment, or until the end. What comes after that is left for the next time.
fn latest<T>(coming: &Receiver<T>, first: T, end: Instant) -> T {
    let mut last = first;
    while Instant::now() < end
        && let Ok(newer) = coming.recv_timeout(QUIET)
    {
        last = newer;
    }
    last
}

/// Makes the site in memory, as `anslag check` does, and keeps what questions are answered from.
fn site_of(mut session: Session, now: Timestamp, report: &mut Report) -> Result<(Site, Option<Timestamp>)> {
    let material = session.material(report)?;
    let contents = session.contents(&material, now, None, report);
    let tree = session.site(&contents, report);
    session.check_addresses(&material, &contents, &tree, report);
    session.judge(&contents, report);
    report.settle();
    session.overflow.check()?;
    let until = contents.until(&material);
    let Contents { registry, catalogue, .. } = contents;
    Ok((Site { session, material, registry, catalogue }, until))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_wanted_is_lost() {
        let (want, wanted) = channel();
        for letter in ['b', 'c'] {
            want.send(letter).expect("somebody listens");
        }
        // Whoever never stops typing is not waited for, but the last letter counts.
        assert_eq!(latest(&wanted, 'a', Instant::now()), 'a');
        let first = wanted.recv().expect("it was sent");
        assert_eq!(latest(&wanted, first, Instant::now() + PATIENCE), 'c');
    }
}
