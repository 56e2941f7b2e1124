//! A status list that claims to be enormous is refused before the memory for it is spent; counted, not timed.

use allocation_counter::measure;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miniz_oxide::deflate::compress_to_vec_zlib;
use vc::status_list::{MAX_LIST_BYTES, StatusList, StatusListError};

#[test]
fn a_decompression_bomb_is_refused_without_its_memory() {
    let claimed = 128 * 1024 * 1024;
    let bomb = URL_SAFE_NO_PAD.encode(compress_to_vec_zlib(&vec![0; claimed], 10));
    assert!(bomb.len() < 256 * 1024, "{} bytes are more than anybody would fetch", bomb.len());
    let mut read = None;
    let spent = measure(|| read = Some(StatusList::decode(2, &bomb)));
    assert_eq!(read, Some(Err(StatusListError::TooLong)));
    // The buffer, and what was fetched.
    let limit = u64::try_from(2 * MAX_LIST_BYTES).unwrap();
    assert!(spent.bytes_max < limit, "{} bytes", spent.bytes_max);
}

#[test]
fn the_longest_list_is_read_and_one_byte_more_is_not() {
    let list = |bytes: usize| URL_SAFE_NO_PAD.encode(compress_to_vec_zlib(&vec![0; bytes], 10));
    assert_eq!(StatusList::decode(8, &list(MAX_LIST_BYTES)).unwrap().bytes(), MAX_LIST_BYTES);
    assert_eq!(StatusList::decode(8, &list(MAX_LIST_BYTES + 1)), Err(StatusListError::TooLong));
}
