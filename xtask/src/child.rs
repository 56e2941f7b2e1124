//! Child processes: run one to its end, or keep one exactly as long as this process lives.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::workspace::which;

/// How long a server may take to end before it is killed.
const PATIENCE: Duration = Duration::from_secs(20);

/// A signal that asks a process to end.
#[derive(Clone, Copy)]
pub(crate) enum Signal {
    /// PostgreSQL: disconnect everybody and stop.
    Interrupt,
    /// Everything else.
    Terminate,
}

impl Signal {
    fn name(self) -> &'static str {
        match self {
            Self::Interrupt => "INT",
            Self::Terminate => "TERM",
        }
    }
}

/// A server that is stopped when this value is dropped. Where the system can do it (`setpriv`, Linux) the kernel
/// stops it as well when this process is killed; Ctrl-C reaches it in any case, as part of the terminal's group.
pub(crate) struct Tethered {
    child: Child,
    signal: Signal,
}

impl Tethered {
    /// A command for [`Self::spawn`]. The kernel ties the child to the *thread* that spawns it: call it from `main`'s.
    pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>, signal: Signal) -> Command {
        let Some(setpriv) = which("setpriv") else { return Command::new(program) };
        let mut command = Command::new(setpriv);
        command.args(["--pdeathsig", signal.name(), "--"]).arg(program);
        command
    }

    /// Starts the server; `signal` is what ends it.
    pub(crate) fn spawn(command: &mut Command, signal: Signal) -> Result<Self> {
        let child = command.stdin(Stdio::null()).spawn().with_context(|| format!("cannot start {command:?}"))?;
        Ok(Self { child, signal })
    }

    /// The running child.
    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Asks `ready` until it says yes; an error when the server ends before that or takes more than `patience`.
    pub(crate) fn wait_until(&mut self, patience: Duration, mut ready: impl FnMut() -> bool) -> Result<()> {
        let start = Instant::now();
        while !ready() {
            if let Some(status) = self.child.try_wait()? {
                bail!("it ended at once ({status})");
            }
            ensure!(start.elapsed() < patience, "it was not ready after {} seconds", patience.as_secs());
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    fn stop(&mut self) -> Result<()> {
        if self.child.try_wait()?.is_some() {
            return Ok(());
        }
        // The standard library can only kill; the shell's own `kill` is there on every system. The child has not
        // been waited for, so its id cannot belong to anybody else.
        let asked = Command::new("sh")
            .args(["-c", "kill -s \"$1\" \"$2\"", "sh", self.signal.name(), &self.child.id().to_string()])
            .status()?;
        let start = Instant::now();
        while asked.success() && start.elapsed() < PATIENCE {
            if self.child.try_wait()?.is_some() {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(20));
        }
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Tethered {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            eprintln!("process {} could not be stopped: {error:#}", self.child.id());
        }
    }
}

/// Runs a command to its end with its output on ours.
pub(crate) fn status(command: &mut Command) -> Result<ExitStatus> {
    command.stdin(Stdio::null()).status().with_context(|| format!("cannot start {}", shown(command)))
}

/// [`status`], and an error unless it succeeds.
pub(crate) fn succeed(command: &mut Command) -> Result<()> {
    let status = status(command)?;
    ensure!(status.success(), "{} failed ({status})", shown(command));
    Ok(())
}

/// What a command writes to its standard output; an error, with what it said, unless it succeeds.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot start {}", shown(command)))?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{} failed ({}): {}", shown(command), output.status, complaint.trim());
    String::from_utf8(output.stdout).with_context(|| format!("{} does not speak UTF-8", shown(command)))
}

/// Runs a command to its end, repeats its standard output on ours and hands each line to `see`.
pub(crate) fn watch(command: &mut Command, mut see: impl FnMut(&str)) -> Result<ExitStatus> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", shown(command)))?;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines() {
            let line = line?;
            println!("{line}");
            see(&line);
        }
    }
    Ok(child.wait()?)
}

/// The program and its first two arguments: enough to recognise a command in an error.
fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args().take(2));
    words.map(std::ffi::OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_command_is_an_error_that_repeats_what_it_said() {
        let error = output(Command::new("sh").args(["-c", "echo lost the key >&2; exit 3"])).unwrap_err().to_string();
        assert!(error.contains("lost the key") && error.contains('3'), "{error}");
    }

    #[test]
    fn every_line_is_seen() {
        let mut lines = Vec::new();
        let status = watch(Command::new("printf").arg("one\ntwo\n"), |line| lines.push(line.to_owned())).unwrap();
        assert!(status.success());
        assert_eq!(lines, ["one", "two"]);
    }

    #[test]
    fn a_dropped_server_has_had_its_signal_and_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let (up, said) = (folder.path().join("up"), folder.path().join("said"));
        let script = r#"trap 'echo INT > "$2"; exit 0' INT; : > "$1"; while :; do sleep 0.02; done"#;
        let mut command = Tethered::command("sh", Signal::Interrupt);
        command.args(["-c", script, "sh"]).args([&up, &said]);
        let mut server = Tethered::spawn(&mut command, Signal::Interrupt).unwrap();
        server.wait_until(PATIENCE, || up.exists()).unwrap();
        let id = server.child().id();
        drop(server);
        assert_eq!(std::fs::read_to_string(said).unwrap(), "INT\n");
        assert!(!std::path::Path::new(&format!("/proc/{id}")).exists());
    }

    #[test]
    fn a_server_that_ends_at_once_is_an_error_not_a_wait() {
        let mut server = Tethered::spawn(&mut Command::new("false"), Signal::Terminate).unwrap();
        let error = server.wait_until(PATIENCE, || false).unwrap_err();
        assert!(error.to_string().contains("ended at once"), "{error}");
    }
}
