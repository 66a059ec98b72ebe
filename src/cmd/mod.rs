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
mod lsp;
mod manual;
mod new;
pub mod outcome;
mod rename;
mod schema;
mod serve;
mod stale;
mod terminal;
mod verify;
mod waiting;
mod why;

use std::ffi::OsString;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use clap::{CommandFactory, FromArgMatches};
use serde_json::json;

use crate::diagnostic::Report;
use crate::diagnostic::render::{Format, Texts, render, visible};
use arguments::{Arguments, Command, Common, ReportFormat, SchemaOptions};
use terminal::Terminal;

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
    let mut command = terminal::command(Arguments::command());
    if std::env::args_os().len() <= 1 {
        let _ = command.print_help();
        return End::Well.into();
    }
    let matches = command.try_get_matches_from_mut(std::env::args_os());
    let arguments = match matches.and_then(|matches| Arguments::from_arg_matches(&matches)) {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            if !error.use_stderr() {
                return End::Well.into();
            }
            if asks_for("--format", "json") {
                print_failure(2, &essence(&error.render().to_string()));
            }
            return End::Usage.into();
        }
    };
    match run(&arguments) {
        Ok(end) => end.into(),
        // Somebody who reads only the beginning (`| head`) has seen enough.
        Err(error) if is_broken_pipe(&error) => End::Well.into(),
        Err(error) => {
            tell_failure(&arguments.common, 3, &format!("{error:#}"));
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
        return refuse(common, &format!("there is no folder {}", common.root.display()));
    }
    if let Some(words) = wrong_format(common.format, &arguments.command) {
        return refuse(common, words);
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
        Command::Lsp => lsp::lsp(common),
        Command::New(options) => new::new(common, options),
        Command::Rename(options) => rename::rename(common, options),
        Command::Schema(options) => schema::schema(common, options),
        Command::Serve(options) => serve::serve(common, options),
        Command::Verify(options) => verify::verify(common, options),
        Command::Why(options) => why::why(common, options),
        Command::Completions { shell } => manual::completions(*shell),
        Command::Manual { folder } => manual::pages(folder),
        Command::Explain { code } => explain::explain(common, code.as_deref()),
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
        ReportFormat::Json | ReportFormat::Sarif | ReportFormat::Github if matches!(command, Command::Lsp) => {
            Some("`anslag lsp` speaks with editors alone; `anslag check` tells other programs what is wrong")
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

/// A text on one line, for a table. Names of files may hold what a terminal would obey: that is made visible.
fn one_line(text: &str) -> String {
    visible(&text.split_whitespace().collect::<Vec<_>>().join(" "))
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
    let style = Terminal::error(common).style(&common.root);
    if format == Format::Human {
        if !report.is_empty() {
            tell(&render(report, format, texts, &style));
        }
        return Ok(());
    }
    print(&render(report, format, texts, &style))
}

/// Says something on standard error.
fn speak(common: &Common, words: &str) {
    tell(&format!("{}\n", Terminal::error(common).folded(words, 2)));
}

/// Writes on standard error. That nobody can hear it changes nothing of what was done.
fn tell(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Whether there are settings in a folder, also such as cannot be read.
fn has_settings(root: &Path) -> bool {
    root.join("site.yaml").symlink_metadata().is_ok()
}

/// That a folder is no site, and how to come by one.
fn no_site(root: &Path) -> String {
    let way =
        "run anslag in the site's folder, or name the folder with `--root DIR`; `anslag init DIR` makes a new site";
    format!("there is no `site.yaml` in {}\n{way}", root.display())
}

/// Says why a run was asked for wrongly, with which it ends.
fn refuse(common: &Common, words: &str) -> Result<End> {
    tell_failure(common, 2, words);
    Ok(End::Usage)
}

/// Says why there is no answer: to people, and to programs that wait for one.
fn tell_failure(common: &Common, exit: u8, words: &str) {
    speak(common, &format!("anslag: {words}"));
    if common.format == ReportFormat::Json {
        print_failure(exit, words);
    }
}

/// What programs get instead of an answer. It is told on standard error too, so whoever reads only the beginning misses nothing.
fn print_failure(exit: u8, words: &str) {
    let failure = json!({"version": 1, "error": {"exit": exit, "what": words}});
    let _ = print(&format!("{failure:#}\n"));
}

/// Whether the command line asks for something, also one that cannot be understood.
fn asks_for(option: &str, value: &str) -> bool {
    let arguments: Vec<OsString> = std::env::args_os().take_while(|argument| argument != "--").collect();
    let (is_pair, joined) = (|pair: &[OsString]| pair[0] == option && pair[1] == value, format!("{option}={value}"));
    arguments.windows(2).any(is_pair) || arguments.iter().any(|argument| *argument == *joined)
}

/// What clap says is wrong and how it is put right, without how the command is used.
fn essence(words: &str) -> String {
    let words = words.strip_prefix("error: ").unwrap_or(words);
    let parts = words.split("\n\n").take_while(|part| !part.starts_with("Usage:") && !part.starts_with("For more"));
    parts.map(str::trim).collect::<Vec<_>>().join("\n")
}
