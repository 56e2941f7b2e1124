//! A change happens whole, after the one before it, or not at all.

use model::SystemKind;
use store::{Author, Store};

use crate::fixture::{NOW, Wallet, api_key, event, id, role};

/// Makes keys one after the other and gives the revision of each.
async fn make_keys(store: Store, author: Author, prefix: &str) -> Vec<i64> {
    let mut revisions = Vec::new();
    for number in 0..25 {
        let mut tx = store.begin(author.clone()).await.unwrap();
        tx.insert_external_system(&api_key(&format!("{prefix} {number}"))).await.unwrap();
        revisions.push(tx.commit(id(), event(author.wallet_id.0)).await.unwrap());
    }
    revisions
}

store::both_databases! {
    async fn a_dropped_change_leaves_nothing(db: &Database) {
        let wallet = Wallet::open(db).await;
        let before = (wallet.read().await.revision().await.unwrap(), wallet.events().await);
        let (key, event_id) = (api_key("acme-backend"), id());
        let mut tx = wallet.store.begin(wallet.author(NOW)).await.unwrap();
        tx.insert_external_system(&key).await.unwrap();
        tx.record(event_id, event(key.id.0)).await.unwrap();
        assert!(tx.external_system(wallet.id, SystemKind::ApiKey, key.id).await.unwrap().is_some(), "a change sees itself");
        assert!(wallet.read().await.external_system(wallet.id, SystemKind::ApiKey, key.id).await.unwrap().is_none(), "nobody else does");
        drop(tx);

        let mut read = wallet.read().await;
        assert!(read.external_system(wallet.id, SystemKind::ApiKey, key.id).await.unwrap().is_none());
        assert!(read.audit_event(wallet.id, event_id).await.unwrap().is_none());
        assert_eq!((wallet.read().await.revision().await.unwrap(), wallet.events().await), before);
        // The next change takes the revision that was not used, and the name that was not taken.
        let mut tx = wallet.store.begin(wallet.author(NOW)).await.unwrap();
        tx.insert_external_system(&key).await.unwrap();
        assert_eq!(tx.commit(id(), event(key.id.0)).await.unwrap(), before.0 + 1);
    }

    async fn a_change_whose_last_event_fails_leaves_nothing(db: &Database) {
        let wallet = Wallet::open(db).await;
        let before = wallet.read().await.revision().await.unwrap();
        let (new, twice) = (role("Auditor"), id());
        let mut tx = wallet.store.begin(wallet.author(NOW)).await.unwrap();
        tx.insert_role(&new).await.unwrap();
        tx.record(twice, event(new.id.0)).await.unwrap();
        assert!(tx.commit(twice, event(new.id.0)).await.is_err());
        let mut read = wallet.read().await;
        assert_eq!(read.role(wallet.id, new.id).await.unwrap(), None);
        assert_eq!(read.revision().await.unwrap(), before);
    }

    async fn concurrent_writers_go_one_after_the_other_and_lose_nothing(db: &Database) {
        let wallet = Wallet::open(db).await;
        let before = wallet.read().await.revision().await.unwrap();
        // One of them through a store of its own, as a command line beside a running server.
        let writers = [("left", wallet.store.clone()), ("right", wallet.store.clone()), ("beside", db.store().await)];
        let tasks = writers.map(|(prefix, store)| tokio::spawn(make_keys(store, wallet.author(NOW), prefix)));
        let mut revisions = Vec::new();
        for task in tasks {
            let of_one = task.await.unwrap();
            assert!(of_one.is_sorted());
            revisions.extend(of_one);
        }
        revisions.sort_unstable();
        assert_eq!(revisions, (before + 1..=before + 75).collect::<Vec<_>>(), "each revision once, none left out");
        let mut systems = 0;
        let changes = wallet.read().await.changes_since(before, 0, |_| systems += 1).await.unwrap();
        assert_eq!((systems, changes.revision), (75, before + 75));
    }

    async fn a_read_sees_one_moment(db: &Database) {
        let wallet = Wallet::open(db).await;
        let mut read = wallet.read().await;
        let before = read.revision().await.unwrap();
        let new = role("Auditor");
        wallet.change(async |tx| tx.insert_role(&new).await).await.unwrap();
        assert_eq!(read.role(wallet.id, new.id).await.unwrap(), None);
        assert_eq!(read.revision().await.unwrap(), before);
        assert!(wallet.read().await.role(wallet.id, new.id).await.unwrap().is_some());
    }
}
