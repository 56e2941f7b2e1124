//! OAuth clients that others wrote obtain a token and call the wallet: whether the server keeps to the standards is
//! for them to say. Their files, in `clients/`, are also the examples that an integrator reads.

use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Result, ensure};
use tempfile::TempDir;

use crate::child::{self, Signal, Tethered};
use crate::tally::Tally;
use crate::workspace::{Workspace, free_port};
use crate::{machine, packages};

/// With all that some libraries escape in HTTP Basic and others do not (RFC 6749 section 2.3.1).
const CLIENT_ID: &str = "acme-backend_2.0";

/// What the client may do. The examples know it.
const PERMISSIONS: [&str; 2] = ["holder_credentials:view", "identifiers:change"];

/// How long the server may take to accept connections.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs the clients of every language against one server.
pub(crate) fn run(workspace: &Workspace, binary: &Path) -> Result<Tally> {
    let wallet = Wallet::start(binary)?;
    let mut sum = Tally::default();
    for (language, tally) in [("JavaScript", javascript(workspace, &wallet)), ("Python", python(workspace, &wallet))] {
        sum += tally.unwrap_or_else(|error| {
            eprintln!("the clients in {language} could not run: {error:#}");
            Tally::NOT_STARTED
        });
    }
    Ok(sum)
}

fn javascript(workspace: &Workspace, wallet: &Wallet) -> Result<Tally> {
    let folder = workspace.clients().join("javascript");
    packages::npm(&folder)?;
    let mut command = Command::new(machine::node()?);
    command.args(["--test", "--test-reporter=spec", "--test-reporter-destination=stdout", "--test-reporter=junit"]);
    let report = workspace.target.join("clients-javascript.xml");
    command.arg(format!("--test-reporter-destination={}", report.display()));
    count(command.current_dir(folder), wallet, &report)
}

fn python(workspace: &Workspace, wallet: &Wallet) -> Result<Tally> {
    let folder = workspace.clients().join("python");
    let programs = packages::python(workspace, "clients", &folder.join("requirements.txt"))?;
    let mut command = Command::new(programs.join("pytest"));
    let report = workspace.target.join("clients-python.xml");
    command.arg(format!("--junit-xml={}", report.display()));
    count(command.current_dir(folder), wallet, &report)
}

fn count(command: &mut Command, wallet: &Wallet, report: &Path) -> Result<Tally> {
    if report.exists() {
        fs::remove_file(report)?;
    }
    let status = child::status(
        command
            .env("CLAVIGER_URL", &wallet.url)
            .env("CLAVIGER_CLIENT_ID", CLIENT_ID)
            .env("CLAVIGER_CLIENT_SECRET", &wallet.client_secret),
    )?;
    Tally::from_junit_file(report)?.under(status)
}

/// A running server with one wallet and one OAuth client.
struct Wallet {
    url: String,
    client_secret: String,
    // Ends before its folder goes.
    _server: Tethered,
    _data: TempDir,
}

impl Wallet {
    fn start(binary: &Path) -> Result<Self> {
        let data = tempfile::tempdir()?;
        let claviger = |words: &[&str]| child::output(on_data(&mut Command::new(binary), data.path()).args(words));
        claviger(&["wallet", "add", "Acme"])?;
        let mut add = vec!["oauth-client", "add", CLIENT_ID];
        add.extend(PERMISSIONS.iter().flat_map(|permission| ["--permission", permission]));
        let client_secret = secret(&claviger(&add)?)?.to_owned();
        let port = free_port()?;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let mut command = Tethered::command(binary, Signal::Terminate);
        on_data(&mut command, data.path())
            .args(["--listen", &address.to_string(), "--log", "warn"])
            .stdout(Stdio::null());
        let mut server = Tethered::spawn(&mut command, Signal::Terminate)?;
        server.wait_until(PATIENCE, || TcpStream::connect(address).is_ok())?;
        Ok(Self { url: format!("http://localhost:{port}"), client_secret, _server: server, _data: data })
    }
}

/// On this data folder and nothing else: the contributor's own settings may name a database that is in use.
fn on_data<'a>(command: &'a mut Command, data: &Path) -> &'a mut Command {
    command.env_clear().arg("--data").arg(data)
}

/// What stands alone on standard output, so that a script can take it from there.
fn secret(said: &str) -> Result<&str> {
    let secret = said.trim_end();
    ensure!(
        secret.starts_with("clvs_") && !secret.contains(char::is_whitespace),
        "`claviger oauth-client add` printed something else than a secret: {said}"
    );
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_stands_alone() {
        assert_eq!(secret("clvs_0123\n").unwrap(), "clvs_0123");
        assert!(secret("Added the client. Its secret is clvs_0123\n").is_err());
        assert!(secret("clvs_0123\nKeep it.\n").is_err());
        assert!(secret("").is_err());
    }
}
