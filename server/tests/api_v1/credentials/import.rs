//! `POST /api/v1/credentials`: what is taken in.

use http::Method;
use serde_json::{Value, json};

use super::issuer::{DOCUMENT, METADATA, by_did_jwk, key};
use super::{CREDENTIALS, Issuer};
use crate::support::{Actor, Server};

/// Credentials that other implementations issued, with what they say.
const THEIRS: &str = include_str!("../../../../vc/tests/interop/credentials.json");

store::both_databases! {
    async fn a_credential_that_another_implementation_issued_is_imported(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.key(&["holder_credentials:change"]).await;
        let theirs: Value = serde_json::from_str(THEIRS).unwrap();
        let by_did_jwk: Vec<_> = theirs["credentials"].as_array().unwrap().iter()
            .filter(|entry| entry["iss"].as_str().unwrap().starts_with("did:jwk:"))
            .collect();
        assert!(!by_did_jwk.is_empty());
        for entry in by_did_jwk {
            let held = holder.post(CREDENTIALS, json!({"credential": entry["credential"]})).await.is(201).json();
            assert_eq!(held["issuer"], entry["iss"]);
            for (claim, value) in theirs["claims"].as_object().unwrap() {
                assert_eq!(&held["claims"][claim], value, "{claim}");
            }
            assert_eq!(
                held["disclosures"].as_array().unwrap().len(),
                entry["disclosed"].as_array().unwrap().len()
            );
        }
    }

    async fn a_credential_by_a_did_web_verifies_by_its_document(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.key(&["holder_credentials:change"]).await;
        let issuer = Issuer::start().await;
        issuer.publishes(&issuer.key);
        let held = holder.post(CREDENTIALS, json!({"credential": issuer.credential()})).await.is(201);
        assert_eq!(held.member("issuer"), issuer.did().as_str());
        assert_eq!(issuer.asked(), [DOCUMENT]);
    }

    async fn a_credential_by_an_https_issuer_verifies_by_its_metadata(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.key(&["holder_credentials:change"]).await;
        let issuer = Issuer::start().await;
        issuer.serves(METADATA, &json!({"issuer": issuer.url(), "jwks": issuer.jwks()}));
        let held = holder.post(CREDENTIALS, json!({"credential": issuer.credential_by_url()})).await.is(201);
        assert_eq!(held.member("issuer"), issuer.url());
        assert_eq!(issuer.asked(), [METADATA]);
    }

    async fn the_metadata_may_lead_to_the_keys(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.key(&["holder_credentials:change"]).await;
        let issuer = Issuer::start().await;
        issuer.serves(METADATA, &json!({"issuer": issuer.url(), "jwks_uri": format!("{}/keys", issuer.url())}));
        issuer.serves("/keys", &issuer.jwks());
        holder.post(CREDENTIALS, json!({"credential": issuer.credential_by_url()})).await.is(201);
        assert_eq!(issuer.asked(), [METADATA, "/keys"]);
    }

    async fn an_imported_credential_is_told_whole(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.key(&["holder_credentials:change"]).await;
        let text = by_did_jwk(&key(1), |draft| draft.valid_until = Some(draft.issued_at + 3600));
        let held = holder.post(CREDENTIALS, json!({"credential": format!(" \n{text}\n")})).await.is(201);
        let (id, issuer) = (held.member("id"), held.member("issuer"));
        assert_eq!(held.header("location"), format!("{CREDENTIALS}/{id}"));
        assert!(issuer.starts_with("did:jwk:"));
        assert_eq!(held.json(), json!({
            "id": id,
            "vct": "https://example.org/vct/membership",
            "issuer": issuer,
            "status": "valid",
            "issued_at": "2026-11-23T10:00:00Z",
            "valid_from": null,
            "valid_until": "2026-11-23T11:00:00Z",
            "live_status": null,
            "live_status_at": null,
            "identifier": null,
            "created_at": "2026-11-23T10:00:00Z",
            "claims": {
                "iss": issuer,
                "vct": "https://example.org/vct/membership",
                "iat": 1_795_428_000,
                "exp": 1_795_431_600,
                "name": "Ada",
                "address": {"street/no": "St James's Square 12", "city": "London"},
            },
            "disclosures": ["/address/street~1no", "/name"],
            "credential": text,
        }));
        assert_eq!(holder.get(held.header("location")).await.is(200).json(), held.json());
        for pointer in held.json()["disclosures"].as_array().unwrap() {
            assert!(held.json()["claims"].pointer(pointer.as_str().unwrap()).is_some(), "{pointer}");
        }
    }

    async fn a_wallet_holds_a_credential_once(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.key(&["holder_credentials:change"]).await;
        let body = json!({"credential": by_did_jwk(&key(1), |_| {})});
        let requests: Vec<_> = (0..8)
            .map(|_| tokio::spawn(Actor::send(holder.request(Method::POST, CREDENTIALS).json(&body))))
            .collect();
        let mut statuses = Vec::new();
        for request in requests {
            statuses.push(request.await.unwrap().status);
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
        let again = holder.post(CREDENTIALS, body.clone()).await.problem(409, "already-held");
        assert_eq!(again.refused(), ["credential: already-held"]);
        server.wallet("Bolt").await.key(&["holder_credentials:change"]).await.post(CREDENTIALS, body).await.is(201);
    }

    async fn the_audit_log_tells_of_a_credential_without_what_it_says(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.key(&["holder_credentials:change", "audit_log:view"]).await;
        let held = holder.post(CREDENTIALS, json!({"credential": by_did_jwk(&key(1), |_| {})})).await.is(201);
        holder.delete(held.header("location")).await.is(204);
        let events = holder.get(&format!("/api/v1/audit-events?target_id={}", held.member("id"))).await.is(200);
        assert_eq!(events.column("action"), ["credential.deleted", "credential.imported"]);
        let detail = json!({"vct": held.member("vct"), "issuer": held.member("issuer")});
        assert_eq!(events.column("detail"), [detail.clone(), detail]);
        assert!(!events.text.contains("Ada") && !events.text.contains(&held.member("credential")));
    }

    async fn others_change_the_wallet_while_an_issuer_is_asked(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        let issuer = Issuer::start().await;
        issuer.publishes(&issuer.key);
        let held_back = issuer.hold().await;
        let body = json!({"credential": issuer.credential()});
        let import = tokio::spawn(Actor::send(holder.request(Method::POST, CREDENTIALS).json(&body)));
        issuer.is_asked().await;
        holder.post("/api/v1/roles", json!({"name": "made meanwhile"})).await.is(201);
        assert!(!import.is_finished());
        drop(held_back);
        import.await.unwrap().is(201);
    }
}
