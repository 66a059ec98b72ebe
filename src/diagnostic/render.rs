//! How a report is written: for people in a terminal, and for the programs that read it.
//!
//! Each format has a file of its own. All of them ask [`Files`] where a place is, so that line and column are
//! the same in all; see [`lines`](super::lines) for how they are counted. An end is where the span has ended:
//! the column after its last character.

use std::borrow::Cow;
use std::collections::HashMap;

use super::lines::{Lines, Position};
use super::{Code, Diagnostic, Place, Report, Severity};
use crate::text::address::encode;

mod github;
mod human;
mod json;
mod sarif;

/// Who the report is written for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// People: the line, a caret under the spot, and the way out.
    #[default]
    Human,
    /// Programs of one's own.
    Json,
    /// Tools that gather findings, in SARIF 2.1.0.
    Sarif,
    /// The log of a GitHub workflow, which puts the findings beside the lines.
    Github,
}

/// Where the texts of the files come from.
pub trait Texts {
    /// The file's text as on disk, if the file is there and is UTF-8.
    fn text(&self, path: &str) -> Option<&str>;
}

/// How it may look in the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether to use colors.
    pub color: bool,
    /// How many columns there are; lines of the file are cut to them.
    pub width: usize,
    /// Whether messages are broken at the last column too. Where no terminal breaks them, whoever searches them wants each on one line.
    pub folds: bool,
    /// The address of the site's folder, without `/` at its end, where places are to be links to their files.
    pub links: Option<String>,
}

impl Default for Style {
    fn default() -> Self {
        Self { color: false, width: 100, folds: false, links: None }
    }
}

impl Style {
    /// Words that lead to a file of the site, in the sequence that terminals have agreed on (OSC 8); or the words alone.
    pub fn linked(&self, path: &str, words: &str) -> String {
        let link = |folder: &String| format!("\u{1b}]8;;{folder}/{}\u{1b}\\{words}\u{1b}]8;;\u{1b}\\", encode(path));
        self.links.as_ref().map_or_else(|| words.to_owned(), link)
    }
}

/// The whole report in this format, with a newline at the end if there is anything in it.
pub fn render(report: &Report, format: Format, texts: &dyn Texts, style: &Style) -> String {
    let mut files = Files { texts, read: HashMap::new() };
    match format {
        Format::Human => human::render(report, &mut files, style),
        Format::Json => json::render(report, None, &mut files),
        Format::Sarif => sarif::render(report, &mut files),
        Format::Github => github::render(report, &mut files),
    }
}

/// The whole report as JSON, with what else there is to say of a build.
pub fn render_build(report: &Report, build: &serde_json::Value, texts: &dyn Texts) -> String {
    json::render(report, Some(build), &mut Files { texts, read: HashMap::new() })
}

/// How many findings there are: `2 errors, 1 warning`.
pub fn summary(report: &Report) -> String {
    let counted: Vec<_> = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Info, "remark")]
        .into_iter()
        .map(|(severity, word)| (report.count(severity), word))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}{}", if count == 1 { "" } else { "s" }))
        .collect();
    if counted.is_empty() { "no errors".to_owned() } else { counted.join(", ") }
}

/// What `anslag explain` says of a code, in lines of this width.
pub fn explain(code: &Code, width: usize) -> String {
    let heading = format!("{} ({}): {}", code.name, severity_name(code.severity), code.summary);
    let gate = if code.gate { how_to_lower(code.name, width) } else { String::new() };
    format!("{}\n\n{}\n{gate}", wrap(&heading, width), wrap(code.explanation, width))
}

/// The lines to write in `site.yaml` about a gate.
fn how_to_lower(code: &str, width: usize) -> String {
    let words = "This is a gate. In `site.yaml`, `gates` may lower it for the whole site, and a waiver may spare a file or \
                 a folder from it until a day:";
    format!(
        "\n{}\n\n  gates:\n    {code}: {{level: warning, reason: Why.}}\n  waivers:\n    - code: {code}\n      path: content/blog/2019/\n      \
         reason: Why.\n      owner: the-slug-of-a-person\n      until: 2027-03-31\n",
        wrap(words, width)
    )
}

fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

/// The message and the ways out, for formats that have one text for all of it.
pub fn plain_text(diagnostic: &Diagnostic) -> String {
    let mut text = diagnostic.message.clone();
    if let Some(label) = &diagnostic.label {
        text.push_str(": ");
        text.push_str(label);
    }
    for help in &diagnostic.help {
        text.push_str("\nhelp: ");
        text.push_str(help);
    }
    text
}

/// The files that the report speaks of, each read through once, when it is first asked for.
struct Files<'a> {
    texts: &'a dyn Texts,
    read: HashMap<&'a str, Option<Lines<'a>>>,
}

/// Where a place begins and ends.
#[derive(Clone, Copy, Debug)]
struct Region {
    start: Position,
    end: Position,
}

impl<'a> Files<'a> {
    fn lines(&mut self, path: &'a str) -> Option<&Lines<'a>> {
        self.read.entry(path).or_insert_with(|| self.texts.text(path).map(Lines::new)).as_ref()
    }

    fn region(&mut self, place: &'a Place) -> Option<Region> {
        let lines = self.lines(&place.path)?;
        let span = lines.settled_span(&place.span);
        Some(Region { start: lines.position(span.start), end: lines.position(span.end) })
    }
}

/// The text without what no reader would get through, as when a value of megabytes is quoted.
fn shortened(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 2000;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}

/// The text with everything in it visible that a terminal would obey, turn around or hide. Newlines are kept.
///
/// One character stays one character, so that columns in the shown text are those of the file.
pub fn visible(text: &str) -> String {
    text.chars().map(|character| if character == '\n' { character } else { visible_character(character) }).collect()
}

fn visible_character(character: char) -> char {
    match character {
        '\t' => ' ',
        // Unicode has a picture of each control character, in the same order: ␛ for escape.
        '\0'..='\u{1f}' => char::from_u32('␀' as u32 + character as u32).unwrap_or('\u{fffd}'),
        '\u{7f}' => '␡',
        // The younger control characters; in some terminals U+009B begins a command as escape does.
        '\u{80}'..='\u{9f}' => '\u{fffd}',
        // What turns the direction of the text, so that it reads as what it is not.
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}' => '\u{fffd}',
        // What cannot be seen: soft hyphen, zero-width space, word joiner, byte order mark, tags, line separators.
        '\u{ad}' | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{2028}' | '\u{2029}' => '\u{fffd}',
        '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' => '\u{fffd}',
        // Noncharacters, which programs keep for their own use, as human.rs does.
        '\u{fdd0}'..='\u{fdef}' => '\u{fffd}',
        other => other,
    }
}

/// Breaks paragraphs at the width. Paragraphs stand between empty lines; indented lines and lists are kept.
fn wrap(text: &str, width: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut flowing = false;
    for line in text.trim_end().lines() {
        let kept = line.is_empty() || line.starts_with([' ', '\t']) || line.starts_with("- ");
        if kept {
            lines.push(line.trim_end().to_owned());
        } else {
            if !flowing {
                lines.push(String::new());
            }
            flow(line, width, &mut lines);
        }
        flowing = !kept;
    }
    lines.join("\n")
}

/// Adds the words to the last line, and begins new ones where it is full.
fn flow(words: &str, width: usize, lines: &mut Vec<String>) {
    for word in words.split_whitespace() {
        let last = lines.last_mut().expect("wrap begins a line first");
        if last.is_empty() {
            last.push_str(word);
        } else if last.chars().count() + 1 + word.chars().count() <= width {
            last.push(' ');
            last.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
}

#[cfg(test)]
mod tests;
