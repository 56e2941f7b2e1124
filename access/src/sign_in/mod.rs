//! How people come in: with a password, with an invitation, or as the first administrator.

pub mod console;
mod device;
mod enter;
mod password;
mod throttle;

use gate::{KeyKind, KeyText};
use jiff::{SignedDuration, Timestamp};
use kernel::app::App;
use kernel::caller::{Caller, Transaction};
use kernel::console::cookie::SESSION_LIFETIME;
use kernel::http::{Fields, RequestId};
use kernel::problem::{Code, Problem};
use model::{Action, Digest, Email, Invitation, Name, NewEvent, Stored as _, Target, UserId, WalletId};
use serde_json::json;
use store::{Account, NewSession, NewUser, StoreError};

use crate::roles::ADMINISTRATOR;
use crate::users::links;
use crate::wallet;

pub use enter::{Presented, SignedIn, sign_in};
pub use password::{Password, WrongPassword, hash};

/// How long the link of the first administrator works; a later start makes a new one.
const SETUP: SignedDuration = SignedDuration::from_hours(24);

/// What the form for the first administrator asks.
#[derive(Clone, Default)]
pub struct FirstAdministrator {
    /// The one-time code of the link.
    pub code: String,
    /// The wallet's name.
    pub wallet: String,
    /// The time zone in which dates expire.
    pub time_zone: String,
    /// The administrator's name.
    pub name: String,
    /// What it signs in with.
    pub email: String,
    /// Its password.
    pub password: Password,
}

/// A session that has begun.
pub struct Entry {
    /// Its text, which goes into the cookie.
    pub session: KeyText,
    /// Whose it is.
    pub user: UserId,
}

/// An address that an account may have, though it may be none that can be chosen any more.
fn email_of(text: &str) -> Option<Email> {
    let text = text.trim();
    (!text.is_empty() && text.len() <= 254 && !text.contains('\0')).then(|| Email::stored(text.to_owned()))
}

/// Ends the caller's session.
pub async fn sign_out(app: &App, caller: &Caller) -> Result<(), Problem> {
    let (Some(session), Some(id)) = (caller.session(), caller.id()) else { return Ok(()) };
    let name = caller.actor(app).name;
    let mut change = app.begin(caller).await?;
    change.end_session(session).await?;
    change.commit(NewEvent::new(Action::UserSignedOut, Target::new(UserId(id), &name))).await
}

/// Sets an invited user's password, and signs it in.
///
/// # Errors
///
/// 422 for a code that is not valid (any more), or a password that is too short.
pub async fn accept_invitation(
    app: &App,
    code: &str,
    password: Password,
    request_id: RequestId,
) -> Result<Entry, Problem> {
    let invitation = proven_invitation(app, code).await?;
    let (wallet_id, user_id) = invitation.user.ok_or_else(wrong_code)?;
    let password = checked(password)?;
    let user = app.store.read().await?.user(wallet_id, user_id).await?.ok_or_else(wrong_code)?;
    let hash = hash_for(app, &user.email, password).await?;
    let caller = Caller::arriving(wallet_id, user_id, user.name.as_str(), Some(request_id));
    let mut change = app.begin(&caller).await?;
    if !change.use_invitation(invitation.id).await? {
        return Err(wrong_code());
    }
    if !links::is_still_made(&mut change, &invitation, user_id).await? {
        return Err(void_code());
    }
    check_fits(&mut change, &user.email, user_id, &hash).await?;
    if !change.set_password(user_id, &hash).await? {
        return Err(wrong_code());
    }
    let session = begin_session(app, &mut change, user_id).await?;
    change.commit(NewEvent::new(Action::UserJoined, Target::new(user_id, user.name.as_str()))).await?;
    Ok(Entry { session, user: user_id })
}

/// Makes the first wallet with its first administrator, and signs it in.
///
/// # Errors
///
/// 422 for a code that is not valid (any more), or refused fields.
pub async fn set_up(app: &App, asked: FirstAdministrator, request_id: RequestId) -> Result<Entry, Problem> {
    let invitation = proven_invitation(app, &asked.code).await?;
    if invitation.user.is_some() {
        return Err(wrong_code());
    }
    let mut fields = Fields::default();
    let name = fields.parse::<Name>("name", &asked.name);
    let email = fields.parse::<Email>("email", &asked.email);
    let _: Option<Name> = fields.parse("wallet", &asked.wallet);
    let _: Option<model::TimeZoneName> = fields.parse("time_zone", &asked.time_zone);
    if let Err(error) = asked.password.check() {
        fields.refuse("password", "invalid", error);
    }
    let (name, email) = fields.finish(name.zip(email))?;
    let hash = hash(asked.password, &app.randomness).await?;
    let now = app.clock.now();
    let (wallet_id, user_id): (WalletId, UserId) = (app.randomness.id(now), app.randomness.id(now));
    let caller = Caller::arriving(wallet_id, user_id, name.as_str(), Some(request_id));
    let mut change = app.begin(&caller).await?;
    // The command line may have made a wallet since the code was printed.
    if !change.use_invitation(invitation.id).await? || !change.wallets().await?.is_empty() {
        return Err(wrong_code());
    }
    let founded = wallet::found(app, &mut change, &asked.wallet, &asked.time_zone).await?;
    change.record(founded).await?;
    let role = change.role_named(wallet_id, &ADMINISTRATOR.parse().map_err(|_| Code::Internal)?).await?;
    let user = NewUser {
        id: user_id,
        name: name.clone(),
        email,
        roles: role.iter().map(|role| role.id).collect(),
        password_hash: Some(hash),
    };
    change.insert_user(&user).await.map_err(Problem::taken(Code::EmailInUse, "email"))?;
    let session = begin_session(app, &mut change, user_id).await?;
    let event = NewEvent::new(Action::UserCreated, Target::new(user_id, name.as_str()));
    change.commit(event.with(json!({"email": user.email, "roles": [ADMINISTRATOR]}))).await?;
    Ok(Entry { session, user: user_id })
}

/// The path of the one-time link that makes the first administrator, while there is no wallet. Each call
/// makes a new code and voids the earlier ones.
pub async fn setup_link(app: &App) -> Result<Option<String>, StoreError> {
    if !app.store.read().await?.wallets().await?.is_empty() {
        return Ok(None);
    }
    let now = app.clock.now();
    let expires_at = now.saturating_add(SETUP).unwrap_or(Timestamp::MAX);
    let (text, code) = links::one_time_code(app, now, expires_at);
    app.store.put_setup_code(&code, now).await?;
    Ok(Some(format!("/setup#{}", text.reveal())))
}

async fn begin_session(app: &App, change: &mut Transaction<'_>, user_id: UserId) -> Result<KeyText, Problem> {
    let text = KeyText::generate(KeyKind::Session, &mut |bytes| app.randomness.fill(bytes));
    let session = NewSession {
        id: app.randomness.id(change.at()),
        user_id,
        key_id: text.key_id().to_string(),
        digest: app.gate.digest_key().digest(&text),
        expires_at: change.at().saturating_add(SESSION_LIFETIME).unwrap_or(Timestamp::MAX),
    };
    change.insert_session(&session).await?;
    change.touch_sign_in(user_id).await?;
    Ok(text)
}

/// An unused invitation whose secret is proven: the same code as for every other key text.
async fn proven_invitation(app: &App, code: &str) -> Result<Invitation, Problem> {
    let presented = KeyText::parse(KeyKind::Invitation, code.trim().as_bytes()).ok_or_else(wrong_code)?;
    let found = app.store.read().await?.invitation(presented.key_id().as_str()).await?;
    let (invitation, digest): (Invitation, Digest) = found.ok_or_else(wrong_code)?;
    if !app.gate.digest_key().matches(&presented, &digest) {
        return Err(wrong_code());
    }
    if app.clock.now() < invitation.expires_at {
        Ok(invitation)
    } else {
        Err(Problem::field("code", "expired", "This link has expired. Ask for a new one."))
    }
}

fn wrong_code() -> Problem {
    let message = "This link is not valid: it was used, a newer one took its place, or the user was given more since it \
                   was made. Ask for a new one.";
    Problem::field("code", "invalid", message)
}

fn void_code() -> Problem {
    let message = "This link is void: the one who made it may not make it any more. Ask for a new one.";
    Problem::field("code", "void", message)
}

/// Hashes the password of a user with this e-mail address, beside those that other wallets have for it.
pub async fn hash_for(app: &App, email: &Email, password: Password) -> Result<String, Problem> {
    let others = hashes(&app.store.read().await?.accounts(email).await?);
    password::hash_beside(password, &others, &app.randomness).await
}

/// Refuses a hash that was not made beside those of the same address, as the change sees them (503): a user of another
/// wallet got the first password meanwhile, and the next try fits.
pub(crate) async fn check_fits(
    change: &mut Transaction<'_>,
    email: &Email,
    user: UserId,
    hash: &str,
) -> Result<(), Problem> {
    let mut others = change.accounts(email).await?;
    others.retain(|account| account.user_id != user);
    if password::fits(hash, &hashes(&others)) {
        return Ok(());
    }
    Err(Problem { retry_after: Some(1), ..Code::Unavailable.into() })
}

/// The hashes of these accounts.
fn hashes(accounts: &[Account]) -> Vec<String> {
    accounts.iter().filter_map(|account| account.password_hash.clone()).collect()
}

fn checked(password: Password) -> Result<Password, Problem> {
    match password.check() {
        Ok(()) => Ok(password),
        Err(error) => Err(Problem::field("password", "invalid", error)),
    }
}
