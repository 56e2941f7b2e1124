//! The reasons that people read: whatever is sent, they speak of what was sent, and not in the words of a parser or of
//! a programming language.
#![cfg(test)]

use std::fmt::Display;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use vc::dcql::{ClaimsPathPointer, Query};
use vc::did::{Did, did_jwk, did_jwk_key_id};
use vc::did_document::{keys_from_did_document, request_keys_from_did_document};
use vc::issuer::{IssuerKeys, issuer_keys, keys_from_issuer_metadata, keys_from_jwks};
use vc::jws;
use vc::keys::{PublicJwk, SigningKey};
use vc::openid4vci::{
    AuthorizationServerMetadata, CredentialOffer, IssuerMetadata, KeyProof, OfferLink, requested_configurations,
};
use vc::openid4vp::{AuthorizationRequest, DirectPost, Expected, SignedRequest};
use vc::sd_jwt_vc::{HolderKey, ParsedCredential, ParsedPresentation};
use vc::status_list::{SignedStatusList, StatusReference};
use vc::type_metadata::TypeMetadata;

const NOW: i64 = 1_800_000_000;

/// What no reason says.
const NEVER: [&str; 22] = [
    "Some(",
    "None",
    "``",
    "\"\\",
    "Error(",
    "Error {",
    "invalid type",
    "invalid value",
    "expected ",
    " at line ",
    "column ",
    "missing field",
    "unknown variant",
    "unknown field",
    "Null",
    "Object {",
    "String(",
    "Number(",
    "paste the whole credential",
    "EOF",
    "Utf8",
    "()",
];

struct Reasons(Vec<String>);

impl Reasons {
    fn add<T, E: Display>(&mut self, result: Result<T, E>) {
        self.0.extend(result.err().map(|error| error.to_string()));
    }
}

fn key(secret: u8) -> SigningKey {
    SigningKey::from_secret_bytes(&[secret; 32]).unwrap()
}

fn encode(json: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}

/// JSON of every kind, to stand where another one belongs.
fn values() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(7),
        json!(-1.5),
        json!(1e300),
        json!(""),
        json!(" "),
        json!("text"),
        json!("https://user:secret@issuer.example"),
        json!("https://issuer.example?query"),
        json!("did:example:1"),
        json!("did:web:"),
        json!([]),
        json!([1, "a"]),
        json!({}),
        json!({"a": {"b": null}}),
    ]
}

/// Texts that are none of what is read here.
fn texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "",
        " ",
        "~",
        "~~~",
        "garbage",
        "a.b.c",
        "a.b.c~",
        "{",
        "{}",
        "[]",
        "null",
        "\"x\"",
        "<html>",
        "é~\u{0}",
        "e30.e30.~",
    ]
    .map(str::to_owned)
    .into();
    for alg in ["ES384", "RS256", "none", "HS256", ""] {
        for typ in ["dc+sd-jwt", "vc+jwt", "JWT", "kb+jwt", "oauth-authz-req+jwt", "statuslist+jwt", ""] {
            let header = encode(&json!({"alg": alg, "typ": typ}));
            let signature = URL_SAFE_NO_PAD.encode([7_u8; 96]);
            texts.push(format!("{header}.{}.{signature}~", encode(&json!({"vct": "x"}))));
            texts.push(format!("{header}.{}.{signature}", encode(&json!({"vc": {"type": []}}))));
        }
    }
    texts
}

fn check(reasons: &Reasons, at_least: usize) {
    assert!(reasons.0.len() >= at_least, "{} reasons", reasons.0.len());
    for reason in &reasons.0 {
        assert!(!NEVER.iter().any(|never| reason.contains(never)), "{reason}");
        assert!(!reason.trim().is_empty() && reason.chars().count() < 600, "{reason}");
    }
}

/// A JWT of this type by `key(1)` with one claim set otherwise.
fn with(typ: &str, claims: &Value, name: &str, value: &Value) -> String {
    let mut claims: Map<String, Value> = claims.as_object().unwrap().clone();
    claims.insert(name.to_owned(), value.clone());
    jws::sign(&key(1), typ, jws::kid(&did_jwk_key_id(&did())), &claims)
}

/// A presentation with this key binding.
fn presented(key_binding: &str) -> ParsedPresentation {
    let whole = json!({"iss": did(), "vct": "x", "cnf": {"jwk": key(2).public()}});
    ParsedPresentation::parse(&format!("{}~{key_binding}", with("dc+sd-jwt", &whole, "iat", &json!(NOW)))).unwrap()
}

fn did() -> Did {
    did_jwk(&key(1).public())
}

#[test]
fn of_credentials_and_presentations() {
    let mut reasons = Reasons(Vec::new());
    for text in texts() {
        reasons.add(ParsedCredential::parse(&text));
        reasons.add(ParsedPresentation::parse(&text));
        reasons.add(ParsedPresentation::parse(&format!("{text}a.b.c")));
    }
    let whole = json!({
        "iss": did(), "vct": "x", "iat": NOW, "cnf": {"jwk": key(2).public()}, "status": {"status_list": {"idx": 1, "uri": "x"}},
    });
    let IssuerKeys::Embedded(keys) = issuer_keys(Some(did().as_str()), None).unwrap() else { panic!("a did:jwk") };
    for name in ["iss", "vct", "iat", "nbf", "exp", "cnf", "status", "_sd", "_sd_alg", "...", "vc", "@context"] {
        for value in values() {
            let jwt = with("dc+sd-jwt", &whole, name, &value);
            match ParsedCredential::parse(&format!("{jwt}~")) {
                Err(error) => reasons.add(Err::<(), _>(error)),
                Ok(parsed) => {
                    reasons.add(parsed.issuer());
                    reasons.add(parsed.verify(&keys, NOW));
                }
            }
            let header = json!({"alg": "ES256", "typ": "dc+sd-jwt", "kid": value, "crit": value});
            reasons.add(ParsedCredential::parse(&format!("{}.e30.{}~", encode(&header), "A".repeat(86))));
            reasons.add(ParsedCredential::parse(&format!("{jwt}~{}~", encode(&value))));
            reasons.add(HolderKey::of(&json!({"jwk": value})));
            reasons.add(HolderKey::of(&json!({"kid": value})));
        }
    }
    let bare = with("dc+sd-jwt", &whole, "name", &json!("Ada"));
    let binding = json!({"aud": "verifier", "nonce": "n", "iat": NOW, "sd_hash": "x"});
    for name in ["aud", "nonce", "iat", "nbf", "exp", "sd_hash"] {
        for value in values() {
            let text = format!("{bare}~{}", with("kb+jwt", &binding, name, &value));
            let presentation = ParsedPresentation::parse(&text).unwrap();
            reasons.add(presentation.check_key_binding(NOW));
            reasons.add(presentation.check_audience("another"));
            reasons.add(presentation.check_nonce("another"));
            reasons.add(presentation.holder().and_then(|_| presentation.check_holder(&key(3).public())));
        }
    }
    check(&reasons, 500);
}

#[test]
fn of_requests_links_and_answers() {
    let mut reasons = Reasons(Vec::new());
    let client_id = format!("decentralized_identifier:{}", did());
    let whole = json!({
        "client_id": client_id, "response_type": "vp_token", "response_mode": "direct_post",
        "response_uri": "https://verifier.example", "nonce": "n", "dcql_query": {}, "iat": NOW, "exp": NOW + 300,
    });
    let id = client_id.parse().unwrap();
    let expected =
        Expected { client_id: &id, request_uri: "https://verifier.example/r", wallet_nonce: Some("w"), now: NOW };
    let IssuerKeys::Embedded(keys) = issuer_keys(Some(did().as_str()), None).unwrap() else { panic!("a did:jwk") };
    let names = [
        "client_id",
        "response_type",
        "response_mode",
        "response_uri",
        "nonce",
        "state",
        "dcql_query",
        "client_metadata",
        "aud",
        "iat",
        "nbf",
        "exp",
        "wallet_nonce",
        "transaction_data",
        "purpose",
    ];
    for name in names {
        for value in values() {
            match SignedRequest::parse(&with("oauth-authz-req+jwt", &whole, name, &value)) {
                Err(error) => reasons.add(Err::<(), _>(error)),
                Ok(request) => reasons.add(request.verify(&keys, &expected)),
            }
        }
    }
    for text in texts() {
        reasons.add(SignedRequest::parse(&text));
        reasons.add(AuthorizationRequest::parse(&text));
        let form = |name: &str| form_urlencoded::Serializer::new(String::new()).append_pair(name, &text).finish();
        let link = format!("openid4vp://?request_uri=https%3A%2F%2Fverifier.example&{}", form("client_id"));
        reasons.add(AuthorizationRequest::parse(&link));
        reasons.add(AuthorizationRequest::parse(&format!("{link}&{}", form("request_uri_method"))));
        for name in ["vp_token", "response", "other"] {
            reasons.add(DirectPost::parse(form(name).as_bytes()));
        }
    }
    check(&reasons, 300);
}

#[test]
fn of_keys_proofs_and_status_lists() {
    let mut reasons = Reasons(Vec::new());
    let list = json!({"iss": did(), "sub": "https://issuer.example/1", "iat": NOW, "status_list": {"bits": 1, "lst": "eJwDAAAAAAE"}});
    let IssuerKeys::Embedded(keys) = issuer_keys(Some(did().as_str()), None).unwrap() else { panic!("a did:jwk") };
    let web: Did = "did:web:issuer.example".parse().unwrap();
    for value in values() {
        for name in ["iss", "sub", "iat", "nbf", "exp", "ttl", "status_list"] {
            let signed = SignedStatusList::parse(&with("statuslist+jwt", &list, name, &value)).unwrap();
            reasons.add(signed.keys(value.as_str().unwrap_or("x")));
            reasons.add(signed.verify(&keys, "https://issuer.example/1", NOW));
        }
        reasons.add(StatusReference::from_claim(&value));
        reasons.add(StatusReference::from_claim(&json!({"status_list": value})));
        reasons.add(
            serde_json::from_value::<PublicJwk>(json!({"kty": value, "crv": value})).map_err(|error| error.to_string()),
        );
        let text = value.as_str().unwrap_or("x");
        reasons.add(issuer_keys(Some(text), None));
        reasons.add(issuer_keys(None, Some(text)));
        reasons.add(text.parse::<Did>());
        for json in [
            value.clone(),
            json!({"id": value}),
            json!({"id": web, "assertionMethod": value}),
            json!({"issuer": value}),
        ] {
            let json = json.to_string();
            reasons.add(keys_from_did_document(json.as_bytes(), &web));
            reasons.add(request_keys_from_did_document(json.as_bytes(), &web));
            reasons.add(keys_from_issuer_metadata(json.as_bytes(), "https://issuer.example"));
            reasons.add(keys_from_jwks(json.as_bytes(), "https://issuer.example"));
        }
        for name in ["jwks", "jwks_uri"] {
            let metadata = json!({"issuer": "https://issuer.example", name: value}).to_string();
            reasons.add(keys_from_issuer_metadata(metadata.as_bytes(), "https://issuer.example"));
        }
        let mut header = Map::new();
        header.insert("jwk".to_owned(), value.clone());
        let claims = json!({"aud": value, "iat": value}).as_object().unwrap().clone();
        reasons.add(KeyProof::parse(&jws::sign(&key(1), "openid4vci-proof+jwt", header, &claims)));
    }
    for text in texts() {
        reasons.add(SignedStatusList::parse(&text));
        reasons.add(KeyProof::parse(&text));
        reasons.add(keys_from_jwks(text.as_bytes(), "https://issuer.example"));
    }
    check(&reasons, 300);
}

/// The same JSON with another value at each of its places, one at a time.
fn with_each_place_as(json: &Value, value: &Value) -> Vec<Value> {
    let mut changed = vec![value.clone()];
    let members: Vec<(String, &Value)> = match json {
        Value::Object(members) => members.iter().map(|(name, member)| (name.clone(), member)).collect(),
        Value::Array(elements) => elements.iter().enumerate().map(|(at, element)| (at.to_string(), element)).collect(),
        _ => Vec::new(),
    };
    for (name, member) in members {
        for inner in with_each_place_as(member, value) {
            let mut whole = json.clone();
            match &mut whole {
                Value::Array(elements) => elements[name.parse::<usize>().unwrap()] = inner,
                object => object[&name] = inner,
            }
            changed.push(whole);
        }
    }
    changed
}

#[test]
fn of_queries_offers_and_metadata() {
    const ISSUER: &str = "https://issuer.example";
    let mut reasons = Reasons(Vec::new());
    let query = json!({
        "credentials": [{
            "id": "a", "format": "dc+sd-jwt", "meta": {"vct_values": ["x"]}, "multiple": true,
            "claims": [{"id": "n", "path": ["name"], "values": ["Ada"]}], "claim_sets": [["n"]],
            "trusted_authorities": [{"type": "aki", "values": ["x"]}],
        }],
        "credential_sets": [{"options": [["a"]], "required": true}],
    });
    let offer = json!({
        "credential_issuer": ISSUER, "credential_configuration_ids": ["a"],
        "grants": {"urn:ietf:params:oauth:grant-type:pre-authorized_code": {
            "pre-authorized_code": "c", "tx_code": {"input_mode": "numeric", "length": 4},
        }},
    });
    let metadata = json!({
        "credential_issuer": ISSUER, "issuer": ISSUER, "authorization_servers": [ISSUER], "credential_endpoint": ISSUER,
        "nonce_endpoint": ISSUER, "token_endpoint": ISSUER,
        "credential_configurations_supported": {"a": {
            "format": "dc+sd-jwt", "vct": "x", "credential_signing_alg_values_supported": ["ES256"],
            "cryptographic_binding_methods_supported": ["jwk"],
            "proof_types_supported": {"jwt": {"proof_signing_alg_values_supported": ["ES256"]}},
        }},
    });
    let kind = json!({"vct": "x", "display": [{"locale": "en", "name": "X"}], "claims": [{"path": ["a", null]}]});
    let details = json!([{"type": "openid_credential", "credential_configuration_id": "a", "locations": [ISSUER]}]);
    for value in values() {
        for query in with_each_place_as(&query, &value) {
            reasons.add(Query::parse(&query).and_then(|query| query.check_as_verifier()));
        }
        for offer in with_each_place_as(&offer, &value) {
            reasons.add(CredentialOffer::parse(offer.to_string().as_bytes()));
        }
        for metadata in with_each_place_as(&metadata, &value) {
            let json = metadata.to_string();
            reasons.add(AuthorizationServerMetadata::parse(json.as_bytes(), ISSUER));
            match IssuerMetadata::parse(json.as_bytes(), ISSUER) {
                Ok(metadata) => reasons.add(metadata.offered("a")),
                Err(error) => reasons.add(Err::<(), _>(error)),
            }
        }
        for kind in with_each_place_as(&kind, &value) {
            reasons.add(TypeMetadata::parse(kind.to_string().as_bytes(), "x"));
        }
        for details in with_each_place_as(&details, &value) {
            reasons.add(requested_configurations(&details.to_string(), ISSUER));
        }
    }
    for text in texts() {
        reasons.add(OfferLink::parse(&text));
        reasons.add(CredentialOffer::parse(text.as_bytes()));
        reasons.add(IssuerMetadata::parse(text.as_bytes(), ISSUER));
        reasons.add(TypeMetadata::parse(text.as_bytes(), "x"));
        reasons.add(text.parse::<ClaimsPathPointer>());
        for did in [text.clone(), format!("did:web:{text}"), format!("did:jwk:{text}")] {
            reasons.add(issuer_keys(Some(&did), None));
            reasons.add(did.parse::<Did>());
        }
    }
    check(&reasons, 500);
}

#[test]
fn an_unsupported_response_mode_is_named() {
    let whole = json!({
        "client_id": format!("decentralized_identifier:{}", did()), "response_type": "vp_token",
        "response_uri": "https://verifier.example", "nonce": "n", "dcql_query": {},
    });
    for mode in ["direct_post.jwt", "fragment", "dc_api.jwt"] {
        let request = with("oauth-authz-req+jwt", &whole, "response_mode", &json!(mode));
        let said = SignedRequest::parse(&request).unwrap_err().to_string();
        assert!(
            said.ends_with(&format!("its `response_mode` is `{mode}`, and only direct_post is supported")),
            "{said}"
        );
    }
}

#[test]
fn an_identifier_with_a_user_name_is_refused_for_that() {
    let said = issuer_keys(Some("https://ada@issuer.example"), None).unwrap_err().to_string();
    assert!(said.contains("without user name"), "{said}");
}

#[test]
fn another_algorithm_is_named_and_another_data_model_too() {
    let signature = URL_SAFE_NO_PAD.encode([7_u8; 96]);
    for alg in ["ES384", "RS256"] {
        let header = encode(&json!({"alg": alg, "typ": "dc+sd-jwt"}));
        let said =
            ParsedCredential::parse(&format!("{header}.{}.{signature}~", encode(&json!({"vct": "x"})))).unwrap_err();
        assert!(said.to_string().contains(alg) && said.to_string().contains("ES256"), "{said}");
        let header = encode(&json!({"alg": alg, "typ": "statuslist+jwt"}));
        let said = SignedStatusList::parse(&format!("{header}.e30.{signature}")).unwrap_err().to_string();
        assert!(said.contains(alg) && said.contains("ES256") && !said.contains("64 bytes"), "{said}");
        let jwt = |typ: &str| format!("{}.e30.{signature}", encode(&json!({"alg": alg, "typ": typ})));
        for said in [
            KeyProof::parse(&jwt("openid4vci-proof+jwt")).unwrap_err().to_string(),
            SignedRequest::parse(&jwt("oauth-authz-req+jwt")).unwrap_err().to_string(),
            presented(&jwt("kb+jwt")).check_key_binding(NOW).unwrap_err().to_string(),
        ] {
            assert!(said.ends_with(&format!("it is signed with {alg}; only ES256 is supported")), "{said}");
        }
    }
    let payload =
        encode(&json!({"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"]}));
    let json = r#"{"@context": ["https://www.w3.org/2018/credentials/v1"], "type": ["VerifiableCredential"]}"#;
    for text in [
        format!("{}.{payload}.{signature}", encode(&json!({"alg": "ES256", "typ": "vc+jwt"}))),
        format!("{}.{payload}.{signature}~", encode(&json!({"alg": "ES256", "typ": "vc+sd-jwt"}))),
        format!("{}.{}.{signature}", encode(&json!({"alg": "ES256"})), encode(&json!({"vc": {}, "iss": "x"}))),
        json.to_owned(),
    ] {
        let said = ParsedCredential::parse(&text).unwrap_err().to_string();
        assert!(said.contains("W3C") && !said.contains("vct"), "{said}");
    }
}
