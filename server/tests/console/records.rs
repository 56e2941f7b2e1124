//! The wallet's rows, its settings and its audit log.

use serde_json::json;

use super::{send, user};
use crate::support::{Server, sample};

store::both_databases! {
    async fn a_credential_is_imported_shown_with_its_claims_and_deleted(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let clerk = user(&acme, &["holder_credentials:change"]).await;
        let empty = clerk.get("/credentials").await.is(200).text;
        assert!(empty.contains("No credentials yet") && empty.contains("/credentials/import"), "{empty}");
        let body = sample(&clerk, "/api/v1/credentials").await.unwrap();
        let text = body["credential"].as_str().unwrap();
        let tampered = text.replacen('~', "A~", 1);
        let refused = send(&clerk, "/credentials/import", &[("credential", &tampered)]).await.is(422).text;
        assert!(refused.contains(&tampered) && refused.contains(r#"id="credential-error""#), "{refused}");
        let done = send(&clerk, "/credentials/import", &[("credential", text)]).await.is(303);
        assert!(clerk.get(done.header("location")).await.is(200).text.contains("verified and imported"));
        let held = clerk.get("/api/v1/credentials").await.column("id")[0].as_str().unwrap().to_owned();
        let page = clerk.get(&format!("/credentials/{held}")).await.is(200).text;
        for shown in ["<dt>member</dt><dd>sample-", "Can be withheld", "https://issuer.example/membership", "did:jwk:"] {
            assert!(page.contains(shown), "{shown} in {page}");
        }
        let again = send(&clerk, "/credentials/import", &[("credential", text)]).await.is(422).text;
        assert!(again.contains("The wallet already holds this credential"), "{again}");
        send(&clerk, &format!("/credentials/{held}/delete"), &[]).await.is(303);
        clerk.get(&format!("/credentials/{held}")).await.is(404);
    }

    async fn an_identifier_is_created_and_its_key_rotated(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let clerk = user(&acme, &["identifiers:change"]).await;
        let new = "/identifiers/new";
        let refused = send(&clerk, new, &[("name", "Main"), ("method", "did:example")]).await.is(422).text;
        assert!(refused.contains(r#"value="Main""#) && refused.contains(r#"id="method-error""#), "{refused}");
        send(&clerk, new, &[("name", "Main"), ("method", "did:web")]).await.is(303);
        send(&clerk, new, &[("name", "Other"), ("method", "did:jwk")]).await.is(303);
        assert!(send(&clerk, new, &[("name", "MAIN"), ("method", "did:jwk")]).await.is(422).text.contains("The name is in use"));
        let ids = clerk.get("/api/v1/identifiers").await.column("id");
        let (web, jwk) = (ids[0].as_str().unwrap(), ids[1].as_str().unwrap());
        send(&clerk, &format!("/identifiers/{web}/rotate"), &[]).await.is(303);
        let keys = clerk.get(&format!("/api/v1/identifiers/{web}")).await.json();
        assert_eq!(keys["keys"].as_array().unwrap().len(), 2);
        let list = clerk.get("/identifiers").await.is(200).text;
        assert!(list.contains("Retired 23 Nov 2026") && list.contains(&format!("/dids/{web}/did.json")), "{list}");
        assert!(!list.contains(&format!("/identifiers/{jwk}/rotate")), "a did:jwk is its key");
        send(&clerk, &format!("/identifiers/{jwk}/rotate"), &[]).await.is(422);
    }

    async fn a_trusted_contact_is_added_and_edited(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let clerk = user(&acme, &["trusted_contacts:change"]).await;
        let new = "/trusted-contacts/new";
        let refused = send(&clerk, new, &[("name", "Register"), ("did", "register.example")]).await.is(422).text;
        assert!(refused.contains(r#"value="register.example" aria-describedby="did-help did-error" aria-invalid"#), "{refused}");
        send(&clerk, new, &[("name", "Register"), ("did", "did:web:register.example"), ("notes", "January")]).await.is(303);
        let taken = send(&clerk, new, &[("name", "Other"), ("did", "did:web:register.example")]).await.is(422).text;
        assert!(taken.contains("A trusted contact has this DID"), "{taken}");
        let id = clerk.get("/api/v1/trusted-contacts").await.column("id")[0].as_str().unwrap().to_owned();
        let edit = format!("/trusted-contacts/{id}/edit");
        assert!(clerk.get(&edit).await.is(200).text.contains("\nJanuary</textarea>"));
        send(&clerk, &edit, &[("name", "Tax"), ("did", "did:web:tax.example"), ("notes", "")]).await.is(303);
        let after = clerk.get(&format!("/api/v1/trusted-contacts/{id}")).await.json();
        assert_eq!((&after["name"], &after["did"], &after["notes"]), (&json!("Tax"), &json!("did:web:tax.example"), &json!("")));
    }

    async fn the_wallets_name_and_time_zone_are_saved_and_refused_beside_their_fields(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let admin = user(&acme, &["wallet:change"]).await;
        let path = "/settings/wallet";
        assert!(admin.get(path).await.is(200).text.contains("<option selected>UTC</option>"));
        let refused = send(&admin, path, &[("name", ""), ("time_zone", "Europe/Oslo")]).await.is(422).text;
        assert!(refused.contains(r#"value="" aria-describedby="name-help name-error" aria-invalid="true""#), "{refused}");
        assert!(refused.contains("<option selected>Europe/Oslo</option>"));
        send(&admin, path, &[("name", "Acme"), ("time_zone", "Mars/Olympus")]).await.is(422);
        let saved = send(&admin, path, &[("name", "Acme AS"), ("time_zone", "Europe/Oslo")]).await.is(303);
        let page = admin.get(saved.header("location")).await.is(200).text;
        assert!(page.contains("The wallet was saved.") && page.contains("Acme AS"), "{page}");
    }

    async fn the_audit_log_tells_in_words_what_became_of_what(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet_in("Europe/Oslo", "Acme").await;
        let key = acme.key(&["roles:change"]).await;
        let role = key.post("/api/v1/roles", json!({"name": "Old <name>", "permissions": ["roles:view"]})).await.is(201);
        key.patch(role.header("location"), json!({"name": "New name", "permissions": []})).await.is(200);
        let auditor = user(&acme, &["audit_log:view"]).await;
        let log = auditor.get("/audit-log?action=role.edited").await.is(200).text;
        for told in [
            "<strong>Role edited</strong>",
            "<dt>Name</dt><dd><del>Old &#60;name&#62;</del>",
            "<ins>New name</ins>",
            "<dt>Permissions</dt><dd><del>Roles: View</del>",
            "<ins>nothing</ins>",
            "23 Nov 2026, 11:00:00",
        ] {
            assert!(log.contains(told), "{told} in {log}");
        }
        assert!(!log.contains("<strong>Role created</strong>"), "{log}");
        assert!(auditor.get("/audit-log?q=no+such+name").await.is(200).text.contains("No event matches"));
        auditor.get("/audit-log?action=role.burnt").await.is(422);
    }
}
