//! Somebody with a wallet of another make: credentials and presentations made with the crate `vc` alone, and the two
//! requests with which a wallet answers a verifier.

use http::Method;
use serde_json::{Map, Value, json};
use vc::did::{did_jwk, did_jwk_key_id};
use vc::jws::Jws;
use vc::keys::SigningKey;
use vc::names::TYP_REQUEST_OBJECT;
use vc::openid4vp::AuthorizationRequest;
use vc::sd_jwt_vc::{ClaimPath, Draft, issue, present};

use super::{Actor, Answer};

/// The type of the credentials that [`credential`] makes.
pub(crate) const VCT: &str = "https://issuer.example/membership";

/// The seconds of [`NOW`](super::NOW).
pub(crate) const NOW_SECONDS: i64 = 1_795_428_000;

/// The key whose secret is this byte, over and over: 7 is the issuer's, 21 the holder's.
pub(crate) fn key(secret: u8) -> SigningKey {
    SigningKey::from_secret_bytes(&[secret; 32]).unwrap()
}

/// Who issues what [`credential`] makes: a did:jwk.
pub(crate) fn issuer() -> String {
    did_jwk(&key(7).public()).to_string()
}

/// A credential of the holder, about Ada, changed by `change` before it is signed.
pub(crate) fn credential(change: impl FnOnce(&mut Draft<'_>)) -> String {
    let issuer = issuer();
    let kid = did_jwk_key_id(&issuer.parse().unwrap());
    signed(&key(7), &issuer, &kid, change)
}

/// The same by another issuer.
pub(crate) fn signed(
    key_of_issuer: &SigningKey,
    issuer: &str,
    kid: &str,
    change: impl FnOnce(&mut Draft<'_>),
) -> String {
    let Value::Object(claims) = json!({"name": "Ada Lovelace", "level": "gold", "city": "London"}) else { panic!() };
    let mut draft = Draft {
        issuer,
        kid,
        vct: VCT,
        claims,
        selectively_disclosable: vec!["name".into(), "level".into(), "city".into()],
        issued_at: NOW_SECONDS - 3600,
        valid_from: None,
        valid_until: Some(NOW_SECONDS + 365 * 86_400),
        holder_key: Some(key(21).public()),
        status: None,
    };
    change(&mut draft);
    let mut count = 0_u8;
    issue(&draft, key_of_issuer, &mut |bytes: &mut [u8]| {
        count += 1;
        bytes.fill(count);
    })
    .unwrap()
}

/// A request that a wallet has fetched. That it is signed as it must be is tried elsewhere.
#[derive(Clone, Debug)]
pub(crate) struct Fetched {
    claims: Map<String, Value>,
}

/// Where the request of a link is, as a path of this server.
pub(crate) fn request_path(link: &str) -> String {
    path_of(&AuthorizationRequest::parse(link).unwrap().request_uri)
}

/// Fetches the request of a link, as a wallet does that has no nonce of its own.
pub(crate) async fn fetch(nobody: &Actor, link: &str) -> Fetched {
    Fetched::read(nobody.get(&request_path(link)).await)
}

impl Fetched {
    pub(crate) fn read(answer: Answer) -> Self {
        let answer = answer.is(200);
        assert_eq!(answer.header("content-type"), "application/oauth-authz-req+jwt");
        let claims = Jws::parse(&answer.text, TYP_REQUEST_OBJECT).unwrap().claims;
        Self { claims }
    }

    pub(crate) fn claim(&self, name: &str) -> Value {
        self.claims.get(name).cloned().unwrap_or_default()
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.claim(name).as_str().unwrap_or_else(|| panic!("no text {name} in {:?}", self.claims)).to_owned()
    }

    /// The holder's presentation of these claims at the top level, as the request wants it and when it came.
    pub(crate) fn present(&self, credential: &str, claims: &[&str]) -> String {
        self.present_at(credential, claims, self.claim("iat").as_i64().unwrap())
    }

    pub(crate) fn present_at(&self, credential: &str, claims: &[&str], now: i64) -> String {
        let paths: Vec<ClaimPath> = claims.iter().map(|name| (*name).into()).collect();
        present(credential, &paths, &key(21), &self.text("client_id"), &self.text("nonce"), now).unwrap()
    }

    /// Posts these presentations, one for each query id.
    pub(crate) async fn answer(&self, nobody: &Actor, presentations: &[(&str, &str)]) -> Answer {
        let token: Map<String, Value> =
            presentations.iter().map(|(id, text)| ((*id).to_owned(), json!([text]))).collect();
        self.post(nobody, &[("vp_token", &Value::Object(token).to_string())]).await
    }

    /// Posts these parameters with the state of the request.
    pub(crate) async fn post(&self, nobody: &Actor, parameters: &[(&str, &str)]) -> Answer {
        let state = self.text("state");
        let form = [parameters, &[("state", state.as_str())]].concat();
        let request = nobody.request(Method::POST, &path_of(&self.text("response_uri")));
        Actor::send(request.form(&form)).await
    }
}

/// The public URL names this machine otherwise than the tests do.
pub(crate) fn path_of(uri: &str) -> String {
    let (_, rest) = uri.split_once("://").unwrap();
    format!("/{}", rest.split_once('/').unwrap().1)
}
