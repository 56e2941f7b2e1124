//! The master key: the one secret of a server, from which every other key is derived.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::randomness::Randomness;

/// 32 bytes that never leave the process, except into the file that they came from.
pub struct MasterKey(Zeroizing<[u8; 32]>);

/// The purpose of a derived key; each purpose has a key of its own.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    /// Digests of key texts.
    Digest,
    /// Encryption of the wallet's private keys.
    Sealing,
    /// Digests of values that are only compared.
    KeyedDigest,
    /// Telling whether the database belongs to this master key.
    Check,
}

/// Why there is no master key.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// The file cannot be read or made.
    #[error("the master key file {path}: {cause}")]
    File {
        /// The file.
        path: String,
        /// The error of the system.
        cause: io::Error,
    },
    /// Others can read the file.
    #[error("the master key file {0} can be read by others: chmod 600 it")]
    Exposed(String),
    /// Not 32 bytes in base64.
    #[error("a master key is 32 bytes in base64: make one with `openssl rand -base64 32`")]
    Malformed,
}

impl MasterKey {
    /// A key from its base64 text.
    pub fn parse(text: &str) -> Result<Self, MasterKeyError> {
        let bytes = Zeroizing::new(BASE64.decode(text.trim()).map_err(|_| MasterKeyError::Malformed)?);
        let bytes = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| MasterKeyError::Malformed)?;
        Ok(Self(Zeroizing::new(bytes)))
    }

    /// Reads the key of an operator's file.
    pub fn read(path: &Path) -> Result<Self, MasterKeyError> {
        let file_error = |cause| MasterKeyError::File { path: path.display().to_string(), cause };
        let text = Zeroizing::new(fs::read_to_string(path).map_err(file_error)?);
        Self::parse(&text)
    }

    /// Reads the key of a data folder, which must be there.
    pub fn read_private(path: &Path) -> Result<Self, MasterKeyError> {
        let file_error = |cause| MasterKeyError::File { path: path.display().to_string(), cause };
        refuse_exposed(path, &fs::metadata(path).map_err(file_error)?)?;
        Self::read(path)
    }

    /// Reads the key of a data folder, or makes it at the first start, readable by its owner alone.
    pub fn read_or_make(path: &Path, randomness: &Randomness) -> Result<Self, MasterKeyError> {
        let file_error = |cause| MasterKeyError::File { path: path.display().to_string(), cause };
        match fs::metadata(path) {
            Ok(_) => Self::read_private(path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let mut bytes = Zeroizing::new([0; 32]);
                randomness.fill(bytes.as_mut());
                let text = Zeroizing::new(BASE64.encode(bytes.as_ref()));
                match write_new(path, &text) {
                    Ok(()) => Ok(Self(bytes)),
                    // Another process of this folder was faster: its key is the one.
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Self::read(path),
                    Err(error) => Err(file_error(error)),
                }
            }
            Err(error) => Err(file_error(error)),
        }
    }

    /// The key for one purpose (HKDF-SHA-256, RFC 5869).
    pub fn derive(&self, purpose: Purpose) -> Zeroizing<[u8; 32]> {
        let info = match purpose {
            Purpose::Digest => "claviger/1/digest",
            Purpose::Sealing => "claviger/1/sealing",
            Purpose::KeyedDigest => "claviger/1/keyed-digest",
            Purpose::Check => "claviger/1/check",
        };
        let mut key = Zeroizing::new([0; 32]);
        let expanded = Hkdf::<Sha256>::new(None, self.0.as_ref()).expand(info.as_bytes(), key.as_mut());
        debug_assert!(expanded.is_ok(), "32 bytes are within what one HKDF gives");
        key
    }
}

/// Writes the whole key under another name first, so that no crash and no other process meets half of it.
fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    #[cfg(unix)]
    file.as_file().set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    file.write_all(text.as_bytes())?;
    file.write_all(b"\n")?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path).map_err(|error| error.error)?;
    fs::File::open(folder)?.sync_all()
}

#[cfg(unix)]
fn refuse_exposed(path: &Path, metadata: &fs::Metadata) -> Result<(), MasterKeyError> {
    use std::os::unix::fs::PermissionsExt as _;
    let others = metadata.permissions().mode() & 0o077;
    if others == 0 { Ok(()) } else { Err(MasterKeyError::Exposed(path.display().to_string())) }
}

#[cfg(not(unix))]
fn refuse_exposed(_: &Path, _: &fs::Metadata) -> Result<(), MasterKeyError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_readable_by_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let made = MasterKey::read_or_make(&path, &Randomness::system()).unwrap();
        let read = MasterKey::read_or_make(&path, &Randomness::system()).unwrap();
        assert_eq!(made.derive(Purpose::Digest), read.derive(Purpose::Digest));
        assert_ne!(made.derive(Purpose::Digest), made.derive(Purpose::Sealing));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
            assert!(matches!(MasterKey::read_or_make(&path, &Randomness::system()), Err(MasterKeyError::Exposed(_))));
        }
    }

    #[test]
    fn a_text_that_is_not_32_bytes_of_base64_is_refused() {
        for text in ["", "secret", "AAAA", "!!!!"] {
            assert!(matches!(MasterKey::parse(text), Err(MasterKeyError::Malformed)), "{text}");
        }
        assert!(matches!(MasterKey::read(Path::new("/nowhere/master.key")), Err(MasterKeyError::File { .. })));
    }
}
