//! Offers of several credentials: what can be had is had, and the rest is told.

use serde_json::{Value, json};

use super::{OFFERS, identifier, receive};
use crate::support::{CredentialIssuer, Server, VCT, Verifier, key, membership};

const DIPLOMA: &str = "https://issuer.example/vct/diploma";

/// The configuration of another credential.
fn diploma() -> Value {
    json!({
        "format": "dc+sd-jwt",
        "vct": DIPLOMA,
        "cryptographic_binding_methods_supported": ["jwk"],
        "proof_types_supported": {"jwt": {"proof_signing_alg_values_supported": ["ES256"]}},
    })
}

fn offering(issuer: &CredentialIssuer, ids: &[&str]) -> String {
    let mut offer = issuer.offered(None);
    offer["credential_configuration_ids"] = json!(ids);
    issuer.link(&offer)
}

store::both_databases! {
    async fn of_an_offer_of_sd_jwt_vc_and_mdoc_the_sd_jwt_vc_is_received_and_the_rest_told(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        identifier(&holder, "Main", "did:jwk").await;
        let issuer = CredentialIssuer::start().await;
        let path = receive(&holder, &offering(&issuer, &["mdl", "membership", "missing"])).await.header("location").to_owned();
        let pending = holder.get(&path).await.is(200).json();
        assert_eq!(pending["status"], "pending");
        let reasons = |offer: &Value| {
            let reasons: Vec<String> = offer["credentials"].as_array().unwrap().iter()
                .map(|credential| credential["reason"].as_str().unwrap_or_default().to_owned()).collect();
            reasons
        };
        assert!(reasons(&pending)[0].contains("mso_mdoc") && reasons(&pending)[2].contains("does not describe it"));
        let received = holder.post(&format!("{path}/accept"), json!({})).await.is(200).json();
        assert_eq!(received["status"], "received");
        assert_eq!(received["credentials"][1]["received"], received["received"][0]);
        assert_eq!(received["received"].as_array().unwrap().len(), 1);
        assert!(received["reason"].as_str().unwrap().contains("mdl: its format is mso_mdoc"), "{received}");
        assert_eq!(holder.get("/api/v1/credentials").await.column("vct"), [VCT]);
    }

    async fn one_bad_credential_does_not_lose_the_good_ones(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        identifier(&holder, "Main", "did:jwk").await;
        for (at, bad) in ["garbage", "of another", "expired"].into_iter().enumerate() {
            let issuer = CredentialIssuer::start().await;
            issuer.delivers(move |holder| membership(&key(11), holder, |draft| draft.claims["level"] = json!(at)));
            issuer.also_offers("diploma", diploma(), move |holder| match bad {
                "garbage" => "garbage".to_owned(),
                "of another" => membership(&key(11), &key(99).public(), |draft| draft.vct = DIPLOMA),
                _ => membership(&key(11), holder, |draft| {
                    (draft.vct, draft.issued_at, draft.valid_until) = (DIPLOMA, 1_700_000_000, Some(1_700_000_001));
                }),
            });
            for ids in [["diploma", "membership"]] {
                let made = holder.post(OFFERS, json!({"offer": offering(&issuer, &ids), "accept": true})).await.is(201).json();
                assert_eq!(made["status"], "received", "{made}");
                assert_eq!(made["received"].as_array().unwrap().len(), 1);
                let reason = made["credentials"][0]["reason"].as_str().unwrap();
                assert!(reason.starts_with("the credential was refused"), "{reason}");
                assert_eq!(made["credentials"][1]["reason"], json!(null));
            }
        }
        assert_eq!(holder.get("/api/v1/credentials").await.column("vct"), [VCT, VCT, VCT]);
    }

    async fn an_offer_of_which_nothing_could_be_had_has_failed_with_every_reason(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        identifier(&holder, "Main", "did:jwk").await;
        let issuer = CredentialIssuer::start().await;
        issuer.delivers(|_| "garbage".to_owned());
        issuer.also_offers("diploma", diploma(), |holder| membership(&key(11), holder, |_| {}));
        let offer = offering(&issuer, &["membership", "diploma"]);
        let failed = holder.post(OFFERS, json!({"offer": offer, "accept": true})).await.is(201);
        assert_eq!(failed.member("status"), "failed");
        let reason = failed.member("reason");
        assert!(reason.contains("membership: the credential") && reason.contains("diploma: the credential"), "{reason}");
    }

    async fn a_credential_whose_time_has_not_come_is_held_and_presented_when_it_has(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        identifier(&holder, "Main", "did:jwk").await;
        let (issuer, verifier) = (CredentialIssuer::start().await, Verifier::start().await);
        issuer.delivers(|holder| membership(&key(11), holder, |draft| draft.valid_from = Some(1_795_428_000 + 1800)));
        let made = holder.post(OFFERS, json!({"offer": issuer.offer(), "accept": true})).await.is(201);
        assert_eq!(made.member("status"), "received", "{}", made.text);
        let list = async |status: &str| {
            holder.get(&format!("/api/v1/credentials?status={status}")).await.is(200).column("status")
        };
        assert_eq!(list("not_yet_valid").await, ["not_yet_valid"]);
        assert_eq!((list("valid").await.len(), list("expired").await.len()), (0, 0));
        let query = json!({"credentials": [{"id": "m", "format": "dc+sd-jwt", "meta": {"vct_values": [VCT]}}]});
        let asked = holder.post("/api/v1/presentations", json!({"request": verifier.asks(&query)})).await.is(201);
        let path = asked.header("location").to_owned();
        assert_eq!(holder.get(&path).await.json()["credentials"][0]["matches"], json!([]));
        holder.post(&format!("{path}/send"), json!({})).await.refuses(&[("credentials", "incomplete")]);
        server.move_clock_to("2026-11-23T10:30:00Z");
        assert_eq!((list("valid").await, list("not_yet_valid").await.len()), (vec![json!("valid")], 0));
        assert_eq!(holder.post(&format!("{path}/send"), json!({})).await.is(200).member("status"), "sent");
    }
}
