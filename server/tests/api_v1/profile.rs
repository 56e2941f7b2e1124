//! `/api/v1/profile`

use serde_json::json;

use crate::support::{Server, holder, make};

const PROFILE: &str = "/api/v1/profile";
const CREDENTIALS: &str = "/api/v1/credentials";
const IDENTIFIERS: &str = "/api/v1/identifiers";

fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

store::both_databases! {
    async fn a_new_wallet_has_a_profile_that_nobody_sees(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let key = acme.key(&["public_profile:view"]).await;
        assert_eq!(key.get(PROFILE).await.is(200).json(), json!({
            "published": false,
            "url": format!("{}/profile", server.app.wallet_url(acme.id)),
            "display_name": "Acme", "description": "", "website": "", "email": "", "logo_url": "",
            "identifiers": [], "credentials": [], "updated_at": null,
        }));
        key.patch(PROFILE, json!({})).await.problem(403, "permission-missing");
    }

    async fn a_profile_is_edited_in_part(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.administrator_key().await;
        let credential = make(&key, CREDENTIALS).await;
        let identifier = make(&key, IDENTIFIERS).await;
        let edited = key.patch(PROFILE, json!({
            "display_name": " Acme Shipping ", "description": "Ships.\r\nOn time.", "website": "https://Acme.example",
            "email": "hello@acme.example", "logo_url": "https://acme.example/logo.svg",
            "identifiers": [id(&identifier)], "credentials": [id(&credential), id(&credential)],
        })).await.is(200).json();
        assert_eq!(edited["display_name"], "Acme Shipping");
        assert_eq!(edited["description"], "Ships.\nOn time.");
        assert_eq!(edited["website"], "https://acme.example/");
        assert_eq!(edited["credentials"], json!([id(&credential)]));
        assert_eq!(edited["updated_at"], "2026-11-23T10:00:00Z");
        assert_eq!(key.get(PROFILE).await.is(200).json(), edited);

        let published = key.patch(PROFILE, json!({"published": true, "email": ""})).await.is(200).json();
        assert_eq!((&published["published"], &published["email"]), (&json!(true), &json!("")));
        assert_eq!(published["website"], edited["website"]);
        key.patch(PROFILE, json!({"published": false})).await.is(200);

        let events = key.get("/api/v1/audit-events?limit=3").await.is(200);
        assert_eq!(events.column("action"), ["profile.withdrawn", "profile.published", "profile.edited"]);
        assert_eq!(events.column("detail")[1], json!({"fields": ["email"]}));
        assert!(!events.text.contains("hello@acme.example"), "values can be of people");
        let revision = server.app.store.read().await.unwrap().revision().await.unwrap();
        key.patch(PROFILE, json!({"website": "https://acme.example"})).await.is(200);
        assert_eq!(server.app.store.read().await.unwrap().revision().await.unwrap(), revision, "nothing changed");
    }

    async fn credentials_that_no_reader_takes_in_one_presentation_are_refused(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.administrator_key().await;
        let mut ids = Vec::new();
        for letter in ["a", "b"] {
            let long = holder::credential(|draft| {
                draft.claims.insert("level".to_owned(), json!(letter.repeat(300_000)));
            });
            ids.push(key.post(CREDENTIALS, json!({"credential": long})).await.is(201).member("id"));
        }
        key.patch(PROFILE, json!({"credentials": [ids[0], ids[0]]})).await.is(200);
        key.patch(PROFILE, json!({"credentials": ids})).await.refuses(&[("credentials", "too-large")]);
    }

    async fn every_refused_field_is_told_at_once(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.administrator_key().await;
        key.patch(PROFILE, json!({
            "display_name": " ", "description": "a\u{7}", "website": "http://acme.example", "email": "nobody",
            "logo_url": "javascript:alert(1)", "identifiers": ["01935500-0000-7000-8000-000000000000"],
        })).await.refuses(&[
            ("display_name", "invalid"), ("description", "invalid"), ("website", "invalid"), ("email", "invalid"),
            ("logo_url", "invalid"), ("identifiers[0]", "unknown"),
        ]);
        key.patch(PROFILE, json!({"published": null})).await.refuses(&[("published", "invalid")]);
        key.patch(PROFILE, json!({"url": "x"})).await.refuses(&[("url", "unknown")]);
        key.patch(PROFILE, json!({"credentials": ["x"]})).await.refuses(&[("credentials[0]", "invalid")]);
        let many = vec!["01935500-0000-7000-8000-000000000000"; 21];
        let refused = key.patch(PROFILE, json!({"credentials": many})).await.problem(422, "invalid-request").refused();
        assert!(refused.contains(&"credentials: invalid".to_owned()), "{refused:?}");
    }

    async fn what_a_caller_may_not_view_it_cannot_publish(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let owner = acme.administrator_key().await;
        let (credential, identifier) = (make(&owner, CREDENTIALS).await, make(&owner, IDENTIFIERS).await);
        let editor = acme.key(&["public_profile:change"]).await;
        for (wanted, needed) in [
            (json!({"credentials": [id(&credential)]}), "holder_credentials:view"),
            (json!({"identifiers": [id(&identifier)]}), "identifiers:view"),
        ] {
            let refused = editor.patch(PROFILE, wanted.clone()).await.problem(403, "permission-missing");
            assert_eq!(refused.member("required_permission"), needed);
            acme.key(&["public_profile:change", needed]).await.patch(PROFILE, wanted).await.is(200);
        }
        // What others have chosen it may leave, publish and take away.
        let chosen = editor.patch(PROFILE, json!({"published": true, "credentials": [id(&credential)]})).await.is(200);
        assert_eq!(chosen.json()["credentials"], json!([id(&credential)]));
        editor.patch(PROFILE, json!({"credentials": []})).await.is(200);
        editor.patch(PROFILE, json!({"credentials": [id(&credential)]})).await.problem(403, "permission-missing");
    }

    async fn what_is_deleted_is_shown_no_more(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.administrator_key().await;
        let (credential, identifier) = (make(&key, CREDENTIALS).await, make(&key, IDENTIFIERS).await);
        let wanted = json!({"credentials": [id(&credential)], "identifiers": [id(&identifier)], "published": true});
        key.patch(PROFILE, wanted).await.is(200);
        key.delete(&credential).await.is(204);
        key.delete(&identifier).await.is(204);
        let left = key.get(PROFILE).await.is(200).json();
        assert_eq!((&left["credentials"], &left["identifiers"]), (&json!([]), &json!([])));
    }
}
