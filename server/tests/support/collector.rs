//! A collector of traces (OTLP over HTTP) that keeps what it is sent.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use http::{HeaderMap, StatusCode};
use reqwest::Url;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The collector, until dropped.
pub(crate) struct Collector {
    pub(crate) url: Url,
    bodies: Bodies,
    serving: JoinHandle<()>,
}

type Bodies = Arc<Mutex<Vec<u8>>>;

impl Collector {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let bodies = Bodies::default();
        let router = Router::new().route("/v1/traces", post(take)).with_state(Arc::clone(&bodies));
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, bodies, serving }
    }

    /// All that it was sent: protobuf, in which texts and ids stand as they are.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.bodies.lock().unwrap().clone()
    }

    /// Whether these bytes were sent.
    pub(crate) fn has(&self, wanted: impl AsRef<[u8]>) -> bool {
        let wanted = wanted.as_ref();
        self.bytes().windows(wanted.len()).any(|window| window == wanted)
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn take(State(bodies): State<Bodies>, headers: HeaderMap, body: Bytes) -> StatusCode {
    assert_eq!(headers["content-type"], "application/x-protobuf");
    bodies.lock().unwrap().extend(body);
    StatusCode::OK
}
