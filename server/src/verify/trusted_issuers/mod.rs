//! Trusted issuers: whose credentials the wallet accepts from others, and of which types. An empty list trusts
//! nobody.

pub mod api;
pub(crate) mod console;
mod screen;
mod trust;

use std::str::FromStr;

use model::{
    Action, AllowedTypes, CredentialType, Name, NewEvent, Notes, Target, TrustedIssuer, TrustedIssuerId, TypesError,
};
use serde_json::json;
use store::{List, NewTrustedIssuer, Page};
use vc::did::Did;
use vc::issuer::issuer_metadata_url;

pub use trust::{Trust, trusts};

use crate::kernel::app::App;
use crate::kernel::caller::{Caller, Transaction};
use crate::kernel::http::Fields;
use crate::kernel::problem::{Code, Problem};

/// What somebody asks for in a new trusted issuer, as it was typed.
#[derive(Clone, Default, Debug)]
pub struct Draft {
    /// What people call it.
    pub name: String,
    /// Its DID or https URL.
    pub issuer: String,
    /// Whether it is trusted for every type.
    pub any_vct: bool,
    /// The types that it is trusted for.
    pub vcts: Vec<String>,
    /// Free text.
    pub notes: String,
}

/// What is to change in a trusted issuer; what is left out stays.
#[derive(Clone, Default, Debug)]
pub struct Edit {
    /// What people call it.
    pub name: Option<String>,
    /// Its DID or https URL.
    pub issuer: Option<String>,
    /// Whether it is trusted for every type.
    pub any_vct: Option<bool>,
    /// The types that it is trusted for.
    pub vcts: Option<Vec<String>>,
    /// Free text.
    pub notes: Option<String>,
}

/// Trusts an issuer.
///
/// # Errors
///
/// Refused fields (422), a name or an issuer in use (409).
pub async fn create(app: &App, caller: &Caller, draft: &Draft) -> Result<TrustedIssuer, Problem> {
    let checked = check(draft)?;
    let mut change = app.begin(caller).await?;
    let new = checked.with(app.randomness.id(change.at()));
    check_issuer_is_free(&mut change, &new).await?;
    let issuer = change.insert_trusted_issuer(&new).await.map_err(Problem::taken(Code::NameInUse, "name"))?;
    let event = NewEvent::new(Action::TrustedIssuerCreated, target(&issuer)).with(detail(&issuer));
    change.commit(event).await?;
    Ok(issuer)
}

/// Changes a trusted issuer.
///
/// # Errors
///
/// No such issuer (404), refused fields (422), a name or an issuer in use (409).
pub async fn edit(app: &App, caller: &Caller, id: TrustedIssuerId, edit: &Edit) -> Result<TrustedIssuer, Problem> {
    let mut change = app.begin(caller).await?;
    let before = change.trusted_issuer(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
    let changed = check(&edit.onto(&before))?.with(id);
    let after = TrustedIssuer {
        name: changed.name.clone(),
        issuer: changed.issuer.clone(),
        types: changed.types.clone(),
        notes: changed.notes.clone(),
        ..before.clone()
    };
    if after == before {
        return Ok(before);
    }
    check_issuer_is_free(&mut change, &changed).await?;
    change.update_trusted_issuer(&changed).await.map_err(Problem::taken(Code::NameInUse, "name"))?;
    let event = NewEvent::new(Action::TrustedIssuerEdited, target(&before))
        .with(json!({"before": detail(&before), "after": detail(&after)}));
    change.commit(event).await?;
    Ok(after)
}

/// Trusts an issuer no longer, neither by the list nor by a template for which it was chosen.
///
/// # Errors
///
/// No such issuer (404).
pub async fn delete(app: &App, caller: &Caller, id: TrustedIssuerId) -> Result<(), Problem> {
    let mut change = app.begin(caller).await?;
    let issuer = change.trusted_issuer(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
    change.delete_trusted_issuer(id).await?;
    change.commit(NewEvent::new(Action::TrustedIssuerDeleted, target(&issuer)).with(detail(&issuer))).await
}

/// A trusted issuer.
pub async fn get(app: &App, caller: &Caller, id: TrustedIssuerId) -> Result<TrustedIssuer, Problem> {
    app.store.read().await?.trusted_issuer(caller.wallet_id, id).await?.ok_or_else(|| Code::NotFound.into())
}

/// A page of the trusted issuers, by name.
pub async fn list(app: &App, caller: &Caller, list: &List<()>) -> Result<Page<TrustedIssuer>, Problem> {
    Ok(app.store.read().await?.trusted_issuers(caller.wallet_id, list).await?)
}

/// Every trusted issuer of the wallet, by name: what a template can choose from.
pub(crate) async fn all(app: &App, caller: &Caller) -> Result<Vec<TrustedIssuer>, Problem> {
    const AT_ONCE: u32 = 200;
    let mut store = app.store.read().await?;
    let (mut issuers, mut after) = (Vec::new(), None);
    loop {
        let list = List { limit: AT_ONCE, after, q: None, sort: (), descending: false };
        let page = store.trusted_issuers(caller.wallet_id, &list).await?;
        issuers.extend(page.items);
        after = page.next;
        if after.is_none() {
            return Ok(issuers);
        }
    }
}

impl Edit {
    /// The record as it would be. Where types are listed, any is no longer accepted, and the reverse.
    fn onto(&self, before: &TrustedIssuer) -> Draft {
        let listed = || before.types.listed().iter().map(ToString::to_string).collect();
        let any_vct = self.any_vct.unwrap_or(self.vcts.is_none() && before.types.is_any());
        Draft {
            name: self.name.clone().unwrap_or_else(|| before.name.to_string()),
            issuer: self.issuer.clone().unwrap_or_else(|| before.issuer.clone()),
            any_vct,
            vcts: self.vcts.clone().unwrap_or_else(|| if any_vct { Vec::new() } else { listed() }),
            notes: self.notes.clone().unwrap_or_else(|| before.notes.to_string()),
        }
    }
}

/// A draft whose fields are in order.
struct ValidDraft {
    name: Name,
    issuer: String,
    types: AllowedTypes,
    notes: Notes,
}

impl ValidDraft {
    fn with(self, id: TrustedIssuerId) -> NewTrustedIssuer {
        let Self { name, issuer, types, notes } = self;
        NewTrustedIssuer { id, name, issuer, types, notes }
    }
}

fn check(draft: &Draft) -> Result<ValidDraft, Problem> {
    let mut fields = Fields::default();
    let name = fields.parse("name", &draft.name);
    let issuer = fields.parse::<IssuerId>("issuer", &draft.issuer).map(|issuer| issuer.0);
    let types = check_types(&mut fields, draft);
    let notes = fields.parse("notes", &draft.notes);
    let checked = name.zip(issuer).zip(types).zip(notes);
    fields.finish(checked.map(|(((name, issuer), types), notes)| ValidDraft { name, issuer, types, notes }))
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

fn check_types(fields: &mut Fields, draft: &Draft) -> Option<AllowedTypes> {
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

fn detail(issuer: &TrustedIssuer) -> serde_json::Value {
    json!({
        "name": issuer.name,
        "issuer": issuer.issuer,
        "any_vct": issuer.types.is_any(),
        "vcts": issuer.types.listed(),
        "notes": issuer.notes,
    })
}

fn target(issuer: &TrustedIssuer) -> Target {
    Target::new(issuer.id, issuer.name.as_str())
}
