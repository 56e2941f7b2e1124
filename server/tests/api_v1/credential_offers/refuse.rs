//! What an accepted offer does not bring into the wallet.

use serde_json::{Value, json};
use vc::did::did_jwk;

use super::{OFFERS, identifier};
use crate::support::{Actor, CredentialIssuer, Server, key, membership};

/// The reason for which an accepted offer failed.
/// How a credential differs from an honest one.
type Change = fn(&mut vc::sd_jwt_vc::Draft<'_>);

async fn reason(holder: &Actor, issuer: &CredentialIssuer) -> String {
    let failed = holder.post(OFFERS, json!({"offer": issuer.offer(), "accept": true})).await.is(201);
    assert_eq!(failed.member("status"), "failed", "{}", failed.text);
    assert_eq!(failed.json()["received"], json!([]));
    failed.member("reason")
}

store::both_databases! {
    async fn a_credential_that_cannot_be_believed_is_not_stored(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        identifier(&holder, "Main", "did:jwk").await;
        let issuer = CredentialIssuer::start().await;
        let changes: [(Change, &str); 4] = [
            (|draft| draft.holder_key = Some(key(99).public()), "not bound to the key of this wallet"),
            (|draft| draft.holder_key = None, "not bound to the key of this wallet"),
            (|draft| draft.vct = "https://issuer.example/vct/other", "was offered"),
            (|draft| draft.valid_until = Some(1_795_428_001), "the credential expired at"),
        ];
        server.move_clock_to("2026-11-23T12:00:00Z");
        for (change, expected) in changes {
            issuer.delivers(move |holder| membership(&key(11), holder, change));
            let reason = reason(&holder, &issuer).await;
            assert!(reason.contains(expected), "{expected}: {reason}");
        }
        // Signed by another than it says.
        issuer.delivers(|holder| {
            let honest = membership(&key(11), holder, |_| {});
            let (head, tail) = honest.split_once('~').unwrap();
            let (signed, _) = head.rsplit_once('.').unwrap();
            let other = membership(&key(12), holder, |_| {});
            let signature = other.split_once('~').unwrap().0.rsplit_once('.').unwrap().1.to_owned();
            format!("{signed}.{signature}~{tail}")
        });
        let forged = reason(&holder, &issuer).await;
        assert!(forged.contains("no key that"), "{forged}");
        issuer.delivers(|_| "garbage".to_owned());
        assert!(reason(&holder, &issuer).await.contains("no SD-JWT"));
        assert_eq!(holder.get("/api/v1/credentials").await.is(200).json()["items"], json!([]));
    }

    async fn an_issuer_that_does_not_keep_to_the_protocol_is_told_as_the_reason(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        identifier(&holder, "Main", "did:jwk").await;
        for (path, status, body, expected) in [
            ("/token", 400, json!({"error": "invalid_grant", "error_description": "too late"}), "too late"),
            ("/token", 401, json!({"error": "invalid_client"}), "invalid_client"),
            ("/token", 500, json!("oops"), "status 500"),
            ("/token", 200, json!({"token_type": "Bearer"}), "another form"),
            ("/nonce", 404, json!({}), "status 404"),
            ("/credential", 400, json!({"error": "invalid_nonce"}), "invalid_nonce"),
            ("/credential", 403, json!({"error": "credential_request_denied"}), "credential_request_denied"),
            ("/credential", 202, json!({"transaction_id": "1", "interval": 5}), "gives it later"),
            ("/token", 200, json!({"access_token": "a", "token_type": "DPoP"}), "of the type DPoP; only Bearer"),
            ("/token", 200, json!({"access_token": "a", "token_type": "N_A"}), "of the type N_A; only Bearer"),
            ("/credential", 200, json!({"credentials": []}), "without the credential"),
            ("/credential", 200, json!({"credentials": [{"credential": {"no": "text"}}]}), "without the credential"),
            ("/credential", 200, json!({"credentials": [{"credential": "x".repeat((1 << 20) + 1)}]}), "more than 1 MiB"),
        ] {
            let issuer = CredentialIssuer::start().await;
            issuer.answers(path, status, body);
            let reason = reason(&holder, &issuer).await;
            assert!(reason.contains(expected), "{path} {status}: {reason}");
        }
        assert_eq!(holder.get("/api/v1/credentials").await.is(200).json()["items"], json!([]));
    }

    async fn a_nonce_that_is_over_is_fetched_anew_once(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        identifier(&holder, "Main", "did:jwk").await;
        let issuer = CredentialIssuer::start().await;
        issuer.answers("/nonce", 200, json!({"c_nonce": "of yesterday"}));
        let reason = reason(&holder, &issuer).await;
        assert!(reason.contains("invalid_nonce"), "{reason}");
        assert_eq!(issuer.asked().iter().filter(|asked| *asked == "POST /nonce").count(), 2);
    }

    async fn an_authorization_server_that_is_none_of_the_issuers_is_not_asked(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        identifier(&holder, "Main", "did:jwk").await;
        let (issuer, other) = (CredentialIssuer::start().await, CredentialIssuer::start().await);
        let mut offer: Value = issuer.offered(None);
        offer["grants"]["urn:ietf:params:oauth:grant-type:pre-authorized_code"]["authorization_server"] = json!(other.url());
        let refused = holder.post(OFFERS, json!({"offer": issuer.link(&offer), "accept": true})).await;
        assert!(refused.text.contains("none of the issuer's"), "{}", refused.text);
        refused.refuses(&[("offer", "issuer-invalid")]);
        assert!(other.asked().is_empty());
    }

    async fn a_credential_that_the_wallet_holds_is_not_received_again(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        identifier(&holder, "Main", "did:jwk").await;
        let issuer = CredentialIssuer::start().await;
        let first = holder.post(OFFERS, json!({"offer": issuer.offer(), "accept": true})).await.is(201);
        assert_eq!(first.member("status"), "received");
        assert!(reason(&holder, &issuer).await.contains("already holds"));
        assert_eq!(holder.get("/api/v1/credentials").await.column("issuer"), [did_jwk(&issuer.key.public()).to_string()]);
    }
}
