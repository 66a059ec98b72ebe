//! The command line: what was asked, the stages in order, and what is said about it. Commands are thin.

mod arguments;
mod build;
mod explain;
mod list;
mod new;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use crate::diagnostic::Report;
use crate::diagnostic::render::{Format, Style, Texts, render};
use arguments::{Arguments, Command, Common};

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// Well.
    Well,
    /// The content has errors.
    Errors,
    /// It was asked for wrongly.
    Usage,
}

impl From<End> for ExitCode {
    fn from(end: End) -> Self {
        match end {
            End::Well => Self::SUCCESS,
            End::Errors => Self::from(1),
            End::Usage => Self::from(2),
        }
    }
}

/// Runs the program. Exit codes: 0 well, 1 the content has errors, 2 wrong usage, 3 the machine failed.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { End::Usage.into() } else { End::Well.into() };
        }
    };
    match run(&arguments) {
        Ok(end) => end.into(),
        Err(error) => {
            eprintln!("anslag: {error:#}");
            ExitCode::from(3)
        }
    }
}

fn run(arguments: &Arguments) -> Result<End> {
    let common = &arguments.common;
    if let Some(threads) = common.threads {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
    }
    match &arguments.command {
        Command::Build { output } => build::build(common, output.as_deref()),
        Command::Check => build::check(common),
        Command::List(options) => list::list(common, options),
        Command::New(options) => new::new(common, options),
        Command::Explain { code } => explain::explain(code.as_deref()),
    }
}

/// Prints what a run found, in the format asked for: for people on standard error, for machines on standard output.
fn print_report(report: &Report, texts: &dyn Texts, common: &Common) -> Result<()> {
    let format = common.format.into();
    let style = style();
    if format == Format::Human {
        if !report.is_empty() {
            eprint!("{}", render(report, format, texts, &style));
        }
        return Ok(());
    }
    let mut out = std::io::stdout().lock();
    out.write_all(render(report, format, texts, &style).as_bytes())?;
    Ok(out.flush()?)
}

/// Colour follows `NO_COLOR` (no-color.org) and the terminal.
#[expect(clippy::disallowed_methods, reason = "colour on a terminal is no part of the site")]
fn style() -> Style {
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    Style { color: !plain && std::io::stderr().is_terminal(), ..Style::default() }
}
