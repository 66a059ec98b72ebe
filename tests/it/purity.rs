//! The site is a function of its sources, its theme, its settings and `--now`. Nothing else reaches a byte of it.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use crate::site::{Files, Folder, NOW, Site, files_in, program, repository, run};

/// Builds the site in a folder, in its own way, into a folder of its own.
fn build(root: &Path, options: &[&str], environment: &[(&str, &str)], here: &Path) -> Files {
    let output = Folder::new();
    let mut command = program();
    command.args(["build", "-q", "--now", NOW]).args(options).envs(environment.iter().copied()).current_dir(here);
    command.arg("--root").arg(root).arg("--output").arg(&output.0);
    let built = run(command);
    assert_eq!(built.stderr, "");
    built.exits(0);
    files_in(&output.0)
}

#[track_caller]
fn assert_same(one: &Files, other: &Files, why: &str) {
    let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    let different: Vec<_> = names.into_iter().filter(|name| one.get(*name) != other.get(*name)).collect();
    assert!(different.is_empty(), "{why} reaches {different:?}");
}

#[test]
fn neither_threads_nor_zone_nor_language_nor_place_reach_the_site() {
    let site = Site::copy_of(repository());
    let (root, here) = (site.path(""), site.path("content"));
    let plain = build(&root, &["--threads", "1"], &[], &root);
    assert!(plain.len() > 80, "the site of this repository is built");
    assert_same(&plain, &build(&root, &["--threads", "4"], &[], &root), "the number of threads");
    let foreign =
        [("TZ", "Pacific/Kiritimati"), ("LANG", "tr_TR.UTF-8"), ("LC_ALL", "tr_TR.UTF-8"), ("SOURCE_DATE_EPOCH", "1")];
    assert_same(&plain, &build(&root, &[], &foreign, &root), "the environment");
    assert_same(&plain, &build(Path::new(".."), &[], &[], &here), "the working directory");
    let same_instant = ["--now", "2026-11-21T11:00:00Z"];
    let mut command = program();
    let output = Folder::new();
    command.args(["build", "-q"]).args(same_instant).arg("--output").arg(&output.0).current_dir(&root);
    run(command).exits(0);
    assert_same(&plain, &files_in(&output.0), "how `--now` is written");
}

#[test]
fn the_times_order_and_modes_of_a_checkout_do_not_reach_the_site() {
    let site = Site::copy_of(repository());
    let root = site.path("");
    let plain = build(&root, &[], &[], &root);
    let copy = Site::copy_of(&root);
    let files = files_in(&copy.path("content"));
    // Written again in the opposite order, at other times, with other modes.
    for (nth, (path, bytes)) in files.iter().rev().enumerate() {
        let place = copy.path("content").join(path);
        fs::remove_file(&place).unwrap();
        fs::write(&place, bytes).unwrap();
        fs::set_permissions(&place, fs::Permissions::from_mode(0o400)).unwrap();
        let moment = UNIX_EPOCH + Duration::from_secs(86_400 * (nth as u64 + 1));
        File::open(&place).unwrap().set_modified(moment).unwrap();
    }
    assert_same(&plain, &build(&copy.path(""), &[], &[], &copy.path("")), "the checkout");
}

#[test]
fn what_else_lies_in_the_folder_does_not_reach_the_site() {
    let site = Site::plain();
    let plain = site.build().well().public.clone();
    for path in
        ["README.md", ".git/config", "content/blog/.swp", "content/blog/x.md~", "content/.DS_Store", "anteckningar.txt"]
    {
        site.write(path, "---\ntitel: inget\n");
    }
    site.build().well();
    assert_same(&plain, &site.public(), "what lies beside the sources");
}
