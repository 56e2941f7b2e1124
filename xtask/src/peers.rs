//! Wallets, issuers and verifiers that others wrote exchange credentials with the server: whether it keeps to the
//! standards is for them to say. Their files, in `peers/`, are also examples.

use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::server::{DataFolder, Server, secret};
use crate::tally::Tally;
use crate::workspace::Workspace;
use crate::{child, node};

/// The wallets by the part that they play, and what their API keys may do: no more than the tests of that part need.
const WALLETS: [(&str, &str, &[&str]); 3] = [
    (
        "Issuing",
        "CLAVIGER_ISSUER_KEY",
        &["identifiers:change", "issue_credentials:change", "issuer_templates:change", "status_lists:change"],
    ),
    (
        "Holding",
        "CLAVIGER_HOLDER_KEY",
        &["holder_credentials:change", "identifiers:change", "public_profile:change", "trusted_contacts:change"],
    ),
    (
        "Verifying",
        "CLAVIGER_VERIFIER_KEY",
        &["identifiers:change", "trusted_issuers:change", "verified_credentials:change", "verifier_templates:change"],
    ),
];

/// Runs every test in `peers/` against one server.
pub(crate) fn run(workspace: &Workspace, binary: &Path) -> Result<Tally> {
    let report = workspace.target.join("peers.xml");
    if report.exists() {
        fs::remove_file(&report)?;
    }
    let mut tests = node::tests(&workspace.peers(), &report)?;
    let examples = workspace.vc_examples()?;
    let (server, keys) = start(binary)?;
    let variables = tests.env("CLAVIGER_URL", &server.url).env("CLAVIGER_EXAMPLES", examples).envs(keys);
    let status = child::status(variables)?;
    Tally::from_junit_file(&report)?.under(status)
}

/// The server, which may reach the peers on loopback, and the variables that hold the keys.
fn start(binary: &Path) -> Result<(Server, Vec<(&'static str, String)>)> {
    let data = DataFolder::new(binary)?;
    let mut keys = Vec::new();
    for (wallet, variable, permissions) in WALLETS {
        data.claviger(&["wallet", "add", wallet])?;
        let mut add = vec!["api-key", "add", "peers", "--wallet", wallet];
        add.extend(permissions.iter().flat_map(|permission| ["--permission", permission]));
        keys.push((variable, secret(&data.claviger(&add)?, "clvk_")?.to_owned()));
    }
    Ok((data.serve(&["--allow-network", "127.0.0.0/8"])?, keys))
}
