//! The key text: the form of every secret that Claviger hands out.
//!
//! Prefix (5) + key id (16) + secret (32) + checksum (6) = 59 characters. Id, secret and checksum are
//! base62 (`0-9A-Za-z`); the checksum is the CRC-32 (ISO-HDLC, the one of zlib) of all before it, most
//! significant digit first. One double-click selects it, and `clvk_[0-9A-Za-z]{54}` finds it.

use std::{fmt, slice};

use zeroize::Zeroizing;

const PREFIX: usize = 5;
const ID: usize = 16;
const SECRET: usize = 32;
const CHECKSUM: usize = 6;
/// The length of every key text, in bytes.
const LENGTH: usize = PREFIX + ID + SECRET + CHECKSUM;

/// The kind of a key text, which is its prefix.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeyKind {
    /// `clvk_`: an API key.
    ApiKey,
    /// `clvs_`: the secret of an OAuth client, for the token endpoint alone.
    ClientSecret,
    /// `clvc_`: a console session, in its cookie.
    Session,
    /// `clvi_`: an invitation, or the code that makes the first administrator.
    Invitation,
}

/// The 16 characters after the prefix: they find the record, and are safe to show and to log.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyId([u8; ID]);

/// A whole key text, which is a secret.
///
/// It cannot be printed, serialised or compared, and its memory is wiped when it is dropped.
///
/// ```compile_fail
/// fn print(text: gate::KeyText) -> String {
///     format!("{text:?}")
/// }
/// ```
pub struct KeyText {
    key_id: KeyId,
    text: Zeroizing<String>,
}

/// A well-formed key text that a request presents, not verified yet.
///
/// Like [`KeyText`] it cannot be printed or compared; [`DigestKey::matches`](crate::DigestKey::matches) verifies it.
#[derive(Clone, Copy)]
pub struct Presented<'a> {
    kind: KeyKind,
    key_id: KeyId,
    text: &'a [u8; LENGTH],
}

impl KeyKind {
    /// The five characters with which a text of this kind starts.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::ApiKey => "clvk_",
            Self::ClientSecret => "clvs_",
            Self::Session => "clvc_",
            Self::Invitation => "clvi_",
        }
    }
}

impl KeyId {
    /// Reads a stored key id: exactly 16 base62 characters, else `None`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::from_bytes(text.as_bytes().try_into().ok()?)
    }

    /// The 16 characters.
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }

    fn from_bytes(bytes: [u8; ID]) -> Option<Self> {
        bytes.iter().all(u8::is_ascii_alphanumeric).then_some(Self(bytes))
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl KeyText {
    /// Draws a new key text: 95 bits of id and 190 bits of secret.
    ///
    /// `random` fills a slice with uniformly distributed bytes from a cryptographic source. It is asked
    /// again for a byte that would make some characters likelier than others, so a source that gives
    /// nothing but bytes above 247 is asked for ever.
    pub fn generate(kind: KeyKind, random: &mut dyn FnMut(&mut [u8])) -> Self {
        let id: Zeroizing<[u8; ID]> = draw(random);
        let secret: Zeroizing<[u8; SECRET]> = draw(random);
        // The capacity is exact: a buffer that grew would leave a copy of the secret behind.
        let mut text = Zeroizing::new(String::with_capacity(LENGTH));
        text.push_str(kind.prefix());
        text.extend(id.iter().chain(secret.iter()).copied().map(char::from));
        let checksum = checksum(text.as_bytes());
        text.extend(checksum.map(char::from));
        Self { key_id: KeyId(*id), text }
    }

    /// Parses a presented text: exact length, the prefix of `kind`, alphabet and checksum; `None` when one of them is
    /// wrong. Looks nothing up and allocates nothing.
    pub fn parse(kind: KeyKind, presented: &[u8]) -> Option<Presented<'_>> {
        let text: &[u8; LENGTH] = presented.try_into().ok()?;
        let (body, check) = text.split_last_chunk::<CHECKSUM>()?;
        let digits = body.strip_prefix(kind.prefix().as_bytes())?;
        // Without a branch for each character: most of what comes is well-formed to its end.
        let alphanumeric = digits.iter().chain(check).fold(true, |all, digit| all & digit.is_ascii_alphanumeric());
        let well_formed = alphanumeric && read_checksum(*check) == u64::from(crc32fast::hash(body));
        let key_id = KeyId(*digits.first_chunk()?);
        well_formed.then_some(Presented { kind, key_id, text })
    }

    /// The id inside the text.
    pub fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// The text, to be shown once; nothing else reveals it.
    pub fn reveal(&self) -> &str {
        &self.text
    }
}

impl Presented<'_> {
    /// The id inside the text. It proves nothing: an id is no secret.
    pub fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// The kind that its prefix names.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.text
    }
}

/// Draws `N` base62 characters. 248 is the greatest multiple of 62 in a byte: what is not below it is
/// drawn again, because the remainder would favour the first characters.
fn draw<const N: usize>(random: &mut dyn FnMut(&mut [u8])) -> Zeroizing<[u8; N]> {
    let mut drawn = Zeroizing::new([0; N]);
    random(drawn.as_mut_slice());
    for byte in drawn.iter_mut() {
        while *byte >= 248 {
            random(slice::from_mut(byte));
        }
        *byte = base62(*byte % 62);
    }
    drawn
}

/// The number of six base62 digits; meaningless for other characters. Without a branch for each digit: they are random,
/// so a branch could not be predicted.
fn read_checksum(digits: [u8; CHECKSUM]) -> u64 {
    digits.into_iter().fold(0, |number, digit| {
        let lower = u8::from(digit >= b'a') * (b'a' - 36);
        let upper = u8::from((b'A'..b'a').contains(&digit)) * (b'A' - 10);
        let decimal = u8::from(digit < b'A') * b'0';
        number * 62 + u64::from(digit.wrapping_sub(lower + upper + decimal))
    })
}

/// The CRC-32 as six base62 digits; 62⁶ is above 2³².
fn checksum(body: &[u8]) -> [u8; CHECKSUM] {
    let mut rest = crc32fast::hash(body);
    let mut digits = [0; CHECKSUM];
    for digit in digits.iter_mut().rev() {
        *digit = base62((rest % 62) as u8);
        rest /= 62;
    }
    digits
}

/// The character of a digit below 62.
const fn base62(digit: u8) -> u8 {
    match digit {
        0..10 => b'0' + digit,
        10..36 => b'A' + digit - 10,
        _ => b'a' + digit - 36,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KINDS: [KeyKind; 4] = [KeyKind::ApiKey, KeyKind::ClientSecret, KeyKind::Session, KeyKind::Invitation];

    /// Bytes 0, 1, 2, … in the order in which they are asked for.
    fn counting() -> impl FnMut(&mut [u8]) {
        let mut next = 0u8;
        move |bytes| {
            for byte in bytes {
                *byte = next;
                next = next.wrapping_add(1);
            }
        }
    }

    fn from_noise(kind: KeyKind, noise: &[u8]) -> KeyText {
        let mut endless = noise.iter().copied().chain(std::iter::repeat(0));
        KeyText::generate(kind, &mut |bytes| bytes.iter_mut().for_each(|byte| *byte = endless.next().unwrap()))
    }

    #[test]
    fn the_format_of_the_key_text_never_drifts() {
        let texts = KINDS.map(|kind| KeyText::generate(kind, &mut counting()).reveal().to_owned());
        assert_eq!(
            texts,
            [
                "clvk_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl4aiPDV",
                "clvs_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl0qW0L4",
                "clvc_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl00Tp4h",
                "clvi_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl0lTqqw",
            ]
        );
    }

    #[test]
    fn the_checksum_is_the_crc_32_of_zlib() {
        // The check value of CRC-32/ISO-HDLC is cbf43926.
        assert_eq!(crc32fast::hash(b"123456789"), 0xcbf4_3926);
        assert_eq!(checksum(b"123456789").as_slice(), b"3jZRME");
        assert_eq!(checksum(b"").as_slice(), b"000000");
    }

    #[test]
    fn every_character_is_equally_likely() {
        // All 256 bytes, each as the first byte that is drawn: four of them give each character.
        let mut counts = [0; 128];
        for first in 0..248 {
            counts[usize::from(draw::<1>(&mut |bytes| bytes.fill(first))[0])] += 1;
        }
        for first in 248..=255 {
            let mut bytes = [first, 255, 7].into_iter();
            assert_eq!(*draw::<1>(&mut |slot| slot[0] = bytes.next().unwrap()), *b"7", "{first} is drawn again");
        }
        for character in 0..128u8 {
            let expected = if character.is_ascii_alphanumeric() { 4 } else { 0 };
            assert_eq!(counts[usize::from(character)], expected, "{character}");
        }
    }

    #[test]
    fn a_text_is_read_only_as_its_own_kind() {
        for kind in KINDS {
            let text = KeyText::generate(kind, &mut counting());
            for other in KINDS {
                assert_eq!(KeyText::parse(other, text.reveal().as_bytes()).is_some(), kind == other);
            }
        }
    }

    #[test]
    fn a_key_id_is_16_base62_characters() {
        assert_eq!(KeyId::parse("0123456789ABCDEz").unwrap().to_string(), "0123456789ABCDEz");
        assert_eq!(format!("{:?}", KeyId::parse("0123456789ABCDEz").unwrap()), "0123456789ABCDEz");
        for bad in ["", "0123456789ABCDE", "0123456789ABCDEFG", "0123456789ABCDE_", "0123456789ABCDé"] {
            assert_eq!(KeyId::parse(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn what_is_generated_is_read_back(noise in any::<[u8; 64]>(), kind in prop::sample::select(&KINDS)) {
            let text = from_noise(kind, &noise);
            let presented = KeyText::parse(kind, text.reveal().as_bytes()).unwrap();
            prop_assert_eq!(presented.key_id(), text.key_id());
            prop_assert_eq!(presented.kind(), kind);
            prop_assert_eq!(KeyId::parse(&text.reveal()[5..21]), Some(text.key_id()));
            prop_assert_eq!(text.reveal().len(), 59);
            prop_assert_eq!(text.text.capacity(), 59);
        }

        #[test]
        fn garbage_is_refused(garbage in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(KeyText::parse(KeyKind::ApiKey, &garbage).is_none());
        }

        #[test]
        fn one_wrong_byte_is_refused(noise in any::<[u8; 64]>(), at in 0usize..59, byte in any::<u8>()) {
            let text = from_noise(KeyKind::ApiKey, &noise);
            let mut bytes = text.reveal().as_bytes().to_vec();
            prop_assume!(bytes[at] != byte);
            bytes[at] = byte;
            prop_assert!(KeyText::parse(KeyKind::ApiKey, &bytes).is_none());
        }

        #[test]
        fn a_character_more_or_less_is_refused(noise in any::<[u8; 64]>(), at in 0usize..59, byte in any::<u8>()) {
            let text = from_noise(KeyKind::ApiKey, &noise);
            let mut longer = text.reveal().as_bytes().to_vec();
            longer.insert(at, byte);
            prop_assert!(KeyText::parse(KeyKind::ApiKey, &longer).is_none());
            prop_assert!(KeyText::parse(KeyKind::ApiKey, &text.reveal().as_bytes()[..at]).is_none());
        }
    }
}
