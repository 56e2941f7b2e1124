//! `POST` and `GET /api/v1/trusted-issuers`

use serde_json::{Value, json};

use super::ISSUERS;
use crate::support::Server;

store::both_databases! {
    async fn an_issuer_is_trusted_for_the_types_that_are_listed(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["trusted_issuers:change", "audit_log:view"]).await;
        let asked = json!({
            "name": " University ", "issuer": " did:web:university.example ",
            "vcts": [" urn:diploma ", "urn:course", "urn:diploma"], "notes": "Registrar",
        });
        let made = maker.post(ISSUERS, asked).await.is(201);
        let id = made.member("id");
        assert_eq!(made.header("location"), format!("{ISSUERS}/{id}"));
        assert_eq!(made.json(), json!({
            "id": id,
            "name": "University",
            "issuer": "did:web:university.example",
            "any_vct": false,
            "vcts": ["urn:diploma", "urn:course"],
            "notes": "Registrar",
            "created_at": "2026-11-23T10:00:00Z",
        }));
        assert_eq!(maker.get(made.header("location")).await.is(200).json(), made.json());
        let events = maker.get(&format!("/api/v1/audit-events?target_id={id}")).await.is(200);
        assert_eq!(events.column("action"), ["trusted_issuer.created"]);
        assert_eq!(events.column("detail")[0]["vcts"], json!(["urn:diploma", "urn:course"]));
    }

    async fn any_type_is_trusted_only_when_it_is_said(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["trusted_issuers:change"]).await;
        let issuer = |more: Value| {
            let mut body = json!({"name": "a", "issuer": "did:web:a.example"});
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            body
        };
        maker.post(ISSUERS, issuer(json!({}))).await.refuses(&[("vcts", "invalid")]);
        maker.post(ISSUERS, issuer(json!({"vcts": []}))).await.refuses(&[("vcts", "invalid")]);
        maker.post(ISSUERS, issuer(json!({"any_vct": false}))).await.refuses(&[("vcts", "invalid")]);
        maker.post(ISSUERS, issuer(json!({"any_vct": true, "vcts": ["a"]}))).await.refuses(&[("any_vct", "invalid")]);
        maker.post(ISSUERS, issuer(json!({"vcts": ["a", " ", "b\n"]}))).await.refuses(&[("vcts[1]", "invalid")]);
        maker.post(ISSUERS, issuer(json!({"vcts": ["a\u{7}b"]}))).await.refuses(&[("vcts[0]", "invalid")]);
        maker.post(ISSUERS, issuer(json!({"any_vct": null}))).await.refuses(&[("any_vct", "invalid")]);
        let made = maker.post(ISSUERS, issuer(json!({"any_vct": true}))).await.is(201).json();
        assert_eq!((&made["any_vct"], &made["vcts"]), (&json!(true), &json!([])));
    }

    async fn an_issuer_is_a_did_or_an_https_url(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["trusted_issuers:change"]).await;
        for issuer in ["did:web:a.example", "did:jwk:eyJrdHkiOiJFQyJ9", "https://a.example", "https://a.example/acme"] {
            maker.post(ISSUERS, json!({"name": issuer, "issuer": issuer, "any_vct": true})).await.is(201);
        }
        for issuer in ["", "a.example", "http://a.example", "https://a.example?b", "https://a.example#b", "did:web", "*"] {
            let refused = maker.post(ISSUERS, json!({"name": "a", "issuer": issuer, "any_vct": true})).await;
            refused.refuses(&[("issuer", "invalid")]);
        }
    }

    async fn a_name_and_an_issuer_stand_once_in_a_wallet(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["trusted_issuers:change"]).await;
        let first = json!({"name": "Straße", "issuer": "https://a.example", "any_vct": true});
        maker.post(ISSUERS, first.clone()).await.is(201);
        let name = json!({"name": "STRASSE", "issuer": "https://b.example", "any_vct": true});
        assert_eq!(maker.post(ISSUERS, name).await.problem(409, "name-in-use").refused(), ["name: name-in-use"]);
        let issuer = json!({"name": "b", "issuer": "https://a.example", "vcts": ["b"]});
        let refused = maker.post(ISSUERS, issuer).await.problem(409, "issuer-in-use");
        assert_eq!(refused.refused(), ["issuer: issuer-in-use"]);
        server.wallet("Bolt").await.key(&["trusted_issuers:change"]).await.post(ISSUERS, first).await.is(201);
    }

    async fn every_refused_field_is_told_at_once(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["trusted_issuers:change"]).await;
        let refused = maker.post(ISSUERS, json!({"name": "", "issuer": "x", "vcts": [""], "notes": "\u{7}"})).await;
        refused.refuses(&[("name", "invalid"), ("issuer", "invalid"), ("vcts[0]", "invalid"), ("notes", "invalid")]);
        maker.post(ISSUERS, json!({"name": "a", "issuer": "https://a.example", "any": 1})).await.refuses(&[("any", "unknown")]);
        assert_eq!(maker.get(ISSUERS).await.is(200).json()["items"], json!([]));
    }
}
