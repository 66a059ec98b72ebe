//! From the catalogue to the finished site in memory: plan, then render in parallel.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use rayon::prelude::*;

use super::addresses::published;
use super::cause::Cause;
use super::checks::Address;
use super::contents::Reading;
use super::gathered::{Gathered, Made};
use super::lost::Lost;
use super::memory::Memory;
use super::pages::{Gates, Origin};
use super::prints::Prints;
use super::render::{Rendered, Renderer};
use super::tree::{Bytes, Pages, Tree};
use super::{Contents, Session, checks};
use crate::config::headers::policy_in_pages;
use crate::diagnostic::{Place, Report};
use crate::document::Document;
use crate::document::body::Component;
use crate::kind;
use crate::model::{Card, Clock, Kind};
use crate::outside::Home;
use crate::overview;
use crate::overview::feeds::Bodies;
use crate::overview::redirects::Rules;
use crate::plan::links::Filler;
use crate::plan::site::site_view;
use crate::plan::{CardContext, Output, Planner, Recipe, Words};
use crate::progress::Stage;
use crate::source::Overflow;
use crate::theme::Theme;
use crate::theme::assets::{AssetContent, AssetOutput};
use crate::theme::check::{Keys, TemplateView};
use crate::theme::engine::prepare;
use crate::view::SiteView;

impl Session {
    /// Plans and renders the whole site. What is wrong is reported; then the tree is not to be published.
    pub fn site(&mut self, contents: &Contents, report: &mut Report) -> Tree {
        let memory = self.memory.take();
        let Made { mut tree, origins, unmet } = self.made(contents, memory.as_ref(), report);
        self.memory = memory;
        if let Some(theme) = &self.theme {
            let faulty = self.gates(contents, theme, &tree).check(&origins, &unmet, report);
            // What is said of a page must be found anew each time.
            tree.prints.retain(|route, _| !faulty.contains(route));
            tree.is_quiet &= origins.iter().all(|origin| origin.document.is_some() || !faulty.contains(&origin.route));
        }
        tree
    }

    /// The same of contents whose findings nobody hears, as when it is asked what the site will be like.
    pub(super) fn site_unchecked(&mut self, contents: &Contents) -> Tree {
        // What it takes is given back with the site.
        let overflow = std::mem::replace(&mut self.overflow, Overflow::of(&self.options.root));
        let (progress, checked) = (std::mem::take(&mut self.options.progress), self.options.recall.checked());
        let made = self.made(contents, None, &mut Report::default());
        (self.overflow, self.options.progress) = (overflow, progress);
        // What the next run begins with is not that site.
        self.options.recall.set_checked(checked);
        made.tree
    }

    fn made(&mut self, contents: &Contents, memory: Option<&Memory>, report: &mut Report) -> Made {
        let mut theme = self.theme.take();
        let made = self.rendered(contents, theme.as_mut(), memory, report);
        self.theme = theme;
        made
    }

    fn gates<'a>(&'a self, contents: &Contents, theme: &'a Theme, tree: &'a Tree) -> Gates<'a> {
        let statement = self.settings.statement.as_ref().and_then(|path| contents.catalogue.card(&path.value));
        Gates {
            settings: &self.settings,
            snapshot: &self.snapshot,
            theme,
            tree,
            home: Home::of(&self.settings),
            links: &self.links,
            statement: statement.map(|card| self.settings.href(&card.route)),
            new_window: Words::new(&self.texts).text("files.new_window"),
            policy: policy_in_pages(&self.settings),
        }
    }

    fn rendered(
        &self,
        contents: &Contents,
        theme: Option<&mut Theme>,
        memory: Option<&Memory>,
        report: &mut Report,
    ) -> Made {
        self.with_planner(contents, &contents.clock, report, |planner, report| {
            let assets = theme.as_ref().map(|theme| theme.assets.addresses.clone()).unwrap_or_default();
            let theme_color = theme.as_ref().and_then(|theme| theme.pictures.theme_color.clone());
            let site = site_view(planner, assets, theme_color, report);
            let Some(theme) = theme else { return without_theme(contents, planner, report) };
            let has_site = theme.set_site(&site).map_err(|diagnostic| report.push(*diagnostic)).is_ok();
            let prints = Prints::new((contents, planner), (&self.snapshot, theme), &site);
            let found = self.check_templates(theme, &site, prints.of_checks(&self.snapshot));
            let templates_are_sound = has_site && theme.is_sound() && !found.has_errors();
            report.merge(found);
            let memory = memory.filter(|_| templates_are_sound);
            let before = memory.map(|memory| (memory, &prints));
            let renderer = Renderer { templates_are_sound, before, ..self.renderer(contents, planner, theme) };
            let texts = self.texts_alone(&renderer, report);
            texts.unwrap_or_else(|| self.whole(&renderer, report))
        })
    }

    pub(super) fn renderer<'a>(
        &'a self,
        contents: &'a Contents,
        planner: &'a Planner,
        theme: &'a Theme,
    ) -> Renderer<'a> {
        Renderer { contents, planner, theme, session: self, templates_are_sound: true, elsewhere: false, before: None }
    }

    /// Plans all there is, and makes what does not stand already, and what stands but leads to what is gone.
    fn whole(&self, renderer: &Renderer, report: &mut Report) -> Made {
        let (mut gathered, mut said) = (Gathered::default(), Report::default());
        let (others, former) = others(renderer.contents, renderer.planner, Some(renderer.theme), &mut said);
        let progress = &self.options.progress;
        progress.begin(Stage::Make, renderer.contents.entries.len() + others.len());
        // Feeds show bodies, which are let go with the pages.
        let others = renderer.all(others);
        for (rendered, findings) in renderer.documents(renderer.contents.entries.par_iter().copied()) {
            report.merge(findings);
            gathered.extend(rendered, report);
        }
        gathered.extend(others, &mut said);
        let pictures = pictures(renderer.planner);
        progress.expect(pictures.len());
        gathered.extend(renderer.all(pictures), &mut said);
        checks::check_addresses(&gathered.addresses, &mut said);
        let addresses = gathered.addresses.iter();
        let outputs = addresses.map(|address| (address.route.as_str(), address.word, &address.source.path));
        let gone = gathered.addresses.iter().filter(|address| address.is_gone);
        gathered.tree.gone = gone.map(|address| address.route.clone()).collect();
        gathered.tree.published = published(renderer.contents, outputs);
        gathered.tree.former = former;
        let standing = gathered.kept.len();
        let doubtful = self.doubtful(renderer, &mut gathered);
        let standing = standing - doubtful.len();
        progress.expect(doubtful.len());
        let doubtful = Renderer { before: None, ..*renderer }.all(doubtful).into_iter();
        gathered.extend(doubtful.map(|rendered| Rendered { causes: vec![Cause::Target], ..rendered }), report);
        gathered.put_in_order();
        gathered.tree.pages = Pages { made: gathered.made.len(), standing };
        gathered.tree.is_quiet = said.is_empty();
        report.merge(said);
        gathered.finish(renderer, report)
    }

    /// The pages that stand and lead to what the site no longer has.
    fn doubtful(&self, renderer: &Renderer, gathered: &mut Gathered) -> Vec<Output> {
        let (kept, unmade): (Vec<Origin>, Vec<Option<Output>>) = std::mem::take(&mut gathered.kept).into_iter().unzip();
        let Some((memory, _)) = renderer.before.filter(|_| !kept.is_empty()) else { return Vec::new() };
        let lost = Lost::since(memory, &gathered.tree);
        if lost.is_empty() {
            return Vec::new();
        }
        let contents = renderer.contents;
        let faulty = self.gates(contents, renderer.theme, &gathered.tree).faulty(&kept);
        let asks = |path: &Arc<str>| {
            let document = contents.document(path);
            document.is_some_and(|document| lost.is_asked_for(&document.outline, contents))
        };
        let is_doubtful =
            |origin: &Origin| faulty.contains(&origin.route) || origin.document.as_ref().is_some_and(asks);
        let doubtful = kept.into_iter().zip(unmade).filter(|(origin, _)| is_doubtful(origin));
        doubtful.filter_map(|(origin, output)| output.or_else(|| renderer.page_of(origin.document.as_ref()?))).collect()
    }

    /// Hands over a planner for these contents, by a clock.
    pub(super) fn with_planner<T>(
        &self,
        contents: &Contents,
        clock: &Clock,
        report: &mut Report,
        work: impl FnOnce(&Planner, &mut Report) -> T,
    ) -> T {
        let words = Words::new(&self.texts);
        let context = CardContext {
            desk: self.desk(clock),
            words: &words,
            registry: &contents.registry,
            files: &contents.catalogue.files,
        };
        let unnoticed = BTreeMap::new();
        let asked = Mutex::new(Vec::new());
        let pictures = Mutex::new(Vec::new());
        let planner = Planner {
            context,
            catalogue: &contents.catalogue,
            notices: &unnoticed,
            wants: &asked,
            prepare,
            painter: self.painter.as_ref(),
            pictures: &pictures,
            addresses: &self.addresses,
        };
        let notices = self.notices(contents, &planner, report);
        work(&Planner { notices: &notices, ..planner }, report)
    }

    /// The texts of the notices, as HTML. They have no components, since they stand on pages of all kinds.
    fn notices(&self, contents: &Contents, planner: &Planner, report: &mut Report) -> BTreeMap<Arc<str>, String> {
        let none = |_: &Component, _: &str, _: &mut Report| String::new();
        let of_notices = contents.entries.iter().filter(|(_, entry)| entry.common().kind == Kind::Notice);
        let mut fill = |(document, entry): &&Reading| {
            let (path, route) = (&document.path, &entry.common().route);
            let filler = Filler { planner, path, route, components: &none, elsewhere: false };
            let mut wants = Vec::new();
            let html = filler.fill(&self.body(document), &mut wants, report);
            wants.into_iter().for_each(|want| planner.want(want));
            (path.clone(), html)
        };
        of_notices.map(&mut fill).collect()
    }

    /// A document by another clock, all else being as it was: its page, with its address, and its card.
    pub(super) fn document_at(
        &self,
        contents: &Contents,
        path: &str,
        clock: &Clock,
    ) -> Option<(Option<(String, Bytes)>, Card)> {
        let (document, entry) = contents.entries[*contents.catalogue.by_path.get(path)?];
        let theme = self.theme.as_ref()?;
        let mut unheard = Report::default();
        self.with_planner(contents, clock, &mut unheard, |planner, report| {
            let card = entry.card(&planner.context, report);
            let renderer = self.renderer(contents, planner, theme);
            let page = page(document, entry.as_ref(), planner, report);
            let rendered = page.map(|output| renderer.output(output, &Bodies::new()));
            Some((rendered.map(|rendered| (rendered.address.route, rendered.bytes)), card))
        })
    }

    /// Holds the templates against the views, unless nothing was said of them when all that they are checked with was the same:
    /// of a small site this is a third of the work.
    fn check_templates(&self, theme: &Theme, site: &SiteView, all: u64) -> Report {
        let mut found = Report::default();
        if self.options.recall.checked() == Some(all) {
            return found;
        }
        let sections: Vec<String> = site.sections.keys().cloned().collect();
        let sections = Keys { possible: sections.clone(), present: sections };
        theme.check(&TEMPLATE_VIEWS, sections, &self.texts, &mut found);
        if found.is_empty() {
            self.options.recall.set_checked(Some(all));
        }
        found
    }
}

/// The templates that a theme must have, with the shapes of their views.
pub(super) static TEMPLATE_VIEWS: LazyLock<Vec<TemplateView>> = LazyLock::new(|| {
    let views = kind::template_views().into_iter().chain(overview::template_views());
    views.map(|(template, schema)| TemplateView { template, schema }).collect()
});

/// All that is to be written but the pages of documents, and the pictures that pages name; and what hosts are told of former
/// addresses.
pub(super) fn others(
    contents: &Contents,
    planner: &Planner,
    theme: Option<&Theme>,
    report: &mut Report,
) -> (Vec<Output>, Rules) {
    let commons: Vec<_> = contents.entries.iter().map(|(_, entry)| entry.common()).collect();
    let (mut outputs, former) = overview::outputs(planner, &commons, report);
    outputs.extend(contents.catalogue.files.values().map(|file| Output {
        route: file.route.clone(),
        recipe: Recipe::Copy(file.path.clone()),
        source: Place::start_of(&file.path),
    }));
    outputs.extend(theme.into_iter().flat_map(|theme| assets(theme, planner)));
    outputs.extend(theme.into_iter().flat_map(|theme| planner.icon_outputs(&theme.assets.addresses)));
    (outputs, former)
}

/// The pictures that the pages planned so far name.
pub(super) fn pictures(planner: &Planner) -> Vec<Output> {
    let mut pictures = std::mem::take(&mut *planner.pictures.lock().unwrap_or_else(PoisonError::into_inner));
    pictures.sort_by(|left, right| (&left.route, &left.source.path).cmp(&(&right.route, &right.source.path)));
    pictures
}

/// Without a theme, what is wrong in documents is still to be said.
fn without_theme(contents: &Contents, planner: &Planner, report: &mut Report) -> Made {
    let (others, _) = others(contents, planner, None, report);
    let pages = contents.entries.iter().filter_map(|(document, entry)| page(document, entry.as_ref(), planner, report));
    let addresses: Vec<Address> = pages.map(|page| Address::of(&page)).chain(others.iter().map(Address::of)).collect();
    checks::check_addresses(&addresses, report);
    Made::default()
}

/// Plans the page of a document, if it has one.
pub(super) fn page(
    document: &Document,
    entry: &dyn kind::Entry,
    planner: &Planner,
    report: &mut Report,
) -> Option<Output> {
    let view = entry.page(document, planner, report)?;
    let (template, common) = (entry.template()?, entry.common());
    Some(Output {
        route: common.route.clone(),
        recipe: Recipe::Page { template, view, body: Some(document.path.clone()) },
        source: common.place.clone(),
    })
}

fn assets(theme: &Theme, planner: &Planner) -> Vec<Output> {
    let source = || planner.settings().place.clone();
    let output = |asset: &AssetOutput| Output {
        route: asset.route.clone(),
        recipe: match &asset.content {
            AssetContent::Text(text) => Recipe::Data(text.clone().into_bytes()),
            AssetContent::Copy(path) => Recipe::Copy(path.clone()),
        },
        source: source(),
    };
    theme.assets.outputs.iter().map(output).collect()
}
