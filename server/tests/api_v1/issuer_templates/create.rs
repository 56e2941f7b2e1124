//! `POST /api/v1/issuer-templates`

use serde_json::{Value, json};

use super::{TEMPLATES, diploma, maker};
use crate::support::{Server, make_identifier};

store::both_databases! {
    async fn a_template_with_little_said_has_what_most_have(db: &Database) {
        let server = Server::start(db).await;
        let (wallet, maker, signer) = maker(&server, "Acme").await;
        let made = maker.post(TEMPLATES, diploma(" Diploma ", &signer)).await.is(201);
        let id = made.member("id");
        let url = format!("{}/wallets/{}/credential-types/{id}", server.app.settings.public_url.origin(), wallet.id);
        assert_eq!(made.header("location"), format!("{TEMPLATES}/{id}"));
        assert_eq!(made.json(), json!({
            "id": id,
            "name": "Diploma",
            "vct": url,
            "claims": [
                {"path": ["given_name"], "label": "Given name", "type": "text", "mandatory": true, "selectively_disclosable": true},
                {"path": ["degree", "year"], "label": "Year", "type": "integer", "mandatory": false, "selectively_disclosable": false},
            ],
            "display": {
                "name": "Diploma", "description": "", "language": "en", "background_color": "#0c2a35",
                "text_color": "#ffffff", "logo_url": null,
            },
            "valid_for_days": 365,
            "identifier_id": signer,
            "status_list_id": null,
            "type_metadata_url": url,
            "first_issued_at": null,
            "created_at": "2026-11-23T10:00:00Z",
        }));
        assert_eq!(maker.get(made.header("location")).await.is(200).json(), made.json());
        let events = maker.get(&format!("/api/v1/audit-events?target_id={id}")).await.is(200);
        assert_eq!(events.column("action"), ["issuer_template.created"]);
        let claims = json!([
            "given_name (Given name: text, mandatory, selectively disclosable)", "degree.year (Year: integer)",
        ]);
        assert_eq!(events.column("detail")[0]["claims"], claims);
    }

    async fn a_template_with_everything_said_has_just_that(db: &Database) {
        let server = Server::start(db).await;
        let (_, maker, signer) = maker(&server, "Acme").await;
        let display = json!({
            "name": "Diploma van Example", "description": "For life", "language": "nl-BE", "background_color": "#FFD700",
            "text_color": "#000000", "logo_url": "https://example.org/logo.png",
        });
        let mut asked = diploma("Diploma", &signer);
        asked["vct"] = json!(" urn:example:diploma:1 ");
        asked["display"] = display.clone();
        asked["valid_for_days"] = Value::Null;
        let made = maker.post(TEMPLATES, asked).await.is(201).json();
        assert_eq!(made["vct"], "urn:example:diploma:1");
        assert_eq!((&made["display"], &made["valid_for_days"]), (&display, &Value::Null));
        assert!(made["type_metadata_url"].as_str().unwrap().ends_with(made["id"].as_str().unwrap()));
    }

    async fn each_refused_field_is_named(db: &Database) {
        let server = Server::start(db).await;
        let (_, maker, signer) = maker(&server, "Acme").await;
        let foreign = make_identifier(&*server.wallet("Bolt").await.administrator_key().await).await;
        for (pointer, value, field, code) in [
            ("/name", json!(""), "name", "invalid"),
            ("/name", json!("x".repeat(65)), "name", "invalid"),
            ("/vct", json!("diploma"), "vct", "invalid"),
            ("/vct", Value::Null, "vct", "invalid"),
            ("/claims", json!([]), "claims", "required"),
            ("/claims/0/path", json!([]), "claims[0].path", "invalid"),
            ("/claims/0/path", json!(["given name"]), "claims[0].path", "invalid"),
            ("/claims/0/path", json!(["a.b"]), "claims[0].path", "invalid"),
            ("/claims/0/path", json!(["a", "b", "c", "d", "e"]), "claims[0].path", "invalid"),
            ("/claims/0/path", json!(["vct"]), "claims[0].path", "reserved"),
            ("/claims/0/path", json!(["exp"]), "claims[0].path", "reserved"),
            ("/claims/0/path", json!(["degree", "_sd"]), "claims[0].path", "reserved"),
            ("/claims/1/path", json!(["given_name"]), "claims[1].path", "duplicate"),
            ("/claims/1/path", json!(["given_name", "first"]), "claims[1].path", "duplicate"),
            ("/claims/1/label", json!("\u{7}"), "claims[1].label", "invalid"),
            ("/claims/1/type", json!("string"), "claims[1].type", "invalid"),
            ("/claims/1/sd", json!(true), "claims[1].sd", "unknown"),
            ("/display", json!({"background_color": "red"}), "display.background_color", "invalid"),
            ("/display", json!({"text_color": "#12"}), "display.text_color", "invalid"),
            ("/display", json!({"language": "english"}), "display.language", "invalid"),
            ("/display", json!({"logo_url": "http://example.org/logo.png"}), "display.logo_url", "invalid"),
            ("/display", json!({"logo_url": "https://user@example.org/logo.png"}), "display.logo_url", "invalid"),
            ("/display", json!({"logo_url": "https://user:secret@example.org/logo.png"}), "display.logo_url", "invalid"),
            ("/display", json!({"logo_url": "https://:secret@example.org/logo.png"}), "display.logo_url", "invalid"),
            ("/display", json!({"name": "x".repeat(65)}), "display.name", "invalid"),
            ("/display", json!({"description": "\u{7}"}), "display.description", "invalid"),
            ("/display", json!({"colour": "red"}), "display.colour", "unknown"),
            ("/valid_for_days", json!(0), "valid_for_days", "invalid"),
            ("/valid_for_days", json!(36_526), "valid_for_days", "invalid"),
            ("/valid_for_days", json!("365"), "valid_for_days", "invalid"),
            ("/identifier_id", json!(foreign), "identifier_id", "unknown"),
            ("/identifier_id", json!("main"), "identifier_id", "invalid"),
            ("/identifier_id", Value::Null, "identifier_id", "invalid"),
            ("/status_list_id", json!(signer), "status_list_id", "unknown"),
            ("/signer", json!(signer), "signer", "unknown"),
        ] {
            let mut asked = diploma("Diploma", &signer);
            let (parent, member) = pointer.rsplit_once('/').unwrap();
            asked.pointer_mut(parent).unwrap()[member] = value.clone();
            let refused = maker.post(TEMPLATES, asked).await.problem(422, "invalid-request").refused();
            assert_eq!(refused, [format!("{field}: {code}")], "{pointer} {value}");
        }
        assert_eq!(maker.get(TEMPLATES).await.is(200).json()["items"], json!([]));
    }

    async fn a_status_list_is_signed_by_who_signs_the_template(db: &Database) {
        let server = Server::start(db).await;
        let (wallet, maker, signer) = maker(&server, "Acme").await;
        let admin = wallet.administrator_key().await;
        let other = make_identifier(&admin).await;
        let list = json!({"name": "Diplomas", "identifier_id": signer});
        let list = admin.post("/api/v1/status-lists", list).await.is(201);
        let mut asked = diploma("Diploma", &other);
        asked["status_list_id"] = json!(list.member("id"));
        maker.post(TEMPLATES, asked.clone()).await.refuses(&[("status_list_id", "other-identifier")]);
        asked["identifier_id"] = json!(signer);
        let made = maker.post(TEMPLATES, asked).await.is(201);
        assert_eq!(made.member("status_list_id"), list.member("id"));
        let path = made.header("location");
        maker.patch(path, json!({"identifier_id": other})).await.refuses(&[("status_list_id", "other-identifier")]);
        admin.delete(list.header("location")).await.problem(409, "status-list-in-use");
        admin.delete(&format!("/api/v1/identifiers/{signer}")).await.problem(409, "identifier-in-use");
        maker.patch(path, json!({"status_list_id": null})).await.is(200);
        admin.delete(list.header("location")).await.is(204);
        maker.delete(path).await.is(204);
        admin.delete(&format!("/api/v1/identifiers/{signer}")).await.is(204);
    }

    async fn every_refused_field_is_told_at_once(db: &Database) {
        let server = Server::start(db).await;
        let (_, maker, signer) = maker(&server, "Acme").await;
        let asked = json!({
            "name": "", "vct": "x", "valid_for_days": -1, "identifier_id": "01900000-0000-7000-8000-000000000000",
            "display": {"text_color": "x"},
            "claims": [{"path": ["iat"], "label": " ", "type": "date"}, {"path": [""], "type": "text"}],
        });
        let refused = maker.post(TEMPLATES, asked).await;
        let mut refused = refused.problem(422, "invalid-request").refused();
        refused.sort();
        assert_eq!(refused, [
            "claims[0].path: reserved", "claims[1].path: invalid", "display.text_color: invalid", "identifier_id: unknown",
            "name: invalid", "valid_for_days: invalid", "vct: invalid",
        ]);
        let many: Vec<Value> = (0..101).map(|n| json!({"path": [format!("c{n}")], "type": "text"})).collect();
        let asked = json!({"name": "a", "claims": many, "identifier_id": signer});
        maker.post(TEMPLATES, asked).await.refuses(&[("claims", "invalid")]);
    }

    async fn d3_a_name_stands_once_in_a_wallet(db: &Database) {
        let server = Server::start(db).await;
        let (_, acme, signer) = maker(&server, "Acme").await;
        acme.post(TEMPLATES, diploma("Straße", &signer)).await.is(201);
        let taken = acme.post(TEMPLATES, diploma("STRASSE", &signer)).await;
        assert_eq!(taken.problem(409, "name-in-use").refused(), ["name: name-in-use"]);
        let (_, bolt, signer) = maker(&server, "Bolt").await;
        bolt.post(TEMPLATES, diploma("Straße", &signer)).await.is(201);
    }

    async fn m9_view_reads_templates_and_change_makes_them(db: &Database) {
        let server = Server::start(db).await;
        let (acme, maker, signer) = maker(&server, "Acme").await;
        let (viewer, stranger) = (acme.key(&["issuer_templates:view"]).await, acme.key(&["identifiers:change"]).await);
        let made = maker.post(TEMPLATES, diploma("a", &signer)).await.is(201);
        let path = made.header("location");
        for answer in [
            viewer.post(TEMPLATES, diploma("b", &signer)).await,
            viewer.patch(path, json!({"name": "x"})).await,
            viewer.delete(path).await,
        ] {
            let refused = answer.problem(403, "permission-missing");
            assert_eq!(refused.member("required_permission"), "issuer_templates:change");
        }
        for path in [TEMPLATES, path] {
            viewer.get(path).await.is(200);
            let refused = stranger.get(path).await.problem(403, "permission-missing");
            assert_eq!(refused.member("required_permission"), "issuer_templates:view");
        }
    }
}
