//! What every route shares: how bodies and parameters are read, pages cut, answers made, and how the
//! API document comes out of the handlers' signatures.

mod answer;
pub mod authority;
mod body;
mod client_address;
pub mod collection;
mod cross_origin;
pub mod document;
mod draft;
mod fields;
mod form;
mod media_type;
mod page;
mod parameters;
mod plain;
mod protocol_error;
mod public_document;
mod rate_limit_headers;
mod refusals;
mod request_context;
mod request_id;
mod schema;

pub use answer::{CACHED_FIVE_MINUTES, CACHED_ONE_MINUTE, ImagesFrom};
pub use answer::{Created, NoContent};
pub use authority::authority;
pub use body::{Body, Immutable, present};
pub use body::{MERGE_PATCH, read as read_json};
pub use client_address::{client_address, network};
pub use cross_origin::cross_origin;
pub use draft::{Draft, OrEmpty, Patch};
pub use draft::{Raw, as_text, checked, checked_if_present, checked_items, read_draft, trimmed, trimmed_or_none};
pub use fields::Fields;
pub use form::{Form, FormError};
pub use media_type::{FORM, JSON, is_media_type, media_type};
pub use page::{ByName, Items, ListByName, ListScope, Listing};
pub use page::{ByTime, cursor_of};
pub use parameters::{ObjectId, Parameters};
pub use plain::plain;
pub use protocol_error::ProtocolError;
pub use public_document::{Negotiation, PublicDocument};
pub use rate_limit_headers::Policy;
pub use request_context::RequestContext;
pub use request_id::RequestId;
pub use schema::{Kind, Member, members};
