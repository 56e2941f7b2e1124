//! Wallets, the tenants.

use model::{Name, TimeZoneName, Wallet, WalletId};

use crate::database::Conn;
use crate::{StoreError, Tx, column};

/// A wallet to be made: the transaction's own.
#[derive(Clone, Debug)]
pub struct NewWallet {
    /// Its name.
    pub name: Name,
    /// The zone in which its dates expire.
    pub time_zone: TimeZoneName,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    name: String,
    time_zone: String,
    created_at: i64,
}

impl TryFrom<Row> for Wallet {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: column::parse("wallets.id", &row.id)?,
            name: column::text(&row.name),
            time_zone: column::parse("wallets.time_zone", &row.time_zone)?,
            created_at: column::time("wallets.created_at", row.created_at)?,
        })
    }
}

impl Conn {
    /// The wallet.
    pub async fn wallet(&mut self, id: WalletId) -> Result<Option<Wallet>, StoreError> {
        fetch_optional!(self, Row, "SELECT id, name, time_zone, created_at FROM wallets WHERE id = $1", id.to_string())?
            .map(Wallet::try_from)
            .transpose()
    }

    /// The wallets that were made or edited after a revision. Across wallets: for the feed only.
    pub(crate) async fn wallets_since(&mut self, revision: i64) -> Result<Vec<Wallet>, StoreError> {
        fetch_all!(self, Row, "SELECT id, name, time_zone, created_at FROM wallets WHERE revision > $1", revision)?
            .into_iter()
            .map(Wallet::try_from)
            .collect()
    }

    /// Every wallet of the server, by name. Across wallets: for the operator only.
    pub async fn wallets(&mut self) -> Result<Vec<Wallet>, StoreError> {
        fetch_all!(self, Row, "SELECT id, name, time_zone, created_at FROM wallets ORDER BY name_key")?
            .into_iter()
            .map(Wallet::try_from)
            .collect()
    }
}

impl Tx {
    /// Makes the transaction's wallet.
    pub async fn insert_wallet(&mut self, wallet: &NewWallet) -> Result<(), StoreError> {
        let (id, now, revision) = (self.wallet_id().to_string(), self.now(), self.revision);
        execute!(
            self.conn,
            "INSERT INTO wallets (id, name, name_key, time_zone, created_at, revision) VALUES ($1, $2, $3, $4, $5, $6)",
            id,
            wallet.name.as_str(),
            wallet.name.key(),
            wallet.time_zone.as_str(),
            now,
            revision,
        )?;
        Ok(())
    }

    /// Changes the wallet's name and time zone; existing keys keep their instants.
    pub async fn update_wallet(&mut self, wallet: &NewWallet) -> Result<(), StoreError> {
        let (id, revision) = (self.wallet_id().to_string(), self.revision);
        execute!(
            self.conn,
            "UPDATE wallets SET name = $2, name_key = $3, time_zone = $4, revision = $5 WHERE id = $1",
            id,
            wallet.name.as_str(),
            wallet.name.key(),
            wallet.time_zone.as_str(),
            revision,
        )?;
        Ok(())
    }
}
