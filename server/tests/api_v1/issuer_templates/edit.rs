//! `PATCH` and `DELETE /api/v1/issuer-templates/{id}`

use model::IssuerTemplateId;
use serde_json::{Value, json};

use super::{TEMPLATES, diploma, maker};
use crate::support::{Server, Wallet, make_identifier};

/// What issuing does when it issues the first credential.
async fn issue(server: &Server, wallet: &Wallet<'_>, id: &str) {
    let id: IssuerTemplateId = id.parse().unwrap();
    let mut change = server.app.begin(&wallet.operator()).await.unwrap();
    assert!(change.mark_issuer_template_issued(id).await.unwrap());
    let event = model::NewEvent::new(model::Action::WalletEdited, model::Target::new(wallet.id, "Acme"));
    change.commit(event).await.unwrap();
}

store::both_databases! {
    async fn each_member_changes_alone_and_the_others_stay(db: &Database) {
        let server = Server::start(db).await;
        let (acme, maker, signer) = maker(&server, "Acme").await;
        let other = make_identifier(&*acme.administrator_key().await).await;
        let made = maker.post(TEMPLATES, diploma("a", &signer)).await.is(201);
        let path = made.header("location");
        let mut expected = made.json();
        for (edit, pointer, stored) in [
            (json!({"name": " b "}), "/name", json!("b")),
            (json!({"display": {"text_color": "#000000"}}), "/display/text_color", json!("#000000")),
            (json!({"display": {"logo_url": "https://a.example/l"}}), "/display/logo_url", json!("https://a.example/l")),
            (json!({"display": {"logo_url": null}}), "/display/logo_url", Value::Null),
            (json!({"valid_for_days": null}), "/valid_for_days", Value::Null),
            (json!({"valid_for_days": 30}), "/valid_for_days", json!(30)),
            (json!({"identifier_id": other}), "/identifier_id", json!(other)),
            (
                json!({"claims": [{"path": ["email"], "type": "text"}]}),
                "/claims",
                json!([{"path": ["email"], "label": "Email", "type": "text", "mandatory": true, "selectively_disclosable": true}]),
            ),
        ] {
            *expected.pointer_mut(pointer).unwrap() = stored;
            assert_eq!(maker.patch(path, edit).await.is(200).json(), expected, "{pointer}");
            assert_eq!(maker.get(path).await.is(200).json(), expected);
        }
    }

    async fn an_edit_tells_before_and_after_and_no_edit_tells_nothing(db: &Database) {
        let server = Server::start(db).await;
        let (_, maker, signer) = maker(&server, "Acme").await;
        let made = maker.post(TEMPLATES, diploma("a", &signer)).await.is(201);
        let path = made.header("location");
        maker.patch(path, json!({})).await.is(200);
        maker.patch(path, json!({"name": "a", "display": {}})).await.is(200);
        maker.patch(path, json!({"name": "b"})).await.is(200);
        let events = maker.get(&format!("/api/v1/audit-events?target_id={}", made.member("id"))).await.is(200);
        assert_eq!(events.column("action"), ["issuer_template.edited", "issuer_template.created"]);
        let detail = &events.column("detail")[0];
        assert_eq!((&detail["before"]["name"], &detail["after"]["name"]), (&json!("a"), &json!("b")));
    }

    async fn what_cannot_be_changed_or_is_not_valid_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let (_, maker, signer) = maker(&server, "Acme").await;
        maker.post(TEMPLATES, diploma("taken", &signer)).await.is(201);
        let made = maker.post(TEMPLATES, diploma("a", &signer)).await.is(201);
        for (body, field, code) in [
            (json!({"vct": "urn:example:other"}), "vct", "immutable"),
            (json!({"name": null}), "name", "invalid"),
            (json!({"claims": []}), "claims", "required"),
            (json!({"claims": null}), "claims", "invalid"),
            (json!({"display": null}), "display", "invalid"),
            (json!({"display": {"text_color": null}}), "display.text_color", "invalid"),
            (json!({"valid_for_days": 0}), "valid_for_days", "invalid"),
            (json!({"identifier_id": null}), "identifier_id", "invalid"),
            (json!({"id": "mine"}), "id", "unknown"),
            (json!({"first_issued_at": null}), "first_issued_at", "unknown"),
            (Value::Null, "body", "invalid"),
        ] {
            maker.patch(made.header("location"), body).await.refuses(&[(field, code)]);
        }
        maker.patch(made.header("location"), json!({"name": "TAKEN"})).await.problem(409, "name-in-use");
        assert_eq!(maker.get(made.header("location")).await.is(200).json(), made.json());
    }

    async fn once_issued_its_claims_stay_and_only_optional_ones_are_added(db: &Database) {
        let server = Server::start(db).await;
        let (acme, maker, signer) = maker(&server, "Acme").await;
        let made = maker.post(TEMPLATES, diploma("a", &signer)).await.is(201);
        let path = made.header("location");
        issue(&server, &acme, &made.member("id")).await;
        let (name, year) = (
            json!({"path": ["given_name"], "type": "text"}),
            json!({"path": ["degree", "year"], "type": "integer", "mandatory": false, "selectively_disclosable": false}),
        );
        let with = |claim: &Value, member: &str, value: Value| {
            let mut claim = claim.clone();
            claim[member] = value;
            claim
        };
        let more = json!({"path": ["honours"], "type": "boolean"});
        for (claims, field) in [
            (json!([name]), "claims"),
            (json!([with(&name, "type", json!("date")), year]), "claims[0].path"),
            (json!([with(&name, "mandatory", json!(false)), year]), "claims[0].path"),
            (json!([year, with(&name, "selectively_disclosable", json!(false))]), "claims[1].path"),
            (json!([name, year, more]), "claims[2].mandatory"),
        ] {
            maker.patch(path, json!({"claims": claims})).await.refuses(&[(field, "immutable")]);
        }
        let claims = json!([with(&year, "label", json!("Graduated")), name, with(&more, "mandatory", json!(false))]);
        let edited = maker.patch(path, json!({"claims": claims, "name": "b"})).await.is(200).json();
        assert_eq!((&edited["claims"][0]["label"], &edited["name"]), (&json!("Graduated"), &json!("b")));
        assert_eq!(edited["first_issued_at"], "2026-11-23T10:00:00Z");
        maker.delete(path).await.problem(409, "issuer-template-in-use");
        maker.get(path).await.is(200);
    }
}
