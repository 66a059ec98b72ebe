//! From files to a catalogue: documents and entries in parallel, then the one sequential merge.
//!
//! [`Material`] is what the files say, whatever the time; [`Contents`] is what of it is to be seen at a time. So a
//! site at another time is made without reading anything again.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use anyhow::Result;
use jiff::Timestamp;
use jiff::civil::Date;
use rayon::prelude::*;

use super::again::{is_same_but_for_text, shows_beginning};
use super::memory::{Memory, Names, Note, Remembered};
use super::{Session, checks, codes};
use crate::config::settings;
use crate::data::Node;
use crate::diagnostic::{Code, Report};
use crate::document::Document;
use crate::document::body::Body;
use crate::document::markdown::{self, MarkdownOptions, RawHtml};
use crate::kind::{self, Entry};
use crate::model::catalogue::{Files, Missing, missing_slugs};
use crate::model::clock::sooner;
use crate::model::common::Desk;
use crate::model::files::{self, Bundles, Places};
use crate::model::names::RetiredNames;
use crate::model::registry::{ORGANISATIONS, Organisation, read_organisations};
use crate::model::{Card, Catalogue, Clock, Common, Kind, Registry, Waiver, gates};
use crate::overview;
use crate::plan::{CardContext, Words};
use crate::progress::Stage;
use crate::source::{File, Snapshot, Stored};
use crate::text::fingerprint::{FastMap, FastSet, fingerprint};

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
    /// The readings for the next run, if it is to remember them.
    notes: Vec<Note>,
    /// Those whose text alone is another one than in the run before, if nothing else in the whole site is.
    edited: Option<FastSet<Arc<str>>>,
    /// How many documents there are.
    pub documents: Documents,
}

/// How many documents were read, and how many were not, since they are remembered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Documents {
    /// Those that were taken apart and compiled.
    pub read: usize,
    /// Those that are as they were in the run before.
    pub remembered: usize,
}

/// What became of a document.
struct Read {
    reading: Option<Reading>,
    note: Option<Note>,
    until: Option<Timestamp>,
    report: Report,
    /// What it is beside what is remembered of it.
    state: State,
}

/// A document beside what is remembered of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// It is as it was.
    Same,
    /// Its text alone is another one.
    Edited,
    /// Nothing is known of it, or more is another than its text.
    New,
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
    /// The documents whose text alone is another one than in the run before, if nothing else in the whole site is.
    pub(super) edited: Option<&'a FastSet<Arc<str>>>,
}

impl Material {
    /// What a document is read as, whether it is published or not.
    pub fn entry(&self, path: &str) -> Option<&dyn Entry> {
        let position = self.readings.binary_search_by(|(document, _)| (*document.path).cmp(path)).ok()?;
        Some(self.readings[position].1.as_ref())
    }

    /// What every document has that can be read, whether it is published or not, in order of path.
    pub fn commons(&self) -> impl Iterator<Item = &Common> {
        self.readings.iter().map(|(_, entry)| entry.common())
    }

    /// The documents whose address this is, published or not.
    pub fn documents_at(&self, route: &str) -> impl Iterator<Item = &Arc<str>> {
        self.commons().filter(move |common| common.route == route).map(|common| &common.path)
    }

    /// A document, whether it is published or not.
    pub fn document(&self, path: &str) -> Option<&Document> {
        let position = self.readings.binary_search_by(|(document, _)| (*document.path).cmp(path)).ok()?;
        Some(&self.readings[position].0)
    }

    /// The documents that can be read, published or not, in order of path.
    pub(super) fn readings(&self) -> &[Reading] {
        &self.readings
    }

    /// Those that cannot be read.
    pub fn broken(&self) -> &[Arc<str>] {
        &self.broken
    }

    /// The paths of the documents, and what the next run may want to know of each.
    pub(super) fn take_notes(&mut self) -> (Vec<&str>, Vec<Note>) {
        let notes = std::mem::take(&mut self.notes);
        (self.readings.iter().map(|(document, _)| &*document.path).collect(), notes)
    }
}

impl Contents<'_> {
    /// A document that is to be seen.
    pub(super) fn document(&self, path: &str) -> Option<&Document> {
        self.reading(path).map(|(document, _)| document)
    }

    /// The same with what it is read as.
    pub(super) fn reading(&self, path: &str) -> Option<&Reading> {
        // The catalogue's cards and the entries stand in the same order.
        Some(self.entries[*self.catalogue.by_path.get(path)?])
    }

    /// Until when these files make the same site, about which the same is said; none when that is for ever.
    pub fn until(&self, material: &Material) -> Option<Timestamp> {
        sooner(material.until, self.clock.until())
    }
}

impl Session {
    /// Reads all documents, but for those that are remembered.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn material(&self, report: &mut Report) -> Result<Material> {
        let organisations = read_organisations(&self.snapshot, report);
        let registry = Registry { organisations: organisations.clone().unwrap_or_default(), ..Registry::default() };
        let today = self.options.now.to_zoned(self.settings.zone.clone()).date();
        let names = FormerNames::new(&self.snapshot, &registry, today);
        let codes = codes();
        let documents: Vec<&File> = self.snapshot.under("content/").filter(|file| file.path.ends_with(".md")).collect();
        let progress = &self.options.progress;
        progress.begin(Stage::Read, documents.len());
        let read = |file: &&File| {
            let read = self.read(file, &names, &codes);
            progress.step();
            read
        };
        let read = documents.par_iter().map(read).collect::<Result<Vec<Read>>>()?;
        // Where headings are for ever, all addresses are to be held against the pages.
        let is_else_same = self.memory.as_ref().is_some_and(Memory::is_else_same) && !self.settings.lasting_headings;
        let edited = is_else_same && read.iter().all(|read| read.state != State::New);
        let mut material = Material { organisations, edited: edited.then(FastSet::default), ..Material::default() };
        material.readings.reserve_exact(read.len());
        for (file, read) in documents.into_iter().zip(read) {
            report.merge(read.report);
            let documents = &mut material.documents;
            *if read.state == State::Same { &mut documents.remembered } else { &mut documents.read } += 1;
            if let Some(edited) = material.edited.as_mut().filter(|_| read.state == State::Edited) {
                edited.insert(file.path.clone());
            }
            material.until = sooner(material.until, read.until);
            match read.reading {
                Some(reading) => {
                    material.readings.push(reading);
                    material.notes.extend(read.note);
                }
                None => material.broken.push(file.path.clone()),
            }
        }
        material.broken.extend(self.snapshot.refused().cloned());
        let midnight = || today.tomorrow().ok()?.to_zoned(self.settings.zone.clone()).ok();
        let midnight = names.will_change.then(midnight).flatten();
        material.until = sooner(material.until, midnight.map(|midnight| midnight.timestamp()));
        Ok(material)
    }

    /// Which settings documents are read with.
    pub(super) fn reader(&self) -> u64 {
        fingerprint(format!("{} {:?}", self.settings.language, self.settings.raw_html).as_bytes())
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
        let files = Arc::new(self.files((&bundles(&entries), &hidden), known, report));
        let words = Words::new(&self.texts);
        let context = CardContext { desk, words: &words, registry: &registry, files: &files };
        let cards = cards(&entries, &context, report);
        let mut catalogue = Catalogue::new(cards, missing, files);
        let commons: Vec<&Common> = entries.iter().map(|(_, entry)| entry.common()).collect();
        overview::check_tags(&commons, &self.settings, report);
        catalogue.tags = overview::tags(&catalogue.cards, &self.settings);
        catalogue.check_ids(report);
        Contents { clock, entries, registry, catalogue, edited: material.edited.as_ref() }
    }

    /// The files beside the documents. What was read from those that are as they were is known: by an earlier call, by the run
    /// before, or by an earlier session of this process.
    fn files(
        &self,
        (bundles, hidden): (&Bundles, &BTreeSet<String>),
        earlier: Option<&Files>,
        report: &mut Report,
    ) -> Files {
        let recall = &self.options.recall;
        let reader = fingerprint(format!("{} {}", self.options.root.display(), self.reader()).as_bytes());
        let known = |path: &str| {
            let of_earlier = earlier.and_then(|files| files.get(path)).map(|file| file.facts.clone());
            let of_memory = || self.memory.as_ref()?.facts(path);
            of_earlier.or_else(of_memory).or_else(|| recall.facts(reader, path, &self.snapshot))
        };
        let mut said = Report::default();
        let places = Places { bundles, hidden, known: &known };
        let files = files::collect(&self.snapshot, &self.settings, &places, &mut said);
        if said.is_empty() && earlier.is_none() {
            recall.set_files(reader, &files, &self.snapshot);
        }
        report.merge(said);
        files
    }

    fn read(&self, file: &File, names: &FormerNames, codes: &[&'static Code]) -> Result<Read> {
        let (clock, mut report) = (Clock::at(self.options.now), Report::default());
        let known = self.memory.as_ref().and_then(|memory| memory.document(&file.path, codes));
        let is_remembered = known.is_some();
        let text = if is_remembered { None } else { self.snapshot.document(file, &mut report)? };
        let found = match known {
            Some(Remembered { document, front, report, names, range }) => {
                Some(Found { document, front, report, body: None, known: Some((names, range)) })
            }
            None => text.as_ref().and_then(|text| self.document(&file.path, text, &mut report)),
        };
        let read = found.and_then(|found| {
            let Found { mut document, front, report: found, body, known } = found;
            report.merge(found.clone());
            let entry = self.entry(&document, &front, &clock, &mut report)?;
            let words = || text.as_ref().or_else(|| self.snapshot.text(&file.path));
            let (known, range) = known.unzip();
            let (names, said) = names.check(words, entry.common(), known.as_ref(), codes);
            report.merge(said);
            let same = range.filter(|_| known.is_some_and(|known| known.sought == names.sought));
            let is_noted = self.memory.is_some() && same.is_none();
            let note = is_noted.then(|| Note::save(&document, &front, &found, names));
            let (body, note) = self.put_aside(body.as_ref(), note);
            document.body = body;
            Some(((document, entry), same.map(Note::Same).or(note.map(Note::New))))
        });
        let (reading, note) = read.unzip();
        let state = match &reading {
            _ if is_remembered => State::Same,
            Some(reading) if self.is_edited(reading, codes) => State::Edited,
            _ => State::New,
        };
        Ok(Read { reading, note: note.flatten(), until: clock.until(), report, state })
    }

    /// Puts a body and a note aside, as one piece.
    fn put_aside(&self, body: Option<&Body>, note: Option<Vec<u8>>) -> (Option<Stored>, Option<Stored>) {
        if body.is_none() && note.is_none() {
            return (None, None);
        }
        let mut bytes = body.map(Body::save).unwrap_or_default();
        let end = bytes.len();
        bytes.extend_from_slice(note.as_deref().unwrap_or_default());
        let (own, rest) = self.overflow.store(bytes).split_at(end);
        (body.map(|_| own), note.map(|_| rest))
    }

    /// Whether the text alone of a document is another one than it was. What has no page of its own shows its text on others'.
    fn is_edited(&self, (document, entry): &Reading, codes: &[&'static Code]) -> bool {
        let former = self.memory.as_ref().and_then(|memory| memory.former(&document.path, codes));
        let former = former.filter(|_| entry.template().is_some());
        let shows_beginning = shows_beginning(entry.common(), document);
        former.is_some_and(|former| is_same_but_for_text(&former, document, shows_beginning))
    }

    /// Takes a document apart and compiles its body. What is said of one that cannot be read goes into the report.
    pub(super) fn document(&self, path: &Arc<str>, text: &str, report: &mut Report) -> Option<Found> {
        let Some(kind) = Kind::of_path(path) else {
            report.push(checks::stray_document(path));
            return None;
        };
        let compile = |body, language: Option<&str>, report: &mut Report| {
            self.compile((path, kind), (text, body), language, report)
        };
        let mut found = Report::default();
        match Document::read(path, text, compile, &mut found) {
            Some((document, front, body)) => {
                Some(Found { document, front, report: found, body: Some(body), known: None })
            }
            None => {
                report.merge(found);
                None
            }
        }
    }

    pub(super) fn compile(
        &self,
        (path, kind): (&Arc<str>, Kind),
        (text, body): (&str, Range<usize>),
        language: Option<&str>,
        report: &mut Report,
    ) -> Body {
        let options = MarkdownOptions {
            language: language.unwrap_or(&self.settings.language),
            raw_html: raw_html(self.settings.raw_html),
            components: kind != Kind::Notice,
        };
        markdown::compile(path, text, body, &options, report)
    }

    /// The body of a document. One that is not at hand is compiled now; what is wrong in it has been said.
    pub(super) fn body(&self, document: &Document) -> Body {
        let stored = self.renewed.get(&document.path).or(document.body.as_ref());
        let body = stored.and_then(|stored| Body::restore(&stored.read().ok()?, &document.path));
        body.or_else(|| self.body_again(document)).unwrap_or_default()
    }

    /// Compiles the body of a document again; none when the file has changed meanwhile.
    fn body_again(&self, document: &Document) -> Option<Body> {
        let (path, span, language) = (&document.path, document.body_span.clone(), document.lang.as_deref());
        let text = self.snapshot.text(path).filter(|text| text.get(span.clone()).is_some())?;
        Some(self.compile((path, Kind::of_path(path)?), (text, span), language, &mut Report::default()))
    }

    fn entry(&self, document: &Document, front: &Node, clock: &Clock, report: &mut Report) -> Option<Box<dyn Entry>> {
        let desk = self.desk(clock);
        let entry = kind::read(Kind::of_path(&document.path)?, document, front, &desk, report)?;
        gates::check(entry.common(), &desk, report);
        Some(entry)
    }
}

/// What was found of a document, read now or remembered.
pub(super) struct Found {
    pub document: Document,
    front: Node,
    /// What is to be said of it.
    pub report: Report,
    /// Its body, where it was read now.
    pub body: Option<Body>,
    /// What was found of former names, and where it stands in the memory, where it is remembered.
    known: Option<(Names, Range<usize>)>,
}

/// The former names of organisations, sought in texts that are newer than the names.
struct FormerNames<'a> {
    names: RetiredNames<'a>,
    /// Hash of what says which they are.
    source: u64,
    today: Date,
    /// Whether more may have to be said on another day.
    will_change: bool,
}

impl<'a> FormerNames<'a> {
    fn new(snapshot: &Snapshot, registry: &'a Registry, today: Date) -> Self {
        let mut names = registry.organisations.values().flat_map(Organisation::names);
        let will_change = names.any(|name| name.until.is_some_and(|until| until >= today));
        let source = fingerprint(snapshot.text(ORGANISATIONS).map_or(&[], |text| text.as_bytes()));
        Self { names: RetiredNames::new(registry), source, today, will_change }
    }

    /// What is to be said of a text, if not the same as before.
    fn check<'t>(
        &self,
        text: impl FnOnce() -> Option<&'t Arc<str>>,
        common: &Common,
        known: Option<&Names>,
        codes: &[&'static Code],
    ) -> (Names, Report) {
        let day = common.published.or(common.updated).map_or(self.today, |moment| moment.day());
        let sought = fingerprint(format!("{} {day} {}", self.source, common.former_names).as_bytes());
        let same = known.filter(|known| known.sought == sought).cloned();
        if let Some((known, report)) =
            same.and_then(|known| Some((known.clone(), Report::restore(known.found, codes)?)))
        {
            return (known, report);
        }
        let mut report = Report::default();
        if let Some(text) = (!common.former_names).then(text).flatten() {
            self.names.check(&common.path, text, day, &mut report);
        }
        (Names { sought, found: report.save() }, report)
    }
}

fn registry(material: &Material, entries: &[&Reading], missing: &FastMap<Arc<str>, Missing>, desk: &Desk) -> Registry {
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
fn published<'a>(material: &'a Material, desk: &Desk) -> (Vec<&'a Reading>, FastMap<Arc<str>, Missing>) {
    let mut missing: FastMap<Arc<str>, Missing> =
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
    let (mut cards, mut reports) = (Vec::new(), Vec::new());
    let card = |(_, entry): &&Reading| {
        let mut report = Report::default();
        (entry.card(context, &mut report), report)
    };
    entries.par_iter().map(card).unzip_into_vecs(&mut cards, &mut reports);
    reports.into_iter().for_each(|findings| report.merge(findings));
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
