//! Introspection (RFC 7662), revocation (RFC 7009) and the rotation of keys.

use access::oauth2;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use serde_json::{Value, json};

use crate::support::Server;

const INTROSPECT: &str = "/oauth2/introspect";
const REVOKE: &str = "/oauth2/revoke";

/// The `kid` in the header of a token.
fn kid(token: &str) -> String {
    let header = BASE64URL.decode(token.split('.').next().unwrap()).unwrap();
    serde_json::from_slice::<Value>(&header).unwrap()["kid"].as_str().unwrap().to_owned()
}

store::both_databases! {
    async fn m16_introspection_tells_what_a_token_is_worth_now(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let client = acme.client(&["users:change"]).await;
        let token = client.token().await;
        let told = client.post(INTROSPECT, &[("token", &token), ("token_type_hint", "access_token")]).await.is(200).json();
        assert_eq!((&told["active"], &told["client_id"]), (&json!(true), &json!(client.client_id)));
        assert_eq!((&told["scope"], &told["sub"]), (&json!("users:change users:view"), &json!(client.id)));
        let narrower = json!({"permissions": ["users:view"]});
        acme.administrator_key().await.patch(&client.path(), narrower).await.is(200);
        let told = client.post(INTROSPECT, &[("token", &token)]).await.is(200).json();
        assert_eq!(told["scope"], "users:view");
        client.post(INTROSPECT, &[]).await.oauth_error(400, "invalid_request");
        server.anonymous().post_form(INTROSPECT, &[("token", &token)]).await.oauth_error(401, "invalid_client");
    }

    async fn m16_of_what_is_not_its_own_a_client_learns_only_that_it_is_inactive(db: &Database) {
        let server = Server::start(db).await;
        let (acme, bolt) = (server.wallet("Acme").await, server.wallet("Bolt").await);
        let (client, other) = (acme.client(&["users:view"]).await, acme.client(&["users:view"]).await);
        let auditor = acme.client(&["api_access:view"]).await;
        let elsewhere = bolt.client(&["api_access:view"]).await;
        let token = client.token().await;
        let inactive = r#"{"active":false}"#;
        for asker in [&other, &elsewhere] {
            assert_eq!(asker.post(INTROSPECT, &[("token", &token)]).await.is(200).text, inactive);
        }
        assert_eq!(auditor.post(INTROSPECT, &[("token", &token)]).await.is(200).json()["active"], true);
        for nonsense in ["x", "a.b.c", &client.secret, &token[..token.len() - 1]] {
            assert_eq!(client.post(INTROSPECT, &[("token", nonsense)]).await.is(200).text, inactive);
        }
        server.move_clock_to("2026-11-23T11:00:00Z");
        assert_eq!(client.post(INTROSPECT, &[("token", &token)]).await.is(200).text, inactive, "over");
    }

    async fn m16_a_revoked_token_is_refused_at_once_and_the_others_stay(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (client, other) = (acme.client(&["users:view"]).await, acme.client(&[]).await);
        let (gone, stays) = (client.token().await, client.token().await);
        client.bearer(&gone).get("/api/v1/users").await.is(200);
        other.post(REVOKE, &[("token", &gone)]).await.oauth_error(400, "unauthorized_client");
        client.bearer(&gone).get("/api/v1/users").await.is(200);
        for _ in 0..2 {
            assert_eq!(client.post(REVOKE, &[("token", &gone)]).await.is(200).text, "");
        }
        client.bearer(&gone).get("/api/v1/users").await.problem(401, "revoked");
        client.bearer(&stays).get("/api/v1/users").await.is(200);
        assert_eq!(client.post(INTROSPECT, &[("token", &gone)]).await.is(200).text, r#"{"active":false}"#);
        client.post(REVOKE, &[("token", "nonsense")]).await.is(200);
        client.post(REVOKE, &[]).await.oauth_error(400, "invalid_request");
    }

    async fn m16_a_rotation_keeps_old_tokens_valid_and_forgets_the_key_after_them(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let client = acme.client(&["users:view"]).await;
        let before = client.token().await;
        oauth2::rotate(&server.app, &acme.operator()).await.unwrap();
        let after = client.token().await;
        let keys = async || server.anonymous().get("/oauth2/jwks").await.is(200).json()["keys"].as_array().unwrap().len();
        assert_eq!(keys().await, 2);
        for token in [&before, &after] {
            client.bearer(token).get("/api/v1/users").await.is(200);
        }
        server.move_clock_to("2026-11-23T11:05:00Z");
        assert_eq!(keys().await, 1);
    }

    async fn m16_a_new_key_is_published_for_as_long_as_a_copy_may_be_cached_before_it_signs(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let client = acme.client(&["users:view"]).await;
        let jwks = server.anonymous().get("/oauth2/jwks").await.is(200);
        assert_eq!(jwks.header("cache-control"), "public, max-age=300");
        let first = kid(&client.token().await);
        for at in ["2026-11-23T10:01:00Z", "2026-11-23T10:04:00Z"] {
            server.move_clock_to(at);
            oauth2::rotate(&server.app, &acme.operator()).await.unwrap();
            assert_eq!(kid(&client.token().await), first, "the replaced key signs on");
        }
        let published: Vec<String> = server.anonymous().get("/oauth2/jwks").await.json()["keys"].as_array().unwrap()
            .iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect();
        assert_eq!((published.len(), &published[0]), (3, &first));
        server.move_clock_to("2026-11-23T10:05:59Z");
        let last = client.token().await;
        assert_eq!(kid(&last), first);
        server.move_clock_to("2026-11-23T10:06:00Z");
        assert_eq!(kid(&client.token().await), published[1], "five minutes after it was published");
        server.move_clock_to("2026-11-23T10:09:00Z");
        assert_eq!(kid(&client.token().await), published[2]);
        server.move_clock_to("2026-11-23T11:05:58Z");
        client.bearer(&last).get("/api/v1/users").await.is(200);
    }

    async fn m16_a_key_is_replaced_by_itself_after_90_days(db: &Database) {
        let server = Server::start(db).await;
        let client = server.wallet("Acme").await.client(&["users:view"]).await;
        let kid = async || {
            client.token().await;
            let keys = server.anonymous().get("/oauth2/jwks").await.json();
            keys["keys"].as_array().unwrap().last().unwrap()["kid"].as_str().unwrap().to_owned()
        };
        let first = kid().await;
        server.move_clock_to("2027-02-21T09:59:59Z");
        assert_eq!(kid().await, first);
        server.move_clock_to("2027-02-21T10:00:00Z");
        assert_ne!(kid().await, first);
    }
}
