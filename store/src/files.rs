//! The files of SQLite, which their owner alone may read: they hold every claim of every credential.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

/// The suffixes of the files beside the database: <https://sqlite.org/tempfiles.html>. SQLite makes them with the
/// database's own mode.
const SUFFIXES: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// Makes the database's file where it is missing, for its owner alone whatever the umask, and takes away what an earlier
/// release, or a copy, let others do with the files that are there.
pub(crate) fn protect(database: &Path) -> io::Result<()> {
    // An existing file is not opened: to close it would drop the locks that this process has on it (fcntl_locking(2)).
    match new_file().open(database) {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    for suffix in SUFFIXES {
        let file = beside(database, suffix);
        match make_private(&file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(file = %file.display(), %error, "a file cannot be kept from other users of the machine");
            }
            _ => {}
        }
    }
    Ok(())
}

fn beside(database: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(database);
    name.push(suffix);
    name.into()
}

fn new_file() -> std::fs::OpenOptions {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(unix)]
fn make_private(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(file)?.permissions().mode();
    if mode & 0o777 == 0o600 {
        return Ok(());
    }
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn make_private(_: &Path) -> io::Result<()> {
    Ok(())
}
