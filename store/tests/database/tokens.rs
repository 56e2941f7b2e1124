//! The keys that sign access tokens, and the tokens that were revoked.

use jiff::{SignedDuration, Timestamp};
use model::TokenId;

use crate::fixture::{NOW, Wallet, id, token_key};

fn later(hours: i64) -> Timestamp {
    NOW + SignedDuration::from_hours(hours)
}

store::both_databases! {
    async fn a_new_key_signs_and_the_one_before_is_kept_until_its_tokens_are_over(db: &Database) {
        let wallet = Wallet::open(db).await;
        let [first, second, third] = [token_key(), token_key(), token_key()];
        assert_eq!(wallet.read().await.token_key(wallet.id).await.unwrap(), None);
        for (key, hours) in [(&first, 0), (&second, 1), (&third, 3)] {
            let forget = later(hours - 1);
            wallet.change_at(later(hours), async |tx| tx.rotate_token_key(key, forget).await).await.unwrap();
            let current = wallet.read().await.token_key(wallet.id).await.unwrap().unwrap();
            assert_eq!((current.id, current.created_at), (key.id, later(hours)));
        }
        let mut read = wallet.read().await;
        // The first was replaced at one o'clock, so at three it is forgotten with its private half.
        assert_eq!(read.sealed_token_key(wallet.id, first.id).await.unwrap(), None);
        assert_eq!(read.sealed_token_key(wallet.id, second.id).await.unwrap(), Some(second.sealed));
        let published = |keys: Vec<model::TokenKey>| keys.into_iter().map(|key| key.id).collect::<Vec<_>>();
        assert_eq!(published(read.token_keys_since(later(2)).await.unwrap()), [second.id, third.id]);
        assert_eq!(published(read.token_keys_since(later(3)).await.unwrap()), [third.id]);
    }

    async fn the_feed_tells_of_keys_and_of_revoked_tokens_that_are_not_over(db: &Database) {
        let wallet = Wallet::open(db).await;
        let (key, token): (_, TokenId) = (token_key(), id());
        wallet.change(async |tx| tx.rotate_token_key(&key, NOW).await).await.unwrap();
        assert!(wallet.change(async |tx| tx.revoke_token(token, later(1)).await).await.unwrap());
        assert!(!wallet.change(async |tx| tx.revoke_token(token, later(1)).await).await.unwrap(), "revoked before");
        let changes = wallet.read().await.changes_since(0, NOW.as_millisecond(), drop).await.unwrap();
        assert_eq!((changes.token_keys[0].id, changes.token_keys[0].wallet_id), (key.id, wallet.id));
        assert_eq!((changes.token_keys[0].retired_at, &changes.token_keys[0].public_jwk), (None, &key.public_jwk));
        let end = later(1).as_millisecond();
        assert_eq!((changes.revoked_tokens[0].id, changes.revoked_tokens[0].expires_at), (token, end));
        assert!(wallet.read().await.changes_since(0, end, drop).await.unwrap().revoked_tokens.is_empty());

        let next: TokenId = id();
        wallet.change_at(later(2), async |tx| tx.revoke_token(next, later(3)).await).await.unwrap();
        let left = wallet.read().await.changes_since(0, NOW.as_millisecond(), drop).await.unwrap().revoked_tokens;
        assert_eq!(left.iter().map(|token| token.id).collect::<Vec<_>>(), [next], "what is over is removed");
    }

    async fn d9_each_wallet_has_keys_of_its_own(db: &Database) {
        let acme = Wallet::open(db).await;
        let other = Wallet::named(&acme.store, "Other").await;
        let (ours, theirs) = (token_key(), token_key());
        acme.change(async |tx| tx.rotate_token_key(&ours, NOW).await).await.unwrap();
        other.change(async |tx| tx.rotate_token_key(&theirs, NOW).await).await.unwrap();
        let mut read = acme.read().await;
        assert_eq!(read.token_key(acme.id).await.unwrap().unwrap().id, ours.id);
        assert_eq!(read.sealed_token_key(acme.id, theirs.id).await.unwrap(), None);
    }
}
