//! What the command line takes.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;

use crate::diagnostic::render::Format;
use crate::kind::event::edit::Place;
use crate::outside::Resolve;
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

const EXIT_CODES: &str = "Exit codes: 0 well, 1 the content has errors, 2 wrong usage, 3 the machine failed,
4 a build is due (`anslag due --since`).

Examples:
  anslag check                           look for mistakes, write nothing
  anslag check --external                ask the links to other sites too
  anslag build --base-url https://mr.example.org/
  anslag new post \"Vad är mänskliga rättigheter?\"
  anslag event cancel mr-dagen --reason \"För få kunde den här dagen.\"
  anslag serve --open                    see the site while you write
  anslag list event                      all conferences with their states
  anslag list --stale                    what its owners should look at
  anslag due                             when the site changes by itself next, and why
  anslag why /blogg/inbjudan/            where a page comes from, and whether it is made anew
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
        Options { root: self.root.clone(), now, base_url: self.base_url.clone(), drafts: self.drafts }
    }
}

#[derive(Debug, Args)]
pub struct BuildOptions {
    /// Where to write the site [default: public in the site's folder]
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Make the whole site besides, and fail if what has changed alone makes another one
    #[arg(long)]
    pub audit: bool,
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

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check everything, and write the site
    ///
    /// The site is written only when nothing is wrong. Files that already hold the right bytes are left alone, files
    /// that the site no longer has are removed, and files that anslag did not write are never touched.
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
    /// Say of an address or a file whether it is published, where, what it is made of, and why
    ///
    /// Takes an address (`/blogg/inbjudan/`, also with the site's own before it) or a file of the sources
    /// (`content/blog/inbjudan.md`). Says who answers for it, what days come for it, and whether the next build makes it anew, with
    /// the reason. Writes nothing. Exit code 1 says that it is not published, or that the site has errors.
    Why(WhyOptions),
    /// Show the site in a browser while it is written
    ///
    /// The site is made in memory and never written: drafts and what is not yet published are shown, marked as such, and cannot
    /// reach public/. When a file changes, the pages that are open change with it. What is wrong is shown over the page,
    /// with place and help, until it is mended. A bar in the page shows the site as it will be at another time.
    Serve(ServeOptions),
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
    /// Explain a code that stands in brackets in a message
    Explain {
        /// The code, such as `unknown-key`; all of them are listed when none is given
        code: Option<String>,
    },
}

#[derive(Debug, Args)]
pub struct CheckOptions {
    /// Ask the addresses outside the site too, and write to links.lock what they answer
    #[arg(long, value_enum, value_name = "WHICH", num_args = 0..=1, require_equals = true, default_missing_value = "due")]
    pub external: Option<Which>,
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
