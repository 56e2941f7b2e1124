//! The operator's command line. It works on the server's database, also while the server runs: what it
//! changes is in force there within a second.

mod api_access;
mod connections;
mod lock;
mod options;
mod output;
mod pages;
mod roles;
mod serve;
mod token_keys;
mod users;
mod wallets;

use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser, Subcommand, ValueEnum};
use model::SystemKind;
use tracing_subscriber::EnvFilter;

use crate::demo;

pub(crate) use options::Options;
pub(crate) use output::print;
pub(crate) use serve::{Listeners, Stop, accept};

/// A self-hosted business wallet whose owner can safely hand out access to it.
///
/// Without a command it serves.
#[derive(Parser)]
#[command(name = "claviger", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
    #[command(flatten)]
    options: Options,
    /// What to log, such as `info` or `claviger=debug`; the log goes to standard error.
    #[arg(long, global = true, env = "CLAVIGER_LOG", value_name = "FILTER")]
    log: Option<String>,
    /// How to log.
    #[arg(long, global = true, env = "CLAVIGER_LOG_FORMAT", value_name = "FORMAT", default_value = "text")]
    log_format: LogFormat,
}

#[derive(clap::Args)]
struct Serve {
    /// Serve a throw-away wallet with sample content in a temporary folder; `--data` and `--database-url` are
    /// left alone.
    #[arg(long)]
    demo: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum LogFormat {
    Text,
    Json,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API and the console.
    Serve(Serve),
    /// Add and list wallets.
    #[command(subcommand)]
    Wallet(wallets::Command),
    /// Add and list users, the people who sign in to the console.
    #[command(subcommand)]
    User(users::Command),
    /// Set and list roles, the named permission sets that users have.
    #[command(subcommand)]
    Role(roles::Command),
    /// Add, list and delete API keys.
    #[command(subcommand)]
    ApiKey(api_access::Command),
    /// Add, list and delete OAuth clients, which exchange their secret for access tokens.
    #[command(subcommand)]
    OauthClient(api_access::Command),
    /// Replace the key that signs a wallet's access tokens.
    #[command(subcommand)]
    TokenKey(token_keys::Command),
    /// Print the API document (OpenAPI 3.1).
    Openapi,
}

/// Does what the arguments say: 0 when it is done, 1 when it failed, 2 when it was asked wrongly.
pub(crate) fn run() -> ExitCode {
    match Cli::try_parse().map_err(anyhow::Error::from).and_then(Cli::run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&error),
    }
}

/// An error in what was asked, rather than in doing it.
pub(crate) fn usage(message: impl std::fmt::Display) -> anyhow::Error {
    Cli::command().error(ErrorKind::ValueValidation, message).into()
}

impl Cli {
    fn run(self) -> anyhow::Result<()> {
        let demo = self.serve.demo || matches!(self.command, Some(Command::Serve(Serve { demo: true })));
        if demo && !matches!(self.command, None | Some(Command::Serve(_))) {
            return Err(usage("--demo serves, so no other command goes with it"));
        }
        let serves = matches!(self.command, None | Some(Command::Serve(_)));
        self.start_log(if serves { "info" } else { "warn" })?;
        let runtime = tokio::runtime::Runtime::new()?;
        runtime.block_on(async {
            match &self.command {
                None | Some(Command::Serve(_)) if demo => demo::serve(&self.options).await,
                None | Some(Command::Serve(_)) => serve::serve(&self.options).await,
                Some(Command::Wallet(command)) => wallets::run(&self.options, command).await,
                Some(Command::User(command)) => users::run(&self.options, command).await,
                Some(Command::Role(command)) => roles::run(&self.options, command).await,
                Some(Command::ApiKey(command)) => api_access::run(&self.options, SystemKind::ApiKey, command).await,
                Some(Command::OauthClient(command)) => {
                    api_access::run(&self.options, SystemKind::OauthClient, command).await
                }
                Some(Command::TokenKey(command)) => token_keys::run(&self.options, command).await,
                Some(Command::Openapi) => print(&output::json(&claviger::openapi())?),
            }
        })
    }

    fn start_log(&self, unless_told: &str) -> anyhow::Result<()> {
        let filter = self.log.as_deref().unwrap_or(unless_told);
        let filter = EnvFilter::try_new(filter).map_err(|error| usage(format!("--log: {error}")))?;
        let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
        match self.log_format {
            LogFormat::Text => log.with_ansi(std::io::stderr().is_terminal()).init(),
            LogFormat::Json => log.json().init(),
        }
        Ok(())
    }
}

/// Tells what went wrong, on standard error (help and the version, which clap reports alike, on output).
fn complain(error: &anyhow::Error) -> ExitCode {
    if let Some(usage) = error.downcast_ref::<clap::Error>() {
        if usage.print().and_then(|()| std::io::Write::flush(&mut std::io::stdout())).is_err() {
            return ExitCode::FAILURE;
        }
        return ExitCode::from(u8::try_from(usage.exit_code()).unwrap_or(2));
    }
    output::print_error(&format!("error: {error:#}\n"));
    ExitCode::FAILURE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_well_formed() {
        Cli::command().debug_assert();
    }
}
