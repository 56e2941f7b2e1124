//! Trusted issuers: whose credentials the wallet accepts from others, and of which types. An empty list trusts
//! nobody.

pub mod api;
pub(crate) mod console;
mod trust;

use std::str::FromStr;

use model::resource::TrustedIssuers;
use model::{
    Action, AllowedTypes, CredentialType, Name, NewEvent, Notes, Target, TrustedIssuer, TrustedIssuerId, TypesError,
};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value, json};
use store::{List, NewTrustedIssuer, Page};
use vc::did::Did;
use vc::issuer::issuer_metadata_url;

pub use trust::{Trust, trusts};

use crate::kernel::app::App;
use crate::kernel::caller::{Caller, Transaction};
use crate::kernel::collection::{Collection, Creatable, Drafted, Editable};
use crate::kernel::http::{Draft, Patch, parsed_items, trimmed};
use crate::kernel::problem::{Code, Problem};

/// What a client writes of a trusted issuer.
#[derive(Clone, Serialize, Deserialize, JsonSchema, Debug)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CreateTrustedIssuer")]
pub struct IssuerDraft {
    /// Unique among the wallet's trusted issuers without regard to case.
    pub name: Name,
    /// A DID or an https URL.
    #[serde(deserialize_with = "issuer")]
    pub issuer: String,
    /// Trusts it for credentials of every type, in the place of `vcts`.
    #[serde(default)]
    pub any_vct: bool,
    /// Trusts it for credentials of these types (`vct`), in the place of `any_vct`. Needed unless `any_vct` is true.
    #[serde(default, deserialize_with = "parsed_items")]
    #[schemars(with = "Vec<String>")]
    pub vcts: Vec<CredentialType>,
    /// Free text.
    #[serde(default)]
    pub notes: Notes,
}

impl Draft for IssuerDraft {
    const PATCH: &'static str = "EditTrustedIssuer";

    fn settle(draft: &mut Map<String, Value>, sent: &Map<String, Value>) {
        match (sent.get("any_vct"), sent.contains_key("vcts")) {
            (Some(Value::Bool(true)), false) => draft.insert("vcts".to_owned(), json!([])),
            (None, true) => draft.insert("any_vct".to_owned(), json!(false)),
            _ => None,
        };
    }
}

impl Collection for TrustedIssuers {
    type Id = TrustedIssuerId;
    type Object = TrustedIssuer;

    fn id(issuer: &TrustedIssuer) -> TrustedIssuerId {
        issuer.id
    }

    fn name(issuer: &TrustedIssuer) -> &str {
        issuer.name.as_str()
    }

    async fn list(app: &App, caller: &Caller, list: &List<()>) -> Result<Page<TrustedIssuer>, Problem> {
        Ok(app.store.read().await?.trusted_issuers(caller.wallet_id, list).await?)
    }

    async fn get(app: &App, caller: &Caller, id: TrustedIssuerId) -> Result<TrustedIssuer, Problem> {
        app.store.read().await?.trusted_issuer(caller.wallet_id, id).await?.ok_or_else(|| Code::NotFound.into())
    }

    /// Trusts an issuer no longer, neither by the list nor by a template for which it was chosen.
    async fn delete(app: &App, caller: &Caller, id: TrustedIssuerId) -> Result<(), Problem> {
        let mut change = app.begin(caller).await?;
        let issuer = change.trusted_issuer(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
        change.delete_trusted_issuer(id).await?;
        change.commit(NewEvent::new(Action::TrustedIssuerDeleted, target(&issuer)).with(detail(&issuer))).await
    }
}

impl Drafted for TrustedIssuers {
    type Draft = IssuerDraft;
}

impl Editable for TrustedIssuers {
    fn draft(issuer: &TrustedIssuer) -> IssuerDraft {
        let TrustedIssuer { name, issuer, types, notes, .. } = issuer.clone();
        IssuerDraft { name, issuer, any_vct: types.is_any(), vcts: types.listed().to_vec(), notes }
    }

    async fn edit(
        app: &App,
        caller: &Caller,
        id: TrustedIssuerId,
        patch: &Patch<IssuerDraft>,
    ) -> Result<TrustedIssuer, Problem> {
        let mut change = app.begin(caller).await?;
        let before = change.trusted_issuer(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
        let new = check(id, patch.onto(&Self::draft(&before))?)?;
        check_issuer_is_free(&mut change, &new).await?;
        let after = change.update_trusted_issuer(&new).await.map_err(Problem::taken(Code::NameInUse, "name"))?;
        let after = after.ok_or(Code::NotFound)?;
        if after == before {
            return Ok(before);
        }
        let event = NewEvent::new(Action::TrustedIssuerEdited, target(&before))
            .with(json!({"before": detail(&before), "after": detail(&after)}));
        change.commit(event).await?;
        Ok(after)
    }
}

impl Creatable for TrustedIssuers {
    async fn create(app: &App, caller: &Caller, draft: IssuerDraft) -> Result<TrustedIssuer, Problem> {
        let new = check(app.randomness.id(app.clock.now()), draft)?;
        let mut change = app.begin(caller).await?;
        check_issuer_is_free(&mut change, &new).await?;
        let issuer = change.insert_trusted_issuer(&new).await.map_err(Problem::taken(Code::NameInUse, "name"))?;
        let event = NewEvent::new(Action::TrustedIssuerCreated, target(&issuer)).with(detail(&issuer));
        change.commit(event).await?;
        Ok(issuer)
    }
}

fn issuer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    trimmed::<D, IssuerId>(deserializer).map(|issuer| issuer.0)
}

/// What an `iss` claim names: a DID, or an https URL under which an issuer publishes its keys.
struct IssuerId(String);

impl FromStr for IssuerId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let issuer = text.trim();
        if issuer.starts_with("did:") {
            return issuer.parse::<Did>().map(|did| Self(did.to_string())).map_err(|error| error.to_string());
        }
        let refused = |_| "must be a DID, or an https URL without user name, query and fragment".to_owned();
        issuer_metadata_url(issuer).map_err(refused).map(|_| Self(issuer.to_owned()))
    }
}

/// The issuer with this id, as a draft makes it.
fn check(id: TrustedIssuerId, draft: IssuerDraft) -> Result<NewTrustedIssuer, Problem> {
    let IssuerDraft { name, issuer, any_vct, vcts, notes } = draft;
    let types = AllowedTypes::new(any_vct, vcts).map_err(|error| {
        let field = if error == TypesError::Both { "any_vct" } else { "vcts" };
        Problem::field(field, "invalid", error.to_string())
    })?;
    Ok(NewTrustedIssuer { id, name, issuer, types, notes })
}

/// Changes happen one after the other, so what is free here is free at the end.
async fn check_issuer_is_free(change: &mut Transaction<'_>, wanted: &NewTrustedIssuer) -> Result<(), Problem> {
    let wallet = change.wallet_id();
    match change.trusted_issuer_called(wallet, &wanted.issuer).await? {
        Some(other) if other.id != wanted.id => Err(Problem::in_use(Code::IssuerInUse, "issuer")),
        _ => Ok(()),
    }
}

fn detail(issuer: &TrustedIssuer) -> Value {
    json!(TrustedIssuers::draft(issuer))
}

fn target(issuer: &TrustedIssuer) -> Target {
    Target::new(issuer.id, issuer.name.as_str())
}
