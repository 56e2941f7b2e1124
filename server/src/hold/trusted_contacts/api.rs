//! Trusted contacts as JSON.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::get_with;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::resource::TrustedContacts;
use model::{Change, TrustedContact, TrustedContactId, View};
use schemars::JsonSchema;
use serde::Serialize;

use super::{ContactDraft, create, delete, edit, get, list};
use crate::kernel::app::App;
use crate::kernel::caller::Allow;
use crate::kernel::http::{Body, Created, Fields, Items, ListByName, Listing, NoContent, ObjectId, Patch, document};
use crate::kernel::problem::{Code, Problem};

/// A party that the wallet deals with.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TrustedContact")]
struct ContactBody {
    id: TrustedContactId,
    /// Unique among the wallet's contacts without regard to case.
    name: String,
    /// Unique among the wallet's contacts.
    did: String,
    notes: String,
    /// The credential issuer (OpenID4VCI) from which it may push credentials unattended; `null` when it may not.
    /// What is pushed must be issued by its DID. Unique among the wallet's contacts.
    credential_issuer: Option<String>,
    /// Where this wallet pushes credential offers to it; `null` when there is no such place.
    credential_offer_endpoint: Option<String>,
    #[schemars(with = "model::schema::DateTime")]
    created_at: Timestamp,
}

pub(crate) fn routes() -> ApiRouter<Arc<App>> {
    const TAKEN: &[Code] = &[Code::NameInUse, Code::DidInUse, Code::CredentialIssuerInUse];
    ApiRouter::new()
        .api_route(
            "/api/v1/trusted-contacts",
            get_with(list_contacts, |operation| {
                operation.id("listTrustedContacts").summary("List the trusted contacts")
            })
            .post_with(create_contact, |operation| {
                document::conflicts(operation.id("createTrustedContact").summary("Add a trusted contact"), TAKEN)
            }),
        )
        .api_route(
            "/api/v1/trusted-contacts/{id}",
            get_with(view_contact, |operation| operation.id("viewTrustedContact").summary("View a trusted contact"))
                .patch_with(edit_contact, |operation| {
                    document::conflicts(operation.id("editTrustedContact").summary("Edit a trusted contact"), TAKEN)
                })
                .delete_with(delete_contact, |operation| {
                    operation.id("deleteTrustedContact").summary("Delete a trusted contact")
                }),
        )
}

async fn list_contacts(
    allow: Allow<View<TrustedContacts>>,
    State(app): State<Arc<App>>,
    Listing(asked, scope): Listing<ListByName>,
) -> Result<Json<Items<ContactBody>>, Problem> {
    let mut fields = Fields::default();
    let page = asked.page(scope, &mut fields);
    let page = list(&app, &allow.0, &fields.finish(Some(page))?).await?;
    Ok(Json(Items::from_page(scope, page, ContactBody::from)))
}

async fn create_contact(
    allow: Allow<Change<TrustedContacts>>,
    State(app): State<Arc<App>>,
    Body(draft): Body<ContactDraft>,
) -> Result<Created<ContactBody>, Problem> {
    let contact = create(&app, &allow.0, draft).await?;
    Ok(Created { location: format!("/api/v1/trusted-contacts/{}", contact.id), body: contact.into() })
}

async fn view_contact(
    allow: Allow<View<TrustedContacts>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<TrustedContactId>,
) -> Result<Json<ContactBody>, Problem> {
    Ok(Json(get(&app, &allow.0, id).await?.into()))
}

async fn edit_contact(
    allow: Allow<Change<TrustedContacts>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<TrustedContactId>,
    patch: Patch<ContactDraft>,
) -> Result<Json<ContactBody>, Problem> {
    Ok(Json(edit(&app, &allow.0, id, &patch).await?.into()))
}

async fn delete_contact(
    allow: Allow<Change<TrustedContacts>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<TrustedContactId>,
) -> Result<NoContent, Problem> {
    delete(&app, &allow.0, id).await?;
    Ok(NoContent)
}

impl From<TrustedContact> for ContactBody {
    fn from(contact: TrustedContact) -> Self {
        Self {
            id: contact.id,
            name: contact.name.into_string(),
            did: contact.did,
            notes: contact.notes.into_string(),
            credential_issuer: contact.credential_issuer,
            credential_offer_endpoint: contact.credential_offer_endpoint,
            created_at: contact.created_at,
        }
    }
}
