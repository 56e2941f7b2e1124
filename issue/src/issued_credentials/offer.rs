//! The offer of an issuance and the secrets that it is made of.

use kernel::app::App;
use kernel::problem::{Code, Problem};
use kernel::secrets::{self, Presented, Sealed};
use model::{Issuance, IssuanceId, IssuanceStatus};
use store::Conn;
use uuid::Uuid;
use vc::openid4vci::{CredentialOffer, Grants, InputMode, OfferLink, PreAuthorizedCode, TxCode};
use zeroize::Zeroizing;

/// The pre-authorized code, by which an offer is found.
pub(super) const CODE: Presented = Presented("pre-authorized code");
/// The access token, by which the credential is fetched.
pub(super) const TOKEN: Presented = Presented("issuance access token");
/// The code of an open offer, which is shown again.
pub(super) const SEALED_CODE: Sealed = Sealed("/code");
/// The claims, until they are with their holder.
pub(super) const CLAIMS: Sealed = Sealed("/claims");
/// The context of the address of an offer.
const ADDRESS: &str = "offer address";

/// An offer that a wallet can take up.
pub struct OpenOffer {
    /// The offer itself.
    pub offer: CredentialOffer,
    /// As a link that holds its address; what the QR code says.
    pub by_reference: String,
    /// As a link that holds the offer itself.
    pub by_value: String,
}

impl OpenOffer {
    /// The offer of an issuance, from its code.
    pub(super) fn of(app: &App, issuance: &Issuance, code: &str) -> Self {
        let tx_code = issuance.tx_code_length.map(|length| TxCode {
            input_mode: Some(InputMode::Numeric),
            length: Some(length),
            description: None,
        });
        let grant = PreAuthorizedCode { code: code.to_owned(), tx_code, authorization_server: None };
        let offer = CredentialOffer {
            credential_issuer: app.wallet_url(issuance.wallet_id),
            credential_configuration_ids: vec![issuance.template_id.to_string()],
            grants: Grants { pre_authorized_code: Some(grant) },
        };
        Self {
            by_reference: OfferLink::ByReference(address(app, issuance)).to_string(),
            by_value: OfferLink::ByValue(offer.clone()).to_string(),
            offer,
        }
    }

    /// Sends the offer itself, not its address: whoever takes it can tell whose it is before anything is fetched.
    /// Returns why it did not arrive.
    pub(super) async fn send(&self, app: &App, endpoint: &str) -> Result<(), String> {
        let separator = if endpoint.contains('?') { '&' } else { '?' };
        let url = format!("{endpoint}{separator}{}", OfferLink::ByValue(self.offer.clone()).query());
        app.outbound.get_unmoved(&url).await.map(|_| ()).map_err(|error| error.to_string())
    }

    /// The offer of an issuance, while it is open.
    pub(crate) async fn find(app: &App, conn: &mut Conn, issuance: &Issuance) -> Result<Option<Self>, Problem> {
        if issuance.status_at(app.clock.now()) != IssuanceStatus::Offered {
            return Ok(None);
        }
        let sealed = conn.sealed_issuance_code(issuance.wallet_id, issuance.id).await?.ok_or(Code::Internal)?;
        let code = SEALED_CODE.open_text(app, issuance.id, &sealed)?;
        Ok(Some(Self::of(app, issuance, &code)))
    }
}

/// A new pre-authorized code.
pub(super) fn new_code(app: &App) -> Zeroizing<String> {
    secrets::draw::<24>(app)
}

/// What a token begins with whose response named the credential by an identifier. The digest is over the whole token, so
/// a holder cannot choose.
const BY_IDENTIFIER: &str = "id.";

/// A new access token; with one `by_identifier` the credential must be asked for by its identifier (OpenID4VCI 1.0 §8.2).
pub(super) fn new_token(app: &App, by_identifier: bool) -> Zeroizing<String> {
    let mark = if by_identifier { BY_IDENTIFIER } else { "" };
    Zeroizing::new(format!("{mark}{}", new_code(app).as_str()))
}

/// Whether the credential must be asked for by its identifier.
pub(super) fn is_by_identifier(token: &str) -> bool {
    token.starts_with(BY_IDENTIFIER)
}

/// The transaction code that the server makes for an issuance: six digits that follow from its id, for whoever has
/// the server's key.
pub(super) fn made_tx_code(app: &App, id: IssuanceId) -> String {
    let digest = app.digests.of("transaction code", id.0.as_bytes());
    let number = digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    format!("{:06}", number % 1_000_000)
}

/// What is kept of a transaction code: it is short, so the same code of two issuances must not look the same.
pub(super) fn tx_code_digest(app: &App, id: IssuanceId, code: &str) -> [u8; 32] {
    app.digests.of(&tx_code_context(id), code.as_bytes())
}

/// Whether this is the transaction code.
pub(super) fn is_tx_code(app: &App, id: IssuanceId, code: &str, digest: &[u8]) -> bool {
    app.digests.matches(&tx_code_context(id), code.as_bytes(), digest)
}

fn tx_code_context(id: IssuanceId) -> String {
    format!("tx_code of {id}")
}

/// Where the offer stands by reference. Nobody can guess the address, because whoever knows it has the code.
fn address(app: &App, issuance: &Issuance) -> String {
    let reference = secrets::tagged(&app.digests, ADDRESS, issuance.id.0.as_bytes());
    format!("{}/openid4vci/offers/{reference}", app.wallet_url(issuance.wallet_id))
}

/// The issuance that an offer's address names.
pub(super) fn referenced(app: &App, reference: &str) -> Option<IssuanceId> {
    let id = secrets::read_tagged(&app.digests, ADDRESS, reference)?;
    Uuid::from_slice(&id).ok().map(IssuanceId)
}
