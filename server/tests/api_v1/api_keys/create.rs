//! `POST /api/v1/api-keys`

use http::Method;
use serde_json::json;

use super::KEYS;
use crate::support::{Actor, Server};

store::both_databases! {
    async fn m2_a_key_has_a_name_permissions_an_expiry_date_and_notes(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let maker = acme.key(&["api_access:change", "holder_credentials:view"]).await;
        let asked = json!({
            "name": "acme-backend",
            "expires_on": "2027-01-31",
            "notes": "Acme Ltd, ops@acme.example\nnightly sync",
            "permissions": ["holder_credentials:view"],
        });
        let made = maker.post(KEYS, asked).await.is(201);
        let (id, text) = (made.member("id"), made.member("key"));
        assert_eq!(made.header("location"), format!("{KEYS}/{id}"));
        assert_eq!(made.json(), json!({
            "id": id,
            "name": "acme-backend",
            "permissions": ["holder_credentials:view"],
            "expires_on": "2027-01-31",
            "expires_at": "2027-02-01T00:00:00Z",
            "notes": "Acme Ltd, ops@acme.example\nnightly sync",
            "status": "active",
            "key_id": &text[5..21],
            "created_at": "2026-11-23T10:00:00Z",
            "created_by": {"kind": "api_key", "id": maker.id, "name": "key-1"},
            "last_used_at": null,
            "requests_per_minute": null,
            "key": text,
        }));
    }

    async fn the_key_text_has_its_documented_form(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["api_access:change"]).await;
        let text = maker.post(KEYS, json!({"name": "a"})).await.is(201).member("key");
        assert!(text.starts_with("clvk_") && text.len() == 59, "{text}");
        assert!(text[5..].chars().all(|c| c.is_ascii_alphanumeric()), "{text}");
    }

    async fn m11_a_new_key_works_at_once_and_stands_in_the_list(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["api_access:change", "users:view"]).await;
        let made = maker.post(KEYS, json!({"name": "a", "permissions": ["users:view"]})).await.is(201);
        server.anonymous().with("x-api-key", &made.member("key")).get("/api/v1/users").await.is(200);
        assert!(maker.get(KEYS).await.is(200).column("name").contains(&json!("a")));
    }

    async fn m8_only_the_name_is_required_and_nothing_is_ticked(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.session(&["api_access:change"]).await;
        let made = maker.post(KEYS, json!({"name": "a"})).await.is(201).json();
        assert_eq!((&made["permissions"], &made["notes"]), (&json!([]), &json!("")));
        assert_eq!(made["expires_on"], "2027-11-23", "one year from today");
        assert_eq!(made["created_by"]["kind"], "user");
    }

    async fn m9_change_selects_view_by_itself(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["api_access:change", "users:change"]).await;
        let made = maker.post(KEYS, json!({"name": "a", "permissions": ["users:change"]})).await.is(201);
        assert_eq!(made.json()["permissions"], json!(["users:change", "users:view"]));
    }

    async fn d3_a_name_is_trimmed_composed_and_1_to_64_characters_without_controls(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["api_access:change"]).await;
        for (sent, kept) in [("  padded \t", "padded"), ("Cafe\u{301}", "Caf\u{e9}"), (&"é".repeat(64), &"é".repeat(64))] {
            assert_eq!(maker.post(KEYS, json!({"name": sent})).await.is(201).member("name"), kept);
        }
        for refused in ["", " \t ", &"é".repeat(65), "a\u{0}b", "a\nb", "a\u{202E}b"] {
            maker.post(KEYS, json!({"name": refused})).await.refuses(&[("name", "invalid")]);
        }
    }

    async fn d3_a_name_is_unique_in_the_wallet_without_regard_to_case(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["api_access:change"]).await;
        maker.post(KEYS, json!({"name": "Straße"})).await.is(201);
        for name in ["Straße", "STRASSE", " strasse "] {
            let taken = maker.post(KEYS, json!({"name": name})).await.problem(409, "name-in-use");
            assert_eq!(taken.refused(), ["name: name-in-use"]);
        }
        let other = server.wallet("Bolt").await.key(&["api_access:change"]).await;
        other.post(KEYS, json!({"name": "Straße"})).await.is(201);
    }

    async fn d3_an_expired_key_keeps_its_name_and_a_deleted_key_frees_it(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["api_access:change"]).await;
        let made = maker.post(KEYS, json!({"name": "a", "expires_on": "2026-11-23"})).await.is(201);
        server.move_clock_to("2026-11-25T00:00:00Z");
        maker.post(KEYS, json!({"name": "A"})).await.problem(409, "name-in-use");
        maker.delete(made.header("location")).await.is(204);
        maker.post(KEYS, json!({"name": "A"})).await.is(201);
    }

    async fn d3_of_many_keys_of_one_name_at_once_one_is_made(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["api_access:change"]).await;
        let requests: Vec<_> = (0..8)
            .map(|_| Actor::send(maker.request(Method::POST, KEYS).json(&json!({"name": "a"}))))
            .map(tokio::spawn)
            .collect();
        let mut statuses = Vec::new();
        for request in requests {
            statuses.push(request.await.unwrap().status);
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
    }

    async fn every_refused_field_is_told_at_once(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["api_access:change"]).await;
        let asked = json!({"name": "", "notes": "\u{7}", "expires_on": "2026-11-22"});
        let refused = maker.post(KEYS, asked).await.problem(422, "invalid-request").refused();
        assert_eq!(refused, ["name: invalid", "notes: invalid", "expires_on: invalid"]);
    }

    async fn notes_have_up_to_2000_characters(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["api_access:change"]).await;
        maker.post(KEYS, json!({"name": "a", "notes": "é".repeat(2000)})).await.is(201);
        maker.post(KEYS, json!({"name": "b", "notes": "é".repeat(2001)})).await.refuses(&[("notes", "invalid")]);
    }

    async fn what_is_no_permission_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["api_access:change"]).await;
        for unknown in ["users", "users:read", "users:View", "audit_log:change", "", "*"] {
            let refused = maker.post(KEYS, json!({"name": "a", "permissions": [unknown]})).await;
            assert!(refused.problem(422, "invalid-request").refused()[0].starts_with("permissions"));
        }
        assert_eq!(maker.get(KEYS).await.column("name").len(), 1, "nothing was made");
    }

    async fn m7_making_a_key_needs_change(db: &Database) {
        let server = Server::start(db).await;
        let viewer = server.wallet("Acme").await.key(&["api_access:view", "users:change"]).await;
        let refused = viewer.post(KEYS, json!({"name": "a"})).await.problem(403, "permission-missing");
        assert_eq!(refused.member("required_permission"), "api_access:change");
        assert_eq!(
            refused.header("www-authenticate"),
            r#"Bearer realm="claviger", error="insufficient_scope", scope="api_access:change""#
        );
    }

    async fn who_may_not_make_a_key_learns_nothing_of_the_body(db: &Database) {
        let server = Server::start(db).await;
        let viewer = server.wallet("Acme").await.key(&["api_access:view"]).await;
        viewer.post(KEYS, json!({"colour": 1})).await.problem(403, "permission-missing");
        server.anonymous().post(KEYS, json!({"colour": 1})).await.problem(401, "unauthenticated");
    }
}
