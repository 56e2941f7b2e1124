//! What a rejected caller learns: nothing until the secret is proven (mission D6, M13, M14).

use model::in_force::{Session, System};

use super::support::{EXPIRES, House, NOW, text};
use crate::{Denial, Entry, InvalidReason, KeyKind};

const UNKNOWN: Denial = Denial::Invalid(InvalidReason::Unknown);
const WRONG_SECRET: Denial = Denial::Invalid(InvalidReason::WrongSecret);

#[test]
fn d6_an_unknown_key_and_a_wrong_secret_look_the_same_to_the_caller() {
    let house = House::new();
    let unknown = house.admit(&[("x-api-key", text(KeyKind::ApiKey, 7, 2).reveal().as_bytes())]).unwrap_err();
    let wrong = house.admit(&[("x-api-key", text(KeyKind::ApiKey, 1, 7).reveal().as_bytes())]).unwrap_err();
    let malformed = house.admit(&[("x-api-key", b"clvk_")]).unwrap_err();
    assert_eq!((unknown, wrong), (UNKNOWN, WRONG_SECRET));
    assert_eq!(unknown.to_string(), wrong.to_string());
    assert_eq!(unknown.to_string(), malformed.to_string());
    assert_eq!(
        [unknown, wrong, malformed].map(Denial::reason),
        ["unknown key id", "wrong secret", "malformed"],
        "the log may know"
    );
}

#[test]
fn m14_a_key_is_valid_before_its_expiry_and_rejected_from_it_on() {
    let house = House::new();
    assert!(house.with_key(EXPIRES - 1).is_ok());
    assert_eq!(house.with_key(EXPIRES), Err(Denial::Expired));
    assert_eq!(house.with_key(i64::MAX), Err(Denial::Expired));
}

#[test]
fn m13_a_revoked_key_is_rejected_at_once() {
    let house = House::new();
    assert!(house.with_key(NOW).is_ok());
    house.apply(Entry::System(System { revoked: true, ..house.key_entry() }));
    assert_eq!(house.with_key(NOW), Err(Denial::Revoked));
    assert_eq!(house.with_key(EXPIRES), Err(Denial::Revoked), "revoked goes before expired");
}

#[test]
fn d6_a_wrong_secret_of_an_expired_or_revoked_key_learns_nothing() {
    let house = House::new();
    let wrong = text(KeyKind::ApiKey, 1, 7);
    let wrong = super::support::headers(&[("x-api-key", wrong.reveal().as_bytes())]);
    assert_eq!(house.gate.admit(&wrong, EXPIRES), Err(WRONG_SECRET));
    house.apply(Entry::System(System { revoked: true, ..house.key_entry() }));
    assert_eq!(house.gate.admit(&wrong, NOW), Err(WRONG_SECRET));
}

#[test]
fn d6_a_session_with_a_wrong_secret_learns_nothing() {
    let house = House::new();
    let wrong = format!("{}={}", super::support::COOKIE, text(KeyKind::Session, 3, 7).reveal());
    let wrong = super::support::headers(&[("cookie", wrong.as_bytes())]);
    assert_eq!(house.gate.admit(&wrong, NOW), Err(WRONG_SECRET));
    assert_eq!(house.gate.admit(&wrong, EXPIRES), Err(WRONG_SECRET));
}

#[test]
fn an_expired_session_is_told_so() {
    let house = House::new();
    assert!(house.with_session(EXPIRES - 1).is_ok());
    assert_eq!(house.with_session(EXPIRES), Err(Denial::Expired));
}

#[test]
fn a_revoked_session_is_forgotten() {
    let house = House::new();
    house.apply(Entry::Session(Session { ended: true, ..house.session_entry() }));
    assert_eq!(house.with_session(NOW), Err(UNKNOWN));
}

#[test]
fn a_text_whose_digest_was_made_under_another_key_is_refused() {
    let house = House::new();
    let digest = crate::DigestKey::from_bytes([8; 32]).digest(&house.key);
    house.apply(Entry::System(System { digest, ..house.key_entry() }));
    assert_eq!(house.with_key(NOW), Err(WRONG_SECRET));
}

#[test]
fn an_all_zero_text_does_not_meet_the_absent_digest() {
    let house = House::new();
    let zeros = text(KeyKind::ApiKey, 0, 0);
    assert_eq!(house.admit(&[("x-api-key", zeros.reveal().as_bytes())]), Err(UNKNOWN));
}
