//! Collections: the objects of one kind that a wallet has, listed by name.
//!
//! A feature names its collection by a type, and says here what it does; the JSON face (`kernel::http::collection`) and
//! the pages (`kernel::console::collection`) are the same for every collection.

use std::fmt::Display;
use std::str::FromStr;

use model::{Changeable, Guarded};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use store::{List, Page};

use super::app::App;
use super::caller::Caller;
use super::http::{Draft, Patch};
use super::problem::Problem;

/// How many objects are read at once where all are needed.
const AT_ONCE: u32 = 200;

/// Objects that can be listed, viewed and deleted.
pub trait Collection: Sized + Send + Sync + 'static {
    /// The resource of the permission grid that guards them.
    type Resource: Guarded + Changeable + Send + Sync + 'static;
    /// What identifies one.
    type Id: Copy + Display + FromStr + Send + Sync;
    /// One of them.
    type Object: Clone + Send + Sync;

    /// The id of an object.
    fn id(object: &Self::Object) -> Self::Id;

    /// The name of an object.
    fn name(object: &Self::Object) -> &str;

    /// A page of them, by name.
    fn list(
        app: &App,
        caller: &Caller,
        list: &List<()>,
    ) -> impl Future<Output = Result<Page<Self::Object>, Problem>> + Send;

    /// All of them, by name.
    fn all(app: &App, caller: &Caller) -> impl Future<Output = Result<Vec<Self::Object>, Problem>> + Send {
        async {
            let (mut objects, mut after) = (Vec::new(), None);
            loop {
                let list = List { limit: AT_ONCE, after, q: None, sort: (), descending: false };
                let page = Self::list(app, caller, &list).await?;
                objects.extend(page.items);
                after = page.next;
                if after.is_none() {
                    return Ok(objects);
                }
            }
        }
    }

    /// One of them.
    ///
    /// # Errors
    ///
    /// No such object (404).
    fn get(app: &App, caller: &Caller, id: Self::Id) -> impl Future<Output = Result<Self::Object, Problem>> + Send;

    /// Deletes one.
    ///
    /// # Errors
    ///
    /// No such object (404), one that something depends on (409), one that the caller may not delete (403).
    fn delete(app: &App, caller: &Caller, id: Self::Id) -> impl Future<Output = Result<(), Problem>> + Send;
}

/// Objects of which a client writes a draft.
pub trait Drafted: Collection {
    /// What a client writes of one.
    type Draft: DeserializeOwned + JsonSchema + Send + Sync;
}

/// Objects that can be edited.
pub trait Editable: Drafted<Draft: Draft> {
    /// The draft that makes an object what it is.
    fn draft(object: &Self::Object) -> Self::Draft;

    /// Changes one; in force for the next request.
    ///
    /// # Errors
    ///
    /// No such object (404), refused members (422), a name or another member in use (409), what the caller may not give
    /// or take (403).
    fn edit(
        app: &App,
        caller: &Caller,
        id: Self::Id,
        patch: &Patch<Self::Draft>,
    ) -> impl Future<Output = Result<Self::Object, Problem>> + Send;
}

/// Objects that are created by a draft alone.
pub trait Creatable: Drafted {
    /// Creates one.
    ///
    /// # Errors
    ///
    /// Refused members (422), a name or another member in use (409), what the caller may not give (403).
    fn create(
        app: &App,
        caller: &Caller,
        draft: Self::Draft,
    ) -> impl Future<Output = Result<Self::Object, Problem>> + Send;
}
