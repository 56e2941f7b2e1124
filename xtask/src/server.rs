//! The server with wallets that the command line made, on a data folder that is gone afterwards.

use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Result, ensure};
use tempfile::TempDir;

use crate::child::{self, Signal, Tethered};
use crate::workspace::free_port;

/// How long the server may take to accept connections.
const PATIENCE: Duration = Duration::from_secs(30);

/// A data folder that no server works on yet.
pub(crate) struct DataFolder {
    binary: PathBuf,
    folder: TempDir,
}

/// A running server, stopped when dropped.
pub(crate) struct Server {
    pub(crate) url: String,
    // Ends before its folder goes.
    _server: Tethered,
    _data: TempDir,
}

impl DataFolder {
    /// An empty one.
    pub(crate) fn new(binary: &Path) -> Result<Self> {
        Ok(Self { binary: binary.to_owned(), folder: tempfile::tempdir()? })
    }

    /// What this command prints.
    pub(crate) fn claviger(&self, words: &[&str]) -> Result<String> {
        child::output(self.on_data(&mut Command::new(&self.binary)).args(words))
    }

    /// Serves it on a free loopback port.
    pub(crate) fn serve(self, options: &[&str]) -> Result<Server> {
        let port = free_port()?;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let mut command = Tethered::command(&self.binary, Signal::Terminate);
        self.on_data(&mut command)
            .args(["--listen", &address.to_string(), "--log", "warn"])
            .args(options)
            .stdout(Stdio::null());
        let mut server = Tethered::spawn(&mut command, Signal::Terminate)?;
        server.wait_until(PATIENCE, || TcpStream::connect(address).is_ok())?;
        Ok(Server { url: format!("http://localhost:{port}"), _server: server, _data: self.folder })
    }

    /// On this data folder and nothing else: the contributor's own settings may name a database that is in use.
    fn on_data<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env_clear().arg("--data").arg(self.folder.path())
    }
}

/// What stands alone on standard output, so that a script can take it from there.
pub(crate) fn secret<'a>(said: &'a str, prefix: &str) -> Result<&'a str> {
    let secret = said.trim_end();
    ensure!(
        secret.starts_with(prefix) && !secret.contains(char::is_whitespace),
        "`claviger` printed something else than a secret that begins with {prefix}: {said}"
    );
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_stands_alone() {
        assert_eq!(secret("clvs_0123\n", "clvs_").unwrap(), "clvs_0123");
        assert!(secret("clvs_0123\n", "clvk_").is_err());
        assert!(secret("Added the client. Its secret is clvs_0123\n", "clvs_").is_err());
        assert!(secret("clvs_0123\nKeep it.\n", "clvs_").is_err());
        assert!(secret("", "clvs_").is_err());
    }
}
