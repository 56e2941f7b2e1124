//! `claviger api-key …` and `claviger oauth-client …`: the same words for both kinds.

use access::api_access::{self, Draft};
use claviger::App;
use kernel::caller::Caller;
use model::{ExternalSystem, Name, Permission, SystemKind};
use store::{SystemFilter, SystemSort};

use super::Options;
use super::output::{self, print, print_secret, table, tell};
use super::pages::every;
use super::wallets::InWallet;

/// What can be done with external systems of one kind.
#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Add one and print its secret, this one time and alone on standard output.
    Add(Add),
    /// List them.
    List {
        /// As JSON, as the API does.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        wallet: InWallet,
    },
    /// Delete one, which revokes it for good.
    Delete {
        /// Its name, or client ID.
        name: String,
        /// Delete every key and client that it made as well, directly and further down.
        #[arg(long)]
        with_descendants: bool,
        #[command(flatten)]
        wallet: InWallet,
    },
}

#[derive(clap::Args)]
pub(super) struct Add {
    /// Its name, or client ID; unique within the wallet.
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
    /// How many requests a minute it may send; what the server allows everybody when it is left out.
    #[arg(long, value_name = "REQUESTS")]
    requests_per_minute: Option<i64>,
    #[command(flatten)]
    wallet: InWallet,
}

pub(super) async fn run(options: &Options, kind: SystemKind, command: &Command) -> anyhow::Result<()> {
    let app = options.open_existing().await?;
    match command {
        Command::Add(asked) => add(&app, kind, asked).await,
        Command::List { json, wallet } => list(&app, kind, &wallet.operator(&app).await?, *json).await,
        Command::Delete { name, with_descendants, wallet } => {
            delete(&app, kind, &wallet.operator(&app).await?, name, *with_descendants).await
        }
    }
}

async fn add(app: &App, kind: SystemKind, asked: &Add) -> anyhow::Result<()> {
    let caller = asked.wallet.operator(app).await?;
    let draft = Draft {
        name: asked.name.clone(),
        expires_on: asked.expires_on.clone(),
        notes: asked.notes.clone(),
        permissions: asked.permissions.iter().copied().collect(),
        requests_per_minute: asked.requests_per_minute,
    };
    let (system, text) = api_access::create(app, &caller, kind, &draft).await?;
    let Err(error) = print_secret(text.reveal()) else { return Ok(()) };
    let (what, name) = (noun(kind), &system.name);
    match api_access::revoke(app, &caller, kind, system.id).await {
        Ok(()) => anyhow::bail!("the secret cannot be printed, so the {what} {name} was revoked again: {error}"),
        Err(_) => anyhow::bail!(
            "the secret cannot be printed: {error}. The {what} {name} exists and opens the wallet: end it with \
             `claviger {} delete {name}`",
            command(kind)
        ),
    }
}

const fn noun(kind: SystemKind) -> &'static str {
    match kind {
        SystemKind::ApiKey => "API key",
        SystemKind::OauthClient => "OAuth client",
    }
}

const fn command(kind: SystemKind) -> &'static str {
    match kind {
        SystemKind::ApiKey => "api-key",
        SystemKind::OauthClient => "oauth-client",
    }
}

async fn delete(
    app: &App,
    kind: SystemKind,
    caller: &Caller,
    name: &str,
    with_descendants: bool,
) -> anyhow::Result<()> {
    let what = noun(kind);
    let none = || anyhow::anyhow!("there is no {what} {name}");
    let parsed: Name = name.parse().map_err(|_| none())?;
    let mut read = app.store.read().await?;
    let system = read.external_system_named(caller.wallet_id, kind, &parsed).await?.ok_or_else(none)?;
    drop(read);
    if !with_descendants {
        api_access::revoke(app, caller, kind, system.id).await?;
        return tell(&format!("Deleted the {what} {}.\n", system.name));
    }
    let ended = api_access::revoke_with_descendants(app, caller, kind, system.id).await?;
    let line = |system: &ExternalSystem| format!("Deleted the {} {}.\n", noun(system.kind), system.name);
    tell(&ended.iter().map(line).collect::<String>())
}

async fn list(app: &App, kind: SystemKind, caller: &Caller, json: bool) -> anyhow::Result<()> {
    let page = async |page: &_| api_access::list(app, caller, kind, SystemFilter::default(), page).await;
    let systems = every(SystemSort::Name, page).await?;
    if json {
        return print(&output::json(&api_access::objects(kind, systems, app.clock.now()))?);
    }
    let name = match kind {
        SystemKind::ApiKey => "NAME",
        SystemKind::OauthClient => "CLIENT ID",
    };
    let rows = systems.iter().map(|system| row(system, app)).collect();
    print(&table([name, "STATUS", "EXPIRY DATE", "KEY ID", "PERMISSIONS", "NOTES"], rows))
}

fn row(system: &ExternalSystem, app: &App) -> [String; 6] {
    let status = if app.clock.now() < system.expires_at { "active" } else { "expired" };
    [
        system.name.to_string(),
        status.to_owned(),
        system.expires_on.to_string(),
        system.key_id.clone(),
        system.permissions.to_string(),
        system.notes.to_string(),
    ]
}
