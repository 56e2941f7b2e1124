//! `claviger token-key …`.

use access::oauth2;

use super::Options;
use super::output::tell;
use super::wallets::InWallet;

/// What can be done with the keys that sign access tokens.
#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Sign with a new key before the 90 days of the present one are over; tokens that are out stay valid.
    Rotate {
        #[command(flatten)]
        wallet: InWallet,
    },
}

pub(super) async fn run(options: &Options, command: &Command) -> anyhow::Result<()> {
    let app = options.open_existing().await?;
    let Command::Rotate { wallet } = command;
    let id = oauth2::rotate(&app, &wallet.operator(&app).await?).await?;
    tell(&format!("Access tokens are signed with the key {id} from now on.\n"))
}
