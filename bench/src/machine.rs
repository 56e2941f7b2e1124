//! Where and when it was measured.

use std::fs;
use std::process::Command;
use std::thread;

use anyhow::{Context, Result};
use kernel::clock::Clock;

use crate::seeded::repository;

/// The machine, the compiler and the commit.
#[derive(Debug)]
pub(crate) struct Machine {
    pub(crate) processor: String,
    pub(crate) cores: usize,
    pub(crate) kernel: String,
    pub(crate) rustc: String,
    /// Its short name, with a plus for what was not committed.
    pub(crate) commit: String,
    pub(crate) date: String,
}

impl Machine {
    /// This one, now.
    pub(crate) fn this() -> Result<Self> {
        let processors = fs::read_to_string("/proc/cpuinfo")?;
        let model = processors.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
        let git = |arguments: &[&str]| said(Command::new("git").args(arguments).current_dir(repository()?));
        let changed = !git(&["status", "--porcelain", "--untracked-files=no"])?.is_empty();
        Ok(Self {
            processor: model.map_or("unknown", |(_, name)| name).to_owned(),
            cores: thread::available_parallelism()?.get(),
            kernel: fs::read_to_string("/proc/sys/kernel/osrelease")?.trim().to_owned(),
            rustc: said(Command::new("rustc").arg("--version").current_dir(repository()?))?,
            commit: git(&["rev-parse", "--short", "HEAD"])? + if changed { "+" } else { "" },
            date: Clock::system().now().strftime("%-d %B %Y, %H:%M UTC").to_string(),
        })
    }
}

fn said(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
