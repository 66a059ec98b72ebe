//! What the command line takes: the commands, and what all of them do.

mod address;
mod edit;
mod look;
mod site;
mod values;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;
use jiff::Timestamp;

use crate::progress::Progress;
use crate::session::{Options, Recall};

pub use address::{AddressCommand, FateName, GoneOptions, RedirectOptions};
pub use edit::{EventCommand, EventOptions, NewOptions, RenameOptions};
pub use look::{DiffOptions, DueOptions, ListOptions, Order, VerifyOptions, WhyOptions};
pub use site::{BuildOptions, CheckOptions, InitOptions, Language, SchemaName, SchemaOptions, ServeOptions, Which};
pub use values::{Color, ReportFormat, base_url, instant, line, place, when};

/// A static site generator for organisations that must publish reliably.
///
/// A site is a folder with site.yaml, content/ and a theme. `anslag build` checks all of it and writes the site to
/// public/; when anything is wrong it says where and how to put it right, and writes nothing.
#[derive(Debug, Parser)]
#[command(version, after_help = EXIT_CODES)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub common: Common,
}

const EXIT_CODES: &str = "Exit codes: 0 well, 1 the content has errors (`verify`: readers get something else), 2 wrong usage, 3 the machine failed,
4 a build is due (`anslag due --since`).

Examples:
  anslag init mr                         a new site in the folder mr
  anslag check                           look for mistakes, write nothing
  anslag check --external                ask the links to other sites too
  anslag build --base-url https://mr.example.org/
  anslag new post \"Vad är mänskliga rättigheter?\"
  anslag event cancel mr-dagen --reason \"För få kunde den här dagen.\"
  anslag rename mr-dagen mr-dagen-2027   another name and address, and all that leads there
  anslag serve --open                    see the site while you write
  anslag list event                      all conferences with their states
  anslag list --stale                    what its owners should look at
  anslag due                             when the site changes by itself next, and why
  anslag why /blogg/inbjudan/            where a page comes from, and whether it is made anew
  anslag address redirect /gammal/ /ny/  where a former address leads
  anslag verify https://mr.example.org/  whether readers get what was built
  anslag schema                          let editors complete keys and words
  anslag lsp                             let editors say what is wrong while it is typed
  anslag diff before.json                what readers will see changed since `diff --save`
  anslag explain unknown-key             what a message means";

#[derive(Clone, Debug, Args)]
pub struct Common {
    /// The site's folder
    #[arg(long, global = true, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// The time of the build, such as 2026-11-21T08:00:00+01:00; everything that depends on time follows it
    #[arg(long, global = true, value_name = "RFC3339", value_parser = instant)]
    pub now: Option<Timestamp>,
    /// The address of the site, instead of `base_url` in site.yaml
    #[arg(long, global = true, value_name = "URL", value_parser = base_url)]
    pub base_url: Option<String>,
    /// Show drafts, and what is not yet published
    #[arg(long, global = true)]
    pub drafts: bool,
    /// How findings are written
    #[arg(long, global = true, value_enum, default_value_t = ReportFormat::Human)]
    pub format: ReportFormat,
    /// Whether to use colours; `auto` is on a terminal, unless the environment says otherwise (`NO_COLOR`, `CLICOLOR`)
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = Color::Auto)]
    pub color: Color,
    /// How many threads work; all cores unless given
    #[arg(long, global = true, value_name = "N", value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=1024))]
    pub threads: Option<usize>,
    /// Say nothing when all is well
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say how long each stage took, and how much of the last build still stands
    #[arg(short, long, global = true)]
    pub verbose: bool,
}

impl Common {
    /// The time of the build. The clock is read here and nowhere else.
    #[expect(clippy::disallowed_methods, reason = "the one place where the clock is read")]
    pub fn now(&self) -> Timestamp {
        self.now.unwrap_or_else(Timestamp::now)
    }

    /// What the stages need to know.
    pub fn options(&self, now: Timestamp) -> Options {
        Options {
            root: self.root.clone(),
            now,
            base_url: self.base_url.clone(),
            drafts: self.drafts,
            locked: false,
            progress: Progress::default(),
            recall: Recall::default(),
        }
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check everything, and write the site
    ///
    /// The site is written only when nothing is wrong, and shown at one stroke: readers of the folder find the old site or the
    /// new one. Files that already hold the right bytes are left alone, files that the site no longer has are removed, and files that
    /// anslag did not write are never touched.
    ///
    /// Only what has changed since the last build is read and made: `.anslag/` remembers what the site was made of. That folder
    /// may be deleted together with the site that was written; it also knows which files there are anslag's.
    Build(BuildOptions),
    /// Check everything, and write nothing
    ///
    /// Does all that `build` does except writing: documents, references, links, the theme's templates against what
    /// they are given, and the finished pages. With `--external` the addresses of other sites are asked as well; what they
    /// answer is written to links.lock, which belongs in git, and from then on every build knows it without a network.
    Check(CheckOptions),
    /// Say when the site changes by itself next, and why
    ///
    /// Days come and go: a post is published, a registration closes, a conference becomes past. Until the instant that
    /// is printed, a build gives the same bytes; then it does not. With `--since`, exit code 4 says that it has come.
    Due(DueOptions),
    /// Say what readers will see changed
    ///
    /// `--save` writes down what readers see of the site; with such a report the site as it is now is held against it, at the same time
    /// unless `--now` gives another: pages that are new, gone or changed, with their titles, states and days, and other files. The
    /// answer is Markdown for a comment under a proposed change, or JSON. Nothing is published.
    Diff(DiffOptions),
    /// Say of an address or a file whether it is published, where, what it is made of, and why
    ///
    /// Takes an address (`/blogg/inbjudan/`, also with the site's own before it) or a file of the sources
    /// (`content/blog/inbjudan.md`). Says who answers for it, what days come for it, and whether the next build makes it anew, with
    /// the reason. Writes nothing. Exit code 1 says that it is not published, or that the site has errors.
    Why(WhyOptions),
    /// Say whether readers get what was built
    ///
    /// Without more, the output folder is held against what is known of the last build into it. With a folder, that one is held
    /// against the output folder, byte for byte. With a web address, the host is asked for every page and file of the site, where
    /// former addresses lead, and what it says where nothing is. Writes nothing. Exit code 1 says that something is missing
    /// or changed; foreign files are told of, and count with `--strict`.
    Verify(VerifyOptions),
    /// Show the site in a browser while it is written
    ///
    /// The site is made in memory and never written: drafts and what is not yet published are shown, marked as such, and cannot
    /// reach public/. When a file changes, the pages that are open change with it. What is wrong is shown over the page,
    /// with place and help, until it is mended. A bar in the page shows the site as it will be at another time.
    Serve(ServeOptions),
    /// Say what has become of an address that was published and is gone
    ///
    /// addresses.lock holds every address that was ever published; a build that would lose one fails. A document that has taken
    /// an address's place says so itself (`aliases`); what no document can say is said here. The file belongs in git.
    #[command(subcommand)]
    Address(AddressCommand),
    /// Make a new site, in a folder of its own
    ///
    /// It has settings, a first post, a conference, a page and somebody who answers for them, in Swedish or English, and the
    /// theme that is inside the program. It builds and passes `anslag check`; every file is yours to change.
    Init(InitOptions),
    /// List what there is, with its state
    List(ListOptions),
    /// Talk with an editor while a text is written (language server)
    ///
    /// Editors start it by themselves once they are told to, and speak the Language Server Protocol with it over standard input and
    /// output. It says what `anslag check` would say of the texts as they stand in the editor, written or not; it completes keys, words,
    /// persons, tags, series, components and links, explains them, leads to what they name, and puts slips right. The site is the
    /// folder with site.yaml that the editor has opened, or the one around it, or that of `--root`. Nothing is written. `--verbose` tells
    /// on standard error what is said.
    Lsp,
    /// Write a new document with every key explained
    ///
    /// The blanks to fill are marked; once they are filled the document passes `anslag check`. Keys that are not
    /// needed stand as comments. On a terminal, what is not given is asked for; in a script, it is left blank.
    New(NewOptions),
    /// Cancel, postpone, move or restore a conference, or one of its occasions
    ///
    /// Writes the state, the new times and a line of history into the front matter, and leaves comments, order and quotes as they
    /// are. Before anything is written the whole site is checked with the change; what readers will see is shown. The conference
    /// is named by its file, the last piece of its address, or its id.
    #[command(subcommand)]
    Event(Box<EventCommand>),
    /// Write JSON Schemas, with which editors complete and check YAML
    ///
    /// One for the front matter of each kind, one for site.yaml, for theme.yaml and for content/organisations.yaml, made of what
    /// `anslag check` itself reads them by. They are written into .anslag/schemas/, or printed when one is named. What a schema
    /// refuses `anslag check` refuses as well; what needs other files, the time or several keys at once only `anslag check` finds.
    Schema(SchemaOptions),
    /// Give a document, a person or a tag another name, and settle what leads there
    ///
    /// The file is moved, with its folder if it has one. Links, images, keys and settings that lead to it are changed in every file, and
    /// nothing else in those is. The former address leads to the new one: it is written among the document's `aliases`, and what
    /// feeds and calendars know the document by as its `id`; of lists, addresses.lock says where they are.
    ///
    /// Before anything is written the whole site is made in memory with the change; if it had errors that it has not now, they are shown
    /// and nothing is written. Then each file is replaced as a whole, the document that moves last. A run that is ended in
    /// between loses no text: the document is at its old place or its new one, or for a moment at both, and `anslag check` names what
    /// does not lead there yet. A half-written `.x.md.anslag` may be left, which is no part of the site. While the document is at its old
    /// place, the same command finishes the work; a document in a folder may be at its new place and not say yet where it was before.
    Rename(RenameOptions),
    /// Write what a shell needs to complete commands, on standard output
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: Shell,
    },
    /// Write a manual page for each command (man) into a folder
    Manual {
        /// The folder
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    /// Explain a code that stands in brackets in a message
    Explain {
        /// The code, such as `unknown-key`; all of them are listed when none is given
        code: Option<String>,
    },
}
