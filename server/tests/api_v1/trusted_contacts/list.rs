//! `GET /api/v1/trusted-contacts` and `GET /api/v1/trusted-contacts/{id}`

use serde_json::{Value, json};

use super::CONTACTS;
use crate::support::Server;

store::both_databases! {
    async fn contacts_are_listed_by_name_in_pages(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["trusted_contacts:change"]).await;
        for name in ["delta", "Alpha", "charlie", "Bravo"] {
            maker.post(CONTACTS, json!({"name": name, "did": format!("did:web:{name}.example")})).await.is(201);
        }
        assert_eq!(maker.get(CONTACTS).await.is(200).column("name"), ["Alpha", "Bravo", "charlie", "delta"]);
        let page = maker.get(&format!("{CONTACTS}?limit=3&sort=-name")).await.is(200);
        assert_eq!(page.column("name"), ["delta", "charlie", "Bravo"]);
        let rest = maker.get(&format!("{CONTACTS}?limit=3&sort=-name&cursor={}", page.member("next_cursor"))).await;
        assert_eq!((rest.column("name"), &rest.json()["next_cursor"]), (vec![json!("Alpha")], &Value::Null));
        assert_eq!(maker.get(&format!("{CONTACTS}?q=L")).await.column("name"), ["Alpha", "charlie", "delta"]);
        let item = rest.json()["items"][0].clone();
        assert_eq!(maker.get(&format!("{CONTACTS}/{}", item["id"].as_str().unwrap())).await.is(200).json(), item);
    }

    async fn parameters_are_read_strictly(db: &Database) {
        let server = Server::start(db).await;
        let viewer = server.wallet("Acme").await.key(&["trusted_contacts:view"]).await;
        for (query, field, code) in [
            ("limit=0", "limit", "invalid"),
            ("cursor=x", "cursor", "invalid"),
            ("sort=did", "sort", "invalid"),
            ("did=did:web:a.example", "did", "unknown"),
            ("q=%00", "q", "invalid"),
        ] {
            viewer.get(&format!("{CONTACTS}?{query}")).await.refuses(&[(field, code)]);
        }
    }

    async fn what_is_not_there_is_not_found(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["trusted_contacts:change"]).await;
        for id in ["01900000-0000-7000-8000-000000000000", "x", "%00"] {
            let path = format!("{CONTACTS}/{id}");
            maker.get(&path).await.problem(404, "not-found");
            maker.patch(&path, json!({})).await.problem(404, "not-found");
            maker.delete(&path).await.problem(404, "not-found");
        }
    }
}
