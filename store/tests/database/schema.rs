//! The migrations of the two databases make the same tables.

use sqlx::{Connection, PgConnection, SqliteConnection};
use store::Location;
use store::testing::Database;

/// One question about a schema, asked in the words of each database, answered with the same lines.
struct Question {
    sqlite: &'static str,
    postgres: &'static str,
    /// A line that the answer must have, so that two empty answers are not equal.
    witness: &'static str,
}

const COLUMNS: Question = Question {
    sqlite: "SELECT t.name || '.' || c.name || ' ' || c.type || CASE c.\"notnull\" WHEN 1 THEN ' NOT NULL' ELSE '' END
             FROM sqlite_schema t JOIN pragma_table_info(t.name) c
             WHERE t.type = 'table' AND t.name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND t.name NOT LIKE 'sqlite%'",
    postgres: "SELECT table_name || '.' || column_name || ' '
                || CASE data_type WHEN 'text' THEN 'TEXT' WHEN 'bigint' THEN 'INTEGER' WHEN 'bytea' THEN 'BLOB' ELSE data_type END
                || CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END
             FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%'",
    witness: "external_systems.name TEXT NOT NULL",
};

const PRIMARY_KEYS: Question = Question {
    sqlite: "SELECT t.name || ' (' || (SELECT group_concat(name, ', ')
                FROM (SELECT name FROM pragma_table_info(t.name) WHERE pk > 0 ORDER BY pk)) || ')'
             FROM sqlite_schema t
             WHERE t.type = 'table' AND t.name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND t.name NOT LIKE 'sqlite%'",
    postgres: "SELECT t.relname || ' (' || (SELECT string_agg(pg_get_indexdef(x.indexrelid, k, true), ', ' ORDER BY k)
                FROM generate_series(1, x.indnatts) k) || ')'
             FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid
             WHERE x.indisprimary AND t.relnamespace = 'public'::regnamespace AND t.relname NOT LIKE '\\_sqlx%'",
    witness: "user_roles (user_id, role_id)",
};

/// A unique constraint has a name of the database's own choice; an index has ours.
const INDEXES: Question = Question {
    sqlite: "SELECT t.name || ' ' || CASE i.origin WHEN 'c' THEN i.name ELSE 'constraint' END
                || CASE i.\"unique\" WHEN 1 THEN ' unique' ELSE '' END
                || ' (' || (SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) || ')'
                || COALESCE((SELECT substr(sql, instr(sql, ' WHERE ')) FROM sqlite_schema
                    WHERE name = i.name AND instr(sql, ' WHERE ') > 0), '')
             FROM sqlite_schema t JOIN pragma_index_list(t.name) i
             WHERE t.type = 'table' AND t.name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND i.origin <> 'pk'",
    postgres: "SELECT t.relname || ' ' || CASE WHEN c.oid IS NULL THEN i.relname ELSE 'constraint' END
                || CASE WHEN x.indisunique THEN ' unique' ELSE '' END
                || ' (' || (SELECT string_agg(pg_get_indexdef(x.indexrelid, k, true), ', ' ORDER BY k)
                    FROM generate_series(1, x.indnatts) k) || ')'
                || COALESCE(' WHERE ' || trim(both '()' from pg_get_expr(x.indpred, x.indrelid)), '')
             FROM pg_index x
                JOIN pg_class t ON t.oid = x.indrelid
                JOIN pg_class i ON i.oid = x.indexrelid
                LEFT JOIN pg_constraint c ON c.conindid = x.indexrelid AND c.contype = 'u'
             WHERE NOT x.indisprimary AND t.relnamespace = 'public'::regnamespace AND t.relname NOT LIKE '\\_sqlx%'",
    witness: "external_systems external_systems_name unique (wallet_id, kind, name_key) WHERE deleted_at IS NULL",
};

const FOREIGN_KEYS: Question = Question {
    sqlite:
        "SELECT t.name || ' FOREIGN KEY (' || f.\"from\" || ') REFERENCES ' || f.\"table\" || '(' || f.\"to\" || ')'
             FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table'",
    postgres: "SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
             WHERE contype = 'f' AND connamespace = 'public'::regnamespace",
    witness: "external_systems FOREIGN KEY (wallet_id) REFERENCES wallets(id)",
};

struct Schemas {
    sqlite: SqliteConnection,
    postgres: PgConnection,
}

impl Schemas {
    async fn of(sqlite: &Database, postgres: &Database) -> Self {
        for database in [sqlite, postgres] {
            database.store().await.close().await;
        }
        let (Location::Sqlite(path), Location::Postgres(url)) = (sqlite.location(), postgres.location()) else {
            panic!("one of each");
        };
        Self {
            sqlite: SqliteConnection::connect(path.to_str().unwrap()).await.unwrap(),
            postgres: PgConnection::connect(&url).await.unwrap(),
        }
    }

    async fn answer(&mut self, question: &Question) -> (Vec<String>, Vec<String>) {
        let mut sqlite: Vec<String> = sqlx::query_scalar(question.sqlite).fetch_all(&mut self.sqlite).await.unwrap();
        let mut postgres: Vec<String> =
            sqlx::query_scalar(question.postgres).fetch_all(&mut self.postgres).await.unwrap();
        sqlite.sort();
        postgres.sort();
        (sqlite, postgres)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_databases_have_the_same_schema() {
    let (sqlite, postgres) = (Database::sqlite().await, Database::postgres().await);
    let mut schemas = Schemas::of(&sqlite, &postgres).await;
    for question in [COLUMNS, PRIMARY_KEYS, INDEXES, FOREIGN_KEYS] {
        let (sqlite, postgres) = schemas.answer(&question).await;
        assert!(sqlite.iter().any(|line| line == question.witness), "{sqlite:#?}");
        assert_eq!(sqlite, postgres);
    }
    drop(schemas);
    sqlite.discard().await;
    postgres.discard().await;
}

/// SQLite compares bytes; with any other collation PostgreSQL would page through names in another order.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn text_is_ordered_by_its_bytes() {
    let postgres = Database::postgres().await;
    postgres.store().await.close().await;
    let Location::Postgres(url) = postgres.location() else { panic!("a server") };
    let mut server = PgConnection::connect(&url).await.unwrap();
    let columns = "SELECT collation_name::text FROM information_schema.columns
         WHERE table_schema = 'public' AND data_type = 'text' AND table_name NOT LIKE '\\_sqlx%'";
    let collations: Vec<Option<String>> = sqlx::query_scalar(columns).fetch_all(&mut server).await.unwrap();
    assert!(collations.len() > 20);
    assert!(collations.iter().all(|collation| collation.as_deref() == Some("C")), "{collations:?}");
    server.close().await.unwrap();
    postgres.discard().await;
}
