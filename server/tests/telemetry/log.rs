//! The log tells who asked for what, and why the server failed, under the request's id.

use http::Method;

use crate::support::{Server, log};

/// The line that tells of this request under this target.
#[track_caller]
fn line(target: &str, request_id: &str) -> String {
    let text = String::from_utf8(log::text()).unwrap();
    let line = text.lines().find(|line| line.contains(target) && line.contains(request_id));
    line.unwrap_or_else(|| panic!("no {target} of {request_id}")).to_owned()
}

store::both_databases! {
    async fn the_access_log_tells_the_request_and_the_caller(db: &Database) {
        log::capture();
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let key = acme.key(&["users:view"]).await;
        let answer = key.get("/api/v1/users/01935500-0000-7000-8000-000000000000?q=query").await.is(404);
        let told = line("DEBUG claviger::access", answer.header("x-request-id"));
        let (key_id, wallet) = (format!("key_id={}", &key.text[5..21]), format!("wallet={}", acme.id));
        for wanted in ["method=\"GET\"", "route=\"/api/v1/users/{id}\"", "status=404", "duration_ms=", "kind=\"api_key\"", &key_id, &wallet] {
            assert!(told.contains(wanted), "no {wanted}: {told}");
        }
        assert!(!told.contains("query") && !told.contains("01935500-0000"), "{told}");

        let nobody = server.anonymous().get("/api/v1/me").await.is(401);
        let told = line("DEBUG claviger::access", nobody.header("x-request-id"));
        assert!(told.contains("status=401") && !told.contains("key_id"), "{told}");
    }

    async fn a_failure_is_told_with_its_cause_under_the_id_of_the_request(db: &Database) {
        log::capture();
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.key(&["users:view"]).await;
        server.app.store.close().await;
        let answer = key.request(Method::GET, "/api/v1/users").send().await.unwrap();
        assert!(answer.status().is_server_error());
        let request_id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
        let told = line("ERROR kernel::", &request_id);
        assert!(told.contains("the store failed: ") && told.contains(answer.status().as_str()), "{told}");
        assert!(!answer.text().await.unwrap().contains("store"), "only the log tells");
    }

    async fn a_failure_of_every_request_has_no_more_lines_than_the_log_can_bear(db: &Database) {
        log::capture();
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.key(&["users:view"]).await;
        server.app.store.close().await;
        let mut ids = Vec::new();
        for _ in 0..620 {
            let answer = key.request(Method::GET, "/api/v1/users").send().await.unwrap();
            assert!(answer.status().is_server_error());
            ids.push(format!("request_id={}", answer.headers()["x-request-id"].to_str().unwrap()));
        }
        let text = String::from_utf8(log::text()).unwrap();
        let failures: Vec<&str> = text.lines().filter(|line| line.contains("the server failed")).collect();
        let logged = ids.iter().filter(|id| failures.iter().any(|line| line.contains(id.as_str()))).count();
        assert_eq!(logged, 600, "a minute");
        server.app.clock.move_to("2026-11-23T10:01:00Z".parse().unwrap());
        key.request(Method::GET, "/api/v1/users").send().await.unwrap();
        let text = String::from_utf8(log::text()).unwrap();
        assert!(text.lines().any(|line| line.contains("the server failed") && line.contains("unlogged=20")));
    }
}
