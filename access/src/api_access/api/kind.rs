//! What differs between API keys and OAuth clients in JSON: what a name and a secret are called, and the texts.

use jiff::Timestamp;
use jiff::civil::Date;
use model::{Actor, ExternalSystem, ExternalSystemId, Name, Notes, PermissionSet, RequestsPerMinute, SystemKind};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::SystemSort;

use crate::api_access::draft::{ClientDraft, Draft};
use crate::api_access::sort::{ClientSort, KeySort};

/// A kind of external systems.
pub(crate) trait Kind: JsonSchema + 'static {
    /// The kind.
    const KIND: SystemKind;
    /// One of them in the ids of operations.
    const OBJECT: &'static str;
    /// One of them and all of them, in sentences.
    const NOUNS: (&'static str, &'static str);
    /// What its name is called, in sentences.
    const NAME: &'static str;
    /// What its secret is called, in sentences.
    const SECRET: &'static str;
    /// When an edit is in force.
    const EDITED: &'static str;
    /// The name of a patch in the API document.
    const PATCH: &'static str;
    /// The members that never change after creation.
    const IMMUTABLE: &'static [&'static str];
    /// The orders of a list.
    type Sort: Copy + Default + Serialize + DeserializeOwned + JsonSchema + Into<(SystemSort, bool)> + Send;
    /// What a client writes of a new one.
    type Draft: DeserializeOwned + JsonSchema + Into<Draft> + Send;
    /// One as the API writes it, without its secret.
    type Object: Serialize + JsonSchema + Send;
    /// The same with its secret.
    type Created: Serialize + JsonSchema + Send;

    /// One as it is at an instant.
    fn object(system: ExternalSystem, now: Timestamp) -> Self::Object;
    /// A new one with its secret.
    fn created(object: Self::Object, secret: &str) -> Self::Created;
}

/// The API keys.
#[derive(JsonSchema)]
pub(crate) struct ApiKeys;

/// The OAuth clients.
#[derive(JsonSchema)]
pub(crate) struct OauthClients;

/// An API key. Its text is not in it.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ApiKey {
    id: ExternalSystemId,
    /// Unique within the wallet without regard to case; never changes.
    #[schemars(with = "String")]
    name: Name,
    #[serde(flatten)]
    access: Access,
}

/// The one answer that bears the key text.
#[derive(Serialize, JsonSchema)]
pub(crate) struct CreatedApiKey {
    #[serde(flatten)]
    api_key: ApiKey,
    /// The key text, shown this one time: `clvk_` and 54 letters and digits.
    key: String,
}

/// An OAuth client. Its secret is not in it.
#[derive(Serialize, JsonSchema)]
pub(crate) struct OauthClient {
    id: ExternalSystemId,
    /// The client ID: unique within the wallet without regard to case; never changes.
    #[schemars(with = "String")]
    client_id: Name,
    #[serde(flatten)]
    access: Access,
}

/// The one answer that bears the client secret.
#[derive(Serialize, JsonSchema)]
pub(crate) struct CreatedOauthClient {
    #[serde(flatten)]
    client: OauthClient,
    /// The client secret, shown this one time: `clvs_` and 54 letters and digits.
    client_secret: String,
}

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
    #[schemars(with = "String")]
    notes: Notes,
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
pub(super) enum Status {
    Active,
    Expired,
}

impl Kind for ApiKeys {
    const KIND: SystemKind = SystemKind::ApiKey;
    const OBJECT: &'static str = "ApiKey";
    const NOUNS: (&'static str, &'static str) = ("an API key", "API keys");
    const NAME: &'static str = "name";
    const SECRET: &'static str = "key text";
    const EDITED: &'static str = "in force for the next request when the answer comes.";
    const PATCH: &'static str = "EditApiKey";
    const IMMUTABLE: &'static [&'static str] = &["name", "expires_on"];
    type Sort = KeySort;
    type Draft = Draft;
    type Object = ApiKey;
    type Created = CreatedApiKey;

    fn object(system: ExternalSystem, now: Timestamp) -> ApiKey {
        ApiKey { id: system.id, name: system.name.clone(), access: Access::at(system, now) }
    }

    fn created(api_key: ApiKey, key: &str) -> CreatedApiKey {
        CreatedApiKey { api_key, key: key.to_owned() }
    }
}

impl Kind for OauthClients {
    const KIND: SystemKind = SystemKind::OauthClient;
    const OBJECT: &'static str = "OauthClient";
    const NOUNS: (&'static str, &'static str) = ("an OAuth client", "OAuth clients");
    const NAME: &'static str = "client ID";
    const SECRET: &'static str = "client secret";
    const EDITED: &'static str = "what is taken away is gone from the next request, also for tokens already issued; \
                                  what is added comes with the next token.";
    const PATCH: &'static str = "EditOauthClient";
    const IMMUTABLE: &'static [&'static str] = &["client_id", "expires_on"];
    type Sort = ClientSort;
    type Draft = ClientDraft;
    type Object = OauthClient;
    type Created = CreatedOauthClient;

    fn object(system: ExternalSystem, now: Timestamp) -> OauthClient {
        OauthClient { id: system.id, client_id: system.name.clone(), access: Access::at(system, now) }
    }

    fn created(client: OauthClient, client_secret: &str) -> CreatedOauthClient {
        CreatedOauthClient { client, client_secret: client_secret.to_owned() }
    }
}

impl Access {
    fn at(system: ExternalSystem, now: Timestamp) -> Self {
        Self {
            permissions: system.permissions,
            expires_on: system.expires_on,
            expires_at: system.expires_at,
            notes: system.notes,
            status: if now < system.expires_at { Status::Active } else { Status::Expired },
            key_id: system.key_id,
            created_at: system.created_at,
            created_by: system.created_by,
            last_used_at: system.last_used_at,
            requests_per_minute: system.requests_per_minute,
        }
    }
}
