//! Verifier templates: what the wallet asks others to present, why, whose word it takes, and how long it keeps what it
//! learned.

pub mod api;
pub mod console;
mod draft;
mod query;
mod screen;
mod simple;
mod wanted;

use kernel::app::App;
use kernel::caller::Caller;
use kernel::console::{Group, Place};
use kernel::feature::Feature;
use kernel::problem::{Code, Problem};
use model::resource;
use model::{Action, NewEvent, Target, VerifierTemplate, VerifierTemplateId};
use serde_json::json;
use store::{List, Page};

pub use draft::{Draft, Edit, TrustChoice};

/// The feature, as the server serves it.
pub const FEATURE: Feature = Feature {
    api: &[("Verifier templates", api::routes)],
    pages: Some(console::routes),
    place: Some(Place::guarded::<resource::VerifierTemplates>(
        screen::PATH,
        "template",
        kernel::console::texts::verifier_templates::LIST.title,
        Group::Verify,
    )),
    samples: include_str!("samples.json"),
    ..Feature::NONE
};

/// Makes a template.
///
/// # Errors
///
/// Refused fields (422), a name in use (409).
pub async fn create(app: &App, caller: &Caller, draft: &Draft) -> Result<VerifierTemplate, Problem> {
    let mut change = app.begin(caller).await?;
    let id = app.randomness.id(change.at());
    let new = draft.check(&mut change, id, None).await?;
    let template = change.insert_verifier_template(&new).await.map_err(Problem::taken(Code::NameInUse, "name"))?;
    let event = NewEvent::new(Action::VerifierTemplateCreated, target(&template)).with(detail(&template));
    change.commit(event).await?;
    Ok(template)
}

/// Changes a template. What was asked by it already is not touched.
///
/// # Errors
///
/// No such template (404), refused fields (422), a name in use (409).
pub async fn edit(
    app: &App,
    caller: &Caller,
    id: VerifierTemplateId,
    edit: &Edit,
) -> Result<VerifierTemplate, Problem> {
    let mut change = app.begin(caller).await?;
    let before = change.verifier_template(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
    let changed = edit.onto(&before).check(&mut change, id, Some(&before)).await?;
    let after = VerifierTemplate {
        name: changed.name.clone(),
        purpose: changed.purpose.clone(),
        identifier_id: changed.identifier_id,
        query: changed.query.clone(),
        trust: changed.trust.clone(),
        retention: changed.retention,
        request_uri_method: changed.request_uri_method,
        ..before.clone()
    };
    if after == before {
        return Ok(before);
    }
    change.update_verifier_template(&changed).await.map_err(Problem::taken(Code::NameInUse, "name"))?;
    let event = NewEvent::new(Action::VerifierTemplateEdited, target(&before))
        .with(json!({"before": detail(&before), "after": detail(&after)}));
    change.commit(event).await?;
    Ok(after)
}

/// Deletes a template. What was asked by it already stays.
///
/// # Errors
///
/// No such template (404).
pub async fn delete(app: &App, caller: &Caller, id: VerifierTemplateId) -> Result<(), Problem> {
    let mut change = app.begin(caller).await?;
    let template = change.verifier_template(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
    change.delete_verifier_template(id).await?;
    change.commit(NewEvent::new(Action::VerifierTemplateDeleted, target(&template)).with(detail(&template))).await
}

/// A template.
pub async fn get(app: &App, caller: &Caller, id: VerifierTemplateId) -> Result<VerifierTemplate, Problem> {
    app.store.read().await?.verifier_template(caller.wallet_id, id).await?.ok_or_else(|| Code::NotFound.into())
}

/// A page of the templates, by name.
pub async fn list(app: &App, caller: &Caller, list: &List<()>) -> Result<Page<VerifierTemplate>, Problem> {
    Ok(app.store.read().await?.verifier_templates(caller.wallet_id, list).await?)
}

fn detail(template: &VerifierTemplate) -> serde_json::Value {
    json!({
        "name": template.name,
        "purpose": template.purpose,
        "identifier_id": template.identifier_id,
        "query": template.query,
        "trust": TrustChoice::of(&template.trust),
        "trusted_issuers": template.trust.chosen(),
        "retention_days": template.retention,
        "request_uri_method": template.request_uri_method,
    })
}

fn target(template: &VerifierTemplate) -> Target {
    Target::new(template.id, template.name.as_str())
}
