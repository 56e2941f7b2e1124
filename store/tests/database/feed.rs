//! The feed tells what the gate must know of each change after a revision, and nothing else.

use model::in_force::System;
use model::{PermissionSet, SystemKind};
use store::{Changes, NewSession, NewWallet};

use crate::fixture::{NOW, Wallet, api_key, contact, name, notes, oauth_client, role, session, user};

/// The changes with the external systems that were handed over.
struct Look {
    external_systems: Vec<System>,
    changes: Changes,
}

impl std::ops::Deref for Look {
    type Target = Changes;
    fn deref(&self) -> &Changes {
        &self.changes
    }
}

/// What changed since the last look; moves the look forward.
async fn look(wallet: &Wallet, seen: &mut i64) -> Look {
    let mut external_systems = Vec::new();
    let mut read = wallet.read().await;
    let changes =
        read.changes_since(*seen, NOW.as_millisecond(), |system| external_systems.push(system)).await.unwrap();
    assert!(changes.revision > *seen, "every change has a later revision");
    *seen = changes.revision;
    Look { external_systems, changes }
}

/// How many keys, sessions, users and roles changed.
fn counts(changes: &Look) -> [usize; 4] {
    [changes.external_systems.len(), changes.sessions.len(), changes.users.len(), changes.roles.len()]
}

store::both_databases! {
    async fn m12_m13_a_key_that_is_made_edited_or_revoked_is_in_the_feed(db: &Database) {
        let wallet = Wallet::open(db).await;
        let (key, other) = (api_key("acme-backend"), api_key("other"));
        let mut seen = 0;
        wallet.change(async |tx| tx.insert_external_system(&other).await).await.unwrap();
        look(&wallet, &mut seen).await;

        wallet.change(async |tx| tx.insert_external_system(&key).await).await.unwrap();
        let first = look(&wallet, &mut seen).await;
        assert_eq!(counts(&first), [1, 0, 0, 0]);
        let made = &first.external_systems[0];
        assert_eq!((made.id, made.wallet_id, made.name.as_str()), (key.id, wallet.id, "acme-backend"));
        assert_eq!((made.key_id.as_str(), made.digest.as_bytes()), (key.key_id.as_str(), key.digest.as_bytes()));
        assert_eq!((made.permissions, made.expires_at), (key.permissions, key.expires_at.as_millisecond()));
        assert_eq!((made.last_used_at, made.revoked), (None, false));

        let wider = PermissionSet::from_names("wallet:change");
        let limit = 600.try_into().ok();
        wallet.change(async |tx| tx.update_external_system(key.id, wider, &notes(""), limit).await).await.unwrap();
        let changes = look(&wallet, &mut seen).await;
        assert_eq!(counts(&changes), [1, 0, 0, 0]);
        assert_eq!((made.requests_per_minute, changes.external_systems[0].requests_per_minute), (None, limit));
        assert_eq!((changes.external_systems[0].id, changes.external_systems[0].permissions), (key.id, wider));

        wallet.change(async |tx| tx.revoke_external_system(key.id).await).await.unwrap();
        let changes = look(&wallet, &mut seen).await;
        assert_eq!(counts(&changes), [1, 0, 0, 0]);
        assert_eq!((changes.external_systems[0].id, changes.external_systems[0].revoked), (key.id, true));
    }

    async fn external_systems_are_counted_by_their_kind(db: &Database) {
        let wallet = Wallet::open(db).await;
        assert!(wallet.read().await.count_external_systems().await.unwrap().is_empty());
        let (one, other, client) = (api_key("one"), api_key("other"), oauth_client("client"));
        wallet.change(async |tx| {
            for system in [&one, &other, &client] {
                tx.insert_external_system(system).await?;
            }
            tx.revoke_external_system(one.id).await
        }).await.unwrap();
        let counts = wallet.read().await.count_external_systems().await.unwrap();
        assert_eq!(counts, [(SystemKind::ApiKey, 2), (SystemKind::OauthClient, 1)]);
    }

    async fn a_wallet_that_is_made_or_edited_is_in_the_feed(db: &Database) {
        let wallet = Wallet::open(db).await;
        let mut seen = -1;
        let first = look(&wallet, &mut seen).await;
        assert_eq!(first.wallets.iter().map(|wallet| wallet.id).collect::<Vec<_>>(), [wallet.id]);
        let edited = NewWallet { name: name("Renamed"), time_zone: "Asia/Tokyo".parse().unwrap() };
        wallet.change(async |tx| tx.update_wallet(&edited).await).await.unwrap();
        let changes = look(&wallet, &mut seen).await;
        assert_eq!((changes.wallets[0].id, &changes.wallets[0].name), (wallet.id, &edited.name));
        wallet.change(async |tx| tx.insert_role(&role("First")).await).await.unwrap();
        assert!(look(&wallet, &mut seen).await.wallets.is_empty());
    }

    async fn a_user_that_is_added_edited_or_deleted_is_in_the_feed(db: &Database) {
        let wallet = Wallet::open(db).await;
        let (first, second) = (role("First"), role("Second"));
        let ada = user("Ada", &[first.id]);
        let mut seen = 0;
        wallet.change(async |tx| {
            tx.insert_role(&first).await?;
            tx.insert_role(&second).await
        }).await.unwrap();
        look(&wallet, &mut seen).await;

        wallet.change(async |tx| tx.insert_user(&ada).await).await.unwrap();
        let changes = look(&wallet, &mut seen).await;
        assert_eq!(counts(&changes), [0, 0, 1, 0]);
        assert_eq!((changes.users[0].id, changes.users[0].wallet_id), (ada.id, wallet.id));
        assert_eq!((changes.users[0].name.as_str(), &changes.users[0].roles), ("Ada", &vec![first.id]));

        wallet.change(async |tx| tx.update_user(ada.id, &name("Ada L."), &[second.id]).await).await.unwrap();
        let changes = look(&wallet, &mut seen).await;
        assert_eq!((changes.users[0].name.as_str(), &changes.users[0].roles), ("Ada L.", &vec![second.id]));
        assert!(!changes.users[0].deleted);

        wallet.change(async |tx| tx.delete_user(ada.id).await).await.unwrap();
        let changes = look(&wallet, &mut seen).await;
        assert_eq!(counts(&changes), [0, 0, 1, 0]);
        assert!(changes.users[0].deleted && changes.users[0].roles.is_empty());
    }

    async fn a_role_that_is_made_edited_or_deleted_is_in_the_feed(db: &Database) {
        let wallet = Wallet::open(db).await;
        let new = role("Auditor");
        let mut seen = 0;
        look(&wallet, &mut seen).await;
        wallet.change(async |tx| tx.insert_role(&new).await).await.unwrap();
        let changes = look(&wallet, &mut seen).await;
        assert_eq!(counts(&changes), [0, 0, 0, 1]);
        let made = &changes.roles[0];
        assert_eq!((made.id, made.wallet_id, made.permissions, made.deleted), (new.id, wallet.id, new.permissions, false));

        wallet.change(async |tx| tx.update_role(new.id, &new.name, PermissionSet::EMPTY).await).await.unwrap();
        assert_eq!(look(&wallet, &mut seen).await.roles[0].permissions, PermissionSet::EMPTY);
        wallet.change(async |tx| tx.delete_role(new.id).await).await.unwrap();
        assert!(look(&wallet, &mut seen).await.roles[0].deleted);
    }

    async fn a_session_that_begins_or_ends_is_in_the_feed_until_it_is_over(db: &Database) {
        let wallet = Wallet::open(db).await;
        let ada = user("Ada", &[]);
        let running = session(&ada);
        let over = NewSession { expires_at: NOW, ..session(&ada) };
        let mut seen = 0;
        wallet.change(async |tx| tx.insert_user(&ada).await).await.unwrap();
        look(&wallet, &mut seen).await;

        wallet.change(async |tx| {
            tx.insert_session(&running).await?;
            tx.insert_session(&over).await
        }).await.unwrap();
        let changes = look(&wallet, &mut seen).await;
        assert_eq!(counts(&changes), [0, 1, 0, 0]);
        let begun = &changes.sessions[0];
        assert_eq!((begun.id, begun.wallet_id, begun.user_id), (running.id, wallet.id, ada.id));
        assert_eq!((&begun.key_id, begun.expires_at), (&running.key_id, running.expires_at.as_millisecond()));
        assert!(!begun.ended);

        wallet.change(async |tx| tx.end_session(running.id).await).await.unwrap();
        let changes = look(&wallet, &mut seen).await;
        assert_eq!(counts(&changes), [0, 1, 0, 0]);
        assert!(changes.sessions[0].ended);
    }

    async fn a_new_password_and_a_deletion_end_every_session_of_the_user(db: &Database) {
        let wallet = Wallet::open(db).await;
        let (ada, eve) = (user("Ada", &[]), user("Eve", &[]));
        let mut seen = 0;
        wallet.change(async |tx| {
            tx.insert_user(&ada).await?;
            tx.insert_user(&eve).await?;
            tx.insert_session(&session(&ada)).await?;
            tx.insert_session(&session(&ada)).await?;
            tx.insert_session(&session(&eve)).await
        }).await.unwrap();
        look(&wallet, &mut seen).await;
        wallet.change(async |tx| tx.set_password(ada.id, "$argon2id$new").await).await.unwrap();
        let changes = look(&wallet, &mut seen).await;
        assert_eq!(counts(&changes), [0, 2, 1, 0]);
        assert!(changes.sessions.iter().all(|session| session.ended && session.user_id == ada.id));

        wallet.change(async |tx| tx.delete_user(eve.id).await).await.unwrap();
        let changes = look(&wallet, &mut seen).await;
        assert_eq!(counts(&changes), [0, 1, 1, 0]);
        assert!(changes.sessions[0].ended && changes.sessions[0].user_id == eve.id);
    }

    async fn d9_the_feed_tells_of_every_wallet(db: &Database) {
        let acme = Wallet::open(db).await;
        let other = Wallet::named(&acme.store, "Other").await;
        let (one, two) = (api_key("one"), api_key("two"));
        acme.change(async |tx| tx.insert_external_system(&one).await).await.unwrap();
        other.change(async |tx| tx.insert_external_system(&two).await).await.unwrap();
        let mut keys = look(&acme, &mut 0).await.external_systems;
        keys.sort_by_key(|key| key.id);
        let owners: Vec<_> = keys.iter().map(|key| (key.id, key.wallet_id)).collect();
        assert_eq!(owners, [(one.id, acme.id), (two.id, other.id)]);
    }

    async fn what_the_gate_need_not_know_only_moves_the_revision(db: &Database) {
        let wallet = Wallet::open(db).await;
        let mut seen = 0;
        look(&wallet, &mut seen).await;
        wallet.change(async |tx| tx.insert_trusted_contact(&contact("KVK")).await).await.unwrap();
        assert_eq!(counts(&look(&wallet, &mut seen).await), [0, 0, 0, 0]);
        let handed_over = |_| panic!("nothing changed");
        let nothing = wallet.read().await.changes_since(seen, NOW.as_millisecond(), handed_over).await.unwrap();
        assert_eq!((nothing.revision, nothing.sessions.len(), nothing.users.len()), (seen, 0, 0));
    }
}
