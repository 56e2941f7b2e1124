//! What an earlier release left is taken over as it was.

use model::{
    Check, CheckName, PermissionSet, PresentedCredential, RequestUriMethod, SystemKind, VerificationResult, WalletId,
};
use store::{SystemFilter, SystemSort, VerificationFilter};

use crate::fixture::{NOW, by};

const WALLET: &str = "0190a5a4-0000-7000-8000-000000000001";

store::both_databases! {
    async fn d8_the_keys_of_a_database_without_oauth_clients_stay_api_keys(db: &Database) {
        db.migrate_first(1).await;
        db.execute(&format!("INSERT INTO wallets VALUES ('{WALLET}', 'Acme', 'acme', 'UTC', 1)")).await;
        db.execute(&format!(
            "INSERT INTO api_keys
                (id, wallet_id, name, name_key, permissions, expires_on, expires_at, notes, key_id, digest,
                 created_at, created_by_kind, created_by_name, revision)
             SELECT '0190a5a4-0000-7000-8000-000000000002', id, 'crm', 'crm', 'users:view', '2028-01-15', 1831593600000,
                'kept', '0123456789ABCDEF', {}, 1, 'operator', 'command line', 1 FROM wallets",
            digest(db),
        ))
        .await;

        let store = db.store().await;
        let wallet: WalletId = WALLET.parse().unwrap();
        let mut read = store.read().await.unwrap();
        let list = by(SystemSort::Name, 10);
        let keys = read.external_systems(wallet, SystemKind::ApiKey, SystemFilter::default(), &list).await.unwrap().items;
        assert_eq!((keys.len(), keys[0].name.as_str(), keys[0].notes.as_str()), (1, "crm", "kept"));
        assert_eq!(keys[0].permissions, PermissionSet::from_names("users:view"));
        let clients = read.external_systems(wallet, SystemKind::OauthClient, SystemFilter::default(), &list).await.unwrap();
        assert!(clients.items.is_empty());
        let mut fed = Vec::new();
        let changes = read.changes_since(-1, NOW.as_millisecond(), |system| fed.push(system)).await.unwrap();
        assert_eq!(changes.wallets.iter().map(|known| known.id).collect::<Vec<_>>(), [wallet]);
        assert_eq!((fed[0].key_id.as_str(), fed[0].kind), ("0123456789ABCDEF", SystemKind::ApiKey));
    }

    async fn open_links_of_before_keep_their_maker_and_users_their_addresses(db: &Database) {
        const USER: &str = "0190a5a4-0000-7000-8000-000000000003";
        const MAKER: &str = "0190a5a4-0000-7000-8000-000000000004";
        db.migrate_first(11).await;
        db.execute(&format!("INSERT INTO wallets VALUES ('{WALLET}', 'Acme', 'acme', 'UTC', 1, 1)")).await;
        db.execute(&format!(
            "INSERT INTO users VALUES ('{USER}', '{WALLET}', 'Ada', 'ada', 'Ada@x', 'ada@x', NULL, 1, NULL, NULL, 1)"
        )).await;
        for (at, kind, id) in [(1, "operator", "NULL".to_owned()), (2, "user", format!("'{MAKER}'"))] {
            db.execute(&format!(
                "INSERT INTO audit_events VALUES ('0190a5a4-0000-7000-8000-00000000010{at}', '{WALLET}', {at}, '{kind}', {id}, 'n', 'n',
                    '{}', '{USER}', 'Ada', 'ada', '{{}}', NULL, {at})",
                if at == 1 { "user.created" } else { "user.invited" },
            )).await;
        }
        db.execute(&format!(
            "INSERT INTO invitations VALUES ('0190a5a4-0000-7000-8000-000000000005', '{WALLET}', '{USER}', 'open', {}, 1, 2, NULL)",
            digest(db),
        )).await;
        db.execute(&format!(
            "INSERT INTO invitations VALUES ('0190a5a4-0000-7000-8000-000000000006', NULL, NULL, 'setup', {}, 1, 2, NULL)",
            digest(db),
        )).await;

        let mut read = db.store().await.read().await.unwrap();
        let (open, _) = read.invitation("open").await.unwrap().unwrap();
        assert_eq!(open.maker, Some((model::ActorKind::User, Some(MAKER.parse().unwrap()))));
        assert_eq!(read.invitation("setup").await.unwrap().unwrap().0.maker, None);
        let accounts = read.accounts(&"ada@X".parse().unwrap()).await.unwrap();
        assert_eq!(accounts.iter().map(|account| account.user_id.to_string()).collect::<Vec<_>>(), [USER]);
    }

    async fn a_wallet_that_declined_is_told_apart_from_one_whose_presentation_failed_a_check(db: &Database) {
        db.migrate_first(11).await;
        db.execute(&format!(
            "INSERT INTO wallets (id, name, name_key, time_zone, created_at) VALUES ('{WALLET}', 'Acme', 'acme', 'UTC', 1)"
        ))
        .await;
        let failed = |check: CheckName, reason: &str| Check::failed(check, reason);
        let presented = PresentedCredential {
            query_id: "pid".to_owned(),
            vct: None,
            issuer: None,
            checks: vec![failed(CheckName::Dates, "the wallet answered too late")],
        };
        let results = [
            (vec![failed(CheckName::Answer, "the wallet answered access_denied: not today")], Vec::new(), "declined"),
            (vec![failed(CheckName::Answer, "the answer lacks the credential `pid`")], Vec::new(), "rejected"),
            (vec![Check::passed(CheckName::Answer)], vec![presented], "rejected"),
        ];
        for ((checks, credentials, _), number) in results.iter().zip(1..) {
            let result = VerificationResult { checks: checks.clone(), credentials: credentials.clone() };
            db.execute(&format!(
                "INSERT INTO verifications
                    (id, wallet_id, template_id, template_name, search_key, identifier_id, verifier, purpose, query,
                     trust, retention_days, status, result, created_at, created_by_kind, created_by_name, expires_at)
                 VALUES ('0190a5a4-0000-7000-8000-00000000000{number}', '{WALLET}', '{WALLET}', 'Door', 'door',
                     '{WALLET}', 'did:web:verifier.example', '', '{{}}', '\"any_issuer\"', 30, 'rejected', '{}', {number},
                     'operator', 'command line', 1)",
                serde_json::to_string(&result).unwrap(),
            ))
            .await;
        }

        let store = db.store().await;
        let filter = VerificationFilter { status: None, correlation_id: None, template_id: None, now: NOW };
        let list = by((), 10);
        let found = store.read().await.unwrap().verifications(WALLET.parse().unwrap(), &filter, &list).await.unwrap();
        let statuses: Vec<_> = found.items.iter().map(|found| found.status.name()).collect();
        assert_eq!(statuses, results.map(|(.., status)| status));
        assert!(found.items.iter().all(|found| found.terms.request_uri_method == RequestUriMethod::Get));
    }

    async fn offers_of_before_that_wait_under_a_contacts_name_are_unconfirmed_and_the_others_are_not(db: &Database) {
        const CONTACT: &str = "0190a5a4-0000-7000-8000-000000000009";
        db.migrate_first(13).await;
        db.execute(&format!(
            "INSERT INTO wallets (id, name, name_key, time_zone, created_at) VALUES ('{WALLET}', 'Acme', 'acme', 'UTC', 1)"
        ))
        .await;
        let offers = [("pending", true, true), ("pending", false, false), ("received", true, false), ("declined", true, false)];
        for ((state, is_pushed, _), number) in offers.iter().zip(1..) {
            let contact = if *is_pushed { format!("'{CONTACT}'") } else { "NULL".to_owned() };
            db.execute(&format!(
                "INSERT INTO credential_offers
                    (id, wallet_id, credential_issuer, label_key, credentials, tx_code, contact_id, state,
                     credential_ids, created_at, expires_at)
                 VALUES ('0190a5a4-0000-7000-8000-00000000000{number}', '{WALLET}', 'https://issuer.example', 'membership',
                     '[{{\"configuration_id\":\"membership\",\"name\":\"Membership\"}}]', '{}', {contact}, '{state}', '[]', {number}, {})",
                r#"{"numeric":true,"length":4,"description":"Call me"}"#,
                4_000_000_000_000_i64,
            ))
            .await;
        }

        let store = db.store().await;
        let (mut read, wallet) = (store.read().await.unwrap(), WALLET.parse().unwrap());
        let found = read.credential_offers(wallet, None, NOW, &by((), 10)).await.unwrap().items;
        for ((state, _, unconfirmed), offer) in offers.iter().zip(&found) {
            assert_eq!((offer.state.name(), offer.unconfirmed), (*state, *unconfirmed));
            let words = offer.tx_code.as_ref().unwrap().description.as_deref();
            assert_eq!(words, (!unconfirmed).then_some("Call me"), "the sender's words are not the contact's");
            assert_eq!(read.deferred_credential_offer(wallet, offer.id).await.unwrap(), None);
        }
        assert_eq!(found.len(), offers.len());
        let contact = CONTACT.parse().unwrap();
        assert_eq!(read.pushed_credential_offers(wallet, contact, true, NOW).await.unwrap(), 1);
        assert_eq!(read.pushed_credential_offers(wallet, contact, false, NOW).await.unwrap(), 0);
    }
}

/// 32 bytes in the words of the database.
fn digest(db: &store::testing::Database) -> &'static str {
    match db.location() {
        store::Location::Sqlite(_) => "CAST('01234567890123456789012345678901' AS BLOB)",
        store::Location::Postgres(_) => "CAST('01234567890123456789012345678901' AS BYTEA)",
    }
}
