//! Key texts that are well-formed and that nobody was given.

use gate::{KeyKind, KeyText};

/// A text with this key id, or with one of its own, and a secret of its own.
pub(crate) fn forged(key_id: Option<&str>) -> String {
    let mut drawn = 0;
    let text = KeyText::generate(KeyKind::ApiKey, &mut |bytes| {
        for byte in bytes {
            // The first 16 bytes become the id, digit by digit of base62.
            let of_id = key_id.and_then(|id| id.as_bytes().get(drawn)).map(|character| digit(*character));
            *byte = of_id.unwrap_or(u8::try_from(drawn).unwrap());
            drawn += 1;
        }
    });
    text.reveal().to_owned()
}

fn digit(character: u8) -> u8 {
    match character {
        b'0'..=b'9' => character - b'0',
        b'A'..=b'Z' => character - b'A' + 10,
        _ => character - b'a' + 36,
    }
}
