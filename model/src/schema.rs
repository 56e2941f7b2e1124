//! JSON Schema shapes of values whose Rust type does not know its own wire form.
//!
//! Used as `#[schemars(with = "model::schema::DateTime")]`.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use crate::{DidMethod, HeldStatus, IssuanceStatus, OfferState, PresentationState, SystemKind, VerificationStatus};

macro_rules! shapes {
    ($( $(#[$doc:meta])* $name:ident = $json:tt )*) => { $(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name;

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($json)
            }
        }
    )* };
}

shapes! {
    /// An instant in UTC (RFC 3339).
    DateTime = { "type": "string", "format": "date-time" }
    /// A calendar date (RFC 3339 full-date).
    Date = { "type": "string", "format": "date" }
    /// A name: 1 to 64 characters.
    Name = { "type": "string", "minLength": 1, "maxLength": 64 }
    /// The client ID of an OAuth client.
    ClientId = { "type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$" }
    /// A purpose: 1 to 200 characters.
    Purpose = { "type": "string", "minLength": 1, "maxLength": 200 }
    /// How many days an outcome is kept.
    RetentionDays = { "type": "integer", "minimum": 0, "maximum": 3650 }
    /// A limit of requests a minute.
    RequestsPerMinute = { "type": "integer", "minimum": 1, "maximum": 1_000_000 }
    /// Free text of up to 2000 characters.
    Notes = { "type": "string", "maxLength": 2000 }
    /// An e-mail address.
    Email = { "type": "string", "format": "email", "maxLength": 254 }
    /// Any JSON object.
    Object = { "type": "object", "additionalProperties": true }
}

macro_rules! names_of {
    ($( $kind:ident { $( $variant:ident = $description:literal, )* } )*) => { $(
        impl JsonSchema for $kind {
            fn schema_name() -> Cow<'static, str> {
                stringify!($kind).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                names($kind::ALL.iter().map(|kind| kind.name()), &[ $( ($kind::$variant.name(), $description), )* ])
            }
        }
    )* };
}

// The enums of names whose variants the API describes less than the code does.
names_of! {
    DidMethod {}
    HeldStatus {}
    IssuanceStatus {}
    OfferState {
        Deferred = "The issuer gives credentials of it later, and is asked again for them.",
    }
    PresentationState {}
    SystemKind {}
    VerificationStatus {
        Rejected = "It was answered, and a check failed.",
        Declined = "The wallet answered that it does not present anything.",
    }
}

/// One of these names, some of which have a description.
fn names(all: impl Iterator<Item = &'static str>, described: &[(&str, &str)]) -> Schema {
    let plain: Vec<&str> = all.filter(|name| described.iter().all(|(other, _)| other != name)).collect();
    let plain = json_schema!({ "type": "string", "enum": plain });
    if described.is_empty() {
        return plain;
    }
    let constant = |(name, text): &(&str, &str)| json_schema!({ "description": text, "type": "string", "const": name });
    let schemas = [plain].into_iter().chain(described.iter().map(constant)).map(Value::from);
    json_schema!({ "oneOf": schemas.collect::<Vec<_>>() })
}
