//! Where things are: the workspace, its target folder, the programs on this machine.

use std::env;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::child;

/// The folders that every task works in.
pub(crate) struct Workspace {
    /// The folder of the root `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Cargo's target folder, wherever the contributor has put it.
    pub(crate) target: PathBuf,
}

impl Workspace {
    /// Asks Cargo.
    pub(crate) fn find() -> Result<Self> {
        let text = child::output(
            cargo().args(["metadata", "--format-version", "1", "--no-deps"]).current_dir(env!("CARGO_MANIFEST_DIR")),
        )?;
        let metadata: Value = serde_json::from_str(&text).context("cargo metadata")?;
        let folder = |member: &str| {
            let path = metadata.get(member).and_then(Value::as_str);
            path.map(PathBuf::from).with_context(|| format!("cargo metadata has no {member}"))
        };
        Ok(Self { root: folder("workspace_root")?, target: folder("target_directory")? })
    }

    /// A Cargo command in the workspace.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = cargo();
        command.current_dir(&self.root);
        command
    }

    /// Where the browser tests are.
    pub(crate) fn e2e(&self) -> PathBuf {
        self.root.join("e2e")
    }

    /// Where the OAuth clients that others wrote are.
    pub(crate) fn clients(&self) -> PathBuf {
        self.root.join("clients")
    }

    /// Where the wallets, issuers and verifiers that others wrote are.
    pub(crate) fn peers(&self) -> PathBuf {
        self.root.join("peers")
    }

    /// Builds the examples of the crate `vc`, which programs in other languages can run, and tells their folder.
    pub(crate) fn vc_examples(&self) -> Result<PathBuf> {
        child::succeed(self.cargo().args(["build", "--release", "--package", "vc", "--examples"]))?;
        Ok(self.target.join("release/examples"))
    }

    /// Builds the server as it is shipped and tells where it lies.
    pub(crate) fn release_binary(&self) -> Result<PathBuf> {
        child::succeed(self.cargo().args(["build", "--release", "--package", "claviger"]))?;
        let binary = self.target.join("release/claviger");
        anyhow::ensure!(binary.is_file(), "{} was not built", binary.display());
        Ok(binary)
    }
}

/// The Cargo that runs this task, so that a `+toolchain` choice carries over. What it told this task about its own
/// package stays here: build scripts that look at it would run again, and everything above them be compiled anew.
fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_MANIFEST_") || name.starts_with("CARGO_PKG_")) {
            command.env_remove(name);
        }
    }
    command
}

/// The first program of this name on the search path.
pub(crate) fn which(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(name)).find(|file| is_executable(file))
}

/// A loopback port that nobody listens on.
pub(crate) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free loopback port")?;
    Ok(listener.local_addr()?.port())
}

fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_is_the_folder_above_this_crate() {
        let workspace = Workspace::find().unwrap();
        assert_eq!(workspace.root.join("xtask"), Path::new(env!("CARGO_MANIFEST_DIR")));
    }

    #[test]
    fn a_program_is_found_and_a_missing_one_is_not() {
        assert!(which("sh").is_some());
        assert!(which("no-such-program-anywhere").is_none());
    }
}
