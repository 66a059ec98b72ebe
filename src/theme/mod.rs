//! From a page's view to HTML: the theme's templates, components, texts and assets. The only user of Tera.
//!
//! A theme lies in layers ([`crate::config::layers`]): the site's own `theme/` folder, the theme it names, the themes that one
//! extends. [`Theme::load`] reads them, reports all that is wrong in one run, and [`Theme::check`] holds every
//! template against the views it will be given. Then [`Theme::render`] is a pure function of its arguments.

pub mod assets;
pub mod check;
pub mod components;
pub mod contrast;
pub mod engine;
pub mod pictures;

mod link;
mod syntax;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;

use self::assets::Assets;
use self::engine::{Engine, Source, Sources};
use self::link::Library;
use self::pictures::Pictures;
use crate::config::layers::Layers;
use crate::config::texts::Texts;
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::source::Snapshot;
use crate::text::fingerprint::fingerprint;

/// What this floor reports.
pub fn codes() -> Vec<&'static Code> {
    [assets::CODES, contrast::CODES, pictures::CODES, engine::CODES, link::CODES, check::CODES, components::CODES]
        .concat()
}

/// Looks for words in a text.
pub type Find = dyn Fn(&str, &str) -> Option<Range<usize>>;

/// A theme.
pub struct Theme {
    /// The assets: addresses for `site.assets`, and files to write.
    pub assets: Assets,
    /// What pictures are drawn with, and the colour around the page.
    pub pictures: Pictures,
    library: Library,
    /// Not there when the templates have errors that were reported.
    engine: Option<Engine>,
}

impl Theme {
    /// Reads and compiles the theme, and gives its templates the texts as `t`. What is wrong is reported.
    ///
    /// # Errors
    /// A file cannot be read from disk.
    pub fn load(
        snapshot: &Snapshot,
        layers: &Layers,
        texts: &Texts,
        base_path: &str,
        report: &mut Report,
    ) -> anyhow::Result<Self> {
        let assets = Assets::load(snapshot, layers, base_path, report)?;
        contrast::check(layers, &assets.tokens, report);
        let pictures = Pictures::load(snapshot, layers, &assets.tokens, report)?;
        let library = Library::new(Sources::find(snapshot, layers));
        let mut found = Report::default();
        Engine::check_length(&library.sources, &mut found);
        library.check(&mut found);
        let mut engine = if found.has_errors() {
            Engine::check_syntax(&library.sources, &mut found);
            None
        } else {
            Engine::new(&library.sources, &mut found)
        };
        if let Some(engine) = &mut engine
            && let Err(diagnostic) = engine.set_shared("t", &texts.tree())
        {
            found.push(*diagnostic);
        }
        report.merge(found);
        Ok(Self { assets, pictures, library, engine })
    }

    /// Whether pages can be rendered: the templates have none of the errors that [`Theme::load`] reports.
    pub fn is_sound(&self) -> bool {
        self.engine.is_some()
    }

    /// Gives all templates `site`. Call it once, before rendering.
    ///
    /// # Errors
    /// The value cannot be serialised.
    pub fn set_site(&mut self, site: &impl Serialize) -> Result<(), Box<Diagnostic>> {
        self.engine.as_mut().map_or(Ok(()), |engine| engine.set_shared("site", site))
    }

    /// Renders a page at the end of `out`. `content` is the finished HTML of its body.
    ///
    /// # Errors
    /// The template fails on this page; then `out` holds a part of it.
    pub fn render(
        &self,
        template: &str,
        page: &impl Serialize,
        content: &str,
        out: &mut Vec<u8>,
    ) -> Result<(), Box<Diagnostic>> {
        match self.library.sources.resolve(template) {
            Some(full) => self.engine()?.render(&self.library.sources, full, page, content, out),
            None => Err(Box::new(engine::unknown_template(&self.library.sources, template))),
        }
    }

    /// Where words stand in what a page of a template is made of, the nearest first.
    pub fn find(&self, template: &str, words: &str, find: &Find) -> Option<Place> {
        let full = self.library.sources.resolve(template)?;
        self.library
            .behind(full)
            .into_iter()
            .find_map(|source| find(&source.text, words).map(|span| source.place(span)))
    }

    /// Hash of the files that a page of a template is made of.
    pub fn fingerprint(&self, template: &str) -> u64 {
        hash(&self.behind(template))
    }

    /// Hash of the files that components are made of.
    pub fn fingerprint_of_components(&self) -> u64 {
        hash(&self.library.behind_components())
    }

    /// The files that a page of a template is made of, the template itself first.
    pub fn files_behind(&self, template: &str) -> Vec<Arc<str>> {
        self.behind(template).into_iter().map(|source| source.path.clone()).collect()
    }

    fn behind(&self, template: &str) -> Vec<&Source> {
        let full = self.library.sources.resolve(template);
        full.map(|full| self.library.behind(full)).unwrap_or_default()
    }

    /// The beginning of a template.
    pub fn start_of(&self, template: &str) -> Option<Place> {
        let sources = &self.library.sources;
        let own = sources.resolve(template).and_then(|full| sources.files.get(full))?;
        Some(own.place(0..0))
    }

    fn engine(&self) -> Result<&Engine, Box<Diagnostic>> {
        self.engine.as_ref().ok_or_else(|| Box::new(engine::unusable()))
    }
}

/// Hash of some files.
fn hash(files: &[&Source]) -> u64 {
    let texts: Vec<&str> = files.iter().flat_map(|source| [&*source.path, &*source.text]).collect();
    fingerprint(texts.join("\0").as_bytes())
}
