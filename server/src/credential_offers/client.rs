//! The holder's side of OpenID4VCI 1.0: what is asked of an issuer, one request after the other, through the guarded
//! client. Nothing here is stored, and no transaction is open meanwhile.

use model::{OfferedCredential, TxCodeHint};
use vc::names::FORMAT_SD_JWT_VC;
use vc::openid4vci::{
    AuthorizationServerMetadata, CredentialConfiguration, CredentialErrorCode, CredentialOffer, CredentialRequest,
    CredentialResponse, ErrorResponse, InputMode, IssuerMetadata, KeyProof, KeyProofDraft, MetadataError,
    NonceResponse, OfferError, OfferLink, PreAuthorizedCode, Proofs, TokenErrorCode, TokenRequest, TokenResponse,
    TxCode, authorization_server_metadata_url, issuer_metadata_url,
};

use crate::app::App;
use crate::identifiers::Signer;
use crate::outbound::{Answer, JSON, OutboundError};

/// The longest text of an issuer that is shown, in characters.
const MAX_SHOWN: usize = 200;

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
    /// The issuer does not describe what it offers.
    #[error("the issuer offers `{0}`, but does not describe it in its metadata")]
    Configuration(String),
    /// Another format than SD-JWT VC.
    #[error("the issuer offers `{0}` in a format other than SD-JWT VC (dc+sd-jwt)")]
    Format(String),
    /// The issuer wants a key proven in a way that this wallet does not know.
    #[error("the issuer binds `{0}` to keys in a way that is not supported by the identifier")]
    Binding(String),
    /// The offer names an authorization server that is none of the issuer's.
    #[error("the offer names an authorization server that is none of the issuer's")]
    AuthorizationServer,
    /// The authorization server has no token endpoint.
    #[error("the authorization server of the issuer has no token endpoint")]
    NoTokenEndpoint,
    /// The authorization server refuses the code, or the transaction code.
    #[error("the issuer does not accept the code: {0}")]
    Code(String),
    /// The authorization server refuses for another reason.
    #[error("the authorization server of the issuer refuses: {0}")]
    Token(String),
    /// The issuer refuses to issue.
    #[error("the issuer refuses to issue `{configuration}`: {why}")]
    Refused {
        /// What was asked for.
        configuration: String,
        /// What it says.
        why: String,
    },
    /// The issuer puts it off (§9).
    #[error("the issuer puts `{0}` off, and a deferred credential cannot be received")]
    Deferred(String),
    /// The issuer answers without a credential in compact form.
    #[error("the issuer answers without the credential `{0}`")]
    Empty(String),
}

/// An offer with what the issuer's metadata says of it.
pub(super) struct Described {
    pub(super) offer: CredentialOffer,
    pub(super) code: PreAuthorizedCode,
    pub(super) metadata: IssuerMetadata,
}

impl ClientError {
    /// Why, for programs.
    pub(super) const fn code(&self) -> &'static str {
        match self {
            Self::Offer(_) => "invalid",
            Self::Outbound(_) => "issuer-unreachable",
            Self::Grant | Self::Format(_) | Self::Binding(_) | Self::Deferred(_) => "unsupported",
            Self::Code(_) => "code-refused",
            Self::Token(_) | Self::Refused { .. } => "refused",
            _ => "issuer-invalid",
        }
    }
}

/// The offer behind a link; one by reference is fetched (§4.1.3).
pub(super) async fn resolve(app: &App, link: OfferLink) -> Result<CredentialOffer, ClientError> {
    match link {
        OfferLink::ByValue(offer) => Ok(offer),
        OfferLink::ByReference(url) => Ok(CredentialOffer::parse(&app.outbound.get(&url).await?)?),
    }
}

/// What the issuer says of its offer, which must be one that can be accepted.
pub(super) async fn describe(app: &App, offer: CredentialOffer) -> Result<Described, ClientError> {
    let code = offer.grants.pre_authorized_code.clone().ok_or(ClientError::Grant)?;
    let metadata = metadata(app, &offer.credential_issuer).await?;
    for id in &offer.credential_configuration_ids {
        configuration(&metadata, id)?;
    }
    Ok(Described { offer, code, metadata })
}

/// The metadata of an issuer (§12.2.2).
pub(super) async fn metadata(app: &App, credential_issuer: &str) -> Result<IssuerMetadata, ClientError> {
    let json = app.outbound.get(&issuer_metadata_url(credential_issuer)?).await?;
    Ok(IssuerMetadata::parse(&json, credential_issuer)?)
}

/// One kind of credential that the issuer describes.
pub(super) fn configuration<'a>(
    metadata: &'a IssuerMetadata,
    id: &str,
) -> Result<&'a CredentialConfiguration, ClientError> {
    let found = metadata.credential_configurations_supported.get(id);
    let found = found.ok_or_else(|| ClientError::Configuration(shown(id)))?;
    if found.format == FORMAT_SD_JWT_VC { Ok(found) } else { Err(ClientError::Format(shown(id))) }
}

/// Exchanges the code for an access token (§6).
pub(super) async fn token(
    app: &App,
    metadata: &IssuerMetadata,
    code: &PreAuthorizedCode,
    tx_code: Option<&str>,
) -> Result<TokenResponse, ClientError> {
    let server = authorization_server(metadata, code)?;
    let json = app.outbound.get(&authorization_server_metadata_url(server)?).await?;
    let endpoint = AuthorizationServerMetadata::parse(&json, server)?.token_endpoint;
    let endpoint = endpoint.ok_or(ClientError::NoTokenEndpoint)?;
    let request = TokenRequest::pre_authorized(code.code.as_str(), tx_code.map(str::to_owned));
    let mut form =
        vec![("grant_type", request.grant_type.as_str()), ("pre-authorized_code", &request.pre_authorized_code)];
    form.extend(tx_code.map(|tx_code| ("tx_code", tx_code)));
    let answer = app.outbound.post_form(&endpoint, &form, JSON).await?;
    if answer.status.is_success() {
        return Ok(answer.json()?);
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
) -> Result<String, ClientError> {
    let mut answer = ask(app, metadata, token, id, signer).await?;
    if is_refused_nonce(&answer) {
        answer = ask(app, metadata, token, id, signer).await?;
    }
    if !answer.status.is_success() {
        let (_, why) = refusal(answer)?;
        return Err(ClientError::Refused { configuration: shown(id), why });
    }
    let response: CredentialResponse = answer.json()?;
    if response.transaction_id.is_some() {
        return Err(ClientError::Deferred(shown(id)));
    }
    let first = response.credentials.into_iter().next();
    let compact = first.and_then(|issued| issued.credential.as_str().map(str::to_owned));
    compact.ok_or_else(|| ClientError::Empty(shown(id)))
}

async fn ask(
    app: &App,
    metadata: &IssuerMetadata,
    token: &TokenResponse,
    id: &str,
    signer: &Signer,
) -> Result<Answer, ClientError> {
    let configuration = configuration(metadata, id)?;
    let proofs = match configuration.asks_for_jwt_proof() {
        None => None,
        Some(false) => return Err(ClientError::Binding(shown(id))),
        Some(true) => {
            let nonce = nonce(app, metadata).await?;
            let draft = KeyProofDraft {
                audience: &metadata.credential_issuer,
                nonce: nonce.as_deref(),
                issued_at: app.clock.now().as_second(),
                kid: kid(configuration, signer).ok_or_else(|| ClientError::Binding(shown(id)))?,
            };
            Some(Proofs::jwt([KeyProof::make(&draft, &signer.key)]))
        }
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
    let (endpoint, token) = (&metadata.credential_endpoint, Some(token.access_token.as_str()));
    Ok(app.outbound.post_json(endpoint, &request, token).await?)
}

/// A fresh nonce, where the issuer has an endpoint for it (§7).
async fn nonce(app: &App, metadata: &IssuerMetadata) -> Result<Option<String>, ClientError> {
    let Some(endpoint) = &metadata.nonce_endpoint else { return Ok(None) };
    let answer = app.outbound.post_form(endpoint, &[], JSON).await?.ok()?;
    Ok(Some(answer.json::<NonceResponse>()?.c_nonce))
}

/// How the proof names the key: by itself where the issuer can bind a bare key (`Some(None)`), and else by the DID
/// URL of a method that the issuer knows.
fn kid<'a>(configuration: &CredentialConfiguration, signer: &'a Signer) -> Option<Option<&'a str>> {
    let methods = &configuration.cryptographic_binding_methods_supported;
    let by_did = format!("did:{}", signer.did.method());
    if methods.is_empty() || configuration.binds_jwk() {
        return Some(None);
    }
    methods.contains(&by_did).then_some(Some(signer.kid.as_str()))
}

/// The one that the offer names, which must be one of the issuer's (§4.1.1), or the first.
fn authorization_server<'a>(metadata: &'a IssuerMetadata, code: &PreAuthorizedCode) -> Result<&'a str, ClientError> {
    let Some(named) = &code.authorization_server else { return Ok(metadata.authorization_server()) };
    let found = metadata.authorization_servers.iter().find(|server| *server == named);
    found.map(String::as_str).ok_or(ClientError::AuthorizationServer)
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

impl Described {
    /// What the inbox shows of the offered credentials.
    pub(super) fn credentials(&self) -> Vec<OfferedCredential> {
        let describe = |id: &String| {
            let configuration = self.metadata.credential_configurations_supported.get(id);
            let metadata = configuration.and_then(|configuration| configuration.credential_metadata.as_ref());
            OfferedCredential {
                configuration_id: id.clone(),
                vct: configuration.and_then(|configuration| configuration.vct.clone()),
                name: metadata.and_then(|metadata| metadata.display.first()).map(|display| shown(&display.name)),
            }
        };
        self.offer.credential_configuration_ids.iter().map(describe).collect()
    }

    /// What the issuer calls itself.
    pub(super) fn issuer_name(&self) -> Option<String> {
        let name = self.metadata.display.iter().find_map(|display| display.name.as_deref());
        name.map(shown).filter(|name| !name.is_empty())
    }

    /// The transaction code that is needed.
    pub(super) fn tx_code(&self) -> Option<TxCodeHint> {
        let hint = |tx_code: &TxCode| TxCodeHint {
            numeric: tx_code.input_mode != Some(InputMode::Text),
            length: tx_code.length,
            description: tx_code.description.as_deref().map(shown),
        };
        self.code.tx_code.as_ref().map(hint)
    }
}

/// A stranger's text as it may be shown: short, and on one line.
pub(crate) fn shown(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(MAX_SHOWN).collect()
}
