//! `POST /verifications`, and what can be seen of one before it is answered.

use http::Method;
use serde_json::json;
use vc::openid4vp::{AuthorizationRequest, RequestUriMethod};

use super::{Desk, VERIFICATIONS};
use crate::support::holder::fetch;
use crate::support::{Actor, Server};

store::both_databases! {
    async fn a_request_can_be_scanned_and_followed(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let body = json!({"template": desk.template, "correlation_id": "order-17"});
        let answer = desk.key.post(VERIFICATIONS, body).await.is(201);
        let made = answer.json();
        let id = made["id"].as_str().unwrap();
        assert_eq!(answer.header("location"), format!("{VERIFICATIONS}/{id}"));
        assert_eq!(made["status"], "requested");
        assert_eq!(made["correlation_id"], "order-17");
        assert_eq!(made["template"]["id"], desk.template);
        assert_eq!(made["expires_at"], "2026-11-23T10:10:00Z");
        assert_eq!(made["result"], json!(null));
        let origin = server.app.settings.public_url.origin();
        assert_eq!(made["status_uri"], format!("{origin}{VERIFICATIONS}/{id}"));
        assert!(made["qr"].as_str().unwrap().starts_with("<svg "));

        let request = AuthorizationRequest::parse(made["request_uri"].as_str().unwrap()).unwrap();
        assert_eq!(request.client_id.did().as_str(), made["verifier"]);
        assert!(request.request_uri.starts_with(&format!("{origin}/wallets/{}/openid4vp/requests/", desk.wallet.id)));
        assert_eq!(request.request_uri_method, RequestUriMethod::Get);
        assert!(!made["request_uri"].as_str().unwrap().contains("request_uri_method"), "GET is the default");
        assert_eq!(desk.view(id).await, made);
    }

    async fn a_template_may_choose_that_its_links_ask_for_post(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let before = desk.ask().await;
        let template = format!("/api/v1/verifier-templates/{}", desk.template);
        assert_eq!(desk.key.get(&template).await.is(200).json()["request_uri_method"], "get");
        desk.key.patch(&template, json!({"request_uri_method": "put"})).await.is(422);
        let edited = desk.key.patch(&template, json!({"request_uri_method": "post"})).await.is(200).json();
        assert_eq!(edited["request_uri_method"], "post");
        let method = |made: &serde_json::Value| {
            AuthorizationRequest::parse(made["request_uri"].as_str().unwrap()).unwrap().request_uri_method
        };
        assert_eq!(method(&desk.ask().await), RequestUriMethod::Post);
        let before = desk.view(before["id"].as_str().unwrap()).await;
        assert_eq!(method(&before), RequestUriMethod::Get, "what was asked already stays as it was asked");
    }

    async fn what_cannot_be_enforced_is_not_asked_for(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let mut query = super::membership();
        query["credentials"][0]["trusted_authorities"] = json!([{"type": "aki", "values": ["s9tIpPmhxdiuNkHMEWNpYim8S8Y"]}]);
        let template = format!("/api/v1/verifier-templates/{}", desk.template);
        let refused = desk.key.patch(&template, json!({"query": query})).await;
        let message = refused.json()["errors"][0]["message"].as_str().unwrap().to_owned();
        refused.refuses(&[("query.credentials[0].trusted_authorities", "invalid")]);
        assert!(message.contains("no credential can prove it"), "{message}");
        // Of an earlier release that took such a template.
        db.execute(&format!("UPDATE verifier_templates SET query = '{query}'")).await;
        desk.key.post(VERIFICATIONS, json!({"template": desk.template})).await.refuses(&[("template", "invalid")]);
    }

    async fn what_is_refused_is_told_for_each_field(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let other = server.wallet("Bolt").await.administrator_key().await;
        let ask = async |body| desk.key.post(VERIFICATIONS, body).await;
        ask(json!({})).await.refuses(&[("template", "required")]);
        ask(json!({"template": "x"})).await.refuses(&[("template", "invalid")]);
        let unknown = desk.wallet.id.to_string();
        let body = json!({"template": unknown, "correlation_id": " ", "redirect_uri": "javascript:alert(1)"});
        ask(body).await.refuses(&[("correlation_id", "invalid"), ("redirect_uri", "invalid"), ("template", "unknown")]);
        for uri in ["http://shop.example/", "https://shop.example/\0", "https://u:p@shop.example/", "shop.example", "https://"] {
            let body = json!({"template": desk.template, "redirect_uri": uri});
            ask(body).await.refuses(&[("redirect_uri", "invalid")]);
        }
        ask(json!({"template": desk.template, "callback": {"url": "http://a.example", "secret": "x"}}))
            .await
            .refuses(&[("callback.url", "invalid"), ("callback.secret", "invalid")]);
        other.post(VERIFICATIONS, json!({"template": desk.template})).await.refuses(&[("template", "unknown")]);
    }

    async fn the_same_request_asks_once_also_after_a_restart(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let (key, template) = (desk.key.text.clone(), desk.template.clone());
        let ask = async |nobody: Actor, body: serde_json::Value| {
            let request = nobody.with("x-api-key", &key).request(Method::POST, VERIFICATIONS);
            Actor::send(request.header("idempotency-key", "order-17").json(&body)).await
        };
        let body = json!({"template": template, "correlation_id": "order-17"});
        let first = ask(server.anonymous(), body.clone()).await.is(201).json();
        assert_eq!(ask(server.anonymous(), body.clone()).await.is(201).json(), first);
        drop(desk);
        let server = server.restart(db).await;
        // It listens at another port now, so the addresses in the answer are others.
        assert_eq!(ask(server.anonymous(), body).await.is(201).json()["id"], first["id"]);
        ask(server.anonymous(), json!({"template": template})).await.problem(422, "idempotency-key-reused");
        let owner = server.anonymous().with("x-api-key", &key);
        assert_eq!(owner.get(VERIFICATIONS).await.is(200).column("id").len(), 1);
    }

    async fn verifications_are_listed_by_status_reference_and_template(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let first = desk.ask_with(json!({"correlation_id": "order-1"})).await;
        server.move_clock_to("2026-11-23T10:00:01Z");
        let second = desk.ask_with(json!({"correlation_id": "order-2"})).await;
        fetch(&desk.nobody, second["request_uri"].as_str().unwrap()).await;
        let list = async |query: &str| desk.key.get(&format!("{VERIFICATIONS}?{query}")).await.is(200).column("correlation_id");
        assert_eq!(list("").await.len(), 2);
        assert_eq!(list("sort=created_at&limit=1").await, ["order-1"]);
        assert_eq!(list("status=requested").await, ["order-1"]);
        assert_eq!(list("status=retrieved").await, ["order-2"]);
        assert_eq!(list("correlation_id=order-2").await, ["order-2"]);
        assert_eq!(list("q=ORDER-1").await, ["order-1"]);
        assert_eq!(list(&format!("template={}", desk.template)).await.len(), 2);
        assert!(list(&format!("template={}", first["id"].as_str().unwrap())).await.is_empty());
        desk.key.get(&format!("{VERIFICATIONS}?status=done")).await.refuses(&[("status", "invalid")]);
        desk.key.get(&format!("{VERIFICATIONS}?correlation_id=%00")).await.refuses(&[("correlation_id", "invalid")]);
        server.move_clock_to("2026-11-23T10:10:01Z");
        assert_eq!(list("status=expired").await.len(), 2);
        assert!(list("status=requested").await.is_empty());
    }

    async fn a_deleted_verification_can_neither_be_fetched_nor_answered(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let waiting = desk.ask().await;
        let (id, fetched) = desk.asked().await;
        for id in [waiting["id"].as_str().unwrap(), &id] {
            desk.key.delete(&format!("{VERIFICATIONS}/{id}")).await.is(204);
            desk.key.delete(&format!("{VERIFICATIONS}/{id}")).await.problem(404, "not-found");
        }
        let link = waiting["request_uri"].as_str().unwrap();
        desk.nobody.get(&crate::support::holder::request_path(link)).await.problem(404, "not-found");
        fetched.post(&desk.nobody, &[("error", "access_denied")]).await.oauth_error(400, "invalid_request");
    }

    async fn another_wallet_sees_nothing_of_it(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let made = desk.ask().await;
        let (id, link) = (made["id"].as_str().unwrap(), made["request_uri"].as_str().unwrap());
        let bolt = server.wallet("Bolt").await;
        let other = bolt.administrator_key().await;
        other.get(&format!("{VERIFICATIONS}/{id}")).await.problem(404, "not-found");
        assert!(other.get(VERIFICATIONS).await.is(200).column("id").is_empty());
        let path = crate::support::holder::request_path(link);
        let elsewhere = path.replace(&desk.wallet.id.to_string(), &bolt.id.to_string());
        desk.nobody.get(&elsewhere).await.problem(404, "not-found");
        fetch(&desk.nobody, link).await;
    }
}
