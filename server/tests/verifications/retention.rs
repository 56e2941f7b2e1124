//! What the clock ends, and that what is deleted leaves the disk.

use serde_json::json;
use store::testing::Database;

use super::{Desk, VERIFICATIONS, VERIFIED, membership};
use crate::support::Server;
use crate::support::holder::credential;

/// A verification of which "Ada Lovelace" was disclosed.
async fn verified(desk: &Desk<'_>) -> String {
    let (id, fetched) = desk.asked().await;
    let presentation = fetched.present(&credential(|_| {}), &["name"]);
    fetched.answer(&desk.nobody, &[("membership", &presentation)]).await.is(200);
    id
}

async fn is_on_disk(db: &Database, text: &str) -> bool {
    db.contents().await.windows(text.len()).any(|bytes| bytes == text.as_bytes())
}

store::both_databases! {
    async fn what_was_disclosed_is_kept_for_as_long_as_the_template_says(db: &Database) {
        let server = Server::start(db).await;
        let mut desk = Desk::open(&server).await;
        desk.template = desk.template("did:jwk", &membership(), "trusted_issuers", 1).await;
        let id = verified(&desk).await;
        let owner = desk.key.clone();
        server.move_clock_to("2026-11-24T09:59:59Z");
        claviger::serve::jobs::clean_up(&server.app).await.unwrap();
        assert!(is_on_disk(db, "Ada Lovelace").await);
        owner.get(&format!("{VERIFICATIONS}/{id}")).await.is(200);
        server.move_clock_to("2026-11-24T10:00:00Z");
        claviger::serve::jobs::clean_up(&server.app).await.unwrap();
        owner.get(&format!("{VERIFICATIONS}/{id}")).await.problem(404, "not-found");
        assert!(!is_on_disk(db, "Ada Lovelace").await);
        let events = owner.get("/api/v1/audit-events?limit=1").await.is(200).json();
        assert_eq!(events["items"][0]["action"], "verification.deleted");
        assert_eq!(events["items"][0]["actor"]["kind"], "server");
    }

    async fn a_request_that_nobody_answered_expires_and_forgets_its_secrets(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let waiting = desk.ask().await["id"].as_str().unwrap().to_owned();
        let (retrieved, fetched) = desk.asked().await;
        server.move_clock_to("2026-11-23T10:10:00Z");
        claviger::serve::jobs::clean_up(&server.app).await.unwrap();
        for id in [&waiting, &retrieved] {
            let verification = desk.view(id).await;
            assert_eq!((&verification["status"], &verification["request_uri"]), (&json!("expired"), &json!(null)));
            assert_eq!(verification["finished_at"], "2026-11-23T10:10:00Z");
            assert_eq!(verification["kept_until"], "2026-12-23T10:10:00Z");
        }
        let presentation = fetched.present(&credential(|_| {}), &["name"]);
        fetched.answer(&desk.nobody, &[("membership", &presentation)]).await.oauth_error(400, "invalid_request");
        let left = "reference IS NOT NULL OR reference_digest IS NOT NULL OR nonce IS NOT NULL OR state_digest IS NOT NULL";
        assert_eq!(db.execute(&format!("UPDATE verifications SET template_name = 'x' WHERE {left}")).await, 0);
    }

    async fn what_is_deleted_leaves_the_disk(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let id = verified(&desk).await;
        assert!(is_on_disk(db, "Ada Lovelace").await);
        let kept = desk.view(&id).await["result"]["credentials"][0]["verified_credential"].clone();
        let path = format!("{VERIFIED}/{}", kept.as_str().unwrap());
        desk.key.delete(&path).await.is(204);
        desk.key.delete(&path).await.problem(404, "not-found");
        assert!(!is_on_disk(db, "Ada Lovelace").await);
        let verification = desk.view(&id).await;
        assert_eq!(verification["status"], "verified");
        assert_eq!(verification["result"]["credentials"][0]["claims"], json!(null));

        let id = verified(&desk).await;
        assert!(is_on_disk(db, "Ada Lovelace").await);
        desk.key.delete(&format!("{VERIFICATIONS}/{id}")).await.is(204);
        assert!(!is_on_disk(db, "Ada Lovelace").await);
        assert!(desk.key.get(VERIFIED).await.is(200).column("id").is_empty());
    }

    async fn the_audit_log_tells_each_step_and_no_claims(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let id = verified(&desk).await;
        let events = desk.key.get("/api/v1/audit-events?limit=3").await.is(200);
        assert_eq!(events.column("action"), ["verification.verified", "verification.retrieved", "verification.requested"]);
        assert!(events.json()["items"].as_array().unwrap().iter().all(|event| event["target"]["id"] == id));
        assert!(!events.text.contains("Ada"));
    }
}
