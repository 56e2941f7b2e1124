//! Requests that are not taken in.

use serde_json::{Value, json};

use super::{PRESENTATIONS, query, receive};
use crate::support::{Server, Verifier, key, request_link};

store::both_databases! {
    async fn a_request_is_signed_by_the_verifier_that_its_link_names(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.key(&["holder_credentials:change"]).await;
        let verifier = Verifier::start().await;
        let forged = verifier.asks_signed_by(key(22), &query(&[]), |_| {});
        holder.post(PRESENTATIONS, json!({"request": forged})).await.refuses(&[("request", "signature-invalid")]);
        // The link says one verifier, the request another.
        let other = vc::did::did_jwk(&key(22).public());
        let honest = verifier.asks(&query(&[]));
        let swapped = honest.replace(
            &form_urlencoded::byte_serialize(verifier.did().as_str().as_bytes()).collect::<String>(),
            &form_urlencoded::byte_serialize(other.as_str().as_bytes()).collect::<String>(),
        );
        assert_ne!(honest, swapped);
        holder.post(PRESENTATIONS, json!({"request": swapped})).await.refuses(&[("request", "signature-invalid")]);
        assert_eq!(holder.get(PRESENTATIONS).await.is(200).json()["items"], json!([]));
    }

    async fn other_client_id_prefixes_are_refused_clearly(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.key(&["holder_credentials:change"]).await;
        let verifier = Verifier::start().await;
        for client_id in [
            "redirect_uri:https://verifier.example/cb", "x509_san_dns:verifier.example", "x509_hash:abc",
            "openid_federation:https://verifier.example", "verifier_attestation:x", "plain",
        ] {
            let link = request_link(client_id, &format!("{}/requests/x", verifier.url()));
            let refused = holder.post(PRESENTATIONS, json!({"request": link})).await;
            let message = refused.json()["errors"][0]["message"].as_str().unwrap().to_owned();
            refused.refuses(&[("request", "unsupported")]);
            assert!(message.contains("decentralized_identifier") && message.contains(client_id), "{message}");
        }
    }

    async fn what_cannot_be_answered_is_refused_with_its_reason(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.key(&["holder_credentials:change"]).await;
        let verifier = Verifier::start().await;
        let with = |member: &str, value: Value| {
            verifier.asks_with(&query(&[]), |claims| drop(claims.insert(member.to_owned(), value)))
        };
        for (link, code) in [
            (String::new(), "invalid"),
            ("openid4vp://?client_id=x&response_type=vp_token".to_owned(), "unsupported"),
            (request_link(&verifier.client_id(), &format!("{}/requests/none", verifier.url())), "unreachable"),
            (request_link(&verifier.client_id(), "https://10.0.0.1/r"), "unreachable"),
            (request_link("decentralized_identifier:did:example:1", &format!("{}/r", verifier.url())), "unreachable"),
            (with("response_uri", json!("https://10.0.0.1/r")), "unreachable"),
            (with("response_uri", json!("javascript:alert(1)")), "unreachable"),
            (with("response_mode", json!("direct_post.jwt")), "invalid"),
            (with("transaction_data", json!(["e30"])), "unsupported"),
            (with("client_metadata", json!({"vp_formats_supported": {"mso_mdoc": {}}})), "unsupported"),
            (with("dcql_query", json!({"credentials": []})), "invalid"),
            (with("aud", json!("https://another-wallet.example")), "signature-invalid"),
            (with("exp", json!(1_795_428_000 - 61)), "expired"),
            (with("exp", json!("soon")), "invalid"),
            (with("iat", json!(1_795_428_000 + 61)), "not-yet-valid"),
            (with("nbf", json!(1_795_428_000 + 3600)), "not-yet-valid"),
        ] {
            holder.post(PRESENTATIONS, json!({"request": link})).await.refuses(&[("request", code)]);
        }
        assert!(verifier.responses().is_empty());
        assert_eq!(holder.get(PRESENTATIONS).await.is(200).json()["items"], json!([]));
    }

    async fn a_request_that_was_made_for_another_wallet_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.key(&["holder_credentials:change"]).await;
        let verifier = Verifier::start().await;
        let posted = format!("{}&request_uri_method=post", verifier.asks(&query(&[])));
        assert_eq!(receive(&holder, &posted).await.member("status"), "pending");
        // Fetched with GET by this one, after another has told its nonce: it has no wallet_nonce to compare.
        let link = verifier.asks_with(&query(&[]), |claims| drop(claims.insert("wallet_nonce".to_owned(), json!("theirs"))));
        assert_eq!(receive(&holder, &link).await.member("status"), "pending");
    }

    async fn a_request_is_taken_in_once(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.key(&["holder_credentials:change"]).await;
        let verifier = Verifier::start().await;
        let link = verifier.asks(&query(&[]));
        let made = receive(&holder, &link).await;
        for _ in 0..2 {
            let again = holder.post(PRESENTATIONS, json!({"request": link})).await.problem(409, "already-received");
            assert_eq!(again.refused(), ["request: already-received"]);
            // Also after it was answered.
            let _ = holder.post(&format!("{}/decline", made.header("location")), json!({})).await;
        }
        assert_eq!(verifier.responses().len(), 1);
    }
}
