use serde_json::{Value, json};

use super::*;
use crate::did::{Did, did_jwk, did_jwk_key_id};
use crate::issuer::{IssuerKeys, KeySet};
use crate::jws::{self, TimeError};
use crate::keys::SigningKey;

const NOW: i64 = 1_800_000_000;
const REQUEST_URI: &str = "https://verifier.example/requests/1?a=b&c=d";

fn key(secret: u8) -> SigningKey {
    SigningKey::from_secret_bytes(&[secret; 32]).unwrap()
}

fn verifier() -> ClientId {
    ClientId::of(did_jwk(&key(1).public()))
}

fn kid() -> String {
    did_jwk_key_id(verifier().did())
}

fn object() -> RequestObject {
    RequestObject {
        client_id: verifier(),
        response_type: ResponseType::VpToken,
        response_mode: ResponseMode::DirectPost,
        response_uri: "https://verifier.example/responses/1".to_owned(),
        nonce: "n-0S6_WzA2Mj".to_owned(),
        state: Some("state".to_owned()),
        dcql_query: json!({"credentials": [{"id": "pid", "format": "dc+sd-jwt", "meta": {"vct_values": ["x"]}}]}),
        client_metadata: Some(ClientMetadata::of("Acme")),
        purpose: Some("To open an account".to_owned()),
        wallet_nonce: None,
        iat: Some(NOW),
        exp: Some(NOW + 300),
    }
}

fn keys(request: &SignedRequest) -> KeySet {
    let IssuerKeys::Embedded(keys) = request.keys().unwrap() else { panic!("a did:jwk") };
    keys
}

fn verify_at(text: &str, now: i64, wallet_nonce: Option<&str>) -> Result<RequestObject, RequestError> {
    let request = SignedRequest::parse(text)?;
    let keys = keys(&request);
    request.verify(&keys, &Expected { client_id: &verifier(), request_uri: REQUEST_URI, wallet_nonce, now })
}

fn verify(text: &str) -> Result<RequestObject, RequestError> {
    verify_at(text, NOW, None)
}

/// Signed with the members of an object set otherwise; `null` leaves one out.
fn signed_with(members: &Value) -> String {
    let Value::Object(mut claims) = serde_json::to_value(object()).unwrap() else { panic!("an object") };
    for (name, value) in members.as_object().unwrap() {
        if value.is_null() {
            claims.remove(name)
        } else {
            claims.insert(name.clone(), value.clone())
        };
    }
    jws::sign(&key(1), "oauth-authz-req+jwt", jws::kid(&kid()), &claims)
}

#[test]
fn a_link_carries_a_request_there_and_back() {
    for request_uri_method in [RequestUriMethod::Get, RequestUriMethod::Post] {
        let request =
            AuthorizationRequest { client_id: verifier(), request_uri: REQUEST_URI.to_owned(), request_uri_method };
        let link = request.to_link();
        assert!(link.starts_with("openid4vp://?client_id=decentralized_identifier%3Adid%3Ajwk%3A"), "{link}");
        assert_eq!(AuthorizationRequest::parse(&format!(" {link}\n")), Ok(request));
    }
}

/// §5.10 has such a link as its example.
#[test]
fn a_link_of_any_scheme_is_read() {
    let query =
        "client_id=decentralized_identifier%3Adid%3Aweb%3Averifier.example&request_uri=https%3A%2F%2Fv.example%2Fr&x=y";
    for address in ["openid4vp://", "openid4vp:", "haip-vp://authorize", "https://wallet.example/present"] {
        let request = AuthorizationRequest::parse(&format!("{address}?{query}#fragment")).unwrap();
        assert_eq!(request.client_id.did().as_str(), "did:web:verifier.example");
        assert_eq!(request.request_uri, "https://v.example/r");
        assert_eq!(request.request_uri_method, RequestUriMethod::Get);
    }
}

#[test]
fn a_link_that_is_none_is_refused_with_what_to_do() {
    let refused = |link: &str| AuthorizationRequest::parse(link).unwrap_err();
    let client = "client_id=decentralized_identifier:did:web:a.example";
    for text in ["", "garbage", "?request_uri=x", "a b://?request_uri=https://a", "no-scheme?request_uri=https://a"] {
        assert_eq!(refused(text), LinkError::NotALink, "{text}");
    }
    assert_eq!(refused(&format!("openid4vp://?{client}&request_uri=%00")), LinkError::NotALink);
    assert_eq!(refused(&format!("openid4vp://?{client}&response_type=vp_token")), LinkError::ByValue);
    assert_eq!(refused("openid-credential-offer://?credential_offer_uri=https://a"), LinkError::Offer);
    let twice = refused(&format!("openid4vp://?{client}&request_uri=https://a.example&request_uri=https://b.example"));
    assert_eq!(twice, LinkError::Repeated("request_uri"));
    for id in ["redirect_uri:https://a.example", "did:web:a.example", "plain", ""] {
        let link = format!("openid4vp://?client_id={id}&request_uri=https://a.example");
        assert_eq!(refused(&link), LinkError::ClientId(ClientIdError::Prefix(id.to_owned())));
    }
    let link = "openid4vp://?client_id=decentralized_identifier:x&request_uri=https://a.example";
    assert!(matches!(refused(link), LinkError::ClientId(ClientIdError::Did(_))));
    let method = refused(&format!("openid4vp://?{client}&request_uri=https://a.example&request_uri_method=POST"));
    assert_eq!(method, LinkError::Method("POST".to_owned()));
    assert_eq!(refused(&"a".repeat(9000)), LinkError::TooLarge(9000));
}

#[test]
fn a_signed_request_is_believed_by_the_wallet_it_is_for() {
    let text = object().sign(&key(1), &kid());
    assert_eq!(verify(&text), Ok(object()));
    let header: Value =
        serde_json::from_value(jws::Jws::parse(&text, "oauth-authz-req+jwt").unwrap().header.into()).unwrap();
    assert_eq!(header["typ"], "oauth-authz-req+jwt");
    let claims = jws::Jws::parse(&text, "oauth-authz-req+jwt").unwrap().claims;
    assert_eq!(claims["aud"], "https://self-issued.me/v2");
    assert_eq!(claims.get("iss"), None, "@openid4vc refuses one that is not the bare DID");
    assert_eq!(claims["response_type"], "vp_token");
    assert_eq!(claims["response_mode"], "direct_post");
    assert_eq!(claims["client_metadata"]["vp_formats_supported"]["dc+sd-jwt"]["kb-jwt_alg_values"], json!(["ES256"]));
}

#[test]
fn a_request_repeats_the_nonce_that_the_wallet_sent() {
    let text = RequestObject { wallet_nonce: Some("mine".to_owned()), ..object() }.sign(&key(1), &kid());
    assert!(verify_at(&text, NOW, Some("mine")).is_ok());
    assert_eq!(verify_at(&text, NOW, Some("other")), Err(RequestError::WalletNonce));
    assert_eq!(verify_at(&object().sign(&key(1), &kid()), NOW, Some("mine")), Err(RequestError::WalletNonce));
}

#[test]
fn a_request_is_signed_by_its_verifier() {
    let did = verifier().did().clone();
    assert_eq!(verify(&object().sign(&key(2), &kid())), Err(RequestError::Signature(did.clone())));
    let other = did_jwk_key_id(&did_jwk(&key(2).public()));
    for kid in [other.as_str(), "#0", "k"] {
        assert_eq!(verify(&object().sign(&key(1), kid)), Err(RequestError::Key(did.clone())), "{kid}");
    }
}

#[test]
fn the_link_and_the_request_name_the_same_verifier() {
    let other: Did = did_jwk(&key(2).public());
    let text =
        RequestObject { client_id: ClientId::of(other.clone()), ..object() }.sign(&key(2), &did_jwk_key_id(&other));
    let error = verify(&text).unwrap_err();
    assert_eq!(
        error,
        RequestError::OfAnother { expected: verifier().to_string(), found: ClientId::of(other).to_string() }
    );
}

#[test]
fn a_request_is_of_this_time() {
    let text = object().sign(&key(1), &kid());
    assert!(verify_at(&text, NOW - 60, None).is_ok() && verify_at(&text, NOW + 359, None).is_ok());
    let early = TimeError::IssuedInFuture { issued_at: NOW, now: NOW - 61 };
    assert_eq!(verify_at(&text, NOW - 61, None), Err(early.into()));
    let late = TimeError::Expired { valid_until: NOW + 300, now: NOW + 360 };
    assert_eq!(verify_at(&text, NOW + 360, None), Err(late.into()));
    let later = TimeError::NotYetValid { valid_from: NOW + 3600, now: NOW };
    assert_eq!(verify(&signed_with(&json!({"nbf": NOW + 3600}))), Err(later.into()));
    for claim in ["iat", "nbf", "exp"] {
        assert_eq!(verify(&signed_with(&json!({claim: "soon"}))), Err(TimeError::Unreadable(claim).into()));
    }
    let fraction = verify(&signed_with(&json!({"exp": 1_800_000_300.5, "iat": 1_800_000_000.5}))).unwrap();
    assert_eq!((fraction.iat, fraction.exp), (Some(NOW), Some(NOW + 300)));
}

#[test]
fn a_request_for_another_wallet_is_refused() {
    for aud in
        [Value::Null, json!("https://self-issued.me/v2"), json!(REQUEST_URI), json!(["x", "https://self-issued.me/v2"])]
    {
        assert!(verify(&signed_with(&json!({"aud": aud}))).is_ok(), "{aud}");
    }
    for aud in [json!("https://other.example"), json!(["x"]), json!(7)] {
        assert!(matches!(verify(&signed_with(&json!({"aud": aud}))), Err(RequestError::Audience(_))), "{aud}");
    }
}

#[test]
fn what_the_profile_does_not_have_is_refused_with_its_code() {
    for (members, code) in [
        (json!({"transaction_data": ["e30"]}), ErrorCode::InvalidTransactionData),
        (json!({"scope": "pid"}), ErrorCode::InvalidScope),
        (json!({"redirect_uri": "https://a.example"}), ErrorCode::InvalidRequest),
        (json!({"response_mode": "direct_post.jwt"}), ErrorCode::InvalidRequest),
        (json!({"response_type": "vp_token id_token"}), ErrorCode::InvalidRequest),
        (json!({"dcql_query": null}), ErrorCode::InvalidRequest),
        (json!({"response_uri": null}), ErrorCode::InvalidRequest),
        (json!({"nonce": ""}), ErrorCode::InvalidRequest),
        (json!({"client_id": "redirect_uri:https://a.example"}), ErrorCode::InvalidRequest),
        (json!({"client_metadata": {"vp_formats_supported": {"mso_mdoc": {}}}}), ErrorCode::VpFormatsNotSupported),
        (
            json!({"client_metadata": {"vp_formats_supported": {"dc+sd-jwt": {"kb-jwt_alg_values": ["ES384"]}}}}),
            ErrorCode::VpFormatsNotSupported,
        ),
    ] {
        let error = verify(&signed_with(&members)).unwrap_err();
        assert_eq!(error.code(), code, "{members}: {error}");
    }
    assert!(verify(&signed_with(&json!({"client_metadata": {"vp_formats_supported": {"dc+sd-jwt": {}}}}))).is_ok());
    assert!(matches!(SignedRequest::parse("garbage"), Err(RequestError::Jws(_))));
}

#[test]
fn a_verifier_of_a_method_that_is_not_supported_is_named() {
    let request = SignedRequest::parse(&signed_with(&json!({"client_id": "decentralized_identifier:did:example:1"})));
    assert!(matches!(request.unwrap().keys(), Err(RequestError::Verifier(_))));
}

fn form(post: &DirectPost) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(post.to_form()).finish()
}

#[test]
fn an_answer_survives_its_form() {
    let token = |text: &str| serde_json::from_str::<VpToken>(text).unwrap();
    let vp_token = token(r#"{"pid": ["a~b~c"], "mdl": ["d~", "e~"]}"#);
    for state in [None, Some("state".to_owned())] {
        let presented = DirectPost::Presented { vp_token: vp_token.clone(), state: state.clone() };
        assert_eq!(DirectPost::parse(form(&presented).as_bytes()), Ok(presented.clone()));
        assert_eq!(presented.state(), state.as_deref());
        for error in [ErrorCode::AccessDenied, ErrorCode::Other("x".to_owned())] {
            let error_description = Some("no such credential".to_owned());
            let refused = DirectPost::Refused { error, error_description, state: state.clone() };
            assert_eq!(DirectPost::parse(form(&refused).as_bytes()), Ok(refused));
        }
    }
}

#[test]
fn an_answer_of_another_form_is_refused() {
    let refused = |body: &str| DirectPost::parse(body.as_bytes()).unwrap_err();
    for body in ["", "garbage", "state=x", "vp_token=%7B%22a%22%3A%5B%22b%22%5D%7D&error=access_denied"] {
        assert_eq!(refused(body), DirectPostError::OneOfTwo, "{body}");
    }
    assert_eq!(refused("error=a&error=b"), DirectPostError::Repeated("error"));
    assert_eq!(refused("error=a&state=b&state=c"), DirectPostError::Repeated("state"));
    assert_eq!(refused("response=eyJ"), DirectPostError::Encrypted);
    for token in [json!("a~"), json!([]), json!({}), json!({"pid": []}), json!({"pid": "a~"}), json!({"pid": [{}]})] {
        let body = form_urlencoded::Serializer::new(String::new()).append_pair("vp_token", &token.to_string()).finish();
        assert!(matches!(refused(&body), DirectPostError::VpToken(_)), "{token}");
    }
    let many = json!({"pid": vec!["a~"; 65]}).to_string();
    let body = form_urlencoded::Serializer::new(String::new()).append_pair("vp_token", &many).finish();
    assert!(matches!(refused(&body), DirectPostError::VpToken(_)));
}

#[test]
fn every_error_code_of_the_specification_has_its_name() {
    for code in [
        "invalid_scope",
        "invalid_request",
        "invalid_client",
        "access_denied",
        "vp_formats_not_supported",
        "invalid_request_uri_method",
        "invalid_transaction_data",
        "wallet_unavailable",
    ] {
        let read: ErrorCode = code.parse().unwrap();
        assert!(!matches!(read, ErrorCode::Other(_)), "{code}");
        assert_eq!(read.to_string(), code);
    }
}

#[test]
fn a_wallet_sends_a_nonce_or_none() {
    assert_eq!(wallet_nonce(b"wallet_metadata=%7B%7D&wallet_nonce=n%2B1"), Some("n+1".to_owned()));
    for body in ["", "vp_formats_supported=%7B%7D", "wallet_nonce=", "wallet_nonce=a&wallet_nonce=b"] {
        assert_eq!(wallet_nonce(body.as_bytes()), None, "{body}");
    }
    assert_eq!(wallet_nonce(format!("wallet_nonce={}", "a".repeat(1025)).as_bytes()), None);
}

#[test]
fn the_answer_of_the_response_uri_has_a_redirect_or_nothing() {
    assert_eq!(serde_json::to_value(ResponseUriAnswer::default()).unwrap(), json!({}));
    let answer: ResponseUriAnswer = serde_json::from_str(r#"{"redirect_uri": "https://a.example", "x": 1}"#).unwrap();
    assert_eq!(answer.redirect_uri.as_deref(), Some("https://a.example"));
}
