//! The log of the process: to standard error, as text or as JSON lines.

use std::io::IsTerminal as _;

use tracing::{Level, Metadata};
use tracing_subscriber::filter::{EnvFilter, filter_fn};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

/// Starts logging. `PEER_DIRECTORY_LOG` takes the usual filters, such as `debug`;
/// `PEER_DIRECTORY_LOG_FORMAT=json` writes JSON lines.
pub fn start() {
    let filter = EnvFilter::try_from_env("PEER_DIRECTORY_LOG")
        .unwrap_or_else(|_none| EnvFilter::new("warn,peer_directory=info"));
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let json = std::env::var("PEER_DIRECTORY_LOG_FORMAT").is_ok_and(|format| format == "json");
    let lines = if json { lines.json().boxed() } else { lines.boxed() };
    let log =
        tracing_subscriber::registry().with(lines.with_filter(filter_fn(harmless))).with(filter);
    // A second start, as in tests, keeps the first one.
    let started = log.try_init();
    if started.is_err() {
        tracing::debug!("logging was started before");
    }
}

/// Whether a line may be written, whatever was asked for: the HTTP libraries tell in their own debug
/// lines what a person sent, and call it an error of ours when what came was no HTTP.
fn harmless(line: &Metadata<'_>) -> bool {
    let target = line.target();
    !target.starts_with("actix")
        || (*line.level() <= Level::INFO && target != "actix_http::h1::dispatcher")
}
