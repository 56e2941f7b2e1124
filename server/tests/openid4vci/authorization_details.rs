//! A holder that asks for a token by `authorization_details` gets an identifier, and asks for the credential by it
//! (OpenID4VCI 1.0 §6.1.1, §6.2, §8.2).

use serde_json::{Value, json};

use crate::support::{Holder, Issuer, Server};

fn detail(configuration: &str) -> Value {
    json!({"type": "openid_credential", "credential_configuration_id": configuration})
}

/// A request by this identifier.
async fn by_identifier(holder: &Holder<'_>, identifier: &Value) -> Value {
    let mut request = holder.request(&holder.proof(&holder.nonce().await));
    request.as_object_mut().unwrap().remove("credential_configuration_id");
    request["credential_identifier"] = identifier.clone();
    request
}

store::both_databases! {
    async fn the_token_response_names_the_credential_and_the_request_uses_that_name(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let offered = acme.offer(json!({})).await;
        let holder = acme.holder(&offered);
        let url = acme.url();
        let mut asked = detail(&acme.template);
        asked["locations"] = json!([url]);
        asked["claims"] = json!([{"path": ["given_name"]}]);
        let details = json!([asked, detail(&acme.template)]).to_string();
        let answer = holder.ask_token(&[("authorization_details", &details)]).await.is(200).json();
        let [granted] = answer["authorization_details"].as_array().unwrap().as_slice() else { panic!("{answer}") };
        let identifier = granted["credential_identifiers"][0].clone();
        let mut expected = detail(&acme.template);
        expected["credential_identifiers"] = json!([identifier]);
        assert_eq!(*granted, expected);
        let token = answer["access_token"].as_str().unwrap();

        let by_configuration = holder.request(&holder.proof(&holder.nonce().await));
        holder.ask(token, by_configuration.clone()).await.oauth_error(400, "invalid_credential_request");
        let mut both = by_configuration;
        both["credential_identifier"] = identifier.clone();
        holder.ask(token, both).await.oauth_error(400, "invalid_credential_request");
        let other = by_identifier(&holder, &json!("another")).await;
        holder.ask(token, other).await.oauth_error(400, "unknown_credential_identifier");
        holder.ask(token, by_identifier(&holder, &identifier).await).await.is(200);
    }

    async fn a_token_that_was_not_asked_for_by_details_knows_no_identifier(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let offered = acme.offer(json!({})).await;
        let holder = acme.holder(&offered);
        let answer = holder.ask_token(&[]).await.is(200).json();
        assert_eq!(answer["authorization_details"], Value::Null);
        let token = answer["access_token"].as_str().unwrap();
        let request = by_identifier(&holder, &offered["id"]).await;
        holder.ask(token, request.clone()).await.oauth_error(400, "unknown_credential_identifier");
        // What a token is for stands under the server's key.
        holder.ask(&format!("id.{token}"), request).await.oauth_error(401, "invalid_token");
        holder.ask(token, holder.request(&holder.proof(&holder.nonce().await))).await.is(200);
    }

    async fn details_that_the_offer_does_not_have_are_refused_and_cost_nothing(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let other = Issuer::make_template(&acme.administrator, "Membership").await;
        let offered = acme.offer(json!({"tx_code": "4711"})).await;
        let holder = acme.holder(&offered);
        let good = detail(&acme.template);
        let with = |member: &str, value: Value| {
            let mut changed = good.clone();
            changed[member] = value;
            json!([changed]).to_string()
        };
        let wrong = [
            with("credential_configuration_id", json!("unknown")),
            with("credential_configuration_id", json!(other)),
            with("credential_configuration_id", json!(7)),
            with("credential_configuration_id", Value::Null),
            with("type", json!("payment_initiation")),
            with("type", Value::Null),
            with("locations", json!(["https://other.example"])),
            with("locations", json!("x")),
            with("claims", json!({"given_name": {}})),
            with("format", json!("dc+sd-jwt")),
            json!([good, detail(&other)]).to_string(),
            json!([good, {"type": "payment_initiation"}]).to_string(),
            json!([["openid_credential", acme.template]]).to_string(),
            good.to_string(),
            "[]".to_owned(),
            "{".to_owned(),
            format!("[{}]", vec![good.to_string(); 1000].join(",")),
        ];
        for details in &wrong {
            let form = [("authorization_details", details.as_str()), ("tx_code", "4711")];
            let answer = holder.ask_token(&form).await;
            assert_eq!((answer.status, answer.member("error").as_str()), (400, "invalid_request"), "{details}");
        }
        let details = json!([good]).to_string();
        // A transaction code that is wrong counts as ever.
        let form = [("authorization_details", details.as_str()), ("tx_code", "0000")];
        holder.ask_token(&form).await.oauth_error(400, "invalid_grant");
        holder.ask_token(&[("authorization_details", &details), ("tx_code", "4711")]).await.is(200);
    }

    async fn the_authorization_server_tells_that_it_knows_such_details(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let path = format!("/.well-known/oauth-authorization-server/wallets/{}", acme.wallet.id);
        let metadata = server.anonymous().get(&path).await.is(200).json();
        assert_eq!(metadata["authorization_details_types_supported"], json!(["openid_credential"]));
    }
}
