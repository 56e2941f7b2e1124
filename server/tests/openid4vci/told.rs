//! What the external system behind an issuance is told: how far it is, and nothing of the person.

use serde_json::{Value, json};

use crate::support::{Issuer, NOW, Receiver, Server};

/// Everything that a webhook says.
fn told(kind: &str, at: &str, offered: &Value) -> Value {
    let status = kind.strip_prefix("issuance.").unwrap();
    json!({
        "type": kind,
        "timestamp": at,
        "data": {"id": offered["id"], "correlation_id": "student-7", "status": status},
    })
}

async fn offer(acme: &Issuer<'_>, receiver: &Receiver, more: Value) -> Value {
    let mut body = json!({"correlation_id": "student-7", "callback": receiver.callback()});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    acme.offer(body).await
}

store::both_databases! {
    async fn a_receiver_is_told_when_an_offer_is_taken_up_and_the_credential_issued(db: &Database) {
        let server = Server::start(db).await;
        let (acme, receiver) = (Issuer::open(&server, "Acme").await, Receiver::start().await);
        let offered = offer(&acme, &receiver, json!({})).await;
        assert!(receiver.hears(&server).await.is_empty(), "whoever offers knows");
        let holder = acme.holder(&offered);
        let token = holder.token(&[]).await;
        assert_eq!(receiver.hears(&server).await, [told("issuance.accepted", NOW, &offered)]);
        let request = holder.request(&holder.proof(&holder.nonce().await));
        holder.ask(&token, request).await.is(200);
        assert_eq!(receiver.hears(&server).await, [told("issuance.issued", NOW, &offered)]);
        acme.key.post(&format!("/api/v1/issuances/{}/revoke", offered["id"].as_str().unwrap()), json!({})).await.is(200);
        assert!(receiver.hears(&server).await.is_empty(), "whoever revokes knows");
    }

    async fn a_receiver_is_told_how_an_offer_ends_that_nobody_gets(db: &Database) {
        let server = Server::start(db).await;
        let (acme, receiver) = (Issuer::open(&server, "Acme").await, Receiver::start().await);
        let cancelled = offer(&acme, &receiver, json!({})).await;
        acme.key.post(&format!("/api/v1/issuances/{}/cancel", cancelled["id"].as_str().unwrap()), json!({})).await.is(200);
        assert_eq!(receiver.hears(&server).await, [told("issuance.cancelled", NOW, &cancelled)]);

        let guessed = offer(&acme, &receiver, json!({"tx_code": "4711"})).await;
        let holder = acme.holder(&guessed);
        for _ in 0..5 {
            holder.ask_token(&[("tx_code", "0000")]).await.is(400);
        }
        assert_eq!(receiver.hears(&server).await, [told("issuance.error", NOW, &guessed)]);

        let expired = offer(&acme, &receiver, json!({"expires_in": 60})).await;
        server.move_clock_to("2026-11-23T10:01:00Z");
        claviger::serve::jobs::clean_up(&server.app).await.unwrap();
        let at = "2026-11-23T10:01:00Z";
        assert_eq!(receiver.hears(&server).await, [told("issuance.expired", at, &expired)]);
    }
}
