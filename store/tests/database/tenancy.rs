//! The wallet is the tenant: no operation of one wallet sees or touches another's rows (mission D9).

use model::{PermissionSet, SystemKind};
use store::{AuditFilter, CredentialFilter, CredentialSort, NewTrustedContact, SystemFilter, SystemSort};

use crate::fixture::{
    NOW, Wallet, api_key, by, contact, credential, id, identifier, identifier_key, name, notes, role, session, user,
};

store::both_databases! {
    async fn d9_the_keys_of_another_wallet_are_out_of_reach(db: &Database) {
        let acme = Wallet::open(db).await;
        let other = Wallet::named(&acme.store, "Other").await;
        let new = api_key("acme-backend");
        acme.change(async |tx| tx.insert_external_system(&new).await).await.unwrap();
        let before = acme.read().await.external_system(acme.id, SystemKind::ApiKey, new.id).await.unwrap();

        let mut read = other.read().await;
        assert_eq!(read.external_system(other.id, SystemKind::ApiKey, new.id).await.unwrap(), None);
        assert_eq!(read.external_system_named(other.id, SystemKind::ApiKey, &new.name).await.unwrap(), None);
        let list = by(SystemSort::Name, 10);
        assert!(read.external_systems(other.id, SystemKind::ApiKey, SystemFilter::default(), &list).await.unwrap().items.is_empty());
        drop(read);
        let edit = other.change(async |tx| tx.update_external_system(new.id, PermissionSet::ALL, &notes("mine"), None).await);
        assert!(!edit.await.unwrap());
        assert!(!other.change(async |tx| tx.revoke_external_system(new.id).await).await.unwrap());
        assert_eq!(acme.read().await.external_system(acme.id, SystemKind::ApiKey, new.id).await.unwrap(), before);
    }

    async fn d9_the_roles_of_another_wallet_are_out_of_reach(db: &Database) {
        let acme = Wallet::open(db).await;
        let other = Wallet::named(&acme.store, "Other").await;
        let new = role("Auditor");
        acme.change(async |tx| tx.insert_role(&new).await).await.unwrap();
        let before = acme.read().await.role(acme.id, new.id).await.unwrap();

        let mut read = other.read().await;
        assert_eq!(read.role(other.id, new.id).await.unwrap(), None);
        assert_eq!(read.role_named(other.id, &new.name).await.unwrap(), None);
        assert!(read.roles(other.id, &by((), 10)).await.unwrap().items.is_empty());
        drop(read);
        let edit = other.change(async |tx| tx.update_role(new.id, &name("Mine"), PermissionSet::ALL).await);
        assert!(edit.await.unwrap().is_none());
        assert!(!other.change(async |tx| tx.delete_role(new.id).await).await.unwrap());
        assert_eq!(acme.read().await.role(acme.id, new.id).await.unwrap(), before);
    }

    async fn d9_the_users_of_another_wallet_are_out_of_reach(db: &Database) {
        let acme = Wallet::open(db).await;
        let other = Wallet::named(&acme.store, "Other").await;
        let mine = role("Auditor");
        let ada = user("Ada", &[mine.id]);
        let open = session(&ada);
        acme.change(async |tx| {
            tx.insert_role(&mine).await?;
            tx.insert_user(&ada).await?;
            tx.insert_session(&open).await
        }).await.unwrap();
        let before = acme.read().await.user(acme.id, ada.id).await.unwrap();

        let mut read = other.read().await;
        assert_eq!(read.user(other.id, ada.id).await.unwrap(), None);
        assert!(read.users(other.id, &by((), 10)).await.unwrap().items.is_empty());
        assert!(read.active_permissions(other.id).await.unwrap().is_empty());
        drop(read);
        assert!(!other.change(async |tx| tx.update_user(ada.id, &name("Mine"), &[]).await).await.unwrap());
        assert!(!other.change(async |tx| tx.set_password(ada.id, "$argon2id$mine").await).await.unwrap());
        assert!(!other.change(async |tx| tx.delete_user(ada.id).await).await.unwrap());
        other.change(async |tx| {
            tx.touch_sign_in(ada.id).await?;
            tx.end_session(open.id).await
        }).await.unwrap();
        assert_eq!(acme.read().await.user(acme.id, ada.id).await.unwrap(), before);
        let accounts = acme.read().await.accounts(&ada.email).await.unwrap();
        assert_eq!(accounts.iter().map(|account| &account.password_hash).collect::<Vec<_>>(), [&ada.password_hash]);
        let sessions = acme.read().await.changes_since(0, NOW.as_millisecond(), drop).await.unwrap().sessions;
        assert!(!sessions[0].ended);
    }

    async fn d9_a_role_of_another_wallet_cannot_be_assigned(db: &Database) {
        let acme = Wallet::open(db).await;
        let other = Wallet::named(&acme.store, "Other").await;
        let theirs = role("Administrator");
        acme.change(async |tx| tx.insert_role(&theirs).await).await.unwrap();
        let eve = user("Eve", &[theirs.id]);
        other.change(async |tx| tx.insert_user(&eve).await).await.unwrap();
        let mut read = other.read().await;
        assert!(read.user(other.id, eve.id).await.unwrap().unwrap().roles.is_empty());
        assert_eq!(read.active_permissions(other.id).await.unwrap()[&eve.id], PermissionSet::EMPTY);
        let users = read.changes_since(0, NOW.as_millisecond(), drop).await.unwrap().users;
        assert!(users[0].roles.is_empty());
        assert_eq!(read.role(acme.id, theirs.id).await.unwrap().unwrap().users, 0);
    }

    async fn d9_the_identifiers_of_another_wallet_are_out_of_reach(db: &Database) {
        let acme = Wallet::open(db).await;
        let other = Wallet::named(&acme.store, "Other").await;
        let new = identifier("Main");
        acme.change(async |tx| tx.insert_identifier(&new).await).await.unwrap();
        let before = acme.read().await.identifier(acme.id, new.id).await.unwrap();

        let mut read = other.read().await;
        assert_eq!(read.identifier(other.id, new.id).await.unwrap(), None);
        assert_eq!(read.sealed_key(other.id, new.key.id).await.unwrap(), None);
        assert!(read.identifiers(other.id, &by((), 10)).await.unwrap().items.is_empty());
        drop(read);
        let rotation = other.change(async |tx| tx.add_identifier_key(new.id, &identifier_key()).await);
        assert!(!rotation.await.unwrap());
        assert!(!other.change(async |tx| tx.delete_identifier(new.id).await).await.unwrap());
        assert_eq!(acme.read().await.identifier(acme.id, new.id).await.unwrap(), before);
    }

    async fn d9_the_contacts_of_another_wallet_are_out_of_reach(db: &Database) {
        let acme = Wallet::open(db).await;
        let other = Wallet::named(&acme.store, "Other").await;
        let new = contact("KVK");
        acme.change(async |tx| tx.insert_trusted_contact(&new).await).await.unwrap();
        let before = acme.read().await.trusted_contact(acme.id, new.id).await.unwrap();

        let mut read = other.read().await;
        assert_eq!(read.trusted_contact(other.id, new.id).await.unwrap(), None);
        assert_eq!(read.trusted_contact_with_did(other.id, &new.did).await.unwrap(), None);
        let issuer = new.credential_issuer.as_deref().unwrap();
        assert_eq!(read.trusted_contact_of_issuer(other.id, issuer).await.unwrap(), None);
        assert!(read.trusted_contacts(other.id, &by((), 10)).await.unwrap().items.is_empty());
        drop(read);
        let mine = NewTrustedContact { id: new.id, ..contact("Mine") };
        assert!(other.change(async |tx| tx.update_trusted_contact(&mine).await).await.unwrap().is_none());
        assert!(!other.change(async |tx| tx.delete_trusted_contact(new.id).await).await.unwrap());
        assert_eq!(acme.read().await.trusted_contact(acme.id, new.id).await.unwrap(), before);
    }

    async fn d9_the_credentials_of_another_wallet_are_out_of_reach(db: &Database) {
        let acme = Wallet::open(db).await;
        let other = Wallet::named(&acme.store, "Other").await;
        let new = credential("Diploma");
        acme.change(async |tx| tx.insert_credential(&new).await).await.unwrap();
        let mut read = other.read().await;
        assert_eq!(read.credential(other.id, new.id).await.unwrap(), None);
        let list = by(CredentialSort::CreatedAt, 10);
        assert!(read.credentials(other.id, &CredentialFilter::default(), &list).await.unwrap().items.is_empty());
        drop(read);
        assert!(!other.change(async |tx| tx.delete_credential(new.id).await).await.unwrap());
        assert!(acme.read().await.credential(acme.id, new.id).await.unwrap().is_some());
    }

    async fn d9_the_events_of_another_wallet_are_out_of_reach(db: &Database) {
        let acme = Wallet::open(db).await;
        let other = Wallet::named(&acme.store, "Other").await;
        let told = id();
        let mut tx = acme.store.begin(acme.author(NOW)).await.unwrap();
        tx.record(told, crate::fixture::event(acme.id.0)).await.unwrap();
        tx.commit(id(), crate::fixture::event(acme.id.0)).await.unwrap();
        let mut read = other.read().await;
        assert_eq!(read.audit_event(other.id, told).await.unwrap(), None);
        let page = read.audit_events(other.id, &AuditFilter::default(), &by((), 10)).await.unwrap();
        assert!(page.items.iter().all(|event| event.wallet_id == other.id));
        assert_eq!(page.items.len(), 1, "only that it was made");
    }
}
