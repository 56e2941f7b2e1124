//! Wallets, keys, roles, users and what belongs to them: what is put in comes out, and every change says
//! whether there was something to change.

use jiff::{SignedDuration, Timestamp};
use model::{Action, Actor, ActorKind, Digest, NewEvent, PermissionSet, SystemKind, Target};
use store::{AuditFilter, List, NewUser, NewWallet};

use crate::fixture::{
    NOW, Wallet, api_key, by, email, event, id, identifier, invitation, name, notes, role, session, usage, user,
};

const LATER: Timestamp = Timestamp::constant(1_800_000_060, 0);

store::both_databases! {
    async fn m2_a_key_keeps_its_name_permissions_expiry_and_notes(db: &Database) {
        let wallet = Wallet::open(db).await;
        let maker = Actor { kind: ActorKind::User, id: Some(id()), name: "Ada".to_owned() };
        let mut new = api_key("acme-backend");
        new.notes = notes("Acme, Ada\nbilling");
        new.created_by = maker.clone();
        wallet.change(async |tx| tx.insert_external_system(&new).await).await.unwrap();

        let key = wallet.read().await.external_system(wallet.id, SystemKind::ApiKey, new.id).await.unwrap().unwrap();
        assert_eq!((key.id, key.wallet_id, key.name, key.notes), (new.id, wallet.id, new.name, new.notes));
        assert_eq!((key.permissions, key.expires_on, key.expires_at), (new.permissions, new.expires_on, new.expires_at));
        assert_eq!((key.key_id, key.created_at, key.created_by), (new.key_id, NOW, maker));
        assert_eq!(key.last_used_at, None);
    }

    async fn m12_permissions_and_notes_of_a_key_can_be_changed(db: &Database) {
        let wallet = Wallet::open(db).await;
        let new = api_key("acme-backend");
        let wider = PermissionSet::from_names("wallet:view api_access:change");
        wallet.change(async |tx| tx.insert_external_system(&new).await).await.unwrap();
        assert!(wallet.change(async |tx| tx.update_external_system(new.id, wider, &notes("new"), None).await).await.unwrap());
        assert!(!wallet.change(async |tx| tx.update_external_system(id(), wider, &notes("new"), None).await).await.unwrap());

        let key = wallet.read().await.external_system_named(wallet.id, SystemKind::ApiKey, &name("ACME-backend")).await.unwrap().unwrap();
        assert_eq!((key.permissions, key.notes), (wider, notes("new")));
        assert_eq!((key.name, key.expires_on, key.expires_at), (new.name, new.expires_on, new.expires_at));
    }

    async fn m13_a_revoked_key_is_gone_and_cannot_be_changed_or_revoked_again(db: &Database) {
        let wallet = Wallet::open(db).await;
        let new = api_key("acme-backend");
        wallet.change(async |tx| tx.insert_external_system(&new).await).await.unwrap();
        assert!(wallet.change(async |tx| tx.revoke_external_system(new.id).await).await.unwrap());
        assert!(!wallet.change(async |tx| tx.revoke_external_system(new.id).await).await.unwrap());
        let edit = wallet.change(async |tx| tx.update_external_system(new.id, PermissionSet::ALL, &notes(""), None).await);
        assert!(!edit.await.unwrap());

        let mut read = wallet.read().await;
        assert_eq!(read.external_system(wallet.id, SystemKind::ApiKey, new.id).await.unwrap(), None);
        assert_eq!(read.external_system_named(wallet.id, SystemKind::ApiKey, &new.name).await.unwrap(), None);
    }

    async fn m14_keys_are_listed_by_whether_they_are_valid_at_an_instant(db: &Database) {
        use store::{SystemFilter, SystemSort, SystemStatus};

        let wallet = Wallet::open(db).await;
        let (mut ended, running) = (api_key("ended"), api_key("running"));
        ended.expires_at = NOW;
        wallet.change(async |tx| {
            tx.insert_external_system(&ended).await?;
            tx.insert_external_system(&running).await
        }).await.unwrap();

        let mut read = wallet.read().await;
        for (status, expected) in [
            (SystemStatus::Any, vec!["ended", "running"]),
            (SystemStatus::ActiveAt(NOW), vec!["running"]),
            (SystemStatus::ExpiredAt(NOW), vec!["ended"]),
            (SystemStatus::ActiveAt(NOW - SignedDuration::from_millis(1)), vec!["ended", "running"]),
        ] {
            let page = read.external_systems(wallet.id, SystemKind::ApiKey, SystemFilter { status, created_by: None }, &by(SystemSort::Name, 10)).await.unwrap();
            let names: Vec<_> = page.items.iter().map(|key| key.name.as_str()).collect();
            assert_eq!(names, expected, "{status:?}");
        }
    }

    async fn the_last_use_never_goes_back_and_is_no_change(db: &Database) {
        let wallet = Wallet::open(db).await;
        let new = api_key("acme-backend");
        wallet.change(async |tx| tx.insert_external_system(&new).await).await.unwrap();
        let before = wallet.read().await.revision().await.unwrap();
        for (at, expected) in [(2000, 2000), (1000, 2000), (2000, 2000), (3000, 3000)] {
            wallet.store.add_usage(&[usage(&wallet, new.id, at)]).await.unwrap();
            let key = wallet.read().await.external_system(wallet.id, SystemKind::ApiKey, new.id).await.unwrap().unwrap();
            assert_eq!(key.last_used_at.map(Timestamp::as_millisecond), Some(expected));
        }
        assert_eq!(wallet.read().await.revision().await.unwrap(), before);
    }

    async fn a_role_counts_its_users_and_is_deleted_only_without_them(db: &Database) {
        let wallet = Wallet::open(db).await;
        let new = role("Auditor");
        let ada = user("Ada", &[new.id]);
        wallet.change(async |tx| {
            tx.insert_role(&new).await?;
            tx.insert_user(&ada).await
        }).await.unwrap();
        let held = wallet.read().await.role(wallet.id, new.id).await.unwrap().unwrap();
        assert_eq!((held.name, held.permissions, held.users, held.created_at), (new.name, new.permissions, 1, NOW));

        assert!(!wallet.change(async |tx| tx.delete_role(new.id).await).await.unwrap());
        let renamed = wallet.change(async |tx| {
            tx.update_user(ada.id, &ada.name, &[]).await?;
            tx.update_role(new.id, &name("Reviewer"), PermissionSet::EMPTY).await
        });
        assert!(renamed.await.unwrap().is_some());
        let held = wallet.read().await.role_named(wallet.id, &name("reviewer")).await.unwrap().unwrap();
        assert_eq!((held.id, held.permissions, held.users), (new.id, PermissionSet::EMPTY, 0));

        assert!(wallet.change(async |tx| tx.delete_role(new.id).await).await.unwrap());
        assert!(!wallet.change(async |tx| tx.delete_role(new.id).await).await.unwrap());
        let edit = wallet.change(async |tx| tx.update_role(new.id, &name("x"), PermissionSet::ALL).await);
        assert!(edit.await.unwrap().is_none());
        assert_eq!(wallet.read().await.role(wallet.id, new.id).await.unwrap(), None);
    }

    async fn a_user_has_roles_and_may_what_they_give_together(db: &Database) {
        let wallet = Wallet::open(db).await;
        let (zeta, alpha) = (role("Zeta"), role("alpha"));
        let ada = user("Ada", &[zeta.id, alpha.id, zeta.id]);
        let invited = NewUser { password_hash: None, ..user("Ivo", &[zeta.id]) };
        wallet.change(async |tx| {
            tx.insert_role(&zeta).await?;
            tx.insert_role(&alpha).await?;
            tx.update_role(alpha.id, &alpha.name, PermissionSet::from_names("wallet:view")).await?;
            tx.insert_user(&ada).await?;
            tx.insert_user(&invited).await
        }).await.unwrap();

        let mut read = wallet.read().await;
        let held = read.user(wallet.id, ada.id).await.unwrap().unwrap();
        let names: Vec<_> = held.roles.iter().map(|role| role.name.as_str()).collect();
        assert_eq!(names, ["alpha", "Zeta"], "by name, each once");
        assert_eq!((held.email, held.active, held.last_sign_in_at), (ada.email, true, None));
        assert!(!read.user(wallet.id, invited.id).await.unwrap().unwrap().active);
        let may = read.active_permissions(wallet.id).await.unwrap();
        assert_eq!(may.len(), 1, "an invited user is not active");
        assert_eq!(may[&ada.id], PermissionSet::from_names("roles:change wallet:view"));
        let page = read.users(wallet.id, &by((), 10)).await.unwrap();
        assert_eq!(page.items.iter().map(|user| user.roles.len()).collect::<Vec<_>>(), [2, 1]);
    }

    async fn a_user_signs_in_by_address_until_deleted(db: &Database) {
        let wallet = Wallet::open(db).await;
        let ada = user("Ada", &[]);
        wallet.change(async |tx| tx.insert_user(&ada).await).await.unwrap();
        wallet.change_at(LATER, async |tx| {
            tx.touch_sign_in(ada.id).await?;
            tx.set_password(ada.id, "$argon2id$new").await
        }).await.unwrap();

        let accounts = wallet.read().await.accounts(&email("ADA@example.org")).await.unwrap();
        let [account] = accounts.as_slice() else { panic!("one account") };
        assert_eq!((account.user_id, account.wallet_id, account.name.as_str()), (ada.id, wallet.id, "Ada"));
        assert_eq!(account.password_hash.as_deref(), Some("$argon2id$new"));
        let held = wallet.read().await.user(wallet.id, ada.id).await.unwrap().unwrap();
        assert_eq!(held.last_sign_in_at, Some(LATER));

        assert!(wallet.change(async |tx| tx.delete_user(ada.id).await).await.unwrap());
        assert!(!wallet.change(async |tx| tx.delete_user(ada.id).await).await.unwrap());
        assert!(!wallet.change(async |tx| tx.update_user(ada.id, &ada.name, &[]).await).await.unwrap());
        assert!(!wallet.change(async |tx| tx.set_password(ada.id, "$argon2id$").await).await.unwrap());
        assert!(wallet.read().await.accounts(&ada.email).await.unwrap().is_empty());
        assert_eq!(wallet.read().await.user(wallet.id, ada.id).await.unwrap(), None);
    }

    async fn an_invitation_is_used_once_and_voided_by_the_next(db: &Database) {
        let wallet = Wallet::open(db).await;
        let ada = user("Ada", &[]);
        let (first, second) = (invitation(), invitation());
        wallet.change(async |tx| {
            tx.insert_user(&ada).await?;
            tx.insert_invitation(ada.id, &first).await?;
            tx.insert_invitation(ada.id, &second).await
        }).await.unwrap();

        assert!(wallet.read().await.invitation(&first.key_id).await.unwrap().is_none());
        let (held, digest) = wallet.read().await.invitation(&second.key_id).await.unwrap().unwrap();
        assert_eq!((held.id, held.user, held.expires_at), (second.id, Some((wallet.id, ada.id)), second.expires_at));
        assert_eq!(held.maker, Some((ActorKind::Operator, None)));
        assert_eq!(digest.as_bytes(), second.digest.as_bytes());
        assert!(wallet.change(async |tx| tx.use_invitation(second.id).await).await.unwrap());
        assert!(!wallet.change(async |tx| tx.use_invitation(second.id).await).await.unwrap());
        assert!(wallet.read().await.invitation(&second.key_id).await.unwrap().is_none());
    }

    async fn an_invitation_is_void_when_its_user_gains_something_and_else_stays(db: &Database) {
        let wallet = Wallet::open(db).await;
        let (held, other) = (role("Auditor"), role("Other"));
        let (ada, eve) = (user("Ada", &[held.id]), user("Eve", &[]));
        let wider = held.permissions | PermissionSet::from_names("wallet:change");
        wallet.change(async |tx| {
            tx.insert_role(&held).await?;
            tx.insert_role(&other).await?;
            tx.insert_user(&ada).await?;
            tx.insert_user(&eve).await
        }).await.unwrap();
        let open = async |new: &store::NewInvitation| wallet.read().await.invitation(&new.key_id).await.unwrap().is_some();

        let (one, eves) = (invitation(), invitation());
        wallet.change(async |tx| {
            tx.insert_invitation(ada.id, &one).await?;
            tx.insert_invitation(eve.id, &eves).await
        }).await.unwrap();
        wallet.change(async |tx| {
            tx.update_user(ada.id, &name("Ada L."), &[held.id]).await?;
            tx.update_role(held.id, &name("Reviewer"), PermissionSet::EMPTY).await?;
            tx.update_role(other.id, &name("Other"), wider).await
        }).await.unwrap();
        assert!(open(&one).await, "another name, and less, are no gain");
        wallet.change(async |tx| tx.update_role(held.id, &name("Reviewer"), wider).await).await.unwrap();
        assert!(!open(&one).await, "its role gained a permission");
        assert!(open(&eves).await, "who does not have the role gained nothing");

        let two = invitation();
        wallet.change(async |tx| tx.insert_invitation(ada.id, &two).await).await.unwrap();
        wallet.change(async |tx| tx.update_user(ada.id, &name("Ada"), &[]).await).await.unwrap();
        assert!(open(&two).await);
        wallet.change(async |tx| tx.update_user(ada.id, &name("Ada"), &[other.id]).await).await.unwrap();
        assert!(!open(&two).await, "it gained a role");
    }

    async fn an_invitation_cannot_be_used_after_its_time(db: &Database) {
        let wallet = Wallet::open(db).await;
        let (ada, new) = (user("Ada", &[]), invitation());
        wallet.change(async |tx| {
            tx.insert_user(&ada).await?;
            tx.insert_invitation(ada.id, &new).await
        }).await.unwrap();
        assert!(!wallet.change_at(new.expires_at, async |tx| tx.use_invitation(new.id).await).await.unwrap());
        assert!(wallet.change_at(LATER, async |tx| tx.use_invitation(new.id).await).await.unwrap());
    }

    async fn what_a_key_made_is_found_directly_and_further_down(db: &Database) {
        let wallet = Wallet::open(db).await;
        let other = Wallet::named(&wallet.store, "Other").await;
        let (root, mut child, mut client, mut grandchild, mut foreign) =
            (api_key("root"), api_key("child"), crate::fixture::oauth_client("client"), api_key("grandchild"), api_key("foreign"));
        let by = |maker: &store::NewExternalSystem| {
            Actor { kind: maker.kind.actor(), id: Some(maker.id.into()), name: maker.name.to_string() }
        };
        child.created_by = by(&root);
        client.created_by = by(&root);
        grandchild.created_by = by(&client);
        foreign.created_by = by(&root);
        for new in [&root, &child, &client, &grandchild] {
            wallet.change(async |tx| tx.insert_external_system(new).await).await.unwrap();
        }
        other.change(async |tx| tx.insert_external_system(&foreign).await).await.unwrap();
        let made = async |id| {
            let made = wallet.read().await.descendants(wallet.id, id).await.unwrap();
            made.into_iter().map(|system| system.name.into_string()).collect::<std::collections::BTreeSet<_>>()
        };
        assert_eq!(made(root.id).await, ["child", "client", "grandchild"].map(str::to_owned).into());
        assert_eq!(made(client.id).await, ["grandchild"].map(str::to_owned).into());
        assert!(made(grandchild.id).await.is_empty());
        wallet.change(async |tx| tx.revoke_external_system(client.id).await).await.unwrap();
        assert_eq!(made(root.id).await, ["child", "grandchild"].map(str::to_owned).into(), "also through what is deleted");
    }

    async fn only_the_last_setup_code_holds(db: &Database) {
        let store = db.store().await;
        let (first, second) = (invitation(), invitation());
        store.put_setup_code(&first, NOW).await.unwrap();
        store.put_setup_code(&second, NOW).await.unwrap();
        let mut read = store.read().await.unwrap();
        assert!(read.invitation(&first.key_id).await.unwrap().is_none());
        assert_eq!(read.invitation(&second.key_id).await.unwrap().unwrap().0.user, None);
    }

    async fn the_first_value_of_a_setting_holds(db: &Database) {
        let store = db.store().await;
        assert_eq!(store.read().await.unwrap().setting("seed").await.unwrap(), None);
        assert_eq!(store.settle("seed", b"one").await.unwrap(), b"one");
        assert_eq!(store.settle("seed", b"two").await.unwrap(), b"one");
        assert_eq!(store.read().await.unwrap().setting("seed").await.unwrap(), Some(b"one".to_vec()));
    }

    async fn d2_a_wallets_time_zone_can_be_changed(db: &Database) {
        let wallet = Wallet::open(db).await;
        let new = NewWallet { name: name("Acme BV"), time_zone: "Europe/Amsterdam".parse().unwrap() };
        let key = api_key("acme-backend");
        wallet.change(async |tx| tx.insert_external_system(&key).await).await.unwrap();
        wallet.change(async |tx| tx.update_wallet(&new).await).await.unwrap();

        let mut read = wallet.read().await;
        let held = read.wallet(wallet.id).await.unwrap().unwrap();
        assert_eq!((held.name, held.time_zone.as_str(), held.created_at), (new.name, "Europe/Amsterdam", NOW));
        let moved = read.external_system(wallet.id, SystemKind::ApiKey, key.id).await.unwrap().unwrap();
        assert_eq!(moved.expires_at, key.expires_at, "existing keys keep their instants");
        assert_eq!(read.wallets().await.unwrap().len(), 1);
    }

    async fn an_event_tells_who_did_what_to_what_and_when(db: &Database) {
        let wallet = Wallet::open(db).await;
        let (first, last) = (id(), id());
        let subject = identifier("Main");
        let detail = serde_json::json!({ "before": "a", "after": ["b", null] });
        let mut tx = wallet.store.begin(wallet.author(LATER)).await.unwrap();
        assert_eq!((tx.wallet_id(), tx.at()), (wallet.id, LATER));
        tx.record(first, event(subject.id.0).with(detail.clone())).await.unwrap();
        tx.commit(last, event(wallet.id.0)).await.unwrap();

        let mut read = wallet.read().await;
        let held = read.audit_event(wallet.id, first).await.unwrap().unwrap();
        assert_eq!((held.at, held.actor, held.action.as_str()), (LATER, Actor::operator(), "wallet.edited"));
        assert_eq!((held.target.id, held.detail), (subject.id.0, detail));
        assert_eq!(held.request_id.as_deref(), Some("req-1"));

        let of_subject = AuditFilter { target_id: Some(subject.id.0), ..AuditFilter::default() };
        let page = read.audit_events(wallet.id, &of_subject, &by((), 10)).await.unwrap();
        assert_eq!(page.items.iter().map(|event| event.id).collect::<Vec<_>>(), [first]);
        let of_nobody = AuditFilter { actor_id: Some(id()), ..AuditFilter::default() };
        assert!(read.audit_events(wallet.id, &of_nobody, &by((), 10)).await.unwrap().items.is_empty());
        let other_action = AuditFilter { action: Some("user.created".to_owned()), ..AuditFilter::default() };
        assert!(read.audit_events(wallet.id, &other_action, &by((), 10)).await.unwrap().items.is_empty());
    }

    async fn events_are_searched_by_the_names_of_target_and_actor(db: &Database) {
        let wallet = Wallet::open(db).await;
        let (one, two) = (id(), id());
        let mut author = wallet.author(NOW);
        author.actor.name = "Zoë".to_owned();
        let mut tx = wallet.store.begin(author).await.unwrap();
        tx.record(one, NewEvent::new(Action::RoleCreated, Target::new(wallet.id, "ÄRGER_1"))).await.unwrap();
        tx.commit(two, NewEvent::new(Action::RoleCreated, Target::new(wallet.id, "Straße"))).await.unwrap();
        for (q, expected) in
            [("ärger", vec![one]), ("STRASSE", vec![two]), ("zoË", vec![one, two]), ("r%1", vec![]), ("_", vec![one])]
        {
            let list = List { q: Some(q.to_owned()), ..by((), 10) };
            let page = wallet.read().await.audit_events(wallet.id, &AuditFilter::default(), &list).await.unwrap();
            let ids: Vec<_> = page.items.iter().map(|event| event.id).collect();
            assert!(expected.iter().all(|id| ids.contains(id)) && ids.len() == expected.len(), "{q}");
        }
    }

    async fn a_session_can_be_made_and_ended(db: &Database) {
        let wallet = Wallet::open(db).await;
        let ada = user("Ada", &[]);
        let new = session(&ada);
        wallet.change(async |tx| {
            tx.insert_user(&ada).await?;
            tx.insert_session(&new).await
        }).await.unwrap();
        let sessions = wallet.read().await.changes_since(0, NOW.as_millisecond(), drop).await.unwrap().sessions;
        assert_eq!(sessions.len(), 1);
        assert_eq!((sessions[0].id, sessions[0].user_id, sessions[0].ended), (new.id, ada.id, false));
        assert_eq!(sessions[0].digest.as_bytes(), Digest::from_bytes([8; 32]).as_bytes());
        wallet.change(async |tx| tx.end_session(new.id).await).await.unwrap();
        let sessions = wallet.read().await.changes_since(0, NOW.as_millisecond(), drop).await.unwrap().sessions;
        assert!(sessions[0].ended);
    }
}
