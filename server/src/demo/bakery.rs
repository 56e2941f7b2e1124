//! The demo's other wallet: a customer of the bank's, who holds what the bank issues and shows it.

use access::users::{self, UserDraft};
use access::{api_access, roles, wallet};
use claviger::App;
use gate::KeyText;
use jiff::Timestamp;
use kernel::caller::Caller;
use kernel::collection::Creatable as _;
use keys::identifiers::IdentifierDraft;
use keys::identifiers::Identifiers;
use model::{DidMethod, PermissionSet, SystemKind};

use super::sample::{DAY, at};

/// Who signs in to it, with the password of everybody.
pub(super) const EMAIL: &str = "bram@bakery.example";

/// Makes it, with a key that may hold credentials and nothing else.
pub(super) async fn fill(app: &App, now: Timestamp, password_hash: String) -> anyhow::Result<KeyText> {
    at(app, now, 60 * DAY);
    let wallet = wallet::create(app, "Bakery De Gouden Korst (demo)", "Europe/Amsterdam").await?;
    let caller = Caller::operator(wallet.id);
    let administrator = app.store.read().await?.role_named(wallet.id, &roles::ADMINISTRATOR.parse()?).await?;
    let bram = UserDraft {
        name: "Bram Bakker".parse()?,
        email: EMAIL.parse()?,
        roles: administrator.map(|role| role.id).into_iter().collect(),
    };
    users::create_with_password(app, &caller, bram, password_hash).await?;
    let draft = IdentifierDraft { name: "Credentials".parse()?, method: DidMethod::Jwk };
    Identifiers::create(app, &caller, draft).await?;
    at(app, now, 0);
    let draft = api_access::Draft {
        name: "administration".to_owned(),
        notes: "The bookkeeping, which receives credentials and shows them".to_owned(),
        permissions: PermissionSet::from_names("holder_credentials:change"),
        ..api_access::Draft::default()
    };
    Ok(api_access::create(app, &caller, SystemKind::ApiKey, &draft).await?.1)
}
