//! `cargo xtask bench`: builds the server and what measures it, and starts the latter. The crate `bench` does the rest.

use std::process::Command;

use anyhow::{Result, ensure};

use crate::child;
use crate::workspace::Workspace;

/// Measures; false when the short run missed a figure by far. The full run always writes the document.
pub(crate) fn run(workspace: &Workspace, short: bool, write: bool) -> Result<bool> {
    ensure!(cfg!(target_os = "linux"), "the benchmark runs on Linux alone: it takes cores and CPU times from there");
    child::succeed(workspace.cargo().args(["build", "--release", "--package", "claviger", "--package", "bench"]))?;
    let mut bench = Command::new(workspace.target.join("release/bench"));
    bench.arg("run").current_dir(&workspace.root);
    if short {
        bench.arg("--short");
    }
    if write || !short {
        bench.arg("--document").arg(workspace.root.join("docs/benchmarks.md"));
    }
    Ok(child::status(&mut bench)?.success())
}
