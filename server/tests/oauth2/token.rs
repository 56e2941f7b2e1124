//! `POST /oauth2/token`, and the documents that lead to it.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::Method;
use serde_json::{Value, json};

use crate::support::{Actor, Server};

const TOKEN: &str = "/oauth2/token";

/// One part of a token.
fn part(token: &str, at: usize) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(at).unwrap()).unwrap()).unwrap()
}

fn basic(client_id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{client_id}:{secret}")))
}

store::both_databases! {
    async fn m16_a_client_exchanges_its_secret_for_a_token_that_opens_the_api(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let client = acme.client(&["users:change", "roles:view"]).await;
        let answer = client.ask(&[]).await.is(200);
        let body = answer.json();
        assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(3600)));
        assert_eq!(body["scope"], "roles:view users:change users:view");
        assert_eq!(body.as_object().unwrap().len(), 4, "no refresh token: {body}");
        assert_eq!((answer.header("pragma"), answer.header("cache-control")), ("no-cache", "no-store"));
        let me = client.bearer(&answer.member("access_token")).get("/api/v1/me").await.is(200).json();
        assert_eq!((&me["kind"], &me["name"], &me["id"]), (&json!("oauth_client"), &json!(client.client_id), &json!(client.id)));
        assert_eq!(me["permissions"], json!(["roles:view", "users:change", "users:view"]));
        assert_eq!(me["wallet"]["name"], "Acme");
    }

    async fn m16_the_token_is_a_jwt_of_rfc_9068(db: &Database) {
        let server = Server::start(db).await;
        let client = server.wallet("Acme").await.client(&["users:view"]).await;
        let token = client.token().await;
        let issuer = server.app.settings.public_url.origin();
        let claims = part(&token, 1);
        let now = 1_795_428_000;
        assert_eq!(
            claims,
            json!({
                "iss": issuer, "aud": format!("{issuer}/api/v1"), "sub": client.id, "client_id": client.client_id,
                "iat": now, "exp": now + 3600, "jti": claims["jti"], "scope": "users:view",
            })
        );
        let keys = server.anonymous().get("/oauth2/jwks").await.is(200).json();
        let key = &keys["keys"][0];
        assert_eq!(part(&token, 0), json!({"alg": "ES256", "typ": "at+jwt", "kid": key["kid"]}));
        assert_eq!((&key["kty"], &key["use"], &key["alg"]), (&json!("EC"), &json!("sig"), &json!("ES256")));
        assert_eq!(key.get("d"), None);
        assert_ne!(part(&client.token().await, 1)["jti"], claims["jti"]);
    }

    async fn m16_the_client_presents_itself_with_basic_or_in_the_body_and_not_in_both(db: &Database) {
        let server = Server::start(db).await;
        let client = server.wallet("Acme").await.client(&["users:view"]).await;
        let with_basic = server.anonymous().with("authorization", &basic(&client.client_id, &client.secret));
        let grant = ("grant_type", "client_credentials");
        with_basic.post_form(TOKEN, &[grant]).await.is(200);
        with_basic.post_form(TOKEN, &[grant, ("client_id", &client.client_id)]).await.is(200);
        with_basic.post_form(TOKEN, &[grant, ("client_secret", &client.secret)]).await.oauth_error(400, "invalid_request");
        let twice = with_basic.with("authorization", &basic(&client.client_id, &client.secret));
        twice.post_form(TOKEN, &[grant]).await.oauth_error(400, "invalid_request");
        let escaped = client.client_id.replace('-', "%2D");
        let encoded = server.anonymous().with("authorization", &basic(&escaped, &client.secret));
        encoded.post_form(TOKEN, &[grant]).await.is(200);
    }

    async fn m16_scope_narrows_the_token(db: &Database) {
        let server = Server::start(db).await;
        let client = server.wallet("Acme").await.client(&["users:change", "roles:view"]).await;
        let narrowed = client.ask(&[("scope", "users:view roles:view")]).await.is(200);
        assert_eq!(narrowed.member("scope"), "roles:view users:view");
        let bearer = client.bearer(&narrowed.member("access_token"));
        bearer.get("/api/v1/users").await.is(200);
        let refused = bearer.post("/api/v1/users", json!({})).await.problem(403, "permission-missing");
        assert!(refused.header("www-authenticate").contains(r#"scope="users:change""#));
        let change = client.ask(&[("scope", "users:change")]).await.is(200);
        assert_eq!(change.member("scope"), "users:change users:view");
        assert_eq!(client.ask(&[("scope", "")]).await.is(200).member("scope"), "roles:view users:change users:view");
        for scope in ["roles:change", "users:delete", "users", "users:view  roles:view", "users:view wallet:view", " "] {
            client.ask(&[("scope", scope)]).await.oauth_error(400, "invalid_scope");
        }
    }

    async fn m16_a_client_without_permissions_gets_a_token_for_nothing_but_me(db: &Database) {
        let server = Server::start(db).await;
        let client = server.wallet("Acme").await.client(&[]).await;
        let answer = client.ask(&[]).await.is(200);
        assert_eq!(answer.member("scope"), "");
        let bearer = client.bearer(&answer.member("access_token"));
        bearer.get("/api/v1/me").await.is(200);
        bearer.get("/api/v1/users").await.problem(403, "permission-missing");
    }

    async fn m16_a_request_that_is_not_one_is_refused_in_the_words_of_rfc_6749(db: &Database) {
        let server = Server::start(db).await;
        let client = server.wallet("Acme").await.client(&["users:view"]).await;
        client.post(TOKEN, &[]).await.oauth_error(400, "invalid_request");
        client.post(TOKEN, &[("grant_type", "")]).await.oauth_error(400, "invalid_request");
        client.post(TOKEN, &[("grant_type", "password")]).await.oauth_error(400, "unsupported_grant_type");
        client.ask(&[("grant_type", "client_credentials")]).await.oauth_error(400, "invalid_request");
        client.ask(&[("unknown", "is ignored")]).await.is(200);
        server.anonymous().post(TOKEN, json!({"grant_type": "client_credentials"})).await.oauth_error(400, "invalid_request");
        let query = format!("{TOKEN}?grant_type=client_credentials&client_id={}&client_secret={}", client.client_id, client.secret);
        server.anonymous().post_form(&query, &[]).await.oauth_error(401, "invalid_client");
        server.anonymous().get(TOKEN).await.problem(405, "method-not-allowed");
        let huge = server.anonymous().request(Method::POST, TOKEN).header("content-type", "application/x-www-form-urlencoded");
        Actor::send(huge.body("a".repeat(2 << 20))).await.oauth_error(400, "invalid_request");
    }

    async fn d6_nothing_is_told_before_the_secret_is_proven(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (client, other, key) = (acme.client(&["users:view"]).await, acme.client(&[]).await, acme.key(&[]).await);
        let grant = ("grant_type", "client_credentials");
        let mut answers = Vec::new();
        for (client_id, secret) in [
            (client.client_id.as_str(), other.secret.as_str()),
            ("nobody", &client.secret),
            (&client.client_id.to_uppercase(), &client.secret),
            (&client.client_id, &key.text),
            (&client.client_id, "clvs_wrong"),
            (&client.client_id, &format!("{}x", client.secret)),
        ] {
            let form = [grant, ("client_id", client_id), ("client_secret", secret), ("scope", "nonsense")];
            let answer = server.anonymous().post_form(TOKEN, &form).await.oauth_error(401, "invalid_client");
            assert_eq!(answer.header("www-authenticate"), r#"Basic realm="claviger""#);
            answers.push(answer.text);
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "one constant answer");
    }

    async fn m14_m16_an_expired_or_deleted_client_gets_no_token_and_is_told_why(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let ending = acme.client_named("ending", &["users:view"], Some("2026-11-23")).await;
        let deleted = acme.client(&[]).await;
        acme.administrator_key().await.delete(&deleted.path()).await.is(204);
        assert!(deleted.ask(&[]).await.oauth_error(401, "invalid_client").text.contains("deleted"));
        server.move_clock_to("2026-11-23T23:50:00Z");
        assert_eq!(ending.ask(&[]).await.is(200).json()["expires_in"], 600, "never beyond the client's own end");
        server.move_clock_to("2026-11-24T00:00:00Z");
        assert!(ending.ask(&[]).await.oauth_error(401, "invalid_client").text.contains("expired"));
    }

    async fn d9_two_wallets_may_use_the_same_client_id(db: &Database) {
        let server = Server::start(db).await;
        let (acme, bolt) = (server.wallet("Acme").await, server.wallet("Bolt").await);
        for (wallet, name) in [(&acme, "Acme"), (&bolt, "Bolt")] {
            let client = wallet.client_named("backend", &[], None).await;
            let me = client.bearer(&client.token().await).get("/api/v1/me").await.is(200).json();
            assert_eq!(me["wallet"]["name"], name);
        }
    }

    async fn the_metadata_of_rfc_8414_leads_to_every_endpoint(db: &Database) {
        let server = Server::start(db).await;
        let client = server.wallet("Acme").await.client(&["users:view"]).await;
        let metadata = server.anonymous().get("/.well-known/oauth-authorization-server").await.is(200).json();
        let issuer = server.app.settings.public_url.origin();
        assert_eq!(metadata["issuer"], issuer);
        let path = |member: &str| metadata[member].as_str().unwrap().strip_prefix(issuer).unwrap().to_owned();
        let token = client.token().await;
        client.post(&path("token_endpoint"), &[("grant_type", "client_credentials")]).await.is(200);
        client.post(&path("introspection_endpoint"), &[("token", &token)]).await.is(200);
        client.post(&path("revocation_endpoint"), &[("token", &token)]).await.is(200);
        server.anonymous().get(&path("jwks_uri")).await.is(200);
        server.anonymous().get(&path("service_documentation")).await.is(200);
        assert_eq!(metadata["grant_types_supported"], json!(["client_credentials"]));
        assert_eq!(metadata["response_types_supported"], json!([]));
        let scopes: Vec<String> = serde_json::from_value(metadata["scopes_supported"].clone()).unwrap();
        assert_eq!(scopes.len(), model::PermissionSet::ALL.iter().count());
    }
}
