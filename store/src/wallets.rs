//! Wallets, the tenants.

use model::{Name, TimeZoneName, Wallet, WalletId};

use crate::{Conn, Result, Tx};

/// A wallet to be made: the transaction's own.
#[derive(Clone, Debug)]
pub struct NewWallet {
    /// Its name.
    pub name: Name,
    /// The zone in which its dates expire.
    pub time_zone: TimeZoneName,
}

record! {
    Wallet in "wallets" where "id = $1" { id, name, time_zone, created_at }
}

impl Conn {
    /// The wallet.
    pub async fn wallet(&mut self, id: WalletId) -> Result<Option<Wallet>> {
        self.find(id, "", values! {}).await
    }

    /// Every wallet of the server, by name. Across wallets: for the operator only.
    pub async fn wallets(&mut self) -> Result<Vec<Wallet>> {
        self.of_all_wallets("ORDER BY name_key", values! {}).await
    }
}

impl Tx {
    /// Makes the transaction's wallet.
    pub async fn insert_wallet(&mut self, new: &NewWallet) -> Result<Wallet> {
        self.insert(
            "INSERT INTO wallets (id, name, name_key, time_zone, created_at, revision) VALUES ($1, $2, $3, $4, $5, $6)",
            values! { self.wallet_id(), new.name, new.name.key(), new.time_zone, self.at(), self.revision },
        )
        .await
    }

    /// Changes the wallet's name and time zone; existing keys keep their instants.
    pub async fn update_wallet(&mut self, new: &NewWallet) -> Result<()> {
        let sql = "UPDATE wallets SET name = $2, name_key = $3, time_zone = $4, revision = $5 WHERE id = $1";
        self.change(sql, values! { self.wallet_id(), new.name, new.name.key(), new.time_zone, self.revision }).await?;
        Ok(())
    }
}
