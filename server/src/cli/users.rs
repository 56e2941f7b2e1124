//! `claviger user …`.

use std::io::Read as _;

use access::sign_in::{self, Password};
use access::users::Users;
use access::users::{self, UserDraft};
use anyhow::Context as _;
use claviger::App;
use kernel::caller::Caller;
use kernel::collection::Collection as _;
use kernel::http::Fields;
use model::{RoleId, User};
use zeroize::Zeroizing;

use super::Options;
use super::output::{print, print_secret, table, tell};
use super::roles;
use super::wallets::InWallet;

/// What can be done with users.
#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Add a user. Without a password it is invited: the one-time link is printed.
    Add(Add),
    /// List the users.
    List {
        #[command(flatten)]
        wallet: InWallet,
    },
}

#[derive(clap::Args)]
pub(super) struct Add {
    /// What it signs in with; unique in the wallet.
    #[arg(long)]
    email: String,
    /// Its name.
    #[arg(long)]
    name: String,
    /// A role that it has, by name; can be repeated.
    #[arg(long = "role", value_name = "ROLE")]
    roles: Vec<String>,
    /// Read its password from standard input.
    #[arg(long)]
    password_stdin: bool,
    #[command(flatten)]
    wallet: InWallet,
}

pub(super) async fn run(options: &Options, command: &Command) -> anyhow::Result<()> {
    let app = options.open_existing().await?;
    match command {
        Command::Add(asked) => add(&app, asked).await,
        Command::List { wallet } => list(&app, &wallet.operator(&app).await?).await,
    }
}

async fn add(app: &App, asked: &Add) -> anyhow::Result<()> {
    let caller = asked.wallet.operator(app).await?;
    let mut roles: Vec<RoleId> = Vec::new();
    for name in &asked.roles {
        roles.push(roles::named(app, &caller, name).await?.id);
    }
    let mut fields = Fields::default();
    let name = fields.parse("name", &asked.name);
    let email = fields.parse("email", &asked.email);
    let (name, email) = fields.finish(name.zip(email))?;
    let draft = UserDraft { name, email, roles };
    if asked.password_stdin {
        let password = read_password()?;
        password.check().context("the password")?;
        let hash = sign_in::hash_for(app, &draft.email, password).await?;
        let user = users::create_with_password(app, &caller, draft, hash).await?;
        return tell(&format!("Added the user {}.\n", user.email));
    }
    let (user, link) = users::create(app, &caller, draft).await?;
    let link = link.context("the user was added without a link")?;
    let Err(error) = print_secret(&link.url) else { return Ok(()) };
    match Users::delete(app, &caller, user.id).await {
        Ok(()) => anyhow::bail!("the link cannot be printed, so the user {} was deleted again: {error}", user.email),
        Err(_) => anyhow::bail!(
            "the link cannot be printed: {error}. The user {} exists: delete it in the console, under Settings, Users",
            user.email
        ),
    }
}

async fn list(app: &App, caller: &Caller) -> anyhow::Result<()> {
    let users = Users::all(app, caller).await?;
    print(&table(["NAME", "E-MAIL", "ROLES", "STATUS"], users.into_iter().map(row).collect()))
}

fn row(user: User) -> [String; 4] {
    let roles: Vec<&str> = user.roles.iter().map(|role| role.name.as_str()).collect();
    let status = if user.active { "active" } else { "invited" };
    [user.name.to_string(), user.email.to_string(), roles.join(", "), status.to_owned()]
}

/// All of standard input but the line break at its end.
fn read_password() -> anyhow::Result<Password> {
    let mut text = Zeroizing::new(String::new());
    std::io::stdin().read_to_string(&mut text).context("the password cannot be read")?;
    let password = text.strip_suffix('\n').unwrap_or(&text);
    let password = password.strip_suffix('\r').unwrap_or(password);
    anyhow::ensure!(
        !password.contains(['\n', '\r']),
        "the password has more than one line: standard input must hold the password alone"
    );
    Ok(Password::from(password.to_owned()))
}
