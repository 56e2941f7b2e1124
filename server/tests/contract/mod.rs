//! What holds for every operation of the API document: lists, parameters, bodies, objects and the border between wallets,
//! each written once and tried on one object of each kind. The document names the operations, so none can be left out.

mod bodies;
mod document;
mod examples;
mod lists;
mod objects;
mod parameters;
mod schema;
mod wallets;
