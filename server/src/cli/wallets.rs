//! `claviger wallet …`, and which wallet the other commands work in.

use access::wallet;
use claviger::App;
use kernel::caller::Caller;
use model::{Name, Wallet, WalletId};

use super::output::{print, table, tell};
use super::{Options, usage};

/// What can be done with wallets.
#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Add a wallet, with the role Administrator.
    Add {
        /// Its name, which no other wallet of the server has now.
        name: String,
        /// The zone in which dates expire, by its IANA name.
        #[arg(long, value_name = "ZONE", default_value = "UTC")]
        time_zone: String,
    },
    /// List the wallets.
    List,
}

/// The option of what works in one wallet.
#[derive(clap::Args)]
pub(super) struct InWallet {
    /// The wallet, by its name or id; needed only when the server has several.
    #[arg(long, value_name = "NAME")]
    wallet: Option<String>,
}

pub(super) async fn run(options: &Options, command: &Command) -> anyhow::Result<()> {
    match command {
        Command::Add { name, time_zone } => {
            let app = options.open(options.listen).await?;
            let wallet = wallet::create(&app, name, time_zone).await?;
            tell(&format!("Added the wallet {}.\n", wallet.name))
        }
        Command::List => {
            let app = options.open_existing().await?;
            let wallets = app.store.read().await?.wallets().await?;
            let row = |wallet: Wallet| {
                [wallet.name.to_string(), wallet.time_zone.as_str().to_owned(), wallet.created_at.to_string()]
            };
            print(&table(["NAME", "TIME ZONE", "CREATED AT"], wallets.into_iter().map(row).collect()))
        }
    }
}

impl InWallet {
    /// The operator in the wallet of that name, or in the only one.
    pub(super) async fn operator(&self, app: &App) -> anyhow::Result<Caller> {
        let wallets = app.store.read().await?.wallets().await?;
        let names = || wallets.iter().map(|wallet| wallet.name.as_str()).collect::<Vec<_>>().join(", ");
        let wallet = match (&self.wallet, wallets.as_slice()) {
            (_, []) => anyhow::bail!("there is no wallet yet: `claviger wallet add NAME` makes one"),
            (None, [only]) => only,
            (None, _) => return Err(usage(format!("--wallet is needed; the server has {}", names()))),
            (Some(asked), _) => {
                let key = asked.parse::<Name>().map(|name| name.key()).unwrap_or_default();
                let id = asked.parse::<WalletId>().ok();
                let is_asked = |wallet: &&Wallet| Some(wallet.id) == id || wallet.name.key() == key;
                let found: Vec<&Wallet> = wallets.iter().filter(is_asked).collect();
                match found.as_slice() {
                    [] => anyhow::bail!("there is no wallet {asked}; the server has {}", names()),
                    [found] => *found,
                    several => {
                        let ids: Vec<String> = several.iter().map(|wallet| wallet.id.to_string()).collect();
                        anyhow::bail!("several wallets are called {asked}: choose one by its id, {}", ids.join(" or "))
                    }
                }
            }
        };
        Ok(Caller::operator(wallet.id))
    }
}
