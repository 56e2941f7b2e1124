//! Trusted contacts: the parties that the wallet deals with, by their DID.

pub mod api;
pub(crate) mod console;
mod screen;

use model::{Action, NewEvent, Target, TrustedContact, TrustedContactId};
use serde_json::json;
use store::{List, NewTrustedContact, Page};
use vc::did::Did;

use crate::kernel::app::App;
use crate::kernel::caller::{Caller, Transaction};
use crate::kernel::http::Fields;
use crate::kernel::problem::{Code, Problem};

/// What somebody asks for in a new contact, as it was typed.
#[derive(Clone, Default, Debug)]
pub struct Draft {
    /// What people call it.
    pub name: String,
    /// Its DID.
    pub did: String,
    /// Free text.
    pub notes: String,
    /// The credential issuer from which it may push credentials unattended; empty when it may not.
    pub credential_issuer: String,
    /// Where credential offers are pushed to it; empty when there is no such place.
    pub credential_offer_endpoint: String,
}

/// What is to change in a contact; what is left out stays.
#[derive(Clone, Default, Debug)]
pub struct Edit {
    /// What people call it.
    pub name: Option<String>,
    /// Its DID.
    pub did: Option<String>,
    /// Free text.
    pub notes: Option<String>,
    /// The credential issuer from which it may push credentials unattended; empty takes it away.
    pub credential_issuer: Option<String>,
    /// Where credential offers are pushed to it; empty takes it away.
    pub credential_offer_endpoint: Option<String>,
}

/// Adds a contact.
///
/// # Errors
///
/// Refused fields (422), a name, a DID or a credential issuer in use (409).
pub async fn create(app: &App, caller: &Caller, draft: &Draft) -> Result<TrustedContact, Problem> {
    let new = check(app, app.randomness.id(app.clock.now()), draft)?;
    let mut change = app.begin(caller).await?;
    check_is_free(&mut change, &new).await?;
    change.insert_trusted_contact(&new).await.map_err(Problem::taken(Code::NameInUse, "name"))?;
    let contact = change.trusted_contact(caller.wallet_id, new.id).await?.ok_or(Code::Internal)?;
    let event = NewEvent::new(Action::TrustedContactCreated, target(&contact)).with(detail(&contact));
    change.commit(event).await?;
    Ok(contact)
}

/// Changes a contact.
///
/// # Errors
///
/// No such contact (404), refused fields (422), a name, a DID or a credential issuer in use (409).
pub async fn edit(app: &App, caller: &Caller, id: TrustedContactId, edit: &Edit) -> Result<TrustedContact, Problem> {
    let mut change = app.begin(caller).await?;
    let before = change.trusted_contact(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
    let new = check(app, id, &edit.of(&before))?;
    check_is_free(&mut change, &new).await?;
    change.update_trusted_contact(&new).await.map_err(Problem::taken(Code::NameInUse, "name"))?;
    let after = change.trusted_contact(caller.wallet_id, id).await?.ok_or(Code::Internal)?;
    if after == before {
        return Ok(before);
    }
    let event = NewEvent::new(Action::TrustedContactEdited, target(&before))
        .with(json!({"before": detail(&before), "after": detail(&after)}));
    change.commit(event).await?;
    Ok(after)
}

/// Deletes a contact.
///
/// # Errors
///
/// No such contact (404).
pub async fn delete(app: &App, caller: &Caller, id: TrustedContactId) -> Result<(), Problem> {
    let mut change = app.begin(caller).await?;
    let contact = change.trusted_contact(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
    change.delete_trusted_contact(id).await?;
    change.commit(NewEvent::new(Action::TrustedContactDeleted, target(&contact)).with(detail(&contact))).await
}

/// A contact.
pub async fn get(app: &App, caller: &Caller, id: TrustedContactId) -> Result<TrustedContact, Problem> {
    app.store.read().await?.trusted_contact(caller.wallet_id, id).await?.ok_or_else(|| Code::NotFound.into())
}

/// A page of the contacts, by name.
pub async fn list(app: &App, caller: &Caller, list: &List<()>) -> Result<Page<TrustedContact>, Problem> {
    Ok(app.store.read().await?.trusted_contacts(caller.wallet_id, list).await?)
}

impl Draft {
    /// A contact as a form shows it.
    pub(crate) fn of(contact: TrustedContact) -> Self {
        Self {
            name: contact.name.into_string(),
            did: contact.did,
            notes: contact.notes.into_string(),
            credential_issuer: contact.credential_issuer.unwrap_or_default(),
            credential_offer_endpoint: contact.credential_offer_endpoint.unwrap_or_default(),
        }
    }
}

impl Edit {
    /// What the contact would be after it.
    fn of(&self, before: &TrustedContact) -> Draft {
        let before = Draft::of(before.clone());
        let chosen = |asked: &Option<String>, before: String| asked.clone().unwrap_or(before);
        Draft {
            name: chosen(&self.name, before.name),
            did: chosen(&self.did, before.did),
            notes: chosen(&self.notes, before.notes),
            credential_issuer: chosen(&self.credential_issuer, before.credential_issuer),
            credential_offer_endpoint: chosen(&self.credential_offer_endpoint, before.credential_offer_endpoint),
        }
    }
}

/// What a draft makes of the contact with this id.
fn check(app: &App, id: TrustedContactId, draft: &Draft) -> Result<NewTrustedContact, Problem> {
    let mut fields = Fields::default();
    let name = fields.parse("name", &draft.name);
    let did = fields.parse::<Did>("did", draft.did.trim());
    let notes = fields.parse("notes", &draft.notes);
    let credential_issuer = address(app, &mut fields, "credential_issuer", &draft.credential_issuer);
    // OpenID4VCI 1.0 §12.2.1: no query and no fragment, because the paths of its metadata are made of it.
    if credential_issuer.as_deref().is_some_and(|issuer| issuer.contains(['?', '#'])) {
        fields.refuse("credential_issuer", "invalid", "must have no query and no fragment");
    }
    let endpoint = address(app, &mut fields, "credential_offer_endpoint", &draft.credential_offer_endpoint);
    let ((name, did), notes) = fields.finish(name.zip(did).zip(notes))?;
    let did = did.to_string();
    Ok(NewTrustedContact { id, name, did, notes, credential_issuer, credential_offer_endpoint: endpoint })
}

/// A URL that the guarded client would ask; none when nothing was typed.
fn address(app: &App, fields: &mut Fields, field: &str, typed: &str) -> Option<String> {
    let url = typed.trim();
    if url.is_empty() {
        return None;
    }
    if app.outbound.check(url).is_err() {
        fields.refuse(field, "invalid", "must be an https URL with a public address, without user name and password");
    }
    Some(url.to_owned())
}

/// Changes happen one after the other, so what is free here is free at the end.
async fn check_is_free(change: &mut Transaction<'_>, new: &NewTrustedContact) -> Result<(), Problem> {
    let wallet = change.wallet_id();
    if change.trusted_contact_with_did(wallet, &new.did).await?.is_some_and(|other| other.id != new.id) {
        return Err(Problem::in_use(Code::DidInUse, "did"));
    }
    let Some(issuer) = &new.credential_issuer else { return Ok(()) };
    if change.trusted_contact_of_issuer(wallet, issuer).await?.is_some_and(|other| other.id != new.id) {
        return Err(Problem::in_use(Code::CredentialIssuerInUse, "credential_issuer"));
    }
    Ok(())
}

fn detail(contact: &TrustedContact) -> serde_json::Value {
    json!({
        "name": contact.name, "did": contact.did, "notes": contact.notes,
        "credential_issuer": contact.credential_issuer,
        "credential_offer_endpoint": contact.credential_offer_endpoint,
    })
}

fn target(contact: &TrustedContact) -> Target {
    Target::new(contact.id, contact.name.as_str())
}
