//! A holder that is known by a did:web: the issuer finds its key in its DID document, and names it in the credential.

use axum::Router;
use axum::routing::get;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use vc::keys::SigningKey;
use vc::openid4vci::{KeyProof, KeyProofDraft};

use crate::support::{Holder, Issuer, Server, now};

/// Serves a DID document until the test ends; the DID is made first.
async fn publish(document: impl FnOnce(&str) -> Value) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let did = format!("did:web:localhost%3A{}", listener.local_addr().unwrap().port());
    let document = document(&did).to_string();
    let router = Router::new().route("/.well-known/did.json", get(async move || document.clone()));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    did
}

/// A proof by the holder's key under this name.
async fn proof(holder: &Holder<'_>, issuer: &Issuer<'_>, key: &SigningKey, kid: &str) -> Value {
    let (url, nonce) = (issuer.url(), holder.nonce().await);
    let draft = KeyProofDraft { audience: &url, nonce: Some(&nonce), issued_at: now(), kid: Some(kid) };
    holder.request(&KeyProof::make(&draft, key))
}

store::both_databases! {
    async fn a_credential_names_the_key_of_a_did_web_beside_its_value(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let offered = acme.offer(json!({})).await;
        let holder = acme.holder(&offered);
        let did = publish(|did| json!({
            "id": did,
            "verificationMethod": [{"id": "#key-1", "type": "JsonWebKey2020", "publicKeyJwk": holder.key.public()}],
            "authentication": ["#key-1"],
        })).await;
        let kid = format!("{did}#key-1");
        let token = holder.token(&[]).await;
        let answer = holder.ask(&token, proof(&holder, &acme, &holder.key, &kid).await).await.is(200).json();
        let credential = acme.verify(answer["credentials"][0]["credential"].as_str().unwrap());
        assert_eq!(credential.claims["cnf"], json!({"jwk": holder.key.public(), "kid": kid}));
    }

    async fn only_a_key_for_authentication_proves_the_holder(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let offered = acme.offer(json!({})).await;
        let holder = acme.holder(&offered);
        let asserts = SigningKey::from_secret_bytes(&[12; 32]).unwrap();
        let did = publish(|did| json!({
            "id": did,
            "verificationMethod": [{"id": "#asserts", "publicKeyJwk": asserts.public()}],
            "assertionMethod": ["#asserts"],
            "authentication": [{"id": format!("{did}#logs-in"), "publicKeyJwk": holder.key.public()}],
        })).await;
        let token = holder.token(&[]).await;
        let wrong = [(&asserts, "#asserts"), (&holder.key, "#asserts"), (&asserts, "#logs-in"), (&holder.key, "")];
        for (key, fragment) in wrong {
            let request = proof(&holder, &acme, key, &format!("{did}{fragment}")).await;
            holder.ask(&token, request).await.oauth_error(400, "invalid_proof");
        }
        let request = proof(&holder, &acme, &holder.key, &format!("{did}#logs-in")).await;
        holder.ask(&token, request).await.is(200);
    }
}
