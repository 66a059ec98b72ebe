//! `anslag new`: a document with every key explained, made from the same declarations that check it.
//!
//! What is not given is asked for where somebody sits at a terminal ([`dialogue`]), and left blank elsewhere.

mod dialogue;
mod swedish;
mod text;

use std::fs::{self, OpenOptions};
use std::io::{IsTerminal, Write as _, stderr, stdin};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::arguments::{Common, NewOptions, ReportFormat};
use super::{End, has_settings, no_site, print, refuse, speak};
use crate::diagnostic::Report;
use crate::kind::event::edit::Place;
use crate::model::Kind;
use crate::session::Session;
use crate::text::date::{Moment, When};
use crate::text::slug::slug;
use crate::text::suggest::closest;
use dialogue::Dialogue;
use text::document;

/// What is known of a new document.
#[derive(Clone, Debug, Default)]
struct Answers {
    title: Option<String>,
    date: Option<When>,
    start: Option<When>,
    end: Option<When>,
    place: Option<Place>,
    contact: Option<String>,
    summary: Option<String>,
    slug: Option<String>,
    draft: bool,
}

/// Somebody who may answer for a page.
struct Person {
    slug: String,
    name: String,
}

/// Writes a new document, and says where it is.
pub fn new(common: &Common, options: &NewOptions) -> Result<End> {
    let kind = options.kind;
    if !has_settings(&common.root) {
        return refuse(common, &no_site(&common.root));
    }
    if let Some(words) = misfit(kind, options) {
        return refuse(common, &words);
    }
    let editor = editor();
    if options.edit && editor.is_none() {
        return refuse(common, "no editor is known: set `VISUAL` or `EDITOR`");
    }
    let Known { today, language, people } = site(common, options.contact.is_some() || is_asked(common))?;
    let mut answers = Answers::of(options);
    if let Some(contact) = answers.contact.take() {
        match person_meant(&contact, &people) {
            Ok(slug) => answers.contact = Some(slug),
            Err(words) => return refuse(common, &words),
        }
    }
    if is_asked(common) {
        let (input, output) = (&mut stdin().lock(), &mut stderr());
        let Ok(complete) = (Dialogue { input, output }).complete(kind, answers, &people, today, options.bundle)? else {
            return refuse(common, "nothing was written");
        };
        answers = complete;
    }
    let Some(title) = answers.title.as_deref() else {
        return refuse(common, "a new document has a title: `anslag new post \"Rätten till en bostad\"`");
    };
    let slug = slug(answers.slug.as_deref().unwrap_or(title));
    if slug.is_empty() || title.contains(char::is_control) {
        let title = title.escape_debug();
        let words = format!("no address can be made from the title `{title}`\nwrite a title with letters or digits");
        return refuse(common, &words);
    }
    let path = place_of(kind, &slug, &answers, today, options.bundle);
    if !write(&common.root, &path, &document(kind, &answers, today, &language))? {
        return refuse(common, &format!("{} is there already, and was left as it is", path.display()));
    }
    print(&format!("{}\n", path.display()))?;
    if !common.quiet {
        if kind == Kind::Event && answers.start.is_none() {
            let year = today.year();
            speak(
                common,
                &format!(
                    "when it starts is not known, so it lies in the folder of {year}; `--start` says it, or move the file"
                ),
            );
        }
        speak(common, "fill in the keys without a value, then run `anslag check`");
    }
    if let Some(editor) = editor.filter(|_| options.edit) {
        edit(&editor, &common.root.join(&path))?;
    }
    Ok(End::Well)
}

impl Answers {
    fn of(options: &NewOptions) -> Self {
        Self {
            title: options.title.as_ref().or(options.titled.as_ref()).cloned(),
            date: options.date,
            start: options.start,
            end: options.end,
            place: options.place.clone(),
            contact: options.contact.clone(),
            summary: options.summary.clone(),
            slug: options.slug.clone(),
            draft: options.draft,
        }
    }
}

/// An option that means nothing for a kind.
fn misfit(kind: Kind, options: &NewOptions) -> Option<String> {
    let dated = matches!(kind, Kind::Post | Kind::Event | Kind::Tool);
    let given = [
        ("--start", options.start.is_some(), kind == Kind::Event, "an event"),
        ("--end", options.end.is_some(), kind == Kind::Event, "an event"),
        ("--place", options.place.is_some(), kind == Kind::Event, "an event"),
        ("--date", options.date.is_some(), dated, "a post, an event or a tool"),
        ("--contact", options.contact.is_some(), !matches!(kind, Kind::Person | Kind::Notice), "a page of its own"),
        ("--summary", options.summary.is_some(), kind != Kind::Notice, "a page of its own"),
    ];
    let misfit = given.into_iter().find(|(_, is_given, fits, _)| *is_given && !fits)?;
    Some(format!("`{}` is for {}", misfit.0, misfit.3))
}

/// Whether somebody sits there who can be asked.
fn is_asked(common: &Common) -> bool {
    !common.quiet && common.format == ReportFormat::Human && stdin().is_terminal() && stderr().is_terminal()
}

/// What a new document needs to know of its site.
struct Known {
    /// The day by the site's clock.
    today: Date,
    language: String,
    people: Vec<Person>,
}

/// Reads the settings, and the persons who are there, if they matter: they stand in documents, which take longer to read.
/// A site that cannot be read has UTC, Swedish and nobody.
fn site(common: &Common, with_people: bool) -> Result<Known> {
    let now = common.now();
    let mut unheard = Report::default();
    let (_, Some(session)) = Session::open(common.options(now), &mut unheard)? else {
        return Ok(Known { today: now.to_zoned(TimeZone::UTC).date(), language: "sv".to_owned(), people: Vec::new() });
    };
    let zone = &session.settings.zone;
    let today = now.to_zoned(zone.clone()).date();
    let language = session.settings.language.clone();
    if !with_people {
        return Ok(Known { today, language, people: Vec::new() });
    }
    let material = session.material(&mut unheard)?;
    let contents = session.contents(&material, now, None, &mut unheard);
    let is_there = |until: Option<_>| until.is_none_or(|until: Moment| until.over(zone) > now);
    let people = contents.registry.people.iter().filter(|(_, person)| is_there(person.until));
    let people = people.map(|(slug, person)| Person { slug: slug.clone(), name: person.name.clone() }).collect();
    Ok(Known { today, language, people })
}

/// The slug of a person who is named by slug or name.
fn person_meant(text: &str, people: &[Person]) -> Result<String, String> {
    let is_it = |person: &&Person| person.slug == text || person.name.to_lowercase() == text.to_lowercase();
    if let Some(person) = people.iter().find(is_it) {
        return Ok(person.slug.clone());
    }
    let meant = closest(&slug(text), people.iter().map(|person| person.slug.as_str()));
    Err(match meant {
        Some(meant) => format!("there is no person `{text}`: did you mean `{meant}`?"),
        None => format!("there is no person `{text}`; `anslag list person` lists them"),
    })
}

/// Where a new document goes: what belongs to a year, into a folder of that year.
fn place_of(kind: Kind, slug: &str, answers: &Answers, today: Date, bundle: bool) -> PathBuf {
    let mut path = PathBuf::from("content").join(kind.folder());
    let when = if kind == Kind::Event { answers.start } else { answers.date };
    let day = match when {
        Some(When::Day(day)) => day,
        Some(When::Local(local) | When::Exact(local, _)) => local.date(),
        None => today,
    };
    if matches!(kind, Kind::Post | Kind::Event) {
        path.push(day.year().to_string());
    }
    path.join(if bundle { format!("{slug}/index.md") } else { format!("{slug}.md") })
}

/// Writes a file, unless there is one already.
fn write(root: &Path, path: &Path, text: &str) -> Result<bool> {
    let file = root.join(path);
    let folder = file.parent().unwrap_or(root);
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let context = || format!("cannot write {}", file.display());
    match OpenOptions::new().write(true).create_new(true).open(&file) {
        Ok(mut written) => written.write_all(text.as_bytes()).with_context(context).map(|()| true),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error).with_context(context),
    }
}

/// The editor that somebody has chosen.
#[expect(clippy::disallowed_methods, reason = "which editor is opened is no part of the site")]
fn editor() -> Option<String> {
    let chosen = ["VISUAL", "EDITOR"].into_iter().filter_map(|name| std::env::var(name).ok());
    chosen.map(|editor| editor.trim().to_owned()).find(|editor| !editor.is_empty())
}

/// Opens a file in an editor, and waits until it is closed.
fn edit(editor: &str, file: &Path) -> Result<()> {
    let mut words = editor.split_whitespace();
    let program = words.next().unwrap_or(editor);
    let ended = Command::new(program).args(words).arg(file).status();
    ended.with_context(|| format!("cannot open the editor `{editor}`"))?;
    Ok(())
}
