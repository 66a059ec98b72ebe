//! The files beside the documents: their addresses, and what the labels of links say of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use imagesize::ImageError;
use lopdf::LoadOptions;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::code;
use crate::config::Settings;
use crate::config::settings::RawHtml;
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::model::registry::ORGANISATIONS;
use crate::model::{Kind, svg};
use crate::source::{File, Snapshot};

code! { pub STRAY_FILE = "stray-file", Error, "a file in `content/` that cannot be published",
"Everything in `content/` is published, so everything there must have an address. Documents stand in `content/blog/`, \
`events/`, `toolkit/`, `pages/`, `people/`, `series/` and `notices/`, and files stand beside the documents that use them." }
code! { pub UNREADABLE_FILE = "unreadable-file", Error, "a document whose label cannot be made",
"A link to a document says its type, size and number of pages, read from the file itself. A PDF that cannot be read \
cannot be read by readers either." }

code! { pub ACTIVE_FILE = "active-file", Error, "a file that could run in readers' browsers or on the server",
"Files beside documents are published as they are. One that holds a script would run with all the rights of the site, and one \
whose type nobody knows is guessed at by browsers. So the types are listed that only show something, and in an SVG file only \
what draws may stand. `raw_html: all` in `site.yaml` lets everything through: for a site whose writers are all trusted." }
code! { pub IMAGE_TOO_LARGE = "image-too-large", Error, "an image with more than 100 million pixels",
"A browser unpacks the whole image to show it, at four bytes a pixel, and a phone cannot. A small file can hold such an image. \
Save it smaller." }

/// The findings of this module.
pub const CODES: &[&Code] = &[&STRAY_FILE, &UNREADABLE_FILE, &ACTIVE_FILE, &IMAGE_TOO_LARGE];

/// A PDF larger than this is not opened for its number of pages.
const PDF_LIMIT: u64 = 64 << 20;
/// The most that a part of a PDF may become when it is unpacked for that, and all parts together: a few kilobytes can be packed
/// gigabytes.
const PDF_PART_LIMIT: usize = 8 << 20;
const PDF_PARTS_LIMIT: usize = 256 << 20;
/// What is said of each part that holds others packed.
const PACKED_PART: &[u8] = b"/ObjStm";
/// The most pixels of an image.
const PIXEL_LIMIT: u64 = 100_000_000;

/// The types of files that only show something, be it in a program of their own.
const PASSIVE: &[&str] = &[
    // Documents.
    "csv", "doc", "docm", "docx", "dotx", "epub", "ics", "json", "key", "md", "numbers", "odg", "odp", "ods", "odt",
    "pages", "pdf", "potx", "pps", "ppsx", "ppt", "pptm", "pptx", "rtf", "tex", "tsv", "txt", "vcf", "vsd", "vsdx",
    "xls", "xlsm", "xlsx", "yaml", "yml", // Pictures.
    "ai", "avif", "bmp", "eps", "gif", "heic", "heif", "ico", "indd", "jpeg", "jpg", "jxl", "png", "ps", "psd", "svg",
    "tif", "tiff", "webp", // Sound and film, and their words.
    "aac", "flac", "m4a", "m4v", "mov", "mp3", "mp4", "oga", "ogg", "ogv", "opus", "srt", "vtt", "wav", "webm",
    // What is packed, typefaces and maps.
    "7z", "dwg", "geojson", "gpkg", "gpx", "gz", "otf", "shp", "tar", "tgz", "ttf", "woff", "woff2", "zip",
];

/// Some of those that do more. Servers and browsers look at each part of a name: to Apache `x.php.pdf` may be a program.
const ACTIVE: &[&str] = &[
    "asp", "aspx", "cgi", "cjs", "css", "hta", "htc", "htm", "html", "js", "jsp", "mht", "mhtml", "mjs", "phar", "php",
    "php3", "php4", "php5", "php7", "php8", "phps", "pht", "phtml", "pl", "py", "rb", "sh", "shtm", "shtml", "swf",
    "wasm", "xht", "xhtml", "xml", "xsl", "xslt",
];

/// Files by which hosts are told what to send and where to lead.
const OF_HOSTS: &[&str] = &["_routes.json", "staticwebapp.config.json", "vercel.json"];

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
    /// What it says of itself.
    pub facts: Facts,
}

/// What is read from a file itself.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Facts {
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
    /// What was read from files before, with which nothing was wrong. To read them all takes long where there are many.
    pub known: &'a (dyn Fn(&str) -> Option<Facts> + Sync),
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
    let refuses_scripts = settings.raw_html != RawHtml::All;
    let read = |(file, route, bundle): (&File, String, Option<Arc<str>>)| {
        let known = (places.known)(&file.path);
        let is_looked_at = refuses_scripts && known.is_none() && extension(&file.path) == "svg";
        let fault = if is_looked_at { refuse_script(snapshot, &file.path) } else { None };
        let (facts, finding) = known.map_or_else(|| read(snapshot, file), |facts| (facts, None));
        let (path, size) = (file.path.clone(), file.size);
        (SiteFile { path, route, size, bundle, facts }, finding.or(fault))
    };
    let read: Vec<(SiteFile, Option<Diagnostic>)> = placed.into_par_iter().map(read).collect();
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
fn refuse(path: &str, settings: &Settings) -> Option<Diagnostic> {
    let at = |code, words: &str| Diagnostic::new(code, words).at(Place::start_of(&Arc::from(path)));
    if matches!(extension(path).as_str(), "md" | "markdown" | "mdown" | "mkd") {
        let words = "this would be published as Markdown source";
        return Some(at(&STRAY_FILE, words).help("name it with `.md`, in small letters"));
    }
    let fault = if settings.raw_html == RawHtml::All { None } else { fault_of_type(path) };
    fault.map(|(words, help)| at(&ACTIVE_FILE, &words).help(help))
}

/// Why a type of files is not published, and what to do.
fn fault_of_type(path: &str) -> Option<(String, &'static str)> {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    if let Some(part) = name.split('.').skip(1).find(|part| ACTIVE.contains(part)) {
        let words = format!("a file with `.{part}` in its name may run in browsers or on the server");
        return Some((
            words,
            "write a page instead, or take the file away; for trusted writers there is `raw_html: all`",
        ));
    }
    let help = "publish it as a PDF or packed as `.zip`; for trusted writers there is `raw_html: all` in `site.yaml`";
    match name.rsplit_once('.').map(|(_, last)| last) {
        _ if OF_HOSTS.contains(&name.as_str()) => Some(("hosts take this file for their settings".to_owned(), help)),
        None => Some(("browsers guess at a file without an ending such as `.pdf`".to_owned(), help)),
        Some(last) if !PASSIVE.contains(&last) => {
            Some((format!("files of the type `.{}` are not published", last.escape_debug()), help))
        }
        Some(_) => None,
    }
}

/// Reports an SVG file in which more stands than a drawing.
fn refuse_script(snapshot: &Snapshot, path: &Arc<str>) -> Option<Diagnostic> {
    let reason = match snapshot.bytes(path) {
        Ok(bytes) => svg::refuse(&bytes)?,
        Err(error) => format!("{error:#}"),
    };
    Some(
        Diagnostic::new(&ACTIVE_FILE, format!("this SVG file is more than a drawing: {reason}"))
            .at(Place::start_of(path))
            .help("export it again as plain or optimised SVG; for trusted writers there is `raw_html: all` in `site.yaml`"),
    )
}

fn place(
    file: &File,
    settings: &Settings,
    bundles: &Bundles,
    report: &mut Report,
) -> Option<(String, Option<Arc<str>>)> {
    let path = &file.path;
    if let Some(fault) = refuse(path, settings) {
        report.push(fault);
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

/// Reads what a file says of itself, and what is wrong with it.
fn read(snapshot: &Snapshot, file: &File) -> (Facts, Option<Diagnostic>) {
    let path = &file.path;
    let mut facts = Facts::default();
    let finding = match extension(path).as_str() {
        "pdf" if file.size <= PDF_LIMIT => read_pdf(snapshot, path, &mut facts).err(),
        "png" | "jpg" | "jpeg" | "gif" | "webp" => read_image(snapshot, path, &mut facts).err(),
        _ => None,
    };
    let pixels = facts.dimensions.map_or(0, |(width, height)| u64::from(width) * u64::from(height));
    let finding = match finding {
        Some(reason) => Some(
            Diagnostic::new(&UNREADABLE_FILE, format!("the file cannot be read: {reason}"))
                .at(Place::start_of(path))
                .help("export the file again, and open it in a viewer to see that it is whole"),
        ),
        None if pixels > PIXEL_LIMIT => Some(
            Diagnostic::new(
                &IMAGE_TOO_LARGE,
                format!("the image has {} million pixels; 100 are the most", pixels / 1_000_000),
            )
            .at(Place::start_of(path))
            .help("save it smaller: 2000 pixels across are enough for a page"),
        ),
        None => None,
    };
    (facts, finding)
}

fn read_pdf(snapshot: &Snapshot, path: &str, facts: &mut Facts) -> Result<(), String> {
    let bytes = snapshot.bytes(path).map_err(|error| format!("{error:#}"))?;
    let parts = bytes.windows(PACKED_PART.len()).filter(|window| *window == PACKED_PART).count();
    let limit = PDF_PART_LIMIT.min(PDF_PARTS_LIMIT / parts.max(1));
    let options = LoadOptions { max_decompressed_size: Some(limit), ..LoadOptions::default() };
    let pdf = lopdf::Document::load_mem_with_options(&bytes, options)
        .map_err(|error| format!("it is no whole PDF ({error})"))?;
    facts.pages = Some(pdf.get_pages().len()).filter(|pages| *pages > 0);
    let language = pdf.catalog().ok().and_then(|catalog| catalog.get(b"Lang").ok()).and_then(|lang| lang.as_str().ok());
    facts.language = language.map(|language| String::from_utf8_lossy(language).into_owned());
    Ok(())
}

fn read_image(snapshot: &Snapshot, path: &str, facts: &mut Facts) -> Result<(), String> {
    let bytes = snapshot.bytes(path).map_err(|error| format!("{error:#}"))?;
    let size = imagesize::blob_size(&bytes).map_err(|error| match error {
        ImageError::IoError(_) => "the picture ends too early",
        ImageError::NotSupported => "it is a picture of no known type, whatever its name says",
        ImageError::CorruptedImage => "the picture is damaged",
    })?;
    facts.dimensions = u32::try_from(size.width).ok().zip(u32::try_from(size.height).ok());
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
