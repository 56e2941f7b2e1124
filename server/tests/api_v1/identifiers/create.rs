//! `POST /api/v1/identifiers`

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use serde_json::json;
use store::Location;
use store::testing::Database;
use vc::did::did_jwk;
use vc::keys::PublicJwk;

use super::{IDENTIFIERS, private_key, sealed_key};
use crate::support::Server;

/// In how many places of the database these bytes stand: files of SQLite, rows of PostgreSQL.
async fn places(db: &Database, bytes: &[u8]) -> u64 {
    match db.location() {
        Location::Sqlite(path) => files_with(path.parent().unwrap(), bytes),
        Location::Postgres(_) => {
            let hex = bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
            // In a row as text, the columns of bytes stand as hexadecimal digits.
            let text = str::from_utf8(bytes).ok().filter(|text| text.is_ascii()).unwrap_or(&hex);
            let mut found = 0;
            for table in ["identifiers", "identifier_keys", "audit_events"] {
                let sql = format!(
                    "UPDATE {table} t SET id = id WHERE strpos(t::text, '{text}') > 0 OR strpos(t::text, '{hex}') > 0"
                );
                found += db.execute(&sql).await;
            }
            found
        }
    }
}

fn files_with(folder: &Path, bytes: &[u8]) -> u64 {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
    files.map(|file| u64::from(file.windows(bytes.len()).any(|window| window == bytes))).sum()
}

store::both_databases! {
    async fn a_did_jwk_is_its_key(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["identifiers:change"]).await;
        let made = maker.post(IDENTIFIERS, json!({"name": " signing ", "method": "did:jwk"})).await.is(201);
        let key = made.json()["keys"][0].clone();
        let public: PublicJwk = serde_json::from_value(key["public_jwk"].clone()).unwrap();
        assert_eq!(made.header("location"), format!("{IDENTIFIERS}/{}", made.member("id")));
        assert_eq!(made.json(), json!({
            "id": made.member("id"),
            "name": "signing",
            "method": "did:jwk",
            "did": did_jwk(&public).as_str(),
            "keys": [{
                "id": key["id"],
                "public_jwk": public,
                "created_at": "2026-11-23T10:00:00Z",
                "retired_at": null,
            }],
            "document_url": null,
            "created_at": "2026-11-23T10:00:00Z",
        }));
        assert_eq!(maker.get(made.header("location")).await.is(200).json(), made.json());
    }

    async fn a_did_web_stands_under_the_name_of_the_server(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["identifiers:change"]).await;
        let made = maker.post(IDENTIFIERS, json!({"name": "a", "method": "did:web"})).await.is(201);
        let (id, port) = (made.member("id"), server.address.port());
        assert_eq!(made.member("did"), format!("did:web:localhost%3A{port}:dids:{id}"));
        assert_eq!(made.member("document_url"), format!("http://localhost:{port}/dids/{id}/did.json"));
    }

    async fn a_server_without_a_domain_name_has_no_did_web(db: &Database) {
        let server = Server::start_with(db, |settings| {
            let origin = settings.public_url.origin().replace("localhost", "127.0.0.1");
            settings.public_url = origin.parse().unwrap();
        })
        .await;
        let maker = server.wallet("Acme").await.key(&["identifiers:change"]).await;
        let refused = maker.post(IDENTIFIERS, json!({"name": "a", "method": "did:web"})).await;
        refused.refuses(&[("method", "needs-domain-name")]);
        assert_eq!(maker.get(IDENTIFIERS).await.is(200).json()["items"], json!([]));
    }

    async fn the_private_key_stands_nowhere_in_the_clear(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let maker = acme.key(&["identifiers:change"]).await;
        let made = maker.post(IDENTIFIERS, json!({"name": "a", "method": "did:web"})).await.is(201);
        let rotated = maker.post(&format!("{}/rotate", made.header("location")), json!({})).await.is(200);
        for key in rotated.json()["keys"].as_array().unwrap() {
            let private = private_key(&server, acme.id, key).await;
            assert_eq!(&json!(private.public()), &key["public_jwk"], "the sealed key is the one that is published");
            let secret = *private.to_secret_bytes();
            assert_eq!(places(db, &secret).await, 0);
            assert_eq!(places(db, BASE64URL.encode(secret).as_bytes()).await, 0);
            let x = key["public_jwk"]["x"].as_str().unwrap();
            assert!(places(db, x.as_bytes()).await > 0, "what is stored in the clear is found");
            assert!(places(db, &sealed_key(&server, acme.id, key).await).await > 0, "bytes are found");
            for answer in [&made, &rotated] {
                assert!(!answer.text.contains(&BASE64URL.encode(secret)));
            }
        }
        assert!(!rotated.text.contains("\"d\""));
    }

    async fn a_name_is_unique_in_the_wallet_without_regard_to_case(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["identifiers:change"]).await;
        maker.post(IDENTIFIERS, json!({"name": "Straße", "method": "did:jwk"})).await.is(201);
        let taken = maker.post(IDENTIFIERS, json!({"name": "STRASSE", "method": "did:jwk"})).await;
        assert_eq!(taken.problem(409, "name-in-use").refused(), ["name: name-in-use"]);
        let other = server.wallet("Bolt").await.key(&["identifiers:change"]).await;
        other.post(IDENTIFIERS, json!({"name": "Straße", "method": "did:jwk"})).await.is(201);
    }

    async fn a_name_that_cannot_be_one_and_another_method_are_refused(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["identifiers:change"]).await;
        for (body, field, code) in [
            (json!({"name": " ", "method": "did:jwk"}), "name", "invalid"),
            (json!({"name": "x".repeat(65), "method": "did:jwk"}), "name", "invalid"),
            (json!({"name": "a\u{0}", "method": "did:jwk"}), "name", "invalid"),
            (json!({"name": "a", "method": "did:key"}), "method", "invalid"),
            (json!({"name": "a", "method": "jwk"}), "method", "invalid"),
            (json!({"name": "a", "method": "did:jwk", "did": "did:web:example.org"}), "did", "unknown"),
            (json!({"name": "a", "method": "did:jwk", "private_jwk": {}}), "private_jwk", "unknown"),
        ] {
            maker.post(IDENTIFIERS, body).await.refuses(&[(field, code)]);
        }
        assert_eq!(maker.get(IDENTIFIERS).await.is(200).json()["items"], json!([]));
    }

    async fn m9_view_reads_identifiers_and_change_makes_them(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (viewer, stranger) = (acme.key(&["identifiers:view"]).await, acme.key(&["wallet:change"]).await);
        let maker = acme.key(&["identifiers:change"]).await;
        let made = maker.post(IDENTIFIERS, json!({"name": "a", "method": "did:jwk"})).await.is(201);
        let path = made.header("location");
        for answer in [
            viewer.post(IDENTIFIERS, json!({"name": "b", "method": "did:jwk"})).await,
            viewer.post(&format!("{path}/rotate"), json!({})).await,
            viewer.delete(path).await,
        ] {
            let refused = answer.problem(403, "permission-missing");
            assert_eq!(refused.member("required_permission"), "identifiers:change");
        }
        for path in [IDENTIFIERS, path] {
            viewer.get(path).await.is(200);
            let refused = stranger.get(path).await.problem(403, "permission-missing");
            assert_eq!(refused.member("required_permission"), "identifiers:view");
        }
    }

    async fn the_creation_is_told(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["identifiers:change", "audit_log:view"]).await;
        let made = maker.post(IDENTIFIERS, json!({"name": "a", "method": "did:jwk"})).await.is(201);
        let events = maker.get(&format!("/api/v1/audit-events?target_id={}", made.member("id"))).await.is(200);
        assert_eq!(events.column("action"), ["identifier.created"]);
        assert_eq!(events.column("target"), [json!({"id": made.member("id"), "name": "a"})]);
        assert_eq!(events.column("detail"), [json!({"method": "did:jwk", "did": made.member("did")})]);
    }
}
