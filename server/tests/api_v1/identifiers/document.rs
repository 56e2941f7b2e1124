//! `GET /dids/{id}/did.json`

use http::Method;
use serde_json::{Value, json};
use vc::did::{Did, did_web_document_url};
use vc::did_document::keys_from_did_document;

use super::IDENTIFIERS;
use crate::support::{Actor, Server};

store::both_databases! {
    async fn everybody_can_resolve_a_did_web(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["identifiers:change"]).await;
        let made = maker.post(IDENTIFIERS, json!({"name": "a", "method": "did:web"})).await.is(201);
        let rotated = maker.post(&format!("{}/rotate", made.header("location")), json!({})).await.is(200).json();
        let did: Did = made.member("did").parse().unwrap();
        // Where a resolver looks, by the DID alone.
        let url = did_web_document_url(&did).unwrap();
        assert_eq!(url.replace("https://", "http://"), made.member("document_url"));

        let path = format!("/dids/{}/did.json", made.member("id"));
        let answer = server.anonymous().request(Method::GET, &path).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "application/did+json");
        assert_eq!(header("cache-control"), "public, max-age=60");
        assert_eq!(header("access-control-allow-origin"), "*");
        let body = answer.bytes().await.unwrap();

        let found = keys_from_did_document(&body, &did).unwrap();
        let found: Vec<_> = found.keys().iter().map(|key| json!([key.kid, key.key])).collect();
        let kept: Vec<_> = rotated["keys"].as_array().unwrap().iter()
            .map(|key| json!([format!("{did}#{}", key["id"].as_str().unwrap()), key["public_jwk"]]))
            .collect();
        assert_eq!(found, kept, "the key that signs, then the retired one");
        let document: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(document["authentication"], json!([kept[0][0]]), "only the key that signs proves control");
        assert!(document.pointer("/verificationMethod/0/publicKeyJwk/d").is_none());
    }

    async fn nothing_else_has_a_document(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.administrator_key().await;
        let jwk = maker.post(IDENTIFIERS, json!({"name": "a", "method": "did:jwk"})).await.is(201).member("id");
        for id in [jwk.as_str(), "01900000-0000-7000-8000-000000000000", "x", "%00", "..%2f.."] {
            for caller in [&server.anonymous(), &*maker] {
                caller.get(&format!("/dids/{id}/did.json")).await.problem(404, "not-found");
            }
        }
    }

    async fn a_document_can_only_be_read(db: &Database) {
        let server = Server::start(db).await;
        let path = "/dids/01900000-0000-7000-8000-000000000000/did.json";
        for method in [Method::POST, Method::PUT, Method::DELETE] {
            let refused = Actor::send(server.anonymous().request(method, path)).await;
            assert_eq!(refused.problem(405, "method-not-allowed").header("allow"), "GET,HEAD");
        }
    }
}
