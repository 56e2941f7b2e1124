//! What was revoked or suspended is not presented.

use serde_json::{Value, json};
use vc::status_list::{Bits, Status, StatusList, StatusReference};

use super::{PRESENTATIONS, membership as received, query, receive};
use crate::support::{CredentialIssuer, Server, Verifier, key, membership};

fn list(status: Option<Status>) -> StatusList {
    let mut list = StatusList::new(Bits::Two, 100);
    if let Some(status) = status {
        list.set(7, status).unwrap();
    }
    list
}

store::both_databases! {
    async fn the_status_is_asked_again_when_a_request_is_matched_and_answered(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        let (issuer, verifier) = (CredentialIssuer::start().await, Verifier::start().await);
        let uri = issuer.serves_list(list(None));
        issuer.delivers(move |holder| membership(&key(11), holder, |draft| {
            draft.status = Some(StatusReference { uri: uri.clone(), index: 7 }.claim());
        }));
        received(&holder, &issuer).await;
        let path = receive(&holder, &verifier.asks(&query(&[json!(["name"])]))).await.header("location").to_owned();
        let matches = async || {
            let shown = holder.get(&path).await.is(200).json();
            shown["credentials"][0]["matches"].as_array().unwrap_or_else(|| panic!("{shown}")).len()
        };
        assert_eq!(matches().await, 1);
        // Within its time to live the list is not fetched again.
        issuer.asked();
        assert_eq!((matches().await, issuer.asked().len()), (1, 0));

        issuer.serves_list(list(Some(Status::Suspended)));
        server.move_clock_to("2026-11-23T10:01:00Z");
        assert_eq!(matches().await, 0);
        holder.post(&format!("{path}/send"), json!({})).await.refuses(&[("credentials", "incomplete")]);
        issuer.serves_list(list(None));
        server.move_clock_to("2026-11-23T10:02:00Z");
        assert_eq!(matches().await, 1, "what was suspended holds again");

        issuer.serves_list(list(Some(Status::Invalid)));
        server.move_clock_to("2026-11-23T10:03:00Z");
        holder.post(&format!("{path}/send"), json!({})).await.refuses(&[("credentials", "incomplete")]);
        assert_eq!(verifier.responses(), Vec::<std::collections::HashMap<String, String>>::new());
        assert_eq!(holder.get(&path).await.is(200).member("status"), "pending");
    }

    async fn a_list_that_cannot_be_had_leaves_what_was_known_last(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        let (issuer, verifier) = (CredentialIssuer::start().await, Verifier::start().await);
        let uri = issuer.serves_list(list(None));
        issuer.delivers(move |holder| membership(&key(11), holder, |draft| {
            draft.status = Some(StatusReference { uri: uri.clone(), index: 7 }.claim());
        }));
        let id = received(&holder, &issuer).await;
        let asks = async || receive(&holder, &verifier.asks(&query(&[]))).await.header("location").to_owned();
        let (first, second): (String, String) = (asks().await, asks().await);
        issuer.answers("/list", 503, Value::Null);
        server.move_clock_to("2026-11-23T10:02:00Z");
        assert_eq!(holder.post(&format!("{first}/send"), json!({})).await.is(200).member("status"), "sent");
        issuer.serves_list(list(Some(Status::Suspended)));
        holder.post(&format!("/api/v1/credentials/{id}/refresh"), json!({})).await.is(200);
        issuer.answers("/list", 503, Value::Null);
        server.move_clock_to("2026-11-23T10:04:00Z");
        holder.post(&format!("{second}/send"), json!({})).await.refuses(&[("credentials", "incomplete")]);
        assert!(holder.get(PRESENTATIONS).await.is(200).text.contains("pending"));
    }
}
