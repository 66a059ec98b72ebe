//! Which folders a site may be published into.

use std::fs;
use std::path::Path;

use super::journal::STAGING;
use super::ledger::whole;
use super::{Ledger, Record, Wishes};

/// What a folder may hold that is meant for a site and has none yet: what git, hosts and file systems put there.
const AT_HOME: &[&str] =
    &[".DS_Store", ".git", ".gitignore", ".gitkeep", ".nojekyll", ".well-known", "CNAME", "lost+found", STAGING];

/// Why a site may not be published into a folder. This can be told before anything is made.
pub fn refusal(root: &Path, output: &Path, wishes: Wishes) -> Option<String> {
    let (root, whole) = (whole(root), whole(output));
    let refuse = |why: &str| Some(format!("refusing to publish into {}: {why}", whole.display()));
    if whole.parent().is_none() {
        return refuse("it is the whole file system");
    }
    if root.starts_with(&whole) {
        return refuse("the site's own sources are in it");
    }
    let inputs = ["content", "themes", "theme", ".git", ".anslag", "site.yaml"];
    if let Some(input) = inputs.iter().find(|input| whole.starts_with(root.join(input))) {
        return refuse(&format!("`{input}` of the site is there"));
    }
    if std::env::home_dir().is_some_and(|home| super::whole(&home).starts_with(&whole)) {
        return refuse("it is your home folder, or that is in it");
    }
    let is_taken = || !wishes.adopt && holds_something(&whole) && !is_known(&root, &whole);
    is_taken().then(|| {
        format!(
            "refusing to publish into {}: it is not empty, and anslag knows of no build of its own into it\n\
             if the site belongs there, as when `.anslag/` was lost, build once with `--adopt`: files where those of the site go \
             are replaced then, all others stay; or choose another folder with `--output`",
            whole.display()
        )
    })
}

fn holds_something(output: &Path) -> bool {
    let entries = fs::read_dir(output).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name()).any(|name| !AT_HOME.iter().any(|at_home| name == *at_home))
}

fn is_known(root: &Path, output: &Path) -> bool {
    Ledger::read(root, output) != Ledger::default() || Record::exists(root, output)
}
