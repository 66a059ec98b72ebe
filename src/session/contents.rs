//! From files to a catalogue: documents and entries in parallel, then the one sequential merge.
//!
//! [`Material`] is what the files say, whatever the time; [`Contents`] is what of it is to be seen at a time. So a
//! site at another time is made without reading anything again.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;

use super::{Session, checks};
use crate::config::settings;
use crate::diagnostic::Report;
use crate::document::Document;
use crate::document::markdown::{self, MarkdownOptions, RawHtml};
use crate::kind::{self, Entry};
use crate::model::catalogue::{Files, Missing, missing_slugs};
use crate::model::clock::sooner;
use crate::model::common::Desk;
use crate::model::files::{self, Bundles, Places};
use crate::model::names::RetiredNames;
use crate::model::registry::{Organisation, read_organisations};
use crate::model::{Card, Catalogue, Clock, Common, Kind, Registry, Waiver, gates};
use crate::overview;
use crate::plan::{CardContext, Words};
use crate::source::File;

/// A document and what it is read as.
pub type Reading = (Document, Box<dyn Entry>);

/// All documents, whatever the time.
#[derive(Default)]
pub struct Material {
    /// Those that can be read, in order of path.
    readings: Vec<Reading>,
    /// Those that cannot.
    broken: Vec<Arc<str>>,
    /// The organisations, unless something is wrong with them.
    organisations: Option<BTreeMap<String, Organisation>>,
    /// The nearest instant at which something else is to be said of them.
    until: Option<Timestamp>,
}

/// All that the files say at a time, understood.
pub struct Contents<'a> {
    /// The time, and what comes next.
    pub clock: Clock,
    /// The documents with their entries, in order of path.
    pub entries: Vec<&'a Reading>,
    /// Persons, organisations, series, notices.
    pub registry: Registry,
    /// All cards and addresses.
    pub catalogue: Catalogue,
}

impl Contents<'_> {
    /// Until when these files make the same site, about which the same is said; none when that is for ever.
    pub fn until(&self, material: &Material) -> Option<Timestamp> {
        sooner(material.until, self.clock.until())
    }
}

impl Session {
    /// Reads all documents.
    pub fn material(&self, report: &mut Report) -> Material {
        let documents: Vec<&File> = self.snapshot.under("content/").filter(|file| file.path.ends_with(".md")).collect();
        let read: Vec<(Option<Reading>, Clock, Report)> = documents
            .par_iter()
            .map(|file| {
                let (clock, mut report) = (Clock::at(self.options.now), Report::default());
                (self.read_document(file, &clock, &mut report), clock, report)
            })
            .collect();
        let mut material = Material::default();
        for (file, (reading, clock, findings)) in documents.into_iter().zip(read) {
            report.merge(findings);
            material.until = sooner(material.until, clock.until());
            match reading {
                Some(reading) => material.readings.push(reading),
                None => material.broken.push(file.path.clone()),
            }
        }
        material.broken.extend(self.snapshot.refused().cloned());
        material.organisations = read_organisations(&self.snapshot, report);
        material.until = sooner(material.until, self.check_names(&material, report));
        material
    }

    /// Makes the catalogue of what is to be seen at a time. `known` are the files as an earlier call found them.
    pub fn contents<'a>(
        &self,
        material: &'a Material,
        now: Timestamp,
        known: Option<&Files>,
        report: &mut Report,
    ) -> Contents<'a> {
        let clock = Clock::at(now);
        let desk = self.desk(&clock);
        let (entries, missing) = published(material, &desk);
        let mut registry = registry(material, &entries, &missing, &desk);
        registry.waivers = waivers(&entries, &desk, report);
        let unpublished = missing.iter().filter(|(_, why)| **why != Missing::Broken);
        let hidden: BTreeSet<String> = unpublished.filter_map(|(path, _)| bundle_folder(path)).collect();
        let places = Places { bundles: &bundles(&entries), hidden: &hidden, known };
        let files = Arc::new(files::collect(&self.snapshot, &self.settings, &places, report));
        let words = Words::new(&self.texts);
        let context = CardContext { desk, words: &words, registry: &registry, files: &files };
        let cards = cards(&entries, &context, report);
        let mut catalogue = Catalogue::new(cards, missing, files);
        let commons: Vec<&Common> = entries.iter().map(|(_, entry)| entry.common()).collect();
        overview::check_tags(&commons, &self.settings, report);
        catalogue.tags = overview::tags(&catalogue.cards, &self.settings);
        catalogue.check_ids(report);
        Contents { clock, entries, registry, catalogue }
    }

    /// Reports former names of organisations in texts that are newer than the names. Says when more may have to be said.
    fn check_names(&self, material: &Material, report: &mut Report) -> Option<Timestamp> {
        let organisations = material.organisations.clone().unwrap_or_default();
        let registry = Registry { organisations, ..Registry::default() };
        let names = RetiredNames::new(&registry);
        let today = self.options.now.to_zoned(self.settings.zone.clone()).date();
        let check = |(document, entry): &Reading| {
            let mut report = Report::default();
            let common = entry.common();
            let day = common.published.or(common.updated).map_or(today, |moment| moment.day());
            if let Some(text) = self.snapshot.text(&document.path).filter(|_| !common.former_names) {
                names.check(&document.path, text, day, &mut report);
            }
            report
        };
        let found: Vec<Report> = material.readings.par_iter().map(check).collect();
        found.into_iter().for_each(|findings| report.merge(findings));
        let mut names = registry.organisations.values().flat_map(Organisation::names);
        let will_change = names.any(|name| name.until.is_some_and(|until| until >= today));
        let midnight = || today.tomorrow().ok()?.to_zoned(self.settings.zone.clone()).ok();
        will_change.then(midnight).flatten().map(|midnight| midnight.timestamp())
    }

    fn read_document(&self, file: &File, clock: &Clock, report: &mut Report) -> Option<Reading> {
        let path = &file.path;
        let text = self.snapshot.text(path)?;
        let Some(kind) = Kind::of_path(path) else {
            report.push(checks::stray_document(path));
            return None;
        };
        let compile = |body, language: Option<&str>, report: &mut Report| {
            let options = MarkdownOptions {
                language: language.unwrap_or(&self.settings.language),
                raw_html: raw_html(self.settings.raw_html),
                components: kind != Kind::Notice,
            };
            markdown::compile(path, text, body, &options, report)
        };
        let document = Document::read(path, text, compile, report)?;
        let desk = self.desk(clock);
        let entry = kind::read(kind, &document, &desk, report)?;
        gates::check(entry.common(), &desk, report);
        Some((document, entry))
    }
}

fn registry(material: &Material, entries: &[&Reading], missing: &HashMap<Arc<str>, Missing>, desk: &Desk) -> Registry {
    let mut registry = Registry {
        organisations_broken: material.organisations.is_none(),
        organisations: material.organisations.clone().unwrap_or_default(),
        broken: missing_slugs(missing, &[Missing::Broken]),
        unpublished: missing_slugs(missing, &[Missing::Draft, Missing::Scheduled]),
        ..Registry::default()
    };
    entries.iter().for_each(|(_, entry)| entry.contribute(desk, &mut registry));
    // The gravest stand first, and of one level the newest; the order of paths settles the rest.
    registry.notices.sort_by_key(|notice| Reverse((notice.gravity, notice.from)));
    registry
}

/// The waivers of the settings and of the documents. The clock learns when they end.
fn waivers(entries: &[&Reading], desk: &Desk, report: &mut Report) -> Vec<Waiver> {
    let of_site = desk.settings.waivers.iter().filter_map(|keys| Waiver::of_site(keys, desk, report));
    let mut waivers: Vec<Waiver> = of_site.collect();
    waivers.extend(entries.iter().flat_map(|(_, entry)| &entry.common().waivers).cloned());
    for waiver in &waivers {
        let _is_judged_when_all_is_found = waiver.has_ended(desk);
    }
    waivers
}

/// The entries that readers may see, and why the other documents are none.
fn published<'a>(material: &'a Material, desk: &Desk) -> (Vec<&'a Reading>, HashMap<Arc<str>, Missing>) {
    let mut missing: HashMap<Arc<str>, Missing> =
        material.broken.iter().map(|path| (path.clone(), Missing::Broken)).collect();
    let mut entries = Vec::with_capacity(material.readings.len());
    for reading in &material.readings {
        let common = reading.1.common();
        if common.is_published(desk) {
            entries.push(reading);
        } else {
            let why = if common.draft { Missing::Draft } else { Missing::Scheduled };
            missing.insert(common.path.clone(), why);
        }
    }
    (entries, missing)
}

fn raw_html(settings: settings::RawHtml) -> RawHtml {
    match settings {
        settings::RawHtml::Safe => RawHtml::Safe,
        settings::RawHtml::None => RawHtml::None,
        settings::RawHtml::All => RawHtml::All,
    }
}

fn cards(entries: &[&Reading], context: &CardContext, report: &mut Report) -> Vec<Card> {
    let made: Vec<(Card, Report)> = entries
        .par_iter()
        .map(|(_, entry)| {
            let mut report = Report::default();
            (entry.card(context, &mut report), report)
        })
        .collect();
    let mut cards = Vec::with_capacity(made.len());
    for (card, findings) in made {
        report.merge(findings);
        cards.push(card);
    }
    cards
}

fn bundles(entries: &[&Reading]) -> Bundles {
    let bundle = |(document, entry): &&Reading| {
        Some((bundle_folder(&document.path)?, (document.path.clone(), entry.common().route.clone())))
    };
    entries.iter().filter_map(bundle).collect::<BTreeMap<_, _>>()
}

/// The folder of a bundle, with its `/`.
fn bundle_folder(path: &str) -> Option<String> {
    path.strip_suffix("index.md").filter(|folder| folder.ends_with('/')).map(str::to_owned)
}
