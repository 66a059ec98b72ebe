//! The command line: what was asked, the stages in order, and what is said about it. Commands are thin.

mod address;
mod arguments;
mod build;
mod change;
mod diff;
mod digest;
mod due;
mod event;
mod explain;
mod external;
pub mod finished;
mod init;
mod list;
mod manual;
mod new;
pub mod outcome;
mod rename;
mod schema;
mod serve;
mod stale;
mod verify;
mod why;

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use clap::{CommandFactory, Parser};

use crate::diagnostic::Report;
use crate::diagnostic::render::{Format, Style, Texts, render};
use arguments::{Arguments, Command, Common, ReportFormat, SchemaOptions};

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// Well.
    Well,
    /// The content has errors.
    Errors,
    /// It was asked for wrongly.
    Usage,
    /// The site should be built again.
    Due,
}

impl From<End> for ExitCode {
    fn from(end: End) -> Self {
        match end {
            End::Well => Self::SUCCESS,
            End::Errors => Self::from(1),
            End::Usage => Self::from(2),
            End::Due => Self::from(4),
        }
    }
}

/// Runs the program. Exit codes: 0 well, 1 the content has errors, 2 wrong usage, 3 the machine failed, 4 a build is due.
pub fn main() -> ExitCode {
    if std::env::args_os().len() <= 1 {
        let _ = Arguments::command().print_help();
        return End::Well.into();
    }
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { End::Usage.into() } else { End::Well.into() };
        }
    };
    match run(&arguments) {
        Ok(end) => end.into(),
        // Somebody who reads only the beginning (`| head`) has seen enough.
        Err(error) if is_broken_pipe(&error) => End::Well.into(),
        Err(error) => {
            eprintln!("anslag: {error:#}");
            ExitCode::from(3)
        }
    }
}

fn run(arguments: &Arguments) -> Result<End> {
    let common = &arguments.common;
    let needs_site = !matches!(
        arguments.command,
        Command::Explain { .. }
            | Command::Init(_)
            | Command::Completions { .. }
            | Command::Manual { .. }
            | Command::Schema(SchemaOptions { subject: Some(_), .. })
    );
    if needs_site && !common.root.is_dir() {
        eprintln!("anslag: there is no folder {}", common.root.display());
        return Ok(End::Usage);
    }
    if let Some(words) = wrong_format(common.format, &arguments.command) {
        eprintln!("anslag: {words}");
        return Ok(End::Usage);
    }
    // Front matter may be nested 64 deep, and the YAML library goes down a level for each.
    let threads = rayon::ThreadPoolBuilder::new().stack_size(16 << 20);
    threads.num_threads(common.threads.unwrap_or(0)).build_global()?;
    match &arguments.command {
        Command::Build(options) => build::build(common, options),
        Command::Check(options) => match options.external {
            Some(which) => external::check(common, which, options),
            None => build::check(common, options.locked),
        },
        Command::Address(command) => address::address(common, command),
        Command::Diff(options) => diff::diff(common, options),
        Command::Due(options) => due::due(common, options),
        Command::Event(command) => event::event(common, command),
        Command::Init(options) => init::init(common, options),
        Command::List(options) => list::list(common, options),
        Command::New(options) => new::new(common, options),
        Command::Rename(options) => rename::rename(common, options),
        Command::Schema(options) => schema::schema(common, options),
        Command::Serve(options) => serve::serve(common, options),
        Command::Verify(options) => verify::verify(common, options),
        Command::Why(options) => why::why(common, options),
        Command::Completions { shell } => manual::completions(*shell),
        Command::Manual { folder } => manual::pages(folder),
        Command::Explain { code } => explain::explain(code.as_deref()),
    }
}

/// Why a command has nothing to say in a format.
fn wrong_format(format: ReportFormat, command: &Command) -> Option<&'static str> {
    let is_answer = matches!(
        command,
        Command::List(_)
            | Command::Diff(_)
            | Command::Due(_)
            | Command::Why(_)
            | Command::Address(_)
            | Command::Event(_)
            | Command::Verify(_)
            | Command::Rename(_)
    );
    match format {
        ReportFormat::Csv if !matches!(command, Command::List(_)) => Some("`--format csv` is for `anslag list`"),
        ReportFormat::Json | ReportFormat::Sarif | ReportFormat::Github if matches!(command, Command::Serve(_)) => {
            Some("`anslag serve` is for people; `anslag check` tells machines what is wrong")
        }
        ReportFormat::Sarif | ReportFormat::Github if matches!(command, Command::Build(options) if options.digest) => {
            Some("`--digest` goes with `--format human` and `--format json`")
        }
        ReportFormat::Sarif | ReportFormat::Github if is_answer => {
            Some("`--format sarif` and `--format github` are for findings: `anslag check`, `anslag build`")
        }
        _ => None,
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let broken = |error: &std::io::Error| error.kind() == std::io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| cause.downcast_ref().is_some_and(broken))
}

/// A path from the site's folder, also where it is given from elsewhere.
fn from_root(root: &Path, asked: &str) -> String {
    let whole = Path::new(asked).canonicalize().ok().zip(root.canonicalize().ok());
    let inside = whole.as_ref().and_then(|(path, root)| path.strip_prefix(root).ok()?.to_str());
    inside.unwrap_or(asked.trim_start_matches("./")).replace(std::path::MAIN_SEPARATOR, "/")
}

/// A writer's text on one line, for a table. Control characters were refused when it was read.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Prints a text on standard output.
fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
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
    print(&render(report, format, texts, &style))
}

/// Colour follows `NO_COLOR` (no-color.org) and the terminal.
#[expect(clippy::disallowed_methods, reason = "colour on a terminal is no part of the site")]
fn style() -> Style {
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    Style { color: !plain && std::io::stderr().is_terminal(), ..Style::default() }
}
