//! A build and how it ended, without a word said about it: what is known of the one before, the site, what is written.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::finished::Finished;
use super::tell;
use crate::addresses::ADDRESSES;
use crate::diagnostic::Report;
use crate::publish::{Before, Ending, Lock, Past, Published, Record, Said, Sources, Wishes, finish, publish, renew};
use crate::session::{Documents, Memory, Options, Pages, Recall, codes};
use crate::source::{Listing, Snapshot};
use crate::text::fingerprint::fingerprint;

/// How often a site is made whose files change meanwhile.
const ATTEMPTS: usize = 4;

/// How a build ended.
pub struct Outcome {
    /// What was written; none when the site has errors.
    pub published: Option<Published>,
    /// How many documents there are.
    pub documents: Documents,
    /// How many pages.
    pub pages: Pages,
    /// What was found.
    pub report: Report,
    /// When the site will be another one, and why, for machines.
    pub due: Value,
    /// Until when the same files make the same site, about which the same is said; none when that is for ever.
    pub until: Option<Timestamp>,
    /// The site's time zone.
    pub zone: TimeZone,
    /// The texts that findings point into.
    pub snapshot: Snapshot,
    /// How long each stage took.
    pub timings: Vec<(&'static str, Duration)>,
}

impl Outcome {
    /// Builds a site into a folder. The site is made wholly as well where that is asked for, and both must be one.
    ///
    /// # Errors
    /// A file cannot be read or written, or what is known of the build before has led to another site.
    pub fn of(options: &Options, output: &Path, wishes: Wishes, audit: bool) -> Result<Self> {
        let _alone = Lock::wait_for(&options.root, output, |holder| {
            tell(&format!("waiting for another build into {} (process {holder})\n", output.display()));
        });
        finish(&options.root, output)?;
        let attempt = || Self::attempt(options, output, wishes, audit);
        for _ in 1..ATTEMPTS {
            match attempt() {
                Ok(Ok(outcome)) => return Ok(outcome),
                Err(error) if !is_gone(&error) => return Err(error),
                // Somebody works there: what there is now is made instead.
                _ => {}
            }
        }
        attempt()?.or_else(|changed| {
            bail!("{changed} is changed again and again while the site is made: nothing was published")
        })
    }

    /// The same once. Gives the file instead that was changed meanwhile, if one was.
    fn attempt(
        options: &Options,
        output: &Path,
        wishes: Wishes,
        audit: bool,
    ) -> Result<std::result::Result<Self, String>> {
        let started = Instant::now();
        let (root, maker, listing) = (&options.root, maker(options), Listing::of(&options.root)?);
        let began = listing.began();
        let before = Record::compare(root, &listing, output, maker, options.now, began);
        if let Before::Same(record) = &before {
            record.renew(root, output)?;
        }
        let is_known = matches!(before, Before::Same(_));
        let mut past = match before {
            Before::Unknown => Past::default(),
            Before::Changed(past) => *past,
            Before::Same(record) if audit => record.past(root, output).unwrap_or_default(),
            Before::Same(record) => match Self::again(*record, root)? {
                Some(outcome) => return Ok(Ok(Self { timings: vec![("compare", started.elapsed())], ..outcome })),
                None => Past::default(),
            },
        };
        let compared = ("compare", started.elapsed());
        let finished = make(options, audit, listing, &mut past)?;
        if finished.report.has_errors() {
            let changed = finished.snapshot.changed().map(str::to_owned);
            return Ok(changed.map_or_else(|| Ok(Self::finished(finished, None)), Err));
        }
        let publishing = Instant::now();
        let (published, seen) =
            match publish(&finished.tree, &finished.snapshot, &past, root, output, wishes, &options.progress)? {
                Ending::Published(published, seen) => (published, seen),
                Ending::Disturbed(path) => return Ok(Err(path)),
            };
        let addresses = finished.addresses.as_deref();
        let addresses = addresses.map(|text| renew(root, &finished.snapshot, text)).transpose()?.flatten();
        // What points into lines that stand elsewhere now is said anew by the next build.
        let points_there = addresses.is_some() && finished.report.files().any(|file| **file == *ADDRESSES);
        if let Some(said) = said(&finished).filter(|_| !points_there) {
            let time = (options.now, finished.until);
            let sources = Sources { snapshot: &finished.snapshot, began, renewed: addresses.as_ref() };
            if let Some(record) = Record::new(maker, time, said, sources, &past, seen)? {
                record.write(&finished.handover, root, output)?;
            }
        }
        if is_known && !(published.written.is_empty() && published.removed.is_empty()) {
            bail!(
                "nothing seemed to have changed, but {} files are others now and {} are gone: this is a fault of anslag",
                published.written.len(),
                published.removed.len()
            );
        }
        let timings = [&[compared], &finished.timings[..], &[("publish", publishing.elapsed())]].concat();
        Ok(Ok(Self { timings, ..Self::finished(finished, Some(published)) }))
    }

    fn finished(finished: Finished, published: Option<Published>) -> Self {
        let (due, zone) = (finished.due_json(), finished.zone());
        let Finished { snapshot, tree, documents, report, until, timings, .. } = finished;
        Self { published, documents, pages: tree.pages, report, due, until, zone, snapshot, timings }
    }

    /// That of a build after which nothing has changed; none when the record says what this program does not know.
    fn again(record: Record, root: &Path) -> Result<Option<Self>> {
        let published = Published { unchanged: record.files(), ..Published::default() };
        let until = record.until();
        let Said { findings, due, zone, documents, pages } = record.said;
        let (documents, pages) = (Documents { read: 0, remembered: documents }, Pages { made: 0, standing: pages });
        let (report, zone, due) =
            (Report::restore(findings, &codes()), TimeZone::get(&zone), serde_json::from_str(&due));
        let (Some(report), Ok(zone), Ok(due)) = (report, zone, due) else { return Ok(None) };
        let files: BTreeSet<&str> = report.files().map(AsRef::as_ref).collect();
        let snapshot = Snapshot::of_files(root, files)?;
        let (published, timings) = (Some(published), Vec::new());
        Ok(Some(Self { published, documents, pages, report, due, until, zone, snapshot, timings }))
    }

    /// What was done, for machines. No time is among it, since that is of the machine.
    pub fn counts(&self) -> [(&'static str, Value); 3] {
        let files = |published: &Published| {
            let Published { written, unchanged, removed } = published;
            json!({"written": written.len(), "unchanged": unchanged, "removed": removed.len()})
        };
        let Documents { read, remembered } = self.documents;
        let Pages { made, standing } = self.pages;
        [
            ("documents", json!({"read": read, "remembered": remembered})),
            ("pages", json!({"made": made, "standing": standing})),
            ("files", self.published.as_ref().map_or_else(|| files(&Published::default()), files)),
        ]
    }
}

/// Whether something was gone that had been there a moment ago.
fn is_gone(error: &anyhow::Error) -> bool {
    let gone = |error: &std::io::Error| error.kind() == std::io::ErrorKind::NotFound;
    error.chain().any(|cause| cause.downcast_ref().is_some_and(gone))
}

/// Makes the site with what is known of the past; wholly, where that is asked for or the past has changed meanwhile.
fn make(options: &Options, audit: bool, listing: Listing, past: &mut Past) -> Result<Finished> {
    let finished = Finished::make_again(options, listing, std::mem::take(&mut past.memory))?;
    if !audit && !finished.snapshot.is_disturbed() {
        return Ok(finished);
    }
    let unknowing = Options { recall: Recall::default(), ..options.clone() };
    let whole = Finished::make_again(&unknowing, Listing::of(&options.root)?, Memory::default())?;
    if audit {
        finished.must_be(&whole)?;
    }
    *past = Past::default();
    Ok(whole)
}

/// What the next build must know to say the same.
fn said(finished: &Finished) -> Option<Said> {
    let zone = finished.zone().iana_name()?.to_owned();
    let documents = finished.documents.read + finished.documents.remembered;
    let pages = finished.tree.pages.made + finished.tree.pages.standing;
    Some(Said { findings: finished.report.save(), due: finished.due_json().to_string(), zone, documents, pages })
}

/// Who makes a site: the program, and what it is asked for. With another of these a record is of no use.
pub fn maker(options: &Options) -> u64 {
    let Options { base_url, drafts, locked, .. } = options;
    fingerprint(format!("{} {base_url:?} {drafts} {locked}", env!("ANSLAG_ENGINE")).as_bytes())
}
