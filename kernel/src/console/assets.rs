//! The files that pages refer to, inside the binary.

use std::fmt;
use std::sync::LazyLock;

use askama::filters::HtmlSafe;
use axum::extract::Path;
use axum::response::Response;
use http::header;
use sha2::{Digest as _, Sha256};

use crate::http::{Negotiation, PublicDocument};
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

/// The version of the files, part of their URLs: it changes with any of them, so a browser may cache a file for good.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let hash = ASSETS.iter().fold(Sha256::new(), |hash, asset| hash.chain_update(asset.content));
    hash.finalize().iter().take(6).fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
});

/// The files as they are sent, in the same order.
static DOCUMENTS: LazyLock<Vec<PublicDocument>> =
    LazyLock::new(|| ASSETS.iter().map(|asset| PublicDocument::new(asset.content)).collect());

/// The address of a file.
pub struct Address(&'static str);

/// The address of the file with this name.
pub fn asset(name: &'static str) -> Address {
    Address(name)
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/assets/{}?v={}", self.0, *VERSION)
    }
}

impl HtmlSafe for Address {}

/// `GET /assets/{name}`.
pub(super) async fn serve(Path(name): Path<String>, asked: Negotiation) -> Result<Response, Problem> {
    let served = ASSETS.iter().zip(DOCUMENTS.iter()).find(|(asset, _)| asset.name == name);
    let (asset, document) = served.ok_or(Code::NotFound)?;
    let lasting =
        [(header::CACHE_CONTROL, "public, max-age=31536000, immutable"), (header::CONTENT_TYPE, asset.content_type)];
    Ok(document.answer(&asked, lasting))
}
