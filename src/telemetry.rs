//! The log of the process: to standard error, as text or as JSON lines.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

/// Starts logging. `PEER_DIRECTORY_LOG` takes the usual filters, such as `debug`;
/// `PEER_DIRECTORY_LOG_FORMAT=json` writes JSON lines.
pub fn start() {
    let filter = EnvFilter::try_from_env("PEER_DIRECTORY_LOG")
        .unwrap_or_else(|_none| EnvFilter::new("warn,peer_directory=info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let json = std::env::var("PEER_DIRECTORY_LOG_FORMAT").is_ok_and(|format| format == "json");
    // A second start, as in tests, keeps the first one.
    let started = if json { log.json().try_init() } else { log.try_init() };
    if started.is_err() {
        tracing::debug!("logging was started before");
    }
}
