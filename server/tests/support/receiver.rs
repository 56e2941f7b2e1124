//! Somebody who receives webhooks: an HTTP server of its own that remembers what it was sent.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderMap, Method, StatusCode, Uri};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::Server;

/// The bytes of its secret.
const SECRET: [u8; 32] = [9; 32];

/// The receiver, until dropped.
pub(crate) struct Receiver {
    pub(crate) url: String,
    site: Arc<Site>,
    serving: JoinHandle<()>,
}

#[derive(Default)]
struct Site {
    received: Mutex<Vec<Received>>,
    /// The statuses of the next answers; 204 when there are none.
    answers: Mutex<VecDeque<StatusCode>>,
}

/// One request that it was sent.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    headers: HeaderMap,
    body: String,
}

impl Receiver {
    /// Answers 204 until told otherwise.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hooks?of=claviger", listener.local_addr().unwrap());
        let site = Arc::new(Site::default());
        let router = Router::new().fallback(receive).with_state(Arc::clone(&site));
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, site, serving }
    }

    /// The text of its secret.
    pub(crate) fn secret() -> String {
        format!("whsec_{}", BASE64.encode(SECRET))
    }

    /// Answers the next requests with these statuses.
    pub(crate) fn answer(&self, statuses: &[u16]) {
        let statuses = statuses.iter().map(|status| StatusCode::from_u16(*status).unwrap());
        self.site.answers.lock().unwrap().extend(statuses);
    }

    /// The callback of a session that tells it.
    pub(crate) fn callback(&self) -> Value {
        json!({"url": self.url, "secret": Self::secret()})
    }

    /// What it is told when the server sends all that is due, each authentic.
    pub(crate) async fn hears(&self, server: &Server) -> Vec<Value> {
        while server.app.send_webhooks().await.unwrap() > 0 {}
        let received = self.received();
        assert!(received.iter().all(Received::is_authentic));
        received.iter().map(Received::json).collect()
    }

    /// What it was sent since it was last asked.
    pub(crate) fn received(&self) -> Vec<Received> {
        std::mem::take(&mut *self.site.received.lock().unwrap())
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no {name}")).to_str().unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// Whether it is signed with the receiver's secret (Standard Webhooks 1.0, "Verifying signatures").
    pub(crate) fn is_authentic(&self) -> bool {
        let [id, timestamp] = ["webhook-id", "webhook-timestamp"].map(|name| self.header(name));
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&SECRET).unwrap();
        mac.update(format!("{id}.{timestamp}.{}", self.body).as_bytes());
        self.header("webhook-signature") == format!("v1,{}", BASE64.encode(mac.finalize().into_bytes()))
    }
}

async fn receive(State(site): State<Arc<Site>>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    assert_eq!((method, uri.to_string().as_str()), (Method::POST, "/hooks?of=claviger"));
    let body = String::from_utf8(body.to_vec()).unwrap();
    site.received.lock().unwrap().push(Received { headers, body });
    site.answers.lock().unwrap().pop_front().unwrap_or(StatusCode::NO_CONTENT).into_response()
}
