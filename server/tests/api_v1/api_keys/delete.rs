//! `DELETE /api/v1/api-keys/{id}`

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::KEYS;
use crate::support::Server;

store::both_databases! {
    async fn m13_a_deleted_key_is_revoked_at_once_and_for_good(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (owner, key) = (acme.administrator_key().await, acme.key(&["users:view"]).await);
        key.get("/api/v1/users").await.is(200);
        let deleted = owner.delete(&key.path()).await.is(204);
        assert_eq!(deleted.text, "");
        let refused = key.get("/api/v1/users").await.problem(401, "revoked");
        assert_eq!(refused.header("www-authenticate"), r#"Bearer realm="claviger", error="invalid_token""#);
        owner.delete(&key.path()).await.problem(404, "not-found");
        owner.get(&key.path()).await.problem(404, "not-found");
        assert!(!owner.get(KEYS).await.column("id").contains(&key.id.clone().into()));
    }

    async fn m13_after_the_answer_no_request_is_admitted_however_many_are_under_way(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let owner = acme.administrator_key().await;
        for _ in 0..5 {
            let key = acme.key(&["users:view"]).await;
            let (answered, admitted) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
            let callers: Vec<_> = (0..8)
                .map(|_| {
                    let (key, answered, admitted) = (key.clone(), Arc::clone(&answered), Arc::clone(&admitted));
                    tokio::spawn(async move {
                        loop {
                            let sent_after = answered.load(Ordering::SeqCst);
                            let status = key.get("/api/v1/users").await.status;
                            if sent_after {
                                return status;
                            }
                            admitted.fetch_add(usize::from(status == 200), Ordering::SeqCst);
                        }
                    })
                })
                .collect();
            while admitted.load(Ordering::SeqCst) < 8 {
                tokio::task::yield_now().await;
            }
            owner.delete(&key.path()).await.is(204);
            answered.store(true, Ordering::SeqCst);
            for caller in callers {
                assert_eq!(caller.await.unwrap(), 401);
            }
        }
    }

    async fn m13_a_revoked_key_stays_revoked_after_a_restart(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (owner, key) = (acme.administrator_key().await, acme.key(&[]).await);
        owner.delete(&key.path()).await.is(204);
        let text = key.text.clone();
        let server = server.restart(db).await;
        server.anonymous().with("x-api-key", &text).get("/api/v1/me").await.problem(401, "revoked");
    }

    async fn an_expired_key_can_be_deleted_and_is_then_told_to_be_revoked(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (owner, key) = (acme.administrator_key().await, acme.key_until("2026-11-23", &[]).await);
        server.move_clock_to("2026-11-24T00:00:00Z");
        key.get("/api/v1/me").await.problem(401, "expired");
        owner.delete(&key.path()).await.is(204);
        key.get("/api/v1/me").await.problem(401, "revoked");
    }

    async fn a_key_can_give_itself_up(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.key(&["api_access:change"]).await;
        key.delete(&key.path()).await.is(204);
        key.get("/api/v1/me").await.problem(401, "revoked");
    }

    async fn m7_deleting_a_key_needs_change(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (viewer, key) = (acme.key(&["api_access:view", "users:change"]).await, acme.key(&[]).await);
        let refused = viewer.delete(&key.path()).await.problem(403, "permission-missing");
        assert_eq!(refused.member("required_permission"), "api_access:change");
        key.get("/api/v1/me").await.is(200);
    }

    async fn a_deletion_is_told_once(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (owner, key) = (acme.administrator_key().await, acme.key(&[]).await);
        owner.delete(&key.path()).await.is(204);
        owner.delete(&key.path()).await.is(404);
        let events = owner.get(&format!("/api/v1/audit-events?target_id={}", key.id)).await.is(200);
        assert_eq!(events.column("action"), ["api_key.revoked", "api_key.created"]);
    }
}
