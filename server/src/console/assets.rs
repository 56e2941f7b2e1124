//! The files that pages refer to, inside the binary.

use std::fmt;
use std::sync::LazyLock;

use askama::filters::HtmlSafe;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use sha2::{Digest as _, Sha256};

use crate::problem::{Code, Problem};

struct Asset {
    name: &'static str,
    content_type: &'static str,
    content: &'static str,
}

macro_rules! assets {
    ($( $name:literal $content_type:literal; )*) => {
        const ASSETS: &[Asset] = &[ $( Asset {
            name: $name,
            content_type: $content_type,
            content: include_str!(concat!("../../assets/", $name)),
        }, )* ];
    };
}

assets! {
    "console.css" "text/css; charset=utf-8";
    "console.js" "text/javascript; charset=utf-8";
    "icons.svg" "image/svg+xml";
    "logo.svg" "image/svg+xml";
    "favicon.svg" "image/svg+xml";
}

/// Changes with any of the files, and stands in their addresses: a browser may keep what it has for good.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let hash = ASSETS.iter().fold(Sha256::new(), |hash, asset| hash.chain_update(asset.content));
    hash.finalize().iter().take(6).fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
});

/// The address of a file.
pub(crate) struct Address(&'static str);

/// The address of the file with this name.
pub(crate) fn asset(name: &'static str) -> Address {
    Address(name)
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/assets/{}?v={}", self.0, *VERSION)
    }
}

impl HtmlSafe for Address {}

/// `GET /assets/{name}`.
pub(super) async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let asset = ASSETS.iter().find(|asset| asset.name == name).ok_or(Code::NotFound)?;
    let tag = format!("\"{}\"", *VERSION);
    let lasting =
        [(header::CACHE_CONTROL, "public, max-age=31536000, immutable"), (header::CONTENT_TYPE, asset.content_type)];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known == tag.as_str()) {
        return Ok((StatusCode::NOT_MODIFIED, lasting, [(header::ETAG, tag)]).into_response());
    }
    Ok((lasting, [(header::ETAG, tag)], asset.content).into_response())
}
