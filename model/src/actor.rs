//! The actor: the principal behind a change, as records and audit events store it.

use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

names! {
    /// What kind of principal acts.
    #[derive(JsonSchema)]
    #[schemars(inline)]
    pub enum ActorKind {
        /// A person in the console.
        User = "user",
        /// An external system with an API key.
        ApiKey = "api_key",
        /// An external system with an access token.
        OauthClient = "oauth_client",
        /// Whoever has a shell on the server and uses the command line.
        Operator = "operator",
        /// The server by itself, on nobody's behalf.
        Server = "server",
    }
}

/// The principal behind a change, named as it was called then.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
pub struct Actor {
    /// What kind of principal it is.
    pub kind: ActorKind,
    /// Its id; `null` for the operator and the server.
    pub id: Option<Uuid>,
    /// Its name at that time.
    pub name: String,
}

impl Actor {
    /// The operator at the command line.
    pub fn operator() -> Self {
        Self { kind: ActorKind::Operator, id: None, name: "command line".to_owned() }
    }

    /// The server, acting without a caller.
    pub fn server() -> Self {
        Self { kind: ActorKind::Server, id: None, name: "server".to_owned() }
    }
}
