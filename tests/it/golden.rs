//! Golden trees: small sites in `tests/golden/<name>/`, each with the site it must become in `expected/`.
//!
//! `ANSLAG_UPDATE=1 cargo test --test it golden` writes them anew; what has changed is then reviewed as a diff. They have a
//! small theme of their own, so that only what the program itself does is held.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::site::{Files, Site, files_in, repository};

fn trees() -> Vec<PathBuf> {
    let folder = repository().join("tests/golden");
    let mut trees: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the trees are there")
        .map(|entry| entry.expect("the trees can be read").path())
        .collect();
    trees.sort();
    trees
}

#[test]
fn the_sites_are_as_they_were_reviewed() {
    for tree in trees() {
        let built = Site::copy_of(&tree).build().well().public.clone();
        let expected = tree.join("expected");
        if std::env::var_os("ANSLAG_UPDATE").is_some() {
            update(&expected, &built);
        }
        compare(&tree, &files_in(&expected), &built);
    }
}

fn update(expected: &Path, built: &Files) {
    let _ = fs::remove_dir_all(expected);
    for (path, bytes) in built {
        let file = expected.join(path);
        fs::create_dir_all(file.parent().expect("a file is in a folder")).expect("folders can be made");
        fs::write(file, bytes).expect("files can be written");
    }
}

/// Every file that is expected is built, and none besides.
fn compare(tree: &Path, expected: &Files, built: &Files) {
    let paths: BTreeSet<&String> = expected.keys().chain(built.keys()).collect();
    let mut differences = Vec::new();
    for path in paths {
        match (expected.get(path), built.get(path)) {
            (Some(expected), Some(built)) if expected == built => {}
            (Some(expected), Some(built)) => differences.push(format!("{path}: {}", first_difference(expected, built))),
            (Some(_), None) => differences.push(format!("{path} is expected, but was not built")),
            (None, _) => differences.push(format!("{path} was built, but is not expected")),
        }
    }
    assert!(
        differences.is_empty(),
        "{}:\n{}\nwrite them anew with ANSLAG_UPDATE=1 if this is meant",
        tree.display(),
        differences.join("\n")
    );
}

fn first_difference(expected: &[u8], built: &[u8]) -> String {
    let (expected, built) = (String::from_utf8_lossy(expected), String::from_utf8_lossy(built));
    let line = expected.lines().zip(built.lines()).position(|(expected, built)| expected != built);
    let line = line.unwrap_or(expected.lines().count().min(built.lines().count()));
    let show = |text: &str| text.lines().nth(line).unwrap_or("(the end)").to_owned();
    format!("line {}\n  expected {}\n  built    {}", line + 1, show(&expected), show(&built))
}
