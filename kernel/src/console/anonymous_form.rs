//! The form of a browser without a session: sign-in, set-up, invitation.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::request::Parts;

use crate::app::App;
use crate::caller::is_same_origin;
use crate::http::{RequestId, client_address};
use crate::problem::{Code, Problem};

/// The extractor of a form that needs no session, with its sender. A form from another site is refused: signing a
/// person in as another user is an attack, too.
#[derive(Clone, Copy, Debug)]
pub struct AnonymousForm {
    /// The address of the client; unspecified when the request came over no connection.
    pub address: IpAddr,
    /// The id of the request.
    pub request_id: RequestId,
}

impl FromRequestParts<Arc<App>> for AnonymousForm {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        if !is_same_origin(parts) {
            return Err(Code::CrossOrigin.into());
        }
        let address = client_address(&parts.headers, &parts.extensions, &app.settings.trusted_proxies);
        let request_id = RequestId::of(&parts.extensions).ok_or(Code::Internal)?;
        Ok(Self { address, request_id })
    }
}
