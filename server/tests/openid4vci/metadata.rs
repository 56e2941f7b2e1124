//! What a wallet learns before it asks.

use serde_json::{Value, json};

use crate::support::{Issuer, Server};

store::both_databases! {
    async fn the_metadata_of_a_wallet_name_its_endpoints_and_its_templates(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let nobody = server.anonymous();
        let (id, url) = (acme.wallet.id, acme.url());
        let metadata = nobody.get(&format!("/.well-known/openid-credential-issuer/wallets/{id}")).await.is(200).json();
        assert_eq!(metadata["credential_issuer"], url);
        assert_eq!(metadata["credential_endpoint"], format!("{url}/openid4vci/credential"));
        assert_eq!(metadata["nonce_endpoint"], format!("{url}/openid4vci/nonce"));
        assert_eq!((&metadata["authorization_servers"], &metadata["display"]), (&Value::Null, &json!([{"name": "Acme"}])));
        let configuration = &metadata["credential_configurations_supported"][&acme.template];
        assert_eq!((&configuration["format"], &configuration["vct"]), (&json!("dc+sd-jwt"), &json!("urn:example:diploma")));
        assert_eq!(configuration["cryptographic_binding_methods_supported"], json!(["jwk", "did:jwk", "did:web"]));
        assert_eq!(configuration["proof_types_supported"], json!({"jwt": {"proof_signing_alg_values_supported": ["ES256"]}}));
        let shown = &configuration["credential_metadata"];
        assert_eq!(shown["display"][0]["name"], "Diploma");
        assert_eq!(shown["claims"][1]["path"], json!(["degree", "name"]));
        assert_eq!((&shown["claims"][1]["mandatory"], &shown["claims"][2]["mandatory"]), (&json!(true), &Value::Null));

        let server_metadata = nobody.get(&format!("/.well-known/oauth-authorization-server/wallets/{id}")).await.is(200);
        let expected = json!({
            "issuer": url,
            "token_endpoint": format!("{url}/openid4vci/token"),
            "response_types_supported": [],
            "grant_types_supported": ["urn:ietf:params:oauth:grant-type:pre-authorized_code"],
            "token_endpoint_auth_methods_supported": ["none"],
            "authorization_details_types_supported": ["openid_credential"],
            "pre-authorized_grant_anonymous_access_supported": true,
        });
        assert_eq!(server_metadata.json(), expected);
    }

    async fn a_wallet_that_does_not_exist_has_no_metadata(db: &Database) {
        let server = Server::start(db).await;
        let nobody = server.anonymous();
        for wallet in ["x", "01936d5a-0000-7000-8000-000000000000"] {
            for path in ["openid-credential-issuer", "oauth-authorization-server"] {
                nobody.get(&format!("/.well-known/{path}/wallets/{wallet}")).await.problem(404, "not-found");
            }
            nobody.post(&format!("/wallets/{wallet}/openid4vci/nonce"), json!({})).await.problem(404, "not-found");
        }
    }
}
