//! How a key or a session is presented, and that it is one only (mission D1, M3, M15).

use http::{HeaderMap, HeaderName, HeaderValue};
use model::ActorKind;
use proptest::prelude::*;

use super::support::{COOKIE, EXPIRES, House, KEY, NOW, SESSION, USER, WALLET, headers, permissions, text};
use crate::{Caller, Denial, InvalidReason, KeyKind, Via};

const MALFORMED: Denial = Denial::Invalid(InvalidReason::Malformed);

#[test]
fn m15_a_key_in_x_api_key_is_admitted() {
    let house = House::new();
    let expected = Caller {
        kind: ActorKind::ApiKey,
        id: KEY.0,
        wallet: WALLET,
        permissions: permissions("holder_credentials:view"),
        expires_at: EXPIRES,
        via: Via::Header,
        session: None,
        key_id: house.key.key_id(),
        rate: None,
    };
    assert_eq!(house.admit(&[("x-api-key", house.key.reveal().as_bytes())]), Ok(expected));
}

#[test]
fn d1_a_bearer_key_means_the_same_in_any_case_of_the_scheme() {
    let house = House::new();
    for scheme in ["Bearer", "bearer", "BEARER", "bEaReR"] {
        let value = format!("{scheme} {}", house.key.reveal());
        assert_eq!(house.admit(&[("authorization", value.as_bytes())]), house.with_key(NOW), "{scheme}");
    }
    assert!(house.with_key(NOW).is_ok());
}

#[test]
fn one_space_or_several_stand_between_the_scheme_and_the_text() {
    let house = House::new();
    let key = house.key.reveal();
    for spaces in [" ", "  ", "        "] {
        let value = format!("bearer{spaces}{key}");
        assert_eq!(house.admit(&[("authorization", value.as_bytes())]), house.with_key(NOW), "RFC 6750 §2.1");
    }
}

#[test]
fn another_scheme_than_bearer_holds_no_key() {
    let house = House::new();
    let key = house.key.reveal();
    for value in [
        format!("Token {key}"),
        format!("Basic {key}"),
        format!("DPoP {key}"),
        format!("Bearer{key}"),
        format!("Bearer\t{key}"),
        format!("Bearer,{key}"),
        format!(" Bearer {key}"),
        "Negotiate".to_owned(),
        "Bear".to_owned(),
        key.to_owned(),
    ] {
        assert_eq!(house.admit(&[("authorization", value.as_bytes())]), Err(Denial::UnsupportedScheme), "{value}");
    }
}

#[test]
fn a_session_in_its_cookie_is_admitted_among_other_cookies() {
    let house = House::new();
    let expected = Caller {
        kind: ActorKind::User,
        id: USER.0,
        wallet: WALLET,
        permissions: permissions("users:change"),
        expires_at: EXPIRES,
        via: Via::Cookie,
        session: Some(SESSION),
        key_id: house.session.key_id(),
        rate: None,
    };
    let cookie = house.cookie();
    for value in [
        cookie.clone(),
        format!("theme=dark; {cookie}; lang=\u{e9}"),
        format!("a=1;{cookie}"),
        format!("x{cookie}; {}; {cookie}", cookie.to_lowercase()),
        format!("{COOKIE}; {COOKIE}2=clvc_; {cookie}"),
    ] {
        assert_eq!(house.admit(&[("cookie", value.as_bytes())]), Ok(expected), "{value}");
    }
    // HTTP/2 may send each cookie in a field of its own (RFC 9113 §8.2.3).
    assert_eq!(house.admit(&[("cookie", b"theme=\xff"), ("cookie", cookie.as_bytes())]), Ok(expected));
}

#[test]
fn d6_nothing_presented_is_unauthenticated() {
    let house = House::new();
    assert_eq!(house.admit(&[]), Err(Denial::Unauthenticated));
    assert_eq!(house.admit(&[("cookie", b"theme=dark"), ("accept", b"*/*")]), Err(Denial::Unauthenticated));
}

#[test]
fn d1_two_presented_are_refused_even_when_both_are_valid() {
    let house = House::new();
    let (key, bearer, cookie) = (house.key.reveal(), house.bearer(), house.cookie());
    let twice = format!("{cookie}; {cookie}");
    let pairs: &[&[(&str, &[u8])]] = &[
        &[("x-api-key", key.as_bytes()), ("authorization", bearer.as_bytes())],
        &[("x-api-key", key.as_bytes()), ("x-api-key", key.as_bytes())],
        &[("authorization", bearer.as_bytes()), ("authorization", bearer.as_bytes())],
        &[("x-api-key", key.as_bytes()), ("cookie", cookie.as_bytes())],
        &[("authorization", bearer.as_bytes()), ("cookie", cookie.as_bytes())],
        &[("cookie", cookie.as_bytes()), ("cookie", cookie.as_bytes())],
        &[("cookie", twice.as_bytes())],
    ];
    for pair in pairs {
        assert_eq!(house.admit(pair), Err(Denial::TwoSecrets), "{pair:?}");
    }
}

#[test]
fn d1_what_cannot_be_read_counts_as_presented() {
    let house = House::new();
    let key = house.key.reveal().as_bytes();
    for (name, value, alone) in [
        ("authorization", "Basic YTpi".as_bytes(), Denial::UnsupportedScheme),
        ("authorization", b"", Denial::UnsupportedScheme),
        ("authorization", b"\xff\xfe", Denial::UnsupportedScheme),
        ("authorization", b"Bearer \xff", MALFORMED),
        ("x-api-key", b"", MALFORMED),
        ("cookie", b"__Host-claviger=", MALFORMED),
    ] {
        assert_eq!(house.admit(&[("x-api-key", key), (name, value)]), Err(Denial::TwoSecrets), "{name}");
        assert_eq!(house.admit(&[(name, value)]), Err(alone), "{name}");
    }
}

#[test]
fn d1_two_are_refused_before_anything_is_verified() {
    let house = House::new();
    let garbage: &[(&str, &[u8])] = &[("x-api-key", b"garbage"), ("authorization", b"garbage")];
    assert_eq!(house.admit(garbage), Err(Denial::TwoSecrets));
    assert_eq!(house.admit(&[("x-api-key", house.key.reveal().as_bytes()), garbage[1]]), Err(Denial::TwoSecrets));
    assert_eq!(house.last_used(), None);
}

#[test]
fn each_kind_of_text_is_admitted_in_its_own_place_only() {
    let house = House::new();
    let (key, session) = (house.key.reveal(), house.session.reveal());
    let invitation = text(KeyKind::Invitation, 1, 2);
    for wrong in [session, invitation.reveal()] {
        assert_eq!(house.admit(&[("x-api-key", wrong.as_bytes())]), Err(MALFORMED));
        assert_eq!(house.admit(&[("authorization", format!("Bearer {wrong}").as_bytes())]), Err(MALFORMED));
    }
    for wrong in [key, invitation.reveal()] {
        assert_eq!(house.admit(&[("cookie", format!("{COOKIE}={wrong}").as_bytes())]), Err(MALFORMED));
    }
}

#[test]
fn d1_the_form_is_exact() {
    let house = House::new();
    let key = house.key.reveal();
    for value in [
        format!("Bearer {key} "),
        format!("Bearer \t{key}"),
        format!("Bearer \"{key}\""),
        format!("Bearer {key}, Bearer {key}"),
        format!("Bearer Bearer {key}"),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
    ] {
        assert_eq!(house.admit(&[("authorization", value.as_bytes())]), Err(MALFORMED), "{value}");
    }
    for value in [format!(" {key}"), format!("{key} "), format!("Bearer {key}"), format!("{key},{key}")] {
        assert_eq!(house.admit(&[("x-api-key", value.as_bytes())]), Err(MALFORMED), "{value}");
    }
    let session = house.session.reveal();
    for value in [format!("{COOKIE}=\"{session}\""), format!("{COOKIE}= {session}"), format!("{COOKIE}={session} ")] {
        assert_eq!(house.admit(&[("cookie", value.as_bytes())]), Err(MALFORMED), "{value}");
    }
}

#[test]
fn a_header_of_64_kib_is_refused() {
    let house = House::new();
    let long = house.key.reveal().repeat(1111);
    assert_eq!(house.admit(&[("x-api-key", long.as_bytes())]), Err(MALFORMED));
    assert_eq!(house.admit(&[("authorization", format!("Bearer {long}").as_bytes())]), Err(MALFORMED));
    assert_eq!(house.admit(&[("cookie", format!("{COOKIE}={long}").as_bytes())]), Err(MALFORMED));
    assert_eq!(house.admit(&[("cookie", ";= ".repeat(21_845).as_bytes())]), Err(Denial::Unauthenticated));
}

/// Ways to write something else than the text; each gives bytes that differ from it.
fn another_text(text: String) -> impl Strategy<Value = Vec<u8>> {
    let right = text.clone().into_bytes();
    let edit = (0..=text.len(), any::<u8>(), 0..5u8).prop_map(move |(at, byte, how)| {
        let mut bytes = text.clone().into_bytes();
        match how {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, byte),
            2 => bytes.extend(std::iter::repeat_n(byte, at + 1)),
            3 => bytes[at.min(text.len() - 1)] = byte,
            _ => bytes[at.min(text.len() - 1)] ^= 0x20,
        }
        bytes
    });
    edit.prop_filter("the text itself", move |bytes| *bytes != right)
}

fn single(name: &'static str, prefix: &str, value: &[u8]) -> Option<HeaderMap> {
    let value = HeaderValue::from_bytes(&[prefix.as_bytes(), value].concat()).ok()?;
    Some(HeaderMap::from_iter([(HeaderName::from_static(name), value)]))
}

proptest! {
    #[test]
    fn any_other_text_than_the_keys_is_never_admitted(value in another_text(House::new().key.reveal().to_owned())) {
        let house = House::new();
        for (name, prefix) in [("x-api-key", ""), ("authorization", "Bearer "), ("cookie", "__Host-claviger=")] {
            if let Some(headers) = single(name, prefix, &value) {
                prop_assert!(house.gate.admit(&headers, NOW).is_err());
            }
        }
    }

    #[test]
    fn any_other_text_than_the_sessions_is_never_admitted(
        value in another_text(House::new().session.reveal().to_owned()),
    ) {
        let house = House::new();
        // What stands behind a semicolon is another cookie.
        prop_assume!(!value.contains(&b';'));
        if let Some(headers) = single("cookie", "__Host-claviger=", &value) {
            prop_assert!(house.gate.admit(&headers, NOW).is_err());
        }
    }

    #[test]
    fn d1_more_than_one_of_any_headers_is_refused(
        forms in prop::collection::vec((0..3usize, prop::collection::vec(0x20u8..=0x7e, 0..80)), 2..5),
    ) {
        let house = House::new();
        let names = ["x-api-key", "authorization", "cookie"];
        let values: Vec<_> = forms
            .iter()
            .map(|(form, value)| if *form == 2 { [b"__Host-claviger=", value.as_slice()].concat() } else { value.clone() })
            .collect();
        let pairs: Vec<_> = forms.iter().zip(&values).map(|((form, _), value)| (names[*form], value.as_slice())).collect();
        prop_assert_eq!(house.gate.admit(&headers(&pairs), NOW), Err(Denial::TwoSecrets));
    }

    #[test]
    fn arbitrary_headers_are_never_admitted(
        forms in prop::collection::vec((0..3usize, prop::collection::vec(any::<u8>(), 0..300)), 0..5),
    ) {
        let house = House::new();
        let names = ["x-api-key", "authorization", "cookie"].map(HeaderName::from_static);
        let mut headers = HeaderMap::new();
        for (form, value) in &forms {
            if let Ok(value) = HeaderValue::from_bytes(value) {
                headers.append(&names[*form], value);
            }
        }
        prop_assert!(house.gate.admit(&headers, NOW).is_err());
    }
}
