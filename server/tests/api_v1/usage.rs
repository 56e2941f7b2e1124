//! `GET /api/v1/api-keys/{id}/usage` and `GET /api/v1/oauth-clients/{id}/usage`

use serde_json::{Value, json};

use crate::support::{Answer, Server};

/// Requests and refusals of the last days, the youngest last.
fn days(answer: &Answer) -> Vec<(String, u64, u64)> {
    let days = answer.json()["days"].as_array().cloned().unwrap();
    let day = |day: &Value| {
        let number = |member: &str| day[member].as_u64().unwrap();
        (day["date"].as_str().unwrap().to_owned(), number("requests"), number("refusals"))
    };
    days.iter().map(day).collect()
}

fn day(date: &str, requests: u64, refusals: u64) -> (String, u64, u64) {
    (date.to_owned(), requests, refusals)
}

store::both_databases! {
    async fn every_request_of_a_proven_key_counts_and_it_is_told_which_were_refused(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (viewer, key) = (acme.key(&["api_access:change"]).await, acme.key_until("2026-11-24", &[]).await);
        let path = format!("{}/usage", key.path());
        let usage = viewer.get(&path).await.is(200).json();
        assert_eq!((&usage["requests"], &usage["refusals"], &usage["last_used_at"]), (&json!(0), &json!(0), &Value::Null));
        let none = usage["days"].as_array().unwrap();
        assert_eq!((none.len(), &none[0]["date"]), (30, &json!("2026-10-25")));
        assert_eq!(none[29], json!({"date": "2026-11-23", "requests": 0, "refusals": 0, "last_used_at": null}));

        key.get("/api/v1/me").await.is(200);
        key.get("/api/v1/me").await.is(200);
        key.get("/api/v1/users").await.problem(403, "permission-missing");
        key.without("x-api-key").with("x-api-key", &format!("{}x", key.text)).get("/api/v1/me").await.is(401);
        let usage = viewer.get(&path).await.is(200);
        assert_eq!(days(&usage)[29], day("2026-11-23", 3, 1), "admitted, and once without the permission");

        viewer.patch(&key.path(), json!({"requests_per_minute": 1})).await.is(200);
        server.move_clock_to("2026-11-24T10:00:00Z");
        key.get("/api/v1/me").await.is(200);
        key.get("/api/v1/me").await.problem(429, "too-many-requests");
        let usage = viewer.get(&path).await.is(200);
        assert_eq!(days(&usage)[28..], [day("2026-11-23", 3, 1), day("2026-11-24", 2, 1)], "over the limit");

        server.move_clock_to("2026-11-25T00:00:00Z");
        key.get("/api/v1/me").await.problem(401, "expired");
        let usage = viewer.get(&format!("{path}?days=2")).await.is(200);
        assert_eq!(days(&usage), [day("2026-11-24", 2, 1), day("2026-11-25", 1, 1)], "expired");
        let usage = usage.json();
        assert_eq!((&usage["requests"], &usage["refusals"]), (&json!(3), &json!(2)));
        assert_eq!(usage["last_used_at"], "2026-11-24T10:00:00Z");
        assert_eq!(usage["days"][0]["last_used_at"], "2026-11-24T10:00:00Z");
        assert_eq!(usage["days"][1]["last_used_at"], Value::Null);
    }

    async fn a_day_ends_at_midnight_in_the_wallets_zone(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet_in("Europe/Amsterdam", "Acme").await;
        let (viewer, key) = (acme.key(&["api_access:view"]).await, acme.key(&[]).await);
        let path = format!("{}/usage?days=2", key.path());
        server.move_clock_to("2026-11-23T22:59:59.999Z");
        key.get("/api/v1/me").await.is(200);
        assert_eq!(days(&viewer.get(&path).await), [day("2026-11-22", 0, 0), day("2026-11-23", 1, 0)]);
        server.move_clock_to("2026-11-23T23:00:00Z");
        key.get("/api/v1/me").await.is(200);
        key.get("/api/v1/me").await.is(200);
        assert_eq!(days(&viewer.get(&path).await), [day("2026-11-23", 1, 0), day("2026-11-24", 2, 0)]);
    }

    async fn what_is_written_and_what_is_not_yet_are_told_together(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (viewer, key) = (acme.key(&["api_access:view"]).await, acme.key(&[]).await);
        let path = format!("{}/usage?days=1", key.path());
        for written in 0..3 {
            assert_eq!(days(&viewer.get(&path).await), [day("2026-11-23", written * 2, written)]);
            key.get("/api/v1/me").await.is(200);
            key.get("/api/v1/users").await.is(403);
            assert_eq!(days(&viewer.get(&path).await), [day("2026-11-23", written * 2 + 2, written + 1)]);
            access::api_access::flush_usage(&server.app).await.unwrap();
        }
        let text = viewer.text.clone();
        let server = server.restart(db).await;
        let viewer = server.anonymous().with("x-api-key", &text);
        let usage = viewer.get(&path).await.is(200);
        assert_eq!((days(&usage), usage.member("last_used_at")), (vec![day("2026-11-23", 6, 3)], "2026-11-23T10:00:00Z".into()));
    }

    async fn a_client_has_its_usage_where_it_is_itself(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (viewer, client) = (acme.key(&["api_access:view"]).await, acme.client(&[]).await);
        let bearer = client.bearer(&client.token().await);
        bearer.get("/api/v1/me").await.is(200);
        bearer.get("/api/v1/users").await.is(403);
        let usage = viewer.get(&format!("{}/usage?days=1", client.path())).await.is(200);
        assert_eq!(days(&usage), [day("2026-11-23", 3, 1)], "its token was a request too");
    }

    async fn the_days_are_1_to_366(db: &Database) {
        let server = Server::start(db).await;
        let viewer = server.wallet("Acme").await.key(&["api_access:view"]).await;
        let path = format!("{}/usage", viewer.path());
        for (asked, count) in [("1", 1), ("366", 366)] {
            assert_eq!(days(&viewer.get(&format!("{path}?days={asked}")).await.is(200)).len(), count);
        }
        for asked in ["0", "367", "-1", "4294967296", "many", "", "1.5"] {
            viewer.get(&format!("{path}?days={asked}")).await.refuses(&[("days", "invalid")]);
        }
        viewer.get(&format!("{path}?weeks=1")).await.refuses(&[("weeks", "unknown")]);
    }

    async fn m7_viewing_the_usage_needs_view(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.key(&["users:change"]).await;
        let refused = key.get(&format!("{}/usage", key.path())).await.problem(403, "permission-missing");
        assert_eq!(refused.member("required_permission"), "api_access:view");
    }
}
