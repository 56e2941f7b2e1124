//! `cargo xtask check`: everything but the tests that must hold before a change is merged.

use std::env;
use std::process::Command;

use anyhow::{Result, ensure};

use crate::workspace::{Workspace, which};
use crate::{child, openapi, packages};

type Check = fn(&Workspace) -> Result<()>;

/// Runs every check, also after one has failed; true when all hold.
pub(crate) fn run(workspace: &Workspace) -> bool {
    let checks: [(&str, Check); 6] = [
        ("format", format),
        ("lints", lints),
        ("licences and sources", licences),
        ("types of the browser tests", browser_types),
        ("generated files", openapi::check),
        ("clean tree", clean_tree),
    ];
    let mut failed = Vec::new();
    for (name, check) in checks {
        println!("== {name}");
        if let Err(error) = check(workspace) {
            eprintln!("{error:#}");
            failed.push(name);
        }
    }
    if failed.is_empty() {
        println!("all checks hold");
    } else {
        println!("failed: {}", failed.join(", "));
    }
    failed.is_empty()
}

fn format(workspace: &Workspace) -> Result<()> {
    child::succeed(workspace.cargo().args(["fmt", "--all", "--check"]))
}

fn lints(workspace: &Workspace) -> Result<()> {
    let arguments = ["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
    child::succeed(workspace.cargo().args(arguments))
}

fn licences(workspace: &Workspace) -> Result<()> {
    if which("cargo-deny").is_none() {
        if env::var_os("CLAVIGER_INSTALL_DENY").is_none_or(|value| value != "1") {
            println!("skipped: cargo-deny is missing; set CLAVIGER_INSTALL_DENY=1 to have it installed (some minutes)");
            return Ok(());
        }
        child::succeed(workspace.cargo().args(["install", "cargo-deny", "--locked"]))?;
    }
    child::succeed(workspace.cargo().args(["deny", "check", "licenses", "bans", "sources"]))
}

fn browser_types(workspace: &Workspace) -> Result<()> {
    packages::npm(&workspace.e2e())?;
    let mut command = Command::new(workspace.e2e().join("node_modules/.bin/tsc"));
    child::succeed(command.arg("--noEmit").current_dir(workspace.e2e()))
}

fn clean_tree(workspace: &Workspace) -> Result<()> {
    let changes = child::output(Command::new("git").args(["status", "--porcelain"]).current_dir(&workspace.root))?;
    ensure!(changes.is_empty(), "the tree holds changes that are not committed:\n{}", changes.trim_end());
    Ok(())
}
