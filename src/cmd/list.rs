//! `anslag list`.

use std::fmt::Write;

use anyhow::Result;

use super::arguments::{Common, ListOptions, ReportFormat};
use super::{End, one_line, print, print_report, stale};
use crate::diagnostic::Report;
use crate::model::{Card, Kind};
use crate::session::{Contents, Session};
use crate::text::csv;

/// Lists the entries, those with errors left out and reported.
pub fn list(common: &Common, options: &ListOptions) -> Result<End> {
    let mut report = Report::default();
    let now = common.now();
    let session = match Session::open(common.options(now), &mut report)? {
        (_, Some(session)) => session,
        (snapshot, None) => {
            print_report(&report, &snapshot, common)?;
            return Ok(End::Errors);
        }
    };
    let material = session.material(&mut report)?;
    let contents = session.contents(&material, now, None, &mut report);
    let wanted = options.kind.map(Kind::from);
    if options.stale {
        stale::list(&contents, &session.settings, wanted, common.format)?;
    } else {
        entries(&contents, wanted, common.format)?;
    }
    if report.has_faults() {
        eprintln!("the content has errors, and documents that cannot be read are left out; `anslag check` shows them");
        return Ok(End::Errors);
    }
    Ok(End::Well)
}

fn entries(contents: &Contents, wanted: Option<Kind>, format: ReportFormat) -> Result<()> {
    let mut cards: Vec<&Card> =
        contents.catalogue.cards.iter().filter(|card| wanted.is_none_or(|kind| card.kind == kind)).collect();
    cards.sort_by_key(|card| (card.kind, std::cmp::Reverse(card.published), card.path.clone()));
    match format {
        ReportFormat::Json => print_json(&cards),
        ReportFormat::Csv => print_csv(&cards),
        _ => print_table(&cards),
    }
}

fn print_table(cards: &[&Card]) -> Result<()> {
    let width = cards.iter().map(|card| card.path.chars().count()).max().unwrap_or(0);
    let mut table = String::new();
    for card in cards {
        let (kind, path, title) = (card.kind.word(), &card.path, one_line(&card.title));
        let states = states(card).join("; ");
        let states = if states.is_empty() { states } else { format!("  [{states}]") };
        writeln!(table, "{kind:<7} {:<10} {path:<width$}  {title}{states}", day(card))?;
    }
    print(&table)
}

/// The day of publication.
fn day(card: &Card) -> String {
    card.published.map(|moment| moment.day().to_string()).unwrap_or_default()
}

fn states(card: &Card) -> Vec<String> {
    let when = card.event.iter().map(|event| event.when.clone());
    when.chain(card.badges.iter().map(|badge| badge.words.clone())).collect()
}

fn print_csv(cards: &[&Card]) -> Result<()> {
    let head = ["kind", "date", "file", "address", "title", "states"].map(str::to_owned);
    let row = |card: &&Card| {
        let states = states(card).join("; ");
        [card.kind.word().to_owned(), day(card), card.path.to_string(), card.route.clone(), card.title.clone(), states]
    };
    print(&csv::table(std::iter::once(head).chain(cards.iter().map(row))))
}

fn print_json(cards: &[&Card]) -> Result<()> {
    let entry = |card: &&Card| {
        serde_json::json!({
            "kind": card.kind.word(),
            "path": &*card.path,
            "address": card.route,
            "title": card.title,
            "date": card.published.map(|moment| moment.html()),
            "states": card.badges.iter().map(|badge| &badge.kind).collect::<Vec<_>>(),
            "when": card.event.as_ref().map(|event| &event.when),
            "tags": card.tags,
            "authors": card.authors,
            "owners": card.owners,
        })
    };
    let entries: Vec<_> = cards.iter().map(entry).collect();
    print(&format!("{}\n", serde_json::to_string_pretty(&entries)?))
}
