//! Every setting: flag, environment variable, default and help in one declaration.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::domain::{ForWhom, TermKey, ZoneName};
use crate::jobs::FeedFormat;
use crate::search::Weights;

/// A directory of mental-health peer support: local groups, online programs, one-on-one.
#[derive(Debug, Parser)]
#[command(name = "peer-directory", version, about, propagate_version = true)]
#[command(after_help = "Environment:\n  \
    PEER_DIRECTORY_LOG         What is logged, such as debug or warn,peer_directory=info\n  \
    PEER_DIRECTORY_LOG_FORMAT  json writes JSON lines")]
pub struct Cli {
    /// What to do; `serve` when nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// Where everything is kept.
    #[command(flatten)]
    pub place: Place,

    /// How to serve, when nothing else is said.
    #[command(flatten)]
    pub serve: Serve,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serves the API (the default)
    Serve(Serve),
    /// Imports a feed or a spreadsheet
    Import(Import),
    /// Shows what the listings that come with this version would change, or brings them in
    Seed(Seed),
    /// Fills the directory with made-up programs around real towns, for trying and measuring
    Generate(Generate),
    /// Says what the directory covers, and how well
    Report(Report),
    /// Prints the API document
    Openapi,
}

/// Where everything is kept.
#[derive(Debug, Clone, Args)]
pub struct Place {
    /// The folder for what the program keeps [default: peer-directory-data]
    #[arg(long, env = "PEER_DIRECTORY_DATA_DIR", global = true)]
    pub data_dir: Option<PathBuf>,

    /// The database: `sqlite://PATH` or `postgres://USER:PASSWORD@HOST/DATABASE` [default: a file in the data folder]
    #[arg(long, env = "PEER_DIRECTORY_DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,

    /// The most connections to the database at one time
    #[arg(long, env = "PEER_DIRECTORY_DATABASE_CONNECTIONS", default_value_t = 8, global = true)]
    #[arg(value_parser = clap::value_parser!(u32).range(2..=64))]
    pub database_connections: u32,
}

/// How to serve.
#[derive(Debug, Clone, Args)]
pub struct Serve {
    /// Where to listen
    #[arg(long, env = "PEER_DIRECTORY_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// How many threads answer [default: as many as there are processors]
    #[arg(long, env = "PEER_DIRECTORY_WORKERS")]
    #[arg(value_parser = clap::value_parser!(u16).range(1..=256))]
    pub workers: Option<u16>,

    /// What the terms of a score are worth at most, in points; what is not named keeps its weight
    #[arg(long, env = "PEER_DIRECTORY_WEIGHTS", default_value_t, value_name = "TERM=POINTS,…")]
    pub weights: Weights,

    /// What decides whether a program is listed, as JSON [default: the policy of this version]
    #[arg(long, env = "PEER_DIRECTORY_POLICY", value_name = "FILE")]
    pub policy: Option<PathBuf>,

    /// Starts an empty directory without the listings that come with the program
    #[arg(long, env = "PEER_DIRECTORY_NO_SEED")]
    #[arg(value_parser = clap::builder::BoolishValueParser::new())]
    pub no_seed: bool,

    /// How many requests each network may send a minute (the first 24 bits of an IPv4 address, 48 of an
    /// IPv6 one), up to 1000000; 0 sets no limit
    #[arg(long, env = "PEER_DIRECTORY_RATE_LIMIT", value_name = "N", default_value_t = 1_200)]
    #[arg(value_parser = clap::value_parser!(u32).range(..=1_000_000))]
    pub rate_limit: u32,

    /// How many reverse proxies in front write whom they have seen at the end of X-Forwarded-For; with
    /// 0 the header is not read
    #[arg(long, env = "PEER_DIRECTORY_TRUSTED_PROXIES", value_name = "N", default_value_t = 0)]
    #[arg(value_parser = clap::value_parser!(u8).range(0..=16))]
    pub trusted_proxies: u8,

    /// For how many days changes are kept for those who follow /v1/changes
    #[arg(long, env = "PEER_DIRECTORY_KEEP_CHANGES", value_name = "DAYS", default_value_t = 90)]
    #[arg(value_parser = clap::value_parser!(u16).range(1..))]
    pub keep_changes: u16,

    /// Serves an invented town in a database of its own that is gone afterwards, with a clock that
    /// stands at 2026-11-18 16:30 in Oregon and without a limit on requests: the same answers every
    /// day, to test an app against
    #[arg(long)]
    pub demo: bool,
}

/// What to import.
#[derive(Debug, Clone, Args)]
pub struct Import {
    /// The format
    pub format: FeedFormat,
    /// A file, or an address that begins with https:// or http://
    pub from: String,
    /// The name of the source; importing under the same name again brings the listings up to date
    #[arg(long)]
    pub source: String,
    /// The zone of times that do not say theirs, such as `America/New_York`
    #[arg(long)]
    pub time_zone: Option<ZoneName>,
    /// A topic of every listing in it, such as alcohol; may be repeated
    #[arg(long = "topic")]
    pub topics: Vec<TermKey>,
    /// Whom its listings are for when they do not say so: `self` or `someone_i_support`, as in a feed
    /// for families; may be repeated
    #[arg(long = "for", value_name = "WHOM", default_value = "self")]
    pub for_whom: Vec<ForWhom>,
    /// The licence its owner gives
    #[arg(long)]
    pub licence: Option<String>,
    /// The words that must stand beside its listings
    #[arg(long)]
    pub attribution: Option<String>,
    /// Its listings may leave in bulk: exports and deltas
    #[arg(long)]
    pub may_republish: bool,
    /// Says what would happen and writes nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// What to do with the seed.
#[derive(Debug, Clone, Args)]
pub struct Seed {
    /// Says what would happen and writes nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// What to report.
#[derive(Debug, Clone, Args)]
pub struct Report {
    /// What about
    pub about: ReportKind,
}

/// What a report may be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ReportKind {
    /// How many programs there are by kind, region and topic, and how complete their listings are
    Coverage,
    /// Which programs wait for a curator and why, the most urgent first
    Queue,
}

/// What to make up.
#[derive(Debug, Clone, Args)]
pub struct Generate {
    /// How many programs, 1 to 5000000; a million take about 20 minutes and 4 GB
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=5_000_000))]
    pub programs: u32,
    /// The same number makes the same programs
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}
