//! The command line.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use peer_directory::{app, config, telemetry};

/// Answers are many small allocations; this allocator makes them faster and gives memory back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // The command line goes first: --help must not ask for a log that works.
    let cli = config::Cli::parse();
    if let Err(error) = telemetry::start() {
        say(&error);
        return ExitCode::from(2);
    }
    match app::run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format_args!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn say(error: &dyn std::fmt::Display) {
    // Nothing is left to do when even this cannot be said.
    let _said = writeln!(std::io::stderr(), "peer-directory: {error}");
}
