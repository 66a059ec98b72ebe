//! The files beside the documents: their addresses, and what the labels of links say of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::code;
use crate::config::Settings;
use crate::config::settings::RawHtml;
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::model::Kind;
use crate::model::registry::ORGANISATIONS;
use crate::source::{File, Snapshot};

code! { pub STRAY_FILE = "stray-file", Error, "a file in `content/` that cannot be published",
"Everything in `content/` is published, so everything there must have an address. Documents stand in `content/blog/`, \
`events/`, `toolkit/`, `pages/`, `people/`, `series/` and `notices/`, and files stand beside the documents that use them." }
code! { pub UNREADABLE_FILE = "unreadable-file", Error, "a document whose label cannot be made",
"A link to a document says its type, size and number of pages, read from the file itself. A PDF that cannot be read \
cannot be read by readers either." }

/// The findings of this module.
pub const CODES: &[&Code] = &[&STRAY_FILE, &UNREADABLE_FILE];

/// A PDF larger than this is not opened for its number of pages.
const PDF_LIMIT: u64 = 64 << 20;

/// A file that is copied to the site.
#[derive(Clone, Debug)]
pub struct SiteFile {
    /// Path from the site's folder.
    pub path: Arc<str>,
    /// Its address.
    pub route: String,
    /// Its size in bytes.
    pub size: u64,
    /// The document whose bundle it is in.
    pub bundle: Option<Arc<str>>,
    /// How many pages a PDF has.
    pub pages: Option<usize>,
    /// The language a PDF says it is in.
    pub language: Option<String>,
    /// Width and height of an image, in pixels.
    pub dimensions: Option<(u32, u32)>,
}

/// Where the documents are whose bundles files may belong to: folder with its `/` → the document's path and route.
pub type Bundles = BTreeMap<String, (Arc<str>, String)>;

/// What decides where files stand.
pub struct Places<'a> {
    /// The bundles that are published.
    pub bundles: &'a Bundles,
    /// The folders of bundles that are not.
    pub hidden: &'a BTreeSet<String>,
    /// What was read of files before.
    pub known: Option<&'a BTreeMap<Arc<str>, SiteFile>>,
}

/// Finds all files beside the documents and gives them addresses.
pub fn collect(
    snapshot: &Snapshot,
    settings: &Settings,
    places: &Places,
    report: &mut Report,
) -> BTreeMap<Arc<str>, SiteFile> {
    let files: Vec<&File> = snapshot.under("content/").filter(|file| !file.path.ends_with(".md")).collect();
    let placed: Vec<(&File, String, Option<Arc<str>>)> = files
        .into_iter()
        .filter(|file| &*file.path != ORGANISATIONS && !is_in(&file.path, places.hidden))
        .filter_map(|file| {
            let (route, bundle) = place(file, settings, places.bundles, report)?;
            Some((file, route, bundle))
        })
        .collect();
    let read: Vec<(SiteFile, Option<Diagnostic>)> =
        placed.into_par_iter().map(|(file, route, bundle)| read(snapshot, file, route, bundle, places.known)).collect();
    read.into_iter()
        .map(|(file, finding)| {
            finding.into_iter().for_each(|finding| report.push(finding));
            (file.path.clone(), file)
        })
        .collect()
}

fn is_in(path: &str, folders: &BTreeSet<String>) -> bool {
    !folders.is_empty() && ancestors(path).any(|folder| folders.contains(folder))
}

/// The folders a path is in, nearest first, each with its `/`.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    path.rmatch_indices('/').map(|(slash, _)| &path[..=slash])
}

/// Why a file may not be published as it is, and what to do.
fn refuse(path: &str, settings: &Settings) -> Option<(&'static str, &'static str)> {
    match extension(path).as_str() {
        "md" | "markdown" | "mdown" | "mkd" => {
            Some(("this would be published as Markdown source", "name it with `.md`, in small letters"))
        }
        "html" | "htm" | "xhtml" | "js" | "mjs" if settings.raw_html != RawHtml::All => Some((
            "this file may run scripts in readers' browsers",
            "write a page, or set `raw_html: all` in `site.yaml`",
        )),
        _ => None,
    }
}

fn place(
    file: &File,
    settings: &Settings,
    bundles: &Bundles,
    report: &mut Report,
) -> Option<(String, Option<Arc<str>>)> {
    let path = &file.path;
    if let Some((words, help)) = refuse(path, settings) {
        report.push(Diagnostic::new(&STRAY_FILE, words).at(Place::start_of(path)).help(help));
        return None;
    }
    if let Some((folder, (document, route))) = ancestors(path).find_map(|folder| bundles.get_key_value(folder)) {
        return Some((format!("{route}{}", &path[folder.len()..]), Some(document.clone())));
    }
    let section = match Kind::of_path(path) {
        Some(Kind::Post) => &settings.sections.blog.route,
        Some(Kind::Event | Kind::Series) => &settings.sections.events.route,
        Some(Kind::Tool) => &settings.sections.toolkit.route,
        Some(Kind::Person) => &settings.sections.people.route,
        Some(Kind::Page) => "/",
        Some(Kind::Notice) | None => {
            report.push(
                Diagnostic::new(&STRAY_FILE, "this file belongs to no kind of document, so it has no address")
                    .at(Place::start_of(path))
                    .help("put it beside the document that uses it"),
            );
            return None;
        }
    };
    let rest = path.splitn(3, '/').nth(2).unwrap_or_default();
    Some((format!("{section}{rest}"), None))
}

fn read(
    snapshot: &Snapshot,
    file: &File,
    route: String,
    bundle: Option<Arc<str>>,
    known: Option<&BTreeMap<Arc<str>, SiteFile>>,
) -> (SiteFile, Option<Diagnostic>) {
    let path = file.path.clone();
    if let Some(known) = known.and_then(|known| known.get(&path)) {
        return (SiteFile { route, bundle, ..known.clone() }, None);
    }
    let mut site_file =
        SiteFile { path: path.clone(), route, size: file.size, bundle, pages: None, language: None, dimensions: None };
    let finding = match extension(&path).as_str() {
        "pdf" if file.size <= PDF_LIMIT => read_pdf(snapshot, &mut site_file).err(),
        "png" | "jpg" | "jpeg" | "gif" | "webp" => read_image(snapshot, &mut site_file).err(),
        _ => None,
    };
    let finding = finding.map(|reason| {
        Diagnostic::new(&UNREADABLE_FILE, format!("the file cannot be read: {reason}"))
            .at(Place::start_of(&path))
            .help("export the file again, and open it in a viewer to see that it is whole")
    });
    (site_file, finding)
}

fn read_pdf(snapshot: &Snapshot, file: &mut SiteFile) -> Result<(), String> {
    let bytes = snapshot.bytes(&file.path).map_err(|error| format!("{error:#}"))?;
    let pdf = lopdf::Document::load_mem(&bytes).map_err(|error| format!("it is no whole PDF ({error})"))?;
    file.pages = Some(pdf.get_pages().len()).filter(|pages| *pages > 0);
    let language = pdf.catalog().ok().and_then(|catalog| catalog.get(b"Lang").ok()).and_then(|lang| lang.as_str().ok());
    file.language = language.map(|language| String::from_utf8_lossy(language).into_owned());
    Ok(())
}

fn read_image(snapshot: &Snapshot, file: &mut SiteFile) -> Result<(), String> {
    let bytes = snapshot.bytes(&file.path).map_err(|error| format!("{error:#}"))?;
    let size = imagesize::blob_size(&bytes).map_err(|error| format!("it is no whole image ({error})"))?;
    file.dimensions = u32::try_from(size.width).ok().zip(u32::try_from(size.height).ok());
    Ok(())
}

/// The extension in small letters.
pub fn extension(path: &str) -> String {
    path.rsplit_once('.').map_or(String::new(), |(_, extension)| extension.to_lowercase())
}

/// The name of the type of document that a web address leads to, as far as the address tells.
pub fn type_of_address(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let path = rest.split(['?', '#']).next().filter(|path| path.contains('/'))?;
    let known = ["pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "odp", "csv", "zip", "epub", "rtf"];
    if known.contains(&extension(path).as_str()) { type_name(path) } else { None }
}

/// The name of a type of file, as in link labels; none for what is a page or an image.
pub fn type_name(path: &str) -> Option<String> {
    let extension = extension(path);
    let name = match extension.as_str() {
        "html" | "htm" | "png" | "jpg" | "jpeg" | "gif" | "webp" | "avif" | "svg" | "" => return None,
        "doc" | "docx" => "Word",
        "xls" | "xlsx" => "Excel",
        "ppt" | "pptx" => "PowerPoint",
        "odt" | "ods" | "odp" | "pdf" | "csv" | "zip" | "epub" | "mp3" | "mp4" | "txt" | "ics" | "rtf" | "xml"
        | "json" => {
            return Some(extension.to_uppercase());
        }
        _ => return Some(extension.to_uppercase()),
    };
    Some(name.to_owned())
}
