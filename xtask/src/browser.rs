//! The browser tests: Playwright against the real binary in the system's Chromium.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::tally::Tally;
use crate::workspace::Workspace;
use crate::{child, machine, packages};

/// Runs every spec in `e2e/`.
pub(crate) fn run(workspace: &Workspace, binary: &Path) -> Result<Tally> {
    let chromium = machine::chromium()?;
    packages::npm(&workspace.e2e())?;
    let report = workspace.target.join("playwright.json");
    if report.exists() {
        fs::remove_file(&report)?;
    }
    let status = child::status(
        playwright(workspace)
            .arg("test")
            .env("CLAVIGER_BIN", binary)
            .env("CLAVIGER_CHROMIUM", chromium)
            .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report),
    )?;
    let text = fs::read_to_string(&report).with_context(|| format!("Playwright wrote no report ({status})"))?;
    Tally::from_playwright(&text)?.under(status)
}

/// The installed Playwright. It never fetches a browser: the system's is used.
pub(crate) fn playwright(workspace: &Workspace) -> Command {
    let mut command = Command::new(workspace.e2e().join("node_modules/.bin/playwright"));
    command.current_dir(workspace.e2e()).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    command
}
