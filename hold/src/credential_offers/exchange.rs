//! From a token to credentials that can be believed: the requests to the issuer, in order, and the checks of what it
//! gives. What can be had of an offer is had; of the rest it is told why not.

use kernel::app::App;
use kernel::outbound::OutboundError;
use keys::identifiers::Signer;
use model::OfferedCredential;
use serde::{Deserialize, Serialize};
use vc::did::Did;
use vc::openid4vci::{IssuerMetadata, TokenResponse};

use super::client::{self, Issued};
use crate::credentials::{BoundTo, VerifiedForImport, Wanted, verify_wanted};

/// What became of the request for one credential.
pub(super) struct Outcome {
    pub(super) configuration_id: String,
    pub(super) result: Result<Taken, String>,
}

/// What an issuer gave.
pub(super) enum Taken {
    /// A credential that can be believed.
    Now(Box<VerifiedForImport>),
    /// The promise of one.
    Later(Waiting),
}

/// What is asked for again, and what it must be when it comes.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Waiting {
    pub(super) configuration_id: String,
    pub(super) transaction_id: String,
    #[serde(default)]
    pub(super) interval: Option<u64>,
    vct: Option<String>,
    bound_to: Option<BoundTo>,
}

impl Outcome {
    /// Whether nothing more is known than before.
    pub(super) fn is_still(&self, waiting: &Waiting) -> bool {
        matches!(&self.result, Ok(Taken::Later(later)) if later.transaction_id == waiting.transaction_id)
    }
}

/// Where the credentials come from that are asked for.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) metadata: &'a IssuerMetadata,
    pub(super) token: &'a TokenResponse,
    /// The contact that pushed the offer, by whose DID they must be signed.
    pub(super) contact: Option<&'a Did>,
}

/// What asking again takes; kept sealed.
#[derive(Serialize, Deserialize)]
pub(super) struct Deferral {
    pub(super) endpoint: String,
    pub(super) access_token: String,
    pub(super) waiting: Vec<Waiting>,
}

/// Asks for the credentials that can be had with the token, one after the other.
pub(super) async fn take(
    app: &App,
    source: Source<'_>,
    credentials: &[OfferedCredential],
    signer: &Signer,
) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for offered in credentials.iter().filter(|offered| offered.reason.is_none()) {
        let result = take_one(app, source, &offered.configuration_id, signer).await;
        outcomes.push(Outcome { configuration_id: offered.configuration_id.clone(), result });
    }
    outcomes
}

async fn take_one(app: &App, source: Source<'_>, id: &str, signer: &Signer) -> Result<Taken, String> {
    let configuration = source.metadata.offered(id).map_err(|obstacle| obstacle.to_string())?;
    let waiting = |transaction_id, interval| Waiting {
        configuration_id: id.to_owned(),
        transaction_id,
        interval,
        vct: configuration.vct.clone(),
        bound_to: configuration.asks_for_proof().then(|| BoundTo::from(signer)),
    };
    match client::credential(app, source.metadata, source.token, id, signer).await {
        Ok(Issued::Now(text)) => believe(app, &text, &waiting(String::new(), None), source.contact).await,
        Ok(Issued::Later(_)) if source.metadata.deferred_credential_endpoint.is_none() => {
            Err(client::ClientError::Deferred.with_advice())
        }
        Ok(Issued::Later(later)) => Ok(Taken::Later(waiting(later.transaction_id, later.interval))),
        Err(error) => Err(error.with_advice()),
    }
}

/// Asks again for one that was promised.
pub(super) async fn ask_again(app: &App, deferral: &Deferral, waiting: &Waiting, contact: Option<&Did>) -> Outcome {
    let (endpoint, token) = (&deferral.endpoint, &deferral.access_token);
    let result = match client::deferred_credential(app, endpoint, token, &waiting.transaction_id).await {
        Ok(Issued::Now(text)) => believe(app, &text, waiting, contact).await,
        Ok(Issued::Later(later)) => Ok(Taken::Later(Waiting {
            transaction_id: later.transaction_id,
            interval: later.interval.or(waiting.interval),
            ..waiting.clone()
        })),
        Err(client::ClientError::Outbound(OutboundError::Status { url, status })) if (400..500).contains(&status) => {
            Err(OutboundError::Status { url, status }.to_string())
        }
        // One that does not answer now may do so the next time.
        Err(client::ClientError::Outbound(_)) => Ok(Taken::Later(waiting.clone())),
        Err(error) => Err(error.with_advice()),
    };
    Outcome { configuration_id: waiting.configuration_id.clone(), result }
}

async fn believe(app: &App, text: &str, expected: &Waiting, contact: Option<&Did>) -> Result<Taken, String> {
    let wanted = Wanted { vct: expected.vct.as_deref(), issuer: contact, holder: expected.bound_to.as_ref() };
    match verify_wanted(app, text, wanted).await {
        Ok(believed) => Ok(Taken::Now(Box::new(believed))),
        Err(refusal) => Err(format!("the credential was refused: {refusal}")),
    }
}
