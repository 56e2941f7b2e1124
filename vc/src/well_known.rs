//! What an organisation publishes about itself under its DIDs: that a DID and a domain belong together (DIF Well
//! Known DID Configuration), and credentials that anybody may read (DIF Linked Verifiable Presentation 1.0.0).

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::did::Did;
use crate::jws;
use crate::keys::SigningKey;
use crate::names::{FORMAT_SD_JWT_VC, did_document as member, linked};

/// The path at which a domain tells its DIDs.
pub const DID_CONFIGURATION_PATH: &str = "/.well-known/did-configuration.json";

/// From when until when a signed statement holds; JWTs tell it in whole seconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Period {
    /// The first instant.
    pub from: Timestamp,
    /// The first instant after.
    pub until: Timestamp,
}

/// A DID's own statement that it controls an origin (`https://wallet.example.org`): a Domain Linkage Credential as a
/// JWT (Well Known DID Configuration, "JSON Web Token Proof Format").
pub fn domain_linkage(did: &Did, kid: &str, key: &SigningKey, origin: &str, period: Period) -> String {
    let credential = json!({
        member::CONTEXT: [linked::CREDENTIALS_V1, linked::DID_CONFIGURATION],
        "type": ["VerifiableCredential", "DomainLinkageCredential"],
        "issuer": did,
        "issuanceDate": to_the_second(period.from),
        "expirationDate": to_the_second(period.until),
        "credentialSubject": {"id": did, "origin": origin},
    });
    let claims = Map::from_iter([
        ("iss".to_owned(), json!(did)),
        ("sub".to_owned(), json!(did)),
        ("nbf".to_owned(), json!(period.from.as_second())),
        ("exp".to_owned(), json!(period.until.as_second())),
        ("vc".to_owned(), credential),
    ]);
    jws::sign(key, linked::JWT, jws::kid(kid), &claims)
}

/// The document at [`DID_CONFIGURATION_PATH`].
pub fn did_configuration(linkages: &[String]) -> Value {
    json!({member::CONTEXT: linked::DID_CONFIGURATION, "linked_dids": linkages})
}

/// A presentation for everybody, at this URL, of SD-JWT VCs in compact form: a Verifiable Presentation secured as a JWT
/// (VC-JOSE-COSE §3.1.2), in which each credential is enveloped (VCDM 2.0 §4.13.1). It has no audience and no nonce, so
/// it proves who published the credentials, not who presents them.
pub fn linked_presentation(
    did: &Did,
    kid: &str,
    key: &SigningKey,
    url: &str,
    credentials: &[&str],
    period: Period,
) -> String {
    let enveloped = |compact: &&str| {
        json!({
            member::CONTEXT: linked::CREDENTIALS_V2,
            "id": format!("data:application/{FORMAT_SD_JWT_VC},{compact}"),
            "type": "EnvelopedVerifiableCredential",
        })
    };
    let claims = Map::from_iter([
        (member::CONTEXT.to_owned(), json!([linked::CREDENTIALS_V2])),
        (member::ID.to_owned(), json!(url)),
        ("type".to_owned(), json!(["VerifiablePresentation"])),
        ("holder".to_owned(), json!(did)),
        ("verifiableCredential".to_owned(), credentials.iter().map(enveloped).collect()),
        ("iss".to_owned(), json!(did)),
        ("iat".to_owned(), json!(period.from.as_second())),
        ("exp".to_owned(), json!(period.until.as_second())),
    ]);
    jws::sign(key, linked::PRESENTATION_JWT, jws::kid(kid), &claims)
}

/// The DID document with the services that lead to the origin (`LinkedDomains`) and, where there is one, to the
/// presentation (`LinkedVerifiablePresentation`).
#[must_use]
pub fn with_services(mut document: Value, did: &Did, origin: &str, presentation: Option<&str>) -> Value {
    let mut services = vec![json!({
        member::ID: format!("{did}#domain"), "type": "LinkedDomains", member::SERVICE_ENDPOINT: origin,
    })];
    let mut contexts = vec![json!(linked::DID_CONFIGURATION)];
    if let Some(url) = presentation {
        let kind = "LinkedVerifiablePresentation";
        services
            .push(json!({member::ID: format!("{did}#presentation"), "type": kind, member::SERVICE_ENDPOINT: [url]}));
        contexts.push(json!(linked::LINKED_PRESENTATION));
    }
    if let Some(Value::Array(context)) = document.get_mut(member::CONTEXT) {
        context.extend(contexts);
    }
    if let Value::Object(members) = &mut document {
        members.insert(member::SERVICE.to_owned(), services.into());
    }
    document
}

/// So that the dates of the credential are those of the JWT, which must be equal.
fn to_the_second(instant: Timestamp) -> Timestamp {
    Timestamp::from_second(instant.as_second()).unwrap_or(instant)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::did_document::{NamedKey, did_web_document, keys_from_did_document};
    use crate::jws::Jws;

    const ORIGIN: &str = "https://wallet.example.org";

    fn key() -> SigningKey {
        SigningKey::from_secret_bytes(&[7; 32]).unwrap()
    }

    fn did() -> Did {
        "did:web:wallet.example.org:dids:1".parse().unwrap()
    }

    fn period() -> Period {
        Period { from: "2026-11-23T10:00:00.5Z".parse().unwrap(), until: "2026-11-24T10:00:00.5Z".parse().unwrap() }
    }

    #[test]
    fn a_domain_linkage_is_signed_by_the_did_and_says_the_origin() {
        let text = domain_linkage(&did(), "did:web:wallet.example.org:dids:1#a", &key(), ORIGIN, period());
        let jwt = Jws::parse(&text, linked::JWT).unwrap();
        assert!(jwt.signed_by(&key().public()));
        let mut header: Vec<&str> = jwt.header.keys().map(String::as_str).collect();
        header.sort_unstable();
        assert_eq!(header, ["alg", "kid", "typ"], "nothing else may stand in the header");
        assert_eq!(
            Value::from(jwt.claims),
            json!({
                "iss": did(), "sub": did(), "nbf": 1_795_428_000, "exp": 1_795_514_400,
                "vc": {
                    "@context": [
                        "https://www.w3.org/2018/credentials/v1",
                        "https://identity.foundation/.well-known/did-configuration/v1",
                    ],
                    "type": ["VerifiableCredential", "DomainLinkageCredential"],
                    "issuer": did(),
                    "issuanceDate": "2026-11-23T10:00:00Z",
                    "expirationDate": "2026-11-24T10:00:00Z",
                    "credentialSubject": {"id": did(), "origin": ORIGIN},
                },
            })
        );
        assert_eq!(did_configuration(std::slice::from_ref(&text))["linked_dids"], json!([text]));
    }

    #[test]
    fn a_linked_presentation_envelops_its_credentials() {
        let url = "https://wallet.example.org/p";
        let text =
            linked_presentation(&did(), "did:web:wallet.example.org:dids:1#a", &key(), url, &["a.b.c~d~"], period());
        let jwt = Jws::parse(&text, linked::PRESENTATION_JWT).unwrap();
        assert!(jwt.signed_by(&key().public()));
        assert_eq!((jwt.text("holder"), jwt.text("id")), (Some(did().as_str()), Some(url)));
        assert_eq!(
            jwt.claims["verifiableCredential"],
            json!([{
                "@context": "https://www.w3.org/ns/credentials/v2",
                "id": "data:application/dc+sd-jwt,a.b.c~d~",
                "type": "EnvelopedVerifiableCredential",
            }])
        );
        assert_eq!(jwt.times().unwrap().valid_until, Some(1_795_514_400));
    }

    #[test]
    fn a_document_with_services_is_still_the_document_of_its_keys() {
        let named = NamedKey { name: "a".to_owned(), key: key().public() };
        let plain = did_web_document(&did(), &named, &[]).unwrap();
        let document = with_services(plain.clone(), &did(), ORIGIN, Some("https://wallet.example.org/p"));
        let keys = |document: &Value| keys_from_did_document(document.to_string().as_bytes(), &did()).unwrap();
        assert_eq!(keys(&document).keys().len(), keys(&plain).keys().len());
        assert_eq!(
            document["service"],
            json!([
                {"id": format!("{}#domain", did()), "type": "LinkedDomains", "serviceEndpoint": ORIGIN},
                {
                    "id": format!("{}#presentation", did()),
                    "type": "LinkedVerifiablePresentation",
                    "serviceEndpoint": ["https://wallet.example.org/p"],
                },
            ])
        );
        let read: identity_kit::did::DidDocument = serde_json::from_value(document).unwrap();
        assert_eq!(read.service.len(), 2);
        let without = with_services(plain, &did(), ORIGIN, None);
        assert_eq!(without["service"].as_array().unwrap().len(), 1);
    }
}
