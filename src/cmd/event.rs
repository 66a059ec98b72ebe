//! `anslag event`: a decision about a conference, written into its file.
//!
//! What is to be written is settled in `kind/event/edit`; here the file is found, the site is held against the change before it
//! is written, and what readers will see is said in the words of the theme.

use std::sync::Arc;

use anyhow::Result;
use jiff::Timestamp;
use serde_json::json;

use super::arguments::{Common, EventCommand, EventOptions, ReportFormat};
use super::change::{self, Change, Line, Look, meant_file, new_findings, write};
use super::finished::say;
use super::waiting::while_waiting;
use super::{End, from_root, print, print_report, refuse, speak, tell_failure};
use crate::data::{Editor, NodeKind};
use crate::diagnostic::{Diagnostic, Report, Severity};
use crate::document::front_of;
use crate::kind::event::Status;
use crate::kind::event::edit::{Act, Decision, Refused, decide};
use crate::model::{Common as Entry, Kind};
use crate::session::{Contents, Material, Options, Session, Shown};
use crate::source::Snapshot;
use crate::text::address::{Target, relative};
use crate::text::date::When;
use crate::text::suggest::closest;

/// What is asked: the act, what is said of it, and whether the series is meant.
struct Asked<'a> {
    options: &'a EventOptions,
    act: Act,
    reason: Option<&'a String>,
    series: bool,
}

/// What a decision leads to.
struct Outcome {
    path: Arc<str>,
    before: String,
    after: String,
    /// The id of the occasion that it is about.
    occasion: Option<String>,
}

/// Writes a decision about a conference.
pub fn event(common: &Common, command: &EventCommand) -> Result<End> {
    let asked = Asked::of(command);
    if asked.series && matches!(asked.act, Act::MoveOnline { url: Some(_), .. }) {
        let words = "a series has no address to join: write `--online` alone, and the address in its conferences";
        return refuse(common, words);
    }
    let now = common.now();
    let options = common.options(now);
    let outcome = match outcome(common, &asked, &options)? {
        Ok(outcome) => outcome,
        Err(end) => return Ok(end),
    };
    let change = Change { path: &outcome.path, before: &outcome.before, after: &outcome.after };
    let state = |contents: &Contents| state(contents, &outcome);
    let look = |text| while_waiting(common, &options.progress, || change::look(&options, change.path, text, state));
    let (before, after) = (look(None)?, look(Some(change.after))?);
    let new = new_findings(&after.report, &before.report);
    if new.has_errors() {
        print_report(&only_errors(&new), &after.snapshot, common)?;
        say(common, &format!("with this change the site would have errors: {} was left as it is", change.path));
        return Ok(End::Errors);
    }
    if let Some(words) = contradiction(&asked, after.answer.as_ref().and_then(Option::as_ref)) {
        return refuse(common, &format!("{words}\n{} was left as it is", change.path));
    }
    let shown = match after.shown.clone() {
        Some(shown) => Some(shown),
        // It is a draft, or its day has not come.
        None => change::look(&Options { drafts: true, ..options }, change.path, Some(change.after), |_| ())?.shown,
    };
    let dry_run = asked.options.dry_run;
    if !dry_run {
        write(common, &change)?;
    }
    tell(common, &change, &after, &new, shown.as_ref(), dry_run)?;
    let written = if dry_run { "nothing was written".to_owned() } else { format!("{} was written", change.path) };
    say(common, &written);
    Ok(End::Well)
}

impl<'a> Asked<'a> {
    fn of(command: &'a EventCommand) -> Self {
        match command {
            EventCommand::Cancel { of, series } => {
                Self { options: &of.options, act: Act::Cancel, reason: Some(&of.reason), series: *series }
            }
            EventCommand::Postpone { of, series } => {
                Self { options: &of.options, act: Act::Postpone, reason: Some(&of.reason), series: *series }
            }
            EventCommand::Restore { of, reason, series } => {
                Self { options: of, act: Act::Restore, reason: reason.as_ref(), series: *series }
            }
            EventCommand::Move { of, start, end, place, online, platform, series } => {
                let act = match (start, online, place) {
                    (Some(start), ..) => Act::Reschedule { start: *start, end: *end, place: place.clone() },
                    (None, Some(url), _) => Act::MoveOnline { url: url.clone(), platform: platform.clone() },
                    (None, None, Some(place)) => Act::MoveTo(place.clone()),
                    (None, None, None) => unreachable!("one of them is required"),
                };
                Self { options: &of.options, act, reason: Some(&of.reason), series: *series }
            }
        }
    }

    fn decision(&self, path: &str, snapshot: &Snapshot, common: &Common, today: When) -> Decision {
        let link = self.options.link.as_ref().map(|link| link_from(path, link, snapshot, common));
        let date = self.options.date.unwrap_or(today);
        Decision { act: self.act.clone(), date, reason: self.reason.map(String::as_str).map(sentence), link }
    }
}

/// A reason as a sentence: others come after it on the page.
fn sentence(reason: &str) -> String {
    let ends = reason.trim_end_matches(['"', '\'', '”', '’', ')']).ends_with(['.', '!', '?', '…', ':']);
    if ends { reason.to_owned() } else { format!("{reason}.") }
}

/// A link as it is written in a document. A file of the site may be named from the site's folder.
fn link_from(path: &str, link: &str, snapshot: &Snapshot, common: &Common) -> String {
    let file = from_root(&common.root, link);
    let is_file = matches!(Target::of(link), Target::File(..)) && snapshot.file(&file).is_some();
    if is_file { relative(path, &file) } else { link.to_owned() }
}

/// What the decision makes of the file, or how the run ends: then what stands in the way has been said.
fn outcome(common: &Common, asked: &Asked, options: &Options) -> Result<Result<Outcome, End>> {
    let mut report = Report::default();
    let session = match Session::open(options.clone(), &mut report)? {
        (_, Some(session)) => session,
        (snapshot, None) => {
            print_report(&report, &snapshot, common)?;
            return Ok(Err(End::Errors));
        }
    };
    let material = session.material(&mut report)?;
    let contents = session.contents(&material, options.now, None, &mut report);
    let path = match find(common, asked, &material, &session.snapshot, &report) {
        Ok(path) => path,
        Err(NotFound::Said) => return Ok(Err(End::Usage)),
        Err(NotFound::Broken(path)) => {
            print_report(&of_file(&report, &path), &session.snapshot, common)?;
            speak(common, &format!("{path} has errors, and was left as it is"));
            return Ok(Err(End::Errors));
        }
    };
    let Some(text) = session.snapshot.text(&path).cloned() else {
        return refuse(common, &format!("{path} was changed just now: try again")).map(Err);
    };
    let mut unheard = Report::default();
    let editor = front_of(&path, &text).ok().and_then(|front| Editor::open(&path, &text, front, &mut unheard));
    let mut editor = editor.expect("a document that could be read has front matter");
    let zone = &session.settings.zone;
    let decision = asked.decision(&path, &session.snapshot, common, today(options.now, zone));
    let inherited = inherited(&editor, &contents);
    match decide(&mut editor, &decision, asked.options.occasion.as_deref(), inherited, zone) {
        Ok(occasion) => Ok(Ok(Outcome { path, before: text.to_string(), after: editor.into_text(), occasion })),
        Err(Refused::Decision(words)) => refuse(common, &format!("{path}: {words}")).map(Err),
        Err(Refused::Text(diagnostic)) => {
            report = Report::default();
            report.push(*diagnostic);
            print_report(&report, &session.snapshot, common)?;
            Ok(Err(End::Errors))
        }
    }
}

fn today(now: Timestamp, zone: &jiff::tz::TimeZone) -> When {
    When::Day(now.to_zoned(zone.clone()).date())
}

/// The state that holds where the document has none of its own: that of its series.
fn inherited(editor: &Editor, contents: &Contents) -> Status {
    let slug = editor.tree().get("series").and_then(|node| match &node.kind {
        NodeKind::Text(slug) => Some(slug),
        _ => None,
    });
    let word = slug.and_then(|slug| contents.registry.series.get(slug)?.status);
    let status = word.and_then(|word| Status::ALL.iter().copied().find(|status| status.word() == word));
    status.unwrap_or(Status::Planned)
}

/// Why there is no file to write.
enum NotFound {
    /// That has been said.
    Said,
    /// It has errors.
    Broken(Arc<str>),
}

/// The file that is meant: that of a conference, or of its series.
fn find(
    common: &Common,
    asked: &Asked,
    material: &Material,
    snapshot: &Snapshot,
    report: &Report,
) -> Result<Arc<str>, NotFound> {
    let words = |words: String| {
        tell_failure(common, 2, &words);
        NotFound::Said
    };
    let kinds: &[Kind] = if asked.series { &[Kind::Event, Kind::Series] } else { &[Kind::Event] };
    let named = asked.options.event.as_str();
    let path = from_root(&common.root, named);
    let path = path.trim_end_matches('/');
    let of_kinds = || material.commons().filter(|entry| kinds.contains(&entry.kind));
    let bundle = format!("{path}/index.md");
    let by_path = || of_kinds().filter(|entry| *entry.path == *path || *entry.path == *bundle);
    let by_name = || of_kinds().filter(|entry| entry.slug == named || entry.id == named);
    let found: Vec<&Entry> = if by_path().next().is_some() { by_path().collect() } else { by_name().collect() };
    let entry = match found[..] {
        [entry] => entry,
        [] => return Err(not_found(named, path, &of_kinds, snapshot, report, &words)),
        _ => {
            let paths: Vec<&str> = found.iter().map(|entry| &*entry.path).collect();
            return Err(words(format!("`{named}` is several: name one of the files {}", paths.join(", "))));
        }
    };
    if !asked.series || entry.kind == Kind::Series {
        return Ok(entry.path.clone());
    }
    let series = material.entry(&entry.path).and_then(|entry| entry.series().map(str::to_owned));
    let Some(series) = series else {
        return Err(words(format!("{} belongs to no series: leave `--series` out", entry.path)));
    };
    let mut of_series = material.commons().filter(|entry| entry.kind == Kind::Series);
    let series_entry = of_series.find(|entry| entry.slug == series);
    series_entry
        .map(|entry| entry.path.clone())
        .ok_or_else(|| words(format!("the series `{series}` cannot be read: `anslag check` tells why")))
}

/// Says what may have been meant by a name that is none.
fn not_found<'e, I: Iterator<Item = &'e Entry>>(
    named: &str,
    path: &str,
    of_kinds: &dyn Fn() -> I,
    snapshot: &Snapshot,
    report: &Report,
    words: &dyn Fn(String) -> NotFound,
) -> NotFound {
    if let Some(file) = snapshot.file(path) {
        let is_broken = report.sorted().into_iter().any(|found| is_error_in(found, path));
        return match Kind::of_path(path) {
            Some(Kind::Event | Kind::Series) if is_broken => NotFound::Broken(file.path.clone()),
            Some(Kind::Series) => words(format!("{path} is a series: add `--series`")),
            _ => words(format!("{path} is no conference")),
        };
    }
    let names = of_kinds().flat_map(|entry| [entry.slug.as_str(), entry.id.as_str()]);
    let meant = closest(named, names).map(str::to_owned).or_else(|| meant_file(snapshot, path));
    match meant {
        Some(meant) => words(format!("there is no conference `{named}`. Did you mean `{meant}`?")),
        None => words(format!("there is no conference `{named}`; `anslag list event` lists them")),
    }
}

fn is_error_in(found: &Diagnostic, path: &str) -> bool {
    found.severity == Severity::Error && found.place.as_ref().is_some_and(|place| *place.path == *path)
}

/// The findings in one file.
fn of_file(report: &Report, path: &str) -> Report {
    let mut own = Report::default();
    own.extend(report.sorted().into_iter().filter(|found| is_error_in(found, path)).cloned());
    own
}

fn only_errors(report: &Report) -> Report {
    report.without(Severity::Warning).without(Severity::Info)
}

/// The state that the site derives of what the decision is about.
fn state(contents: &Contents, outcome: &Outcome) -> Option<&'static str> {
    let of_series = contents.registry.series.values().find(|series| series.path == outcome.path);
    if let Some(series) = of_series {
        return Some(series.status.unwrap_or(Status::Planned.word()));
    }
    let event = contents.catalogue.card(&outcome.path)?.event.as_ref()?;
    match &outcome.occasion {
        Some(id) => Some(event.occurrences.iter().find(|occurrence| occurrence.id == *id)?.status),
        None => Some(event.status),
    }
}

/// Why the site would not say what has been decided: its occasions may say otherwise. What is not published has no state yet.
fn contradiction(asked: &Asked, state: Option<&&'static str>) -> Option<String> {
    let (meant, state) = (asked.act.status()?, *state?);
    let is_held = |word: &str| word != Status::Cancelled.word() && word != Status::Postponed.word();
    let agrees = match asked.act {
        Act::Restore => is_held(state),
        _ => state == meant.word(),
    };
    let help = "occasions have states of their own; give each its state with `--occasion`";
    (!agrees).then(|| format!("the conference would be `{state}` and not `{}`: {help}", meant.word()))
}

/// Says which lines change, and what readers will see.
fn tell(
    common: &Common,
    change: &Change,
    after: &Look<Option<&'static str>>,
    new: &Report,
    shown: Option<&Shown>,
    dry_run: bool,
) -> Result<()> {
    let lines = change.lines();
    if common.format == ReportFormat::Json {
        let warnings: Vec<_> =
            new.sorted().into_iter().map(|found| json!({"code": found.code.name, "message": found.message})).collect();
        let answer = json!({
            "file": change.path,
            "written": !dry_run,
            "lines": lines.iter().map(|line| json!({"line": line.number, "added": line.added, "text": line.text})).collect::<Vec<_>>(),
            "shown": shown.map(shown_json),
            "warnings": warnings,
        });
        return print(&format!("{}\n", serde_json::to_string_pretty(&answer)?));
    }
    let mut text = format!("{}\n", change.path);
    let width = lines.iter().map(|line| line.number.to_string().len()).max().unwrap_or(0);
    for Line { number, added, text: line } in &lines {
        text.push_str(&format!("{number:>width$} {} {line}\n", if *added { '+' } else { '-' }));
    }
    text.push_str(&shown.map_or_else(String::new, shown_text));
    print(&text)?;
    print_report(new, &after.snapshot, common)
}

fn shown_text(shown: &Shown) -> String {
    let mut text = format!("\nReaders will see:\n  {}\n", shown.heading);
    let mut line = |label: &str, words: &str| text.push_str(&format!("  {label}: {words}\n"));
    for banner in &shown.banners {
        let said = [Some(&banner.title), banner.text.as_ref(), banner.link.as_ref().map(|link| &link.title)];
        line("banner", &said.into_iter().flatten().cloned().collect::<Vec<_>>().join(" – "));
    }
    if !shown.badges.is_empty() {
        line("in lists", &shown.badges.join(", "));
    }
    if let Some(when) = &shown.when {
        line("when", when);
    }
    text
}

fn shown_json(shown: &Shown) -> serde_json::Value {
    let banner = |banner: &crate::session::ShownBanner| {
        let link = banner.link.as_ref().map(|link| json!({"title": link.title, "url": link.url}));
        json!({"title": banner.title, "text": banner.text, "link": link})
    };
    json!({
        "heading": shown.heading,
        "badges": shown.badges,
        "when": shown.when,
        "banners": shown.banners.iter().map(banner).collect::<Vec<_>>(),
    })
}
