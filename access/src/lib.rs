//! Access: who may do what, and how they prove who they are.

pub mod api_access;
pub mod audit_log;
pub mod me;
pub mod oauth2;
pub mod roles;
pub mod sign_in;
pub mod users;
pub mod wallet;
