//! The Token Endpoint refuses whatever is not one open offer's code, once.

use serde_json::json;
use vc::openid4vci::Grants;

use crate::support::{Issuer, Server};

store::both_databases! {
    async fn a_code_is_exchanged_once(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let offered = acme.offer(json!({})).await;
        let holder = acme.holder(&offered);
        let first = holder.ask_token(&[]).await.is(200);
        assert_eq!((&first.json()["token_type"], &first.json()["expires_in"]), (&json!("Bearer"), &json!(600)));
        assert_eq!(first.header("pragma"), "no-cache");
        holder.ask_token(&[]).await.oauth_error(400, "invalid_grant");
        // The token of the first exchange is worth what it was.
        let request = holder.request(&holder.proof(&holder.nonce().await));
        holder.ask(&first.member("access_token"), request).await.is(200);
        holder.ask_token(&[]).await.oauth_error(400, "invalid_grant");
    }

    async fn an_expired_and_a_cancelled_offer_are_not_taken_up(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let (cancelled, expired) = (acme.offer(json!({})).await, acme.offer(json!({"expires_in": 60})).await);
        let path = format!("/api/v1/issuances/{}/cancel", cancelled["id"].as_str().unwrap());
        assert_eq!(acme.key.post(&path, json!({})).await.is(200).member("status"), "cancelled");
        acme.holder(&cancelled).ask_token(&[]).await.oauth_error(400, "invalid_grant");
        acme.key.post(&path, json!({})).await.problem(409, "offer-over");
        server.move_clock_to("2026-11-23T10:01:00Z");
        acme.holder(&expired).ask_token(&[]).await.oauth_error(400, "invalid_grant");
        assert_eq!(acme.status(expired["id"].as_str().unwrap()).await, "expired");
    }

    async fn a_wrong_transaction_code_ends_the_offer_at_the_fifth_try(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let offered = acme.offer(json!({"tx_code": "4711"})).await;
        let holder = acme.holder(&offered);
        for _ in 0..4 {
            holder.ask_token(&[("tx_code", "4712")]).await.oauth_error(400, "invalid_grant");
        }
        let id = offered["id"].as_str().unwrap();
        assert_eq!(acme.status(id).await, "offered");
        holder.ask_token(&[("tx_code", "47110")]).await.oauth_error(400, "invalid_grant");
        let now = acme.look(id).await;
        assert_eq!((&now["status"], &now["error"]), (&json!("error"), &json!("tx-code-tries")));
        holder.ask_token(&[("tx_code", "4711")]).await.oauth_error(400, "invalid_grant");
    }

    async fn four_wrong_codes_leave_the_offer_to_the_right_one(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let offered = acme.offer(json!({"tx_code": "4711"})).await;
        let holder = acme.holder(&offered);
        for _ in 0..4 {
            holder.ask_token(&[("tx_code", "0000")]).await.oauth_error(400, "invalid_grant");
        }
        holder.token(&[("tx_code", "4711")]).await;
    }

    async fn a_transaction_code_is_sent_exactly_where_one_is_asked_for(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let (with, without) = (acme.offer(json!({"tx_code": "4711"})).await, acme.offer(json!({})).await);
        acme.holder(&with).ask_token(&[]).await.oauth_error(400, "invalid_request");
        acme.holder(&without).ask_token(&[("tx_code", "4711")]).await.oauth_error(400, "invalid_request");
        // Neither of them cost a try.
        acme.holder(&with).token(&[("tx_code", "4711")]).await;
        acme.holder(&without).token(&[]).await;
    }

    async fn another_wallet_does_not_know_the_code(db: &Database) {
        let server = Server::start(db).await;
        let (acme, bolt) = (Issuer::open(&server, "Acme").await, Issuer::open(&server, "Bolt").await);
        let offered = acme.offer(json!({})).await;
        let form = [("grant_type", Grants::PRE_AUTHORIZED_CODE), ("pre-authorized_code", acme.holder(&offered).code())]
            .map(|(name, value)| (name, value.to_owned()));
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = server.anonymous().post_form(&bolt.path("openid4vci/token"), &form).await;
        answer.oauth_error(400, "invalid_grant");
        acme.holder(&offered).token(&[]).await;
    }

    async fn other_requests_are_refused_as_oauth_does(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let (nobody, path) = (server.anonymous(), acme.path("openid4vci/token"));
        let grant = ("grant_type", Grants::PRE_AUTHORIZED_CODE);
        nobody.post_form(&path, &[]).await.oauth_error(400, "invalid_request");
        nobody.post_form(&path, &[("grant_type", "client_credentials")]).await.oauth_error(400, "unsupported_grant_type");
        nobody.post_form(&path, &[grant]).await.oauth_error(400, "invalid_request");
        nobody.post_form(&path, &[grant, grant]).await.oauth_error(400, "invalid_request");
        nobody.post_form(&path, &[grant, ("pre-authorized_code", "x")]).await.oauth_error(400, "invalid_grant");
        nobody.post(&path, json!({"grant_type": Grants::PRE_AUTHORIZED_CODE})).await.oauth_error(400, "invalid_request");
    }
}
