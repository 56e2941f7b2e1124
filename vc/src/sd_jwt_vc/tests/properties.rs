use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[ -~é]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{1,6}", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn verifies(text: &str) -> bool {
    static KEYS: LazyLock<KeySet> = LazyLock::new(|| embedded_keys(&ParsedCredential::parse(&issued()).unwrap()));
    let keys = &*KEYS;
    ParsedCredential::parse(text).is_ok_and(|credential| credential.verify(keys, NOW).is_ok())
}

#[test]
fn every_flipped_bit_is_noticed() {
    let honest = issued();
    assert!(verifies(&honest));
    for position in 0..honest.len() {
        for bit in 0..7 {
            let mut bytes = honest.clone().into_bytes();
            bytes[position] ^= 1 << bit;
            let changed = String::from_utf8(bytes).unwrap();
            // White space around a credential is not part of it: only a last `~` could become that.
            assert!(!verifies(&changed), "byte {position}, bit {bit}: {changed}");
        }
    }
}

#[test]
fn every_cut_is_noticed_unless_it_only_withholds_disclosures() {
    let honest = issued();
    for end in 0..honest.len() {
        let cut = &honest[..end];
        assert!(!verifies(cut) || cut.ends_with('~'), "{cut}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>()) {
        prop_assert!(ParsedCredential::parse(&text).is_err());
    }

    #[test]
    fn no_text_of_the_right_alphabet_makes_the_parser_panic(text in "[A-Za-z0-9_.~-]{0,200}") {
        prop_assert!(ParsedCredential::parse(&text).is_err());
    }

    #[test]
    fn no_signed_payload_makes_the_parser_panic(payload in json(), disclosures in prop::collection::vec(json(), 0..3)) {
        let mut forged = Forged { payload, ..Forged::new() };
        for disclosure in &disclosures {
            forged = forged.disclose(disclosure);
        }
        if let Ok(credential) = forged.parse() {
            prop_assert!(!credential.vct().is_empty());
        }
    }

    #[test]
    fn no_insertion_survives(position in 0_usize..400, inserted in "[A-Za-z0-9_.~-]{1,3}") {
        let mut text = issued();
        text.insert_str(position, &inserted);
        prop_assert!(!verifies(&text));
    }

    #[test]
    fn what_is_issued_is_what_is_read(
        claims in prop::collection::btree_map("x[a-z]{1,6}", json(), 1..6),
        hidden in any::<prop::sample::Index>(),
    ) {
        let did = did_jwk(&key(1).public());
        let kid = did_jwk_key_id(&did);
        let names: Vec<_> = claims.keys().cloned().collect();
        let claims: Map<String, Value> = claims.into_iter().collect();
        let mut draft = draft(did.as_str(), &kid);
        draft.claims = claims.clone();
        draft.selectively_disclosable = names[..=hidden.index(names.len())].iter().map(|name| name.as_str().into()).collect();
        let parsed = ParsedCredential::parse(&issue(&draft, &key(1), &mut counter()).unwrap()).unwrap();
        let read = parsed.verify(&embedded_keys(&parsed), NOW).unwrap();
        for (name, value) in &claims {
            prop_assert_eq!(&read.claims[name], value);
        }
        let mut disclosed = read.disclosed;
        disclosed.sort();
        prop_assert_eq!(disclosed, draft.selectively_disclosable);
    }
}
