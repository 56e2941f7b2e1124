//! An issuer out there: an HTTP server of its own that publishes keys, and signs with one of them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, Uri, header};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use vc::did::{Did, did_jwk, did_jwk_key_id, did_web};
use vc::did_document::{NamedKey, did_web_document};
use vc::keys::SigningKey;
use vc::sd_jwt_vc::{Draft, issue};

use crate::support::NOW;

/// Where the document of its did:web stands.
pub(super) const DOCUMENT: &str = "/.well-known/did.json";
/// Where its metadata stands.
pub(super) const METADATA: &str = "/.well-known/jwt-vc-issuer";

/// The issuer, until dropped.
pub(super) struct Issuer {
    pub(super) key: SigningKey,
    port: u16,
    site: Arc<Site>,
    serving: JoinHandle<()>,
}

struct Site {
    pages: Mutex<HashMap<String, (StatusCode, String)>>,
    asked: Mutex<Vec<String>>,
    /// An answer takes one of these and gives it back.
    open: Semaphore,
}

/// 10:00 on the day of every test, in seconds.
pub(super) fn now() -> i64 {
    NOW.parse::<Timestamp>().unwrap().as_second()
}

pub(super) fn key(secret: u8) -> SigningKey {
    SigningKey::from_secret_bytes(&[secret; 32]).unwrap()
}

/// A credential of this issuer about Ada, changed by `change` before it is signed.
pub(super) fn sign(key: &SigningKey, issuer: &str, kid: &str, change: impl FnOnce(&mut Draft<'_>)) -> String {
    let claims = json!({"name": "Ada", "address": {"street/no": "St James's Square 12", "city": "London"}});
    let mut draft = Draft {
        issuer,
        kid,
        vct: "https://example.org/vct/membership",
        claims: claims.as_object().unwrap().clone(),
        selectively_disclosable: vec!["name".into(), ["address".into(), "street/no".into()].into()],
        issued_at: now(),
        valid_from: None,
        valid_until: None,
        holder_key: None,
        status: None,
    };
    change(&mut draft);
    let mut count = 0;
    let mut salts = |bytes: &mut [u8]| {
        count += 1;
        bytes.fill(count);
    };
    issue(&draft, key, &mut salts).unwrap()
}

/// A credential whose issuer is the did:jwk of a key; nothing needs to be fetched for it.
pub(super) fn by_did_jwk(key: &SigningKey, change: impl FnOnce(&mut Draft<'_>)) -> String {
    let did = did_jwk(&key.public());
    sign(key, did.as_str(), &did_jwk_key_id(&did), change)
}

impl Issuer {
    /// Publishes nothing yet.
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let site = Arc::new(Site { pages: Mutex::default(), asked: Mutex::default(), open: Semaphore::new(1) });
        let router = Router::new().fallback(page).with_state(Arc::clone(&site));
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { key: key(1), port, site, serving }
    }

    /// Its did:web.
    pub(super) fn did(&self) -> Did {
        did_web(&format!("localhost:{}", self.port), &[]).unwrap()
    }

    /// Its URL, on a network that is opened for development.
    pub(super) fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Answers this path with this document.
    pub(super) fn serves(&self, path: &str, document: &Value) {
        self.answers(path, 200, document.to_string());
    }

    /// Answers this path with this status and body; the body of a redirect is where it leads.
    pub(super) fn answers(&self, path: &str, status: u16, body: String) {
        let status = StatusCode::from_u16(status).unwrap();
        self.site.pages.lock().unwrap().insert(path.to_owned(), (status, body));
    }

    /// Publishes this key in the document of its did:web.
    pub(super) fn publishes(&self, key: &SigningKey) {
        let key = NamedKey { name: "key-1".to_owned(), key: key.public() };
        self.serves(DOCUMENT, &did_web_document(&self.did(), &key, &[]).unwrap());
    }

    /// A credential by its did:web.
    pub(super) fn credential(&self) -> String {
        let did = self.did();
        sign(&self.key, did.as_str(), &format!("{did}#key-1"), |_| {})
    }

    /// A credential by its https URL.
    pub(super) fn credential_by_url(&self) -> String {
        sign(&self.key, &self.url(), "key-1", |_| {})
    }

    /// Its public key as a JWK Set.
    pub(super) fn jwks(&self) -> Value {
        json!({"keys": [self.key.public().with_kid("key-1")]})
    }

    /// The paths that it was asked for, and does not remember afterwards.
    pub(super) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.site.asked.lock().unwrap())
    }

    /// Answers nobody while the returned value lives.
    pub(super) async fn hold(&self) -> impl Drop + '_ {
        self.site.open.acquire().await.unwrap()
    }

    /// Waits until it was asked.
    pub(super) async fn is_asked(&self) {
        while self.site.asked.lock().unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn page(State(site): State<Arc<Site>>, uri: Uri) -> Response {
    site.asked.lock().unwrap().push(uri.path().to_owned());
    let _open = site.open.acquire().await.unwrap();
    match site.pages.lock().unwrap().get(uri.path()).cloned() {
        None => StatusCode::NOT_FOUND.into_response(),
        Some((status, to)) if status.is_redirection() => (status, [(header::LOCATION, to)]).into_response(),
        Some(answer) => answer.into_response(),
    }
}
