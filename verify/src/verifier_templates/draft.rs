//! What a client writes of a verifier template, and how it is checked.

use kernel::caller::Transaction;
use kernel::http::{Draft, Fields, checked};
use kernel::problem::Problem;
use model::{
    IdentifierId, Name, Purpose, RequestUriMethod, Retention, TrustChoice, TrustPolicy, TrustedIssuerId,
    VerifierTemplate, VerifierTemplateId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use store::NewVerifierTemplate;

use super::query::{self, AskableQuery};

/// What a client writes of a verifier template.
#[derive(Clone, Serialize, Deserialize, JsonSchema, Debug)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CreateVerifierTemplate", description = "")]
pub struct TemplateDraft {
    /// Unique among the wallet's verifier templates without regard to case.
    #[serde(deserialize_with = "checked::<Name, _, _>")]
    #[schemars(with = "model::schema::Name", description = "")]
    pub name: String,
    /// Why the wallet asks; shown to the holder.
    #[serde(deserialize_with = "checked::<Purpose, _, _>")]
    #[schemars(with = "model::schema::Purpose", description = "")]
    pub purpose: String,
    /// The identifier that signs the requests.
    #[schemars(description = "")]
    pub identifier_id: IdentifierId,
    /// The query, in DCQL (OpenID4VP 1.0, section 6).
    #[serde(deserialize_with = "checked::<AskableQuery, _, _>")]
    #[schemars(with = "model::schema::Object")]
    pub query: Value,
    /// Whose credentials are accepted.
    #[serde(default)]
    pub trust: TrustChoice,
    /// Needed with `chosen_issuers`, and empty otherwise.
    #[serde(default)]
    pub trusted_issuers: Vec<TrustedIssuerId>,
    /// 0 to 3650; 30 if it is left out.
    #[serde(default = "default_retention", deserialize_with = "checked::<Retention, _, _>")]
    #[schemars(with = "model::schema::RetentionDays")]
    pub retention_days: i64,
    /// `get` if it is left out, which every wallet can do. Choose `post` for wallets that send a nonce of their own.
    #[serde(default)]
    pub request_uri_method: RequestUriMethod,
}

impl Draft for TemplateDraft {
    const PATCH: &'static str = "EditVerifierTemplate";

    /// Issuers that were chosen count no longer under another policy, unless the patch names some.
    fn settle(draft: &mut Map<String, Value>, sent: &Map<String, Value>) {
        if !sent.contains_key("trusted_issuers") && draft.get("trust") != Some(&json!(TrustChoice::ChosenIssuers)) {
            draft.insert("trusted_issuers".to_owned(), json!([]));
        }
    }

    /// The document says `null` of a member that is left out, and describes the types alone.
    fn describe_patch(members: &mut Map<String, Value>) {
        for (name, member) in members {
            let Value::Object(member) = member else { continue };
            member.insert("default".to_owned(), Value::Null);
            member.remove("description");
            let described = match name.as_str() {
                "trust" => schemars::schema_for!(TrustChoice),
                "request_uri_method" => schemars::schema_for!(RequestUriMethod),
                _ => continue,
            };
            member.extend(described.get("description").map(|text| ("description".to_owned(), text.clone())));
        }
    }
}

impl TemplateDraft {
    /// Checks every field at once. A policy that stands in the template already, as `before`, is not asked again: the
    /// issuers that were chosen may have been deleted since.
    pub(super) async fn check(
        self,
        change: &mut Transaction<'_>,
        id: VerifierTemplateId,
        before: Option<&VerifierTemplate>,
    ) -> Result<NewVerifierTemplate, Problem> {
        let wallet = change.wallet_id();
        let mut fields = Fields::default();
        let name = fields.parse_change("name", &self.name, before.map(|before| &before.name));
        let purpose = fields.parse_change("purpose", &self.purpose, before.map(|before| &before.purpose));
        if change.identifier(wallet, self.identifier_id).await?.is_none() {
            fields.refuse("identifier_id", "unknown", "is not an identifier of this wallet");
        }
        query::check(&mut fields, &self.query);
        let trust = match before.map(|before| &before.trust).filter(|policy| self.is(policy)) {
            Some(policy) => policy.clone(),
            None => self.check_trust(change, &mut fields).await?,
        };
        let retention = fields.take("retention_days", Retention::try_from(self.retention_days));
        let checked = name.zip(purpose).zip(retention);
        fields.finish(checked.map(|((name, purpose), retention)| NewVerifierTemplate {
            id,
            name,
            purpose,
            identifier_id: self.identifier_id,
            query: self.query,
            trust,
            retention,
            request_uri_method: self.request_uri_method,
        }))
    }

    fn is(&self, policy: &TrustPolicy) -> bool {
        policy.choice() == self.trust && policy.chosen() == self.trusted_issuers
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

fn default_retention() -> i64 {
    Retention::default().days().into()
}
