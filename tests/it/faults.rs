//! Faults of the machine while a site is published: after each of them the old site or the new one is whole, and the next
//! build needs no help.

mod shim;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use crate::site::{Files, Folder, Run, Site, files_in, permit};
use shim::{Fault, can_be_made};

const POST: &str =
    "---\ntitle: Ett inlägg\ndate: 2026-11-01\nauthor: anna-berg\nsummary: Kort sagt.\n---\nDen första texten.\n";

/// What others have put into the folder: it must be there after whatever happens.
const FOREIGN: &[(&str, &str)] = &[("public/CNAME", "mr.example.org\n"), ("public/blogg/min.txt", "inte vår")];

/// A site that goes to and fro between two states, and what it publishes in each.
struct Story {
    site: Site,
    published: Vec<Files>,
    /// The options of its builds.
    options: &'static [&'static str],
}

impl Story {
    fn new(options: &'static [&'static str]) -> Self {
        let mut story = Self { site: Site::plain(), published: Vec::new(), options };
        for (path, text) in FOREIGN {
            story.site.write(path, text);
        }
        for state in [1, 0] {
            story.edit(state);
            story.build(&["--adopt"]).exits(0);
            story.published.insert(0, story.public());
        }
        assert_ne!(story.published[0], story.published[1]);
        story
    }

    /// Edits the sources: a text, a page that comes or goes, and what is a file in the one and a folder in the other.
    fn edit(&self, state: usize) {
        self.forget();
        self.site.write("content/blog/inlagg.md", POST.replace("första", ["första", "andra"][state]));
        for (path, at) in [("content/blog/nytt.md", 1), ("content/blog/gammalt.md", 0)] {
            let _ = fs::remove_file(self.site.path(path));
            if state == at {
                self.site.write(path, POST.replace("Ett inlägg", path));
            }
        }
        let (there, gone) = [("x", "x/y"), ("x/y", "x")][state];
        let _ = fs::remove_file(self.site.path(&format!("theme/assets/{gone}")));
        let _ = fs::remove_dir(self.site.path("theme/assets/x"));
        self.site.write(&format!("theme/assets/{there}"), "det är en fil");
    }

    /// Nobody has seen the pages that go.
    fn forget(&self) {
        let _ = fs::remove_file(self.site.path("addresses.lock"));
    }

    fn arguments<'a>(&self, more: &[&'a str]) -> Vec<&'a str>
    where
        Self: 'a,
    {
        ["build"].iter().chain(self.options).chain(more).copied().collect()
    }

    fn build(&self, more: &[&str]) -> Run {
        self.site.run(self.arguments(more))
    }

    /// What readers find, without what waits to be moved.
    fn public(&self) -> Files {
        self.site.public().into_iter().filter(|(path, _)| !path.starts_with(".anslag-staging/")).collect()
    }

    /// Which state is published whole.
    #[track_caller]
    fn whole(&self, why: &str) -> usize {
        let public = self.public();
        let state = self.published.iter().position(|published| *published == public);
        state.unwrap_or_else(|| {
            let others = |of: &Files| {
                let paths: BTreeSet<&String> = of.keys().chain(public.keys()).collect();
                paths.into_iter().filter(|path| of.get(*path) != public.get(*path)).cloned().collect::<Vec<_>>()
            };
            let [one, other] = [0, 1].map(|state| others(&self.published[state]));
            panic!("{why}: neither site is whole; {one:?} are not of the one, {other:?} not of the other")
        })
    }

    /// Whether a run has begun to replace files, and not ended. Else the site must be whole as it stands.
    fn has_journal(&self) -> bool {
        let entries = fs::read_dir(self.site.path(".anslag")).expect("there was a build");
        let mut names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
        names.any(|name| name.starts_with("journal-") && !name.contains('.'))
    }

    /// Builds with a mistake in the sources: nothing is published, but what a run before has begun is finished.
    fn build_with_errors(&self) {
        self.site.write("content/blog/fel.md", "---\ntitel: fel\n---\n");
        self.build(&[]).exits(1);
        self.site.remove("content/blog/fel.md");
    }

    /// Has something happen at every call, one after the other. Gives how often it did.
    fn at_every_call(&self, happens: &str) -> usize {
        self.at_calls(happens, 1, 1)
    }

    /// Has something happen at a call, and so many calls further on, and so on to the last. Gives how often it did.
    fn at_calls(&self, happens: &str, first: usize, step: usize) -> usize {
        let mut count = 0;
        for (nth, at) in (first..).step_by(step).enumerate() {
            let state = (nth + 1) % 2;
            self.edit(state);
            let fault = Fault { happens, at, call: "" };
            let faulty = fault.run(&self.site, &self.arguments(&[]));
            let Some((call, path)) = &faulty.happened else {
                assert_eq!(
                    faulty.run.code,
                    Some(0),
                    "{happens} at call {at}, which did not come: {:?}",
                    faulty.run.stderr
                );
                break;
            };
            count += 1;
            let why = format!("{happens} at call {at}, {call} of {path}");
            if happens == "kill" {
                assert_eq!(faulty.run.code, None, "{why}");
            } else {
                judge(&faulty.run, happens, path, &why);
            }
            if self.has_journal() {
                self.build_with_errors();
            }
            let published = self.whole(&why);
            assert!(published == state || faulty.run.code != Some(0), "{why}: exit code 0, and the old site");
            let next = self.build(if nth % 7 == 0 { &["--audit"] } else { &[] });
            next.exits(0);
            assert_eq!(self.whole(&why), state, "{why}");
            assert!(!self.site.path("public/.anslag-staging").exists(), "{why}");
        }
        count
    }
}

/// A call that failed is got over, or told with the file and the reason.
#[track_caller]
fn judge(run: &Run, happens: &str, path: &str, why: &str) {
    assert!(matches!(run.code, Some(0 | 3)), "{why}: {run:?}");
    if run.code == Some(3) {
        let number = happens.split(' ').nth(1).expect("a number");
        assert!(run.stderr.contains(": cannot "), "{why}: {}", run.stderr);
        assert!(run.stderr.contains(&format!("(os error {number})")), "{why}: {}", run.stderr);
        let is_named = [".anslag", "/public", "addresses.lock"].iter().any(|name| run.stderr.contains(name));
        assert!(is_named, "{why} {path}: {}", run.stderr);
    }
}

// Put there meanwhile.

#[test]
fn what_is_put_where_a_new_page_goes_is_never_lost() {
    if can_be_made() {
        put_where_a_new_page_goes(&[]);
        put_where_a_new_page_goes(&["--in-place"]);
    }
}

fn put_where_a_new_page_goes(options: &'static [&'static str]) {
    let story = Story::new(options);
    for at in 1.. {
        story.forget();
        story.site.write("content/pages/ny.md", "---\ntitle: Ny\nsummary: Kort sagt.\n---\nEn ny sida.\n");
        let happens = "run mkdir -p public/ny; echo min >public/ny/index.html";
        let faulty = Fault { happens, at, call: "" }.run(&story.site, &story.arguments(&[]));
        let Some((call, path)) = &faulty.happened else {
            assert!(at > 20, "{at}");
            break;
        };
        let why = format!("{options:?}, at call {at}, {call} of {path}: {}", faulty.run.stderr);
        assert!(matches!(faulty.run.code, Some(0 | 3)), "{why}");
        assert!(story.site.public()["ny/index.html"] == b"min\n", "{why}");
        story.site.remove("public/ny");
        story.site.remove("content/pages/ny.md");
        story.forget();
        story.build(&[]).exits(0);
        assert_eq!(story.whole(&why), 0);
    }
}

// Killed.

#[test]
fn a_build_that_is_killed_at_any_call_leaves_a_whole_site() {
    if can_be_made() {
        let count = Story::new(&[]).at_every_call("kill");
        println!("killed {count} times");
        assert!(count > 30, "{count}");
    }
}

#[test]
fn a_build_that_is_killed_while_files_are_replaced_is_finished_by_the_next() {
    if can_be_made() {
        let count = Story::new(&["--in-place"]).at_every_call("kill");
        println!("killed {count} times");
        assert!(count > 30, "{count}");
    }
}

#[test]
fn a_first_build_that_is_killed_has_shown_nothing_or_all() {
    if !can_be_made() {
        return;
    }
    let site = Site::plain().file("content/blog/inlagg.md", POST);
    let whole = site.build().well().public.clone();
    for at in (1..).step_by(3) {
        let _ = fs::remove_dir_all(site.path("public"));
        fs::remove_dir_all(site.path(".anslag")).expect("there was a build");
        let faulty = Fault { happens: "kill", at, call: "" }.run(&site, &["build"]);
        let public = site.public();
        assert!(public.is_empty() || public == whole, "at call {at}: {:?}", public.keys());
        site.build().well();
        assert!(site.public() == whole);
        if faulty.happened.is_none() {
            break;
        }
    }
}

/// Numbers that are as good as chance.
fn chance(seed: &mut u64) -> u64 {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    *seed
}

#[test]
fn a_build_that_is_killed_at_any_moment_leaves_a_whole_site() {
    let mut seed = 0x5EED_CAFE_u64;
    for (options, times) in [(&[][..], 60), (&["--in-place"], 40)] {
        let story = Story::new(options);
        let began = Instant::now();
        story.edit(1);
        story.build(&[]).exits(0);
        let usual = began.elapsed();
        let mut killed = 0;
        for nth in 0..times {
            let state = nth % 2;
            story.edit(state);
            let mut command = story.site.command(story.arguments(&["-q"]));
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            let mut child = command.spawn().expect("the program starts");
            // A channel on which nothing comes is a clock that wakes us.
            let moment = Duration::from_nanos(chance(&mut seed) % u64::try_from(usual.as_nanos()).unwrap_or(u64::MAX));
            let (_sender, receiver) = channel::<()>();
            let _ = receiver.recv_timeout(moment);
            child.kill().expect("it can be killed");
            killed += usize::from(child.wait().expect("it has ended").signal().is_some());
            if story.has_journal() {
                story.build_with_errors();
            }
            story.whole("killed at some moment");
            story.build(&[]).exits(0);
            assert_eq!(story.whole("after the next build"), state);
        }
        println!("killed {killed} times");
        assert!(killed > times / 3, "{killed} of {times} were killed before they ended");
    }
}

/// A document that moves, alone or with its folder, and what leads to it.
fn moving(path: &str) -> Site {
    Site::plain()
        .file(path, POST)
        .file(
            "content/blog/andra.md",
            POST.replace("Den första", &format!("Se [det första]({}). Den", &path["content/blog/".len()..])),
        )
        .settings(&format!("menus: {{main: [{{title: Först, to: {path}}}]}}\n"))
}

#[test]
fn of_two_who_decide_on_one_event_at_once_one_waits() {
    if !can_be_made() {
        return;
    }
    let path = "content/events/2027/mr-dagen.md";
    let event = "---\ntitle: MR-dagen\ndate: 2026-11-01\ncontact: anna-berg\nsummary: En dag.\nstart: 2027-04-20T10:00\n\
                 end: 2027-04-20T16:00\nplace: {city: Lund}\n---\nVälkommen.\n";
    let site = Site::plain().file(path, event);
    let other = site.command(["event", "postpone", "mr-dagen", "--reason", "Snö"]);
    let words: Vec<&str> = other.get_args().map(|word| word.to_str().expect("it is UTF-8")).collect();
    let other = format!("run timeout 1 {} {} || true", other.get_program().display(), words.join(" "));
    // When all is ready to be put in its place.
    let fault = Fault { happens: &other, at: 1, call: "rename" };
    let faulty = fault.run(&site, &["event", "cancel", "mr-dagen", "--reason", "Sjukdom"]);
    assert!(faulty.happened.is_some());
    faulty.run.exits(0);
    let text = fs::read_to_string(site.path(path)).expect("it is there");
    assert!(text.contains("what: cancelled") && !text.contains("what: postponed"), "{text}");
}

#[test]
fn a_name_that_is_given_while_the_machine_ends_loses_no_text() {
    if !can_be_made() {
        return;
    }
    for (old, new) in
        [("content/blog/x.md", "content/blog/y.md"), ("content/blog/x/index.md", "content/blog/y/index.md")]
    {
        let site = moving(old);
        let lead = ["content/blog/andra.md", "site.yaml"];
        let text = |path: &str| fs::read_to_string(site.path(path)).ok();
        let before = lead.map(text);
        site.run(["rename", old, "y"]).exits(0);
        let (after, moved) = (lead.map(text), text(new).expect("it is there"));
        let mut count = 0;
        for (at, happens) in (1..).flat_map(|at| [(at, "kill"), (at, "full 28")]) {
            site.remove("content/blog");
            site.write(old, POST);
            lead.iter().zip(&before).for_each(|(path, text)| site.write(path, text.as_deref().expect("it is there")));
            let faulty = Fault { happens, at, call: "" }.run(&site, &["rename", old, "y"]);
            let Some((call, path)) = &faulty.happened else { break };
            let why = format!("{old}: {happens} at call {at}, {call} of {path}");
            count += 1;
            assert!(
                text(old).as_deref() == Some(POST) || text(new).is_some_and(|text| text == POST || text == moved),
                "{why}"
            );
            for (nth, path) in lead.iter().enumerate() {
                assert!(text(path) == before[nth] || text(path) == after[nth], "{why}: {path}");
            }
            // The same command finishes the work.
            if text(new).is_none() {
                site.run(["rename", old, "y"]).exits(0);
                assert_eq!((text(new).as_deref(), lead.map(text)), (Some(moved.as_str()), after.clone()), "{why}");
            } else {
                assert_eq!(lead.map(text), after, "{why}: the document moves last");
            }
        }
        assert!(count > 6, "{count}");
    }
}

// Calls that fail.

#[test]
fn a_disk_that_is_full_at_any_call_leaves_the_old_site_or_the_new_one() {
    if can_be_made() {
        for options in [&[][..], &["--in-place"]] {
            let count = Story::new(options).at_every_call("full 28");
            println!("{options:?}: full {count} times");
            assert!(count > 30, "{count}");
        }
    }
}

/// An error of the disk, a permission that is lost, no more open files, and a file system that is read-only by now.
const FAILURES: [&str; 4] = ["fail 5", "full 13", "fail 24", "full 30"];

#[test]
fn a_call_that_fails_leaves_the_old_site_or_the_new_one() {
    if !can_be_made() {
        return;
    }
    // In turn: each call fails in one of the ways. With `ANSLAG_EVERY` each fails in all of them, which takes four times as long.
    let step = if std::env::var_os("ANSLAG_EVERY").is_some() { 1 } else { FAILURES.len() };
    for options in [&[][..], &["--in-place"]] {
        let story = Story::new(options);
        let calls = FAILURES.iter().enumerate().map(|(nth, happens)| story.at_calls(happens, 1 + nth % step, step));
        let count: usize = calls.sum();
        println!("{options:?}: failed {count} times");
        assert!(count > 30, "{count}");
    }
}

#[test]
fn where_folders_cannot_be_exchanged_files_are() {
    if !can_be_made() {
        return;
    }
    let story = Story::new(&[]);
    for (state, number) in [22, 38, 18, 1, 16].into_iter().enumerate() {
        let state = state + 1;
        story.edit(state % 2);
        let happens = format!("fail {number}");
        let faulty = Fault { happens: &happens, at: 1, call: "exchange" }.run(&story.site, &["build"]);
        faulty.run.exits(0);
        assert!(faulty.happened.is_some(), "it was tried");
        assert_eq!(story.whole(&happens), state % 2);
        story.build(&["--audit"]).exits(0).says("0 files written");
    }
}

#[test]
fn without_open_files_nothing_is_lost() {
    let story = Story::new(&[]);
    story.edit(1);
    for limit in [4, 5, 6, 8, 12, 24] {
        let command = story.site.command(story.arguments(&[]));
        let mut limited = Command::new("sh");
        limited.args(["-c", &format!("ulimit -n {limit} && exec \"$0\" \"$@\"")]).arg(command.get_program());
        limited.args(command.get_args()).current_dir(story.site.path(""));
        let run = story.site.finish(limited);
        assert!(run.code != Some(0) || story.whole("with few files") == 1, "{limit}: {run:?}");
        story.whole("with few files");
    }
    story.build(&[]).exits(0);
    assert_eq!(story.whole("with many files"), 1);
}

#[test]
fn an_output_that_may_not_be_written_keeps_its_site() {
    let story = Story::new(&[]);
    for (nth, path) in ["public", ".anslag", "public"].into_iter().enumerate() {
        let state = (nth + 1) % 2;
        let before = story.whole("before");
        story.edit(state);
        permit(&story.site.path(path), 0o555);
        let run = story.site.run_bound(story.arguments(&[]));
        permit(&story.site.path(path), 0o755);
        let Some(run) = run else { return };
        let published = story.whole(path);
        match run.code {
            Some(0) => assert_eq!(published, state, "{path}"),
            Some(3) => {
                assert_eq!(published, before, "{path}");
                run.says("Permission denied (os error 13)").says("anslag: cannot ");
            }
            _ => panic!("{path}: {run:?}"),
        }
        story.build(&[]).exits(0);
        assert_eq!(story.whole(path), state);
    }
}

/// A shell in which file systems may be mounted that nobody else sees; none where that is not allowed.
fn private_shell(site: &Site, script: &str) -> Option<Run> {
    let shell = |script: &str| {
        let program = site.command(["build"]);
        let mut command = Command::new("unshare");
        command.args(["--mount", "sh", "-euc", script]).arg(program.get_program()).args(program.get_args());
        command.current_dir(site.path(""));
        command
    };
    let can = shell("mkdir -p probe && mount -t tmpfs none probe").output().is_ok_and(|probe| probe.status.success());
    if !can {
        println!("skipped: no file system may be mounted here (that takes root)");
        return None;
    }
    Some(site.finish(shell(script)))
}

#[test]
fn a_small_disk_that_fills_up_keeps_the_old_site_and_takes_the_next() {
    let site = Site::plain().file("content/blog/inlagg.md", POST);
    let whole = site.build().well().public.clone();
    site.write("stor.md", POST.replace("Ett inlägg", "Stort"));
    // Once a mount of its own, where files are replaced, and once a disk with the whole site, where folders are exchanged.
    // There the picture has room as a source, and not once more.
    for (mount, share) in [("public", 13), ("disk", 6)] {
        let root = site.path("").display().to_string();
        let script = format!(
            "mkdir -p {mount} && mount -t tmpfs -o size=4m none {mount}
             if [ {mount} = disk ]; then cp -r site.yaml content themes disk/ && cd disk; fi
             rm -rf .anslag && \"$0\" \"$@\" && cp -r public {root}old
             mkdir content/blog/stor && cp {root}stor.md content/blog/stor/index.md
             room=$(df --output=avail --block-size=1 public | tail -1)
             head -c $((room * {share} / 10)) /dev/zero >content/blog/stor/stor.zip
             end=0; \"$0\" \"$@\" 2>{root}said || end=$?; echo $end >{root}end; cp -r public {root}full
             rm -r content/blog/stor; echo Mer. >>content/blog/inlagg.md; \"$0\" \"$@\"; cp -r public {root}next"
        );
        let Some(run) = private_shell(&site, &script) else { return };
        run.exits(0);
        let of = |name: &str| files_in(&site.path(name));
        let said = fs::read_to_string(site.path("said")).expect("it was said");
        assert_eq!(fs::read_to_string(site.path("end")).expect("it ended").trim(), "3", "{mount}: {said}");
        assert!(said.contains("No space left on device") && said.contains(".anslag"), "{said}");
        assert!(of("old") == whole && of("full") == whole, "{mount}: the old site stands");
        assert!(of("next") != whole && of("next").len() == whole.len(), "{mount}: the next build is well");
        for name in ["old", "full", "next", "content/blog/inlagg.md"] {
            site.remove(name);
        }
        site.write("content/blog/inlagg.md", POST);
    }
}

// What others do meanwhile.

#[test]
fn a_text_that_is_edited_while_the_site_is_made_is_read_again() {
    if !can_be_made() {
        return;
    }
    for options in [&[][..], &["--in-place"]] {
        let story = Story::new(options);
        story.edit(0);
        story.site.write("content/blog/ny-text.md", POST);
        story.site.write("senare.md", POST.replace("första", "senare"));
        let happens = "run cp senare.md content/blog/ny-text.md";
        // Long after it was read: when its page is written.
        let faulty = Fault { happens, at: 12, call: "open" }.run(&story.site, &story.arguments(&[]));
        faulty.run.exits(0);
        assert!(faulty.happened.is_some(), "the text was edited");
        assert!(String::from_utf8_lossy(&faulty.run.public["blogg/ny-text/index.html"]).contains("senare"));
        story.build(&["--audit"]).exits(0).says("0 files written");
        // One that never rests.
        story.site.edit("content/blog/ny-text.md", |text| text.replace("senare", "ny"));
        let before = story.public();
        let happens = "always date +%N >>content/blog/ny-text.md";
        let faulty = Fault { happens, at: 1, call: "open" }.run(&story.site, &story.arguments(&[]));
        faulty.run.exits(3).says("content/blog/ny-text.md is changed again and again");
        assert!(story.public() == before, "nothing was published");
        story.build(&["--audit"]).exits(0);
    }
}

#[test]
fn an_output_folder_that_is_taken_away_meanwhile_is_made_again() {
    if !can_be_made() {
        return;
    }
    for (options, calls) in [(&[][..], [("open", 5), ("exchange", 1)]), (&["--in-place"], [("rename", 1), ("open", 5)])]
    {
        for (call, at) in calls {
            let story = Story::new(options);
            story.edit(1);
            story.site.write("content/blog/tredje.md", POST);
            let faulty = Fault { happens: "run rm -rf public", at, call }.run(&story.site, &story.arguments(&[]));
            assert!(faulty.happened.is_some(), "{call}");
            assert!(matches!(faulty.run.code, Some(0 | 3)), "{:?}", faulty.run);
            story.site.remove("content/blog/tredje.md");
            story.forget();
            story.build(&[]).exits(0);
            let ours = |files: &Files| {
                let is_foreign =
                    |path: &String| FOREIGN.iter().any(|(foreign, _)| *foreign == format!("public/{path}"));
                files
                    .iter()
                    .filter(|(path, _)| !is_foreign(path))
                    .map(|(path, bytes)| (path.clone(), bytes.clone()))
                    .collect::<Files>()
            };
            assert!(ours(&story.public()) == ours(&story.published[1]), "after {call}");
        }
    }
}

#[test]
fn what_somebody_puts_there_while_the_site_is_exchanged_stays() {
    if !can_be_made() {
        return;
    }
    let story = Story::new(&[]);
    story.edit(1);
    let happens = "run echo sen >public/blogg/sen.txt; mkdir public/sen; echo sen >public/sen/sen.txt";
    let faulty = Fault { happens, at: 1, call: "exchange" }.run(&story.site, &["build"]);
    faulty.run.exits(0);
    assert_eq!(faulty.run.public["blogg/sen.txt"], b"sen\n");
    assert_eq!(faulty.run.public["sen/sen.txt"], b"sen\n");
    story.edit(0);
    let public = story.build(&[]).exits(0).public.clone();
    assert_eq!(public["blogg/sen.txt"], b"sen\n");
    story.site.remove("public/sen");
    story.site.remove("public/blogg/sen.txt");
    story.build(&[]).exits(0);
    story.whole("without the latecomers");
}

#[test]
fn what_somebody_puts_there_before_an_exchange_whose_run_is_killed_stays() {
    if !can_be_made() {
        return;
    }
    let story = Story::new(&[]);
    for (nth, calls) in (1..).enumerate() {
        story.edit((nth + 1) % 2);
        let happens =
            format!("then {calls} echo {nth} >public/blogg/sen.txt; mkdir public/sen; echo {nth} >public/sen/sen.txt");
        let faulty = Fault { happens: &happens, at: 1, call: "exchange" }.run(&story.site, &["build"]);
        assert!(faulty.happened.is_some());
        let public = story.build(&[]).exits(0).public.clone();
        for late in ["blogg/sen.txt", "sen/sen.txt"] {
            let there = public.get(late).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
            assert_eq!(there, Some(format!("{nth}\n")), "{late}, killed {calls} calls after the exchange");
        }
        story.site.remove("public/sen");
        story.site.remove("public/blogg/sen.txt");
        if faulty.run.code == Some(0) {
            assert!(calls > 5, "{calls}");
            break;
        }
    }
    story.build(&[]).exits(0);
    story.whole("without the latecomers");
}

#[test]
fn a_link_that_is_planted_meanwhile_leads_nowhere() {
    if !can_be_made() {
        return;
    }
    for (options, call) in [(&[][..], "exchange"), (&["--in-place"], "rename")] {
        let story = Story::new(options);
        let outside = Folder::new();
        fs::write(outside.0.join("index.html"), "inte vår").expect("it can be written");
        story.edit(1);
        let happens = format!("run mv public/blogg gammal; rm -rf gammal; ln -s {} public/blogg", outside.0.display());
        let faulty = Fault { happens: &happens, at: 1, call }.run(&story.site, &story.arguments(&[]));
        assert!(faulty.happened.is_some());
        assert!(matches!(faulty.run.code, Some(0 | 3)), "{:?}", faulty.run);
        let there: Vec<String> = files_in(&outside.0).into_keys().collect();
        assert_eq!(there, ["index.html"]);
        assert_eq!(fs::read(outside.0.join("index.html")).expect("it is there"), "inte vår".as_bytes());
        if story.site.path("public/blogg").is_symlink() {
            story.build(&[]).exits(3).says("public/blogg is a symbolic link");
            story.site.remove("public/blogg");
        }
        story.build(&[]).exits(0);
    }
}

#[test]
fn a_clock_that_jumps_changes_nothing() {
    let story = Story::new(&[]);
    let far = std::time::UNIX_EPOCH + Duration::from_secs(4_000_000_000);
    for (nth, place) in ["public", ".anslag", "content", "public", ".anslag"].into_iter().enumerate() {
        // As though all had been written at a time to come, before the clock was put right.
        let time = if nth < 3 { far } else { std::time::UNIX_EPOCH };
        for path in files_in(&story.site.path(place)).into_keys() {
            let file = fs::File::open(story.site.path(place).join(path)).expect("it is there");
            file.set_modified(time).expect("the time can be set");
        }
        fs::File::open(story.site.path(place)).and_then(|folder| folder.set_modified(time)).expect("it can be set");
        story.edit(nth % 2);
        story.build(&[]).exits(0);
        assert_eq!(story.whole(place), nth % 2);
        story.build(&["--audit"]).exits(0).says("0 files written");
    }
}

#[test]
fn a_link_in_the_place_of_an_old_page_is_not_followed_when_that_goes() {
    for options in [&[][..], &["--in-place"]] {
        let story = Story::new(options);
        let outside = Folder::new();
        fs::write(outside.0.join("index.html"), "inte vår").expect("it can be written");
        story.site.remove("public/blogg/gammalt");
        symlink(&outside.0, story.site.path("public/blogg/gammalt")).expect("a link can be made");
        story.edit(1);
        story.build(&[]).exits(0);
        assert_eq!(fs::read(outside.0.join("index.html")).expect("it is there"), "inte vår".as_bytes());
        assert!(story.site.path("public/blogg/gammalt").is_symlink(), "it is not ours");
    }
}
