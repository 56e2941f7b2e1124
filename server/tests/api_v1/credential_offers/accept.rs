//! `POST /api/v1/credential-offers/{id}/accept`: from a code to a credential in the wallet.

use http::Method;
use serde_json::json;

use super::{OFFERS, identifier, receive};
use crate::support::{Actor, CredentialIssuer, Server, VCT};

store::both_databases! {
    async fn an_accepted_offer_becomes_a_held_credential(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        let key = identifier(&holder, "Main", "did:jwk").await;
        let issuer = CredentialIssuer::start().await;
        for offer in [issuer.offer(), issuer.offer_by_reference()] {
            let path = receive(&holder, &offer).await.header("location").to_owned();
            issuer.asked();
            // Each time another credential: the wallet holds one once.
            let name = path.clone();
            issuer.delivers(move |holder| crate::support::membership(&crate::support::key(11), holder, |draft| {
                draft.claims["level"] = json!(name);
            }));
            let accepted = holder.post(&format!("{path}/accept"), json!({})).await.is(200);
            assert_eq!(accepted.member("status"), "received", "{}", accepted.text);
            assert_eq!(accepted.member("identifier"), key);
            assert_eq!(issuer.asked(), [
                "GET /.well-known/openid-credential-issuer",
                "GET /.well-known/oauth-authorization-server",
                "POST /token",
                "POST /nonce",
                "POST /credential",
            ]);
            let id = accepted.json()["received"][0].as_str().unwrap().to_owned();
            let held = holder.get(&format!("/api/v1/credentials/{id}")).await.is(200);
            assert_eq!((held.member("vct").as_str(), held.member("issuer")), (VCT, issuer.did().to_string()));
            assert_eq!(held.json()["claims"]["name"], "Ada");
            assert_eq!(holder.get(&path).await.is(200).json(), accepted.json());
        }
    }

    async fn an_offer_can_be_accepted_as_it_comes(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        identifier(&holder, "Main", "did:jwk").await;
        let other = identifier(&holder, "Other", "did:jwk").await;
        let issuer = CredentialIssuer::start().await;
        let body = json!({"offer": issuer.offer_with_tx_code("4711"), "accept": true, "tx_code": "4711", "identifier": other});
        let made = holder.post(OFFERS, body).await.is(201);
        assert_eq!((made.member("status").as_str(), made.member("identifier")), ("received", other.clone()));
        let held = format!("/api/v1/credentials/{}", made.json()["received"][0].as_str().unwrap());
        let cnf = holder.get(&held).await.is(200).json()["claims"]["cnf"]["jwk"].clone();
        let keys = holder.get(&format!("/api/v1/identifiers/{other}")).await.is(200).json();
        assert_eq!(cnf, keys["keys"][0]["public_jwk"]);

        let body = json!({"offer": issuer.offer_with_tx_code("4711"), "accept": true});
        holder.post(OFFERS, body).await.refuses(&[("tx_code", "required")]);
        assert_eq!(holder.get(OFFERS).await.column("id").len(), 1);
    }

    async fn the_key_is_proven_by_the_did_where_the_issuer_binds_dids_only(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        let (jwk, web) = (identifier(&holder, "Main", "did:jwk").await, identifier(&holder, "Web", "did:web").await);
        let issuer = CredentialIssuer::start().await;
        issuer.describes(|metadata| {
            metadata["credential_configurations_supported"]["membership"]["cryptographic_binding_methods_supported"] =
                json!(["did:jwk"]);
        });
        let path = receive(&holder, &issuer.offer()).await.header("location").to_owned();
        issuer.asked();
        let refused = holder.post(&format!("{path}/accept"), json!({"identifier": web})).await;
        refused.refuses(&[("identifier", "unsupported")]);
        // Nothing was used up, so another identifier can be tried.
        assert!(!issuer.asked().contains(&"POST /token".to_owned()));
        let pending = holder.get(&path).await.is(200);
        assert_eq!(pending.member("status"), "pending");
        assert!(pending.member("reason").contains("does not bind"), "{}", pending.text);
        let received = holder.post(&format!("{path}/accept"), json!({"identifier": jwk})).await.is(200);
        assert_eq!((received.member("status").as_str(), received.member("identifier")), ("received", jwk));
        assert_eq!(received.json()["reason"], json!(null));
    }

    async fn without_a_choice_an_identifier_is_taken_to_which_the_issuer_binds(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        let (web, _) = (identifier(&holder, "Web", "did:web").await, identifier(&holder, "Main", "did:jwk").await);
        let issuer = CredentialIssuer::start().await;
        issuer.describes(|metadata| {
            metadata["credential_configurations_supported"]["membership"]["cryptographic_binding_methods_supported"] =
                json!(["did:web"]);
        });
        let path = receive(&holder, &issuer.offer()).await.header("location").to_owned();
        issuer.answers("/credential", 400, json!({"error": "credential_request_denied"}));
        let failed = holder.post(&format!("{path}/accept"), json!({})).await.is(200);
        assert_eq!((failed.member("status").as_str(), failed.member("identifier")), ("failed", web));
    }

    async fn an_issuer_that_is_away_before_the_code_is_sent_can_be_asked_again(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        identifier(&holder, "Main", "did:jwk").await;
        let issuer = CredentialIssuer::start().await;
        let path = receive(&holder, &issuer.offer()).await.header("location").to_owned();
        let as_it_was = json!({"issuer": issuer.url(), "token_endpoint": format!("{}/token", issuer.url())});
        issuer.answers("/.well-known/oauth-authorization-server", 503, json!({}));
        let pending = holder.post(&format!("{path}/accept"), json!({})).await.is(200);
        assert_eq!(pending.member("status"), "pending");
        assert!(pending.member("reason").contains("status 503"), "{}", pending.text);
        issuer.answers("/.well-known/oauth-authorization-server", 200, as_it_was);
        assert_eq!(holder.post(&format!("{path}/accept"), json!({})).await.is(200).member("status"), "received");
    }

    async fn a_transaction_code_that_cannot_be_right_is_not_sent(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        identifier(&holder, "Main", "did:jwk").await;
        let issuer = CredentialIssuer::start().await;
        let path = receive(&holder, &issuer.offer_with_tx_code("4711")).await.header("location").to_owned();
        issuer.asked();
        for tx_code in ["471", "47111", "47l1", "４７１１"] {
            holder.post(&format!("{path}/accept"), json!({"tx_code": tx_code})).await.refuses(&[("tx_code", "invalid")]);
        }
        assert!(issuer.asked().is_empty());
        assert_eq!(holder.post(&format!("{path}/accept"), json!({"tx_code": " 4711\n"})).await.is(200).member("status"), "received");
    }

    async fn a_wrong_transaction_code_can_be_tried_again(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        identifier(&holder, "Main", "did:jwk").await;
        let issuer = CredentialIssuer::start().await;
        let path = receive(&holder, &issuer.offer_with_tx_code("4711")).await.header("location").to_owned();
        let accept = async |body: serde_json::Value| holder.post(&format!("{path}/accept"), body).await;
        accept(json!({})).await.refuses(&[("tx_code", "required")]);
        accept(json!({"tx_code": "1".repeat(129)})).await.refuses(&[("tx_code", "invalid")]);
        accept(json!({"tx_code": "0000"})).await.refuses(&[("tx_code", "refused")]);
        assert_eq!(holder.get(&path).await.is(200).member("status"), "pending");
        assert_eq!(accept(json!({"tx_code": "4711"})).await.is(200).member("status"), "received");
        accept(json!({"tx_code": "4711"})).await.problem(409, "offer-closed");
    }

    async fn of_many_who_accept_at_once_one_asks_the_issuer(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        identifier(&holder, "Main", "did:jwk").await;
        let issuer = CredentialIssuer::start().await;
        let path = receive(&holder, &issuer.offer()).await.header("location").to_owned();
        issuer.asked();
        let requests: Vec<_> = (0..8)
            .map(|_| holder.request(Method::POST, &format!("{path}/accept")).json(&json!({})))
            .map(|request| tokio::spawn(Actor::send(request)))
            .collect();
        let mut statuses = Vec::new();
        for request in requests {
            statuses.push(request.await.unwrap().status);
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409, 409, 409, 409, 409, 409, 409]);
        assert_eq!(issuer.asked().iter().filter(|asked| *asked == "POST /token").count(), 1);
        assert_eq!(holder.get("/api/v1/credentials").await.column("id").len(), 1);
    }

    async fn others_change_the_wallet_while_an_issuer_is_asked(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        identifier(&holder, "Main", "did:jwk").await;
        let issuer = CredentialIssuer::start().await;
        let path = receive(&holder, &issuer.offer()).await.header("location").to_owned();
        issuer.asked();
        let held_back = issuer.hold().await;
        let request = holder.request(Method::POST, &format!("{path}/accept")).json(&json!({}));
        let accepting = tokio::spawn(Actor::send(request));
        issuer.is_asked().await;
        assert_eq!(holder.get(&path).await.is(200).member("status"), "accepting");
        holder.post("/api/v1/roles", json!({"name": "made meanwhile"})).await.is(201);
        drop(held_back);
        assert_eq!(accepting.await.unwrap().is(200).member("status"), "received");
    }

    async fn without_an_identifier_there_is_no_key_to_bind_to(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        let issuer = CredentialIssuer::start().await;
        let path = receive(&holder, &issuer.offer()).await.header("location").to_owned();
        holder.post(&format!("{path}/accept"), json!({})).await.refuses(&[("identifier", "unknown")]);
        identifier(&holder, "Main", "did:jwk").await;
        assert_eq!(holder.post(&format!("{path}/accept"), json!({})).await.is(200).member("status"), "received");
    }

    async fn the_audit_log_tells_the_story_without_code_and_claims(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        identifier(&holder, "Main", "did:jwk").await;
        let issuer = CredentialIssuer::start().await;
        let made = receive(&holder, &issuer.offer_with_tx_code("4711")).await;
        let path = made.header("location");
        holder.post(&format!("{path}/accept"), json!({"tx_code": "0815"})).await.is(422);
        holder.post(&format!("{path}/accept"), json!({"tx_code": "4711"})).await.is(200);
        holder.delete(path).await.is(204);
        let events = holder.get(&format!("/api/v1/audit-events?target_id={}", made.member("id"))).await.is(200);
        assert_eq!(events.column("action"), [
            "credential_offer.deleted",
            "credential_offer.received",
            "credential_offer.accepted",
            "credential_offer.released",
            "credential_offer.accepted",
            "credential_offer.created",
        ]);
        let all = holder.get("/api/v1/audit-events").await.is(200);
        assert!(all.column("action").contains(&json!("credential.received")));
        for secret in ["code-1", "4711", "0815", "Ada"] {
            assert!(!all.text.contains(secret), "{secret}");
        }
    }
}
