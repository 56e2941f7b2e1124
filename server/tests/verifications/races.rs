//! Whoever is first: one of those who race for a request wins, and one answer is taken.

use serde_json::json;
use tokio::task::JoinSet;

use super::{Desk, VERIFIED};
use crate::support::Server;
use crate::support::holder::{Fetched, credential, request_path};

store::both_databases! {
    async fn of_two_responses_that_race_exactly_one_wins_a_hundred_times(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let credential = credential(|_| {});
        for round in 1..=100 {
            let (id, fetched) = desk.asked().await;
            let presentation = fetched.present(&credential, &["name"]);
            let mut racing = JoinSet::new();
            for _ in 0..2 {
                let (nobody, fetched, presentation) = (desk.nobody.clone(), fetched.clone(), presentation.clone());
                racing.spawn(async move { fetched.answer(&nobody, &[("membership", &presentation)]).await.status });
            }
            let mut statuses = racing.join_all().await;
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 400], "round {round}");
            assert_eq!(desk.view(&id).await["status"], "verified");
        }
        let kept = desk.key.get(&format!("{VERIFIED}?limit=200")).await.is(200).column("id");
        assert_eq!(kept.len(), 100);
    }

    async fn two_wallets_that_race_for_a_request_get_the_same_a_hundred_times(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        for round in 1..=100 {
            let path = request_path(desk.ask_with(json!({})).await["request_uri"].as_str().unwrap());
            let mut racing = JoinSet::new();
            for _ in 0..2 {
                let (nobody, path) = (desk.nobody.clone(), path.clone());
                racing.spawn(async move { Fetched::read(nobody.get(&path).await).text("nonce") });
            }
            let nonces = racing.join_all().await;
            assert_eq!(nonces[0], nonces[1], "round {round}");
        }
    }
}
