use serde_json::{Value, json};

use super::*;
use crate::did::{Did, did_jwk, did_jwk_key_id};
use crate::issuer::{IssuerError, IssuerKeys, KeySet};
use crate::jws::{self, JwsError, TimeError};
use crate::keys::SigningKey;
use crate::names::{TYP_STATUS_LIST, status_list as name};

const URI: &str = "https://issuer.example/status-lists/1";
const NOW: i64 = 1_800_000_000;

mod reference;
mod standards;
mod token;

fn list(bits: Bits, statuses: &[u8]) -> StatusList {
    let mut list = StatusList::new(bits, statuses.len().try_into().unwrap());
    for (index, status) in (0..).zip(statuses) {
        list.set(index, Status::from(*status)).unwrap();
    }
    list
}

fn statuses(list: &StatusList, size: u64) -> Vec<u8> {
    (0..size).map(|index| list.get(index).unwrap().into()).collect()
}

#[test]
fn what_is_set_is_read_and_no_neighbour_changes() {
    for bits in [Bits::One, Bits::Two, Bits::Four, Bits::Eight] {
        let mut list = StatusList::new(bits, 24);
        list.set(9, Status::Invalid).unwrap();
        let mut expected = vec![0; 24];
        expected[9] = 1;
        assert_eq!(statuses(&list, 24), expected, "{bits:?}");
        list.set(9, Status::Valid).unwrap();
        assert_eq!(list, StatusList::new(bits, 24));
    }
}

#[test]
fn a_status_goes_from_valid_to_suspended_to_revoked_and_survives_the_encoding() {
    let mut list = StatusList::new(Bits::Two, 100_000);
    for status in [Status::Suspended, Status::Valid, Status::Invalid, Status::Other(3)] {
        list.set(99_999, status).unwrap();
        let read = StatusList::decode(2, &list.encode()).unwrap();
        assert_eq!((read.get(99_999), read.get(99_998)), (Ok(status), Ok(Status::Valid)));
        assert_eq!(read, list);
    }
}

#[test]
fn a_list_has_as_many_bytes_as_its_statuses_need() {
    for (bits, size, bytes) in
        [(Bits::One, 9, 2), (Bits::Two, 100_000, 25_000), (Bits::Four, 3, 2), (Bits::Eight, 0, 0)]
    {
        assert_eq!(StatusList::new(bits, size).bytes(), bytes, "{bits:?}");
    }
}

#[test]
fn an_index_beyond_the_end_is_refused_and_not_taken_for_valid() {
    let mut list = StatusList::new(Bits::Two, 8);
    assert_eq!(list.get(7), Ok(Status::Valid));
    for index in [8, 1 << 40, u64::MAX] {
        assert_eq!(list.get(index), Err(StatusListError::NoSuchEntry(index)));
        assert_eq!(list.set(index, Status::Invalid), Err(StatusListError::NoSuchEntry(index)));
    }
}

#[test]
fn a_status_that_needs_more_bits_is_refused() {
    assert_eq!(StatusList::new(Bits::One, 8).set(0, Status::Suspended), Err(StatusListError::TooWide(2)));
    assert_eq!(StatusList::new(Bits::Two, 8).set(0, Status::Other(4)), Err(StatusListError::TooWide(4)));
    assert_eq!(StatusList::new(Bits::Eight, 8).set(0, Status::Other(255)), Ok(()));
}

#[test]
fn what_is_no_list_is_refused() {
    let lst = list(Bits::Two, &[1, 2, 0, 3]).encode();
    for bits in [0, 3, 16] {
        assert_eq!(StatusList::decode(bits, &lst), Err(StatusListError::Bits(bits)));
    }
    for text in ["", "*", "e30", &lst[..lst.len() - 4], &format!("{lst}=")] {
        assert_eq!(StatusList::decode(2, text), Err(StatusListError::Encoding), "{text}");
    }
    assert_eq!(format!("{:?}", list(Bits::Two, &[1])), "StatusList { bits: Two, bytes: 1 }");
}
