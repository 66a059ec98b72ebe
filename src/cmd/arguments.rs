//! What the command line takes.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::addresses::{Fate, Line};
use crate::diagnostic::render::Format;
use crate::kind::event::edit::Place;
use crate::outside::Resolve;
use crate::progress::Progress;
use crate::session::Options;
use crate::text::date::{DateError, When};

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
    #[arg(long, global = true, value_name = "URL")]
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
        }
    }
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct BuildOptions {
    /// Where to write the site [default: public in the site's folder]
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Make the whole site besides, and fail if what has changed alone makes another one
    #[arg(long)]
    pub audit: bool,
    /// Leave addresses.lock as it is, and fail if it is behind the site
    #[arg(long)]
    pub locked: bool,
    /// Take over a folder that is not empty and that anslag does not know: files where the site's own go are replaced
    #[arg(long)]
    pub adopt: bool,
    /// Keep the folder itself and replace its files one by one, for what holds on to it, such as a container that mounts it
    #[arg(long)]
    pub in_place: bool,
    /// Print one hash of the whole site: the SHA-256 of what `sha256sum` writes of its files in the order of their paths
    #[arg(long)]
    pub digest: bool,
}

fn instant(text: &str) -> Result<Timestamp, String> {
    text.parse()
        .map_err(|_| "a time is a day, a time of day and an offset from UTC: 2027-01-01T08:00:00+01:00".to_owned())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// With the line, a caret and a way out
    Human,
    /// One JSON object
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// A table for spreadsheets (`list`)
    Csv,
}

impl From<ReportFormat> for Format {
    fn from(format: ReportFormat) -> Self {
        match format {
            ReportFormat::Human | ReportFormat::Csv => Self::Human,
            ReportFormat::Json => Self::Json,
            ReportFormat::Sarif => Self::Sarif,
            ReportFormat::Github => Self::Github,
        }
    }
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal
    Auto,
    /// Also in a pipe
    Always,
    /// Nowhere, and no links in messages either
    Never,
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
    /// does not lead there yet. A half-written `x.md.new` may be left, to be taken away. While the document is at its old place, the same
    /// command finishes the work; a document in a folder may be at its new place and not say yet where it was before.
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

#[derive(Debug, Subcommand)]
pub enum AddressCommand {
    /// List the addresses that were ever published
    List(AddressListOptions),
    /// Say that an address is gone, and why: its page says so to readers, and search engines forget it
    Gone(GoneOptions),
    /// Lead an address to another
    Redirect(RedirectOptions),
}

#[derive(Debug, Args)]
pub struct AddressListOptions {
    /// Only those of which this is true
    #[arg(value_enum)]
    pub fate: Option<FateName>,
}

#[derive(Debug, Args)]
pub struct GoneOptions {
    /// The address, such as /blogg/gammal/
    pub address: String,
    /// Why it is gone, in a sentence that readers meet there
    #[arg(long, value_name = "SENTENCE")]
    pub reason: String,
}

#[derive(Debug, Args)]
pub struct RedirectOptions {
    /// The address, such as /blogg/gammal/
    pub from: String,
    /// The address that it leads to, such as /blogg/ny/, also to a heading: /blogg/ny/#program
    pub to: String,
    /// Lead all that was under the one to the same under the other, as when a section has a new address
    #[arg(long)]
    pub all: bool,
}

/// What has become of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FateName {
    /// Something is there
    Present,
    /// It leads to another
    Moved,
    /// It is gone
    Gone,
}

impl FateName {
    /// That of a line.
    pub fn of(line: &Line) -> Self {
        match line.fate {
            Fate::Present { .. } => Self::Present,
            Fate::Moved { .. } => Self::Moved,
            Fate::Gone { .. } => Self::Gone,
        }
    }

    /// The word that machines know it by.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Moved => "moved",
            Self::Gone => "gone",
        }
    }
}

#[derive(Debug, Args)]
pub struct CheckOptions {
    /// Ask the addresses outside the site too, and write to links.lock what they answer
    #[arg(long, value_enum, value_name = "WHICH", num_args = 0..=1, require_equals = true, default_missing_value = "due")]
    pub external: Option<Which>,
    /// Fail if addresses.lock is behind the site
    #[arg(long)]
    pub locked: bool,
    /// Where a host is to be found, also in a private network, which is not asked otherwise; the host * is every host
    #[arg(long, value_name = "HOST=ADDRESS:PORT", requires = "external")]
    pub resolve: Vec<Resolve>,
}

/// Which addresses outside the site are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Which {
    /// Those that are new, that were not well, and that were well too long ago
    Due,
    /// Those of which nothing is known yet
    New,
    /// All of them
    All,
}

#[derive(Debug, Args)]
pub struct ListOptions {
    /// Only this kind
    #[arg(value_enum)]
    pub kind: Option<KindName>,
    /// Only what should be looked at, by who answers for it: overdue reviews, texts that no longer hold, owners who have
    /// left, tools that have been superseded
    #[arg(long)]
    pub stale: bool,
    /// Only what has this tag
    #[arg(long, value_name = "TAG", conflicts_with = "stale")]
    pub tag: Option<String>,
    /// Only what this person has written or answers for; the name of the person's file
    #[arg(long, value_name = "PERSON", conflicts_with = "stale")]
    pub person: Option<String>,
    /// Only what is in this state, such as cancelled, draft or past
    #[arg(long, value_name = "STATE", conflicts_with = "stale")]
    pub state: Option<String>,
    /// Only what was published on this day or after it
    #[arg(long, value_name = "DAY", conflicts_with = "stale")]
    pub since: Option<Date>,
    /// Only what was published on this day or before it
    #[arg(long, value_name = "DAY", conflicts_with = "stale")]
    pub until: Option<Date>,
    /// In which order
    #[arg(long, value_enum, value_name = "ORDER", default_value_t = Order::Kind, conflicts_with = "stale")]
    pub sort: Order,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Order {
    /// By kind, the newest first
    Kind,
    /// The newest first
    Date,
    /// Those that were changed last first
    Updated,
    /// By title, as the site's language has it
    Title,
    /// By file
    File,
}

#[derive(Debug, Args)]
pub struct WhyOptions {
    /// An address of the site, or a file of its sources
    #[arg(value_name = "ADDRESS|FILE")]
    pub what: String,
    /// Where the site was written [default: public in the site's folder]
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("diff").required(true).multiple(true).args(["report", "save"]))]
pub struct DiffOptions {
    /// What `--save` has written
    #[arg(value_name = "REPORT")]
    pub report: Option<PathBuf>,
    /// Write down what readers see now
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct VerifyOptions {
    /// A copy of the output folder, or where the site is published, such as <https://mr.example.org/>
    #[arg(value_name = "DIR|URL")]
    pub what: Option<String>,
    /// Ask the host only for the addresses in this file, one on each line; `-` is standard input
    #[arg(long, value_name = "FILE", requires = "what")]
    pub list: Option<PathBuf>,
    /// Where the site was written [default: public in the site's folder]
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Fail also where there are files that are not the site's
    #[arg(long)]
    pub strict: bool,
    /// Where a host is to be found; the host * is every host
    #[arg(long, value_name = "HOST=ADDRESS:PORT")]
    pub resolve: Vec<Resolve>,
}

#[derive(Debug, Args)]
pub struct InitOptions {
    /// The folder; it may have nothing of a site in it
    #[arg(value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// The language of the site
    #[arg(long, value_enum, default_value_t = Language::Sv)]
    pub language: Language,
    /// What the site is called
    #[arg(long)]
    pub title: Option<String>,
}

#[derive(Debug, Args)]
pub struct SchemaOptions {
    /// What to print the schema of; all are written into a folder when nothing is named
    #[arg(value_enum)]
    pub subject: Option<SchemaName>,
    /// The folder to write them into [default: .anslag/schemas in the site's folder]
    #[arg(long, value_name = "DIR", conflicts_with = "subject")]
    pub output: Option<PathBuf>,
}

/// What has a schema: the kinds, and files that are no documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaName {
    Post,
    Event,
    Tool,
    Page,
    Person,
    Series,
    Notice,
    /// site.yaml
    Site,
    /// theme.yaml of a theme
    Theme,
    /// content/organisations.yaml
    Organisations,
}

/// A language that a new site can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// Swedish
    Sv,
    /// English
    En,
}

#[derive(Debug, Args)]
pub struct ServeOptions {
    /// The address to listen at; with another than 127.0.0.1 others can see the site
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub host: IpAddr,
    /// The port; 0 is any that is free
    #[arg(long, value_name = "N", default_value_t = 1111)]
    pub port: u16,
    /// Open the site in the browser
    #[arg(long)]
    pub open: bool,
    /// Bring up the page whose document was written
    #[arg(long)]
    pub follow: bool,
    /// Show only what readers see, without drafts and what is not yet published
    #[arg(long, conflicts_with = "drafts")]
    pub as_published: bool,
}

#[derive(Debug, Args)]
pub struct DueOptions {
    /// When the site was built: a time, or the report of `anslag build --format json`
    #[arg(long, value_name = "TIME|FILE")]
    pub since: Option<String>,
}

#[derive(Debug, Args)]
pub struct RenameOptions {
    /// What it is called: its file, its address, the last piece of that, or its id; with `--tag` the tag
    pub from: String,
    /// What it is to be called: the last piece of its new address, or a file in content/; with `--tag` the tag
    pub to: String,
    /// Rename a tag in all documents and in site.yaml
    #[arg(long)]
    pub tag: bool,
    /// Show what would change, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// What happens to a conference.
#[derive(Debug, Subcommand)]
#[expect(clippy::option_option, reason = "`--online` may stand alone, and not to stand is another thing")]
pub enum EventCommand {
    /// It does not take place
    Cancel {
        #[command(flatten)]
        of: Reasoned,
        /// Write it in the conference's series: all conferences of the series are cancelled
        #[arg(long, conflicts_with = "occasion")]
        series: bool,
    },
    /// It takes place later; nobody knows when
    Postpone {
        #[command(flatten)]
        of: Reasoned,
        /// Write it in the conference's series: all conferences of the series are postponed
        #[arg(long, conflicts_with = "occasion")]
        series: bool,
    },
    /// It has another date or place, or takes place on the net
    #[command(group = clap::ArgGroup::new("to").required(true).multiple(true).args(["start", "place", "online"]))]
    Move {
        #[command(flatten)]
        of: Reasoned,
        /// When it starts now: 2027-05-03, or 2027-05-03T09:30
        #[arg(long, value_name = "TIME", value_parser = when)]
        start: Option<When>,
        /// When it ends now [default: as long after the start as before]
        #[arg(long, value_name = "TIME", value_parser = when, requires = "start")]
        end: Option<When>,
        /// Where it is now: the town, or a name and the town: \"Folkets hus, Malmö\"
        #[arg(long, value_name = "NAME, TOWN", value_parser = place)]
        place: Option<Place>,
        /// It takes place on the net, and where to join
        #[arg(long, value_name = "URL", num_args = 0..=1, conflicts_with_all = ["start", "place"])]
        online: Option<Option<String>>,
        /// The service on the net: Teams, Zoom
        #[arg(long, value_name = "NAME", requires = "online", value_parser = line)]
        platform: Option<String>,
        /// Write it in the conference's series: all its conferences take place on the net
        #[arg(long, conflicts_with_all = ["occasion", "start", "place", "platform"])]
        series: bool,
    },
    /// It takes place after all
    Restore {
        #[command(flatten)]
        of: EventOptions,
        /// Why, in a sentence that readers see
        #[arg(long, value_name = "WORDS", value_parser = line)]
        reason: Option<String>,
        /// Write it in the conference's series
        #[arg(long, conflicts_with = "occasion")]
        series: bool,
    },
}

#[derive(Clone, Debug, Args)]
pub struct EventOptions {
    /// The conference: its file, the last piece of its address, or its id
    #[arg(value_name = "EVENT")]
    pub event: String,
    /// Where to read more: a web address, or a file of the site
    #[arg(long, value_name = "URL|FILE", value_parser = line)]
    pub link: Option<String>,
    /// The day of the decision [default: today]
    #[arg(long, value_name = "DATE", value_parser = when)]
    pub date: Option<When>,
    /// Only this occasion of several: its id, its day, or its place in the list
    #[arg(long, value_name = "ID|DATE|N")]
    pub occasion: Option<String>,
    /// Show what would change, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Clone, Debug, Args)]
pub struct Reasoned {
    #[command(flatten)]
    pub options: EventOptions,
    /// Why, in a sentence that readers see
    #[arg(long, value_name = "WORDS", value_parser = line)]
    pub reason: String,
}

/// A date or a time, as it is written in front matter.
pub fn when(text: &str) -> Result<When, String> {
    text.parse().map_err(|error: DateError| match error.suggestion {
        Some(written) => format!("{}: write {written}", error.reason),
        None => format!("{}: write it as 2027-05-03 or 2027-05-03T09:30", error.reason),
    })
}

/// A text on one line.
pub fn line(text: &str) -> Result<String, String> {
    let text = text.trim();
    match () {
        () if text.is_empty() => Err("it is empty".to_owned()),
        () if text.contains(['\n', '\r']) => Err("it is a text on one line".to_owned()),
        () if text.contains(char::is_control) => Err("it holds a control character".to_owned()),
        () => Ok(text.to_owned()),
    }
}

pub fn place(text: &str) -> Result<Place, String> {
    let text = line(text)?;
    let (name, city) = match text.rsplit_once(',') {
        Some((name, city)) => (Some(line(name)?), line(city)?),
        None => (None, text),
    };
    Ok(Place { name, city })
}

#[derive(Debug, Args)]
pub struct NewOptions {
    /// What to write
    #[arg(value_enum)]
    pub kind: KindName,
    /// The title; of a person, the name
    pub title: Option<String>,
    /// The same, as an option
    #[arg(long = "title", value_name = "TITLE", conflicts_with = "title", value_parser = line)]
    pub titled: Option<String>,
    /// Write a bundle: a folder with the document and its files
    #[arg(long)]
    pub bundle: bool,
    /// When it is published [default: today]
    #[arg(long, value_name = "DATE", value_parser = when)]
    pub date: Option<When>,
    /// When an event starts: 2027-05-03, or 2027-05-03T09:30
    #[arg(long, value_name = "TIME", value_parser = when)]
    pub start: Option<When>,
    /// When it ends
    #[arg(long, value_name = "TIME", value_parser = when, requires = "start")]
    pub end: Option<When>,
    /// Where it takes place: the town, or a name and the town: \"Folkets hus, Malmö\"
    #[arg(long, value_name = "NAME, TOWN", value_parser = place)]
    pub place: Option<Place>,
    /// The person who answers for it
    #[arg(long, value_name = "PERSON", value_parser = line)]
    pub contact: Option<String>,
    /// One or two sentences for lists, feeds and search engines
    #[arg(long, value_name = "WORDS", value_parser = line)]
    pub summary: Option<String>,
    /// The last piece of the address [default: made of the title]
    #[arg(long, value_name = "NAME", value_parser = line)]
    pub slug: Option<String>,
    /// Write a draft, which is not published
    #[arg(long)]
    pub draft: bool,
    /// Open it in the editor that VISUAL or EDITOR names
    #[arg(long)]
    pub edit: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KindName {
    Post,
    Event,
    Tool,
    Page,
    Person,
    Series,
    Notice,
}

impl From<KindName> for crate::model::Kind {
    fn from(name: KindName) -> Self {
        match name {
            KindName::Post => Self::Post,
            KindName::Event => Self::Event,
            KindName::Tool => Self::Tool,
            KindName::Page => Self::Page,
            KindName::Person => Self::Person,
            KindName::Series => Self::Series,
            KindName::Notice => Self::Notice,
        }
    }
}
