//! Serving: routes, connections and background jobs.

mod finish;
mod jobs;
pub(crate) mod listener;
pub(crate) mod router;
