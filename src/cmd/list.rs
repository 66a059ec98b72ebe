//! `anslag list`.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fmt::Write;

use anyhow::Result;

use super::arguments::{Common, ListOptions, Order, ReportFormat};
use super::terminal::Terminal;
use super::waiting::Line;
use super::{End, one_line, print, print_report, refuse, speak, stale};
use crate::diagnostic::Report;
use crate::model::Card;
use crate::session::{Contents, Session};
use crate::text::collation::Collation;
use crate::text::columns::width;
use crate::text::csv;
use crate::text::suggest::closest;

/// The columns of the kind and the day.
const ROOM: usize = "kind....day........".len();

/// The states that something can have, as [`Badge`](crate::view::Badge) names them.
const STATES: [&str; 15] = [
    "archived",
    "cancelled",
    "closed",
    "current",
    "draft",
    "full",
    "moved_online",
    "not_open",
    "ongoing",
    "open",
    "past",
    "postponed",
    "rescheduled",
    "superseded",
    "withdrawn",
];
/// What stands before the states of events of which it is only some occasions'.
const OF_SOME: &str = "some_";

/// What stands before a title that has a line of its own.
const INDENT: &str = "        ";

/// Lists the entries, those with errors left out and reported.
pub fn list(common: &Common, options: &ListOptions) -> Result<End> {
    if options.excel && common.format != ReportFormat::Csv {
        return refuse(common, "`--excel` goes with `--format csv`");
    }
    let mut report = Report::default();
    let now = common.now();
    let asked = common.options(now);
    let line = Line::of(common, &asked.progress);
    let session = match Session::open(asked, &mut report)? {
        (_, Some(session)) => session,
        (snapshot, None) => {
            print_report(&report, &snapshot, common)?;
            return Ok(End::Errors);
        }
    };
    let material = session.material(&mut report)?;
    let contents = session.contents(&material, now, None, &mut report);
    drop(line);
    let wanted = options.kind;
    if options.stale {
        stale::list(&contents, &session.settings, wanted, reader(options, &session), common)?;
    } else {
        if let Some(words) = nothing_such(&contents, options).or_else(|| no_state(&session, &contents, options)) {
            return refuse(common, &words);
        }
        entries(&contents, options, &session, common)?;
    }
    if report.has_faults() {
        let words = "the content has errors, and documents that cannot be read are left out; `anslag check` shows them";
        speak(common, words);
        return Ok(End::Errors);
    }
    Ok(End::Well)
}

/// For whom a table is. Of the system that it is opened on nothing is known, but most likely its language: that of the site.
fn reader(options: &ListOptions, session: &Session) -> csv::Reader {
    let is_english = session.settings.language.split('-').next() == Some("en");
    if options.excel { csv::Reader::Excel { semicolons: !is_english } } else { csv::Reader::Program }
}

/// Why a list could only be empty: nothing has a tag or a person of this name.
fn nothing_such(contents: &Contents, options: &ListOptions) -> Option<String> {
    let cards = || contents.catalogue.cards.iter();
    let persons = contents.registry.people.keys().map(String::as_str).collect();
    let tags = cards().flat_map(|card| &card.tags).map(String::as_str).collect();
    let asked: [(_, _, BTreeSet<&str>); 2] = [("tag", &options.tag, tags), ("person", &options.person, persons)];
    asked.into_iter().find_map(|(what, name, there)| {
        let name = name.as_ref().filter(|name| !there.contains(name.as_str()))?;
        let meant = closest(name, there.iter().copied()).map(|meant| format!("; did you mean `{meant}`?"));
        let there: Vec<&str> = there.into_iter().collect();
        let help = meant.unwrap_or_else(|| {
            if there.is_empty() { String::new() } else { format!("; there are {}", there.join(", ")) }
        });
        Some(format!("nothing has the {what} `{name}`{help}"))
    })
}

/// That there is no state of this name, and which there are. The site's own words for a state lead to it: `inställt`, `inställd`.
fn no_state(session: &Session, contents: &Contents, options: &ListOptions) -> Option<String> {
    let asked = options.state.as_deref()?;
    let there = contents.catalogue.cards.iter().flat_map(|card| &card.badges).map(|badge| &*badge.kind);
    let known: BTreeSet<&str> = there.chain(STATES).collect();
    let is_of_some = asked.strip_prefix(OF_SOME).is_some_and(|state| STATES.contains(&state));
    if is_of_some || known.contains(asked) {
        return None;
    }
    let words = session.words();
    let is_said = |said: &str| said.to_lowercase() == asked.to_lowercase();
    let spoken = STATES.into_iter().find(|state| {
        words.of_maybe("states", state).is_some_and(|said| is_said(&said))
            || words.typed(state).iter().any(|said| is_said(said))
    });
    let meant = spoken.or_else(|| closest(asked, known.iter().copied()));
    let meant = meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
    Some(format!("there is no state `{}`{meant}\nthe states are {}", one_line(asked), STATES.join(", ")))
}

fn entries(contents: &Contents, options: &ListOptions, session: &Session, common: &Common) -> Result<()> {
    let collation = Collation::new(&session.settings.language);
    let mut cards: Vec<&Card> = contents.catalogue.cards.iter().filter(|card| is_wanted(card, options)).collect();
    cards.sort_by_key(|card| (card.kind, Reverse(card.published), card.path.clone()));
    match options.sort {
        Order::Kind => {}
        Order::Date => cards.sort_by_key(|card| Reverse(card.published)),
        Order::Updated => cards.sort_by_key(|card| Reverse(card.updated)),
        Order::Title => cards.sort_by(|left, right| collation.compare(&left.title, &right.title)),
        Order::File => cards.sort_by_key(|card| card.path.clone()),
    }
    match common.format {
        ReportFormat::Json => print_json(&cards),
        ReportFormat::Csv => print_csv(&cards, reader(options, session)),
        _ => print_table(&cards, common),
    }
}

fn is_wanted(card: &Card, options: &ListOptions) -> bool {
    let ListOptions { kind, stale: _, tag, person, state, since, until, sort: _, excel: _ } = options;
    let day = card.published.map(|moment| moment.day());
    kind.is_none_or(|kind| card.kind == kind)
        && tag.as_ref().is_none_or(|tag| card.tags.contains(tag))
        && person.as_ref().is_none_or(|person| card.authors.contains(person) || card.owners.contains(person))
        && state.as_ref().is_none_or(|state| card.badges.iter().any(|badge| badge.kind == *state))
        && since.is_none_or(|since| day.is_some_and(|day| since <= day))
        && until.is_none_or(|until| day.is_some_and(|day| day <= until))
}

/// A row for each entry; where it is too long for the terminal, its title begins a line of its own.
fn print_table(cards: &[&Card], common: &Common) -> Result<()> {
    let terminal = Terminal::output(common);
    let style = terminal.style(&common.root);
    let longest = cards.iter().map(|card| card.path.chars().count()).max().unwrap_or(0);
    let mut table = String::new();
    for card in cards {
        let (kind, path, title) = (card.kind.word(), &card.path, one_line(&card.title));
        let states = states(card).join("; ");
        let states = if states.is_empty() { states } else { format!("  [{states}]") };
        let (words, begun) = (format!("{title}{states}"), ROOM + longest + "  ".len());
        let is_row = terminal.width.is_none_or(|columns| begun + width(&words) <= columns);
        let gap = " ".repeat(longest - path.chars().count() + "  ".len());
        let rest = if is_row {
            format!("{gap}{words}")
        } else {
            format!("\n{INDENT}{}", terminal.folded_behind(INDENT.len(), &words, INDENT.len()))
        };
        writeln!(table, "{kind:<7} {:<10} {}{rest}", day(card), style.linked(path, path))?;
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

fn print_csv(cards: &[&Card], reader: csv::Reader) -> Result<()> {
    let head = ["kind", "date", "file", "address", "title", "states"].map(str::to_owned);
    let row = |card: &&Card| {
        let states = states(card).join("; ");
        [card.kind.word().to_owned(), day(card), card.path.to_string(), card.route.clone(), card.title.clone(), states]
    };
    print(&csv::table(std::iter::once(head).chain(cards.iter().map(row)), reader))
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
