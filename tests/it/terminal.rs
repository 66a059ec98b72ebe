//! What somebody sees who sits at a terminal, and what a pipe gets in its place: a real pseudo-terminal, and what is left on its
//! screen.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anslag::publish::Lock;
use rustix::fs::OFlags;
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use serde_json::Value;

use crate::server::{Server, status};
use crate::site::{Site, program, run};

/// So long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program at a terminal, and what it has written so far.
struct Seat {
    child: Child,
    columns: u16,
    written: Receiver<Vec<u8>>,
    text: String,
}

impl Seat {
    /// Starts a program at a terminal with so many columns. It knows nothing of the terminal but what a test says.
    fn of(mut command: Command, columns: u16) -> Self {
        let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("there are pseudo-terminals");
        grantpt(&terminal).expect("it is ours");
        unlockpt(&terminal).expect("it can be used");
        let size = Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&terminal, size).expect("a terminal has a size");
        let name = ptsname(&terminal, Vec::new()).expect("it has a name").into_string().expect("in plain letters");
        let no_control = i32::try_from(OFlags::NOCTTY.bits()).expect("a flag is small");
        let open = || OpenOptions::new().read(true).write(true).custom_flags(no_control).open(&name);
        let side = || Stdio::from(open().expect("the other side can be opened"));
        for name in ["CI", "TERM_PROGRAM", "VTE_VERSION", "FORCE_HYPERLINK", "CLICOLOR", "COLUMNS"] {
            if !command.get_envs().any(|(known, _)| known == name) {
                command.env_remove(name);
            }
        }
        if !command.get_envs().any(|(known, _)| known == "TERM") {
            command.env("TERM", "xterm-256color");
        }
        let child = command.stdin(side()).stdout(side()).stderr(side()).spawn().expect("the program starts");
        // What the command holds of the other side must be let go, or nobody would notice that the program has.
        drop(command);
        let (send, written) = channel();
        thread::spawn(move || listen(File::from(terminal), &send));
        Self { child, columns, written, text: String::new() }
    }

    /// Waits until these words are written.
    fn waits_for(&mut self, words: &str) {
        while !self.text.contains(words) {
            match self.written.recv_timeout(PATIENCE) {
                Ok(bytes) => self.text.push_str(&String::from_utf8_lossy(&bytes)),
                Err(error) => panic!("nobody wrote `{words}` ({error}), but:\n{}", self.text),
            }
        }
    }

    /// Waits for the end of the program, and gives all that it wrote.
    fn ends(mut self, code: i32) -> Written {
        while let Ok(bytes) = self.written.recv_timeout(PATIENCE) {
            self.text.push_str(&String::from_utf8_lossy(&bytes));
        }
        let status = self.child.wait().expect("the program has ended");
        assert_eq!(status.code(), Some(code), "{}", self.text);
        Written { text: std::mem::take(&mut self.text), columns: self.columns }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Hands on what is written; Linux calls it an error when the other side is gone.
fn listen(mut terminal: File, send: &Sender<Vec<u8>>) {
    let mut bytes = [0; 4096];
    while let Ok(count @ 1..) = terminal.read(&mut bytes) {
        let _ = send.send(bytes[..count].to_vec());
    }
}

/// All that a program wrote to a terminal.
struct Written {
    text: String,
    columns: u16,
}

impl Written {
    /// What is left on the screen, line by line, as it was written: a line that is too long is not broken here.
    fn screen(&self) -> Vec<String> {
        let (mut lines, mut column) = (vec![Vec::new()], 0);
        let mut signs = self.text.chars().peekable();
        while let Some(sign) = signs.next() {
            let line: &mut Vec<char> = lines.last_mut().expect("there is a line");
            match sign {
                '\r' => column = 0,
                '\n' => {
                    lines.push(Vec::new());
                    column = 0;
                }
                '\u{1b}' if signs.next_if_eq(&'[').is_some() => {
                    let end = signs.find(char::is_ascii_alphabetic).expect("a sequence ends");
                    match end {
                        'K' => line.truncate(column),
                        'm' => {}
                        _ => panic!("nothing else is asked of a terminal: {end} in {:?}", self.text),
                    }
                }
                '\u{1b}' => {
                    assert_eq!(signs.next(), Some(']'), "{:?}", self.text);
                    signs.find(|sign| *sign == '\\').expect("a link has an end");
                }
                sign => {
                    line.resize(line.len().max(column + 1), ' ');
                    line[column] = sign;
                    column += 1;
                }
            }
        }
        assert_eq!(lines.pop(), Some(Vec::new()), "the last line is left empty: {:?}", self.text);
        lines.into_iter().map(|line| line.into_iter().collect()).collect()
    }

    /// Expects that no line is longer than the terminal is wide.
    #[track_caller]
    fn fits(&self) -> &Self {
        for line in self.screen() {
            assert!(line.chars().count() <= self.columns.into(), "`{line}` fits in\n{}", self.screen().join("\n"));
        }
        self
    }

    fn words(&self) -> Vec<String> {
        self.screen().join(" ").split_whitespace().map(str::to_owned).collect()
    }

    fn is_colored(&self) -> bool {
        let mut sequences = self.text.split("\u{1b}[").skip(1);
        sequences.any(|rest| rest.chars().find(char::is_ascii_alphabetic) == Some('m'))
    }

    fn contains(&self, words: &str) -> bool {
        self.text.contains(words)
    }
}

/// A site with mistakes whose messages are long.
fn broken() -> Site {
    Site::plain().file("content/blog/x.md", "---\ntitle: Hej\ndate: 17 november 2021\nsumary: Kort\n---\n").file(
        "content/blog/y.md",
        "---\ntitle: Hej\ndate: 2026-10-01\nsummary: Kort.\n---\n[Mer](borta.md) att läsa.\n",
    )
}

fn at(site: &Site, columns: u16, arguments: &[&str], environment: &[(&str, &str)]) -> Seat {
    let mut command = site.command(arguments);
    command.envs(environment.iter().copied());
    Seat::of(command, columns)
}

// Pipes.

#[test]
fn a_pipe_gets_the_same_plain_text_wherever_it_leads() {
    let site = broken();
    let commands: [&[&str]; 6] =
        [&["check"], &["list"], &["why", "/blogg/y/"], &["explain", "missing-target"], &["build"], &["--help"]];
    let loud = [("TERM", "xterm-kitty"), ("FORCE_HYPERLINK", "1"), ("COLUMNS", "40"), ("COLORTERM", "truecolor")];
    for arguments in commands {
        let plain = run(site.command(arguments));
        let mut command = site.command(arguments);
        command.envs(loud);
        let other = run(command);
        assert_eq!((&plain.stdout, &plain.stderr), (&other.stdout, &other.stderr), "{arguments:?}");
        let said = plain.stdout + &plain.stderr;
        assert!(!said.contains(|sign: char| sign.is_control() && sign != '\n'), "{arguments:?}: {said:?}");
    }
    let said = site.run(["check"]).stderr;
    assert!(said.lines().any(|line| line.chars().count() > 80), "messages are not broken:\n{said}");
}

#[test]
fn names_of_files_command_no_terminal() {
    let site = Site::plain();
    site.build().well();
    site.write("public/a\u{1b}]0;x\u{7}b", "");
    site.run(["verify"]).exits(0).prints("foreign  a␛]0;x␇b\n");
    let said = site.run(["why", "a\u{1b}]0;x\u{7}b"]).stdout;
    assert!(!said.contains('\u{1b}'), "{said:?}");
}

#[test]
fn nobody_need_hear_what_is_said() {
    for (site, exit) in [(Site::plain(), 0), (broken(), 1)] {
        let mut command = site.command(["build", "-v"]);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(OpenOptions::new().write(true).open("/dev/full").expect("it is there"));
        assert_eq!(command.status().expect("the program starts").code(), Some(exit));
    }
}

#[test]
fn colours_can_be_asked_for_and_forbidden() {
    let site = broken();
    let is_red = |run: crate::site::Run| run.stderr.contains("\u{1b}[");
    assert!(is_red(site.run(["check", "--color", "always"])));
    let mut command = site.command(["check"]);
    command.env("CLICOLOR_FORCE", "1");
    assert!(is_red(run(command)));
    let seen =
        |arguments: &[&str], environment: &[(&str, &str)]| at(&site, 80, arguments, environment).ends(1).is_colored();
    assert!(seen(&["check"], &[]));
    assert!(!seen(&["check", "--color", "never"], &[]));
    assert!(!seen(&["check"], &[("NO_COLOR", "1")]));
    assert!(!seen(&["check"], &[("TERM", "dumb")]));
    let help = |arguments: &[&str]| {
        let mut command = program();
        command.args(arguments);
        Seat::of(command, 80).ends(0).is_colored()
    };
    assert!(help(&["check", "--help"]) && !help(&["check", "--help", "--color", "never"]));
}

// Width.

#[test]
fn messages_fit_a_narrow_terminal_and_say_the_same() {
    let site = broken();
    let narrow = at(&site, 40, &["check"], &[("NO_COLOR", "1")]).ends(1);
    narrow.fits();
    assert!(narrow.screen().len() > site.run(["check"]).stderr.lines().count(), "{}", narrow.screen().join("\n"));
    let plain = at(&site, 400, &["check"], &[("NO_COLOR", "1")]).ends(1);
    let message = |word: &String| !["|", "note:", "="].contains(&word.as_str());
    let sorted = |written: &Written| {
        let mut words: Vec<String> = written.words().into_iter().filter(message).collect();
        words.sort_unstable();
        words
    };
    assert_eq!(sorted(&narrow), sorted(&plain), "no word is lost");
}

#[test]
fn lists_answers_and_help_fit_a_narrow_terminal() {
    let title = "En rubrik som inte får plats bredvid sin fil i en smal terminal";
    let text = format!("---\ntitle: {title}\ndate: 2026-10-01\nreview_by: 2026-10-20\nsummary: Kort.\n---\nText.\n");
    let site = Site::plain().file("content/blog/x.md", &text);
    site.build().exits(0);
    let commands: [&[&str]; 7] = [
        &["list"],
        &["list", "--stale"],
        &["why", "themes/plain/theme.yaml"],
        &["explain", "unknown-key"],
        &["build"],
        &["explain", "unknown-kye"],
        &["build", "--output", "content"],
    ];
    for arguments in commands {
        let run = site.run(arguments);
        let narrow = at(&site, 48, arguments, &[]).ends(run.code.expect("it ends by itself"));
        narrow.fits();
        let piped: String = run.stderr.clone() + &run.stdout;
        let mut words: Vec<&str> = piped.split_whitespace().collect();
        let mut seen = narrow.words();
        // How long it took is another time each time.
        words.retain(|word| word.parse::<u64>().is_err());
        seen.retain(|word| word.parse::<u64>().is_err());
        words.sort_unstable();
        seen.sort_unstable();
        assert_eq!(seen, words, "{arguments:?} says the same");
    }
    let mut help = program();
    help.args(["check", "--help"]);
    let help = Seat::of(help, 60).ends(0);
    help.fits();
}

// Links.

#[test]
fn places_are_links_where_the_terminal_knows_them() {
    let site = broken();
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    let file = site.path("content/blog/x.md").display().to_string();
    let link = format!("\u{1b}]8;;file://{host}{file}\u{1b}\\content/blog/x.md:3:7\u{1b}]8;;\u{1b}\\");
    let seen = |arguments: &[&str], environment: &[(&str, &str)]| at(&site, 80, arguments, environment).ends(1);
    let kitty = ("TERM", "xterm-kitty");
    assert!(seen(&["check"], &[kitty]).contains(&link));
    assert!(seen(&["check"], &[("FORCE_HYPERLINK", "1")]).contains(&link));
    let colorless = seen(&["check"], &[kitty, ("NO_COLOR", "1")]);
    assert!(colorless.contains(&link) && !colorless.is_colored(), "links are no colours");
    for (arguments, environment) in [
        (&["check"][..], &[][..]),
        (&["check", "--color", "never"], &[kitty]),
        (&["check"], &[kitty, ("FORCE_HYPERLINK", "0")]),
        (&["check", "--format", "github"], &[kitty]),
        (&["check", "--format", "json"], &[kitty]),
    ] {
        assert!(!seen(arguments, environment).contains("\u{1b}]"), "no links with {arguments:?} and {environment:?}");
    }
    let listed = seen(&["list"], &[kitty]);
    assert!(listed.contains("\u{1b}\\content/blog/y.md\u{1b}]8;;\u{1b}\\"), "{}", listed.text);
}

// Progress.

/// What a build of many documents writes to a terminal. It begins when another one has had the folder for longer than anybody is
/// left to wait without a word: that it says itself, on a terminal or not.
fn long_build(site: &Site, arguments: &[&str], environment: &[(&str, &str)]) -> Written {
    let other = Lock::wait_for(&site.path(""), &site.path("public"), |_| {});
    let arguments = [&["build", "--threads", "1"], arguments].concat();
    let mut build = at(site, 100, &arguments, environment);
    build.waits_for("waiting for another build into ");
    drop(other);
    let written = build.ends(0);
    for made in ["public", ".anslag", "addresses.lock"] {
        site.remove(made);
    }
    written
}

#[test]
fn a_long_build_says_how_far_it_is_and_leaves_nothing_behind() {
    let site = Site::plain();
    for number in 0..600 {
        let text = format!("---\ntitle: Inlägg {number}\ndate: 2026-10-01\nsummary: Kort.\n---\nText.\n");
        site.write(&format!("content/blog/inlagg-{number}.md"), text);
    }
    let written = long_build(&site, &[], &[]);
    let is_told = |words: &str| written.contains(&format!("{words}\u{1b}[K"));
    assert!(is_told(" of 601 documents read") || is_told(" pages and files made"), "{:?}", written.text);
    let screen = written.fits().screen();
    assert!(screen[0].starts_with("waiting for another build into "), "{screen:?}");
    let closing = screen.iter().find(|line| line.contains(" files written, 0 unchanged, 0 removed in "));
    assert!(closing.is_some_and(|line| line.starts_with(|sign: char| sign.is_ascii_digit())), "{screen:?}");
    assert!(screen.iter().all(|line| !line.contains(" of 601 ") && !line.contains(" made")), "{screen:?}");
    // Who does not watch, or does not want to, is not shown what comes and goes.
    for (arguments, environment) in [
        (&[][..], &[("CI", "true")][..]),
        (&[], &[("TERM", "dumb")]),
        (&["--quiet"], &[]),
        (&["--format", "github"], &[]),
    ] {
        let written = long_build(&site, arguments, environment);
        assert!(!written.contains("\u{1b}[K"), "{arguments:?} {environment:?}: {:?}", written.text);
    }
}

#[test]
fn asking_other_sites_says_how_far_it_is() {
    let (go, wait) = channel::<()>();
    let wait = Mutex::new(wait);
    let server = Server::answering(move |_| {
        // Nobody is answered before that has been seen.
        let _ = wait.lock().unwrap_or_else(PoisonError::into_inner).recv();
        status(200)
    });
    let post = "---\ntitle: Inlägg\ndate: 2026-10-01\nsummary: Kort.\n---\n[Ett](http://a.example/) [två](http://b.example/).\n";
    let site = Site::plain()
        .file(
            "content/organisations.yaml",
            "skr:\n  names:\n    - {name: Sveriges Kommuner och Regioner, short: SKR}\n",
        )
        .file("content/blog/x.md", post)
        .settings("external_links: {pause: 0}\n");
    let mut check = at(&site, 80, &["check", "--external", &server.resolve()], &[]);
    check.waits_for("0 of 2 addresses asked\u{1b}[K");
    drop(go);
    let screen = check.ends(0).screen();
    assert!(screen.iter().all(|line| !line.contains(" asked")), "{screen:?}");
    assert!(screen.iter().any(|line| line.contains("2 addresses outside: 2 well")), "{screen:?}");
}

// Ctrl-C.

#[test]
fn serving_ends_at_once() {
    let site = Site::plain();
    let mut serve = at(&site, 200, &["serve", "--port", "0"], &[]);
    serve.waits_for("(Ctrl-C ends)");
    let address = serve.text.split("http://").nth(1).and_then(|rest| rest.split('/').next()).expect("it says where");
    // A browser that waits for news is nothing to wait for.
    let mut browser = TcpStream::connect(address).expect("it listens");
    let request = format!("GET /_anslag/events?page=/ HTTP/1.1\r\nHost: {address}\r\n\r\n");
    browser.write_all(request.as_bytes()).expect("it listens");
    browser.read_exact(&mut [0]).expect("it answers");
    let process = i32::try_from(serve.child.id()).ok().and_then(Pid::from_raw).expect("it has a number");
    let asked = Instant::now();
    kill_process(process, Signal::INT).expect("it runs");
    let status = serve.child.wait().expect("it has ended");
    assert_eq!(status.signal(), Some(Signal::INT.as_raw()), "{}", serve.text);
    assert!(asked.elapsed() < Duration::from_secs(5), "it took {:?}", asked.elapsed());
}

// Machines.

#[test]
fn programs_are_told_of_failures_in_json() {
    let site = Site::plain().file("ut", "en fil");
    let failure = |arguments: &[&str], exit: i32| -> String {
        let mut command = program();
        command.args(arguments).args(["--format", "json"]).current_dir(site.path(""));
        let run = run(command);
        run.exits(exit);
        let told: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stdout));
        assert_eq!((&told["version"], &told["error"]["exit"]), (&Value::from(1), &Value::from(exit)), "{told}");
        let what = told["error"]["what"].as_str().expect("it is told in words").to_owned();
        for words in what.lines() {
            assert!(run.stderr.contains(words.trim()), "people read the same: `{words}` in {}", run.stderr);
        }
        what
    };
    assert!(failure(&["build", "--output", "ut/in"], 3).contains("ut"));
    assert!(failure(&["build", "--output", "content"], 2).contains("content"));
    assert!(failure(&["check", "--root", "saknas"], 2).contains("there is no folder saknas"));
    assert!(failure(&["verify"], 2).contains("`anslag build` first"));
    assert!(failure(&["due", "--since", "i går"], 2).contains("i går"));
    assert!(failure(&["list", "--tag", "saknas"], 2).contains("saknas"));
    assert!(failure(&["event", "cancel", "saknas", "--reason", "Så."], 2).contains("saknas"));
    assert!(failure(&["explain", "unknown-kye"], 2).contains("did you mean `unknown-key`?"));
    assert!(failure(&["serve"], 2).contains("is for people"));
    let unknown = failure(&["build", "--fast"], 2);
    assert!(unknown.starts_with("unexpected argument '--fast' found") && !unknown.contains("Usage"), "{unknown}");
    assert!(failure(&["bild"], 2).contains("build"));
    let joined = run({
        let mut command = program();
        command.args(["bild", "--format=json"]);
        command
    });
    assert!(joined.exits(2).stdout.contains("\"exit\": 2"));
    // What a writer has done wrong is a report, as ever.
    site.remove("site.yaml");
    site.check().exits(1).finds_codes(&["no-settings"]);
}
