//! Everything a contributor runs: `cargo xtask test`, `check`, `bench`, `openapi`,
//! `screenshot`.
//!
//! It sets up what the tests need by itself, so that a fresh clone needs one command and no page of instructions.

mod bench;
mod browser;
mod check;
mod child;
mod clients;
mod demo;
mod machine;
mod node;
mod openapi;
mod packages;
mod peers;
mod postgres;
mod rust;
mod schemathesis;
mod screenshot;
mod server;
mod suites;
mod tally;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::suites::Suite;
use crate::workspace::Workspace;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Everything a contributor runs")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run every test there is; the last line is `N passed, N failed`
    Test {
        /// Run these suites only
        #[arg(long, value_enum, value_delimiter = ',')]
        only: Vec<Suite>,
    },
    /// Check format, lints, licences, generated files and a clean tree
    Check,
    /// Measure what requests cost, print it and write docs/benchmarks.md
    Bench {
        /// Some minutes less: fewer keys and cycles, no peers, no file; fails when a figure is missed by far
        #[arg(long)]
        short: bool,
        /// Write the file after the short run, too
        #[arg(long)]
        write: bool,
    },
    /// Write openapi.json
    Openapi,
    /// Write docs/console.png
    Screenshot,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = Workspace::find().and_then(|workspace| match arguments.task {
        Task::Test { only } => suites::run(&workspace, &only),
        Task::Check => Ok(check::run(&workspace)),
        Task::Bench { short, write } => bench::run(&workspace, short, write),
        Task::Openapi => openapi::write(&workspace).map(|()| true),
        Task::Screenshot => screenshot::take(&workspace).map(|()| true),
    });
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
