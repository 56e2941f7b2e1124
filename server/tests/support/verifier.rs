//! A verifier out there that speaks OpenID4VP 1.0, and misbehaves when it is told to.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::{StatusCode, header};
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use vc::did::{Did, did_jwk, did_jwk_key_id};
use vc::jws;
use vc::keys::SigningKey;

use super::credential_issuer::key;

/// The verifier, until dropped. It is known by the did:jwk of `key`.
pub(crate) struct Verifier {
    pub(crate) key: SigningKey,
    port: u16,
    site: Arc<Site>,
    serving: JoinHandle<()>,
}

/// The claims of a request, and who is to sign them.
type Unsigned = (Map<String, Value>, SigningKey);

struct Site {
    /// Requests by name.
    requests: Mutex<HashMap<String, Unsigned>>,
    /// What wallets posted.
    responses: Mutex<Vec<HashMap<String, String>>>,
    /// What it answers to them.
    answer: Mutex<(StatusCode, Value)>,
    kid: String,
}

/// A link that names this client and this address.
pub(crate) fn link(client_id: &str, request_uri: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("client_id", client_id)
        .append_pair("request_uri", request_uri)
        .finish();
    format!("openid4vp://?{query}")
}

impl Verifier {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let key = key(21);
        let site = Arc::new(Site {
            requests: Mutex::default(),
            responses: Mutex::default(),
            answer: Mutex::new((StatusCode::OK, json!({"redirect_uri": "https://verifier.example/thanks"}))),
            kid: did_jwk_key_id(&did_jwk(&key.public())),
        });
        let router = Router::new()
            .route("/requests/{name}", get(request).post(request_by_post))
            .route("/responses", post(response))
            .with_state(Arc::clone(&site));
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { key, port, site, serving }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    pub(crate) fn did(&self) -> Did {
        did_jwk(&self.key.public())
    }

    pub(crate) fn client_id(&self) -> String {
        format!("decentralized_identifier:{}", self.did())
    }

    /// A new request of this query: its link.
    pub(crate) fn asks(&self, query: &Value) -> String {
        self.asks_with(query, |_| {})
    }

    /// A new request whose claims are changed before it is signed.
    pub(crate) fn asks_with(&self, query: &Value, change: impl FnOnce(&mut Map<String, Value>)) -> String {
        self.asks_signed_by(key(21), query, change)
    }

    /// A new request that somebody else signs.
    pub(crate) fn asks_signed_by(
        &self,
        signer: SigningKey,
        query: &Value,
        change: impl FnOnce(&mut Map<String, Value>),
    ) -> String {
        let mut requests = self.site.requests.lock().unwrap();
        let name = format!("request-{}", requests.len());
        let Value::Object(mut claims) = json!({
            "client_id": self.client_id(),
            "response_type": "vp_token",
            "response_mode": "direct_post",
            "response_uri": format!("{}/responses", self.url()),
            "nonce": format!("nonce of {name} at {}", self.port),
            "state": format!("state of {name}"),
            "dcql_query": query,
            "client_metadata": {"client_name": "Door keeper", "vp_formats_supported": {"dc+sd-jwt": {}}},
            "aud": "https://self-issued.me/v2",
        }) else {
            unreachable!()
        };
        change(&mut claims);
        requests.insert(name.clone(), (claims, signer));
        link(&self.client_id(), &format!("{}/requests/{name}", self.url()))
    }

    /// Answers posts like this from now on.
    pub(crate) fn answers(&self, status: u16, body: Value) {
        *self.site.answer.lock().unwrap() = (StatusCode::from_u16(status).unwrap(), body);
    }

    /// What was posted; it does not remember afterwards.
    pub(crate) fn responses(&self) -> Vec<HashMap<String, String>> {
        std::mem::take(&mut self.site.responses.lock().unwrap())
    }
}

impl Drop for Verifier {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn request(State(site): State<Arc<Site>>, Path(name): Path<String>) -> Response {
    signed(&site, &name, None)
}

async fn request_by_post(State(site): State<Arc<Site>>, Path(name): Path<String>, body: Bytes) -> Response {
    let form: HashMap<String, String> = form_urlencoded::parse(&body).into_owned().collect();
    signed(&site, &name, form.get("wallet_nonce").cloned())
}

fn signed(site: &Site, name: &str, wallet_nonce: Option<String>) -> Response {
    let requests = site.requests.lock().unwrap();
    let Some((claims, signer)) = requests.get(name) else { return StatusCode::NOT_FOUND.into_response() };
    let mut claims = claims.clone();
    if let Some(nonce) = wallet_nonce {
        claims.insert("wallet_nonce".to_owned(), nonce.into());
    }
    let text = jws::sign(signer, "oauth-authz-req+jwt", jws::kid(&site.kid), &claims);
    ([(header::CONTENT_TYPE, "application/oauth-authz-req+jwt")], text).into_response()
}

async fn response(State(site): State<Arc<Site>>, body: Bytes) -> Response {
    site.responses.lock().unwrap().push(form_urlencoded::parse(&body).into_owned().collect());
    let (status, body) = site.answer.lock().unwrap().clone();
    (status, Json(body)).into_response()
}
