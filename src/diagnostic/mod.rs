//! What the program has to say about the writers' files.
//!
//! A writer's mistake is data: a [`Diagnostic`] with a documented [`Code`], a [`Place`] and a way out. It goes
//! into the [`Report`] and the work goes on, so that one run shows all of them. How a report is written for
//! people and for machines is in [`render`]. What failed in the machine is not a diagnostic but an `Err`.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

pub mod lines;
pub mod render;
pub mod saved;

/// How grave a finding is. Only errors stop a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is published while one stands.
    Error,
    /// Published, but somebody should look.
    Warning,
    /// Worth knowing.
    Info,
}

/// A kind of finding, declared beside its check with [`code!`](crate::code).
#[derive(Debug)]
pub struct Code {
    /// Kebab-case name, stable for ever: `unknown-key`.
    pub name: &'static str,
    /// The severity it has unless the settings say otherwise.
    pub severity: Severity,
    /// One line: what is found.
    pub summary: &'static str,
    /// Why it matters and what to do, for `anslag explain`.
    pub explanation: &'static str,
    /// Whether it is a gate: the site could be made all the same, so the settings may lower it and a waiver spare from it.
    pub gate: bool,
}

/// Declares a [`Code`] as a static: `code! { pub UNKNOWN_KEY = "unknown-key", Error, "summary", "explanation" }`.
#[macro_export]
macro_rules! code {
    ($(#[$meta:meta])* $vis:vis $ident:ident = $name:literal, $severity:ident, $summary:literal, $explanation:literal) => {
        $crate::code! { @ $(#[$meta])* $vis $ident = $name, $severity, $summary, $explanation, false }
    };
    (@ $(#[$meta:meta])* $vis:vis $ident:ident = $name:literal, $severity:ident, $summary:literal, $explanation:literal, $gate:literal) => {
        $(#[$meta])*
        #[doc = $summary]
        $vis static $ident: $crate::diagnostic::Code = $crate::diagnostic::Code {
            name: $name,
            severity: $crate::diagnostic::Severity::$severity,
            summary: $summary,
            explanation: $explanation,
            gate: $gate,
        };
    };
}

/// Declares a [`Code`] that is a gate, in the same words as [`code!`](crate::code).
#[macro_export]
macro_rules! gate {
    ($(#[$meta:meta])* $vis:vis $ident:ident = $name:literal, $severity:ident, $summary:literal, $explanation:literal) => {
        $crate::code! { @ $(#[$meta])* $vis $ident = $name, $severity, $summary, $explanation, true }
    };
}

/// A stretch of a file: where a finding is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file, as a `/`-separated path from the site's root.
    pub path: Arc<str>,
    /// Byte offsets in the file as it is on disk (byte order mark and carriage returns included).
    pub span: Range<usize>,
}

impl Place {
    /// The whole file, shown at its beginning.
    pub fn start_of(path: &Arc<str>) -> Self {
        Self { path: path.clone(), span: 0..0 }
    }
}

/// One finding.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// What kind of finding.
    pub code: &'static Code,
    /// How grave it is here.
    pub severity: Severity,
    /// What is wrong: literals in backticks, no full stop.
    pub message: String,
    /// Where; none for what concerns the site as a whole.
    pub place: Option<Place>,
    /// A few words under the caret.
    pub label: Option<String>,
    /// Ways out, each a line of its own.
    pub help: Vec<String>,
    /// What was probably meant by what stands at the place, where it could be written there instead. Of a link only what it names
    /// is meant: what comes before `#`, or, where this begins so, what comes from there on.
    pub meant: Option<String>,
    /// Other places that play a part ("first used here").
    pub related: Vec<(Place, String)>,
}

impl Diagnostic {
    /// A finding without a place yet.
    pub fn new(code: &'static Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity,
            message: message.into(),
            place: None,
            label: None,
            help: Vec::new(),
            meant: None,
            related: Vec::new(),
        }
    }

    /// Puts the caret.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Says a few words under the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Asks whether other words were meant, which could be written in this place.
    #[must_use]
    pub fn meant(mut self, words: impl Into<String>) -> Self {
        let words = words.into();
        self.label = Some(format!("did you mean `{words}`?"));
        self.meant = Some(words);
        self
    }

    /// Adds a way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Points at another place that plays a part.
    #[must_use]
    pub fn related(mut self, place: Place, words: impl Into<String>) -> Self {
        self.related.push((place, words.into()));
        self
    }
}

/// All findings of a run.
#[derive(Clone, Debug, Default)]
pub struct Report {
    diagnostics: Vec<Diagnostic>,
}

/// How far a report had come.
#[derive(Clone, Copy, Debug)]
pub struct Mark(usize);

impl Report {
    /// Adds a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Adds findings, or one that there may be.
    pub fn extend(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        self.diagnostics.extend(diagnostics);
    }

    /// Adds what another part of the run found.
    pub fn merge(&mut self, other: Self) {
        self.diagnostics.extend(other.diagnostics);
    }

    /// The findings, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Diagnostic> {
        self.diagnostics.iter_mut()
    }

    /// The report without the findings of a severity.
    #[must_use]
    pub fn without(&self, severity: Severity) -> Self {
        let kept = self.diagnostics.iter().filter(|diagnostic| diagnostic.severity != severity);
        Self { diagnostics: kept.cloned().collect() }
    }

    /// The report without what an earlier one says of the same files, wherever it stands in them now.
    #[must_use]
    pub fn since(&self, before: &Self) -> Self {
        let known: BTreeSet<_> = before.diagnostics.iter().map(words).collect();
        let new = self.diagnostics.iter().filter(|diagnostic| !known.contains(&words(diagnostic)));
        Self { diagnostics: new.cloned().collect() }
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// Whether anything stands in the way of publishing.
    pub fn has_errors(&self) -> bool {
        self.has_errors_since(Mark(0))
    }

    /// How far the report has come, to ask later what was found from here on.
    pub const fn mark(&self) -> Mark {
        Mark(self.diagnostics.len())
    }

    /// Whether anything was found since that stands in the way of publishing. Takes time for what is new alone.
    pub fn has_errors_since(&self, mark: Mark) -> bool {
        self.diagnostics.iter().skip(mark.0).any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Whether anything was found that a page cannot be made with: an error that is no gate. Then what seems to be missing
    /// may only be misspelt.
    pub fn has_faults(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error && !diagnostic.code.gate)
    }

    /// How many findings of this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }

    /// Puts the findings in order and keeps one of equal ones: a fault in the settings is met on every page.
    pub fn settle(&mut self) {
        self.diagnostics.sort_by(|left, right| order(left).cmp(&order(right)));
        self.diagnostics.dedup_by(|left, right| order(left).cmp(&order(right)).is_eq());
    }

    /// The findings, by file and place; those of the whole site last. The order does not depend on threads.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut sorted: Vec<_> = self.diagnostics.iter().collect();
        sorted.sort_by(|left, right| order(left).cmp(&order(right)));
        sorted
    }
}

/// What a diagnostic says of which file.
fn words(diagnostic: &Diagnostic) -> impl Ord {
    (diagnostic.code.name, diagnostic.place.as_ref().map(|place| &*place.path), &*diagnostic.message)
}

/// By what diagnostics are ordered: everything that is shown of them first.
fn order(diagnostic: &Diagnostic) -> impl Ord {
    let place = diagnostic.place.as_ref().map(|place| (&*place.path, place.span.start, place.span.end));
    (place.is_none(), place, diagnostic.code.name, &diagnostic.message, &diagnostic.label, &diagnostic.help)
}
