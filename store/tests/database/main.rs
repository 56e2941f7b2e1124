//! The store's promises, each on SQLite and on PostgreSQL.
#![cfg(test)]

mod fixture;

mod disk;
mod errors;
mod feed;
mod holding;
mod idempotency;
mod issuances;
mod issuer_templates;
mod names;
mod pages;
mod records;
mod schema;
mod status_lists;
mod tenancy;
mod tokens;
mod transactions;
mod unavailable;
mod upgrade;
mod usage;
mod verifications;
mod verifier_templates;
mod wallet_rows;
