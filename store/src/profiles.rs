//! Public profiles: what wallets tell everybody, and which identifiers and credentials they show.

use jiff::Timestamp;
use model::{CredentialId, IdentifierId, Profile, WalletId};

use crate::database::Conn;
use crate::{StoreError, Tx, column};

#[derive(sqlx::FromRow)]
struct Row {
    display_name: String,
    description: String,
    website: String,
    email: String,
    logo_url: String,
    published_at: Option<i64>,
    updated_at: i64,
}

#[derive(sqlx::FromRow)]
struct Chosen {
    id: String,
}

#[derive(sqlx::FromRow)]
struct Published {
    wallet_id: String,
    identifier_id: String,
}

impl Conn {
    /// The wallet's profile; none before its first change.
    pub async fn profile(&mut self, wallet: WalletId) -> Result<Option<Profile>, StoreError> {
        let wallet = wallet.to_string();
        let row = fetch_optional!(
            self,
            Row,
            "SELECT display_name, description, website, email, logo_url, published_at, updated_at
             FROM profiles WHERE wallet_id = $1",
            wallet.as_str(),
        )?;
        let Some(row) = row else { return Ok(None) };
        let sql = "SELECT identifier_id AS id FROM profile_identifiers WHERE wallet_id = $1 ORDER BY identifier_id";
        let identifiers = fetch_all!(self, Chosen, sql, wallet.as_str())?;
        let sql = "SELECT credential_id AS id FROM profile_credentials WHERE wallet_id = $1 ORDER BY credential_id";
        let credentials = fetch_all!(self, Chosen, sql, wallet.as_str())?;
        Ok(Some(Profile {
            published_at: column::time_or_none("profiles.published_at", row.published_at)?,
            display_name: column::text(&row.display_name),
            description: column::text(&row.description),
            website: row.website,
            email: row.email,
            logo_url: row.logo_url,
            identifiers: chosen(&identifiers, "profile_identifiers.identifier_id")?,
            credentials: chosen(&credentials, "profile_credentials.credential_id")?,
            updated_at: Some(column::time("profiles.updated_at", row.updated_at)?),
        }))
    }

    /// The did:web identifiers that published profiles tell. Across wallets: the server has one domain.
    pub async fn published_web_identifiers(&mut self) -> Result<Vec<(WalletId, IdentifierId)>, StoreError> {
        let rows = fetch_all!(
            self,
            Published,
            "SELECT c.wallet_id, c.identifier_id FROM profile_identifiers c
             JOIN profiles p ON p.wallet_id = c.wallet_id
             JOIN identifiers i ON i.id = c.identifier_id
             WHERE p.published_at IS NOT NULL AND i.method = 'did:web' ORDER BY c.identifier_id",
        )?;
        let pair = |row: Published| {
            let wallet = column::parse("profile_identifiers.wallet_id", &row.wallet_id)?;
            Ok((wallet, column::parse("profile_identifiers.identifier_id", &row.identifier_id)?))
        };
        rows.into_iter().map(pair).collect()
    }
}

impl Tx {
    /// Puts the profile in the place of the one before. What it shows must be the wallet's.
    pub async fn put_profile(&mut self, profile: &Profile) -> Result<(), StoreError> {
        let (wallet, now) = (self.wallet_id().to_string(), self.now());
        execute!(
            self.conn,
            "INSERT INTO profiles
                (wallet_id, display_name, description, website, email, logo_url, published_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (wallet_id) DO UPDATE SET display_name = excluded.display_name,
                description = excluded.description, website = excluded.website, email = excluded.email,
                logo_url = excluded.logo_url, published_at = excluded.published_at, updated_at = excluded.updated_at",
            wallet.as_str(),
            profile.display_name.as_str(),
            profile.description.as_str(),
            profile.website.as_str(),
            profile.email.as_str(),
            profile.logo_url.as_str(),
            profile.published_at.map(Timestamp::as_millisecond),
            now,
        )?;
        execute!(self.conn, "DELETE FROM profile_identifiers WHERE wallet_id = $1", wallet.as_str())?;
        for id in &profile.identifiers {
            let sql = "INSERT INTO profile_identifiers (wallet_id, identifier_id) VALUES ($1, $2)";
            execute!(self.conn, sql, wallet.as_str(), id.to_string())?;
        }
        execute!(self.conn, "DELETE FROM profile_credentials WHERE wallet_id = $1", wallet.as_str())?;
        for id in &profile.credentials {
            let sql = "INSERT INTO profile_credentials (wallet_id, credential_id) VALUES ($1, $2)";
            execute!(self.conn, sql, wallet.as_str(), id.to_string())?;
        }
        Ok(())
    }

    /// Shows an identifier no more, because it is deleted.
    pub(crate) async fn hide_identifier(&mut self, id: IdentifierId) -> Result<(), StoreError> {
        let wallet = self.wallet_id().to_string();
        let sql = "DELETE FROM profile_identifiers WHERE wallet_id = $1 AND identifier_id = $2";
        execute!(self.conn, sql, wallet, id.to_string())?;
        Ok(())
    }

    /// Shows a credential no more, because it is deleted.
    pub(crate) async fn hide_credential(&mut self, id: CredentialId) -> Result<(), StoreError> {
        let wallet = self.wallet_id().to_string();
        let sql = "DELETE FROM profile_credentials WHERE wallet_id = $1 AND credential_id = $2";
        execute!(self.conn, sql, wallet, id.to_string())?;
        Ok(())
    }
}

fn chosen<T: std::str::FromStr>(rows: &[Chosen], column: &'static str) -> Result<Vec<T>, StoreError> {
    rows.iter().map(|row| column::parse(column, &row.id)).collect()
}
