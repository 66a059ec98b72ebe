//! What the commands take that make a site and its surroundings: `build`, `check`, `serve`, `init`, `schema`.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::LazyLock;

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use crate::model::Kind;
use crate::outside::Resolve;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaName {
    Kind(Kind),
    Site,
    Theme,
    Organisations,
}

impl ValueEnum for SchemaName {
    fn value_variants<'a>() -> &'a [Self] {
        static ALL: LazyLock<Vec<SchemaName>> = LazyLock::new(|| {
            let files = [SchemaName::Site, SchemaName::Theme, SchemaName::Organisations];
            Kind::ALL.map(SchemaName::Kind).into_iter().chain(files).collect()
        });
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            Self::Kind(kind) => kind.to_possible_value(),
            Self::Site => Some(PossibleValue::new("site").help("site.yaml")),
            Self::Theme => Some(PossibleValue::new("theme").help("theme.yaml of a theme")),
            Self::Organisations => Some(PossibleValue::new("organisations").help("content/organisations.yaml")),
        }
    }
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
