//! The two databases behind one interface.

use std::path::PathBuf;
use std::time::Duration;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Executor as _, Postgres, SqlSafeStr, Sqlite, Transaction};

use crate::{StoreError, files};

/// The number of connections for reading. There is one writer at a time.
const READERS: u32 = 8;
/// How long to wait for a connection or a lock before the database counts as unavailable.
const WAIT: Duration = Duration::from_secs(10);
/// How long an answered deletion may wait for readers until it is off the disk as well.
const WAIT_FOR_READERS: Duration = Duration::from_millis(500);

/// Where the database is.
#[derive(Clone, Debug)]
pub enum Location {
    /// A file of the embedded SQLite; made when it is absent.
    Sqlite(PathBuf),
    /// A PostgreSQL server, as `postgres://user:password@host/database`.
    Postgres(String),
}

/// The database of one server.
#[derive(Clone, Debug)]
pub struct Store {
    db: Db,
}

#[derive(Clone, Debug)]
enum Db {
    /// SQLite has one writer at a time; a pool of one makes the wait fair and free of busy errors.
    Sqlite {
        read: SqlitePool,
        write: SqlitePool,
    },
    Postgres(PgPool),
}

#[derive(Clone, Copy)]
pub(crate) enum Either<S, P> {
    Sqlite(S),
    Postgres(P),
}

/// A transaction on either database; rolled back when dropped.
///
/// After a statement that the database refused it takes no other one and is never committed. PostgreSQL has this rule of
/// its own; SQLite may have ended the transaction by itself, and would commit every later statement at once
/// (<https://sqlite.org/lang_transaction.html#response_to_errors_within_a_transaction>).
pub struct Conn {
    pub(crate) db: Either<Transaction<'static, Sqlite>, Transaction<'static, Postgres>>,
    failed: bool,
}

/// A transaction for reading, which sees one moment of the database.
pub type Read = Conn;

impl Store {
    /// Opens the database and brings its schema up to date.
    ///
    /// # Errors
    ///
    /// When it cannot be reached, or its schema is of a later release.
    pub async fn open(location: &Location) -> Result<Self, StoreError> {
        let db = match location {
            Location::Sqlite(path) => {
                files::protect(path).map_err(sqlx::Error::Io)?;
                let options = SqliteConnectOptions::new()
                    .filename(path)
                    .journal_mode(SqliteJournalMode::Wal)
                    // An answered change survives a power cut, not only a crash of the process.
                    .synchronous(SqliteSynchronous::Full)
                    .foreign_keys(true)
                    // What is deleted is overwritten, not only unlinked.
                    .pragma("secure_delete", "on")
                    .busy_timeout(WAIT)
                    .disable_statement_logging();
                let write = sqlite_pool(1).connect_with(options.clone()).await?;
                migrations(SQLITE).run(&write).await?;
                let read = sqlite_pool(READERS).connect_with(options.pragma("query_only", "on")).await?;
                Db::Sqlite { read, write }
            }
            Location::Postgres(url) => {
                let options = url.parse::<PgConnectOptions>()?.disable_statement_logging();
                // Another server may be running the migrations, for as long as they take: this connection has no time
                // limit.
                let mut server = options.connect().await?;
                migrations(POSTGRES).run(&mut server).await?;
                server.close().await?;
                Db::Postgres(postgres_pool().connect_with(options).await?)
            }
        };
        Ok(Self { db })
    }

    /// Opens a database that is there, also one of an earlier release; makes none.
    ///
    /// # Errors
    ///
    /// As [`Store::open`], and [`StoreError::Absent`].
    pub async fn open_existing(location: &Location) -> Result<Self, StoreError> {
        let exists = match location {
            Location::Sqlite(path) if !path.try_exists().map_err(sqlx::Error::Io)? => false,
            Location::Sqlite(path) => {
                let mut file = SqliteConnectOptions::new().filename(path).busy_timeout(WAIT).connect().await?;
                let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = '_sqlx_migrations')";
                let exists = sqlx::query_scalar(sql).fetch_one(&mut file).await?;
                file.close().await?;
                exists
            }
            Location::Postgres(url) => {
                let mut server = url.parse::<PgConnectOptions>()?.connect().await?;
                let sql = "SELECT to_regclass('_sqlx_migrations') IS NOT NULL";
                let exists = sqlx::query_scalar(sql).fetch_one(&mut server).await?;
                server.close().await?;
                exists
            }
        };
        if exists { Self::open(location).await } else { Err(StoreError::Absent) }
    }

    /// Begins a transaction for reading.
    pub async fn read(&self) -> Result<Read, StoreError> {
        Ok(Conn::new(match &self.db {
            Db::Sqlite { read, .. } => Either::Sqlite(read.begin().await?),
            Db::Postgres(pool) => {
                Either::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)
            }
        }))
    }

    /// Begins a transaction for writing; SQLite takes its one write lock here.
    pub(crate) async fn write(&self) -> Result<Conn, StoreError> {
        Ok(Conn::new(match &self.db {
            Db::Sqlite { write, .. } => Either::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Db::Postgres(pool) => Either::Postgres(pool.begin().await?),
        }))
    }

    /// Moves SQLite's write-ahead log into the file and empties it: the log keeps pages as they were before a
    /// deletion, where `secure_delete` does not reach. PostgreSQL leaves this to its vacuum.
    ///
    /// The deletion is committed whether this succeeds or not, so a failure is logged; the next one, or the
    /// end of the server, makes up for it.
    pub(crate) async fn empty_log(&self) {
        let Db::Sqlite { write, .. } = &self.db else { return };
        let options = (*write.connect_options()).clone();
        match checkpoint(options.busy_timeout(WAIT_FOR_READERS)).await {
            Ok(true) => {}
            Ok(false) => tracing::warn!("a reader keeps deleted rows in the write-ahead log"),
            Err(error) => tracing::warn!(%error, "the write-ahead log cannot be emptied"),
        }
    }

    /// Executes a statement on every open connection for writing. For tests that need a setting of each connection,
    /// such as SQLite's `max_page_count` for a full disk.
    #[cfg(feature = "testing")]
    pub async fn execute_on_writers(&self, sql: &str) -> Result<(), StoreError> {
        let sql = || sqlx::AssertSqlSafe(sql.to_owned());
        match &self.db {
            Db::Sqlite { write, .. } => {
                write.acquire().await?.execute(sql()).await?;
            }
            Db::Postgres(pool) => {
                let mut taken = Vec::new();
                // Those that are on their way back are waited for.
                while u32::try_from(taken.len()).unwrap_or(u32::MAX) < pool.size() {
                    let mut connection = pool.acquire().await?;
                    connection.execute(sql()).await?;
                    taken.push(connection);
                }
            }
        }
        Ok(())
    }

    /// Waits for running transactions and closes every connection.
    pub async fn close(&self) {
        match &self.db {
            Db::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Db::Postgres(pool) => pool.close().await,
        }
    }
}

/// Connections to the file. One whose transaction SQLite has ended by itself (a full disk, an I/O error, no memory, a
/// failed COMMIT) cannot be rolled back, so sqlx still counts it as being in the transaction and would begin none on it
/// again: it is closed, and the next one that is needed is opened anew.
fn sqlite_pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new().max_connections(connections).acquire_timeout(WAIT).after_release(|connection, _| {
        Box::pin(async move {
            // The rollback of a dropped transaction is only queued until now.
            connection.ping().await?;
            let ended = !connection.is_in_transaction();
            if !ended {
                tracing::warn!("a connection to the database is replaced: its transaction ended in an error");
            }
            Ok(ended)
        })
    })
}

/// Connections to the server. One that died is found out before it is used again, and replaced.
fn postgres_pool() -> PgPoolOptions {
    PgPoolOptions::new().max_connections(READERS).acquire_timeout(WAIT).after_connect(|connection, _| {
        Box::pin(async move {
            // SQLite has its busy timeout for this.
            let limit = format!("SET lock_timeout = {}", WAIT.as_millis());
            connection.execute(sqlx::AssertSqlSafe(limit)).await?;
            Ok(())
        })
    })
}

/// Empties the log; returns whether no reader was in the way (<https://sqlite.org/pragma.html#pragma_wal_checkpoint>).
async fn checkpoint(options: SqliteConnectOptions) -> Result<bool, sqlx::Error> {
    let mut file = options.connect().await?;
    let (busy, _, _): (i64, i64, i64) = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut file).await?;
    file.close().await?;
    Ok(busy == 0)
}

impl Conn {
    fn new(db: Either<Transaction<'static, Sqlite>, Transaction<'static, Postgres>>) -> Self {
        Self { db, failed: false }
    }

    /// Refuses a statement after one that failed.
    pub(crate) fn check(&self) -> Result<(), sqlx::Error> {
        if self.failed { Err(sqlx::Error::Protocol("the transaction has failed".to_owned())) } else { Ok(()) }
    }

    /// Notes how a statement ended.
    pub(crate) fn note<T>(&mut self, outcome: Result<T, sqlx::Error>) -> Result<T, sqlx::Error> {
        self.failed |= !matches!(outcome, Ok(_) | Err(sqlx::Error::RowNotFound));
        outcome
    }

    pub(crate) async fn finish(self) -> Result<(), StoreError> {
        self.check()?;
        match self.db {
            Either::Sqlite(tx) => tx.commit().await?,
            Either::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

impl std::fmt::Debug for Conn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.db {
            Either::Sqlite(_) => "Conn(sqlite)",
            Either::Postgres(_) => "Conn(postgres)",
        })
    }
}

/// The migrations of both databases, under the same names; a test compares their schemas.
pub(crate) const SQLITE: &[(i64, &str, &str)] = &[
    (1, "foundation", include_str!("../migrations/sqlite/0001_foundation.sql")),
    (2, "oauth_clients", include_str!("../migrations/sqlite/0002_oauth_clients.sql")),
    (3, "deliveries", include_str!("../migrations/sqlite/0003_deliveries.sql")),
    (4, "status_lists", include_str!("../migrations/sqlite/0004_status_lists.sql")),
    (5, "issuer_templates", include_str!("../migrations/sqlite/0005_issuer_templates.sql")),
    (7, "verifier_templates", include_str!("../migrations/sqlite/0007_verifier_templates.sql")),
    (9, "holding", include_str!("../migrations/sqlite/0009_holding.sql")),
    (10, "profiles", include_str!("../migrations/sqlite/0010_profiles.sql")),
    (6, "issuances", include_str!("../migrations/sqlite/0006_issuances.sql")),
    (8, "verifications", include_str!("../migrations/sqlite/0008_verifications.sql")),
    (11, "limits_and_usage", include_str!("../migrations/sqlite/0011_limits_and_usage.sql")),
    (13, "makers_and_addresses", include_str!("../migrations/sqlite/0013_makers_and_addresses.sql")),
    (16, "verifications_again", include_str!("../migrations/sqlite/0016_verifications_again.sql")),
    (17, "offers", include_str!("../migrations/sqlite/0017_offers.sql")),
];
pub(crate) const POSTGRES: &[(i64, &str, &str)] = &[
    (1, "foundation", include_str!("../migrations/postgres/0001_foundation.sql")),
    (2, "oauth_clients", include_str!("../migrations/postgres/0002_oauth_clients.sql")),
    (3, "deliveries", include_str!("../migrations/postgres/0003_deliveries.sql")),
    (4, "status_lists", include_str!("../migrations/postgres/0004_status_lists.sql")),
    (5, "issuer_templates", include_str!("../migrations/postgres/0005_issuer_templates.sql")),
    (7, "verifier_templates", include_str!("../migrations/postgres/0007_verifier_templates.sql")),
    (9, "holding", include_str!("../migrations/postgres/0009_holding.sql")),
    (10, "profiles", include_str!("../migrations/postgres/0010_profiles.sql")),
    (6, "issuances", include_str!("../migrations/postgres/0006_issuances.sql")),
    (8, "verifications", include_str!("../migrations/postgres/0008_verifications.sql")),
    (11, "limits_and_usage", include_str!("../migrations/postgres/0011_limits_and_usage.sql")),
    (13, "makers_and_addresses", include_str!("../migrations/postgres/0013_makers_and_addresses.sql")),
    (16, "verifications_again", include_str!("../migrations/postgres/0016_verifications_again.sql")),
    (17, "offers", include_str!("../migrations/postgres/0017_offers.sql")),
];

pub(crate) fn migrations(texts: &'static [(i64, &'static str, &'static str)]) -> Migrator {
    Migrator::with_migrations(
        texts
            .iter()
            .map(|(version, name, sql)| {
                Migration::new(*version, (*name).into(), MigrationType::Simple, sql.into_sql_str(), false)
            })
            .collect(),
    )
}
