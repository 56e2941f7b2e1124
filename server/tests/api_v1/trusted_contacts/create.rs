//! `POST /api/v1/trusted-contacts`

use http::Method;
use serde_json::json;

use super::CONTACTS;
use crate::support::{Actor, Server};

store::both_databases! {
    async fn a_contact_has_a_name_a_did_and_notes(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["trusted_contacts:change", "audit_log:view"]).await;
        let asked = json!({"name": " Chamber ", "did": " did:web:chamber.example ", "notes": "Registrar\nDesk 3"});
        let made = maker.post(CONTACTS, asked).await.is(201);
        let id = made.member("id");
        assert_eq!(made.header("location"), format!("{CONTACTS}/{id}"));
        assert_eq!(made.json(), json!({
            "id": id,
            "name": "Chamber",
            "did": "did:web:chamber.example",
            "notes": "Registrar\nDesk 3",
            "credential_issuer": null,
            "credential_offer_endpoint": null,
            "created_at": "2026-11-23T10:00:00Z",
        }));
        assert_eq!(maker.get(made.header("location")).await.is(200).json(), made.json());
        let events = maker.get(&format!("/api/v1/audit-events?target_id={id}")).await.is(200);
        assert_eq!(events.column("action"), ["trusted_contact.created"]);
        let detail = json!({
            "name": "Chamber", "did": "did:web:chamber.example", "notes": "Registrar\nDesk 3",
            "credential_issuer": null, "credential_offer_endpoint": null,
        });
        assert_eq!(events.column("detail"), [detail]);
    }

    async fn any_did_names_a_contact_and_nothing_else_does(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["trusted_contacts:change"]).await;
        for did in ["did:web:a.example", "did:jwk:eyJrdHkiOiJFQyJ9", "did:key:z6Mk", "did:ebsi:zvHWX359A3CvfJnCYaAiAde"] {
            maker.post(CONTACTS, json!({"name": did, "did": did})).await.is(201);
        }
        let long = format!("did:web:{}", "a".repeat(2048));
        for did in ["", "chamber.example", "did:", "did:web", "did:web:", "DID:web:a", "did:Web:a", "did:web:a b", "did:web:a#k", &long] {
            maker.post(CONTACTS, json!({"name": "a", "did": did})).await.refuses(&[("did", "invalid")]);
        }
    }

    async fn a_name_and_a_did_stand_once_in_a_wallet(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["trusted_contacts:change"]).await;
        let first = json!({"name": "Straße", "did": "did:web:a.example"});
        maker.post(CONTACTS, first.clone()).await.is(201);
        let name = maker.post(CONTACTS, json!({"name": "STRASSE", "did": "did:web:b.example"})).await;
        assert_eq!(name.problem(409, "name-in-use").refused(), ["name: name-in-use"]);
        let did = maker.post(CONTACTS, json!({"name": "b", "did": "did:web:a.example"})).await;
        assert_eq!(did.problem(409, "did-in-use").refused(), ["did: did-in-use"]);
        server.wallet("Bolt").await.key(&["trusted_contacts:change"]).await.post(CONTACTS, first).await.is(201);
    }

    async fn of_many_contacts_of_one_did_at_once_one_is_added(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["trusted_contacts:change"]).await;
        let requests: Vec<_> = (0..8)
            .map(|n| json!({"name": format!("contact {n}"), "did": "did:web:a.example"}))
            .map(|body| tokio::spawn(Actor::send(maker.request(Method::POST, CONTACTS).json(&body))))
            .collect();
        let mut statuses = Vec::new();
        for request in requests {
            statuses.push(request.await.unwrap().status);
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
    }

    async fn a_contact_may_say_from_where_it_pushes_credentials_and_where_offers_to_it_go(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["trusted_contacts:change"]).await;
        let made = maker.post(CONTACTS, json!({
            "name": "a", "did": "did:web:a.example",
            "credential_issuer": " https://a.example/wallets/1 ",
            "credential_offer_endpoint": "https://a.example/offers?tenant=1",
        })).await.is(201);
        assert_eq!(made.member("credential_issuer"), "https://a.example/wallets/1");
        assert_eq!(made.member("credential_offer_endpoint"), "https://a.example/offers?tenant=1");
        // A network that is opened for development may be named by http too.
        let body = json!({"name": "b", "did": "did:web:b.example", "credential_issuer": "http://localhost:1/wallets/2"});
        maker.post(CONTACTS, body).await.is(201);
    }

    async fn only_addresses_that_could_be_asked_are_those_of_a_credential_issuer(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["trusted_contacts:change"]).await;
        let long = format!("https://a.example/{}", "a".repeat(2048));
        for url in ["a.example", "http://a.example", "ftp://a.example", "https://10.0.0.1", "https://u:p@a.example", "https://", &long] {
            for member in ["credential_issuer", "credential_offer_endpoint"] {
                let body = json!({"name": "a", "did": "did:web:a.example", member: url});
                maker.post(CONTACTS, body).await.refuses(&[(member, "invalid")]);
            }
        }
        for url in ["https://a.example?a=1", "https://a.example/#x"] {
            let body = json!({"name": "a", "did": "did:web:a.example", "credential_issuer": url});
            maker.post(CONTACTS, body).await.refuses(&[("credential_issuer", "invalid")]);
        }
    }

    async fn a_credential_issuer_stands_once_in_a_wallet(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["trusted_contacts:change"]).await;
        let contact = |name: &str| json!({
            "name": name, "did": format!("did:web:{name}.example"), "credential_issuer": "https://a.example",
        });
        maker.post(CONTACTS, contact("a")).await.is(201);
        let taken = maker.post(CONTACTS, contact("b")).await.problem(409, "credential-issuer-in-use");
        assert_eq!(taken.refused(), ["credential_issuer: credential-issuer-in-use"]);
        server.wallet("Bolt").await.key(&["trusted_contacts:change"]).await.post(CONTACTS, contact("a")).await.is(201);
    }

    async fn every_refused_field_is_told_at_once(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["trusted_contacts:change"]).await;
        let refused = maker.post(CONTACTS, json!({"name": "", "did": "x", "notes": "\u{7}"})).await;
        refused.refuses(&[("name", "invalid"), ("did", "invalid"), ("notes", "invalid")]);
    }

    async fn m9_view_reads_contacts_and_change_makes_them(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (viewer, stranger) = (acme.key(&["trusted_contacts:view"]).await, acme.key(&["identifiers:change"]).await);
        let maker = acme.key(&["trusted_contacts:change"]).await;
        let body = json!({"name": "a", "did": "did:web:a.example"});
        let made = maker.post(CONTACTS, body.clone()).await.is(201);
        let path = made.header("location");
        for answer in [
            viewer.post(CONTACTS, body).await,
            viewer.patch(path, json!({"notes": "x"})).await,
            viewer.delete(path).await,
        ] {
            let refused = answer.problem(403, "permission-missing");
            assert_eq!(refused.member("required_permission"), "trusted_contacts:change");
        }
        for path in [CONTACTS, path] {
            viewer.get(path).await.is(200);
            let refused = stranger.get(path).await.problem(403, "permission-missing");
            assert_eq!(refused.member("required_permission"), "trusted_contacts:view");
        }
    }
}
