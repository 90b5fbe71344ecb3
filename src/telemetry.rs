//! The log of the process: to standard error, as text or as JSON lines.

use std::env::VarError;
use std::io::IsTerminal as _;

use tracing::{Level, Metadata};
use tracing_subscriber::filter::{EnvFilter, LevelFilter, filter_fn};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

/// What is logged when nothing else is said.
const USUAL: &str = "warn,peer_directory=info";

/// A setting of the log that means nothing.
#[derive(Debug, thiserror::Error)]
#[error("{variable}: {reason}")]
pub struct InvalidSetting {
    variable: &'static str,
    reason: String,
}

/// Starts logging. `PEER_DIRECTORY_LOG` takes the usual filters, such as `debug`;
/// `PEER_DIRECTORY_LOG_FORMAT=json` writes JSON lines.
pub fn start() -> Result<(), InvalidSetting> {
    let filter = setting("PEER_DIRECTORY_LOG", |text| filter(text.unwrap_or(USUAL)))?;
    let json = setting("PEER_DIRECTORY_LOG_FORMAT", |text| match text {
        None | Some("text") => Ok(false),
        Some("json") => Ok(true),
        Some(other) => Err(format!("`{other}` is not known: expected text or json")),
    })?;
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let lines = if json { lines.json().boxed() } else { lines.boxed() };
    let log =
        tracing_subscriber::registry().with(lines.with_filter(filter_fn(harmless))).with(filter);
    // A second start, as in tests, keeps the first one.
    let started = log.try_init();
    if started.is_err() {
        tracing::debug!("logging was started before");
    }
    Ok(())
}

/// Reads an environment variable; an empty one counts as absent.
fn setting<T>(
    variable: &'static str,
    read: impl FnOnce(Option<&str>) -> Result<T, String>,
) -> Result<T, InvalidSetting> {
    let text = match std::env::var(variable) {
        Err(VarError::NotUnicode(_)) => Err("must be UTF-8".to_owned()),
        text => Ok(text.ok().filter(|text| !text.trim().is_empty())),
    };
    text.and_then(|text| read(text.as_deref().map(str::trim)))
        .map_err(|reason| InvalidSetting { variable, reason })
}

/// A filter such as `warn,peer_directory=debug`.
///
/// A word alone must be a level: taken for the name of a module, as it would be, a misspelt level
/// turns everything off.
fn filter(text: &str) -> Result<EnvFilter, String> {
    for word in text.split(',').map(str::trim) {
        let level = word.parse::<LevelFilter>().is_ok() && !word.is_empty();
        if !level && !word.contains(['=', '[']) {
            return Err(format!(
                "`{word}` is not a level: expected off, error, warn, info, debug or trace, \
                 or one for a module, such as {USUAL}"
            ));
        }
    }
    EnvFilter::try_new(text).map_err(|_unknown| format!("`{text}` is not a filter such as {USUAL}"))
}

/// Whether a line may be written, whatever was asked for: the HTTP libraries tell in their own debug
/// lines what a person sent, and call it an error of ours when what came was no HTTP.
fn harmless(line: &Metadata<'_>) -> bool {
    let target = line.target();
    !target.starts_with("actix")
        || (*line.level() <= Level::INFO && target != "actix_http::h1::dispatcher")
}

#[cfg(test)]
mod tests {
    use super::filter;

    #[test]
    fn a_filter_is_understood_or_refused_and_never_ignored() {
        for good in ["debug", "off", "WARN", "warn,peer_directory=info", "one::two=trace"] {
            assert!(filter(good).is_ok(), "{good}");
        }
        for bad in ["inof", "warn,", "peer_directory", "peer_directory=loud", "warn;debug", "=="] {
            assert!(filter(bad).is_err(), "{bad}");
        }
    }
}
