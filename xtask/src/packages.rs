//! What tests need from npm and PyPI: exactly the versions that the repository names.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::workspace::Workspace;
use crate::{child, machine};

/// Fetches what the `package-lock.json` of this folder names.
pub(crate) fn npm(folder: &Path) -> Result<()> {
    let mut command = Command::new(machine::npm()?);
    // Playwright is told to leave its browsers where they are: the system's is used.
    command.arg("ci").current_dir(folder).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    child::succeed(&mut command)
}

/// The programs of a virtual environment with what this file lists, made anew when the file has changed.
pub(crate) fn python(workspace: &Workspace, name: &str, requirements: &Path) -> Result<PathBuf> {
    let folder = workspace.target.join("python").join(name);
    let (programs, stamp) = (folder.join("bin"), folder.join("requirements.txt"));
    let wanted = fs::read_to_string(requirements).with_context(|| format!("cannot read {}", requirements.display()))?;
    if programs.join("python").exists() && fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(programs);
    }
    child::succeed(Command::new(machine::python()?).args(["-m", "venv", "--clear"]).arg(&folder))?;
    child::succeed(
        Command::new(programs.join("pip"))
            .args(["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--requirement"])
            .arg(requirements),
    )?;
    // Last, so that an installation that broke off is not taken for a whole one.
    fs::write(stamp, wanted)?;
    Ok(programs)
}
