//! The console over HTTP, as a browser asks: what only the server can promise, whatever the screen shows.

mod api_access;
mod documentation;
mod doors;
mod issuances;
mod issuer_templates;
mod links;
mod places;
mod public_profile;
mod records;
mod sign_in;
mod team;
mod verifier_templates;

use http::Method;

use crate::support::{Actor, Answer, Wallet};

/// The actor, asking for pages as a browser does.
fn browser(actor: &Actor) -> Actor {
    actor.with("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
}

/// Somebody with these permissions who is signed in, in a browser.
pub(crate) async fn user(wallet: &Wallet<'_>, permissions: &[&str]) -> Actor {
    let session = wallet.session(permissions).await;
    browser(&session)
}

/// Sends a form.
pub(crate) async fn send(browser: &Actor, path: &str, form: &[(&str, &str)]) -> Answer {
    Actor::send(browser.request(Method::POST, path).form(form)).await
}
