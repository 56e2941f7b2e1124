//! Issuer templates: what the wallet issues. A template is a type of credential with its claims, its look, how long
//! it lasts, who signs it and where it can be revoked.

pub mod api;
mod claims;
pub mod console;
mod draft;
mod metadata;
pub mod public_metadata;
mod screen;

use kernel::app::App;
use kernel::caller::{Caller, Transaction};
use kernel::console::{Group, Place};
use kernel::feature::Feature;
use kernel::http::Fields;
use kernel::problem::{Code, Problem};
use kernel::sizes::MAX_METADATA;
use model::resource;
use model::{Action, IssuerTemplate, IssuerTemplateId, NewEvent, Target, WalletId};
use serde_json::json;
use store::{List, NewIssuerTemplate, Page};

use draft::ValidDraft;

pub use claims::{check_claims, disclosable};
pub use draft::{CardDraft, ClaimDraft, Draft};
pub use metadata::{configuration, type_metadata};

/// The feature, as the server serves it.
pub const FEATURE: Feature = Feature {
    api: &[("Issuer templates", api::routes)],
    pages: Some(console::routes),
    place: Some(Place::guarded::<resource::IssuerTemplates>(
        screen::PATH,
        "template",
        kernel::console::texts::issuer_templates::LIST.title,
        Group::Issue,
    )),
    samples: include_str!("samples.json"),
    ..Feature::NONE
};

/// Makes a template.
///
/// # Errors
///
/// Refused fields (422), a name in use (409).
pub async fn create(app: &App, caller: &Caller, draft: &Draft) -> Result<IssuerTemplate, Problem> {
    let mut change = app.begin(caller).await?;
    let id: IssuerTemplateId = app.randomness.id(change.at());
    let mut fields = Fields::default();
    let vct = match draft.vct.trim() {
        "" => Some(type_url(app, caller.wallet_id, id).parse().map_err(|_| Code::Internal)?),
        own => fields.parse("vct", own),
    };
    let checked = check(&mut change, &mut fields, draft).await?;
    let (vct, checked) = fields.finish(vct.zip(checked))?;
    let ValidDraft { name, claims, card, valid_for, identifier_id, status_list_id } = checked;
    let new = NewIssuerTemplate { id, name, vct, claims, card, valid_for, identifier_id, status_list_id };
    let template = change.insert_issuer_template(&new).await.map_err(Problem::taken(Code::NameInUse, "name"))?;
    check_metadata(&mut change).await?;
    let event = NewEvent::new(Action::IssuerTemplateCreated, target(&template)).with(detail(&template));
    change.commit(event).await?;
    Ok(template)
}

/// Changes a template to what `edit` makes of it; its type never changes.
///
/// Once credentials were issued with it, each of their claims stays as it is but for its label, and what is added is
/// not mandatory: the type metadata describes the credentials that are out there too.
///
/// # Errors
///
/// No such template (404), refused fields (422), a name in use (409).
pub async fn edit(
    app: &App,
    caller: &Caller,
    id: IssuerTemplateId,
    edit: impl FnOnce(&mut Draft),
) -> Result<IssuerTemplate, Problem> {
    let mut change = app.begin(caller).await?;
    let before = change.issuer_template(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
    let mut draft = Draft::of(&before);
    edit(&mut draft);
    let mut fields = Fields::default();
    let checked = check(&mut change, &mut fields, &draft).await?;
    if let Some(checked) = checked.as_ref().filter(|_| before.first_issued_at.is_some()) {
        draft::check_issued(&mut fields, &before.claims, &checked.claims);
    }
    let ValidDraft { name, claims, card, valid_for, identifier_id, status_list_id } = fields.finish(checked)?;
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

/// Deletes a template.
///
/// # Errors
///
/// No such template (404), one that credentials were issued with (409).
pub async fn delete(app: &App, caller: &Caller, id: IssuerTemplateId) -> Result<(), Problem> {
    let mut change = app.begin(caller).await?;
    let template = change.issuer_template(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
    if template.first_issued_at.is_some() {
        return Err(Code::IssuerTemplateInUse.into());
    }
    change.delete_issuer_template(id).await?;
    change.commit(NewEvent::new(Action::IssuerTemplateDeleted, target(&template)).with(detail(&template))).await
}

/// A template.
pub async fn get(app: &App, caller: &Caller, id: IssuerTemplateId) -> Result<IssuerTemplate, Problem> {
    app.store.read().await?.issuer_template(caller.wallet_id, id).await?.ok_or_else(|| Code::NotFound.into())
}

/// A page of the templates, by name.
pub async fn list(app: &App, caller: &Caller, list: &List<()>) -> Result<Page<IssuerTemplate>, Problem> {
    Ok(app.store.read().await?.issuer_templates(caller.wallet_id, list).await?)
}

/// Where the type metadata of a template is served: the type of its credentials, unless it has one of its own.
pub fn type_url(app: &App, wallet: WalletId, id: IssuerTemplateId) -> String {
    format!("{}/credential-types/{id}", app.wallet_url(wallet))
}

/// Everything at once: what the draft says by itself, and whether what it names is the wallet's.
async fn check(
    change: &mut Transaction<'_>,
    fields: &mut Fields,
    draft: &Draft,
) -> Result<Option<ValidDraft>, Problem> {
    let checked = draft.check(fields);
    let wallet = change.wallet_id();
    if let Some(id) = draft.identifier(fields)
        && change.identifier(wallet, id).await?.is_none()
    {
        fields.refuse("identifier_id", "unknown", "is not an identifier of this wallet");
    }
    if let Some(checked) = &checked
        && let Some(id) = checked.status_list_id
    {
        match change.status_list(wallet, id).await? {
            None => fields.refuse("status_list_id", "unknown", "is not a status list of this wallet"),
            // Verifiers take a status from the issuer of the credential alone.
            Some(list) if list.identifier_id != checked.identifier_id => {
                fields.refuse(
                    "status_list_id",
                    "other-identifier",
                    "is signed by another identifier than the template",
                );
            }
            Some(_) => {}
        }
    }
    Ok(checked)
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
