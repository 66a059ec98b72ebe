//! `anslag list`.

use std::fmt::Write;

use anyhow::Result;

use super::arguments::{Common, ListOptions, ReportFormat};
use super::{End, print, print_report};
use crate::diagnostic::Report;
use crate::model::{Card, Kind};
use crate::session::Session;

/// Lists the entries, those with errors left out and reported.
pub fn list(common: &Common, options: &ListOptions) -> Result<End> {
    let mut report = Report::default();
    let session = match Session::open(common.options(), &mut report)? {
        (_, Some(session)) => session,
        (snapshot, None) => {
            print_report(&report, &snapshot, common)?;
            return Ok(End::Errors);
        }
    };
    let contents = session.contents(&mut report);
    let wanted = options.kind.map(Kind::from);
    let mut cards: Vec<&Card> =
        contents.catalogue.cards.iter().filter(|card| wanted.is_none_or(|kind| card.kind == kind)).collect();
    cards.sort_by_key(|card| (card.kind, std::cmp::Reverse(card.published), card.path.clone()));
    match common.format {
        ReportFormat::Json => print_json(&cards)?,
        _ => print_table(&cards)?,
    }
    if report.has_errors() {
        eprintln!("the content has errors, and documents that cannot be read are left out; `anslag check` shows them");
        return Ok(End::Errors);
    }
    Ok(End::Well)
}

fn print_table(cards: &[&Card]) -> Result<()> {
    let width = cards.iter().map(|card| card.path.chars().count()).max().unwrap_or(0);
    let mut table = String::new();
    for card in cards {
        let day = card.published.map(|moment| moment.day().to_string()).unwrap_or_default();
        let (kind, path, title) = (card.kind.word(), &card.path, &card.title);
        writeln!(table, "{kind:<7} {day:<10} {path:<width$}  {title}{}", states(card))?;
    }
    print(&table)
}

fn states(card: &Card) -> String {
    let when = card.event.iter().map(|event| event.when.clone());
    let badges = card.badges.iter().map(|badge| badge.words.clone());
    let states: Vec<String> = when.chain(badges).collect();
    if states.is_empty() { String::new() } else { format!("  [{}]", states.join("; ")) }
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
