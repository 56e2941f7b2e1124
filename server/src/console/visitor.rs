//! Somebody who is not signed in yet and sends a form.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use http::request::Parts;

use crate::caller::is_same_origin;
use crate::http::RequestId;
use crate::problem::{Code, Problem};

/// Where a form comes from. No other site can send it: to be signed in unawares, as somebody else, is an
/// attack as well.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Visitor {
    /// The address of the connection; unspecified when the request came over none.
    pub(crate) address: IpAddr,
    /// The id of the request.
    pub(crate) request_id: RequestId,
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        if !is_same_origin(&parts.method, &parts.headers) {
            return Err(Code::CrossOrigin.into());
        }
        let connection = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let address = connection.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |connection| connection.0.ip());
        let request_id = parts.extensions.get::<RequestId>().copied().ok_or(Code::Internal)?;
        Ok(Self { address, request_id })
    }
}
