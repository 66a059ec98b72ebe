//! What `address` takes.

use clap::{Args, Subcommand, ValueEnum};

use crate::addresses::{Fate, Line};

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
