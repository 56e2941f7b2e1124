use serde_json::{Map, Value, json};

use crate::support::{ISSUANCES, Issuer, Server, claims};

store::both_databases! {
    async fn an_issuance_is_answered_with_everything_to_hand_over(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let body = json!({"template": acme.template, "claims": claims(), "correlation_id": "order-7", "expires_in": 3600});
        let created = acme.key.post(ISSUANCES, body).await.is(201);
        let issuance = created.json();
        let path = format!("{ISSUANCES}/{}", issuance["id"].as_str().unwrap());
        assert_eq!(created.header("location"), path);
        assert_eq!(issuance["status_uri"], format!("{}{path}", server.app.settings.public_url.origin()));
        assert_eq!(issuance["template"], json!({"id": acme.template, "name": "Diploma"}));
        assert_eq!((&issuance["expires_at"], &issuance["credential"]), (&json!("2026-11-23T11:00:00Z"), &Value::Null));
        let looked = acme.key.get(&path).await.is(200).json();
        assert_eq!(looked, issuance);
        // Its claims are for its holder alone.
        assert!(!created.text.contains("Lovelace"));
        let events = acme.administrator.get("/api/v1/audit-events?action=issuance.created").await.is(200);
        assert!(!events.text.contains("Lovelace") && events.text.contains("order-7"), "{}", events.text);
    }

    async fn claims_that_do_not_fit_the_template_are_refused_by_name(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let claims = json!({"given_name": 1, "surname": "Lovelace", "degree": {"name": "Mathematics"}});
        let refused = acme.key.post(ISSUANCES, json!({"template": acme.template, "claims": claims})).await;
        let refused = refused.problem(422, "invalid-request").refused();
        assert!(refused.iter().all(|field| field.starts_with("claims.")), "{refused:?}");
        assert!(refused.iter().any(|field| field.starts_with("claims.given_name: ")), "{refused:?}");
        assert!(refused.iter().any(|field| field.starts_with("claims.surname: ")), "{refused:?}");
    }

    async fn every_other_member_is_checked_too(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let refuses = async |more: Value, field: &str, code: &str| {
            let mut body: Map<String, Value> = json!({"template": acme.template, "claims": claims()}).as_object().unwrap().clone();
            body.extend(more.as_object().unwrap().clone());
            acme.key.post(ISSUANCES, Value::Object(body)).await.refuses(&[(field, code)]);
        };
        refuses(json!({"template": "01936d5a-0000-7000-8000-000000000000"}), "template", "unknown").await;
        for code in ["471", "123456789", "47a1", ""] {
            refuses(json!({"tx_code": code}), "tx_code", "invalid").await;
        }
        for seconds in [59, 30 * 24 * 60 * 60 + 1] {
            refuses(json!({"expires_in": seconds}), "expires_in", "invalid").await;
        }
        for text in ["", "a\u{0}b", &"x".repeat(256)] {
            refuses(json!({"correlation_id": text}), "correlation_id", "invalid").await;
        }
        refuses(json!({"valid_until": "2026-11-23T10:00:00Z"}), "valid_until", "invalid").await;
        refuses(json!({"contact": "01936d5a-0000-7000-8000-000000000000"}), "contact", "unknown").await;
        refuses(json!({"colour": "red"}), "colour", "unknown").await;
        let callback = json!({"callback": {"url": "http://example.org/", "secret": "x"}});
        let mut body = json!({"template": acme.template, "claims": claims()});
        body.as_object_mut().unwrap().extend(callback.as_object().unwrap().clone());
        acme.key.post(ISSUANCES, body).await.problem(422, "invalid-request");
    }

    async fn the_same_request_makes_one_issuance(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let body = json!({"template": acme.template, "claims": claims(), "tx_code": true});
        let key = acme.key.with("idempotency-key", "order-7");
        let first = key.post(ISSUANCES, body.clone()).await.is(201).json();
        assert_eq!(key.post(ISSUANCES, body.clone()).await.is(201).json(), first);
        assert_eq!(first["tx_code"].as_str().unwrap().len(), 6);
        let other = json!({"template": acme.template, "claims": claims()});
        key.post(ISSUANCES, other).await.problem(422, "idempotency-key-reused");
        assert_eq!(acme.key.get(ISSUANCES).await.is(200).column("id"), [first["id"].clone()]);
    }

    async fn a_credential_ends_when_the_caller_says(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let offered = acme.offer(json!({"valid_until": "2026-11-23T12:00:00Z"})).await;
        // An offer does not outlive what it offers.
        assert_eq!(offered["expires_at"], "2026-11-23T12:00:00Z");
        let credential = acme.verify(&acme.holder(&offered).take().await);
        assert_eq!(credential.valid_until.unwrap() - credential.issued_at.unwrap(), 2 * 60 * 60);
    }
}
