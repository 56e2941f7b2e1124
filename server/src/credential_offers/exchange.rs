//! From an offer's code to credentials that can be believed: the requests to the issuer, in order, and the checks of
//! what it gives. All credentials of an offer come in, or none.

use model::CredentialOffer;
use vc::did::Did;
use vc::openid4vci::{IssuerMetadata, PreAuthorizedCode, TokenResponse};

use super::client::{self, ClientError};
use crate::app::App;
use crate::credentials::{Believed, Refusal, Wanted, verify_wanted};
use crate::identifiers::Signer;

/// What is asked of an issuer.
#[derive(Clone, Copy)]
pub(super) struct Order<'a> {
    pub(super) offer: &'a CredentialOffer,
    pub(super) code: &'a PreAuthorizedCode,
    /// The contact that pushed the offer, by whose DID it must be signed.
    pub(super) contact: Option<&'a Did>,
    pub(super) tx_code: Option<&'a str>,
}

/// Why nothing came of it, in a sentence for people.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The issuer does not know the code: nobody who holds it was authorised by anybody.
    #[error("{0}")]
    Code(String),
    /// The issuer, or what it says of itself.
    #[error("{0}")]
    Client(ClientError),
    /// What it gave is not taken in.
    #[error("the credential was refused: {0}")]
    Refused(#[from] Refusal),
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::Code(_) => Self::Code(error.to_string()),
            error => Self::Client(error),
        }
    }
}

/// Runs the whole exchange.
pub(super) async fn run(app: &App, order: Order<'_>, signer: &Signer) -> Result<Vec<Believed>, Failure> {
    let metadata = client::metadata(app, &order.offer.credential_issuer).await?;
    let token = client::token(app, &metadata, order.code, order.tx_code).await?;
    take(app, order, &metadata, &token, signer).await
}

/// Asks for the credentials with the token, one after the other.
pub(super) async fn take(
    app: &App,
    order: Order<'_>,
    metadata: &IssuerMetadata,
    token: &TokenResponse,
    signer: &Signer,
) -> Result<Vec<Believed>, Failure> {
    let mut received = Vec::new();
    for offered in &order.offer.credentials {
        let configuration = client::configuration(metadata, &offered.configuration_id)?;
        let wanted = Wanted {
            vct: configuration.vct.as_deref(),
            issuer: order.contact,
            holder: configuration.asks_for_jwt_proof().map(|_| signer),
        };
        let text = client::credential(app, metadata, token, &offered.configuration_id, signer).await?;
        received.push(verify_wanted(app, &text, wanted).await?);
    }
    Ok(received)
}
