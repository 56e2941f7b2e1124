//! Asking others to present credentials (OpenID4VP 1.0), with presentations that the crate `vc` makes.

mod answers;
mod asking;
mod console;
mod did_holder;
mod races;
mod refused;
mod request;
mod retention;
mod site;
mod told;

use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};
use store::testing::Database;

use crate::support::holder::{self, Fetched, VCT, fetch};
use crate::support::{Actor, Key, Server, Wallet};

const VERIFICATIONS: &str = "/api/v1/verifications";
const VERIFIED: &str = "/api/v1/verified-credentials";

static NAMES: AtomicU32 = AtomicU32::new(1);

/// A wallet whose verifiers' desk is staffed: with an identifier, a template, and an issuer that it trusts.
struct Desk<'a> {
    server: &'a Server,
    wallet: Wallet<'a>,
    key: Key,
    nobody: Actor,
    template: String,
}

/// What is asked at the desk unless a test says otherwise: the name, of a member.
fn membership() -> Value {
    json!({"credentials": [credential_query("membership", &["name"])]})
}

fn credential_query(id: &str, claims: &[&str]) -> Value {
    let claims: Vec<Value> = claims.iter().map(|name| json!({"path": [name]})).collect();
    json!({"id": id, "format": "dc+sd-jwt", "meta": {"vct_values": [VCT]}, "claims": claims})
}

impl<'a> Desk<'a> {
    /// With a did:jwk, [`membership`], and trust in the one issuer for the one type.
    async fn open(server: &'a Server) -> Self {
        let mut desk = Self::empty(server).await;
        desk.trust("Club", &holder::issuer(), &[VCT]).await;
        desk.template = desk.template("did:jwk", &membership(), "trusted_issuers", 30).await;
        desk
    }

    /// Without template and trust.
    async fn empty(server: &'a Server) -> Self {
        let wallet = server.wallet("Acme").await;
        let key = wallet.administrator_key().await;
        Self { nobody: server.anonymous(), server, wallet, key, template: String::new() }
    }

    /// The same desk, at which something else is asked.
    async fn asking(server: &'a Server, query: &Value) -> Self {
        let mut desk = Self::open(server).await;
        desk.template = desk.template("did:web", query, "trusted_issuers", 30).await;
        desk
    }

    /// A template with an identifier of its own; returns its id.
    async fn template(&self, method: &str, query: &Value, trust: &str, days: i64) -> String {
        let name = format!("Members {}", NAMES.fetch_add(1, Ordering::SeqCst));
        let identifier = self.key.post("/api/v1/identifiers", json!({"name": name, "method": method})).await;
        let template = json!({
            "name": name,
            "purpose": "To open the door",
            "identifier_id": identifier.is(201).member("id"),
            "query": query,
            "trust": trust,
            "retention_days": days,
        });
        self.key.post("/api/v1/verifier-templates", template).await.is(201).member("id")
    }

    /// Trusts an issuer for these types.
    async fn trust(&self, name: &str, issuer: &str, types: &[&str]) {
        let body = json!({"name": name, "issuer": issuer, "vcts": types});
        self.key.post("/api/v1/trusted-issuers", body).await.is(201);
    }

    /// Asks for a presentation: the new verification.
    async fn ask(&self) -> Value {
        self.ask_with(json!({})).await
    }

    async fn ask_with(&self, members: Value) -> Value {
        let mut body = json!({"template": self.template});
        for (name, value) in members.as_object().unwrap() {
            body[name] = value.clone();
        }
        self.key.post(VERIFICATIONS, body).await.is(201).json()
    }

    /// Asks, and lets a wallet fetch the request.
    async fn asked(&self) -> (String, Fetched) {
        let verification = self.ask().await;
        let fetched = fetch(&self.nobody, verification["request_uri"].as_str().unwrap()).await;
        (verification["id"].as_str().unwrap().to_owned(), fetched)
    }

    async fn view(&self, id: &str) -> Value {
        self.key.get(&format!("{VERIFICATIONS}/{id}")).await.is(200).json()
    }

    /// The verification was rejected by exactly these checks, and nothing of the person is left anywhere.
    async fn rejected_by(&self, db: &Database, id: &str, failed: &[&str]) -> Value {
        let verification = self.view(id).await;
        assert_eq!(verification["status"], "rejected", "{verification}");
        assert_eq!(failing(&verification), failed, "{verification:#}");
        let text = verification.to_string();
        assert!(!text.contains("Ada") && !text.contains("claims\":{"), "{text}");
        assert!(self.key.get(VERIFIED).await.is(200).column("id").is_empty());
        let contents = db.contents().await;
        assert!(
            !contents.windows(3).any(|bytes| bytes == b"Ada"),
            "claims of a rejected presentation are in the database"
        );
        verification
    }
}

/// The names of the checks that failed, those of the whole first.
fn failing(verification: &Value) -> Vec<String> {
    let result = &verification["result"];
    let credentials = result["credentials"].as_array().unwrap();
    let lists = std::iter::once(&result["checks"]).chain(credentials.iter().map(|one| &one["checks"]));
    let checks = lists.flat_map(|list| list.as_array().unwrap());
    let failed = checks.filter(|check| check["outcome"] == "failed");
    failed.map(|check| check["check"].as_str().unwrap().to_owned()).collect()
}

/// How the check of the first presentation went, and why.
fn outcome(verification: &Value, check: &str) -> (String, String) {
    let checks = verification["result"]["credentials"][0]["checks"].as_array().unwrap();
    let found = checks.iter().find(|one| one["check"] == check).unwrap_or_else(|| panic!("no check {check}"));
    let text = |name: &str| found[name].as_str().unwrap_or_default().to_owned();
    (text("outcome"), text("reason"))
}
