//! `POST /api/v1/credentials`: what is refused, so that nothing of it is stored.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use vc::did::did_jwk;
use vc::did_document::{NamedKey, did_web_document};
use vc::sd_jwt_vc::MAX_BYTES;

use super::issuer::{DOCUMENT, METADATA, by_did_jwk, key, now, sign};
use super::{CREDENTIALS, Issuer};
use crate::support::{Actor, Server};

/// The credential is refused for this reason, and nothing is held.
async fn refuses(holder: &Actor, text: &str, code: &str) {
    holder.post(CREDENTIALS, json!({"credential": text})).await.refuses(&[("credential", code)]);
    assert_eq!(holder.get(CREDENTIALS).await.is(200).json()["items"], json!([]));
}

/// The same text with another character in this place.
fn changed(text: &str, at: usize) -> String {
    let other = if text.as_bytes()[at] == b'A' { "B" } else { "A" };
    format!("{}{other}{}", &text[..at], &text[at + 1..])
}

store::both_databases! {
    async fn what_was_changed_after_it_was_signed_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.key(&["holder_credentials:change"]).await;
        let text = by_did_jwk(&key(1), |_| {});
        let signature = text.find('~').unwrap() - 40;
        refuses(&holder, &changed(&text, signature), "signature-invalid").await;
        refuses(&holder, &changed(&text, text.len() - 5), "invalid").await;
        // Signed by another than the did:jwk that it names.
        let did = did_jwk(&key(1).public());
        refuses(&holder, &sign(&key(2), did.as_str(), "0", |_| {}), "signature-invalid").await;
    }

    async fn what_is_not_a_credential_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.key(&["holder_credentials:change"]).await;
        let text = by_did_jwk(&key(1), |_| {});
        let jwt = text.split('~').next().unwrap();
        for refused in ["", "~", "eyJ", "a.b.c~", jwt, &format!("{text}{jwt}"), &format!("{text}\0"), &"x".repeat(MAX_BYTES + 1)] {
            refuses(&holder, refused, "invalid").await;
        }
        let too_long = json!({"credential": "x".repeat(1 << 20)});
        holder.post(CREDENTIALS, too_long).await.problem(413, "payload-too-large");
    }

    async fn a_refusal_says_what_came_and_what_its_reader_can_do(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.key(&["holder_credentials:change"]).await;
        let jwt = |header: Value, payload: Value| {
            let parts = [header.to_string(), payload.to_string(), "7".repeat(96)].map(|part| URL_SAFE_NO_PAD.encode(part));
            parts.join(".")
        };
        let sd_jwt = |alg: &str| format!("{}~", jwt(json!({"alg": alg, "typ": "dc+sd-jwt"}), json!({"vct": "x"})));
        let vcdm = json!({"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"]});
        for (text, parts) in [
            (sd_jwt("ES384"), ["it is signed with ES384", "only ES256 is supported"]),
            (sd_jwt("RS256"), ["it is signed with RS256", "only ES256 is supported"]),
            (jwt(json!({"alg": "ES256", "typ": "vc+jwt"}), vcdm.clone()), ["(VCDM)", "does not read yet"]),
            (vcdm.to_string(), ["(VCDM)", "does not read yet"]),
            ("garbage".to_owned(), ["this is no SD-JWT", "paste the whole credential"]),
        ] {
            let refused = holder.post(CREDENTIALS, json!({"credential": text})).await;
            let refused = refused.refuses(&[("credential", "invalid")]);
            let told = refused.text.clone();
            assert!(parts.iter().all(|part| told.contains(part)), "{told}");
            assert!(!told.contains("64 bytes") && !told.contains("vct"), "{told}");
        }
    }

    async fn a_credential_is_taken_in_within_its_time_alone(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.key(&["holder_credentials:change"]).await;
        let expired = by_did_jwk(&key(1), |draft| {
            draft.issued_at = now() - 3600;
            draft.valid_until = Some(now() - 60);
        });
        refuses(&holder, &expired, "expired").await;
        let issued_tomorrow = by_did_jwk(&key(1), |draft| draft.issued_at = now() + 86_400);
        refuses(&holder, &issued_tomorrow, "not-yet-valid").await;
    }

    async fn a_signature_by_a_key_that_the_issuer_does_not_publish_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.key(&["holder_credentials:change"]).await;
        let issuer = Issuer::start().await;
        issuer.publishes(&key(2));
        refuses(&holder, &issuer.credential(), "signature-invalid").await;
        let others = json!({"keys": [key(2).public().with_kid("key-1")]});
        issuer.serves(METADATA, &json!({"issuer": issuer.url(), "jwks": others}));
        refuses(&holder, &issuer.credential_by_url(), "signature-invalid").await;
    }

    async fn keys_that_cannot_be_used_are_refused(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.key(&["holder_credentials:change"]).await;
        let issuer = Issuer::start().await;
        for document in [
            json!({"id": "did:web:other.example"}),
            json!({"id": issuer.did(), "verificationMethod": [], "assertionMethod": []}),
            json!([]),
        ] {
            issuer.serves(DOCUMENT, &document);
            refuses(&holder, &issuer.credential(), "issuer-keys-unusable").await;
        }
        issuer.answers(DOCUMENT, 200, "<html>".to_owned());
        refuses(&holder, &issuer.credential(), "issuer-keys-unusable").await;
        let uri = format!("{}/keys", issuer.url());
        for metadata in [
            json!({"issuer": "https://other.example", "jwks": issuer.jwks()}),
            json!({"issuer": issuer.url()}),
            json!({"issuer": issuer.url(), "jwks": issuer.jwks(), "jwks_uri": uri}),
            json!({"issuer": issuer.url(), "jwks": {"keys": []}}),
            json!({"issuer": issuer.url(), "jwks_uri": "http://example.org/keys"}),
        ] {
            issuer.serves(METADATA, &metadata);
            refuses(&holder, &issuer.credential_by_url(), "issuer-keys-unusable").await;
        }
    }

    async fn an_issuer_that_does_not_answer_as_it_should_is_unreachable(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.key(&["holder_credentials:change"]).await;
        let issuer = Issuer::start().await;
        refuses(&holder, &issuer.credential(), "issuer-unreachable").await;
        issuer.answers(DOCUMENT, 500, String::new());
        refuses(&holder, &issuer.credential(), "issuer-unreachable").await;
        issuer.publishes(&issuer.key);
        issuer.answers(DOCUMENT, 200, " ".repeat((1 << 20) + 1));
        refuses(&holder, &issuer.credential(), "issuer-unreachable").await;
        let text = issuer.credential();
        drop(issuer);
        refuses(&holder, &text, "issuer-unreachable").await;
    }

    async fn a_document_that_moved_is_followed_through_the_guard_and_not_for_ever(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.key(&["holder_credentials:change"]).await;
        let (issuer, other) = (Issuer::start().await, Issuer::start().await);
        for (at, status) in [301, 302, 307, 308].into_iter().enumerate() {
            for target in ["http://10.0.0.1/did.json", "http://example.org/did.json", "ftp://a", DOCUMENT] {
                issuer.answers(DOCUMENT, status, target.to_owned());
                let text = issuer.credential();
                holder.post(CREDENTIALS, json!({"credential": text})).await.refuses(&[("credential", "issuer-unreachable")]);
            }
            issuer.answers(DOCUMENT, status, format!("{}/elsewhere", other.url()));
            let key = NamedKey { name: "key-1".to_owned(), key: issuer.key.public() };
            other.serves("/elsewhere", &did_web_document(&issuer.did(), &key, &[]).unwrap());
            let did = issuer.did();
            let text = sign(&issuer.key, did.as_str(), &format!("{did}#key-1"), |draft| draft.issued_at -= i64::try_from(at).unwrap());
            holder.post(CREDENTIALS, json!({"credential": text})).await.is(201);
            assert_eq!(other.asked(), ["/elsewhere"]);
        }
    }

    async fn a_private_address_is_not_asked_unless_the_operator_opens_it(db: &Database) {
        let server = Server::start_with(db, |settings| settings.allow_networks.clear()).await;
        let holder = server.wallet("Acme").await.key(&["holder_credentials:change"]).await;
        let issuer = Issuer::start().await;
        issuer.publishes(&issuer.key);
        issuer.serves(METADATA, &json!({"issuer": issuer.url(), "jwks": issuer.jwks()}));
        refuses(&holder, &issuer.credential(), "issuer-unreachable").await;
        refuses(&holder, &issuer.credential_by_url(), "issuer-unreachable").await;
        for url in [issuer.url().replace("http://localhost", "https://127.0.0.1"), "https://169.254.169.254".to_owned()] {
            refuses(&holder, &sign(&issuer.key, &url, "key-1", |_| {}), "issuer-unreachable").await;
        }
        assert!(issuer.asked().is_empty());
    }

    async fn an_issuer_whose_keys_cannot_be_found_is_unknown(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.key(&["holder_credentials:change"]).await;
        for issuer in ["did:key:z6Mk", "http://example.org", "https://example.org?x", "urn:a", "did:web:192.0.2.1"] {
            refuses(&holder, &sign(&key(1), issuer, "key-1", |_| {}), "issuer-unknown").await;
        }
    }
}
