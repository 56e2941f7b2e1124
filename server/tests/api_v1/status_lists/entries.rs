//! The entries of a list, given to credentials and changed.

use std::collections::HashSet;

use issue::status_lists::{Status, StatusReference};
use serde_json::json;

use super::{LISTS, MAKER, make, reserve, set};
use crate::support::Server;

store::both_databases! {
    async fn each_credential_gets_an_entry_of_its_own_in_no_order(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let maker = acme.key(MAKER).await;
        let list = make(&maker, "a").await;
        let mut given = Vec::new();
        for _ in 0..20 {
            let entry = reserve(&acme, &server, &list).await.unwrap();
            assert_eq!(entry.uri, list["uri"]);
            given.push(entry.index);
        }
        assert!(given.iter().all(|index| *index < 100_000));
        assert_eq!(given.iter().collect::<HashSet<_>>().len(), 20);
        assert!(!given.is_sorted() && given.iter().any(|index| *index > 1000), "{given:?}");
        let counted = maker.get(&format!("{LISTS}/{}", list["id"].as_str().unwrap())).await.is(200).json();
        assert_eq!((&counted["used"], &counted["valid"]), (&json!(20), &json!(20)));
    }

    async fn credentials_that_are_issued_at_once_get_different_entries(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let list = make(&*acme.key(MAKER).await, "a").await;
        // Room for eight, so that blind draws collide.
        db.execute("UPDATE status_lists SET size = 8").await;
        let reserve = || reserve(&acme, &server, &list);
        let (a, b, c, d, e, f, g, h) =
            tokio::join!(reserve(), reserve(), reserve(), reserve(), reserve(), reserve(), reserve(), reserve());
        let mut given: Vec<u64> = [a, b, c, d, e, f, g, h].into_iter().map(|entry| entry.unwrap().index).collect();
        given.sort_unstable();
        assert_eq!(given, [0, 1, 2, 3, 4, 5, 6, 7], "to the last one");
        assert_eq!(reserve().await, None, "the list is full");
    }

    async fn there_is_no_entry_in_a_list_of_another_wallet(db: &Database) {
        let server = Server::start(db).await;
        let (acme, bolt) = (server.wallet("Acme").await, server.wallet("Bolt").await);
        let list = make(&*acme.key(MAKER).await, "a").await;
        assert_eq!(reserve(&bolt, &server, &list).await, None);
        let entry = reserve(&acme, &server, &list).await.unwrap();
        assert_eq!(set(&bolt, &server, &entry, Status::Revoked).await, Err("not-found".to_owned()));
        assert_eq!(set(&acme, &server, &entry, Status::Revoked).await, Ok(()));
    }

    async fn a_credential_is_suspended_and_restored_and_revoked_for_good(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let maker = acme.key(MAKER).await;
        let list = make(&maker, "a").await;
        let path = format!("{LISTS}/{}", list["id"].as_str().unwrap());
        let entry = reserve(&acme, &server, &list).await.unwrap();
        for (status, counts) in [
            (Status::Suspended, [0, 1, 0]),
            (Status::Suspended, [0, 1, 0]),
            (Status::Valid, [1, 0, 0]),
            (Status::Revoked, [0, 0, 1]),
            (Status::Revoked, [0, 0, 1]),
        ] {
            set(&acme, &server, &entry, status).await.unwrap();
            let list = maker.get(&path).await.is(200).json();
            assert_eq!(json!([list["valid"], list["suspended"], list["revoked"]]), json!(counts), "{status:?}");
        }
        for status in [Status::Valid, Status::Suspended] {
            assert_eq!(set(&acme, &server, &entry, status).await, Err("credential-revoked".to_owned()));
        }
    }

    async fn what_is_no_entry_cannot_be_revoked(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let list = make(&*acme.key(MAKER).await, "a").await;
        let entry = reserve(&acme, &server, &list).await.unwrap();
        for other in [
            StatusReference { index: entry.index + 1, ..entry.clone() },
            StatusReference { index: u64::MAX, ..entry.clone() },
            StatusReference { uri: "https://elsewhere.example/lists/1".to_owned(), ..entry },
        ] {
            assert_eq!(set(&acme, &server, &other, Status::Revoked).await, Err("not-found".to_owned()), "{other:?}");
        }
    }
}
