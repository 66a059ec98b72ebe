//! For programs: one JSON object, whose shape is kept as long as `version` is 1.
//!
//! ```json
//! {
//!   "version": 1,
//!   "errors": 1,
//!   "warnings": 0,
//!   "diagnostics": [
//!     {
//!       "code": "unknown-key",
//!       "severity": "error",
//!       "message": "unknown key `cancled`",
//!       "file": "content/events/x.md",
//!       "line": 3, "column": 1, "end_line": 3, "end_column": 8,
//!       "label": "not a key of events",
//!       "help": ["did you mean `cancelled`?"],
//!       "related": [
//!         {"message": "…", "file": "…", "line": 2, "column": 1, "end_line": 2, "end_column": 4}
//!       ]
//!     }
//!   ]
//! }
//! ```
//!
//! `severity` is `error`, `warning` or `info`. Paths go from the site's root, with `/`. `file` is null for what
//! concerns the site as a whole; line and column are null when the file has no text. `label` may be null. All
//! keys are always there; more may come. Diagnostics are ordered by file and place. After a build there is `build` as
//! well, which the command describes.

use serde::Serialize;

use super::{Files, severity_name};
use crate::diagnostic::{Diagnostic, Place, Report, Severity};

#[derive(Serialize)]
struct Written<'a> {
    version: u32,
    errors: usize,
    warnings: usize,
    diagnostics: Vec<WrittenDiagnostic<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    build: Option<&'a serde_json::Value>,
}

#[derive(Serialize)]
struct WrittenDiagnostic<'a> {
    code: &'a str,
    severity: &'a str,
    message: &'a str,
    #[serde(flatten)]
    place: WrittenPlace<'a>,
    label: Option<&'a str>,
    help: &'a [String],
    related: Vec<WrittenRelated<'a>>,
}

#[derive(Serialize)]
struct WrittenRelated<'a> {
    message: &'a str,
    #[serde(flatten)]
    place: WrittenPlace<'a>,
}

#[derive(Default, Serialize)]
struct WrittenPlace<'a> {
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
}

pub(super) fn render<'a>(report: &'a Report, build: Option<&'a serde_json::Value>, files: &mut Files<'a>) -> String {
    let written = Written {
        version: 1,
        errors: report.count(Severity::Error),
        warnings: report.count(Severity::Warning),
        diagnostics: report.sorted().into_iter().map(|diagnostic| written(diagnostic, files)).collect(),
        build,
    };
    let json = serde_json::to_string_pretty(&written).expect("strings and numbers can be written as JSON");
    json + "\n"
}

fn written<'a>(diagnostic: &'a Diagnostic, files: &mut Files<'a>) -> WrittenDiagnostic<'a> {
    let related = diagnostic.related.iter();
    WrittenDiagnostic {
        code: diagnostic.code.name,
        severity: severity_name(diagnostic.severity),
        message: &diagnostic.message,
        place: diagnostic.place.as_ref().map(|place| written_place(place, files)).unwrap_or_default(),
        label: diagnostic.label.as_deref(),
        help: &diagnostic.help,
        related: related
            .map(|(place, message)| WrittenRelated { message, place: written_place(place, files) })
            .collect(),
    }
}

fn written_place<'a>(place: &'a Place, files: &mut Files<'a>) -> WrittenPlace<'a> {
    let region = files.region(place);
    WrittenPlace {
        file: Some(&place.path),
        line: region.map(|region| region.start.line),
        column: region.map(|region| region.start.column),
        end_line: region.map(|region| region.end.line),
        end_column: region.map(|region| region.end.column),
    }
}
