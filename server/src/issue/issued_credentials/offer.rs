//! The offer of an issuance and the secrets that it is made of.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use model::{Issuance, IssuanceId, IssuanceStatus};
use store::Conn;
use uuid::Uuid;
use vc::openid4vci::{CredentialOffer, Grants, InputMode, OfferLink, PreAuthorizedCode, TxCode};
use zeroize::Zeroizing;

use crate::kernel::app::App;
use crate::kernel::problem::{Code, Problem};

/// What of an issuance is sealed; each opens in its own place alone.
pub(super) const CODE: &str = "code";
/// See [`CODE`].
pub(super) const CLAIMS: &str = "claims";

/// How many random bytes a code and an access token have.
const SECRET_BYTES: usize = 24;
/// How much of the digest stands in the address of an offer, in bytes.
const TAG_BYTES: usize = 16;

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
        let code = open(app, issuance.id, CODE, &sealed)?;
        let code = str::from_utf8(&code).map_err(|_| Code::Internal)?;
        Ok(Some(Self::of(app, issuance, code)))
    }
}

/// A new pre-authorized code.
pub(super) fn new_code(app: &App) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new([0; SECRET_BYTES]);
    app.randomness.fill(bytes.as_mut());
    Zeroizing::new(BASE64URL.encode(bytes.as_ref()))
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

/// What is kept of a code.
pub(super) fn code_digest(app: &App, code: &str) -> [u8; 32] {
    app.digests.of("pre-authorized code", code.as_bytes())
}

/// What is kept of an access token.
pub(super) fn token_digest(app: &App, token: &str) -> [u8; 32] {
    app.digests.of("issuance access token", token.as_bytes())
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

/// Seals a part of an issuance for its place.
pub(super) fn seal(app: &App, id: IssuanceId, part: &str, secret: &[u8]) -> Vec<u8> {
    app.sealing.seal(secret, &context(id, part), &app.randomness)
}

/// Opens a part of an issuance.
pub(super) fn open(app: &App, id: IssuanceId, part: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Problem> {
    app.sealing.open(sealed, &context(id, part)).map_err(|error| {
        tracing::error!(%error, part, "an issuance");
        Code::Internal.into()
    })
}

/// The place of a part.
pub(super) fn context(id: IssuanceId, part: &str) -> String {
    format!("{id}/{part}")
}

/// Where the offer stands by reference. Nobody can guess the address, because whoever knows it has the code.
fn address(app: &App, issuance: &Issuance) -> String {
    let mut reference = issuance.id.0.as_bytes().to_vec();
    reference.extend(tag(app, issuance.id));
    format!("{}/openid4vci/offers/{}", app.wallet_url(issuance.wallet_id), BASE64URL.encode(reference))
}

/// The issuance that an offer's address names.
pub(super) fn referenced(app: &App, reference: &str) -> Option<IssuanceId> {
    let bytes = BASE64URL.decode(reference).ok()?;
    let (id, tag) = bytes.split_first_chunk::<16>()?;
    let id = IssuanceId(Uuid::from_bytes(*id));
    // The whole digest of the presented tag is compared, so that the comparison takes the same time either way.
    let expected = app.digests.of("offer tag", &self::tag(app, id));
    app.digests.matches("offer tag", tag, &expected).then_some(id)
}

fn tag(app: &App, id: IssuanceId) -> Vec<u8> {
    app.digests.of("offer address", id.0.as_bytes()).into_iter().take(TAG_BYTES).collect()
}
