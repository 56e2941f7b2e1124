//! Judging a credential offer by the issuer's metadata (OpenID4VCI 1.0 §12.2), before its code is used.

use kernel::app::App;
use model::{OfferedCredential, TxCodeHint};
use vc::openid4vci::{CredentialOffer, InputMode, IssuerMetadata, PreAuthorizedCode, TxCode};

use super::client::{self, ClientError, shown};
use super::{MAX_TX_CODE, reasons};

/// An offer with what the issuer's metadata says of it.
pub(super) struct Described {
    pub(super) offer: CredentialOffer,
    pub(super) code: PreAuthorizedCode,
    pub(super) metadata: IssuerMetadata,
    /// Where the code becomes a token.
    pub(super) token_endpoint: String,
    /// Each credential of the offer; those that cannot be had with the reason.
    pub(super) credentials: Vec<OfferedCredential>,
}

/// Asks the issuer what it offers. At least one of the credentials must be one that can be had.
pub(super) async fn describe(app: &App, offer: CredentialOffer) -> Result<Described, ClientError> {
    let code = offer.grants.pre_authorized_code.clone().ok_or(ClientError::Grant)?;
    let (metadata, token_endpoint, credentials) =
        judge(app, &offer.credential_issuer, &offer.credential_configuration_ids, &code).await?;
    Ok(Described { offer, code, metadata, token_endpoint, credentials })
}

/// What the issuer says of these configurations, and where it takes the code.
pub(super) async fn judge(
    app: &App,
    credential_issuer: &str,
    configuration_ids: &[String],
    code: &PreAuthorizedCode,
) -> Result<(IssuerMetadata, String, Vec<OfferedCredential>), ClientError> {
    if let Some(length) = code.tx_code.as_ref().and_then(|tx_code| tx_code.length)
        && usize::try_from(length).is_ok_and(|length| length > MAX_TX_CODE)
    {
        return Err(ClientError::TxCode(length));
    }
    let metadata = client::metadata(app, credential_issuer).await?;
    if let Some(obstacle) = metadata.obstacle() {
        return Err(ClientError::Requires(obstacle));
    }
    let credentials: Vec<OfferedCredential> = configuration_ids.iter().map(|id| described(&metadata, id)).collect();
    if let Some(why) = reasons(&credentials)
        && credentials.iter().all(|credential| credential.reason.is_some())
    {
        let obstacle = configuration_ids.iter().find_map(|id| metadata.offered(id).err());
        return Err(obstacle.map_or(ClientError::Grant, |obstacle| ClientError::Nothing { obstacle, why }));
    }
    let token_endpoint = client::token_endpoint(app, &metadata, code).await?;
    Ok((metadata, token_endpoint, credentials))
}

fn described(metadata: &IssuerMetadata, id: &str) -> OfferedCredential {
    let configuration = metadata.credential_configurations_supported.get(id);
    let shown_as = configuration.and_then(|configuration| configuration.credential_metadata.as_ref());
    let name = shown_as.and_then(|metadata| metadata.display.first()).map(|display| shown(&display.name));
    OfferedCredential {
        configuration_id: id.to_owned(),
        vct: configuration.and_then(|configuration| configuration.vct.clone()),
        name: name.filter(|name| !name.is_empty()),
        reason: metadata.offered(id).err().map(|obstacle| obstacle.to_string()),
        received: None,
    }
}

impl Described {
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

    /// Whether all that can be had can be bound to a key of an identifier of this method, such as `did:jwk`.
    pub(super) fn binds(&self, method: &str) -> bool {
        binds(&self.metadata, &self.credentials, method)
    }
}

/// Whether all of these credentials that can be had can be bound to a key of an identifier of this method.
pub(super) fn binds(metadata: &IssuerMetadata, credentials: &[OfferedCredential], method: &str) -> bool {
    let configurations =
        credentials.iter().filter_map(|credential| metadata.offered(&credential.configuration_id).ok());
    configurations.into_iter().all(|configuration| client::binds_identifier(configuration, method))
}
