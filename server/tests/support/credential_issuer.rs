//! A credential issuer out there that speaks OpenID4VCI 1.0, and misbehaves when it is told to.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use vc::did::{Did, did_jwk, did_jwk_key_id};
use vc::keys::{PublicJwk, SigningKey};
use vc::openid4vci::{CredentialRequest, KeyProof, OfferLink, ProofKey};
use vc::sd_jwt_vc::{Draft, issue};

/// What it gives for a key that was proven.
type Delivery = Box<dyn Fn(&PublicJwk) -> String + Send>;

/// The type of its credentials.
pub(crate) const VCT: &str = "https://issuer.example/vct/membership";

/// The issuer, until dropped.
pub(crate) struct CredentialIssuer {
    pub(crate) key: SigningKey,
    port: u16,
    site: Arc<Site>,
    serving: JoinHandle<()>,
}

struct Site {
    url: String,
    /// Codes that were not used yet, with the transaction code that each needs.
    codes: Mutex<HashMap<String, Option<String>>>,
    nonces: Mutex<Vec<String>>,
    offers: Mutex<HashMap<String, Value>>,
    /// Answers that stand in the place of its own, by path.
    instead: Mutex<HashMap<String, (StatusCode, &'static str, String)>>,
    delivery: Mutex<Delivery>,
    /// What it gives of other configurations than the first.
    others: Mutex<HashMap<String, Delivery>>,
    /// The configurations of which it gives credentials later, with the key that was proven for each.
    deferred: Mutex<HashMap<String, Option<PublicJwk>>>,
    /// Whether what it gives later is ready.
    ready: Mutex<bool>,
    metadata: Mutex<Value>,
    asked: Mutex<Vec<String>>,
    /// Every answer takes one of these and gives it back.
    open: Semaphore,
    count: Mutex<u32>,
}

impl CredentialIssuer {
    /// One that is honest. Its credentials are issued by the did:jwk of `key`.
    pub(crate) async fn start() -> Self {
        Self::with_key(11).await
    }

    /// One whose key has these bytes.
    pub(crate) async fn with_key(secret: u8) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let url = format!("http://localhost:{port}");
        let site = Arc::new(Site {
            metadata: Mutex::new(metadata(&url)),
            url,
            codes: Mutex::default(),
            nonces: Mutex::default(),
            offers: Mutex::default(),
            instead: Mutex::default(),
            delivery: Mutex::new(Box::new(move |holder| membership(&key(secret), holder, |_| {}))),
            others: Mutex::default(),
            deferred: Mutex::default(),
            ready: Mutex::default(),
            asked: Mutex::default(),
            open: Semaphore::new(1),
            count: Mutex::new(0),
        });
        let router = Router::new()
            .route("/.well-known/openid-credential-issuer", get(issuer_metadata))
            .route("/.well-known/oauth-authorization-server", get(server_metadata))
            .route("/token", post(token))
            .route("/nonce", post(nonce))
            .route("/credential", post(credential))
            .route("/deferred", post(deferred))
            .route("/offers/{name}", get(offer))
            .layer(from_fn_with_state(Arc::clone(&site), observe))
            .with_state(Arc::clone(&site));
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { key: key(secret), port, site, serving }
    }

    /// Its credential issuer identifier.
    pub(crate) fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// The DID that signs its credentials.
    pub(crate) fn did(&self) -> Did {
        did_jwk(&self.key.public())
    }

    /// A new offer by value.
    pub(crate) fn offer(&self) -> String {
        self.link(&self.offered(None))
    }

    /// A new offer by reference.
    pub(crate) fn offer_by_reference(&self) -> String {
        let name = self.number("offer");
        self.site.offers.lock().unwrap().insert(name.clone(), self.offered(None));
        OfferLink::ByReference(format!("{}/offers/{name}", self.url())).to_string()
    }

    /// A new offer that needs this transaction code.
    pub(crate) fn offer_with_tx_code(&self, tx_code: &str) -> String {
        self.link(&self.offered(Some(tx_code)))
    }

    /// The offer itself, with a new code.
    pub(crate) fn offered(&self, tx_code: Option<&str>) -> Value {
        let code = self.number("code");
        self.site.codes.lock().unwrap().insert(code.clone(), tx_code.map(str::to_owned));
        let mut grant = json!({"pre-authorized_code": code});
        if let Some(tx_code) = tx_code {
            grant["tx_code"] = json!({"input_mode": "numeric", "length": tx_code.len(), "description": "By letter"});
        }
        json!({
            "credential_issuer": self.url(),
            "credential_configuration_ids": ["membership"],
            "grants": {"urn:ietf:params:oauth:grant-type:pre-authorized_code": grant},
        })
    }

    /// Takes this code, once, as if it had offered it.
    pub(crate) fn takes(&self, code: &str) {
        self.site.codes.lock().unwrap().insert(code.to_owned(), None);
    }

    /// The link of an offer by value, whatever it is.
    #[expect(clippy::unused_self, reason = "reads better at the call")]
    pub(crate) fn link(&self, offer: &Value) -> String {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("credential_offer", &offer.to_string())
            .finish();
        format!("openid-credential-offer://?{query}")
    }

    /// Answers this path with something else from now on.
    pub(crate) fn answers(&self, path: &str, status: u16, body: impl ToString) {
        let status = StatusCode::from_u16(status).unwrap();
        self.site.instead.lock().unwrap().insert(path.to_owned(), (status, "application/json", body.to_string()));
    }

    /// Serves this status list, whose address it returns.
    pub(crate) fn serves_list(&self, list: vc::status_list::StatusList) -> String {
        let uri = format!("{}/list", self.url());
        let token = vc::status_list::StatusListToken {
            issuer: None,
            uri: uri.clone(),
            issued_at: 1_795_428_000,
            expires_at: None,
            ttl: Some(60),
            list,
        };
        let text = token.sign(&self.key, &did_jwk_key_id(&self.did()));
        let answer = (StatusCode::OK, "application/statuslist+jwt", text);
        self.site.instead.lock().unwrap().insert("/list".to_owned(), answer);
        uri
    }

    /// Also offers another configuration, and gives this for it.
    pub(crate) fn also_offers(
        &self,
        id: &str,
        configuration: Value,
        delivery: impl Fn(&PublicJwk) -> String + Send + 'static,
    ) {
        self.describes(|metadata| metadata["credential_configurations_supported"][id] = configuration);
        self.site.others.lock().unwrap().insert(id.to_owned(), Box::new(delivery));
    }

    /// Gives credentials of this configuration later, when they are ready.
    pub(crate) fn defers(&self, id: &str) {
        let endpoint = format!("{}/deferred", self.url());
        self.describes(|metadata| metadata["deferred_credential_endpoint"] = json!(endpoint));
        self.site.deferred.lock().unwrap().insert(id.to_owned(), None);
    }

    /// What it gives later is ready.
    pub(crate) fn is_ready(&self) {
        *self.site.ready.lock().unwrap() = true;
    }

    /// Gives something else than an honest credential for the key that was proven.
    pub(crate) fn delivers(&self, delivery: impl Fn(&PublicJwk) -> String + Send + 'static) {
        *self.site.delivery.lock().unwrap() = Box::new(delivery);
    }

    /// Says something else of itself.
    pub(crate) fn describes(&self, change: impl FnOnce(&mut Value)) {
        change(&mut self.site.metadata.lock().unwrap());
    }

    /// What it was asked for, method and path; it does not remember afterwards.
    pub(crate) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.site.asked.lock().unwrap())
    }

    /// Answers nobody while the returned value lives.
    pub(crate) async fn hold(&self) -> impl Drop + '_ {
        self.site.open.acquire().await.unwrap()
    }

    /// Waits until it was asked.
    pub(crate) async fn is_asked(&self) {
        while self.site.asked.lock().unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
    }

    fn number(&self, what: &str) -> String {
        let mut count = self.site.count.lock().unwrap();
        *count += 1;
        format!("{what}-{count}")
    }
}

impl Drop for CredentialIssuer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// A credential about Ada by the did:jwk of `issuer`, bound to `holder`, changed before it is signed.
pub(crate) fn membership(issuer: &SigningKey, holder: &PublicJwk, change: impl FnOnce(&mut Draft<'_>)) -> String {
    let did = did_jwk(&issuer.public());
    let kid = did_jwk_key_id(&did);
    let Value::Object(claims) =
        json!({"name": "Ada", "level": "gold", "address": {"city": "London", "street": "Soho"}})
    else {
        unreachable!()
    };
    let mut draft = Draft {
        issuer: did.as_str(),
        kid: &kid,
        vct: VCT,
        claims,
        selectively_disclosable: vec!["name".into(), "address".into(), ["address".into(), "street".into()].into()],
        issued_at: 1_795_428_000,
        valid_from: None,
        valid_until: None,
        holder_key: Some(holder.clone()),
        status: None,
    };
    change(&mut draft);
    let mut drawn = 0_u8;
    let mut salts = |bytes: &mut [u8]| {
        drawn += 1;
        bytes.fill(drawn);
    };
    issue(&draft, issuer, &mut salts).unwrap()
}

pub(crate) fn key(secret: u8) -> SigningKey {
    SigningKey::from_secret_bytes(&[secret; 32]).unwrap()
}

fn metadata(url: &str) -> Value {
    json!({
        "credential_issuer": url,
        "credential_endpoint": format!("{url}/credential"),
        "nonce_endpoint": format!("{url}/nonce"),
        "display": [{"name": "Membership Office", "locale": "en"}],
        "credential_configurations_supported": {
            "membership": {
                "format": "dc+sd-jwt",
                "vct": VCT,
                "cryptographic_binding_methods_supported": ["jwk", "did:jwk"],
                "proof_types_supported": {"jwt": {"proof_signing_alg_values_supported": ["ES256"]}},
                "credential_metadata": {"display": [{"name": "Membership", "locale": "en"}]},
            },
            "mdl": {"format": "mso_mdoc", "doctype": "org.iso.18013.5.1.mDL"},
        },
    })
}

async fn observe(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    site.asked.lock().unwrap().push(format!("{} {path}", request.method()));
    let _open = site.open.acquire().await.unwrap();
    let instead = site.instead.lock().unwrap().get(&path).cloned();
    match instead {
        Some((status, _, location)) if status.is_redirection() => {
            (status, [(http::header::LOCATION, location)]).into_response()
        }
        Some((status, content_type, body)) => {
            (status, [(http::header::CONTENT_TYPE, content_type)], body).into_response()
        }
        None => next.run(request).await,
    }
}

async fn issuer_metadata(State(site): State<Arc<Site>>) -> Json<Value> {
    Json(site.metadata.lock().unwrap().clone())
}

async fn server_metadata(State(site): State<Arc<Site>>) -> Json<Value> {
    Json(json!({"issuer": site.url, "token_endpoint": format!("{}/token", site.url), "response_types_supported": []}))
}

async fn token(State(site): State<Arc<Site>>, body: Bytes) -> Response {
    let form: HashMap<String, String> = form_urlencoded::parse(&body).into_owned().collect();
    let code = form.get("pre-authorized_code").cloned().unwrap_or_default();
    let mut codes = site.codes.lock().unwrap();
    match codes.get(&code).cloned() {
        Some(tx_code) if tx_code.as_ref() == form.get("tx_code") => {
            codes.remove(&code);
            Json(json!({"access_token": format!("token of {code}"), "token_type": "Bearer"})).into_response()
        }
        _ => (StatusCode::BAD_REQUEST, Json(json!({"error": "invalid_grant"}))).into_response(),
    }
}

async fn nonce(State(site): State<Arc<Site>>) -> Json<Value> {
    let mut nonces = site.nonces.lock().unwrap();
    let nonce = format!("nonce-{}", nonces.len());
    nonces.push(nonce.clone());
    Json(json!({"c_nonce": nonce}))
}

async fn credential(State(site): State<Arc<Site>>, headers: HeaderMap, body: Bytes) -> Response {
    let refused = |error: &str| (StatusCode::BAD_REQUEST, Json(json!({"error": error}))).into_response();
    if !headers.get("authorization").is_some_and(|value| value.to_str().unwrap().starts_with("Bearer token of ")) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let request = CredentialRequest::parse(&body).unwrap();
    let id = request.credential_configuration_id.unwrap();
    assert!(site.metadata.lock().unwrap()["credential_configurations_supported"].get(&id).is_some());
    let proofs = request.proofs.unwrap();
    let [proof] = proofs.as_jwt().unwrap().try_into().unwrap();
    let proof = KeyProof::parse(proof).unwrap();
    let now = serde_json::from_value::<i64>(claims_of(&proofs)["iat"].clone()).unwrap();
    let nonce = proof.check(&site.url, now).unwrap();
    if site.nonces.lock().unwrap().last().map(String::as_str) != Some(nonce) {
        return refused("invalid_nonce");
    }
    let holder = match proof.key() {
        ProofKey::Jwk(key) => key.clone(),
        ProofKey::Did(kid) => vc::did::key_of_did_jwk(&Did::of_url(kid).unwrap()).unwrap(),
    };
    proof.verify(&holder).unwrap();
    if let Some(kept) = site.deferred.lock().unwrap().get_mut(&id) {
        *kept = Some(holder);
        let later = json!({"transaction_id": format!("transaction of {id}"), "interval": 120});
        return (StatusCode::ACCEPTED, Json(later)).into_response();
    }
    Json(json!({"credentials": [{"credential": site.delivers(&id, &holder)}]})).into_response()
}

async fn deferred(State(site): State<Arc<Site>>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    assert!(headers["authorization"].to_str().unwrap().starts_with("Bearer token of code-"));
    let id = body["transaction_id"].as_str().unwrap().strip_prefix("transaction of ").unwrap().to_owned();
    let holder = site.deferred.lock().unwrap()[&id].clone().unwrap();
    if !*site.ready.lock().unwrap() {
        let later = json!({"transaction_id": body["transaction_id"], "interval": 120});
        return (StatusCode::ACCEPTED, Json(later)).into_response();
    }
    Json(json!({"credentials": [{"credential": site.delivers(&id, &holder)}]})).into_response()
}

impl Site {
    fn delivers(&self, id: &str, holder: &PublicJwk) -> String {
        match self.others.lock().unwrap().get(id) {
            Some(delivery) => delivery(holder),
            None => (self.delivery.lock().unwrap())(holder),
        }
    }
}

async fn offer(State(site): State<Arc<Site>>, Path(name): Path<String>) -> Response {
    let offer = site.offers.lock().unwrap().get(&name).cloned();
    offer.map_or_else(|| StatusCode::NOT_FOUND.into_response(), |offer| Json(offer).into_response())
}

/// What the first proof says.
fn claims_of(proofs: &vc::openid4vci::Proofs) -> Map<String, Value> {
    use base64::Engine as _;
    let text = proofs.as_jwt().unwrap()[0].split('.').nth(1).unwrap().to_owned();
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}
