//! What a credential costs on one core, beside the ES256 signatures that no implementation can leave out. The figures
//! stand in `docs/benchmarks.md`.
#![expect(clippy::unwrap_used, reason = "a benchmark of what fails measures nothing")]

use divan::Bencher;
use divan::counter::ItemsCount;
use serde_json::json;
use vc::did::{Did, did_jwk, did_jwk_key_id};
use vc::issuer::{IssuerKeys, KeySet};
use vc::keys::SigningKey;
use vc::sd_jwt_vc::{ClaimPath, Draft, Expected, ParsedPresentation, issue, present};
use vc::status_list::{Bits, SignedStatusList, Status, StatusList, StatusListToken, StatusReference};

const NOW: i64 = 1_800_000_000;
const AUDIENCE: &str = "decentralized_identifier:did:web:verifier.example";
const NONCE: &str = "5PCm_5cEHQy4FDRlJLJ0qg";
const LIST: &str = "https://issuer.example/wallets/1/status-lists/1";

fn main() {
    divan::main();
}

/// One credential: signed once.
mod issuing {
    use super::{Bencher, ItemsCount, Parties, signing_input};

    #[divan::bench]
    fn credential(bencher: Bencher) {
        let parties = Parties::new();
        bencher.counter(ItemsCount::new(1_u32)).bench_local(|| parties.issue());
    }

    #[divan::bench]
    fn bare_signature(bencher: Bencher) {
        let parties = Parties::new();
        let compact = parties.issue();
        let input = signing_input(&compact);
        bencher.counter(ItemsCount::new(1_u32)).bench_local(|| parties.issuer.sign(divan::black_box(input)));
    }
}

/// One presentation of it: the issuer's signature and the holder's.
mod verifying {
    use super::{
        AUDIENCE, Bencher, Expected, ItemsCount, NONCE, NOW, ParsedPresentation, Parties, embedded, signing_input,
    };

    /// Parsed; both signatures, the dates, the holder, the audience, the nonce and every disclosure are checked. The
    /// issuer's keys are known.
    #[divan::bench]
    fn presentation(bencher: Bencher) {
        let parties = Parties::new();
        let text = parties.present(&parties.issue());
        let keys = embedded(ParsedPresentation::parse(&text).unwrap().issuer().unwrap());
        let expected = Expected { audience: AUDIENCE, nonce: NONCE, now: NOW };
        bencher.counter(ItemsCount::new(1_u32)).bench_local(|| {
            ParsedPresentation::parse(divan::black_box(&text)).unwrap().verify(&keys, &expected).unwrap()
        });
    }

    #[divan::bench]
    fn two_bare_signatures(bencher: Bencher) {
        let parties = Parties::new();
        let compact = parties.issue();
        let input = signing_input(&compact);
        let (by_issuer, by_holder) = (parties.issuer.sign(input), parties.holder.sign(input));
        let (issuer, holder) = (parties.issuer.public(), parties.holder.public());
        bencher.counter(ItemsCount::new(1_u32)).bench_local(|| {
            let input = divan::black_box(input);
            issuer.verify(input, &by_issuer) && holder.verify(input, &by_holder)
        });
    }
}

/// What the holder's wallet does in between.
mod presenting {
    use super::{Bencher, ItemsCount, Parties};

    #[divan::bench]
    fn presentation(bencher: Bencher) {
        let parties = Parties::new();
        let compact = parties.issue();
        bencher.counter(ItemsCount::new(1_u32)).bench_local(|| parties.present(divan::black_box(&compact)));
    }
}

/// A status list of 100,000 credentials, of which one in a hundred is revoked. A verifier keeps it for its `ttl`.
mod status_list {
    use super::{Bencher, ItemsCount, LIST, NOW, Parties, SignedStatusList, embedded};

    #[divan::bench]
    fn signed(bencher: Bencher) {
        let parties = Parties::new();
        let list = parties.list();
        bencher
            .counter(ItemsCount::new(1_u32))
            .bench_local(|| divan::black_box(&list).sign(&parties.issuer, &parties.kid));
    }

    #[divan::bench]
    fn verified(bencher: Bencher) {
        let parties = Parties::new();
        let text = parties.list().sign(&parties.issuer, &parties.kid);
        let keys = embedded(SignedStatusList::parse(&text).unwrap().keys(parties.did.as_str()).unwrap());
        bencher.counter(ItemsCount::new(1_u32)).bench_local(|| {
            SignedStatusList::parse(divan::black_box(&text)).unwrap().verify(&keys, LIST, NOW).unwrap()
        });
    }
}

/// An issuer with its did:jwk, so that no key has to be fetched, and a holder.
struct Parties {
    did: Did,
    kid: String,
    issuer: SigningKey,
    holder: SigningKey,
}

impl Parties {
    fn new() -> Self {
        let key = |secret| SigningKey::from_secret_bytes(&[secret; 32]).unwrap();
        let did = did_jwk(&key(1).public());
        Self { kid: did_jwk_key_id(&did), did, issuer: key(1), holder: key(2) }
    }

    /// A company registration: five claims, four of which can be withheld, bound to a holder, with a status.
    fn issue(&self) -> String {
        let claims = json!({
            "legal_name": "Example Bank N.V.",
            "registration_number": "00000001",
            "registered_address": {"street": "Keizersgracht 1", "city": "Amsterdam", "country": "NL"},
            "legal_form": "N.V.",
            "established_on": "1998-03-02",
        });
        let draft = Draft {
            issuer: self.did.as_str(),
            kid: &self.kid,
            vct: "https://registry.example/company-registration",
            claims: claims.as_object().cloned().unwrap_or_default(),
            selectively_disclosable: hidden(),
            issued_at: NOW,
            valid_from: Some(NOW),
            valid_until: Some(NOW + 31_536_000),
            holder_key: Some(self.holder.public()),
            status: Some(StatusReference { uri: LIST.to_owned(), index: 4711 }.claim()),
        };
        let mut salt = 0_u8;
        let mut salts = |bytes: &mut [u8]| {
            salt = salt.wrapping_add(1);
            bytes.fill(salt);
        };
        issue(&draft, &self.issuer, &mut salts).unwrap()
    }

    /// Two of the four claims that can be withheld are shown.
    fn present(&self, compact: &str) -> String {
        let shown: Vec<ClaimPath> = hidden().into_iter().take(2).collect();
        present(compact, &shown, &self.holder, AUDIENCE, NONCE, NOW).unwrap()
    }

    fn list(&self) -> StatusListToken {
        let mut list = StatusList::new(Bits::Two, 100_000);
        for index in (0..100_000).step_by(100) {
            list.set(index, Status::Invalid).unwrap();
        }
        StatusListToken {
            issuer: Some(self.did.to_string()),
            uri: LIST.to_owned(),
            issued_at: NOW,
            expires_at: Some(NOW + 86_400),
            ttl: Some(300),
            list,
        }
    }
}

fn hidden() -> Vec<ClaimPath> {
    vec!["registered_address".into(), "legal_form".into(), "established_on".into(), "registration_number".into()]
}

fn embedded(keys: IssuerKeys) -> KeySet {
    match keys {
        IssuerKeys::Embedded(keys) => keys,
        other => panic!("the key of a did:jwk is in it: {other:?}"),
    }
}

/// What is signed of a credential: the bare signatures are made over the same bytes.
fn signing_input(compact: &str) -> &[u8] {
    let jwt = compact.split('~').next().and_then(|jwt| jwt.rsplit_once('.'));
    jwt.map_or(b"", |(input, _)| input.as_bytes())
}
