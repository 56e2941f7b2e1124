//! Errors of the store.

use sqlx::sqlite::SqliteError;

/// The result of the store's functions.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// Why a statement or a transaction failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another record has this name (or whatever the operation says must be unique).
    #[error("already taken")]
    Taken,
    /// The database cannot be reached or refused the statement.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The schema could not be brought up to date, or is of a later release.
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// There is no database of Claviger, and none was to be made.
    #[error("there is no database of Claviger")]
    Absent,
    /// A column holds a value that this release could not have written.
    #[error("column {table}.{column} holds an unreadable value")]
    Unreadable {
        /// The table.
        table: &'static str,
        /// The column's name.
        column: &'static str,
    },
}

impl StoreError {
    /// Maps a unique violation to [`StoreError::Taken`].
    ///
    /// SQLite reports no constraint name through sqlx, so the operation decides what was taken.
    pub(crate) fn unique(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(cause) if cause.is_unique_violation() => Self::Taken,
            _ => Self::Database(error),
        }
    }

    /// Whether the database lacks something that it may have again later: it cannot be reached, is locked, is full, or
    /// its machine fails. Neither the request nor the server is at fault.
    pub fn is_unavailable(&self) -> bool {
        use sqlx::Error::{Io, PoolClosed, PoolTimedOut, Tls, WorkerCrashed};
        match self {
            Self::Database(Io(_) | PoolClosed | PoolTimedOut | Tls(_) | WorkerCrashed) => true,
            Self::Database(sqlx::Error::Database(cause)) => {
                let code = cause.code().unwrap_or_default();
                match cause.try_downcast_ref::<SqliteError>() {
                    Some(_) => code.parse().is_ok_and(sqlite_lacks),
                    None => postgres_lacks(&code),
                }
            }
            _ => false,
        }
    }
}

/// <https://sqlite.org/rescode.html>; the low byte of an extended code is its primary one.
fn sqlite_lacks(code: i32) -> bool {
    const BUSY: i32 = 5;
    const LOCKED: i32 = 6;
    const NOMEM: i32 = 7;
    const READONLY: i32 = 8;
    const IOERR: i32 = 10;
    const FULL: i32 = 13;
    const CANTOPEN: i32 = 14;
    const PROTOCOL: i32 = 15;
    matches!(code & 0xff, BUSY | LOCKED | NOMEM | READONLY | IOERR | FULL | CANTOPEN | PROTOCOL)
}

/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>: whole classes, and two codes of others.
fn postgres_lacks(code: &str) -> bool {
    const CLASSES: [&str; 8] = [
        "08", // connection exception
        "28", // invalid authorization: its administrator has changed the password
        "3D", // the database is not there
        "40", // transaction rollback: a deadlock, or the server could not serialise
        "53", // insufficient resources: a full disk, no memory, too many connections
        "55", // not in the prerequisite state: a lock was held too long
        "57", // operator intervention: shut down, starting, cancelled
        "58", // system error: I/O
    ];
    const READ_ONLY: &str = "25006"; // a standby that has not taken over yet
    const IDLE_TOO_LONG: &str = "25P03";
    CLASSES.iter().any(|class| code.starts_with(class)) || matches!(code, READ_ONLY | IDLE_TOO_LONG)
}
