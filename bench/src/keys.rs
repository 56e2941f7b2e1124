//! Key texts: the ones in the seeded data folder, and some that nobody has.

use std::fs::{self, OpenOptions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, Result};
use gate::{KeyKind, KeyText};
use model::{ExternalSystemId, Permission, Resource};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

/// The length of a key text, in bytes.
pub(crate) const LENGTH: usize = 59;

/// What an ordinary key holds.
pub(crate) const HELD: Permission = Permission::view(Resource::HolderCredentials);

/// A key text as it is sent.
pub(crate) type Text = [u8; LENGTH];

/// One key of the data folder.
#[derive(Clone, Copy)]
pub(crate) struct Key {
    pub(crate) id: ExternalSystemId,
    pub(crate) text: Text,
}

/// The keys of a data folder.
pub(crate) struct Keys {
    /// Each holds [`HELD`] and nothing else.
    pub(crate) ordinary: Vec<Key>,
    /// Holds nothing.
    pub(crate) powerless: Key,
    /// Its time is over.
    pub(crate) expired: Key,
    /// Holds everything.
    pub(crate) administrator: Key,
}

impl Keys {
    /// Writes them to a new file that its owner alone can read: the special ones first, one per line.
    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        let mut file = BufWriter::new(file);
        for Key { id, text } in [&self.powerless, &self.expired, &self.administrator].into_iter().chain(&self.ordinary)
        {
            writeln!(file, "{id} {}", String::from_utf8_lossy(text))?;
        }
        Ok(file.flush()?)
    }

    /// Reads what [`Keys::write`] wrote.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let file = fs::read_to_string(path).with_context(|| format!("no keys at {}", path.display()))?;
        let mut keys = file.lines().map(|line| {
            let (id, text) = line.split_once(' ').context("a line without a key")?;
            Ok::<_, anyhow::Error>(Key { id: ExternalSystemId(id.parse()?), text: text.as_bytes().try_into()? })
        });
        let mut special = || keys.next().context("too few keys")?;
        let (powerless, expired, administrator) = (special()?, special()?, special()?);
        Ok(Self { ordinary: keys.collect::<Result<_>>()?, powerless, expired, administrator })
    }

    /// The texts of the ordinary ones.
    pub(crate) fn texts(&self) -> Vec<Text> {
        self.ordinary.iter().map(|key| key.text).collect()
    }
}

/// Well-formed texts that nobody has.
pub(crate) fn unknown(count: usize) -> Result<Vec<Text>> {
    let mut random = StdRng::seed_from_u64(7);
    let mut draw = || {
        let text = KeyText::generate(KeyKind::ApiKey, &mut |bytes| random.fill_bytes(bytes));
        Ok(text.reveal().as_bytes().try_into()?)
    };
    (0..count).map(|_| draw()).collect()
}

/// The text with another last character, so that its checksum is wrong.
pub(crate) fn with_bad_checksum(mut text: Text) -> Text {
    if let Some(last) = text.last_mut() {
        *last = if *last == b'0' { b'1' } else { b'0' };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nobody_else_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys");
        let texts = unknown(5).unwrap();
        let mut keys = texts.iter().zip(1..).map(|(text, id)| Key { id: ExternalSystemId(uuid(id)), text: *text });
        let mut next = || keys.next().unwrap();
        let (powerless, expired, administrator) = (next(), next(), next());
        Keys { ordinary: vec![next(), next()], powerless, expired, administrator }.write(&file).unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        let read = Keys::read(&file).unwrap();
        assert_eq!(read.texts(), texts[3..]);
        assert_eq!(read.administrator.text, texts[2]);
        assert_eq!(read.ordinary[1].id, ExternalSystemId(uuid(5)));
    }

    #[test]
    fn an_unknown_text_is_well_formed_and_a_wrong_checksum_is_not() {
        for text in unknown(100).unwrap() {
            assert!(KeyText::parse(KeyKind::ApiKey, &text).is_some());
            assert!(KeyText::parse(KeyKind::ApiKey, &with_bad_checksum(text)).is_none());
        }
    }

    fn uuid(number: u128) -> uuid::Uuid {
        uuid::Uuid::from_u128(number)
    }
}
