//! Lists are answered in pages, in every order that the document names, and are searched.

use serde_json::Value;

use super::document::{Operation, lists};
use crate::support::{Actor, Server, make};

/// The members by which a list is searched where it can be sorted by them.
const SEARCHED: [&str; 3] = ["name", "client_id", "vct"];

/// A wallet with some objects in each list, each a second older than the next.
async fn fill(server: &Server) -> Actor {
    let owner = (*server.wallet("Acme").await.administrator_key().await).clone();
    for second in 1..=4 {
        server.move_clock_to(&format!("2026-11-23T10:00:0{second}Z"));
        for list in lists() {
            make(&owner, &list.path).await;
        }
    }
    // What was counted is not written at once.
    access::api_access::flush_usage(&server.app).await.unwrap();
    owner
}

/// All items, from page to page.
async fn walk(actor: &Actor, path: &str, query: &str, limit: usize) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = actor.get(&format!("{path}?limit={limit}{query}{cursor}")).await.is(200);
        assert_eq!(page.header("content-type"), "application/json", "{path}");
        let page = page.json();
        let members: Vec<&String> = page.as_object().unwrap().keys().collect();
        assert_eq!(members, ["items", "next_cursor"], "{path}");
        let found = page["items"].as_array().unwrap();
        assert!(found.len() <= limit, "{path}{query}: {} items", found.len());
        items.extend(found.iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => {
                assert_eq!(found.len(), limit, "{path}{query}: a page that is not the last is full");
                cursor = format!("&cursor={next}");
            }
            None => return items,
        }
    }
}

fn ids(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["id"].as_str().unwrap()).collect()
}

/// What a list is sorted by, without regard to case. What has no value stands together, at one end or the other.
fn keys(items: &[Value], member: &str) -> Vec<String> {
    let values: Vec<&Value> = items.iter().map(|item| &item[member]).collect();
    let groups = values.chunk_by(|one, next| one.is_null() == next.is_null());
    assert!(groups.count() <= 2, "{member}: {values:?}");
    values.into_iter().filter(|value| !value.is_null()).map(|value| value.as_str().unwrap().to_lowercase()).collect()
}

fn orders(list: &Operation) -> Vec<&str> {
    list.parameters.iter().find(|parameter| parameter.name == "sort").unwrap().schema.values()
}

store::both_databases! {
    async fn every_order_lists_every_object_once_at_every_page_size(db: &Database) {
        let server = Server::start(db).await;
        let owner = fill(&server).await;
        for list in lists() {
            let path = &list.path;
            for order in orders(&list) {
                let query = format!("&sort={order}");
                let items = walk(&owner, path, &query, 200).await;
                assert!(items.len() >= 4, "{path}: {} items", items.len());
                for limit in [1, 3, items.len()] {
                    assert_eq!(ids(&walk(&owner, path, &query, limit).await), ids(&items), "{path} {order} {limit}");
                }
                let mut keys = keys(&items, order.trim_start_matches('-'));
                let mut once = ids(&items);
                once.sort_unstable();
                once.dedup();
                assert_eq!(once.len(), items.len(), "{path} {order}");
                if order.starts_with('-') {
                    keys.reverse();
                }
                assert!(keys.is_sorted(), "{path} {order}: {keys:?}");
            }
        }
    }

    async fn an_order_and_the_one_with_a_minus_are_each_others_reverse(db: &Database) {
        let server = Server::start(db).await;
        let owner = fill(&server).await;
        for list in lists() {
            for order in orders(&list).into_iter().filter(|order| !order.starts_with('-')) {
                let upwards = walk(&owner, &list.path, &format!("&sort={order}"), 200).await;
                let mut downwards = walk(&owner, &list.path, &format!("&sort=-{order}"), 200).await;
                downwards.reverse();
                assert_eq!(ids(&upwards), ids(&downwards), "{} {order}", list.path);
            }
        }
    }

    async fn the_order_that_is_left_out_is_the_first_that_the_document_names(db: &Database) {
        let server = Server::start(db).await;
        let owner = fill(&server).await;
        for list in lists() {
            let first = walk(&owner, &list.path, &format!("&sort={}", orders(&list)[0]), 200).await;
            assert_eq!(ids(&walk(&owner, &list.path, "", 200).await), ids(&first), "{}", list.path);
        }
    }

    async fn a_cursor_belongs_to_its_order(db: &Database) {
        let server = Server::start(db).await;
        let owner = fill(&server).await;
        for list in lists() {
            let path = &list.path;
            for order in orders(&list) {
                let cursor = owner.get(&format!("{path}?limit=1&sort={order}")).await.is(200).member("next_cursor");
                owner.get(&format!("{path}?sort={order}&cursor={cursor}")).await.is(200);
                for other in orders(&list).into_iter().filter(|other| *other != order) {
                    owner.get(&format!("{path}?sort={other}&cursor={cursor}")).await.refuses(&[("cursor", "invalid")]);
                }
            }
        }
    }

    async fn names_and_types_are_searched_without_regard_to_case_and_literally(db: &Database) {
        let server = Server::start(db).await;
        let owner = fill(&server).await;
        let mut searched = 0;
        for list in lists() {
            let path = &list.path;
            for nowhere in ["%25", "_", "'", "%5C", "nowhere"] {
                assert!(walk(&owner, path, &format!("&q={nowhere}"), 200).await.is_empty(), "{path}?q={nowhere}");
            }
            let all = walk(&owner, path, "", 200).await;
            let Some(member) = SEARCHED.iter().find(|member| orders(&list).contains(*member)) else { continue };
            searched += 1;
            let text = |item: &Value| item[*member].as_str().unwrap().to_lowercase();
            let part: String = text(&all[1]).chars().rev().take(2).collect();
            let part: String = part.chars().rev().collect();
            for q in [part.to_uppercase(), part.clone()] {
                let found = walk(&owner, path, &format!("&q={q}"), 200).await;
                let expected: Vec<&str> =
                    all.iter().filter(|item| text(item).contains(&part)).map(|item| item["id"].as_str().unwrap()).collect();
                assert_eq!(ids(&found), expected, "{path}?q={q}");
            }
        }
        assert!(searched > 10, "{searched}");
    }

    async fn an_item_tells_what_its_object_tells(db: &Database) {
        let server = Server::start(db).await;
        let owner = fill(&server).await;
        for list in lists() {
            for item in walk(&owner, &list.path, "", 200).await {
                let path = format!("{}/{}", list.path, item["id"].as_str().unwrap());
                let object = owner.get(&path).await.is(200).json();
                for (member, value) in item.as_object().unwrap() {
                    assert_eq!(&object[member], value, "{member} of {path}");
                }
            }
        }
    }
}
