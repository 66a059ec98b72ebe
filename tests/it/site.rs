//! A site in a temporary folder, and what the program makes of it.
//!
//! ```ignore
//! Site::new()
//!     .file("content/blog/x.md", "---\ntitle: Hej\ndate: 2026-01-02\n---\nText.\n")
//!     .build()
//!     .well()
//!     .page("/blogg/x/")
//!     .says("Text.");
//! ```

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use scraper::{Html, Selector};
use serde::Deserialize;

/// The time of every build that does not choose one.
pub const NOW: &str = "2026-11-21T12:00:00+01:00";

/// Longer than any run takes on the slowest machine; a program that hangs ends here.
const PATIENCE: Duration = Duration::from_secs(60);

const SITE_YAML: &str = "\
title: Testbloggen
organisation: skr
base_url: https://test.example.org/
email: test@example.org
contact: anna-berg
";

const ORGANISATIONS: &str = "\
skr:
  names:
    - {name: Sveriges Kommuner och Landsting, short: SKL, until: 2019-11-26}
    - {name: Sveriges Kommuner och Regioner, short: SKR}
  url: https://skr.se
";

const PERSON: &str = "\
---
title: Anna Berg
role: Handläggare
organisation: skr
email: anna.berg@example.org
---
Anna skriver i bloggen.
";

/// The files of a folder, by path.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A folder that is removed when the story is over.
#[derive(Debug)]
pub struct Folder(pub PathBuf);

impl Folder {
    /// A new, empty folder.
    pub fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("anslag-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).expect("the temporary folder can be written");
        Self(path.canonicalize().expect("the folder was just made"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A site in a folder of its own, and how the program is run on it.
#[derive(Debug)]
pub struct Site {
    folder: Folder,
    now: String,
    options: Vec<String>,
}

impl Site {
    /// The smallest site that is well: settings, an organisation, a person and the theme of this repository.
    pub fn new() -> Self {
        let site = Self::empty()
            .file("site.yaml", SITE_YAML)
            .file("content/organisations.yaml", ORGANISATIONS)
            .file("content/people/anna-berg.md", PERSON);
        copy_folder(&repository().join("themes/mr"), &site.path("themes/mr"));
        site
    }

    /// The same with the small theme of the golden trees, for stories that no theme plays a part in: it is read in a
    /// fraction of the time.
    pub fn plain() -> Self {
        let site = Self::new().settings("theme: plain\n");
        site.remove("themes/mr");
        copy_folder(&repository().join("tests/golden/small/themes"), &site.path("themes"));
        site
    }

    /// A folder with nothing in it.
    pub fn empty() -> Self {
        Self { folder: Folder::new(), now: NOW.to_owned(), options: Vec::new() }
    }

    /// A copy of a site.
    pub fn copy_of(root: &Path) -> Self {
        let site = Self::empty();
        for input in ["site.yaml", "links.lock", "addresses.lock", "content", "theme", "themes"] {
            copy_folder(&root.join(input), &site.path(input));
        }
        site
    }

    /// The time of the builds that follow.
    pub fn at(mut self, now: &str) -> Self {
        now.clone_into(&mut self.now);
        self
    }

    /// An option of the runs that follow.
    pub fn with(mut self, option: &str) -> Self {
        self.options.push(option.to_owned());
        self
    }

    /// Writes a file.
    pub fn file(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        self.write(path, text);
        self
    }

    /// Adds lines at the end of `site.yaml`.
    pub fn settings(self, lines: &str) -> Self {
        self.edit("site.yaml", |text| text + lines);
        self
    }

    /// Writes a file.
    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let file = self.path(path);
        fs::create_dir_all(file.parent().expect("a file is in a folder")).expect("a folder can be made");
        fs::write(file, text).expect("a file can be written");
    }

    /// Changes a text.
    pub fn edit(&self, path: &str, change: impl FnOnce(String) -> String) {
        let text = fs::read_to_string(self.path(path)).expect("the file is there");
        let changed = change(text.clone());
        assert_ne!(text, changed, "the edit of {path} changes something");
        self.write(path, changed);
    }

    /// Takes a file or a folder away.
    pub fn remove(&self, path: &str) {
        let file = self.path(path);
        let removed =
            if file.is_dir() && !file.is_symlink() { fs::remove_dir_all(file) } else { fs::remove_file(file) };
        removed.expect("what is removed is there");
    }

    /// Says of what was published under an address that nobody has seen it, as the message of a lost address has it.
    pub fn forget(&self, address: &str) {
        let keep = |line: &&str| !line.starts_with(address);
        self.edit("addresses.lock", |text| text.lines().filter(keep).map(|line| format!("{line}\n")).collect());
    }

    /// Where a file of the site is.
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.0.join(path)
    }

    /// All that is in `public/`.
    pub fn public(&self) -> Files {
        files_in(&self.path("public"))
    }

    /// Builds the site; findings come as JSON.
    pub fn build(&self) -> Run {
        self.run(["build", "--format", "json"])
    }

    /// Checks the site; findings come as JSON.
    pub fn check(&self) -> Run {
        self.run(["check", "--format", "json"])
    }

    /// Runs the program in the site's folder.
    pub fn run<I: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = I>) -> Run {
        self.finish(self.command(arguments))
    }

    /// The program as it would be run in the site's folder.
    pub fn command<I: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = I>) -> Command {
        let mut command = program();
        command.args(arguments).args(["--now", &self.now]).args(&self.options).current_dir(&self.folder.0);
        command
    }

    /// Runs the program as somebody whom permissions bind, which the administrator is not. None where that cannot be had.
    #[cfg(target_os = "linux")]
    pub fn run_bound<I: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = I>) -> Option<Run> {
        use std::os::unix::fs::MetadataExt;
        let plain = self.command(arguments);
        if fs::metadata("/proc/self").is_ok_and(|own| own.uid() != 0) {
            return Some(self.finish(plain));
        }
        let bound = |program: &OsStr| {
            let mut command = Command::new("setpriv");
            command.args(["--bounding-set=-dac_override,-dac_read_search", "--"]).arg(program);
            command
        };
        if !bound(OsStr::new("true")).status().is_ok_and(|status| status.success()) {
            assert!(std::env::var_os("CI").is_none(), "CI must have `setpriv`, by which root is bound by permissions");
            println!("skipped: root cannot be bound by permissions here");
            return None;
        }
        let mut command = bound(plain.get_program());
        command.args(plain.get_args()).current_dir(self.path(""));
        Some(self.finish(command))
    }

    /// Runs a command that builds the site.
    pub fn finish(&self, command: Command) -> Run {
        Run { public: BTreeMap::new(), ..run(command) }.with_public(&self.path("public"))
    }
}

/// Gives a file or a folder other permissions.
#[cfg(unix)]
pub fn permit(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("they can be set");
}

/// The folder of this repository.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The program, free of what the environment of the tests may say.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_anslag"));
    command
        .env_remove("VISUAL")
        .env_remove("EDITOR")
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .env_remove("CLICOLOR")
        .env_remove("FORCE_HYPERLINK")
        .env_remove("TZ")
        .env_remove("LANG");
    command
}

/// Runs a command to its end, and fails the test when it does not end.
pub fn run(mut command: Command) -> Run {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let stdout = listen(child.stdout.take().expect("it is piped"));
    let stderr = listen(child.stderr.take().expect("it is piped"));
    let ended = stdout.recv_timeout(PATIENCE).and_then(|stdout| Ok((stdout, stderr.recv_timeout(PATIENCE)?)));
    let Ok((stdout, stderr)) = ended else {
        let _ = child.kill();
        panic!("the program had not ended after {PATIENCE:?}");
    };
    let status = child.wait().expect("the program has ended");
    let run = Run { code: status.code(), stdout, stderr, public: BTreeMap::new() };
    assert!(!run.stderr.contains("panicked"), "the program panicked:\n{}", run.stderr);
    run
}

fn listen(mut pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.read_to_end(&mut bytes);
        let _ = sender.send(String::from_utf8_lossy(&bytes).into_owned());
    });
    receiver
}

/// What a run gave.
#[derive(Clone, Debug)]
pub struct Run {
    /// The exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// What it wrote on standard output.
    pub stdout: String,
    /// What it wrote on standard error.
    pub stderr: String,
    /// All that was in `public/` afterwards.
    pub public: Files,
}

impl Run {
    fn with_public(mut self, folder: &Path) -> Self {
        self.public = files_in(folder);
        self
    }

    /// Expects an exit code.
    #[track_caller]
    pub fn exits(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "the exit code, with\n{}\n{}", self.stdout, self.stderr);
        self
    }

    /// Expects that all is well and nothing was found.
    #[track_caller]
    pub fn well(&self) -> &Self {
        self.exits(0);
        assert!(self.findings().is_empty(), "nothing is found: {:#?}", self.findings());
        self
    }

    /// What a run with `--format json` found.
    #[track_caller]
    pub fn findings(&self) -> Vec<Finding> {
        let report: Report = serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("a report as JSON ({error}):\n{}\n{}", self.stdout, self.stderr));
        report.diagnostics
    }

    /// Expects a finding with this code in this file, some of whose words are these.
    #[track_caller]
    pub fn finds(&self, code: &str, file: &str, words: &str) -> &Self {
        let is_it =
            |finding: &Finding| finding.code == code && finding.file() == file && finding.words().contains(words);
        assert!(self.findings().iter().any(is_it), "`{code}` in `{file}` with `{words}` among {:#?}", self.findings());
        self
    }

    /// Expects that the codes of what was found are these, in order.
    #[track_caller]
    pub fn finds_codes(&self, codes: &[&str]) -> &Self {
        let found: Vec<String> = self.findings().into_iter().map(|finding| finding.code).collect();
        assert_eq!(found, codes, "{:#?}", self.findings());
        self
    }

    /// A page that was written.
    #[track_caller]
    pub fn page(&self, route: &str) -> Page {
        let path = output_path(route);
        let Some(bytes) = self.public.get(&path) else {
            let paths: Vec<&String> = self.public.keys().collect();
            panic!("`{path}` is among the files {paths:#?}\n{}\n{}", self.stdout, self.stderr);
        };
        Page { route: route.to_owned(), html: String::from_utf8_lossy(bytes).into_owned() }
    }

    /// Expects that there is no such file.
    #[track_caller]
    pub fn has_no(&self, route: &str) -> &Self {
        let path = output_path(route);
        assert!(!self.public.contains_key(&path), "`{path}` is not in the site");
        self
    }

    /// Expects some words on standard error.
    #[track_caller]
    pub fn says(&self, words: &str) -> &Self {
        assert!(self.stderr.contains(words), "`{words}` is said in\n{}", self.stderr);
        self
    }

    /// Expects some words on standard output.
    #[track_caller]
    pub fn prints(&self, words: &str) -> &Self {
        assert!(self.stdout.contains(words), "`{words}` is printed in\n{}", self.stdout);
        self
    }
}

/// `/blogg/x/` is written to `blogg/x/index.html`.
fn output_path(route: &str) -> String {
    let path = route.trim_start_matches('/');
    if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() }
}

#[derive(Deserialize)]
struct Report {
    diagnostics: Vec<Finding>,
}

/// A finding, as `--format json` gives it.
#[derive(Clone, Debug, Deserialize)]
pub struct Finding {
    pub code: String,
    pub severity: String,
    pub message: String,
    pub file: Option<String>,
    pub line: Option<usize>,
    pub column: Option<usize>,
    pub end_line: Option<usize>,
    pub end_column: Option<usize>,
    pub label: Option<String>,
    pub help: Vec<String>,
}

impl Finding {
    /// The file, or nothing.
    pub fn file(&self) -> &str {
        self.file.as_deref().unwrap_or_default()
    }

    /// All that it says.
    pub fn words(&self) -> String {
        let parts = [self.message.as_str(), self.label.as_deref().unwrap_or_default()];
        parts.into_iter().chain(self.help.iter().map(String::as_str)).collect::<Vec<_>>().join("\n")
    }

    /// How many signs are marked, when they stand on one line.
    pub fn width(&self) -> Option<usize> {
        let on_one_line = self.line == self.end_line;
        on_one_line.then_some(self.end_column? - self.column?)
    }
}

/// A page of the finished site.
#[derive(Clone, Debug)]
pub struct Page {
    route: String,
    /// Its HTML, or whatever it holds.
    pub html: String,
}

impl Page {
    /// Expects this piece of HTML.
    #[track_caller]
    pub fn has(&self, piece: &str) -> &Self {
        assert!(self.html.contains(piece), "`{piece}` is on {}:\n{}", self.route, self.html);
        self
    }

    /// Expects that this piece of HTML is not there.
    #[track_caller]
    pub fn lacks(&self, piece: &str) -> &Self {
        assert!(!self.html.contains(piece), "`{piece}` is not on {}:\n{}", self.route, self.html);
        self
    }

    /// Expects these words as readers see them.
    #[track_caller]
    pub fn says(&self, words: &str) -> &Self {
        assert!(self.text("body").contains(words), "`{words}` is said on {}:\n{}", self.route, self.text("body"));
        self
    }

    /// Expects that readers do not see these words.
    #[track_caller]
    pub fn is_silent_about(&self, words: &str) -> &Self {
        assert!(!self.text("body").contains(words), "`{words}` is not said on {}:\n{}", self.route, self.text("body"));
        self
    }

    /// The words of the first element that a selector finds, with single spaces.
    #[track_caller]
    pub fn text(&self, selector: &str) -> String {
        let all = self.texts(selector);
        all.into_iter().next().unwrap_or_else(|| panic!("`{selector}` is on {}:\n{}", self.route, self.html))
    }

    /// The words of all elements that a selector finds, with single spaces.
    #[track_caller]
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let selector = Selector::parse(selector).expect("a selector of the test is sound");
        let document = Html::parse_document(&self.html);
        let words = |element: scraper::ElementRef| element.text().collect::<Vec<_>>().concat();
        let single = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        document.select(&selector).map(words).map(single).collect()
    }
}

/// All files in a folder, by path with `/`. A folder that is not there has none.
pub fn files_in(folder: &Path) -> Files {
    let mut files = Files::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("a folder can be read").path();
        let name = path.file_name().expect("an entry has a name").to_string_lossy().into_owned();
        if path.is_dir() {
            files.extend(files_in(&path).into_iter().map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else if path.is_file() {
            files.insert(name, fs::read(&path).expect("a file can be read"));
        }
    }
    files
}

/// Copies a folder or a file, if it is there.
fn copy_folder(from: &Path, to: &Path) {
    if from.is_file() {
        fs::copy(from, to).expect("a file can be copied");
    }
    for (path, bytes) in files_in(from) {
        let file = to.join(path);
        fs::create_dir_all(file.parent().expect("a file is in a folder")).expect("a folder can be made");
        fs::write(file, bytes).expect("a file can be written");
    }
}
