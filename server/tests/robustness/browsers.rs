//! What browsers are told: which sites may call what, and how they reach this server.

use http::Method;

use crate::support::{Actor, Server};

const SITE: &str = "https://wallet.example";

async fn preflight(anyone: &Actor, path: &str, method: &str) -> reqwest::Response {
    anyone
        .request(Method::OPTIONS, path)
        .header("origin", SITE)
        .header("access-control-request-method", method)
        .header("access-control-request-headers", "authorization,content-type")
        .send()
        .await
        .unwrap()
}

store::both_databases! {
    async fn pages_of_every_site_may_call_the_public_endpoints_of_the_protocols(db: &Database) {
        let server = Server::start(db).await;
        let wallet = server.wallet("Acme").await.id;
        let unknown = uuid::Uuid::from_u128(7);
        let anyone = server.anonymous();
        let endpoints = [
            ("GET", "/.well-known/oauth-authorization-server".to_owned()),
            ("GET", "/oauth2/jwks".to_owned()),
            ("GET", "/.well-known/did-configuration.json".to_owned()),
            ("GET", format!("/.well-known/openid-credential-issuer/wallets/{wallet}")),
            ("GET", format!("/.well-known/oauth-authorization-server/wallets/{wallet}")),
            ("GET", format!("/wallets/{wallet}/openid4vci/offers/x")),
            ("POST", format!("/wallets/{wallet}/openid4vci/token")),
            ("POST", format!("/wallets/{wallet}/openid4vci/nonce")),
            ("POST", format!("/wallets/{wallet}/openid4vci/credential")),
            ("GET", format!("/wallets/{wallet}/openid4vp/requests/x")),
            ("POST", format!("/wallets/{wallet}/openid4vp/requests/x")),
            ("POST", format!("/wallets/{wallet}/openid4vp/responses/{unknown}")),
            ("GET", format!("/wallets/{wallet}/status-lists/{unknown}")),
            ("GET", format!("/wallets/{wallet}/credential-types/{unknown}")),
            ("GET", format!("/wallets/{wallet}/profile")),
            ("GET", format!("/dids/{unknown}/did.json")),
        ];
        for (method, path) in &endpoints {
            let allowed = preflight(&anyone, path, method).await;
            assert_eq!((allowed.status().as_u16(), &allowed.headers()["access-control-allow-origin"]), (204, &"*".parse().unwrap()), "{path}");
            assert!(allowed.headers()["access-control-allow-methods"].to_str().unwrap().contains(method), "{path}");
            assert_eq!(allowed.headers()["access-control-allow-headers"], "*, authorization", "{path}");
            // Refused or not, the page can read why.
            let request = anyone.request(method.parse().unwrap(), path).header("origin", SITE);
            let answer = request.send().await.unwrap();
            let headers = answer.headers();
            assert_eq!(headers["access-control-allow-origin"], "*", "{path}");
            assert_eq!(headers["access-control-expose-headers"], "*", "{path}");
            assert!(!headers.contains_key("access-control-allow-credentials"), "{path}");
        }
    }

    async fn a_page_that_was_slowed_down_can_read_so(db: &Database) {
        let server = Server::start_with(db, |settings| settings.public_rate = 1).await;
        let path = "/.well-known/oauth-authorization-server";
        let ask = async || server.anonymous().get(path).await;
        ask().await.is(200);
        assert_eq!(ask().await.problem(429, "too-many-requests").header("access-control-allow-origin"), "*");
        assert_eq!(preflight(&server.anonymous(), path, "GET").await.status(), 429, "a preflight counts too");
    }

    async fn the_api_the_console_and_the_endpoints_for_secrets_answer_no_other_site(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let key = acme.key(&["users:view"]).await;
        let paths = ["/api/v1/me", "/api/v1/users", "/api/v1/openapi.json", "/", "/sign-in", "/settings/wallet", "/oauth2/token", "/oauth2/introspect", "/oauth2/revoke"];
        for path in paths {
            assert!([405, 404].contains(&preflight(&server.anonymous(), path, "GET").await.status().as_u16()), "{path}");
            for method in [Method::GET, Method::POST, Method::OPTIONS] {
                let request = key.request(method, path).header("origin", SITE);
                let answer = request.send().await.unwrap();
                let shared = answer.headers().keys().any(|name| name.as_str().starts_with("access-control-"));
                assert!(!shared, "{path}");
            }
        }
    }

    async fn browsers_keep_to_https_where_the_server_is_reached_over_it(db: &Database) {
        let plain = Server::start(db).await;
        assert_eq!(plain.anonymous().get("/api/v1/me").await.header("strict-transport-security"), "");
        let secure = plain.restart_with(db, |settings| settings.public_url = "https://wallet.example.org".parse().unwrap()).await;
        for path in ["/api/v1/me", "/sign-in", "/nowhere", "/.well-known/oauth-authorization-server"] {
            assert_eq!(secure.anonymous().get(path).await.header("strict-transport-security"), "max-age=31536000", "{path}");
        }
    }

    async fn documents_for_everybody_may_be_cached_for_some_minutes_and_their_absence_may_not(db: &Database) {
        let server = Server::start(db).await;
        let wallet = server.wallet("Acme").await.id;
        let cached = async |path: &str| server.anonymous().get(path).await.header("cache-control").to_owned();
        assert_eq!(cached("/oauth2/jwks").await, "public, max-age=300");
        assert_eq!(cached("/.well-known/oauth-authorization-server").await, "public, max-age=300");
        assert_eq!(cached(&format!("/.well-known/oauth-authorization-server/wallets/{wallet}")).await, "public, max-age=300");
        assert_eq!(cached(&format!("/.well-known/openid-credential-issuer/wallets/{wallet}")).await, "public, max-age=60");
        let unknown = uuid::Uuid::from_u128(7);
        assert_eq!(cached(&format!("/.well-known/openid-credential-issuer/wallets/{unknown}")).await, "no-store");
    }
}
