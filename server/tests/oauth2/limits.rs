//! Guessing the secrets of clients is limited by address, at every endpoint that takes them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::support::{Answer, Client, Server};

const ENDPOINTS: [&str; 3] = ["/oauth2/token", "/oauth2/introspect", "/oauth2/revoke"];

/// Sends this secret in the form, or in the header.
async fn send(server: &Server, path: &str, client: &Client, secret: &str, in_header: bool) -> Answer {
    let form = [("grant_type", "client_credentials"), ("token", "x")];
    let own = [("client_id", client.client_id.as_str()), ("client_secret", secret)];
    if !in_header {
        return server.anonymous().post_form(path, &[&form[..], &own].concat()).await;
    }
    let basic = BASE64.encode(format!("{}:{secret}", client.client_id));
    server.anonymous().with("authorization", &format!("Basic {basic}")).post_form(path, &form).await
}

store::both_databases! {
    async fn m16_wrong_secrets_end_at_the_limit_and_hold_up_no_right_one(db: &Database) {
        let server = Server::start_with(db, |settings| settings.public_rate = 3).await;
        let client = server.wallet("Acme").await.client(&[]).await;
        for path in ENDPOINTS {
            send(&server, path, &client, "x", path.ends_with('e')).await.oauth_error(401, "invalid_client");
        }
        for path in ENDPOINTS {
            for in_header in [false, true] {
                let refused = send(&server, path, &client, "x", in_header).await;
                assert_eq!(refused.oauth_error(429, "temporarily_unavailable").header("retry-after"), "20", "{path}");
                send(&server, path, &client, &client.secret, in_header).await.is(200);
            }
            server.anonymous().post_form(path, &[]).await.oauth_error(429, "temporarily_unavailable");
            server.anonymous().post(path, serde_json::json!({})).await.oauth_error(429, "temporarily_unavailable");
        }
        server.move_clock_to("2026-11-23T10:00:20Z");
        send(&server, ENDPOINTS[1], &client, "x", false).await.oauth_error(401, "invalid_client");
    }

    async fn d6_an_address_over_its_limit_learns_nothing_of_a_client(db: &Database) {
        let server = Server::start_with(db, |settings| settings.public_rate = 1).await;
        let wallet = server.wallet("Acme").await;
        let (owner, client) = (wallet.key(&["api_access:change"]).await, wallet.client(&[]).await);
        owner.delete(&format!("/api/v1/oauth-clients/{}", client.id)).await.is(204);
        let told = send(&server, ENDPOINTS[0], &client, &client.secret, false).await.oauth_error(401, "invalid_client");
        assert!(told.member("error_description").contains("deleted"));
        for secret in [client.secret.as_str(), "x"] {
            send(&server, ENDPOINTS[0], &client, secret, false).await.oauth_error(429, "temporarily_unavailable");
        }
    }

    async fn a_form_of_a_client_has_at_most_64_kib(db: &Database) {
        let server = Server::start(db).await;
        let client = server.wallet("Acme").await.client(&[]).await;
        for (length, status) in [(1 << 10, 200), (70 << 10, 400)] {
            let own = [("client_id", client.client_id.as_str()), ("client_secret", client.secret.as_str())];
            let long = "x".repeat(length);
            let form = [&own[..], &[("token", long.as_str())]].concat();
            server.anonymous().post_form("/oauth2/introspect", &form).await.is(status);
        }
    }
}
