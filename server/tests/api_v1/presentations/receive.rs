//! `POST /api/v1/presentations`: who asks for what, and what would be disclosed.

use serde_json::json;

use super::{PRESENTATIONS, membership, query, receive};
use crate::support::{CredentialIssuer, Server, VCT, Verifier};

store::both_databases! {
    async fn a_request_says_who_asks_and_exactly_what_would_be_disclosed(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        let (issuer, verifier) = (CredentialIssuer::start().await, Verifier::start().await);
        let credential = membership(&holder, &issuer).await;
        let asked = query(&[json!(["address", "city"])]);
        let made = receive(&holder, &verifier.asks(&asked)).await;
        let id = made.member("id");
        assert_eq!(made.header("location"), format!("{PRESENTATIONS}/{id}"));
        let held = holder.get(&format!("/api/v1/credentials/{credential}")).await.is(200).json();
        assert_eq!(made.json(), json!({
            "id": id,
            "status": "pending",
            "reason": null,
            "verifier": verifier.did(),
            "verifier_name": "Door keeper",
            "query": asked,
            "satisfiable": true,
            "credentials": [{"query": "membership", "needed": true, "matches": [{
                "credential": credential,
                "vct": VCT,
                "issuer": issuer.did(),
                "asked": [["address", "city"]],
                "disclosed": {
                    "iss": issuer.did(), "vct": VCT, "iat": 1_795_428_000, "cnf": held["claims"]["cnf"],
                    // It cannot be withheld.
                    "level": "gold",
                    "address": {"city": "London"},
                },
            }]}],
            "sent": [],
            "redirect_uri": null,
            "created_at": "2026-11-23T10:00:00Z",
            "expires_at": "2026-11-23T11:00:00Z",
        }));
        assert_eq!(holder.get(made.header("location")).await.is(200).json(), made.json());
        assert!(verifier.responses().is_empty(), "nothing is sent before somebody says so");
    }

    async fn what_cannot_be_presented_does_not_fit(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        let (issuer, verifier) = (CredentialIssuer::start().await, Verifier::start().await);
        let unmet = async |why: &str| {
            let made = receive(&holder, &verifier.asks(&query(&[json!(["name"])]))).await;
            assert_eq!(made.json()["satisfiable"], false, "{why}");
            assert_eq!(made.json()["credentials"][0]["matches"], json!([]), "{why}");
            holder.post(&format!("{}/send", made.header("location")), json!({})).await.refuses(&[("credentials", "incomplete")]);
        };
        unmet("nothing is held").await;
        let text = crate::support::membership(&issuer.key, &crate::support::key(99).public(), |_| {});
        holder.post("/api/v1/credentials", json!({"credential": text})).await.is(201);
        unmet("it is bound to somebody else's key").await;
        issuer.delivers(|holder| crate::support::membership(&crate::support::key(11), holder, |draft| {
            draft.valid_until = Some(1_795_428_000 + 3600);
        }));
        membership(&holder, &issuer).await;
        let fits = receive(&holder, &verifier.asks(&query(&[json!(["name"])]))).await;
        assert_eq!(fits.json()["satisfiable"], true);
        server.move_clock_to("2026-11-23T11:00:00Z");
        unmet("it has expired").await;
        issuer.delivers(|holder| crate::support::membership(&crate::support::key(11), holder, |_| {}));
        membership(&holder, &issuer).await;
        for (query, satisfiable) in [
            (query(&[json!(["name"])]), true),
            (query(&[json!(["shoe_size"])]), false),
            (json!({"credentials": [{"id": "a", "format": "mso_mdoc", "meta": {"doctype_value": "x"}}]}), false),
            (json!({"credentials": [{"id": "a", "format": "dc+sd-jwt", "meta": {"vct_values": ["other"]}}]}), false),
            (json!({"credentials": [{"id": "a", "format": "dc+sd-jwt", "meta": {}}]}), true),
        ] {
            let made = receive(&holder, &verifier.asks(&query)).await;
            assert_eq!(made.json()["satisfiable"], satisfiable, "{query}");
        }
    }

    async fn the_list_shows_the_newest_first_by_status_and_by_name(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        let verifier = Verifier::start().await;
        let first = receive(&holder, &verifier.asks(&query(&[]))).await.member("id");
        server.move_clock_to("2026-11-23T10:00:01Z");
        let named = verifier.asks_with(&query(&[]), |claims| claims["client_metadata"]["client_name"] = json!("Harbour"));
        let second = receive(&holder, &named).await.member("id");
        holder.post(&format!("{PRESENTATIONS}/{first}/decline"), json!({})).await.is(200);
        let ids = async |query: &str| holder.get(&format!("{PRESENTATIONS}?{query}")).await.is(200).column("id");
        assert_eq!(ids("").await, [second.as_str(), &first]);
        assert_eq!(ids("sort=created_at").await, [first.as_str(), &second]);
        assert_eq!(ids("q=harb").await, [second.as_str()]);
        assert_eq!(ids("status=declined").await, [first.as_str()]);
        server.move_clock_to("2026-11-23T11:00:01Z");
        assert_eq!(ids("status=pending").await, Vec::<String>::new());
        assert_eq!(ids("status=expired").await, [second.as_str()]);
    }

    async fn a_request_can_be_answered_until_its_end(db: &Database) {
        let server = Server::start(db).await;
        let holder = server.wallet("Acme").await.administrator_key().await;
        let verifier = Verifier::start().await;
        let end = 1_795_428_000 + 300;
        let link = verifier.asks_with(&query(&[]), |claims| drop(claims.insert("exp".to_owned(), json!(end))));
        let made = receive(&holder, &link).await;
        assert_eq!(made.member("expires_at"), "2026-11-23T10:05:00Z");
        server.move_clock_to("2026-11-23T10:05:00Z");
        for verb in ["send", "decline"] {
            let answer = holder.post(&format!("{}/{verb}", made.header("location")), json!({})).await;
            answer.problem(409, "request-closed");
        }
        assert!(verifier.responses().is_empty());
        claviger::serve::jobs::clean_up(&server.app).await.unwrap();
        assert_eq!(holder.get(made.header("location")).await.is(200).member("status"), "expired");
    }

    async fn d9_the_requests_of_another_wallet_are_out_of_reach(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.administrator_key().await;
        let other = server.wallet("Bolt").await.administrator_key().await;
        let verifier = Verifier::start().await;
        let made = receive(&owner, &verifier.asks(&query(&[]))).await;
        let path = made.header("location");
        other.get(path).await.problem(404, "not-found");
        other.delete(path).await.problem(404, "not-found");
        for verb in ["send", "decline"] {
            other.post(&format!("{path}/{verb}"), json!({})).await.problem(404, "not-found");
        }
        assert_eq!(other.get(PRESENTATIONS).await.is(200).json()["items"], json!([]));
        assert_eq!(owner.get(path).await.is(200).json(), made.json(), "untouched");
        assert!(verifier.responses().is_empty());
    }
}
