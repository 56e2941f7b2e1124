//! What others would use in the place of Claviger, doing the same work: header, key, permission, small JSON.
//!
//! Each folder in `bench/peers` has three programs. `prepare` installs what it needs, or says in one line why it
//! cannot. `version` prints one line. `serve PORT COUNT KEYS DIR` writes COUNT keys and one without the permission to
//! the file KEYS, and serves `GET /me` in the foreground.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;

use crate::control;
use crate::interleave::{Contestant, Pace, Rate, interleave};
use crate::keys::HELD;
use crate::load::{Loader, Pool, Requests, head};
use crate::numbers::Spread;
use crate::process::Server;
use crate::requests::{CONNECTIONS, ME, OK};
use crate::seeded::{Served, repository};

/// How many keys each server has.
pub(crate) const KEYS: usize = 1000;

/// How Claviger and the others did.
#[derive(Debug, Default)]
pub(crate) struct Peers {
    /// Routes of Claviger.
    pub(crate) own: Vec<(String, Rate)>,
    pub(crate) peers: Vec<Peer>,
    /// Those that did not run, and why.
    pub(crate) skipped: Vec<(String, String)>,
}

/// One of the others.
#[derive(Debug)]
pub(crate) struct Peer {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) rate: Rate,
    /// Each of Claviger's routes divided by it.
    pub(crate) ratios: Vec<Spread>,
}

/// A peer's server, with its folder.
struct Running {
    name: String,
    version: String,
    server: Server,
    address: SocketAddr,
    keys: Vec<String>,
    _folder: TempDir,
}

/// Starts all of them; all but the one under load stand idle.
pub(crate) fn measure(loader: &mut Loader, served: &Served<'_>, pace: Pace) -> Result<Peers> {
    let (mut running, mut pools, mut skipped) = (Vec::new(), Vec::new(), Vec::new());
    for folder in folders()? {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        eprintln!("… {name}");
        match Running::start(&folder, &name).and_then(|peer| Ok((peer.pool(loader)?, peer))) {
            Ok((pool, peer)) => {
                pools.push(pool);
                running.push(peer);
            }
            Err(error) => {
                eprintln!("  skipped: {error:#}");
                skipped.push((name, format!("{error:#}")));
            }
        }
    }
    let routes = [ME, OK];
    let mut contestants = Vec::new();
    for route in routes {
        let requests = Requests::own_key(route, served.keys.texts());
        let pool = loader.connect(served.address, CONNECTIONS, 200, requests)?;
        contestants.push(Contestant::new(&served.server, [pool]));
    }
    contestants.extend(running.iter().zip(pools).map(|(peer, pool)| Contestant::new(&peer.server, [pool])));
    interleave(loader, &mut contestants, pace)?;
    let (own, others) = contestants.split_at(routes.len());
    let peers = running.iter().zip(others).map(|(peer, other)| Peer {
        name: peer.name.clone(),
        version: peer.version.clone(),
        rate: other.rate(),
        ratios: own.iter().map(|own| own.ratio(other)).collect(),
    });
    let own = routes.iter().zip(own).map(|(route, own)| ((*route).to_owned(), own.rate()));
    Ok(Peers { own: own.collect(), peers: peers.collect(), skipped })
}

impl Running {
    fn start(folder: &Path, name: &str) -> Result<Self> {
        said(&folder.join("prepare"))?;
        let version = said(&folder.join("version"))?;
        let place = tempfile::tempdir()?;
        let (address, file) = (control::free_address()?, place.path().join("keys"));
        let mut command = Command::new(folder.join("serve"));
        let data = place.path().join("data");
        fs::create_dir(&data)?;
        command.args([address.port().to_string(), KEYS.to_string()]).arg(&file).arg(data);
        let mut server = Server::start(command.current_dir(folder))?;
        let keys = || fs::read_to_string(&file).unwrap_or_default().lines().map(str::to_owned).collect::<Vec<_>>();
        let answers = |key: Option<&String>, status| {
            key.is_some_and(|key| control::expect(status, address, &request(key)).is_ok())
        };
        server.wait_until(|| keys().len() > KEYS && answers(keys().first(), 200))?;
        let keys = keys();
        // The same work: whoever lacks the permission or is unknown is refused.
        ensure!(answers(keys.last(), 403), "a key without {HELD} is not refused with 403");
        ensure!(answers(Some(&"unknown".to_owned()), 401), "an unknown key is not refused with 401");
        Ok(Self { name: name.to_owned(), version, server, address, keys, _folder: place })
    }

    /// Connections that each keep their key, after a first short load that shows whether they work.
    fn pool(&self, loader: &mut Loader) -> Result<Pool> {
        let step = (KEYS / CONNECTIONS).max(1);
        let texts = self.keys.iter().step_by(step).take(CONNECTIONS).map(|key| request(key)).collect();
        let pool = loader.connect(self.address, CONNECTIONS, 200, Requests::one_each(texts))?;
        let mut pools = [pool];
        loader.load(&mut pools, Duration::from_millis(200))?;
        let [pool] = pools;
        Ok(pool)
    }
}

fn request(key: &str) -> Vec<u8> {
    let mut text = head("GET", "/me");
    text.extend_from_slice(format!("x-api-key: {key}\r\n\r\n").as_bytes());
    text
}

fn folders() -> Result<Vec<PathBuf>> {
    let folder = repository()?.join("bench/peers");
    let Ok(entries) = fs::read_dir(&folder) else { return Ok(Vec::new()) };
    let mut folders: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    folders.retain(|folder| folder.join("serve").is_file());
    folders.sort();
    Ok(folders)
}

/// What a program prints; an error with its last line of complaint unless it succeeds.
fn said(program: &Path) -> Result<String> {
    let output = Command::new(program).output().with_context(|| format!("cannot start {}", program.display()))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        bail!("{}", complaint.trim().lines().last().unwrap_or("it cannot be prepared, and does not say why"));
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
