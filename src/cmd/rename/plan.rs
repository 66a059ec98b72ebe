//! All that a new name changes: the site as it would be, the files in an order in which nothing can be lost, and what is said of them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::json;

use super::{Goal, What};
use crate::addresses::{ADDRESSES, Addresses};
use crate::cmd::arguments::{Common, ReportFormat};
use crate::cmd::change::{Change, Line, is_as_read, put};
use crate::cmd::finished::Finished;
use crate::cmd::print;
use crate::diagnostic::{Diagnostic, Report};
use crate::publish::{Lock, replace, settle};
use crate::session::{Edited, Moved, Options, Session};
use crate::source::Snapshot;

/// All that is to be written.
pub struct Plan<'a> {
    pub goal: &'a Goal,
    pub moved: &'a Moved,
    pub edited: &'a [Edited],
    pub addresses: Option<&'a Addresses>,
}

impl Plan<'_> {
    /// The site as it would be.
    pub fn site(&self, options: &Options) -> Result<Finished> {
        let mut report = Report::default();
        let mut snapshot = Snapshot::read(&options.root, &mut report)?;
        for (from, to) in self.moved.paths.iter().filter(|(from, to)| !from.ends_with('/') && from != to) {
            snapshot = snapshot.with_moved(from, to);
        }
        for edited in self.edited {
            snapshot = snapshot.with_text(&edited.to, &edited.after);
        }
        if let Some(addresses) = self.addresses {
            snapshot = snapshot.with_text(ADDRESSES, &addresses.write());
        }
        Finished::of_snapshot(options, snapshot, report)
    }

    /// Writes the texts that stay where they are, then what is known of addresses, and last what moves.
    pub fn write(&self, common: &Common, session: &Session) -> Result<()> {
        let _alone = Lock::wait_for_sources(&common.root);
        for edited in self.edited {
            if !is_as_read(common, &edited.path, &edited.before)? {
                bail!(
                    "{} has been changed by somebody else meanwhile, and nothing was written: try again",
                    edited.path
                );
            }
        }
        for edited in self.edited.iter().filter(|edited| *edited.path == *edited.to) {
            put(common, &Change { path: &edited.path, before: &edited.before, after: &edited.after })?;
        }
        if let Some(addresses) = self.addresses {
            settle(&common.root, &session.snapshot, &addresses.write())?;
        }
        match &self.goal.what {
            What::Document { folders: Some((from, to)), .. } if from != to => self.move_folder(common, from, to),
            What::Document { path, to, .. } if **path != **to => self.move_file(common, path, to),
            _ => Ok(()),
        }
    }

    /// Moves a folder at one stroke, and then writes the texts in it.
    fn move_folder(&self, common: &Common, from: &str, to: &str) -> Result<()> {
        let (old, new) = (common.root.join(from.trim_end_matches('/')), common.root.join(to.trim_end_matches('/')));
        make_room(&new)?;
        fs::rename(&old, &new).with_context(|| format!("cannot move {} to {}", old.display(), new.display()))?;
        for edited in self.edited.iter().filter(|edited| *edited.path != *edited.to) {
            put(common, &Change { path: &edited.to, before: &edited.before, after: &edited.after })?;
        }
        Ok(())
    }

    /// Writes a document at its new place, and takes it away at the old one.
    fn move_file(&self, common: &Common, from: &str, to: &str) -> Result<()> {
        let (old, new) = (common.root.join(from), common.root.join(to));
        make_room(&new)?;
        let edited = self.edited.iter().find(|edited| *edited.path == *from);
        let Some(edited) = edited else {
            return fs::rename(&old, &new)
                .with_context(|| format!("cannot move {} to {}", old.display(), new.display()));
        };
        let permissions = fs::metadata(&old).with_context(|| format!("cannot read {}", old.display()))?.permissions();
        replace(&new, edited.after.as_bytes())?;
        fs::set_permissions(&new, permissions).with_context(|| format!("cannot write {}", new.display()))?;
        if !is_as_read(common, from, &edited.before)? {
            bail!("{from} has been changed by somebody else meanwhile, and is left beside {to}: keep one of them");
        }
        fs::remove_file(&old)
            .with_context(|| format!("cannot remove {}, which is at {} now", old.display(), new.display()))
    }

    /// Says which files change, where, and what moves.
    pub fn tell(&self, common: &Common, warnings: &Report, dry_run: bool) -> Result<()> {
        let moves = match &self.goal.what {
            What::Document { folders: Some((from, to)), .. } if from != to => Some((from.clone(), to.clone())),
            What::Document { path, to, .. } if **path != **to => Some((path.to_string(), to.clone())),
            _ => None,
        };
        if common.format == ReportFormat::Json {
            let pair = |pair: &(String, String)| json!({"from": pair.0, "to": pair.1});
            let warning = |found: &Diagnostic| json!({"code": found.code.name, "message": found.message});
            let answer = json!({
                "written": !dry_run,
                "moved": moves.as_ref().map(pair),
                "address": self.goal.address.as_ref().map(pair),
                "files": self.edited.iter().map(file_json).collect::<Vec<_>>(),
                "addresses_changed": self.addresses.is_some(),
                "warnings": warnings.sorted().into_iter().map(warning).collect::<Vec<_>>(),
            });
            return print(&format!("{}\n", serde_json::to_string_pretty(&answer)?));
        }
        let mut text = moves.map(|(from, to)| format!("{from} → {to}\n")).unwrap_or_default();
        for edited in self.edited {
            text.push_str(&file_text(edited, dry_run));
        }
        if self.addresses.is_some() {
            text.push_str(&format!("{ADDRESSES}\n"));
        }
        print(&text)
    }
}

/// Sees to it that a place is free, and that the folder is there that it lies in.
fn make_room(place: &Path) -> Result<()> {
    if place.symlink_metadata().is_ok() {
        bail!("{} is there by now, and was left as it is", place.display());
    }
    let folder = place.parent().unwrap_or(place);
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))
}

fn file_text(edited: &Edited, dry_run: bool) -> String {
    let count = match edited.references {
        0 => String::new(),
        1 => ": 1 reference".to_owned(),
        many => format!(": {many} references"),
    };
    let mut text = format!("{}{count}\n", edited.to);
    let change = Change { path: &edited.path, before: &edited.before, after: &edited.after };
    let lines = if dry_run { change.lines() } else { Vec::new() };
    let width = lines.iter().map(|line| line.number.to_string().len()).max().unwrap_or(0);
    for Line { number, added, text: line } in &lines {
        text.push_str(&format!("  {number:>width$} {} {line}\n", if *added { '+' } else { '-' }));
    }
    text
}

fn file_json(edited: &Edited) -> serde_json::Value {
    let change = Change { path: &edited.path, before: &edited.before, after: &edited.after };
    let line = |line: Line| json!({"line": line.number, "added": line.added, "text": line.text});
    json!({
        "file": &*edited.path,
        "to": edited.to,
        "references": edited.references,
        "lines": change.lines().into_iter().map(line).collect::<Vec<_>>(),
    })
}
