//! HEAD is safe (RFC 9110 §9.2.1): what a GET does, it does not.

use http::Method;
use serde_json::{Value, json};

use crate::access_matrix::operations;
use crate::support::holder::{fetch, request_path};
use crate::support::{Actor, CredentialIssuer, Server, make, make_identifier};

/// The newest change, and what became of the verification.
async fn state(key: &Actor, verification: &str) -> (Value, String) {
    let newest = key.get("/api/v1/audit-events?limit=1").await.is(200).column("id")[0].clone();
    (newest, key.get(verification).await.is(200).member("status"))
}

store::both_databases! {
    async fn head_changes_nothing_where_get_does(db: &Database) {
        let server = Server::start(db).await;
        let wallet = server.wallet("Acme").await;
        let (key, nobody) = (wallet.administrator_key().await, server.anonymous());
        make_identifier(&key).await;
        let verification = make(&key, "/api/v1/verifications").await;
        let link = key.get(&verification).await.is(200).member("request_uri");
        let issuer = CredentialIssuer::start().await;
        let contact = json!({"name": "Office", "did": issuer.did(), "credential_issuer": issuer.url()});
        key.post("/api/v1/trusted-contacts", contact).await.is(201);
        let offer = issuer.offer();
        let push = format!("/wallets/{}/openid4vci/credential-offer?{}", wallet.id, offer.split_once('?').unwrap().1);

        let before = state(&key, &verification).await;
        assert_eq!(before.1, "requested");
        for path in [request_path(&link), push.clone()] {
            for _ in 0..2 {
                let answer = Actor::send(nobody.request(Method::HEAD, &path)).await;
                assert!(answer.status < 300 && answer.text.is_empty(), "{path}: {}", answer.status);
            }
        }
        assert_eq!(state(&key, &verification).await, before);
        assert!(issuer.asked().is_empty(), "nothing was fetched");
        assert_eq!(key.get("/api/v1/credential-offers").await.is(200).json()["items"], json!([]));
        // Both still work.
        fetch(&nobody, &link).await;
        nobody.get(&push).await.is(200);
        assert_ne!(state(&key, &verification).await, before);
    }

    async fn no_get_of_the_api_changes_anything_and_head_neither(db: &Database) {
        let server = Server::start(db).await;
        let wallet = server.wallet("Acme").await;
        let key = wallet.administrator_key().await;
        let verification = make(&key, "/api/v1/verifications").await;
        for operation in operations::all().into_iter().filter(|operation| operation.method == "GET") {
            let path = match operation.path.split_once("/{id}") {
                Some((collection, rest)) => format!("{}{rest}", make(&key, collection).await),
                None => operation.path.clone(),
            };
            let before = state(&key, &verification).await;
            for method in [Method::HEAD, Method::GET] {
                Actor::send(key.request(method, &path)).await.is(200);
                assert_eq!(state(&key, &verification).await, before, "{path}");
            }
        }
    }
}
