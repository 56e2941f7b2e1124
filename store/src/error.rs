//! What can go wrong in the store.

/// Why the store did not do what was asked.
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
    /// A column holds what this release could not have written.
    #[error("column {column} holds an unreadable value")]
    Unreadable {
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

    /// Whether the database could not be reached in time, so that a later try may succeed.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::PoolTimedOut | sqlx::Error::Io(_) | sqlx::Error::PoolClosed))
    }
}
