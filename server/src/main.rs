//! The `claviger` binary: the server, and the operator's command line on the same database.

mod cli;
mod demo;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
