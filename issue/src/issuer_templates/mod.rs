//! Issuer templates: what the wallet issues. A template is a type of credential with its claims, its look, how long
//! it lasts, who signs it and where it can be revoked.

mod api;
mod claims;
mod console;
mod draft;
mod metadata;
pub mod public_metadata;
mod screen;

use kernel::app::App;
use kernel::caller::{Caller, Transaction};
use kernel::collection::{Collection, Creatable, Drafted, Editable};
use kernel::console::{Group, Place};
use kernel::feature::Feature;
use kernel::http::{Fields, Patch};
use kernel::problem::{Code, Problem};
use kernel::sizes::MAX_METADATA;
use model::resource;
use model::{Action, IssuerTemplate, IssuerTemplateId, NewEvent, Target, WalletId};
use serde_json::json;
use store::{List, NewIssuerTemplate, Page};

pub use claims::{check_claims, disclosable};
pub use draft::{CardDraft, ClaimDraft, TemplateDraft};
pub use metadata::{configuration, type_metadata};

/// The feature, as the server serves it.
pub const FEATURE: Feature = Feature {
    api: &[("Issuer templates", api::routes)],
    pages: Some(console::routes),
    place: Some(Place::of::<IssuerTemplates>("template", Group::Issue)),
    samples: include_str!("samples.json"),
    ..Feature::NONE
};

/// The wallet's issuer templates.
pub struct IssuerTemplates;

impl Collection for IssuerTemplates {
    type Resource = resource::IssuerTemplates;
    type Id = IssuerTemplateId;
    type Object = IssuerTemplate;

    fn id(template: &IssuerTemplate) -> IssuerTemplateId {
        template.id
    }

    fn name(template: &IssuerTemplate) -> &str {
        template.name.as_str()
    }

    async fn list(app: &App, caller: &Caller, list: &List<()>) -> Result<Page<IssuerTemplate>, Problem> {
        Ok(app.store.read().await?.issuer_templates(caller.wallet_id, list).await?)
    }

    async fn get(app: &App, caller: &Caller, id: IssuerTemplateId) -> Result<IssuerTemplate, Problem> {
        app.store.read().await?.issuer_template(caller.wallet_id, id).await?.ok_or_else(|| Code::NotFound.into())
    }

    /// Deletes a template with which no credential was issued.
    async fn delete(app: &App, caller: &Caller, id: IssuerTemplateId) -> Result<(), Problem> {
        let mut change = app.begin(caller).await?;
        let template = change.issuer_template(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
        if template.first_issued_at.is_some() {
            return Err(Code::IssuerTemplateInUse.into());
        }
        change.delete_issuer_template(id).await?;
        change.commit(NewEvent::new(Action::IssuerTemplateDeleted, target(&template)).with(detail(&template))).await
    }
}

impl Drafted for IssuerTemplates {
    type Draft = TemplateDraft;
}

impl Creatable for IssuerTemplates {
    async fn create(app: &App, caller: &Caller, draft: TemplateDraft) -> Result<IssuerTemplate, Problem> {
        let mut change = app.begin(caller).await?;
        let id: IssuerTemplateId = app.randomness.id(change.at());
        let mut fields = Fields::default();
        let vct = match draft.vct.as_deref().map_or("", str::trim) {
            "" => Some(type_url(app, caller.wallet_id, id).parse().map_err(|_| Code::Internal)?),
            own => fields.parse("vct", own),
        };
        let new = draft.check(&mut fields, id, vct);
        check_named(&mut change, &mut fields, &draft).await?;
        let new = fields.finish(new)?;
        let template = change.insert_issuer_template(&new).await.map_err(Problem::taken(Code::NameInUse, "name"))?;
        check_metadata(&mut change).await?;
        let event = NewEvent::new(Action::IssuerTemplateCreated, target(&template)).with(detail(&template));
        change.commit(event).await?;
        Ok(template)
    }
}

impl Editable for IssuerTemplates {
    fn draft(template: &IssuerTemplate) -> TemplateDraft {
        template.into()
    }

    /// Once credentials were issued with a template, each of their claims stays as it is but for its label, and what is
    /// added is not mandatory: the type metadata describes the credentials that are out there too.
    async fn edit(
        app: &App,
        caller: &Caller,
        id: IssuerTemplateId,
        patch: &Patch<TemplateDraft>,
    ) -> Result<IssuerTemplate, Problem> {
        let mut change = app.begin(caller).await?;
        let before = change.issuer_template(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
        let mut fields = Fields::default();
        let draft = patch.onto_with(&Self::draft(&before), &mut fields)?;
        let new = draft.check(&mut fields, id, Some(before.vct.clone()));
        check_named(&mut change, &mut fields, &draft).await?;
        if let Some(new) = new.as_ref().filter(|_| before.first_issued_at.is_some()) {
            draft::check_issued(&mut fields, &before.claims, &new.claims);
        }
        let NewIssuerTemplate { name, claims, card, valid_for, identifier_id, status_list_id, .. } =
            fields.finish(new)?;
        let after = IssuerTemplate { name, claims, card, valid_for, identifier_id, status_list_id, ..before.clone() };
        if after == before {
            return Ok(before);
        }
        change.update_issuer_template(&after).await.map_err(Problem::taken(Code::NameInUse, "name"))?;
        check_metadata(&mut change).await?;
        let event = NewEvent::new(Action::IssuerTemplateEdited, target(&before))
            .with(json!({"before": detail(&before), "after": detail(&after)}));
        change.commit(event).await?;
        Ok(after)
    }
}

/// Where the type metadata of a template is served: the type of its credentials, unless it has one of its own.
pub fn type_url(app: &App, wallet: WalletId, id: IssuerTemplateId) -> String {
    format!("{}/credential-types/{id}", app.wallet_url(wallet))
}

/// Refuses what a draft names that the wallet does not have.
async fn check_named(change: &mut Transaction<'_>, fields: &mut Fields, draft: &TemplateDraft) -> Result<(), Problem> {
    let wallet = change.wallet_id();
    if change.identifier(wallet, draft.identifier_id).await?.is_none() {
        fields.refuse("identifier_id", "unknown", "is not an identifier of this wallet");
    }
    let Some(id) = draft.status_list_id else { return Ok(()) };
    match change.status_list(wallet, id).await? {
        None => fields.refuse("status_list_id", "unknown", "is not a status list of this wallet"),
        // Verifiers take a status from the issuer of the credential alone.
        Some(list) if list.identifier_id != draft.identifier_id => {
            fields.refuse("status_list_id", "other-identifier", "is signed by another identifier than the template");
        }
        Some(_) => {}
    }
    Ok(())
}

/// The issuer metadata describes every template of the wallet, and a holder reads all of it before it takes one
/// credential. So there is an end to what templates say together.
async fn check_metadata(change: &mut Transaction<'_>) -> Result<(), Problem> {
    let wallet = change.wallet_id();
    let mut bytes = 0;
    for template in change.all_issuer_templates(wallet).await? {
        let described = serde_json::to_vec(&configuration(&template)).map_err(|_| Code::Internal)?;
        bytes += described.len();
    }
    if bytes > MAX_METADATA {
        let message = format!(
            "are too many or too long: together the wallet's templates may have {MAX_METADATA} bytes in its issuer metadata"
        );
        return Err(Problem::field("claims", "too-large", message));
    }
    Ok(())
}

fn target(template: &IssuerTemplate) -> Target {
    Target::new(template.id, template.name.as_str())
}

/// What an event tells of a template.
fn detail(template: &IssuerTemplate) -> serde_json::Value {
    let claims: Vec<String> = template.claims.iter().map(draft::claim_in_words).collect();
    let card = &template.card;
    json!({
        "name": template.name,
        "vct": template.vct,
        "claims": claims,
        "title": card.name,
        "description": card.description,
        "language": card.language,
        "background_color": card.background_color,
        "text_color": card.text_color,
        "logo_url": card.logo_url,
        "valid_for_days": template.valid_for,
        "identifier_id": template.identifier_id,
        "status_list_id": template.status_list_id,
    })
}

/// A template with these claims, for tests.
#[cfg(test)]
fn sample(claims: Vec<model::TemplateClaim>) -> IssuerTemplate {
    let uuid = uuid::Uuid::nil();
    IssuerTemplate {
        id: uuid.into(),
        wallet_id: uuid.into(),
        name: "Diploma".parse().unwrap(),
        vct: "https://wallet.example/wallets/1/credential-types/2".parse().unwrap(),
        claims,
        card: model::Card {
            name: "Diploma of Example".parse().unwrap(),
            description: model::Notes::none(),
            language: "en".parse().unwrap(),
            background_color: "#0a5a72".parse().unwrap(),
            text_color: "#ffffff".parse().unwrap(),
            logo_url: None,
        },
        valid_for: None,
        identifier_id: uuid.into(),
        status_list_id: None,
        first_issued_at: None,
        created_at: jiff::Timestamp::UNIX_EPOCH,
    }
}
