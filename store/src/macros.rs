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

/// A statement with its arguments.
macro_rules! bound {
    ($sql:expr, $values:expr) => {
        $values.into_iter().fold(sqlx::query($sql), |query, value| match value {
            crate::column::Value::Text(text) => query.bind(text),
            crate::column::Value::Number(number) => query.bind(number),
            crate::column::Value::Bytes(bytes) => query.bind(bytes),
        })
    };
}
