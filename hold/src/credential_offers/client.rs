//! The holder's side of OpenID4VCI 1.0: what is asked of an issuer, one request after the other, through the guarded
//! client. Nothing here is stored, and no transaction is open meanwhile.

use kernel::app::App;
use kernel::http::JSON;
use kernel::outbound::{Answer, OutboundError};
use keys::identifiers::Signer;
use serde::Serialize;
use vc::names::openid4vci::BINDING_JWK;
use vc::openid4vci::{
    AuthorizationServerMetadata, CredentialConfiguration, CredentialErrorCode, CredentialOffer, CredentialRequest,
    CredentialResponse, DeferredCredentialRequest, ErrorResponse, IssuerMetadata, KeyProof, KeyProofDraft,
    MetadataError, NonceResponse, Obstacle, OfferError, OfferLink, PreAuthorizedCode, Proofs, TokenErrorCode,
    TokenRequest, TokenResponse, authorization_server_metadata_url, issuer_metadata_url,
};

/// The longest text of an issuer that is shown, in characters.
const MAX_SHOWN: usize = 200;
/// How many authorization servers of an issuer are looked at for one that takes the code.
const MAX_SERVERS: usize = 5;

/// Why an issuer's offer leads to nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum ClientError {
    /// It is no offer.
    #[error(transparent)]
    Offer(#[from] OfferError),
    /// Somebody does not answer.
    #[error(transparent)]
    Outbound(#[from] OutboundError),
    /// What an issuer or its authorization server says of itself cannot be used.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// Only the pre-authorized code flow is spoken.
    #[error("the offer needs a sign-in at the issuer; only offers with a pre-authorized code can be accepted")]
    Grant,
    /// The transaction code is longer than any that can be typed.
    #[error("the offer needs a transaction code of {0} characters; only those of at most 128 can be sent")]
    TxCode(u32),
    /// The issuer requires what this wallet cannot do, of every credential.
    #[error("{0}")]
    Requires(Obstacle),
    /// None of the offered credentials can be had.
    #[error("{why}")]
    Nothing {
        /// Why not, of the first.
        obstacle: Obstacle,
        /// Why not, of each, for people.
        why: String,
    },
    /// The offer names an authorization server that is none of the issuer's.
    #[error("the offer names an authorization server that is none of the issuer's")]
    AuthorizationServer,
    /// No authorization server knows the grant.
    #[error("no authorization server of the issuer takes pre-authorized codes (grant_types_supported)")]
    NoGrant,
    /// The authorization server has no token endpoint.
    #[error("the authorization server of the issuer has no token endpoint")]
    NoTokenEndpoint,
    /// The authorization server refuses the code, or the transaction code.
    #[error("the issuer does not accept the code: {0}")]
    Code(String),
    /// The authorization server refuses for another reason.
    #[error("the authorization server of the issuer refuses: {0}")]
    Token(String),
    /// The access token is to be sent in a way that this wallet does not know (RFC 6749 §7.1).
    #[error("the issuer gives an access token of the type {0}; only Bearer is supported")]
    TokenType(String),
    /// The issuer refuses to issue.
    #[error("the issuer refuses to issue it: {0}")]
    Refused(String),
    /// The issuer gives it later, and does not say where to ask (§9).
    #[error("the issuer gives it later, but its metadata has no deferred_credential_endpoint to ask at")]
    Deferred,
    /// The issuer answers without a credential in compact form.
    #[error("the issuer answers without the credential")]
    Empty,
}

/// What an issuer answers that is asked for one credential.
pub(super) enum Issued {
    /// The credential, in compact form.
    Now(String),
    /// It is not ready; under this name it can be asked for again.
    Later(Later),
}

/// A credential that an issuer gives later (§9).
pub(super) struct Later {
    /// By what it is asked for.
    pub(super) transaction_id: String,
    /// After how many seconds.
    pub(super) interval: Option<u64>,
}

impl ClientError {
    /// Why, for programs.
    pub(super) const fn code(&self) -> &'static str {
        match self {
            Self::Offer(_) => "invalid",
            Self::Outbound(_) => "issuer-unreachable",
            Self::Nothing { obstacle: Obstacle::Undescribed | Obstacle::Unreadable(_), .. } => "issuer-invalid",
            Self::Grant
            | Self::TxCode(_)
            | Self::Requires(_)
            | Self::Nothing { .. }
            | Self::NoGrant
            | Self::TokenType(_)
            | Self::Deferred => "unsupported",
            Self::Code(_) => "code-refused",
            Self::Token(_) | Self::Refused(_) => "refused",
            _ => "issuer-invalid",
        }
    }

    /// The same for the person who has the offer, with what to do.
    pub(super) fn with_advice(&self) -> String {
        let advice = match self {
            Self::Offer(OfferError::Scheme | OfferError::Presentation) => return self.to_string(),
            Self::Offer(_) => "ask the issuer for another one",
            Self::Outbound(
                OutboundError::Unreachable(_) | OutboundError::TooSlow(_) | OutboundError::Status { .. },
            ) => "try again later, or ask the issuer for another offer",
            Self::Grant | Self::TxCode(_) => "ask the issuer for such an offer",
            Self::Requires(_) | Self::Nothing { .. } | Self::TokenType(_) => {
                "ask the issuer for a credential that this wallet can hold"
            }
            Self::Code(_) => "ask the issuer for a new offer",
            Self::Token(_) | Self::Refused(_) => "ask the issuer why",
            Self::Outbound(_)
            | Self::Metadata(_)
            | Self::AuthorizationServer
            | Self::NoGrant
            | Self::NoTokenEndpoint
            | Self::Deferred
            | Self::Empty => "tell the issuer, who has to correct that",
        };
        format!("{self}; {advice}")
    }
}

/// The offer behind a link; one by reference is fetched (§4.1.3).
pub(super) async fn resolve(app: &App, link: OfferLink) -> Result<CredentialOffer, ClientError> {
    match link {
        OfferLink::ByValue(offer) => Ok(offer),
        OfferLink::ByReference(url) => Ok(CredentialOffer::parse(&app.outbound.get(&url).await?)?),
    }
}

/// The metadata of an issuer (§12.2.2).
pub(super) async fn metadata(app: &App, credential_issuer: &str) -> Result<IssuerMetadata, ClientError> {
    let json = app.outbound.get(&issuer_metadata_url(credential_issuer)?).await?;
    Ok(IssuerMetadata::parse(&json, credential_issuer)?)
}

/// Where the code becomes a token: at the authorization server that the offer names, which must be one of the issuer's
/// (§4.1.1), or else at the first that says it takes pre-authorized codes, or that says of no grant that it takes it
/// (§12.2.4, §12.3).
pub(super) async fn token_endpoint(
    app: &App,
    metadata: &IssuerMetadata,
    code: &PreAuthorizedCode,
) -> Result<String, ClientError> {
    let servers = metadata.authorization_servers();
    let asked: Vec<&str> = match &code.authorization_server {
        None => servers,
        // An issuer without a list is its own server, and may be named.
        Some(named) => {
            vec![servers.into_iter().find(|server| server == named).ok_or(ClientError::AuthorizationServer)?]
        }
    };
    let (mut silent, mut refusal) = (None, None);
    for server in asked.into_iter().take(MAX_SERVERS) {
        match token_endpoint_of(app, server).await {
            Ok((endpoint, true)) => return Ok(endpoint),
            Ok((endpoint, false)) => silent = silent.or(Some(endpoint)),
            Err(error) => refusal = refusal.or(Some(error)),
        }
    }
    silent.ok_or(refusal.unwrap_or(ClientError::NoGrant))
}

/// The token endpoint of a server, and whether it says that it takes pre-authorized codes.
async fn token_endpoint_of(app: &App, server: &str) -> Result<(String, bool), ClientError> {
    let json = app.outbound.get(&authorization_server_metadata_url(server)?).await?;
    let metadata = AuthorizationServerMetadata::parse(&json, server)?;
    let takes = metadata.takes_pre_authorized_codes();
    if takes == Some(false) {
        return Err(ClientError::NoGrant);
    }
    Ok((metadata.token_endpoint.ok_or(ClientError::NoTokenEndpoint)?, takes == Some(true)))
}

/// Exchanges the code for an access token (§6).
pub(super) async fn token(
    app: &App,
    endpoint: &str,
    code: &PreAuthorizedCode,
    tx_code: Option<&str>,
) -> Result<TokenResponse, ClientError> {
    let request = TokenRequest::pre_authorized(code.code.as_str(), tx_code.map(str::to_owned));
    let mut form =
        vec![("grant_type", request.grant_type.as_str()), ("pre-authorized_code", &request.pre_authorized_code)];
    form.extend(tx_code.map(|tx_code| ("tx_code", tx_code)));
    let answer = app.outbound.post_form(endpoint, &form, JSON).await?;
    if answer.status.is_success() {
        let token: TokenResponse = answer.json()?;
        // RFC 6749 §7.1: a token of a type that is not understood is not used.
        if !token.token_type.eq_ignore_ascii_case("Bearer") {
            return Err(ClientError::TokenType(shown(&token.token_type)));
        }
        return Ok(token);
    }
    let (error, why) = refusal(answer)?;
    Err(match TokenErrorCode::from_name(&error) {
        Some(TokenErrorCode::InvalidGrant | TokenErrorCode::InvalidRequest) => ClientError::Code(why),
        _ => ClientError::Token(why),
    })
}

/// Asks for one credential (§8), bound to the signer's key. A nonce is for one proof; when the issuer wants a fresher
/// one, it gets it once.
pub(super) async fn credential(
    app: &App,
    metadata: &IssuerMetadata,
    token: &TokenResponse,
    id: &str,
    signer: &Signer,
) -> Result<Issued, ClientError> {
    let mut answer = ask(app, metadata, token, id, signer).await?;
    if is_refused_nonce(&answer) {
        answer = ask(app, metadata, token, id, signer).await?;
    }
    issued(answer)
}

/// Asks again for one that was not ready (§9.1).
pub(super) async fn deferred_credential(
    app: &App,
    endpoint: &str,
    token: &str,
    transaction_id: &str,
) -> Result<Issued, ClientError> {
    let request = DeferredCredentialRequest { transaction_id: transaction_id.to_owned() };
    let answer = app.outbound.post_json(endpoint, &request, Some(token)).await?;
    // Issuers by earlier drafts say with an error that it is not ready yet.
    if !answer.status.is_success()
        && answer.json::<ErrorResponse>().is_ok_and(|refused| refused.error == "issuance_pending")
    {
        return Ok(Issued::Later(Later { transaction_id: transaction_id.to_owned(), interval: None }));
    }
    issued(answer)
}

fn issued(answer: Answer) -> Result<Issued, ClientError> {
    if !answer.status.is_success() {
        return Err(ClientError::Refused(refusal(answer)?.1));
    }
    let response: CredentialResponse = answer.json()?;
    let first = response.credentials.into_iter().next();
    match (first.as_ref().and_then(|issued| issued.credential.as_str()), response.transaction_id) {
        (Some(compact), _) => Ok(Issued::Now(compact.to_owned())),
        (None, Some(transaction_id)) => Ok(Issued::Later(Later { transaction_id, interval: response.interval })),
        (None, None) => Err(ClientError::Empty),
    }
}

async fn ask(
    app: &App,
    metadata: &IssuerMetadata,
    token: &TokenResponse,
    id: &str,
    signer: &Signer,
) -> Result<Answer, ClientError> {
    let configuration = metadata.offered(id).map_err(ClientError::Requires)?;
    let proofs = if configuration.asks_for_proof() {
        let nonce = nonce(app, metadata).await?;
        let draft = KeyProofDraft {
            audience: &metadata.credential_issuer,
            nonce: nonce.as_deref(),
            issued_at: app.clock.now().as_second(),
            // By itself where the issuer can bind a bare key, and else by its DID URL.
            kid: (!binds_bare_key(configuration)).then_some(signer.kid.as_str()),
        };
        Some(Proofs::jwt([KeyProof::make(&draft, &signer.key)]))
    } else {
        None
    };
    // §8.2: by the identifier that the token came with, where there is one.
    let details = token.authorization_details.iter();
    let mut identifiers =
        details.filter(|detail| detail.credential_configuration_id.as_deref().is_none_or(|of| of == id));
    let identifier = identifiers.find_map(|detail| detail.credential_identifiers.first().cloned());
    let request = CredentialRequest {
        credential_configuration_id: identifier.is_none().then(|| id.to_owned()),
        credential_identifier: identifier,
        proofs,
        credential_response_encryption: None,
    };
    post(app, &metadata.credential_endpoint, &request, token).await
}

async fn post(app: &App, endpoint: &str, body: &impl Serialize, token: &TokenResponse) -> Result<Answer, ClientError> {
    Ok(app.outbound.post_json(endpoint, body, Some(token.access_token.as_str())).await?)
}

/// A fresh nonce, where the issuer has an endpoint for it (§7).
async fn nonce(app: &App, metadata: &IssuerMetadata) -> Result<Option<String>, ClientError> {
    let Some(endpoint) = &metadata.nonce_endpoint else { return Ok(None) };
    let answer = app.outbound.post_form(endpoint, &[], JSON).await?.ok()?;
    Ok(Some(answer.json::<NonceResponse>()?.c_nonce))
}

/// Whether the credential can be bound to a key of an identifier of this method, such as `did:jwk`.
pub(super) fn binds_identifier(configuration: &CredentialConfiguration, method: &str) -> bool {
    binds_bare_key(configuration) || configuration.binds(method)
}

fn binds_bare_key(configuration: &CredentialConfiguration) -> bool {
    configuration.cryptographic_binding_methods_supported.is_empty() || configuration.binds(BINDING_JWK)
}

fn is_refused_nonce(answer: &Answer) -> bool {
    let error = answer.json::<ErrorResponse>().ok().filter(|_| !answer.status.is_success());
    let code = error.and_then(|error| CredentialErrorCode::from_name(&error.error));
    code == Some(CredentialErrorCode::InvalidNonce)
}

/// The code of an error, and what is shown of it.
fn refusal(answer: Answer) -> Result<(String, String), ClientError> {
    let Ok(error) = answer.json::<ErrorResponse>() else {
        let status = answer.status.to_string();
        return Err(answer.ok().map_or_else(ClientError::Outbound, |_| ClientError::Token(status)));
    };
    let why = error.error_description.as_ref().map_or_else(String::new, |why| format!(" ({})", shown(why)));
    Ok((error.error.clone(), format!("{}{why}", shown(&error.error))))
}

/// A stranger's text as it may be shown: short, and on one line.
pub(crate) fn shown(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(MAX_SHOWN).collect()
}
