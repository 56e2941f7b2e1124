//! The list itself (§4): a few bits for each credential, compressed.

use std::iter;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::{TINFLStatus, decompress_slice_iter_to_slice};

/// The longest list that is read, in bytes after decompression: eight million statuses of two bits. A few kilobytes of
/// zlib can claim to be a thousand times as much, so no more memory than this is spent on a stranger's list.
pub const MAX_LIST_BYTES: usize = 2 * 1024 * 1024;

/// "Implementations are RECOMMENDED to use the highest compression level available" (§4.1).
const COMPRESSION: u8 = 10;

/// The status of one credential (§7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// 0: valid, correct or legal.
    Valid,
    /// 1: revoked, for good.
    Invalid,
    /// 2: not valid for a time.
    Suspended,
    /// Every other value, whose meaning issuer and verifier agree on.
    Other(u8),
}

/// How many bits a status has (§4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bits {
    /// Valid or not.
    One = 1,
    /// Also suspended; the profile's choice.
    Two = 2,
    /// Sixteen statuses.
    Four = 4,
    /// 256 statuses.
    Eight = 8,
}

/// A status for each of many credentials, by index (§4.1).
#[derive(Clone, PartialEq, Eq)]
pub struct StatusList {
    bits: Bits,
    bytes: Vec<u8>,
}

/// Why a list cannot be read, or has no such entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StatusListError {
    /// `bits` is none of 1, 2, 4 and 8.
    #[error("a status has {0} bits, where 1, 2, 4 or 8 are possible")]
    Bits(u64),
    /// `lst` is not base64url of zlib.
    #[error("it is not compressed with zlib and encoded in base64url")]
    Encoding,
    /// Longer than [`MAX_LIST_BYTES`] after decompression.
    #[error("it has more than {MAX_LIST_BYTES} bytes")]
    TooLong,
    /// The index is beyond the end of the list.
    #[error("it has no entry {0}")]
    NoSuchEntry(u64),
    /// The status needs more bits than the list has for each.
    #[error("the status {0} does not fit into it")]
    TooWide(u8),
}

impl StatusList {
    /// A list in which `size` credentials, and those that fill the last byte, are valid.
    pub fn new(bits: Bits, size: u32) -> Self {
        let bytes = (u64::from(size) * bits as u64).div_ceil(8);
        Self { bits, bytes: vec![0; usize::try_from(bytes).unwrap_or(usize::MAX)] }
    }

    /// How many bits a status has.
    pub fn bits(&self) -> Bits {
        self.bits
    }

    /// How many bytes it takes.
    pub fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// The status of the credential with this index.
    ///
    /// # Errors
    ///
    /// [`StatusListError::NoSuchEntry`] (§8.3, step 5).
    pub fn get(&self, index: u64) -> Result<Status, StatusListError> {
        let (byte, shift) = self.bits.place(index);
        let byte = byte.and_then(|byte| self.bytes.get(byte)).ok_or(StatusListError::NoSuchEntry(index))?;
        Ok((byte >> shift & self.bits.mask()).into())
    }

    /// Sets the status of the credential with this index.
    ///
    /// # Errors
    ///
    /// [`StatusListError::NoSuchEntry`], [`StatusListError::TooWide`].
    pub fn set(&mut self, index: u64, status: Status) -> Result<(), StatusListError> {
        let (value, mask) = (u8::from(status), self.bits.mask());
        if value & mask != value {
            return Err(StatusListError::TooWide(value));
        }
        let (byte, shift) = self.bits.place(index);
        let byte = byte.and_then(|byte| self.bytes.get_mut(byte)).ok_or(StatusListError::NoSuchEntry(index))?;
        *byte = *byte & !(mask << shift) | value << shift;
        Ok(())
    }

    /// The member `lst`: zlib (RFC 1950) in base64url (§4.2).
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(compress_to_vec_zlib(&self.bytes, COMPRESSION))
    }

    /// Reads a list out of its members `bits` and `lst` (§4.2).
    ///
    /// # Errors
    ///
    /// [`StatusListError::Bits`], [`StatusListError::Encoding`], [`StatusListError::TooLong`].
    pub fn decode(bits: u64, lst: &str) -> Result<Self, StatusListError> {
        let bits = Bits::try_from(bits)?;
        let compressed = URL_SAFE_NO_PAD.decode(lst).map_err(|_| StatusListError::Encoding)?;
        // A buffer that cannot grow: what a stranger's list claims to be costs nothing.
        let mut bytes = vec![0; MAX_LIST_BYTES];
        let length = decompress_slice_iter_to_slice(&mut bytes, iter::once(compressed.as_slice()), true, false)
            .map_err(|status| match status {
                TINFLStatus::HasMoreOutput => StatusListError::TooLong,
                _ => StatusListError::Encoding,
            })?;
        bytes.truncate(length);
        bytes.shrink_to_fit();
        Ok(Self { bits, bytes })
    }
}

/// 100,000 statuses are no reading matter.
impl std::fmt::Debug for StatusList {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StatusList").field("bits", &self.bits).field("bytes", &self.bytes.len()).finish()
    }
}

impl Bits {
    /// The position of an index: its byte, and the number of bits before it (§4.1: the least significant bit is the
    /// first). No byte when there cannot be that many.
    fn place(self, index: u64) -> (Option<usize>, u32) {
        let per_byte = 8 / self as u64;
        let before = index % per_byte * self as u64;
        (usize::try_from(index / per_byte).ok(), u32::try_from(before).unwrap_or_default())
    }

    fn mask(self) -> u8 {
        u8::MAX >> (8 - self as u32)
    }
}

impl TryFrom<u64> for Bits {
    type Error = StatusListError;

    fn try_from(bits: u64) -> Result<Self, StatusListError> {
        match bits {
            1 => Ok(Self::One),
            2 => Ok(Self::Two),
            4 => Ok(Self::Four),
            8 => Ok(Self::Eight),
            other => Err(StatusListError::Bits(other)),
        }
    }
}

impl From<u8> for Status {
    fn from(value: u8) -> Self {
        match value {
            0 => Self::Valid,
            1 => Self::Invalid,
            2 => Self::Suspended,
            other => Self::Other(other),
        }
    }
}

impl From<Status> for u8 {
    fn from(status: Status) -> Self {
        match status {
            Status::Valid => 0,
            Status::Invalid => 1,
            Status::Suspended => 2,
            Status::Other(value) => value,
        }
    }
}
