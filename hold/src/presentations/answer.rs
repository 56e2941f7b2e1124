//! Making the answer to a verifier, and posting it (OpenID4VP 1.0 §8.2).

use std::collections::BTreeMap;

use kernel::app::App;
use kernel::http::JSON;
use kernel::outbound::Answer;
use kernel::problem::{Code, Problem};
use model::{Disclosed, PresentationState, WalletId};
use store::{Conn, SettledPresentation};
use vc::openid4vci::ErrorResponse;
use vc::openid4vp::{DirectPost, ResponseUriAnswer, VpToken};
use vc::sd_jwt_vc::{self, ClaimPath};

use super::matching::Fitting;
use super::request::Answering;
use crate::credential_offers::shown;
use crate::credentials;

/// What is presented.
pub(super) struct Answered {
    pub(super) vp_token: VpToken,
    pub(super) disclosed: Vec<Disclosed>,
}

/// Makes the presentations: the credential with what is asked, and its holder's key binding for this request.
pub(super) async fn present(
    app: &App,
    conn: &mut Conn,
    wallet: WalletId,
    answering: &Answering,
    chosen: Vec<(&str, Fitting<'_>)>,
) -> Result<Answered, Problem> {
    let now = app.clock.now().as_second();
    let mut answered = Answered { vp_token: VpToken(BTreeMap::new()), disclosed: Vec::new() };
    for (query, fitting) in chosen {
        let credential = &fitting.held.credential;
        let made = match &fitting.held.key {
            Some(key) => {
                let key = credentials::open_key(app, conn, wallet, key).await?;
                let (audience, nonce) = (answering.client_id.as_str(), answering.nonce.as_str());
                sd_jwt_vc::present(&credential.compact, fitting.asked, &key, audience, nonce, now)
            }
            // Only where the verifier asks for no proof of the key does a credential without one fit.
            None => sd_jwt_vc::disclose(&credential.compact, fitting.asked),
        };
        let made = made.map_err(|error| {
            tracing::error!(%error, id = %credential.id, "a held credential cannot be presented");
            Code::Internal
        })?;
        answered.vp_token.0.entry(query.to_owned()).or_default().push(made);
        answered.disclosed.push(Disclosed {
            query: query.to_owned(),
            credential_id: credential.id,
            vct: credential.vct.clone(),
            claims: fitting.asked.iter().map(ClaimPath::to_string).collect(),
        });
    }
    Ok(answered)
}

/// Posts it. `settled` is how the request ends when the verifier takes it; that a decline does not arrive does not
/// undo it.
pub(super) async fn post(
    app: &App,
    response_uri: &str,
    post: &DirectPost,
    settled: SettledPresentation,
) -> SettledPresentation {
    let form = post.to_form();
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let refusal = match app.outbound.post_form(response_uri, &form, JSON).await {
        Ok(answer) if answer.status.is_success() => {
            let told = answer.json::<ResponseUriAnswer>().unwrap_or_default();
            let redirect_uri = told.redirect_uri.filter(|url| is_web_address(url));
            return SettledPresentation { redirect_uri, ..settled };
        }
        Ok(answer) => format!("the verifier refuses the answer: {}", why(&answer)),
        Err(error) => error.to_string(),
    };
    match settled.state {
        PresentationState::Declined => SettledPresentation { reason: Some(refusal), ..settled },
        _ => SettledPresentation {
            state: PresentationState::Failed,
            reason: Some(refusal),
            // Whether it was read before it was refused is not known, so what was in it stays told.
            ..settled
        },
    }
}

fn why(answer: &Answer) -> String {
    match answer.json::<ErrorResponse>() {
        Ok(ErrorResponse { error, error_description: Some(why) }) => format!("{} ({})", shown(&error), shown(&why)),
        Ok(ErrorResponse { error, error_description: None }) => shown(&error),
        Err(_) => format!("status {}", answer.status.as_u16()),
    }
}

/// The console makes a link of it, so it must not be a script.
fn is_web_address(url: &str) -> bool {
    url.len() <= 2048 && (url.starts_with("https://") || url.starts_with("http://"))
}
