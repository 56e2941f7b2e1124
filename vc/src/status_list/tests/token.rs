use super::*;

fn key(secret: u8) -> SigningKey {
    SigningKey::from_secret_bytes(&[secret; 32]).unwrap()
}

fn did(secret: u8) -> Did {
    did_jwk(&key(secret).public())
}

fn keys(secret: u8) -> KeySet {
    match crate::issuer::issuer_keys(Some(did(secret).as_str()), None).unwrap() {
        IssuerKeys::Embedded(keys) => keys,
        other => panic!("{other:?}"),
    }
}

fn token() -> StatusListToken {
    StatusListToken {
        issuer: Some(did(1).to_string()),
        uri: URI.to_owned(),
        issued_at: NOW,
        expires_at: Some(NOW + 3600),
        ttl: Some(300),
        list: list(Bits::Two, &[0, 1, 2, 0]),
    }
}

fn signed(token: &StatusListToken, secret: u8) -> String {
    token.sign(&key(secret), &did_jwk_key_id(&did(secret)))
}

fn verify(text: &str, now: i64) -> Result<StatusListToken, TokenError> {
    let parsed = SignedStatusList::parse(text)?;
    let IssuerKeys::Embedded(keys) = parsed.keys(did(1).as_str())? else { panic!("a did:jwk") };
    parsed.verify(&keys, URI, now)
}

/// The token with its claims changed, signed by the issuer all the same.
fn with(changes: &[(&str, Value)]) -> Result<StatusListToken, TokenError> {
    let text = signed(&token(), 1);
    let mut claims = jws::Jws::parse(&text, TYP_STATUS_LIST).unwrap().claims;
    for (claim, value) in changes {
        match value {
            Value::Null => claims.remove(*claim),
            value => claims.insert((*claim).to_owned(), value.clone()),
        };
    }
    verify(&jws::sign(&key(1), TYP_STATUS_LIST, jws::kid(&did_jwk_key_id(&did(1))), &claims), NOW)
}

#[test]
fn what_the_issuer_signed_is_believed_as_it_stands() {
    assert_eq!(verify(&signed(&token(), 1), NOW), Ok(token()));
    let bare = StatusListToken { issuer: None, expires_at: None, ttl: None, ..token() };
    assert_eq!(verify(&signed(&bare, 1), NOW), Ok(bare));
}

#[test]
fn a_token_says_what_the_draft_asks_for() {
    let jws = jws::Jws::parse(&signed(&token(), 1), TYP_STATUS_LIST).unwrap();
    assert_eq!(jws.header["typ"], "statuslist+jwt");
    assert_eq!(
        Value::from(jws.claims),
        json!({
            "iss": did(1).as_str(), "sub": URI, "iat": NOW, "exp": NOW + 3600, "ttl": 300,
            "status_list": {"bits": 2, "lst": list(Bits::Two, &[0, 1, 2, 0]).encode()},
        })
    );
}

#[test]
fn a_list_of_somebody_else_is_refused() {
    // Signed by another, under its own name or under the issuer's.
    assert!(matches!(verify(&signed(&token(), 2), NOW), Err(TokenError::Issuer(IssuerError::KeyOfAnother { .. }))));
    let forged = token().sign(&key(2), &did_jwk_key_id(&did(1)));
    assert_eq!(verify(&forged, NOW), Err(TokenError::Signature(did(1).to_string())));
    let nameless = jws::sign(&key(2), TYP_STATUS_LIST, serde_json::Map::new(), &serde_json::Map::new());
    assert_eq!(verify(&nameless, NOW), Err(TokenError::Signature(did(1).to_string())));
    // Signed by the issuer, in the name of another.
    let of_another = TokenError::OfAnother { expected: did(1).to_string(), found: did(2).to_string() };
    assert_eq!(with(&[("iss", json!(did(2).as_str()))]), Err(of_another));
    // The right list for the credentials of another.
    let parsed = SignedStatusList::parse(&signed(&token(), 1)).unwrap();
    assert!(matches!(parsed.verify(&keys(2), URI, NOW), Err(TokenError::OfAnother { .. })));
}

#[test]
fn another_list_of_the_same_issuer_is_refused() {
    let another = "https://issuer.example/status-lists/2";
    let error = TokenError::Subject { expected: URI.to_owned(), found: another.to_owned() };
    assert_eq!(with(&[("sub", json!(another))]), Err(error));
    assert!(matches!(with(&[("sub", Value::Null)]), Err(TokenError::Subject { .. })));
}

#[test]
fn a_list_is_believed_in_its_time_alone() {
    let text = signed(&token(), 1);
    // A minute's difference between the clocks is forgiven.
    assert!(verify(&text, NOW - 60).is_ok() && verify(&text, NOW + 3659).is_ok());
    let early = TimeError::IssuedInFuture { issued_at: NOW, now: NOW - 61 }.into();
    assert_eq!(verify(&text, NOW - 61), Err(early));
    let late = TimeError::Expired { valid_until: NOW + 3600, now: NOW + 3660 }.into();
    assert_eq!(verify(&text, NOW + 3660), Err(late));
    let later = TimeError::NotYetValid { valid_from: NOW + 61, now: NOW };
    assert_eq!(with(&[("nbf", json!(NOW + 61))]), Err(later.into()));
}

#[test]
fn another_type_of_jwt_is_no_status_list() {
    let text = jws::sign(&key(1), "JWT", serde_json::Map::new(), &serde_json::Map::new());
    assert!(matches!(SignedStatusList::parse(&text), Err(TokenError::Jws(JwsError::Type { .. }))));
    assert!(matches!(SignedStatusList::parse("{}"), Err(TokenError::Jws(JwsError::Form(_)))));
}

#[test]
fn a_malformed_claim_is_refused() {
    let member = |member: &str, value: Value| {
        let mut list = json!({"bits": 2, "lst": list(Bits::Two, &[0]).encode()});
        list[member] = value;
        ("status_list", list)
    };
    for (change, wrong) in [
        (("iat", Value::Null), "iat"),
        (("ttl", json!("long")), "ttl"),
        (("ttl", json!(0)), "ttl"),
        (("ttl", json!(-300)), "ttl"),
        (("status_list", Value::Null), name::STATUS_LIST),
        (member("bits", json!("2")), name::BITS),
        (member("lst", json!([])), name::LST),
    ] {
        assert_eq!(with(&[change]), Err(TokenError::Claim(wrong)));
    }
    for claim in ["iat", "nbf", "exp"] {
        assert_eq!(with(&[(claim, json!("never"))]), Err(TimeError::Unreadable(claim).into()));
    }
    assert_eq!(with(&[("ttl", json!(0.5))]).unwrap().ttl, Some(1));
    assert_eq!(with(&[member("bits", json!(3))]), Err(TokenError::List(StatusListError::Bits(3))));
}
