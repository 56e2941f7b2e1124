//! How many requests a minute a key may send.

use std::num::NonZeroU32;

use model::in_force::System;
use model::{RequestsPerMinute, SystemKind};

use super::support::{EXPIRES, House, KEY, NOW, headers, text};
use crate::{Caller, Denial, Entry, InvalidReason, KeyKind};

/// A gate that allows everybody two requests a minute.
fn house() -> House {
    House::with(|gate| gate.with_requests_per_minute(NonZeroU32::new(2)))
}

fn remaining(answer: Result<Caller, Denial>) -> Option<u32> {
    answer.unwrap().rate.map(crate::Rate::remaining)
}

/// After how many seconds to come again.
fn retry_after(answer: Result<Caller, Denial>) -> u32 {
    match answer {
        Err(Denial::TooManyRequests(exhausted)) => exhausted.retry_after,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_key_is_refused_over_its_limit_and_admitted_again_in_time() {
    let house = house();
    house.apply(Entry::System(System { expires_at: i64::MAX, ..house.key_entry() }));
    assert_eq!([remaining(house.with_key(NOW)), remaining(house.with_key(NOW))], [Some(1), Some(0)]);
    assert_eq!(retry_after(house.with_key(NOW)), 30);
    assert_eq!(retry_after(house.with_key(NOW + 29_999)), 1);
    assert_eq!(remaining(house.with_key(NOW + 30_000)), Some(0));
    assert_eq!(house.take_used(), [(Some(NOW + 30_000), 5, 2)], "a refused request is counted, but no use");
}

#[test]
fn a_limit_of_its_own_takes_the_place_of_the_common_one_with_the_next_request() {
    let house = house();
    let edit = |limit| {
        let requests_per_minute = RequestsPerMinute::try_from(limit).ok();
        house.apply(Entry::System(System { requests_per_minute, ..house.key_entry() }));
    };
    edit(4);
    let quota = |answer: Result<Caller, Denial>| answer.unwrap().rate.unwrap().quota.get();
    assert_eq!(quota(house.with_key(NOW)), 4);
    assert_eq!(remaining(house.with_key(NOW)), Some(2));
    edit(0);
    assert_eq!(quota(house.with_key(NOW)), 2);
    retry_after(house.with_key(NOW));
}

#[test]
fn without_a_limit_nothing_is_refused() {
    let house = House::new();
    assert!((0..1000).all(|_| house.with_key(NOW).is_ok_and(|caller| caller.rate.is_none())));
}

#[test]
fn each_key_has_a_bucket_of_its_own() {
    let house = house();
    let other = text(KeyKind::ApiKey, 5, 6);
    let digest = house.gate.digest_key().digest(&other);
    let id = model::ExternalSystemId(uuid::Uuid::from_u128(77));
    house.apply(Entry::System(System { id, key_id: other.key_id().to_string(), digest, ..house.key_entry() }));
    house.with_key(NOW).unwrap();
    house.with_key(NOW).unwrap();
    retry_after(house.with_key(NOW));
    assert!(house.admit(&[("x-api-key", other.reveal().as_bytes())]).is_ok());
}

#[test]
fn d6_nothing_is_taken_or_told_before_the_secret_is_proven() {
    let house = house();
    let wrong = text(KeyKind::ApiKey, 1, 7);
    let wrong = headers(&[("x-api-key", wrong.reveal().as_bytes())]);
    let denied = |now| house.gate.admit(&wrong, now) == Err(Denial::Invalid(InvalidReason::WrongSecret));
    assert!((0..10).all(|_| denied(NOW)));
    assert_eq!(house.take_used(), []);
    house.with_key(NOW).unwrap();
    house.with_key(NOW).unwrap();
    retry_after(house.with_key(NOW));
    assert!(denied(NOW), "who does not know the secret does not learn that the limit is reached");
}

#[test]
fn m13_m14_an_expired_or_revoked_key_is_told_that_and_not_its_limit() {
    let house = house();
    house.with_key(NOW).unwrap();
    house.with_key(NOW).unwrap();
    assert_eq!(house.with_key(EXPIRES), Err(Denial::Expired));
    house.apply(Entry::System(System { revoked: true, ..house.key_entry() }));
    assert_eq!(house.with_key(NOW), Err(Denial::Revoked));
}

#[test]
fn a_user_in_the_console_has_no_limit() {
    let house = house();
    assert!((0..100).all(|_| house.with_session(NOW).is_ok_and(|caller| caller.rate.is_none())));
}

#[test]
fn m16_a_token_costs_its_client_a_hundredth_of_a_minute() {
    let house = House::with(|gate| gate.with_requests_per_minute(NonZeroU32::new(1000)));
    let secret = text(KeyKind::ClientSecret, 5, 6);
    house.apply(Entry::System(System {
        kind: SystemKind::OauthClient,
        key_id: secret.key_id().to_string(),
        digest: house.gate.digest_key().digest(&secret),
        ..house.key_entry()
    }));
    let presented = crate::KeyText::parse(KeyKind::ClientSecret, secret.reveal().as_bytes()).unwrap();
    let client = house.gate.prove_client("acme-backend", &presented, NOW).unwrap();
    assert_eq!(client.id, KEY);
    // One request of the thousand is spent, so that too little is left for the hundredth token.
    assert_eq!((0..200).filter(|_| house.gate.charge_token(&client, NOW).is_ok()).count(), 99);
    assert!(house.gate.prove_client("acme-backend", &presented, NOW).is_ok(), "that is a request only");
}
