//! Revoking, suspending and restoring.

use serde_json::json;

use crate::support::{ISSUANCES, Issuer, Server};

store::both_databases! {
    async fn an_issued_credential_is_suspended_restored_and_revoked(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let offered = acme.offer(json!({})).await;
        acme.holder(&offered).take().await;
        let path = format!("{ISSUANCES}/{}", offered["id"].as_str().unwrap());
        let then = async |verb: &str| {
            acme.key.post(&format!("{path}/{verb}"), json!({})).await.is(200).json()["credential"]["status"].clone()
        };
        assert_eq!(then("suspend").await, "suspended");
        assert_eq!(then("suspend").await, "suspended");
        assert_eq!(then("restore").await, "valid");
        assert_eq!(then("revoke").await, "revoked");
        assert_eq!(then("revoke").await, "revoked");
        for verb in ["suspend", "restore"] {
            acme.key.post(&format!("{path}/{verb}"), json!({})).await.problem(409, "credential-revoked");
        }
        let actions = acme.administrator.get("/api/v1/audit-events?limit=4").await.is(200).column("action");
        assert_eq!(actions[..3], ["issuance.revoked", "issuance.restored", "issuance.suspended"]);
    }

    async fn what_was_not_issued_cannot_be_revoked(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let offered = acme.offer(json!({})).await;
        for verb in ["revoke", "suspend", "restore"] {
            let path = format!("{ISSUANCES}/{}/{verb}", offered["id"].as_str().unwrap());
            acme.key.post(&path, json!({})).await.problem(409, "not-issued");
        }
        let path = format!("{ISSUANCES}/{}/cancel", offered["id"].as_str().unwrap());
        acme.holder(&offered).take().await;
        acme.key.post(&path, json!({})).await.problem(409, "offer-over");
    }
}
