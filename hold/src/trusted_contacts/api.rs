//! Trusted contacts as JSON.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::get_with;
use jiff::Timestamp;
use kernel::app::App;
use kernel::http::collection::{Api, create, delete, edit, list, view};
use kernel::http::document;
use kernel::problem::Code;
use model::{TrustedContact, TrustedContactId};
use schemars::JsonSchema;
use serde::Serialize;

use super::TrustedContacts;

/// A party that the wallet deals with.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TrustedContact")]
pub struct ContactBody {
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

/// The routes of the API.
pub(super) fn routes() -> ApiRouter<Arc<App>> {
    const TAKEN: &[Code] = &[Code::NameInUse, Code::DidInUse, Code::CredentialIssuerInUse];
    ApiRouter::new()
        .api_route(
            TrustedContacts::API,
            get_with(list::<TrustedContacts>, |operation| {
                operation.id("listTrustedContacts").summary("List the trusted contacts")
            })
            .post_with(create::<TrustedContacts>, |operation| {
                document::conflicts(operation.id("createTrustedContact").summary("Add a trusted contact"), TAKEN)
            }),
        )
        .api_route(
            "/api/v1/trusted-contacts/{id}",
            get_with(view::<TrustedContacts>, |operation| {
                operation.id("viewTrustedContact").summary("View a trusted contact")
            })
            .patch_with(edit::<TrustedContacts>, |operation| {
                document::conflicts(operation.id("editTrustedContact").summary("Edit a trusted contact"), TAKEN)
            })
            .delete_with(delete::<TrustedContacts>, |operation| {
                operation.id("deleteTrustedContact").summary("Delete a trusted contact")
            }),
        )
}

impl Api for TrustedContacts {
    const API: &'static str = "/api/v1/trusted-contacts";
    type Body = ContactBody;

    fn body(_: &App, contact: TrustedContact) -> ContactBody {
        ContactBody {
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
