//! `GET /wallets/{id}/openid4vci/credential-offer`: what trusted contacts push, and what nobody else does.

use serde_json::{Value, json};
use vc::did::did_jwk;

use super::{OFFERS, identifier, push, trust};
use crate::support::{CredentialIssuer, Server, key, membership};

store::both_databases! {
    async fn what_a_trusted_contact_pushes_is_received_unattended(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let holder = acme.administrator_key().await;
        identifier(&holder, "Main", "did:jwk").await;
        let issuer = CredentialIssuer::start().await;
        let contact = trust(&holder, &issuer).await;
        for (number, offer) in [issuer.offer(), issuer.offer_by_reference()].into_iter().enumerate() {
            issuer.delivers(move |holder| membership(&key(11), holder, |draft| draft.claims["level"] = json!(number)));
            let told = push(&server, &acme, &offer).await.is(200);
            assert_eq!(told.json(), json!({"status": "received"}));
        }
        let offers = holder.get(OFFERS).await.is(200);
        assert_eq!(offers.column("status"), ["received", "received"]);
        assert_eq!(offers.column("contact"), [contact.as_str(), &contact]);
        assert_eq!(holder.get("/api/v1/credentials").await.column("issuer"), [issuer.did().to_string(), issuer.did().to_string()]);
        let events = holder.get("/api/v1/audit-events?action=credential.received").await.is(200);
        assert_eq!(events.json()["items"][0]["actor"]["kind"], "server");
    }

    async fn for_who_is_no_contact_nothing_is_fetched_and_nothing_is_stored(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let holder = acme.administrator_key().await;
        identifier(&holder, "Main", "did:jwk").await;
        let (issuer, contact) = (CredentialIssuer::start().await, CredentialIssuer::with_key(13).await);
        // A contact whose credential issuer nobody has named may not push either.
        holder.post("/api/v1/trusted-contacts", json!({"name": "a", "did": issuer.did()})).await.is(201);
        trust(&holder, &contact).await;
        for offer in [issuer.offer(), issuer.offer_by_reference(), issuer.offer_with_tx_code("1")] {
            push(&server, &acme, &offer).await.oauth_error(400, "invalid_request");
        }
        // An offer of the contact that somebody else keeps is not the contact's.
        let kept = issuer.offer_by_reference();
        push(&server, &acme, &kept).await.oauth_error(400, "invalid_request");
        assert!(issuer.asked().is_empty() && contact.asked().is_empty());
        // Nor is one of somebody else's that the contact keeps.
        let mut foreign = contact.offered(None);
        foreign["credential_issuer"] = json!(issuer.url());
        contact.answers("/offers/foreign", 200, foreign);
        let link = vc::openid4vci::OfferLink::ByReference(format!("{}/offers/foreign", contact.url())).to_string();
        push(&server, &acme, &link).await.oauth_error(400, "invalid_request");
        assert!(issuer.asked().is_empty());
        assert_eq!(holder.get(OFFERS).await.is(200).json()["items"], json!([]));
        assert!(!holder.get("/api/v1/audit-events").await.text.contains("credential_offer."));
    }

    async fn a_forged_issuer_in_a_push_is_refused_and_told(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let holder = acme.administrator_key().await;
        identifier(&holder, "Main", "did:jwk").await;
        let issuer = CredentialIssuer::start().await;
        trust(&holder, &issuer).await;
        // It says that somebody else issued it, and somebody else did.
        issuer.delivers(|holder| membership(&key(12), holder, |_| {}));
        assert_eq!(push(&server, &acme, &issuer.offer()).await.is(200).json(), json!({"status": "failed"}));
        // It says that the contact issued it, and somebody else did.
        issuer.delivers(|holder| {
            let did = did_jwk(&key(11).public());
            let text = membership(&key(12), holder, |_| {});
            let payload = text.split('.').nth(1).unwrap().to_owned();
            let claims: Value = decode(&payload);
            let mut claims = claims.as_object().unwrap().clone();
            claims.insert("iss".to_owned(), json!(did));
            let signed = vc::jws::sign(&key(12), "dc+sd-jwt", vc::jws::kid(&format!("{did}#0")), &claims);
            let disclosures = text.split_once('~').unwrap().1;
            format!("{signed}~{disclosures}")
        });
        assert_eq!(push(&server, &acme, &issuer.offer()).await.is(200).json(), json!({"status": "failed"}));
        let offers = holder.get(OFFERS).await.is(200);
        let reasons: Vec<String> = offers.column("reason").iter().map(|reason| reason.as_str().unwrap().to_owned()).collect();
        for expected in ["no key that", "but it came from"] {
            assert!(reasons.iter().any(|reason| reason.contains(expected)), "{reasons:?}");
        }
        assert_eq!(holder.get("/api/v1/credentials").await.is(200).json()["items"], json!([]));
    }

    async fn a_code_that_the_contact_does_not_know_leaves_no_trace(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let holder = acme.administrator_key().await;
        identifier(&holder, "Main", "did:jwk").await;
        let issuer = CredentialIssuer::start().await;
        trust(&holder, &issuer).await;
        let mut offer = issuer.offered(None);
        offer["grants"]["urn:ietf:params:oauth:grant-type:pre-authorized_code"]["pre-authorized_code"] = json!("invented");
        push(&server, &acme, &issuer.link(&offer)).await.oauth_error(400, "invalid_request");
        assert_eq!(holder.get(OFFERS).await.is(200).json()["items"], json!([]));
        assert!(!holder.get("/api/v1/audit-events").await.text.contains("credential_offer."));
    }

    async fn a_push_is_taken_once(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let holder = acme.administrator_key().await;
        identifier(&holder, "Main", "did:jwk").await;
        let issuer = CredentialIssuer::start().await;
        trust(&holder, &issuer).await;
        let offer = issuer.offer();
        let first = push(&server, &acme, &offer).await.is(200).json();
        issuer.asked();
        assert_eq!(push(&server, &acme, &offer).await.is(200).json(), first, "a repeat is answered as the first was");
        assert!(issuer.asked().is_empty());
        assert_eq!(holder.get(OFFERS).await.column("status"), ["received"]);
    }

    async fn a_pushed_offer_with_a_transaction_code_waits_for_somebody_who_knows_it(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let holder = acme.administrator_key().await;
        let issuer = CredentialIssuer::start().await;
        let contact = trust(&holder, &issuer).await;
        // So does any offer while the wallet has no identifier.
        assert_eq!(push(&server, &acme, &issuer.offer()).await.is(200).json(), json!({"status": "pending"}));
        server.move_clock_to("2026-11-23T10:00:01Z");
        let waiting = push(&server, &acme, &issuer.offer_with_tx_code("4711")).await.is(200);
        assert_eq!(waiting.json(), json!({"status": "pending"}));
        identifier(&holder, "Main", "did:jwk").await;
        let offers = holder.get(&format!("{OFFERS}?status=pending")).await.is(200);
        assert_eq!(offers.column("unconfirmed"), [true, true]);
        assert_eq!(offers.column("contact"), [contact.as_str(), &contact]);
        let id = offers.column("id")[0].as_str().unwrap().to_owned();
        let accepted = holder.post(&format!("{OFFERS}/{id}/accept"), json!({"tx_code": "4711"})).await.is(200);
        assert_eq!(accepted.member("status"), "received");
        assert_eq!(accepted.json()["unconfirmed"], false, "its server has taken the code");
    }

    async fn what_is_no_push_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let issuer = CredentialIssuer::start().await;
        for query in ["?", "?credential_offer=x", "?credential_offer=%7B%7D&credential_offer_uri=https%3A%2F%2Fa.example"] {
            push(&server, &acme, query).await.oauth_error(400, "invalid_request");
        }
        let link = issuer.offer();
        let nowhere = format!("/wallets/01900000-0000-7000-8000-000000000000/openid4vci/credential-offer?{}", link.split_once('?').unwrap().1);
        server.anonymous().get(&nowhere).await.problem(404, "not-found");
        server.anonymous().get("/wallets/x/openid4vci/credential-offer").await.problem(404, "not-found");
    }
}

fn decode(part: &str) -> Value {
    use base64::Engine as _;
    serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}
