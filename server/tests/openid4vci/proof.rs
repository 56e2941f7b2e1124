//! A key proof is made for this issuer, now, in answer to one of its nonces, by the key that it names.

use serde_json::{Map, Value, json};
use vc::jws;
use vc::keys::SigningKey;
use vc::openid4vci::{KeyProof, KeyProofDraft};

use crate::support::{Holder, Issuer, Server, now};

const TYP: &str = "openid4vci-proof+jwt";

fn map(json: Value) -> Map<String, Value> {
    json.as_object().unwrap().clone()
}

/// A proof by the holder's key whose type and claims are these.
fn signed(holder: &Holder<'_>, typ: &str, claims: Value) -> String {
    jws::sign(&holder.key, typ, map(json!({"jwk": holder.key.public()})), &map(claims))
}

store::both_databases! {
    async fn a_wrong_proof_is_refused_for_its_reason_and_costs_nothing(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let offered = acme.offer(json!({})).await;
        let holder = acme.holder(&offered);
        let token = holder.token(&[]).await;
        let nonce = holder.nonce().await;
        let url = acme.url();
        let good = json!({"aud": url, "iat": now(), "nonce": nonce});
        let with = |member: &str, value: Value| {
            let mut claims = good.clone();
            claims[member] = value;
            claims
        };
        let other = SigningKey::from_secret_bytes(&[12; 32]).unwrap();
        let forged = jws::sign(&other, TYP, map(json!({"jwk": holder.key.public()})), &map(good.clone()));
        let wrong = [
            ("another key signed it", forged, "invalid_proof"),
            ("for another issuer", signed(&holder, TYP, with("aud", json!("https://other.example"))), "invalid_proof"),
            ("of another type", signed(&holder, "JWT", good.clone()), "invalid_proof"),
            ("made too long ago", signed(&holder, TYP, with("iat", json!(now() - 301))), "invalid_proof"),
            ("made in the future", signed(&holder, TYP, with("iat", json!(now() + 61))), "invalid_proof"),
            ("without a time", signed(&holder, TYP, with("iat", Value::Null)), "invalid_proof"),
            ("without a nonce", signed(&holder, TYP, with("nonce", Value::Null)), "invalid_proof"),
            ("with a nonce of its own", signed(&holder, TYP, with("nonce", json!("guess"))), "invalid_nonce"),
            ("no JWT", "a.b.c".to_owned(), "invalid_proof"),
        ];
        for (why, proof, code) in wrong {
            let answer = holder.ask(&token, holder.request(&proof)).await;
            assert_eq!((answer.status, answer.member("error").as_str()), (400, code), "{why}: {}", answer.text);
        }
        holder.ask(&token, holder.request(&signed(&holder, TYP, good))).await.is(200);
    }

    async fn there_is_one_proof_and_it_is_a_jwt(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let offered = acme.offer(json!({})).await;
        let holder = acme.holder(&offered);
        let token = holder.token(&[]).await;
        let proof = holder.proof(&holder.nonce().await);
        let with = |proofs: Value| {
            let mut request = holder.request(&proof);
            request["proofs"] = proofs;
            request
        };
        for proofs in [Value::Null, json!({}), json!({"di_vp": [{}]}), json!({"jwt": [proof], "attestation": ["x"]})] {
            holder.ask(&token, with(proofs)).await.oauth_error(400, "invalid_proof");
        }
        let batch = with(json!({"jwt": [proof, proof]}));
        holder.ask(&token, batch).await.oauth_error(400, "invalid_credential_request");
        holder.ask(&token, holder.request(&proof)).await.is(200);
    }

    async fn a_nonce_is_used_once_and_in_time_and_where_it_was_given(db: &Database) {
        let server = Server::start(db).await;
        let (acme, bolt) = (Issuer::open(&server, "Acme").await, Issuer::open(&server, "Bolt").await);
        let (first, second) = (acme.offer(json!({})).await, acme.offer(json!({})).await);
        let elsewhere = bolt.offer(json!({})).await;
        let nonce = acme.holder(&first).nonce().await;
        let (first, second, elsewhere) = (acme.holder(&first), acme.holder(&second), bolt.holder(&elsewhere));
        let (token, other) = (second.token(&[]).await, elsewhere.token(&[]).await);
        first.ask(&first.token(&[]).await, first.request(&first.proof(&nonce))).await.is(200);
        second.ask(&token, second.request(&second.proof(&nonce))).await.oauth_error(400, "invalid_nonce");
        let nonce = second.nonce().await;
        elsewhere.ask(&other, elsewhere.request(&elsewhere.proof(&nonce))).await.oauth_error(400, "invalid_nonce");
        server.move_clock_to("2026-11-23T10:05:00Z");
        second.ask(&token, second.request(&second.proof(&nonce))).await.oauth_error(400, "invalid_nonce");
        second.ask(&token, second.request(&second.proof(&second.nonce().await))).await.is(200);
    }

    async fn a_proof_by_a_did_is_signed_by_a_key_of_it(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let offered = acme.offer(json!({})).await;
        let holder = acme.holder(&offered);
        let token = holder.token(&[]).await;
        let (url, nonce) = (acme.url(), holder.nonce().await);
        let draft = KeyProofDraft { audience: &url, nonce: Some(&nonce), issued_at: now(), kid: Some("did:web:localhost#key") };
        let unreachable = KeyProof::make(&draft, &holder.key);
        holder.ask(&token, holder.request(&unreachable)).await.oauth_error(400, "invalid_proof");
        let other = SigningKey::from_secret_bytes(&[12; 32]).unwrap();
        let did = vc::did::did_jwk(&holder.key.public());
        let kid = vc::did::did_jwk_key_id(&did);
        let forged = KeyProof::make(&KeyProofDraft { kid: Some(&kid), ..draft }, &other);
        holder.ask(&token, holder.request(&forged)).await.oauth_error(400, "invalid_proof");
    }
}
