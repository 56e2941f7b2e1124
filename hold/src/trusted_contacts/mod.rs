//! Trusted contacts: the parties that the wallet deals with, by their DID.

mod api;
mod console;

use std::str::FromStr;

use kernel::app::App;
use kernel::caller::{Caller, Transaction};
use kernel::collection::{Collection, Creatable, Drafted, Editable};
use kernel::console::{Group, Place};
use kernel::feature::Feature;
use kernel::http::{Draft, Fields, Patch, trimmed, trimmed_or_none};
use kernel::outbound::RemoteUrl;
use kernel::problem::{Code, Problem};
use model::resource;
use model::{Action, Name, NewEvent, Notes, Target, TrustedContact, TrustedContactId};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::json;
use store::{List, NewTrustedContact, Page};
use vc::did::Did;

/// The feature, as the server serves it.
pub const FEATURE: Feature = Feature {
    api: &[("Trusted contacts", api::routes)],
    pages: Some(console::routes),
    place: Some(Place::of::<TrustedContacts>("contact", Group::Wallet)),
    samples: include_str!("samples.json"),
    ..Feature::NONE
};

/// What a client writes of a contact.
#[derive(Clone, Serialize, Deserialize, JsonSchema, Debug)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CreateTrustedContact")]
pub struct ContactDraft {
    /// Unique among the wallet's contacts without regard to case.
    pub name: Name,
    /// Unique among the wallet's contacts.
    #[serde(deserialize_with = "did")]
    pub did: String,
    /// Free text.
    #[serde(default)]
    pub notes: Notes,
    /// The credential issuer from which it may push credentials unattended: an https URL without query and fragment.
    #[serde(default, deserialize_with = "trimmed_or_none::<CredentialIssuerUrl, _>")]
    pub credential_issuer: Option<String>,
    /// Where this wallet pushes credential offers to it: an https URL.
    #[serde(default, deserialize_with = "trimmed_or_none::<Endpoint, _>")]
    pub credential_offer_endpoint: Option<String>,
}

impl Draft for ContactDraft {
    const PATCH: &'static str = "EditTrustedContact";
}

/// The wallet's trusted contacts.
pub struct TrustedContacts;

impl Collection for TrustedContacts {
    type Resource = resource::TrustedContacts;
    type Id = TrustedContactId;
    type Object = TrustedContact;

    fn id(contact: &TrustedContact) -> TrustedContactId {
        contact.id
    }

    fn name(contact: &TrustedContact) -> &str {
        contact.name.as_str()
    }

    async fn list(app: &App, caller: &Caller, list: &List<()>) -> Result<Page<TrustedContact>, Problem> {
        Ok(app.store.read().await?.trusted_contacts(caller.wallet_id, list).await?)
    }

    async fn get(app: &App, caller: &Caller, id: TrustedContactId) -> Result<TrustedContact, Problem> {
        app.store.read().await?.trusted_contact(caller.wallet_id, id).await?.ok_or_else(|| Code::NotFound.into())
    }

    async fn delete(app: &App, caller: &Caller, id: TrustedContactId) -> Result<(), Problem> {
        let mut change = app.begin(caller).await?;
        let contact = change.trusted_contact(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
        change.delete_trusted_contact(id).await?;
        change.commit(NewEvent::new(Action::TrustedContactDeleted, target(&contact)).with(detail(&contact))).await
    }
}

impl Drafted for TrustedContacts {
    type Draft = ContactDraft;
}

impl Editable for TrustedContacts {
    fn draft(contact: &TrustedContact) -> ContactDraft {
        let TrustedContact { name, did, notes, credential_issuer, credential_offer_endpoint, .. } = contact.clone();
        ContactDraft { name, did, notes, credential_issuer, credential_offer_endpoint }
    }

    async fn edit(
        app: &App,
        caller: &Caller,
        id: TrustedContactId,
        patch: &Patch<ContactDraft>,
    ) -> Result<TrustedContact, Problem> {
        let mut change = app.begin(caller).await?;
        let before = change.trusted_contact(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
        let new = check(app, id, patch.onto(&Self::draft(&before))?)?;
        check_is_free(&mut change, &new).await?;
        let after = change.update_trusted_contact(&new).await.map_err(Problem::taken(Code::NameInUse, "name"))?;
        let after = after.ok_or(Code::NotFound)?;
        if after == before {
            return Ok(before);
        }
        let event = NewEvent::new(Action::TrustedContactEdited, target(&before))
            .with(json!({"before": detail(&before), "after": detail(&after)}));
        change.commit(event).await?;
        Ok(after)
    }
}

impl Creatable for TrustedContacts {
    async fn create(app: &App, caller: &Caller, draft: ContactDraft) -> Result<TrustedContact, Problem> {
        let new = check(app, app.randomness.id(app.clock.now()), draft)?;
        let mut change = app.begin(caller).await?;
        check_is_free(&mut change, &new).await?;
        let contact = change.insert_trusted_contact(&new).await.map_err(Problem::taken(Code::NameInUse, "name"))?;
        let event = NewEvent::new(Action::TrustedContactCreated, target(&contact)).with(detail(&contact));
        change.commit(event).await?;
        Ok(contact)
    }
}

fn did<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    trimmed::<D, Did>(deserializer).map(|did| did.to_string())
}

/// The contact with this id, as a draft makes it.
fn check(app: &App, id: TrustedContactId, draft: ContactDraft) -> Result<NewTrustedContact, Problem> {
    let ContactDraft { name, did, notes, credential_issuer, credential_offer_endpoint } = draft;
    let mut fields = Fields::default();
    check_address::<CredentialIssuerUrl>(app, &mut fields, "credential_issuer", credential_issuer.as_deref());
    check_address::<Endpoint>(app, &mut fields, "credential_offer_endpoint", credential_offer_endpoint.as_deref());
    fields.finish(Some(NewTrustedContact { id, name, did, notes, credential_issuer, credential_offer_endpoint }))
}

/// Refuses a URL that is no `T`, or that the guarded client would not ask.
fn check_address<T: FromStr<Err = &'static str>>(app: &App, fields: &mut Fields, field: &str, url: Option<&str>) {
    let Some(url) = url else { return };
    if fields.parse::<T>(field, url).is_some() && app.outbound.check(url).is_err() {
        fields.refuse(field, "invalid", NOT_ASKED);
    }
}

/// Why a URL is refused to which the guarded client sends nothing.
const NOT_ASKED: &str = "must be an https URL with a public address, without user name and password";

/// A URL to which the guarded client may send something.
struct Endpoint;

impl FromStr for Endpoint {
    type Err = &'static str;

    fn from_str(url: &str) -> Result<Self, &'static str> {
        url.parse::<RemoteUrl>().map(|_| Self).map_err(|_| NOT_ASKED)
    }
}

/// The identifier of a credential issuer: no query and no fragment, because the URL of its metadata is made of it
/// (OpenID4VCI 1.0 §12.2.1).
struct CredentialIssuerUrl;

impl FromStr for CredentialIssuerUrl {
    type Err = &'static str;

    fn from_str(url: &str) -> Result<Self, &'static str> {
        let Endpoint = url.parse()?;
        if url.contains(['?', '#']) { Err("must have no query and no fragment") } else { Ok(Self) }
    }
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
    json!(TrustedContacts::draft(contact))
}

fn target(contact: &TrustedContact) -> Target {
    Target::new(contact.id, contact.name.as_str())
}
