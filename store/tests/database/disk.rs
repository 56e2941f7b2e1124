//! What is deleted is gone from the disk, not only from the lists (SQLite; on PostgreSQL it is the vacuum's).

use std::path::{Path, PathBuf};

use serde_json::json;
use store::testing::Database;
use store::{Location, NewCredential};

use crate::fixture::{Wallet, contact, credential, identifier, user};

fn folder(db: &Database) -> PathBuf {
    let Location::Sqlite(path) = db.location() else { panic!("a file") };
    path.parent().unwrap().to_owned()
}

/// Whether a text stands anywhere in the files of a folder.
fn stands(folder: &Path, text: &str) -> bool {
    let files = std::fs::read_dir(folder).unwrap();
    files
        .map(|file| std::fs::read(file.unwrap().path()).unwrap())
        .any(|bytes| bytes.windows(text.len()).any(|window| window == text.as_bytes()))
}

fn marked(mark: &str) -> NewCredential {
    // Long enough to stand on pages of its own as well as beside others.
    NewCredential {
        claims: json!({ "portrait": format!("{mark}-CLAIMS").repeat(2000) }),
        compact: format!("{mark}-COMPACT").repeat(2000),
        compact_sha256: format!("{mark}-DIGEST"),
        issuer: format!("did:web:{mark}-ISSUER.example"),
        ..credential(&format!("{mark}-TYPE"))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deleted_credential_is_off_the_disk_when_the_deletion_is_answered() {
    let db = Database::sqlite().await;
    let folder = folder(&db);
    let wallet = Wallet::open(&db).await;
    let (kept, deleted) = (marked("KEPT"), marked("DELETED"));
    wallet
        .change(async |tx| {
            tx.insert_credential(&kept).await?;
            tx.insert_credential(&deleted).await
        })
        .await
        .unwrap();
    let marks = ["CLAIMS", "COMPACT", "DIGEST", "ISSUER", "TYPE"];
    for mark in marks {
        assert!(stands(&folder, &format!("DELETED-{mark}")), "{mark}");
    }

    wallet.change(async |tx| tx.delete_credential(deleted.id).await).await.unwrap();
    assert!(!stands(&folder, "deleted-type"), "the case-folded type");
    for mark in marks {
        assert!(!stands(&folder, &format!("DELETED-{mark}")), "{mark} is still on the disk");
        assert!(stands(&folder, &format!("KEPT-{mark}")), "{mark}");
    }
    db.discard().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sealed_keys_of_a_deleted_identifier_are_off_the_disk() {
    let db = Database::sqlite().await;
    let folder = folder(&db);
    let wallet = Wallet::open(&db).await;
    let mut deleted = identifier("Main");
    deleted.key.sealed = b"SEALED".to_vec();
    wallet.change(async |tx| tx.insert_identifier(&deleted).await).await.unwrap();
    assert!(stands(&folder, "SEALED"));
    wallet.change(async |tx| tx.delete_identifier(deleted.id).await).await.unwrap();
    assert!(!stands(&folder, "SEALED"));
    db.discard().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deleted_contact_and_a_deleted_user_are_off_the_disk() {
    let db = Database::sqlite().await;
    let folder = folder(&db);
    let wallet = Wallet::open(&db).await;
    let (kvk, ada) = (contact("Chamber"), user("Ada", &[]));
    wallet
        .change(async |tx| {
            tx.insert_trusted_contact(&kvk).await?;
            tx.insert_user(&ada).await
        })
        .await
        .unwrap();
    assert!(stands(&folder, &kvk.did) && stands(&folder, "ada@example.org"));
    wallet.change(async |tx| tx.delete_trusted_contact(kvk.id).await).await.unwrap();
    assert!(!stands(&folder, &kvk.did));
    wallet.change(async |tx| tx.delete_user(ada.id).await).await.unwrap();
    assert!(!stands(&folder, "ada@example.org"));
    db.discard().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_delays_the_erasure_but_not_the_deletion() {
    let db = Database::sqlite().await;
    let folder = folder(&db);
    let wallet = Wallet::open(&db).await;
    let (first, second) = (marked("FIRST"), marked("SECOND"));
    wallet
        .change(async |tx| {
            tx.insert_credential(&first).await?;
            tx.insert_credential(&second).await
        })
        .await
        .unwrap();
    let mut reader = wallet.read().await;
    assert!(reader.credential(wallet.id, first.id).await.unwrap().is_some());
    assert!(wallet.change(async |tx| tx.delete_credential(first.id).await).await.unwrap());
    assert!(reader.credential(wallet.id, first.id).await.unwrap().is_some(), "it still sees its own moment");
    assert_eq!(wallet.read().await.credential(wallet.id, first.id).await.unwrap(), None);
    assert!(stands(&folder, "FIRST-CLAIMS"));

    drop(reader);
    wallet.change(async |tx| tx.delete_credential(second.id).await).await.unwrap();
    assert!(!stands(&folder, "FIRST-CLAIMS") && !stands(&folder, "SECOND-CLAIMS"));
    db.discard().await;
}
