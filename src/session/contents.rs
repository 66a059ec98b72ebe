//! From files to a catalogue: documents and entries in parallel, then the one sequential merge.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use super::{Session, checks};
use crate::config::settings;
use crate::diagnostic::Report;
use crate::document::Document;
use crate::document::markdown::{self, MarkdownOptions, RawHtml};
use crate::kind::{self, Entry};
use crate::model::catalogue::{Missing, missing_slugs};
use crate::model::files::{self, Bundles};
use crate::model::registry::read_organisations;
use crate::model::{Card, Catalogue, Common, Kind, Registry};
use crate::overview;
use crate::plan::{CardContext, Words};
use crate::source::File;

/// All that the files say, understood.
pub struct Contents {
    /// The documents with their entries, in order of path.
    pub entries: Vec<(Document, Box<dyn Entry>)>,
    /// Persons, organisations, series, notices.
    pub registry: Registry,
    /// All cards and addresses.
    pub catalogue: Catalogue,
}

/// The entries, why the other documents are none, and those of them that are not published yet.
type Found = (Vec<(Document, Box<dyn Entry>)>, HashMap<Arc<str>, Missing>, Vec<Arc<str>>);

/// What became of a file.
enum Reading {
    Entry(Box<(Document, Box<dyn Entry>)>),
    Missing(Arc<str>, Missing),
}

impl Session {
    /// Reads all documents and makes the catalogue.
    pub fn contents(&self, report: &mut Report) -> Contents {
        let (entries, missing, unpublished) = self.entries(report);
        let registry = self.registry(&entries, &missing, report);
        let hidden: BTreeSet<String> = unpublished.iter().filter_map(|path| bundle_folder(path)).collect();
        let files = files::collect(&self.snapshot, &self.settings, &bundles(&entries), &hidden, report);
        let files = Arc::new(files);
        let words = Words::new(&self.texts);
        let context = CardContext { desk: self.desk(), words: &words, registry: &registry, files: &files };
        let cards = cards(&entries, &context, report);
        let mut catalogue = Catalogue::new(cards, missing, files);
        let commons: Vec<&Common> = entries.iter().map(|(_, entry)| entry.common()).collect();
        overview::check_tags(&commons, &self.settings, report);
        catalogue.tags = overview::tags(&catalogue.cards, &self.settings);
        Contents { entries, registry, catalogue }
    }

    /// All entries that readers may see, and why the other documents are none.
    fn entries(&self, report: &mut Report) -> Found {
        let documents: Vec<&File> = self.snapshot.under("content/").filter(|file| file.path.ends_with(".md")).collect();
        let read: Vec<(Option<Reading>, Report)> = documents
            .into_par_iter()
            .map(|file| {
                let mut report = Report::default();
                (self.read_document(file, &mut report), report)
            })
            .collect();
        let (mut entries, mut missing, mut unpublished) = (Vec::new(), HashMap::new(), Vec::new());
        for (reading, findings) in read {
            report.merge(findings);
            match reading {
                Some(Reading::Entry(entry)) => entries.push(*entry),
                Some(Reading::Missing(path, why)) => {
                    if why != Missing::Broken {
                        unpublished.push(path.clone());
                    }
                    missing.insert(path, why);
                }
                None => {}
            }
        }
        missing.extend(self.snapshot.refused().map(|path| (path.clone(), Missing::Broken)));
        (entries, missing, unpublished)
    }

    fn read_document(&self, file: &File, report: &mut Report) -> Option<Reading> {
        let path = &file.path;
        let text = self.snapshot.text(path)?;
        let Some(kind) = Kind::of_path(path) else {
            report.push(checks::stray_document(path));
            return None;
        };
        let broken = || Some(Reading::Missing(path.clone(), Missing::Broken));
        let compile = |body, language: Option<&str>, report: &mut Report| {
            let options = MarkdownOptions {
                language: language.unwrap_or(&self.settings.language),
                raw_html: raw_html(self.settings.raw_html),
                components: kind != Kind::Notice,
            };
            markdown::compile(path, text, body, &options, report)
        };
        let Some(document) = Document::read(path, text, compile, report) else { return broken() };
        let desk = self.desk();
        let Some(entry) = kind::read(kind, &document, &desk, report) else { return broken() };
        if !entry.common().is_published(&desk) {
            let why = if entry.common().draft { Missing::Draft } else { Missing::Scheduled };
            return Some(Reading::Missing(path.clone(), why));
        }
        Some(Reading::Entry(Box::new((document, entry))))
    }

    fn registry(
        &self,
        entries: &[(Document, Box<dyn Entry>)],
        missing: &HashMap<Arc<str>, Missing>,
        report: &mut Report,
    ) -> Registry {
        let organisations = read_organisations(&self.snapshot, report);
        let mut registry = Registry {
            organisations_broken: organisations.is_none(),
            organisations: organisations.unwrap_or_default(),
            broken: missing_slugs(missing, &[Missing::Broken]),
            unpublished: missing_slugs(missing, &[Missing::Draft, Missing::Scheduled]),
            ..Registry::default()
        };
        for (_, entry) in entries {
            entry.contribute(&self.desk(), &mut registry);
        }
        registry
    }
}

fn raw_html(settings: settings::RawHtml) -> RawHtml {
    match settings {
        settings::RawHtml::Safe => RawHtml::Safe,
        settings::RawHtml::None => RawHtml::None,
        settings::RawHtml::All => RawHtml::All,
    }
}

fn cards(entries: &[(Document, Box<dyn Entry>)], context: &CardContext, report: &mut Report) -> Vec<Card> {
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

fn bundles(entries: &[(Document, Box<dyn Entry>)]) -> Bundles {
    let bundle = |(document, entry): &(Document, Box<dyn Entry>)| {
        Some((bundle_folder(&document.path)?, (document.path.clone(), entry.common().route.clone())))
    };
    entries.iter().filter_map(bundle).collect::<BTreeMap<_, _>>()
}

/// The folder of a bundle, with its `/`.
fn bundle_folder(path: &str) -> Option<String> {
    path.strip_suffix("index.md").filter(|folder| folder.ends_with('/')).map(str::to_owned)
}
