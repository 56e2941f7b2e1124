//! Credentials that an issuer gives later (OpenID4VCI 1.0 §9).

use serde_json::json;

use super::{OFFERS, identifier, receive};
use crate::support::{CredentialIssuer, Server, key, membership};

store::both_databases! {
    async fn what_an_issuer_gives_later_is_asked_for_again_and_received(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        let main = identifier(&holder, "Main", "did:web").await;
        let issuer = CredentialIssuer::start().await;
        issuer.defers("membership");
        let path = receive(&holder, &issuer.offer()).await.header("location").to_owned();
        let deferred = holder.post(&format!("{path}/accept"), json!({})).await.is(200);
        assert_eq!((deferred.member("status").as_str(), &deferred.json()["received"]), ("deferred", &json!([])));
        assert_eq!(holder.get(&format!("{OFFERS}?status=deferred")).await.column("id"), [deferred.member("id")]);
        holder.post(&format!("{path}/accept"), json!({})).await.problem(409, "offer-closed");
        // Not sooner than the issuer said, which was in two minutes.
        issuer.asked();
        server.move_clock_to("2026-11-23T10:01:59Z");
        claviger::serve::jobs::clean_up(&server.app).await.unwrap();
        assert!(issuer.asked().is_empty());
        server.move_clock_to("2026-11-23T10:02:00Z");
        claviger::serve::jobs::clean_up(&server.app).await.unwrap();
        claviger::serve::jobs::clean_up(&server.app).await.unwrap();
        assert_eq!(issuer.asked(), ["POST /deferred"]);
        assert_eq!(holder.get(&path).await.member("status"), "deferred");
        // The key that was proven stays the one that counts, also when another has replaced it.
        holder.post(&format!("/api/v1/identifiers/{main}/rotate"), json!({})).await.is(200);
        issuer.is_ready();
        server.move_clock_to("2026-11-23T10:04:00Z");
        claviger::serve::jobs::clean_up(&server.app).await.unwrap();
        let received = holder.get(&path).await.is(200);
        assert_eq!(received.member("status"), "received", "{}", received.text);
        assert_eq!(holder.get("/api/v1/credentials").await.column("id"), [received.json()["received"][0].clone()]);
        issuer.asked();
        server.move_clock_to("2026-11-24T10:04:00Z");
        claviger::serve::jobs::clean_up(&server.app).await.unwrap();
        assert!(issuer.asked().is_empty());
        let events = holder.get(&format!("/api/v1/audit-events?target_id={}", received.member("id"))).await.is(200);
        assert_eq!(events.column("action")[..2], ["credential_offer.received", "credential_offer.deferred"]);
        assert!(!events.text.contains("token of code"));
    }

    async fn what_comes_at_once_is_not_held_up_by_what_comes_later(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        identifier(&holder, "Main", "did:jwk").await;
        let issuer = CredentialIssuer::start().await;
        let mut diploma = json!(null);
        issuer.describes(|metadata| diploma = metadata["credential_configurations_supported"]["membership"].clone());
        diploma["vct"] = json!("https://issuer.example/vct/diploma");
        issuer.also_offers("diploma", diploma, |holder| {
            membership(&key(11), holder, |draft| draft.vct = "https://issuer.example/vct/diploma")
        });
        issuer.defers("diploma");
        let mut offer = issuer.offered(None);
        offer["credential_configuration_ids"] = json!(["diploma", "membership"]);
        let made = holder.post(OFFERS, json!({"offer": issuer.link(&offer), "accept": true})).await.is(201);
        assert_eq!(made.member("status"), "deferred");
        assert_eq!(made.json()["received"].as_array().unwrap().len(), 1);
        issuer.is_ready();
        server.move_clock_to("2026-11-23T10:03:00Z");
        claviger::serve::jobs::clean_up(&server.app).await.unwrap();
        let received = holder.get(made.header("location")).await.is(200);
        assert_eq!(received.member("status"), "received");
        assert_eq!(received.json()["received"].as_array().unwrap().len(), 2);
        assert_eq!(received.json()["credentials"][0]["received"], received.json()["received"][1]);
    }

    async fn an_issuer_that_never_gives_it_is_not_asked_for_ever(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        identifier(&holder, "Main", "did:jwk").await;
        let issuer = CredentialIssuer::start().await;
        issuer.defers("membership");
        let refused = holder.post(OFFERS, json!({"offer": issuer.offer(), "accept": true})).await.is(201);
        let waits = holder.post(OFFERS, json!({"offer": issuer.offer(), "accept": true})).await.is(201);
        issuer.answers("/deferred", 503, json!({}));
        server.move_clock_to("2026-11-23T10:02:00Z");
        claviger::serve::jobs::clean_up(&server.app).await.unwrap();
        assert_eq!(holder.get(waits.header("location")).await.member("status"), "deferred", "it may come back");
        holder.delete(waits.header("location")).await.is(204);
        issuer.answers("/deferred", 400, json!({"error": "invalid_transaction_id"}));
        server.move_clock_to("2026-11-23T10:04:00Z");
        claviger::serve::jobs::clean_up(&server.app).await.unwrap();
        let failed = holder.get(refused.header("location")).await.is(200);
        assert_eq!(failed.member("status"), "failed");
        assert!(failed.member("reason").contains("invalid_transaction_id"), "{}", failed.text);

        issuer.answers("/deferred", 202, json!({"transaction_id": "transaction of membership", "interval": 120}));
        let late = holder.post(OFFERS, json!({"offer": issuer.offer(), "accept": true})).await.is(201);
        server.move_clock_to("2026-12-24T10:00:00Z");
        claviger::serve::jobs::clean_up(&server.app).await.unwrap();
        let failed = holder.get(late.header("location")).await.is(200);
        assert_eq!(failed.member("status"), "failed");
        assert!(failed.member("reason").contains("not given it in time"), "{}", failed.text);
    }
}
