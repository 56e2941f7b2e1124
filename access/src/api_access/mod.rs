//! API access: external systems with an API key or as an OAuth client. Making, editing and revoking both is the
//! same; what proves them is the gate's work, and exchanging a client's secret for a token is `oauth2/`.

mod api;
mod authority;
mod chart;
mod console;
mod details;
mod draft;
mod expiry;
mod lifecycle;
mod screen;
mod sort;
mod usage;

use gate::{KeyId, KeyKind, KeyText};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::app::App;
use kernel::caller::{Caller, Transaction};
use kernel::console::{Group, Place};
use kernel::feature::Feature;
use kernel::http::Fields;
use kernel::idempotency::IdempotencyKey;
use kernel::problem::{Code, Problem};
use model::resource;
use model::{
    Action, ExternalSystem, ExternalSystemId, Name, NewEvent, Notes, RequestsPerMinute, SystemKind, Target, Wallet,
    check_expires_on, default_expires_on, expires_at, local_date,
};
use serde_json::json;
use store::{List, NewExternalSystem, Page, SystemFilter, SystemSort};

use self::authority::Authority;
use self::draft::{IsoDate, Terms};

pub use api::objects;
pub use draft::Draft;
pub use lifecycle::{descendants, revoke, revoke_with_descendants};
pub use usage::{MAX_DAYS, Usage, clean, flush_some_usage, flush_usage, usage};

/// The feature, as the server serves it.
pub const FEATURE: Feature = Feature {
    api: &[("API keys", api::routes::<api::ApiKeys>), ("OAuth clients", api::routes::<api::OauthClients>)],
    pages: Some(console::routes),
    place: Some(Place::guarded::<resource::ApiAccess>(
        screen::PATH,
        "key",
        kernel::console::texts::api_access::TITLE,
        Group::Iam,
    )),
    clean: Some(|app| Box::pin(clean(app))),
    samples: include_str!("samples.json"),
};

/// Lets an external system in. Its secret is in the answer, and nowhere else.
///
/// # Errors
///
/// Refused fields (422), a name in use (409), permissions or a limit that the caller does not hold (403).
pub async fn create(
    app: &App,
    caller: &Caller,
    kind: SystemKind,
    draft: &Draft,
) -> Result<(ExternalSystem, KeyText), Problem> {
    create_once(app, caller, kind, draft, &IdempotencyKey::none()).await
}

/// Lets an external system in like [`create`], and no second one for a request that is repeated: its answer bears the same
/// secret again for ten minutes.
///
/// # Errors
///
/// Those of [`create`], and a request that is repeated later (409) or with another body (422).
pub async fn create_once(
    app: &App,
    caller: &Caller,
    kind: SystemKind,
    draft: &Draft,
    idempotency: &IdempotencyKey,
) -> Result<(ExternalSystem, KeyText), Problem> {
    let mut change = app.begin(caller).await?;
    if let Some(made) = change.repeated(idempotency).await? {
        return made_before(app, change, caller, (kind, made), idempotency).await;
    }
    let wallet = change.wallet(caller.wallet_id).await?.ok_or(Code::NotFound)?;
    let ValidDraft { name, expires_on, expires_at, notes, requests_per_minute } =
        check(kind, draft, caller, &wallet, change.at())?;
    let authority = Authority::of(app, caller, &mut change).await?;
    let requests_per_minute = requests_per_minute.or(authority.preset_limit());
    authority.check_permissions(draft.permissions)?;
    authority.check_limit(requests_per_minute)?;
    let id: ExternalSystemId = app.randomness.id(change.at());
    let secret = app.secret(secret_kind(kind), caller, idempotency, id.0);
    let new = NewExternalSystem {
        id,
        kind,
        name,
        permissions: draft.permissions,
        requests_per_minute,
        expires_on,
        expires_at,
        notes,
        key_id: secret.key_id().to_string(),
        digest: app.gate.digest_key().digest(&secret),
        created_by: caller.actor(app),
    };
    let taken = Problem::taken(Code::NameInUse, name_field(kind));
    let system = change.insert_external_system(&new).await.map_err(taken)?;
    let action = of(kind, Action::ApiKeyCreated, Action::OauthClientCreated);
    let event = NewEvent::new(action, target(&system)).with(json!({
        "permissions": system.permissions,
        "expires_on": system.expires_on,
        "notes": system.notes,
        "requests_per_minute": system.requests_per_minute,
    }));
    change.remember(idempotency, id.0).await?;
    change.commit(event).await?;
    Ok((system, secret))
}

/// What the first of repeated requests made, with its secret while that may be shown again.
async fn made_before(
    app: &App,
    mut change: Transaction<'_>,
    caller: &Caller,
    (kind, id): (SystemKind, ExternalSystemId),
    idempotency: &IdempotencyKey,
) -> Result<(ExternalSystem, KeyText), Problem> {
    let system = change.external_system(caller.wallet_id, kind, id).await?.ok_or(Code::NotFound)?;
    // The caller may have lost since what it gave.
    caller.check_assigns(system.permissions)?;
    let path = format!("{}/{id}", api_path(kind));
    change.check_shows_again(system.created_at, &path)?;
    let secret = app.secret(secret_kind(kind), caller, idempotency, id.0);
    // Of one whose secret was replaced meanwhile, this is not the secret any more.
    if secret.key_id().to_string() != system.key_id {
        return Err(Problem::detailed(Code::SecretShown, format!("It is at {path}.")));
    }
    Ok((system, secret))
}

/// Changes the terms, in force for the next request.
///
/// # Errors
///
/// No such one (404), refused terms (422), permissions or a limit that the caller does not hold, its own permissions, or
/// one that holds more than the external system that calls (403).
async fn edit(
    app: &App,
    caller: &Caller,
    kind: SystemKind,
    id: ExternalSystemId,
    new_terms: impl FnOnce(Terms) -> Result<Terms, Problem> + Send,
) -> Result<ExternalSystem, Problem> {
    let mut change = app.begin(caller).await?;
    let system = change.external_system(caller.wallet_id, kind, id).await?.ok_or(Code::NotFound)?;
    let before = Terms::from(&system);
    let after = new_terms(before.clone())?;
    if after.permissions != before.permissions && caller.kind() == kind.actor() && caller.id() == Some(id.into()) {
        return Err(Code::OwnPermissions.into());
    }
    let authority = Authority::of(app, caller, &mut change).await?;
    authority.check_governs(&system)?;
    let added = after.permissions - before.permissions;
    let is_larger = authority.is_larger(after.requests_per_minute, before.requests_per_minute);
    authority.check_permissions(added)?;
    if is_larger {
        authority.check_limit(after.requests_per_minute)?;
    }
    if is_larger || !added.is_empty() {
        authority.check_outlives(&system)?;
    }
    if after == before {
        return Ok(live(app, system));
    }
    let action = of(kind, Action::ApiKeyEdited, Action::OauthClientEdited);
    let event = NewEvent::new(action, target(&system)).with(json!({"before": before, "after": after}));
    let Terms { permissions, notes, requests_per_minute } = after;
    change.update_external_system(id, permissions, &notes, requests_per_minute).await?;
    change.commit(event).await?;
    Ok(live(app, ExternalSystem { permissions, notes, requests_per_minute, ..system }))
}

/// One external system.
pub async fn get(
    app: &App,
    caller: &Caller,
    kind: SystemKind,
    id: ExternalSystemId,
) -> Result<ExternalSystem, Problem> {
    let system = app.store.read().await?.external_system(caller.wallet_id, kind, id).await?.ok_or(Code::NotFound)?;
    Ok(live(app, system))
}

/// A page of those of one kind.
pub async fn list(
    app: &App,
    caller: &Caller,
    kind: SystemKind,
    filter: SystemFilter,
    list: &List<SystemSort>,
) -> Result<Page<ExternalSystem>, Problem> {
    let page = app.store.read().await?.external_systems(caller.wallet_id, kind, filter, list).await?;
    Ok(page.map(|system| live(app, system)))
}

/// The preset expiry date: one year from today on the wallet's calendar, or the maker's own end if it is a
/// key or client that ends before.
pub fn preset(wallet: &Wallet, caller: &Caller, now: Timestamp) -> Date {
    let preset = default_expires_on(local_date(now, &wallet.time_zone));
    latest_within(caller, wallet).map_or(preset, |latest| preset.min(latest))
}

/// The field that holds the name.
pub(crate) const fn name_field(kind: SystemKind) -> &'static str {
    of(kind, "name", "client_id")
}

/// Where those of one kind are in the API.
const fn api_path(kind: SystemKind) -> &'static str {
    of(kind, "/api/v1/api-keys", "/api/v1/oauth-clients")
}

/// Chooses what differs between the two kinds.
pub(crate) const fn of<T: Copy>(kind: SystemKind, api_key: T, oauth_client: T) -> T {
    match kind {
        SystemKind::ApiKey => api_key,
        SystemKind::OauthClient => oauth_client,
    }
}

const fn secret_kind(kind: SystemKind) -> KeyKind {
    of(kind, KeyKind::ApiKey, KeyKind::ClientSecret)
}

/// A draft in which nothing was refused.
struct ValidDraft {
    name: Name,
    expires_on: Date,
    expires_at: Timestamp,
    notes: Notes,
    requests_per_minute: Option<RequestsPerMinute>,
}

fn check(
    kind: SystemKind,
    draft: &Draft,
    caller: &Caller,
    wallet: &Wallet,
    now: Timestamp,
) -> Result<ValidDraft, Problem> {
    let mut fields = Fields::default();
    let name = fields.take(name_field(kind), kind.parse_name(&draft.name));
    let notes = fields.parse("notes", &draft.notes);
    let expires_on = match &draft.expires_on {
        None => Some(preset(wallet, caller, now)),
        Some(text) => expiry_date(&mut fields, text, caller, wallet, now),
    };
    let limit = draft.requests_per_minute.map(RequestsPerMinute::try_from).transpose();
    let limit = fields.take("requests_per_minute", limit);
    let checked = name.zip(expires_on).zip(notes).zip(limit);
    let (((name, expires_on), notes), requests_per_minute) = fields.finish(checked)?;
    // On the maker's own last day what it makes ends with it, also when the wallet's time zone changed meanwhile.
    let at = expires_at(expires_on, &wallet.time_zone);
    let expires_at = caller.system_expires_at().map_or(at, |end| at.min(end));
    Ok(ValidDraft { name, expires_on, expires_at, notes, requests_per_minute })
}

fn expiry_date(fields: &mut Fields, text: &str, caller: &Caller, wallet: &Wallet, now: Timestamp) -> Option<Date> {
    let IsoDate(on) = fields.parse("expires_on", text)?;
    let on = fields.take("expires_on", check_expires_on(on, local_date(now, &wallet.time_zone)).map(|()| on))?;
    match latest_within(caller, wallet) {
        Some(latest) if on > latest => {
            let message = format!("must not be after {latest}, when the one that makes it expires");
            fields.refuse("expires_on", "outlives-maker", message);
            None
        }
        _ => Some(on),
    }
}

/// The last date on which the caller's own key or client is valid: what it makes cannot outlive it (mission D4).
fn latest_within(caller: &Caller, wallet: &Wallet) -> Option<Date> {
    let last = caller.system_expires_at()?.checked_sub(jiff::SignedDuration::from_millis(1)).ok()?;
    Some(local_date(last, &wallet.time_zone))
}

/// The gate knows of uses that are not written yet.
fn live(app: &App, mut system: ExternalSystem) -> ExternalSystem {
    let used = KeyId::parse(&system.key_id).and_then(|key_id| app.gate.last_used(system.kind, &key_id));
    system.last_used_at = used.and_then(|at| Timestamp::from_millisecond(at).ok()).max(system.last_used_at);
    system
}

fn target(system: &ExternalSystem) -> Target {
    Target::new(system.id, system.name.as_str())
}
