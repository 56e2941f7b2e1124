//! `DELETE /api/v1/api-keys/{id}?with_descendants=true`, and the same of OAuth clients

use serde_json::{Value, json};

use super::KEYS;
use crate::support::{Actor, Answer, Server};

const CLIENTS: &str = "/api/v1/oauth-clients";

/// What an external system made: its path, its id, and whoever presents its secret.
struct Made {
    path: String,
    id: String,
    actor: Actor,
}

async fn key(server: &Server, maker: &Actor, name: &str) -> Made {
    let body = json!({"name": name, "permissions": ["api_access:change"]});
    let made = maker.post(KEYS, body).await.is(201);
    let actor = server.anonymous().with("x-api-key", &made.member("key"));
    Made { path: made.header("location").to_owned(), id: made.member("id"), actor }
}

async fn client(server: &Server, maker: &Actor, name: &str) -> Made {
    let body = json!({"client_id": name, "permissions": ["api_access:change"]});
    let made = maker.post(CLIENTS, body).await.is(201);
    let form =
        [("grant_type", "client_credentials"), ("client_id", name), ("client_secret", &made.member("client_secret"))];
    let token = server.anonymous().post_form("/oauth2/token", &form).await.is(200).member("access_token");
    let actor = server.anonymous().with("authorization", &format!("Bearer {token}"));
    Made { path: made.header("location").to_owned(), id: made.member("id"), actor }
}

fn ended(answer: &Answer) -> Vec<(String, String)> {
    let text = |item: &Value, member: &str| item[member].as_str().unwrap().to_owned();
    answer.json()["ended"].as_array().unwrap().iter().map(|item| (text(item, "kind"), text(item, "name"))).collect()
}

fn named(names: &[(&str, &str)]) -> Vec<(String, String)> {
    names.iter().map(|(kind, name)| ((*kind).to_owned(), (*name).to_owned())).collect()
}

store::both_databases! {
    async fn what_a_key_made_ends_with_it_in_one_change_across_both_kinds(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let owner = acme.session(&["api_access:change", "audit_log:view"]).await;
        let root = key(&server, &owner, "root").await;
        let child = client(&server, &root.actor, "child").await;
        let grandchild = key(&server, &child.actor, "grandchild").await;
        let great = client(&server, &grandchild.actor, "great").await;
        let other = key(&server, &owner, "other").await;
        let before = owner.get("/api/v1/audit-events?limit=200").await.column("id").len();

        let answer = owner.delete(&format!("{}?with_descendants=true", root.path)).await.is(200);
        let all = [("api_key", "root"), ("oauth_client", "child"), ("api_key", "grandchild"), ("oauth_client", "great")];
        assert_eq!(ended(&answer)[0], named(&all)[0], "itself first");
        let (mut told, mut expected) = (ended(&answer), named(&all));
        told.sort();
        expected.sort();
        assert_eq!(told, expected);
        for one in [&root, &child, &grandchild, &great] {
            one.actor.get("/api/v1/me").await.problem(401, "revoked");
            owner.get(&one.path).await.problem(404, "not-found");
        }
        other.actor.get("/api/v1/me").await.is(200);

        let events = owner.get("/api/v1/audit-events?limit=200").await;
        assert_eq!(events.column("id").len(), before + 4);
        let of = async |one: &Made| owner.get(&format!("/api/v1/audit-events?target_id={}", one.id)).await.json()["items"][0].clone();
        let event = of(&root).await;
        assert_eq!(event["action"], "api_key.revoked");
        let names: Vec<&str> = event["detail"]["descendants"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
        assert!(["child", "grandchild", "great"].iter().all(|name| names.contains(name)) && names.len() == 3, "{event}");
        let event = of(&great).await;
        assert_eq!(event["action"], "oauth_client.revoked");
        assert_eq!(event["detail"]["ended_with"], json!({"kind": "api_key", "id": root.id, "name": "root"}));
        assert_eq!(event["request_id"], answer.header("x-request-id"), "one change");
    }

    async fn what_a_client_made_ends_with_it_also_through_what_was_deleted_before(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.session(&["api_access:change"]).await;
        let root = client(&server, &owner, "root").await;
        let child = key(&server, &root.actor, "child").await;
        let grandchild = key(&server, &child.actor, "grandchild").await;
        owner.delete(&child.path).await.is(204);
        grandchild.actor.get("/api/v1/me").await.is(200);
        let answer = owner.delete(&format!("{}?with_descendants=true", root.path)).await.is(200);
        assert_eq!(ended(&answer), named(&[("oauth_client", "root"), ("api_key", "grandchild")]));
        grandchild.actor.get("/api/v1/me").await.problem(401, "revoked");
        owner.delete(&format!("{}?with_descendants=true", root.path)).await.problem(404, "not-found");
    }

    async fn without_the_parameter_one_ends_and_what_it_made_stays(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.session(&["api_access:change"]).await;
        for query in ["", "?with_descendants=false"] {
            let root = key(&server, &owner, &format!("root{query}")).await;
            let child = key(&server, &root.actor, &format!("child{query}")).await;
            assert_eq!(owner.delete(&format!("{}{query}", root.path)).await.is(204).text, "");
            child.actor.get("/api/v1/me").await.is(200);
            assert_eq!(owner.get(&child.path).await.json()["created_by"]["id"], json!(root.id), "it is still told who made it");
        }
        let alone = key(&server, &owner, "alone").await;
        for (query, code) in [("with_descendants=yes", "invalid"), ("with_descendants=true&with_descendants=true", "duplicate")] {
            owner.delete(&format!("{}?{query}", alone.path)).await.refuses(&[("with_descendants", code)]);
        }
        owner.delete(&format!("{}?descendants=true", alone.path)).await.refuses(&[("descendants", "unknown")]);
        assert_eq!(ended(&owner.delete(&format!("{}?with_descendants=true", alone.path)).await), named(&[("api_key", "alone")]));
    }

    async fn d4_an_external_system_ends_none_when_one_among_them_holds_more(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let owner = acme.session(&["api_access:change", "users:view"]).await;
        let root = key(&server, &owner, "root").await;
        let child = key(&server, &root.actor, "child").await;
        owner.patch(&child.path, json!({"permissions": ["users:view"]})).await.is(200);
        let all = format!("{}?with_descendants=true", root.path);
        let refused = root.actor.delete(&all).await.problem(403, "holds-more");
        assert_eq!(refused.member("detail"), "child holds permissions that the caller does not hold.");
        root.actor.get("/api/v1/me").await.is(200);
        child.actor.get("/api/v1/me").await.is(200);
        owner.delete(&all).await.is(200);
        child.actor.get("/api/v1/me").await.problem(401, "revoked");
    }

    async fn lists_tell_what_one_made(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let owner = acme.session(&["api_access:change"]).await;
        let root = key(&server, &owner, "root").await;
        for name in ["a", "b"] {
            key(&server, &root.actor, name).await;
            client(&server, &root.actor, name).await;
        }
        let by_root = format!("created_by={}", root.id);
        assert_eq!(owner.get(&format!("{KEYS}?{by_root}")).await.is(200).column("name"), ["a", "b"]);
        assert_eq!(owner.get(&format!("{CLIENTS}?{by_root}")).await.is(200).column("client_id"), ["a", "b"]);
        assert_eq!(owner.get(&format!("{KEYS}?created_by={}", owner.user)).await.column("name"), ["root"]);
        let first = owner.get(&format!("{KEYS}?{by_root}&limit=1&sort=-name")).await;
        assert_eq!(first.column("name"), ["b"]);
        let next = format!("{KEYS}?{by_root}&limit=1&sort=-name&cursor={}", first.member("next_cursor"));
        assert_eq!(owner.get(&next).await.column("name"), ["a"]);
        assert_eq!(owner.get(&format!("{KEYS}?{by_root}&q=b")).await.column("name"), ["b"]);
        assert!(owner.get(&format!("{KEYS}?{by_root}&status=expired")).await.column("name").is_empty());
        owner.get(&format!("{KEYS}?created_by=x")).await.refuses(&[("created_by", "invalid")]);
        let other = server.wallet("Bolt").await.key(&["api_access:view"]).await;
        assert!(other.get(&format!("{KEYS}?{by_root}")).await.is(200).column("name").is_empty());
    }
}
