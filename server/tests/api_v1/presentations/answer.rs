//! `POST /api/v1/presentations/{id}/send` and `…/decline`: what the verifier gets.

use http::Method;
use serde_json::{Value, json};
use vc::sd_jwt_vc::{Expected, ParsedPresentation};

use super::{PRESENTATIONS, membership, query, receive};
use crate::support::{Actor, CredentialIssuer, Server, VCT, Verifier};

/// The one presentation of the membership that was posted.
fn presented(post: &std::collections::HashMap<String, String>) -> String {
    let vp_token: Value = serde_json::from_str(&post["vp_token"]).unwrap();
    let [text] = vp_token["membership"].as_array().unwrap().as_slice() else { panic!("{vp_token}") };
    text.as_str().unwrap().to_owned()
}

store::both_databases! {
    async fn the_verifier_gets_what_it_asked_for_and_nothing_else(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        let (issuer, verifier) = (CredentialIssuer::start().await, Verifier::start().await);
        let credential = membership(&holder, &issuer).await;
        let made = receive(&holder, &verifier.asks(&query(&[json!(["name"])]))).await;
        let sent = holder.post(&format!("{}/send", made.header("location")), json!({})).await.is(200);
        assert_eq!(sent.member("status"), "sent");
        assert_eq!(sent.member("redirect_uri"), "https://verifier.example/thanks");
        assert_eq!(sent.json()["sent"], json!([
            {"query": "membership", "credential": credential, "vct": VCT, "claims": ["name"]},
        ]));
        let [post] = verifier.responses().try_into().unwrap();
        assert_eq!(post["state"], "state of request-0");
        let text = presented(&post);
        let disclosures = text.split('~').count() - 2;
        assert_eq!(disclosures, 1, "{text}");

        // It is believed by the verifier's half of this crate, for this request and no other.
        let presentation = ParsedPresentation::parse(&text).unwrap();
        let vc::issuer::IssuerKeys::Embedded(keys) = presentation.issuer().unwrap() else { panic!("a did:jwk") };
        let (audience, nonce) = (verifier.client_id(), format!("nonce of request-0 at {}", verifier.url().rsplit(':').next().unwrap()));
        let expected = Expected { audience: &audience, nonce: &nonce, now: 1_795_428_000 };
        let verified = presentation.verify(&keys, &expected).unwrap();
        assert_eq!((&verified.claims["name"], verified.claims.get("address")), (&json!("Ada"), None));
        let other = Expected { nonce: "another", ..expected };
        assert!(presentation.verify(&keys, &other).is_err());
    }

    async fn somebody_may_choose_which_credential_answers(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        let (issuer, verifier) = (CredentialIssuer::start().await, Verifier::start().await);
        let first = membership(&holder, &issuer).await;
        server.move_clock_to("2026-11-23T10:00:01Z");
        let second = membership(&holder, &issuer).await;
        let ask = async || receive(&holder, &verifier.asks(&query(&[json!(["name"])]))).await;
        let made = ask().await;
        let matches = &made.json()["credentials"][0]["matches"];
        assert_eq!((&matches[0]["credential"], &matches[1]["credential"]), (&json!(second), &json!(first)));
        let send = async |made: &crate::support::Answer, choice: Value| {
            holder.post(&format!("{}/send", made.header("location")), json!({"credentials": choice})).await
        };
        let nowhere = "01900000-0000-7000-8000-000000000000";
        send(&made, json!({"other": first})).await.refuses(&[("credentials.other", "unknown")]);
        send(&made, json!({"membership": nowhere})).await.refuses(&[("credentials.membership", "unfit")]);
        send(&made, json!({})).await.refuses(&[("credentials", "incomplete")]);
        assert!(verifier.responses().is_empty());
        let sent = send(&made, json!({"membership": first})).await.is(200);
        assert_eq!(sent.json()["sent"][0]["credential"], json!(first));
        let sent = holder.post(&format!("{}/send", ask().await.header("location")), json!({})).await.is(200);
        assert_eq!(sent.json()["sent"][0]["credential"], json!(second));
    }

    async fn what_is_not_needed_is_presented_only_when_it_is_chosen(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        let (issuer, verifier) = (CredentialIssuer::start().await, Verifier::start().await);
        let credential = membership(&holder, &issuer).await;
        let asked = |id: &str, claim: &str| {
            json!({"id": id, "format": "dc+sd-jwt", "meta": {"vct_values": [VCT]}, "claims": [{"path": [claim]}]})
        };
        let query = json!({
            "credentials": [asked("level", "level"), asked("name", "name"), asked("missing", "shoe_size")],
            "credential_sets": [
                {"options": [["missing"], ["level"]]},
                {"options": [["name"]], "required": false},
            ],
        });
        let made = receive(&holder, &verifier.asks(&query)).await;
        let needed: Vec<_> = made.json()["credentials"].as_array().unwrap().iter()
            .map(|choice| (choice["query"].clone(), choice["needed"].clone()))
            .collect();
        assert_eq!(needed, [(json!("level"), json!(true)), (json!("name"), json!(false)), (json!("missing"), json!(false))]);
        let sent = holder.post(&format!("{}/send", made.header("location")), json!({})).await.is(200);
        assert_eq!(sent.json()["sent"].as_array().unwrap().len(), 1);
        let made = receive(&holder, &verifier.asks(&query)).await;
        let both = json!({"credentials": {"level": credential, "name": credential}});
        let sent = holder.post(&format!("{}/send", made.header("location")), both).await.is(200);
        assert_eq!(sent.json()["sent"].as_array().unwrap().len(), 2);
        let made = receive(&holder, &verifier.asks(&query)).await;
        let path = format!("{}/send", made.header("location"));
        holder.post(&path, json!({"credentials": {"name": credential}})).await.refuses(&[("credentials", "incomplete")]);
    }

    async fn a_declined_request_tells_the_verifier_so(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        let verifier = Verifier::start().await;
        let made = receive(&holder, &verifier.asks(&query(&[]))).await;
        let declined = holder.post(&format!("{}/decline", made.header("location")), json!({})).await.is(200);
        assert_eq!((declined.member("status").as_str(), &declined.json()["sent"]), ("declined", &json!([])));
        let [post] = verifier.responses().try_into().unwrap();
        assert_eq!((post["error"].as_str(), post["state"].as_str()), ("access_denied", "state of request-0"));
        assert!(!post.contains_key("vp_token"));

        // Nor is it undone by a verifier that does not listen.
        verifier.answers(500, json!({}));
        let made = receive(&holder, &verifier.asks(&query(&[]))).await;
        let declined = holder.post(&format!("{}/decline", made.header("location")), json!({})).await.is(200);
        assert_eq!(declined.member("status"), "declined");
        assert!(declined.member("reason").contains("status 500"));
    }

    async fn a_verifier_that_does_not_take_the_answer_is_told_as_the_reason(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        let (issuer, verifier) = (CredentialIssuer::start().await, Verifier::start().await);
        membership(&holder, &issuer).await;
        verifier.answers(400, json!({"error": "invalid_request", "error_description": "too late"}));
        let made = receive(&holder, &verifier.asks(&query(&[json!(["name"])]))).await;
        let failed = holder.post(&format!("{}/send", made.header("location")), json!({})).await.is(200);
        assert_eq!(failed.member("status"), "failed");
        assert!(failed.member("reason").contains("invalid_request (too late)"), "{}", failed.text);
        assert_eq!(failed.json()["sent"][0]["claims"], json!(["name"]), "it may have been read");
        // A script is no place to go on.
        verifier.answers(200, json!({"redirect_uri": "javascript:alert(1)"}));
        let made = receive(&holder, &verifier.asks(&query(&[json!(["name"])]))).await;
        let sent = holder.post(&format!("{}/send", made.header("location")), json!({})).await.is(200);
        assert_eq!((sent.member("status").as_str(), &sent.json()["redirect_uri"]), ("sent", &Value::Null));
    }

    async fn of_many_answers_at_once_the_verifier_gets_one(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        let (issuer, verifier) = (CredentialIssuer::start().await, Verifier::start().await);
        membership(&holder, &issuer).await;
        let made = receive(&holder, &verifier.asks(&query(&[json!(["name"])]))).await;
        let requests: Vec<_> = (0..8)
            .map(|number| if number % 2 == 0 { "send" } else { "decline" })
            .map(|verb| holder.request(Method::POST, &format!("{}/{verb}", made.header("location"))).json(&json!({})))
            .map(|request| tokio::spawn(Actor::send(request)))
            .collect();
        let mut statuses = Vec::new();
        for request in requests {
            statuses.push(request.await.unwrap().status);
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409, 409, 409, 409, 409, 409, 409]);
        assert_eq!(verifier.responses().len(), 1);
    }

    async fn an_answer_that_a_stopped_server_left_behind_ends_after_a_while(db: &Database) {
        let server = Server::start(db).await;
        let wallet = server.wallet("Acme").await;
        let (holder, verifier) = (wallet.administrator_key().await, Verifier::start().await);
        let made = receive(&holder, &verifier.asks(&query(&[json!(["name"])]))).await;
        // The server claims it for an answer, and stops before it has heard of the verifier.
        let disclosed = model::Disclosed {
            query: "membership".to_owned(),
            credential_id: server.app.randomness.id(server.app.clock.now()),
            vct: VCT.to_owned(),
            claims: vec!["name".to_owned()],
        };
        let mut change = server.app.begin(&wallet.operator()).await.unwrap();
        let id = made.member("id").parse().unwrap();
        assert!(change.claim_presentation(id, &[disclosed]).await.unwrap());
        let event = model::NewEvent::new(model::Action::PresentationAnswered, model::Target::new(id, "Door keeper"));
        change.commit(event).await.unwrap();
        let look = async || holder.get(made.header("location")).await.is(200);

        server.move_clock_to("2026-11-23T10:04:59Z");
        claviger::serve::jobs::clean_up(&server.app).await.unwrap();
        assert_eq!(look().await.member("status"), "sending");
        server.move_clock_to("2026-11-23T10:05:00Z");
        claviger::serve::jobs::clean_up(&server.app).await.unwrap();
        let ended = look().await;
        assert_eq!(ended.member("status"), "failed");
        assert!(ended.member("reason").contains("whether it arrived is not known"), "{}", ended.text);
        assert_eq!(ended.json()["sent"][0]["claims"], json!(["name"]), "it may have been read");
        let events = holder.get(&format!("/api/v1/audit-events?target_id={id}")).await.is(200);
        assert_eq!(events.column("action")[0], "presentation.failed");
        holder.post(&format!("{}/send", made.header("location")), json!({})).await.problem(409, "request-closed");
        claviger::serve::jobs::clean_up(&server.app).await.unwrap();
        let again = holder.get(&format!("/api/v1/audit-events?target_id={id}")).await.is(200);
        assert_eq!(again.column("id"), events.column("id"), "it ends once");
    }

    async fn what_an_old_key_is_bound_to_is_presented_with_it(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        let (issuer, verifier) = (CredentialIssuer::start().await, Verifier::start().await);
        let web = holder.post("/api/v1/identifiers", json!({"name": "Web", "method": "did:web"})).await.is(201).member("id");
        holder.post("/api/v1/credential-offers", json!({"offer": issuer.offer(), "accept": true})).await.is(201);
        holder.post(&format!("/api/v1/identifiers/{web}/rotate"), json!({})).await.is(200);
        let made = receive(&holder, &verifier.asks(&query(&[json!(["name"])]))).await;
        holder.post(&format!("{}/send", made.header("location")), json!({})).await.is(200);
        let [post] = verifier.responses().try_into().unwrap();
        assert!(ParsedPresentation::parse(&presented(&post)).is_ok());
        holder.delete(&format!("/api/v1/identifiers/{web}")).await.is(204);
        let made = receive(&holder, &verifier.asks(&query(&[json!(["name"])]))).await;
        assert_eq!(made.json()["satisfiable"], false, "the key is gone");
    }

    async fn the_audit_log_tells_what_was_shown_to_whom_without_what_it_says(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        let (issuer, verifier) = (CredentialIssuer::start().await, Verifier::start().await);
        membership(&holder, &issuer).await;
        let made = receive(&holder, &verifier.asks(&query(&[json!(["name"])]))).await;
        holder.post(&format!("{}/send", made.header("location")), json!({})).await.is(200);
        holder.delete(made.header("location")).await.is(204);
        holder.get(made.header("location")).await.problem(404, "not-found");
        let events = holder.get(&format!("/api/v1/audit-events?target_id={}", made.member("id"))).await.is(200);
        assert_eq!(events.column("action"), [
            "presentation.deleted", "presentation.sent", "presentation.answered", "presentation.requested",
        ]);
        assert_eq!(events.column("detail")[1], json!({"credentials": [{"vct": VCT, "claims": ["name"]}]}));
        assert!(!events.text.contains("Ada") && !events.text.contains("nonce of"));
        assert_eq!(holder.get(PRESENTATIONS).await.is(200).json()["items"], json!([]));
    }
}
