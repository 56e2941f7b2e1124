//! `GET` and `POST /api/v1/status-lists`

use http::Method;
use serde_json::json;

use super::{LISTS, MAKER, make, signer};
use crate::support::{Actor, Server};

store::both_databases! {
    async fn a_list_has_a_name_a_signer_and_room_for_a_hundred_thousand(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let maker = acme.key(MAKER).await;
        let signer = signer(&maker, "Issuer").await;
        let made = maker.post(LISTS, json!({"name": " Membership ", "identifier_id": signer["id"]})).await.is(201);
        let id = made.member("id");
        assert_eq!(made.header("location"), format!("{LISTS}/{id}"));
        let origin = server.app.settings.public_url.origin();
        assert_eq!(made.json(), json!({
            "id": id,
            "name": "Membership",
            "identifier_id": signer["id"],
            "uri": format!("{origin}/wallets/{}/status-lists/{id}", acme.id),
            "size": 100_000,
            "used": 0,
            "valid": 0,
            "suspended": 0,
            "revoked": 0,
            "created_at": "2026-11-23T10:00:00Z",
        }));
        assert_eq!(maker.get(made.header("location")).await.is(200).json(), made.json());
        assert_eq!(maker.get(LISTS).await.is(200).json(), json!({"items": [made.json()], "next_cursor": null}));
        let events = maker.get(&format!("/api/v1/audit-events?target_id={id}")).await.is(200);
        assert_eq!(events.column("action"), ["status_list.created"]);
        assert_eq!(events.column("detail"), [json!({"did": signer["did"], "size": 100_000})]);
    }

    async fn the_signer_is_an_identifier_of_the_wallet(db: &Database) {
        let server = Server::start(db).await;
        let (acme, bolt) = (server.wallet("Acme").await, server.wallet("Bolt").await);
        let (maker, stranger) = (acme.key(MAKER).await, bolt.key(MAKER).await);
        let theirs = signer(&stranger, "Theirs").await;
        for id in [&theirs["id"], &json!("01900000-0000-7000-8000-000000000000"), &json!("x")] {
            maker.post(LISTS, json!({"name": "a", "identifier_id": id})).await.refuses(&[("identifier_id", "invalid")]);
        }
        let both = maker.post(LISTS, json!({"name": "", "identifier_id": theirs["id"]})).await;
        both.refuses(&[("name", "invalid"), ("identifier_id", "invalid")]);
    }

    async fn a_name_stands_once_in_a_wallet(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(MAKER).await;
        let first = make(&maker, "Straße").await;
        let clash = json!({"name": "STRASSE", "identifier_id": first["identifier_id"]});
        assert_eq!(maker.post(LISTS, clash).await.problem(409, "name-in-use").refused(), ["name: name-in-use"]);
        make(&*server.wallet("Bolt").await.key(MAKER).await, "Straße").await;
    }

    async fn of_many_lists_of_one_name_at_once_one_is_made(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(MAKER).await;
        let body = json!({"name": "a", "identifier_id": signer(&maker, "Issuer").await["id"]});
        let requests: Vec<_> =
            (0..8).map(|_| tokio::spawn(Actor::send(maker.request(Method::POST, LISTS).json(&body)))).collect();
        let mut statuses = Vec::new();
        for request in requests {
            statuses.push(request.await.unwrap().status);
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
    }

    async fn m9_view_reads_lists_and_change_makes_them(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (viewer, stranger) = (acme.key(&["status_lists:view"]).await, acme.key(&["identifiers:change"]).await);
        let made = make(&*acme.key(MAKER).await, "a").await;
        let path = format!("{LISTS}/{}", made["id"].as_str().unwrap());
        for answer in [
            viewer.post(LISTS, json!({"name": "b", "identifier_id": made["identifier_id"]})).await,
            viewer.patch(&path, json!({"name": "b"})).await,
            viewer.delete(&path).await,
        ] {
            let refused = answer.problem(403, "permission-missing");
            assert_eq!(refused.member("required_permission"), "status_lists:change");
        }
        for path in [LISTS, &path] {
            viewer.get(path).await.is(200);
            let refused = stranger.get(path).await.problem(403, "permission-missing");
            assert_eq!(refused.member("required_permission"), "status_lists:view");
        }
    }
}
