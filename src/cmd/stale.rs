//! `anslag list --stale`: what should be looked at, by who answers for it.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::Result;
use serde_json::json;

use super::arguments::{Common as Asked, ReportFormat};
use super::terminal::Terminal;
use super::{one_line, print};
use crate::config::Settings;
use crate::model::card::{Concern, Stale};
use crate::model::common::{Common, Contact};
use crate::model::{Card, Kind, Registry};
use crate::session::Contents;
use crate::text::csv;

/// Somebody who answers for entries.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Owner {
    pub name: String,
    /// The slug, of a person of the site.
    pub slug: Option<String>,
    /// The last day, of one who has left.
    pub until: Option<String>,
}

/// A concern, and the entry that it is about.
type Row<'a> = (Concern, &'a Card);

/// Lists the concerns of each owner.
pub fn list(
    contents: &Contents,
    settings: &Settings,
    wanted: Option<Kind>,
    reader: csv::Reader,
    asked: &Asked,
) -> Result<()> {
    let mut by_owner: BTreeMap<Owner, Vec<Row>> = BTreeMap::new();
    for ((_, entry), card) in contents.entries.iter().zip(&contents.catalogue.cards) {
        if wanted.is_some_and(|kind| card.kind != kind) {
            continue;
        }
        for owner in owners(entry.common(), &contents.registry, settings) {
            // Of those who have left, each is told of their own leaving.
            let is_own = |concern: &&Concern| concern.what != Stale::OwnerLeft || owner.until == Some(last(**concern));
            let concerns = card.concerns.iter().filter(is_own);
            let rows: Vec<Row> = concerns.map(|concern| (*concern, card)).collect();
            if !rows.is_empty() {
                by_owner.entry(owner).or_default().extend(rows);
            }
        }
    }
    by_owner.values_mut().for_each(|rows| rows.sort_by_key(|(concern, card)| (*concern, card.path.clone())));
    match asked.format {
        ReportFormat::Json => print_json(&by_owner),
        ReportFormat::Csv => print_csv(&by_owner, reader),
        _ => print_words(&by_owner, asked),
    }
}

/// Those who answer for an entry: its contacts, or else those of the site.
pub fn owners(common: &Common, registry: &Registry, settings: &Settings) -> Vec<Owner> {
    let own: Vec<Owner> = common.contact.iter().filter_map(|contact| owner(contact, registry)).collect();
    if own.is_empty() { owners_of_site(registry, settings) } else { own }
}

/// Those who answer for the site.
pub fn owners_of_site(registry: &Registry, settings: &Settings) -> Vec<Owner> {
    let owners: Vec<Owner> = settings.contact.iter().filter_map(|slug| person(&slug.value, registry)).collect();
    let nobody = || Owner { name: "nobody".to_owned(), slug: None, until: None };
    if owners.is_empty() { vec![nobody()] } else { owners }
}

fn owner(contact: &Contact, registry: &Registry) -> Option<Owner> {
    match contact {
        Contact::Person(slug) => person(&slug.value, registry),
        Contact::Outside(contact) => Some(Owner { name: contact.name.clone(), slug: None, until: None }),
    }
}

fn person(slug: &str, registry: &Registry) -> Option<Owner> {
    let person = registry.people.get(slug)?;
    let until = person.until.map(|until| until.day().to_string());
    Some(Owner { name: person.name.clone(), slug: Some(slug.to_owned()), until })
}

fn last(concern: Concern) -> String {
    concern.last.map(|day| day.to_string()).unwrap_or_default()
}

fn print_words(by_owner: &BTreeMap<Owner, Vec<Row>>, asked: &Asked) -> Result<()> {
    let (terminal, mut text) = (Terminal::output(asked), String::new());
    let style = terminal.style(&asked.root);
    for (owner, rows) in by_owner {
        let slug = owner.slug.as_ref().map(|slug| format!(" ({slug})")).unwrap_or_default();
        writeln!(text, "{}{slug}", one_line(&owner.name))?;
        for (concern, card) in rows {
            let (path, title) = (&card.path, one_line(&card.title));
            let line = format!("  {:<14} {:<10}  ", concern.what.words(), last(*concern));
            let begun = line.len() + path.chars().count() + "  ".len();
            let title = terminal.folded_behind(begun, &title, "    ".len());
            writeln!(text, "{line}{}  {title}", style.linked(path, path))?;
        }
    }
    print(if text.is_empty() { "nothing is stale\n" } else { &text })
}

fn print_json(by_owner: &BTreeMap<Owner, Vec<Row>>) -> Result<()> {
    let entry = |(concern, card): &Row| {
        json!({
            "concern": concern.what.word(),
            "last_day": concern.last.map(|day| day.to_string()),
            "kind": card.kind.word(),
            "path": &*card.path,
            "address": card.route,
            "title": card.title,
        })
    };
    let owner = |(owner, rows): (&Owner, &Vec<Row>)| {
        json!({
            "owner": owner.name,
            "slug": owner.slug,
            "until": owner.until,
            "entries": rows.iter().map(entry).collect::<Vec<_>>(),
        })
    };
    let owners: Vec<_> = by_owner.iter().map(owner).collect();
    print(&format!("{}\n", serde_json::to_string_pretty(&owners)?))
}

fn print_csv(by_owner: &BTreeMap<Owner, Vec<Row>>, reader: csv::Reader) -> Result<()> {
    let head = ["owner", "slug", "concern", "last_day", "kind", "file", "address", "title"].map(str::to_owned);
    let rows = by_owner.iter().flat_map(|(owner, rows)| rows.iter().map(move |row| (owner, row)));
    let row = |(owner, (concern, card)): (&Owner, &Row)| {
        let slug = owner.slug.clone().unwrap_or_default();
        let of_card = [card.kind.word().to_owned(), card.path.to_string(), card.route.clone(), card.title.clone()];
        let [kind, path, route, title] = of_card;
        [owner.name.clone(), slug, concern.what.word().to_owned(), last(*concern), kind, path, route, title]
    };
    print(&csv::table(std::iter::once(head).chain(rows.map(row)), reader))
}
