//! Status lists: where the credentials that the wallet issues are revoked, suspended and restored
//! (draft-ietf-oauth-status-list).

mod api;
mod console;
mod entries;

use kernel::app::App;
use kernel::caller::{Caller, Transaction};
use kernel::collection::{Collection, Creatable, Drafted, Editable};
use kernel::console::{Group, Place};
use kernel::feature::Feature;
use kernel::http::{Draft, Fields, Patch, checked};
use kernel::problem::{Code, Problem};
use model::resource;
use model::{Action, IdentifierId, Name, NewEvent, STATUS_LIST_SIZE, StatusList, StatusListId, Target};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{List, NewStatusList, Page};

pub use entries::{reserve, set};
pub use keys::signed_status_lists::uri;
pub use model::CredentialStatus as Status;
pub use vc::status_list::StatusReference;

/// The feature, as the server serves it.
pub const FEATURE: Feature = Feature {
    api: &[("Status lists", api::routes)],
    pages: Some(console::routes),
    place: Some(Place::of::<StatusLists>("status-list", Group::Issue)),
    samples: include_str!("samples.json"),
    ..Feature::NONE
};

/// What a client writes of a status list. Nothing but its name changes: credentials refer to it.
#[derive(Clone, Serialize, Deserialize, JsonSchema, Debug)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CreateStatusList")]
pub struct StatusListDraft {
    /// What it is for. Unique among the wallet's status lists without regard to case.
    #[serde(deserialize_with = "checked::<Name, _, _>")]
    #[schemars(with = "model::schema::Name")]
    pub name: String,
    /// The identifier of this wallet that signs it, and issues the credentials that refer to it; never changes.
    pub identifier_id: IdentifierId,
}

impl Draft for StatusListDraft {
    const PATCH: &'static str = "EditStatusList";
    const IMMUTABLE: &'static [&'static str] = &["identifier_id"];
}

/// The wallet's status lists.
pub struct StatusLists;

impl Collection for StatusLists {
    type Resource = resource::StatusLists;
    type Id = StatusListId;
    type Object = StatusList;

    fn id(list: &StatusList) -> StatusListId {
        list.id
    }

    fn name(list: &StatusList) -> &str {
        list.name.as_str()
    }

    async fn list(app: &App, caller: &Caller, list: &List<()>) -> Result<Page<StatusList>, Problem> {
        Ok(app.store.read().await?.status_lists(caller.wallet_id, list).await?)
    }

    async fn get(app: &App, caller: &Caller, id: StatusListId) -> Result<StatusList, Problem> {
        app.store.read().await?.status_list(caller.wallet_id, id).await?.ok_or_else(|| Code::NotFound.into())
    }

    /// Deletes a list that is not used: without it a credential that refers to it would be worthless.
    async fn delete(app: &App, caller: &Caller, id: StatusListId) -> Result<(), Problem> {
        let mut change = app.begin(caller).await?;
        let list = change.status_list(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
        check_unused(&mut change, &list).await?;
        change.delete_status_list(id).await?;
        change.commit(NewEvent::new(Action::StatusListDeleted, target(&list))).await
    }
}

impl Drafted for StatusLists {
    type Draft = StatusListDraft;
}

impl Creatable for StatusLists {
    /// Creates a list with room for 100,000 credentials.
    async fn create(app: &App, caller: &Caller, draft: StatusListDraft) -> Result<StatusList, Problem> {
        let mut change = app.begin(caller).await?;
        let mut fields = Fields::default();
        let name = fields.parse::<Name>("name", &draft.name);
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
}

impl Editable for StatusLists {
    fn draft(list: &StatusList) -> StatusListDraft {
        StatusListDraft { name: list.name.to_string(), identifier_id: list.identifier_id }
    }

    async fn edit(
        app: &App,
        caller: &Caller,
        id: StatusListId,
        patch: &Patch<StatusListDraft>,
    ) -> Result<StatusList, Problem> {
        let mut change = app.begin(caller).await?;
        let before = change.status_list(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
        let StatusListDraft { name, .. } = patch.onto(&Self::draft(&before))?;
        let mut fields = Fields::default();
        let name = fields.parse_change("name", &name, Some(&before.name));
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
}

/// Refuses a list to which something refers.
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
