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

/// One line from standard output.
fn digest(site: &Site, options: &[&str]) -> String {
    let options = [&["build", "--digest"], options].concat();
    let built = site.run(options);
    built.exits(0);
    assert_eq!(built.stdout.lines().count(), 1, "{}", built.stdout);
    built.stdout.trim_end().to_owned()
}

#[test]
fn one_hash_tells_two_sites_apart_and_can_be_checked_without_anslag() {
    let site = Site::plain().file("content/blog/x.md", "---\ntitle: Ett\ndate: 2026-10-01\nsummary: S.\n---\nText.\n");
    let first = digest(&site, &[]);
    let mut command = std::process::Command::new("sh");
    let line = "find . -type f -printf '%P\\0' | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum";
    command.args(["-c", line]).current_dir(site.path("public"));
    assert_eq!(run(command).stdout.split(' ').next(), Some(first.as_str()), "the tools of the system say the same");
    // Nothing has changed; made anew; elsewhere; with one thread.
    assert_eq!(digest(&site, &[]), first);
    assert_eq!(digest(&site, &["--threads", "1", "--output", "annat"]), first);
    fs::remove_dir_all(site.path(".anslag")).unwrap();
    assert_eq!(digest(&site, &["--adopt"]), first);
    // A byte more is another site, and without it the first one again.
    let before = fs::read(site.path("content/blog/x.md")).unwrap();
    site.edit("content/blog/x.md", |text| text + "Mer.\n");
    assert_ne!(digest(&site, &[]), first);
    site.write("content/blog/x.md", before);
    assert_eq!(digest(&site, &[]), first);
    // Files of others are no part of it, and a file that somebody changed by hand is mended before it counts.
    site.write("public/.gitkeep", "");
    site.write("public/index.html", "x");
    assert_eq!(digest(&site, &[]), first);
    let built: serde_json::Value =
        serde_json::from_str(&site.run(["build", "--digest", "--format", "json"]).stdout).unwrap();
    assert_eq!(built["build"]["digest"], first.as_str(), "{built:#}");
    site.run(["build", "--digest", "--format", "sarif"]).exits(2).says("--digest");
    // A site with errors has none.
    site.write("content/blog/x.md", "---\ntitel: Ett\n---\n");
    assert_eq!(site.run(["build", "--digest"]).exits(1).stdout, "");
}

#[test]
fn neither_the_mask_of_new_files_nor_the_path_of_the_checkout_reaches_the_site() {
    let site = Site::copy_of(repository());
    let plain = digest(&site, &[]);
    for (mask, folder) in [("000", "a"), ("077", "en mapp med mellanslag/och å"), ("027", "public/content/themes")] {
        let elsewhere = Folder::new();
        let root = elsewhere.0.join(folder);
        fs::create_dir_all(&root).unwrap();
        for input in ["site.yaml", "content", "themes", "theme", "links.lock"] {
            let mut command = std::process::Command::new("cp");
            command.arg("-R").arg(site.path(input)).arg(&root);
            run(command);
        }
        let mut command = std::process::Command::new("sh");
        let line = format!("umask {mask}; exec \"$0\" build -q --digest --now {NOW}");
        command.args(["-c", &line]).arg(program().get_program()).current_dir(&root);
        let built = run(command);
        built.exits(0);
        assert_eq!(built.stdout.trim_end(), plain, "the mask {mask} and the folder {folder}");
    }
}
