//! What the commands take that write in the sources: `new`, `event`, `rename`.

use clap::{Args, Subcommand};

use super::values::{line, place, when};
use crate::kind::event::edit::Place;
use crate::model::Kind;
use crate::text::date::When;

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
        /// Where it is now: the town, or a name and the town: "Folkets hus, Malmö"
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

#[derive(Debug, Args)]
pub struct NewOptions {
    /// What to write
    #[arg(value_enum)]
    pub kind: Kind,
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
    /// Where it takes place: the town, or a name and the town: "Folkets hus, Malmö"
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
