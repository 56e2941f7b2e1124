//! What the machine lacks: 503 with the time of another try, at every kind of endpoint, and over when it is there again.

use http::Method;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use store::testing::Database;
use store::{Author, Location};

use crate::support::{PASSWORD, Server};

const CONTACTS: &str = "/api/v1/trusted-contacts";

fn request(server: &Server, method: Method, path: &str) -> RequestBuilder {
    let client = Client::builder().no_proxy().build().unwrap();
    client.request(method, format!("{}{path}", server.origin()))
}

fn contact(name: &str, notes: &str) -> Value {
    json!({"name": name, "did": format!("did:web:{name}.example"), "notes": notes})
}

/// Status, media type, `Retry-After` and body.
async fn answer(request: RequestBuilder) -> (u16, String, String, String) {
    let answer = request.send().await.unwrap();
    let header = |name: &str| answer.headers().get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
    let (status, kind, retry) = (answer.status().as_u16(), header("content-type"), header("retry-after"));
    (status, kind, retry, answer.text().await.unwrap())
}

/// The server waits no longer than this for a lock.
async fn impatient(server: &Server, db: &Database) {
    let setting = match db.location() {
        Location::Sqlite(_) => "PRAGMA busy_timeout = 20",
        Location::Postgres(_) => "SET lock_timeout = 20",
    };
    server.app.store.execute_on_writers(setting).await.unwrap();
}

store::both_databases! {
    async fn a_lock_that_is_held_too_long_is_503_at_every_kind_of_endpoint_and_the_next_write_works(db: &Database) {
        let server = Server::start(db).await;
        let wallet = server.wallet("Acme").await;
        let key = wallet.key(&["trusted_contacts:change"]).await;
        let client = wallet.client(&[]).await;
        let session = wallet.session(&[]).await;
        let basic = [("client_id", client.client_id.as_str()), ("client_secret", &client.secret)];
        let token = [&[("grant_type", "client_credentials")][..], &basic].concat();
        let form = [("email", session.email.as_str()), ("password", PASSWORD)];
        let writes = || [
            ("application/problem+json", 201, request(&server, Method::POST, CONTACTS).header("x-api-key", &key.text).json(&contact("chamber", ""))),
            ("application/problem+json", 200, request(&server, Method::POST, "/oauth2/token").form(&token)),
            ("text/html; charset=utf-8", 200, request(&server, Method::POST, "/sign-in").header("accept", "text/html").header("sec-fetch-site", "same-origin").form(&form)),
        ];
        // A token is signed with a key that its first request makes.
        assert_eq!(answer(request(&server, Method::POST, "/oauth2/token").form(&token)).await.0, 200);

        let beside = db.store().await;
        let author = Author { wallet_id: wallet.id, actor: model::Actor::operator(), request_id: None, at: server.app.clock.now() };
        let held = beside.begin(author).await.unwrap();
        for (kind, _, write) in writes() {
            impatient(&server, db).await;
            let (status, media_type, retry_after, body) = answer(write).await;
            assert_eq!((status, media_type.as_str(), retry_after.as_str()), (503, kind, "5"), "{body}");
            assert!(!body.contains("locked") && !body.contains("lock_timeout"), "{body}");
        }
        // Reading and everything else goes on.
        key.get(CONTACTS).await.is(200);
        drop(held);
        for (_, expected, write) in writes() {
            let (status, _, retry_after, body) = answer(write).await;
            assert_eq!((status, retry_after.as_str()), (expected, ""), "{body}");
        }
        beside.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_full_disk_the_next_write_works_and_a_repeated_request_makes_its_object_once() {
    let db = Database::sqlite().await;
    let server = Server::start(&db).await;
    let wallet = server.wallet("Acme").await;
    let key = wallet.key(&["trusted_contacts:change"]).await;
    let (owner, leaked) = (wallet.administrator_key().await, wallet.key(&[]).await);
    let notes = "x".repeat(2000);
    let post = |name: &str| {
        let request = request(&server, Method::POST, CONTACTS).header("x-api-key", &key.text);
        request.json(&contact(name, &notes))
    };
    server.app.store.execute_on_writers("PRAGMA max_page_count = 1").await.unwrap();
    let mut made = 0;
    let full = loop {
        let (status, _, retry_after, body) = answer(post(&format!("contact-{made}"))).await;
        if status != 201 {
            break (status, retry_after, body);
        }
        made += 1;
        assert!(made < 500, "the database never was full");
    };
    assert_eq!((full.0, full.1.as_str()), (503, "5"), "{}", full.2);
    assert!(full.2.contains("/problems/unavailable"), "{}", full.2);
    owner.delete(&leaked.path()).await.is(204);
    leaked.get("/api/v1/me").await.problem(401, "revoked");
    let (status, _, _, body) = answer(post(&format!("contact-{made}"))).await;
    assert_eq!(status, 201, "{body}");
    drop(server);
    db.discard().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn usage_that_could_not_be_written_is_written_later() {
    let db = Database::sqlite().await;
    let server = Server::start(&db).await;
    let key = server.wallet("Acme").await.key(&["api_access:view"]).await;
    let beside = db.store().await;
    let author = Author {
        wallet_id: server.wallet("Bolt").await.id,
        actor: model::Actor::operator(),
        request_id: None,
        at: server.app.clock.now(),
    };
    for _ in 0..3 {
        key.get("/api/v1/me").await.is(200);
    }
    let held = beside.begin(author).await.unwrap();
    impatient(&server, &db).await;
    assert!(access::api_access::flush_usage(&server.app).await.unwrap_err().is_unavailable());
    drop(held);
    access::api_access::flush_usage(&server.app).await.unwrap();
    let usage = key.get(&format!("{}/usage", key.path())).await.is(200);
    assert_eq!(usage.json()["requests"], 4, "{}", usage.text);
    beside.close().await;
    drop(server);
    db.discard().await;
}
