//! The server's log at its most talkative, in memory.

use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Log;

/// Captures every event of every crate from now on.
pub(crate) fn capture() {
    // Fails only when another test of this process captures already, into the same log.
    let _ =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false).with_writer(|| Log).try_init();
}

/// What was logged since the capture began; other tests of the process log into it too.
pub(crate) fn text() -> Vec<u8> {
    LOG.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Whether a line of this level comes from the crates of the server, and not from a library.
pub(crate) fn is_ours(line: &str, level: &str) -> bool {
    const CRATES: [&str; 7] = ["claviger", "kernel", "access", "keys", "hold", "issue", "verify"];
    CRATES.iter().any(|name| line.contains(&format!("{level} {name}::")))
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.lock().unwrap_or_else(PoisonError::into_inner).extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
