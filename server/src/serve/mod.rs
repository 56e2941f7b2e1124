//! Serving: routes, connections and background jobs.

mod finish;
pub mod jobs;
pub(crate) mod listener;
pub(crate) mod router;
