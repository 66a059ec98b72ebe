//! `anslag new`: a document with every key explained, made from the same declarations that check it.

use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context, Result};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::arguments::{Common, NewOptions};
use super::{End, print};
use crate::config::Settings;
use crate::data::{KeyInfo, Read};
use crate::diagnostic::Report;
use crate::document::PLACEHOLDERS;
use crate::kind;
use crate::model::Kind;
use crate::source::Snapshot;
use crate::text::slug::slug;

/// Writes a new document, and says where it is.
pub fn new(common: &Common, options: &NewOptions) -> Result<End> {
    let kind = Kind::from(options.kind);
    let slug = slug(&options.title);
    if slug.is_empty() || options.title.contains(char::is_control) {
        eprintln!("anslag: no address can be made from the title `{}`", options.title.escape_debug());
        eprintln!("write a title with letters or digits");
        return Ok(End::Usage);
    }
    let today = today(common)?;
    let path = place(kind, &slug, today, options.bundle);
    let file = common.root.join(&path);
    let folder = file.parent().unwrap_or(&common.root);
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let context = || format!("cannot write {}", file.display());
    match OpenOptions::new().write(true).create_new(true).open(&file) {
        Ok(mut written) => written.write_all(document(kind, &options.title, today).as_bytes()).with_context(context)?,
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            eprintln!("anslag: {} is there already, and was left as it is", path.display());
            return Ok(End::Usage);
        }
        Err(error) => return Err(error).with_context(context),
    }
    print(&format!("{}\n", path.display()))?;
    if !common.quiet {
        eprintln!("fill in the keys without a value, then run `anslag check`");
    }
    Ok(End::Well)
}

/// The day by the site's clock.
fn today(common: &Common) -> Result<Date> {
    let options = common.options(common.now());
    let mut unheard = Report::default();
    let snapshot = Snapshot::read(&options.root, &mut unheard)?;
    let zone = Settings::read(&snapshot, None, &mut unheard).map_or(TimeZone::UTC, |settings| settings.zone);
    Ok(options.now.to_zoned(zone).date())
}

fn place(kind: Kind, slug: &str, today: Date, bundle: bool) -> PathBuf {
    let mut path = PathBuf::from("content").join(kind.folder());
    if matches!(kind, Kind::Post | Kind::Event) {
        path.push(today.year().to_string());
    }
    path.join(if bundle { format!("{slug}/index.md") } else { format!("{slug}.md") })
}

fn document(kind: Kind, title: &str, today: Date) -> String {
    let [common, own] = kind::keys(kind);
    let mut text = String::from("---\n");
    let mut keys = Keys { text: &mut text, title, today };
    keys.comment("", "Fill in the keys without a value. Take away the # before those you need.");
    for key in common.iter().chain(own) {
        if is_live(kind, key) {
            keys.live(key);
        }
    }
    for (heading, list) in [("Keys of this kind.", own), ("Keys of all kinds.", common)] {
        keys.text.push('\n');
        keys.comment("", heading);
        for key in list.iter().filter(|key| !is_live(kind, key)) {
            keys.optional("", key);
        }
    }
    let _ = write!(text, "---\n\n{}\n", body(kind));
    text
}

fn body(kind: Kind) -> &'static str {
    match kind {
        Kind::Person => PLACEHOLDERS[0],
        Kind::Notice => PLACEHOLDERS[1],
        _ => PLACEHOLDERS[2],
    }
}

/// Whether a key must have a value: because the check says so, or because a page without it helps nobody.
fn is_live(kind: Kind, key: &KeyInfo) -> bool {
    let dated = matches!(kind, Kind::Post | Kind::Event | Kind::Tool);
    key.required
        || match key.name {
            "date" | "contact" | "summary" => dated,
            "start" | "place" => kind == Kind::Event,
            "email" => kind == Kind::Person,
            _ => false,
        }
}

/// Writes keys with their explanations.
struct Keys<'a> {
    text: &'a mut String,
    title: &'a str,
    today: Date,
}

impl Keys<'_> {
    fn live(&mut self, key: &KeyInfo) {
        self.comment("", &format!("{} {}.", sentence(key.doc), capitalised(key.expected)));
        let value = match key.name {
            "title" => format!(" {}", quoted(self.title)),
            "date" | "from" => format!(" {}", self.today),
            _ => String::new(),
        };
        let _ = writeln!(self.text, "{}:{value}", key.name);
    }

    /// Writes a key as a comment, and the keys inside it. `lead` is what stands before it: spaces, and the `- ` of a
    /// list's item.
    fn optional(&mut self, lead: &str, key: &KeyInfo) {
        let _ = writeln!(self.text, "# {lead}{}:  # {} {}.", key.name, sentence(key.doc), capitalised(key.expected));
        let indent = lead.replace('-', " ");
        let is_list = key.expected == Vec::<String>::EXPECTED;
        for (index, inner) in (key.keys)().iter().enumerate() {
            let lead = match (is_list, index) {
                (true, 0) => format!("{indent}  - "),
                (true, _) => format!("{indent}    "),
                (false, _) => format!("{indent}  "),
            };
            self.optional(&lead, inner);
        }
    }

    fn comment(&mut self, indent: &str, words: &str) {
        let _ = writeln!(self.text, "# {indent}{words}");
    }
}

fn sentence(doc: &str) -> &str {
    doc.trim()
}

fn capitalised(words: &str) -> String {
    let mut signs = words.chars();
    signs.next().map_or(String::new(), |first| first.to_uppercase().chain(signs).collect())
}

/// A text as a YAML value in double quotes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
