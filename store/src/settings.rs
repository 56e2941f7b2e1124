//! What the server itself remembers, of no wallet.

use crate::database::Conn;
use crate::{Store, StoreError};

#[derive(sqlx::FromRow)]
struct Setting {
    value: Vec<u8>,
}

impl Conn {
    /// The setting's value, if it was ever put.
    pub async fn setting(&mut self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let row = fetch_optional!(self, Setting, "SELECT value FROM settings WHERE name = $1", name)?;
        Ok(row.map(|row| row.value))
    }
}

impl Store {
    /// Puts a setting where there is none yet, and gives the value that holds: of two servers that start
    /// at once on one database, the first wins.
    pub async fn settle(&self, name: &str, value: &[u8]) -> Result<Vec<u8>, StoreError> {
        let mut conn = self.write().await?;
        execute!(
            conn,
            "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
            name,
            value
        )?;
        let held = conn.setting(name).await?.unwrap_or_default();
        conn.finish().await?;
        Ok(held)
    }
}
