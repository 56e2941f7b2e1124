//! What a holder's wallet must know before it asks: the issuer's metadata and that of its authorization server,
//! which is the same party (OpenID4VCI 1.0 §12.2, §12.3).

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::{HeaderName, header};
use kernel::app::App;
use kernel::http::{CACHED_FIVE_MINUTES, CACHED_ONE_MINUTE, Negotiation, PublicDocument};
use kernel::problem::{Code, Problem};
use kernel::protocol_request::ProtocolRequest;
use vc::names::openid4vci::OPENID_CREDENTIAL;
use vc::openid4vci::{AuthorizationServerMetadata, Grants, IssuerDisplay, IssuerMetadata};

use crate::issuer_templates::configuration;

const JSON: (HeaderName, &str) = (header::CONTENT_TYPE, "application/json");

pub(super) async fn issuer(
    protocol: ProtocolRequest,
    State(app): State<Arc<App>>,
    asked: Negotiation,
) -> Result<Response, Problem> {
    let mut read = app.store.read().await?;
    let wallet = read.wallet(protocol.wallet).await?.ok_or(Code::NotFound)?;
    let templates = read.all_issuer_templates(protocol.wallet).await?;
    let supported = templates.iter().map(|template| (template.id.to_string(), configuration(template)));
    let url = app.wallet_url(protocol.wallet);
    let metadata = IssuerMetadata {
        authorization_servers: Vec::new(),
        credential_endpoint: format!("{url}/openid4vci/credential"),
        nonce_endpoint: Some(format!("{url}/openid4vci/nonce")),
        deferred_credential_endpoint: None,
        credential_request_encryption: None,
        credential_response_encryption: None,
        display: vec![IssuerDisplay { name: Some(wallet.name.into_string()), ..IssuerDisplay::default() }],
        credential_configurations_supported: supported.collect(),
        credential_issuer: url,
    };
    Ok(PublicDocument::json(&metadata)?.answer(&asked, [JSON, CACHED_ONE_MINUTE]))
}

pub(super) async fn authorization_server(
    protocol: ProtocolRequest,
    State(app): State<Arc<App>>,
    asked: Negotiation,
) -> Result<Response, Problem> {
    let url = app.wallet_url(protocol.wallet);
    let metadata = AuthorizationServerMetadata {
        token_endpoint: Some(format!("{url}/openid4vci/token")),
        response_types_supported: Vec::new(),
        grant_types_supported: vec![Grants::PRE_AUTHORIZED_CODE.to_owned()],
        token_endpoint_auth_methods_supported: vec!["none".to_owned()],
        authorization_details_types_supported: vec![OPENID_CREDENTIAL.to_owned()],
        pre_authorized_grant_anonymous_access_supported: true,
        issuer: url,
    };
    Ok(PublicDocument::json(&metadata)?.answer(&asked, [JSON, CACHED_FIVE_MINUTES]))
}
