//! `anslag init`: a new site that builds and passes `anslag check`, with the theme that is inside the program.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::arguments::{Common, InitOptions, Language};
use super::{End, one_line, print, refuse, speak};

/// The files of the theme `mr`, by their paths in it.
const THEME: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/theme.rs"));

/// What may lie in the folder of a new site already: that of a new repository, and what a command has left that found no site.
const STANDING: [&str; 7] = [".anslag", ".git", ".gitignore", ".gitattributes", "README.md", "LICENSE", "LICENSE.md"];
/// What tells that a folder is a site, in the order of how much it tells.
const OF_A_SITE: [&str; 6] = ["site.yaml", "content", "themes", "theme", "addresses.lock", "public"];
/// How many of the things in the way are named.
const NAMED: usize = 3;
const IGNORED: &str = "/public/\n/.anslag/\n.*.anslag\n";

/// What VS Code is told: which extension it wants, and where the schemas lie. The same as in this repository.
const EDITOR: [(&str, &str); 2] = [
    (".vscode/extensions.json", include_str!("../../.vscode/extensions.json")),
    (".vscode/settings.json", include_str!("../../.vscode/settings.json")),
];

/// The texts of a first site.
struct Texts {
    title: &'static str,
    site: &'static str,
    /// Paths, with the place of the year, and what stands in the files.
    files: [(&'static str, &'static str); 4],
}

const SWEDISH: Texts = Texts {
    title: "Vår webbplats",
    site: include_str!("init/sv/site.yaml"),
    files: [
        ("content/people/redaktionen.md", include_str!("init/sv/person.md")),
        ("content/pages/om.md", include_str!("init/sv/page.md")),
        ("content/blog/{year}/var-webbplats-ar-igang.md", include_str!("init/sv/post.md")),
        ("content/events/{year}/en-forsta-traff.md", include_str!("init/sv/event.md")),
    ],
};

const ENGLISH: Texts = Texts {
    title: "Our site",
    site: include_str!("init/en/site.yaml"),
    files: [
        ("content/people/editors.md", include_str!("init/en/person.md")),
        ("content/pages/about.md", include_str!("init/en/page.md")),
        ("content/blog/{year}/our-site-is-there.md", include_str!("init/en/post.md")),
        ("content/events/{year}/a-first-meeting.md", include_str!("init/en/event.md")),
    ],
};

/// Writes a new site into a folder that is new, or has nothing of a site in it.
pub fn init(common: &Common, options: &InitOptions) -> Result<End> {
    let folder = options.folder.as_deref().map_or_else(|| common.root.clone(), |folder| common.root.join(folder));
    let names = in_the_way(&folder)?;
    if !names.is_empty() {
        return refuse(common, &occupied(&folder, &names));
    }
    if options.title.as_deref().is_some_and(|title| title.trim().is_empty() || title.contains(char::is_control)) {
        return refuse(common, "the title must have letters, on one line");
    }
    let zone = TimeZone::get("Europe/Stockholm").unwrap_or(TimeZone::UTC);
    let today = common.now().to_zoned(zone).date();
    for (path, bytes) in files(options, today) {
        write(&folder.join(path), &bytes)?;
    }
    let shown = options.folder.as_deref().filter(|folder| *folder != Path::new("."));
    let step = shown.map(|folder| format!("cd {}\n", quoted(&folder.display().to_string()))).unwrap_or_default();
    print(&format!("{step}anslag serve --open\n"))?;
    if !common.quiet {
        speak(common, &format!("a site is in {}; the lines above show it in the browser", folder.display()));
    }
    Ok(End::Well)
}

/// What is in a folder and not of a new repository: that of a site first, and what is hidden last.
fn in_the_way(folder: &Path) -> Result<Vec<String>> {
    let context = || format!("cannot read {}", folder.display());
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(context),
    };
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry.with_context(context)?.file_name().to_string_lossy().into_owned());
    }
    names.retain(|name| !STANDING.contains(&name.as_str()));
    let of_site = |name: &str| OF_A_SITE.iter().position(|known| *known == name).unwrap_or(OF_A_SITE.len());
    names.sort_unstable_by(|one, other| {
        let rank = |name: &str| (of_site(name), name.starts_with('.'));
        rank(one).cmp(&rank(other)).then_with(|| one.cmp(other))
    });
    Ok(names)
}

/// Why no site is written into a folder with these in it, and what to do.
fn occupied(folder: &Path, names: &[String]) -> String {
    let named: Vec<&str> = names.iter().take(NAMED).map(String::as_str).collect();
    let what = match (named.as_slice(), names.len() - named.len()) {
        ([first @ .., last], 0) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        (_, 0) => named.join(", "),
        (_, more) => format!("{}, and {more} more", named.join(", ")),
    };
    let way = if names[0] == OF_A_SITE[0] {
        "it is a site already: `anslag serve --open` shows it, and `anslag new` writes a document"
    } else {
        "a new site wants a folder of its own: name one that is new, `anslag init DIR`, or move what is there away"
    };
    format!("{} is not empty: {}\n{way}", folder.display(), one_line(&what))
}

/// The files of a new site, by path.
fn files(options: &InitOptions, today: Date) -> Vec<(PathBuf, Vec<u8>)> {
    let texts = match options.language {
        Language::Sv => SWEDISH,
        Language::En => ENGLISH,
    };
    // A JSON string is one of YAML as well, whatever stands in it.
    let title = Value::from(options.title.as_deref().unwrap_or(texts.title)).to_string();
    // In eight weeks, on the same day of the week: soon enough to be shown as coming.
    let start = today.saturating_add(8.weeks());
    let (year, today, start) = (today.year().to_string(), today.to_string(), start.to_string());
    let filled = |text: &str| {
        let text = text.replace("{today}", &today).replace("{start}", &start);
        text.replace("{year}", &year).replace("{title}", &title)
    };
    let own = texts.files.iter().map(|(path, text)| (PathBuf::from(filled(path)), filled(text).into_bytes()));
    let theme = THEME.iter().map(|(path, bytes)| (Path::new("themes/mr").join(path), bytes.to_vec()));
    let settings = ("site.yaml".into(), filled(texts.site).into_bytes());
    let ignored = (".gitignore".into(), IGNORED.as_bytes().to_vec());
    let editor = EDITOR.into_iter().map(|(path, text)| (path.into(), text.as_bytes().to_vec()));
    own.chain(theme).chain(editor).chain([settings, ignored]).collect()
}

/// A path as a shell takes it for one word.
fn quoted(path: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "/._-".contains(letter);
    if path.chars().all(is_plain) { path.to_owned() } else { format!("'{}'", path.replace('\'', "'\\''")) }
}

/// Writes a file that is not there. Of a repository's `.gitignore` what stands there stays.
fn write(place: &Path, bytes: &[u8]) -> Result<()> {
    let context = || format!("cannot write {}", place.display());
    fs::create_dir_all(place.parent().unwrap_or(place)).with_context(context)?;
    match OpenOptions::new().write(true).create_new(true).open(place) {
        Ok(mut file) => file.write_all(bytes).with_context(context),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => append(place, bytes).with_context(context),
        Err(error) => Err(error).with_context(context),
    }
}

fn append(place: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let before = fs::read(place)?;
    if before.windows(bytes.len()).any(|window| window == bytes) {
        return Ok(());
    }
    let mut file = OpenOptions::new().append(true).open(place)?;
    if before.last().is_some_and(|last| *last != b'\n') {
        file.write_all(b"\n")?;
    }
    file.write_all(bytes)
}
