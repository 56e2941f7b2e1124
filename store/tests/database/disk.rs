//! What is deleted is gone from the disk, not only from the lists (SQLite; on PostgreSQL it is the vacuum's).

use std::path::Path;

use serde_json::json;
use store::testing::Database;
use store::{Location, NewCredential};

use crate::fixture::{Wallet, credential};

/// Whether a text stands anywhere in the files of a folder.
fn stands(folder: &Path, text: &str) -> bool {
    let files = std::fs::read_dir(folder).unwrap();
    files
        .map(|file| std::fs::read(file.unwrap().path()).unwrap())
        .any(|bytes| bytes.windows(text.len()).any(|window| window == text.as_bytes()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deleted_credential_is_gone_from_the_file() {
    let db = Database::sqlite().await;
    let Location::Sqlite(path) = db.location() else { panic!("a file") };
    let folder = path.parent().unwrap();
    let wallet = Wallet::open(&db).await;
    // Long enough to stand on pages of its own as well as beside others.
    let marked = NewCredential {
        claims: json!({ "portrait": "CLAIMMARK".repeat(2000) }),
        compact: "COMPACTMARK".repeat(2000),
        compact_sha256: "DIGESTMARK".to_owned(),
        issuer: "did:web:ISSUERMARK.example".to_owned(),
        ..credential("TYPEMARK")
    };
    let marks = ["CLAIMMARK", "COMPACTMARK", "DIGESTMARK", "ISSUERMARK", "TYPEMARK", "typemark"];
    let kept = credential("KEPTMARK");
    wallet
        .change(async |tx| {
            tx.insert_credential(&kept).await?;
            tx.insert_credential(&marked).await
        })
        .await
        .unwrap();
    for mark in marks {
        assert!(stands(folder, mark), "{mark}");
    }

    wallet.change(async |tx| tx.delete_credential(marked.id).await).await.unwrap();
    wallet.store.close().await;
    assert!(stands(folder, "KEPTMARK"));
    for mark in marks {
        assert!(!stands(folder, mark), "{mark} is still on the disk");
    }
    db.discard().await;
}
