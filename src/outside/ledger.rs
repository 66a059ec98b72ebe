//! `links.lock`: what is known of the addresses outside the site.
//!
//! One line for each address, in order, so that two branches seldom touch the same lines; its words are those of a
//! sentence, so that a difference can be read in a review:
//!
//! ```text
//! # anslag links 1
//! https://skr.se/ well 200 asked 2026-11-21
//! https://skr.se/borta/ dead 404 asked 2026-11-21 since 2026-11-14 well 2026-10-31
//! https://skr.se/flyttad/ moved 200 asked 2026-11-21 to https://skr.se/ny/
//! ```

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::{Address, DAMAGED_LEDGER, Entry, State};
use crate::diagnostic::{Diagnostic, Place, Report};
use crate::source::Snapshot;

/// Where the ledger lies, from the site's folder.
pub const LEDGER: &str = crate::source::LINKS;

/// The first line of the file: another version is not read.
const VERSION: &str = "# anslag links 1";

/// What people who open the file are told.
const HEAD: &str = "# Written by `anslag check --external`, read by every build; keep it in git.\n\
# After a merge keep the lines of both sides: of two for one address the newer holds.\n";

/// What is known of all addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// By address.
    pub entries: BTreeMap<Address, Entry>,
}

impl Ledger {
    /// Reads the ledger of a site; an empty one when there is none. Lines that mean nothing are reported.
    pub fn read(snapshot: &Snapshot, report: &mut Report) -> Self {
        snapshot.text(LEDGER).map(|text| Self::parse(text, report)).unwrap_or_default()
    }

    fn parse(text: &str, report: &mut Report) -> Self {
        let path: Arc<str> = LEDGER.into();
        let mut ledger = Self::default();
        let mut damaged = |start: usize, line: &str, words: &str| {
            let place = Place { path: path.clone(), span: start..start + line.len() };
            let help = "put back the file that git has, and after a merge the lines of both sides; or delete it, and everything is asked anew";
            report.push(Diagnostic::new(&DAMAGED_LEDGER, words).at(place).help(help));
        };
        let mut start = 0;
        for (number, whole) in text.split_inclusive('\n').enumerate() {
            let line = whole.trim_end();
            match read_line(line) {
                _ if number == 0 && line != VERSION => {
                    damaged(start, line, &format!("the first line is not `{VERSION}`"));
                    return ledger;
                }
                Ok(Some((address, entry))) => ledger.add(address, entry),
                Ok(None) => {}
                Err(words) => damaged(start, line, &words),
            }
            start += whole.len();
        }
        ledger
    }

    /// Adds a line, unless a newer one is there: two branches have both written theirs.
    fn add(&mut self, address: Address, entry: Entry) {
        let is_newer = self.entries.get(&address).is_none_or(|known| known.asked <= entry.asked);
        if is_newer {
            self.entries.insert(address, entry);
        }
    }

    /// The file.
    pub fn write(&self) -> String {
        let lines = self.entries.iter().map(|(address, entry)| write_line(address, entry));
        format!("{VERSION}\n{HEAD}{}", lines.collect::<String>())
    }
}

fn write_line(address: &Address, entry: &Entry) -> String {
    let Entry { state, answer, asked, since, well, to } = entry;
    let mut line = format!("{address} {} {answer} asked {asked}", state.word());
    let mut add = |word, value: Option<String>| value.iter().for_each(|value| line += &format!(" {word} {value}"));
    add("since", since.map(|since| since.to_string()));
    add("well", well.map(|well| well.to_string()));
    add("to", to.as_ref().map(Address::to_string));
    line + "\n"
}

/// A line's address and what is known of it; nothing for remarks.
///
/// # Errors
/// What is wrong with the line.
fn read_line(line: &str) -> Result<Option<(Address, Entry)>, String> {
    if line.is_empty() || line.starts_with('#') {
        return Ok(None);
    }
    let mut words = line.split(' ');
    let mut next = |what: &str| words.next().ok_or_else(|| format!("the line ends before its {what}"));
    let wrong = |what: &str, word: &str| format!("`{}` is not {what}", word.escape_debug());
    let address = next("address")?;
    let address = Address::read(address).ok_or_else(|| wrong("an address as it is asked", address))?;
    let state = next("state")?;
    let state = State::ALL.iter().find(|known| known.word() == state).ok_or_else(|| wrong("a state", state))?;
    let answer = next("answer")?;
    let answer = answer.parse().map_err(|()| wrong("an answer", answer))?;
    let (mut asked, mut since, mut well, mut to) = (None, None, None, None);
    while let Some(word) = words.next() {
        let value = words.next().unwrap_or_default();
        let day = || value.parse::<Date>().map_err(|_| wrong("a day", value));
        match word {
            "asked" => asked = Some(day()?),
            "since" => since = Some(day()?),
            "well" => well = Some(day()?),
            "to" => to = Some(Address::read(value).ok_or_else(|| wrong("an address as it is asked", value))?),
            _ => return Err(wrong("a word of this file", word)),
        }
    }
    let asked = asked.ok_or("the line does not say when the address was asked")?;
    let is_whole = match state {
        State::Well => since.is_none() && to.is_none(),
        State::Moved => to.is_some(),
        State::Dead | State::Unsure => since.is_some(),
    };
    let entry = Entry { state: *state, answer, asked, since, well, to };
    if is_whole {
        Ok(Some((address, entry)))
    } else {
        Err(format!("the line does not fit the state `{}`", state.word()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &str = "\
https://skr.se/ well 200 asked 2026-11-21
https://skr.se/borta/ dead 404 asked 2026-11-21 since 2026-11-14 well 2026-10-31
https://skr.se/flyttad/ moved 200 asked 2026-11-21 to https://skr.se/ny/
https://skr.se/stum/ unsure timeout asked 2026-11-21 since 2026-11-21
";

    #[test]
    fn a_ledger_is_read_as_it_is_written() {
        let mut report = Report::default();
        let text = format!("{VERSION}\n{HEAD}{LINES}");
        let ledger = Ledger::parse(&text, &mut report);
        assert!(report.is_empty(), "{report:?}");
        assert_eq!(ledger.write(), text);
    }

    #[test]
    fn of_two_lines_for_one_address_the_newer_holds() {
        let old = "https://skr.se/ unsure 404 asked 2026-11-01 since 2026-11-01\n";
        let texts = [format!("{VERSION}\n{old}{LINES}"), format!("{VERSION}\n{LINES}{old}")];
        let ledgers = texts.map(|text| Ledger::parse(&text, &mut Report::default()).write());
        assert_eq!(ledgers, [format!("{VERSION}\n{HEAD}{LINES}"), format!("{VERSION}\n{HEAD}{LINES}")]);
    }

    #[test]
    fn what_is_damaged_is_said_line_by_line() {
        let cases = [
            ("<<<<<<< HEAD", "is not an address"),
            ("=======", "is not an address"),
            ("https://skr.se well 200 asked 2026-11-21", "`https://skr.se` is not an address as it is asked"),
            ("https://skr.se/ fine 200 asked 2026-11-21", "`fine` is not a state"),
            ("https://skr.se/ well okay asked 2026-11-21", "`okay` is not an answer"),
            ("https://skr.se/ well", "ends before its answer"),
            ("https://skr.se/ well 200", "does not say when"),
            ("https://skr.se/ well 200 asked yesterday", "`yesterday` is not a day"),
            ("https://skr.se/ well 200 asked", "`` is not a day"),
            ("https://skr.se/ well 200 seen 2026-11-21", "`seen` is not a word of this file"),
            ("https://skr.se/ dead 404 asked 2026-11-21", "does not fit the state `dead`"),
            ("https://skr.se/ moved 200 asked 2026-11-21", "does not fit the state `moved`"),
        ];
        for (line, expected) in cases {
            let mut report = Report::default();
            let ledger = Ledger::parse(&format!("{VERSION}\n{line}\n{LINES}"), &mut report);
            let [diagnostic] = report.sorted()[..] else { panic!("{line}: {report:?}") };
            assert!(diagnostic.message.contains(expected), "{line}: {}", diagnostic.message);
            assert_eq!(diagnostic.place.as_ref().map(|place| place.span.start), Some(VERSION.len() + 1));
            assert_eq!(ledger.entries.len(), 4, "the other lines are read");
        }
        let mut report = Report::default();
        assert_eq!(Ledger::parse("# anslag links 2\nx\n", &mut report), Ledger::default());
        assert!(report.has_faults());
    }
}
