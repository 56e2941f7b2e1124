use serde_json::{Value, json};

use crate::openid4vci::{
    CredentialOffer, Grants, InputMode, MAX_OFFER_BYTES, OfferError, OfferLink, PreAuthorizedCode, TxCode,
};

/// The example of §4.1.1, with its member that is no part of this profile.
fn example() -> Value {
    json!({
        "credential_issuer": "https://credential-issuer.example.com",
        "credential_configuration_ids": ["UniversityDegreeCredential", "org.iso.18013.5.1.mDL"],
        "grants": {
            "urn:ietf:params:oauth:grant-type:pre-authorized_code": {
                "pre-authorized_code": "oaKazRN8I0IbtZ0C7JuMn5",
                "tx_code": {
                    "length": 4,
                    "input_mode": "numeric",
                    "description": "Please provide the one-time code that was sent via e-mail",
                },
            },
        },
    })
}

fn offer() -> CredentialOffer {
    CredentialOffer {
        credential_issuer: "https://credential-issuer.example.com".into(),
        credential_configuration_ids: vec!["UniversityDegreeCredential".into(), "org.iso.18013.5.1.mDL".into()],
        grants: Grants {
            pre_authorized_code: Some(PreAuthorizedCode {
                code: "oaKazRN8I0IbtZ0C7JuMn5".into(),
                tx_code: Some(TxCode {
                    input_mode: Some(InputMode::Numeric),
                    length: Some(4),
                    description: Some("Please provide the one-time code that was sent via e-mail".into()),
                }),
                authorization_server: None,
            }),
        },
    }
}

#[test]
fn the_example_of_the_specification_reads_and_writes() {
    let mut json = example();
    assert_eq!(serde_json::to_value(offer()).unwrap(), json);
    json["issuer_redirect_uri"] = "https://credential-issuer.example.com/redirect".into();
    json["grants"]["authorization_code"] = json!({"issuer_state": "eyJhbGciOiJSU0Et"});
    assert_eq!(CredentialOffer::parse(json.to_string().as_bytes()), Ok(offer()));
}

#[test]
fn an_empty_tx_code_still_asks_for_one() {
    let grant = r#"{"pre-authorized_code": "c", "tx_code": {}}"#;
    let grant: PreAuthorizedCode = serde_json::from_str(grant).unwrap();
    assert_eq!(grant.tx_code, Some(TxCode::default()));
    assert_eq!(serde_json::to_value(&grant).unwrap()["tx_code"], json!({}));
}

#[test]
fn the_link_of_the_specification_reads() {
    // §4.1.2, with its line breaks taken out.
    let link = "openid-credential-offer://?credential_offer=%7B%22credential_issuer%22:%22https://credential-issuer.exam\
                ple.com%22,%22credential_configuration_ids%22:%5B%22org.iso.18013.5.1.mDL%22%5D,%22grants%22:%7B%22urn:i\
                etf:params:oauth:grant-type:pre-authorized_code%22:%7B%22pre-authorized_code%22:%22oaKazRN8I0IbtZ0C7JuMn\
                5%22,%22tx_code%22:%7B%22input_mode%22:%22text%22,%22description%22:%22Please%20enter%20the%20serial%20n\
                umber%20of%20your%20physical%20drivers%20license%22%7D%7D%7D%7D";
    let OfferLink::ByValue(offer) = OfferLink::parse(link).unwrap() else { panic!("by value") };
    assert_eq!(offer.credential_configuration_ids, ["org.iso.18013.5.1.mDL"]);
    let tx_code = offer.grants.pre_authorized_code.unwrap().tx_code.unwrap();
    assert_eq!(tx_code.input_mode, Some(InputMode::Text));
    let description = "Please enter the serial number of your physical drivers license";
    assert_eq!(tx_code.description.as_deref(), Some(description));
}

#[test]
fn a_link_survives_its_text_in_both_forms() {
    for link in [OfferLink::ByValue(offer()), OfferLink::ByReference("https://issuer.example/o?a=1&b=%20".into())] {
        let text = link.to_string();
        assert!(text.starts_with("openid-credential-offer://?credential_offer"), "{text}");
        assert!(!text.contains('+') && !text.contains(' '), "{text}");
        assert_eq!(OfferLink::parse(&text), Ok(link.clone()));
        let page = format!("https://wallet.example/receive?lang=en&{}#top", link.query());
        assert_eq!(OfferLink::parse(&page), Ok(link.clone()));
        assert_eq!(OfferLink::parse(&text.replace("openid-credential-offer", "OpenID-Credential-Offer")), Ok(link));
    }
}

#[test]
fn other_links_are_refused() {
    for text in
        ["", "offer", "http://wallet.example?credential_offer_uri=https://a", "{\"a\": 1}", "://?credential_offer={}"]
    {
        assert_eq!(OfferLink::parse(text), Err(OfferError::Scheme), "{text}");
    }
    for text in ["openid4vp://?client_id=a", "haip-vp://?request_uri=https://a"] {
        assert_eq!(OfferLink::parse(text), Err(OfferError::Presentation), "{text}");
    }
    let both = "openid-credential-offer://?credential_offer=%7B%7D&credential_offer_uri=https://a";
    let twice = "openid-credential-offer://?credential_offer_uri=https://a&credential_offer_uri=https://b";
    for text in ["openid-credential-offer://", "https://wallet.example/?x=1", both, twice] {
        assert_eq!(OfferLink::parse(text), Err(OfferError::Parameters), "{text}");
    }
    let long = "a".repeat(MAX_OFFER_BYTES + 1);
    assert_eq!(OfferLink::parse(&long), Err(OfferError::TooLarge(MAX_OFFER_BYTES + 1)));
    assert_eq!(CredentialOffer::parse(long.as_bytes()), Err(OfferError::TooLarge(MAX_OFFER_BYTES + 1)));
}

#[test]
fn an_offer_names_each_credential_once() {
    for ids in [json!([]), json!(["a", "a"])] {
        let mut json = example();
        json["credential_configuration_ids"] = ids;
        assert_eq!(CredentialOffer::parse(json.to_string().as_bytes()), Err(OfferError::Configurations));
    }
    for json in ["", "[]", "5", "{"] {
        assert_eq!(CredentialOffer::parse(json.as_bytes()), Err(OfferError::Malformed), "{json}");
    }
    let deep = format!(r#"{{"credential_issuer": {}1{}}}"#, "[".repeat(200), "]".repeat(200));
    assert_eq!(CredentialOffer::parse(deep.as_bytes()), Err(OfferError::TooDeep));
}

#[test]
fn links_of_the_schemes_of_profiles_and_of_wallets_pages_read_alike() {
    for address in
        ["openid-credential-offer://", "haip-vci://", "eudi-openid4ci://offer", "HAIP-VCI:", "https://wallet.example/o"]
    {
        for link in [OfferLink::ByValue(offer()), OfferLink::ByReference("https://issuer.example/o".into())] {
            assert_eq!(OfferLink::parse(&format!("{address}?{}", link.query())), Ok(link), "{address}");
        }
    }
}

#[test]
fn grants_of_other_flows_and_what_only_helps_to_type_never_stop_an_offer() {
    let grant = "urn:ietf:params:oauth:grant-type:pre-authorized_code";
    for rubbish in [json!(null), json!(5), json!([]), json!({"a": 1})] {
        let mut json = example();
        json["grants"]["authorization_code"] = rubbish.clone();
        json["grants"]["urn:example:grant"] = rubbish.clone();
        json["grants"][grant]["interval"] = rubbish.clone();
        for hint in ["length", "description"] {
            json["grants"][grant]["tx_code"][hint] = rubbish.clone();
        }
        let read = CredentialOffer::parse(json.to_string().as_bytes()).unwrap();
        let tx_code = read.grants.pre_authorized_code.unwrap().tx_code.unwrap();
        assert_eq!((tx_code.description, tx_code.input_mode), (None, Some(InputMode::Numeric)));
    }
    let mut json = example();
    json["grants"][grant]["tx_code"]["input_mode"] = json!("alphanumeric");
    let read = CredentialOffer::parse(json.to_string().as_bytes()).unwrap();
    assert_eq!(read.grants.pre_authorized_code.unwrap().tx_code.unwrap().input_mode, Some(InputMode::Text));
    json["grants"] = json!(null);
    assert!(CredentialOffer::parse(json.to_string().as_bytes()).unwrap().grants.is_empty());
}

#[test]
fn the_member_that_an_offer_needs_and_cannot_be_read_is_named() {
    let grant = "/grants/urn:ietf:params:oauth:grant-type:pre-authorized_code";
    for (pointer, member) in [
        ("/credential_issuer".to_owned(), "credential_issuer"),
        ("/credential_configuration_ids".to_owned(), "credential_configuration_ids"),
        ("/credential_configuration_ids/0".to_owned(), "credential_configuration_ids"),
        ("/grants".to_owned(), "grants"),
        (grant.to_owned(), "pre-authorized_code"),
        (format!("{grant}/pre-authorized_code"), "pre-authorized_code"),
        (format!("{grant}/tx_code"), "tx_code"),
    ] {
        let mut json = example();
        *json.pointer_mut(&pointer).unwrap() = json!(5);
        assert_eq!(CredentialOffer::parse(json.to_string().as_bytes()), Err(OfferError::Member(member)), "{pointer}");
    }
    let mut json = example();
    json.pointer_mut(grant).unwrap()["authorization_server"] = json!(5);
    let refused = CredentialOffer::parse(json.to_string().as_bytes());
    assert_eq!(refused, Err(OfferError::Member("authorization_server")));
    assert_eq!(CredentialOffer::parse(b"{}"), Err(OfferError::Member("credential_issuer")));
}

#[test]
fn the_code_is_not_shown() {
    assert!(!format!("{:?}", offer()).contains("oaKazRN8I0IbtZ0C7JuMn5"));
}
