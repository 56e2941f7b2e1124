//! Two requests that race for one single-use thing: exactly one wins, every time.

use serde_json::json;

use crate::support::{Issuer, Server};

/// How often each race is run.
const TIMES: usize = 100;

store::both_databases! {
    async fn of_two_that_race_for_one_code_exactly_one_gets_a_token(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        for round in 0..TIMES {
            let offered = acme.offer(json!({})).await;
            let holder = acme.holder(&offered);
            let (one, other) = tokio::join!(holder.ask_token(&[]), holder.ask_token(&[]));
            let mut statuses = [one.status, other.status];
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 400], "round {round}: {} {}", one.text, other.text);
        }
    }

    async fn of_two_that_race_for_one_nonce_exactly_one_gets_a_credential(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        for round in 0..TIMES {
            let (first, second) = (acme.offer(json!({})).await, acme.offer(json!({})).await);
            let (first, second) = (acme.holder(&first), acme.holder(&second));
            let (token, other) = (first.token(&[]).await, second.token(&[]).await);
            let nonce = first.nonce().await;
            let (one, two) = (first.request(&first.proof(&nonce)), second.request(&second.proof(&nonce)));
            let (one, two) = tokio::join!(first.ask(&token, one), second.ask(&other, two));
            let mut statuses = [one.status, two.status];
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 400], "round {round}: {} {}", one.text, two.text);
        }
    }

    async fn of_two_that_race_with_one_token_exactly_one_gets_a_credential(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        for round in 0..TIMES {
            let offered = acme.offer(json!({})).await;
            let holder = acme.holder(&offered);
            let token = holder.token(&[]).await;
            let (one, two) = (holder.nonce().await, holder.nonce().await);
            let (one, two) = (holder.request(&holder.proof(&one)), holder.request(&holder.proof(&two)));
            let (one, two) = tokio::join!(holder.ask(&token, one), holder.ask(&token, two));
            let mut statuses = [one.status, two.status];
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 401], "round {round}: {} {}", one.text, two.text);
        }
    }
}
