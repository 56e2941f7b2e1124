//! The server's promises over real HTTP, each on SQLite and on PostgreSQL.
//!
//! One binary for all of them. The tree `api_v1` mirrors the URLs; beside it stands what holds for every URL.
#![cfg(test)]

mod access_matrix;
mod api_v1;
mod console;
mod contract;
mod exchange;
mod leaks;
mod mission;
mod oauth2;
mod openid4vci;
mod public_profile;
mod published;
mod robustness;
mod status;
mod support;
mod telemetry;
mod verifications;
mod view_only;
mod webhooks;
