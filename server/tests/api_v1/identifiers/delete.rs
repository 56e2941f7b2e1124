//! `DELETE /api/v1/identifiers/{id}`

use serde_json::json;

use super::IDENTIFIERS;
use crate::support::Server;

store::both_databases! {
    async fn a_deleted_identifier_is_gone_with_its_keys_and_its_document(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let maker = acme.key(&["identifiers:change", "audit_log:view"]).await;
        let made = maker.post(IDENTIFIERS, json!({"name": "a", "method": "did:web"})).await.is(201);
        let (path, id) = (made.header("location"), made.member("id"));
        maker.post(&format!("{path}/rotate"), json!({})).await.is(200);
        assert_eq!(maker.delete(path).await.is(204).text, "");
        maker.delete(path).await.problem(404, "not-found");
        maker.get(path).await.problem(404, "not-found");
        maker.post(&format!("{path}/rotate"), json!({})).await.problem(404, "not-found");
        server.anonymous().get(&format!("/dids/{id}/did.json")).await.problem(404, "not-found");
        assert_eq!(db.execute(&format!("DELETE FROM identifier_keys WHERE identifier_id = '{id}'")).await, 0);

        let events = maker.get(&format!("/api/v1/audit-events?target_id={id}")).await.is(200);
        assert_eq!(events.column("action"), ["identifier.deleted", "identifier.rotated", "identifier.created"]);
        assert_eq!(events.column("detail")[0], json!({"did": made.member("did")}));
        maker.post(IDENTIFIERS, json!({"name": "A", "method": "did:web"})).await.is(201);
    }
}
