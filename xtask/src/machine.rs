//! What the machine must have: on Debian as root it is installed, elsewhere one line says what is missing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::child;
use crate::workspace::which;

/// Read by Debian's postgresql packages when they are installed; ours keeps them from making and starting a server
/// of their own, which no test uses.
const NO_MAIN_CLUSTER: &str = "/etc/postgresql-common/createcluster.d/claviger-tests.conf";

/// A user of this machine.
#[derive(Clone, Copy)]
pub(crate) struct User {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

impl User {
    /// The user with this name.
    pub(crate) fn named(name: &str) -> Result<Self> {
        let id = |option: &str| -> Result<u32> {
            let text = child::output(Command::new("id").args([option, name]))?;
            text.trim().parse().with_context(|| format!("id {option} {name}"))
        };
        Ok(Self { uid: id("-u")?, gid: id("-g")? })
    }
}

/// Is this process root?
pub(crate) fn is_root() -> Result<bool> {
    Ok(child::output(Command::new("id").arg("-u"))?.trim() == "0")
}

/// The folder with PostgreSQL's `initdb` and `postgres`.
pub(crate) fn postgresql() -> Result<PathBuf> {
    if let Some(folder) = postgresql_folder() {
        return Ok(folder);
    }
    let overriding = Path::new(NO_MAIN_CLUSTER);
    let override_written = is_root()? && which("apt-get").is_some() && !overriding.exists();
    if override_written {
        fs::create_dir_all(overriding.parent().context("no parent")?)?;
        fs::write(overriding, "create_main_cluster = false\n")?;
    }
    let installed = install("PostgreSQL", &["postgresql"]);
    if override_written {
        fs::remove_file(overriding)?;
    }
    installed?;
    postgresql_folder().context("PostgreSQL was installed but its programs are not found")
}

/// Debian's Chromium.
pub(crate) fn chromium() -> Result<PathBuf> {
    program("chromium", "Chromium", &["chromium"])
}

/// npm, and with it Node.js.
pub(crate) fn npm() -> Result<PathBuf> {
    program("npm", "Node.js with npm", &["nodejs", "npm"])
}

/// Node.js.
pub(crate) fn node() -> Result<PathBuf> {
    program("node", "Node.js", &["nodejs"])
}

/// A Python that can make virtual environments.
pub(crate) fn python() -> Result<PathBuf> {
    let python = || {
        let python = which("python3")?;
        child::output(Command::new(&python).args(["-c", "import ensurepip, venv"])).ok().map(|_| python)
    };
    if let Some(python) = python() {
        return Ok(python);
    }
    install("Python's venv", &["python3", "python3-venv"])?;
    python().context("python3 still cannot make a virtual environment")
}

/// cargo-nextest, which comes from crates.io where no distribution has it.
pub(crate) fn nextest() -> Result<()> {
    if which("cargo-nextest").is_none() {
        println!("cargo-nextest is missing: installing it with `cargo install cargo-nextest --locked`");
        child::succeed(Command::new("cargo").args(["install", "cargo-nextest", "--locked"]))?;
    }
    Ok(())
}

fn program(name: &str, label: &str, packages: &[&str]) -> Result<PathBuf> {
    if let Some(found) = which(name) {
        return Ok(found);
    }
    install(label, packages)?;
    which(name).with_context(|| format!("{label} was installed but `{name}` is not found"))
}

fn install(label: &str, packages: &[&str]) -> Result<()> {
    let packages_line = packages.join(" ");
    if which("apt-get").is_none() || !is_root()? {
        bail!("{label} is missing; install it, on Debian as root: apt-get install {packages_line}");
    }
    println!("{label} is missing: installing {packages_line} with apt-get");
    let apt = |arguments: &[&str]| {
        child::succeed(
            Command::new("apt-get")
                .args(["-q", "-o", "DPkg::Lock::Timeout=600"])
                .args(arguments)
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )
    };
    apt(&["update"])?;
    let mut arguments = vec!["install", "-y", "--no-install-recommends"];
    arguments.extend(packages);
    apt(&arguments).with_context(|| format!("{label} could not be installed"))
}

/// Debian keeps each version in a folder of its own, off the search path.
fn postgresql_folder() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions
        .filter_map(|version| Some((version.file_name().to_str()?.parse::<u32>().ok()?, version.path().join("bin"))))
        .filter(|(_, folder)| folder.join("initdb").is_file())
        .max()
        .map(|(_, folder)| folder);
    newest.or_else(|| which("initdb")?.canonicalize().ok()?.parent().map(Path::to_path_buf))
}

/// A folder that only its owner could have made; the name of a folder in a shared place proves nothing.
pub(crate) fn ensure_owned(folder: &Path, uid: u32) -> Result<()> {
    use std::os::unix::fs::MetadataExt;
    let found = fs::symlink_metadata(folder)?;
    ensure!(found.is_dir() && found.uid() == uid, "{} belongs to somebody else", folder.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn root_is_user_zero() {
        assert_eq!(User::named("root").unwrap().uid, 0);
        assert!(User::named("no-such-user-anywhere").is_err());
    }

    #[test]
    fn a_link_and_another_users_folder_are_not_ours() {
        use std::os::unix::fs::MetadataExt;
        let folder = tempfile::tempdir().unwrap();
        let uid = folder.path().metadata().unwrap().uid();
        ensure_owned(folder.path(), uid).unwrap();
        assert!(ensure_owned(folder.path(), uid + 1).is_err());
        let link = folder.path().join("link");
        symlink(folder.path(), &link).unwrap();
        assert!(ensure_owned(&link, uid).is_err());
    }
}
