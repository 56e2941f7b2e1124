//! API keys: making, editing and revoking them. What proves them is the gate's work.

pub mod api;
pub(crate) mod console;
mod screen;

use gate::{KeyId, KeyKind, KeyText};
use jiff::Timestamp;
use jiff::civil::Date;
use model::{
    Action, ActorKind, ApiKey, ApiKeyId, Name, NewEvent, Notes, PermissionSet, Target, Wallet, check_expires_on,
    default_expires_on, expires_at, local_date,
};
use serde_json::json;
use store::{ApiKeyFilter, ApiKeySort, List, NewApiKey, Page};

use crate::app::App;
use crate::caller::Caller;
use crate::http::Fields;
use crate::problem::{Code, Problem};

/// What somebody asks for in a new key, as it was typed.
#[derive(Clone, Default, Debug)]
pub struct Draft {
    /// Its name.
    pub name: String,
    /// Its expiry date, `YYYY-MM-DD`; one year from today when it is left out.
    pub expires_on: Option<String>,
    /// Party, contact, purpose.
    pub notes: String,
    /// What it may do.
    pub permissions: PermissionSet,
}

/// What is to change in a key; what is left out stays.
#[derive(Clone, Default, Debug)]
pub struct Edit {
    /// What it may do.
    pub permissions: Option<PermissionSet>,
    /// Party, contact, purpose.
    pub notes: Option<String>,
}

/// Makes a key. The text is in the answer, and nowhere else.
///
/// # Errors
///
/// Refused fields (422), a name in use (409), permissions that the caller does not hold (403).
pub async fn create(app: &App, caller: &Caller, draft: &Draft) -> Result<(ApiKey, KeyText), Problem> {
    let mut change = app.begin(caller).await?;
    let wallet = change.wallet(caller.wallet_id).await?.ok_or(Code::NotFound)?;
    let (name, expires_on, expires_at, notes) = check(draft, caller, &wallet, change.at())?;
    caller.check_assigns(draft.permissions)?;
    let text = KeyText::generate(KeyKind::ApiKey, &mut |bytes| app.randomness.fill(bytes));
    let new = NewApiKey {
        id: app.randomness.id(change.at()),
        name,
        permissions: draft.permissions,
        expires_on,
        expires_at,
        notes,
        key_id: text.key_id().to_string(),
        digest: app.gate.digest_key().digest(&text),
        created_by: caller.actor(app),
    };
    change.insert_api_key(&new).await.map_err(Problem::taken(Code::NameInUse, "name"))?;
    let key = change.api_key(caller.wallet_id, new.id).await?.ok_or(Code::Internal)?;
    let event = NewEvent::new(Action::ApiKeyCreated, target(&key)).with(json!({
        "permissions": key.permissions,
        "expires_on": key.expires_on,
        "notes": key.notes,
    }));
    change.commit(event).await?;
    Ok((key, text))
}

/// Changes a key's permissions and notes, in force for the next request.
///
/// # Errors
///
/// No such key (404), refused notes (422), permissions that the caller does not hold, or its own (403).
pub async fn edit(app: &App, caller: &Caller, id: ApiKeyId, edit: &Edit) -> Result<ApiKey, Problem> {
    let mut change = app.begin(caller).await?;
    let before = change.api_key(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
    let permissions = edit.permissions.unwrap_or(before.permissions);
    let mut fields = Fields::default();
    let notes = match &edit.notes {
        Some(notes) => fields.parse("notes", notes),
        None => Some(before.notes.clone()),
    };
    let notes: Notes = fields.finish(notes)?;
    if permissions != before.permissions && caller.kind() == ActorKind::ApiKey && caller.id() == Some(id.into()) {
        return Err(Code::OwnPermissions.into());
    }
    caller.check_assigns(permissions - before.permissions)?;
    if permissions == before.permissions && notes == before.notes {
        return Ok(live(app, before));
    }
    change.update_api_key(id, permissions, &notes).await?;
    let event = NewEvent::new(Action::ApiKeyEdited, target(&before)).with(json!({
        "before": {"permissions": before.permissions, "notes": before.notes},
        "after": {"permissions": permissions, "notes": notes},
    }));
    change.commit(event).await?;
    Ok(live(app, ApiKey { permissions, notes, ..before }))
}

/// Revokes a key for good: the next request with it is refused.
///
/// # Errors
///
/// No such key (404).
pub async fn revoke(app: &App, caller: &Caller, id: ApiKeyId) -> Result<(), Problem> {
    let mut change = app.begin(caller).await?;
    let key = change.api_key(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
    change.revoke_api_key(id).await?;
    change.commit(NewEvent::new(Action::ApiKeyRevoked, target(&key))).await
}

/// A key.
pub async fn get(app: &App, caller: &Caller, id: ApiKeyId) -> Result<ApiKey, Problem> {
    let key = app.store.read().await?.api_key(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
    Ok(live(app, key))
}

/// A page of the keys.
pub async fn list(
    app: &App,
    caller: &Caller,
    filter: ApiKeyFilter,
    list: &List<ApiKeySort>,
) -> Result<Page<ApiKey>, Problem> {
    let page = app.store.read().await?.api_keys(caller.wallet_id, filter, list).await?;
    Ok(page.map(|key| live(app, key)))
}

/// The preset expiry date: one year from today on the wallet's calendar, or the maker's own end if it is a
/// key that ends before.
pub fn preset(wallet: &Wallet, caller: &Caller, now: Timestamp) -> Date {
    let preset = default_expires_on(local_date(now, &wallet.time_zone));
    latest_within(caller, wallet).map_or(preset, |latest| preset.min(latest))
}

fn check(
    draft: &Draft,
    caller: &Caller,
    wallet: &Wallet,
    now: Timestamp,
) -> Result<(Name, Date, Timestamp, Notes), Problem> {
    let mut fields = Fields::default();
    let name = fields.parse("name", &draft.name);
    let notes = fields.parse("notes", &draft.notes);
    let expires_on = match &draft.expires_on {
        None => Some(preset(wallet, caller, now)),
        Some(text) => expiry_date(&mut fields, text, caller, wallet, now),
    };
    let checked = name.zip(expires_on).zip(notes);
    let ((name, on), notes) = fields.finish(checked)?;
    // On the maker's own last day the key ends with it, also when the wallet's time zone changed meanwhile.
    let at = expires_at(on, &wallet.time_zone);
    Ok((name, on, caller.key_expires_at().map_or(at, |end| at.min(end)), notes))
}

fn expiry_date(fields: &mut Fields, text: &str, caller: &Caller, wallet: &Wallet, now: Timestamp) -> Option<Date> {
    // The parser also takes other forms of ISO 8601; the API promises this one.
    let Some(on) = text.parse::<Date>().ok().filter(|on| on.to_string() == text) else {
        fields.refuse("expires_on", "invalid", "must be a date, YYYY-MM-DD");
        return None;
    };
    let on = fields.take("expires_on", check_expires_on(on, local_date(now, &wallet.time_zone)).map(|()| on))?;
    match latest_within(caller, wallet) {
        Some(latest) if on > latest => {
            let message = format!("must not be after {latest}, when the key that makes it expires");
            fields.refuse("expires_on", "outlives-maker", message);
            None
        }
        _ => Some(on),
    }
}

/// The last date on which the caller's own key is valid: what it makes cannot outlive it (mission D4).
fn latest_within(caller: &Caller, wallet: &Wallet) -> Option<Date> {
    let last = caller.key_expires_at()?.checked_sub(jiff::SignedDuration::from_millis(1)).ok()?;
    Some(local_date(last, &wallet.time_zone))
}

/// The gate knows of uses that are not written yet.
fn live(app: &App, mut key: ApiKey) -> ApiKey {
    let used = KeyId::parse(&key.key_id).and_then(|key_id| app.gate.last_used(&key_id));
    key.last_used_at = used.and_then(|at| Timestamp::from_millisecond(at).ok()).max(key.last_used_at);
    key
}

fn target(key: &ApiKey) -> Target {
    Target::new(key.id, key.name.as_str())
}
