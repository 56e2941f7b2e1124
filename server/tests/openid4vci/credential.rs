//! The Credential Endpoint refuses whatever is not the one request that an issuance waits for.

use serde_json::{Value, json};

use crate::support::{Issuer, Server};

store::both_databases! {
    async fn an_access_token_fetches_one_credential(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let offered = acme.offer(json!({})).await;
        let holder = acme.holder(&offered);
        let token = holder.token(&[]).await;
        holder.ask(&token, holder.request(&holder.proof(&holder.nonce().await))).await.is(200);
        let again = holder.ask(&token, holder.request(&holder.proof(&holder.nonce().await))).await;
        let again = again.oauth_error(401, "invalid_token");
        assert_eq!(again.header("www-authenticate"), r#"Bearer realm="claviger", error="invalid_token""#);
    }

    async fn an_access_token_is_presented_and_known_and_in_time(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let offered = acme.offer(json!({})).await;
        let holder = acme.holder(&offered);
        let token = holder.token(&[]).await;
        let request = holder.request(&holder.proof(&holder.nonce().await));
        let path = acme.path("openid4vci/credential");
        let nothing = holder.nobody.post(&path, request.clone()).await.oauth_error(401, "invalid_token");
        assert_eq!(nothing.header("www-authenticate"), r#"Bearer realm="claviger""#);
        for presented in ["x", "", &token[1..], holder.code()] {
            holder.ask(presented, request.clone()).await.oauth_error(401, "invalid_token");
        }
        let basic = holder.nobody.with("authorization", &format!("Basic {token}"));
        basic.post(&path, request).await.oauth_error(401, "invalid_token");
        server.move_clock_to("2026-11-23T10:10:00Z");
        let request = holder.request(&holder.proof(&holder.nonce().await));
        holder.ask(&token, request).await.oauth_error(401, "invalid_token");
        assert_eq!(acme.status(offered["id"].as_str().unwrap()).await, "expired");
    }

    async fn the_token_of_one_wallet_fetches_nothing_from_another(db: &Database) {
        let server = Server::start(db).await;
        let (acme, bolt) = (Issuer::open(&server, "Acme").await, Issuer::open(&server, "Bolt").await);
        let (offered, elsewhere) = (acme.offer(json!({})).await, bolt.offer(json!({})).await);
        let token = acme.holder(&offered).token(&[]).await;
        let holder = bolt.holder(&elsewhere);
        let request = holder.request(&holder.proof(&holder.nonce().await));
        holder.ask(&token, request).await.oauth_error(401, "invalid_token");
    }

    async fn the_credential_is_asked_for_by_its_configuration(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let other = Issuer::make_template(&acme.administrator, "Membership").await;
        let offered = acme.offer(json!({})).await;
        let holder = acme.holder(&offered);
        let token = holder.token(&[]).await;
        let request = holder.request(&holder.proof(&holder.nonce().await));
        let with = |member: &str, value: Value| {
            let mut request = request.clone();
            request[member] = value;
            request
        };
        for id in ["unknown", &other] {
            let request = with("credential_configuration_id", json!(id));
            holder.ask(&token, request).await.oauth_error(400, "unknown_credential_configuration");
        }
        let mut by_identifier = with("credential_identifier", json!("x"));
        holder.ask(&token, by_identifier.clone()).await.oauth_error(400, "invalid_credential_request");
        by_identifier.as_object_mut().unwrap().remove("credential_configuration_id");
        holder.ask(&token, by_identifier).await.oauth_error(400, "unknown_credential_identifier");
        let encrypted = with("credential_response_encryption", json!({"jwk": {}, "enc": "A128GCM"}));
        holder.ask(&token, encrypted).await.oauth_error(400, "invalid_encryption_parameters");
        for nonsense in [json!([]), json!({}), json!({"proofs": 1})] {
            holder.ask(&token, nonsense).await.oauth_error(400, "invalid_credential_request");
        }
        // Nothing of this cost the token.
        holder.ask(&token, with("unknown", json!(1))).await.is(200);
    }

    async fn what_the_credential_stands_on_may_be_gone_meanwhile(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let offered = acme.offer(json!({})).await;
        let holder = acme.holder(&offered);
        let token = holder.token(&[]).await;
        acme.administrator.delete(&format!("/api/v1/issuer-templates/{}", acme.template)).await.is(204);
        let request = holder.request(&holder.proof(&holder.nonce().await));
        holder.ask(&token, request.clone()).await.oauth_error(400, "credential_request_denied");
        let now = acme.look(offered["id"].as_str().unwrap()).await;
        assert_eq!((&now["status"], &now["error"]), (&json!("error"), &json!("template-deleted")));
        holder.ask(&token, request).await.oauth_error(401, "invalid_token");
    }

    async fn claims_that_do_not_fit_a_changed_template_are_not_issued(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let offered = acme.offer(json!({})).await;
        let holder = acme.holder(&offered);
        let token = holder.token(&[]).await;
        let claims = json!({"claims": [
            {"path": ["surname"], "label": "Surname", "type": "text", "mandatory": true, "selectively_disclosable": true},
        ]});
        acme.administrator.patch(&format!("/api/v1/issuer-templates/{}", acme.template), claims).await.is(200);
        let request = holder.request(&holder.proof(&holder.nonce().await));
        holder.ask(&token, request).await.oauth_error(400, "credential_request_denied");
        assert_eq!(acme.look(offered["id"].as_str().unwrap()).await["error"], "template-changed");
    }
}
