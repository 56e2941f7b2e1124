//! What the `claviger` binary takes to start with many keys, and what it holds in memory.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::control;
use crate::load::get;
use crate::numbers::{Spread, real};
use crate::process::Server;
use crate::requests::ME;
use crate::seeded::{Seeded, claviger};

/// The outcome.
#[derive(Debug)]
pub(crate) struct Start {
    /// How many keys there are.
    pub(crate) count: usize,
    /// From the start of the process to the first answer to a key, in seconds.
    pub(crate) seconds: Spread,
    /// The same on an empty folder, to the first refusal.
    pub(crate) empty_seconds: Spread,
    /// Resident memory after that, in bytes.
    pub(crate) resident: Spread,
    /// The same on an empty folder.
    pub(crate) empty_resident: Spread,
}

impl Start {
    /// Resident memory above that of an empty server, in bytes per key.
    pub(crate) fn bytes_per_key(&self) -> f64 {
        (self.resident.median - self.empty_resident.median) / real(self.count as u64)
    }
}

/// Starts it so often on the full folder and on an empty one.
pub(crate) fn measure(seeded: &Seeded, times: usize) -> Result<Start> {
    let empty = tempfile::tempdir()?;
    // The first start makes the database, which is not what is measured.
    once(empty.path(), seeded, 401)?;
    let (mut full, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..times {
        full.push(once(&seeded.data(), seeded, 200)?);
        bare.push(once(empty.path(), seeded, 401)?);
    }
    let seconds = |starts: &[(Duration, u64)]| Spread::of(starts.iter().map(|(time, _)| time.as_secs_f64()));
    let bytes = |starts: &[(Duration, u64)]| Spread::of(starts.iter().map(|(_, bytes)| real(*bytes)));
    Ok(Start {
        count: seeded.count,
        seconds: seconds(&full),
        empty_seconds: seconds(&bare),
        resident: bytes(&full),
        empty_resident: bytes(&bare),
    })
}

/// How long it takes to the first answer, which has this status, and the memory then.
fn once(data: &Path, seeded: &Seeded, status: u16) -> Result<(Duration, u64)> {
    let address: SocketAddr = control::free_address()?;
    let mut command = Command::new(claviger()?);
    command.args(["serve", "--listen", &address.to_string(), "--data"]).arg(data);
    let request = get(ME, &seeded.keys.administrator.text);
    let start = Instant::now();
    let mut server = Server::start(&command)?;
    server.wait_until(|| control::expect(status, address, &request).is_ok())?;
    Ok((start.elapsed(), server.resident()?))
}
