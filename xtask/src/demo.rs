//! A throw-away instance of the server (`claviger --demo`), and what it says about itself.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::Stdio;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::child::{Signal, Tethered};
use crate::workspace::free_port;

/// How long the instance may take to say all of it.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long one answer may take.
const ANSWER: Duration = Duration::from_secs(10);

/// The running instance, stopped when dropped.
pub(crate) struct Demo {
    address: SocketAddr,
    /// The text of a key that holds every permission.
    pub(crate) key: String,
    /// The user that it made, when it has said so.
    pub(crate) sign_in: Option<SignIn>,
    _server: Tethered,
}

/// What a person types on the sign-in screen.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SignIn {
    pub(crate) email: String,
    pub(crate) password: String,
}

impl Demo {
    /// Starts it on a free loopback port and reads its standard output until it has printed a key that works.
    pub(crate) fn start(binary: &Path) -> Result<Self> {
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()?));
        let mut command = Tethered::command(binary, Signal::Terminate);
        command.args(["--demo", "--listen", &address.to_string()]).stdout(Stdio::piped());
        let mut server = Tethered::spawn(&mut command, Signal::Terminate)?;
        let stdout = server.child().stdout.take().context("no standard output")?;
        let (sender, lines) = mpsc::channel();
        // Reads on after everybody has heard enough, so that the server never blocks on a full pipe.
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                sender.send(line).ok();
            }
        });
        let (mut said, start) = (String::new(), Instant::now());
        let key = loop {
            match lines.recv_timeout(PATIENCE.saturating_sub(start.elapsed())) {
                Ok(line) => said.extend([line.as_str(), "\n"]),
                Err(RecvTimeoutError::Disconnected) => bail!("`claviger --demo` ended; it said: {said}"),
                Err(RecvTimeoutError::Timeout) => bail!("`claviger --demo` printed no key; it said: {said}"),
            }
            if let Some(key) = key_text(&said) {
                break key.to_owned();
            }
        };
        // The sign-in may come after the key, so what follows at once belongs to it.
        while let Ok(line) = lines.recv_timeout(Duration::from_millis(300)) {
            said.extend([line.as_str(), "\n"]);
        }
        let demo = Self { address, key, sign_in: sign_in(&said), _server: server };
        demo.ensure_key_works()?;
        Ok(demo)
    }

    /// Where it listens, without a slash at the end.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// An error unless the key is accepted: a run whose every answer is 401 proves nothing.
    pub(crate) fn ensure_key_works(&self) -> Result<()> {
        let status = self.status_of("/api/v1/me").context("the demo does not answer")?;
        anyhow::ensure!(status == 200, "GET /api/v1/me with the demo's key answers {status}");
        Ok(())
    }

    fn status_of(&self, path: &str) -> Result<u16> {
        let mut stream = TcpStream::connect_timeout(&self.address, ANSWER)?;
        stream.set_read_timeout(Some(ANSWER))?;
        let (host, key) = (self.address, &self.key);
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {host}\r\nx-api-key: {key}\r\nconnection: close\r\n\r\n")?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        status_code(&String::from_utf8_lossy(&answer)).context("the answer is not HTTP")
    }
}

/// The first `clvk_` followed by exactly 54 base62 characters.
fn key_text(text: &str) -> Option<&str> {
    text.match_indices("clvk_").find_map(|(start, prefix)| {
        let rest = text.get(start..)?;
        let body = rest.get(prefix.len()..)?;
        let length = body.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(body.len());
        (length == 54).then(|| rest.get(..prefix.len() + length)).flatten()
    })
}

/// The first word with an `@`, and the word after the first one that begins with "password".
fn sign_in(text: &str) -> Option<SignIn> {
    let mut words = text.split_whitespace();
    let email = words.clone().find(|word| word.contains('@'))?;
    words.find(|word| word.to_ascii_lowercase().starts_with("password"))?;
    let email = email.trim_matches([',', ';', '"', '\'', '<', '>']);
    Some(SignIn { email: email.to_owned(), password: words.next()?.to_owned() })
}

fn status_code(answer: &str) -> Option<u16> {
    answer.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "clvk_0123456789abcdef0123456789ABCDEF0123456789abcdef012345";

    #[test]
    fn the_key_is_found_in_a_curl_line() {
        assert_eq!(KEY.len(), 59);
        let said = format!("Keys look like clvk_…\n  curl -H 'x-api-key: {KEY}' http://127.0.0.1:8080/api/v1/me\n");
        assert_eq!(key_text(&said), Some(KEY));
        assert_eq!(key_text(KEY), Some(KEY));
    }

    #[test]
    fn a_text_of_another_length_is_no_key() {
        assert_eq!(key_text(&KEY[..58]), None);
        assert_eq!(key_text(&format!("{KEY}0")), None);
    }

    #[test]
    fn the_sign_in_is_read_in_either_layout() {
        let expected = Some(SignIn { email: "ada@example.org".into(), password: "tall-blue-boat".into() });
        assert_eq!(sign_in("Sign in as ada@example.org with the password tall-blue-boat\n"), expected);
        assert_eq!(sign_in("Email:     ada@example.org\nPassword:  tall-blue-boat\n"), expected);
        assert_eq!(sign_in("Console: http://127.0.0.1:8080/\n"), None);
    }

    #[test]
    fn the_status_stands_on_the_first_line() {
        assert_eq!(status_code("HTTP/1.1 401 Unauthorized\r\n\r\n"), Some(401));
        assert_eq!(status_code("SSH-2.0"), None);
    }
}
