//! `cargo xtask screenshot`: the README's picture, taken from the demo.

use anyhow::{Context, Result};

use crate::demo::Demo;
use crate::workspace::Workspace;
use crate::{browser, child, machine, packages};

/// Writes `docs/console.png`.
pub(crate) fn take(workspace: &Workspace) -> Result<()> {
    let chromium = machine::chromium()?;
    packages::npm(&workspace.e2e())?;
    let binary = workspace.release_binary()?;
    let demo = Demo::start(&binary)?;
    let sign_in = demo.sign_in.as_ref().context("`claviger --demo` printed no e-mail address and password")?;
    child::succeed(
        browser::playwright(workspace)
            .args(["test", "--config", "screenshots.config.ts"])
            .env("CLAVIGER_CHROMIUM", chromium)
            .env("CLAVIGER_URL", demo.url())
            .env("CLAVIGER_EMAIL", &sign_in.email)
            .env("CLAVIGER_PASSWORD", &sign_in.password)
            .env("CLAVIGER_SCREENSHOTS", workspace.root.join("docs")),
    )
}
