//! The checked-in OpenAPI document: what the server itself says about its API.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

use crate::child;
use crate::workspace::Workspace;

/// Writes `openapi.json`.
pub(crate) fn write(workspace: &Workspace) -> Result<()> {
    let file = file(workspace);
    fs::write(&file, current(workspace)?).with_context(|| format!("cannot write {}", file.display()))
}

/// An error when `openapi.json` is not what the server says now.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let written = fs::read_to_string(file(workspace)).unwrap_or_default();
    ensure!(
        written == current(workspace)?,
        "openapi.json is not up to date: run `cargo xtask openapi` and commit the result"
    );
    Ok(())
}

fn file(workspace: &Workspace) -> PathBuf {
    workspace.root.join("openapi.json")
}

fn current(workspace: &Workspace) -> Result<String> {
    let mut text = child::output(workspace.cargo().args(["run", "--quiet", "--package", "claviger", "--", "openapi"]))?;
    ensure!(text.trim_start().starts_with('{'), "`claviger openapi` printed no JSON document");
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(text)
}
