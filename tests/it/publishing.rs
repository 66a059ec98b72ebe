//! What readers of the output folder find while it is published, and which folders are published into.

use std::fs::{self, File};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::site::{Files, Folder, Run, Site, files_in};

const POST: &str =
    "---\ntitle: Ett inlägg\ndate: 2026-11-01\nauthor: anna-berg\nsummary: Kort sagt.\n---\nDen första texten.\n";
const PATH: &str = "content/blog/inlagg.md";
const PAGE: &str = "public/blogg/inlagg/index.html";

fn site() -> Site {
    Site::plain().file(PATH, POST)
}

fn number(site: &Site, path: &str) -> u64 {
    fs::metadata(site.path(path)).expect("it is there").ino()
}

fn edit(site: &Site, nth: usize) {
    site.write(PATH, POST.replace("första", &format!("{nth}:e")));
}

/// A name in the output folder, and how something is put there that cannot be moved.
type Plant<'a> = (&'a str, &'a dyn Fn(&Path));

/// The text that is published.
fn shown(run: &Run) -> String {
    run.page("/blogg/inlagg/").text("main")
}

// At one stroke.

/// Counts to the end when it is let go.
struct End<'a>(&'a AtomicUsize);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(usize::MAX, Ordering::SeqCst);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_reader_finds_one_whole_site_at_every_instant() {
    let site = site();
    let states: Vec<Files> = [0, 1]
        .map(|nth| {
            edit(&site, nth);
            if nth == 1 {
                site.write("content/blog/nytt.md", POST);
            }
            site.build().well().public.clone()
        })
        .into();
    let (builds, reads) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let read = || {
        while builds.load(Ordering::SeqCst) < 12 {
            let before = builds.load(Ordering::SeqCst);
            // As a process that copies the folder: it is opened once.
            let folder = File::open(site.path("public")).expect("it is there at every instant");
            let found = files_in(&PathBuf::from(format!("/proc/self/fd/{}", folder.as_raw_fd())));
            // The tree that was shown stays as it is until the build after the next.
            if builds.load(Ordering::SeqCst) == before {
                assert!(states.contains(&found), "the site is whole: {:?}", found.keys());
                reads.fetch_add(1, Ordering::SeqCst);
            }
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(read);
        // Whoever reads ends with the builds, also when one fails.
        let _end = End(&builds);
        for nth in 0..12 {
            edit(&site, nth % 2);
            match nth % 2 {
                0 => {
                    site.remove("content/blog/nytt.md");
                    site.forget("/blogg/nytt/");
                }
                _ => site.write("content/blog/nytt.md", POST),
            }
            let run = site.build();
            builds.fetch_add(1, Ordering::SeqCst);
            run.exits(0);
        }
    });
    assert!(reads.load(Ordering::SeqCst) > 12, "{reads:?} times the folder was read");
}

#[test]
#[cfg(target_os = "linux")]
fn a_build_writes_what_has_changed_and_keeps_the_rest() {
    let site = site();
    site.build().well();
    let paths = ["public/index.html", "public/sitemap.xml", "public/personer/anna-berg/index.html"];
    for nth in 1..=4 {
        let (folder, page) = (number(&site, "public"), number(&site, PAGE));
        let others: Vec<u64> = paths.iter().map(|path| number(&site, path)).collect();
        edit(&site, nth);
        assert!(shown(site.build().well()).contains(&format!("{nth}:e texten")));
        assert_ne!(number(&site, "public"), folder, "the folder is exchanged");
        assert_ne!(number(&site, PAGE), page, "a file that changes is a new one");
        let after: Vec<u64> = paths.iter().map(|path| number(&site, path)).collect();
        assert_eq!(after, others, "the others are the same files");
        let run = site.run(["build", "-v"]);
        assert!(!run.exits(0).stderr.contains("understand"), "and nothing is read when nothing has changed");
    }
}

#[test]
fn files_of_others_stay_the_same_files() {
    let site = site().file("public/CNAME", "mr.example.org").file("public/.gitkeep", "");
    site.build().well();
    site.write("public/blogg/min.txt", "min");
    let paths = ["public/CNAME", "public/.gitkeep", "public/blogg/min.txt"];
    let numbers: Vec<u64> = paths.iter().map(|path| number(&site, path)).collect();
    for nth in 1..=3 {
        edit(&site, nth);
        site.build().well();
        let after: Vec<u64> = paths.iter().map(|path| number(&site, path)).collect();
        assert_eq!(after, numbers);
    }
    site.write("public/CNAME", "annan.example.org");
    site.remove("public/blogg/min.txt");
    for nth in 4..=6 {
        edit(&site, nth);
        let run = site.build();
        run.well().has_no("/blogg/min.txt");
        assert_eq!(run.public["CNAME"], b"annan.example.org");
    }
}

#[test]
fn a_page_that_is_edited_by_hand_is_made_again_in_both_trees() {
    let site = site();
    for nth in 0..4 {
        edit(&site, nth);
        let whole = site.build().well().public.clone();
        // Through the name, so that the file is the same that the standby has.
        site.edit("public/index.html", |html| html.replace("<html", "<!-- min --><html"));
        site.build().well();
        assert!(site.public() == whole);
    }
}

#[test]
fn what_the_standby_holds_is_never_guessed() {
    let site = site();
    let kept = |what: &str| -> Vec<PathBuf> {
        let entries = fs::read_dir(site.path(".anslag")).expect("the folder is there");
        let paths = entries.map(|entry| entry.expect("an entry").path());
        paths.filter(|path| path.to_string_lossy().contains(what)).collect()
    };
    let spoil: [&dyn Fn(); 4] = [
        &|| kept("/shown-").iter().for_each(|note| fs::write(note, "något annat").expect("it can be written")),
        &|| kept("/shown-").iter().for_each(|note| fs::remove_file(note).expect("it can be removed")),
        &|| kept("/standby-").iter().for_each(|tree| fs::remove_dir_all(tree).expect("it can be removed")),
        &|| kept("/built-").iter().for_each(|record| fs::remove_file(record).expect("it can be removed")),
    ];
    for (nth, spoil) in spoil.iter().enumerate() {
        for nth in [10 * nth, 10 * nth + 1, 10 * nth + 2] {
            edit(&site, nth);
            site.build().well();
        }
        spoil();
        for nth in [10 * nth + 3, 10 * nth + 4, 10 * nth + 5] {
            edit(&site, nth);
            let run = site.build();
            assert!(shown(run.well()).contains(&format!("{nth}:e texten")));
            site.run(["build", "--audit"]).exits(0).says("0 files written");
        }
    }
}

#[test]
fn a_site_that_was_restored_from_a_copy_is_published_as_any_other() {
    let site = site();
    for nth in 0..3 {
        edit(&site, nth);
        site.build().well();
        for folder in ["public", ".anslag"] {
            fs::rename(site.path(folder), site.path("gammal")).expect("it can be moved");
            let copied = Command::new("cp").args(["-rp", "gammal", folder]).current_dir(site.path("")).status();
            assert!(copied.expect("`cp` is there").success());
            site.remove("gammal");
        }
        edit(&site, nth + 1);
        assert!(shown(site.build().well()).contains(&format!("{}:e texten", nth + 1)));
        site.run(["build", "--audit"]).exits(0).says("0 files written");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn the_folder_keeps_its_mode() {
    let site = site();
    site.build().well();
    for (nth, mode) in [0o750, 0o700, 0o755].into_iter().enumerate() {
        fs::set_permissions(site.path("public"), fs::Permissions::from_mode(mode)).expect("it can be set");
        edit(&site, nth);
        site.build().well();
        let found = fs::metadata(site.path("public")).expect("it is there").permissions().mode();
        assert_eq!(found & 0o7777, mode);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn an_output_elsewhere_is_exchanged_too() {
    let (site, elsewhere) = (site(), Path::new("/dev/shm"));
    let near = |path: &Path| fs::metadata(path).map(|found| found.dev()).ok();
    if near(elsewhere).is_none() || near(elsewhere) == near(&site.path("")) {
        println!("skipped: there is no second file system here");
        return;
    }
    let folder = elsewhere.join(format!("anslag-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder can be made");
    let output = folder.join("ut");
    let build = || site.run(["build", "--output", &output.to_string_lossy()]);
    build().exits(0);
    let first = fs::metadata(&output).expect("it is there").ino();
    for nth in 1..=3 {
        edit(&site, nth);
        build().exits(0).says(" files written, ");
        assert!(
            fs::read_to_string(output.join("blogg/inlagg/index.html"))
                .expect("it is there")
                .contains(&format!("{nth}:e"))
        );
    }
    assert_ne!(fs::metadata(&output).expect("it is there").ino(), first);
    fs::remove_dir_all(folder).expect("it can be removed");
}

// File by file.

#[test]
fn a_folder_that_holds_what_cannot_be_moved_is_kept() {
    let site = site();
    site.build().well();
    let outside = Folder::new();
    let plant: [Plant; 5] = [
        (".git", &|path| fs::create_dir(path).expect("a folder can be made")),
        (".git", &|path| fs::write(path, "gitdir: annanstans").expect("a file can be written")),
        ("annat", &|path| fs::create_dir(path).expect("a folder can be made")),
        ("lank", &|path| symlink(&outside.0, path).expect("a link can be made")),
        ("uttag", &|path| drop(UnixListener::bind(path).expect("a socket can be made"))),
    ];
    for (nth, (name, plant)) in plant.into_iter().enumerate() {
        let place = site.path("public").join(name);
        plant(&place);
        let folder = number(&site, "public");
        edit(&site, nth);
        let run = site.run(["build"]);
        run.exits(0).says(" 0 removed");
        assert_eq!(number(&site, "public"), folder, "with `{name}` the folder stays");
        assert!(fs::symlink_metadata(&place).is_ok(), "`{name}` stays");
        assert!(fs::read_to_string(site.path(PAGE)).expect("it is there").contains(&format!("{nth}:e texten")));
        let _ = fs::remove_file(&place);
        let _ = fs::remove_dir(&place);
    }
    assert_eq!(files_in(&outside.0).len(), 0);
    site.run(["build", "--audit"]).exits(0).says("0 files written");
}

#[test]
fn in_place_keeps_the_folder_and_writes_new_files() {
    let site = site().with("--in-place");
    site.build().well();
    let (folder, page, other) = (number(&site, "public"), number(&site, PAGE), number(&site, "public/index.html"));
    edit(&site, 7);
    assert!(shown(site.build().well()).contains("7:e texten"));
    assert_eq!(number(&site, "public"), folder);
    assert_eq!(number(&site, "public/index.html"), other);
    assert_ne!(number(&site, PAGE), page, "whoever reads the old page reads it to its end");
    site.remove(PATH);
    site.forget("/blogg/");
    site.build().well().has_no("/blogg/inlagg/");
    assert!(!site.path("public/blogg/inlagg").exists());
    let run = site.run(["build", "-v"]);
    assert!(!run.exits(0).stderr.contains("understand"));
}

// Which folders.

#[test]
fn a_folder_that_is_not_empty_is_taken_over_only_when_asked() {
    let site = site().file("public/index.html", "min sida").file("public/egen.txt", "min");
    let before = site.public();
    let run = site.run(["build"]);
    run.exits(2).says("public: it is not empty").says("`--adopt`");
    assert!(run.public == before, "nothing is written");
    let run = site.run(["build", "--adopt"]);
    run.exits(0).page("/").has("<html");
    assert_eq!(run.public["egen.txt"], b"min");
    edit(&site, 1);
    let run = site.build();
    run.well();
    assert_eq!(run.public["egen.txt"], b"min");
    // What comes later and stands in the way is met by name.
    site.write("public/blogg/nytt/index.html", "min");
    site.write("content/blog/nytt.md", POST);
    site.run(["build"]).exits(3).says("public/blogg/nytt/index.html is in the way").says("`--adopt`");
    site.run(["build", "--adopt"]).exits(0).page("/blogg/nytt/").says("Ett inlägg");
}

#[test]
fn what_hosts_and_git_put_into_an_empty_folder_is_not_in_the_way() {
    let site = site().file("public/.gitkeep", "").file("public/CNAME", "mr.example.org").file("public/.nojekyll", "");
    let run = site.build();
    run.well();
    assert_eq!(run.public["CNAME"], b"mr.example.org");
}

#[test]
fn a_lost_memory_is_got_over_with_adopt() {
    let site = site();
    site.build().well();
    fs::remove_dir_all(site.path(".anslag")).expect("there was a build");
    edit(&site, 1);
    site.run(["build"]).exits(2).says("as when `.anslag/` was lost");
    site.run(["build", "--adopt"]).exits(0);
    site.run(["build", "--audit"]).exits(0).says("0 files written");
}

#[test]
fn folders_that_hold_something_else_are_refused_before_anything_is_made() {
    let site = site();
    let home = Folder::new();
    fs::create_dir_all(home.0.join("inre")).expect("a folder can be made");
    let refuse = |output: &str, words: &str| {
        let mut command = site.command(["build", "--adopt", "--output", output]);
        command.env("HOME", &home.0);
        site.finish(command).exits(2).says("refusing to publish into").says(words);
    };
    refuse("/", "the whole file system");
    for output in [".", "..", "public/..", "public/../ut/.."] {
        refuse(output, "the site's own sources are in it");
    }
    for output in ["content", "content/blog/ut", "themes", "theme/ut", ".git", ".anslag/ut", "site.yaml"] {
        refuse(output, "of the site is there");
    }
    refuse(&home.0.to_string_lossy(), "home folder");
    symlink(&home.0, site.path("hem")).expect("a link can be made");
    refuse("hem", "home folder");
    refuse("hem/inre/..", "home folder");
    assert!(!site.path(".anslag").exists() && !site.path("content/blog/ut").exists(), "nothing is left behind");
    assert_eq!(fs::read_dir(&home.0).expect("it is there").count(), 1);
    let mut command = site.command(["build", "--output", "hem/inre"]);
    command.env("HOME", &home.0);
    site.finish(command).exits(0);
}

#[test]
fn a_file_in_the_place_of_the_folder_is_no_folder() {
    let site = site().file("public", "en fil");
    site.run(["build"]).exits(3).says("public: it is not a folder");
    assert_eq!(fs::read(site.path("public")).expect("it is there"), b"en fil");
}

#[test]
fn a_page_that_was_made_a_folder_is_in_the_way() {
    for options in [&["build"][..], &["build", "--in-place"]] {
        let site = site();
        site.build().well();
        site.remove(PAGE);
        site.write(&format!("{PAGE}/min.txt"), "min");
        edit(&site, 1);
        site.run(options).exits(3).says("blogg/inlagg/index.html is in the way: the site has a file there");
        site.remove(PAGE);
        site.run(options).exits(0);
        site.remove("public/blogg/inlagg");
        site.write("public/blogg/inlagg", "min");
        edit(&site, 2);
        site.run(options).exits(3).says("blogg/inlagg is in the way: the site has a folder there");
        site.remove("public/blogg/inlagg");
        site.run(options).exits(0);
    }
}

#[test]
fn a_pipe_in_the_place_of_a_page_is_in_the_way_and_is_never_opened() {
    for options in [&["build"][..], &["build", "--in-place"], &["verify"]] {
        let site = site();
        site.build().well();
        site.remove(PAGE);
        let made = Command::new("mkfifo").arg(site.path(PAGE)).status();
        assert!(made.expect("the system makes pipes").success());
        let run = site.run(options);
        if options == ["verify"] {
            run.exits(1).prints("changed  blogg/inlagg/index.html\n");
        } else {
            run.exits(3).says("blogg/inlagg/index.html is in the way: the site has a file there");
        }
    }
}

#[test]
fn an_output_folder_that_is_a_link_stays_one() {
    let site = site();
    fs::create_dir(site.path("disk")).expect("a folder can be made");
    symlink(site.path("disk"), site.path("public")).expect("a link can be made");
    for number in 1..4 {
        edit(&site, number);
        site.build().exits(0);
        assert!(site.path("public").is_symlink(), "the link is what it was");
        assert_eq!(files_in(&site.path("disk")), site.public());
        site.run(["verify"]).exits(0);
    }
}

// Who waits.

#[test]
fn a_build_that_waits_says_for_whom() {
    let site = site();
    site.build().well();
    let entries = fs::read_dir(site.path(".anslag")).expect("the folder is there");
    let mut paths = entries.map(|entry| entry.expect("an entry").path());
    let lock = paths.find(|path| path.to_string_lossy().contains("/lock-")).expect("there is a lock");
    // The lock of a process that has ended is free, whatever stands in it.
    fs::write(&lock, "4711\n").expect("it can be written");
    edit(&site, 1);
    assert_eq!(site.run(["build", "-q"]).exits(0).stderr, "");
    let other = File::options().write(true).open(&lock).expect("it can be opened");
    other.lock().expect("it can be locked");
    fs::write(&lock, "4711\n").expect("it can be written");
    std::thread::scope(|scope| {
        let (said, heard) = std::sync::mpsc::channel();
        let site = &site;
        scope.spawn(move || said.send(site.run(["build"])));
        assert!(heard.recv_timeout(std::time::Duration::from_millis(900)).is_err(), "the build waits");
        other.unlock().expect("it can be unlocked");
        let run = heard.recv().expect("the build ends");
        run.exits(0).says("waiting for another build into ./public (process 4711)");
    });
}
