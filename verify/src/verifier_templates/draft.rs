//! A template as somebody asks for it, and what is checked of it.

use kernel::caller::Transaction;
use kernel::http::Fields;
use kernel::problem::Problem;
use model::{
    IdentifierId, RequestUriMethod, Retention, TrustPolicy, TrustedIssuerId, VerifierTemplate, VerifierTemplateId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::NewVerifierTemplate;

use super::query;

/// What somebody asks for in a new template.
#[derive(Clone, Debug)]
pub struct Draft {
    /// What people call it.
    pub name: String,
    /// Why the wallet asks.
    pub purpose: String,
    /// The identifier that signs the requests.
    pub identifier_id: Option<IdentifierId>,
    /// The query, in DCQL.
    pub query: Value,
    /// Whose credentials are accepted.
    pub trust: TrustChoice,
    /// Which of the trusted issuers, where they are chosen.
    pub trusted_issuers: Vec<TrustedIssuerId>,
    /// How many days outcomes are kept.
    pub retention_days: i64,
    /// How its links ask wallets to fetch the request.
    pub request_uri_method: RequestUriMethod,
}

/// What is to change in a template; what is left out stays.
#[derive(Clone, Default, Debug)]
pub struct Edit {
    /// What people call it.
    pub name: Option<String>,
    /// Why the wallet asks.
    pub purpose: Option<String>,
    /// The identifier that signs the requests.
    pub identifier_id: Option<IdentifierId>,
    /// The query, in DCQL.
    pub query: Option<Value>,
    /// Whose credentials are accepted.
    pub trust: Option<TrustChoice>,
    /// Which of the trusted issuers, where they are chosen.
    pub trusted_issuers: Option<Vec<TrustedIssuerId>>,
    /// How many days outcomes are kept.
    pub retention_days: Option<i64>,
    /// How its links ask wallets to fetch the request.
    pub request_uri_method: Option<RequestUriMethod>,
}

/// Whose credentials are accepted.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Debug)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum TrustChoice {
    /// Those of every trusted issuer of the wallet, for the types that it is trusted for. An empty list trusts nobody.
    #[default]
    TrustedIssuers,
    /// Those of the issuers in `trusted_issuers`.
    ChosenIssuers,
    /// Those of anybody.
    AnyIssuer,
}

impl TrustChoice {
    /// The choice that a policy came from.
    pub fn of(policy: &TrustPolicy) -> Self {
        match policy {
            TrustPolicy::TrustedIssuers => Self::TrustedIssuers,
            TrustPolicy::ChosenIssuers(_) => Self::ChosenIssuers,
            TrustPolicy::AnyIssuer => Self::AnyIssuer,
        }
    }
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            name: String::new(),
            purpose: String::new(),
            identifier_id: None,
            query: Value::Null,
            trust: TrustChoice::default(),
            trusted_issuers: Vec::new(),
            retention_days: Retention::default().days().into(),
            request_uri_method: RequestUriMethod::default(),
        }
    }
}

impl Edit {
    /// The record as it would be. Issuers that were chosen count no longer where they are not asked for.
    pub(super) fn onto(&self, before: &VerifierTemplate) -> Draft {
        let trust = self.trust.unwrap_or_else(|| TrustChoice::of(&before.trust));
        let chosen = match trust {
            TrustChoice::ChosenIssuers => before.trust.chosen().to_vec(),
            TrustChoice::TrustedIssuers | TrustChoice::AnyIssuer => Vec::new(),
        };
        Draft {
            name: self.name.clone().unwrap_or_else(|| before.name.to_string()),
            purpose: self.purpose.clone().unwrap_or_else(|| before.purpose.to_string()),
            identifier_id: self.identifier_id.or(Some(before.identifier_id)),
            query: self.query.clone().unwrap_or_else(|| before.query.clone()),
            trust,
            trusted_issuers: self.trusted_issuers.clone().unwrap_or(chosen),
            retention_days: self.retention_days.unwrap_or_else(|| before.retention.days().into()),
            request_uri_method: self.request_uri_method.unwrap_or(before.request_uri_method),
        }
    }
}

impl Draft {
    /// Checks every field at once. A policy that stands in the template already, as `before`, is not asked again: the
    /// issuers that were chosen may have been deleted since.
    pub(super) async fn check(
        &self,
        change: &mut Transaction<'_>,
        id: VerifierTemplateId,
        before: Option<&VerifierTemplate>,
    ) -> Result<NewVerifierTemplate, Problem> {
        let mut fields = Fields::default();
        let name = fields.parse("name", &self.name);
        let purpose = fields.parse("purpose", &self.purpose);
        let identifier_id = self.check_identifier(change, &mut fields).await?;
        let query = query::check(&mut fields, &self.query);
        let trust = match before.map(|before| &before.trust).filter(|policy| self.is(policy)) {
            Some(policy) => policy.clone(),
            None => self.check_trust(change, &mut fields).await?,
        };
        let retention = fields.take("retention_days", Retention::try_from(self.retention_days));
        let checked = name.zip(purpose).zip(identifier_id).zip(query).zip(retention);
        let checked = checked.map(|((((name, purpose), identifier_id), query), retention)| NewVerifierTemplate {
            id,
            name,
            purpose,
            identifier_id,
            query,
            trust,
            retention,
            request_uri_method: self.request_uri_method,
        });
        fields.finish(checked)
    }

    fn is(&self, policy: &TrustPolicy) -> bool {
        TrustChoice::of(policy) == self.trust && policy.chosen() == self.trusted_issuers
    }

    async fn check_identifier(
        &self,
        change: &mut Transaction<'_>,
        fields: &mut Fields,
    ) -> Result<Option<IdentifierId>, Problem> {
        const FIELD: &str = "identifier_id";
        let wallet = change.wallet_id();
        let Some(id) = self.identifier_id else {
            fields.refuse(FIELD, "required", "is required");
            return Ok(None);
        };
        if change.identifier(wallet, id).await?.is_none() {
            fields.refuse(FIELD, "unknown", "is not an identifier of this wallet");
            return Ok(None);
        }
        Ok(Some(id))
    }

    async fn check_trust(&self, change: &mut Transaction<'_>, fields: &mut Fields) -> Result<TrustPolicy, Problem> {
        const FIELD: &str = "trusted_issuers";
        let chosen = &self.trusted_issuers;
        let policy = match self.trust {
            TrustChoice::TrustedIssuers => TrustPolicy::TrustedIssuers,
            TrustChoice::AnyIssuer => TrustPolicy::AnyIssuer,
            TrustChoice::ChosenIssuers => {
                if chosen.is_empty() {
                    fields.refuse(FIELD, "required", "must name at least one trusted issuer");
                }
                return Ok(TrustPolicy::ChosenIssuers(self.known_issuers(change, fields, FIELD).await?));
            }
        };
        if !chosen.is_empty() {
            fields.refuse(FIELD, "invalid", "must be empty unless issuers are chosen");
        }
        Ok(policy)
    }

    /// Each issuer that was chosen, once.
    async fn known_issuers(
        &self,
        change: &mut Transaction<'_>,
        fields: &mut Fields,
        field: &str,
    ) -> Result<Vec<TrustedIssuerId>, Problem> {
        let wallet = change.wallet_id();
        let mut known = Vec::with_capacity(self.trusted_issuers.len());
        for (position, id) in self.trusted_issuers.iter().enumerate() {
            if known.contains(id) {
                continue;
            }
            match change.trusted_issuer(wallet, *id).await? {
                Some(issuer) => known.push(issuer.id),
                None => fields.refuse(&format!("{field}[{position}]"), "unknown", "is not a trusted issuer"),
            }
        }
        Ok(known)
    }
}
