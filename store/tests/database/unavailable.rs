//! What the machine lacks is told as such, costs the change that met it and no other, and is over when it is back.

use serde_json::json;
use store::testing::Database;
use store::{NewCallback, NewCredential, StoreError};

use crate::fixture::{NOW, Wallet, contact, credential, event, id};

/// Every other connection of a database ends, as when its server is restarted.
const TERMINATE: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()";

/// More than fits into the pages that there are.
fn large() -> NewCredential {
    NewCredential { claims: json!({ "portrait": "x".repeat(500_000) }), ..credential("Diploma") }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_full_database_the_next_change_is_made_and_nothing_of_the_failed_one() {
    let db = Database::sqlite().await;
    let wallet = Wallet::open(&db).await;
    let before = (wallet.read().await.revision().await.unwrap(), wallet.events().await);
    let callback = NewCallback { session_id: id(), url: "x".repeat(500_000), sealed: Vec::new() };
    // A statement that returns what it inserted is undone alone; with any other SQLite ends the whole transaction.
    for returning in [true, true, false] {
        // SQLite takes the present number of pages for less than that. It is a setting of one connection.
        wallet.store.execute_on_writers("PRAGMA max_page_count = 1").await.unwrap();
        let mut tx = wallet.store.begin(wallet.author(NOW)).await.unwrap();
        tx.insert_trusted_contact(&contact("Chamber")).await.unwrap();
        let outcome = if returning {
            tx.insert_credential(&large()).await.map(drop)
        } else {
            tx.insert_callback(&callback).await
        };
        let full = outcome.unwrap_err();
        assert!(full.is_unavailable(), "{full}");
        // Where SQLite has ended the transaction, what came now would be committed at once.
        assert!(tx.insert_trusted_contact(&contact("Registrar")).await.is_err());
        assert!(tx.commit(id(), event(wallet.id.0)).await.is_err());
        assert_eq!((wallet.read().await.revision().await.unwrap(), wallet.events().await), before);
    }
    wallet.change(async |tx| tx.insert_credential(&large()).await).await.unwrap();
    wallet.change(async |tx| tx.insert_trusted_contact(&contact("Chamber")).await).await.unwrap();
    assert_eq!(wallet.events().await, before.1 + 2);
    db.discard().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_written_beside_the_changes_is_written_after_a_full_database_too() {
    let db = Database::sqlite().await;
    let wallet = Wallet::open(&db).await;
    wallet.store.execute_on_writers("PRAGMA max_page_count = 1").await.unwrap();
    let full = wallet.store.settle("large", &vec![7; 500_000]).await.unwrap_err();
    assert!(full.is_unavailable(), "{full}");
    let large = vec![8; 500_000];
    assert_eq!(wallet.store.settle("large", &large).await.unwrap(), large);
    db.discard().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_died_are_told_as_such_and_replaced() {
    let db = Database::postgres().await;
    let wallet = Wallet::open(&db).await;
    let mut tx = wallet.store.begin(wallet.author(NOW)).await.unwrap();
    let mut read = wallet.read().await;
    tx.insert_trusted_contact(&contact("Chamber")).await.unwrap();
    db.execute(TERMINATE).await;
    let died = tx.commit(id(), event(wallet.id.0)).await.unwrap_err();
    assert!(died.is_unavailable(), "{died}");
    let died = read.revision().await.unwrap_err();
    assert!(died.is_unavailable(), "{died}");
    drop(read);
    for name in ["Chamber", "Registrar"] {
        wallet.change(async |tx| tx.insert_trusted_contact(&contact(name)).await).await.unwrap();
        wallet.read().await.revision().await.unwrap();
        // Those that are idle are found out before they are used.
        db.execute(TERMINATE).await;
    }
    db.discard().await;
}

store::both_databases! {
    async fn a_lock_that_is_held_too_long_is_told_as_such_and_then_the_next_change_is_made(db: &Database) {
        let wallet = Wallet::open(db).await;
        let beside = db.store().await;
        let held = beside.begin(wallet.author(NOW)).await.unwrap();
        let impatient = match db.location() {
            store::Location::Sqlite(_) => "PRAGMA busy_timeout = 20",
            store::Location::Postgres(_) => "SET lock_timeout = 20",
        };
        wallet.store.execute_on_writers(impatient).await.unwrap();
        for _ in 0..3 {
            let locked = wallet.store.begin(wallet.author(NOW)).await.unwrap_err();
            assert!(locked.is_unavailable(), "{locked}");
        }
        drop(held);
        wallet.change(async |tx| tx.insert_trusted_contact(&contact("Chamber")).await).await.unwrap();
        beside.close().await;
    }

    async fn a_change_of_which_a_statement_failed_takes_no_other_and_is_not_made(db: &Database) {
        let wallet = Wallet::open(db).await;
        let (first, second) = (contact("Chamber"), contact("Registrar"));
        let before = (wallet.read().await.revision().await.unwrap(), wallet.events().await);
        let mut tx = wallet.store.begin(wallet.author(NOW)).await.unwrap();
        tx.insert_trusted_contact(&first).await.unwrap();
        assert!(matches!(tx.insert_trusted_contact(&first).await, Err(StoreError::Taken)));
        assert!(tx.insert_trusted_contact(&second).await.is_err());
        assert!(tx.commit(id(), event(wallet.id.0)).await.is_err());
        assert_eq!((wallet.read().await.revision().await.unwrap(), wallet.events().await), before);
        assert_eq!(wallet.read().await.trusted_contact(wallet.id, first.id).await.unwrap(), None);
    }

    async fn a_database_without_a_schema_is_not_opened_as_an_existing_one(db: &Database) {
        let absent = store::Store::open_existing(&db.location()).await;
        assert!(matches!(absent, Err(StoreError::Absent)), "{absent:?}");
        assert!(db.contents().await.is_empty(), "nothing is made");
        let wallet = Wallet::open(db).await;
        wallet.store.close().await;
        let held = store::Store::open_existing(&db.location()).await.unwrap();
        assert!(held.read().await.unwrap().wallet(wallet.id).await.unwrap().is_some());
        held.close().await;
    }

    async fn a_database_of_an_earlier_release_is_an_existing_one(db: &Database) {
        db.migrate_first(2).await;
        let held = store::Store::open_existing(&db.location()).await.unwrap();
        assert_eq!(held.read().await.unwrap().revision().await.unwrap(), 0);
        held.close().await;
    }
}
