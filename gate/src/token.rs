//! Access tokens: JWTs by RFC 9068, which prove the identity of an OAuth client, not its current permissions.
//!
//! A token is a compact JWS (RFC 7515 §7.1) under the wallet's own ES256 key. Reading one has two halves: the text
//! ([`Compact::read`]), whose outcome can be cached because it never changes, and the current state (key, client,
//! revocation, time), which the gate checks at every request.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::{ExternalSystemId, PermissionSet, TokenId, TokenKeyId};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{Denial, InvalidReason};

/// How long an access token is valid at most, in milliseconds: an hour.
pub const LIFETIME: i64 = 3_600_000;
/// How far the clocks of two servers on one database may be apart, in milliseconds.
pub(crate) const SKEW: i64 = 60_000;
/// Longer than any token of this server, in bytes.
const MAX_BYTES: usize = 4096;
const TYPE: &str = "at+jwt";
const ALGORITHM: &str = "ES256";

/// The issuer and the audience of access tokens (RFC 9068 §2.2).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TokenRealm {
    /// `iss`: the issuer identifier of RFC 8414 §2.
    pub issuer: Box<str>,
    /// `aud`: the API.
    pub audience: Box<str>,
}

/// The claims of an access token to be issued. Instants are epoch milliseconds; on the wire they are whole seconds,
/// rounded down.
#[derive(Clone, Copy, Debug)]
pub struct NewToken<'a> {
    /// Its `jti`.
    pub id: TokenId,
    /// The key that signs it.
    pub key: TokenKeyId,
    /// Its `sub`.
    pub client: ExternalSystemId,
    /// The client ID.
    pub client_id: &'a str,
    /// Its scope.
    pub scope: PermissionSet,
    /// When it is issued.
    pub issued_at: i64,
    /// The first instant at which it is not valid.
    pub expires_at: i64,
}

/// The text of an access token, which is a secret while it is valid. It cannot be printed or compared.
pub struct AccessToken(Zeroizing<String>);

/// The claims of a token whose signature was verified.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Token {
    /// Its `jti`.
    pub id: TokenId,
    /// Its `sub`.
    pub client: ExternalSystemId,
    /// What it is narrowed to. The client's current permissions may be fewer.
    pub scope: PermissionSet,
    /// When it was issued, in epoch milliseconds.
    pub issued_at: i64,
    /// The first instant at which it is not valid, in epoch milliseconds.
    pub expires_at: i64,
    pub(crate) key: TokenKeyId,
    pub(crate) not_before: i64,
}

/// A text in the form of a compact JWS, not verified.
pub(crate) struct Compact<'a> {
    /// The whole text.
    pub(crate) text: &'a [u8],
    header: &'a [u8],
    payload: &'a [u8],
    signature: &'a [u8],
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header<'a> {
    alg: &'a str,
    typ: &'a str,
    kid: TokenKeyId,
}

/// The claims of RFC 9068 §2.2. This server writes no `nbf`, but checks it.
#[derive(Serialize, Deserialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: ExternalSystemId,
    client_id: &'a str,
    iat: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    exp: i64,
    jti: TokenId,
    scope: &'a str,
}

impl AccessToken {
    /// Writes and signs a token. `sign` makes the ES256 signature (`r || s`) of the key that `token` names.
    pub fn issue(token: &NewToken<'_>, realm: &TokenRealm, sign: impl FnOnce(&[u8]) -> [u8; 64]) -> Self {
        let scope = token.scope.to_string();
        let claims = Claims {
            iss: &realm.issuer,
            aud: &realm.audience,
            sub: token.client,
            client_id: token.client_id,
            iat: token.issued_at.div_euclid(1000),
            nbf: None,
            exp: token.expires_at.div_euclid(1000),
            jti: token.id,
            scope: &scope,
        };
        let header = Header { alg: ALGORITHM, typ: TYPE, kid: token.key };
        let mut text = Zeroizing::new(format!("{}.{}", encode(&header), encode(&claims)));
        let signature = URL_SAFE_NO_PAD.encode(sign(text.as_bytes()));
        text.reserve_exact(signature.len() + 1);
        text.push('.');
        text.push_str(&signature);
        Self(text)
    }

    /// The text, for the one answer to the client; nothing else reveals it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl<'a> Compact<'a> {
    /// Splits a text in three parts at its two dots; `None` when it has not that form.
    pub(crate) fn split(text: &'a [u8]) -> Option<Self> {
        if text.len() > MAX_BYTES {
            return None;
        }
        let mut parts = text.split(|byte| *byte == b'.');
        let (header, payload, signature) = (parts.next()?, parts.next()?, parts.next()?);
        parts.next().is_none().then_some(Self { text, header, payload, signature })
    }

    /// Reads a token of this realm. `verify` answers whether a signature (`r || s`) of a message is that of the key
    /// with this id. The claims are read only after that, and times are not checked here.
    pub(crate) fn read(
        &self,
        realm: &TokenRealm,
        verify: impl FnOnce(TokenKeyId, &[u8], &[u8]) -> bool,
    ) -> Result<Token, Denial> {
        let malformed = Denial::Invalid(InvalidReason::Malformed);
        let header = decode(self.header).ok_or(malformed)?;
        let header: Header<'_> = serde_json::from_slice(&header).map_err(|_| malformed)?;
        if header.alg != ALGORITHM || header.typ != TYPE {
            return Err(malformed);
        }
        let signature = decode(self.signature).ok_or(malformed)?;
        let signed = self.text.get(..self.header.len() + 1 + self.payload.len()).ok_or(malformed)?;
        if !verify(header.kid, signed, &signature) {
            return Err(Denial::Invalid(InvalidReason::BadSignature));
        }
        let bad = Denial::Invalid(InvalidReason::BadClaims);
        let payload = decode(self.payload).ok_or(bad)?;
        let claims: Claims<'_> = serde_json::from_slice(&payload).map_err(|_| bad)?;
        if claims.iss != &*realm.issuer || claims.aud != &*realm.audience {
            return Err(bad);
        }
        let (issued_at, expires_at) = (claims.iat.saturating_mul(1000), claims.exp.saturating_mul(1000));
        Ok(Token {
            id: claims.jti,
            client: claims.sub,
            scope: PermissionSet::from_names(claims.scope),
            issued_at,
            expires_at,
            key: header.kid,
            not_before: claims.nbf.map_or(issued_at, |nbf| nbf.saturating_mul(1000).max(issued_at)),
        })
    }
}

impl Token {
    /// Whether `nbf` has passed and `exp` has not.
    pub(crate) fn check_time(&self, now: i64) -> Result<(), Denial> {
        if now < self.not_before.saturating_sub(SKEW) {
            return Err(Denial::Invalid(InvalidReason::BadClaims));
        }
        if now >= self.expires_at.min(self.issued_at.saturating_add(LIFETIME)) {
            return Err(Denial::Expired);
        }
        Ok(())
    }
}

/// A part of a token: JSON in base64url. These structs always serialise.
fn encode(part: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(part).unwrap_or_default())
}

fn decode(part: &[u8]) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(part).ok()
}
