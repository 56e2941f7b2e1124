//! P-256 keys: the one signature algorithm of the profile (ES256) in the one form that travels
//! (JWK). Nothing here draws randomness or stores anything; the caller brings the bytes and keeps
//! them.

use core::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::{Signer as _, Verifier as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::names::{CRV_P256, KTY_EC};
use crate::words::shown;

/// The prefix of the compressed point of a P-256 key in a Multikey: the multicodec `p256-pub`, 0x1200, as a varint.
const P256_PUB: [u8; 2] = [0x80, 0x24];

/// The longest Multikey that is read, in bytes: decoding base58 takes the square of its length. A P-256 key has 48.
const MAX_MULTIKEY_BYTES: usize = 64;

/// Where secret bytes come from: fills the whole slice with unpredictable bytes.
///
/// A closure over the one random number generator of the program, which this crate does not have.
pub type Randomness<'a> = dyn FnMut(&mut [u8]) + 'a;

/// How often [`SigningKey::generate`] asks for other bytes. 32 random bytes are no P-256 scalar once
/// in 2³² times, so a second refusal already means a broken source.
const ATTEMPTS: usize = 8;

/// Why a key was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Zero, or not below the order of the curve (SEC 1 §3.2.1).
    #[error("these 32 bytes are not a P-256 secret key: take fresh random bytes")]
    SecretOutOfRange,
    /// The source of randomness gave no usable key, several times in a row.
    #[error("the source of randomness is broken: it gave no usable key in {ATTEMPTS} attempts")]
    Randomness,
    /// Another kind of key than `kty` EC, `crv` P-256 (RFC 7518 §6.2.1).
    #[error("{}; only EC P-256 keys (ES256) are supported", the_key(.kty, .crv))]
    Unsupported {
        /// Its `kty`.
        kty: String,
        /// Its `crv`, empty when it has none.
        crv: String,
    },
    /// The JWK holds the secret `d`, so everyone who saw it can sign with it.
    #[error("the JWK holds its secret (`d`): publish the public part only, and replace this key")]
    Secret,
    /// Not a Multikey of a P-256 key (Controlled Identifiers 1.0 §2.2.2).
    #[error("the text is not a Multikey of a P-256 key: it must be a compressed point with the codec `p256-pub`")]
    Multikey,
    /// `x` or `y` is missing, not base64url of 32 bytes, or the point is not on the curve.
    #[error("the JWK is not a point on P-256: `{member}` is wrong")]
    Point {
        /// The first member found wrong; `x, y` when only the two together are.
        member: &'static str,
    },
}

fn the_key(kty: &str, crv: &str) -> String {
    match (kty, crv) {
        ("", _) => "it is no key (JWK)".to_owned(),
        (kty, "") => format!("the key is of type {}", shown(kty)),
        (kty, crv) => format!("the key is {} {}", shown(kty), shown(crv)),
    }
}

/// A P-256 secret key that signs with ES256. Zeroised on drop.
pub struct SigningKey(p256::ecdsa::SigningKey);

/// A P-256 public key, in JSON a JWK (RFC 7517, RFC 7518 §6.2.1). Every value of this type is a point
/// on the curve.
///
/// Two keys are equal when the point and the `kid` are; compare [`thumbprint`](Self::thumbprint)s to
/// compare the points alone.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicJwk {
    key: p256::ecdsa::VerifyingKey,
    kid: Option<String>,
}

impl SigningKey {
    /// The key whose secret is these 32 bytes, big-endian.
    pub fn from_secret_bytes(secret: &[u8; 32]) -> Result<Self, KeyError> {
        p256::ecdsa::SigningKey::from_slice(secret).map(Self).map_err(|_| KeyError::SecretOutOfRange)
    }

    /// A new key from the caller's source of randomness.
    pub fn generate(random: &mut Randomness<'_>) -> Result<Self, KeyError> {
        let mut secret = Zeroizing::new([0; 32]);
        for _ in 0..ATTEMPTS {
            random(secret.as_mut_slice());
            if let Ok(key) = Self::from_secret_bytes(&secret) {
                return Ok(key);
            }
        }
        Err(KeyError::Randomness)
    }

    /// The secret, 32 bytes big-endian, to be encrypted and stored. The copy is zeroised on drop.
    pub fn to_secret_bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes().into())
    }

    /// The public key, without a `kid`.
    pub fn public(&self) -> PublicJwk {
        PublicJwk { key: *self.0.verifying_key(), kid: None }
    }

    /// The ES256 signature of `message`: `r || s`, 64 bytes (RFC 7518 §3.4). Deterministic
    /// (RFC 6979), so no randomness is needed and none can leak the key.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        let signature: p256::ecdsa::Signature = self.0.sign(message);
        signature.to_bytes().into()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SigningKey").field(&self.public().thumbprint()).finish()
    }
}

impl PublicJwk {
    /// This key under the name `kid` (RFC 7517 §4.5).
    #[must_use]
    pub fn with_kid(mut self, kid: impl Into<String>) -> Self {
        self.kid = Some(kid.into());
        self
    }

    /// This key without a name.
    #[must_use]
    pub(crate) fn without_kid(mut self) -> Self {
        self.kid = None;
        self
    }

    /// The key's `kid`, if it has one.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// SHA-256 JWK thumbprint, base64url, 43 characters (RFC 7638 §3). The `kid` has no part in it.
    pub fn thumbprint(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.canonical_json()))
    }

    /// Whether `signature` (`r || s`, 64 bytes) is this key's ES256 signature of `message`.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        p256::ecdsa::Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify(message, &signature).is_ok())
    }

    /// The required members only, sorted, without white space: RFC 7638 §3.2 and §3.3, which for
    /// these four members is RFC 8785 too.
    pub(crate) fn canonical_json(&self) -> String {
        let (x, y) = self.coordinates();
        format!(r#"{{"crv":"{CRV_P256}","kty":"{KTY_EC}","x":"{x}","y":"{y}"}}"#)
    }

    /// Reads a JWK that has been parsed as JSON already.
    pub(crate) fn from_value(value: &serde_json::Value) -> Result<Self, KeyError> {
        let text = |member| value.get(member).and_then(serde_json::Value::as_str);
        let (kty, crv) = (text("kty").unwrap_or_default(), text("crv").unwrap_or_default());
        if (kty, crv) != (KTY_EC, CRV_P256) {
            return Err(KeyError::Unsupported { kty: kty.to_owned(), crv: crv.to_owned() });
        }
        if value.get("d").is_some() {
            return Err(KeyError::Secret);
        }
        // SEC 1 §2.3.3: an uncompressed point is 04, x, y.
        let mut point = vec![4];
        for member in ["x", "y"] {
            let bytes = text(member)
                .and_then(|text| URL_SAFE_NO_PAD.decode(text).ok())
                .filter(|bytes| bytes.len() == 32)
                .ok_or(KeyError::Point { member })?;
            point.extend(bytes);
        }
        let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&point).map_err(|_| KeyError::Point { member: "x, y" })?;
        Ok(Self { key, kid: text("kid").map(str::to_owned) })
    }

    /// Reads a Multikey (Controlled Identifiers 1.0 §2.2.2): a compressed point in base58btc (`z`) or base64url (`u`).
    pub(crate) fn from_multikey(text: &str) -> Result<Self, KeyError> {
        let bytes = match text.split_at_checked(1).filter(|_| text.len() <= MAX_MULTIKEY_BYTES) {
            Some(("z", base58)) => bs58::decode(base58).into_vec().ok(),
            Some(("u", base64)) => URL_SAFE_NO_PAD.decode(base64).ok(),
            _ => None,
        };
        let point = bytes.as_deref().and_then(|bytes| bytes.strip_prefix(&P256_PUB)).filter(|point| point.len() == 33);
        let key = point.and_then(|point| p256::ecdsa::VerifyingKey::from_sec1_bytes(point).ok());
        Ok(Self { key: key.ok_or(KeyError::Multikey)?, kid: None })
    }

    /// `x` and `y` in base64url.
    fn coordinates(&self) -> (String, String) {
        let point = self.key.to_sec1_point(false);
        let encode = |coordinate: Option<&p256::FieldBytes>| {
            coordinate.map_or_else(String::new, |bytes| URL_SAFE_NO_PAD.encode(bytes))
        };
        (encode(point.x()), encode(point.y()))
    }
}

impl fmt::Debug for PublicJwk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PublicJwk").field(&self.thumbprint()).field(&self.kid).finish()
    }
}

#[derive(Serialize)]
struct Wire {
    kty: &'static str,
    crv: &'static str,
    x: String,
    y: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
}

impl Serialize for PublicJwk {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (x, y) = self.coordinates();
        Wire { kty: KTY_EC, crv: CRV_P256, x, y, kid: self.kid.clone() }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for PublicJwk {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        Self::from_value(&value).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// RFC 7515 Appendix A.3: an ES256 key pair, a signing input and its signature.
    fn rfc_7515_key() -> Value {
        json!({
            "kty": "EC", "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        })
    }
    const RFC_7515_SECRET: &str = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI";
    const RFC_7515_INPUT: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    const RFC_7515_SIGNATURE: &str =
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    fn parse(value: &Value) -> Result<PublicJwk, KeyError> {
        PublicJwk::from_value(value)
    }

    fn secret(text: &str) -> [u8; 32] {
        URL_SAFE_NO_PAD.decode(text).unwrap().try_into().unwrap()
    }

    #[test]
    fn the_example_of_rfc_7515_verifies() {
        let key = parse(&rfc_7515_key()).unwrap();
        let signature = URL_SAFE_NO_PAD.decode(RFC_7515_SIGNATURE).unwrap();
        assert!(key.verify(RFC_7515_INPUT.as_bytes(), &signature));
        assert!(!key.verify(b"another message", &signature));
        assert!(!key.verify(RFC_7515_INPUT.as_bytes(), &signature[..63]));
        assert!(!key.verify(RFC_7515_INPUT.as_bytes(), &[0; 64]));
    }

    #[test]
    fn the_secret_of_rfc_7515_has_its_public_key_and_survives_storage() {
        let key = SigningKey::from_secret_bytes(&secret(RFC_7515_SECRET)).unwrap();
        assert_eq!(serde_json::to_value(key.public()).unwrap(), rfc_7515_key());
        let again = SigningKey::from_secret_bytes(&key.to_secret_bytes()).unwrap();
        assert_eq!(again.public(), key.public());
        assert!(key.public().verify(b"message", &again.sign(b"message")));
    }

    /// RFC 6979 Appendix A.2.5, SHA-256, message "sample".
    #[test]
    fn signatures_are_those_of_rfc_6979() {
        let secret = [
            0xC9, 0xAF, 0xA9, 0xD8, 0x45, 0xBA, 0x75, 0x16, 0x6B, 0x5C, 0x21, 0x57, 0x67, 0xB1, 0xD6, 0x93, 0x4E, 0x50,
            0xC3, 0xDB, 0x36, 0xE8, 0x9B, 0x12, 0x7B, 0x8A, 0x62, 0x2B, 0x12, 0x0F, 0x67, 0x21,
        ];
        let signature = SigningKey::from_secret_bytes(&secret).unwrap().sign(b"sample");
        assert_eq!(signature[..8], [0xEF, 0xD4, 0x8B, 0x2A, 0xAC, 0xB6, 0xA8, 0xFD]);
        assert_eq!(signature[32..40], [0xF7, 0xCB, 0x1C, 0x94, 0x2D, 0x65, 0x7C, 0x41]);
    }

    #[test]
    fn the_thumbprint_leaves_the_key_id_out() {
        let key = parse(&rfc_7515_key()).unwrap();
        // SHA-256 over the canonical members of RFC 7638 §3.2, computed with jose 6.
        assert_eq!(key.thumbprint(), "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U");
        assert_eq!(key.clone().with_kid("k").thumbprint(), key.thumbprint());
    }

    #[test]
    fn debug_shows_no_secret() {
        let key = SigningKey::from_secret_bytes(&secret(RFC_7515_SECRET)).unwrap();
        let shown = format!("{key:?}");
        assert_eq!(shown, format!("SigningKey(\"{}\")", key.public().thumbprint()));
    }

    #[test]
    fn a_generated_key_is_made_of_the_bytes_it_was_given() {
        let mut bytes = [[0; 32], [0xff; 32], [7; 32]].into_iter();
        let key = SigningKey::generate(&mut |out| out.copy_from_slice(&bytes.next().unwrap()));
        assert_eq!(*key.unwrap().to_secret_bytes(), [7; 32]);
    }

    #[test]
    fn a_broken_source_of_randomness_is_reported() {
        let key = SigningKey::generate(&mut |out| out.fill(0));
        assert_eq!(key.unwrap_err(), KeyError::Randomness);
    }

    #[test]
    fn zero_and_the_order_of_the_curve_are_no_secrets() {
        for secret in [[0; 32], [0xff; 32]] {
            let error = SigningKey::from_secret_bytes(&secret).unwrap_err();
            assert_eq!(error, KeyError::SecretOutOfRange);
        }
    }

    #[test]
    fn a_key_id_travels_with_the_key() {
        let key = parse(&rfc_7515_key()).unwrap().with_kid("2026-1");
        let json = serde_json::to_string(&key).unwrap();
        let read: PublicJwk = serde_json::from_str(&json).unwrap();
        assert_eq!(read.kid(), Some("2026-1"));
        assert_eq!(read, key);
    }

    #[test]
    fn other_kinds_of_key_are_refused_by_name() {
        let error = parse(&json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg"}));
        assert_eq!(error.unwrap_err(), KeyError::Unsupported { kty: "OKP".into(), crv: "Ed25519".into() });
        assert!(matches!(parse(&json!([])), Err(KeyError::Unsupported { .. })));
    }

    #[test]
    fn a_published_secret_is_refused() {
        let mut jwk = rfc_7515_key();
        jwk["d"] = RFC_7515_SECRET.into();
        assert_eq!(parse(&jwk).unwrap_err(), KeyError::Secret);
    }

    #[test]
    fn a_point_must_be_whole_and_on_the_curve() {
        let wrong = |member: &str, value: Value| {
            let mut jwk = rfc_7515_key();
            jwk[member] = value;
            parse(&jwk).unwrap_err()
        };
        let x = rfc_7515_key()["x"].clone();
        assert_eq!(wrong("x", Value::Null), KeyError::Point { member: "x" });
        assert_eq!(wrong("y", json!("AQAB")), KeyError::Point { member: "y" });
        assert_eq!(wrong("y", json!("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0=")), KeyError::Point { member: "y" });
        assert_eq!(wrong("y", x), KeyError::Point { member: "x, y" });
    }

    /// The first P-256 example of the did:key specification, and the same key in base64url.
    #[test]
    fn a_multikey_is_the_compressed_point() {
        let key = parse(&json!({
            "kty": "EC", "crv": "P-256",
            "x": "fyNYMN0976ci7xqiSdag3buk-ZCwgXU4kz9XNkBlNUI",
            "y": "hW2ojTNfH7Jbi8--CJUo3OCbH3y5n91g-IMA9MLMbTU",
        }));
        assert_eq!(PublicJwk::from_multikey("zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169"), key);
        assert_eq!(PublicJwk::from_multikey("ugCQDfyNYMN0976ci7xqiSdag3buk-ZCwgXU4kz9XNkBlNUI"), key);
    }

    #[test]
    fn other_texts_are_no_multikey_of_p_256() {
        let long = format!("z{}", "D".repeat(100_000));
        for text in [
            "",
            "z",
            "é",
            "DnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169",
            "zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU0169",
            // Ed25519, and a point of P-256 without compression, and one beside the curve.
            "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
            "ugCQEfyNYMN0976ci7xqiSdag3buk-ZCwgXU4kz9XNkBlNUI",
            "ugCQD__________________________________________8",
            &long,
        ] {
            assert_eq!(PublicJwk::from_multikey(text), Err(KeyError::Multikey), "{text}");
        }
    }
}
