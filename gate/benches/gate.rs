//! What the gate alone takes for one request, by how many keys it knows. The figures stand in `docs/benchmarks.md`.
//!
//! Each request carries another key, drawn at random over all of them, so that what the gate looks up is rarely in the
//! processor's cache; its headers are made just before and outside the measured time, as a server has just read them.
//! `GATE_BENCH_KEYS` says how many keys, such as `1000,100000`.
#![expect(clippy::unwrap_used, reason = "a benchmark of what fails measures nothing")]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};

use divan::Bencher;
use gate::{AccessToken, DigestKey, Entry, Gate, KeyKind, KeyText, NewToken, TokenRealm};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use model::in_force::System;
use model::{ExternalSystemId, Permission, PermissionSet, Resource, SystemKind, TokenId, TokenKeyId, WalletId};
use uuid::Uuid;

/// As in `claviger`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const NOW: i64 = 1_800_000_000_000;
const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");
const WALLET: WalletId = WalletId(Uuid::from_u128(1));
/// What every key holds, and what none does.
const HELD: Permission = Permission::view(Resource::HolderCredentials);
const MISSING: Permission = Permission::view(Resource::ApiAccess);
/// One key of so many is expired.
const EXPIRED: usize = 10;
/// Requests in a sample: few enough for their headers to stay in the cache.
const SAMPLE: u32 = 64;

fn main() {
    divan::main();
}

#[divan::bench(args = sizes(), sample_size = SAMPLE, sample_count = 1000)]
fn hit(bencher: Bencher, keys: usize) {
    let world = World::of(keys).in_use();
    measure(
        bencher,
        world,
        X_API_KEY,
        |random| key(world.valid(random)),
        |gate, request| admitted(gate, request, HELD),
    );
}

/// The first request of a key since its requests were last taken out, which happens every few seconds.
#[divan::bench(args = sizes(), sample_size = SAMPLE, sample_count = 1000)]
fn first_hit(bencher: Bencher, keys: usize) {
    let world = World::of(keys);
    let fresh = |random: &mut Random| {
        world.gate.take_used(usize::MAX);
        key(world.valid(random))
    };
    measure(bencher, world, X_API_KEY, fresh, |gate, request| admitted(gate, request, HELD));
}

/// The same once more: what differs between the two is noise.
#[divan::bench(args = sizes(), sample_size = SAMPLE, sample_count = 1000)]
fn hit_again(bencher: Bencher, keys: usize) {
    hit(bencher, keys);
}

#[divan::bench(args = sizes(), sample_size = SAMPLE, sample_count = 1000)]
fn no_permission(bencher: Bencher, keys: usize) {
    let world = World::of(keys).in_use();
    let refused = |gate: &Gate, request: &HeaderMap| !admitted(gate, request, MISSING);
    measure(bencher, world, X_API_KEY, |random| key(world.valid(random)), refused);
}

#[divan::bench(args = sizes(), sample_size = SAMPLE, sample_count = 1000)]
fn expired(bencher: Bencher, keys: usize) {
    let world = World::of(keys).in_use();
    measure(bencher, world, X_API_KEY, |random| key(world.expired(random)), denied);
}

/// Well-formed, and nobody's.
#[divan::bench(args = sizes(), sample_size = SAMPLE, sample_count = 1000)]
fn unknown(bencher: Bencher, keys: usize) {
    let world = World::of(keys);
    measure(bencher, world, X_API_KEY, |random| key(key_text(random).reveal().as_bytes()), denied);
}

#[divan::bench(args = sizes(), sample_size = SAMPLE, sample_count = 1000)]
fn bad_checksum(bencher: Bencher, keys: usize) {
    let world = World::of(keys);
    let bad = |random: &mut Random| {
        let mut text = *world.valid(random);
        let last = text.last_mut().unwrap();
        *last = if *last == b'0' { b'1' } else { b'0' };
        key(&text)
    };
    measure(bencher, world, X_API_KEY, bad, denied);
}

/// An access token whose signature was verified before.
#[divan::bench(args = sizes().first().copied(), sample_size = SAMPLE, sample_count = 1000)]
fn token_seen_before(bencher: Bencher, keys: usize) {
    let world = World::of(keys);
    let bearer = |_: &mut Random| world.bearer.clone();
    measure(bencher, world, header::AUTHORIZATION, bearer, |gate, request| admitted(gate, request, HELD));
}

/// Times what the gate answers; an answer that is not as expected ends the benchmark.
///
/// The header maps are filled anew, but not allocated anew: where in a full heap they lie would be timed, too.
fn measure(
    bencher: Bencher,
    world: &World,
    header: HeaderName,
    value: impl Fn(&mut Random) -> HeaderValue,
    as_expected: impl Fn(&Gate, &HeaderMap) -> bool,
) {
    let requests = RefCell::new(vec![request(); SAMPLE as usize]);
    let (mut random, mut next) = (Random(0x9e37_79b9_7f4a_7c15), 0);
    let place = || {
        next = (next + 1) % SAMPLE as usize;
        requests.borrow_mut().get_mut(next).unwrap().insert(&header, value(&mut random));
        next
    };
    let answer = |place: usize| {
        let as_expected = as_expected(&world.gate, requests.borrow().get(place).unwrap());
        assert!(as_expected);
    };
    bencher.with_inputs(place).bench_local_values(answer);
}

fn admitted(gate: &Gate, request: &HeaderMap, permission: Permission) -> bool {
    gate.admit(request, NOW).is_ok_and(|caller| caller.may(permission))
}

fn denied(gate: &Gate, request: &HeaderMap) -> bool {
    gate.admit(request, NOW).is_err()
}

fn sizes() -> Vec<usize> {
    let asked = std::env::var("GATE_BENCH_KEYS").unwrap_or_else(|_| "1000,100000,1000000,10000000".to_owned());
    asked.split(',').map(|size| size.parse().unwrap()).collect()
}

/// A gate that knows so many keys, and their texts. It limits their requests, but to more than are measured.
struct World {
    gate: Gate,
    texts: Vec<[u8; 59]>,
    bearer: HeaderValue,
}

impl World {
    /// Made once for each size, and shared by all benchmarks.
    fn of(keys: usize) -> &'static Self {
        static WORLDS: Mutex<BTreeMap<usize, &'static World>> = Mutex::new(BTreeMap::new());
        WORLDS.lock().unwrap().entry(keys).or_insert_with(|| Box::leak(Box::new(Self::new(keys))))
    }

    fn new(keys: usize) -> Self {
        let realm =
            TokenRealm { issuer: "https://wallet.example".into(), audience: "https://wallet.example/api".into() };
        let gate = Gate::new(DigestKey::from_bytes([1; 32]), "session", realm.clone())
            .with_requests_per_minute(Some(NonZeroU32::MAX));
        let mut random = Random(1);
        let texts = (0..keys)
            .map(|number| {
                let text = key_text(&mut random);
                let expires_at = if number.is_multiple_of(EXPIRED) { NOW } else { NOW + 1 };
                gate.apply(Entry::System(system(&gate, SystemKind::ApiKey, number, &text, expires_at))).unwrap();
                text.reveal().as_bytes().try_into().unwrap()
            })
            .collect();
        let bearer = token(&gate, &realm, keys);
        Self { gate, texts, bearer }
    }

    /// The same after a request of every key, none of which was taken out: the steady case.
    fn in_use(&self) -> &Self {
        let mut request = request();
        for text in &self.texts {
            request.insert(&X_API_KEY, key(text));
            let _ = self.gate.admit(&request, NOW);
        }
        self
    }

    fn valid(&self, random: &mut Random) -> &[u8; 59] {
        let number = random.below(self.texts.len());
        self.texts.get(if number.is_multiple_of(EXPIRED) { number + 1 } else { number }).unwrap()
    }

    fn expired(&self, random: &mut Random) -> &[u8; 59] {
        let number = random.below(self.texts.len());
        self.texts.get(number - number % EXPIRED).unwrap()
    }
}

fn key(text: &[u8]) -> HeaderValue {
    HeaderValue::from_bytes(text).unwrap()
}

/// The headers of an ordinary client; one more says who it is.
fn request() -> HeaderMap {
    HeaderMap::from_iter([
        (header::HOST, HeaderValue::from_static("wallet.example")),
        (header::USER_AGENT, HeaderValue::from_static("acme-backend/1.4")),
        (header::ACCEPT, HeaderValue::from_static("application/json")),
    ])
}

fn system(gate: &Gate, kind: SystemKind, number: usize, text: &KeyText, expires_at: i64) -> System {
    System {
        id: ExternalSystemId(Uuid::from_u128(number as u128)),
        kind,
        key_id: text.key_id().to_string(),
        wallet_id: WALLET,
        digest: gate.digest_key().digest(text),
        permissions: PermissionSet::from_names(&HELD.to_string()),
        expires_at,
        revoked: false,
        last_used_at: Some(0),
        requests_per_minute: None,
        name: format!("acme-{number:08}"),
    }
}

/// A client's access token. Its signature is looked at once only, so it need not be a real one.
fn token(gate: &Gate, realm: &TokenRealm, number: usize) -> HeaderValue {
    let secret = KeyText::generate(KeyKind::ClientSecret, &mut |bytes| bytes.fill(1));
    let client = system(gate, SystemKind::OauthClient, number, &secret, NOW + 1);
    let key = TokenKeyId(Uuid::from_u128(2));
    gate.apply(Entry::TokenKey { id: key, wallet_id: WALLET, verify: Arc::new(|_, _| true), ends_at: None }).unwrap();
    let token = NewToken {
        id: TokenId(Uuid::from_u128(3)),
        key,
        client: client.id,
        client_id: &client.name,
        scope: PermissionSet::ALL,
        issued_at: NOW,
        expires_at: NOW + 600_000,
    };
    let text = AccessToken::issue(&token, realm, |_| [0; 64]);
    gate.apply(Entry::System(client.clone())).unwrap();
    HeaderValue::from_str(&format!("Bearer {}", text.reveal())).unwrap()
}

fn key_text(random: &mut Random) -> KeyText {
    KeyText::generate(KeyKind::ApiKey, &mut |bytes| random.fill(bytes))
}

/// SplitMix64: the same requests in every run, and hardly any time between two of them.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from((u128::from(self.next()) * bound as u128) >> 64).unwrap()
    }

    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            chunk.iter_mut().zip(self.next().to_le_bytes()).for_each(|(byte, drawn)| *byte = drawn);
        }
    }
}
