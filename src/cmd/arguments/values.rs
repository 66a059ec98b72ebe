//! Values that several commands take: times, texts on one line, places; formats, colours and kinds by name.

use clap::ValueEnum;
use clap::builder::PossibleValue;
use jiff::Timestamp;

use crate::config::settings::refuse_base_url;
use crate::diagnostic::render::Format;
use crate::kind::event::edit::Place;
use crate::model::Kind;
use crate::text::date::{DateError, When};

/// A time with its offset from UTC.
pub fn instant(text: &str) -> Result<Timestamp, String> {
    text.parse()
        .map_err(|_| "a time is a day, a time of day and an offset from UTC: 2027-01-01T08:00:00+01:00".to_owned())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// With the line, a caret and a way out
    Human,
    /// One JSON object
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// A table for spreadsheets (`list`)
    Csv,
}

impl From<ReportFormat> for Format {
    fn from(format: ReportFormat) -> Self {
        match format {
            ReportFormat::Human | ReportFormat::Csv => Self::Human,
            ReportFormat::Json => Self::Json,
            ReportFormat::Sarif => Self::Sarif,
            ReportFormat::Github => Self::Github,
        }
    }
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal
    Auto,
    /// Also in a pipe
    Always,
    /// Nowhere, and no links in messages either
    Never,
}

/// A date or a time, as it is written in front matter.
pub fn when(text: &str) -> Result<When, String> {
    text.parse().map_err(|error: DateError| match error.suggestion {
        Some(written) => format!("{}: write {written}", error.reason),
        None => format!("{}: write it as 2027-05-03 or 2027-05-03T09:30", error.reason),
    })
}

/// The address of a site.
pub fn base_url(text: &str) -> Result<String, String> {
    refuse_base_url(text).map_or_else(|| Ok(text.to_owned()), Err)
}

/// A text on one line.
pub fn line(text: &str) -> Result<String, String> {
    let text = text.trim();
    match () {
        () if text.is_empty() => Err("it is empty".to_owned()),
        () if text.contains(['\n', '\r']) => Err("it is a text on one line".to_owned()),
        () if text.contains(char::is_control) => Err("it holds a control character".to_owned()),
        () => Ok(text.to_owned()),
    }
}

/// A town, or a name and the town.
pub fn place(text: &str) -> Result<Place, String> {
    let text = line(text)?;
    let (name, city) = match text.rsplit_once(',') {
        Some((name, city)) => (Some(line(name)?), line(city)?),
        None => (None, text),
    };
    Ok(Place { name, city })
}

impl ValueEnum for Kind {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.word()))
    }
}
