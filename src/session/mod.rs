//! The stages of a run, in order: read, understand, plan, render. No stage knows which command runs.
//!
//! [`Session::open`] reads the inputs; [`Session::material`] makes entries of the documents; [`Session::contents`]
//! makes cards and the catalogue of those that are to be seen at a time; [`Session::site`] plans and renders all
//! outputs; [`Session::due`] finds out when the site will be another one. Writers' mistakes go into the report at every stage and the
//! work goes on as far as it can, so that one run shows all of them.

mod account;
mod addresses;
mod again;
mod cause;
mod checks;
mod codes;
mod contents;
mod due;
mod gathered;
mod gates;
mod home;
mod lost;
mod memory;
mod moved;
mod outside;
mod pages;
mod prints;
mod recall;
mod references;
mod render;
mod said;
mod shown;
mod site;
mod tree;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use jiff::Timestamp;

use crate::addresses::Addresses;
use crate::config::layers::Layers;
use crate::config::{Settings, Texts};
use crate::diagnostic::Report;
use crate::image::Painter;
use crate::model::Clock;
use crate::model::catalogue::Files;
use crate::model::clock::Asked;
use crate::model::common::Desk;
use crate::outside::Ledger;
use crate::plan::words::Words;
use crate::progress::Progress;
use crate::source::{Listing, Overflow, Snapshot, Stored};
use crate::text::fingerprint::{FastMap, HashMapExt};
use crate::theme::Theme;

pub use account::{Account, Making};
pub use addresses::with_article;
pub use cause::Cause;
pub use codes::codes;
pub use contents::{Contents, Documents, Material};
pub use due::Due;
pub use memory::{Handover, Memory};
pub use moved::{Edited, Moved, Own, path_as_target};
pub use recall::Recall;
pub use references::{Role, in_front_matter, in_settings};
pub use said::{Name, Said};
pub use shown::{Shown, ShownBanner};
pub use tree::{Bytes, Pages, Tree};

/// What a run is asked for.
#[derive(Clone, Debug)]
pub struct Options {
    /// The site's folder.
    pub root: PathBuf,
    /// The time of the build.
    pub now: Timestamp,
    /// An address of the site to use instead of the one in `site.yaml`.
    pub base_url: Option<String>,
    /// Whether drafts and what is not yet published are shown.
    pub drafts: bool,
    /// Whether `addresses.lock` must know all there is, and is left as it is.
    pub locked: bool,
    /// Is told how far the stages are.
    pub progress: Progress,
    /// Knows what an earlier session of this process has found.
    pub recall: Recall,
}

/// The inputs of a run, as they were at one moment.
pub struct Session {
    options: Options,
    /// The files.
    pub snapshot: Snapshot,
    /// The settings.
    pub settings: Settings,
    texts: Texts,
    /// What is known of the addresses outside.
    links: Ledger,
    /// Every address that was ever published.
    addresses: Addresses,
    theme: Option<Theme>,
    /// What draws pictures, as the theme says.
    painter: Option<Arc<Painter>>,
    /// Holds bodies and pages until they are needed.
    pub overflow: Overflow,
    /// Bodies that have been compiled since the documents were read, by path.
    renewed: FastMap<Arc<str>, Stored>,
    /// What is known of the run before; none when this one is not to be remembered either.
    memory: Option<Memory>,
}

impl Session {
    /// Everything that is said in the site's language.
    pub fn words(&self) -> Words<'_> {
        Words::new(&self.texts)
    }

    /// Reads the inputs. There is no session without settings.
    ///
    /// # Errors
    /// A file or folder cannot be read.
    pub fn open(options: Options, report: &mut Report) -> Result<(Snapshot, Option<Self>)> {
        let snapshot = Snapshot::read(&options.root, report)?;
        Self::of(snapshot, options, report)
    }

    /// The same with what is remembered of the run before, and to be remembered by the next.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn open_again(
        listing: Listing,
        memory: Memory,
        options: Options,
        report: &mut Report,
    ) -> Result<(Snapshot, Option<Self>)> {
        let snapshot = Snapshot::of_listing(listing, report)?;
        if memory.checked().is_some() {
            options.recall.set_checked(memory.checked());
        }
        let (snapshot, session) = Self::of(snapshot, options, report)?;
        let memory = |session: &Self| memory.read_with(session.reader());
        Ok((snapshot, session.map(|session| Self { memory: Some(memory(&session)), ..session })))
    }

    /// A session of inputs that are at hand.
    ///
    /// # Errors
    /// A file of the theme cannot be read.
    pub fn of(snapshot: Snapshot, options: Options, report: &mut Report) -> Result<(Snapshot, Option<Self>)> {
        let Some(settings) = Settings::read(&snapshot, options.base_url.as_deref(), report) else {
            return Ok((snapshot, None));
        };
        let layers = Layers::load(&snapshot, &settings.theme.value, Some(&settings.theme.place), report);
        let texts = layers.as_ref().and_then(|layers| {
            Texts::load(&snapshot, layers, &settings.language, Some(&settings.language_place), report)
        });
        let theme = match (&layers, &texts) {
            (Some(layers), Some(texts)) => {
                texts.require(crate::plan::words::NEEDS, report);
                Some(Theme::load(&snapshot, layers, texts, &settings.base_path, report)?)
            }
            _ => None,
        };
        let texts = texts.unwrap_or_else(|| Texts::none(&settings.language));
        let painter = theme.as_ref().and_then(|theme| theme.pictures.painter.clone());
        let links = Ledger::read(&snapshot, report);
        let addresses = Addresses::read(&snapshot, report);
        let overflow = Overflow::of(&options.root);
        let (renewed, memory) = (FastMap::new(), None);
        let session =
            Self { options, snapshot, settings, texts, links, addresses, theme, painter, overflow, renewed, memory };
        Ok((Snapshot::default(), Some(session)))
    }

    /// The time that the run was asked for.
    pub fn now(&self) -> Timestamp {
        self.options.now
    }

    /// The theme, if there is one.
    pub fn theme(&self) -> Option<&Theme> {
        self.theme.as_ref()
    }

    /// Whether the next run is to know of this one.
    pub fn remembers(&self) -> bool {
        self.memory.is_some()
    }

    /// What the next run may want to know of this one, which needs it no more. `asked` is what the clock was asked for.
    pub fn hand_over(&mut self, material: &mut Material, asked: &Asked, files: &Files, tree: &Tree) -> Handover {
        let memory = self.memory.take().unwrap_or_default();
        memory.hand_over(self.reader(), material.take_notes(), (asked, self.options.recall.checked()), files, tree)
    }

    fn desk<'a>(&'a self, clock: &'a Clock) -> Desk<'a> {
        Desk { settings: &self.settings, clock, drafts: self.options.drafts }
    }
}
