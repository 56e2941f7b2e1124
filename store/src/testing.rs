//! A fresh database for each test, on SQLite and on PostgreSQL (feature `testing`).
//!
//! Failures here are those of the test machine, so they panic.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use tempfile::TempDir;

use crate::database::{POSTGRES, SQLITE, migrations};
use crate::{Location, Store};

/// The environment variable with the URL of a PostgreSQL server on which the tests may make databases, such
/// as `postgres://postgres@127.0.0.1:5432/postgres`.
pub const SERVER: &str = "CLAVIGER_TEST_DATABASE_URL";

/// An empty database of one test. A test that fails leaves its PostgreSQL database behind, to be looked at.
#[derive(Debug)]
pub struct Database {
    location: Location,
    home: Home,
}

#[derive(Debug)]
enum Home {
    Folder(TempDir),
    Server { url: String, name: String },
}

/// Makes two tests of each function, `sqlite::…` and `postgres::…`, each with a database of its own.
///
/// Once in a module; the crate that uses it needs tokio with `macros` and `rt-multi-thread`.
///
/// ```
/// store::both_databases! {
///     async fn a_new_database_is_at_revision_0(db: &Database) {
///         let store = db.store().await;
///         assert_eq!(store.read().await.unwrap().revision().await.unwrap(), 0);
///     }
/// }
/// ```
#[macro_export]
macro_rules! both_databases {
    ($( $(#[$meta:meta])* async fn $name:ident($db:ident: &Database) $body:block )+) => {
        // `cfg(test)` tells clippy that these are tests, although the attribute is on others.
        $( #[cfg(test)] $(#[$meta])* async fn $name($db: &$crate::testing::Database) $body )+

        #[cfg(test)]
        mod sqlite {$(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let db = $crate::testing::Database::sqlite().await;
                super::$name(&db).await;
                db.discard().await;
            }
        )+}

        #[cfg(test)]
        mod postgres {$(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let db = $crate::testing::Database::postgres().await;
                super::$name(&db).await;
                db.discard().await;
            }
        )+}
    };
}

#[expect(clippy::expect_used, reason = "only tests use this module")]
impl Database {
    /// A file in a new temporary folder.
    ///
    /// # Panics
    ///
    /// When the folder cannot be made.
    #[expect(clippy::unused_async, reason = "both databases are made alike")]
    pub async fn sqlite() -> Self {
        let folder = tempfile::Builder::new().prefix("claviger_test_").tempdir().expect("a temporary folder");
        let location = Location::Sqlite(folder.path().join("claviger.db"));
        Self { location, home: Home::Folder(folder) }
    }

    /// A new database on the server of [`SERVER`].
    ///
    /// # Panics
    ///
    /// When the variable is not set or the server does not make the database.
    pub async fn postgres() -> Self {
        let url = std::env::var(SERVER).unwrap_or_else(|_| {
            panic!("{SERVER} is not set; it names a PostgreSQL server on which tests may make databases")
        });
        let name = unused_name();
        let mut server = connect(&url).await;
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE template0")))
            .execute(&mut server)
            .await
            .expect("the server makes databases");
        let location = Location::Postgres(options(&url).database(&name).to_url_lossy().into());
        Self { location, home: Home::Server { url, name } }
    }

    /// Where it is, for a program under test.
    pub fn location(&self) -> Location {
        self.location.clone()
    }

    /// Opens it.
    ///
    /// # Panics
    ///
    /// When it does not open.
    pub async fn store(&self) -> Store {
        Store::open(&self.location).await.expect("the database opens")
    }

    /// Brings its schema to where the first `count` migrations lead, as an earlier release left it.
    ///
    /// # Panics
    ///
    /// When they fail.
    pub async fn migrate_first(&self, count: usize) {
        let done = match &self.location {
            Location::Sqlite(path) => {
                let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
                let mut file = SqliteConnection::connect_with(&options).await.expect("the file opens");
                let done = migrations(SQLITE.get(..count).expect("so many migrations")).run(&mut file).await;
                file.close().await.expect("the file closes");
                done
            }
            Location::Postgres(url) => {
                let migrator = migrations(POSTGRES.get(..count).expect("so many migrations"));
                migrator.run(&mut connect(url).await).await
            }
        };
        done.expect("the schema is made");
    }

    /// Executes a statement past the store, for states that the store itself never makes. Returns the number of rows
    /// that it touched.
    ///
    /// # Panics
    ///
    /// When the statement fails.
    pub async fn execute(&self, sql: &str) -> u64 {
        let sql = AssertSqlSafe(sql.to_owned());
        let done = match &self.location {
            Location::Sqlite(path) => {
                let options = SqliteConnectOptions::new().filename(path);
                let mut file = SqliteConnection::connect_with(&options).await.expect("the file opens");
                let done = sqlx::query(sql).execute(&mut file).await.map(|done| done.rows_affected());
                file.close().await.expect("the file closes");
                done
            }
            Location::Postgres(url) => {
                let mut server = connect(url).await;
                sqlx::query(sql).execute(&mut server).await.map(|done| done.rows_affected())
            }
        };
        done.expect("the statement is executed")
    }

    /// Everything that it keeps: the bytes of its files, or every row of every table as text, in which bytes
    /// stand in hexadecimal.
    ///
    /// # Panics
    ///
    /// When it cannot be read.
    pub async fn contents(&self) -> Vec<u8> {
        let mut contents = Vec::new();
        match &self.location {
            Location::Sqlite(path) => {
                let folder = path.parent().expect("the file is in a folder");
                for file in std::fs::read_dir(folder).expect("the folder can be read") {
                    contents.extend(std::fs::read(file.expect("an entry").path()).expect("the file can be read"));
                }
            }
            Location::Postgres(url) => {
                let mut server = connect(url).await;
                let tables = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'";
                let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut server).await.expect("the tables");
                for table in tables {
                    let rows = AssertSqlSafe(format!("SELECT t::text FROM \"{table}\" AS t"));
                    let rows: Vec<String> = sqlx::query_scalar(rows).fetch_all(&mut server).await.expect("the rows");
                    contents.extend(rows.into_iter().flat_map(String::into_bytes));
                }
            }
        }
        contents
    }

    /// Removes it, even while there are connections to it.
    ///
    /// # Panics
    ///
    /// When it cannot be removed.
    pub async fn discard(self) {
        match self.home {
            Home::Folder(folder) => folder.close().expect("the temporary folder can be removed"),
            Home::Server { url, name } => {
                let mut server = connect(&url).await;
                sqlx::query(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)")))
                    .execute(&mut server)
                    .await
                    .expect("the server drops databases");
            }
        }
    }
}

fn options(url: &str) -> PgConnectOptions {
    url.parse().unwrap_or_else(|error| panic!("{SERVER}: {error}"))
}

async fn connect(url: &str) -> PgConnection {
    let connection = PgConnection::connect_with(&options(url)).await;
    connection.unwrap_or_else(|error| panic!("no answer from the server of {SERVER}: {error}"))
}

/// A database name that no other test has, in this process, another, or one of an earlier day.
fn unused_name() -> String {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let counter = COUNTER.fetch_add(1, Ordering::Relaxed);
    // The hasher's keys are random in each process.
    let random = RandomState::new().hash_one(counter);
    format!("claviger_test_{}_{counter}_{random:016x}", std::process::id())
}
