//! One server at a time on a data folder: two would each answer by a gate and by limits of their own.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use anyhow::Context as _;

const NAME: &str = "claviger.lock";

/// The lock of a running server. It ends with the process, also with one that is killed: the file stays, and says
/// nothing.
pub(super) struct ServerLock {
    _file: File,
}

impl ServerLock {
    /// Takes the lock of a data folder.
    ///
    /// # Errors
    ///
    /// Another server has it, or the file cannot be made.
    pub(super) fn take(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join(NAME);
        let cannot = || format!("the lock {} cannot be taken", path.display());
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).with_context(cannot)?;
        #[cfg(unix)]
        file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600)).with_context(cannot)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => anyhow::bail!(
                "another server works on the data folder {}: stop it first, or choose another folder with --data",
                folder.display()
            ),
            Err(TryLockError::Error(error)) => Err(error).with_context(cannot),
        }
    }
}
