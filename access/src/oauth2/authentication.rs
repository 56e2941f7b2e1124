//! What a client sends to these endpoints: parameters in a form, and its client ID and secret either beside them or in
//! `Authorization: Basic` (RFC 6749 §2.3.1).

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use gate::{Client, Denial, InvalidReason, KeyKind, KeyText};
use http::request::Parts;
use http::{HeaderMap, header};
use kernel::app::App;
use kernel::http::{Form, RequestId, client_address};
use zeroize::Zeroizing;

use super::error::OauthError;

/// The longest form, in bytes: an access token and the scopes of every permission are a tenth of it.
const FORM_LIMIT: usize = 64 << 10;

/// A request of a client that has proved itself.
pub(super) struct Authenticated {
    /// Who.
    pub(super) client: Client,
    /// The parameters.
    pub(super) form: Form,
    /// Where it comes from.
    pub(super) address: IpAddr,
    /// The request's id.
    pub(super) request_id: RequestId,
}

/// A client ID and a secret, before they are believed.
struct Credentials {
    client_id: String,
    secret: Zeroizing<String>,
}

impl FromRequest<Arc<App>> for Authenticated {
    type Rejection = OauthError;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, OauthError> {
        let request_id = RequestId::of(request.extensions());
        let request_id = request_id.unwrap_or_else(|| app.randomness.id(app.clock.now()));
        let (parts, body) = request.into_parts();
        let address = client_address(&parts.headers, &parts.extensions, &app.settings.trusted_proxies);
        let mut request = Request::from_parts(parts.clone(), body);
        // The body is read before anything is proven.
        DefaultBodyLimit::max(FORM_LIMIT).apply(&mut request);
        let sent = Form::read(request, app).await.map_err(OauthError::from);
        let sent = sent.and_then(|form| Ok((Credentials::find(&parts.headers, &form)?, form)));
        let (credentials, form) = match sent {
            Ok(sent) => sent,
            Err(error) => {
                app.count_address(&parts.headers, &parts.extensions).map_err(OauthError::TooManyRequests)?;
                return Err(error);
            }
        };
        let client = prove(app, &parts, address, &credentials)?;
        app.telemetry.admitted();
        Ok(Self { client, form, address, request_id })
    }
}

/// The client, if its secret is right and it is in force. One that is not is counted by its address, and over the limit
/// of that it learns nothing, and nothing of it reaches the log or the audit log.
fn prove(
    app: &App,
    parts: &Parts,
    address: IpAddr,
    Credentials { client_id, secret }: &Credentials,
) -> Result<Client, OauthError> {
    let proven = KeyText::parse(KeyKind::ClientSecret, secret.as_bytes())
        .ok_or(Denial::Invalid(InvalidReason::Malformed))
        .and_then(|secret| app.gate.prove_client(client_id, &secret, app.came_at(&parts.extensions)));
    proven.map_err(|denial| {
        app.telemetry.denied(denial);
        if !matches!(denial, Denial::TooManyRequests(_))
            && let Err(exhausted) = app.count_address(&parts.headers, &parts.extensions)
        {
            return OauthError::TooManyRequests(exhausted);
        }
        app.refusals.count_client(client_id, address);
        app.log_denial(denial, &parts.extensions);
        denial.into()
    })
}

impl Credentials {
    /// Finds them in the one place where they stand; in both is an error (RFC 6749 §2.3).
    fn find(headers: &HeaderMap, form: &Form) -> Result<Self, OauthError> {
        let mut all = headers.get_all(header::AUTHORIZATION).iter();
        let Some(header) = all.next() else {
            let nothing = OauthError::InvalidClient("the client must present its client ID and secret");
            let (client_id, secret) = form.get("client_id").zip(form.get("client_secret")).ok_or(nothing)?;
            return Ok(Self { client_id: client_id.to_owned(), secret: Zeroizing::new(secret.to_owned()) });
        };
        if all.next().is_some() || form.get("client_secret").is_some() {
            return Err(OauthError::InvalidRequest("the client presents itself more than once"));
        }
        let basic = Self::basic(header.as_bytes())
            .ok_or(OauthError::InvalidClient("Authorization must be Basic, with the client ID and the secret"))?;
        if form.get("client_id").is_some_and(|client_id| client_id != basic.client_id) {
            return Err(OauthError::InvalidRequest("client_id is not the one in Authorization"));
        }
        Ok(basic)
    }

    /// RFC 7617 §2, with both parts form-urlencoded before (RFC 6749 §2.3.1).
    fn basic(value: &[u8]) -> Option<Self> {
        let (scheme, rest) = value.split_at_checked(b"Basic ".len())?;
        let encoded = scheme.eq_ignore_ascii_case(b"Basic ").then(|| rest.trim_ascii())?;
        let text = Zeroizing::new(String::from_utf8(BASE64.decode(encoded).ok()?).ok()?);
        let (client_id, secret) = text.split_once(':')?;
        Some(Self { client_id: decode(client_id).into_owned(), secret: Zeroizing::new(decode(secret).into_owned()) })
    }
}

/// Reads one form-urlencoded value; `&` and `=` of whoever forgot to encode are part of it.
fn decode(value: &str) -> Cow<'_, str> {
    let spaced: Cow<'_, str> = if value.contains('+') { value.replace('+', " ").into() } else { value.into() };
    if !spaced.contains('%') {
        return spaced;
    }
    let escaped = spaced.replace('&', "%26").replace('=', "%3D");
    form_urlencoded::parse(escaped.as_bytes()).next().map_or(spaced, |(value, _)| value.into_owned().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(authorization: Option<&str>, body: &str) -> Result<(String, String), OauthError> {
        let mut headers = HeaderMap::new();
        if let Some(value) = authorization {
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
        }
        let form = Form::parse(body.as_bytes())?;
        Credentials::find(&headers, &form).map(|found| (found.client_id, found.secret.to_string()))
    }

    fn basic(text: &str) -> String {
        format!("Basic {}", BASE64.encode(text))
    }

    #[test]
    fn m16_a_client_presents_itself_in_the_header_or_in_the_body() {
        let expected = Ok(("acme".to_owned(), "s:e c".to_owned()));
        assert_eq!(find(Some(&basic("acme:s%3Ae+c")), "grant_type=x"), expected);
        assert_eq!(find(Some(&basic("acme:s%3Ae+c").replace("Basic", "basic")), "client_id=acme"), expected);
        assert_eq!(find(None, "client_id=acme&client_secret=s%3Ae+c"), expected);
    }

    #[test]
    fn m16_a_client_that_presents_itself_twice_is_refused() {
        for body in ["client_id=acme&client_secret=s", "client_secret=s", "client_id=other"] {
            assert!(matches!(find(Some(&basic("acme:s")), body), Err(OauthError::InvalidRequest(_))), "{body}");
        }
    }

    #[test]
    fn a_client_that_presents_nothing_readable_is_not_valid() {
        for value in ["Basic", "Basic ", "Basic !", "Bearer x", &basic("no colon")] {
            assert!(matches!(find(Some(value), ""), Err(OauthError::InvalidClient(_))), "{value}");
        }
        for body in ["", "client_id=acme", "client_secret=s", "client_id=&client_secret=s"] {
            assert!(matches!(find(None, body), Err(OauthError::InvalidClient(_))), "{body}");
        }
    }
}
