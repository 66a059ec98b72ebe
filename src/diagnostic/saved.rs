//! A report as data, so that a later run can say the same again without finding it again.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Code, Diagnostic, Place, Report, Severity};

/// One finding as data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    code: String,
    severity: u8,
    message: String,
    place: Option<SavedPlace>,
    label: Option<String>,
    help: Vec<String>,
    meant: Option<String>,
    related: Vec<(SavedPlace, String)>,
}

/// A file, and the offsets of the first byte and of that after the last.
type SavedPlace = (String, usize, usize);

const SEVERITIES: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Info];

impl Report {
    /// The findings as data.
    pub fn save(&self) -> Vec<Saved> {
        self.diagnostics.iter().map(save).collect()
    }

    /// The report that was saved; none when it has a code that is not among these.
    pub fn restore(saved: Vec<Saved>, codes: &[&'static Code]) -> Option<Self> {
        let diagnostics = saved.into_iter().map(|saved| restore(saved, codes)).collect::<Option<_>>()?;
        Some(Self { diagnostics })
    }

    /// The files that findings point into.
    pub fn files(&self) -> impl Iterator<Item = &Arc<str>> {
        self.diagnostics.iter().flat_map(|diagnostic| {
            let related = diagnostic.related.iter().map(|(place, _)| place);
            diagnostic.place.iter().chain(related).map(|place| &place.path)
        })
    }
}

fn save(diagnostic: &Diagnostic) -> Saved {
    let place = |place: &Place| (place.path.to_string(), place.span.start, place.span.end);
    Saved {
        code: diagnostic.code.name.to_owned(),
        severity: diagnostic.severity as u8,
        message: diagnostic.message.clone(),
        place: diagnostic.place.as_ref().map(place),
        label: diagnostic.label.clone(),
        help: diagnostic.help.clone(),
        meant: diagnostic.meant.clone(),
        related: diagnostic.related.iter().map(|(related, words)| (place(related), words.clone())).collect(),
    }
}

fn restore(saved: Saved, codes: &[&'static Code]) -> Option<Diagnostic> {
    let place = |(path, start, end): SavedPlace| Place { path: path.into(), span: start..end };
    Some(Diagnostic {
        code: codes.iter().find(|code| code.name == saved.code)?,
        severity: *SEVERITIES.get(usize::from(saved.severity))?,
        message: saved.message,
        place: saved.place.map(place),
        label: saved.label,
        help: saved.help,
        meant: saved.meant,
        related: saved.related.into_iter().map(|(related, words)| (place(related), words)).collect(),
    })
}
