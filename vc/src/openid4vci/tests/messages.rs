use serde_json::{Value, json};

use crate::openid4vci::{
    Algorithm, AuthorizationServerMetadata, CredentialConfiguration, CredentialErrorCode, CredentialRequest,
    CredentialResponse, ErrorResponse, IssuerMetadata, MAX_REQUEST_BYTES, MetadataError, NonceResponse, Obstacle,
    Proofs, TokenErrorCode, TokenRequest, TokenResponse, authorization_server_metadata_url, issuer_metadata_url,
};
use crate::sd_jwt_vc::PathStep;

const ISSUER: &str = "https://issuer.example.com/tenant";

/// Made of the examples of §12.2.4 and Appendix A, of several formats.
fn issuer_metadata() -> Value {
    json!({
        "credential_issuer": ISSUER,
        "credential_endpoint": "https://issuer.example.com/tenant/credential",
        "nonce_endpoint": "https://issuer.example.com/tenant/nonce",
        "notification_endpoint": "https://issuer.example.com/tenant/notification",
        "display": [{"name": "Example University", "locale": "en-US"}],
        "credential_configurations_supported": {
            "org.iso.18013.5.1.mDL": {
                "format": "mso_mdoc",
                "doctype": "org.iso.18013.5.1.mDL",
                "cryptographic_binding_methods_supported": ["cose_key"],
                "credential_signing_alg_values_supported": [-7, -9],
            },
            "SD_JWT_VC_example_in_OpenID4VCI": {
                "format": "dc+sd-jwt",
                "scope": "SD_JWT_VC_example_in_OpenID4VCI",
                "cryptographic_binding_methods_supported": ["jwk"],
                "credential_signing_alg_values_supported": ["ES256"],
                "proof_types_supported": {
                    "jwt": {
                        "proof_signing_alg_values_supported": ["ES256"],
                        "key_attestations_required": {"key_storage": ["iso_18045_moderate"]},
                    },
                },
                "credential_metadata": {
                    "display": [{
                        "name": "IdentityCredential",
                        "logo": {"uri": "https://university.example.edu/public/logo.png", "alt_text": "a square logo"},
                        "locale": "en-US",
                        "background_color": "#12107c",
                        "text_color": "#FFFFFF",
                    }],
                    "claims": [
                        {"path": ["given_name"], "display": [{"name": "Given Name", "locale": "en-US"}]},
                        {"path": ["degrees", null, "type"], "mandatory": true},
                        {"path": ["nationalities", 1]},
                    ],
                },
                "vct": "SD_JWT_VC_example_in_OpenID4VCI",
            },
        },
    })
}

#[test]
fn issuer_metadata_reads_whatever_else_is_in_it() {
    let metadata = IssuerMetadata::parse(issuer_metadata().to_string().as_bytes(), ISSUER).unwrap();
    assert_eq!(metadata.authorization_servers(), [ISSUER]);
    let mdl = &metadata.credential_configurations_supported["org.iso.18013.5.1.mDL"];
    assert_eq!(mdl.credential_signing_alg_values_supported, [Algorithm::Cose(-7), Algorithm::Cose(-9)]);
    assert!(!mdl.binds_jwk());
    assert_eq!(metadata.offered("org.iso.18013.5.1.mDL"), Err(Obstacle::Format("mso_mdoc".to_owned())));
    let sd_jwt_vc = &metadata.credential_configurations_supported["SD_JWT_VC_example_in_OpenID4VCI"];
    assert_eq!(sd_jwt_vc.vct.as_deref(), Some("SD_JWT_VC_example_in_OpenID4VCI"));
    // A proof is asked for, but one with a key attestation, which this wallet has not.
    assert!(sd_jwt_vc.asks_for_proof() && sd_jwt_vc.binds_jwk());
    assert_eq!(metadata.offered("SD_JWT_VC_example_in_OpenID4VCI"), Err(Obstacle::KeyAttestation));
    let shown = sd_jwt_vc.credential_metadata.as_ref().unwrap();
    assert_eq!(shown.display[0].name, "IdentityCredential");
    assert_eq!(shown.claims[1].path, [Some(PathStep::from("degrees")), None, Some(PathStep::from("type"))]);
    assert_eq!(shown.claims[2].path, [Some(PathStep::from("nationalities")), Some(PathStep::from(1))]);
    assert!(shown.claims[1].mandatory && !shown.claims[0].mandatory);
}

#[test]
fn what_is_written_reads_again() {
    let mut metadata = IssuerMetadata::parse(issuer_metadata().to_string().as_bytes(), ISSUER).unwrap();
    metadata.authorization_servers = vec!["https://as.example.com".into()];
    let text = serde_json::to_string(&metadata).unwrap();
    assert_eq!(IssuerMetadata::parse(text.as_bytes(), ISSUER).unwrap(), metadata);
    assert_eq!(metadata.authorization_servers(), ["https://as.example.com"]);
}

#[test]
fn a_configuration_of_this_profile_has_the_form_of_the_specification() {
    let configuration = CredentialConfiguration::sd_jwt_vc("https://credentials.example.com/identity", &["jwk"]);
    let expected = json!({
        "format": "dc+sd-jwt",
        "vct": "https://credentials.example.com/identity",
        "credential_signing_alg_values_supported": ["ES256"],
        "cryptographic_binding_methods_supported": ["jwk"],
        "proof_types_supported": {"jwt": {"proof_signing_alg_values_supported": ["ES256"]}},
    });
    assert_eq!(serde_json::to_value(&configuration).unwrap(), expected);
    assert!(configuration.asks_for_proof() && configuration.binds_jwk());
}

#[test]
fn metadata_stands_between_host_and_path() {
    let well_known = |path: &str, rest: &str| format!("https://issuer.example.com/.well-known/{path}{rest}");
    assert_eq!(issuer_metadata_url(ISSUER).unwrap(), well_known("openid-credential-issuer", "/tenant"));
    assert_eq!(authorization_server_metadata_url(ISSUER).unwrap(), well_known("oauth-authorization-server", "/tenant"));
    let root = "https://issuer.example.com";
    assert_eq!(issuer_metadata_url(root).unwrap(), well_known("openid-credential-issuer", ""));
    for other in ["issuer", "ftp://issuer.example.com", "https://a@b", "https://a?b=c", "https://a/b#c"] {
        assert!(matches!(issuer_metadata_url(other), Err(MetadataError::Identifier(_))), "{other}");
    }
}

#[test]
fn metadata_of_another_issuer_is_refused() {
    let other = IssuerMetadata::parse(issuer_metadata().to_string().as_bytes(), "https://issuer.example.com");
    let expected = MetadataError::OfAnother { expected: "https://issuer.example.com".into(), found: ISSUER.into() };
    assert_eq!(other.unwrap_err(), expected);
    assert!(matches!(IssuerMetadata::parse(b"{}", ISSUER), Err(MetadataError::Member("credential_issuer"))));
    assert_eq!(IssuerMetadata::parse(b"[]", ISSUER), Err(MetadataError::Malformed));
    assert_eq!(IssuerMetadata::parse("[".repeat(200).as_bytes(), ISSUER), Err(MetadataError::TooDeep));
    let server = json!({"issuer": "https://as.example.com", "token_endpoint": "https://as.example.com/token"});
    let parse = |issuer| AuthorizationServerMetadata::parse(server.to_string().as_bytes(), issuer);
    assert!(!parse("https://as.example.com").unwrap().pre_authorized_grant_anonymous_access_supported);
    assert!(matches!(parse(ISSUER), Err(MetadataError::OfAnother { .. })));
}

#[test]
fn the_token_messages_are_those_of_the_specification() {
    // §6.1: `tx_code` as the example sends it.
    let request = TokenRequest::pre_authorized("SplxlOBeZQQYbYS6WxSbIA", Some("493536".into()));
    let expected = json!({
        "grant_type": "urn:ietf:params:oauth:grant-type:pre-authorized_code",
        "pre-authorized_code": "SplxlOBeZQQYbYS6WxSbIA",
        "tx_code": "493536",
    });
    assert_eq!(serde_json::to_value(&request).unwrap(), expected);
    // The example of §6.2.
    let response: TokenResponse = serde_json::from_value(json!({
        "access_token": "eyJhbGciOiJSUzI1NiIsInR5cCI6Ikp..sHQ",
        "token_type": "Bearer",
        "expires_in": 86400,
        "authorization_details": [{
            "type": "openid_credential",
            "credential_configuration_id": "UniversityDegreeCredential",
            "credential_identifiers": ["CivilEngineeringDegree-2023", "ElectricalEngineeringDegree-2023"],
        }],
    }))
    .unwrap();
    assert_eq!(response.authorization_details[0].credential_identifiers.len(), 2);
    let shown = format!("{request:?} {response:?}");
    assert!(!shown.contains("Splxl") && !shown.contains("493536") && !shown.contains("eyJ"), "{shown}");
}

#[test]
fn the_credential_messages_are_those_of_the_specification() {
    let nonce: NonceResponse = serde_json::from_value(json!({"c_nonce": "wKI4LT17ac15ES9bw8ac4"})).unwrap();
    assert_eq!(nonce.c_nonce, "wKI4LT17ac15ES9bw8ac4");
    let request = json!({"credential_configuration_id": "org.iso.18013.5.1.mDL", "proofs": {"jwt": ["a.b.c"]}, "x": 1});
    let request = CredentialRequest::parse(request.to_string().as_bytes()).unwrap();
    assert_eq!(request.proofs.unwrap().as_jwt(), Some(vec!["a.b.c"]));
    let response: CredentialResponse = serde_json::from_value(json!({
        "credentials": [{"credential": "LUpixVCWJk0eOt4CXQe1NXK....WZwmhmn9OQp6YxX0a2L"}],
        "notification_id": "3fwe98js",
    }))
    .unwrap();
    assert_eq!(response.credentials[0].credential, json!("LUpixVCWJk0eOt4CXQe1NXK....WZwmhmn9OQp6YxX0a2L"));
    assert!(!format!("{response:?}").contains("LUpix"));
    let deferred: CredentialResponse =
        serde_json::from_value(json!({"transaction_id": "8x", "interval": 3600})).unwrap();
    assert_eq!((deferred.credentials.len(), deferred.transaction_id.as_deref()), (0, Some("8x")));
    assert_eq!(
        serde_json::to_value(CredentialResponse::of("a~")).unwrap(),
        json!({"credentials": [{"credential": "a~"}]})
    );
}

#[test]
fn a_request_that_is_no_request_is_refused() {
    let long = format!("{{\"x\": \"{}\"}}", "x".repeat(MAX_REQUEST_BYTES));
    for body in ["", "[]", r#"{"proofs": []}"#, r#"{"credential_identifier": 1}"#, &long] {
        let refused = CredentialRequest::parse(body.as_bytes()).unwrap_err();
        assert_eq!(refused, CredentialErrorCode::InvalidCredentialRequest, "{body:.40}");
    }
}

#[test]
fn proofs_are_jwts_and_nothing_beside_them() {
    let read = |json: Value| serde_json::from_value::<Proofs>(json).unwrap();
    assert_eq!(Proofs::jwt(["a".to_owned(), "b".to_owned()]).as_jwt(), Some(vec!["a", "b"]));
    for other in [
        json!({}),
        json!({"jwt": []}),
        json!({"jwt": "a"}),
        json!({"jwt": [1]}),
        json!({"di_vp": [{}]}),
        json!({"jwt": ["a"], "attestation": ["b"]}),
    ] {
        assert_eq!(read(other.clone()).as_jwt(), None, "{other}");
    }
}

#[test]
fn error_codes_are_those_of_the_specification() {
    let error: ErrorResponse = serde_json::from_value(json!({"error": "invalid_nonce"})).unwrap();
    assert_eq!(CredentialErrorCode::from_name(&error.error), Some(CredentialErrorCode::InvalidNonce));
    assert_eq!(TokenErrorCode::from_name("invalid_grant"), Some(TokenErrorCode::InvalidGrant));
    assert_eq!(TokenErrorCode::from_name("invalid_nonce"), None);
    assert_eq!(CredentialErrorCode::InvalidProof.to_string(), "invalid_proof");
}

/// A configuration that this profile can have, changed.
fn configured(change: impl FnOnce(&mut Value)) -> Result<(), Obstacle> {
    let mut metadata = issuer_metadata();
    let id = "SD_JWT_VC_example_in_OpenID4VCI";
    let configuration = &mut metadata["credential_configurations_supported"][id];
    configuration["proof_types_supported"]["jwt"].as_object_mut().unwrap().remove("key_attestations_required");
    change(configuration);
    let metadata = IssuerMetadata::parse(metadata.to_string().as_bytes(), ISSUER).unwrap();
    metadata.offered(id).map(|_| ())
}

#[test]
fn what_only_shows_and_what_is_of_another_credential_never_stops_an_offer() {
    for rubbish in [json!(null), json!(5), json!("x"), json!([]), json!([5, {"name": 7, "logo": "x"}]), json!({"a": 1})]
    {
        let mut metadata = issuer_metadata();
        metadata["display"] = rubbish.clone();
        metadata["credential_configurations_supported"]["other"] = rubbish.clone();
        metadata["credential_configurations_supported"]["odd"] = json!({"format": rubbish});
        metadata["deferred_credential_endpoint"] = rubbish.clone();
        metadata["an_extension"] = rubbish.clone();
        let metadata = IssuerMetadata::parse(metadata.to_string().as_bytes(), ISSUER).unwrap();
        assert!(metadata.credential_configurations_supported.contains_key("SD_JWT_VC_example_in_OpenID4VCI"));
        assert_eq!(configured(|configuration| configuration["credential_metadata"] = rubbish.clone()), Ok(()));
        assert_eq!(configured(|it| it["credential_metadata"]["display"] = rubbish.clone()), Ok(()));
        assert_eq!(configured(|it| it["credential_metadata"]["claims"] = rubbish.clone()), Ok(()));
        assert_eq!(configured(|it| it["proof_types_supported"]["ldp_vp"] = rubbish.clone()), Ok(()));
        assert_eq!(configured(|it| it["an_extension"] = rubbish.clone()), Ok(()));
        let server = json!({"issuer": ISSUER, "token_endpoint": "https://a.example/token", "grant_types_supported": rubbish,
            "response_types_supported": rubbish, "pre-authorized_grant_anonymous_access_supported": rubbish});
        assert!(AuthorizationServerMetadata::parse(server.to_string().as_bytes(), ISSUER).is_ok(), "{rubbish}");
        let token = json!({"access_token": "a", "token_type": "Bearer", "expires_in": rubbish, "authorization_details": rubbish});
        assert_eq!(serde_json::from_value::<TokenResponse>(token).unwrap().access_token, "a");
        let error = json!({"error": "invalid_grant", "error_description": rubbish});
        assert_eq!(serde_json::from_value::<ErrorResponse>(error).unwrap().error, "invalid_grant");
    }
    let shown = json!({"display": [5, {"name": "Office", "logo": 5}, {"locale": []}]});
    let mut metadata = issuer_metadata();
    metadata["display"] = shown["display"].clone();
    let metadata = IssuerMetadata::parse(metadata.to_string().as_bytes(), ISSUER).unwrap();
    assert_eq!(metadata.display[0].name.as_deref(), Some("Office"));
}

#[test]
fn what_an_offer_needs_is_read_strictly_and_named_when_it_cannot_be() {
    for (member, value) in [
        ("credential_issuer", json!(5)),
        ("credential_endpoint", json!(null)),
        ("credential_endpoint", json!(["https://a"])),
        ("nonce_endpoint", json!(5)),
        ("credential_configurations_supported", json!([])),
    ] {
        let mut metadata = issuer_metadata();
        metadata[member] = value;
        let refused = IssuerMetadata::parse(metadata.to_string().as_bytes(), ISSUER);
        assert_eq!(refused, Err(MetadataError::Member(member)));
    }
    for member in [
        "format",
        "vct",
        "cryptographic_binding_methods_supported",
        "credential_signing_alg_values_supported",
        "proof_types_supported",
    ] {
        let refused = configured(|configuration| configuration[member] = json!(5));
        assert_eq!(refused, Err(Obstacle::Unreadable(member)));
    }
    let server = json!({"issuer": ISSUER, "token_endpoint": 5});
    let refused = AuthorizationServerMetadata::parse(server.to_string().as_bytes(), ISSUER);
    assert_eq!(refused, Err(MetadataError::Member("token_endpoint")));
}

/// Makes metadata say something else.
type Edit = fn(&mut Value);

#[test]
fn the_metadata_tells_what_a_holder_cannot_do_before_it_asks() {
    assert_eq!(configured(|_| {}), Ok(()));
    let es256 = || json!({"proof_signing_alg_values_supported": ["ES256"]});
    let obstacles: [(Edit, Obstacle); 6] = [
        (
            |it| it["credential_signing_alg_values_supported"] = json!(["ES384", -8]),
            Obstacle::SigningAlgorithms("ES384, -8".into()),
        ),
        (
            |it| it["cryptographic_binding_methods_supported"] = json!(["did:ebsi", "cose_key"]),
            Obstacle::Binding("did:ebsi, cose_key".into()),
        ),
        (|it| it["proof_types_supported"] = json!({"ldp_vp": {}}), Obstacle::ProofType("ldp_vp".into())),
        (
            |it| it["proof_types_supported"]["jwt"]["proof_signing_alg_values_supported"] = json!(["EdDSA"]),
            Obstacle::ProofAlgorithms("EdDSA".into()),
        ),
        (|it| it["proof_types_supported"]["jwt"] = json!(5), Obstacle::ProofAlgorithms(String::new())),
        (|it| it["proof_types_supported"]["jwt"]["key_attestations_required"] = json!({}), Obstacle::KeyAttestation),
    ];
    for (change, expected) in obstacles {
        assert_eq!(configured(change), Err(expected));
    }
    // Several ways of which one is known are fine.
    assert_eq!(configured(|it| it["proof_types_supported"] = json!({"ldp_vp": {}, "jwt": es256()})), Ok(()));
    assert_eq!(configured(|it| it["cryptographic_binding_methods_supported"] = json!(["cose_key", "did:web"])), Ok(()));
    for (encryption, expected) in [
        (json!({"encryption_required": true}), true),
        (json!({"alg_values_supported": ["ECDH-ES"], "encryption_required": false}), false),
        (json!(null), false),
    ] {
        let mut metadata = issuer_metadata();
        metadata["credential_response_encryption"] = encryption.clone();
        let answers = IssuerMetadata::parse(metadata.to_string().as_bytes(), ISSUER).unwrap().obstacle();
        assert_eq!(answers, expected.then_some(Obstacle::ResponseEncryption));
        metadata["credential_request_encryption"] = encryption;
        let requests = IssuerMetadata::parse(metadata.to_string().as_bytes(), ISSUER).unwrap().obstacle();
        assert_eq!(requests, expected.then_some(Obstacle::RequestEncryption));
    }
    let missing = IssuerMetadata::parse(issuer_metadata().to_string().as_bytes(), ISSUER).unwrap();
    assert_eq!(missing.offered("x"), Err(Obstacle::Undescribed));
}
