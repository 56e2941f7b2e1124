//! Tests that Node.js runs by itself, without a framework.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::{machine, packages};

/// The command that runs every `*.test.js` of this folder with the packages that its lock file names, shows each test
/// and writes a JUnit report.
pub(crate) fn tests(folder: &Path, report: &Path) -> Result<Command> {
    packages::npm(folder)?;
    let mut command = Command::new(machine::node()?);
    command.args(["--test", "--test-reporter=spec", "--test-reporter-destination=stdout", "--test-reporter=junit"]);
    command.arg(format!("--test-reporter-destination={}", report.display())).current_dir(folder);
    Ok(command)
}
