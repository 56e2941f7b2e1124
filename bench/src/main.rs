//! `bench`: what a request costs. `cargo xtask bench` builds it and starts `bench run`, which starts everything else.
//!
//! The server under load has the first core of the machine for itself, what loads it the second one. Whatever is
//! compared is measured in turn, in many short slices, so that a machine whose speed changes changes both alike.

mod answer;
mod changes;
mod control;
mod deletion;
mod divan;
mod document;
mod figures;
mod flood;
mod interleave;
mod keys;
mod load;
mod machine;
mod numbers;
mod peers;
mod process;
mod refusals;
mod report;
mod requests;
mod run;
mod seed;
mod seeded;
mod serve;
mod start;
mod table;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "bench", about = "What a request costs; started by `cargo xtask bench`")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Measure everything and print it
    Run(run::Options),
    /// Make a data folder with API keys, and write their texts to a file
    Seed(seed::Options),
    /// Serve a data folder, with routes to compare with
    Serve(serve::Options),
}

/// As in `claviger`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::Run(options) => run::run(&options),
        Task::Seed(options) => seed::run(&options).map(|()| true),
        Task::Serve(options) => serve::run(&options).map(|()| true),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
