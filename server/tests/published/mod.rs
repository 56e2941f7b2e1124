//! Documents that everybody may fetch are compressed for those who take gzip, and not sent again to those who have them.

use http::{HeaderMap, Method};
use reqwest::RequestBuilder;
use serde_json::json;

use crate::support::{Issuer, Server};

/// Decodes gzip by a reader that the server does not use: its header and trailer are read here.
fn gunzip(bytes: &[u8]) -> Vec<u8> {
    assert_eq!(bytes[..4], [0x1f, 0x8b, 8, 0], "a plain header of RFC 1952");
    let (content, trailer) = bytes[10..].split_at(bytes.len() - 18);
    let content = miniz_oxide::inflate::decompress_to_vec(content).unwrap();
    assert_eq!(trailer[..4], crc32fast::hash(&content).to_le_bytes());
    assert_eq!(trailer[4..], u32::try_from(content.len()).unwrap().to_le_bytes());
    content
}

/// Where each kind of document is, with whether it is long enough to be compressed.
async fn documents(server: &Server, acme: &Issuer<'_>) -> Vec<(String, bool)> {
    let identifier = json!({"name": "Web", "method": "did:web"});
    let identifier = acme.administrator.post("/api/v1/identifiers", identifier).await.is(201).member("id");
    for _ in 0..8 {
        let path = format!("/api/v1/identifiers/{identifier}/rotate");
        acme.administrator.post(&path, json!({})).await.is(200);
    }
    let claims: Vec<_> = (0..30).map(|number| json!({"path": [format!("claim-{number}")], "type": "text"})).collect();
    let wide = json!({"name": "Wide", "claims": claims, "identifier_id": identifier});
    let wide = acme.administrator.post("/api/v1/issuer-templates", wide).await.is(201).member("id");
    let list = acme.administrator.get("/api/v1/status-lists").await.column("id")[0].as_str().unwrap().to_owned();
    let client = acme.wallet.client(&["users:view"]).await;
    client.token().await;
    let page = server.anonymous().get("/docs").await.text;
    let stylesheet = page.split('"').find(|text| text.starts_with("/assets/console.css")).unwrap().to_owned();
    let wallet = acme.wallet.id;
    vec![
        (format!("/wallets/{wallet}/status-lists/{list}"), false),
        (format!("/wallets/{wallet}/credential-types/{wide}"), true),
        (format!("/.well-known/openid-credential-issuer/wallets/{wallet}"), true),
        (format!("/.well-known/oauth-authorization-server/wallets/{wallet}"), false),
        ("/.well-known/oauth-authorization-server".to_owned(), true),
        ("/oauth2/jwks".to_owned(), false),
        (format!("/dids/{identifier}/did.json"), true),
        ("/api/v1/openapi.json".to_owned(), true),
        (stylesheet, true),
    ]
}

/// An answer as it came, not decoded.
struct Got {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

async fn got(request: RequestBuilder) -> Got {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Got { status, headers, body: response.bytes().await.unwrap().to_vec() }
}

store::both_databases! {
    async fn every_document_is_compressed_for_a_client_that_takes_gzip_and_known_by_its_tag(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let nobody = server.anonymous();
        for (path, long) in documents(&server, &acme).await {
            let plain = got(nobody.request(Method::GET, &path)).await;
            assert_eq!(plain.status, 200, "{path}");
            let coded = got(nobody.request(Method::GET, &path).header("accept-encoding", "br, gzip;q=0.8")).await;
            for answer in [&plain, &coded] {
                assert_eq!(answer.headers["vary"], "accept-encoding", "{path}");
                assert_eq!(answer.headers["content-type"], plain.headers["content-type"], "{path}");
            }
            assert!(plain.headers.get("content-encoding").is_none(), "{path}");
            assert_eq!(coded.headers.get("content-encoding").is_some(), long, "{path}: {} bytes", plain.body.len());
            if long {
                assert_eq!(coded.headers["content-encoding"], "gzip");
                assert!(coded.body.len() < plain.body.len() && gunzip(&coded.body) == plain.body, "{path}");
                assert_ne!(coded.headers["etag"], plain.headers["etag"], "{path}: each form has its own strong tag");
            }
            for (answer, accepted) in [(&plain, "identity"), (&coded, "gzip")] {
                let tag = answer.headers["etag"].to_str().unwrap();
                let head = nobody.request(Method::HEAD, &path).header("accept-encoding", accepted);
                let head = got(head).await;
                assert_eq!((head.status, head.body.len()), (200, 0), "{path}");
                for name in ["etag", "vary", "content-type", "content-length"] {
                    assert_eq!(head.headers.get(name), answer.headers.get(name), "{path}: {name}");
                }
                for known in [tag.to_owned(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
                    let again = nobody.request(Method::GET, &path).header("if-none-match", &known);
                    let again = got(again.header("accept-encoding", accepted)).await;
                    assert_eq!((again.status, again.body.len()), (304, 0), "{path}: {known}");
                    assert_eq!(again.headers["etag"], tag, "{path}: {known}");
                }
                let other = nobody.request(Method::GET, &path).header("if-none-match", "\"other\"");
                assert_eq!(got(other).await.status, 200, "{path}");
            }
        }
    }

    async fn a_document_that_changes_gets_another_tag(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let path = format!("/.well-known/openid-credential-issuer/wallets/{}", acme.wallet.id);
        let nobody = server.anonymous();
        let tag = nobody.get(&path).await.is(200).header("etag").to_owned();
        assert_eq!(nobody.get(&path).await.header("etag"), tag);
        Issuer::make_template(&acme.administrator, "Membership").await;
        let known = nobody.with("if-none-match", &tag);
        assert_ne!(known.get(&path).await.is(200).header("etag"), tag);
    }
}
