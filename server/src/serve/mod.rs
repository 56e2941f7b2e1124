//! Serving: routes, connections and background jobs.

pub mod housekeeping;
pub mod listener;
pub mod router;
