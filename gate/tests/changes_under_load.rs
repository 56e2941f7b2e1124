//! With real threads: while keys are made, edited and revoked, no request is admitted by a state older than the last
//! change that was answered (mission M12, M13).

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use gate::{Denial, DigestKey, Entry, Gate, InvalidReason, KeyKind, KeyText, TokenRealm};
use http::{HeaderMap, HeaderName, HeaderValue};
use model::in_force::System;
use model::{ExternalSystemId, PermissionSet, SystemKind, WalletId};
use uuid::Uuid;

const KEYS: usize = 50;
const ROUNDS: u64 = 400;
const NOW: i64 = 1_800_000_000_000;

/// A key was not made yet; after that, the number of its last change.
const UNMADE: u64 = 0;
const REVOKED: u64 = u64::MAX;

/// One key, with the state that the writer was last told to be in force.
struct Key {
    id: ExternalSystemId,
    text: KeyText,
    headers: HeaderMap,
    answered: AtomicU64,
}

impl Key {
    fn new(number: u8) -> Self {
        let text = KeyText::generate(KeyKind::ApiKey, &mut |bytes| bytes.fill(number));
        let value = HeaderValue::from_str(text.reveal());
        let headers = HeaderMap::from_iter(value.map(|value| (HeaderName::from_static("x-api-key"), value)));
        let id = ExternalSystemId(Uuid::from_u128(number.into()));
        Self { id, text, headers, answered: AtomicU64::new(UNMADE) }
    }

    fn change(&self, gate: &Gate, state: u64) {
        let applied = gate.apply(Entry::System(System {
            id: self.id,
            kind: SystemKind::ApiKey,
            key_id: self.text.key_id().to_string(),
            wallet_id: WalletId(Uuid::from_u128(1)),
            digest: gate.digest_key().digest(&self.text),
            permissions: written(state),
            expires_at: i64::MAX,
            revoked: state == REVOKED,
            requests_per_minute: None,
            last_used_at: None,
            name: "acme".to_owned(),
        }));
        assert!(applied.is_ok(), "{applied:?}");
        self.answered.store(state, Ordering::Release);
    }

    /// Sends a request; whether it was answered by a state that is not older than what was answered before.
    fn request(&self, gate: &Gate) -> bool {
        let before = self.answered.load(Ordering::Acquire);
        match gate.admit(&self.headers, NOW) {
            Ok(caller) => before != REVOKED && read(caller.permissions) >= before,
            Err(Denial::Revoked) => true,
            Err(Denial::Invalid(InvalidReason::Unknown)) => before == UNMADE,
            Err(_) => false,
        }
    }
}

/// The number of a change, written into the permissions: each is a bit of it.
fn written(state: u64) -> PermissionSet {
    let bits = (0..64).filter(|bit| PermissionSet::ALL.bits() >> bit & 1 == 1);
    PermissionSet::from_bits(bits.enumerate().map(|(at, bit)| (state >> at & 1) << bit).sum())
}

fn read(permissions: PermissionSet) -> u64 {
    let bits = (0..64).filter(|bit| PermissionSet::ALL.bits() >> bit & 1 == 1);
    bits.enumerate().map(|(at, bit)| (permissions.bits() >> bit & 1) << at).sum()
}

#[test]
fn m12_m13_no_request_is_admitted_by_a_state_older_than_the_last_answered_change() {
    assert_eq!(read(written(ROUNDS)), ROUNDS);
    let realm = TokenRealm { issuer: "https://wallet.example".into(), audience: "https://wallet.example/api".into() };
    let gate = Gate::new(DigestKey::from_bytes([1; 32]), "session", realm);
    let keys: Vec<Key> = (0..u8::try_from(KEYS).unwrap()).map(Key::new).collect();
    let (started, done) = (AtomicU64::new(0), AtomicBool::new(false));
    let requests: u64 = std::thread::scope(|scope| {
        let reader = |first: usize| {
            let (gate, keys, started, done) = (&gate, &keys, &started, &done);
            move || {
                let mut requests = 0;
                for at in (first..).step_by(7) {
                    let key = &keys[at % KEYS];
                    assert!(key.request(gate), "key {} after {requests} requests", at % KEYS);
                    requests += 1;
                    if requests == 1 {
                        started.fetch_add(1, Ordering::Relaxed);
                    }
                    if done.load(Ordering::Relaxed) {
                        break;
                    }
                }
                requests
            }
        };
        let readers: Vec<_> = (0..3).map(|first| scope.spawn(reader(first))).collect();
        while started.load(Ordering::Relaxed) < 3 {
            std::thread::yield_now();
        }
        for state in (1..=ROUNDS).chain([REVOKED]) {
            for key in &keys {
                key.change(&gate, state);
            }
        }
        done.store(true, Ordering::Relaxed);
        readers.into_iter().map(|reader| reader.join().unwrap()).sum()
    });
    assert!(requests > 3, "they ran at the same time");
    assert!(keys.iter().all(|key| gate.admit(&key.headers, NOW) == Err(Denial::Revoked)));
}

#[test]
fn m12_a_request_sees_a_key_either_before_its_revocation_or_after_it() {
    let realm = TokenRealm { issuer: "https://wallet.example".into(), audience: "https://wallet.example/api".into() };
    let gate = Gate::new(DigestKey::from_bytes([1; 32]), "session", realm);
    let key = Key::new(1);
    key.change(&gate, ROUNDS);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reader = || {
            let (mut admitted, mut revoked) = (0_u64, 0_u64);
            while !done.load(Ordering::Relaxed) || admitted == 0 || revoked == 0 {
                match gate.admit(&key.headers, NOW) {
                    Ok(caller) => {
                        assert_eq!(read(caller.permissions), ROUNDS, "after {admitted} requests");
                        admitted += 1;
                    }
                    Err(denial) => {
                        assert_eq!(denial, Denial::Revoked);
                        revoked += 1;
                    }
                }
            }
        };
        let readers: Vec<_> = (0..3).map(|_| scope.spawn(reader)).collect();
        // Restored in place of a new key: the gate writes both into the same record.
        for _ in 0..200_000 {
            key.change(&gate, REVOKED);
            key.change(&gate, ROUNDS);
        }
        done.store(true, Ordering::Relaxed);
        while readers.iter().any(|reader| !reader.is_finished()) {
            key.change(&gate, REVOKED);
            key.change(&gate, ROUNDS);
        }
        for reader in readers {
            reader.join().unwrap();
        }
    });
}
