//! `GET` and `DELETE /api/v1/credentials/{id}`

use serde_json::json;

use super::CREDENTIALS;
use super::issuer::{by_did_jwk, key, now};
use crate::support::Server;

store::both_databases! {
    async fn the_status_follows_the_clock_to_the_millisecond(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.key(&["holder_credentials:change"]).await;
        // Within the leeway for clocks that differ it is taken in, and not valid before its time all the same.
        let text = by_did_jwk(&key(1), |draft| {
            draft.valid_from = Some(now() + 30);
            draft.valid_until = Some(now() + 90);
        });
        let held = holder.post(CREDENTIALS, json!({"credential": text})).await.is(201);
        for (at, status) in [
            ("2026-11-23T10:00:29.999Z", "not_yet_valid"),
            ("2026-11-23T10:00:30Z", "valid"),
            ("2026-11-23T10:01:29.999Z", "valid"),
            ("2026-11-23T10:01:30Z", "expired"),
        ] {
            server.move_clock_to(at);
            assert_eq!(holder.get(held.header("location")).await.is(200).member("status"), status, "{at}");
            assert_eq!(holder.get(CREDENTIALS).await.is(200).column("status"), [status], "{at}");
        }
    }

    async fn m9_view_reads_credentials_and_change_imports_and_deletes_them(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let viewer = acme.key(&["holder_credentials:view"]).await;
        let stranger = acme.key(&["trusted_contacts:change"]).await;
        let holder = acme.key(&["holder_credentials:change"]).await;
        let body = json!({"credential": by_did_jwk(&key(1), |_| {})});
        let held = holder.post(CREDENTIALS, body.clone()).await.is(201);
        let path = held.header("location");
        for answer in [viewer.post(CREDENTIALS, body).await, viewer.delete(path).await] {
            let refused = answer.problem(403, "permission-missing");
            assert_eq!(refused.member("required_permission"), "holder_credentials:change");
        }
        for path in [CREDENTIALS, path] {
            viewer.get(path).await.is(200);
            let refused = stranger.get(path).await.problem(403, "permission-missing");
            assert_eq!(refused.member("required_permission"), "holder_credentials:view");
        }
    }
}
