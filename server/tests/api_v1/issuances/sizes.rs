//! What is offered can be issued, and what is issued can be held and presented.

use serde_json::{Value, json};
use vc::sd_jwt_vc::MAX_BYTES;

use crate::support::{ISSUANCES, Issuer, Server};

/// An administrator's template with one claim of this kind that the holder may withhold.
async fn template(acme: &Issuer<'_>, kind: &str) -> String {
    let identifier = acme.administrator.get("/api/v1/identifiers").await.column("id")[0].clone();
    let body = json!({
        "name": format!("Photo {kind}"),
        "claims": [{"path": ["photo"], "type": kind, "mandatory": true, "selectively_disclosable": true}],
        "identifier_id": identifier,
    });
    acme.administrator.post("/api/v1/issuer-templates", body).await.is(201).member("id")
}

/// A photo of this many bytes as a `data:` URL.
fn photo(bytes: usize) -> Value {
    json!(format!("data:image/jpeg;base64,{}", "A".repeat(bytes.div_ceil(3) * 4)))
}

store::both_databases! {
    async fn a_photo_of_420_kb_is_offered_issued_and_fits(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let body = json!({"template": template(&acme, "text").await, "claims": {"photo": photo(420_000)}});
        let offered = acme.key.post(ISSUANCES, body).await.is(201).json();
        let compact = acme.holder(&offered).take().await;
        assert!(compact.len() > 700_000 && compact.len() <= MAX_BYTES, "{}", compact.len());
        acme.administrator.post("/api/v1/credentials", json!({"credential": compact})).await.is(201);
    }

    async fn claims_that_no_credential_can_hold_are_refused_with_the_limit(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let text = template(&acme, "text").await;
        let list = template(&acme, "text_list").await;
        for (template, photo, limit) in [
            (&text, photo(450_000), "786432"),
            (&text, json!("x".repeat(600_000)), "786432"),
            (&list, json!(vec!["x"; 10_001]), "10,000 values"),
        ] {
            let refused = acme.key.post(ISSUANCES, json!({"template": template, "claims": {"photo": photo}})).await;
            let refused = refused.refuses(&[("claims", "too-large")]).json();
            let message = refused["errors"][0]["message"].as_str().unwrap();
            assert!(message.contains(limit), "{message}");
        }
        assert!(acme.key.get(ISSUANCES).await.is(200).column("id").is_empty(), "something was made");
    }

    async fn a_valid_until_within_this_second_is_refused_like_one_in_the_past(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        for until in ["2026-11-23T10:00:00Z", "2026-11-23T10:00:00.5Z"] {
            let body = json!({"template": acme.template, "claims": crate::support::claims(), "valid_until": until});
            acme.key.post(ISSUANCES, body).await.refuses(&[("valid_until", "invalid")]);
        }
    }

    async fn a_credential_that_has_become_too_large_since_it_was_offered_says_so(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let path = format!("/api/v1/issuer-templates/{}", template(&acme, "text").await);
        let names: Vec<String> = (0..99).map(|number| format!("claim-{number}")).chain(["photo".to_owned()]).collect();
        // A claim that can be withheld has a salt and a digest of its own.
        let claims = |hidden: bool| {
            let claim = |name| json!({"path": [name], "type": "text", "mandatory": true, "selectively_disclosable": hidden});
            json!({"claims": names.iter().map(claim).collect::<Vec<_>>()})
        };
        acme.administrator.patch(&path, claims(false)).await.is(200);
        let mut said: Value = names.iter().map(|name| (name.clone(), json!("x"))).collect::<serde_json::Map<_, _>>().into();
        let id = path.rsplit('/').next().unwrap();
        let mut offered = Value::Null;
        for length in (560_000..587_000).rev().step_by(1000) {
            said["photo"] = json!("x".repeat(length));
            let answer = acme.key.post(ISSUANCES, json!({"template": id, "claims": said})).await;
            if answer.status == 201 {
                offered = answer.json();
                break;
            }
            answer.refuses(&[("claims", "too-large")]);
        }
        acme.administrator.patch(&path, claims(true)).await.is(200);
        let holder = acme.holder(&offered);
        let token = holder.token(&[]).await;
        let request = holder.request(&holder.proof(&holder.nonce().await));
        holder.ask(&token, request).await.oauth_error(400, "credential_request_denied");
        assert_eq!(acme.look(offered["id"].as_str().unwrap()).await["error"], "credential-too-large");
    }

    async fn templates_that_no_holder_could_read_together_are_refused(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let identifier = acme.administrator.get("/api/v1/identifiers").await.column("id")[0].clone();
        let (long, label) = ("x".repeat(60), "\u{1F4DC}".repeat(60));
        let claims: Vec<Value> = (0..100)
            .map(|number| json!({
                "path": [format!("{long}{number}"), long, long, long], "label": label, "type": "text",
                "mandatory": false, "selectively_disclosable": true,
            }))
            .collect();
        let mut refused = None;
        for number in 0..20 {
            let body = json!({"name": format!("Long {number}"), "claims": claims, "identifier_id": identifier});
            let answer = acme.administrator.post("/api/v1/issuer-templates", body).await;
            if answer.status != 201 {
                refused = Some(answer.refuses(&[("claims", "too-large")]));
                break;
            }
        }
        assert!(refused.is_some(), "there is no end to what templates say");
        let path = format!("/.well-known/openid-credential-issuer/wallets/{}", acme.wallet.id);
        assert!(server.anonymous().get(&path).await.is(200).text.len() < 1 << 20);
    }
}
