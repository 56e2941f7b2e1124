//! Servers on a core of their own, and what Linux tells of them.

use std::env;
use std::fs;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

/// How long a server may take to start.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long it may take to end before it is killed.
const GRACE: Duration = Duration::from_secs(10);
/// The unit of CPU times in `/proc` (`getconf CLK_TCK`), the same on every Linux machine.
const TICK: Duration = Duration::from_millis(10);

/// The core of the server under load.
const SERVER_CORE: &str = "0";
/// The core of what loads it.
const LOAD_CORE: &str = "1";

/// A server with a process group of its own, which ends with this value.
pub(crate) struct Server {
    child: Child,
}

/// From now on this thread, and what it starts, runs on the core of the load.
pub(crate) fn take_load_core() -> Result<()> {
    ensure!(thread::available_parallelism()?.get() >= 2, "two cores are needed: one for the server, one for the load");
    let own = std::process::id().to_string();
    let status = Command::new("taskset").args(["-c", "-p", LOAD_CORE, &own]).stdout(Stdio::null()).status();
    ensure!(status.context("taskset (util-linux) is missing")?.success(), "this process cannot choose its core");
    Ok(())
}

impl Server {
    /// Starts a command on the server's core. Call it from the main thread: the kernel ties the child to the thread.
    pub(crate) fn start(command: &Command) -> Result<Self> {
        let mut pinned = Command::new("setpriv");
        pinned.args(["--pdeathsig", "TERM", "--", "taskset", "-c", SERVER_CORE]).arg(command.get_program());
        pinned.args(command.get_args()).process_group(0).stdin(Stdio::null()).stdout(Stdio::null());
        if let Some(folder) = command.get_current_dir() {
            pinned.current_dir(folder);
        }
        // The contributor's own settings may name a database that is in use.
        for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CLAVIGER_")) {
            pinned.env_remove(name);
        }
        pinned.stderr(Stdio::null());
        Ok(Self { child: pinned.spawn().with_context(|| format!("cannot start {command:?}"))? })
    }

    /// Asks `ready` until it says yes.
    pub(crate) fn wait_until(&mut self, mut ready: impl FnMut() -> bool) -> Result<()> {
        let start = Instant::now();
        while !ready() {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended at once ({status})");
            }
            ensure!(start.elapsed() < PATIENCE, "the server was not ready after {} seconds", PATIENCE.as_secs());
            thread::sleep(Duration::from_millis(2));
        }
        Ok(())
    }

    /// The CPU time of its processes since they started, to 10 ms.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        Ok(TICK * stats_of(self.child.id())?.map(|(stat, _)| stat.ticks).sum::<u32>())
    }

    /// Its resident memory, in bytes.
    pub(crate) fn resident(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kibibytes: u64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kibibytes * 1024)
    }

    fn stop(&mut self) -> Result<()> {
        self.signal("TERM")?;
        let start = Instant::now();
        while start.elapsed() < GRACE {
            if self.child.try_wait()?.is_some() {
                break;
            }
            thread::sleep(Duration::from_millis(10));
        }
        // Whoever is left of the group, the leader or workers that outlived it.
        self.signal("KILL")?;
        self.child.wait()?;
        // The kernel ends them when it comes to them, not when it is asked.
        while start.elapsed() < 2 * GRACE && group_lives(self.child.id())? {
            thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    /// Sends it to the whole group. The standard library can only kill one process; the shell's `kill` is everywhere.
    fn signal(&self, name: &str) -> Result<()> {
        let group = format!("-{}", self.child.id());
        let mut kill = Command::new("sh");
        kill.args(["-c", "kill -s \"$1\" -- \"$2\" 2>/dev/null", "sh", name, &group]);
        kill.status()?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            eprintln!("process group {} could not be stopped: {error:#}", self.child.id());
        }
    }
}

/// Whether a process of this group is left that has not ended.
fn group_lives(group: u32) -> Result<bool> {
    Ok(stats_of(group)?.any(|(_, has_ended)| !has_ended))
}

/// The processes of a group, and whether each has ended and only waits for its parent to ask. One that goes meanwhile
/// counts no more.
fn stats_of(group: u32) -> Result<impl Iterator<Item = (Stat, bool)>> {
    let texts =
        fs::read_dir("/proc")?.flatten().filter_map(|process| fs::read_to_string(process.path().join("stat")).ok());
    let stats = texts.filter_map(|text| Some((Stat::parse(&text)?, text.contains(") Z "))));
    Ok(stats.filter(move |(stat, _)| stat.group == group))
}

/// What `/proc/PID/stat` says (proc_pid_stat(5)).
#[derive(PartialEq, Eq, Debug)]
struct Stat {
    group: u32,
    /// In user mode and in the kernel.
    ticks: u32,
}

impl Stat {
    fn parse(text: &str) -> Option<Self> {
        // The name, in parentheses, may hold anything; the state follows.
        let (_, rest) = text.rsplit_once(") ")?;
        let fields: Vec<&str> = rest.split(' ').collect();
        let number = |field: usize| fields.get(field)?.parse::<u32>().ok();
        Some(Self { group: number(2)?, ticks: number(11)? + number(12)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stat_of_a_process_with_a_strange_name_is_read() {
        let stat = "42 (a) b (c) S 1 7 7 0 -1 4194560 100 0 0 0 30 12 0 0 20 0 3 0 5000 1000 200";
        assert_eq!(Stat::parse(stat), Some(Stat { group: 7, ticks: 42 }));
        assert_eq!(Stat::parse(""), None);
    }

    #[test]
    fn a_dropped_server_takes_its_whole_group_along() {
        let folder = tempfile::tempdir().unwrap();
        let (child, stubborn) = (folder.path().join("child"), folder.path().join("stubborn"));
        let script = r#"(trap '' TERM; echo $$ > "$1"; exec sleep 100) & sh -c 'echo $PPID > "$1"' sh "$2"; wait"#;
        let mut command = Command::new("sh");
        command.args(["-c", script, "sh"]).args([&stubborn, &child]);
        let mut server = Server::start(&command).unwrap();
        server.wait_until(|| child.exists() && stubborn.exists()).unwrap();
        assert!(server.resident().unwrap() > 0);
        let group = server.child.id();
        drop(server);
        assert!(!group_lives(group).unwrap());
    }
}
