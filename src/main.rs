//! The command line.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use peer_directory::{app, config, telemetry};

/// Answers are many small allocations; this allocator makes them faster and gives memory back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    telemetry::start();
    match app::run(config::Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let mut stderr = std::io::stderr();
            // Nothing is left to do when even this cannot be said.
            let _said = writeln!(stderr, "peer-directory: {error:#}");
            ExitCode::FAILURE
        }
    }
}
