//! Whoever takes up what the demo's wallet offers and shows it: the least that a holder's wallet can be. It speaks with
//! the server without a network.

use anyhow::{Context as _, ensure};
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use claviger::App;
use http::request::Builder;
use http::{Request, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use vc::jws::Jws;
use vc::keys::SigningKey;
use vc::names::TYP_REQUEST_OBJECT;
use vc::openid4vci::{
    CredentialOffer, CredentialResponse, KeyProof, KeyProofDraft, NonceResponse, TokenRequest, TokenResponse,
};
use vc::openid4vp::{AuthorizationRequest, DirectPost, RequestObject, VpToken};
use vc::sd_jwt_vc::{self, ClaimPath};

/// The longest answer that is read, in bytes.
const MAX_ANSWER: usize = 1 << 20;

/// A holder with a key pair of its own.
pub(super) struct Customer<'a> {
    app: &'a App,
    server: &'a Router,
    key: SigningKey,
}

impl<'a> Customer<'a> {
    /// A new one.
    pub(super) fn new(app: &'a App, server: &'a Router) -> anyhow::Result<Self> {
        Ok(Self { app, server, key: SigningKey::generate(&mut |bytes| app.randomness.fill(bytes))? })
    }

    /// Exchanges the code of an offer for an access token (OpenID4VCI 1.0 §6).
    pub(super) async fn accept(&self, offer: &CredentialOffer) -> anyhow::Result<String> {
        let grant = offer.grants.pre_authorized_code.as_ref().context("an offer without a code")?;
        let form = serde_urlencoded::to_string(TokenRequest::pre_authorized(&grant.code, None))?;
        let url = format!("{}/openid4vci/token", offer.credential_issuer);
        let token: TokenResponse = self.post(&url, "application/x-www-form-urlencoded", None, form).await?;
        Ok(token.access_token)
    }

    /// Takes the credential of an offer (§8), as it is issued.
    pub(super) async fn receive(&self, offer: &CredentialOffer) -> anyhow::Result<String> {
        let token = self.accept(offer).await?;
        let issuer = offer.credential_issuer.as_str();
        let nonce = format!("{issuer}/openid4vci/nonce");
        let NonceResponse { c_nonce } = self.post(&nonce, "application/json", None, String::new()).await?;
        let draft = KeyProofDraft {
            audience: issuer,
            nonce: Some(&c_nonce),
            issued_at: self.app.clock.now().as_second(),
            kid: None,
        };
        let request = json!({
            "credential_configuration_id": offer.credential_configuration_ids.first(),
            "proofs": {"jwt": [KeyProof::make(&draft, &self.key)]},
        });
        let credential = format!("{issuer}/openid4vci/credential");
        let response: CredentialResponse =
            self.post(&credential, "application/json", Some(&token), request.to_string()).await?;
        let credential = response.credentials.first().and_then(|issued| issued.credential.as_str());
        Ok(credential.context("nothing was issued")?.to_owned())
    }

    /// Shows these claims of a credential to who asks by this link (OpenID4VP 1.0 §8.2).
    pub(super) async fn present(
        &self,
        link: &str,
        query: &str,
        compact: &str,
        claims: &[ClaimPath],
    ) -> anyhow::Result<()> {
        let request_uri = AuthorizationRequest::parse(link)?.request_uri;
        let text = self.send(Request::get(self.path(&request_uri)?), Body::empty()).await?;
        let signed = Jws::parse(str::from_utf8(&text)?.trim(), TYP_REQUEST_OBJECT)?;
        let request: RequestObject = serde_json::from_value(Value::Object(signed.claims))?;
        let audience = request.client_id.to_string();
        let now = self.app.clock.now().as_second();
        let shown = sd_jwt_vc::present(compact, claims, &self.key, &audience, &request.nonce, now)?;
        let vp_token = VpToken([(query.to_owned(), vec![shown])].into());
        let form = serde_urlencoded::to_string(DirectPost::Presented { vp_token, state: request.state }.to_form())?;
        let post = Request::post(self.path(&request.response_uri)?)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        // A verifier that is not convinced says so with 400.
        let (status, answer) = self.exchange(post, Body::from(form)).await?;
        ensure!(!status.is_server_error(), "{status}: {}", String::from_utf8_lossy(&answer));
        Ok(())
    }

    async fn post<T: DeserializeOwned>(
        &self,
        url: &str,
        content_type: &str,
        token: Option<&str>,
        body: String,
    ) -> anyhow::Result<T> {
        let mut request = Request::post(self.path(url)?).header(header::CONTENT_TYPE, content_type);
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        Ok(serde_json::from_slice(&self.send(request, Body::from(body)).await?)?)
    }

    async fn send(&self, request: Builder, body: Body) -> anyhow::Result<Bytes> {
        let (status, answer) = self.exchange(request, body).await?;
        ensure!(status.is_success(), "{status}: {}", String::from_utf8_lossy(&answer));
        Ok(answer)
    }

    async fn exchange(&self, request: Builder, body: Body) -> anyhow::Result<(StatusCode, Bytes)> {
        let request = request.header(header::HOST, self.app.settings.public_url.authority());
        let response = self.server.clone().oneshot(request.body(body)?).await?;
        let status = response.status();
        Ok((status, to_bytes(response.into_body(), MAX_ANSWER).await?))
    }

    /// What of an address is behind the server's own.
    fn path(&self, url: &str) -> anyhow::Result<String> {
        let path = url.strip_prefix(self.app.settings.public_url.origin());
        Ok(path.with_context(|| format!("{url} is not of this server"))?.to_owned())
    }
}
