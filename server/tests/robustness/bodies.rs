//! Bodies, queries and paths of every kind.

use std::future::Future;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Value, json};
use tokio::runtime::Handle;

use crate::support::{Server, send_broken};

/// Requests for each property.
const CASES: u32 = 150;

/// Members that some body has.
const MEMBERS: [&str; 9] =
    ["name", "notes", "expires_on", "permissions", "email", "roles", "did", "method", "time_zone"];

fn runner() -> TestRunner {
    TestRunner::new(Config { cases: CASES, failure_persistence: None, ..Config::default() })
}

/// proptest knows no futures.
fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::task::block_in_place(|| Handle::current().block_on(future))
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::sample::select(vec!["users:view", "2027-01-01", "did:web:x", "a@b"]).prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..4)
                .prop_map(|members| Value::Object(Map::from_iter(members))),
        ]
    })
}

store::both_databases! {
    async fn any_json_is_taken_or_refused(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let owner = acme.administrator_key().await;
        let key = acme.key(&[]).await.path();
        let members = prop::collection::vec((prop::sample::select(&MEMBERS[..]), any_json()), 0..4);
        let body = members.prop_map(|members| {
            Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
        });
        let body = prop_oneof![4 => body, 1 => any_json()];
        runner()
            .run(&body, |body| {
                for collection in [
                    "api-keys", "users", "roles", "identifiers", "trusted-contacts", "issuer-templates",
                    "trusted-issuers", "credentials",
                ] {
                    let status = wait(owner.post(&format!("/api/v1/{collection}"), body.clone())).status;
                    prop_assert!(matches!(status, 201 | 409 | 422), "{}: {}", collection, status);
                }
                for path in [key.as_str(), "/api/v1/wallet"] {
                    let status = wait(owner.patch(path, body.clone())).status;
                    prop_assert!(matches!(status, 200 | 409 | 422), "{}: {}", path, status);
                }
                Ok(())
            })
            .unwrap();
    }

    async fn what_is_wrong_with_a_value_is_told_beside_what_is_wrong_with_its_type(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.administrator_key().await;
        let name = "\u{200B}";
        let bodies = [
            ("users", json!({"name": name, "email": "x", "roles": 5, "colour": 1}), "colour email name roles"),
            ("roles", json!({"name": name, "permissions": 5}), "name permissions"),
            ("api-keys", json!({"name": name, "notes": "\u{7}", "permissions": 5}), "name notes permissions"),
            ("trusted-contacts", json!({"name": name, "did": "x", "notes": 5}), "did name notes"),
            ("trusted-issuers", json!({"name": name, "issuer": 5, "notes": "\u{7}"}), "issuer name notes"),
            ("verifier-templates", json!({"name": name, "purpose": name, "identifier_id": 5}),
                "identifier_id name purpose query"),
            ("status-lists", json!({"name": name, "identifier_id": 5}), "identifier_id name"),
            ("identifiers", json!({"name": name, "method": 5}), "method name"),
            ("api-keys", json!({"name": 5, "expires_on": "2030-1-1", "requests_per_minute": 0}),
                "expires_on name requests_per_minute"),
            ("oauth-clients", json!({"client_id": "a b", "expires_on": "soon", "permissions": 5}),
                "client_id expires_on permissions"),
            ("trusted-contacts", json!({"name": name, "did": "did:web:a.example", "credential_issuer": "https://a?b",
                "credential_offer_endpoint": "ftp://a"}), "credential_issuer credential_offer_endpoint name"),
            ("trusted-issuers", json!({"name": 5, "issuer": "x", "vcts": ["ok", ""]}), "issuer name vcts[1]"),
            ("trusted-issuers", json!({"name": name, "issuer": "x"}), "issuer name vcts"),
            ("verifier-templates", json!({"name": 5, "purpose": "P", "identifier_id": "x", "retention_days": -1,
                "query": {"credentials": []}}), "identifier_id name query retention_days"),
            ("issuer-templates", json!({"name": 5, "vct": "no uri", "valid_for_days": 0, "identifier_id": "x",
                "claims": [{"path": [], "label": name, "type": "text"}], "display": {"name": name, "language": "?",
                "background_color": "red", "text_color": "1", "logo_url": "https://ada@a.example/"}}),
                "claims[0].label claims[0].path display.background_color display.language display.logo_url \
                 display.name display.text_color identifier_id name valid_for_days vct"),
            ("issuances", json!({"template": 5, "claims": {}, "correlation_id": " ", "tx_code": "1", "expires_in": 5,
                "callback": {"url": "ftp://a", "secret": "whsec_x"}}),
                "callback.secret callback.url correlation_id expires_in template tx_code"),
            ("verifications", json!({"template": 5, "correlation_id": "", "redirect_uri": "x",
                "callback": {"url": "x", "secret": "y"}}), "callback.secret callback.url correlation_id redirect_uri template"),
        ];
        for (collection, body, expected) in bodies {
            let answer = owner.post(&format!("/api/v1/{collection}"), body).await.problem(422, "invalid-request");
            let errors = answer.json()["errors"].as_array().unwrap().clone();
            let mut fields: Vec<_> = errors.iter().map(|error| error["field"].as_str().unwrap()).collect();
            fields.sort_unstable();
            assert_eq!(fields.join(" "), expected, "{collection}");
        }
        let body = json!({"published": 5, "display_name": name, "description": "\u{7}", "website": "x", "email": "x",
            "logo_url": "http://a"});
        let answer = owner.patch("/api/v1/profile", body).await.problem(422, "invalid-request");
        assert_eq!(answer.json()["errors"].as_array().unwrap().len(), 6, "{}", answer.text);
        let body = json!({"name": 5, "time_zone": "Moon"});
        let answer = owner.patch("/api/v1/wallet", body).await.problem(422, "invalid-request");
        assert_eq!(answer.json()["errors"].as_array().unwrap().len(), 2, "{}", answer.text);
        let contact = owner.post("/api/v1/trusted-contacts", json!({"name": "A", "did": "did:web:a.example"})).await;
        let contact = format!("/api/v1/trusted-contacts/{}", contact.is(201).member("id"));
        let patch = json!({"name": name, "notes": null, "credential_issuer": null, "colour": 1});
        let answer = owner.patch(&contact, patch).await.problem(422, "invalid-request");
        assert_eq!(answer.json()["errors"].as_array().unwrap().len(), 3, "{}", answer.text);
    }

    async fn any_query_is_taken_or_refused(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.administrator_key().await;
        let name = prop_oneof![
            4 => prop::sample::select(vec!["limit", "cursor", "q", "sort", "status", "action"]).prop_map(str::to_owned),
            1 => any::<String>(),
        ];
        let query = prop::collection::vec((name, any::<String>()), 0..4);
        runner()
            .run(&query, |pairs| {
                let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
                for collection in ["api-keys", "users", "roles", "audit-events", "credentials"] {
                    let status = wait(owner.get(&format!("/api/v1/{collection}?{query}"))).status;
                    prop_assert!(matches!(status, 200 | 422), "{}?{}: {}", collection, query, status);
                }
                Ok(())
            })
            .unwrap();
    }

    async fn any_id_is_found_or_not(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.administrator_key().await;
        runner()
            .run(&any::<String>(), |id| {
                let id: String = form_urlencoded::byte_serialize(id.as_bytes()).collect::<String>().replace('+', "%20");
                // A dot segment is resolved by the client and names another path.
                prop_assume!(!id.is_empty() && id != "." && id != "..");
                for collection in ["api-keys", "users", "roles", "audit-events", "credentials"] {
                    let path = format!("/api/v1/{collection}/{id}");
                    prop_assert_eq!(wait(owner.get(&path)).status, 404, "{}", path);
                }
                Ok(())
            })
            .unwrap();
    }

    async fn a_body_that_breaks_off_changes_nothing(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.key(&["api_access:change"]).await;
        let body = json!({"name": "broken"}).to_string();
        let request = format!(
            "POST /api/v1/api-keys HTTP/1.1\r\nhost: x\r\nx-api-key: {}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            owner.text,
            body.len() + 1
        );
        let statuses = send_broken(server.address, request.as_bytes());
        assert!(statuses.iter().all(|status| *status == 400), "{statuses:?}");
        assert_eq!(owner.get("/api/v1/api-keys").await.is(200).column("name"), ["key-1"]);
    }
}
