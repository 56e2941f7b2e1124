//! Metrics tell what happened, on their own listener, with labels that nobody can multiply.

use std::collections::BTreeSet;

use http::Method;

use crate::support::{Actor, Server, ask_metrics, forged, scrape};

const USERS: &str = "/api/v1/users";

async fn observed(db: &store::testing::Database) -> Server {
    Server::start_with(db, |settings| settings.metrics = true).await
}

/// The value of this series.
#[track_caller]
fn value(text: &str, series: &str) -> u64 {
    let line = text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {series} in\n{text}")).parse().unwrap()
}

fn admissions(text: &str, outcome: &str) -> u64 {
    value(text, &format!("claviger_admissions_total{{outcome=\"{outcome}\"}}"))
}

/// How many answers of this kind there were.
#[track_caller]
fn answers(text: &str, method: &str, route: &str, status: u16) -> u64 {
    let labels =
        format!("http_request_method=\"{method}\",http_route=\"{route}\",http_response_status_code=\"{status}\"");
    let count = value(text, &format!("http_server_request_duration_seconds_count{{{labels}}}"));
    let all = format!("http_server_request_duration_seconds_bucket{{le=\"+Inf\",{labels}}}");
    assert_eq!(value(text, &all), count);
    count
}

fn series(text: &str) -> BTreeSet<&str> {
    text.lines().filter(|line| !line.starts_with('#')).map(|line| line.rsplit_once(' ').unwrap().0).collect()
}

store::both_databases! {
    async fn requests_and_answers_of_the_gate_are_counted(db: &Database) {
        let server = observed(db).await;
        let acme = server.wallet("Acme").await;
        let key = acme.key(&["users:view"]).await;
        let deleted = acme.key(&[]).await;
        acme.administrator_key().await.delete(&deleted.path()).await.is(204);
        let before = scrape(&server).await;

        for _ in 0..3 {
            key.get(USERS).await.is(200);
        }
        key.get("/api/v1/roles").await.is(403);
        key.get(&format!("{USERS}/01935500-0000-7000-8000-000000000000")).await.is(404);
        let nobody = server.anonymous();
        nobody.get(USERS).await.is(401);
        key.with("cookie", "claviger=x").get(USERS).await.is(400);
        nobody.with("x-api-key", "x").get(USERS).await.is(401);
        nobody.with("x-api-key", &forged(None)).get(USERS).await.is(401);
        nobody.with("x-api-key", &forged(Some(&key.text[5..21]))).get(USERS).await.is(401);
        deleted.get(USERS).await.is(401);
        server.move_clock_to("2027-11-25T00:00:00Z");
        key.get(USERS).await.is(401);

        let text = scrape(&server).await;
        assert_eq!(admissions(&text, "admitted") - admissions(&before, "admitted"), 5);
        for outcome in ["nothing_presented", "more_than_one_presented", "malformed", "unknown", "wrong_secret", "revoked", "expired"] {
            assert_eq!(admissions(&text, outcome), 1, "{outcome}");
        }
        assert_eq!(value(&text, "claviger_permission_refusals_total"), 1);
        assert_eq!(answers(&text, "GET", USERS, 200), 3);
        assert_eq!(answers(&text, "GET", USERS, 401), 6);
        assert_eq!(answers(&text, "GET", USERS, 400), 1);
        assert_eq!(answers(&text, "GET", "/api/v1/users/{id}", 404), 1);
        assert_eq!(value(&text, "claviger_keys{kind=\"api_key\"}"), 3);
        assert!(value(&text, "claviger_revision") >= 4);
        assert_eq!(value(&text, concat!("claviger_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"}")), 1);
        assert!(!cfg!(target_os = "linux") || value(&text, "process_resident_memory_bytes") > 1 << 20);
        assert!(text.ends_with("# EOF\n"));
    }

    async fn a_client_that_asks_for_a_token_is_counted_too(db: &Database) {
        let server = observed(db).await;
        let client = server.wallet("Acme").await.client(&[]).await;
        client.ask(&[]).await.is(200);
        let wrong = [("grant_type", "client_credentials"), ("client_id", "x"), ("client_secret", client.secret.as_str())];
        server.anonymous().post_form("/oauth2/token", &wrong).await.is(401);
        let text = scrape(&server).await;
        assert_eq!((admissions(&text, "admitted"), admissions(&text, "other_client_id")), (1, 1));
        assert_eq!(answers(&text, "POST", "/oauth2/token", 200), 1);
        assert_eq!(value(&text, "claviger_keys{kind=\"oauth_client\"}"), 1);
    }

    async fn an_address_beyond_its_limit_and_a_key_beyond_its_own_are_counted(db: &Database) {
        let server = Server::start_with(db, |settings| {
            settings.metrics = true;
            settings.public_rate = 2;
            settings.key_rate = 2;
        })
        .await;
        let key = server.wallet("Acme").await.key(&[]).await;
        for status in [200, 200, 429] {
            key.get("/api/v1/me").await.is(status);
        }
        for status in [401, 401, 429] {
            server.anonymous().get(USERS).await.is(status);
        }
        let text = scrape(&server).await;
        assert_eq!(admissions(&text, "too_many_requests"), 1);
        assert_eq!(value(&text, "claviger_address_refusals_total"), 1);
    }

    async fn a_flood_of_strange_paths_and_methods_makes_no_series(db: &Database) {
        let server = observed(db).await;
        let nobody = server.anonymous();
        let flood = async |from: u32| {
            for number in from..from + 50 {
                let method = Method::from_bytes(format!("STRANGE{number}").as_bytes()).unwrap();
                nobody.get(&format!("/strange/{number}")).await.is(404);
                nobody.get(&format!("/api/v1/users/{number}?strange={number}")).await.is(401);
                nobody.get(&format!("/api/v1/strange/{number}")).await.is(404);
                Actor::send(nobody.request(method, USERS)).await.is(405);
            }
        };
        flood(0).await;
        let text = scrape(&server).await;
        flood(50).await;
        let again = scrape(&server).await;
        assert_eq!(series(&text), series(&again));
        assert!(!again.to_lowercase().contains("strange"));
        assert_eq!(answers(&again, "GET", "", 404), 200);
        assert_eq!(answers(&again, "_OTHER", USERS, 405), 100);
        assert_eq!(answers(&again, "GET", "/api/v1/users/{id}", 401), 100);
    }

    async fn metrics_name_no_wallet_and_no_key(db: &Database) {
        let server = observed(db).await;
        let acme = server.wallet("Acme").await;
        let key = acme.administrator_key().await;
        key.get(&key.path()).await.is(200);
        let text = scrape(&server).await;
        for secret in [&key.id, &key.text, &key.text[5..21], &acme.id.to_string(), "Acme", "key-"] {
            assert!(!text.contains(secret), "{secret} stands in\n{text}");
        }
    }

    async fn metrics_stand_on_their_own_listener_and_nothing_else_does(db: &Database) {
        let server = observed(db).await;
        server.anonymous().get("/metrics").await.problem(404, "not-found");
        server.wallet("Acme").await.administrator_key().await.get("/metrics").await.problem(404, "not-found");
        let answer = ask_metrics(&server, "/metrics").await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "application/openmetrics-text; version=1.0.0; charset=utf-8");
        for path in ["/", "/api/v1/me", "/sign-in"] {
            assert_eq!(ask_metrics(&server, path).await.status(), 404, "{path}");
        }
    }
}
