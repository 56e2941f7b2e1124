//! Records: how a row becomes one, and what is done alike with those of every table.
//!
//! `record!` says which columns a record has. [`Conn`] then reads one, those that a condition leaves, or a page, and
//! [`Tx`] inserts, updates and deletes; what is inserted or updated is returned as it is stored. Unless a name says
//! otherwise the first parameter of a statement, `$1`, is the wallet.

use std::fmt::{Display, Write as _};

use model::{Actor, WalletId};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, ColumnIndex as _, Decode, Postgres, Row as _, SqlSafeStr, Sqlite, Type, ValueRef as _};

use crate::column::{FromColumn, ToColumn, Value};
use crate::database::{Conn, Either};
use crate::{Cursor, CursorValue, List, Page, Result, Store, StoreError, Tx};

/// What a row of one table is.
pub trait Record: Sized {
    /// The table.
    const TABLE: &'static str;
    /// What is selected of it, and returned when it is inserted or updated.
    const COLUMNS: &'static str;
    /// Which rows are the wallet's, `$1`.
    const WHERE: &'static str;
    /// Its id; [`std::convert::Infallible`] where a row alone is not the whole of it.
    type Id: Display;

    /// Reads it.
    fn read(row: &Row<'_>) -> Result<Self>;
}

/// A record whose columns are called as its fields are, in a table whose rows are those of the wallet unless `where`
/// says it better. Fields that are something else come after the further columns from which they are made. With a `fn`
/// it is found by its id.
macro_rules! record {
    (
        $(#[$doc:meta])*
        fn $get:ident($id:ty) -> $record:ident in $table:literal $(where $where:literal)? { $($fields:tt)* } $($more:tt)*
    ) => {
        record!(@ $record, $id, $table, [$($where)?] { $($fields)* } $($more)*);

        impl crate::Conn {
            $(#[$doc])*
            pub async fn $get(&mut self, wallet: model::WalletId, id: $id) -> crate::Result<Option<$record>> {
                self.get(wallet, id).await
            }
        }
    };
    ($record:ident in $table:literal $(where $where:literal)? { $($fields:tt)* } $($more:tt)*) => {
        record!(@ $record, std::convert::Infallible, $table, [$($where)?] { $($fields)* } $($more)*);
    };
    (@ $record:ident, $id:ty, $table:literal, [] $($fields:tt)*) => {
        record!(@ $record, $id, $table, ["wallet_id = $1"] $($fields)*);
    };
    (
        @ $record:ident, $id:ty, $table:literal, [$where:literal] { $column:ident $(, $columns:ident)* $(,)? }
        $(and $($more:literal)? $(|$row:ident|)? { $($field:ident: $value:expr),+ $(,)? })?
    ) => {
        impl crate::record::Record for $record {
            const TABLE: &'static str = $table;
            const COLUMNS: &'static str =
                concat!(stringify!($column) $(, ", ", stringify!($columns))* $( $(, ", ", $more)? )?);
            const WHERE: &'static str = $where;
            type Id = $id;

            fn read(row: &crate::record::Row<'_>) -> crate::Result<Self> {
                $( $( let $row = row; )? )?
                Ok(Self {
                    $column: row.get(stringify!($column))?,
                    $( $columns: row.get(stringify!($columns))?, )*
                    $( $( $field: $value, )+ )?
                })
            }
        }
    };
}

/// One row of what a statement gave.
#[derive(Clone, Copy)]
pub struct Row<'r> {
    table: &'static str,
    row: Either<&'r SqliteRow, &'r PgRow>,
}

/// One column of a row.
#[derive(Clone, Copy)]
pub(crate) struct Column<'r> {
    row: Either<&'r SqliteRow, &'r PgRow>,
    index: usize,
}

/// All rows that a statement gave.
pub(crate) struct Rows(Either<Vec<SqliteRow>, Vec<PgRow>>);

/// How a list of records is searched, filtered and sorted.
pub(crate) struct Listing {
    /// The columns in which the search is looked for, case-folded.
    pub(crate) search: &'static [&'static str],
    /// By what it is sorted, and after that by id.
    pub(crate) sort: Sort,
    /// A further condition, beginning with `AND`; its parameters begin with `$2`.
    pub(crate) filter: &'static str,
    /// The arguments of the filter.
    pub(crate) values: Vec<Value>,
}

/// What a list is sorted by: a column, or an expression of one, that is never NULL.
#[derive(Clone, Copy)]
pub(crate) enum Sort {
    Text(&'static str),
    Number(&'static str),
}

impl<'r> Row<'r> {
    pub(crate) fn new(table: &'static str, row: impl Into<Either<&'r SqliteRow, &'r PgRow>>) -> Self {
        Self { table, row: row.into() }
    }

    /// What a column holds.
    pub(crate) fn get<T: FromColumn>(&self, column: &'static str) -> Result<T> {
        let index = match self.row {
            Either::Sqlite(row) => column.index(row),
            Either::Postgres(row) => column.index(row),
        };
        let value = index.ok().and_then(|index| T::from_column(Column { row: self.row, index }));
        value.ok_or(StoreError::Unreadable { table: self.table, column })
    }

    /// Whether there is an instant in a column.
    pub(crate) fn has(&self, column: &'static str) -> Result<bool> {
        Ok(self.get::<Option<i64>>(column)?.is_some())
    }

    /// Who made the record, from the columns `created_by_kind`, `created_by_id` and `created_by_name`.
    pub(crate) fn created_by(&self) -> Result<Actor> {
        let (kind, id) = (self.get("created_by_kind")?, self.get("created_by_id")?);
        Ok(Actor { kind, id, name: self.get("created_by_name")? })
    }
}

impl<'r> From<&'r SqliteRow> for Either<&'r SqliteRow, &'r PgRow> {
    fn from(row: &'r SqliteRow) -> Self {
        Self::Sqlite(row)
    }
}

impl<'r> From<&'r PgRow> for Either<&'r SqliteRow, &'r PgRow> {
    fn from(row: &'r PgRow) -> Self {
        Self::Postgres(row)
    }
}

impl<'r> Column<'r> {
    pub(crate) fn text(self) -> Option<&'r str> {
        self.decode()
    }

    pub(crate) fn number(self) -> Option<i64> {
        self.decode()
    }

    pub(crate) fn bytes(self) -> Option<&'r [u8]> {
        self.decode()
    }

    pub(crate) fn is_null(self) -> bool {
        match self.row {
            Either::Sqlite(row) => row.try_get_raw(self.index).is_ok_and(|value| value.is_null()),
            Either::Postgres(row) => row.try_get_raw(self.index).is_ok_and(|value| value.is_null()),
        }
    }

    fn decode<T>(self) -> Option<T>
    where
        T: Decode<'r, Sqlite> + Type<Sqlite> + Decode<'r, Postgres> + Type<Postgres>,
    {
        match self.row {
            Either::Sqlite(row) => row.try_get(self.index).ok(),
            Either::Postgres(row) => row.try_get(self.index).ok(),
        }
    }
}

impl Rows {
    fn read<T>(&self, table: &'static str, read: impl Fn(&Row<'_>) -> Result<T>) -> Result<Vec<T>> {
        match &self.0 {
            Either::Sqlite(rows) => rows.iter().map(|row| read(&Row::new(table, row))).collect(),
            Either::Postgres(rows) => rows.iter().map(|row| read(&Row::new(table, row))).collect(),
        }
    }
}

impl Listing {
    /// All, by name; `name_key` is what the search looks at too.
    pub(crate) fn by_name() -> Self {
        Self { search: &["name_key"], sort: Sort::Text("name_key"), filter: "", values: Vec::new() }
    }
}

impl Sort {
    const fn column(self) -> &'static str {
        match self {
            Self::Text(column) | Self::Number(column) => column,
        }
    }

    /// The place of a row that was selected with its `sort_key`.
    fn cursor(self, row: &Row<'_>) -> Result<Cursor> {
        let value = match self {
            Self::Text(_) => CursorValue::Text(row.get("sort_key")?),
            Self::Number(_) => CursorValue::Number(row.get("sort_key")?),
        };
        Ok(Cursor { value, id: row.get("id")? })
    }
}

impl Conn {
    /// The wallet's record with this id.
    pub async fn get<T: Record>(&mut self, wallet: WalletId, id: T::Id) -> Result<Option<T>> {
        self.find(wallet, "AND id = $2", values! { id.to_string() }).await
    }

    /// The wallet's record that a condition leaves. `rest` ends the statement; its parameters begin with `$2`.
    pub(crate) async fn find<T: Record>(
        &mut self,
        wallet: WalletId,
        rest: &'static str,
        values: Vec<Value>,
    ) -> Result<Option<T>> {
        Ok(self.all(wallet, rest, values).await?.pop())
    }

    /// The bytes in a column of the wallet's record with this id, where they are still there.
    pub(crate) async fn bytes<T: Record>(
        &mut self,
        column: &'static str,
        wallet: WalletId,
        id: T::Id,
    ) -> Result<Option<Vec<u8>>> {
        let sql = format!("SELECT {column} FROM {} WHERE {} AND id = $2", T::TABLE, T::WHERE);
        let values = values! { wallet, id.to_string() };
        Ok(self.row(T::TABLE, AssertSqlSafe(sql), values, |row| row.get(column)).await?.flatten())
    }

    /// The wallet's records that a condition leaves. `rest` ends the statement; its parameters begin with `$2`.
    pub(crate) async fn all<T: Record>(
        &mut self,
        wallet: WalletId,
        rest: &'static str,
        mut values: Vec<Value>,
    ) -> Result<Vec<T>> {
        values.insert(0, wallet.to_column());
        let sql = format!("SELECT {} FROM {} WHERE {} {rest}", T::COLUMNS, T::TABLE, T::WHERE);
        self.rows(T::TABLE, AssertSqlSafe(sql), values, T::read).await
    }

    /// The records of all wallets that a condition leaves. `rest` ends the statement; its parameters begin with `$1`.
    pub(crate) async fn of_all_wallets<T: Record>(&mut self, rest: &'static str, values: Vec<Value>) -> Result<Vec<T>> {
        let sql = format!("SELECT {} FROM {} {rest}", T::COLUMNS, T::TABLE);
        self.rows(T::TABLE, AssertSqlSafe(sql), values, T::read).await
    }

    /// A page of the wallet's records.
    pub(crate) async fn page<T: Record, S>(
        &mut self,
        wallet: WalletId,
        list: &List<S>,
        by: Listing,
    ) -> Result<Page<T>> {
        let (sort, (compare, order)) = (by.sort.column(), if list.descending { ("<", "DESC") } else { (">", "ASC") });
        let mut values = by.values;
        values.insert(0, wallet.to_column());
        values.push(list.pattern().to_column());
        let (pattern, value, id) = (values.len(), values.len() + 1, values.len() + 2);
        let mut sql = format!(
            "SELECT {}, {sort} AS sort_key FROM {} WHERE {} {} AND (${pattern} IS NULL",
            T::COLUMNS,
            T::TABLE,
            T::WHERE,
            by.filter
        );
        for column in by.search {
            let _ = write!(sql, " OR {column} LIKE ${pattern} ESCAPE '\\'");
        }
        sql.push(')');
        if let Some(after) = &list.after {
            let _ = write!(sql, " AND ({sort}, id) {compare} (${value}, ${id})");
            values.extend([after.value.to_column(), after.id.to_column()]);
        }
        // The one too many tells that there is more.
        let limit = list.limit as usize;
        let _ = write!(sql, " ORDER BY {sort} {order}, id {order} LIMIT {}", limit + 1);

        let read = |row: &Row<'_>| Ok((T::read(row)?, by.sort.cursor(row)?));
        let mut rows = self.rows(T::TABLE, AssertSqlSafe(sql), values, read).await?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let (items, mut places): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        let first = places.first().cloned();
        Ok(Page { items, first, next: places.pop().filter(|_| more) })
    }

    /// Every row of a statement as `read` reads it. The table is named where a column cannot be read.
    pub(crate) async fn rows<T>(
        &mut self,
        table: &'static str,
        sql: impl SqlSafeStr,
        values: Vec<Value>,
        read: impl Fn(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.fetch(sql, values).await?.read(table, read)
    }

    /// The row of a statement that gives one at most.
    pub(crate) async fn row<T>(
        &mut self,
        table: &'static str,
        sql: impl SqlSafeStr,
        values: Vec<Value>,
        read: impl Fn(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        Ok(self.rows(table, sql, values, read).await?.pop())
    }

    /// The number that a statement gives as `count`.
    pub(crate) async fn count(&mut self, sql: &'static str, values: Vec<Value>) -> Result<i64> {
        Ok(self.row("", sql, values, |row| row.get("count")).await?.unwrap_or(0))
    }

    /// Inserts or updates a record. Returns it as it is stored, none when there is no such one.
    pub(crate) async fn returning<T: Record>(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Option<T>> {
        let sql = format!("{sql} RETURNING {}", T::COLUMNS);
        self.row(T::TABLE, AssertSqlSafe(sql), values, T::read).await
    }

    /// Executes a statement. Returns the number of rows that it touched.
    pub(crate) async fn execute(&mut self, sql: impl SqlSafeStr, values: Vec<Value>) -> Result<u64> {
        let sql = sql.into_sql_str();
        self.check()?;
        let done = with!(self, |c| bound!(sql, values).execute(&mut **c).await.map(|done| done.rows_affected()));
        self.note(done).map_err(StoreError::unique)
    }

    /// Every row is fetched, also of a statement that gives one at most: SQLite checks foreign keys at the end of it.
    async fn fetch(&mut self, sql: impl SqlSafeStr, values: Vec<Value>) -> Result<Rows> {
        let sql = sql.into_sql_str();
        self.check()?;
        let rows = match &mut self.db {
            Either::Sqlite(c) => bound!(sql, values).fetch_all(&mut **c).await.map(Either::Sqlite),
            Either::Postgres(c) => bound!(sql, values).fetch_all(&mut **c).await.map(Either::Postgres),
        };
        self.note(rows).map(Rows).map_err(StoreError::unique)
    }
}

impl Store {
    /// Executes one statement that is no change, because nobody can see it. Returns the number of rows that it touched.
    pub(crate) async fn execute(&self, sql: &'static str, values: Vec<Value>) -> Result<u64> {
        let mut conn = self.write().await?;
        let rows = conn.execute(sql, values).await?;
        conn.finish().await?;
        Ok(rows)
    }

    /// The same, after which what was in the rows is off the disk.
    pub(crate) async fn erase(&self, sql: &'static str, values: Vec<Value>) -> Result<u64> {
        let rows = self.execute(sql, values).await?;
        if rows > 0 {
            self.empty_log().await;
        }
        Ok(rows)
    }
}

impl Tx {
    /// Inserts a record. Returns it as it is stored.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when another one has what is unique.
    pub(crate) async fn insert<T: Record>(&mut self, sql: &'static str, values: Vec<Value>) -> Result<T> {
        Ok(self.conn.returning(sql, values).await?.ok_or(sqlx::Error::RowNotFound)?)
    }

    /// Updates a record. Returns it as it is stored, none when there is no such one.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when another one has what is unique.
    pub(crate) async fn update<T: Record>(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Option<T>> {
        self.conn.returning(sql, values).await
    }

    /// Changes one row. Returns whether there is such a row.
    pub(crate) async fn change(&mut self, sql: impl SqlSafeStr, values: Vec<Value>) -> Result<bool> {
        Ok(self.conn.execute(sql, values).await? == 1)
    }

    /// Deletes a record for good. Returns whether there was such a record.
    pub async fn delete<T: Record>(&mut self, id: T::Id) -> Result<bool> {
        self.erase();
        let sql = format!("DELETE FROM {} WHERE {} AND id = $2", T::TABLE, T::WHERE);
        self.change(AssertSqlSafe(sql), values! { self.wallet_id(), id.to_string() }).await
    }
}
