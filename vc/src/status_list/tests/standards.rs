use serde::Deserialize;

use super::*;

/// draft-ietf-oauth-status-list, "Test vectors for Status List encoding": 2²⁰ statuses, all but these are 0.
const VECTORS: [&str; 4] = [
    include_str!("../../../tests/vectors/status_list/1_bit.json"),
    include_str!("../../../tests/vectors/status_list/2_bit.json"),
    include_str!("../../../tests/vectors/status_list/4_bit.json"),
    include_str!("../../../tests/vectors/status_list/8_bit.json"),
];
const SIZE: u32 = 1 << 20;

#[derive(Deserialize)]
struct Vector {
    bits: u64,
    lst: String,
    statuses: Vec<(u64, u8)>,
}

#[test]
fn the_lists_of_the_draft_say_what_the_draft_says() {
    for vector in VECTORS {
        let vector: Vector = serde_json::from_str(vector).unwrap();
        let mut expected = StatusList::new(vector.bits.try_into().unwrap(), SIZE);
        for (index, status) in vector.statuses {
            expected.set(index, status.into()).unwrap();
        }
        let list = StatusList::decode(vector.bits, &vector.lst).unwrap();
        assert!(list == expected, "{} bits", vector.bits);
        assert_eq!(StatusList::decode(vector.bits, &expected.encode()), Ok(list));
    }
}

#[test]
fn the_examples_of_the_draft_are_encoded_as_the_draft_does() {
    // §4.1, §4.2: one bit, 0xB9 0xA3; two bits, 0xC9 0x44 0xF9.
    let one = list(Bits::One, &[1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]);
    assert_eq!(StatusList::decode(1, "eNrbuRgAAhcBXQ").unwrap(), one);
    assert_eq!(one.encode(), "eNrbuRgAAhcBXQ");
    let two = list(Bits::Two, &[1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]);
    assert_eq!(StatusList::decode(2, "eNo76fITAAPfAgc").unwrap(), two);
    assert_eq!(two.encode(), "eNo76fITAAPfAgc");
}
