//! A data folder full of keys, and servers on it. All of it is gone afterwards.

use std::env;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::control;
use crate::keys::Keys;
use crate::load::get;
use crate::process::Server;
use crate::requests::ME;

/// A data folder, and the keys in it.
pub(crate) struct Seeded {
    folder: TempDir,
    /// How many keys there are, the special ones among them.
    pub(crate) count: usize,
    pub(crate) keys: Keys,
}

/// The server of this crate on such a folder.
pub(crate) struct Served<'a> {
    pub(crate) server: Server,
    pub(crate) address: SocketAddr,
    /// Where it listens for connections without limits.
    pub(crate) unlimited: SocketAddr,
    /// Where bare axum listens.
    pub(crate) bare: SocketAddr,
    pub(crate) keys: &'a Keys,
    pub(crate) count: usize,
}

impl Seeded {
    /// Makes one with so many keys.
    pub(crate) fn new(count: usize) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let (data, file) = (folder.path().join("data"), folder.path().join("keys"));
        std::fs::create_dir(&data)?;
        let mut seed = Command::new(own_program()?);
        seed.arg("seed").args(["--count", &count.to_string()]).arg("--data").arg(data).arg("--keys").arg(&file);
        ensure!(seed.status()?.success(), "the data folder was not made");
        Ok(Self { count, keys: Keys::read(&file)?, folder })
    }

    /// What `claviger` takes as `--data`.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Serves it with the routes to compare with.
    pub(crate) fn serve(&self) -> Result<Served<'_>> {
        let (address, unlimited, bare) = (control::free_address()?, control::free_address()?, control::free_address()?);
        let mut command = Command::new(own_program()?);
        command.args(["serve", "--listen", &address.to_string(), "--bare", &bare.to_string()]);
        command.args(["--unlimited", &unlimited.to_string()]);
        command.arg("--data").arg(self.data()).arg("--keys").arg(self.folder.path().join("keys"));
        let mut server = Server::start(&command)?;
        let request = get(ME, &self.keys.administrator.text);
        server.wait_until(|| control::expect(200, address, &request).is_ok())?;
        Ok(Served { server, address, unlimited, bare, keys: &self.keys, count: self.count })
    }
}

/// The `claviger` that was built together with this program.
pub(crate) fn claviger() -> Result<PathBuf> {
    let binary = own_program()?.with_file_name("claviger");
    ensure!(binary.is_file(), "{} is missing: `cargo xtask bench` builds it", binary.display());
    Ok(binary)
}

/// The folder of the repository.
pub(crate) fn repository() -> Result<&'static Path> {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("no repository")
}

fn own_program() -> Result<PathBuf> {
    env::current_exe().context("this program cannot be found")
}
