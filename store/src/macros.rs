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

/// The status of a row at the instant of a parameter: what is still open when its time is over has expired.
macro_rules! status_at {
    ($column:literal, $open:literal, $now:literal) => {
        concat!(
            "CASE WHEN ",
            $column,
            " IN (",
            $open,
            ") AND expires_at <= ",
            $now,
            " THEN 'expired' ELSE ",
            $column,
            " END"
        )
    };
}

/// The filter of a list of sessions (`SessionFilter`), with the statuses in which a session is open.
macro_rules! session_filter {
    ($open:literal) => {
        concat!(
            "AND ($2 IS NULL OR correlation_id = $2) AND ($3 IS NULL OR template_id = $3) AND ($4 IS NULL OR $4 = ",
            status_at!("status", $open, "$5"),
            ")"
        )
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
