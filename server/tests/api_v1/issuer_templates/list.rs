//! `GET /api/v1/issuer-templates` and `GET /api/v1/issuer-templates/{id}`

use serde_json::{Value, json};

use super::{TEMPLATES, diploma, maker};
use crate::support::Server;

store::both_databases! {
    async fn templates_are_listed_by_name_in_pages(db: &Database) {
        let server = Server::start(db).await;
        let (_, maker, signer) = maker(&server, "Acme").await;
        for name in ["delta", "Alpha", "charlie", "Bravo"] {
            maker.post(TEMPLATES, diploma(name, &signer)).await.is(201);
        }
        assert_eq!(maker.get(TEMPLATES).await.is(200).column("name"), ["Alpha", "Bravo", "charlie", "delta"]);
        let page = maker.get(&format!("{TEMPLATES}?limit=3&sort=-name")).await.is(200);
        assert_eq!(page.column("name"), ["delta", "charlie", "Bravo"]);
        let rest = maker.get(&format!("{TEMPLATES}?limit=3&sort=-name&cursor={}", page.member("next_cursor"))).await;
        assert_eq!((rest.column("name"), &rest.json()["next_cursor"]), (vec![json!("Alpha")], &Value::Null));
        assert_eq!(maker.get(&format!("{TEMPLATES}?q=L")).await.column("name"), ["Alpha", "charlie", "delta"]);
        let item = rest.json()["items"][0].clone();
        assert_eq!(maker.get(&format!("{TEMPLATES}/{}", item["id"].as_str().unwrap())).await.is(200).json(), item);
    }

    async fn what_is_not_there_is_not_found_and_parameters_are_read_strictly(db: &Database) {
        let server = Server::start(db).await;
        let (_, maker, _) = maker(&server, "Acme").await;
        for id in ["01900000-0000-7000-8000-000000000000", "x", "%00"] {
            let path = format!("{TEMPLATES}/{id}");
            maker.get(&path).await.problem(404, "not-found");
            maker.patch(&path, json!({})).await.problem(404, "not-found");
            maker.delete(&path).await.problem(404, "not-found");
        }
        for (query, field, code) in [("limit=0", "limit", "invalid"), ("sort=vct", "sort", "invalid"), ("vct=a", "vct", "unknown")] {
            maker.get(&format!("{TEMPLATES}?{query}")).await.refuses(&[(field, code)]);
        }
    }
}
