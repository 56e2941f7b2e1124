//! The JSON face of a collection. The documentation of each operation is the feature's, beside its path.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use model::{Change, View};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Body, Created, Fields, Items, ListByName, Listing, NoContent, ObjectId, Patch};
use crate::app::App;
use crate::caller::Allow;
use crate::collection::{Collection, Creatable, Editable};
use crate::problem::Problem;

/// A collection with a JSON face.
pub trait Api: Collection {
    /// Its path.
    const API: &'static str;
    /// An object as JSON.
    type Body: Serialize + JsonSchema + Send;

    /// Writes an object.
    fn body(app: &App, object: Self::Object) -> Self::Body;

    /// The answer that tells that an object was created.
    fn created(app: &App, object: Self::Object) -> Created<Self::Body> {
        let location = format!("{}/{}", Self::API, Self::id(&object));
        Created { location, body: Self::body(app, object) }
    }
}

/// GET on the collection.
pub async fn list<C: Api>(
    allow: Allow<View<C::Resource>>,
    State(app): State<Arc<App>>,
    Listing(query, scope): Listing<ListByName>,
) -> Result<Json<Items<C::Body>>, Problem> {
    let mut fields = Fields::default();
    let page = query.page(scope, &mut fields);
    let page = C::list(&app, &allow.0, &fields.finish(Some(page))?).await?;
    Ok(Json(Items::from_page(scope, page, |object| C::body(&app, object))))
}

/// POST on the collection.
pub async fn create<C: Api + Creatable>(
    allow: Allow<Change<C::Resource>>,
    State(app): State<Arc<App>>,
    Body(draft): Body<C::Draft>,
) -> Result<Created<C::Body>, Problem> {
    let object = C::create(&app, &allow.0, draft).await?;
    Ok(C::created(&app, object))
}

/// GET on an object.
pub async fn view<C: Api>(
    allow: Allow<View<C::Resource>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<C::Id>,
) -> Result<Json<C::Body>, Problem> {
    let object = C::get(&app, &allow.0, id).await?;
    Ok(Json(C::body(&app, object)))
}

/// PATCH on an object.
pub async fn edit<C: Api + Editable>(
    allow: Allow<Change<C::Resource>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<C::Id>,
    patch: Patch<C::Draft>,
) -> Result<Json<C::Body>, Problem> {
    let object = C::edit(&app, &allow.0, id, &patch).await?;
    Ok(Json(C::body(&app, object)))
}

/// DELETE on an object.
pub async fn delete<C: Api>(
    allow: Allow<Change<C::Resource>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<C::Id>,
) -> Result<NoContent, Problem> {
    C::delete(&app, &allow.0, id).await?;
    Ok(NoContent)
}
