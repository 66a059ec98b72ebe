//! What is known of the terminal that somebody sits at: whether there is one, how wide it is, and what it can show.
//!
//! A pipe gets the same text wherever it leads: no colours, no links, nothing that comes and goes, and no lines broken at a width.

use std::io::{self, IsTerminal};
use std::path::Path;

use clap::{ColorChoice, Command};

use super::arguments::{Color, Common};
use super::asks_for;
use crate::diagnostic::render::Style;
use crate::text::address::encode;
use crate::text::columns::{Fold, fold};

/// Wider than this, lines of words are hard to read.
const WIDEST: usize = 120;

/// Where a run writes to, as its reader sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// How many columns it has; none when it is no terminal, or does not say.
    pub width: Option<usize>,
    /// Whether it shows colours.
    color: bool,
    /// Whether it makes links of addresses that are not shown.
    links: bool,
    /// Whether what it shows can be taken back.
    pub is_live: bool,
}

impl Terminal {
    /// Standard output.
    pub fn output(common: &Common) -> Self {
        let out = io::stdout();
        Self::of(out.is_terminal(), terminal_size::terminal_size_of(&out), common.color, &environment)
    }

    /// Standard error.
    pub fn error(common: &Common) -> Self {
        let err = io::stderr();
        Self::of(err.is_terminal(), terminal_size::terminal_size_of(&err), common.color, &environment)
    }

    fn of(is_there: bool, size: Option<Size>, color: Color, known: &Known) -> Self {
        let is_dumb = known("TERM").is_some_and(|name| name == "dumb");
        let (is_able, width) = (is_there && !is_dumb, size.map(|(width, _)| usize::from(width.0)));
        Self {
            width: width.filter(|width| is_there && *width > 0),
            color: match color {
                Color::Always => true,
                Color::Never => false,
                Color::Auto => wants_color(is_able, known),
            },
            links: is_able && color != Color::Never && knows_links(known),
            is_live: is_able && known("CI").is_none(),
        }
    }

    /// How findings look on it, in files of this folder.
    pub fn style(&self, root: &Path) -> Style {
        let plain = Style::default();
        Style {
            color: self.color,
            width: self.width.unwrap_or(plain.width),
            folds: self.width.is_some(),
            links: self.links.then(|| folder(root)).flatten(),
        }
    }

    /// Words of one or more lines, broken to fit; each further line is set in.
    pub fn folded(&self, words: &str, indent: usize) -> String {
        self.folded_behind(0, words, indent)
    }

    /// The same of words behind others that stand in their line already.
    pub fn folded_behind(&self, begun: usize, words: &str, indent: usize) -> String {
        let turn = format!("\n{}", " ".repeat(indent));
        let lines = |width: usize| Fold { width: width.min(WIDEST), begun, indent, turn: &turn };
        self.width.map_or_else(|| words.to_owned(), |width| fold(words, lines(width)))
    }
}

/// The command line, whose help is as wide as the terminal and in a pipe as wide as ever. It is shown before the rest of
/// the command line is understood.
pub fn command(command: Command) -> Command {
    const WIDTH: usize = 100;
    let out = io::stdout();
    let width = terminal_size::terminal_size_of(&out).filter(|_| out.is_terminal());
    let width = width.map_or(WIDTH, |(width, _)| usize::from(width.0));
    let command = command.term_width(if width == 0 { WIDTH } else { width.min(WIDTH) });
    match () {
        () if asks_for("--color", "never") => command.color(ColorChoice::Never),
        () if asks_for("--color", "always") => command.color(ColorChoice::Always),
        () => command,
    }
}

type Size = (terminal_size::Width, terminal_size::Height);

/// What the environment says of a name; empty is not said.
type Known = dyn Fn(&str) -> Option<String>;

#[expect(clippy::disallowed_methods, reason = "how a terminal shows things is no part of the site")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// What is customary: no-color.org, then bixense.com/clicolors, then the terminal.
fn wants_color(is_able: bool, known: &Known) -> bool {
    let (never, always) = (known("NO_COLOR").is_some(), known("CLICOLOR_FORCE").is_some_and(|value| value != "0"));
    !never && (always || (is_able && known("CLICOLOR").is_none_or(|value| value != "0")))
}

/// Terminals do not tell whether they know links, so those that do are known by their names; `FORCE_HYPERLINK` says it of others.
fn knows_links(known: &Known) -> bool {
    const PROGRAMS: [&str; 9] =
        ["ghostty", "Hyper", "iTerm.app", "rio", "Tabby", "terminology", "vscode", "WezTerm", "zed"];
    const TERMINALS: [&str; 7] =
        ["alacritty", "alacritty-direct", "contour", "foot", "foot-extra", "xterm-ghostty", "xterm-kitty"];
    if let Some(forced) = known("FORCE_HYPERLINK") {
        return forced != "0";
    }
    let is = |name, among: &[&str]| known(name).is_some_and(|value| among.contains(&value.as_str()));
    // GNOME's terminal and its kin count 0.50 as 5000; before, they ended themselves over some links.
    let is_vte =
        || known("VTE_VERSION").and_then(|version| version.parse().ok()).is_some_and(|version: u32| version > 5000);
    is("TERM_PROGRAM", &PROGRAMS)
        || is("TERM", &TERMINALS)
        || is_vte()
        || ["DOMTERM", "KONSOLE_VERSION", "WT_SESSION"].iter().any(|name| known(name).is_some())
}

/// The address of a folder of this machine. It names the machine, since the terminal may show what another one says.
fn folder(root: &Path) -> Option<String> {
    let root = root.canonicalize().ok()?;
    Some(format!("file://{}{}", host(), encode(root.to_str()?.trim_end_matches('/'))))
}

#[cfg(unix)]
fn host() -> String {
    encode(&rustix::system::uname().nodename().to_string_lossy())
}

#[cfg(not(unix))]
fn host() -> String {
    // Paths begin with the letter of a drive there.
    "/".to_owned()
}

#[cfg(test)]
mod tests {
    use terminal_size::{Height, Width};

    use super::*;

    fn terminal(color: Color, environment: &'static [(&str, &str)]) -> Terminal {
        of(Some((Width(80), Height(24))), color, environment)
    }

    fn pipe(color: Color, environment: &'static [(&str, &str)]) -> Terminal {
        of(None, color, environment)
    }

    fn of(size: Option<Size>, color: Color, environment: &'static [(&str, &str)]) -> Terminal {
        let known = |name: &str| {
            let found = environment.iter().find(|(known, value)| *known == name && !value.is_empty());
            found.map(|(_, value)| (*value).to_owned())
        };
        Terminal::of(size.is_some(), size, color, &known)
    }

    #[test]
    fn colour_follows_what_is_asked_then_the_environment_then_the_terminal() {
        let colored = |terminal: Terminal| terminal.color;
        assert!(colored(terminal(Color::Auto, &[])));
        assert!(!colored(pipe(Color::Auto, &[])));
        assert!(!colored(terminal(Color::Auto, &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")])));
        assert!(colored(terminal(Color::Auto, &[("NO_COLOR", "")])));
        assert!(!colored(terminal(Color::Auto, &[("CLICOLOR", "0")])));
        assert!(!colored(terminal(Color::Auto, &[("TERM", "dumb")])));
        assert!(colored(pipe(Color::Auto, &[("CLICOLOR_FORCE", "1")])));
        assert!(!colored(pipe(Color::Auto, &[("CLICOLOR_FORCE", "0")])));
        assert!(colored(pipe(Color::Always, &[("NO_COLOR", "1")])));
        assert!(!colored(terminal(Color::Never, &[("CLICOLOR_FORCE", "1")])));
    }

    #[test]
    fn links_are_for_terminals_that_know_them() {
        let links = |environment| terminal(Color::Auto, environment).links;
        assert!(!links(&[]));
        assert!(!links(&[("TERM", "xterm-256color")]));
        assert!(links(&[("TERM", "xterm-kitty")]));
        assert!(links(&[("TERM_PROGRAM", "vscode"), ("NO_COLOR", "1")]), "links are no colours");
        assert!(links(&[("VTE_VERSION", "7402")]) && !links(&[("VTE_VERSION", "4800")]));
        assert!(links(&[("FORCE_HYPERLINK", "1")]) && !links(&[("FORCE_HYPERLINK", "0"), ("TERM", "foot")]));
        assert!(!links(&[("FORCE_HYPERLINK", "1"), ("TERM", "dumb")]));
        assert!(!terminal(Color::Never, &[("TERM", "foot")]).links);
        assert!(!pipe(Color::Always, &[("FORCE_HYPERLINK", "1"), ("TERM", "foot")]).links, "never in a pipe");
    }

    #[test]
    fn what_comes_and_goes_is_for_people_who_watch() {
        assert!(terminal(Color::Auto, &[]).is_live);
        assert!(!terminal(Color::Auto, &[("CI", "true")]).is_live);
        assert!(!terminal(Color::Auto, &[("TERM", "dumb")]).is_live);
        assert!(!pipe(Color::Always, &[]).is_live);
    }

    #[test]
    fn only_a_terminal_has_a_width() {
        let words = "ett ord ".repeat(20);
        assert_eq!(pipe(Color::Auto, &[]).folded(&words, 2), words);
        assert!(terminal(Color::Auto, &[]).folded(&words, 2).lines().all(|line| line.len() <= 80));
    }
}
