//! Sign-in with an e-mail address and a password. It names no wallet: the password decides among the accounts that have
//! the address, and the person where it is that of several.

use std::net::IpAddr;

use http::HeaderMap;
use kernel::app::App;
use kernel::caller::Caller;
use kernel::http::RequestId;
use kernel::problem::{Code, Problem};
use model::{Action, Email, NewEvent, Target, UserId, WalletId};
use store::Account;

use super::device::Device;
use super::throttle::{AccountKey, Allowed, Attempt, Throttle};
use super::{Entry, Password, begin_session, email_of, password};

/// What the form for signing in sends.
#[derive(Clone, Default)]
pub struct Presented {
    /// The e-mail address as it was typed.
    pub email: String,
    /// The password.
    pub password: Password,
    /// The wallet, where the person was asked for it.
    pub wallet: Option<WalletId>,
}

/// What becomes of a right password.
pub enum SignedIn {
    /// A session has begun.
    Entered(Entry),
    /// It is the password of accounts in several wallets, by id and name: the person has to choose.
    Several(Vec<(WalletId, String)>),
}

/// Signs a user in.
///
/// # Errors
///
/// 422 that does not tell whether the address or the password is wrong; 429 after failed attempts.
pub async fn sign_in(
    app: &App,
    presented: Presented,
    address: IpAddr,
    headers: &HeaderMap,
    request_id: RequestId,
) -> Result<SignedIn, Problem> {
    let Presented { email: typed, password, wallet } = presented;
    let email = email_of(&typed);
    let account = app.digests.of("sign-in account", model::fold(typed.trim()).as_bytes());
    let allowed = attempt(app, account, email.as_ref(), address, headers).await?;
    let accounts = accounts(app, email.as_ref()).await?;
    let with_password: Vec<(&Account, String)> =
        accounts.iter().filter_map(|account| Some((account, account.password_hash.clone()?))).collect();
    let hashes = with_password.iter().map(|(_, hash)| hash.clone()).collect();
    let matches = password::verify(password, hashes, allowed.is_known).await?;
    let proven: Vec<&Account> =
        with_password.iter().zip(matches).filter(|(_, right)| *right).map(|((account, _), _)| *account).collect();
    if proven.is_empty() {
        if let Some(email) = email.filter(|_| !accounts.is_empty()) {
            app.refusals.count_account(&email, address);
        }
        app.log_refused_sign_in(address, request_id);
        return Err(wrong());
    }
    app.memory.of::<Throttle>().succeeded(&allowed);
    let chosen = match proven.as_slice() {
        [only] => Some(*only),
        several => several.iter().copied().find(|account| Some(account.wallet_id) == wallet),
    };
    let (Some(chosen), Some(email)) = (chosen, email) else { return Ok(SignedIn::Several(names(app, &proven).await?)) };
    enter(app, chosen, &email, request_id).await.map(SignedIn::Entered)
}

/// Asks the throttle. A device cookie counts only for the account whose user it names.
async fn attempt(
    app: &App,
    account: AccountKey,
    email: Option<&Email>,
    address: IpAddr,
    headers: &HeaderMap,
) -> Result<Allowed, Problem> {
    let device = match Device::of(headers, app) {
        Some(device) if accounts(app, email).await?.iter().any(|account| account.user_id == device.user) => {
            Some(device.key)
        }
        _ => None,
    };
    app.memory.of::<Throttle>().attempt(Attempt { account, address, device }, app.clock.millis()).map_err(|seconds| {
        if let Some(email) = email {
            app.refusals.count_waiting(email, address);
        }
        Problem {
            retry_after: Some(seconds),
            ..Problem::detailed(Code::TooManyAttempts, format!("Try again in {seconds} seconds."))
        }
    })
}

async fn accounts(app: &App, email: Option<&Email>) -> Result<Vec<Account>, Problem> {
    match email {
        Some(email) => Ok(app.store.read().await?.accounts(email).await?),
        None => Ok(Vec::new()),
    }
}

/// Begins the session of an account, if it still has the password that was proven.
async fn enter(app: &App, account: &Account, email: &Email, request_id: RequestId) -> Result<Entry, Problem> {
    let user: UserId = account.user_id;
    let caller = Caller::arriving(account.wallet_id, user, &account.name, Some(request_id));
    let mut change = app.begin(&caller).await?;
    let is_same = |now: &Account| now.user_id == user && now.password_hash == account.password_hash;
    if !change.accounts(email).await?.iter().any(is_same) {
        return Err(wrong());
    }
    let session = begin_session(app, &mut change, user).await?;
    change.commit(NewEvent::new(Action::UserSignedIn, Target::new(user, &account.name))).await?;
    Ok(Entry { session, user })
}

async fn names(app: &App, accounts: &[&Account]) -> Result<Vec<(WalletId, String)>, Problem> {
    let mut read = app.store.read().await?;
    let mut names = Vec::with_capacity(accounts.len());
    for account in accounts {
        if let Some(wallet) = read.wallet(account.wallet_id).await? {
            names.push((wallet.id, wallet.name.into_string()));
        }
    }
    Ok(names)
}

fn wrong() -> Problem {
    Problem::field("email", "refused", "The e-mail address or the password is wrong.")
}
