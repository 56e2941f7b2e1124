//! Verifier templates: what the wallet asks others to present, why, whose word it takes, and how long it keeps what it
//! learned.

mod api;
mod console;
mod draft;
mod form;
mod query;
mod simple;
mod wanted;

use kernel::app::App;
use kernel::caller::Caller;
use kernel::collection::{Collection, Creatable, Drafted, Editable};
use kernel::console::{Group, Place};
use kernel::feature::Feature;
use kernel::http::Patch;
use kernel::problem::{Code, Problem};
use model::resource;
use model::{Action, NewEvent, Target, VerifierTemplate, VerifierTemplateId};
use serde_json::{Value, json};
use store::{List, Page};

pub use draft::TemplateDraft;

/// The feature, as the server serves it.
pub const FEATURE: Feature = Feature {
    api: &[("Verifier templates", api::routes)],
    pages: Some(console::routes),
    place: Some(Place::of::<VerifierTemplates>("template", Group::Verify)),
    samples: include_str!("samples.json"),
    ..Feature::NONE
};

/// The wallet's verifier templates.
pub struct VerifierTemplates;

impl Collection for VerifierTemplates {
    type Resource = resource::VerifierTemplates;
    type Id = VerifierTemplateId;
    type Object = VerifierTemplate;

    fn id(template: &VerifierTemplate) -> VerifierTemplateId {
        template.id
    }

    fn name(template: &VerifierTemplate) -> &str {
        template.name.as_str()
    }

    async fn list(app: &App, caller: &Caller, list: &List<()>) -> Result<Page<VerifierTemplate>, Problem> {
        Ok(app.store.read().await?.verifier_templates(caller.wallet_id, list).await?)
    }

    async fn get(app: &App, caller: &Caller, id: VerifierTemplateId) -> Result<VerifierTemplate, Problem> {
        app.store.read().await?.verifier_template(caller.wallet_id, id).await?.ok_or_else(|| Code::NotFound.into())
    }

    /// Deletes a template. What was asked by it already stays.
    async fn delete(app: &App, caller: &Caller, id: VerifierTemplateId) -> Result<(), Problem> {
        let mut change = app.begin(caller).await?;
        let template = change.verifier_template(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
        change.delete_verifier_template(id).await?;
        change.commit(NewEvent::new(Action::VerifierTemplateDeleted, target(&template)).with(detail(&template))).await
    }
}

impl Drafted for VerifierTemplates {
    type Draft = TemplateDraft;
}

impl Editable for VerifierTemplates {
    fn draft(template: &VerifierTemplate) -> TemplateDraft {
        TemplateDraft {
            name: template.name.to_string(),
            purpose: template.purpose.to_string(),
            identifier_id: template.identifier_id,
            query: template.query.clone(),
            trust: template.trust.choice(),
            trusted_issuers: template.trust.chosen().to_vec(),
            retention_days: template.retention.days().into(),
            request_uri_method: template.request_uri_method,
        }
    }

    /// Changes a template. What was asked by it already is not touched.
    async fn edit(
        app: &App,
        caller: &Caller,
        id: VerifierTemplateId,
        patch: &Patch<TemplateDraft>,
    ) -> Result<VerifierTemplate, Problem> {
        let mut change = app.begin(caller).await?;
        let before = change.verifier_template(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
        let new = patch.onto(&Self::draft(&before))?.check(&mut change, id, Some(&before)).await?;
        let after = change.update_verifier_template(&new).await.map_err(Problem::taken(Code::NameInUse, "name"))?;
        let after = after.ok_or(Code::NotFound)?;
        if after == before {
            return Ok(before);
        }
        let event = NewEvent::new(Action::VerifierTemplateEdited, target(&before))
            .with(json!({"before": detail(&before), "after": detail(&after)}));
        change.commit(event).await?;
        Ok(after)
    }
}

impl Creatable for VerifierTemplates {
    async fn create(app: &App, caller: &Caller, draft: TemplateDraft) -> Result<VerifierTemplate, Problem> {
        let mut change = app.begin(caller).await?;
        let id = app.randomness.id(change.at());
        let new = draft.check(&mut change, id, None).await?;
        let template = change.insert_verifier_template(&new).await.map_err(Problem::taken(Code::NameInUse, "name"))?;
        let event = NewEvent::new(Action::VerifierTemplateCreated, target(&template)).with(detail(&template));
        change.commit(event).await?;
        Ok(template)
    }
}

fn detail(template: &VerifierTemplate) -> Value {
    json!(VerifierTemplates::draft(template))
}

fn target(template: &VerifierTemplate) -> Target {
    Target::new(template.id, template.name.as_str())
}
