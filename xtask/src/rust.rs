//! The Rust tests: everything nextest finds, then the examples in the documentation.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::Result;

use crate::child;
use crate::machine;
use crate::postgres::Cluster;
use crate::tally::Tally;
use crate::workspace::Workspace;

/// Runs them, each database test on SQLite and on a PostgreSQL cluster of ours.
pub(crate) fn run(workspace: &Workspace, binary: &Path) -> Result<Tally> {
    machine::nextest()?;
    let mut tally = Tally::default();
    let cluster = match Cluster::start(workspace) {
        Ok(cluster) => Some(cluster),
        Err(error) => {
            eprintln!("the tests cannot run on PostgreSQL: {error:#}");
            tally += Tally::NOT_STARTED;
            None
        }
    };
    let database_url = cluster.as_ref().map(Cluster::url);
    tally += nextest(workspace, binary, database_url.as_deref())?;
    tally += documentation(workspace)?;
    Ok(tally)
}

fn nextest(workspace: &Workspace, binary: &Path, database_url: Option<&str>) -> Result<Tally> {
    // nextest's `store.dir` is relative to the workspace, wherever the target folder is.
    let report = workspace.root.join("target/nextest/ci/junit.xml");
    if let Err(error) = fs::remove_file(&report)
        && error.kind() != ErrorKind::NotFound
    {
        return Err(error.into());
    }
    let mut command = workspace.cargo();
    command.args(["nextest", "run", "--workspace", "--profile", "ci"]).env("CLAVIGER_BIN", binary);
    if let Some(url) = database_url {
        command.env("CLAVIGER_TEST_DATABASE_URL", url);
    }
    let status = child::status(&mut command)?;
    Tally::from_junit_file(&report)?.under(status)
}

fn documentation(workspace: &Workspace) -> Result<Tally> {
    let mut tally = Tally::default();
    let status = child::watch(workspace.cargo().args(["test", "--doc", "--workspace", "--no-fail-fast"]), |line| {
        tally += Tally::from_libtest(line).unwrap_or_default();
    })?;
    // A workspace may have no examples, so nothing run is no failure here; a failed build is.
    if !status.success() && tally.failed == 0 {
        tally += Tally::NOT_STARTED;
    }
    Ok(tally)
}
