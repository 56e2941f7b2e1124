//! `GET /api/v1/credentials`

use serde_json::{Value, json};

use super::CREDENTIALS;
use super::issuer::{by_did_jwk, key, now};
use crate::support::{Actor, Server};

/// Imports credentials of these types that end after so many hours, a second after one another.
async fn import(server: &Server, holder: &Actor, credentials: &[(&'static str, Option<i64>)]) {
    for (at, (vct, hours)) in credentials.iter().enumerate() {
        server.move_clock_to(&format!("2026-11-23T10:00:{:02}Z", at + 1));
        let text = by_did_jwk(&key(1), |draft| {
            draft.vct = vct;
            draft.valid_until = hours.map(|hours| now() + hours * 3600);
        });
        holder.post(CREDENTIALS, json!({"credential": text})).await.is(201);
    }
}

/// The types on every page, following the cursors.
async fn pages(actor: &Actor, query: &str, limit: usize) -> Vec<Value> {
    let mut types = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = actor.get(&format!("{CREDENTIALS}?limit={limit}{query}{cursor}")).await.is(200);
        let found = page.column("vct");
        assert!(found.len() <= limit);
        types.extend(found);
        match page.json()["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return types,
        }
    }
}

store::both_databases! {
    async fn every_order_lists_every_credential_once_at_every_page_size(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.key(&["holder_credentials:change"]).await;
        import(&server, &holder, &[("delta", Some(2)), ("Alpha", None), ("charlie", Some(1)), ("Bravo", Some(3))]).await;
        for (sort, order) in [
            ("", ["Bravo", "charlie", "Alpha", "delta"]),
            ("&sort=-created_at", ["Bravo", "charlie", "Alpha", "delta"]),
            ("&sort=created_at", ["delta", "Alpha", "charlie", "Bravo"]),
            ("&sort=valid_until", ["charlie", "delta", "Bravo", "Alpha"]),
            ("&sort=-valid_until", ["Alpha", "Bravo", "delta", "charlie"]),
            ("&sort=vct", ["Alpha", "Bravo", "charlie", "delta"]),
            ("&sort=-vct", ["delta", "charlie", "Bravo", "Alpha"]),
        ] {
            for limit in [1, 3, 4, 200] {
                assert_eq!(pages(&holder, sort, limit).await, order, "{sort} {limit}");
            }
        }
    }

    async fn a_list_tells_of_a_credential_and_not_what_it_says(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.key(&["holder_credentials:change"]).await;
        let held = holder.post(CREDENTIALS, json!({"credential": by_did_jwk(&key(1), |_| {})})).await.is(201);
        let mut expected = held.json();
        for member in ["claims", "disclosures", "credential"] {
            expected.as_object_mut().unwrap().remove(member).unwrap();
        }
        let list = holder.get(CREDENTIALS).await.is(200);
        assert_eq!(list.json(), json!({"items": [expected], "next_cursor": null}));
        assert!(!list.text.contains("Ada"));
    }

    async fn credentials_are_found_by_type_and_by_issuer(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.key(&["holder_credentials:change"]).await;
        import(&server, &holder, &[("https://a.example/person", None), ("https://a.example/Company", None)]).await;
        let other = by_did_jwk(&key(2), |draft| draft.vct = "https://a.example/person");
        let issuer = holder.post(CREDENTIALS, json!({"credential": other})).await.is(201).member("issuer");
        for (query, found) in [
            ("&vct=https://a.example/person", vec!["https://a.example/person", "https://a.example/person"]),
            ("&vct=https://a.example/PERSON", vec![]),
            (&format!("&issuer={issuer}"), vec!["https://a.example/person"]),
            (&format!("&issuer={issuer}&vct=https://a.example/Company"), vec![]),
            ("&q=COMPANY", vec!["https://a.example/Company"]),
            ("&q=%25", vec![]),
        ] {
            assert_eq!(pages(&holder, query, 1).await, found, "{query}");
        }
    }
}
