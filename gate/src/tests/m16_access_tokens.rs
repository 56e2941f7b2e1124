//! Access tokens: genuine, bent, and out of time (mission M16). The signature here is a stand-in of the same length, so
//! that it can be counted how often it is verified; the server's tests sign with ES256.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::in_force::{RevokedToken, System};
use model::{ActorKind, ExternalSystemId, SystemKind, TokenId, TokenKeyId, WalletId};
use uuid::Uuid;

use super::support::{House, NOW, OTHER_WALLET, WALLET, permissions, realm, text};
use crate::{AccessToken, Caller, Denial, Entry, InvalidReason, KeyKind, KeyText, NewToken, TOKEN_LIFETIME};

const CLIENT: ExternalSystemId = ExternalSystemId(Uuid::from_u128(7));
const TOKEN_KEY: TokenKeyId = TokenKeyId(Uuid::from_u128(8));
const TOKEN: TokenId = TokenId(Uuid::from_u128(9));
const EXPIRES: i64 = NOW + 10 * TOKEN_LIFETIME;

/// A gate that knows one client and the key of its wallet's tokens.
struct Issuer {
    house: House,
    secret: KeyText,
    verified: Arc<AtomicUsize>,
}

impl Issuer {
    fn new() -> Self {
        let issuer = Self { house: House::new(), secret: text(KeyKind::ClientSecret, 5, 6), verified: Arc::default() };
        issuer.apply(Entry::System(issuer.client()));
        issuer.trust(WALLET, None);
        issuer
    }

    fn apply(&self, entry: Entry) {
        self.house.apply(entry);
    }

    fn client(&self) -> System {
        System {
            id: CLIENT,
            kind: SystemKind::OauthClient,
            key_id: self.secret.key_id().to_string(),
            digest: self.house.gate.digest_key().digest(&self.secret),
            permissions: permissions("users:change roles:view"),
            expires_at: EXPIRES,
            ..self.house.key_entry()
        }
    }

    /// Has the gate trust the key, as one of this wallet, until then.
    fn trust(&self, wallet_id: WalletId, ends_at: Option<i64>) {
        let verified = Arc::clone(&self.verified);
        let verify = move |message: &[u8], signature: &[u8]| {
            verified.fetch_add(1, Ordering::Relaxed);
            signature == sign(message)
        };
        self.apply(Entry::TokenKey { id: TOKEN_KEY, wallet_id, verify: Arc::new(verify), ends_at });
    }

    #[expect(clippy::unused_self, reason = "stands beside the other entries")]
    fn token(&self, change: impl FnOnce(&mut NewToken<'_>)) -> String {
        let mut token = NewToken {
            id: TOKEN,
            key: TOKEN_KEY,
            client: CLIENT,
            client_id: "acme-backend",
            scope: permissions("users:change roles:view"),
            issued_at: NOW,
            expires_at: NOW + TOKEN_LIFETIME,
        };
        change(&mut token);
        AccessToken::issue(&token, &realm(), sign).reveal().to_owned()
    }

    fn admit(&self, token: &str, now: i64) -> Result<Caller, Denial> {
        let bearer = format!("Bearer {token}");
        self.house.gate.admit(&super::support::headers(&[("authorization", bearer.as_bytes())]), now)
    }
}

/// 64 bytes that depend on every byte of the message.
fn sign(message: &[u8]) -> [u8; 64] {
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(blake3::hash(message).as_bytes());
    signature
}

/// Signs this header and these claims as they stand.
fn signed(header: &str, claims: &str) -> String {
    let input = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(sign(input.as_bytes())))
}

fn parts(token: &str) -> [String; 2] {
    let mut parts =
        token.split('.').map(|part| String::from_utf8_lossy(&URL_SAFE_NO_PAD.decode(part).unwrap()).into_owned());
    [parts.next().unwrap(), parts.next().unwrap()]
}

const MALFORMED: Denial = Denial::Invalid(InvalidReason::Malformed);
const BAD_SIGNATURE: Denial = Denial::Invalid(InvalidReason::BadSignature);
const BAD_CLAIMS: Denial = Denial::Invalid(InvalidReason::BadClaims);
const UNKNOWN: Denial = Denial::Invalid(InvalidReason::Unknown);

#[test]
fn m16_a_token_opens_what_its_client_may_do_now_and_its_scope_names() {
    let issuer = Issuer::new();
    let token = issuer.token(|token| token.scope = permissions("users:view roles:view"));
    let caller = issuer.admit(&token, NOW).unwrap();
    assert_eq!((caller.kind, caller.id, caller.wallet), (ActorKind::OauthClient, CLIENT.0, WALLET));
    assert_eq!(caller.permissions, permissions("users:view roles:view"));
    issuer.apply(Entry::System(System { permissions: permissions("users:change wallet:view"), ..issuer.client() }));
    assert_eq!(issuer.admit(&token, NOW).unwrap().permissions, permissions("users:view"));
    assert_eq!(issuer.house.gate.inspect(&token, NOW).unwrap().1.permissions, permissions("users:view"));
}

#[test]
fn m16_one_space_or_several_stand_before_a_token() {
    let issuer = Issuer::new();
    let token = issuer.token(|_| ());
    for spaces in ["", " ", "       "] {
        assert!(issuer.admit(&format!("{spaces}{token}"), NOW).is_ok(), "RFC 6750 §2.1");
    }
}

#[test]
fn m16_a_signature_is_remembered_and_an_authorisation_never() {
    let issuer = Issuer::new();
    let token = issuer.token(|_| ());
    for now in NOW..NOW + 100 {
        issuer.admit(&token, now).unwrap();
    }
    assert_eq!(issuer.verified.load(Ordering::Relaxed), 1);
    issuer.apply(Entry::System(System { expires_at: NOW, ..issuer.client() }));
    assert_eq!(issuer.admit(&token, NOW), Err(Denial::Expired));
    issuer.apply(Entry::System(System { revoked: true, ..issuer.client() }));
    assert_eq!(issuer.admit(&token, NOW), Err(Denial::Revoked));
    issuer.apply(Entry::System(issuer.client()));
    issuer.apply(Entry::RevokedToken(RevokedToken { id: TOKEN, expires_at: NOW + TOKEN_LIFETIME }));
    assert_eq!(issuer.admit(&token, NOW), Err(Denial::Revoked));
    assert_eq!(issuer.verified.load(Ordering::Relaxed), 1);
}

#[test]
fn m16_a_revocation_is_not_forgotten_for_one_by_a_server_whose_clock_is_ahead() {
    let issuer = Issuer::new();
    let token = issuer.token(|token| token.expires_at = NOW + 30_000);
    let later = TokenId(Uuid::from_u128(10));
    issuer.apply(Entry::RevokedToken(RevokedToken { id: TOKEN, expires_at: NOW + 30_000 }));
    issuer.apply(Entry::RevokedToken(RevokedToken { id: later, expires_at: NOW + 60_000 + TOKEN_LIFETIME }));
    assert_eq!(issuer.admit(&token, NOW), Err(Denial::Revoked));
}

#[test]
fn m16_a_token_is_valid_in_its_own_time_and_for_an_hour_at_most() {
    let issuer = Issuer::new();
    let token = issuer.token(|_| ());
    assert_eq!(issuer.admit(&token, NOW + TOKEN_LIFETIME - 1).map(|caller| caller.id), Ok(CLIENT.0));
    assert_eq!(issuer.admit(&token, NOW + TOKEN_LIFETIME), Err(Denial::Expired));
    let long = issuer.token(|token| token.expires_at = EXPIRES);
    assert_eq!(issuer.admit(&long, NOW + TOKEN_LIFETIME), Err(Denial::Expired));
    // The clocks of two servers may be a minute apart.
    let early = issuer.token(|token| token.issued_at = NOW + 60_000);
    assert!(issuer.admit(&early, NOW).is_ok());
    let future = issuer.token(|token| token.issued_at = NOW + 61_000);
    assert_eq!(issuer.admit(&future, NOW), Err(BAD_CLAIMS));
}

#[test]
fn m16_a_retired_key_is_trusted_until_its_tokens_are_over() {
    let issuer = Issuer::new();
    let token = issuer.token(|_| ());
    issuer.trust(WALLET, Some(NOW + 10));
    assert!(issuer.admit(&token, NOW + 9).is_ok());
    assert_eq!(issuer.admit(&token, NOW + 10), Err(UNKNOWN));
}

#[test]
fn d9_m16_a_key_signs_for_the_clients_of_its_own_wallet_only() {
    let issuer = Issuer::new();
    let token = issuer.token(|_| ());
    issuer.trust(OTHER_WALLET, None);
    assert_eq!(issuer.admit(&token, NOW), Err(UNKNOWN));
    let key = issuer.token(|token| token.client = issuer.house.key_entry().id);
    assert_eq!(issuer.admit(&key, NOW), Err(UNKNOWN), "an API key has no tokens");
}

#[test]
fn m16_every_changed_byte_is_refused() {
    let issuer = Issuer::new();
    let token = issuer.token(|_| ());
    for at in 0..token.len() {
        let mut bytes = token.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        assert!(matches!(issuer.admit(&changed, NOW), Err(Denial::Invalid(_))), "byte {at}");
        assert!(matches!(issuer.admit(&token[..at], NOW), Err(Denial::Invalid(_))), "cut at {at}");
    }
}

#[test]
fn m16_another_header_is_refused_before_any_signature_is_looked_at() {
    let issuer = Issuer::new();
    let [header, claims] = parts(&issuer.token(|_| ()));
    assert!(issuer.admit(&signed(&header, &claims), NOW).is_ok(), "the forge works");
    let verified = issuer.verified.load(Ordering::Relaxed);
    for (from, to) in [
        ("ES256", "none"),
        ("ES256", "HS256"),
        ("at+jwt", "JWT"),
        ("at+jwt", "AT+JWT"),
        (r#""typ":"at+jwt","#, ""),
        (r#"{"alg""#, r#"{"crit":["exp"],"alg""#),
        (r#"{"alg""#, r#"{"jku":"https://evil.example","alg""#),
    ] {
        let bent = header.replace(from, to);
        assert_ne!(bent, header);
        assert_eq!(issuer.admit(&signed(&bent, &claims), NOW), Err(MALFORMED), "{bent}");
    }
    assert_eq!(issuer.verified.load(Ordering::Relaxed), verified);
    let unknown = header.replace(&TOKEN_KEY.to_string(), &TOKEN.to_string());
    assert_eq!(issuer.admit(&signed(&unknown, &claims), NOW), Err(BAD_SIGNATURE));
}

#[test]
fn m16_other_claims_are_refused_though_they_are_signed() {
    let issuer = Issuer::new();
    let [header, claims] = parts(&issuer.token(|_| ()));
    for (from, to) in [
        (r#""iss":"https://wallet.example""#, r#""iss":"https://other.example""#),
        (r#""aud":"https://wallet.example/api/v1""#, r#""aud":"https://wallet.example""#),
        (r#","scope":"#, r#","scopes":"#),
        (r#""exp":"#, r#""nbf":1,"expires":"#),
    ] {
        let bent = claims.replace(from, to);
        assert_ne!(bent, claims);
        assert_eq!(issuer.admit(&signed(&header, &bent), NOW), Err(BAD_CLAIMS), "{bent}");
    }
    let future = claims.replace(r#""exp":"#, &format!(r#""nbf":{},"exp":"#, NOW / 1000 + 3600));
    assert_eq!(issuer.admit(&signed(&header, &future), NOW), Err(BAD_CLAIMS));
}

#[test]
fn m16_a_token_is_taken_from_the_bearer_header_only_and_has_an_end() {
    let issuer = Issuer::new();
    let token = issuer.token(|_| ());
    assert_eq!(issuer.house.admit(&[("x-api-key", token.as_bytes())]), Err(MALFORMED));
    for text in [format!("{token}="), format!("{token}."), format!(".{token}"), "..".to_owned(), "A".repeat(5000)] {
        assert_eq!(issuer.admit(&text, NOW), Err(MALFORMED), "{text}");
    }
    assert_eq!(issuer.admit(issuer.secret.reveal(), NOW), Err(MALFORMED), "a client secret is no token");
}

#[test]
fn m16_a_client_proves_itself_with_its_own_client_id_and_secret() {
    let issuer = Issuer::new();
    let prove = |client_id: &str, secret: &KeyText, now| {
        let secret = KeyText::parse(KeyKind::ClientSecret, secret.reveal().as_bytes()).unwrap();
        issuer.house.gate.prove_client(client_id, &secret, now).map(|client| client.id)
    };
    assert_eq!(prove("acme-backend", &issuer.secret, NOW), Ok(CLIENT));
    assert_eq!(issuer.house.gate.last_used(SystemKind::OauthClient, &issuer.secret.key_id()), Some(NOW));
    let other = Denial::Invalid(InvalidReason::OtherClientId);
    assert_eq!(prove("Acme-backend", &issuer.secret, NOW), Err(other));
    let wrong = Denial::Invalid(InvalidReason::WrongSecret);
    assert_eq!(prove("acme-backend", &text(KeyKind::ClientSecret, 5, 7), NOW), Err(wrong));
    assert_eq!(prove("acme-backend", &text(KeyKind::ClientSecret, 8, 7), NOW), Err(UNKNOWN));
    assert_eq!(prove("acme-backend", &text(KeyKind::ClientSecret, 1, 2), NOW), Err(UNKNOWN), "an API key's key id");
    assert_eq!(prove("acme-backend", &issuer.secret, EXPIRES), Err(Denial::Expired));
    issuer.apply(Entry::System(System { revoked: true, ..issuer.client() }));
    assert_eq!(prove("acme-backend", &issuer.secret, NOW), Err(Denial::Revoked));
}
