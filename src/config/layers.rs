//! Which file of which theme serves a name.
//!
//! A site's theme is a folder in `themes/`; it may build on another one (`extends` in its `theme.yaml`), and the
//! site's own `theme/` folder lies above them all. Each of these is a [`Layer`] with the same sub-folders
//! (`templates/`, `components/`, `assets/`, `texts/`), and the nearest layer that has a file serves it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::code;
use crate::data::{self, Located, OneOrMany, Read, Shape};
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::record;
use crate::source::Snapshot;
use crate::text::suggest::closest;

code! { pub UNKNOWN_THEME = "unknown-theme", Error, "a theme that is not there",
"A theme is a folder in `themes/` with a file `theme.yaml`. The name in `theme:` of `site.yaml`, or in `extends:` of \
another theme, is the name of that folder. `anslag init` writes a new site with the theme `mr`, whose folder `themes/` any site can take." }
code! { pub THEME_CYCLE = "theme-cycle", Error, "themes that build on each other in a circle",
"A theme may build on another one with `extends:`, and that one on a third, but in the end there must be a theme \
that builds on none." }
code! { pub UNKNOWN_THEME_FILE = "unknown-theme-file", Error, "a file in a theme that nothing would read",
"A theme has templates in `templates/` and components in `components/` (both `.html`), texts in `texts/` \
(`sv.yaml`), the font that pictures are drawn with in `pictures/`, and everything else that pages need in `assets/`. A file anywhere else would silently be ignored." }

/// The findings of this module.
pub const CODES: &[&Code] = &[&UNKNOWN_THEME, &THEME_CYCLE, &UNKNOWN_THEME_FILE];

/// The site's own layer: its name among the layers, and its folder.
const SITE_LAYER: (&str, &str) = ("site", SITE_FOLDER);
/// The folder of what the site itself puts above its theme.
pub const SITE_FOLDER: &str = "theme/";
/// What a layer holds.
const FOLDERS: [&str; 5] = ["templates", "components", "assets", "texts", "pictures"];

record! {
    /// What `theme.yaml` says.
    struct Settings {
        /// The theme's name, for people.
        pub name: String,
        /// The theme that it builds on: the name of a folder beside it.
        pub extends: Option<Located<String>>,
        /// The languages that it has texts in.
        pub languages: Vec<Located<String>>,
        /// Which of its colours must be told from which.
        pub contrast: Option<Vec<Contrast>>,
        /// The colour that browsers may give what is around the page.
        pub theme_color: Option<Located<String>>,
        /// What pictures for link previews and icons are drawn with.
        pub pictures: Option<Pictures>,
    }
}

record! {
    /// Colours that stand on others, and how well they must be told from them.
    pub struct Contrast {
        /// Colours of text: 4.5:1.
        pub text: OneOrMany<Located<String>>,
        /// Colours of large text only: 3:1.
        pub large_text: OneOrMany<Located<String>>,
        /// Colours of edges, signs and marks that tell something: 3:1.
        pub edge: OneOrMany<Located<String>>,
        /// The colours that they stand on.
        pub on: OneOrMany<Located<String>>,
    }
}

record! {
    /// What pictures for link previews and icons are drawn with.
    pub struct Pictures {
        /// The font, a file in `pictures/` of the theme.
        pub font: Located<String>,
        /// The colour behind the heading.
        pub background: Located<String>,
        /// The colour of the heading.
        pub ink: Located<String>,
        /// The colour of the band and of icons.
        pub accent: Located<String>,
        /// The colour of what stands on that.
        pub on_accent: Located<String>,
    }
}

/// What `theme.yaml` takes, for editors.
pub fn shape() -> Shape {
    Settings::shape()
}

/// The layers of a site's theme, nearest first.
#[derive(Clone, Debug)]
pub struct Layers {
    /// The layers.
    pub layers: Vec<Layer>,
}

/// One layer.
#[derive(Clone, Debug)]
pub struct Layer {
    /// The theme's folder name, or `site` for the site's own folder.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// Its folder, from the site's root, with a `/` at the end.
    pub folder: String,
    /// The languages it says that it has texts in.
    pub languages: Vec<Located<String>>,
    /// Which of its colours must be told from which.
    pub contrast: Option<Vec<Contrast>>,
    /// The colour that browsers may give what is around the page.
    pub theme_color: Option<Located<String>>,
    /// What pictures are drawn with.
    pub pictures: Option<Pictures>,
}

/// A file of a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerFile {
    /// Which layer, counted from the nearest.
    pub layer: usize,
    /// The file, from the site's root.
    pub path: Arc<str>,
}

impl Layers {
    /// Follows `extends` from the theme with this name. `place` is where the site names it.
    pub fn load(snapshot: &Snapshot, name: &str, place: Option<&Place>, report: &mut Report) -> Option<Self> {
        let mut layers = Vec::new();
        let own = site_layer();
        if snapshot.under(&own.folder).next().is_some() {
            layers.push(own);
        }
        let mut next = Some((name.to_owned(), place.cloned()));
        while let Some((name, place)) = next {
            if let Some(diagnostic) = refused(snapshot, &layers, &name) {
                report.push(match place {
                    Some(place) => diagnostic.at(place),
                    None => diagnostic,
                });
                return None;
            }
            let (layer, extends) = read_layer(snapshot, name, report)?;
            layers.push(layer);
            next = extends.map(|extends| (extends.value, Some(extends.place)));
        }
        let layers = Self { layers };
        layers.report_unknown_files(snapshot, report);
        Some(layers)
    }

    /// The files of a sub-folder by their names in it, each with those of all layers that have it, nearest first.
    pub fn files(&self, snapshot: &Snapshot, folder: &str) -> BTreeMap<String, Vec<LayerFile>> {
        let mut files: BTreeMap<String, Vec<LayerFile>> = BTreeMap::new();
        for (index, layer) in self.layers.iter().enumerate() {
            let folder = format!("{}{folder}/", layer.folder);
            for file in snapshot.under(&folder) {
                let name = &file.path[folder.len()..];
                if !is_hidden(name) {
                    files.entry(name.to_owned()).or_default().push(LayerFile { layer: index, path: file.path.clone() });
                }
            }
        }
        files
    }

    /// What the nearest layer says that says anything of the kind.
    pub fn nearest<'a, T>(&'a self, said: impl Fn(&'a Layer) -> Option<&'a T>) -> Option<&'a T> {
        self.layers.iter().find_map(said)
    }

    /// The layers' names for messages, nearest first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.layers.iter().map(|layer| layer.name.as_str())
    }

    fn report_unknown_files(&self, snapshot: &Snapshot, report: &mut Report) {
        for layer in &self.layers {
            for file in snapshot.under(&layer.folder) {
                let name = &file.path[layer.folder.len()..];
                if let Some(diagnostic) = misplaced(layer, name) {
                    report.push(diagnostic.at(Place::start_of(&file.path)));
                }
            }
        }
    }
}

fn site_layer() -> Layer {
    let (name, folder) = SITE_LAYER;
    Layer {
        name: name.to_owned(),
        title: "the site's own".to_owned(),
        folder: folder.to_owned(),
        languages: Vec::new(),
        contrast: None,
        theme_color: None,
        pictures: None,
    }
}

/// Why a theme cannot be the next layer, if it cannot.
fn refused(snapshot: &Snapshot, layers: &[Layer], name: &str) -> Option<Diagnostic> {
    if name == SITE_LAYER.0 {
        let message = "a theme cannot be named `site`: that is what templates call the site's own `theme/` folder";
        return Some(Diagnostic::new(&UNKNOWN_THEME, message).help("rename the theme's folder"));
    }
    if let Some(at) = layers.iter().position(|layer| layer.name == name) {
        let circle: Vec<_> = layers[at..].iter().map(|layer| format!("`{}`", layer.name)).collect();
        let message = format!("the themes build on each other in a circle: {} → `{name}`", circle.join(" → "));
        return Some(Diagnostic::new(&THEME_CYCLE, message).help("take one `extends` away"));
    }
    let is_plain = !name.is_empty() && !name.contains('/') && !name.starts_with('.');
    if is_plain && snapshot.under(&format!("themes/{name}/")).next().is_some() {
        return None;
    }
    let present = themes(snapshot);
    let diagnostic = Diagnostic::new(&UNKNOWN_THEME, format!("there is no theme `{name}`"));
    if present.is_empty() {
        let own = "`anslag init DIR` writes a new site with the theme `mr` of this program: copy its folder `themes/` to here";
        return Some(diagnostic.help(format!("put the theme's files into `themes/{name}/`")).help(own));
    }
    let diagnostic = match closest(name, present.iter().copied()) {
        Some(meant) => diagnostic.label(format!("did you mean `{meant}`?")).help(format!("write `{meant}`")),
        None => diagnostic,
    };
    let is_all_said = present.len() == 1 && !diagnostic.help.is_empty();
    let all = || format!("the themes here are {}", quoted(present.iter().copied()));
    Some(if is_all_said { diagnostic } else { diagnostic.help(all()) })
}

fn themes(snapshot: &Snapshot) -> BTreeSet<&str> {
    let inside = snapshot.under("themes/").filter_map(|file| file.path.strip_prefix("themes/"));
    inside.filter_map(|path| path.split_once('/')).map(|(name, _)| name).collect()
}

fn read_layer(snapshot: &Snapshot, name: String, report: &mut Report) -> Option<(Layer, Option<Located<String>>)> {
    let folder = format!("themes/{name}/");
    let path: Arc<str> = format!("{folder}theme.yaml").into();
    let Some(text) = snapshot.text(&path) else {
        let message = format!("the theme `{name}` has no file `theme.yaml`");
        report.push(
            Diagnostic::new(&UNKNOWN_THEME, message).help(format!("write `{path}` with the theme's name: `name: …`")),
        );
        return None;
    };
    let node = data::parse(&path, text, 0..text.len(), report)?;
    let settings = Settings::read(&node, report)?;
    let Settings { name: title, extends, languages, contrast, theme_color, pictures } = settings;
    Some((Layer { name, title, folder, languages, contrast, theme_color, pictures }, extends))
}

/// What is wrong with a file's place in its layer.
fn misplaced(layer: &Layer, name: &str) -> Option<Diagnostic> {
    if is_hidden(name) {
        return None;
    }
    let Some((folder, rest)) = name.split_once('/') else {
        let is_settings = name == "theme.yaml" && layer.name != SITE_LAYER.0;
        return (!is_settings && !is_for_people(name))
            .then(|| nothing_reads(name, "themes keep their files in folders"));
    };
    if !FOLDERS.contains(&folder) {
        let diagnostic = nothing_reads(name, &format!("a theme has no folder `{folder}`"));
        return Some(match closest(folder, FOLDERS) {
            Some(meant) => diagnostic.label(format!("did you mean `{meant}/`?")).help(format!("move it to `{meant}/`")),
            None => diagnostic,
        });
    }
    match folder {
        "templates" if rest.starts_with("components/") => {
            Some(nothing_reads(name, "components lie in `components/` beside `templates/`"))
        }
        "templates" | "components" if !name.ends_with(".html") => {
            Some(nothing_reads(name, &format!("files in `{folder}/` end in `.html`")))
        }
        "pictures" if !(is_font(rest) || is_for_people(rest)) => {
            Some(nothing_reads(name, "`pictures/` holds the font that pictures are drawn with: `.ttf` or `.otf`"))
        }
        "texts" if rest.contains('/') || !rest.ends_with(".yaml") => {
            Some(nothing_reads(name, "files in `texts/` are named after their language: `texts/sv.yaml`"))
        }
        _ => None,
    }
}

/// Files beside others that people read.
fn is_for_people(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).to_uppercase();
    matches!(stem.as_str(), "README" | "LICENSE" | "LICENCE" | "CHANGELOG" | "COPYING" | "OFL")
}

/// Whether a name is that of a font to draw with.
pub fn is_font(name: &str) -> bool {
    name.ends_with(".ttf") || name.ends_with(".otf")
}

fn nothing_reads(name: &str, reason: &str) -> Diagnostic {
    Diagnostic::new(&UNKNOWN_THEME_FILE, format!("nothing reads `{name}`: {reason}"))
        .help(format!("the folders of a theme are {}", quoted(FOLDERS)))
}

fn is_hidden(name: &str) -> bool {
    name.split('/').any(|part| part.starts_with('.'))
}

/// Words in backticks with commas between.
pub(crate) fn quoted<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
