//! Issuer templates: what the wallet issues.

use model::{
    Card, Days, IdentifierId, IssuerTemplate, IssuerTemplateId, Name, StatusListId, TemplateClaim, Vct, WalletId,
};

use crate::database::Conn;
use crate::{Cursor, CursorValue, List, Page, StoreError, Tx, column};

/// A template to be made.
#[derive(Clone, Debug)]
pub struct NewIssuerTemplate {
    /// Its id.
    pub id: IssuerTemplateId,
    /// What people call it.
    pub name: Name,
    /// The type of its credentials.
    pub vct: Vct,
    /// What they say.
    pub claims: Vec<TemplateClaim>,
    /// How they look.
    pub card: Card,
    /// How long they are valid.
    pub valid_for: Option<Days>,
    /// Who signs them.
    pub identifier_id: IdentifierId,
    /// Where they can be revoked and suspended.
    pub status_list_id: Option<StatusListId>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    wallet_id: String,
    name: String,
    name_key: String,
    vct: String,
    claims: String,
    card: String,
    valid_for_days: Option<i64>,
    identifier_id: String,
    status_list_id: Option<String>,
    first_issued_at: Option<i64>,
    created_at: i64,
}

const SELECT: &str = "SELECT id, wallet_id, name, name_key, vct, claims, card, valid_for_days, identifier_id, \
     status_list_id, first_issued_at, created_at FROM issuer_templates WHERE wallet_id = $1";

impl TryFrom<Row> for IssuerTemplate {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        const DAYS: &str = "issuer_templates.valid_for_days";
        const LIST: &str = "issuer_templates.status_list_id";
        let days = |days: i64| Days::try_from(days).map_err(|_| StoreError::Unreadable { column: DAYS });
        Ok(Self {
            id: column::parse("issuer_templates.id", &row.id)?,
            wallet_id: column::parse("issuer_templates.wallet_id", &row.wallet_id)?,
            name: column::text(&row.name),
            vct: column::parse("issuer_templates.vct", &row.vct)?,
            claims: column::json("issuer_templates.claims", &row.claims)?,
            card: column::json("issuer_templates.card", &row.card)?,
            valid_for: row.valid_for_days.map(days).transpose()?,
            identifier_id: column::parse("issuer_templates.identifier_id", &row.identifier_id)?,
            status_list_id: row.status_list_id.map(|id| column::parse(LIST, &id)).transpose()?,
            first_issued_at: column::time_or_none("issuer_templates.first_issued_at", row.first_issued_at)?,
            created_at: column::time("issuer_templates.created_at", row.created_at)?,
        })
    }
}

impl Conn {
    /// A template.
    pub async fn issuer_template(
        &mut self,
        wallet: WalletId,
        id: IssuerTemplateId,
    ) -> Result<Option<IssuerTemplate>, StoreError> {
        let sql = format!("{SELECT} AND id = $2");
        fetch_optional!(self, Row, sqlx::AssertSqlSafe(sql), wallet.to_string(), id.to_string())?
            .map(IssuerTemplate::try_from)
            .transpose()
    }

    /// A page of the templates, by name.
    pub async fn issuer_templates(
        &mut self,
        wallet: WalletId,
        list: &List<()>,
    ) -> Result<Page<IssuerTemplate>, StoreError> {
        let sql =
            format!("{SELECT} AND ($2 IS NULL OR name_key LIKE $2 ESCAPE '\\'){}", list.tail("name_key", "id", 3));
        let rows = fetch_page!(self, Row, sql, &list.after, wallet.to_string(), list.pattern())?;
        let cursor = |row: &Row| Cursor { value: CursorValue::Text(row.name_key.clone()), id: row.id.clone() };
        Page::of(list.limit, rows, cursor, IssuerTemplate::try_from)
    }

    /// Every template of the wallet, oldest first: what its issuer metadata offers.
    pub async fn all_issuer_templates(&mut self, wallet: WalletId) -> Result<Vec<IssuerTemplate>, StoreError> {
        let sql = format!("{SELECT} ORDER BY created_at, id");
        let rows = fetch_all!(self, Row, sqlx::AssertSqlSafe(sql), wallet.to_string())?;
        rows.into_iter().map(IssuerTemplate::try_from).collect()
    }

    /// Whether a template of the wallet is signed by this identifier.
    pub async fn identifier_has_templates(
        &mut self,
        wallet: WalletId,
        identifier: IdentifierId,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT created_at FROM issuer_templates WHERE wallet_id = $1 AND identifier_id = $2 LIMIT 1";
        Ok(fetch_optional!(self, (i64,), sql, wallet.to_string(), identifier.to_string())?.is_some())
    }

    /// Whether the credentials of a template of the wallet get their status from this list.
    pub async fn status_list_has_templates(
        &mut self,
        wallet: WalletId,
        list: StatusListId,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT created_at FROM issuer_templates WHERE wallet_id = $1 AND status_list_id = $2 LIMIT 1";
        Ok(fetch_optional!(self, (i64,), sql, wallet.to_string(), list.to_string())?.is_some())
    }
}

impl Tx {
    /// Makes a template.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when a template of the wallet has this name, without regard to case.
    pub async fn insert_issuer_template(&mut self, template: &NewIssuerTemplate) -> Result<(), StoreError> {
        let (wallet, now) = (self.wallet_id().to_string(), self.now());
        execute!(
            self.conn,
            "INSERT INTO issuer_templates (id, wallet_id, name, name_key, vct, claims, card, valid_for_days,
                identifier_id, status_list_id, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            template.id.to_string(),
            wallet,
            template.name.as_str(),
            template.name.key(),
            template.vct.as_str(),
            column::to_json(&template.claims),
            column::to_json(&template.card),
            template.valid_for.map(|days| i64::from(days.get())),
            template.identifier_id.to_string(),
            template.status_list_id.map(|id| id.to_string()),
            now,
        )
        .map_err(StoreError::unique)?;
        Ok(())
    }

    /// Changes a template to what it is to be, but for its type and its dates. Returns whether there is such a
    /// template.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when another template of the wallet has this name, without regard to case.
    pub async fn update_issuer_template(&mut self, template: &IssuerTemplate) -> Result<bool, StoreError> {
        let wallet = self.wallet_id().to_string();
        let rows = execute!(
            self.conn,
            "UPDATE issuer_templates SET name = $3, name_key = $4, claims = $5, card = $6, valid_for_days = $7,
                identifier_id = $8, status_list_id = $9
             WHERE wallet_id = $1 AND id = $2",
            wallet,
            template.id.to_string(),
            template.name.as_str(),
            template.name.key(),
            column::to_json(&template.claims),
            column::to_json(&template.card),
            template.valid_for.map(|days| i64::from(days.get())),
            template.identifier_id.to_string(),
            template.status_list_id.map(|id| id.to_string()),
        )
        .map_err(StoreError::unique)?;
        Ok(rows == 1)
    }

    /// Remembers that a credential was issued by the template, if it is the first one. Returns whether there is
    /// such a template.
    pub async fn mark_issuer_template_issued(&mut self, id: IssuerTemplateId) -> Result<bool, StoreError> {
        let (wallet, now) = (self.wallet_id().to_string(), self.now());
        let rows = execute!(
            self.conn,
            "UPDATE issuer_templates SET first_issued_at = COALESCE(first_issued_at, $3)
             WHERE wallet_id = $1 AND id = $2",
            wallet,
            id.to_string(),
            now,
        )?;
        Ok(rows == 1)
    }

    /// Deletes a template for good. Returns whether there was such a template.
    pub async fn delete_issuer_template(&mut self, id: IssuerTemplateId) -> Result<bool, StoreError> {
        let wallet = self.wallet_id().to_string();
        let rows = execute!(
            self.conn,
            "DELETE FROM issuer_templates WHERE wallet_id = $1 AND id = $2",
            wallet,
            id.to_string(),
        )?;
        Ok(rows == 1)
    }
}
