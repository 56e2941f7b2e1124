//! A place in the web that belongs to somebody else: it serves what it was given, and remembers who asked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, Uri, header};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use vc::did::did_web;

/// The site, until dropped.
pub(super) struct Site {
    authority: String,
    shared: Arc<Shared>,
    serving: JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    pages: Mutex<HashMap<String, String>>,
    asked: Mutex<Vec<String>>,
}

impl Site {
    /// Serves nothing yet.
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let authority = format!("localhost:{}", listener.local_addr().unwrap().port());
        let shared = Arc::new(Shared::default());
        let router = Router::new().fallback(page).with_state(Arc::clone(&shared));
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { authority, shared, serving }
    }

    /// The did:web whose document would stand here.
    pub(super) fn did(&self) -> String {
        did_web(&self.authority, &[]).unwrap().to_string()
    }

    /// The address of a page; plain http is for networks that the operator opened.
    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.authority)
    }

    pub(super) fn publish(&self, path: &str, status_list: &str) {
        self.shared.pages.lock().unwrap().insert(path.to_owned(), status_list.to_owned());
    }

    pub(super) fn withdraw(&self, path: &str) {
        self.shared.pages.lock().unwrap().remove(path);
    }

    /// The pages that somebody asked for.
    pub(super) fn asked(&self) -> Vec<String> {
        self.shared.asked.lock().unwrap().clone()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn page(State(site): State<Arc<Shared>>, uri: Uri) -> Response {
    site.asked.lock().unwrap().push(uri.path().to_owned());
    match site.pages.lock().unwrap().get(uri.path()) {
        Some(text) => ([(header::CONTENT_TYPE, "application/statuslist+jwt")], text.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
