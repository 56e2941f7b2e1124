//! A verifier's request, from the link to something that can be believed (OpenID4VP 1.0 §5, as the wallet).

use kernel::app::App;
use kernel::outbound::OutboundError;
use kernel::secrets;
use keys::issuer_keys::{self, NoKeys};
use serde::{Deserialize, Serialize};
use vc::dcql::{DcqlError, Query};
use vc::jws::TimeError;
use vc::openid4vp::{
    AuthorizationRequest, ClientIdError, Expected, LinkError, RequestError, RequestObject, RequestUriMethod,
    SignedRequest,
};

/// The media type of a signed request (RFC 9101 §10.2).
const MEDIA_TYPE: &str = "application/oauth-authz-req+jwt";

/// Why a request is not taken in.
#[derive(Debug, thiserror::Error)]
pub(super) enum RequestRefusal {
    /// It is no link of a request.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// The verifier, or where its keys are, does not answer.
    #[error(transparent)]
    Unreachable(#[from] OutboundError),
    /// What is fetched is no request of the verifier that the link names.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The verifier's DID leads to no keys.
    #[error(transparent)]
    Keys(#[from] NoKeys),
    /// The query is not DCQL.
    #[error("the query of the verifier: {0}")]
    Query(#[from] DcqlError),
}

/// A request that is its verifier's.
pub(super) struct VerifiedRequest {
    pub(super) object: RequestObject,
}

/// What of a request its answer needs beside what is shown; kept sealed.
#[derive(Serialize, Deserialize)]
pub(super) struct Answering {
    pub(super) client_id: String,
    pub(super) nonce: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) state: Option<String>,
}

impl RequestRefusal {
    /// Why, for programs.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Link(LinkError::ByValue | LinkError::ClientId(ClientIdError::Prefix(_)))
            | Self::Request(RequestError::Unsupported(_) | RequestError::Formats) => "unsupported",
            Self::Link(_)
            | Self::Query(_)
            | Self::Request(
                RequestError::Jws(_) | RequestError::Parameter(_) | RequestError::Time(TimeError::Unreadable(_)),
            ) => "invalid",
            Self::Unreachable(_) | Self::Keys(NoKeys::Unreachable(_)) => "unreachable",
            Self::Keys(_) => "verifier-unknown",
            Self::Request(RequestError::Time(TimeError::Expired { .. })) => "expired",
            Self::Request(RequestError::Time(_)) => "not-yet-valid",
            Self::Request(_) => "signature-invalid",
        }
    }
}

/// Fetches the request behind a link and checks it: signed by the verifier that the link names, for this wallet, now,
/// with a query that can be read and an address that may be answered to.
pub(super) async fn fetch(app: &App, link: &str) -> Result<VerifiedRequest, RequestRefusal> {
    let link = AuthorizationRequest::parse(link)?;
    let url = link.request_uri.as_str();
    let (text, wallet_nonce) = match link.request_uri_method {
        RequestUriMethod::Get => (app.outbound.get_text(url, MEDIA_TYPE).await?, None),
        RequestUriMethod::Post => {
            // With 128 bits of the wallet's own the request cannot have been made for another wallet (§5.10).
            let nonce = secrets::draw::<16>(app).to_string();
            let answer = app.outbound.post_form(url, &[("wallet_nonce", &nonce)], MEDIA_TYPE).await?;
            (answer.ok()?.text(MEDIA_TYPE)?, Some(nonce))
        }
    };
    let request = SignedRequest::parse(&text)?;
    let keys = issuer_keys::of_verifier(app, request.keys()?).await?;
    let expected = Expected {
        client_id: &link.client_id,
        request_uri: url,
        wallet_nonce: wallet_nonce.as_deref(),
        now: app.clock.now().as_second(),
    };
    let object = request.verify(&keys, &expected)?;
    Query::parse(&object.dcql_query)?;
    app.outbound.check(&object.response_uri)?;
    Ok(VerifiedRequest { object })
}
