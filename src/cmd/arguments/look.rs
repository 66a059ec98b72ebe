//! What the commands take that look and write nothing of the site: `list`, `why`, `due`, `diff`, `verify`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use crate::model::Kind;
use crate::outside::Resolve;

#[derive(Debug, Args)]
pub struct ListOptions {
    /// Only this kind
    #[arg(value_enum)]
    pub kind: Option<Kind>,
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
    /// With `--format csv`, a table as Excel opens it: with a mark that it is UTF-8, and semicolons unless the site is in English
    #[arg(long)]
    pub excel: bool,
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
pub struct DueOptions {
    /// When the site was built: a time, or the report of `anslag build --format json`
    #[arg(long, value_name = "TIME|FILE")]
    pub since: Option<String>,
}
