//! `GET /wallets/{wallet_id}/status-lists/{id}`

use http::Method;
use issue::status_lists::Status;
use serde_json::json;
use vc::status_list::{Bits, Status as Entry};

use super::{MAKER, fetch, make, reserve, set, signer};
use crate::support::{Actor, Server};

store::both_databases! {
    async fn everybody_can_fetch_what_the_issuer_signed(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(MAKER).await;
        let signer = signer(&maker, "Issuer").await;
        let did = signer["did"].as_str().unwrap();
        let body = json!({"name": "a", "identifier_id": signer["id"]});
        let list = maker.post(super::LISTS, body).await.is(201).json();
        let answer = reqwest::get(list["uri"].as_str().unwrap()).await.unwrap();
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "application/statuslist+jwt");
        assert_eq!(header("cache-control"), "public, max-age=60");
        assert_eq!(header("access-control-allow-origin"), "*");

        let (_, token) = fetch(&server, &list, did).await;
        assert_eq!(token.issuer.as_deref(), Some(did));
        assert_eq!(token.uri, list["uri"]);
        let now = server.app.clock.now().as_second();
        assert_eq!((token.issued_at, token.expires_at, token.ttl), (now, Some(now + 86_400), Some(300)));
        assert_eq!((token.list.bits(), token.list.bytes()), (Bits::Two, 25_000));
        assert!((0..100_000).all(|index| token.list.get(index) == Ok(Entry::Valid)));
    }

    async fn a_credential_is_told_suspended_restored_and_revoked_at_once(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let maker = acme.key(MAKER).await;
        let list = make(&maker, "a").await;
        let signer = maker.get(&format!("/api/v1/identifiers/{}", list["identifier_id"].as_str().unwrap())).await;
        let did = signer.member("did");
        let (entry, neighbour) = (reserve(&acme, &server, &list).await.unwrap(), reserve(&acme, &server, &list).await.unwrap());
        for (status, told) in [
            (Status::Valid, Entry::Valid),
            (Status::Suspended, Entry::Suspended),
            (Status::Valid, Entry::Valid),
            (Status::Revoked, Entry::Invalid),
        ] {
            set(&acme, &server, &entry, status).await.unwrap();
            let (_, token) = fetch(&server, &list, &did).await;
            assert_eq!(token.list.get(entry.index), Ok(told));
            assert_eq!(token.list.get(neighbour.index), Ok(Entry::Valid));
        }
    }

    async fn a_list_is_signed_anew_when_it_says_something_else_or_half_of_its_time_is_over(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let maker = acme.key(MAKER).await;
        let list = make(&maker, "a").await;
        let did = maker.get(&format!("/api/v1/identifiers/{}", list["identifier_id"].as_str().unwrap())).await.member("did");
        let (first, _) = fetch(&server, &list, &did).await;
        let entry = reserve(&acme, &server, &list).await.unwrap();
        server.move_clock_to("2026-11-23T21:59:59Z");
        assert_eq!(fetch(&server, &list, &did).await.0, first, "nothing else is said yet");
        set(&acme, &server, &entry, Status::Revoked).await.unwrap();
        let (second, token) = fetch(&server, &list, &did).await;
        assert_ne!(second, first);
        assert_eq!(token.issued_at, server.app.clock.now().as_second());
        server.move_clock_to("2026-11-24T09:59:59Z");
        let (third, token) = fetch(&server, &list, &did).await;
        assert_ne!(third, second);
        assert_eq!(token.list.get(entry.index), Ok(Entry::Invalid));
    }

    async fn a_list_stands_under_its_own_wallet_and_nothing_else_does(db: &Database) {
        let server = Server::start(db).await;
        let (acme, bolt) = (server.wallet("Acme").await, server.wallet("Bolt").await);
        let list = make(&*acme.key(MAKER).await, "a").await;
        let id = list["id"].as_str().unwrap();
        let (acme, bolt) = (acme.id.to_string(), bolt.id.to_string());
        for path in [
            format!("/wallets/{bolt}/status-lists/{id}"),
            format!("/wallets/{acme}/status-lists/01900000-0000-7000-8000-000000000000"),
            format!("/wallets/{acme}/status-lists/x"),
            format!("/wallets/x/status-lists/{id}"),
            format!("/wallets/{acme}/status-lists/%FF"),
        ] {
            server.anonymous().get(&path).await.problem(404, "not-found");
        }
        for method in [Method::POST, Method::PUT, Method::DELETE] {
            let path = format!("/wallets/{acme}/status-lists/{id}");
            Actor::send(server.anonymous().request(method, &path)).await.problem(405, "method-not-allowed");
        }
    }
}
