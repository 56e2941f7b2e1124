//! `POST` and `GET /api/v1/verifier-templates`

use serde_json::{Value, json};

use super::{PERMISSIONS, TEMPLATES, issuer, query, signer, template};
use crate::support::Server;

store::both_databases! {
    async fn a_template_trusts_the_trusted_issuers_and_keeps_results_for_a_month_unless_it_says_otherwise(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&PERMISSIONS).await;
        let signer = signer(&maker).await;
        let made = maker.post(TEMPLATES, template(&signer, json!({"name": " Account ", "purpose": " To open "}))).await.is(201);
        let id = made.member("id");
        assert_eq!(made.header("location"), format!("{TEMPLATES}/{id}"));
        assert_eq!(made.json(), json!({
            "id": id,
            "name": "Account",
            "purpose": "To open",
            "identifier_id": signer,
            "query": query(),
            "trust": "trusted_issuers",
            "trusted_issuers": [],
            "retention_days": 30,
            "request_uri_method": "get",
            "created_at": "2026-11-23T10:00:00Z",
        }));
        assert_eq!(maker.get(made.header("location")).await.is(200).json(), made.json());
        let events = maker.get(&format!("/api/v1/audit-events?target_id={id}")).await.is(200);
        assert_eq!(events.column("action"), ["verifier_template.created"]);
        assert_eq!(events.column("detail")[0]["query"], query());
    }

    async fn issuers_are_chosen_among_the_trusted_ones(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&PERMISSIONS).await;
        let signer = signer(&maker).await;
        let (one, two) = (issuer(&maker, "one").await, issuer(&maker, "two").await);
        let with = |trust: &str, chosen: Value| template(&signer, json!({"trust": trust, "trusted_issuers": chosen}));
        let made = maker.post(TEMPLATES, with("chosen_issuers", json!([two, one, two]))).await.is(201).json();
        assert_eq!((&made["trust"], &made["trusted_issuers"]), (&json!("chosen_issuers"), &json!([two, one])));

        let unknown = "0193580f-7e00-7000-8000-000000000000";
        for (trust, chosen, field, code) in [
            ("chosen_issuers", json!([]), "trusted_issuers", "required"),
            ("chosen_issuers", json!([one, unknown]), "trusted_issuers[1]", "unknown"),
            ("trusted_issuers", json!([one]), "trusted_issuers", "invalid"),
            ("any_issuer", json!([one]), "trusted_issuers", "invalid"),
            ("nobody", json!([]), "trust", "invalid"),
        ] {
            maker.post(TEMPLATES, with(trust, chosen)).await.refuses(&[(field, code)]);
        }
        let any = template(&signer, json!({"name": "Any", "trust": "any_issuer"}));
        assert_eq!(maker.post(TEMPLATES, any).await.is(201).json()["trust"], "any_issuer");
    }

    async fn the_identifier_is_one_of_the_wallet_and_stays_while_a_template_needs_it(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&PERMISSIONS).await;
        let stranger = server.wallet("Bolt").await.key(&PERMISSIONS).await;
        let (mine, theirs) = (signer(&maker).await, signer(&stranger).await);
        maker.post(TEMPLATES, template(&theirs, json!({}))).await.refuses(&[("identifier_id", "unknown")]);
        maker.post(TEMPLATES, template("main", json!({}))).await.refuses(&[("identifier_id", "invalid")]);
        let made = maker.post(TEMPLATES, template(&mine, json!({}))).await.is(201);
        let identifier = format!("/api/v1/identifiers/{mine}");
        maker.delete(&identifier).await.problem(409, "identifier-in-use");
        maker.delete(made.header("location")).await.is(204);
        maker.delete(&identifier).await.is(204);
    }

    async fn retention_is_a_number_of_days(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&PERMISSIONS).await;
        let signer = signer(&maker).await;
        for days in [json!(-1), json!(3651), json!(1.5), json!("30"), json!(null)] {
            let refused = maker.post(TEMPLATES, template(&signer, json!({"retention_days": days}))).await;
            refused.refuses(&[("retention_days", "invalid")]);
        }
        for days in [0, 3650] {
            let body = template(&signer, json!({"name": format!("{days}"), "retention_days": days}));
            assert_eq!(maker.post(TEMPLATES, body).await.is(201).json()["retention_days"], days);
        }
    }

    async fn every_refused_field_is_told_at_once(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&PERMISSIONS).await;
        let unknown = "0193580f-7e00-7000-8000-000000000000";
        let body = template(unknown, json!({"name": "", "purpose": " ", "query": {}, "retention_days": -1}));
        maker.post(TEMPLATES, body).await.refuses(&[
            ("name", "invalid"),
            ("purpose", "invalid"),
            ("identifier_id", "unknown"),
            ("query.credentials", "required"),
            ("retention_days", "invalid"),
        ]);
        maker.post(TEMPLATES, template(unknown, json!({"dcql": {}}))).await.refuses(&[("dcql", "unknown")]);
        let long = "x".repeat(201);
        let signer = signer(&maker).await;
        maker.post(TEMPLATES, template(&signer, json!({"purpose": long}))).await.refuses(&[("purpose", "invalid")]);
        assert_eq!(maker.get(TEMPLATES).await.is(200).json()["items"], json!([]));
    }

    async fn a_name_stands_once_in_a_wallet_and_templates_are_listed_by_it(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&PERMISSIONS).await;
        let signer = signer(&maker).await;
        for name in ["delta", "Alpha", "Straße"] {
            maker.post(TEMPLATES, template(&signer, json!({"name": name}))).await.is(201);
        }
        let taken = maker.post(TEMPLATES, template(&signer, json!({"name": "STRASSE"}))).await.problem(409, "name-in-use");
        assert_eq!(taken.refused(), ["name: name-in-use"]);
        assert_eq!(maker.get(TEMPLATES).await.is(200).column("name"), ["Alpha", "delta", "Straße"]);
        assert_eq!(maker.get(&format!("{TEMPLATES}?q=lp")).await.is(200).column("name"), ["Alpha"]);
    }
}
