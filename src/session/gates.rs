//! What the site has decided about its gates, held against what they found: levels, and waivers with a last day.

use std::collections::BTreeSet;

use super::{Contents, Session, codes};
use crate::code;
use crate::config::gates::{Gate, REPEATED_WAIVER};
use crate::data::Located;
use crate::diagnostic::{Code, Diagnostic, Place, Report, Severity};
use crate::kind::page::statement::lets_faults_pass;
use crate::model::Waiver;
use crate::model::catalogue::Missing;
use crate::model::common::Desk;
use crate::model::registry::Person;
use crate::text::date::Moment;
use crate::text::suggest::closest;

code! { pub UNKNOWN_GATE = "unknown-gate", Error, "a check that cannot be lowered, or that does not exist",
"`gates` and `waivers` name the codes of checks that hinder publishing but not the making of a page, such as \
`image-without-alt`. `anslag explain` marks them with a star. What would leave a page wrong or half, such as a key that \
means nothing, cannot be lowered." }
code! { pub WAIVER_ENDED = "waiver-ended", Error, "a waiver whose last day has passed",
"A waiver is a promise to mend something by a day. When the day has passed nothing is published until it is mended and \
the waiver taken away, or somebody has taken on a new day." }
code! { pub UNUSED_WAIVER = "unused-waiver", Warning, "a waiver for what is not there",
"The accessibility statement tells readers of every waiver. One whose fault has been mended tells them of a fault that \
is not there: take it away." }
code! { pub WAIVER_PATH = "waiver-path", Error, "a waiver for a file or a folder that is not there",
"The `path` of a waiver in `site.yaml` is a file, or a folder with its last `/`, from the site's folder: `content/blog/2019/`. \
With any other it spares nothing, and yet the accessibility statement tells of it." }
code! { pub WAIVER_OWNER_LEFT = "waiver-owner-left", Warning, "a waiver whose owner has left",
"A waiver is somebody's promise to mend something. Its owner has an `until` that has passed: let somebody else take it on." }
code! { pub UNUSED_LEVEL = "unused-level", Warning, "a lowered gate at which nothing is found",
"The accessibility statement tells readers of every gate of accessibility that `gates` lowers, since it is written before \
anybody knows what is found there. A gate at which nothing is found any more tells them of faults that are not there." }

/// The findings of this module.
pub const CODES: &[&Code] =
    &[&UNKNOWN_GATE, &WAIVER_ENDED, &UNUSED_WAIVER, &WAIVER_PATH, &WAIVER_OWNER_LEFT, &UNUSED_LEVEL];

impl Session {
    /// Gives the findings of gates the weight that the site has decided, and reports decisions that are wrong or ended.
    pub fn judge(&self, contents: &Contents, report: &mut Report) {
        let waivers = &contents.registry.waivers;
        let mut found = Report::default();
        for (code, gate) in &self.settings.gates.0 {
            check_code(code, &gate.place, &mut found);
        }
        self.settings.waivers.iter().for_each(|keys| self.check_path(&keys.path, &mut found));
        for (index, waiver) in waivers.iter().enumerate() {
            check_code(&waiver.code.value, &waiver.code.place, &mut found);
            check_repeated(&waivers[..index], waiver, &mut found);
            let owner = contents.registry.person(&waiver.owner, &mut found);
            found.extend(owner.and_then(|owner| owner_left(waiver, owner, &self.desk(&contents.clock))));
            if waiver.has_ended(&self.desk(&contents.clock)) {
                found.push(ended(waiver));
            }
        }
        let used = self.weigh(contents, report);
        // Where something else is wrong, a waiver may be for what could not be found.
        if !report.has_errors() && !found.has_errors() {
            let unused = waivers.iter().enumerate().filter(|(index, _)| !used.contains(index));
            unused.for_each(|(_, waiver)| found.push(unused_waiver(waiver)));
            self.check_unused_levels(report, &mut found);
        }
        report.merge(found);
    }

    /// Reports a path of the settings at which nothing is.
    fn check_path(&self, path: &Located<String>, report: &mut Report) {
        let files = || self.snapshot.under("").map(|file| &*file.path);
        let folders: BTreeSet<&str> = files().flat_map(folders_of).collect();
        let Located { value: written, place } = path;
        if folders.contains(written.as_str()) || self.snapshot.file(written).is_some() {
            return;
        }
        let words = format!("there is no file or folder `{}`", written.escape_debug());
        let as_folder = folders.get(format!("{written}/").as_str()).copied();
        let meant = as_folder.or_else(|| closest(written, folders.iter().copied().chain(files())));
        let help = match meant {
            Some(meant) => format!("write `{meant}`"),
            None => "write a file, or a folder with its last `/`, from the site's folder".to_owned(),
        };
        report.push(Diagnostic::new(&WAIVER_PATH, words).at(place.clone()).help(help));
    }

    /// Reports gates that the accessibility statement tells of though nothing is found at them.
    fn check_unused_levels(&self, report: &Report, found: &mut Report) {
        let codes: BTreeSet<&str> = report.sorted().iter().map(|diagnostic| diagnostic.code.name).collect();
        for (code, gate) in self.settings.gates.0.iter().filter(|_| self.settings.statement.is_some()) {
            if lets_faults_pass(code, gate) && !codes.contains(code.as_str()) {
                found.push(unused_level(code, gate));
            }
        }
    }

    /// Gives each finding of a gate its weight, and tells which waivers had something to spare.
    fn weigh(&self, contents: &Contents, report: &mut Report) -> BTreeSet<usize> {
        let (waivers, desk, drafts) = (&contents.registry.waivers, self.desk(&contents.clock), drafts(contents));
        let mut used = BTreeSet::new();
        for diagnostic in report.iter_mut().filter(|diagnostic| diagnostic.code.gate) {
            let (code, place) = (diagnostic.code.name, diagnostic.place.clone());
            let path = place.as_ref().map_or("", |place| &place.path);
            let covering = waivers.iter().enumerate().filter(|(_, waiver)| waiver.covers(code, path));
            used.extend(covering.clone().map(|(index, _)| index));
            let holds = covering.map(|(_, waiver)| waiver).find(|waiver| !waiver.has_ended(&desk));
            if drafts.contains(path) {
                diagnostic.severity = diagnostic.severity.max(Severity::Warning);
            } else if let Some(waiver) = holds {
                spare(diagnostic, waiver);
            } else if let Some(gate) = self.settings.gates.0.get(code) {
                diagnostic.severity = gate.keys.level.severity();
            }
        }
        used
    }
}

/// The files of drafts: what is not finished may fail; before it is published it must not.
fn drafts<'a>(contents: &'a Contents) -> BTreeSet<&'a str> {
    let hidden = contents.catalogue.missing.iter().filter(|(_, why)| **why == Missing::Draft).map(|(path, _)| &**path);
    let shown = contents.entries.iter().filter(|(_, entry)| entry.common().draft);
    hidden.chain(shown.map(|(document, _)| &*document.path)).collect()
}

/// The folders that a file stands in, each with its last `/`.
fn folders_of(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..=at])
}

fn spare(diagnostic: &mut Diagnostic, waiver: &Waiver) {
    let (until, owner) = (waiver.until.value.day(), &waiver.owner.value);
    diagnostic.severity = Severity::Info;
    diagnostic.related.push((waiver.code.place.clone(), format!("waived until {until}, by `{owner}`")));
}

fn check_code(code: &str, place: &Place, report: &mut Report) {
    let known = codes();
    let words = match known.iter().find(|known| known.name == code) {
        Some(found) if found.gate => return,
        Some(_) => format!("`{code}` cannot be lowered"),
        None => format!("there is no check `{}`", code.escape_debug()),
    };
    let diagnostic = Diagnostic::new(&UNKNOWN_GATE, words).at(place.clone());
    let gates = known.iter().filter(|known| known.gate).map(|known| known.name);
    report.push(match closest(code, gates) {
        Some(meant) => diagnostic.meant(meant),
        None => diagnostic.help("`anslag explain` marks those that can with a star"),
    });
}

fn check_repeated(earlier: &[Waiver], waiver: &Waiver, report: &mut Report) {
    let same = |other: &&Waiver| other.code.value == waiver.code.value && other.scope == waiver.scope;
    if let Some(first) = earlier.iter().find(same) {
        let words = format!("`{}` is waived twice for `{}`", waiver.code.value, waiver.scope);
        let (at, first) = (waiver.code.place.clone(), first.code.place.clone());
        report.push(Diagnostic::new(&REPEATED_WAIVER, words).at(at).related(first, "first here"));
    }
}

fn ended(waiver: &Waiver) -> Diagnostic {
    let Located { value: until, place } = &waiver.until;
    Diagnostic::new(&WAIVER_ENDED, format!("the waiver of `{}` held until {}", waiver.code.value, until.day()))
        .at(place.clone())
        .help("mend the fault and take the waiver away, or agree with its owner on a new day")
}

fn owner_left(waiver: &Waiver, owner: &Person, desk: &Desk) -> Option<Diagnostic> {
    let has_left = |until: &Moment| desk.clock.has_come_for_words(until.over(&desk.settings.zone));
    let until = owner.until.filter(has_left)?;
    let words = format!("{} left after {}, and nobody sees to this waiver", owner.name, until.day());
    Some(Diagnostic::new(&WAIVER_OWNER_LEFT, words).at(waiver.owner.place.clone()).help("name a new owner"))
}

fn unused_waiver(waiver: &Waiver) -> Diagnostic {
    let words = format!("there is no `{}` in `{}`", waiver.code.value, waiver.scope);
    Diagnostic::new(&UNUSED_WAIVER, words)
        .at(waiver.code.place.clone())
        .help("take the waiver away: the accessibility statement tells of it")
}

fn unused_level(code: &str, gate: &Gate) -> Diagnostic {
    Diagnostic::new(&UNUSED_LEVEL, format!("`{code}` is lowered, and nothing is found"))
        .at(gate.place.clone())
        .help("take the line away: the accessibility statement tells of it")
}
