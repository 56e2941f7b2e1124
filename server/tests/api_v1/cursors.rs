//! A cursor belongs to the list that made it: its wallet, its path and all its parameters.

use serde_json::json;

use crate::support::{Key, Server};

const ROLES: &str = "/api/v1/roles";

async fn roles(server: &Server, wallet: &str) -> Key {
    let owner = server.wallet(wallet).await.administrator_key().await;
    for name in ["Alpha", "Beta", "Gamma"] {
        owner.post(ROLES, json!({"name": name})).await.is(201);
    }
    owner
}

store::both_databases! {
    async fn a_cursor_turns_the_pages_of_its_own_list(db: &Database) {
        let server = Server::start(db).await;
        let owner = roles(&server, "Acme").await;
        let first = owner.get(&format!("{ROLES}?limit=1&q=a&sort=-name")).await.is(200);
        assert_eq!(first.column("name"), ["Gamma"]);
        let cursor = first.member("next_cursor");
        for query in ["q=a&sort=-name&limit=5", "limit=2&sort=-name&q=a"] {
            let rest = owner.get(&format!("{ROLES}?{query}&cursor={cursor}")).await.is(200);
            assert_eq!(rest.column("name")[0], "Beta", "{query}");
        }
        for query in ["", "&sort=name&q=a", "&sort=-name", "&q=a", "&sort=-name&q=b", "&sort=-name&q=A"] {
            owner.get(&format!("{ROLES}?cursor={cursor}{query}")).await.refuses(&[("cursor", "invalid")]);
        }
        let other = roles(&server, "Other").await;
        other.get(&format!("{ROLES}?q=a&sort=-name&cursor={cursor}")).await.refuses(&[("cursor", "invalid")]);
    }

    async fn no_list_takes_the_cursor_of_another(db: &Database) {
        let server = Server::start(db).await;
        let owner = roles(&server, "Acme").await;
        let by_name = owner.get(&format!("{ROLES}?limit=1")).await.is(200).member("next_cursor");
        let by_time = owner.get("/api/v1/audit-events?limit=1").await.is(200).member("next_cursor");
        let document = serde_json::to_value(claviger::openapi()).unwrap();
        let mut lists = 0;
        for (path, item) in document["paths"].as_object().unwrap() {
            let parameters = item["get"]["parameters"].as_array().into_iter().flatten();
            if !parameters.into_iter().any(|parameter| parameter["name"] == "cursor") {
                continue;
            }
            lists += 1;
            for (cursor, own) in [(&by_name, ROLES), (&by_time, "/api/v1/audit-events")] {
                let answer = owner.get(&format!("{path}?cursor={cursor}")).await;
                if path == own { answer.is(200) } else { answer.refuses(&[("cursor", "invalid")]) };
            }
        }
        assert!(lists > 15, "{lists}");
    }

    async fn a_filter_belongs_to_the_cursor(db: &Database) {
        let server = Server::start(db).await;
        let wallet = server.wallet("Acme").await;
        let owner = wallet.administrator_key().await;
        for _ in 0..3 {
            wallet.key(&[]).await;
        }
        let cursor = owner.get("/api/v1/api-keys?limit=1&status=active").await.is(200).member("next_cursor");
        owner.get(&format!("/api/v1/api-keys?status=active&cursor={cursor}")).await.is(200);
        for query in ["", "&status=expired", "&status=active&sort=-name"] {
            owner.get(&format!("/api/v1/api-keys?cursor={cursor}{query}")).await.refuses(&[("cursor", "invalid")]);
        }
    }
}
