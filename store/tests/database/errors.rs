//! Every way in which the store fails, brought about. That a name is taken stands in `names.rs`.

use model::SystemKind;
use store::{Store, StoreError, SystemFilter, SystemSort};

use crate::fixture::{NOW, Wallet, api_key, by, credential, identifier, role, session, user};

fn unreadable<T>(outcome: Result<T, StoreError>) -> Option<&'static str> {
    match outcome {
        Err(StoreError::Unreadable { table, column }) => Some(format!("{table}.{column}").leak()),
        _ => None,
    }
}

store::both_databases! {
    async fn a_damaged_column_is_named(db: &Database) {
        let wallet = Wallet::open(db).await;
        let (key, identifier, credential) = (api_key("acme-backend"), identifier("Main"), credential("Diploma"));
        let (role, ada) = (role("Auditor"), user("Ada", &[]));
        wallet.change(async |tx| {
            tx.insert_external_system(&key).await?;
            tx.insert_identifier(&identifier).await?;
            tx.insert_credential(&credential).await?;
            tx.insert_role(&role).await?;
            tx.insert_user(&ada).await
        }).await.unwrap();

        assert_eq!(db.execute("UPDATE external_systems SET expires_on = 'someday'").await, 1);
        let mut read = wallet.read().await;
        assert_eq!(unreadable(read.external_system(wallet.id, SystemKind::ApiKey, key.id).await), Some("external_systems.expires_on"));
        let list = by(SystemSort::Name, 10);
        assert_eq!(unreadable(read.external_systems(wallet.id, SystemKind::ApiKey, SystemFilter::default(), &list).await), Some("external_systems.expires_on"));
        drop(read);

        db.execute("UPDATE identifiers SET method = 'did:none'").await;
        db.execute("UPDATE credentials SET disclosures = '[1]'").await;
        db.execute("UPDATE roles SET created_at = 9223372036854775807").await;
        db.execute("UPDATE users SET created_at = 9223372036854775807").await;
        db.execute("UPDATE wallets SET time_zone = 'Mars/Phobos'").await;
        db.execute("UPDATE audit_events SET actor_kind = 'ghost'").await;
        let mut read = wallet.read().await;
        assert_eq!(unreadable(read.identifier(wallet.id, identifier.id).await), Some("identifiers.method"));
        assert_eq!(unreadable(read.credential(wallet.id, credential.id).await), Some("credentials.disclosures"));
        assert_eq!(unreadable(read.role(wallet.id, role.id).await), Some("roles.created_at"));
        assert_eq!(unreadable(read.user(wallet.id, ada.id).await), Some("users.created_at"));
        assert_eq!(unreadable(read.wallet(wallet.id).await), Some("wallets.time_zone"));
        let events = read.audit_events(wallet.id, &store::AuditFilter::default(), &by((), 10)).await;
        assert_eq!(unreadable(events), Some("audit_events.actor_kind"));
    }

    async fn a_damaged_digest_stops_the_feed(db: &Database) {
        let wallet = Wallet::open(db).await;
        let ada = user("Ada", &[]);
        wallet.change(async |tx| {
            tx.insert_user(&ada).await?;
            tx.insert_session(&session(&ada)).await?;
            tx.insert_external_system(&api_key("acme-backend")).await
        }).await.unwrap();
        let feed = async || wallet.read().await.changes_since(0, NOW.as_millisecond(), drop).await;
        assert!(feed().await.is_ok());
        // A literal of bytes is not written alike on both databases.
        wallet.store.settle("empty", b"").await.unwrap();
        db.execute("UPDATE sessions SET digest = (SELECT value FROM settings WHERE name = 'empty')").await;
        assert_eq!(unreadable(feed().await), Some("sessions.digest"));
        db.execute("UPDATE external_systems SET digest = (SELECT value FROM settings WHERE name = 'empty')").await;
        assert_eq!(unreadable(feed().await), Some("external_systems.digest"));
    }

    async fn a_schema_of_a_later_release_is_refused(db: &Database) {
        db.store().await.close().await;
        let later = "INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time)
             SELECT 9999, 'later', installed_on, success, checksum, execution_time FROM _sqlx_migrations WHERE version = 1";
        assert_eq!(db.execute(later).await, 1);
        let error = Store::open(&db.location()).await.unwrap_err();
        assert!(matches!(error, StoreError::Migration(_)), "{error}");
        assert!(!error.is_unavailable());
    }

    async fn a_database_is_opened_again_as_it_was_left(db: &Database) {
        let wallet = Wallet::open(db).await;
        wallet.store.close().await;
        let held = db.store().await.read().await.unwrap().wallet(wallet.id).await.unwrap().unwrap();
        assert_eq!(held.name.as_str(), "Acme");
    }

    async fn a_refused_statement_is_told_apart_from_an_absent_database(db: &Database) {
        let wallet = Wallet::open(db).await;
        db.execute("DROP TABLE settings").await;
        let refused = wallet.read().await.setting("seed").await.unwrap_err();
        assert!(matches!(refused, StoreError::Database(_)) && !refused.is_unavailable(), "{refused}");
        wallet.store.close().await;
        let absent = wallet.store.read().await.unwrap_err();
        assert!(matches!(absent, StoreError::Database(_)) && absent.is_unavailable(), "{absent}");
    }
}
