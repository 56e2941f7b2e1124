//! The files of a server: for their owner alone, and of one server at a time.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use store::Location;

use crate::operator::Operator;

/// Files of a folder that others than their owner may do anything with.
fn exposed(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap());
    let exposed = files.filter(|file| file.metadata().unwrap().permissions().mode() & 0o777 != 0o600);
    exposed.map(|file| file.file_name().into_string().unwrap()).collect()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn what_is_written_is_for_its_owner_alone_whatever_the_umask_and_whatever_the_folder() {
    for umask in ["000", "022", "277"] {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).unwrap();
        let script = format!(r#"umask {umask}; exec "$0" "$@""#);
        let operator = Operator::in_existing(folder.path()).through(&script);
        operator.does(&["wallet", "add", "Acme"]).await;
        let mut server = operator.serve(&[], 2).await;
        operator.does(&["api-key", "add", "crm"]).await;
        assert_eq!(exposed(folder.path()), [""; 0], "{umask}");
        let files = ["claviger.db", "claviger.db-shm", "claviger.db-wal", "claviger.lock", "master.key"];
        assert_eq!(names(folder.path()), files);
        server.signal("KILL").await;
        server.ended().await;
    }
}

#[tokio::test]
async fn files_that_others_could_read_are_mended_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let operator = Operator::in_existing(folder.path());
    operator.does(&["wallet", "add", "Acme"]).await;
    let mut server = operator.serve(&[], 2).await;
    operator.does(&["api-key", "add", "crm"]).await;
    // So that the log stays.
    server.signal("KILL").await;
    server.ended().await;
    for file in ["claviger.db", "claviger.db-shm", "claviger.db-wal", "claviger.lock"] {
        fs::set_permissions(folder.path().join(file), Permissions::from_mode(0o664)).unwrap();
    }
    assert_eq!(exposed(folder.path()).len(), 4);
    let _server = operator.serve(&[], 2).await;
    assert_eq!(exposed(folder.path()), [""; 0]);
    assert_eq!(operator.does(&["api-key", "list"]).await.lines().count(), 2, "nothing is lost");
}

store::both_databases! {
    async fn a_second_server_starts_beside_another_one_on_postgresql_alone(db: &Database) {
        let operator = Operator::of(db);
        operator.does(&["wallet", "add", "Acme"]).await;
        let mut first = operator.serve(&[], 2).await;
        if let Location::Postgres(_) = db.location() {
            let _second = operator.serve(&[], 2).await;
            return;
        }
        for arguments in [&["serve", "--listen", "127.0.0.1:0"][..], &["--listen", "127.0.0.1:0"]] {
            let said = operator.run(arguments).await;
            assert_eq!((said.code, said.output.as_str()), (Some(1), ""), "{said:?}");
            let folder = operator.data().to_str().unwrap();
            assert!(said.error.contains("another server") && said.error.contains(folder), "{said:?}");
        }
        // The command line works beside it, and a killed server leaves no lock.
        let key = operator.does(&["api-key", "add", "crm"]).await;
        first.answers_soon("/api/v1/me", key.trim_end(), 200).await;
        first.signal("KILL").await;
        first.ended().await;
        let mut again = operator.serve(&[], 2).await;
        again.signal("TERM").await;
        assert!(again.ended().await.success());
        let _third = operator.serve(&[], 2).await;
    }
}
