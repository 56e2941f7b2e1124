//! The orders of a list of API keys or OAuth clients.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::SystemSort;

/// The orders of each kind, whose first is by a name that the API calls differently.
macro_rules! sorts {
    ($( $(#[$doc:meta])* $Sort:ident = $name:literal, $name_down:literal; )*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema, Debug)]
        #[schemars(inline, description = "")]
        pub enum $Sort {
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

        impl From<$Sort> for (SystemSort, bool) {
            fn from(sort: $Sort) -> Self {
                match sort {
                    $Sort::Name => (SystemSort::Name, false),
                    $Sort::NameDown => (SystemSort::Name, true),
                    $Sort::ExpiresOn => (SystemSort::ExpiresOn, false),
                    $Sort::ExpiresOnDown => (SystemSort::ExpiresOn, true),
                    $Sort::CreatedAt => (SystemSort::CreatedAt, false),
                    $Sort::CreatedAtDown => (SystemSort::CreatedAt, true),
                    $Sort::LastUsedAt => (SystemSort::LastUsedAt, false),
                    $Sort::LastUsedAtDown => (SystemSort::LastUsedAt, true),
                }
            }
        }
    )* };
}

sorts! {
    /// Of API keys, and of both kinds together.
    KeySort = "name", "-name";
    /// Of OAuth clients.
    ClientSort = "client_id", "-client_id";
}

/// Whether the column is a text.
pub(super) const fn is_text(by: SystemSort) -> bool {
    matches!(by, SystemSort::Name | SystemSort::ExpiresOn)
}
