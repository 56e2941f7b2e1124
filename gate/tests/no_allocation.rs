//! An API key is admitted, and a stranger refused, without an allocation; counted, not timed.

use std::sync::Arc;

use allocation_counter::measure;
use gate::{AccessToken, DigestKey, Entry, Gate, KeyKind, KeyText, NewToken, TokenRealm};
use http::{HeaderMap, HeaderName, HeaderValue};
use model::in_force::System;
use model::{ExternalSystemId, PermissionSet, RequestsPerMinute, SystemKind, TokenId, TokenKeyId, WalletId};
use uuid::Uuid;

#[test]
fn admitting_and_refusing_a_key_allocates_nothing() {
    let text = |fill: u8| KeyText::generate(KeyKind::ApiKey, &mut |bytes| bytes.fill(fill));
    let (texts, unknown) = ((0..60).map(text).collect::<Vec<_>>(), text(60));
    let realm =
        TokenRealm { issuer: "https://wallet.example".into(), audience: "https://wallet.example/api/v1".into() };
    let gate = Gate::new(DigestKey::from_bytes([1; 32]), "session", realm);
    for (text, id) in texts.iter().zip(1..) {
        gate.apply(Entry::System(System {
            id: ExternalSystemId(Uuid::from_u128(id)),
            kind: SystemKind::ApiKey,
            key_id: text.key_id().to_string(),
            wallet_id: WalletId(Uuid::from_u128(1)),
            digest: gate.digest_key().digest(text),
            permissions: PermissionSet::ALL,
            expires_at: 1000,
            revoked: false,
            requests_per_minute: RequestsPerMinute::try_from(1_000_000).ok(),
            last_used_at: Some(0),
            name: "acme".to_owned(),
        }))
        .unwrap();
    }
    let request = |name: &'static str, value: &str| {
        HeaderMap::from_iter([
            (HeaderName::from_static("cookie"), HeaderValue::from_static("theme=dark; lang=en")),
            (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()),
        ])
    };
    let good: Vec<HeaderMap> = texts
        .iter()
        .flat_map(|text| {
            let bearer = format!("Bearer {}", text.reveal());
            [request("x-api-key", text.reveal()), request("authorization", &bearer)]
        })
        .collect();
    let bad = [request("x-api-key", unknown.reveal()), request("x-api-key", "garbage"), HeaderMap::new()];

    // The first pass queues each key for the next flush; every later request is the steady case.
    assert!(good.iter().all(|headers| gate.admit(headers, 1).is_ok()));
    let counted = measure(|| {
        for now in 2..10 {
            assert!(good.iter().all(|headers| gate.admit(headers, now).is_ok()));
            assert!(bad.iter().all(|headers| gate.admit(headers, now).is_err()));
        }
        assert!(good.iter().all(|headers| gate.admit(headers, 1000).is_err()));
    });
    assert_eq!(counted.count_total, 0);
}

#[test]
fn admitting_a_token_that_was_seen_before_allocates_nothing() {
    let realm =
        TokenRealm { issuer: "https://wallet.example".into(), audience: "https://wallet.example/api/v1".into() };
    let gate = Gate::new(DigestKey::from_bytes([1; 32]), "session", realm.clone());
    let secret = KeyText::generate(KeyKind::ClientSecret, &mut |bytes| bytes.fill(1));
    let (client, wallet) = (ExternalSystemId(Uuid::from_u128(1)), WalletId(Uuid::from_u128(2)));
    gate.apply(Entry::System(System {
        id: client,
        kind: SystemKind::OauthClient,
        key_id: secret.key_id().to_string(),
        wallet_id: wallet,
        digest: gate.digest_key().digest(&secret),
        permissions: PermissionSet::ALL,
        expires_at: i64::MAX,
        revoked: false,
        requests_per_minute: RequestsPerMinute::try_from(1_000_000).ok(),
        last_used_at: Some(0),
        name: "acme".to_owned(),
    }))
    .unwrap();
    let key = TokenKeyId(Uuid::from_u128(3));
    gate.apply(Entry::TokenKey { id: key, wallet_id: wallet, verify: Arc::new(|_, _| true), ends_at: None }).unwrap();
    let token = NewToken {
        id: TokenId(Uuid::from_u128(4)),
        key,
        client,
        client_id: "acme",
        scope: PermissionSet::ALL,
        issued_at: 1000,
        expires_at: 100_000,
    };
    let bearer = format!("Bearer {}", AccessToken::issue(&token, &realm, |_| [0; 64]).reveal());
    let headers = HeaderMap::from_iter([(http::header::AUTHORIZATION, HeaderValue::from_str(&bearer).unwrap())]);
    gate.admit(&headers, 1000).unwrap();
    let counted = measure(|| {
        for now in 1001..1100 {
            assert!(gate.admit(&headers, now).is_ok());
        }
    });
    assert_eq!(counted.count_total, 0);
}

#[test]
fn an_allocation_would_be_counted() {
    assert_eq!(measure(|| drop(std::hint::black_box(Box::new(1u64)))).count_total, 1);
}
