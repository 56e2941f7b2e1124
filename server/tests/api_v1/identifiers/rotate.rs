//! `POST /api/v1/identifiers/{id}/rotate`

use serde_json::{Value, json};
use vc::keys::SigningKey;
use vc::sd_jwt_vc::{Draft, issue};

use super::{IDENTIFIERS, private_key};
use crate::support::{Answer, NOW, Server};

/// A credential that the identifier issues with this key of its own.
fn credential(identifier: &Value, key: &Value, private: &SigningKey, name: &str) -> String {
    let did = identifier["did"].as_str().unwrap();
    let draft = Draft {
        issuer: did,
        kid: &format!("{did}#{}", key["id"].as_str().unwrap()),
        vct: "https://example.org/vct/membership",
        claims: [("name".to_owned(), json!(name))].into_iter().collect(),
        selectively_disclosable: vec![],
        issued_at: NOW.parse::<jiff::Timestamp>().unwrap().as_second(),
        valid_from: None,
        valid_until: None,
        holder_key: None,
        status: None,
    };
    issue(&draft, private, &mut |bytes| bytes.fill(7)).unwrap()
}

store::both_databases! {
    async fn a_new_key_signs_and_the_old_one_is_retired(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["identifiers:change", "audit_log:view"]).await;
        let made = maker.post(IDENTIFIERS, json!({"name": "a", "method": "did:web"})).await.is(201).json();
        let path = format!("{IDENTIFIERS}/{}", made["id"].as_str().unwrap());
        let rotate = format!("{path}/rotate");
        server.move_clock_to("2026-11-24T00:00:00Z");
        let first = maker.post(&rotate, json!({})).await.is(200).json();
        server.move_clock_to("2026-11-25T00:00:00Z");
        let second: Answer = maker.post(&rotate, json!({})).await.is(200);
        assert_eq!(maker.get(&path).await.is(200).json(), second.json());

        let second = second.json();
        let mut keys = second["keys"].as_array().unwrap().iter();
        let times: Vec<_> = keys.clone().map(|key| json!([key["created_at"], key["retired_at"]])).collect();
        assert_eq!(times, [
            json!(["2026-11-25T00:00:00Z", null]),
            json!(["2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z"]),
            json!(["2026-11-23T10:00:00Z", "2026-11-24T00:00:00Z"]),
        ]);
        let newest = keys.next().unwrap()["id"].clone();
        assert_eq!(keys.next().unwrap()["public_jwk"], first["keys"][0]["public_jwk"]);
        assert_eq!(keys.next().unwrap()["public_jwk"], made["keys"][0]["public_jwk"]);
        assert_eq!(second["did"], made["did"], "the DID stays");

        let of_it = format!("/api/v1/audit-events?target_id={}", made["id"].as_str().unwrap());
        let events = maker.get(&of_it).await.is(200);
        assert_eq!(events.column("action"), ["identifier.rotated", "identifier.rotated", "identifier.created"]);
        assert_eq!(events.column("detail")[0], json!({"did": made["did"], "key_id": newest}));
    }

    async fn what_any_of_its_keys_signed_verifies_by_its_document(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let maker = acme.key(&["identifiers:change"]).await;
        let holder = server.wallet("Bolt").await.key(&["holder_credentials:change"]).await;
        let made = maker.post(IDENTIFIERS, json!({"name": "a", "method": "did:web"})).await.is(201);
        let old = made.json()["keys"][0].clone();
        let private = private_key(&server, acme.id, &old).await;
        let before = credential(&made.json(), &old, &private, "before");
        let rotated = maker.post(&format!("{}/rotate", made.header("location")), json!({})).await.is(200).json();
        let new = rotated["keys"][0].clone();
        let after = credential(&rotated, &new, &private_key(&server, acme.id, &new).await, "after");
        for text in [before, after] {
            let held = holder.post("/api/v1/credentials", json!({"credential": text})).await.is(201);
            assert_eq!(held.member("issuer"), made.member("did"));
        }
        // A key that the document does not name signs nothing.
        let forged = credential(&rotated, &new, &SigningKey::from_secret_bytes(&[7; 32]).unwrap(), "forged");
        let refused = holder.post("/api/v1/credentials", json!({"credential": forged})).await;
        refused.refuses(&[("credential", "signature-invalid")]);
    }

    async fn a_did_jwk_cannot_be_rotated(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["identifiers:change"]).await;
        let made = maker.post(IDENTIFIERS, json!({"name": "a", "method": "did:jwk"})).await.is(201);
        let path = made.header("location");
        maker.post(&format!("{path}/rotate"), json!({})).await.problem(409, "cannot-rotate");
        assert_eq!(maker.get(path).await.is(200).json(), made.json());
    }
}
