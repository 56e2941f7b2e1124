//! Public profiles of wallets, with the identifiers and credentials that they show.

use model::{CredentialId, IdentifierId, Profile, WalletId};

use crate::{Conn, Result, Tx};

record! {
    Profile in "profiles" {
        display_name, description, website, email, logo_url, published_at, updated_at,
    } and {
        // In tables of their own.
        identifiers: Vec::new(),
        credentials: Vec::new(),
    }
}

impl Conn {
    /// The wallet's profile; none before its first change.
    pub async fn profile(&mut self, wallet: WalletId) -> Result<Option<Profile>> {
        let Some(mut profile) = self.find::<Profile>(wallet, "", values! {}).await? else { return Ok(None) };
        let sql = "SELECT identifier_id AS id FROM profile_identifiers WHERE wallet_id = $1 ORDER BY identifier_id";
        profile.identifiers = self.rows("profile_identifiers", sql, values! { wallet }, |row| row.get("id")).await?;
        let sql = "SELECT credential_id AS id FROM profile_credentials WHERE wallet_id = $1 ORDER BY credential_id";
        profile.credentials = self.rows("profile_credentials", sql, values! { wallet }, |row| row.get("id")).await?;
        Ok(Some(profile))
    }

    /// The did:web identifiers that published profiles tell. Across wallets: the server has one domain.
    pub async fn published_web_identifiers(&mut self) -> Result<Vec<(WalletId, IdentifierId)>> {
        let sql = "SELECT c.wallet_id, c.identifier_id FROM profile_identifiers c
             JOIN profiles p ON p.wallet_id = c.wallet_id
             JOIN identifiers i ON i.id = c.identifier_id
             WHERE p.published_at IS NOT NULL AND i.method = 'did:web' ORDER BY c.identifier_id";
        self.rows("profile_identifiers", sql, values! {}, |row| Ok((row.get("wallet_id")?, row.get("identifier_id")?)))
            .await
    }
}

impl Tx {
    /// Replaces the wallet's profile. The identifiers and credentials in it must be the wallet's.
    pub async fn put_profile(&mut self, profile: &Profile) -> Result<()> {
        self.change(
            "INSERT INTO profiles
                (wallet_id, display_name, description, website, email, logo_url, published_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (wallet_id) DO UPDATE SET display_name = excluded.display_name,
                description = excluded.description, website = excluded.website, email = excluded.email,
                logo_url = excluded.logo_url, published_at = excluded.published_at, updated_at = excluded.updated_at",
            values! {
                self.wallet_id(), profile.display_name, profile.description, profile.website, profile.email,
                profile.logo_url, profile.published_at, self.at()
            },
        )
        .await?;
        let sql = "DELETE FROM profile_identifiers WHERE wallet_id = $1";
        self.change(sql, values! { self.wallet_id() }).await?;
        for id in &profile.identifiers {
            let sql = "INSERT INTO profile_identifiers (wallet_id, identifier_id) VALUES ($1, $2)";
            self.change(sql, values! { self.wallet_id(), id }).await?;
        }
        let sql = "DELETE FROM profile_credentials WHERE wallet_id = $1";
        self.change(sql, values! { self.wallet_id() }).await?;
        for id in &profile.credentials {
            let sql = "INSERT INTO profile_credentials (wallet_id, credential_id) VALUES ($1, $2)";
            self.change(sql, values! { self.wallet_id(), id }).await?;
        }
        Ok(())
    }

    /// Takes a deleted identifier out of the profile.
    pub(crate) async fn hide_identifier(&mut self, id: IdentifierId) -> Result<()> {
        let sql = "DELETE FROM profile_identifiers WHERE wallet_id = $1 AND identifier_id = $2";
        self.change(sql, values! { self.wallet_id(), id }).await?;
        Ok(())
    }

    /// Shows a credential no more, because it is deleted.
    pub(crate) async fn hide_credential(&mut self, id: CredentialId) -> Result<()> {
        let sql = "DELETE FROM profile_credentials WHERE wallet_id = $1 AND credential_id = $2";
        self.change(sql, values! { self.wallet_id(), id }).await?;
        Ok(())
    }
}
