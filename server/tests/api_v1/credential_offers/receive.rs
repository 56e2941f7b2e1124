//! `POST /api/v1/credential-offers`, the list, and what is not accepted.

use serde_json::json;

use super::{OFFERS, receive};
use crate::support::{CredentialIssuer, Server, VCT};

store::both_databases! {
    async fn an_offer_says_who_offers_what(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.key(&["holder_credentials:change"]).await;
        let issuer = CredentialIssuer::start().await;
        let made = receive(&holder, &issuer.offer_with_tx_code("4711")).await;
        let id = made.member("id");
        assert_eq!(made.header("location"), format!("{OFFERS}/{id}"));
        assert_eq!(made.json(), json!({
            "id": id,
            "status": "pending",
            "reason": null,
            "credential_issuer": issuer.url(),
            "issuer_name": "Membership Office",
            "credentials": [{
                "configuration_id": "membership", "vct": VCT, "name": "Membership", "reason": null, "received": null,
            }],
            "tx_code": {"numeric": true, "length": 4, "description": "By letter"},
            "contact": null,
            "unconfirmed": false,
            "identifier": null,
            "received": [],
            "created_at": "2026-11-23T10:00:00Z",
            "expires_at": "2026-11-30T10:00:00Z",
        }));
        assert_eq!(holder.get(made.header("location")).await.is(200).json(), made.json());
        assert_eq!(issuer.asked(), ["GET /.well-known/openid-credential-issuer", "GET /.well-known/oauth-authorization-server"]);
    }

    async fn an_offer_by_reference_is_fetched(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.key(&["holder_credentials:change"]).await;
        let issuer = CredentialIssuer::start().await;
        let made = receive(&holder, &issuer.offer_by_reference()).await;
        assert_eq!(made.member("credential_issuer"), issuer.url());
        assert_eq!(issuer.asked(), [
            "GET /offers/offer-1",
            "GET /.well-known/openid-credential-issuer",
            "GET /.well-known/oauth-authorization-server",
        ]);
    }

    async fn links_of_other_schemes_in_use_and_of_wallets_pages_are_read_too(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.key(&["holder_credentials:change"]).await;
        let issuer = CredentialIssuer::start().await;
        for address in ["https://wallet.example/offer", "haip-vci://", "eudi-openid4ci://"] {
            let link = issuer.offer().replace("openid-credential-offer://", address);
            assert_eq!(receive(&holder, &format!(" {link}\n")).await.member("status"), "pending");
        }
        let request = json!({"offer": "openid4vp://?client_id=a&request_uri=https%3A%2F%2Fa.example"});
        assert!(holder.post(OFFERS, request).await.is(422).text.contains("request of a verifier"));
    }

    async fn the_same_offer_comes_once(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.key(&["holder_credentials:change"]).await;
        let issuer = CredentialIssuer::start().await;
        let offer = issuer.offer();
        let made = receive(&holder, &offer).await;
        let again = holder.post(OFFERS, json!({"offer": offer})).await.problem(409, "already-received");
        assert_eq!(again.refused(), ["offer: already-received"]);
        holder.post(&format!("{OFFERS}/{}/decline", made.member("id")), json!({})).await.is(200);
        receive(&holder, &offer).await;
        let other = server.wallet("Bolt").await.key(&["holder_credentials:change"]).await;
        receive(&other, &offer).await;
    }

    async fn the_list_shows_the_newest_first_by_status_and_by_name(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.key(&["holder_credentials:change"]).await;
        let issuer = CredentialIssuer::start().await;
        let first = receive(&holder, &issuer.offer()).await.member("id");
        server.move_clock_to("2026-11-24T10:00:00Z");
        let second = receive(&holder, &issuer.offer()).await.member("id");
        server.move_clock_to("2026-11-24T10:00:01Z");
        issuer.describes(|metadata| metadata["display"][0]["name"] = json!("Harbour"));
        let third = receive(&holder, &issuer.offer()).await.member("id");
        holder.post(&format!("{OFFERS}/{second}/decline"), json!({})).await.is(200);
        let ids = async |query: &str| holder.get(&format!("{OFFERS}?{query}")).await.is(200).column("id");
        assert_eq!(ids("").await, [third.as_str(), &second, &first]);
        assert_eq!(ids("sort=created_at").await, [first.as_str(), &second, &third]);
        assert_eq!(ids("q=HARB").await, [third.as_str()]);
        assert_eq!(ids("status=declined").await, [second.as_str()]);
        assert_eq!(ids("status=pending").await, [third.as_str(), &first]);
        server.move_clock_to("2026-11-30T10:00:00Z");
        assert_eq!(ids("status=pending").await, [third.as_str()]);
        assert_eq!(ids("status=expired").await, [first.as_str()]);
        assert_eq!(holder.get(&format!("{OFFERS}/{first}")).await.is(200).member("status"), "expired");
        assert_eq!(ids("limit=2").await, [third.as_str(), &second]);
    }

    async fn an_offer_that_is_over_is_neither_accepted_nor_declined_and_its_code_is_forgotten(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        super::identifier(&holder, "Main", "did:jwk").await;
        let issuer = CredentialIssuer::start().await;
        let path = receive(&holder, &issuer.offer()).await.header("location").to_owned();
        server.move_clock_to("2026-11-30T10:00:00Z");
        issuer.asked();
        for verb in ["accept", "decline"] {
            holder.post(&format!("{path}/{verb}"), json!({})).await.problem(409, "offer-closed");
        }
        assert!(issuer.asked().is_empty());
        claviger::serve::jobs::clean_up(&server.app).await.unwrap();
        assert_eq!(holder.get(&path).await.is(200).member("status"), "expired");
    }

    async fn a_declined_offer_stays_declined_and_a_deleted_one_is_gone(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        super::identifier(&holder, "Main", "did:jwk").await;
        let issuer = CredentialIssuer::start().await;
        let path = receive(&holder, &issuer.offer()).await.header("location").to_owned();
        assert_eq!(holder.post(&format!("{path}/decline"), json!({})).await.is(200).member("status"), "declined");
        for verb in ["accept", "decline"] {
            holder.post(&format!("{path}/{verb}"), json!({})).await.problem(409, "offer-closed");
        }
        holder.delete(&path).await.is(204);
        holder.delete(&path).await.problem(404, "not-found");
        holder.get(&path).await.problem(404, "not-found");
    }

    async fn what_is_no_offer_that_can_be_accepted_is_refused_with_its_reason(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.key(&["holder_credentials:change"]).await;
        let issuer = CredentialIssuer::start().await;
        let changed = |change: &dyn Fn(&mut serde_json::Value)| {
            let mut offer = issuer.offered(None);
            change(&mut offer);
            issuer.link(&offer)
        };
        for (offer, code) in [
            (String::new(), "invalid"),
            ("https://wallet.example/offer".to_owned(), "invalid"),
            ("openid-credential-offer://?credential_offer=%7B%7D".to_owned(), "invalid"),
            ("openid-credential-offer://?credential_offer_uri=http%3A%2F%2F10.0.0.1%2Fo".to_owned(), "issuer-unreachable"),
            (changed(&|offer| offer["grants"] = json!({"authorization_code": {}})), "unsupported"),
            (changed(&|offer| offer["credential_issuer"] = json!("https://localhost:1/x")), "issuer-unreachable"),
            (changed(&|offer| offer["credential_issuer"] = json!(format!("{}/", issuer.url()))), "issuer-invalid"),
            (changed(&|offer| offer["credential_configuration_ids"] = json!(["other"])), "issuer-invalid"),
            (changed(&|offer| offer["credential_configuration_ids"] = json!(["mdl"])), "unsupported"),
        ] {
            let refused = holder.post(OFFERS, json!({"offer": offer})).await.refuses(&[("offer", code)]);
            let says_what_to_do = ["paste", "ask the issuer", "tell the issuer"].iter().any(|advice| refused.text.contains(advice));
            assert!(says_what_to_do, "{}", refused.text);
        }
        let unknown = json!({"offer": issuer.offer(), "identifier": "01900000-0000-7000-8000-000000000000"});
        holder.post(OFFERS, unknown).await.refuses(&[("identifier", "unknown")]);
        assert_eq!(holder.get(OFFERS).await.is(200).json()["items"], json!([]));
    }
}
