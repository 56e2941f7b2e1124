//! What the issuer's metadata tells is judged before anything of an offer is used up.

use serde_json::{Value, json};

use super::{GRANT, OFFERS, identifier, receive};
use crate::support::{Actor, CredentialIssuer, Server};

/// The offer is refused when it comes, with this code and this reason, and its code was not sent.
async fn refused(holder: &Actor, issuer: &CredentialIssuer, offer: &Value, code: &str, reason: &str) {
    issuer.asked();
    let answer = holder.post(OFFERS, json!({"offer": issuer.link(offer), "accept": true})).await;
    assert!(answer.text.contains(reason), "{reason}: {}", answer.text);
    answer.refuses(&[("offer", code)]);
    assert!(!issuer.asked().iter().any(|asked| asked.starts_with("POST")), "{reason}");
}

/// Makes metadata say something else.
type Edit<'a> = &'a dyn Fn(&mut Value);

store::both_databases! {
    async fn what_this_wallet_cannot_do_is_told_before_the_code_is_used(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        identifier(&holder, "Main", "did:jwk").await;
        let issuer = CredentialIssuer::start().await;
        let metadata = |change: &dyn Fn(&mut Value)| {
            let mut changed = Value::Null;
            issuer.describes(|metadata| changed = metadata.clone());
            change(&mut changed);
            issuer.answers("/.well-known/openid-credential-issuer", 200, changed);
        };
        let cases: [(Edit<'_>, &str); 8] = [
            (&|it| it["credential_signing_alg_values_supported"] = json!(["ES384", "RS256"]), "signs it with ES384, RS256"),
            (&|it| it["cryptographic_binding_methods_supported"] = json!(["did:key"]), "binds it to keys as did:key"),
            (&|it| it["proof_types_supported"] = json!({"di_vp": {"proof_signing_alg_values_supported": ["x"]}}), "proven as di_vp"),
            (&|it| it["proof_types_supported"]["jwt"]["proof_signing_alg_values_supported"] = json!(["EdDSA"]), "proven with EdDSA"),
            (&|it| it["proof_types_supported"]["jwt"]["key_attestations_required"] = json!({}), "attestation of the key"),
            (&|it| it["format"] = json!("jwt_vc_json"), "its format is jwt_vc_json"),
            (&|it| it["format"] = json!(7), "`format` is missing or malformed"),
            (&|it| it["proof_types_supported"] = json!([]), "`proof_types_supported` is missing or malformed"),
        ];
        for (change, reason) in cases {
            metadata(&|all| change(&mut all["credential_configurations_supported"]["membership"]));
            let code = if reason.contains("malformed") { "issuer-invalid" } else { "unsupported" };
            refused(&holder, &issuer, &issuer.offered(None), code, reason).await;
        }
        for (member, reason) in [
            ("credential_response_encryption", "gives encrypted answers only"),
            ("credential_request_encryption", "takes encrypted requests only"),
        ] {
            metadata(&|all| all[member] = json!({"encryption_required": true, "enc_values_supported": ["A128GCM"]}));
            refused(&holder, &issuer, &issuer.offered(None), "unsupported", reason).await;
            metadata(&|all| all[member] = json!({"encryption_required": false, "enc_values_supported": ["A128GCM"]}));
            receive(&holder, &issuer.offer()).await;
        }
        for (member, value) in [("credential_endpoint", json!(5)), ("nonce_endpoint", json!([])), ("credential_endpoint", json!(null))] {
            metadata(&|all| all[member] = value.clone());
            let reason = format!("`{member}` is missing or malformed");
            refused(&holder, &issuer, &issuer.offered(None), "issuer-invalid", &reason).await;
        }
        metadata(&|_| {});
        let mut long = issuer.offered(Some("1"));
        long["grants"][GRANT]["tx_code"]["length"] = json!(500);
        refused(&holder, &issuer, &long, "unsupported", "transaction code of 500 characters").await;
    }

    async fn one_bad_unrelated_part_of_the_metadata_never_stops_an_offer(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        identifier(&holder, "Main", "did:jwk").await;
        for (at, rubbish) in [json!({"format": 5}), json!(null), json!("x"), json!([1])].into_iter().enumerate() {
            let issuer = CredentialIssuer::start().await;
            issuer.describes(|metadata| {
                metadata["credential_configurations_supported"]["other"] = rubbish.clone();
                metadata["display"] = rubbish.clone();
                metadata["batch_credential_issuance"] = rubbish.clone();
                let membership = &mut metadata["credential_configurations_supported"]["membership"];
                membership["credential_metadata"] = rubbish.clone();
                membership["scope"] = rubbish.clone();
            });
            issuer.answers("/.well-known/oauth-authorization-server", 200, json!({
                "issuer": issuer.url(), "token_endpoint": format!("{}/token", issuer.url()),
                "grant_types_supported": null, "jwks_uri": rubbish, "response_types_supported": rubbish,
            }));
            issuer.answers("/token", 200, json!({
                "access_token": "token of code-", "token_type": "bearer", "expires_in": "3600", "authorization_details": rubbish,
            }));
            issuer.delivers(move |holder| crate::support::membership(&crate::support::key(11), holder, |draft| {
                draft.claims["level"] = json!(at);
            }));
            let made = holder.post(OFFERS, json!({"offer": issuer.offer(), "accept": true})).await.is(201);
            assert_eq!(made.member("status"), "received", "{rubbish}: {}", made.text);
            assert_eq!(made.json()["issuer_name"], json!(null));
        }
    }

    async fn of_several_authorization_servers_the_one_that_fits_is_asked(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        identifier(&holder, "Main", "did:jwk").await;
        let says = |server: &CredentialIssuer, grants: Value| {
            let token_endpoint = format!("{}/token", server.url());
            let document = json!({"issuer": server.url(), "token_endpoint": token_endpoint, "grant_types_supported": grants});
            server.answers("/.well-known/oauth-authorization-server", 200, document);
        };
        let (issuer, sign_in, silent) =
            (CredentialIssuer::start().await, CredentialIssuer::start().await, CredentialIssuer::start().await);
        let servers = json!(["https://10.0.0.1", 5, sign_in.url(), silent.url(), issuer.url()]);
        issuer.describes(|metadata| metadata["authorization_servers"] = servers);
        says(&sign_in, json!(["authorization_code"]));
        says(&issuer, json!(["authorization_code", GRANT]));
        // That one says so goes before that another says nothing.
        let made = holder.post(OFFERS, json!({"offer": issuer.offer(), "accept": true})).await.is(201);
        assert_eq!(made.member("status"), "received", "{}", made.text);
        assert!(!sign_in.asked().iter().chain(&silent.asked()).any(|asked| asked.starts_with("POST")));
        // Where none says so, one that says nothing is asked.
        issuer.describes(|metadata| metadata["authorization_servers"] = json!([sign_in.url(), silent.url()]));
        let failed = holder.post(OFFERS, json!({"offer": issuer.offer(), "accept": true})).await.is(201);
        assert!(failed.member("reason").contains("does not accept the code"), "{}", failed.text);
        assert!(silent.asked().contains(&"POST /token".to_owned()));
        // The one that the offer names is asked and no other.
        let mut named = issuer.offered(None);
        named["grants"][GRANT]["authorization_server"] = json!(sign_in.url());
        refused(&holder, &issuer, &named, "unsupported", "no authorization server of the issuer takes").await;
        issuer.describes(|metadata| metadata["authorization_servers"] = json!([sign_in.url()]));
        refused(&holder, &issuer, &issuer.offered(None), "unsupported", "no authorization server of the issuer takes").await;
        // An issuer that is its own server may be named as one.
        issuer.describes(|metadata| metadata["authorization_servers"] = json!(null));
        let mut named = issuer.offered(None);
        named["grants"][GRANT]["authorization_server"] = json!(issuer.url());
        receive(&holder, &issuer.link(&named)).await;
    }

    async fn an_authorization_server_that_cannot_be_used_is_told_before_the_code_is_used(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        identifier(&holder, "Main", "did:jwk").await;
        let issuer = CredentialIssuer::start().await;
        for (status, body, code, reason) in [
            (404, json!({}), "issuer-unreachable", "status 404"),
            (200, json!({"issuer": "https://other.example"}), "issuer-invalid", "other.example"),
            (200, json!({"issuer": issuer.url()}), "issuer-invalid", "no token endpoint"),
            (200, json!({"issuer": issuer.url(), "token_endpoint": 5}), "issuer-invalid", "`token_endpoint` is missing"),
            (200, json!([]), "issuer-invalid", "no JSON object"),
        ] {
            issuer.answers("/.well-known/oauth-authorization-server", status, body);
            refused(&holder, &issuer, &issuer.offered(None), code, reason).await;
        }
    }
}
