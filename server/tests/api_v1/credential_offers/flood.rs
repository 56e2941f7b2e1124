//! Offers that strangers send in the name of a contact.

use serde_json::{Value, json};
use vc::openid4vci::OfferLink;

use super::{GRANT, OFFERS, identifier, push, trust};
use crate::support::{CredentialIssuer, Server};

/// How many may wait.
const MAX_WAITING: usize = 20;

/// An invented offer, with words of its sender.
fn invented(issuer: &CredentialIssuer, number: usize) -> String {
    let mut offer = issuer.offered(None);
    offer["grants"][GRANT] = json!({
        "pre-authorized_code": format!("invented {number}"),
        "tx_code": {"length": 6, "input_mode": "numeric", "description": "Call +1 555 0100 and pay first"},
    });
    issuer.link(&offer)
}

store::both_databases! {
    async fn few_offers_wait_under_a_contacts_name_and_the_audit_log_counts_them(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let holder = acme.administrator_key().await;
        identifier(&holder, "Main", "did:jwk").await;
        let issuer = CredentialIssuer::start().await;
        let contact = trust(&holder, &issuer).await;
        for number in 0..MAX_WAITING + 5 {
            let answer = push(&server, &acme, &invented(&issuer, number)).await;
            if number < MAX_WAITING {
                assert_eq!(answer.is(200).json(), json!({"status": "pending"}));
            } else {
                answer.oauth_error(400, "invalid_request");
            }
        }
        // Repeats are folded, also when there is no place left, and the contact is not asked for them.
        issuer.asked();
        for number in [0, 0, MAX_WAITING - 1] {
            assert_eq!(push(&server, &acme, &invented(&issuer, number)).await.is(200).json(), json!({"status": "pending"}));
        }
        push(&server, &acme, &invented(&issuer, 99)).await.oauth_error(400, "invalid_request");
        assert!(issuer.asked().is_empty(), "what has no place is not looked into");
        let offers = holder.get(&format!("{OFFERS}?limit=200")).await.is(200);
        assert_eq!(offers.column("id").len(), MAX_WAITING);
        assert!(offers.column("unconfirmed").iter().all(|unconfirmed| *unconfirmed == json!(true)));

        assert!(!holder.get("/api/v1/audit-events").await.text.contains("credential_offer."));
        claviger::serve::jobs::clean_up(&server.app).await.unwrap();
        claviger::serve::jobs::clean_up(&server.app).await.unwrap();
        let events = holder.get("/api/v1/audit-events?action=credential_offer.pushed").await.is(200).json();
        let [event] = events["items"].as_array().unwrap().as_slice() else { panic!("{events}") };
        assert_eq!((&event["target"]["id"], &event["target"]["name"]), (&json!(contact), &json!("Office")));
        assert_eq!((&event["detail"]["kept"], &event["detail"]["refused"]), (&json!(20), &json!(6)));
    }

    async fn the_words_of_a_stranger_are_not_shown_as_the_contacts(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let holder = acme.administrator_key().await;
        identifier(&holder, "Main", "did:jwk").await;
        let issuer = CredentialIssuer::start().await;
        trust(&holder, &issuer).await;
        push(&server, &acme, &invented(&issuer, 1)).await.is(200);
        let offers = holder.get(OFFERS).await.is(200);
        let offer = &offers.json()["items"][0];
        assert_eq!(offer["unconfirmed"], true);
        assert_eq!(offer["tx_code"], json!({"numeric": true, "length": 6, "description": null}));
        assert!(!offers.text.contains("555 0100"), "{}", offers.text);
        let path = format!("{OFFERS}/{}", offer["id"].as_str().unwrap());
        // The contact's server does not know the code: the offer stays unconfirmed and shows nothing.
        holder.post(&format!("{path}/accept"), json!({"tx_code": "123456"})).await.refuses(&[("tx_code", "refused")]);
        let again = holder.get(&path).await.is(200);
        assert_eq!((again.member("status").as_str(), &again.json()["unconfirmed"]), ("pending", &json!(true)));
        assert!(!again.text.contains("555 0100"));
    }

    async fn what_the_contact_itself_keeps_is_confirmed_and_has_a_place_of_its_own(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let holder = acme.administrator_key().await;
        identifier(&holder, "Main", "did:jwk").await;
        let issuer = CredentialIssuer::start().await;
        trust(&holder, &issuer).await;
        for number in 0..=MAX_WAITING {
            push(&server, &acme, &invented(&issuer, number)).await;
        }
        issuer.answers("/offers/own", 200, issuer.offered(Some("4711")));
        let link = OfferLink::ByReference(format!("{}/offers/own", issuer.url())).to_string();
        assert_eq!(push(&server, &acme, &link).await.is(200).json(), json!({"status": "pending"}));
        let all = holder.get(&format!("{OFFERS}?limit=200")).await.is(200).json();
        let confirmed: Vec<&Value> =
            all["items"].as_array().unwrap().iter().filter(|offer| offer["unconfirmed"] == false).collect();
        let [own] = confirmed.as_slice() else { panic!("{confirmed:?}") };
        assert_eq!(own["tx_code"]["description"], "By letter");
    }

    async fn a_redirect_on_the_contacts_origin_makes_no_offer_the_contacts(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let holder = acme.administrator_key().await;
        identifier(&holder, "Main", "did:jwk").await;
        let (issuer, stranger) = (CredentialIssuer::start().await, CredentialIssuer::with_key(13).await);
        trust(&holder, &issuer).await;
        stranger.answers("/offers/x", 200, issuer.offered(Some("1")));
        issuer.answers("/open-redirect", 302, format!("{}/offers/x", stranger.url()));
        let link = OfferLink::ByReference(format!("{}/open-redirect", issuer.url())).to_string();
        push(&server, &acme, &link).await.oauth_error(400, "invalid_request");
        assert!(stranger.asked().is_empty());
        assert_eq!(holder.get(OFFERS).await.is(200).json()["items"], json!([]));
    }

    async fn a_place_is_free_again_when_somebody_decided_or_the_time_is_over(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let holder = acme.administrator_key().await;
        identifier(&holder, "Main", "did:jwk").await;
        let issuer = CredentialIssuer::start().await;
        trust(&holder, &issuer).await;
        for number in 0..MAX_WAITING {
            push(&server, &acme, &invented(&issuer, number)).await.is(200);
        }
        let offers = holder.get(OFFERS).await.column("id");
        holder.post(&format!("{OFFERS}/{}/decline", offers[0].as_str().unwrap()), json!({})).await.is(200);
        push(&server, &acme, &invented(&issuer, 100)).await.is(200);
        push(&server, &acme, &invented(&issuer, 101)).await.oauth_error(400, "invalid_request");
        server.move_clock_to("2026-11-30T10:00:00Z");
        push(&server, &acme, &invented(&issuer, 102)).await.is(200);
        claviger::serve::jobs::clean_up(&server.app).await.unwrap();
        let left = holder.get(&format!("{OFFERS}?limit=200")).await.is(200);
        let mut statuses = left.column("status");
        statuses.sort_by_key(ToString::to_string);
        assert_eq!(statuses, ["declined", "pending"], "what was never confirmed is gone");
    }
}
