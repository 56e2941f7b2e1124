//! `claviger api-key …`.

use claviger::App;
use claviger::api_keys::{self, Draft, api};
use claviger::caller::Caller;
use model::{ApiKey, Name, Permission};
use store::{ApiKeyFilter, ApiKeySort};

use super::Options;
use super::output::{self, print, table};
use super::pages::every;
use super::wallets::InWallet;

/// What can be done with API keys.
#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Add a key and print its text, this one time and alone on standard output.
    Add(Add),
    /// List the keys.
    List {
        /// As JSON, as the API does.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        wallet: InWallet,
    },
    /// Delete a key, which revokes it for good.
    Delete {
        /// Its name.
        name: String,
        #[command(flatten)]
        wallet: InWallet,
    },
}

#[derive(clap::Args)]
pub(super) struct Add {
    /// Its name, unique within the wallet.
    name: String,
    /// A permission, such as `holder_credentials:view`; can be repeated.
    #[arg(long = "permission", value_name = "PERMISSION")]
    permissions: Vec<Permission>,
    /// The last day on which it is valid, YYYY-MM-DD; one year from today when it is left out.
    #[arg(long, value_name = "DATE")]
    expires_on: Option<String>,
    /// Party, contact, purpose.
    #[arg(long, default_value = "")]
    notes: String,
    #[command(flatten)]
    wallet: InWallet,
}

pub(super) async fn run(options: &Options, command: &Command) -> anyhow::Result<()> {
    let app = options.open(options.listen).await?;
    match command {
        Command::Add(asked) => add(&app, asked).await,
        Command::List { json, wallet } => list(&app, &wallet.operator(&app).await?, *json).await,
        Command::Delete { name, wallet } => delete(&app, &wallet.operator(&app).await?, name).await,
    }
}

async fn add(app: &App, asked: &Add) -> anyhow::Result<()> {
    let caller = asked.wallet.operator(app).await?;
    let draft = Draft {
        name: asked.name.clone(),
        expires_on: asked.expires_on.clone(),
        notes: asked.notes.clone(),
        permissions: asked.permissions.iter().copied().collect(),
    };
    let (_, text) = api_keys::create(app, &caller, &draft).await?;
    print(&format!("{}\n", text.reveal()))
}

async fn delete(app: &App, caller: &Caller, name: &str) -> anyhow::Result<()> {
    let none = || anyhow::anyhow!("there is no API key {name}");
    let parsed: Name = name.parse().map_err(|_| none())?;
    let key = app.store.read().await?.api_key_named(caller.wallet_id, &parsed).await?.ok_or_else(none)?;
    api_keys::revoke(app, caller, key.id).await?;
    print(&format!("Deleted the API key {}.\n", key.name))
}

async fn list(app: &App, caller: &Caller, json: bool) -> anyhow::Result<()> {
    let page = async |page: &_| api_keys::list(app, caller, ApiKeyFilter::All, page).await;
    let keys = every(ApiKeySort::Name, page).await?;
    if json {
        return print(&output::json(&api::objects(keys, app.clock.now()))?);
    }
    let rows = keys.iter().map(|key| row(key, app)).collect();
    print(&table(["NAME", "STATUS", "EXPIRY DATE", "KEY ID", "PERMISSIONS", "NOTES"], rows))
}

fn row(key: &ApiKey, app: &App) -> [String; 6] {
    let status = if app.clock.now() < key.expires_at { "active" } else { "expired" };
    [
        key.name.to_string(),
        status.to_owned(),
        key.expires_on.to_string(),
        key.key_id.clone(),
        key.permissions.to_string(),
        key.notes.to_string(),
    ]
}
