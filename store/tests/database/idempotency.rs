//! Idempotency keys: whose they are, and for how long.

use jiff::{SignedDuration, Timestamp};
use store::{IdempotencyKey, Remembered, StoreError};

use crate::fixture::{NOW, Wallet, id};

fn key(operation: &str, key: &str) -> IdempotencyKey {
    IdempotencyKey { operation: operation.to_owned(), key: key.to_owned() }
}

fn made() -> Remembered {
    Remembered { fingerprint: vec![7; 32], object_id: id() }
}

fn before(now: Timestamp) -> Timestamp {
    now - SignedDuration::from_hours(24)
}

store::both_databases! {
    async fn what_a_key_was_used_for_is_remembered(db: &Database) {
        let wallet = Wallet::open(db).await;
        let (key, made, since) = (key("POST /a", "k"), made(), before(NOW));
        let found = wallet.change(async |tx| tx.remembered(&key, since).await).await.unwrap();
        assert_eq!(found, None);
        wallet.change(async |tx| tx.remember(&key, &made, since).await).await.unwrap();
        let found = wallet.change(async |tx| tx.remembered(&key, since).await).await.unwrap();
        assert_eq!(found, Some(made));
    }

    async fn a_key_makes_one_thing(db: &Database) {
        let wallet = Wallet::open(db).await;
        let (key, first, since) = (key("POST /a", "k"), made(), before(NOW));
        wallet.change(async |tx| tx.remember(&key, &first, since).await).await.unwrap();
        let second = wallet.change(async |tx| tx.remember(&key, &made(), since).await).await;
        assert!(matches!(second, Err(StoreError::Taken)), "{second:?}");
        let found = wallet.change(async |tx| tx.remembered(&key, since).await).await.unwrap();
        assert_eq!(found, Some(first));
    }

    async fn a_key_is_of_one_operation_and_one_wallet(db: &Database) {
        let wallet = Wallet::open(db).await;
        let other = Wallet::named(&wallet.store, "Other").await;
        let since = before(NOW);
        wallet.change(async |tx| tx.remember(&key("POST /a", "k"), &made(), since).await).await.unwrap();
        for (wallet, key) in [(&wallet, key("POST /b", "k")), (&wallet, key("POST /a", "K")), (&other, key("POST /a", "k"))] {
            let found = wallet.change(async |tx| tx.remembered(&key, since).await).await.unwrap();
            assert_eq!(found, None, "{key:?}");
            wallet.change(async |tx| tx.remember(&key, &made(), since).await).await.unwrap();
        }
    }

    async fn a_key_is_free_again_after_its_time(db: &Database) {
        let wallet = Wallet::open(db).await;
        let (key, first, second) = (key("POST /a", "k"), made(), made());
        wallet.change(async |tx| tx.remember(&key, &first, before(NOW)).await).await.unwrap();
        let later = NOW + SignedDuration::from_hours(24);
        let found = wallet.change_at(later, async |tx| {
            let found = tx.remembered(&key, before(later)).await?;
            tx.remember(&key, &second, before(later)).await?;
            Ok(found)
        });
        assert_eq!(found.await.unwrap(), None);
        let found = wallet.change(async |tx| tx.remembered(&key, before(later)).await).await.unwrap();
        assert_eq!(found, Some(second));
        assert_eq!(wallet.store.forget_idempotency_keys(NOW).await.unwrap(), 0);
        assert_eq!(wallet.store.forget_idempotency_keys(later).await.unwrap(), 1);
    }
}
