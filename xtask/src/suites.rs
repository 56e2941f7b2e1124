//! `cargo xtask test`: every suite, one sum.

use std::fs::{self, File};
use std::path::Path;

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::tally::Tally;
use crate::workspace::Workspace;
use crate::{browser, clients, peers, rust, schemathesis};

/// The suites by the tool that runs them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Suite {
    /// cargo-nextest and doctests, on SQLite and PostgreSQL
    Rust,
    /// Playwright in Chromium
    Browser,
    /// OAuth clients that others wrote obtain a token and call the wallet
    Clients,
    /// Wallets, issuers and verifiers that others wrote exchange credentials with the server
    Peers,
    /// Schemathesis on the OpenAPI document
    Schemathesis,
}

/// Runs the suites in `only`, or all of them; `Ok(true)` when nothing failed.
pub(crate) fn run(workspace: &Workspace, only: &[Suite]) -> Result<bool> {
    let _turn = take_turn(workspace)?;
    let binary = workspace.release_binary();
    let mut sum = Tally::default();
    let mut lines = Vec::new();
    for suite in Suite::value_variants().iter().filter(|suite| only.is_empty() || only.contains(suite)) {
        let name = format!("{suite:?}").to_lowercase();
        println!("\n== {name}");
        let tally = binary
            .as_deref()
            .map_err(|error| anyhow::anyhow!("no binary to test: {error:#}"))
            .and_then(|binary| suite.run(workspace, binary))
            .unwrap_or_else(|error| {
                eprintln!("{name} could not run: {error:#}");
                Tally::NOT_STARTED
            });
        lines.push(format!("{name}: {tally}"));
        sum += tally;
    }
    println!("\n{}\n{sum}", lines.join("\n"));
    Ok(sum.failed == 0)
}

impl Suite {
    fn run(self, workspace: &Workspace, binary: &Path) -> Result<Tally> {
        match self {
            Self::Rust => rust::run(workspace, binary),
            Self::Browser => browser::run(workspace, binary),
            Self::Clients => clients::run(workspace, binary),
            Self::Peers => peers::run(workspace, binary),
            Self::Schemathesis => schemathesis::run(workspace, binary),
        }
    }
}

/// Two runs in one target folder would take each other's reports and database cluster: the second waits.
fn take_turn(workspace: &Workspace) -> Result<File> {
    fs::create_dir_all(&workspace.target)?;
    let file = File::create(workspace.target.join("xtask.lock"))?;
    if file.try_lock().is_err() {
        println!("waiting for another `cargo xtask test` to end");
        file.lock().context("cannot take target/xtask.lock")?;
    }
    Ok(file)
}
