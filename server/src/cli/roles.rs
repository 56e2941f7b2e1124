//! `claviger role …`: how an operator hands out what a later release added.

use access::roles::RoleDraft;
use access::roles::Roles;
use claviger::App;
use kernel::caller::Caller;
use kernel::collection::{Collection as _, Creatable as _, Editable as _};
use kernel::http::Patch;
use kernel::problem::Problem;
use model::{Name, Permission, PermissionSet, Role, TextError};
use serde_json::{Map, json};

use super::Options;
use super::output::{print, table, tell};
use super::wallets::InWallet;

/// What can be done with roles.
#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Say what a role gives: exactly these permissions. A role that does not exist is made.
    Set(Set),
    /// List the roles.
    List {
        #[command(flatten)]
        wallet: InWallet,
    },
}

#[derive(clap::Args)]
pub(super) struct Set {
    /// Its name.
    name: String,
    /// A permission, such as `holder_credentials:view`; can be repeated.
    #[arg(long = "permission", value_name = "PERMISSION", required_unless_present = "every_permission")]
    permissions: Vec<Permission>,
    /// Every permission of this release.
    #[arg(long, conflicts_with = "permissions")]
    every_permission: bool,
    #[command(flatten)]
    wallet: InWallet,
}

pub(super) async fn run(options: &Options, command: &Command) -> anyhow::Result<()> {
    let app = options.open_existing().await?;
    match command {
        Command::Set(asked) => set(&app, asked).await,
        Command::List { wallet } => {
            let roles = all(&app, &wallet.operator(&app).await?).await?;
            print(&table(["NAME", "USERS", "PERMISSIONS"], roles.iter().map(row).collect()))
        }
    }
}

/// The role of that name.
pub(super) async fn named(app: &App, caller: &Caller, name: &str) -> anyhow::Result<Role> {
    if let Some(role) = find(app, caller, name).await? {
        return Ok(role);
    }
    let names: Vec<String> = all(app, caller).await?.iter().map(|role| role.name.to_string()).collect();
    anyhow::bail!("there is no role {name}; the wallet has {}", names.join(", "))
}

async fn set(app: &App, asked: &Set) -> anyhow::Result<()> {
    let caller = asked.wallet.operator(app).await?;
    let permissions: PermissionSet =
        if asked.every_permission { PermissionSet::ALL } else { asked.permissions.iter().copied().collect() };
    let role = if let Some(role) = find(app, &caller, &asked.name).await? {
        let patch = Patch::read(Map::from_iter([("permissions".to_owned(), json!(permissions))]));
        Roles::edit(app, &caller, role.id, &patch).await?
    } else {
        let name = asked.name.parse().map_err(|error: TextError| Problem::field("name", "invalid", error))?;
        Roles::create(app, &caller, RoleDraft { name, permissions }).await?
    };
    tell(&format!("The role {} gives {}.\n", role.name, role.permissions))
}

async fn find(app: &App, caller: &Caller, name: &str) -> anyhow::Result<Option<Role>> {
    let Ok(name) = name.parse::<Name>() else { return Ok(None) };
    Ok(app.store.read().await?.role_named(caller.wallet_id, &name).await?)
}

async fn all(app: &App, caller: &Caller) -> anyhow::Result<Vec<Role>> {
    Ok(Roles::all(app, caller).await?)
}

fn row(role: &Role) -> [String; 3] {
    [role.name.to_string(), role.users.to_string(), role.permissions.to_string()]
}
