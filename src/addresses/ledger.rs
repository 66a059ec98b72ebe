//! All lines of `addresses.lock`, read and written.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use super::line::read;
use super::{DAMAGED_ADDRESSES, Fate, Line, TWO_FATES};
use crate::diagnostic::{Diagnostic, Place, Report};
use crate::source::Snapshot;

/// Where the file lies, from the site's folder.
pub const ADDRESSES: &str = crate::source::ADDRESSES;

/// The first line of the file: another version is not read.
const VERSION: &str = "# anslag addresses 1";

/// What people who open the file are told.
const HEAD: &str = "# Every address that was ever published. `anslag build` adds to it, `anslag address` changes it; keep it in git.\n\
# After a merge keep the lines of both sides, in any order.\n";

/// What is known of all addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Addresses {
    /// By address as it is written.
    pub lines: BTreeMap<String, Line>,
}

impl Addresses {
    /// Reads the file of a site; none of its lines when there is none. Lines that mean nothing are reported.
    pub fn read(snapshot: &Snapshot, report: &mut Report) -> Self {
        snapshot.text(ADDRESSES).map(|text| Self::parse(text, report)).unwrap_or_default()
    }

    fn parse(text: &str, report: &mut Report) -> Self {
        let path: Arc<str> = ADDRESSES.into();
        let mut addresses = Self::default();
        let mut damaged = |place: Place, words: String| {
            let help = "put back the file that git has, and after a merge the lines of both sides";
            report.push(Diagnostic::new(&DAMAGED_ADDRESSES, words).at(place).help(help));
        };
        let mut start = 0;
        let mut twice = Report::default();
        for (number, whole) in text.split_inclusive('\n').enumerate() {
            let line = whole.trim_end_matches(['\n', '\r']);
            let place =
                |span: std::ops::Range<usize>| Place { path: path.clone(), span: start + span.start..start + span.end };
            match read(line) {
                _ if number == 0 && line != VERSION => {
                    damaged(place(0..line.len()), format!("the first line is not `{VERSION}`"));
                    return addresses;
                }
                Ok(Some((address, since, fate))) => {
                    let line = Line { since, fate, place: place(0..line.len()) };
                    twice.extend(addresses.add(address, line));
                }
                Ok(None) => {}
                Err((words, span)) => damaged(place(span), words),
            }
            start += whole.len();
        }
        report.merge(twice);
        addresses
    }

    /// Adds a line. Of two for one address the one that says what has become of it holds, since the older day: two branches
    /// have both written theirs. Two that disagree are reported.
    fn add(&mut self, address: String, line: Line) -> Option<Diagnostic> {
        let mut known = match self.lines.entry(address) {
            Entry::Vacant(entry) => {
                entry.insert(line);
                return None;
            }
            Entry::Occupied(entry) => entry,
        };
        let first = if line.since.to_string() < known.get().since.to_string() { &line } else { known.get() };
        let since = first.since.clone();
        match (&known.get().fate, &line.fate) {
            (Fate::Present { .. }, _) => drop(known.insert(Line { since, ..line })),
            (_, Fate::Present { .. }) => known.get_mut().since = since,
            (fate, other) if fate == other => known.get_mut().since = since,
            _ => {
                let words = format!("two lines say what has become of `{}`", known.key());
                let first = known.get().place.clone();
                let twice = Diagnostic::new(&TWO_FATES, words).at(line.place).related(first, "the other is here");
                return Some(twice.help("take one of the two away"));
            }
        }
        None
    }

    /// The line of an address of the site.
    pub fn line(&self, route: &str) -> Option<&Line> {
        self.lines.get(&super::written(route))
    }

    /// Whether what lay under the address of a page is gone with it, as its calendar is.
    pub fn is_gone_with_its_page(&self, route: &str) -> bool {
        let pages = route.rmatch_indices('/').map(|(slash, _)| &route[..=slash]);
        let mut lines = pages.filter(|page| *page != route).filter_map(|page| self.line(page));
        lines.next().is_some_and(|line| matches!(line.fate, Fate::Gone { .. }))
    }

    /// The file.
    pub fn write(&self) -> String {
        let lines = self.lines.iter().map(|(address, line)| line.written(address));
        format!("{VERSION}\n{HEAD}{}", lines.collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &str = "\
/ 2026-11-21 list site.yaml
/blogg/borta/ 2026-01-02 gone 2026-11-21 Texten var \"fel\" – tyvärr.
/blogg/gammal/ 2026-01-02 -> /blogg/ny/#del
/blogg/ny/ 2026-12-01T09:30:00+01:00 post content/blog/ny text.md
/blogg/ny/#program 2026-11-21 heading content/blog/ny.md
";

    fn parse(lines: &str) -> (Addresses, Report) {
        let mut report = Report::default();
        let addresses = Addresses::parse(&format!("{VERSION}\n{HEAD}{lines}"), &mut report);
        (addresses, report)
    }

    #[test]
    fn the_file_is_read_as_it_is_written() {
        let (addresses, report) = parse(LINES);
        assert!(report.is_empty(), "{report:?}");
        assert_eq!(addresses.write(), format!("{VERSION}\n{HEAD}{LINES}"));
        let backwards: String = LINES.lines().rev().map(|line| format!("{line}\r\n")).collect();
        assert_eq!(parse(&backwards).0.write(), format!("{VERSION}\n{HEAD}{LINES}"));
    }

    #[test]
    fn of_two_lines_the_one_with_a_fate_holds_and_the_older_day() {
        let (there, moved) = ("/a/ 2026-01-02 post content/a.md\n", "/a/ 2026-01-05 -> /b/\n");
        for lines in [format!("{there}{moved}"), format!("{moved}{there}"), format!("{moved}{there}{moved}")] {
            let (addresses, report) = parse(&lines);
            assert!(report.is_empty(), "{report:?}");
            assert!(addresses.write().ends_with("/a/ 2026-01-02 -> /b/\n"), "{}", addresses.write());
        }
        let (_, report) = parse(&format!("{moved}/a/ 2026-01-02 gone 2026-02-03 Borta.\n"));
        let [found] = report.sorted()[..] else { panic!("{report:?}") };
        assert_eq!((found.code.name, found.related.len()), ("two-fates", 1));
    }

    #[test]
    fn another_version_is_not_read() {
        let mut report = Report::default();
        assert_eq!(Addresses::parse("# anslag addresses 2\n/ x\n", &mut report), Addresses::default());
        assert!(report.has_faults());
    }
}
