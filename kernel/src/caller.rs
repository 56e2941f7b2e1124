//! The caller: the principal of a request, or the operator at the command line.

use std::marker::PhantomData;
use std::sync::Arc;

use aide::OperationInput;
use aide::generate::GenContext;
use aide::openapi::{Operation, Response};
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use gate::{Denial, Via};
use http::header;
use http::request::Parts;
use jiff::Timestamp;
use model::{
    Actor, ActorKind, ExternalSystemId, Permission, PermissionSet, Requirement, SessionId, SystemKind, UserId, WalletId,
};
use store::{Author, Tx};
use uuid::Uuid;

use crate::app::App;
use crate::http::{Policy, RequestContext, RequestId, authority, document};
use crate::problem::{Code, Problem};

/// The principal of a request, with its permissions and the one wallet that it can reach (mission D9).
#[derive(Clone, Debug)]
pub struct Caller {
    /// Its wallet: every statement of the store names it.
    pub wallet_id: WalletId,
    /// Its permissions now.
    pub permissions: PermissionSet,
    who: Who,
    request_id: Option<RequestId>,
}

#[derive(Clone, Debug)]
enum Who {
    Admitted(gate::Caller),
    /// A principal that was not authenticated by the gate.
    Known(Actor),
}

/// The extractor that authenticates the caller and requires a permission: `Allow<Change<ApiAccess>>` in a handler's
/// signature.
#[derive(Debug)]
pub struct Allow<P>(pub Caller, PhantomData<P>);

impl Caller {
    /// The operator at the command line, authorised by access to the database.
    pub fn operator(wallet_id: WalletId) -> Self {
        Self { wallet_id, permissions: PermissionSet::ALL, who: Who::Known(Actor::operator()), request_id: None }
    }

    /// A user who has just signed in.
    pub fn arriving(wallet_id: WalletId, id: UserId, name: &str, request_id: Option<RequestId>) -> Self {
        let actor = Actor { kind: ActorKind::User, id: Some(id.into()), name: name.to_owned() };
        Self { wallet_id, permissions: PermissionSet::EMPTY, who: Who::Known(actor), request_id }
    }

    /// An OAuth client that has just proved its secret.
    pub fn client(client: &gate::Client, request_id: RequestId) -> Self {
        let actor = Actor { kind: ActorKind::OauthClient, id: Some(client.id.into()), name: client.client_id.clone() };
        let (wallet_id, permissions) = (client.wallet, client.permissions);
        Self { wallet_id, permissions, who: Who::Known(actor), request_id: Some(request_id) }
    }

    /// A client of a protocol endpoint, which is no principal of the wallet: its changes are made in the name of the
    /// server.
    pub fn stranger(wallet_id: WalletId, request_id: RequestId) -> Self {
        Self { request_id: Some(request_id), ..Self::server(wallet_id) }
    }

    /// The server, acting without a caller.
    pub fn server(wallet_id: WalletId) -> Self {
        Self { wallet_id, permissions: PermissionSet::EMPTY, who: Who::Known(Actor::server()), request_id: None }
    }

    /// Whether it holds this permission.
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(permission)
    }

    /// Whether it holds what a handler would require with `Allow<P>`.
    pub fn holds<P: Requirement>(&self) -> bool {
        P::PERMISSION.is_none_or(|permission| self.may(permission))
    }

    /// The principal as records and events store it.
    pub fn actor(&self, app: &App) -> Actor {
        match &self.who {
            Who::Admitted(caller) => app.gate.actor(caller),
            Who::Known(actor) => actor.clone(),
        }
    }

    /// The kind of principal.
    pub fn kind(&self) -> ActorKind {
        match &self.who {
            Who::Admitted(caller) => caller.kind,
            Who::Known(actor) => actor.kind,
        }
    }

    /// The id of the API key, OAuth client or user; none of the operator.
    pub fn id(&self) -> Option<Uuid> {
        match &self.who {
            Who::Admitted(caller) => Some(caller.id),
            Who::Known(actor) => actor.id,
        }
    }

    /// The session, of a user in the console.
    pub fn session(&self) -> Option<SessionId> {
        match &self.who {
            Who::Admitted(caller) => caller.session,
            Who::Known(_) => None,
        }
    }

    /// When an API key or OAuth client ends; none for people, whose access has no date.
    pub fn system_expires_at(&self) -> Option<Timestamp> {
        match &self.who {
            Who::Admitted(caller) if caller.kind != ActorKind::User => {
                Timestamp::from_millisecond(caller.expires_at).ok()
            }
            _ => None,
        }
    }

    /// When the key, the client or the session ends.
    pub fn expires_at(&self) -> Option<Timestamp> {
        match &self.who {
            Who::Admitted(caller) => Timestamp::from_millisecond(caller.expires_at).ok(),
            Who::Known(_) => None,
        }
    }

    /// The API key or OAuth client that calls; none of people, the operator and the server.
    pub fn system(&self) -> Option<(SystemKind, ExternalSystemId)> {
        let kind = SystemKind::ALL.into_iter().find(|kind| kind.actor() == self.kind())?;
        Some((kind, self.id()?.into()))
    }

    /// Refuses an external system, because the result would outlive it (mission D4).
    pub fn check_is_no_system(&self, detail: &str) -> Result<(), Problem> {
        if self.system().is_some() { Err(Problem::detailed(Code::PeopleOnly, detail)) } else { Ok(()) }
    }

    /// Refuses an external system that would end or narrow `what`, which holds more permissions than it does itself.
    /// People may: the permission for it is theirs to use.
    pub fn check_governs(&self, what: &str, held: PermissionSet) -> Result<(), Problem> {
        if self.system().is_none() || self.permissions.contains_all(held) {
            return Ok(());
        }
        Err(Problem::detailed(Code::HoldsMore, format!("{what} holds permissions that the caller does not hold.")))
    }

    /// Refuses to assign permissions that the caller does not hold itself (mission D4).
    pub fn check_assigns(&self, added: PermissionSet) -> Result<(), Problem> {
        let exceeding = added - self.permissions;
        if exceeding.is_empty() { Ok(()) } else { Err(Problem::exceeds_own(exceeding)) }
    }
}

impl App {
    /// Begins a change in the caller's wallet.
    pub async fn begin(&self, caller: &Caller) -> Result<Transaction<'_>, Problem> {
        let author = Author {
            wallet_id: caller.wallet_id,
            actor: caller.actor(self),
            request_id: caller.request_id.map(|id| id.to_string()),
            at: self.clock.now(),
        };
        Ok(Transaction { app: self, tx: self.store.begin(author).await? })
    }
}

/// A change under way; dropping it undoes it.
pub struct Transaction<'a> {
    app: &'a App,
    tx: Tx,
}

impl Transaction<'_> {
    /// Writes an event beside the one of [`Transaction::commit`].
    pub async fn record(&mut self, event: model::NewEvent) -> Result<(), Problem> {
        let id = self.app.randomness.id(self.tx.at());
        Ok(self.tx.record(id, event).await?)
    }

    /// Commits the change with its event, and returns when this server's gate works by it.
    pub async fn commit(self, event: model::NewEvent) -> Result<(), Problem> {
        let id = self.app.randomness.id(self.tx.at());
        let revision = self.tx.commit(id, event).await?;
        Ok(self.app.catch_up(revision).await?)
    }
}

impl std::ops::Deref for Transaction<'_> {
    type Target = Tx;
    fn deref(&self) -> &Tx {
        &self.tx
    }
}

impl std::ops::DerefMut for Transaction<'_> {
    fn deref_mut(&mut self) -> &mut Tx {
        &mut self.tx
    }
}

impl<P: Requirement> FromRequestParts<Arc<App>> for Allow<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let admitted = match app.gate.admit(&parts.headers, app.came_at(&parts.extensions)) {
            Ok(admitted) => admitted,
            Err(denial) => {
                // A denied request yields once, so that a flood cannot starve others.
                tokio::task::yield_now().await;
                return Err(refuse(app, parts, denial));
            }
        };
        Self::admitted(app, parts, admitted)
    }
}

/// A caller where none is required: a request that is not admitted counts as one without a secret, not as a denial.
impl<P: Requirement> OptionalFromRequestParts<Arc<App>> for Allow<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Option<Self>, Problem> {
        let admitted = app.gate.admit(&parts.headers, app.came_at(&parts.extensions)).ok();
        admitted.map(|admitted| Self::admitted(app, parts, admitted)).transpose()
    }
}

impl<P: Requirement> Allow<P> {
    /// Checks the origin and the permission of an admitted request.
    fn admitted(app: &App, parts: &Parts, admitted: gate::Caller) -> Result<Self, Problem> {
        app.telemetry.admitted();
        let context = parts.extensions.get::<RequestContext>();
        if let Some(context) = context {
            context.admitted(admitted);
        }
        if admitted.via == Via::Cookie && !is_same_origin(parts) {
            return Err(Code::CrossOrigin.into());
        }
        if let Some(permission) = P::PERMISSION
            && !admitted.may(permission)
        {
            app.gate.note_refusal(&admitted);
            app.telemetry.permission_refused();
            return Err(Problem::permission_missing(permission));
        }
        let caller = Caller {
            wallet_id: admitted.wallet,
            permissions: admitted.permissions,
            who: Who::Admitted(admitted),
            request_id: context.map(RequestContext::id),
        };
        Ok(Self(caller, PhantomData))
    }
}

/// The answer to a denied request. Unless a key in force is over its own limit, the request is counted by its address,
/// so that guessing and flooding end in the same way.
fn refuse(app: &App, parts: &Parts, denial: Denial) -> Problem {
    app.telemetry.denied(denial);
    if let Denial::TooManyRequests(exhausted) = denial {
        if let Some(context) = parts.extensions.get::<RequestContext>() {
            context.limited(Policy::Key, exhausted.rate);
        }
    } else if let Err(exhausted) = app.count_address(&parts.headers, &parts.extensions) {
        return Problem::too_many_requests(exhausted);
    }
    app.log_denial(denial, &parts.extensions);
    denial.into()
}

/// The permission of the signature goes into the document: `security` and `x-required-permission`.
impl<P: Requirement> OperationInput for Allow<P> {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        document::require(operation, P::PERMISSION);
    }

    fn inferred_early_responses(ctx: &mut GenContext, _: &mut Operation) -> Vec<(Option<u16>, Response)> {
        let mut codes =
            vec![Code::TwoSecrets, Code::Unauthenticated, Code::TooManyRequests, Code::Internal, Code::Unavailable];
        if P::PERMISSION.is_some() {
            codes.push(Code::PermissionMissing);
        }
        document::problems(ctx, &codes)
    }
}

/// Whether a request with the cookie comes from the console itself. Reading is not a change, and the cookie
/// is `SameSite=Strict` besides; a browser that tells neither its site nor its origin is refused.
pub(crate) fn is_same_origin(Parts { method, uri, headers, .. }: &Parts) -> bool {
    if method.is_safe() {
        return true;
    }
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin";
    }
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    match (origin.and_then(|origin| origin.split_once("://")), authority(uri, headers)) {
        (Some((_, origin)), Some(own)) => origin == own,
        _ => false,
    }
}
