//! Presentations: what verifiers ask of the wallet, and answering them (OpenID4VP 1.0, as the wallet).
//!
//! ```text
//! link ─▶ receive ─▶ (fetched, checked, kept) ─▶ matching ─▶ send | decline
//! ```
//!
//! A request is answered once: it is claimed before the verifier is told anything, by one request alone.

mod answer;
mod api;
mod console;
mod matching;
mod request;
mod screen;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use kernel::app::App;
use kernel::caller::Caller;
use kernel::console::{Group, Place};
use kernel::feature::Feature;
use kernel::http::Fields;
use kernel::problem::{Code, Problem};
use kernel::secrets::{Presented, Sealed};
use model::resource;
use model::resource::HolderCredentials;
use model::{Action, Change, CredentialId, NewEvent, Presentation, PresentationId, PresentationState, Target};
use serde_json::json;
use store::{List, NewPresentation, Page, SettledPresentation, StoreError};
use vc::openid4vp::{DirectPost, ErrorCode};

use crate::credential_offers::shown;
use answer::Answered;
use matching::BadChoice;
use request::{Answering, VerifiedRequest};

pub(crate) use matching::Matching;

/// The feature, as the server serves it.
pub const FEATURE: Feature = Feature {
    api: &[("Presentations", api::routes)],
    pages: Some(console::routes),
    place: Some(Place::guarded::<resource::HolderCredentials>(
        screen::PATH,
        "verify",
        kernel::console::texts::presentations::LIST.title,
        Group::Wallet,
    )),
    clean: Some(|app| Box::pin(clean(app))),
    samples: include_str!("samples.json"),
};

/// What the answer needs of the request.
const ANSWER: Sealed = Sealed(" answer");
/// Verifier and nonce, by which a wallet knows a request again.
const REQUEST: Presented = Presented("presentation");
/// How long a request can be answered that names no end.
const REQUEST_LIFETIME: SignedDuration = SignedDuration::from_hours(1);
/// The longest that a request can be answered, whatever it says.
const MAX_REQUEST_LIFETIME: SignedDuration = SignedDuration::from_hours(24);
/// After this nobody is sending an answer any more: no verifier is waited for as long.
const ABANDONED: SignedDuration = SignedDuration::from_mins(5);
/// How many abandoned answers one round of cleaning ends.
const BATCH: u32 = 100;

/// Which credentials are presented, by the credential query that each answers.
pub type Choice = BTreeMap<String, CredentialId>;

/// Takes a verifier's request in: fetched, and signed by the verifier that its link names.
///
/// # Errors
///
/// What is no request, or cannot be believed (422); one that the wallet has already (409).
pub async fn receive(app: &App, caller: &Caller, link: &str) -> Result<Presentation, Problem> {
    let believed = request::fetch(app, link).await;
    let VerifiedRequest { object } = believed.map_err(|error| Problem::field("request", error.code(), error))?;
    let now = app.clock.now();
    let id: PresentationId = app.randomness.id(now);
    let verifier = object.client_id.did().to_string();
    let name = object.client_metadata.and_then(|metadata| metadata.client_name);
    let answering =
        Answering { client_id: object.client_id.to_string(), nonce: object.nonce.clone(), state: object.state };
    let new = NewPresentation {
        id,
        verifier_name: name.as_deref().map(shown).filter(|name| !name.is_empty()),
        query: object.dcql_query,
        response_uri: object.response_uri,
        answer: ANSWER.seal_json(app, id, &answering)?,
        nonce_digest: REQUEST.digest(app, &format!("{verifier} {}", object.nonce)).to_vec(),
        expires_at: end(now, object.exp)?,
        verifier,
    };
    let mut change = app.begin(caller).await?;
    let presentation = change.insert_presentation(&new).await.map_err(|error| match error {
        StoreError::Taken => Problem::in_use(Code::AlreadyReceived, "request"),
        other => other.into(),
    })?;
    change.commit(event(Action::PresentationRequested, &presentation)).await?;
    Ok(presentation)
}

/// Presents: only what is asked, bound to this request by the holder's key, sent to where the verifier wants it.
/// Whether the verifier took it is in the presentation that is returned.
///
/// # Errors
///
/// No such request (404), one that is not pending any more (409), a choice that does not answer it (422).
pub async fn send(
    app: &Arc<App>,
    caller: &Caller,
    id: PresentationId,
    choice: Option<&Choice>,
) -> Result<Presentation, Problem> {
    let (presentation, answering) = pending(app, caller, id).await?;
    let answered = {
        let matching = Matching::of(app, &presentation, app.clock.now()).await?;
        let mut conn = app.store.read().await?;
        let chosen = matching.chosen(choice).map_err(refused)?;
        answer::present(app, &mut conn, caller.wallet_id, &answering, chosen).await?
    };
    let Answered { vp_token, disclosed } = answered;
    let post = DirectPost::Presented { vp_token, state: answering.state };
    let sent = SettledPresentation { state: PresentationState::Sent, reason: None, disclosed, redirect_uri: None };
    claim_and_post(app, caller, presentation, post, sent).await
}

/// Turns a request down, and tells the verifier so.
///
/// # Errors
///
/// No such request (404), one that is not pending any more (409).
pub async fn decline(app: &Arc<App>, caller: &Caller, id: PresentationId) -> Result<Presentation, Problem> {
    let (presentation, answering) = pending(app, caller, id).await?;
    let post = DirectPost::Refused { error: ErrorCode::AccessDenied, error_description: None, state: answering.state };
    let declined = SettledPresentation {
        state: PresentationState::Declined,
        reason: None,
        disclosed: Vec::new(),
        redirect_uri: None,
    };
    claim_and_post(app, caller, presentation, post, declined).await
}

/// Deletes a request, and with it what is remembered of its answer.
///
/// # Errors
///
/// No such request (404).
pub async fn delete(app: &App, caller: &Caller, id: PresentationId) -> Result<(), Problem> {
    let mut change = app.begin(caller).await?;
    let presentation = change.presentation(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
    change.delete_presentation(id).await?;
    change.commit(event(Action::PresentationDeleted, &presentation)).await
}

/// A request; while it is pending, with what the wallet can answer.
pub(crate) async fn get(
    app: &App,
    caller: &Caller,
    id: PresentationId,
) -> Result<(Presentation, Option<Matching>), Problem> {
    let mut conn = app.store.read().await?;
    let presentation = conn.presentation(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
    let presentation = seen_by(caller, presentation);
    let now = app.clock.now();
    if presentation.state_at(now) != PresentationState::Pending {
        return Ok((presentation, None));
    }
    drop(conn);
    let matching = Matching::of(app, &presentation, now).await?;
    Ok((presentation, Some(matching)))
}

/// A page of the requests; with a state only those that are in it.
pub async fn list(
    app: &App,
    caller: &Caller,
    state: Option<PresentationState>,
    list: &List<()>,
) -> Result<Page<Presentation>, Problem> {
    let now = app.clock.now();
    let mut page = app.store.read().await?.presentations(caller.wallet_id, state, now, list).await?;
    page.items = page.items.into_iter().map(|presentation| seen_by(caller, presentation)).collect();
    Ok(page)
}

/// A presentation as this caller may see it. The redirect URI has the verifier's response code, by which the verifier
/// knows the party that presented (OpenID4VP 1.0 §13.3), so View does not show it.
fn seen_by(caller: &Caller, presentation: Presentation) -> Presentation {
    let redirect_uri = presentation.redirect_uri.filter(|_| caller.holds::<Change<HolderCredentials>>());
    Presentation { redirect_uri, ..presentation }
}

/// Ends the answers that a server stopped in the middle of, and forgets the nonces of requests that are over; part of
/// the clean-up.
async fn clean(app: &App) -> Result<(), Problem> {
    let now = app.clock.now();
    let before = now.saturating_sub(ABANDONED).map_err(|_| Code::Internal)?;
    let abandoned = app.store.read().await?.abandoned_presentations(before, BATCH).await?;
    for presentation in abandoned {
        abandon(app, presentation).await?;
    }
    app.store.forget_answers_of_expired_presentations(now).await?;
    Ok(())
}

/// Ends an answer of which nobody will hear any more. What was in it stays told: it may have been read.
async fn abandon(app: &App, presentation: Presentation) -> Result<(), Problem> {
    let mut change = app.begin(&Caller::server(presentation.wallet_id)).await?;
    let settled = SettledPresentation {
        state: PresentationState::Failed,
        reason: Some("the server stopped while it was sending: whether it arrived is not known".to_owned()),
        disclosed: presentation.disclosed.clone(),
        redirect_uri: None,
    };
    // Another server may have been faster.
    if change.settle_presentation(presentation.id, &settled).await?.is_none() {
        return Ok(());
    }
    let event = NewEvent::new(Action::PresentationFailed, target(&presentation));
    change.commit(event.with(json!({"reason": settled.reason}))).await
}

/// A request that can be answered, with what the answer needs.
async fn pending(app: &App, caller: &Caller, id: PresentationId) -> Result<(Presentation, Answering), Problem> {
    let mut conn = app.store.read().await?;
    let presentation = conn.presentation(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
    if presentation.state_at(app.clock.now()) != PresentationState::Pending {
        return Err(Code::RequestClosed.into());
    }
    let sealed = conn.presentation_answer(caller.wallet_id, id).await?.ok_or(Code::RequestClosed)?;
    Ok((presentation, ANSWER.open_json(app, id, &sealed)?))
}

/// The one answer. `settled` is how it ends when the verifier takes it.
async fn claim_and_post(
    app: &Arc<App>,
    caller: &Caller,
    presentation: Presentation,
    post: DirectPost,
    settled: SettledPresentation,
) -> Result<Presentation, Problem> {
    let mut change = app.begin(caller).await?;
    if !change.claim_presentation(presentation.id, &settled.disclosed).await? {
        return Err(Code::RequestClosed.into());
    }
    change.commit(event(Action::PresentationAnswered, &presentation)).await?;
    // Whoever asked may hang up; an answer that is on its way is finished all the same.
    let (app, caller) = (Arc::clone(app), caller.clone());
    let running = tokio::spawn(async move { finish(&app, &caller, &presentation, &post, settled).await });
    running.await.map_err(|_| Code::Internal)?
}

async fn finish(
    app: &App,
    caller: &Caller,
    presentation: &Presentation,
    post: &DirectPost,
    settled: SettledPresentation,
) -> Result<Presentation, Problem> {
    let settled = answer::post(app, &presentation.response_uri, post, settled).await;
    let mut change = app.begin(caller).await?;
    // It may have been deleted meanwhile; then there is nothing to write down.
    let answered = change.settle_presentation(presentation.id, &settled).await?.ok_or(Code::NotFound)?;
    let (action, detail) = match settled.state {
        PresentationState::Sent => {
            let told = |disclosed: &model::Disclosed| json!({"vct": disclosed.vct, "claims": disclosed.claims});
            (Action::PresentationSent, json!({"credentials": settled.disclosed.iter().map(told).collect::<Vec<_>>()}))
        }
        PresentationState::Declined => (Action::PresentationDeclined, json!({})),
        _ => (Action::PresentationFailed, json!({"reason": settled.reason})),
    };
    change.commit(NewEvent::new(action, target(&answered)).with(detail)).await?;
    Ok(answered)
}

/// By what the request says, within bounds.
fn end(now: Timestamp, exp: Option<i64>) -> Result<Timestamp, Problem> {
    let after = |wait| now.saturating_add(wait).map_err(|_| Problem::from(Code::Internal));
    let latest = after(MAX_REQUEST_LIFETIME)?;
    match exp.and_then(|exp| Timestamp::from_second(exp).ok()) {
        Some(exp) => Ok(exp.clamp(now, latest)),
        None => after(REQUEST_LIFETIME),
    }
}

fn refused(choice: BadChoice) -> Problem {
    let mut fields = Fields::default();
    match choice {
        BadChoice::Unknown(query) => {
            fields.refuse(&format!("credentials.{query}"), "unknown", "is not asked for");
        }
        BadChoice::Unfit(query) => {
            fields.refuse(&format!("credentials.{query}"), "unfit", "must be a held credential that fits the query");
        }
        BadChoice::Incomplete => {
            fields.refuse("credentials", "incomplete", "must answer everything that the verifier needs");
        }
    }
    fields.finish(None::<()>).map_or_else(|problem| problem, |()| Code::Internal.into())
}

fn event(action: Action, presentation: &Presentation) -> NewEvent {
    NewEvent::new(action, target(presentation))
}

/// A request has no name of its own: its verifier stands for it.
fn target(presentation: &Presentation) -> Target {
    Target::new(presentation.id, &presentation.verifier)
}
