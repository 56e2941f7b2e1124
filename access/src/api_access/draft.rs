//! What a client writes of an API key or an OAuth client: the draft of a new one, and the terms of one that can change.

use std::str::FromStr;

use jiff::civil::Date;
use kernel::http::{checked, checked_if_present};
use model::{ExternalSystem, Name, Notes, PermissionSet, RequestsPerMinute, SystemKind, TextError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The draft of each kind. The members are the same, but for what the API calls the name. Texts are kept as they were
/// written, so that the operation refuses all that is wrong in one answer: a date in the past is known only there.
macro_rules! drafts {
    ($(
        $(#[$doc:meta])*
        $Draft:ident = $schema:tt { $name:ident: $checked:tt as $name_schema:tt, $name_doc:tt }
    )*) => { $(
        $(#[$doc])*
        #[derive(Clone, Default, Serialize, Deserialize, JsonSchema, Debug)]
        #[serde(deny_unknown_fields)]
        #[schemars(rename = $schema, description = "")]
        pub struct $Draft {
            /// Unique within the wallet.
            #[serde(deserialize_with = $checked)]
            #[schemars(with = $name_schema, description = $name_doc)]
            pub $name: String,
            /// One year from today in the wallet's time zone when it is left out.
            #[serde(default, deserialize_with = "checked_if_present::<IsoDate, _, _>")]
            #[schemars(with = "model::schema::Date")]
            pub expires_on: Option<String>,
            /// Party, contact, purpose.
            #[serde(default, deserialize_with = "checked::<Notes, _, _>")]
            #[schemars(with = "model::schema::Notes", description = "")]
            pub notes: String,
            /// What it may do.
            #[serde(default)]
            #[schemars(description = "")]
            pub permissions: PermissionSet,
            /// What the server allows everybody when it is left out.
            #[serde(default, deserialize_with = "checked::<RequestsPerMinute, _, _>")]
            #[schemars(with = "Option<model::schema::RequestsPerMinute>")]
            pub requests_per_minute: Option<i64>,
        }
    )* };
}

drafts! {
    /// A new API key, or a new one of either kind.
    Draft = "CreateApiKey" { name: "checked::<Name, _, _>" as "model::schema::Name", "" }
    /// A new OAuth client, whose name is its client ID.
    ClientDraft = "CreateOauthClient" {
        client_id: "checked::<ClientId, _, _>" as "model::schema::ClientId", "1 to 64 letters, digits and `.` `_` `-`."
    }
}

/// What of an API key or an OAuth client can change.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct Terms {
    pub(super) permissions: PermissionSet,
    pub(super) notes: Notes,
    /// `null` for what the server allows everybody.
    #[schemars(with = "Option<model::schema::RequestsPerMinute>")]
    pub(super) requests_per_minute: Option<RequestsPerMinute>,
}

impl From<ClientDraft> for Draft {
    fn from(draft: ClientDraft) -> Self {
        let ClientDraft { client_id, expires_on, notes, permissions, requests_per_minute } = draft;
        Self { name: client_id, expires_on, notes, permissions, requests_per_minute }
    }
}

impl From<&ExternalSystem> for Terms {
    fn from(system: &ExternalSystem) -> Self {
        let ExternalSystem { permissions, requests_per_minute, .. } = *system;
        Self { permissions, notes: system.notes.clone(), requests_per_minute }
    }
}

/// A date as the API writes it, `YYYY-MM-DD`.
pub(super) struct IsoDate(pub(super) Date);

impl FromStr for IsoDate {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        // The parser also takes other forms of ISO 8601; the API promises this one.
        let date = text.parse::<Date>().ok().filter(|date| date.to_string() == text);
        date.map(Self).ok_or("must be a date, YYYY-MM-DD")
    }
}

/// The name of an OAuth client.
struct ClientId;

impl FromStr for ClientId {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        SystemKind::OauthClient.parse_name(text).map(|_| Self)
    }
}
