//! What every route shares: how bodies and parameters are read, pages cut, answers finished, and how the
//! API document comes out of the handlers' signatures.

mod answer;
mod authority;
mod body;
mod client_address;
mod cross_origin;
pub mod document;
mod fields;
mod finish;
mod form;
mod page;
mod parameters;
mod plain;
mod protocol_error;
mod public_document;
mod refusals;
mod trail;

pub(crate) use answer::{CACHED_FIVE_MINUTES, CACHED_ONE_MINUTE};
pub use answer::{Created, NoContent};
pub(crate) use authority::authority;
pub use body::{Body, Immutable, nullable, present};
pub(crate) use body::{MERGE_PATCH, read as read_json};
pub(crate) use client_address::{client_address, network};
pub(crate) use cross_origin::cross_origin;
pub use fields::Fields;
pub use finish::Finish;
pub(crate) use finish::ImagesFrom;
pub(crate) use form::{Form, FormError};
pub(crate) use page::cursor_of;
pub use page::{ByName, Items, ListByName, ListScope, Listing};
pub use parameters::{ObjectId, Parameters};
pub(crate) use plain::plain;
pub(crate) use protocol_error::ProtocolError;
pub(crate) use public_document::{Negotiation, PublicDocument};
pub use trail::RequestId;
pub(crate) use trail::{Policy, Trail};
