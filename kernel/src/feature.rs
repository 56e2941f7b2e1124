//! A feature, as the server serves it: its routes, its place in the navigation, its clean-up and its examples.
//!
//! Each feature says this of itself, in one constant. The server lists the features once, and makes of them the router,
//! the API document, the navigation and the background job that cleans up.

use std::pin::Pin;
use std::sync::Arc;

use aide::axum::ApiRouter;
use axum::Router;

use crate::app::App;
use crate::console::Place;
use crate::problem::Problem;

/// What a feature says of itself.
pub struct Feature {
    /// Its operations, under their headings in the API document.
    pub api: &'static [(&'static str, Operations)],
    /// Its pages.
    pub pages: Option<fn() -> Router<Arc<App>>>,
    /// Its place in the navigation.
    pub place: Option<Place>,
    /// Removes a bounded number of what is over by the clock; called every minute.
    pub clean: Option<CleanUp>,
    /// The examples of the API document, a JSON object: one for each request body and each object that answers bear,
    /// under the name of its schema.
    pub samples: &'static str,
}

/// A function that makes the routes of operations.
pub type Operations = fn() -> ApiRouter<Arc<App>>;

/// A function that removes what is over.
pub type CleanUp = fn(&App) -> Pin<Box<dyn Future<Output = Result<(), Problem>> + Send + '_>>;

impl Feature {
    /// A feature that says nothing of itself.
    pub const NONE: Self = Self { api: &[], pages: None, place: None, clean: None, samples: "{}" };
}
