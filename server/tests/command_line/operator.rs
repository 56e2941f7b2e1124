//! Whoever has a shell: runs the binary on one database, and starts servers on it.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use reqwest::Response;
use store::Location;
use store::testing::Database;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// How long a program may take before the test gives up on it.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the command line changes is in force in a running server within this.
pub(crate) const IN_FORCE: Duration = Duration::from_secs(1);

/// A shell with one data folder and no other settings.
pub(crate) struct Operator {
    arguments: Vec<String>,
    data: PathBuf,
    temporary: PathBuf,
    /// What a shell does before the program, which is `"$0" "$@"` there.
    script: Option<String>,
    _folder: Option<TempDir>,
}

/// What a command said, and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) output: String,
    pub(crate) error: String,
}

/// A running server, killed when dropped.
pub(crate) struct Running {
    child: Child,
    output: Lines<BufReader<ChildStdout>>,
    /// Every line that it has said so far.
    pub(crate) said: Vec<String>,
}

impl Operator {
    /// On this database.
    pub(crate) fn of(db: &Database) -> Self {
        match db.location() {
            Location::Sqlite(file) => Self::in_folder(file.parent().unwrap().to_owned(), None, Vec::new()),
            Location::Postgres(url) => {
                let folder = tempfile::tempdir().unwrap();
                let data = folder.path().join("data");
                Self::in_folder(data, Some(folder), vec!["--database-url".to_owned(), url])
            }
        }
    }

    /// On a data folder that does not exist yet.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::in_folder(folder.path().join("not/yet"), Some(folder), Vec::new())
    }

    /// With another folder for temporary files.
    pub(crate) fn with_temporary(self, folder: &Path) -> Self {
        Self { temporary: folder.to_owned(), ..self }
    }

    /// Through a shell: `exec "$0" "$@"` in the script is the program.
    pub(crate) fn through(self, script: &str) -> Self {
        Self { script: Some(script.to_owned()), ..self }
    }

    /// With the data folder of another shell.
    pub(crate) fn at(mut self, data: &Path) -> Self {
        if let Some(last) = self.arguments.last_mut() {
            data.to_str().unwrap().clone_into(last);
        }
        Self { data: data.to_owned(), ..self }
    }

    /// On this data folder.
    pub(crate) fn in_existing(data: &Path) -> Self {
        Self::in_folder(data.to_owned(), None, Vec::new())
    }

    /// The data folder.
    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    /// Runs a command to its end.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Said {
        self.run_with(arguments, &[], "").await
    }

    /// Runs a command with these environment variables and this standard input.
    pub(crate) async fn run_with(&self, arguments: &[&str], variables: &[(&str, &str)], input: &str) -> Said {
        let mut command = self.command(arguments);
        command.envs(variables.iter().copied()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // A command that does not read its input has closed it.
        let _ = stdin.write_all(input.as_bytes()).await;
        drop(stdin);
        let ended = tokio::time::timeout(PATIENCE, child.wait_with_output()).await.expect("the command ends").unwrap();
        Said {
            code: ended.status.code(),
            output: String::from_utf8(ended.stdout).unwrap(),
            error: String::from_utf8(ended.stderr).unwrap(),
        }
    }

    /// Runs a command that succeeds, and returns what it printed.
    pub(crate) async fn does(&self, arguments: &[&str]) -> String {
        let said = self.run(arguments).await;
        assert_eq!(said.code, Some(0), "{arguments:?}: {said:?}");
        said.output
    }

    /// Starts a server, on a free port unless told another; it has said its first `lines` lines when this returns.
    pub(crate) async fn serve(&self, arguments: &[&str], lines: usize) -> Running {
        let mut command = self.command(arguments);
        command.args(["--log", "warn"]);
        if !arguments.contains(&"--listen") {
            command.args(["--listen", "127.0.0.1:0"]);
        }
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut running = Running { child, output, said: Vec::new() };
        for _ in 0..lines {
            running.hear().await;
        }
        running
    }

    fn in_folder(data: PathBuf, folder: Option<TempDir>, mut arguments: Vec<String>) -> Self {
        arguments.extend(["--data".to_owned(), data.to_str().unwrap().to_owned()]);
        Self { arguments, data, temporary: std::env::temp_dir(), script: None, _folder: folder }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let program = env!("CARGO_BIN_EXE_claviger");
        let mut command = match &self.script {
            None => Command::new(program),
            Some(script) => {
                let mut shell = Command::new("sh");
                shell.args(["-c", script, program]);
                shell
            }
        };
        command.args(arguments).args(&self.arguments).kill_on_drop(true);
        command.env_clear().env("TMPDIR", &self.temporary);
        if let Some(path) = std::env::var_os("PATH").filter(|_| self.script.is_some()) {
            command.env("PATH", path);
        }
        command
    }
}

impl Running {
    /// The origin that the line with the console names.
    pub(crate) fn origin(&self) -> String {
        let console = self.said.iter().find_map(|line| line.strip_prefix("Console: ")).expect("the console's line");
        console.trim_end_matches('/').to_owned()
    }

    /// A request with this key.
    pub(crate) async fn get(&self, path: &str, key: &str) -> Response {
        client().get(format!("{}{path}", self.origin())).header("x-api-key", key).send().await.unwrap()
    }

    /// What the console answers to somebody who signs in.
    pub(crate) async fn sign_in(&self, email: &str, password: &str) -> Response {
        let form = [("email", email), ("password", password)];
        let request = client().post(format!("{}/sign-in", self.origin())).header("sec-fetch-site", "same-origin");
        request.form(&form).send().await.unwrap()
    }

    /// Asks again until the answer has this status; fails when it has not within [`IN_FORCE`].
    pub(crate) async fn answers_soon(&self, path: &str, key: &str, status: u16) -> Response {
        let start = Instant::now();
        loop {
            let answer = self.get(path, key).await;
            if answer.status() == status {
                return answer;
            }
            assert!(start.elapsed() < IN_FORCE, "{path} still answers {}", answer.status());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// A request with this access token.
    pub(crate) async fn with_token(&self, path: &str, token: &str) -> Response {
        client().get(format!("{}{path}", self.origin())).bearer_auth(token).send().await.unwrap()
    }

    /// Asks for an access token until the answer has this status; fails when it has not within [`IN_FORCE`].
    pub(crate) async fn token_soon(&self, client_id: &str, secret: &str, status: u16) -> Response {
        let start = Instant::now();
        loop {
            let request = client().post(format!("{}/oauth2/token", self.origin())).basic_auth(client_id, Some(secret));
            let answer = request.form(&[("grant_type", "client_credentials")]).send().await.unwrap();
            if answer.status() == status {
                return answer;
            }
            assert!(start.elapsed() < IN_FORCE, "the token endpoint still answers {}", answer.status());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// The id of its process.
    pub(crate) fn id(&self) -> String {
        self.child.id().expect("it still runs").to_string()
    }

    /// Sends it a signal, by its name without `SIG`.
    pub(crate) async fn signal(&self, name: &str) {
        let id = self.id();
        assert!(Command::new("kill").args(["-s", name, &id]).status().await.unwrap().success());
    }

    /// Waits for its end.
    pub(crate) async fn ended(&mut self) -> ExitStatus {
        tokio::time::timeout(PATIENCE, self.child.wait()).await.expect("the server ends").unwrap()
    }

    /// What it says until its end.
    pub(crate) async fn rest(&mut self) -> Vec<String> {
        let mut rest = Vec::new();
        while let Some(line) = self.output.next_line().await.unwrap() {
            rest.push(line);
        }
        rest
    }

    async fn hear(&mut self) {
        let line = tokio::time::timeout(PATIENCE, self.output.next_line()).await.expect("the server says more");
        self.said.push(line.unwrap().expect("the server runs on"));
    }
}

pub(crate) fn client() -> reqwest::Client {
    // Fails only when another test was first, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}
