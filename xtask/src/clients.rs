//! OAuth clients that others wrote obtain a token and call the wallet: whether the server keeps to the standards is
//! for them to say. Their files, in `clients/`, are also the examples that an integrator reads.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::server::{DataFolder, Server, secret};
use crate::tally::Tally;
use crate::workspace::Workspace;
use crate::{child, node, packages};

/// With all that some libraries escape in HTTP Basic and others do not (RFC 6749 section 2.3.1).
const CLIENT_ID: &str = "acme-backend_2.0";

/// What the client may do. The examples know it.
const PERMISSIONS: [&str; 2] = ["holder_credentials:view", "identifiers:change"];

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
    let report = workspace.target.join("clients-javascript.xml");
    count(&mut node::tests(&workspace.clients().join("javascript"), &report)?, wallet, &report)
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
            .env("CLAVIGER_URL", &wallet.server.url)
            .env("CLAVIGER_CLIENT_ID", CLIENT_ID)
            .env("CLAVIGER_CLIENT_SECRET", &wallet.client_secret),
    )?;
    Tally::from_junit_file(report)?.under(status)
}

/// A running server with one wallet and one OAuth client.
struct Wallet {
    server: Server,
    client_secret: String,
}

impl Wallet {
    fn start(binary: &Path) -> Result<Self> {
        let data = DataFolder::new(binary)?;
        data.claviger(&["wallet", "add", "Acme"])?;
        let mut add = vec!["oauth-client", "add", CLIENT_ID];
        add.extend(PERMISSIONS.iter().flat_map(|permission| ["--permission", permission]));
        let client_secret = secret(&data.claviger(&add)?, "clvs_")?.to_owned();
        Ok(Self { server: data.serve(&[])?, client_secret })
    }
}
