//! Status lists: where the credentials that the wallet issues are revoked, suspended and restored
//! (draft-ietf-oauth-status-list).

pub mod api;
pub(crate) mod console;
mod entries;
pub(crate) mod publish;
mod screen;

use model::{Action, IdentifierId, Name, NewEvent, STATUS_LIST_SIZE, StatusList, StatusListId, Target, WalletId};
use serde_json::json;
use store::{List, NewStatusList, Page};

use crate::kernel::app::App;
use crate::kernel::caller::{Caller, Transaction};
use crate::kernel::http::Fields;
use crate::kernel::problem::{Code, Problem};
pub use entries::{reserve, set};
pub use model::CredentialStatus as Status;
pub use vc::status_list::StatusReference;

/// What somebody asks for in a new list.
#[derive(Clone, Debug)]
pub struct Draft {
    /// What it is for.
    pub name: String,
    /// Who signs it, and issues the credentials that refer to it.
    pub identifier_id: IdentifierId,
}

/// Makes a list with room for 100,000 credentials.
///
/// # Errors
///
/// A refused name, or an identifier that the wallet does not have (422), a name in use (409).
pub async fn create(app: &App, caller: &Caller, draft: &Draft) -> Result<StatusList, Problem> {
    let mut fields = Fields::default();
    let name = fields.parse::<Name>("name", &draft.name);
    let mut change = app.begin(caller).await?;
    let signer = change.identifier(caller.wallet_id, draft.identifier_id).await?;
    let signer = fields.take("identifier_id", signer.ok_or("is not an identifier of this wallet"));
    let (name, signer) = fields.finish(name.zip(signer))?;
    let id = app.randomness.id(change.at());
    let new = NewStatusList { id, name, identifier_id: signer.id, size: STATUS_LIST_SIZE };
    let list = change.insert_status_list(&new).await.map_err(Problem::taken(Code::NameInUse, "name"))?;
    let detail = json!({"did": signer.did, "size": list.size});
    change.commit(NewEvent::new(Action::StatusListCreated, target(&list)).with(detail)).await?;
    Ok(list)
}

/// Gives a list another name. Nothing else of it can be changed: credentials refer to it.
///
/// # Errors
///
/// No such list (404), a refused name (422), a name in use (409).
pub async fn rename(app: &App, caller: &Caller, id: StatusListId, name: &str) -> Result<StatusList, Problem> {
    let mut fields = Fields::default();
    let name = fields.parse::<Name>("name", name);
    let mut change = app.begin(caller).await?;
    let before = get_in(&mut change, caller.wallet_id, id).await?;
    let name = fields.finish(name)?;
    if name == before.name {
        return Ok(before);
    }
    change.rename_status_list(id, &name).await.map_err(Problem::taken(Code::NameInUse, "name"))?;
    let event = NewEvent::new(Action::StatusListEdited, target(&before))
        .with(json!({"before": {"name": before.name}, "after": {"name": name}}));
    change.commit(event).await?;
    Ok(StatusList { name, ..before })
}

/// Deletes a list.
///
/// # Errors
///
/// No such list (404), or one that is used (409): without it a credential that refers to it would be worthless.
pub async fn delete(app: &App, caller: &Caller, id: StatusListId) -> Result<(), Problem> {
    let mut change = app.begin(caller).await?;
    let list = get_in(&mut change, caller.wallet_id, id).await?;
    check_unused(&mut change, &list).await?;
    change.delete_status_list(id).await?;
    change.commit(NewEvent::new(Action::StatusListDeleted, target(&list))).await
}

/// A list.
pub async fn get(app: &App, caller: &Caller, id: StatusListId) -> Result<StatusList, Problem> {
    app.store.read().await?.status_list(caller.wallet_id, id).await?.ok_or_else(|| Code::NotFound.into())
}

/// A page of the lists, by name.
pub async fn list(app: &App, caller: &Caller, list: &List<()>) -> Result<Page<StatusList>, Problem> {
    Ok(app.store.read().await?.status_lists(caller.wallet_id, list).await?)
}

/// Where a list is served: the `uri` of the credentials that refer to it, and its own `sub`.
pub fn uri(app: &App, wallet: WalletId, id: StatusListId) -> String {
    format!("{}/status-lists/{id}", app.wallet_url(wallet))
}

async fn get_in(change: &mut Transaction<'_>, wallet: WalletId, id: StatusListId) -> Result<StatusList, Problem> {
    change.status_list(wallet, id).await?.ok_or_else(|| Code::NotFound.into())
}

/// Whoever else leans on lists adds a line.
async fn check_unused(change: &mut Transaction<'_>, list: &StatusList) -> Result<(), Problem> {
    let in_use = |detail| Err(Problem::detailed(Code::StatusListInUse, detail));
    if list.used() > 0 {
        return in_use("Credentials that were issued refer to it.");
    }
    if change.status_list_has_templates(list.wallet_id, list.id).await? {
        return in_use("An issuer template refers to it.");
    }
    Ok(())
}

fn target(list: &StatusList) -> Target {
    Target::new(list.id, list.name.as_str())
}
