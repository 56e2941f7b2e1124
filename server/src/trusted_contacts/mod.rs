//! Trusted contacts: the parties that the wallet deals with, by their DID.

pub mod api;
pub(crate) mod console;
mod screen;

use model::{Action, Name, NewEvent, Notes, Target, TrustedContact, TrustedContactId};
use serde_json::json;
use store::{List, NewTrustedContact, Page};
use vc::did::Did;

use crate::app::App;
use crate::caller::{Caller, Change};
use crate::http::Fields;
use crate::problem::{Code, Problem};

/// What somebody asks for in a new contact, as it was typed.
#[derive(Clone, Default, Debug)]
pub struct Draft {
    /// What people call it.
    pub name: String,
    /// Its DID.
    pub did: String,
    /// Free text.
    pub notes: String,
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
}

/// Adds a contact.
///
/// # Errors
///
/// Refused fields (422), a name or a DID in use (409).
pub async fn create(app: &App, caller: &Caller, draft: &Draft) -> Result<TrustedContact, Problem> {
    let (name, did, notes) = check(&draft.name, &draft.did, &draft.notes)?;
    let mut change = app.begin(caller).await?;
    check_did_is_free(&mut change, &did, None).await?;
    let new = NewTrustedContact { id: app.randomness.id(change.at()), name, did: did.to_string(), notes };
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
/// No such contact (404), refused fields (422), a name or a DID in use (409).
pub async fn edit(app: &App, caller: &Caller, id: TrustedContactId, edit: &Edit) -> Result<TrustedContact, Problem> {
    let mut change = app.begin(caller).await?;
    let before = change.trusted_contact(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
    let (name, did, notes) = check(
        edit.name.as_deref().unwrap_or(before.name.as_str()),
        edit.did.as_deref().unwrap_or(&before.did),
        edit.notes.as_deref().unwrap_or(before.notes.as_str()),
    )?;
    let after = TrustedContact { name, did: did.to_string(), notes, ..before.clone() };
    if after == before {
        return Ok(before);
    }
    check_did_is_free(&mut change, &did, Some(id)).await?;
    change
        .update_trusted_contact(id, &after.name, &after.did, &after.notes)
        .await
        .map_err(Problem::taken(Code::NameInUse, "name"))?;
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

fn check(name: &str, did: &str, notes: &str) -> Result<(Name, Did, Notes), Problem> {
    let mut fields = Fields::default();
    let name = fields.parse("name", name);
    let did = fields.parse("did", did.trim());
    let notes = fields.parse("notes", notes);
    let ((name, did), notes) = fields.finish(name.zip(did).zip(notes))?;
    Ok((name, did, notes))
}

/// Changes happen one after the other, so what is free here is free at the end.
async fn check_did_is_free(change: &mut Change<'_>, did: &Did, but: Option<TrustedContactId>) -> Result<(), Problem> {
    let wallet = change.wallet_id();
    match change.trusted_contact_with_did(wallet, did.as_str()).await? {
        Some(other) if Some(other.id) != but => Err(Problem::in_use(Code::DidInUse, "did")),
        _ => Ok(()),
    }
}

fn detail(contact: &TrustedContact) -> serde_json::Value {
    json!({"name": contact.name, "did": contact.did, "notes": contact.notes})
}

fn target(contact: &TrustedContact) -> Target {
    Target::new(contact.id, contact.name.as_str())
}
