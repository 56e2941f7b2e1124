//! One statement, one Rust body, two databases.

/// Runs the same body on the connection of whichever database it is.
macro_rules! with {
    ($conn:expr, |$c:ident| $body:expr) => {
        match &mut $conn.db {
            crate::database::Either::Sqlite($c) => $body,
            crate::database::Either::Postgres($c) => $body,
        }
    };
}

/// Refuses the statement of a transaction that has failed, and notes how another one ended.
macro_rules! attempt {
    ($conn:expr, $statement:expr) => {
        match $conn.check() {
            Ok(()) => {
                let outcome = $statement;
                $conn.note(outcome)
            }
            Err(failed) => Err(failed),
        }
    };
}

/// Executes a statement: `Result<u64, sqlx::Error>`, the number of rows that it touched.
macro_rules! execute {
    ($conn:expr, $sql:expr $(, $arg:expr)* $(,)?) => {
        attempt!($conn, with!($conn, |c| sqlx::query($sql)$(.bind($arg))*.execute(&mut **c).await.map(|done| done.rows_affected())))
    };
}

/// Fetches all rows as the given type.
macro_rules! fetch_all {
    ($conn:expr, $row:ty, $sql:expr $(, $arg:expr)* $(,)?) => {
        attempt!($conn, with!($conn, |c| sqlx::query_as::<_, $row>($sql)$(.bind($arg))*.fetch_all(&mut **c).await))
    };
}

/// Fetches the row that there is, or none.
macro_rules! fetch_optional {
    ($conn:expr, $row:ty, $sql:expr $(, $arg:expr)* $(,)?) => {
        attempt!($conn, with!($conn, |c| sqlx::query_as::<_, $row>($sql)$(.bind($arg))*.fetch_optional(&mut **c).await))
    };
}

/// Fetches the one row that there must be.
macro_rules! fetch_one {
    ($conn:expr, $row:ty, $sql:expr $(, $arg:expr)* $(,)?) => {
        attempt!($conn, with!($conn, |c| sqlx::query_as::<_, $row>($sql)$(.bind($arg))*.fetch_one(&mut **c).await))
    };
}
