//! An issuer out there: an HTTP server of its own that serves one status list, and counts who asks.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::get;
use http::{StatusCode, header};
use jiff::Timestamp;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use vc::did::{did_jwk, did_jwk_key_id};
use vc::keys::SigningKey;
use vc::status_list::{Bits, Status, StatusList, StatusListToken, StatusReference};

use crate::support::NOW;

/// The issuer, a did:jwk, until dropped.
pub(super) struct Issuer {
    pub(super) key: SigningKey,
    pub(super) uri: String,
    page: Arc<Mutex<(StatusCode, &'static str, String)>>,
    asked: Arc<AtomicUsize>,
    serving: JoinHandle<()>,
}

impl Issuer {
    /// Serves nothing yet.
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let uri = format!("http://{}/list", listener.local_addr().unwrap());
        let page = Arc::new(Mutex::new((StatusCode::NOT_FOUND, "text/plain", String::new())));
        let asked = Arc::new(AtomicUsize::new(0));
        let (shown, counter) = (Arc::clone(&page), Arc::clone(&asked));
        let answer = move || {
            counter.fetch_add(1, Ordering::SeqCst);
            let (status, content_type, body) = shown.lock().unwrap().clone();
            async move { (status, [(header::CONTENT_TYPE, content_type)], body) }
        };
        let router = Router::new().route("/list", get(answer));
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { key: SigningKey::from_secret_bytes(&[1; 32]).unwrap(), uri, page, asked, serving }
    }

    pub(super) fn did(&self) -> String {
        did_jwk(&self.key.public()).to_string()
    }

    /// Its list: 1 is revoked, 2 suspended, 3 something of its own, the others valid.
    pub(super) fn list(&self) -> StatusListToken {
        let mut list = StatusList::new(Bits::Two, 100);
        for (index, status) in [(1, Status::Invalid), (2, Status::Suspended), (3, Status::Other(3))] {
            list.set(index, status).unwrap();
        }
        let now = NOW.parse::<Timestamp>().unwrap().as_second();
        StatusListToken {
            issuer: Some(self.did()),
            uri: self.uri.clone(),
            issued_at: now,
            expires_at: Some(now + 3600),
            ttl: Some(300),
            list,
        }
    }

    /// Signs it by this key, under the name of the key's did:jwk.
    pub(super) fn sign(list: &StatusListToken, key: &SigningKey) -> String {
        list.sign(key, &did_jwk_key_id(&did_jwk(&key.public())))
    }

    /// Serves this list, signed.
    pub(super) fn serves(&self, list: &StatusListToken) {
        self.serves_text(Self::sign(list, &self.key));
    }

    /// Serves this text as a status list.
    pub(super) fn serves_text(&self, text: String) {
        self.answers(200, "application/statuslist+jwt", text);
    }

    pub(super) fn answers(&self, status: u16, content_type: &'static str, body: String) {
        *self.page.lock().unwrap() = (StatusCode::from_u16(status).unwrap(), content_type, body);
    }

    /// How often it was asked.
    pub(super) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// The claim `status` of the credential with this entry.
    pub(super) fn claim(&self, index: u64) -> Value {
        StatusReference { uri: self.uri.clone(), index }.claim()
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
