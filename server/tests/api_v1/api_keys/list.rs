//! `GET /api/v1/api-keys`

use serde_json::json;

use super::KEYS;
use crate::support::{Actor, Server};

/// The names on every page, following the cursors.
async fn pages(actor: &Actor, query: &str, limit: usize) -> Vec<String> {
    let mut names = Vec::new();
    let mut cursor = None::<String>;
    loop {
        let after = cursor.map_or(String::new(), |cursor| format!("&cursor={cursor}"));
        let page = actor.get(&format!("{KEYS}?limit={limit}{query}{after}")).await.is(200);
        let found = page.column("name");
        assert!(found.len() <= limit);
        names.extend(found.iter().map(|name| name.as_str().unwrap().to_owned()));
        match page.json()["next_cursor"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => return names,
        }
    }
}

/// Makes keys with these names and last days, a second after one another.
async fn make(server: &Server, maker: &Actor, keys: &[(&str, &str)]) {
    for (at, (name, on)) in keys.iter().enumerate() {
        server.move_clock_to(&format!("2026-11-23T10:00:{:02}Z", at + 1));
        maker.post(KEYS, json!({"name": name, "expires_on": on})).await.is(201);
    }
}

store::both_databases! {
    async fn every_order_lists_every_key_once_at_every_page_size(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.session(&["api_access:change"]).await;
        let keys = [("delta", "2027-03-01"), ("Alpha", "2027-03-01"), ("charlie", "2027-01-01"), ("Bravo", "2027-02-01")];
        make(&server, &maker, &keys).await;
        for (sort, order) in [
            ("name", ["Alpha", "Bravo", "charlie", "delta"]),
            ("-name", ["delta", "charlie", "Bravo", "Alpha"]),
            ("created_at", ["delta", "Alpha", "charlie", "Bravo"]),
            ("-created_at", ["Bravo", "charlie", "Alpha", "delta"]),
            ("expires_on", ["charlie", "Bravo", "delta", "Alpha"]),
            ("-expires_on", ["Alpha", "delta", "Bravo", "charlie"]),
        ] {
            for limit in [1, 2, 3, 4, 200] {
                assert_eq!(pages(&maker, &format!("&sort={sort}"), limit).await, order, "{sort} {limit}");
            }
        }
        assert_eq!(pages(&maker, "", 200).await, ["Alpha", "Bravo", "charlie", "delta"], "by name when left out");
    }

    async fn keys_are_sorted_by_their_last_use(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let viewer = acme.session(&["api_access:view"]).await;
        let keys = [acme.key(&[]).await, acme.key(&[]).await, acme.key(&[]).await];
        for (second, key) in [(1, &keys[1]), (2, &keys[0])] {
            server.move_clock_to(&format!("2026-11-23T11:00:0{second}Z"));
            key.get("/api/v1/me").await.is(200);
        }
        access::api_access::flush_usage(&server.app).await.unwrap();
        let upwards = pages(&viewer, "&sort=last_used_at", 2).await;
        let mut downwards = pages(&viewer, "&sort=-last_used_at", 1).await;
        downwards.reverse();
        assert_eq!(upwards, downwards);
        let used: Vec<_> = upwards.iter().filter(|name| *name != "key-4").collect();
        assert_eq!(used, ["key-3", "key-2"], "the earlier use first");
    }

    async fn active_and_expired_keys_are_told_apart(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let viewer = acme.session(&["api_access:change"]).await;
        make(&server, &viewer, &[("short", "2026-11-23"), ("long", "2026-11-24")]).await;
        server.move_clock_to("2026-11-23T21:59:59Z");
        assert_eq!(pages(&viewer, "&status=active", 50).await, ["long", "short"]);
        assert!(pages(&viewer, "&status=expired", 50).await.is_empty());
        let viewer = acme.key(&["api_access:view"]).await;
        server.move_clock_to("2026-11-24T00:00:00Z");
        assert_eq!(pages(&viewer, "&status=active&q=on", 50).await, ["long"]);
        assert_eq!(pages(&viewer, "&status=expired", 50).await, ["short"]);
    }

    async fn names_are_searched_without_regard_to_case_and_literally(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.session(&["api_access:change"]).await;
        for name in ["Acme-Backend", "50% off", "snake_case", "back\\slash", "ÉCOLE"] {
            maker.post(KEYS, json!({"name": name})).await.is(201);
        }
        for (q, found) in [
            ("ACME", vec!["Acme-Backend"]),
            ("back", vec!["Acme-Backend", "back\\slash"]),
            ("%25", vec!["50% off"]),
            ("_", vec!["snake_case"]),
            ("%5C", vec!["back\\slash"]),
            ("%C3%A9cole", vec!["ÉCOLE"]),
            ("nowhere", vec![]),
            ("'", vec![]),
        ] {
            assert_eq!(pages(&maker, &format!("&q={q}"), 50).await, found, "{q}");
        }
    }

    async fn a_page_has_50_items_unless_1_to_200_are_asked_for(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let viewer = acme.session(&["api_access:view"]).await;
        for _ in 0..51 {
            acme.key(&[]).await;
        }
        assert_eq!(viewer.get(KEYS).await.is(200).column("id").len(), 50);
        assert_eq!(viewer.get(&format!("{KEYS}?limit=51")).await.is(200).column("id").len(), 51);
        for limit in ["0", "201", "-1", "x", "", "1e2", "99999999999999999999"] {
            viewer.get(&format!("{KEYS}?limit={limit}")).await.refuses(&[("limit", "invalid")]);
        }
    }

    async fn m7_listing_the_keys_needs_view(db: &Database) {
        let server = Server::start(db).await;
        let stranger = server.wallet("Acme").await.key(&["users:change", "wallet:view"]).await;
        let refused = stranger.get(KEYS).await.problem(403, "permission-missing");
        assert_eq!(refused.member("required_permission"), "api_access:view");
    }
}
