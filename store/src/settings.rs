//! Settings of the server itself, which belong to no wallet.

use crate::{Conn, Result, Store};

impl Conn {
    /// The setting's value, if it was ever put.
    pub async fn setting(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT value FROM settings WHERE name = $1";
        self.row("settings", sql, values! { name }, |row| row.get("value")).await
    }
}

impl Store {
    /// Puts a setting where there is none yet, and gives the value that holds: of two servers that start
    /// at once on one database, the first wins.
    pub async fn settle(&self, name: &str, value: &[u8]) -> Result<Vec<u8>> {
        let mut conn = self.write().await?;
        let sql = "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
        conn.execute(sql, values! { name, value }).await?;
        let held = conn.setting(name).await?.unwrap_or_default();
        conn.finish().await?;
        Ok(held)
    }
}
