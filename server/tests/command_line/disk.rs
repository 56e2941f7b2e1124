//! A full disk costs the changes that do not fit, and nothing after it.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use crate::operator::{Operator, Running, client};

/// A file system of 3 MB, where the test may mount one.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=3m", "tmpfs"]).arg(folder.path());
        let mounted = mount.output().is_ok_and(|done| done.status.success());
        mounted.then_some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Takes all the space that is left, until the file is removed.
    fn fill(&self) -> PathBuf {
        let path = self.path().join("filler");
        let mut file = File::create(&path).unwrap();
        while file.write_all(&[7; 4096]).is_ok() {}
        while file.write_all(&[7]).is_ok() {}
        path
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

/// Status and `Retry-After` of a new contact.
async fn post(server: &Running, key: &str, number: usize) -> (u16, String) {
    let contact =
        json!({"name": format!("c{number}"), "did": format!("did:web:c{number}.example"), "notes": "x".repeat(2000)});
    let request = client().post(format!("{}/api/v1/trusted-contacts", server.origin())).header("x-api-key", key);
    let answer = request.json(&contact).send().await.unwrap();
    let retry_after = answer.headers().get("retry-after").map_or("", |value| value.to_str().unwrap()).to_owned();
    (answer.status().as_u16(), retry_after)
}

/// Writes until nothing fits any more; returns how many writes were made.
async fn post_until_full(server: &Running, key: &str, from: usize) -> usize {
    for number in from..from + 2000 {
        match post(server, key, number).await {
            (201, _) => {}
            answer => {
                assert_eq!(answer, (503, "5".to_owned()));
                return number;
            }
        }
    }
    panic!("the disk never was full");
}

async fn contacts_key(operator: &Operator) -> String {
    operator.does(&["wallet", "add", "Acme"]).await;
    let add = ["api-key", "add", "crm", "--permission", "trusted_contacts:change"];
    operator.does(&add).await.trim_end().to_owned()
}

#[tokio::test]
async fn writes_work_again_when_the_space_is_back() {
    let Some(disk) = SmallDisk::mount() else { return };
    let operator = Operator::in_existing(disk.path());
    let key = contacts_key(&operator).await;
    let leaked = operator.does(&["api-key", "add", "leaked"]).await;
    let mut server = operator.serve(&[], 2).await;
    let mut made = 0;
    for _ in 0..3 {
        let filler = disk.fill();
        made = post_until_full(&server, &key, made).await;
        assert_eq!(post(&server, &key, made).await.0, 503, "as long as it is full");
        assert_eq!(server.get("/api/v1/me", &key).await.status(), 200);
        assert_eq!(server.get("/api/v1/trusted-contacts", &key).await.status(), 200, "reading works");
        fs::remove_file(filler).unwrap();
        assert_eq!(post(&server, &key, made).await.0, 201);
        made += 1;
    }
    operator.does(&["api-key", "delete", "leaked"]).await;
    server.answers_soon("/api/v1/me", leaked.trim_end(), 401).await;
    server.signal("TERM").await;
    assert!(server.ended().await.success());
}

#[tokio::test]
async fn a_start_on_a_full_disk_fails_and_the_next_one_does_not() {
    let Some(disk) = SmallDisk::mount() else { return };
    let filler = disk.fill();
    let operator = Operator::in_existing(disk.path());
    let said = operator.run(&["serve", "--listen", "127.0.0.1:0"]).await;
    assert!(said.code == Some(1) && said.error.starts_with("error: "), "{said:?}");
    fs::remove_file(filler).unwrap();
    let key = contacts_key(&operator).await;
    let mut server = operator.serve(&[], 2).await;
    assert_eq!(post(&server, &key, 0).await.0, 201);
    server.signal("TERM").await;
    assert!(server.ended().await.success());
}

/// What a file may not grow beyond is an I/O error of each write, where a full disk is one of its own.
#[tokio::test]
async fn writes_work_again_when_files_may_grow_again() {
    let script = r#"trap "" XFSZ; exec "$0" "$@""#;
    let operator = Operator::new().through(script);
    let key = contacts_key(&operator).await;
    let server = operator.serve(&[], 2).await;
    let limit = |bytes: &str| {
        let mut prlimit = Command::new("prlimit");
        let done = prlimit.args(["--pid", &server.id(), &format!("--fsize={bytes}:")]).status();
        assert!(done.unwrap().success());
    };
    limit("1500000");
    let mut made = 0;
    for bytes in ["2500000", "unlimited"] {
        made = post_until_full(&server, &key, made).await;
        assert_eq!(server.get("/api/v1/trusted-contacts", &key).await.status(), 200);
        limit(bytes);
        assert_eq!(post(&server, &key, made).await.0, 201);
        made += 1;
    }
}
