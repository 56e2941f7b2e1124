//! A wallet under test, and the principals that reach it: made by the operations that the product has.

use std::net::{IpAddr, Ipv4Addr};
use std::ops::Deref;

use access::api_access;
use access::roles::RoleDraft;
use access::roles::Roles;
use access::sign_in::{self, Password, Presented, SignedIn};
use access::users::{self, UserDraft};
use http::HeaderMap;
use kernel::caller::Caller;
use kernel::collection::Creatable as _;
use model::{ExternalSystem, Permission, PermissionSet, RoleId, SystemKind, UserId, WalletId};

use super::{Actor, Answer, Server};

/// The password of every user that can sign in.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// One wallet of the server.
pub(crate) struct Wallet<'a> {
    server: &'a Server,
    pub(crate) id: WalletId,
}

/// An external system with an API key.
#[derive(Clone)]
pub(crate) struct Key {
    actor: Actor,
    pub(crate) id: String,
    pub(crate) text: String,
}

/// An external system that is an OAuth client.
#[derive(Clone)]
pub(crate) struct Client {
    nobody: Actor,
    pub(crate) id: String,
    pub(crate) client_id: String,
    pub(crate) secret: String,
}

/// A user, signed in to the console.
#[derive(Clone)]
pub(crate) struct Session {
    actor: Actor,
    pub(crate) user: UserId,
    pub(crate) role: RoleId,
    pub(crate) email: String,
    pub(crate) text: String,
}

/// A set of permissions by name.
pub(crate) fn permissions(names: &[&str]) -> PermissionSet {
    names.iter().map(|name| name.parse::<Permission>().unwrap()).collect()
}

impl<'a> Wallet<'a> {
    pub(super) fn new(server: &'a Server, id: WalletId) -> Self {
        Self { server, id }
    }

    /// A key with the preset expiry date, made by the operator.
    pub(crate) async fn key(&self, names: &[&str]) -> Key {
        self.key_with(names, None).await
    }

    /// A key whose last day is this, made by the operator.
    pub(crate) async fn key_until(&self, expires_on: &str, names: &[&str]) -> Key {
        self.key_with(names, Some(expires_on.to_owned())).await
    }

    /// A key with every permission.
    pub(crate) async fn administrator_key(&self) -> Key {
        let names: Vec<String> = PermissionSet::ALL.iter().map(|permission| permission.to_string()).collect();
        self.key(&names.iter().map(String::as_str).collect::<Vec<_>>()).await
    }

    /// A user with one role that has these permissions, signed in with its password.
    pub(crate) async fn session(&self, names: &[&str]) -> Session {
        let app = &self.server.app;
        let number = self.server.number();
        let name = format!("role-{number}").parse().unwrap();
        let draft = RoleDraft { name, permissions: permissions(names) };
        let role = Roles::create(app, &self.operator(), draft).await.unwrap().id;
        let email = format!("user-{number}@example.org");
        let hash = sign_in::hash(Password::from(PASSWORD.to_owned()), &app.randomness).await.unwrap();
        let name = format!("user-{number}").parse().unwrap();
        let draft = UserDraft { name, email: email.parse().unwrap(), roles: vec![role] };
        let user = users::create_with_password(app, &self.operator(), draft, hash).await.unwrap().id;
        let text = self.sign_in(&email).await;
        let cookie = format!("{}={text}", app.settings.public_url.session_cookie());
        let actor = self.server.anonymous().with("cookie", &cookie).with("sec-fetch-site", "same-origin");
        Session { actor, user, role, email, text }
    }

    /// Signs the user in, and returns the text of its session.
    pub(crate) async fn sign_in(&self, email: &str) -> String {
        let app = &self.server.app;
        let (address, request_id) = (IpAddr::V4(Ipv4Addr::LOCALHOST), app.randomness.id(app.clock.now()));
        let presented =
            Presented { email: email.to_owned(), password: PASSWORD.to_owned().into(), wallet: Some(self.id) };
        match sign_in::sign_in(app, presented, address, &HeaderMap::new(), request_id).await.unwrap() {
            SignedIn::Entered(entry) => entry.session.reveal().to_owned(),
            SignedIn::Several(wallets) => panic!("one of {wallets:?} was named"),
        }
    }

    /// Whoever has a shell on the server.
    pub(crate) fn operator(&self) -> Caller {
        Caller::operator(self.id)
    }

    /// A client with the preset expiry date, made by the operator.
    pub(crate) async fn client(&self, names: &[&str]) -> Client {
        let name = format!("client-{}", self.server.number());
        self.client_named(&name, names, None).await
    }

    /// A client with this client ID whose last day is this, made by the operator.
    pub(crate) async fn client_named(&self, name: &str, names: &[&str], expires_on: Option<&str>) -> Client {
        let (client, secret) = self.system(SystemKind::OauthClient, name, names, expires_on.map(str::to_owned)).await;
        Client { nobody: self.server.anonymous(), id: client.id.to_string(), client_id: name.to_owned(), secret }
    }

    async fn key_with(&self, names: &[&str], expires_on: Option<String>) -> Key {
        let name = format!("key-{}", self.server.number());
        let (key, text) = self.system(SystemKind::ApiKey, &name, names, expires_on).await;
        Key { actor: self.server.anonymous().with("x-api-key", &text), id: key.id.to_string(), text }
    }

    async fn system(
        &self,
        kind: SystemKind,
        name: &str,
        names: &[&str],
        expires_on: Option<String>,
    ) -> (ExternalSystem, String) {
        let permissions = permissions(names);
        let draft =
            api_access::Draft { name: name.to_owned(), expires_on, permissions, ..api_access::Draft::default() };
        let (system, text) = api_access::create(&self.server.app, &self.operator(), kind, &draft).await.unwrap();
        (system, text.reveal().to_owned())
    }
}

impl Key {
    /// Where the key itself stands in the API.
    pub(crate) fn path(&self) -> String {
        format!("/api/v1/api-keys/{}", self.id)
    }
}

impl Client {
    /// Where the client itself stands in the API.
    pub(crate) fn path(&self) -> String {
        format!("/api/v1/oauth-clients/{}", self.id)
    }

    /// Asks the token endpoint for something more than Client Credentials.
    pub(crate) async fn ask(&self, more: &[(&str, &str)]) -> Answer {
        self.post("/oauth2/token", &[&[("grant_type", "client_credentials")], more].concat()).await
    }

    /// Sends a form to one of the OAuth endpoints, with the client ID and the secret in it.
    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let own = [("client_id", self.client_id.as_str()), ("client_secret", self.secret.as_str())];
        self.nobody.post_form(path, &[&own, form].concat()).await
    }

    /// A new access token.
    pub(crate) async fn token(&self) -> String {
        self.ask(&[]).await.is(200).member("access_token")
    }

    /// Whoever bears this token.
    pub(crate) fn bearer(&self, token: &str) -> Actor {
        self.nobody.with("authorization", &format!("Bearer {token}"))
    }
}

impl Deref for Key {
    type Target = Actor;
    fn deref(&self) -> &Actor {
        &self.actor
    }
}

impl Deref for Session {
    type Target = Actor;
    fn deref(&self) -> &Actor {
        &self.actor
    }
}
