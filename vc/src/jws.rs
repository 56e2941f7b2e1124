//! The compact JWS (RFC 7515 §7.1) under ES256, in which every signed message of the profile travels: requests,
//! key proofs, key bindings, status lists. What a message says is its own module's to read; here is what all of
//! them share. Their times are in [`times`].

mod times;

use core::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use crate::issuer::KeySet;
use crate::keys::{PublicJwk, SigningKey};
use crate::names::{ALG_ES256, header as parameter};
use crate::words::{fault, shown};

pub use times::{LEEWAY_SECONDS, TimeError, Times, shown_time};

/// The longest JWS that is read, in bytes.
pub const MAX_BYTES: usize = 256 * 1024;

/// Why a text is not a JWS that can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JwsError {
    /// Longer than [`MAX_BYTES`].
    #[error("it is {0} bytes long; at most {MAX_BYTES} are read")]
    TooLarge(usize),
    /// Not three parts of base64url, or a signature of another length than 64 bytes.
    #[error("it is no JWT: {0}")]
    Form(&'static str),
    /// The header is no JSON object, or a parameter of it has the wrong form.
    #[error("its header is malformed: {0}")]
    Header(String),
    /// `alg` is not `ES256`; `none` is among what is refused.
    #[error("{}; only ES256 is supported", signed_with(.0))]
    Algorithm(String),
    /// `typ` is another one (RFC 8725 §3.11).
    #[error("{}, where `{expected}` is needed", of_type(.found))]
    Type {
        /// The required `typ`.
        expected: &'static str,
        /// The actual one; empty when there is none.
        found: String,
    },
    /// `crit` is present (RFC 7515 §4.1.11), and no extension is supported.
    #[error("it needs an extension of JWS (`crit`) that is not supported")]
    Critical,
    /// The payload is no JSON object.
    #[error("its payload is malformed: {0}")]
    Payload(String),
}

/// With which algorithm something is signed, for people.
pub(crate) fn signed_with(alg: &str) -> String {
    if alg.is_empty() {
        "it does not say how it is signed (`alg`)".to_owned()
    } else {
        format!("it is signed with {alg}")
    }
}

/// Of which type something is, for people.
pub(crate) fn of_type(typ: &str) -> String {
    if typ.is_empty() {
        "it does not say of which type it is (`typ`)".to_owned()
    } else {
        format!("it is of type `{typ}`")
    }
}

/// A header parameter as a reason repeats it; empty where it is missing, or is no text.
pub(crate) fn shown_parameter(header: &Map<String, Value>, name: &str) -> String {
    header.get(name).and_then(Value::as_str).map(shown).unwrap_or_default()
}

/// A well-formed JWS, not verified yet.
#[derive(Clone)]
pub struct Jws {
    /// The header parameters.
    pub header: Map<String, Value>,
    /// The claims (RFC 7519 §4).
    pub claims: Map<String, Value>,
    /// Header and payload, as they were signed.
    signing_input: String,
    signature: Vec<u8>,
}

/// Signs `claims` as a JWT of type `typ`. Of `header` only what is particular to the message is given, such as `kid`.
pub fn sign(key: &SigningKey, typ: &str, header: Map<String, Value>, claims: &Map<String, Value>) -> String {
    let own = [(parameter::ALG.to_owned(), ALG_ES256.into()), (parameter::TYP.to_owned(), typ.into())];
    let header: Map<String, Value> = own.into_iter().chain(header).collect();
    let part = |json: &Map<String, Value>| URL_SAFE_NO_PAD.encode(Value::from(json.clone()).to_string());
    let mut text = format!("{}.{}", part(&header), part(claims));
    let signature = key.sign(text.as_bytes());
    text.push('.');
    text.push_str(&URL_SAFE_NO_PAD.encode(signature));
    text
}

/// A header that names the signing key (RFC 7515 §4.1.4) and nothing else.
pub fn kid(kid: &str) -> Map<String, Value> {
    Map::from_iter([(parameter::KID.to_owned(), kid.into())])
}

impl Jws {
    /// Reads a JWT of type `typ` (RFC 7515 §5.2 steps 1 to 7, narrowed to the profile). The prefix `application/` may
    /// stand before the type (RFC 7515 §4.1.9).
    pub fn parse(text: &str, typ: &'static str) -> Result<Self, JwsError> {
        if text.len() > MAX_BYTES {
            return Err(JwsError::TooLarge(text.len()));
        }
        let (signing_input, signature) = text.rsplit_once('.').ok_or(JwsError::Form("it has no three parts"))?;
        let (header, payload) = signing_input.split_once('.').ok_or(JwsError::Form("it has no three parts"))?;
        let decode = |part| URL_SAFE_NO_PAD.decode(part).map_err(|_| JwsError::Form("a part is not base64url"));
        let (header, payload, signature) = (decode(header)?, decode(payload)?, decode(signature)?);
        let header: Map<String, Value> =
            serde_json::from_slice(&header).map_err(|error| JwsError::Header(fault(&error)))?;
        check_header(&header, typ)?;
        // After the algorithm, whose signatures have this length: another one's are not of a wrong length.
        if signature.len() != 64 {
            return Err(JwsError::Form("its signature is not 64 bytes long"));
        }
        let claims = serde_json::from_slice(&payload).map_err(|error| JwsError::Payload(fault(&error)))?;
        Ok(Self { header, claims, signing_input: signing_input.to_owned(), signature })
    }

    /// The `kid` of the header.
    pub fn kid(&self) -> Option<&str> {
        self.header.get(parameter::KID).and_then(Value::as_str)
    }

    /// The claim of this name, if it is text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.claims.get(name).and_then(Value::as_str)
    }

    /// When it says it was made, and from when until when it holds (RFC 7519 §4.1.4 to §4.1.6).
    pub fn times(&self) -> Result<Times, TimeError> {
        Times::of(&self.claims)
    }

    /// Whether this key signed it.
    pub fn signed_by(&self, key: &PublicJwk) -> bool {
        key.verify(self.signing_input.as_bytes(), &self.signature)
    }

    /// Whether one of these keys signed it: those that the header's `kid` names, or any when it names none.
    pub fn signed_by_one_of(&self, keys: &KeySet) -> bool {
        keys.signed(self.kid(), self.signing_input.as_bytes(), &self.signature)
    }
}

/// Leaves out the payload, which can be personal and must not reach a log.
impl fmt::Debug for Jws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jws").field("header", &self.header).finish_non_exhaustive()
    }
}

fn check_header(header: &Map<String, Value>, typ: &'static str) -> Result<(), JwsError> {
    if header.get(parameter::ALG).and_then(Value::as_str) != Some(ALG_ES256) {
        return Err(JwsError::Algorithm(shown_parameter(header, parameter::ALG)));
    }
    let found = header.get(parameter::TYP).and_then(Value::as_str).unwrap_or_default();
    if !found.strip_prefix("application/").unwrap_or(found).eq_ignore_ascii_case(typ) {
        return Err(JwsError::Type { expected: typ, found: shown_parameter(header, parameter::TYP) });
    }
    if header.contains_key(parameter::CRIT) {
        return Err(JwsError::Critical);
    }
    if header.get(parameter::KID).is_some_and(|kid| !kid.is_string()) {
        return Err(JwsError::Header("`kid` is not text".to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::did::{did_jwk, did_jwk_key_id};
    use crate::issuer::{IssuerKeys, issuer_keys};

    const TYP: &str = "example+jwt";

    fn key(secret: u8) -> SigningKey {
        SigningKey::from_secret_bytes(&[secret; 32]).unwrap()
    }

    fn claims() -> Map<String, Value> {
        Map::from_iter([("nonce".to_owned(), json!("n")), ("iat".to_owned(), json!(1_700_000_000.9))])
    }

    fn with(header: &Value, payload: &str, signature: &[u8]) -> String {
        let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        format!("{}.{}.{}", part(header.to_string().as_bytes()), part(payload.as_bytes()), part(signature))
    }

    fn refused(header: &Value) -> JwsError {
        Jws::parse(&with(header, "{}", &[0; 64]), TYP).unwrap_err()
    }

    #[test]
    fn what_is_signed_reads_and_verifies_by_its_key_alone() {
        let text = sign(&key(1), TYP, kid("k"), &claims());
        let jws = Jws::parse(&text, TYP).unwrap();
        assert_eq!((jws.kid(), jws.text("nonce"), jws.text("iat")), (Some("k"), Some("n"), None));
        let times = Times { issued_at: Some(1_700_000_000), valid_from: None, valid_until: None };
        assert_eq!(jws.times(), Ok(times));
        assert!(jws.signed_by(&key(1).public()) && !jws.signed_by(&key(2).public()));
        assert!(!format!("{jws:?}").contains("nonce"));
    }

    #[test]
    fn a_key_set_verifies_what_one_of_its_keys_signed() {
        let did = did_jwk(&key(1).public());
        let IssuerKeys::Embedded(keys) = issuer_keys(Some(did.as_str()), None).unwrap() else { panic!("a did:jwk") };
        let header = || kid(&did_jwk_key_id(&did));
        assert!(Jws::parse(&sign(&key(1), TYP, header(), &claims()), TYP).unwrap().signed_by_one_of(&keys));
        assert!(!Jws::parse(&sign(&key(2), TYP, header(), &claims()), TYP).unwrap().signed_by_one_of(&keys));
    }

    #[test]
    fn any_changed_byte_breaks_it() {
        let text = sign(&key(1), TYP, Map::new(), &claims());
        for at in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            let believed = Jws::parse(&changed, TYP).is_ok_and(|jws| jws.signed_by(&key(1).public()));
            assert!(!believed || changed == text, "at {at}");
        }
    }

    #[test]
    fn other_algorithms_types_and_extensions_are_refused() {
        for alg in [json!("none"), json!("HS256"), json!("ES384"), json!(7), Value::Null] {
            assert!(matches!(refused(&json!({"alg": alg, "typ": TYP})), JwsError::Algorithm(_)), "{alg}");
        }
        let other = refused(&json!({"alg": "ES256", "typ": "JWT"}));
        assert_eq!(other, JwsError::Type { expected: TYP, found: "JWT".to_owned() });
        assert!(matches!(refused(&json!({"alg": "ES256"})), JwsError::Type { .. }));
        assert_eq!(refused(&json!({"alg": "ES256", "typ": TYP, "crit": ["b64"]})), JwsError::Critical);
        assert!(matches!(refused(&json!({"alg": "ES256", "typ": TYP, "kid": 1})), JwsError::Header(_)));
        let with_control_character = format!("{TYP}\u{1}");
        assert!(matches!(refused(&json!({"alg": "ES256", "typ": with_control_character})), JwsError::Type { .. }));
        let long = json!({"alg": "ES256", "typ": "application/Example+JWT"});
        assert!(Jws::parse(&with(&long, "{}", &[0; 64]), TYP).is_ok());
    }

    #[test]
    fn a_jws_has_three_parts_of_base64url_and_json() {
        for text in ["", "a", "a.b", "e30.e30.*", "e30=.e30.e30"] {
            assert!(matches!(Jws::parse(text, TYP), Err(JwsError::Form(_))), "{text}");
        }
        let header = json!({"alg": "ES256", "typ": TYP});
        assert!(matches!(Jws::parse(&with(&header, "{}", &[0; 63]), TYP), Err(JwsError::Form(_))));
        assert!(matches!(Jws::parse(&with(&header, "[]", &[0; 64]), TYP), Err(JwsError::Payload(_))));
        assert!(matches!(Jws::parse(&with(&json!([]), "{}", &[0; 64]), TYP), Err(JwsError::Header(_))));
        let long = "a".repeat(MAX_BYTES + 1);
        assert_eq!(Jws::parse(&long, TYP).unwrap_err(), JwsError::TooLarge(MAX_BYTES + 1));
    }
}
