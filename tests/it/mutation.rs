//! A small site that comes to harm at random: bytes, lines, keys, values and files, one after the other.
//!
//! Whatever happens to it, a build ends by itself, soon, in less than 1 GiB, and with words: no panic, and when it fails, a site that
//! stands as it stood. Every round has a number from which all of it follows; it is told when a round fails.
//!
//! ```text
//! ANSLAG_ROUNDS=5000 cargo test --test it mutation                        a long run
//! ANSLAG_ROUND=1234567 cargo test --test it mutation -- --nocapture       one round once more
//! ```

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;
use std::thread;

use crate::site::{Files, NOW, Site, files_in, program, repository, run};

/// How many rounds a run of the tests has.
const ROUNDS: u64 = 120;
/// The most that a build may take, in kilobytes.
const MEMORY: usize = 1 << 20;
/// Every so many rounds the build is made both ways, and must be one.
const AUDITED: u64 = 8;

/// What harms texts when it stands in a wrong place.
const WORDS: &[&str] = &[
    "---\n",
    "\n---\n",
    ":",
    ": ",
    "- ",
    "\t",
    "\u{feff}",
    "\0",
    "\r",
    "\u{2028}",
    "\u{202e}",
    "&a ",
    "*a",
    "<<: ",
    "!!binary ",
    "? ",
    "|\n",
    ">-\n",
    "'",
    "\"",
    "[",
    "]",
    "{",
    "}",
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "{% raw %}",
    "{% endif %}",
    "{% for x in y %}",
    "{{ <a /> }}",
    "# ",
    "## ",
    "> ",
    "::: ",
    "::: fact-box title=\"a\"\n",
    ":::\n",
    "```\n",
    "[^1]",
    "[^1]: ",
    "[a](",
    "[a]: b\n",
    "![](",
    "<",
    "</",
    "<b>",
    "</b>",
    "<!--",
    "<script>",
    "<a href=\"javascript:a\">",
    "|a|\n|-|\n",
    "\\",
    "`",
    "~",
    "$",
    "0",
    "-1",
    "1e999",
    "true",
    "null",
    "ja",
    "0000-00-00",
    "9999-12-31",
    "2026-02-30",
    "2026-03-29T02:30",
    "-9999-01-01T00:00+99:00",
    "../../../etc/passwd",
    "/",
    "//",
    "..",
    "%00",
    "%2e%2e%2f",
    "http://[::1",
    "https://a:99999/",
    "mailto:",
    "data:text/html,x",
    "é",
    "e\u{301}",
    "👩‍👧",
    "ß",
    "\u{d7ff}",
];

/// Numbers that follow from one (xorshift64*): chance that can be had again.
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Self {
        // Seeds that lie beside each other are to have nothing in common.
        let mut dice = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        for _ in 0..4 {
            dice.next();
        }
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16
    }

    /// A number below this one; 0 of nothing.
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).expect("it is below a usize")
    }

    fn of<'a, T>(&mut self, things: &'a [T]) -> &'a T {
        &things[self.below(things.len())]
    }

    /// A stretch of something so long.
    fn stretch(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        let most = if self.below(4) == 0 { length - start } else { (length - start).min(40) };
        start..start + self.below(most + 1)
    }
}

/// Does harm to some bytes, and says what.
fn harm(bytes: &mut Vec<u8>, dice: &mut Dice) -> String {
    let at = dice.below(bytes.len() + 1);
    match dice.below(11) {
        0 => {
            let bit = dice.below(8);
            bytes.get_mut(at).into_iter().for_each(|byte| *byte ^= 1 << bit);
            format!("bit {bit} of byte {at} is another")
        }
        1 => {
            let byte = u8::try_from(dice.below(256)).expect("it is below 256");
            bytes.insert(at, byte);
            format!("byte {byte:#x} at {at}")
        }
        2 => {
            let stretch = dice.stretch(bytes.len());
            bytes.drain(stretch.clone());
            format!("{stretch:?} is gone")
        }
        3 => {
            bytes.truncate(at);
            format!("it ends at {at}")
        }
        4 | 5 => {
            let word = *dice.of(WORDS);
            bytes.splice(at..at, word.bytes());
            format!("{word:?} at {at}")
        }
        6 => {
            let (word, times) = (*dice.of(WORDS), 1 + dice.below(3_000));
            bytes.splice(at..at, word.repeat(times).bytes());
            format!("{times} times {word:?} at {at}")
        }
        7 => {
            let stretch = dice.stretch(bytes.len());
            let copy = bytes[stretch.clone()].repeat(1 + dice.below(20));
            bytes.splice(at..at, copy);
            format!("{stretch:?} some times more at {at}")
        }
        _ => harm_lines(bytes, dice),
    }
}

/// Does harm to lines, keys and values.
fn harm_lines(bytes: &mut Vec<u8>, dice: &mut Dice) -> String {
    let mut lines: Vec<Vec<u8>> = bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    if lines.is_empty() {
        return "nothing".to_owned();
    }
    let (one, other) = (dice.below(lines.len()), dice.below(lines.len()));
    let colon = lines[one].iter().position(|byte| *byte == b':');
    let said = match (dice.below(6), colon) {
        (0, _) => {
            lines.swap(one, other);
            format!("lines {one} and {other} change places")
        }
        (1, _) => {
            lines.remove(one);
            format!("line {one} is gone")
        }
        (2, _) => {
            lines.insert(other, lines[one].clone());
            format!("line {one} once more at {other}")
        }
        (3, Some(colon)) => {
            lines[one].truncate(colon + 1);
            lines[one].push(b'\n');
            format!("the key of line {one} has no value")
        }
        (4, Some(colon)) => {
            let word = *dice.of(WORDS);
            lines[one].truncate(colon + 1);
            lines[one].extend([b" ", word.as_bytes(), b"\n"].concat());
            format!("the value of line {one} is {word:?}")
        }
        (_, Some(colon)) => {
            let at = dice.below(colon + 1);
            lines[one].insert(at, b'x');
            format!("the key of line {one} has an `x` at {at}")
        }
        (_, None) => {
            let spaces = vec![b' '; dice.below(6)];
            lines[one].splice(0..0, spaces);
            format!("line {one} stands further in")
        }
    };
    *bytes = lines.concat();
    said
}

/// The sources of a site that has come to harm, and what was done.
fn harmed(whole: &Files, dice: &mut Dice) -> (Files, Vec<String>) {
    let (mut files, mut said) = (whole.clone(), Vec::new());
    for _ in 0..=dice.below(3) {
        let paths: Vec<String> = files.keys().cloned().collect();
        let path = dice.of(&paths).clone();
        said.push(match dice.below(20) {
            0 => {
                files.remove(&path);
                format!("{path} is gone")
            }
            1 => {
                let other = dice.of(&paths).clone();
                files.insert(other.clone(), files[&path].clone());
                format!("{other} is {path}")
            }
            2 => {
                let endings = ["md", "yaml", "html", "svg", "png", "pdf", "jpg", "css", "x", "MD", "ics"];
                let other = format!("{path}.{}", dice.of(&endings));
                files.insert(other.clone(), files[&path].clone());
                format!("{other} is {path}")
            }
            _ => {
                let bytes = files.get_mut(&path).expect("it is one of them");
                format!("{path}: {}", harm(bytes, dice))
            }
        });
    }
    (files, said)
}

/// A site that is harmed in one round after the other.
struct Patient {
    site: Site,
    whole: Files,
    public: Files,
}

impl Patient {
    fn new() -> Self {
        let site = Site::copy_of(&repository().join("tests/golden/small"));
        site.build().well();
        let sources = |(path, _): &(String, Vec<u8>)| !path.starts_with("public/") && !path.starts_with('.');
        let whole = files_in(&site.path("")).into_iter().filter(sources).collect();
        let public = site.public();
        Self { site, whole, public }
    }

    /// Harms the site, builds it, and makes it whole again.
    fn round(&mut self, number: u64) {
        let (files, said) = harmed(&self.whole, &mut Dice::new(number));
        self.write(&files);
        let audit = if number.is_multiple_of(AUDITED) { "--audit" } else { "--quiet" };
        let mut command = Command::new("sh");
        let line = format!("ulimit -d {MEMORY}; exec \"$0\" build --threads 2 --now {NOW} {audit}");
        command.args(["-c", &line]).arg(program().get_program()).current_dir(self.site.path(""));
        let built = catch_unwind(AssertUnwindSafe(|| run(command)));
        let told =
            || format!("round {number}: {said:#?}\nonce more: ANSLAG_ROUND={number} cargo test --test it mutation");
        let built = built.unwrap_or_else(|_| panic!("it panics or does not end in {}", told()));
        let public = self.site.public();
        match built.code {
            Some(0) => self.public = public,
            Some(1) => assert!(public == self.public, "it fails and changes the site in {}", told()),
            code => panic!("it ends with {code:?} in {}\n{}", told(), built.stderr),
        }
        for path in files.keys().filter(|path| !self.whole.contains_key(*path)) {
            self.site.remove(path);
        }
        let whole = self.whole.clone();
        self.write(&whole);
    }

    /// Writes the files that are others, and removes those that are gone.
    fn write(&self, files: &Files) {
        for (path, bytes) in files {
            if std::fs::read(self.site.path(path)).ok().as_ref() != Some(bytes) {
                self.site.write(path, bytes);
            }
        }
        for path in self.whole.keys().filter(|path| !files.contains_key(*path)) {
            self.site.remove(path);
        }
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().expect("it is a number"))
}

#[test]
fn whatever_happens_to_a_site_a_build_ends_with_words() {
    if let Some(round) = number("ANSLAG_ROUND") {
        return Patient::new().round(round);
    }
    let rounds = number("ANSLAG_ROUNDS").unwrap_or(ROUNDS);
    let first = number("ANSLAG_FIRST_ROUND").unwrap_or(0);
    thread::scope(|scope| {
        for worker in 0..2 {
            scope.spawn(move || {
                let mut patient = Patient::new();
                (first..first + rounds).filter(|round| round % 2 == worker).for_each(|round| patient.round(round));
            });
        }
    });
}
