//! API access as JSON: what the two kinds of external system have in common.

pub mod api_keys;
mod delete;
pub mod oauth_clients;
mod usage;

use jiff::Timestamp;
use jiff::civil::Date;
use model::{Actor, ExternalSystem, PermissionSet, RequestsPerMinute};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::SystemStatus;

/// What an API key and an OAuth client say of themselves beside their names. No secret is in it.
#[derive(Serialize, JsonSchema)]
struct Access {
    /// Sorted; `x:change` is always accompanied by `x:view`.
    permissions: PermissionSet,
    /// The last day on which it is valid, on the wallet's calendar at its creation.
    #[schemars(with = "model::schema::Date")]
    expires_on: Date,
    /// The first instant at which it is not valid.
    #[schemars(with = "model::schema::DateTime")]
    expires_at: Timestamp,
    /// Party, contact, purpose.
    notes: String,
    status: Status,
    /// The 16 characters after the prefix of the secret: tells them apart without revealing them.
    key_id: String,
    #[schemars(with = "model::schema::DateTime")]
    created_at: Timestamp,
    created_by: Actor,
    #[schemars(with = "Option<model::schema::DateTime>")]
    last_used_at: Option<Timestamp>,
    /// How many requests a minute it may send; `null` for what the server allows everybody.
    #[schemars(with = "Option<model::schema::RequestsPerMinute>")]
    requests_per_minute: Option<RequestsPerMinute>,
}

#[derive(Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum Status {
    Active,
    Expired,
}

/// The orders of a list, whose first is by a name that the two kinds call differently.
macro_rules! sorts {
    ($name:literal, $name_down:literal) => {
        #[derive(
            Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema, Debug,
        )]
        #[schemars(inline)]
        pub(in crate::access::api_access) enum Sort {
            #[default]
            #[serde(rename = $name)]
            Name,
            #[serde(rename = $name_down)]
            NameDown,
            #[serde(rename = "expires_on")]
            ExpiresOn,
            #[serde(rename = "-expires_on")]
            ExpiresOnDown,
            #[serde(rename = "created_at")]
            CreatedAt,
            #[serde(rename = "-created_at")]
            CreatedAtDown,
            #[serde(rename = "last_used_at")]
            LastUsedAt,
            #[serde(rename = "-last_used_at")]
            LastUsedAtDown,
        }

        impl Sort {
            pub(in crate::access::api_access) fn order(self) -> (store::SystemSort, bool) {
                use store::SystemSort;
                match self {
                    Self::Name => (SystemSort::Name, false),
                    Self::NameDown => (SystemSort::Name, true),
                    Self::ExpiresOn => (SystemSort::ExpiresOn, false),
                    Self::ExpiresOnDown => (SystemSort::ExpiresOn, true),
                    Self::CreatedAt => (SystemSort::CreatedAt, false),
                    Self::CreatedAtDown => (SystemSort::CreatedAt, true),
                    Self::LastUsedAt => (SystemSort::LastUsedAt, false),
                    Self::LastUsedAtDown => (SystemSort::LastUsedAt, true),
                }
            }

            pub(in crate::access::api_access) fn by_text(self) -> bool {
                matches!(self.order().0, store::SystemSort::Name | store::SystemSort::ExpiresOn)
            }
        }
    };
}
use sorts;

impl Access {
    fn at(system: ExternalSystem, now: Timestamp) -> Self {
        Self {
            permissions: system.permissions,
            expires_on: system.expires_on,
            expires_at: system.expires_at,
            notes: system.notes.into_string(),
            status: if now < system.expires_at { Status::Active } else { Status::Expired },
            key_id: system.key_id,
            created_at: system.created_at,
            created_by: system.created_by,
            last_used_at: system.last_used_at,
            requests_per_minute: system.requests_per_minute,
        }
    }
}

impl Status {
    fn filter(status: Option<Self>, now: Timestamp) -> SystemStatus {
        match status {
            None => SystemStatus::Any,
            Some(Self::Active) => SystemStatus::ActiveAt(now),
            Some(Self::Expired) => SystemStatus::ExpiredAt(now),
        }
    }
}
