//! A secret stands in the one answer that reveals it, and nowhere else.

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Value, json};

use crate::support::{Actor, Answer, Collector, PASSWORD, Server, log, scrape};

const KEYS: &str = "/api/v1/api-keys";
const CLIENTS: &str = "/api/v1/oauth-clients";

/// What must not be found, by what it is.
#[derive(Default)]
struct Secrets(BTreeMap<String, String>);

impl Secrets {
    /// A key text of any kind, and its secret part alone.
    fn key_text(&mut self, what: &str, text: &str) {
        assert_eq!(text.len(), 59, "{what}");
        self.0.insert(what.to_owned(), text.to_owned());
        self.0.insert(format!("secret of {what}"), text[21..53].to_owned());
    }

    /// Fails when one of them stands in these bytes, as it is or in hexadecimal.
    #[track_caller]
    fn are_not_in(&self, place: &str, bytes: &[u8]) {
        let found = |wanted: &[u8]| bytes.windows(wanted.len()).any(|window| window == wanted);
        for (what, secret) in &self.0 {
            let hexadecimal = secret.bytes().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
            assert!(!found(secret.as_bytes()) && !found(hexadecimal.as_bytes()), "{what} stands in {place}");
        }
    }
}

/// Everything that the server said.
#[derive(Default)]
struct Heard(Vec<u8>);

impl Heard {
    fn hear(&mut self, answer: Answer) -> Answer {
        self.0.extend(format!("{:?}\n{}\n", answer.headers, answer.text).bytes());
        answer
    }
}

/// Sends the text in every place where it belongs, and where it does not.
async fn present(text: &str, nobody: &Actor, owner: &Actor, heard: &mut Heard) {
    let own = nobody.with("x-api-key", text);
    heard.hear(own.get("/api/v1/users").await);
    heard.hear(nobody.with("authorization", &format!("Bearer {text}")).get("/api/v1/users").await);
    heard.hear(own.with("authorization", &format!("Bearer {text}")).get("/api/v1/users").await);
    heard.hear(nobody.with("authorization", &format!("Basic {text}")).get("/api/v1/users").await);
    heard.hear(nobody.with("x-api-key", &format!("{text}x")).get("/api/v1/users").await);
    heard.hear(nobody.with("cookie", &format!("claviger={text}")).get("/api/v1/users").await);
    heard.hear(own.get(&format!("/api/v1/users?api_key={text}")).await);
    heard.hear(nobody.get(&format!("/api/v1/users?api_key={text}")).await);
    heard.hear(own.get(&format!("/api/v1/users?cursor={text}")).await);
    heard.hear(own.get(&format!("/api/v1/users/{text}")).await);
    heard.hear(nobody.get(&format!("/api/v1/users/{text}")).await);
    heard.hear(owner.post(KEYS, json!({"name": 1, "key": text})).await.is(422));
    let broken = owner.request(Method::POST, KEYS).header("content-type", "application/json");
    heard.hear(Actor::send(broken.body(format!("{{\"name\": \"{text}"))).await.is(400));
}

async fn read_everything(owner: &Actor, heard: &mut Heard) {
    for collection in ["api-keys", "users", "roles", "audit-events", "wallet", "me"] {
        let list = heard.hear(owner.get(&format!("/api/v1/{collection}")).await.is(200)).json();
        for item in list["items"].as_array().into_iter().flatten() {
            let id = item["id"].as_str().unwrap();
            heard.hear(owner.get(&format!("/api/v1/{collection}/{id}")).await.is(200));
        }
    }
}

/// Sends a client's secret to the OAuth endpoints where it belongs, and where it does not; returns a token.
async fn exchange(secret: &str, nobody: &Actor, heard: &mut Heard) -> String {
    let grant = ("grant_type", "client_credentials");
    let own = [grant, ("client_id", "kept-client"), ("client_secret", secret)];
    let token = nobody.post_form("/oauth2/token", &own).await.is(200).member("access_token");
    heard.hear(nobody.post_form("/oauth2/token", &[grant, ("client_id", secret), ("client_secret", secret)]).await);
    heard.hear(nobody.post_form("/oauth2/token", &[grant, ("client_id", secret), ("client_secret", "wrong")]).await);
    heard.hear(nobody.post_form("/oauth2/token", &[&own[..], &[("scope", secret)]].concat()).await);
    heard.hear(nobody.post_form(&format!("/oauth2/token?client_secret={secret}"), &[grant]).await);
    for path in ["/oauth2/introspect", "/oauth2/revoke"] {
        heard.hear(nobody.post_form(path, &[&own[1..], &[("token", secret)]].concat()).await);
    }
    heard.hear(nobody.post_form("/oauth2/introspect", &[&own[1..], &[("token", &token)]].concat()).await);
    token
}

store::both_databases! {
    async fn m10_no_secret_stands_anywhere_but_in_the_one_answer(db: &Database) {
        log::capture();
        let collector = Collector::start().await;
        let server = Server::start_with(db, |settings| {
            settings.metrics = true;
            settings.otlp_endpoint = Some(collector.url.clone());
        })
        .await;
        let acme = server.wallet("Acme").await;
        let owner = acme.session(&["api_access:change", "users:change", "roles:view", "wallet:view", "audit_log:view"]).await;
        let nobody = server.anonymous();
        let (mut secrets, mut heard) = (Secrets::default(), Heard::default());
        secrets.key_text("the session", &owner.text);
        secrets.0.insert("the password".to_owned(), PASSWORD.to_owned());

        let asked = json!({"name": "kept-key", "permissions": ["users:view"], "expires_on": "2026-11-24"});
        let kept = owner.post(KEYS, asked).await.is(201);
        let deleted = owner.post(KEYS, json!({"name": "deleted-key", "permissions": ["users:view"]})).await.is(201);
        let invited = owner.post("/api/v1/users", json!({"name": "Ada", "email": "ada@example.org"})).await.is(201);
        let link: Value = invited.json()["invitation"]["url"].clone();
        secrets.key_text("the invitation", link.as_str().unwrap().split_once('#').unwrap().1);
        for (what, made) in [("the kept key", &kept), ("the deleted key", &deleted)] {
            secrets.key_text(what, &made.member("key"));
            present(&made.member("key"), &nobody, &owner, &mut heard).await;
            let edit = json!({"notes": "edited", "permissions": []});
            heard.hear(owner.patch(made.header("location"), edit).await.is(200));
            present(&made.member("key"), &nobody, &owner, &mut heard).await;
        }
        heard.hear(owner.delete(deleted.header("location")).await.is(204));
        let client = owner.post(CLIENTS, json!({"client_id": "kept-client", "permissions": ["users:view"]})).await.is(201);
        let secret = client.member("client_secret");
        secrets.key_text("the client secret", &secret);
        let token = exchange(&secret, &nobody, &mut heard).await;
        secrets.0.insert("the token".to_owned(), token.rsplit_once('.').unwrap().1.to_owned());
        for text in [&secret, &token] {
            present(text, &nobody, &owner, &mut heard).await;
        }
        present(&deleted.member("key"), &nobody, &owner, &mut heard).await;
        access::api_access::flush_usage(&server.app).await.unwrap();
        server.app.flush_refusals().await.unwrap();
        read_everything(&owner, &mut heard).await;
        secrets.are_not_in("the database in use", &db.contents().await);
        server.move_clock_to("2026-11-25T00:00:00Z");
        present(&kept.member("key"), &nobody, &*acme.administrator_key().await, &mut heard).await;
        let metrics = scrape(&server).await.into_bytes();
        server.app.telemetry.close().await;
        server.app.store.close().await;
        drop(server);

        let (contents, log, spans) = (db.contents().await, log::text(), collector.bytes());
        let places = [
            ("the database", &contents),
            ("the log", &log),
            ("an answer", &heard.0),
            ("the metrics", &metrics),
            ("a span", &spans),
        ];
        for (place, bytes) in places {
            secrets.are_not_in(place, bytes);
        }
        let stands = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(stands(&contents, "kept-key") && stands(&contents, &kept.member("key_id")), "the search finds");
        assert!(stands(&log, "denied") && stands(&log, "more than one presented"), "the log is captured");
        assert!(stands(&heard.0, "kept-key") && stands(&heard.0, "api_key.revoked"), "the answers are heard");
        assert!(stands(&metrics, "/api/v1/users/{id}") && stands(&spans, "/api/v1/users/{id}"), "it is observed");
        assert!(stands(&log, "claviger::access"), "and logged");
    }
}
