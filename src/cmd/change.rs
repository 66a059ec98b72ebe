//! A document with another text, before it is written: what the site would be, what would be wrong, what would be seen.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, bail};

use super::arguments::Common;
use crate::diagnostic::{Diagnostic, Report, Severity};
use crate::publish::{Lock, replace};
use crate::session::{Contents, Options, Session, Shown};
use crate::source::Snapshot;
use crate::text::suggest::closest_of_many;

/// The text of a document, and the one that is to take its place.
pub struct Change<'a> {
    pub path: &'a str,
    pub before: &'a str,
    pub after: &'a str,
}

/// The site as it would be.
pub struct Look<T> {
    /// The texts, for findings.
    pub snapshot: Snapshot,
    /// All that was found.
    pub report: Report,
    /// What readers would see of the document.
    pub shown: Option<Shown>,
    /// What else was asked of the site; none where it cannot be made.
    pub answer: Option<T>,
}

/// Makes the site in memory, with another text of a document where one is given.
pub fn look<T>(options: &Options, path: &str, text: Option<&str>, ask: impl FnOnce(&Contents) -> T) -> Result<Look<T>> {
    let mut report = Report::default();
    let snapshot = Snapshot::read(&options.root, &mut report)?;
    let snapshot = match text {
        Some(text) => snapshot.with_text(path, text),
        None => snapshot,
    };
    let mut session = match Session::of(snapshot, options.clone(), &mut report)? {
        (_, Some(session)) => session,
        (snapshot, None) => return Ok(Look { snapshot, report, shown: None, answer: None }),
    };
    let material = session.material(&mut report)?;
    let contents = session.contents(&material, options.now, None, &mut report);
    session.site(&contents, &mut report);
    session.judge(&contents, &mut report);
    report.settle();
    session.overflow.check()?;
    let shown = session.shown(&contents, path);
    let answer = Some(ask(&contents));
    drop(contents);
    Ok(Look { snapshot: session.snapshot, report, shown, answer })
}

/// The findings of a report that another has not.
pub fn new_findings(after: &Report, before: &Report) -> Report {
    let name = |found: &Diagnostic| {
        let path = found.place.as_ref().map(|place| place.path.to_string());
        (found.code.name, path, found.message.clone())
    };
    let mut known: BTreeMap<_, usize> = BTreeMap::new();
    before.sorted().into_iter().for_each(|found| *known.entry(name(found)).or_default() += 1);
    let mut new = Report::default();
    let is_new = |found: &&Diagnostic| match known.get_mut(&name(found)) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    let found: Vec<&Diagnostic> = after.sorted().into_iter().filter(|found| found.severity != Severity::Info).collect();
    new.extend(found.into_iter().filter(is_new).cloned());
    new
}

/// Whether a file is still the one that was read.
pub fn is_as_read(common: &Common, path: &str, text: &str) -> Result<bool> {
    let file = common.root.join(path);
    let found = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(found == text.as_bytes())
}

/// Writes a change, if the file is still the one that was read. Its permissions stay.
pub fn write(common: &Common, change: &Change) -> Result<()> {
    let _alone = Lock::wait_for_sources(&common.root);
    put(common, change)
}

/// The same for somebody who has the lock.
pub fn put(common: &Common, change: &Change) -> Result<()> {
    let named = common.root.join(change.path);
    let file = named.canonicalize().with_context(|| format!("cannot find {}", named.display()))?;
    let found = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
    if found != change.before.as_bytes() {
        bail!("{} has been changed by somebody else meanwhile, and was left as it is: try again", named.display());
    }
    let permissions = fs::metadata(&file).with_context(|| format!("cannot read {}", file.display()))?.permissions();
    replace(&file, change.after.as_bytes())?;
    fs::set_permissions(&file, permissions).with_context(|| format!("cannot write {}", file.display()))
}

/// A line that goes or comes, with its number in the text it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    pub number: usize,
    pub added: bool,
    pub text: &'a str,
}

/// The most lines that are held against each other one by one.
const COMPARED: usize = 1000;

impl<'a> Change<'a> {
    /// The lines that go and those that come, in order.
    pub fn lines(&self) -> Vec<Line<'a>> {
        let (before, after): (Vec<&str>, Vec<&str>) = (self.before.lines().collect(), self.after.lines().collect());
        let first = before.iter().zip(&after).take_while(|(one, other)| one == other).count();
        let (old, new) = (&before[first..], &after[first..]);
        let last = old.iter().rev().zip(new.iter().rev()).take_while(|(one, other)| one == other).count();
        let (old, new) = (&old[..old.len() - last], &new[..new.len() - last]);
        let common = if old.len().max(new.len()) > COMPARED { Vec::new() } else { common_lines(old, new) };
        let (mut lines, mut at, mut to) = (Vec::new(), 0, 0);
        for (one, other) in common.into_iter().chain([(old.len(), new.len())]) {
            let gone = (at..one).map(|index| Line { number: first + index + 1, added: false, text: old[index] });
            let come = (to..other).map(|index| Line { number: first + index + 1, added: true, text: new[index] });
            lines.extend(gone.chain(come));
            (at, to) = (one + 1, other + 1);
        }
        lines
    }
}

/// The longest sequence of lines that both have, by their places in each.
fn common_lines(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    let mut lengths = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for one in (0..old.len()).rev() {
        for other in (0..new.len()).rev() {
            lengths[one][other] = if old[one] == new[other] {
                lengths[one + 1][other + 1] + 1
            } else {
                lengths[one + 1][other].max(lengths[one][other + 1])
            };
        }
    }
    let (mut one, mut other, mut common) = (0, 0, Vec::new());
    while one < old.len() && other < new.len() {
        if old[one] == new[other] {
            common.push((one, other));
            (one, other) = (one + 1, other + 1);
        } else if lengths[one + 1][other] >= lengths[one][other + 1] {
            one += 1;
        } else {
            other += 1;
        }
    }
    common
}

/// What a path may have been meant to be, among the files of the site.
pub fn meant_file(snapshot: &Snapshot, path: &str) -> Option<String> {
    closest_of_many(path, snapshot.files().map(|file| &*file.path)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_that_change_are_told_and_no_others() {
        let change = Change { path: "x", before: "a\nb\nc\nd\ne\n", after: "a\nB\nc\nd\nx\ne\n" };
        let lines: Vec<String> = change
            .lines()
            .into_iter()
            .map(|line| format!("{}{}{}", line.number, if line.added { '+' } else { '-' }, line.text))
            .collect();
        assert_eq!(lines, ["2-b", "2+B", "5+x"]);
        assert!(Change { path: "x", before: "a\n", after: "a\n" }.lines().is_empty());
    }
}
