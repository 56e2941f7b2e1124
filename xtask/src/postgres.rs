//! A private PostgreSQL cluster for the tests. It keeps nothing safe (`fsync=off`), listens on loopback only, trusts
//! everybody there, and never touches a server that the machine already has.

use std::fs::{self, File};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::child::{self, Signal, Tethered};
use crate::machine::{self, User};
use crate::workspace::{Workspace, free_port};

/// How long the cluster may take to accept connections.
const PATIENCE: Duration = Duration::from_mins(1);

/// The running cluster, stopped when dropped unless it was running before.
pub(crate) struct Cluster {
    port: u16,
    /// Absent for a cluster that was found alive.
    _server: Option<Tethered>,
}

impl Cluster {
    /// Installs PostgreSQL where it is missing, makes the cluster where there is none, and starts it.
    pub(crate) fn start(workspace: &Workspace) -> Result<Self> {
        let installation = Installation::find(workspace)?;
        if let Some(port) = installation.alive() {
            return Ok(Self { port, _server: None });
        }
        if !installation.is_clean() {
            installation.make()?;
        }
        let port = free_port()?;
        let server = installation.serve(port)?;
        Ok(Self { port, _server: Some(server) })
    }

    /// The connection URL of its superuser.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

struct Installation {
    programs: PathBuf,
    /// Holds the cluster (`data`) and its log; belongs to `user`.
    home: PathBuf,
    /// PostgreSQL refuses to run as root.
    user: Option<User>,
}

impl Installation {
    fn find(workspace: &Workspace) -> Result<Self> {
        let programs = machine::postgresql()?;
        let user = machine::is_root()?.then(|| User::named("postgres")).transpose()?;
        let home = home(workspace, user)?;
        Ok(Self { programs, home, user })
    }

    fn data(&self) -> PathBuf {
        self.home.join("data")
    }

    fn program(&self, name: &str) -> Command {
        self.as_user(Command::new(self.programs.join(name)))
    }

    fn as_user(&self, mut command: Command) -> Command {
        command.current_dir("/");
        if let Some(User { uid, gid }) = self.user {
            command.uid(uid).gid(gid).env_remove("HOME");
        }
        command
    }

    /// The port of the server that runs on this very folder.
    fn alive(&self) -> Option<u16> {
        let note = fs::read_to_string(self.data().join("postmaster.pid")).ok()?;
        let port = port_in_note(&note)?;
        let question = ["-d", "postgres", "-Atc", "show data_directory"];
        let folder = child::output(
            self.program("psql")
                .args(["-X", "-h", "127.0.0.1", "-p", &port.to_string(), "-U", "postgres"])
                .args(question),
        );
        folder.is_ok_and(|folder| Path::new(folder.trim()) == self.data()).then_some(port)
    }

    /// A cluster whose server was killed may be broken, as it never waits for the disk.
    fn is_clean(&self) -> bool {
        let state = child::output(self.program("pg_controldata").arg("-D").arg(self.data()).env("LC_ALL", "C"));
        state.is_ok_and(|state| was_shut_down(&state))
    }

    fn make(&self) -> Result<()> {
        if self.data().exists() {
            fs::remove_dir_all(self.data()).context("the old PostgreSQL cluster cannot be removed")?;
        }
        let options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"];
        child::output(self.program("initdb").args(options).arg("-D").arg(self.data()))?;
        Ok(())
    }

    fn serve(&self, port: u16) -> Result<Tethered> {
        let log_file = self.home.join("log");
        let log = File::create(&log_file)?;
        let mut command = self.as_user(Tethered::command(self.programs.join("postgres"), Signal::Interrupt));
        command.arg("-D").arg(self.data()).args(["-p", &port.to_string()]).stdout(log.try_clone()?).stderr(log);
        for setting in [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=300",
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
        ] {
            command.args(["-c", setting]);
        }
        let mut server = Tethered::spawn(&mut command, Signal::Interrupt)?;
        let ready = || {
            let question = ["-q", "-h", "127.0.0.1", "-p", &port.to_string(), "-U", "postgres"];
            self.program("pg_isready").args(question).status().is_ok_and(|status| status.success())
        };
        server.wait_until(PATIENCE, ready).with_context(|| {
            format!("PostgreSQL does not start: {}", fs::read_to_string(&log_file).unwrap_or_default().trim())
        })?;
        Ok(server)
    }
}

/// A folder that PostgreSQL's user can reach and owns: in the target folder, or, when that lies below a closed folder
/// such as `/root`, in the system's place for temporary files that outlive a restart.
fn home(workspace: &Workspace, user: Option<User>) -> Result<PathBuf> {
    let inside = workspace.target.join("postgres");
    let Some(user) = user else {
        fs::create_dir_all(&inside)?;
        return Ok(inside);
    };
    fs::create_dir_all(&workspace.target)?;
    let mut reach = Command::new("test");
    let reachable = reach.arg("-x").arg(&workspace.target).current_dir("/").uid(user.uid).gid(user.gid).status()?;
    if reachable.success() {
        fs::create_dir_all(&inside)?;
        chown(&inside, Some(user.uid), Some(user.gid))?;
        return Ok(inside);
    }
    let outside = Path::new("/var/tmp").join(format!("claviger-postgres{}", flat(&workspace.target)));
    if !outside.exists() {
        fs::create_dir(&outside)?;
        chown(&outside, Some(user.uid), Some(user.gid))?;
    }
    machine::ensure_owned(&outside, user.uid)?;
    Ok(outside)
}

/// A path as one file name, so that two clones do not share a cluster.
fn flat(path: &Path) -> String {
    path.to_string_lossy().replace(|c: char| !c.is_ascii_alphanumeric(), "-")
}

/// `postmaster.pid`: process, data folder, start time and port, a line each.
fn port_in_note(note: &str) -> Option<u16> {
    note.lines().nth(3)?.trim().parse().ok()
}

fn was_shut_down(state: &str) -> bool {
    state
        .lines()
        .filter_map(|line| line.strip_prefix("Database cluster state:"))
        .any(|state| state.trim() == "shut down")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_stands_on_the_fourth_line() {
        assert_eq!(port_in_note("4711\n/srv/data\n1700000000\n54321\n\n127.0.0.1\n"), Some(54321));
        assert_eq!(port_in_note("4711\n"), None);
    }

    #[test]
    fn only_an_orderly_shutdown_is_clean() {
        assert!(was_shut_down("pg_control version number: 1300\nDatabase cluster state:               shut down\n"));
        assert!(!was_shut_down("Database cluster state:               in production\n"));
        assert!(!was_shut_down("Database cluster state:               shut down in recovery\n"));
    }

    #[test]
    fn each_clone_has_its_own_name() {
        assert_eq!(flat(Path::new("/root/a b/target")), "-root-a-b-target");
    }
}
