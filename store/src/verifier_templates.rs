//! Verifier templates: what the wallet asks others to present.

use model::{
    IdentifierId, Name, Purpose, RequestUriMethod, Retention, TrustPolicy, TrustedIssuerId, VerifierTemplate,
    VerifierTemplateId, WalletId,
};
use serde_json::Value;

use crate::database::Conn;
use crate::{Cursor, CursorValue, List, Page, StoreError, Tx, column};

/// A template to be added.
#[derive(Clone, Debug)]
pub struct NewVerifierTemplate {
    /// Its id.
    pub id: VerifierTemplateId,
    /// What people call it.
    pub name: Name,
    /// Why the wallet asks.
    pub purpose: Purpose,
    /// The identifier that signs the requests.
    pub identifier_id: IdentifierId,
    /// The query, in DCQL.
    pub query: Value,
    /// Whose credentials are accepted.
    pub trust: TrustPolicy,
    /// How long outcomes are kept.
    pub retention: Retention,
    /// How its links ask wallets to fetch the request.
    pub request_uri_method: RequestUriMethod,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    wallet_id: String,
    name: String,
    name_key: String,
    purpose: String,
    identifier_id: String,
    query: String,
    trust: String,
    retention_days: i64,
    request_uri_method: String,
    created_at: i64,
}

#[derive(sqlx::FromRow)]
struct Chosen {
    id: String,
    trust: String,
}

const SELECT: &str = "SELECT id, wallet_id, name, name_key, purpose, identifier_id, query, trust, retention_days,
    request_uri_method, created_at FROM verifier_templates WHERE wallet_id = $1";

impl TryFrom<Row> for VerifierTemplate {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let unreadable = |column| move |_| StoreError::Unreadable { column };
        Ok(Self {
            id: column::parse("verifier_templates.id", &row.id)?,
            wallet_id: column::parse("verifier_templates.wallet_id", &row.wallet_id)?,
            name: column::text(&row.name),
            purpose: column::text(&row.purpose),
            identifier_id: column::parse("verifier_templates.identifier_id", &row.identifier_id)?,
            query: column::json("verifier_templates.query", &row.query)?,
            trust: column::json("verifier_templates.trust", &row.trust)?,
            retention: row.retention_days.try_into().map_err(unreadable("verifier_templates.retention_days"))?,
            request_uri_method: RequestUriMethod::from_name(&row.request_uri_method)
                .ok_or(StoreError::Unreadable { column: "verifier_templates.request_uri_method" })?,
            created_at: column::time("verifier_templates.created_at", row.created_at)?,
        })
    }
}

impl Conn {
    /// A template.
    pub async fn verifier_template(
        &mut self,
        wallet: WalletId,
        id: VerifierTemplateId,
    ) -> Result<Option<VerifierTemplate>, StoreError> {
        let sql = format!("{SELECT} AND id = $2");
        fetch_optional!(self, Row, sqlx::AssertSqlSafe(sql), wallet.to_string(), id.to_string())?
            .map(VerifierTemplate::try_from)
            .transpose()
    }

    /// The first template, by name, whose requests this identifier signs.
    pub async fn verifier_template_signed_by(
        &mut self,
        wallet: WalletId,
        identifier: IdentifierId,
    ) -> Result<Option<VerifierTemplate>, StoreError> {
        let sql = format!("{SELECT} AND identifier_id = $2 ORDER BY name_key LIMIT 1");
        fetch_optional!(self, Row, sqlx::AssertSqlSafe(sql), wallet.to_string(), identifier.to_string())?
            .map(VerifierTemplate::try_from)
            .transpose()
    }

    /// A page of the templates, by name.
    pub async fn verifier_templates(
        &mut self,
        wallet: WalletId,
        list: &List<()>,
    ) -> Result<Page<VerifierTemplate>, StoreError> {
        let sql =
            format!("{SELECT} AND ($2 IS NULL OR name_key LIKE $2 ESCAPE '\\'){}", list.tail("name_key", "id", 3));
        let rows = fetch_page!(self, Row, sql, &list.after, wallet.to_string(), list.pattern())?;
        let cursor = |row: &Row| Cursor { value: CursorValue::Text(row.name_key.clone()), id: row.id.clone() };
        Page::of(list.limit, rows, cursor, VerifierTemplate::try_from)
    }
}

impl Tx {
    /// Adds a template.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when a template of the wallet has this name, without regard to case.
    pub async fn insert_verifier_template(&mut self, new: &NewVerifierTemplate) -> Result<(), StoreError> {
        let (wallet, now) = (self.wallet_id().to_string(), self.now());
        execute!(
            self.conn,
            "INSERT INTO verifier_templates
                (id, wallet_id, name, name_key, purpose, identifier_id, query, trust, retention_days, created_at,
                 request_uri_method)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            new.id.to_string(),
            wallet,
            new.name.as_str(),
            new.name.key(),
            new.purpose.as_str(),
            new.identifier_id.to_string(),
            new.query.to_string(),
            column::to_json(&new.trust),
            i64::from(new.retention.days()),
            now,
            new.request_uri_method.name(),
        )
        .map_err(StoreError::unique)?;
        Ok(())
    }

    /// Changes a template to what `changed` says. Returns whether there is such a template.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when another template of the wallet has this name, without regard to case.
    pub async fn update_verifier_template(&mut self, changed: &NewVerifierTemplate) -> Result<bool, StoreError> {
        let wallet = self.wallet_id().to_string();
        let rows = execute!(
            self.conn,
            "UPDATE verifier_templates SET name = $3, name_key = $4, purpose = $5, identifier_id = $6, query = $7,
                trust = $8, retention_days = $9, request_uri_method = $10
             WHERE wallet_id = $1 AND id = $2",
            wallet,
            changed.id.to_string(),
            changed.name.as_str(),
            changed.name.key(),
            changed.purpose.as_str(),
            changed.identifier_id.to_string(),
            changed.query.to_string(),
            column::to_json(&changed.trust),
            i64::from(changed.retention.days()),
            changed.request_uri_method.name(),
        )
        .map_err(StoreError::unique)?;
        Ok(rows == 1)
    }

    /// Deletes a template for good. Returns whether there was such a template.
    pub async fn delete_verifier_template(&mut self, id: VerifierTemplateId) -> Result<bool, StoreError> {
        let wallet = self.wallet_id().to_string();
        let rows = execute!(
            self.conn,
            "DELETE FROM verifier_templates WHERE wallet_id = $1 AND id = $2",
            wallet,
            id.to_string(),
        )?;
        Ok(rows == 1)
    }

    /// Takes an issuer out of every choice in which it stands. A choice that is empty then trusts nobody.
    pub(crate) async fn forget_chosen_issuer(&mut self, issuer: TrustedIssuerId) -> Result<(), StoreError> {
        let wallet = self.wallet_id().to_string();
        // An id stands in the JSON as it is written, and nowhere else.
        let rows = fetch_all!(
            self.conn,
            Chosen,
            "SELECT id, trust FROM verifier_templates WHERE wallet_id = $1 AND trust LIKE $2",
            wallet.as_str(),
            format!("%{issuer}%"),
        )?;
        for row in rows {
            let trust: TrustPolicy = column::json("verifier_templates.trust", &row.trust)?;
            let others = trust.chosen().iter().copied().filter(|chosen| *chosen != issuer).collect();
            execute!(
                self.conn,
                "UPDATE verifier_templates SET trust = $3 WHERE wallet_id = $1 AND id = $2",
                wallet.as_str(),
                row.id.as_str(),
                column::to_json(&TrustPolicy::ChosenIssuers(others)),
            )?;
        }
        Ok(())
    }
}
