//! Trusted issuers: whose credentials the wallet accepts from others, and of which types. An empty list trusts
//! nobody.

mod api;
mod console;
mod trust;

use std::str::FromStr;

use kernel::app::App;
use kernel::caller::{Caller, Transaction};
use kernel::collection::{Collection, Creatable, Drafted, Editable};
use kernel::console::{Group, Place};
use kernel::feature::Feature;
use kernel::http::{Draft, Fields, Patch, checked, checked_items};
use kernel::problem::{Code, Problem};
use model::resource;
use model::{
    Action, AllowedTypes, CredentialType, Name, NewEvent, Notes, Target, TrustedIssuer, TrustedIssuerId, TypesError,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use store::{List, NewTrustedIssuer, Page};
use vc::did::Did;
use vc::issuer::issuer_metadata_url;

pub use trust::{Trust, trusts};

/// The feature, as the server serves it.
pub const FEATURE: Feature = Feature {
    api: &[("Trusted issuers", api::routes)],
    pages: Some(console::routes),
    place: Some(Place::of::<TrustedIssuers>("trust", Group::Verify)),
    samples: include_str!("samples.json"),
    ..Feature::NONE
};

/// What a client writes of a trusted issuer.
#[derive(Clone, Serialize, Deserialize, JsonSchema, Debug)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CreateTrustedIssuer")]
pub struct IssuerDraft {
    /// Unique among the wallet's trusted issuers without regard to case.
    #[serde(deserialize_with = "checked::<Name, _, _>")]
    #[schemars(with = "model::schema::Name")]
    pub name: String,
    /// A DID or an https URL.
    #[serde(deserialize_with = "checked::<IssuerId, _, _>")]
    pub issuer: String,
    /// Trusts it for credentials of every type, in the place of `vcts`.
    #[serde(default)]
    pub any_vct: bool,
    /// Trusts it for credentials of these types (`vct`), in the place of `any_vct`. Needed unless `any_vct` is true.
    #[serde(default, deserialize_with = "checked_items::<CredentialType, _>")]
    pub vcts: Vec<String>,
    /// Free text.
    #[serde(default, deserialize_with = "checked::<Notes, _, _>")]
    #[schemars(with = "model::schema::Notes")]
    pub notes: String,
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

/// The wallet's trusted issuers.
pub struct TrustedIssuers;

impl Collection for TrustedIssuers {
    type Resource = resource::TrustedIssuers;
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
        IssuerDraft {
            name: issuer.name.to_string(),
            issuer: issuer.issuer.clone(),
            any_vct: issuer.types.is_any(),
            vcts: issuer.types.listed().iter().map(ToString::to_string).collect(),
            notes: issuer.notes.to_string(),
        }
    }

    async fn edit(
        app: &App,
        caller: &Caller,
        id: TrustedIssuerId,
        patch: &Patch<IssuerDraft>,
    ) -> Result<TrustedIssuer, Problem> {
        let mut change = app.begin(caller).await?;
        let before = change.trusted_issuer(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
        let new = check(id, &patch.onto(&Self::draft(&before))?, Some(&before))?;
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
        let new = check(app.randomness.id(app.clock.now()), &draft, None)?;
        let mut change = app.begin(caller).await?;
        check_issuer_is_free(&mut change, &new).await?;
        let issuer = change.insert_trusted_issuer(&new).await.map_err(Problem::taken(Code::NameInUse, "name"))?;
        let event = NewEvent::new(Action::TrustedIssuerCreated, target(&issuer)).with(detail(&issuer));
        change.commit(event).await?;
        Ok(issuer)
    }
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

/// The issuer with this id, as a draft makes it of the one before.
fn check(
    id: TrustedIssuerId,
    draft: &IssuerDraft,
    before: Option<&TrustedIssuer>,
) -> Result<NewTrustedIssuer, Problem> {
    let mut fields = Fields::default();
    let name = fields.parse_change("name", &draft.name, before.map(|before| &before.name));
    let issuer = fields.parse::<IssuerId>("issuer", &draft.issuer).map(|issuer| issuer.0);
    let types = check_types(&mut fields, draft);
    let notes = fields.parse_change("notes", &draft.notes, before.map(|before| &before.notes));
    let new = name.zip(issuer).zip(types).zip(notes);
    fields.finish(new.map(|(((name, issuer), types), notes)| NewTrustedIssuer { id, name, issuer, types, notes }))
}

fn check_types(fields: &mut Fields, draft: &IssuerDraft) -> Option<AllowedTypes> {
    let parse = |(position, vct): (usize, &String)| fields.parse::<CredentialType>(&format!("vcts[{position}]"), vct);
    let types: Vec<_> = draft.vcts.iter().enumerate().map(parse).collect();
    let types = types.into_iter().collect::<Option<Vec<_>>>()?;
    let field = |error: &TypesError| if *error == TypesError::Both { "any_vct" } else { "vcts" };
    AllowedTypes::new(draft.any_vct, types).map_err(|error| fields.refuse(field(&error), "invalid", error)).ok()
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
