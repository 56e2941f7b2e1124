//! The wallet itself: its name and the time zone in which dates expire.

mod api;
mod console;

use kernel::app::App;
use kernel::caller::Caller;
use kernel::console::{Group, Place};
use kernel::feature::Feature;
use kernel::http::{Draft, Fields, Patch, as_text, trimmed};
use kernel::problem::{Code, Problem};
use model::resource;
use model::{Action, Name, NewEvent, Target, TimeZoneName, Wallet, WalletId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::NewWallet;

/// The feature, as the server serves it.
pub const FEATURE: Feature = Feature {
    api: &[("Wallet", api::routes)],
    pages: Some(console::routes),
    place: Some(Place::guarded::<resource::Wallet>(
        console::PATH,
        "settings",
        kernel::console::texts::wallet::TITLE,
        Group::Settings,
    )),
    samples: include_str!("samples.json"),
    ..Feature::NONE
};

/// What a client writes of the wallet.
#[derive(Clone, Serialize, Deserialize, JsonSchema, Debug)]
#[serde(deny_unknown_fields)]
pub struct WalletDraft {
    /// What people call it.
    pub name: Name,
    /// IANA name of the time zone in which dates expire. A change moves no existing key.
    #[serde(serialize_with = "as_text", deserialize_with = "trimmed")]
    #[schemars(with = "String")]
    pub time_zone: TimeZoneName,
}

impl Draft for WalletDraft {
    const PATCH: &'static str = "EditWallet";
}

impl From<&Wallet> for WalletDraft {
    fn from(wallet: &Wallet) -> Self {
        Self { name: wallet.name.clone(), time_zone: wallet.time_zone.clone() }
    }
}

/// The caller's wallet.
pub async fn get(app: &App, caller: &Caller) -> Result<Wallet, Problem> {
    app.store.read().await?.wallet(caller.wallet_id).await?.ok_or_else(|| Code::NotFound.into())
}

/// Changes the wallet's name and time zone. No existing key moves: its instant was computed at its creation.
///
/// # Errors
///
/// Refused fields (422). A name that another wallet has is taken: an answer must not tell of other wallets.
pub async fn edit(app: &App, caller: &Caller, patch: &Patch<WalletDraft>) -> Result<Wallet, Problem> {
    let mut change = app.begin(caller).await?;
    let before = change.wallet(caller.wallet_id).await?.ok_or(Code::NotFound)?;
    let draft = WalletDraft::from(&before);
    let after = patch.onto(&draft)?;
    let detail = json!({"before": draft, "after": after});
    let WalletDraft { name, time_zone } = after;
    if name == before.name && time_zone == before.time_zone {
        return Ok(before);
    }
    change.update_wallet(&NewWallet { name: name.clone(), time_zone: time_zone.clone() }).await?;
    let target = Target::new(before.id, name.as_str());
    change.commit(NewEvent::new(Action::WalletEdited, target).with(detail)).await?;
    Ok(Wallet { name, time_zone, ..before })
}

/// Makes a further wallet on this server, with the role Administrator that holds every permission of this
/// release. For the operator.
///
/// # Errors
///
/// Refused fields (422), a name that another wallet has (409).
pub async fn create(app: &App, name: &str, time_zone: &str) -> Result<Wallet, Problem> {
    let id: WalletId = app.randomness.id(app.clock.now());
    let caller = Caller::operator(id);
    let mut change = app.begin(&caller).await?;
    let key = name.parse::<Name>().map(|name| name.key()).ok();
    if change.wallets().await?.iter().any(|wallet| Some(wallet.name.key()) == key) {
        return Err(Problem::in_use(Code::NameInUse, "wallet"));
    }
    let event = found(app, &mut change, name, time_zone).await?;
    let wallet = change.wallet(id).await?.ok_or(Code::Internal)?;
    change.commit(event).await?;
    Ok(wallet)
}

/// Lays a wallet's ground in a change that its founder has begun; the event is theirs to commit.
pub(crate) async fn found(
    app: &App,
    change: &mut kernel::caller::Transaction<'_>,
    name: &str,
    time_zone: &str,
) -> Result<NewEvent, Problem> {
    let mut fields = Fields::default();
    let name = fields.parse::<Name>("wallet", name);
    let time_zone = fields.parse::<TimeZoneName>("time_zone", time_zone);
    let (name, time_zone) = fields.finish(name.zip(time_zone))?;
    let id = change.wallet_id();
    let target = Target::new(id, name.as_str());
    let detail = json!({"time_zone": time_zone.as_str()});
    change.insert_wallet(&NewWallet { name, time_zone }).await?;
    crate::roles::found(app, change).await?;
    Ok(NewEvent::new(Action::WalletCreated, target).with(detail))
}
