//! The session in `docs/content/pages/session.md`: its commands are run, and what they say stands under them as it was said.
//!
//! The commands are the lines after `$ ` in blocks of `console`; blocks of `diff` are what the writer changes in a file between
//! them. `ANSLAG_UPDATE=1 cargo test --test it session` writes the blocks anew; what has changed is then reviewed as a diff.

use std::fs;
use std::path::PathBuf;

use crate::site::{Site, repository, run};

/// A writer at work: a site, and the folder of it in which commands are run.
struct Writer {
    site: Site,
    folder: PathBuf,
}

#[test]
fn what_the_program_says_in_the_recorded_session_is_what_it_says() {
    let place = repository().join("docs/content/pages/session.md");
    let recorded = fs::read_to_string(&place).expect("the session is recorded");
    let site = Site::empty();
    let said = Writer { folder: site.path(""), site }.follow(&recorded);
    if std::env::var_os("ANSLAG_UPDATE").is_some() {
        fs::write(&place, &said).expect("the session can be written");
        return;
    }
    let differs = recorded.lines().zip(said.lines()).find(|(recorded, said)| recorded != said);
    assert_eq!(recorded, said, "{differs:#?}\nwrite it anew with ANSLAG_UPDATE=1 if this is meant");
}

impl Writer {
    /// The text with what its commands say now.
    fn follow(mut self, text: &str) -> String {
        let (mut followed, mut commands) = (String::new(), 0);
        let mut blocks = text.split("```");
        while let Some(prose) = blocks.next() {
            followed += prose;
            let Some(block) = blocks.next() else { break };
            followed += "```";
            followed += &match block.split_once('\n') {
                Some(("console", lines)) => {
                    let lines = lines.lines().filter_map(|line| line.strip_prefix("$ "));
                    commands += lines.clone().count();
                    format!("console\n{}", lines.map(|line| self.type_in(line)).collect::<String>())
                }
                Some(("diff", change)) => {
                    self.change(change);
                    block.to_owned()
                }
                _ => block.to_owned(),
            };
            followed += "```";
        }
        assert!(commands > 8, "there are commands in the session");
        followed
    }

    /// A command with what a terminal shows after it.
    fn type_in(&mut self, line: &str) -> String {
        if let Some(folder) = line.strip_prefix("cd ") {
            self.folder.push(folder);
            return format!("$ {line}\n");
        }
        let words = line.strip_prefix("anslag ").expect("it is a command of anslag");
        let mut command = self.site.command(split(words));
        command.current_dir(&self.folder);
        let run = run(command);
        assert!(matches!(run.code, Some(0 | 1)), "`{line}`: {}", run.stderr);
        format!("$ {line}\n{}{}", run.stdout, without_times(&run.stderr))
    }

    /// Changes the file that the first line names: each line after `-` is replaced by the one after `+`. ` …` stands for the rest of
    /// a line.
    fn change(&self, change: &str) {
        let (path, lines) = change.split_once('\n').expect("a change has lines");
        let place = self.folder.join(path.strip_prefix("# ").expect("a change names its file"));
        let text = fs::read_to_string(&place).expect("the file is there");
        let mut written: Vec<&str> = text.lines().collect();
        let lines: Vec<&str> = lines.lines().collect();
        for pair in lines.chunks(2) {
            let old = pair[0].strip_prefix('-').expect("a line goes first");
            let is_it = |line: &&str| old.strip_suffix(" …").map_or(*line == old, |start| line.starts_with(start));
            let at = written.iter().position(is_it).unwrap_or_else(|| panic!("`{old}` stands in\n{text}"));
            written[at] = pair[1].strip_prefix('+').expect("another comes in its place");
        }
        fs::write(place, written.join("\n") + "\n").expect("the file can be written");
    }
}

/// The words of a command; those between quotes are one.
fn split(line: &str) -> Vec<String> {
    let parts = line.split('"').enumerate();
    let words = parts.flat_map(|(at, part)| {
        if at % 2 == 1 { vec![part.to_owned()] } else { part.split_whitespace().map(str::to_owned).collect() }
    });
    words.collect()
}

/// What was said, without the milliseconds that it took.
fn without_times(said: &str) -> String {
    let mut text = String::new();
    for line in said.split_inclusive('\n') {
        match line.split_once(" ms").and_then(|(before, after)| Some((before.rsplit_once(' ')?, after))) {
            Some(((before, number), after)) if number.parse::<u64>().is_ok() => {
                text += &format!("{before} … ms{after}");
            }
            _ => text += line,
        }
    }
    text
}
