//! Issuer templates as JSON.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::get_with;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use kernel::app::App;
use kernel::caller::Allow;
use kernel::http::{
    Body, Created, Fields, Immutable, Items, ListByName, Listing, NoContent, ObjectId, checked, checked_if_present,
    document, present,
};
use kernel::problem::{Code, Problem};
use model::resource::IssuerTemplates;
use model::{
    Card, Change, ClaimKind, Color, Days, IdentifierId, IssuerTemplate, IssuerTemplateId, Language, Name, Notes,
    StatusListId, TemplateClaim, TemplatePath, Vct, View,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::draft::PublicLogoUrl;
use super::{CardDraft, ClaimDraft, Draft, create, delete, edit, get, list, type_url};

/// What the wallet issues as one type of credential.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "IssuerTemplate")]
struct TemplateBody {
    /// Also the id of its credential configuration in the issuer metadata.
    id: IssuerTemplateId,
    /// Unique among the wallet's issuer templates without regard to case.
    name: String,
    /// The type of its credentials, a URI. It never changes.
    vct: String,
    /// What its credentials say, in the order in which people read it.
    claims: Vec<TemplateClaim>,
    display: Card,
    /// How many days a credential is valid; `null` for good.
    valid_for_days: Option<u32>,
    /// The identifier that signs.
    identifier_id: IdentifierId,
    /// The status list by which credentials can be revoked and suspended; `null` for never.
    status_list_id: Option<StatusListId>,
    /// Where its type metadata is served to everybody.
    type_metadata_url: String,
    /// When the first credential was issued with it. From then on its claims stay.
    #[schemars(with = "Option<model::schema::DateTime>")]
    first_issued_at: Option<Timestamp>,
    #[schemars(with = "model::schema::DateTime")]
    created_at: Timestamp,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CreateIssuerTemplate {
    #[serde(deserialize_with = "checked::<Name, _, _>")]
    #[schemars(with = "model::schema::Name")]
    name: String,
    /// A URI of your own; without it the address at which this wallet serves the type metadata.
    #[serde(default, deserialize_with = "checked_if_present::<Vct, _, _>")]
    #[schemars(with = "String")]
    vct: Option<String>,
    #[schemars(length(min = 1, max = 100))]
    claims: Vec<AskedClaim>,
    #[serde(default)]
    display: AskedCard,
    /// How many days a credential is valid; `null` for good. A year when it is left out.
    #[serde(default = "a_year", deserialize_with = "checked::<Days, _, _>")]
    #[schemars(range(min = 1, max = 36_525))]
    valid_for_days: Option<i64>,
    /// The identifier that signs.
    identifier_id: IdentifierId,
    /// The status list by which credentials can be revoked and suspended.
    #[serde(default)]
    status_list_id: Option<StatusListId>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EditIssuerTemplate {
    #[serde(default, deserialize_with = "checked_if_present::<Name, _, _>")]
    #[schemars(with = "model::schema::Name")]
    name: Option<String>,
    #[serde(default, rename = "vct")]
    #[schemars(skip)]
    _vct: Immutable,
    /// All of them. Once credentials were issued none can go or change but for its label, and new ones are optional.
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "Vec<AskedClaim>", length(min = 1, max = 100))]
    claims: Option<Vec<AskedClaim>>,
    #[serde(default)]
    display: AskedCard,
    #[serde(default, deserialize_with = "checked_if_present::<Days, _, _>")]
    #[schemars(with = "Option<i64>", range(min = 1, max = 36_525))]
    valid_for_days: Option<Option<i64>>,
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "IdentifierId")]
    identifier_id: Option<IdentifierId>,
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "Option<StatusListId>")]
    status_list_id: Option<Option<StatusListId>>,
}

/// One claim.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
struct AskedClaim {
    /// Where it stands in the credential, such as `["address", "street"]`.
    #[serde(deserialize_with = "checked::<TemplatePath, _, _>")]
    #[schemars(length(min = 1, max = 4))]
    path: Vec<String>,
    /// What people read beside its value; made of its name when it is left out.
    #[serde(default, deserialize_with = "checked_if_present::<Name, _, _>")]
    #[schemars(with = "model::schema::Name")]
    label: Option<String>,
    #[serde(rename = "type")]
    kind: ClaimKind,
    /// Whether every credential has it.
    #[serde(default = "yes")]
    mandatory: bool,
    /// Whether the holder may withhold it.
    #[serde(default = "yes")]
    selectively_disclosable: bool,
}

/// How a credential looks in the holder's wallet; what is left out stays, or is what most have.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(inline)]
struct AskedCard {
    /// The title; the template's name when it is left out.
    #[serde(deserialize_with = "checked_if_present::<Name, _, _>")]
    #[schemars(with = "model::schema::Name")]
    name: Option<String>,
    #[serde(deserialize_with = "checked_if_present::<Notes, _, _>")]
    #[schemars(with = "model::schema::Notes")]
    description: Option<String>,
    /// The language of title, description and labels (BCP 47).
    #[serde(deserialize_with = "checked_if_present::<Language, _, _>")]
    #[schemars(with = "String")]
    language: Option<String>,
    /// `#rrggbb`.
    #[serde(deserialize_with = "checked_if_present::<Color, _, _>")]
    #[schemars(with = "String")]
    background_color: Option<String>,
    /// `#rrggbb`.
    #[serde(deserialize_with = "checked_if_present::<Color, _, _>")]
    #[schemars(with = "String")]
    text_color: Option<String>,
    /// An https URL; `null` for none.
    #[serde(deserialize_with = "checked_if_present::<PublicLogoUrl, _, _>")]
    #[schemars(with = "Option<String>")]
    logo_url: Option<Option<String>>,
}

/// The routes of the API.
pub fn routes() -> ApiRouter<Arc<App>> {
    const TAKEN: &[Code] = &[Code::NameInUse];
    ApiRouter::new()
        .api_route(
            "/api/v1/issuer-templates",
            get_with(list_templates, |operation| {
                operation.id("listIssuerTemplates").summary("List the issuer templates")
            })
            .post_with(create_template, |operation| {
                let operation = operation.id("createIssuerTemplate").summary("Make an issuer template").description(
                    "It appears in the wallet's issuer metadata, and its type metadata is served at once.",
                );
                document::conflicts(operation, TAKEN)
            }),
        )
        .api_route(
            "/api/v1/issuer-templates/{id}",
            get_with(view_template, |operation| operation.id("viewIssuerTemplate").summary("View an issuer template"))
                .patch_with(edit_template, |operation| {
                    document::conflicts(operation.id("editIssuerTemplate").summary("Edit an issuer template"), TAKEN)
                })
                .delete_with(delete_template, |operation| {
                    let operation = operation.id("deleteIssuerTemplate").summary("Delete an issuer template");
                    document::conflicts(operation, &[Code::IssuerTemplateInUse])
                }),
        )
}

async fn list_templates(
    allow: Allow<View<IssuerTemplates>>,
    State(app): State<Arc<App>>,
    Listing(asked, scope): Listing<ListByName>,
) -> Result<Json<Items<TemplateBody>>, Problem> {
    let mut fields = Fields::default();
    let page = asked.page(scope, &mut fields);
    let page = list(&app, &allow.0, &fields.finish(Some(page))?).await?;
    Ok(Json(Items::from_page(scope, page, |template| body(&app, template))))
}

async fn create_template(
    allow: Allow<Change<IssuerTemplates>>,
    State(app): State<Arc<App>>,
    Body(asked): Body<CreateIssuerTemplate>,
) -> Result<Created<TemplateBody>, Problem> {
    let mut draft = Draft {
        name: asked.name,
        vct: asked.vct.unwrap_or_default(),
        claims: asked.claims.into_iter().map(ClaimDraft::from).collect(),
        card: CardDraft::default(),
        valid_for_days: text(asked.valid_for_days),
        identifier_id: asked.identifier_id.to_string(),
        status_list_id: text(asked.status_list_id),
    };
    asked.display.apply(&mut draft.card);
    let template = create(&app, &allow.0, &draft).await?;
    Ok(Created { location: format!("/api/v1/issuer-templates/{}", template.id), body: body(&app, template) })
}

async fn view_template(
    allow: Allow<View<IssuerTemplates>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<IssuerTemplateId>,
) -> Result<Json<TemplateBody>, Problem> {
    Ok(Json(body(&app, get(&app, &allow.0, id).await?)))
}

async fn edit_template(
    allow: Allow<Change<IssuerTemplates>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<IssuerTemplateId>,
    Body(asked): Body<EditIssuerTemplate>,
) -> Result<Json<TemplateBody>, Problem> {
    Ok(Json(body(&app, edit(&app, &allow.0, id, |draft| asked.apply(draft)).await?)))
}

async fn delete_template(
    allow: Allow<Change<IssuerTemplates>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<IssuerTemplateId>,
) -> Result<NoContent, Problem> {
    delete(&app, &allow.0, id).await?;
    Ok(NoContent)
}

fn body(app: &App, template: IssuerTemplate) -> TemplateBody {
    TemplateBody {
        type_metadata_url: type_url(app, template.wallet_id, template.id),
        id: template.id,
        name: template.name.into_string(),
        vct: template.vct.to_string(),
        claims: template.claims,
        display: template.card,
        valid_for_days: template.valid_for.map(model::Days::get),
        identifier_id: template.identifier_id,
        status_list_id: template.status_list_id,
        first_issued_at: template.first_issued_at,
        created_at: template.created_at,
    }
}

impl EditIssuerTemplate {
    fn apply(self, draft: &mut Draft) {
        set(&mut draft.name, self.name);
        if let Some(claims) = self.claims {
            draft.claims = claims.into_iter().map(ClaimDraft::from).collect();
        }
        self.display.apply(&mut draft.card);
        set(&mut draft.valid_for_days, self.valid_for_days.map(text));
        set(&mut draft.identifier_id, self.identifier_id.map(|id| id.to_string()));
        set(&mut draft.status_list_id, self.status_list_id.map(text));
    }
}

impl AskedCard {
    fn apply(self, card: &mut CardDraft) {
        set(&mut card.name, self.name);
        set(&mut card.description, self.description);
        set(&mut card.language, self.language);
        set(&mut card.background_color, self.background_color);
        set(&mut card.text_color, self.text_color);
        set(&mut card.logo_url, self.logo_url.map(text));
    }
}

impl From<AskedClaim> for ClaimDraft {
    fn from(claim: AskedClaim) -> Self {
        Self {
            path: claim.path,
            label: claim.label.unwrap_or_default(),
            kind: claim.kind.name().to_owned(),
            mandatory: claim.mandatory,
            selectively_disclosable: claim.selectively_disclosable,
        }
    }
}

fn set(member: &mut String, asked: Option<String>) {
    if let Some(asked) = asked {
        *member = asked;
    }
}

/// As it would have been typed.
fn text<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

#[expect(clippy::unnecessary_wraps, reason = "serde asks for the type of the member")]
const fn a_year() -> Option<i64> {
    Some(365)
}

const fn yes() -> bool {
    true
}
